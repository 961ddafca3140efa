//! One build at a time into one folder.
#![allow(clippy::disallowed_methods)] // law 1: publish writes to the disk

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::PathBuf;

use super::destination::Destination;
use super::error::WriteError;

/// A lock that lasts as long as this value or its process: the system drops it when a process is killed.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    path: PathBuf,
    /// Whether the file system knows locks. Some network file systems do not, and a build there is better than none.
    pub(super) holds: bool,
}

impl Lock {
    /// Takes the lock of a destination, or says that another build has it.
    pub(super) fn take(destination: &Destination) -> Result<Lock, WriteError> {
        let path = destination.lock();
        // The holder before removes the file as it ends; whoever opened it just before that has locked a file that nobody else will find.
        for _ in 0..100 {
            let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(WriteError::disk("make", &path))?;
            match file.try_lock() {
                Ok(()) if is_at(&file, &path) => return Ok(Lock { file, path, holds: true }),
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => break,
                Err(TryLockError::Error(_)) => return Ok(Lock { file, path, holds: false }),
            }
        }
        Err(WriteError::Busy { out: destination.out.clone() })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if cfg!(unix) && is_at(&self.file, &self.path) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &std::path::Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |found: fs::Metadata| (found.dev(), found.ino());
    matches!((file.metadata().map(id), fs::symlink_metadata(path).map(id)), (Ok(a), Ok(b)) if a == b)
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &std::path::Path) -> bool {
    true
}
