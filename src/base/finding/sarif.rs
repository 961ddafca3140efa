//! Findings as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format), which code scanning and editors read.
//!
//! Paths are relative to the top of the repository, by `%SRCROOT%`, which whoever reads the log resolves. Columns count Unicode code points.

use serde_json::{Value, json};

use super::Severity;
use super::report::{Located, Report};
use crate::base::rule::Rule;

/// Where the schema lies.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";
/// The key of our fingerprints. GitHub computes its own, `primaryLocationLineHash`, and complains of any other value of that name.
const FINGERPRINT: &str = "annexa/v1";

/// One log with one run: the rules that the findings name, and the findings in order.
pub fn render(report: &Report<'_>) -> String {
    let mut rules: Vec<&'static Rule> = report.findings.iter().map(|finding| finding.rule).collect();
    rules.sort_by_key(|rule| rule.code);
    rules.dedup_by_key(|rule| rule.code);
    let index = |rule: &Rule| rules.iter().position(|known| known.code == rule.code);
    let mut lines = report.lines();
    let results = report.rows().map(|(finding, fingerprint)| {
        let at = report.locate(&finding.place, &mut lines);
        let related = (1..).zip(&finding.related).map(|(id, (span, words))| {
            let at = report.locate_span(*span, &mut lines);
            json!({ "id": id, "message": { "text": message(&report.say(words)) }, "physicalLocation": physical(&at) })
        });
        let related: Vec<Value> = related.collect();
        let mut result = json!({
            "ruleId": finding.rule.code,
            "ruleIndex": index(finding.rule),
            "level": level(finding.severity),
            "message": { "text": message(&report.words(finding)) },
            "locations": [{ "physicalLocation": physical(&at) }],
            "partialFingerprints": { FINGERPRINT: fingerprint },
        });
        if !related.is_empty() {
            result["relatedLocations"] = related.into();
        }
        if let Some(words) = &finding.excepted {
            result["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": message(&report.say(words)) }]);
        }
        result
    });
    let results: Vec<Value> = results.collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Annexa",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            } },
            "invocations": [{ "executionSuccessful": true }],
            "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "The top of the repository." } } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

/// A rule with its page. The page is Markdown that reads well as text, too.
fn descriptor(rule: &Rule) -> Value {
    let page = without_links(rule.page);
    json!({
        "id": rule.code,
        "shortDescription": { "text": message(rule.summary) },
        "fullDescription": { "text": message(rule.summary) },
        "help": { "text": message(&page), "markdown": braces(&page) },
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

/// A page with the words of its links to other pages in their place, since those pages are not where the log is read. Examples stay as they are.
fn without_links(page: &str) -> String {
    let mut in_example = false;
    let mut out = String::with_capacity(page.len());
    for line in page.split_inclusive('\n') {
        in_example ^= line.starts_with("```");
        let mut rest = line;
        while let (false, Some((before, after))) = (in_example, rest.split_once("](")) {
            let (Some((text, words)), Some((_, end))) = (before.rsplit_once('['), after.split_once(')')) else { break };
            out.push_str(text);
            out.push_str(words);
            rest = end;
        }
        out.push_str(rest);
    }
    out
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A whole file is shown at its first line: code scanning takes no result without a line.
fn physical(at: &Located) -> Value {
    let region = match at.ends {
        Some((start, end)) => {
            json!({ "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column })
        }
        None => json!({ "startLine": 1 }),
    };
    json!({ "artifactLocation": { "uri": uri(&at.path), "uriBaseId": "%SRCROOT%" }, "region": region })
}

/// A path as a relative reference (RFC 3986, 4.2): all but unreserved characters and slashes encoded, a colon in the first part among them.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A plain text message, in which a brace is written twice (SARIF 2.1.0, 3.11.5), and nothing that an author wrote becomes a link of ours (3.11.6).
fn message(text: &str) -> String {
    braces(text).replace("](", "] (")
}

fn braces(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_relative_reference() {
        assert_eq!(uri("isms/content/a: 50%, #1?.md"), "isms/content/a%3A%2050%25%2C%20%231%3F.md");
        assert_eq!(uri("Über/𝄞.md"), "%C3%9Cber/%F0%9D%84%9E.md");
    }

    #[test]
    fn braces_are_doubled_and_nothing_becomes_a_link() {
        assert_eq!(message("`{{ x }}` and [a](0)"), "`{{{{ x }}}}` and [a] (0)");
    }

    #[test]
    fn a_page_keeps_its_examples_and_loses_its_links() {
        let page = "See [a](a.md) and [b](../b.md).\n\n```md\n[c](c.md)\n```\n\nOr [[POL-001]] (d).\n";
        assert_eq!(without_links(page), "See a and b.\n\n```md\n[c](c.md)\n```\n\nOr [[POL-001]] (d).\n");
    }
}
