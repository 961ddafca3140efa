//! The tables of reports as values, and the exports of them that a page links.

use serde::Serialize;
use tera::Value;

use crate::base::language::Language;
use crate::base::word::word;
use crate::link::index::WITHHELD_WORDS;
use crate::link::manual::Manual;
use crate::link::report::{Cell, Column, ColumnKind, Table};
use crate::render::site::Site;
use crate::render::site::address;
use crate::render::site::cells::{Cells, Field};
use crate::render::site::values::{Named, value};

/// A table: a head, and rows that begin with what they are about.
#[derive(Serialize)]
pub(crate) struct Sheet {
    /// The words over the first column.
    first: String,
    columns: Vec<Head>,
    rows: Vec<Line>,
}

#[derive(Serialize)]
struct Head {
    key: &'static str,
    title: String,
    figure: bool,
}

#[derive(Serialize)]
struct Line {
    id: String,
    /// What the row is about: a link, or words alone.
    name: Value,
    cells: Vec<Field>,
}

/// A table of a report, with the title of a control beside its identifier.
pub(crate) fn sheet(manual: &Manual, cells: &Cells<'_>, table: &Table) -> Sheet {
    let language = &manual.view.project.language;
    let head = |column: &Column| head(language, column);
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
    Sheet {
        first: table.columns.first().map(|column| language.phrase(&column.label)).unwrap_or_default(),
        rows: rows.collect(),
        columns: columns.map(head).collect(),
    }
}

fn head(language: &Language, column: &Column) -> Head {
    Head { key: column.key, title: language.phrase(&column.label), figure: column.kind == ColumnKind::Number }
}

fn name(manual: &Manual, shown: &Cells<'_>, cells: &[Cell]) -> Value {
    let language = &manual.view.project.language;
    let words = |cell: Option<&Cell>| match cell {
        Some(Cell::Text(text)) => text.to_string(),
        Some(Cell::Phrase(phrase)) => language.phrase(phrase),
        _ => String::new(),
    };
    let Some(Cell::Reference(reference)) = cells.first() else { return value(&Named { title: words(cells.first()), ..Named::default() }) };
    match manual.control_named(reference) {
        Some(control) => value(&Named {
            id: control.id.control.to_string(),
            title: words(cells.get(1)),
            href: manual.view.catalogues.is_in_use(&control.id.edition).then(|| address::control(&control.id)),
        }),
        None => shown
            .directory
            .reference(reference)
            .unwrap_or_else(|| value(&Named { title: language.say(WITHHELD_WORDS).into(), ..Named::default() })),
    }
}

/// A file to download.
#[derive(Serialize)]
pub(crate) struct Download {
    pub(crate) title: String,
    pub(crate) href: String,
}

/// The exports of these names as PDF, as spreadsheets and as CSV, as far as the output has them.
pub(crate) fn downloads(site: &Site<'_>, books: &[&str], tables: &[&str]) -> Vec<Download> {
    let pdf = books.iter().filter_map(|name| site.options.pdfs.get(&format!("{name}.pdf")));
    let pdf = pdf.map(|path| Download { title: "PDF".to_owned(), href: path.clone() });
    if !site.options.exports {
        return pdf.collect();
    }
    let book = |name: &&str| Download { title: site.say(word!("Spreadsheet (XLSX)")), href: format!("{name}.xlsx") };
    let table = |name: &&str| Download { title: "CSV".to_owned(), href: format!("{name}.csv") };
    pdf.chain(books.iter().map(book)).chain(tables.iter().map(table)).collect()
}
