//! `annexa init`: a first day's project, of the starter manual and a few answers.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use common::{Project, Ran, TODAY, annexa, assert_same, files, run};

fn init(project: &Project, arguments: &[&str]) -> Ran {
    run(&project.beside(""), ["init", "new", "--today", TODAY].iter().chain(arguments))
}

/// A project that init made with these arguments.
fn made(arguments: &[&str]) -> Project {
    let project = Project::new(&[]);
    let ran = init(&project, arguments);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{arguments:?}");
    project
}

fn check(project: &Project) -> Ran {
    run(&project.beside(""), ["check", "new", "--today", TODAY])
}

/// The texts of all files by path, but for the schemas, which no answer changes.
fn texts(project: &Project) -> BTreeMap<String, String> {
    let files = files(&project.beside("new")).into_iter().filter(|(path, _)| !path.starts_with("schemas/"));
    files.map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
}

/// What a draft lacks by its nature: owners accept risks, and agreements are signed, later. Without the frameworks that it claims to meet, a document
/// that nothing refers to stands for itself.
const OF_DRAFTS: &[&str] = &["warning[risk-not-accepted", "warning[processor-without-agreement", "warning[orphan-document"];

#[track_caller]
fn assert_only_findings_of_drafts(project: &Project, what: &str) {
    let ran = check(project);
    assert_eq!(ran.status, Some(0), "{what}: {}", ran.out);
    assert_only(&ran, OF_DRAFTS, what);
}

/// The same where a name may be longer than a heading of a PDF, or in letters that no bundled font has: both are told, for those who set PDFs. So is one that
/// looks like a value to be inserted.
fn assert_only_findings_of_drafts_and_paper(project: &Project, what: &str) {
    let known: Vec<&str> =
        OF_DRAFTS.iter().copied().chain(["error[pdf-failed", "error[missing-glyph", "warning[insertion-not-read"]).collect();
    assert_only(&check(project), &known, what);
}

fn assert_only(ran: &Ran, known: &[&str], what: &str) {
    let codes: BTreeSet<&str> = ran.codes().into_iter().filter(|code| !known.contains(code)).collect();
    assert!(codes.is_empty(), "{what}: {codes:?}\n{}", ran.out);
}

const ALL: &str = "iso27001@2022,iso27017@2015,ccm@4.1,nist80053@r5,csf@2.0,gdpr";

mod starter {
    use super::*;

    #[test]
    fn asks_nothing_where_there_is_no_terminal_and_says_what_comes_next() {
        let project = Project::new(&[]);
        let ran = init(&project, &[]);
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
        let files = files(&project.beside("new")).len();
        assert!(ran.out.starts_with(&format!("Wrote {files} files to new. All of it is a draft")), "{}", ran.out);
        for next in ["annexa.yaml", "content/registers/suppliers.yaml", "annexa check new", "annexa build new", "annexa gap --stage 1 new"]
        {
            assert!(ran.out.contains(next), "{next}: {}", ran.out);
        }
    }

    #[test]
    fn builds_the_site_for_every_audience() {
        let project = made(&["--frameworks", ALL]);
        let ran = run(&project.beside(""), ["build", "new", "--no-pdf", "--audience", "all", "--today", TODAY]);
        assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
    }

    fn checks(role: &str, choices: &[&str]) {
        for frameworks in choices {
            let project = made(&["--role", role, "--frameworks", frameworks]);
            assert_only_findings_of_drafts(&project, &format!("{role}, {frameworks}"));
        }
    }

    #[test]
    fn checks_without_an_error_for_each_framework_alone() {
        checks("both", &["iso27001@2022", "iso27017@2015", "iso27017@2026", "ccm@4.1", "nist80053@r5", "csf@2.0", "gdpr", "iso27001@2013"]);
    }

    #[test]
    fn checks_without_an_error_for_frameworks_together() {
        checks("both", &["iso27001@2022,gdpr", "iso27017@2026,iso27017@2015,iso27001@2022", "csf@2.0,gdpr", ALL]);
    }

    #[test]
    fn checks_without_an_error_for_a_provider() {
        checks("provider", &["iso27001@2022", "iso27001@2022,iso27017@2026", "gdpr", ALL]);
    }

    #[test]
    fn checks_without_an_error_for_a_customer() {
        checks("customer", &["iso27001@2022", "iso27001@2022,iso27017@2026", "gdpr", ALL]);
    }

    #[test]
    fn takes_as_many_clouds_as_are_named() {
        for (clouds, suppliers) in [("One", 1), ("One,Two", 2), ("One, Two ,Three,,Four", 4)] {
            let project = made(&["--clouds", clouds, "--frameworks", ALL]);
            assert_only_findings_of_drafts(&project, clouds);
            let texts = texts(&project);
            assert_eq!(texts["content/registers/suppliers.yaml"].matches("\n    name: ").count(), suppliers, "{clouds}");
            assert_eq!(texts.values().any(|text| text.contains("{{ values.second_cloud }}")), suppliers > 1, "{clouds}");
        }
    }

    #[test]
    fn holds_no_name_and_no_history_of_the_made_up_company() {
        let project = made(&["--clouds", "One,Two", "--frameworks", ALL]);
        let names = [
            "Tarnwick",
            "Brightmoor",
            "Aldercrest",
            "Kestrel",
            "Fennlock",
            "Oakline",
            "Harrow",
            "Marlstone",
            "Gantry",
            "Saltmarsh",
            "Pellbrook",
            "Norwell",
            "Hamburg",
            "Frankfurt",
            "Dublin",
        ];
        let fields =
            ["approved", "effective", "reviewed", "history", "accepted", "accepted_by", "done", "measurements", "evidence", "date", "last"];
        for (path, text) in texts(&project) {
            for name in names {
                assert!(!text.contains(name), "{path} holds {name}");
            }
            for line in text.lines() {
                let key = line.trim_start().trim_start_matches("- ").split(':').next().unwrap_or_default();
                let settings = path == "annexa.yaml" || path.ends_with(".md");
                assert!(!fields.contains(&key) || (settings && line.starts_with(' ')), "{path}: {line}");
                // A treatment has a day on which it is due: a year from today.
                assert!(!line.contains("2026-") && (!line.contains("2027-") || line == "    due: 2027-06-01"), "{path}: {line}");
            }
            if path.starts_with("content/manual") || path.starts_with("content/policies") || path.starts_with("content/sops") {
                assert!(text.contains("\nversion: \"0.1\"\nstatus: draft\n"), "{path}");
                assert!(!text.contains("- [x]"), "{path}: nothing is done yet");
            }
            if path.starts_with("content/controls") {
                assert!(!text.contains("status: implemented") && !text.contains("status: partial"), "{path}");
            }
        }
        for gone in ["evidence", "audits", "incidents", "nonconformities", "management-reviews", "certificates"] {
            assert!(!project.beside(&format!("new/content/registers/{gone}.yaml")).exists(), "{gone}");
        }
    }

    #[test]
    fn of_a_customer_says_nothing_of_what_providers_do() {
        let project = made(&["--role", "customer", "--frameworks", ALL]);
        let texts = texts(&project);
        for gone in ["pol-012", "pol-013", "pol-015", "sop-007", "sop-008", "questions.yaml"] {
            assert!(!texts.keys().any(|path| path.contains(gone)), "{gone}");
        }
        let statements = &texts["content/controls/iso27017.yaml"];
        assert!(statements.contains("CLD.9.5.1:\n    applicable: false\n    justification: We provide no cloud service."), "{statements}");
        assert!(texts.values().all(|text| !text.contains("role: provider")));
        assert!(texts.values().any(|text| text.contains("role: customer")));
        let promises = [
            "customer_deletion_days",
            "audit_trail_minutes",
            "certificate of deletion",
            "each new customer",
            "as provider",
            "on this site",
        ];
        for (path, text) in texts.iter().filter(|(path, _)| path.starts_with("content/")) {
            for promise in promises.iter().chain(&["circle of cloud providers", "can harm themselves", "23 policies"]) {
                assert!(!text.contains(promise), "{path} holds {promise}");
            }
        }
    }

    #[test]
    fn the_settings_hold_the_values_that_a_text_inserts_and_no_other() {
        for arguments in [
            &["--role", "customer"][..],
            &["--role", "provider"],
            &["--clouds", "One,Two", "--frameworks", ALL],
            &["--frameworks", "csf@2.0"],
        ] {
            let mut texts = texts(&made(arguments));
            let settings = texts.remove("annexa.yaml").unwrap();
            let (_, values) = settings.split_once("\nvalues:\n").unwrap();
            for line in values.lines().filter(|line| !line.trim_start().starts_with('#')) {
                let insertion = format!("{{{{ values.{} }}}}", line.trim_start().split(':').next().unwrap());
                let found = texts.values().any(|text| text.split_whitespace().collect::<Vec<_>>().join(" ").contains(&insertion));
                assert!(found, "{arguments:?}: nothing inserts {insertion}");
            }
            assert!(
                !values.contains("#") || !values.trim_end().lines().last().unwrap().trim_start().starts_with('#'),
                "a heading with nothing below"
            );
        }
    }

    /// A text without what is no word of a sentence: references up to their bar, ids of sections, insertions.
    fn words(text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = ["[[", "{"].iter().filter_map(|mark| rest.find(mark)).min() {
            let end = rest[at..].find(['|', ']', '}']).map_or(rest.len(), |len| at + len);
            out.push_str(&rest[..at]);
            rest = &rest[end..];
        }
        out + rest
    }

    #[test]
    fn of_a_customer_speaks_of_no_tenants() {
        for (path, text) in
            texts(&made(&["--role", "customer", "--frameworks", ALL])).into_iter().filter(|(path, _)| path.starts_with("content/"))
        {
            for line in words(&text).lines() {
                assert!(!line.to_lowercase().contains("tenant"), "{path}: {line}");
            }
        }
    }

    #[test]
    fn names_nothing_by_an_id_that_is_not_there() {
        for arguments in [
            &["--role", "customer", "--frameworks", "iso27001@2022"][..],
            &["--role", "provider", "--frameworks", "iso27001@2022,iso27017@2026"],
            &["--clouds", "One,Two", "--frameworks", ALL],
            &[],
        ] {
            let texts = texts(&made(arguments));
            let ids: BTreeSet<&str> = texts
                .values()
                .flat_map(|text| text.lines())
                .filter_map(|line| line.trim_start().trim_start_matches("- ").strip_prefix("id: "))
                .collect();
            for (path, text) in &texts {
                for word in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
                    let is_id = word.split_once('-').is_some_and(|(kind, number)| {
                        !matches!(kind, "SHA" | "AES")
                            && kind.len() == 3
                            && kind.bytes().all(|b| b.is_ascii_uppercase())
                            && number.len() == 3
                            && number.bytes().all(|b| b.is_ascii_digit())
                    });
                    assert!(!is_id || ids.contains(word), "{arguments:?}: {path} names {word}");
                }
            }
        }
    }

    #[test]
    fn reads_as_if_nothing_had_been_cut() {
        // Each of these once stood in a new project.
        let scars = [
            "the the ",
            "office at the office",
            " ()",
            "( ",
            " ,",
            ",,",
            ";;",
            " .\n",
            "| --- | | ",
            "| | --- ",
            "two minor, one opportunity",
            "84 entries",
            "140 changes",
            "312",
            "86 repositories",
            "two oldest services",
            "was added by",
            "first cycle",
            "insurers and public bodies",
            "Denmark",
            "nine contracts",
            "It has a version and an approval",
            "one of them carries",
            "Ledger",
            "after treatment none",
            "The the ",
            ". the testers",
            ". the management",
            "84 security",
            "misses our target",
            "were found without",
            "left in this way",
            "still outside the automatic",
            "still compared by hand",
            "It has not happened so far",
            "The last full scan",
            "leads ceremonies",
            "run at the status page",
            "are registered; ",
            "which are registered",
            "Germany, Ireland",
            "| Germany |",
            "health, damage and money",
            "is new in policy",
            "There is none yet",
            "Two services",
            "insurer or authority",
        ];
        for arguments in [
            &["--role", "customer", "--frameworks", "iso27001@2022"][..],
            &["--role", "provider", "--frameworks", "iso27001@2022,iso27017@2026"],
            &["--clouds", "One,Two", "--frameworks", ALL],
            &[],
        ] {
            for (path, text) in texts(&made(arguments)).iter().filter(|(path, _)| path.starts_with("content/")) {
                for scar in scars {
                    // A list in a line of YAML, and an example of code, have marks of their own.
                    let found = text.lines().find(|line| format!("{line}\n").contains(scar) && !line.contains("podSelector"));
                    assert!(found.is_none(), "{arguments:?}: {path} holds `{scar}`: {}", found.unwrap_or_default());
                }
            }
        }
    }

    #[test]
    fn the_edition_of_a_standard_is_no_date_of_the_made_up_company() {
        let texts = texts(&made(&["--frameworks", ALL]));
        let register = &texts["content/registers/external-documents.yaml"];
        assert!(
            register.contains("edition: \"2022\"") && register.contains("2026; that of 2015 until the certification body has moved"),
            "{register}"
        );
        assert!(
            !texts_of(&["--frameworks", "iso27001@2022"], "content/registers/external-documents.yaml").contains("27017"),
            "only what is in use"
        );
    }

    fn texts_of(arguments: &[&str], path: &str) -> String {
        texts(&made(arguments)).remove(path).unwrap()
    }

    #[test]
    fn a_cell_of_which_nothing_is_left_is_open_and_a_table_in_a_list_stays_a_table() {
        let leadership = texts_of(&[], "content/manual/03-leadership-and-roles.md");
        assert!(leadership.contains("| Take part in one incident exercise | yearly | To be decided. |"), "{leadership}");
        let suppliers = texts_of(&[], "content/sops/sop-006-supplier-lifecycle.md");
        assert!(suppliers.contains("\n   | Criticality | Evidence |\n   | --- | --- |\n   | high | "), "{suppliers}");
    }

    #[test]
    fn checks_without_an_error_for_answers_drawn_from_all_that_there_are() {
        // All combinations are many; each run of the suite takes these, spread over roles, clouds and frameworks.
        let frameworks = ["iso27001@2022", "iso27017@2015", "iso27017@2026", "ccm@4.1", "nist80053@r5", "csf@2.0", "gdpr"];
        let clouds = ["One", "One,Two", "{{ x }} [[POL-001]],O'Neill & <b>,null"];
        for (at, subset) in (1u32..128).step_by(21).enumerate() {
            let chosen: Vec<&str> = (0..7).filter(|bit| subset & (1 << bit) != 0).map(|bit| frameworks[bit]).collect();
            let role = ["provider", "customer", "both"][at % 3];
            let chosen = chosen.join(",");
            let mut arguments = vec!["--role", role, "--frameworks", &chosen];
            if role != "provider" {
                arguments.extend(["--clouds", clouds[at / 2 % 3]]);
            }
            assert_only_findings_of_drafts(&made(&arguments), &format!("{arguments:?}"));
        }
    }

    #[test]
    fn of_a_provider_asks_for_no_clouds() {
        let project = made(&["--role", "provider", "--frameworks", ALL]);
        let texts = texts(&project);
        assert!(texts.values().all(|text| !text.contains("role: customer") && !text.contains("main_cloud")));
        for (path, text) in texts.iter().filter(|(path, _)| path.starts_with("content/")) {
            for words in ["cloud suppliers", "clouds of others", "Clouds that we use", "as customer ("] {
                assert!(!text.contains(words), "{path} holds {words}");
            }
        }
        assert!(project.beside("new/content/sops/sop-007-customer-onboarding.md").exists());

        let ran = init(&Project::new(&[]), &["--role", "provider", "--clouds", "One"]);
        assert_eq!(ran.status, Some(2));
        assert!(ran.err.contains("say --role both"), "{}", ran.err);
    }

    #[test]
    fn a_document_about_a_framework_goes_without_it() {
        let with = made(&["--frameworks", "iso27001@2022,iso27017@2015"]);
        let without = made(&["--frameworks", "iso27001@2022,ccm@4.1"]);
        assert!(with.beside("new/content/manual/06-iso27017-programme.md").exists());
        let texts = texts(&without);
        assert!(!texts.contains_key("content/manual/06-iso27017-programme.md"));
        assert!(texts.iter().all(|(path, text)| !text.contains("iso27017:") || panic!("{path}")));
        assert!(texts.values().any(|text| text.contains("ccm:")));
    }

    #[test]
    fn takes_any_name() {
        let names = [
            "O'Neill & Søns \"Ltd\"",
            "# Comment: [not] {a} mapping",
            "{{ org.name }}",
            "{{ values.nothing }} {% raw %}",
            "back\\slash \\{{ and `tick` *star* _under_ [[POL-001]] | pipe",
            "<script>alert(1)</script>",
            "- dash",
            "null",
            "山田商事\u{1F512}",
            "'",
            "%",
            "1.10",
            "a: b #c",
            "&anchor *alias !tag",
        ];
        for names in names.chunks(3) {
            let (organisation, service, cloud) = (names[0], names[names.len() / 2], names[names.len() - 1]);
            let project = made(&[&format!("--organisation={organisation}"), &format!("--service={service}"), &format!("--clouds={cloud}")]);
            assert_only_findings_of_drafts_and_paper(&project, organisation);
            let read = |path: &str| -> serde_yaml::Value {
                serde_yaml::from_str(&fs::read_to_string(project.beside("new").join(path)).unwrap()).unwrap()
            };
            let supplier = read("content/registers/suppliers.yaml");
            assert_eq!(supplier["rows"][0]["name"].as_str(), Some(cloud), "another reader of YAML reads the same name");
            let settings = read("annexa.yaml");
            assert_eq!(settings["org"]["name"].as_str(), Some(organisation));
            assert_eq!(settings["org"]["service"].as_str(), Some(service));
        }
    }

    #[test]
    fn a_name_of_several_lines_or_a_very_long_one_is_one_line() {
        let long = "word ".repeat(200);
        let project = made(&["--organisation", "Line one\nline\ttwo", "--service", &long, "--clouds", &long]);
        assert_only_findings_of_drafts_and_paper(&project, "long names");
        assert!(texts(&project)["annexa.yaml"].contains("name: \"Line one line two\""));
    }

    #[test]
    fn every_file_is_yaml_for_other_readers_too() {
        let project = made(&["--clouds", "One,Two,Three", "--frameworks", ALL]);
        for (path, text) in texts(&project) {
            let yaml = match text.strip_prefix("---\n") {
                Some(text) => text.split_once("\n---\n").unwrap().0,
                None if path.ends_with(".yaml") => text.as_str(),
                None => continue,
            };
            if let Err(error) = serde_yaml::from_str::<serde_yaml::Value>(yaml) {
                panic!("{path}: {error}");
            }
        }
    }

    #[test]
    fn the_same_answers_make_the_same_bytes() {
        let (one, other) = (made(&["--frameworks", ALL]), made(&["--frameworks", ALL]));
        assert_same(&files(&one.beside("new")), &files(&other.beside("new")));
    }
}

mod minimal {
    use super::*;

    #[test]
    fn has_no_finding_at_all_in_any_edition_that_there_is() {
        let editions = [
            "iso27001@2022",
            "iso27001@2013",
            "iso27017@2015",
            "iso27017@2026",
            "iso27018@2019",
            "ccm@4.1",
            "ccm@4.0",
            "nist80053@r5",
            "csf@2.0",
            "gdpr",
            "soc2@2017",
        ];
        for frameworks in editions.iter().map(|edition| (*edition).to_owned()).chain([editions.join(","), " gdpr , ccm@4.1,".to_owned()]) {
            let project = made(&["--minimal", "--frameworks", &frameworks]);
            let ran = run(&project.beside(""), ["check", "new", "--today", TODAY, "--deny", "warnings"]);
            assert_eq!((ran.status, ran.out.as_str()), (Some(0), "no findings\n"), "{frameworks}");
        }
    }

    #[test]
    fn is_small_and_builds() {
        let project = made(&["--minimal", "--organisation", "{{ org.name }} <b>"]);
        assert!(texts(&project).len() < 9);
        let ran = run(&project.beside(""), ["build", "new", "--no-pdf", "--deny", "warnings", "--today", TODAY]);
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    }
}

mod refuses {
    use super::*;

    #[test]
    fn frameworks_that_there_are_not_and_writes_nothing() {
        for (frameworks, says) in [
            ("iso27001@2023", "the editions are `iso27001@2013` and `iso27001@2022`"),
            ("iso27002x", "there is no framework"),
            ("iso 27001", "names no framework"),
            (",", "name at least one framework"),
        ] {
            let project = Project::new(&[]);
            let ran = init(&project, &["--frameworks", frameworks]);
            assert_eq!(ran.status, Some(2), "{frameworks}");
            assert!(ran.err.contains(says), "{frameworks}: {}", ran.err);
            assert!(!project.beside("new").exists());
        }
    }

    #[test]
    fn odd_answers_and_says_what_is_wrong() {
        for (arguments, says) in [
            (&["--organisation", " "][..], "say at least a word"),
            (&["--service", "\n"], "say at least a word"),
            (&["--clouds", ", ,"], "name at least one cloud"),
            (&["--clouds", "One,Two,One"], "`One` is named twice"),
            (&["--role", "owner"], "invalid value 'owner'"),
            (&["--minimal", "--role", "both"], "cannot be used with"),
        ] {
            let project = Project::new(&[]);
            let ran = init(&project, arguments);
            assert_eq!(ran.status, Some(2), "{arguments:?}");
            assert!(ran.err.contains(says), "{arguments:?}: {}", ran.err);
            assert!(!project.beside("new").exists());
        }
    }

    #[test]
    fn a_folder_that_holds_something_unless_asked() {
        let project = Project::new(&[]);
        fs::create_dir_all(project.beside("new")).unwrap();
        fs::write(project.beside("new/notes.txt"), "mine").unwrap();
        let ran = init(&project, &[]);
        assert_eq!(ran.status, Some(2));
        assert!(ran.err.contains("new is not empty: it holds notes.txt") && ran.err.contains("--into"), "{}", ran.err);
        assert_eq!(files(&project.beside("new")).len(), 1);

        assert_eq!(init(&project, &["--into"]).status, Some(0));
        assert_eq!(fs::read_to_string(project.beside("new/notes.txt")).unwrap(), "mine");
        assert_only_findings_of_drafts(&project, "beside other files");
    }

    #[test]
    fn to_overwrite_whatever_is_said() {
        let project = Project::new(&[]);
        fs::create_dir_all(project.beside("new/content/registers")).unwrap();
        fs::write(project.beside("new/content/registers/roles.yaml"), "mine").unwrap();
        let before = files(&project.beside("new"));
        let ran = init(&project, &["--into"]);
        assert_eq!(ran.status, Some(2));
        assert!(ran.err.contains("new holds content/registers/roles.yaml already; nothing was written"), "{}", ran.err);
        assert_same(&before, &files(&project.beside("new")));
    }

    #[test]
    fn a_second_run() {
        let project = made(&[]);
        let before = files(&project.beside("new"));
        assert_eq!(init(&project, &[]).status, Some(2));
        let ran = init(&project, &["--into", "--organisation", "Another"]);
        assert!(ran.status == Some(2) && ran.err.contains(" more already; nothing was written"), "{}", ran.err);
        assert_same(&before, &files(&project.beside("new")));
    }

    #[test]
    #[cfg(unix)]
    fn a_folder_that_cannot_be_written_and_leaves_nothing() {
        use std::os::unix::fs::PermissionsExt as _;
        let project = Project::new(&[]);
        fs::create_dir_all(project.beside("new/content")).unwrap();
        fs::set_permissions(project.beside("new/content"), fs::Permissions::from_mode(0o555)).unwrap();
        // Whoever may write anywhere cannot be kept from it by a mode.
        if fs::write(project.beside("new/content/probe"), "").is_err() {
            let ran = init(&project, &["--into"]);
            assert_eq!(ran.status, Some(2));
            assert!(ran.err.contains("cannot make the folder"), "{}", ran.err);
            assert_eq!(fs::read_dir(project.beside("new")).unwrap().count(), 1);
        }
        fs::set_permissions(project.beside("new/content"), fs::Permissions::from_mode(0o755)).unwrap();

        fs::write(project.beside("file"), "").unwrap();
        let ran = run(&project.beside(""), ["init", "file", "--today", TODAY]);
        assert_eq!(ran.status, Some(2), "a file is no folder");
        let ran = run(&project.beside(""), ["init", "file/new", "--today", TODAY]);
        assert_eq!(ran.status, Some(2), "{}", ran.err);
    }

    #[test]
    fn a_place_under_which_a_file_lies_in_place_of_a_folder_and_leaves_nothing() {
        let project = Project::new(&[]);
        fs::create_dir_all(project.beside("new/content")).unwrap();
        fs::write(project.beside("new/content/sops"), "mine").unwrap();
        let before = files(&project.beside("new"));
        let ran = init(&project, &["--into"]);
        assert_eq!(ran.status, Some(2), "{}", ran.err);
        assert_same(&before, &files(&project.beside("new")));
        assert!(!project.beside("new/content/manual").exists());
    }
}

mod takes {
    use super::*;

    #[test]
    fn a_folder_that_git_has_made() {
        let project = Project::new(&[]);
        fs::create_dir_all(project.beside("new/.git")).unwrap();
        fs::write(project.beside("new/.gitignore"), "mine\n").unwrap();
        assert_eq!(init(&project, &[]).status, Some(0));
        assert_eq!(fs::read_to_string(project.beside("new/.gitignore")).unwrap(), "mine\n");
    }

    #[test]
    fn no_answer_from_what_is_piped_into_it() {
        let project = Project::new(&[]);
        let mut child = annexa(&project.beside(""))
            .args(["init", "new", "--today", TODAY])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdin.take().unwrap().write_all(b"Piped Ltd\n\xff\xfe\n"));
        assert!(child.wait_with_output().unwrap().status.success());
        assert!(texts(&project)["annexa.yaml"].contains("name: \"Example Ltd\""));
    }
}
