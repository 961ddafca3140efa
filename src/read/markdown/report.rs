//! Findings of one text: offsets become spans, and a hostile text cannot drown the rest.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Origin;
use crate::base::finding::{Finding, Span};
use crate::base::rule::Rule;
use crate::base::word::{Phrase, phrase};

/// How many findings of one rule a text can have; the last says that there are more.
pub(super) const MOST: usize = 100;

pub(super) struct Report<'a> {
    origin: Origin<'a>,
    findings: &'a mut Vec<Finding>,
    counts: BTreeMap<&'static str, usize>,
}

impl<'a> Report<'a> {
    pub(super) fn new(origin: Origin<'a>, findings: &'a mut Vec<Finding>) -> Self {
        Report { origin, findings, counts: BTreeMap::new() }
    }

    pub(super) fn span(&self, range: Range<usize>) -> Span {
        self.origin.span(range)
    }

    /// A finding at a range of the text; [`Report::add`] it when it has its help.
    pub(super) fn at(&self, rule: &'static Rule, range: Range<usize>, message: impl Into<Phrase>) -> Finding {
        Finding::new(rule, self.span(range), message)
    }

    pub(super) fn add(&mut self, finding: Finding) {
        let count = self.counts.entry(finding.rule.code).or_default();
        *count += 1;
        if *count < MOST {
            self.findings.push(finding);
        } else if *count == MOST {
            self.findings.push(finding.help(phrase!("there are more of these in this text; mend these first")));
        }
    }
}

/// A few words of what the author wrote, to be named in a message.
pub(super) fn excerpt(text: &str) -> String {
    const LONG: usize = 60;
    let line = text.split('\n').next().unwrap_or_default();
    match line.char_indices().nth(LONG) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None if line.len() < text.len() => format!("{line}…"),
        None => line.to_owned(),
    }
}
