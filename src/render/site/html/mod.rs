//! The tree of a text into HTML.
//!
//! Everything that an author wrote is escaped here, in whatever position it stands; templates take the result as it is. Ids that are made
//! here hold a colon, which the id of a heading cannot, so that none meets another.

mod inline;
mod note;
mod table;

use std::fmt::Write;

use super::address::fragment;
use super::code::Highlighter;
use super::size::Size;
use crate::base::finding::Span;
use crate::base::id::Reference;
use crate::base::language::Language;
use crate::base::word::{Phrase, Word, phrase, word};
use crate::link::index::Section;
use crate::read::tree::{Block, BlockKind, Body, Heading, Inline, InlineKind, Target, own_words};
use crate::render::escape::{attribute, text};

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
    /// Address of an image relative to the page, and its size where that is known; none where there is no such image.
    fn image(&self, path: &str) -> Option<(String, Option<Size>)>;
    /// Where the source of a text can be read; none where that is not to be shown.
    fn source(&self, span: Span) -> Option<String>;
}

/// Renders texts for one page.
pub(crate) struct Html<'a> {
    /// Where references lead.
    pub(crate) resolve: &'a dyn Resolve,
    /// Highlights code.
    pub(crate) code: &'a Highlighter,
    /// The language of fixed words.
    pub(crate) language: &'a Language,
}

impl Html<'_> {
    /// The text of a document: headings with the numbers of `sections`, ids and claims; footnotes at the end.
    pub(crate) fn document(&self, body: &Body, sections: &[Section]) -> String {
        let mut writer = Writer::new(self, body, "", true);
        writer.numbers = sections.iter();
        for block in &body.blocks {
            match &block.kind {
                BlockKind::Heading(heading) => writer.heading(heading, block.span),
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
                _ = write!(self.out, "<div class=\"alert {word}\" role=\"note\"><p class=\"alert-word\">");
                text(&self.page.language.listed(word), &mut self.out);
                self.out.push_str("</p>\n");
                self.blocks(blocks);
                self.out.push_str("</div>");
            }
            BlockKind::Code { language, text: code } => {
                self.out.push_str("<pre data-scroll=\"");
                self.scrolls([word!("Code"), word!("Code in {section}")]);
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

    fn heading(&mut self, heading: &Heading, span: Span) {
        let level = heading.level.clamp(2, 6);
        let section = self.numbers.next();
        let number = section.map_or("", |section| &section.number);
        self.section = section.map_or_else(|| own_words(&heading.content), |section| section.title.clone());
        _ = write!(self.out, "<h{level} id=\"");
        attribute(&heading.id, &mut self.out);
        self.out.push_str("\">");
        if !number.is_empty() {
            _ = write!(self.out, "<span class=\"number\">{number}</span> ");
        }
        self.inlines(&heading.content);
        self.out.push_str(" <a class=\"anchor\" href=\"#");
        attribute(&fragment(&heading.id), &mut self.out);
        self.out.push_str("\" aria-label=\"");
        self.labelled(word!("Link to this section"));
        self.out.push_str("\">#</a>");
        if let Some(source) = self.page.resolve.source(span) {
            self.out.push_str(" <a class=\"anchor\" href=\"");
            attribute(&source, &mut self.out);
            self.out.push_str("\" aria-label=\"");
            self.labelled(word!("Source of this section"));
            self.out.push_str("\">&lt;/&gt;</a>");
        }
        _ = write!(self.out, "</h{level}>");
        let claims: Vec<Link> = heading.claims.iter().filter_map(|claim| self.page.resolve.claim(&claim.value)).collect();
        if !claims.is_empty() {
            self.claims(&claims);
        }
    }

    /// What a section meets, beside it.
    fn claims(&mut self, claims: &[Link]) {
        self.out.push_str("\n<aside class=\"claims\" aria-label=\"");
        let label = phrase!("Controls that this section meets: {section}", section = self.section.as_str());
        attribute(&self.page.language.phrase(&label), &mut self.out);
        self.out.push_str("\"><p class=\"label\">");
        text(self.page.language.say(word!("Meets")), &mut self.out);
        self.out.push_str("</p><ul class=\"names\">");
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
        let (label, path) =
            if done { (word!("done"), "M.75.75h10.5v10.5H.75zM3 6l2.2 2.4L9 3.6") } else { (word!("to do"), "M.75.75h10.5v10.5H.75z") };
        self.out.push_str("<li class=\"task\"><svg viewBox=\"0 0 12 12\" role=\"img\" aria-label=\"");
        self.labelled(label);
        _ = write!(self.out, "\"><path d=\"{path}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/></svg>");
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

    /// The name of what scrolls, alone or in a section.
    fn scrolls(&mut self, [alone, within]: [Word; 2]) {
        let said = if self.section.is_empty() {
            alone.into()
        } else {
            Phrase::Fixed(within, vec![("section", Phrase::text(self.section.as_str()))])
        };
        attribute(&self.page.language.phrase(&said), &mut self.out);
    }

    /// A fixed word as the value of an attribute.
    fn labelled(&mut self, word: Word) {
        attribute(self.page.language.say(word), &mut self.out);
    }

    fn wrapped(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        _ = write!(self.out, "<{name}>");
        inside(self);
        _ = write!(self.out, "</{name}>");
    }
}

#[cfg(test)]
mod tests;
