//! Registers as tables: a line of figures and words for each row, and below it what needs sentences.

use serde::Serialize;
use tera::Value;

use super::table::downloads;
use super::{Draft, with_html};
use crate::base::id::ItemId;
use crate::base::word::{Word, phrase, word};
use crate::link::approval::Standing;
use crate::link::report::{self, Column, ColumnKind};
use crate::read::register::{RISKS, Register, Row, TREATMENTS};
use crate::render::export;
use crate::render::site::Site;
use crate::render::site::address;
use crate::render::site::cells::{Cells, Field};
use crate::render::site::directory::named_row;
use crate::render::site::pictures;
use crate::render::site::values::Page;

/// What a register holds, in a sentence.
pub(crate) fn about(name: &str) -> Word {
    match name {
        "roles" => word!("Who decides and does what, and who stands in."),
        "interested-parties" => word!("Who expects something of the management system, and what answers it."),
        "risks" => {
            word!(
                "What could happen, how likely and how bad it would be, and what was decided. Risk level is likelihood times the highest impact."
            )
        }
        "treatments" => word!("What is done about risks, by whom and until when."),
        "assets" => word!("What the management system protects, who owns it and how it is handled."),
        "suppliers" => word!("Who works for us, with which data, where, and under which agreement."),
        "legal" => word!("What laws and contracts ask, and what answers it."),
        "objectives" => word!("What is to be reached, how it is measured, and where it stands."),
        "competence" => word!("What each role has to know, and how it is learned and shown."),
        "evidence" => word!("What shows that controls work: from where, of which day, with which result."),
        "audits" => word!("Internal, external and supplier audits, planned and done."),
        "nonconformities" => word!("What did not conform, why, and what was done about it."),
        "management-reviews" => word!("What top management looked at and decided."),
        "incidents" => word!("What happened, what was done, and what was learned."),
        "certificates" => word!("What has been certified, by whom and until when."),
        "questions" => word!("What customers and auditors ask, and what we answer."),
        "measures" => word!("What keeps personal data secure, with its objective, who answers for it and when it was last reviewed."),
        "processing" => word!("Which personal data is processed, why, and under which measures."),
        "reviews" => word!("Reviews that found nothing to change, by whom and when."),
        _ => word!("Rows of this register."),
    }
}

/// The columns of the line; all others stand below it. A register of a kind that is not listed here shows its first ones.
fn in_line(name: &str) -> &'static [&'static str] {
    match name {
        "risks" => &["likelihood", "confidentiality", "integrity", "availability", "level", "decision", "residual_level"],
        "treatments" => &["owner", "status", "due", "done", "risks"],
        "assets" => &["kind", "owner", "handling", "location", "supplier"],
        "suppliers" => &["kind", "country", "subprocessor", "personal_data", "criticality", "since"],
        "legal" => &["jurisdiction", "owner", "reviewed"],
        "objectives" => &["target", "owner", "due", "status"],
        "competence" => &["repeat_every", "last", "evidence"],
        "evidence" => &["date", "result", "source", "owner", "review_every"],
        "audits" => &["kind", "auditor", "planned", "done"],
        "nonconformities" => &["grade", "owner", "due", "done", "effectiveness_checked"],
        "management-reviews" => &["chair", "next"],
        "incidents" => &["date", "severity", "personal_data", "notified", "closed"],
        "certificates" => &["number", "body", "issued", "valid_until"],
        "processing" => &["role", "subjects", "retention"],
        "interested-parties" => &["addressed_by"],
        "reviews" => &["date", "reviewer", "result", "version"],
        _ => &[],
    }
}

#[derive(Serialize)]
struct Whole {
    name: &'static str,
    title: String,
    about: String,
    /// Of the treatment plan: whether the part of each owner of risks stands as they approved it.
    approvals: Vec<String>,
    first: String,
    columns: Vec<Head>,
    rows: Vec<Line>,
}

#[derive(Serialize)]
struct Head {
    key: &'static str,
    title: String,
    figure: bool,
}

#[derive(Serialize)]
struct Line {
    id: String,
    title: String,
    cells: Vec<Field>,
    notes: Vec<Field>,
    /// Where its source can be read.
    source: Option<Value>,
}

/// The page of a register.
pub(crate) fn page(site: &Site<'_>, register: &Register) -> Draft {
    let table = report::register(site.manual, register);
    let name = register.kind.name;
    let path = address::register(name);
    let heading = register.kind.heading;
    let listed = in_line(name);
    let mut main: Vec<usize> = listed.iter().filter_map(|key| table.columns.iter().position(|column| column.key == *key)).collect();
    if listed.is_empty() {
        main = (1..table.columns.len()).filter(|index| table.columns[*index].kind != ColumnKind::Prose).take(6).collect();
    }
    let below: Vec<usize> =
        (1..table.columns.len()).filter(|index| !main.contains(index) && table.columns[*index].key != heading).collect();
    let rows = with_html(site, &path, None, |html| {
        let cells = Cells { directory: &site.directory, html };
        let lines = table.rows.iter().zip(&register.rows).map(|(line, row)| {
            let is_open = is_open(register, row);
            let field = |index: &usize| cells.field(&table.columns[*index], &line.cells[*index], &line.id, is_open);
            Line {
                id: line.id.clone(),
                title: named_row(register, row).title,
                cells: main.iter().map(field).collect(),
                notes: below.iter().map(field).filter(|field| !field.is_empty()).collect(),
                source: site.origins.shown(row.span()),
            }
        });
        lines.collect()
    });
    let columns = main.iter().map(|index| &table.columns[*index]).map(|column| head(site, column)).collect();
    let first = register.kind.schema.field(heading).filter(|field| field.key != "id").map_or(word!("Id"), |field| field.label);
    let (title, about) = (site.say(table.title), site.say(about(name)));
    let approvals = if name == TREATMENTS.name { approvals(site) } else { Vec::new() };
    let whole = Whole { name, title: title.clone(), about: about.clone(), approvals, first: site.say(first), columns, rows };
    let page = Page { kind: "register", part: "registers", title, description: Some(about), path };
    let files = downloads(site, &[], &[&export::name::register(name)]);
    let heat = if name == RISKS.name { pictures::heat(site) } else { None };
    Draft::new("register.html", page).with("register", &whole).with("downloads", &files).with("heat", &heat)
}

/// Where the parts of the treatment plan stand (ISO/IEC 27001:2022, 6.1.3 f), once one was approved.
fn approvals(site: &Site<'_>) -> Vec<String> {
    let Some(standings) = site.manual.approvals.as_ref().map(|standings| &standings.treatments) else { return Vec::new() };
    if standings.values().all(|standing| *standing == Standing::Never) {
        return Vec::new();
    }
    let line = |(owner, standing): (&ItemId, &Standing)| {
        let owner = site.manual.row(owner).map_or(owner.as_str(), |(register, row)| register.kind.heading(row));
        site.language().phrase(&phrase!("Risks of {owner}: {standing}", owner = owner, standing = standing.phrase(site.manual)))
    };
    standings.iter().map(line).collect()
}

fn head(site: &Site<'_>, column: &Column) -> Head {
    Head { key: column.key, title: site.language().phrase(&column.label), figure: column.kind == ColumnKind::Number }
}

/// Whether what a row asks for is still to be done.
fn is_open(register: &Register, row: &Row) -> bool {
    register.kind.done.is_none_or(|key| row.fields.date(key).is_none()) && !matches!(row.fields.word("status"), Some("met" | "done"))
}

#[derive(Serialize)]
struct Listed {
    name: &'static str,
    title: String,
    about: String,
    href: String,
    count: usize,
}

/// Every register that has rows, with how many.
pub(crate) fn list(site: &Site<'_>) -> impl Serialize + use<> {
    let registers = site.manual.view.registers.iter().map(|register| Listed {
        name: register.kind.name,
        title: site.say(register.kind.title),
        about: site.say(about(register.kind.name)),
        href: address::register(register.kind.name),
        count: register.rows.len(),
    });
    registers.collect::<Vec<_>>()
}

/// The index of registers.
pub(crate) fn index(site: &Site<'_>) -> Draft {
    let page = Page {
        kind: "registers",
        part: "registers",
        title: site.say(word!("Registers")),
        description: Some(site.say(word!("Every register, what it holds, and how many rows."))),
        path: "registers.html".into(),
    };
    Draft::new("registers.html", page).with("registers", &list(site))
}
