//! Values as Typst literals: the one way in which anything of a user gets into code.

use std::fmt::Write;

/// Appends a string literal. Typst knows these escapes and no others; every other character stands for itself.
pub(super) fn string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() || is_format(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Invisible characters that could make the code read otherwise than it runs.
fn is_format(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// A string literal.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    string(&mut out, text);
    out
}

/// An array literal of expressions.
pub(super) fn array(items: impl IntoIterator<Item = String>) -> String {
    let mut out = String::from("(");
    for item in items {
        out.push_str(&item);
        out.push_str(", ");
    }
    // `()` is the empty array; one element needs its comma, which it has.
    out.push(')');
    out
}

/// A dictionary literal; the keys are ours.
pub(super) fn dictionary<'k>(items: impl IntoIterator<Item = (&'k str, String)>) -> String {
    let mut out = String::from("(");
    for (key, value) in items {
        let _ = write!(out, "{key}: {value}, ");
    }
    if out.len() == 1 {
        out.push(':');
    }
    out.push(')');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_backslashes_and_hashes_stay_text() {
        assert_eq!(quoted("a \"b\" \\u{41} #import $x$ `y`"), r##""a \"b\" \\u{41} #import $x$ `y`""##);
        assert_eq!(quoted("a\nb\0c\u{202e}"), "\"a\\nb\\u{0}c\\u{202e}\"");
    }

    #[test]
    fn empty_collections_are_of_their_own_kind() {
        assert_eq!(array([]), "()");
        assert_eq!(array([quoted("x")]), "(\"x\", )");
        assert_eq!(dictionary([]), "(:)");
        assert_eq!(dictionary([("a", "1".into())]), "(a: 1, )");
    }
}
