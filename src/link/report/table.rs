//! Tables as data, for every renderer.

use std::sync::Arc;

use jiff::civil::Date;

use crate::base::id::{ControlId, ItemId, Reference};
use crate::base::word::{Phrase, Word};
use crate::link::state::State;
use crate::read::tree::Body;
use crate::read::value::Classification;

/// A table as data.
#[derive(Clone, Debug)]
pub struct Table {
    /// A word for file names: `soa`, `suppliers`.
    pub name: &'static str,
    /// Its title.
    pub title: Word,
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
    /// The words over it: the report's own, or the name of what the column is about.
    pub label: Phrase,
    /// What its cells hold, which decides width and alignment.
    pub kind: ColumnKind,
}

impl Column {
    /// A column.
    pub(super) fn new(key: &'static str, label: Word, kind: ColumnKind) -> Self {
        Column { key, label: label.into(), kind }
    }

    /// A column that is about somebody, who may have a name of their own.
    pub(super) fn about(key: &'static str, label: Phrase, kind: ColumnKind) -> Self {
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
    /// A classification, by its name in the project.
    Classification(Classification),
    /// A word of a fixed list: `modify`, `in-progress`.
    Word(&'static str),
    /// How far a control is met.
    State(State),
    /// Fixed words, with values at their places.
    Phrase(Phrase),
    /// Words with the shape of a state, by its key: `open`, and the words for a gap.
    Mark(&'static str, Word),
    /// A link to what this names.
    Reference(Reference),
    /// A cell, and the date that it is of: a row of evidence.
    Dated(Box<Cell>, Date),
    /// Several, one below the other.
    List(Vec<Cell>),
    /// A field of a record before its value, by its key: `value`.
    Labelled(Arc<str>, Box<Cell>),
    /// Words before a cell: "We do: ...".
    Titled(Phrase, Box<Cell>),
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

    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Cell::Empty)
    }
}

impl Table {
    /// The rows that `keep` keeps.
    pub fn filtered(mut self, keep: impl Fn(&TableRow) -> bool) -> Table {
        self.rows.retain(|row| keep(row));
        self
    }

    /// The table less a column.
    pub fn without(mut self, key: &str) -> Table {
        let Some(place) = self.columns.iter().position(|column| column.key == key) else { return self };
        self.columns.remove(place);
        for row in self.rows.iter_mut().filter(|row| row.cells.len() > place) {
            row.cells.remove(place);
        }
        self
    }

    /// The table with two columns in one, for a page that has no room for both: where a cell of `into` is empty, that of `from` takes its place.
    pub fn folded(mut self, from: &str, into: &str) -> Table {
        let place = |key: &str| self.columns.iter().position(|column| column.key == key);
        let (Some(from_place), Some(into_place)) = (place(from), place(into)) else { return self };
        let label = self.columns[from_place].label.clone();
        for row in &mut self.rows {
            if row.cells[into_place].is_empty() && !row.cells[from_place].is_empty() {
                let from = std::mem::replace(&mut row.cells[from_place], Cell::Empty);
                row.cells[into_place] = Cell::Titled(label.clone(), Box::new(from));
            }
        }
        self.without(from)
    }

    /// The table with two columns in one, each of whose cells holds both.
    pub fn joined(mut self, from: &str, into: &str, label: Word) -> Table {
        let place = |key: &str| self.columns.iter().position(|column| column.key == key);
        let (Some(from_place), Some(into_place)) = (place(from), place(into)) else { return self };
        for row in &mut self.rows {
            let from = std::mem::replace(&mut row.cells[from_place], Cell::Empty);
            if !from.is_empty() {
                let into = std::mem::replace(&mut row.cells[into_place], Cell::Empty);
                row.cells[into_place] = Cell::List(vec![into, from]);
            }
        }
        self.columns[into_place].label = label.into();
        self.without(from)
    }

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
