//! `annexa build --releases`: a folder for each release, `latest/`, `next/` where asked, and what leads to them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jiff::civil::Date;

use super::CouldNotRun;
use super::build::{self, Arguments};
use super::load::{Loaded, set_levels};
use super::names::{self, did_you_mean};
use super::progress::Progress;
use super::signing::Signing;
use crate::base::finding::{Finding, Place};
use crate::base::rule;
use crate::base::source::Repository;
use crate::base::word::{Phrase, phrase};
use crate::history::approval::Ledger;
use crate::history::redline::{self, Past, Side, State};
use crate::history::{self, Release};
use crate::link::manual::{self, Manual};
use crate::link::release::folder;
use crate::link::view::{self, Audience};
use crate::publish::{self, About, Manifest, Settings, Stamp, Versioned, Written};
use crate::read::project::Project;
use crate::read::{Memory, Parsed};
use crate::render::Artifacts;
use crate::render::site::releases::{self, LATEST, Listed, Listing, NEXT, Standing};
use crate::render::site::{self, PAST, changes_page};

/// A versioned output that was written.
pub(super) struct Built {
    pub(super) folder: PathBuf,
    pub(super) audience: String,
    /// How many releases were made, and how many taken over as they were published.
    pub(super) made: usize,
    pub(super) taken_over: usize,
    pub(super) latest: Option<String>,
    pub(super) written: Written,
}

/// Builds the releases for one audience or for each. What is wrong with a single release is a warning, and the others are built; one that says what its
/// audience may not see stops the build, and nothing comes of it.
///
/// # Errors
/// No repository or no release, templates that fail, and what the disk refuses.
pub(super) fn run(
    arguments: &Arguments,
    loaded: &mut Loaded,
    parsed: &Parsed,
    highest: Manual,
    out: &Path,
    cancel: &Arc<AtomicBool>,
    progress: &mut Progress,
) -> Result<Option<Vec<Built>>, CouldNotRun> {
    let root = &arguments.project.project;
    let repository = repository(root)?;
    let (all, found) = history::releases(&repository, &parsed.project.release_tags)?;
    loaded.findings.extend(found);
    let names: Vec<&str> = all.iter().map(|release| release.name.as_ref()).collect();
    if let Some(name) = arguments.rebuild.iter().flatten().find(|name| !name.is_empty() && !names.contains(&name.as_str())) {
        let help = did_you_mean(name, names.iter().copied(), || "`annexa releases` lists them".into());
        return Err(CouldNotRun(format!("there is no release `{name}` to rebuild; {help}")));
    }
    check(&all, parsed, &mut loaded.findings);
    if !arguments.next {
        loaded.findings.extend(history::unreleased(&repository, &loaded.sources));
    }
    set_levels(&mut loaded.findings, &arguments.project)?;
    if loaded.has_errors() {
        return Ok(None);
    }
    let today = highest.today;
    let audiences = audiences(arguments.audience.as_deref(), &parsed.project, out)?;
    let signing = build::signing(arguments, loaded.ledger.as_ref(), today)?.map(RefCell::new);
    let several = audiences.len() > 1;
    let mut making_all = Vec::new();
    for (folder, audience) in audiences {
        let previous = arguments.previous.as_ref().map(|at| if several { at.join(audience.name.as_ref()) } else { at.clone() });
        let output = Versioned::begin(&folder, root, previous.as_deref(), arguments.force, cancel)?;
        let next = arguments.next.then(|| {
            let mut next = manual::link(view::view(parsed, audience.clone()), today);
            build::complete(&mut next, loaded.ledger.as_ref(), &[]);
            next
        });
        let mut making = Making {
            arguments,
            repository: &repository,
            all: &all,
            parsed,
            ledger: loaded.ledger.as_ref(),
            today,
            audience,
            output,
            listing: Listing::default(),
            made: 0,
            taken_over: 0,
            home: None,
            memory: RefCell::default(),
            unreleased: None,
            leaks: Vec::new(),
            signing: signing.as_ref(),
        };
        for release in &all {
            making.release(release, &mut loaded.findings, progress)?;
        }
        if let Some(next) = next {
            making.next(next, progress)?;
        }
        if !making.leaks.is_empty() {
            loaded.findings.extend(making.leaks);
            return Ok(None);
        }
        making_all.push((folder, making));
    }
    set_levels(&mut loaded.findings, &arguments.project)?;
    if loaded.has_errors() {
        return Ok(None);
    }
    let mut built = Vec::new();
    for (folder, making) in making_all {
        built.push(making.finish(folder, progress)?);
    }
    Ok(Some(built))
}

/// The repository whose tags are the releases.
pub(super) fn repository(root: &Path) -> Result<Repository, CouldNotRun> {
    Repository::around(root)?.ok_or_else(|| {
        let help = "`git init` begins one, and `git tag v1.0` makes the first release of what is committed";
        CouldNotRun(format!("`{}` lies in no Git repository; releases are its tags: {help}", root.display()))
    })
}

/// The audiences to build for, and where each goes.
pub(super) fn audiences(name: Option<&str>, project: &Project, out: &Path) -> Result<Vec<(PathBuf, Audience)>, CouldNotRun> {
    Ok(match name {
        None => vec![(out.to_path_buf(), Audience::highest(project))],
        Some("all") => Audience::all(project).into_iter().map(|audience| (out.join(audience.name.as_ref()), audience)).collect(),
        Some(name) => vec![(out.to_path_buf(), names::audience(name, project, &["all"])?)],
    })
}

/// Withdrawals of releases that are not there.
pub(super) fn check(all: &[Release], parsed: &Parsed, findings: &mut Vec<Finding>) {
    for withdrawn in &parsed.project.withdrawn {
        if !all.iter().any(|release| release.name == withdrawn.release.value) {
            let message = phrase!("there is no release `{name}` to withdraw", name = withdrawn.release.value);
            findings.push(
                Finding::new(&rule::RELEASE_UNKNOWN, withdrawn.release.span, message).help(phrase!("`annexa releases` lists the releases")),
            );
        }
    }
}

/// A versioned output for one audience on its way.
struct Making<'a> {
    arguments: &'a Arguments,
    repository: &'a Repository,
    /// Every release, the oldest first.
    all: &'a [Release],
    parsed: &'a Parsed,
    /// Approvals as they are recorded today: a release may have been approved after it was tagged.
    ledger: Option<&'a Ledger>,
    today: Date,
    audience: Audience,
    output: Versioned<'a>,
    listing: Listing,
    made: usize,
    taken_over: usize,
    /// The manual of the newest release that was read, whose look the pages at the top have.
    home: Option<(Release, Parsed, Manual)>,
    /// What was read of the releases before: most of it stands in the next one too.
    memory: RefCell<Memory>,
    /// The sources as they stand, where they are shown.
    unreleased: Option<Manual>,
    /// What outputs say that the audience may not see.
    leaks: Vec<Finding>,
    /// What signs the manifests.
    signing: Option<&'a RefCell<Signing>>,
}

impl Making<'_> {
    fn release(&mut self, release: &Release, findings: &mut Vec<Finding>, progress: &mut Progress) -> Result<(), CouldNotRun> {
        let listed = |files, versions| Listed {
            name: release.name.to_string(),
            date: release.date,
            files,
            versions,
            withdrawn: None,
            approval: None,
        };
        if let Some(withdrawn) = self.parsed.project.withdrawn.iter().find(|withdrawn| withdrawn.release.value == release.name) {
            self.listing.releases.push(Listed { withdrawn: Some(withdrawn.clone()), ..listed(Vec::new(), BTreeMap::new()) });
            return Ok(());
        }
        let folder = folder(&release.name);
        let tree = self.repository.tree(&release.commit).ok();
        let whole = self.audience.up_to >= self.parsed.project.highest();
        if !self.rebuilds(&release.name) {
            match progress.stage("verify", || self.output.published(&folder)) {
                publish::Existing::Whole(manifest) if self.tells_of_withdrawn(&manifest) => {
                    let why = phrase!("what is published tells what changed since a release that is withdrawn");
                    findings.push(altered(release, why));
                }
                publish::Existing::Whole(manifest) if self.is_of(&manifest, release, tree.as_deref()) => {
                    self.output.take_over(&folder, &manifest)?;
                    let versions = manifest.release.map(|stamp| stamp.versions).unwrap_or_default();
                    self.listing.releases.push(listed(manifest.files.into_iter().map(|entry| entry.path).collect(), versions));
                    self.taken_over += 1;
                    return Ok(());
                }
                publish::Existing::Whole(_) => {
                    findings.push(altered(release, phrase!("what is published is of other sources than its tag")));
                }
                publish::Existing::Altered(why) => findings.push(altered(release, why)),
                publish::Existing::Nothing => {}
            }
        }
        let read = progress.stage("read", || read(self.repository, release, &self.audience, None, &mut self.memory.borrow_mut(), findings));
        let Some((parsed, manual)) = read else { return Ok(()) };
        let standing = Standing { name: Some(release.name.to_string()), date: release.date, as_of: None, alone: false };
        let state = State { name: Some(release.name.clone()), date: release.date };
        let mut options = progress.stage("compare", || self.since(Side { state: &state, manual: &manual, parsed: &parsed }, standing));
        options.withdrawn = self.withdrawn_before();
        let settings = Settings { withdrawn: options.withdrawn.clone(), ..self.settings(false) };
        let artifacts = match build::render(&manual, !self.arguments.no_pdf, options, progress) {
            Ok(artifacts) => artifacts,
            Err(found) => {
                let why = found.first().map(|finding| finding.message.clone()).unwrap_or_default();
                findings.push(
                    Finding::new(
                        &rule::RELEASE_UNREADABLE,
                        Place::Project,
                        phrase!("the release `{name}` cannot be built: {why}", name = release.name, why = why),
                    )
                    .help(phrase!("use the version of Annexa that it was written for, and --previous to take over what that made")),
                );
                return Ok(());
            }
        };
        let versions = releases::versions(&manual);
        let stamp = Stamp { name: release.name.to_string(), date: release.date, tree: tree.filter(|_| whole), versions: versions.clone() };
        let mut manifest = build::manifest(&manual, &artifacts, Some(stamp), settings);
        self.sign(&mut manifest)?;
        self.prove(phrase!("release {name}", name = release.name), &manual, &artifacts, &manifest, progress);
        progress.stage("write", || self.output.add(&folder, &artifacts, &manifest))?;
        self.listing.releases.push(listed(artifacts.iter().map(|file| file.path.clone()).collect(), versions));
        self.made += 1;
        self.home = Some((release.clone(), parsed, manual));
        Ok(())
    }

    /// What a site of a release, or of the sources as they stand, is besides: what changed since the release before, and in which releases each document did.
    fn since(&self, after: Side<'_>, standing: Standing) -> site::Options {
        let withdrawn: BTreeSet<&str> = self.withdrawn().collect();
        let mut options = site::Options { release: Some(standing), ..site::Options::default() };
        let Some(listed) = self.listing.latest() else { return options };
        let Some(before) = self.all.iter().find(|release| release.name.as_ref() == listed.name) else { return options };
        let state = State { name: Some(before.name.clone()), date: before.date };
        let read_now;
        let (parsed, manual) = match &self.home {
            Some((release, parsed, manual)) if release.name == before.name => (parsed, manual),
            _ => {
                read_now = read_side(self.repository, before, &self.audience, &mut self.memory.borrow_mut());
                match &read_now {
                    Some((parsed, manual)) => (parsed, manual),
                    None => return options,
                }
            }
        };
        let past = self.output.file(&listed.folder(), PAST);
        changed_since(&mut options, Side { state: &state, manual, parsed }, after, past.as_deref(), &withdrawn);
        options
    }

    fn withdrawn(&self) -> impl Iterator<Item = &str> {
        self.parsed.project.withdrawn.iter().map(|withdrawn| withdrawn.release.value.as_ref())
    }

    /// Whether an output has a redline whose earlier side is withdrawn: that would still say what must go.
    fn tells_of_withdrawn(&self, manifest: &Manifest) -> bool {
        let is_notice =
            |name: &str| manifest.settings.as_ref().is_some_and(|settings| settings.withdrawn.iter().any(|noted| noted == name));
        let mut told = self.withdrawn().filter(|name| !is_notice(name)).map(changes_page);
        told.any(|path| manifest.files.iter().any(|file| file.path == path))
    }

    /// The withdrawn releases right before one: it may have been compared with them, and pages of later ones lead to that.
    fn withdrawn_before(&self) -> Vec<String> {
        self.listing.releases.iter().rev().take_while(|listed| listed.withdrawn.is_some()).map(|listed| listed.name.clone()).collect()
    }

    /// The releases that a withdrawn one was compared with, by what pages of later ones lead to.
    fn compared_with(&self, withdrawn: &str) -> BTreeSet<String> {
        let later = self.listing.releases.iter().rev().take_while(|listed| listed.name != withdrawn);
        let pasts = later.filter_map(|listed| Past::from_json(&self.output.file(&listed.folder(), PAST)?));
        pasts.flat_map(|past| past.compared_with(withdrawn).map(str::to_owned).collect::<Vec<_>>()).collect()
    }

    fn rebuilds(&self, name: &str) -> bool {
        self.arguments
            .rebuild
            .as_ref()
            .is_some_and(|names| names.iter().all(String::is_empty) || names.iter().any(|rebuilt| rebuilt == name))
    }

    fn settings(&self, next: bool) -> Settings {
        Settings { pdf: build::sets_pdf(self.arguments), next, ..Settings::default() }
    }

    fn sign(&self, manifest: &mut Manifest) -> Result<(), CouldNotRun> {
        match self.signing {
            Some(signing) => build::sign(manifest, Some(&mut signing.borrow_mut())),
            None => Ok(()),
        }
    }

    /// Whether what is published is this release for this audience. What audiences that do not see everything get has no mark of the sources, so that
    /// for them the tag's name and day must do.
    fn is_of(&self, manifest: &Manifest, release: &Release, tree: Option<&str>) -> bool {
        let same = |stamp: &Stamp| {
            let same_tree = stamp.tree.is_none() || stamp.tree.as_deref() == tree;
            stamp.name == release.name.as_ref() && stamp.date == release.date && same_tree
        };
        manifest.audience == self.audience.name.as_ref() && manifest.release.as_ref().is_some_and(same)
    }

    /// The sources as they stand.
    fn next(&mut self, next: Manual, progress: &mut Progress) -> Result<(), CouldNotRun> {
        let standing = Standing { name: None, date: next.today, as_of: None, alone: false };
        let state = State { name: None, date: next.today };
        let options = progress.stage("compare", || self.since(Side { state: &state, manual: &next, parsed: self.parsed }, standing));
        let artifacts = build::render(&next, !self.arguments.no_pdf, options, progress).map_err(first)?;
        let mut manifest = build::manifest(&next, &artifacts, None, self.settings(true));
        self.sign(&mut manifest)?;
        self.prove(Phrase::text(NEXT), &next, &artifacts, &manifest, progress);
        progress.stage("write", || self.output.add(NEXT, &artifacts, &manifest))?;
        self.listing.next = Some(artifacts.iter().map(|file| file.path.clone()).collect());
        self.unreleased = Some(next);
        Ok(())
    }

    /// Looks through an output for what its audience may not see. Its sources are not those of today, so that places are told in words.
    fn prove(&mut self, name: Phrase, manual: &Manual, artifacts: &Artifacts, manifest: &Manifest, progress: &mut Progress) {
        let leaks = progress.stage("prove", || build::prove(&manual.view.sources, &manual.view.audience, artifacts, manifest));
        let told =
            |leak: Finding| Finding::new(leak.rule, Place::Project, phrase!("{name}: {message}", name = name, message = leak.message));
        self.leaks.extend(leaks.into_iter().map(told));
    }

    /// `latest/`, the notices, and the files at the top.
    fn finish(mut self, folder: PathBuf, progress: &mut Progress) -> Result<Built, CouldNotRun> {
        let audience = self.audience.name.to_string();
        let latest = self.listing.latest().cloned();
        let (home, manual) = match (&latest, self.unreleased.take()) {
            (Some(latest), _) => (LATEST, self.manual_of(latest)),
            (None, Some(next)) => (NEXT, next),
            (None, None) => {
                let tags = &self.parsed.project.release_tags;
                return Err(CouldNotRun(format!(
                    "there is no release to build for {audience}: no tag named `{tags}` holds a manual that can be shown; add --next for the sources as they stand"
                )));
            }
        };
        self.approvals(progress);
        if let Some(latest) = &latest {
            let more = Artifacts::new(releases::moved(&manual, &self.listing).map_err(first)?).map_err(first)?;
            let mut manifest = self.manifest_of(latest)?;
            manifest.files.extend(Manifest::new(&more, about(&manual)).files);
            manifest.files.sort_by(|a, b| a.path.cmp(&b.path));
            self.sign(&mut manifest)?;
            progress.stage("write", || self.output.add_like(LATEST, &latest.folder(), &more, &manifest))?;
        }
        for listed in &self.listing.releases {
            let Some(withdrawn) = &listed.withdrawn else { continue };
            let compared = self.compared_with(&listed.name);
            let notice = releases::notice(&manual, home, &self.listing, withdrawn, &compared).map_err(first)?;
            let artifacts = Artifacts::new(notice).map_err(first)?;
            let mut manifest = Manifest::new(&artifacts, about(&manual));
            self.sign(&mut manifest)?;
            self.output.add(&listed.folder(), &artifacts, &manifest)?;
        }
        // What else stands at the top are names of releases and of pages, some of which were published when they were open.
        let host = Artifacts::new(releases::host(&manual, &self.listing)).map_err(first)?;
        self.prove(phrase!("the files for hosts"), &manual, &host, &Manifest::new(&host, about(&manual)), progress);
        if !self.leaks.is_empty() {
            return Err(first(self.leaks));
        }
        let top = Artifacts::new(releases::top(&manual, home, &self.listing).map_err(first)?).map_err(first)?;
        let mut manifest = Manifest::new(&top, about(&manual));
        manifest.folders = self.output.folders();
        self.sign(&mut manifest)?;
        let written = progress.stage("write", || self.output.finish(&top, &manifest))?;
        progress.voice().files(&folder, &written);
        let (made, taken_over) = (self.made, self.taken_over);
        Ok(Built { folder, audience, made, taken_over, latest: latest.map(|latest| latest.name), written })
    }

    /// Who approved each release, for those who see everything.
    fn approvals(&mut self, progress: &mut Progress) {
        let whole = self.audience.up_to >= self.parsed.project.highest();
        let Some(ledger) = self.ledger.filter(|ledger| whole && ledger.approves_releases()) else { return };
        self.listing.tells_approvals = true;
        let shown = self.listing.releases.iter_mut().filter(|listed| listed.withdrawn.is_none());
        progress.stage("approvals", || {
            for listed in shown {
                let release = self.all.iter().find(|release| release.name.as_ref() == listed.name);
                let digest = release.and_then(|release| history::digest(self.repository, release));
                listed.approval = digest.and_then(|digest| ledger.of_release(&digest, self.today));
            }
        });
    }

    /// The manual of a release that is shown: read already, or read now.
    fn manual_of(&mut self, listed: &Listed) -> Manual {
        if let Some((_, _, manual)) = self.home.take().filter(|(release, _, _)| release.name.as_ref() == listed.name) {
            return manual;
        }
        let release = self.all.iter().find(|release| release.name.as_ref() == listed.name);
        let read = release
            .and_then(|release| read(self.repository, release, &self.audience, None, &mut self.memory.borrow_mut(), &mut Vec::new()));
        let manual = read.map(|(_, manual)| manual);
        // What another version of Annexa published may be beyond this one: the look is that of today then.
        manual.unwrap_or_else(|| manual::link(view::view(self.parsed, self.audience.clone()), listed.date))
    }

    fn manifest_of(&self, listed: &Listed) -> Result<Manifest, CouldNotRun> {
        self.output.manifest(&listed.folder()).ok_or_else(|| CouldNotRun(format!("the release `{}` has no manifest", listed.name)))
    }
}

/// Adds what changed from one state to another, and in which releases each document did; `past` is how the site of the earlier one told that, if it did.
pub(super) fn changed_since(
    options: &mut site::Options,
    before: Side<'_>,
    after: Side<'_>,
    past: Option<&[u8]>,
    withdrawn: &BTreeSet<&str>,
) {
    let compared = redline::compare(before, after);
    let past = past.and_then(Past::from_json).unwrap_or_default();
    options.history = Some(past.with(&compared, after.manual, withdrawn));
    options.changes = Some(compared);
}

/// A release by its name, read for an audience of today.
///
/// # Errors
/// No such release, one that is withdrawn, that cannot be read, or that had no such audience.
pub(super) fn named<'r>(
    repository: &Repository,
    all: &'r [Release],
    project: &Project,
    name: &str,
    audience: &Audience,
) -> Result<(&'r Release, Parsed, Manual), CouldNotRun> {
    let Some(release) = all.iter().find(|release| release.name.as_ref() == name) else {
        let known = all.iter().map(|release| release.name.as_ref());
        let help = did_you_mean(name, known, || "`annexa releases` lists them".into());
        return Err(CouldNotRun(format!("there is no release `{name}` (tags named `{}`); {help}", project.release_tags)));
    };
    if let Some(withdrawn) = project.withdrawn.iter().find(|withdrawn| withdrawn.release.value == release.name) {
        return Err(CouldNotRun(format!("the release `{name}` was withdrawn on {}: {}", withdrawn.date, withdrawn.reason)));
    }
    let mut findings = Vec::new();
    let (parsed, manual) = read(repository, release, audience, None, &mut Memory::default(), &mut findings).ok_or_else(|| {
        let why = findings.first().map(|finding| finding.message.to_string());
        CouldNotRun(why.unwrap_or_else(|| format!("the release `{name}` had no audience `{}`", audience.name)))
    })?;
    Ok((release, parsed, manual))
}

/// The manual of a release for an audience of today, on its own day or another, with what it was made from; nothing where that had none of it, or it cannot be
/// read.
pub(super) fn read(
    repository: &Repository,
    release: &Release,
    audience: &Audience,
    day: Option<Date>,
    memory: &mut Memory,
    findings: &mut Vec<Finding>,
) -> Option<(Parsed, Manual)> {
    let parsed = history::read_again(repository, release, memory, findings).parsed?;
    let audience = Audience::named(&audience.name, &parsed.project)?;
    let mut manual = manual::link(view::view(&parsed, audience), day.unwrap_or(release.date));
    build::complete(&mut manual, Some(&Ledger::new(&parsed)), &[]);
    Some((parsed, manual))
}

/// A release that another one is compared with: only its words count, and nothing is made of it.
pub(super) fn read_side(repository: &Repository, release: &Release, audience: &Audience, memory: &mut Memory) -> Option<(Parsed, Manual)> {
    let parsed = history::read_again(repository, release, memory, &mut Vec::new()).parsed?;
    let audience = Audience::named(&audience.name, &parsed.project)?;
    let mut manual = manual::link(view::view(&parsed, audience), release.date);
    manual.approvals = Ledger::new(&parsed).standings(&manual);
    Some((parsed, manual))
}

/// The first of what went wrong, where nothing can be built without it.
pub(super) fn first(found: Vec<Finding>) -> CouldNotRun {
    CouldNotRun(found.first().map_or_else(String::new, |finding| finding.message.to_string()))
}

fn altered(release: &Release, why: Phrase) -> Finding {
    Finding::new(
        &rule::RELEASE_ALTERED,
        Place::Project,
        phrase!("the release `{name}` is built again: {why}", name = release.name, why = why),
    )
    .help(phrase!("published releases stay as they are: find out who changed it, or move the tag back"))
}

/// What files are that no manual alone makes: notices, and what leads to the releases.
pub(super) fn about(manual: &Manual) -> About {
    let (title, audience) = (manual.view.project.title.to_string(), manual.view.audience.name.to_string());
    About { title, audience, today: manual.today, release: None, origin: None, settings: None }
}

/// What was built, for people.
pub(super) fn summary(built: &[Built]) -> String {
    let mut text = String::new();
    for built in built {
        let latest = built.latest.as_ref().map_or_else(|| "none released".to_owned(), |latest| format!("latest is {latest}"));
        text.push_str(&format!(
            "Built the releases for {}: {} made, {} taken over as published; {latest}.\n",
            built.audience, built.made, built.taken_over
        ));
        text.push_str(&format!("  site  open {}\n", built.folder.join("index.html").display()));
        text.push_str(&format!(
            "  files {} new or changed, {} unchanged, {} removed\n",
            built.written.written.len(),
            built.written.unchanged.len(),
            built.written.removed.len()
        ));
    }
    text
}
