//! `annexa build`: the site and the PDF manual into a folder, for one audience or for each.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;
use jiff::civil::Date;

use super::load::{self, Loaded, ProjectArguments};
use super::progress::{Progress, in_words, timed};
use super::signing::Signing;
use super::voice::Voice;
use super::{CouldNotRun, Ended, as_of, names, provenance, versioned};
use crate::base::finding::{self, Finding, Severity};
use crate::base::source::{Repository, Sources};
use crate::history;
use crate::history::approval::Ledger;
use crate::history::approval::signature::{MANIFEST_NAMESPACE, Signers};
use crate::link::manual::{self, Manual};
use crate::link::view::{self, Audience};
use crate::publish::{About, Manifest, Proof, Settings, Stamp, Written, write};
use crate::read::{Memory, Parsed};
use crate::render::{self, Artifact, Artifacts, MANIFEST_PATH, export, site};

#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) project: ProjectArguments,
    /// Where to write (default: dist in the project's folder)
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Build each release (Git tag) in a folder of its own, and `latest`; what was published of a release stays as it is
    #[arg(long)]
    releases: bool,
    /// With the releases, show the sources as they stand in `next`
    #[arg(long, requires = "releases")]
    pub(super) next: bool,
    /// Where releases were published before, if not in the output's own folder
    #[arg(long, value_name = "DIR", requires = "releases")]
    pub(super) previous: Option<PathBuf>,
    /// Build these releases again, or all, whatever was published
    #[arg(long, value_name = "TAG", requires = "releases", num_args = 0..=1, default_missing_value = "")]
    pub(super) rebuild: Option<Vec<String>>,
    /// Build what was in force on a day, document by document, from the releases up to it (into as-of-YYYY-MM-DD unless --out says otherwise)
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "releases")]
    as_of: Option<Date>,
    /// Leave the PDF out
    #[arg(long)]
    pub(super) no_pdf: bool,
    /// For whom: a classification, `auditor` who sees everything (the default), or `all`, each into a folder of its own
    #[arg(long, value_name = "NAME")]
    pub(super) audience: Option<String>,
    /// Sign each manifest with this SSH key: a private one, the public one of a key that ssh-agent holds, or `agent` for the one that records/allowed_signers lists
    #[arg(long, value_name = "KEY", conflicts_with = "as_of")]
    pub(super) sign: Option<PathBuf>,
    /// Write an in-toto statement of SLSA provenance about the output to this file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["releases", "as_of"])]
    provenance: Option<PathBuf>,
    /// Replace everything in a folder that Annexa did not make
    #[arg(long)]
    pub(super) force: bool,
    /// Print how long each stage took as JSON, in milliseconds, in place of the summary
    #[arg(long)]
    timings: bool,
}

impl Arguments {
    /// Whether all that is built comes from releases: of the sources as they stand, only the settings count.
    fn is_of_releases(&self) -> bool {
        self.as_of.is_some() || self.releases && !self.next
    }
}

pub(super) fn run(arguments: &Arguments, voice: Voice) -> Result<Ended, CouldNotRun> {
    let cancel = Arc::new(AtomicBool::new(false));
    let on_signal = cancel.clone();
    ctrlc::set_handler(move || {
        // Whoever asks twice does not want to wait for the stage that is running. An output is whole at any moment.
        if on_signal.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    })?;

    let mut progress = Progress::on_terminal(voice);
    let mut loaded = load::load(&arguments.project, &mut progress)?;
    if loaded.has_errors() && !arguments.no_pdf && !arguments.is_of_releases() {
        // All that stops this build comes in one run.
        loaded.examine_pdf(&arguments.project)?;
    }
    if arguments.is_of_releases() {
        loaded.keep_settings();
    }
    let (Some(parsed), Some(manual), false) = (&loaded.parsed, loaded.manual.take(), loaded.has_errors()) else {
        return Ok(stop(&mut progress, &loaded));
    };
    if let Some(date) = arguments.as_of {
        let (parsed, today) = (parsed.clone(), manual.today);
        let built = as_of::run(arguments, date, &mut loaded, &parsed, today, &cancel, &mut progress)?;
        return end(arguments, &mut loaded, &mut progress, built.map(|built| as_of::summary(&built)));
    }
    let out = arguments.out.clone().unwrap_or_else(|| arguments.project.project.join("dist"));
    if arguments.releases {
        let parsed = parsed.clone();
        let built = versioned::run(arguments, &mut loaded, &parsed, manual, &out, &cancel, &mut progress)?;
        return end(arguments, &mut loaded, &mut progress, built.map(|built| versioned::summary(&built)));
    }
    if let Some(file) = &arguments.provenance {
        provenance::refuse(file, arguments.audience.as_deref(), &out)?;
    }
    let mut signing = signing(arguments, loaded.ledger.as_ref(), manual.today)?;
    let past = past(&arguments.project.project, parsed, &mut loaded.findings)?;
    let mut outputs = Vec::new();
    for (folder, mut manual) in manuals(arguments, parsed, manual, &out)? {
        complete(&mut manual, loaded.ledger.as_ref(), &past);
        let artifacts = render(&manual, !arguments.no_pdf, site::Options::default(), &mut progress);
        let artifacts = match artifacts {
            Ok(artifacts) => artifacts,
            Err(findings) => {
                loaded.findings.extend(findings);
                finding::sort(&mut loaded.findings, &loaded.sources);
                return Ok(stop(&mut progress, &loaded));
            }
        };
        let mut manifest = manifest(&manual, &artifacts, None, Settings { pdf: sets_pdf(arguments), ..Settings::default() });
        sign(&mut manifest, signing.as_mut())?;
        outputs.push((folder, manual, artifacts, manifest));
    }
    // Everything is rendered and proved before anything is written, so that an error in one audience leaves every output as it was.
    let leaks: Vec<Finding> = progress.stage("prove", || {
        outputs
            .iter()
            .flat_map(|(_, manual, artifacts, manifest)| prove(&loaded.sources, &manual.view.audience, artifacts, manifest))
            .collect()
    });
    if !leaks.is_empty() {
        loaded.findings.extend(leaks);
        finding::sort(&mut loaded.findings, &loaded.sources);
        return Ok(stop(&mut progress, &loaded));
    }
    let mut built = Vec::new();
    for (folder, manual, artifacts, manifest) in &outputs {
        let written =
            progress.stage("write", || write(folder, &arguments.project.project, artifacts, manifest, arguments.force, &cancel))?;
        built.push((folder.as_path(), manual, artifacts, written));
        if let Some(file) = &arguments.provenance {
            provenance::write(file, manifest)?;
        }
    }
    progress.finish();
    voice.show(&loaded.findings, &loaded.sources, loaded.language());
    built.iter().for_each(|(folder, _, _, written)| voice.files(folder, written));
    said(arguments, &progress, &summary(&built))
}

/// Says why nothing was built.
fn stop(progress: &mut Progress, loaded: &Loaded) -> Ended {
    progress.finish();
    progress.voice().show(&loaded.findings, &loaded.sources, loaded.language());
    progress.voice().remark("Nothing was built; the output is as it was.\n");
    Ended::WithErrors
}

/// What an output says that its audience may not see.
pub(super) fn prove(sources: &Arc<Sources>, audience: &Audience, artifacts: &Artifacts, manifest: &Manifest) -> Vec<Finding> {
    let manifest = manifest.to_json();
    let files = artifacts.iter().map(|file| (file.path.as_str(), file.bytes.as_slice())).chain([(MANIFEST_PATH, manifest.as_bytes())]);
    Proof::new(sources.clone(), &audience.name, &render::fixed_files()).check(&files.collect::<Vec<_>>())
}

/// Says what was found and what was built of releases, or that nothing was.
fn end(arguments: &Arguments, loaded: &mut Loaded, progress: &mut Progress, built: Option<String>) -> Result<Ended, CouldNotRun> {
    finding::sort(&mut loaded.findings, &loaded.sources);
    let Some(summary) = built else { return Ok(stop(progress, loaded)) };
    progress.finish();
    progress.voice().show(&loaded.findings, &loaded.sources, loaded.language());
    said(arguments, progress, &summary)
}

/// Says what was built and how long it took, or the latter alone where that was asked for.
fn said(arguments: &Arguments, progress: &Progress, summary: &str) -> Result<Ended, CouldNotRun> {
    if arguments.timings {
        progress.voice().say(&timings(progress))?;
    } else {
        progress.voice().tell(&format!("{summary}{}", took(progress)));
    }
    Ok(Ended::Well)
}

/// The key that signs, where one is asked for.
pub(super) fn signing(arguments: &Arguments, ledger: Option<&Ledger>, today: Date) -> Result<Option<Signing>, CouldNotRun> {
    let Some(key) = &arguments.sign else { return Ok(None) };
    let none = Signers::default();
    Signing::for_manifests(key, ledger.map_or(&none, |ledger| &ledger.signers), today).map(Some)
}

/// Signs a manifest, where a key is there.
pub(super) fn sign(manifest: &mut Manifest, signing: Option<&mut Signing>) -> Result<(), CouldNotRun> {
    if let Some(signing) = signing {
        manifest.signature = Some(signing.sign(MANIFEST_NAMESPACE, manifest.to_json().as_bytes())?);
    }
    Ok(())
}

/// Adds to a manual what `history` knows of it: coverage over releases, where approvals stand, what it was made from.
pub(super) fn complete(manual: &mut Manual, ledger: Option<&Ledger>, past: &[history::Past]) {
    manual.releases = history::coverage(past, &manual.view.audience.name);
    manual.approvals = ledger.and_then(|ledger| ledger.standings(manual));
    manual.origin = Some(history::origin(&manual.view));
}

/// Whether a build sets PDFs.
pub(super) fn sets_pdf(arguments: &Arguments) -> bool {
    !arguments.no_pdf && cfg!(feature = "pdf")
}

/// The manifest of an output that was made of a manual.
pub(super) fn manifest(manual: &Manual, artifacts: &Artifacts, release: Option<Stamp>, settings: Settings) -> Manifest {
    let about = About {
        title: manual.view.project.title.to_string(),
        audience: manual.view.audience.name.to_string(),
        today: manual.today,
        release,
        origin: manual.origin.clone(),
        settings: Some(settings),
    };
    Manifest::new(artifacts, about)
}

/// The releases up to the day of the build, read, where annexa.yaml asks for coverage over them.
pub(super) fn past(root: &Path, parsed: &Parsed, findings: &mut Vec<Finding>) -> Result<Vec<history::Past>, CouldNotRun> {
    if !parsed.project.release_coverage {
        return Ok(Vec::new());
    }
    let Some(repository) = Repository::around(root)? else {
        return Err(CouldNotRun(format!("`{}` lies in no Git repository, whose tags `releases.coverage` asks for", root.display())));
    };
    let (releases, found) = history::releases(&repository, &parsed.project.release_tags)?;
    findings.extend(found);
    let mut memory = Memory::default();
    Ok(releases.iter().map(|release| history::read_again(&repository, release, &mut memory, findings)).collect())
}

/// The manuals to build and where each goes. The highest one is linked already.
fn manuals(arguments: &Arguments, parsed: &Parsed, highest: Manual, out: &Path) -> Result<Vec<(PathBuf, Manual)>, CouldNotRun> {
    let project = &parsed.project;
    let today = highest.today;
    let linked = |audience: Audience| manual::link(view::view(parsed, audience), today);
    match arguments.audience.as_deref() {
        None => Ok(vec![(out.to_path_buf(), highest)]),
        Some("all") => {
            Ok(Audience::all(project).into_iter().map(|audience| (out.join(audience.name.as_ref()), linked(audience))).collect())
        }
        Some(name) => {
            let audience = names::audience(name, project, &["all"])?;
            Ok(vec![(out.to_path_buf(), linked(audience))])
        }
    }
}

/// Site, exports and PDF, side by side; what the site is besides stands in `options`.
pub(super) fn render(manual: &Manual, with_pdf: bool, options: site::Options, progress: &mut Progress) -> Result<Artifacts, Vec<Finding>> {
    let with_pdf = with_pdf && cfg!(feature = "pdf");
    let (((site, site_time), exports), pdf) = progress.stage("render", || {
        let pdfs_made = if with_pdf { pdf_paths(manual) } else { BTreeSet::new() };
        let mut options = site::Options { pdfs: pdfs_made, exports: true, ..options };
        let exports = || export::render(manual);
        let pdf = || with_pdf.then(|| timed(|| pdfs(manual)));
        if manual.view.trust().is_some() {
            // The trust site lists the other files with their sizes, so that it comes after them.
            let (exports, pdf) = rayon::join(exports, pdf);
            let made = exports.iter().flatten().chain(pdf.iter().filter_map(|(pdf, _)| pdf.as_ref().ok()).flatten());
            options.files = made.map(|file| (file.path.clone(), file.bytes.len())).collect();
            ((timed(|| site::render(manual, &options)), exports), pdf)
        } else {
            rayon::join(|| rayon::join(|| timed(|| site::render(manual, &options)), exports), pdf)
        }
    });
    progress.took("site", site_time);
    let mut findings = Vec::new();
    let mut artifacts = Vec::new();
    for made in [site, exports] {
        match made {
            Ok(made) => artifacts.extend(made),
            Err(found) => findings.extend(found),
        }
    }
    if let Some((pdf, time)) = pdf {
        progress.took("pdf", time);
        match pdf {
            Ok(made) => artifacts.extend(made),
            Err(found) => findings.extend(found),
        }
    }
    if findings.iter().any(|finding| finding.severity == Severity::Error) { Err(findings) } else { Artifacts::new(artifacts) }
}

#[cfg(feature = "pdf")]
fn pdfs(manual: &Manual) -> Result<Vec<Artifact>, Vec<Finding>> {
    crate::render::pdf::render_all(manual)
}

#[cfg(feature = "pdf")]
fn pdf_paths(manual: &Manual) -> BTreeSet<String> {
    crate::render::pdf::paths(manual)
}

#[cfg(not(feature = "pdf"))]
fn pdfs(_: &Manual) -> Result<Vec<Artifact>, Vec<Finding>> {
    Ok(Vec::new())
}

#[cfg(not(feature = "pdf"))]
fn pdf_paths(_: &Manual) -> BTreeSet<String> {
    BTreeSet::new()
}

fn summary(built: &[(&Path, &Manual, &Artifacts, Written)]) -> String {
    let mut text = String::new();
    for (folder, manual, artifacts, written) in built {
        let view = &manual.view;
        let rows: usize = view.registers.iter().map(|register| register.rows.len()).sum();
        let pages = artifacts.iter().filter(|artifact| artifact.path.ends_with(".html")).count();
        text.push_str(&format!(
            "Built {} for {}: {} documents, {} statements, {rows} register rows.\n",
            view.project.title,
            view.audience.name,
            view.documents.len(),
            view.statements.len(),
        ));
        text.push_str(&format!("  site  {pages} pages, open {}\n", folder.join("index.html").display()));
        // The whole manual, or else the first.
        let pdfs: Vec<&Artifact> =
            artifacts.iter().filter(|artifact| artifact.path.ends_with(".pdf") && !artifact.path.starts_with("files/")).collect();
        let first = pdfs.iter().find(|pdf| !pdf.path.contains('/') && pdf.path.starts_with("manual")).or(pdfs.first());
        match first {
            Some(pdf) => {
                let more = if pdfs.len() > 1 { format!(", and {} more", pdfs.len() - 1) } else { String::new() };
                let size = pdf.bytes.len().div_ceil(1000);
                text.push_str(&format!("  pdf   {size} kB, open {}{more}\n", folder.join(&pdf.path).display()));
            }
            None if cfg!(feature = "pdf") => text.push_str("  pdf   left out\n"),
            None => text.push_str("  pdf   left out: this annexa was built without the feature `pdf`\n"),
        }
        text.push_str(&format!(
            "  files {} new or changed, {} unchanged, {} removed\n",
            written.written.len(),
            written.unchanged.len(),
            written.removed.len()
        ));
    }
    text
}

/// How long it took, stage by stage.
fn took(progress: &Progress) -> String {
    let nested = ["site", "pdf"];
    let total: Duration = progress.stages().iter().filter(|(name, _)| !nested.contains(name)).map(|(_, time)| *time).sum();
    let stages: Vec<String> = progress.stages().iter().map(|(name, time)| format!("{name} {}", in_words(*time))).collect();
    format!("In {}: {}.\n", in_words(total), stages.join(", "))
}

/// One JSON object from stage to milliseconds. `site` and `pdf` run side by side within `render`.
fn timings(progress: &Progress) -> String {
    let stages = progress.stages().iter().map(|(name, time)| ((*name).to_owned(), (time.as_secs_f64() * 1000.0).into()));
    format!("{}\n", serde_json::Value::Object(stages.collect()))
}
