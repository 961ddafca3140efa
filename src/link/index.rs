//! What every reference means in a view: the index of its documents, sections, rows and controls.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use jiff::civil::Date;
use rayon::prelude::*;

use super::view::{Published, View};
use crate::base::id::{ControlId, EditionId, ItemId, Reference};
use crate::base::word::{Word, word};
use crate::read::adopt;
use crate::read::document::Document;
use crate::read::framework::{Catalogue, Control};
use crate::read::register::{Register, Row};
use crate::read::tree::{self, Body, Target};

/// A view whose items can be looked up.
#[derive(Clone, Debug)]
pub struct Index {
    /// What the audience may see.
    pub view: View,
    sections: HashMap<ItemId, Vec<Section>>,
    items: HashMap<ItemId, Place>,
    paths: HashMap<Arc<str>, usize>,
}

/// A section of a document: what a heading begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The heading's id.
    pub id: Arc<str>,
    /// Its number within the document: `3.2`.
    pub number: String,
    /// The heading's level, 2 to 6.
    pub level: u8,
    /// The heading's plain words, as the view shows them.
    pub title: String,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Document(usize),
    Abstract(usize),
    Row { register: usize, row: usize },
}

/// What a link leads to.
#[derive(Clone, Copy, Debug)]
pub enum Destination<'a> {
    /// A document, or a section of it.
    Document {
        /// The document.
        document: &'a Document,
        /// The section that is named.
        section: Option<&'a Section>,
    },
    /// What a withheld document publishes of itself.
    Abstract(&'a Published),
    /// A row of a register.
    Row {
        /// The register.
        register: &'a Register,
        /// The row.
        row: &'a Row,
    },
    /// A control.
    Control {
        /// Its edition.
        catalogue: &'a Catalogue,
        /// The control.
        control: &'a Control,
    },
    /// An address on the web or of mail.
    Url(&'a str),
    /// A file of the project that is no document: an image or attachment, by its path.
    File(&'a str),
    /// Nothing that this view knows: withheld, or an error that a rule has reported.
    Withheld,
}

/// The words for something withheld that publishes no title.
pub const WITHHELD_WORDS: Word = word!("an internal document");

impl Index {
    /// Indexes a view. Where an id is taken twice, which is an error, documents come before rows, and the first before others.
    pub fn new(view: View) -> Self {
        let mut items = HashMap::new();
        let mut paths = HashMap::new();
        for (index, document) in view.documents.iter().enumerate() {
            items.entry(document.id.clone()).or_insert(Place::Document(index));
            paths.insert(document.path.clone(), index);
        }
        for (index, published) in view.abstracts.iter().enumerate() {
            items.entry(published.id.clone()).or_insert(Place::Abstract(index));
        }
        for (register, rows) in view.registers.iter().map(|register| &register.rows).enumerate() {
            for (row, id) in rows.iter().map(|row| &row.id).enumerate() {
                items.entry(id.clone()).or_insert(Place::Row { register, row });
            }
        }
        let of_each: Vec<_> = view.documents.par_iter().map(|document| (document.id.clone(), sections(&document.body))).collect();
        let sections = of_each.into_iter().rev().collect();
        let mut index = Index { view, sections, items, paths };
        let titles: Vec<(ItemId, Vec<String>)> = index.view.documents.par_iter().map(|document| index.titles(document)).collect();
        for (id, titles) in titles.into_iter().rev() {
            for (section, title) in index.sections.entry(id).or_default().iter_mut().zip(titles) {
                section.title = title;
            }
        }
        index
    }

    /// The titles of a document's sections. What a bare reference says is what this view shows of it.
    fn titles(&self, document: &Document) -> (ItemId, Vec<String>) {
        let bare = |target: &Target| match self.resolve(Some(document), target) {
            Destination::Document { document, .. } => document.id.to_string(),
            Destination::Abstract(published) => published.title.to_string(),
            Destination::Row { register, row } if row.id.is_role() => register.kind.heading(row).to_owned(),
            Destination::Row { row, .. } => row.id.to_string(),
            Destination::Control { control, .. } => control.id.control.to_string(),
            Destination::Url(words) | Destination::File(words) => words.to_owned(),
            Destination::Withheld => self.view.project.language.say(WITHHELD_WORDS).to_owned(),
        };
        let titles = document.body.headings().map(|heading| tree::words(&heading.content, &bare)).collect();
        (document.id.clone(), titles)
    }

    /// The sections of a document, in order.
    pub fn sections(&self, document: &ItemId) -> &[Section] {
        self.sections.get(document).map_or(&[], Vec::as_slice)
    }

    /// A section of a document.
    pub fn section(&self, document: &ItemId, id: &str) -> Option<&Section> {
        self.sections(document).iter().find(|section| section.id.as_ref() == id)
    }

    /// The document of an id.
    pub fn document(&self, id: &ItemId) -> Option<&Document> {
        match self.items.get(id)? {
            Place::Document(index) => self.view.documents.get(*index).map(AsRef::as_ref),
            _ => None,
        }
    }

    /// Whether a document is in force on a day: approved, and neither the day of its approval nor that from which it holds lies ahead.
    pub fn is_in_force(&self, id: &ItemId, today: Date) -> bool {
        let has_come = |date: Option<Date>| date.is_none_or(|date| date <= today);
        self.document(id)
            .is_some_and(|document| document.status == "approved" && has_come(document.approved) && has_come(document.effective))
    }

    /// The row of an id, with its register.
    pub fn row(&self, id: &ItemId) -> Option<(&Register, &Row)> {
        match self.items.get(id)? {
            Place::Row { register, row } => {
                let register = &self.view.registers[*register];
                Some((register, &register.rows[*row]))
            }
            _ => None,
        }
    }

    /// The rows of a register by its name; none where the view has none.
    pub fn rows<'a>(&'a self, register: &'a str) -> impl Iterator<Item = &'a Row> {
        self.view.registers.iter().filter(move |known| known.kind.name == register).flat_map(|known| &known.rows)
    }

    /// What a link in `from` leads to.
    pub fn resolve<'a>(&'a self, from: Option<&'a Document>, target: &'a Target) -> Destination<'a> {
        match target {
            Target::Reference(reference) => self.resolve_reference(reference),
            Target::Section(section) => from.map_or(Destination::Withheld, |document| self.in_document(document, Some(section.as_ref()))),
            Target::Path { path, section } => match self.paths.get(path) {
                Some(index) => self.in_document(&self.view.documents[*index], section.as_deref()),
                // Withheld documents are not among the paths; of other files only those may be linked that are no sources of documents.
                None if adopt::is_text(path) || path.ends_with(".yaml") || path.ends_with(".yml") => Destination::Withheld,
                None => Destination::File(path),
            },
            Target::Url(url) => Destination::Url(url),
        }
    }

    /// What a reference means.
    pub fn resolve_reference(&self, reference: &Reference) -> Destination<'_> {
        match reference {
            Reference::Control { edition, control } => self.find_control(edition, control),
            Reference::Item { id, section } => match self.items.get(id) {
                Some(Place::Document(index)) => self.in_document(&self.view.documents[*index], section.as_deref()),
                Some(Place::Abstract(index)) => Destination::Abstract(&self.view.abstracts[*index]),
                Some(Place::Row { .. }) => self.row(id).map_or(Destination::Withheld, |(register, row)| Destination::Row { register, row }),
                None => Destination::Withheld,
            },
        }
    }

    fn find_control(&self, edition: &EditionId, control: &str) -> Destination<'_> {
        let catalogues = &self.view.catalogues;
        let Some(found) = catalogues.find(edition).ok().and_then(|catalogue| catalogue.control(control)) else {
            return Destination::Withheld;
        };
        // Another name of a control leads to the control itself where the edition that gives the name is not in use: it has no pages.
        let alias = found.alias_of.first().filter(|_| !catalogues.is_in_use(&found.id.edition));
        let control = alias.and_then(|id| self.control(id)).unwrap_or(found);
        match catalogues.edition(&control.id.edition) {
            Some(catalogue) => Destination::Control { catalogue, control },
            None => Destination::Withheld,
        }
    }

    fn in_document<'a>(&'a self, document: &'a Document, section: Option<&str>) -> Destination<'a> {
        let Some(id) = section else { return Destination::Document { document, section: None } };
        match self.section(&document.id, id) {
            Some(section) => Destination::Document { document, section: Some(section) },
            None => Destination::Withheld,
        }
    }

    /// The control of an id, if its edition has it.
    pub fn control(&self, id: &ControlId) -> Option<&Control> {
        self.view.catalogues.edition(&id.edition)?.control(&id.control)
    }

    /// The controls that a name stands for: those that it is an alias of, or itself.
    pub fn canonical<'a>(&self, control: &'a Control) -> &'a [ControlId] {
        if control.alias_of.is_empty() { std::slice::from_ref(&control.id) } else { &control.alias_of }
    }

    /// The control that a reference names.
    pub fn control_named(&self, reference: &Reference) -> Option<&Control> {
        match self.resolve_reference(reference) {
            Destination::Control { control, .. } => Some(control),
            _ => None,
        }
    }
}

/// The sections of a text with their numbers; their titles come once everything can be looked up.
fn sections(body: &Body) -> Vec<Section> {
    let mut counters = [0u32; 7];
    body.headings()
        .map(|heading| {
            let level = usize::from(heading.level.clamp(2, 6));
            counters[level] += 1;
            counters[level + 1..].fill(0);
            let number = counters[2..=level].iter().map(u32::to_string).collect::<Vec<_>>().join(".");
            Section { id: heading.id.clone(), number, level: heading.level, title: String::new() }
        })
        .collect()
}
