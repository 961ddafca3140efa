//! Why an output was not written, and what to do.

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Why an output was not written. The output before is whole in each case.
#[derive(Debug)]
pub enum WriteError {
    /// The caller asked to stop.
    Cancelled,
    /// There is nothing to look at.
    Absent {
        /// The folder.
        out: PathBuf,
    },
    /// Another build writes to the same folder.
    Busy {
        /// The folder.
        out: PathBuf,
    },
    /// The output would replace something that is no output.
    Protected {
        /// The folder.
        out: PathBuf,
        /// What it is: "is the project's own folder".
        what: String,
    },
    /// The folder holds files that Annexa did not write.
    Foreign {
        /// The folder.
        out: PathBuf,
        /// These files, by their paths in it, sorted; at least one.
        files: Vec<String>,
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
}

impl WriteError {
    /// A refusal of the system.
    pub(super) fn disk(tried: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| WriteError::Disk { tried, path: path.to_path_buf(), source }
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::Cancelled => f.write_str("stopped; the output before is as it was"),
            WriteError::Absent { out } => write!(f, "there is no `{}`; name a folder that was built, or a PDF", out.display()),
            WriteError::Busy { out } => write!(f, "another build is writing to `{}`; wait until it has ended", out.display()),
            WriteError::Protected { out, what } => write!(f, "`{}` {what}; choose another folder with --out", out.display()),
            WriteError::Foreign { out, files } => {
                write!(f, "`{}` holds files that Annexa did not write there: {}", out.display(), some(files))?;
                f.write_str("; choose another folder with --out, or replace everything in it with --force")
            }
            WriteError::Disk { tried, path, source } => {
                write!(f, "cannot {tried} `{}`: {source}; {}; the output before is as it was", path.display(), advice(source.kind()))
            }
        }
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            WriteError::Disk { source, .. } => Some(source),
            _ => None,
        }
    }
}

fn some(files: &[String]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<String> = files.iter().take(SHOWN).map(|file| format!("`{}`", file.escape_debug())).collect();
    let more = if files.len() > SHOWN { format!(" and {} more", files.len() - SHOWN) } else { String::new() };
    shown.join(", ") + &more
}

fn advice(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "free some space",
        ErrorKind::PermissionDenied => "give yourself the right to write there, or choose another folder with --out",
        ErrorKind::ReadOnlyFilesystem => "choose a folder that can be written with --out",
        ErrorKind::ResourceBusy | ErrorKind::CrossesDevices => "if it is a mount point, choose a folder within it with --out",
        ErrorKind::InvalidFilename => "use shorter names",
        _ => "mend that, or choose another folder with --out",
    }
}
