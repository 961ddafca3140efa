//! What stands in a line: words, links, images.

use std::fmt::Write;

use super::{Link, Size, Writer, attribute, fragment, text};
use crate::link::index::WITHHELD_WORDS;
use crate::read::tree::{Inline, InlineKind, Target, own_words};

impl Writer<'_> {
    pub(super) fn inlines(&mut self, inlines: &[Inline]) {
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

    pub(super) fn link(&mut self, target: &Target, content: &[Inline]) {
        let (link, external) = match target {
            // A section that this view does not have is withheld; a dead link would tell of it.
            Target::Section(id) => {
                let section = self.body.headings().find(|heading| heading.id == *id);
                let words =
                    section.map_or_else(|| self.page.language.say(WITHHELD_WORDS).to_owned(), |heading| own_words(&heading.content));
                (Link { href: section.map(|_| format!("#{}", fragment(id))), words, ..Link::default() }, false)
            }
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

    pub(super) fn words_of(&mut self, link: &Link, content: &[Inline]) {
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
    pub(super) fn open(&mut self, link: &Link, class: &str, external: bool) {
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

    pub(super) fn image(&mut self, path: &str, alt: &str, title: &str) {
        let Some((src, size)) = self.page.resolve.image(path) else {
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
        self.out.push('"');
        if let Some(Size { width, height }) = size {
            _ = write!(self.out, " width=\"{width}\" height=\"{height}\"");
        }
        self.out.push_str(" loading=\"lazy\">");
    }
}

fn starts_with_ignoring_case(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}
