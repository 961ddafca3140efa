//! What the evidence of a control is worth on a day.

use jiff::civil::Date;

use super::manual::Manual;
use crate::read::framework::Control;
use crate::read::register::Row;
use crate::read::statement::Statement;

/// Until when a row of evidence shows a control: the review period of the control's statement counts, else the row's own. None where neither is said.
pub fn fresh_until(statement: &Statement, row: &Row) -> Option<Date> {
    let every = statement.fields.period("review_every").or_else(|| row.fields.period("review_every"))?;
    Some(every.after(row.fields.date("date")?))
}

/// The rows that show a control, by what they are worth.
#[derive(Clone, Debug, Default)]
pub struct Shown<'a> {
    /// Those that show a failure.
    pub failed: Vec<&'a Row>,
    /// The newest of the others, where all of them are older than they may be, with the day until which it counted.
    pub stale: Option<(&'a Row, Date)>,
    /// Whether there is none at all.
    pub none: bool,
}

impl Shown<'_> {
    /// Whether something fresh shows the control and nothing speaks against it.
    pub fn is_good(&self) -> bool {
        !self.none && self.failed.is_empty() && self.stale.is_none()
    }
}

/// What shows the control of a statement today.
pub fn shown<'a>(manual: &'a Manual, statement: &Statement, control: &Control) -> Shown<'a> {
    let rows = manual.evidence(control).into_iter().filter_map(|id| manual.row(id)).map(|(_, row)| row);
    // What is dated ahead shows nothing yet.
    let rows: Vec<&Row> = rows.filter(|row| row.fields.date("date").is_none_or(|date| date <= manual.today)).collect();
    let (failed, others): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.fields.word("result") == Some("fail"));
    let until: Vec<(&Row, Option<Date>)> = others.into_iter().map(|row| (row, fresh_until(statement, row))).collect();
    let is_fresh = until.iter().any(|(_, date)| date.is_none_or(|date| date >= manual.today));
    let newest = until.into_iter().filter_map(|(row, date)| Some((row, date?))).max_by_key(|(row, date)| (*date, row.fields.date("date")));
    Shown { none: rows.is_empty(), failed, stale: newest.filter(|_| !is_fresh) }
}
