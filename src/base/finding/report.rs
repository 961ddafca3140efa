//! Findings on their way to other programs: each with its fingerprint, with its place as the repository knows it, and with all that it says.

use super::window::plain;
use super::{Finding, LineIndex, Place, Position, Severity, Span};
use crate::base::language::Language;
use crate::base::source::Sources;
use crate::base::word::{Phrase, phrase};

/// Findings as the formats of other programs print them.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The findings, in the order in which they are printed.
    pub findings: &'a [Finding],
    /// What each is known by: see [`super::fingerprint::of`].
    pub fingerprints: &'a [String],
    /// What they were found in.
    pub sources: &'a Sources,
    /// The language of the words.
    pub language: &'a Language,
    /// The project's folder in its repository, with a slash at the end; empty where it is the top. A host shows a finding by the path that it knows.
    pub folder: &'a str,
}

/// Where a finding is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Located {
    /// From the top of the repository, with forward slashes. A finding on the whole project is shown at its settings.
    pub(super) path: String,
    /// First place, and the one after the last; none for a whole file.
    pub(super) ends: Option<(Position, Position)>,
}

impl Located {
    /// The line that a program wants to be told, from 1, whether or not there is one.
    pub(super) fn line(&self) -> usize {
        self.ends.map_or(1, |(start, _)| start.line)
    }
}

impl<'a> Report<'a> {
    /// What finds lines, to be used for all findings of a report.
    pub(super) fn lines(&self) -> LineIndex<'a> {
        LineIndex::new(self.sources)
    }

    /// Findings with their fingerprints, in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&'a Finding, &'a str)> + use<'a> {
        self.findings.iter().zip(self.fingerprints.iter().map(String::as_str))
    }

    /// Where a place is shown.
    pub(super) fn locate(&self, place: &Place, lines: &mut LineIndex<'a>) -> Located {
        match place {
            Place::Project => Located { path: format!("{}annexa.yaml", self.folder), ends: None },
            Place::File(path) => Located { path: format!("{}{path}", self.folder), ends: None },
            Place::Span(span) => self.locate_span(*span, lines),
        }
    }

    /// Where a span is shown: without the white space and line ends at its end, so that no mark runs on into the next line.
    pub(super) fn locate_span(&self, span: Span, lines: &mut LineIndex<'a>) -> Located {
        let file = self.sources.file(span.file);
        let text = file.text();
        let start = text.floor_char_boundary(span.range().start);
        let end = text.floor_char_boundary(span.range().end).max(start);
        let end = start + text[start..end].trim_end().len();
        let ends = (lines.position(span.file, start), lines.position(span.file, end));
        Located { path: format!("{}{}", self.folder, file.path), ends: Some(ends) }
    }

    /// What a phrase says. Nothing in it can move a reader's eye or terminal.
    pub(super) fn say(&self, phrase: &Phrase) -> String {
        plain(&self.language.phrase(phrase)).into_owned()
    }

    /// What is wrong.
    pub(super) fn sentence(&self, finding: &Finding) -> String {
        self.say(&finding.message)
    }

    /// All that a finding says, a line for each sentence: what is wrong, what stands at the place, why it passes, what to do.
    pub(super) fn words(&self, finding: &Finding) -> String {
        let mut lines = vec![self.sentence(finding)];
        if !finding.label.is_empty() {
            lines.push(self.say(&finding.label));
        }
        lines.extend(finding.excepted.iter().map(|words| self.say(&passes_by(words)).replace('\n', " ")));
        lines.extend(finding.help.iter().map(|help| self.say(&phrase!("help: {what}", what = help))));
        lines.join("\n")
    }
}

/// That an exception lets a finding pass.
pub(super) fn passes_by(exception: &Phrase) -> Phrase {
    phrase!("passes by {exception}", exception = exception)
}

/// Findings with the errors first, then the warnings: for hosts that show only the first of many.
pub(super) fn by_severity<T>(rows: impl Iterator<Item = T>, severity: impl Fn(&T) -> Severity) -> Vec<T> {
    let mut rows: Vec<T> = rows.collect();
    rows.sort_by_key(severity);
    rows
}
