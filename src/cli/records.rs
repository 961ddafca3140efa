//! Registers in `records/` that commands write: rows are added at their end, and nothing else of a file changes.
#![allow(clippy::disallowed_methods)] // law 1: cli makes the folder of the records

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use super::CouldNotRun;
use super::load::Loaded;
use crate::base::edit::Edits;
use crate::base::finding::Span;
use crate::base::id::ItemId;
use crate::read::register::RegisterKind;
use crate::read::{self, Parsed};

/// A register that a command writes.
pub(super) struct Register {
    /// Its path in the project.
    pub(super) path: &'static str,
    /// What begins a new file, up to and with `rows:`.
    pub(super) head: &'static str,
    /// Which register it is.
    pub(super) kind: &'static RegisterKind,
}

/// A row as YAML.
#[derive(Default)]
pub(super) struct Row {
    text: String,
}

impl Row {
    /// Adds a field whose value needs no quotes.
    pub(super) fn word(&mut self, key: &str, value: &str) {
        let start = if self.text.is_empty() { "  - " } else { "    " };
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{start}{key}: {value}");
    }

    /// Adds a field of somebody's words.
    pub(super) fn text(&mut self, key: &str, value: &str) {
        self.word(key, &quoted(value));
    }
}

/// A text in quotes: a JSON string is one of YAML too.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The identifier of the next row: one more than the highest that was given, so that none is given twice, even where a row was taken out.
pub(super) fn next(loaded: &Loaded, kind: &RegisterKind, path: &str) -> Result<ItemId, CouldNotRun> {
    let highest =
        rows(loaded.parsed.as_ref(), kind).filter_map(|id| id.as_str().rsplit_once('-')?.1.parse::<u32>().ok()).max().unwrap_or(0);
    nth(kind, highest.saturating_add(1), path)
}

/// The identifier of a number.
pub(super) fn nth(kind: &RegisterKind, number: u32, path: &str) -> Result<ItemId, CouldNotRun> {
    let id = format!("{}-{number:03}", kind.prefix);
    ItemId::parse(&id).ok_or_else(|| CouldNotRun(format!("{path} has a row of the highest number there is; give it another")))
}

/// The rows that are recorded.
fn rows<'a>(parsed: Option<&'a Parsed>, kind: &RegisterKind) -> impl Iterator<Item = &'a ItemId> {
    let name = kind.name;
    let registers = parsed.into_iter().flat_map(|parsed| &parsed.registers);
    registers.filter(move |register| register.kind.name == name).flat_map(|register| &register.rows).map(|row| &row.id)
}

/// Adds to `edits` what adds rows to a register, and sees that they would be read.
pub(super) fn append(
    root: &Path,
    loaded: &Loaded,
    edits: &mut Edits,
    register: &Register,
    added: &[(ItemId, Row)],
) -> Result<(), CouldNotRun> {
    let Some(project) = loaded.parsed.as_ref().map(|parsed| &parsed.project) else { return Ok(()) };
    let text: String = added.iter().map(|(_, row)| row.text.as_str()).collect();
    let Register { path, head, kind } = register;
    match loaded.sources.find(path) {
        Some(file) => {
            let there = loaded.sources.file(file).text();
            let end = there.len();
            let before = if there.is_empty() {
                head
            } else if there.ends_with('\n') {
                ""
            } else {
                "\n"
            };
            edits.replace(Span::new(file, end..end), format!("{before}{text}"));
        }
        None => {
            make_folder(root, path)?;
            edits.add(*path, format!("{head}{text}"), project.file);
        }
    }
    // What would be written is read first: a register that was edited by hand may end in something else than rows.
    let after = read::parse(Arc::new(edits.applied(&loaded.sources)?), &mut Vec::new());
    if !added.iter().all(|(id, _)| rows(after.as_ref(), kind).any(|known| known == id)) {
        return Err(CouldNotRun(format!("{path} does not end in its list of rows, so that none can be added; mend it and try again")));
    }
    Ok(())
}

/// Makes the folder of a path of the project.
pub(super) fn make_folder(root: &Path, path: &str) -> Result<(), CouldNotRun> {
    let path = root.join(path);
    let Some(folder) = path.parent() else { return Ok(()) };
    std::fs::create_dir_all(folder).map_err(|error| CouldNotRun(format!("could not make {}: {error}", folder.display())))
}
