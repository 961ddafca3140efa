//! What a workbook holds, before it is written.

use jiff::civil::Date;

use super::{Sheet, name};
use crate::base::id::ItemId;
use crate::base::word::{Word, word};
use crate::link::manual::Manual;
use crate::link::report::{self, Table};

/// A workbook: a first sheet that says what it is, and the tables.
pub(super) struct Book {
    /// Its path in the output.
    pub(super) path: String,
    /// Its title.
    pub(super) title: Word,
    /// What the first sheet says besides: version, approval.
    pub(super) facts: Vec<(Word, Fact)>,
    /// Figures on the first sheet.
    pub(super) figures: Option<Table>,
    /// The other sheets; those without rows are left out.
    pub(super) sheets: Vec<Sheet>,
}

/// A value of the first sheet.
pub(super) enum Fact {
    Text(String),
    Date(Date),
}

/// The Statement of Applicability with its version, approval and figures.
pub(super) fn statement_of_applicability(manual: &Manual) -> Book {
    let approval = report::soa_approval(manual);
    let role = |id: Option<ItemId>| id.map(|id| Fact::Text(role_title(manual, &id)));
    let facts = [
        (word!("Version"), approval.version.map(|version| Fact::Text(version.to_string()))),
        (word!("Owner"), role(approval.owner)),
        (word!("Approver"), role(approval.approver)),
        (word!("Approved"), approval.approved.map(Fact::Date)),
        (word!("Approval"), approval.standing.map(|standing| Fact::Text(manual.view.project.language.phrase(&standing)))),
        (word!("Last review of a control"), approval.reviewed.map(Fact::Date)),
    ];
    let table = report::statement_of_applicability(manual);
    Book {
        path: format!("{}.xlsx", name::SOA),
        title: word!("Statement of Applicability"),
        facts: facts.into_iter().filter_map(|(label, fact)| Some((label, fact?))).collect(),
        figures: Some(report::soa_summary(manual)),
        sheets: filled(vec![(word!("Statement of Applicability"), table)]),
    }
}

/// A workbook on responsibilities.
pub(super) fn responsibilities(name: &str, title: Word, sheets: Vec<Sheet>) -> Book {
    Book { path: format!("{name}.xlsx"), title, facts: Vec::new(), figures: None, sheets: filled(sheets) }
}

fn filled(sheets: Vec<Sheet>) -> Vec<Sheet> {
    sheets.into_iter().filter(|(_, table)| !table.rows.is_empty()).collect()
}

/// The title of a role; its name where the view has no such row.
fn role_title(manual: &Manual, id: &ItemId) -> String {
    manual.row(id).map_or_else(|| id.as_str().replace('-', " "), |(register, row)| register.kind.heading(row).to_owned())
}
