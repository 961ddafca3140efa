//! Text as the fonts can show it: invisible characters that mean nothing on paper are left out, and a character without a glyph is found here, since
//! the exporter would stop at it without saying where.

use std::collections::BTreeMap;

use super::fonts::Fonts;
use crate::base::finding::{Finding, Place, Span};
use crate::base::rule;
use crate::base::source::{FileId, Sources};

/// Stands for what cannot be shown, so that the rest can be set and all mistakes come in one run.
const REPLACEMENT: char = '\u{fffd}';

/// Cleans texts and remembers what had no glyph.
pub(super) struct Glyphs<'a> {
    fonts: &'a Fonts,
    sources: &'a Sources,
    /// Of each character in each file: the first place, and how often.
    missing: BTreeMap<(Option<FileId>, char), (Option<Span>, usize)>,
    /// Characters looked up before: coverage is a search in a dozen fonts.
    known: BTreeMap<char, bool>,
}

impl<'a> Glyphs<'a> {
    pub(super) fn new(fonts: &'a Fonts, sources: &'a Sources) -> Self {
        Glyphs { fonts, sources, missing: BTreeMap::new(), known: BTreeMap::new() }
    }

    /// The text with only characters that can be shown; line feeds stay.
    pub(super) fn clean(&mut self, text: &str, span: Option<Span>) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '\n' | ' '..='~' => out.push(c),
                '\t' => out.push_str("    "),
                '\u{2028}' | '\u{2029}' => out.push(' '),
                c if is_silent(c) => {}
                c if is_kept(c) || self.covers(c) => out.push(c),
                c => {
                    self.record(c, span);
                    out.push(REPLACEMENT);
                }
            }
        }
        out
    }

    fn covers(&mut self, c: char) -> bool {
        let fonts = self.fonts;
        // The exporter refuses private characters even where a font draws them: nobody else knows what they mean.
        *self.known.entry(c).or_insert_with(|| !is_private(c) && fonts.cover(c))
    }

    fn record(&mut self, c: char, span: Option<Span>) {
        let exact = span.map(|span| {
            let text = self.sources.file(span.file).text();
            let within = text.get(span.range()).and_then(|slice| slice.find(c));
            within.map_or(span, |at| Span::new(span.file, span.range().start + at..span.range().start + at + c.len_utf8()))
        });
        self.missing.entry((span.map(|span| span.file), c)).or_insert((exact, 0)).1 += 1;
    }

    /// One finding for each character in each file.
    pub(super) fn findings(self) -> Vec<Finding> {
        self.missing
            .into_iter()
            .map(|((_, c), (span, count))| {
                let place = span.map_or(Place::Project, Place::Span);
                let more = (count > 1).then(|| format!("It stands {} more times in this file.", count - 1));
                Finding::new(&rule::MISSING_GLYPH, place, format!("no font of the PDF has `{c}` (U+{:04X})", u32::from(c)))
                    .label("cannot be printed")
                    .help("Write it in words, or put a font (TTF or OTF) that has it into `themes/default/pdf-fonts/`.")
                    .help_if(more)
            })
            .collect()
    }
}

/// Whether a text has anything to be seen.
pub(super) fn shows(text: &str) -> bool {
    text.chars().any(|c| !c.is_whitespace() && !is_silent(c) && !is_kept(c))
}

/// Characters that show nothing and would only trouble a reader of paper: controls, marks of direction (a line of Latin text could be made to read
/// otherwise than it is), variation selectors, tags, the byte order mark, and what is no character.
fn is_silent(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{180e}' | '\u{200c}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2061}'..='\u{206f}')
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}' | '\u{e0000}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Characters without a glyph that only steer line breaks.
fn is_kept(c: char) -> bool {
    matches!(c, '\u{00ad}' | '\u{200b}' | '\u{2060}')
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::{Content, SourceFile};

    fn sources(text: &str) -> Sources {
        Sources::new(vec![SourceFile { path: "content/a.md".into(), content: Content::Text(text.into()) }])
    }

    #[test]
    fn a_character_without_a_glyph_is_shown_where_it_stands_once_a_file() {
        let text = "Fine 😀 words 😀";
        let (sources, fonts) = (sources(text), Fonts::with(&Sources::default()));
        let mut glyphs = Glyphs::new(&fonts, &sources);
        assert_eq!(glyphs.clean(text, Some(Span::new(FileId(0), 0..text.len()))), "Fine \u{fffd} words \u{fffd}");
        let findings = glyphs.findings();
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].place, Place::Span(Span::new(FileId(0), 5..9)));
        assert_eq!(findings[0].help.len(), 2);
    }

    #[test]
    fn marks_of_direction_and_controls_leave_no_trace() {
        let (sources, fonts) = (sources(""), Fonts::with(&Sources::default()));
        let mut glyphs = Glyphs::new(&fonts, &sources);
        assert_eq!(glyphs.clean("a\0b\u{202e}c\u{2066}d\u{feff}e\u{fe0f}f\tg\u{ad}h", None), "abcdef    g\u{ad}h");
        assert!(glyphs.findings().is_empty());
    }

    #[test]
    fn private_characters_are_missing_even_where_a_font_has_them() {
        let (sources, fonts) = (sources(""), Fonts::with(&Sources::default()));
        let mut glyphs = Glyphs::new(&fonts, &sources);
        assert_eq!(glyphs.clean("\u{e000}", None), "\u{fffd}");
        assert_eq!(glyphs.findings()[0].place, Place::Project);
    }
}
