//! What stands in a line, as Typst code.

use std::fmt::Write;

use super::code::{Figure, LONGEST_STRING, Writer};
use super::literal;
use super::reference::Goal;
use crate::base::finding::{Finding, Span};
use crate::base::rule;
use crate::base::word::{phrase, word};
use crate::read::tree::{Body, Inline, InlineKind, Target};

/// Longest address that Typst takes, in bytes.
const LONGEST_ADDRESS: usize = 8_000;

impl Writer<'_, '_> {
    /// Inlines as one expression of content.
    pub(super) fn inlines(&mut self, content: &[Inline], body: Option<&Body>) {
        self.out.push('{');
        for inline in content {
            self.at(inline.span, matches!(inline.kind, InlineKind::Image { .. }), |writer| writer.inline(inline, body));
            self.out.push(';');
        }
        self.out.push('}');
    }

    fn inline(&mut self, inline: &Inline, body: Option<&Body>) {
        let wrap = |writer: &mut Self, function: &str, content: &[Inline]| writer.call(function, |writer| writer.inlines(content, body));
        match &inline.kind {
            InlineKind::Text(text) => self.text(text, Some(inline.span)),
            InlineKind::Code(text) => self.call("mono", |writer| writer.text(text, Some(inline.span))),
            InlineKind::Emphasis(content) => wrap(self, "emphasis", content),
            InlineKind::Strong(content) => wrap(self, "strength", content),
            InlineKind::Strike(content) => wrap(self, "struck", content),
            InlineKind::Sub(content) => wrap(self, "below", content),
            InlineKind::Sup(content) => wrap(self, "above", content),
            InlineKind::Kbd(content) => wrap(self, "key", content),
            InlineKind::Link { target, content } => self.link(target, content, inline.span, body),
            InlineKind::Image { path: source, alt, title } => match self.image(source) {
                Ok(image) => self.call(if self.in_line { "small-picture" } else { "picture" }, |writer| {
                    let figure = writer.figure(title);
                    if let Some(text) = image.text() {
                        writer.shared.glyphs.clean(&text, Some(inline.span));
                    }
                    let natural = image
                        .natural
                        .map_or_else(|| "none".to_owned(), |(width, height)| format!("(width: {width}pt, height: {height}pt)"));
                    let path = literal::quoted(&image.path);
                    let _ = write!(writer.out, "{path}, \"{}\", {natural}, ", image.format);
                    // The exporter stops at an image without words for it; that it has none is a finding of its own.
                    let alt = if alt.trim().is_empty() { source } else { alt };
                    let alt = writer.bounded(alt, LONGEST_STRING / 2, inline.span, word!("the alternative text"));
                    writer.words(alt, Some(inline.span));
                    writer.out.push_str(", ");
                    writer.words(title, Some(inline.span));
                    let _ = write!(writer.out, ", {figure}");
                }),
                Err(why) => {
                    let finding = Finding::new(
                        &rule::IMAGE_MISSING,
                        inline.span,
                        phrase!("the image `{path}` cannot be set: {why}", path = source, why = why),
                    );
                    self.shared.findings.push(finding);
                    self.words(alt, Some(inline.span));
                }
            },
            InlineKind::Footnote(index) => self.note(*index, body),
            InlineKind::SoftBreak => self.out.push_str("\" \""),
            InlineKind::HardBreak => self.out.push_str("linebreak()"),
        }
    }

    /// Number and place of an image with a caption as the arguments that say so, `0, none` for another. Numbers begin anew in each document, as those of
    /// sections do: so they are the same in whatever book it stands.
    fn figure(&mut self, caption: &str) -> String {
        let Some(document) = self.from.filter(|_| !self.in_line && !caption.trim().is_empty()) else { return "0, none".into() };
        let document = document.id.to_string();
        let number = 1 + self.shared.figures.iter().rev().take_while(|figure| figure.document == document).count();
        // No heading's id has a slash.
        let place = format!("{document}#figure/{number}");
        let defined = self.define(&place);
        let caption = self.shared.glyphs.clean(caption, None);
        self.shared.figures.push(Figure { document, number, caption, place });
        format!("{number}, {defined}")
    }

    fn link(&mut self, target: &Target, content: &[Inline], span: Span, body: Option<&Body>) {
        let mut resolved = self.resolve(target);
        if let Goal::Url(url) = &resolved.goal
            && url.len() > LONGEST_ADDRESS
        {
            let message = phrase!(
                "the address is too long: it has {n} bytes, and in a PDF it may have {most}",
                n = url.len(),
                most = LONGEST_ADDRESS
            );
            self.shared.findings.push(Finding::new(&rule::PDF_FAILED, span, message));
            resolved.goal = Goal::Nowhere;
        }
        if content.is_empty() {
            self.refer(&resolved);
            return;
        }
        let goal = self.goal(&resolved.goal);
        self.call("refer-by", |writer| {
            writer.inlines(content, body);
            let _ = write!(writer.out, ", {goal}");
        });
    }
}
