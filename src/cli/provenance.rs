//! The statement of provenance that `annexa build --provenance` writes.
#![allow(clippy::disallowed_methods)] // law 1: cli writes where it is told to

use std::path::Path;

use super::CouldNotRun;
use crate::publish::{self, Manifest};

/// Refuses a file before anything is built: one statement is about one output, and lies beside it.
pub(super) fn refuse(file: &Path, audience: Option<&str>, out: &Path) -> Result<(), CouldNotRun> {
    if audience == Some("all") {
        return Err(CouldNotRun("a statement of provenance is about one output; name one audience with --audience".into()));
    }
    if file.is_dir() {
        return Err(CouldNotRun(format!("`{}` is a folder; name a file for the statement of provenance", file.display())));
    }
    let (file, out) = (std::path::absolute(file)?, std::path::absolute(out)?);
    if file.starts_with(&out) {
        return Err(CouldNotRun(
            "the statement of provenance names every file of the output, so that it cannot lie there itself; name a file beside it".into(),
        ));
    }
    Ok(())
}

/// Writes it.
pub(super) fn write(file: &Path, manifest: &Manifest) -> Result<(), CouldNotRun> {
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| CouldNotRun(format!("could not make {}: {error}", folder.display())))?;
    }
    std::fs::write(file, publish::provenance(manifest)).map_err(|error| CouldNotRun(format!("could not write {}: {error}", file.display())))
}
