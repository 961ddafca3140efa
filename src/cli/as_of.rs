//! `annexa build --as-of 2026-03-31`: what was in force on a day, document by document, with the releases that say it.
#![allow(clippy::disallowed_methods)] // law 1: cli looks at the disk

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jiff::civil::Date;

use super::build::{self, Arguments};
use super::load::{Loaded, set_levels};
use super::progress::Progress;
use super::versioned::{about, audiences, first, read, repository};
use super::{CouldNotRun, versioned};
use crate::base::finding::{Finding, Place, Severity};
use crate::base::rule;
use crate::base::source::Repository;
use crate::base::word::phrase;
use crate::history::approval::Ledger;
use crate::history::{self, Release};
use crate::link::approval::Standing;
use crate::link::release::{self, InForce};
use crate::link::view::Audience;
use crate::publish::{Manifest, Versioned, Written};
use crate::read::{Memory, Parsed};
use crate::render::Artifacts;
use crate::render::site::in_force::{self, Built as Releases};
use crate::render::site::{self, releases};

/// An output that was written.
pub(super) struct Built {
    folder: PathBuf,
    audience: Arc<str>,
    in_force: InForce,
    written: Written,
}

/// Where it goes unless the user says otherwise: never into the folder of what is in force today, or of what was published.
pub(super) fn usual_folder(project: &Path, date: Date) -> PathBuf {
    project.join(format!("as-of-{date}"))
}

/// Builds what was in force on a day for one audience or for each, into folders of releases and a first page. Settings of today say which tags are releases, and
/// which of them are withdrawn; all else comes from the releases.
///
/// # Errors
/// A day of which nobody can say it, templates that fail, and what the disk refuses.
pub(super) fn run(
    arguments: &Arguments,
    date: Date,
    loaded: &mut Loaded,
    parsed: &Parsed,
    today: Date,
    cancel: &Arc<AtomicBool>,
    progress: &mut Progress,
) -> Result<Option<Vec<Built>>, CouldNotRun> {
    let root = &arguments.project.project;
    if date > today {
        return Err(CouldNotRun(format!("{date} lies after today, {today}: nobody can say what will be in force; name a day up to then")));
    }
    let out = arguments.out.clone().unwrap_or_else(|| usual_folder(root, date));
    let repository = repository(root)?;
    let (all, mut found) = history::releases(&repository, &parsed.project.release_tags)?;
    // Of a clone that lacks releases, no answer would be better than a wrong one.
    for finding in found.iter_mut().filter(|finding| finding.rule.code == rule::SHALLOW_CLONE.code) {
        finding.severity = Severity::Error;
    }
    loaded.findings.extend(found);
    versioned::check(&all, parsed, &mut loaded.findings);
    set_levels(&mut loaded.findings, &arguments.project)?;
    if loaded.has_errors() {
        return Ok(None);
    }
    let audiences = audiences(arguments.audience.as_deref(), &parsed.project, &out)?;
    let names: Vec<Arc<str>> = audiences.iter().map(|(_, audience)| audience.name.clone()).collect();
    let in_force =
        progress.stage("read", || history::in_force(&repository, &all, &parsed.project.withdrawn, date, &names, &mut loaded.findings));
    let in_force = in_force.map_err(|unknown| CouldNotRun(format!("what was in force on {date} cannot be said: {unknown}")))?;

    let mut leaks = Vec::new();
    let mut making = Vec::new();
    for ((folder, audience), in_force) in audiences.into_iter().zip(in_force) {
        if !arguments.force && folder.join("releases.js").is_file() {
            return Err(CouldNotRun(format!("`{}` holds published releases; name another folder with --out", folder.display())));
        }
        let mut output = Versioned::begin(&folder, root, None, arguments.force, cancel)?;
        let in_force = Arc::new(in_force);
        let whole = audience.up_to >= parsed.project.highest();
        let mut releases = Releases::new();
        let mut memory = Memory::default();
        for of in in_force.releases() {
            let Some(release) = all.iter().find(|release| release.name == of.name) else { continue };
            // What it says was told of when it was first read.
            let read = progress.stage("read", || read(&repository, release, &audience, Some(date), &mut memory, &mut Vec::new()));
            let Some((_, manual)) = read else { continue };
            let (name, as_of) = (Some(release.name.to_string()), Some(in_force.clone()));
            let standing = releases::Standing { name, date: release.date, as_of, alone: false };
            let artifacts =
                build::render(&manual, !arguments.no_pdf, site::Options { release: Some(standing), ..site::Options::default() }, progress)
                    .map_err(first)?;
            let manifest = Manifest::new(&artifacts, about(&manual));
            leaks.extend(prove(&release.name, &manual.view.audience, &manual, &artifacts, &manifest, progress));
            progress.stage("write", || output.add(&release::folder(&release.name), &artifacts, &manifest))?;
            releases.insert(release.name.clone(), (manual, artifacts));
        }
        let of_day = all.iter().find(|release| release.name == in_force.release.name);
        let approval = of_day.filter(|_| whole).and_then(|release| approval(loaded.ledger.as_ref()?, &repository, release, date));
        let top = Artifacts::new(in_force::top(&in_force, &releases, approval).map_err(first)?).map_err(first)?;
        if let Some((manual, _)) = releases.get(&in_force.release.name) {
            let manifest = Manifest::new(&top, about(manual));
            making.push((folder, audience.name, in_force.clone(), output, top, manifest));
        }
    }
    if !leaks.is_empty() {
        loaded.findings.extend(leaks);
        return Ok(None);
    }
    set_levels(&mut loaded.findings, &arguments.project)?;
    if loaded.has_errors() {
        return Ok(None);
    }
    let mut built = Vec::new();
    for (folder, audience, in_force, output, top, mut manifest) in making {
        manifest.folders = output.folders();
        let written = progress.stage("write", || output.finish(&top, &manifest))?;
        progress.voice().files(&folder, &written);
        let in_force = InForce::clone(&in_force);
        built.push(Built { folder, audience, in_force, written });
    }
    Ok(Some(built))
}

/// The approval of a release as it stood on a day; none where no approvals of releases are kept.
fn approval(ledger: &Ledger, repository: &Repository, release: &Release, date: Date) -> Option<Standing> {
    if !ledger.approves_releases() {
        return None;
    }
    let given = history::digest(repository, release).and_then(|digest| ledger.of_release(&digest, date));
    Some(given.map_or(Standing::Never, Standing::AsItStands))
}

/// Looks through an output for what its audience may not see. Its sources are not those of today, so that places are told in words.
fn prove(
    name: &str,
    audience: &Audience,
    manual: &crate::link::manual::Manual,
    artifacts: &Artifacts,
    manifest: &Manifest,
    progress: &mut Progress,
) -> Vec<Finding> {
    let leaks = progress.stage("prove", || build::prove(&manual.view.sources, audience, artifacts, manifest));
    let name = phrase!("release {name}", name = name);
    let told = |leak: Finding| Finding::new(leak.rule, Place::Project, phrase!("{name}: {message}", name = name, message = leak.message));
    leaks.into_iter().map(told).collect()
}

/// What was built, for people.
pub(super) fn summary(built: &[Built]) -> String {
    let mut text = String::new();
    for Built { folder, audience, in_force, written } in built {
        let InForce { date, release, documents, others, .. } = in_force;
        text.push_str(&format!(
            "Built what was in force on {date} for {audience}: {} documents in force, {} not; release {} of {}.\n",
            documents.len(),
            others.len(),
            release.name,
            release.date
        ));
        let mut earlier: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for stood in documents.iter().filter(|stood| stood.release != *release) {
            earlier.entry(&stood.release.name).or_default().push(stood.id.as_str());
        }
        for (name, ids) in earlier {
            text.push_str(&format!("  still  as in {name}: {}\n", ids.join(", ")));
        }
        text.push_str(&format!("  site   open {}\n", folder.join("index.html").display()));
        text.push_str(&format!(
            "  files  {} new or changed, {} unchanged, {} removed\n",
            written.written.len(),
            written.unchanged.len(),
            written.removed.len()
        ));
    }
    text
}
