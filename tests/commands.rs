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
