//! What a small project looks like when it is built: the pages' main parts, and the text of the PDF, as a reviewer can read them.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::fs;

use common::Project;

/// The main part of a page of the fixture.
fn main_of(page: &str) -> String {
    let project = Project::fixture("small");
    let dist = project.build(&[]);
    let text = fs::read_to_string(dist.join(page)).unwrap();
    let (_, main) = text.split_once("<main").unwrap();
    let (main, _) = main.split_once("</main>").unwrap();
    format!("<main{main}</main>\n")
}

#[test]
fn the_page_of_a_document() {
    insta::assert_snapshot!(main_of("documents/pol-001.html"));
}

#[test]
fn the_page_of_a_control() {
    insta::assert_snapshot!(main_of("controls/iso27017@2015/cld.9.5.1.html"));
}

#[test]
fn the_statement_of_applicability() {
    insta::assert_snapshot!(main_of("soa.html"));
}

#[test]
fn the_abstract_of_a_document_for_those_who_may_not_see_it() {
    let project = Project::fixture("small");
    let dist = project.build(&["--audience", "public"]);
    let page = fs::read_to_string(dist.join("documents/pol-001.html")).unwrap();
    assert!(page.contains("Who may reach what, and how rights <em>end</em>."), "{page}");
    assert!(!page.contains("rights follow tasks"));
}

#[cfg(feature = "pdf")]
#[test]
fn the_text_of_the_pdf() {
    let project = Project::fixture("small");
    let ran = project.run("build", &[]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    let Ok(text) =
        std::process::Command::new("pdftotext").args(["-layout", "-nopgbrk"]).arg(project.path("dist/manual.pdf")).arg("-").output()
    else {
        eprintln!("skipped: pdftotext (poppler-utils) is not installed");
        return;
    };
    assert!(text.status.success());
    let text = String::from_utf8(text.stdout).unwrap();
    insta::assert_snapshot!(text.lines().map(|line| format!("{}\n", line.trim_end())).collect::<String>());
}
