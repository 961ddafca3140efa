//! The Statement of Applicability and the responsibilities in the cloud: which controls stand in them, what is said of each, and what is found. In
//! process, on small projects.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on fails

use std::sync::Arc;

use annexa::base::finding::Finding;
use annexa::base::source::Sources;
use annexa::link::manual::{Manual, link};
use annexa::link::report::{self, Cell, Table};
use annexa::link::rule;
use annexa::link::view::{Audience, view};
use annexa::read;
use jiff::civil::date;

const SETTINGS: &str = "format: 1\ntitle: Manual\norg: {name: Example}\nframeworks: [iso27017@2015, iso27001@2022, csf@2.0, gdpr]\n\
                        soa: {version: \"1.3\", owner: ciso, approver: ceo, approved: 2026-03-02}\n";
const ROLES: &str = "register: roles\nrows:\n  - {id: ciso, title: Officer}\n  - {id: ceo, title: Director}\n";
const OWN: &str = "format: 1\nframework: house\nedition: \"1\"\ntitle: House rules\ncontrols:\n  - {id: H-1, title: Rights are reviewed}\n  - {id: H-2, title: Undecided}\n";

fn checked(files: &[(&str, &str)], audience: &str) -> (Manual, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut all = vec![("content/registers/roles.yaml", ROLES)];
    if !files.iter().any(|(path, _)| *path == "annexa.yaml") {
        all.push(("annexa.yaml", SETTINGS));
    }
    all.extend(files);
    let sources = Arc::new(Sources::from_texts(&all).with_files(read::built_in()));
    let parsed = read::parse(sources, &mut findings).expect("annexa.yaml is right");
    let linked = |audience| link(view(&parsed, audience), date(2026, 11, 23));
    rule::check(&linked(Audience::highest(&parsed.project)), &mut findings);
    (linked(Audience::named(audience, &parsed.project).expect("an audience")), findings)
}

fn manual(files: &[(&str, &str)]) -> Manual {
    checked(files, "auditor").0
}

/// Messages of one rule.
fn found(files: &[(&str, &str)], code: &str) -> Vec<String> {
    let (_, findings) = checked(files, "auditor");
    findings.into_iter().filter(|finding| finding.rule.code == code).map(|finding| finding.message.to_string()).collect()
}

fn statements(framework: &str, text: &str) -> String {
    format!("framework: {framework}\nstatements:\n{text}")
}

fn cloud(text: &str) -> String {
    statements("iso27017@2015", text)
}

/// The cells of a row as a reader sees them, without the words that a table of the manual would look up.
fn row(table: &Table, id: &str) -> Vec<(&'static str, String)> {
    fn words(cell: &Cell) -> String {
        match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => text.to_string(),
            Cell::Word(word) => (*word).to_owned(),
            Cell::Phrase(phrase) => phrase.to_string(),
            Cell::Mark(key, words) => format!("{key}: {words}"),
            Cell::Flag(flag) => flag.to_string(),
            Cell::Date(date) => date.to_string(),
            Cell::Reference(reference) => reference.to_string(),
            Cell::Dated(cell, date) => format!("{} of {date}", words(cell)),
            Cell::List(cells) => cells.iter().map(words).collect::<Vec<_>>().join("; "),
            other => format!("{other:?}"),
        }
    }
    let row = table.rows.iter().find(|row| row.id.contains(id)).unwrap_or_else(|| panic!("no row {id} in {}", table.name));
    table.columns.iter().zip(&row.cells).map(|(column, cell)| (column.key, words(cell))).collect()
}

fn cell(table: &Table, id: &str, key: &str) -> String {
    row(table, id).into_iter().find(|(column, _)| *column == key).map_or_else(String::new, |(_, words)| words)
}

#[test]
fn the_statement_holds_annex_a_then_the_cloud_controls_then_every_other_necessary_control() {
    let decided = "    applicable: true\n    reasons: [business]\n    status: planned\n    implementation: Later.\n    owner: ciso\n";
    let csf = statements("csf@2.0", &format!("  GV.OC-01:\n{decided}"));
    let clause = statements("iso27001@2022", &format!("  \"6.2\":\n{decided}"));
    let house = statements("house@1", &format!("  H-1:\n{decided}"));
    let soc = statements("soc2@2017", &format!("  CC1.1:\n{decided}"));
    let manual = manual(&[
        ("frameworks/house.yaml", OWN),
        ("content/controls/csf.yaml", &csf),
        ("content/controls/iso.yaml", &clause),
        ("content/controls/house.yaml", &house),
        ("content/controls/soc.yaml", &soc),
    ]);
    let ids: Vec<String> = report::soa_controls(&manual).map(|control| control.id.to_string()).collect();
    assert_eq!(ids.len(), 93 + 7 + 2, "no clause, nothing of a built-in framework that is not in use");
    assert_eq!((ids[0].as_str(), ids[93].as_str()), ("iso27001@2022:A.5.1", "iso27017@2015:CLD.6.3.1"));
    assert_eq!(ids[100..], ["csf@2.0:GV.OC-01", "house@1:H-1"]);
}

#[test]
fn what_a_lower_view_may_not_see_is_not_counted_as_undecided_by_us() {
    let files = cloud("  CLD.9.5.1: {applicable: false, justification: None.}\n");
    let (lower, _) = checked(&[("content/controls/c.yaml", &files)], "public");
    let table = report::statement_of_applicability(&lower);
    assert_eq!(cell(&table, "CLD.9.5.1", "status"), "open: Not published here");
    let whole = report::statement_of_applicability(&manual(&[("content/controls/c.yaml", &files)]));
    assert_eq!(cell(&whole, "CLD.9.5.1", "status"), "not-applicable: Excluded");
    assert_eq!(cell(&whole, "CLD.9.5.2", "status"), "open: Undecided");
}

#[test]
fn guidance_applies_in_the_roles_that_we_have_and_that_it_addresses() {
    let part = |role: &str, other: &str| format!("      - {{role: {role}, counterparty: {other}, ownership: ours, ours: We.}}\n");
    let both = format!("{}{}", part("provider", "customers"), part("customer", "partners"));
    let says = |responsibilities: &str| {
        let text: String = ["CLD.6.3.1", "CLD.9.5.1"]
            .map(|id| format!("  {id}:\n    applicable: true\n    responsibility: {responsibilities}\n"))
            .concat();
        let annex = statements("iso27001@2022", &format!("  A.8.13:\n    applicable: true\n    responsibility: {responsibilities}\n"));
        let manual = manual(&[("content/controls/c.yaml", &cloud(&text)), ("content/controls/a.yaml", &annex)]);
        let table = report::statement_of_applicability(&manual);
        ["CLD.6.3.1", "CLD.9.5.1", "A.8.13"].map(|id| cell(&table, id, "cloud"))
    };
    assert_eq!(says(&format!("\n{both}")), ["Provider and customer", "provider", "Provider and customer"], "CLD.9.5.1 addresses providers");
    assert_eq!(says(&format!("\n{}", part("customer", "partners"))), ["customer", "Neither", "customer"]);
    assert_eq!(says("[]"), ["open: Undecided"; 3]);
}

#[test]
fn documents_are_named_by_section_and_as_a_whole_only_where_no_section_is() {
    let policy = |id: &str, claims: &str, text: &str| {
        format!("---\nid: {id}\ntitle: Title\ntype: policy\nstatus: approved\nsatisfies: [{claims}]\n---\n\n{text}\n")
    };
    let first = policy("POL-001", "iso27001:A.5.15", "## Rights {#rights satisfies=iso27001:A.5.15}\n\nText.\n\n## Ends {#ends}\n\nText.");
    let second = policy("POL-002", "iso27001:A.5.15", "Text.");
    let annex = statements(
        "iso27001@2022",
        "  A.5.15:\n    applicable: true\n    documents: [POL-001#ends, POL-001, POL-002]\n    evidence: [EVD-001]\n",
    );
    let evidence = "register: evidence\nrows:\n  - {id: EVD-001, title: Review, source: Tickets, controls: [iso27001:A.5.15], date: 2026-10-14, result: pass}\n";
    let manual = manual(&[
        ("content/a.md", &first),
        ("content/b.md", &second),
        ("content/controls/a.yaml", &annex),
        ("content/registers/e.yaml", evidence),
    ]);
    let table = report::statement_of_applicability(&manual);
    assert_eq!(cell(&table, "A.5.15", "documents"), "POL-001#rights; POL-001#ends; POL-002");
    assert_eq!(cell(&table, "A.5.15", "evidence"), "EVD-001 of 2026-10-14");
}

#[test]
fn figures_add_up_by_theme_and_over_all() {
    let text = "  A.5.1: {applicable: true, status: implemented}\n  A.5.2: {applicable: true, status: partial}\n  A.6.1: {applicable: false}\n  A.6.2: {applicable: true}\n";
    let figures = report::soa_figures(&manual(&[("content/controls/a.yaml", &statements("iso27001@2022", text))]));
    let of = |id: &str| {
        let tally = figures.iter().find(|tally| tally.id == id).unwrap();
        [tally.controls, tally.applicable, tally.excluded, tally.undecided, tally.implemented, tally.partial, tally.planned]
    };
    assert_eq!((of("A.5"), of("A.6")), ([37, 2, 0, 35, 1, 1, 0], [8, 1, 1, 6, 0, 0, 0]));
    let all = figures.last().unwrap();
    assert_eq!((all.title.to_string().as_str(), all.controls, all.undecided), ("All controls", 100, 96));
}

#[test]
fn a_statement_without_approval_is_found_and_a_draft_needs_no_date() {
    let planned = cloud("  CLD.9.5.1: {applicable: true, status: planned}\n");
    let done = cloud("  CLD.9.5.1: {applicable: true, status: implemented}\n");
    let says = |soa: &str, controls: &str| {
        let settings = format!("format: 1\ntitle: Manual\norg: {{name: Example}}\nframeworks: [iso27017@2015]\n{soa}");
        found(&[("annexa.yaml", &settings), ("content/controls/c.yaml", controls)], "soa-without-approval")
    };
    let without = |what: &str| vec![format!("the Statement of Applicability has no {what}")];
    assert_eq!(says("", &planned), without("approver"));
    assert_eq!(says("soa: {owner: ciso, approved: 2026-03-02}\n", &done), without("approver"));
    assert_eq!(says("soa: {approver: ceo}\n", &done), without("date of approval"));
    assert_eq!(says("soa: {approver: ceo}\n", &planned), Vec::<String>::new());
    assert_eq!(says("soa: {approver: ceo, approved: soon}\n", &done), Vec::<String>::new(), "it is told that `soon` is no date");
    assert_eq!(says("", "framework: iso27017@2015\nstatements: {}\n"), Vec::<String>::new(), "nothing is decided yet");
}

#[test]
fn a_review_after_the_approval_is_found_with_how_many_and_the_last() {
    let reviewed = |day: &str| format!("{{applicable: false, justification: No., reviewed: {day}}}");
    let text = |a: &str, b: &str| cloud(&format!("  CLD.9.5.1: {}\n  CLD.9.5.2: {}\n", reviewed(a), reviewed(b)));
    let says = |a, b| found(&[("content/controls/c.yaml", &text(a, b))], "soa-changed-since-approval");
    assert_eq!(says("2026-03-02", "2026-01-01"), Vec::<String>::new(), "the day itself is soon enough");
    let message = "2 statements were reviewed after the Statement of Applicability was approved on 2026-03-02, the last on 2026-05-05";
    assert_eq!(says("2026-05-05", "2026-04-04"), [message]);
    let settings = SETTINGS.replace("2026-03-02", "2027-01-01");
    let files = text("2026-01-01", "2026-01-01");
    let future = found(&[("annexa.yaml", &settings), ("content/controls/c.yaml", &files)], "approved-in-future");
    assert_eq!(future, ["the approval date 2027-01-01 lies after today, 2026-11-23"]);
}

#[test]
fn the_approver_of_the_statement_is_a_role_of_the_register() {
    let settings = SETTINGS.replace("approver: ceo", "approver: boss");
    assert_eq!(found(&[("annexa.yaml", &settings)], "unresolved-reference"), ["there is no role `boss`"]);
}

/// Suppliers of every kind.
fn suppliers() -> String {
    let row = |id: &str, kind: &str, more: &str| {
        format!(
            "  - {{id: {id}, name: Name of {id}, purpose: P, kind: {kind}, personal_data: false, country: X, owner: ciso, classification: public{more}}}\n"
        )
    };
    let rows = [
        row(
            "SUP-001",
            "iaas",
            ", inherits: [iso27002@2022:7.1, iso27017:CLD.13.1.4], certificates: [ISO], certificates_expire: 2026-11-23",
        ),
        row("SUP-002", "paas", ""),
        row("SUP-003", "saas", ", criticality: high"),
        row("SUP-004", "saas", ", criticality: medium"),
        row("SUP-005", "facility", ", criticality: high"),
    ];
    format!("register: suppliers\nrows:\n{}", rows.concat())
}

#[test]
fn a_cloud_control_has_to_speak_of_every_relationship_that_exists() {
    let said = |id: &str, counterparty: &str, role: &str| {
        format!(
            "  {id}:\n    applicable: true\n    status: partial\n    classification: public\n    responsibility:\n      - {{role: {role}, counterparty: {counterparty}, ownership: ours, ours: We.}}\n"
        )
    };
    let text = format!("{}{}", said("CLD.9.5.1", "customers", "provider"), said("CLD.13.1.4", "SUP-002", "customer"));
    let (suppliers, text) = (suppliers(), cloud(&text));
    let files = [("content/registers/s.yaml", suppliers.as_str()), ("content/controls/c.yaml", text.as_str())];
    assert_eq!(
        found(&files, "responsibility-missing"),
        [
            "`CLD.9.5.1` does not say who does what with SUP-001 (Name of SUP-001), SUP-002 (Name of SUP-002) and SUP-003 (Name of SUP-003)",
            "`CLD.13.1.4` does not say who does what with our customers and SUP-003 (Name of SUP-003)",
        ]
    );
    let overview = report::matrix(&manual(&files)).overview();
    let labels: Vec<String> = overview.columns.iter().skip(2).map(|column| column.label.to_string()).collect();
    assert_eq!(labels, ["Our customers", "Name of SUP-001", "Name of SUP-002", "Name of SUP-003"], "in the order of the register");
    let cells = |id: &str| row(&overview, id).into_iter().skip(2).map(|(_, words)| words).collect::<Vec<_>>();
    assert_eq!(cells("CLD.13.1.4"), ["open: Gap", "Inherited", "ours", "open: Gap"]);
    // Of what a lower view does not know of a supplier, it says that nothing is missing.
    let (lower, _) = checked(&files, "public");
    let matrix = report::matrix(&lower);
    assert_eq!(matrix.relationships.len(), 2);
    assert_eq!(cell(&matrix.overview(), "CLD.9.5.1", "share"), "ours");
}

#[test]
fn a_planned_control_need_not_speak_of_anybody_and_a_service_makes_a_provider() {
    let text = |status: &str| cloud(&format!("  CLD.9.5.1: {{applicable: true, status: {status}}}\n"));
    let settings = SETTINGS.replace("{name: Example}", "{name: Example, service: Ledger}");
    let says = |settings: &str, status: &str| {
        found(&[("annexa.yaml", settings), ("content/controls/c.yaml", &text(status))], "responsibility-missing")
    };
    assert_eq!(says(SETTINGS, "partial"), Vec::<String>::new());
    assert_eq!(says(&settings, "planned"), Vec::<String>::new());
    assert_eq!(says(&settings, "partial"), ["`CLD.9.5.1` does not say who does what with our customers"]);
}

#[test]
fn a_supplier_that_the_view_does_not_show_keeps_its_name_and_its_id() {
    let text = cloud(
        "  CLD.9.5.1:\n    applicable: true\n    classification: public\n    responsibility:\n      - {role: customer, counterparty: SUP-009, ownership: theirs, theirs: They.}\n",
    );
    let hidden = "register: suppliers\nrows:\n  - {id: SUP-009, name: Hidden, purpose: P, kind: iaas, personal_data: false, country: X, owner: ciso}\n";
    let (lower, _) = checked(&[("content/registers/s.yaml", hidden), ("content/controls/c.yaml", &text)], "public");
    let matrix = report::matrix(&lower);
    assert_eq!(matrix.relationships.iter().map(|relationship| relationship.title().to_string()).collect::<Vec<_>>(), ["Other suppliers"]);
    let shown = format!("{:?} {:?}", matrix.duties(), matrix.overview());
    assert!(!shown.contains("SUP-009") && !shown.contains("Hidden"), "{shown}");
}

#[test]
fn customers_read_what_they_have_to_do_and_nothing_of_our_suppliers() {
    let text = cloud(
        "  CLD.9.5.1:\n    applicable: true\n    responsibility:\n      - {role: provider, counterparty: customers, ownership: theirs, theirs: You lock.}\n      - {role: customer, counterparty: partners, ownership: ours, ours: Secretly.}\n  CLD.9.5.2:\n    applicable: false\n    responsibility:\n      - {role: provider, counterparty: customers, ownership: ours, ours: No.}\n",
    );
    let table = report::matrix(&manual(&[("content/controls/c.yaml", &text)])).for_customers();
    assert_eq!(table.rows.len(), 1, "what does not apply asks nothing of anybody");
    assert_eq!(cell(&table, "CLD.9.5.1", "duty"), "Yours");
    assert!(!format!("{table:?}").contains("Secretly"));
}

#[test]
fn a_duty_that_nobody_has_written_is_found() {
    let part = |text: &str| {
        let statement = format!(
            "  CLD.9.5.1:\n    applicable: true\n    responsibility:\n      - {{role: provider, counterparty: customers, {text}}}\n"
        );
        found(&[("content/controls/c.yaml", &cloud(&statement))], "responsibility-incomplete")
    };
    let lacks = |what: &str, keys: &str| vec![format!("this responsibility for `CLD.9.5.1` is `{what}` and lacks {keys}")];
    assert_eq!(part("ownership: shared"), lacks("shared", "`ours` and `theirs`"));
    assert_eq!(part("ownership: shared, ours: We., theirs: \"\""), lacks("shared", "`theirs`"));
    assert_eq!(part("ownership: outsourced, ours: We."), lacks("outsourced", "`theirs`"));
    assert_eq!(part("ownership: ours, theirs: They."), lacks("ours", "`ours`"));
    assert_eq!(part("ownership: theirs, theirs: They."), Vec::<String>::new());
    assert_eq!(part("ownership: all, ours: We."), Vec::<String>::new(), "it is told that `all` is no ownership");
}

#[test]
fn what_is_inherited_holds_as_long_as_the_certificate() {
    let of = |more: &str| suppliers().replace("certificates: [ISO], certificates_expire: 2026-11-23", more);
    let says = |more: &str| {
        let suppliers = of(more);
        let files = [("content/registers/s.yaml", suppliers.as_str())];
        [found(&files, "inherited-without-certificate"), found(&files, "inherited-certificate-expired")].concat()
    };
    let inherited = "`A.7.1` and `CLD.13.1.4` are inherited from SUP-001 (Name of SUP-001)";
    assert_eq!(says("certificates: [ISO], certificates_expire: 2026-11-23"), Vec::<String>::new(), "the last day counts");
    assert_eq!(
        says("certificates: [ISO], certificates_expire: 2026-11-22"),
        [format!("{inherited}, whose certificates expired on 2026-11-22")]
    );
    assert_eq!(says("certificates: []"), [format!("{inherited}, which has no certificate")]);
    assert_eq!(says("certificates: [ISO]"), [format!("{inherited}, and nothing says until when its certificates are valid")]);
    assert_eq!(says("certificates: [ISO], certificates_expire: never"), Vec::<String>::new(), "it is told that `never` is no date");
}

#[test]
fn an_inherited_control_shows_supplier_certificate_expiry_and_evidence() {
    let suppliers = suppliers().replace("certificates: [ISO],", "certificates: [ISO], evidence: [EVD-001, EVD-002],");
    let evidence = "register: evidence\nrows:\n  - {id: EVD-001, title: Certificate, source: Folder, controls: [iso27001:A.7.1], date: 2026-06-18, result: info}\n  - {id: EVD-002, title: Other, source: Folder, controls: [gdpr:28], date: 2026-06-19, result: info}\n";
    let manual = manual(&[("content/registers/s.yaml", suppliers.as_str()), ("content/registers/e.yaml", evidence)]);
    let table = report::inheritance(&manual);
    let expected = [
        ("control", "iso27001@2022:A.7.1"),
        ("title", "Physical security perimeters"),
        ("supplier", "SUP-001"),
        ("certificates", "ISO"),
        ("certificates_expire", "2026-11-23"),
        ("evidence", "EVD-001 of 2026-06-18"),
    ];
    assert_eq!(row(&table, "A.7.1"), expected.map(|(key, words)| (key, words.to_owned())));
    assert_eq!(cell(&table, "CLD.13.1.4", "evidence"), "EVD-001 of 2026-06-18; EVD-002 of 2026-06-19", "all where none is of the control");
}
