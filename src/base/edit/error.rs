//! Why edits were not made, and what to do.

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why edits were not made. Every file is as it was, but for [`EditError::HalfDone`].
#[derive(Debug)]
pub enum EditError {
    /// A file is no longer what was read.
    Changed {
        /// Its path in the project.
        path: Arc<str>,
    },
    /// A file is no valid UTF-8.
    NotUtf8 {
        /// Its path in the project.
        path: Arc<str>,
    },
    /// Two edits of a file meet.
    Overlap {
        /// Its path in the project.
        path: Arc<str>,
    },
    /// An edit of a file reaches out of its text, or into a character.
    Misplaced {
        /// Its path in the project.
        path: Arc<str>,
    },
    /// A file that was to be added is there.
    Exists {
        /// Its path in the project.
        path: Arc<str>,
    },
    /// A file may not be written.
    ReadOnly {
        /// Its path in the project.
        path: Arc<str>,
    },
    /// Another command is writing the same file.
    Busy {
        /// Its path in the project.
        path: Arc<str>,
    },
    /// The system refused.
    Disk {
        /// What was tried: "write".
        tried: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The system refused midway, and to put back what was changed as well.
    HalfDone {
        /// The paths of files that are changed already.
        changed: Vec<Arc<str>>,
        /// What the system refused first.
        source: Box<EditError>,
    },
}

impl EditError {
    /// A refusal of the system.
    pub(super) fn disk(tried: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| EditError::Disk { tried, path: path.to_path_buf(), source }
    }
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EditError::Changed { path } => write!(f, "`{path}` has changed since it was read; nothing was written; run the command again"),
            EditError::NotUtf8 { path } => write!(f, "`{path}` is not valid UTF-8; nothing was written; save it as UTF-8"),
            EditError::Overlap { path } => write!(f, "two edits of `{path}` meet; nothing was written; make them by hand"),
            EditError::Misplaced { path } => write!(f, "an edit of `{path}` names no place in it; nothing was written; make it by hand"),
            EditError::Exists { path } => write!(f, "there is a file `{path}` already; nothing was written; rename it or move it away"),
            EditError::ReadOnly { path } => write!(f, "`{path}` may not be written; nothing was written; give yourself the right to"),
            EditError::Busy { path } => write!(f, "another command is writing `{path}`; nothing was written; wait until it has ended"),
            EditError::Disk { tried, path, source } => {
                write!(f, "cannot {tried} `{}`: {source}; {}; nothing was written", path.display(), advice(source.kind()))
            }
            EditError::HalfDone { changed, source } => {
                let changed: Vec<String> = changed.iter().map(|path| format!("`{path}`")).collect();
                write!(f, "{source}, except for {}, which could not be put back; restore them from Git", changed.join(", "))
            }
        }
    }
}

impl std::error::Error for EditError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            EditError::Disk { source, .. } => Some(source),
            EditError::HalfDone { source, .. } => Some(source),
            _ => None,
        }
    }
}

fn advice(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "free some space",
        ErrorKind::PermissionDenied => "give yourself the right to write there",
        ErrorKind::ReadOnlyFilesystem => "work on a copy that can be written",
        _ => "mend that and run the command again",
    }
}
