//! In which releases each document changed: each release's output says it of itself and of those before it, so that the next one need not read them all.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Fate, Redline};
use crate::base::id::ItemId;
use crate::link::manual::Manual;

/// The releases in which documents changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past(BTreeMap<ItemId, Vec<Changed>>);

/// A release in which a document changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The release.
    pub release: String,
    /// Its day, as it is printed.
    pub date: String,
    /// The release that it was compared with.
    pub since: String,
    fate: Fate,
}

impl Changed {
    /// What became of the document.
    pub fn fate(&self) -> Fate {
        self.fate
    }
}

const FATES: [Fate; 4] = [Fate::Added, Fate::Changed, Fate::Withdrawn, Fate::Layout];

impl Past {
    /// The past of a document, the oldest release first.
    pub fn of(&self, id: &ItemId) -> &[Changed] {
        self.0.get(id).map_or(&[], Vec::as_slice)
    }

    /// The past up to a release. It tells of no document that the release's own view does not show, and of no release that is withdrawn.
    #[must_use]
    pub fn with(mut self, redline: &Redline, manual: &Manual, withdrawn: &BTreeSet<&str>) -> Past {
        if let (Some(release), Some(since)) = (&redline.after.name, &redline.before.name) {
            for document in redline.documents.iter().filter(|document| document.fate != Fate::Layout) {
                self.0.entry(document.id.clone()).or_default().push(Changed {
                    release: release.to_string(),
                    date: redline.after.date.to_string(),
                    since: since.to_string(),
                    fate: document.fate,
                });
            }
        }
        self.0.retain(|id, changes| {
            changes.retain(|change| !withdrawn.contains(change.release.as_str()) && !withdrawn.contains(change.since.as_str()));
            manual.document(id).is_some() && !changes.is_empty()
        });
        self
    }

    /// The releases that a release was compared with, as far as this tells.
    pub fn compared_with<'a>(&'a self, release: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.values().flatten().filter(move |change| change.release == release).map(|change| change.since.as_str())
    }

    /// Whether this tells of a change in a release or since it.
    pub fn tells_of(&self, release: &str) -> bool {
        self.0.values().flatten().any(|change| change.release == release || change.since == release)
    }

    /// As JSON, for the output of the release.
    pub fn to_json(&self) -> String {
        let change = |change: &Changed| json!([change.release, change.date, change.since, change.fate.key()]);
        let documents: serde_json::Map<String, Value> =
            self.0.iter().map(|(id, changes)| (id.to_string(), changes.iter().map(change).collect())).collect();
        format!("{}\n", json!({ "format": 1, "documents": documents }))
    }

    /// Reads it again; none where it is of another format.
    pub fn from_json(text: &[u8]) -> Option<Past> {
        let read: Value = serde_json::from_slice(text).ok()?;
        if read.get("format")?.as_u64() != Some(1) {
            return None;
        }
        let mut past = Past::default();
        for (id, changes) in read.get("documents")?.as_object()? {
            let change = |change: &Value| {
                let at = |place: usize| change.get(place)?.as_str();
                let fate = FATES.into_iter().find(|fate| Some(fate.key()) == at(3))?;
                Some(Changed { release: at(0)?.to_owned(), date: at(1)?.to_owned(), since: at(2)?.to_owned(), fate })
            };
            past.0.insert(ItemId::parse(id)?, changes.as_array()?.iter().filter_map(change).collect());
        }
        Some(past)
    }
}
