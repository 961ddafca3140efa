//! What is inherited from whom: controls that a supplier carries out for us, with the certificate and the evidence that show it.

use std::collections::BTreeMap;

use super::applicability::{evidence, titled};
use super::relationship::suppliers;
use super::table::{Cell, Column, ColumnKind, Table, TableRow};
use crate::base::id::{ControlId, ItemId, Reference};
use crate::base::word::word;
use crate::link::manual::Manual;
use crate::read::framework::Control;
use crate::read::register::Row;
use crate::read::value::Value;

/// For every supplier, the controls that are inherited from it.
#[derive(Clone, Debug, Default)]
pub struct Inheritance<'m> {
    by_supplier: Vec<(&'m Row, Vec<&'m Control>)>,
    by_control: BTreeMap<&'m ControlId, Vec<&'m Row>>,
}

impl<'m> Inheritance<'m> {
    /// What the suppliers of a view say under `inherits`. Another name of a control stands for the control.
    pub fn of(manual: &'m Manual) -> Self {
        let mut inheritance = Inheritance::default();
        for (_, row) in suppliers(manual) {
            let mut controls: Vec<&Control> = Vec::new();
            for reference in row.fields.references("inherits") {
                let named = manual.control_named(&reference.value).map(|control| manual.canonical(control)).unwrap_or_default();
                for control in named.iter().filter_map(|id| manual.control(id)) {
                    if !controls.iter().any(|known| known.id == control.id) {
                        controls.push(control);
                    }
                }
            }
            if !controls.is_empty() {
                for control in &controls {
                    inheritance.by_control.entry(&control.id).or_default().push(row);
                }
                inheritance.by_supplier.push((row, controls));
            }
        }
        inheritance
    }

    /// Whether a control is inherited from a supplier.
    pub fn is_inherited(&self, control: &Control, supplier: &Row) -> bool {
        self.by_control.get(&control.id).is_some_and(|rows| rows.iter().any(|row| row.id == supplier.id))
    }

    /// The suppliers from which a control, or what it is another name of, is inherited.
    pub fn suppliers_of(&self, manual: &Manual, control: &Control) -> Vec<&'m Row> {
        manual.canonical(control).iter().filter_map(|id| self.by_control.get(id)).flatten().copied().collect()
    }

    /// The suppliers from which something is inherited, with the controls, in the order of the register.
    pub fn suppliers(&self) -> impl Iterator<Item = (&'m Row, &[&'m Control])> {
        self.by_supplier.iter().map(|(row, controls)| (*row, controls.as_slice()))
    }
}

/// Whether a supplier has a certificate that is valid on the day: what is inherited on one that is not, is shown by nothing.
pub fn is_certified(manual: &Manual, supplier: &Row) -> bool {
    let named = !supplier.fields.list("certificates").is_empty();
    named && supplier.fields.date("certificates_expire").is_some_and(|until| until >= manual.today)
}

/// What is inherited from whom as a table: a row for each supplier and control.
pub fn inheritance(manual: &Manual) -> Table {
    let inheritance = Inheritance::of(manual);
    let pairs = inheritance.suppliers().flat_map(|(row, controls)| controls.iter().map(move |control| (row, *control)));
    table(manual, pairs)
}

impl Inheritance<'_> {
    /// From whom one control is inherited, as a table like that of all.
    pub fn of_control(&self, manual: &Manual, control: &Control) -> Table {
        let canonical = manual.canonical(control);
        let controls = canonical.iter().filter_map(|id| manual.control(id));
        let rows = |control: &Control| self.by_control.get(&control.id).map_or(&[][..], Vec::as_slice);
        table(manual, controls.flat_map(|control| rows(control).iter().map(move |row| (*row, control))))
    }
}

fn table<'a>(manual: &Manual, pairs: impl Iterator<Item = (&'a Row, &'a Control)>) -> Table {
    let columns = vec![
        Column::new("control", word!("Control"), ColumnKind::Id),
        Column::new("title", word!("Title"), ColumnKind::Words),
        Column::new("supplier", word!("Inherited from"), ColumnKind::Id),
        Column::new("certificates", word!("Certificates"), ColumnKind::Words),
        Column::new("certificates_expire", word!("Valid until"), ColumnKind::Date),
        Column::new("evidence", word!("Evidence"), ColumnKind::Id),
        Column::new("ours", word!("What stays with us"), ColumnKind::Prose),
    ];
    let rows = pairs.map(|(row, control)| TableRow {
        id: format!("inherited/{}-{}", row.id, control.id),
        cells: vec![
            Cell::control(&control.id),
            Cell::Phrase(titled(control)),
            Cell::item(&row.id),
            certificates(row),
            valid_until(manual, row),
            Cell::list(shows(manual, row, control)),
            our_part(manual, row, control),
        ],
    });
    Table { name: "inheritance", title: word!("Inherited controls"), columns, rows: rows.collect() }.without_empty_columns()
}

/// The last day of the certificates, with a word where it has passed: paper and spreadsheets have no script that says so.
fn valid_until(manual: &Manual, row: &Row) -> Cell {
    let Some(date) = row.fields.date("certificates_expire") else { return Cell::Mark("open", word!("No date")) };
    if date < manual.today { Cell::List(vec![Cell::Date(date), Cell::Mark("failed", word!("Expired"))]) } else { Cell::Date(date) }
}

fn certificates(row: &Row) -> Cell {
    let texts = row.fields.list("certificates").iter();
    let texts = texts.filter_map(|item| if let Value::Text(text) = &item.value { Some(Cell::Text(text.clone())) } else { None });
    match Cell::list(texts.collect()) {
        Cell::Empty => Cell::Mark("open", word!("None")),
        cell => cell,
    }
}

/// The supplier's evidence: rows that also show the control, and all of them where none does.
fn shows(manual: &Manual, row: &Row, control: &Control) -> Vec<Cell> {
    let of_control = manual.evidence(control);
    let named: Vec<ItemId> = row
        .fields
        .references("evidence")
        .into_iter()
        .filter_map(|spanned| match spanned.value {
            Reference::Item { id, .. } if manual.row(&id).is_some() => Some(id),
            _ => None,
        })
        .collect();
    let both: Vec<&ItemId> = named.iter().filter(|id| of_control.contains(id)).collect();
    let shown = if both.is_empty() { named.iter().collect() } else { both };
    shown.into_iter().map(|id| evidence(manual, id)).collect()
}

/// What we do ourselves for a control that a supplier carries out.
fn our_part(manual: &Manual, row: &Row, control: &Control) -> Cell {
    let responsibilities = manual.statement(control).map(|statement| statement.responsibilities()).unwrap_or_default();
    let ours = responsibilities.into_iter().filter(|part| part.role == "customer" && part.counterparty == row.id);
    let cells: Vec<Cell> = ours.filter_map(|part| part.ours.map(Cell::Prose)).collect();
    match cells.as_slice() {
        [one] => one.clone(),
        _ => Cell::list(cells),
    }
}
