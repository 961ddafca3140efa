//! What people look up as a table: registers, the Statement of Applicability, coverage, the calendar of reviews. Plain tables and counts,
//! which site, PDF and exports render alike.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::manual::Manual;
use super::state::State;
use crate::base::id::{ControlId, EditionId, ItemId, Reference};
use crate::read::document::Document;
use crate::read::framework::{Catalogue, Control};
use crate::read::register::Register;
use crate::read::schema::Kind;
use crate::read::tree::Body;
use crate::read::value::{Record, Value};

/// A table as data.
#[derive(Clone, Debug)]
pub struct Table {
    /// A word for file names: `soa`, `suppliers`.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Its columns; the first names the row.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<TableRow>,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// A word for class names.
    pub key: &'static str,
    /// The words over it.
    pub label: &'static str,
    /// What its cells hold, which decides width and alignment.
    pub kind: ColumnKind,
}

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Identifiers: narrow, unbroken.
    Id,
    /// A few words.
    Words,
    /// Sentences: wide.
    Prose,
    /// Dates.
    Date,
    /// Figures, aligned to the right.
    Number,
    /// A state or another word of a fixed list.
    State,
}

/// A row.
#[derive(Clone, Debug)]
pub struct TableRow {
    /// What it is about: its anchor.
    pub id: String,
    /// As many as there are columns.
    pub cells: Vec<Cell>,
}

/// A cell.
#[derive(Clone, Debug)]
pub enum Cell {
    /// Nothing is said.
    Empty,
    /// Plain words.
    Text(Arc<str>),
    /// Markdown.
    Prose(Arc<Body>),
    /// A date.
    Date(Date),
    /// A figure.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// A word of a fixed list: `modify`, `in-progress`.
    Word(&'static str),
    /// How far a control is met.
    State(State),
    /// A link to what this names.
    Reference(Reference),
    /// Several, one below the other.
    List(Vec<Cell>),
    /// Words before a cell: "We: ...".
    Labelled(Arc<str>, Box<Cell>),
}

impl Cell {
    fn text(text: Option<&Arc<str>>) -> Cell {
        text.map_or(Cell::Empty, |text| Cell::Text(text.clone()))
    }

    fn date(date: Option<Date>) -> Cell {
        date.map_or(Cell::Empty, Cell::Date)
    }

    fn prose(body: Option<&Arc<Body>>) -> Cell {
        body.map_or(Cell::Empty, |body| Cell::Prose(body.clone()))
    }

    /// A link to an item.
    pub fn item(id: &ItemId) -> Cell {
        Cell::Reference(Reference::Item { id: id.clone(), section: None })
    }

    /// A link to a control.
    pub fn control(id: &ControlId) -> Cell {
        Cell::Reference(Reference::Control { edition: id.edition.clone(), control: id.control.clone() })
    }

    fn list(cells: Vec<Cell>) -> Cell {
        if cells.is_empty() { Cell::Empty } else { Cell::List(cells) }
    }

    fn references(record: &Record, key: &str) -> Cell {
        Cell::list(record.references(key).into_iter().map(|spanned| Cell::Reference(spanned.value)).collect())
    }

    fn is_empty(&self) -> bool {
        matches!(self, Cell::Empty)
    }
}

/// A register as a table. Columns that no row fills are left out.
pub fn register(manual: &Manual, register: &Register) -> Table {
    let value = |value: &Value| self::value(manual, value);
    let shown = |key: &str| !matches!(key, "id" | "classification" | "outward");
    let fields: Vec<_> = register.kind.schema.fields.iter().filter(|field| shown(field.key)).collect();
    let mut columns = vec![Column { key: "id", label: "Id", kind: ColumnKind::Id }];
    columns.extend(fields.iter().map(|field| Column { key: field.key, label: field.label, kind: column_kind(field.kind) }));
    let rows = register.rows.iter().map(|row| {
        let mut cells = vec![Cell::item(&row.id)];
        cells.extend(fields.iter().map(|field| row.fields.get(field.key).map_or(Cell::Empty, value)));
        if register.kind.name == "risks" {
            cells.extend(risk_levels(&row.fields));
        }
        TableRow { id: row.id.to_string(), cells }
    });
    let rows = rows.collect();
    if register.kind.name == "risks" {
        columns.push(Column { key: "level", label: "Risk level", kind: ColumnKind::Number });
        columns.push(Column { key: "residual_level", label: "Residual level", kind: ColumnKind::Number });
    }
    without_empty_columns(Table { name: register.kind.name, title: register.kind.title, columns, rows })
}

/// Risk level = likelihood x the highest of the three impacts; the residual level from its own two figures.
fn risk_levels(fields: &Record) -> [Cell; 2] {
    let product = |a: Option<i64>, b: Option<i64>| a.zip(b).map_or(Cell::Empty, |(a, b)| Cell::Number(a * b));
    let impact = ["confidentiality", "integrity", "availability"].iter().filter_map(|key| fields.integer(key)).max();
    [product(fields.integer("likelihood"), impact), product(fields.integer("residual_likelihood"), fields.integer("residual_impact"))]
}

fn column_kind(kind: Kind) -> ColumnKind {
    match kind {
        Kind::Prose => ColumnKind::Prose,
        Kind::Date => ColumnKind::Date,
        Kind::Integer(..) => ColumnKind::Number,
        Kind::Flag | Kind::Word(_) | Kind::Classification => ColumnKind::State,
        Kind::Reference | Kind::Control | Kind::Item | Kind::Role | Kind::Edition => ColumnKind::Id,
        Kind::List(Kind::Reference | Kind::Role | Kind::Control) => ColumnKind::Id,
        Kind::List(_) | Kind::Record(_) | Kind::Texts | Kind::Text | Kind::Period => ColumnKind::Words,
    }
}

fn value(manual: &Manual, value: &Value) -> Cell {
    let nested = |inner: &Value| self::value(manual, inner);
    match value {
        Value::Text(text) => Cell::Text(text.clone()),
        Value::Prose(body) => Cell::Prose(body.clone()),
        Value::Date(date) => Cell::Date(*date),
        Value::Period(period) => Cell::Text(period.to_string().into()),
        Value::Integer(number) => Cell::Number(*number),
        Value::Flag(flag) => Cell::Flag(*flag),
        Value::Reference(reference) => Cell::Reference(reference.clone()),
        Value::Edition(edition) => Cell::Text(edition.to_string().into()),
        Value::Word(word) => Cell::Word(word),
        Value::Classification(classification) => Cell::Text(manual.view.project.classification_name(*classification).into()),
        Value::Texts(_) => Cell::Empty,
        Value::List(items) => Cell::list(items.iter().map(|item| nested(&item.value)).collect()),
        Value::Record(record) => {
            let fields = record.iter().map(|(key, field)| match nested(&field.value) {
                date @ (Cell::Date(_) | Cell::Empty) => date,
                cell => Cell::Labelled(key.into(), Box::new(cell)),
            });
            Cell::list(fields.filter(|cell| !cell.is_empty()).collect())
        }
    }
}

fn without_empty_columns(mut table: Table) -> Table {
    let filled: Vec<bool> =
        (0..table.columns.len()).map(|index| index == 0 || table.rows.iter().any(|row| !row.cells[index].is_empty())).collect();
    let mut keep = filled.iter();
    table.columns.retain(|_| *keep.next().unwrap_or(&true));
    for row in &mut table.rows {
        let mut keep = filled.iter();
        row.cells.retain(|_| *keep.next().unwrap_or(&true));
    }
    table
}

/// The register of documents.
pub fn documents(manual: &Manual) -> Table {
    let column = |key, label, kind| Column { key, label, kind };
    let columns = vec![
        column("id", "Id", ColumnKind::Id),
        column("title", "Title", ColumnKind::Words),
        column("type", "Type", ColumnKind::State),
        column("version", "Version", ColumnKind::Words),
        column("status", "Status", ColumnKind::State),
        column("classification", "Classification", ColumnKind::State),
        column("owner", "Owner", ColumnKind::Id),
        column("approver", "Approver", ColumnKind::Id),
        column("approved", "Approved", ColumnKind::Date),
        column("next_review", "Next review", ColumnKind::Date),
    ];
    let row = |document: &Arc<Document>| TableRow {
        id: document.id.to_string(),
        cells: vec![
            Cell::item(&document.id),
            Cell::Text(document.title.clone()),
            Cell::Word(document.kind),
            Cell::text(document.version.as_ref()),
            Cell::Word(document.status),
            Cell::Text(manual.view.project.classification_name(document.classification).into()),
            document.owner.as_ref().map_or(Cell::Empty, Cell::item),
            document.approver.as_ref().map_or(Cell::Empty, Cell::item),
            Cell::date(document.approved),
            Cell::date(document.next_review()),
        ],
    };
    let rows = manual.view.documents.iter().map(row).collect();
    without_empty_columns(Table { name: "documents", title: "Documents", columns, rows })
}

/// The Statement of Applicability: every control of ISO/IEC 27001 Annex A, and every cloud control of ISO/IEC 27017 in use, whether a
/// statement decides it yet or not (ISO/IEC 27001:2022, 6.1.3 d).
pub fn statement_of_applicability(manual: &Manual) -> Table {
    let column = |key, label, kind| Column { key, label, kind };
    let columns = vec![
        column("control", "Control", ColumnKind::Id),
        column("title", "Title", ColumnKind::Words),
        column("applicable", "Applicable", ColumnKind::State),
        column("reasons", "Reasons", ColumnKind::Id),
        column("status", "Status", ColumnKind::State),
        column("implementation", "Implementation", ColumnKind::Prose),
        column("owner", "Owner", ColumnKind::Id),
        column("documents", "Documents", ColumnKind::Id),
        column("evidence", "Evidence", ColumnKind::Id),
    ];
    let rows = soa_controls(manual).map(|control| {
        let statement = manual.statement(control);
        let fields = statement.map(|statement| &statement.fields);
        let applicable = statement.and_then(|statement| statement.applicable());
        // An exclusion says why in the place where an applicable control says how.
        let prose = fields.and_then(|fields| fields.prose(if applicable == Some(false) { "justification" } else { "implementation" }));
        TableRow {
            id: control.id.to_string(),
            cells: vec![
                Cell::control(&control.id),
                Cell::Text(titled(control)),
                applicable.map_or(Cell::Empty, Cell::Flag),
                fields.map_or(Cell::Empty, reasons),
                Cell::State(manual.state(control)),
                Cell::prose(prose),
                fields.and_then(|fields| fields.item("owner")).map_or(Cell::Empty, Cell::item),
                fields.map_or(Cell::Empty, |fields| Cell::references(fields, "documents")),
                fields.map_or(Cell::Empty, |fields| Cell::references(fields, "evidence")),
            ],
        }
    });
    let rows = rows.collect();
    without_empty_columns(Table { name: "soa", title: "Statement of Applicability", columns, rows })
}

/// The controls that a Statement of Applicability decides, in the order of the editions in use.
pub fn soa_controls(manual: &Manual) -> impl Iterator<Item = &Control> {
    let editions = manual.view.catalogues.in_use().filter(|catalogue| is_soa_framework(&catalogue.id));
    editions.flat_map(|catalogue| catalogue.controls.iter()).filter(|control| is_soa_control(control))
}

/// Whether controls of an edition stand in the Statement of Applicability.
pub fn is_soa_framework(edition: &EditionId) -> bool {
    matches!(edition.framework.as_ref(), "iso27001" | "iso27017")
}

/// Whether a control is one that the Statement of Applicability decides: no clause, no alias, not withdrawn.
pub fn is_soa_control(control: &Control) -> bool {
    is_soa_framework(&control.id.edition) && control.kind == "control" && control.alias_of.is_empty() && !control.withdrawn
}

fn reasons(fields: &Record) -> Cell {
    let reasons = fields.references("reasons").into_iter().map(|spanned| match spanned.value {
        Reference::Item { id, section: None } if id.is_role() => Cell::Text(id.as_str().replace('-', " ").into()),
        reference => Cell::Reference(reference),
    });
    Cell::list(reasons.collect())
}

/// A control's title, with a mark where it is not confirmed.
pub fn titled(control: &Control) -> Arc<str> {
    match &control.unconfirmed {
        Some(_) => format!("{} (unconfirmed)", control.title).into(),
        None => control.title.clone(),
    }
}

/// Who does what, over all statements: one row a relationship.
pub fn responsibilities(manual: &Manual) -> Table {
    let column = |key, label, kind| Column { key, label, kind };
    let columns = vec![
        column("control", "Control", ColumnKind::Id),
        column("title", "Title", ColumnKind::Words),
        column("role", "Our role", ColumnKind::State),
        column("counterparty", "Counterparty", ColumnKind::Id),
        column("ownership", "Ownership", ColumnKind::State),
        column("ours", "We do", ColumnKind::Prose),
        column("theirs", "They do", ColumnKind::Prose),
    ];
    let mut rows = Vec::new();
    for control in soa_controls(manual) {
        let Some(statement) = manual.statement(control) else { continue };
        for (index, responsibility) in statement.responsibilities().into_iter().enumerate() {
            rows.push(TableRow {
                id: format!("{}-{}", control.id, index + 1),
                cells: vec![
                    Cell::control(&control.id),
                    Cell::Text(titled(control)),
                    Cell::Word(responsibility.role),
                    counterparty(&responsibility.counterparty),
                    Cell::Word(responsibility.ownership),
                    Cell::prose(responsibility.ours.as_ref()),
                    Cell::prose(responsibility.theirs.as_ref()),
                ],
            });
        }
    }
    Table { name: "responsibilities", title: "Responsibilities in the cloud", columns, rows }
}

/// A counterparty as a cell: `customers` is a word, a supplier a link.
pub fn counterparty(id: &ItemId) -> Cell {
    if id.is_role() { Cell::Text(id.as_str().into()) } else { Cell::item(id) }
}

/// How many controls are in each state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<State, usize>);

impl Counts {
    /// How many are in a state.
    pub fn of(&self, state: State) -> usize {
        self.0.get(&state).copied().unwrap_or(0)
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.0.values().sum()
    }

    fn add(&mut self, state: State) {
        *self.0.entry(state).or_default() += 1;
    }
}

impl FromIterator<State> for Counts {
    fn from_iter<T: IntoIterator<Item = State>>(states: T) -> Self {
        let mut counts = Counts::default();
        states.into_iter().for_each(|state| counts.add(state));
        counts
    }
}

/// How far a framework is met.
#[derive(Clone, Debug)]
pub struct Coverage<'a> {
    /// The framework.
    pub catalogue: &'a Catalogue,
    /// Its groups that have controls, in order.
    pub groups: Vec<GroupCoverage<'a>>,
    /// Over all groups.
    pub counts: Counts,
}

/// How far a group of a framework is met.
#[derive(Clone, Debug)]
pub struct GroupCoverage<'a> {
    /// The group's identifier; empty for controls without one.
    pub id: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Its controls with their states, in order. Withdrawn ones are left out: they ask for nothing.
    pub controls: Vec<(&'a Control, State)>,
    /// How many are in each state.
    pub counts: Counts,
}

/// The coverage of an edition.
pub fn coverage<'a>(manual: &Manual, catalogue: &'a Catalogue) -> Coverage<'a> {
    let mut groups: Vec<GroupCoverage<'a>> = Vec::new();
    let mut counts = Counts::default();
    for control in catalogue.controls.iter().filter(|control| !control.withdrawn) {
        let id = control.group.as_deref().unwrap_or_default();
        let place = groups.iter().position(|group| group.id == id).unwrap_or_else(|| {
            let title = catalogue.groups.iter().find(|group| group.id.as_ref() == id).map_or("", |group| group.title.as_ref());
            groups.push(GroupCoverage { id, title, controls: Vec::new(), counts: Counts::default() });
            groups.len() - 1
        });
        let state = manual.state(control);
        groups[place].controls.push((control, state));
        groups[place].counts.add(state);
        counts.add(state);
    }
    Coverage { catalogue, groups, counts }
}

/// Something that falls due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// When.
    pub date: Date,
    /// Whether that lies before today.
    pub overdue: bool,
    /// What is to be done: "Review of the document".
    pub what: &'static str,
    /// What it is about.
    pub about: Reference,
    /// Its title.
    pub title: Arc<str>,
    /// Who has to do it.
    pub owner: Option<ItemId>,
}

/// Everything that falls due, the earliest first.
pub fn calendar(manual: &Manual) -> Vec<Due> {
    let mut due = Vec::new();
    let mut add = |date: Option<Date>, what, about, title, owner: Option<&ItemId>| {
        if let Some(date) = date {
            due.push(Due { date, overdue: date < manual.today, what, about, title, owner: owner.cloned() });
        }
    };
    for document in manual.view.documents.iter().filter(|document| document.status != "retired") {
        let about = Reference::Item { id: document.id.clone(), section: None };
        add(document.next_review(), "Document review", about, document.title.clone(), document.owner.as_ref());
    }
    for statement in &manual.view.statements {
        let ControlId { edition, control } = statement.control.clone();
        let title = manual.control(&statement.control).map_or_else(|| "".into(), |control| control.title.clone());
        add(statement.next_review(), "Statement review", Reference::Control { edition, control }, title, statement.fields.item("owner"));
    }
    for register in &manual.view.registers {
        for (row, date) in register.due() {
            let about = Reference::Item { id: row.id.clone(), section: None };
            let owner = row.fields.item("owner").or_else(|| row.fields.item("chair")).or_else(|| row.fields.item("role"));
            add(Some(date), duty(register.kind.name), about, register.kind.heading(row).into(), owner);
        }
    }
    due.sort_by(|a, b| (a.date, &a.about).cmp(&(b.date, &b.about)));
    due
}

fn duty(register: &str) -> &'static str {
    match register {
        "risks" => "Risk review",
        "treatments" => "Treatment due",
        "suppliers" => "Supplier review",
        "legal" => "Review of the requirement",
        "objectives" => "Objective due",
        "competence" => "Training",
        "evidence" => "Evidence renewed",
        "audits" => "Audit",
        "nonconformities" => "Corrective action due",
        "management-reviews" => "Management review",
        "certificates" => "Certificate expires",
        _ => "Review",
    }
}
