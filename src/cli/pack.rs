//! `annexa pack`: a handover in one zip, the same bytes for the same sources: site, PDFs, tables, manifest, signature, and how to verify them without Annexa.
#![allow(clippy::disallowed_methods)] // law 1: cli writes where it is told to

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;

use super::load::{self, ProjectArguments};
use super::progress::Progress;
use super::rebuild::{Made, Releases};
use super::signing::Signing;
use super::voice::Voice;
use super::{CouldNotRun, Ended, build, names};
use crate::base::finding::{self, Finding};
use crate::base::source::Sources;
use crate::history::approval::signature::Signers;
use crate::link::manual::{self, Manual};
use crate::link::view;
use crate::publish::{self, Settings};
use crate::read::Parsed;
use crate::read::approval::SIGNERS;

#[derive(Args)]
pub(super) struct Arguments {
    /// The release, a Git tag (default: the sources as they stand)
    #[arg(value_name = "TAG")]
    release: Option<String>,
    /// Add what changed since this earlier release, such as that of the last audit: pages and a PDF
    #[arg(long, value_name = "TAG")]
    since: Option<String>,
    /// For whom: a classification, or `auditor` who sees everything (the default)
    #[arg(long, value_name = "NAME", default_value = "auditor")]
    audience: String,
    /// Where to write the zip (default: a file of its name in the current folder)
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Sign the manifest with this SSH key: a private one, the public one of a key that ssh-agent holds, or `agent` for the one that records/allowed_signers lists
    #[arg(long, value_name = "KEY")]
    sign: Option<PathBuf>,
    /// Leave the PDFs out
    #[arg(long)]
    no_pdf: bool,
    /// The project's folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    /// Take this rule's findings, or all `warnings`, for errors; may be given several times
    #[arg(long, value_name = "CODE|warnings")]
    deny: Vec<String>,
    /// Take this rule's findings for notes, which stop nothing; may be given several times, and not for what would make an output wrong
    #[arg(long, value_name = "CODE")]
    allow: Vec<String>,
    /// The date that counts as today; a release counts as of its own day (default: SOURCE_DATE_EPOCH, else the clock)
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "release")]
    today: Option<Date>,
}

pub(super) fn run(arguments: &Arguments, voice: Voice) -> Result<Ended, CouldNotRun> {
    let mut progress = Progress::on_terminal(voice);
    let root = &arguments.project;
    let made = match &arguments.release {
        Some(name) => Releases::of(root)?.made(name, &arguments.audience)?,
        None => match as_it_stands(arguments, &mut progress)? {
            Some((parsed, manual)) => Made { parsed, manual, stamp: None },
            None => return Ok(Ended::WithErrors),
        },
    };
    let manual = &made.manual;
    let mut signing = match &arguments.sign {
        Some(key) => {
            let listed = manual.view.sources.find(SIGNERS).map(|id| manual.view.sources.file(id).text());
            Some(Signing::for_manifests(key, &listed.map(Signers::read).unwrap_or_default(), manual.today)?)
        }
        None => None,
    };
    let settings =
        Settings { pdf: !arguments.no_pdf && cfg!(feature = "pdf"), pack: true, since: arguments.since.clone(), ..Settings::default() };
    let since = match &arguments.since {
        Some(name) => Some(progress.stage("compare", || made.since(&Releases::of(root)?, name))?),
        None => None,
    };
    let artifacts = made.pack(since, settings.pdf, &mut progress);
    let artifacts = match artifacts {
        Ok(artifacts) => artifacts,
        Err(findings) => return Ok(stop(&mut progress, findings, &manual.view.sources)),
    };
    let mut manifest = build::manifest(manual, &artifacts, made.stamp.clone(), settings);
    let leaks = progress.stage("prove", || build::prove(&manual.view.sources, &manual.view.audience, &artifacts, &manifest));
    if !leaks.is_empty() {
        return Ok(stop(&mut progress, leaks, &manual.view.sources));
    }
    build::sign(&mut manifest, signing.as_mut())?;
    let name = name(&made);
    let zip = progress.stage("pack", || publish::pack(&name, &artifacts, &manifest)).map_err(CouldNotRun)?;
    let out = arguments.out.clone().unwrap_or_else(|| format!("{name}.zip").into());
    write(&out, &zip)?;
    progress.finish();
    let signed = if manifest.signature.is_some() { "signed" } else { "not signed" };
    voice.tell(&format!(
        "Wrote {} for {}: {} files, {} kB, {signed}.\n  unpacked, its VERIFY.txt says how to verify it; SHA-256 {}\n",
        out.display(),
        manual.view.audience.name,
        artifacts.as_slice().len() + 1 + usize::from(manifest.signature.is_some()),
        zip.len().div_ceil(1000),
        crate::base::digest::sha256(&zip),
    ));
    Ok(Ended::Well)
}

/// The manual of the sources as they stand, and these as they were read; nothing where they have errors, which are said.
fn as_it_stands(arguments: &Arguments, progress: &mut Progress) -> Result<Option<(Parsed, Manual)>, CouldNotRun> {
    let of_project = ProjectArguments {
        project: arguments.project.clone(),
        deny: arguments.deny.clone(),
        allow: arguments.allow.clone(),
        today: arguments.today,
    };
    let mut loaded = load::load(&of_project, progress)?;
    let (Some(parsed), Some(highest), false) = (&loaded.parsed, loaded.manual.take(), loaded.has_errors()) else {
        progress.finish();
        progress.voice().show(&loaded.findings, &loaded.sources, loaded.language());
        progress.voice().remark("Nothing was packed.\n");
        return Ok(None);
    };
    let audience = names::audience(&arguments.audience, &parsed.project, &[])?;
    let past = build::past(&arguments.project, parsed, &mut loaded.findings)?;
    let mut manual = manual::link(view::view(parsed, audience), highest.today);
    build::complete(&mut manual, loaded.ledger.as_ref(), &past);
    if !loaded.findings.is_empty() {
        progress.finish();
        progress.voice().show(&loaded.findings, &loaded.sources, loaded.language());
    }
    Ok(loaded.parsed.map(|parsed| (parsed, manual)))
}

fn stop(progress: &mut Progress, mut findings: Vec<Finding>, sources: &Sources) -> Ended {
    progress.finish();
    finding::sort(&mut findings, sources);
    progress.voice().show(&findings, sources, &load::language(sources));
    progress.voice().remark("Nothing was packed.\n");
    Ended::WithErrors
}

/// The name of the zip and of the folder in it: the manual's, the release or the day, and the audience, in small letters.
fn name(made: &Made) -> String {
    let view = &made.manual.view;
    let state = made.stamp.as_ref().map_or_else(|| made.manual.today.to_string(), |stamp| stamp.name.clone());
    let words = format!("{} {state} {}", view.project.title, view.audience.name);
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c.to_ascii_lowercase() } else { ' ' };
    let words: String = words.chars().map(plain).collect();
    // A name that begins with a dot is hidden, and one with a hyphen taken for an option.
    words.split_whitespace().collect::<Vec<_>>().join("-").trim_start_matches(['.', '-']).to_owned()
}

/// Writes a file beside the one that it becomes, so that one of before stays whole until then.
fn write(out: &Path, bytes: &[u8]) -> Result<(), CouldNotRun> {
    let failed = |error: std::io::Error| CouldNotRun(format!("could not write {}: {error}", out.display()));
    let Some(name) = out.file_name().filter(|_| !out.is_dir()) else {
        return Err(CouldNotRun(format!("{} is no name of a file", out.display())));
    };
    let beside = out.with_file_name(format!(".{}.annexa-{}", name.to_string_lossy(), std::process::id()));
    if let Some(folder) = beside.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let written = std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, out));
    written.inspect_err(|_| drop(std::fs::remove_file(&beside))).map_err(failed)
}
