//! The one finding type: what a rule has to say, with a place. Every room reports through it; its renderers are separate.

pub mod baseline;
pub mod fingerprint;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
mod lines;
mod report;
pub mod sarif;
pub mod terminal;
mod window;

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use super::rule::Rule;
pub use super::rule::Severity;
use super::source::{FileId, Sources};
use super::word::{Phrase, counted, phrase};

pub use lines::{LineIndex, Position};
pub use report::Report;
pub use window::plain;

/// A half-open range of bytes in the (normalised) text of one source file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// A span of `range` in `file`. Offsets beyond 4 GiB do not occur: the reader's size limit is far below.
    pub fn new(file: FileId, range: std::ops::Range<usize>) -> Self {
        let offset = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span { file, start: offset(range.start), end: offset(range.end) }
    }

    /// The range as indices into the file's text.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value and where it stands in the sources.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it was read.
    pub span: Span,
}

/// Where a finding is: a span, a whole file (one that could not be read as text, say), or the project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The project as a whole.
    Project,
    /// A file, by its path in the project, with forward slashes.
    File(Arc<str>),
    /// A range in a file's text.
    Span(Span),
}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Place::Span(span)
    }
}

/// What a rule has to say about one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// Usually the rule's own severity.
    pub severity: Severity,
    /// One sentence that says what is wrong, with names in backticks.
    pub message: Phrase,
    /// Where.
    pub place: Place,
    /// A few words at the place itself; may be empty.
    pub label: Phrase,
    /// What to do; one sentence each.
    pub help: Vec<Phrase>,
    /// Other places that belong to it, each with a few words.
    pub related: Vec<(Span, Phrase)>,
    /// The exception that lets it pass, in words: which, until when, whose, and why. It is a note then, whatever its rule.
    pub excepted: Option<Phrase>,
}

impl Finding {
    /// A finding of a rule at its usual severity.
    pub fn new(rule: &'static Rule, place: impl Into<Place>, message: impl Into<Phrase>) -> Self {
        Finding {
            rule,
            severity: rule.severity,
            message: message.into(),
            place: place.into(),
            label: Phrase::default(),
            help: Vec::new(),
            related: Vec::new(),
            excepted: None,
        }
    }

    /// With words at the place itself.
    pub fn label(mut self, label: impl Into<Phrase>) -> Self {
        self.label = label.into();
        self
    }

    /// With a sentence on what to do.
    pub fn help(mut self, help: impl Into<Phrase>) -> Self {
        self.help.push(help.into());
        self
    }

    /// With a sentence on what to do, if there is one.
    pub fn help_if(mut self, help: Option<impl Into<Phrase>>) -> Self {
        self.help.extend(help.map(Into::into));
        self
    }

    /// With another place that belongs to it.
    pub fn related(mut self, span: Span, words: impl Into<Phrase>) -> Self {
        self.related.push((span, words.into()));
        self
    }

    /// Lets it pass by an exception.
    pub fn except(&mut self, words: Phrase) {
        self.severity = Severity::Note;
        self.excepted = Some(words);
    }

    /// At another severity than the rule's own.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Those that stop a build.
    pub errors: usize,
    /// Those that do not.
    pub warnings: usize,
    /// Those for information.
    pub notes: usize,
}

impl Counts {
    /// Counts findings.
    pub fn of(findings: &[Finding]) -> Self {
        let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        Counts { errors: count(Severity::Error), warnings: count(Severity::Warning), notes: count(Severity::Note) }
    }
}

impl Counts {
    /// `3 errors, 1 warning`: what there is none of is left out.
    pub fn phrase(self) -> Phrase {
        let all = [
            (self.errors > 0).then(|| counted!("{n} error", "{n} errors", self.errors)),
            (self.warnings > 0).then(|| counted!("{n} warning", "{n} warnings", self.warnings)),
            (self.notes > 0).then(|| counted!("{n} note", "{n} notes", self.notes)),
        ];
        Phrase::list(all.into_iter().flatten()).unwrap_or_else(|| phrase!("no findings"))
    }
}

/// In English.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.phrase().fmt(f)
    }
}

/// Puts findings into their stable order: by path, place, code and message; and drops exact repetitions.
pub fn sort(findings: &mut Vec<Finding>, sources: &Sources) {
    type Key<'a> = (&'a str, u32, &'static str);
    fn key<'a>(finding: &'a Finding, sources: &'a Sources) -> Key<'a> {
        let (path, start) = match &finding.place {
            Place::Project => ("", 0),
            Place::File(path) => (path.as_ref(), 0),
            Place::Span(span) => (sources.file(span.file).path.as_ref(), span.start),
        };
        (path, start, finding.rule.code)
    }
    findings.sort_by(|a, b| key(a, sources).cmp(&key(b, sources)).then_with(|| a.message.to_string().cmp(&b.message.to_string())));
    findings.dedup();
}

/// What to say of the candidate that is nearest.
pub fn did_you_mean(near: &str) -> Phrase {
    phrase!("did you mean `{near}`?", near = near)
}

/// The candidate nearest to `word`, if one is near enough to be meant: for "did you mean" help lines.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.chars().count().max(lower.chars().count()) / 3 || *distance == 1)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_name_what_there_is() {
        assert_eq!(Counts { errors: 3, warnings: 1, notes: 0 }.to_string(), "3 errors, 1 warning");
        assert_eq!(Counts { errors: 0, warnings: 0, notes: 2 }.to_string(), "2 notes");
        assert_eq!(Counts::default().to_string(), "no findings");
    }

    #[test]
    fn the_nearest_word_is_offered_only_when_it_is_near() {
        assert_eq!(nearest("onwer", ["owner", "approver"]), Some("owner"));
        assert_eq!(nearest("Status", ["status"]), Some("status"));
        assert_eq!(nearest("zzz", ["owner", "approver"]), None);
    }
}
