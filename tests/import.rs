//! `annexa catalog import`: from a foreign file to pages, and nothing half done.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::fs;

use common::{Project, Ran, assert_same, document, files, run};

const CATALOGUE: &str = include_str!("fixtures/import/catalogue.json");
const PROFILE: &str = include_str!("fixtures/import/profile.json");

/// Runs `annexa catalog import` in the project's folder.
fn import(project: &Project, arguments: &[&str]) -> Ran {
    run(project.root(), ["catalog", "import"].iter().chain(arguments))
}

/// A project with the OSCAL catalogue beside its sources.
fn with_catalogue() -> Project {
    let project = Project::sound();
    project.write("catalogue.json", CATALOGUE);
    project
}

#[test]
fn an_oscal_catalogue_is_imported_claimed_and_shown_to_those_who_may_see_it() {
    let project = with_catalogue();
    let ran = import(&project, &["catalogue.json", "--as", "doors@2", "--classification", "internal", "--title", "Door rules 2"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{}", ran.err);
    insta::assert_snapshot!(ran.out, @r"
    Imported the OSCAL catalogue as doors@2.
      3 groups, 3 controls, 2 enhancements, 1 withdrawn, 2 with a text
      wrote frameworks/doors@2.yaml
    Add `doors@2` to `frameworks` in annexa.yaml to use it.
    ");

    project.edit("annexa.yaml", "frameworks: [gdpr]", "frameworks: [gdpr, doors@2]");
    let text = document("POL-001", "## Night {#night satisfies=doors:DR-1(1)}\n\nSee [[doors:DR-1]].").replace("[gdpr:32]", "[doors:DR-2]");
    project.write("content/policies/pol-001.md", text.replace("classification: internal", "classification: public"));
    project.write(
        "content/controls/doors.yaml",
        "framework: doors@2\nstatements:\n  DR-1:\n    {applicable: true, reasons: [contract], status: planned, implementation: By us., owner: ciso, documents: [POL-001]}\n",
    );
    let checked = project.run("check", &[]);
    assert_eq!(checked.codes(), [""; 0], "{}", checked.out);
    let dist = project.build(&["--audience", "all"]);
    let page = |audience: &str, page: &str| fs::read_to_string(dist.join(audience).join("controls/doors@2").join(page)).unwrap();
    for audience in ["internal", "auditor"] {
        let page = page(audience, "dr-1.html");
        assert!(page.contains("Whoever keeps a house shall:") && page.contains("guard them for [organization-defined time]"), "{page}");
        assert!(page.contains("Use the &lt;BELL&gt; at night."), "{page}");
    }
    for audience in ["public", "customer"] {
        for found in files(&dist.join(audience)).values() {
            let text = String::from_utf8_lossy(found);
            assert!(!text.contains("keeps a house") && !text.contains("BELL") && !text.contains("Fit springs"));
        }
        assert!(page(audience, "dr-1.html").contains("Doors are shut"), "identifiers and titles are open");
        assert!(page(audience, "dr-1-1-.html").contains("Title of POL-001"), "the claim of a section");
    }
    assert!(page("auditor", "dr-1.html").contains("By us."));
}

#[test]
fn a_catalogue_of_a_built_in_edition_brings_texts_and_loses_nothing() {
    let project = Project::sound();
    project.edit("annexa.yaml", "frameworks: [gdpr]", "frameworks: [gdpr, iso27001@2022, iso27017@2015]");
    project.write("own.csv", "id,title,text\n6.1.1,Roles,Our own words on roles.\nCLD.6.3.1,Shared roles,Our own words on sharing.\n");
    let ran = import(&project, &["own.csv", "--as", "iso27017@2015"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(ran.err.contains("note[catalogue-differs]") && ran.err.contains("42 controls that this file lacks"), "{}", ran.err);
    let shown = run(project.root(), ["catalog", "show", "iso27017:6.1.1"]);
    for words in ["Roles", "Our own words on roles.", "Another name of iso27001@2022:A.5.2.", "Has guidance for cloud services"] {
        assert!(shown.out.contains(words), "{words}: {}", shown.out);
    }
    // Twice the same is no change; another file of the edition is refused.
    let before = files(&project.path("frameworks"));
    assert_eq!(import(&project, &["own.csv", "--as", "iso27017@2015", "--force"]).status, Some(0));
    assert_same(&before, &files(&project.path("frameworks")));
    let second = import(&project, &["own.csv", "--as", "iso27017@2015", "--into", "frameworks/a.yaml"]);
    assert_eq!(second.status, Some(1));
    assert!(second.err.contains("error[duplicate-id]") && second.err.ends_with("Nothing was imported.\n"), "{}", second.err);
    assert_same(&before, &files(&project.path("frameworks")));
}

#[test]
fn a_profile_selects_from_a_known_catalogue_or_from_the_one_that_is_given() {
    let project = with_catalogue();
    project.write("profile.json", PROFILE);
    let ran = import(&project, &["profile.json"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(
        ran.out.contains("baseline `small`: 11 of 1014 controls\n  wrote frameworks/baselines/nist80053@r5--small.yaml\n"),
        "{}",
        ran.out
    );
    assert!(run(project.root(), ["catalog", "show", "nist80053:AC-2(1)"]).out.contains("small"));

    let own = PROFILE
        .replace("800-53 Revision 5", "doors")
        .replace("\"ac-1\", \"ac-2.1\"", "\"dr-1.1\"")
        .replace("at-2.3", "dr-1.2")
        .replace("at-2", "dr-1");
    project.write("own.json", own);
    let missing = import(&project, &["own.json", "--as", "doors@2", "--baseline", "night"]);
    assert_eq!(missing.status, Some(1));
    assert!(missing.err.contains("there is no catalogue of `doors@2`"), "{}", missing.err);
    assert_eq!(import(&project, &["catalogue.json", "--as", "doors@2"]).status, Some(0));
    let given = import(&project, &["own.json", "--as", "doors@2", "--baseline", "night", "--catalog", "catalogue.json"]);
    assert_eq!(given.status, Some(0), "{}", given.err);
    assert!(given.out.contains("baseline `night`: 2 of 4 controls"), "{}", given.out);
}

#[test]
fn nothing_is_written_where_something_is_wrong_or_there_already() {
    let project = with_catalogue();
    project.write("frameworks/doors@2.yaml", "mine");
    let before = files(project.root());
    for (arguments, status, says) in [
        (&["catalogue.json", "--as", "doors@2"][..], 2, "frameworks/doors@2.yaml is there already"),
        (&["catalogue.json"], 1, "does not say which edition"),
        (&["missing.json", "--as", "doors@2"], 2, "there is no file `missing.json`"),
        (&[".", "--as", "doors@2"], 2, "`.` is a folder; name a file"),
        (&["catalogue.json", "--as", "doors@3", "--classification", "secret"], 2, "there is no classification `secret`"),
        (&["catalogue.json", "--as", "doors@3", "--into", "../x.yaml"], 2, "--into ../x.yaml"),
        (&["catalogue.json", "--as", "doors@3", "--into", "frameworks/crosswalk.yaml"], 2, "--into frameworks/crosswalk.yaml"),
        (&["catalogue.json", "--as", "doors@3", "--into", "content/x.yaml"], 2, "--into content/x.yaml"),
        (&["catalogue.json", "--as", "doors@3", "--project", "content"], 2, "there is no annexa.yaml in `content`"),
        (&["catalogue.json", "--as", "doors 3"], 2, "write an edition, as in iso27001@2022"),
        (&["annexa.yaml", "--as", "doors@3"], 1, "no table in this file"),
    ] {
        let ran = import(&project, arguments);
        assert_eq!((ran.status, ran.out.as_str()), (Some(status), ""), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(says), "{arguments:?}: {}", ran.err);
        assert_same(&before, &files(project.root()));
    }
}

#[test]
fn a_workbook_of_controls_and_mappings_works_from_end_to_end() {
    let project = Project::sound();
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Rules").unwrap();
    let rows = [
        ["Control Domain", "Control ID", "Control Title", "Control Specification", "ISO/IEC 27001:2022 Mapping", "Gap Level"],
        ["Doors", "D-1", "Doors are shut", "Shut them.", "A.7.1, A.7.2", "Partial Gap"],
        ["Doors", "D-2", "Keys", "Keep them.", "A.7.2", "No Gap"],
    ];
    for (row, cells) in (0u32..).zip(rows) {
        for (column, text) in (0u16..).zip(cells) {
            sheet.write_string(row, column, text).unwrap();
        }
    }
    workbook.save(project.path("rules.xlsx")).unwrap();
    let ran = import(&project, &["rules.xlsx", "--as", "doors@2"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!(ran.out, @r"
    Imported the spreadsheet as doors@2.
      1 group, 2 controls, 2 with a text
      crosswalk to iso27001@2022: 3 pairs, basis `imported`
      wrote frameworks/doors@2.yaml
      wrote frameworks/crosswalks/doors@2--iso27001@2022.yaml
    Add `doors@2` to `frameworks` in annexa.yaml to use it.
    ");
    project.edit("annexa.yaml", "frameworks: [gdpr]", "frameworks: [gdpr, doors@2]");
    assert_eq!(project.run("check", &[]).codes(), [""; 0]);
    let shown = run(project.root(), ["catalog", "show", "iso27001:A.7.2", "--format", "json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown.out).unwrap();
    let own: Vec<_> = shown["counterparts"].as_array().unwrap().iter().filter(|other| other["basis"] == "imported").collect();
    let read: Vec<_> = own.iter().map(|other| (other["control"].as_str().unwrap(), other["relationship"].as_str().unwrap())).collect();
    assert_eq!(read, [("doors@2:D-2", "superset"), ("doors@2:D-1", "intersects")], "relations turn round when they are read back");
}
