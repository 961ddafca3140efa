//! What was in force on a day, document by document.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{Project, SETTINGS, assert_same, files, git};

fn commit(project: &Project, day: &str, tag: &str) {
    git(project.root(), day, &["add", "-A"]);
    git(project.root(), day, &["commit", "-q", "--allow-empty", "-m", "On this day"]);
    if !tag.is_empty() {
        git(project.root(), day, &["tag", tag]);
    }
}

/// A policy in force from a day.
fn policy(id: &str, version: &str, status: &str, effective: &str) -> String {
    let approved = if status == "approved" { "approved: 2026-01-05\n" } else { "" };
    let effective = if effective.is_empty() { String::new() } else { format!("effective: {effective}\n") };
    format!(
        "---\nid: {id}\ntitle: Title of {id}\ntype: policy\nversion: \"{version}\"\nstatus: {status}\n{approved}{effective}classification: internal\nowner: ciso\napprover: ceo\nsatisfies: [gdpr:32]\n---\n\n{id} in version {version}.\n"
    )
}

fn write(project: &Project, id: &str, version: &str, status: &str, effective: &str) {
    project.write(&format!("content/policies/{}.md", id.to_lowercase()), policy(id, version, status, effective));
}

/// POL-001 changes with v2.0, in force a month later; POL-002 becomes a draft again; POL-003 is retired; POL-004 goes; POL-005 comes.
fn two_years() -> Project {
    let project = Project::new(&[("annexa.yaml", SETTINGS), ("content/registers/roles.yaml", common::ROLES)]);
    git(project.root(), "2026-01-10", &["init", "-q", "-b", "main"]);
    for id in ["POL-001", "POL-002", "POL-003", "POL-004"] {
        write(&project, id, "1.0", "approved", if id == "POL-001" { "2026-01-15" } else { "" });
    }
    commit(&project, "2026-01-10", "v1.0");
    write(&project, "POL-001", "2.0", "approved", "2026-04-01");
    write(&project, "POL-002", "2.0", "draft", "");
    write(&project, "POL-003", "1.0", "retired", "");
    fs::remove_file(project.path("content/policies/pol-004.md")).unwrap();
    write(&project, "POL-005", "1.0", "approved", "");
    commit(&project, "2026-03-01", "v2.0");
    project
}

fn build(project: &Project, day: &str, arguments: &[&str]) -> (PathBuf, String) {
    let out = project.beside(day);
    let ran = project.run("build", &[&["--no-pdf", "--as-of", day, "--out", out.to_str().unwrap()], arguments].concat());
    assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
    (out, ran.out)
}

fn refused(project: &Project, day: &str) -> String {
    let ran = project.run("build", &["--no-pdf", "--as-of", day]);
    assert_ne!(ran.status, Some(0), "{}", ran.out);
    assert!(!project.path(&format!("as-of-{day}")).exists());
    ran.err
}

fn page(out: &Path, path: &str) -> String {
    fs::read_to_string(out.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The rows of the tables of the first page: their cells' words, one line a row.
fn rows(out: &Path) -> Vec<String> {
    let html = page(out, "index.html");
    let (_, tables) = html.split_once("<h2 id=\"in-force\">").unwrap();
    let words = |row: &str| {
        let mut text = String::new();
        for part in row.split('<') {
            text.push(' ');
            text.push_str(part.split_once('>').map_or("", |(_, words)| words));
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    tables.split("<tr>").filter(|row| row.contains("<td")).map(|row| words(row.split("</tr>").next().unwrap())).collect()
}

#[test]
fn each_document_stands_in_the_version_that_was_in_force() {
    let project = two_years();
    let (out, said) = build(&project, "2026-03-15", &[]);
    assert!(
        said.starts_with("Built what was in force on 2026-03-15 for auditor: 3 documents in force, 4 not; release v2.0 of 2026-03-01.\n"),
        "{said}"
    );
    assert!(said.contains("still  as in v1.0: POL-001, POL-002\n"), "{said}");
    assert_eq!(
        rows(&out),
        [
            "POL-001 Title of POL-001 1.0 2026-01-15 Managing director 2026-01-05 v1.0",
            "POL-002 Title of POL-002 1.0 2026-01-10 Managing director 2026-01-05 v1.0",
            "POL-005 Title of POL-005 1.0 2026-03-01 Managing director 2026-01-05 v2.0",
            "POL-001 Title of POL-001 2.0 in force from 2026-04-01 v2.0",
            "POL-002 Title of POL-002 2.0 a draft v2.0",
            "POL-003 Title of POL-003 1.0 retired by v2.0 of 2026-03-01 v2.0",
            "POL-004 Title of POL-004 1.0 no longer in v2.0 of 2026-03-01 v1.0",
        ]
    );
    let index = page(&out, "index.html");
    assert!(index.contains("<h1>In force on 2026-03-15</h1>") && index.contains("href=\"v1.0/documents/pol-001.html\""), "{index}");
    assert!(index.contains("no release yet"));
}

#[test]
fn a_version_is_in_force_from_its_day_on_and_not_before() {
    let project = two_years();
    let in_force = |day: &str| {
        let rows = rows(&build(&project, day, &[]).0);
        rows.into_iter().filter(|row| row.starts_with("POL-001")).collect::<Vec<_>>()
    };
    assert_eq!(in_force("2026-01-10"), ["POL-001 Title of POL-001 1.0 in force from 2026-01-15 v1.0"]);
    assert_eq!(in_force("2026-01-15"), ["POL-001 Title of POL-001 1.0 2026-01-15 Managing director 2026-01-05 v1.0"]);
    assert_eq!(in_force("2026-03-31").len(), 2);
    assert_eq!(in_force("2026-04-01"), ["POL-001 Title of POL-001 2.0 2026-04-01 Managing director 2026-01-05 v2.0"]);
}

#[test]
fn each_page_says_whether_it_was_in_force_and_leads_to_what_was() {
    let project = two_years();
    let (out, _) = build(&project, "2026-03-15", &[]);
    let new = page(&out, "v2.0/documents/pol-001.html");
    assert!(new.contains("As it stood on 2026-03-15: release v2.0 of 2026-03-01"), "{new}");
    assert!(
        new.contains("Not in force on 2026-03-15. In force was <a href=\"../../v1.0/documents/pol-001.html\">version 1.0, in v1.0</a>"),
        "{new}"
    );
    assert!(new.contains("<a href=\"../../index.html\">What was in force on that day</a>") && !new.contains("releases.js"), "{new}");
    let old = page(&out, "v1.0/documents/pol-001.html");
    assert!(!old.contains("Not in force") && old.contains("POL-001 in version 1.0."), "{old}");
    assert!(page(&out, "v2.0/documents/pol-003.html").contains("Not in force on 2026-03-15: retired by v2.0 of 2026-03-01."));
    assert!(page(&out, "v1.0/documents/pol-004.html").contains("Not in force on 2026-03-15: no longer in v2.0 of 2026-03-01."));
    assert!(!page(&out, "v2.0/documents/pol-005.html").contains("Not in force"));
}

/// What happened after the day changes nothing: not later releases, not the day on which it is asked, not what the sources say now.
#[test]
fn a_day_that_is_past_stays_as_it_was() {
    let project = two_years();
    let (out, _) = build(&project, "2026-02-01", &[]);
    let before = files(&out);
    assert!(page(&out, "index.html").contains("v2.0 of 2026-03-01"), "what followed is said");
    project.write("content/policies/pol-001.md", "---\nbroken");
    commit(&project, "2026-05-01", "v3.0");
    let (again, _) = build(&project, "2026-02-01", &["--today", "2028-01-01"]);
    assert_same(&before, &files(&again));
}

#[test]
fn a_lower_audience_sees_what_it_saw() {
    let project = two_years();
    write(&project, "POL-006", "1.0", "approved", "");
    project.edit("content/policies/pol-006.md", "classification: internal", "classification: public");
    commit(&project, "2026-04-10", "v3.0");
    let (out, _) = build(&project, "2026-05-01", &["--audience", "all"]);
    assert_eq!(rows(&out.join("public")), ["POL-006 Title of POL-006 1.0 2026-04-10 ceo 2026-01-05 v3.0"]);
    assert_eq!(rows(&out.join("internal")).len(), rows(&out.join("auditor")).len());
    for (path, bytes) in files(&out.join("public")) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("POL-001") && !text.contains("\"tree\""), "{path}");
    }
}

#[test]
fn days_of_which_nobody_can_say_it_are_refused() {
    let project = two_years();
    assert!(refused(&project, "2026-01-09").contains("nothing was in force yet: the first release, v1.0, is of 2026-01-10"));
    assert!(refused(&project, "2026-06-02").contains("2026-06-02 lies after today, 2026-06-01"));
    assert!(refused(&project, "2026-13-01").contains("invalid value '2026-13-01'"));
    let ran = project.run("build", &["--as-of", "2026-03-15", "--releases"]);
    assert!(ran.status == Some(2) && ran.err.contains("cannot be used with"), "{}", ran.err);

    let withdrawn = "releases: {withdrawn: [{release: v1.0, date: 2026-03-05, reason: It named a customer}]}\n";
    project.write("annexa.yaml", format!("{SETTINGS}{withdrawn}"));
    let said = refused(&project, "2026-02-01");
    assert!(said.contains("release v1.0 of 2026-01-10 stood on that day, and was withdrawn on 2026-03-05: It named a customer."), "{said}");
    let (out, _) = build(&project, "2026-03-15", &[]);
    assert!(!out.join("v1.0").exists() && page(&out, "index.html").contains("Left out, since they are withdrawn or cannot be read: v1.0."));

    project.write("annexa.yaml", "format: 7\n");
    commit(&project, "2026-04-10", "v3.0");
    project.write("annexa.yaml", SETTINGS);
    assert!(
        refused(&project, "2026-05-01").contains("release v3.0 of 2026-04-10 stood on that day, and this version of Annexa cannot read it")
    );
    build(&project, "2026-04-09", &[]);

    let bare = Project::sound();
    assert!(refused(&bare, "2026-05-01").contains("lies in no Git repository"));
    git(bare.root(), "2026-01-10", &["init", "-q", "-b", "main"]);
    commit(&bare, "2026-01-10", "");
    assert!(refused(&bare, "2026-05-01").contains("there is no release; releases are tags"));
}

/// A clone without its history would give a wrong answer, so that it gives none.
#[test]
fn a_shallow_clone_is_refused() {
    let project = two_years();
    let clone = project.beside("clone");
    let from = format!("file://{}", project.root().display());
    git(project.root(), "2026-01-11", &["clone", "-q", "--depth", "1", &from, clone.to_str().unwrap()]);
    let ran = common::run(&clone, ["build", "--no-pdf", "--as-of", "2026-03-15", "--today", "2026-06-01"]);
    assert_eq!(ran.status, Some(1), "{}", ran.err);
    assert!(ran.err.contains("error[shallow-clone]") && ran.err.contains("fetch-depth: 0"), "{}", ran.err);
}

/// Releases that were published are never replaced by an answer about a day, nor taken for it.
#[test]
fn published_releases_are_neither_replaced_nor_taken_for_it() {
    let project = two_years();
    let dist = project.path("dist");
    let ran = project.run("build", &["--no-pdf", "--releases"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    let published = files(&dist);
    let ran = project.run("build", &["--no-pdf", "--as-of", "2026-03-15", "--out", "dist"]);
    assert!(ran.status == Some(2) && ran.err.contains("holds published releases"), "{}", ran.err);
    let ran = project.run("build", &["--no-pdf", "--as-of", "2026-03-15"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert_same(&published, &files(&dist));
    let ran = project.run("build", &["--no-pdf", "--releases", "--out", "as-of-2026-03-15", "--force"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert_same(&published, &files(&project.path("as-of-2026-03-15")));
}

#[test]
fn the_first_page_says_how_approvals_stood() {
    let project = two_years();
    project.write("annexa.yaml", format!("{SETTINGS}version: \"4\"\napprovals: {{required: true, by: {{release: [ceo]}}}}\n"));
    commit(&project, "2026-05-01", "v4.0");
    let (out, _) = build(&project, "2026-05-02", &[]);
    assert_eq!(rows(&out)[0], "POL-001 Title of POL-001 2.0 2026-04-01 Managing director 2026-01-05 v4.0 Never approved");
    assert!(!page(&out, "index.html").contains("Approval of the release"), "no approval of any release is kept");
    let ran = common::run(project.root(), ["approve", "release", "--as", "ceo", "--unsigned", "--today", "2026-05-03"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    commit(&project, "2026-05-03", "");
    for (day, says) in [("2026-05-02", "Never approved"), ("2026-05-03", "As it stands, by Managing director on 2026-05-03")] {
        let (out, _) = build(&project, day, &[]);
        let page = page(&out, "index.html");
        let (_, of_release) = page.split_once("Approval of the release").unwrap();
        assert!(of_release.split("</dl>").next().is_some_and(|of_release| of_release.contains(says)), "{day}: {page}");
    }
}
