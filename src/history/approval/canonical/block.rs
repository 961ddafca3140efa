//! Blocks and what stands in their lines. What only sets a text (emphasis, typewriter letters, alignment, space between items, rules across the page, labels of
//! footnotes, the ids of headings) is left out.

use std::collections::BTreeSet;

use super::Context;
use super::line::{Lines, escaped, escaped_code};
use crate::base::digest::sha256;
use crate::read::tree::{Block, BlockKind, Body, Heading, Inline, InlineKind, Item, Target};

/// Writes the blocks of a body, and then its footnotes, each once. A footnote is called by the SHA-256 of its own lines, so that neither numbers nor labels count,
/// and after each outermost block stand the footnotes that it refers to: a part of the text can be taken out with its footnotes.
pub(super) fn body(lines: &mut Lines, depth: usize, body: &Body, context: &Context<'_>) {
    let names: Vec<String> = body
        .footnotes
        .iter()
        .map(|footnote| {
            let mut own = Lines::empty();
            let mut writer = Writer { lines: &mut own, context };
            writer.blocks(0, &footnote.blocks);
            sha256(own.finish().as_bytes())
        })
        .collect();
    with_notes(lines, depth, &body.blocks, &names, context);
    let texts = body.footnotes.iter().zip(&names).map(|(footnote, name)| {
        let mut text = Lines::empty();
        text.exact(depth, "footnote", name);
        with_notes(&mut text, depth + 1, &footnote.blocks, &names, context);
        text.finish()
    });
    // In the order of their names, which is that of nothing in the text.
    for text in texts.collect::<BTreeSet<_>>() {
        lines.append(&text);
    }
}

fn with_notes(lines: &mut Lines, depth: usize, blocks: &[Block], names: &[String], context: &Context<'_>) {
    for block in blocks {
        Writer { lines, context }.block(depth, block);
        let mut notes = BTreeSet::new();
        block.each_inline(&mut |inline| {
            if let InlineKind::Footnote(index) = inline.kind {
                notes.extend(names.get(index));
            }
        });
        for name in notes {
            lines.exact(depth, "note", name);
        }
    }
}

struct Writer<'a, 'b> {
    lines: &'a mut Lines,
    context: &'a Context<'b>,
}

impl Writer<'_, '_> {
    fn blocks(&mut self, depth: usize, blocks: &[Block]) {
        for block in blocks {
            self.block(depth, block);
        }
    }

    fn block(&mut self, depth: usize, block: &Block) {
        match &block.kind {
            BlockKind::Heading(heading) => self.heading(depth, heading),
            BlockKind::Paragraph(content) => self.line(depth, "paragraph", content),
            BlockKind::List { start, items, .. } => {
                match start {
                    Some(first) => self.lines.exact(depth, "list", &format!("from {first}")),
                    None => self.lines.keyword(depth, "list"),
                }
                for Item { checked, blocks, .. } in items {
                    let tick = match checked {
                        Some(true) => "done",
                        Some(false) => "open",
                        None => "",
                    };
                    self.lines.exact(depth + 1, "item", tick);
                    self.blocks(depth + 2, blocks);
                }
            }
            BlockKind::Quote(blocks) => {
                self.lines.keyword(depth, "quote");
                self.blocks(depth + 1, blocks);
            }
            BlockKind::Alert(alert, blocks) => {
                self.lines.exact(depth, "alert", alert.word());
                self.blocks(depth + 1, blocks);
            }
            BlockKind::Code { text, .. } => {
                self.lines.keyword(depth, "code");
                for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
                    self.lines.exact(depth + 1, "line", &escaped_code(line));
                }
            }
            BlockKind::Table(table) => {
                self.lines.keyword(depth, "table");
                let rows = table.rows.iter().map(|row| ("row", row));
                for (keyword, row) in [("head", &table.head)].into_iter().chain(rows) {
                    self.lines.keyword(depth + 1, keyword);
                    for cell in row {
                        self.line(depth + 2, "cell", cell);
                    }
                }
            }
            BlockKind::Definitions(definitions) => {
                self.lines.keyword(depth, "definitions");
                for definition in definitions {
                    self.line(depth + 1, "term", &definition.term);
                    for blocks in &definition.details {
                        self.lines.keyword(depth + 1, "definition");
                        self.blocks(depth + 2, blocks);
                    }
                }
            }
            BlockKind::Rule => {}
        }
    }

    fn heading(&mut self, depth: usize, heading: &Heading) {
        let words = self.inlines(&heading.content);
        self.lines.marked(depth, "heading", &format!("{} {words}", heading.level));
        if let Some(mark) = &heading.classification {
            self.lines.words(depth + 1, "classification", &mark.value);
        }
        let mut claims: Vec<String> = heading.claims.iter().map(|claim| self.context.reference(&claim.value)).collect();
        claims.sort();
        claims.dedup();
        for claim in claims {
            self.lines.words(depth + 1, "satisfies", &claim);
        }
    }

    fn line(&mut self, depth: usize, keyword: &str, content: &[Inline]) {
        let words = self.inlines(content);
        self.lines.marked(depth, keyword, &words);
    }

    fn inlines(&self, content: &[Inline]) -> String {
        let mut out = String::new();
        self.inlines_into(content, &mut out);
        out
    }

    fn inlines_into(&self, content: &[Inline], out: &mut String) {
        for inline in content {
            let mut within = |mark: &str, content: &[Inline]| {
                out.push('{');
                out.push_str(mark);
                out.push('|');
                self.inlines_into(content, out);
                out.push('}');
            };
            match &inline.kind {
                InlineKind::Text(text) | InlineKind::Code(text) => out.push_str(&escaped(text)),
                InlineKind::Emphasis(content) | InlineKind::Strong(content) | InlineKind::Kbd(content) => self.inlines_into(content, out),
                InlineKind::Strike(content) => within("strike", content),
                InlineKind::Sub(content) => within("sub", content),
                InlineKind::Sup(content) => within("sup", content),
                InlineKind::Link { target, content } => within(&format!("link|{}", escaped(&self.target(target))), content),
                InlineKind::Image { path, alt, title } => {
                    let digest = self.context.sources.find(path).map(|file| sha256(self.context.sources.file(file).bytes()));
                    let digest = digest.as_deref().unwrap_or("missing");
                    out.push_str(&format!("{{image|{digest}|{}|{}}}", escaped(alt), escaped(title)));
                }
                InlineKind::Footnote(_) => out.push_str("{note}"),
                InlineKind::SoftBreak | InlineKind::HardBreak => out.push(' '),
            }
        }
    }

    /// Where a link leads, as far as it says so itself: what the other end is called or contains is not part of this text.
    fn target(&self, target: &Target) -> String {
        match target {
            Target::Reference(reference) => self.context.reference(reference),
            Target::Path { path, section: Some(section) } => format!("{path}#{section}"),
            Target::Path { path, section: None } => path.to_string(),
            Target::Section(section) => format!("#{section}"),
            Target::Url(url) => url.to_string(),
        }
    }
}
