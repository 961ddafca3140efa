//! The sources of the tables as files within the PDF (ISO 19005-3, 6.8): CSV for spreadsheets, JSON for programs.

use crate::base::word::word;
use crate::link::manual::Manual;
use crate::link::report::Table;
use crate::render::export;

/// A file within the PDF.
#[derive(Clone, Debug)]
pub(super) struct Attachment {
    /// Its name: `soa.csv`.
    pub(super) name: String,
    /// Its media type.
    pub(super) kind: &'static str,
    /// What it holds, for people.
    pub(super) description: String,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
}

/// The list of the project's files, in what those get who see everything.
pub(super) fn of_sources(manual: &Manual) -> Option<Attachment> {
    let sources = manual.origin.as_ref()?.sources.as_ref()?;
    Some(Attachment {
        name: export::SOURCES_PATH.to_owned(),
        kind: "text/plain",
        description: manual.view.project.language.say(word!("Digests of the sources (SHA-256)")).to_owned(),
        bytes: sources.list.as_bytes().to_vec(),
    })
}

/// A table as CSV and as JSON; nothing of one without rows.
pub(super) fn of_table(manual: &Manual, table: &Table) -> Vec<Attachment> {
    if table.rows.is_empty() {
        return Vec::new();
    }
    let attachment = |ending: &str, kind, bytes| Attachment {
        name: format!("{}.{ending}", table.name),
        kind,
        description: format!("{} ({})", manual.view.project.language.say(table.title), ending.to_uppercase()),
        bytes,
    };
    vec![
        attachment("csv", "text/csv", export::csv::write(manual, table)),
        attachment("json", "application/json", export::json::write(manual, table)),
    ]
}
