//! What identifiers mean: hints for wrong ones, other names, classifications, states. In process, on small projects.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on fails

use std::sync::Arc;

use annexa::base::finding::Finding;
use annexa::base::id::{EditionId, ItemId, Reference};
use annexa::base::source::Sources;
use annexa::link::backlink::Entity;
use annexa::link::manual::{Manual, link};
use annexa::link::rule;
use annexa::link::state::State;
use annexa::link::view::{Audience, view};
use annexa::read::{self, Parsed};
use jiff::civil::date;

const SETTINGS: &str = "format: 1\ntitle: Manual\norg: {name: Example}\nframeworks: [iso27001@2022, iso27017@2015, nist80053@r5, gdpr]\n";

fn parsed(files: &[(&str, &str)]) -> (Parsed, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut all = vec![("annexa.yaml", SETTINGS)];
    all.extend(files);
    let sources = Arc::new(Sources::from_texts(&all).with_files(read::built_in()));
    let parsed = read::parse(sources, &mut findings).expect("annexa.yaml is right");
    (parsed, findings)
}

fn manual(parsed: &Parsed, audience: &str) -> Manual {
    let audience = Audience::named(audience, &parsed.project).expect("an audience");
    link(view(parsed, audience), date(2026, 11, 23))
}

fn document(id: &str, more: &str, text: &str) -> String {
    format!("---\nid: {id}\ntitle: Title of {id}\ntype: policy\nstatus: approved\n{more}---\n\n{text}\n")
}

/// The help of the first finding that a claim causes.
fn hint(claim: &str) -> Option<String> {
    let text = document("POL-001", &format!("satisfies: [\"{claim}\"]\n"), "Text.");
    let (parsed, mut findings) = parsed(&[("content/p.md", &text)]);
    rule::check(&manual(&parsed, "auditor"), &mut findings);
    let found = findings.into_iter().find(|f| matches!(f.rule.code, "unknown-control" | "unknown-framework" | "withdrawn-control"))?;
    found.help.first().map(ToString::to_string)
}

#[test]
fn a_wrong_identifier_is_met_with_the_right_one() {
    let says = |claim: &str, words: &str| {
        let hint = hint(claim).unwrap_or_default();
        assert!(hint.contains(words), "{claim}: {hint}");
    };
    says("iso27017:CLD.15.1.3", "CLD.13.1.4");
    says("iso27001:A.9.2.1", "2013 numbering");
    says("iso27001:A.9.2.1", "now `A.5.16`");
    says("iso27001:A.5.99", "nearest");
    says("iso27001:5.15", "`A.5.15`");
    says("nist80053:AC-02", "`AC-2`");
    says("nist80053:AC-2(10)", "`AC-2`");
    says("iso27001@2021:A.5.1", "`iso27001@2022`");
    says("iso27011:A.5.1", "did you mean");
}

#[test]
fn other_spellings_are_the_same_control() {
    for claim in
        ["nist80053:AC-2(1)", "nist80053:AC-2 (1)", "800-53:AC-2(1)", "gdpr:Art. 32(1)(b)", "iso27002@2022:5.15", "ISO27001:A.5.15"]
    {
        assert_eq!(hint(claim), None, "{claim}");
    }
}

#[test]
fn a_claim_on_another_name_counts_for_the_control() {
    let text = document("POL-001", "satisfies: [iso27002@2022:5.15]\n", "## Leavers {#leavers satisfies=iso27017:9.2.1}\n\nText.");
    let (parsed, findings) = parsed(&[("content/p.md", &text)]);
    assert!(findings.is_empty(), "{findings:?}");
    let manual = manual(&parsed, "auditor");
    let state = |name: &str| {
        let reference = Reference::parse(name).unwrap();
        manual.state(manual.control_named(&reference).unwrap())
    };
    assert_eq!(state("iso27001:A.5.15"), State::Met);
    assert_eq!(state("iso27017:9.2.1"), State::Met);
    assert_eq!(state("iso27001:A.5.16"), State::Met, "9.2.1 of 2013 is A.5.16 now");
    assert_eq!(state("iso27001:A.5.17"), State::Open);
}

#[test]
fn a_marked_section_is_withheld_with_its_footnotes_and_numbers() {
    let text = document(
        "POL-001",
        "classification: public\n",
        "## One {#one}\n\nOpen.[^b]\n\n## Two {#two classification=confidential}\n\nSecret.[^a]\n\n### Below {#below}\n\nSecret too.\n\n\
         ## Three {#three}\n\nSee [[POL-001#two]].[^c]\n\n[^a]: secret\n[^b]: open\n[^c]: open too",
    );
    let (parsed, _) = parsed(&[("content/p.md", &text)]);
    let id = ItemId::parse("POL-001").unwrap();
    let of = |audience: &str| {
        let manual = manual(&parsed, audience);
        let numbers: Vec<String> = manual.sections(&id).iter().map(|s| format!("{} {}", s.number, s.id)).collect();
        (numbers.join(", "), manual.document(&id).unwrap().body.footnotes.len())
    };
    assert_eq!(of("auditor"), ("1 one, 2 two, 2.1 below, 3 three".into(), 3));
    assert_eq!(of("public"), ("1 one, 2 three".into(), 2));
}

#[test]
fn a_row_opens_its_outward_fields_and_those_it_names() {
    let register = "register: suppliers\nrows:\n  - {id: SUP-001, name: Cloud, purpose: Hosting, kind: iaas, personal_data: true, country: DE, \
                    owner: ciso, agreement: 2026-01-01, classification: public, outward: [agreement]}\n  - {id: SUP-002, name: Other, \
                    purpose: Hosting, kind: iaas, personal_data: false, country: DE, owner: ciso}\n";
    let (parsed, findings) = parsed(&[("content/registers/suppliers.yaml", register)]);
    assert!(findings.is_empty(), "{findings:?}");
    let public = manual(&parsed, "public");
    let rows = &public.view.registers[0].rows;
    assert_eq!(rows.len(), 1, "what has no mark is withheld");
    let keys: Vec<&str> = rows[0].fields.iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["agreement", "country", "id", "name", "purpose"]);
}

#[test]
fn a_framework_of_ones_own_is_used_like_any_other() {
    let own = "format: 1\nframework: house\nedition: \"1\"\ntitle: House rules\ngroups: [{id: A, title: All}]\ncontrols:\n  \
               - {id: H-1, group: A, title: Lock the door}\n";
    let text = document("POL-001", "satisfies: [house@1:H-1]\n", "Text.");
    let settings = SETTINGS.replace("gdpr]", "house@1]");
    let mut findings = Vec::new();
    let files = [("annexa.yaml", settings.as_str()), ("frameworks/house.yaml", own), ("content/p.md", &text)];
    let sources = Arc::new(Sources::from_texts(&files).with_files(read::built_in()));
    let parsed = read::parse(sources, &mut findings).unwrap();
    assert!(findings.is_empty(), "{findings:?}");
    let manual = manual(&parsed, "auditor");
    let catalogue = parsed.catalogues.find(&EditionId::parse("house@1").unwrap()).unwrap();
    assert_eq!(manual.state(&catalogue.controls[0]), State::Met);
}

#[test]
fn the_built_in_catalogues_are_sound_and_have_the_published_numbers() {
    let mut findings = Vec::new();
    let sources = Sources::new(read::built_in());
    let catalogues = read::built_in_catalogues(&sources, &mut findings);
    assert!(findings.is_empty(), "{findings:?}");
    let count = |name: &str, keep: fn(&annexa::read::framework::Control) -> bool| {
        let catalogue = catalogues.edition(&EditionId::parse(name).unwrap()).unwrap();
        catalogue.controls.iter().filter(|control| keep(control)).count()
    };
    assert_eq!(count("iso27001@2022", |c| c.kind == "control"), 93);
    assert_eq!(count("iso27001@2022", |c| c.kind == "clause"), 41);
    assert_eq!(count("iso27001@2022", |c| c.new), 11);
    assert_eq!(count("iso27001@2013", |_| true), 114);
    assert_eq!(count("iso27017@2015", |c| c.alias_of.is_empty()), 7);
    assert_eq!(count("iso27017@2015", |c| c.cloud_guidance), 37);
    assert_eq!(count("iso27017@2026", |_| true), 97);
    assert_eq!(count("iso27018@2019", |_| true), 25);
    assert_eq!(count("ccm@4.0", |_| true), 197);
    assert_eq!(count("ccm@4.1", |_| true), 207);
    assert_eq!(count("nist80053@r5", |c| c.kind != "enhancement"), 324);
    assert_eq!(count("nist80053@r5", |c| c.kind == "enhancement"), 872);
    assert_eq!(count("nist80053@r5", |c| c.withdrawn), 182);
    assert_eq!(count("csf@2.0", |_| true), 106);
    assert_eq!(count("gdpr", |c| c.kind == "article"), 99);
    assert_eq!(count("soc2@2017", |_| true), 61);
    for catalogue in catalogues.all() {
        for alias in catalogue.controls.iter().flat_map(|control| &control.alias_of) {
            let target = catalogues.edition(&alias.edition).and_then(|edition| edition.control(&alias.control));
            assert!(target.is_some(), "{alias} exists");
        }
    }
}

/// The codes of what is found in one document's text.
fn found(text: &str, more: &[(&str, &str)]) -> Vec<&'static str> {
    let text = document("POL-001", "classification: public\n", text);
    let mut files = vec![("content/p.md", text.as_str())];
    files.extend(more);
    let (parsed, mut findings) = parsed(&files);
    rule::check(&manual(&parsed, "auditor"), &mut findings);
    findings.into_iter().map(|finding| finding.rule.code).collect()
}

#[test]
fn a_mark_that_is_not_read_as_one_does_not_publish_its_section_in_silence() {
    for heading in [
        "## Sec {#s classification=confidential",
        "## Sec {classification=confidential} ##",
        "## Sec {classification=confidential} (draft)",
        "## Sec classification=confidential}",
        "## Sec (satisfies=iso27001:A.5.1)",
        "##Sec {classification=confidential}",
        "    ## Sec {classification=confidential}",
    ] {
        assert!(found(&format!("{heading}\n\nSecret."), &[]).contains(&"unknown-attribute"), "{heading}");
    }
    assert!(!found("## Sec {#s classification=confidential}\n\nSecret.", &[]).contains(&"unknown-attribute"));
}

#[test]
fn a_picture_with_a_script_in_it_is_refused() {
    let svg = |inner: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inner}</svg>");
    let codes = |inner: &str| found("![A drawing](assets/a.svg)", &[("content/assets/a.svg", &svg(inner))]);
    for inner in [
        "<script>alert(1)</script>",
        "<rect onload=\"x()\"/>",
        "<a href=\"javascript:x\"/>",
        "<image href=\"https://elsewhere.example/x\"/>",
    ] {
        assert!(codes(inner).contains(&"unsafe-link"), "{inner}");
    }
    assert!(!codes("<title>On one = two</title><rect width=\"1\"/>").contains(&"unsafe-link"));
}

#[test]
fn front_matter_that_says_nothing_is_missing_its_keys() {
    let (_, findings) = parsed(&[("content/p.md", "---\n---\n\n## A policy\n"), ("content/registers/risks.yaml", "# nothing yet\n")]);
    assert_eq!(findings.iter().filter(|finding| finding.rule.code == "wrong-type").count(), 2, "{findings:?}");
}

#[test]
fn a_classification_cannot_be_a_path_or_an_audience() {
    for name in ["../../outside", "auditor", "all", "Public", "a b"] {
        let settings = format!("{SETTINGS}classifications: [public, \"{name}\", top]\n");
        let mut findings = Vec::new();
        let sources = Arc::new(Sources::from_texts(&[("annexa.yaml", &settings)]).with_files(read::built_in()));
        read::parse(sources, &mut findings);
        assert!(findings.iter().any(|finding| finding.rule.code == "invalid-value"), "{name}");
    }
}

#[test]
fn a_baseline_of_the_project_selects_controls_and_replaces_one_of_the_same_name() {
    let baseline = |controls: &str| format!("format: 1\nof: nist80053@r5\nbaseline: low\ncontrols: [{controls}]\n");
    let path = "frameworks/baselines/nist80053@r5--low.yaml";
    let (read, findings) = parsed(&[(path, &baseline("AC-1, AC-2(1)"))]);
    assert!(findings.is_empty(), "{findings:?}");
    let edition = EditionId::parse("nist80053@r5").unwrap();
    let low = |parsed: &Parsed| -> Vec<String> {
        let controls = &parsed.catalogues.edition(&edition).unwrap().controls;
        let low = controls.iter().filter(|control| control.baselines.iter().any(|name| name.as_ref() == "low"));
        low.map(|control| control.id.control.to_string()).collect()
    };
    assert_eq!(low(&read), ["AC-1", "AC-2(1)"]);
    let (_, findings) = parsed(&[(path, &baseline("AC-1, AC-2(O)"))]);
    assert_eq!(
        findings.iter().map(|f| (f.rule.code, f.help.iter().map(ToString::to_string).collect::<String>())).collect::<Vec<_>>(),
        [("unknown-control", "the nearest identifier is `AC-2(1)`".to_owned())]
    );
}

#[test]
fn a_file_that_is_not_read_is_not_dropped_without_a_word() {
    let (_, findings) = parsed(&[("content/policies/pol-001.MD", "text"), ("content/risks.yaml", "text"), ("frameworks/own.yml", "text")]);
    let said: Vec<_> = findings.iter().map(|finding| (finding.rule.code, finding.severity.name(), finding.message.to_string())).collect();
    let found: Vec<_> = said.iter().map(|(code, severity, message)| (*code, *severity, message.as_str())).collect();
    assert_eq!(
        found,
        [
            ("ignored-file", "warning", "`content/policies/pol-001.MD` is not read"),
            ("ignored-file", "warning", "`content/risks.yaml` is not read"),
            ("ignored-file", "warning", "`frameworks/own.yml` is not read"),
        ]
    );
}

/// The places of withheld references: what is underlined, in a project of these files.
fn withheld_references(files: &[(&str, &str)]) -> Vec<String> {
    let (parsed, mut findings) = parsed(files);
    assert!(findings.is_empty(), "{findings:?}");
    rule::check(&manual(&parsed, "auditor"), &mut findings);
    let found = findings.iter().filter(|finding| finding.rule.code == "withheld-reference");
    let mut places: Vec<String> = found
        .map(|finding| {
            let annexa::base::finding::Place::Span(span) = finding.place else { panic!("{finding:?}") };
            let file = parsed.sources.file(span.file);
            let (start, end) = (usize::try_from(span.start).unwrap(), usize::try_from(span.end).unwrap());
            let line = file.text()[..start].matches('\n').count() + 1;
            format!("{}:{line} {}", file.path.rsplit('/').next().unwrap(), &file.text()[start..end])
        })
        .collect();
    places.sort();
    places
}

#[test]
fn a_visible_reference_to_something_withheld_is_a_warning_wherever_it_stands() {
    let inner = document("POL-002", "classification: internal\n", "Inner.\n\n## Deep {#deep classification=confidential}\n\nDeep.");
    let open = document(
        "POL-001",
        "classification: public\nabstract: {for: public, text: \"See [[POL-002]].\"}\nhistory: [{version: \"1\", date: 2026-01-01, change: \"After [[RSK-001]].\"}]\n",
        "## Names [[POL-002]]\n\n[[POL-002|own words]] and a note.[^open]\n\n\
         | a |\n| --- |\n| [[POL-002#deep]] |\n\n\
         ## Marked {classification=internal}\n\n[[POL-002]] is as open as this; [[POL-002#deep]] is not. A note.[^inner]\n\n\
         [^open]: See [[SUP-002]], and more.[^more]\n[^more]: See [[SUP-003]].\n[^inner]: See [[POL-002]].",
    );
    let summed =
        document("POL-003", "abstract: {for: customer, text: \"See [[POL-002]].\"}\n", "[[POL-002]] and [[RSK-001]] are as open as this.");
    let suppliers = "register: suppliers\nrows:\n\
        \x20 - {id: SUP-001, name: A, purpose: P, kind: iaas, personal_data: false, country: IE, owner: ciso, classification: public, outward: [evidence, inherits], evidence: [EVD-001, POL-001], inherits: [gdpr:32]}\n\
        \x20 - {id: SUP-002, name: B, purpose: P, kind: iaas, personal_data: false, country: IE, owner: ciso, classification: customer, evidence: [EVD-001]}\n\
        \x20 - {id: SUP-003, name: C, purpose: P, kind: iaas, personal_data: false, country: IE, owner: ciso}\n";
    let roles = "register: roles\nrows:\n  - {id: ciso, title: Officer}\n";
    let evidence =
        "register: evidence\nrows:\n  - {id: EVD-001, title: E, source: S, controls: [gdpr:32], date: 2026-01-01, result: pass}\n";
    let questions = "register: questions\nrows:\n  \
        - {id: QST-001, topic: T, question: Q, answer: \"In [[POL-002]] and [[POL-003]], by [[ciso]].\", sources: [POL-002], owner: ciso, classification: customer}\n";
    let risks = "register: risks\nrows:\n  - {id: RSK-001, title: R, scenario: \"[[POL-002]]\", owner: ciso, likelihood: 1, confidentiality: 1, integrity: 1, availability: 1, decision: retain}\n";
    let statements = "framework: iso27001@2022\nstatements:\n  A.5.1:\n    applicable: true\n    classification: public\n    status: implemented\n    \
        implementation: \"[[POL-002]]\"\n    outward: [documents]\n    documents: [POL-001, POL-002#deep]\n    evidence: [EVD-001]\n    responsibility:\n      \
        - {role: customer, counterparty: SUP-002, ownership: shared, ours: \"By [[POL-002]].\", theirs: \"By [[POL-002|rules]].\"}\n      \
        - {role: provider, counterparty: customers, ownership: shared, ours: \"By [[POL-001]].\"}\n";
    let house = "format: 1\nframework: house\nedition: \"1\"\ntitle: House\nclassification: public\ncontrols:\n  - {id: H-1, title: One, text: \"See [[POL-002]].\"}\n";
    let found = withheld_references(&[
        ("content/p1.md", &open),
        ("content/p2.md", &inner),
        ("content/p3.md", &summed),
        ("content/registers/suppliers.yaml", suppliers),
        ("content/registers/roles.yaml", roles),
        ("content/registers/evidence.yaml", evidence),
        ("content/registers/questions.yaml", questions),
        ("content/registers/risks.yaml", risks),
        ("content/controls/iso.yaml", statements),
        ("frameworks/house.yaml", house),
    ]);
    insta::assert_snapshot!(found.join("\n"));
}

#[test]
fn an_identifier_that_is_taken_twice_has_one_list_of_who_refers_to_it() {
    let (first, second) = (document("POL-001", "", "## Scope {#scope}"), document("POL-001", "", "See [it](#scope).\n\n## Scope {#scope}"));
    let third = document("POL-002", "", "See [[POL-001]].");
    let (parsed, _) = parsed(&[("content/a.md", &first), ("content/b.md", &second), ("content/c.md", &third)]);
    let id = Entity::Item(ItemId::parse("POL-001").expect("an id"));
    // Nothing depends on the order in which a map has its keys, which is another one each time.
    for _ in 0..20 {
        assert_eq!(manual(&parsed, "auditor").backlinks(&id).len(), 1);
    }
}
