//! Reviews without change, which count as reviews of what they are of: `annexa review` records them, so that nobody edits what was approved for a date.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::catalogues::Catalogues;
use super::document::Document;
use super::register::{REVIEWS, Register};
use super::statement::Statement;
use super::value::{Record, Value};
use crate::base::finding::{Span, Spanned};
use crate::base::id::{ControlId, ItemId, Reference};

type Last<Id> = BTreeMap<Id, (Date, Span)>;

/// Writes the date of the last review without change over an earlier one, of documents, of rows that have one, and of statements.
pub(super) fn apply(documents: &mut [Arc<Document>], registers: &mut [Register], statements: &mut [Statement], catalogues: &Catalogues) {
    let (mut items, mut controls): (Last<ItemId>, Last<ControlId>) = (BTreeMap::new(), BTreeMap::new());
    for row in registers.iter().filter(|register| register.kind.name == REVIEWS.name).flat_map(|register| &register.rows) {
        let (Some(Value::Reference(reference)), Some(date)) = (row.fields.get("item"), row.fields.date("date")) else { continue };
        let found = (date, row.fields.span_of("date"));
        match reference {
            Reference::Item { id, .. } => keep_last(&mut items, id.clone(), found),
            Reference::Control { edition, control } => {
                if let Ok(control) = catalogues.control(edition, control) {
                    keep_last(&mut controls, control.id.clone(), found);
                }
            }
        }
    }
    for document in documents {
        let Some((date, span)) = items.get(&document.id).filter(|(date, _)| document.reviewed.is_none_or(|known| known < *date)) else {
            continue;
        };
        let document = Arc::make_mut(document);
        document.reviewed = Some(*date);
        set(&mut document.front, *date, *span);
    }
    for register in registers {
        for row in register.rows.iter_mut().filter(|_| register.kind.schema.field("reviewed").is_some()) {
            over(&mut row.fields, items.get(&row.id));
        }
    }
    for statement in statements {
        over(&mut statement.fields, controls.get(&statement.control));
    }
}

fn keep_last<Id: Ord>(last: &mut Last<Id>, id: Id, found: (Date, Span)) {
    let known = last.entry(id).or_insert(found);
    if known.0 < found.0 {
        *known = found;
    }
}

fn over(fields: &mut Record, last: Option<&(Date, Span)>) {
    if let Some((date, span)) = last.filter(|(date, _)| fields.date("reviewed").is_none_or(|known| known < *date)) {
        set(fields, *date, *span);
    }
}

fn set(fields: &mut Record, date: Date, span: Span) {
    fields.set("reviewed", Spanned { value: Value::Date(date), span });
}
