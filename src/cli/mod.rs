//! The command line: arguments, messages, progress, exit codes; one file a command.
//!
//! Exit status: 0 when it went well, 1 on a finding of error level, 2 when it could not run.

mod agent;
mod approvals;
mod approve;
mod as_of;
mod build;
mod catalog;
mod check;
#[cfg(feature = "pdf")]
mod copy;
mod diff;
mod due;
mod explain;
mod gap;
mod import;
mod init;
mod level;
mod load;
mod migrate;
mod names;
mod pack;
mod paper;
#[cfg(feature = "pdf")]
mod pdf;
mod progress;
mod provenance;
mod rebuild;
mod records;
mod releases;
mod review;
mod schema;
mod serve;
mod shell;
mod signing;
mod today;
mod verify;
mod versioned;
mod voice;

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use voice::{Voice, VoiceArguments};

/// What people do most, below the list of commands.
const FIRST_STEPS: &str = "\
Most days:
  annexa init my-isms                        begin a project from the starter manual
  annexa check                               say what is wrong, where, and what to do
  annexa build                               make the site and the PDF manual in dist/
  annexa build --audience all                make what each audience gets, in folders of their own
  annexa pdf POL-004                         make one PDF

Exit status: 0 when it went well, 1 on a finding of error level, 2 when it could not run.
`annexa COMMAND --help` says more of a command, `annexa explain CODE` of a finding.";

/// Compiles an information security management system: Markdown and YAML in; a checked, linked site and a PDF manual out.
#[derive(Parser)]
#[command(name = "annexa", version, max_term_width = 110, after_help = FIRST_STEPS)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    voice: VoiceArguments,
}

#[derive(Subcommand)]
enum Command {
    /// Build the site and the PDF manual into a folder
    Build(build::Arguments),
    /// Show the manual in a browser while it is written: pages follow what is saved, and say what is wrong
    Serve(serve::Arguments),
    /// Make one PDF: the manual, a document, the Statement of Applicability, or all that answers a framework or a sample of controls
    #[cfg(feature = "pdf")]
    Pdf(pdf::Arguments),
    /// Check everything and say what is wrong, all of it in one run
    Check(check::Arguments),
    /// Look frameworks and controls up, and import those that a licence keeps out of here
    #[command(subcommand)]
    Catalog(catalog::Command),
    /// Begin a project in a new folder
    Init(init::Arguments),
    /// Make a project of what another tool was written for, as in `annexa import comply DIR`
    #[command(subcommand)]
    Import(import::Command),
    /// Say what is still to do: for a framework, or for the stages of a certification audit
    Gap(gap::Arguments),
    /// Move from one edition of a framework to another: say what goes where, and rewrite what has one counterpart
    Migrate(migrate::Arguments),
    /// List the releases of the manual, which are tags of its Git repository, and how far each framework was met in them
    Releases(releases::Arguments),
    /// Say how two releases differ, or a release and the sources as they stand: words, tables, controls, approvals
    Diff(diff::Arguments),
    /// Look through a published folder, or a PDF: whether it is as it was built, of which sources, and says nothing that its audience may not see
    Verify(verify::Arguments),
    /// Pack all that an auditor gets into one zip: site, PDFs, tables, manifest, and how to verify it without Annexa
    Pack(pack::Arguments),
    /// Approve a document, the Statement of Applicability, the risk treatment plan or a release, bound to what it says and signed with an SSH key
    Approve(approve::Arguments),
    /// List what is approved: as it stands, changed since, or never
    Approvals(approvals::Arguments),
    /// Record a review that changed nothing
    Review(review::Arguments),
    /// List what falls due: reviews, treatments, audits, training, certificates; also as a calendar file
    Due(due::Arguments),
    /// Say what a finding's code means and what to do
    Explain(explain::Arguments),
    /// Print JSON Schemas of annexa.yaml, front matter, registers and statements, by which editors complete and check
    Schema(schema::Arguments),
    /// Print the script by which a shell completes commands, as in `annexa completions bash`
    Completions(shell::Completions),
    /// Print the manual page, or write those of all commands
    Man(shell::Man),
}

/// How a command prints what it found, unless it knows more ways.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON object
    Json,
}

/// A command that could not run: what is wrong and what to do, in a sentence.
struct CouldNotRun(String);

impl<T: Display> From<T> for CouldNotRun {
    fn from(error: T) -> Self {
        CouldNotRun(error.to_string())
    }
}

/// Refuses a file where a folder is written to.
fn refuse_file(folder: &Path) -> Result<(), CouldNotRun> {
    if folder.is_file() { Err(CouldNotRun(format!("`{}` is a file; name a folder", folder.display()))) } else { Ok(()) }
}

/// How a command that could run has ended.
enum Ended {
    Well,
    WithErrors,
}

/// Where the typesetter gives up, a finding says so: no trace of its calls is printed as well.
#[cfg(feature = "pdf")]
fn hush_typesetter() {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() != Some(crate::render::pdf::TYPESETTER) {
            tell(panic);
        }
    }));
}

/// Runs the command that the arguments name.
pub fn run() -> ExitCode {
    #[cfg(feature = "pdf")]
    hush_typesetter();
    let arguments = Arguments::parse();
    let Some(voice) = Voice::of(&arguments.voice) else {
        // clap sees it where both stand on one side of the command; here one stands before it and one after.
        let words = "the argument '--quiet' cannot be used with '--verbose'";
        Arguments::command().error(ErrorKind::ArgumentConflict, words).exit();
    };
    let ended = match arguments.command {
        Command::Build(arguments) => build::run(&arguments, voice),
        #[cfg(feature = "pdf")]
        Command::Pdf(arguments) => pdf::run(&arguments, voice),
        Command::Serve(arguments) => serve::run(&arguments, voice),
        Command::Check(arguments) => check::run(&arguments, voice),
        Command::Catalog(command) => catalog::run(&command, voice),
        Command::Init(arguments) => init::run(&arguments, voice),
        Command::Import(command) => import::run(&command, voice),
        Command::Gap(arguments) => gap::run(&arguments, voice),
        Command::Migrate(arguments) => migrate::run(&arguments, voice),
        Command::Releases(arguments) => releases::run(&arguments, voice),
        Command::Diff(arguments) => diff::run(&arguments, voice),
        Command::Verify(arguments) => verify::run(&arguments, voice),
        Command::Pack(arguments) => pack::run(&arguments, voice),
        Command::Approve(arguments) => approve::run(&arguments, voice),
        Command::Approvals(arguments) => approvals::run(&arguments, voice),
        Command::Review(arguments) => review::run(&arguments, voice),
        Command::Due(arguments) => due::run(&arguments, voice),
        Command::Explain(arguments) => explain::run(&arguments, voice),
        Command::Schema(arguments) => schema::run(&arguments, voice),
        Command::Completions(arguments) => shell::completions(&arguments, voice),
        Command::Man(arguments) => shell::man(&arguments, voice),
    };
    match ended {
        Ok(Ended::Well) => ExitCode::SUCCESS,
        Ok(Ended::WithErrors) => ExitCode::from(1),
        Err(CouldNotRun(why)) => {
            voice.say_error(&format!("annexa: {why}\n"));
            ExitCode::from(2)
        }
    }
}
