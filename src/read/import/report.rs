//! What is wrong with a file to be imported: findings that name the file and a place in it, a cell (`CCM!B12`), a line, or a path in JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::finding::{Finding, Place, Severity};
use crate::base::rule::Rule;
use crate::base::word::{Phrase, Value, phrase};

/// How many findings of one rule a file can have; the last says that there are more.
const MOST: usize = 50;

/// Gathers the findings of one file.
pub(super) struct Report<'a> {
    file: Arc<str>,
    findings: &'a mut Vec<Finding>,
    counts: BTreeMap<&'static str, usize>,
    errors: usize,
}

impl<'a> Report<'a> {
    pub(super) fn new(file: &Arc<str>, findings: &'a mut Vec<Finding>) -> Self {
        Report { file: file.clone(), findings, counts: BTreeMap::new(), errors: 0 }
    }

    /// Whether something was found that forbids the import.
    pub(super) fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Whether a rule has had its say, so that no work is lost on more of it.
    pub(super) fn is_full(&self, rule: &'static Rule) -> bool {
        self.counts.get(rule.code).is_some_and(|count| *count >= MOST)
    }

    /// Something about the file as a whole.
    pub(super) fn file(&mut self, rule: &'static Rule, message: impl Into<Phrase>, help: impl Into<Phrase>) {
        self.add(self.of_file(rule, message).help(help));
    }

    /// A finding on the file as a whole.
    pub(super) fn of_file(&self, rule: &'static Rule, message: impl Into<Phrase>) -> Finding {
        Finding::new(rule, Place::File(self.file.clone()), message)
    }

    /// Something at a place in it.
    pub(super) fn at(&mut self, rule: &'static Rule, place: impl Value, message: impl Into<Phrase>, help: impl Into<Phrase>) {
        self.file(rule, phrase!("at `{place}`: {message}", place = place, message = message.into()), help);
    }

    /// Something worth knowing that forbids nothing.
    pub(super) fn note(&mut self, rule: &'static Rule, place: impl Value, message: impl Into<Phrase>, help: impl Into<Phrase>) {
        let message = phrase!("at `{place}`: {message}", place = place, message = message.into());
        self.add(Finding::new(rule, Place::File(self.file.clone()), message).help(help).severity(Severity::Note));
    }

    pub(super) fn add(&mut self, finding: Finding) {
        self.errors += usize::from(finding.severity == Severity::Error);
        let count = self.counts.entry(finding.rule.code).or_default();
        *count += 1;
        if *count < MOST {
            self.findings.push(finding);
        } else if *count == MOST {
            self.findings.push(finding.help(phrase!("there are more of these in this file; mend these first")));
        }
    }
}
