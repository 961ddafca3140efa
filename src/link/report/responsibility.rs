//! Who does what in the cloud: every cloud control, and every control with cloud guidance, in each relationship (ISO/IEC 27017, CLD.6.3.1).

use std::collections::BTreeMap;

use super::applicability::{soa_controls, titled};
use super::guidance::{CloudGuidance, is_cloud_control};
use super::inheritance::Inheritance;
use super::relationship::{Relationship, Suppliers, relationships, suppliers};
use super::table::{Cell, Column, ColumnKind, Table, TableRow};
use crate::base::word::word;
use crate::link::manual::Manual;
use crate::read::framework::Control;
use crate::read::statement::{Responsibility, Statement};

/// Cloud controls by cloud relationships.
#[derive(Clone, Debug)]
pub struct Matrix<'m> {
    /// Its columns, in order.
    pub relationships: Vec<Relationship<'m>>,
    /// Its rows, in the order of the Statement of Applicability.
    pub rows: Vec<MatrixRow<'m>>,
}

/// A control in every relationship.
#[derive(Clone, Debug)]
pub struct MatrixRow<'m> {
    /// The control.
    pub control: &'m Control,
    /// Its statement.
    pub statement: &'m Statement,
    /// As many as there are relationships.
    pub shares: Vec<Share>,
}

/// What is said of a control in one relationship.
#[derive(Clone, Debug)]
pub enum Share {
    /// Who does what.
    Stated(Vec<Responsibility>),
    /// The supplier carries it out, and nothing more is said.
    Inherited,
    /// Nothing, though the relationship asks for it.
    Gap,
    /// Nothing, and nothing is missing.
    Nothing,
}

/// The matrix of a view: applicable cloud controls, applicable controls with cloud guidance, and others that name a responsibility.
pub fn matrix(manual: &Manual) -> Matrix<'_> {
    let guidance = CloudGuidance::of(manual);
    let inheritance = Inheritance::of(manual);
    let relationships = relationships(manual);
    let by_id: Suppliers<'_> = suppliers(manual).map(|(place, row)| (&row.id, (place, row))).collect();
    let rows = soa_controls(manual).filter_map(|control| {
        // Where two editions are in use, a statement may decide a control of each; its duties are told once.
        let statement = manual.statement(control).filter(|statement| statement.control == control.id)?;
        statement.applicable().filter(|applicable| *applicable)?;
        let mut stated: BTreeMap<Relationship<'_>, Vec<Responsibility>> = BTreeMap::new();
        for part in statement.responsibilities() {
            stated.entry(Relationship::of(&by_id, part.role, &part.counterparty)).or_default().push(part);
        }
        (guidance.is_given(control) || !stated.is_empty()).then_some(())?;
        let is_cloud = is_cloud_control(control);
        let shares = relationships.iter().map(|relationship| {
            let parts = stated.remove(relationship).unwrap_or_default();
            let inherits = || relationship.supplier().is_some_and(|row| inheritance.is_inherited(control, row));
            let asked = || match is_cloud {
                true => relationship.asks_for_cloud_controls(),
                false => guidance.is_given(control) && relationship.asks_for_guidance(),
            };
            match () {
                () if !parts.is_empty() => Share::Stated(parts),
                () if inherits() => Share::Inherited,
                () if asked() => Share::Gap,
                () => Share::Nothing,
            }
        });
        Some(MatrixRow { control, statement, shares: shares.collect() })
    });
    let rows = rows.collect();
    Matrix { relationships, rows }
}

impl<'m> Matrix<'m> {
    /// Who owns each control in each relationship, at a glance: a row a control, a column a relationship.
    pub fn overview(&self) -> Table {
        let mut columns = head();
        columns.extend(self.relationships.iter().map(|relationship| Column::about("share", relationship.title(), ColumnKind::State)));
        let cell = |share: &Share| match share {
            Share::Stated(parts) => match parts.as_slice() {
                [one] => Cell::Word(one.ownership),
                parts => Cell::list(parts.iter().map(|part| Cell::Word(part.ownership)).collect()),
            },
            Share::Inherited => Cell::Phrase(word!("Inherited").into()),
            Share::Gap => GAP,
            Share::Nothing => Cell::Empty,
        };
        let rows = self.rows.iter().map(|row| TableRow {
            id: format!("overview/{}", row.control.id),
            cells: named(row.control).into_iter().chain(row.shares.iter().map(cell)).collect(),
        });
        let rows = rows.collect();
        Table { name: "responsibility-overview", title: word!("Ownership in the cloud"), columns, rows }.without_empty_columns()
    }

    /// Who does what: a row for each control and relationship of which something is said or missing.
    pub fn duties(&self) -> Table {
        let mut columns = head();
        columns.extend([
            Column::new("role", word!("Our role"), ColumnKind::State),
            Column::new("counterparty", word!("Counterparty"), ColumnKind::Id),
            Column::new("ownership", word!("Ownership"), ColumnKind::State),
            Column::new("ours", word!("We do"), ColumnKind::Prose),
            Column::new("theirs", word!("They do"), ColumnKind::Prose),
        ]);
        let mut rows = Vec::new();
        for row in &self.rows {
            for (relationship, share) in self.relationships.iter().zip(&row.shares) {
                for cells in duty(share) {
                    let id = format!("{}-{}", row.control.id, rows.len() + 1);
                    let sides = [Cell::Word(relationship.role), relationship.cell()];
                    rows.push(TableRow { id, cells: named(row.control).into_iter().chain(sides).chain(cells).collect() });
                }
            }
        }
        Table { name: "responsibilities", title: word!("Responsibilities in the cloud"), columns, rows }
    }

    /// The duties of one relationship, by its place among the columns: a row a control.
    pub fn of_relationship(&self, place: usize) -> Table {
        let mut columns = head();
        columns.extend([
            Column::new("ownership", word!("Ownership"), ColumnKind::State),
            Column::new("ours", word!("We do"), ColumnKind::Prose),
            Column::new("theirs", word!("They do"), ColumnKind::Prose),
        ]);
        let mut rows = Vec::new();
        for row in &self.rows {
            for cells in row.shares.get(place).into_iter().flat_map(duty) {
                let id = format!("{place}/{}-{}", row.control.id, rows.len() + 1);
                rows.push(TableRow { id, cells: named(row.control).into_iter().chain(cells).collect() });
            }
        }
        Table { name: "relationship", title: word!("Responsibilities"), columns, rows }
    }

    /// What our customers have to do, and what we do for them, in words made for them: the rows of the relationship with customers.
    pub fn for_customers(&self) -> Table {
        let mut columns = head();
        columns.extend([
            Column::new("duty", word!("Whose duty"), ColumnKind::State),
            Column::new("theirs", word!("You do"), ColumnKind::Prose),
            Column::new("ours", word!("We do"), ColumnKind::Prose),
        ]);
        let place = self.relationships.iter().position(Relationship::is_with_customers);
        let mut rows = Vec::new();
        for row in &self.rows {
            let Some(Share::Stated(parts)) = place.and_then(|place| row.shares.get(place)) else { continue };
            for part in parts {
                let duty = match part.ownership {
                    "ours" => word!("Ours"),
                    "theirs" => word!("Yours"),
                    "shared" => word!("Shared"),
                    _ => word!("Our supplier"),
                };
                let cells = [Cell::Phrase(duty.into()), Cell::prose(part.theirs.as_ref()), Cell::prose(part.ours.as_ref())];
                let id = format!("customers/{}-{}", row.control.id, rows.len() + 1);
                rows.push(TableRow { id, cells: named(row.control).into_iter().chain(cells).collect() });
            }
        }
        Table { name: "customer-responsibilities", title: word!("Responsibilities of our customers"), columns, rows }
    }

    /// How many gaps there are in a relationship, by its place among the columns.
    pub fn gaps(&self, place: usize) -> usize {
        self.rows.iter().filter(|row| matches!(row.shares.get(place), Some(Share::Gap))).count()
    }
}

const GAP: Cell = Cell::Mark("open", word!("Gap"));

fn head() -> Vec<Column> {
    vec![Column::new("control", word!("Control"), ColumnKind::Id), Column::new("title", word!("Title"), ColumnKind::Words)]
}

fn named(control: &Control) -> [Cell; 2] {
    [Cell::control(&control.id), Cell::Phrase(titled(control))]
}

/// Ownership, our duty and theirs: once for each responsibility, and once for what is inherited or missing.
fn duty(share: &Share) -> Vec<[Cell; 3]> {
    match share {
        Share::Stated(parts) => parts
            .iter()
            .map(|part| [Cell::Word(part.ownership), Cell::prose(part.ours.as_ref()), Cell::prose(part.theirs.as_ref())])
            .collect(),
        Share::Inherited => vec![[Cell::Phrase(word!("Inherited").into()), Cell::Empty, Cell::Empty]],
        Share::Gap => vec![[GAP, Cell::Empty, Cell::Empty]],
        Share::Nothing => Vec::new(),
    }
}
