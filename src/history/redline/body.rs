//! Texts: what was inserted and deleted within their structure, and which sections moved.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::align::{self, Part, Place};
use super::guard::Guard;
use super::words::{self, Amount, Text, Words};
use crate::base::digest::sha256;
use crate::base::finding::Spanned;
use crate::base::id::Reference;
use crate::base::language::Language;
use crate::link::index::Destination;
use crate::link::manual::Manual;
use crate::link::plain::Said;
use crate::read::document::Document;
use crate::read::tree::{Block, BlockKind, Body, Footnote, Heading, Inline, InlineKind, Item, Target};

/// A block of before and after in one. Where a block came or went, all of its words did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A heading.
    Heading {
        /// 2 to 6.
        level: u8,
        /// Its words.
        words: Words,
        /// Whether its section stands elsewhere than before.
        moved: bool,
    },
    /// A paragraph.
    Paragraph(Words),
    /// A list.
    List {
        /// The first number of an ordered list.
        start: Option<u64>,
        /// Its items.
        items: Vec<Vec<Piece>>,
    },
    /// A quotation.
    Quote(Vec<Piece>),
    /// An alert, by its word: `note`.
    Alert(&'static str, Vec<Piece>),
    /// A block of code, compared by lines.
    Code(Words),
    /// A table.
    Table {
        /// Its head.
        head: Vec<Words>,
        /// Its rows.
        rows: Vec<Vec<Words>>,
    },
    /// Terms with what they mean.
    Definitions(Vec<(Words, Vec<Piece>)>),
    /// The footnotes of the text.
    Notes(Vec<Vec<Piece>>),
    /// So many blocks without a change, left out.
    Unchanged(usize),
}

impl Piece {
    /// Whether words within it came or went, or it moved.
    pub fn is_changed(&self) -> bool {
        matches!(self, Piece::Heading { moved: true, .. }) || {
            let mut changed = false;
            self.each(&mut |words| changed |= words.is_changed());
            changed
        }
    }

    /// Calls `visit` with all words in it, in the order of reading.
    pub fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a Words)) {
        let mut nested = |pieces: &'a [Piece]| pieces.iter().for_each(|piece| piece.each(visit));
        match self {
            Piece::Heading { words, .. } | Piece::Paragraph(words) | Piece::Code(words) => visit(words),
            Piece::List { items, .. } | Piece::Notes(items) => items.iter().for_each(|item| nested(item)),
            Piece::Quote(pieces) | Piece::Alert(_, pieces) => nested(pieces),
            Piece::Table { head, rows } => head.iter().chain(rows.iter().flatten()).for_each(visit),
            Piece::Definitions(definitions) => {
                for (term, details) in definitions {
                    visit(term);
                    details.iter().for_each(|piece| piece.each(visit));
                }
            }
            Piece::Unchanged(_) => {}
        }
    }
}

/// The pieces with a change, the headings that they stand below, and one block around each; the others are counted.
pub fn abridged(pieces: &[Piece]) -> Vec<Piece> {
    let mut kept = vec![false; pieces.len()];
    for at in (0..pieces.len()).filter(|at| pieces[*at].is_changed()) {
        kept[at] = true;
        let mut level = match &pieces[at] {
            Piece::Heading { level, .. } => *level,
            _ => {
                at.checked_sub(1)
                    .into_iter()
                    .chain([at + 1])
                    .filter(|near| pieces.get(*near).is_some_and(is_text))
                    .for_each(|near| kept[near] = true);
                u8::MAX
            }
        };
        for (above, piece) in pieces[..at].iter().enumerate().rev() {
            if let Piece::Heading { level: higher, .. } = piece
                && *higher < level
            {
                kept[above] = true;
                level = *higher;
            }
        }
    }
    let mut out: Vec<Piece> = Vec::new();
    for (piece, kept) in pieces.iter().zip(kept) {
        match (kept, out.last_mut()) {
            (true, _) => out.push(piece.clone()),
            (false, Some(Piece::Unchanged(count))) => *count += 1,
            (false, _) => out.push(Piece::Unchanged(1)),
        }
    }
    out
}

fn is_text(piece: &Piece) -> bool {
    matches!(piece, Piece::Paragraph(_) | Piece::List { .. })
}

/// How two texts differ.
#[derive(Clone, Debug, Default)]
pub(super) struct Difference {
    pub(super) pieces: Vec<Piece>,
    /// Headings, by their ids of before or after, whose sections have a change, in themselves or in sections within them.
    pub(super) sections: BTreeSet<Arc<str>>,
    /// Sections that a lower view had, and has no more.
    pub(super) gone: usize,
    pub(super) amount: Amount,
}

/// A side of a comparison: a view, and the document within it that the text is of.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub(super) manual: &'a Manual,
    pub(super) document: Option<&'a Document>,
    pub(super) language: &'a Language,
}

static NOTHING: Body = Body::EMPTY;

/// Whether two texts of the same source say the same: they have the same structure, so that only what they insert and where they lead can differ.
pub(super) fn says_the_same(before: (Side<'_>, &Body), after: (Side<'_>, &Body)) -> bool {
    let parts = |(side, body): (Side<'_>, &Body)| -> Vec<String> {
        let blocks = body.blocks.iter().chain(body.footnotes.iter().flat_map(|note| &note.blocks));
        blocks.map(|block| side.part(block).key).collect()
    };
    parts(before) == parts(after)
}

/// Compares two texts; none stands for one that is not there.
pub(super) fn compare(before: (Side<'_>, Option<&Body>), after: (Side<'_>, Option<&Body>), guard: &Guard) -> Difference {
    let bodies = (before.1.unwrap_or(&NOTHING), after.1.unwrap_or(&NOTHING));
    let compare = Compare { before: before.0, after: after.0, guard };
    let (old, new) = (sections(bodies.0), sections(bodies.1));
    let pairs = compare.pairs(&old, &new);
    let paired: Vec<(usize, usize)> = pairs.iter().enumerate().filter_map(|(new, old)| Some(((*old)?, new))).collect();
    let kept = align::in_order(&paired);
    let moved: BTreeSet<usize> = paired.iter().zip(kept).filter(|(_, kept)| !kept).map(|((_, new), _)| *new).collect();
    let taken: BTreeSet<usize> = paired.iter().map(|(old, _)| *old).collect();
    let mut difference = Difference::default();
    let mut next = 0;
    let mut gone = |difference: &mut Difference, until: usize| {
        for at in (next..until).filter(|at| !taken.contains(at)) {
            if guard.tells_what_is_gone() {
                difference.add(compare.section(Some(&old[at]), None, false), [(&old, at)]);
            } else {
                difference.gone += 1;
                difference.note([(&old, at)]);
            }
        }
        next = next.max(until);
    };
    for (at, section) in new.iter().enumerate() {
        match pairs[at] {
            Some(from) => {
                let is_moved = moved.contains(&at);
                if !is_moved {
                    gone(&mut difference, from);
                }
                difference.add(compare.section(Some(&old[from]), Some(section), is_moved), [(&old, from), (&new, at)]);
            }
            None => difference.add(compare.section(None, Some(section), false), [(&new, at)]),
        }
    }
    gone(&mut difference, old.len());
    let notes = compare.notes(&bodies.0.footnotes, &bodies.1.footnotes);
    difference.pieces.extend(notes);
    for piece in &difference.pieces {
        piece.each(&mut |words| difference.amount.add(words.amount));
    }
    difference
}

impl Difference {
    fn add<'a, const N: usize>(&mut self, pieces: Vec<Piece>, of: [(&Vec<Section<'a>>, usize); N]) {
        if pieces.iter().any(Piece::is_changed) {
            self.note(of);
        }
        self.pieces.extend(pieces);
    }

    /// Notes that sections have a change, and those that they stand in.
    fn note<'a, const N: usize>(&mut self, of: [(&Vec<Section<'a>>, usize); N]) {
        for (sections, at) in of {
            let mut level = u8::MAX;
            for heading in sections[..=at].iter().rev().filter_map(|section| section.heading) {
                if heading.level < level {
                    level = heading.level;
                    self.sections.insert(heading.id.clone());
                }
            }
        }
    }
}

/// A heading with the blocks up to the next one.
struct Section<'a> {
    heading: Option<&'a Heading>,
    blocks: Vec<&'a Block>,
}

fn sections(body: &Body) -> Vec<Section<'_>> {
    let mut sections = vec![Section { heading: None, blocks: Vec::new() }];
    for block in &body.blocks {
        match (&block.kind, sections.last_mut()) {
            (BlockKind::Heading(heading), _) => sections.push(Section { heading: Some(heading), blocks: Vec::new() }),
            (_, Some(section)) => section.blocks.push(block),
            (_, None) => {}
        }
    }
    sections
}

struct Compare<'a> {
    before: Side<'a>,
    after: Side<'a>,
    guard: &'a Guard,
}

/// How alike sections have to be to be one under another name.
const SAME_SECTION: f64 = 0.6;
/// Where more pairs than these would have to be weighed, a section under another name is another one.
const MOST_SECTIONS: usize = 2_500;

impl Compare<'_> {
    /// For each later section the earlier one that it was: by its id, else by its words.
    fn pairs(&self, old: &[Section<'_>], new: &[Section<'_>]) -> Vec<Option<usize>> {
        let id = |section: &Section<'_>| section.heading.map(|heading| heading.id.clone());
        let by_id: std::collections::BTreeMap<Option<Arc<str>>, usize> =
            old.iter().enumerate().map(|(at, section)| (id(section), at)).collect();
        let mut pairs: Vec<Option<usize>> = new.iter().map(|section| by_id.get(&id(section)).copied()).collect();
        let taken: BTreeSet<usize> = pairs.iter().flatten().copied().collect();
        let mut free: Vec<usize> = (0..old.len()).filter(|at| !taken.contains(at)).collect();
        let unpaired: Vec<usize> = (0..new.len()).filter(|at| pairs[*at].is_none()).collect();
        if free.len() * unpaired.len() > MOST_SECTIONS {
            return pairs;
        }
        let part = |side: Side<'_>, section: &Section<'_>| {
            let heading = section.heading.map_or_else(String::new, |heading| side.line(&heading.content).key());
            let blocks = section.blocks.iter().map(|block| side.part(block).key);
            Part { kind: "section", key: [heading].into_iter().chain(blocks).collect::<Vec<_>>().join(" ") }
        };
        let old_parts: Vec<Part> = old.iter().map(|section| part(self.before, section)).collect();
        for at in unpaired {
            let of = part(self.after, &new[at]);
            let weighed = free.iter().enumerate().map(|(place, from)| (align::likeness(&old_parts[*from], &of), place));
            let best = weighed.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
            if let Some((_, place)) = best.filter(|(likeness, _)| *likeness >= SAME_SECTION) {
                pairs[at] = Some(free.remove(place));
            }
        }
        pairs
    }

    fn section(&self, old: Option<&Section<'_>>, new: Option<&Section<'_>>, moved: bool) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let headings = (old.and_then(|section| section.heading), new.and_then(|section| section.heading));
        if let Some(heading) = headings.1.or(headings.0) {
            let text = |side: Side<'_>, heading: Option<&Heading>| heading.map(|heading| side.heading(heading)).unwrap_or_default();
            let words = self.words(&text(self.before, headings.0), &text(self.after, headings.1));
            pieces.push(Piece::Heading { level: heading.level, words, moved });
        }
        let blocks =
            |section: Option<&Section<'_>>| section.map_or_else(Vec::new, |section| section.blocks.iter().copied().cloned().collect());
        pieces.extend(self.blocks(&blocks(old), &blocks(new)));
        pieces
    }

    fn words(&self, old: &Text, new: &Text) -> Words {
        words::compare(old, new, self.guard)
    }

    fn blocks(&self, old: &[Block], new: &[Block]) -> Vec<Piece> {
        let parts = |side: Side<'_>, blocks: &[Block]| blocks.iter().map(|block| side.part(block)).collect::<Vec<_>>();
        let places = align::align(&parts(self.before, old), &parts(self.after, new));
        let piece = |place| match place {
            Place::Both(from, to) => self.block(Some(&old[from]), Some(&new[to])),
            Place::Before(from) => self.block(Some(&old[from]), None),
            Place::After(to) => self.block(None, Some(&new[to])),
        };
        places.into_iter().filter_map(piece).collect()
    }

    /// Blocks of the same kind, or one of them.
    fn block(&self, old: Option<&Block>, new: Option<&Block>) -> Option<Piece> {
        let (old, new) = (old.map(|block| &block.kind), new.map(|block| &block.kind));
        Some(match new.or(old)? {
            BlockKind::Heading(heading) => {
                let text = |side: Side<'_>, kind: Option<&BlockKind>| match kind {
                    Some(BlockKind::Heading(heading)) => side.heading(heading),
                    _ => Text::default(),
                };
                Piece::Heading { level: heading.level, words: self.words(&text(self.before, old), &text(self.after, new)), moved: false }
            }
            BlockKind::Paragraph(_) => {
                let text = |side: Side<'_>, kind: Option<&BlockKind>| match kind {
                    Some(BlockKind::Paragraph(content)) => side.line(content),
                    _ => Text::default(),
                };
                Piece::Paragraph(self.words(&text(self.before, old), &text(self.after, new)))
            }
            BlockKind::List { start, .. } => {
                fn items(kind: Option<&BlockKind>) -> &[Item] {
                    match kind {
                        Some(BlockKind::List { items, .. }) => items,
                        _ => &[],
                    }
                }
                Piece::List { start: *start, items: self.items(items(old), items(new)) }
            }
            BlockKind::Quote(_) => Piece::Quote(self.blocks(inner(old), inner(new))),
            BlockKind::Alert(alert, _) => Piece::Alert(alert.word(), self.blocks(inner(old), inner(new))),
            BlockKind::Code { .. } => {
                let text = |kind: Option<&BlockKind>| match kind {
                    Some(BlockKind::Code { text, .. }) => Text::lines(text),
                    _ => Text::default(),
                };
                Piece::Code(self.words(&text(old), &text(new)))
            }
            BlockKind::Table(_) => self.table(old, new),
            BlockKind::Definitions(_) => self.definitions(old, new),
            BlockKind::Rule => return None,
        })
    }

    fn items(&self, old: &[Item], new: &[Item]) -> Vec<Vec<Piece>> {
        let parts = |side: Side<'_>, items: &[Item]| items.iter().map(|item| side.item(item)).collect::<Vec<_>>();
        let places = align::align(&parts(self.before, old), &parts(self.after, new));
        let (from, to) = (|at: usize| Some(&old[at]), |at: usize| Some(&new[at]));
        let item = |place| match place {
            Place::Both(before, after) => (from(before), to(after)),
            Place::Before(before) => (from(before), None),
            Place::After(after) => (None, to(after)),
        };
        let blocks = |item: Option<&Item>| item.map_or_else(Vec::new, |item| item.blocks.clone());
        let ticks = |item: Option<&Item>| match item.and_then(|item| item.checked) {
            Some(true) => Text::of("[x]"),
            Some(false) => Text::of("[\u{2013}]"),
            None => Text::default(),
        };
        let pieces = |(old, new): (Option<&Item>, Option<&Item>)| {
            let tick = self.words(&ticks(old), &ticks(new));
            let tick = (!tick.is_empty()).then_some(Piece::Paragraph(tick));
            tick.into_iter().chain(self.blocks(&blocks(old), &blocks(new))).collect()
        };
        places.into_iter().map(item).map(pieces).collect()
    }

    fn notes(&self, old: &[Footnote], new: &[Footnote]) -> Option<Piece> {
        let item = |note: &Footnote| Item { checked: None, blocks: note.blocks.clone(), span: note.span };
        let (old, new): (Vec<Item>, Vec<Item>) = (old.iter().map(item).collect(), new.iter().map(item).collect());
        let notes = self.items(&old, &new);
        (!notes.is_empty()).then_some(Piece::Notes(notes))
    }

    fn table(&self, old: Option<&BlockKind>, new: Option<&BlockKind>) -> Piece {
        type Row = Vec<Text>;
        let read = |side: Side<'_>, kind: Option<&BlockKind>| -> (Row, Vec<Row>) {
            let Some(BlockKind::Table(table)) = kind else { return (Vec::new(), Vec::new()) };
            let row = |cells: &Vec<Vec<Inline>>| cells.iter().map(|cell| side.line(cell)).collect::<Row>();
            (row(&table.head), table.rows.iter().map(row).collect())
        };
        let ((old_head, old_rows), (new_head, new_rows)) = (read(self.before, old), read(self.after, new));
        let part = |text: &Text| Part { kind: "cell", key: text.key() };
        let columns = if old_head.len() == new_head.len() {
            (0..new_head.len()).map(|at| Place::Both(at, at)).collect()
        } else {
            align::align(&old_head.iter().map(part).collect::<Vec<_>>(), &new_head.iter().map(part).collect::<Vec<_>>())
        };
        let nothing = Text::default();
        let cells = |old: Option<&Row>, new: Option<&Row>| -> Vec<Words> {
            let at = |row: Option<&'_ Row>, place: usize| row.and_then(|row| row.get(place)).cloned().unwrap_or_default();
            let cell = |place: &Place| match *place {
                Place::Both(from, to) => self.words(&at(old, from), &at(new, to)),
                Place::Before(from) => self.words(&at(old, from), &nothing),
                Place::After(to) => self.words(&nothing, &at(new, to)),
            };
            columns.iter().map(cell).collect()
        };
        // What stands first names a row, and counts as much as all the rest.
        let key = |row: &Row| {
            let name = row.first().map(Text::key).unwrap_or_default();
            let cells = row.iter().map(Text::key);
            Part { kind: "row", key: std::iter::repeat_n(name, row.len()).chain(cells).collect::<Vec<_>>().join(" ") }
        };
        let places = align::align(&old_rows.iter().map(key).collect::<Vec<_>>(), &new_rows.iter().map(key).collect::<Vec<_>>());
        let row = |place| match place {
            Place::Both(from, to) => cells(Some(&old_rows[from]), Some(&new_rows[to])),
            Place::Before(from) => cells(Some(&old_rows[from]), None),
            Place::After(to) => cells(None, Some(&new_rows[to])),
        };
        let head = |head| Some(head).filter(|head: &&Row| !head.is_empty());
        Piece::Table { head: cells(head(&old_head), head(&new_head)), rows: places.into_iter().map(row).collect() }
    }

    fn definitions(&self, old: Option<&BlockKind>, new: Option<&BlockKind>) -> Piece {
        type Read = (Text, Vec<Block>);
        let read = |side: Side<'_>, kind: Option<&BlockKind>| -> Vec<Read> {
            let Some(BlockKind::Definitions(definitions)) = kind else { return Vec::new() };
            definitions.iter().map(|definition| (side.line(&definition.term), definition.details.concat())).collect()
        };
        let (old, new) = (read(self.before, old), read(self.after, new));
        let part = |(term, _): &Read| Part { kind: "term", key: term.key() };
        let places = align::align(&old.iter().map(part).collect::<Vec<_>>(), &new.iter().map(part).collect::<Vec<_>>());
        let nothing = (Text::default(), Vec::new());
        let definition = |place| {
            let (old, new) = match place {
                Place::Both(from, to) => (&old[from], &new[to]),
                Place::Before(from) => (&old[from], &nothing),
                Place::After(to) => (&nothing, &new[to]),
            };
            (self.words(&old.0, &new.0), self.blocks(&old.1, &new.1))
        };
        Piece::Definitions(places.into_iter().map(definition).collect())
    }
}

fn inner(kind: Option<&BlockKind>) -> &[Block] {
    match kind {
        Some(BlockKind::Quote(blocks) | BlockKind::Alert(_, blocks)) => blocks,
        _ => &[],
    }
}

impl Side<'_> {
    fn said(&self) -> Said<'_> {
        Said { manual: self.manual, language: self.language }
    }

    fn heading(&self, heading: &Heading) -> Text {
        let mut text = Text::default();
        self.inlines(&heading.content, &mut text);
        for claim in &heading.claims {
            text.mark(&self.claim(claim));
        }
        if let Some(mark) = &heading.classification {
            text.mark(&mark.value);
        }
        text.finish()
    }

    fn claim(&self, claim: &Spanned<Reference>) -> String {
        self.manual.control_named(&claim.value).map_or_else(|| claim.value.to_string(), |control| control.id.to_string())
    }

    fn line(&self, content: &[Inline]) -> Text {
        let mut text = Text::default();
        self.inlines(content, &mut text);
        text.finish()
    }

    fn inlines(&self, content: &[Inline], text: &mut Text) {
        for inline in content {
            match &inline.kind {
                InlineKind::Emphasis(content)
                | InlineKind::Strong(content)
                | InlineKind::Sub(content)
                | InlineKind::Sup(content)
                | InlineKind::Kbd(content) => self.inlines(content, text),
                InlineKind::Strike(content) => {
                    text.mark("~~");
                    self.inlines(content, text);
                    text.mark("~~");
                }
                InlineKind::Link { target, content } => {
                    if content.is_empty() {
                        text.say(&self.said().line(std::slice::from_ref(inline)));
                    } else {
                        self.inlines(content, text);
                    }
                    if let Some(target) = self.target(target) {
                        text.mark(&target);
                    }
                }
                InlineKind::Image { path, alt, title } => {
                    text.say(alt);
                    text.say(title);
                    let file = self.manual.view.sources.find(path);
                    let digest = file.map(|id| sha256(self.manual.view.sources.file(id).bytes())).unwrap_or_default();
                    text.mark(&format!("image {}", digest.get(..12).unwrap_or_default()));
                }
                InlineKind::Footnote(_) => text.mark("*"),
                InlineKind::Text(_) | InlineKind::Code(_) | InlineKind::SoftBreak | InlineKind::HardBreak => {
                    text.say(&self.said().line(std::slice::from_ref(inline)));
                }
            }
        }
    }

    /// Where a link leads, as far as the view knows.
    fn target(&self, target: &Target) -> Option<String> {
        match self.manual.resolve(self.document, target) {
            Destination::Document { document, section } => {
                Some(section.map_or_else(|| document.id.to_string(), |section| format!("{}#{}", document.id, section.id)))
            }
            Destination::Abstract(published) => Some(published.id.to_string()),
            Destination::Row { row, .. } => Some(row.id.to_string()),
            Destination::Control { control, .. } => Some(control.id.to_string()),
            Destination::Url(url) => Some(url.to_owned()),
            Destination::File(path) => Some(path.to_owned()),
            Destination::Withheld => None,
        }
    }

    fn part(&self, block: &Block) -> Part {
        let mut key = Vec::new();
        let kind = self.key(block, &mut key);
        Part { kind, key: key.join(" ") }
    }

    fn item(&self, item: &Item) -> Part {
        let mut key = vec![item.checked.map_or_else(String::new, |checked| checked.to_string())];
        item.blocks.iter().for_each(|block| _ = self.key(block, &mut key));
        Part { kind: "item", key: key.join(" ") }
    }

    /// Gathers what a block says, marks too; gives its kind.
    fn key(&self, block: &Block, out: &mut Vec<String>) -> &'static str {
        match &block.kind {
            BlockKind::Heading(heading) => {
                out.push(self.heading(heading).key());
                "heading"
            }
            BlockKind::Paragraph(content) => {
                out.push(self.line(content).key());
                "paragraph"
            }
            BlockKind::List { start, items, .. } => {
                out.extend(items.iter().map(|item| self.item(item).key));
                if start.is_some() { "numbered" } else { "list" }
            }
            BlockKind::Quote(blocks) => {
                blocks.iter().for_each(|block| _ = self.key(block, out));
                "quote"
            }
            BlockKind::Alert(alert, blocks) => {
                blocks.iter().for_each(|block| _ = self.key(block, out));
                alert.word()
            }
            BlockKind::Code { text, .. } => {
                out.push(text.to_string());
                "code"
            }
            BlockKind::Table(table) => {
                out.extend(table.head.iter().chain(table.rows.iter().flatten()).map(|cell| self.line(cell).key()));
                "table"
            }
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    out.push(self.line(&definition.term).key());
                    definition.details.iter().flatten().for_each(|block| _ = self.key(block, out));
                }
                "definitions"
            }
            BlockKind::Rule => "rule",
        }
    }
}
