//! Releases: what `history` finds out about earlier states of a manual, as data for every renderer.

use std::sync::Arc;

use jiff::civil::Date;

use super::state::Counts;
use crate::base::id::{EditionId, ItemId};

/// How far the frameworks in use were met on the day of a release, as the manual's audience saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseCoverage {
    /// The release: `v1.0`.
    pub name: Arc<str>,
    /// The commit that it is of.
    pub commit: Arc<str>,
    /// Its day.
    pub date: Date,
    /// Documents that it held.
    pub documents: usize,
    /// For each framework that it used, its title and how many of its controls were in each state.
    pub frameworks: Vec<(EditionId, Arc<str>, Counts)>,
}

impl ReleaseCoverage {
    /// How far a framework was met; none where the release did not use it.
    pub fn of(&self, edition: &EditionId) -> Option<&Counts> {
        self.frameworks.iter().find(|(id, _, _)| id == edition).map(|(_, _, counts)| counts)
    }
}

/// What was in force on a day, as an audience may know it: what `history` finds out, as data for every renderer.
#[derive(Clone, Debug)]
pub struct InForce {
    /// The day.
    pub date: Date,
    /// The release that stood on it.
    pub release: Of,
    /// The release that came after it, if one has.
    pub next: Option<Of>,
    /// The versions that were in force: those of the release in the order of its manual, among them the earlier ones of what was not in force yet.
    pub documents: Vec<Stood>,
    /// What was not in force: not yet, or no longer.
    pub others: Vec<(Stood, Why)>,
    /// Releases up to the day that say nothing here, since they are withdrawn or cannot be read.
    pub silent: Vec<Of>,
}

/// A release by name and day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Of {
    /// The tag.
    pub name: Arc<str>,
    /// Its day.
    pub date: Date,
}

/// A document as it stood in a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stood {
    /// Its identifier.
    pub id: ItemId,
    /// Its title.
    pub title: Arc<str>,
    /// Its version.
    pub version: Option<Arc<str>>,
    /// The newest release, up to the day, that holds it so.
    pub release: Of,
    /// From when this version is in force: the day that it names, or that of the first release that has it; never before it was approved.
    pub from: Date,
    /// The role that approves it.
    pub approver: Option<ItemId>,
    /// When it was approved.
    pub approved: Option<Date>,
}

/// Why a document, as it stood in a release, was not in force on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It was approved, for a later day.
    Later(Date),
    /// It was a draft.
    Draft,
    /// It was under review.
    Review,
    /// It was retired, by a release.
    Retired(Of),
    /// A release no longer had it.
    Gone(Of),
}

impl InForce {
    /// The version of a document that was in force.
    pub fn version(&self, id: &ItemId) -> Option<&Stood> {
        self.documents.iter().find(|stood| stood.id == *id)
    }

    /// Why a document was not in force, in a release.
    pub fn why(&self, id: &ItemId) -> Option<&Why> {
        self.others.iter().find(|(stood, _)| stood.id == *id).map(|(_, why)| why)
    }

    /// The releases whose documents were in force, the oldest first; the one that stood on the day is always among them.
    pub fn releases(&self) -> Vec<&Of> {
        let mut all: Vec<&Of> = Vec::new();
        for of in self.documents.iter().map(|stood| &stood.release).chain([&self.release]) {
            if !all.contains(&of) {
                all.push(of);
            }
        }
        all
    }
}

/// The folder of a release in a versioned output: its tag, in which a slash would be a folder more.
pub fn folder(tag: &str) -> String {
    tag.replace('/', "-")
}
