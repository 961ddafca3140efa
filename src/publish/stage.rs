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

/// How many files of each kind a staged output has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Staged {
    pub(super) written: usize,
    pub(super) unchanged: usize,
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
                return Ok(Staged { written: 0, unchanged: 1 });
            }
            let write = || fs::File::create_new(&new)?.write_all(bytes);
            write().map_err(WriteError::disk("write", &new))?;
            Ok(Staged { written: 1, unchanged: 0 })
        };
        let sum = |a: Staged, b: Staged| Ok(Staged { written: a.written + b.written, unchanged: a.unchanged + b.unchanged });
        files.par_iter().map(one).try_reduce(Staged::default, sum)
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
