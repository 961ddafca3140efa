//! Cells of the report tables as values for templates.

use serde::Serialize;
use tera::Value;

use super::directory::Directory;
use super::html::Html;
use super::values::{Shown, safe, shown};
use crate::base::id::Reference;
use crate::base::word::word;
use crate::link::index::WITHHELD_WORDS;
use crate::link::report::{Cell, Column};

/// A cell: `kind` says which of the other values is filled.
#[derive(Default, Serialize)]
pub(crate) struct Field {
    /// Class name of its column.
    key: &'static str,
    /// The words over its column.
    label: String,
    /// empty, text, date, figure, state, link, links, prose, dated or list.
    kind: &'static str,
    text: String,
    /// For a date: whether it is one by which something has to be done.
    due: bool,
    state: Option<Shown>,
    link: Option<Value>,
    links: Vec<Value>,
    html: Option<Value>,
    items: Vec<Field>,
}

impl Field {
    /// Whether nothing is said.
    pub(crate) fn is_empty(&self) -> bool {
        self.kind == "empty"
    }

    /// Whether it is of the column of this key.
    pub(crate) fn is_of(&self, key: &str) -> bool {
        self.key == key
    }

    /// Its plain words.
    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

/// What the cells of a page need.
pub(crate) struct Cells<'a> {
    /// Where references lead.
    pub(crate) directory: &'a Directory<'a>,
    /// Renders prose.
    pub(crate) html: &'a Html<'a>,
}

impl Cells<'_> {
    /// A cell of a row. `is_open` says whether what the row asks for is still to be done.
    pub(crate) fn field(&self, column: &Column, cell: &Cell, row: &str, is_open: bool) -> Field {
        let mut field = self.cell(column, cell, row);
        field.due = is_open && is_due(column.key);
        field
    }

    fn cell(&self, column: &Column, cell: &Cell, row: &str) -> Field {
        let language = &self.directory.manual.view.project.language;
        let field = |kind| Field { key: column.key, label: language.phrase(&column.label), kind, ..Field::default() };
        let words = |text: String| Field { text, ..field("text") };
        match cell {
            Cell::Empty => field("empty"),
            Cell::Text(text) => words(text.to_string()),
            Cell::Phrase(phrase) => words(language.phrase(phrase)),
            Cell::Classification(classification) => {
                words(language.classification(self.directory.manual.view.project.classification_name(*classification)))
            }
            Cell::Prose(body) => {
                let html = self.html.prose(body, &format!("{row}:{}", column.key));
                Field { html: Some(safe(&html)), ..field("prose") }
            }
            Cell::Date(date) => Field { text: date.to_string(), ..field("date") },
            Cell::Number(number) => Field { text: number.to_string(), ..field("figure") },
            Cell::Flag(flag) => words(language.say(if *flag { word!("Yes") } else { word!("No") }).to_owned()),
            Cell::Word(word) if matches!(column.key, "status" | "result") => Field { state: Some(shown(language, word)), ..field("state") },
            Cell::Word(word) => words(language.listed(word)),
            Cell::State(state) => Field { state: Some(Shown::state(language, *state)), ..field("state") },
            Cell::Mark(key, words) => Field { state: Some(Shown { key, word: language.say(*words).to_owned() }), ..field("state") },
            Cell::Dated(cell, date) => Field { text: date.to_string(), items: vec![self.cell(column, cell, row)], ..field("dated") },
            Cell::Reference(reference) => match self.directory.reference(reference) {
                Some(link) => Field { link: Some(link), ..field("link") },
                // A role that is withheld is a function all the same: its id is a word of the row that may be seen.
                None if role(reference).is_some() => words(role(reference).unwrap_or_default()),
                None => words(language.say(WITHHELD_WORDS).to_owned()),
            },
            Cell::List(cells) if cells.iter().all(|cell| matches!(cell, Cell::Reference(_))) => {
                let reference =
                    |cell: &Cell| if let Cell::Reference(reference) = cell { self.directory.reference(reference) } else { None };
                Field { links: cells.iter().filter_map(reference).collect(), ..field("links") }
            }
            Cell::List(cells) => {
                let items = cells.iter().enumerate().map(|(index, cell)| self.cell(column, cell, &format!("{row}:{index}")));
                Field { items: items.collect(), ..field("list") }
            }
            Cell::Labelled(label, inner) => {
                let mut inner = self.cell(column, inner, row);
                // Words before words; before anything else the column's own label has to do.
                if inner.kind == "text" && label.as_ref() != "value" {
                    inner.text = format!("{}: {}", language.listed(label), inner.text);
                }
                inner
            }
            Cell::Titled(title, inner) => {
                let mut inner = self.cell(column, inner, row);
                if inner.kind == "text" {
                    inner.text = format!("{}: {}", language.phrase(title), inner.text);
                }
                inner
            }
        }
    }
}

/// The words of a role's id.
fn role(reference: &Reference) -> Option<String> {
    match reference {
        Reference::Item { id, .. } if id.is_role() => Some(id.as_str().replace('-', " ")),
        _ => None,
    }
}

/// The dates by which something has to be done.
fn is_due(key: &str) -> bool {
    matches!(key, "due" | "planned" | "next" | "valid_until" | "certificates_expire" | "next_review")
}
