//! What a preview shows after any edits is what a clean build of the same sources writes, byte for byte (law 4), although most of it was remembered.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use annexa::base::source::{Scope, Sources};
use annexa::history::approval::Ledger;
use annexa::link::manual;
use annexa::link::view::{self, Audience};
use annexa::read;
use annexa::render::{export, site};
use common::preview::Preview;
use common::{Project, TODAY, assert_same, cases, document};
use proptest::prelude::*;

/// One thing that somebody does to a project.
#[derive(Clone, Debug)]
enum Edit {
    /// Writes another text into a document.
    Text(usize, String),
    /// Changes its title, and so what others show of it.
    Title(usize, u8),
    /// Marks it for others.
    Classification(usize, usize),
    /// Adds a document, or writes it anew.
    Add(u8),
    /// Removes one.
    Delete(u8),
    /// Gives the file of one another name, and so another place among the files.
    Rename(u8),
    /// Changes a row that others name.
    Row(u8),
    /// Changes what every document inserts.
    Value(u8),
    /// Changes a template.
    Template(u8),
    /// Leaves a file that cannot be read, looks at the pages, and mends it.
    BreakAndMend,
}

const DOCUMENTS: [&str; 2] = ["content/policies/pol-001-access.md", "content/sops/sop-001-leavers.md"];

fn words() -> impl Strategy<Value = String> {
    const FIXED: [&str; 4] = [
        "See [[RSK-001]].",
        "See [[POL-101]], which may not be there.",
        "## Another {classification=confidential}",
        "- [ ] A task[^1]\n\n[^1]: Noted.",
    ];
    prop_oneof!["[a-z]{1,8}( [a-z]{1,8}){0,5}", prop::sample::select(&FIXED[..]).prop_map(str::to_owned)]
}

fn edit() -> impl Strategy<Value = Edit> {
    let document = 0..DOCUMENTS.len();
    prop_oneof![
        4 => (document.clone(), words()).prop_map(|(at, text)| Edit::Text(at, text)),
        2 => (document.clone(), any::<u8>()).prop_map(|(at, number)| Edit::Title(at, number)),
        2 => (document, 0..4usize).prop_map(|(at, mark)| Edit::Classification(at, mark)),
        2 => (100..104u8).prop_map(Edit::Add),
        2 => (100..104u8).prop_map(Edit::Delete),
        1 => (100..104u8).prop_map(Edit::Rename),
        2 => any::<u8>().prop_map(Edit::Row),
        1 => any::<u8>().prop_map(Edit::Value),
        1 => any::<u8>().prop_map(Edit::Template),
        2 => Just(Edit::BreakAndMend),
    ]
}

/// Replaces the first line that begins with `start`.
fn set_line(project: &Project, path: &str, start: &str, line: &str) {
    let text = fs::read_to_string(project.path(path)).unwrap();
    let mut is_set = false;
    let lines = text.lines().map(|old| {
        let sets = !is_set && old.starts_with(start);
        is_set |= sets;
        format!("{}\n", if sets { line } else { old })
    });
    project.write(path, lines.collect::<String>());
}

fn apply(edit: &Edit, project: &Project, preview: &Preview) {
    let added = |number: &u8| format!("content/policies/pol-{number}.md");
    match edit {
        Edit::Text(at, words) => {
            let text = fs::read_to_string(project.path(DOCUMENTS[*at])).unwrap();
            project.write(DOCUMENTS[*at], format!("{text}\n{words}\n"));
        }
        Edit::Title(at, number) => set_line(project, DOCUMENTS[*at], "title:", &format!("title: Title {number}")),
        Edit::Classification(at, mark) => {
            let mark = ["public", "customer", "internal", "confidential"][*mark];
            set_line(project, DOCUMENTS[*at], "classification:", &format!("classification: {mark}"));
        }
        Edit::Add(number) => {
            project.write(&added(number), document(&format!("POL-{number}"), "Added, beside [[POL-001]] and [[POL-101]]."))
        }
        Edit::Delete(number) => drop(fs::remove_file(project.path(&added(number)))),
        Edit::Rename(number) => drop(fs::rename(project.path(&added(number)), project.path(&format!("content/policies/a-{number}.md")))),
        Edit::Row(number) => set_line(project, "content/registers/risks.yaml", "    title:", &format!("    title: Risk {number}")),
        Edit::Value(number) => set_line(project, "annexa.yaml", "values:", &format!("values: {{hours: {number}}}")),
        Edit::Template(number) => project.write(
            "templates/site/documents.html",
            format!("{{% extends \"annexa/documents.html\" %}}{{% block title %}}Template {number}{{% endblock title %}}"),
        ),
        Edit::BreakAndMend => {
            let path = "content/registers/risks.yaml";
            let good = fs::read(project.path(path)).unwrap();
            project.write(path, "register: risks\nrows: {{{");
            preview.wait_told(|told| told["broken"] == true);
            preview.get("/auditor/index.html");
            project.write(path, good);
        }
    }
}

/// What a build without PDFs makes of the sources for an audience, whether or not the rules would let it.
fn built(project: &Project, audience: &str) -> BTreeMap<String, Vec<u8>> {
    let (sources, mut findings) = Sources::from_folder(project.root(), &Scope::default()).unwrap();
    let parsed = read::parse(Arc::new(sources.with_files(read::built_in())), &mut findings).unwrap();
    let audience = Audience::named(audience, &parsed.project).unwrap();
    let mut manual = manual::link(view::view(&parsed, audience), TODAY.parse().unwrap());
    manual.approvals = Ledger::new(&parsed).standings(&manual);
    manual.origin = Some(annexa::history::origin(&manual.view));
    let options = site::Options { exports: true, ..site::Options::default() };
    let made = site::render(&manual, &options).unwrap().into_iter().chain(export::render(&manual).unwrap());
    let mut files = BTreeMap::new();
    // Two documents may have one id for a while: that stops a build, and a preview shows the first.
    for file in made {
        files.entry(file.path).or_insert(file.bytes);
    }
    files
}

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn after_any_edits_every_file_is_that_of_a_clean_build(rounds in prop::collection::vec(prop::collection::vec(edit(), 1..4), 1..4)) {
        let project = Project::fixture("small");
        let preview = Preview::of(&project);
        for (number, edits) in rounds.iter().enumerate() {
            for edit in edits {
                apply(edit, &project, &preview);
            }
            // The last edit is one that shows when all of them were read.
            project.write("content/policies/pol-900.md", document("POL-900", &format!("Round {number}.")));
            preview.wait_for("/auditor/documents/pol-900.html", |page| page.text().contains(&format!("Round {number}.")));
            for audience in ["public", "auditor"] {
                let built = built(&project, audience);
                let shown = built.keys().map(|path| (path.clone(), preview.get(&format!("/{audience}/{path}")).built()));
                assert_same(&built, &shown.collect());
            }
        }
    }
}
