//! Findings as commands of a GitHub Actions log, which become annotations of the lines concerned.
//!
//! A command is a line, `::error file=..,line=..::message`; the runner resolves `%25`, `%0D` and `%0A` in a message, and `%3A` and `%2C` in a property as
//! well (actions/toolkit, packages/core/src/command.ts). It takes columns only on one line, and shows ten annotations of a kind for each step.

use super::report::{self, Report};
use super::{Counts, Severity};

/// A command a finding, errors first, and the counts as a line of the log.
pub fn render(report: &Report<'_>) -> String {
    let mut lines = report.lines();
    let mut out = String::new();
    for finding in report::by_severity(report.findings.iter(), |finding| finding.severity) {
        let at = report.locate(&finding.place, &mut lines);
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let mut properties = vec![("file", at.path.clone()), ("line", at.line().to_string())];
        if let Some((start, end)) = at.ends {
            properties.push(("endLine", end.line.to_string()));
            if start.line == end.line {
                properties.extend([("col", start.column.to_string()), ("endColumn", end.column.to_string())]);
            }
        }
        properties.push(("title", finding.rule.code.to_owned()));
        let properties: Vec<String> = properties.iter().map(|(key, value)| format!("{key}={}", property(value))).collect();
        out.push_str(&format!("::{command} {}::{}\n", properties.join(","), data(&report.words(finding))));
    }
    out.push_str(&format!("{}\n", report.say(&Counts::of(report.findings).phrase())));
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
