//! Coverage over releases: how far each framework was met on the day of each.

use std::sync::Arc;

use rayon::prelude::*;

use super::release::{Past, Release};
use crate::base::id::EditionId;
use crate::link::manual;
use crate::link::report::{self, Counts};
use crate::link::view::{self, Audience};

/// How far the frameworks in use were met in a release.
#[derive(Clone, Debug)]
pub struct OfRelease {
    /// The release.
    pub release: Release,
    /// Documents that it held for the audience.
    pub documents: usize,
    /// For each framework that it used, its title and how many of its controls were in each state.
    pub frameworks: Vec<(EditionId, Arc<str>, Counts)>,
}

/// For each release that can be read, what an audience of today saw met. The audience goes by its name, since a release may have had other ones: where it had
/// none of that name, the audience sees nothing of it.
pub fn coverage(past: &[Past], audience: &str) -> Vec<OfRelease> {
    let of = |past: &Past| {
        let parsed = past.parsed.as_ref()?;
        let manual = manual::link(view::view(parsed, Audience::named(audience, &parsed.project)?), past.release.date);
        let catalogues = manual.view.catalogues.in_use();
        let frameworks =
            catalogues.map(|catalogue| (catalogue.id.clone(), catalogue.title.clone(), report::coverage(&manual, catalogue).counts));
        let frameworks = frameworks.filter(|(_, _, counts)| counts.total() > 0).collect();
        Some(OfRelease { release: past.release.clone(), documents: manual.view.documents.len(), frameworks })
    };
    past.par_iter().filter_map(of).collect()
}
