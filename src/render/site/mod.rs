//! The site: pages by Tera templates, the theme's files, the search index.
//!
//! Law 2: all of it comes from one view's manual, so that nothing withheld can reach a page, the index or the files. Law 5: text is
//! escaped in one place (`html`), and every template escapes what it prints.

pub(super) mod accent;
mod builtin;
mod cells;
mod code;
mod directory;
mod files;
mod globals;
mod html;
mod pages;
mod pictures;
mod search;
mod templates;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::{Artifact, address};
use crate::base::finding::Finding;
use crate::base::id::ControlId;
use crate::base::word::Word;
use crate::link::manual::Manual;
use crate::link::report::{self, Due};
use crate::link::view::Published;
use crate::read::framework::{Catalogue, Control};
use crate::read::language::Language;
use crate::read::register::Register;
use code::Highlighter;
use directory::Directory;
use pages::Draft;
use pages::control::OtherName;
use templates::Templates;

/// What a site depends on besides the manual.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Paths of the PDFs that the output holds too. The first page links the manual, every other page the PDF that lies beside it under its own name.
    pub pdfs: BTreeSet<String>,
    /// Whether the output holds the exports too, which pages then link.
    pub exports: bool,
}

/// Templates and theme files that are built in.
pub(super) fn template_files() -> impl Iterator<Item = &'static [u8]> {
    builtin::TEMPLATES.iter().map(|(_, text)| text.as_bytes()).chain(builtin::THEME.iter().map(|(_, bytes)| *bytes))
}

/// A manual with what all of its pages share.
struct Site<'m> {
    manual: &'m Manual,
    directory: Directory<'m>,
    code: Highlighter,
    coverage: Vec<report::Coverage<'m>>,
    other_names: BTreeMap<ControlId, Vec<OtherName>>,
    /// The controls that belong to another one.
    parts: BTreeMap<ControlId, Vec<&'m Control>>,
    due: Vec<Due>,
    inheritance: report::Inheritance<'m>,
    /// What the output holds besides.
    options: &'m Options,
}

impl<'m> Site<'m> {
    /// The language of the manual's fixed words.
    fn language(&self) -> &'m Language {
        &self.manual.view.project.language
    }

    /// The path of the PDF that lies beside a page.
    fn pdf_beside(&self, page: &str) -> Option<&str> {
        let path = address::pdf(page);
        self.options.pdfs.get(&path).map(String::as_str)
    }

    /// Words in it.
    fn say(&self, word: Word) -> String {
        self.language().say(word).to_owned()
    }
}

/// One page to be made.
enum Job<'m> {
    Draft(Box<Draft>),
    Document(usize),
    Abstract(&'m Published),
    Control(&'m Catalogue, usize),
    Framework(usize),
    Gap(&'m Catalogue),
    Register(&'m Register),
}

/// Renders the site of a manual. Every template that fails is a finding, once.
pub fn render<'m>(manual: &'m Manual, options: &'m Options) -> Result<Vec<Artifact>, Vec<Finding>> {
    let view = &manual.view;
    let catalogues: Vec<&Catalogue> = view.catalogues.in_use().map(AsRef::as_ref).collect();
    let coverage: Vec<_> = catalogues.par_iter().map(|catalogue| report::coverage(manual, catalogue)).collect();
    let directory = Directory::new(manual);
    let other_names = pages::control::other_names(&directory);
    let mut parts: BTreeMap<ControlId, Vec<&Control>> = BTreeMap::new();
    for control in catalogues.iter().flat_map(|catalogue| &catalogue.controls) {
        if let Some(parent) = &control.parent {
            let parent = ControlId { edition: control.id.edition.clone(), control: parent.clone() };
            parts.entry(parent).or_default().push(control);
        }
    }
    let due = report::calendar(manual);
    let inheritance = report::Inheritance::of(manual);
    let site = Site { manual, directory, code: Highlighter::default(), coverage, other_names, parts, due, inheritance, options };

    let soa = pages::soa::page(&site);
    let responsibilities = pages::responsibility::pages(&site);
    let calendar = pages::calendar::page(&site);
    let readiness = pages::readiness::page(&site);
    let parts = [
        soa.is_some().then_some("soa"),
        responsibilities.first().map(|_| "responsibilities"),
        calendar.is_some().then_some("calendar"),
        readiness.is_some().then_some("readiness"),
    ];
    let templates = Templates::read(&view.sources, site.language(), globals::globals(&site, &parts))?;
    let single = [pages::home::page(&site), pages::document::index(&site), pages::framework::index(&site), pages::register::index(&site)];
    let single = single.into_iter().chain([pages::plain::search(&site), pages::plain::not_found(&site)]);
    let single = single.chain(soa).chain(responsibilities).chain(calendar).chain(readiness);
    let mut jobs: Vec<Job<'_>> = single.map(|draft| Job::Draft(Box::new(draft))).collect();
    jobs.extend((0..view.documents.len()).map(Job::Document));
    jobs.extend(view.abstracts.iter().map(Job::Abstract));
    jobs.extend((0..catalogues.len()).map(Job::Framework));
    if view.is_whole() {
        jobs.extend(catalogues.iter().map(|catalogue| Job::Gap(catalogue)));
    }
    jobs.extend(view.registers.iter().map(Job::Register));
    for catalogue in catalogues {
        jobs.extend((0..catalogue.controls.len()).map(|index| Job::Control(catalogue, index)));
    }
    let pages: Vec<Result<Artifact, Box<Finding>>> = jobs.into_par_iter().map(|job| page(&site, &templates, job)).collect();

    let mut artifacts = Vec::with_capacity(pages.len());
    let mut findings: Vec<Finding> = Vec::new();
    for page in pages {
        match page {
            Ok(artifact) => artifacts.push(artifact),
            // A template that fails, fails for many pages in the same way.
            Err(finding) if findings.contains(&*finding) => {}
            Err(finding) => findings.push(*finding),
        }
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    artifacts.push(Artifact { path: "assets/search-index.js".into(), bytes: search::index(&site) });
    artifacts.extend(files::theme(manual));
    artifacts.extend(files::shown(manual));
    Ok(artifacts)
}

fn page(site: &Site<'_>, templates: &Templates<'_>, job: Job<'_>) -> Result<Artifact, Box<Finding>> {
    let draft = match job {
        Job::Draft(draft) => *draft,
        Job::Document(index) => pages::document::page(site, index),
        Job::Abstract(published) => pages::document::abstract_page(site, published),
        Job::Control(catalogue, index) => pages::control::page(site, catalogue, index),
        Job::Framework(index) => pages::framework::page(site, index),
        Job::Gap(catalogue) => pages::gap::page(site, catalogue),
        Job::Register(register) if register.kind.name == "roles" => pages::roles::page(site, register),
        Job::Register(register) => pages::register::page(site, register),
    };
    let draft = match site.pdf_beside(&draft.path) {
        Some(pdf) => draft.with("pdf", pdf),
        None => draft,
    };
    let html = templates.render(draft.template, &draft.context)?;
    Ok(Artifact { path: draft.path, bytes: html.into_bytes() })
}

#[cfg(test)]
mod tests;
