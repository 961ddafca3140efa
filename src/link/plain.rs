//! Cells as plain values: what a spreadsheet can hold.

use jiff::civil::Date;

use crate::base::id::Reference;
use crate::base::language::Language;
use crate::base::word::word;
use crate::link::index::{Destination, WITHHELD_WORDS};
use crate::link::manual::Manual;
use crate::link::report::{Cell, TableRow};
use crate::read::tree::{Block, BlockKind, Body, Inline, InlineKind, Target};

/// A plain value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Plain {
    Empty,
    Text(String),
    Date(Date),
    Number(i64),
}

impl Plain {
    /// As text, dates as YYYY-MM-DD.
    pub(crate) fn text(&self) -> String {
        match self {
            Plain::Empty => String::new(),
            Plain::Text(text) => text.clone(),
            Plain::Date(date) => date.to_string(),
            Plain::Number(number) => number.to_string(),
        }
    }
}

/// What a cell says in a language.
#[derive(Clone, Copy)]
pub(crate) struct Said<'a> {
    pub(crate) manual: &'a Manual,
    /// People read a workbook in the manual's language; programs read a table in English, whatever it is.
    pub(crate) language: &'a Language,
}

impl Said<'_> {
    /// A cell as a plain value. Several stand on lines of their own.
    pub(crate) fn plain(self, cell: &Cell) -> Plain {
        match cell {
            Cell::Empty => Plain::Empty,
            Cell::Date(date) => Plain::Date(*date),
            Cell::Number(number) => Plain::Number(*number),
            cell => Plain::Text(words(self, cell)),
        }
    }

    /// A row as plain values. What it is called by comes as its identifier alone: its title has a column of its own.
    pub(crate) fn row(self, row: &TableRow) -> Vec<Plain> {
        let is_own = |cell: &Cell| matches!(cell, Cell::Reference(Reference::Item { id, section: None }) if *id.as_str() == *row.id);
        let own = row.cells.first().filter(|cell| is_own(cell)).map(|_| Plain::Text(row.id.to_string()));
        let rest = &row.cells[usize::from(own.is_some())..];
        own.into_iter().chain(rest.iter().map(|cell| self.plain(cell))).collect()
    }

    /// Blocks as lines.
    pub(crate) fn text(self, content: &[Block]) -> String {
        let mut lines = Vec::new();
        blocks(self, content, &mut lines);
        lines.join("\n")
    }

    /// What stands in a line.
    pub(crate) fn line(self, content: &[Inline]) -> String {
        inlines(self, content)
    }
}

fn words(said: Said<'_>, cell: &Cell) -> String {
    let language = said.language;
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.to_string(),
        Cell::Prose(body) => prose(said, body),
        Cell::Date(date) => date.to_string(),
        Cell::Number(number) => number.to_string(),
        Cell::Flag(flag) => language.say(if *flag { word!("Yes") } else { word!("No") }).to_owned(),
        Cell::Word(word) => language.listed(word),
        Cell::State(state) => language.say(state.words()).to_owned(),
        Cell::Phrase(phrase) => language.phrase(phrase).replace('`', ""),
        Cell::Classification(classification) => language.classification(said.manual.view.project.classification_name(*classification)),
        Cell::Mark(_, words) => language.say(*words).to_owned(),
        Cell::Reference(reference) => reference_words(said, reference, true),
        Cell::Dated(cell, date) => format!("{} ({date})", words(said, cell)),
        Cell::List(cells) => cells.iter().map(|cell| words(said, cell)).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n"),
        Cell::Labelled(label, cell) => format!("{}: {}", language.listed(label), words(said, cell)),
        Cell::Titled(title, cell) => format!("{}: {}", language.phrase(title), words(said, cell)),
    }
}

/// The words of a reference: the identifier, and outside of sentences the title beside it.
fn reference_words(said: Said<'_>, reference: &Reference, titled: bool) -> String {
    printed(said, said.manual.resolve_reference(reference), titled)
}

fn printed(said: Said<'_>, destination: Destination<'_>, titled: bool) -> String {
    let with_title = |id: &str, title: &str| if titled && id != title { format!("{id} {title}") } else { id.to_owned() };
    match destination {
        Destination::Document { document, section: None } => with_title(document.id.as_str(), &document.title),
        Destination::Document { document, section: Some(section) } if section.number.is_empty() => {
            format!("{} {}", document.id, section.title)
        }
        Destination::Document { document, section: Some(section) } => format!("{} {} {}", document.id, section.number, section.title),
        Destination::Abstract(published) => published.title.to_string(),
        // A role is called by its title.
        Destination::Row { register, row } if row.id.is_role() => register.kind.heading(row).to_owned(),
        Destination::Row { register, row } => with_title(row.id.as_str(), register.kind.heading(row)),
        Destination::Control { catalogue, control } => {
            let id = &control.id.control;
            let says_enough = id.starts_with("A.") || id.starts_with("CLD.");
            if says_enough { id.to_string() } else { format!("{} {id}", catalogue.title) }
        }
        Destination::Url(url) => url.to_owned(),
        Destination::File(path) => path.rsplit('/').next().unwrap_or(path).to_owned(),
        Destination::Withheld => said.language.say(WITHHELD_WORDS).to_owned(),
    }
}

/// A text as lines.
fn prose(said: Said<'_>, body: &Body) -> String {
    let mut lines = vec![said.text(&body.blocks)];
    for (index, note) in body.footnotes.iter().enumerate() {
        let mut of_note = Vec::new();
        blocks(said, &note.blocks, &mut of_note);
        lines.push(format!("[{}] {}", index + 1, of_note.join(" ")));
    }
    lines.join("\n")
}

fn blocks(said: Said<'_>, blocks: &[Block], lines: &mut Vec<String>) {
    for block in blocks {
        match &block.kind {
            BlockKind::Heading(heading) => lines.push(inlines(said, &heading.content)),
            BlockKind::Paragraph(content) => lines.push(inlines(said, content)),
            BlockKind::List { start, items, .. } => {
                for (index, item) in items.iter().enumerate() {
                    let mark = match start {
                        Some(start) => format!("{}.", start.saturating_add(u64::try_from(index).unwrap_or(u64::MAX))),
                        None => "\u{2022}".to_owned(),
                    };
                    let mut of_item = Vec::new();
                    self::blocks(said, &item.blocks, &mut of_item);
                    lines.push(format!("{mark} {}", of_item.join("\n")));
                }
            }
            BlockKind::Quote(inner) | BlockKind::Alert(_, inner) => self::blocks(said, inner, lines),
            BlockKind::Code { text, .. } => lines.push(text.trim_end().to_owned()),
            BlockKind::Table(table) => {
                let row = |row: &Vec<Vec<Inline>>| row.iter().map(|cell| inlines(said, cell)).collect::<Vec<_>>().join(" | ");
                lines.push(row(&table.head));
                lines.extend(table.rows.iter().map(row));
            }
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    let mut details = Vec::new();
                    definition.details.iter().for_each(|detail| self::blocks(said, detail, &mut details));
                    lines.push(format!("{}: {}", inlines(said, &definition.term), details.join(" ")));
                }
            }
            BlockKind::Rule => {}
        }
    }
}

fn inlines(said: Said<'_>, content: &[Inline]) -> String {
    let mut out = String::new();
    for inline in content {
        match &inline.kind {
            InlineKind::Text(text) | InlineKind::Code(text) => out.push_str(text),
            InlineKind::Emphasis(content)
            | InlineKind::Strong(content)
            | InlineKind::Strike(content)
            | InlineKind::Sub(content)
            | InlineKind::Sup(content)
            | InlineKind::Kbd(content) => out.push_str(&inlines(said, content)),
            InlineKind::Link { target: Target::Reference(reference), content } if content.is_empty() => {
                out.push_str(&reference_words(said, reference, false));
            }
            InlineKind::Link { target, content } if content.is_empty() => {
                out.push_str(&printed(said, said.manual.resolve(None, target), false))
            }
            InlineKind::Link { content, .. } => out.push_str(&inlines(said, content)),
            InlineKind::Image { alt, .. } => out.push_str(alt),
            InlineKind::Footnote(index) => out.push_str(&format!("[{}]", index + 1)),
            InlineKind::SoftBreak => out.push(' '),
            InlineKind::HardBreak => out.push('\n'),
        }
    }
    out
}
