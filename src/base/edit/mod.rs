//! Span edits back into a user's files: every byte that no edit names stays, comments, formatting, line ends and a byte order mark among them.
//!
//! Spans are of the text as it was read, which has line feeds only (see [`source`](super::source)). `bytes` finds what stands there on disk;
//! `disk` writes a set of files, all of them or none.

mod bytes;
mod disk;
mod error;
mod preview;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::finding::Span;
use super::source::{Content, FileId, SourceFile, Sources};

pub use error::EditError;
pub use preview::Hunk;

/// A set of edits to files of a project, and of files to add to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    changed: BTreeMap<FileId, Vec<Edit>>,
    added: BTreeMap<Arc<str>, Added>,
}

/// A range of a file's text and what is to stand in its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Edit {
    start: usize,
    end: usize,
    text: String,
}

/// A file that is not there yet.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Added {
    text: String,
    /// The file whose line ends it takes; none where its bytes are signed or counted, so that it has line feeds.
    like: Option<FileId>,
}

impl Edits {
    /// Puts `text`, with line feeds only, in place of what stands in `span`. The same edit made twice counts once.
    pub fn replace(&mut self, span: Span, text: impl Into<String>) {
        let Range { start, end } = span.range();
        let edit = Edit { start, end, text: text.into() };
        let edits = self.changed.entry(span.file).or_default();
        if let Err(place) = edits.binary_search(&edit) {
            edits.insert(place, edit);
        }
    }

    /// Adds a file of `text` at a path of the project, with the line ends of the file `like`. The path's folder must be there.
    pub fn add(&mut self, path: impl Into<Arc<str>>, text: impl Into<String>, like: FileId) {
        self.added.insert(path.into(), Added { text: text.into(), like: Some(like) });
    }

    /// Adds a file of exactly these bytes at a path of the project. The path's folder must be there.
    pub fn add_exact(&mut self, path: impl Into<Arc<str>>, text: impl Into<String>) {
        self.added.insert(path.into(), Added { text: text.into(), like: None });
    }

    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.added.is_empty()
    }

    /// The paths of the files that are changed or added, sorted.
    pub fn paths(&self, sources: &Sources) -> Vec<Arc<str>> {
        let changed = self.changed.keys().map(|file| sources.file(*file).path.clone());
        let mut paths: Vec<Arc<str>> = changed.chain(self.added.keys().cloned()).collect();
        paths.sort();
        paths
    }

    /// What stands in `range` of a file once the edits within it are made. Those that reach out of it are left out.
    pub fn within(&self, sources: &Sources, file: FileId, range: Range<usize>) -> String {
        let text = sources.file(file).text();
        let mut out = String::with_capacity(range.len());
        let mut at = range.start;
        let edits = self.changed.get(&file).into_iter().flatten();
        for edit in edits.filter(|edit| range.start <= edit.start && edit.end <= range.end) {
            out.push_str(text.get(at..edit.start).unwrap_or_default());
            out.push_str(&edit.text);
            at = edit.end;
        }
        out.push_str(text.get(at..range.end).unwrap_or_default());
        out
    }

    /// Takes the edits that lie within a range out of the set: what stands there goes elsewhere as a whole.
    pub fn forget(&mut self, file: FileId, range: Range<usize>) {
        if let Some(edits) = self.changed.get_mut(&file) {
            edits.retain(|edit| edit.start < range.start || edit.end > range.end);
        }
    }

    /// The sources as they would be read after the edits.
    pub fn applied(&self, sources: &Sources) -> Result<Sources, EditError> {
        let mut files = Vec::new();
        for (id, file) in sources.iter() {
            let Some(edits) = self.changed.get(&id) else {
                files.push(file.clone());
                continue;
            };
            let text = bytes::apply(file.text().as_bytes(), file.text(), edits).map_err(|refused| refused.of(&file.path))?;
            // Edits stand on the bounds of characters, so that what they make of a text is a text.
            let text = String::from_utf8(text).map_err(|_| EditError::Misplaced { path: file.path.clone() })?;
            files.push(SourceFile { path: file.path.clone(), content: Content::Text(text.into()) });
        }
        for (path, added) in &self.added {
            if sources.find(path).is_some() {
                return Err(EditError::Exists { path: path.clone() });
            }
            files.push(SourceFile { path: path.clone(), content: Content::Text(added.text.as_str().into()) });
        }
        Ok(Sources::new(files))
    }
}

#[cfg(test)]
mod tests;
