//! Identifiers are unique, and every reference means something.

use std::collections::BTreeMap;

use super::lookup::Look;
use crate::base::finding::{Finding, Span};
use crate::base::id::{ItemId, Reference};
use crate::base::rule;
use crate::base::word::{phrase, word};
use crate::link::index::Destination;
use crate::link::manual::Manual;
use crate::read::register;
use crate::read::schema::unknown_value;
use crate::read::statement::{COUNTERPARTIES, REASONS};
use crate::read::value::Value;

/// duplicate-id
pub(super) fn duplicate_ids(manual: &Manual, findings: &mut Vec<Finding>) {
    let mut seen: BTreeMap<&ItemId, Span> = BTreeMap::new();
    let documents = manual.view.documents.iter().map(|document| (&document.id, document.front.span_of("id")));
    let rows = manual.view.registers.iter().flat_map(|register| &register.rows).map(|row| (&row.id, row.span()));
    for (id, span) in documents.chain(rows) {
        match seen.get(id) {
            Some(first) => findings.push(
                Finding::new(&rule::DUPLICATE_ID, span, phrase!("the id `{id}` is taken", id = id))
                    .help(phrase!("give one of the two an id of its own"))
                    .related(*first, phrase!("first used here")),
            ),
            None => {
                seen.insert(id, span);
            }
        }
    }
}

/// References of documents: in front matter, on headings, in the text.
pub(super) fn of_documents(manual: &Manual, findings: &mut Vec<Finding>) {
    for document in &manual.view.documents {
        let look = Look { manual, from: Some(document) };
        for role in ["owner", "approver"] {
            if let Some(id) = document.front.item(role) {
                look.role(id, document.front.span_of(role), findings);
            }
        }
        for row in document.front.list("history") {
            let Value::Record(row) = &row.value else { continue };
            if let Some(author) = row.item("author") {
                look.role(author, row.span_of("author"), findings);
            }
            if let Some(change) = row.prose("change") {
                look.body(change, findings);
            }
        }
        if let Some(summary) = &document.summary {
            look.body(&summary.text, findings);
        }
        let on_headings = document.body.headings().flat_map(|heading| &heading.claims);
        for claim in document.satisfies.iter().chain(on_headings) {
            look.claim(&claim.value, claim.span, findings);
        }
        look.body(&document.body, findings);
    }
}

/// References in the full texts of controls, which only a project's own catalogues have.
pub(super) fn of_catalogues(manual: &Manual, findings: &mut Vec<Finding>) {
    let look = Look { manual, from: None };
    for control in manual.view.catalogues.all().flat_map(|catalogue| &catalogue.controls) {
        control.text.iter().chain(&control.guidance_text).for_each(|body| look.body(body, findings));
    }
}

/// References of register rows.
pub(super) fn of_rows(manual: &Manual, findings: &mut Vec<Finding>) {
    let look = Look { manual, from: None };
    for register in &manual.view.registers {
        for row in &register.rows {
            look.record(&row.fields, register.kind.schema, findings);
        }
    }
}

/// References of statements, which say what kind of thing each of them names.
pub(super) fn of_statements(manual: &Manual, findings: &mut Vec<Finding>) {
    let look = Look { manual, from: None };
    for statement in &manual.view.statements {
        let fields = &statement.fields;
        if let Some(control) = manual.control(&statement.control) {
            look.in_force(control, statement.span, findings);
            if let [first, ..] = control.alias_of.as_slice() {
                findings.push(
                    Finding::new(
                        &rule::INVALID_VALUE,
                        statement.span,
                        phrase!(
                            "`{control}` is another name of `{first}` and has no statement of its own",
                            control = control.id.control,
                            first = first
                        ),
                    )
                    .help(phrase!("decide it in the statement of `{first}`", first = first)),
                );
            }
        }
        for reason in fields.references("reasons") {
            match &reason.value {
                Reference::Item { id, .. } if id.is_role() => {
                    if !REASONS.contains(&id.as_str()) {
                        findings.push(unknown_value(id.as_str(), reason.span, "reasons", REASONS));
                    }
                }
                _ => look.of_prefix(&reason.value, &["RSK", "LEG"], word!("a risk or a legal requirement"), reason.span, findings),
            }
        }
        for item in fields.list("responsibility") {
            let Value::Record(record) = &item.value else { continue };
            for key in ["ours", "theirs"] {
                record.prose(key).into_iter().for_each(|body| look.body(body, findings));
            }
            let Some(id) = record.item("counterparty") else { continue };
            let span = record.span_of("counterparty");
            if id.is_role() {
                if !COUNTERPARTIES.contains(&id.as_str()) {
                    findings.push(unknown_value(id.as_str(), span, "counterparty", COUNTERPARTIES));
                }
            } else {
                look.of_prefix(&Reference::Item { id: id.clone(), section: None }, &["SUP"], word!("a supplier"), span, findings);
            }
        }
        for document in statement.documents() {
            match manual.resolve_reference(&document.value) {
                Destination::Document { .. } | Destination::Withheld => look.reference(&document.value, document.span, findings),
                _ => findings.push(
                    Finding::new(&rule::INVALID_VALUE, document.span, phrase!("`{reference}` is no document", reference = document.value))
                        .help(phrase!("name a document or a section of it, as in `POL-004#leavers`")),
                ),
            }
        }
        for evidence in fields.references("evidence") {
            look.of_prefix(&evidence.value, &[register::EVIDENCE.prefix], word!("a row of evidence"), evidence.span, findings);
        }
        for key in ["implementation", "justification"] {
            fields.prose(key).into_iter().for_each(|body| look.body(body, findings));
        }
        if let Some(owner) = fields.item("owner") {
            look.role(owner, fields.span_of("owner"), findings);
        }
    }
}
