//! Coverage over releases: what `history` finds out about earlier states of a manual, as data for every renderer.

use std::sync::Arc;

use jiff::civil::Date;

use super::state::Counts;
use crate::base::id::EditionId;

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
