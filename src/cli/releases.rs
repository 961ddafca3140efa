//! `annexa releases`: the releases of a manual, and how far each framework was met in them.

use std::collections::BTreeMap;

use clap::Args;
use serde_json::{Value, json};

use super::load::{self, ProjectArguments};
use super::progress::Progress;
use super::voice::Voice;
use super::{CouldNotRun, Ended, Format, names, versioned};
use crate::base::finding;
use crate::history;
use crate::link::release::ReleaseCoverage;
use crate::link::state::{Counts, State};
use crate::read::Memory;

#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// For whom: a classification, or `auditor` who sees everything (the default)
    #[arg(long, value_name = "NAME", default_value = "auditor")]
    audience: String,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments, voice: Voice) -> Result<Ended, CouldNotRun> {
    let root = &arguments.project.project;
    let mut loaded = load::load(&arguments.project, &mut Progress::on_terminal(voice))?;
    let Some(parsed) = loaded.parsed.take() else {
        voice.show(&loaded.findings, &loaded.sources, loaded.language());
        return Ok(Ended::WithErrors);
    };
    names::audience(&arguments.audience, &parsed.project, &[])?;
    let repository = versioned::repository(root)?;
    // What is wrong with the sources of today is for `annexa check`.
    let (releases, findings) = history::releases(&repository, &parsed.project.release_tags)?;
    loaded.findings = findings;
    let mut memory = Memory::default();
    let past: Vec<_> =
        releases.iter().map(|release| history::read_again(&repository, release, &mut memory, &mut loaded.findings)).collect();
    let standing = history::coverage(&past, &arguments.audience);
    finding::sort(&mut loaded.findings, &loaded.sources);
    voice.show(&loaded.findings, &loaded.sources, loaded.language());
    match arguments.format {
        Format::Json => voice.say(&format!("{:#}\n", json(&standing)))?,
        Format::Human if standing.is_empty() => {
            voice.tell(&format!(
                "There is no release: no tag named `{}` holds a manual for {}.\n",
                parsed.project.release_tags, arguments.audience
            ));
        }
        Format::Human => voice.say(&human(&standing))?,
    }
    Ok(Ended::Well)
}

/// The releases, and below them a table for each framework, the newest release last.
fn human(standing: &[ReleaseCoverage]) -> String {
    let mut out = String::new();
    let widest = |texts: &mut dyn Iterator<Item = &str>| texts.map(|text| text.chars().count()).max().unwrap_or(0);
    let name = widest(&mut standing.iter().map(|of| of.name.as_ref())).max("release".len());
    for of in standing {
        let documents = if of.documents == 1 { "document" } else { "documents" };
        out.push_str(&format!("{:name$}  {}  {} {documents}\n", of.name, of.date, of.documents));
    }
    let mut frameworks: BTreeMap<_, (&str, Vec<(&ReleaseCoverage, &Counts)>)> = BTreeMap::new();
    for of in standing {
        for (id, title, counts) in &of.frameworks {
            frameworks.entry(id.to_string()).or_insert((title, Vec::new())).1.push((of, counts));
        }
    }
    for (id, (title, rows)) in frameworks {
        out.push_str(&format!("\n{title} ({id})\n{:name$}", "release"));
        let shown: Vec<State> = State::ALL.into_iter().filter(|state| rows.iter().any(|(_, counts)| counts.of(*state) > 0)).collect();
        for state in &shown {
            out.push_str(&format!("  {}", state.words()));
        }
        out.push('\n');
        for (of, counts) in rows {
            out.push_str(&format!("{:name$}", of.name));
            for state in &shown {
                let width = state.words().english().chars().count();
                out.push_str(&format!("  {:>width$}", counts.of(*state)));
            }
            out.push('\n');
        }
    }
    out
}

fn json(standing: &[ReleaseCoverage]) -> Value {
    let counts = |counts: &Counts| -> Value {
        State::ALL.into_iter().map(|state| (state.key().to_owned(), Value::from(counts.of(state)))).collect()
    };
    let release = |of: &ReleaseCoverage| {
        let frameworks: serde_json::Map<String, Value> =
            of.frameworks.iter().map(|(id, _, of_framework)| (id.to_string(), counts(of_framework))).collect();
        json!({
            "release": of.name.as_ref(),
            "commit": of.commit.as_ref(),
            "date": of.date.to_string(),
            "documents": of.documents,
            "frameworks": frameworks,
        })
    };
    json!({ "releases": standing.iter().map(release).collect::<Vec<_>>() })
}
