//! `annexa gap`: what is still to do, for a framework or for the two stages of a certification audit.

mod framework;
mod print;

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::load::{self, Loaded, ProjectArguments};
use super::names::{self, did_you_mean};
use super::progress::Progress;
use super::voice::{self, Voice};
use super::{CouldNotRun, Ended};
use crate::base::finding::Counts;
use crate::base::id::EditionId;
use crate::link::report::{self, Stage};
use crate::read::schema::list;

#[derive(Args)]
pub(super) struct Arguments {
    /// An edition in use, as in `ccm@4.1`; with --stage, the project's folder
    #[arg(value_name = "FRAMEWORK")]
    framework: Option<String>,
    /// The project's folder, which holds annexa.yaml (default: the current folder)
    #[arg(value_name = "DIR")]
    project: Option<PathBuf>,
    /// What a certification body asks for: 1, the documents; 2, the records
    #[arg(long, value_name = "1|2", value_parser = stage)]
    stage: Option<Stage>,
    /// Only the controls of this baseline, as in `moderate` of `nist80053@r5`
    #[arg(long, value_name = "NAME", conflicts_with = "stage")]
    baseline: Option<String>,
    /// On the terminal, list every control and not only those that remain; JSON and CSV have all
    #[arg(long, conflicts_with = "stage")]
    all: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// The date that counts as today (default: SOURCE_DATE_EPOCH, else the clock)
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON object
    Json,
    /// A table with one line an item (RFC 4180)
    Csv,
}

fn stage(text: &str) -> Result<Stage, String> {
    match text {
        "1" => Ok(Stage::One),
        "2" => Ok(Stage::Two),
        _ => Err("there are stages 1 and 2".into()),
    }
}

pub(super) fn run(arguments: &Arguments, voice: Voice) -> Result<Ended, CouldNotRun> {
    match (arguments.stage, &arguments.framework, &arguments.project) {
        (Some(_), Some(framework), Some(_)) => {
            Err(CouldNotRun(format!("--stage looks at ISO/IEC 27001 as a whole; leave `{framework}` out")))
        }
        (Some(stage), folder, None) => of_stage(arguments, stage, folder.as_ref().map(PathBuf::from), voice),
        (Some(stage), None, folder @ Some(_)) => of_stage(arguments, stage, folder.clone(), voice),
        (None, Some(framework), folder) => of_framework(arguments, framework, folder.clone(), voice),
        (None, None, _) => {
            Err(CouldNotRun("say what to look at: a framework, as in `ccm@4.1`; or --stage 1 for documents, --stage 2 for records".into()))
        }
    }
}

fn of_stage(arguments: &Arguments, stage: Stage, folder: Option<PathBuf>, voice: Voice) -> Result<Ended, CouldNotRun> {
    let loaded = load(arguments, folder, voice)?;
    let Some(manual) = &loaded.manual else {
        voice.show(&loaded.findings, &loaded.sources, loaded.language());
        return Ok(Ended::WithErrors);
    };
    let Some(readiness) = report::readiness(manual) else {
        return Err(CouldNotRun("annexa.yaml lists no edition of ISO/IEC 27001 whose clauses are known; add `iso27001@2022`".into()));
    };
    voice.say(&match arguments.format {
        Format::Human => print::human(&readiness, stage, voice::width()),
        Format::Json => print::json(&readiness, stage, manual),
        Format::Csv => print::table(&readiness, stage),
    })?;
    Ok(ended(&loaded, voice))
}

fn of_framework(arguments: &Arguments, name: &str, folder: Option<PathBuf>, voice: Voice) -> Result<Ended, CouldNotRun> {
    let loaded = load(arguments, folder, voice)?;
    let Some(manual) = &loaded.manual else {
        voice.show(&loaded.findings, &loaded.sources, loaded.language());
        return Ok(Ended::WithErrors);
    };
    let catalogues = &manual.view.catalogues;
    let catalogue = match EditionId::parse(name).map(|id| catalogues.find(&id)) {
        Some(Ok(catalogue)) if catalogues.is_in_use(&catalogue.id) => catalogue,
        Some(Ok(other)) => return Err(CouldNotRun(format!("`{}` is not in use; add it to `frameworks:` in annexa.yaml", other.id))),
        Some(Err(unknown)) => {
            return Err(names::unknown(unknown));
        }
        None => return Err(CouldNotRun(format!("`{name}` names no edition of a framework; write it as in `ccm@4.1`"))),
    };
    let baselines: BTreeSet<&str> = catalogue.controls.iter().flat_map(|control| &control.baselines).map(AsRef::as_ref).collect();
    if let Some(wanted) = arguments.baseline.as_deref().filter(|wanted| !baselines.contains(wanted)) {
        let known: Vec<&str> = baselines.into_iter().collect();
        let otherwise =
            || if known.is_empty() { "it has none, so leave --baseline out".into() } else { format!("it has {}", list(&known)) };
        let help = did_you_mean(wanted, known.iter().copied(), otherwise);
        return Err(CouldNotRun(format!("{} has no baseline `{wanted}`; {help}", catalogue.title)));
    }
    let gap = report::gap(manual, catalogue, arguments.baseline.as_deref());
    voice.say(&match arguments.format {
        Format::Human => framework::human(&gap, manual, arguments.all, voice::colour(&std::io::stdout()), voice::width()),
        Format::Json => framework::json(&gap, manual),
        Format::Csv => framework::table(&gap),
    })?;
    Ok(ended(&loaded, voice))
}

fn load(arguments: &Arguments, folder: Option<PathBuf>, voice: Voice) -> Result<Loaded, CouldNotRun> {
    let project = folder.unwrap_or_else(|| PathBuf::from("."));
    load::load(&ProjectArguments { project, today: arguments.today, ..ProjectArguments::default() }, &mut Progress::new(voice))
}

/// What could not be read counts as missing, which has to be said.
fn ended(loaded: &Loaded, voice: Voice) -> Ended {
    if !loaded.has_errors() {
        return Ended::Well;
    }
    voice.say_error(&format!(
        "annexa: the project has {}, and what could not be read is missing here; run `annexa check`\n",
        Counts::of(&loaded.findings)
    ));
    Ended::WithErrors
}
