//! What decides whether a job is red: levels, exceptions, dates, known findings, and the exit status that follows.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use common::{Project, Ran, document};
use serde_json::Value;

/// A project with one warning: a document without an owner, on line 2.
fn ownerless() -> Project {
    let project = Project::sound();
    project.write("content/policies/pol-002.md", document("POL-002", "").replace("owner: ciso\n", ""));
    project
}

/// A row of the register of exceptions, which lets POL-002 be without an owner, with some fields otherwise.
fn exception(project: &Project, fields: &[(&str, &str)]) {
    let mut row = vec![
        ("id", "EXC-001"),
        ("rule", "document-without-owner"),
        ("item", "POL-002"),
        ("reason", "The role is being filled."),
        ("owner", "ceo"),
        ("expires", "2026-12-31"),
    ];
    for (key, value) in fields {
        row.retain(|(known, _)| known != key);
        row.push((key, value));
    }
    let row: Vec<String> = row.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| format!("{key}: {value}")).collect();
    project.write("content/registers/exceptions.yaml", format!("register: exceptions\nrows:\n  - {}\n", row.join("\n    ")));
}

fn json(ran: &Ran) -> Vec<Value> {
    serde_json::from_str::<Value>(&ran.out).unwrap_or_else(|error| panic!("{error}: {}{}", ran.out, ran.err))["findings"]
        .as_array()
        .unwrap()
        .clone()
}

/// How a check ends, with codes and severities.
#[track_caller]
fn ends(project: &Project, arguments: &[&str], status: i32, codes: &[&str]) {
    let ran = project.run("check", arguments);
    assert_eq!((ran.status, ran.codes().as_slice()), (Some(status), codes), "{}{}", ran.out, ran.err);
}

#[test]
fn a_warning_fails_where_it_is_denied_and_is_a_note_where_it_is_allowed() {
    let project = ownerless();
    ends(&project, &[], 0, &["warning[document-without-owner"]);
    ends(&project, &["--deny", "document-without-owner"], 1, &["error[document-without-owner"]);
    ends(&project, &["--deny", "warnings"], 1, &["error[document-without-owner"]);
    ends(&project, &["--allow", "document-without-owner"], 0, &["note[document-without-owner"]);
    ends(&project, &["--deny", "warnings", "--allow", "orphan-document,document-without-owner"], 0, &["note[document-without-owner"]);
}

#[test]
fn a_build_takes_the_same_levels() {
    let project = ownerless();
    let denied = project.run("build", &["--no-pdf", "--deny", "warnings"]);
    assert_eq!((denied.status, denied.codes()), (Some(1), vec!["error[document-without-owner"]));
    let allowed = project.run("build", &["--no-pdf", "--deny", "warnings", "--allow", "document-without-owner"]);
    assert_eq!((allowed.status, allowed.codes()), (Some(0), vec!["note[document-without-owner"]), "{}", allowed.err);
}

#[test]
fn what_cannot_run_ends_with_2_and_says_what_to_do() {
    let project = ownerless();
    for (arguments, words) in [
        (["--deny", "document-without-owners"], "there is no rule `document-without-owners`; did you mean `document-without-owner`?"),
        (["--allow", "vague-duties"], "there is no rule `vague-duties`; did you mean `vague-duty`?"),
        (["--allow", "warnings"], "all warnings cannot be allowed at once"),
        (["--allow", "unknown-key"], "`unknown-key` cannot be allowed: what it finds would make an output wrong"),
        (["--allow", "withheld-published"], "`withheld-published` cannot be allowed"),
        (["--baseline", "none.json"], "`none.json` cannot be read"),
        (["--format", "xml"], "possible values: human, json, sarif, junit, github, gitlab"),
    ] {
        let ran = project.run("check", &arguments);
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
    }
    let both = project.run("check", &["--deny", "vague-duty", "--allow", "vague-duty"]);
    assert_eq!(both.status, Some(2));
    assert!(both.err.contains("`vague-duty` cannot be denied and allowed at once"), "{}", both.err);
    let both = project.run("check", &["--dates", "--no-dates"]);
    assert_eq!(both.status, Some(2));
}

#[test]
fn an_exception_makes_a_note_that_is_still_shown_with_its_reason() {
    let project = ownerless();
    exception(&project, &[]);
    let ran = project.run("check", &["--deny", "warnings"]);
    assert_eq!(ran.status, Some(0));
    insta::assert_snapshot!(ran.out, @r"
    note[document-without-owner]: POL-002 has no owner
     --> content/policies/pol-002.md:2:5
      |
    2 | id: POL-002
      |     ^^^^^^^
      |
      = note: passes by EXC-001 until 2026-12-31 (ceo): The role is being filled.
      = help: write `owner:` with the role that keeps it

    1 note
    ");
    let finding = &json(&project.run("check", &["--format", "json"]))[0];
    assert_eq!(
        (finding["severity"].as_str(), finding["excepted"].as_str()),
        (Some("note"), Some("EXC-001 until 2026-12-31 (ceo): The role is being filled."))
    );
    let sarif: Value = serde_json::from_str(&project.run("check", &["--format", "sarif"]).out).unwrap();
    let suppression = &sarif["runs"][0]["results"][0]["suppressions"][0];
    assert_eq!((suppression["kind"].as_str(), suppression["status"].as_str()), (Some("external"), Some("accepted")));
    assert!(suppression["justification"].as_str().unwrap().contains("The role is being filled."));
    for format in ["github", "gitlab", "junit"] {
        let out = project.run("check", &["--format", format]).out;
        assert!(out.contains("passes by EXC-001 until 2026-12-31 (ceo): The role is being filled."), "{out}");
    }
}

#[test]
fn a_build_goes_by_exceptions_and_says_them() {
    let project = ownerless();
    let approved = "status: approved\napproved: 2026-03-02\nreview_every: 12 months\nhistory: [{version: \"1.0\", date: 2026-03-02, author: ciso, change: First}]";
    project.edit("content/policies/pol-002.md", "status: draft", approved);
    let ran = project.run("build", &["--no-pdf"]);
    assert_eq!((ran.status, ran.codes()), (Some(1), vec!["error[document-without-owner"]), "once approved, it stops a build");
    exception(&project, &[]);
    let ran = project.run("build", &["--no-pdf", "--deny", "warnings"]);
    assert_eq!((ran.status, ran.codes()), (Some(0), vec!["note[document-without-owner"]), "{}", ran.err);
    assert!(ran.err.contains("passes by EXC-001 until 2026-12-31 (ceo)"), "{}", ran.err);
}

#[test]
fn what_is_wrong_with_an_expired_exception_besides_its_day_is_no_matter_of_the_day() {
    let project = ownerless();
    exception(&project, &[("item", "POL-001")]);
    for today in ["2026-06-01", "2027-06-01"] {
        let found = ["error[document-without-owner", "error[exception-unused"];
        ends(&project, &["--no-dates", "--deny", "warnings", "--today", today], 1, &found);
    }
}

#[test]
fn an_exception_counts_up_to_its_day_and_not_after() {
    let project = ownerless();
    exception(&project, &[]);
    ends(&project, &["--today", "2026-12-31"], 0, &["note[document-without-owner"]);
    let expired = ["warning[document-without-owner", "warning[exception-expired"];
    ends(&project, &["--today", "2027-01-01"], 0, &expired);
    ends(&project, &["--today", "2027-01-01", "--no-dates", "--deny", "warnings"], 0, &["note[document-without-owner"]);
    ends(&project, &["--today", "2027-01-01", "--dates", "--deny", "warnings"], 1, &["error[exception-expired"]);
}

#[test]
fn an_exception_that_does_not_say_all_does_not_count() {
    let open = "warning[document-without-owner";
    for missing in ["reason", "owner", "expires", "item"] {
        let project = ownerless();
        exception(&project, &[(missing, "")]);
        ends(&project, &[], 0, &[open, "warning[exception-incomplete"]);
    }
    let project = ownerless();
    exception(&project, &[("reason", "\" \"")]);
    ends(&project, &[], 0, &[open, "warning[exception-incomplete"]);
    exception(&project, &[("rule", "document-without-oner")]);
    ends(&project, &[], 1, &[open, "error[unknown-value"]);
    exception(&project, &[("owner", "nobody")]);
    assert!(project.run("check", &[]).codes().contains(&"error[unresolved-reference"));
}

#[test]
fn an_exception_that_matches_nothing_is_told() {
    let open = "warning[document-without-owner";
    for other in [("item", "POL-001"), ("rule", "document-without-approver"), ("words", "POL-003")] {
        let project = ownerless();
        exception(&project, &[other]);
        ends(&project, &[], 0, &[open, "warning[exception-unused"]);
    }
}

#[test]
fn an_exception_is_for_a_document_a_row_a_statement_or_a_file() {
    let project = ownerless();
    for place in [("item", "POL-002"), ("path", "content/policies/pol-002.md")] {
        exception(&project, &[("item", ""), place, ("words", "POL-002 has")]);
        ends(&project, &[], 0, &["note[document-without-owner"]);
    }
    let project = Project::of_the_repository();
    let unshown = "content/controls/iso27001.yaml";
    let before = project.run("check", &["--today", "2031-01-01", "--format", "json"]);
    let of_row = |finding: &&Value| finding["code"] == "evidence-stale" && finding["message"].as_str().unwrap().starts_with("EVD-001 ");
    let of_statement = |finding: &&Value| {
        finding["code"] == "implemented-on-stale-evidence"
            && finding["path"] == unshown
            && finding["message"].as_str().unwrap().starts_with("`A.5.15`")
    };
    assert_eq!((json(&before).iter().filter(of_row).count(), json(&before).iter().filter(of_statement).count()), (1, 1));
    let row = |id: &str, rule: &str, item: &str| {
        format!("  - {{id: {id}, rule: {rule}, item: \"{item}\", reason: Moved, owner: ciso, expires: 2031-12-31}}\n")
    };
    let rows = [row("EXC-001", "evidence-stale", "EVD-001"), row("EXC-002", "implemented-on-stale-evidence", "iso27001:A.5.15")];
    project.write("content/registers/exceptions.yaml", format!("register: exceptions\nrows:\n{}", rows.concat()));
    let after = json(&project.run("check", &["--today", "2031-01-01", "--format", "json"]));
    let excepted: Vec<&Value> = after.iter().filter(|finding| finding["excepted"].is_string()).collect();
    assert_eq!(excepted.len(), 2, "{excepted:?}");
    assert!(excepted.iter().any(of_row) && excepted.iter().any(of_statement));
    assert!(after.iter().all(|finding| finding["code"] != "exception-unused"));
}

#[test]
fn no_exception_lets_pass_what_would_make_an_output_wrong() {
    let project = ownerless();
    project.write("content/policies/pol-002.md", document("POL-002", "See [[SOP-031]]."));
    exception(&project, &[("rule", "unresolved-reference")]);
    ends(&project, &[], 1, &["error[unresolved-reference", "warning[exception-not-allowed"]);
    for rule in ["exception-expired", "changes-unreleased"] {
        exception(&project, &[("rule", rule)]);
        ends(&project, &[], 1, &["error[unresolved-reference", "warning[exception-not-allowed"]);
    }
    exception(&project, &[("item", "\"POL-002#a\"")]);
    assert_eq!(project.run("check", &[]).status, Some(1));
}

#[test]
fn an_exception_stands_in_the_register_of_the_site_and_in_the_calendar() {
    let project = ownerless();
    exception(&project, &[]);
    let dist = project.build(&[]);
    let page = std::fs::read_to_string(dist.join("registers/exceptions.html")).unwrap();
    assert!(page.contains("The role is being filled.") && page.contains("Exceptions to checks"));
    let due = project.run("due", &["--within", "1y"]);
    assert!(due.out.contains("2026-12-31") && due.out.contains("Exception expires") && due.out.contains("EXC-001"), "{}", due.out);
    // It says where the manual is weak: nobody outside gets it.
    project.build(&["--audience", "public"]);
    assert!(common::files(&dist).values().all(|bytes| !String::from_utf8_lossy(bytes).contains("The role is being filled.")));
}

/// Codes with their places, as JSON has them.
fn places(project: &Project, arguments: &[&str]) -> Vec<String> {
    let ran = project.run("check", &[&["--format", "json"], arguments].concat());
    json(&ran).iter().map(|finding| format!("{} {} {}", finding["code"], finding["path"], finding["message"])).collect()
}

#[test]
fn no_day_that_passes_turns_a_change_red() {
    let project = Project::of_the_repository();
    let on = |day: &str| places(&project, &["--no-dates", "--today", day]);
    let today = on("2026-11-29");
    for day in ["2027-06-01", "2031-01-01"] {
        assert_eq!(on(day), today, "nothing has been changed");
    }
    assert!(places(&project, &["--today", "2031-01-01"]).len() > today.len() + 100, "though much is overdue by then");
}

#[test]
fn what_comes_with_the_day_and_what_does_not_is_all_that_there_is() {
    let project = Project::of_the_repository();
    let with = |arguments: &[&str]| places(&project, &[arguments, &["--today", "2031-01-01"]].concat());
    let mut parts = with(&["--dates"]);
    assert!(parts.iter().all(|place| !place.contains("withheld-reference")));
    parts.extend(with(&["--no-dates"]));
    parts.sort();
    let mut all = with(&[]);
    all.sort();
    assert_eq!(parts, all);
}

#[test]
fn a_check_of_dates_says_when_something_else_may_hide_some() {
    let project = Project::sound();
    project.write("content/registers/evidence.yaml", "register: evidence\nrows: {\n");
    let ran = project.run("check", &["--dates"]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(0), "no findings\n"));
    assert_eq!(ran.err, "1 error is not shown, and what is wrong may hide dates; `annexa check` lists all\n");
    project.write("annexa.yaml", "format: [");
    let ran = project.run("check", &["--dates"]);
    assert_eq!((ran.status, ran.codes()), (Some(1), vec!["error[yaml-syntax"]), "where nothing is read, no job is green");
}

#[test]
fn known_findings_pass_and_new_ones_fail() {
    let project = Project::fixture("broken");
    let wrote = project.run("check", &["--write-baseline", "known.json"]);
    assert_eq!(wrote.status, Some(0), "{}", wrote.err);
    assert!(
        wrote.out.ends_with("findings written to known.json; `annexa check --baseline known.json` fails on new ones only\n"),
        "{}",
        wrote.out
    );
    let first = project.run("check", &["--baseline", "known.json"]);
    assert_eq!(first.status, Some(0), "{}", first.out);
    assert!(first.codes().iter().all(|code| code.starts_with("note[")), "{}", first.out);
    assert!(first.out.ends_with("findings of the baseline are not shown\n"), "{}", first.out);

    project.write("content/policies/new.md", document("POL-777", "See [[POL-778]]."));
    let new = project.run("check", &["--baseline", "known.json"]);
    assert_eq!(new.status, Some(1));
    assert_eq!(new.codes().into_iter().filter(|code| code.starts_with("error[")).collect::<Vec<_>>(), ["error[unresolved-reference"]);
    // The same for programs.
    let report = json(&project.run("check", &["--baseline", "known.json", "--format", "json"]));
    assert_eq!(report.iter().filter(|finding| finding["severity"] == "error").count(), 1);
}

#[test]
fn a_baseline_says_what_is_gone_so_that_it_can_shrink() {
    let project = ownerless();
    project.run("check", &["--write-baseline", "known.json"]);
    ends(&project, &["--baseline", "known.json", "--deny", "warnings"], 0, &[]);
    project.write("content/policies/pol-002.md", document("POL-002", ""));
    let gone = project.run("check", &["--baseline", "known.json"]);
    assert_eq!(gone.status, Some(0));
    insta::assert_snapshot!(gone.out, @r"
    note[baseline-outdated]: 1 finding of the baseline is gone
    --> known.json
     = help: write the baseline again with `--write-baseline`, so that they cannot come back unseen
     = help: gone: document-without-owner in content/policies/pol-002.md: POL-002 has no owner

    1 note
    ");
    ends(&project, &["--baseline", "known.json", "--deny", "baseline-outdated"], 1, &["error[baseline-outdated"]);
    project.run("check", &["--baseline", "known.json", "--write-baseline", "known.json"]);
    ends(&project, &["--baseline", "known.json"], 0, &[]);
    assert_eq!(std::fs::read_to_string(project.path("known.json")).unwrap(), "{\n  \"format\": 1,\n  \"findings\": []\n}\n");
}

#[test]
fn a_baseline_of_one_more_of_the_same_is_not_enough() {
    let project = Project::sound();
    let text = |count: usize| document("POL-002", &"See [[POL-099]].\n\n".repeat(count));
    project.write("content/policies/pol-002.md", text(2));
    project.run("check", &["--write-baseline", "known.json"]);
    ends(&project, &["--baseline", "known.json"], 0, &[]);
    project.write("content/policies/pol-002.md", text(3));
    ends(&project, &["--baseline", "known.json"], 1, &["error[unresolved-reference"]);
}

#[test]
fn a_file_that_is_no_baseline_is_refused() {
    let project = ownerless();
    project.write("known.json", "{}");
    let ran = project.run("check", &["--baseline", "known.json"]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.starts_with("annexa: `known.json` is no baseline: missing field `format`"), "{}", ran.err);
}
