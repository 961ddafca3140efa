//! Files as people have them and as nobody should: workbooks made here, CSV and OSCAL in a few lines.

use std::sync::OnceLock;

use rust_xlsxwriter::{Formula, Workbook, Worksheet};

use super::*;
use crate::base::source::Sources;
use crate::read;

/// What an import made, or what was wrong, each finding with its code.
fn import_as(bytes: &[u8], change: impl FnOnce(&mut Request<'_>)) -> (Option<Imported>, Vec<String>) {
    static BUILT_IN: OnceLock<Catalogues> = OnceLock::new();
    let catalogues = BUILT_IN.get_or_init(|| read::built_in_catalogues(&Sources::new(read::built_in()), &mut Vec::new()));
    let mut findings = Vec::new();
    let classifications = ["public".into(), "internal".into()];
    let mut request = Request {
        file: "folder/file.dat".into(),
        edition: None,
        classification: None,
        title: None,
        baseline: None,
        sheet: None,
        mappings: true,
        catalogues,
        classifications: &classifications,
    };
    change(&mut request);
    let imported = import(bytes, &request, &mut findings);
    let severity = |finding: &Finding| if finding.severity.name() == "error" { "" } else { "(note) " };
    (imported, findings.iter().map(|finding| format!("{}{}: {}", severity(finding), finding.rule.code, finding.message)).collect())
}

fn import_own(bytes: &[u8]) -> (Option<Imported>, Vec<String>) {
    import_as(bytes, |request| request.edition = EditionId::parse("own@1"))
}

/// The text of the file that was made, with nothing to say about it.
#[track_caller]
fn made(bytes: &[u8], path: &str) -> String {
    let (imported, findings) = import_own(bytes);
    assert_eq!(findings, [""; 0]);
    imported.unwrap().files.into_iter().find(|(known, _)| known == path).unwrap().1
}

/// What is wrong with a file, of which nothing comes.
#[track_caller]
fn wrong(bytes: &[u8]) -> Vec<String> {
    let (imported, findings) = import_own(bytes);
    assert!(imported.is_none(), "{:?}", imported.map(|imported| imported.files));
    findings
}

mod csv {
    use super::*;

    #[test]
    fn columns_may_stand_in_any_order_under_any_of_their_names() {
        let text = "Requirement,Control ID,Control Title,Domain,Owner\n\"Asks, \"\"quoted\"\"\nover two lines.\",S-1,Access rights,Security,x\n,S-2,Backups,Security,y\n";
        insta::assert_snapshot!(made(text.as_bytes(), "frameworks/own@1.yaml"), @r#"
        # Written by `annexa catalog import`. Its texts belong to their publisher: see its licence before you pass them on.
        format: 1
        framework: own
        edition: "1"
        title: own@1
        source: Imported from file.dat.
        groups:
          - {id: S, title: Security}
        controls:
          - id: S-1
            group: S
            title: Access rights
            text: |-
              Asks, "quoted"\
              over two lines.
          - id: S-2
            group: S
            title: Backups
        "#);
    }

    #[test]
    fn semicolons_and_tabs_part_fields_where_they_are_more() {
        for delimiter in [";", "\t"] {
            let text = ["id", "title", "baselines\nA-1", "One, with a comma", "low"].join(delimiter);
            assert!(made(text.as_bytes(), "frameworks/own@1.yaml").contains("baselines: [low]"), "{delimiter:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_by_line_and_column_all_in_one_run() {
        let text =
            "id,title,kind,parent\nA-1,One,control,\na-1,Two,,\nA-2,,,\nA-1,Again,,\nA 3,Three,part,B-1\nA-4,Bad \u{1b}[31m,,\nA-5,Short\n";
        assert_eq!(
            wrong(text.as_bytes()),
            [
                "import-unreadable: at `line 8`: the row has 2 fields, and the first has 4",
                "unknown-value: at `line 6, column 3`: `kind` cannot be `part`",
                "control-character: at `line 7, column 2`: the text holds the character U+001B",
                "invalid-catalogue: at `line 6, column 1`: `A3` names the parent `B-1`, which the table does not have",
                "duplicate-id: at `line 3, column 1`: `a-1` and `A-1` at `line 2, column 1` differ only in case",
                "missing-key: at `line 4, column 1`: `A-2` has no title",
                "duplicate-id: at `line 5, column 1`: `A-1` and `a-1` at `line 3, column 1` differ only in case",
                "missing-key: at `line 7, column 1`: `A-4` has no title",
            ]
        );
    }

    #[test]
    fn files_that_are_no_table_are_refused() {
        assert_eq!(wrong(b""), ["empty-file: the file is empty"]);
        assert_eq!(wrong(b"\xef\xbb\xbf \n"), ["empty-file: the file is empty"]);
        assert_eq!(wrong(b"just words"), ["import-unreadable: no table in this file has a row of headings that is known"]);
        assert_eq!(wrong(b"id,title\n"), ["import-unreadable: there is no control in this file"]);
        assert_eq!(wrong(b"id,title\nA-1,Gr\xfc\xdfe\n"), ["not-utf8: at `line 2`: the file is not valid UTF-8"]);
        assert_eq!(wrong(b"<catalog/>"), ["import-unreadable: this is XML or HTML"]);
        assert_eq!(
            wrong(b"\xd0\xcf\x11\xe0\xa1\xb1"),
            ["import-unreadable: this is a spreadsheet in an old format, or one with a password"]
        );
        let many = format!("id,title\n{}", "A-1,One\n".repeat(20_001));
        assert_eq!(wrong(many.as_bytes()), ["import-unreadable: at `line 20001`: the table has more than 20000 rows or 256 columns"]);
    }

    #[test]
    fn formulas_of_csv_are_words_and_nothing_more() {
        let text = made(b"id,title,text\nA-1,=1+1,\"=cmd|' /C calc'!A0 [[POL-001]] {{ org.name }} <b>x</b>\"\n", "frameworks/own@1.yaml");
        assert!(text.contains(r"=cmd\|' /C calc'\!A0 \[\[POL-001\]\] \{\{ org.name \}\} \<b\>x\</b\>"), "{text}");
    }
}

mod workbook {
    use super::*;

    /// A sheet of these rows, from the first cell on; an empty text is an empty cell.
    fn rows(sheet: &mut Worksheet, rows: &[&[&str]]) {
        for (row, cells) in (0u32..).zip(rows) {
            for (column, text) in (0u16..).zip(*cells).filter(|(_, text)| !text.is_empty()) {
                sheet.write_string(row, column, *text).unwrap();
            }
        }
    }

    fn saved(mut workbook: Workbook) -> Vec<u8> {
        workbook.save_to_buffer().unwrap()
    }

    /// A workbook laid out as the Cloud Controls Matrix is published, with words of our own.
    fn matrix() -> Vec<u8> {
        let mut workbook = Workbook::new();
        rows(workbook.add_worksheet().set_name("Introduction").unwrap(), &[&["Read me first"], &["Nothing to import here"]]);
        let controls: &[&[&str]] = &[
            &["", "CLOUD CONTROLS MATRIX v4.1.0"],
            &[],
            &["Control Domain", "Control Title", "Control ID", "Control Specification", "IaaS", "PaaS"],
            &["Audit & Assurance - A&A"],
            &["Audit & Assurance - A&A", "Audit policy", "A&A-01", "Our own words:\n1. plan audits\n2. review", "Shared", ""],
            &["", "Independent assessments", "A&A-02", "More of our own words.", "", ""],
            &["Identity & Access Management - IAM", "Access policy", "IAM-01", "Words *with* marks.", "", ""],
            &["© nobody"],
        ];
        rows(workbook.add_worksheet().set_name("CCM").unwrap(), controls);
        let mappings: &[&[&str]] = &[
            &["CLOUD CONTROLS MATRIX v4.1.0", "", "", "", "", "", ""],
            &["", "", "", "ISO/IEC 27001:2022", "", "", "Unheard-of standard v8"],
            &["Control Domain", "Control Title", "Control ID", "Control Mapping", "Gap Level", "Addendum", "Control Mapping"],
            &["A", "Audit policy", "A&A-01", "9.2.1\nA.5.1; A.5.35 - A.5.36", "Partial Gap", "", "1.1"],
            &["A", "Independent assessments", "A&A-02", "A 5.35", "No Gap", "", ""],
            &["I", "Access policy", "IAM-01", "No Mapping", "Full Gap", "", ""],
        ];
        rows(workbook.add_worksheet().set_name("Mappings").unwrap(), mappings);
        saved(workbook)
    }

    #[test]
    fn a_matrix_becomes_a_catalogue_and_its_mappings_crosswalks() {
        let (imported, findings) = import_as(&matrix(), |request| request.classification = Some("internal"));
        assert_eq!(
            findings,
            [
                "(note) unknown-framework: at `Mappings!G3`: the mapping to `Control Mapping Unheard-of standard v8` names no framework that is known"
            ]
        );
        let imported = imported.unwrap();
        assert_eq!(imported.said, ["2 groups, 3 controls, 3 with a text", "crosswalk to iso27001@2022: 5 pairs, basis `csa`"]);
        let text: Vec<String> = imported.files.iter().map(|(path, text)| format!("== {path}\n{text}")).collect();
        insta::assert_snapshot!("workbook", text.join("\n"));
    }

    #[test]
    fn mappings_can_be_left_out() {
        let (imported, findings) = import_as(&matrix(), |request| request.mappings = false);
        assert_eq!((imported.unwrap().files.len(), findings.len()), (1, 0));
    }

    #[test]
    fn cells_that_cannot_be_taken_are_told_by_their_names() {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet().set_name("Own rules").unwrap();
        rows(
            sheet,
            &[
                &["ID", "Title", "Text"],
                &["", "One", "a"],
                &["B-1", "Two", "b"],
                &["B-1", "Three", "c"],
                &["B-2", "Four", ""],
                &["", "Five", "e"],
            ],
        );
        sheet.write_number(1, 0, 5.1).unwrap();
        sheet.write_formula(4, 2, Formula::new("=1+1").set_result("2")).unwrap();
        assert_eq!(
            wrong(&saved(workbook)),
            [
                "wrong-type: at `Own rules!A2`: the cell holds the number 5.1, and an identifier such as 5.10 would read 5.1",
                "wrong-type: at `Own rules!C5`: the cell holds a formula",
                "missing-key: at `Own rules!A6`: the row has a title and a text, and no identifier",
                "duplicate-id: at `Own rules!A4`: `B-1` stands twice, first at `Own rules!A3`",
            ]
        );
    }

    #[test]
    fn mappings_to_controls_that_do_not_exist_are_told_by_their_cells() {
        let mut workbook = Workbook::new();
        let mapped: &[&[&str]] = &[
            &["Control ID", "Title", "ISO 27001 (2022) mapping", "Gap"],
            &["A-1", "One", "A.5.99", "No Gap"],
            &["A-2", "Two", "A.5.1", "Some gap"],
            &["A-3", "Three", "A.5.3 - A.6.1", "No Gap"],
        ];
        rows(workbook.add_worksheet().set_name("Map").unwrap(), mapped);
        assert_eq!(
            wrong(&saved(workbook)),
            [
                "unknown-control: at `Map!C2`: ISO/IEC 27001:2022 has no control `A.5.99`",
                "unknown-value: at `Map!D3`: the gap level cannot be `some gap`",
                "unknown-control: at `Map!C4`: ISO/IEC 27001:2022 has no control `A.5.3 - A.6.1`",
            ]
        );
    }

    #[test]
    fn a_sheet_of_mappings_alone_maps_a_known_edition() {
        let mut workbook = Workbook::new();
        rows(workbook.add_worksheet().set_name("Map").unwrap(), &[&["Control ID", "GDPR mapping"], &["IAM-01", "32(1)(b), Article 32"]]);
        let (imported, findings) = import_as(&saved(workbook), |request| request.edition = EditionId::parse("ccm@4.1"));
        assert_eq!(findings, [""; 0]);
        let files = imported.unwrap().files;
        assert_eq!(files[0].0, "frameworks/crosswalks/ccm@4.1--gdpr.yaml");
        assert!(files[0].1.contains("  - [IAM-01, related, \"32(1)(b)\"]\n  - [IAM-01, related, \"32\"]\n"), "{}", files[0].1);
    }

    #[test]
    fn a_damaged_workbook_is_refused_in_words() {
        let whole = matrix();
        let mut cut = whole[..whole.len() / 2].to_vec();
        assert!(wrong(&cut)[0].starts_with("import-unreadable: the file begins like a workbook and cannot be unpacked"));
        cut = whole.clone();
        for byte in cut.iter_mut().skip(200).take(400) {
            *byte ^= 0x55;
        }
        assert_eq!(wrong(&cut).len(), 1);
        assert!(wrong(b"PK\x03\x04")[0].starts_with("import-unreadable"));
        assert!(wrong(&zipped(&[("a.txt", b"no workbook".to_vec())]))[0].starts_with("import-unreadable: this is not a workbook"));
    }

    fn zipped(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
        use std::io::Write;
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn a_small_file_that_unfolds_into_a_huge_one_is_refused() {
        let bomb = zipped(&[("xl/sharedStrings.xml", vec![b' '; 257 << 20])]);
        assert!(bomb.len() < 2 << 20);
        assert_eq!(wrong(&bomb), ["file-too-large: the workbook unfolds into more than 256 MiB"]);
    }

    #[test]
    fn a_sheet_beyond_the_limits_is_refused() {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet().set_name("Far").unwrap();
        rows(sheet, &[&["id", "title"], &["A-1", "One"]]);
        sheet.write_string(1_000_000, 0, "A-2").unwrap();
        assert_eq!(wrong(&saved(workbook)), ["file-too-large: at `Far!A1000001`: a sheet is read up to 20000 rows and 256 columns"]);
    }
}

mod oscal {
    use super::*;

    /// A catalogue in the manner of NIST's, with words of our own.
    const CATALOGUE: &str = include_str!("../../../tests/fixtures/import/catalogue.json");
    const PROFILE: &str = include_str!("../../../tests/fixtures/import/profile.json");

    #[test]
    fn a_catalogue_keeps_what_controls_ask_for() {
        insta::assert_snapshot!("catalogue", made(CATALOGUE.as_bytes(), "frameworks/own@1.yaml"));
    }

    #[test]
    fn a_profile_becomes_a_baseline_of_what_it_selects() {
        let (imported, findings) = import_as(PROFILE.as_bytes(), |_| {});
        assert_eq!(
            findings,
            [
                "(note) invalid-catalogue: at `profile.modify`: the profile changes parameters or texts of controls, and a baseline says only which controls it selects"
            ]
        );
        let (path, text) = imported.unwrap().files.remove(0);
        assert_eq!(path, "frameworks/baselines/nist80053@r5--small.yaml");
        insta::assert_snapshot!("profile", text);
    }

    #[test]
    fn what_is_wrong_is_told_by_its_path_all_in_one_run() {
        let text = r#"{"catalog": {"metadata": {"title": "T"}, "groups": [{"id": "a", "title": "A", "controls": [
            {"title": "No id"}, {"id": "a-1", "title": ["x"]}, {"id": "a-2", "title": "B\u202e"}, {"id": "A-2", "title": "C"},
            {"id": "a-3", "title": "D", "parts": [{"name": "statement", "prose": "By {{ insert: param, gone }}."}]}]}]}}"#;
        assert_eq!(
            wrong(text.as_bytes()),
            [
                "missing-key: at `catalog.groups[0].controls[0]`: a control has no `id`",
                "wrong-type: at `catalog.groups[0].controls[1].title`: `title` should be a text",
                "control-character: at `catalog.groups[0].controls[2]`: the text holds the character U+202E",
                "(note) invalid-catalogue: at `catalog.groups[0].controls[4].parts[0]`: the text inserts the parameter `gone`, which the catalogue does not have",
                "missing-key: at `catalog.groups[0].controls[1]`: `a-1` has no title",
                "missing-key: at `catalog.groups[0].controls[2]`: `a-2` has no title",
                "duplicate-id: at `catalog.groups[0].controls[3]`: `A-2` and `a-2` at `catalog.groups[0].controls[2]` differ only in case",
            ]
        );
    }

    #[test]
    fn a_profile_of_controls_that_are_not_known_is_refused() {
        let text = PROFILE.replace("ac-2.1", "zz-1");
        let (imported, findings) = import_as(text.as_bytes(), |_| {});
        assert!(imported.is_none());
        assert!(
            findings[0].starts_with(
                "unknown-control: at `profile.imports[0].include-controls[0].with-ids[1]`: NIST SP 800-53 Rev. 5 has no control `zz-1`"
            ),
            "{findings:?}"
        );
    }

    #[test]
    fn json_that_is_no_catalogue_is_refused() {
        assert!(wrong(b"{")[0].starts_with("import-unreadable: at `line 1, column 1`: this is not valid JSON"));
        assert!(wrong(b"{\"assessment-plan\": {}}")[0].contains("holds `assessment-plan`"));
        assert_eq!(wrong(b"{}"), ["import-unreadable: this JSON is no OSCAL file"]);
        assert_eq!(wrong(b"{\"catalog\": 5}").len(), 1);
        let deep = format!("{{\"catalog\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(wrong(deep.as_bytes())[0].contains("recursion limit exceeded"));
    }

    #[test]
    fn a_file_that_does_not_say_what_it_is_must_be_named() {
        let (imported, findings) = import_as(CATALOGUE.as_bytes(), |_| {});
        assert!(imported.is_none());
        assert_eq!(findings, ["unknown-framework: the file does not say which edition of which framework it is"]);
    }
}

#[test]
fn nothing_that_begins_like_anything_makes_an_import_panic() {
    use proptest::prelude::*;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let begins = prop::sample::select(vec![
        "{\"catalog\":{\"groups\":[{\"controls\":[{",
        "{\"profile\":{\"imports\":[{\"include-controls\":",
        "id,title,text,Gap,mapping\n",
        "PK\u{3}\u{4}",
        "",
    ]);
    let run = runner.run(&(begins, r#"([ -~é\n\t]|"id":|"title":"x"|[{}\[\],":;]){0,80}"#), |(begin, rest)| {
        _ = import_own(format!("{begin}{rest}").as_bytes());
        Ok(())
    });
    assert!(run.is_ok(), "{run:?}");
}

#[test]
fn the_edition_of_a_file_is_the_one_that_is_named() {
    let (imported, _) = import_as(b"id,title\nA-1,One\n", |request| {
        request.edition = EditionId::parse("csa-ccm@4.1");
        request.title = Some("Mine");
    });
    let (path, text) = imported.unwrap().files.remove(0);
    assert_eq!(path, "frameworks/ccm@4.1.yaml");
    assert!(text.contains("framework: ccm\nedition: \"4.1\"\ntitle: Mine\n"));
}
