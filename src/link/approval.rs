//! Where what is approved stands: what `history` finds out about it, as data for every renderer.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::index::Index;
use crate::base::id::ItemId;
use crate::base::word::{Phrase, counted, phrase, word};

/// Where everything that is approved stands, as an audience may know it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standings {
    /// The documents of the view.
    pub documents: BTreeMap<ItemId, Standing>,
    /// The Statement of Applicability; in the highest view alone.
    pub soa: Option<Standing>,
    /// The parts of the risk treatment plan, by the owners of their risks; in the highest view alone.
    pub treatments: BTreeMap<ItemId, Standing>,
    /// The manual as a whole; in the highest view alone.
    pub release: Option<Standing>,
}

/// Where one thing stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// No approval that counts is recorded.
    Never,
    /// Approved as it stands.
    AsItStands(Given),
    /// Changed since it was approved; by how much, where what was approved is known and may be compared.
    Changed(Given, Option<Change>),
    /// Approved; whether it has changed since cannot be said, or not to this audience.
    Given(Given),
}

/// An approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The role that gave it.
    pub by: ItemId,
    /// When.
    pub date: Date,
    /// The version that was approved.
    pub version: Option<Arc<str>>,
    /// The SHA-256 of the canonical text that was approved; in the highest view alone.
    pub sha256: Option<Arc<str>>,
    /// Whether it is signed.
    pub signed: bool,
}

/// By how much a text has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Words that came.
    pub inserted: usize,
    /// Words that went.
    pub deleted: usize,
    /// Where, in the order of the text: headings, keys of the front matter, controls, risks or files; empty for a text before its first heading.
    pub places: Vec<String>,
}

impl Standing {
    /// A word for class names and data: `never`, `as-it-stands`, `changed`, `given`.
    pub fn key(&self) -> &'static str {
        match self {
            Standing::Never => "never",
            Standing::AsItStands(_) => "as-it-stands",
            Standing::Changed(..) => "changed",
            Standing::Given(_) => "given",
        }
    }

    /// The approval that counts.
    pub fn given(&self) -> Option<&Given> {
        match self {
            Standing::Never => None,
            Standing::AsItStands(given) | Standing::Changed(given, _) | Standing::Given(given) => Some(given),
        }
    }

    /// The whole of it in a line: "Changed since its approval by Managing director on 2026-03-02: 2 words inserted, 1 deleted, in Leavers".
    pub fn phrase(&self, index: &Index) -> Phrase {
        let by = |given: &Given| Phrase::text(role_title(index, &given.by));
        match self {
            Standing::Never => word!("Never approved").into(),
            Standing::AsItStands(given) => match &given.sha256 {
                Some(sha256) => {
                    let short = sha256.get(..12).unwrap_or(sha256);
                    phrase!("As it stands, by {role} on {date} (SHA-256 {digest}…)", role = by(given), date = given.date, digest = short)
                }
                None => phrase!("As it stands, by {role} on {date}", role = by(given), date = given.date),
            },
            Standing::Given(given) => phrase!("By {role} on {date}", role = by(given), date = given.date),
            Standing::Changed(given, None) => {
                phrase!("Changed since it was approved by {role} on {date}", role = by(given), date = given.date)
            }
            Standing::Changed(given, Some(change)) => phrase!(
                "Changed since it was approved by {role} on {date}: {change}",
                role = by(given),
                date = given.date,
                change = change.phrase()
            ),
        }
    }
}

impl Change {
    /// By how much and where, in a few words.
    pub fn phrase(&self) -> Phrase {
        /// More places than these are counted.
        const NAMED: usize = 3;
        let amount = match (self.inserted, self.deleted) {
            (0, 0) => word!("the same words, set otherwise").into(),
            (inserted, 0) => counted!("{n} word inserted", "{n} words inserted", inserted),
            (0, deleted) => counted!("{n} word deleted", "{n} words deleted", deleted),
            (inserted, deleted) => {
                let inserted = counted!("{n} word inserted", "{n} words inserted", inserted);
                phrase!("{inserted}, {deleted} deleted", inserted = inserted, deleted = deleted)
            }
        };
        let named: Vec<&str> = self.places.iter().filter(|place| !place.is_empty()).take(NAMED).map(String::as_str).collect();
        let more = self.places.iter().filter(|place| !place.is_empty()).count().saturating_sub(NAMED);
        match (named.is_empty(), more) {
            (true, _) => amount,
            (false, 0) => phrase!("{change} ({places})", change = amount, places = named.join(", ")),
            (false, more) => phrase!("{change} ({places}, {n} more)", change = amount, places = named.join(", "), n = more),
        }
    }
}

/// The title of a role, else its name.
pub(crate) fn role_title(index: &Index, role: &ItemId) -> Arc<str> {
    index.row(role).map_or_else(|| role.as_str().into(), |(register, row)| register.kind.heading(row).into())
}
