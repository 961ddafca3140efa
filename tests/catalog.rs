//! `annexa catalog list`, `show` and `search`: what a person at a terminal reads, and what a script gets.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::path::Path;

use common::{Project, Ran, annexa, run};

/// Runs `annexa catalog` where there is no project.
fn nowhere(arguments: &[&str]) -> Ran {
    let temp = tempfile::tempdir().unwrap();
    run(temp.path(), ["catalog"].iter().chain(arguments))
}

fn catalog(folder: &Path, arguments: &[&str]) -> Ran {
    run(folder, ["catalog"].iter().chain(arguments))
}

/// Asserts that lines fit a terminal.
#[track_caller]
fn assert_narrow(text: &str) {
    for line in text.lines() {
        assert!(line.chars().count() <= 80 && line.trim_end() == line, "{line:?}");
    }
}

#[test]
fn list_shows_what_is_built_in_outside_of_any_project() {
    let ran = nowhere(&["list"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    assert_narrow(&ran.out);
    insta::assert_snapshot!("list_of_what_is_built_in", ran.out);
}

#[test]
fn list_shows_what_a_project_uses_and_has_of_its_own() {
    let project = Project::sound();
    project.write(
        "frameworks/doors.yaml",
        "format: 1\nframework: doors\ntitle: Door rules\ncontrols: [{id: D-1, title: Doors, text: Shut them.}]\n",
    );
    let ran = catalog(project.root(), &["list"]);
    assert_eq!(ran.status, Some(0));
    assert!(ran.out.contains("doors          Door rules                         current            1\n"), "{}", ran.out);
    assert!(ran.out.contains("gdpr           GDPR                               current          128  yes\n"), "{}", ran.out);
    assert!(ran.out.ends_with("\nWith full texts: doors.\n"), "{}", ran.out);
    let json: serde_json::Value = serde_json::from_str(&catalog(project.root(), &["list", "--format", "json"]).out).unwrap();
    let used: Vec<&str> = json["catalogues"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["in_use"] == true)
        .filter_map(|one| one["edition"].as_str())
        .collect();
    assert_eq!(used, ["gdpr"]);
}

#[test]
fn show_prints_a_control_with_counterparts_and_where_the_manual_speaks_of_it() {
    let project = Project::fixture("small");
    let ran = catalog(project.root(), &["show", "iso27017:CLD.6.3.1"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    assert_narrow(&ran.out);
    insta::assert_snapshot!("a_control_in_a_project", ran.out);
}

#[test]
fn show_marks_what_is_not_sure() {
    assert!(nowhere(&["show", "iso27017@2026:5.39"]).out.contains("Not confirmed: "));
    assert!(nowhere(&["show", "csf:GV.OC-01"]).out.contains("this short label is ours"));
    assert!(nowhere(&["show", "nist80053:AC-2(10)"]).out.contains("Withdrawn, now in AC-2."));
    let other = nowhere(&["show", "iso27002@2022:5.15"]).out;
    assert!(other.contains("Another name of iso27001@2022:A.5.15.") && !other.contains("In this manual"), "{other}");
}

#[test]
fn relations_turn_round_when_they_are_read_back() {
    let json = |name: &str| -> serde_json::Value { serde_json::from_str(&nowhere(&["show", name, "--format", "json"]).out).unwrap() };
    let relation = |of: &str, to: &str| {
        let shown = json(of);
        let found = shown["counterparts"].as_array().unwrap().iter().find(|other| other["control"] == to).cloned();
        found.map(|other| other["relationship"].as_str().unwrap().to_owned())
    };
    assert_eq!(relation("iso27001@2013:A.5.1.1", "iso27001@2022:A.5.1").as_deref(), Some("subset"));
    assert_eq!(relation("iso27001@2022:A.5.1", "iso27001@2013:A.5.1.1").as_deref(), Some("superset"));
}

#[test]
fn show_prints_an_edition_with_its_groups() {
    let ran = nowhere(&["show", "iso27017@2015"]);
    assert_narrow(&ran.out);
    insta::assert_snapshot!("an_edition", ran.out);
    let json: serde_json::Value = serde_json::from_str(&nowhere(&["show", "nist80053", "--format", "json"]).out).unwrap();
    assert_eq!((&json["controls"], &json["withdrawn"], json["groups"].as_array().unwrap().len()), (&1014.into(), &182.into(), 20));
}

#[test]
fn show_says_what_a_wrong_name_was_meant_to_be() {
    for (name, says) in [
        ("iso27001:A.5.99", "the nearest identifier is"),
        ("iso27001:5.15", "write `A.5.15`"),
        ("isso27001", "did you mean `iso27001`?"),
        ("a b", "names no control and no edition"),
        ("5.15", "several editions have `5.15`; write one of"),
    ] {
        let ran = nowhere(&["show", name]);
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{name}");
        assert!(ran.err.contains(says), "{name}: {}", ran.err);
    }
    assert!(nowhere(&["show", "CLD.13.1.4"]).out.starts_with("iso27017@2015:CLD.13.1.4 "), "where only one edition has it");
}

#[test]
fn search_forgives_slips_and_puts_the_best_first() {
    let first = |words: &[&str]| {
        let ran = nowhere(&[&["search"], words].concat());
        assert_narrow(&ran.out);
        ran.out.lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(first(&["acess", "rigths"]), "iso27001@2022:A.5.18   Access rights");
    assert_eq!(first(&["AC-2 (1)"]), "No control has all of these words. Try fewer, or a part of an identifier.");
    assert!(first(&["AC-2(1)"]).starts_with("nist80053@r5:AC-2(1)  Automated System Account Management"));
    assert!(first(&["encription"]).contains("ncryption"));
    let within = nowhere(&["search", "policy", "--within", "ccm", "--most", "3"]);
    assert_eq!(within.out.lines().filter(|line| line.starts_with("ccm@")).count(), 3, "{}", within.out);
    assert!(within.out.contains(" more; `--most N` shows more"), "{}", within.out);
    assert_eq!(nowhere(&["search", "x", "--within", "nothing"]).status, Some(2));
    assert_eq!(nowhere(&["search"]).status, Some(2));
}

#[test]
fn search_finds_words_of_texts_that_a_project_holds() {
    let project = Project::sound();
    project.write(
        "frameworks/doors.yaml",
        "format: 1\nframework: doors\ntitle: Door rules\ncontrols: [{id: D-1, title: Doors, text: Oil the xyzzy.}]\n",
    );
    assert_eq!(catalog(project.root(), &["search", "xyzzy"]).out, "doors:D-1  Doors\n");
    let json: serde_json::Value = serde_json::from_str(&catalog(project.root(), &["search", "xyzzy", "--format", "json"]).out).unwrap();
    assert_eq!((&json["total"], &json["controls"][0]["control"]), (&1.into(), &"doors:D-1".into()));
}

#[test]
fn a_project_with_errors_is_shown_as_far_as_it_can_be_read() {
    let project = Project::sound();
    project.write("content/policies/pol-002.md", common::document("POL-002", "See [[POL-077]]."));
    let ran = catalog(project.root(), &["show", "gdpr:32"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), "annexa: the project has 1 error; `annexa check` shows them\n"));
    assert!(ran.out.contains("POL-002 Title of POL-002 (draft)"), "{}", ran.out);
    project.write("annexa.yaml", "format: 2\n");
    assert_eq!(catalog(project.root(), &["list"]).status, Some(2));
}

#[test]
fn colours_are_for_terminals_alone() {
    let temp = tempfile::tempdir().unwrap();
    let piped = annexa(temp.path()).env_remove("NO_COLOR").args(["catalog", "show", "gdpr:32"]).output().unwrap();
    assert!(!piped.stdout.contains(&0x1b));
}
