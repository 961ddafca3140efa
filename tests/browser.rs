//! The built site in a browser, opened from the disk: nothing fails there, and search finds. Where no Chromium is installed, these say so and pass.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::path::Path;
use std::process::{Command, Stdio};

use common::Project;

const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// What a browser made of a page: its tree once the scripts have run, and what stands in the console.
struct Opened {
    dom: String,
    console: Vec<String>,
}

/// A browser that is installed.
fn browser() -> Option<&'static str> {
    let runs = |name: &&&str| {
        Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    let found = NAMES.iter().find(runs);
    if found.is_none() {
        eprintln!("skipped: none of {NAMES:?} is installed");
    }
    found.copied()
}

/// Opens a page from the disk, without a network.
fn open(browser: &str, page: &Path, query: &str) -> Opened {
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"])
        .args(["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--enable-logging=stderr", "--v=0"])
        .args(["--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=4000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}{query}", page.display()))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let console = String::from_utf8_lossy(&output.stderr).lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect();
    Opened { dom: String::from_utf8(output.stdout).unwrap(), console }
}

#[test]
fn pages_open_from_the_disk_without_an_error_and_search_finds_them() {
    let Some(browser) = browser() else { return };
    let project = Project::of_the_repository();
    let dist = project.build(&[]).canonicalize().unwrap();

    for page in ["index.html", "documents/pol-004.html", "controls/iso27001@2022/a.5.18.html", "soa.html"] {
        let opened = open(browser, &dist.join(page), "");
        assert_eq!(opened.console, [""; 0], "{page}");
        assert!(opened.dom.contains("role=\"combobox\""), "{page}: the search box is alive");
        assert!(!opened.dom.contains("class=\"scheme\" type=\"button\" hidden"), "{page}: the switch of colours is shown");
    }

    for (query, finds) in [
        ("POL-004", "documents/pol-004.html\""),
        ("a518", "controls/iso27001@2022/a.5.18.html\""),
        ("supplier", "documents/sop-006.html\""),
    ] {
        let opened = open(browser, &dist.join("search.html"), &format!("?q={query}"));
        assert_eq!(opened.console, [""; 0], "{query}");
        let (_, results) = opened.dom.split_once("id=\"page:results\"").unwrap();
        assert!(results.contains(finds), "{query} finds {finds}: {}", &results[..results.len().min(3000)]);
    }
    let nothing = open(browser, &dist.join("search.html"), "?q=%3Cscript%3Ealert(1)%3C/script%3Ezzz");
    assert!(nothing.dom.contains("0 results") && !nothing.dom.contains("<script>alert"), "what is asked for is text");
    assert_eq!(nothing.console, [""; 0]);
}

#[test]
fn what_is_overdue_on_the_day_of_reading_is_marked() {
    let Some(browser) = browser() else { return };
    let project = Project::sound();
    let reviewed = "status: approved\napproved: 2001-01-01\nreviewed: 2001-01-01\nreview_every: 1 month\nhistory: [{version: \"1.0\", date: 2001-01-01}]";
    project.edit("content/policies/pol-001.md", "status: draft", reviewed);
    let dist = project.build(&[]).canonicalize().unwrap();
    let opened = open(browser, &dist.join("documents/pol-001.html"), "");
    assert!(opened.dom.contains("state overdue"), "{}", opened.dom);
    assert_eq!(opened.console, [""; 0]);
}

#[test]
fn an_error_in_a_page_would_be_seen() {
    let Some(browser) = browser() else { return };
    let project =
        Project::new(&[("page.html", "<!doctype html><title>a</title><script>nothing();</script><script src=missing.js></script>")]);
    let opened = open(browser, &project.path("page.html").canonicalize().unwrap(), "");
    assert!(opened.console.iter().any(|line| line.contains("nothing is not defined")), "{:?}", opened.console);
}
