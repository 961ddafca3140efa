//! Source files with their text, from a folder or from a Git revision: nothing downstream can tell which.
//!
//! `folder` walks a project, `revision` a commit of the repository around it, `intake` turns bytes into text (both for a folder and for a revision), `path` says which paths can be used. Findings
//! of this room name files by path, never by [`FileId`], so that files can still be added before the ids are given.

mod folder;
mod intake;
pub mod path;
mod revision;

use std::sync::Arc;

use super::pattern;
pub use folder::{FOLDERS, FolderError, FolderMemory, PROJECT_FILE, read_file};
pub use revision::{Base, Repository, RevisionError, Tag};

/// A file among the sources: an index into [`Sources`], in the order of their paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// What a source file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// UTF-8 text, without a byte order mark, with line feeds only.
    Text(Arc<str>),
    /// Bytes of an image or another attachment.
    Bytes(Arc<[u8]>),
}

/// One source file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Path in the project, with forward slashes, in Unicode NFC: `content/policies/pol-004.md`.
    pub path: Arc<str>,
    /// What it holds.
    pub content: Content,
}

impl SourceFile {
    /// The text; empty for a file of bytes.
    pub fn text(&self) -> &str {
        match &self.content {
            Content::Text(text) => text,
            Content::Bytes(_) => "",
        }
    }

    /// Whether it has the same path and content.
    pub fn is_same(&self, other: &SourceFile) -> bool {
        let same_content = match (&self.content, &other.content) {
            (Content::Text(one), Content::Text(other)) => Arc::ptr_eq(one, other) || one == other,
            (Content::Bytes(one), Content::Bytes(other)) => Arc::ptr_eq(one, other) || one == other,
            _ => false,
        };
        same_content && self.path == other.path
    }

    /// The bytes, of either kind.
    pub fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Text(text) => text.as_bytes(),
            Content::Bytes(bytes) => bytes,
        }
    }
}

/// What is read, and how much of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The largest source file, in bytes.
    pub file_bytes: u64,
    /// Files that are read beside those of [`FOLDERS`].
    pub selections: Vec<Selection>,
}

impl Default for Scope {
    /// 16 MiB a file, and only [`FOLDERS`].
    fn default() -> Self {
        Scope { file_bytes: 16 << 20, selections: Vec::new() }
    }
}

impl Scope {
    /// Whether a path lies where sources always do: what is read there needs no selection.
    fn is_usual(path: &str) -> bool {
        let top = path.split('/').next().unwrap_or_default();
        top == PROJECT_FILE || FOLDERS.contains(&top)
    }

    /// Whether a file is read beside those that always are.
    fn selects(&self, path: &str) -> bool {
        !Scope::is_usual(path) && self.selections.iter().any(|selection| selection.takes(path))
    }

    /// Whether a folder can hold such a file.
    pub fn leads(&self, folder: &str) -> bool {
        !Scope::is_usual(folder) && self.selections.iter().any(|selection| pattern::leads(&selection.files, folder))
    }
}

/// Files by a pattern of their paths, less some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The pattern, as [`pattern::fits_path`] reads it.
    pub files: Arc<str>,
    /// Patterns of files that are left out.
    pub except: Vec<Arc<str>>,
}

impl Selection {
    /// Whether a path is among the files.
    pub fn takes(&self, path: &str) -> bool {
        pattern::fits_path(&self.files, path) && !self.except.iter().any(|except| pattern::fits_path(except, path))
    }
}

/// All source files of a project, sorted by path.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Takes files in any order. Of two with the same path, the first stays.
    pub fn new(mut files: Vec<SourceFile>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        Sources { files }
    }

    /// Text files from pairs of path and text, taken as they are: for tests.
    pub fn from_texts(pairs: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| SourceFile { path: (*path).into(), content: Content::Text((*text).into()) };
        Sources::new(pairs.iter().map(file).collect())
    }

    /// These and other files: the built-in ones, below `annexa/`. Of two with the same path, the one that is here stays. Every
    /// [`FileId`] is given anew, so this comes before anything keeps one.
    pub fn with_files(self, files: Vec<SourceFile>) -> Self {
        let mut all = self.files;
        all.extend(files);
        Sources::new(all)
    }

    /// Whether these are the same files.
    pub fn is_same(&self, other: &Sources) -> bool {
        self.files.len() == other.files.len() && self.files.iter().zip(&other.files).all(|(one, other)| one.is_same(other))
    }

    /// Every file with its id, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0u32..).map(FileId).zip(&self.files)
    }

    /// The file of an id that these sources gave.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The file at a path.
    pub fn find(&self, path: &str) -> Option<FileId> {
        let index = self.files.binary_search_by(|file| file.path.as_ref().cmp(path)).ok()?;
        u32::try_from(index).ok().map(FileId)
    }
}

/// A file as it is read from bytes, for tests of other rooms.
#[cfg(test)]
pub(super) fn taken(path: &str, bytes: &[u8]) -> (SourceFile, Vec<crate::base::finding::Finding>) {
    intake::take(path.into(), bytes.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_files_are_added_and_never_displace_the_projects_own() {
        let project = Sources::from_texts(&[("content/b.md", "own"), ("annexa.yaml", "format: 1")]);
        let built_in = Sources::from_texts(&[("content/b.md", "other"), ("annexa/base.html", "<html>")]);
        let all = project.with_files(built_in.iter().map(|(_, file)| file.clone()).collect());
        let paths: Vec<&str> = all.iter().map(|(_, file)| file.path.as_ref()).collect();
        assert_eq!(paths, ["annexa.yaml", "annexa/base.html", "content/b.md"]);
        assert_eq!(all.find("content/b.md").map(|id| all.file(id).text()), Some("own"));
    }
}
