//! Our own format, written: scalars plain where that is surely read back as it stands, else as JSON strings, which are a part of YAML
//! (YAML 1.2.2, 1.2); texts as literal blocks, so that a person can read and compare them.

use std::fmt::Write;

use super::draft::{Control, Draft};
use crate::base::id::EditionId;

/// Words that YAML readers take for something else.
const RESERVED: &[&str] = &["true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan", "inf"];

/// A scalar in block or flow context.
pub(super) fn scalar(text: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/' | '(' | ')' | '&' | '@' | '\'');
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !text.ends_with(' ')
        && text.chars().all(safe)
        && !RESERVED.contains(&text.to_ascii_lowercase().as_str());
    if plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

/// A list in flow style.
pub(super) fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| scalar(text)).collect::<Vec<_>>().join(", "))
}

/// `key: value` with a text of several lines below it, if there is one.
fn prose(out: &mut String, key: &str, text: Option<&String>) {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return };
    let text = text.trim_end();
    let literal = !text.starts_with([' ', '\n'])
        && text.chars().all(|c| c == '\n' || !c.is_control() && !matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}'));
    if !literal {
        _ = writeln!(out, "    {key}: {}", serde_json::Value::from(text));
        return;
    }
    _ = writeln!(out, "    {key}: |-");
    for line in text.lines() {
        _ = if line.is_empty() { writeln!(out) } else { writeln!(out, "      {line}") };
    }
}

fn key(out: &mut String, key: &str, value: Option<&str>) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        _ = writeln!(out, "{key}: {}", scalar(value));
    }
}

/// A catalogue.
pub(super) fn catalogue(draft: &Draft, edition: &EditionId, classification: Option<&str>) -> String {
    let mut out = String::from(
        "# Written by `annexa catalog import`. Its texts belong to their publisher: see its licence before you pass them on.\nformat: 1\n",
    );
    key(&mut out, "framework", Some(&edition.framework));
    key(&mut out, "edition", edition.edition.as_deref());
    key(&mut out, "title", Some(&draft.title));
    key(&mut out, "publisher", draft.publisher.as_deref());
    key(&mut out, "published", draft.published.as_deref());
    key(&mut out, "source", Some(&draft.source));
    key(&mut out, "classification", classification);
    if !draft.groups.is_empty() {
        out.push_str("groups:\n");
        for group in &draft.groups {
            let parent = group.parent.as_ref().map(|id| format!(", parent: {}", scalar(id))).unwrap_or_default();
            _ = writeln!(out, "  - {{id: {}, title: {}{parent}}}", scalar(&group.id), scalar(&group.title));
        }
    }
    out.push_str("controls:\n");
    for control in &draft.controls {
        write_control(&mut out, control);
    }
    out
}

fn write_control(out: &mut String, control: &Control) {
    _ = writeln!(out, "  - id: {}", scalar(&control.id));
    let keys = [("group", &control.group), ("kind", &control.kind), ("parent", &control.parent)];
    for (name, value) in keys {
        if let Some(value) = value {
            _ = writeln!(out, "    {name}: {}", scalar(value));
        }
    }
    _ = writeln!(out, "    title: {}", scalar(&control.title));
    if control.withdrawn {
        out.push_str("    withdrawn: true\n");
    }
    for (name, values) in [("into", &control.into), ("baselines", &control.baselines)] {
        if !values.is_empty() {
            _ = writeln!(out, "    {name}: {}", list(values));
        }
    }
    prose(out, "text", control.text.as_ref());
    prose(out, "guidance_text", control.guidance.as_ref());
}

/// A baseline: the controls of an edition that a profile selects.
pub(super) fn baseline(edition: &EditionId, name: &str, title: &str, source: &str, controls: &[String]) -> String {
    let mut out = String::from("# Written by `annexa catalog import`.\nformat: 1\n");
    key(&mut out, "of", Some(&edition.to_string()));
    key(&mut out, "baseline", Some(name));
    key(&mut out, "title", Some(title));
    key(&mut out, "source", Some(source));
    out.push_str("controls:\n");
    for control in controls {
        _ = writeln!(out, "  - {}", scalar(control));
    }
    out
}

/// Pairs of a crosswalk: source, relationship and target of each.
pub(super) type Pairs = Vec<(String, &'static str, String)>;

/// A crosswalk. `says` is its basis and its note.
pub(super) fn crosswalk(source: &EditionId, target: &EditionId, says: (&str, &str), classification: Option<&str>, pairs: &Pairs) -> String {
    let mut out = String::from("# Written by `annexa catalog import`.\nformat: 1\n");
    key(&mut out, "source", Some(&source.to_string()));
    key(&mut out, "target", Some(&target.to_string()));
    key(&mut out, "basis", Some(says.0));
    key(&mut out, "note", Some(says.1));
    key(&mut out, "classification", classification);
    out.push_str("pairs:\n");
    for (from, relationship, to) in pairs {
        _ = writeln!(out, "  - [{}, {relationship}, {}]", scalar(from), scalar(to));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::FileId;
    use crate::base::yaml::{self, Kind};
    use proptest::prelude::*;

    fn read(text: &str) -> String {
        let mut findings = Vec::new();
        let node = yaml::parse(text, FileId(0), 0, &mut findings);
        assert!(findings.is_empty(), "{text:?}: {findings:?}");
        let Some(Kind::Mapping(entries)) = node.map(|node| node.kind) else { panic!("{text:?} is no mapping") };
        let Kind::Scalar { text, .. } = &entries[0].1.kind else { panic!("{text:?} is no scalar") };
        text.to_string()
    }

    proptest! {
        #[test]
        fn any_scalar_is_read_back_in_block_and_flow(text in r#"([ -~é日\n\t]|[:#,\[\]{}&*!|>'"%@`-]){1,30}"#) {
            prop_assert_eq!(&read(&format!("a: {}\n", scalar(&text))), &text);
            prop_assert_eq!(&read(&format!("{{a: {}, b: c}}\n", scalar(&text))), &text);
        }

        #[test]
        fn any_text_is_read_back(text in r"[!-~é日]([ -~é日\n]|\n\n| {2}|#){0,60}[!-~]") {
            let mut out = String::new();
            prose(&mut out, "a", Some(&text));
            prop_assert_eq!(&read(&out), &text);
        }
    }

    #[test]
    fn what_looks_like_something_else_is_quoted() {
        for text in ["5.10", "true", "No", "~", "", "- a", "a: b", "a #b", "2026-01-01", "a, b", "0x1f", "*a", " a"] {
            assert!(scalar(text).starts_with('"'), "{text}");
            assert_eq!(read(&format!("a: {}\n", scalar(text))), text);
        }
        assert_eq!(["A&A-01", "AC-2(1)", "Policy and Procedures"].map(scalar), ["A&A-01", "AC-2(1)", "Policy and Procedures"]);
    }
}
