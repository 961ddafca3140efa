//! What a PDF holds: the whole manual, one document, the Statement of Applicability, all that answers a framework, or a sample of controls.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;

use super::register::{self, Register};
use crate::base::id::{ControlId, EditionId, ItemId, Reference};
use crate::link::manual::Manual;
use crate::link::report::{self, Met, Sheet};
use crate::link::state::State;
use crate::read::document::Document;
use crate::read::framework::{Catalogue, Control};
use crate::render::address;

/// What a PDF holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Book {
    /// All of the view.
    Manual,
    /// One document.
    Document(ItemId),
    /// The Statement of Applicability, with responsibilities.
    Applicability,
    /// All that answers one framework: a sheet a control, and what the sheets name.
    Framework(EditionId),
    /// All that answers a sample of controls.
    Controls(Vec<ControlId>),
}

/// A numbered copy for one recipient (ISO/IEC 27001:2022, 7.5.3: distribution).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// Its identifier in the register of copies: `CPY-007`.
    pub id: ItemId,
    /// For whom.
    pub recipient: Arc<str>,
    /// When it was made.
    pub date: Date,
}

impl Book {
    /// The books that annexa.yaml has a build set. What holds nothing for a view is none of them.
    pub(super) fn of_build(manual: &Manual) -> Vec<Book> {
        let (view, wanted) = (&manual.view, &manual.view.project.books);
        let mut books = Vec::new();
        if wanted.contains("manual") {
            books.push(Book::Manual);
        }
        if wanted.contains("soa") {
            books.extend(Book::of_applicability(manual));
        }
        if wanted.contains("documents") {
            books.extend(view.documents.iter().map(|document| Book::Document(document.id.clone())));
        }
        if wanted.contains("frameworks") {
            books.extend(view.catalogues.in_use().map(|catalogue| Book::Framework(catalogue.id.clone())));
        }
        books
    }

    /// Where a build puts it: beside the page on the same matter. A sample of controls has none.
    pub(super) fn path(&self) -> Option<String> {
        match self {
            Book::Manual => Some(address::MANUAL_PDF.to_owned()),
            Book::Applicability => Some(address::pdf(address::SOA)),
            Book::Document(id) => Some(address::pdf(&address::document(id))),
            Book::Framework(id) => Some(address::pdf(&address::framework(id))),
            Book::Controls(_) => None,
        }
    }

    /// The book that a build puts at a path, or would if annexa.yaml asked for it.
    pub fn at(path: &str, manual: &Manual) -> Option<Book> {
        let view = &manual.view;
        let documents = view.documents.iter().map(|document| Book::Document(document.id.clone()));
        let frameworks = view.catalogues.in_use().map(|catalogue| Book::Framework(catalogue.id.clone()));
        let soa = if path == address::pdf(address::SOA) { Book::of_applicability(manual) } else { None };
        let all = [Book::Manual].into_iter().chain(soa).chain(documents).chain(frameworks);
        all.into_iter().find(|book| book.path().as_deref() == Some(path))
    }

    /// That of the Statement of Applicability; none for those who see nothing of it: an empty one would say that nothing is decided.
    pub fn of_applicability(manual: &Manual) -> Option<Book> {
        (!report::statement_of_applicability(manual).rows.is_empty()).then_some(Book::Applicability)
    }

    /// The word by which templates tell the kinds apart.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Book::Manual => "manual",
            Book::Document(_) => "document",
            Book::Applicability => "soa",
            Book::Framework(_) => "framework",
            Book::Controls(_) => "controls",
        }
    }

    /// By which its PDF says what it holds: `manual`, `soa`, a document, a framework, or controls with a plus sign between them.
    pub(super) fn word(&self) -> String {
        let words = match self {
            Book::Manual | Book::Applicability => self.kind().to_owned(),
            Book::Document(id) => id.to_string(),
            Book::Framework(id) => id.to_string(),
            Book::Controls(ids) => ids.iter().map(ToString::to_string).collect::<Vec<_>>().join("+"),
        };
        words.replace([' ', '\t', '\n', ','], "_")
    }

    /// The book that a PDF says it is, of a manual that has it; controls in full, as in `ccm@4.1:IAM-01`.
    pub fn of_word(word: &str, manual: &Manual) -> Option<Book> {
        match word {
            "manual" => return Some(Book::Manual),
            "soa" => return Some(Book::Applicability),
            _ => {}
        }
        if let Some(document) = ItemId::parse(word).and_then(|id| manual.document(&id)) {
            return Some(Book::Document(document.id.clone()));
        }
        if let Some(edition) = EditionId::parse(word).and_then(|id| manual.view.catalogues.edition(&id)) {
            return Some(Book::Framework(edition.id.clone()));
        }
        let control = |name: &str| match Reference::parse(name)? {
            Reference::Control { edition, control } => {
                manual.view.catalogues.control(&edition, &control).ok().map(|found| found.id.clone())
            }
            Reference::Item { .. } => None,
        };
        word.split('+').map(control).collect::<Option<Vec<_>>>().map(Book::Controls)
    }

    /// What it is about, for a title: a document, a framework, the controls; empty where the kind says it.
    pub(super) fn subject(&self, manual: &Manual) -> String {
        match self {
            Book::Manual | Book::Applicability => String::new(),
            Book::Document(id) => manual.document(id).map_or_else(|| id.to_string(), |document| format!("{id} {}", document.title)),
            Book::Framework(id) => manual.view.catalogues.edition(id).map_or_else(|| id.to_string(), |found| found.title.to_string()),
            Book::Controls(ids) => {
                let names: Vec<&str> = ids.iter().map(|id| id.control.as_ref()).collect();
                names.join(", ")
            }
        }
    }
}

/// What of a manual is within a book.
pub(super) enum Scope {
    /// Everything.
    Whole,
    /// Nothing but one document.
    Text,
    /// The Statement of Applicability.
    Applicability,
    /// Some controls, and the rows that belong to them.
    Some { controls: BTreeSet<ControlId>, rows: BTreeSet<String> },
}

impl Scope {
    pub(super) fn is_whole(&self) -> bool {
        matches!(self, Scope::Whole)
    }

    /// Whether figures over all controls belong to it.
    pub(super) fn has_figures(&self) -> bool {
        matches!(self, Scope::Whole | Scope::Applicability)
    }

    pub(super) fn has_control(&self, id: &ControlId) -> bool {
        match self {
            Scope::Whole | Scope::Applicability => true,
            Scope::Text => false,
            Scope::Some { controls, .. } => controls.contains(id),
        }
    }

    pub(super) fn has_row(&self, id: &str) -> bool {
        match self {
            Scope::Whole => true,
            Scope::Text | Scope::Applicability => false,
            Scope::Some { rows, .. } => rows.contains(id),
        }
    }
}

/// The parts of a book.
pub(super) struct Parts<'m> {
    pub(super) documents: Vec<&'m Document>,
    pub(super) sheets: Vec<Sheet<'m>>,
    pub(super) coverage: Vec<&'m Catalogue>,
    pub(super) registers: Vec<Register>,
    /// For each framework, the controls that something meets, or speaks of.
    pub(super) index: Vec<(&'m Catalogue, Vec<&'m Control>)>,
    pub(super) scope: Scope,
}

impl<'m> Parts<'m> {
    /// What a book holds of a manual.
    pub(super) fn of(manual: &'m Manual, book: &Book) -> Self {
        let all = || manual.view.documents.iter().map(AsRef::as_ref);
        let with_controls = |catalogue: &&Catalogue| catalogue.controls.iter().any(|control| !control.withdrawn);
        let in_use = || manual.view.catalogues.in_use().map(AsRef::as_ref);
        let mut parts = match book {
            Book::Manual => {
                Parts { documents: all().collect(), coverage: in_use().filter(with_controls).collect(), ..Parts::empty(Scope::Whole) }
            }
            Book::Document(id) => Parts { documents: manual.document(id).into_iter().collect(), ..Parts::empty(Scope::Text) },
            Book::Applicability => Parts::empty(Scope::Applicability),
            Book::Framework(id) => {
                let catalogue = manual.view.catalogues.edition(id).map(AsRef::as_ref);
                let live = |control: &&Control| control.alias_of.is_empty() && !control.withdrawn;
                let controls = catalogue.into_iter().flat_map(|catalogue| catalogue.controls.iter().filter(live));
                let ids: Vec<ControlId> = controls.map(|control| control.id.clone()).collect();
                Parts { coverage: catalogue.into_iter().filter(with_controls).collect(), ..Parts::of_controls(manual, &ids) }
            }
            Book::Controls(ids) => Parts::of_controls(manual, ids),
        };
        parts.registers = register::all(manual, &parts.scope);
        parts.index = index(manual, &parts.scope);
        parts
    }

    fn empty(scope: Scope) -> Self {
        Parts { documents: Vec::new(), sheets: Vec::new(), coverage: Vec::new(), registers: Vec::new(), index: Vec::new(), scope }
    }

    /// The sheets of some controls, and what they name: documents, decisions, rows.
    fn of_controls(manual: &'m Manual, ids: &[ControlId]) -> Self {
        let sheets = report::sheets(manual, ids);
        let mut controls: BTreeSet<ControlId> = BTreeSet::new();
        let mut rows: BTreeSet<String> = BTreeSet::new();
        let mut named: BTreeSet<&ItemId> = BTreeSet::new();
        for sheet in &sheets {
            controls.insert(sheet.control.id.clone());
            controls.extend(manual.canonical(sheet.control).iter().cloned());
            controls.extend(sheet.through.iter().map(|through| through.counterpart.control.clone()));
            rows.extend(sheet.rows.iter().map(ToString::to_string));
            let met = sheet.met.iter().chain(sheet.through.iter().flat_map(|through| &through.met));
            named.extend(met.map(|met: &Met<'_>| &met.document.id));
        }
        let documents = manual.view.documents.iter().map(AsRef::as_ref).filter(|document: &&Document| named.contains(&document.id));
        Parts { documents: documents.collect(), sheets, ..Parts::empty(Scope::Some { controls, rows }) }
    }
}

fn index<'m>(manual: &'m Manual, scope: &Scope) -> Vec<(&'m Catalogue, Vec<&'m Control>)> {
    // Without documents there is nothing to lead to.
    if matches!(scope, Scope::Text | Scope::Applicability) {
        return Vec::new();
    }
    let met = |control: &&Control| {
        control.alias_of.is_empty()
            && scope.has_control(&control.id)
            && (!manual.claims(control).is_empty()
                || manual.statement(control).is_some()
                || !matches!(manual.state(control), State::Open | State::PointedTo))
    };
    let in_use = manual.view.catalogues.in_use();
    let index = in_use.map(|catalogue| (catalogue.as_ref(), catalogue.controls.iter().filter(met).collect::<Vec<_>>()));
    index.filter(|(_, controls)| !controls.is_empty()).collect()
}
