//! The demo's history: three releases of the made-up company's manual, each of which stood on its day.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product
#![cfg(unix)] // a shell builds it

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use common::{Project, RELEASES, files, git, run};

fn said_by_git(folder: &Path, arguments: &[&str]) -> String {
    let ran = Command::new("git").current_dir(folder).args(arguments).output().unwrap();
    assert!(ran.status.success(), "git {arguments:?}");
    String::from_utf8(ran.stdout).unwrap()
}

/// The documents of the checked-out state: by id, what the front matter says of version and history, a line each.
fn versions(project: &Project) -> BTreeMap<String, (String, Vec<String>)> {
    let mut found = BTreeMap::new();
    for (path, bytes) in files(&project.path("content")) {
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let Some(front_matter) = text.strip_prefix("---\n").and_then(|text| text.split_once("\n---\n")) else { continue };
        let lines: Vec<&str> = front_matter.0.lines().collect();
        let value = |key: &str| lines.iter().find_map(|line| line.strip_prefix(key)).unwrap_or_else(|| panic!("{path}: {key}")).to_owned();
        let history = lines.iter().filter(|line| line.starts_with("  - {version:")).map(|line| (*line).to_owned()).collect();
        found.insert(value("id: "), (value("version: "), history));
    }
    found
}

#[test]
fn is_the_same_each_time() {
    let ids = |project: &Project| said_by_git(project.root(), &["rev-parse", "v1.0", "v1.1", "v2.0"]);
    let (one, other) = (Project::with_history(), Project::with_history());
    assert_eq!(ids(&one), ids(&other));
    assert_eq!(said_by_git(one.root(), &["status", "--short"]), "", "what lies there is v2.0");
}

#[test]
fn is_never_built_over_something() {
    let project = Project::sound();
    let before = files(project.root());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/history/build.sh");
    let ran = Command::new("sh").arg(script).arg(project.root()).output().unwrap();
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("is there already"));
    common::assert_same(&before, &files(project.root()));
}

#[test]
fn each_release_has_no_finding_on_its_day() {
    let project = Project::with_history();
    for (tag, day) in RELEASES {
        git(project.root(), day, &["checkout", "-q", tag]);
        let ran = project.run("check", &["--today", day, "--deny", "warnings"]);
        assert_eq!((ran.status, ran.out.as_str()), (Some(0), "no findings\n"), "{tag}");
    }
}

#[test]
fn what_a_release_says_of_a_documents_versions_the_next_one_says_too() {
    let project = Project::with_history();
    let mut before: BTreeMap<String, (String, Vec<String>)> = BTreeMap::new();
    for (tag, day) in RELEASES {
        git(project.root(), day, &["checkout", "-q", tag]);
        let now = versions(&project);
        for (id, (version, history)) in &before {
            let (later, rows) = now.get(id).unwrap_or_else(|| panic!("{id} is not in {tag}"));
            assert!(rows.starts_with(history), "{tag}: {id} tells another history:\n{history:#?}\n{rows:#?}");
            assert!(later == version || rows.len() > history.len(), "{tag}: {id} has a new version without a row");
        }
        before = now;
    }
}

#[test]
fn the_releases_differ_in_what_a_company_changes() {
    let project = Project::with_history();
    let mut texts = Vec::new();
    for (tag, day) in RELEASES {
        git(project.root(), day, &["checkout", "-q", tag]);
        let read = |path: &str| fs::read_to_string(project.path(path)).unwrap();
        texts.push(
            ["annexa.yaml", "content/registers/suppliers.yaml", "content/registers/objectives.yaml", "content/registers/risks.yaml"]
                .map(read),
        );
        let policies: BTreeSet<String> = files(&project.path("content/policies")).into_keys().collect();
        assert_eq!(policies.contains("pol-012-cloud-service-provision.md"), tag == "v2.0", "policies come with the second round");
    }
    let scanning = |at: usize| ["Larkrise Imaging", "Saltmarsh Scan"].map(|name| texts[at][1].contains(name));
    assert_eq!([scanning(0), scanning(1), scanning(2)], [[true, false], [false, true], [false, true]], "a supplier is replaced");
    assert_ne!(texts[0][2], texts[1][2], "objectives are measured");
    assert!(texts[0][0].contains("iso27017@2015") && !texts[0][0].contains("iso27017@2026"), "the first releases know the edition of 2015");

    let policy = said_by_git(project.root(), &["diff", "--shortstat", "v1.1", "v2.0", "--", "content/policies/pol-006-operations.md"]);
    let lines: usize = policy.split(", ").filter_map(|part| part.split_whitespace().next()?.parse::<usize>().ok()).sum();
    assert!(lines > 40, "a policy is rewritten: {policy}");
}

#[test]
fn every_release_is_built_as_it_was() {
    let project = Project::with_history();
    let out = project.beside("out");
    let ran = run(project.root(), ["build", "--no-pdf", "--releases", "--today", "2026-11-23", "--out", out.to_str().unwrap()]);
    assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
    for (tag, day) in RELEASES {
        let page = fs::read_to_string(out.join(tag).join("documents/pol-006.html")).unwrap();
        assert!(page.contains(&format!("Release {tag} of {day}")), "{tag}");
        assert_eq!(out.join(tag).join("documents/pol-012.html").exists(), tag == "v2.0", "{tag}");
    }
    assert!(out.join("latest/index.html").exists());

    let ran = run(project.root(), ["releases", "--today", "2026-11-23"]);
    for (tag, day) in RELEASES {
        assert!(ran.out.contains(&format!("{tag}     {day}  ")), "{}", ran.out);
    }
}

#[test]
fn time_alone_never_stops_a_build() {
    let project = Project::with_history();
    for day in ["2026-11-30", "2026-12-15", "2027-06-01", "2028-01-01", "2040-01-01"] {
        let ran = project.run("check", &["--today", day]);
        assert_eq!(ran.status, Some(0), "{day}: what falls due is a warning: {}", ran.out);
        assert!(!ran.out.contains("error["), "{day}");
    }
    let ran = project.run("check", &["--today", "2027-06-01"]);
    assert!(ran.out.contains("warning[evidence-stale]") && ran.out.contains("warning[review-overdue]"), "and it is told");
}
