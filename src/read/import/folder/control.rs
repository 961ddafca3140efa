//! Tables of document control and of versions, and lines such as `**Owner:** CISO`, as people put them at the head of a text.

use super::words;
use crate::read::tree::{BlockKind, Body, Inline, InlineKind, Table, plain};

/// How far into a text such a table or line is looked for, in blocks.
const FAR: usize = 40;

/// What a text says of itself.
#[derive(Debug, Default)]
pub(super) struct Control {
    /// Our keys with what was written, the first mention of each.
    pub(super) said: Vec<(&'static str, String)>,
    /// Versions, dates and what changed, as written.
    pub(super) history: Vec<(String, String, String)>,
}

impl Control {
    pub(super) fn of(body: &Body) -> Self {
        let mut control = Control::default();
        let mut about_itself = true;
        for (at, block) in body.blocks.iter().enumerate() {
            match &block.kind {
                BlockKind::Heading(heading) => about_itself = is_about_document(&plain(&heading.content)),
                BlockKind::Table(table) if at < FAR || about_itself => control.table(table),
                BlockKind::Paragraph(content) if about_itself => lines(content).iter().for_each(|line| control.line(line)),
                BlockKind::List { items, .. } if about_itself => {
                    for item in items {
                        if let Some(BlockKind::Paragraph(content)) = item.blocks.first().map(|block| &block.kind) {
                            lines(content).iter().for_each(|line| control.line(line));
                        }
                    }
                }
                _ => {}
            }
        }
        control
    }

    /// What is said under one of our keys.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.said.iter().find(|(known, _)| *known == key).map(|(_, said)| said.as_str())
    }

    fn say(&mut self, key: &'static str, text: &str) {
        let text = text.trim();
        if !text.is_empty() && self.get(key).is_none() {
            self.said.push((key, text.to_owned()));
        }
    }

    /// `Owner: CISO`, however it is marked.
    fn line(&mut self, line: &str) {
        if let Some((name, said)) = line.split_once([':', '\u{ff1a}'])
            && name.chars().count() <= 40
            && let Some(key) = words::field(name)
        {
            self.say(key, said);
        }
    }

    fn table(&mut self, table: &Table) {
        let cells = |row: &Vec<Vec<Inline>>| row.iter().map(|cell| plain(cell).trim().to_owned()).collect::<Vec<_>>();
        let head = cells(&table.head);
        let rows: Vec<Vec<String>> = table.rows.iter().map(cells).collect();
        let keys: Vec<Option<&'static str>> = head.iter().map(|name| column(name)).collect();
        let has = |key: &str| keys.contains(&Some(key));
        if has("version") && has("date") && keys.len() >= 3 {
            self.versions(&keys, &rows);
            return;
        }
        if keys.iter().flatten().filter(|key| **key != "date" && **key != "change").count() >= 2
            && let Some(row) = rows.first()
            && keys.len() > 2
        {
            keys.iter().zip(row).for_each(|(key, said)| {
                if let Some(key) = key.filter(|key| !matches!(*key, "date" | "change")) {
                    self.say(key, said)
                }
            });
            return;
        }
        // Names on the left, what they mean on the right; the head of the table may be such a row, or be empty.
        let pairs: Vec<(&'static str, &str)> = std::iter::once(&head)
            .chain(&rows)
            .flat_map(|row| row.chunks(2))
            .filter_map(|pair| match pair {
                [name, said] => Some((words::field(name)?, said.as_str())),
                _ => None,
            })
            .collect();
        // A table of other things may name one or two of these as well.
        if pairs.len() >= 2 && pairs.len() * 2 > rows.len() {
            pairs.into_iter().for_each(|(key, said)| self.say(key, said));
        }
    }

    fn versions(&mut self, keys: &[Option<&'static str>], rows: &[Vec<String>]) {
        if !self.history.is_empty() {
            return;
        }
        for row in rows {
            let cell =
                |key: &str| keys.iter().position(|known| *known == Some(key)).and_then(|at| row.get(at)).cloned().unwrap_or_default();
            self.history.push((cell("version"), cell("date"), cell("change")));
        }
    }
}

/// What a column is about, of versions too.
fn column(name: &str) -> Option<&'static str> {
    match name.trim().to_lowercase().as_str() {
        "date" | "datum" | "release date" | "date of change" | "issued" => Some("date"),
        "change"
        | "changes"
        | "description"
        | "description of change"
        | "summary"
        | "summary of changes"
        | "comment"
        | "comments"
        | "reason"
        | "notes" => Some("change"),
        name => words::field(name),
    }
}

fn is_about_document(heading: &str) -> bool {
    let lower = heading.to_lowercase();
    let about = [
        "document control",
        "document information",
        "document details",
        "document properties",
        "metadata",
        "version history",
        "revision history",
    ];
    about.iter().any(|words| lower.contains(words))
        || lower.trim_start_matches(|c: char| !c.is_alphabetic()).starts_with("document history")
}

/// The lines of a paragraph, as they were written.
fn lines(content: &[Inline]) -> Vec<String> {
    content.split(|inline| matches!(inline.kind, InlineKind::SoftBreak | InlineKind::HardBreak)).map(plain).collect()
}
