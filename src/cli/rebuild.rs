//! Made again: the manual that an output or a PDF says it was made from, from the sources as they stand or from those of a release.

use std::path::Path;

use jiff::civil::Date;

use super::load;
use super::progress::Progress;
use super::{CouldNotRun, build, names, versioned};
use crate::base::finding::{Finding, Severity};
use crate::base::source::Repository;
use crate::history::redline::{self, Past, Redline, Side, State};
use crate::history::{self, Release};
use crate::link::manual::{self, Manual};
use crate::link::{release, view};
use crate::publish::{Published, Stamp};
use crate::read::project::{self, Project};
use crate::read::{Memory, Parsed};
use crate::render::site::releases::{Standing, versions};
use crate::render::site::{self, PAST, changes_page};
use crate::render::{self, Artifacts};

/// The releases of a project, by its settings of today.
pub(super) struct Releases {
    project: Project,
    repository: Repository,
    /// The oldest first.
    all: Vec<Release>,
}

impl Releases {
    /// Reads which there are.
    ///
    /// # Errors
    /// No repository, or settings that cannot be read.
    pub(super) fn of(root: &Path) -> Result<Self, CouldNotRun> {
        let (sources, _) = load::sources(root)?;
        let project = project::read(&sources, &mut Vec::new());
        let project = project.ok_or_else(|| CouldNotRun("annexa.yaml cannot be read; `annexa check` says why".into()))?;
        let repository = versioned::repository(root)?;
        let (all, _) = history::releases(&repository, &project.release_tags)?;
        Ok(Releases { project, repository, all })
    }

    /// Their names, the newest first.
    pub(super) fn names(&self) -> Vec<String> {
        self.all.iter().rev().map(|release| release.name.to_string()).collect()
    }

    /// The manual of a release, for an audience.
    ///
    /// # Errors
    /// No such release, one that was withdrawn, or one that this version of Annexa cannot read.
    pub(super) fn made(&self, name: &str, audience: &str) -> Result<Made, CouldNotRun> {
        let audience = names::audience(audience, &self.project, &[])?;
        let (release, parsed, manual) = versioned::named(&self.repository, &self.all, &self.project, name, &audience)?;
        let tree = self.repository.tree(&release.commit).ok().filter(|_| manual.view.is_whole());
        let Release { name, date, .. } = release;
        let versions = versions(&manual);
        Ok(Made { parsed, stamp: Some(Stamp { name: name.to_string(), date: *date, tree, versions }), manual })
    }
}

/// A manual, and the release that it is of, where it is of one.
pub(super) struct Made {
    pub(super) parsed: Parsed,
    pub(super) manual: Manual,
    /// With the tree of its sources, for those who see everything.
    pub(super) stamp: Option<Stamp>,
}

impl Made {
    fn state(&self) -> State {
        State { name: self.stamp.as_ref().map(|stamp| stamp.name.as_str().into()), date: self.manual.today }
    }

    /// Where its site stands among others, or by itself.
    fn standing(&self, alone: bool) -> Standing {
        let (name, date) = match &self.stamp {
            Some(stamp) => (Some(stamp.name.clone()), stamp.date),
            None => (None, self.manual.today),
        };
        Standing { name, date, as_of: None, alone }
    }

    /// What changed up to it since an earlier release, for its audience.
    ///
    /// # Errors
    /// A release that is not there, is withdrawn, cannot be read, or is not an earlier one.
    pub(super) fn since(&self, releases: &Releases, name: &str) -> Result<Redline, CouldNotRun> {
        let audience = &self.manual.view.audience;
        let (before, parsed, manual) = versioned::named(&releases.repository, &releases.all, &releases.project, name, audience)?;
        let place = |name: &str| releases.all.iter().position(|release| release.name.as_ref() == name);
        let is_earlier = self.stamp.as_ref().is_none_or(|stamp| place(name) < place(&stamp.name));
        if !is_earlier || before.date > self.manual.today {
            return Err(CouldNotRun(format!("`{name}` is no earlier release; name the one of the last audit")));
        }
        let state_before = State { name: Some(before.name.clone()), date: before.date };
        Ok(redline::compare(
            Side { state: &state_before, manual: &manual, parsed: &parsed },
            Side { state: &self.state(), manual: &self.manual, parsed: &self.parsed },
        ))
    }

    /// The files of a pack.
    ///
    /// # Errors
    /// What cannot be rendered.
    pub(super) fn pack(&self, since: Option<Redline>, with_pdf: bool, progress: &mut Progress) -> Result<Artifacts, Vec<Finding>> {
        let options = site::Options { release: Some(self.standing(true)), changes: since.clone(), ..site::Options::default() };
        let output = build::render(&self.manual, with_pdf, options, progress)?;
        render::pack::pack(&self.manual, output, since.as_ref(), with_pdf)
    }

    /// What the site in a folder among those of other releases depends on besides, some of which are withdrawn: what changed since the one before, where what was published there tells it.
    ///
    /// # Errors
    /// The release before is needed, and does not lie beside the folder or cannot be read.
    pub(super) fn options_among(
        &self,
        releases: Result<&Releases, CouldNotRun>,
        at: &Path,
        published: &Published,
        withdrawn: &[String],
    ) -> Result<site::Options, CouldNotRun> {
        let mut options = site::Options { release: Some(self.standing(false)), withdrawn: withdrawn.to_vec(), ..site::Options::default() };
        if published.file(PAST).is_none() {
            return Ok(options);
        }
        let missing = |what: &str| CouldNotRun(format!("it says what changed since the release before, {what}"));
        let releases = releases?;
        // It was published before that, and stays as it was; the list that it took over was made again since.
        let told = published.file(PAST).and_then(Past::from_json).unwrap_or_default();
        if let Some(gone) = releases.project.withdrawn.iter().find(|withdrawn| told.tells_of(&withdrawn.release.value)) {
            let name = &gone.release.value;
            return Err(CouldNotRun(format!("it says in which releases documents changed, of which {name} has been withdrawn since")));
        }
        let is_notice = |release: &Release| withdrawn.iter().any(|name| name.as_str() == release.name.as_ref());
        let told = |release: &&Release| published.file(&changes_page(&release.name)).is_some() && !is_notice(release);
        // The newest: `latest` holds besides what leads to those of earlier releases.
        let before = releases.all.iter().rev().find(told);
        let before = before.ok_or_else(|| missing("of which there is no tag any more"))?;
        let read = versioned::read_side(&releases.repository, before, &self.manual.view.audience, &mut Memory::default());
        let (parsed, manual) = read.ok_or_else(|| missing("which cannot be read"))?;
        let beside = at.parent().unwrap_or(at).join(release::folder(&before.name));
        if !beside.is_dir() {
            return Err(missing("which does not lie beside it"));
        }
        #[allow(clippy::disallowed_methods)] // law 1: the command line reads the disk
        let past = std::fs::read(beside.join(PAST)).ok();
        let state_before = State { name: Some(before.name.clone()), date: before.date };
        let withdrawn = releases.project.withdrawn.iter().map(|withdrawn| withdrawn.release.value.as_ref()).collect();
        versioned::changed_since(
            &mut options,
            Side { state: &state_before, manual: &manual, parsed: &parsed },
            Side { state: &self.state(), manual: &self.manual, parsed: &self.parsed },
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
        let why = error.map_or_else(|| "annexa.yaml cannot be read".to_owned(), |finding| finding.message.to_string());
        return Err(CouldNotRun(format!("the sources in `{}` have errors ({why}); `annexa check` says more", root.display())));
    };
    let audience = names::audience(audience, &parsed.project, &[])?;
    let past = build::past(root, parsed, &mut loaded.findings)?;
    let mut manual = manual::link(view::view(parsed, audience), today);
    build::complete(&mut manual, loaded.ledger.as_ref(), &past);
    let Some(parsed) = loaded.parsed else { return Err(CouldNotRun("annexa.yaml cannot be read".into())) };
    Ok(Made { parsed, manual, stamp: None })
}
