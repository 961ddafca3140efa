//! Made again: the manual that an output or a PDF says it was made from, from the sources as they stand or from those of a release.

use std::path::Path;

use jiff::civil::Date;

use super::load;
use super::progress::Progress;
use super::{CouldNotRun, build, names, versioned};
use crate::base::finding::Severity;
use crate::base::source::Repository;
use crate::history::redline::{Side, State};
use crate::history::{self, Release};
use crate::link::manual::{self, Manual};
use crate::link::{release, view};
use crate::publish::{Published, Stamp};
use crate::read::{Parsed, project};
use crate::render::site::releases::{Standing, versions};
use crate::render::site::{self, PAST, changes_page};

/// A manual, and the release that it is of, where it is of one.
pub(super) struct Made {
    pub(super) parsed: Parsed,
    pub(super) manual: Manual,
    /// With the tree of its sources, for those who see everything.
    pub(super) stamp: Option<Stamp>,
}

impl Made {
    /// What its site depends on besides, by itself.
    pub(super) fn options(&self) -> site::Options {
        let standing = self.stamp.as_ref().map(|stamp| Standing { name: Some(stamp.name.clone()), date: stamp.date, as_of: None });
        site::Options { release: standing, ..site::Options::default() }
    }

    /// The same in a folder among those of other releases: with what changed since the one before, where what was published there tells it.
    ///
    /// # Errors
    /// The release before is needed, and does not lie beside the folder or cannot be read.
    pub(super) fn options_among(&self, root: &Path, at: &Path, published: &Published) -> Result<site::Options, CouldNotRun> {
        let mut options = self.options();
        if options.release.is_none() {
            options.release = Some(Standing { name: None, date: self.manual.today, as_of: None });
        }
        if published.file(PAST).is_none() {
            return Ok(options);
        }
        let missing = |what: &str| CouldNotRun(format!("it says what changed since the release before, {what}"));
        let repository = Repository::around(root)?.ok_or_else(|| missing("and there is no repository that has it"))?;
        let (sources, _) = load::sources(root)?;
        let project = project::read(&sources, &mut Vec::new()).ok_or_else(|| missing("and annexa.yaml cannot be read"))?;
        let (all, _) = history::releases(&repository, &project.release_tags)?;
        let before = all.iter().find(|release| published.file(&changes_page(&release.name)).is_some());
        let before = before.ok_or_else(|| missing("of which there is no tag any more"))?;
        let read = versioned::read(&repository, before, &self.manual.view.audience, None, &mut Vec::new());
        let (parsed, manual) = read.ok_or_else(|| missing("which cannot be read"))?;
        let beside = at.parent().unwrap_or(at).join(release::folder(&before.name));
        if !beside.is_dir() {
            return Err(missing("which does not lie beside it"));
        }
        #[allow(clippy::disallowed_methods)] // law 1: the command line reads the disk
        let past = std::fs::read(beside.join(PAST)).ok();
        let (state, state_before) = (
            State { name: self.stamp.as_ref().map(|stamp| stamp.name.as_str().into()), date: self.manual.today },
            State { name: Some(before.name.clone()), date: before.date },
        );
        let withdrawn = project.withdrawn.iter().map(|withdrawn| withdrawn.release.value.as_ref()).collect();
        versioned::changed_since(
            &mut options,
            Side { state: &state_before, manual: &manual, parsed: &parsed },
            Side { state: &state, manual: &self.manual, parsed: &self.parsed },
            past.as_deref(),
            &withdrawn,
        );
        Ok(options)
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
    let Some(parsed) = loaded.parsed else { return Err(CouldNotRun("annexa.yaml cannot be read".into())) };
    Ok(Made { parsed, manual, stamp: None })
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
    let audience = names::audience(audience, &project, &[])?;
    let (release, parsed, manual) = versioned::named(&repository, &all, &project, name, &audience)?;
    let tree = repository.tree(&release.commit).ok().filter(|_| manual.view.is_whole());
    let Release { name, date, .. } = release;
    let versions = versions(&manual);
    Ok(Made { parsed, stamp: Some(Stamp { name: name.to_string(), date: *date, tree, versions }), manual })
}
