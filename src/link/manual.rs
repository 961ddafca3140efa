//! A view, linked: what every reference means, who refers to what, and for every control who claims, decides and shows it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::view::{Published, View};
use crate::base::finding::Span;
use crate::base::id::{ControlId, EditionId, ItemId, Reference};
use crate::read::document::Document;
use crate::read::framework::{Catalogue, Control};
use crate::read::register::{Register, Row};
use crate::read::statement::Statement;
use crate::read::tree::{self, BlockKind, Body, InlineKind, Target};
use crate::read::value::{Record, Value};

/// A linked view: what renderers get, and all that they get.
#[derive(Clone, Debug)]
pub struct Manual {
    /// What the audience may see.
    pub view: View,
    /// The date by which reviews are due or not.
    pub today: Date,
    sections: BTreeMap<ItemId, Vec<Section>>,
    items: BTreeMap<ItemId, Place>,
    paths: BTreeMap<Arc<str>, usize>,
    uses: BTreeMap<ControlId, ControlUse>,
    backlinks: BTreeMap<Entity, Vec<Backlink>>,
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
    /// The heading's plain words.
    pub title: String,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Document(usize),
    Abstract(usize),
    Row { register: usize, row: usize },
}

/// Something that can be referred to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entity {
    /// A document or a row of a register.
    Item(ItemId),
    /// A control.
    Control(ControlId),
}

/// One reference to something, from where it is made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Backlink {
    /// What holds the reference: a document, a row, or the statement of a control.
    pub from: Entity,
    /// The section of a document in which it stands.
    pub section: Option<Arc<str>>,
}

/// What the manual says about one control.
#[derive(Clone, Debug, Default)]
pub struct ControlUse {
    /// The statement that decides it: an index into the view's statements.
    statement: Option<usize>,
    /// The documents and sections that claim to meet it, in the manual's order.
    pub claims: Vec<Claim>,
    /// The evidence that shows it, named by the statement or naming the control.
    pub evidence: Vec<ItemId>,
}

/// A document's or section's claim to meet a control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The document.
    pub document: ItemId,
    /// Its section; none where the front matter claims.
    pub section: Option<Arc<str>>,
    /// The control that the claim names, where that is another name of this one.
    pub through: Option<ControlId>,
    /// Whether the statement of the control names the document, and not the document the control.
    pub by_statement: bool,
    /// Where it is claimed.
    pub span: Span,
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
pub const WITHHELD_WORDS: &str = "an internal document";

/// How far a control is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Implemented, or claimed by a document in force.
    Met,
    /// Implemented in part, or met in some of its parts.
    InPart,
    /// Decided or drafted, and not yet in force.
    Planned,
    /// Excluded with a reason.
    NotApplicable,
    /// Nothing speaks of it.
    Open,
}

impl State {
    /// Every state, in the order in which they are counted.
    pub const ALL: [State; 5] = [State::Met, State::InPart, State::Planned, State::NotApplicable, State::Open];

    /// A word for class names and data: `met`, `in-part`, `planned`, `not-applicable`, `open`.
    pub fn key(self) -> &'static str {
        match self {
            State::Met => "met",
            State::InPart => "in-part",
            State::Planned => "planned",
            State::NotApplicable => "not-applicable",
            State::Open => "open",
        }
    }

    /// The words that a reader sees.
    pub fn words(self) -> &'static str {
        match self {
            State::Met => "Met",
            State::InPart => "Met in part",
            State::Planned => "Planned",
            State::NotApplicable => "Not applicable",
            State::Open => "Open",
        }
    }
}

/// Links a view.
pub fn link(view: View, today: Date) -> Manual {
    let mut items = BTreeMap::new();
    for (index, published) in view.abstracts.iter().enumerate() {
        items.insert(published.id.clone(), Place::Abstract(index));
    }
    for (register, rows) in view.registers.iter().map(|register| &register.rows).enumerate() {
        for (row, id) in rows.iter().map(|row| &row.id).enumerate() {
            items.entry(id.clone()).or_insert(Place::Row { register, row });
        }
    }
    let mut paths = BTreeMap::new();
    for (index, document) in view.documents.iter().enumerate() {
        items.insert(document.id.clone(), Place::Document(index));
        paths.insert(document.path.clone(), index);
    }
    let sections = view.documents.iter().map(|document| (document.id.clone(), sections(&document.body))).collect();
    let mut manual = Manual { view, today, sections, items, paths, uses: BTreeMap::new(), backlinks: BTreeMap::new() };
    manual.uses = manual.collect_uses();
    manual.backlinks = manual.collect_backlinks();
    manual
}

impl Manual {
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

    /// What a link in `from` leads to.
    pub fn resolve<'a>(&'a self, from: Option<&'a Document>, target: &'a Target) -> Destination<'a> {
        match target {
            Target::Reference(reference) => self.resolve_reference(reference),
            Target::Section(section) => from.map_or(Destination::Withheld, |document| self.in_document(document, Some(section.as_ref()))),
            Target::Path { path, section } => match self.paths.get(path) {
                Some(index) => self.in_document(&self.view.documents[*index], section.as_deref()),
                // Withheld documents are not among the paths; of other files only those may be linked that are no sources of documents.
                None if path.ends_with(".md") || path.ends_with(".yaml") || path.ends_with(".yml") => Destination::Withheld,
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
    pub fn canonical(&self, control: &Control) -> Vec<ControlId> {
        if control.alias_of.is_empty() { vec![control.id.clone()] } else { control.alias_of.clone() }
    }

    /// The control that a reference names.
    pub fn control_named(&self, reference: &Reference) -> Option<&Control> {
        match self.resolve_reference(reference) {
            Destination::Control { control, .. } => Some(control),
            _ => None,
        }
    }

    /// The statement that decides a control; an alias is decided by the statement of what it stands for.
    pub fn statement(&self, control: &Control) -> Option<&Statement> {
        let index = self.canonical(control).iter().find_map(|id| self.uses.get(id)?.statement)?;
        self.view.statements.get(index)
    }

    /// Documents and sections that claim a control, or what it is an alias of.
    pub fn claims(&self, control: &Control) -> Vec<&Claim> {
        self.canonical(control).iter().filter_map(|id| self.uses.get(id)).flat_map(|found| &found.claims).collect()
    }

    /// Rows of evidence that show a control.
    pub fn evidence(&self, control: &Control) -> Vec<&ItemId> {
        let ids = self.canonical(control);
        let mut evidence: Vec<&ItemId> = ids.iter().filter_map(|id| self.uses.get(id)).flat_map(|found| &found.evidence).collect();
        evidence.sort();
        evidence.dedup();
        evidence
    }

    /// Who refers to something, sorted; never itself.
    pub fn backlinks(&self, entity: &Entity) -> &[Backlink] {
        self.backlinks.get(entity).map_or(&[], Vec::as_slice)
    }

    /// How far a control is met, by its statement, else by the documents that claim it, else by its parts.
    pub fn state(&self, control: &Control) -> State {
        let states: Vec<State> = self.canonical(control).iter().map(|id| self.own_state(id)).collect();
        let state = joined(&states);
        if state != State::Open {
            return state;
        }
        let Some(catalogue) = self.view.catalogues.edition(&control.id.edition) else { return state };
        let is_part = |part: &&Control| {
            part.parent.as_ref() == Some(&control.id.control) && matches!(part.kind, "clause" | "provision") && !part.withdrawn
        };
        let parts: Vec<State> = catalogue.controls.iter().filter(is_part).map(|part| self.state(part)).collect();
        if parts.is_empty() { state } else { joined(&parts) }
    }

    fn own_state(&self, id: &ControlId) -> State {
        let Some(found) = self.uses.get(id) else { return State::Open };
        let statement = found.statement.and_then(|index| self.view.statements.get(index));
        if let Some(statement) = statement {
            match (statement.applicable(), statement.status()) {
                (Some(false), _) => return State::NotApplicable,
                (_, Some("implemented")) => return State::Met,
                (_, Some("partial")) => return State::InPart,
                (_, Some("planned")) => return State::Planned,
                _ => {}
            }
        }
        let in_force = |claim: &Claim| self.document(&claim.document).is_some_and(|document| document.status == "approved");
        if found.claims.iter().any(in_force) {
            State::Met
        } else if found.claims.is_empty() && statement.is_none() {
            State::Open
        } else {
            State::Planned
        }
    }

    fn collect_uses(&self) -> BTreeMap<ControlId, ControlUse> {
        let mut uses: BTreeMap<ControlId, ControlUse> = BTreeMap::new();
        let mut claim = |reference: &Reference, document: &ItemId, section: Option<&Arc<str>>, span: Span| {
            let Some(control) = self.control_named(reference) else { return };
            let through = (!control.alias_of.is_empty()).then(|| control.id.clone());
            for id in self.canonical(control) {
                let claims = &mut uses.entry(id).or_default().claims;
                if !claims.iter().any(|known| known.document == *document && known.section.as_ref() == section) {
                    let section = section.cloned();
                    claims.push(Claim { document: document.clone(), section, through: through.clone(), by_statement: false, span });
                }
            }
        };
        for document in &self.view.documents {
            for reference in &document.satisfies {
                claim(&reference.value, &document.id, None, reference.span);
            }
            for heading in document.body.headings() {
                for reference in &heading.claims {
                    claim(&reference.value, &document.id, Some(&heading.id), reference.span);
                }
            }
        }
        for (index, statement) in self.view.statements.iter().enumerate() {
            let found = uses.entry(statement.control.clone()).or_default();
            found.statement.get_or_insert(index);
            for reference in statement.documents() {
                let Reference::Item { id, section } = reference.value else { continue };
                let Some(document) = self.document(&id) else { continue };
                if !found.claims.iter().any(|known| known.document == document.id && known.section == section) {
                    found.claims.push(Claim { document: id, section, through: None, by_statement: true, span: reference.span });
                }
            }
            let evidence = statement.fields.references("evidence").into_iter();
            found.evidence.extend(evidence.filter_map(|reference| match reference.value {
                Reference::Item { id, .. } => self.row(&id).map(|_| id),
                Reference::Control { .. } => None,
            }));
        }
        for row in self.view.registers.iter().filter(|register| register.kind.name == "evidence").flat_map(|register| &register.rows) {
            for reference in row.fields.references("controls") {
                for id in self.control_named(&reference.value).map(|control| self.canonical(control)).unwrap_or_default() {
                    uses.entry(id).or_default().evidence.push(row.id.clone());
                }
            }
        }
        uses
    }

    fn collect_backlinks(&self) -> BTreeMap<Entity, Vec<Backlink>> {
        let mut backlinks: BTreeMap<Entity, Vec<Backlink>> = BTreeMap::new();
        let mut add = |to: Entity, backlink: Backlink| {
            if to != backlink.from {
                backlinks.entry(to).or_default().push(backlink);
            }
        };
        for document in &self.view.documents {
            let from = Entity::Item(document.id.clone());
            let mut section: Option<Arc<str>> = None;
            let notes = document.body.footnotes.iter().flat_map(|note| &note.blocks).map(|block| (block, true));
            for (block, in_note) in document.body.blocks.iter().map(|block| (block, false)).chain(notes) {
                if let BlockKind::Heading(heading) = &block.kind {
                    section = Some(heading.id.clone());
                }
                block.each_inline(&mut |inline| {
                    let InlineKind::Link { target, .. } = &inline.kind else { return };
                    if let Some(to) = entity(self.resolve(Some(document), target)) {
                        add(to, Backlink { from: from.clone(), section: section.clone().filter(|_| !in_note) });
                    }
                });
            }
        }
        for row in self.view.registers.iter().flat_map(|register| &register.rows) {
            let from = Entity::Item(row.id.clone());
            self.each_reference(&row.fields, &mut |to| add(to, Backlink { from: from.clone(), section: None }));
        }
        for statement in &self.view.statements {
            let from = Entity::Control(statement.control.clone());
            self.each_reference(&statement.fields, &mut |to| add(to, Backlink { from: from.clone(), section: None }));
        }
        for list in backlinks.values_mut() {
            list.sort();
            list.dedup();
        }
        backlinks
    }

    /// Calls `visit` with everything that the fields of a record refer to, in prose and in lists of references.
    fn each_reference(&self, record: &Record, visit: &mut dyn FnMut(Entity)) {
        for (_, spanned) in record.iter() {
            self.each_reference_of(&spanned.value, visit);
        }
    }

    fn each_reference_of(&self, value: &Value, visit: &mut dyn FnMut(Entity)) {
        match value {
            Value::Reference(reference) => entity(self.resolve_reference(reference)).into_iter().for_each(visit),
            Value::List(items) => items.iter().for_each(|item| self.each_reference_of(&item.value, visit)),
            Value::Record(record) => self.each_reference(record, visit),
            Value::Prose(body) => body.each_inline(&mut |inline| {
                if let InlineKind::Link { target, .. } = &inline.kind {
                    entity(self.resolve(None, target)).into_iter().for_each(&mut *visit);
                }
            }),
            _ => {}
        }
    }
}

/// The state of a whole from those of its parts.
fn joined(states: &[State]) -> State {
    match states {
        [] => State::Open,
        [first, rest @ ..] if rest.iter().all(|state| state == first) => *first,
        _ => {
            let counted: Vec<State> = states.iter().copied().filter(|state| *state != State::NotApplicable).collect();
            match counted.as_slice() {
                [first, rest @ ..] if rest.iter().all(|state| state == first) => *first,
                _ if counted.iter().any(|state| matches!(state, State::Met | State::InPart)) => State::InPart,
                _ => State::Planned,
            }
        }
    }
}

fn entity(destination: Destination<'_>) -> Option<Entity> {
    match destination {
        Destination::Document { document, .. } => Some(Entity::Item(document.id.clone())),
        Destination::Abstract(published) => Some(Entity::Item(published.id.clone())),
        Destination::Row { row, .. } => Some(Entity::Item(row.id.clone())),
        Destination::Control { control, .. } => Some(Entity::Control(control.id.clone())),
        Destination::Url(_) | Destination::File(_) | Destination::Withheld => None,
    }
}

/// The sections of a text with their numbers.
fn sections(body: &Body) -> Vec<Section> {
    let mut counters = [0u32; 7];
    body.headings()
        .map(|heading| {
            let level = usize::from(heading.level.clamp(2, 6));
            counters[level] += 1;
            counters[level + 1..].fill(0);
            let number = counters[2..=level].iter().map(u32::to_string).collect::<Vec<_>>().join(".");
            Section { id: heading.id.clone(), number, level: heading.level, title: tree::plain(&heading.content) }
        })
        .collect()
}
