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

/// The text of a PDF, line by line as it is laid out.
#[cfg(feature = "pdf")]
fn text_of(pdf: &std::path::Path) -> Option<String> {
    let Ok(output) = std::process::Command::new("pdftotext").args(["-layout", "-nopgbrk"]).arg(pdf).arg("-").output() else {
        eprintln!("skipped: pdftotext (poppler-utils) is not installed");
        return None;
    };
    assert!(output.status.success());
    // Joiners keep a page number with its words; they are no words.
    let text = String::from_utf8(output.stdout).unwrap().replace('\u{200b}', "");
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    Some(lines.join("\n"))
}

/// Its words with one space between them, as a search or a screen reader gets them.
#[cfg(feature = "pdf")]
fn words_of(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(feature = "pdf")]
#[test]
fn the_text_of_the_pdf() {
    let project = Project::fixture("small");
    let ran = project.run("build", &[]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    let Some(text) = text_of(&project.path("dist/manual.pdf")) else { return };
    insta::assert_snapshot!("pdf", text);
    let words = words_of(&text);
    for expected in [
        // cover, contents, running heads
        "Little & Sons Ltd Information security manual The bookshop and its web shop. Version 1.2 Date 2026-06-01 Classification Confidential",
        "Contents Document control",
        "POL-001 Access & accounts Version 2.0 Internal",
        "Information security manual Version 1.2 Confidential Page 2 of ",
        // a document, its control box and its text
        "Type Policy Classification Internal Version 2.0 Status Approved Owner Security officer Approver Managing director Approved 2026-03-02",
        "At Little & Sons Ltd, rights follow tasks.1 Words can be emphasised, strong, struck, code, H2O, 103 and Ctrl",
        "This is a line of its own, with \"quotes\" & <brackets>.",
        "in other words the procedure p. ",
        "Warning Take care.",
        "Least privilege, in {{ values.hours }} hours.",
        "1. Take the keys back within 24 hours.",
        // the Statement of Applicability
        "ISO/IEC 27017:2015 · CLD.9.5 Access control of cloud service customer data in shared virtual environment",
        "Why it is excluded: We run no",
    ] {
        assert!(words.contains(expected), "`{expected}` stands in:\n{words}");
    }
}

#[cfg(feature = "pdf")]
#[test]
fn the_pdf_of_a_lower_audience_holds_nothing_withheld() {
    let project = Project::fixture("small");
    let ran = project.run("build", &["--audience", "public"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    let Some(text) = text_of(&project.path("dist/manual.pdf")) else { return };
    let words = words_of(&text);
    for withheld in ["rights follow tasks", "Leaver", "Security officer", "Steps", "We run no machines", "Portal of the host"] {
        assert!(!words.contains(withheld), "`{withheld}` stands in:\n{words}");
    }
}
