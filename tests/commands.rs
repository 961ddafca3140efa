//! What a person at a terminal, or a script, can rely on: exit statuses, options, what is refused, and what is left as it was.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use common::{Project, annexa, assert_same, document, files, run};

/// A project with one warning and nothing else: a document without a version.
fn with_a_warning() -> Project {
    let project = Project::sound();
    project.edit("content/policies/pol-001.md", "version: \"1.0\"\n", "");
    project
}

/// A project with one error and nothing else: a reference to nothing.
fn with_an_error() -> Project {
    let project = Project::sound();
    project.write("content/policies/pol-001.md", document("POL-001", "See [[POL-077]]."));
    project
}

mod exit_status {
    use super::*;

    #[test]
    fn is_0_when_all_went_well_and_warnings_are_no_hindrance() {
        assert_eq!(Project::sound().run("check", &[]).status, Some(0));
        let ran = with_a_warning().run("check", &[]);
        assert_eq!((ran.status, ran.codes()), (Some(0), vec!["warning[document-without-version"]));
        with_a_warning().build(&[]);
    }

    #[test]
    fn is_1_on_an_error() {
        for command in ["check", "build"] {
            assert_eq!(with_an_error().run(command, &[]).status, Some(1), "{command}");
        }
    }

    #[test]
    fn is_2_when_the_command_could_not_run_with_a_sentence_on_what_to_do() {
        let project = Project::sound();
        for (arguments, says) in [
            (vec!["check", "nowhere"], "there is no folder `nowhere`; name the folder that holds annexa.yaml"),
            (vec!["check", "annexa.yaml"], "`annexa.yaml` is a file; name the folder that holds annexa.yaml"),
            (vec!["check", "--deny", "onwer"], "there is no rule `onwer`"),
            (vec!["check", "--deny", "unresolved-refrence"], "did you mean `unresolved-reference`?"),
            (
                vec!["build", "--audience", "everyone"],
                "there is no audience `everyone`; there are `public`, `customer`, `internal`, `auditor` and `all`",
            ),
            (vec!["explain", "heading-skiped"], "did you mean `heading-skipped`?"),
            (vec!["explain", "nothing-like-it"], "`annexa explain` lists them"),
        ] {
            let ran = run(project.root(), &arguments);
            assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{arguments:?}");
            assert!(ran.err.starts_with("annexa: ") && ran.err.contains(says), "{arguments:?}: {}", ran.err);
            assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
        }
        for arguments in [&["chekc"][..], &[], &["check", "--format", "yaml"], &["check", "--today", "2026-02-30"], &["check", ".", "."]] {
            assert_eq!(run(project.root(), arguments).status, Some(2), "{arguments:?}");
        }
    }
}

mod deny {
    use super::*;

    #[test]
    fn takes_warnings_for_errors() {
        let project = with_a_warning();
        for denied in
            [&["--deny", "warnings"][..], &["--deny", "document-without-version"], &["--deny", "orphan-document,document-without-version"]]
        {
            let ran = project.run("check", denied);
            assert_eq!((ran.status, ran.codes()), (Some(1), vec!["error[document-without-version"]), "{denied:?}");
            assert_eq!(project.run("build", denied).status, Some(1), "{denied:?}");
        }
        assert_eq!(project.run("check", &["--deny", "orphan-document"]).status, Some(0));
        assert_eq!(Project::sound().run("check", &["--deny", "warnings"]).status, Some(0));
    }

    #[test]
    fn leaves_notes_as_they_are_unless_they_are_named() {
        let project = Project::sound();
        project.write("content/policies/pol-001.md", document("POL-001", "").replace('\n', "\r\n"));
        assert_eq!(project.run("check", &["--deny", "warnings"]).codes(), ["note[carriage-return"]);
        assert_eq!(project.run("check", &["--deny", "carriage-return"]).status, Some(1));
    }
}

mod today {
    use super::*;

    /// A document that was due for review on 2025-03-02.
    fn due() -> Project {
        let project = Project::sound();
        let approved = "status: approved\napproved: 2024-03-02\nreview_every: 12 months\nhistory: [{version: \"1.0\", date: 2024-03-02}]";
        project.edit("content/policies/pol-001.md", "status: draft", approved);
        project
    }

    #[test]
    fn is_what_the_option_says() {
        assert_eq!(due().run("check", &["--today", "2025-03-02"]).codes(), [""; 0]);
        let ran = due().run("check", &["--today", "2025-03-03"]);
        assert_eq!((ran.status, ran.codes()), (Some(0), vec!["warning[review-overdue"]));
        assert_eq!(due().run("check", &["--today", "2025-03-03", "--deny", "review-overdue"]).status, Some(1));
    }

    #[test]
    fn is_else_the_source_date_epoch_in_utc() {
        let project = due();
        let at = |epoch: &str| annexa(project.root()).args(["check"]).env("SOURCE_DATE_EPOCH", epoch).output().unwrap();
        // 2025-03-02T23:59:59Z and the second after it.
        assert!(!String::from_utf8(at("1740959999").stdout).unwrap().contains("review-overdue"));
        assert!(String::from_utf8(at("1740960000").stdout).unwrap().contains("review-overdue"));
        let wrong = at("yesterday");
        assert_eq!(wrong.status.code(), Some(2));
        assert!(String::from_utf8(wrong.stderr).unwrap().contains("SOURCE_DATE_EPOCH is `yesterday`, and should be a number of seconds"));
        let option_wins =
            annexa(project.root()).args(["check", "--today", "2025-03-02"]).env("SOURCE_DATE_EPOCH", "1740960000").output().unwrap();
        assert!(!String::from_utf8(option_wins.stdout).unwrap().contains("review-overdue"));
    }

    #[test]
    fn is_recorded_in_the_manifest() {
        let project = Project::sound();
        let dist = project.build(&[]);
        assert!(fs::read_to_string(dist.join("manifest.json")).unwrap().contains(&format!("\"today\": \"{}\"", common::TODAY)));
    }
}

mod output {
    use super::*;

    #[test]
    fn lies_in_dist_of_the_project_wherever_the_command_runs() {
        let project = Project::sound();
        let ran = run(&project.beside(""), ["build", "isms", "--no-pdf"]);
        assert_eq!(ran.status, Some(0), "{}", ran.err);
        assert!(project.path("dist/index.html").is_file());
        assert!(ran.out.starts_with("Built Manual for auditor: 1 documents, 0 statements, 2 register rows.\n"), "{}", ran.out);
        assert!(ran.out.contains("open isms/dist/index.html\n"), "{}", ran.out);
        assert_eq!(ran.err, "", "no progress when piped");
    }

    #[test]
    fn lies_where_out_says() {
        let project = Project::sound();
        project.build(&["--out", "../elsewhere/deep"]);
        assert!(project.beside("elsewhere/deep/index.html").is_file());
        assert!(!project.path("dist").exists());
    }

    #[test]
    fn never_replaces_a_folder_that_annexa_did_not_make_unless_forced() {
        let project = Project::sound();
        project.write("dist/thesis.txt", "years of work");
        let before = files(&project.path("dist"));
        let ran = project.run("build", &["--no-pdf"]);
        assert_eq!(ran.status, Some(2));
        assert!(ran.err.contains("thesis.txt") && ran.err.contains("--force"), "{}", ran.err);
        assert_same(&before, &files(&project.path("dist")));

        project.build(&["--force"]);
        assert!(project.path("dist/index.html").is_file() && !project.path("dist/thesis.txt").exists());
    }

    #[test]
    fn is_never_the_project_itself_or_its_sources_even_when_forced() {
        let project = Project::sound();
        let before = files(project.root());
        for out in [".", "..", "content", "content/policies", "/"] {
            let ran = project.run("build", &["--no-pdf", "--force", "--out", out]);
            assert_eq!(ran.status, Some(2), "{out}: {}", ran.err);
        }
        assert_same(&before, &files(project.root()));
    }

    #[test]
    fn stays_as_it_was_after_an_error() {
        let project = Project::sound();
        let dist = project.build(&[]);
        let before = files(&dist);
        project.write("content/policies/pol-001.md", document("POL-001", "See [[POL-077]]."));
        let ran = project.run("build", &["--no-pdf"]);
        assert_eq!((ran.status, ran.out.as_str()), (Some(1), ""));
        assert!(ran.err.contains("unresolved-reference") && ran.err.ends_with("Nothing was built; the output is as it was.\n"));
        assert_same(&before, &files(&dist));
    }

    #[test]
    fn holds_no_page_of_a_document_that_is_gone() {
        let project = Project::sound();
        project.write("content/policies/pol-002.md", document("POL-002", ""));
        let dist = project.build(&[]);
        assert!(dist.join("documents/pol-002.html").is_file());
        fs::remove_file(project.path("content/policies/pol-002.md")).unwrap();
        project.build(&[]);
        assert!(!dist.join("documents/pol-002.html").exists());
    }

    #[test]
    fn of_a_second_build_is_unchanged() {
        let project = Project::sound();
        project.build(&[]);
        let ran = project.run("build", &["--no-pdf"]);
        assert!(ran.out.contains("  files 0 new or changed, "), "{}", ran.out);
        assert!(ran.out.contains(" unchanged, 0 removed\n"), "{}", ran.out);
    }

    #[test]
    fn for_every_audience_lies_in_a_folder_each() {
        let project = Project::sound();
        let dist = project.build(&["--audience", "all"]);
        let mut folders: Vec<_> = fs::read_dir(dist).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        folders.sort();
        assert_eq!(folders, ["auditor", "customer", "internal", "public"]);
    }

    #[test]
    fn timings_are_json() {
        let ran = Project::sound().run("build", &["--no-pdf", "--timings"]);
        let timings: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        for stage in ["read", "parse", "link", "check", "render", "write"] {
            assert!(timings[stage].is_number(), "{stage} in {}", ran.out);
        }
    }

    #[cfg(unix)]
    #[test]
    fn is_whole_after_a_kill_at_any_moment_and_the_next_build_clears_what_was_left() {
        let project = Project::sound();
        for number in 2..40 {
            project.write(&format!("content/policies/pol-{number:03}.md"), document(&format!("POL-{number:03}"), "First."));
        }
        let dist = project.build(&[]);
        let first = files(&dist);
        for number in 2..40 {
            project.write(&format!("content/policies/pol-{number:03}.md"), document(&format!("POL-{number:03}"), "Second."));
        }
        let whole = project.build(&["--out", "../second"]);
        let second = files(&project.beside("second"));
        assert_ne!(first, second, "{}", whole.display());
        for milliseconds in [5, 15, 30, 45, 60, 80, 100, 130] {
            let mut child = annexa(project.root())
                .args(["build", "--no-pdf", "--today", common::TODAY])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            std::thread::sleep(std::time::Duration::from_millis(milliseconds));
            child.kill().unwrap();
            child.wait().unwrap();
            let found = files(&dist);
            assert!(found == first || found == second, "after {milliseconds} ms");
        }
        project.build(&[]);
        assert_same(&second, &files(&dist));
        let left: Vec<_> = fs::read_dir(project.root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        assert!(!left.iter().any(|name| name.contains("staging") || name.contains("old")), "{left:?}");
    }

    #[test]
    fn may_be_read_by_head() {
        let project = Project::fixture("broken");
        let mut child = annexa(project.root()).arg("check").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let ended = child.wait_with_output().unwrap();
        assert!(first.starts_with("error["), "{first}");
        assert_eq!((ended.status.code(), ended.stderr), (Some(1), Vec::new()), "no panic about a broken pipe");
    }
}

mod quiet {
    use super::*;

    /// A project with an error and a warning.
    fn with_both() -> Project {
        let project = with_an_error();
        project.edit("content/policies/pol-001.md", "version: \"1.0\"\n", "");
        project
    }

    #[test]
    fn prints_nothing_where_all_is_well() {
        let project = with_a_warning();
        for arguments in
            [&["check", "-q"][..], &["--quiet", "check"], &["build", "--no-pdf", "--quiet"], &["review", "POL-001", "--as", "ciso", "-q"]]
        {
            let ran = run(project.root(), arguments);
            assert_eq!((ran.status, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""), "{arguments:?}");
        }
        assert!(project.path("dist/index.html").is_file() && project.path("records/reviews.yaml").is_file());
    }

    #[test]
    fn prints_errors_and_no_word_more() {
        let project = with_both();
        for (command, more) in [("check", vec![]), ("build", vec!["--no-pdf"])] {
            let ran = project.run(command, &[more, vec!["--quiet"]].concat());
            assert_eq!((ran.status, ran.codes()), (Some(1), vec!["error[unresolved-reference"]), "{command}");
            assert_eq!(format!("{}{}", ran.out, ran.err).lines().last(), Some("1 error"), "{command}");
        }
        // What is denied is an error.
        assert_eq!(with_a_warning().run("check", &["--quiet", "--deny", "warnings"]).codes(), ["error[document-without-version"]);
        let ran = run(project.root(), ["check", "nowhere", "--quiet"]);
        assert_eq!(
            (ran.status, ran.err.as_str()),
            (Some(2), "annexa: there is no folder `nowhere`; name the folder that holds annexa.yaml\n")
        );
    }

    #[test]
    fn prints_what_was_asked_for() {
        let project = with_both();
        for arguments in [
            &["check", "--format", "json"][..],
            &["due"],
            &["approvals", "--format", "json"],
            &["gap", "gdpr"],
            &["explain"],
            &["schema"],
            &["catalog", "list"],
        ] {
            let (quiet, usual) = (run(project.root(), arguments.iter().chain(&["--quiet"])), run(project.root(), arguments));
            if arguments != ["due"] {
                assert!(!usual.out.is_empty(), "{arguments:?}");
                assert_eq!(quiet.out, usual.out, "{arguments:?}");
            } else {
                // Nothing is due: nothing that a calendar would have to say by mail every morning.
                assert_eq!(quiet.out, "");
            }
        }
        let timings = Project::sound().run("build", &["--no-pdf", "--timings", "--quiet"]);
        assert!(timings.out.starts_with('{'), "{}", timings.out);
    }

    #[test]
    fn and_verbose_at_once_are_refused_wherever_they_stand() {
        for arguments in [&["check", "--quiet", "--verbose"][..], &["--quiet", "check", "--verbose"], &["-v", "-q", "check"]] {
            let ran = run(Project::sound().root(), arguments);
            assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{arguments:?}");
            let says = ran.err.starts_with("error: the argument '--") && ran.err.contains("cannot be used with");
            assert!(says, "{arguments:?}: {}", ran.err);
        }
    }
}

mod verbose {
    use super::*;

    /// Without times and counts, which differ from machine to machine and from version to version, and with two files of the output.
    fn plain(text: &str) -> String {
        let lines = text.lines().filter(|line| !line.contains("dist/") || line.contains("pol-001") || line.contains("manifest.json"));
        let plain = lines.map(|line| match line.split_whitespace().next() {
            Some("stage") => line.split_once(',').unwrap().0.to_owned(),
            Some("threads" | "read") => {
                line.split_inclusive(|c: char| c.is_ascii_digit()).map(|part| part.replace(|c: char| c.is_ascii_digit(), "#")).collect()
            }
            _ => line.to_owned(),
        });
        plain.map(|line| line.replace("##", "#") + "\n").collect()
    }

    #[test]
    fn says_where_settings_come_from_what_was_read_and_what_was_written() {
        let project = Project::sound();
        project.write("templates/site/404.html", "{% extends \"annexa/404.html\" %}\n");
        let ran = run(project.root(), ["build", "--no-pdf", "--verbose", "--today", common::TODAY]);
        insta::assert_snapshot!(plain(&ran.err), @r"
        settings  ./annexa.yaml
        today     2026-06-01, from --today
        threads   #
        stage     read
        read      # files of the project, # that are built in
        override  templates/site/404.html
        stage     parse
        stage     link
        found     1 documents, 0 statements, 2 register rows
        stage     approvals
        stage     check
        stage     render
        stage     site
        stage     prove
        stage     write
        written   ./dist/documents/pol-001.html
        written   ./dist/manifest.json
        ");
        project.write("content/policies/pol-001.md", document("POL-001", "Other words."));
        let ran = annexa(project.root()).args(["build", "--no-pdf", "-v"]).env("SOURCE_DATE_EPOCH", "1780272000").output().unwrap();
        let err = String::from_utf8(ran.stderr).unwrap();
        for says in [
            "today     2026-06-01, from SOURCE_DATE_EPOCH\n",
            "written   ./dist/documents/pol-001.html\n",
            "unchanged ./dist/assets/fonts.css\n",
        ] {
            assert!(err.contains(says), "{says}{err}");
        }
    }

    #[test]
    fn leaves_what_was_asked_for_as_it_is() {
        let project = with_a_warning();
        let (verbose, usual) = (project.run("check", &["--format", "json", "-v"]), project.run("check", &["--format", "json"]));
        assert_eq!((verbose.out, usual.err.as_str()), (usual.out, ""));
        assert!(verbose.err.starts_with("settings  ./annexa.yaml\n"), "{}", verbose.err);
    }

    #[test]
    fn names_what_commands_write_into_a_project() {
        let project = Project::sound();
        let ran = run(project.root(), ["review", "POL-001", "--as", "ciso", "-v"]);
        assert!(ran.err.ends_with("written   ./records/reviews.yaml\n"), "{}", ran.err);
        let ran = run(project.root(), ["init", "new", "--minimal", "-v"]);
        assert!(ran.err.ends_with("written   new/annexa.yaml\n"), "{}", ran.err);
    }
}

/// Names that nobody has: what is said of each.
#[test]
fn a_name_that_is_not_there_leads_to_one_that_is_or_to_what_lists_them() {
    let project = Project::sound();
    project.write(
        "content/registers/legal.yaml",
        "register: legal\nrows:\n  - {id: LEG-001, title: GDPR, jurisdiction: EU, summary: Privacy, owner: ciso}\n",
    );
    let cases: &[(&[&str], &str)] = &[
        (&["build", "--audience", "intern"], "there is no audience `intern`; did you mean `internal`?"),
        (&["serve", "--audience", "pubic"], "there is no audience `pubic`; did you mean `public`?"),
        (&["check", "--deny", "warning"], "there is no rule `warning`; did you mean `warnings`, which are all of them?"),
        (&["gap", "gdpr", "--baseline", "low"], "GDPR has no baseline `low`; it has none, so leave --baseline out"),
        (&["catalog", "show", "A.5.99"], "`A.5.99` names no control and no edition; did you mean `A.5.19`?"),
        (&["catalog", "list", "--project", "nowhere"], "there is no annexa.yaml in `nowhere`; name the folder that holds it"),
        (
            &["catalog", "import", "annexa.yaml", "--classification", "intenal"],
            "there is no classification `intenal`; did you mean `internal`?",
        ),
        (&["catalog", "import", "nothing.json"], "there is no file `nothing.json`; look at its path"),
        (&["approve", "treatment", "--as", "ceo"], "`treatment` cannot be approved; did you mean `treatments`?"),
        (&["approve", "LEG-001", "--as", "ceo"], "`LEG-001` is a row of the register `legal`; name a document, as in POL-004"),
        (&["approve", "XYZ-12345", "--as", "ceo"], "there is no document `XYZ-12345`; name one by the `id:` at its head, as in POL-004"),
        (&["review", "LEG-01", "--as", "ceo"], "there is nothing called `LEG-01`; did you mean `LEG-001`?"),
        (
            &["review", "fire", "--as", "ceo"],
            "there is nothing called `fire`; name a document (POL-004), a row (RSK-012) or a control (iso27001:A.5.15)",
        ),
        (&["verify", "nowhere"], "there is no `nowhere`; name the folder that was published, or a PDF"),
        (&["man", "--out", "annexa.yaml"], "`annexa.yaml` is a file; name a folder"),
        (&["schema", "--out", "annexa.yaml"], "`annexa.yaml` is a file; name a folder"),
        (&["init", "annexa.yaml"], "`annexa.yaml` is a file; name a folder"),
        (
            &["releases"],
            "`.` lies in no Git repository; releases are its tags: `git init` begins one, and `git tag v1.0` makes the first release of what is committed",
        ),
    ];
    for (arguments, says) in cases {
        let ran = run(project.root(), *arguments);
        assert_eq!((ran.status, ran.err), (Some(2), format!("annexa: {says}\n")), "{arguments:?}");
    }
    #[cfg(feature = "pdf")]
    for (what, says) in
        [("gdrp", "did you mean `gdpr`?"), ("polisy", "name a document by its id, as in POL-004, `soa`, `manual`, or a framework: `gdpr`")]
    {
        let ran = run(project.root(), ["pdf", what]);
        assert_eq!((ran.status, ran.err), (Some(2), format!("annexa: there is no document or framework `{what}` for auditor; {says}\n")));
    }
}

/// Half a report would look like a whole one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let project = Project::sound();
    let ran = annexa(project.root()).args(["check", "--format", "json"]).stdout(full).output().unwrap();
    let err = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(2), "{err}");
    assert!(err.starts_with("annexa: standard output takes no more: No space left on device"), "{err}");
}

mod explain {
    use super::*;

    #[test]
    fn says_what_a_code_means_and_what_to_do() {
        let ran = run(Project::sound().root(), ["explain", "unresolved-reference"]);
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
        assert!(ran.out.starts_with("# unresolved-reference\n") && ran.out.contains("## What to do"), "{}", ran.out);
    }

    #[test]
    fn lists_every_code() {
        let ran = run(Project::sound().root(), ["explain"]);
        assert_eq!(ran.status, Some(0));
        assert_eq!(ran.out.lines().count(), annexa::base::rule::ALL.len());
    }
}
