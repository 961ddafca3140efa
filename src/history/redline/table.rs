//! Registers, statements and responsibilities: rows of before and after.

use std::collections::BTreeMap;

use super::guard::Guard;
use super::words::{self, Amount, Text, Words};
use crate::base::id::ItemId;
use crate::base::language::Language;
use crate::base::word::{Phrase, Word, word};
use crate::link::manual::Manual;
use crate::link::plain::Said;
use crate::link::report::{self, Cell};
use crate::read::register::{KINDS, RegisterKind};
use crate::read::schema::Schema;
use crate::read::statement;
use crate::read::value::{Record, Value};

/// A register, statements or responsibilities with the rows that differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableChange {
    /// A word for file names and data: `risks`, `statements`.
    pub name: &'static str,
    /// Its title.
    pub title: Word,
    /// Rows that came, changed or went, in the order of the later table.
    pub rows: Vec<RowChange>,
    /// Rows that a lower view had, and has no more.
    pub gone: usize,
}

/// What became of a row or document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It came.
    Added,
    /// It says something else.
    Changed,
    /// It went.
    Withdrawn,
    /// It is written in another way, and means the same.
    Layout,
}

impl Fate {
    /// A word for class names and data: `added`, `changed`, `withdrawn`, `layout`.
    pub fn key(self) -> &'static str {
        match self {
            Fate::Added => "added",
            Fate::Changed => "changed",
            Fate::Withdrawn => "withdrawn",
            Fate::Layout => "layout",
        }
    }

    /// The words that a reader sees.
    pub fn words(self) -> Word {
        match self {
            Fate::Added => word!("Added"),
            Fate::Changed => word!("Changed"),
            Fate::Withdrawn => word!("Withdrawn"),
            Fate::Layout => word!("Only its layout changed"),
        }
    }
}

/// A row that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowChange {
    /// Its identifier: `RSK-012`, `iso27001@2022:A.5.23`.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What became of it.
    pub fate: Fate,
    /// Its fields that differ.
    pub fields: Vec<FieldChange>,
}

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// Its key in the sources.
    pub key: &'static str,
    /// Its name.
    pub label: Word,
    /// Its value of before and after in one.
    pub words: Words,
}

/// A side: a view, and the language in which both are told.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    pub(super) manual: &'a Manual,
    pub(super) language: &'a Language,
}

impl Told<'_> {
    /// A value as text.
    pub(super) fn value(&self, value: &Value) -> Text {
        self.cell(&report::value(self.manual, value))
    }

    fn cell(&self, cell: &Cell) -> Text {
        Text::of(&Said { manual: self.manual, language: self.language }.plain(cell).text()).finish()
    }

    pub(super) fn control(&self, id: &crate::base::id::ControlId) -> String {
        self.manual.control(id).map_or_else(String::new, |control| control.title.to_string())
    }
}

/// A row of either side.
struct Row<'a> {
    title: String,
    fields: BTreeMap<&'static str, &'a Value>,
}

/// A side, and what it has for a key.
type Fields<'a> = (Told<'a>, &'a dyn Fn(&str) -> Option<Value>);

/// The fields of two records that differ, in the order of their schema.
pub(super) fn fields(schema: &Schema, before: Fields<'_>, after: Fields<'_>, guard: &Guard) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    for field in schema.fields {
        let (old, new) = (before.1(field.key), after.1(field.key));
        let text = |told: Told<'_>, value: &Option<Value>| value.as_ref().map(|value| told.value(value)).unwrap_or_default();
        let (old, new) = (text(before.0, &old), text(after.0, &new));
        if old == new {
            continue;
        }
        // A field that a lower view has no more may be withheld, and its value is not told.
        let old = if new.0.is_empty() && !guard.tells_what_is_gone() { Text::of(words::UNTOLD) } else { old };
        changes.push(FieldChange { key: field.key, label: field.label, words: words::compare(&old, &new, guard) });
    }
    changes
}

/// All tables that differ.
pub(super) fn compare(before: Told<'_>, after: Told<'_>, guard: &Guard) -> Vec<TableChange> {
    let mut changes = Vec::new();
    let mut add = |name, title, schema: &Schema, skipped: &[&str], old: Vec<(String, Row<'_>)>, new: Vec<(String, Row<'_>)>| {
        let change = table(name, title, schema, skipped, (before, &old), (after, &new), guard);
        changes.extend((!change.rows.is_empty() || change.gone > 0).then_some(change));
    };
    let marks = ["classification", "outward"];
    let skipped: Vec<&str> = marks.into_iter().chain(["responsibility"]).collect();
    add("statements", word!("Control statements"), &statement::SCHEMA, &skipped, statements(before), statements(after));
    let (old, new) = (responsibilities(before), responsibilities(after));
    add("responsibilities", word!("Responsibilities in the cloud"), &statement::RESPONSIBILITY, &[], old, new);
    for kind in KINDS {
        let skipped: Vec<&str> = marks.into_iter().chain(["id"]).collect();
        add(kind.name, kind.title, kind.schema, &skipped, register(before, kind), register(after, kind));
    }
    changes
}

fn values(record: &Record) -> BTreeMap<&'static str, &Value> {
    record.iter().map(|(key, value)| (key, &value.value)).collect()
}

fn statements(told: Told<'_>) -> Vec<(String, Row<'_>)> {
    let row = |statement: &'_ statement::Statement| (statement.control.to_string(), told.control(&statement.control));
    told.manual
        .view
        .statements
        .iter()
        .map(|statement| {
            let (id, title) = row(statement);
            (id, Row { title, fields: values(&statement.fields) })
        })
        .collect()
}

/// A row for each part of a statement's responsibilities, by control and relationship; of several in one relationship, by their order.
fn responsibilities(told: Told<'_>) -> Vec<(String, Row<'_>)> {
    let mut rows: Vec<(String, Row<'_>)> = Vec::new();
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for statement in &told.manual.view.statements {
        for record in statement.fields.list("responsibility").iter().filter_map(|item| match &item.value {
            Value::Record(record) => Some(record),
            _ => None,
        }) {
            let counterparty = record.get("counterparty").map(|value| told.value(value).plain()).unwrap_or_default();
            let key = format!("{} {} {counterparty}", statement.control, record.word("role").unwrap_or_default());
            let nth = taken.entry(key.clone()).or_default();
            *nth += 1;
            let id = if *nth == 1 { key } else { format!("{key} {nth}") };
            rows.push((id, Row { title: told.control(&statement.control), fields: values(record) }));
        }
    }
    rows
}

fn register<'a>(told: Told<'a>, kind: &'static RegisterKind) -> Vec<(String, Row<'a>)> {
    told.manual
        .rows(kind.name)
        .map(|row| (row.id.to_string(), Row { title: kind.heading(row).to_owned(), fields: values(&row.fields) }))
        .collect()
}

type Side<'a> = (Told<'a>, &'a [(String, Row<'a>)]);

fn table(
    name: &'static str,
    title: Word,
    schema: &Schema,
    skipped: &[&str],
    before: Side<'_>,
    after: Side<'_>,
    guard: &Guard,
) -> TableChange {
    let find = |(_, rows): Side<'_>, id: &str| rows.iter().position(|(known, _)| known == id);
    let fields_of = |old: Option<&Row<'_>>, new: Option<&Row<'_>>| {
        let get = |row: Option<&Row<'_>>, key: &str| {
            row.and_then(|row| row.fields.get(key).map(|value| (*value).clone())).filter(|_| !skipped.contains(&key))
        };
        fields(schema, (before.0, &|key| get(old, key)), (after.0, &|key| get(new, key)), guard)
    };
    let mut change = TableChange { name, title, rows: Vec::new(), gone: 0 };
    for (id, row) in after.1 {
        let old = find(before, id).map(|at| &before.1[at].1);
        let fields = fields_of(old, Some(row));
        let fate = if old.is_some() { Fate::Changed } else { Fate::Added };
        if old.is_none() || !fields.is_empty() {
            change.rows.push(RowChange { id: id.clone(), title: row.title.clone(), fate, fields });
        }
    }
    for (id, row) in before.1.iter().filter(|(id, _)| find(after, id).is_none()) {
        if guard.tells_what_is_gone() {
            let fields = fields_of(Some(row), None);
            change.rows.push(RowChange { id: id.clone(), title: row.title.clone(), fate: Fate::Withdrawn, fields });
        } else {
            change.gone += 1;
        }
    }
    change
}

impl TableChange {
    /// Words that came and went in all of its rows.
    pub fn amount(&self) -> Amount {
        let mut amount = Amount::default();
        self.rows.iter().flat_map(|row| &row.fields).for_each(|field| amount.add(field.words.amount));
        amount
    }

    /// The row of an item.
    pub fn row(&self, id: &ItemId) -> Option<&RowChange> {
        self.rows.iter().find(|row| row.id == id.as_str())
    }

    /// How many rows have a fate.
    pub fn count(&self, fate: Fate) -> usize {
        self.rows.iter().filter(|row| row.fate == fate).count()
    }

    /// In a few words: how many rows came, changed and went.
    pub fn phrase(&self) -> Phrase {
        super::tally(self.count(Fate::Added), self.count(Fate::Changed), self.count(Fate::Withdrawn) + self.gone)
    }
}
