//! What one part of the manual says and another part belies.

use crate::base::finding::{Finding, Span};
use crate::base::rule;
use crate::base::word::{Phrase, Word, phrase, word};
use crate::link::evidence;
use crate::link::manual::Manual;
use crate::read::framework::Control;
use crate::read::register::{EVIDENCE, Row, TREATMENTS};
use crate::read::schema::listed;
use crate::read::statement::Statement;
use crate::read::value::Period;

/// treated-by-excluded-control (ISO/IEC 27001:2022, 6.1.3 b to d: the controls that the treatment needs are those of the Statement)
pub(super) fn treated_by_excluded(manual: &Manual, findings: &mut Vec<Finding>) {
    for row in manual.rows(TREATMENTS.name) {
        let risks: Vec<String> = row.fields.references("risks").into_iter().map(|risk| risk.value.to_string()).collect();
        let risks = if risks.is_empty() { row.id.to_string() } else { risks.join(", ") };
        for reference in row.fields.references("controls") {
            let Some(control) = manual.control_named(&reference.value) else { continue };
            let Some(statement) = manual.statement(control).filter(|statement| statement.applicable() == Some(false)) else { continue };
            findings.push(
                Finding::new(
                    &rule::TREATED_BY_EXCLUDED_CONTROL,
                    reference.span,
                    phrase!(
                        "{id} treats {risks} by `{control}`, which is not applicable",
                        id = row.id,
                        risks = risks,
                        control = control.id.control
                    ),
                )
                .help(phrase!("treat the risk by another control, or decide that the control is applicable"))
                .related(statement.span, phrase!("excluded here")),
            );
        }
    }
}

/// Statements of applicable controls in one of these states, with the control.
fn applicable<'a>(manual: &'a Manual, statuses: &'static [&'static str]) -> impl Iterator<Item = (&'a Statement, &'a Control)> {
    let statements = manual.view.statements.iter().filter(|statement| statement.applicable() == Some(true));
    statements
        .filter(|statement| statement.status().is_some_and(|status| statuses.contains(&status)))
        .filter_map(|statement| Some((statement, manual.control(&statement.control)?)))
}

/// implemented-on-stale-evidence and implemented-on-failed-evidence
pub(super) fn evidence(manual: &Manual, findings: &mut Vec<Finding>) {
    for (statement, control) in applicable(manual, &["implemented"]) {
        let shown = evidence::shown(manual, statement, control);
        let id = &control.id.control;
        let named = |row: &Row| format!("{} ({})", row.id, EVIDENCE.heading(row));
        for row in &shown.failed {
            findings.push(
                Finding::new(
                    &rule::IMPLEMENTED_ON_FAILED_EVIDENCE,
                    place(statement, row),
                    phrase!("`{control}` is implemented, and {evidence} shows a failure", control = id, evidence = named(row)),
                )
                .help(phrase!("set `status: partial` until it is mended, or gather the evidence again and write its new result"))
                .related(row.fields.span_of("result"), phrase!("the failure")),
            );
        }
        if let Some((row, until)) = shown.stale {
            let own = statement.fields.period("review_every");
            let every = own.or_else(|| row.fields.period("review_every")).map(Period::phrase).unwrap_or_default();
            let help = if own.is_some() {
                phrase!("the control is reviewed every {period}: gather the evidence again, or agree on another period", period = every)
            } else {
                phrase!("the evidence is reviewed every {period}: gather the evidence again, or agree on another period", period = every)
            };
            findings.push(
                Finding::new(
                    &rule::IMPLEMENTED_ON_STALE_EVIDENCE,
                    place(statement, row),
                    phrase!(
                        "`{control}` is implemented, and its newest evidence, {evidence}, counted until {date}",
                        control = id,
                        evidence = named(row),
                        date = until
                    ),
                )
                .help(help)
                .related(row.fields.span_of("date"), phrase!("from this date")),
            );
        }
    }
}

/// Where a statement names a row of evidence; the statement itself where the row names the control.
fn place(statement: &Statement, row: &Row) -> Span {
    let named = statement.fields.references("evidence").into_iter().find(|reference| reference.value.to_string() == row.id.as_str());
    named.map_or(statement.span, |reference| reference.span)
}

/// no-document-in-force; of a control that is only planned, nothing need be approved yet.
pub(super) fn no_document_in_force(manual: &Manual, findings: &mut Vec<Finding>) {
    for (statement, control) in applicable(manual, &["partial", "implemented"]) {
        let claims = manual.claims(control);
        // A status that cannot be read is told of already, and may be meant for approved.
        let known = |id| manual.document(id).filter(|document| document.front.get("status").is_some());
        let status = |id| known(id).map_or("approved", |document| document.status);
        if claims.is_empty() || claims.iter().any(|claim| status(&claim.document) == "approved") {
            continue;
        }
        let mut ids: Vec<&str> = claims.iter().map(|claim| claim.document.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        let retired = claims.iter().all(|claim| status(&claim.document) == "retired");
        let mut finding = Finding::new(
            &rule::NO_DOCUMENT_IN_FORCE,
            statement.span,
            phrase!(
                "of the documents of `{control}`, none is in force: {state}",
                control = control.id.control,
                state = state(&ids, retired)
            ),
        )
        .help(phrase!("have a document of the control approved, or set `status: planned` until one is"));
        for claim in claims {
            let place = said(status(&claim.document));
            let words = if claim.by_statement {
                phrase!("named here, {place}", place = place)
            } else {
                phrase!("claimed here, {place}", place = place)
            };
            finding = finding.related(claim.span, words);
        }
        findings.push(finding);
    }
}

fn state(ids: &[&str], retired: bool) -> Phrase {
    let names = listed(ids);
    match (ids.len(), retired) {
        (1, true) => phrase!("{names} is retired", names = names),
        (1, false) => phrase!("{names} is not approved", names = names),
        (_, true) => phrase!("{names} are retired", names = names),
        (_, false) => phrase!("{names} are not approved", names = names),
    }
}

fn said(status: &str) -> Word {
    match status {
        "retired" => word!("in a retired document"),
        "review" => word!("in a document under review"),
        _ => word!("in a draft"),
    }
}
