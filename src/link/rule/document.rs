//! Control of documents (ISO/IEC 27001:2022, 7.5): owner, approver, version, dates, reviews.

use crate::base::finding::{Finding, Severity, Spanned};
use crate::base::rule;
use crate::base::word::{Phrase, phrase};
use crate::link::backlink::Entity;
use crate::link::index::Destination;
use crate::link::manual::Manual;
use crate::read::document::Document;
use crate::read::tree::InlineKind;
use crate::read::value::Value;

/// document-without-owner, -approver and -version: an error once the document is approved.
pub(super) fn control(manual: &Manual, findings: &mut Vec<Finding>) {
    for document in &manual.view.documents {
        let id = &document.id;
        let mut missing = |rule, message: Phrase, help: Phrase| {
            let severity = if document.status == "approved" { Severity::Error } else { Severity::Warning };
            findings.push(Finding::new(rule, document.place("id"), message).help(help).severity(severity));
        };
        if !document.front.is_written("owner") {
            let help = phrase!("write `owner:` with the role that keeps it");
            missing(&rule::DOCUMENT_WITHOUT_OWNER, phrase!("{id} has no owner", id = id), help);
        }
        if !document.front.is_written("approver") {
            let help = phrase!("write `approver:` with the role that approves it");
            missing(&rule::DOCUMENT_WITHOUT_APPROVER, phrase!("{id} has no approver", id = id), help);
        }
        if !document.front.is_written("version") {
            let help = phrase!("write `version: \"1.0\"`, say");
            missing(&rule::DOCUMENT_WITHOUT_VERSION, phrase!("{id} has no version", id = id), help);
        }
        if document.status == "approved" && !document.front.is_written("approved") {
            findings.push(
                Finding::new(
                    &rule::APPROVED_WITHOUT_DATE,
                    document.place("status"),
                    phrase!("this document is approved and does not say when"),
                )
                .help(phrase!("write `approved:` with the date, or set `status: review`")),
            );
        }
    }
}

/// approved-in-future, dates-out-of-order, review-not-planned, review-overdue
pub(super) fn dates(manual: &Manual, findings: &mut Vec<Finding>) {
    for document in manual.view.documents.iter().filter(|document| document.status != "retired") {
        let (approved, today) = (document.approved, manual.today);
        if let Some(date) = approved.filter(|date| *date > today) {
            findings.push(
                Finding::new(
                    &rule::APPROVED_IN_FUTURE,
                    document.place("approved"),
                    phrase!("the approval date {date} lies after today, {today}", date = date, today = today),
                )
                .help(phrase!("correct the date")),
            );
        }
        if let Some((approved, effective)) = approved.zip(document.effective).filter(|(approved, effective)| effective < approved) {
            findings.push(
                Finding::new(
                    &rule::DATES_OUT_OF_ORDER,
                    document.place("effective"),
                    phrase!(
                        "the document takes effect on {effective}, before its approval on {approved}",
                        effective = effective,
                        approved = approved
                    ),
                )
                .help(phrase!("correct one of the two dates")),
            );
        }
        let review = document.next_review();
        if document.status == "approved" && review.is_none() && approved.is_some() && !document.front.is_written("review_every") {
            findings.push(
                Finding::new(&rule::REVIEW_NOT_PLANNED, document.place("status"), phrase!("nothing says when this document is reviewed"))
                    .help(phrase!("write `review_every: 12 months`, say")),
            );
        }
        if let Some(date) = review.filter(|date| *date < today) {
            let key = if document.reviewed.is_some() { "reviewed" } else { "approved" };
            findings.push(
                Finding::new(
                    &rule::REVIEW_OVERDUE,
                    document.place(key),
                    phrase!("the review of {id} was due on {date}", id = document.id, date = date),
                )
                .help(phrase!("review it and write the date to `reviewed:`")),
            );
        }
    }
}

/// version-not-in-history
pub(super) fn history(manual: &Manual, findings: &mut Vec<Finding>) {
    for document in &manual.view.documents {
        let Some(version) = &document.version else { continue };
        let rows = document.front.list("history");
        let needed = !rows.is_empty() || (document.status == "approved" && !document.front.is_unread("history"));
        // Rows as written: one that lacks a date, say, is told of already.
        let is_row = |row: &Spanned<Value>| matches!(&row.value, Value::Record(row) if row.text("version") == Some(version));
        if needed && !rows.iter().any(is_row) {
            findings.push(
                Finding::new(
                    &rule::VERSION_NOT_IN_HISTORY,
                    document.place("version"),
                    phrase!("version {version} has no row in the history", version = version),
                )
                .help(phrase!("add a row to `history:` that says what changed, when and by whom")),
            );
        }
    }
}

/// orphan-document
pub(super) fn orphans(manual: &Manual, findings: &mut Vec<Finding>) {
    for document in manual.view.documents.iter().filter(|document| document.kind != "manual") {
        let claims = !document.satisfies.is_empty() || document.body.headings().any(|heading| !heading.claims.is_empty());
        if !claims && manual.backlinks(&Entity::Item(document.id.clone())).is_empty() {
            findings.push(
                Finding::new(
                    &rule::ORPHAN_DOCUMENT,
                    document.place("id"),
                    phrase!("nothing refers to {id} and it claims no control", id = document.id),
                )
                .help(phrase!("refer to it from where it is needed, or say which controls it meets")),
            );
        }
    }
}

/// retired-referenced
pub(super) fn retired_referenced(manual: &Manual, findings: &mut Vec<Finding>) {
    let in_force = |document: &&std::sync::Arc<Document>| document.status == "approved";
    for document in manual.view.documents.iter().filter(in_force) {
        document.body.each_inline(&mut |inline| {
            let InlineKind::Link { target, .. } = &inline.kind else { return };
            let Destination::Document { document: to, .. } = manual.resolve(Some(document), target) else { return };
            if to.status == "retired" {
                findings.push(
                    Finding::new(&rule::RETIRED_REFERENCED, inline.span, phrase!("{id} is retired", id = to.id))
                        .help(phrase!("refer to what replaces it")),
                );
            }
        });
    }
}

/// classification-lowered
pub(super) fn lowered_marks(manual: &Manual, findings: &mut Vec<Finding>) {
    let project = &manual.view.project;
    for document in &manual.view.documents {
        for mark in document.body.headings().filter_map(|heading| heading.classification.as_ref()) {
            if project.classification_named(&mark.value).is_some_and(|own| own < document.classification) {
                let whole = project.classification_name(document.classification);
                findings.push(
                    Finding::new(
                        &rule::CLASSIFICATION_LOWERED,
                        mark.span,
                        phrase!("this section is marked {mark}, and its document is {whole}", mark = mark.value, whole = whole),
                    )
                    .label(phrase!("has no effect"))
                    .help(phrase!("mark the document lower and its other sections higher, or move the section to a document of its own")),
                );
            }
        }
    }
}
