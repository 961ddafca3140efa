//! The versioned site: a folder for each release, which stays as it was published.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use common::{Project, SETTINGS, assert_same, document, files, git};

const POLICY: &str = "content/policies/pol-001.md";

fn commit(project: &Project, day: &str, tag: &str) {
    git(project.root(), day, &["add", "-A"]);
    git(project.root(), day, &["commit", "-q", "--allow-empty", "-m", "On this day"]);
    if !tag.is_empty() {
        git(project.root(), day, &["tag", tag]);
    }
}

/// Three releases: POL-002 comes with v1.1 and is gone in v2.0, where POL-001 has other words.
fn three_releases() -> Project {
    let project = Project::sound();
    git(project.root(), "2026-01-10", &["init", "-q", "-b", "main"]);
    commit(&project, "2026-01-10", "v1.0");
    project.write("content/policies/pol-002.md", document("POL-002", "Second."));
    commit(&project, "2026-02-01", "v1.1");
    fs::remove_file(project.path("content/policies/pol-002.md")).unwrap();
    project.write(POLICY, document("POL-001", "Rewritten for the second year."));
    commit(&project, "2026-03-01", "v2.0");
    project
}

fn build(project: &Project, arguments: &[&str]) -> (PathBuf, String) {
    let out = project.beside("out");
    let ran = project.run("build", &[&["--no-pdf", "--releases", "--out", out.to_str().unwrap()], arguments].concat());
    assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
    (out, ran.err)
}

fn page(out: &Path, path: &str) -> String {
    fs::read_to_string(out.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn of<'a>(files: &'a BTreeMap<String, Vec<u8>>, folder: &str) -> BTreeMap<&'a str, &'a Vec<u8>> {
    files.iter().filter_map(|(path, bytes)| Some((path.strip_prefix(folder)?.strip_prefix('/')?, bytes))).collect()
}

#[test]
fn each_release_has_a_folder_with_what_it_said() {
    let project = three_releases();
    let (out, said) = build(&project, &[]);
    assert_eq!(said, "");
    assert!(page(&out, "v1.1/documents/pol-002.html").contains("Second."));
    assert!(!out.join("v1.0/documents/pol-002.html").exists() && !out.join("v2.0/documents/pol-002.html").exists());
    assert!(page(&out, "v2.0/documents/pol-001.html").contains("Rewritten"));
    assert!(!page(&out, "v1.1/documents/pol-001.html").contains("Rewritten"));
    assert!(page(&out, "v1.0/documents/pol-001.html").contains("Release v1.0 of 2026-01-10"));
}

#[test]
fn the_latest_has_the_newest_release_and_a_page_for_whatever_there_was() {
    let project = three_releases();
    let (out, _) = build(&project, &[]);
    let all = files(&out);
    let (newest, latest) = (of(&all, "v2.0"), of(&all, "latest"));
    for (path, bytes) in newest.iter().filter(|(path, _)| **path != "manifest.json") {
        assert_eq!(latest.get(path), Some(bytes), "{path}");
    }
    let more: Vec<&&str> = latest.keys().filter(|path| !newest.contains_key(*path)).collect();
    // What changed in v1.1 is read there.
    assert_eq!(more, [&"changes/since-v1.0.html", &"documents/pol-002.html"]);
    let moved = page(&out, "latest/documents/pol-002.html");
    assert!(
        moved.contains("It is not in v2.0. It last stood in v1.1.") && moved.contains("url=../../v1.1/documents/pol-002.html"),
        "{moved}"
    );
    assert!(page(&out, "index.html").contains("url=latest/index.html"));
}

#[test]
fn one_file_at_the_top_tells_pages_of_the_others() {
    let project = three_releases();
    let (out, _) = build(&project, &["--next"]);
    let script = page(&out, "releases.js");
    let said: serde_json::Value =
        serde_json::from_str(script.strip_prefix("window.annexaReleases = ").unwrap().trim_end().trim_end_matches(';')).unwrap();
    assert_eq!(said["latest"], "v2.0");
    assert_eq!(said["pages"]["documents/pol-002.html"], serde_json::json!([[1, 1]]));
    assert_eq!(said["pages"]["documents/pol-001.html"], serde_json::json!([[0, 3]]));
    assert!(page(&out, "next/index.html").contains("Not released: as the sources stand on"));
    let list = page(&out, "releases.html");
    assert!(list.contains("<a href=\"latest/index.html\">v2.0</a>") && list.contains("<a href=\"v1.1/index.html\">v1.1</a>"), "{list}");
    assert!(list.contains("href=\"latest/assets/site.css\""));
}

#[test]
fn each_release_tells_what_changed_and_each_document_in_which_releases_it_did() {
    let project = three_releases();
    let (out, _) = build(&project, &["--next"]);
    assert!(!out.join("v1.0/changes").exists());
    let changes = page(&out, "v2.0/changes/since-v1.1.html");
    assert!(changes.contains("Changes from v1.1 to v2.0") && changes.contains("Rewritten for the second year.</ins>"), "{changes}");
    assert!(page(&out, "v2.0/index.html").contains("<a href=\"changes/since-v1.1.html\">Changes since v1.1</a>"));
    assert!(page(&out, "v1.1/documents/pol-002.html").contains("<a href=\"../changes/since-v1.0.html#POL-002\">v1.1</a>"));
    assert!(page(&out, "next/documents/pol-001.html").contains("<a href=\"../../v2.0/changes/since-v1.1.html#POL-001\">v2.0</a>"));
    // One that a later release was compared with, and that must go, takes that comparison with it.
    project.write("annexa.yaml", format!("{SETTINGS}releases: {{withdrawn: [{{release: v1.1, date: 2026-04-01, reason: It leaked.}}]}}\n"));
    let (out, said) = build(&project, &[]);
    assert!(said.contains("what is published tells what changed since a release that is withdrawn"), "{said}");
    assert!(!out.join("v2.0/changes/since-v1.1.html").exists() && out.join("v2.0/changes/since-v1.0.html").exists());
    assert!(!page(&out, "v2.0/documents/pol-001.html").contains("since-v1.1"));
}

/// The next release changes no byte of those before, whatever version of the tool or settings make it.
#[test]
fn a_published_release_is_taken_over_as_it_is() {
    let project = three_releases();
    let (out, _) = build(&project, &[]);
    let before = files(&out);
    project.write("annexa.yaml", SETTINGS.replace("title: ", "title: Another "));
    commit(&project, "2026-04-01", "v3.0");
    let (_, said) = build(&project, &[]);
    assert_eq!(said, "");
    let after = files(&out);
    for release in ["v1.0", "v1.1", "v2.0"] {
        assert_eq!(of(&before, release), of(&after, release), "{release}");
    }
    assert!(page(&out, "latest/index.html").contains("Another"));
    let again = build(&project, &[]).0;
    assert_same(&after, &files(&again));
}

#[test]
fn what_was_published_elsewhere_is_copied_and_the_same_as_built_in_place() {
    let project = three_releases();
    let (out, _) = build(&project, &[]);
    let published = project.beside("published");
    fs::rename(&out, &published).unwrap();
    let ran = project.run("build", &["--no-pdf", "--releases", "--out", out.to_str().unwrap(), "--previous", published.to_str().unwrap()]);
    assert!(ran.out.contains("0 made, 3 taken over"), "{}{}", ran.out, ran.err);
    assert_same(&files(&published), &files(&out));
}

#[test]
fn what_was_altered_or_retagged_is_built_again_and_said() {
    let project = three_releases();
    let (out, _) = build(&project, &[]);
    let whole = files(&out);
    fs::write(out.join("v1.0/documents/pol-001.html"), "<p>Forged").unwrap();
    fs::write(out.join("v1.1/added.html"), "<p>Added").unwrap();
    let (_, said) = build(&project, &[]);
    assert!(said.contains("release `v1.0` is built again: `documents/pol-001.html` is not as it was written"), "{said}");
    assert!(said.contains("release `v1.1` is built again: `added.html` is not of this output"), "{said}");
    assert_same(&whole, &files(&out));
    git(project.root(), "2026-02-01", &["tag", "-f", "v1.1", "v2.0"]);
    let (_, said) = build(&project, &[]);
    assert!(said.contains("release `v1.1` is built again"), "{said}");
    assert!(page(&out, "v1.1/documents/pol-001.html").contains("Rewritten"));
}

#[test]
fn a_withdrawn_release_leaves_a_notice_and_nothing_else() {
    let project = three_releases();
    let (out, _) = build(&project, &[]);
    let withdrawn = "releases: {withdrawn: [{release: v1.1, date: 2026-03-05, reason: It named a customer.}]}\n";
    project.write("annexa.yaml", format!("{SETTINGS}{withdrawn}"));
    commit(&project, "2026-03-06", "");
    build(&project, &[]);
    let left = files(&out);
    assert_eq!(of(&left, "v1.1").into_keys().collect::<Vec<_>>(), ["index.html", "manifest.json"]);
    assert!(page(&out, "v1.1/index.html").contains("It named a customer."));
    assert!(!out.join("latest/documents/pol-002.html").exists(), "nothing leads to what was withdrawn");
    let found = left.iter().filter(|(path, bytes)| !path.starts_with("v1.1/") && String::from_utf8_lossy(bytes).contains("POL-002"));
    assert_eq!(found.count(), 0);

    project.write("annexa.yaml", format!("{SETTINGS}{}", withdrawn.replace("v1.1", "v1.2")));
    let ran = project.run("build", &["--no-pdf", "--releases", "--out", out.to_str().unwrap()]);
    assert!(ran.status == Some(1) && ran.err.contains("there is no release `v1.2` to withdraw"), "{}", ran.err);
    assert_same(&left, &files(&out));
}

#[test]
fn every_page_of_every_release_names_that_of_the_latest_as_canonical() {
    let project = three_releases();
    git(project.root(), "2026-03-01", &["tag", "-d", "v1.0", "v1.1", "v2.0"]);
    project.write("annexa.yaml", format!("{SETTINGS}site: {{base_url: https://isms.example.com}}\n"));
    commit(&project, "2026-03-02", "v3.0");
    let (out, _) = build(&project, &[]);
    let canonical = "<link rel=\"canonical\" href=\"https://isms.example.com/latest/documents/pol-001.html\">";
    assert!(page(&out, "v3.0/documents/pol-001.html").contains(canonical));
    assert!(page(&out, "latest/documents/pol-001.html").contains(canonical));
}

#[test]
fn releases_that_cannot_be_read_do_not_stop_the_others() {
    let project = three_releases();
    project.write("annexa.yaml", "format: 7\n");
    commit(&project, "2026-03-10", "v2.1");
    project.write("annexa.yaml", SETTINGS);
    commit(&project, "2026-03-11", "");
    let (out, said) = build(&project, &[]);
    assert!(said.contains("the release `v2.1` cannot be read"), "{said}");
    assert!(page(&out, "index.html").contains("latest/index.html") && !out.join("v2.1").exists());
    assert!(page(&out, "releases.js").contains("\"latest\":\"v2.0\""));
}

#[test]
fn changes_that_no_release_shows_are_said() {
    let project = three_releases();
    project.edit(POLICY, "Rewritten", "Edited");
    let (out, said) = build(&project, &[]);
    assert!(said.contains("`content/policies/pol-001.md` changed since the last commit, and no release shows it"), "{said}");
    assert!(!page(&out, "latest/documents/pol-001.html").contains("Edited"));
    let (out, said) = build(&project, &["--next"]);
    assert_eq!(said, "");
    assert!(page(&out, "next/documents/pol-001.html").contains("Edited"));
}

/// What lower audiences get says nothing of the sources: neither their tree nor that something withheld has changed.
#[test]
fn a_lower_audience_gets_no_mark_of_the_sources() {
    let project = three_releases();
    let out = project.beside("all");
    let ran = project.run("build", &["--no-pdf", "--releases", "--audience", "all", "--out", out.to_str().unwrap()]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(page(&out, "auditor/v1.0/manifest.json").contains("\"tree\""));
    for (path, bytes) in files(&out.join("public")) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("\"tree\"") && !text.contains("POL-001"), "{path}");
    }
}

#[test]
fn a_plain_build_does_not_wipe_releases_and_foreign_files_are_kept() {
    let project = three_releases();
    let (out, _) = build(&project, &[]);
    let ran = project.run("build", &["--no-pdf", "--out", out.to_str().unwrap()]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.err.contains("holds files that Annexa did not write there") && ran.err.contains("`v1.0/`"), "{}", ran.err);
    fs::write(out.join("CNAME"), "isms.example.com").unwrap();
    let ran = project.run("build", &["--no-pdf", "--releases", "--out", out.to_str().unwrap()]);
    assert_eq!(ran.status, Some(2), "{}", ran.out);
    assert!(ran.err.contains("`CNAME`"), "{}", ran.err);
}

#[test]
fn without_a_release_there_is_nothing_to_build_but_what_is_next() {
    let project = Project::sound();
    let out = project.beside("out");
    let out = out.to_str().unwrap();
    let ran = project.run("build", &["--no-pdf", "--releases", "--out", out]);
    assert!(ran.status == Some(2) && ran.err.contains("lies in no Git repository"), "{}", ran.err);
    git(project.root(), "2026-01-10", &["init", "-q", "-b", "main"]);
    commit(&project, "2026-01-10", "");
    let ran = project.run("build", &["--no-pdf", "--releases", "--out", out]);
    assert!(ran.status == Some(2) && ran.err.contains("there is no release to build"), "{}", ran.err);
    let ran = project.run("build", &["--no-pdf", "--releases", "--next", "--out", out]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(page(Path::new(out), "index.html").contains("next/index.html"));
}
