//! Version, approval and figures of the Statement of Applicability, which is documented information of its own (ISO/IEC 27001:2022, 6.1.3 d and 7.5).

use jiff::civil::Date;

use super::applicability::{soa_controls, theme};
use super::table::{Cell, Column, ColumnKind, Table, TableRow};
use crate::base::id::ItemId;
use crate::base::word::{Phrase, phrase, word};
use crate::link::manual::Manual;

/// What the Statement of Applicability says about itself.
#[derive(Clone, Debug)]
pub struct Approval {
    /// Its version.
    pub version: Option<std::sync::Arc<str>>,
    /// The role that keeps it.
    pub owner: Option<ItemId>,
    /// The role that approves it.
    pub approver: Option<ItemId>,
    /// When it was approved.
    pub approved: Option<Date>,
    /// Whether it stands as it was approved; where approvals are kept, in the highest view.
    pub standing: Option<Phrase>,
    /// The day whose decisions it shows.
    pub as_of: Date,
    /// When one of its statements was last reviewed, as far as the view says.
    pub reviewed: Option<Date>,
}

/// Version and approval of the Statement of Applicability.
pub fn soa_approval(manual: &Manual) -> Approval {
    let soa = manual.view.project.soa.as_ref();
    let item = |key: &str| soa.and_then(|soa| soa.item(key)).cloned();
    let statements = soa_controls(manual).filter_map(|control| manual.statement(control));
    Approval {
        version: soa.and_then(|soa| soa.text("version")).cloned(),
        owner: item("owner"),
        approver: item("approver"),
        approved: soa.and_then(|soa| soa.date("approved")),
        standing: manual.approvals.as_ref().and_then(|standings| Some(standings.soa.as_ref()?.phrase(manual))),
        as_of: manual.today,
        reviewed: statements.filter_map(|statement| statement.fields.date("reviewed")).max(),
    }
}

/// The controls of one theme, or of all, counted by what is decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Identifier of the theme; empty for a catalogue and for all.
    pub id: String,
    /// Its title.
    pub title: Phrase,
    /// How many controls there are.
    pub controls: usize,
    /// Those that apply.
    pub applicable: usize,
    /// Those that are excluded.
    pub excluded: usize,
    /// Those that no statement of the view decides.
    pub undecided: usize,
    /// Of the applicable ones, those that are implemented.
    pub implemented: usize,
    /// Those that are implemented in part.
    pub partial: usize,
    /// Those that are planned.
    pub planned: usize,
}

impl Tally {
    fn add(&mut self, decided: Option<bool>, status: Option<&str>) {
        self.controls += 1;
        match decided {
            None => self.undecided += 1,
            Some(false) => self.excluded += 1,
            Some(true) => {
                self.applicable += 1;
                match status {
                    Some("implemented") => self.implemented += 1,
                    Some("partial") => self.partial += 1,
                    Some("planned") => self.planned += 1,
                    _ => {}
                }
            }
        }
    }
}

/// The figures of the Statement of Applicability: by theme, and last over all; empty where it has no controls.
pub fn soa_figures(manual: &Manual) -> Vec<Tally> {
    let mut tallies: Vec<Tally> = Vec::new();
    let mut all = Tally { title: word!("All controls").into(), ..Tally::default() };
    for control in soa_controls(manual) {
        let Some(catalogue) = manual.view.catalogues.edition(&control.id.edition) else { continue };
        let (id, title) = theme(catalogue, control);
        let place = tallies.iter().position(|tally| tally.id == id && tally.title == Phrase::text(title)).unwrap_or_else(|| {
            tallies.push(Tally { id: id.into(), title: Phrase::text(title), ..Tally::default() });
            tallies.len() - 1
        });
        let statement = manual.statement(control);
        let (decided, status) = (statement.and_then(|s| s.applicable()), statement.and_then(|s| s.status()));
        tallies[place].add(decided, status);
        all.add(decided, status);
    }
    if all.controls > 0 {
        tallies.push(all);
    }
    tallies
}

/// The figures as a table.
pub fn soa_summary(manual: &Manual) -> Table {
    let figures = [
        word!("Controls"),
        word!("Applicable"),
        word!("Excluded"),
        word!("Undecided"),
        word!("Implemented"),
        word!("In part"),
        word!("Planned"),
    ];
    let keys = ["controls", "applicable", "excluded", "undecided", "implemented", "partial", "planned"];
    let mut columns = vec![Column::new("theme", word!("Theme"), ColumnKind::Words)];
    columns.extend(keys.into_iter().zip(figures).map(|(key, label)| Column::new(key, label, ColumnKind::Number)));
    let rows = soa_figures(manual).into_iter().map(|tally| {
        let name = if tally.id.is_empty() { tally.title } else { phrase!("{id} {title}", id = tally.id, title = tally.title) };
        let counts = [tally.controls, tally.applicable, tally.excluded, tally.undecided, tally.implemented, tally.partial, tally.planned];
        let mut cells = vec![Cell::Phrase(name.clone())];
        cells.extend(counts.into_iter().map(|count| Cell::Number(i64::try_from(count).unwrap_or(i64::MAX))));
        TableRow { id: format!("summary/{name}"), cells }
    });
    Table { name: "soa-summary", title: word!("Version and figures"), columns, rows: rows.collect() }
}
