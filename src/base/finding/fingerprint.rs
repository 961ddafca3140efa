//! What a finding is known by from one run to the next, though lines above it come and go and Annexa finds other words for it.

use std::collections::BTreeMap;

use super::{Finding, Place};
use crate::base::digest::sha256;
use crate::base::source::{SourceFile, Sources};

/// How much of a text counts, in characters: what follows may change without making it another finding.
const COUNTED: usize = 200;
/// How many lines up the line that encloses a place is looked for.
const LOOKED_THROUGH: usize = 2000;

/// A fingerprint for each finding, of findings in their stable order: 32 hexadecimal digits, no two alike.
///
/// It is made of the rule, the path, the text concerned, in YAML also the key and the line that encloses it (so that two rows with the same date are two
/// findings), the names in backticks of the message (so that two things missed at one place are), and which of several that agree in all of these it is.
/// Lines, columns, severities, dates, the words of messages and their language do not count.
pub fn of(findings: &[Finding], sources: &Sources) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let fingerprint = |finding: &Finding| {
        let key = key(finding, sources);
        let ordinal = seen.entry(key.clone()).or_default();
        let fingerprint = sha256(format!("{key}\0{ordinal}").as_bytes());
        *ordinal += 1;
        fingerprint.chars().take(32).collect()
    };
    findings.iter().map(fingerprint).collect()
}

/// What counts of a finding, apart from others that agree in all of it.
fn key(finding: &Finding, sources: &Sources) -> String {
    let (path, concerned) = match &finding.place {
        Place::Project => ("", Vec::new()),
        Place::File(path) => (path.as_ref(), Vec::new()),
        Place::Span(span) => {
            let file = sources.file(span.file);
            (file.path.as_ref(), concerned(file, span.range()))
        }
    };
    let message = finding.message.to_string();
    let names = message.split('`').skip(1).step_by(2).map(counted);
    let parts = [finding.rule.code.to_owned(), path.to_owned()].into_iter().chain(concerned).chain(names);
    parts.collect::<Vec<_>>().join("\0")
}

/// The text of a range, and in YAML its surroundings.
fn concerned(file: &SourceFile, range: std::ops::Range<usize>) -> Vec<String> {
    let text = file.text();
    let start = text.floor_char_boundary(range.start);
    let end = text.floor_char_boundary(range.end).max(start);
    let mut parts = vec![counted(text[start..end].trim_start().lines().next().unwrap_or_default())];
    if file.path.ends_with(".yaml") || file.path.ends_with(".yml") {
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line = text[line_start..].lines().next().unwrap_or_default();
        // The key before the text; of a row on one line, its first field.
        parts.push(counted(text[line_start..start].split(',').next().unwrap_or_default()));
        parts.push(counted(enclosing(&text[..line_start], indent(line)).split(',').next().unwrap_or_default()));
    }
    parts
}

/// The nearest line above that is indented less.
fn enclosing(above: &str, indented: usize) -> &str {
    let lines = above.rsplit('\n').take(LOOKED_THROUGH);
    let is_outer = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#') && indent(line) < indented;
    lines.into_iter().find(is_outer).unwrap_or_default()
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// With white space made alike, and cut.
fn counted(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(COUNTED).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::finding::Span;
    use crate::base::rule;

    const EVIDENCE: &str = "content/registers/evidence.yaml";

    /// The fingerprints of findings at the words given, each with a message.
    fn at(path: &str, text: &str, places: &[(&str, &str)]) -> Vec<String> {
        let sources = Sources::from_texts(&[(path, text)]);
        let file = sources.find(path).unwrap();
        let mut from = 0;
        let finding = |(words, message): &(&str, &str)| {
            let start = from + text[from..].find(words).unwrap();
            from = start + words.len();
            Finding::new(&rule::EVIDENCE_STALE, Span::new(file, start..start + words.len()), *message)
        };
        let findings: Vec<Finding> = places.iter().map(finding).collect();
        of(&findings, &sources)
    }

    #[test]
    fn lines_above_and_other_words_of_the_message_make_no_other_finding() {
        let before = at("content/a.md", "See [[POL-009]].\n", &[("[[POL-009]]", "nothing has the id `POL-009`")]);
        let after = at("content/a.md", "New.\n\nLines.\n\n  See [[POL-009]], too.\n", &[("[[POL-009]]", "there is no `POL-009`")]);
        assert_eq!(before, after);
    }

    #[test]
    fn another_text_another_name_and_another_file_make_another_finding() {
        let one = at("content/a.md", "[[A]] [[B]] [[B]]", &[("[[A]]", "no `A`"), ("[[B]]", "no `A`"), ("[[B]]", "no `B`")]);
        let other = at("content/b.md", "[[A]]", &[("[[A]]", "no `A`")]);
        let mut all: Vec<_> = one.iter().chain(&other).collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 4);
    }

    #[test]
    fn the_same_date_in_two_rows_is_two_findings_and_one_that_goes_is_the_one_that_goes() {
        let rows = "rows:\n  - id: EVD-001\n    date: 2025-01-01\n  - id: EVD-002\n    date: 2025-01-01\n";
        let both = at(EVIDENCE, rows, &[("2025-01-01", ""), ("2025-01-01", "")]);
        let second = at(EVIDENCE, "rows:\n  - id: EVD-002\n    date: 2025-01-01\n", &[("2025-01-01", "")]);
        assert_eq!(both.len(), 2);
        assert_ne!(both[0], both[1]);
        assert_ne!(both[0], second[0], "EVD-001's is gone");
        let flow = "rows:\n  - {id: EVD-001, date: 2025-01-01}\n  - {id: EVD-002, date: 2025-01-01}\n";
        let [first, other] = <[String; 2]>::try_from(at(EVIDENCE, flow, &[("2025-01-01", ""), ("2025-01-01", "")])).unwrap();
        assert_ne!(first, other);
    }

    #[test]
    fn those_that_agree_in_all_are_counted() {
        let twice = at("content/a.md", "[[A]] [[A]]", &[("[[A]]", "no `A`"), ("[[A]]", "no `A`")]);
        assert_ne!(twice[0], twice[1]);
        let once = at("content/a.md", "[[A]]", &[("[[A]]", "no `A`")]);
        assert_eq!(once[0], twice[0]);
    }

    #[test]
    fn a_finding_on_a_file_or_on_the_project_is_known_by_what_it_names() {
        let sources = Sources::from_texts(&[]);
        let findings = [
            Finding::new(&rule::EMPTY_FILE, Place::File("a.md".into()), "empty"),
            Finding::new(&rule::EMPTY_FILE, Place::File("b.md".into()), "empty"),
            Finding::new(&rule::TAG_UNUSABLE, Place::Project, "the tag `v1` leads nowhere"),
            Finding::new(&rule::TAG_UNUSABLE, Place::Project, "the tag `v2` leads nowhere"),
        ];
        let mut all = of(&findings, &sources);
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 4);
        assert!(all.iter().all(|one| one.len() == 32 && one.chars().all(|c| c.is_ascii_hexdigit())));
    }
}
