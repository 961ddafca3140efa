//! What the preview tells the pages and the terminal: which edition there is, and what is wrong.

use serde::Serialize;

use crate::base::finding::{Counts, Finding, LineIndex, Place, Severity, terminal};
use crate::base::language::Language;
use crate::base::source::Sources;
use crate::base::word::phrase;

/// Most findings that a page shows; the terminal and `annexa check` have all.
const SHOWN: usize = 100;

/// What every page is told, as JSON.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Told {
    /// The edition that is shown; 0 where there was none yet.
    pub(super) edition: u64,
    /// Whether the sources are in a state that cannot be shown, so that the last good edition is.
    pub(super) broken: bool,
    /// Whether the rules have run on what is there.
    pub(super) checked: bool,
    /// The audiences, the lowest first.
    pub(super) audiences: Vec<String>,
    pub(super) counts: Counts,
    pub(super) findings: Vec<Shown>,
}

/// A finding as a page shows it: all of it is text.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Shown {
    severity: &'static str,
    code: &'static str,
    message: String,
    /// `content/policies/pol-004.md:12:3`; empty for the project as a whole.
    place: String,
    label: String,
    help: Vec<String>,
}

impl Told {
    /// With these findings in place of others; errors come first.
    pub(super) fn say(&mut self, findings: &[Finding], sources: &Sources, language: &Language) {
        let mut lines = LineIndex::new(sources);
        self.counts = Counts::of(findings);
        let of = |severity| findings.iter().filter(move |finding| finding.severity == severity);
        let ordered = of(Severity::Error).chain(of(Severity::Warning)).chain(of(Severity::Note));
        self.findings = ordered.take(SHOWN).map(|finding| shown(finding, sources, language, &mut lines)).collect();
    }

    /// As one line of JSON.
    pub(super) fn to_json(&self) -> String {
        // Texts, numbers and lists always serialise.
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn shown(finding: &Finding, sources: &Sources, language: &Language, lines: &mut LineIndex<'_>) -> Shown {
    let place = match &finding.place {
        Place::Project => String::new(),
        Place::File(path) => path.to_string(),
        Place::Span(span) => {
            let at = lines.position(span.file, span.range().start);
            format!("{}:{}:{}", sources.file(span.file).path, at.line, at.column)
        }
    };
    Shown {
        severity: finding.severity.name(),
        code: finding.rule.code,
        message: language.phrase(&finding.message),
        place,
        label: language.phrase(&finding.label),
        help: finding.help.iter().map(|help| language.phrase(help)).collect(),
    }
}

/// What tells a finding from others, wherever in its file it stands after an edit above it.
pub(super) fn key(finding: &Finding, sources: &Sources) -> String {
    let place = match &finding.place {
        Place::Project => "",
        Place::File(path) => path.as_ref(),
        Place::Span(span) => sources.file(span.file).path.as_ref(),
    };
    format!("{}\n{place}\n{}", finding.rule.code, finding.message)
}

/// Findings for the terminal, less those that it has shown of the state before.
#[derive(Default)]
pub(super) struct Printer {
    shown: Vec<String>,
}

impl Printer {
    /// What to print: the findings that are new, and how many there are.
    pub(super) fn print(&mut self, findings: &[Finding], sources: &Sources, language: &Language, options: terminal::Options) -> String {
        let keys: Vec<String> = findings.iter().map(|finding| key(finding, sources)).collect();
        let new = findings.iter().zip(&keys).filter(|(_, key)| !self.shown.contains(key)).map(|(finding, _)| finding.clone());
        let new: Vec<Finding> = new.collect();
        let gone = self.shown.iter().filter(|known| !keys.contains(known)).count();
        let is_first = self.shown.is_empty();
        self.shown = keys;
        let mut text = String::new();
        if !new.is_empty() {
            text.push_str(&terminal::render(&new, sources, language, options));
        }
        if !options.errors_only && (gone > 0 || !is_first && !new.is_empty()) {
            let counts = Counts::of(findings).phrase();
            text.push_str(&format!("{}\n", language.phrase(&phrase!("In all: {counts}.", counts = counts))));
        }
        text
    }
}
