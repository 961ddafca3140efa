//! Statements of the old edition: their keys are renamed in place where all of a file move, and taken to a file of the new edition where some stay.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::file::StatementFile;
use super::{Move, Outcome, Reason, UseKind};
use crate::base::edit::Edits;
use crate::base::finding::Span;
use crate::base::id::{ControlId, EditionId};
use crate::base::source::FileId;
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
