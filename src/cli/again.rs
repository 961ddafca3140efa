//! Made again: the manual that an output or a PDF says it was made from, from the sources as they stand or from those of a release.

use std::path::Path;

use jiff::civil::Date;

use super::load;
use super::progress::Progress;
use super::{CouldNotRun, build, names, versioned};
use crate::base::finding::Severity;
use crate::base::source::Repository;
use crate::history::{self, Release};
use crate::link::manual::{self, Manual};
use crate::link::view;
use crate::publish::Stamp;
use crate::read::project;
use crate::render::site::releases::{Standing, versions};

/// A manual, and the release that it is of, where it is of one.
pub(super) struct Made {
    pub(super) manual: Manual,
    /// With the tree of its sources, for those who see everything.
    pub(super) stamp: Option<Stamp>,
}

impl Made {
    /// How pages of the release say where they stand.
    pub(super) fn standing(&self) -> Option<Standing> {
        self.stamp.as_ref().map(|stamp| Standing { name: Some(stamp.name.clone()), date: stamp.date, as_of: None })
    }
}

/// The manual of the sources as they stand, for an audience on a day.
///
/// # Errors
/// Sources that have errors, of which nothing is built.
pub(super) fn as_it_stands(root: &Path, audience: &str, today: Date) -> Result<Made, CouldNotRun> {
    let (sources, findings) = load::sources(root)?;
    let mut loaded = load::examine(sources, findings, today, &mut Progress::silent());
    let error = loaded.findings.iter().find(|finding| finding.severity == Severity::Error);
    let (Some(parsed), None) = (&loaded.parsed, error) else {
        let why = error.map_or_else(|| "annexa.yaml cannot be read".to_owned(), |finding| finding.message.clone());
        return Err(CouldNotRun(format!("the sources in `{}` have errors ({why}); `annexa check` says more", root.display())));
    };
    let audience = names::audience(audience, &parsed.project, &[])?;
    let past = build::past(root, parsed, &mut loaded.findings)?;
    let mut manual = manual::link(view::view(parsed, audience), today);
    build::complete(&mut manual, loaded.ledger.as_ref(), &past);
    Ok(Made { manual, stamp: None })
}

/// The names of the releases, the newest first; none where there are none to be read.
pub(super) fn releases(root: &Path) -> Vec<String> {
    let project = load::sources(root).ok().and_then(|(sources, _)| project::read(&sources, &mut Vec::new()));
    let repository = Repository::around(root).ok().flatten();
    let read = project.zip(repository).and_then(|(project, repository)| history::releases(&repository, &project.release_tags).ok());
    read.map(|(all, _)| all.iter().rev().map(|release| release.name.to_string()).collect()).unwrap_or_default()
}

/// The manual of a release, for an audience.
///
/// # Errors
/// No repository, no such release, one that was withdrawn, or one that this version of Annexa cannot read.
pub(super) fn release(root: &Path, name: &str, audience: &str) -> Result<Made, CouldNotRun> {
    let (sources, _) = load::sources(root)?;
    let Some(project) = project::read(&sources, &mut Vec::new()) else {
        return Err(CouldNotRun("annexa.yaml cannot be read; `annexa check` says why".into()));
    };
    let repository = Repository::around(root)?
        .ok_or_else(|| CouldNotRun(format!("`{}` lies in no Git repository; releases are its tags", root.display())))?;
    let (all, _) = history::releases(&repository, &project.release_tags)?;
    let Some(release) = all.iter().find(|release| release.name.as_ref() == name) else {
        let known: Vec<&str> = all.iter().map(|release| release.name.as_ref()).collect();
        let near = crate::base::finding::nearest(name, known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        return Err(CouldNotRun(format!("there is no release `{name}` (tags named `{}`){near}", project.release_tags)));
    };
    if let Some(withdrawn) = project.withdrawn.iter().find(|withdrawn| withdrawn.release.value == release.name) {
        return Err(CouldNotRun(format!("the release `{name}` was withdrawn on {}: {}", withdrawn.date, withdrawn.reason)));
    }
    let audience = names::audience(audience, &project, &[])?;
    let mut findings = Vec::new();
    let manual = versioned::read(&repository, release, &audience, None, &mut findings).ok_or_else(|| {
        let why = findings.first().map(|finding| finding.message.clone());
        CouldNotRun(why.unwrap_or_else(|| format!("the release `{name}` has no audience `{}`", audience.name)))
    })?;
    let tree = repository.tree(&release.commit).ok().filter(|_| manual.view.is_whole());
    let Release { name, date, .. } = release;
    let versions = versions(&manual);
    Ok(Made { stamp: Some(Stamp { name: name.to_string(), date: *date, tree, versions }), manual })
}
