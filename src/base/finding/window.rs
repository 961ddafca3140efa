//! The part of a text that a terminal shows for some ranges in it: whole lines, long ones cut around the ranges, and nothing in them that
//! a terminal would obey.

use std::borrow::Cow;
use std::ops::Range;

use super::lines::Lines;
use crate::base::source::path::is_hidden_control;

/// A line of more bytes than this is cut.
const LONG_LINE: usize = 400;
/// How many bytes of a long line are shown before and after what is marked, and how many of a long mark.
const AROUND: usize = 80;
const MARKED: usize = 240;
/// A range over more lines than this is marked on its first line only.
pub(super) const MANY_LINES: usize = 40;

/// Lines of a text, ready to be shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// The number of its first line, from 1.
    pub(super) line: usize,
    /// Its lines.
    pub(super) text: String,
    /// The ranges, as offsets into `text`.
    pub(super) ranges: Vec<Range<usize>>,
    /// Whether a line was cut, so that columns in `text` are not those of the source.
    pub(super) cut: bool,
}

/// What of a range is marked: without the white space and line ends at its end, within the text, on character boundaries, and not over too many
/// lines; with the last line of the range (from 1) where it goes on beyond what is marked.
pub(super) fn marked(text: &str, lines: &Lines, range: Range<usize>) -> (Range<usize>, Option<usize>) {
    let start = text.floor_char_boundary(range.start);
    let end = text.floor_char_boundary(range.end).max(start);
    let end = start + text[start..end].trim_end().len();
    let (first, last) = (lines.line(start), lines.line(end));
    if last - first < MANY_LINES {
        return (start..end, None);
    }
    let line_end = lines.range(text, first).end;
    let end = start + text[start..line_end.max(start)].trim_end().len();
    (start..end, Some(last + 1))
}

/// Whether a line would be cut.
pub(super) fn is_long(text: &str, lines: &Lines, offset: usize) -> bool {
    lines.range(text, lines.line(offset)).len() > LONG_LINE
}

/// A window on ranges that [`marked`] gave, all of them near each other. The first is the one that matters most.
pub(super) fn open(text: &str, lines: &Lines, ranges: &[Range<usize>]) -> Window {
    let first = ranges.iter().map(|range| lines.line(range.start)).min().unwrap_or_default();
    let last = ranges.iter().map(|range| lines.line(range.end)).max().unwrap_or_default();
    let mut window = Window { line: first + 1, text: String::new(), ranges: vec![0..0; ranges.len()], cut: false };
    for line in first..=last {
        if line > first {
            window.text.push('\n');
        }
        let whole = lines.range(text, line);
        let shown = cut(text, whole.clone(), ranges);
        if shown.start > whole.start {
            window.text.push('…');
        }
        window.cut |= shown != whole;
        let place = |offset: usize| plain(&text[shown.start..offset.clamp(shown.start, shown.end)]).len() + window.text.len();
        for (from, to) in ranges.iter().zip(&mut window.ranges) {
            if lines.line(from.start) == line {
                to.start = place(from.start);
            }
            if lines.line(from.end) == line {
                to.end = place(from.end);
            }
        }
        window.text.push_str(&plain(&text[shown.clone()]));
        if shown.end < whole.end {
            window.text.push('…');
        }
    }
    window
}

/// What of a line is shown.
fn cut(text: &str, line: Range<usize>, ranges: &[Range<usize>]) -> Range<usize> {
    if line.len() <= LONG_LINE {
        return line;
    }
    let touching =
        ranges.iter().find(|range| range.start <= line.end && range.end >= line.start).cloned().unwrap_or(line.start..line.start);
    let from = touching.start.max(line.start);
    let to = touching.end.min(line.end).clamp(from, from + MARKED);
    let start = text.floor_char_boundary(from.saturating_sub(AROUND)).max(line.start);
    let end = text.ceil_char_boundary(to + AROUND).min(line.end);
    start..end
}

/// Text that a terminal only shows: control characters as their pictures, other characters that hide or turn text around as U+FFFD. Tabs and line
/// feeds stay.
pub fn plain(text: &str) -> Cow<'_, str> {
    let obeyed = |c: char| c != '\t' && c != '\n' && is_hidden_control(c);
    if !text.contains(obeyed) {
        return Cow::Borrowed(text);
    }
    let shown = |c: char| match c {
        '\0'..='\x1f' if obeyed(c) => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        _ if obeyed(c) => '\u{fffd}',
        _ => c,
    };
    Cow::Owned(text.chars().map(shown).collect())
}
