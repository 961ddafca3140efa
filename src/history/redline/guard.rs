//! What of an earlier view may be told to an audience that does not see everything.
//!
//! Words that stood in an earlier view may be withheld now, and a redline is published now. So of what went, a lower view tells nothing that the later sources
//! withhold: no word that stands in their withheld part alone, and no run of words of it. That what went is gone, and not withheld, it never says.

use std::collections::HashSet;

use crate::link::manual::Manual;
use crate::read::Parsed;
use crate::read::document::Document;
use crate::read::register::Row;
use crate::read::tree::{self, Block, BlockKind, Body, InlineKind, Target};
use crate::read::value::{Record, Value};

/// So many words in a row are a quotation.
const RUN: usize = 5;

/// Decides which words that went may be told.
#[derive(Debug, Default)]
pub(super) struct Guard {
    /// Whether the audience does not see everything.
    is_lower: bool,
    /// Words that only the withheld part of the later sources has.
    words: HashSet<String>,
    /// Runs of words of the same.
    runs: HashSet<Vec<String>>,
}

impl Guard {
    /// The guard of a later view, and of the sources that it was made from.
    pub(super) fn of(after: &Manual, parsed: &Parsed) -> Self {
        if after.view.is_whole() {
            return Guard::default();
        }
        let mut open = Gathered::default();
        after.view.documents.iter().for_each(|document| open.document(document));
        for published in &after.view.abstracts {
            open.take(published.id.as_str());
            open.take(&published.title);
            open.body(&published.text);
        }
        after.view.registers.iter().flat_map(|register| &register.rows).for_each(|row| open.row(row));
        after.view.statements.iter().for_each(|statement| open.record(&statement.fields));
        let mut all = Gathered::default();
        parsed.documents.iter().for_each(|document| all.document(document));
        parsed.registers.iter().flat_map(|register| &register.rows).for_each(|row| all.row(row));
        parsed.statements.iter().for_each(|statement| all.record(&statement.fields));
        let words = all.words.difference(&open.words).cloned().collect();
        let runs = all.runs.difference(&open.runs).cloned().collect();
        Guard { is_lower: true, words, runs }
    }

    /// Whether what is gone from a view is told by what it was. A lower view cannot know whether it is gone or withheld.
    pub(super) fn tells_what_is_gone(&self) -> bool {
        !self.is_lower
    }

    /// Whether words that went may be told.
    pub(super) fn may_tell<'a>(&self, texts: impl Iterator<Item = &'a str>) -> bool {
        if !self.is_lower {
            return true;
        }
        let mut gathered = Gathered::default();
        gathered.take(&texts.collect::<Vec<_>>().join(" "));
        gathered.words.is_disjoint(&self.words) && gathered.runs.is_disjoint(&self.runs)
    }
}

/// Words of texts, and runs of them.
#[derive(Default)]
struct Gathered {
    words: HashSet<String>,
    runs: HashSet<Vec<String>>,
}

impl Gathered {
    fn take(&mut self, text: &str) {
        let words: Vec<String> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
        self.runs.extend(words.windows(RUN).map(<[String]>::to_vec));
        // A sentence is the same quotation whatever numbers stand in it: kept for 90 days, kept for 180 days.
        if text.contains(|c: char| c.is_numeric()) {
            let is_joined = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@' | '\u{2010}' | '\u{2011}');
            let names = text.split(|c: char| !is_joined(c)).filter(|name| !name.contains(|c: char| c.is_numeric()));
            let plain: Vec<String> = names
                .flat_map(|name| name.split(|c: char| !c.is_alphanumeric()))
                .filter(|word| !word.is_empty())
                .map(str::to_lowercase)
                .collect();
            self.runs.extend(plain.windows(RUN).map(<[String]>::to_vec));
        }
        self.words.extend(words);
    }

    fn document(&mut self, document: &Document) {
        self.take(document.id.as_str());
        self.record(&document.front);
        self.body(&document.body);
    }

    fn row(&mut self, row: &Row) {
        self.take(row.id.as_str());
        self.record(&row.fields);
    }

    fn record(&mut self, record: &Record) {
        record.iter().for_each(|(_, value)| self.value(&value.value));
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Text(text) => self.take(text),
            Value::Prose(body) => self.body(body),
            Value::Reference(reference) => self.take(&reference.to_string()),
            Value::List(items) => items.iter().for_each(|item| self.value(&item.value)),
            Value::Record(record) => self.record(record),
            Value::Texts(texts) => texts.values().for_each(|text| self.take(&text.value)),
            Value::Date(date) => self.take(&date.to_string()),
            Value::Period(_) | Value::Integer(_) | Value::Flag(_) | Value::Edition(_) | Value::Word(_) | Value::Classification(_) => {}
        }
    }

    fn body(&mut self, body: &Body) {
        let notes = body.footnotes.iter().flat_map(|note| &note.blocks);
        body.blocks.iter().chain(notes).for_each(|block| self.block(block));
    }

    fn block(&mut self, block: &Block) {
        let mut parts = Vec::new();
        block.each_inline(&mut |inline| match &inline.kind {
            InlineKind::Text(_) | InlineKind::Code(_) | InlineKind::Image { .. } | InlineKind::SoftBreak | InlineKind::HardBreak => {
                parts.push(tree::plain(std::slice::from_ref(inline)));
            }
            InlineKind::Link { target, .. } => parts.push(match target {
                Target::Reference(reference) => reference.to_string(),
                Target::Url(url) => url.to_string(),
                Target::Path { .. } | Target::Section(_) => String::new(),
            }),
            _ => {}
        });
        // A word may cross what is set apart within it, as in `**re**view`; elsewhere a cell ends and another begins.
        self.take(&parts.concat());
        self.take(&parts.join(" "));
        code(block, &mut |text| self.take(text));
    }
}

/// Calls `visit` with every block of code in a block.
fn code<'a>(block: &'a Block, visit: &mut dyn FnMut(&'a str)) {
    match &block.kind {
        BlockKind::Code { text, .. } => visit(text),
        BlockKind::List { items, .. } => items.iter().flat_map(|item| &item.blocks).for_each(|block| code(block, visit)),
        BlockKind::Quote(blocks) | BlockKind::Alert(_, blocks) => blocks.iter().for_each(|block| code(block, visit)),
        BlockKind::Definitions(definitions) => {
            definitions.iter().flat_map(|definition| &definition.details).flatten().for_each(|block| code(block, visit));
        }
        BlockKind::Heading(_) | BlockKind::Paragraph(_) | BlockKind::Table(_) | BlockKind::Rule => {}
    }
}
