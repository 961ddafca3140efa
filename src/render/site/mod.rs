//! The site: pages by Tera templates, the theme's files, the search index.
//!
//! Law 2: all of it comes from one view's manual, so that nothing withheld can reach a page, the index or the files. Law 5: text is
//! escaped in one place (`html`), and every template escapes what it prints.

mod builtin;
mod cells;
mod code;
mod directory;
mod file;
mod files;
mod globals;
mod html;
pub mod in_force;
mod pages;
mod pictures;
pub mod releases;
mod search;
mod size;
mod source;
mod stylesheet;
mod templates;
mod trust;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

pub(crate) use super::address::encoded;
#[cfg(feature = "pdf")]
pub(crate) use super::address::pdf as beside;
pub use super::address::{PAST, changes as changes_page};
use super::{Artifact, address};
use crate::base::finding::Finding;
use crate::base::id::ControlId;
use crate::base::language::Language;
use crate::base::word::Word;
use crate::history::redline::{Past, Redline};
use crate::link::manual::Manual;
use crate::link::report::{self, Due};
use crate::read::framework::{Catalogue, Control};
use crate::read::theme::BUILT_IN;
use code::Highlighter;
use directory::Directory;
use pages::Draft;
use pages::control::OtherName;
use source::Origins;
use templates::Templates;
use trust::Trust;

pub use file::Pages;

/// The Content-Security-Policy under which every page works.
pub const POLICY: &str = trust::POLICY;

/// What a site depends on besides the manual.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Paths of the PDFs that the output holds too. The first page links the manual, every other page the PDF that lies beside it under its own name.
    pub pdfs: BTreeSet<String>,
    /// Whether the output holds the exports too, which pages then link.
    pub exports: bool,
    /// Where the site stands among those of other releases, if it does.
    pub release: Option<releases::Standing>,
    /// What changed since the release before, which gets a page of its own.
    pub changes: Option<Redline>,
    /// In which releases each document changed, for its page.
    pub history: Option<Past>,
    /// Releases that are withdrawn and whose comparison with this one pages elsewhere still lead to: a notice stands in its place.
    pub withdrawn: Vec<String>,
    /// Files that the output holds besides the site, with their sizes in bytes, for the trust site's page of downloads.
    pub files: BTreeMap<String, usize>,
}

/// Templates, theme files and themes' settings that are built in.
pub(super) fn template_files() -> impl Iterator<Item = &'static [u8]> {
    let themes = builtin::THEMES.iter().flat_map(|(_, files)| files.iter()).map(|(_, bytes)| *bytes);
    let settings = BUILT_IN.iter().map(|(_, text)| text.as_bytes());
    builtin::TEMPLATES.iter().map(|(_, text)| text.as_bytes()).chain(themes).chain(settings)
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
    /// What the trust site is made of, where the audience gets that.
    trust: Option<Trust<'m>>,
    origins: Origins<'m>,
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

    /// Where the site is served, without a slash at the end. Where the manual's own site is served is nobody's business outside.
    fn base_url(&self) -> Option<&str> {
        self.trust.as_ref().map_or(self.manual.view.project.base_url.as_deref(), |trust| trust.base_url)
    }

    /// Words in it.
    fn say(&self, word: Word) -> String {
        self.language().say(word).to_owned()
    }
}

impl<'m> Site<'m> {
    /// What all pages of a manual share.
    fn of(manual: &'m Manual, options: &'m Options) -> Self {
        let catalogues: Vec<&Catalogue> = manual.view.catalogues.in_use().map(AsRef::as_ref).collect();
        let cover = || catalogues.par_iter().map(|catalogue| report::coverage(manual, catalogue)).collect::<Vec<_>>();
        let (directory, (coverage, due)) = rayon::join(|| Directory::new(manual), || (cover(), report::calendar(manual)));
        let other_names = pages::control::other_names(&directory);
        let mut parts: BTreeMap<ControlId, Vec<&Control>> = BTreeMap::new();
        for control in catalogues.iter().flat_map(|catalogue| &catalogue.controls) {
            if let Some(parent) = &control.parent {
                let parent = ControlId { edition: control.id.edition.clone(), control: parent.clone() };
                parts.entry(parent).or_default().push(control);
            }
        }
        let inheritance = report::Inheritance::of(manual);
        let trust = Trust::of(manual, options.release.is_some());
        let origins = Origins::new(&manual.view);
        let code = Highlighter;
        Site { manual, directory, code, coverage, other_names, parts, due, inheritance, trust, origins, options }
    }

    /// The paths of pages that not every manual has, in the order in which a build makes them.
    fn some_pages(&self) -> Vec<&'static str> {
        let is_there = |is_there: bool, path| is_there.then_some(path);
        let mut paths: Vec<&'static str> = is_there(pages::soa::is_there(self), pages::soa::PATH).into_iter().collect();
        paths.extend(pages::responsibility::paths(self));
        paths.extend(is_there(!self.due.is_empty(), pages::calendar::PATH));
        paths.extend(is_there(pages::readiness::is_there(self), pages::readiness::PATH));
        paths
    }

    /// The page at one of these paths.
    fn some_page(&self, path: &str) -> Option<Draft> {
        match path {
            pages::soa::PATH => pages::soa::page(self),
            pages::calendar::PATH => pages::calendar::page(self),
            pages::readiness::PATH => pages::readiness::page(self),
            path => Some(pages::responsibility::page_at(self, path)),
        }
    }

    /// The templates, with what every page gets.
    fn templates(&self) -> Result<Templates<'m>, Vec<Finding>> {
        self.templates_for(&self.some_pages())
    }

    fn templates_for(&self, some: &[&str]) -> Result<Templates<'m>, Vec<Finding>> {
        Templates::read(&self.manual.view.sources, self.language(), globals::globals(self, some))
    }
}

/// Renders the site of a manual. Every template that fails is a finding, once.
pub fn render<'m>(manual: &'m Manual, options: &'m Options) -> Result<Vec<Artifact>, Vec<Finding>> {
    Pages::new(manual, options)?.all()
}

/// A redline as a page that stands by itself: no other page, script or font. Its look is that of a manual.
///
/// # Errors
/// Templates that fail.
pub fn redline(manual: &Manual, redline: &Redline) -> Result<String, Vec<Finding>> {
    let options = Options::default();
    let site = Site::of(manual, &options);
    let sheets = files::theme(manual).into_iter().filter(|file| matches!(file.path.as_str(), "assets/site.css" | "assets/theme.css"));
    let style: Vec<u8> = sheets.flat_map(|sheet| sheet.bytes).collect();
    // Nothing in a sheet ends the element that it stands in.
    let draft = pages::changes::alone(redline, &String::from_utf8_lossy(&style).replace("</", "<\\/"));
    site.templates()?.render(draft.template, &draft.context).map_err(|finding| vec![*finding])
}

#[cfg(test)]
mod tests;
