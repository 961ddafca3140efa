//! Coverage over releases: how far each framework was met on the day of each.

use rayon::prelude::*;

use super::release::{Past, Release};
use crate::link::manual;
use crate::link::release::ReleaseCoverage;
use crate::link::report;
use crate::link::view::{self, Audience};

/// For each release that can be read, what an audience of today saw met. The audience goes by its name, since a release may have had other ones: where it had
/// none of that name, the audience sees nothing of it.
pub fn coverage(past: &[Past], audience: &str) -> Vec<ReleaseCoverage> {
    let of = |past: &Past| {
        let parsed = past.parsed.as_ref()?;
        let manual = manual::link(view::view(parsed, Audience::named(audience, &parsed.project)?), past.release.date);
        let catalogues = manual.view.catalogues.in_use();
        let frameworks =
            catalogues.map(|catalogue| (catalogue.id.clone(), catalogue.title.clone(), report::coverage(&manual, catalogue).counts));
        let frameworks = frameworks.filter(|(_, _, counts)| counts.total() > 0).collect();
        let Release { name, commit, date } = past.release.clone();
        Some(ReleaseCoverage { name, commit, date, documents: manual.view.documents.len(), frameworks })
    };
    past.par_iter().filter_map(of).collect()
}
