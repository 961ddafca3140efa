//! `annexa approvals`: what is approved as it stands, what has changed since, and what never was.

use clap::Args;
use serde_json::{Value, json};

use super::load::{self, ProjectArguments};
use super::progress::Progress;
use super::voice::Voice;
use super::{CouldNotRun, Ended, Format};
use crate::base::word::Phrase;
use crate::history::approval::Ledger;
use crate::link::approval::Standing;
use crate::link::manual::Manual;

#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// A line of the list.
struct Line<'a> {
    what: String,
    title: String,
    standing: &'a Standing,
}

pub(super) fn run(arguments: &Arguments, voice: Voice) -> Result<Ended, CouldNotRun> {
    let loaded = load::load(&arguments.project, &mut Progress::new(voice))?;
    let (Some(manual), Some(ledger)) = (&loaded.manual, &loaded.ledger) else {
        voice.show(&loaded.findings, &loaded.sources, loaded.language());
        return Ok(Ended::WithErrors);
    };
    let lines = lines(manual);
    match arguments.format {
        Format::Json => voice.say(&format!("{:#}\n", as_json(&lines, ledger, manual)))?,
        Format::Human if manual.approvals.is_none() => {
            voice.tell("No approval is recorded. `annexa approve POL-001 --as ceo` records the first one; see docs/approvals.md.\n");
        }
        Format::Human => voice.say(&human(&lines, ledger))?,
    }
    Ok(Ended::Well)
}

fn lines(manual: &Manual) -> Vec<Line<'_>> {
    let Some(standings) = &manual.approvals else { return Vec::new() };
    let mut lines = Vec::new();
    for document in manual.view.documents.iter().filter(|document| document.status != "retired") {
        if let Some(standing) = standings.documents.get(&document.id) {
            lines.push(Line { what: document.id.to_string(), title: document.title.to_string(), standing });
        }
    }
    if let Some(standing) = &standings.soa {
        lines.push(Line { what: "soa".into(), title: "Statement of Applicability".into(), standing });
    }
    for (owner, standing) in &standings.treatments {
        lines.push(Line { what: "treatments".into(), title: format!("Risk treatment plan, risks of {owner}"), standing });
    }
    // Every change makes another release: only one that is approved as it stands, or was last, says something.
    if let Some(standing) = standings.release.as_ref().filter(|standing| **standing != Standing::Never) {
        lines.push(Line { what: "release".into(), title: manual.view.project.title.to_string(), standing });
    }
    lines
}

fn state(standing: &Standing) -> &'static str {
    match standing {
        Standing::Never => "never approved",
        Standing::AsItStands(_) => "as it stands",
        Standing::Changed(..) => "changed since",
        Standing::Given(_) => "approved",
    }
}

fn human(lines: &[Line<'_>], ledger: &Ledger) -> String {
    let width = lines.iter().map(|line| line.what.len()).max().unwrap_or(0);
    let mut out = String::new();
    for line in lines {
        out.push_str(&format!("{:width$}  {:14}", line.what, state(line.standing)));
        match line.standing.given() {
            Some(given) => {
                let version = given.version.as_ref().map_or_else(String::new, |version| format!(" {version}"));
                let signed = if given.signed { "" } else { ", not signed" };
                out.push_str(&format!("  {} on {}{signed}  {}{version}\n", given.by, given.date, line.title));
            }
            None => out.push_str(&format!("  {}\n", line.title)),
        }
        if let Standing::Changed(_, change) = line.standing {
            let change = change.as_ref().map_or_else(
                || Phrase::text("the text that was approved is not kept, so that the difference cannot be told"),
                |change| change.phrase(),
            );
            out.push_str(&format!("{:width$}  {:14}  {change}\n", "", ""));
        }
    }
    let count = |key: &str| lines.iter().filter(|line| line.standing.key() == key).count();
    out.push_str(&format!(
        "\n{} as it stands, {} changed since, {} never approved",
        count("as-it-stands"),
        count("changed"),
        count("never")
    ));
    let faults = ledger.entries.iter().filter(|entry| entry.fault.is_some()).count();
    if faults > 0 {
        out.push_str(&format!("; of {} records, {faults} do not count (`annexa check` says why)", ledger.entries.len()));
    }
    out.push('\n');
    out
}

fn as_json(lines: &[Line<'_>], ledger: &Ledger, manual: &Manual) -> Value {
    let line = |line: &Line<'_>| {
        let given = line.standing.given();
        let change = match line.standing {
            Standing::Changed(_, Some(change)) => {
                json!({ "inserted": change.inserted, "deleted": change.deleted, "places": change.places })
            }
            _ => Value::Null,
        };
        json!({
            "what": line.what,
            "title": line.title,
            "state": line.standing.key(),
            "approver": given.map(|given| given.by.as_str()),
            "date": given.map(|given| given.date.to_string()),
            "version": given.and_then(|given| given.version.as_deref()),
            "sha256": given.and_then(|given| given.sha256.as_deref()),
            "signed": given.map(|given| given.signed),
            "change": change,
        })
    };
    let faults = ledger.entries.iter().filter(|entry| entry.fault.is_some()).count();
    json!({
        "format": 1,
        "today": manual.today.to_string(),
        "approvals": lines.iter().map(line).collect::<Vec<_>>(),
        "records": ledger.entries.len(),
        "records_that_do_not_count": faults,
    })
}
