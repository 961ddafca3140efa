//! What is recorded, weighed: which approvals count, and where what they are of stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use super::canonical::{self, Canonical, Context};
use super::comparison::compare;
use super::signature::{self, Signers};
use crate::base::digest::sha256;
use crate::base::id::ItemId;
use crate::base::source::Sources;
use crate::base::word::{Phrase, phrase};
use crate::link::approval::{Given, Standing, Standings};
use crate::link::manual::Manual;
use crate::read::Parsed;
use crate::read::approval::{Approval, SIGNERS, Subject, TEXTS};
use crate::read::project::Project;

/// Why an approval does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The signature does not fit, in words that go on from "the signature".
    Signature(Phrase),
    /// The signer is not one for the role, in words that go on from "the key".
    Signer(Phrase),
    /// There is no signature, where signers are listed.
    Unsigned,
    /// The role may not approve this; those that may.
    Role(Vec<ItemId>),
    /// The role has written the version that it approved.
    Author,
}

/// An approval, and whether it counts.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The approval.
    pub approval: Approval,
    /// Whether a signature lies beside it.
    pub signed: bool,
    /// Why it does not count.
    pub fault: Option<Fault>,
}

/// Every approval of a project, weighed once and asked for each view.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// The approvals, in the order of their files.
    pub entries: Vec<Entry>,
    /// Whose key signs for which role.
    pub signers: Signers,
    parsed: Parsed,
    /// Texts that were approved, by their SHA-256.
    texts: BTreeMap<String, Arc<str>>,
}

impl Ledger {
    /// Weighs what is recorded.
    pub fn new(parsed: &Parsed) -> Self {
        let sources = &parsed.sources;
        let listed = sources.find(SIGNERS).map(|file| String::from_utf8_lossy(sources.file(file).bytes()).into_owned());
        let signers = listed.as_deref().map(Signers::read).unwrap_or_default();
        let weigh = |approval: &Approval| {
            let signature = beside(sources, approval);
            let fault = fault_of_signature(sources, approval, signature, listed.is_some().then_some(&signers));
            let fault = fault.or_else(|| fault_of_role(parsed, &approval.subject, approval.version.as_deref(), &approval.approver));
            Entry { approval: approval.clone(), signed: signature.is_some(), fault }
        };
        let entries = parsed.approvals.par_iter().map(weigh).collect();
        let kept = sources.iter().filter(|(_, file)| file.path.starts_with(TEXTS));
        let texts = kept.map(|(_, file)| (sha256(file.bytes()), Arc::from(file.text()))).collect();
        // Rows and statements are not shared but copied, and not needed: a view has its own.
        let parsed = Parsed {
            sources: parsed.sources.clone(),
            project: parsed.project.clone(),
            catalogues: parsed.catalogues.clone(),
            crosswalks: parsed.crosswalks.clone(),
            decisions: parsed.decisions.clone(),
            documents: parsed.documents.clone(),
            registers: Vec::new(),
            statements: Vec::new(),
            approvals: parsed.approvals.clone(),
            unread: parsed.unread.clone(),
        };
        Ledger { entries, signers, parsed, texts }
    }

    /// Whether approvals are kept: one is recorded, or annexa.yaml asks for them. Otherwise nothing is said of them, on pages or by rules.
    pub fn is_kept(&self) -> bool {
        self.parsed.project.approvals.required.unwrap_or(!self.entries.is_empty())
    }

    /// Where everything stands on the manual's day, as its audience may know it; none where no approvals are kept.
    pub fn standings(&self, manual: &Manual) -> Option<Standings> {
        if !self.is_kept() {
            return None;
        }
        let context = Context::of(&self.parsed);
        let whole = manual.view.is_whole();
        let documents: Vec<(ItemId, Standing)> = manual
            .view
            .documents
            .par_iter()
            .map(|document| {
                let now = canonical::document(document, &context);
                let subject = Subject::Document(document.id.clone());
                let standing = if whole { self.of_whole(&subject, None, &now, manual) } else { self.of_part(&subject, &now, manual) };
                (document.id.clone(), standing)
            })
            .collect();
        let mut standings = Standings { documents: documents.into_iter().collect(), ..Standings::default() };
        if whole {
            standings.soa = Some(self.of_whole(&Subject::Soa, None, &canonical::soa(manual, &context), manual));
            standings.treatments = canonical::owners(manual)
                .into_iter()
                .map(|owner| {
                    let now = canonical::treatments(manual, &owner, &context);
                    let standing = self.of_whole(&Subject::Treatments, Some(&owner), &now, manual);
                    (owner, standing)
                })
                .collect();
            standings.release = Some(self.of_whole(&Subject::Release, None, &canonical::release(&context), manual));
        }
        Some(standings)
    }

    /// The last approval that counts, up to the manual's day: the last one recorded, of those of one day.
    fn last(&self, subject: &Subject, by: Option<&ItemId>, manual: &Manual) -> Option<&Entry> {
        let counts = |entry: &&Entry| {
            let approval = &entry.approval;
            entry.fault.is_none()
                && approval.subject == *subject
                && by.is_none_or(|by| approval.approver == *by)
                && approval.date <= manual.today
        };
        self.entries.iter().filter(counts).max_by(|a, b| {
            let name = |entry: &Entry| self.parsed.sources.file(entry.approval.file).path.clone();
            // The names of a day's further approvals end in a number.
            let (a_name, b_name) = (name(a), name(b));
            (a.approval.date, a_name.len(), a_name).cmp(&(b.approval.date, b_name.len(), b_name))
        })
    }

    /// Of something that the audience sees whole: by its digest.
    fn of_whole(&self, subject: &Subject, by: Option<&ItemId>, now: &Canonical, manual: &Manual) -> Standing {
        let Some(entry) = self.last(subject, by, manual) else { return Standing::Never };
        let given = given(entry, true);
        if entry.approval.sha256.as_ref() == now.sha256() {
            return Standing::AsItStands(given);
        }
        let change = self.texts.get(entry.approval.sha256.as_ref()).and_then(|before| compare(before, &now.text));
        Standing::Changed(given, change)
    }

    /// Of a document that the audience may not see whole: by what it would have seen of the text that was approved, so that a change of what is withheld shows
    /// in no byte (docs/decisions/0008-approvals-in-lower-views.md).
    fn of_part(&self, subject: &Subject, now: &Canonical, manual: &Manual) -> Standing {
        let Some(entry) = self.last(subject, None, manual) else { return Standing::Never };
        let given = given(entry, false);
        let Some(approved) = self.texts.get(entry.approval.sha256.as_ref()) else { return Standing::Given(given) };
        match canonical::visible(approved, &manual.view.audience, &manual.view.project) {
            Some(before) => match compare(&before, &now.text) {
                None => Standing::AsItStands(given),
                Some(change) => Standing::Changed(given, Some(change)),
            },
            // The text was not for this audience then, so that at least this has changed.
            None => Standing::Changed(given, None),
        }
    }

    /// Whether any approval of a release counts.
    pub fn approves_releases(&self) -> bool {
        self.entries.iter().any(|entry| entry.fault.is_none() && entry.approval.subject == Subject::Release)
    }

    /// The last approval, up to a day, of the release whose canonical text has this digest. A release can be approved before it is tagged or after: its records
    /// are no part of it.
    pub fn of_release(&self, sha256: &str, until: Date) -> Option<Given> {
        let of_it = |entry: &&Entry| {
            let approval = &entry.approval;
            entry.fault.is_none() && approval.subject == Subject::Release && approval.sha256.as_ref() == sha256 && approval.date <= until
        };
        self.entries.iter().filter(of_it).max_by_key(|entry| entry.approval.date).map(|entry| given(entry, true))
    }

    /// Whether the text that an approval is of is kept.
    pub fn keeps_text(&self, sha256: &str) -> bool {
        self.texts.contains_key(sha256)
    }

    /// What was read, of which approvals are weighed, without registers and statements.
    pub fn parsed(&self) -> &Parsed {
        &self.parsed
    }
}

fn given(entry: &Entry, with_digest: bool) -> Given {
    let Approval { approver, date, version, sha256, .. } = &entry.approval;
    Given { by: approver.clone(), date: *date, version: version.clone(), sha256: with_digest.then(|| sha256.clone()), signed: entry.signed }
}

/// The signature file beside an approval.
fn beside<'a>(sources: &'a Sources, approval: &Approval) -> Option<&'a [u8]> {
    let path = format!("{}.sig", sources.file(approval.file).path);
    sources.find(&path).map(|file| sources.file(file).bytes())
}

fn fault_of_signature(sources: &Sources, approval: &Approval, signature: Option<&[u8]>, signers: Option<&Signers>) -> Option<Fault> {
    match (signature, signers) {
        (None, None) => None,
        (None, Some(_)) => Some(Fault::Unsigned),
        (Some(signature), signers) => {
            let message = sources.file(approval.file).text().as_bytes();
            match signature::verify(signature::NAMESPACE, message, signature) {
                Err(why) => Some(Fault::Signature(why)),
                Ok(key) => {
                    let allowed = match signers {
                        Some(signers) => signers.allow(&key, approval.approver.as_str(), signature::NAMESPACE, approval.date),
                        None => Err(phrase!("cannot be looked up, since nobody is listed")),
                    };
                    allowed.err().map(Fault::Signer)
                }
            }
        }
    }
}

/// The roles that may approve something; none where nothing says who.
pub fn may_approve(parsed: &Parsed, subject: &Subject) -> Option<Vec<ItemId>> {
    let project: &Project = &parsed.project;
    let of_soa = || project.soa.as_ref().and_then(|soa| soa.item("approver")).map(|role| vec![role.clone()]);
    let by = |kind: &str| project.approvals.by(kind).map(<[ItemId]>::to_vec);
    match subject {
        Subject::Document(id) => {
            let document = parsed.documents.iter().find(|document| document.id == *id)?;
            by(document.kind).or_else(|| document.approver.clone().map(|role| vec![role]))
        }
        Subject::Soa => by("soa").or_else(of_soa),
        Subject::Release => by("release").or_else(of_soa),
        // Whoever owns a risk, and only what is about it: a part that is about none of somebody's risks is nobody's approval.
        Subject::Treatments => None,
    }
}

/// Why a role may not approve something, as far as roles go.
fn fault_of_role(parsed: &Parsed, subject: &Subject, version: Option<&str>, role: &ItemId) -> Option<Fault> {
    if let Some(may) = may_approve(parsed, subject).filter(|may| !may.contains(role)) {
        return Some(Fault::Role(may));
    }
    let Subject::Document(id) = subject else { return None };
    let document = parsed.documents.iter().find(|document| document.id == *id)?;
    let wrote = |row: &&crate::read::document::Version| version == Some(row.version.as_ref()) && row.author.as_ref() == Some(role);
    document.history.iter().any(|row| wrote(&row)).then_some(Fault::Author)
}

impl Ledger {
    /// Why a role may not approve something now, before it does.
    pub fn refusal(&self, subject: &Subject, version: Option<&str>, role: &ItemId) -> Option<Fault> {
        fault_of_role(&self.parsed, subject, version, role)
    }
}
