//! `annexa check`: every finding of every file, in one run; also those of the PDF, as far as they are known before it is laid out.
#![allow(clippy::disallowed_methods)] // law 1: cli reads the disk

use std::path::Path;

use clap::{Args, ValueEnum};

use super::load::{self, Loaded, ProjectArguments};
use super::progress::Progress;
use super::{CouldNotRun, Ended, say};
use crate::base::finding::{Report, fingerprint, github, gitlab, json, junit, sarif};

#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// How to print findings
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
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

pub(super) fn run(arguments: &Arguments) -> Result<Ended, CouldNotRun> {
    let mut loaded = load::load(&arguments.project, &mut Progress::silent())?;
    loaded.examine_pdf(&arguments.project)?;
    let fingerprints = fingerprint::of(&loaded.findings, &loaded.sources);
    say(&print(arguments, &loaded, &fingerprints)?);
    Ok(if loaded.has_errors() { Ended::WithErrors } else { Ended::Well })
}

fn print(arguments: &Arguments, loaded: &Loaded, fingerprints: &[String]) -> Result<String, CouldNotRun> {
    let render = match arguments.format {
        Format::Human => return Ok(loaded.to_terminal(load::colour(&std::io::stdout()))),
        Format::Json => return Ok(json::render(&loaded.findings, &loaded.sources)),
        Format::Sarif => sarif::render,
        Format::Junit => junit::render,
        Format::Github => github::render,
        Format::Gitlab => gitlab::render,
    };
    let folder = folder(&arguments.project.project)?;
    Ok(render(&Report { findings: &loaded.findings, fingerprints, sources: &loaded.sources, folder: &folder }))
}

/// The project's folder in its repository, with a slash at the end; empty where it is the top, or where there is none. The repository itself need not be
/// readable: only its place matters.
fn folder(project: &Path) -> Result<String, CouldNotRun> {
    let real = project.canonicalize()?;
    let top = real.ancestors().find(|folder| folder.join(".git").exists());
    let within = top.and_then(|top| real.strip_prefix(top).ok()).unwrap_or(Path::new(""));
    Ok(within.components().map(|part| format!("{}/", part.as_os_str().to_string_lossy())).collect())
}
