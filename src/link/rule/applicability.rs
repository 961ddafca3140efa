//! The Statement of Applicability as documented information of its own (ISO/IEC 27001:2022, 6.1.3 d and 7.5).

use super::lookup::Look;
use crate::base::finding::{Finding, Place, Span};
use crate::base::id::Reference;
use crate::base::rule;
use crate::base::word::phrase;
use crate::link::manual::Manual;
use crate::link::report;

/// References of the settings: the document of the first page, and the roles of the manual and of the Statement of Applicability.
pub(super) fn of_settings(manual: &Manual, findings: &mut Vec<Finding>) {
    if let Some(home) = manual.view.project.home.as_ref().filter(|home| manual.document(&home.value).is_none()) {
        let reference = Reference::Item { id: home.value.clone(), section: None };
        let mut found = Vec::new();
        Look { manual, from: None }.reference(&reference, home.span, &mut found);
        if found.is_empty() && manual.row(&home.value).is_some() {
            let message = phrase!("`{id}` is no document, and opens no page", id = home.value);
            found.push(Finding::new(&rule::INVALID_VALUE, home.span, message).help(phrase!("name a document, as in `MAN-001`")));
        }
        findings.extend(found);
    }
    let project = &manual.view.project;
    let history = project.manual.iter().flat_map(|whole| whole.records("history"));
    let look = Look { manual, from: None };
    for record in project.soa.iter().chain(&project.manual).chain(history) {
        for key in ["owner", "approver", "author"] {
            if let Some(id) = record.item(key) {
                look.role(id, record.span_of(key), findings);
            }
        }
    }
}

/// soa-without-approval, soa-changed-since-approval; and approved-in-future, of the Statement of Applicability
pub(super) fn approval(manual: &Manual, findings: &mut Vec<Finding>) {
    let project = &manual.view.project;
    let decided = || report::soa_controls(manual).filter_map(|control| manual.statement(control));
    if decided().next().is_none() {
        // Where nothing is decided, there is nothing to approve, and each control that lacks a statement is told of.
        return;
    }
    let written = |key: &str| project.soa.as_ref().is_some_and(|soa| soa.is_written(key));
    let approved = project.soa.as_ref().and_then(|soa| soa.date("approved"));
    // As long as all is planned, the Statement is a draft.
    let in_force = decided().any(|statement| matches!(statement.status(), Some("implemented" | "partial")));
    let asked = project.soa.is_some() || manual.view.catalogues.in_use().any(|catalogue| report::is_soa_framework(&catalogue.id));
    let lacks = if !asked {
        // Only ISO/IEC 27001 asks for a Statement of Applicability.
        None
    } else if !written("approver") {
        Some(phrase!("the Statement of Applicability has no approver"))
    } else {
        let without_date = in_force && !written("approved");
        without_date.then(|| phrase!("the Statement of Applicability has no date of approval"))
    };
    if let Some(message) = lacks {
        findings.push(
            Finding::new(&rule::SOA_WITHOUT_APPROVAL, place(manual), message)
                .help(phrase!("write `soa: {version: \"1.0\", owner: ciso, approver: ceo, approved: 2026-03-02}` in annexa.yaml, say")),
        );
    }
    let (Some(soa), Some(approved)) = (&project.soa, approved) else { return };
    if approved > manual.today {
        findings.push(
            Finding::new(
                &rule::APPROVED_IN_FUTURE,
                soa.span_of("approved"),
                phrase!("the approval date {date} lies after today, {today}", date = approved, today = manual.today),
            )
            .help(phrase!("correct the date")),
        );
    }
    let later = || decided().filter(|statement| statement.fields.date("reviewed").is_some_and(|reviewed| reviewed > approved));
    let newest = later().max_by_key(|statement| statement.fields.date("reviewed"));
    if let Some((newest, reviewed)) = newest.and_then(|statement| Some((statement, statement.fields.date("reviewed")?))) {
        let message = match later().count() {
            1 => phrase!(
                "1 statement was reviewed after the Statement of Applicability was approved on {approved}, the last on {reviewed}",
                approved = approved,
                reviewed = reviewed
            ),
            n => phrase!(
                "{n} statements were reviewed after the Statement of Applicability was approved on {approved}, the last on {reviewed}",
                n = n,
                approved = approved,
                reviewed = reviewed
            ),
        };
        findings.push(
            Finding::new(&rule::SOA_CHANGED_SINCE_APPROVAL, soa.span_of("approved"), message)
                .help(phrase!(
                    "have it approved again, and write the new date to `approved:` and, where a decision has changed, a new version"
                ))
                .related(
                    newest.fields.span_of("reviewed"),
                    phrase!("`{control}` was reviewed on this day", control = newest.control.control),
                ),
        );
    }
}

/// Where annexa.yaml speaks of the Statement of Applicability, or of the first framework that asks for one.
fn place(manual: &Manual) -> Place {
    let view = &manual.view;
    let of_framework = || {
        let listed = view.project.frameworks.iter();
        let asks = |id| view.catalogues.find(id).is_ok_and(|catalogue| report::is_soa_framework(&catalogue.id));
        listed.filter(|listed| asks(&listed.value)).map(|listed| listed.span).next()
    };
    let span: Option<Span> = view.project.soa.as_ref().map(|soa| soa.span).or_else(of_framework);
    span.map_or(Place::Project, Place::Span)
}
