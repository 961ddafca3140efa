//! YAML of our own making: block style, short lists in a line, long texts folded. Whatever a text holds, it is read back as that text.

use std::fmt::Write as _;

/// A value to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A scalar, and whether the text must be read as a text even where it looks like a number, a truth value or nothing.
    Scalar(String, Style),
    /// A list.
    List(Vec<Value>),
    /// Keys and values in their order.
    Map(Vec<(String, Value)>),
}

/// How a scalar may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// As it is: it was plain where it comes from.
    Plain,
    /// In quotes, or as a block.
    Text,
}

/// The width at which folded texts end their lines, in characters.
const WIDTH: usize = 140;

/// A text as a double-quoted YAML scalar: JSON's strings are a part of YAML's (YAML 1.2.2, 1.2).
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A mapping as a block, each line indented by `indent` spaces.
pub(super) fn mapping(entries: &[(String, Value)], indent: usize) -> String {
    let mut out = String::new();
    entries_into(&mut out, entries, indent, " ".repeat(indent).as_str());
    out
}

/// `first` stands before the first key: the dash of a list's item, or the indentation.
fn entries_into(out: &mut String, entries: &[(String, Value)], indent: usize, first: &str) {
    for (at, (key, value)) in entries.iter().enumerate() {
        if at == 0 {
            out.push_str(first);
        } else {
            out.extend(std::iter::repeat_n(' ', indent));
        }
        let key = if is_plain(key, false) { key.clone() } else { quoted(key) };
        let _ = write!(out, "{key}:");
        value_into(out, value, indent);
    }
}

/// What follows the colon, up to the end of the line or of the block.
fn value_into(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Scalar(text, style) => {
            let _ = writeln!(out, " {}", scalar(text, *style, indent + 2));
        }
        Value::List(items) => match flow(items) {
            Some(line) if line.chars().count() + indent < WIDTH - 20 => {
                let _ = writeln!(out, " {line}");
            }
            _ => {
                out.push('\n');
                for item in items {
                    item_into(out, item, indent + 2);
                }
            }
        },
        Value::Map(entries) if entries.is_empty() => out.push_str(" {}\n"),
        Value::Map(entries) => {
            out.push('\n');
            entries_into(out, entries, indent + 2, &" ".repeat(indent + 2));
        }
    }
}

/// An item of a block list, its dash indented by `indent` spaces.
pub(super) fn item_into(out: &mut String, item: &Value, indent: usize) {
    let dash = format!("{}- ", " ".repeat(indent));
    match item {
        Value::Map(entries) if !entries.is_empty() => entries_into(out, entries, indent + 2, &dash),
        Value::Map(_) => {
            let _ = writeln!(out, "{dash}{{}}");
        }
        Value::Scalar(text, style) => {
            let _ = writeln!(out, "{dash}{}", scalar(text, *style, indent + 2));
        }
        Value::List(items) => {
            let _ = writeln!(out, "{dash}{}", flow(items).unwrap_or_else(|| "[]".into()));
        }
    }
}

/// A list of scalars in a line.
fn flow(items: &[Value]) -> Option<String> {
    let scalars = items.iter().map(|item| match item {
        Value::Scalar(text, _) if is_plain(text, true) => Some(text.clone()),
        Value::Scalar(text, _) => Some(quoted(text)),
        Value::List(_) | Value::Map(_) => None,
    });
    Some(format!("[{}]", scalars.collect::<Option<Vec<_>>>()?.join(", ")))
}

fn scalar(text: &str, style: Style, indent: usize) -> String {
    let short = text.chars().count() + indent < WIDTH - 30 && !text.contains('\n');
    if short {
        let plain = is_plain(text, false) && (style == Style::Plain || !looks_typed(text));
        return if plain { text.into() } else { quoted(text) };
    }
    // A block cannot say what is no line of print, nor begin or end with a space.
    let printable = text.chars().all(|c| c == '\n' || (!c.is_control() && !matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')));
    let framed = text.starts_with([' ', '\n']) || text.ends_with([' ', '\n']) || text.contains(" \n");
    if !printable || framed {
        return quoted(text);
    }
    let margin = " ".repeat(indent);
    if text.contains('\n') {
        let lines = text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("\n{margin}{line}") });
        return format!("|-{}", lines.collect::<String>());
    }
    format!(">-{}", folded(text, WIDTH.saturating_sub(indent)).iter().map(|line| format!("\n{margin}{line}")).collect::<String>())
}

/// Lines that a folded block joins by a space again: broken where one space stands between two words, never before a second one.
fn folded(text: &str, width: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let (mut start, mut last) = (0, None);
    let bytes = text.as_bytes();
    for (at, _) in text.match_indices(' ') {
        let alone = bytes.get(at + 1).is_some_and(|next| *next != b' ') && at > 0 && bytes[at - 1] != b' ';
        if let Some(before) = last
            && text.get(start..at).is_some_and(|line| line.chars().count() > width)
        {
            lines.push(&text[start..before]);
            start = before + 1;
            last = None;
        }
        if alone && at > start {
            last = Some(at);
        }
    }
    if let Some(before) = last
        && text.get(start..).is_some_and(|line| line.chars().count() > width)
    {
        lines.push(&text[start..before]);
        start = before + 1;
    }
    lines.push(&text[start..]);
    lines
}

/// Whether a text may stand without quotes (YAML 1.2.2, 7.3.3), on the safe side; in a list in a line, fewer may.
fn is_plain(text: &str, in_line: bool) -> bool {
    let first = text.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
    let mild = |c: char| c.is_alphanumeric() || " -_./:@#()'+;".contains(c) || (!in_line && matches!(c, ',' | '"' | '?' | '!' | '&' | '|'));
    let nothing = matches!(text, "null" | "Null" | "NULL");
    first && !nothing && text.chars().all(mild) && !text.contains(": ") && !text.contains(" #") && !text.ends_with([':', ' '])
}

/// Whether other readers of YAML would take a text for a number or a truth value.
fn looks_typed(text: &str) -> bool {
    let number = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '_' | 'e' | 'x' | ':' | '-'));
    number || matches!(text.to_ascii_lowercase().as_str(), "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "null")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::FileId;
    use crate::base::yaml::{self, Kind};
    use proptest::prelude::*;

    fn read(text: &str) -> String {
        let mut findings = Vec::new();
        let node = yaml::parse(text, FileId(0), 0, &mut findings).unwrap_or_else(|| panic!("{text}: {findings:?}"));
        let Kind::Mapping(entries) = &node.kind else { panic!("{text}") };
        let item = match &entries[0].1.kind {
            Kind::Sequence(items) => items[0].kind.clone(),
            kind => kind.clone(),
        };
        let Kind::Scalar { text, .. } = item else { panic!("{text}") };
        text.to_string()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]
        #[test]
        fn whatever_a_text_holds_it_is_read_back(text in "[ -~\n\té\u{85}\u{2028}山🔒]{0,40}|([a-z#:{}'\"-]{1,9} {1,2}){1,60}[a-z]|[ a-z\n-]{100,300}", style in any::<bool>()) {
            let style = if style { Style::Plain } else { Style::Text };
            let value = Value::Scalar(text.clone(), style);
            for written in [mapping(&[("key".into(), value.clone())], 0), mapping(&[("key".into(), Value::List(vec![value.clone()]))], 0)] {
                prop_assert_eq!(read(&written), text.as_str(), "{}", written);
                let other: Result<serde_yaml::Value, _> = serde_yaml::from_str(&written);
                prop_assert!(other.is_ok(), "{}", written);
            }
        }
    }
}
