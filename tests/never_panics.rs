//! Whatever the sources hold, nothing panics and nothing hangs (law 5): from the bytes on the disk to the pages.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::sync::Arc;
use std::time::{Duration, Instant};

use annexa::base::finding::{self, Finding, json, terminal};
use annexa::base::source::{Scope, Sources};
use annexa::link::view::{self, Audience};
use annexa::link::{manual, rule};
use annexa::read;
use annexa::render::{Artifacts, site};
use proptest::prelude::*;
use proptest::sample::Index;

use common::{Project, ROLES};

const SETTINGS: &str = r##"format: 1
title: Manual
version: "1.0"
language: en
classification: confidential
org: {name: Example Ltd, short_name: Example, website: https://example.com}
scope: Everything.
frameworks: [gdpr, house@1]
classifications: [public, customer, internal, confidential]
values: {hours: 72}
site: {base_url: https://isms.example.com, accent: "#0b5d66"}
pdf: {paper: a4}
limits: {file: 2}
sources: [{files: "old/*.md", type: sop, defaults: {classification: internal, owner: ciso}}, {files: "old/*.svg"}]
keys: {doc_id: id, tags: ignore}
"##;

const OLD: &str = r##"---
doc_id: SOP-009
tags: [a, b]
Owner: Head of IT
---

# Old

| Version | Date | Change |
| --- | --- | --- |
| 1.0 | 4 March 2021 | First |

#### Deep {#deep .class}

[gone](x.docx) ![](b.svg) [[POL-001]] [[Page name]] {{ Name }} [^1]

[TOC]
"##;

const DOCUMENT: &str = r##"---
id: POL-001
title: Access
type: policy
version: "1.0"
status: approved
classification: internal
abstract: {for: public, text: "Who may reach what, see [[RSK-001]]."}
owner: ciso
approver: ceo
approved: 2026-03-02
effective: 2026-03-15
reviewed: 2026-03-02
review_every: 12 months
retention: 3 years
distribution: [all-staff]
satisfies: [gdpr:32(1)(b), "gdpr:Art. 32 (1)(a)"]
history:
  - {version: "1.0", date: 2026-03-02, author: ciso, change: "First *version*"}
---

Text with {{ org.name }}, `code`, **strong**, ~~gone~~, H<sub>2</sub>O, a footnote[^1] and [[POL-002#leavers|words]].

## Rules {#rules satisfies=gdpr:32(1)(c) classification=confidential}

| Target | Words |
| :--- | ---: |
| [[POL-002\|the other]] | <br> {{ values.hours }} |

- [ ] open
- [x] done, see [there](pol-002.md#leavers) and [here](#rules)

1. one
   > [!WARNING]
   > two

Term
: Definition with ![Words](../assets/a.svg "Caption")

```yaml
a: 1
```

### Deeper

<https://example.com> and [mail](mailto:a@example.com).

[^1]: A note with [[ciso]] and [[gdpr:32]].
"##;

const RISKS: &str = r##"register: risks
rows:
  - id: RSK-001
    title: Ransomware
    scenario: >-
      An attacker encrypts
      files of [[POL-001#rules]].
    owner: ciso
    likelihood: 2
    confidentiality: 3
    integrity: 3
    availability: 5
    decision: modify
    treatments: [TRT-001]
    residual_likelihood: 1
    residual_impact: 2
    accepted: 2026-01-01
    accepted_by: ceo
    reviewed: 2026-01-01
    review_every: 12 months
    classification: public
    outward: [title, scenario]
"##;

const STATEMENTS: &str = r##"framework: gdpr
statements:
  "32":
    applicable: true
    reasons: [RSK-001, contract]
    status: implemented
    implementation: |
      As [[POL-001]] says.

      - and more
    owner: ciso
    reviewed: 2026-03-02
    review_every: 6 months
    classification: customer
    responsibility:
      - {role: provider, counterparty: customers, ownership: shared, ours: "We *do*.", theirs: They do.}
    documents: [POL-001#rules]
"##;

const CATALOGUE: &str = r##"format: 1
framework: house
edition: "1"
title: House rules
groups:
  - {id: H, title: Rules}
controls:
  - {id: H.1, group: H, title: First}
  - {id: H.2, group: H, title: Second, parent: H.1, withdrawn: true, into: [H.1]}
hints:
  - {id: H.3, use: H.1, because: There is none.}
"##;

const IMAGE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>";

/// Files of a valid project, one of each kind.
const FILES: &[(&str, &str)] = &[
    ("annexa.yaml", SETTINGS),
    ("content/policies/pol-001.md", DOCUMENT),
    (
        "content/policies/pol-002.md",
        "---\nid: POL-002\ntitle: B\ntype: policy\nstatus: draft\n---\n\n## Leavers {#leavers}\n\nSee [[POL-001]].\n",
    ),
    ("content/registers/roles.yaml", ROLES),
    ("content/registers/risks.yaml", RISKS),
    ("content/controls/gdpr.yaml", STATEMENTS),
    ("frameworks/house.yaml", CATALOGUE),
    ("content/assets/a.svg", IMAGE),
    ("old/one.md", OLD),
    ("old/b.svg", IMAGE),
    (
        "content/front-matter.yaml",
        "documents:\n  old/one.md: {title: Old, abstract: {for: public, text: \"Words.\"}, history: [{version: 1, date: 2021-03-04}]}\n",
    ),
];

/// Everything that a build does before it writes, for the lowest and the highest audience, and every way of showing findings.
fn go_through(sources: Sources, mut findings: Vec<Finding>) {
    let begun = Instant::now();
    let sources = Arc::new(sources.with_files(read::built_in()));
    let parsed = read::parse(sources.clone(), &mut findings);
    let today = jiff::civil::date(2026, 6, 1);
    if let Some(parsed) = &parsed {
        let lowest = Audience::all(&parsed.project).into_iter().next();
        let highest = Audience::highest(&parsed.project);
        rule::check(&manual::link(view::view(parsed, highest.clone()), today), &mut findings);
        for audience in lowest.into_iter().chain([highest]) {
            let manual = manual::link(view::view(parsed, audience), today);
            // A build stops at errors before it renders; the renderer holds all the same.
            match site::render(&manual, &site::Options::default()).map(Artifacts::new) {
                Ok(Ok(_)) => {}
                Ok(Err(found)) | Err(found) => findings.extend(found),
            }
        }
    }
    finding::sort(&mut findings, &sources);
    let language = read::project::read(&sources, &mut Vec::new()).map(|project| project.language).unwrap_or_default();
    for (colour, width) in [(false, 140), (true, 0)] {
        terminal::render(&findings, &sources, &language, terminal::Options { colour, width, ..Default::default() });
    }
    serde_json::from_str::<serde_json::Value>(&json::render(&findings, &sources, &language)).unwrap();
    assert!(begun.elapsed() < Duration::from_secs(30), "it took {:?}", begun.elapsed());
}

/// What breaks texts and those who read them.
const PIECES: &[&str] = &[
    "\n",
    "---\n",
    "\t",
    " ",
    "- ",
    ": ",
    "#",
    "## ",
    "###### ",
    "{",
    "}",
    "[",
    "]",
    "[[",
    "]]",
    "{{",
    "}}",
    "{{ org.name }}",
    "{#",
    "|",
    "\\|",
    "`",
    "```\n",
    "~~~",
    "*",
    "**",
    "_",
    "~~",
    "> ",
    "> [!NOTE]\n",
    "[^1]",
    "[^1]: ",
    "<br>",
    "<sub>",
    "</sub>",
    "<!--",
    "<script>",
    "<a href=x onclick=y>",
    "&amp;",
    "&#0;",
    "&*a",
    "&a ",
    "*a",
    "<<: *a",
    "!!binary ",
    "? ",
    "|-\n",
    ">-\n",
    "'",
    "\"",
    "null",
    "true",
    "~",
    "0x1F",
    "9999-12-31",
    "0000-01-01",
    "-9999-01-01",
    "10000 years",
    "99999999999999999999",
    "[[POL-001]]",
    "[[POL-001#",
    "[[gdpr:32]]",
    "[[RSK-001|",
    "gdpr:32",
    "POL-001",
    "../../../../etc/passwd",
    "javascript:alert(1)",
    "data:text/html,x",
    "//host/x",
    "%2e%2e%2f",
    "![](",
    "](",
    "\u{feff}",
    "\u{0}",
    "\u{1b}[31m",
    "\u{202e}",
    "\u{200b}",
    "e\u{301}\u{301}\u{301}",
    "\u{1f469}\u{200d}\u{1f469}",
    "\u{10ffff}",
    "ß",
    "İ",
    "\r",
    "\r\n",
    "\u{2028}",
    "\u{85}",
];

/// One change of a text.
#[derive(Clone, Debug)]
enum Change {
    Insert(Index, String),
    Remove(Index, usize),
    Repeat(Index, usize, usize),
    Cut(Index),
}

fn change() -> impl Strategy<Value = Change> {
    let piece = prop_oneof![4 => proptest::sample::select(PIECES).prop_map(str::to_owned), 1 => "\\PC{0,8}", 1 => any::<char>().prop_map(String::from)];
    prop_oneof![
        4 => (any::<Index>(), piece).prop_map(|(at, piece)| Change::Insert(at, piece)),
        2 => (any::<Index>(), 1..30usize).prop_map(|(at, length)| Change::Remove(at, length)),
        2 => (any::<Index>(), 1..40usize, 1..40usize).prop_map(|(at, length, times)| Change::Repeat(at, length, times)),
        1 => any::<Index>().prop_map(Change::Cut),
    ]
}

fn apply(text: &str, changes: &[Change]) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for change in changes {
        let size = letters.len() + 1;
        match change {
            Change::Insert(at, piece) => {
                let at = at.index(size);
                letters.splice(at..at, piece.chars());
            }
            Change::Remove(at, length) => {
                let at = at.index(size);
                letters.drain(at..(at + length).min(letters.len()));
            }
            Change::Repeat(at, length, times) => {
                let at = at.index(size);
                let piece: Vec<char> = letters[at..(at + length).min(letters.len())].to_vec();
                letters.splice(at..at, piece.repeat(*times));
            }
            Change::Cut(at) => letters.truncate(at.index(size)),
        }
    }
    letters.into_iter().collect()
}

proptest! {
    #![proptest_config(common::cases(12))]

    #[test]
    fn of_a_project_whose_files_are_changed_at_random(changes in proptest::collection::vec(proptest::collection::vec(change(), 0..4), FILES.len() - 1)) {
        let mut texts: Vec<(&str, String)> = vec![(FILES[0].0, FILES[0].1.to_owned())];
        texts.extend(FILES[1..].iter().zip(&changes).map(|((path, text), changes)| (*path, apply(text, changes))));
        let texts: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (*path, text.as_str())).collect();
        go_through(Sources::from_texts(&texts), Vec::new());
    }

    #[test]
    fn of_a_project_whose_settings_are_changed_at_random(changes in proptest::collection::vec(change(), 1..4)) {
        let settings = apply(SETTINGS, &changes);
        let mut texts = FILES.to_vec();
        texts[0].1 = &settings;
        go_through(Sources::from_texts(&texts), Vec::new());
    }

    #[test]
    fn of_a_project_with_arbitrary_bytes_in_one_of_its_files(place in 0..FILES.len(), head in any::<Index>(), bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let project = Project::new(FILES);
        let (path, text) = FILES[place];
        let mut all = text.as_bytes()[..head.index(text.len() + 1)].to_vec();
        all.extend(bytes);
        project.write(path, all);
        let (sources, findings) = Sources::from_folder(project.root(), &Scope::default()).unwrap();
        go_through(sources, findings);
    }

    #[test]
    fn of_a_document_of_pieces_that_mean_something(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..120)) {
        let text = format!("{}{}", DOCUMENT.split_once("\n\n").unwrap().0, "\n\n".to_owned() + &pieces.concat());
        let register = format!("{RISKS}  - {}\n", pieces.concat());
        let mut texts = FILES.to_vec();
        texts[1].1 = &text;
        texts[4].1 = &register;
        go_through(Sources::from_texts(&texts), Vec::new());
    }
}

/// A project of [`FILES`] with another text for one of them.
fn with(path: &str, text: &str) {
    let mut texts = FILES.to_vec();
    let place = texts.iter().position(|(known, _)| *known == path).unwrap();
    texts[place].1 = text;
    go_through(Sources::from_texts(&texts), Vec::new());
}

#[test]
fn of_the_project_that_the_others_are_made_from() {
    go_through(Sources::from_texts(FILES), Vec::new());
}

#[test]
fn of_texts_that_nest_or_repeat_without_end() {
    let head = DOCUMENT.split_once("\n\n").unwrap().0;
    let pieces =
        ["> ", "- ", "*a ", "[", "![", "<sub>", "**", "_", "`", "[[", "{{ ", "| ", "#", "[^1]", "<", "&", "\\", "1. ", ": ", "a\n: "];
    let documents: Vec<(String, String)> = pieces
        .iter()
        .enumerate()
        .map(|(number, piece)| {
            let head = head.replace("POL-001", &format!("POL-1{number:02}"));
            (format!("content/policies/pol-1{number:02}.md"), format!("{head}\n\n{}", piece.repeat(20_000)))
        })
        .collect();
    let mut texts = FILES.to_vec();
    texts.extend(documents.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    go_through(Sources::from_texts(&texts), Vec::new());
}

#[test]
fn of_yaml_that_nests_or_repeats_without_end() {
    for piece in ["- ", "[", "{", "a: ", "? ", "&a ", "!t ", "'", "\"", "*a", "# ", "- a\n", "%", "|\n", "a: {"] {
        let deep = piece.repeat(20_000);
        let front = format!("---\n{deep}\n---\n");
        let mut texts = FILES.to_vec();
        for (path, text) in &mut texts[1..] {
            *text = if path.ends_with(".md") { &front } else { &deep };
        }
        go_through(Sources::from_texts(&texts), Vec::new());
        with("annexa.yaml", &deep);
    }
}

#[test]
fn of_dates_and_lengths_at_the_ends_of_what_can_be_counted() {
    for (from, to) in [
        ("reviewed: 2026-03-02\nreview_every: 12 months", "reviewed: 9999-12-31\nreview_every: 10000 years"),
        ("reviewed: 2026-03-02\nreview_every: 12 months", "reviewed: 0000-01-01\nreview_every: 1 day"),
        ("approved: 2026-03-02", "approved: 9999-12-31"),
    ] {
        let text = DOCUMENT.replace(from, to);
        assert_ne!(text, DOCUMENT);
        with("content/policies/pol-001.md", &text);
    }
}
