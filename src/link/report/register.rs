//! Registers as tables, that of the documents among them.

use std::sync::Arc;

use super::heat;
use super::table::{Cell, Column, ColumnKind, Table, TableRow};
use crate::base::id::{EditionId, Reference};
use crate::base::word::word;
use crate::link::manual::Manual;
use crate::read::document::Document;
use crate::read::register::Register;
use crate::read::schema::Kind;
use crate::read::value::{Record, Value};

/// A register as a table. Columns that no row fills are left out.
pub fn register(manual: &Manual, register: &Register) -> Table {
    let value = |value: &Value| self::value(manual, value);
    let shown = |key: &str| !matches!(key, "id" | "classification" | "outward");
    let fields: Vec<_> = register.kind.schema.fields.iter().filter(|field| shown(field.key)).collect();
    let mut columns = vec![Column::new("id", word!("Id"), ColumnKind::Id)];
    columns.extend(fields.iter().map(|field| Column::new(field.key, field.label, column_kind(field.kind))));
    let rows = register.rows.iter().map(|row| {
        let mut cells = vec![Cell::item(&row.id)];
        cells.extend(fields.iter().map(|field| row.fields.get(field.key).map_or(Cell::Empty, value)));
        if register.kind.name == "risks" {
            cells.extend(risk_levels(&row.fields));
        }
        TableRow { id: row.id.to_string(), cells }
    });
    let rows = rows.collect();
    if register.kind.name == "risks" {
        columns.push(Column::new("level", word!("Risk level"), ColumnKind::Number));
        columns.push(Column::new("residual_level", word!("Residual level"), ColumnKind::Number));
    }
    Table { name: register.kind.name, title: register.kind.title, columns, rows }.without_empty_columns()
}

/// Risk level = likelihood x the highest of the three impacts; the residual level from its own two figures.
fn risk_levels(fields: &Record) -> [Cell; 2] {
    [heat::rating(fields), heat::residual(fields)]
        .map(|rating| rating.map_or(Cell::Empty, |(likelihood, impact)| Cell::Number(likelihood * impact)))
}

fn column_kind(kind: Kind) -> ColumnKind {
    match kind {
        Kind::Prose => ColumnKind::Prose,
        Kind::Date => ColumnKind::Date,
        Kind::Integer(..) => ColumnKind::Number,
        Kind::Flag | Kind::Word(_) | Kind::Classification => ColumnKind::State,
        Kind::Reference | Kind::Control | Kind::Criterion | Kind::Item | Kind::Role | Kind::Edition => ColumnKind::Id,
        Kind::List(Kind::Reference | Kind::Role | Kind::Control | Kind::Criterion) => ColumnKind::Id,
        Kind::List(_) | Kind::Record(_) | Kind::Texts | Kind::Period => ColumnKind::Words,
        Kind::Text | Kind::Language | Kind::Colour | Kind::Url | Kind::Mail | Kind::Contact => ColumnKind::Words,
    }
}

/// Whether an identifier is a group's and no control's: an audit may be held against one.
fn is_group(manual: &Manual, edition: &EditionId, id: &str) -> bool {
    let catalogues = &manual.view.catalogues;
    catalogues.control(edition, id).is_err() && catalogues.group(edition, id).is_some()
}

/// A value of a field as a cell.
pub fn value(manual: &Manual, value: &Value) -> Cell {
    let nested = |inner: &Value| self::value(manual, inner);
    match value {
        Value::Text(text) => Cell::Text(text.clone()),
        Value::Prose(body) => Cell::Prose(body.clone()),
        Value::Date(date) => Cell::Date(*date),
        Value::Period(period) => Cell::Phrase(period.phrase()),
        Value::Integer(number) => Cell::Number(*number),
        Value::Flag(flag) => Cell::Flag(*flag),
        Value::Reference(Reference::Control { edition, control }) if is_group(manual, edition, control) => {
            let catalogues = &manual.view.catalogues;
            let title = catalogues.group(edition, control).map_or("", |group| group.title.as_ref());
            let framework = catalogues.find(edition).map_or_else(|_| edition.to_string(), |found| found.title.to_string());
            Cell::Text(format!("{framework} {control} {title}").into())
        }
        Value::Reference(reference) => Cell::Reference(reference.clone()),
        Value::Edition(edition) => {
            Cell::Text(manual.view.catalogues.find(edition).map_or_else(|_| edition.to_string().into(), |found| found.title.clone()))
        }
        Value::Word(word) => Cell::Word(word),
        Value::Classification(classification) => Cell::Classification(*classification),
        Value::Texts(_) => Cell::Empty,
        Value::List(items) => Cell::list(items.iter().map(|item| nested(&item.value)).collect()),
        Value::Record(record) => {
            // A date needs no label where it comes first; the rest as it was written.
            let mut fields: Vec<_> = record.iter().collect();
            fields.sort_by_key(|(_, field)| (!matches!(field.value, Value::Date(_)), field.span.start));
            let cells = fields.into_iter().map(|(key, field)| match nested(&field.value) {
                date @ (Cell::Date(_) | Cell::Empty) => date,
                cell => Cell::Labelled(key.into(), Box::new(cell)),
            });
            Cell::list(cells.filter(|cell| !cell.is_empty()).collect())
        }
    }
}

/// The register of documents.
pub fn documents(manual: &Manual) -> Table {
    let columns = vec![
        Column::new("id", word!("Id"), ColumnKind::Id),
        Column::new("title", word!("Title"), ColumnKind::Words),
        Column::new("type", word!("Type"), ColumnKind::State),
        Column::new("version", word!("Version"), ColumnKind::Words),
        Column::new("status", word!("Status"), ColumnKind::State),
        Column::new("classification", word!("Classification"), ColumnKind::State),
        Column::new("owner", word!("Owner"), ColumnKind::Id),
        Column::new("approver", word!("Approver"), ColumnKind::Id),
        Column::new("approved", word!("Approved"), ColumnKind::Date),
        Column::new("next_review", word!("Next review"), ColumnKind::Date),
    ];
    let row = |document: &Arc<Document>| TableRow {
        id: document.id.to_string(),
        cells: vec![
            Cell::item(&document.id),
            Cell::Text(document.title.clone()),
            Cell::Word(document.kind),
            Cell::text(document.version.as_ref()),
            Cell::Word(document.status),
            Cell::Text(manual.view.project.classification_name(document.classification).into()),
            document.owner.as_ref().map_or(Cell::Empty, Cell::item),
            document.approver.as_ref().map_or(Cell::Empty, Cell::item),
            Cell::date(document.approved),
            Cell::date(document.next_review()),
        ],
    };
    let rows = manual.view.documents.iter().map(row).collect();
    Table { name: "documents", title: word!("Documents"), columns, rows }.without_empty_columns()
}
