//! Who refers to what.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::index::{Destination, Index};
use crate::base::id::{ControlId, ItemId};
use crate::read::document::Document;
use crate::read::tree::{BlockKind, Body, InlineKind};
use crate::read::value::{Record, Value};

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
    /// What holds the reference: a document, a row, or a control in its statement or full text.
    pub from: Entity,
    /// The section of a document in which it stands.
    pub section: Option<Arc<str>>,
}

/// Every reference of a view, by what it names, sorted; none from a thing to itself.
pub fn collect(index: &Index) -> BTreeMap<Entity, Vec<Backlink>> {
    let mut backlinks: BTreeMap<Entity, Vec<Backlink>> = BTreeMap::new();
    let mut add = |to: Entity, backlink: Backlink| {
        if to != backlink.from {
            backlinks.entry(to).or_default().push(backlink);
        }
    };
    let of_documents: Vec<Vec<(Entity, Backlink)>> = index.view.documents.par_iter().map(|document| of_document(index, document)).collect();
    for (to, backlink) in of_documents.into_iter().flatten() {
        add(to, backlink);
    }
    for row in index.view.registers.iter().flat_map(|register| &register.rows) {
        let from = Entity::Item(row.id.clone());
        each_reference(index, &row.fields, &mut |to| add(to, Backlink { from: from.clone(), section: None }));
    }
    for statement in &index.view.statements {
        let from = Entity::Control(statement.control.clone());
        each_reference(index, &statement.fields, &mut |to| add(to, Backlink { from: from.clone(), section: None }));
    }
    for control in index.view.catalogues.in_use().flat_map(|catalogue| &catalogue.controls) {
        let from = Entity::Control(control.id.clone());
        for body in control.text.iter().chain(&control.guidance_text) {
            each_link(index, body, &mut |to| add(to, Backlink { from: from.clone(), section: None }));
        }
    }
    for list in backlinks.values_mut() {
        list.sort();
        list.dedup();
    }
    backlinks
}

/// What a document refers to, in the order of its text, its footnotes last.
fn of_document(index: &Index, document: &Document) -> Vec<(Entity, Backlink)> {
    let mut found = Vec::new();
    let from = Entity::Item(document.id.clone());
    let mut section: Option<Arc<str>> = None;
    let notes = document.body.footnotes.iter().flat_map(|note| &note.blocks).map(|block| (block, true));
    for (block, in_note) in document.body.blocks.iter().map(|block| (block, false)).chain(notes) {
        if let BlockKind::Heading(heading) = &block.kind {
            section = Some(heading.id.clone());
        }
        block.each_inline(&mut |inline| {
            let InlineKind::Link { target, .. } = &inline.kind else { return };
            if let Some(to) = entity(index.resolve(Some(document), target)) {
                found.push((to, Backlink { from: from.clone(), section: section.clone().filter(|_| !in_note) }));
            }
        });
    }
    found
}

/// Calls `visit` with everything that the fields of a record refer to, in prose and in lists of references.
fn each_reference(index: &Index, record: &Record, visit: &mut dyn FnMut(Entity)) {
    for (_, spanned) in record.iter() {
        each_reference_of(index, &spanned.value, visit);
    }
}

fn each_reference_of(index: &Index, value: &Value, visit: &mut dyn FnMut(Entity)) {
    match value {
        Value::Reference(reference) => entity(index.resolve_reference(reference)).into_iter().for_each(visit),
        Value::List(items) => items.iter().for_each(|item| each_reference_of(index, &item.value, visit)),
        Value::Record(record) => each_reference(index, record, visit),
        Value::Prose(body) => each_link(index, body, visit),
        _ => {}
    }
}

fn each_link(index: &Index, body: &Body, visit: &mut dyn FnMut(Entity)) {
    body.each_inline(&mut |inline| {
        if let InlineKind::Link { target, .. } = &inline.kind {
            entity(index.resolve(None, target)).into_iter().for_each(&mut *visit);
        }
    });
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
