//! Who refers to what.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use rayon::prelude::*;

use super::index::{Destination, Index};
use crate::base::id::{ControlId, ItemId};
use crate::read::document::Document;
use crate::read::tree::Body;
use crate::read::value::{Record, Value};

/// Something that can be referred to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// What is referred to, or refers, as the view holds it: nothing is copied before all is gathered. In the order of [`Entity`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named<'a> {
    Item(&'a ItemId),
    Control(&'a ControlId),
}

impl Named<'_> {
    /// Where it stands in the view, which tells one from another sooner than words do.
    fn address(self) -> usize {
        match self {
            Named::Item(id) => std::ptr::from_ref(id).addr(),
            Named::Control(id) => std::ptr::from_ref(id).addr(),
        }
    }

    fn entity(self) -> Entity {
        match self {
            Named::Item(id) => Entity::Item(id.clone()),
            Named::Control(id) => Entity::Control(id.clone()),
        }
    }
}

/// A section of what refers; none where it has none.
type Section<'a> = Option<&'a Arc<str>>;

/// What refers, and what it refers to, by the section in which that stands.
type Referring<'a> = (Named<'a>, Vec<(Section<'a>, Named<'a>)>);

/// Each thing that something refers to, by its address, and who does, by their order.
type Lists<'a> = HashMap<usize, (Named<'a>, Vec<(Named<'a>, Section<'a>)>)>;

/// Every reference of a view, by what it names, sorted; none from a thing to itself.
pub fn collect(index: &Index) -> HashMap<Entity, Vec<Backlink>> {
    let view = &index.view;
    let mut all: Vec<Referring<'_>> = view.documents.par_iter().map(|document| of_document(index, document)).collect();
    for row in view.registers.iter().flat_map(|register| &register.rows) {
        let mut named = Vec::new();
        each_reference(index, &row.fields, &mut |to| named.push((None, to)));
        all.push((Named::Item(&row.id), named));
    }
    for statement in &view.statements {
        let mut named = Vec::new();
        each_reference(index, &statement.fields, &mut |to| named.push((None, to)));
        all.push((Named::Control(&statement.control), named));
    }
    for control in view.catalogues.in_use().flat_map(|catalogue| &catalogue.controls) {
        let mut named = Vec::new();
        for body in control.text.iter().chain(&control.guidance_text) {
            each_link(index, body, &mut |to| named.push((None, to)));
        }
        if !named.is_empty() {
            all.push((Named::Control(&control.id), named));
        }
    }
    // What refers comes in its order, so that every list is made sorted: the lists are long, and what they hold are words.
    all.sort_by_key(|(from, _)| *from);
    let mut found: Lists<'_> = HashMap::new();
    for (from, named) in all {
        for (section, to) in named {
            let (_, list) = found.entry(to.address()).or_insert_with(|| (to, Vec::new()));
            if to != from && list.last() != Some(&(from, section)) {
                list.push((from, section));
            }
        }
    }
    let kept = |(from, section): (Named<'_>, Section<'_>)| Backlink { from: from.entity(), section: section.cloned() };
    let mut all: HashMap<Entity, Vec<Backlink>> = HashMap::with_capacity(found.len());
    found.into_values().for_each(|(to, list)| {
        let list = list.into_iter().map(kept).collect();
        match all.entry(to.entity()) {
            Entry::Vacant(place) => drop(place.insert(list)),
            // An identifier that is taken twice, which is an error, has two places.
            Entry::Occupied(mut known) => {
                known.get_mut().extend(list);
                known.get_mut().sort();
                known.get_mut().dedup();
            }
        }
    });
    all
}

/// What a document refers to, by sections.
fn of_document<'a>(index: &'a Index, document: &'a Document) -> Referring<'a> {
    let links = document.body.links().iter();
    let named = links.filter_map(|link| Some((link.section.as_ref(), named(index.resolve(Some(document), &link.target))?)));
    let mut named: Vec<_> = named.collect();
    named.sort_by_key(|(section, _)| *section);
    (Named::Item(&document.id), named)
}

/// Calls `visit` with everything that the fields of a record refer to, in prose and in lists of references.
fn each_reference<'a>(index: &'a Index, record: &'a Record, visit: &mut dyn FnMut(Named<'a>)) {
    for (_, spanned) in record.iter() {
        each_reference_of(index, &spanned.value, visit);
    }
}

fn each_reference_of<'a>(index: &'a Index, value: &'a Value, visit: &mut dyn FnMut(Named<'a>)) {
    match value {
        Value::Reference(reference) => named(index.resolve_reference(reference)).into_iter().for_each(visit),
        Value::List(items) => items.iter().for_each(|item| each_reference_of(index, &item.value, visit)),
        Value::Record(record) => each_reference(index, record, visit),
        Value::Prose(body) => each_link(index, body, visit),
        _ => {}
    }
}

fn each_link<'a>(index: &'a Index, body: &'a Body, visit: &mut dyn FnMut(Named<'a>)) {
    body.links().iter().filter_map(|link| named(index.resolve(None, &link.target))).for_each(visit);
}

fn named(destination: Destination<'_>) -> Option<Named<'_>> {
    match destination {
        Destination::Document { document, .. } => Some(Named::Item(&document.id)),
        Destination::Abstract(published) => Some(Named::Item(&published.id)),
        Destination::Row { row, .. } => Some(Named::Item(&row.id)),
        Destination::Control { control, .. } => Some(Named::Control(&control.id)),
        Destination::Url(_) | Destination::File(_) | Destination::Withheld => None,
    }
}
