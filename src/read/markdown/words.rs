//! Words: pieces of text put together again, values inserted, and what looks like a reference or footnote and is none.
//!
//! pulldown-cmark splits text at every character that might have meant something. Only what stands in the source exactly as it reads, with
//! no escape or entity in it, is looked at here: so `\{{` stays, and so does everything in code.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::CowStr;

use super::build::Builder;
use super::character::{clean, has_unwanted, message};
use super::footnote::missing;
use super::report::excerpt;
use super::{Kind, autolink, link, table};
use crate::base::finding::{did_you_mean, nearest};
use crate::base::rule;
use crate::base::word::{phrase, word};
use crate::read::tree::{Inline, InlineKind};

/// Text that is not yet in the tree.
#[derive(Debug, Default)]
pub(super) struct Words<'t> {
    pieces: Vec<Piece<'t>>,
}

#[derive(Debug)]
struct Piece<'t> {
    range: Range<usize>,
    /// What the piece reads, where that is not what stands in the source.
    made: Option<CowStr<'t>>,
    /// Whether a backslash stands before it, which means its first character.
    escaped: bool,
}

impl<'t> Words<'t> {
    /// Takes a piece of text that stands at `range` of `source`.
    pub(super) fn push(&mut self, text: CowStr<'t>, range: Range<usize>, source: &'t str) {
        let verbatim = text.len() == range.len() && std::ptr::eq(text.as_ptr(), source[range.clone()].as_ptr());
        if let Some(last) = self.pieces.last_mut()
            && verbatim
            && last.made.is_none()
            && last.range.end == range.start
        {
            last.range.end = range.end;
            return;
        }
        let escaped = verbatim && source.as_bytes()[..range.start].ends_with(b"\\");
        self.pieces.push(Piece { range, made: (!verbatim).then_some(text), escaped });
    }
}

/// Whether words hold a character that may begin something that [`Builder::verbatim`] looks for; all bytes are looked at, many at once.
fn is_marked(text: &str) -> bool {
    text.bytes().fold(false, |found, byte| found | (byte == b'{') | (byte == b'[') | (byte == b']'))
}

impl<'t> Builder<'t, '_> {
    /// Puts the words that were gathered into the tree.
    pub(super) fn flush(&mut self) {
        let (Some(first), Some(last)) = (self.words.pieces.first(), self.words.pieces.last()) else { return };
        let range = first.range.start..last.range.end;
        let is_whole = self.words.pieces.len() == 1 && first.made.is_none();
        let source = &self.text[range.clone()];
        let mut escapes = Vec::new();
        let text: Arc<str> = if is_whole && !self.unclean && !is_marked(source) {
            self.words.pieces.clear();
            source.into()
        } else {
            let mut out = String::with_capacity(range.len());
            let mut pieces = std::mem::take(&mut self.words.pieces);
            for piece in pieces.drain(..) {
                if piece.escaped {
                    escapes.push(out.len());
                }
                match piece.made {
                    Some(text) => out.push_str(&self.made(&text, piece.range)),
                    None => self.verbatim(piece.range, piece.escaped, &mut out),
                }
            }
            self.words.pieces = pieces;
            if self.unclean { clean(&out).into() } else { out.into() }
        };
        if self.links == 0 && autolink::may_hold(&text) {
            self.push_addresses(&text, range, &escapes);
        } else if !text.is_empty() {
            self.push_inline(InlineKind::Text(text), range);
        }
    }

    /// Words with the addresses in them as links. `escapes` are the places in them where a backslash stands, which keeps an address from being one.
    fn push_addresses(&mut self, text: &str, range: Range<usize>, escapes: &[usize]) {
        // Where the words are not those of the source, all of them is the best place to show.
        let exact = &self.text[range.clone()] == text;
        let place = |of: &Range<usize>| if exact { range.start + of.start..range.start + of.end } else { range.clone() };
        let mut from = 0;
        for (at, address) in autolink::find(text) {
            if escapes.iter().any(|escape| at.contains(escape)) {
                continue;
            }
            let Ok(target) = link::read(&address, self.context.path) else { continue };
            let words = from..at.start;
            if !words.is_empty() {
                self.push_inline(InlineKind::Text(text[words.clone()].into()), place(&words));
            }
            let span = self.report.span(place(&at));
            let content = vec![Inline { kind: InlineKind::Text(text[at.clone()].into()), span }];
            self.push_inline(InlineKind::Link { target, content }, place(&at));
            from = at.end;
        }
        if from < text.len() {
            self.push_inline(InlineKind::Text(text[from..].into()), place(&(from..text.len())));
        }
    }

    /// Text that the parser made of something else: an entity can be a character that the source does not hold.
    pub(super) fn made<'s>(&mut self, text: &'s str, range: Range<usize>) -> Cow<'s, str> {
        if !has_unwanted(text) {
            return Cow::Borrowed(text);
        }
        if !has_unwanted(&self.text[range.clone()]) {
            self.report.add(self.report.at(&rule::CONTROL_CHARACTER, range, message(text)).label(phrase!("left out")));
        }
        clean(text)
    }

    fn verbatim(&mut self, range: Range<usize>, escaped: bool, out: &mut String) {
        let source = self.text;
        let text = &source[range.clone()];
        let mut at = if escaped { text.chars().next().map_or(0, char::len_utf8) } else { 0 };
        out.push_str(&text[..at]);
        let mut closed = true;
        while let Some(next) = text.as_bytes()[at..].iter().position(|&b| matches!(b, b'{' | b'[' | b']')) {
            out.push_str(&text[at..at + next]);
            at += next;
            let rest = &text[at..];
            let here = range.start + at;
            if rest.starts_with("{{") && closed {
                if let Some(length) = rest[2..].find("}}") {
                    let value = self.value(&rest[2..2 + length], here..here + length + 4);
                    out.push_str(&value.map_or(Cow::Borrowed(&rest[..length + 4]), clean));
                    at += length + 4;
                    continue;
                }
                closed = false;
                let finding = self.report.at(&rule::UNKNOWN_INSERTION, here..here + 2, phrase!("`{{` has no `}}` after it on its line"));
                self.report.add(finding.help(phrase!("for the braces themselves write `\\{{`")));
            } else if rest.starts_with("[^") {
                self.footnote_left_over(rest, here);
            } else if rest.starts_with("[[") {
                self.reference_left_over(here);
                out.push_str("[[");
                at += 2;
                continue;
            } else if rest.starts_with("](") {
                let finding = self.report.at(&rule::UNRESOLVED_REFERENCE, here..here + 2, phrase!("`](` ends no link"));
                let help = phrase!(
                    "an address with spaces stands between `<` and `>`, and a link holds no other link; for the brackets themselves write `\\]`"
                );
                self.report.add(finding.help(help));
            }
            out.push_str(&rest[..1]);
            at += 1;
        }
        out.push_str(&text[at..]);
    }

    /// The value of a name between double braces.
    fn value(&mut self, name: &str, range: Range<usize>) -> Option<&'t str> {
        let name = name.trim();
        let values = self.context.values;
        let value = values.get(name);
        if value.is_none() {
            let near = nearest(&excerpt(name), values.keys().map(String::as_str)).map(|near| did_you_mean(&format!("{{{{ {near} }}}}")));
            let message = match name {
                "" => phrase!("`{{ }}` names no value"),
                name => phrase!("annexa.yaml has no value `{name}`", name = excerpt(name)),
            };
            let finding = self.report.at(&rule::UNKNOWN_INSERTION, range, message);
            self.report.add(finding.help_if(near).help(phrase!("for the braces themselves write `\\{{`")));
        }
        value.map(String::as_str)
    }

    /// A text that the parser gives in one piece (the address of a link, a title), with values inserted.
    pub(super) fn inserted<'s>(&mut self, text: &'s str, range: Range<usize>) -> Cow<'s, str> {
        let text = self.made(text, range.clone());
        if !text.contains("{{") {
            return text;
        }
        let mut out = String::with_capacity(text.len());
        let mut rest: &str = &text;
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((name, after)) = after.split_once("}}") else { break };
            out.push_str(before);
            match self.value(name, range.clone()) {
                Some(value) => out.push_str(&clean(value)),
                None => out.extend(["{{", name, "}}"]),
            }
            rest = after;
        }
        out.push_str(rest);
        Cow::Owned(out)
    }

    /// `[^x]` that the parser left as it is, because no such footnote is written.
    fn footnote_left_over(&mut self, rest: &str, at: usize) {
        const LONGEST: usize = 100;
        let label = rest[2..].split(|c: char| c.is_whitespace() || matches!(c, '[' | ']')).next().unwrap_or_default();
        if label.is_empty() || label.len() > LONGEST || !rest[2 + label.len()..].starts_with(']') {
            return;
        }
        let range = at..at + label.len() + 3;
        let finding = match self.context.kind {
            Kind::Document | Kind::Adopted => missing(label, range, &self.report),
            Kind::Prose => self.refused(word!("a footnote"), range),
        };
        self.report.add(finding);
    }

    /// `[[` that the parser made no reference of.
    fn reference_left_over(&mut self, at: usize) {
        if let Some(cell) = &self.cell
            && let Some(end) = table::split_reference(self.text, at, cell.clone())
        {
            self.split_row();
            let finding = self.report.at(&rule::PIPE_IN_TABLE, at..end, phrase!("a bare pipe splits a reference in a table cell"));
            self.report.add(finding.help(phrase!("in a table, write `\\|` for a pipe that does not end the cell")));
            return;
        }
        let finding = self.report.at(&rule::UNRESOLVED_REFERENCE, at..at + 2, phrase!("`[[` begins no reference"));
        self.report.add(finding.help(phrase!("a reference is closed by `]]`; for the brackets themselves write `\\[[`")));
    }
}
