//! `annexa migrate FROM TO`: from one edition of a framework to another. Says what goes where; with `--write`, rewrites what has one counterpart.

mod human;
mod json;
mod words;

use std::sync::Arc;

use clap::Args;

use super::Format;
use super::load::{self, Loaded, ProjectArguments};
use super::progress::Progress;
use super::voice::Voice;
use super::{CouldNotRun, Ended};
use crate::base::finding::{Finding, Severity};
use crate::base::id::EditionId;
use crate::base::rule;
use crate::link::manual::Manual;
use crate::link::migration::{self, Impossible, Migration, Wishes};

#[derive(Args)]
pub(super) struct Arguments {
    /// The old edition, as in `iso27017@2015`
    #[arg(value_name = "FROM")]
    from: String,
    /// The new edition, as in `iso27017@2026`
    #[arg(value_name = "TO")]
    to: String,
    #[command(flatten)]
    project: ProjectArguments,
    /// Write the changes; without this, they are only shown
    #[arg(long, conflicts_with = "dry_run")]
    write: bool,
    /// Only show the changes (the default)
    #[arg(long)]
    dry_run: bool,
    /// List the new edition first in annexa.yaml, so that names without an edition mean it; what stays in the old one is written with its edition
    #[arg(long)]
    new_first: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments, voice: Voice) -> Result<Ended, CouldNotRun> {
    let loaded = load::load(&arguments.project, &mut Progress::new(voice))?;
    let Some(manual) = &loaded.manual else {
        voice.show(&loaded.findings, &loaded.sources, loaded.language());
        return Ok(Ended::WithErrors);
    };
    let (from, to) = (edition(manual, &arguments.from)?, edition(manual, &arguments.to)?);
    let wishes = Wishes { new_first: arguments.new_first };
    let plan = migration::plan(manual, &from, &to, wishes).map_err(|why| impossible(manual, &from, &to, &why))?;
    // That a control is not decided yet hides nothing, and is often why somebody moves.
    let hides = |finding: &&Finding| finding.severity == Severity::Error && finding.rule.code != rule::STATEMENT_MISSING.code;
    let blocked = loaded.findings.iter().any(|finding| hides(&finding));
    if !blocked {
        prove(&plan, &loaded, manual)?;
    }
    let written = if arguments.write && !blocked { plan.edits.write(&arguments.project.project, &loaded.sources)? } else { Vec::new() };
    voice.edited(&arguments.project.project, &written);
    let report = Report { plan: &plan, manual, sources: &loaded.sources, asked: arguments.write, blocked, written: !written.is_empty() };
    match arguments.format {
        Format::Human => voice.say(&human::render(&report))?,
        Format::Json => voice.say(&json::render(&report))?,
    }
    if blocked {
        voice.show(&loaded.findings, &loaded.sources, loaded.language());
        voice.say_error("Nothing was written: what cannot be read may speak of either edition. Mend the errors first.\n");
        return Ok(Ended::WithErrors);
    }
    Ok(Ended::Well)
}

/// What is printed.
struct Report<'a> {
    plan: &'a Migration,
    manual: &'a Manual,
    sources: &'a crate::base::source::Sources,
    /// Whether writing was asked for.
    asked: bool,
    /// Whether errors of the project stand against it.
    blocked: bool,
    /// Whether something was written.
    written: bool,
}

/// The edition of a name, which must say which one it means.
fn edition(manual: &Manual, name: &str) -> Result<EditionId, CouldNotRun> {
    let id = EditionId::parse(name).ok_or_else(|| CouldNotRun(format!("`{name}` is no edition; write it as in `iso27017@2015`")))?;
    let found = manual.view.catalogues.find(&id).map_err(|unknown| {
        let help = unknown.help.map(|help| format!("; {help}")).unwrap_or_default();
        CouldNotRun(format!("{}{help}", unknown.message))
    })?;
    if id.edition.is_none() && found.id.edition.is_some() {
        return Err(CouldNotRun(format!("`{name}` does not say which edition; write it as in `{}`", found.id)));
    }
    Ok(found.id.clone())
}

fn impossible(manual: &Manual, from: &EditionId, to: &EditionId, why: &Impossible) -> CouldNotRun {
    CouldNotRun(match why {
        Impossible::Same => format!("`{from}` is both the old and the new edition; name two"),
        Impossible::Frameworks => format!("`{from}` and `{to}` are editions of two frameworks; name two of one"),
        Impossible::Unconnected => {
            let between = manual.view.crosswalks.iter().filter(|crosswalk| crosswalk.source.framework == crosswalk.target.framework);
            let mut known: Vec<String> = between.map(|crosswalk| format!("{} and {}", crosswalk.source, crosswalk.target)).collect();
            known.sort();
            known.dedup();
            format!("no crosswalk connects `{from}` and `{to}`; one connects {}", known.join(", "))
        }
    })
}

/// Makes the edits in memory, reads what comes of them, and refuses to go on if a reference would mean anything but what the plan says.
fn prove(plan: &Migration, loaded: &Loaded, manual: &Manual) -> Result<(), CouldNotRun> {
    const NAMED: usize = 3;
    let after = load::examine(Arc::new(plan.edits.applied(&loaded.sources)?), Vec::new(), manual.today, &mut Progress::silent());
    let wrong = match &after.manual {
        Some(after_manual) => migration::prove(plan, (manual, &loaded.findings), (after_manual, &after.findings)),
        None => vec!["annexa.yaml could not be read".to_owned()],
    };
    if wrong.is_empty() {
        return Ok(());
    }
    let more = if wrong.len() > NAMED { format!(", and {} more", wrong.len() - NAMED) } else { String::new() };
    let named: Vec<&str> = wrong.iter().take(NAMED).map(String::as_str).collect();
    Err(CouldNotRun(format!(
        "these edits would change what else the manual says: {}{more}; nothing was written; make this change by hand",
        named.join("; ")
    )))
}
