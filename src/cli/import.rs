//! `annexa import comply DIR`: a project around one of strongdm/comply, whose files stay where they lie and as they are.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::init::from::{self, Kind, Wanted};
use super::voice::Voice;
use super::{CouldNotRun, Ended};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make a project around one of strongdm/comply: its policies, narratives, procedures and standards
    Comply(Comply),
}

#[derive(Args)]
pub(super) struct Comply {
    /// The folder that holds comply.yml
    #[arg(value_name = "DIR")]
    from: PathBuf,
    /// The project's folder, where it is not the same
    #[arg(long, value_name = "DIR")]
    project: Option<PathBuf>,
    /// The organisation's name (default: what comply.yml says)
    #[arg(long, value_name = "NAME")]
    organisation: Option<String>,
    /// Editions of frameworks in use, separated by commas (default: those of its standards)
    #[arg(long, value_name = "LIST")]
    frameworks: Option<String>,
    /// The date from which time is counted (default: SOURCE_DATE_EPOCH, else the clock)
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
}

pub(super) fn run(command: &Command, voice: Voice) -> Result<Ended, CouldNotRun> {
    let Command::Comply(arguments) = command;
    from::run(
        &Wanted {
            from: &arguments.from,
            project: arguments.project.as_deref(),
            organisation: arguments.organisation.as_deref(),
            frameworks: arguments.frameworks.as_deref(),
            today: arguments.today,
            kind: Kind::Comply,
        },
        voice,
    )
}
