//! A file of statements as it is written: which lines say what, so that statements can be renamed or taken out with their comments.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::spelling::edition_in_style;
use crate::base::edit::Edits;
use crate::base::id::EditionId;
use crate::base::source::FileId;
use crate::base::yaml::{self, Key, Kind, Node};
use crate::link::manual::Manual;

/// A file of statements as it is written.
pub(super) struct StatementFile {
    pub(super) id: FileId,
    pub(super) text: Arc<str>,
    /// The value of `framework`.
    framework: Node,
    /// Its statements, in order.
    pub(super) entries: Vec<(Key, Node)>,
    /// Whether each statement stands in lines of its own.
    in_lines: bool,
    /// Where the line after that of `statements:` begins.
    pub(super) after_head: usize,
}

impl StatementFile {
    pub(super) fn read(manual: &Manual, id: FileId) -> Option<StatementFile> {
        let source = manual.view.sources.file(id);
        let text: Arc<str> = source.text().into();
        let Kind::Mapping(top) = yaml::parse(&text, id, 0, &mut Vec::new())?.kind else { return None };
        let (mut framework, mut statements) = (None, None);
        for (key, node) in top {
            match key.text.as_ref() {
                "framework" => framework = Some(node),
                "statements" => statements = Some((key, node)),
                _ => {}
            }
        }
        let (head, node) = statements?;
        let in_lines = !text.get(node.span.range())?.starts_with('{');
        let Kind::Mapping(entries) = node.kind else { return None };
        let after_head = text[head.span.range().end..].find('\n').map_or(text.len(), |feed| head.span.range().end + feed + 1);
        Some(StatementFile { id, framework: framework?, entries, in_lines, after_head, text })
    }

    /// The edition that the file is of.
    pub(super) fn edition(&self, manual: &Manual) -> Option<EditionId> {
        let Kind::Scalar { text, .. } = &self.framework.kind else { return None };
        Some(manual.view.catalogues.find(&EditionId::parse(text)?).ok()?.id.clone())
    }

    /// Whether all statements of the file move.
    pub(super) fn is_whole(&self, moving: &BTreeSet<usize>) -> bool {
        self.entries.iter().all(|(key, _)| moving.contains(&key.span.range().start))
    }

    /// Writes the file's edition, if what is written would mean another one.
    pub(super) fn name_edition(&self, edition: &EditionId, default: Option<&EditionId>, edits: &mut Edits) {
        let Kind::Scalar { text: old, .. } = &self.framework.kind else { return };
        let new = edition_in_style(old, edition, default);
        if new != old.as_ref() {
            let written = &self.text[self.framework.span.range()];
            let quote = written.chars().next().filter(|c| matches!(c, '"' | '\'')).map(String::from).unwrap_or_default();
            edits.replace(self.framework.span, format!("{quote}{new}{quote}"));
        }
    }

    /// The lines of each statement: its key and all below it, with the comments right above the key. None where they cannot be told apart, or where
    /// they repeat values of each other.
    pub(super) fn sections(&self) -> Option<Vec<Range<usize>>> {
        if !self.in_lines || self.entries.is_empty() {
            return None;
        }
        let mut begins = Vec::with_capacity(self.entries.len());
        let mut earliest = self.after_head;
        let indent = self.indent()?;
        for (key, node) in &self.entries {
            let line = self.line_start(key.span.range().start);
            if key.span.range().start - line != indent || !self.text[line..key.span.range().start].bytes().all(|b| b == b' ') {
                return None;
            }
            let mut begin = line;
            while begin > earliest {
                let above = self.line_start(begin - 1);
                let words = self.text[above..begin].trim_start_matches(' ');
                if above < earliest || !words.starts_with('#') || self.text[above..begin].len() - words.len() > indent {
                    break;
                }
                begin = above;
            }
            begins.push(begin);
            earliest = self.end_of(key, node);
        }
        let ends = begins.iter().skip(1).copied().chain([self.end_with_comments(earliest, indent)]);
        let sections: Vec<Range<usize>> = begins.iter().copied().zip(ends).map(|(begin, end)| begin..end).collect();
        self.stand_alone(&sections).then_some(sections)
    }

    /// Whether each section, read by itself, says what it says in the file.
    fn stand_alone(&self, sections: &[Range<usize>]) -> bool {
        sections.iter().zip(&self.entries).all(|(section, (key, node))| {
            let mut findings = Vec::new();
            let read = yaml::parse(&self.text[section.clone()], self.id, section.start, &mut findings);
            let one = Kind::Mapping(vec![(key.clone(), node.clone())]);
            findings.is_empty() && read.is_some_and(|read| says_the_same(&read.kind, &one))
        })
    }

    fn indent(&self) -> Option<usize> {
        let start = self.entries.first()?.0.span.range().start;
        Some(start - self.line_start(start))
    }

    /// Where the line after a statement's last word begins.
    fn end_of(&self, key: &Key, node: &Node) -> usize {
        let end = node.span.range().end.max(key.span.range().end);
        let last = self.text[..end].trim_end().len();
        self.text[last..].find('\n').map_or(self.text.len(), |feed| last + feed + 1)
    }

    /// Comments below the last statement that are set further in than its key belong to it.
    fn end_with_comments(&self, mut end: usize, indent: usize) -> usize {
        let mut at = end;
        for line in self.text[end..].split_inclusive('\n') {
            let words = line.trim_start_matches(' ');
            at += line.len();
            if words.starts_with('#') && line.len() - words.len() > indent {
                end = at;
            } else if !words.trim().is_empty() {
                break;
            }
        }
        end
    }

    /// The end of the last statement's last line, if statements of `other` can be added there as they are.
    pub(super) fn end_for(&self, other: &StatementFile) -> Option<usize> {
        let last = self.sections()?.last()?.end;
        let end = self.text[..last].trim_end().len();
        (self.indent() == other.indent()).then_some(end)
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |feed| feed + 1)
    }
}

/// Whether two values say the same, wherever they stand.
fn says_the_same(one: &Kind, other: &Kind) -> bool {
    match (one, other) {
        (Kind::Scalar { text: a, plain: p, .. }, Kind::Scalar { text: b, plain: q, .. }) => a == b && p == q,
        (Kind::Sequence(a), Kind::Sequence(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| says_the_same(&a.kind, &b.kind)),
        (Kind::Mapping(a), Kind::Mapping(b)) => {
            let same = |((k, a), (l, b)): (&(Key, Node), &(Key, Node))| k.text == l.text && says_the_same(&a.kind, &b.kind);
            a.len() == b.len() && a.iter().zip(b).all(same)
        }
        _ => false,
    }
}
