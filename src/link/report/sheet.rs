//! All that the manual says of one control, on one sheet: what an auditor asks for who has picked it.

use std::collections::BTreeSet;

use super::applicability::{documents_of, evidence_of, implementation_status, reasons};
use super::relationship::{Relationship, Suppliers, suppliers};
use super::table::Cell;
use crate::base::id::{ControlId, ItemId, Reference};
use crate::base::word::{Word, word};
use crate::link::backlink::Entity;
use crate::link::counterpart::Counterpart;
use crate::link::manual::Manual;
use crate::link::state::State;
use crate::read::document::Document;
use crate::read::framework::Control;
use crate::read::register::Row;
use crate::read::statement::Statement;

/// A control's sheet.
#[derive(Clone, Debug)]
pub struct Sheet<'m> {
    /// The control.
    pub control: &'m Control,
    /// How far it is met.
    pub state: State,
    /// What its statement decides, and what shows it; what is not said is left out.
    pub facts: Vec<Fact>,
    /// The documents that say how it is met.
    pub met: Vec<Met<'m>>,
    /// The controls of other frameworks in use through which it is met, in whole or in part.
    pub through: Vec<Through<'m>>,
    /// Rows of registers that belong to it: evidence, what it is needed for, treatments, findings, suppliers.
    pub rows: BTreeSet<ItemId>,
}

/// A control of another framework that meets one.
#[derive(Clone, Debug)]
pub struct Through<'m> {
    /// The other control, and how it relates.
    pub counterpart: &'m Counterpart,
    /// What follows from it.
    pub state: State,
    /// The documents that say how the other one is met.
    pub met: Vec<Met<'m>>,
}

/// One thing that is said of a control.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Its name for programs.
    pub key: &'static str,
    /// Its name for people.
    pub label: Word,
    /// What is said.
    pub cell: Cell,
}

/// A document that says how a control is met.
#[derive(Clone, Debug)]
pub struct Met<'m> {
    /// The document.
    pub document: &'m Document,
    /// The sections that say so; none where it is the document as a whole.
    pub sections: Vec<Reference>,
}

/// The sheets of some controls, in the order of `ids`. What the view does not know is left out.
pub fn sheets<'m>(manual: &'m Manual, ids: &[ControlId]) -> Vec<Sheet<'m>> {
    let suppliers: Suppliers<'m> = suppliers(manual).map(|(place, row)| (&row.id, (place, row))).collect();
    ids.iter().filter_map(|id| manual.control(id)).map(|control| sheet(manual, control, &suppliers)).collect()
}

fn sheet<'m>(manual: &'m Manual, control: &'m Control, suppliers: &Suppliers<'m>) -> Sheet<'m> {
    let statement = manual.statement(control);
    let shown = manual.evidence(control);
    let mut facts = statement.map(|statement| decided(manual, statement, suppliers)).unwrap_or_default();
    facts.push(Fact { key: "evidence", label: word!("Evidence"), cell: evidence_of(manual, control) });
    facts.retain(|fact| !fact.cell.is_empty());
    let state = manual.state(control);
    // Where the control itself is met or excluded, its counterparts only say so again.
    let is_decided = state == State::Met || (state == State::NotApplicable && statement.is_some());
    let counterparts = if is_decided { Vec::new() } else { manual.counterparts(control) };
    let through: Vec<Through<'m>> = counterparts.into_iter().filter_map(|other| through(manual, other)).collect();
    let mut rows = rows(manual, control, statement, &shown);
    for other in through.iter().filter_map(|through| manual.control(&through.counterpart.control)) {
        rows.extend(self::rows(manual, other, manual.statement(other), &manual.evidence(other)));
    }
    Sheet { control, state, facts, met: met(manual, control), through, rows }
}

/// A counterpart of a framework in use from which something follows.
fn through<'m>(manual: &'m Manual, counterpart: &'m Counterpart) -> Option<Through<'m>> {
    let state = manual.through(counterpart).filter(|_| manual.view.catalogues.is_in_use(&counterpart.control.edition))?;
    let met = manual.control(&counterpart.control).map(|other| met(manual, other)).unwrap_or_default();
    // What only points says nothing of its own.
    (state != State::PointedTo).then_some(Through { counterpart, state, met })
}

/// What a statement decides, in the order in which an auditor asks.
fn decided<'m>(manual: &'m Manual, statement: &'m Statement, suppliers: &Suppliers<'m>) -> Vec<Fact> {
    let fields = &statement.fields;
    let fact = |key, label, cell| Fact { key, label, cell };
    let date = |key| fields.date(key).map_or(Cell::Empty, Cell::Date);
    let duties = statement.responsibilities().into_iter().map(|part| {
        let relationship = Relationship::of(suppliers, part.role, &part.counterparty);
        let sides = [(word!("We do"), part.ours), (word!("They do"), part.theirs)];
        let sides = sides.into_iter().filter_map(|(label, duty)| Some(Cell::Titled(label.into(), Box::new(Cell::Prose(duty?)))));
        let said = std::iter::once(Cell::Word(part.ownership)).chain(sides).collect();
        Cell::Titled(relationship.title(), Box::new(Cell::List(said)))
    });
    vec![
        fact("status", word!("Status"), implementation_status(manual, Some(statement))),
        fact("reasons", word!("Reasons"), reasons(fields)),
        fact("implementation", word!("How it is met"), Cell::prose(fields.prose("implementation"))),
        fact("justification", word!("Why it is excluded"), Cell::prose(fields.prose("justification"))),
        fact("owner", word!("Owner"), fields.item("owner").map_or(Cell::Empty, Cell::item)),
        fact("reviewed", word!("Last review"), date("reviewed")),
        fact("next-review", word!("Next review"), Cell::date(statement.next_review())),
        fact("responsibilities", word!("Responsibilities in the cloud"), Cell::list(duties.collect())),
    ]
}

/// The documents that say how a control is met, in the manual's order, each with its sections.
pub fn met<'m>(manual: &'m Manual, control: &Control) -> Vec<Met<'m>> {
    let mut met: Vec<Met<'m>> = Vec::new();
    for reference in documents_of(manual, control) {
        let Reference::Item { id, section } = &reference else { continue };
        let Some(document) = manual.document(id) else { continue };
        if met.last().is_none_or(|last| last.document.id != *id) {
            met.push(Met { document, sections: Vec::new() });
        }
        if let (Some(_), Some(last)) = (section, met.last_mut()) {
            last.sections.push(reference.clone());
        }
    }
    met
}

fn rows(manual: &Manual, control: &Control, statement: Option<&Statement>, evidence: &[&ItemId]) -> BTreeSet<ItemId> {
    let mut named: BTreeSet<ItemId> = evidence.iter().map(|id| (*id).clone()).collect();
    if let Some(statement) = statement {
        let reasons = statement.fields.references("reasons").into_iter().filter_map(|reason| match reason.value {
            Reference::Item { id, .. } => Some(id),
            Reference::Control { .. } => None,
        });
        named.extend(reasons);
        named.extend(statement.responsibilities().into_iter().map(|part| part.counterparty));
    }
    for id in manual.canonical(control) {
        named.extend(manual.backlinks(&Entity::Control(id.clone())).iter().filter_map(|backlink| match &backlink.from {
            Entity::Item(item) => Some(item.clone()),
            Entity::Control(_) => None,
        }));
    }
    // A treatment is read beside the risk that it treats.
    let risks: Vec<ItemId> = named.iter().filter_map(|id| manual.row(id)).flat_map(|(_, row)| risks_of(row)).collect();
    named.extend(risks);
    named.retain(|id| !id.is_role() && manual.row(id).is_some());
    named
}

fn risks_of(row: &Row) -> Vec<ItemId> {
    let risks = row.fields.references("risks").into_iter().chain(row.fields.references("risk"));
    risks.filter_map(|risk| if let Reference::Item { id, .. } = risk.value { Some(id) } else { None }).collect()
}
