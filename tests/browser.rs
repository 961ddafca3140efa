//! The built site in a browser, opened from the disk: nothing fails there, and search finds. Where no Chromium is installed, these say so and pass.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use common::Project;
use common::browser::{browser, open};

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
    assert!(
        nothing.dom.contains("“&lt;script&gt;alert(1)&lt;/script&gt;zzz”") && !nothing.dom.contains("<script>alert"),
        "what is asked for is text"
    );
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
