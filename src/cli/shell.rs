//! `annexa completions SHELL` and `annexa man`: what shells and `man` know of the command line, made from the arguments themselves.
#![allow(clippy::disallowed_methods)] // law 1: cli writes the pages where it is told

use std::fs;
use std::io;
use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::voice::Voice;
use super::{CouldNotRun, Ended, refuse_file};

#[derive(Args)]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

#[derive(Args)]
pub(super) struct Man {
    /// Write a page for each command into this folder; without it, the page of `annexa` itself is printed
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Prints the script that a shell reads.
pub(super) fn completions(arguments: &Completions, voice: Voice) -> Result<Ended, CouldNotRun> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::Arguments::command(), "annexa", &mut script);
    voice.say(&String::from_utf8_lossy(&script))?;
    Ok(Ended::Well)
}

/// Prints or writes the pages of the manual.
pub(super) fn man(arguments: &Man, voice: Voice) -> Result<Ended, CouldNotRun> {
    let command = super::Arguments::command();
    let Some(folder) = &arguments.out else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        voice.say(&String::from_utf8_lossy(&page))?;
        return Ok(Ended::Well);
    };
    refuse_file(folder)?;
    let failed = |error: io::Error| CouldNotRun(format!("cannot write to {}: {error}", folder.display()));
    fs::create_dir_all(folder).map_err(failed)?;
    clap_mangen::generate_to(command, folder).map_err(failed)?;
    voice.tell(&format!("pages written to {}\n", folder.display()));
    Ok(Ended::Well)
}
