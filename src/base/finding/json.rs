//! Findings for programs: one JSON object.

use serde::Serialize;

use super::{Counts, Finding, LineIndex, Place, Span};
use crate::base::language::Language;
use crate::base::source::Sources;

#[derive(Serialize)]
struct Report<'a> {
    /// The version of this format.
    format: u32,
    findings: Vec<Row<'a>>,
    counts: Counts,
}

#[derive(Serialize)]
struct Row<'a> {
    code: &'a str,
    severity: &'a str,
    message: String,
    #[serde(flatten)]
    place: Option<Where<'a>>,
    label: String,
    help: Vec<String>,
    related: Vec<Related<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    excepted: Option<String>,
}

#[derive(Serialize)]
struct Related<'a> {
    message: String,
    #[serde(flatten)]
    place: Where<'a>,
}

/// Lines and columns count from 1, columns in characters; `end_column` is the one after the last character. A finding on a whole file has a path
/// only; one on the project has none.
#[derive(Serialize)]
struct Where<'a> {
    path: &'a str,
    #[serde(flatten)]
    lines: Option<Ends>,
}

#[derive(Serialize)]
struct Ends {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

/// One object with the findings in the order given and their counts, on several lines. What is for people is in the language, the rest never.
pub fn render(findings: &[Finding], sources: &Sources, language: &Language) -> String {
    let mut lines = LineIndex::new(sources);
    let mut at = |span: Span| {
        let range = span.range();
        let (start, end) = (lines.position(span.file, range.start), lines.position(span.file, range.end.max(range.start)));
        let ends = Ends { line: start.line, column: start.column, end_line: end.line, end_column: end.column };
        Where { path: &sources.file(span.file).path, lines: Some(ends) }
    };
    let rows = findings.iter().map(|finding| Row {
        code: finding.rule.code,
        severity: finding.severity.name(),
        message: language.phrase(&finding.message),
        place: match &finding.place {
            Place::Project => None,
            Place::File(path) => Some(Where { path, lines: None }),
            Place::Span(span) => Some(at(*span)),
        },
        label: language.phrase(&finding.label),
        help: finding.help.iter().map(|help| language.phrase(help)).collect(),
        related: finding.related.iter().map(|(span, words)| Related { message: language.phrase(words), place: at(*span) }).collect(),
        excepted: finding.excepted.as_ref().map(|words| language.phrase(words)),
    });
    let report = Report { format: 1, findings: rows.collect(), counts: Counts::of(findings) };
    // Texts, numbers and lists always serialise.
    let mut out = serde_json::to_string_pretty(&report).unwrap_or_default();
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rule;

    #[test]
    fn a_finding_becomes_a_row_with_its_place_counted_from_one() {
        let sources = Sources::from_texts(&[("content/a.md", "é: ü\nb\n")]);
        let file = sources.find("content/a.md").unwrap();
        let findings = [
            Finding::new(&rule::UNKNOWN_KEY, Span::new(file, 4..8), "`x`\u{1b}")
                .label("here")
                .help("do")
                .related(Span::new(file, 0..2), "first"),
            Finding::new(&rule::EMPTY_FILE, Place::File("b.md".into()), "empty"),
            Finding::new(&rule::REVIEW_OVERDUE, Place::Project, "late"),
        ];
        insta::assert_snapshot!(render(&findings, &sources, &Language::default()), @r#"
        {
          "format": 1,
          "findings": [
            {
              "code": "unknown-key",
              "severity": "error",
              "message": "`x`\u001b",
              "path": "content/a.md",
              "line": 1,
              "column": 4,
              "end_line": 2,
              "end_column": 2,
              "label": "here",
              "help": [
                "do"
              ],
              "related": [
                {
                  "message": "first",
                  "path": "content/a.md",
                  "line": 1,
                  "column": 1,
                  "end_line": 1,
                  "end_column": 2
                }
              ]
            },
            {
              "code": "empty-file",
              "severity": "error",
              "message": "empty",
              "path": "b.md",
              "label": "",
              "help": [],
              "related": []
            },
            {
              "code": "review-overdue",
              "severity": "warning",
              "message": "late",
              "label": "",
              "help": [],
              "related": []
            }
          ],
          "counts": {
            "errors": 2,
            "warnings": 1,
            "notes": 0
          }
        }
        "#);
    }
}
