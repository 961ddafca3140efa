//! The way of an output onto the disk, in order.
#![allow(clippy::disallowed_methods)] // law 1: publish writes to the disk

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use super::destination::Destination;
use super::error::WriteError;
use super::lock::Lock;
use super::manifest::{Manifest, SIGNATURE_PATH};
use super::stage::{Staging, stop};
use super::survey::Survey;
use super::swap;
use crate::render::{Artifacts, MANIFEST_PATH};

/// What was written: paths in the output, that of the manifest among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that are new or differ.
    pub written: Vec<String>,
    /// Files that are as they were, and the same on disk.
    pub unchanged: Vec<String>,
    /// Files of the output before that are gone.
    pub removed: Vec<String>,
    /// Size of the whole output, in bytes.
    pub bytes: u64,
    /// Where the output before still lies, if it could not be removed; the next run tries again.
    pub left: Option<PathBuf>,
}

/// Makes the folder `out` hold these artifacts, their manifest and its signature if it has one, and nothing else.
///
/// They are written beside it and swapped in once they are complete: until then, and after any error, `out` is as it was. `project` is the
/// project's folder, which `out` must not be, hold, or share sources with. A folder with files that Annexa did not write is refused unless
/// `force`. Setting `cancel` from another thread stops between two files.
pub fn write(
    out: &Path,
    project: &Path,
    artifacts: &Artifacts,
    manifest: &Manifest,
    force: bool,
    cancel: &AtomicBool,
) -> Result<Written, WriteError> {
    let process = std::process::id();
    let destination = Destination::find(out, project)?;
    fs::create_dir_all(destination.parent()).map_err(WriteError::disk("make", destination.parent()))?;
    let lock = Lock::take(&destination)?;
    swap::mend(&destination, lock.holds, process)?;

    let before = Survey::of(&destination.out)?;
    let is_there = before.is_some();
    let before = before.unwrap_or_default();
    // An output of one state would take the place of all releases.
    let releases = before.folders.iter().map(|folder| format!("{folder}/"));
    let foreign: Vec<String> = releases.chain(before.foreign()).collect();
    if !force && !foreign.is_empty() {
        return Err(WriteError::Foreign { out: out.to_path_buf(), files: foreign });
    }

    let json = manifest.to_json();
    let mut files: Vec<(&str, &[u8])> = artifacts.iter().map(|file| (file.path.as_str(), file.bytes.as_slice())).collect();
    files.push((MANIFEST_PATH, json.as_bytes()));
    files.extend(manifest.signature.iter().map(|signature| (SIGNATURE_PATH, signature.as_bytes())));
    files.sort_unstable();
    let staging = Staging::make(destination.staging(process))?;
    let staged = staging.fill(&files, &destination.out, &before.files, cancel)?;
    let stays = |path: &str| files.binary_search_by(|(file, _)| (*file).cmp(path)).is_ok();
    let removed: Vec<String> = before.files.iter().filter(|path| !stays(path)).cloned().collect();
    let bytes = files.iter().map(|(_, bytes)| bytes.len() as u64).sum();
    let mut written = Written { written: staged.written, unchanged: staged.unchanged, removed, bytes, left: None };
    if is_there && written.written.is_empty() && written.removed.is_empty() {
        return Ok(written);
    }

    keep_rights(&destination.out, staging.path());
    stop(cancel)?;
    let old = swap::put_in_place(&destination, staging.path(), process)?;
    staging.keep();
    written.left = old.filter(|old| fs::remove_dir_all(old).is_err());
    Ok(written)
}

/// Gives the new folder the rights of the old, where those allow it to be replaced in turn: a web server may need them.
fn keep_rights(before: &Path, staged: &Path) {
    if let Ok(found) = fs::metadata(before)
        && !found.permissions().readonly()
    {
        let _ = fs::set_permissions(staged, found.permissions());
    }
}

#[cfg(test)]
mod tests;
