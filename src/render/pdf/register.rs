//! The manual's own tables: the Statement of Applicability, responsibilities, registers; each with what it says about itself, and attached as data.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::civil::Date;
use rayon::prelude::*;

use super::attachment::{self, Attachment};
use super::book::Scope;
use super::code::{Shared, Writer};
use super::literal::{array, dictionary, quoted};
use super::pictures;
use super::table::{self, Grid, Row};
use super::whole::{File, IMPORTS, role_title};
use crate::base::finding::Span;
use crate::base::id::ItemId;
use crate::base::word::{Word, word};
use crate::link::manual::Manual;
use crate::link::report::{self, Cell, Table, TableRow};
use crate::read::register::RISKS;
use crate::read::statement::Statement;

/// A table of the manual with what stands over it.
pub(super) struct Register {
    pub(super) part: &'static str,
    pub(super) name: &'static str,
    pub(super) title: Word,
    /// What it says about itself: fields of `words.typ`, and values.
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) grid: Grid,
    /// The same as files for programs.
    pub(super) attached: Vec<Attachment>,
}

/// The place of a register: no identifier has a slash.
pub(super) fn place(name: &str) -> String {
    format!("register/{name}")
}

/// The tables that are within a scope: the Statement of Applicability with its figures, then responsibilities and the registers.
pub(super) fn all(manual: &Manual, scope: &Scope) -> Vec<Register> {
    let control = |row: &TableRow| match row.cells.first() {
        Some(Cell::Reference(reference)) => manual.control_named(reference),
        _ => None,
    };
    let group = |row: &TableRow| {
        let control = control(row)?;
        let catalogue = manual.view.catalogues.edition(&control.id.edition)?;
        let group = catalogue.groups.iter().find(|group| control.group.as_ref() == Some(&group.id));
        Some(group.map_or_else(|| catalogue.title.to_string(), |group| format!("{} · {} {}", catalogue.title, group.id, group.title)))
    };
    let statements: BTreeMap<String, &Statement> =
        manual.view.statements.iter().map(|statement| (statement.control.to_string(), statement)).collect();
    let of_statement = |id: &str, key: &str| statements.get(id).map(|statement| statement.fields.span_of(key));
    let of_row = |id: &str, key: &str| Some(manual.row(&ItemId::parse(id)?)?.1.fields.span_of(key));
    let nowhere = |_: &str, _: &str| None;
    let ungrouped = |_: &TableRow| None;
    let of_control = |row: &TableRow| control(row).is_some_and(|control| scope.has_control(&control.id));

    let mut drafts = Vec::new();
    // Only the auditor's manual has it.
    if let Some(table) = report::readiness_table(manual).filter(|_| scope.is_whole()) {
        drafts.push(Draft { part: "registers", facts: Vec::new(), table, rows: Rows::Plain, data: Data::None });
    }
    if scope.has_figures() {
        let (facts, table) = (approval(manual), report::soa_summary(manual));
        drafts.push(Draft { part: "soa", facts, table, rows: Rows::Plain, data: Data::None });
    }
    // The heads of the groups name the catalogue, and an exclusion has no other implementation than its reason.
    let soa = report::statement_of_applicability(manual).filtered(of_control);
    let table = soa.clone().without("catalogue").folded("exclusion", "implementation").joined(
        "cloud",
        "applicable",
        word!("Applicable, cloud role"),
    );
    drafts.push(Draft { part: "soa", facts: Vec::new(), table, rows: Rows::Controls, data: Data::Of(soa) });
    let matrix = report::matrix(manual);
    for table in [matrix.overview(), matrix.duties(), matrix.for_customers(), report::inheritance(manual)] {
        let table = table.filtered(of_control);
        drafts.push(Draft { part: "soa", facts: Vec::new(), table, rows: Rows::Plain, data: Data::TheSame });
    }
    for register in &manual.view.registers {
        let table = report::register(manual, register).filtered(|row| scope.has_row(&row.id));
        drafts.push(Draft { part: "registers", facts: Vec::new(), table, rows: Rows::Registered, data: Data::TheSame });
    }
    drafts.retain(|draft| !draft.table.rows.is_empty());
    let made = |Draft { part, facts, table, rows, data }: Draft| {
        let (name, title) = (table.name, table.title);
        let attached = match &data {
            Data::None => Vec::new(),
            Data::TheSame => attachment::of_table(manual, &table),
            Data::Of(table) => attachment::of_table(manual, table),
        };
        let grid = match rows {
            Rows::Plain => table::grid_of(table, ungrouped, nowhere),
            Rows::Controls => table::grid_of(table, group, of_statement),
            Rows::Registered => table::grid_of(table, ungrouped, of_row),
        };
        Register { part, name, title, facts, grid, attached }
    };
    drafts.into_par_iter().map(made).collect()
}

/// A table before its cells and files are made.
struct Draft {
    part: &'static str,
    facts: Vec<(&'static str, String)>,
    table: Table,
    rows: Rows,
    data: Data,
}

/// What the rows of a table are.
enum Rows {
    /// Nothing that is written in one place.
    Plain,
    /// Controls with their statements, under the groups of their catalogues.
    Controls,
    /// Rows of a register.
    Registered,
}

/// What is attached of a table.
enum Data {
    None,
    TheSame,
    Of(Table),
}

/// Version and approval of the Statement of Applicability.
pub(super) fn approval(manual: &Manual) -> Vec<(&'static str, String)> {
    let approval = report::soa_approval(manual);
    let role = |id: Option<ItemId>| id.map_or_else(String::new, |id| role_title(manual, &id));
    let date = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
    vec![
        ("version", approval.version.as_deref().unwrap_or_default().to_owned()),
        ("date", approval.as_of.to_string()),
        ("owner", role(approval.owner)),
        ("approver", role(approval.approver)),
        ("approved", date(approval.approved)),
        ("approval", approval.standing.map_or_else(String::new, |standing| manual.view.project.language.phrase(&standing))),
        ("reviewed", date(approval.reviewed)),
    ]
}

/// The places that a register defines: its own, and one a row.
pub(super) fn places(register: &Register) -> impl Iterator<Item = String> {
    let rows = register.grid.rows.iter().filter_map(|row| match row {
        Row::Cells { place, .. } => Some(place.clone()),
        Row::Group(..) => None,
    });
    std::iter::once(place(register.name)).chain(rows)
}

/// The file of a register.
pub(super) fn file(shared: &mut Shared<'_>, register: &Register) -> File {
    let manual = shared.manual;
    let mut writer = Writer::new(shared, None);
    writer.out.push_str(IMPORTS);
    let own = writer.define(&place(register.name));
    let fact = |(key, value): &(&str, String)| array([quoted(key), quoted(&writer.shared.glyphs.clean(value, None::<Span>))]);
    let facts = array(register.facts.iter().map(fact).collect::<Vec<_>>());
    let info = [
        ("place", own),
        ("part", quoted(register.part)),
        ("title", quoted(manual.view.project.language.say(register.title))),
        ("facts", facts),
    ];
    let _ = writeln!(writer.out, "#let info = {}", dictionary(info));
    writer.grid(&register.grid);
    if register.name == RISKS.name && pictures::heat(&mut writer) {
        writer.out.push_str("#let body = maps + body\n");
    }
    File { path: format!("/registers/{}.typ", register.name), text: writer.out, origins: writer.origins }
}
