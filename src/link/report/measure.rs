//! Technical and organisational measures by the provision of the GDPR that they meet, as an annex to a data-processing agreement lists them.

use super::table::{Cell, Column, ColumnKind, Table, TableRow};
use crate::base::id::{EditionId, Reference};
use crate::base::word::word;
use crate::link::manual::Manual;
use crate::read::framework::Control;
use crate::read::register::{MEASURES, Row};

/// The provisions of Article 32 under which measures are looked for: what paragraph 1 names, the risks of paragraph 2, the people of paragraph 4.
pub const PROVISIONS: [&str; 6] = ["32(1)(a)", "32(1)(b)", "32(1)(c)", "32(1)(d)", "32(2)", "32(4)"];

/// The measures of one provision.
#[derive(Clone, Debug)]
pub struct Measures<'m> {
    /// The provision; none for measures that name no provision of Article 32.
    pub provision: Option<&'m Control>,
    /// A row a measure, in the order of the register. One that meets several provisions stands under each.
    pub table: Table,
}

/// The measures that a view shows, by provision in the order of the law; provisions without one are left out.
pub fn measures(manual: &Manual) -> Vec<Measures<'_>> {
    let gdpr = EditionId::parse("gdpr").and_then(|id| manual.view.catalogues.find(&id).ok());
    let article = gdpr.iter().flat_map(|catalogue| &catalogue.controls).filter(|control| is_of_article_32(control));
    let mut groups: Vec<Measures<'_>> = Vec::new();
    let mut shown: Vec<&Row> = Vec::new();
    for provision in article {
        let meeting: Vec<&Row> = manual.rows(MEASURES.name).filter(|row| meets(manual, row, provision)).collect();
        if !meeting.is_empty() {
            groups.push(Measures { provision: Some(provision), table: table(manual, &meeting, &shown) });
            shown.extend(meeting);
        }
    }
    let others: Vec<&Row> = manual.rows(MEASURES.name).filter(|row| !shown.iter().any(|known| known.id == row.id)).collect();
    if !others.is_empty() {
        groups.push(Measures { provision: None, table: table(manual, &others, &[]) });
    }
    groups
}

/// Whether a measure says that it meets a provision itself.
pub fn meets(manual: &Manual, row: &Row, provision: &Control) -> bool {
    let named = row.fields.references("provisions");
    named.iter().any(|reference| manual.control_named(&reference.value).is_some_and(|control| control.id == provision.id))
}

fn is_of_article_32(control: &Control) -> bool {
    &*control.id.control == "32" || control.id.control.starts_with("32(")
}

/// A row is an anchor where it stands first.
fn table(manual: &Manual, rows: &[&Row], shown: &[&Row]) -> Table {
    let columns = vec![
        Column::new("measure", word!("Measure|security"), ColumnKind::Id),
        Column::new("description", word!("What is done"), ColumnKind::Prose),
        Column::new("objective", word!("Objective"), ColumnKind::Prose),
        Column::new("owner", word!("Owner"), ColumnKind::Id),
        Column::new("reviewed", word!("Last reviewed"), ColumnKind::Date),
    ];
    let row = |row: &&Row| {
        let times = shown.iter().filter(|known| known.id == row.id).count();
        TableRow {
            id: if times == 0 { row.id.to_string() } else { format!("{}/{}", row.id, times + 1) },
            cells: vec![
                Cell::item(&row.id),
                Cell::prose(row.fields.prose("description")),
                Cell::prose(row.fields.prose("objective")),
                owner(manual, row),
                Cell::date(row.fields.date("reviewed")),
            ],
        }
    };
    Table { name: "measures", title: MEASURES.title, columns, rows: rows.iter().map(row).collect() }
}

/// The function that owns a measure: a role by its title, or by its id in words where the view does not show the role.
fn owner(manual: &Manual, row: &Row) -> Cell {
    match row.fields.item("owner") {
        Some(id) if manual.row(id).is_some() => Cell::Reference(Reference::Item { id: id.clone(), section: None }),
        Some(id) => Cell::Text(id.as_str().replace('-', " ").into()),
        None => Cell::Empty,
    }
}
