//! Text as the fonts can show it: invisible characters that mean nothing on paper are left out, and a character without a glyph is found here, since
//! the exporter would stop at it without saying where.

use std::collections::{BTreeMap, BTreeSet};

use super::fonts::Fonts;
use crate::base::finding::{Finding, Place, Span};
use crate::base::rule;
use crate::base::source::{FileId, Sources};
use crate::base::word::{Word, phrase, word};

/// Stands for what cannot be shown, so that the rest can be set and all mistakes come in one run.
const REPLACEMENT: char = '\u{fffd}';

/// What no font has: letters of a script, told once, or a single character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lack {
    Script(&'static Script),
    Character(char),
}

/// A script that the bundled fonts do not have.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Script {
    name: Word,
    /// A family of open fonts that has it.
    family: &'static str,
}

/// Scripts by their blocks (Unicode 17, Blocks.txt). Those of East Asia are told by their kana, hangul and ideographs.
static SCRIPTS: &[(std::ops::RangeInclusive<u32>, Script)] = &[
    (0x0530..=0x058f, Script { name: word!("Armenian"), family: "Noto Sans Armenian" }),
    (0x0590..=0x05ff, Script { name: word!("Hebrew"), family: "Noto Sans Hebrew" }),
    (0x0600..=0x06ff, Script { name: word!("Arabic"), family: "Noto Sans Arabic" }),
    (0x0750..=0x077f, Script { name: word!("Arabic"), family: "Noto Sans Arabic" }),
    (0x0900..=0x097f, Script { name: word!("Devanagari"), family: "Noto Sans Devanagari" }),
    (0x0980..=0x09ff, Script { name: word!("Bengali"), family: "Noto Sans Bengali" }),
    (0x0a00..=0x0a7f, Script { name: word!("Gurmukhi"), family: "Noto Sans Gurmukhi" }),
    (0x0a80..=0x0aff, Script { name: word!("Gujarati"), family: "Noto Sans Gujarati" }),
    (0x0b80..=0x0bff, Script { name: word!("Tamil"), family: "Noto Sans Tamil" }),
    (0x0c00..=0x0c7f, Script { name: word!("Telugu"), family: "Noto Sans Telugu" }),
    (0x0c80..=0x0cff, Script { name: word!("Kannada"), family: "Noto Sans Kannada" }),
    (0x0d00..=0x0d7f, Script { name: word!("Malayalam"), family: "Noto Sans Malayalam" }),
    (0x0d80..=0x0dff, Script { name: word!("Sinhala"), family: "Noto Sans Sinhala" }),
    (0x0e00..=0x0e7f, Script { name: word!("Thai"), family: "Noto Sans Thai" }),
    (0x0e80..=0x0eff, Script { name: word!("Lao"), family: "Noto Sans Lao" }),
    (0x1000..=0x109f, Script { name: word!("Myanmar"), family: "Noto Sans Myanmar" }),
    (0x10a0..=0x10ff, Script { name: word!("Georgian"), family: "Noto Sans Georgian" }),
    (0x1200..=0x139f, Script { name: word!("Ethiopic"), family: "Noto Sans Ethiopic" }),
    (0x1780..=0x17ff, Script { name: word!("Khmer"), family: "Noto Sans Khmer" }),
    (0x1100..=0x11ff, Script { name: word!("Korean"), family: "Noto Sans CJK KR" }),
    (0xac00..=0xd7af, Script { name: word!("Korean"), family: "Noto Sans CJK KR" }),
    (0x3040..=0x30ff, Script { name: word!("Japanese"), family: "Noto Sans CJK JP" }),
    (0x3000..=0x303f, Script { name: word!("Chinese, Japanese or Korean"), family: "Noto Sans CJK" }),
    (0x3400..=0x9fff, Script { name: word!("Chinese, Japanese or Korean"), family: "Noto Sans CJK" }),
    (0xf900..=0xfaff, Script { name: word!("Chinese, Japanese or Korean"), family: "Noto Sans CJK" }),
    (0xff00..=0xffef, Script { name: word!("Chinese, Japanese or Korean"), family: "Noto Sans CJK" }),
    (0xfb1d..=0xfb4f, Script { name: word!("Hebrew"), family: "Noto Sans Hebrew" }),
    (0xfb50..=0xfdff, Script { name: word!("Arabic"), family: "Noto Sans Arabic" }),
    (0xfe70..=0xfefe, Script { name: word!("Arabic"), family: "Noto Sans Arabic" }),
];

fn script(c: char) -> Option<&'static Script> {
    SCRIPTS.iter().find(|(block, _)| block.contains(&u32::from(c))).map(|(_, script)| script)
}

/// The first place, the first character, and how often.
type Missing = (Option<Span>, char, usize);

/// Cleans texts and remembers what had no glyph.
pub(super) struct Glyphs<'a> {
    fonts: &'a Fonts,
    sources: &'a Sources,
    /// Of each character without a script of its own in each file, and of each script.
    missing: BTreeMap<(Option<FileId>, Lack), Missing>,
    /// Whether the text is one that is written from right to left, where marks of direction say how its figures and brackets stand.
    pub(super) right_to_left: bool,
    /// Characters looked up before: coverage is a search in a dozen fonts.
    known: BTreeMap<char, bool>,
}

impl<'a> Glyphs<'a> {
    pub(super) fn new(fonts: &'a Fonts, sources: &'a Sources) -> Self {
        Glyphs { fonts, sources, missing: BTreeMap::new(), right_to_left: false, known: BTreeMap::new() }
    }

    /// The text with only characters that can be shown; line feeds stay.
    pub(super) fn clean(&mut self, text: &str, span: Option<Span>) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '\n' | ' '..='~' => out.push(c),
                '\t' => out.push_str("    "),
                '\u{2028}' | '\u{2029}' => out.push(' '),
                // They join letters or keep them apart, and some languages are misspelt without them; between Latin letters they only hide.
                '\u{200c}' | '\u{200d}' if out.chars().next_back().is_some_and(joins) => out.push(c),
                '\u{200e}' | '\u{200f}' | '\u{61c}' if self.right_to_left => out.push(c),
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
        let exact = span.and_then(|span| {
            let text = self.sources.file(span.file).text();
            match text.get(span.range()).and_then(|slice| slice.find(c)) {
                Some(at) => Some(Span::new(span.file, span.range().start + at..span.range().start + at + c.len_utf8())),
                // What is looked for in a whole file, and is not in it, came from elsewhere.
                None => Some(span).filter(|span| span.range() != (0..text.len())),
            }
        });
        let lack = script(c).map_or(Lack::Character(c), Lack::Script);
        self.missing.entry((exact.map(|span| span.file), lack)).or_insert((exact, c, 0)).2 += 1;
    }

    /// One finding for each script, and for each other character, in each file.
    pub(super) fn findings(self) -> Vec<Finding> {
        let finding = |((_, lack), (span, c, count)): ((_, Lack), Missing)| {
            let place = span.map_or(Place::Project, Place::Span);
            let code = format!("{:04X}", u32::from(c));
            match lack {
                Lack::Script(Script { name, family }) => {
                    let more = (count > 1 && span.is_some()).then(|| phrase!("{n} more letters of this file need it.", n = count - 1));
                    Finding::new(
                        &rule::MISSING_GLYPH,
                        place,
                        phrase!("no font of the PDF has the {script} letters: `{c}` (U+{code})", script = name, c = c, code = code),
                    )
                    .label(phrase!("cannot be printed"))
                    .help(phrase!(
                        "Put a font that has them, such as {family}, as TTF or OTF into `themes/default/pdf-fonts/`.",
                        family = family
                    ))
                    .help_if(more)
                }
                Lack::Character(c) => {
                    let more = (count > 1 && span.is_some()).then(|| phrase!("It stands {n} more times in this file.", n = count - 1));
                    Finding::new(&rule::MISSING_GLYPH, place, phrase!("no font of the PDF has `{c}` (U+{code})", c = c, code = code))
                        .label(phrase!("cannot be printed"))
                        .help(phrase!("Write it in words, or put a font (TTF or OTF) that has it into `themes/default/pdf-fonts/`."))
                        .help_if(more)
                }
            }
        };
        // What is set again where its place is not known, in contents, indexes and references, was told at its place.
        let placed: BTreeSet<Lack> = self.missing.keys().filter(|(file, _)| file.is_some()).map(|(_, lack)| *lack).collect();
        self.missing.into_iter().filter(|((file, lack), _)| file.is_some() || !placed.contains(lack)).map(finding).collect()
    }
}

/// Whether a letter is of a script in which joiners mean something: Arabic and its kin, and those of India and beyond.
fn joins(c: char) -> bool {
    matches!(u32::from(c), 0x0600..=0x109f | 0x1780..=0x18af | 0xfb50..=0xfdff | 0xfe70..=0xfefe)
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
    fn letters_of_a_script_without_a_font_are_told_once_a_file_with_a_font_that_has_them() {
        let text = "\u{645}\u{631}\u{62d}\u{628}\u{627} \u{6f22}";
        let (sources, fonts) = (sources(text), Fonts::with(&Sources::default()));
        let mut glyphs = Glyphs::new(&fonts, &sources);
        glyphs.clean(text, Some(Span::new(FileId(0), 0..text.len())));
        let findings = glyphs.findings();
        assert_eq!(findings.len(), 2);
        let helps = |finding: &Finding, at: usize, words: &str| finding.help.get(at).is_some_and(|help| help.to_string().contains(words));
        assert!(findings.iter().any(|finding| helps(finding, 0, "Noto Sans Arabic") && helps(finding, 1, "4 more letters")));
        assert!(findings.iter().any(|finding| helps(finding, 0, "Noto Sans CJK")));
    }

    #[test]
    fn marks_of_direction_stay_in_text_that_runs_from_right_to_left_and_overrides_never() {
        let (sources, fonts) = (sources(""), Fonts::with(&Sources::default()));
        let mut glyphs = Glyphs::new(&fonts, &sources);
        glyphs.right_to_left = true;
        assert_eq!(glyphs.clean("a\u{200f}b\u{202e}c\u{2066}d\u{200d}e", None), "a\u{200f}bcde");
    }

    #[test]
    fn private_characters_are_missing_even_where_a_font_has_them() {
        let (sources, fonts) = (sources(""), Fonts::with(&Sources::default()));
        let mut glyphs = Glyphs::new(&fonts, &sources);
        assert_eq!(glyphs.clean("\u{e000}", None), "\u{fffd}");
        assert_eq!(glyphs.findings()[0].place, Place::Project);
    }
}
