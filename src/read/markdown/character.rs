//! Characters that a text must not hold: they cannot be seen, cannot be printed, or make a line read otherwise than it is written.

use std::borrow::Cow;
use std::sync::Arc;

use super::report::Report;
use crate::base::finding::{Finding, Span};
use crate::base::rule;
use crate::base::word::{Phrase, phrase};

/// C0 but tab and line feed, DEL, C1, line and paragraph separators, bidirectional embeddings, overrides and isolates, noncharacters.
pub fn is_unwanted(c: char) -> bool {
    match c {
        '\t' | '\n' => false,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        '\u{2028}'..='\u{202e}' => !matches!(c, '\u{202f}'),
        '\u{2066}'..='\u{2069}' | '\u{fdd0}'..='\u{fdef}' => true,
        _ => u32::from(c) & 0xfffe == 0xfffe,
    }
}

/// Whether a byte may begin an unwanted character.
const fn is_suspect(byte: u8) -> bool {
    (byte < 0x20) & (byte != b'\t') & (byte != b'\n') | (byte == 0x7f) | (byte == 0xc2) | (byte == 0xe2) | (byte == 0xef) | (byte >= 0xf0)
}

/// The first byte from `from` on that may begin an unwanted character.
fn next_suspect(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    // Without a branch for each byte, many are compared at once.
    for chunk in text.as_bytes()[from..].chunks(64) {
        if chunk.iter().fold(false, |found, &byte| found | is_suspect(byte)) {
            return chunk.iter().position(|&byte| is_suspect(byte)).map(|within| at + within);
        }
        at += chunk.len();
    }
    None
}

/// Reports each run of unwanted characters, and says whether there is any.
pub(super) fn scan(text: &str, report: &mut Report<'_>) -> bool {
    let mut found = false;
    let mut from = 0;
    while let Some(at) = next_suspect(text, from) {
        let run: &str = &text[at..];
        let length = run.find(|c| !is_unwanted(c)).unwrap_or(run.len());
        if length > 0 {
            found = true;
            report_run(&run[..length], at, report);
        }
        from = at + length.max(1);
    }
    found
}

fn report_run(run: &str, at: usize, report: &mut Report<'_>) {
    let message = message(run);
    report.add(report.at(&rule::CONTROL_CHARACTER, at..at + run.len(), message).label(phrase!("left out")));
}

/// What is wrong with a text that holds unwanted characters.
pub(super) fn message(run: &str) -> Phrase {
    let count = run.chars().filter(|&c| is_unwanted(c)).count();
    let first = run.chars().find(|&c| is_unwanted(c)).map_or(0, u32::from);
    let first = format!("U+{first:04X}");
    match count {
        0 | 1 => phrase!("the text holds the control character {code}", code = first),
        _ => phrase!("the text holds {n} control characters, the first is {code}", n = count, code = first),
    }
}

/// Whether a text holds unwanted characters.
pub(super) fn has_unwanted(text: &str) -> bool {
    next_suspect(text, 0).is_some() && text.contains(is_unwanted)
}

/// The text without unwanted characters.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if has_unwanted(text) { Cow::Owned(text.chars().filter(|&c| !is_unwanted(c)).collect()) } else { Cow::Borrowed(text) }
}

/// A value without markup, less its unwanted characters, which are reported.
pub fn clean_value(text: &Arc<str>, span: Span, findings: &mut Vec<Finding>) -> Arc<str> {
    if !text.contains(is_unwanted) {
        return text.clone();
    }
    findings.push(Finding::new(&rule::CONTROL_CHARACTER, span, message(text)).label(phrase!("left out")));
    clean(text).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_or_turns_a_line_round_is_unwanted() {
        for c in ['\0', '\r', '\u{1b}', '\u{7f}', '\u{85}', '\u{2028}', '\u{202e}', '\u{2066}', '\u{fdd0}', '\u{ffff}', '\u{10fffe}'] {
            assert!(is_unwanted(c), "{c:?}");
            let mut buffer = [0; 4];
            assert!(is_suspect(c.encode_utf8(&mut buffer).as_bytes()[0]), "{c:?}");
        }
    }

    #[test]
    fn what_writing_needs_stays() {
        for c in ['\t', '\n', ' ', '\u{a0}', '\u{ad}', '\u{200d}', '\u{200f}', '\u{202f}', '“', '\u{fffd}', '𝄞'] {
            assert!(!is_unwanted(c), "{c:?}");
        }
    }
}
