//! The new output, written beside the old one.
#![allow(clippy::disallowed_methods)] // law 1: publish writes to the disk

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::error::WriteError;

/// A folder that is removed with this value, unless [`Staging::keep`] was said.
#[derive(Debug)]
pub(super) struct Staging {
    path: PathBuf,
    kept: bool,
}

/// The files of a staged output, by their paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Staged {
    pub(super) written: Vec<String>,
    pub(super) unchanged: Vec<String>,
}

impl Staging {
    pub(super) fn make(path: PathBuf) -> Result<Self, WriteError> {
        fs::create_dir(&path).map_err(WriteError::disk("make", &path))?;
        Ok(Staging { path, kept: false })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Leaves the folder to the caller.
    pub(super) fn keep(mut self) {
        self.kept = true;
    }

    /// Writes files here, by several threads. One whose bytes are those of the same file of the output `before` is linked from there, if it is
    /// among `linkable`: the files that lie in that folder itself, none behind a link.
    pub(super) fn fill(
        &self,
        files: &[(&str, &[u8])],
        before: &Path,
        linkable: &BTreeSet<String>,
        cancel: &AtomicBool,
    ) -> Result<Staged, WriteError> {
        let folders: BTreeSet<&Path> = files.iter().filter_map(|(path, _)| Path::new(path).parent()).collect();
        for folder in folders {
            stop(cancel)?;
            let folder = self.path.join(folder);
            fs::create_dir_all(&folder).map_err(WriteError::disk("make", &folder))?;
        }
        let one = |(path, bytes): &(&str, &[u8])| {
            stop(cancel)?;
            let new = self.path.join(path);
            if linkable.contains(*path) && link(&before.join(path), &new, bytes) {
                return Ok(false);
            }
            let write = || fs::File::create_new(&new)?.write_all(bytes);
            write().map_err(WriteError::disk("write", &new))?;
            Ok(true)
        };
        let is_new: Vec<bool> = files.par_iter().map(one).collect::<Result<_, WriteError>>()?;
        let of = |new: bool| files.iter().zip(&is_new).filter(move |(_, is_new)| **is_new == new).map(|((path, _), _)| (*path).to_owned());
        Ok(Staged { written: of(true).collect(), unchanged: of(false).collect() })
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// An error once the caller asked to stop.
pub(super) fn stop(cancel: &AtomicBool) -> Result<(), WriteError> {
    if cancel.load(Ordering::Relaxed) { Err(WriteError::Cancelled) } else { Ok(()) }
}

/// Links a file of the output before, if it is a plain file of these very bytes and the file system can.
fn link(before: &Path, new: &Path, bytes: &[u8]) -> bool {
    let is_alike = fs::symlink_metadata(before).is_ok_and(|found| found.is_file() && found.len() == bytes.len() as u64);
    is_alike && fs::read(before).is_ok_and(|old| old == bytes) && fs::hard_link(before, new).is_ok()
}
