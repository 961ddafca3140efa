//! Test vectors of docs/approvals.md, and what does and does not change a text.

use std::sync::Arc;

use super::*;
use crate::link::view::{Audience, view};
use crate::read;

const SETTINGS: &str = "format: 1\ntitle: Manual\norg: {name: Example Ltd}\nframeworks: [iso27001@2022]\nvalues: {hours: 24}\n";

/// The document of docs/approvals.md.
const DOCUMENT_TEXT: &str = include_str!("../../../../docs/approvals/pol-004.md");

/// The vector of docs/approvals.md.
const VECTOR: &str = include_str!("../../../../docs/approvals/pol-004.txt");
const VECTOR_SHA256: &str = include_str!("../../../../docs/approvals/pol-004.sha256");

fn parsed(document: &str) -> Parsed {
    let sources = Sources::from_texts(&[("annexa.yaml", SETTINGS), ("content/policies/pol-004.md", document)]);
    read::parse(Arc::new(sources.with_files(read::built_in())), &mut Vec::new()).unwrap()
}

fn text_of(text: &str) -> String {
    let parsed = parsed(text);
    document(&parsed.documents[0], &Context::of(&parsed)).text
}

#[test]
fn a_document_has_the_text_of_the_vector() {
    let text = text_of(DOCUMENT_TEXT);
    assert_eq!(text, VECTOR);
    assert_eq!(sha256(text.as_bytes()), VECTOR_SHA256.split_whitespace().next().unwrap());
}

#[test]
fn layout_and_dates_change_nothing() {
    for (from, to) in [
        ("status: review", "status: approved\napproved: 2026-03-02\neffective: 2026-03-15\nreviewed: 2026-04-01"),
        ("review_every: 12 months\n", ""),
        ("change: Adds service accounts", "change: Something else"),
        ("distribution: [all-staff, auditors]", "distribution:\n  - auditors\n  - all-staff"),
        ("id: POL-004\ntitle: Access control policy\n", "title: \"Access control policy\"\nid: POL-004\n"),
        ("Access ends *within* {{ values.hours }} hours.[^1]\nSee", "Access ends\n_within_ 24   hours.[^note] See"),
        ("1. Ask.\n2. Remove", "1. Ask.\n\n2. Remove"),
        ("| ---- | ---: |", "|:-|-|"),
        ("```sh\nrm  -r\tx\n```", "    rm  -r\tx"),
        ("- [x] done\n- [ ] open", "* [X] done\n\n* [ ] open"),
        ("## Code", "Code\n----"),
        ("iso27001:A.5.15", "iso27001@2022:A.5.15"),
    ] {
        let mut changed = DOCUMENT_TEXT.replacen(from, to, 1);
        assert_ne!(changed, DOCUMENT_TEXT, "{from}");
        if to.contains("[^note]") {
            changed = changed.replace("[^1]:", "[^note]:");
        }
        assert_eq!(text_of(&changed), VECTOR, "{to}");
    }
}

#[test]
fn what_is_said_changes_the_text() {
    for (from, to) in [
        ("within", "without"),
        ("{{ values.hours }}", "8"),
        ("next   working", "same"),
        ("classification: internal", "classification: public"),
        ("{for: customer,", "{for: public,"),
        ("2.1\"\nstatus", "2.2\"\nstatus"),
        ("approver: ceo", "approver: cto"),
        ("A.5.15", "A.5.16"),
        ("SOP-009#exit", "SOP-009"),
        ("1. Ask.\n2. Remove", "- Ask.\n- Remove"),
        ("~~soon~~", "soon"),
        ("10<sup>2</sup>", "102"),
        ("[!NOTE]", "[!WARNING]"),
        ("- [ ] open", "- [x] open"),
        ("rm  -r", "rm -r"),
        ("classification=confidential", "classification=internal"),
        ("## Leavers", "### Leavers"),
    ] {
        let changed = DOCUMENT_TEXT.replacen(from, to, 1);
        assert_ne!(changed, DOCUMENT_TEXT, "{from}");
        assert_ne!(text_of(&changed), VECTOR, "{to}");
    }
}

#[test]
fn words_that_look_like_marks_are_escaped() {
    let text = text_of(&format!("{}---\n\nA {{strike|no}} \\\\ and `}}`\n", DOCUMENT_TEXT.split("---\n\n").next().unwrap()));
    assert!(text.ends_with("body\nparagraph A \\{strike\\|no\\} \\\\ and \\}\n"), "{text}");
}

/// What a lower audience compares is the same whether the text is cut or the document: for marks that nest, and for footnotes of either side.
#[test]
fn a_text_loses_what_a_view_withholds() {
    let body = "First.[^a]\n\n## One {classification=confidential}\n\nHidden.[^b] [^c]\n\n### Below\n\nHidden.[^d]\n\n## Two\n\nShown.[^c]\n\n\
                ### Three {classification=customer}\n\nShown.\n\n#### Four {classification=internal}\n\nFor some.\n\n### Five\n\nShown.\n\n\
                [^a]: A.\n[^b]: B.\n[^c]: C.[^e]\n[^d]: D.\n[^e]: E.[^c]\n";
    let head = DOCUMENT_TEXT.split("---\n\n").next().unwrap().replace("classification: internal", "classification: public");
    let parsed = parsed(&format!("{head}---\n\n{body}"));
    let context = Context::of(&parsed);
    let whole = document(&parsed.documents[0], &context).text;
    for audience in Audience::all(&parsed.project) {
        let seen = view(&parsed, audience.clone());
        let of_view = document(&seen.documents[0], &context).text;
        assert_eq!(visible(&whole, &audience, &parsed.project), Some(of_view), "{}", audience.name);
    }
}

#[test]
fn a_text_that_is_not_for_an_audience_is_not_compared() {
    let parsed = parsed(DOCUMENT_TEXT);
    let audience = |name: &str| Audience::named(name, &parsed.project).unwrap();
    assert_eq!(visible(VECTOR, &audience("customer"), &parsed.project), None);
    assert!(
        visible(VECTOR, &audience("internal"), &parsed.project).is_some_and(|text| !text.contains("Leavers") && text.contains("footnote"))
    );
    assert_eq!(visible("annexa-document-9\nbody\n", &audience("auditor"), &parsed.project), None);
}

/// Every key of front matter is part of what is approved, but for those that say where a document stands in its life. A new key has to be decided on here.
#[test]
fn exactly_the_keys_of_a_documents_life_are_left_out() {
    const LIFE: [&str; 6] = ["status", "approved", "effective", "reviewed", "review_every", "history"];
    let values = [
        ("id", "POL-004", "POL-005"),
        ("title", "One", "Two"),
        ("type", "policy", "plan"),
        ("version", "\"1\"", "\"2\""),
        ("status", "review", "approved"),
        ("classification", "internal", "customer"),
        ("abstract", "{for: public, text: One}", "{for: public, text: Two}"),
        ("on_request", "public", "customer"),
        ("nda", "true", "false"),
        ("owner", "ciso", "cto"),
        ("approver", "ceo", "cto"),
        ("approved", "2026-01-01", "2026-01-02"),
        ("effective", "2026-01-01", "2026-01-02"),
        ("reviewed", "2026-01-01", "2026-01-02"),
        ("review_every", "1 year", "2 years"),
        ("retention", "1 year", "2 years"),
        ("distribution", "[all-staff]", "[board]"),
        ("satisfies", "[iso27001:A.5.1]", "[iso27001:A.5.2]"),
        ("language", "en", "de"),
        ("history", "[{version: \"1\", date: 2026-01-01}]", "[{version: \"1\", date: 2026-01-02}]"),
    ];
    let keys: Vec<&str> = crate::read::document::SCHEMA.fields.iter().map(|field| field.key).collect();
    assert_eq!(values.iter().map(|(key, ..)| *key).collect::<Vec<_>>(), keys, "each key has two values here, in the order of the schema");
    let text = |changed: &str| {
        let lines = values.iter().map(|(key, one, other)| format!("{key}: {}\n", if *key == changed { other } else { one }));
        text_of(&format!("---\n{}---\n\nText.\n", lines.collect::<String>()))
    };
    let whole = text("");
    for key in keys {
        assert_eq!(text(key) == whole, LIFE.contains(&key), "{key}");
    }
}
