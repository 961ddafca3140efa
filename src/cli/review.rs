//! `annexa review WHAT --as ROLE`: records that something was reviewed and nothing had to change. It counts as reviewed, and what was approved stays so.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use super::load::{self, ProjectArguments};
use super::names::did_you_mean;
use super::progress::Progress;
use super::records::{self, Register, Row};
use super::voice::Voice;
use super::{CouldNotRun, Ended, names};
use crate::base::edit::Edits;
use crate::base::id::{ItemId, Reference};
use crate::history::approval::canonical::{self, Context};
use crate::link::manual::Manual;
use crate::read::register::{KINDS, REVIEWS, REVIEWS_PATH, RegisterKind};
use crate::read::schema::list;

/// What can be named.
const NAMED: &str = "name a document (POL-004), a row (RSK-012) or a control (iso27001:A.5.15)";

/// What begins a new register.
const HEAD: &str = "# Reviews that changed nothing. Written by `annexa review`.\nregister: reviews\nrows:\n";

#[derive(Args)]
pub(super) struct Arguments {
    /// What was reviewed: documents (POL-004), rows of registers (RSK-012), or controls by their statements (iso27001:A.5.15)
    #[arg(value_name = "WHAT", required = true)]
    what: Vec<String>,
    /// The role that has reviewed it
    #[arg(long = "as", value_name = "ROLE")]
    role: String,
    /// The project's folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    /// The date of the review (default: SOURCE_DATE_EPOCH, else the clock)
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
}

/// What was reviewed.
struct Reviewed {
    /// As it is recorded.
    item: String,
    version: Option<String>,
    sha256: Option<String>,
    /// When it is to be reviewed again, as far as anything says.
    every: Option<crate::read::value::Period>,
    /// A later review that is recorded already.
    later: Option<Date>,
}

pub(super) fn run(arguments: &Arguments, voice: Voice) -> Result<Ended, CouldNotRun> {
    let of_project = ProjectArguments { project: arguments.project.clone(), today: arguments.today, ..ProjectArguments::default() };
    let loaded = load::load(&of_project, &mut Progress::new(voice))?;
    let (Some(parsed), Some(manual)) = (&loaded.parsed, &loaded.manual) else {
        voice.show(&loaded.findings, &loaded.sources, loaded.language());
        return Ok(Ended::WithErrors);
    };
    let role = names::role(&arguments.role, manual)?;
    let date = manual.today;
    let mut reviewed: Vec<Reviewed> = Vec::new();
    for name in &arguments.what {
        let found = find(name, manual, &Context::of(parsed))?;
        if let Some(later) = found.later.filter(|later| *later > date) {
            return Err(CouldNotRun(format!("{} was reviewed on {later}, after {date}; name another date with --today", found.item)));
        }
        if !reviewed.iter().any(|known| known.item == found.item) {
            reviewed.push(found);
        }
    }
    let mut id = records::next(&loaded, &REVIEWS, REVIEWS_PATH)?;
    let mut rows: Vec<(ItemId, Row)> = Vec::new();
    for found in &reviewed {
        let mut row = Row::default();
        row.word("id", id.as_str());
        row.word("item", &found.item);
        row.word("date", &date.to_string());
        row.word("reviewer", role.as_str());
        row.word("result", "no-change");
        if let Some(version) = &found.version {
            row.text("version", version);
        }
        if let Some(sha256) = &found.sha256 {
            row.word("sha256", sha256);
        }
        let number = id.as_str().rsplit_once('-').and_then(|(_, number)| number.parse::<u32>().ok()).unwrap_or_default();
        rows.push((id, row));
        id = records::nth(&REVIEWS, number.saturating_add(1), REVIEWS_PATH)?;
    }
    let mut edits = Edits::default();
    records::append(&arguments.project, &loaded, &mut edits, &Register { path: REVIEWS_PATH, head: HEAD, kind: &REVIEWS }, &rows)?;
    voice.edited(&arguments.project, &edits.write(&arguments.project, &loaded.sources)?);
    for (found, (id, _)) in reviewed.iter().zip(&rows) {
        let next = found.every.map_or_else(String::new, |every| format!(", next on {}", every.after(date)));
        voice.tell(&format!("{} was reviewed on {date} by `{role}` without change{next}: {id} in {REVIEWS_PATH}\n", found.item));
    }
    Ok(Ended::Well)
}

/// Whether rows of a register say when they were reviewed.
fn is_reviewed(kind: &RegisterKind) -> bool {
    kind.schema.field("reviewed").is_some()
}

fn find(name: &str, manual: &Manual, context: &Context<'_>) -> Result<Reviewed, CouldNotRun> {
    if let Some(Reference::Item { id, section: None }) = Reference::parse(name) {
        if let Some(document) = manual.document(&id) {
            return Ok(Reviewed {
                item: id.to_string(),
                version: document.version.as_ref().map(ToString::to_string),
                sha256: Some(canonical::document(document, context).sha256()),
                every: document.review_every,
                later: document.reviewed,
            });
        }
        return match manual.row(&id) {
            Some((register, _)) if !is_reviewed(register.kind) => {
                let reviewed: Vec<&str> = KINDS.iter().filter(|kind| is_reviewed(kind)).map(|kind| kind.name).collect();
                let what = register.kind.name;
                Err(CouldNotRun(format!("rows of the register `{what}` are not reviewed one by one; those of {} are", list(&reviewed))))
            }
            Some((_, row)) => Ok(Reviewed {
                item: id.to_string(),
                version: None,
                sha256: None,
                every: row.fields.period("review_every"),
                later: row.fields.date("reviewed"),
            }),
            None => {
                let documents = manual.view.documents.iter().map(|document| document.id.as_str());
                let registers = manual.view.registers.iter().filter(|register| is_reviewed(register.kind));
                let rows = registers.flat_map(|register| &register.rows).map(|row| row.id.as_str());
                let help = did_you_mean(id.as_str(), documents.chain(rows), || NAMED.into());
                Err(CouldNotRun(format!("there is nothing called `{name}`; {help}")))
            }
        };
    }
    let Some(control) = names::control(&manual.view.catalogues, name)? else {
        return Err(CouldNotRun(format!("there is nothing called `{name}`; {NAMED}")));
    };
    let statement = manual
        .statement(control)
        .ok_or_else(|| CouldNotRun(format!("no statement decides {}; write one first, in a file of content/controls/", control.id)))?;
    Ok(Reviewed {
        item: statement.control.to_string(),
        version: None,
        sha256: None,
        every: statement.fields.period("review_every"),
        later: statement.fields.date("reviewed"),
    })
}
