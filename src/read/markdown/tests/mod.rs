//! What a text becomes, and what is said of it: each test shows a text, its tree, and its findings.

mod blocks;
mod headings;
mod hostile;
mod links;
mod refused;
mod words;

use crate::base::finding::{Finding, Place, Span};
use crate::base::source::FileId;
use crate::read::markdown::{Context, Kind, Origin, Values, parse, sexpr};
use crate::read::tree::Body;

fn values() -> Values {
    [
        ("org.name", "Tarnwick *Systems*"),
        ("org.website", "https://www.tarnwick.example"),
        ("org.short_name", "Tarnwick"),
        ("values.hours", "72"),
        ("odd", "o\u{202e}dd"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

fn parse_as(kind: Kind, text: &str) -> (Body, Vec<Finding>) {
    let values = values();
    let context = Context { path: "content/policies/pol-004.md", values: &values, classifications: &[], kind };
    let mut findings = Vec::new();
    let body = parse(text, Origin::At { file: FileId(0), offset: 0 }, &context, &mut findings);
    (body, findings)
}

fn said(text: &str, finding: &Finding) -> String {
    let Place::Span(span) = finding.place else { return "no place".into() };
    let mut line = format!("{} {:?}: {}", finding.rule.code, &text[span.range()], finding.message);
    if let Some(help) = finding.help.first() {
        line += &format!(" ({help})");
    }
    line
}

/// The tree and the findings of a document's body.
fn read(text: &str) -> String {
    read_as(Kind::Document, text)
}

fn read_as(kind: Kind, text: &str) -> String {
    let (body, mut findings) = parse_as(kind, text);
    findings.sort_by_key(|finding| finding.place.clone());
    let said: Vec<String> = findings.iter().map(|finding| format!("! {}", said(text, finding))).collect();
    [vec![sexpr::body(&body)], said].concat().join("\n")
}

/// What the spans of a document's tree cut out of its text.
fn spans(text: &str) -> String {
    let (body, _) = parse_as(Kind::Document, text);
    let lines: Vec<String> = sexpr::spans(&body).into_iter().map(|(span, what)| format!("{what}: {:?}", &text[span.range()])).collect();
    lines.join("\n")
}

#[test]
fn a_text_that_lies_within_a_file_has_its_offset() {
    let values = values();
    let context = Context { path: "a.md", values: &values, classifications: &[], kind: Kind::Document };
    let mut findings = Vec::new();
    let body = parse("# x", Origin::At { file: FileId(3), offset: 100 }, &context, &mut findings);
    let span = Span { file: FileId(3), start: 100, end: 103 };
    assert_eq!((body.blocks[0].span, &findings[0].place), (span, &Place::Span(span)));
}

#[test]
fn a_text_that_was_put_together_has_one_span() {
    let values = values();
    let context = Context { path: "a.yaml", values: &values, classifications: &[], kind: Kind::Prose };
    let mut findings = Vec::new();
    let whole = Span { file: FileId(3), start: 7, end: 9 };
    let body = parse("a [[b c]]\n\n- d", Origin::Whole(whole), &context, &mut findings);
    assert!(sexpr::spans(&body).into_iter().all(|(span, _)| span == whole));
    assert_eq!(findings[0].place, Place::Span(whole));
}
