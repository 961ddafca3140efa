//! The Statement of Applicability, and who does what in the cloud.

use std::sync::Arc;

use super::table::{Cell, Column, ColumnKind, Table, TableRow};
use crate::base::id::{EditionId, ItemId, Reference};
use crate::link::manual::Manual;
use crate::read::framework::Control;
use crate::read::value::Record;

/// The Statement of Applicability: every control of ISO/IEC 27001 Annex A, and every cloud control of ISO/IEC 27017 in use, whether a
/// statement decides it yet or not (ISO/IEC 27001:2022, 6.1.3 d).
pub fn statement_of_applicability(manual: &Manual) -> Table {
    let columns = vec![
        Column::new("control", "Control", ColumnKind::Id),
        Column::new("title", "Title", ColumnKind::Words),
        Column::new("applicable", "Applicable", ColumnKind::State),
        Column::new("reasons", "Reasons", ColumnKind::Id),
        Column::new("status", "Status", ColumnKind::State),
        Column::new("implementation", "Implementation", ColumnKind::Prose),
        Column::new("owner", "Owner", ColumnKind::Id),
        Column::new("documents", "Documents", ColumnKind::Id),
        Column::new("evidence", "Evidence", ColumnKind::Id),
    ];
    let rows = soa_controls(manual).map(|control| {
        let statement = manual.statement(control);
        let fields = statement.map(|statement| &statement.fields);
        let applicable = statement.and_then(|statement| statement.applicable());
        // An exclusion says why in the place where an applicable control says how.
        let prose = fields.and_then(|fields| fields.prose(if applicable == Some(false) { "justification" } else { "implementation" }));
        TableRow {
            id: control.id.to_string(),
            cells: vec![
                Cell::control(&control.id),
                Cell::Text(titled(control)),
                applicable.map_or(Cell::Empty, Cell::Flag),
                fields.map_or(Cell::Empty, reasons),
                Cell::State(manual.state(control)),
                Cell::prose(prose),
                fields.and_then(|fields| fields.item("owner")).map_or(Cell::Empty, Cell::item),
                fields.map_or(Cell::Empty, |fields| Cell::references(fields, "documents")),
                fields.map_or(Cell::Empty, |fields| Cell::references(fields, "evidence")),
            ],
        }
    });
    let rows = rows.collect();
    Table { name: "soa", title: "Statement of Applicability", columns, rows }.without_empty_columns()
}

/// The controls that a Statement of Applicability decides, in the order of the editions in use.
pub fn soa_controls(manual: &Manual) -> impl Iterator<Item = &Control> {
    let editions = manual.view.catalogues.in_use().filter(|catalogue| is_soa_framework(&catalogue.id));
    editions.flat_map(|catalogue| catalogue.controls.iter()).filter(|control| is_soa_control(control))
}

/// Whether controls of an edition stand in the Statement of Applicability.
pub fn is_soa_framework(edition: &EditionId) -> bool {
    matches!(edition.framework.as_ref(), "iso27001" | "iso27017")
}

/// Whether a control is one that the Statement of Applicability decides: no clause, no alias, not withdrawn.
pub fn is_soa_control(control: &Control) -> bool {
    is_soa_framework(&control.id.edition) && control.kind == "control" && control.alias_of.is_empty() && !control.withdrawn
}

fn reasons(fields: &Record) -> Cell {
    let reasons = fields.references("reasons").into_iter().map(|spanned| match spanned.value {
        Reference::Item { id, section: None } if id.is_role() => Cell::Text(id.as_str().replace('-', " ").into()),
        reference => Cell::Reference(reference),
    });
    Cell::list(reasons.collect())
}

/// A control's title, with a mark where it is not confirmed.
pub fn titled(control: &Control) -> Arc<str> {
    match &control.unconfirmed {
        Some(_) => format!("{} (unconfirmed)", control.title).into(),
        None => control.title.clone(),
    }
}

/// Who does what, over all statements: one row a relationship.
pub fn responsibilities(manual: &Manual) -> Table {
    let columns = vec![
        Column::new("control", "Control", ColumnKind::Id),
        Column::new("title", "Title", ColumnKind::Words),
        Column::new("role", "Our role", ColumnKind::State),
        Column::new("counterparty", "Counterparty", ColumnKind::Id),
        Column::new("ownership", "Ownership", ColumnKind::State),
        Column::new("ours", "We do", ColumnKind::Prose),
        Column::new("theirs", "They do", ColumnKind::Prose),
    ];
    let mut rows = Vec::new();
    for control in soa_controls(manual) {
        // Where two editions are in use, a statement may decide a control of each; its duties are told once.
        let Some(statement) = manual.statement(control).filter(|statement| statement.control == control.id) else { continue };
        for (index, responsibility) in statement.responsibilities().into_iter().enumerate() {
            rows.push(TableRow {
                id: format!("{}-{}", control.id, index + 1),
                cells: vec![
                    Cell::control(&control.id),
                    Cell::Text(titled(control)),
                    Cell::Word(responsibility.role),
                    counterparty(&responsibility.counterparty),
                    Cell::Word(responsibility.ownership),
                    Cell::prose(responsibility.ours.as_ref()),
                    Cell::prose(responsibility.theirs.as_ref()),
                ],
            });
        }
    }
    Table { name: "responsibilities", title: "Responsibilities in the cloud", columns, rows }
}

/// A counterparty as a cell: `customers` is a word, a supplier a link.
pub fn counterparty(id: &ItemId) -> Cell {
    if id.is_role() { Cell::Text(id.as_str().into()) } else { Cell::item(id) }
}
