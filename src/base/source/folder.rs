//! Sources from a folder on disk.
#![allow(clippy::disallowed_methods)] // law 1: this is the room that reads the disk

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use super::{Scope, SourceFile, Sources, intake, path};
use crate::base::finding::{Finding, Place};
use crate::base::rule::{self, Rule};
use crate::base::word::{Phrase, Word, phrase, word};

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

/// Files that were read of a folder before, so that those that nobody has touched since are not read again. A file is known by what the system says of it, as
/// Git knows the files of a work tree; one that was written shortly before it was read is never kept, since what comes a moment later may look the same.
pub struct FolderMemory {
    files: HashMap<Arc<str>, (Mark, SourceFile)>,
    /// How long a file must have been left alone before it is kept.
    settled: Duration,
}

impl Default for FolderMemory {
    fn default() -> Self {
        FolderMemory { files: HashMap::new(), settled: SETTLED }
    }
}

/// What tells a file from what it was before.
#[cfg(unix)]
type Mark = (u64, u64, u64, Duration, Duration);
#[cfg(not(unix))]
type Mark = (u64, SystemTime);

/// A clock of a file system may be coarse, and another one than ours.
const SETTLED: Duration = Duration::from_secs(2);

/// The mark of a file that has not been touched for so long.
fn mark(found: &fs::Metadata, settled: Duration) -> Option<Mark> {
    let has_settled = |touched: SystemTime| SystemTime::now().duration_since(touched).is_ok_and(|age| age >= settled);
    let written = found.modified().ok().filter(|written| has_settled(*written))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let since = written.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        let changed = Duration::new(u64::try_from(found.ctime()).ok()?, u32::try_from(found.ctime_nsec()).ok()?);
        has_settled(SystemTime::UNIX_EPOCH + changed).then(|| (found.dev(), found.ino(), found.size(), since, changed))
    }
    #[cfg(not(unix))]
    Some((found.len(), written))
}

impl Sources {
    /// Reads a project: `annexa.yaml`, everything below [`FOLDERS`], and what the scope selects elsewhere, without hidden files and what editors leave
    /// behind. Links within the project are followed; elsewhere, links to files alone.
    ///
    /// What is wrong with a file is a finding and the others are read; findings name files, not spans. The error is for a root that cannot be read.
    pub fn from_folder(root: &Path, scope: &Scope) -> Result<(Sources, Vec<Finding>), FolderError> {
        Sources::from_folder_again(root, scope, &mut FolderMemory::default())
    }

    /// As [`Sources::from_folder`], with the same result, of a folder of which most was read before.
    ///
    /// # Errors
    /// The same.
    pub fn from_folder_again(root: &Path, scope: &Scope, memory: &mut FolderMemory) -> Result<(Sources, Vec<Finding>), FolderError> {
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

        let known = &*memory;
        let read: Vec<Taken> = found.into_par_iter().map(|file| read(file, scope.file_bytes, known)).collect();
        let mut files = Vec::with_capacity(read.len());
        let mut kept = HashMap::with_capacity(read.len());
        for Taken { file, findings: found, mark } in read {
            // What there is to say of a file is found anew each time.
            if let (Some(file), Some(mark), true) = (&file, mark, found.is_empty()) {
                kept.insert(file.path.clone(), (mark, file.clone()));
            }
            files.extend(file);
            findings.extend(found);
        }
        memory.files = kept;
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
                return self.find(refused.rule, disk, refused.words, refused.help);
            }
            if !fs::metadata(disk).is_ok_and(|found| found.is_file()) {
                let help = word!("name the folder itself in `sources`");
                return self.find(&rule::SOURCE_UNREADABLE, disk, word!("is a link to a folder"), help);
            }
        } else if !entry.file_type().is_file() {
            return self.find(&rule::SOURCE_UNREADABLE, disk, NO_FILE, MOVE_AWAY);
        }
        match self.project_path(disk) {
            Ok(path) => self.found.push(Found { path: path.into(), disk: disk.to_path_buf() }),
            Err(words) => self.find(&rule::PATH_UNUSABLE, disk, words, RENAME),
        }
    }

    /// Takes an entry; false for a folder that is not to be entered.
    fn entry(&mut self, entry: &DirEntry) -> bool {
        let disk = entry.path();
        let is_dir = entry.file_type().is_dir();
        if entry.path_is_symlink()
            && let Err(refused) = self.follow(disk, is_dir)
        {
            self.find(refused.rule, disk, refused.words, refused.help);
            return false;
        }
        if entry.depth() == 0 && is_dir == (entry.file_name() == PROJECT_FILE) {
            let words = if is_dir { NOT_A_FILE } else { NOT_A_FOLDER };
            self.find(&rule::SOURCE_UNREADABLE, disk, words, MOVE_AWAY);
            return false;
        }
        if is_dir {
            return true;
        }
        if !entry.file_type().is_file() {
            self.find(&rule::SOURCE_UNREADABLE, disk, NO_FILE, MOVE_AWAY);
            return false;
        }
        match self.project_path(disk) {
            Ok(path) => self.found.push(Found { path: path.into(), disk: disk.to_path_buf() }),
            Err(words) => self.find(&rule::PATH_UNUSABLE, disk, words, RENAME),
        }
        true
    }

    /// Whether a link may be followed. No link leads out, to something hidden, or around; and a folder is entered through one link at most, since
    /// links that meet further links can make a few folders into millions.
    fn follow(&self, link: &Path, is_dir: bool) -> Result<(), Refused> {
        let outside = |words: Phrase, help| Err(Refused { rule: &rule::SYMLINK_OUTSIDE, words, help });
        let named = || match fs::read_link(link) {
            Ok(target) => Phrase::text(format!("`{}`", target.display())),
            Err(_) => phrase!("elsewhere"),
        };
        let unreadable = |error: io::Error| {
            let words = phrase!("cannot be followed: {error}", error = error.to_string());
            Refused { rule: &rule::SOURCE_UNREADABLE, words, help: READABLE }
        };

        let target = fs::canonicalize(link).map_err(unreadable)?;
        let Ok(inside) = target.strip_prefix(&self.root) else {
            return outside(phrase!("is a link out of the project, to {target}", target = named()), COPY);
        };
        if inside.components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b".")) {
            return outside(phrase!("is a link to something hidden, {target}", target = named()), COPY);
        }
        if link.starts_with(&target) {
            return outside(phrase!("is a link that leads in a circle, to {target}", target = named()), REMOVE);
        }
        let parent = link.parent().unwrap_or(link);
        if is_dir && fs::canonicalize(parent).map_err(unreadable)? != parent {
            return outside(LINK_IN_LINK.into(), ONE_LINK);
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
            self.find(&rule::SYMLINK_OUTSIDE, disk, CIRCLE, REMOVE);
        } else if is_link && kind == Some(io::ErrorKind::NotFound) {
            self.find(&rule::SYMLINK_OUTSIDE, disk, NOWHERE, REMOVE_OR_MAKE);
        } else if !(error.depth() == 0 && kind == Some(io::ErrorKind::NotFound)) {
            let reason = error.io_error().map_or_else(|| phrase!("unknown error"), |error| Phrase::text(error.to_string()));
            self.find(&rule::SOURCE_UNREADABLE, disk, phrase!("cannot be read: {error}", error = reason), READABLE);
        }
    }

    fn find(&mut self, rule: &'static Rule, disk: &Path, words: impl Into<Phrase>, help: Word) {
        let path = self.shown(disk);
        let message = phrase!("`{path}` {words}", path = path, words = words.into());
        self.findings.push(Finding::new(rule, Place::File(path.into()), message).help(help));
    }

    /// The path in the project, or why there can be none.
    fn project_path(&self, disk: &Path) -> Result<String, Word> {
        let parts = disk.strip_prefix(&self.root).unwrap_or(disk).components();
        let parts: Option<Vec<&str>> = parts.map(|part| part.as_os_str().to_str()).collect();
        let path = path::normal(&parts.ok_or(NOT_UNICODE)?.join("/"));
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
    words: Phrase,
    help: Word,
}

/// What is wrong with an entry, after its path, and what to do, for a folder on disk and for one of a revision.
pub(super) const NO_FILE: Word = word!("is neither a file nor a folder");
pub(super) const NOT_A_FILE: Word = word!("is a folder, and should be a file");
pub(super) const NOT_A_FOLDER: Word = word!("is a file, and should be a folder");
pub(super) const NOT_UNICODE: Word = word!("is not Unicode");
pub(super) const CIRCLE: Word = word!("is a link that leads in a circle");
pub(super) const NOWHERE: Word = word!("is a link that leads to nothing");
pub(super) const LINK_IN_LINK: Word = word!("is a link to a folder, within a folder that is itself reached by a link");
pub(super) const MOVE_AWAY: Word = word!("move it away");
pub(super) const RENAME: Word = word!("rename it");
pub(super) const COPY: Word = word!("copy what it leads to into the project");
pub(super) const REMOVE: Word = word!("remove the link");
pub(super) const REMOVE_OR_MAKE: Word = word!("remove the link, or make what it leads to");
pub(super) const ONE_LINK: Word = word!("make one link, to the folder itself");
const READABLE: Word = word!("give yourself the right to read it, or move it away");

/// That a file is larger than what is read, after its path.
pub(super) fn too_large(size: u64, limit: u64) -> Phrase {
    phrase!("is {size} large; a source file may be {limit} at most", size = mebibytes(size), limit = mebibytes(limit))
}

/// What to do about a file that is too large.
pub(super) fn raise_limit() -> Phrase {
    phrase!("make it smaller, or raise `limits.file` in {file}", file = PROJECT_FILE)
}

fn is_left_out(name: &OsStr) -> bool {
    is_hidden(name.as_encoded_bytes())
}

/// Hidden files and folders, and what editors leave behind.
pub(super) fn is_hidden(name: &[u8]) -> bool {
    name.starts_with(b".") || name.ends_with(b"~") || (name.len() > 1 && name.starts_with(b"#") && name.ends_with(b"#"))
}

/// What comes of a file.
struct Taken {
    file: Option<SourceFile>,
    findings: Vec<Finding>,
    /// By what it can be known again.
    mark: Option<Mark>,
}

fn read(found: Found, file_bytes: u64, known: &FolderMemory) -> Taken {
    let Found { path, disk } = found;
    let finding = |rule, message: Phrase, help: Phrase| Taken {
        file: None,
        findings: vec![Finding::new(rule, Place::File(path.clone()), message).help(help)],
        mark: None,
    };
    // Before it is read: what is written meanwhile is another file the next time.
    let seen = fs::metadata(&disk).ok();
    let mark = seen.as_ref().and_then(|seen| mark(seen, known.settled));
    if let (Some((before, file)), Some(seen)) = (known.files.get(&path), &seen)
        && seen.len() <= file_bytes
        && mark.as_ref() == Some(before)
    {
        return Taken { file: Some(file.clone()), findings: Vec::new(), mark };
    }
    match read_within(&disk, file_bytes) {
        Ok(Ok(bytes)) => {
            let (file, findings) = intake::take(path, bytes);
            Taken { file: Some(file), findings, mark }
        }
        Ok(Err(size)) => {
            let message = phrase!("`{path}` {words}", path = path, words = too_large(size, file_bytes));
            finding(&rule::FILE_TOO_LARGE, message, raise_limit())
        }
        Err(error) => {
            let message = phrase!("`{path}` cannot be read: {error}", path = path, error = error.to_string());
            finding(&rule::SOURCE_UNREADABLE, message, READABLE.into())
        }
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

fn mebibytes(bytes: u64) -> Phrase {
    const MEBI: u64 = 1 << 20;
    match bytes {
        0..MEBI => phrase!("{n} bytes", n = bytes),
        _ if bytes.is_multiple_of(MEBI) => phrase!("{n} MiB", n = bytes / MEBI),
        // Up, so that what is over a limit never shows as the limit itself.
        _ => {
            let (whole, tenths) = ((bytes + MEBI / 10) / MEBI, (bytes + MEBI / 10) % MEBI * 10 / MEBI);
            phrase!("{n} MiB", n = format!("{whole}.{tenths}"))
        }
    }
}

#[cfg(test)]
mod tests;
