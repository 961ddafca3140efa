//! What one part of a manual says and another belies, each found by its rule. In process, on small projects.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on fails

use std::sync::Arc;

use annexa::base::finding::{Finding, Place};
use annexa::base::source::Sources;
use annexa::link::manual::link;
use annexa::link::rule;
use annexa::link::view::{Audience, view};
use annexa::read;
use jiff::civil::date;

const SETTINGS: &str = "format: 1\ntitle: Manual\norg: {name: Example}\nframeworks: [iso27001@2022, iso27017@2015, gdpr]\n";
const ROLES: (&str, &str) =
    ("content/registers/roles.yaml", "register: roles\nrows: [{id: ciso, title: Security Officer}, {id: ceo, title: Director}]\n");

/// What is found in a project on 2026-11-23, with the words that each finding underlines.
fn found(settings: &str, files: &[(&str, &str)]) -> Vec<(Finding, String)> {
    let mut findings = Vec::new();
    let mut all = vec![("annexa.yaml", settings), ROLES];
    all.extend(files);
    let sources = Arc::new(Sources::from_texts(&all).with_files(read::built_in()));
    let parsed = read::parse(sources.clone(), &mut findings).expect("annexa.yaml is right");
    rule::check(&link(view(&parsed, Audience::highest(&parsed.project)), date(2026, 11, 23)), &mut findings);
    let words = |finding: &Finding| match finding.place {
        Place::Span(span) => sources.file(span.file).text()[span.range()].to_owned(),
        _ => String::new(),
    };
    findings.into_iter().map(|finding| (words(&finding), finding)).map(|(words, finding)| (finding, words)).collect()
}

/// The findings of one rule: their messages, each with the words that it underlines.
fn of(code: &str, files: &[(&str, &str)]) -> Vec<(String, String)> {
    assert!(rule_exists(code), "{code}");
    let of_rule = found(SETTINGS, files).into_iter().filter(|(finding, _)| finding.rule.code == code);
    of_rule.map(|(finding, words)| (finding.message.to_string(), words)).collect()
}

fn rule_exists(code: &str) -> bool {
    annexa::base::rule::find(code).is_some()
}

fn document(id: &str, front: &str, text: &str) -> String {
    format!("---\nid: {id}\ntitle: Title of {id}\ntype: policy\nversion: \"1.0\"\nowner: ciso\napprover: ceo\n{front}---\n\n{text}\n")
}

const APPROVED: &str = "status: approved\napproved: 2026-03-02\nreview_every: 12 months\nhistory: [{version: \"1.0\", date: 2026-03-02}]\n";

fn statement(id: &str, more: &str) -> String {
    format!("framework: iso27001@2022\nstatements:\n  {id}:\n    reasons: [business]\n    owner: ciso\n{more}")
}

const EXCLUDED: &str =
    "framework: iso27001@2022\nstatements:\n  A.8.30: {applicable: false, justification: All code is ours., owner: ciso}\n";

mod a_value {
    use super::*;

    #[test]
    fn in_a_field_without_markup_is_told_since_it_would_be_shown_with_its_braces() {
        let roles = "register: interested-parties\nrows:\n  - {id: PTY-001, name: \"Clients of {{ org.name }}\", requirements: \"{{ org.name }} keeps secrets.\"}\n  \
                       - {id: PTY-002, name: \"{{ mustache }} users\", requirements: None.}\n";
        let found = of("insertion-not-read", &[("content/registers/interested-parties.yaml", roles)]);
        let message = "`{{ org.name }}` is not inserted in `name`, which is shown as it is written";
        assert_eq!(found, [(message.into(), "\"Clients of {{ org.name }}\"".into())]);
    }
}

mod a_treatment {
    use super::*;

    fn treatment(fields: &str) -> String {
        format!("register: treatments\nrows:\n  - {{id: TRT-001, title: Keys, risks: [RSK-001], owner: ciso, {fields}}}\n")
    }

    #[test]
    fn by_a_control_that_is_not_applicable_is_found_at_the_control() {
        let text = treatment("status: planned, due: 2027-01-31, controls: [iso27001:A.8.5, iso27001:A.8.30]");
        let files = [("content/registers/treatments.yaml", text.as_str()), ("content/controls/iso27001.yaml", EXCLUDED)];
        let found = of("treated-by-excluded-control", &files);
        assert_eq!(found, [("TRT-001 treats RSK-001 by `A.8.30`, which is not applicable".into(), "iso27001:A.8.30".into())]);
    }

    #[test]
    fn by_another_name_of_such_a_control_is_found_too() {
        let text = treatment("status: planned, due: 2027-01-31, controls: [iso27002@2022:8.30]");
        let files = [("content/registers/treatments.yaml", text.as_str()), ("content/controls/iso27001.yaml", EXCLUDED)];
        assert_eq!(of("treated-by-excluded-control", &files).len(), 1);
    }

    #[test]
    fn without_owner_or_date_is_an_error_whether_the_key_is_missing_or_empty() {
        let codes = |rows: &str| {
            let text =
                format!("register: treatments\nrows:\n  - {{id: TRT-001, title: Keys, risks: [RSK-001], status: planned, {rows}}}\n");
            let found = found(SETTINGS, &[("content/registers/treatments.yaml", &text)]);
            found.iter().filter(|(finding, _)| matches!(finding.rule.code, "missing-key" | "wrong-type" | "invalid-value")).count()
        };
        assert_eq!(codes("owner: ciso, due: 2027-01-31"), 0);
        for rows in [
            "due: 2027-01-31",
            "owner: ciso",
            "owner: , due: 2027-01-31",
            "owner: \"\", due: 2027-01-31",
            "owner: ciso, due: ",
            "owner: ciso, due: \"\"",
            "owner: ciso, due: soon",
        ] {
            assert_eq!(codes(rows), 1, "{rows}");
        }
    }

    #[test]
    fn that_is_done_says_when_and_one_that_is_not_does_not() {
        let dates = |fields: &str| of("dates-contradict", &[("content/registers/treatments.yaml", &treatment(fields))]).len();
        assert_eq!(dates("status: done, due: 2026-01-31"), 1);
        assert_eq!(dates("status: planned, due: 2027-01-31, done: 2026-01-01"), 1);
        assert_eq!(dates("status: done, due: 2026-01-31, done: 2026-01-01"), 0);
        assert_eq!(dates("status: in-progress, due: 2027-01-31"), 0);
        assert_eq!(dates("status: done, due: 2026-01-31, done: yesterday"), 0, "the date that cannot be read is told of already");
    }
}

#[test]
fn an_effect_cannot_be_checked_before_the_action_is_done() {
    let row = |dates: &str| {
        let text = format!(
            "register: nonconformities\nrows:\n  - {{id: NC-001, title: Logs, grade: minor, description: None., owner: ciso, due: 2027-01-31, {dates}}}\n"
        );
        of("dates-contradict", &[("content/registers/nonconformities.yaml", &text)]).len()
    };
    assert_eq!(row("effectiveness_checked: 2026-10-01"), 1);
    assert_eq!(row("done: 2026-10-02, effectiveness_checked: 2026-10-01"), 1);
    assert_eq!(row("done: 2026-10-02, effectiveness_checked: 2026-10-02"), 0);
}

#[test]
fn what_was_done_was_not_done_tomorrow() {
    let row = |day: &str| {
        let text = format!(
            "register: evidence\nrows:\n  - {{id: EVD-001, title: Test, source: S, controls: [gdpr:32], date: {day}, result: pass}}\n"
        );
        of("done-in-future", &[("content/registers/evidence.yaml", &text)])
    };
    assert_eq!(row("2026-11-23"), []);
    assert_eq!(row("2026-11-24")[0].1, "2026-11-24");
}

mod evidence {
    use super::*;

    fn rows(rows: &[(&str, &str, &str)]) -> String {
        let mut text = String::from("register: evidence\nrows:\n");
        for (id, date, more) in rows {
            text.push_str(&format!("  - {{id: {id}, title: Test, source: S, controls: [gdpr:32], date: {date}, {more}}}\n"));
        }
        text
    }

    fn of_control(code: &str, control: &str, evidence: &str) -> Vec<(String, String)> {
        let control = statement("A.8.13", &format!("    applicable: true\n    implementation: Done.\n{control}"));
        of(code, &[("content/controls/iso27001.yaml", &control), ("content/registers/evidence.yaml", evidence)])
    }

    const NAMED: &str = "    status: implemented\n    evidence: [EVD-001, EVD-002]\n";

    #[test]
    fn that_is_older_than_the_period_of_the_control_is_stale_and_named() {
        let evidence = rows(&[("EVD-001", "2025-01-10", "result: pass"), ("EVD-002", "2025-03-16", "result: pass")]);
        let found = of_control("implemented-on-stale-evidence", &format!("{NAMED}    review_every: 12 months\n"), &evidence);
        let message = "`A.8.13` is implemented, and its newest evidence, EVD-002 (Test), counted until 2026-03-16";
        assert_eq!(found, [(message.into(), "EVD-002".into())]);
    }

    #[test]
    fn of_which_one_row_is_fresh_is_enough() {
        let evidence = rows(&[("EVD-001", "2025-01-10", "result: pass"), ("EVD-002", "2025-11-23", "result: info")]);
        assert_eq!(of_control("implemented-on-stale-evidence", &format!("{NAMED}    review_every: 12 months\n"), &evidence), []);
    }

    #[test]
    fn goes_by_its_own_period_where_the_control_has_none_and_by_none_where_neither_has() {
        let stale = |more: &str| {
            let evidence = rows(&[("EVD-001", "2026-01-10", more), ("EVD-002", "2026-01-10", more)]);
            of_control("implemented-on-stale-evidence", NAMED, &evidence).len()
        };
        assert_eq!(stale("result: pass, review_every: 3 months"), 1);
        assert_eq!(stale("result: pass"), 0);
    }

    #[test]
    fn that_failed_belies_an_implemented_control_however_much_else_passed() {
        let evidence = rows(&[("EVD-001", "2026-10-10", "result: fail"), ("EVD-002", "2026-11-10", "result: pass")]);
        let found = of_control("implemented-on-failed-evidence", NAMED, &evidence);
        assert_eq!(found, [("`A.8.13` is implemented, and EVD-001 (Test) shows a failure".into(), "EVD-001".into())]);
        let partial = NAMED.replace("implemented", "partial");
        assert_eq!(of_control("implemented-on-failed-evidence", &partial, &evidence), []);
    }

    #[test]
    fn that_names_the_control_counts_as_well_as_evidence_that_the_control_names() {
        let evidence = rows(&[("EVD-001", "2026-10-10", "result: fail")]).replace("gdpr:32", "iso27001:A.8.13");
        let found = of_control("implemented-on-failed-evidence", "    status: implemented\n", &evidence);
        assert_eq!(found[0].1, "A.8.13", "at the statement");
    }
}

mod documents_of_a_control {
    use super::*;

    fn in_force(statuses: &[&str], control: &str) -> Vec<(String, String)> {
        let control = statement("A.8.24", &format!("    applicable: true\n    implementation: Done.\n{control}"));
        let texts: Vec<(String, String)> = statuses
            .iter()
            .enumerate()
            .map(|(place, status)| {
                let front = if *status == "approved" {
                    format!("{APPROVED}satisfies: [iso27001:A.8.24]\n")
                } else {
                    format!("status: {status}\nsatisfies: [iso27001:A.8.24]\n")
                };
                (format!("content/p{place}.md"), document(&format!("POL-00{place}"), &front, "Text."))
            })
            .collect();
        let mut files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        files.push(("content/controls/iso27001.yaml", &control));
        of("no-document-in-force", &files)
    }

    #[test]
    fn that_are_all_drafts_or_retired_are_found() {
        let found = in_force(&["draft", "retired", "review"], "    status: implemented\n");
        assert_eq!(found[0].0, "of the documents of `A.8.24`, none is in force: `POL-000`, `POL-001` and `POL-002` are not approved");
        assert_eq!(
            in_force(&["retired"], "    status: partial\n")[0].0,
            "of the documents of `A.8.24`, none is in force: `POL-000` is retired"
        );
    }

    #[test]
    fn of_which_one_is_approved_are_well_and_so_are_those_of_a_planned_control() {
        assert_eq!(in_force(&["draft", "approved"], "    status: implemented\n"), []);
        assert_eq!(in_force(&["draft"], "    status: planned\n"), []);
        assert_eq!(in_force(&[], "    status: implemented\n"), [], "another rule speaks of it");
    }
}

mod climate_change {
    use super::*;

    fn silent(language: &str, text: &str) -> usize {
        let text = document("POL-001", &format!("status: draft\nlanguage: {language}\n"), text);
        of("climate-not-addressed", &[("content/p.md", &text)]).len()
    }

    #[test]
    fn is_missed_in_a_context_that_does_not_speak_of_it() {
        let context = |words: &str| {
            format!("## Context {{#context satisfies=iso27001:4.1}}\n\n{words}\n\n## Other {{#other}}\n\nThe climate is changing.")
        };
        assert_eq!(silent("en", &context("We sell software.")), 1, "what another section says is not the context");
        assert_eq!(silent("en", &context("We sell software.\n\n### Weather {#weather}\n\nClimate change is not relevant.")), 0);
        assert_eq!(silent("en", &context("The business climate is good, the climate control of the server room works.")), 1);
        assert_eq!(silent("de", &context("Der Klimawandel ist kein relevantes Thema.")), 0);
        assert_eq!(silent("de", &context("Das Betriebsklima ist gut, die Klimaanlage läuft.")), 1);
    }

    #[test]
    fn is_looked_for_in_the_whole_document_where_the_front_matter_claims() {
        let text =
            document("MAN-001", "status: draft\nsatisfies: [iso27001:4.1]\n", "Text.\n\n## Any {#any}\n\nClimate change is relevant.");
        assert_eq!(of("climate-not-addressed", &[("content/p.md", &text)]), []);
    }

    #[test]
    fn is_asked_for_only_where_a_context_is_claimed_and_the_edition_is_in_use() {
        assert_eq!(silent("en", "We sell software."), 0);
        let text = document("POL-001", "status: draft\nsatisfies: [iso27001@2022:4.1]\n", "Text.");
        let settings = SETTINGS.replace("iso27001@2022, ", "");
        let codes: Vec<&str> = found(&settings, &[("content/p.md", &text)]).iter().map(|(finding, _)| finding.rule.code).collect();
        assert!(!codes.contains(&"climate-not-addressed"), "{codes:?}");
    }
}

mod mandatory_documents {
    use super::*;

    #[test]
    fn that_are_missing_are_one_finding_at_the_edition() {
        let text = document(
            "POL-001",
            &format!("{APPROVED}satisfies: [iso27001:4.3, iso27001:5.2, iso27001:6.1, iso27001:7.5.3, iso27001:8.2]\n"),
            "Text.",
        );
        let found = of("mandatory-document-missing", &[("content/p.md", &text)]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].1, "iso27001@2022");
        // 6.1 is claimed as a whole, and a part of 7.5; a policy is no record of 8.2.
        assert_eq!(
            found[0].0,
            "there is nothing yet of what clauses `6.2`, `7.2`, `8.1`, `8.2`, `8.3`, `9.1`, `9.2`, `9.3` and `10.2` of ISO/IEC 27001:2022 ask to be documented"
        );
    }

    #[test]
    fn are_not_asked_of_a_manual_that_has_only_begun_or_that_uses_no_27001() {
        let draft = document("POL-001", "status: draft\nsatisfies: [gdpr:32]\n", "Text.");
        assert_eq!(of("mandatory-document-missing", &[("content/p.md", &draft)]), []);
        let approved = document("POL-001", &format!("{APPROVED}satisfies: [gdpr:32]\n"), "Text.");
        let missing = |settings: &str| {
            found(settings, &[("content/p.md", &approved)]).iter().filter(|(f, _)| f.rule.code == "mandatory-document-missing").count()
        };
        assert_eq!(missing(SETTINGS), 1);
        assert_eq!(missing(&SETTINGS.replace("iso27001@2022, ", "")), 0);
        assert_eq!(missing(&SETTINGS.replace("iso27001@2022", "iso27001@2013")), 0, "its clauses are not known");
    }

    #[test]
    fn may_stand_in_what_could_not_be_read() {
        let approved = document("POL-001", &format!("{APPROVED}satisfies: [gdpr:32]\n"), "Text.");
        assert_eq!(of("mandatory-document-missing", &[("content/p.md", &approved), ("content/q.md", "no front matter\n")]), []);
    }
}

mod vague_words {
    use super::*;

    /// The vague words of an approved policy.
    fn vague_in(language: &str, text: &str) -> Vec<String> {
        let text = document("POL-001", &format!("{APPROVED}language: {language}\nsatisfies: [gdpr:32]\n"), text);
        of("vague-duty", &[("content/p.md", &text)]).into_iter().map(|(_, words)| words).collect()
    }

    fn vague(text: &str) -> Vec<String> {
        vague_in("en", text)
    }

    #[test]
    fn in_duties_are_found_each_at_its_place() {
        assert_eq!(
            vague("Owners must review rights periodically and act as\nneeded, with *appropriate* care."),
            ["periodically", "as\nneeded", "appropriate"]
        );
        assert_eq!(vague("- Review access regularly."), ["regularly"]);
        assert_eq!(vague("| Who | What |\n| --- | --- |\n| IT | shall report in a Timely manner |"), ["Timely"]);
        assert_eq!(vague("Access is reviewed regularly."), ["regularly"]);
        assert_eq!(vague("The [[ciso]] reviews access from time to time."), ["from time to time"]);
        assert_eq!(vague("The Security Officer reviews access on a regular basis."), ["on a regular basis"]);
        assert_eq!(vague("Every owner must:\n\n- a list\n- suitable locks"), ["suitable"]);
        assert_eq!(vague("Patches are installed as appropriate."), ["as appropriate"], "the phrase once, not its word too");
        assert_eq!(vague("You should act on an as-needed basis."), ["as-needed"]);
    }

    #[test]
    fn in_german_duties_are_found_by_the_language_of_the_document() {
        let german = |text: &str| vague_in("de", text);
        assert_eq!(german("Rechte sind in regelmäßigen Abständen zu prüfen."), ["in regelmäßigen Abständen"]);
        assert_eq!(german("Die Leitung muss geeignete Maßnahmen zeitnah treffen."), ["geeignete", "zeitnah"]);
        assert_eq!(german("Kennwörter werden bei Bedarf geändert."), ["bei Bedarf"]);
        assert_eq!(german("Owners must review rights periodically."), Vec::<String>::new());
        assert_eq!(vague("Rechte sind regelmäßig zu prüfen."), Vec::<String>::new());
    }

    #[test]
    fn are_left_alone_where_they_lay_nothing_down() {
        for text in [
            "Attackers regularly aim at administrators.",
            "An appropriate measure was found in March.",
            "## Appropriate use must be regular {#use}",
            "> You must act as needed.",
            "Whoever writes \"as needed\" must say when.",
            "Nobody must write `as needed`.",
            "```\nyou must act as needed\n```",
            "Timely\n: What must be done regularly.",
            "Access must be ~~regularly~~ reviewed each month.",
            "Irregularly and inappropriate are other words; they must not count.",
        ] {
            assert_eq!(vague(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn have_their_place_beside_inserted_values() {
        let settings = format!("{SETTINGS}values: {{hours: 24}}\n");
        let text = document(
            "POL-001",
            &format!("{APPROVED}satisfies: [gdpr:32]\n"),
            "Owners must act within {{ values.hours }} hours, regularly, and so on \u{e4}\u{1f512} regularly.",
        );
        let found = found(&settings, &[("content/p.md", &text)]);
        let places: Vec<_> = found
            .iter()
            .filter(|(finding, _)| finding.rule.code == "vague-duty")
            .map(|(finding, words)| (words.as_str(), if let Place::Span(span) = finding.place { span.start } else { 0 }))
            .collect();
        let start = u32::try_from(text.find("regularly").unwrap()).unwrap();
        let second = u32::try_from(text.rfind("regularly").unwrap()).unwrap();
        assert_eq!(places, [("regularly", start), ("regularly", second)]);
    }

    #[test]
    fn matter_in_approved_policies_only() {
        let draft = document("POL-001", "status: draft\nsatisfies: [gdpr:32]\n", "Rights must be reviewed regularly.");
        assert_eq!(of("vague-duty", &[("content/p.md", &draft)]), []);
        let sop = document("SOP-001", &format!("{APPROVED}satisfies: [gdpr:32]\n"), "Rights must be reviewed regularly.")
            .replace("type: policy", "type: sop");
        assert_eq!(of("vague-duty", &[("content/p.md", &sop)]), []);
    }

    #[test]
    fn of_any_text_do_not_stop_the_check() {
        for text in [
            "",
            ".",
            "\"",
            "must \u{130}\u{130} regularly",
            "\u{201e}must regularly",
            "must ... regularly!?",
            "must\u{a0}regularly",
            "'''regularly' must",
        ] {
            vague(text);
        }
        assert_eq!(vague("Must \u{130}\u{130} regularly."), ["regularly"]);
    }
}

#[test]
fn a_supplier_with_personal_data_needs_an_agreement_that_has_been_made() {
    let row = |more: &str| {
        let text = format!(
            "register: suppliers\nrows:\n  - {{id: SUP-001, name: Cloud, purpose: Hosting, kind: iaas, personal_data: true, country: DE, owner: ciso{more}}}\n"
        );
        let codes = found(SETTINGS, &[("content/registers/suppliers.yaml", &text)]);
        codes
            .into_iter()
            .map(|(finding, _)| finding.rule.code)
            .filter(|code| matches!(*code, "processor-without-agreement" | "done-in-future"))
            .collect::<Vec<_>>()
    };
    assert_eq!(row(""), ["processor-without-agreement"]);
    assert_eq!(row(", agreement: 2026-01-01"), Vec::<&str>::new());
    assert_eq!(row(", agreement: 2027-01-01"), ["done-in-future"]);
}

#[test]
fn of_a_hundred_thousand_vague_words_a_person_is_told_as_many_as_they_can_mend() {
    for piece in ["must regularly\n", "[[ciso]] \"must\" act as needed. ", "\\* {{ org.name }} must *regularly* "] {
        let text = document("POL-001", &format!("{APPROVED}satisfies: [gdpr:32]\n"), &piece.repeat(100_000));
        let found = of("vague-duty", &[("content/p.md", &text)]);
        assert!((1..=40).contains(&found.len()), "{}", found.len());
    }
}

#[test]
fn a_status_that_cannot_be_read_is_not_also_no_approval() {
    let control =
        statement("A.8.24", "    applicable: true\n    implementation: Done.\n    status: implemented\n    documents: [POL-001]\n");
    let text = document("POL-001", "status: aproved\n", "Text.");
    assert_eq!(of("no-document-in-force", &[("content/p.md", &text), ("content/controls/iso27001.yaml", &control)]), []);
}
