//! `annexa check`: every finding of every file, in one run; also those of the PDF, as far as they are known before it is laid out.
#![allow(clippy::disallowed_methods)] // law 1: cli reads and writes the disk

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::load::{self, Loaded, ProjectArguments};
use super::progress::Progress;
use super::voice::Voice;
use super::{CouldNotRun, Ended};
use crate::base::finding::baseline::Baseline;
use crate::base::finding::{Counts, Finding, Place, Report, Severity, fingerprint, github, gitlab, json, junit, sarif, terminal};

#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// How to print findings
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Only what comes and goes with the day alone, such as a review that is overdue: for a job that runs every week
    #[arg(long, conflicts_with = "no_dates")]
    dates: bool,
    /// Nothing that comes and goes with the day alone: for a job that runs on every change, so that no day that passes turns it red
    #[arg(long)]
    no_dates: bool,
    /// Leave out the findings that this file lists; say which of them are gone
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write the errors and warnings that there are to this file, for --baseline
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
}

/// Who reads the findings.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// People
    Human,
    /// Programs: one JSON object
    Json,
    /// Code scanning and editors: SARIF 2.1.0
    Sarif,
    /// A server that shows test reports: JUnit's XML, a test case a file
    Junit,
    /// The log of GitHub Actions: annotations
    Github,
    /// GitLab: a Code Quality report
    Gitlab,
}

pub(super) fn run(arguments: &Arguments, voice: Voice) -> Result<Ended, CouldNotRun> {
    let mut baseline = arguments.baseline.as_deref().map(read).transpose()?;
    let mut baseline_file = arguments.baseline.clone();
    let mut loaded = load::load_all(&arguments.project, &mut Progress::new(voice))?;
    loaded.examine_pdf(&arguments.project)?;
    if arguments.no_dates {
        loaded.keep_expired_exceptions();
        load::set_levels(&mut loaded.findings, &arguments.project)?;
    }
    // Of all findings, whatever is shown, so that what a finding is known by does not depend on what else is asked for.
    let fingerprints = fingerprint::of(&loaded.findings, &loaded.sources);
    let mut shown: Vec<(Finding, String)> = std::mem::take(&mut loaded.findings).into_iter().zip(fingerprints.iter().cloned()).collect();
    // Where nothing could be read, nothing can be said of dates, and a job must not be green for that.
    let unseen = if loaded.manual.is_some() { keep_by_date(arguments, &mut shown) } else { Counts::default() };
    if let Some(file) = &arguments.write_baseline {
        return write(file, &shown, &loaded, voice);
    }
    let of_settings = loaded.parsed.as_ref().and_then(|parsed| parsed.project.baseline.clone()).filter(|_| baseline.is_none());
    if let Some(path) = &of_settings {
        let file = arguments.project.project.join(path.as_ref());
        baseline = Some(read(&file)?);
        baseline_file = Some(file);
    }
    let mut known = 0;
    if let (Some(baseline), Some(file)) = (&baseline, &baseline_file) {
        let all = shown.len();
        shown.retain(|(finding, fingerprint)| !baseline.knows(finding, fingerprint));
        known = all - shown.len();
        if of_settings.is_some() {
            shown.iter_mut().for_each(|(finding, _)| raise(finding));
        }
        let gone = baseline.gone(&fingerprints, place(file, &arguments.project.project));
        let mut gone: Vec<Finding> = gone.into_iter().collect();
        load::set_levels(&mut gone, &arguments.project)?;
        shown.splice(0..0, gone.into_iter().map(|finding| (finding, "baseline".to_owned())));
    }
    let fingerprints: Vec<String>;
    (loaded.findings, fingerprints) = shown.into_iter().unzip();
    voice.say(&print(arguments, &loaded, &fingerprints, voice)?)?;
    if known > 0 && arguments.format == Format::Human {
        let (noun, verb) = if known == 1 { ("finding", "is") } else { ("findings", "are") };
        voice.tell(&format!("{known} {noun} of the baseline {verb} not shown\n"));
    }
    if unseen.errors > 0 {
        let (noun, verb) = if unseen.errors == 1 { ("error", "is") } else { ("errors", "are") };
        voice.say_error(&format!(
            "{} {noun} {verb} not shown, and what {verb} wrong may hide dates; `annexa check` lists all\n",
            unseen.errors
        ));
    }
    Ok(if loaded.has_errors() { Ended::WithErrors } else { Ended::Well })
}

/// Takes a warning for an error: what is new fails where the settings name a baseline. What comes with the day alone stays, as it does for everybody who has
/// changed nothing, and so does what is excepted.
fn raise(finding: &mut Finding) {
    if finding.severity == Severity::Warning && !finding.rule.is_of_dates() && finding.excepted.is_none() {
        finding.severity = Severity::Error;
    }
}

/// Keeps what follows from the day, or what does not, as asked; and counts what `--dates` leaves out.
fn keep_by_date(arguments: &Arguments, shown: &mut Vec<(Finding, String)>) -> Counts {
    let (kept, left): (Vec<_>, Vec<_>) = std::mem::take(shown).into_iter().partition(|(finding, _)| {
        let is_of_dates = finding.rule.is_of_dates();
        (is_of_dates || !arguments.dates) && !(is_of_dates && arguments.no_dates)
    });
    *shown = kept;
    let left: Vec<Finding> = left.into_iter().map(|(finding, _)| finding).collect();
    if arguments.dates { Counts::of(&left) } else { Counts::default() }
}

fn read(file: &Path) -> Result<Baseline, CouldNotRun> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        CouldNotRun(format!("`{}` cannot be read: {error}; `annexa check --write-baseline {}` writes one", file.display(), file.display()))
    })?;
    Baseline::read(&text).map_err(|why| CouldNotRun(format!("`{}` {why}", file.display())))
}

/// Writes the baseline, and says so. Everything is known then, so that this goes well whatever was found.
fn write(file: &Path, shown: &[(Finding, String)], loaded: &Loaded, voice: Voice) -> Result<Ended, CouldNotRun> {
    let (findings, fingerprints): (Vec<Finding>, Vec<String>) = shown.iter().cloned().unzip();
    let baseline = Baseline::of(&findings, &fingerprints, &loaded.sources);
    std::fs::write(file, baseline.to_json())
        .map_err(|error| CouldNotRun(format!("`{}` cannot be written: {error}; name a file in a folder that is there", file.display())))?;
    let noun = if baseline.len() == 1 { "finding" } else { "findings" };
    voice.tell(&format!(
        "{} {noun} written to {}; `annexa check --baseline {}` fails on new ones only\n",
        baseline.len(),
        file.display(),
        file.display()
    ));
    Ok(Ended::Well)
}

/// Where a baseline lies, as findings name files: by its path in the project, or none that they could name.
fn place(file: &Path, project: &Path) -> Place {
    let within = || Some(file.canonicalize().ok()?.strip_prefix(project.canonicalize().ok()?).ok()?.to_str()?.replace('\\', "/"));
    within().map_or(Place::Project, |path| Place::File(path.into()))
}

fn print(arguments: &Arguments, loaded: &Loaded, fingerprints: &[String], voice: Voice) -> Result<String, CouldNotRun> {
    let render = match arguments.format {
        Format::Human => {
            return Ok(terminal::render(&loaded.findings, &loaded.sources, loaded.language(), voice.options(&std::io::stdout())));
        }
        Format::Json => return Ok(json::render(&loaded.findings, &loaded.sources, loaded.language())),
        Format::Sarif => sarif::render,
        Format::Junit => junit::render,
        Format::Github => github::render,
        Format::Gitlab => gitlab::render,
    };
    let folder = folder(&arguments.project.project)?;
    Ok(render(&Report { findings: &loaded.findings, fingerprints, sources: &loaded.sources, language: loaded.language(), folder: &folder }))
}

/// The project's folder in its repository, with a slash at the end; empty where it is the top, or where there is none. The repository itself need not be
/// readable: only its place matters.
fn folder(project: &Path) -> Result<String, CouldNotRun> {
    let real = project.canonicalize()?;
    let top = real.ancestors().find(|folder| folder.join(".git").exists());
    let within = top.and_then(|top| real.strip_prefix(top).ok()).unwrap_or(Path::new(""));
    Ok(within.components().map(|part| format!("{}/", part.as_os_str().to_string_lossy())).collect())
}
