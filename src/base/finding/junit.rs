//! Findings as a test report in JUnit's XML, which most servers of continuous integration show: a test case a source file, since a file is what somebody
//! has to mend. It fails by its errors; warnings and notes are what it printed.

use std::collections::BTreeMap;

use super::report::Report;
use super::{Finding, Severity};
use crate::base::word::phrase;

/// What built-in sources lie below: nobody's files to mend.
const BUILT_IN: &str = "annexa/";

/// A suite with a test case for each file of the project and each that a finding names, in the order of paths.
pub fn render(report: &Report<'_>) -> String {
    let mut lines = report.lines();
    let own = report.sources.iter().map(|(_, file)| &file.path).filter(|path| !path.starts_with(BUILT_IN));
    let mut cases: BTreeMap<String, Vec<(&Finding, String)>> = own.map(|path| (format!("{}{path}", report.folder), Vec::new())).collect();
    for finding in report.findings {
        let at = report.locate(&finding.place, &mut lines);
        let place = match at.ends {
            Some((start, _)) => format!("{}:{}:{}", at.path, start.line, start.column),
            None => at.path.clone(),
        };
        cases.entry(at.path).or_default().push((finding, place));
    }
    let failed = cases.values().filter(|found| found.iter().any(|(finding, _)| finding.severity == Severity::Error)).count();
    let totals = format!("name=\"annexa check\" tests=\"{}\" failures=\"{failed}\" errors=\"0\"", cases.len());
    let mut out = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {totals}>\n  <testsuite {totals} skipped=\"0\">\n");
    for (path, found) in &cases {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = if folder.is_empty() { "annexa" } else { folder };
        let head = format!("    <testcase classname=\"{}\" name=\"{}\" file=\"{}\"", attribute(folder), attribute(name), attribute(path));
        if found.is_empty() {
            out.push_str(&format!("{head}/>\n"));
            continue;
        }
        out.push_str(&format!("{head}>\n"));
        let (errors, others): (Vec<_>, Vec<_>) = found.iter().partition(|(finding, _)| finding.severity == Severity::Error);
        if let Some((first, _)) = errors.first() {
            let message = match errors.len() {
                0 | 1 => report.sentence(first),
                n => report.say(&phrase!("{what} (and {n} more)", what = first.message, n = n - 1)),
            };
            out.push_str(&format!(
                "      <failure type=\"{}\" message=\"{}\">{}</failure>\n",
                first.rule.code,
                attribute(&message),
                text(&listed(report, &errors))
            ));
        }
        if !others.is_empty() {
            out.push_str(&format!("      <system-out>{}</system-out>\n", text(&listed(report, &others))));
        }
        out.push_str("    </testcase>\n");
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn listed(report: &Report<'_>, found: &[&(&Finding, String)]) -> String {
    let one = |(finding, place): &&(&Finding, String)| {
        let severity = report.language.say(finding.severity.word());
        format!("{place}: {severity}[{}]: {}\n", finding.rule.code, report.words(finding).replace('\n', "\n  "))
    };
    found.iter().map(one).collect()
}

/// Text of XML 1.0, which has no way to write the two characters that are left out here, nor most control characters, which are pictures by now.
fn text(text: &str) -> String {
    html_escape::encode_text(&text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")).into_owned()
}

/// The value of an attribute, in which a reader would make line ends and tabs into spaces.
fn attribute(words: &str) -> String {
    text(words).replace('"', "&quot;").replace('\n', "&#10;").replace('\t', "&#9;").replace('\r', "&#13;")
}
