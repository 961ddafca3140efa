//! Sources from a Git revision, read from the object store: no checkout, no network, no `git`.
//!
//! Settings of the machine and of its user are not read, so that two machines see the same.
#![allow(clippy::disallowed_methods)] // law 1: this is the room that reads the disk

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use gix::objs::tree::EntryKind;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::folder::{self, FOLDERS, PROJECT_FILE, is_hidden};
use super::{Scope, SourceFile, Sources, intake, path};
use crate::base::digest::sha256;
use crate::base::finding::{Finding, Place};
use crate::base::rule;
use crate::base::word::{Phrase, Word, phrase, word};

/// Folders within folders that are followed; no project of people is as deep.
const DEEPEST: usize = 64;
/// Links that lead to links.
const LONGEST_CHAIN: usize = 8;

/// The Git repository that a project lies in.
pub struct Repository {
    repository: gix::Repository,
    /// The project's folder in it, with a slash at the end; empty for the top.
    folder: String,
}

/// A tag and the commit that it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its name: `v1.0`.
    pub name: Arc<str>,
    /// The commit's object id, in hexadecimal digits.
    pub commit: Arc<str>,
    /// The day of the tag, or of its commit where the tag has none of its own, where its maker was.
    pub date: Date,
}

/// Where a line of work left another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// The commit's object id, in hexadecimal digits.
    pub commit: Arc<str>,
    /// Its day, where its maker was.
    pub date: Date,
}

/// Why a repository or a revision could not be read.
#[derive(Debug)]
pub struct RevisionError(String);

impl RevisionError {
    /// With these words.
    pub fn new(words: String) -> Self {
        RevisionError(words)
    }
}

impl fmt::Display for RevisionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RevisionError {}

impl Repository {
    /// The repository around a project's folder; none where there is none.
    ///
    /// # Errors
    /// A folder that cannot be read, or a repository that Git would not read either.
    pub fn around(root: &Path) -> Result<Option<Repository>, RevisionError> {
        let real = std::fs::canonicalize(root).map_err(|error| RevisionError(format!("`{}` cannot be read: {error}", root.display())))?;
        let options = gix::open::Options::isolated;
        let trusted = gix::sec::trust::Mapping { full: options(), reduced: options() };
        if !real.ancestors().any(|folder| folder.join(".git").exists()) {
            return Ok(None);
        }
        let opened = gix::ThreadSafeRepository::discover_opts(&real, gix::discover::upwards::Options::default(), trusted);
        let repository =
            opened.map_err(|error| RevisionError(format!("the Git repository around `{}` cannot be read: {error}", root.display())))?;
        let repository = repository.to_thread_local();
        let top = repository.workdir().and_then(|top| std::fs::canonicalize(top).ok()).unwrap_or_else(|| real.clone());
        let within = real.strip_prefix(&top).unwrap_or(Path::new(""));
        let parts: Option<Vec<&str>> = within.components().map(|part| part.as_os_str().to_str()).collect();
        let parts = parts.ok_or_else(|| RevisionError(format!("`{}` is not Unicode", root.display())))?;
        let folder = parts.iter().map(|part| format!("{part}/")).collect();
        Ok(Some(Repository { repository, folder }))
    }

    /// Whether older commits were left out of this clone.
    pub fn is_shallow(&self) -> bool {
        self.repository.is_shallow().unwrap_or(false)
    }

    /// The tags that lead to a commit, by name, and the names of those that do not, with the reason in words that follow the name.
    ///
    /// # Errors
    /// References that cannot be read at all.
    pub fn tags(&self) -> Result<(Vec<Tag>, BTreeMap<String, Phrase>), RevisionError> {
        let unreadable = |error: &dyn fmt::Display| RevisionError(format!("the tags of the Git repository cannot be read: {error}"));
        let references = self.repository.references().map_err(|error| unreadable(&error))?;
        let (mut tags, mut others) = (Vec::new(), BTreeMap::new());
        for reference in references.tags().map_err(|error| unreadable(&error))? {
            let mut reference = match reference {
                Ok(reference) => reference,
                // One that is broken hides no other; only the message names it.
                Err(error) => {
                    let message = error.to_string();
                    let name = message.split('"').nth(1).and_then(|name| name.strip_prefix("refs/tags/")).map(str::to_owned);
                    others.insert(name.ok_or_else(|| unreadable(&message))?, phrase!("is broken"));
                    continue;
                }
            };
            let name = reference.name().shorten().to_string();
            match self.tag(&name, &mut reference) {
                Ok(tag) => tags.push(tag),
                Err(why) => _ = others.insert(name, why),
            }
        }
        tags.sort_by(|a, b| a.name.cmp(&b.name));
        Ok((tags, others))
    }

    fn tag(&self, name: &str, reference: &mut gix::Reference<'_>) -> Result<Tag, Phrase> {
        let own = reference.try_id().and_then(|id| id.object().ok()).and_then(|object| object.try_into_tag().ok());
        let own_time = own.and_then(|tag| tag.tagger().ok().flatten()?.time().ok());
        let absent = |error: &dyn fmt::Display| phrase!("leads to an object that is not there ({error})", error = error.to_string());
        let id = reference.peel_to_id().map_err(|error| absent(&error))?;
        let object = id.object().map_err(|_| phrase!("leads to an object that is not there"))?;
        let kind = object.kind;
        let commit = object.try_into_commit().map_err(|_| phrase!("leads to a {kind}, not to a commit", kind = kind.to_string()))?;
        let time = match own_time {
            Some(time) => time,
            None => commit.time().map_err(|error| phrase!("leads to a commit without a date ({error})", error = error.to_string()))?,
        };
        let date = day(time.seconds, time.offset).ok_or_else(|| phrase!("has a date that no calendar has"))?;
        Ok(Tag { name: name.into(), commit: commit.id().to_string().into(), date })
    }

    /// The commit that is checked out; none in a repository without commits.
    pub fn head(&self) -> Option<Arc<str>> {
        Some(self.repository.head_id().ok()?.to_string().into())
    }

    /// The best common ancestor of a revision and of what is checked out, as `git merge-base REVISION HEAD` finds it; of an ancestor, itself. A revision is
    /// a branch, a tag or another reference, `HEAD`, or a commit by its object id or the beginning of that, with any of `~N`, `^` and `^N` behind it, which
    /// mean what they do in gitrevisions(7).
    ///
    /// # Errors
    /// What is no single commit, and histories that do not meet, as far as this clone has them.
    pub fn base(&self, revision: &str) -> Result<Base, RevisionError> {
        let fetch = if self.is_shallow() {
            "; this clone lacks older commits: `git fetch --unshallow`, or `fetch-depth: 0` in the pipeline"
        } else {
            ""
        };
        let none = |why: String| RevisionError(format!("{why}{fetch}"));
        let found = self.commit(revision).ok_or_else(|| {
            none(format!(
                "`{revision}` is no single commit of this repository; name a branch (`origin/main`), a tag, a commit, or `HEAD~2`"
            ))
        })?;
        let head = self.repository.head_id().map_err(|_| none("nothing is committed yet".into()))?.detach();
        let base = gix_revision::merge_base(found, &[head], &mut self.repository.revision_graph(None)).ok().flatten();
        let base = base.ok_or_else(|| none(format!("`{revision}` and what is checked out have no commit in common")))?;
        let commit = *base.first();
        let time = self.repository.find_commit(commit).ok().and_then(|found| found.time().ok());
        let date = time.and_then(|time| day(time.seconds, time.offset));
        let date = date.ok_or_else(|| none(format!("the commit {} has no date that can be read", commit.to_hex_with_len(12))))?;
        Ok(Base { commit: commit.to_string().into(), date })
    }

    /// The commit that a revision names; none where it names none, or several.
    fn commit<'r>(&'r self, revision: &str) -> Option<gix::ObjectId> {
        // No reference has either of these in its name (git-check-ref-format(1)).
        let (name, mut steps) = revision.split_at(revision.find(['~', '^']).unwrap_or(revision.len()));
        let mut commit = self.repository.find_object(self.named(name)?).ok()?.peel_to_commit().ok()?;
        while let Some(kind) = steps.chars().next() {
            let figures = steps.get(1..)?;
            let end = figures.find(|c: char| !c.is_ascii_digit()).unwrap_or(figures.len());
            let (count, rest) = figures.split_at(end);
            let count: usize = if count.is_empty() { 1 } else { count.parse().ok()? };
            let parent = |of: gix::Commit<'r>, which: usize| -> Option<gix::Commit<'r>> {
                of.parent_ids().nth(which).and_then(|id| id.object().ok())?.try_into_commit().ok()
            };
            match kind {
                '~' => {
                    for _ in 0..count {
                        commit = parent(commit, 0)?;
                    }
                }
                '^' if count > 0 => commit = parent(commit, count - 1)?,
                '^' => {}
                _ => return None,
            }
            steps = rest;
        }
        Some(commit.id)
    }

    fn named(&self, name: &str) -> Option<gix::ObjectId> {
        if let Ok(reference) = self.repository.find_reference(if name == "@" { "HEAD" } else { name }) {
            return reference.into_fully_peeled_id().ok().map(gix::Id::detach);
        }
        let prefix = gix::hash::Prefix::from_hex(name).ok()?;
        self.repository.objects.lookup_prefix(prefix, None).ok()??.ok()
    }

    /// The object id of the project's folder at a commit, in hexadecimal digits: equal for equal contents, whatever the commit.
    ///
    /// # Errors
    /// As of [`Repository::sources`].
    pub fn tree(&self, commit: &str) -> Result<String, RevisionError> {
        Ok(self.root(commit)?.id.to_string())
    }

    /// The sources of a project at a commit, as [`Sources::from_folder`] would read them from its checkout.
    ///
    /// What is wrong with a file is a finding and the others are read; findings name files, not spans.
    ///
    /// # Errors
    /// A commit that is not in the repository, or a project's folder that is not in the commit.
    pub fn sources(&self, commit: &str, scope: &Scope) -> Result<(Sources, Vec<Finding>), RevisionError> {
        let root = self.root(commit)?;
        let mut walk = Walk { root: &root, scope, files: Vec::new(), findings: Vec::new() };
        walk.project();
        walk.selected("", &root, 0);
        let Walk { files, mut findings, .. } = walk;
        let paths: Vec<Arc<str>> = files.iter().map(|(path, _)| path.clone()).collect();
        findings.extend(intake::collisions(&paths));
        let mut taken: Vec<SourceFile> = Vec::with_capacity(files.len());
        for (path, bytes) in files {
            let bytes = intake::lfs_pointer(&bytes).and_then(|digest| self.of_lfs(digest, scope.file_bytes)).unwrap_or(bytes);
            let (file, found) = intake::take(path, bytes);
            taken.push(file);
            findings.extend(found);
        }
        Ok((Sources::new(taken), findings))
    }

    /// A file that Git LFS keeps, where this clone has it, with the digest that its pointer names.
    fn of_lfs(&self, digest: &str, file_bytes: u64) -> Option<Vec<u8>> {
        let (first, second) = (digest.get(..2)?, digest.get(2..4)?);
        let path = self.repository.common_dir().join("lfs/objects").join(first).join(second).join(digest);
        let is_small = std::fs::metadata(&path).is_ok_and(|found| found.is_file() && found.len() <= file_bytes);
        std::fs::read(&path).ok().filter(|bytes| is_small && sha256(bytes) == digest)
    }

    /// The bytes of one file of the project's folder at a commit; none where there is none.
    pub fn file(&self, commit: &str, path: &str) -> Option<Vec<u8>> {
        let entry = self.root(commit).ok()?.lookup_entry_by_path(path).ok()??;
        entry.object().ok().map(|mut object| std::mem::take(&mut object.data))
    }

    /// The project's folder at a commit.
    fn root(&self, commit: &str) -> Result<gix::Tree<'_>, RevisionError> {
        let short = commit.get(..12).unwrap_or(commit);
        let failed = |words: String| RevisionError(format!("commit {short} cannot be read: {words}"));
        let id = gix::ObjectId::from_hex(commit.as_bytes()).map_err(|error| failed(error.to_string()))?;
        let object = self.repository.find_object(id).map_err(|error| failed(error.to_string()))?;
        let top = object.peel_to_tree().map_err(|error| failed(error.to_string()))?;
        match self.folder.trim_end_matches('/') {
            "" => Ok(top),
            folder => {
                let entry = top.lookup_entry_by_path(folder).map_err(|error| failed(error.to_string()))?;
                let entry = entry.ok_or_else(|| failed(format!("it has no folder `{folder}`")))?;
                let object = entry.object().map_err(|error| failed(error.to_string()))?;
                object.try_into_tree().map_err(|_| failed(format!("`{folder}` is no folder in it")))
            }
        }
    }
}

/// The day of a time in seconds since 1970, at an offset in seconds.
fn day(seconds: i64, offset: i32) -> Option<Date> {
    let time = Timestamp::from_second(seconds).ok()?;
    let offset = Offset::from_seconds(offset).ok().unwrap_or(Offset::UTC);
    Some(offset.to_datetime(time).date())
}

struct Walk<'r> {
    root: &'r gix::Tree<'r>,
    scope: &'r Scope,
    files: Vec<(Arc<str>, Vec<u8>)>,
    findings: Vec<Finding>,
}

impl<'r> Walk<'r> {
    fn project(&mut self) {
        let wanted = [PROJECT_FILE].into_iter().chain(FOLDERS.iter().copied());
        for name in wanted {
            let Ok(Some(entry)) = self.root.lookup_entry_by_path(name) else { continue };
            match entry.mode().kind() {
                EntryKind::Tree if name == PROJECT_FILE => self.find(&rule::SOURCE_UNREADABLE, name, folder::NOT_A_FILE, folder::MOVE_AWAY),
                EntryKind::Blob | EntryKind::BlobExecutable if name != PROJECT_FILE => {
                    self.find(&rule::SOURCE_UNREADABLE, name, folder::NOT_A_FOLDER, folder::MOVE_AWAY);
                }
                kind => self.entry(name, name, kind, entry.object_id(), 0),
            }
        }
    }

    /// Takes the files of a folder that are selected by their paths, outside of the folders that are read as a whole. `within` is the folder's path with a
    /// slash at its end, or nothing.
    fn selected(&mut self, within: &str, tree: &gix::Tree<'r>, depth: usize) {
        if self.scope.selections.is_empty() || depth > DEEPEST {
            return;
        }
        for entry in tree.iter().flatten() {
            let Some(name) = std::str::from_utf8(entry.filename()).ok().filter(|name| !is_hidden(name.as_bytes())) else { continue };
            let at = format!("{within}{name}");
            match entry.mode().kind() {
                EntryKind::Tree if self.scope.leads(&at) => {
                    match self.root.repo.find_object(entry.object_id()).map(gix::Object::try_into_tree) {
                        Ok(Ok(tree)) => self.selected(&format!("{at}/"), &tree, depth + 1),
                        _ => self.find(&rule::SOURCE_UNREADABLE, &at, ABSENT, FETCH),
                    }
                }
                kind @ (EntryKind::Blob | EntryKind::BlobExecutable | EntryKind::Link) if self.scope.selects(&path::normal(&at)) => {
                    self.entry(&at, &at, kind, entry.object_id(), depth);
                }
                _ => {}
            }
        }
    }

    /// Takes what lies at `real` for what lies at `at`: links make the two differ.
    fn entry(&mut self, at: &str, real: &str, kind: EntryKind, id: gix::ObjectId, depth: usize) {
        match kind {
            EntryKind::Tree => self.tree(at, real, id, depth),
            EntryKind::Blob | EntryKind::BlobExecutable => self.blob(at, id),
            EntryKind::Link => self.link(at, real, id, depth),
            EntryKind::Commit => self.find(
                &rule::SOURCE_UNREADABLE,
                at,
                word!("is a submodule, whose files are not in this repository"),
                word!("copy its files into the project"),
            ),
        }
    }

    fn tree(&mut self, at: &str, real: &str, id: gix::ObjectId, depth: usize) {
        if depth > DEEPEST {
            self.find(&rule::SOURCE_UNREADABLE, at, word!("lies too deep in folders"), word!("move it up"));
            return;
        }
        let tree = match self.root.repo.find_object(id).map(gix::Object::try_into_tree) {
            Ok(Ok(tree)) => tree,
            _ => return self.find(&rule::SOURCE_UNREADABLE, at, ABSENT, FETCH),
        };
        for entry in tree.iter() {
            let Ok(entry) = entry else {
                let words = word!("has an entry that cannot be read");
                self.find(&rule::SOURCE_UNREADABLE, at, words, word!("mend the repository: `git fsck`"));
                return;
            };
            let Ok(name) = std::str::from_utf8(entry.filename()) else {
                let shown = format!("{at}/{}", entry.filename());
                self.find(&rule::PATH_UNUSABLE, &shown, folder::NOT_UNICODE, folder::RENAME);
                continue;
            };
            if !is_hidden(name.as_bytes()) {
                let (at, real) = (format!("{at}/{name}"), format!("{real}/{name}"));
                self.entry(&at, &real, entry.mode().kind(), entry.object_id(), depth + 1);
            }
        }
    }

    fn blob(&mut self, at: &str, id: gix::ObjectId) {
        let normal = path::normal(at);
        if let Some(why) = path::unusable(&normal) {
            return self.find(&rule::PATH_UNUSABLE, at, why, folder::RENAME);
        }
        let size = self.root.repo.find_header(id).map(|header| header.size());
        match size {
            Ok(size) if size > self.scope.file_bytes => {
                self.find(&rule::FILE_TOO_LARGE, at, folder::too_large(size, self.scope.file_bytes), folder::raise_limit());
            }
            Ok(_) => match self.root.repo.find_object(id) {
                Ok(mut object) => self.files.push((normal.into(), std::mem::take(&mut object.data))),
                Err(_) => self.find(&rule::SOURCE_UNREADABLE, at, ABSENT, FETCH),
            },
            Err(_) => self.find(&rule::SOURCE_UNREADABLE, at, ABSENT, FETCH),
        }
    }

    /// What a link leads to, as if it lay here: no link leads out, to something hidden, or around.
    fn link(&mut self, at: &str, real: &str, id: gix::ObjectId, depth: usize) {
        let refused = |walk: &mut Self, words: Word, help: Word| walk.find(&rule::SYMLINK_OUTSIDE, at, words, help);
        let (mut from, mut id) = (real.to_owned(), id);
        for _ in 0..LONGEST_CHAIN {
            let Ok(object) = self.root.repo.find_object(id) else {
                return self.find(&rule::SOURCE_UNREADABLE, at, ABSENT, FETCH);
            };
            let Some(target) = std::str::from_utf8(&object.data).ok().and_then(|target| joined(&from, target)) else {
                return refused(self, word!("is a link out of the project"), folder::COPY);
            };
            if target.split('/').any(|part| part.starts_with('.')) {
                return refused(self, word!("is a link to something hidden"), folder::COPY);
            }
            if at.starts_with(&format!("{target}/")) {
                return refused(self, folder::CIRCLE, folder::REMOVE);
            }
            let Ok(Some(entry)) = self.root.lookup_entry_by_path(&target) else {
                return refused(self, folder::NOWHERE, folder::REMOVE_OR_MAKE);
            };
            match entry.mode().kind() {
                EntryKind::Link => (from, id) = (target, entry.object_id()),
                EntryKind::Tree if at != real => return refused(self, folder::LINK_IN_LINK, folder::ONE_LINK),
                kind => return self.entry(at, &target, kind, entry.object_id(), depth + 1),
            }
        }
        refused(self, folder::CIRCLE, folder::REMOVE);
    }

    fn find(&mut self, rule: &'static rule::Rule, at: &str, words: impl Into<Phrase>, help: impl Into<Phrase>) {
        let path = path::normal(at);
        let message = phrase!("`{path}` {words}", path = path, words = words.into());
        self.findings.push(Finding::new(rule, Place::File(path.into()), message).help(help));
    }
}

const ABSENT: Word = word!("is not in the object store");
const FETCH: Word = word!(
    "fetch the whole history with its files: `git fetch --unshallow`, or `fetch-depth: 0` in the pipeline, in a clone made without `--filter`"
);

/// The path that a link at `from` leads to; none where that lies outside.
fn joined(from: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    if target.starts_with('/') {
        return None;
    }
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}
