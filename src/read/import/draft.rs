//! A catalogue in the making: what every foreign format is brought to, and the checks that all of them need.

use std::collections::BTreeMap;

use super::prose;
use super::report::Report;
use crate::base::id::{EditionId, Reference, canonical_control};
use crate::base::rule;
use crate::base::word::{Phrase, Word, phrase, word};

/// Longest title, in characters: longer ones are a text in the wrong column.
const LONGEST_TITLE: usize = 400;
/// Longest text of a control, in bytes.
const LONGEST_TEXT: usize = 100_000;

/// A catalogue before it is written.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) title: String,
    pub(super) publisher: Option<String>,
    pub(super) published: Option<String>,
    pub(super) source: String,
    pub(super) groups: Vec<Group>,
    pub(super) controls: Vec<Control>,
}

/// A heading.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) parent: Option<String>,
}

/// A control.
#[derive(Debug, Default)]
pub(super) struct Control {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) group: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) parent: Option<String>,
    pub(super) withdrawn: bool,
    pub(super) into: Vec<String>,
    pub(super) baselines: Vec<String>,
    /// Markdown.
    pub(super) text: Option<String>,
    /// Markdown.
    pub(super) guidance: Option<String>,
    /// Where it stands in the file.
    pub(super) place: Phrase,
}

impl Draft {
    /// Checks what any catalogue must be: controls with identifiers that can be told apart, and titles.
    pub(super) fn check(&self, edition: &EditionId, report: &mut Report<'_>) {
        let mut seen: BTreeMap<String, &Control> = BTreeMap::new();
        for control in &self.controls {
            let id = &control.id;
            if Reference::parse(&format!("{edition}:{id}")).is_none() || canonical_control(id) != *id {
                let message = phrase!("`{id}` cannot be an identifier", id = shown(id));
                let help = phrase!("an identifier has up to 40 characters, without spaces");
                report.at(&rule::INVALID_VALUE, &control.place, message, help);
            }
            if let Some(first) = seen.insert(id.to_lowercase(), control) {
                let message = if first.id == *id {
                    phrase!("`{id}` stands twice, first at `{place}`", id = shown(id), place = first.place)
                } else {
                    phrase!(
                        "`{id}` and `{other}` at `{place}` differ only in case",
                        id = shown(id),
                        other = shown(&first.id),
                        place = first.place
                    )
                };
                let help = phrase!("keep one of the two, or give one an identifier of its own");
                report.at(&rule::DUPLICATE_ID, &control.place, message, help);
            }
            if control.title.is_empty() {
                let message = phrase!("`{id}` has no title", id = shown(id));
                report.at(&rule::MISSING_KEY, &control.place, message, phrase!("write a short title"));
            }
            if control.title.chars().count() > LONGEST_TITLE {
                let message = phrase!("the title of `{id}` has more than {n} characters", id = shown(id), n = LONGEST_TITLE);
                let help = phrase!("a title is short; the full text belongs in a column of its own");
                report.at(&rule::INVALID_VALUE, &control.place, message, help);
            }
            if [&control.text, &control.guidance].into_iter().flatten().any(|text| text.len() > LONGEST_TEXT) {
                let message = phrase!("the text of `{id}` is longer than {n} bytes", id = shown(id), n = LONGEST_TEXT);
                report.at(&rule::INVALID_VALUE, &control.place, message, phrase!("shorten it"));
            }
        }
        if self.controls.is_empty() && !report.has_errors() {
            report.file(&rule::IMPORT_UNREADABLE, phrase!("there is no control in this file"), ANOTHER_FILE);
        }
    }
}

/// What to do about a file in which nothing is found that was looked for.
pub(super) const ANOTHER_FILE: Word = word!("check that it is the file that you meant");

/// A value as a message shows it.
pub(super) fn shown(text: &str) -> String {
    let line = prose::one_line(text);
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
