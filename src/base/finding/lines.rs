//! Lines and columns of byte offsets. Each file is scanned once, however many findings it has.

use std::collections::BTreeMap;

use crate::base::source::{FileId, Sources};

/// A place as people and editors count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters (Unicode scalar values).
    pub column: usize,
}

/// The lines of one text.
#[derive(Debug)]
pub(super) struct Lines {
    /// Offset of the first byte of each line.
    starts: Vec<usize>,
    /// How many characters begin before each [`STRIDE`]th byte, so that a column far into a long line need not be counted from its beginning.
    chars: Vec<usize>,
}

const STRIDE: usize = 1024;

impl Lines {
    fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let starts = std::iter::once(0).chain(bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1)).collect();
        let mut before = 0;
        let chars = bytes
            .chunks(STRIDE)
            .map(|chunk| {
                let at_chunk = before;
                before += begun(chunk);
                at_chunk
            })
            .collect();
        Lines { starts, chars }
    }

    /// The line of an offset, from 0.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The bytes of a line, from 0, without its line feed.
    pub(super) fn range(&self, text: &str, line: usize) -> std::ops::Range<usize> {
        let start = self.starts.get(line).copied().unwrap_or(text.len());
        let end = self.starts.get(line + 1).map_or(text.len(), |next| next - 1);
        start..end.max(start)
    }

    fn position(&self, text: &str, offset: usize) -> Position {
        let offset = text.floor_char_boundary(offset);
        let line = self.line(offset);
        let start = self.starts.get(line).copied().unwrap_or_default();
        Position { line: line + 1, column: self.chars_before(text, offset) - self.chars_before(text, start) + 1 }
    }

    fn chars_before(&self, text: &str, offset: usize) -> usize {
        let chunk = offset / STRIDE;
        match self.chars.get(chunk) {
            Some(before) => before + begun(&text.as_bytes()[chunk * STRIDE..offset]),
            // The end of a text that fills its last chunk.
            None => self.chars.last().map_or(0, |before| before + begun(&text.as_bytes()[(chunk - 1) * STRIDE..offset])),
        }
    }
}

/// How many characters begin in these bytes of UTF-8.
fn begun(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

/// The lines of the files that were asked for.
#[derive(Debug)]
pub struct LineIndex<'a> {
    sources: &'a Sources,
    files: BTreeMap<FileId, Lines>,
}

impl<'a> LineIndex<'a> {
    /// An index that has scanned nothing yet.
    pub fn new(sources: &'a Sources) -> Self {
        LineIndex { sources, files: BTreeMap::new() }
    }

    /// Line and column of an offset; one past the end is the end.
    pub fn position(&mut self, file: FileId, offset: usize) -> Position {
        let (text, lines) = self.lines(file);
        lines.position(text, offset)
    }

    pub(super) fn lines(&mut self, file: FileId) -> (&'a str, &Lines) {
        let text = self.sources.file(file).text();
        (text, self.files.entry(file).or_insert_with(|| Lines::new(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn position(text: &str, offset: usize) -> (usize, usize) {
        let at = Lines::new(text).position(text, offset);
        (at.line, at.column)
    }

    #[test]
    fn lines_and_columns_count_from_one_in_characters() {
        assert_eq!(position("", 0), (1, 1));
        assert_eq!(position("añb\nc", 3), (1, 3));
        assert_eq!(position("añb\nc", 4), (1, 4), "the line feed belongs to its line");
        assert_eq!(position("añb\nc", 5), (2, 1));
        assert_eq!(position("a\n", 2), (2, 1), "the end of a file that ends in a line feed");
        assert_eq!(position("a", 99), (1, 2));
        assert_eq!(position("añ", 2), (1, 2), "within a character is at its beginning");
    }

    proptest! {
        #[test]
        fn columns_agree_with_counting(text in "(a|é|日|\n|b{300}){0,40}", offset in 0usize..6000) {
            let offset = text.floor_char_boundary(offset);
            let before = &text[..offset];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            prop_assert_eq!(position(&text, offset), (line, column));
        }
    }
}
