//! Control statements and the Statement of Applicability (ISO/IEC 27001:2022, 6.1.3 d).

use std::collections::{BTreeMap, BTreeSet};

use crate::base::finding::{Finding, Place, Severity, Span};
use crate::base::id::ControlId;
use crate::base::rule;
use crate::base::word::phrase;
use crate::link::manual::Manual;
use crate::link::report;
use crate::read::schema::listed;
use crate::read::statement::Statement;

/// statement-missing: one finding an edition, at its line in annexa.yaml. An edition that is listed behind another one of its framework is on its
/// way in or out, and what it still lacks stops no build.
pub(super) fn missing(manual: &Manual, findings: &mut Vec<Finding>) {
    const NAMED: usize = 12;
    if manual.view.unread.statements {
        return;
    }
    let decided: BTreeSet<&ControlId> = manual.view.statements.iter().map(|statement| &statement.control).collect();
    let mut frameworks: BTreeSet<&str> = BTreeSet::new();
    for catalogue in manual.view.catalogues.in_use() {
        let is_first = frameworks.insert(catalogue.id.framework.as_ref());
        let asked = catalogue.controls.iter().filter(|control| report::is_soa_control(control));
        let open = asked.filter(|control| !decided.contains(&control.id) && manual.statement(control).is_none());
        let open: Vec<&str> = open.map(|control| control.id.control.as_ref()).collect();
        if open.is_empty() {
            continue;
        }
        let line = manual
            .view
            .project
            .frameworks
            .iter()
            .find(|listed| manual.view.catalogues.find(&listed.value).is_ok_and(|found| found.id == catalogue.id));
        let place = line.map_or(Place::Project, |line| line.span.into());
        let title = &catalogue.title;
        let names = match open.len().checked_sub(NAMED) {
            Some(more @ 1..) => {
                let named = open[..NAMED].iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
                phrase!("{names} and {n} more", names = named, n = more)
            }
            _ => listed(&open),
        };
        let message = if open.len() == 1 {
            phrase!("1 control of {title} has no statement: {names}", title = title, names = names)
        } else {
            phrase!("{n} controls of {title} have no statement: {names}", n = open.len(), title = title, names = names)
        };
        findings.push(
            Finding::new(&rule::STATEMENT_MISSING, place, message)
                .severity(if is_first { rule::STATEMENT_MISSING.severity } else { Severity::Warning })
                .help(phrase!("decide each in a file under content/controls/ that says `framework: {id}`", id = catalogue.id)),
        );
    }
}

/// duplicate-statement
pub(super) fn duplicates(manual: &Manual, findings: &mut Vec<Finding>) {
    let mut seen: BTreeMap<&ControlId, Span> = BTreeMap::new();
    for statement in &manual.view.statements {
        match seen.get(&statement.control) {
            Some(first) => findings.push(
                Finding::new(
                    &rule::DUPLICATE_STATEMENT,
                    statement.span,
                    phrase!("`{control}` is decided already", control = statement.control),
                )
                .label(phrase!("this one is ignored"))
                .help(phrase!("keep one of the two"))
                .related(*first, phrase!("first decided here")),
            ),
            None => {
                seen.insert(&statement.control, statement.span);
            }
        }
    }
}

/// not-applicable-without-reason, applicable-without-reason, statement-without-status
pub(super) fn contents(manual: &Manual, findings: &mut Vec<Finding>) {
    for statement in &manual.view.statements {
        let (fields, control) = (&statement.fields, &statement.control.control);
        let said = |key: &str| fields.is_written(key) && !fields.prose(key).is_some_and(|body| body.blocks.is_empty());
        match statement.applicable() {
            Some(false) if !said("justification") => findings.push(
                Finding::new(
                    &rule::NOT_APPLICABLE_WITHOUT_REASON,
                    statement.span,
                    phrase!("`{control}` is not applicable and nothing says why", control = control),
                )
                .help(phrase!("write `justification:` with the reason, which an auditor will ask for first")),
            ),
            Some(true) => {
                if fields.list("reasons").is_empty() && !fields.is_unread("reasons") {
                    findings.push(
                        Finding::new(
                            &rule::APPLICABLE_WITHOUT_REASON,
                            statement.span,
                            phrase!("nothing says why `{control}` is applicable", control = control),
                        )
                        .help(phrase!("write `reasons:` with risks, legal requirements, or `contract`, `business`, `best-practice`")),
                    );
                }
                let missing: Vec<&str> = ["status", "implementation"].into_iter().filter(|key| !said(key)).collect();
                if !missing.is_empty() {
                    findings.push(
                        Finding::new(
                            &rule::STATEMENT_WITHOUT_STATUS,
                            statement.span,
                            phrase!("the statement of `{control}` lacks {names}", control = control, names = listed(&missing)),
                        )
                        .help(phrase!("say how far the control is implemented, and how it is done here")),
                    );
                }
            }
            _ => {}
        }
    }
}

/// undocumented-control; of a control that is only planned, nothing need be written yet.
pub(super) fn documented(manual: &Manual, findings: &mut Vec<Finding>) {
    let done = |statement: &&Statement| statement.applicable() == Some(true) && statement.status() != Some("planned");
    for statement in manual.view.statements.iter().filter(done) {
        let Some(control) = manual.control(&statement.control) else { continue };
        if manual.claims(control).is_empty() {
            findings.push(
                Finding::new(
                    &rule::UNDOCUMENTED_CONTROL,
                    statement.span,
                    phrase!("no document meets `{control}` ({title})", control = control.id.control, title = control.title),
                )
                .help(phrase!("name one under `documents:`, or claim the control on a heading: `{satisfies={id}}`", id = control.id)),
            );
        }
    }
}

/// implemented-without-evidence
pub(super) fn evidenced(manual: &Manual, findings: &mut Vec<Finding>) {
    for statement in manual.view.statements.iter().filter(|statement| statement.status() == Some("implemented")) {
        let Some(control) = manual.control(&statement.control) else { continue };
        if statement.applicable() == Some(true) && manual.evidence(control).is_empty() {
            findings.push(
                Finding::new(
                    &rule::IMPLEMENTED_WITHOUT_EVIDENCE,
                    statement.span,
                    phrase!("`{control}` is implemented and nothing shows it", control = control.id.control),
                )
                .help(phrase!("name rows of the evidence register under `evidence:`, or set `status: partial`")),
            );
        }
    }
}

/// excluded-control-claimed
pub(super) fn excluded_but_claimed(manual: &Manual, findings: &mut Vec<Finding>) {
    for statement in manual.view.statements.iter().filter(|statement| statement.applicable() == Some(false)) {
        let Some(control) = manual.control(&statement.control) else { continue };
        for claim in manual.claims(control).into_iter().filter(|claim| !claim.by_statement) {
            findings.push(
                Finding::new(
                    &rule::EXCLUDED_CONTROL_CLAIMED,
                    claim.span,
                    phrase!("{id} claims `{control}`, which is not applicable", id = claim.document, control = control.id.control),
                )
                .help(phrase!("leave the claim out, or decide the control otherwise"))
                .related(statement.span, phrase!("excluded here")),
            );
        }
    }
}

/// review-overdue, for statements
pub(super) fn due(manual: &Manual, findings: &mut Vec<Finding>) {
    for statement in &manual.view.statements {
        if let Some(date) = statement.next_review().filter(|date| *date < manual.today) {
            findings.push(
                Finding::new(
                    &rule::REVIEW_OVERDUE,
                    statement.fields.span_of("reviewed"),
                    phrase!(
                        "the review of the statement on `{control}` was due on {date}",
                        control = statement.control.control,
                        date = date
                    ),
                )
                .help(phrase!("review it and write the date to `reviewed:`")),
            );
        }
    }
}
