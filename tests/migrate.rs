//! From one edition of a framework to another: what a person sees, what is written, and that nothing else changes.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::collections::BTreeMap;
use std::fs;

use common::{Project, ROLES, Ran, assert_same, document, files};

const CLOUD: [&str; 2] = ["iso27017@2015", "iso27017@2026"];

/// Comments, quotes, line ends of two bytes, lists of lines.
const SETTINGS: &str = "format: 1\r\ntitle: Manual\r\norg: {name: Example Ltd}\r\nframeworks:\r\n  - gdpr\r\n  # clouds\r\n  - \"iso27017@2015\"   # until the audit\r\n  - ccm@4.1\r\n";

const STATEMENTS: &str = "# Who decides: the CISO.
framework: iso27017@2015   # the edition of the certificate
statements:

  # Both sides know their duties.
  CLD.6.3.1:   # shared roles
    applicable: true
    reasons: [contract]
    status: planned
    implementation: >-
      Duties are split ([[iso27017:CLD.9.5.1]],
      [[iso27017:CLD.8.1.5|removal]]).   # no comment: part of the text
    # below the last key

  CLD.8.1.5: {applicable: true, reasons: [contract], status: planned, implementation: \"See [[iso27017@2015:CLD.6.3.1]].\"}
  'CLD.9.5.1':
    applicable: true
    reasons: [contract]
    status: planned
    implementation: |
      Tenants are kept apart.
      #no-comment
  # of machines
  CLD.9.5.2: {applicable: true, reasons: [contract], status: planned, implementation: Later.}
  CLD.12.1.5: {applicable: true, reasons: [contract], status: planned, implementation: Later.}
  CLD.12.4.5: {applicable: true, reasons: [contract], status: planned, implementation: Later.}
  CLD.13.1.4: {applicable: true, reasons: [contract], status: planned, implementation: Later.}
";

const POLICY: &str = "\u{feff}---\r
id: POL-001\r
title: Clouds\r
type: policy\r
version: \"1.0\"\r
status: draft\r
classification: internal\r
owner: ciso\r
approver: ceo\r
satisfies:   # as agreed\r
  - iso27017:CLD.6.3.1   # roles\r
  - 'iso27017@2015:CLD.9.5.1'\r
  - \"iso27017:9.2.1\"\r
  - iso27017:CLD.8.1.5\r
  - gdpr:32\r
---\r
\r
## Tenants {#tenants satisfies=\"iso27017:CLD.9.5.1,gdpr:32(1)(b),27017:CLD.6.3.1\"}\r
\r
See [[iso27017:CLD.9.5.1]], [[ISO27017@2015:CLD.9.5.1|separation]], [[iso27017:CLD.12.4.5]] and [[ccm:IAM-08]].\r
Not `[[iso27017:CLD.9.5.1]]`, not \\[[iso27017:CLD.9.5.1]], not iso27017:CLD.9.5.1.[^1]\r
\r
| Control | Where |\r
| --- | --- |\r
| [[iso27017:CLD.6.3.1\\|roles]] | [[iso27017@2015:9.2.1]] |\r
\r
```\r
satisfies: [iso27017:CLD.9.5.1] [[iso27017:CLD.9.5.1]]\r
```\r
\r
## On [[iso27017:CLD.6.3.1]]\r
\r
Tables and [tenants](#tenants).\r
\r
[^1]: Nor <!-- [[iso27017:CLD.9.5.1]] --> here, but [[iso27017:CLD.9.5.1]].\r
";

const EVIDENCE: &str = "register: evidence
rows:
  - {id: EVD-001, title: \"Tests, \\\"all\\\" of them\", source: Forge, controls: [\"iso27017:CLD.9.5.1\", iso27017:CLD.13.1.4, 'iso27017@2015:10.1.1'], date: 2026-05-01, result: pass, note: \"Say \\\"yes\\\": [[iso27017:CLD.9.5.1]]\"}
  - id: EVD-002
    title: Roles
    source: Wiki
    controls: iso27017:CLD.6.3.1   # one alone
    date: 2026-05-01
    result: info
    note: 'It''s [[iso27017:CLD.6.3.1]]'
  - id: EVD-003
    title: Both
    source: Wiki
    controls: [
      iso27017:CLD.6.3.1,   # the first
      iso27017@2026:5.38,
      \"iso27017\\x3ACLD.9.5.1\",
    ]
    date: 2026-05-01
    result: info
";

fn clouds() -> Project {
    Project::new(&[
        ("annexa.yaml", SETTINGS),
        ("content/registers/roles.yaml", ROLES),
        ("content/registers/evidence.yaml", EVIDENCE),
        ("content/controls/clouds.yaml", STATEMENTS),
        ("content/policies/pol-001.md", POLICY),
        ("content/policies/pol-002.md", &document("POL-002", "Nothing to do with it: [[POL-001#tenants]].").replace("gdpr:32", "gdpr:5")),
    ])
}

fn migrate(project: &Project, editions: [&str; 2], arguments: &[&str]) -> Ran {
    let all: Vec<&str> = [editions[1]].into_iter().chain(arguments.iter().copied()).collect();
    let ran = common::run(project.root(), ["migrate", editions[0]].into_iter().chain(all).chain(["--today", common::TODAY]));
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    ran
}

/// Writes, and asserts that what is written is what was shown before, line by line and byte by byte, that a second run has nothing to do, and that
/// no reference is wrong now.
fn write(project: &Project, editions: [&str; 2], arguments: &[&str]) -> serde_json::Value {
    let before = files(project.root());
    let shown: serde_json::Value =
        serde_json::from_str(&migrate(project, editions, &[arguments, &["--format", "json"]].concat()).out).unwrap();
    assert_same(&before, &files(project.root()));
    let ran = migrate(project, editions, &[arguments, &["--write"]].concat());
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    let after = files(project.root());
    assert_same(&with_changes(before, &shown), &after);

    let again = migrate(project, editions, &[arguments, &["--write"]].concat());
    assert!(again.status == Some(0) && again.out.contains("There is nothing to write."), "{}{}", again.out, again.err);
    assert_same(&after, &files(project.root()));
    let check = project.run("check", &[]);
    let errors: Vec<&str> = check.codes().into_iter().filter(|code| code.starts_with("error[")).collect();
    assert!(errors.iter().all(|code| *code == "error[statement-missing"), "{}", check.out);
    assert!(!check.out.contains("framework-not-in-use"), "{}", check.out);
    shown
}

/// The files with the lines changed that a preview shows. Each line keeps the end that it has, and a new one takes that of its file.
fn with_changes(mut files: BTreeMap<String, Vec<u8>>, shown: &serde_json::Value) -> BTreeMap<String, Vec<u8>> {
    let texts = |list: &serde_json::Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
    };
    for change in shown["changes"].as_array().unwrap().iter().rev() {
        let path = change["path"].as_str().unwrap();
        let line = usize::try_from(change["line"].as_u64().unwrap()).unwrap() - 1;
        let (old, new) = (texts(&change["old"]), texts(&change["new"]));
        let text = String::from_utf8(files.remove(path).unwrap_or_default()).unwrap();
        let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        for (at, old) in old.iter().enumerate() {
            assert_eq!(lines[line + at].trim_start_matches('\u{feff}').trim_end_matches(['\r', '\n']), old, "{path}");
        }
        let new = new.into_iter().map(|line| line + end);
        lines.splice(line..line + old.len(), new);
        files.insert(path.to_owned(), lines.concat().into_bytes());
    }
    files
}

fn control<'a>(shown: &'a serde_json::Value, id: &str) -> &'a serde_json::Value {
    shown["controls"].as_array().unwrap().iter().find(|row| row["control"] == id).unwrap()
}

#[test]
fn a_preview_says_what_goes_where_and_shows_the_lines() {
    let project = clouds();
    let before = files(project.root());
    let ran = migrate(&project, CLOUD, &[]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!("clouds", ran.out);
    assert_same(&before, &files(project.root()));
    assert_eq!(migrate(&project, CLOUD, &["--dry-run"]).out, ran.out);
    assert_eq!(migrate(&project, CLOUD, &["--dry-run", "--write"]).status, Some(2));
}

#[test]
fn what_was_shown_is_written_and_every_other_byte_stays() {
    let project = clouds();
    let shown = write(&project, CLOUD, &[]);
    assert_eq!(shown["frameworks"], "added");
    let text = |path: &str| fs::read_to_string(project.path(path)).unwrap();
    insta::assert_snapshot!("clouds_statements", text("content/controls/clouds.yaml"));
    insta::assert_snapshot!("clouds_statements_moved", text("content/controls/iso27017@2026.yaml"));
    assert!(text("annexa.yaml").contains("\"iso27017@2015\"   # until the audit\r\n  - \"iso27017@2026\"\r\n  - ccm@4.1\r\n"));
    let left: Vec<&str> = control(&shown, "CLD.6.3.1")["uses"].as_array().unwrap().iter().filter_map(|used| used["why"].as_str()).collect();
    assert_eq!(left, ["it stands in a heading without an id, which is named by these words"]);
}

#[test]
fn both_editions_are_shown_side_by_side() {
    let project = clouds();
    write(&project, CLOUD, &[]);
    let site = files(&project.build(&[]));
    let soa = String::from_utf8(site["soa.html"].clone()).unwrap();
    for words in ["ISO/IEC 27017:2015", "ISO/IEC 27017:2026", "CLD.9.5.1", "8.35", "Tenants are kept apart."] {
        assert!(soa.contains(words), "{words}");
    }
    // The statement on 8.35 decides CLD.9.5.1 as well, which asks for the same.
    assert_eq!(soa.matches("Tenants are kept apart.").count(), 2);
    let check = project.run("check", &[]);
    assert!(check.out.contains("2 controls of ISO/IEC 27017:2026 have no statement: `5.39` and `8.36`"), "{}", check.out);
    assert!(!check.out.contains("of ISO/IEC 27017:2015 have no statement"), "{}", check.out);
    assert!(site.contains_key("controls/iso27017@2015/cld.9.5.1.html") && site.contains_key("controls/iso27017@2026/8.35.html"));
}

/// A document with these claims and this text.
fn claiming(claims: &str, text: &str) -> String {
    document("POL-001", text).replace("satisfies: [gdpr:32]", &format!("satisfies: [{claims}]"))
}

fn project(frameworks: &str, claims: &str, text: &str) -> Project {
    let settings = format!("format: 1\ntitle: Manual\norg: {{name: Example Ltd}}\nframeworks: [{frameworks}]   # in use\n");
    let policy = claiming(claims, text);
    Project::new(&[("annexa.yaml", &settings), ("content/registers/roles.yaml", ROLES), ("content/policies/pol-001.md", &policy)])
}

#[test]
fn where_everything_moves_the_new_edition_takes_the_old_ones_place_and_names_stay_short() {
    let project = project("gdpr, iso27001@2013", "iso27001:A.9.2.1, iso27001@2013:A.9.2.3", "See [[iso27001:A.9.2.1]].");
    let shown = write(&project, ["iso27001@2013", "iso27001@2022"], &[]);
    assert_eq!(shown["frameworks"], "swapped");
    assert_eq!(
        fs::read_to_string(project.path("annexa.yaml")).unwrap().lines().last(),
        Some("frameworks: [gdpr, iso27001@2022]   # in use")
    );
    let policy = fs::read_to_string(project.path("content/policies/pol-001.md")).unwrap();
    assert_eq!(policy, claiming("iso27001:A.5.16, iso27001@2022:A.8.2", "See [[iso27001:A.5.16]]."));
    let new: Vec<&str> = shown["new"].as_array().unwrap().iter().map(|new| new["control"].as_str().unwrap()).collect();
    assert_eq!(new, ["A.5.7", "A.5.23", "A.5.30", "A.7.4", "A.8.9", "A.8.10", "A.8.11", "A.8.12", "A.8.16", "A.8.23", "A.8.28"]);
}

#[test]
fn where_numbers_stay_only_the_list_of_editions_changes() {
    let project = project("ccm@4.0", "ccm:A&A-01, ccm:GRC-01", "See [[ccm:A&A-01]].");
    let shown = write(&project, ["ccm@4.0", "CCM@4.1"], &[]);
    assert_eq!(shown["files"], serde_json::json!(["annexa.yaml"]));
}

#[test]
fn what_a_person_has_to_decide_is_left_and_told_with_its_place() {
    let claims = "ccm:A&A-01, ccm:AIS-04, ccm:IAM-12";
    let project = project("ccm@4.0", claims, "See [[ccm:AIS-04]].");
    let shown = write(&project, ["ccm@4.0", "ccm@4.1"], &[]);
    let policy = fs::read_to_string(project.path("content/policies/pol-001.md")).unwrap();
    assert_eq!(policy, claiming("ccm@4.1:A&A-01, ccm@4.1:AIS-04, ccm:IAM-12", "See [[ccm@4.1:AIS-04]]."));
    assert_eq!(
        (control(&shown, "A&A-01")["read_again"].as_bool(), control(&shown, "AIS-04")["read_again"].as_bool()),
        (Some(false), Some(true))
    );
    assert_eq!(control(&shown, "IAM-12")["reason"], "several");
    let places: Vec<(u64, u64)> = control(&shown, "AIS-04")["uses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|used| (used["line"].as_u64().unwrap(), used["column"].as_u64().unwrap()))
        .collect();
    assert_eq!(places, [(10, 25), (13, 5)]);
}

#[test]
fn the_new_edition_can_be_listed_first_and_what_stays_says_which_it_is() {
    let project = project("gdpr, ccm@4.0", "ccm:A&A-01, ccm:IAM-12, ccm@4.0:A&A-02", "See [[ccm:IAM-12|design]].");
    let shown = write(&project, ["ccm@4.0", "ccm@4.1"], &["--new-first"]);
    assert_eq!(shown["frameworks"], "added");
    assert!(fs::read_to_string(project.path("annexa.yaml")).unwrap().contains("frameworks: [gdpr, ccm@4.1, ccm@4.0]   # in use"));
    let policy = fs::read_to_string(project.path("content/policies/pol-001.md")).unwrap();
    assert_eq!(policy, claiming("ccm:A&A-01, ccm@4.0:IAM-12, ccm@4.1:A&A-02", "See [[ccm@4.0:IAM-12|design]]."));
}

#[test]
fn editions_that_are_listed_both_can_change_places() {
    let project = project("ccm@4.0, ccm@4.1", "ccm:A&A-01, ccm:IAM-12, ccm@4.1:IAM-12", "Text.");
    write(&project, ["ccm@4.0", "ccm@4.1"], &["--new-first"]);
    assert!(fs::read_to_string(project.path("annexa.yaml")).unwrap().contains("frameworks: [ccm@4.1, ccm@4.0]   # in use"));
    let policy = fs::read_to_string(project.path("content/policies/pol-001.md")).unwrap();
    assert_eq!(policy, claiming("ccm:A&A-01, ccm@4.0:IAM-12, ccm@4.1:IAM-12", "Text."));
}

#[test]
fn a_single_edition_becomes_a_list_and_a_list_of_lines_gets_a_line() {
    for (written, first, after) in [
        ("frameworks: ccm@4.0   # one\n", false, "frameworks: [ccm@4.0, ccm@4.1]   # one\n"),
        ("frameworks: 'ccm@4.0'\n", true, "frameworks: ['ccm@4.1', 'ccm@4.0']\n"),
        ("frameworks:\n- gdpr\n- ccm@4.0", false, "frameworks:\n- gdpr\n- ccm@4.0\n- ccm@4.1"),
        ("frameworks:\n  - ccm@4.0 # old\n\n  - gdpr\n", true, "frameworks:\n  - ccm@4.1\n  - ccm@4.0 # old\n\n  - gdpr\n"),
        ("frameworks: [\n  gdpr,\n  ccm@4.0, # old\n]\n", false, "frameworks: [\n  gdpr,\n  ccm@4.0, ccm@4.1, # old\n]\n"),
    ] {
        let project = project("ccm@4.0", "ccm:IAM-12, ccm:A&A-01", "Text.");
        let head = "format: 1\ntitle: Manual\norg: {name: Example Ltd}\n";
        project.write("annexa.yaml", format!("{head}{written}"));
        let arguments: &[&str] = if first { &["--new-first", "--write"] } else { &["--write"] };
        let ran = migrate(&project, ["ccm@4.0", "ccm@4.1"], arguments);
        assert_eq!(ran.status, Some(0), "{written}: {}{}", ran.out, ran.err);
        assert_eq!(fs::read_to_string(project.path("annexa.yaml")).unwrap(), format!("{head}{after}"));
        assert_eq!(project.run("check", &[]).status, Some(0));
    }
}

#[test]
fn decisions_of_the_project_are_respected() {
    let project = project("ccm@4.0", "ccm:A&A-01, ccm:A&A-02, ccm:AIS-04, ccm:IAM-12", "Text.");
    project.write(
        "frameworks/crosswalk.yaml",
        "format: 1\npairs:
  - {source: ccm@4.0:AIS-04, target: ccm@4.1:AIS-04, decision: confirm, relationship: equal, by: ciso, date: 2026-05-01}
  - {source: ccm@4.1:A&A-01, target: ccm@4.0:A&A-01, decision: confirm, relationship: superset, by: ciso, date: 2026-05-01}
  - {source: ccm@4.0:A&A-02, target: ccm@4.1:A&A-02, decision: reject, by: ciso, date: 2026-05-01}
  - {source: ccm@4.0:IAM-12, target: ccm@4.1:LOG-02, decision: reject, by: ciso, date: 2026-05-01}
",
    );
    let shown = write(&project, ["ccm@4.0", "ccm@4.1"], &[]);
    assert_eq!(control(&shown, "AIS-04")["outcome"], "moves");
    assert_eq!(control(&shown, "AIS-04")["read_again"], false);
    assert_eq!(
        (control(&shown, "A&A-01")["outcome"].as_str(), control(&shown, "A&A-01")["read_again"].as_bool()),
        (Some("moves"), Some(true))
    );
    assert_eq!(control(&shown, "A&A-01")["counterparts"][0]["said"][0]["relationship"], "subset");
    assert_eq!(control(&shown, "A&A-02")["reason"], "none");
    assert_eq!(control(&shown, "IAM-12")["counterparts"].as_array().unwrap().len(), 1);
    let policy = fs::read_to_string(project.path("content/policies/pol-001.md")).unwrap();
    assert_eq!(policy, claiming("ccm@4.1:A&A-01, ccm:A&A-02, ccm@4.1:AIS-04, ccm:IAM-12", "Text."));
}

#[test]
fn a_basis_that_is_switched_off_moves_nothing() {
    let project = project("ccm@4.0", "ccm:A&A-01", "Text.");
    project.write("frameworks/crosswalk.yaml", "format: 1\noff: [derived]\n");
    let ran = migrate(&project, ["ccm@4.0", "ccm@4.1"], &["--write"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.err.contains("no crosswalk connects `ccm@4.0` and `ccm@4.1`"), "{}", ran.err);
}

mod statements {
    use super::*;

    const ONE: &str = "{applicable: true, reasons: [contract], status: planned, implementation: Later.}";

    fn with(statements: &str) -> Project {
        let project = project("iso27017@2015", "iso27017:CLD.9.5.1", "Text.");
        project.write("content/controls/a.yaml", statements);
        project
    }

    fn all_of_2015(less: &[&str]) -> String {
        let ids = ["CLD.6.3.1", "CLD.8.1.5", "CLD.9.5.1", "CLD.9.5.2", "CLD.12.1.5", "CLD.12.4.5", "CLD.13.1.4"];
        ids.iter().filter(|id| !less.contains(id)).map(|id| format!("  {id}: {ONE}\n")).collect()
    }

    #[test]
    fn of_a_file_that_moves_whole_are_renamed_in_place() {
        let rest = all_of_2015(&["CLD.6.3.1", "CLD.9.5.1"]);
        let project = with(&format!("framework: iso27017\nstatements: {{CLD.6.3.1: {ONE}, \"CLD.9.5.1\": {ONE}}} # both\n"));
        project.write("content/controls/b.yaml", format!("statements:\n{rest}framework: 'iso27017@2015'\n"));
        write(&project, CLOUD, &[]);
        let text = fs::read_to_string(project.path("content/controls/a.yaml")).unwrap();
        assert_eq!(text, format!("framework: iso27017@2026\nstatements: {{\"5.38\": {ONE}, \"8.35\": {ONE}}} # both\n"));
    }

    #[test]
    fn go_into_a_file_of_the_new_edition_that_is_there() {
        let project = with(&format!("framework: iso27017@2015\nstatements:\n{}", all_of_2015(&[])));
        let there = format!("statements:\n  \"5.39\": {ONE}\n  # the last\n  \"8.36\": {ONE}   # new\nframework: iso27017@2026");
        project.write("content/controls/new.yaml", &there);
        let shown = write(&project, CLOUD, &[]);
        assert_eq!(shown["relocated"][0]["to"], "content/controls/new.yaml");
        let text = fs::read_to_string(project.path("content/controls/new.yaml")).unwrap();
        let (head, tail) = there.split_at(there.find("\nframework").unwrap());
        assert_eq!(text, format!("{head}\n  \"5.38\": {ONE}\n  \"8.35\": {ONE}{tail}"));
    }

    #[test]
    fn stay_with_their_claims_where_their_file_cannot_be_taken_apart() {
        let flow = all_of_2015(&[]).replace('\n', ",").replace("  ", " ");
        let anchors = all_of_2015(&["CLD.6.3.1", "CLD.9.5.1"]);
        for statements in [
            format!("framework: iso27017@2015\nstatements: {{{flow}}}\n"),
            format!("framework: iso27017@2015\nstatements:\n  CLD.6.3.1: &same {ONE}\n  CLD.9.5.1: *same\n{anchors}"),
        ] {
            let project = with(&statements);
            let shown = write(&project, CLOUD, &[]);
            assert_eq!((&control(&shown, "CLD.9.5.1")["reason"], &shown["files"]), (&"unsplittable".into(), &serde_json::json!([])));
            assert_eq!(shown["frameworks"], "same");
        }
    }

    #[test]
    fn stay_where_the_new_control_has_one_already() {
        let project = with(&format!("framework: iso27017@2015\nstatements:\n{}", all_of_2015(&[])));
        project.write("content/controls/new.yaml", format!("framework: iso27017@2026\nstatements:\n  '8.35': {ONE}\n"));
        let ran = migrate(&project, CLOUD, &[]);
        assert!(ran.out.contains("its counterpart has a statement already, content/controls/new.yaml:3:3"), "{}", ran.out);
        let shown = write(&project, CLOUD, &[]);
        assert_eq!(control(&shown, "CLD.9.5.1")["reason"], "decided");
    }

    #[test]
    fn stay_where_the_new_number_is_another_name_of_a_control() {
        let project = with(&format!("framework: iso27017@2015\nstatements:\n{}", all_of_2015(&[])));
        project.write(
            "frameworks/crosswalk.yaml",
            "format: 1\npairs:\n  - {source: iso27017@2015:CLD.9.5.2, target: iso27017@2026:8.9, decision: confirm, relationship: equal}\n",
        );
        let shown = write(&project, CLOUD, &[]);
        assert_eq!(control(&shown, "CLD.9.5.2")["reason"], "other-name");
    }
}

mod refused {
    use super::*;

    #[test]
    fn is_what_is_no_pair_of_editions() {
        let project = project("ccm@4.0", "ccm:A&A-01", "Text.");
        for (from, to, says) in [
            ("ccm@4.0", "ccm@4.0", "`ccm@4.0` is both the old and the new edition; name two"),
            ("ccm@4.0", "iso27001@2022", "`ccm@4.0` and `iso27001@2022` are editions of two frameworks; name two of one"),
            ("ccm", "ccm@4.1", "`ccm` does not say which edition; write it as in `ccm@4.0`"),
            ("ccm@4.0", "ccm@5", "there is no edition `ccm@5`; the editions are `ccm@4.0` and `ccm@4.1`"),
            ("cmc@4.0", "ccm@4.1", "there is no framework `cmc`; did you mean `ccm`?"),
            ("ccm 4", "ccm@4.1", "`ccm 4` is no edition; write it as in `iso27017@2015`"),
            (
                "iso27002@2013",
                "iso27002@2022",
                "no crosswalk connects `iso27002@2013` and `iso27002@2022`; one connects ccm@4.0 and ccm@4.1",
            ),
        ] {
            let ran = migrate(&project, [from, to], &["--write"]);
            assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""));
            assert!(ran.err.contains(says), "{}", ran.err);
        }
    }

    #[test]
    fn is_writing_into_a_project_with_errors() {
        let project = project("ccm@4.0", "ccm:A&A-01, ccm:AIS-99", "Text.");
        let before = files(project.root());
        let ran = migrate(&project, ["ccm@4.0", "ccm@4.1"], &["--write"]);
        assert_eq!(ran.status, Some(1));
        assert!(ran.out.contains("Nothing was written.") && ran.err.contains("error[unknown-control]"), "{}{}", ran.out, ran.err);
        assert_same(&before, &files(project.root()));
    }
}

#[test]
fn what_a_killed_run_left_does_no_harm() {
    let project = project("ccm@4.0", "ccm:A&A-01, ccm:IAM-12", "Text.");
    let left = project.path("content/policies/.pol-001.md.annexa-edit-4000000");
    fs::write(&left, "---\nhalf of a f").unwrap();
    assert_eq!(project.run("check", &[]).status, Some(0));
    migrate(&project, ["ccm@4.0", "ccm@4.1"], &["--write"]);
    assert!(!left.exists());
}

#[test]
fn names_of_another_framework_keep_the_old_edition_in_use() {
    let project = project("iso27001@2013", "iso27001:A.9.2.1, iso27002@2013:9.2.1", "Text.");
    let shown = write(&project, ["iso27001@2013", "iso27001@2022"], &[]);
    assert_eq!((&shown["frameworks"], shown["by_other_names"].as_array().unwrap().len()), (&"added".into(), 1));
}

#[test]
fn a_manual_without_the_old_edition_is_left_alone() {
    let project = project("gdpr", "gdpr:32", "Text.");
    let ran = migrate(&project, CLOUD, &["--write"]);
    assert!(
        ran.out.contains("This manual does not speak of iso27017@2015.") && ran.out.contains("There is nothing to write."),
        "{}",
        ran.out
    );
}

#[test]
fn the_repositorys_own_manual_can_move() {
    // It has statements of both editions already; this is how it stood before.
    let project = Project::of_the_repository();
    fs::remove_file(project.path("content/controls/iso27017@2026.yaml")).unwrap();
    let shown = write(&project, CLOUD, &[]);
    assert_eq!(shown["relocated"][0]["controls"], serde_json::json!(["CLD.6.3.1", "CLD.9.5.1"]));
    project.build(&[]);
}
