//! Statements of the old edition: their keys are renamed in place where all of a file move, and taken to a file of the new edition where some stay.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::spelling::edition_in_style;
use super::{Move, Outcome, Reason, UseKind};
use crate::base::edit::Edits;
use crate::base::finding::Span;
use crate::base::id::{ControlId, EditionId};
use crate::base::source::FileId;
use crate::base::yaml::{self, Key, Kind, Node};
use crate::link::manual::Manual;
use crate::read::framework::Catalogue;

/// Statements that go from one file to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relocation {
    /// Where they stand.
    pub from: Arc<str>,
    /// Where they go.
    pub to: Arc<str>,
    /// Whether that file is new.
    pub is_new: bool,
    /// The controls, as they were.
    pub controls: Vec<ControlId>,
}

/// Leaves those controls to a person of which a statement cannot be moved.
pub(super) fn keep_what_cannot_move(manual: &Manual, moves: &mut [Move]) {
    let decided: BTreeMap<&ControlId, Span> =
        manual.view.statements.iter().rev().map(|statement| (&statement.control, statement.span)).collect();
    for one in moves.iter_mut() {
        let Some(target) = one.target() else { continue };
        if !one.uses.iter().any(|used| used.kind == UseKind::Statement) {
            continue;
        }
        let other = manual.control(target).and_then(|control| control.alias_of.first()).cloned();
        let reason = match (other, decided.get(target)) {
            (Some(other), _) => Reason::OtherName(other),
            (None, Some(there)) => Reason::Decided(*there),
            (None, None) => continue,
        };
        one.outcome = Outcome::Person(reason);
    }
    for (file, keys) in by_file(moves) {
        let moving: BTreeSet<usize> = keys.into_iter().filter(|(_, target)| target.is_some()).map(|(span, _)| span.range().start).collect();
        let file_of = StatementFile::read(manual, file);
        let can = file_of.is_some_and(|file| file.is_whole(&moving) || file.sections().is_some());
        if can {
            continue;
        }
        for one in moves.iter_mut().filter(|one| one.target().is_some()) {
            if one.uses.iter().any(|used| used.kind == UseKind::Statement && used.span.file == file) {
                one.outcome = Outcome::Person(Reason::Unsplittable);
            }
        }
    }
}

/// The keys of statements with what they become, by file.
fn by_file(moves: &[Move]) -> BTreeMap<FileId, Vec<(Span, Option<ControlId>)>> {
    let mut files: BTreeMap<FileId, Vec<(Span, Option<ControlId>)>> = BTreeMap::new();
    for one in moves {
        for used in one.uses.iter().filter(|used| used.kind == UseKind::Statement) {
            files.entry(used.span.file).or_default().push((used.span, one.target().cloned()));
        }
    }
    files
}

/// Edits the files of statements. Edits within a statement that goes elsewhere go with it.
pub(super) fn rewrite(manual: &Manual, moves: &[Move], to: &Catalogue, default: Option<&EditionId>, edits: &mut Edits) -> Vec<Relocation> {
    let mut relocated = Vec::new();
    for (id, keys) in by_file(moves) {
        let Some(file) = StatementFile::read(manual, id) else { continue };
        let targets: BTreeMap<usize, &ControlId> =
            keys.iter().filter_map(|(span, target)| Some((span.range().start, target.as_ref()?))).collect();
        for (key, _) in &file.entries {
            if let Some(target) = targets.get(&key.span.range().start) {
                edits.replace(key.span, key_like(&file.text[key.span.range()], &target.control));
            }
        }
        let moving: BTreeSet<usize> = targets.keys().copied().collect();
        if file.is_whole(&moving) {
            if !moving.is_empty() {
                file.name_edition(&to.id, default, edits);
            }
        } else if !moving.is_empty() {
            // Files that stay apart keep the edition that their name means.
            if let Some(from) = moves.first().map(|one| &one.control.id.edition) {
                file.name_edition(from, default, edits);
            }
            relocated.extend(relocate(manual, &file, &moving, to, edits, &relocated));
        } else if let Some(from) = moves.first().map(|one| &one.control.id.edition) {
            file.name_edition(from, default, edits);
        }
    }
    relocated
}

/// Takes the sections of statements that move out of a file, and puts them into one of the new edition.
fn relocate(
    manual: &Manual,
    file: &StatementFile,
    moving: &BTreeSet<usize>,
    to: &Catalogue,
    edits: &mut Edits,
    before: &[Relocation],
) -> Option<Relocation> {
    let sources = &manual.view.sources;
    let sections = file.sections()?;
    let mut text = String::new();
    let mut controls = Vec::new();
    let stays_last = sections.len().checked_sub(1).is_some_and(|last| !moving.contains(&file.entries[last].0.span.range().start));
    let tail = file.entries.iter().rposition(|(key, _)| !moving.contains(&key.span.range().start)).map_or(0, |last| last + 1);
    for (index, (section, (key, _))) in sections.iter().zip(&file.entries).enumerate() {
        if !moving.contains(&key.span.range().start) {
            continue;
        }
        text.push_str(&edits.within(sources, file.id, section.clone()));
        if !text.ends_with('\n') {
            text.push('\n');
        }
        edits.forget(file.id, section.clone());
        let mut cut = section.clone();
        if !stays_last && index == tail {
            // No blank lines are left at the end of the list.
            let kept = file.text[..cut.start].trim_end();
            cut.start = (kept.len() + 1).min(cut.start);
        }
        edits.replace(Span::new(file.id, cut), "");
        controls
            .extend(manual.view.statements.iter().find(|statement| statement.span == key.span).map(|statement| statement.control.clone()));
    }
    let spaced = file.text[file.after_head..].starts_with('\n');
    let text = text.trim_end().to_owned() + "\n";
    let from = sources.file(file.id).path.clone();
    let existing = sources.iter().filter(|(id, source)| *id != file.id && is_statement_file(&source.path));
    let mut existing =
        existing.filter_map(|(id, _)| StatementFile::read(manual, id)).filter(|other| other.edition(manual).as_ref() == Some(&to.id));
    if let Some((other, place)) = existing.find_map(|other| other.end_for(file).map(|place| (other, place))) {
        let blank = if spaced { "\n" } else { "" };
        edits.replace(Span::new(other.id, place..place), format!("\n{blank}{}", text.trim_end()));
        return Some(Relocation { from, to: sources.file(other.id).path.clone(), is_new: false, controls });
    }
    let path = new_path(manual, &to.id, before);
    let blank = if spaced { "\n" } else { "" };
    edits.add(path.clone(), format!("framework: {}\nstatements:\n{blank}{text}", to.id), file.id);
    Some(Relocation { from, to: path, is_new: true, controls })
}

fn is_statement_file(path: &str) -> bool {
    path.starts_with("content/controls/") && (path.ends_with(".yaml") || path.ends_with(".yml"))
}

/// A second edition of a framework has a file of its own, named by both, as `annexa init` names it.
fn new_path(manual: &Manual, edition: &EditionId, before: &[Relocation]) -> Arc<str> {
    let is_taken = |path: &Arc<str>| manual.view.sources.find(path).is_some() || before.iter().any(|other| other.to == *path);
    let numbered = (2..).map(|number| format!("content/controls/{edition}-{number}.yaml").into());
    let mut paths = std::iter::once(format!("content/controls/{edition}.yaml").into()).chain(numbered);
    paths.find(|path| !is_taken(path)).unwrap_or_default()
}

/// A key in the style of another: with its quotes, or with some where the name alone would read as a number elsewhere.
fn key_like(written: &str, id: &str) -> String {
    let quote = written.chars().next().filter(|c| matches!(c, '"' | '\''));
    let needs = !id.starts_with(|c: char| c.is_ascii_alphabetic()) || !super::spelling::is_plain(id);
    match quote {
        Some(quote) if !id.contains(['\\', '\'', '"']) => format!("{quote}{id}{quote}"),
        // JSON's strings are a part of YAML's (YAML 1.2.2, 1.2).
        _ if needs || quote.is_some() => format!("\"{}\"", id.replace('\\', "\\\\").replace('"', "\\\"")),
        _ => id.to_owned(),
    }
}

/// A file of statements as it is written.
struct StatementFile {
    id: FileId,
    text: Arc<str>,
    /// The value of `framework`.
    framework: Node,
    /// Its statements, in order.
    entries: Vec<(Key, Node)>,
    /// Whether each statement stands in lines of its own.
    in_lines: bool,
    /// Where the line after that of `statements:` begins.
    after_head: usize,
}

impl StatementFile {
    fn read(manual: &Manual, id: FileId) -> Option<StatementFile> {
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
    fn edition(&self, manual: &Manual) -> Option<EditionId> {
        let Kind::Scalar { text, .. } = &self.framework.kind else { return None };
        Some(manual.view.catalogues.find(&EditionId::parse(text)?).ok()?.id.clone())
    }

    /// Whether all statements of the file move.
    fn is_whole(&self, moving: &BTreeSet<usize>) -> bool {
        self.entries.iter().all(|(key, _)| moving.contains(&key.span.range().start))
    }

    /// Writes the file's edition, if what is written would mean another one.
    fn name_edition(&self, edition: &EditionId, default: Option<&EditionId>, edits: &mut Edits) {
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
    fn sections(&self) -> Option<Vec<Range<usize>>> {
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
    fn end_for(&self, other: &StatementFile) -> Option<usize> {
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
