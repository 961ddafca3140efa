//! What a heading carries in braces: `{#id satisfies=iso27001:A.5.18,gdpr:32(1)(b) classification=confidential}`.
//!
//! pulldown-cmark takes the braces off the heading; it splits them at every white space and gives no places, so they are read here again.

use std::ops::Range;
use std::sync::Arc;

use super::character::clean;
use super::link::composed;
use super::report::{Report, excerpt};
use crate::base::finding::{Spanned, did_you_mean, nearest};
use crate::base::id::Reference;
use crate::base::rule;
use crate::base::word::phrase;

/// What is known of a heading besides its words.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    /// The id as written, and where.
    pub(super) id: Option<(Arc<str>, Range<usize>)>,
    pub(super) claims: Vec<Spanned<Reference>>,
    pub(super) classification: Option<Spanned<Arc<str>>>,
}

/// Finds what stands between the braces at the end of a heading, by pulldown-cmark's own rule.
pub(super) fn find(source: &str, heading: Range<usize>) -> Option<Range<usize>> {
    let words = source.get(heading.clone())?.trim_end();
    // A heading underlined with `---` or `===` has lines; its words end before the last.
    let words = words.rfind('\n').map_or(words, |end| &words[..end]).trim_end_matches([' ', '\t', '\n', '\r']);
    let inside = words.strip_suffix('}')?;
    let open = inside.rfind(['{', '}', '<', '>', '\\', '\n', '\r'])?;
    inside[open..].starts_with('{').then(|| heading.start + open + 1..heading.start + inside.len())
}

/// Reads what [`find`] found.
pub(super) fn read(source: &str, inside: Range<usize>, report: &mut Report<'_>) -> Attributes {
    let mut attributes = Attributes::default();
    for range in split(source, inside) {
        let written = &source[range.clone()];
        if let Some(id) = written.strip_prefix('#') {
            attributes.id(id, range, report);
        } else if let Some((key, value)) = written.split_once('=') {
            let value = unquoted(value, range.start + key.len() + 1);
            match key {
                "satisfies" => attributes.claims(source, value, report),
                "classification" => attributes.classification(source, value, report),
                _ => unknown(written, key, range, report),
            }
        } else {
            unknown(written, written, range, report);
        }
    }
    attributes
}

/// The attributes: separated by white space that does not stand in quotes.
fn split(source: &str, inside: Range<usize>) -> Vec<Range<usize>> {
    let mut attributes = Vec::new();
    let (mut start, mut quote) = (None, None);
    for (at, c) in source[inside.clone()].char_indices() {
        let at = inside.start + at;
        match c {
            c if c.is_whitespace() && quote.is_none() => attributes.extend(start.take().map(|start| start..at)),
            c => {
                start.get_or_insert(at);
                match (c, quote) {
                    ('"' | '\'', None) => quote = Some(c),
                    (c, Some(open)) if c == open => quote = None,
                    _ => {}
                }
            }
        }
    }
    attributes.extend(start.map(|start| start..inside.end));
    attributes
}

/// Where a value stands without the quotes around it.
fn unquoted(value: &str, start: usize) -> Range<usize> {
    let bare = ['"', '\''].iter().find_map(|&quote| value.strip_prefix(quote)?.strip_suffix(quote));
    match bare {
        Some(bare) => start + 1..start + 1 + bare.len(),
        None => start..start + value.len(),
    }
}

impl Attributes {
    fn id(&mut self, id: &str, range: Range<usize>, report: &mut Report<'_>) {
        let usable = !id.is_empty() && id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
        let finding = if self.id.is_some() {
            report.at(&rule::INVALID_VALUE, range, phrase!("the heading has a second id")).help(phrase!("keep one of them"))
        } else if usable {
            self.id = Some((composed(id).into(), range));
            return;
        } else {
            let message = match id {
                "" => phrase!("the id is empty"),
                id => phrase!("`{id}` cannot be the id of a heading", id = excerpt(id)),
            };
            report.at(&rule::INVALID_VALUE, range, message).help(phrase!("an id has letters, digits, `-`, `_` and `.`, and no spaces"))
        };
        report.add(finding);
    }

    fn claims(&mut self, source: &str, value: Range<usize>, report: &mut Report<'_>) {
        let mut start = value.start;
        for claim in source[value].split(',') {
            let at = start + (claim.len() - claim.trim_start().len());
            let range = at..at + claim.trim().len();
            start += claim.len() + 1;
            let span = report.span(range.clone());
            match Reference::parse(&clean(claim)) {
                Some(value @ Reference::Control { .. }) => self.claims.push(Spanned { value, span }),
                _ => {
                    let message = match claim.trim() {
                        "" => phrase!("a claim is empty"),
                        claim => phrase!("`{id}` is not a control", id = excerpt(claim)),
                    };
                    let help = phrase!(
                        "a claim names a framework and a control, and commas without spaces separate several: \
                         `satisfies=iso27001:A.5.18,gdpr:32(1)(b)`"
                    );
                    report.add(report.at(&rule::INVALID_VALUE, range, message).help(help));
                }
            }
        }
    }

    fn classification(&mut self, source: &str, value: Range<usize>, report: &mut Report<'_>) {
        let finding = if self.classification.is_some() {
            report.at(&rule::INVALID_VALUE, value, phrase!("the heading has a second classification")).help(phrase!("keep one of them"))
        } else if value.is_empty() {
            report.at(&rule::INVALID_VALUE, value, phrase!("the classification is empty"))
        } else {
            self.classification = Some(Spanned { value: clean(&source[value.clone()]).into(), span: report.span(value) });
            return;
        };
        report.add(finding);
    }
}

fn unknown(written: &str, key: &str, range: Range<usize>, report: &mut Report<'_>) {
    let help = if let Some(Reference::Control { .. }) = Reference::parse(written) {
        phrase!("commas without spaces separate claims: `satisfies=iso27001:A.5.18,gdpr:32(1)(b)`")
    } else if let Some(id) = written.strip_prefix("id=") {
        phrase!("an id is written `{id}`", id = format!("{{#{}}}", excerpt(id.trim_matches(['"', '\'']))))
    } else if let Some(near) = nearest(key, ["satisfies", "classification"]) {
        did_you_mean(near)
    } else {
        phrase!("a heading can carry `#id`, `satisfies=` and `classification=`; for braces in its words write `\\{`")
    };
    let message = phrase!("a heading has no attribute `{key}`", key = excerpt(key));
    report.add(report.at(&rule::UNKNOWN_ATTRIBUTE, range, message).help(help));
}
