//! How far a canonical text differs from the one that was approved: words inserted and deleted, and where.

use imara_diff::{Algorithm, Diff, InternedInput};

use crate::link::approval::Change;
use crate::read::approval::formats::{DOCUMENT, RELEASE, SOA, TREATMENTS};

/// What stands in a text, one after the other: the beginning of each line, and its words.
struct Tokens<'a> {
    all: Vec<&'a str>,
    /// For each, the place that it belongs to, as an index into `places`; none for the beginning of a line, which is no word.
    of: Vec<(usize, bool)>,
    places: Vec<String>,
}

/// The difference of two canonical texts; none where they are equal.
pub(super) fn compare(before: &str, after: &str) -> Option<Change> {
    if before == after {
        return None;
    }
    let (before, after) = (tokens(before), tokens(after));
    let mut input = InternedInput::default();
    input.update_before(before.all.iter().copied());
    input.update_after(after.all.iter().copied());
    let diff = Diff::compute(Algorithm::Histogram, &input);
    let (mut deleted, mut inserted, mut places) = (0, 0, Vec::new());
    let mut note = |tokens: &Tokens<'_>, at: u32, count: &mut usize| {
        let Some((place, is_word)) = tokens.of.get(at as usize) else { return };
        *count += usize::from(*is_word);
        let place = &tokens.places[*place];
        if !places.contains(place) {
            places.push(place.clone());
        }
    };
    for hunk in diff.hunks() {
        hunk.before.for_each(|at| note(&before, at, &mut deleted));
        hunk.after.for_each(|at| note(&after, at, &mut inserted));
    }
    Some(Change { inserted, deleted, places })
}

fn tokens(text: &str) -> Tokens<'_> {
    let mut tokens = Tokens { all: Vec::new(), of: Vec::new(), places: vec![String::new()] };
    let format = text.lines().next().unwrap_or_default();
    let mut in_body = false;
    for line in text.lines().skip(1) {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let (keyword, words) = line[indent..].split_once(' ').unwrap_or((&line[indent..], ""));
        let place = match (format, indent, keyword) {
            (DOCUMENT, 0, "heading") => Some(words.split_once(' ').map_or("", |(_, words)| words)),
            (DOCUMENT, 0, "footnote") => Some("footnote"),
            (DOCUMENT, 0, "body") => {
                in_body = true;
                Some("")
            }
            (DOCUMENT, 0, keyword) if !in_body => Some(keyword),
            (SOA, 0, "control") | (TREATMENTS, 0, "risk") => Some(words),
            (RELEASE, 0, "file") => Some(words.split_once(' ').map_or("", |(_, path)| path)),
            (SOA | TREATMENTS | RELEASE, 0, keyword) => Some(keyword),
            _ => None,
        };
        if let Some(place) = place {
            tokens.places.push(plain(place));
        }
        let place = tokens.places.len() - 1;
        // The spaces before a keyword make it differ from the same word in a text.
        tokens.all.push(&line[..indent + keyword.len()]);
        tokens.of.push((place, false));
        for word in words.split(' ').filter(|word| !word.is_empty()) {
            tokens.all.push(word);
            tokens.of.push((place, true));
        }
    }
    tokens
}

/// Words without the marks of a canonical text.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => out.extend(rest.next()),
            '{' | '}' => {}
            '|' => out.push(' '),
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(before: &str, after: &str) -> Option<(usize, usize, Vec<String>)> {
        let text = |text: &str| format!("annexa-document-1\ntitle Title\nbody\n{text}");
        compare(&text(before), &text(after)).map(|change| (change.inserted, change.deleted, change.places))
    }

    #[test]
    fn words_are_counted_and_their_sections_named() {
        assert_eq!(change("paragraph One two.\n", "paragraph One two.\n"), None);
        let before = "paragraph Opening.\nheading 2 Leavers\nparagraph Access ends within 24 hours.\n";
        let after = "paragraph Opening.\nheading 2 Leavers\nparagraph Access ends within 8 working hours.\n";
        assert_eq!(change(before, after), Some((2, 1, vec!["Leavers".into()])));
        assert_eq!(change("paragraph One.\n", "paragraph One.\nparagraph Two three.\n"), Some((2, 0, vec![String::new()])));
    }

    #[test]
    fn a_change_of_structure_alone_changes_no_word() {
        assert_eq!(change("paragraph One.\n", "quote\n  paragraph One.\n"), Some((0, 0, vec![String::new()])));
    }

    #[test]
    fn a_changed_key_of_the_front_matter_is_named() {
        let text = |owner: &str| format!("annexa-document-1\nowner {owner}\nbody\n");
        let change = compare(&text("ciso"), &text("cto")).map(|change| change.places);
        assert_eq!(change, Some(vec!["owner".to_owned()]));
    }
}
