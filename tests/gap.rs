//! What is left of a framework, and the work that would close it. In process, on small projects.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on fails

mod common;

use std::sync::Arc;

use annexa::base::id::EditionId;
use annexa::base::source::Sources;
use annexa::link::manual::{Manual, link};
use annexa::link::report::{self, Action};
use annexa::link::state::State;
use annexa::link::view::{Audience, view};
use annexa::read;
use jiff::civil::date;

const OWN: &str = "format: 1
framework: own
title: Own
groups:
  - {id: G, title: Group}
controls:
  - {id: C-1, group: G, title: Met directly}
  - {id: C-2, group: G, title: Equal to a control that is met}
  - {id: C-3, group: G, title: Shares a part with A.5.15 and A.5.18}
  - {id: C-4, group: G, title: Shares a part with A.5.18}
  - {id: C-5, group: G, title: Claimed by a draft}
  - {id: C-6, group: G, title: Planned by a statement}
  - {id: C-7, group: G, title: Equal to a control that a draft claims}
  - {id: C-8, group: G, title: Nothing is near}
  - {id: C-9, group: G, title: Excluded}
  - {id: P, group: G, title: Has parts}
  - {id: P-1, group: G, parent: P, kind: provision, title: A part that a retired document claims, baselines: [low]}
";

const PAIRS: &str = "format: 1
source: own
target: iso27001@2022
basis: test
pairs:
  - [C-2, equal, A.5.15]
  - [C-3, intersects, A.5.15]
  - [C-3, intersects, A.5.18]
  - [C-4, intersects, A.5.18]
  - [C-7, subset, A.8.2]
";

fn manual() -> Manual {
    let document = |id: &str, status: &str, claims: &str| {
        format!("---\nid: {id}\ntitle: Title of {id}\ntype: policy\nstatus: {status}\nsatisfies: [{claims}]\n---\n\nText.\n")
    };
    let files = [
        ("annexa.yaml", "format: 1\ntitle: Manual\norg: {name: Example}\nframeworks: [iso27001@2022, own]\n".to_owned()),
        ("frameworks/own.yaml", OWN.to_owned()),
        ("frameworks/crosswalks/own--iso27001@2022.yaml", PAIRS.to_owned()),
        ("content/a.md", document("POL-001", "approved", "own:C-1, iso27001:A.5.15")),
        ("content/b.md", document("POL-002", "approved", "iso27001:A.5.15, iso27001:A.5.18")),
        ("content/c.md", document("POL-003", "draft", "own:C-5, iso27001:A.8.2")),
        ("content/d.md", document("POL-004", "retired", "own:P-1")),
        (
            "content/controls/own.yaml",
            "framework: own
statements:
  C-6: {applicable: true, status: planned, reasons: [business], implementation: Soon.}
  C-9: {applicable: false, justification: Not here.}
"
            .to_owned(),
        ),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let mut findings = Vec::new();
    let parsed =
        read::parse(Arc::new(Sources::from_texts(&files).with_files(read::built_in())), &mut findings).expect("annexa.yaml is right");
    assert!(findings.is_empty(), "{findings:?}");
    link(view(&parsed, Audience::named("auditor", &parsed.project).unwrap()), date(2026, 11, 23))
}

fn own(manual: &Manual) -> report::Gap<'_> {
    report::gap(manual, manual.view.catalogues.edition(&EditionId::parse("own").unwrap()).unwrap(), None)
}

#[test]
fn what_remains_is_what_is_neither_met_nor_excluded() {
    let manual = manual();
    let gap = own(&manual);
    let remaining: Vec<&str> = gap.remaining().map(|reached| reached.control.id.control.as_ref()).collect();
    assert_eq!(remaining, ["C-3", "C-4", "C-5", "C-6", "C-7", "C-8", "P", "P-1"]);
    assert_eq!((gap.counts.of(State::Met), gap.counts.of(State::MetThrough), gap.counts.of(State::NotApplicable)), (1, 1, 1));
}

#[test]
fn the_work_is_what_is_nearest_and_as_little_as_closes_all() {
    let manual = manual();
    let tasks: Vec<(String, Vec<String>)> = own(&manual)
        .tasks
        .iter()
        .map(|task| {
            let what = match &task.action {
                Action::Approve(id) | Action::Extend(id) | Action::Renew(id) => id.to_string(),
                Action::Implement(id) => id.to_string(),
                Action::Write(group) => (*group).to_owned(),
            };
            (format!("{} {what}", task.action.word()), task.controls.iter().map(|id| id.control.to_string()).collect())
        })
        .collect();
    let task = |words: &str, controls: &[&str]| (words.to_owned(), controls.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
    assert_eq!(
        tasks,
        [
            // The draft closes what it claims, and what is equal to or part of what it claims.
            task("approve POL-003", &["C-5", "C-7"]),
            // POL-002 meets both counterparts of C-3, POL-001 one of them.
            task("extend POL-002", &["C-3", "C-4"]),
            // A retired document is no beginning; the parent is closed with its part.
            task("write G", &["C-8", "P-1"]),
            task("implement own:C-6", &["C-6"]),
        ]
    );
}

#[test]
fn a_baseline_selects_its_controls() {
    let manual = manual();
    let catalogue = manual.view.catalogues.edition(&EditionId::parse("own").unwrap()).unwrap();
    let gap = report::gap(&manual, catalogue, Some("low"));
    assert_eq!(gap.controls.iter().map(|reached| reached.control.id.control.as_ref()).collect::<Vec<_>>(), ["P-1"]);
}

/// The project of these tests in a folder, with what the command asks of one.
fn in_a_folder() -> common::Project {
    let policy = common::document("POL-001", "")
        .replace("status: draft", "status: approved\napproved: 2026-03-02\nreview_every: 12 months")
        .replace("gdpr:32", "own:C-1");
    common::Project::new(&[
        ("annexa.yaml", "format: 1\ntitle: Manual\norg: {name: Example}\nframeworks: [own, gdpr]\n"),
        ("content/registers/roles.yaml", common::ROLES),
        ("frameworks/own.yaml", OWN),
        ("content/policies/pol-001.md", &policy),
    ])
}

#[test]
fn the_terminal_says_what_remains_and_what_to_do() {
    let ran = in_a_folder().run("gap", &["own"]);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert_eq!(
        lines[..6],
        [
            "Own: 11 controls",
            "  1 met, 10 open",
            "",
            "10 remain; one piece of work would close what is open",
            "1.   Write about G Group (9)",
            "     C-2 C-3 C-4 C-5 C-6 C-7 C-8 C-9 P-1"
        ]
    );
    assert!(!ran.out.contains("Met directly"), "{}", ran.out);
    assert!(in_a_folder().run("gap", &["own", "--all"]).out.contains("Met directly"));
}

#[test]
fn json_and_csv_hold_every_control() {
    let project = in_a_folder();
    let json: serde_json::Value = serde_json::from_str(&project.run("gap", &["own", "--format", "json"]).out).unwrap();
    assert_eq!(json["counts"]["met"], 1);
    assert_eq!((json["remaining"].as_u64(), json["controls"].as_array().map(Vec::len)), (Some(10), Some(11)));
    assert_eq!(json["controls"][0]["claims"][0], "POL-001");
    let csv = project.run("gap", &["own", "--format", "csv"]).out;
    assert!(csv.starts_with("control,title,state,claims,inherited,through,task\r\nC-1,Met directly,met,POL-001,,,\r\n"), "{csv}");
    assert_eq!(csv.lines().count(), 12);
}

#[test]
fn what_cannot_be_looked_at_is_told_with_what_could_be() {
    let project = in_a_folder();
    for (arguments, words) in [
        (&["owm"][..], "did you mean `own`?"),
        (&["ccm@4.1"], "add it to `frameworks:` in annexa.yaml"),
        (&["own", "--baseline", "high"], "it has `low`"),
        (&[], "say what to look at"),
    ] {
        let ran = project.run("gap", arguments);
        assert!(ran.status == Some(2) && ran.err.contains(words), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn what_is_inherited_on_a_certificate_that_has_expired_is_work() {
    let project = in_a_folder();
    project.write(
        "content/registers/suppliers.yaml",
        "register: suppliers
rows:
  - {id: SUP-001, name: Host, purpose: Hosting, kind: iaas, personal_data: false, country: DE, owner: ciso, certificates: [ISO/IEC 27001], certificates_expire: 2026-09-30, inherits: [own:C-1]}
",
    );
    let tasks = |today: &str| -> serde_json::Value {
        let ran = project.run("gap", &["own", "--format", "json", "--today", today]);
        serde_json::from_str(&ran.out).unwrap()
    };
    let (valid, expired) = (tasks("2026-09-30"), tasks("2026-10-01"));
    assert_eq!(valid["controls"][0]["inherited"][0], serde_json::json!({"from": "SUP-001", "certified": true}));
    assert!(valid["tasks"].as_array().unwrap().iter().all(|task| task["action"] != "renew"));
    let task = expired["tasks"].as_array().unwrap().iter().find(|task| task["action"] == "renew").unwrap();
    assert_eq!((task["what"].as_str(), &task["controls"]), (Some("SUP-001"), &serde_json::json!(["C-1"])));
}
