//! What was in force on a day, document by document.
//!
//! On a day stands the newest release up to it. A document of it is in force if it is approved and its `effective` day has come; else the version that was in
//! force before stays so, as the newest release that holds it says it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;

use super::release::{self, Past, Release};
use crate::base::finding::Finding;
use crate::base::id::ItemId;
use crate::base::source::Repository;
use crate::link::release::{InForce, Of, Stood, Why};
use crate::link::view::{self, Audience};
use crate::read::document::Document;
use crate::read::project::Withdrawn;

/// Why nobody can say what was in force on a day.
#[derive(Debug, PartialEq, Eq)]
pub enum Unknown {
    /// There is no release up to it; the first one.
    Before(Option<Of>),
    /// The release that stood on it is withdrawn.
    Withdrawn(Of, Withdrawn),
    /// The release that stood on it cannot be read.
    Unreadable(Of),
    /// The release that stood on it had no audience of this name.
    Audience(Of, Arc<str>),
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unknown::Before(None) => {
                write!(f, "there is no release; releases are tags of the Git repository (`releases: {{tags: ..}}` in annexa.yaml)")
            }
            Unknown::Before(Some(first)) => write!(f, "nothing was in force yet: the first release, {}, is of {}", first.name, first.date),
            Unknown::Withdrawn(of, withdrawn) => write!(
                f,
                "release {} of {} stood on that day, and was withdrawn on {}: {} Nothing of it is shown; name another day",
                of.name,
                of.date,
                withdrawn.date,
                sentence(&withdrawn.reason)
            ),
            Unknown::Unreadable(of) => {
                write!(f, "release {} of {} stood on that day, and this version of Annexa cannot read it", of.name, of.date)
            }
            Unknown::Audience(of, name) => {
                write!(f, "release {} of {} stood on that day, and has no audience `{name}`", of.name, of.date)
            }
        }
    }
}

fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

/// What was in force on a day, for each of the audiences. `releases` are all there are, the oldest first; those that are withdrawn are not read, and one that
/// cannot be is a finding. Each is read in turn, and no two are held at once.
///
/// # Errors
/// A day of which nobody can say it.
pub fn in_force(
    repository: &Repository,
    releases: &[Release],
    withdrawn: &[Withdrawn],
    date: Date,
    audiences: &[Arc<str>],
    findings: &mut Vec<Finding>,
) -> Result<Vec<InForce>, Unknown> {
    let of = |release: &Release| Of { name: release.name.clone(), date: release.date };
    let withdrawal = |release: &Release| withdrawn.iter().find(|withdrawn| withdrawn.release.value == release.name);
    let count = releases.iter().take_while(|release| release.date <= date).count();
    let (past, later) = releases.split_at(count);
    let Some((last, _)) = past.split_last() else { return Err(Unknown::Before(releases.first().map(of))) };
    if let Some(withdrawal) = withdrawal(last) {
        return Err(Unknown::Withdrawn(of(last), withdrawal.clone()));
    }
    let next = later.iter().find(|release| withdrawal(release).is_none()).map(of);
    let mut silent = Vec::new();
    let mut histories: Vec<History> = audiences.iter().map(|_| History::default()).collect();
    for release in past {
        let of = of(release);
        if withdrawal(release).is_some() {
            silent.push(of);
            continue;
        }
        let Past { parsed: Some(parsed), .. } = release::read(repository, release, findings) else {
            if release == last {
                return Err(Unknown::Unreadable(of));
            }
            silent.push(of);
            continue;
        };
        for (name, history) in audiences.iter().zip(&mut histories) {
            match Audience::named(name, &parsed.project) {
                Some(audience) => history.add(&of, &view::view(&parsed, audience).documents, date),
                None if release == last => return Err(Unknown::Audience(of, name.clone())),
                None => history.add(&of, &[], date),
            }
        }
    }
    let of_day = of(last);
    Ok(histories
        .into_iter()
        .map(|history| {
            let (documents, others) = history.end();
            InForce { date, release: of_day.clone(), next: next.clone(), documents, others, silent: silent.clone() }
        })
        .collect())
}

/// What is known of each document, release by release.
#[derive(Default)]
struct History {
    documents: BTreeMap<ItemId, Known>,
    /// The documents of the last release, in the order of its manual.
    order: Vec<ItemId>,
}

#[derive(Default)]
struct Known {
    in_force: Option<Stood>,
    other: Option<(Stood, Why)>,
}

impl History {
    /// Goes on with the next release.
    fn add(&mut self, release: &Of, documents: &[Arc<Document>], date: Date) {
        self.order = documents.iter().map(|document| document.id.clone()).collect();
        let there: BTreeSet<&ItemId> = self.order.iter().collect();
        for (_, known) in self.documents.iter_mut().filter(|(id, _)| !there.contains(id)) {
            // What was never in force, and is no more, is of no interest; what went before stays as it went.
            let before = known.other.take().filter(|(_, why)| matches!(why, Why::Retired(_) | Why::Gone(_)));
            known.other = known.in_force.take().map(|stood| (stood, Why::Gone(release.clone()))).or(before);
        }
        for document in documents {
            let known = self.documents.entry(document.id.clone()).or_default();
            let earlier = known.in_force.as_ref().filter(|stood| stood.version == document.version);
            // Nothing is in force before it was approved.
            let from = document.effective.or(earlier.map(|stood| stood.from)).unwrap_or(release.date);
            let from = document.approved.map_or(from, |approved| from.max(approved));
            let stood = Stood {
                id: document.id.clone(),
                title: document.title.clone(),
                version: document.version.clone(),
                release: release.clone(),
                from,
                approver: document.approver.clone(),
                approved: document.approved,
            };
            match document.status {
                "approved" if from <= date => *known = Known { in_force: Some(stood), other: None },
                "approved" => known.other = Some((stood, Why::Later(from))),
                "review" => known.other = Some((stood, Why::Review)),
                "retired" => {
                    let since = match &known.other {
                        Some((_, Why::Retired(since))) => since.clone(),
                        _ => release.clone(),
                    };
                    *known = Known { in_force: None, other: Some((stood, Why::Retired(since))) };
                }
                _ => known.other = Some((stood, Why::Draft)),
            }
        }
    }

    /// The versions in force, and what was not: in the order of the last release, and then what that no longer has.
    fn end(mut self) -> (Vec<Stood>, Vec<(Stood, Why)>) {
        let of_last: Vec<Known> = self.order.iter().filter_map(|id| self.documents.remove(id)).collect();
        let (mut documents, mut others) = (Vec::new(), Vec::new());
        for known in of_last.into_iter().chain(self.documents.into_values()) {
            documents.extend(known.in_force);
            others.extend(known.other);
        }
        (documents, others)
    }
}
