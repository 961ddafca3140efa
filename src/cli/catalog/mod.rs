//! `annexa catalog`: frameworks and controls for people at a terminal; inside a project its own catalogues and what its manual says, elsewhere
//! those that are built in.

mod import;
mod list;
mod place;
mod search;
mod show;

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand};

use super::load::{self, Loaded, ProjectArguments};
use super::paper::Paper;
use super::progress::Progress;
use super::voice::{self, Voice};
use super::{CouldNotRun, Ended, Format};
use crate::base::source::{PROJECT_FILE, Sources};
use crate::link::manual::{self, Manual};
use crate::link::view::{self, Audience};
use crate::read;

#[derive(Subcommand)]
pub(super) enum Command {
    /// List the editions that are known, and which are in use
    List(list::Arguments),
    /// Show a control with its counterparts and where the manual speaks of it, or an edition with its groups
    Show(show::Arguments),
    /// Search identifiers, titles, groups and texts; slips of the pen are forgiven
    Search(search::Arguments),
    /// Read an OSCAL catalogue or profile (JSON), the Cloud Controls Matrix (XLSX), or CSV into the project's frameworks
    Import(import::Arguments),
}

pub(super) fn run(command: &Command, voice: Voice) -> Result<Ended, CouldNotRun> {
    match command {
        Command::List(arguments) => list::run(arguments, voice),
        Command::Show(arguments) => show::run(arguments, voice),
        Command::Search(arguments) => search::run(arguments, voice),
        Command::Import(arguments) => import::run(arguments, voice),
    }
}

/// What list, show and search take alike.
#[derive(Args)]
struct Common {
    /// The project's folder; where it holds no annexa.yaml, only what is built in is known
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// Settings that stand for a project where there is none: nothing is in use, and nobody reads them.
const NO_PROJECT: &str = "{format: 1, title: None, org: {name: None}, frameworks: []}";

/// The manual to look things up in, and whether it is a project's.
struct Opened {
    manual: Manual,
    in_project: bool,
}

/// Reads the project, or what is built in. Errors of a project are counted, and what could be read is shown all the same.
fn open(common: &Common, voice: Voice) -> Result<Opened, CouldNotRun> {
    let arguments = ProjectArguments { project: common.project.clone(), ..ProjectArguments::default() };
    if place::is_project(&common.project) {
        let loaded = load::load(&arguments, &mut Progress::new(voice))?;
        return of_project(loaded, voice);
    }
    if common.project.as_os_str() != "." {
        return Err(CouldNotRun(format!("there is no {PROJECT_FILE} in `{}`; name the folder that holds it", common.project.display())));
    }
    let sources = Arc::new(Sources::from_texts(&[(PROJECT_FILE, NO_PROJECT)]).with_files(read::built_in()));
    let parsed = read::parse(sources, &mut Vec::new()).ok_or("the built-in catalogues cannot be read")?;
    let manual = manual::link(view::view(&parsed, Audience::highest(&parsed.project)), super::today::today(None)?);
    Ok(Opened { manual, in_project: false })
}

fn of_project(loaded: Loaded, voice: Voice) -> Result<Opened, CouldNotRun> {
    let errors = crate::base::finding::Counts::of(&loaded.findings).errors;
    let manual = loaded.manual.ok_or("the project's settings cannot be read; `annexa check` says why")?;
    if errors > 0 {
        voice.say_error(&format!(
            "annexa: the project has {errors} error{}; `annexa check` shows them\n",
            if errors == 1 { "" } else { "s" }
        ));
    }
    Ok(Opened { manual, in_project: true })
}

/// Prints what a command has to say, for people or as JSON.
fn print(
    common: &Common,
    voice: Voice,
    json: impl FnOnce() -> serde_json::Value,
    human: impl FnOnce(&mut Paper),
) -> Result<Ended, CouldNotRun> {
    match common.format {
        Format::Json => voice.say(&format!("{:#}\n", json()))?,
        Format::Human => {
            let mut paper = Paper::new(voice::colour(&std::io::stdout()), voice::width());
            human(&mut paper);
            voice.say(&paper.finish())?;
        }
    }
    Ok(Ended::Well)
}
