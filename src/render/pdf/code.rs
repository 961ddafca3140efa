//! The tree as Typst code: calls of functions that `templates/pdf/blocks.typ` and `tables.typ` define. Never markup, and no layout: this file knows
//! what a thing is, the templates know how it looks.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

use super::diagnose::Origin;
use super::fonts::Fonts;
use super::glyphs::{self, Glyphs};
use super::images::Images;
use super::literal;
use super::notes;
use super::reference::{self, Goal, Resolved};
use super::widths::{Measures, breakable};
use crate::base::finding::{Finding, Span};
use crate::base::language::direction;
use crate::base::rule;
use crate::base::word::{Phrase, phrase, word};
use crate::link::index::Section;
use crate::link::manual::Manual;
use crate::read::document::Document;
use crate::read::tree::{self, Block, BlockKind, Body, Heading, Inline, InlineKind, Item, Target};

/// Lists within lists beyond this depth are set without marks of their own: Typst's show rules nest no deeper.
const DEEPEST_LIST: usize = 13;

/// Longest run of characters without a place to break, in text, in tables and in code.
const LONGEST_IN_TEXT: usize = 40;
const LONGEST_IN_TABLE: usize = 18;
const LONGEST_IN_CODE: usize = 70;
/// Longest line of code whose words are told apart by colour, in bytes.
const LONGEST_IN_COLOURS: usize = 2_000;
/// Most UTF-16 units of a text that the file holds beside its pages, as a title, a bookmark or an alternative text: ISO 19005-3, 6.1.13 allows 32,767
/// bytes a string.
pub(super) const LONGEST_STRING: usize = 16_000;
/// Most characters of a title or heading, which stands in the head of pages and among the bookmarks.
pub(super) const LONGEST_TITLE: usize = 500;
/// How many characters a line of claims in the margin holds: some fewer than fit, since a line breaks between identifiers.
const CLAIM_LINE: usize = 26;
/// Characters of a line of text.
const TEXT_LINE: usize = 72;

/// An image with a caption.
pub(super) struct Figure {
    /// The document in which it stands.
    pub(super) document: String,
    /// Its number there.
    pub(super) number: usize,
    pub(super) caption: String,
    pub(super) place: String,
}

/// A table that stands in the text of a document.
pub(super) struct TableAt {
    /// The document in which it stands.
    pub(super) document: String,
    /// The number and the words of the section around it; nothing where none is.
    pub(super) section: (String, String),
    pub(super) place: String,
}

/// What all files of a book share while they are written.
pub(super) struct Shared<'a> {
    pub(super) manual: &'a Manual,
    pub(super) glyphs: Glyphs<'a>,
    pub(super) images: Images,
    /// What the places for a table hold.
    pub(super) measures: Measures,
    pub(super) findings: Vec<Finding>,
    /// Places that can be led to: all that the book will define.
    pub(super) places: BTreeSet<String>,
    /// Images with captions, in order.
    pub(super) figures: Vec<Figure>,
    /// Tables of documents, in order.
    pub(super) tables: Vec<TableAt>,
    /// Those that have been defined: Typst refuses to lead to one that stands twice.
    pub(super) defined: BTreeSet<String>,
}

impl<'a> Shared<'a> {
    /// At the beginning of a book that will define these places, with a finding for each font that the theme names and nobody has.
    pub(super) fn new(manual: &'a Manual, fonts: &'a Fonts, places: BTreeSet<String>) -> Self {
        let project = &manual.view.project;
        Shared {
            manual,
            glyphs: Glyphs::new(fonts, &manual.view.sources),
            images: Images::default(),
            measures: Measures::of(project.theme.page),
            findings: fonts.missing(&project.theme),
            places,
            figures: Vec::new(),
            tables: Vec::new(),
            defined: BTreeSet::new(),
        }
    }
}

/// Writes one generated file.
pub(super) struct Writer<'s, 'a> {
    pub(super) shared: &'s mut Shared<'a>,
    pub(super) out: String,
    pub(super) origins: Vec<(Range<usize>, Origin)>,
    /// The document that the text stands in; none for registers.
    pub(super) from: Option<&'a Document>,
    /// The sections of the body at hand that are still to come, with their numbers.
    sections: std::slice::Iter<'a, Section>,
    /// Footnotes of the body at hand, and which of them have been set.
    notes: Vec<Option<()>>,
    /// Whether a footnote is being set: none can stand in another.
    in_note: bool,
    /// How deep in lists, quotations and cells.
    pub(super) depth: usize,
    /// Whether in a table.
    pub(super) in_table: bool,
    /// The place of the row at hand, to which no page need lead.
    pub(super) row: String,
    /// Whether the place is this row, and no row of a table before it.
    pub(super) is_place: bool,
    /// Whether the table at hand is so narrow that the page of a reference may stand below it.
    pub(super) tight: bool,
    /// Whether an image stands in a line of words, where it can be no block of its own.
    pub(super) in_line: bool,
    /// Whether links are only words: a table's head is repeated, and what is repeated may hold no links.
    pub(super) flat: bool,
    /// The level of the heading before.
    level: u8,
    /// The number and the words of the section that the text is in.
    pub(super) section: (String, String),
}

impl<'s, 'a> Writer<'s, 'a> {
    pub(super) fn new(shared: &'s mut Shared<'a>, from: Option<&'a Document>) -> Self {
        let language = &shared.manual.view.project.language;
        let direction = from.map_or(language.direction(), |document| direction(&document.language));
        shared.glyphs.right_to_left = direction == "rtl";
        Writer {
            shared,
            out: String::new(),
            origins: Vec::new(),
            from,
            sections: [].iter(),
            notes: Vec::new(),
            in_note: false,
            depth: 0,
            in_table: false,
            row: String::new(),
            is_place: false,
            tight: false,
            in_line: false,
            flat: false,
            level: 1,
            section: Default::default(),
        }
    }

    /// Writes by `write` and remembers that this range came from `span`.
    pub(super) fn at(&mut self, span: Span, image: bool, write: impl FnOnce(&mut Self)) {
        let start = self.out.len();
        write(self);
        self.origins.push((start..self.out.len(), Origin { span, image }));
    }

    /// A string literal of a user's words.
    pub(super) fn words(&mut self, text: &str, span: Option<Span>) {
        let clean = self.shared.glyphs.clean(text, span);
        let longest = if self.in_table { LONGEST_IN_TABLE } else { LONGEST_IN_TEXT };
        literal::string(&mut self.out, &breakable(&clean, longest));
    }

    /// A user's words as content. A place to break at is a space too narrow to be seen (Typst drops one of no width), and no
    /// character: who copies an address, or hears it, gets it whole.
    pub(super) fn text(&mut self, text: &str, span: Option<Span>) {
        let clean = self.shared.glyphs.clean(text, span);
        let longest = if self.in_table { LONGEST_IN_TABLE } else { LONGEST_IN_TEXT };
        let broken = breakable(&clean, longest);
        for (number, piece) in broken.split('\u{200b}').enumerate() {
            if number > 0 {
                self.out.push_str(" + h(0.001pt) + ");
            }
            literal::string(&mut self.out, piece);
        }
    }

    /// A whole body, as one expression of content.
    pub(super) fn body(&mut self, body: &Body) {
        let manual = self.shared.manual;
        self.sections = self.from.map_or(&[][..], |document| manual.sections(&document.id)).iter();
        self.notes = vec![None; body.footnotes.len()];
        self.level = 1;
        self.section = Default::default();
        self.blocks(&body.blocks, Some(body));
    }

    /// Blocks as one expression of content.
    pub(super) fn blocks(&mut self, blocks: &[Block], body: Option<&Body>) {
        self.out.push('{');
        for (index, block) in blocks.iter().enumerate() {
            self.out.push('\n');
            self.at(block.span, false, |writer| match &block.kind {
                BlockKind::Heading(heading) => {
                    let beside = writer.beside(heading, &blocks[index + 1..]);
                    writer.heading(heading, beside, body);
                }
                // What ends in a colon stays with what it announces.
                BlockKind::Paragraph(content)
                    if announces(content) && blocks.get(index + 1).is_some_and(|next| is_announced(&next.kind)) =>
                {
                    let before = std::mem::replace(&mut writer.in_line, true);
                    writer.call("lead-in", |writer| writer.inlines(content, body));
                    writer.in_line = before;
                }
                kind => writer.block(kind, block.span, body),
            });
        }
        self.out.push('}');
    }

    fn block(&mut self, kind: &BlockKind, span: Span, body: Option<&Body>) {
        match kind {
            BlockKind::Heading(heading) => self.heading(heading, false, body),
            BlockKind::Paragraph(content) => match content.as_slice() {
                [Inline { kind: InlineKind::Image { .. }, .. }] => self.inlines(content, body),
                _ => {
                    let before = std::mem::replace(&mut self.in_line, true);
                    self.call("paragraph", |writer| writer.inlines(content, body));
                    self.in_line = before;
                }
            },
            BlockKind::List { start, tight, items } => self.list(*start, *tight, items, body),
            BlockKind::Quote(blocks) => self.nested("quotation", blocks, body),
            BlockKind::Alert(alert, blocks) => self.nested(&format!("alert.with(\"{}\")", alert.word()), blocks, body),
            BlockKind::Code { language, text } => {
                let clean = self.shared.glyphs.clean(text.strip_suffix('\n').unwrap_or(text), Some(span));
                let language: String = language.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '#')).collect();
                // Nobody reads a line of such a length in colours, and to find them takes as long as it likes.
                let coloured = clean.lines().all(|line| line.len() <= LONGEST_IN_COLOURS);
                self.call("listing", |writer| {
                    literal::string(&mut writer.out, if coloured { &language } else { "" });
                    writer.out.push_str(", ");
                    // A line without a place to break would run off the page.
                    literal::string(&mut writer.out, &breakable(&clean, LONGEST_IN_CODE));
                });
            }
            BlockKind::Table(table) => self.table(table, body),
            BlockKind::Definitions(definitions) => self.call("definitions", |writer| {
                for definition in definitions {
                    writer.out.push('(');
                    writer.inlines(&definition.term, body);
                    writer.out.push_str(", (");
                    writer.deeper(|writer| {
                        for detail in &definition.details {
                            writer.blocks(detail, body);
                            writer.out.push_str(", ");
                        }
                    });
                    writer.out.push_str(")), ");
                }
            }),
            BlockKind::Rule => self.out.push_str("separator()"),
        }
    }

    pub(super) fn call(&mut self, function: &str, arguments: impl FnOnce(&mut Self)) {
        self.out.push_str(function);
        self.out.push('(');
        arguments(self);
        self.out.push(')');
    }

    pub(super) fn deeper(&mut self, write: impl FnOnce(&mut Self)) {
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }

    fn nested(&mut self, function: &str, blocks: &[Block], body: Option<&Body>) {
        self.call(function, |writer| writer.deeper(|writer| writer.blocks(blocks, body)));
    }

    fn heading(&mut self, heading: &Heading, beside: bool, body: Option<&Body>) {
        // Only what stands in the text itself begins a section; a heading in a quotation has no number.
        let number = if self.depth == 0 { self.sections.next().map_or("", |section| &section.number) } else { "" };
        // A heading that shows nothing would be an empty tag, which PDF/UA forbids.
        if !glyphs::shows(&tree::plain(&heading.content)) {
            return;
        }
        // A skipped level is a finding of its own; here it would make the PDF's structure invalid.
        let level = heading.level.clamp(2, 6).min(self.level + 1);
        self.level = level;
        let words = tree::plain(&heading.content);
        if self.depth == 0 {
            self.section = (number.to_owned(), self.shared.glyphs.clean(&words, None));
        }
        if let Some(first) = heading.content.first() {
            self.bounded(&words, LONGEST_TITLE, first.span, word!("the heading"));
        }
        let place = self.from.map(|document| format!("{}#{}", document.id, heading.id));
        let place = place.map_or_else(|| "none".into(), |place| self.define(&place));
        let claims: Vec<Resolved> = self.claims(heading);
        self.call("section", |writer| {
            let _ = write!(writer.out, "{level}, \"{number}\", {place}, ");
            writer.resolved(&claims);
            let _ = write!(writer.out, ", {beside}, ");
            writer.inlines(&heading.content, body);
        });
    }

    fn claims(&self, heading: &Heading) -> Vec<Resolved> {
        heading.claims.iter().map(|claim| reference::resolve_reference(self.shared.manual, &claim.value)).collect()
    }

    /// A text of bounded length, cut where it is longer, with a finding: what is longer fits in no head of a page, or into no PDF/A at all.
    pub(super) fn bounded<'t>(&mut self, text: &'t str, most: usize, span: Span, what: impl Into<Phrase>) -> &'t str {
        let Some((end, _)) = text.char_indices().nth(most) else { return text };
        let message = phrase!(
            "{what} has {n} characters, and in a PDF it may have {most}",
            what = what.into(),
            n = text.chars().count(),
            most = most
        );
        self.shared.findings.push(
            Finding::new(&rule::PDF_FAILED, span, message)
                .label(phrase!("too long"))
                .help(phrase!("shorten it, or say the rest in the text")),
        );
        &text[..end]
    }

    /// A place as a string literal, the first time it is defined; else `none`.
    pub(super) fn define(&mut self, place: &str) -> String {
        if self.shared.defined.insert(place.to_owned()) { literal::quoted(place) } else { "none".into() }
    }

    /// Whether a heading's claims fit into the margin beside what follows it, before something else needs that margin.
    fn beside(&self, heading: &Heading, after: &[Block]) -> bool {
        if heading.claims.is_empty() {
            return false;
        }
        // Each framework begins a line, with its name where it has one.
        let mut letters: BTreeMap<String, usize> = BTreeMap::new();
        for claim in self.claims(heading) {
            let name = claim.framework.chars().count();
            *letters.entry(claim.framework).or_insert(name) += claim.id.chars().count() + 2;
        }
        let needed: usize = letters.values().map(|letters| letters.div_ceil(CLAIM_LINE)).sum();
        let mut room = 1;
        for block in after {
            match &block.kind {
                BlockKind::Heading(next) if !next.claims.is_empty() => break,
                BlockKind::Table(table) if self.plan(table).wide => break,
                kind => room += lines(kind),
            }
            if room > needed {
                return true;
            }
        }
        // At the end of a document nothing follows; a page's foot is far enough for a few lines.
        room > needed
    }

    fn list(&mut self, start: Option<u64>, tight: bool, items: &[Item], body: Option<&Body>) {
        if self.depth >= DEEPEST_LIST {
            self.out.push('{');
            for item in items {
                self.out.push('\n');
                self.blocks(&item.blocks, body);
            }
            self.out.push('}');
            return;
        }
        let function = if start.is_some() { "numbers" } else { "bullets" };
        self.call(function, |writer| {
            if let Some(start) = start {
                let _ = write!(writer.out, "{start}, ");
            }
            let _ = write!(writer.out, "{tight}, ");
            for item in items {
                let mark = match item.checked {
                    None => "none",
                    Some(true) => "true",
                    Some(false) => "false",
                };
                let _ = write!(writer.out, "({mark}, ");
                writer.deeper(|writer| writer.at(item.span, false, |writer| writer.item(item, tight, body)));
                writer.out.push_str("), ");
            }
        });
    }

    /// The first paragraph of a tight item stands in the line itself, as Typst's own tight lists have it.
    fn item(&mut self, item: &Item, tight: bool, body: Option<&Body>) {
        match item.blocks.split_first() {
            Some((Block { kind: BlockKind::Paragraph(content), .. }, rest)) if tight => {
                self.inlines(content, body);
                if !rest.is_empty() {
                    self.out.push_str(" + ");
                    self.blocks(rest, body);
                }
            }
            _ => self.blocks(&item.blocks, body),
        }
    }

    /// Blocks for a small place: one paragraph stands there without the space that sets paragraphs apart.
    pub(super) fn short(&mut self, blocks: &[Block], body: &Body) {
        match blocks {
            [Block { kind: BlockKind::Paragraph(content), span }] => {
                self.at(*span, false, |writer| writer.inlines(content, Some(body)));
            }
            blocks => self.blocks(blocks, Some(body)),
        }
    }

    /// A footnote where it is referred to for the first time; a reference to it after that.
    pub(super) fn note(&mut self, index: usize, body: Option<&Body>) {
        let Some((body, note)) = body.and_then(|body| Some((body, body.footnotes.get(index)?))) else { return };
        let Some(document) = self.from.filter(|_| !self.in_note && !self.flat) else {
            let _ = write!(self.out, "above(\"{}\")", index + 1);
            return;
        };
        let place = notes::place(document.id.as_str(), index + 1);
        if self.notes.get(index).is_some_and(Option::is_some) {
            self.call("note-again", |writer| literal::string(&mut writer.out, &place));
            return;
        }
        if let Some(set) = self.notes.get_mut(index) {
            *set = Some(());
        }
        let place = self.define(&place);
        self.call("note", |writer| {
            let _ = write!(writer.out, "{place}, ");
            let table = std::mem::replace(&mut writer.in_table, false);
            writer.in_note = true;
            writer.deeper(|writer| writer.at(note.span, false, |writer| writer.short(&note.blocks, body)));
            writer.in_note = false;
            writer.in_table = table;
        });
    }

    /// Looked-up links as an array of dictionaries.
    pub(super) fn resolved(&mut self, links: &[Resolved]) {
        self.out.push('(');
        for link in links {
            self.one(link);
            self.out.push_str(", ");
        }
        self.out.push(')');
    }

    /// A looked-up link as a dictionary.
    pub(super) fn one(&mut self, link: &Resolved) {
        for (key, text) in [("(framework: ", &link.framework), (", id: ", &link.id), (", words: ", &link.words)] {
            self.out.push_str(key);
            self.words(text, None);
        }
        let goal = self.goal(&link.goal);
        let _ = write!(self.out, ", goal: {goal})");
    }

    /// Where a link leads, as a value: a place of the book, an address, or `none`.
    pub(super) fn goal(&self, goal: &Goal) -> String {
        match goal {
            _ if self.flat => "none".into(),
            Goal::Place(place) if self.shared.places.contains(place) => format!("(place: {})", literal::quoted(place)),
            Goal::Url(url) => format!("(url: {})", literal::quoted(url)),
            Goal::Place(_) | Goal::Nowhere => "none".into(),
        }
    }

    pub(super) fn resolve(&self, target: &Target) -> Resolved {
        reference::resolve(self.shared.manual, self.from, target)
    }

    pub(super) fn image(&mut self, path: &Arc<str>) -> Result<super::images::Image, Phrase> {
        let sources = &self.shared.manual.view.sources;
        self.shared.images.get(path, || sources.find(path).map(|id| sources.file(id).bytes().into()))
    }
}

fn announces(content: &[Inline]) -> bool {
    tree::plain(content).trim_end().ends_with(':')
}

fn is_announced(kind: &BlockKind) -> bool {
    matches!(kind, BlockKind::List { .. } | BlockKind::Table(_) | BlockKind::Code { .. } | BlockKind::Definitions(_))
}

/// Lines that a block takes, as an estimate from below.
fn lines(kind: &BlockKind) -> usize {
    let text = |content: &[Inline]| tree::plain(content).chars().count().div_ceil(TEXT_LINE).max(1);
    match kind {
        BlockKind::Heading(_) => 2,
        BlockKind::Paragraph(content) => text(content),
        BlockKind::List { items, .. } => items.iter().flat_map(|item| &item.blocks).map(|block| lines(&block.kind)).sum(),
        BlockKind::Quote(blocks) | BlockKind::Alert(_, blocks) => blocks.iter().map(|block| lines(&block.kind)).sum::<usize>() + 1,
        BlockKind::Code { text, .. } => text.lines().count(),
        BlockKind::Table(table) => table.rows.len() + 1,
        BlockKind::Definitions(definitions) => definitions.len() * 2,
        BlockKind::Rule => 1,
    }
}
