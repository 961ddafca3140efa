//! Scripts, style sheets and JSON: the texts in quotes, each on its own, and all the rest.

/// Gives every text. What is quoted wrongly is read all the same, as what is not quoted.
pub(super) fn read(script: &str, each: &mut dyn FnMut(&str)) {
    let mut code = String::new();
    let mut chars = script.char_indices();
    let mut text = String::new();
    while let Some((at, c)) = chars.next() {
        if !matches!(c, '"' | '\'' | '`') || !closes(&script[at + 1..], c) {
            code.push(c);
            continue;
        }
        text.clear();
        while let Some((_, inner)) = chars.next() {
            match inner {
                '\\' => escape(&mut chars, &mut text),
                inner if inner == c => break,
                inner => text.push(inner),
            }
        }
        each(&text);
        // Texts do not go on through a quotation.
        code.push_str(" ; ");
    }
    each(&code);
}

/// Whether a quotation ends where it should: in its line, but for one in backticks.
fn closes(rest: &str, quote: char) -> bool {
    let mut escaped = false;
    for c in rest.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' if quote != '`' => return false,
            c if c == quote => return true,
            _ => {}
        }
    }
    false
}

fn escape(chars: &mut std::str::CharIndices<'_>, text: &mut String) {
    let Some((_, c)) = chars.next() else { return };
    match c {
        'n' | 'r' | 't' | 'b' | 'f' | 'v' => text.push(' '),
        '\n' => {}
        'u' | 'x' => {
            let unit = |chars: &mut std::str::CharIndices<'_>, length: usize| {
                let hex = chars.as_str().get(..length)?;
                let unit = u32::from_str_radix(hex, 16).ok()?;
                (0..length).for_each(|_| _ = chars.next());
                Some(unit)
            };
            let length = if c == 'u' { 4 } else { 2 };
            let Some(first) = unit(chars, length) else { return text.push(c) };
            // A pair of surrogates (RFC 8259, 7).
            let pair = (0xd800..0xdc00).contains(&first) && chars.as_str().starts_with("\\u");
            let code = if pair {
                (0..2).for_each(|_| _ = chars.next());
                let second = unit(chars, 4).unwrap_or(0xdc00);
                0x10000 + ((first - 0xd800) << 10) + (second.wrapping_sub(0xdc00) & 0x3ff)
            } else {
                first
            };
            text.push(char::from_u32(code).unwrap_or(' '));
        }
        c => text.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(script: &str) -> Vec<String> {
        let mut all = Vec::new();
        read(script, &mut |text| all.push(text.split_whitespace().collect::<Vec<_>>().join(" ")));
        all
    }

    #[test]
    fn quoted_texts_stand_alone_with_their_escapes_resolved() {
        assert_eq!(texts(r#"{"a\u0062": "c\n\"d\"", "e": 1}"#), ["ab", "c \"d\"", "e", "{ ; : ; , ; : 1}"]);
        assert_eq!(texts(r#""\ud83d\ude00\u00e9""#), ["\u{1f600}é", ";"]);
    }

    #[test]
    fn an_apostrophe_in_a_comment_opens_nothing() {
        assert_eq!(texts("// don't\nx = 'y';"), ["y", "// don't x = ; ;"]);
    }
}
