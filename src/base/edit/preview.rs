//! What edits change, line by line, for people.

use std::ops::Range;
use std::sync::Arc;

use super::{Edit, Edits};
use crate::base::source::{FileId, Sources};

/// Lines of a file that give way to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// The file's path.
    pub path: Arc<str>,
    /// The number of the first line, from 1, in the file as it is.
    pub line: usize,
    /// Lines that go, without their ends.
    pub old: Vec<String>,
    /// Lines that come.
    pub new: Vec<String>,
}

impl Edits {
    /// The lines that change, by path and place. Of an added file all lines come.
    pub fn hunks(&self, sources: &Sources) -> Vec<Hunk> {
        let mut hunks: Vec<Hunk> = Vec::new();
        for (file, edits) in &self.changed {
            hunks.extend(whole_lines(sources.file(*file).text(), edits).into_iter().filter_map(|range| self.hunk(sources, *file, range)));
        }
        for (path, added) in &self.added {
            let new = added.text.lines().map(str::to_owned).collect();
            hunks.push(Hunk { path: path.clone(), line: 1, old: Vec::new(), new });
        }
        hunks.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
        hunks
    }

    fn hunk(&self, sources: &Sources, file: FileId, range: Range<usize>) -> Option<Hunk> {
        let source = sources.file(file);
        let first = source.text()[..range.start].matches('\n').count() + 1;
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let (mut old, mut new) = (lines(&source.text()[range.clone()]), lines(&self.within(sources, file, range)));
        let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
        old.drain(..head);
        new.drain(..head);
        let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
        old.truncate(old.len() - tail);
        new.truncate(new.len() - tail);
        (old != new).then(|| Hunk { path: source.path.clone(), line: first + head, old, new })
    }
}

/// The lines that edits touch, those that touch the same ones together.
fn whole_lines(text: &str, edits: &[Edit]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for edit in edits {
        let start = text[..edit.start].rfind('\n').map_or(0, |feed| feed + 1);
        let at_line_start = edit.end > edit.start && text[..edit.end].ends_with('\n');
        let end = if at_line_start { edit.end } else { text[edit.end..].find('\n').map_or(text.len(), |feed| edit.end + feed + 1) };
        match ranges.last_mut() {
            Some(last) if start < last.end => last.end = last.end.max(end),
            _ => ranges.push(start..end),
        }
    }
    ranges
}
