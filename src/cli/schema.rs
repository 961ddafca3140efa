//! `annexa schema`: JSON Schemas of the files of a project, for editors.
#![allow(clippy::disallowed_methods)] // law 1: cli writes the schemas where it is told

use std::fs;
use std::path::PathBuf;

use clap::Args;

use super::names::did_you_mean;
use super::voice::Voice;
use super::{CouldNotRun, Ended, refuse_file};
use crate::read::json_schema::{self, ALL};

#[derive(Args)]
pub(super) struct Arguments {
    /// Which schema to print, as in `register`; without one, all are listed
    #[arg(conflicts_with = "out")]
    name: Option<String>,

    /// Write all of them into this folder, over what is there under their names
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, voice: Voice) -> Result<Ended, CouldNotRun> {
    if let Some(folder) = &arguments.out {
        write(folder)?;
        ALL.iter().for_each(|schema| voice.detail("written", folder.join(schema.file_name()).display()));
        voice.tell(&format!("{} schemas written to {}\n", ALL.len(), folder.display()));
        return Ok(Ended::Well);
    }
    let Some(name) = &arguments.name else {
        let width = ALL.iter().map(|schema| schema.name.len()).max().unwrap_or(0);
        let files = ALL.iter().map(|schema| schema.files.len()).max().unwrap_or(0);
        ALL.iter().try_for_each(|schema| voice.say(&format!("{:width$}  {:files$}  {}\n", schema.name, schema.files, schema.title)))?;
        return Ok(Ended::Well);
    };
    let Some(schema) = json_schema::find(name) else {
        let help = did_you_mean(name, ALL.iter().map(|schema| schema.name), || "`annexa schema` lists them".into());
        return Err(CouldNotRun(format!("there is no schema `{name}`; {help}")));
    };
    voice.say(&schema.text())?;
    Ok(Ended::Well)
}

fn write(folder: &PathBuf) -> Result<(), CouldNotRun> {
    refuse_file(folder)?;
    let failed = |error: std::io::Error| CouldNotRun(format!("cannot write to {}: {error}", folder.display()));
    fs::create_dir_all(folder).map_err(failed)?;
    ALL.iter().try_for_each(|schema| fs::write(folder.join(schema.file_name()), schema.text())).map_err(failed)
}
