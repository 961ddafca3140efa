//! The files of a site, each by its path and made when it is asked for; all of them, for a build.
//!
//! Law 4: a file has the same bytes whichever others were made before it, since each comes from the manual and the options alone.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::pages::{self, Draft};
use super::templates::Templates;
use super::trust::Trust;
use super::values::Page;
use super::{Options, Site, address, files, in_force, releases, search, trust};
use crate::base::finding::Finding;
use crate::link::manual::Manual;
use crate::link::release::folder;
use crate::link::view::Published;
use crate::read::framework::Catalogue;
use crate::read::json_schema;
use crate::read::register::Register;
use crate::render::Artifact;

/// One page to be made.
enum Job<'m> {
    /// One that there is once.
    Single(Single),
    /// One that not every manual has: made once, for itself and for the search.
    Some(&'static str, OnceLock<Option<Box<Draft>>>),
    Document(usize),
    Abstract(&'m Published),
    Control(&'m Catalogue, usize),
    Framework(usize),
    Gap(&'m Catalogue),
    Register(&'m Register),
    /// The notice in place of a comparison with a release that is withdrawn.
    Withdrawn(&'m str),
}

#[derive(Clone, Copy)]
enum Single {
    Home,
    Documents,
    Frameworks,
    Registers,
    Search,
    NotFound,
    Subprocessors,
    Downloads,
    Changes,
}

/// A site, of which each file can be made by itself.
pub struct Pages<'m> {
    site: Site<'m>,
    templates: Templates<'m>,
    /// Each page with its path, in the order in which a build makes them. Two may have one path, which is an error where all are gathered.
    jobs: Vec<(String, Job<'m>)>,
    /// Of each path, the first job.
    places: BTreeMap<String, usize>,
    theme: OnceLock<BTreeMap<String, Vec<u8>>>,
    search: OnceLock<BTreeMap<String, Vec<u8>>>,
    others: OnceLock<BTreeMap<String, Vec<u8>>>,
}

impl<'m> Pages<'m> {
    /// Of a manual.
    ///
    /// # Errors
    /// Templates that cannot be read.
    pub fn new(manual: &'m Manual, options: &'m Options) -> Result<Self, Vec<Finding>> {
        let site = Site::of(manual, options);
        let some = site.some_pages();
        let templates = site.templates_for(&some)?;
        let view = &manual.view;
        let mut jobs: Vec<(String, Job<'_>)> = Vec::new();
        let single = |path: &str, single| (path.to_owned(), Job::Single(single));
        jobs.extend([
            single("index.html", Single::Home),
            single("documents.html", Single::Documents),
            single("frameworks.html", Single::Frameworks),
            single("registers.html", Single::Registers),
            single("search.html", Single::Search),
            single("404.html", Single::NotFound),
        ]);
        jobs.extend(some.into_iter().map(|path| (path.to_owned(), Job::Some(path, OnceLock::new()))));
        if site.trust.as_ref().is_some_and(Trust::has_subprocessors) {
            jobs.push(single(trust::SUBPROCESSORS, Single::Subprocessors));
        }
        if site.trust.is_some() && !options.files.is_empty() {
            jobs.push(single(trust::DOWNLOADS, Single::Downloads));
        }
        jobs.extend(options.changes.iter().map(|redline| single(&pages::changes::path(redline), Single::Changes)));
        jobs.extend(view.documents.iter().enumerate().map(|(index, document)| (address::document(&document.id), Job::Document(index))));
        jobs.extend(view.abstracts.iter().map(|published| (address::document(&published.id), Job::Abstract(published))));
        for (index, catalogue) in view.catalogues.in_use().enumerate() {
            jobs.push((address::framework(&catalogue.id), Job::Framework(index)));
        }
        if view.is_whole() {
            jobs.extend(view.catalogues.in_use().map(|catalogue| (address::gap(&catalogue.id), Job::Gap(catalogue))));
        }
        jobs.extend(view.registers.iter().map(|register| (address::register(register.kind.name), Job::Register(register))));
        for catalogue in view.catalogues.in_use() {
            let controls = catalogue.controls.iter().enumerate();
            jobs.extend(controls.map(|(index, control)| (address::control(&control.id), Job::Control(catalogue, index))));
        }
        jobs.extend(options.withdrawn.iter().map(|name| (address::changes(name), Job::Withdrawn(name))));
        let mut places = BTreeMap::new();
        for (index, (path, _)) in jobs.iter().enumerate() {
            places.entry(path.clone()).or_insert(index);
        }
        let (theme, search, others) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Ok(Pages { site, templates, jobs, places, theme, search, others })
    }

    /// Every file. Every template that fails is a finding, once.
    ///
    /// # Errors
    /// Templates that fail.
    pub fn all(&self) -> Result<Vec<Artifact>, Vec<Finding>> {
        let pages: Vec<Result<Artifact, Box<Finding>>> = self.jobs.par_iter().map(|(_, job)| self.page(job)).collect();
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
        artifacts.extend(self.other_files());
        artifacts.extend(search::index(&self.site, self.overviews()));
        artifacts.extend(files::theme(self.site.manual));
        Ok(artifacts)
    }

    /// The file at a path, as it stands among [`Pages::all`]; none where there is no such file.
    ///
    /// # Errors
    /// A template that fails.
    pub fn file(&self, path: &str) -> Option<Result<Vec<u8>, Box<Finding>>> {
        if let Some(place) = self.places.get(path) {
            return Some(self.page(&self.jobs[*place].1).map(|page| page.bytes));
        }
        let theme = self.theme.get_or_init(|| by_path(files::theme(self.site.manual)));
        if let Some(bytes) = theme.get(path) {
            return Some(Ok(bytes.clone()));
        }
        let others = if path.starts_with(search::FOLDER) {
            self.search.get_or_init(|| by_path(search::index(&self.site, self.overviews())))
        } else {
            self.others.get_or_init(|| by_path(self.other_files()))
        };
        others.get(path).cloned().map(Ok)
    }

    /// What is neither a page nor of the theme nor of the search.
    fn other_files(&self) -> Vec<Artifact> {
        let mut artifacts = Vec::new();
        if let Some(trust) = &self.site.trust {
            let shown = self.jobs.iter().filter(|(_, job)| !matches!(job, Job::Withdrawn(_)));
            let pages: Vec<&str> = shown.map(|(path, _)| path.as_str()).collect();
            artifacts.extend(trust::files(&self.site, trust, &pages));
        }
        let past = self.site.options.history.iter();
        artifacts.extend(past.map(|past| Artifact { path: address::PAST.into(), bytes: past.to_json().into_bytes() }));
        artifacts.extend(files::shown(self.site.manual));
        // Those who see everything may be those who write.
        if self.site.manual.view.is_whole() {
            let schemas = json_schema::ALL.iter();
            artifacts.extend(schemas.map(|schema| Artifact { path: address::schema(schema), bytes: schema.text().into_bytes() }));
        }
        artifacts
    }

    /// Pages that are neither documents nor controls nor rows, as the search finds them.
    fn overviews(&self) -> Vec<Page> {
        let pages = self.jobs.iter().filter_map(|(_, job)| match job {
            Job::Single(single) => Some(self.single(*single).page),
            Job::Some(path, made) => self.some(path, made).map(|draft| draft.page.clone()),
            _ => None,
        });
        pages.filter(|page| !page.part.is_empty() && page.part != "search").collect()
    }

    fn some<'a>(&self, path: &str, made: &'a OnceLock<Option<Box<Draft>>>) -> Option<&'a Draft> {
        made.get_or_init(|| self.site.some_page(path).map(Box::new)).as_deref()
    }

    fn single(&self, single: Single) -> Draft {
        let site = &self.site;
        let of_trust = |page: fn(&Site<'_>, &Trust<'_>) -> Draft| site.trust.as_ref().map(|trust| page(site, trust));
        let made = match single {
            Single::Home => Some(of_trust(pages::trust::home::page).unwrap_or_else(|| pages::home::page(site))),
            Single::Documents => Some(pages::document::index(site)),
            Single::Frameworks => Some(pages::framework::index(site)),
            Single::Registers => Some(pages::register::index(site)),
            Single::Search => Some(pages::plain::search(site)),
            Single::NotFound => None,
            Single::Subprocessors => of_trust(pages::trust::subprocessors::page),
            Single::Downloads => of_trust(pages::trust::downloads::page),
            Single::Changes => site.options.changes.as_ref().map(|redline| pages::changes::page(site, redline)),
        };
        made.unwrap_or_else(|| pages::plain::not_found(site, ""))
    }

    fn page(&self, job: &Job<'m>) -> Result<Artifact, Box<Finding>> {
        let site = &self.site;
        if let Job::Withdrawn(name) = job {
            let path = address::changes(name);
            return releases::no_comparison(site, &self.templates, &path, name, &format!("../{}/", folder(name)));
        }
        let mut draft = self.draft(job);
        if let (Job::Document(index), Some(standing)) = (job, &site.options.release)
            && let Some(notice) = in_force::notice(site, standing, &site.manual.view.documents[*index].id)
        {
            draft = draft.with("notice", &notice);
        }
        if let Some(pdf) = site.pdf_beside(&draft.page.path) {
            draft = draft.with("pdf", pdf);
        }
        let html = self.templates.render(draft.template, &draft.context)?;
        Ok(Artifact { path: draft.page.path, bytes: html.into_bytes() })
    }

    /// A page with the values that its template gets.
    fn draft(&self, job: &Job<'m>) -> Draft {
        let site = &self.site;
        match job {
            Job::Withdrawn(_) => pages::plain::not_found(site, ""),
            Job::Single(single) => self.single(*single),
            Job::Some(path, made) => self.some(path, made).cloned().unwrap_or_else(|| pages::plain::not_found(site, "")),
            Job::Document(index) => pages::document::page(site, *index),
            Job::Abstract(published) => pages::document::abstract_page(site, published),
            Job::Control(catalogue, index) => pages::control::page(site, catalogue, *index),
            Job::Framework(index) => pages::framework::page(site, *index),
            Job::Gap(catalogue) => pages::gap::page(site, catalogue),
            Job::Register(register) => match register.kind.name {
                "roles" => pages::roles::page(site, register),
                "certificates" => pages::certificates::page(site, register),
                "measures" => pages::measures::page(site, register),
                "questions" => pages::answers::page(site, register),
                _ => pages::register::page(site, register),
            },
        }
    }

    /// By their templates, the names of the values that pages get besides those of every page.
    #[cfg(test)]
    pub(super) fn names(&self) -> BTreeMap<&'static str, std::collections::BTreeSet<&'static str>> {
        let mut names: BTreeMap<&'static str, std::collections::BTreeSet<&'static str>> = BTreeMap::new();
        for (_, job) in self.jobs.iter().filter(|(_, job)| !matches!(job, Job::Withdrawn(_))) {
            let draft = self.draft(job);
            names.entry(draft.template).or_default().extend(draft.names);
        }
        names
    }
}

fn by_path(artifacts: Vec<Artifact>) -> BTreeMap<String, Vec<u8>> {
    artifacts.into_iter().map(|artifact| (artifact.path, artifact.bytes)).collect()
}
