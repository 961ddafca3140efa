//! The versioned site: a folder for each release, which stays as it was published.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use common::browser::{browser, open};
use common::{Project, SETTINGS, assert_same, document, files, git, run};

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
    assert!(page(&out, "v2.0/changes/since-v1.1.html").contains("What changed is not told any more."));
    assert!(page(&out, "v2.0/changes/since-v1.0.html").contains("Rewritten for the second year.</ins>"));
    assert!(!page(&out, "v2.0/documents/pol-001.html").contains("since-v1.1"));
}

/// Releases that stay as they were published still lead to what a release that was withdrawn since had changed, and to what the one after it had.
#[test]
fn no_link_of_a_published_release_leads_nowhere_when_another_one_is_withdrawn() {
    let project = three_releases();
    project.edit("content/policies/pol-001.md", "Rewritten", "Written again");
    commit(&project, "2026-04-01", "v3.0");
    let (out, _) = build(&project, &[]);
    let document = page(&out, "v3.0/documents/pol-001.html");
    assert!(document.contains("../../v2.0/changes/since-v1.1.html#POL-001"), "{document}");
    project.write("annexa.yaml", format!("{SETTINGS}releases: {{withdrawn: [{{release: v1.1, date: 2026-04-02, reason: It leaked.}}]}}\n"));
    commit(&project, "2026-04-02", "");
    let (out, said) = build(&project, &[]);
    assert!(said.contains("the release `v2.0` is built again") && !said.contains("`v3.0`"), "{said}");
    assert_eq!(page(&out, "v3.0/documents/pol-001.html"), document, "what was published stays");
    for (path, bytes) in files(&out).iter().filter(|(path, _)| path.ends_with(".html")) {
        for tag in common::html::tags(&String::from_utf8_lossy(bytes)) {
            let Some(link) = tag.get("href").filter(|link| link.contains("/changes/")) else { continue };
            let target = out.join(path).parent().unwrap().join(link.split('#').next().unwrap());
            assert!(target.exists(), "{path} leads to {link}");
        }
    }
    assert!(page(&out, "v2.0/changes/since-v1.1.html").contains("url=../../v1.1/index.html"));
    // The notices stay, and nothing is built again for them.
    let (_, said) = build(&project, &[]);
    assert_eq!(said, "");
    let ran = run(project.root(), ["verify", out.to_str().unwrap(), "--project", "."]);
    assert!(ran.status == Some(0) && ran.out.contains("v2.0/Made again from the release v2.0"), "{}{}", ran.out, ran.err);
    assert!(
        ran.out.contains("v3.0/ was not made again: it says in which releases documents changed, of which v1.1 has been"),
        "{}",
        ran.out
    );
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

/// A trust site with two releases, of which the second has a page more; the public sees both documents.
fn trust_releases() -> Project {
    let project = Project::sound();
    let trust = "trust: {audiences: [public], base_url: {public: \"https://trust.example.com\"}, security_txt: {expires: 2026-12-01, contact: [s@example.com]}}\n";
    project.write("annexa.yaml", format!("{SETTINGS}{trust}"));
    let supplier = "{id: SUP-001, name: Host, purpose: Hosting, kind: iaas, personal_data: true, agreement: 2025-12-01, subprocessor: true, country: Ireland, owner: ciso, classification: public, since: 2026-01-01}";
    project.write("content/registers/suppliers.yaml", format!("register: suppliers\nrows:\n  - {supplier}\n"));
    let public = |id: &str, text: &str| document(id, text).replace("classification: internal", "classification: public");
    project.write(POLICY, public("POL-001", "First."));
    git(project.root(), "2026-01-10", &["init", "-q", "-b", "main"]);
    commit(&project, "2026-01-10", "v1.0");
    project.write(POLICY, public("POL-001", "Rewritten.").replace("\"1.0\"", "\"1.1\""));
    project.write("content/policies/pol-002.md", public("POL-002", "Second."));
    commit(&project, "2026-02-01", "v2.0");
    project
}

/// Hosts, search engines and those who report look at the top and nowhere else.
#[test]
fn what_hosts_look_for_stands_at_the_top_and_tells_of_the_latest() {
    let project = trust_releases();
    let (out, said) = build(&project, &["--audience", "public"]);
    assert_eq!(said, "");
    assert!(page(&out, "_headers").starts_with("/*\n  Content-Security-Policy: default-src 'none';"));
    assert!(page(&out, "_headers").contains("/latest/subprocessors.atom\n  Content-Type: application/atom+xml"));
    assert!(page(&out, ".well-known/security.txt").contains("Canonical: https://trust.example.com/.well-known/security.txt\n"));
    let robots = page(&out, "robots.txt");
    assert!(
        robots.contains("Disallow: /*/search.html?\n") && robots.contains("Sitemap: https://trust.example.com/sitemap.xml\n"),
        "{robots}"
    );
    let sitemap = page(&out, "sitemap.xml");
    assert!(sitemap.contains("<loc>https://trust.example.com/latest/</loc>"), "{sitemap}");
    assert!(sitemap.contains("<loc>https://trust.example.com/latest/documents/pol-002.html</loc>"), "{sitemap}");
    assert!(!sitemap.contains("/v1.0/") && !sitemap.contains("/v2.0/"), "{sitemap}");
    assert!(page(&out, "404.html").contains("href=\"/latest/assets/site.css\""));
    for folder in ["v1.0", "v2.0", "latest"] {
        for file in ["_headers", "robots.txt", "sitemap.xml", ".well-known/security.txt"] {
            assert!(!out.join(folder).join(file).exists(), "{folder}/{file}");
        }
    }
    let home = page(&out, "v1.0/index.html");
    assert!(home.contains("href=\"../.well-known/security.txt\""), "{home}");
    assert!(home.contains("<meta property=\"og:url\" content=\"https://trust.example.com/latest/\">"), "{home}");
    assert!(page(&out, "v2.0/subprocessors.atom").contains("href=\"https://trust.example.com/latest/subprocessors.html"));

    // The next release changes what stands at the top, and nothing that was published.
    let before = files(&out);
    fs::remove_file(project.path("content/policies/pol-002.md")).unwrap();
    commit(&project, "2026-03-01", "v3.0");
    build(&project, &["--audience", "public"]);
    let after = files(&out);
    for release in ["v1.0", "v2.0"] {
        assert_eq!(of(&before, release), of(&after, release), "{release}");
    }
    assert!(!page(&out, "sitemap.xml").contains("pol-002"));
    let ran = run(project.root(), ["verify", out.to_str().unwrap()]);
    assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
}

#[test]
fn a_site_of_which_nothing_is_released_asks_search_engines_to_stay_away() {
    let project = trust_releases();
    git(project.root(), "2026-02-01", &["tag", "-d", "v1.0", "v2.0"]);
    let (out, _) = build(&project, &["--audience", "public", "--next"]);
    assert_eq!(page(&out, "robots.txt"), "User-agent: *\nDisallow: /\n");
    assert!(!out.join("sitemap.xml").exists() && page(&out, "_headers").contains("/next/subprocessors.json"));
}

#[test]
fn the_page_of_a_document_leads_to_its_versions_in_earlier_releases() {
    let project = three_releases();
    project.write(POLICY, document("POL-001", "In the third year.").replace("\"1.0\"", "\"2.0\""));
    commit(&project, "2026-04-01", "v3.0");
    let (out, _) = build(&project, &[]);
    let script = page(&out, "releases.js");
    assert!(script.contains(r#""documents/pol-001.html":[[0,"1.0"],[3,"2.0"]]"#), "{script}");
    let latest = page(&out, "latest/documents/pol-001.html");
    assert!(latest.contains("<h2 id=\"part:versions\">Previous versions</h2>"), "{latest}");
    assert!(
        latest.contains("<a href=\"../../releases.html\">Earlier releases hold them</a>"),
        "without a script there is the list of releases"
    );
    // What another run takes over tells the same.
    build(&project, &[]);
    assert_eq!(page(&out, "releases.js"), script);

    let Some(browser) = browser() else { return };
    let versions = |path: &str| {
        let opened = open(browser, &out.canonicalize().unwrap().join(path), "");
        assert_eq!(opened.console, [""; 0], "{path}");
        let (_, from) = opened.dom.split_once("<section class=\"versions\"").unwrap();
        from.split_once("</section>").unwrap().0.to_owned()
    };
    let of_latest = versions("latest/documents/pol-001.html");
    let one = "<li><a href=\"../../v2.0/documents/pol-001.html\">Version 1.0, in v2.0 of 2026-03-01</a></li>";
    assert!(of_latest.contains(one) && of_latest.matches("<li>").count() == 1, "{of_latest}");
    let of_first = versions("v1.0/documents/pol-001.html");
    assert!(of_first.contains("hidden") && !of_first.contains("<li>"), "nothing came before: {of_first}");
}

/// What a pipeline publishes are releases. A draft in the work tree that is broken keeps none of them back; settings that are broken do, since they could be those that
/// withdraw one.
#[test]
fn what_is_wrong_with_the_sources_of_today_stops_no_release() {
    let project = three_releases();
    let (out, _) = build(&project, &[]);
    let published = files(&out);
    project.write("content/policies/draft.md", "---\nid: [broken\n---\n");
    commit(&project, "2026-03-05", "");
    let (_, said) = build(&project, &[]);
    assert_eq!(said, "");
    assert_same(&published, &files(&out));
    let ran = project.run("build", &["--no-pdf", "--releases", "--next", "--out", out.to_str().unwrap()]);
    assert!(ran.status == Some(1) && ran.err.contains("draft.md"), "{}", ran.err);
    project.write("annexa.yaml", format!("{SETTINGS}releases: {{withdrawm: []}}\n"));
    let ran = project.run("build", &["--no-pdf", "--releases", "--out", out.to_str().unwrap()]);
    assert!(ran.status == Some(1) && ran.err.contains("withdrawm"), "{}", ran.err);
    assert_same(&published, &files(&out));
}

#[test]
fn a_release_is_shown_with_its_approval_and_its_pages_do_not_change() {
    let project = three_releases();
    project.write("annexa.yaml", format!("{SETTINGS}version: \"3\"\napprovals: {{by: {{release: [ceo]}}}}\n"));
    commit(&project, "2026-04-01", "v3.0");
    let (out, _) = build(&project, &[]);
    let before = files(&out);
    assert!(!page(&out, "releases.html").contains("Approv") && !page(&out, "releases.js").contains("pprov"));
    let ran = common::run(project.root(), ["approve", "release", "--as", "ceo", "--unsigned", "--today", "2026-04-02"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    commit(&project, "2026-04-03", "");
    build(&project, &[]);
    let after = files(&out);
    for release in ["v1.0", "v2.0", "v3.0"] {
        assert_eq!(of(&before, release), of(&after, release), "{release}");
    }
    assert!(page(&out, "releases.html").contains("Approved by Managing director on 2026-04-02"));
    assert_eq!(page(&out, "releases.html").matches("No approval of it is recorded").count(), 3);
    assert!(page(&out, "releases.js").contains("\"approval\":\"Approved by Managing director on 2026-04-02\""));
    let public = project.beside("public");
    let ran = project.run("build", &["--no-pdf", "--releases", "--audience", "public", "--out", public.to_str().unwrap()]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(!page(&public, "releases.js").contains("pproved"), "lower audiences learn nothing of approvals of releases");
}

#[test]
fn tags_with_slashes_have_folders_without() {
    let project = Project::sound();
    project.write("annexa.yaml", format!("{SETTINGS}releases: {{tags: \"*\"}}\n"));
    git(project.root(), "2026-01-10", &["init", "-q", "-b", "main"]);
    commit(&project, "2026-01-10", "isms/v1.0");
    for tag in ["isms-v1.0", "ISMS/V1.0", "latest", "next"] {
        git(project.root(), "2026-01-11", &["tag", "-a", "-m", "Again", tag]);
    }
    let (out, said) = build(&project, &[]);
    assert!(page(&out, "isms-v1.0/documents/pol-001.html").contains("Release isms/v1.0 of 2026-01-10"));
    assert!(page(&out, "releases.js").contains("\"folder\":\"isms-v1.0\""));
    for words in [
        "the tag `isms-v1.0` would lie in the folder of `isms/v1.0`",
        "the tag `ISMS/V1.0` would lie in the folder of `isms/v1.0`",
        "the tag `latest` would lie where something else of the site does",
        "the tag `next` would lie where something else of the site does",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let ran = project.run("build", &["--no-pdf", "--as-of", "2026-02-01"]);
    assert!(ran.status == Some(0) && project.path("as-of-2026-02-01/isms-v1.0/index.html").is_file(), "{}", ran.err);
}

/// A repository made of commits by the thousand, with tags of every kind: to commits, annotated, of other tags, of trees and files, to nothing, and broken.
#[test]
fn a_large_repository_with_tags_of_every_kind_is_read() {
    use std::fmt::Write as _;
    use std::io::Write as _;
    let project = Project::sound();
    git(project.root(), "2026-01-10", &["init", "-q", "-b", "main"]);
    let mut stream = String::new();
    let data = |text: &str| format!("data {}\n{text}\n", text.len());
    let when = |number: usize| 1_600_000_000 + number * 3600;
    for number in 1..=5000 {
        write!(stream, "commit refs/heads/main\nmark :{number}\ncommitter Office <office@example.com> {} +0000\n", when(number)).unwrap();
        stream.push_str(&data("A change"));
        if number == 1 {
            for path in ["annexa.yaml", "content/registers/roles.yaml"] {
                write!(stream, "M 100644 inline {path}\n{}", data(&fs::read_to_string(project.path(path)).unwrap())).unwrap();
            }
        }
        write!(stream, "M 100644 inline {POLICY}\n{}", data(&document("POL-001", &format!("Change {number}.")))).unwrap();
        if number % 90 == 0 {
            write!(stream, "reset refs/tags/v{}\nfrom :{number}\n\n", number / 90).unwrap();
        }
    }
    for name in ["v56", "v56-again"] {
        write!(stream, "tag {name}\nfrom :5000\ntagger Office <office@example.com> {} +0000\n{}", when(5000), data("Tagged")).unwrap();
    }
    let mut import = std::process::Command::new("git")
        .args(["-c", "core.ignorecase=false", "fast-import", "--quiet"])
        .current_dir(project.root())
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    import.stdin.take().unwrap().write_all(stream.as_bytes()).unwrap();
    assert!(import.wait().unwrap().success());
    git(project.root(), "2026-01-10", &["tag", "-a", "-m", "Of a tag", "v57", "v56"]);
    git(project.root(), "2026-01-10", &["tag", "v58-tree", "v56^{tree}"]);
    git(project.root(), "2026-01-10", &["tag", "-a", "-m", "Of a file", "v59-blob", "v56:annexa.yaml"]);
    let nothing = "1234567890123456789012345678901234567890";
    fs::write(project.path(".git/refs/tags/v60-nothing"), format!("{nothing}\n")).unwrap();
    fs::write(project.path(".git/refs/tags/v61-broken"), "no object id\n").unwrap();

    let ran = project.run("releases", &[]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert_eq!(ran.out.lines().take_while(|line| !line.is_empty()).count(), 58, "{}", ran.out);
    for words in [
        "the tag `v58-tree` leads to a tree, not to a commit",
        "the tag `v59-blob` leads to a blob, not to a commit",
        "the tag `v60-nothing` leads to an object that is not there",
        "the tag `v61-broken` is broken",
    ] {
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
    }
    project.write("annexa.yaml", format!("{SETTINGS}releases: {{tags: v57}}\n"));
    let (out, _) = build(&project, &[]);
    assert!(page(&out, "v57/documents/pol-001.html").contains("Change 5000."));
}

/// A release without some of its files would look whole for good, so that it is none.
#[test]
fn releases_that_lack_files_are_told_and_not_built() {
    let project = three_releases();
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 3\n";
    let oid = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; // of "abc"
    project.write("content/assets/plan.png", pointer.replace("{oid}", oid));
    commit(&project, "2026-03-10", "v2.1");
    fs::remove_file(project.path("content/assets/plan.png")).unwrap();
    let head = "d0ca7dca20cc4e4fd1d5eb2ea2bfc5ad4ea07fd4";
    git(project.root(), "2026-03-11", &["update-index", "--add", "--cacheinfo", &format!("160000,{head},content/shared")]);
    git(project.root(), "2026-03-11", &["commit", "-q", "-m", "A submodule"]);
    git(project.root(), "2026-03-11", &["tag", "v2.2"]);
    git(project.root(), "2026-03-12", &["rm", "-q", "--cached", "content/shared"]);
    commit(&project, "2026-03-12", "");
    let (out, said) = build(&project, &[]);
    for words in [
        "the release `v2.1` cannot be read: `content/assets/plan.png` is a pointer of Git LFS, and the file itself is not there",
        "`git lfs fetch --all`",
        "the release `v2.2` cannot be read: `content/shared` is a submodule, whose files are not in this repository",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!out.join("v2.1").exists() && page(&out, "releases.js").contains("\"latest\":\"v2.0\""));
    let denied = project.beside("denied");
    let ran = project.run("build", &["--no-pdf", "--releases", "--deny", "release-unreadable", "--out", denied.to_str().unwrap()]);
    assert!(ran.status == Some(1) && ran.err.contains("error[release-unreadable]") && !denied.exists(), "{}", ran.err);

    let kept = format!(".git/lfs/objects/{}/{}/{oid}", &oid[..2], &oid[2..4]);
    project.write(&kept, "not it");
    assert!(build(&project, &[]).1.contains("pointer of Git LFS"), "a file with another digest is not taken");
    project.write(&kept, "abc");
    assert!(!build(&project, &[]).1.contains("pointer of Git LFS"));
    assert!(page(&out, "releases.js").contains("\"latest\":\"v2.1\""));

    project.write("content/assets/plan.png", pointer.replace("{oid}", oid));
    let ran = project.run("check", &[]);
    assert!(ran.status == Some(1) && ran.out.contains("error[lfs-pointer]") && ran.out.contains("git lfs pull"), "{}", ran.out);
}

/// A clone without blobs (`--filter=blob:none`) has commits and trees, and no files.
#[test]
fn a_clone_without_its_files_is_told() {
    let project = three_releases();
    git(project.root(), "2026-03-10", &["config", "uploadpack.allowFilter", "true"]);
    let clone = project.beside("clone");
    let from = format!("file://{}", project.root().display());
    git(project.root(), "2026-03-10", &["clone", "-q", "--filter=blob:none", &from, clone.to_str().unwrap()]);
    let ran = common::run(&clone, ["build", "--no-pdf", "--releases", "--today", common::TODAY]);
    let words = "the release `v1.1` cannot be read: `content/policies/pol-001.md` is not in the object store, and 1 more like it";
    assert!(ran.err.contains(words) && ran.err.contains("in a clone made without `--filter`"), "{}", ran.err);
    assert!(clone.join("dist/v2.0").is_dir() && !clone.join("dist/v1.1").exists(), "{}", ran.err);
}

/// Every folder is whole, and the files at the top lead to nothing that is not there.
#[track_caller]
fn is_whole(out: &Path, when: &str) {
    if !out.exists() {
        return;
    }
    for entry in fs::read_dir(out).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir()) {
        let published = annexa::publish::verify(&entry.path()).unwrap();
        assert!(
            published.manifest.is_some() && published.findings.is_empty(),
            "{when}: {} {:?}",
            entry.path().display(),
            published.findings
        );
    }
    let Ok(script) = fs::read_to_string(out.join("releases.js")) else { return };
    let said = script.strip_prefix("window.annexaReleases = ").unwrap().trim_end().trim_end_matches(';');
    let said: serde_json::Value = serde_json::from_str(said).unwrap();
    for release in said["releases"].as_array().unwrap() {
        let name = release["name"].as_str().unwrap();
        assert!(out.join(name).join("index.html").is_file(), "{when}: releases.js names {name}");
    }
}

/// Spawns a build and kills it once something is there, or after a time.
fn kill(project: &Project, out: &Path, mut when: impl FnMut() -> bool) {
    let mut command = common::annexa(project.root());
    command.args(["build", "--no-pdf", "--releases", "--next", "--today", common::TODAY, "--out", out.to_str().unwrap()]);
    let mut child = command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    while child.try_wait().unwrap().is_none() && !when() {
        std::thread::sleep(std::time::Duration::from_micros(200));
    }
    child.kill().ok();
    child.wait().unwrap();
}

/// A moment of publishing by its name, and whether it has come.
type Moment<'a> = (&'static str, Box<dyn Fn() -> bool + 'a>);

#[test]
fn killed_at_any_moment_every_folder_is_whole_and_the_next_build_succeeds() {
    let project = three_releases();
    let out = project.beside("out");
    let staged = |what: &str| {
        let beside = fs::read_dir(project.beside("")).unwrap().map(|entry| entry.unwrap().path());
        let what = what.to_owned();
        beside.filter(|path| path.to_string_lossy().contains(".annexa-staging-")).any(|path| path.join(&what).exists())
    };
    // A folder goes in once the staging no longer has it.
    let moments: [Moment<'_>; 7] = [
        ("the staging is made", Box::new(|| staged(""))),
        ("the first release is being written", Box::new(|| staged("v1.0"))),
        ("the second is", Box::new(|| staged("v2.0/documents"))),
        ("the latest is copied", Box::new(|| staged("latest"))),
        ("the first release is in place", Box::new(|| out.join("v1.0").exists())),
        ("the latest is in place", Box::new(|| out.join("latest").exists())),
        ("the first file at the top is", Box::new(|| out.join("releases.js").exists())),
    ];
    for (when, moment) in &moments {
        kill(&project, &out, moment);
        is_whole(&out, when);
    }
    build(&project, &["--next"]);
    is_whole(&out, "a build after all");
    let before = files(&out);

    project.write(POLICY, document("POL-001", "Rewritten for the third year."));
    commit(&project, "2026-04-01", "v3.0");
    let moments: [Moment<'_>; 4] = [
        ("the new release is being written", Box::new(|| staged("v3.0"))),
        ("what is next is", Box::new(|| staged("next"))),
        ("the new release is in place", Box::new(|| out.join("v3.0").exists())),
        ("the files at the top are written", Box::new(|| staged(".top"))),
    ];
    for (when, moment) in &moments {
        kill(&project, &out, moment);
        is_whole(&out, when);
        let now = files(&out);
        for release in ["v1.0", "v1.1", "v2.0"] {
            assert_eq!(of(&before, release), of(&now, release), "{when}: {release}");
        }
    }
    build(&project, &["--next"]);
    let clean = project.beside("clean");
    let ran = project.run("build", &["--no-pdf", "--releases", "--next", "--out", clean.to_str().unwrap()]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert_same(&files(&clean), &files(&out));
    let left: Vec<_> = fs::read_dir(project.beside("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("staging") || name.to_string_lossy().contains("old")), "{left:?}");
}

#[test]
fn two_builds_at_once_into_one_folder_leave_one_whole_output() {
    let project = three_releases();
    let out = project.beside("out");
    let spawn = || {
        let mut command = common::annexa(project.root());
        command.args(["build", "--no-pdf", "--releases", "--today", common::TODAY, "--out", out.to_str().unwrap()]);
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap()
    };
    let both: Vec<common::Ran> = [spawn(), spawn()].map(|child| child.wait_with_output().unwrap().into()).into();
    assert!(both.iter().any(|ran| ran.status == Some(0)), "{both:?}");
    for ran in both.iter().filter(|ran| ran.status != Some(0)) {
        assert!(ran.status == Some(2) && ran.err.contains("another build"), "{}", ran.err);
    }
    is_whole(&out, "two at once");
    let clean = project.beside("clean");
    let ran = project.run("build", &["--no-pdf", "--releases", "--out", clean.to_str().unwrap()]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert_same(&files(&clean), &files(&out));
}
