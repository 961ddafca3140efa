//! A generated manual as a project in a folder.

use std::io;
use std::path::Path;

use crate::catalogue::{Controls, IN_USE};
use crate::document::{self, VALUES};
use crate::register::{self, Size};

/// The date that counts as today, so that a run in another year finds the same.
pub(crate) const TODAY: &str = "2026-11-02";

/// Writes a manual of so many documents and says how many bytes it holds.
pub(crate) fn write(folder: &Path, documents: usize) -> io::Result<usize> {
    let controls = Controls::read();
    let size = Size::of(documents);
    let mut files = vec![("annexa.yaml".to_owned(), settings())];
    files.extend((0..documents).map(|index| (document::path(index), document::text(index, &size, &controls))));
    files.extend(register::registers(&size, &controls));
    files.extend(register::statements(&size, &controls));
    for (path, text) in &files {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(files.iter().map(|(_, text)| text.len()).sum())
}

fn settings() -> String {
    let values: Vec<String> = VALUES.iter().map(|(name, value)| format!("  {name}: {value}\n")).collect();
    format!(
        "format: 1\ntitle: Manual of the benchmark\nversion: \"1.0\"\nlanguage: en\norg:\n  name: Tarnwick Systems GmbH\n  short_name: Tarnwick\n\
         scope: Everything that the benchmark holds.\nframeworks: [{}]\nvalues:\n{}",
        IN_USE.join(", "),
        values.concat(),
    )
}
