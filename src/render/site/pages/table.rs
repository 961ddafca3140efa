//! The tables of reports as values, and the exports of them that a page links.

use serde::Serialize;
use tera::Value;

use crate::link::index::WITHHELD_WORDS;
use crate::link::manual::Manual;
use crate::link::report::{Cell, Column, ColumnKind, Table};
use crate::render::site::Site;
use crate::render::site::address;
use crate::render::site::cells::{Cells, Field};
use crate::render::site::values::{Named, value};

/// A table: a head, and rows that begin with what they are about.
#[derive(Serialize)]
pub(crate) struct Sheet<'a> {
    /// The words over the first column.
    first: &'a str,
    columns: Vec<Head<'a>>,
    rows: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Head<'a> {
    key: &'static str,
    title: &'a str,
    figure: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    id: String,
    /// What the row is about: a link, or words alone.
    name: Value,
    cells: Vec<Field<'a>>,
}

/// A table of a report, with the title of a control beside its identifier.
pub(crate) fn sheet<'a>(manual: &Manual, cells: &Cells<'_>, table: &'a Table) -> Sheet<'a> {
    let named = matches!(table.columns.as_slice(), [id, words, ..] if id.key == "control" && words.key == "title");
    let skipped = if named { 2 } else { 1 };
    let columns = table.columns.iter().skip(skipped);
    let rows = table.rows.iter().map(|row| {
        let of_row = columns.clone().zip(row.cells.iter().skip(skipped));
        Line {
            id: row.id.replace(char::is_whitespace, "-"),
            name: name(manual, cells, &row.cells),
            cells: of_row.map(|(column, cell)| cells.field(column, cell, &row.id, true)).collect(),
        }
    });
    Sheet { first: table.columns.first().map_or("", |column| &column.label), rows: rows.collect(), columns: columns.map(head).collect() }
}

fn head(column: &Column) -> Head<'_> {
    Head { key: column.key, title: &column.label, figure: column.kind == ColumnKind::Number }
}

fn name(manual: &Manual, shown: &Cells<'_>, cells: &[Cell]) -> Value {
    let words = |cell: Option<&Cell>| if let Some(Cell::Text(text)) = cell { text.to_string() } else { String::new() };
    let Some(Cell::Reference(reference)) = cells.first() else { return value(&Named { title: words(cells.first()), ..Named::default() }) };
    match manual.control_named(reference) {
        Some(control) => value(&Named {
            id: control.id.control.to_string(),
            title: words(cells.get(1)),
            href: manual.view.catalogues.is_in_use(&control.id.edition).then(|| address::control(&control.id)),
        }),
        None => shown.directory.reference(reference).unwrap_or_else(|| value(&Named { title: WITHHELD_WORDS.into(), ..Named::default() })),
    }
}

/// A file to download.
#[derive(Serialize)]
pub(crate) struct Download {
    title: &'static str,
    href: String,
}

/// The exports of these names as spreadsheets and as CSV; none where the output has no exports.
pub(crate) fn downloads(site: &Site<'_>, books: &[&str], tables: &[&str]) -> Vec<Download> {
    if !site.exports {
        return Vec::new();
    }
    let book = |name: &&str| Download { title: "Spreadsheet (XLSX)", href: format!("{name}.xlsx") };
    let table = |name: &&str| Download { title: "CSV", href: format!("{name}.csv") };
    books.iter().map(book).chain(tables.iter().map(table)).collect()
}
