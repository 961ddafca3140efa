//! On a framework of two small editions, so that the tests do not depend on what is judged of real ones.

use std::sync::Arc;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::base::finding::{Finding, Severity};
use crate::base::source::Sources;
use crate::link::rule;
use crate::link::view::{Audience, view};
use crate::link::{manual, migration};
use crate::read;

const OLD: &str = "format: 1\nframework: own\nedition: \"1\"\ntitle: Own 1\nsuperseded_by: own@2\naliases: [o]\ngroups: [{id: G1, title: Group}]\ncontrols:
  - {id: A, title: Moves}
  - {id: B.1, title: Moves to a number}
  - {id: C, title: Has several}
  - {id: D, title: Shares}
  - {id: E, title: Shares}
  - {id: F, title: Is a part}
  - {id: G, title: Has none}
  - {id: H(1), title: Keeps its name}
";

const NEW: &str = "format: 1\nframework: own\nedition: \"2\"\ntitle: Own 2\ncontrols:
  - {id: X, title: A}
  - {id: \"7.10\", title: B}
  - {id: C1, title: C}
  - {id: C2, title: C}
  - {id: Z, title: D and E}
  - {id: F, title: F and more}
  - {id: H(1), title: H}
  - {id: N, title: New}
";

const PAIRS: &str = "format: 1\nsource: own@2\ntarget: own@1\nbasis: test\npairs:
  - [X, equal, A]
  - [\"7.10\", equal, B.1]
  - [C1, equal, C]
  - [C2, equal, C]
  - [Z, superset, D]
  - [Z, superset, E]
  - [F, superset, F]
  - [H(1), equal, H(1)]
";

const ROLES: &str = "register: roles\nrows:\n  - {id: ciso, title: Officer, duties: \"See [[own:A]] \\\"there\\\" [[own:C]].\"}\n";

fn read(settings: &str, policy: &str, statements: &str, roles: &str) -> Sources {
    let head = "format: 1\ntitle: Manual\norg: {name: Example}\n";
    Sources::from_texts(&[
        ("annexa.yaml", &format!("{head}{settings}")),
        ("content/policies/pol-001.md", policy),
        ("content/controls/own.yaml", statements),
        ("content/registers/roles.yaml", roles),
        ("frameworks/own@1.yaml", OLD),
        ("frameworks/own@2.yaml", NEW),
        ("frameworks/crosswalks/own.yaml", PAIRS),
    ])
}

fn linked(sources: Sources) -> (Manual, Vec<Finding>) {
    let mut findings = Vec::new();
    let parsed = read::parse(Arc::new(sources), &mut findings).unwrap();
    let manual = manual::link(view(&parsed, Audience::highest(&parsed.project)), date(2026, 11, 24));
    rule::check(&manual, &mut findings);
    (manual, findings)
}

fn planned(manual: &Manual, wishes: Wishes) -> Migration {
    let edition = |name: &str| EditionId::parse(name).unwrap();
    plan(manual, &edition("own@1"), &edition("own@2"), wishes).unwrap()
}

fn policy(claims: &str, text: &str) -> String {
    format!("---\nid: POL-001\ntitle: Rules\ntype: policy\nstatus: draft\nclassification: public\nsatisfies: {claims}\n---\n\n{text}\n")
}

fn outcomes(migration: &Migration) -> Vec<(String, String)> {
    let words = |one: &Move| match &one.outcome {
        Outcome::Moves(target) => target.control.to_string(),
        Outcome::Person(reason) => format!("{reason:?}").split(['(', ' ']).next().unwrap().to_owned(),
    };
    migration.moves.iter().map(|one| (one.control.id.control.to_string(), words(one))).collect()
}

#[test]
fn a_control_moves_to_its_one_counterpart_that_has_no_other() {
    let (manual, _) = linked(read("frameworks: [own@1]\n", &policy("own:A", "Text."), "", ROLES));
    let migration = planned(&manual, Wishes::default());
    let outcomes = outcomes(&migration);
    let outcomes: Vec<(&str, &str)> = outcomes.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(
        outcomes,
        [("A", "X"), ("B.1", "7.10"), ("C", "Several"), ("D", "Shared"), ("E", "Shared"), ("F", "F"), ("G", "None"), ("H(1)", "H(1)")]
    );
    assert_eq!(migration.new.iter().map(|control| control.id.control.as_ref()).collect::<Vec<_>>(), ["N"]);
}

#[test]
fn what_moves_to_a_wider_control_is_to_be_read_again() {
    let (manual, _) = linked(read("frameworks: [own@1]\n", &policy("[own:F, own:A]", "Text."), "", ROLES));
    let migration = planned(&manual, Wishes::default());
    let again: Vec<&str> = migration.moves.iter().filter(|one| one.asks_otherwise()).map(|one| one.control.id.control.as_ref()).collect();
    assert_eq!(again, ["F"]);
    assert_eq!(migration.left().count(), 1, "the role that names C");
}

#[test]
fn the_way_back_is_found_as_well() {
    let (manual, _) = linked(read("frameworks: [own@2]\n", &policy("[own@1:A, own@2:X, own:F]", "Text."), "", ""));
    let edition = |name: &str| EditionId::parse(name).unwrap();
    let back = plan(&manual, &edition("own@2"), &edition("own@1"), Wishes::default()).unwrap();
    assert_eq!(outcomes(&back)[0], ("X".into(), "A".into()));
}

#[test]
fn decisions_stay_with_the_edition_that_they_were_made_of() {
    let pair = |source: &str| format!("format: 1\npairs:\n  - {{source: {source}, target: own@2:Z, decision: reject}}   # no\n");
    let mut edits = Edits::default();
    let sources = read("frameworks: [own@1]\n", &policy("own:A", "Text."), "", "");
    edits.add("frameworks/crosswalk.yaml", pair("own:D"), sources.find("annexa.yaml").unwrap());
    let (manual, before) = linked(edits.applied(&sources).unwrap());
    let migration = planned(&manual, Wishes::default());
    assert!(matches!(migration.listing, Listing::Swapped { .. }));
    assert_eq!(outcomes(&migration)[3..5], [("D".into(), "None".into()), ("E".into(), "Z".into())]);
    let (after, found) = linked(migration.edits.applied(&manual.view.sources).unwrap());
    let file = after.view.sources.find("frameworks/crosswalk.yaml").unwrap();
    assert_eq!(after.view.sources.file(file).text(), pair("own@1:D"));
    assert_eq!(migration::prove(&migration, (&manual, &before), (&after, &found)), Vec::<String>::new());
}

#[test]
fn an_audit_stays_with_the_edition_that_it_was_held_against() {
    let audit = |edition: &str, group: &str| {
        format!(
            "register: audits\nrows:\n  - {{id: AUD-001, title: Audit, kind: internal, scope: All, criteria: [{edition}, \"{group}:G1\"], auditor: A, planned: 2026-01-01}}\n"
        )
    };
    let mut edits = Edits::default();
    let sources = read("frameworks: [own@1]\n", &policy("own:A", "Text."), "", "");
    let like = sources.find("annexa.yaml").unwrap();
    edits.add("content/registers/audits.yaml", audit("own", "o"), like);
    let (manual, before) = linked(edits.applied(&sources).unwrap());
    let migration = planned(&manual, Wishes::default());
    assert_eq!(migration.kept.len(), 2);
    let (after, found) = linked(migration.edits.applied(&manual.view.sources).unwrap());
    let file = after.view.sources.find("content/registers/audits.yaml").unwrap();
    assert_eq!(after.view.sources.file(file).text(), audit("own@1", "o@1"));
    assert_eq!(migration::prove(&migration, (&manual, &before), (&after, &found)), Vec::<String>::new());
}

/// Pieces of a text that speak of controls in every way, and some that only seem to.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("See [[own:A]] and [[own@1:B.1|words]]."),
        Just("`[[own:A]]` \\[[own:A]] own:A <!-- [[own:A]] -->"),
        Just("- [[o:A]]\n  - **[[own@1:H(1)]]**\n\n    [[own:C]]"),
        Just("| a | b |\n| --- | --- |\n| [[own:A\\|x]] | [[own:B.1]] `[[own:A\\|x]]` |"),
        Just("> [!NOTE]\n> [[own@2:X]] [[OWN@1:A]]\n> [[own: A|a]]"),
        Just("```\n[[own:A]]\n```"),
        Just("## Head [[own:A]] {#head}"),
        Just("## Head [[own:B.1]]"),
        Just("## Head {satisfies=\"own:A,own@1:C,o:B.1\" classification=internal}"),
        Just("Note.[^n]\n\n[^n]: [[own:A]] *[[own:F]]*"),
        Just("Term\n: [[own:D]] *a [[own:A]]*"),
        Just("[[own:A|words *and* more]]\n[[own:B.1]]"),
        Just("Grüße 日本 [[own:A|é]]"),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.join("\n\n"))
}

fn claims() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("own:A"),
        Just("[own:A, \"own@1:B.1\", 'o:C', own@2:X]"),
        Just("\n  # first\n  - own:A   # a\n  - own:G\n\n  - 'own:H(1)'"),
        Just("[\n  own:A, # a\n  \"own\\x3AB.1\", own:F\n  ]"),
        Just("[own:H(1)]"),
        Just("&x [own:A]"),
    ]
}

fn statements() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just(""),
        Just("framework: own\nstatements:\n  A: {applicable: false, justification: \"[[own:B.1]]\"}\n"),
        Just(
            "framework: own@1\nstatements:\n  # a\n  A: {applicable: false, justification: No}\n\n  # c\n  C:\n    justification: No\n    applicable: false\n    # in c\n  B.1:\n    applicable: false\n    justification: |\n      [[own:A]]\n      #x"
        ),
        Just(
            "statements:\n    'A':\n        applicable: false\n        justification: >-\n          See\n          [[own:A]]\n    \"F\": {applicable: false, justification: No}\n\nframework: 'o@1'   # old\n"
        ),
        Just("framework: own\nstatements: {A: {applicable: false, justification: No}, G: {applicable: false, justification: No}}\n"),
        Just("framework: own\nstatements:\n  A: &a {applicable: false, justification: No}\n  G: *a\n"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_reference_changes_its_meaning_and_a_second_run_has_nothing_to_do(
        text in texts(),
        claims in claims(),
        statements in statements(),
        listed in prop_oneof![
            Just("frameworks: own@1\n"),
            Just("frameworks: [own@1, own@2]\n"),
            Just("frameworks: [own@2, own@1]\n"),
            Just("frameworks:\n  - own@1 # old\n"),
            Just("frameworks: [own]\n"),
            Just("frameworks: [own@2]\n"),
        ],
        new_first: bool,
    ) {
        let wishes = Wishes { new_first };
        // Where a name alone means the new edition, the old one is named in full.
        let in_full = |text: &str| if listed.contains("own@1") && !listed.contains("[own@2") {
            text.to_owned()
        } else {
            text.replace("own:", "own@1:").replace("o:", "o@1:").replace("own\\x3A", "own@1\\x3A").replace("framework: own\n", "framework: own@1\n")
        };
        let roles = in_full(ROLES);
        let (before, found_before) = linked(read(listed, &in_full(&policy(claims, &text)), &in_full(statements), &roles));
        let migration = planned(&before, wishes);
        let sources = migration.edits.applied(&before.view.sources).unwrap();
        let (after, found_after) = linked(sources);
        let is_error = |finding: &&Finding| finding.severity == Severity::Error;
        // Errors of the project stand against writing, and may be told in other words afterwards.
        if found_before.iter().any(|finding| is_error(&finding)) {
            return Ok(());
        }
        prop_assert_eq!(migration::prove(&migration, (&before, &found_before), (&after, &found_after)), Vec::<String>::new());
        let again = planned(&after, wishes);
        prop_assert!(again.edits.is_empty(), "{:?}", again.edits.hunks(&after.view.sources));
    }
}
