//! Findings as a Code Quality report of GitLab: a JSON array, of which GitLab reads description, check name, fingerprint, severity, path and line
//! (docs.gitlab.com, "Code Quality report format").

use serde::Serialize;

use super::Severity;
use super::report::Report;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'a str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

/// An issue a finding, in order. GitLab knows five severities; an error is `major`, a warning `minor`, a note `info`.
pub fn render(report: &Report<'_>) -> String {
    let mut lines = report.lines();
    let issues = report.rows().map(|(finding, fingerprint)| {
        let at = report.locate(&finding.place, &mut lines);
        let line = at.line();
        Issue {
            description: report.words(finding).replace('\n', " · "),
            check_name: finding.rule.code,
            fingerprint,
            severity: match finding.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Note => "info",
            },
            location: Location { path: at.path, lines: Lines { begin: line } },
        }
    });
    // Texts, numbers and lists always serialise.
    let mut out = serde_json::to_string_pretty(&issues.collect::<Vec<_>>()).unwrap_or_default();
    out.push('\n');
    out
}
