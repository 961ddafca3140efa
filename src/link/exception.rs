//! Exceptions that a project records in its register: for a rule and a document, row, statement or file, with a reason, an owner and a day on which they
//! end. What one matches is a note that is still shown, with the exception; what is wrong with an exception is a finding of its own.
//!
//! Only what a rule warns of can pass so: see [`Rule::never_excepted`]. No output changes by an exception.

use jiff::civil::Date;

use super::index::Destination;
use super::manual::Manual;
use crate::base::finding::{Finding, Place, Span, did_you_mean, nearest};
use crate::base::id::Reference;
use crate::base::rule::{self, Rule};
use crate::base::word::{Phrase, phrase};
use crate::read::project;
use crate::read::register::{EXCEPTIONS, Row};
use crate::read::schema::listed;

/// Whether an exception ends on its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// It does.
    Counts,
    /// It does not: for runs that a day which passes must not turn red.
    Ignored,
}

/// Lets findings pass that an exception matches, and adds what is wrong with exceptions. A second time with the same expiry changes nothing.
pub fn apply(manual: &Manual, expiry: Expiry, findings: &mut Vec<Finding>) {
    let mut found = Vec::new();
    for row in manual.rows(EXCEPTIONS.name) {
        let Some(exception) = Exception::of(row, manual, &mut found) else { continue };
        if exception.expires < manual.today && expiry == Expiry::Counts {
            found.push(
                Finding::new(
                    &rule::EXCEPTION_EXPIRED,
                    row.fields.span_of("expires"),
                    phrase!("{id} expired on {date}", id = row.id, date = exception.expires),
                )
                .help(phrase!(
                    "mend what `{code}` finds and remove the exception, or have its owner grant it anew",
                    code = exception.rule.code
                )),
            );
            continue;
        }
        let mut used = false;
        for finding in findings.iter_mut().filter(|finding| exception.matches(finding, manual)) {
            used = true;
            if finding.excepted.is_none() {
                finding.except(exception.said());
            }
        }
        // What could not be read may be what it is for.
        if !used && manual.view.unread.paths.is_empty() {
            found.push(
                Finding::new(
                    &rule::EXCEPTION_UNUSED,
                    row.span(),
                    phrase!("{id} matches no finding of `{code}`", id = row.id, code = exception.rule.code),
                )
                .help(phrase!("remove it, if what it was for is mended; else correct what it names")),
            );
        }
    }
    findings.append(&mut found);
}

/// An exception that says all that it must.
struct Exception<'a> {
    row: &'a Row,
    rule: &'static Rule,
    scope: Scope<'a>,
    words: Option<&'a str>,
    reason: &'a str,
    owner: &'a str,
    expires: Date,
}

/// What an exception is for.
enum Scope<'a> {
    File(&'a str),
    Spans(Vec<Span>),
}

impl<'a> Exception<'a> {
    /// The exception of a row, unless it does not count.
    fn of(row: &'a Row, manual: &'a Manual, findings: &mut Vec<Finding>) -> Option<Self> {
        let fields = &row.fields;
        let rule = excepted_rule(row, findings);
        let mut missing: Vec<&str> = ["reason", "owner", "expires"].into_iter().filter(|key| !fields.is_written(key)).collect();
        if !fields.is_written("item") && !fields.is_written("path") {
            missing.insert(0, "item");
        }
        if fields.text("reason").is_some_and(|reason| reason.trim().is_empty()) {
            missing.push("reason");
        }
        if !missing.is_empty() {
            let message = phrase!("{id} does not count, since it lacks {names}", id = row.id, names = listed(&missing));
            findings.push(Finding::new(&rule::EXCEPTION_INCOMPLETE, row.span(), message).help(phrase!(
                "write `item:` (or `path:`) with what it is for, `reason:`, `owner:` with the role that answers for it, and `expires:` with \
                 its last day"
            )));
        }
        let scope = scope(row, manual, findings);
        let expires = fields.date("expires")?;
        let (reason, owner) = (fields.text("reason")?, fields.item("owner")?.as_str());
        let words = fields.text("words").map(AsRef::as_ref);
        if !missing.is_empty() {
            return None;
        }
        Some(Exception { row, rule: rule?, scope: scope?, words, reason, owner, expires })
    }

    fn matches(&self, finding: &Finding, manual: &Manual) -> bool {
        let sources = &manual.view.sources;
        let is_there = match (&self.scope, &finding.place) {
            (Scope::File(path), Place::File(file)) => *path == file.as_ref(),
            (Scope::File(path), Place::Span(span)) => *path == sources.file(span.file).path.as_ref(),
            (Scope::File(path), Place::Project) => *path == project::PATH,
            (Scope::Spans(spans), Place::Span(span)) => {
                spans.iter().any(|own| own.file == span.file && own.start <= span.start && span.end <= own.end)
            }
            (Scope::Spans(_), _) => false,
        };
        // Who writes an exception reads messages in the manual's language, who moves it to another in English.
        let says = |words: &str| {
            let said = [finding.message.to_string(), manual.view.project.language.phrase(&finding.message)];
            said.iter().any(|said| said.contains(words))
        };
        is_there && finding.rule.code == self.rule.code && self.words.is_none_or(says)
    }

    /// The exception in words.
    fn said(&self) -> Phrase {
        phrase!("{id} until {date} ({owner}): {reason}", id = self.row.id, date = self.expires, owner = self.owner, reason = self.reason)
    }
}

/// The rule of a row, unless none can be excepted by this name.
fn excepted_rule(row: &Row, findings: &mut Vec<Finding>) -> Option<&'static Rule> {
    let name = row.fields.text("rule")?;
    let span = row.fields.span_of("rule");
    let Some(rule) = rule::find(name) else {
        let near = nearest(name, rule::ALL.iter().map(|rule| rule.code));
        let help = near.map_or_else(|| phrase!("`annexa explain` lists them"), did_you_mean);
        findings.push(Finding::new(&rule::UNKNOWN_VALUE, span, phrase!("there is no rule `{name}`", name = name)).help(help));
        return None;
    };
    if let Some(why) = rule.never_excepted() {
        findings.push(
            Finding::new(&rule::EXCEPTION_NOT_ALLOWED, span, phrase!("there is no exception from `{name}`: {why}", name = name, why = why))
                .help(phrase!("remove {id}, and mend what the rule finds; `annexa explain {name}` says how", id = row.id, name = name)),
        );
        return None;
    }
    Some(rule)
}

/// What a row is for. A name that leads nowhere is told of where references are.
fn scope<'a>(row: &'a Row, manual: &'a Manual, findings: &mut Vec<Finding>) -> Option<Scope<'a>> {
    let fields = &row.fields;
    let Some(reference) = fields.references("item").into_iter().next() else {
        return fields.text("path").map(|path| Scope::File(path));
    };
    if matches!(reference.value, Reference::Item { section: Some(_), .. }) {
        findings.push(
            Finding::new(&rule::INVALID_VALUE, reference.span, phrase!("an exception is for a whole document, row or statement"))
                .help(phrase!("leave the section out, and say with `words:` which finding is meant")),
        );
        return None;
    }
    match manual.resolve_reference(&reference.value) {
        Destination::Document { document, .. } => Some(Scope::File(&document.path)),
        Destination::Row { row, .. } => Some(Scope::Spans(vec![row.fields.span])),
        Destination::Control { control, .. } => {
            let spans = manual.statement(control).map(|statement| vec![statement.span, statement.fields.span]);
            Some(Scope::Spans(spans.unwrap_or_default()))
        }
        _ => None,
    }
}
