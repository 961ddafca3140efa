//! The Statement of Applicability (ISO/IEC 27001:2022, 6.1.3 d): for each control whether it applies, why, how it is met, by whom, where that is written
//! and what shows it.

use std::collections::BTreeSet;

use super::guidance::CloudGuidance;
use super::table::{Cell, Column, ColumnKind, Table, TableRow};
use crate::base::id::{ControlId, EditionId, ItemId, Reference};
use crate::base::word::{Phrase, phrase, word};
use crate::link::index::Destination;
use crate::link::manual::Manual;
use crate::read::framework::{Catalogue, Control};
use crate::read::statement::Statement;
use crate::read::value::Record;

/// The Statement of Applicability as a table, a row a control, whether a statement decides it yet or not.
pub fn statement_of_applicability(manual: &Manual) -> Table {
    let [status, cloud] = soa_columns();
    let columns = vec![
        Column::new("control", word!("Control"), ColumnKind::Id),
        Column::new("title", word!("Title"), ColumnKind::Words),
        Column::new("catalogue", word!("Catalogue"), ColumnKind::Words),
        Column::new("applicable", word!("Applicable"), ColumnKind::State),
        cloud,
        Column::new("reasons", word!("Reasons"), ColumnKind::Id),
        status,
        Column::new("implementation", word!("How it is met"), ColumnKind::Prose),
        Column::new("exclusion", word!("Why it is excluded"), ColumnKind::Prose),
        Column::new("owner", word!("Owner"), ColumnKind::Id),
        Column::new("documents", word!("Documents"), ColumnKind::Id),
        Column::new("evidence", word!("Evidence"), ColumnKind::Id),
    ];
    let guidance = CloudGuidance::of(manual);
    let rows = soa_controls(manual).map(|control| {
        let statement = manual.statement(control);
        let fields = statement.map(|statement| &statement.fields);
        let applicable = statement.and_then(Statement::applicable);
        let prose = |key: &str, when: bool| Cell::prose(fields.filter(|_| (applicable == Some(true)) == when).and_then(|f| f.prose(key)));
        TableRow {
            id: control.id.to_string(),
            cells: vec![
                Cell::control(&control.id),
                Cell::Phrase(titled(control)),
                manual.view.catalogues.edition(&control.id.edition).map_or(Cell::Empty, |catalogue| Cell::Text(catalogue.title.clone())),
                applicable.map_or(Cell::Empty, Cell::Flag),
                statement.and_then(|statement| guidance.role(control, statement)).map_or(Cell::Empty, |role| role.cell()),
                fields.map_or(Cell::Empty, reasons),
                implementation_status(manual, statement),
                prose("implementation", true),
                prose("justification", false),
                fields.and_then(|fields| fields.item("owner")).map_or(Cell::Empty, Cell::item),
                Cell::list(documents_of(manual, control).into_iter().map(Cell::Reference).collect()),
                evidence_of(manual, control),
            ],
        }
    });
    let rows = rows.collect();
    Table { name: "soa", title: word!("Statement of Applicability"), columns, rows }.without_empty_columns()
}

/// The columns of the status and of the role in which guidance on cloud services applies.
pub fn soa_columns() -> [Column; 2] {
    [Column::new("status", word!("Status"), ColumnKind::State), Column::new("cloud", word!("Cloud guidance for us as"), ColumnKind::State)]
}

/// The controls of the Statement of Applicability: Annex A, then the cloud controls of ISO/IEC 27017 in use, then every other control that a statement
/// finds necessary (ISO/IEC 27001:2022, 6.1.3 c): of another framework in use, or of a catalogue of the project's own. Clauses are no controls.
/// None for the readers of a trust site that shows no statement at all: customers would read that nothing is decided.
pub fn soa_controls(manual: &Manual) -> impl Iterator<Item = &Control> {
    let catalogues = &manual.view.catalogues;
    let is_shown = manual.view.trust().is_none() || !manual.view.statements.is_empty();
    let decided: BTreeSet<&ControlId> = manual.view.statements.iter().map(|statement| &statement.control).collect();
    let of = |framework: &'static str| catalogues.in_use().filter(move |catalogue| catalogue.id.framework.as_ref() == framework);
    let asked = of("iso27001").chain(of("iso27017")).flat_map(|catalogue| &catalogue.controls).filter(|control| is_soa_control(control));
    let own = catalogues.all().filter(|catalogue| catalogue.own && !catalogues.is_in_use(&catalogue.id));
    let further = catalogues.in_use().chain(own).flat_map(|catalogue| &catalogue.controls).filter(move |control| {
        let is_control = control.kind != "clause" && control.alias_of.is_empty() && !control.withdrawn;
        is_control && !is_soa_control(control) && decided.contains(&control.id)
    });
    asked.chain(further).filter(move |_| is_shown)
}

/// Whether controls of an edition stand in the Statement of Applicability.
pub fn is_soa_framework(edition: &EditionId) -> bool {
    matches!(edition.framework.as_ref(), "iso27001" | "iso27017")
}

/// Whether a control is one that every Statement of Applicability decides: no clause, no alias, not withdrawn.
pub fn is_soa_control(control: &Control) -> bool {
    is_soa_framework(&control.id.edition) && control.kind == "control" && control.alias_of.is_empty() && !control.withdrawn
}

/// The part of the Statement of Applicability in which a control stands: a theme of Annex A, else its catalogue.
pub fn theme<'a>(catalogue: &'a Catalogue, control: &Control) -> (&'a str, &'a str) {
    let group = catalogue.groups.iter().find(|group| control.group.as_ref() == Some(&group.id));
    match group.filter(|_| catalogue.id.framework.as_ref() == "iso27001") {
        Some(group) => (&group.id, &group.title),
        None => ("", &catalogue.title),
    }
}

/// Whether the view is the highest, so that what is not in it does not exist.
pub(super) fn is_whole(manual: &Manual) -> bool {
    manual.view.audience.up_to >= manual.view.project.highest()
}

/// How far an applicable control is implemented, as its statement says.
pub fn implementation_status(manual: &Manual, statement: Option<&Statement>) -> Cell {
    match statement.map(|statement| (statement.applicable(), statement.status())) {
        Some((Some(false), _)) => Cell::Mark("not-applicable", word!("Excluded")),
        Some((_, Some("implemented"))) => Cell::Mark("met", word!("Implemented")),
        Some((_, Some("partial"))) => Cell::Mark("in-part", word!("In part")),
        Some((_, Some("planned"))) => Cell::Mark("planned", word!("Planned")),
        // What a lower view does not hold may well be decided.
        None if !is_whole(manual) => Cell::Mark("open", word!("Not published here")),
        _ => Cell::Mark("open", word!("Undecided")),
    }
}

/// The documents and sections that say how a control is met: those that claim it, and those that its statement names. A document as a whole is left out
/// where sections of it are named, which say more.
pub fn documents_of(manual: &Manual, control: &Control) -> Vec<Reference> {
    let claims = manual.claims(control);
    let mut documents: Vec<&ItemId> = Vec::new();
    for claim in &claims {
        if !documents.contains(&&claim.document) {
            documents.push(&claim.document);
        }
    }
    let mut found: Vec<Reference> = Vec::new();
    for id in documents {
        let of_document = || claims.iter().filter(|claim| claim.document == *id);
        let by_section = of_document().any(|claim| claim.section.is_some());
        for claim in of_document().filter(|claim| claim.section.is_some() || !by_section) {
            let reference = Reference::Item { id: id.clone(), section: claim.section.clone() };
            let is_there = matches!(manual.resolve_reference(&reference), Destination::Document { .. });
            if is_there && !found.contains(&reference) {
                found.push(reference);
            }
        }
    }
    found
}

/// What shows that a control is met, each with its date.
pub fn evidence_of(manual: &Manual, control: &Control) -> Cell {
    Cell::list(manual.evidence(control).into_iter().map(|id| evidence(manual, id)).collect())
}

/// A row of evidence with its date.
pub(super) fn evidence(manual: &Manual, id: &ItemId) -> Cell {
    match manual.row(id).and_then(|(_, row)| row.fields.date("date")) {
        Some(date) => Cell::Dated(Box::new(Cell::item(id)), date),
        None => Cell::item(id),
    }
}

/// What a word among the reasons means in full.
pub fn reason_words(word: &str) -> Phrase {
    match word {
        "contract" => word!("contractual").into(),
        "business" => word!("business").into(),
        "best-practice" => word!("best practice").into(),
        word => Phrase::text(word.replace('-', " ")),
    }
}

/// Why a control applies.
pub(super) fn reasons(fields: &Record) -> Cell {
    let reasons = fields.references("reasons").into_iter().map(|spanned| match spanned.value {
        Reference::Item { id, section: None } if id.is_role() => Cell::Phrase(reason_words(id.as_str())),
        reference => Cell::Reference(reference),
    });
    Cell::list(reasons.collect())
}

/// A control's title, with a mark where it is not confirmed.
pub fn titled(control: &Control) -> Phrase {
    match &control.unconfirmed {
        Some(_) => phrase!("{title} (unconfirmed)", title = &control.title),
        None => Phrase::Text(control.title.clone()),
    }
}
