//! `annexa check`: every finding of every file, in one run; also those of the PDF, as far as they are known before it is laid out.

use clap::Args;

use super::load::{self, ProjectArguments};
use super::progress::Progress;
use super::{CouldNotRun, Ended, Format, say};
use crate::base::finding::json;

#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// How to print findings
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> Result<Ended, CouldNotRun> {
    let mut loaded = load::load(&arguments.project, &mut Progress::silent())?;
    loaded.examine_pdf(&arguments.project)?;
    match arguments.format {
        Format::Human => say(&loaded.to_terminal(load::colour(&std::io::stdout()))),
        Format::Json => say(&json::render(&loaded.findings, &loaded.sources)),
    }
    Ok(if loaded.has_errors() { Ended::WithErrors } else { Ended::Well })
}
