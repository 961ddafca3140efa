//! `annexa diff`: how two releases differ, or a release and the sources as they stand, for one audience.
#![allow(clippy::disallowed_methods)] // law 1: cli writes where it is told to

mod human;
mod json;
mod markdown;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::load::{self, Loaded, ProjectArguments};
use super::progress::Progress;
use super::voice::{self, Voice};
use super::{CouldNotRun, Ended, build, names, versioned};
use crate::base::finding::{self, Finding};
use crate::base::source::Repository;
use crate::history::redline::{self, Findings, Redline, Side, State};
use crate::history::{self, Release};
use crate::link::manual::{self, Manual};
use crate::link::view::{self, Audience};
use crate::publish::Proof;
use crate::read::Parsed;
use crate::render::{self, site};

#[derive(Args)]
pub(super) struct Arguments {
    /// The earlier release: a tag
    #[arg(value_name = "BEFORE", required_unless_present = "base")]
    before: Option<String>,
    /// The later release (default: the sources as they stand)
    #[arg(value_name = "AFTER")]
    after: Option<String>,
    /// In place of releases: what the sources as they stand change since they left this branch, commit or tag (the merge base of it and HEAD), with findings
    #[arg(long, value_name = "REV", conflicts_with = "before")]
    base: Option<String>,
    /// For whom: a classification, or `auditor` who sees everything (the default)
    #[arg(long, value_name = "NAME", default_value = "auditor")]
    audience: String,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Where to write it (default: standard output; for a PDF, a file of its name in the current folder)
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The summary alone, on the terminal
    #[arg(long)]
    summary: bool,
    /// End with status 1 where something differs
    #[arg(long)]
    exit_code: bool,
    /// The project's folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    /// The date that counts as today (default: SOURCE_DATE_EPOCH, else the clock)
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people at a terminal
    Human,
    /// One JSON object
    Json,
    /// Short, for a comment on a pull request
    Markdown,
    /// A page that stands by itself
    Html,
    /// A PDF/A-3a and PDF/UA-1
    #[cfg(feature = "pdf")]
    Pdf,
}

impl Format {
    /// Whether it goes to a file of its own, named or not.
    fn is_file(self) -> bool {
        #[cfg(feature = "pdf")]
        return self == Format::Pdf;
        #[cfg(not(feature = "pdf"))]
        false
    }
}

/// A state that was read for an audience.
struct Stood {
    state: State,
    parsed: Parsed,
    manual: Manual,
}

impl Stood {
    fn side(&self) -> Side<'_> {
        Side { state: &self.state, manual: &self.manual, parsed: &self.parsed }
    }
}

pub(super) fn run(arguments: &Arguments, voice: Voice) -> Result<Ended, CouldNotRun> {
    let of_project = ProjectArguments { project: arguments.project.clone(), today: arguments.today, ..ProjectArguments::default() };
    let mut loaded = load::load(&of_project, &mut Progress::new(voice))?;
    let Some(parsed) = loaded.parsed.take() else {
        voice.show(&loaded.findings, &loaded.sources, loaded.language());
        return Ok(Ended::WithErrors);
    };
    let audience = names::audience(&arguments.audience, &parsed.project, &[])?;
    let repository = versioned::repository(&arguments.project)?;
    let (after, redline) = match (&arguments.base, &arguments.before) {
        (Some(revision), _) => since_base(revision, &repository, parsed, &audience, &mut loaded)?,
        (None, Some(name)) => since_release(name, arguments.after.as_deref(), &repository, parsed, &audience, &mut loaded, voice)?,
        (None, None) => return Err(CouldNotRun("name the earlier release, or a branch with --base".into())),
    };
    let told = match arguments.format {
        Format::Human => {
            let colour = arguments.out.is_none() && voice::colour(&std::io::stdout());
            let columns = if std::io::stdout().is_terminal() { voice::width() } else { voice::width().min(80) };
            human::print(&redline, colour, columns, arguments.summary).into_bytes()
        }
        Format::Json => format!("{:#}\n", json::print(&redline)).into_bytes(),
        Format::Markdown => markdown::print(&redline).into_bytes(),
        Format::Html => match site::redline(&after.manual, &redline) {
            Ok(html) => html.into_bytes(),
            Err(findings) => return Ok(failed(&mut loaded, findings, voice)),
        },
        #[cfg(feature = "pdf")]
        Format::Pdf => match render::pdf::redline(&after.manual, &redline) {
            Ok(bytes) => bytes,
            Err(findings) => return Ok(failed(&mut loaded, findings, voice)),
        },
    };
    let path = path(arguments, &redline);
    // What is handed out is looked through, as an output is.
    let leaks = prove(&after, path.as_deref(), arguments.format, &told);
    if !leaks.is_empty() {
        return Ok(failed(&mut loaded, leaks, voice));
    }
    match path {
        Some(path) => {
            write(&path, &told)?;
            voice.tell(&format!("Wrote {}.\n", path.display()));
        }
        None => voice.say(&String::from_utf8_lossy(&told))?,
    }
    Ok(if arguments.exit_code && !redline.is_empty() { Ended::WithErrors } else { Ended::Well })
}

fn failed(loaded: &mut Loaded, findings: Vec<Finding>, voice: Voice) -> Ended {
    loaded.findings = findings;
    finding::sort(&mut loaded.findings, &loaded.sources);
    voice.show(&loaded.findings, &loaded.sources, loaded.language());
    voice.remark("Nothing was written.\n");
    Ended::WithErrors
}

/// What changed since a release, up to another or to the sources as they stand.
fn since_release(
    before: &str,
    after: Option<&str>,
    repository: &Repository,
    parsed: Parsed,
    audience: &Audience,
    loaded: &mut Loaded,
    voice: Voice,
) -> Result<(Stood, Redline), CouldNotRun> {
    // What is wrong with the sources of today is for `annexa check`.
    let (releases, findings) = history::releases(repository, &parsed.project.release_tags)?;
    loaded.findings = findings;
    let before = release(before, repository, &releases, &parsed, audience)?;
    let after = match after {
        Some(name) => release(name, repository, &releases, &parsed, audience)?,
        None => as_it_stands(parsed, audience, loaded)?,
    };
    // The later sources decide what is told, so that they must be the later ones.
    if !after.manual.view.is_whole() && before.state.date > after.state.date {
        return Err(CouldNotRun(format!("write the earlier release first: for {} the later one decides what may be told", audience.name)));
    }
    finding::sort(&mut loaded.findings, &loaded.sources);
    voice.show(&loaded.findings, &loaded.sources, loaded.language());
    let redline = redline::compare(before.side(), after.side());
    Ok((after, redline))
}

/// What the sources as they stand change since they left a revision, with the findings that came and went.
///
/// Both are judged today: that a review fell due meanwhile is not the work of who changed something else.
fn since_base(
    revision: &str,
    repository: &Repository,
    parsed: Parsed,
    audience: &Audience,
    loaded: &mut Loaded,
) -> Result<(Stood, Redline), CouldNotRun> {
    let after = as_it_stands(parsed, audience, loaded)?;
    let found = std::mem::take(&mut loaded.findings);
    let base = repository.base(revision)?;
    let short = base.commit.get(..12).unwrap_or(&base.commit);
    let (sources, found_before) = history::sources_at(repository, &base.commit)?;
    let mut loaded_before = load::examine(sources, found_before, after.manual.today, &mut Progress::silent());
    let parsed = loaded_before.parsed.take().ok_or_else(|| {
        let why = loaded_before.findings.first().map_or_else(|| "it has no annexa.yaml".to_owned(), |finding| finding.message.to_string());
        CouldNotRun(format!("the base of `{revision}`, commit {short}, cannot be read: {why}"))
    })?;
    let audience_before = Audience::named(&audience.name, &parsed.project)
        .ok_or_else(|| CouldNotRun(format!("the base of `{revision}`, commit {short}, had no audience `{}`", audience.name)))?;
    let whole = after.manual.view.is_whole();
    // A commit would tell others that something withheld has changed.
    let state = State { name: whole.then(|| format!("{revision} ({short})").into()), date: base.date };
    let before = Stood { state, ..as_it_stands(parsed, &audience_before, &loaded_before)? };
    let redline = redline::compare(before.side(), after.side());
    if !whole {
        return Ok((after, redline));
    }
    let findings = Findings::compare((&loaded_before.findings, &loaded_before.sources), (&found, &loaded.sources));
    Ok((after, redline.with_findings(findings)))
}

/// A release as an audience of today saw it.
fn release(name: &str, repository: &Repository, releases: &[Release], today: &Parsed, audience: &Audience) -> Result<Stood, CouldNotRun> {
    let (release, parsed, manual) = versioned::named(repository, releases, &today.project, name, audience)?;
    Ok(Stood { state: State { name: Some(release.name.clone()), date: release.date }, parsed, manual })
}

/// The sources as they stand.
fn as_it_stands(parsed: Parsed, audience: &Audience, loaded: &Loaded) -> Result<Stood, CouldNotRun> {
    let today = loaded.manual.as_ref().map(|manual| manual.today).ok_or_else(|| CouldNotRun("the sources cannot be read".into()))?;
    let mut manual = manual::link(view::view(&parsed, audience.clone()), today);
    build::complete(&mut manual, loaded.ledger.as_ref(), &[]);
    Ok(Stood { state: State { name: None, date: today }, parsed, manual })
}

/// Where it is written; none for standard output, to which no PDF goes.
fn path(arguments: &Arguments, redline: &Redline) -> Option<PathBuf> {
    if arguments.out.is_some() || !arguments.format.is_file() {
        return arguments.out.clone();
    }
    let after = redline.after.name.as_deref().unwrap_or("sources");
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '-' };
    let before = arguments.before.as_deref().or(arguments.base.as_deref()).unwrap_or_default();
    let name: String = format!("changes-{before}-{after}.pdf").chars().map(plain).collect();
    Some(name.into())
}

/// What a page or PDF says that the later sources withhold from its audience. What is printed for a person at a terminal or a program is not published.
fn prove(after: &Stood, path: Option<&Path>, format: Format, bytes: &[u8]) -> Vec<Finding> {
    let extension = match format {
        Format::Human | Format::Json | Format::Markdown => return Vec::new(),
        Format::Html => "html",
        #[cfg(feature = "pdf")]
        Format::Pdf => "pdf",
    };
    let name = path.and_then(Path::file_name).map_or_else(|| format!("changes.{extension}"), |name| name.to_string_lossy().into_owned());
    let proof = Proof::new(after.parsed.sources.clone(), &after.manual.view.audience.name, &render::fixed_files());
    proof.check(&[(name.as_str(), bytes)])
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), CouldNotRun> {
    let failed = |error: std::io::Error| CouldNotRun(format!("could not write {}: {error}", path.display()));
    let name = path.file_name().ok_or_else(|| CouldNotRun(format!("{} names no file", path.display())))?;
    if path.is_dir() {
        return Err(CouldNotRun(format!("{} is a folder; name a file", path.display())));
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    // Whole or not at all: a file of before stays until the new one is complete.
    let beside = path.with_file_name(format!(".{}.annexa-{}", name.to_string_lossy(), std::process::id()));
    std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, path)).map_err(|error| {
        std::fs::remove_file(&beside).ok();
        failed(error)
    })
}
