//! Source files with their text, from a folder now and from a Git revision later: nothing downstream can tell which.

use std::sync::Arc;

/// A file among the sources: an index into [`Sources`], in the order of their paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// What a source file holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// UTF-8 text, without a byte order mark, with line feeds only.
    Text(Arc<str>),
    /// Bytes of an image or another attachment.
    Bytes(Arc<[u8]>),
}

/// One source file.
#[derive(Clone, Debug)]
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

    /// The bytes, of either kind.
    pub fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Text(text) => text.as_bytes(),
            Content::Bytes(bytes) => bytes,
        }
    }
}

/// All source files of a project, sorted by path.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Takes files in any order.
    pub fn new(mut files: Vec<SourceFile>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        Sources { files }
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
