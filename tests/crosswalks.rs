//! Crosswalks: what a claim on one control says of others, and what a project decides about pairs. In process, on small projects.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on fails

use std::collections::BTreeSet;
use std::sync::Arc;

use annexa::base::finding::Finding;
use annexa::base::id::{ControlId, Reference};
use annexa::base::source::Sources;
use annexa::link::manual::{Manual, link};
use annexa::link::rule;
use annexa::link::state::State;
use annexa::link::view::{Audience, view};
use annexa::read::crosswalk::Relationship;
use annexa::read::{self, Parsed};
use jiff::civil::date;

/// A framework of the project's own with a crosswalk to Annex A, so that the tests do not depend on what is judged of real ones.
const OWN: &str = "format: 1
framework: own
title: Own
controls:
  - {id: E, title: Equal to A.5.15}
  - {id: B, title: Part of A.5.15}
  - {id: W, title: Wider than A.5.15}
  - {id: I, title: Shares a part with A.5.15}
  - {id: R, title: Is related to A.5.15}
  - {id: N, title: Has no counterpart}
  - {id: C, title: Equal to E only}
";

const PAIRS: &str = "format: 1
source: own
target: iso27001@2022
basis: test
classification: public
pairs:
  - [E, equal, A.5.15, why]
  - [B, subset, A.5.15]
  - [W, superset, A.5.15]
  - [I, intersects, A.5.15]
  - [R, related, A.5.15]
";

const CHAIN: &str = "format: 1
source: other
target: own
basis: chain
pairs:
  - [C, equal, E]
";

const OTHER: &str = "format: 1\nframework: other\ntitle: Other\ncontrols:\n  - {id: C, title: Equal to E}\n";

fn parsed(files: &[(&str, &str)]) -> (Parsed, Vec<Finding>) {
    let mut findings = Vec::new();
    let settings = "format: 1\ntitle: Manual\norg: {name: Example}\nframeworks: [iso27001@2022, own, other]\n";
    let mut all = vec![
        ("annexa.yaml", settings),
        ("frameworks/own.yaml", OWN),
        ("frameworks/other.yaml", OTHER),
        ("frameworks/crosswalks/own--iso27001@2022.yaml", PAIRS),
        ("frameworks/crosswalks/other--own.yaml", CHAIN),
    ];
    all.retain(|(path, _)| !files.iter().any(|(other, _)| other == path));
    all.extend(files);
    let sources = Arc::new(Sources::from_texts(&all).with_files(read::built_in()));
    let parsed = read::parse(sources, &mut findings).expect("annexa.yaml is right");
    (parsed, findings)
}

fn manual(parsed: &Parsed, audience: &str) -> Manual {
    let audience = Audience::named(audience, &parsed.project).expect("an audience");
    link(view(parsed, audience), date(2026, 11, 23))
}

/// A document that claims, in force or not.
fn claiming(claims: &str, status: &str) -> String {
    format!("---\nid: POL-001\ntitle: Rules\ntype: policy\nstatus: {status}\nclassification: public\nsatisfies: [{claims}]\n---\n\nText.\n")
}

fn state(manual: &Manual, name: &str) -> State {
    let reference = Reference::parse(name).expect("a reference");
    manual.state(manual.control_named(&reference).expect("a control"))
}

fn states(manual: &Manual) -> Vec<State> {
    ["E", "B", "W", "I", "R", "N"].iter().map(|id| state(manual, &format!("own:{id}"))).collect()
}

#[test]
fn what_follows_from_a_claim_depends_on_the_relation_read_from_the_control_that_asks() {
    use State::{InPart, Met, MetThrough, Open, Planned, PointedTo};
    let claim = |status| manual(&parsed(&[("content/p.md", &claiming("iso27001:A.5.15", status))]).0, "auditor");
    assert_eq!(states(&claim("approved")), [MetThrough, MetThrough, InPart, InPart, PointedTo, Open]);
    assert_eq!(states(&claim("draft")), [Planned, Planned, Planned, Planned, PointedTo, Open]);
    assert_eq!(state(&claim("approved"), "iso27001:A.5.15"), Met);
}

#[test]
fn a_relation_turns_round_when_it_is_read_back() {
    for (claimed, annex) in [
        ("own:E", State::MetThrough),
        ("own:B", State::InPart),
        ("own:W", State::MetThrough),
        ("own:I", State::InPart),
        ("own:R", State::PointedTo),
        ("own:N", State::Open),
    ] {
        let manual = manual(&parsed(&[("content/p.md", &claiming(claimed, "approved"))]).0, "auditor");
        assert_eq!(state(&manual, "iso27001:A.5.15"), annex, "{claimed}");
    }
}

#[test]
fn inference_goes_one_step_and_never_a_chain() {
    let manual = manual(&parsed(&[("content/p.md", &claiming("iso27001:A.5.15", "approved"))]).0, "auditor");
    assert_eq!(state(&manual, "own:E"), State::MetThrough);
    assert_eq!(state(&manual, "other:C"), State::Open, "E is met only through another control");
}

#[test]
fn a_control_that_a_statement_decides_stands_as_it_is_decided() {
    let statement = |fields: &str| format!("framework: own\nstatements:\n  E: {{{fields}}}\n");
    for (fields, expected) in [
        ("applicable: false, justification: Not ours.", State::NotApplicable),
        ("applicable: true, status: planned, reasons: [business], implementation: Soon.", State::Planned),
        ("applicable: true, status: implemented, reasons: [business], implementation: Done.", State::Met),
    ] {
        let files = [("content/p.md", claiming("iso27001:A.5.15", "approved")), ("content/controls/own.yaml", statement(fields))];
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        assert_eq!(state(&manual(&parsed(&files).0, "auditor"), "own:E"), expected, "{fields}");
    }
}

const DECISIONS: &str = "format: 1
pairs:
  - {source: own:R, target: iso27001:A.5.15, decision: confirm, relationship: subset, by: ciso, date: 2026-11-02, rationale: We looked.}
  - {source: iso27001:A.5.15, target: own:E, decision: reject, by: ciso}
  - {source: own:N, target: iso27001:A.5.15, decision: add, relationship: intersects}
";

#[test]
fn a_person_confirms_rejects_and_adds_pairs_in_either_direction() {
    use State::{InPart, MetThrough, Open};
    let files = [("content/p.md", &*claiming("iso27001:A.5.15", "approved")), ("frameworks/crosswalk.yaml", DECISIONS)];
    let (parsed, findings) = parsed(&files);
    assert!(findings.is_empty(), "{findings:?}");
    let highest = manual(&parsed, "auditor");
    assert_eq!(states(&highest), [Open, MetThrough, InPart, InPart, MetThrough, InPart]);
    let confirmed = |manual: &Manual| {
        let control = manual.control_named(&Reference::parse("own:R").unwrap()).unwrap().clone();
        manual.counterparts(&control).into_iter().next().unwrap().clone()
    };
    let found = confirmed(&highest);
    let decided = found.decided.clone().unwrap();
    assert_eq!((found.relationship, &*found.basis, found.rationale.as_deref()), (Relationship::Subset, "test", Some("We looked.")));
    assert_eq!(decided.by.unwrap().as_str(), "ciso");
    // Decisions hold for every view; who decided, when and why stays inside.
    let lowest = manual(&parsed, "public");
    assert_eq!(states(&lowest), states(&highest));
    let found = confirmed(&lowest);
    assert_eq!((found.decided.clone().unwrap().by, found.decided.unwrap().date, found.rationale), (None, None, None));
}

#[test]
fn a_basis_is_switched_off_but_for_the_pairs_that_a_person_confirms() {
    use State::{MetThrough, Open};
    let decisions = DECISIONS.replace("pairs:", "off: [test]\npairs:");
    let files = [("content/p.md", &*claiming("iso27001:A.5.15", "approved")), ("frameworks/crosswalk.yaml", &*decisions)];
    assert_eq!(states(&manual(&parsed(&files).0, "auditor")), [Open, Open, Open, Open, MetThrough, State::InPart]);
}

#[test]
fn a_crosswalk_of_the_project_is_withheld_unless_it_is_marked() {
    let unmarked = PAIRS.replace("classification: public\n", "");
    let files =
        [("content/p.md", &*claiming("iso27001:A.5.15", "approved")), ("frameworks/crosswalks/own--iso27001@2022.yaml", &*unmarked)];
    let (parsed, _) = parsed(&files);
    assert_eq!(state(&manual(&parsed, "auditor"), "own:E"), State::MetThrough);
    assert_eq!(state(&manual(&parsed, "internal"), "own:E"), State::Open);
}

#[test]
fn mistakes_in_decisions_are_found_each_at_its_line() {
    let text = "format: 1
off: [tset]
pairs:
  - {source: own:B, target: iso27001:A.5.16, decision: reject}
  - {source: own:B, target: iso27001:A.5.15, decision: add, relationship: equal}
  - {source: own:E, target: iso27001:A.5.15, decision: confirm}
  - {source: own:W, target: iso27001:A.5.15, decision: confirm, relationship: bigger}
  - {source: own:I, target: iso27001:A.5.15, decision: reject}
  - {source: iso27001:A.5.15, target: own:I, decision: confirm, relationship: equal}
  - {source: own:Z, target: iso27001:A.5.99, decision: reject}
  - {source: own:E, target: own:E, decision: reject}
";
    let (parsed, mut findings) = parsed(&[("frameworks/crosswalk.yaml", text)]);
    rule::check(&manual(&parsed, "auditor"), &mut findings);
    let said: Vec<(&str, String)> =
        findings.iter().filter(|f| !f.rule.code.starts_with("statement")).map(|f| (f.rule.code, f.message.to_string())).collect();
    let found: Vec<(&str, &str)> = said.iter().map(|(code, message)| (*code, message.as_str())).collect();
    let expected = [
        ("unknown-value", "`basis` cannot be `tset`"),
        ("unknown-pair", "no crosswalk has a pair of `own:B` and `iso27001@2022:A.5.16`"),
        ("unknown-pair", "a crosswalk has the pair of `own:B` and `iso27001@2022:A.5.15` already"),
        ("missing-key", "`decision: confirm` says no relationship"),
        ("unknown-value", "`relationship` cannot be `bigger`"),
        ("pair-decided-twice", "the pair of `iso27001@2022:A.5.15` and `own:I` is decided already"),
        ("unknown-control", "Own has no control `Z`"),
        ("unknown-control", "ISO/IEC 27001:2022 has no control `A.5.99`"),
        ("invalid-value", "`own:E` cannot be a pair with itself"),
    ];
    for (code, message) in expected {
        assert!(found.contains(&(code, message)), "{code}: {message}\n{found:#?}");
    }
    assert_eq!(found.len(), expected.len(), "{found:#?}");
}

#[test]
fn pairs_of_unknown_controls_are_found_and_left_out() {
    let broken = PAIRS.replace("[B, subset, A.5.15]", "[B, subset, A.5.99]").replace("[W, superset", "[W, bigger");
    let (parsed, findings) = parsed(&[("frameworks/crosswalks/own--iso27001@2022.yaml", &broken)]);
    let codes: Vec<&str> = findings.iter().map(|f| f.rule.code).collect();
    assert_eq!(codes, ["unknown-value", "unknown-control"], "{findings:?}");
    assert_eq!(parsed.crosswalks.iter().filter(|c| c.basis.as_ref() == "test").flat_map(|c| &c.pairs).count(), 3);
}

#[test]
fn built_in_crosswalks_name_controls_that_exist_each_pair_once_and_ours_say_why() {
    let (parsed, _) = parsed(&[]);
    let catalogues = &parsed.catalogues;
    let mut seen: BTreeSet<(&ControlId, &ControlId)> = BTreeSet::new();
    let built_in = || parsed.crosswalks.iter().filter(|crosswalk| crosswalk.built_in);
    assert_eq!(built_in().count(), read::built_in().iter().filter(|file| file.path.contains("/crosswalks/")).count(), "every file is read");
    for crosswalk in built_in() {
        assert!(crosswalk.note.is_some(), "{}--{}", crosswalk.source, crosswalk.target);
        for pair in &crosswalk.pairs {
            for (edition, id) in [(&crosswalk.source, &pair.source), (&crosswalk.target, &pair.target)] {
                let control = catalogues.edition(edition).expect("an edition").control(&id.control);
                // NIST's references name a control that it has withdrawn; ours name none.
                let good = control.is_some_and(|control| !control.withdrawn || crosswalk.basis.as_ref() != "editorial");
                assert!(good, "{id} of {}--{}", crosswalk.source, crosswalk.target);
            }
            assert!(seen.insert((&pair.source, &pair.target)), "{} and {} twice", pair.source, pair.target);
            assert!(!seen.contains(&(&pair.target, &pair.source)), "{} and {} both ways", pair.source, pair.target);
            let says_why = pair.rationale.as_ref().is_some_and(|why| why.split_whitespace().count() >= 4);
            assert!(crosswalk.basis.as_ref() != "editorial" || says_why, "{} and {}", pair.source, pair.target);
        }
    }
}

#[test]
fn a_claim_counts_from_the_day_on_which_its_document_is_in_force() {
    let claim = |dates: &str| {
        let text = claiming("iso27001:A.5.15", "approved").replace("satisfies", &format!("{dates}satisfies"));
        let manual = manual(&parsed(&[("content/p.md", &text)]).0, "auditor");
        (state(&manual, "iso27001:A.5.15"), state(&manual, "own:E"))
    };
    assert_eq!(claim("approved: 2026-11-23\neffective: 2026-11-23\n"), (State::Met, State::MetThrough));
    assert_eq!(claim("approved: 2026-11-24\n"), (State::Planned, State::Planned));
    assert_eq!(claim("approved: 2026-11-01\neffective: 2026-11-24\n"), (State::Planned, State::Planned));
}

#[test]
fn who_claims_a_whole_claims_its_parts() {
    let own = format!(
        "{OWN}  - {{id: P, title: Whole}}\n  - {{id: P-1, title: Part, parent: P, kind: provision}}\n  - {{id: P-2, title: Enhancement, parent: P, kind: enhancement}}\n"
    );
    let manual = manual(&parsed(&[("frameworks/own.yaml", &own), ("content/p.md", &claiming("own:P", "approved"))]).0, "auditor");
    assert_eq!((state(&manual, "own:P"), state(&manual, "own:P-1"), state(&manual, "own:P-2")), (State::Met, State::Met, State::Open));
}

#[test]
fn a_confirmed_pair_of_a_withheld_crosswalk_is_not_shown_as_one_of_the_project() {
    let unmarked = PAIRS.replace("classification: public\n", "");
    let decisions = DECISIONS.replace("confirm, relationship: subset", "confirm, relationship: equal");
    let files = [
        ("content/p.md", &*claiming("iso27001:A.5.15", "approved")),
        ("frameworks/crosswalks/own--iso27001@2022.yaml", &*unmarked),
        ("frameworks/crosswalk.yaml", &*decisions),
    ];
    let (parsed, _) = parsed(&files);
    assert_eq!(state(&manual(&parsed, "auditor"), "own:R"), State::MetThrough);
    assert_eq!(state(&manual(&parsed, "internal"), "own:R"), State::Open);
    assert_eq!(state(&manual(&parsed, "internal"), "own:N"), State::InPart, "the project's own pair holds everywhere");
}

#[test]
fn who_decides_a_pair_is_a_role_and_the_day_has_come() {
    let text = "format: 1\npairs:\n  - {source: own:R, target: iso27001:A.5.15, decision: confirm, relationship: subset, by: nobody, date: 2099-11-02}\n";
    let (parsed, mut findings) = parsed(&[("frameworks/crosswalk.yaml", text)]);
    rule::check(&manual(&parsed, "auditor"), &mut findings);
    let codes: Vec<&str> =
        findings.iter().map(|f| f.rule.code).filter(|code| ["unresolved-reference", "done-in-future"].contains(code)).collect();
    assert_eq!(codes, ["unresolved-reference", "done-in-future"], "{findings:?}");
}

#[test]
fn an_edition_that_is_not_confirmed_is_meant_only_where_it_is_named() {
    let (parsed, _) = parsed(&[]);
    let found = |name: &str| parsed.catalogues.find(&annexa::base::id::EditionId::parse(name).unwrap()).unwrap().id.to_string();
    assert_eq!(
        (found("iso27017"), found("iso27017@2026"), found("ccm")),
        ("iso27017@2015".into(), "iso27017@2026".into(), "ccm@4.1".into())
    );
}

#[test]
fn what_two_editions_share_carries_no_further() {
    // The equal control of the other edition is decided by the same statement, and what is paired with it alone is not reached through it.
    let one = |edition: &str| {
        format!("format: 1\nframework: two\nedition: \"{edition}\"\ntitle: Two {edition}\ncontrols:\n  - {{id: T, title: T}}\n")
    };
    let settings = "format: 1\ntitle: Manual\norg: {name: Example}\nframeworks: [two@1, two@2, own]\n";
    let statement =
        "framework: two@2\nstatements:\n  T: {applicable: true, status: implemented, reasons: [business], implementation: Done.}\n";
    let (old, new) = (one("1"), one("2"));
    let files = [
        ("annexa.yaml", settings),
        ("frameworks/two@1.yaml", old.as_str()),
        ("frameworks/two@2.yaml", new.as_str()),
        ("frameworks/crosswalks/two.yaml", "format: 1\nsource: two@1\ntarget: two@2\nbasis: test\npairs:\n  - [T, equal, T]\n"),
        ("frameworks/crosswalks/own.yaml", "format: 1\nsource: own\ntarget: two@1\nbasis: test\npairs:\n  - [N, equal, T]\n"),
        ("content/controls/two.yaml", statement),
    ];
    let (parsed, _) = parsed(&files);
    let manual = manual(&parsed, "auditor");
    assert_eq!((state(&manual, "two@2:T"), state(&manual, "two@1:T")), (State::Met, State::Met));
    assert_eq!(state(&manual, "own:N"), State::Open);
}
