//! `annexa check`: every finding of every file, in one run.

use clap::{Args, ValueEnum};

use super::load::{self, ProjectArguments};
use super::progress::Progress;
use super::{CouldNotRun, Ended, say};
use crate::base::finding::json;

#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// How to print findings
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people, as a compiler shows its errors
    Human,
    /// One JSON object
    Json,
}

pub(super) fn run(arguments: &Arguments) -> Result<Ended, CouldNotRun> {
    let loaded = load::load(&arguments.project, &mut Progress::silent())?;
    match arguments.format {
        Format::Human => say(&loaded.to_terminal(load::colour(&std::io::stdout()))),
        Format::Json => say(&json::render(&loaded.findings, &loaded.sources)),
    }
    Ok(if loaded.has_errors() { Ended::WithErrors } else { Ended::Well })
}
