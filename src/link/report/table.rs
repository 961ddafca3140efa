//! Tables as data, for every renderer.

use std::sync::Arc;

use jiff::civil::Date;

use crate::base::id::{ControlId, ItemId, Reference};
use crate::link::state::State;
use crate::read::tree::Body;
use crate::read::value::Record;

/// A table as data.
#[derive(Clone, Debug)]
pub struct Table {
    /// A word for file names: `soa`, `suppliers`.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Its columns; the first names the row.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<TableRow>,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// A word for class names.
    pub key: &'static str,
    /// The words over it.
    pub label: &'static str,
    /// What its cells hold, which decides width and alignment.
    pub kind: ColumnKind,
}

impl Column {
    /// A column.
    pub(super) fn new(key: &'static str, label: &'static str, kind: ColumnKind) -> Self {
        Column { key, label, kind }
    }
}

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Identifiers: narrow, unbroken.
    Id,
    /// A few words.
    Words,
    /// Sentences: wide.
    Prose,
    /// Dates.
    Date,
    /// Figures, aligned to the right.
    Number,
    /// A state or another word of a fixed list.
    State,
}

/// A row.
#[derive(Clone, Debug)]
pub struct TableRow {
    /// What it is about: its anchor.
    pub id: String,
    /// As many as there are columns.
    pub cells: Vec<Cell>,
}

/// A cell.
#[derive(Clone, Debug)]
pub enum Cell {
    /// Nothing is said.
    Empty,
    /// Plain words.
    Text(Arc<str>),
    /// Markdown.
    Prose(Arc<Body>),
    /// A date.
    Date(Date),
    /// A figure.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// A word of a fixed list: `modify`, `in-progress`.
    Word(&'static str),
    /// How far a control is met.
    State(State),
    /// A link to what this names.
    Reference(Reference),
    /// Several, one below the other.
    List(Vec<Cell>),
    /// Words before a cell: "We: ...".
    Labelled(Arc<str>, Box<Cell>),
}

impl Cell {
    pub(super) fn text(text: Option<&Arc<str>>) -> Cell {
        text.map_or(Cell::Empty, |text| Cell::Text(text.clone()))
    }

    pub(super) fn date(date: Option<Date>) -> Cell {
        date.map_or(Cell::Empty, Cell::Date)
    }

    pub(super) fn prose(body: Option<&Arc<Body>>) -> Cell {
        body.map_or(Cell::Empty, |body| Cell::Prose(body.clone()))
    }

    /// A link to an item.
    pub fn item(id: &ItemId) -> Cell {
        Cell::Reference(Reference::Item { id: id.clone(), section: None })
    }

    /// A link to a control.
    pub fn control(id: &ControlId) -> Cell {
        Cell::Reference(Reference::Control { edition: id.edition.clone(), control: id.control.clone() })
    }

    pub(super) fn list(cells: Vec<Cell>) -> Cell {
        if cells.is_empty() { Cell::Empty } else { Cell::List(cells) }
    }

    pub(super) fn references(record: &Record, key: &str) -> Cell {
        Cell::list(record.references(key).into_iter().map(|spanned| Cell::Reference(spanned.value)).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Cell::Empty)
    }
}

impl Table {
    /// The table less the columns that no row fills.
    pub(super) fn without_empty_columns(mut self) -> Table {
        let filled: Vec<bool> =
            (0..self.columns.len()).map(|index| index == 0 || self.rows.iter().any(|row| !row.cells[index].is_empty())).collect();
        let mut keep = filled.iter();
        self.columns.retain(|_| *keep.next().unwrap_or(&true));
        for row in &mut self.rows {
            let mut keep = filled.iter();
            row.cells.retain(|_| *keep.next().unwrap_or(&true));
        }
        self
    }
}
