//! Who does what in the cloud (ISO/IEC 27017, CLD.6.3.1), and what is inherited from suppliers.

use crate::base::finding::Finding;
use crate::base::rule;
use crate::base::word::{Phrase, phrase};
use crate::link::manual::Manual;
use crate::link::report::{self, Share};
use crate::read::framework::Control;
use crate::read::schema::listed;
use crate::read::value::{Record, Value};

/// responsibility-incomplete
pub(super) fn incomplete(manual: &Manual, findings: &mut Vec<Finding>) {
    for statement in &manual.view.statements {
        for item in statement.fields.list("responsibility") {
            let Value::Record(record) = &item.value else { continue };
            let needed: &[&str] = match record.word("ownership") {
                Some("shared") => &["ours", "theirs"],
                Some("theirs" | "outsourced") => &["theirs"],
                Some("ours") => &["ours"],
                _ => continue,
            };
            let missing: Vec<&str> = needed.iter().copied().filter(|key| !says(record, key)).collect();
            if missing.is_empty() {
                continue;
            }
            let ownership = record.word("ownership").unwrap_or_default();
            findings.push(
                Finding::new(
                    &rule::RESPONSIBILITY_INCOMPLETE,
                    record.span_of("ownership"),
                    phrase!(
                        "this responsibility for `{control}` is `{ownership}` and lacks {names}",
                        control = statement.control.control,
                        ownership = ownership,
                        names = listed(&missing)
                    ),
                )
                .help(phrase!("say what whoever bears the duty has to do, in words that the other side can read")),
            );
        }
    }
}

/// Whether a duty is said, or tried to be: then there is a finding already.
fn says(record: &Record, key: &str) -> bool {
    record.is_written(key) && !record.prose(key).is_some_and(|body| body.blocks.is_empty())
}

/// responsibility-missing, of cloud controls: one finding a statement, with the relationships of which it says nothing. Of a control that is only
/// planned, nothing need be said yet.
pub(super) fn missing(manual: &Manual, findings: &mut Vec<Finding>) {
    let matrix = report::matrix(manual);
    for row in matrix.rows.iter().filter(|row| report::is_cloud_control(row.control)) {
        if row.statement.status() == Some("planned") || row.statement.fields.is_unread("responsibility") {
            continue;
        }
        let gaps = matrix.relationships.iter().zip(&row.shares).filter(|(_, share)| matches!(share, Share::Gap));
        let named = gaps.map(|(relationship, _)| match relationship.supplier() {
            Some(supplier) => phrase!("{id} ({name})", id = supplier.id, name = relationship.name()),
            None => relationship.within_sentence(),
        });
        let Some(names) = in_words(named.collect()) else { continue };
        findings.push(
            Finding::new(
                &rule::RESPONSIBILITY_MISSING,
                row.statement.span,
                phrase!("`{control}` does not say who does what with {names}", control = row.control.id.control, names = names),
            )
            .help(phrase!(
                "add an entry to `responsibility:` for each: our role, the counterparty, the ownership, what we do and what they do"
            )),
        );
    }
}

/// inherited-without-certificate and inherited-certificate-expired: one finding a supplier, with the controls.
pub(super) fn inherited(manual: &Manual, findings: &mut Vec<Finding>) {
    for (row, controls) in report::Inheritance::of(manual).suppliers() {
        let fields = &row.fields;
        let name = fields.text("name").map_or(row.id.as_str(), |name| name);
        let inherited = inherited_controls(controls, row.id.as_str(), name);
        if fields.is_unread("certificates") || fields.is_unread("certificates_expire") {
            continue;
        }
        if fields.list("certificates").is_empty() {
            findings.push(
                Finding::new(
                    &rule::INHERITED_WITHOUT_CERTIFICATE,
                    fields.span_of("inherits"),
                    phrase!("{inherited}, which has no certificate", inherited = inherited),
                )
                .help(phrase!("write `certificates:` and `certificates_expire:`, or decide how the controls are met without it")),
            );
            continue;
        }
        match fields.date("certificates_expire") {
            None => findings.push(
                Finding::new(
                    &rule::INHERITED_WITHOUT_CERTIFICATE,
                    fields.span_of("inherits"),
                    phrase!("{inherited}, and nothing says until when its certificates are valid", inherited = inherited),
                )
                .help(phrase!("write `certificates_expire:` with the last day of the one that the controls rest on")),
            ),
            Some(date) if date < manual.today => findings.push(
                Finding::new(
                    &rule::INHERITED_CERTIFICATE_EXPIRED,
                    fields.span_of("certificates_expire"),
                    phrase!("{inherited}, whose certificates expired on {date}", inherited = inherited, date = date),
                )
                .help(phrase!("ask for the new certificate and write its last day, or decide how the controls are met without it"))
                .related(fields.span_of("inherits"), phrase!("inherited here")),
            ),
            Some(_) => {}
        }
    }
}

/// That controls are inherited from a supplier, by its id and name.
fn inherited_controls(controls: &[&Control], id: &str, name: &str) -> Phrase {
    const NAMED: usize = 4;
    let ids: Vec<&str> = controls.iter().map(|control| control.id.control.as_ref()).collect();
    let names = match ids.len().checked_sub(NAMED) {
        Some(more @ 1..) => {
            let named = ids.iter().take(NAMED).map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
            phrase!("{names} and {n} more controls", names = named, n = more)
        }
        _ => listed(&ids),
    };
    if ids.len() == 1 {
        phrase!("{names} is inherited from {id} ({name})", names = names, id = id, name = name)
    } else {
        phrase!("{names} are inherited from {id} ({name})", names = names, id = id, name = name)
    }
}

fn in_words(mut names: Vec<Phrase>) -> Option<Phrase> {
    let last = names.pop()?;
    Some(match Phrase::list(names) {
        Some(names) => phrase!("{names} and {last}", names = names, last = last),
        None => last,
    })
}
