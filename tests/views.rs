//! Nothing withheld reaches a reader, and editing what is withheld changes no byte of what a lower audience gets.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use annexa::base::finding::{Finding, Severity};
use annexa::base::source::Sources;
use annexa::history;
use annexa::link::view::{self, Audience};
use annexa::link::{manual, rule};
use annexa::read;
use annexa::render::{Artifacts, export, site};
use proptest::prelude::*;

use common::{Project, files, words_of};

/// A project in which every place that a mark can withhold holds a word of its own. `ZQn` in a word is the classification up to which it is withheld:
/// `ZQ1` from public, `ZQ2` from customers too, `ZQ3` from all but the auditor.
const FILES: &[(&str, &str)] = &[
    (
        "annexa.yaml",
        "format: 1\ntitle: Manual\nclassification: public\norg: {name: Example Ltd}\nframeworks: [gdpr, iso27017@2015, ring@1, open@1]\nvalues: {hours: 72}\n\
         site: {base_url: https://inside.example}\n\
         trust:\n  audiences: [public]\n  base_url: {public: https://trust.example.com}\n  answers: [QST-001, QST-002]\n  penetration_test: EVD-009\n  \
         on_request: [{title: Open letter, for: public}, {title: ZQ2Letter, for: internal}]\n",
    ),
    (
        "content/registers/roles.yaml",
        "register: roles
rows:
  - {id: ciso, title: Security officer, duties: Runs it ZQ1Duties., classification: public}
  - {id: ceo, title: Director ZQ3Director}
  - {id: dpo, title: Privacy officer ZQ2Privacy, classification: internal}
",
    ),
    (
        "content/policies/pol-001.md",
        "---
id: POL-001
title: Open policy
type: policy
version: \"1.0\"
status: draft
classification: public
owner: ciso
approver: ceo
satisfies: [gdpr:32]
---

Seen by all. See [[POL-002]], [[POL-003|the inner rules]], [[POL-002#inner]], [there](pol-003.md), [[RSK-001]] and [[SUP-002|a supplier]].[^1]

## First

Open.

## Inner {#inner classification=internal satisfies=gdpr:32(1)(c)}

Withheld ZQ2Section with ![A plan ZQ2Alt](../assets/withheld-ZQ2Image.svg) and a note.[^2]

### Review

Withheld as well, ZQ2Deeper, see [[POL-001#first]] and [[SUP-001]].

## Secret {#secret classification=confidential}

ZQ3Secret and [a file](../assets/withheld-ZQ3Attachment.csv).

## Review

Open again.[^3]

[^1]: Open note.
[^2]: Withheld note ZQ2Note.
[^3]: Last open note.
",
    ),
    (
        "content/policies/pol-002.md",
        "---
id: POL-002
title: Inner rules, announced
type: policy
version: \"2.7-ZQ3Version\"
status: draft
classification: confidential
abstract: {for: public, text: \"What the inner rules say, in a sentence.\"}
owner: ciso
approver: ceo
satisfies: [gdpr:32(1)(b)]
retention: ZQ3Retention
distribution: [ZQ3Distribution]
history:
  - {version: 2.7-ZQ3Version, date: 2026-01-01, author: ciso, change: ZQ3Change}
---

ZQ3Text names [[POL-001#first]] and [[SUP-001]] and ![A chart](../assets/withheld-ZQ3Chart.svg).

## Inner
",
    ),
    (
        "content/policies/pol-003.md",
        "---
id: POL-003
title: Hidden title ZQ2Title
type: policy
version: \"1.0\"
status: draft
classification: internal
owner: dpo
approver: ceo
satisfies: [gdpr:32(1)(d)]
---

ZQ2Body, see [[POL-001]] and [[gdpr:32(1)(a)]].

## Heading ZQ2Heading {satisfies=gdpr:32(2)}
",
    ),
    (
        "content/policies/pol-005.md",
        "---
id: POL-005
title: Plan that is given on request
type: plan
version: \"3-ZQ3Number\"
status: draft
classification: confidential
on_request: public
owner: ciso
approver: ceo
satisfies: [gdpr:32(4)]
---

ZQ3Plan, see [[POL-001]].
",
    ),
    (
        "content/registers/questions.yaml",
        "register: questions
rows:
  - {id: QST-001, topic: Data, question: Where?, answer: \"In Ireland, [[POL-003|as we say]].\", controls: [gdpr:32], sources: [POL-003, EVD-001, POL-001], wordings: [ZQ1Wording], owner: ciso, reviewed: 2026-01-01, classification: public, outward: [sources]}
  - {id: QST-002, topic: ZQ2Topic, question: ZQ2Question, answer: ZQ2Answer, controls: [gdpr:32], owner: ciso, classification: internal, outward: [owner]}
",
    ),
    (
        "content/registers/measures.yaml",
        "register: measures
rows:
  - {id: TOM-001, title: Locks, description: \"Doors, [[POL-005|as planned]].\", objective: Nobody enters., provisions: [\"gdpr:32(1)(b)\"], owner: ceo, reviewed: 2026-01-02, review_every: 14 months, documents: [POL-003], classification: public}
  - {id: TOM-002, title: ZQ3Measure, description: ZQ3Described, objective: ZQ3Objective, provisions: [\"gdpr:32(1)(a)\"], owner: ciso}
",
    ),
    (
        "content/registers/suppliers.yaml",
        "register: suppliers
rows:
  - id: SUP-001
    name: Open Cloud
    purpose: Hosting
    kind: iaas
    data: Backups
    personal_data: true
    subprocessor: true
    country: Ireland
    agreement: 2024-01-07
    certificates: [ISO 27001]
    criticality: high
    owner: dpo
    reviewed: 2026-02-03
    review_every: 11 months
    inherits: [gdpr:32(1)(b)]
    classification: public
  - id: SUP-002
    name: Hidden supplier ZQ3Supplier
    purpose: ZQ3Purpose
    kind: saas
    personal_data: false
    subprocessor: true
    since: 2026-05-05
    country: ZQ3Country
    owner: ciso
",
    ),
    (
        "content/registers/risks.yaml",
        "register: risks
rows:
  - id: RSK-001
    title: Risk ZQ3Risk
    scenario: ZQ3Scenario at [[SUP-001]] under [[POL-001#first]].
    owner: ciso
    likelihood: 2
    confidentiality: 2
    integrity: 2
    availability: 2
    decision: retain
    accepted: 2026-01-01
    accepted_by: ceo
  - id: RSK-002
    title: ZQ1Title opened in part
    scenario: Scenario opened on purpose.
    owner: ciso
    likelihood: 3
    confidentiality: 2
    integrity: 2
    availability: 2
    decision: retain
    accepted: 2026-01-01
    accepted_by: ceo
    classification: public
    outward: [scenario]
",
    ),
    (
        "content/registers/evidence.yaml",
        "register: evidence
rows:
  - {id: EVD-001, title: ZQ3Evidence, source: ZQ3Source, controls: [\"gdpr:32(1)(b)\"], date: 2026-01-01, result: pass}
  - {id: EVD-009, title: ZQ1Test, source: ZQ1Safe, controls: [\"gdpr:32(1)(d)\"], date: 2026-03-04, result: pass, note: ZQ1Found, classification: public, outward: [date]}
",
    ),
    (
        "content/registers/certificates.yaml",
        "register: certificates
rows:
  - {id: CRT-001, standard: ISO/IEC 27001, number: \"17\", body: Body, scope: All, issued: 2025-01-01, valid_until: 2028-01-01, extends: CRT-002, classification: public}
  - {id: CRT-002, standard: ZQ2Standard, number: ZQ2Number, body: ZQ2Authority, scope: ZQ2Scope, issued: 2025-01-01, valid_until: 2028-01-01, classification: internal}
",
    ),
    (
        "content/controls/gdpr.yaml",
        "framework: gdpr
statements:
  \"32\":
    applicable: true
    reasons: [RSK-001, contract]
    status: partial
    implementation: ZQ1Implementation in [[POL-003]] and [[POL-001]].
    owner: ceo
    reviewed: 2026-02-02
    review_every: 13 months
    classification: public
    responsibility:
      - {role: customer, counterparty: SUP-002, ownership: shared, ours: We choose., theirs: They host.}
    documents: [POL-003, POL-001#inner]
    evidence: [EVD-001]
  \"32(1)(a)\":
    applicable: true
    reasons: [business]
    status: implemented
    implementation: ZQ3Hidden
    owner: ciso
    documents: [POL-001]
    evidence: [EVD-001]
",
    ),
    (
        "content/controls/iso27017.yaml",
        "framework: iso27017@2015
statements:
  CLD.6.3.1: &one {applicable: true, reasons: [contract], status: implemented, implementation: ZQ1Cloud, owner: ciso, documents: [POL-001], evidence: [EVD-001], classification: public}
  CLD.8.1.5: {applicable: false, justification: ZQ1Because, owner: ciso, classification: public}
  CLD.9.5.1: {applicable: true, reasons: [contract], status: planned, implementation: ZQ3Planned, owner: ciso}
  CLD.9.5.2: *one
  CLD.12.1.5: *one
  CLD.12.4.5: *one
  CLD.13.1.4: *one
",
    ),
    (
        "frameworks/gdpr.yaml",
        "format: 1
framework: gdpr
title: Own copy
controls:
  - {id: \"32\", title: Security of processing, text: \"ZQ3Article with [[POL-001#first]], [[SUP-001]] and [[gdpr:33]].\", guidance_text: ZQ3Recital}
  - {id: \"33\", title: Notification of a personal data breach to the supervisory authority}
",
    ),
    (
        "frameworks/ring.yaml",
        "format: 1
framework: ring
edition: \"1\"
title: Requirements of the ring
classification: internal
controls:
  - {id: R-1, title: First of the ring, text: \"ZQ2Asks, see [[POL-003]] and [[RSK-002]].\"}
  - {id: R-2, title: Second of the ring, guidance_text: ZQ2Guides}
",
    ),
    (
        "frameworks/open.yaml",
        "format: 1
framework: open
edition: \"1\"
title: Open requirements
classification: public
controls:
  - {id: O-1, title: First of all, text: \"Seen by everybody, see [[POL-003|an inner rule]] and [[POL-001#first]].\"}
",
    ),
    ("content/assets/withheld-ZQ2Image.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><title>ZQ2Drawing</title></svg>"),
    ("content/assets/withheld-ZQ3Chart.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><title>ZQ3Drawing</title></svg>"),
    ("content/assets/withheld-ZQ3Attachment.csv", "ZQ3Csv;1\n"),
];

/// The audiences, the lowest first.
const AUDIENCES: [&str; 4] = ["public", "customer", "internal", "auditor"];

/// What each of some audiences gets of a project: files with their bytes, the public's PDF among them where it is built.
fn outputs(files: &[(&str, String)], audiences: &[&'static str]) -> BTreeMap<&'static str, BTreeMap<String, Vec<u8>>> {
    let texts: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let sources = Arc::new(Sources::from_texts(&texts).with_files(read::built_in()));
    let mut findings: Vec<Finding> = Vec::new();
    let parsed = read::parse(sources, &mut findings).unwrap();
    let today = jiff::civil::date(2026, 6, 1);
    let linked = |audience| manual::link(view::view(&parsed, audience), today);
    rule::check(&linked(Audience::highest(&parsed.project)), &mut findings);
    findings.retain(|finding| finding.severity == Severity::Error);
    assert!(findings.is_empty(), "{:?}", findings.iter().map(|finding| (finding.rule.code, &finding.message)).collect::<Vec<_>>());
    let output = |name: &str| {
        let mut manual = linked(Audience::named(name, &parsed.project).unwrap());
        manual.origin = Some(history::origin(&manual.view));
        let options = site::Options { exports: true, ..site::Options::default() };
        let all = site::render(&manual, &options).unwrap().into_iter().chain(export::render(&manual).unwrap());
        let artifacts = Artifacts::new(all.collect()).unwrap();
        let mut files: BTreeMap<String, Vec<u8>> = artifacts.iter().map(|file| (file.path.clone(), file.bytes.clone())).collect();
        // Whatever leaves the files of a lower audience as they are leaves its view digest, which stands in its manifest and its PDFs.
        files.insert("view digest".to_owned(), history::origin(&manual.view).view.as_bytes().to_vec());
        // One audience is enough for the PDF, which takes its time: all get theirs in the same way.
        files.extend((name == "public").then(|| pdf(&manual)).flatten().map(|bytes| ("manual.pdf".to_owned(), bytes)));
        files
    };
    audiences.iter().map(|name| (*name, output(name))).collect()
}

/// What everybody gets of the project as it stands above.
fn before() -> &'static BTreeMap<&'static str, BTreeMap<String, Vec<u8>>> {
    static BEFORE: OnceLock<BTreeMap<&'static str, BTreeMap<String, Vec<u8>>>> = OnceLock::new();
    BEFORE.get_or_init(|| outputs(&project(), &AUDIENCES))
}

#[cfg(feature = "pdf")]
fn pdf(manual: &manual::Manual) -> Option<Vec<u8>> {
    Some(annexa::render::pdf::render(manual, &annexa::render::pdf::Book::Manual, None).unwrap())
}

#[cfg(not(feature = "pdf"))]
fn pdf(_: &manual::Manual) -> Option<Vec<u8>> {
    None
}

fn project() -> Vec<(&'static str, String)> {
    FILES.iter().map(|(path, text)| (*path, (*text).to_owned())).collect()
}

/// Changes the only place in a file where `from` stands.
fn edit(files: &mut [(&str, String)], path: &str, from: &str, to: &str) {
    let (_, text) = files.iter_mut().find(|(known, _)| *known == path).unwrap();
    assert_eq!(text.matches(from).count(), 1, "`{from}` in {path}");
    *text = text.replace(from, to);
}

/// Asserts that an edit changes nothing for those below an audience, and something for that audience.
#[track_caller]
fn assert_withheld(first_to_see: &str, change: impl Fn(&mut Vec<(&'static str, String)>)) {
    let mut files = project();
    change(&mut files);
    let place = AUDIENCES.iter().position(|audience| *audience == first_to_see).unwrap();
    let after = outputs(&files, &AUDIENCES[..=place]);
    for audience in &AUDIENCES[..place] {
        common::assert_same(&before()[audience], &after[audience]);
    }
    assert!(before()[first_to_see] != after[first_to_see], "the edit is one that {first_to_see} sees");
}

/// The same for several edits at once, each of a path, of words there, and of what to put in their place.
#[track_caller]
fn assert_all_withheld(first_to_see: &str, edits: &[(&str, &str, &str)]) {
    assert_withheld(first_to_see, |files| edits.iter().for_each(|(path, from, to)| edit(files, path, from, to)));
}

#[test]
fn words_that_are_withheld_are_in_no_file_of_a_lower_audience_and_in_some_of_a_higher() {
    let project = Project::new(FILES);
    let dist = project.build(&["--audience", "all"]);
    let words: Vec<String> = FILES
        .iter()
        .flat_map(|(path, text)| [*path, *text])
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.starts_with("ZQ"))
        .map(str::to_owned)
        .collect();
    assert!(words.len() > 40, "{words:?}");
    for (level, audience) in AUDIENCES.iter().enumerate() {
        let output = files(&dist.join(audience));
        let mut all = String::new();
        for (path, bytes) in &output {
            all.push_str(&format!("{path}\n{}\n", words_of(path, bytes)));
        }
        let all = all.to_lowercase();
        for word in &words {
            let from: usize = word[2..3].parse().unwrap();
            // A row or statement opens its outward fields only; of others, nobody below the highest sees anything.
            let from = if from == 1 { 3 } else { from };
            assert_eq!(all.contains(&word.to_lowercase()), level >= from, "{word} for {audience}");
        }
    }
}

#[test]
fn words_that_are_open_reach_everybody() {
    let public = &before()["public"];
    let page = |path: &str| String::from_utf8(public[path].clone()).unwrap();
    assert!(page("documents/pol-001.html").contains("Last open note."));
    assert!(page("documents/pol-001.html").contains("the inner rules"), "the author's words for a withheld document");
    assert!(page("documents/pol-001.html").contains("Inner rules, announced"), "the title of an abstract");
    assert!(page("documents/pol-002.html").contains("What the inner rules say, in a sentence."));
    assert!(!public.contains_key("documents/pol-003.html"));
    assert!(page("documents.html").contains("Plan that is given on request") && !public.contains_key("documents/pol-005.html"));
    assert!(page("index.html").contains("2026-03-04") && page("index.html").contains("as we say"), "the day of the test, the answer");
    assert!(page("measures.html").contains("Nobody enters.") && page("measures.html").contains(">ceo<"), "a measure, its owner by a word");
    assert!(public.contains_key("subprocessors.atom") && public.contains_key("sitemap.xml"), "the public gets the trust site");
    assert!(page("registers/suppliers.html").contains("Open Cloud") && page("registers/suppliers.html").contains("ISO 27001"));
    assert!(page("registers/risks.html").contains("Scenario opened on purpose."));
    assert!(
        page("controls/open@1/o-1.html").contains("Seen by everybody, see ") && page("controls/open@1/o-1.html").contains("an inner rule")
    );
    assert!(page("controls/ring@1/r-1.html").contains("First of the ring"), "identifiers and titles of controls are open");
}

mod an_edit_changes_no_byte_of_a_lower_audience {
    use super::*;

    #[test]
    fn of_a_withheld_document() {
        let (own, inner) = ("content/policies/pol-002.md", "content/policies/pol-003.md");
        let front = "satisfies: [gdpr:32, gdpr:32(2)]\nreviewed: 2026-01-01\nreview_every: 3 months";
        assert_all_withheld("auditor", &[(own, "ZQ3Text", "Quite another text"), (own, "satisfies: [gdpr:32(1)(b)]", front)]);
        assert_all_withheld("internal", &[(inner, "ZQ2Body", "Quite another text"), (inner, "Hidden title ZQ2Title", "Another title")]);
    }

    #[test]
    fn that_adds_a_withheld_document() {
        let text = common::document("MAN-001", "See [[POL-001#first]].")
            .replace("classification: internal\n", "")
            .replace("type: policy", "type: manual");
        assert_withheld("auditor", |files| files.push(("content/manual/00.md", text.clone())));
    }

    #[test]
    fn of_a_withheld_section() {
        let path = "content/policies/pol-001.md";
        let list = "Another text, with a list:\n\n- [[POL-001]]\n\nand";
        let edits = [
            (path, "ZQ2Section", list),
            (path, "satisfies=gdpr:32(1)(c)", "satisfies=gdpr:32(1)(a),gdpr:32(2)"),
            (path, "and a note.[^2]", "and two notes[^2] or three.[^3]"),
            (path, "Withheld note ZQ2Note.", "Another note."),
        ];
        assert_all_withheld("internal", &edits);
        assert_all_withheld("auditor", &[(path, "ZQ3Secret", "x\n\n### First\n\n### Review\n\ny")]);
    }

    #[test]
    fn of_a_withheld_heading_that_has_the_words_of_an_open_one() {
        let path = "content/policies/pol-001.md";
        assert_all_withheld("internal", &[(path, "### Review\n", "### Something else\n")]);
        assert_all_withheld(
            "internal",
            &[(path, "## Inner {#inner", "## First {#inner"), (path, "### Review\n", "### First\n\n### Review\n")],
        );
    }

    #[test]
    fn of_a_field_that_is_not_outward() {
        let (suppliers, risks, gdpr) = ("content/registers/suppliers.yaml", "content/registers/risks.yaml", "content/controls/gdpr.yaml");
        let edits = [
            (suppliers, "agreement: 2024-01-07", "agreement: 2025-11-30"),
            (suppliers, "criticality: high", "criticality: low"),
            (suppliers, "review_every: 11 months", "review_every: 1 month"),
            (suppliers, "inherits: [gdpr:32(1)(b)]", "inherits: [gdpr:32(2)]"),
            (suppliers, "owner: dpo", "owner: ceo"),
            (risks, "ZQ1Title opened in part", "Another title"),
            (risks, "likelihood: 3", "likelihood: 5"),
            ("content/registers/roles.yaml", "Runs it ZQ1Duties.", "Does something else."),
            (gdpr, "ZQ1Implementation in", "Otherwise, in [[SUP-001]],"),
            (gdpr, "reasons: [RSK-001, contract]", "reasons: [business]"),
            (gdpr, "review_every: 13 months", "review_every: 1 month"),
            (gdpr, "documents: [POL-003, POL-001#inner]", "documents: [POL-001#first]"),
            (gdpr, "    evidence: [EVD-001]\n  \"32(1)(a)\"", "  \"32(1)(a)\""),
            ("content/controls/iso27017.yaml", "ZQ1Because", "For another reason"),
        ];
        assert_all_withheld("auditor", &edits);
    }

    #[test]
    fn that_adds_or_changes_a_withheld_row() {
        let row =
            "  - {id: EVD-002, title: Second, source: System, controls: [\"gdpr:32\", \"gdpr:32(2)\"], date: 2026-05-01, result: fail}\n";
        let incidents = "register: incidents\nrows:\n  - {id: INC-001, title: One, date: 2026-01-01, severity: low, summary: \"At [[SUP-001]]\", personal_data: false}\n";
        assert_withheld("auditor", |files| {
            files.iter_mut().filter(|(path, _)| path.ends_with("evidence.yaml")).for_each(|(_, text)| text.push_str(row));
            files.push(("content/registers/incidents.yaml", incidents.to_owned()));
            edit(files, "content/registers/roles.yaml", "Director ZQ3Director", "Managing director");
            edit(files, "content/registers/suppliers.yaml", "Hidden supplier ZQ3Supplier", "Another");
        });
        assert_all_withheld("internal", &[("content/registers/certificates.yaml", "ZQ2Standard", "SOC 2")]);
    }

    #[test]
    fn of_a_withheld_statement() {
        let edits = [
            ("content/controls/gdpr.yaml", "status: implemented", "status: planned"),
            ("content/controls/iso27017.yaml", "status: planned", "status: partial"),
        ];
        assert_all_withheld("auditor", &edits);
    }

    #[test]
    fn of_what_the_trust_site_does_not_show() {
        let plan = "content/policies/pol-005.md";
        let edits = [
            (plan, "ZQ3Plan", "Quite another text with [[SUP-001]]"),
            (plan, "3-ZQ3Number", "4"),
            (plan, "type: plan", "type: sop"),
            (plan, "satisfies: [gdpr:32(4)]", "satisfies: [gdpr:32(2), gdpr:33]"),
            ("content/registers/measures.yaml", "title: ZQ3Measure", "title: Another"),
            ("content/registers/measures.yaml", "documents: [POL-003]", "documents: [POL-005]"),
            ("content/registers/measures.yaml", "14 months", "2 months"),
            ("content/registers/evidence.yaml", "ZQ1Found", "Nothing"),
            ("content/registers/questions.yaml", "ZQ1Wording", "Otherwise"),
            ("content/registers/suppliers.yaml", "since: 2026-05-05", "since: 2026-05-06"),
        ];
        assert_all_withheld("auditor", &edits);
        let edits = [
            ("content/registers/questions.yaml", "ZQ2Question", "Another"),
            ("content/registers/questions.yaml", "ZQ2Topic", "Data"),
            ("annexa.yaml", "ZQ2Letter", "Another letter"),
        ];
        assert_all_withheld("internal", &edits);
        // That it is given on request is published on purpose, and so is its title, and nothing of where it lies.
        assert_withheld("auditor", |files| {
            let file = files.iter_mut().find(|(path, _)| *path == plan).unwrap();
            file.0 = "content/aaa.md";
            file.1 = file.1.replace("ZQ3Plan", "Another text");
        });
    }

    #[test]
    fn of_the_full_text_of_a_control() {
        let (gdpr, ring) = ("frameworks/gdpr.yaml", "frameworks/ring.yaml");
        let edits = [
            (
                gdpr,
                "ZQ3Article with [[POL-001#first]], [[SUP-001]] and [[gdpr:33]].",
                "Another with [[SUP-001]], [[gdpr:34]] and [[ring:R-1]].",
            ),
            (gdpr, ", guidance_text: ZQ3Recital", ""),
            (gdpr, "supervisory authority}", "supervisory authority, text: New.}"),
        ];
        assert_all_withheld("auditor", &edits);
        assert_all_withheld(
            "internal",
            &[(ring, "ZQ2Asks, see [[POL-003]] and [[RSK-002]].", "- one\n- [[POL-001]]"), (ring, ", guidance_text: ZQ2Guides", "")],
        );
        assert_withheld("auditor", |files| files.retain(|(path, _)| *path != gdpr));
    }

    #[test]
    fn that_adds_a_row_to_any_register() {
        let row = |kind: &&annexa::read::register::RegisterKind| {
            let fields = kind
                .schema
                .fields
                .iter()
                .filter(|field| !["id", "classification", "outward", "status"].contains(&field.key) || field.required);
            let fields = fields.filter(|field| field.key != "id").map(|field| format!("    {}: {}\n", field.key, value(field.kind)));
            let id = if kind.prefix.is_empty() { "zq3role".to_owned() } else { format!("{}-973", kind.prefix) };
            let path = if kind.name == "distribution" {
                "records/distribution.yaml".into()
            } else {
                format!("content/registers/more-{}.yaml", kind.name)
            };
            (path, format!("register: {}\nrows:\n  - id: {id}\n{}", kind.name, fields.collect::<String>()))
        };
        let more: Vec<(&'static str, String)> =
            annexa::read::register::KINDS.iter().map(row).map(|(path, text)| (&*path.leak(), text)).collect();
        assert_withheld("auditor", |files| files.extend(more.clone()));
    }

    /// A value that fits.
    fn value(kind: annexa::read::schema::Kind) -> String {
        use annexa::read::schema::Kind;
        match kind {
            Kind::Date => "2026-03-02".into(),
            Kind::Period => "7 months".into(),
            Kind::Integer(low, high) => ((low + high) / 2).to_string(),
            Kind::Flag => "true".into(),
            Kind::Reference | Kind::Control | Kind::Criterion => "gdpr:32(2)".into(),
            Kind::Role => "ciso".into(),
            Kind::Word(words) => words[0].into(),
            Kind::Classification => "internal".into(),
            Kind::List(item) => format!("[{}]", value(*item)),
            Kind::Record(schema) => {
                let parts = schema.fields.iter().map(|field| format!("{}: {}", field.key, value(field.kind)));
                format!("{{{}}}", parts.collect::<Vec<_>>().join(", "))
            }
            _ => "\"ZQ3Word at [[SUP-001]] under [[POL-001#first]]\"".into(),
        }
    }

    #[test]
    fn of_a_crosswalk_without_a_mark() {
        let own = "format: 1\nsource: iso27017@2015\ntarget: gdpr\nbasis: own\nnote: ZQ3Note\npairs:\n  - [CLD.6.3.1, equal, \"32\", ZQ3Rationale]\n";
        assert_withheld("auditor", |files| files.push(("frameworks/crosswalks/own.yaml", own.to_owned())));
    }

    #[test]
    fn of_who_decided_about_a_pair_and_why() {
        let decisions = |by: &str| {
            format!(
                "format: 1\npairs:\n  - {{source: gdpr:32, target: iso27017:CLD.6.3.1, decision: add, relationship: intersects, {by}}}\n"
            )
        };
        let with = |by: &str| {
            let mut files = project();
            files.push(("frameworks/crosswalk.yaml", decisions(by)));
            outputs(&files, &AUDIENCES)
        };
        let one = with("by: ciso, date: 2026-01-01, rationale: ZQ3Why");
        let other = with("by: ceo, date: 2026-02-02, rationale: Another reason");
        for audience in &AUDIENCES[..3] {
            common::assert_same(&one[audience], &other[audience]);
        }
        assert!(one["auditor"] != other["auditor"]);
    }

    #[test]
    fn of_history_and_of_whatever_else_front_matter_says() {
        let own = "content/policies/pol-002.md";
        let edits = [
            (own, "retention: ZQ3Retention", "retention: For ever"),
            (own, "distribution: [ZQ3Distribution]", "distribution: [one, two, three]"),
            (
                own,
                "change: ZQ3Change}",
                "change: \"See [[POL-001#first]] and [[gdpr:33]]\"}\n  - {version: \"0.1\", date: 2025-01-01, author: ceo}",
            ),
            (own, "owner: ciso", "owner: ceo"),
            (own, "status: draft", "status: retired"),
        ];
        assert_all_withheld("auditor", &edits);
    }

    #[test]
    fn of_an_image_or_file_that_only_withheld_text_shows() {
        assert_all_withheld("internal", &[("content/assets/withheld-ZQ2Image.svg", "ZQ2Drawing", "Another")]);
        let edits = [
            ("content/assets/withheld-ZQ3Chart.svg", "ZQ3Drawing", "Another"),
            ("content/assets/withheld-ZQ3Attachment.csv", "ZQ3Csv", "Another"),
        ];
        assert_all_withheld("auditor", &edits);
    }
}

proptest! {
    #![proptest_config(common::cases(8))]

    /// Whatever blocks stand in withheld places, those below see the same bytes.
    #[test]
    fn withheld_text_of_any_kind_changes_no_byte_of_a_lower_audience(
        section in proptest::collection::vec(proptest::sample::select(BLOCKS), 0..6),
        document in proptest::collection::vec(proptest::sample::select(BLOCKS), 0..6),
    ) {
        let mut files = project();
        edit(&mut files, "content/policies/pol-001.md", "ZQ3Secret", &section.concat());
        edit(&mut files, "content/policies/pol-002.md", "ZQ3Text", &format!("## Rules\n\n{}\n\n", document.concat().replace("[^1]", "")));
        let after = outputs(&files, &["public", "internal"]);
        for audience in ["public", "internal"] {
            common::assert_same(&before()[audience], &after[audience]);
        }
    }
}

proptest! {
    #![proptest_config(common::cases(6))]

    /// Whatever words stand in withheld values, those below see the same bytes.
    #[test]
    fn withheld_values_of_any_kind_change_no_byte_of_a_lower_audience(words in proptest::collection::vec("[a-zäöüß0-9<>&;:!?()€語🔒 -]{0,24}", 8)) {
        let mut files = project();
        let quoted = |word: &str| serde_json::Value::from(format!("a{word}z")).to_string();
        let places = [
            ("content/registers/roles.yaml", "Director ZQ3Director"),
            ("content/policies/pol-002.md", "ZQ3Retention"),
            ("content/policies/pol-002.md", "change: ZQ3Change"),
            ("content/registers/suppliers.yaml", "ZQ3Purpose"),
            ("content/registers/risks.yaml", "Risk ZQ3Risk"),
            ("content/registers/evidence.yaml", "ZQ3Source"),
            ("content/controls/iso27017.yaml", "ZQ3Planned"),
            ("content/registers/suppliers.yaml", "ZQ3Country"),
        ];
        for ((path, from), word) in places.into_iter().zip(&words) {
            let to = if from.starts_with("change: ") { format!("change: {}", quoted(word)) } else { quoted(word) };
            edit(&mut files, path, from, &to);
        }
        let after = outputs(&files, &["public", "internal"]);
        for audience in ["public", "internal"] {
            common::assert_same(&before()[audience], &after[audience]);
        }
    }
}

/// Blocks that can stand anywhere in a text.
const BLOCKS: &[&str] = &[
    "\n\nWords with [[POL-001#first]], [[SUP-001]], [[gdpr:32(2)]] and `code`.\n\n",
    "\n\n### First\n\nAs another one is called.\n\n",
    "\n\n### Review {satisfies=gdpr:32(2)}\n\n",
    "\n\n### Review\n\n#### Review\n\n",
    "\n\n- one\n- two\n  - [ ] three\n\n",
    "\n\n| a | b |\n| - | - |\n| c | [[POL-003\\|d]] |\n\n",
    "\n\n> [!WARNING]\n> Take care[^1].\n\n",
    "\n\n```rust\nfn main() {}\n```\n\n",
    "\n\nTerm\n: Definition\n\n",
    "\n\n![A chart](../assets/withheld-ZQ3Chart.svg) and a file: [x](../assets/withheld-ZQ3Attachment.csv)\n\n",
    "\n\n{{ org.name }} within {{ values.hours }} hours.[^1]\n\n",
];

/// A bare reference is words of the view, also where a heading is repeated: in contents, labels, anchors, the index of the search, other pages.
#[test]
fn a_reference_in_a_heading_says_nothing_of_what_it_names() {
    let settings = "format: 1\ntitle: Manual\norg: {name: Example Ltd}\nframeworks: [gdpr]\nclassification: public\n";
    let front = |id: &str, more: &str| {
        format!(
            "---\nid: {id}\ntitle: Title of {id}\ntype: policy\nstatus: draft\nclassification: {more}\nowner: ciso\napprover: ceo\n---\n\n"
        )
    };
    let open = front("POL-001", "public")
        + "## Under [[POL-7170717]] {satisfies=gdpr:32}\n\nSee [[POL-002#under]].\n\n### **As [[POL-7170717#zqsection]] says** here\n\nText.\n\n## At [[RSK-7270727]]\n\nText.\n\n\
           ## By [&nbsp;](pol-7170717-zqfile.md) and [&nbsp;](#zqinner)\n\n![A plan](../assets/plan.svg)\n\n## Of [[POL-7370737]]\n\n## For [[ciso]] under [[POL-002]]\n\n\
           ## Kept {#zqinner classification=internal}\n\nInner.\n\n| a |\n| --- |\n| [&nbsp;](#zqinner) |\n";
    let other = front("POL-002", "public") + "## Under [[POL-7170717]]\n\nSee [[POL-001#under]].\n";
    let inner = front("POL-7170717", "internal") + "## One {#zqsection}\n\nInner.\n";
    let announced = front("POL-7370737", "internal\nabstract: {for: public, text: In a sentence.}") + "Inner.\n";
    let roles = "register: roles\nrows:\n  - {id: ciso, title: Officer, classification: public}\n  - {id: ceo, title: Director}\n";
    let risks = "register: risks\nrows:\n  - {id: RSK-7270727, title: R, scenario: S, owner: ciso, likelihood: 1, confidentiality: 1, integrity: 1, availability: 1, decision: retain, accepted: 2026-01-01, accepted_by: ceo}\n";
    let plan = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>";
    let files = [
        ("annexa.yaml", settings.to_owned()),
        ("content/policies/pol-001.md", open),
        ("content/policies/pol-002.md", other),
        ("content/policies/pol-7170717-zqfile.md", inner),
        ("content/policies/pol-7370737.md", announced),
        ("content/registers/roles.yaml", roles.to_owned()),
        ("content/registers/risks.yaml", risks.to_owned()),
        ("content/assets/plan.svg", plan.to_owned()),
    ];
    let outputs = outputs(&files, &["public", "auditor"]);
    for (path, bytes) in &outputs["public"] {
        let said = words_of(path, bytes).to_lowercase();
        for trace in ["7170717", "7270727", "zqsection", "zqfile", "zqinner"] {
            let at = said.find(trace);
            assert!(at.is_none(), "{path}: {}", at.map_or("", |at| &said[at.saturating_sub(60)..(at + 20).min(said.len())]));
        }
    }
    let page = |audience: &str| String::from_utf8(outputs[audience]["documents/pol-001.html"].clone()).unwrap();
    let public = page("public");
    assert!(public.contains("<a href=\"#under\"><span class=\"number\">1</span> Under an internal document</a>"), "{public}");
    assert!(public.contains("aria-label=\"Controls that this section meets: Under an internal document\""), "{public}");
    assert!(public.contains("Of Title of POL-7370737</a>") && public.contains("For Officer under POL-002</a>"), "{public}");
    let whole = page("auditor");
    assert!(whole.contains("<a href=\"#under\"><span class=\"number\">1</span> Under POL-7170717</a>"), "{whole}");
    assert!(
        whole.contains("<span class=\"number\">2</span> At RSK-7270727</a>") && whole.contains("<a href=\"#zqinner\">Kept</a>"),
        "{whole}"
    );
}
