//! A set of files onto the disk: each new text is written beside its file first, and only when all are there do they take their places.
//!
//! The file beside has a hidden name of its own, which sources leave out, and is locked by its writer. So what a killed run leaves does no harm,
//! and the next run that writes to the same file removes it.
#![allow(clippy::disallowed_methods)] // law 1: this is the room that writes into a user's files

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{EditError, Edits, bytes};
use crate::base::source::{Sources, path};

/// What stands between a file's name and the process in the name of the file beside: `.NAME.annexa-edit-PID`.
const BESIDE: &str = ".annexa-edit-";

impl Edits {
    /// Makes the edits in the project's folder `root`, of which `sources` were read. Nothing is written where a file is no longer what was read.
    ///
    /// Says which files were written, by their paths in the project, sorted.
    pub fn write(&self, root: &Path, sources: &Sources) -> Result<Vec<Arc<str>>, EditError> {
        let mut prepared: Vec<Prepared> = Vec::new();
        for (file, edits) in &self.changed {
            let file = sources.file(*file);
            let disk = find(root, &file.path).map_err(EditError::disk("find", &root.join(file.path.as_ref())))?;
            let before = fs::read(&disk).map_err(EditError::disk("read", &disk))?;
            let after = bytes::apply(&before, file.text(), edits).map_err(|refused| refused.of(&file.path))?;
            match prepared.iter().find(|known| known.disk == disk) {
                // Two paths of the project lead to one file, by a link: then the same edits are made once.
                Some(known) if known.after == after => {}
                Some(_) => return Err(EditError::Overlap { path: file.path.clone() }),
                None if before == after => {}
                None => prepared.push(Prepared { path: file.path.clone(), disk, before: Some(before), after }),
            }
        }
        for (path, added) in &self.added {
            let disk = root.join(path.as_ref());
            if fs::symlink_metadata(&disk).is_ok() {
                return Err(EditError::Exists { path: path.clone() });
            }
            let after = match added.like {
                Some(like) => {
                    let like = find(root, &sources.file(like).path).and_then(fs::read).unwrap_or_default();
                    bytes::with_line_ends_of(&like, &added.text)
                }
                None => added.text.clone().into_bytes(),
            };
            prepared.push(Prepared { path: path.clone(), disk, before: None, after });
        }
        let staged = prepared.into_iter().map(Staged::write).collect::<Result<Vec<_>, _>>()?;
        put_in_place(staged)
    }
}

/// A file as it was read again and as it will be.
struct Prepared {
    /// Its path in the project.
    path: Arc<str>,
    /// Its path on disk, without links.
    disk: PathBuf,
    /// Its bytes now; none where it is to be added.
    before: Option<Vec<u8>>,
    /// Its bytes to be.
    after: Vec<u8>,
}

/// A file whose new bytes lie beside it. They go with this value, unless they took their place.
struct Staged {
    file: Prepared,
    beside: PathBuf,
    in_place: bool,
    /// Held for its lock.
    _lock: File,
}

impl Staged {
    fn write(file: Prepared) -> Result<Staged, EditError> {
        let rights = match &file.before {
            Some(_) => Some(fs::metadata(&file.disk).map_err(EditError::disk("read", &file.disk))?.permissions()),
            None => None,
        };
        if rights.as_ref().is_some_and(fs::Permissions::readonly) {
            return Err(EditError::ReadOnly { path: file.path });
        }
        let beside = beside(&file.disk, std::process::id());
        remove_leftovers(&file.disk);
        let failed = |error| EditError::disk("write", &beside)(error);
        let mut new = match File::create_new(&beside) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(EditError::Busy { path: file.path }),
            made => made.map_err(failed)?,
        };
        // Some network file systems know no locks, and an edit there is better than none.
        let _ = new.try_lock();
        let lock = new.try_clone().map_err(failed)?;
        let staged = Staged { beside: beside.clone(), in_place: false, _lock: lock, file };
        new.write_all(&staged.file.after).map_err(failed)?;
        if let Some(rights) = rights {
            fs::set_permissions(&beside, rights).map_err(failed)?;
        }
        new.sync_all().map_err(failed)?;
        Ok(staged)
    }

    fn put_in_place(&mut self) -> Result<(), EditError> {
        let disk = &self.file.disk;
        let failed = EditError::disk("replace", disk);
        match &self.file.before {
            Some(before) => {
                if fs::read(disk).map_err(EditError::disk("read", disk))? != *before {
                    return Err(EditError::Changed { path: self.file.path.clone() });
                }
                fs::rename(&self.beside, disk).map_err(failed)?;
            }
            // A link refuses a name that is taken, which a rename would not.
            None => match fs::hard_link(&self.beside, disk) {
                Ok(()) => fs::remove_file(&self.beside).map_err(failed)?,
                Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(EditError::Exists { path: self.file.path.clone() }),
                Err(_) => fs::rename(&self.beside, disk).map_err(failed)?,
            },
        }
        self.in_place = true;
        Ok(())
    }

    /// Undoes [`Staged::put_in_place`].
    fn put_back(&self) -> io::Result<()> {
        let Some(before) = &self.file.before else { return fs::remove_file(&self.file.disk) };
        let rights = fs::metadata(&self.file.disk)?.permissions();
        fs::write(&self.beside, before)?;
        fs::set_permissions(&self.beside, rights)?;
        fs::rename(&self.beside, &self.file.disk)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.in_place {
            let _ = fs::remove_file(&self.beside);
        }
    }
}

/// Gives all files their new bytes, or, as far as the system lets it, none.
fn put_in_place(mut staged: Vec<Staged>) -> Result<Vec<Arc<str>>, EditError> {
    let failed = staged.iter_mut().find_map(|file| file.put_in_place().err());
    let done = staged.iter().filter(|file| file.in_place);
    let Some(error) = failed else {
        let mut paths: Vec<Arc<str>> = done.map(|file| file.file.path.clone()).collect();
        paths.sort();
        return Ok(paths);
    };
    let changed: Vec<Arc<str>> = done.filter(|file| file.put_back().is_err()).map(|file| file.file.path.clone()).collect();
    if changed.is_empty() { Err(error) } else { Err(EditError::HalfDone { changed, source: Box::new(error) }) }
}

fn beside(disk: &Path, process: u32) -> PathBuf {
    let mut name = prefix(disk);
    name.push(process.to_string());
    disk.with_file_name(name)
}

fn prefix(disk: &Path) -> OsString {
    let mut name = OsString::from(".");
    name.push(disk.file_name().unwrap_or_default());
    name.push(BESIDE);
    name
}

/// Removes what killed runs left beside a file. What a living one writes is locked, and stays.
fn remove_leftovers(disk: &Path) {
    let prefix = prefix(disk);
    let entries = disk.parent().map(fs::read_dir).into_iter().flatten().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_name().as_encoded_bytes().starts_with(prefix.as_encoded_bytes())) {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && File::open(entry.path()).is_ok_and(|left| left.try_lock().is_ok()) {
            // What cannot be removed is in nobody's way.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Where a file of a project lies on disk, without links. Sources name files in Unicode NFC, which some systems do not.
fn find(root: &Path, project_path: &str) -> io::Result<PathBuf> {
    let straight = root.join(project_path);
    if straight.exists() {
        return fs::canonicalize(straight);
    }
    let mut at = root.to_path_buf();
    for part in project_path.split('/') {
        let entries = fs::read_dir(&at)?.collect::<io::Result<Vec<_>>>()?;
        let named = |entry: &&fs::DirEntry| entry.file_name().to_str().is_some_and(|name| path::normal(name) == part);
        at = entries.iter().find(named).map(fs::DirEntry::path).ok_or(ErrorKind::NotFound)?;
    }
    fs::canonicalize(at)
}

#[cfg(test)]
mod tests;
