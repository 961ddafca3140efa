//! The documented information that ISO/IEC 27001:2022 asks for by name, and what of it there is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Standing, has_come, reference, references};
use crate::base::id::{ItemId, Reference};
use crate::base::word::{Word, word};
use crate::link::manual::Manual;
use crate::read::document::Document;
use crate::read::framework::{Catalogue, Control};
use crate::read::register::Row;

/// Something that a clause asks to be kept as documented information.
#[derive(Clone, Copy, Debug)]
pub struct Mandatory {
    /// The clause.
    pub clause: &'static str,
    /// What is kept.
    pub what: Word,
    /// The register whose rows are it; empty where only a text can be.
    pub register: &'static str,
    /// Whether a document of any type can be it. Else it is a record: rows of the register, or a document of type record.
    pub document: bool,
}

const fn text(clause: &'static str, what: Word) -> Mandatory {
    Mandatory { clause, what, register: "", document: true }
}

const fn record(clause: &'static str, what: Word, register: &'static str) -> Mandatory {
    Mandatory { clause, what, register, document: false }
}

const fn either(clause: &'static str, what: Word, register: &'static str) -> Mandatory {
    Mandatory { clause, what, register, document: true }
}

/// What the clauses ask for, in their order. docs/readiness.md gives the reasons.
pub const MANDATORY: &[Mandatory] = &[
    text("4.3", word!("The scope of the management system")),
    text("5.2", word!("The information security policy")),
    text("6.1.2", word!("How risks are assessed")),
    text("6.1.3", word!("How risks are treated")),
    either("6.2", word!("The information security objectives"), "objectives"),
    record("7.2", word!("Evidence of competence"), "competence"),
    text("7.5", word!("How documents are written, approved and kept")),
    text("8.1", word!("How the processes are planned and controlled")),
    record("8.2", word!("Results of the risk assessment"), "risks"),
    record("8.3", word!("Results of the risk treatment"), "treatments"),
    record("9.1", word!("Results of monitoring and measurement"), "objectives"),
    record("9.2", word!("Audit programme and results of internal audits"), "audits"),
    record("9.3", word!("Results of management reviews"), "management-reviews"),
    either("10.2", word!("Nonconformities, actions and their results"), "nonconformities"),
];

/// What there is of one thing that is asked for.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// Approved documents and sections.
    pub approved: Vec<Reference>,
    /// Documents and sections that are written and not approved.
    pub drafts: Vec<Reference>,
    /// Those of documents that are no longer in force.
    pub retired: Vec<Reference>,
    /// Rows of a register.
    pub rows: Vec<Reference>,
    /// Rows of what is only planned.
    pub planned: Vec<Reference>,
}

impl Kept {
    /// How it stands.
    pub fn standing(&self) -> Standing {
        if !self.rows.is_empty() || !self.approved.is_empty() {
            Standing::There
        } else if !self.drafts.is_empty() {
            Standing::Draft
        } else if !self.planned.is_empty() {
            Standing::Due
        } else {
            Standing::Missing
        }
    }
}

/// What there is of something that a clause asks for: documents and sections that claim the clause, a part of it or what it is a part of; or rows.
pub fn kept(manual: &Manual, edition: &Catalogue, asked: &Mandatory) -> Kept {
    let mut kept = Kept::default();
    for document in claiming(manual, edition, asked.clause) {
        if !asked.document && document.0.kind != "record" {
            continue;
        }
        let list = match document.0.status {
            "retired" => &mut kept.retired,
            _ if is_in_force(document.0, manual) => &mut kept.approved,
            _ => &mut kept.drafts,
        };
        list.extend(document.1);
    }
    let rows = |keep: &dyn Fn(&&Row) -> bool| references(manual.rows(asked.register).filter(keep));
    match asked.clause {
        "9.1" => kept.rows = rows(&|row| super::stage2::is_measured(row, manual)),
        "9.2" => {
            let internal = |row: &&Row| row.fields.word("kind") == Some("internal");
            kept.rows = rows(&|row| internal(row) && has_come(row.fields.date("done"), manual));
            kept.planned = rows(&|row| internal(row) && row.fields.date("planned").is_some_and(|date| date >= manual.today));
        }
        "9.3" => {
            kept.rows = rows(&|row| has_come(row.fields.date("date"), manual));
            kept.planned = rows(&|row| !has_come(row.fields.date("date"), manual));
        }
        // Where every risk is retained there is nothing to treat: the decisions are the result.
        "8.3" if manual.rows("treatments").next().is_none() => {
            let retained = manual.rows("risks").all(|row| row.fields.word("decision") == Some("retain"));
            kept.rows = references(manual.rows("risks").filter(|_| retained));
        }
        _ if !asked.register.is_empty() => kept.rows = rows(&|_| true),
        _ => {}
    }
    kept
}

/// Whether a document is approved: its status says so, and its date has come.
pub(super) fn is_in_force(document: &Document, manual: &Manual) -> bool {
    has_come(document.approved, manual) && manual.is_in_force(&document.id, manual.today)
}

/// The documents that claim a clause, a part of it, or what it is a part of, in the manual's order, each with the sections that do; with itself where
/// its front matter does.
pub(super) fn claiming<'a>(manual: &'a Manual, edition: &'a Catalogue, clause: &str) -> Vec<(&'a Document, Vec<Reference>)> {
    let mut claims: BTreeMap<&ItemId, BTreeSet<Option<&Arc<str>>>> = BTreeMap::new();
    for claim in related(edition, clause).into_iter().flat_map(|control| manual.claims(control)) {
        claims.entry(&claim.document).or_default().insert(claim.section.as_ref());
    }
    let documents = manual.view.documents.iter().filter_map(|document| Some((document.as_ref(), claims.get(&document.id)?)));
    documents
        .map(|(document, sections)| {
            if sections.contains(&None) {
                return (document, vec![reference(&document.id)]);
            }
            let in_order = manual.sections(&document.id).iter().filter(|section| sections.contains(&Some(&section.id)));
            let sections = in_order.map(|section| Reference::Item { id: document.id.clone(), section: Some(section.id.clone()) });
            (document, sections.collect())
        })
        .collect()
}

/// A clause, its parts, and what it is a part of.
fn related<'a>(edition: &'a Catalogue, clause: &str) -> Vec<&'a Control> {
    let is_below = |control: &Control| ancestors(edition, control).any(|above| above.id.control.as_ref() == clause);
    let own = edition.control(clause);
    let above = own.into_iter().flat_map(|own| ancestors(edition, own));
    let below = edition.controls.iter().filter(|control| is_below(control));
    own.into_iter().chain(below).chain(above).collect()
}

/// What a control is a part of, the nearest first. A catalogue that goes round in a circle ends the walk.
pub(super) fn ancestors<'a>(edition: &'a Catalogue, control: &'a Control) -> impl Iterator<Item = &'a Control> {
    let parent = |control: &&'a Control| edition.control(control.parent.as_deref()?);
    std::iter::successors(parent(&control), parent).take(8)
}
