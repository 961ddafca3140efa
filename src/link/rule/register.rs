//! Registers: what is due, what evidence shows, what a risk still lacks.

use crate::base::finding::Finding;
use crate::base::rule;
use crate::base::word::phrase;
use crate::link::manual::Manual;
use crate::read::register::{EVIDENCE, EXCEPTIONS, RISKS, Register, Row, SUPPLIERS};

fn rows<'a>(manual: &'a Manual, name: &'static str) -> impl Iterator<Item = (&'a Register, &'a Row)> {
    let registers = manual.view.registers.iter().filter(move |register| register.kind.name == name);
    registers.flat_map(|register| register.rows.iter().map(move |row| (register, row)))
}

/// review-overdue, action-overdue and evidence-stale: what the calendar of a register says lies before today. Of exceptions, `link::exception` tells.
pub(super) fn due(manual: &Manual, findings: &mut Vec<Finding>) {
    for register in manual.view.registers.iter().filter(|register| register.kind.name != EXCEPTIONS.name) {
        for (row, date) in register.due().into_iter().filter(|(_, date)| *date < manual.today) {
            let (id, heading) = (&row.id, register.kind.heading(row));
            let by_date = register.kind.due.filter(|key| row.fields.date(key) == Some(date));
            let finding = match by_date {
                Some(key) => Finding::new(
                    &rule::ACTION_OVERDUE,
                    row.fields.span_of(key),
                    phrase!("{id} ({heading}) was due on {date}", id = id, heading = heading, date = date),
                )
                .help(match register.kind.done {
                    Some(done) => phrase!("write the date on which it was done to `{done}:`, or agree on a later one", done = done),
                    None => phrase!("bring it up to date, or agree on a later `{key}:`", key = key),
                }),
                None if register.kind.name == EVIDENCE.name => Finding::new(
                    &rule::EVIDENCE_STALE,
                    row.fields.span_of("date"),
                    phrase!("{id} ({heading}) was to be renewed by {date}", id = id, heading = heading, date = date),
                )
                .help(phrase!("gather the evidence again and write its new date")),
                None => {
                    let key = ["reviewed", "last", "date"].into_iter().find(|key| row.fields.date(key).is_some()).unwrap_or("id");
                    Finding::new(
                        &rule::REVIEW_OVERDUE,
                        row.fields.span_of(key),
                        phrase!("{id} ({heading}) was due for review on {date}", id = id, heading = heading, date = date),
                    )
                    .help(phrase!("review it and write the date to `{key}:`", key = key))
                }
            };
            findings.push(finding);
        }
    }
}

/// evidence-failed
pub(super) fn evidence(manual: &Manual, findings: &mut Vec<Finding>) {
    for (register, row) in rows(manual, EVIDENCE.name) {
        if row.fields.word("result") == Some("fail") {
            findings.push(
                Finding::new(
                    &rule::EVIDENCE_FAILED,
                    row.fields.span_of("result"),
                    phrase!("{id} ({heading}) shows a failure", id = row.id, heading = register.kind.heading(row)),
                )
                .help(phrase!("mend what failed, gather the evidence again, and write the new result and date to this row")),
            );
        }
    }
}

/// risk-without-treatment and risk-not-accepted (ISO/IEC 27001:2022, 6.1.3 e and f)
pub(super) fn risks(manual: &Manual, findings: &mut Vec<Finding>) {
    for (_, row) in rows(manual, RISKS.name) {
        let fields = &row.fields;
        if fields.word("decision") == Some("modify") && fields.list("treatments").is_empty() && !fields.is_unread("treatments") {
            findings.push(
                Finding::new(
                    &rule::RISK_WITHOUT_TREATMENT,
                    row.span(),
                    phrase!("{id} is to be modified and names no treatment", id = row.id),
                )
                .help(phrase!("name rows of the risk treatment plan under `treatments:`")),
            );
        }
        if !fields.is_written("accepted") || !fields.is_written("accepted_by") {
            findings.push(
                Finding::new(&rule::RISK_NOT_ACCEPTED, row.span(), phrase!("nobody has accepted the residual risk of {id}", id = row.id))
                    .help(phrase!("write `accepted:` and `accepted_by:` once the risk's owner has accepted it")),
            );
        }
    }
}

/// processor-without-agreement (GDPR, Article 28(3))
pub(super) fn agreements(manual: &Manual, findings: &mut Vec<Finding>) {
    for (register, row) in rows(manual, SUPPLIERS.name) {
        if row.fields.flag("personal_data") == Some(true) && !row.fields.is_written("agreement") {
            findings.push(
                Finding::new(
                    &rule::PROCESSOR_WITHOUT_AGREEMENT,
                    row.fields.span_of("personal_data"),
                    phrase!(
                        "{id} ({heading}) handles personal data and no agreement is recorded",
                        id = row.id,
                        heading = register.kind.heading(row)
                    ),
                )
                .help(phrase!("write `agreement:` with the date of the data-processing agreement")),
            );
        }
    }
}
