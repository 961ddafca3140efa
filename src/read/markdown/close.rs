//! Frames that end become blocks and inlines of the frame around them.

use std::ops::Range;
use std::sync::Arc;

use super::build::Builder;
use super::frame::{Frame, Kind};
use super::html::{self, Mark};
use super::report::excerpt;
use crate::base::finding::Severity;
use crate::base::rule;
use crate::base::word::phrase;
use crate::read::adopt;
use crate::read::tree::{Block, BlockKind, Definition, Footnote, Heading, Inline, InlineKind, Item, Table, Target, own_words, plain};

impl Builder<'_, '_> {
    /// Ends the innermost frame that pulldown-cmark knows of.
    pub(super) fn end(&mut self) {
        self.settle();
        let Some(frame) = self.frames.pop() else { return };
        if frame.kind.is_level() {
            self.levels -= 1;
        }
        self.attach(frame);
    }

    /// Ends an open `<sub>` or its like by the closing tag at `closing`; says whether one was open.
    pub(super) fn end_tag(&mut self, mark: Mark, closing: Range<usize>) -> bool {
        let Some(frame) = self.frames.pop_if(|frame| matches!(frame.kind, Kind::Tag(open) if open == mark)) else { return false };
        self.levels -= 1;
        let kind = match mark {
            Mark::Sub => InlineKind::Sub(frame.inlines),
            Mark::Sup => InlineKind::Sup(frame.inlines),
            Mark::Kbd => InlineKind::Kbd(frame.inlines),
        };
        self.push_inline(kind, frame.range.start..closing.end);
        true
    }

    fn attach(&mut self, frame: Frame) {
        let Frame { kind, range, end, blocks, inlines } = frame;
        let inlines = self.fitted(inlines);
        // A container ends where the last thing in it ends; pulldown-cmark counts the blank lines and markers behind it too.
        let whole = match end {
            Some(end) if end > range.start => self.trimmed(range.start..end),
            _ => self.trimmed(range.clone()),
        };
        match kind {
            Kind::Root => {}
            Kind::Paragraph => self.end_paragraph(inlines, range),
            Kind::Heading { level, attributes } => {
                let range = self.trimmed(range);
                if !has_words(&inlines) {
                    self.report.add(
                        self.report
                            .at(&rule::EMPTY_HEADING, range.clone(), phrase!("the heading has no words"))
                            .help(phrase!("write its words, or remove the `#`")),
                    );
                    if self.context.kind == super::Kind::Adopted {
                        return;
                    }
                }
                let index = self.frames.last().map_or(0, |root| root.blocks.len());
                let attributes = *attributes;
                let id = attributes.id.map(|(id, at)| {
                    self.headings.wrote(index, at);
                    id
                });
                let heading = Heading {
                    level,
                    id: id.unwrap_or_else(|| "".into()),
                    content: inlines,
                    claims: attributes.claims,
                    classification: attributes.classification,
                };
                self.push_block(BlockKind::Heading(heading), range);
            }
            Kind::List { start, tight, items } => self.push_block(BlockKind::List { start, tight, items }, whole),
            Kind::Item { checked } => {
                let span = self.report.span(whole.clone());
                if let Some(Frame { kind: Kind::List { items, .. }, end, .. }) = self.frames.last_mut() {
                    *end = (*end).max(Some(whole.end));
                    items.push(Item { checked, blocks, span });
                }
            }
            Kind::Quote(None) => self.push_block(BlockKind::Quote(blocks), whole),
            Kind::Quote(Some(alert)) => self.push_block(BlockKind::Alert(alert, blocks), whole),
            Kind::Code { language, text } => {
                let range = self.trimmed(range);
                let mut text = self.made(&text, range.clone()).into_owned();
                if !text.is_empty() && !text.ends_with('\n') {
                    text.push('\n');
                }
                self.push_block(BlockKind::Code { language, text: text.into() }, range);
            }
            Kind::Html => self.end_html(range),
            Kind::Table { align, head, rows } => {
                let range = self.trimmed(range);
                self.push_block(BlockKind::Table(Table { align, head, rows }), range);
            }
            Kind::Row { head, cells, split } => self.end_row(head, cells, split, range, end),
            Kind::Cell => {
                self.cell = None;
                if let Some(Frame { kind: Kind::Row { cells, .. }, end, .. }) = self.frames.last_mut() {
                    *end = Some(range.end);
                    cells.push(inlines);
                }
            }
            Kind::Definitions(definitions) => self.push_block(BlockKind::Definitions(definitions), whole),
            Kind::Term => {
                if let Some(Frame { kind: Kind::Definitions(definitions), end, .. }) = self.frames.last_mut() {
                    *end = (*end).max(Some(whole.end));
                    definitions.push(Definition { term: inlines, details: Vec::new() });
                }
            }
            Kind::Detail => {
                if let Some(Frame { kind: Kind::Definitions(definitions), end, .. }) = self.frames.last_mut() {
                    *end = (*end).max(Some(whole.end));
                    if let Some(definition) = definitions.last_mut() {
                        definition.details.push(blocks);
                    }
                }
            }
            Kind::Footnote(label) => self.end_footnote(label, blocks, whole),
            Kind::Emphasis => self.push_inline(InlineKind::Emphasis(inlines), range),
            Kind::Strong => self.push_inline(InlineKind::Strong(inlines), range),
            Kind::Strike => self.push_inline(InlineKind::Strike(inlines), range),
            Kind::Link { target: None, .. } | Kind::Image { path: None, .. } => self.splice(inlines),
            Kind::Link { target: Some(target), bare } => {
                self.links -= 1;
                let mut content = if bare { Vec::new() } else { inlines };
                if !has_words(&content) {
                    let span = self.report.span(range.clone());
                    let words = address(&target).map(|words| Inline { kind: InlineKind::Text(words), span });
                    content = words.into_iter().collect();
                }
                self.push_inline(InlineKind::Link { target, content }, range);
            }
            Kind::Image { path: Some(path), title } => {
                let alt = own_words(&inlines);
                let mut alt = alt.trim().to_owned();
                if alt.is_empty() {
                    let finding = self.report.at(
                        &rule::IMAGE_WITHOUT_ALT,
                        range.clone(),
                        phrase!("the image `{path}` has no alternative text", path = excerpt(&path)),
                    );
                    self.report
                        .add(finding.help(phrase!("say between the brackets what the image shows: `![The network and its zones](…)`")));
                    if self.context.kind == super::Kind::Adopted {
                        alt = adopt::title_of(&path);
                    }
                }
                self.push_inline(InlineKind::Image { path, alt: alt.into(), title }, range);
            }
            // Tags that nothing closes are unwound before.
            Kind::Tag(_) => self.splice(inlines),
        }
    }

    /// The inlines in a vector that is as long as they are, since most texts hold very many short runs; the one they were in is used again.
    #[expect(clippy::drain_collect, reason = "the room is used again, which taking it would not do")]
    pub(super) fn fitted(&mut self, mut inlines: Vec<Inline>) -> Vec<Inline> {
        let fitted = inlines.drain(..).collect();
        self.spare.push(inlines);
        fitted
    }

    /// The words of what cannot be what it was meant to be.
    fn splice(&mut self, inlines: Vec<Inline>) {
        if let Some(parent) = self.frames.last_mut() {
            parent.inlines.extend(inlines);
        }
    }

    fn end_paragraph(&mut self, inlines: Vec<Inline>, range: Range<usize>) {
        if !inlines.is_empty() {
            let range = self.trimmed(range);
            self.push_block(BlockKind::Paragraph(inlines), range);
        }
    }

    fn end_row(&mut self, is_head: bool, cells: Vec<Vec<Inline>>, split: bool, range: Range<usize>, last_cell: Option<usize>) {
        if !split && let Some(last_cell) = last_cell {
            self.check_surplus(range, last_cell);
        }
        if let Some(Frame { kind: Kind::Table { align, head, rows }, .. }) = self.frames.last_mut() {
            let mut cells = cells;
            cells.resize(align.len(), Vec::new());
            if is_head { *head = cells } else { rows.push(cells) }
        }
    }

    fn end_footnote(&mut self, label: Arc<str>, blocks: Vec<Block>, whole: Range<usize>) {
        match self.context.kind {
            super::Kind::Document | super::Kind::Adopted => {
                let note = Footnote { label, blocks, span: self.report.span(whole.clone()) };
                self.footnotes.write(note, whole, &mut self.report);
            }
            super::Kind::Prose => {
                if let Some(parent) = self.frames.last_mut() {
                    parent.end = parent.end.max(Some(whole.end));
                    parent.blocks.extend(blocks);
                }
            }
        }
    }

    fn end_html(&mut self, range: Range<usize>) {
        let range = self.trimmed(range);
        let html = &self.text[range.clone()];
        if html::is_comment(html) {
            return;
        }
        let finding = if html.starts_with("<!--") && !html.contains("-->") {
            let message = phrase!("the comment is not closed, and all that follows is left out");
            self.report
                .at(&rule::RAW_HTML, range.start..range.start + 4, message)
                .help(phrase!("close it with `-->`"))
                .severity(Severity::Error)
        } else {
            let finding = self.report.at(&rule::RAW_HTML, range.clone(), phrase!("a block of raw HTML is left out"));
            finding.help(if html.starts_with("<!--") {
                phrase!("what follows a comment on its line is HTML too: put it on a line of its own")
            } else {
                phrase!("write it as Markdown; a block of HTML ends at a blank line")
            })
        };
        self.report.add(finding);
    }
}

/// The words for a link that has none; a reference gets its words from what it names, which its readers may not see.
fn address(target: &Target) -> Option<Arc<str>> {
    match target {
        Target::Reference(_) | Target::Path { .. } | Target::Section(_) => None,
        Target::Url(words) => Some(words.clone()),
    }
}

fn has_words(inlines: &[Inline]) -> bool {
    inlines.iter().any(|inline| match &inline.kind {
        InlineKind::Text(text) | InlineKind::Code(text) => text.contains(|c: char| !c.is_whitespace()),
        _ => !plain(std::slice::from_ref(inline)).trim().is_empty(),
    })
}
