//! A guard before the parser: pulldown-cmark walks all open containers on every line, so a line that opens very many of them makes all lines
//! after it slow. What stands behind too many markers would be left out of the tree anyway, so it is taken out before.

use std::borrow::Cow;

use super::report::Report;
use crate::base::rule;
use crate::base::word::phrase;

/// How many container markers a line can begin with, or how many times four columns of white space.
const MOST: usize = 256;

/// The text, of the same length and with the same line ends, with what stands too deep written over.
pub(super) fn limit<'a>(text: &'a str, report: &mut Report<'_>) -> Cow<'a, str> {
    let mut bytes: Option<Vec<u8>> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.len() > MOST
            && let Some(at) = too_deep(line.as_bytes())
        {
            report.add(
                report
                    .at(&rule::TOO_DEEP, start + at..start + at + 1, phrase!("the line begins with too many markers"))
                    .label(phrase!("left out from here")),
            );
            let bytes = bytes.get_or_insert_with(|| text.as_bytes().to_vec());
            bytes[start + at..start + line.len()].iter_mut().filter(|b| b.is_ascii() && **b != b'\n').for_each(|b| *b = b'x');
        }
        start += line.len();
    }
    // Only ASCII was written over ASCII, so this cannot fail; if it did, the text as it is would be read, slowly.
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Where in a line the markers become too many.
fn too_deep(line: &[u8]) -> Option<usize> {
    let (mut at, mut quarters) = (0, 0);
    while quarters <= 4 * MOST {
        let rest = &line[at..];
        let (length, weight) = match rest.first()? {
            b' ' => (1, 1),
            b'\t' => (1, 4),
            b'>' => (1, 4),
            b'-' | b'+' | b'*' | b':' if ends_marker(rest.get(1)) => (1, 4),
            b'0'..=b'9' => {
                let digits = rest.iter().take_while(|b| b.is_ascii_digit()).take(10).count();
                if !matches!(rest.get(digits), Some(b'.' | b')')) || !ends_marker(rest.get(digits + 1)) {
                    return None;
                }
                (digits + 1, 4)
            }
            b'[' if rest.get(1) == Some(&b'^') => {
                let label = rest[2..].iter().take_while(|b| !matches!(b, b'[' | b']' | b'\n')).count();
                if !rest[2 + label..].starts_with(b"]:") {
                    return None;
                }
                (label + 4, 4)
            }
            _ => return None,
        };
        at += length;
        quarters += weight;
    }
    (at < line.len()).then_some(at)
}

fn ends_marker(byte: Option<&u8>) -> bool {
    matches!(byte, None | Some(b' ' | b'\t' | b'\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_count_and_words_do_not() {
        for marker in [">", "> ", "- ", "1. ", ": ", "[^a]: ", "\t", "> - [^a]:"] {
            assert!(too_deep(format!("{}x\n", marker.repeat(600)).as_bytes()).is_some(), "{marker}");
            assert_eq!(too_deep(format!("{}x\n", marker.repeat(20)).as_bytes()), None, "{marker}");
        }
        for words in ["---", "**", "a > ", "[a] ", "1.1.1.1"] {
            assert_eq!(too_deep(format!("{}\n", words.repeat(600)).as_bytes()), None, "{words}");
        }
    }
}
