//! `annexa diff --base`: what a branch changes, for a comment on its pull request.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use common::{Project, document, git};
use serde_json::Value;

const POLICY: &str = "content/policies/pol-001.md";

fn commit(project: &Project, day: &str, message: &str) {
    git(project.root(), day, &["add", "-A"]);
    git(project.root(), day, &["commit", "-q", "--allow-empty", "-m", message]);
}

fn diff(project: &Project, arguments: &[&str]) -> String {
    let ran = common::run(project.root(), ["diff", "--today", common::TODAY].iter().chain(arguments));
    assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
    ran.out
}

fn fails(project: &Project, arguments: &[&str]) -> String {
    let ran = common::run(project.root(), ["diff", "--today", common::TODAY].iter().chain(arguments));
    assert_eq!(ran.status, Some(2), "{}", ran.out);
    ran.err
}

/// Object ids are those of the day, the files and Git; a snapshot names none.
fn without_commits(text: &str) -> String {
    let mut out = String::new();
    for part in text.split_inclusive('(') {
        match part.get(..12).filter(|id| id.chars().all(|c| c.is_ascii_hexdigit()) && part.get(12..13) == Some(")")) {
            Some(_) => out.push_str(&format!("COMMIT{}", &part[12..])),
            None => out.push_str(part),
        }
    }
    out
}

/// On `main`, POL-002 came after the branch had left it. The branch changes an approved policy; mends one reference and breaks another, which is not committed yet.
fn branch() -> Project {
    let project = Project::sound();
    git(project.root(), "2026-01-10", &["init", "-q", "-b", "main"]);
    let approved = document("POL-001", "Access ends within 24 hours.\n").replace("status: draft", "status: approved\napproved: 2026-01-09");
    project.write(POLICY, approved);
    let ran = common::run(project.root(), ["approve", "POL-001", "--as", "ceo", "--unsigned", "--today", "2026-01-10"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    project.write("content/policies/pol-003.md", document("POL-003", "Third. See [[POL-008]]."));
    commit(&project, "2026-01-10", "Manual");
    git(project.root(), "2026-02-01", &["checkout", "-q", "-b", "work"]);
    project.edit(POLICY, "within 24 hours", "within 8 hours");
    commit(&project, "2026-02-01", "Faster");
    git(project.root(), "2026-02-03", &["checkout", "-q", "main"]);
    project.write("content/policies/pol-002.md", document("POL-002", "Second."));
    commit(&project, "2026-02-03", "Somebody else's policy");
    git(project.root(), "2026-02-04", &["checkout", "-q", "work"]);
    project.edit("content/policies/pol-003.md", "Third. See [[POL-008]].", "Third, as [[POL-009]] has it.");
    project
}

#[test]
fn a_comment_says_what_the_branch_touches_and_which_findings() {
    insta::assert_snapshot!(without_commits(&diff(&branch(), &["--base", "main", "--format", "markdown"])));
}

#[test]
fn at_the_terminal_it_says_the_same_and_the_words() {
    insta::assert_snapshot!(without_commits(&diff(&branch(), &["--base", "main"])));
}

#[test]
fn pages_and_programs_get_the_findings_too() {
    let project = branch();
    let page = diff(&project, &["--base", "main", "--format", "html"]);
    assert!(page.contains("New findings") && page.contains("<code>content/policies/pol-003.md:"), "{page}");
    let json: Value = serde_json::from_str(&diff(&project, &["--base", "main", "--format", "json"])).unwrap();
    let codes = |which: &str| -> Vec<&str> {
        json["findings"][which].as_array().unwrap().iter().map(|found| found["code"].as_str().unwrap()).collect()
    };
    assert!(codes("new").contains(&"unresolved-reference"), "{json}");
    assert!(codes("gone").contains(&"unresolved-reference"), "{json}");
}

#[test]
#[cfg(feature = "pdf")]
fn the_book_has_the_findings_too() {
    let project = branch();
    let out = project.beside("changes.pdf");
    project.edit("content/policies/pol-003.md", "[[POL-009]]", "[[POL-001]]");
    let ran = common::run(
        project.root(),
        ["diff", "--base", "main~0", "--format", "pdf", "--today", common::TODAY, "--out", out.to_str().unwrap()],
    );
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    let Ok(output) = std::process::Command::new("pdftotext").arg(&out).arg("-").output() else { return };
    let text = String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("Findings that are gone") && text.contains("POL-008"), "{text}");
}

#[test]
fn a_revision_is_written_as_git_takes_it() {
    let project = branch();
    git(project.root(), "2026-02-04", &["checkout", "-q", "--", "."]);
    commit(&project, "2026-02-05", "Nothing");
    let long = std::process::Command::new("git").current_dir(project.root()).args(["rev-parse", "main"]).output().unwrap();
    let long = String::from_utf8(long.stdout).unwrap();
    let main = diff(&project, &["--base", "main", "--format", "json"]);
    let same = |revision: &str| {
        let told = diff(&project, &["--base", revision, "--format", "json"]);
        told.replace(revision, "main") == main
    };
    for revision in ["refs/heads/main", "HEAD~2", "HEAD^^", "@~1^1", "main^0", "main~1", long.trim(), &long[..9]] {
        assert!(same(revision), "{revision}");
    }
    let none = diff(&project, &["--base", "HEAD", "--format", "markdown"]);
    assert!(none.ends_with("Nothing differs.\n"), "{none}");
}

#[test]
fn what_cannot_be_compared_is_said() {
    let project = branch();
    for revision in ["mian", "HEAD~9", "HEAD^2", "main..work", "abcd"] {
        let said = fails(&project, &["--base", revision]);
        assert!(said.contains(&format!("`{revision}` is no single commit of this repository; name a branch")), "{said}");
    }
    git(project.root(), "2026-02-05", &["checkout", "-q", "--orphan", "other"]);
    commit(&project, "2026-02-05", "Another beginning");
    assert!(fails(&project, &["--base", "main"]).contains("`main` and what is checked out have no commit in common"));
    // Of a clone that lacks older commits, the way to get them is told.
    let shallow = project.beside("shallow");
    let url = format!("file://{}", project.root().display());
    git(project.root(), "2026-02-05", &["clone", "-q", "--depth", "1", "--no-single-branch", &url, shallow.to_str().unwrap()]);
    let ran = common::run(&shallow, ["diff", "--base", "origin/main", "--today", common::TODAY]);
    assert!(
        ran.status == Some(2) && ran.err.contains("this clone lacks older commits") && ran.err.contains("fetch-depth: 0"),
        "{}",
        ran.err
    );
}

/// Findings are of all sources, and a commit says that something changed: neither is for those who do not see everything.
#[test]
fn a_lower_audience_gets_neither_findings_nor_the_commit() {
    let project = branch();
    let told = diff(&project, &["--base", "main", "--format", "markdown", "--audience", "public"]);
    assert!(!told.contains("indings") && told.starts_with("### Changes since the sources of 2026-01-10\n"), "{told}");
}

#[test]
fn a_finding_that_only_moved_is_no_news() {
    let project = branch();
    commit(&project, "2026-02-05", "All");
    project.edit("content/policies/pol-003.md", "Third", "Words above.\n\nThird");
    let text = std::fs::read(project.path("content/policies/pol-003.md")).unwrap();
    std::fs::remove_file(project.path("content/policies/pol-003.md")).unwrap();
    project.write("content/policies/third.md", text);
    let told = diff(&project, &["--base", "HEAD", "--format", "markdown"]);
    assert!(told.contains("POL-003") && !told.contains("POL-009"), "{told}");
}

/// GitHub takes 65,536 characters; what is more makes the comment fail.
#[test]
fn a_comment_is_never_too_long() {
    let project = branch();
    let name = "Ü".repeat(3000);
    for number in 100..160 {
        let links: String = (0..40).map(|other| format!("[[POL-{}]]\n\n", 500 + other)).collect();
        project.write(&format!("content/policies/pol-{number}.md"), document(&format!("POL-{number}"), &links).replace("Title of", &name));
    }
    let told = diff(&project, &["--base", "main", "--format", "markdown"]);
    assert!(told.chars().count() <= 65_536, "{}", told.chars().count());
    assert!(told.contains("- and 42 more\n") && told.contains('…'), "{}", told.get(..2000).unwrap_or(&told));
}
