//! How much a command says. What was asked for goes to standard output, all else that helps to follow it to standard error; one value says how much of that there is, and
//! is handed from `main` to whoever speaks.
#![allow(clippy::disallowed_methods)] // law 1: cli reads the environment

use std::fmt::Display;
use std::io::{ErrorKind, IsTerminal, Write, stderr, stdout};
use std::path::Path;
use std::sync::Arc;

use clap::{ArgAction, Args};

use super::CouldNotRun;
use crate::base::finding::{Finding, terminal};
use crate::base::language::Language;
use crate::base::source::Sources;
use crate::publish::Written;

/// What every command takes.
#[derive(Args)]
pub(super) struct VoiceArguments {
    /// Print errors and what was asked for, and nothing else
    #[arg(long, short, global = true, action = ArgAction::SetTrue, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Print also where settings come from, what was read, how long each stage took, and what was written
    #[arg(long, short, global = true, action = ArgAction::SetTrue)]
    pub(super) verbose: bool,
}

/// How much is said.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    Quiet,
    Usual,
    Verbose,
}

impl Voice {
    /// The voice that is asked for; none where both are.
    pub(super) fn of(arguments: &VoiceArguments) -> Option<Self> {
        match (arguments.quiet, arguments.verbose) {
            (false, false) => Some(Voice::Usual),
            (true, false) => Some(Voice::Quiet),
            (false, true) => Some(Voice::Verbose),
            (true, true) => None,
        }
    }

    /// Prints what was asked for, to standard output. A reader that went away (`annexa check | head`) is no error; a disk that is full is one, since half a
    /// report looks like a whole one.
    pub(super) fn say(self, text: &str) -> Result<(), CouldNotRun> {
        match stdout().write_all(text.as_bytes()).and_then(|()| stdout().flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(CouldNotRun(format!("standard output takes no more: {error}; make room, or send it elsewhere")))
            }
            _ => Ok(()),
        }
    }

    /// Prints what was done, to standard output.
    pub(super) fn tell(self, text: &str) {
        if self != Voice::Quiet {
            stdout().write_all(text.as_bytes()).and_then(|()| stdout().flush()).ok();
        }
    }

    /// Prints what has to be known whoever listens, to standard error.
    pub(super) fn say_error(self, text: &str) {
        stderr().write_all(text.as_bytes()).ok();
    }

    /// Prints what follows from errors that were shown, to standard error.
    pub(super) fn remark(self, text: &str) {
        if self != Voice::Quiet {
            self.say_error(text);
        }
    }

    /// Prints a detail to standard error, in a line of its own.
    pub(super) fn detail(self, about: &str, words: impl Display) {
        if self == Voice::Verbose {
            self.say_error(&format!("{about:9} {words}\n"));
        }
    }

    /// Names the files of an output that was written into a folder.
    pub(super) fn files(self, folder: &Path, written: &Written) {
        let Written { written, unchanged, removed, .. } = written;
        for (about, paths) in [("written", written), ("unchanged", unchanged), ("removed", removed)] {
            paths.iter().for_each(|path| self.detail(about, folder.join(path).display()));
        }
    }

    /// Names the files of a project that were written.
    pub(super) fn edited(self, root: &Path, paths: &[Arc<str>]) {
        paths.iter().for_each(|path| self.detail("written", root.join(path.as_ref()).display()));
    }

    /// Prints findings to standard error, where there are any.
    pub(super) fn show(self, findings: &[Finding], sources: &Sources, language: &Language) {
        if !findings.is_empty() {
            self.say_error(&terminal::render(findings, sources, language, self.options(&stderr())));
        }
    }

    /// How findings are shown on a stream.
    pub(super) fn options(self, stream: &impl IsTerminal) -> terminal::Options {
        terminal::Options { colour: colour(stream), width: width(), errors_only: self == Voice::Quiet }
    }
}

/// Colours are for a terminal, unless NO_COLOR (no-color.org) is set to something.
pub(super) fn colour(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// The columns of the terminal, as COLUMNS says.
pub(super) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.unwrap_or(terminal::Options::default().width)
}
