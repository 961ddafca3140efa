//! The checks on approvals. They say nothing where no approvals are kept.

use super::ledger::{Entry, Fault, Ledger};
use super::signature::NAMESPACE;
use crate::base::finding::{Finding, Place, Span};
use crate::base::rule;
use crate::base::word::{Phrase, phrase};
use crate::link::approval::{Standing, Standings, role_title};
use crate::link::manual::Manual;
use crate::read::approval::{SIGNERS, Subject};
use crate::read::schema::listed;

/// Checks what is recorded, and what should be, on the manual of the highest view.
pub fn check(ledger: &Ledger, manual: &Manual, findings: &mut Vec<Finding>) {
    for entry in &ledger.entries {
        of_entry(ledger, entry, findings);
        if entry.approval.date > manual.today {
            findings.push(
                Finding::new(
                    &rule::APPROVED_IN_FUTURE,
                    entry.approval.span,
                    phrase!("the approval date {date} lies after today, {today}", date = entry.approval.date, today = manual.today),
                )
                .help(phrase!("it counts from that day on")),
            );
        }
    }
    let sources = &manual.view.sources;
    if let Some(file) = sources.find(SIGNERS) {
        let path = &sources.file(file).path;
        for (line, why) in &ledger.signers.faults {
            findings.push(
                Finding::new(
                    &rule::SIGNER_UNKNOWN,
                    Place::File(path.clone()),
                    phrase!("line {line} of {path} allows nobody: {why}", line = line + 1, path = path, why = why),
                )
                .help(phrase!(
                    "write a role, the namespace and a public key: `ceo namespaces=\"{name}\" ssh-ed25519 AAAA...`",
                    name = NAMESPACE
                )),
            );
        }
    }
    if let Some(standings) = &manual.approvals {
        of_documents(ledger, manual, standings, findings);
        of_plans(ledger, manual, standings, findings);
    }
}

/// signature-invalid, signer-unknown, approval-unsigned, approver-not-allowed, approver-is-author
fn of_entry(ledger: &Ledger, entry: &Entry, findings: &mut Vec<Finding>) {
    let approval = &entry.approval;
    let (subject, role) = (approval.subject.phrase(), &approval.approver);
    let path = &ledger.parsed().sources.file(approval.file).path;
    let finding = match &entry.fault {
        None => return,
        Some(Fault::Signature(why)) => Finding::new(
            &rule::SIGNATURE_INVALID,
            approval.span,
            phrase!("the signature of this approval of {subject} {why}", subject = subject, why = why),
        )
        .help(phrase!(
            "take `{path}` and `{path}.sig` back as they were written, or have it approved again; nobody edits an approval",
            path = path
        )),
        Some(Fault::Signer(why)) => Finding::new(
            &rule::SIGNER_UNKNOWN,
            approval.span,
            phrase!("the key that signed this approval of {subject} {why} in {path}", subject = subject, why = why, path = SIGNERS),
        )
        .help(phrase!(
            "list the key for `{role}` in {path}, if it is theirs; else have it approved again",
            role = role,
            path = SIGNERS
        )),
        Some(Fault::Unsigned) => Finding::new(
            &rule::APPROVAL_UNSIGNED,
            approval.span,
            phrase!("this approval of {subject} is not signed, and does not count", subject = subject),
        )
        .help(phrase!("sign it: `ssh-keygen -Y sign -n {name} -f KEY {path}`", name = NAMESPACE, path = path)),
        Some(Fault::Role(may)) => {
            let may: Vec<&str> = may.iter().map(|role| role.as_str()).collect();
            Finding::new(
                &rule::APPROVER_NOT_ALLOWED,
                approval.span,
                phrase!("`{role}` may not approve {subject}", role = role, subject = subject),
            )
            .help(phrase!(
                "it is for {names} to approve it; `approvals: {by: ..}` in annexa.yaml says who may approve what",
                names = listed(&may)
            ))
        }
        Some(Fault::Author) => Finding::new(
            &rule::APPROVER_IS_AUTHOR,
            approval.span,
            phrase!("`{role}` has approved {subject}, and is its author", role = role, subject = subject),
        )
        .help(phrase!("have somebody else approve it, or correct `author:` in the history of this version")),
    };
    findings.push(finding);
}

/// approval-missing and changed-since-approval, of documents
fn of_documents(ledger: &Ledger, manual: &Manual, standings: &Standings, findings: &mut Vec<Finding>) {
    for document in manual.view.documents.iter().filter(|document| document.status == "approved") {
        let Some(standing) = standings.documents.get(&document.id) else { continue };
        // A broken record is told of at its own place.
        let subject = Subject::Document(document.id.clone());
        let again = format!("annexa approve {} --as {}", document.id, document.approver.as_ref().map_or("ROLE", |role| role.as_str()));
        report(ledger, &subject, standing, document.place("status"), Phrase::text(document.id.as_str()), &again, manual, findings);
    }
}

/// approval-missing and changed-since-approval, of the Statement of Applicability and of the treatment plan
fn of_plans(ledger: &Ledger, manual: &Manual, standings: &Standings, findings: &mut Vec<Finding>) {
    let soa = manual.view.project.soa.as_ref().filter(|soa| soa.is_written("approved"));
    if let Some((soa, standing)) = soa.zip(standings.soa.as_ref()) {
        let again = format!("annexa approve soa --as {}", soa.item("approver").map_or("ROLE", |role| role.as_str()));
        report(ledger, &Subject::Soa, standing, soa.span_of("approved"), Subject::Soa.phrase(), &again, manual, findings);
    }
    // Where no part of the plan is approved, approvals of it may be kept elsewhere.
    if standings.treatments.values().all(|standing| *standing == Standing::Never) {
        return;
    }
    for (owner, standing) in &standings.treatments {
        let risks = manual.rows(crate::read::register::RISKS.name);
        let Some(first) = risks.filter(|row| row.fields.item("owner") == Some(owner)).map(|row| row.fields.span_of("owner")).next() else {
            continue;
        };
        let what = phrase!("the risk treatment plan, as far as `{role}` owns its risks,", role = owner);
        let again = format!("annexa approve treatments --as {owner}");
        report(ledger, &Subject::Treatments, standing, first, what, &again, manual, findings);
    }
}

#[expect(clippy::too_many_arguments, reason = "one sentence of each rule for four kinds of things")]
fn report(
    ledger: &Ledger,
    subject: &Subject,
    standing: &Standing,
    place: Span,
    what: Phrase,
    again: &str,
    manual: &Manual,
    findings: &mut Vec<Finding>,
) {
    match standing {
        Standing::Never => {
            let recorded: Vec<&Entry> = ledger.entries.iter().filter(|entry| entry.approval.subject == *subject).collect();
            let mut finding = Finding::new(
                &rule::APPROVAL_MISSING,
                place,
                phrase!("{what} counts as approved, and no valid approval is recorded", what = what),
            )
            .help(phrase!("have it approved: `{command}`", command = again));
            if let Some(entry) = recorded.last().filter(|_| !matches!(subject, Subject::Treatments)) {
                finding = finding.related(entry.approval.span, phrase!("this one does not count"));
            }
            findings.push(finding);
        }
        Standing::Changed(given, change) => {
            let role = role_title(manual, &given.by);
            let message = match change {
                None => {
                    phrase!("{what} has changed since it was approved by {role} on {date}", what = what, role = role, date = given.date)
                }
                Some(change) => phrase!(
                    "{what} has changed since it was approved by {role} on {date}: {change}",
                    what = what,
                    role = role,
                    date = given.date,
                    change = change.phrase()
                ),
            };
            let mut finding = Finding::new(&rule::CHANGED_SINCE_APPROVAL, place, message)
                .help(phrase!("have it approved again: `{command}`; or take the change back", command = again));
            let kept = given.sha256.as_ref().is_none_or(|sha256| ledger.keeps_text(sha256));
            if change.is_none() && !kept {
                finding = finding
                    .help(phrase!("the text that was approved is no longer in records/approved, so that nobody can say what has changed"));
            }
            findings.push(finding);
        }
        Standing::AsItStands(_) | Standing::Given(_) => {}
    }
}
