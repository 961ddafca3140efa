//! What can be linked to, each made into a value once and shared by all pages; and where the references of one page lead.

use std::collections::BTreeMap;

use serde::Serialize;
use tera::Value;

use super::address;
use super::html::{Link, Resolve};
use super::size::Size;
use super::source::Origins;
use super::values::{Named, value};
use crate::base::finding::Span;
use crate::base::id::{ControlId, ItemId, Reference};
use crate::link::backlink::Entity;
use crate::link::index::{Destination, WITHHELD_WORDS};
use crate::link::manual::Manual;
use crate::link::report;
use crate::read::document::Document;
use crate::read::framework::{Catalogue, Control};
use crate::read::register::{Register, Row};
use crate::read::tree::Target;

/// Everything with a page or an anchor.
pub(crate) struct Directory<'m> {
    /// The manual.
    pub(crate) manual: &'m Manual,
    items: BTreeMap<&'m ItemId, Value>,
    controls: BTreeMap<&'m ControlId, Value>,
}

impl<'m> Directory<'m> {
    /// Makes the values of all documents, rows and controls in use.
    pub(crate) fn new(manual: &'m Manual) -> Self {
        let view = &manual.view;
        let mut items: BTreeMap<&ItemId, Value> = BTreeMap::new();
        for register in &view.registers {
            items.extend(register.rows.iter().map(|row| (&row.id, value(&named_row(register, row)))));
        }
        for published in &view.abstracts {
            items.insert(&published.id, value(&named(&published.id, &published.title)));
        }
        let language = &view.project.language.tag;
        items.extend(view.documents.iter().map(|document| {
            let lang = Some(document.language.as_ref()).filter(|lang| *lang != language.as_ref());
            (&document.id, value(&InLanguage { named: named(&document.id, &document.title), lang }))
        }));
        let mut directory = Directory { manual, items, controls: BTreeMap::new() };
        for catalogue in view.catalogues.in_use() {
            let catalogue: &Catalogue = catalogue;
            directory.controls.extend(catalogue.controls.iter().map(|control| (&control.id, value(&named_control(manual, control)))));
        }
        directory
    }

    /// A document, role or row.
    pub(crate) fn item(&self, id: &ItemId) -> Option<Value> {
        self.items.get(id).cloned()
    }

    /// A role, or its id in words where the register does not have it.
    pub(crate) fn role(&self, id: Option<&ItemId>) -> Option<Value> {
        let id = id?;
        Some(self.item(id).unwrap_or_else(|| value(&Named { title: id.as_str().replace('-', " "), ..Named::default() })))
    }

    /// A control with its framework's name before its identifier.
    pub(crate) fn control(&self, control: &Control) -> Value {
        self.controls.get(&control.id).cloned().unwrap_or_else(|| value(&named_control(self.manual, control)))
    }

    /// What holds a reference.
    pub(crate) fn entity(&self, entity: &Entity) -> Option<Value> {
        match entity {
            Entity::Item(id) => self.item(id),
            Entity::Control(id) => self.manual.control(id).map(|control| self.control(control)),
        }
    }

    /// What a reference in a field leads to; what is withheld or unknown shows as written only where the reference is a control or a word.
    pub(crate) fn reference(&self, reference: &Reference) -> Option<Value> {
        match self.manual.resolve_reference(reference) {
            Destination::Document { document, section: Some(section) } => Some(value(&Named {
                id: document.id.to_string(),
                title: format!("{} {}", section.number, section.title),
                href: Some(at_section(document, &section.id)),
            })),
            Destination::Document { document, section: None } => self.item(&document.id),
            Destination::Abstract(published) => self.item(&published.id),
            Destination::Row { row, .. } => self.item(&row.id),
            Destination::Control { control, .. } => Some(self.control(control)),
            Destination::Url(_) | Destination::File(_) | Destination::Withheld => None,
        }
    }
}

/// Something whose title is in a language of its own.
#[derive(Serialize)]
struct InLanguage<'a> {
    #[serde(flatten)]
    named: Named,
    /// The language's code, where it is not the manual's.
    lang: Option<&'a str>,
}

fn named(id: &ItemId, title: &str) -> Named {
    Named { id: id.to_string(), title: title.to_owned(), href: Some(address::document(id)) }
}

/// A row; a role goes by its title alone.
pub(crate) fn named_row(register: &Register, row: &Row) -> Named {
    let id = if row.id.is_role() { String::new() } else { row.id.to_string() };
    Named { id, title: heading(register, row), href: Some(address::row(register.kind.name, &row.id)) }
}

/// The words that name a row; none where its id is all it has.
fn heading(register: &Register, row: &Row) -> String {
    let heading = register.kind.heading(row);
    if heading == row.id.as_str() { row.fields.date("date").map(|date| date.to_string()).unwrap_or_default() } else { heading.to_owned() }
}

fn named_control(manual: &Manual, control: &Control) -> Named {
    let href = manual.view.catalogues.is_in_use(&control.id.edition).then(|| address::control(&control.id));
    Named { id: name(manual, control), title: manual.view.project.language.phrase(&report::titled(control)), href }
}

/// A control as authors write it: without the edition where that is the framework's first.
pub(crate) fn name(manual: &Manual, control: &Control) -> String {
    let edition = &control.id.edition;
    let first = manual.view.catalogues.in_use().find(|catalogue| catalogue.id.framework == edition.framework);
    match first {
        Some(catalogue) if catalogue.id == *edition => format!("{}:{}", edition.framework, control.id.control),
        _ => control.id.to_string(),
    }
}

/// The section of a document, from the top of the site.
pub(crate) fn at_section(document: &Document, section: &str) -> String {
    format!("{}#{}", address::document(&document.id), address::fragment(section))
}

/// Where the references of one page lead.
pub(crate) struct Links<'a, 'm> {
    /// The manual.
    pub(crate) manual: &'a Manual,
    /// What leads from the page to the top of the site.
    pub(crate) root: &'a str,
    /// The document whose page this is.
    pub(crate) from: Option<&'a Document>,
    /// Where sources can be read.
    pub(crate) origins: &'a Origins<'m>,
}

impl Links<'_, '_> {
    fn here(&self, path: &str) -> Option<String> {
        Some(format!("{}{path}", self.root))
    }

    fn to(&self, destination: Destination<'_>) -> Link {
        let withheld = || Link { words: self.manual.view.project.language.say(WITHHELD_WORDS).to_owned(), ..Link::default() };
        match destination {
            Destination::Document { document, section } => {
                let is_here = self.from.is_some_and(|from| from.id == document.id);
                let href = match section {
                    Some(section) if is_here => Some(format!("#{}", address::fragment(&section.id))),
                    Some(section) => self.here(&at_section(document, &section.id)),
                    None => self.here(&address::document(&document.id)),
                };
                let id = if is_here && section.is_some() { String::new() } else { document.id.to_string() };
                let words = section.map_or_else(String::new, |section| section.title.clone());
                Link { href, id, words, title: if is_here { String::new() } else { document.title.to_string() } }
            }
            Destination::Abstract(published) => Link {
                href: self.here(&address::document(&published.id)),
                id: String::new(),
                words: published.title.to_string(),
                title: String::new(),
            },
            Destination::Row { register, row } => {
                let named = named_row(register, row);
                let href = self.here(&address::row(register.kind.name, &row.id));
                if named.id.is_empty() {
                    return Link { href, words: named.title, ..Link::default() };
                }
                Link { href, id: named.id, words: String::new(), title: named.title }
            }
            Destination::Control { control, .. } => {
                let named = named_control(self.manual, control);
                Link { href: named.href.and_then(|href| self.here(&href)), id: named.id, words: String::new(), title: named.title }
            }
            Destination::File(path) => match self.file(path) {
                Some(href) => Link { href: Some(href), words: path.rsplit('/').next().unwrap_or(path).to_owned(), ..Link::default() },
                None => withheld(),
            },
            Destination::Url(_) | Destination::Withheld => withheld(),
        }
    }

    fn file(&self, path: &str) -> Option<String> {
        is_published(self.manual, path).then(|| format!("{}{}", self.root, address::encoded(&address::file(path))))
    }
}

/// Whether a file that a text shows or links is one that may stand in the output: content that is not itself a source of pages.
pub(crate) fn is_published(manual: &Manual, path: &str) -> bool {
    let is_source = [".md", ".yaml", ".yml"].iter().any(|end| path.ends_with(end));
    let lies_with_content = path.starts_with("content/") || manual.view.project.adoption.holds(path);
    lies_with_content && !is_source && manual.view.sources.find(path).is_some()
}

impl Resolve for Links<'_, '_> {
    fn link(&self, target: &Target) -> Link {
        self.to(self.manual.resolve(self.from, target))
    }

    fn claim(&self, reference: &Reference) -> Option<Link> {
        let destination = self.manual.resolve_reference(reference);
        matches!(destination, Destination::Control { .. }).then(|| self.to(destination))
    }

    fn image(&self, path: &str) -> Option<(String, Option<Size>)> {
        self.file(path).map(|href| (href, Size::of(&self.manual.view.sources, path)))
    }

    fn source(&self, span: Span) -> Option<String> {
        self.origins.href(span)
    }
}
