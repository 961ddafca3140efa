//! A catalogue in the making: what every foreign format is brought to, and the checks that all of them need.

use std::collections::BTreeMap;

use super::prose;
use super::report::Report;
use crate::base::id::{EditionId, Reference, canonical_control};
use crate::base::rule;

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
    pub(super) place: String,
}

impl Draft {
    /// Checks what any catalogue must be: controls with identifiers that can be told apart, and titles.
    pub(super) fn check(&self, edition: &EditionId, report: &mut Report<'_>) {
        let mut seen: BTreeMap<String, &Control> = BTreeMap::new();
        for control in &self.controls {
            let id = &control.id;
            if Reference::parse(&format!("{edition}:{id}")).is_none() || canonical_control(id) != *id {
                report.at(
                    &rule::INVALID_VALUE,
                    &control.place,
                    format!("`{}` cannot be an identifier", shown(id)),
                    "an identifier has up to 40 characters, without spaces",
                );
            }
            if let Some(first) = seen.insert(id.to_lowercase(), control) {
                let message = if first.id == *id {
                    format!("`{}` stands twice, first at `{}`", shown(id), first.place)
                } else {
                    format!("`{}` and `{}` at `{}` differ only in case", shown(id), shown(&first.id), first.place)
                };
                report.at(&rule::DUPLICATE_ID, &control.place, message, "keep one of the two, or give one an identifier of its own");
            }
            if control.title.is_empty() {
                report.at(&rule::MISSING_KEY, &control.place, format!("`{}` has no title", shown(id)), "write a short title");
            }
            if control.title.chars().count() > LONGEST_TITLE {
                let message = format!("the title of `{}` has more than {LONGEST_TITLE} characters", shown(id));
                report.at(&rule::INVALID_VALUE, &control.place, message, "a title is short; the full text belongs in a column of its own");
            }
            if [&control.text, &control.guidance].into_iter().flatten().any(|text| text.len() > LONGEST_TEXT) {
                let message = format!("the text of `{}` is longer than {LONGEST_TEXT} bytes", shown(id));
                report.at(&rule::INVALID_VALUE, &control.place, message, "shorten it");
            }
        }
        if self.controls.is_empty() && !report.has_errors() {
            report.file(&rule::IMPORT_UNREADABLE, "there is no control in this file", "check that it is the file that you meant");
        }
    }
}

/// A value as a message shows it.
pub(super) fn shown(text: &str) -> String {
    let line = prose::one_line(text);
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
