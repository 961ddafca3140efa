//! The tree of a text into HTML.
//!
//! Everything that an author wrote is escaped here, in whatever position it stands; templates take the result as it is. Ids that are made
//! here hold a colon, which the id of a heading cannot, so that none meets another.

use std::fmt::Write;

use super::address::fragment;
use super::code::Highlighter;
use super::escape::{attribute, text};
use crate::base::id::Reference;
use crate::link::index::Section;
use crate::read::tree::{Align, Block, BlockKind, Body, Heading, Inline, InlineKind, Table, Target, plain};

/// What a link leads to, as a page prints it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Link {
    /// Address relative to the page; none where the target is withheld or does not exist.
    pub(crate) href: Option<String>,
    /// For a link without words of its own: the identifier, set apart. Empty for a role.
    pub(crate) id: String,
    /// For a link without words of its own: the words after the identifier.
    pub(crate) words: String,
    /// The title of what it leads to.
    pub(crate) title: String,
}

/// Where references lead, seen from one page.
pub(crate) trait Resolve {
    /// What a link's target is. [`Target::Section`] and [`Target::Url`] never get here.
    fn link(&self, target: &Target) -> Link;
    /// The control that a heading claims; none where it is not to be shown.
    fn claim(&self, reference: &Reference) -> Option<Link>;
    /// Address of an image relative to the page; none where there is no such image.
    fn image(&self, path: &str) -> Option<String>;
}

/// Renders texts for one page.
pub(crate) struct Html<'a> {
    /// Where references lead.
    pub(crate) resolve: &'a dyn Resolve,
    /// Highlights code.
    pub(crate) code: &'a Highlighter,
}

impl Html<'_> {
    /// The text of a document: headings with the numbers of `sections`, ids and claims; footnotes at the end.
    pub(crate) fn document(&self, body: &Body, sections: &[Section]) -> String {
        let mut writer = Writer::new(self, body, "", true);
        writer.numbers = sections.iter();
        for block in &body.blocks {
            match &block.kind {
                BlockKind::Heading(heading) => writer.heading(heading),
                _ => writer.block(block),
            }
            writer.out.push('\n');
        }
        writer.footnotes();
        writer.out
    }

    /// A prose value of a register or statement. Many of them share a page: `scope`, which is unique on it, keeps the ids of their
    /// footnotes apart, and their headings are paragraphs without ids.
    pub(crate) fn prose(&self, body: &Body, scope: &str) -> String {
        let scope = format!("{scope}:");
        let mut writer = Writer::new(self, body, &scope, false);
        writer.blocks(&body.blocks);
        writer.footnotes();
        writer.out
    }
}

struct Writer<'a> {
    page: &'a Html<'a>,
    body: &'a Body,
    scope: &'a str,
    is_document: bool,
    numbers: std::slice::Iter<'a, Section>,
    /// How often each footnote has been referred to so far.
    marks: Vec<u32>,
    /// Links do not nest.
    in_link: bool,
    /// Title of the section, to name what scrolls.
    section: String,
    out: String,
}

impl<'a> Writer<'a> {
    fn new(page: &'a Html<'a>, body: &'a Body, scope: &'a str, is_document: bool) -> Self {
        Writer {
            page,
            body,
            scope,
            is_document,
            numbers: [].iter(),
            marks: vec![0; body.footnotes.len()],
            in_link: false,
            section: String::new(),
            out: String::new(),
        }
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
            self.out.push('\n');
        }
    }

    fn block(&mut self, block: &Block) {
        match &block.kind {
            // In prose, or within a quotation: it begins no section.
            BlockKind::Heading(heading) => {
                self.out.push_str("<p");
                if self.is_document {
                    self.out.push_str(" id=\"");
                    attribute(&heading.id, &mut self.out);
                    self.out.push('"');
                }
                self.out.push_str("><strong>");
                self.inlines(&heading.content);
                self.out.push_str("</strong></p>");
            }
            BlockKind::Paragraph(content) => match content.as_slice() {
                [Inline { kind: InlineKind::Image { path, alt, title }, .. }] if !title.is_empty() => {
                    self.out.push_str("<figure>");
                    self.image(path, alt, "");
                    self.out.push_str("<figcaption>");
                    text(title, &mut self.out);
                    self.out.push_str("</figcaption></figure>");
                }
                _ => self.wrapped("p", |w| w.inlines(content)),
            },
            BlockKind::List { start, tight, items } => {
                match start {
                    Some(1) => self.out.push_str("<ol"),
                    Some(number) => _ = write!(self.out, "<ol start=\"{number}\""),
                    None => self.out.push_str("<ul"),
                }
                self.out.push_str(if *tight { ">" } else { " class=\"loose\">" });
                for item in items {
                    match item.checked {
                        Some(done) => self.tick(done),
                        None => self.out.push_str("<li>"),
                    }
                    self.item(&item.blocks, *tight);
                    self.out.push_str("</li>");
                }
                self.out.push_str(if start.is_some() { "</ol>" } else { "</ul>" });
            }
            BlockKind::Quote(blocks) => self.wrapped("blockquote", |w| w.blocks(blocks)),
            BlockKind::Alert(alert, blocks) => {
                let word = alert.word();
                let (first, rest) = word.split_at(1);
                _ = writeln!(
                    self.out,
                    "<div class=\"alert {word}\" role=\"note\"><p class=\"alert-word\">{}{rest}</p>",
                    first.to_ascii_uppercase()
                );
                self.blocks(blocks);
                self.out.push_str("</div>");
            }
            BlockKind::Code { language, text: code } => {
                self.out.push_str("<pre data-scroll=\"Code");
                self.of_section();
                self.out.push_str("\"><code>");
                self.page.code.highlight(language, code, &mut self.out);
                self.out.push_str("</code></pre>");
            }
            BlockKind::Table(table) => self.table(table),
            BlockKind::Definitions(definitions) => self.wrapped("dl", |w| {
                for definition in definitions {
                    w.wrapped("dt", |w| w.inlines(&definition.term));
                    for detail in &definition.details {
                        w.wrapped("dd", |w| w.item(detail, detail.len() == 1));
                    }
                }
            }),
            BlockKind::Rule => self.out.push_str("<hr>"),
        }
    }

    fn heading(&mut self, heading: &Heading) {
        let level = heading.level.clamp(2, 6);
        let number = self.numbers.next().map_or("", |section| &section.number);
        self.section = plain(&heading.content);
        _ = write!(self.out, "<h{level} id=\"");
        attribute(&heading.id, &mut self.out);
        self.out.push_str("\">");
        if !number.is_empty() {
            _ = write!(self.out, "<span class=\"number\">{number}</span> ");
        }
        self.inlines(&heading.content);
        self.out.push_str(" <a class=\"anchor\" href=\"#");
        attribute(&fragment(&heading.id), &mut self.out);
        self.out.push_str("\" aria-label=\"Link to this section\">#</a>");
        _ = write!(self.out, "</h{level}>");
        let claims: Vec<Link> = heading.claims.iter().filter_map(|claim| self.page.resolve.claim(&claim.value)).collect();
        if !claims.is_empty() {
            self.claims(&claims);
        }
    }

    /// What a section meets, beside it.
    fn claims(&mut self, claims: &[Link]) {
        self.out.push_str("\n<aside class=\"claims\" aria-label=\"Controls that this section meets: ");
        attribute(&self.section, &mut self.out);
        self.out.push_str("\"><p class=\"label\">Meets</p><ul class=\"names\">");
        for claim in claims {
            self.out.push_str("<li>");
            self.open(claim, "named", false);
            self.out.push_str("<span class=\"id\">");
            text(&claim.id, &mut self.out);
            self.out.push_str("</span> ");
            text(&claim.title, &mut self.out);
            self.out.push_str(if claim.href.is_some() { "</a></li>" } else { "</span></li>" });
        }
        self.out.push_str("</ul></aside>");
    }

    fn tick(&mut self, done: bool) {
        let (label, path) = if done { ("done", "M.75.75h10.5v10.5H.75zM3 6l2.2 2.4L9 3.6") } else { ("to do", "M.75.75h10.5v10.5H.75z") };
        _ = write!(
            self.out,
            "<li class=\"task\"><svg viewBox=\"0 0 12 12\" role=\"img\" aria-label=\"{label}\"><path d=\"{path}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/></svg>"
        );
    }

    /// The blocks of an item. In a tight list, and in a definition of one paragraph, paragraphs are not set apart.
    fn item(&mut self, blocks: &[Block], tight: bool) {
        for block in blocks {
            match &block.kind {
                BlockKind::Paragraph(content) if tight => self.inlines(content),
                _ => self.block(block),
            }
            self.out.push('\n');
        }
        self.out.truncate(self.out.trim_end_matches('\n').len());
    }

    fn table(&mut self, table: &Table) {
        self.out.push_str("<div class=\"scroll\" data-scroll=\"Table");
        self.of_section();
        self.out.push_str("\"><table>");
        if table.head.iter().any(|cell| !cell.is_empty()) {
            self.wrapped("thead", |w| w.row(&table.head, &table.align, "th"));
        }
        if !table.rows.is_empty() {
            self.wrapped("tbody", |w| {
                for row in &table.rows {
                    w.row(row, &table.align, "td");
                    w.out.push('\n');
                }
            });
        }
        self.out.push_str("</table></div>");
    }

    fn row(&mut self, cells: &[Vec<Inline>], align: &[Align], name: &str) {
        self.out.push_str("<tr>");
        for (cell, align) in cells.iter().zip(align) {
            // A header without words heads nothing.
            let name = if cell.is_empty() { "td" } else { name };
            _ = write!(self.out, "<{name}");
            if name == "th" {
                self.out.push_str(" scope=\"col\"");
            }
            match align {
                Align::Center => self.out.push_str(" class=\"align-center\">"),
                Align::Right => self.out.push_str(" class=\"align-right\">"),
                Align::Left | Align::None => self.out.push('>'),
            }
            self.inlines(cell);
            _ = write!(self.out, "</{name}>");
        }
        self.out.push_str("</tr>");
    }

    fn footnotes(&mut self) {
        let notes = &self.body.footnotes;
        if notes.is_empty() {
            return;
        }
        self.out.push_str("<section class=\"footnotes\" aria-label=\"Footnotes\"><ol>");
        for (index, note) in notes.iter().enumerate() {
            let number = index + 1;
            self.out.push_str("<li id=\"note:");
            attribute(self.scope, &mut self.out);
            _ = write!(self.out, "{number}\">");
            self.item(&note.blocks, true);
            for mark in 1..=self.marks.get(index).copied().unwrap_or_default() {
                self.out.push_str(" <a class=\"back\" href=\"#");
                self.mark_id(index, mark);
                self.out.push_str("\" aria-label=\"Back to the text\">\u{2191}</a>");
            }
            self.out.push_str("</li>\n");
        }
        self.out.push_str("</ol></section>");
    }

    fn footnote_mark(&mut self, index: usize) {
        let Some(count) = self.marks.get_mut(index) else { return };
        let number = index + 1;
        if self.in_link {
            _ = write!(self.out, "<sup class=\"footnote-mark\">{number}</sup>");
            return;
        }
        *count += 1;
        let mark = *count;
        self.out.push_str("<sup class=\"footnote-mark\"><a id=\"");
        self.mark_id(index, mark);
        self.out.push_str("\" href=\"#note:");
        attribute(&fragment(self.scope), &mut self.out);
        _ = write!(self.out, "{number}\" aria-label=\"Footnote {number}\">{number}</a></sup>");
    }

    fn mark_id(&mut self, index: usize, mark: u32) {
        self.out.push_str("mark:");
        attribute(self.scope, &mut self.out);
        _ = write!(self.out, "{}", index + 1);
        if mark > 1 {
            _ = write!(self.out, ":{mark}");
        }
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match &inline.kind {
                InlineKind::Text(words) => text(words, &mut self.out),
                InlineKind::Code(code) => {
                    self.out.push_str("<code>");
                    text(code, &mut self.out);
                    self.out.push_str("</code>");
                }
                InlineKind::Emphasis(content) => self.wrapped("em", |w| w.inlines(content)),
                InlineKind::Strong(content) => self.wrapped("strong", |w| w.inlines(content)),
                InlineKind::Strike(content) => self.wrapped("del", |w| w.inlines(content)),
                InlineKind::Sub(content) => self.wrapped("sub", |w| w.inlines(content)),
                InlineKind::Sup(content) => self.wrapped("sup", |w| w.inlines(content)),
                InlineKind::Kbd(content) => self.wrapped("kbd", |w| w.inlines(content)),
                InlineKind::Link { target, content } => self.link(target, content),
                InlineKind::Image { path, alt, title } => self.image(path, alt, title),
                InlineKind::Footnote(index) => self.footnote_mark(*index),
                InlineKind::SoftBreak => self.out.push('\n'),
                InlineKind::HardBreak => self.out.push_str("<br>"),
            }
        }
    }

    fn link(&mut self, target: &Target, content: &[Inline]) {
        let (link, external) = match target {
            Target::Section(id) => (Link { href: Some(format!("#{}", fragment(id))), words: id.to_string(), ..Link::default() }, false),
            // The reader has checked it; nothing else may become an address here either.
            Target::Url(url) => {
                let href = ["https://", "http://", "mailto:"].iter().any(|scheme| starts_with_ignoring_case(url, scheme));
                (Link { href: href.then(|| url.to_string()), words: url.to_string(), ..Link::default() }, true)
            }
            Target::Reference(_) | Target::Path { .. } => (self.page.resolve.link(target), false),
        };
        let is_bare = content.is_empty();
        if self.in_link {
            self.words_of(&link, content);
            return;
        }
        let class = match (&link.href, is_bare && !link.id.is_empty() && link.words.is_empty()) {
            (None, _) => "withheld",
            (Some(_), true) => "id",
            (Some(_), false) => "",
        };
        self.open(&link, class, external);
        self.in_link = true;
        if class == "id" {
            text(&link.id, &mut self.out);
        } else {
            self.words_of(&link, content);
        }
        self.in_link = false;
        self.out.push_str(if link.href.is_some() { "</a>" } else { "</span>" });
    }

    fn words_of(&mut self, link: &Link, content: &[Inline]) {
        if !content.is_empty() {
            self.inlines(content);
            return;
        }
        if !link.id.is_empty() {
            self.out.push_str("<span class=\"id\">");
            text(&link.id, &mut self.out);
            self.out.push_str(if link.words.is_empty() { "</span>" } else { "</span> " });
        }
        text(&link.words, &mut self.out);
    }

    /// Opens an `a`, or a `span` where there is nowhere to go.
    fn open(&mut self, link: &Link, class: &str, external: bool) {
        self.out.push_str(if link.href.is_some() { "<a" } else { "<span" });
        if !class.is_empty() {
            _ = write!(self.out, " class=\"{class}\"");
        }
        if let Some(href) = &link.href {
            self.out.push_str(" href=\"");
            attribute(href, &mut self.out);
            self.out.push_str(if external { "\" rel=\"external noreferrer\"" } else { "\"" });
        }
        if !link.title.is_empty() && class != "named" {
            self.out.push_str(" title=\"");
            attribute(&link.title, &mut self.out);
            self.out.push('"');
        }
        self.out.push('>');
    }

    fn image(&mut self, path: &str, alt: &str, title: &str) {
        let Some(src) = self.page.resolve.image(path) else {
            self.wrapped("em", |w| text(alt, &mut w.out));
            return;
        };
        self.out.push_str("<img src=\"");
        attribute(&src, &mut self.out);
        self.out.push_str("\" alt=\"");
        attribute(alt, &mut self.out);
        if !title.is_empty() {
            self.out.push_str("\" title=\"");
            attribute(title, &mut self.out);
        }
        self.out.push_str("\" loading=\"lazy\">");
    }

    /// Names what can scroll by the section that it stands in.
    fn of_section(&mut self) {
        if !self.section.is_empty() {
            self.out.push_str(" in ");
            attribute(&self.section, &mut self.out);
        }
    }

    fn wrapped(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        _ = write!(self.out, "<{name}>");
        inside(self);
        _ = write!(self.out, "</{name}>");
    }
}

fn starts_with_ignoring_case(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
