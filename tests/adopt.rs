//! `annexa init --from` and `annexa import comply`: what was not written for Annexa stays where it lies and as it is, and builds on the first day.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::fs;

use proptest::prelude::*;

use common::{Project, Ran, SETTINGS, TODAY, files, run};

/// Runs a command on a project's folder, with `isms` for its name.
fn on(project: &Project, arguments: &[&str]) -> Ran {
    run(&project.beside(""), arguments.iter().chain(&["--today", TODAY]))
}

fn adopted() -> (Project, Ran) {
    let project = Project::fixture("old-folder");
    let ran = on(&project, &["init", "--from", "isms", "--organisation", "Harbour Ledger Ltd"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    (project, ran)
}

fn text(project: &Project, path: &str) -> String {
    fs::read_to_string(project.path(path)).unwrap()
}

#[test]
fn a_messy_folder_is_taken_over_and_what_could_not_be_is_listed() {
    let (project, ran) = adopted();
    insta::assert_snapshot!("init", ran.out);
    insta::assert_snapshot!("settings", text(&project, "annexa.yaml"));
    insta::assert_snapshot!("front_matter", text(&project, "content/front-matter.yaml"));
    insta::assert_snapshot!("roles", text(&project, "content/registers/roles.yaml"));
}

#[test]
fn nothing_of_theirs_is_changed() {
    let before = files(Project::fixture("old-folder").root());
    let (project, _) = adopted();
    on(&project, &["build", "isms"]);
    let after = files(project.root());
    for (path, bytes) in &before {
        assert!(after.get(path) == Some(bytes), "{path}");
    }
}

#[test]
fn the_first_check_finds_nothing_new_and_the_next_mistake_fails() {
    let (project, _) = adopted();
    let first = on(&project, &["check", "isms"]);
    assert_eq!(first.status, Some(0), "{}", first.out);
    insta::assert_snapshot!("first_check", first.out);
    project.write("Policies/new.md", "# A new policy\n\n[gone](nowhere.md)\n");
    let next = on(&project, &["check", "isms"]);
    assert_eq!(next.status, Some(1));
    insta::assert_snapshot!("next_check", next.out);
    let dated = on(&project, &["check", "isms", "--no-dates"]);
    assert_eq!(dated.status, Some(1));
}

#[test]
fn that_a_review_falls_due_fails_nobody_who_has_changed_nothing() {
    let (project, _) = adopted();
    let later = run(&project.beside(""), ["check", "isms", "--today", "2031-01-01"]);
    assert_eq!(later.status, Some(0), "{}", later.out);
}

#[test]
fn what_has_no_mark_is_a_draft_that_only_those_see_who_see_everything() {
    let (project, _) = adopted();
    let built = on(&project, &["build", "isms", "--audience", "all"]);
    assert_eq!(built.status, Some(0), "{}{}", built.out, built.err);
    let documents = |audience: &str| -> Vec<String> {
        let all = files(&project.path(&format!("dist/{audience}/documents")));
        all.into_keys().filter(|path| path.ends_with(".html")).collect()
    };
    assert_eq!(documents("public"), ["pol-020.html"]);
    assert_eq!(documents("internal"), ["pol-020.html", "pol-021.html"], "the table of document control says `Internal use only`");
    assert_eq!(documents("auditor").len(), 6);
    // What is withheld leaves no trace, neither its file's name nor its words.
    for (path, bytes) in files(&project.path("dist/public")) {
        let words = common::words_of(&path, &bytes).to_lowercase();
        for secret in ["leavers", "restore test", "take the keys", "docx"] {
            assert!(!words.contains(secret), "{path} says {secret}");
        }
    }
}

#[test]
fn the_page_of_an_adopted_document_holds_what_could_be_read() {
    let (project, _) = adopted();
    on(&project, &["build", "isms"]);
    let words = |page: &str| {
        let html = text(&project, &format!("dist/documents/{page}"));
        let main = html.split_once("<main").unwrap().1.split_once("</main>").unwrap().0.to_owned();
        common::words_of("a.html", main.as_bytes()).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    insta::assert_snapshot!("page_with_a_table_of_document_control", words("pol-021.html"));
    insta::assert_snapshot!("page_with_foreign_keys", words("pol-007.html"));
    assert!(project.path("dist/files/forms/restore.docx").is_file(), "what is linked is there");
    assert!(project.path("dist/files/Policies/images/roles.png").is_file());
    assert!(!project.path("dist/files/Policies/Old password policy.docx").exists(), "what nothing links is not");
}

#[test]
fn a_document_that_arrives_without_front_matter_builds_with_a_finding() {
    let (project, _) = adopted();
    project.write("Policies/arrived_today.md", "Only a sentence.\n");
    let built = on(&project, &["build", "isms"]);
    assert_eq!(built.status, Some(0), "{}", built.err);
    assert!(built.err.contains("warning[front-matter-missing]: this document has no id"), "{}", built.err);
    let found = files(&project.path("dist/documents")).into_values().any(|bytes| {
        let html = String::from_utf8(bytes).unwrap();
        html.contains("Arrived today") && html.contains("Draft") && html.contains("Confidential")
    });
    assert!(found);
}

#[test]
fn a_project_around_a_folder_lies_above_it() {
    let project = Project::fixture("old-folder");
    let ran = on(&project, &["init", "isms", "--from", "isms/Policies", "--organisation", "Harbour Ledger Ltd"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(text(&project, "annexa.yaml").contains("{files: \"Policies/**/*.md\", type: policy}"));
    assert_eq!(on(&project, &["check", "isms"]).status, Some(0));
}

#[test]
fn what_cannot_be_begun_says_why_and_writes_nothing() {
    let project = Project::fixture("old-folder");
    let before = files(project.root());
    let refused = |arguments: &[&str]| {
        let ran = on(&project, arguments);
        assert_eq!(ran.status, Some(2), "{arguments:?}");
        ran.err
    };
    insta::assert_snapshot!("nothing_to_take", refused(&["init", "--from", "isms/forms"]));
    assert!(refused(&["init", "--from", "isms/nowhere"]).contains("cannot be read"));
    assert!(refused(&["init", "--from", "isms/README.md"]).contains("is a file"));
    assert!(refused(&["init", "isms/forms", "--from", "isms/Policies"]).contains("must hold the files"));
    assert!(refused(&["init", "--from", "isms", "--minimal"]).contains("cannot be used with"));
    assert_eq!(files(project.root()), before);
    on(&project, &["init", "--from", "isms"]);
    assert!(refused(&["init", "--from", "isms"]).contains("is a project already"));
}

#[test]
fn slips_in_the_settings_of_adopted_files_are_told_at_their_place() {
    let settings = format!(
        "{SETTINGS}sources:\n  - {{files: \"policis/*.md\", type: policy}}\n  - {{files: \"../up/*.md\", type: policy}}\n  - {{files: \"a/*.md\", type: polciy}}\n  \
         - {{files: \"a/*.md\", type: policy, defaults: {{owner: Jane Doe, titel: x, classification: internal}}}}\nkeys:\n  foo: titel\n  bar: ignore\nbaseline: ../b.json\n"
    );
    let project = Project::new(&[
        ("annexa.yaml", &settings),
        ("a/one.md", "---\nfoo: x\nbar: y\nbaz: z\n---\n\n# One\n"),
        ("content/front-matter.yaml", "documents:\n  a/two.md: {title: Two}\n  a/one.md: {titel: One, status: finished}\nmore: x\n"),
    ]);
    let ran = on(&project, &["check", "isms"]);
    assert_eq!(ran.status, Some(1));
    insta::assert_snapshot!("slips", ran.out);
}

/// A default is for files that say nothing. One whose own mark, or whole front matter, cannot be read may have meant to be withheld.
#[test]
fn a_mark_that_cannot_be_read_is_not_replaced_by_an_open_default() {
    let settings = format!("{SETTINGS}sources:\n  - {{files: \"a/*.md\", type: policy, defaults: {{classification: public}}}}\n");
    let project = Project::new(&[
        ("annexa.yaml", &settings),
        ("a/open.md", "# Open words\n\nFor all.\n"),
        ("a/mark.md", "---\nclassification: Strictly secret\n---\n\n# Zqmark\n"),
        ("a/slip.md", "---\nclasification: confidential\n---\n\n# Zqslip\n"),
        ("a/broken.md", "---\nclassification: confidential\ntitle: \"x\n---\n\n# Zqbroken\n"),
        ("a/unclosed.md", "---\nclassification: confidential\n\n# Zqunclosed\n"),
        ("a/list.md", "---\n- classification\n---\n\n# Zqlist\n"),
    ]);
    let built = on(&project, &["build", "isms", "--audience", "public", "--no-pdf"]);
    assert_eq!(built.status, Some(0), "{}{}", built.out, built.err);
    let all: String = files(&project.path("dist")).iter().map(|(path, bytes)| common::words_of(path, bytes)).collect();
    assert!(all.contains("Open words"));
    for secret in ["Zqmark", "Zqslip", "Zqbroken", "Zqunclosed", "Zqlist"] {
        assert!(!all.contains(secret), "{secret}");
    }
}

#[test]
fn a_lost_mark_in_an_adopted_text_stays_an_error() {
    let settings = format!("{SETTINGS}sources:\n  - {{files: \"a/*.md\", type: policy, defaults: {{classification: public}}}}\n");
    let project =
        Project::new(&[("annexa.yaml", &settings), ("a/one.md", "# One\n\n## Part {#part classification=internal} and more\n\nSecret.\n")]);
    let ran = on(&project, &["check", "isms"]);
    assert_eq!(ran.status, Some(1), "{}", ran.out);
    assert!(ran.out.contains("error[unknown-attribute]"), "{}", ran.out);
}

/// A piece of a text, put somewhere into it.
fn splice(text: &[u8], at: usize, piece: &str) -> Vec<u8> {
    let at = at % (text.len() + 1);
    [&text[..at], piece.as_bytes(), &text[at..]].concat()
}

proptest! {
    #![proptest_config(common::cases(6))]

    #[test]
    fn a_folder_in_any_disorder_is_taken_over_and_builds(
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<usize>(), proptest::sample::select(PIECES)), 1..24)
    ) {
        let project = Project::fixture("old-folder");
        let paths: Vec<String> = files(project.root()).into_keys().filter(|path| path.ends_with(".md") || path.ends_with(".markdown")).collect();
        for (path, at, piece) in &changes {
            let path = path.get(&paths);
            let text = fs::read(project.path(path)).unwrap();
            project.write(path, splice(&text, *at, piece));
        }
        let ran = on(&project, &["init", "--from", "isms"]);
        prop_assert_eq!(ran.status, Some(0), "{}", ran.err);
        let check = on(&project, &["check", "isms"]);
        prop_assert_eq!(check.status, Some(0), "{}", check.out);
        let built = on(&project, &["build", "isms", "--audience", "all"]);
        prop_assert_eq!(built.status, Some(0), "{}{}", built.out, built.err);
    }
}

/// What people leave in old texts, and what means something to a reader of Markdown or YAML.
const PIECES: &[&str] = &[
    "---\n",
    "\n---\n",
    "# ",
    "\n## ",
    "\n###### Deep\n",
    "\n\n# Again\n\n",
    "[[",
    "]]",
    "[x](y.md#z)",
    "![](no.png)",
    "{{ x }}",
    "{#a .b c=d}",
    "\n| a | b |\n|---|---|\n| Owner | IT |\n",
    "\n**Status:** Approved\n",
    "status: approved\n",
    "id: X-1\n",
    "id: ciso\n",
    "owner: ciso\n",
    "classification: public\n",
    "title: 'x\n",
    "\t",
    ": ",
    "&a *a",
    "[^1]",
    "\n[^1]: note\n",
    "<!-- -->",
    "<br>",
    "<script>x</script>",
    "\u{feff}",
    "\u{202e}",
    "\u{1f6a8}",
    "\r\n",
    "> ",
    "- [ ] ",
    "```",
    "\n\n    # code\n\n",
    "[TOC]",
    "\u{5d0}",
    "\u{4e2d}",
];

#[test]
fn a_project_of_comply_is_taken_over_with_its_claims_and_standards() {
    let project = Project::fixture("comply");
    let ran = on(&project, &["import", "comply", "isms"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!("comply", ran.out);
    insta::assert_snapshot!("comply_settings", text(&project, "annexa.yaml"));
    insta::assert_snapshot!("comply_front_matter", text(&project, "content/front-matter.yaml"));
    insta::assert_snapshot!("comply_standard", text(&project, "frameworks/house@1.yaml"));
    let check = on(&project, &["check", "isms"]);
    assert_eq!(check.status, Some(0), "{}", check.out);
    assert_eq!(on(&project, &["build", "isms"]).status, Some(0));
    let control = text(&project, "dist/controls/soc2@2017/cc6.1.html");
    assert!(control.contains("Access onboarding and termination policy"));
}

#[test]
fn a_folder_that_is_no_project_of_comply_is_refused() {
    let project = Project::fixture("old-folder");
    let ran = on(&project, &["import", "comply", "isms"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.err.contains("is no project of comply; `annexa init --from` takes any folder"), "{}", ran.err);
}
