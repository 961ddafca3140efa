//! Controlled copies: their numbers, and their record in the project's distribution register (ISO/IEC 27001:2022, 7.5.3).
#![allow(clippy::disallowed_methods)] // law 1: cli makes the folder of the records

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use super::CouldNotRun;
use super::load::Loaded;
use crate::base::edit::Edits;
use crate::base::finding::Span;
use crate::base::id::ItemId;
use crate::read::register::{DISTRIBUTION, DISTRIBUTION_PATH};
use crate::read::{self, Parsed};
use crate::render::pdf::Copy;

/// Where copies are recorded.
pub(super) const PATH: &str = DISTRIBUTION_PATH;

/// What begins a new register.
const HEAD: &str = "# Controlled copies that were handed out. Written by `annexa pdf --copy-to`.\nregister: distribution\nrows:\n";

/// Longest name of a recipient: it stands in the foot of every page.
const LONGEST: usize = 120;

/// A copy as it is recorded.
pub(super) struct Record<'a> {
    pub(super) copy: &'a Copy,
    /// What it is a copy of.
    pub(super) document: String,
    pub(super) audience: &'a str,
    /// Of the PDF's bytes.
    pub(super) sha256: &'a str,
}

/// The identifier of the next copy: one more than the highest that was given, so that none is given twice, even where a row was taken out.
pub(super) fn next(loaded: &Loaded) -> Result<ItemId, CouldNotRun> {
    let highest = rows(loaded.parsed.as_ref()).filter_map(|id| id.as_str().rsplit_once('-')?.1.parse::<u32>().ok()).max().unwrap_or(0);
    let id = format!("{}-{:03}", DISTRIBUTION.prefix, highest.saturating_add(1));
    ItemId::parse(&id).ok_or_else(|| CouldNotRun(format!("{PATH} has a row of the highest number there is; give it another")))
}

/// The copies that are recorded.
fn rows(parsed: Option<&Parsed>) -> impl Iterator<Item = &ItemId> {
    let registers = parsed.into_iter().flat_map(|parsed| &parsed.registers);
    registers.filter(|register| register.kind.name == DISTRIBUTION.name).flat_map(|register| &register.rows).map(|row| &row.id)
}

/// The words that name a recipient.
pub(super) fn recipient(text: &str) -> Result<String, CouldNotRun> {
    let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match plain.chars().count() {
        0 => Err(CouldNotRun("--copy-to needs the name of the recipient, as in \"Certification body, lead auditor\"".into())),
        count if count > LONGEST => {
            Err(CouldNotRun(format!("the recipient's name has {count} letters; it stands on every page, so keep it below {LONGEST}")))
        }
        _ if plain.chars().any(char::is_control) => Err(CouldNotRun("the recipient's name has a control character".into())),
        _ => Ok(plain),
    }
}

/// Adds a row to the register; nothing else of the file changes.
pub(super) fn record(root: &Path, loaded: &Loaded, record: &Record<'_>) -> Result<(), CouldNotRun> {
    let Some(project) = loaded.parsed.as_ref().map(|parsed| &parsed.project) else { return Ok(()) };
    let mut row = String::new();
    let mut field = |key: &str, value: &str| {
        let _ = writeln!(row, "{}{key}: {value}", if row.is_empty() { "  - " } else { "    " });
    };
    field("id", record.copy.id.as_str());
    // A JSON string is one of YAML too.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    field("recipient", &quoted(&record.copy.recipient));
    field("date", &record.copy.date.to_string());
    field("document", &quoted(&record.document));
    field("audience", record.audience);
    if let Some(version) = &project.version {
        field("release", &quoted(version));
    }
    field("sha256", record.sha256);

    let mut edits = Edits::default();
    match loaded.sources.find(PATH) {
        Some(file) => {
            let text = loaded.sources.file(file).text();
            let end = text.len();
            let before = if text.is_empty() {
                HEAD
            } else if text.ends_with('\n') {
                ""
            } else {
                "\n"
            };
            edits.replace(Span::new(file, end..end), format!("{before}{row}"));
        }
        None => {
            let folder = root.join(PATH);
            if let Some(folder) = folder.parent() {
                std::fs::create_dir_all(folder).map_err(|error| CouldNotRun(format!("could not make {}: {error}", folder.display())))?;
            }
            edits.add(PATH, format!("{HEAD}{row}"), project.file);
        }
    }
    // What would be written is read first: a register that was edited by hand may end in something else than rows.
    let after = read::parse(Arc::new(edits.applied(&loaded.sources)?), &mut Vec::new());
    if !rows(after.as_ref()).any(|id| *id == record.copy.id) {
        return Err(CouldNotRun(format!("{PATH} does not end in its list of rows, so that none can be added; mend it and try again")));
    }
    edits.write(root, &loaded.sources)?;
    Ok(())
}
