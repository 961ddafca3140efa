//! What is in the files, read back by a reader of another author's.

use std::io::{Cursor, Read};
use std::sync::Arc;

use calamine::{Data, Reader, Xlsx};
use jiff::ToSpan;

use super::*;
use crate::base::source::Sources;
use crate::link::view::{Audience, view};
use crate::{link, read};

const PROJECT: &str = "\
format: 1
title: Manual & more
version: \"2.0\"
org: {name: Example <Ltd>}
frameworks: [iso27017@2015]
scope: All of it.
soa: {version: \"1.3\", owner: ciso, approver: ceo, approved: 2026-03-02}
";

const ROLES: &str = "\
register: roles
rows:
  - {id: ciso, title: Officer}
  - {id: ceo, title: Director}
";

const STATEMENTS: &str = "\
framework: iso27017@2015
statements:
  CLD.9.5.1:
    applicable: true
    reasons: [RSK-001, contract]
    status: implemented
    implementation: |
      Kept apart, as [[POL-001#apart]] says:

      - by *schema*,
      - by key.
    owner: ciso
    reviewed: 2026-02-01
    documents: [POL-001#apart]
    evidence: [EVD-001]
    responsibility:
      - {role: provider, counterparty: customers, ownership: shared, ours: We lock., theirs: You keep the key.}
  CLD.9.5.2: {applicable: false, justification: No machines., owner: ciso}
";

const POLICY: &str =
    "---\nid: POL-001\ntitle: Cloud\ntype: policy\nstatus: approved\n---\n\n## Scope\n\nAll.\n\n## Apart {#apart}\n\nText.\n";

const RISKS: &str = "\
register: risks
rows:
  - {id: RSK-001, title: \"=HYPERLINK(\\\"x\\\")\", scenario: \"-2+3, \\\"quoted\\\"; =1\", owner: ciso, likelihood: 2, confidentiality: 3, integrity: 1, availability: 1, decision: retain, accepted: 2026-01-02, accepted_by: ceo}
  - {id: RSK-002, title: \"+49 40\", scenario: Plain., owner: ciso, likelihood: 1, confidentiality: 1, integrity: 1, availability: 1, decision: retain, accepted: 1850-01-02, accepted_by: ceo}
";

const EVIDENCE: &str = "\
register: evidence
rows:
  - {id: EVD-001, title: Test, source: Folder, controls: [iso27017:CLD.9.5.1], date: 2026-02-03, result: pass}
";

fn manual(more: &[(&str, &str)], today: &str) -> Manual {
    let all: Vec<(&str, &str)> = [
        ("annexa.yaml", PROJECT),
        ("content/registers/roles.yaml", ROLES),
        ("content/controls/c.yaml", STATEMENTS),
        ("content/p.md", POLICY),
        ("content/registers/risks.yaml", RISKS),
        ("content/registers/evidence.yaml", EVIDENCE),
    ]
    .into_iter()
    .filter(|(path, _)| !more.iter().any(|(other, _)| other == path))
    .chain(more.iter().copied())
    .collect();
    let mut findings = Vec::new();
    let parsed = read::parse(Arc::new(Sources::from_texts(&all).with_files(read::built_in())), &mut findings).unwrap();
    assert!(findings.is_empty(), "{findings:?}");
    link::manual::link(view(&parsed, Audience::highest(&parsed.project)), today.parse().unwrap())
}

fn file(manual: &Manual, path: &str) -> Vec<u8> {
    let files = render(manual).unwrap();
    let paths: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
    files.into_iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{path} in {paths:?}")).bytes
}

fn book(manual: &Manual, path: &str) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(file(manual, path))).unwrap()
}

fn text(cell: Option<&Data>) -> String {
    cell.map_or_else(String::new, ToString::to_string)
}

/// A cell that holds a day: days since 1899-12-30 (ECMA-376, 18.17.4.1).
fn day(cell: Option<&Data>) -> Option<String> {
    let Some(Data::DateTime(days)) = cell else { return None };
    let days: i64 = days.as_f64().to_string().parse().unwrap();
    Some((jiff::civil::date(1899, 12, 30) + days.days()).to_string())
}

/// A part of the package: a workbook is a zip of XML.
fn part(manual: &Manual, path: &str, part: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(file(manual, path))).unwrap();
    let mut text = String::new();
    archive.by_name(part).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn the_statement_of_applicability_reads_back_with_its_approval_and_figures() {
    let manual = manual(&[], "2026-06-01");
    let mut book = book(&manual, "soa.xlsx");
    assert_eq!(book.sheet_names(), ["About", "Statement of Applicability"]);
    let about = book.worksheet_range("About").unwrap();
    assert_eq!(text(about.get_value((0, 0))), "Statement of Applicability");
    let facts: Vec<(String, String)> = about.rows().skip(2).take(11).map(|row| (text(row.first()), text(row.get(1)))).collect();
    let said = |label: &str| facts.iter().find(|(known, _)| known == label).map(|(_, value)| value.clone());
    for (label, value) in [
        ("Organisation", "Example <Ltd>"),
        ("Manual", "Manual & more"),
        ("Version of the manual", "2.0"),
        ("Scope", "All of it."),
        ("Version", "1.3"),
        ("Owner", "Officer"),
        ("Approver", "Director"),
        ("Classification", "Confidential"),
    ] {
        assert_eq!(said(label).as_deref(), Some(value), "{label}: {facts:?}");
    }
    let days: Vec<_> = about.rows().filter_map(|row| Some((text(row.first()), day(row.get(1))?))).collect();
    let expected = [("As of", "2026-06-01"), ("Approved", "2026-03-02"), ("Last review of a control", "2026-02-01")];
    assert_eq!(days, expected.map(|(label, day)| (label.to_owned(), day.to_owned())));
    let last: Vec<String> = about.rows().next_back().unwrap().iter().map(|cell| text(Some(cell))).collect();
    assert_eq!(last, ["All controls", "7", "1", "1", "5", "1", "0", "0"]);

    let soa = book.worksheet_range("Statement of Applicability").unwrap();
    let head: Vec<String> = soa.rows().next().unwrap().iter().map(|cell| text(Some(cell))).collect();
    let row = |id: &str| soa.rows().find(|row| text(row.first()) == id).unwrap();
    let value = |id: &str, label: &str| text(row(id).get(head.iter().position(|known| known == label).unwrap()));
    assert_eq!(soa.height(), 1 + 7);
    assert_eq!(value("CLD.9.5.1", "Applicable"), "Yes");
    assert_eq!(value("CLD.9.5.1", "Cloud guidance for us as"), "Provider");
    assert_eq!(value("CLD.9.5.1", "Reasons"), "RSK-001 =HYPERLINK(\"x\")\ncontractual");
    assert_eq!(value("CLD.9.5.1", "Status"), "Implemented");
    assert_eq!(value("CLD.9.5.1", "How it is met"), "Kept apart, as POL-001 2 Apart says:\n\u{2022} by schema,\n\u{2022} by key.");
    assert_eq!(value("CLD.9.5.1", "Documents"), "POL-001 2 Apart");
    assert_eq!(value("CLD.9.5.1", "Evidence"), "EVD-001 Test (2026-02-03)");
    assert_eq!(value("CLD.9.5.2", "Why it is excluded"), "No machines.");
    assert_eq!(value("CLD.9.5.2", "How it is met"), "");
    assert_eq!(value("CLD.6.3.1", "Status"), "Undecided");
}

#[test]
fn workbooks_speak_the_manuals_language_and_tables_for_programs_english() {
    let german = PROJECT.replace("format: 1", "format: 1\nlanguage: de");
    let manual = manual(&[("annexa.yaml", &german)], "2026-06-01");
    let mut book = book(&manual, "soa.xlsx");
    assert_eq!(book.sheet_names(), ["Über diese Datei", "Erklärung zur Anwendbarkeit"]);
    let rows = book.worksheet_range("Erklärung zur Anwendbarkeit").unwrap();
    assert_eq!(text(rows.get_value((0, 0))), "Maßnahme");
    let has = |words: &str| rows.rows().flatten().any(|cell| text(Some(cell)) == words);
    assert!(has("Ja") && has("Nein") && has("Umgesetzt") && !has("Yes") && !has("Implemented"));
    let csv = String::from_utf8(file(&manual, "soa.csv")).unwrap();
    assert!(csv.starts_with("Control,") && csv.contains(",Yes,") && csv.contains("Implemented"), "{csv}");
}

#[test]
fn the_head_is_frozen_and_filtered_and_columns_are_as_wide_as_what_they_hold() {
    let manual = manual(&[], "2026-06-01");
    let sheet = part(&manual, "soa.xlsx", "xl/worksheets/sheet2.xml");
    assert!(sheet.contains("xSplit=\"1\" ySplit=\"1\"") && sheet.contains("state=\"frozen\""), "{sheet}");
    assert!(sheet.contains("<autoFilter ref=\"A1:L8\"/>"), "{sheet}");
    let widths: Vec<f64> = sheet.split(" width=\"").skip(1).map(|rest| rest.split('"').next().unwrap().parse().unwrap()).collect();
    assert!(widths.len() > 3 && widths.iter().all(|width| (8.0..70.0).contains(width)), "{widths:?}");
}

#[test]
fn no_text_becomes_a_formula() {
    let manual = manual(&[], "2026-06-01");
    let csv = String::from_utf8(file(&manual, "registers/risks.csv")).unwrap();
    assert!(csv.contains(",\"'=HYPERLINK(\"\"x\"\")\","), "{csv}");
    assert!(csv.contains(",\"'-2+3, \"\"quoted\"\"; '=1\","), "{csv}");
    assert!(csv.contains("RSK-002 '+49 40") || csv.contains(",'+49 40,"), "{csv}");
    for name in ["soa.xlsx", "responsibilities.xlsx", "customer-responsibilities.xlsx"] {
        let sheet = part(&manual, name, "xl/worksheets/sheet2.xml");
        assert!(!sheet.contains("<f>"), "{name}");
    }
    for (text, harmless) in [
        ("=1", "'=1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        (" =1", " '=1"),
        ("\"=1", "\"'=1"),
        ("a;=1", "a;'=1"),
        ("a\n-1", "a\n'-1"),
        ("\u{ff1d}1", "'\u{ff1d}1"),
        ("a=1, b-2", "a=1, b-2"),
        ("", ""),
    ] {
        assert_eq!(csv::harmless(text), harmless);
    }
}

#[test]
fn csv_has_a_head_and_as_many_fields_in_every_line() {
    let manual = manual(&[], "2026-06-01");
    for file in render(&manual).unwrap().into_iter().filter(|file| file.path.ends_with(".csv")) {
        let text = String::from_utf8(file.bytes).unwrap();
        assert!(text.ends_with("\r\n") && !text.starts_with('\u{feff}'), "{}", file.path);
        let counts: Vec<usize> = lines(&text).iter().map(Vec::len).collect();
        assert!(counts.len() > 1 && counts.iter().all(|count| *count == counts[0]), "{}: {counts:?}", file.path);
    }
    let risks = lines(&String::from_utf8(file(&manual, "registers/risks.csv")).unwrap());
    assert_eq!(risks[0][..2], ["Id", "Risk"]);
    assert_eq!(risks[1].last().map(String::as_str), Some("6"), "the risk level");
}

/// The fields of a CSV text, by the grammar of RFC 4180.
fn lines(text: &str) -> Vec<Vec<String>> {
    let (mut lines, mut fields, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            '\r' if !quoted && chars.peek() == Some(&'\n') => {
                chars.next();
                fields.push(std::mem::take(&mut field));
                lines.push(std::mem::take(&mut fields));
            }
            c => field.push(c),
        }
    }
    lines
}

#[test]
fn two_exports_are_equal_byte_for_byte_and_know_no_clock() {
    let manual = manual(&[], "2026-06-01");
    let first = render(&manual).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let second = render(&manual).unwrap();
    assert!(first == second, "the same second or another");
    assert!(part(&manual, "soa.xlsx", "docProps/core.xml").contains("2026-06-01T00:00:00Z"));
}

#[test]
fn a_day_that_no_workbook_can_hold_is_written_as_text() {
    let manual = manual(&[], "1850-06-01");
    assert!(part(&manual, "soa.xlsx", "docProps/core.xml").contains("1900-01-01T00:00:00Z"));
    let about = book(&manual, "soa.xlsx").worksheet_range("About").unwrap();
    assert!(about.rows().any(|row| text(row.first()) == "As of" && text(row.get(1)) == "1850-06-01"));
}

#[test]
fn a_text_that_is_too_long_for_a_cell_is_cut_and_says_so() {
    let long = "x\u{1f512} ".repeat(20_000);
    let statements = format!("framework: iso27017@2015\nstatements:\n  CLD.9.5.1: {{applicable: true, implementation: \"{long}\"}}\n");
    let manual = manual(&[("content/controls/c.yaml", &statements)], "2026-06-01");
    let mut book = book(&manual, "soa.xlsx");
    let soa = book.worksheet_range("Statement of Applicability").unwrap();
    let longest = soa.used_cells().map(|(_, _, cell)| text(Some(cell))).max_by_key(String::len).unwrap();
    assert!(longest.ends_with("\u{2026} (cut: too long for a cell)"));
    assert!(longest.encode_utf16().count() < 32_767);
    assert!(file(&manual, "soa.csv").len() > long.trim().len(), "CSV has no such limit");
}

#[test]
fn responsibilities_have_a_sheet_each_and_customers_a_file_of_their_own() {
    let suppliers = "register: suppliers\nrows:\n  - {id: SUP-001, name: \"Cloud [1]: a/b\", purpose: P, kind: iaas, personal_data: false, country: X, owner: ciso, inherits: [iso27017:CLD.9.5.1], certificates: [ISO], certificates_expire: 2027-01-01}\n";
    let manual = manual(&[("content/registers/s.yaml", suppliers)], "2026-06-01");
    let mut all = book(&manual, "responsibilities.xlsx");
    assert_eq!(all.sheet_names(), ["About", "Overview", "Duties", "Customers", "Inherited"]);
    let overview = all.worksheet_range("Overview").unwrap();
    let rows: Vec<Vec<String>> = overview.rows().map(|row| row.iter().map(|cell| text(Some(cell))).collect()).collect();
    assert_eq!(rows[0], ["Control", "Title", "Our customers", "Cloud [1]: a/b"]);
    assert_eq!(rows[1], ["CLD.9.5.1", "Segregation in virtual computing environments", "Shared", "Inherited"]);
    let inherited = all.worksheet_range("Inherited").unwrap();
    assert_eq!(day(inherited.get_value((1, 4))).as_deref(), Some("2027-01-01"));
    let mut customers = book(&manual, "customer-responsibilities.xlsx");
    let duties = customers.worksheet_range("Customers").unwrap();
    let row: Vec<String> = duties.rows().nth(1).unwrap().iter().map(|cell| text(Some(cell))).collect();
    assert_eq!(row[2..], ["Shared", "You keep the key.", "We lock."]);
}

#[test]
fn where_there_is_nothing_there_are_no_files() {
    let project = "format: 1\ntitle: Manual\norg: {name: Example}\nframeworks: [gdpr]\n";
    let none = "register: risks\nrows: []\n";
    let files = [
        ("annexa.yaml", project),
        ("content/controls/c.yaml", "framework: gdpr\nstatements: {}\n"),
        ("content/registers/risks.yaml", none),
        ("content/registers/evidence.yaml", "register: evidence\nrows: []\n"),
        ("content/registers/roles.yaml", "register: roles\nrows: []\n"),
    ];
    assert_eq!(render(&manual(&files, "2026-06-01")).unwrap(), []);
}
