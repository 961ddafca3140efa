//! Tables: what GFM does with a pipe that was not meant to end a cell.

use std::ops::Range;

use super::build::Builder;
use super::frame::{Frame, Kind};
use super::report::excerpt;
use crate::base::rule;
use crate::base::word::phrase;

/// How far a reference can reach, in bytes.
const REACH: usize = 400;

/// If the `[[` at `at` in the cell `cell` is closed only beyond the pipe that ends the cell: where it is closed.
pub(super) fn split_reference(source: &str, at: usize, cell: Range<usize>) -> Option<usize> {
    let bytes = source.as_bytes();
    let reach = &bytes[at..bytes.len().min(at + REACH)];
    let line = reach.iter().position(|&b| b == b'\n').map_or(reach, |end| &reach[..end]);
    let close = at + line.windows(2).position(|pair| pair == b"]]")?;
    (close >= cell.end && bytes.get(cell.end) == Some(&b'|')).then_some(close + 2)
}

/// Whether the line after the one that ends behind `at` is the line of a table that tells its columns.
fn is_before_delimiters(source: &str, at: usize) -> bool {
    let bytes = source.as_bytes();
    let reach = &bytes[at..bytes.len().min(at + REACH)];
    let Some(end) = reach.iter().position(|&b| b == b'\n') else { return false };
    let next = bytes[at + end + 1..].split(|&b| b == b'\n').next().unwrap_or_default();
    let line = &next[..next.len().min(REACH)];
    line.iter().all(|b| matches!(b, b'|' | b'-' | b':' | b' ' | b'\t' | b'>')) && line.contains(&b'|') && line.contains(&b'-')
}

impl Builder<'_, '_> {
    /// A reference with a bare pipe in the head of a table makes one column too many, and then GFM sees no table at all.
    pub(super) fn check_head(&mut self, link: Range<usize>) {
        if self.cell.is_none() && !self.text[link.clone()].contains("\\|") && is_before_delimiters(self.text, link.end) {
            let finding = self.report.at(&rule::PIPE_IN_TABLE, link, phrase!("a bare pipe in a reference keeps this from being a table"));
            self.report.add(finding.help(phrase!("in a table, write `\\|` for a pipe that does not end the cell")));
        }
    }

    /// Notes that the row that is read has a split reference, which is why it may have too many cells.
    pub(super) fn split_row(&mut self) {
        if let Some(Frame { kind: Kind::Row { split, .. }, .. }) = self.frames.iter_mut().rev().find(|f| matches!(f.kind, Kind::Row { .. }))
        {
            *split = true;
        }
    }

    /// Says so if a row has more cells than the head: GFM drops them without a word.
    pub(super) fn check_surplus(&mut self, row: Range<usize>, last_cell: usize) {
        let Some(surplus) = self.text.get(last_cell..row.end) else { return };
        let words = surplus.trim_matches(|c: char| c.is_whitespace() || c == '|');
        if !words.is_empty() {
            let start = last_cell + (surplus.len() - surplus.trim_start_matches(|c: char| c.is_whitespace() || c == '|').len());
            let message = phrase!("the row has more cells than the table's head, and `{words}` is left out", words = excerpt(words));
            let finding = self.report.at(&rule::PIPE_IN_TABLE, start..start + words.len(), message);
            self.report.add(finding.help(phrase!("in a table, write `\\|` for a pipe that does not end the cell")));
        }
    }
}
