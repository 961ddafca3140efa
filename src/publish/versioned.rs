//! The versioned site onto the disk: a folder for each release, each an output of its own that is put in place, taken over or left as a whole.
//!
//! All that is new is staged beside the output first. Then folder by folder goes in, each in one step, and what leads to them comes last: whenever a
//! run is killed, every folder is whole, and the files at the top lead only to what is there.
#![allow(clippy::disallowed_methods)] // law 1: publish writes to the disk

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use rayon::prelude::*;

use super::destination::Destination;
use super::error::WriteError;
use super::lock::Lock;
use super::manifest::{self, Manifest, SIGNATURE_PATH};
use super::seen::{self, Seen};
use super::stage::{Staging, stop};
use super::survey::Survey;
use super::swap;
use super::verify::verify;
use super::write::Written;
use crate::base::word::{Phrase, phrase};
use crate::render::{Artifacts, MANIFEST_PATH};

/// A versioned output that is being made. Nothing of the one before is touched until [`Versioned::finish`].
pub struct Versioned<'a> {
    destination: Destination,
    _lock: Lock,
    staging: Staging,
    before: Survey,
    previous: Option<PathBuf>,
    cancel: &'a AtomicBool,
    /// Folders that are staged, in the order in which they go in.
    staged: Vec<String>,
    /// Folders that stay as they are.
    kept: BTreeSet<String>,
    written: Written,
    seen: Seen,
    /// Whether anybody asks what was published, so that it is worth to remember.
    remembers: bool,
    /// Marks of the folders that are there, where anybody asked for one.
    marks: OnceLock<BTreeMap<String, String>>,
}

/// What there is of a release already.
pub enum Existing {
    /// A whole output, as its manifest says.
    Whole(Box<Manifest>),
    /// Files differ from its manifest: how, in words.
    Altered(Phrase),
    /// Nothing, or nothing that Annexa made.
    Nothing,
}

impl<'a> Versioned<'a> {
    /// Begins one. `previous` is where published releases lie, if not in `out` itself; see [`super::write`] for the rest.
    pub fn begin(
        out: &Path,
        project: &Path,
        previous: Option<&Path>,
        force: bool,
        cancel: &'a AtomicBool,
    ) -> Result<Versioned<'a>, WriteError> {
        let process = std::process::id();
        let destination = Destination::find(out, project)?;
        fs::create_dir_all(destination.parent()).map_err(WriteError::disk("make", destination.parent()))?;
        let lock = Lock::take(&destination)?;
        swap::mend(&destination, lock.holds, process)?;
        let before = Survey::of(&destination.out)?.unwrap_or_default();
        let foreign = before.foreign();
        if !force && !foreign.is_empty() {
            return Err(WriteError::Foreign { out: out.to_path_buf(), files: foreign });
        }
        let staging = Staging::make(destination.staging(process))?;
        let previous = previous.map(Path::to_path_buf);
        let (staged, kept, written) = (Vec::new(), BTreeSet::new(), Written::default());
        let (seen, marks) = (Seen::read(&destination.seen()), OnceLock::new());
        Ok(Versioned { destination, _lock: lock, staging, before, previous, cancel, staged, kept, written, seen, remembers: false, marks })
    }

    /// What was published in a folder, with every file of it looked at that was not before.
    pub fn published(&mut self, folder: &str) -> Existing {
        self.remembers = true;
        let Some(at) = self.published_at(folder) else { return Existing::Nothing };
        let checked = if at == self.destination.out.join(folder) { self.check(folder) } else { whole(&at) };
        match checked {
            Ok(manifest) => Existing::Whole(Box::new(manifest)),
            Err(why) => Existing::Altered(why),
        }
    }

    /// The manifest of a folder of the output that is whole; else how it differs.
    fn check(&mut self, folder: &str) -> Result<Manifest, Phrase> {
        let out = &self.destination.out;
        let marks = self.marks.get_or_init(|| {
            let mark = |folder: &String| Some((folder.clone(), seen::mark(&out.join(folder)).ok()?));
            self.before.folders.par_iter().filter_map(mark).collect()
        });
        let mark = marks.get(folder).cloned();
        let at = out.join(folder);
        if let Some(mark) = &mark
            && self.seen.has(folder, mark)
            && let Some(manifest) = fs::read(at.join(MANIFEST_PATH)).ok().and_then(|bytes| Manifest::parse(&bytes))
        {
            return Ok(manifest);
        }
        let manifest = whole(&at)?;
        if let Some(mark) = mark {
            self.seen.note(folder, mark);
        }
        Ok(manifest)
    }

    /// Where a folder was published: in the place that was named, else in the output itself.
    fn published_at(&self, folder: &str) -> Option<PathBuf> {
        let places = self.previous.iter().chain([&self.destination.out]).map(|place| place.join(folder));
        places.into_iter().find(|place| place.join(MANIFEST_PATH).is_file())
    }

    /// Takes a published folder over as it is.
    pub fn take_over(&mut self, folder: &str, manifest: &Manifest) -> Result<(), WriteError> {
        let Some(at) = self.published_at(folder) else { return Ok(()) };
        self.written.unchanged.extend(all_of(folder, manifest));
        if at == self.destination.out.join(folder) {
            self.kept.insert(folder.to_owned());
            return Ok(());
        }
        let signature = at.join(SIGNATURE_PATH).is_file().then_some(SIGNATURE_PATH);
        let paths = manifest.files.iter().map(|entry| entry.path.as_str()).chain([MANIFEST_PATH]).chain(signature);
        self.copy(folder, &at, paths)
    }

    /// Adds an output of its own in a folder.
    pub fn add(&mut self, folder: &str, artifacts: &Artifacts, manifest: &Manifest) -> Result<(), WriteError> {
        let json = manifest.to_json();
        let mut files: Vec<(&str, &[u8])> = artifacts.iter().map(|file| (file.path.as_str(), file.bytes.as_slice())).collect();
        files.push((MANIFEST_PATH, json.as_bytes()));
        files.extend(manifest.signature.iter().map(|signature| (SIGNATURE_PATH, signature.as_bytes())));
        files.sort_unstable();
        let before = self.destination.out.join(folder);
        let there = Survey::of(&before)?.unwrap_or_default().files;
        let part = Staging::make(self.staging.path().join(folder))?;
        let staged = part.fill(&files, &before, &there, self.cancel)?;
        part.keep();
        let removed: Vec<&String> = there.iter().filter(|path| files.binary_search_by(|(file, _)| (*file).cmp(path)).is_err()).collect();
        let same = staged.written.is_empty() && removed.is_empty() && !there.is_empty();
        self.written.removed.extend(removed.into_iter().map(|path| within(folder, path)));
        self.written.written.extend(staged.written.iter().map(|path| within(folder, path)));
        self.written.unchanged.extend(staged.unchanged.iter().map(|path| within(folder, path)));
        if same {
            self.kept.insert(folder.to_owned());
            fs::remove_dir_all(self.staging.path().join(folder)).map_err(WriteError::disk("remove", self.staging.path()))
        } else {
            self.staged.push(folder.to_owned());
            Ok(())
        }
    }

    /// Adds a folder that has the files of another one, whether that is staged or stays, and some more.
    pub fn add_like(&mut self, folder: &str, other: &str, more: &Artifacts, manifest: &Manifest) -> Result<(), WriteError> {
        let place = if self.kept.contains(other) { &self.destination.out } else { self.staging.path() };
        let at = place.join(other);
        let json = manifest.to_json();
        // What is there already, and the same, is most of the time spared.
        let there = self.destination.out.join(folder);
        let same_signature = fs::read(there.join(SIGNATURE_PATH)).ok().as_deref() == manifest.signature.as_deref().map(str::as_bytes);
        let same = same_signature && fs::read(there.join(MANIFEST_PATH)).is_ok_and(|bytes| bytes == json.as_bytes());
        if same && self.check(folder).is_ok() {
            self.kept.insert(folder.to_owned());
            self.written.unchanged.extend(all_of(folder, manifest));
            return Ok(());
        }
        let shared = manifest.files.iter().map(|entry| entry.path.as_str()).filter(|path| more.find(path).is_none());
        self.copy(folder, &at, shared)?;
        self.written.written.extend(all_of(folder, manifest));
        let folder = self.staging.path().join(folder);
        let own = more.iter().map(|file| (file.path.as_str(), file.bytes.as_slice())).chain([(MANIFEST_PATH, json.as_bytes())]);
        let signature = manifest.signature.iter().map(|signature| (SIGNATURE_PATH, signature.as_bytes()));
        for (path, bytes) in own.chain(signature) {
            let path = folder.join(path);
            let made = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, bytes));
            made.map_err(WriteError::disk("write", &path))?;
        }
        Ok(())
    }

    /// The manifest of a folder that is staged or stays.
    pub fn manifest(&self, folder: &str) -> Option<Manifest> {
        let place = if self.kept.contains(folder) { &self.destination.out } else { self.staging.path() };
        manifest::read(&place.join(folder).join(MANIFEST_PATH))
    }

    /// A file of a folder that is staged or stays.
    pub fn file(&self, folder: &str, path: &str) -> Option<Vec<u8>> {
        let place = if self.kept.contains(folder) { &self.destination.out } else { self.staging.path() };
        fs::read(place.join(folder).join(path)).ok()
    }

    fn copy<'p>(&mut self, folder: &str, from: &Path, paths: impl Iterator<Item = &'p str>) -> Result<(), WriteError> {
        let to = self.staging.path().join(folder);
        fs::create_dir(&to).map_err(WriteError::disk("make", &to))?;
        let paths: Vec<&str> = paths.collect();
        for parent in paths.iter().filter_map(|path| Path::new(path).parent()).collect::<BTreeSet<_>>() {
            fs::create_dir_all(to.join(parent)).map_err(WriteError::disk("make", &to))?;
        }
        paths.into_par_iter().try_for_each(|path| {
            stop(self.cancel)?;
            let (old, new) = (from.join(path), to.join(path));
            fs::hard_link(&old, &new).or_else(|_| fs::copy(&old, &new).map(|_| ())).map_err(WriteError::disk("copy", &old))
        })?;
        self.staged.push(folder.to_owned());
        Ok(())
    }

    /// Says, before anything changes, what will lie here besides what does: whoever comes after a run that was killed then knows all of it for Annexa's own.
    fn announce(&self, manifest: &Manifest) -> Result<(), WriteError> {
        let mut both = manifest.clone();
        if let Some(before) = &self.before.manifest {
            both.folders.extend(before.folders.iter().cloned());
            both.folders.sort();
            both.folders.dedup();
            let known: BTreeSet<&str> = manifest.files.iter().map(|entry| entry.path.as_str()).collect();
            both.files.extend(before.files.iter().filter(|entry| !known.contains(entry.path.as_str())).cloned());
            both.files.sort_by(|a, b| a.path.cmp(&b.path));
        }
        if self.staged.is_empty() && self.before.manifest.is_some() {
            return Ok(());
        }
        self.put_at_top(MANIFEST_PATH, both.to_json().as_bytes())
    }

    /// Puts a file at the top in one step.
    fn put_at_top(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        let (staged, new) = (self.staging.path().join(".top"), self.destination.out.join(path));
        let made = fs::write(&staged, bytes).and_then(|()| new.parent().map_or(Ok(()), fs::create_dir_all));
        made.map_err(WriteError::disk("write", &new))?;
        fs::rename(&staged, &new).map_err(WriteError::disk("put the new file in place of", &new))
    }

    /// The folders that are staged or stay, sorted: those that the manifest at the top names.
    pub fn folders(&self) -> Vec<String> {
        let mut folders: Vec<String> = self.staged.iter().chain(&self.kept).cloned().collect();
        folders.sort();
        folders
    }

    /// Puts everything in place, the files at the top last: those of `top`, with a manifest that names [`Versioned::folders`].
    pub fn finish(mut self, top: &Artifacts, manifest: &Manifest) -> Result<Written, WriteError> {
        let out = self.destination.out.clone();
        fs::create_dir_all(&out).map_err(WriteError::disk("make", &out))?;
        stop(self.cancel)?;
        self.announce(manifest)?;
        for folder in &self.staged {
            swap::enter(&self.staging.path().join(folder), &out.join(folder))?;
        }
        let json = manifest.to_json();
        let files: Vec<(&str, &[u8])> = top.iter().map(|file| (file.path.as_str(), file.bytes.as_slice())).collect();
        let mut stays: BTreeSet<&str> = manifest.folders.iter().map(String::as_str).collect();
        let signature = manifest.signature.iter().map(|signature| (SIGNATURE_PATH, signature.as_bytes()));
        for (path, bytes) in files.iter().copied().chain([(MANIFEST_PATH, json.as_bytes())]).chain(signature) {
            stays.insert(path.split('/').next().unwrap_or(path));
            let new = out.join(path);
            if fs::read(&new).is_ok_and(|old| old == bytes) {
                self.written.unchanged.push(path.to_owned());
                continue;
            }
            self.put_at_top(path, bytes)?;
            self.written.written.push(path.to_owned());
        }
        // What Annexa had made and nothing leads to any more.
        for gone in self.before.tops().filter(|top| !stays.contains(top.as_str())) {
            let path = out.join(&gone);
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.map_err(WriteError::disk("remove", &path))?;
            self.written.removed.push(gone);
        }
        if self.remembers {
            for folder in &self.staged {
                if let Ok(mark) = seen::mark(&out.join(folder)) {
                    self.seen.note(folder, mark);
                }
            }
            self.seen.write(&self.destination.seen(), &manifest.folders);
        }
        Ok(self.written)
    }
}

/// The path of a file of a folder.
fn within(folder: &str, path: &str) -> String {
    format!("{folder}/{path}")
}

/// The paths of all files that a manifest lists for a folder, and its own.
fn all_of(folder: &str, manifest: &Manifest) -> impl Iterator<Item = String> {
    manifest.files.iter().map(|entry| entry.path.as_str()).chain([MANIFEST_PATH]).map(move |path| within(folder, path))
}

/// The manifest of a folder whose files are all as it says, and no others; else how they differ.
fn whole(folder: &Path) -> Result<Manifest, Phrase> {
    let published = verify(folder).map_err(|error| Phrase::text(error.to_string()))?;
    match (published.findings.first(), published.manifest) {
        (None, Some(manifest)) => Ok(manifest),
        (Some(finding), _) => Err(finding.message.clone()),
        (None, None) => Err(phrase!("it has no manifest")),
    }
}
