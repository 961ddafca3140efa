//! Tables as JSON (RFC 8259) for programs: an object a row, its keys those of the columns. What names something stands as its identifier, words of
//! fixed lists as they are written in the sources, dates as `YYYY-MM-DD`, texts and states as plain text.

use serde_json::{Map, Value, json};

use super::plain::Said;
use crate::base::language::Language;
use crate::link::index::Destination;
use crate::link::manual::Manual;
use crate::link::report::{Cell, Table};

/// A table as a file.
pub(crate) fn write(manual: &Manual, table: &Table) -> Vec<u8> {
    let said = Said { manual, language: &Language::default() };
    let rows: Vec<Value> = table.rows.iter().map(|row| object(said, table, &row.cells)).collect();
    let whole = json!({ "table": table.name, "title": table.title, "rows": rows });
    let mut out = serde_json::to_vec_pretty(&whole).unwrap_or_default();
    out.push(b'\n');
    out
}

fn object(said: Said<'_>, table: &Table, cells: &[Cell]) -> Value {
    let mut object = Map::new();
    for (column, cell) in table.columns.iter().zip(cells) {
        // Columns of one key, as those of relationships are, are told apart by their heads.
        let key = if object.contains_key(column.key) || is_repeated(table, column.key) {
            column.label.to_string()
        } else {
            column.key.to_owned()
        };
        object.insert(key, value(said, cell));
    }
    Value::Object(object)
}

fn is_repeated(table: &Table, key: &str) -> bool {
    table.columns.iter().filter(|column| column.key == key).count() > 1
}

fn value(said: Said<'_>, cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Date(date) => date.to_string().into(),
        Cell::Number(number) => (*number).into(),
        Cell::Flag(flag) => (*flag).into(),
        Cell::Word(word) => (*word).into(),
        Cell::State(state) => state.key().into(),
        // Not even the identifier of what a view withholds.
        Cell::Reference(reference) => match said.manual.resolve_reference(reference) {
            Destination::Withheld | Destination::Abstract(_) => said.plain(cell).text().into(),
            _ => reference.to_string().into(),
        },
        Cell::List(cells) => cells.iter().map(|cell| value(said, cell)).collect(),
        Cell::Labelled(label, cell) => json!({ label.as_ref(): value(said, cell) }),
        Cell::Titled(title, cell) => json!({ title.to_string(): value(said, cell) }),
        Cell::Dated(cell, date) => json!({ "id": value(said, cell), "date": date.to_string() }),
        Cell::Text(_) | Cell::Prose(_) | Cell::Phrase(_) | Cell::Classification(_) | Cell::Mark(..) => said.plain(cell).text().into(),
    }
}
