//! Certificates, as a customer's reviewer looks them up.

use std::sync::Arc;

use super::table::{Cell, Column, ColumnKind, Table, TableRow};
use crate::base::id::Reference;
use crate::base::word::word;
use crate::link::manual::Manual;
use crate::read::register::{CERTIFICATES, Row};

/// Codes of practice, which have controls and no requirements on a management system: they extend a certificate of ISO/IEC 27001 and have none of
/// their own.
const EXTENSIONS: [&str; 2] = ["27017", "27018"];

/// Whether a standard is one that only extends a certificate of ISO/IEC 27001.
pub fn is_extension(standard: &str) -> bool {
    !is_extensible(standard) && numbers(standard).any(|number| EXTENSIONS.contains(&number))
}

/// Whether a standard is ISO/IEC 27001, which others extend.
pub fn is_extensible(standard: &str) -> bool {
    numbers(standard).any(|number| number == "27001")
}

fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit())
}

/// The certificates that this view shows, a row each; columns that no row fills are left out.
pub fn certificates(manual: &Manual) -> Table {
    let columns = vec![
        Column::new("standard", word!("Standard"), ColumnKind::Words),
        Column::new("number", word!("Number"), ColumnKind::Words),
        Column::new("extends", word!("Extends"), ColumnKind::Words),
        Column::new("body", word!("Certification body"), ColumnKind::Words),
        Column::new("accreditation", word!("Accreditation"), ColumnKind::Words),
        Column::new("issued", word!("Issued"), ColumnKind::Date),
        Column::new("valid_until", word!("Valid until"), ColumnKind::Date),
        Column::new("soa_version", word!("SoA version"), ColumnKind::Words),
        Column::new("sites", word!("Sites"), ColumnKind::Words),
        Column::new("scope", word!("Scope"), ColumnKind::Words),
    ];
    let rows = manual.rows(CERTIFICATES.name).map(|row| {
        let text = |key: &str| Cell::text(row.fields.text(key));
        let date = |key: &str| Cell::date(row.fields.date(key));
        TableRow {
            id: row.id.to_string(),
            cells: vec![
                text("standard"),
                text("number"),
                extended(manual, row),
                text("body"),
                text("accreditation"),
                date("issued"),
                date("valid_until"),
                text("soa_version"),
                text("sites"),
                text("scope"),
            ],
        }
    });
    let rows = rows.collect();
    Table { name: "certificates", title: CERTIFICATES.title, columns, rows }.without_empty_columns()
}

/// The certificate that one extends, by its standard and number; nothing where the view does not show it.
fn extended(manual: &Manual, row: &Row) -> Cell {
    let references = row.fields.references("extends");
    let Some(Reference::Item { id, .. }) = references.first().map(|found| &found.value) else { return Cell::Empty };
    let Some((_, other)) = manual.row(id).filter(|(register, _)| register.kind.name == CERTIFICATES.name) else { return Cell::Empty };
    let text = |key: &str| other.fields.text(key).cloned();
    match (text("standard"), text("number")) {
        (Some(standard), Some(number)) => Cell::Text(format!("{standard}, {number}").into()),
        (standard, number) => Cell::text(standard.or(number).as_ref()),
    }
}

/// Certificates in a line each, for a first page: standard and the day until which it is valid, those that extend others last.
pub fn certificates_in_short(manual: &Manual) -> Vec<(Arc<str>, Option<jiff::civil::Date>)> {
    let mut short: Vec<(bool, Arc<str>, Option<jiff::civil::Date>)> = manual
        .rows(CERTIFICATES.name)
        .filter_map(|row| Some((row.fields.get("extends").is_some(), row.fields.text("standard")?.clone(), row.fields.date("valid_until"))))
        .collect();
    short.sort_by_key(|(extends, ..)| *extends);
    short.into_iter().map(|(_, standard, until)| (standard, until)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standards_that_only_extend_are_told_by_their_number() {
        for standard in ["ISO/IEC 27017:2015", "ISO 27018", "27017"] {
            assert!(is_extension(standard), "{standard}");
        }
        for standard in ["ISO/IEC 27001:2022", "ISO/IEC 27001:2022 with 27017", "SOC 2", "ISO 270170"] {
            assert!(!is_extension(standard), "{standard}");
        }
    }
}
