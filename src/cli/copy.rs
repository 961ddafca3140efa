//! Controlled copies: their numbers, and their record in the project's distribution register (ISO/IEC 27001:2022, 7.5.3).

use std::path::Path;

use super::CouldNotRun;
use super::load::Loaded;
use super::records::{self, Register, Row};
use crate::base::edit::Edits;
use crate::base::id::ItemId;
use crate::read::markdown::is_unwanted;
use crate::read::register::{DISTRIBUTION, DISTRIBUTION_PATH};
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

/// The identifier of the next copy.
pub(super) fn next(loaded: &Loaded) -> Result<ItemId, CouldNotRun> {
    records::next(loaded, &DISTRIBUTION, PATH)
}

/// The words that name a recipient.
pub(super) fn recipient(text: &str) -> Result<String, CouldNotRun> {
    let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match plain.chars().count() {
        0 => Err(CouldNotRun("--copy-to needs the name of the recipient, as in \"Certification body, lead auditor\"".into())),
        count if count > LONGEST => {
            Err(CouldNotRun(format!("the recipient's name has {count} letters; it stands on every page, so keep it below {LONGEST}")))
        }
        // The register of copies would be one with an error from then on.
        _ if plain.chars().any(is_unwanted) => {
            Err(CouldNotRun("the recipient's name has a control character, or a mark of direction that nobody sees".into()))
        }
        _ => Ok(plain),
    }
}

/// Adds a row to the register; nothing else of the file changes.
pub(super) fn record(root: &Path, loaded: &Loaded, record: &Record<'_>) -> Result<(), CouldNotRun> {
    let Some(project) = loaded.parsed.as_ref().map(|parsed| &parsed.project) else { return Ok(()) };
    let mut row = Row::default();
    row.word("id", record.copy.id.as_str());
    row.text("recipient", &record.copy.recipient);
    row.word("date", &record.copy.date.to_string());
    row.text("document", &record.document);
    row.word("audience", record.audience);
    if let Some(version) = &project.version {
        row.text("release", version);
    }
    row.word("sha256", record.sha256);
    let mut edits = Edits::default();
    records::append(root, loaded, &mut edits, &Register { path: PATH, head: HEAD, kind: &DISTRIBUTION }, &[(record.copy.id.clone(), row)])?;
    edits.write(root, &loaded.sources)?;
    Ok(())
}
