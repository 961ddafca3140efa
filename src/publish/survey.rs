//! What lies in the output's folder before a build.
#![allow(clippy::disallowed_methods)] // law 1: publish reads the disk

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::error::WriteError;
use super::manifest::{self, Manifest, SIGNATURE_PATH};
use crate::render::MANIFEST_PATH;

/// What file managers put into every folder that they show.
const OF_FILE_MANAGERS: &[&str] = &[".DS_Store", "Thumbs.db", "desktop.ini"];

/// The files of an output that is there.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Paths of all that is no folder, links included, with forward slashes.
    pub(super) files: BTreeSet<String>,
    /// Folders that are outputs of their own, by the manifest of this one; not looked into.
    pub(super) folders: BTreeSet<String>,
    /// The manifest of the last build.
    pub(super) manifest: Option<Manifest>,
}

impl Survey {
    /// Looks at a folder; nothing if there is none.
    pub(super) fn of(out: &Path) -> Result<Option<Survey>, WriteError> {
        match fs::symlink_metadata(out) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(WriteError::disk("look at", out)(error)),
            Ok(_) => {}
        }
        let manifest = manifest::read(&out.join(MANIFEST_PATH));
        let mut folders: BTreeSet<String> = manifest.iter().flat_map(|manifest| manifest.folders.iter().cloned()).collect();
        folders.retain(|folder| manifest::is_folder(folder) && out.join(folder).join(MANIFEST_PATH).is_file());
        let mut files = BTreeSet::new();
        let is_own = |entry: &walkdir::DirEntry| entry.depth() != 1 || !folders.contains(entry.file_name().to_string_lossy().as_ref());
        for entry in WalkDir::new(out).min_depth(1).into_iter().filter_entry(is_own) {
            let entry = entry.map_err(|error| {
                let path = error.path().map_or_else(|| out.to_path_buf(), PathBuf::from);
                WriteError::Disk {
                    tried: "read",
                    path,
                    source: error.into_io_error().unwrap_or_else(|| io::Error::other("a folder in a circle")),
                }
            })?;
            if !entry.file_type().is_dir() {
                let parts = entry.path().strip_prefix(out).unwrap_or(entry.path()).components();
                files.insert(parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"));
            }
        }
        Ok(Some(Survey { files, folders, manifest }))
    }

    /// The names at the top: folders and files.
    pub(super) fn tops(&self) -> impl Iterator<Item = String> {
        let of_files = self.files.iter().map(|path| path.split('/').next().unwrap_or(path).to_owned());
        of_files.chain(self.folders.iter().cloned()).collect::<BTreeSet<String>>().into_iter()
    }

    /// Whether a file is one that file managers leave behind.
    pub(super) fn is_of_file_managers(path: &str) -> bool {
        OF_FILE_MANAGERS.contains(&path.rsplit('/').next().unwrap_or_default())
    }

    /// Files that no build of Annexa put there, by the manifest of the last one.
    pub(super) fn foreign(&self) -> Vec<String> {
        let listed: BTreeSet<&str> = self.manifest.iter().flat_map(|manifest| &manifest.files).map(|entry| entry.path.as_str()).collect();
        let is_ours = |path: &str| listed.contains(path) || (self.manifest.is_some() && [MANIFEST_PATH, SIGNATURE_PATH].contains(&path));
        self.files.iter().filter(|path| !is_ours(path) && !Survey::is_of_file_managers(path)).cloned().collect()
    }
}
