//! The PDFs that one manual gives: what each holds, where a build puts them, and what becomes of numbered copies.
#![cfg(feature = "pdf")]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{Project, Ran, files};

/// Runs `annexa pdf` in the project's folder, with today fixed.
fn pdf(project: &Project, arguments: &[&str]) -> Ran {
    let arguments = ["pdf"].iter().chain(arguments).chain(&["--today", common::TODAY]);
    common::run(project.root(), arguments)
}

/// The PDF of these arguments.
fn made(project: &Project, arguments: &[&str]) -> PathBuf {
    let out = project.beside("made.pdf");
    let ran = pdf(project, &[arguments, &["--out", out.to_str().unwrap()]].concat());
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    out
}

/// The words of each page, without line ends; none where poppler is not installed.
fn pages(pdf: &Path) -> Option<Vec<String>> {
    let Ok(output) = Command::new("pdftotext").arg(pdf).arg("-").output() else {
        eprintln!("skipped: pdftotext (poppler-utils) is not installed");
        return None;
    };
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap().replace('\u{200b}', "");
    let pages = text.trim_end_matches('\u{c}').split('\u{c}');
    Some(pages.map(|page| page.split_whitespace().collect::<Vec<_>>().join(" ")).collect())
}

/// The files within a PDF; none where poppler is not installed.
fn attached(project: &Project, pdf: &Path) -> Option<BTreeMap<String, Vec<u8>>> {
    let folder = project.beside("attached");
    fs::create_dir_all(&folder).unwrap();
    let Ok(output) = Command::new("pdfdetach").arg("-saveall").arg("-o").arg(&folder).arg(pdf).output() else {
        eprintln!("skipped: pdfdetach (poppler-utils) is not installed");
        return None;
    };
    assert!(output.status.success());
    Some(files(&folder))
}

mod one_book {
    use super::*;

    #[test]
    fn of_a_document_holds_nothing_else() {
        let project = Project::fixture("small");
        let Some(pages) = pages(&made(&project, &["SOP-001"])) else { return };
        let [page] = pages.as_slice() else { panic!("{pages:?}") };
        assert!(page.contains("SOP-001 Leavers Version 0.1 Draft") && page.contains("Page 1 of 1"), "{page}");
        assert!(page.contains("Take the keys back within 24 hours."));
        // What lies outside is named, with no page to go to.
        assert!(page.contains("How POL-001 1.1 Lists is done.") && !page.contains("rights follow tasks"), "{page}");
    }

    #[test]
    fn of_the_statement_of_applicability_has_its_controls_and_no_texts() {
        let project = Project::fixture("small");
        let Some(pages) = pages(&made(&project, &["soa"])) else { return };
        let all = pages.join("\n");
        for words in ["CLD.6.3.1", "We run no machines of our own.", "Approved 2026-03-05", "Statement of Applicability"] {
            assert!(all.contains(words), "{words}: {all}");
        }
        for words in ["rights follow tasks", "Leaver keeps access", "Index of controls"] {
            assert!(!all.contains(words), "{words}: {all}");
        }
    }

    #[test]
    fn of_a_framework_has_a_sheet_for_each_of_its_controls() {
        let project = Project::fixture("small");
        let Some(pages) = pages(&made(&project, &["iso27017@2015"])) else { return };
        let all = pages.join("\n");
        assert!(all.contains("What answers this framework") && all.contains("Control sheets"), "{all}");
        for control in ["CLD.6.3.1", "CLD.8.1.5", "CLD.9.5.1", "CLD.9.5.2", "CLD.12.1.5", "CLD.12.4.5", "CLD.13.1.4"] {
            assert!(all.contains(control), "{control}");
        }
        // And the documents that they name, whole.
        assert!(all.contains("Take the keys back") && all.contains("rights follow tasks"));
    }

    #[test]
    fn of_a_sample_has_what_belongs_to_it_and_nothing_besides() {
        let project = Project::fixture("small");
        let Some(pages) = pages(&made(&project, &["--controls", "CLD.8.1.5, CLD.9.5.2"])) else { return };
        let all = pages.join("\n");
        assert!(all.contains("CLD.8.1.5, CLD.9.5.2"), "the cover says what was sampled: {all}");
        assert!(
            all.contains("As SOP-001 1 Steps") && all.contains("Take the keys back") && all.contains("Scenario"),
            "with its risk: {all}"
        );
        assert!(!all.contains("CLD.13.1.4") && !all.contains("There is one network."), "{all}");
        assert!(!all.contains("Report of the host"), "evidence of another control: {all}");
    }

    #[test]
    fn of_controls_may_name_them_in_small_letters_or_with_their_framework() {
        let project = Project::fixture("small");
        let one = fs::read(made(&project, &["--controls", "cld.9.5.1"])).unwrap();
        let other = fs::read(made(&project, &["--controls", "iso27017@2015:CLD.9.5.1,CLD.9.5.1"])).unwrap();
        assert_eq!(one, other);
    }

    #[test]
    fn has_a_name_of_its_own_in_the_folder_at_hand() {
        let project = Project::fixture("small");
        for (arguments, name) in [
            (&["SOP-001"][..], "sop-001.pdf"),
            (&["soa"], "soa.pdf"),
            (&["--controls", "CLD.9.5.1,CLD.9.5.2"], "cld.9.5.1-cld.9.5.2.pdf"),
            (&["SOP-001", "--out", "to/be/made.pdf"], "to/be/made.pdf"),
        ] {
            let ran = pdf(&project, arguments);
            assert_eq!(ran.status, Some(0), "{}", ran.err);
            assert!(ran.out.starts_with(&format!("Wrote {name} for auditor: ")), "{}", ran.out);
            assert!(fs::read(project.path(name)).unwrap().starts_with(b"%PDF-1.7"));
        }
    }

    #[test]
    fn says_what_there_is_where_a_name_means_nothing() {
        let project = Project::fixture("small");
        for (arguments, words) in [
            (&["POL-01"][..], "there is no document or framework `POL-01` for auditor; did you mean `POL-001`?"),
            (&["csf"], "`csf@2.0` is not in use"),
            (&["--controls", "A.5.1"], "several editions have `A.5.1`"),
            (&["--controls", ",,"], "--controls names none"),
            (&["--controls", "CLD.9.5.9"], "`CLD.9.5.9` names no control"),
            (&["soa", "--out", "content"], "content is a folder; name a file"),
            (&["soa", "--audience", "nobody"], "there is no audience `nobody`; there are `public`, `customer`, `internal` and `auditor`"),
            (&["soa", "--audience", "all"], "there is no audience `all`"),
        ] {
            let before = files(project.root());
            let ran = pdf(&project, arguments);
            assert_eq!(ran.status, Some(2), "{arguments:?}");
            assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
            assert_eq!(before, files(project.root()), "nothing was written");
        }
    }

    #[test]
    fn does_not_exist_for_those_who_may_not_see_it() {
        let project = Project::fixture("small");
        for document in ["POL-001", "POL-007"] {
            let ran = pdf(&project, &[document, "--audience", "public"]);
            assert_eq!(ran.status, Some(2));
            assert!(
                ran.err.contains(&format!("there is no document or framework `{document}` for public; name a document")),
                "{}",
                ran.err
            );
        }
        let out = made(&project, &["--controls", "CLD.9.5.1", "--audience", "public"]);
        let Some(pages) = pages(&out) else { return };
        let all = pages.join("\n");
        assert!(!all.contains("Tenants are kept apart") && !all.contains("EVD-001") && !all.contains("rights follow tasks"), "{all}");
    }

    #[test]
    fn is_not_made_of_a_project_with_errors() {
        let project = Project::fixture("small");
        project.edit("content/sops/sop-001-leavers.md", "[[POL-001#lists]]", "[[POL-999]]");
        fs::write(project.path("soa.pdf"), "of before").unwrap();
        let ran = pdf(&project, &["soa"]);
        assert_eq!(ran.status, Some(1));
        assert!(ran.err.contains("POL-999") && ran.err.ends_with("No PDF was made.\n"), "{}", ran.err);
        assert_eq!(fs::read_to_string(project.path("soa.pdf")).unwrap(), "of before");
    }
}

mod a_build {
    use super::*;

    /// The PDFs of a build, by their paths.
    fn built(settings: &str) -> (Project, Vec<String>) {
        let project = Project::fixture("small");
        let text = fs::read_to_string(project.path("annexa.yaml")).unwrap();
        project.write("annexa.yaml", format!("{text}{settings}"));
        let ran = project.run("build", &[]);
        assert_eq!(ran.status, Some(0), "{}", ran.err);
        let made = files(&project.path("dist")).into_keys().filter(|path| path.ends_with(".pdf")).collect();
        (project, made)
    }

    #[test]
    fn makes_the_manual_and_the_statement_of_applicability() {
        let (project, made) = built("");
        assert_eq!(made, ["manual.pdf", "soa.pdf"]);
        let page = fs::read_to_string(project.path("dist/soa.html")).unwrap();
        assert!(page.contains("<a href=\"soa.pdf\" download>PDF</a>"));
        let page = fs::read_to_string(project.path("dist/index.html")).unwrap();
        assert!(page.contains("<a href=\"manual.pdf\">"));
        let page = fs::read_to_string(project.path("dist/documents/pol-001.html")).unwrap();
        assert!(!page.contains(".pdf"), "no link to what was not made");
    }

    #[test]
    fn makes_what_annexa_yaml_asks_for_and_links_each_from_its_page() {
        let (project, made) = built("pdf: {books: [documents, frameworks]}\n");
        assert_eq!(made, ["documents/pol-001.pdf", "documents/sop-001.pdf", "frameworks/gdpr.pdf", "frameworks/iso27017@2015.pdf"]);
        for page in &made {
            let page = page.replace(".pdf", ".html");
            let text = fs::read_to_string(project.path("dist").join(&page)).unwrap();
            let name = page.replace(".html", ".pdf");
            assert!(text.contains(&format!("<a href=\"../{name}\" download>PDF</a>")), "{page}");
        }
        let page = fs::read_to_string(project.path("dist/index.html")).unwrap();
        assert!(!page.contains("manual.pdf"));
        let alone = fs::read(super::made(&project, &["SOP-001"])).unwrap();
        assert_eq!(fs::read(project.path("dist/documents/sop-001.pdf")).unwrap(), alone, "the same as of `annexa pdf`");
    }

    #[test]
    fn makes_none_where_none_is_asked_for() {
        assert!(built("pdf: {books: []}\n").1.is_empty());
    }

    #[test]
    fn makes_for_each_audience_what_it_may_see() {
        let project = Project::fixture("small");
        let text = fs::read_to_string(project.path("annexa.yaml")).unwrap();
        project.write("annexa.yaml", format!("{text}pdf: {{books: [manual, soa, documents]}}\n"));
        let ran = project.run("build", &["--audience", "all"]);
        assert_eq!(ran.status, Some(0), "{}", ran.err);
        let made: Vec<String> = files(&project.path("dist")).into_keys().filter(|path| path.ends_with(".pdf")).collect();
        assert!(made.contains(&"auditor/documents/pol-001.pdf".to_owned()) && made.contains(&"public/manual.pdf".to_owned()), "{made:?}");
        assert!(!made.iter().any(|path| path.starts_with("public/documents")), "{made:?}");
    }

    #[test]
    fn knows_no_other_books() {
        let project = Project::fixture("small");
        let text = fs::read_to_string(project.path("annexa.yaml")).unwrap();
        project.write("annexa.yaml", format!("{text}pdf: {{books: [manuel]}}\n"));
        let ran = project.run("check", &[]);
        assert_eq!(ran.status, Some(1));
        assert!(ran.out.contains("manuel") && ran.out.contains("did you mean `manual`?"), "{}", ran.out);
    }

    #[test]
    fn tells_once_what_several_books_cannot_set() {
        let project = Project::fixture("small");
        let text = fs::read_to_string(project.path("annexa.yaml")).unwrap();
        project.write("annexa.yaml", format!("{text}pdf: {{books: [manual, documents]}}\n"));
        project.edit("content/sops/sop-001-leavers.md", "Take the keys", "Take \u{1f511} the keys");
        let ran = project.run("build", &[]);
        assert_eq!(ran.status, Some(1));
        assert_eq!(ran.err.matches("missing-glyph").count(), 1, "{}", ran.err);
    }
}

mod what_the_whole_says_of_itself {
    use super::*;

    #[test]
    fn stands_in_its_document_control() {
        let project = Project::fixture("small");
        project.edit(
            "annexa.yaml",
            "scope:",
            "manual:\n  id: ISMS-1\n  status: draft\n  owner: ciso\n  approver: ceo\n  approved: 2026-03-05\n  review_every: 12 months\n  \
             retention: Five years\n  distribution: [ceo, Auditors]\n  history:\n    \
             - {version: \"1.2\", date: 2026-03-05, author: ciso, change: The web shop came in}\nscope:",
        );
        let Some(pages) = pages(&made(&project, &[])) else { return };
        let control = pages.iter().find(|page| page.contains("Document control This manual Identifier")).expect("document control");
        for words in
            ["ISMS-1", "Status Draft", "Approved 2026-03-05", "Next review 2027-03-05", "Kept for Five years", "The web shop came in"]
        {
            assert!(control.contains(words), "{words}: {control}");
        }
        assert!(control.contains("Version 1.2 Draft"), "in the head, and across the page: {control}");
    }

    #[test]
    fn names_roles_that_there_are() {
        let project = Project::fixture("small");
        project.edit(
            "annexa.yaml",
            "scope:",
            "manual: {owner: nobody, history: [{version: \"1\", date: 2026-01-01, author: noone}]}\nscope:",
        );
        let ran = project.run("check", &[]);
        assert_eq!(ran.status, Some(1));
        assert!(ran.out.contains("`nobody`") && ran.out.contains("`noone`"), "{}", ran.out);
    }

    #[test]
    fn is_the_statements_own_where_that_stands_alone() {
        let project = Project::fixture("small");
        project.edit("annexa.yaml", "soa: {version: \"1.2\"", "soa: {version: \"7.5\"");
        let Some(pages) = pages(&made(&project, &["soa"])) else { return };
        assert!(pages[0].contains("Version 7.5") && !pages[0].contains("GDPR"), "{}", pages[0]);
        let control = pages.iter().find(|page| page.contains("Part of Information security manual")).expect("document control");
        assert!(control.starts_with("Statement of Applicability Version 7.5") && control.contains("Approved 2026-03-05"), "{control}");
    }

    #[test]
    fn is_not_said_of_a_statement_of_nothing() {
        let project = Project::of_the_repository();
        let ran = pdf(&project, &["soa", "--audience", "public"]);
        assert_eq!(ran.status, Some(2), "{}", ran.out);
        assert!(ran.err.contains("nothing of the Statement of Applicability for public"), "{}", ran.err);
    }
}

#[test]
fn a_file_that_is_no_pdf_is_not_replaced() {
    let project = Project::fixture("small");
    let before = fs::read(project.path("annexa.yaml")).unwrap();
    let ran = pdf(&project, &["SOP-001", "--out", "annexa.yaml"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.err.contains("is no PDF"), "{}", ran.err);
    assert_eq!(fs::read(project.path("annexa.yaml")).unwrap(), before);
    project.write("empty.pdf", "");
    for _ in 0..2 {
        assert_eq!(pdf(&project, &["SOP-001", "--out", "empty.pdf"]).status, Some(0), "an empty file, and a PDF of before");
    }
}

/// What no font has is told where it stands in annexa.yaml, and once where it is said of a section.
#[test]
fn what_no_font_has_is_told_at_its_place() {
    let project = Project::fixture("small");
    project.edit("annexa.yaml", "The bookshop and", "The bookshop \u{1f4da} and");
    project.edit("content/sops/sop-001-leavers.md", "## Steps", "## Steps \u{1f463}");
    let ran = project.run("check", &[]);
    let text = fs::read_to_string(project.path("annexa.yaml")).unwrap();
    let line = text.lines().position(|line| line.starts_with("scope:")).unwrap() + 1;
    assert!(ran.out.contains(&format!("annexa.yaml:{line}:21")), "{}", ran.out);
    assert_eq!(ran.out.matches("U+1F463").count(), 1, "{}", ran.out);
}

mod a_copy {
    use super::*;

    fn copy(project: &Project, to: &str) -> Ran {
        pdf(project, &["SOP-001", "--copy-to", to])
    }

    #[test]
    fn bears_its_number_recipient_and_date_on_each_page() {
        let project = Project::fixture("small");
        let ran = pdf(&project, &["--copy-to", "Certification  body, \"lead\" auditor", "--out", "copy.pdf"]);
        assert_eq!(ran.status, Some(0), "{}", ran.err);
        assert!(ran.out.contains("Copy CPY-001 for Certification body, \"lead\" auditor is recorded in records/distribution.yaml."));
        let Some(pages) = pages(&project.path("copy.pdf")) else { return };
        assert!(pages.len() > 10);
        for (page, words) in pages.iter().enumerate() {
            assert!(words.contains("Copy 1 for Certification body, \"lead\" auditor, 2026-06-01"), "page {}: {words}", page + 1);
        }
    }

    #[test]
    fn is_not_made_for_a_name_that_would_spoil_the_register() {
        let project = Project::fixture("small");
        for name in ["a\u{7}b", "a\u{202e}b", " "] {
            assert_eq!(copy(&project, name).status, Some(2), "{name:?}");
        }
        assert!(!project.path("records/distribution.yaml").exists());
    }

    #[test]
    fn is_recorded_with_what_proves_it() {
        let project = Project::fixture("small");
        assert_eq!(copy(&project, "Registrar: \"A\" # 1").status, Some(0));
        assert_eq!(copy(&project, "Customer").status, Some(0));
        let digest = |name: &str| {
            let output = Command::new("sha256sum").arg(project.path(name)).output().unwrap();
            String::from_utf8(output.stdout).unwrap().split_once(' ').unwrap().0.to_owned()
        };
        let (one, two) = (digest("sop-001-cpy-001.pdf"), digest("sop-001-cpy-002.pdf"));
        let record = fs::read_to_string(project.path("records/distribution.yaml")).unwrap();
        assert_eq!(
            record,
            format!(
                r#"# Controlled copies that were handed out. Written by `annexa pdf --copy-to`.
register: distribution
rows:
  - id: CPY-001
    recipient: "Registrar: \"A\" # 1"
    date: 2026-06-01
    document: "SOP-001"
    audience: auditor
    release: "1.2"
    sha256: {one}
  - id: CPY-002
    recipient: "Customer"
    date: 2026-06-01
    document: "SOP-001"
    audience: auditor
    release: "1.2"
    sha256: {two}
"#
            )
        );
        let dist = project.build(&[]);
        let page = fs::read_to_string(dist.join("registers/distribution.html")).unwrap();
        assert!(page.contains("Registrar: &quot;A&quot; # 1") && page.contains(&one), "{page}");
    }

    #[test]
    fn takes_no_number_that_was_given_before() {
        let project = Project::fixture("small");
        project.write(
            "records/distribution.yaml",
            "register: distribution # ours\nrows:\n  # the first was called back\n  - {id: CPY-041, recipient: Board, date: 2026-01-01, document: Manual, audience: auditor, sha256: \"0\"}",
        );
        let before = fs::read_to_string(project.path("records/distribution.yaml")).unwrap();
        let ran = copy(&project, "Board");
        assert!(ran.out.contains("CPY-042"), "{}{}", ran.out, ran.err);
        let after = fs::read_to_string(project.path("records/distribution.yaml")).unwrap();
        assert!(after.starts_with(&before) && after.contains("\n  - id: CPY-042\n"), "{after}");
    }

    #[test]
    fn is_not_made_where_it_cannot_be_recorded() {
        for register in ["register: distribution\nrows: []\n", "register: distribution\nrows:\n  - {id: CPY-001}\nnote: this is the end\n"]
        {
            let project = Project::fixture("small");
            project.write("records/distribution.yaml", register);
            let before = files(project.root());
            let ran = copy(&project, "Board");
            assert_ne!(ran.status, Some(0), "{}", ran.out);
            assert_eq!(before, files(project.root()), "{}", ran.err);
        }
    }

    #[test]
    fn needs_the_name_of_a_recipient() {
        let project = Project::fixture("small");
        for (to, words) in
            [("  ", "needs the name of the recipient"), (&"x".repeat(200), "200 letters"), ("A\u{7}B", "a control character")]
        {
            let ran = copy(&project, to);
            assert_eq!(ran.status, Some(2));
            assert!(ran.err.contains(words), "{}", ran.err);
        }
        assert!(!project.path("records").exists());
    }
}

mod attachments {
    use super::*;

    #[test]
    fn are_the_sources_of_the_tables() {
        let project = Project::fixture("small");
        let Some(attached) = attached(&project, &made(&project, &[])) else { return };
        let names: Vec<&str> = attached.keys().map(String::as_str).collect();
        for name in ["soa.csv", "soa.json", "risks.csv", "risks.json", "evidence.csv", "roles.json"] {
            assert!(names.contains(&name), "{name} of {names:?}");
        }
        let soa: serde_json::Value = serde_json::from_slice(&attached["soa.json"]).unwrap();
        let rows = soa["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 7);
        let row = rows.iter().find(|row| row["control"] == "iso27017@2015:CLD.8.1.5").unwrap();
        assert_eq!((&row["status"], &row["reasons"][0]), (&"In part".into(), &"RSK-001".into()), "{row}");
        let dist = project.build(&[]);
        assert_eq!(attached["soa.csv"], fs::read(dist.join("soa.csv")).unwrap(), "the same as beside the site");
    }

    #[test]
    fn hold_no_more_than_the_view() {
        let project = Project::fixture("small");
        let Some(attached) = attached(&project, &made(&project, &["--audience", "public"])) else { return };
        for (name, bytes) in &attached {
            let text = String::from_utf8_lossy(bytes);
            for secret in ["Leaver keeps access", "EVD-001", "Tenants are kept apart", "SOP-001"] {
                assert!(!text.contains(secret), "{name} has `{secret}`");
            }
        }
    }

    #[test]
    fn of_a_sample_are_of_the_sample() {
        let project = Project::fixture("small");
        let Some(attached) = attached(&project, &made(&project, &["--controls", "CLD.9.5.2"])) else { return };
        let soa = String::from_utf8_lossy(&attached["soa.csv"]);
        assert!(soa.contains("CLD.9.5.2") && !soa.contains("CLD.9.5.1"), "{soa}");
    }
}

/// The pages that stand in an index are those on which the matter stands.
#[test]
fn the_index_leads_to_the_pages_of_what_it_names() {
    let project = Project::fixture("small");
    let Some(pages) = pages(&made(&project, &[])) else { return };
    let number = |is: &dyn Fn(&str) -> bool| pages.iter().position(|page| is(page)).unwrap() + 1;
    let steps = number(&|page| page.contains("Take the keys back within"));
    let access = number(&|page| page.contains("rights follow tasks."));
    let from_control = &pages[number(&|page| page.contains("Index of controls For each control")) - 1];
    assert!(from_control.contains(&format!("1 Steps p. {steps}")), "{from_control}");
    assert!(from_control.contains(&format!("POL-001 Access & accounts p. {access} (2.0, 2026-03-02)")), "{from_control}");
    let from_page = &pages[number(&|page| page.contains("Index of pages For each section")) - 1];
    assert!(from_page.contains(&format!("{steps} SOP-001 1 Steps CLD.9.5.1")), "{from_page}");
    assert!(from_page.contains(&format!("{access} POL-001 Access & accounts GDPR 32(1)(b)")), "{from_page}");
}

/// Zeroes hold the place of a page number until all is laid out.
#[test]
fn every_page_number_of_the_manual_is_set() {
    let Some(pages) = pages(&made(&Project::of_the_repository(), &[])) else { return };
    let of_last = |page: &&String| !page.contains(&format!("of {}", pages.len()));
    assert_eq!(pages.iter().skip(1).find(of_last), None);
    let zeroes =
        |page: &&String| page.contains("p. 0") || page.contains("Page 0") || page.split(' ').any(|word| word.trim_matches(',') == "000");
    assert_eq!(pages.iter().find(zeroes), None);
}
