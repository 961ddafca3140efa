//! Sources from a folder on disk.
#![allow(clippy::disallowed_methods)] // law 1: this is the room that reads the disk

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use super::{Scope, SourceFile, Sources, intake, path};
use crate::base::finding::{Finding, Place};
use crate::base::rule::{self, Rule};
use crate::base::word::{Phrase, phrase};

/// The file that makes a folder a project.
pub const PROJECT_FILE: &str = "annexa.yaml";
/// The folders of a project that hold sources.
pub const FOLDERS: &[&str] = &["content", "frameworks", "languages", "records", "templates", "themes"];

/// Why a folder could not be read at all.
#[derive(Debug)]
pub struct FolderError {
    /// The folder, as the caller named it.
    pub root: PathBuf,
    /// What the system says.
    pub source: io::Error,
}

impl fmt::Display for FolderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = self.root.display();
        match self.source.kind() {
            io::ErrorKind::NotFound => write!(f, "there is no folder `{root}`; name the folder that holds {PROJECT_FILE}"),
            io::ErrorKind::NotADirectory => write!(f, "`{root}` is a file; name the folder that holds {PROJECT_FILE}"),
            io::ErrorKind::PermissionDenied => write!(f, "`{root}` may not be read; give yourself the right to read it"),
            _ => write!(f, "`{root}` cannot be read: {}", self.source),
        }
    }
}

impl std::error::Error for FolderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

impl Sources {
    /// Reads a project: `annexa.yaml`, everything below [`FOLDERS`], and what the scope selects elsewhere, without hidden files and what editors leave
    /// behind. Links within the project are followed; elsewhere, links to files alone.
    ///
    /// What is wrong with a file is a finding and the others are read; findings name files, not spans. The error is for a root that cannot be read.
    pub fn from_folder(root: &Path, scope: &Scope) -> Result<(Sources, Vec<Finding>), FolderError> {
        let failed = |source| FolderError { root: root.to_path_buf(), source };
        let real = fs::canonicalize(root).map_err(failed)?;
        fs::read_dir(&real).map_err(failed)?;

        let mut walk = Walk { root: real, found: Vec::new(), findings: Vec::new() };
        for top in [PROJECT_FILE].iter().chain(FOLDERS) {
            walk.top(top);
        }
        walk.selected(scope);
        let Walk { mut found, mut findings, .. } = walk;
        found.sort();
        let paths: Vec<Arc<str>> = found.iter().map(|file| file.path.clone()).collect();
        findings.extend(intake::collisions(&paths));

        let read: Vec<(Option<SourceFile>, Vec<Finding>)> = found.into_par_iter().map(|file| read(file, scope.file_bytes)).collect();
        let mut files = Vec::with_capacity(read.len());
        for (file, found) in read {
            files.extend(file);
            findings.extend(found);
        }
        Ok((Sources::new(files), findings))
    }
}

/// The bytes of one file that is no source of a project, of a limited size; else why it cannot be read, in words.
pub fn read_file(disk: &Path, limit: u64) -> Result<Vec<u8>, String> {
    match read_within(disk, limit) {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(size)) => Err(format!("`{}` is {} large; {} is the most that is read", disk.display(), mebibytes(size), mebibytes(limit))),
        Err(_) if disk.is_dir() => Err(format!("`{}` is a folder; name a file", disk.display())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(format!("there is no file `{}`; look at its path", disk.display())),
        Err(error) => Err(format!("`{}` cannot be read: {error}", disk.display())),
    }
}

/// A file that the walk found.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    /// Its path in the project.
    path: Arc<str>,
    /// Its path on disk.
    disk: PathBuf,
}

struct Walk {
    /// The project's folder, without links in its path.
    root: PathBuf,
    found: Vec<Found>,
    findings: Vec<Finding>,
}

impl Walk {
    fn top(&mut self, name: &str) {
        let mut steps = WalkDir::new(self.root.join(name)).follow_links(true).into_iter();
        while let Some(step) = steps.next() {
            match step {
                Ok(entry) if is_left_out(entry.file_name()) || !self.entry(&entry) => {
                    if entry.file_type().is_dir() {
                        steps.skip_current_dir();
                    }
                }
                Ok(_) => {}
                Err(error) => self.failed(&error),
            }
        }
    }

    /// Takes the files that are selected by their paths, outside of the folders that are read as a whole.
    fn selected(&mut self, scope: &Scope) {
        if scope.selections.is_empty() {
            return;
        }
        let mut steps = WalkDir::new(&self.root).min_depth(1).into_iter();
        while let Some(step) = steps.next() {
            let entry = match step {
                Ok(entry) => entry,
                Err(error) => {
                    if error.path().is_some_and(|disk| scope.leads(&self.shown(disk))) {
                        self.failed(&error);
                    }
                    continue;
                }
            };
            let path = self.shown(entry.path());
            if entry.file_type().is_dir() {
                if is_left_out(entry.file_name()) || !scope.leads(&path) {
                    steps.skip_current_dir();
                }
            } else if !is_left_out(entry.file_name()) && scope.selects(&path) {
                self.selected_file(&entry);
            }
        }
    }

    fn selected_file(&mut self, entry: &DirEntry) {
        let disk = entry.path();
        if entry.path_is_symlink() {
            if let Err(refused) = self.follow(disk, false) {
                return self.find(refused.rule, disk, &refused.words, refused.help);
            }
            if !fs::metadata(disk).is_ok_and(|found| found.is_file()) {
                return self.find(&rule::SOURCE_UNREADABLE, disk, "is a link to a folder", "name the folder itself in `sources`");
            }
        } else if !entry.file_type().is_file() {
            return self.find(&rule::SOURCE_UNREADABLE, disk, "is neither a file nor a folder", "move it away");
        }
        match self.project_path(disk) {
            Ok(path) => self.found.push(Found { path: path.into(), disk: disk.to_path_buf() }),
            Err(words) => self.find(&rule::PATH_UNUSABLE, disk, words, "rename it"),
        }
    }

    /// Takes an entry; false for a folder that is not to be entered.
    fn entry(&mut self, entry: &DirEntry) -> bool {
        let disk = entry.path();
        let is_dir = entry.file_type().is_dir();
        if entry.path_is_symlink()
            && let Err(refused) = self.follow(disk, is_dir)
        {
            self.find(refused.rule, disk, &refused.words, refused.help);
            return false;
        }
        if entry.depth() == 0 && is_dir == (entry.file_name() == PROJECT_FILE) {
            let words = if is_dir { "is a folder, and should be a file" } else { "is a file, and should be a folder" };
            self.find(&rule::SOURCE_UNREADABLE, disk, words, "move it away");
            return false;
        }
        if is_dir {
            return true;
        }
        if !entry.file_type().is_file() {
            self.find(&rule::SOURCE_UNREADABLE, disk, "is neither a file nor a folder", "move it away");
            return false;
        }
        match self.project_path(disk) {
            Ok(path) => self.found.push(Found { path: path.into(), disk: disk.to_path_buf() }),
            Err(words) => self.find(&rule::PATH_UNUSABLE, disk, words, "rename it"),
        }
        true
    }

    /// Whether a link may be followed. No link leads out, to something hidden, or around; and a folder is entered through one link at most, since
    /// links that meet further links can make a few folders into millions.
    fn follow(&self, link: &Path, is_dir: bool) -> Result<(), Refused> {
        let outside = |words: String, help| Err(Refused { rule: &rule::SYMLINK_OUTSIDE, words, help });
        let named = || fs::read_link(link).map_or_else(|_| "elsewhere".to_owned(), |target| format!("`{}`", target.display()));
        let unreadable =
            |error: io::Error| Refused { rule: &rule::SOURCE_UNREADABLE, words: format!("cannot be followed: {error}"), help: READABLE };

        let target = fs::canonicalize(link).map_err(unreadable)?;
        let Ok(inside) = target.strip_prefix(&self.root) else {
            return outside(format!("is a link out of the project, to {}", named()), "copy what it leads to into the project");
        };
        if inside.components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b".")) {
            return outside(format!("is a link to something hidden, {}", named()), "copy what it leads to into the project");
        }
        if link.starts_with(&target) {
            return outside(format!("is a link that leads in a circle, to {}", named()), "remove the link");
        }
        let parent = link.parent().unwrap_or(link);
        if is_dir && fs::canonicalize(parent).map_err(unreadable)? != parent {
            return outside(
                "is a link to a folder, within a folder that is itself reached by a link".to_owned(),
                "make one link, to the folder itself",
            );
        }
        Ok(())
    }

    fn failed(&mut self, error: &walkdir::Error) {
        let Some(disk) = error.path() else { return };
        if disk.file_name().is_some_and(is_left_out) {
            return;
        }
        let is_link = fs::symlink_metadata(disk).is_ok_and(|found| found.is_symlink());
        let kind = error.io_error().map(io::Error::kind);
        let circle = error.io_error().and_then(rustix::io::Errno::from_io_error) == Some(rustix::io::Errno::LOOP);
        if circle || error.loop_ancestor().is_some() {
            self.find(&rule::SYMLINK_OUTSIDE, disk, "is a link that leads in a circle", "remove the link");
        } else if is_link && kind == Some(io::ErrorKind::NotFound) {
            self.find(&rule::SYMLINK_OUTSIDE, disk, "is a link that leads to nothing", "remove the link, or make what it leads to");
        } else if !(error.depth() == 0 && kind == Some(io::ErrorKind::NotFound)) {
            let reason = error.io_error().map_or_else(|| "unknown error".to_owned(), ToString::to_string);
            self.find(&rule::SOURCE_UNREADABLE, disk, &format!("cannot be read: {reason}"), READABLE);
        }
    }

    fn find(&mut self, rule: &'static Rule, disk: &Path, words: &str, help: &str) {
        let path = self.shown(disk);
        let message = phrase!("`{path}` {words}", path = path, words = words);
        self.findings.push(Finding::new(rule, Place::File(path.into()), message).help(help));
    }

    /// The path in the project, or why there can be none.
    fn project_path(&self, disk: &Path) -> Result<String, &'static str> {
        let parts = disk.strip_prefix(&self.root).unwrap_or(disk).components();
        let parts: Option<Vec<&str>> = parts.map(|part| part.as_os_str().to_str()).collect();
        let path = path::normal(&parts.ok_or("is not Unicode")?.join("/"));
        path::unusable(&path).map_or(Ok(path), Err)
    }

    /// The path in the project as well as it can be shown.
    fn shown(&self, disk: &Path) -> String {
        let parts = disk.strip_prefix(&self.root).unwrap_or(disk).components();
        let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy()).collect();
        path::normal(&parts.join("/"))
    }
}

struct Refused {
    rule: &'static Rule,
    words: String,
    help: &'static str,
}

const READABLE: &str = "give yourself the right to read it, or move it away";

fn is_left_out(name: &OsStr) -> bool {
    is_hidden(name.as_encoded_bytes())
}

/// Hidden files and folders, and what editors leave behind.
pub(super) fn is_hidden(name: &[u8]) -> bool {
    name.starts_with(b".") || name.ends_with(b"~") || (name.len() > 1 && name.starts_with(b"#") && name.ends_with(b"#"))
}

fn read(found: Found, file_bytes: u64) -> (Option<SourceFile>, Vec<Finding>) {
    let Found { path, disk } = found;
    let finding = |rule, message: Phrase, help: Phrase| (None, vec![Finding::new(rule, Place::File(path.clone()), message).help(help)]);
    match read_within(&disk, file_bytes) {
        Ok(Ok(bytes)) => {
            let (file, findings) = intake::take(path, bytes);
            (Some(file), findings)
        }
        Ok(Err(size)) => {
            let message = phrase!(
                "`{path}` is {size} large; a source file may be {limit} at most",
                path = path,
                size = mebibytes(size),
                limit = mebibytes(file_bytes)
            );
            finding(&rule::FILE_TOO_LARGE, message, phrase!("make it smaller, or raise `limits.file` in {file}", file = PROJECT_FILE))
        }
        Err(error) => finding(
            &rule::SOURCE_UNREADABLE,
            phrase!("`{path}` cannot be read: {error}", path = path, error = error.to_string()),
            READABLE.into(),
        ),
    }
}

/// The bytes of a file, or its size if that is over the limit: what is too large is not read, not even where it grows meanwhile.
fn read_within(disk: &Path, limit: u64) -> io::Result<Result<Vec<u8>, u64>> {
    let file = fs::File::open(disk)?;
    let size = file.metadata()?.len();
    if size > limit {
        return Ok(Err(size));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    let read = bytes.len() as u64;
    Ok(if read > limit { Err(read) } else { Ok(bytes) })
}

pub(super) fn mebibytes(bytes: u64) -> String {
    const MEBI: u64 = 1 << 20;
    match bytes {
        0..MEBI => format!("{bytes} bytes"),
        _ if bytes.is_multiple_of(MEBI) => format!("{} MiB", bytes / MEBI),
        // Up, so that what is over a limit never shows as the limit itself.
        _ => format!("{}.{} MiB", (bytes + MEBI / 10) / MEBI, (bytes + MEBI / 10) % MEBI * 10 / MEBI),
    }
}

#[cfg(test)]
mod tests;
