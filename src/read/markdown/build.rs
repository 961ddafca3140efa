//! The events of pulldown-cmark into the tree.

use std::cell::RefCell;
use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag};

use super::footnote::Footnotes;
use super::frame::{Frame, Kind};
use super::heading::Headings;
use super::html::{self, Html};
use super::report::{MOST, Report, excerpt};
use super::words::Words;
use super::{Context, MAX_DEPTH, attributes, image, link};
use crate::base::finding::{Finding, Span, did_you_mean, nearest};
use crate::base::rule;
use crate::base::word::{Phrase, Word, phrase, word};
use crate::read::tree::{Alert, Align, Block, BlockKind, Body, Inline, InlineKind};

/// What is read of a text, while it is read.
pub(super) struct Builder<'t, 'f> {
    pub(super) text: &'t str,
    pub(super) context: &'t Context<'t>,
    /// Whether the text holds characters that are to be left out.
    pub(super) unclean: bool,
    pub(super) report: Report<'f>,
    pub(super) frames: Vec<Frame>,
    pub(super) words: Words<'t>,
    /// The table cell that is open.
    pub(super) cell: Option<Range<usize>>,
    pub(super) headings: Headings,
    pub(super) footnotes: Footnotes,
    /// How many of the frames are levels of nesting, and how many are links.
    pub(super) levels: usize,
    pub(super) links: usize,
    /// Room for the inlines of frames to come.
    pub(super) spare: Vec<Vec<Inline>>,
    /// How many containers are open that are too deep to be read.
    skipped: usize,
    /// The last block of the text in which something was too deep.
    deep_block: Option<usize>,
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_WIKILINKS
}

impl<'t, 'f> Builder<'t, 'f> {
    pub(super) fn new(text: &'t str, context: &'t Context<'t>, unclean: bool, report: Report<'f>) -> Self {
        Builder {
            text,
            context,
            unclean,
            report,
            frames: vec![Frame::new(Kind::Root, 0..text.len(), Vec::new())],
            words: Words::default(),
            cell: None,
            headings: Headings::default(),
            footnotes: Footnotes::default(),
            levels: 0,
            links: 0,
            spare: Vec::new(),
            skipped: 0,
            deep_block: None,
        }
    }

    pub(super) fn run(mut self) -> Body {
        let broken: RefCell<Vec<(Range<usize>, String)>> = RefCell::default();
        let callback = |link: BrokenLink<'t>| -> Option<(CowStr<'t>, CowStr<'t>)> {
            let mut broken = broken.borrow_mut();
            if link.link_type == LinkType::Reference && broken.len() < MOST {
                broken.push((link.span, excerpt(&link.reference)));
            }
            None
        };
        for (event, range) in Parser::new_with_broken_link_callback(self.text, options(), Some(callback)).into_offset_iter() {
            let range = self.within(range);
            self.take(event, range);
        }
        for (range, label) in broken.take() {
            let range = self.within(range);
            let finding = self.report.at(&rule::UNRESOLVED_REFERENCE, range, phrase!("no link is defined as `[{label}]`", label = label));
            self.report.add(finding.help(phrase!(
                "define it in a line of its own, `[{label}]: path-or-address`, or write `\\[` for a bracket",
                label = label
            )));
        }
        self.flush();
        self.unwind_tags();
        let root = self.frames.swap_remove(0);
        let mut blocks = root.blocks;
        self.headings.name(&mut blocks, self.context.classifications, &mut self.report);
        self.footnotes.number(blocks, &mut self.report)
    }

    /// The range, inside the text and on the bounds of characters: pulldown-cmark counts columns where it should count bytes here and there.
    fn within(&self, range: Range<usize>) -> Range<usize> {
        let mut start = range.start.min(self.text.len());
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = range.end.clamp(start, self.text.len());
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        start..end
    }

    /// The range without the white space around what stands there.
    pub(super) fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let written = &self.text[range.clone()];
        let end = range.start + written.trim_end().len();
        let start = range.start + (written.len() - written.trim_start().len());
        if start < end { start..end } else { range }
    }

    fn take(&mut self, event: Event<'t>, range: Range<usize>) {
        if self.skipped > 0 {
            match event {
                Event::Start(_) => self.skipped += 1,
                Event::End(_) => self.skipped -= 1,
                _ => {}
            }
            return;
        }
        if let Event::Text(text) = event {
            match self.frames.last_mut().map(|frame| &mut frame.kind) {
                Some(Kind::Code { text: code, .. }) => code.push_str(&text),
                Some(Kind::Html) => {}
                _ => self.words.push(text, range, self.text),
            }
            return;
        }
        self.flush();
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(_) => self.end(),
            Event::Code(code) => {
                let code = self.made(&code, range.clone()).into();
                self.push_inline(InlineKind::Code(code), range);
            }
            Event::InlineHtml(html) => self.inline_html(&html, range),
            Event::FootnoteReference(label) => self.footnote_reference(&label, range),
            Event::SoftBreak => self.push_inline(InlineKind::SoftBreak, range),
            Event::HardBreak => self.push_inline(InlineKind::HardBreak, range),
            Event::Rule => {
                self.settle();
                let range = self.trimmed(range);
                self.push_block(BlockKind::Rule, range);
            }
            Event::TaskListMarker(ticked) => {
                let item = self.frames.iter_mut().rev().find(|frame| matches!(frame.kind, Kind::Item { .. }));
                if let Some(Kind::Item { checked }) = item.map(|frame| &mut frame.kind) {
                    *checked = Some(ticked);
                }
            }
            // The kinds that are left are text, taken above, lines of a block of HTML, and mathematics, which is not enabled.
            Event::Text(_) | Event::Html(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'t>, range: Range<usize>) {
        let is_inline = matches!(
            tag,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript | Tag::Link { .. } | Tag::Image { .. }
        );
        if !is_inline {
            self.settle();
        }
        let kind = match tag {
            Tag::Paragraph => {
                if let Some(Frame { kind: Kind::Item { .. }, .. }) = self.frames.last()
                    && let Some(Kind::List { tight, .. }) = self.frames.iter_mut().nth_back(1).map(|frame| &mut frame.kind)
                {
                    *tight = false;
                }
                Kind::Paragraph
            }
            Tag::Heading { level, .. } => self.heading(level as u8, range.clone()),
            Tag::BlockQuote(alert) => {
                if alert.is_none() {
                    self.check_alert(range.clone());
                }
                Kind::Quote(alert.map(|alert| match alert {
                    BlockQuoteKind::Note => Alert::Note,
                    BlockQuoteKind::Tip => Alert::Tip,
                    BlockQuoteKind::Important => Alert::Important,
                    BlockQuoteKind::Warning => Alert::Warning,
                    BlockQuoteKind::Caution => Alert::Caution,
                }))
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => Kind::Code { language: "".into(), text: String::new() },
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                let info = self.made(&info, range.clone());
                let language = info.split(|c: char| c.is_whitespace() || c == ',').next().unwrap_or_default();
                Kind::Code { language: language.into(), text: String::new() }
            }
            Tag::HtmlBlock => Kind::Html,
            Tag::List(start) => Kind::List { start, tight: true, items: Vec::new() },
            Tag::Item => Kind::Item { checked: None },
            Tag::FootnoteDefinition(label) => {
                if self.context.kind == super::Kind::Prose {
                    let mark = self.text[range.clone()].find(':').unwrap_or(0);
                    let finding = self.refused(word!("a footnote"), range.start..range.start + mark);
                    self.report.add(finding);
                }
                Kind::Footnote(self.made(&label, range.clone()).into())
            }
            Tag::DefinitionList => Kind::Definitions(Vec::new()),
            Tag::DefinitionListTitle => Kind::Term,
            Tag::DefinitionListDefinition => Kind::Detail,
            Tag::Table(align) => {
                let align = align.into_iter().map(|align| match align {
                    Alignment::None => Align::None,
                    Alignment::Left => Align::Left,
                    Alignment::Center => Align::Center,
                    Alignment::Right => Align::Right,
                });
                Kind::Table { align: align.collect(), head: Vec::new(), rows: Vec::new() }
            }
            Tag::TableHead => Kind::Row { head: true, cells: Vec::new(), split: false },
            Tag::TableRow => Kind::Row { head: false, cells: Vec::new(), split: false },
            Tag::TableCell => {
                self.cell = Some(range.clone());
                Kind::Cell
            }
            Tag::Emphasis => Kind::Emphasis,
            Tag::Strong => Kind::Strong,
            Tag::Strikethrough => Kind::Strike,
            Tag::Link { link_type, dest_url, .. } => self.link(link_type, &dest_url, range.clone()),
            Tag::Image { link_type, dest_url, title, .. } => self.image(link_type, &dest_url, &title, range.clone()),
            // Not enabled.
            Tag::Superscript | Tag::Subscript | Tag::MetadataBlock(_) => Kind::Link { target: None, bare: false },
        };
        self.open(kind, range);
    }

    /// Opens a frame, or begins to skip what would nest too deep.
    pub(super) fn open(&mut self, kind: Kind, range: Range<usize>) {
        if kind.is_level() {
            if self.levels >= MAX_DEPTH {
                self.too_deep(range);
                self.skipped = 1;
                return;
            }
            self.levels += 1;
        }
        if let Kind::Link { target: Some(_), .. } = kind {
            self.links += 1;
        }
        let inlines = self.spare.pop().unwrap_or_default();
        self.frames.push(Frame::new(kind, range, inlines));
    }

    /// Says once a block of the text that it nests too deeply.
    pub(super) fn too_deep(&mut self, range: Range<usize>) {
        let block = self.frames.first().map(|root| root.blocks.len());
        if self.deep_block != block || block.is_none() {
            self.deep_block = block;
            let end = self.text[range.clone()].char_indices().nth(1).map_or(range.end, |(length, _)| range.start + length);
            let message = phrase!("the text nests more than {n} levels deep", n = MAX_DEPTH);
            let finding = self.report.at(&rule::TOO_DEEP, range.start..end, message);
            self.report.add(finding.label(phrase!("left out from here")));
        }
    }

    fn heading(&mut self, level: u8, range: Range<usize>) -> Kind {
        let range = self.trimmed(range);
        let attributes = match attributes::find(self.text, range.clone()) {
            Some(inside) => attributes::read(self.text, inside, &mut self.report),
            None => attributes::Attributes::default(),
        };
        if self.context.kind == super::Kind::Prose {
            let finding = self.refused(word!("a heading"), range);
            self.report.add(finding);
            return Kind::Paragraph;
        }
        if self.frames.len() > 1 {
            // Its mark would withhold nothing, and its claims would name no section.
            let finding = self.report.at(&rule::HEADING_LEVEL, range, phrase!("a heading stands in a list, quotation or note"));
            self.report
                .add(finding.label(phrase!("read as a paragraph")).help(phrase!("a heading begins a section: put it at the left margin")));
            return Kind::Paragraph;
        }
        let level = match self.context.kind {
            super::Kind::Adopted => self.headings.depth(level),
            _ => self.headings.level(level, range, &mut self.report),
        };
        Kind::Heading { level, attributes: Box::new(attributes) }
    }

    /// The finding of something that prose of registers and statements cannot have.
    pub(super) fn refused(&self, what: Word, range: Range<usize>) -> Finding {
        self.report
            .at(&rule::INVALID_VALUE, range, phrase!("{what} stands in the prose of a register or statement", what = what))
            .label(phrase!("read as plain text"))
            .help(phrase!("prose has paragraphs, lists, tables and references; put the rest into a document and refer to it"))
    }

    /// Says so if a quotation looks like an alert and is none.
    fn check_alert(&mut self, range: Range<usize>) {
        const ALERTS: [&str; 5] = ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"];
        let source = self.text;
        let Some(line) = source[range.clone()].strip_prefix('>').and_then(|quote| quote.split('\n').next()) else { return };
        let Some((word, _)) = line.trim_start().strip_prefix("[!").and_then(|line| line.split_once(']')) else { return };
        if word.is_empty() || !word.bytes().all(|b| b.is_ascii_alphabetic()) {
            return;
        }
        let range = range.start..range.start + 1 + line.trim_end().len();
        let known = ALERTS.iter().any(|alert| alert.eq_ignore_ascii_case(word));
        let finding = if known {
            self.report.at(&rule::UNKNOWN_VALUE, range, phrase!("`[!{alert}]` does not stand alone on its line", alert = word))
        } else {
            let near = nearest(word, ALERTS).map(|near| did_you_mean(&format!("[!{near}]")));
            let message = phrase!("there is no alert `[!{alert}]`", alert = excerpt(word));
            let finding = self.report.at(&rule::UNKNOWN_VALUE, range, message).help_if(near);
            finding.help(phrase!("the alerts are {names}", names = ALERTS.join(", ")))
        };
        self.report.add(finding);
    }

    fn link(&mut self, kind: LinkType, address: &str, range: Range<usize>) -> Kind {
        if let LinkType::WikiLink { has_pothole } = kind {
            if has_pothole {
                self.check_head(range.clone());
            }
            let target = link::wikilink(address, range, &mut self.report);
            // What is no reference keeps what was written.
            return Kind::Link { bare: !has_pothole && target.is_some(), target: target.filter(|_| self.links == 0) };
        }
        let address = self.inserted(address, range.clone());
        let address = if kind == LinkType::Email { format!("mailto:{address}").into() } else { address };
        let target = link::target(&address, self.context.path, range, &mut self.report);
        // A link in a link: the outer one leads.
        Kind::Link { target: target.filter(|_| self.links == 0), bare: false }
    }

    fn image(&mut self, kind: LinkType, address: &str, title: &str, range: Range<usize>) -> Kind {
        let mut path = None;
        if let LinkType::WikiLink { .. } = kind {
            let finding = self.report.at(&rule::IMAGE_MISSING, range.clone(), phrase!("`![[…]]` is not an image"));
            self.report.add(finding.help(phrase!("write `![what the image shows](../assets/name.svg)`, or without `!` for a reference")));
        } else if self.context.kind == super::Kind::Prose {
            let finding = self.refused(word!("an image"), range.clone());
            self.report.add(finding);
        } else {
            let address = self.inserted(address, range.clone());
            path = image::path(&address, self.context.path, range.clone(), &mut self.report);
        }
        Kind::Image { path, title: self.inserted(title, range).into() }
    }

    fn footnote_reference(&mut self, label: &str, range: Range<usize>) {
        match self.context.kind {
            super::Kind::Document | super::Kind::Adopted => {
                let kind = self.footnotes.refer(label, range.clone());
                self.push_inline(kind, range);
            }
            super::Kind::Prose => {
                let finding = self.refused(word!("a footnote"), range.clone());
                self.report.add(finding);
                self.push_inline(InlineKind::Text(self.text[range.clone()].into()), range);
            }
        }
    }

    fn inline_html(&mut self, html: &str, range: Range<usize>) {
        let span = self.report.span(range.clone());
        let refused = |message: Phrase| Finding::new(&rule::RAW_HTML, span, message);
        let with_attributes = || refused(phrase!("what the tag says besides its name in `{html}` is left out", html = excerpt(html)));
        let finding = match html::read(html) {
            Html::Comment => return,
            Html::Break { plain } => {
                let finding = (!plain).then(with_attributes);
                self.push_inline(InlineKind::HardBreak, range);
                finding
            }
            Html::Open { mark, plain } => {
                let finding = (!plain).then(with_attributes);
                if self.levels < MAX_DEPTH {
                    self.open(Kind::Tag(mark), range);
                } else {
                    self.too_deep(range);
                }
                finding
            }
            Html::Close(mark) if self.end_tag(mark, range.clone()) => None,
            Html::Close(_) => {
                let message = phrase!("the closing tag `{html}` is left out", html = excerpt(html));
                Some(refused(message).help(phrase!("nothing that it could close is open here")))
            }
            Html::Other => {
                let message = phrase!("the raw HTML `{html}` is left out", html = excerpt(html));
                Some(refused(message).help(phrase!("of raw HTML only `<br>` and pairs of `<sub>`, `<sup>` and `<kbd>` are read")))
            }
        };
        if let Some(finding) = finding {
            self.report.add(finding);
        }
    }

    /// Closes tags that the text has left open: their words stay.
    fn unwind_tags(&mut self) {
        while let Some(Frame { kind: Kind::Tag(_), .. }) = self.frames.last()
            && let Some(frame) = self.frames.pop()
        {
            self.levels -= 1;
            let message = phrase!("the raw HTML `{html}` is left out", html = excerpt(&self.text[frame.range.clone()]));
            self.report.add(self.report.at(&rule::RAW_HTML, frame.range, message).help(phrase!("it is not closed")));
            if let Some(parent) = self.frames.last_mut() {
                parent.inlines.extend(frame.inlines);
            }
        }
    }

    /// Makes a paragraph of the words that stand in a container without one, before another block begins or the container ends.
    pub(super) fn settle(&mut self) {
        self.unwind_tags();
        let Some(frame) = self.frames.last_mut() else { return };
        if frame.inlines.is_empty()
            || !matches!(frame.kind, Kind::Root | Kind::Item { .. } | Kind::Quote(_) | Kind::Detail | Kind::Footnote(_))
        {
            return;
        }
        let inlines = std::mem::take(&mut frame.inlines);
        let inlines = self.fitted(inlines);
        if let (Some(first), Some(last), Some(frame)) = (inlines.first(), inlines.last(), self.frames.last_mut()) {
            let span = Span { end: last.span.end, ..first.span };
            frame.blocks.push(Block { kind: BlockKind::Paragraph(inlines), span });
            frame.inlines = self.spare.pop().unwrap_or_default();
        }
    }

    pub(super) fn push_inline(&mut self, kind: InlineKind, range: Range<usize>) {
        let span = self.report.span(range.clone());
        if let Some(frame) = self.frames.last_mut() {
            frame.end = frame.end.max(Some(range.end));
            frame.inlines.push(Inline { kind, span });
        }
    }

    pub(super) fn push_block(&mut self, kind: BlockKind, range: Range<usize>) {
        let span = self.report.span(range.clone());
        if let Some(frame) = self.frames.last_mut() {
            frame.end = frame.end.max(Some(range.end));
            frame.blocks.push(Block { kind, span });
        }
    }
}
