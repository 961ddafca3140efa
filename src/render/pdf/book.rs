//! What is to be typeset, in plain values: no renderer's words in it, and nothing that the view withholds.

use std::sync::Arc;

use jiff::civil::Date;

use crate::base::finding::Span;
use crate::read::tree::{Body, Target};

/// A sheet of paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paper {
    /// 210 mm by 297 mm.
    #[default]
    A4,
    /// 8.5 in by 11 in.
    UsLetter,
}

/// A book: one audience's manual, or a part of it.
pub struct Book<'a> {
    /// The title on the cover.
    pub title: String,
    /// Version of the whole.
    pub version: String,
    /// The organisation's name.
    pub organisation: String,
    /// A sentence that says what the management system covers; may be empty.
    pub scope: String,
    /// What the whole is marked as.
    pub classification: String,
    /// `en` or `de`.
    pub language: String,
    /// Printed as the date, and the only date in the file.
    pub today: Date,
    /// The paper.
    pub paper: Paper,
    /// Colour of identifiers and rules, as `#rrggbb`; another form is ignored for the default.
    pub accent: String,
    /// Further facts of the whole for its document control: label and value.
    pub facts: Vec<(String, String)>,
    /// The documents, in the order of print; neighbours of the same part share its heading.
    pub documents: Vec<Document<'a>>,
    /// Tables after the documents: the Statement of Applicability, then registers.
    pub grids: Vec<Grid<'a>>,
    /// Where each control is met, by framework.
    pub index: Vec<(String, Vec<IndexEntry>)>,
    /// Where links lead.
    pub links: &'a dyn Links,
}

/// One document.
pub struct Document<'a> {
    /// Its identifier.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where the title is written, or the front matter.
    pub span: Span,
    /// What it is, for a reader: "Policy".
    pub kind: String,
    /// The part of the book that it stands in: "Policies".
    pub part: String,
    /// Its version; may be empty.
    pub version: String,
    /// Its status, for a reader.
    pub status: String,
    /// Its classification.
    pub classification: String,
    /// The name of its owner's role.
    pub owner: String,
    /// The name of its approver's role.
    pub approver: String,
    /// When it was approved, as printed; may be empty.
    pub approved: String,
    /// When it is to be reviewed next, as printed; may be empty.
    pub next_review: String,
    /// The rows of its control table.
    pub fields: Vec<Field>,
    /// The controls that the whole document claims.
    pub claims: Vec<Resolved>,
    /// Its changes, newest last.
    pub history: Vec<Change>,
    /// Its text.
    pub body: &'a Body,
}

/// A label with its value.
pub struct Field {
    /// The label.
    pub label: String,
    /// The value.
    pub value: String,
}

/// One change of a document.
pub struct Change {
    /// The version that it made.
    pub version: String,
    /// Its date.
    pub date: String,
    /// Who made it.
    pub author: String,
    /// What changed.
    pub change: String,
}

/// A table of the book.
pub struct Grid<'a> {
    /// A stable name for its virtual file: `soa-iso27001`, `register-risks`.
    pub name: String,
    /// The part of the book that it stands in.
    pub part: String,
    /// Its title.
    pub title: String,
    /// A sentence or two below the title; may be empty.
    pub lead: String,
    /// Its columns. The first heads the row.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row<'a>>,
}

/// A column.
pub struct Column {
    /// The words over it.
    pub title: String,
    /// What it holds.
    pub kind: Kind,
}

/// What a column holds, which decides how it is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// Figures: to the right.
    Number,
    /// A word of a small set.
    Word,
}

/// A row.
pub enum Row<'a> {
    /// A heading that spans the columns.
    Group(String),
    /// Cells, as many as there are columns.
    Cells {
        /// The name that links lead to: what [`Goal::Place`] says.
        place: Option<String>,
        /// The cells.
        cells: Vec<Cell<'a>>,
    },
}

/// A cell.
pub enum Cell<'a> {
    /// Plain words, and where they are written.
    Text(String, Option<Span>),
    /// References, one after the other.
    Links(Vec<Resolved>),
    /// Markdown.
    Body(&'a Body),
    /// An identifier and what it names, one under the other: the head of a row.
    Named(String, String),
}

/// Where a control is met.
pub struct IndexEntry {
    /// The control.
    pub control: Resolved,
    /// Its title; may be empty.
    pub title: String,
    /// The documents and sections, in order.
    pub places: Vec<Resolved>,
}

/// A link, looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The words for it where the author gives none.
    pub words: String,
    /// Whether those words are an identifier, to be set apart as one.
    pub identifier: bool,
    /// Where it leads.
    pub goal: Goal,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// A place of the book: `POL-004`, `POL-004#leavers`, `RSK-012`, `ciso`, `iso27001@2022:A.5.18`.
    Place(Arc<str>),
    /// Out of the book.
    Url(Arc<str>),
    /// Not in this book: only words.
    Nowhere,
}

/// Looks links up. Whoever makes a book knows its manual; this room does not.
pub trait Links: Sync {
    /// What `target`, written in the document `from`, leads to; `from` is empty for text of registers.
    fn resolve(&self, target: &Target, from: &str) -> Resolved;
    /// Bytes of an image that the view shows, by its path in the project.
    fn image(&self, path: &str) -> Option<Arc<[u8]>>;
}
