//! That a migration changes no meaning but those that it says it changes.

use super::{Migration, uses};
use crate::base::finding::{Finding, Severity};
use crate::base::id::{ControlId, EditionId, Reference};
use crate::base::rule;
use crate::link::manual::Manual;

/// Compares a manual with what becomes of it: every reference to a control must mean the same afterwards, or what the migration moves it to, and
/// no error may be new. Says what is otherwise, at most one sentence a reference.
pub fn prove(migration: &Migration, before: (&Manual, &[Finding]), after: (&Manual, &[Finding])) -> Vec<String> {
    let mut expected = meanings(before.0, &|control, fixed| {
        let one = migration.moves.iter().find(|one| one.control.id == control);
        one.and_then(|one| one.target()).filter(|_| !fixed).cloned().unwrap_or(control)
    });
    let mut found = meanings(after.0, &|control, _| control);
    expected.sort();
    found.sort();
    let mut wrong = Vec::new();
    if !before.0.view.decisions.pairs.keys().eq(after.0.view.decisions.pairs.keys()) {
        wrong.push("the project's decisions would be on other pairs".to_owned());
    }
    for meaning in expected.iter().filter(|meaning| found.binary_search(meaning).is_err()) {
        wrong.push(format!("{} would no longer name {}", meaning.0, meaning.1));
    }
    for meaning in found.iter().filter(|meaning| expected.binary_search(meaning).is_err()) {
        wrong.push(format!("{} would come to name {}", meaning.0, meaning.1));
    }
    // That a new edition asks for statements that nobody has written yet is told where its new controls are.
    if criteria(before.0) != criteria(after.0) {
        wrong.push("an audit would be held against another edition".to_owned());
    }
    let is_grave = |finding: &&Finding| {
        let code = finding.rule.code;
        code != rule::STATEMENT_MISSING.code && (finding.severity == Severity::Error || code == rule::FRAMEWORK_NOT_IN_USE.code)
    };
    let said = |finding: &Finding| (finding.rule.code, finding.message.to_string());
    let mut known: Vec<(&str, String)> = before.1.iter().map(said).collect();
    for finding in after.1.iter().filter(is_grave) {
        match known.iter().position(|known| *known == said(finding)) {
            Some(place) => {
                known.swap_remove(place);
            }
            None => wrong.push(format!("it would find {}: {}", finding.rule.code, finding.message)),
        }
    }
    wrong.dedup();
    wrong
}

/// The editions against which audits are held.
fn criteria(manual: &Manual) -> Vec<EditionId> {
    let mut found = Vec::new();
    uses::each_criterion(manual, &mut |edition, _| found.push(edition.clone()));
    found
}

/// Who names which control, once a reference.
fn meanings(manual: &Manual, becomes: &dyn Fn(ControlId, bool) -> ControlId) -> Vec<(String, String)> {
    let mut found = Vec::new();
    uses::each(manual, &mut |reference, used| {
        let meaning = match uses::resolved(manual, &reference) {
            Ok(control) => becomes(control, used.fixed.is_some()).to_string(),
            // A group of controls, or nothing at all: of the edition that it names.
            Err(unknown) => match &reference {
                Reference::Control { edition, control } => {
                    manual.view.catalogues.find(edition).map_or(unknown, |catalogue| format!("{}:{control}", catalogue.id))
                }
                Reference::Item { .. } => unknown,
            },
        };
        let by = match used.by {
            uses::Speaker::Item(id) => id.to_string(),
            uses::Speaker::Statement(control) => format!("the statement on {}", becomes(control, false)),
            uses::Speaker::Decisions => "the project".to_owned(),
        };
        found.push((format!("a {} of {by}", used.kind.word()), meaning));
    });
    found
}
