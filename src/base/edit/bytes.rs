//! Edits of a text as it was read, made to the bytes that it was read from.

use std::sync::Arc;

use super::{Edit, EditError};

const MARK: &[u8] = b"\xef\xbb\xbf";

/// Why edits cannot be made to a file's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// The bytes are not those that the text was read from.
    Changed,
    /// The bytes are no text.
    NotUtf8,
    /// Two edits name the same bytes, or the same place.
    Overlap,
    /// An edit reaches out of the text, or begins or ends within a character.
    Misplaced,
}

impl Refused {
    /// The error for a file.
    pub(super) fn of(self, path: &Arc<str>) -> EditError {
        let path = path.clone();
        match self {
            Refused::Changed => EditError::Changed { path },
            Refused::NotUtf8 => EditError::NotUtf8 { path },
            Refused::Overlap => EditError::Overlap { path },
            Refused::Misplaced => EditError::Misplaced { path },
        }
    }
}

/// The bytes after the edits, sorted, of `text`, which was read from `raw`. Line feeds that an edit brings become the file's usual line ends.
pub(super) fn apply(raw: &[u8], text: &str, edits: &[Edit]) -> Result<Vec<u8>, Refused> {
    if std::str::from_utf8(raw).is_err() {
        return Err(Refused::NotUtf8);
    }
    check(text, edits)?;
    let marked = if raw.starts_with(MARK) { MARK.len() } else { 0 };
    let mut reader = Reader { raw, at: marked, text: text.as_bytes(), read: 0 };
    let line_end = usual_line_end(raw);
    let mut out = Vec::with_capacity(raw.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>());
    out.extend_from_slice(&raw[..marked]);
    for edit in edits {
        out.extend_from_slice(reader.until(edit.start)?);
        reader.until(edit.end)?;
        out.extend_from_slice(edit.text.replace('\n', line_end).as_bytes());
    }
    out.extend_from_slice(reader.until(text.len())?);
    if reader.at == raw.len() { Ok(out) } else { Err(Refused::Changed) }
}

/// A text with the line ends of the file that `raw` was read from.
pub(super) fn with_line_ends_of(raw: &[u8], text: &str) -> Vec<u8> {
    text.replace('\n', usual_line_end(raw)).into_bytes()
}

fn check(text: &str, edits: &[Edit]) -> Result<(), Refused> {
    let good = |edit: &Edit| edit.start <= edit.end && text.is_char_boundary(edit.start) && text.is_char_boundary(edit.end);
    if !edits.iter().all(good) {
        return Err(Refused::Misplaced);
    }
    // Which of two texts at the same place comes first would be anyone's guess.
    let meet = |pair: &[Edit]| pair[1].start < pair[0].end || pair[1].start == pair[0].start;
    if edits.windows(2).any(meet) { Err(Refused::Overlap) } else { Ok(()) }
}

/// Reads bytes as `source` does, and compares them with what it made of them.
struct Reader<'a> {
    raw: &'a [u8],
    at: usize,
    text: &'a [u8],
    read: usize,
}

impl<'a> Reader<'a> {
    /// The bytes from here to an offset of the text. A line end of two bytes belongs whole to its line feed.
    fn until(&mut self, offset: usize) -> Result<&'a [u8], Refused> {
        let begun = self.at;
        while self.read < offset {
            let (byte, length) = match self.raw.get(self.at..).unwrap_or_default() {
                [b'\r', b'\n', ..] => (b'\n', 2),
                [b'\r', ..] => (b'\n', 1),
                [byte, ..] => (*byte, 1),
                [] => return Err(Refused::Changed),
            };
            if self.text.get(self.read) != Some(&byte) {
                return Err(Refused::Changed);
            }
            self.at += length;
            self.read += 1;
        }
        Ok(&self.raw[begun..self.at])
    }
}

/// The line end that stands in a file most often; a line feed where there is none.
fn usual_line_end(raw: &[u8]) -> &'static str {
    let pairs = raw.windows(2).filter(|pair| pair == b"\r\n").count();
    let feeds = raw.iter().filter(|byte| **byte == b'\n').count() - pairs;
    let returns = raw.iter().filter(|byte| **byte == b'\r').count() - pairs;
    if pairs > feeds && pairs >= returns {
        "\r\n"
    } else if returns > feeds {
        "\r"
    } else {
        "\n"
    }
}
