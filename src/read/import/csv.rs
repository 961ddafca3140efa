//! CSV (RFC 4180) into a table. Where the first line has more semicolons or tabs than commas, as some programs write it, those part the fields.

use super::prose;
use super::report::Report;
use super::table::{Cell, Row, Table};
use crate::base::rule;
use crate::base::word::phrase;

/// The most rows and columns that are read.
const MAX_ROWS: usize = 20_000;
const MAX_COLUMNS: usize = 256;

/// Reads a file.
pub(super) fn table(text: &str, report: &mut Report<'_>) -> Option<Table> {
    let first = text.lines().next().unwrap_or_default();
    let count = |delimiter: char| first.matches(delimiter).count();
    let delimiter = [',', ';', '\t'].into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(',');
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter as u8).from_reader(text.as_bytes());
    let mut table = Table::default();
    let mut width = None;
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let message = phrase!("this is not valid CSV: {error}", error = error.to_string());
                report.file(&rule::IMPORT_UNREADABLE, message, phrase!("save it as CSV again"));
                return None;
            }
        };
        let number = record.position().map_or(0, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
        let expected = *width.get_or_insert(record.len());
        if record.len() != expected {
            let message = phrase!("the row has {n} fields, and the first has {expected}", n = record.len(), expected = expected);
            let help = phrase!("put texts with commas or line ends in double quotes");
            report.at(&rule::IMPORT_UNREADABLE, phrase!("line {line}", line = number), message, help);
        }
        if table.rows.len() >= MAX_ROWS || record.len() > MAX_COLUMNS {
            let message = phrase!("the table has more than {rows} rows or {columns} columns", rows = MAX_ROWS, columns = MAX_COLUMNS);
            report.at(&rule::IMPORT_UNREADABLE, phrase!("line {line}", line = number), message, phrase!("import a smaller table"));
            return None;
        }
        let cells = (0u32..).zip(record.iter()).filter(|(_, text)| !text.trim().is_empty());
        let cells = cells.map(|(column, text)| (column, prose::clean(text).map_or_else(Cell::Control, Cell::Text))).collect();
        table.rows.push(Row { number, cells });
    }
    // Rows of nothing say nothing.
    table.rows.retain(|row| !row.cells.is_empty());
    Some(table)
}
