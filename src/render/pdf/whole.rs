//! A manual as a project of Typst files: one a document and a table, so that only what changed is set again, and one that puts them together.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use super::code::{Shared, Writer};
use super::diagnose::Origin;
use super::fonts::Fonts;
use super::glyphs::{self, Glyphs};
use super::images::Images;
use super::literal::{array, dictionary, quoted};
use super::pictures;
use super::reference::{self, Goal, Resolved, control_place};
use super::table::{self, Grid, Row};
use super::templates;
use crate::base::finding::{Finding, Place, Span};
use crate::base::id::{ItemId, Reference};
use crate::base::rule;
use crate::base::word::Word;
use crate::link::manual::Manual;
use crate::link::report::{self, Cell, TableRow};
use crate::link::usage::Claim;
use crate::read::document::Document;
use crate::read::framework::Control;
use crate::read::language;
use crate::read::register::RISKS;
use crate::read::statement::Statement;
use crate::read::tree;

/// Most documents of one PDF: Typst has room for 65,535 paths in the life of a process.
const MOST_DOCUMENTS: usize = 20_000;

/// A generated or given text file.
pub(super) struct File {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) origins: Vec<(Range<usize>, Origin)>,
}

/// All that Typst will see.
pub(super) struct Project {
    pub(super) main: String,
    pub(super) files: Vec<File>,
    pub(super) images: Vec<(String, Arc<[u8]>)>,
    pub(super) findings: Vec<Finding>,
}

/// A table of the manual with what stands over it.
struct Register {
    part: &'static str,
    name: &'static str,
    title: Word,
    /// What it says about itself: fields of `words.typ`, and values.
    facts: Vec<(&'static str, String)>,
    grid: Grid,
}

/// Writes the project of a manual.
pub(super) fn write(manual: &Manual, fonts: &Fonts) -> Project {
    let registers = registers(manual);
    let index: Vec<(String, Vec<&Control>)> = index(manual);
    let mut shared = Shared {
        manual,
        glyphs: Glyphs::new(fonts, &manual.view.sources),
        images: Images::default(),
        findings: Vec::new(),
        places: places(manual, &registers, &index),
        defined: BTreeSet::new(),
    };
    let mut files: Vec<File> =
        templates::all(&manual.view.sources).into_iter().map(|(path, text)| File { path, text, origins: Vec::new() }).collect();
    if manual.view.documents.len() > MOST_DOCUMENTS {
        let message = format!("a PDF of more than {MOST_DOCUMENTS} documents cannot be made");
        shared.findings.push(Finding::new(&rule::PDF_FAILED, Place::Project, message));
        return Project { main: String::new(), files, images: Vec::new(), findings: shared.findings };
    }

    let mut main = String::from("#import \"/templates/pdf/manual.typ\": manual\n#let documents = ()\n#let registers = ()\n");
    for (number, document) in manual.view.documents.iter().enumerate() {
        let path = quoted(&format!("/documents/{}.typ", file_name(document.id.as_str(), number)));
        let _ = writeln!(main, "#import {path}: info, body\n#documents.push((..info, body: body))");
        files.push(document_file(&mut shared, document, number));
    }
    let (soa, others): (Vec<&Register>, Vec<&Register>) = registers.iter().partition(|register| register.part == "soa");
    let mut tables: Vec<File> = soa.into_iter().map(|register| register_file(&mut shared, register)).collect();
    tables.extend(pictures::coverage_files(&mut shared));
    tables.extend(others.into_iter().map(|register| register_file(&mut shared, register)));
    for file in &tables {
        let path = quoted(&file.path);
        let _ = writeln!(main, "#import {path}: info, body, landscape\n#registers.push((..info, body: body, landscape: landscape))");
    }
    files.extend(tables);
    files.push(index_file(&mut shared, &index));
    main.push_str("#import \"/index.typ\": index\n");
    let _ = writeln!(main, "#manual({}, documents, registers, index)", whole(&mut shared));
    files.push(File { path: "/main.typ".into(), text: main, origins: Vec::new() });

    let images = shared.images.iter().map(|image| (image.path.clone(), image.bytes.clone())).collect();
    let mut findings = shared.findings;
    findings.extend(shared.glyphs.findings());
    Project { main: "/main.typ".into(), files, images, findings }
}

/// The Statement of Applicability with its figures, then responsibilities and the registers.
fn registers(manual: &Manual) -> Vec<Register> {
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
    let mut registers = Vec::new();
    let mut add = |part, facts, table: report::Table, grid: &dyn Fn(report::Table) -> Grid| {
        if !table.rows.is_empty() {
            registers.push(Register { part, name: table.name, title: table.title, facts, grid: grid(table) });
        }
    };
    let by_group = |table| table::grid_of(table, group, of_statement);
    // Only the auditor's manual has it.
    if let Some(table) = report::readiness_table(manual) {
        add("registers", Vec::new(), table, &|table| table::grid_of(table, |_| None, |_, _| None));
    }
    let as_it_is = |table| table::grid_of(table, |_| None, |_, _| None);
    add("soa", approval(manual), report::soa_summary(manual), &as_it_is);
    // The heads of the groups name the catalogue, and an exclusion has no other implementation than its reason.
    let soa = report::statement_of_applicability(manual).without("catalogue").folded("exclusion", "implementation");
    add("soa", Vec::new(), soa, &by_group);
    let matrix = report::matrix(manual);
    for table in [matrix.overview(), matrix.duties(), matrix.for_customers(), report::inheritance(manual)] {
        add("soa", Vec::new(), table, &as_it_is);
    }
    for register in &manual.view.registers {
        add("registers", Vec::new(), report::register(manual, register), &|table| {
            table::grid_of(table, |_| None, |id, key| Some(manual.row(&ItemId::parse(id)?)?.1.fields.span_of(key)))
        });
    }
    registers
}

/// Version and approval of the Statement of Applicability.
fn approval(manual: &Manual) -> Vec<(&'static str, String)> {
    let approval = report::soa_approval(manual);
    let role = |id: Option<ItemId>| id.map_or_else(String::new, |id| role_title(manual, &id));
    let date = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
    vec![
        ("version", approval.version.as_deref().unwrap_or_default().to_owned()),
        ("date", approval.as_of.to_string()),
        ("owner", role(approval.owner)),
        ("approver", role(approval.approver)),
        ("approved", date(approval.approved)),
        ("reviewed", date(approval.reviewed)),
    ]
}

/// For each framework in use, the controls that something meets.
fn index(manual: &Manual) -> Vec<(String, Vec<&Control>)> {
    let met = |control: &&Control| control.alias_of.is_empty() && !manual.claims(control).is_empty();
    let in_use = manual.view.catalogues.in_use();
    let index = in_use.map(|catalogue| (catalogue.title.to_string(), catalogue.controls.iter().filter(met).collect::<Vec<_>>()));
    index.filter(|(_, controls)| !controls.is_empty()).collect()
}

/// Every place that the PDF will define.
fn places(manual: &Manual, registers: &[Register], index: &[(String, Vec<&Control>)]) -> BTreeSet<String> {
    let mut places = BTreeSet::new();
    for document in &manual.view.documents {
        places.insert(document.id.to_string());
        places.extend(
            document
                .body
                .headings()
                .filter(|heading| glyphs::shows(&tree::plain(&heading.content)))
                .map(|heading| format!("{}#{}", document.id, heading.id)),
        );
    }
    places.extend(registers.iter().map(|register| register_place(register.name)));
    for row in registers.iter().flat_map(|register| &register.grid.rows) {
        if let Row::Cells { place, .. } = row {
            places.insert(place.clone());
        }
    }
    places.extend(index.iter().flat_map(|(_, controls)| controls).map(|control| control_place(&control.id)));
    places
}

/// The place of a register: no identifier has a slash.
fn register_place(name: &str) -> String {
    format!("register/{name}")
}

/// A name for a virtual file: the identifier, which stays the same from build to build, and nothing that a path could stumble over.
fn file_name(id: &str, number: usize) -> String {
    let good = !id.is_empty() && id.len() < 100 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if good { id.to_owned() } else { format!("number-{number}") }
}

const IMPORTS: &str = "#import \"/templates/pdf/blocks.typ\": *\n#import \"/templates/pdf/tables.typ\": *\n";

fn document_file<'a>(shared: &mut Shared<'a>, document: &'a Document, number: usize) -> File {
    let manual = shared.manual;
    let words = &manual.view.project.language;
    let mut writer = Writer::new(shared, Some(document));
    writer.out.push_str(IMPORTS);
    let place = writer.define(document.id.as_str());
    let text = |writer: &mut Writer<'_, '_>, text: &str, key: &str| quoted(&writer.shared.glyphs.clean(text, Some(document.place(key))));
    let role = |role: &Option<ItemId>| role.as_ref().map_or_else(String::new, |id| role_title(manual, id));
    let date = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
    let mut info = vec![("place", place)];
    for (key, source, value) in [
        ("id", "id", document.id.to_string()),
        ("title", "title", document.title.to_string()),
        ("type", "type", document.kind.to_owned()),
        ("version", "version", document.version.as_deref().unwrap_or_default().to_owned()),
        ("status", "status", document.status.to_owned()),
        ("classification", "classification", words.classification(manual.view.project.classification_name(document.classification))),
        ("owner", "owner", role(&document.owner)),
        ("approver", "approver", role(&document.approver)),
        ("approved", "approved", date(document.approved)),
        ("effective", "effective", date(document.effective)),
        ("reviewed", "reviewed", date(document.reviewed)),
        ("review-every", "review_every", document.review_every.map_or_else(String::new, |period| words.phrase(&period.phrase()))),
        ("next-review", "review_every", date(document.next_review())),
        ("retention", "retention", document.retention.as_deref().unwrap_or_default().to_owned()),
        ("distribution", "distribution", document.distribution.iter().map(|name| named(manual, name)).collect::<Vec<_>>().join(", ")),
        ("language", "language", document.language.to_string()),
        ("direction", "language", language::direction(&document.language).to_owned()),
    ] {
        info.push((key, text(&mut writer, &value, source)));
    }
    let history = document.history.iter().map(|version| {
        let start = writer.out.len();
        match version.change.as_deref() {
            Some(change) => writer.short(&change.blocks, change),
            None => writer.out.push_str("none"),
        }
        let change = writer.out.split_off(start);
        // Ranges within what was cut out would point at other code.
        writer.origins.retain(|(range, _)| range.end <= start);
        array([
            text(&mut writer, &version.version, "history"),
            quoted(&version.date.to_string()),
            text(&mut writer, &role(&version.author), "history"),
            change,
        ])
    });
    let history = history.collect::<Vec<_>>();
    info.push(("history", array(history)));
    let claims: Vec<Resolved> = document.satisfies.iter().map(|claim| reference::resolve_reference(manual, &claim.value)).collect();
    let start = writer.out.len();
    writer.resolved(&claims);
    info.push(("claims", writer.out.split_off(start)));
    writer.at(document.place("id"), false, |writer| {
        let _ = writeln!(writer.out, "#let info = {}", dictionary(info));
    });
    writer.out.push_str("#let body = ");
    writer.body(&document.body);
    writer.out.push('\n');
    File { path: format!("/documents/{}.typ", file_name(document.id.as_str(), number)), text: writer.out, origins: writer.origins }
}

/// The title of a role; its name where the view has no such row.
fn role_title(manual: &Manual, id: &ItemId) -> String {
    manual.row(id).map_or_else(|| id.to_string(), |(register, row)| register.kind.heading(row).to_owned())
}

/// The title of a role that is called by its name; other words as they are.
fn named(manual: &Manual, name: &str) -> String {
    ItemId::parse(name).filter(|id| manual.row(id).is_some()).map_or_else(|| name.to_owned(), |id| role_title(manual, &id))
}

fn register_file(shared: &mut Shared<'_>, register: &Register) -> File {
    let manual = shared.manual;
    let mut writer = Writer::new(shared, None);
    writer.out.push_str(IMPORTS);
    let place = writer.define(&register_place(register.name));
    let fact = |(key, value): &(&str, String)| array([quoted(key), quoted(&writer.shared.glyphs.clean(value, None::<Span>))]);
    let facts = array(register.facts.iter().map(fact).collect::<Vec<_>>());
    let info = [
        ("place", place),
        ("part", quoted(register.part)),
        ("title", quoted(manual.view.project.language.say(register.title))),
        ("facts", facts),
    ];
    let _ = writeln!(writer.out, "#let info = {}", dictionary(info));
    writer.grid(&register.grid);
    if register.name == RISKS.name && pictures::heat(&mut writer) {
        writer.out.push_str("#let body = maps + body\n");
    }
    let path = format!("/registers/{}.typ", register.name);
    File { path, text: writer.out, origins: writer.origins }
}

fn index_file(shared: &mut Shared<'_>, index: &[(String, Vec<&Control>)]) -> File {
    let manual = shared.manual;
    let project = &manual.view.project;
    let mut writer = Writer::new(shared, None);
    writer.out.push_str("#let index = (");
    for (framework, controls) in index {
        writer.out.push_str("(title: ");
        writer.words(framework, None);
        writer.out.push_str(", entries: (");
        for control in controls {
            // Where the Statement of Applicability has the control, that is its place.
            let place = writer.define(&control_place(&control.id));
            let _ = write!(writer.out, "\n(place: {place}, id: ");
            writer.words(&control.id.control, None);
            writer.out.push_str(", title: ");
            writer.words(&project.language.phrase(&report::titled(control)), None);
            let goal = writer.goal(&Goal::Place(control_place(&control.id)));
            let _ = write!(writer.out, ", goal: {goal}, places: ");
            let claims = manual.claims(control);
            // A section says more than its document.
            let by_section = |claim: &Claim| claims.iter().any(|other| other.document == claim.document && other.section.is_some());
            let shown = claims.iter().filter(|claim| claim.section.is_some() || !by_section(claim));
            let shown: Vec<Resolved> = shown.map(|claim| claimed(manual, claim)).collect();
            writer.resolved(&shown);
            writer.out.push_str("), ");
        }
        writer.out.push_str(")), ");
    }
    writer.out.push_str(")\n");
    File { path: "/index.typ".into(), text: writer.out, origins: writer.origins }
}

fn claimed(manual: &Manual, claim: &Claim) -> Resolved {
    let reference = Reference::Item { id: claim.document.clone(), section: claim.section.clone() };
    reference::resolve_reference(manual, &reference)
}

fn whole(shared: &mut Shared<'_>) -> String {
    let manual = shared.manual;
    let project = &manual.view.project;
    let place: Option<Span> = None;
    let mut text = |text: &str| quoted(&shared.glyphs.clean(text, place));
    let organisation = ["name", "short_name", "service", "address", "website", "security_contact", "privacy_contact"]
        .map(|key| (key, text(project.organisation.text(key).map_or("", |value| value))));
    let frameworks = manual.view.catalogues.in_use().map(|catalogue| text(&catalogue.title)).collect::<Vec<_>>();
    // Nothing in a view is marked higher than what its audience may see, so neither is the whole.
    let marked = project.classification.min(manual.view.audience.up_to);
    dictionary([
        ("title", text(&project.title)),
        ("version", text(project.version.as_deref().unwrap_or_default())),
        ("scope", text(project.scope.as_deref().unwrap_or_default())),
        ("classification", text(&project.language.classification(project.classification_name(marked)))),
        ("audience", text(&project.language.classification(&manual.view.audience.name))),
        ("date", quoted(&manual.today.to_string())),
        ("frameworks", array(frameworks)),
        ("organisation", dictionary(organisation)),
    ])
}
