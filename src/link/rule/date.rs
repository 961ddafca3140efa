//! Dates of rows that cannot be true together, or not yet.

use jiff::civil::Date;

use crate::base::finding::Finding;
use crate::base::rule;
use crate::base::word::phrase;
use crate::link::manual::Manual;
use crate::read::register::{AUDITS, CERTIFICATES, EVIDENCE, INCIDENTS, MANAGEMENT_REVIEWS, NONCONFORMITIES, RISKS, SUPPLIERS, TREATMENTS};

/// dates-contradict, for treatments, nonconformities, incidents, certificates and suppliers
pub(super) fn contradicting(manual: &Manual, findings: &mut Vec<Finding>) {
    for row in manual.rows(TREATMENTS.name) {
        let (status, done) = (row.fields.word("status"), row.fields.date("done"));
        let finding = match (status, done) {
            (Some("done"), None) if !row.fields.is_written("done") => Finding::new(
                &rule::DATES_CONTRADICT,
                row.fields.span_of("status"),
                phrase!("{id} is done and does not say when", id = row.id),
            )
            .help(phrase!("write `done:` with the date, or another status")),
            (Some(status @ ("planned" | "in-progress")), Some(done)) => Finding::new(
                &rule::DATES_CONTRADICT,
                row.fields.span_of("done"),
                phrase!("{id} was done on {done} and its status is `{status}`", id = row.id, done = done, status = status),
            )
            .help(phrase!("set `status: done`, or leave the date out")),
            _ => continue,
        };
        findings.push(finding);
    }
    // Pairs of fields of which the second cannot come before the first.
    const IN_ORDER: [(&str, &str, &str); 4] = [
        (NONCONFORMITIES.name, "done", "effectiveness_checked"),
        (INCIDENTS.name, "date", "closed"),
        (CERTIFICATES.name, "issued", "valid_until"),
        (SUPPLIERS.name, "since", "until"),
    ];
    for (register, first, second) in IN_ORDER {
        for row in manual.rows(register) {
            let Some(later) = row.fields.date(second) else { continue };
            let message = match row.fields.date(first) {
                Some(earlier) if later < earlier => phrase!(
                    "{id}: `{second}` is {later}, before `{first}` on {earlier}",
                    id = row.id,
                    second = second,
                    later = later,
                    first = first,
                    earlier = earlier
                ),
                None if !row.fields.is_written(first) => phrase!(
                    "{id}: `{second}` is {later}, and `{first}` has no date",
                    id = row.id,
                    second = second,
                    later = later,
                    first = first
                ),
                _ => continue,
            };
            findings
                .push(Finding::new(&rule::DATES_CONTRADICT, row.fields.span_of(second), message).help(phrase!("correct one of the two")));
        }
    }
}

/// done-in-future: what a row says to have been done lies after today.
pub(super) fn ahead(manual: &Manual, findings: &mut Vec<Finding>) {
    const DONE: [(&str, &[&str]); 8] = [
        (RISKS.name, &["accepted", "reviewed"]),
        (TREATMENTS.name, &["done"]),
        (SUPPLIERS.name, &["agreement", "announced", "reviewed"]),
        (EVIDENCE.name, &["date"]),
        (AUDITS.name, &["done"]),
        (NONCONFORMITIES.name, &["done", "effectiveness_checked"]),
        (MANAGEMENT_REVIEWS.name, &["date"]),
        (INCIDENTS.name, &["date", "notified", "closed"]),
    ];
    for (register, keys) in DONE {
        for row in manual.rows(register) {
            for key in keys {
                let Some(date) = row.fields.date(key).filter(|date: &Date| *date > manual.today) else { continue };
                findings.push(
                    Finding::new(
                        &rule::DONE_IN_FUTURE,
                        row.fields.span_of(key),
                        phrase!(
                            "{id}: `{key}` is {date}, which lies after today, {today}",
                            id = row.id,
                            key = key,
                            date = date,
                            today = manual.today
                        ),
                    )
                    .help(phrase!("correct the date, or write it once it is done")),
                );
            }
        }
    }
}
