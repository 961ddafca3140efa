//! A text as sentences of words, with the way back to where each word stands.

use std::ops::Range;

use crate::base::finding::Span;
use crate::base::id::Reference;
use crate::base::source::Sources;
use crate::read::tree::{Inline, InlineKind, Target};

/// Stands for what is no running text: code, an image, a bare reference.
const OTHER: char = '\u{fffc}';

/// The running text of one block.
pub(super) struct Text {
    text: String,
    pieces: Vec<Piece>,
    /// Where roles are named by reference.
    roles: Vec<usize>,
    quoted: Vec<Range<usize>>,
}

/// Words that stand at one place of the sources.
struct Piece {
    at: Range<usize>,
    span: Span,
}

/// A sentence: its text, its words by their places in the whole text, and whether it names a role by reference.
pub(super) struct Sentence<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: Vec<Token<'a>>,
    pub(super) names_role: bool,
}

/// A word.
pub(super) struct Token<'a> {
    /// Where, in the whole text.
    pub(super) at: Range<usize>,
    /// In small letters.
    pub(super) lower: String,
    /// What stands between it and the word before.
    pub(super) gap: &'a str,
}

impl Sentence<'_> {
    /// Whether the sentence has these words as they are written, capitals too, and not as a part of others.
    pub(super) fn has(&self, words: &str) -> bool {
        let is_edge = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
        let mut found = self.text.match_indices(words).filter(|_| !words.is_empty());
        found.any(|(at, _)| is_edge(self.text[..at].chars().next_back()) && is_edge(self.text[at + words.len()..].chars().next()))
    }
}

impl Text {
    pub(super) fn new(content: &[Inline]) -> Self {
        let mut text = Text { text: String::new(), pieces: Vec::new(), roles: Vec::new(), quoted: Vec::new() };
        text.gather(content);
        text.quoted = quoted(&text.text);
        text
    }

    fn gather(&mut self, content: &[Inline]) {
        for inline in content {
            match &inline.kind {
                InlineKind::Text(words) => {
                    let start = self.text.len();
                    self.text.push_str(words);
                    self.pieces.push(Piece { at: start..self.text.len(), span: inline.span });
                }
                InlineKind::Emphasis(content) | InlineKind::Strong(content) => self.gather(content),
                InlineKind::Link { target, content } => {
                    if matches!(target, Target::Reference(Reference::Item { id, .. }) if id.is_role()) {
                        self.roles.push(self.text.len());
                    }
                    if content.is_empty() { self.text.push(OTHER) } else { self.gather(content) }
                }
                InlineKind::SoftBreak | InlineKind::HardBreak => self.text.push(' '),
                InlineKind::Footnote(_) => {}
                InlineKind::Code(_)
                | InlineKind::Strike(_)
                | InlineKind::Sub(_)
                | InlineKind::Sup(_)
                | InlineKind::Kbd(_)
                | InlineKind::Image { .. } => self.text.push(OTHER),
            }
        }
    }

    /// Its sentences.
    pub(super) fn sentences(&self) -> impl Iterator<Item = Sentence<'_>> {
        ends(&self.text).into_iter().map(|range| Sentence {
            text: &self.text[range.clone()],
            tokens: tokens(&self.text, range.clone()),
            names_role: self.roles.get(self.roles.partition_point(|at| *at < range.start)).is_some_and(|at| *at < range.end),
        })
    }

    /// The words of a range.
    pub(super) fn words(&self, range: &Range<usize>) -> &str {
        &self.text[range.clone()]
    }

    /// Whether a range stands in quotation marks: then it is spoken of, or somebody else says it.
    pub(super) fn is_quoted(&self, range: &Range<usize>) -> bool {
        let before = self.quoted.partition_point(|quoted| quoted.start < range.start);
        before.checked_sub(1).and_then(|last| self.quoted.get(last)).is_some_and(|quoted| range.end <= quoted.end)
    }

    /// Where a range stands in the sources.
    pub(super) fn place(&self, range: &Range<usize>, sources: &Sources) -> Option<Span> {
        let piece =
            |at: usize| self.pieces.get(self.pieces.partition_point(|piece| piece.at.end <= at)).filter(|piece| piece.at.contains(&at));
        let (first, last) = (piece(range.start)?, piece(range.end.checked_sub(1)?)?);
        let start = self.within(first, range.start, range.end.min(first.at.end), sources)?.0;
        let end = self.within(last, range.start.max(last.at.start), range.end, sources)?.1;
        Some(Span { file: first.span.file, start, end })
    }

    /// Offsets in the file of words of a piece. Where a value was inserted the piece reads otherwise than the source, and the words are looked for in it.
    fn within(&self, piece: &Piece, from: usize, to: usize, sources: &Sources) -> Option<(u32, u32)> {
        let source = sources.file(piece.span.file).text().get(piece.span.range())?;
        let (text, words) = (self.text.get(piece.at.clone())?, self.text.get(from..to)?);
        let at = if source == text {
            from - piece.at.start
        } else {
            let before = self.text.get(piece.at.start..from)?.matches(words).count();
            match source.match_indices(words).nth(before) {
                Some((at, _)) => at,
                None => return Some((piece.span.start, piece.span.end)),
            }
        };
        let offset = |at: usize| u32::try_from(at).ok().map(|at| piece.span.start.saturating_add(at));
        Some((offset(at)?, offset(at + words.len())?))
    }
}

/// The ranges of sentences: up to a full stop, question or exclamation mark before a space and a capital. Short words before a full stop are taken for
/// abbreviations.
fn ends(text: &str) -> Vec<Range<usize>> {
    const SHORT: &[&str] =
        &["art", "bzw", "ca", "etc", "evtl", "ggf", "incl", "inkl", "max", "min", "no", "nr", "sec", "sog", "usw", "vgl"];
    let mut ranges = Vec::new();
    let mut start = 0;
    for (at, mark) in text.match_indices(['.', '!', '?']) {
        let after = &text[at + mark.len()..];
        let opens = after.trim_start().chars().next().is_none_or(|c| c.is_uppercase() || c == OTHER || c.is_ascii_digit());
        let word = text[start..at].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let short = mark == "." && (word.chars().count() == 1 || SHORT.contains(&word.to_lowercase().as_str()));
        if after.starts_with(char::is_whitespace) && opens && !short {
            ranges.push(start..at + mark.len());
            start = at + mark.len();
        }
    }
    if start < text.len() {
        ranges.push(start..text.len());
    }
    ranges
}

fn tokens(text: &str, range: Range<usize>) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut begun: Option<usize> = None;
    let mut last = range.start;
    let sentence = &text[range.clone()];
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}');
    for (at, c) in sentence.char_indices().map(|(at, c)| (range.start + at, Some(c))).chain([(range.end, None)]) {
        match (begun, c.is_some_and(is_word)) {
            (None, true) => begun = Some(at),
            (Some(start), false) => {
                tokens.push(Token { at: start..at, lower: text[start..at].to_lowercase(), gap: &text[last..start] });
                (begun, last) = (None, at);
            }
            _ => {}
        }
    }
    tokens
}

/// The ranges between quotation marks that are closed.
fn quoted(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut open: Option<(usize, &[char])> = None;
    for (at, c) in text.char_indices() {
        match open {
            Some((start, closing)) if closing.contains(&c) => {
                ranges.push(start..at);
                open = None;
            }
            Some(_) => {}
            None => {
                let closing: &[char] = match c {
                    '"' => &['"'],
                    '\u{201c}' => &['\u{201d}'],
                    '\u{201e}' => &['\u{201c}', '\u{201d}'],
                    '\u{ab}' => &['\u{bb}'],
                    '\u{bb}' => &['\u{ab}'],
                    _ => continue,
                };
                open = Some((at, closing));
            }
        }
    }
    ranges
}
