//! Subprocessors and how they changed (GDPR, Article 28(2): other processors, and notice of changes so that a controller can object).

use jiff::civil::Date;

use super::table::{Cell, Column, ColumnKind, Table, TableRow};
use crate::base::word::{Phrase, Word, phrase, word};
use crate::link::manual::Manual;
use crate::read::register::{Row, SUPPLIERS};
use crate::read::value::Value;

/// The subprocessors that a view shows, on a day.
#[derive(Clone, Debug)]
pub struct Subprocessors<'m> {
    /// Announced, and not at work before a later day.
    pub coming: Vec<&'m Row>,
    /// At work.
    pub current: Vec<&'m Row>,
    /// No longer at work.
    pub former: Vec<&'m Row>,
    /// What customers were told, the newest first.
    pub notices: Vec<Notice<'m>>,
}

/// One notice of a change.
#[derive(Clone, Debug)]
pub struct Notice<'m> {
    /// The day on which it was given; where nobody wrote that down, the day of the change.
    pub date: Date,
    /// Whom it is about.
    pub row: &'m Row,
    /// A word for identifiers: `added`, `changed` or `ended`.
    pub kind: &'static str,
    /// What it says, without the name.
    pub what: Phrase,
}

/// The subprocessors of a view and the notices of them up to the manual's day: what lies ahead and was not announced is no news yet.
pub fn subprocessors(manual: &Manual) -> Subprocessors<'_> {
    let today = manual.today;
    let mut all = Subprocessors { coming: Vec::new(), current: Vec::new(), former: Vec::new(), notices: Vec::new() };
    for row in manual.rows(SUPPLIERS.name).filter(|row| row.fields.flag("subprocessor") == Some(true)) {
        let date = |key: &str| row.fields.date(key);
        let group = match (date("since"), date("until")) {
            (_, Some(until)) if until < today => &mut all.former,
            (Some(since), _) if since > today => &mut all.coming,
            _ => &mut all.current,
        };
        group.push(row);
        all.notices.extend(notices(row).filter(|notice| notice.date <= today));
    }
    let place = |kind: &str| ["ended", "changed", "added"].iter().position(|known| *known == kind);
    all.notices.sort_by(|a, b| b.date.cmp(&a.date).then_with(|| a.row.id.cmp(&b.row.id)).then_with(|| place(a.kind).cmp(&place(b.kind))));
    all
}

fn notices(row: &Row) -> impl Iterator<Item = Notice<'_>> {
    let (announced, since, until) = (row.fields.date("announced"), row.fields.date("since"), row.fields.date("until"));
    let added = announced.or(since).map(|date| {
        let what =
            since.map_or_else(|| word!("is a new subprocessor").into(), |since| phrase!("is a subprocessor from {date}", date = since));
        Notice { date, row, kind: "added", what }
    });
    let changed = row.fields.list("changes").iter().filter_map(move |item| {
        let Value::Record(change) = &item.value else { return None };
        let what = Phrase::text(change.text("change")?.clone());
        Some(Notice { date: change.date("date")?, row, kind: "changed", what })
    });
    let ended = until.map(|date| Notice { date, row, kind: "ended", what: phrase!("is a subprocessor until {date}", date = date) });
    added.into_iter().chain(changed).chain(ended)
}

/// Subprocessors as a table, a row each; columns that no row fills are left out.
pub fn subprocessor_table(title: Word, rows: &[&Row]) -> Table {
    let columns = vec![
        Column::new("name", word!("Subprocessor"), ColumnKind::Words),
        Column::new("purpose", word!("Purpose"), ColumnKind::Words),
        Column::new("data", word!("Data"), ColumnKind::Words),
        Column::new("country", word!("Country"), ColumnKind::Words),
        Column::new("transfer", word!("Transfer mechanism"), ColumnKind::Words),
        Column::new("certificates", word!("Certificates"), ColumnKind::Words),
        Column::new("announced", word!("Announced"), ColumnKind::Date),
        Column::new("since", word!("Since"), ColumnKind::Date),
        Column::new("until", word!("Until"), ColumnKind::Date),
    ];
    let row = |row: &&Row| {
        let text = |key: &str| Cell::text(row.fields.text(key));
        let date = |key: &str| Cell::date(row.fields.date(key));
        let certificates = row.fields.list("certificates").iter();
        let certificate = |value: &Value| if let Value::Text(text) = value { Cell::Text(text.clone()) } else { Cell::Empty };
        TableRow {
            id: row.id.to_string(),
            cells: vec![
                text("name"),
                text("purpose"),
                text("data"),
                text("country"),
                text("transfer"),
                Cell::list(certificates.map(|item| certificate(&item.value)).collect()),
                date("announced"),
                date("since"),
                date("until"),
            ],
        }
    };
    Table { name: "subprocessors", title, columns, rows: rows.iter().map(row).collect() }.without_empty_columns()
}
