//! What a certification audit asks for, and how it stands: in process, by the command, and on the page.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)] // a test that cannot go on fails

mod common;

use std::sync::Arc;

use annexa::base::source::Sources;
use annexa::link::manual::{Manual, link};
use annexa::link::report::readiness::Item;
use annexa::link::report::{Stage, Standing, readiness};
use annexa::link::view::{Audience, view};
use annexa::read;
use common::Project;
use jiff::civil::date;

const SETTINGS: (&str, &str) =
    ("annexa.yaml", "format: 1\ntitle: Manual\norg: {name: Example}\nframeworks: [iso27001@2022, iso27017@2015]\n");

fn manual(files: &[(&str, &str)], audience: &str) -> Manual {
    let mut findings = Vec::new();
    let all: Vec<(&str, &str)> = [SETTINGS].into_iter().chain(files.iter().copied()).collect();
    let sources = Arc::new(Sources::from_texts(&all).with_files(read::built_in()));
    let parsed = read::parse(sources, &mut findings).expect("annexa.yaml is right");
    assert!(findings.is_empty(), "{findings:?}");
    link(view(&parsed, Audience::named(audience, &parsed.project).unwrap()), date(2026, 11, 23))
}

/// The item of a stage by clause and a word of what is asked.
fn item(files: &[(&str, &str)], stage: Stage, clause: &str, word: &str) -> Item {
    let readiness = readiness(&manual(files, "auditor")).expect("ISO/IEC 27001 is in use");
    let found = readiness.of(stage).find(|item| item.cited() == clause && item.asked.english().contains(word)).cloned();
    found.unwrap_or_else(|| panic!("{clause} {word}"))
}

fn standing(files: &[(&str, &str)], stage: Stage, clause: &str) -> Standing {
    item(files, stage, clause, "").standing
}

fn places(item: &Item) -> Vec<String> {
    item.found.iter().map(ToString::to_string).collect()
}

mod documents {
    use super::*;

    fn scope(front: &str) -> Item {
        let text =
            format!("---\nid: MAN-001\ntitle: Scope\ntype: manual\n{front}\n---\n\n## Scope {{#scope satisfies=iso27001:4.3}}\n\nText.\n");
        item(&[("content/m.md", &text)], Stage::One, "4.3", "")
    }

    #[test]
    fn are_there_once_they_are_approved_and_the_day_has_come() {
        assert_eq!(scope("status: approved\napproved: 2026-11-23").standing, Standing::There);
        assert_eq!(scope("status: approved\napproved: 2026-11-24").standing, Standing::Draft);
        assert_eq!(scope("status: approved").standing, Standing::Draft, "nobody knows since when");
        assert_eq!(scope("status: review").standing, Standing::Draft);
        assert_eq!(scope("status: retired").standing, Standing::Missing);
        assert_eq!(standing(&[], Stage::One, "4.3"), Standing::Missing);
        assert_eq!(places(&scope("status: draft")), ["MAN-001#scope"]);
    }

    #[test]
    fn of_records_are_rows_or_documents_of_type_record_and_no_procedures() {
        let with = |kind: &str| {
            let text = format!(
                "---\nid: DOC-001\ntitle: T\ntype: {kind}\nstatus: approved\napproved: 2026-01-01\nsatisfies: [iso27001:8.2]\n---\n\nText.\n"
            );
            standing(&[("content/d.md", &text)], Stage::One, "8.2")
        };
        assert_eq!(with("sop"), Standing::Missing);
        assert_eq!(with("record"), Standing::There);
    }

    #[test]
    fn of_an_audit_that_is_only_planned_are_due() {
        let audit = |more: &str| {
            let text = format!("register: audits\nrows:\n  - {{id: AUD-001, title: T, kind: internal, scope: All, auditor: A, {more}}}\n");
            standing(&[("content/registers/audits.yaml", &text)], Stage::One, "9.2")
        };
        assert_eq!(audit("planned: 2026-09-14, done: 2026-09-18"), Standing::There);
        assert_eq!(audit("planned: 2026-12-14"), Standing::Due);
        assert_eq!(audit("planned: 2026-09-14"), Standing::Missing, "it should have been done");
    }
}

mod audits {
    use super::*;

    const STATEMENTS: (&str, &str) = (
        "content/controls/iso27001.yaml",
        "framework: iso27001@2022\nstatements:\n  A.5.1: {applicable: true}\n  A.8.13: {applicable: true}\n  A.8.30: {applicable: false}\n",
    );
    const CLOUD: (&str, &str) = ("content/controls/cloud.yaml", "framework: iso27017@2015\nstatements:\n  CLD.9.5.1: {applicable: true}\n");

    fn of(rows: &str, word: &str) -> Item {
        let rows = format!("register: audits\nrows:\n{rows}");
        item(&[STATEMENTS, CLOUD, ("content/registers/audits.yaml", &rows)], Stage::Two, "9.2.2", word)
    }

    fn audit(number: u8, dates: &str, criteria: &str) -> String {
        format!("  - {{id: AUD-00{number}, title: T, kind: internal, scope: S, auditor: A, {dates}, criteria: [{criteria}]}}\n")
    }

    const DONE: &str = "planned: 2026-09-14, done: 2026-09-18";

    #[test]
    fn reach_clauses_with_their_parts_groups_and_whole_editions() {
        let all = "iso27001:4, iso27001:5, iso27001:6, iso27001:7, iso27001:8, iso27001:9, iso27001:10, iso27001:A.5, iso27001:A.8, iso27017@2015";
        for word in ["clause", "applicable control", "cloud"] {
            assert_eq!(of(&audit(1, DONE, all), word).standing, Standing::There, "{word}");
            assert_eq!(of(&audit(1, DONE, "iso27001@2022, iso27017@2015"), word).standing, Standing::There, "{word}");
        }
        let missing = of(&audit(1, DONE, &all.replace("iso27001:9, ", "")), "clause");
        assert_eq!(missing.standing, Standing::Missing);
        assert_eq!(
            missing.note.to_string(),
            "Not 6 of 30 clauses in any internal audit of the cycle: 9.1, 9.2.1, 9.2.2, 9.3.1, 9.3.2 and 9.3.3."
        );
    }

    #[test]
    fn reach_only_what_applies_and_what_they_name() {
        let one = of(&audit(1, DONE, "iso27001:A.5.1, POL-001, iso27001:A.8"), "applicable control");
        assert_eq!((one.standing, one.note.to_string().as_str()), (Standing::There, "2 controls, within 3 years."));
        assert_eq!(
            of(&audit(1, DONE, "iso27001:A.5.1"), "applicable control").note.to_string(),
            "Not 1 of 2 controls in any internal audit of the cycle: A.8.13."
        );
        assert_eq!(
            of(&audit(1, DONE, "iso27002@2022:5.1, iso27001:A.8.13"), "applicable control").standing,
            Standing::There,
            "by another name"
        );
        assert_eq!(
            of(&audit(1, DONE, "iso27017@2015"), "applicable control").standing,
            Standing::Missing,
            "guidance asks for nothing of its own"
        );
    }

    #[test]
    fn that_are_planned_make_the_rest_due_and_those_too_old_or_external_count_for_nothing() {
        let first = audit(1, DONE, "iso27001:A.5");
        let both = of(&format!("{first}{}", audit(2, "planned: 2027-09-14", "iso27001:A.8")), "applicable control");
        assert_eq!(
            (both.standing, both.note.to_string().as_str()),
            (Standing::Due, "1 of 2 controls audited, the others planned: A.8.13.")
        );
        for dates in
            ["planned: 2026-09-14", "planned: 2030-01-01", "planned: 2023-09-14, done: 2023-11-22", "planned: 2027-09-14, done: 2027-09-14"]
        {
            let rows = format!("{first}{}", audit(2, dates, "iso27001:A.8"));
            assert_eq!(of(&rows, "applicable control").standing, Standing::Missing, "{dates}");
        }
        let external = audit(2, DONE, "iso27001:A.8").replace("internal", "external");
        assert_eq!(of(&format!("{first}{external}"), "applicable control").standing, Standing::Missing);
    }

    #[test]
    fn name_groups_and_editions_without_a_finding_and_others_with_one() {
        let codes = |criterion: &str| {
            let rows = format!("register: audits\nrows:\n{}", audit(1, DONE, criterion));
            let project = Project::sound();
            project.write("content/registers/audits.yaml", rows);
            project.write("annexa.yaml", SETTINGS.1.replace("[iso", "[gdpr, iso"));
            let ran = project.run("check", &["--today", "2026-11-23"]);
            ran.codes().into_iter().filter(|code| !code.contains("statement-missing")).map(str::to_owned).collect::<Vec<_>>()
        };
        for good in ["iso27001:A.5", "iso27001:4", "iso27001:9.3.2", "iso27017@2015", "gdpr", "POL-001"] {
            assert_eq!(codes(good), Vec::<String>::new(), "{good}");
        }
        assert_eq!(codes("iso27001:A.9"), ["error[unknown-control"]);
        assert_eq!(codes("iso27001@2031"), ["error[unknown-framework"]);
        assert_eq!(codes("ciso"), ["error[unknown-framework"]);
        assert_eq!(codes("\"a b\""), ["error[invalid-value"]);
    }
}

mod a_management_review {
    use super::*;

    fn input(letter: &str, rows: &str) -> Item {
        let rows = format!("register: management-reviews\nrows:\n{rows}");
        item(&[("content/registers/reviews.yaml", &rows)], Stage::Two, &format!("9.3.2 {letter}"), "")
    }

    fn review(number: u8, day: &str, more: &str) -> String {
        format!("  - {{id: MRV-00{number}, date: {day}, chair: ceo, inputs: All, decisions: None{more}}}\n")
    }

    #[test]
    fn tells_its_inputs_one_by_one() {
        let whole = review(1, "2026-10-02", ", covers: [previous-actions, nonconformities, monitoring, objectives]");
        assert_eq!(input("a", &whole).standing, Standing::There);
        let d = input("d", &whole);
        assert_eq!((d.standing, d.note.to_string().as_str()), (Standing::Missing, "Not among what the review covers: audit-results."));
        let second = review(2, "2026-11-02", ", covers: [audit-results]");
        assert_eq!(input("d", &format!("{whole}{second}")).standing, Standing::There, "two reviews of a year share the inputs");
    }

    #[test]
    fn of_an_older_project_is_read_and_asked_for_them() {
        let d = input("d", &review(1, "2026-10-02", ""));
        assert_eq!((d.standing, d.note.to_string().as_str()), (Standing::Missing, "The review does not tell its inputs one by one."));
    }

    #[test]
    fn of_long_ago_does_not_count_and_the_next_one_makes_it_due() {
        let old = |more| input("a", &review(1, "2025-10-02", more)).standing;
        assert_eq!(old(", covers: [previous-actions]"), Standing::Missing);
        assert_eq!(old(", covers: [previous-actions], next: 2026-12-01"), Standing::Due);
        assert_eq!(old(", covers: [previous-actions], next: 2026-11-01"), Standing::Missing, "that date has passed too");
        assert_eq!(
            input("a", &review(1, "2026-12-02", ", covers: [previous-actions]")).standing,
            Standing::Due,
            "it has not been held yet"
        );
    }
}

#[test]
fn residual_risks_are_accepted_by_those_who_own_them() {
    let risk = |more: &str| {
        let text = format!(
            "register: risks\nrows:\n  - {{id: RSK-001, title: T, scenario: S, owner: cto, likelihood: 2, confidentiality: 2, integrity: 2, availability: 2, {more}}}\n"
        );
        standing(&[("content/registers/risks.yaml", &text)], Stage::Two, "6.1.3 f")
    };
    assert_eq!(risk("decision: retain, accepted: 2026-01-01, accepted_by: cto"), Standing::There);
    assert_eq!(risk("decision: retain, accepted: 2026-01-01, accepted_by: ciso"), Standing::Missing);
    assert_eq!(risk("decision: retain, accepted: 2027-01-01, accepted_by: cto"), Standing::Missing);
    assert_eq!(risk("decision: modify, accepted_by: cto"), Standing::Missing);
    assert_eq!(risk("decision: avoid"), Standing::There);
    assert_eq!(risk("decision: avoid, residual_likelihood: 1"), Standing::Missing);
    assert_eq!(standing(&[], Stage::Two, "6.1.3 f"), Standing::Missing);
}

#[test]
fn corrective_actions_have_a_cause_a_date_and_an_effect_that_was_checked() {
    let row = |more: &str| {
        let text = format!("register: nonconformities\nrows:\n  - {{id: NC-001, title: T, description: D, owner: cto, {more}}}\n");
        ["10.2 c", "10.2 d", "10.2 f"].map(|clause| standing(&[("content/registers/n.yaml", &text)], Stage::Two, clause))
    };
    use Standing::{Due, Missing, There};
    let minor = "grade: minor, cause: C, action: A";
    assert_eq!(row(&format!("{minor}, due: 2026-10-01, done: 2026-10-01, effectiveness_checked: 2026-11-01")), [There, There, There]);
    assert_eq!(row(&format!("{minor}, due: 2026-10-01, done: 2026-10-01")), [There, Missing, There]);
    assert_eq!(row(&format!("{minor}, due: 2026-12-01")), [Due, Due, There]);
    assert_eq!(row(&format!("{minor}, due: 2026-10-01")), [Missing, Due, There], "past its date");
    assert_eq!(row("grade: minor, due: 2026-12-01"), [Missing, Due, There], "no cause");
    assert_eq!(row("grade: opportunity, due: 2026-12-01"), [There, There, There]);
}

#[test]
fn implemented_controls_have_evidence_that_is_fresh_and_passed() {
    let of = |evidence: &str| {
        let control = "framework: iso27001@2022\nstatements:\n  A.8.13: {applicable: true, status: implemented, review_every: 12 months}\n";
        let rows =
            format!("register: evidence\nrows:\n  - {{id: EVD-001, title: T, source: S, controls: [iso27001:A.8.13], {evidence}}}\n");
        item(&[("content/controls/c.yaml", control), ("content/registers/e.yaml", &rows)], Stage::Two, "8.1", "")
    };
    assert_eq!(of("date: 2026-10-01, result: pass").standing, Standing::There);
    assert_eq!(of("date: 2025-10-01, result: pass").standing, Standing::Due);
    let failed = of("date: 2026-10-01, result: fail");
    assert_eq!((failed.standing, places(&failed)), (Standing::Missing, vec!["iso27001@2022:A.8.13".to_owned()]));
}

#[test]
fn is_asked_only_of_a_view_that_holds_everything_and_where_27001_is_in_use() {
    assert!(readiness(&manual(&[], "auditor")).is_some());
    for audience in ["public", "customer", "internal"] {
        assert!(readiness(&manual(&[], audience)).is_none(), "{audience}");
    }
    let project = Project::sound();
    let ran = project.run("gap", &["--stage", "1"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.err.contains("iso27001@2022"), "{}", ran.err);
}

mod of_the_repositorys_manual {
    use super::*;

    const TODAY: [&str; 2] = ["--today", "2026-11-23"];

    fn gap(project: &Project, arguments: &[&str]) -> common::Ran {
        let ran = project.run("gap", &[arguments, &TODAY].concat());
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
        ran
    }

    #[test]
    fn nothing_is_missing_and_the_open_points_are_those_that_are_planned() {
        let project = Project::of_the_repository();
        let checked = project.run("check", &TODAY);
        assert_eq!(checked.out, "no findings\n");
        assert!(gap(&project, &["--stage", "1"]).out.ends_with("\n17 there, 0 draft, 0 due, 0 missing\n"));
        insta::assert_snapshot!("readiness_stage_2", gap(&project, &["--stage", "2"]).out);
    }

    #[test]
    fn programs_read_the_same_items() {
        let project = Project::of_the_repository();
        let json: serde_json::Value = serde_json::from_str(&gap(&project, &["--stage", "2", "--format", "json"]).out).unwrap();
        assert_eq!((&json["stage"], &json["framework"], &json["counts"]["due"]), (&2.into(), &"iso27001@2022".into(), &4.into()));
        let items = json["items"].as_array().unwrap();
        let due: Vec<&str> = items.iter().filter(|item| item["state"] == "due").filter_map(|item| item["clause"].as_str()).collect();
        assert_eq!(due, ["iso27001@2022:9.2.2", "iso27001@2022:9.2.2", "iso27001@2022:10.2", "iso27001@2022:10.2"]);
        let csv = gap(&project, &["--stage", "2", "--format", "csv"]).out;
        assert_eq!(csv.matches("\r\n").count(), items.len() + 1);
        assert!(
            csv.contains("2,9.2.2,Internal audits that reach every applicable control,due,AUD-001 AUD-002 AUD-006,\"52 of 92"),
            "{csv}"
        );
    }

    #[test]
    fn a_draft_of_the_scope_and_a_review_that_was_not_held_are_told() {
        let project = Project::of_the_repository();
        project.edit("content/manual/02-scope.md", "status: approved", "status: draft");
        std::fs::remove_file(project.path("content/registers/management-reviews.yaml")).unwrap();
        let one = project.run("gap", &["--stage", "1", TODAY[0], TODAY[1]]);
        assert!(one.out.contains("draft    4.3       The scope of the management system\n                   MAN-002\n"), "{}", one.out);
        assert!(one.out.contains("missing  9.3 "), "{}", one.out);
        // Other rows refer to the review, so that the project has errors; what could be read is judged all the same.
        assert_eq!(one.status, Some(1));
        assert!(one.err.contains("annexa check"), "{}", one.err);
    }

    #[test]
    fn the_page_is_the_auditors_alone_and_holds_both_stages() {
        let project = Project::of_the_repository();
        let out = project.build(&["--audience", "all", TODAY[0], TODAY[1]]);
        for audience in ["public", "customer", "internal"] {
            assert!(!out.join(audience).join("readiness.html").exists(), "{audience}");
            let home = std::fs::read_to_string(out.join(audience).join("index.html")).unwrap();
            assert!(!home.contains("readiness.html"), "{audience}");
        }
        let page = std::fs::read_to_string(out.join("auditor/readiness.html")).unwrap();
        for words in
            ["Stage 1: documents", "Stage 2: records", "17 there", "4 due", "audits.html#AUD-002", "controls/iso27001@2022/9.3.2.html"]
        {
            assert!(page.contains(words), "{words}");
        }
    }
}

#[test]
fn the_command_says_what_it_can_be_asked() {
    let project = Project::sound();
    for (arguments, words) in [
        (&["--stage", "3"][..], "there are stages 1 and 2"),
        (&["iso27001", "--stage", "1", "."], "leave `iso27001` out"),
        (&[], "--stage 1"),
    ] {
        let ran = project.run("gap", arguments);
        assert_eq!(ran.status, Some(2), "{arguments:?}");
        assert!(ran.err.contains(words), "{}", ran.err);
    }
}

mod nothing_panics {
    use super::*;
    use annexa::link::report::readiness_table;
    use annexa::link::rule;
    use proptest::prelude::*;

    /// A part of the repository's own project, which has every register.
    fn texts() -> Vec<(String, String)> {
        let project = Project::of_the_repository();
        let files = common::files(project.root()).into_iter();
        let wanted = |path: &str| {
            path.contains("registers/") || path.contains("controls/iso27017") || path.contains("manual/01") || path == "annexa.yaml"
        };
        files.filter(|(path, _)| wanted(path)).map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
    }

    proptest! {
        #![proptest_config(common::cases(24))]
        #[test]
        fn of_registers_with_lines_lost_or_words_replaced(
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..5_usize), 1..40),
            today in prop::sample::select(vec![date(2026, 11, 23), jiff::civil::Date::MAX, jiff::civil::Date::MIN]),
        ) {
            let mut texts = texts();
            for (file, line, change) in changes {
                let file = file.index(texts.len());
                let mut lines: Vec<String> = texts[file].1.lines().map(str::to_owned).collect();
                if texts[file].0 == "annexa.yaml" || lines.is_empty() {
                    continue;
                }
                let line = line.index(lines.len());
                let key = lines[line].split(':').next().unwrap_or_default().to_owned();
                match change {
                    0 => drop(lines.remove(line)),
                    1 => lines[line] = format!("{key}: 9999-12-31"),
                    2 => lines[line] = format!("{key}: 10000 years"),
                    3 => lines[line] = format!("{key}: [iso27001:4, iso27001:A.5, \u{e4}, iso27001@2022, \"\"]"),
                    _ => lines[line] = format!("{key}: -9999-01-01"),
                }
                texts[file].1 = lines.join("\n");
            }
            let files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
            let mut findings = Vec::new();
            let sources = Arc::new(Sources::from_texts(&files).with_files(read::built_in()));
            let parsed = read::parse(sources, &mut findings).unwrap();
            let manual = link(view(&parsed, Audience::highest(&parsed.project)), today);
            rule::check(&manual, &mut findings);
            prop_assert_eq!(readiness_table(&manual).unwrap().rows.len(), readiness(&manual).unwrap().items.len());
        }
    }

    #[test]
    fn of_an_edition_of_ones_own_with_few_clauses_and_groups_in_a_circle() {
        let own = "format: 1\nframework: iso27001\nedition: \"2031\"\ntitle: Own\ngroups: [{id: A, title: A, parent: B}, {id: B, title: B, parent: A}]\n\
                   controls:\n  - {id: \"4.3\", group: A, kind: clause, title: Scope}\n  - {id: \"5.2\", group: B, kind: clause, title: Policy, parent: \"4.3\"}\n";
        let project = Project::sound();
        project.write("frameworks/own.yaml", own);
        project.write("annexa.yaml", common::SETTINGS.replace("gdpr]", "gdpr, iso27001@2031]"));
        project.write(
            "content/registers/audits.yaml",
            "register: audits\nrows:\n  - {id: AUD-001, title: T, kind: internal, scope: S, auditor: A, planned: 2026-05-01, done: 2026-05-01, criteria: [iso27001:A, iso27001:4.3]}\n",
        );
        let ran = project.run("gap", &["--stage", "2"]);
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
        let page = std::fs::read_to_string(project.build(&[]).join("readiness.html")).unwrap();
        assert!(!page.contains("9.3.2.html"), "a clause that the edition lacks has no page");
    }
}

#[test]
fn the_statement_of_applicability_is_there_once_it_is_approved_as_it_stands() {
    let statements: String = annexa::read::built_in()
        .iter()
        .find(|file| file.path.ends_with("/iso27001@2022.yaml"))
        .map(|file| {
            file.text()
                .lines()
                .filter_map(|line| line.trim().strip_prefix("- {id: A.")?.split(',').next().map(str::to_owned))
                .collect::<Vec<_>>()
        })
        .unwrap()
        .iter()
        .filter(|id| id.contains('.'))
        .map(|id| format!("  A.{id}: {{applicable: false, justification: Not here., reviewed: 2026-05-02}}\n"))
        .collect();
    assert_eq!(statements.lines().count(), 93);
    let decided = format!("framework: iso27001@2022\nstatements:\n{statements}");
    let standing = |soa: &str| {
        let settings = format!("format: 1\ntitle: Manual\norg: {{name: Example}}\nframeworks: [iso27001@2022]\n{soa}");
        let files = [("annexa.yaml", settings.as_str()), ("content/controls/a.yaml", decided.as_str())];
        let mut findings = Vec::new();
        let parsed = read::parse(Arc::new(Sources::from_texts(&files).with_files(read::built_in())), &mut findings).unwrap();
        let manual = link(view(&parsed, Audience::named("auditor", &parsed.project).unwrap()), date(2026, 11, 23));
        let found = readiness(&manual).unwrap().of(Stage::One).find(|item| item.cited() == "6.1.3 d").unwrap().clone();
        found.standing
    };
    assert_eq!(standing(""), Standing::Draft);
    assert_eq!(standing("soa: {version: \"1\", approved: 2026-05-01}\n"), Standing::Draft, "a statement was reviewed the day after");
    assert_eq!(standing("soa: {version: \"1\", approved: 2026-05-02}\n"), Standing::There);
}
