//! A published folder against its manifest: every file there, as it was written, and no other.
#![allow(clippy::disallowed_methods)] // law 1: publish reads the disk

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use super::error::WriteError;
use super::manifest::{Manifest, SIGNATURE_PATH};
use super::survey::Survey;
use crate::base::digest::sha256;
use crate::base::finding::{Finding, Place};
use crate::base::rule;
use crate::base::word::{Word, phrase, word};
use crate::render::MANIFEST_PATH;

/// A folder as it lies on a disk or was fetched from a server.
#[derive(Debug)]
pub struct Published {
    /// Its manifest, where it has one.
    pub manifest: Option<Manifest>,
    /// Every file with its bytes, the manifest too, by paths with forward slashes, sorted.
    pub files: Vec<(String, Vec<u8>)>,
    /// Where the files differ from the manifest.
    pub findings: Vec<Finding>,
    /// Folders of it that are outputs of their own, by its manifest.
    pub folders: Vec<String>,
}

impl Published {
    /// The bytes of a file.
    pub fn file(&self, path: &str) -> Option<&[u8]> {
        let index = self.files.binary_search_by(|(known, _)| known.as_str().cmp(path)).ok()?;
        self.files.get(index).map(|(_, bytes)| bytes.as_slice())
    }
}

/// A file with its bytes, or why it is none that an output has.
type Looked = Result<(String, Vec<u8>), Box<Finding>>;

/// What to do about most of it.
const AGAIN: Word = word!("publish the output of a build again, as a whole");
/// The largest file that is looked into, in bytes.
const LARGEST: u64 = 1 << 30;

/// Reads a folder and holds it against its manifest. Links are not followed and nothing but plain files is opened: an output has only those.
///
/// Folders that are outputs of their own are not looked into; [`Published::folders`] names them.
pub fn verify(folder: &Path) -> Result<Published, WriteError> {
    let missing = || WriteError::Absent { out: folder.to_path_buf() };
    let survey = Survey::of(folder)?.ok_or_else(missing)?;
    let read = |path: &String| {
        let disk = folder.join(path);
        let found = fs::symlink_metadata(&disk).map_err(WriteError::disk("look at", &disk))?;
        let strange = if found.is_symlink() {
            Some(phrase!("`{path}` is a link, and an output has none", path = path))
        } else if !found.is_file() {
            Some(phrase!("`{path}` is no plain file", path = path))
        } else if found.len() > LARGEST {
            Some(phrase!("`{path}` is larger than any file of an output", path = path))
        } else {
            None
        };
        if let Some(message) = strange {
            return Ok(Err(Box::new(Finding::new(&rule::OUTPUT_CHANGED, at(path), message).help(AGAIN))));
        }
        fs::read(&disk).map(|bytes| Ok((path.clone(), bytes))).map_err(WriteError::disk("read", &disk))
    };
    let paths: Vec<&String> = survey.files.iter().filter(|path| !Survey::is_of_file_managers(path)).collect();
    let all: Vec<Looked> = paths.into_par_iter().map(read).collect::<Result<_, _>>()?;
    let (mut files, mut strange) = (Vec::with_capacity(all.len()), Vec::new());
    for one in all {
        match one {
            Ok(file) => files.push(file),
            Err(finding) => strange.push(*finding),
        }
    }
    let find = |path: &str| files.binary_search_by(|(known, _)| known.as_str().cmp(path)).ok().map(|index| &files[index].1);
    let manifest = survey.manifest;
    let mut findings = match &manifest {
        Some(manifest) => differences(manifest, &files, &strange, find),
        None => vec![
            Finding::new(
                &rule::MANIFEST_MISSING,
                at(MANIFEST_PATH),
                phrase!("there is no `{path}` of Annexa's in this folder", path = MANIFEST_PATH),
            )
            .help(phrase!("name the folder that `annexa build` wrote, as a whole")),
        ],
    };
    findings.extend(strange);
    let listed = manifest.iter().flat_map(|manifest| &manifest.folders);
    findings.extend(listed.filter(|name| !survey.folders.contains(*name)).map(|name| {
        Finding::new(&rule::OUTPUT_MISSING, at(MANIFEST_PATH), phrase!("the folder `{name}` is missing, or has no manifest", name = name))
            .help(AGAIN)
    }));
    Ok(Published { manifest, files, findings, folders: survey.folders.into_iter().collect() })
}

fn differences<'a>(
    manifest: &Manifest,
    files: &[(String, Vec<u8>)],
    strange: &[Finding],
    find: impl Fn(&str) -> Option<&'a Vec<u8>> + Sync,
) -> Vec<Finding> {
    let listed = manifest.files.par_iter().filter_map(|entry| match find(&entry.path) {
        None if strange.iter().any(|finding| finding.place == at(&entry.path)) => None,
        None => Some(Finding::new(&rule::OUTPUT_MISSING, at(&entry.path), phrase!("`{path}` is missing", path = entry.path)).help(AGAIN)),
        Some(bytes) if bytes.len() as u64 != entry.size || sha256(bytes) != entry.sha256 => {
            let message = phrase!(
                "`{path}` is not as it was written: {n} bytes where {size} were",
                path = entry.path,
                n = bytes.len(),
                size = entry.size
            );
            Some(Finding::new(&rule::OUTPUT_CHANGED, at(&entry.path), message).help(AGAIN))
        }
        Some(_) => None,
    });
    let mut findings: Vec<Finding> = listed.collect();
    let listed: BTreeSet<&str> = manifest.files.iter().map(|entry| entry.path.as_str()).chain([MANIFEST_PATH, SIGNATURE_PATH]).collect();
    findings.extend(files.iter().filter(|(path, _)| !listed.contains(path.as_str())).map(|(path, _)| {
        Finding::new(&rule::OUTPUT_ADDED, at(path), phrase!("`{path}` is not of this output", path = path))
            .help(phrase!("remove it, or ask who put it there"))
    }));
    findings
}

fn at(path: &str) -> Place {
    Place::File(Arc::from(path))
}
