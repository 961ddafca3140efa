//! Where an output goes, and the names that a build uses beside it.
#![allow(clippy::disallowed_methods)] // law 1: publish writes to the disk

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::WriteError;
use crate::base::source::FOLDERS;

const STAGING: &str = ".annexa-staging-";
const OLD: &str = ".annexa-old-";
const LOCK: &str = ".annexa-lock";
const SEEN: &str = ".annexa-seen";

/// The folder of an output and what lies beside it, on the same file system: `.NAME.annexa-lock`, the new output while it is written
/// (`.NAME.annexa-staging-PID`), and the old one while it gives way (`.NAME.annexa-old-PID`); beside one of several folders, what of it was verified
/// (`.NAME.annexa-seen`).
#[derive(Debug)]
pub(super) struct Destination {
    /// The folder itself, without links in its path. It need not exist.
    pub(super) out: PathBuf,
    parent: PathBuf,
    name: OsString,
}

/// What a run that was killed left beside the output.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Leftover {
    pub(super) path: PathBuf,
    /// Whether it is an old output that was giving way; otherwise it is a new one, complete or not, or an old one that has been exchanged.
    pub(super) is_old: bool,
    /// The process that made it.
    pub(super) process: u32,
}

impl Destination {
    /// Follows links, so that `dist` may be one, and refuses what must never be replaced by an output, forced or not.
    pub(super) fn find(out: &Path, project: &Path) -> Result<Self, WriteError> {
        let protected = |what: &str| Err(WriteError::Protected { out: out.to_path_buf(), what: what.to_owned() });
        let real = resolve(out).map_err(WriteError::disk("find", out))?;
        let project = resolve(project).map_err(WriteError::disk("find", project))?;
        if real == project {
            return protected("is the project's own folder");
        }
        if project.starts_with(&real) {
            return protected("holds the project");
        }
        if real.components().any(|part| part.as_os_str() == ".git") {
            return protected("lies in the folder that Git keeps its data in");
        }
        for folder in FOLDERS {
            let sources = resolve(&project.join(folder)).unwrap_or_else(|_| project.join(folder));
            if real.starts_with(&sources) || sources.starts_with(&real) {
                return protected(&format!("would hold or replace sources of the project, those in `{folder}`"));
            }
        }
        if fs::metadata(&real).is_ok_and(|found| !found.is_dir()) {
            return protected("is a file");
        }
        let (Some(parent), Some(name)) = (real.parent(), real.file_name()) else { return protected("is no folder of its own") };
        Ok(Destination { parent: parent.to_path_buf(), name: name.to_owned(), out: real })
    }

    /// The folder that the output stands in.
    pub(super) fn parent(&self) -> &Path {
        &self.parent
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.beside(LOCK)
    }

    /// The list of what was verified (see `seen`).
    pub(super) fn seen(&self) -> PathBuf {
        self.beside(SEEN)
    }

    pub(super) fn staging(&self, process: u32) -> PathBuf {
        self.beside(&format!("{STAGING}{process}"))
    }

    pub(super) fn old(&self, process: u32) -> PathBuf {
        self.beside(&format!("{OLD}{process}"))
    }

    /// What lies beside the output under the names of a build, sorted.
    pub(super) fn leftovers(&self) -> io::Result<Vec<Leftover>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.parent)? {
            let entry = entry?;
            for (word, is_old) in [(STAGING, false), (OLD, true)] {
                if let Some(process) = self.process(&entry.file_name(), word) {
                    found.push(Leftover { path: entry.path(), is_old, process });
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn beside(&self, word: &str) -> PathBuf {
        let mut name = OsString::from(".");
        name.push(&self.name);
        name.push(word);
        self.parent.join(name)
    }

    fn process(&self, name: &OsStr, word: &str) -> Option<u32> {
        let rest = name.as_encoded_bytes().strip_prefix(b".")?.strip_prefix(self.name.as_encoded_bytes())?.strip_prefix(word.as_bytes())?;
        std::str::from_utf8(rest).ok()?.parse().ok()
    }
}

/// A path without links, of which the last parts need not exist.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    let absolute = std::path::absolute(path)?;
    let mut missing = Vec::new();
    let mut at = absolute.as_path();
    loop {
        match fs::canonicalize(at) {
            Ok(real) => return Ok(missing.into_iter().rev().fold(real, |path, part| path.join(part))),
            Err(error) if error.kind() == io::ErrorKind::NotFound && fs::symlink_metadata(at).is_err() => {
                let (Some(name), Some(parent)) = (at.file_name(), at.parent()) else { return Err(error) };
                missing.push(name);
                at = parent;
            }
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(out: &Path, project: &Path) -> String {
        match Destination::find(out, project) {
            Ok(found) => panic!("{found:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_project_what_holds_it_and_its_sources_are_never_replaced() {
        let temp = tempfile::tempdir().unwrap();
        let project = temp.path().join("isms");
        fs::create_dir_all(project.join("content/policies")).unwrap();
        fs::write(project.join("file"), "").unwrap();
        assert!(refused(&project, &project).contains("is the project's own folder"));
        assert!(refused(&project.join("content/.."), &project).contains("is the project's own folder"));
        assert!(refused(temp.path(), &project).contains("holds the project"));
        assert!(refused(Path::new("/"), &project).contains("holds the project"));
        for inside in ["content", "content/new/deep", "templates", "records/x"] {
            assert!(refused(&project.join(inside), &project).contains("sources of the project"), "{inside}");
        }
        assert!(refused(&project.join("file"), &project).contains("is a file"));
        assert!(refused(&project.join(".git/dist"), &project).contains("Git keeps its data"));
        assert!(Destination::find(&project.join("dist"), &project).is_ok());
        assert!(Destination::find(&project.join("content-dist"), &project).is_ok());
        assert!(Destination::find(&temp.path().join("not/yet/there"), &project).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_cannot_hide_what_would_be_replaced() {
        let temp = tempfile::tempdir().unwrap();
        let project = temp.path().join("isms");
        fs::create_dir_all(temp.path().join("shared")).unwrap();
        fs::create_dir_all(&project).unwrap();
        std::os::unix::fs::symlink("../shared", project.join("content")).unwrap();
        std::os::unix::fs::symlink("content", project.join("dist")).unwrap();
        std::os::unix::fs::symlink("nowhere", project.join("dead")).unwrap();
        assert!(refused(&project.join("dist/x"), &project).contains("sources of the project"));
        assert!(refused(&temp.path().join("shared"), &project).contains("sources of the project"));
        assert!(refused(&project.join("dead"), &project).contains("cannot find"));
    }

    #[test]
    fn leftovers_are_known_by_their_names_alone() {
        let temp = tempfile::tempdir().unwrap();
        let destination = Destination::find(&temp.path().join("dist"), &temp.path().join("isms")).unwrap();
        for name in
            [".dist.annexa-staging-12", ".dist.annexa-old-7", ".dist.annexa-old-x", ".dist2.annexa-old-7", "dist", ".dist.annexa-lock"]
        {
            fs::create_dir(temp.path().join(name)).unwrap();
        }
        let found: Vec<_> = destination.leftovers().unwrap().into_iter().map(|left| (left.is_old, left.process)).collect();
        assert_eq!(found, [(true, 7), (false, 12)]);
    }
}
