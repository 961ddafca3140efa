//! The site: pages by Tera templates, the theme's files, the search index.
//!
//! Law 2: all of it comes from one view's manual, so that nothing withheld can reach a page, the index or the files. Law 5: text is
//! escaped in one place (`html`), and every template escapes what it prints.

mod accent;
mod address;
mod builtin;
mod cells;
mod code;
mod directory;
mod escape;
mod html;
mod pages;
mod search;
mod templates;
mod values;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;
use tera::Context;

use super::Artifact;
use crate::base::finding::Finding;
use crate::base::id::ControlId;
use crate::link::manual::Manual;
use crate::link::report::{self, Due};
use crate::link::state::State;
use crate::link::view::Published;
use crate::read::framework::{Catalogue, Control};
use crate::read::register::Register;
use crate::read::tree::{Body, InlineKind, Target};
use crate::read::value::Value as Read;
use code::Highlighter;
use directory::Directory;
use pages::Draft;
use pages::control::Counterpart;
use templates::Templates;
use values::value;

/// What a site depends on besides the manual.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Path in the output of the PDF that the first page links.
    pub pdf: Option<String>,
}

/// A manual with what all of its pages share.
struct Site<'m> {
    manual: &'m Manual,
    directory: Directory<'m>,
    code: Highlighter,
    coverage: Vec<report::Coverage<'m>>,
    states: BTreeMap<&'m ControlId, State>,
    counterparts: BTreeMap<ControlId, Vec<Counterpart>>,
    /// The controls that belong to another one.
    parts: BTreeMap<ControlId, Vec<&'m Control>>,
    due: Vec<Due>,
}

impl Site<'_> {
    /// How far a control is met: counted once, read often.
    fn state(&self, control: &Control) -> State {
        self.states.get(&control.id).copied().unwrap_or_else(|| self.manual.state(control))
    }
}

/// One page to be made.
enum Job<'m> {
    Draft(Box<Draft>),
    Document(usize),
    Abstract(&'m Published),
    Control(&'m Catalogue, usize),
    Framework(usize),
    Register(&'m Register),
}

/// Renders the site of a manual. Every template that fails is a finding, once.
pub fn render(manual: &Manual, options: &Options) -> Result<Vec<Artifact>, Vec<Finding>> {
    let view = &manual.view;
    let catalogues: Vec<&Catalogue> = view.catalogues.in_use().map(AsRef::as_ref).collect();
    let coverage: Vec<_> = catalogues.par_iter().map(|catalogue| report::coverage(manual, catalogue)).collect();
    let counted = coverage.iter().flat_map(|coverage| &coverage.groups).flat_map(|group| &group.controls);
    let states = counted.map(|(control, state)| (&control.id, *state)).collect();
    let directory = Directory::new(manual);
    let counterparts = pages::control::counterparts(&directory);
    let mut parts: BTreeMap<ControlId, Vec<&Control>> = BTreeMap::new();
    for control in catalogues.iter().flat_map(|catalogue| &catalogue.controls) {
        if let Some(parent) = &control.parent {
            let parent = ControlId { edition: control.id.edition.clone(), control: parent.clone() };
            parts.entry(parent).or_default().push(control);
        }
    }
    let due = report::calendar(manual);
    let site = Site { manual, directory, code: Highlighter::default(), coverage, states, counterparts, parts, due };

    let soa = pages::soa::page(&site);
    let calendar = pages::calendar::page(&site);
    let templates = Templates::read(&view.sources, globals(&site, options, soa.is_some(), calendar.is_some()))?;
    let single = [pages::home::page(&site), pages::document::index(&site), pages::framework::index(&site), pages::register::index(&site)];
    let single = single.into_iter().chain([pages::plain::search(), pages::plain::not_found()]).chain(soa).chain(calendar);
    let mut jobs: Vec<Job<'_>> = single.map(|draft| Job::Draft(Box::new(draft))).collect();
    jobs.extend((0..view.documents.len()).map(Job::Document));
    jobs.extend(view.abstracts.iter().map(Job::Abstract));
    jobs.extend((0..catalogues.len()).map(Job::Framework));
    jobs.extend(view.registers.iter().map(Job::Register));
    for catalogue in catalogues {
        jobs.extend((0..catalogue.controls.len()).map(|index| Job::Control(catalogue, index)));
    }
    let pages: Vec<Result<Artifact, Box<Finding>>> = jobs.into_par_iter().map(|job| page(&site, &templates, job)).collect();

    let mut artifacts = Vec::with_capacity(pages.len() + builtin::THEME.len());
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
    artifacts.extend(theme(manual));
    artifacts.extend(files(manual));
    Ok(artifacts)
}

fn page(site: &Site<'_>, templates: &Templates<'_>, job: Job<'_>) -> Result<Artifact, Box<Finding>> {
    let draft = match job {
        Job::Draft(draft) => *draft,
        Job::Document(index) => pages::document::page(site, index),
        Job::Abstract(published) => pages::document::abstract_page(site, published),
        Job::Control(catalogue, index) => pages::control::page(site, catalogue, index),
        Job::Framework(index) => pages::framework::page(site, index),
        Job::Register(register) if register.kind.name == "roles" => pages::roles::page(site, register),
        Job::Register(register) => pages::register::page(site, register),
    };
    let html = templates.render(draft.template, &draft.context)?;
    Ok(Artifact { path: draft.path, bytes: html.into_bytes() })
}

#[derive(Serialize)]
struct Entry {
    key: &'static str,
    title: &'static str,
    href: &'static str,
}

#[derive(Serialize)]
struct Organisation<'a> {
    name: &'a str,
    short_name: &'a str,
    service: Option<&'a str>,
    address: Option<&'a str>,
    website: Option<&'a str>,
    security_contact: Option<&'a str>,
    privacy_contact: Option<&'a str>,
}

#[derive(Serialize)]
struct Globals<'a> {
    title: &'a str,
    version: Option<&'a str>,
    language: &'static str,
    classification: &'a str,
    audience: &'a str,
    /// Whether this audience sees everything.
    whole: bool,
    scope: Option<&'a str>,
    org: Organisation<'a>,
    base_url: Option<&'a str>,
    today: String,
    annexa: &'static str,
    pdf: Option<&'a str>,
    nav: Vec<Entry>,
}

/// What every page gets as `site`.
fn globals(site: &Site<'_>, options: &Options, has_soa: bool, has_calendar: bool) -> Context {
    let view = &site.manual.view;
    let project = &view.project;
    let org = |key: &str| project.organisation.text(key).map(AsRef::as_ref);
    let has_roles = view.registers.iter().any(|register| register.kind.name == "roles");
    let nav = [
        (has_soa, "soa", "Statement of Applicability", pages::soa::PATH),
        (true, "documents", "Documents", "documents.html"),
        (true, "frameworks", "Frameworks", "frameworks.html"),
        (true, "registers", "Registers", "registers.html"),
        (has_roles, "roles", "Roles", "roles.html"),
        (has_calendar, "calendar", "Calendar", pages::calendar::PATH),
    ];
    let globals = Globals {
        title: &project.title,
        version: project.version.as_deref(),
        language: project.language,
        // What the whole is marked as holds for the whole; a lower view is marked as what its audience may see.
        classification: project.classification_name(project.classification.min(view.audience.up_to)),
        audience: &view.audience.name,
        whole: view.audience.up_to >= project.highest(),
        scope: project.scope.as_deref(),
        org: Organisation {
            name: project.organisation_name(),
            short_name: org("short_name").unwrap_or_else(|| project.organisation_name()),
            service: org("service"),
            address: org("address"),
            website: org("website"),
            security_contact: org("security_contact"),
            privacy_contact: org("privacy_contact"),
        },
        base_url: project.base_url.as_deref(),
        today: site.manual.today.to_string(),
        annexa: env!("CARGO_PKG_VERSION"),
        pdf: options.pdf.as_deref(),
        nav: nav.into_iter().filter(|entry| entry.0).map(|(_, key, title, href)| Entry { key, title, href }).collect(),
    };
    let mut context = Context::new();
    context.insert_value("site", value(&globals));
    context
}

/// The theme's files, each of them the project's own where `themes/NAME/` has it, and the accent.
fn theme(manual: &Manual) -> Vec<Artifact> {
    let view = &manual.view;
    let mut files: BTreeMap<&str, &[u8]> = builtin::THEME.iter().copied().collect();
    let accent = accent::stylesheet(view.project.accent.as_deref());
    files.insert("theme.css", accent.as_bytes());
    let folder = format!("themes/{}/", view.project.theme);
    for (_, file) in view.sources.iter() {
        if let Some(name) = file.path.strip_prefix(&folder) {
            files.insert(name, file.bytes());
        }
    }
    let artifact = |(name, bytes): (&str, &[u8])| Artifact { path: format!("assets/{name}"), bytes: bytes.to_vec() };
    files.into_iter().map(artifact).collect()
}

/// The images and attachments that visible texts show or link.
fn files(manual: &Manual) -> Vec<Artifact> {
    let view = &manual.view;
    let mut paths: BTreeMap<Arc<str>, ()> = BTreeMap::new();
    let mut gather = |body: &Body| {
        body.each_inline(&mut |inline| match &inline.kind {
            InlineKind::Image { path, .. } | InlineKind::Link { target: Target::Path { path, .. }, .. }
                if directory::is_published(manual, path) =>
            {
                paths.insert(path.clone(), ());
            }
            _ => {}
        });
    };
    for document in &view.documents {
        gather(&document.body);
        document.summary.iter().for_each(|summary| gather(&summary.text));
    }
    view.abstracts.iter().for_each(|published| gather(&published.text));
    let rows = view.registers.iter().flat_map(|register| &register.rows).map(|row| &row.fields);
    for fields in rows.chain(view.statements.iter().map(|statement| &statement.fields)) {
        fields.iter().for_each(|(_, spanned)| each_prose(&spanned.value, &mut gather));
    }
    let file = |path: Arc<str>| {
        let id = view.sources.find(&path)?;
        Some(Artifact { path: address::file(&path), bytes: view.sources.file(id).bytes().to_vec() })
    };
    paths.into_keys().filter_map(file).collect()
}

fn each_prose(value: &Read, visit: &mut dyn FnMut(&Body)) {
    match value {
        Read::Prose(body) => visit(body),
        Read::List(items) => items.iter().for_each(|item| each_prose(&item.value, visit)),
        Read::Record(record) => record.iter().for_each(|(_, spanned)| each_prose(&spanned.value, visit)),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
