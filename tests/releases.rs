//! Releases: tags of a Git repository, read from its object store.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use annexa::base::finding::Place;
use annexa::base::source::{Repository, Scope, SourceFile, Sources};
use common::{Project, SETTINGS, document, git};

fn commit(project: &Project, day: &str) {
    git(project.root(), day, &["add", "-A"]);
    git(project.root(), day, &["commit", "-q", "--allow-empty", "-m", "On this day"]);
}

/// A project in a new repository, committed on 2026-01-10.
fn repository(project: &Project) -> Repository {
    git(project.root(), "2026-01-10", &["init", "-q", "-b", "main"]);
    commit(project, "2026-01-10");
    Repository::around(project.root()).unwrap().unwrap()
}

fn messages(project: &Project) -> (String, String) {
    let ran = project.run("releases", &[]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    (ran.out, ran.err)
}

/// What a person sees of three releases, the last of them a lightweight tag.
#[test]
fn are_listed_with_how_far_each_framework_was_met() {
    let project = Project::sound();
    let _ = repository(&project);
    git(project.root(), "2026-01-12", &["tag", "-a", "v1.9", "-m", "First"]);
    project
        .write("content/policies/pol-001.md", document("POL-001", "").replace("status: draft", "status: approved\napproved: 2026-02-01"));
    commit(&project, "2026-02-01");
    git(project.root(), "2026-02-01", &["tag", "v1.10"]);
    project.write(
        "content/policies/pol-002.md",
        document("POL-002", "").replace("gdpr:32", "gdpr:28(1)").replace("status: draft", "status: approved"),
    );
    commit(&project, "2026-03-01");
    git(project.root(), "2026-03-02", &["tag", "v2"]);
    git(project.root(), "2026-03-02", &["tag", "before-the-audit"]);
    let (out, err) = messages(&project);
    assert_eq!(err, "");
    insta::assert_snapshot!(out);
    let ran = project.run("releases", &["--format", "json"]);
    let all: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&all["releases"][1]["release"], &all["releases"][1]["date"]), (&"v1.10".into(), &"2026-02-01".into()));
    assert!(all["releases"][2]["frameworks"]["gdpr"]["met"].as_u64() > all["releases"][1]["frameworks"]["gdpr"]["met"].as_u64(), "{all}");
}

/// Where annexa.yaml asks for it, a framework's page shows how far each release met it, and the manual itself below them.
#[test]
fn stand_on_the_page_of_a_framework() {
    let project = Project::sound();
    project.write("annexa.yaml", format!("{SETTINGS}releases: {{coverage: true}}\n"));
    let _ = repository(&project);
    git(project.root(), "2026-01-10", &["tag", "v1"]);
    project
        .write("content/policies/pol-001.md", document("POL-001", "").replace("status: draft", "status: approved\napproved: 2026-02-01"));
    let page = std::fs::read_to_string(project.build(&[]).join("frameworks/gdpr.html")).unwrap();
    let (_, section) = page.split_once("<section aria-labelledby=\"over-releases\">").unwrap();
    let section = section.split("</section>").next().unwrap();
    assert!(section.contains("<desc id=\"releases-text\">v1: 0 of 128 met, 2026-06-01: 9 of 128 met</desc>"), "{section}");
    assert!(section.contains("<th scope=\"row\">v1</th>") && section.contains("<th scope=\"row\">2026-06-01</th>"), "{section}");
    let page = std::fs::read_to_string(project.build(&["--audience", "public"]).join("frameworks/gdpr.html")).unwrap();
    assert!(page.contains("v1: 0 of 128 met, 2026-06-01: 0 of 128 met"), "a lower view shows what that view met");

    project.write("annexa.yaml", SETTINGS);
    let page = std::fs::read_to_string(project.build(&[]).join("frameworks/gdpr.html")).unwrap();
    assert!(!page.contains("over-releases"));
}

#[test]
fn are_read_as_a_checkout_of_them_would_be() {
    let project = Project::fixture("small");
    project.write("content/assets/bom.md.txt", b"\xef\xbb\xbfone\r\ntwo\r\n");
    project.write("content/assets/.hidden.md", "left out");
    project.write("content/assets/draft.md~", "left out");
    project.write("content/assets/\u{fc}ber.txt", "umlaut");
    project.write("README.md", "no source");
    #[cfg(unix)]
    for (target, link) in [
        ("shop.svg", "content/assets/link.svg"),
        ("../assets", "content/policies/pictures"),
        ("../../../outside.md", "content/assets/out.md"),
        ("nowhere.md", "content/assets/nothing.md"),
        ("self.md", "content/assets/self.md"),
        ("..", "content/assets/up"),
    ] {
        std::os::unix::fs::symlink(target, project.path(link)).unwrap();
    }
    let repository = repository(&project);
    git(project.root(), "2026-01-10", &["tag", "v1"]);
    let (tags, _) = repository.tags().unwrap();
    let (of_commit, found) = repository.sources(&tags[0].commit, &Scope::default()).unwrap();
    let (of_folder, found_there) = Sources::from_folder(project.root(), &Scope::default()).unwrap();
    let files = |sources: &Sources| sources.iter().map(|(_, file)| file.clone()).collect::<Vec<_>>();
    let paths = |files: &[SourceFile]| files.iter().map(|file| file.path.to_string()).collect::<Vec<_>>();
    let (of_commit, of_folder) = (files(&of_commit), files(&of_folder));
    assert_eq!(paths(&of_commit), paths(&of_folder));
    assert!(of_commit == of_folder);
    let told = |findings: &[annexa::base::finding::Finding]| {
        let mut told: Vec<_> = findings.iter().map(|finding| (finding.rule.code, format!("{:?}", finding.place))).collect();
        told.sort();
        told
    };
    assert_eq!(told(&found), told(&found_there));
    assert!(found.iter().all(|finding| matches!(finding.place, Place::File(_))));
}

#[test]
fn of_a_project_in_a_folder_of_a_repository_are_of_that_folder() {
    let project = Project::sound();
    let top = project.root().parent().unwrap();
    std::fs::write(top.join("annexa.yaml"), "not this one").unwrap();
    git(top, "2026-01-10", &["init", "-q", "-b", "main"]);
    git(top, "2026-01-10", &["add", "-A"]);
    git(top, "2026-01-10", &["commit", "-q", "-m", "All"]);
    git(top, "2026-01-10", &["tag", "v1"]);
    let (out, err) = messages(&project);
    assert!(out.starts_with("v1       2026-01-10  1 document\n") && err.is_empty(), "{out}{err}");
}

#[test]
fn that_are_none_or_cannot_be_read_are_told_and_stop_nothing() {
    let project = Project::sound();
    let _ = repository(&project);
    let tag = |name: &str, of: &str| git(project.root(), "2026-01-10", &["tag", name, of]);
    tag("v1", "HEAD");
    tag("v2-folder", "HEAD:content");
    tag("v3-file", "HEAD:annexa.yaml");
    tag("folder-of-no-release", "HEAD:content");
    project.write("annexa.yaml", SETTINGS.replace("format: 1", "format: 7"));
    commit(&project, "2026-01-11");
    git(project.root(), "2026-01-11", &["tag", "v4"]);
    git(project.root(), "2026-01-11", &["rm", "-q", "annexa.yaml"]);
    commit(&project, "2026-01-12");
    git(project.root(), "2026-01-12", &["tag", "v5"]);
    project.write("annexa.yaml", SETTINGS);
    let ran = project.run("releases", &[]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(ran.out.starts_with("v1       2026-01-10  1 document\n\n"), "{}", ran.out);
    for words in [
        "the tag `v2-folder` leads to a tree, not to a commit",
        "the tag `v3-file` leads to a blob, not to a commit",
        "the release `v4` cannot be read: this version of Annexa reads format 1, not 7",
        "the release `v5` cannot be read: there is no annexa.yaml in this folder",
    ] {
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
    }
    assert!(!ran.err.contains("folder-of-no-release"));
}

#[test]
fn that_a_shallow_clone_lacks_are_told() {
    let project = Project::sound();
    let _ = repository(&project);
    commit(&project, "2026-01-11");
    git(project.root(), "2026-01-11", &["tag", "v1"]);
    let clone = project.beside("clone");
    let from = format!("file://{}", project.root().display());
    git(project.root(), "2026-01-11", &["clone", "-q", "--depth", "1", &from, clone.to_str().unwrap()]);
    let ran = common::run(&clone, ["releases"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(
        ran.err.contains("warning[shallow-clone]: this clone lacks older commits") && ran.err.contains("fetch-depth: 0"),
        "{}",
        ran.err
    );
}

#[test]
fn need_a_repository_and_a_tag() {
    let project = Project::sound();
    let ran = project.run("releases", &[]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.err.contains("lies in no Git repository; releases are its tags"), "{}", ran.err);
    let _ = repository(&project);
    let (out, _) = messages(&project);
    assert_eq!(out, "There is no release: no tag named `v*` holds a manual for auditor.\n");
    project.write("annexa.yaml", format!("{SETTINGS}releases: {{tags: \"isms-?\"}}\n"));
    git(project.root(), "2026-01-11", &["tag", "isms-1"]);
    assert!(messages(&project).0.starts_with("isms-1 "));
}

#[test]
fn show_a_lower_audience_only_what_it_saw() {
    let project = Project::sound();
    let _ = repository(&project);
    git(project.root(), "2026-01-10", &["tag", "v1"]);
    let ran = project.run("releases", &["--audience", "public"]);
    assert!(ran.out.starts_with("v1       2026-01-10  0 documents\n"), "{}", ran.out);
    assert_eq!(project.run("releases", &["--audience", "nobody"]).status, Some(2));
}
