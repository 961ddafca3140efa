//! Findings that a change touches: those that it brings, and those that it removes.

use std::collections::{BTreeMap, BTreeSet};

use super::Redline;
use crate::base::finding::{Finding, LineIndex, Place, Severity};
use crate::base::source::Sources;
use crate::base::word::Phrase;

/// Findings of one state that the other does not have. Where there are several alike in one file, the last ones count as new or gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Only the later state has them.
    pub new: Vec<Found>,
    /// Only the earlier state has them.
    pub gone: Vec<Found>,
}

/// A finding, by words: its sources may be at hand no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The rule.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: Phrase,
    /// The file; none for the project as a whole.
    pub path: Option<String>,
    /// The line, from 1; none for the file as a whole.
    pub line: Option<usize>,
}

impl Found {
    /// Where it is: `content/policies/pol-001.md:12`; empty for the project as a whole.
    pub fn place(&self) -> String {
        match (&self.path, self.line) {
            (Some(path), Some(line)) => format!("{path}:{line}"),
            (Some(path), None) => path.clone(),
            (None, _) => String::new(),
        }
    }
}

impl Findings {
    /// Compares what was found in two states, the earlier one first, each judged on the same day: a review that falls due is no one's change. A finding is
    /// the same wherever in its file it stands, and stays the same where its file was moved.
    pub fn compare(before: (&[Finding], &Sources), after: (&[Finding], &Sources)) -> Self {
        let (old, new) = (told(before), told(after));
        let by_file = |found: &Found| (found.code, found.message.to_string(), found.path.clone());
        let (old, new) = without_common(old, new, &by_file, &|_| true);
        let paths = |sources: &Sources| -> BTreeSet<String> { sources.iter().map(|(_, file)| file.path.to_string()).collect() };
        let (had, has) = (paths(before.1), paths(after.1));
        let moved = |found: &Found| found.path.as_ref().is_some_and(|path| had.contains(path) != has.contains(path));
        let by_words = |found: &Found| (found.code, found.message.to_string(), None);
        let (gone, new) = without_common(old, new, &by_words, &moved);
        Findings { new, gone }
    }

    /// Whether nothing came and nothing went.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.gone.is_empty()
    }
}

impl Redline {
    /// With the findings that came and went.
    pub fn with_findings(mut self, findings: Findings) -> Self {
        self.findings = findings;
        self
    }
}

fn told((findings, sources): (&[Finding], &Sources)) -> Vec<Found> {
    let mut lines = LineIndex::new(sources);
    let mut told: Vec<Found> = findings
        .iter()
        .map(|finding| {
            let (path, line) = match &finding.place {
                Place::Project => (None, None),
                Place::File(path) => (Some(path.to_string()), None),
                Place::Span(span) => {
                    (Some(sources.file(span.file).path.to_string()), Some(lines.position(span.file, span.range().start).line))
                }
            };
            Found { code: finding.rule.code, severity: finding.severity, message: finding.message.clone(), path, line }
        })
        .collect();
    // The worst first, then as they stand.
    told.sort_by(|a, b| a.severity.cmp(&b.severity).then_with(|| a.path.cmp(&b.path)).then(a.line.cmp(&b.line)));
    told
}

type Key = (&'static str, String, Option<String>);

/// Two lists less what both have, one for one, among those that may be paired.
fn without_common(
    old: Vec<Found>,
    new: Vec<Found>,
    key: &dyn Fn(&Found) -> Key,
    pairs: &dyn Fn(&Found) -> bool,
) -> (Vec<Found>, Vec<Found>) {
    let count = |all: &[Found]| {
        let mut counts: BTreeMap<Key, usize> = BTreeMap::new();
        all.iter().filter(|found| pairs(found)).for_each(|found| *counts.entry(key(found)).or_default() += 1);
        counts
    };
    let (of_old, of_new) = (count(&old), count(&new));
    let rest = |all: Vec<Found>, mut others: BTreeMap<Key, usize>| -> Vec<Found> {
        let is_left = |found: &Found| match others.get_mut(&key(found)).filter(|count| **count > 0 && pairs(found)) {
            Some(count) => {
                *count -= 1;
                false
            }
            None => true,
        };
        let mut is_left = is_left;
        all.into_iter().filter(|found| is_left(found)).collect()
    };
    (rest(old, of_new), rest(new, of_old))
}
