//! `annexa diff`: how two releases differ, for one audience.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::fs;

use common::{Project, SETTINGS, document, git};
use serde_json::Value;

const POLICY: &str = "content/policies/pol-001.md";

/// A word that stands in withheld matter alone.
const CANARY: &str = "Zirkonia";

fn commit(project: &Project, day: &str, tag: &str) {
    git(project.root(), day, &["add", "-A"]);
    git(project.root(), day, &["commit", "-q", "--allow-empty", "-m", "On this day"]);
    if !tag.is_empty() {
        git(project.root(), day, &["tag", tag]);
    }
}

fn begin() -> Project {
    let project = Project::sound();
    git(project.root(), "2026-01-10", &["init", "-q", "-b", "main"]);
    project
}

fn diff(project: &Project, arguments: &[&str]) -> String {
    let ran = common::run(project.root(), ["diff", "--today", common::TODAY].iter().chain(arguments));
    assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
    ran.out
}

fn json(project: &Project, arguments: &[&str]) -> Value {
    serde_json::from_str(&diff(project, &[arguments, &["--format", "json"]].concat())).unwrap()
}

const TEXT: &str = "Opening words that stay.

## Joiners

New people get access from [their manager](https://example.com/a).

## Leavers {#leavers satisfies=gdpr:32(1)(d)}

Access ends within 24 hours of leaving, and the manager confirms it.

- Accounts are disabled.
- Keys are returned.

## Reviews

| What | How often |
| --- | --- |
| Accounts | monthly |
| Keys | yearly |

A closing paragraph with a note.[^1]

[^1]: The note says five words.
";

const OTHER: &str = "Opening words that stay.

## Reviews

| What | How often |
| --- | --- |
| Accounts | weekly |
| Badges | monthly |
| Keys | yearly |

A closing paragraph with a note.[^1]

## Joiners

New people get access from [their manager](https://example.com/b).

## Leavers {#leavers satisfies=gdpr:32(1)(d)}

Access ends within 8 working hours of leaving, and the manager confirms it.

- Accounts are disabled.
- Keys and phones are returned.

[^1]: The note says six words now.
";

/// POL-001 changes in each way, POL-002 comes, POL-003 goes, POL-004 is only wrapped anew; a risk and a supplier change.
fn two_releases() -> Project {
    let project = begin();
    let register = |country: &str, more: &str| {
        format!(
            "register: suppliers\nrows:\n  - {{id: SUP-001, name: Cloud One, purpose: Hosting, kind: iaas, personal_data: true, country: {country}}}\n{more}"
        )
    };
    project.write(POLICY, document("POL-001", TEXT));
    project.write("content/policies/pol-003.md", document("POL-003", "Third."));
    project.write("content/policies/pol-004.md", document("POL-004", "Words in a line, set in one line."));
    project.write("content/registers/suppliers.yaml", register("France", ""));
    commit(&project, "2026-01-10", "v1.0");
    project.write(POLICY, document("POL-001", OTHER).replace("version: \"1.0\"", "version: \"2.0\""));
    project.write("content/policies/pol-002.md", document("POL-002", "Second."));
    fs::remove_file(project.path("content/policies/pol-003.md")).unwrap();
    project.write("content/policies/pol-004.md", document("POL-004", "Words in a line,\nset in one line."));
    let more = "  - {id: SUP-002, name: Mail Two, purpose: Mail, kind: saas, personal_data: true, country: Italy}\n";
    project.write("content/registers/suppliers.yaml", register("Spain", more));
    commit(&project, "2026-03-01", "v2.0");
    project
}

#[test]
fn says_what_changed_and_first_of_all_in_short() {
    insta::assert_snapshot!(diff(&two_releases(), &["v1.0", "v2.0"]));
}

#[test]
fn in_markdown_it_is_a_comment() {
    insta::assert_snapshot!(diff(&two_releases(), &["v1.0", "v2.0", "--format", "markdown"]));
}

#[test]
fn a_release_does_not_differ_from_itself() {
    let project = two_releases();
    for release in ["v1.0", "v2.0"] {
        assert!(diff(&project, &[release, release]).ends_with("Nothing differs.\n"));
    }
    // Nor do the sources as they stand, which nobody has touched since.
    assert!(diff(&project, &["v2.0"]).ends_with("Nothing differs.\n"));
    project.edit(POLICY, "8 working hours", "4 working hours");
    assert!(diff(&project, &["v2.0"]).contains("[-8-] {+4+} working"));
    let ran = common::run(project.root(), ["diff", "v2.0", "--exit-code", "--today", common::TODAY]);
    assert_eq!(ran.status, Some(1));
}

/// Every list of marked words below a value, as the words of before and of after.
fn sides(value: &Value, before: &mut Vec<String>, after: &mut Vec<String>) {
    match value {
        Value::Array(items) if items.iter().all(|item| item[0].is_string() && item[1].is_string()) => {
            for item in items {
                let words = item[1].as_str().unwrap().split_whitespace().filter(|word| !word.starts_with('(')).map(str::to_owned);
                let words: Vec<String> = words.collect();
                if item[0] != "+" {
                    before.extend(words.iter().cloned());
                }
                if item[0] != "-" {
                    after.extend(words);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| sides(item, before, after)),
        Value::Object(fields) => fields.values().for_each(|value| sides(value, before, after)),
        _ => {}
    }
}

/// Words of Markdown without its marks.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = text
        .replace("[^1]:", "")
        .replace("[^1]", "")
        .replace("{#leavers satisfies=gdpr:32(1)(d)}", "")
        .replace("(https://example.com/a)", "")
        .replace("(https://example.com/b)", "")
        .replace(['[', ']', '|', '#'], " ")
        .split_whitespace()
        .filter(|word| !matches!(*word, "-" | "---"))
        .map(str::to_owned)
        .collect();
    words.sort();
    words
}

#[test]
fn without_what_came_it_is_what_was_and_without_what_went_what_is() {
    let said = json(&two_releases(), &["v1.0", "v2.0"]);
    let of = said["documents"].as_array().unwrap().iter().find(|document| document["id"] == "POL-001").unwrap();
    let (mut before, mut after) = (Vec::new(), Vec::new());
    sides(&of["body"], &mut before, &mut after);
    // Sections stand in their later order, so that the words are compared without theirs.
    before.sort();
    after.sort();
    assert_eq!(before, words(TEXT));
    assert_eq!(after, words(OTHER));
}

#[test]
fn a_lower_audience_counts_what_is_gone_and_is_not_told_what_it_was() {
    let project = begin();
    let public = |id: &str, text: &str| document(id, text).replace("classification: internal", "classification: public");
    let open = format!("Open words.\n\n## Kept\n\nKept words here.\n\n## Inside\n\nThe {CANARY} stands here.\n");
    project.write(POLICY, public("POL-001", &open));
    project.write("content/policies/pol-002.md", public("POL-002", &format!("Of {CANARY} too.")));
    commit(&project, "2026-01-10", "v1.0");
    // The section and the document are withheld from now on: nobody withdrew them.
    project.write(POLICY, public("POL-001", &open.replace("## Inside", "## Inside {classification=internal}")));
    project.write("content/policies/pol-002.md", document("POL-002", &format!("Of {CANARY} too.")));
    commit(&project, "2026-02-01", "v2.0");
    let withheld = diff(&project, &["v1.0", "v2.0", "--audience", "public"]);
    assert!(!withheld.contains(CANARY) && !withheld.contains("POL-002") && !withheld.contains("withdrawn"), "{withheld}");
    assert!(withheld.contains("1 section is no longer shown") && withheld.contains("1 no longer shown"), "{withheld}");
    let page = diff(&project, &["v1.0", "v2.0", "--audience", "public", "--format", "html"]);
    assert!(!page.contains(CANARY) && !page.contains("POL-002"));
    assert!(diff(&project, &["v1.0", "v2.0"]).contains("Classification: [-Public-] {+Internal+}"));
    // Where they are withdrawn and not withheld, the public reads the same.
    project.write(POLICY, public("POL-001", "Open words.\n\n## Kept\n\nKept words here.\n"));
    fs::remove_file(project.path("content/policies/pol-002.md")).unwrap();
    commit(&project, "2026-02-01", "v2.1");
    let gone = diff(&project, &["v1.0", "v2.1", "--audience", "public"]);
    assert_eq!(gone.replace("v2.1", "v2.0"), withheld);
}

#[test]
fn words_that_moved_into_withheld_matter_are_not_told_to_a_lower_audience() {
    let project = begin();
    let public = |text: &str| document("POL-001", text).replace("classification: internal", "classification: public");
    project.write(POLICY, public(&format!("Open words.\n\n## Kept\n\nKept words and the {CANARY} and more.\n")));
    commit(&project, "2026-01-10", "v1.0");
    project.write(POLICY, public("Open words.\n\n## Kept\n\nKept words and more.\n"));
    project.write("content/policies/pol-002.md", document("POL-002", &format!("Here is the {CANARY} now.")));
    commit(&project, "2026-02-01", "v2.0");
    let told = diff(&project, &["v1.0", "v2.0", "--audience", "public"]);
    assert!(!told.contains(CANARY) && told.contains("[-\u{2026}-]"), "{told}");
    assert!(diff(&project, &["v1.0", "v2.0"]).contains(CANARY));
    // The later sources decide, so that they must be the later ones.
    let ran = common::run(project.root(), ["diff", "v2.0", "v1.0", "--audience", "public", "--today", common::TODAY]);
    assert!(ran.status == Some(2) && ran.err.contains("write the earlier release first"), "{}", ran.err);
}

#[test]
fn names_that_lead_nowhere_are_said() {
    let project = two_releases();
    let fails = |arguments: &[&str]| {
        let ran = common::run(project.root(), ["diff"].iter().chain(arguments).chain(&["--today", common::TODAY]));
        assert_eq!(ran.status, Some(2), "{}", ran.out);
        ran.err
    };
    assert!(fails(&["v1.1", "v2.0"]).contains("there is no release `v1.1` (tags named `v*`); did you mean `v1.0`?"));
    assert!(fails(&["v1.0", "v2.0", "--audience", "auditors"]).contains("there is no audience `auditors`"));
    project.write(
        "annexa.yaml",
        format!("{SETTINGS}releases: {{withdrawn: [{{release: v1.0, date: 2026-04-01, reason: It named a person.}}]}}\n"),
    );
    assert!(fails(&["v1.0", "v2.0"]).contains("the release `v1.0` was withdrawn on 2026-04-01: It named a person."));
}

/// What differs is said to those who do not see how it is set, and nothing that somebody wrote is markup.
#[test]
fn a_page_says_in_words_what_it_underlines_and_strikes_out() {
    let project = two_releases();
    let page = diff(&project, &["v1.0", "v2.0", "--format", "html"]);
    assert!(
        page.contains("<del><span class=\"hidden\">deleted: </span>24</del> <ins><span class=\"hidden\">inserted: </span>8 working</ins>"),
        "{page}"
    );
    assert!(page.contains("<span class=\"moved\">moved here</span>") && !page.contains("src=") && !page.contains("<script"));
    project.edit(POLICY, "8 working hours", "<b>8</b> \\<script> & hours");
    let page = diff(&project, &["v2.0", "--format", "html"]);
    assert!(!page.contains("<script") && page.contains("&lt;script"), "{page}");
}

#[test]
fn an_approval_that_lapsed_is_named() {
    let project = begin();
    let approved = |text: &str| document("POL-001", text).replace("status: draft", "status: approved\napproved: 2026-01-09");
    project.write(POLICY, approved("Words that were approved."));
    let ran = common::run(project.root(), ["approve", "POL-001", "--as", "ceo", "--unsigned", "--today", "2026-01-10"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    commit(&project, "2026-01-10", "v1.0");
    project.edit(POLICY, "Words that were approved.", "Words that nobody approved.");
    commit(&project, "2026-02-01", "v2.0");
    let told = diff(&project, &["v1.0", "v2.0", "--summary"]);
    assert!(
        told.contains("Approvals that lapsed\n  POL-001  Title of POL-001: Changed since it was approved by Managing director"),
        "{told}"
    );
}

/// What came and went stands in the book, which says nothing that is withheld: it is looked through before it is written.
#[test]
#[cfg(feature = "pdf")]
fn the_auditors_pdf_has_what_came_and_what_went() {
    let project = two_releases();
    project.edit(POLICY, "hours of leaving", "hours of #leaving[*] \"\\\\\"");
    let out = project.beside("changes.pdf");
    let make = |arguments: &[&str]| {
        diff(&project, &[arguments, &["--format", "pdf", "--out", out.to_str().unwrap()]].concat());
        fs::read(&out).unwrap()
    };
    let made = make(&["v1.0"]);
    assert!(made.starts_with(b"%PDF-1.7"));
    assert_eq!(made, make(&["v1.0"]), "the same bytes again");
    if let Ok(output) = std::process::Command::new("pdftotext").arg(&out).arg("-").output() {
        let text = String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        for words in ["Changes from v1.0 to", "8 working hours of #leaving[*]", "[moved here]", "SUP-002 Mail Two", "France Spain"] {
            assert!(text.contains(words), "{words}: {text}");
        }
    }
    // The public sees none of these documents and rows, so that there is nothing to tell.
    let made = make(&["v1.0", "v2.0", "--audience", "public"]);
    assert!(made.starts_with(b"%PDF-1.7"));
}
