//! What a person reads who runs `annexa check` on a project with many mistakes, several in one file.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::collections::BTreeSet;

use common::{Project, ROLES, SETTINGS, document};

/// The fixture, with what cannot lie in a repository on every system.
fn broken() -> Project {
    let project = Project::fixture("broken");
    project.write("content/assets/plan.svg", vec![b' '; (1 << 20) + 1]);
    project.write("content/policies/POL-005-RETIRED.md", "");
    #[cfg(unix)]
    std::os::unix::fs::symlink("../../outside.md", project.path("content/linked.md")).unwrap();
    std::fs::write(project.beside("outside.md"), document("POL-098", "Not of this project.")).unwrap();
    project
}

fn is_case_sensitive(project: &Project) -> bool {
    project.write("case", "");
    !project.path("CASE").exists()
}

#[test]
fn every_mistake_of_every_file_is_shown_with_its_line_and_what_to_do() {
    let project = broken();
    let ran = project.run("check", &[]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(1), ""));
    if cfg!(unix) && is_case_sensitive(&project) {
        insta::assert_snapshot!("terminal", ran.out);
    }
}

#[test]
fn programs_read_the_same_findings_as_json() {
    let project = broken();
    let ran = project.run("check", &["--format", "json"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(1), ""));
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let findings = report["findings"].as_array().unwrap();
    // For people, the same words at several places are one finding.
    let codes: BTreeSet<String> =
        findings.iter().map(|f| format!("{}[{}", f["severity"].as_str().unwrap(), f["code"].as_str().unwrap())).collect();
    let for_people = project.run("check", &[]);
    assert_eq!(codes, for_people.codes().into_iter().map(str::to_owned).collect());
    assert!(for_people.out.contains(&format!("{} errors, {} warnings, ", report["counts"]["errors"], report["counts"]["warnings"])));
    if cfg!(unix) && is_case_sensitive(&project) {
        insta::assert_snapshot!("json", ran.out);
    }
}

#[test]
fn at_least_thirty_kinds_of_mistakes_are_told_apart() {
    let ran = broken().run("check", &[]);
    let mut codes = ran.codes();
    codes.sort_unstable();
    codes.dedup();
    assert!(codes.len() >= 50, "{} kinds: {codes:?}", codes.len());
}

#[test]
fn a_build_of_it_says_the_same_and_writes_nothing() {
    let project = broken();
    let ran = project.run("build", &["--no-pdf"]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(1), ""));
    assert_eq!(ran.err, format!("{}Nothing was built; the output is as it was.\n", project.run("check", &[]).out));
    assert!(!project.path("dist").exists());
}

/// The findings of a sound project with one more file, or with another file in the place of one.
#[track_caller]
fn with(path: &str, text: &str) -> Vec<String> {
    let project = Project::sound();
    project.write(path, text);
    project.run("check", &[]).codes().into_iter().map(str::to_owned).collect()
}

#[test]
fn a_sound_project_has_no_findings() {
    let ran = Project::sound().run("check", &[]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(0), "no findings\n"));
}

#[test]
fn a_key_spelled_wrong_is_not_also_missing() {
    let wrong = document("POL-001", "").replace("title:", "tilte:");
    assert_eq!(with("content/policies/pol-001.md", &wrong), ["error[unknown-key"]);
    let wrong = document("POL-001", "").replace("owner:", "onwer:");
    assert_eq!(with("content/policies/pol-001.md", &wrong), ["error[unknown-key"]);
}

#[test]
fn a_value_that_cannot_be_read_is_not_also_missing() {
    let wrong = document("POL-001", "").replace("owner: ciso", "owner: [ciso, ceo]").replace("version: \"1.0\"", "version: {one: 1}");
    assert_eq!(with("content/policies/pol-001.md", &wrong), ["error[wrong-type", "error[wrong-type"]);
    let statements = "framework: gdpr\nstatements:\n  \"32\":\n    applicable: true\n    reasons: [business]\n    status: done\n    implementation: Done.\n    owner: ciso\n";
    assert_eq!(with("content/controls/gdpr.yaml", statements), ["error[unknown-value"]);
}

#[test]
fn the_rest_of_a_document_is_checked_though_a_key_of_its_front_matter_is_wrong() {
    let wrong = document("POL-001", "See [[POL-077]].").replace("type: policy", "type: polcy").replace("status: draft", "status: drafted");
    assert_eq!(with("content/policies/pol-001.md", &wrong), ["error[unknown-value", "error[unknown-value", "error[unresolved-reference"]);
}

#[test]
fn what_refers_to_a_document_that_cannot_be_read_is_not_wrong_too() {
    let refers = document("POL-001", "See [[POL-002]], [[POL-002#leavers]] and [the policy](pol-002.md#leavers).");
    let broken = [
        document("POL-002", "## Leavers").replace("title: ", "title: a: "),
        document("POL-002", "## Leavers").replace("\n---\n", "\n"),
        document("POL-002", "## Leavers").replacen("---\n", "", 1),
        document("POL-002", "## Leavers").replace("title: ", "title: [a, "),
    ];
    for text in broken {
        let files = [
            ("annexa.yaml", SETTINGS),
            ("content/registers/roles.yaml", ROLES),
            ("content/policies/pol-001.md", &refers),
            ("content/policies/pol-002.md", &text),
        ];
        let ran = Project::new(&files).run("check", &[]);
        assert_eq!(ran.codes().len(), 1, "{}", ran.out);
    }
}

#[test]
fn a_register_that_cannot_be_read_does_not_make_every_owner_unknown() {
    let tab = ROLES.replace("  - {id: ciso", "\t- {id: ciso");
    assert_eq!(with("content/registers/roles.yaml", &tab), ["error[yaml-tab"]);
    let unnamed = ROLES.replace("register: roles", "register: rols");
    assert_eq!(with("content/registers/roles.yaml", &unnamed), ["error[unknown-register"]);
    let row = ROLES.replace("title: Managing director", "tite: Managing director");
    assert_eq!(with("content/registers/roles.yaml", &row), ["error[unknown-key"]);
}

#[test]
fn statements_that_cannot_be_read_are_not_also_missing() {
    let settings = SETTINGS.replace("[gdpr]", "[iso27001@2022, gdpr]");
    let files = [
        ("annexa.yaml", settings.as_str()),
        ("content/registers/roles.yaml", ROLES),
        ("content/policies/pol-001.md", &document("POL-001", "")),
        ("content/controls/iso27001.yaml", "framework: iso27001@2022\nstatements:\n  A.5.1: {applicable: true\n"),
    ];
    assert_eq!(Project::new(&files).run("check", &[]).codes(), ["error[yaml-syntax"]);
}

#[test]
fn of_two_documents_with_one_id_references_mean_the_first() {
    let project = Project::sound();
    project.write("content/policies/pol-001.md", document("POL-001", "## Leavers\n\nSee [[POL-001#leavers]]."));
    project.write("content/policies/pol-002.md", document("POL-001", "Another one."));
    assert_eq!(project.run("check", &[]).codes(), ["error[duplicate-id"]);
}

#[test]
fn settings_that_lack_a_key_do_not_hide_the_mistakes_of_other_files() {
    let project = Project::sound();
    project.write("annexa.yaml", "format: 1\nframeworks: [gdpr]\norganisation: {name: Example Ltd}\n");
    project.write("content/policies/pol-002.md", document("POL-002", "See [[POL-077]]."));
    let ran = project.run("check", &[]);
    assert_eq!(ran.codes(), ["error[missing-key", "error[unknown-key", "error[unresolved-reference"], "{}", ran.out);
}

#[test]
fn settings_that_cannot_be_read_are_the_only_finding() {
    for (settings, code) in [
        ("format: 1\ntitle: [\n", "error[yaml-syntax"),
        ("format: 2\ntitle: Manual\norg: {name: A}\nframeworks: [gdpr]\n", "error[unsupported-format"),
        ("- format\n", "error[wrong-type"),
        ("", "error[empty-file"),
    ] {
        assert_eq!(with("annexa.yaml", settings), [code], "{settings}");
    }
    let none = Project::new(&[("content/policies/pol-001.md", "")]);
    assert_eq!(none.run("check", &[]).codes(), ["error[project-missing", "error[empty-file"]);
}

/// Everything that a finding says, in order.
fn said(finding: &serde_json::Value) -> Vec<&str> {
    let text = |value: &'_ serde_json::Value| value.as_str().map(str::len).unwrap_or_default() > 0;
    let lists = finding["help"]
        .as_array()
        .into_iter()
        .flatten()
        .chain(finding["related"].as_array().into_iter().flatten().map(|one| &one["message"]));
    [&finding["message"], &finding["label"]]
        .into_iter()
        .chain(lists)
        .filter(|value| text(value))
        .filter_map(serde_json::Value::as_str)
        .collect()
}

#[test]
fn a_german_manual_is_told_the_same_in_german() {
    let project = broken();
    let found =
        |project: &Project| -> serde_json::Value { serde_json::from_str(&project.run("check", &["--format", "json"]).out).unwrap() };
    let english = found(&project);
    project.edit("annexa.yaml", "languge: en", "language: de");
    let german = found(&project);
    let (english, german) = (english["findings"].as_array().unwrap(), german["findings"].as_array().unwrap());
    let is_of_the_line = |finding: &&serde_json::Value| finding["message"].as_str().unwrap().contains("languge");
    let english: Vec<_> = english.iter().filter(|finding| !is_of_the_line(finding)).collect();
    assert!(english.len() > 100);
    let mut alike = BTreeSet::new();
    for (one, other) in english.iter().zip(german) {
        assert_eq!((&one["code"], &one["path"]), (&other["code"], &other["path"]), "the same findings in the same order");
        let (one, other) = (said(one), said(other));
        assert_eq!(one.len(), other.len(), "{one:?} {other:?}");
        alike.extend(one.into_iter().zip(other).filter(|(one, other)| one == other && has_words(one)).map(|(one, _)| one.to_owned()));
    }
    // Words of the YAML parser.
    alike.retain(|words| !words.starts_with("this is not valid YAML"));
    assert!(alike.is_empty(), "said alike in both languages: {alike:#?}");
}

/// Whether a text has more than names in backticks.
fn has_words(text: &str) -> bool {
    text.split('`')
        .step_by(2)
        .any(|part| part.split(|c: char| !c.is_alphabetic()).any(|word| word.len() > 3 && word.chars().all(char::is_lowercase)))
}
