//! A workbook (XLSX) into tables, cell by cell and within limits: a workbook is a ZIP file, a small one of which can unfold into gigabytes.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};

use super::prose;
use super::report::Report;
use super::table::{Cell, Row, Table, letters};
use crate::base::rule;
use crate::base::word::{Phrase, Word, phrase, word};

/// The most that a workbook may unfold into, in bytes.
const MAX_UNPACKED: u64 = 256 << 20;
/// The most files in the ZIP.
const MAX_ENTRIES: usize = 2_000;
/// The most sheets that are read, cells that hold something, and bytes of text in them, repeated texts counted each time.
const MAX_SHEETS: usize = 64;
const MAX_CELLS: usize = 500_000;
const MAX_TEXT: usize = 64 << 20;
/// The most rows and columns of a sheet.
const MAX_ROWS: u32 = 20_000;
const MAX_COLUMNS: u32 = 256;
/// The longest text of a cell, in characters, as spreadsheet programs have it.
const MAX_CELL: usize = 32_767;

const HELP: Word = word!("save it as XLSX again without a password, or take it from its publisher again");
const TOO_LARGE: Word = word!("take out the sheets and columns that are not needed");

/// Reads every sheet.
pub(super) fn tables(bytes: &[u8], report: &mut Report<'_>) -> Option<Vec<Table>> {
    check_size(bytes, report)?;
    let damaged = |report: &mut Report<'_>, why: Phrase| {
        report.file(&rule::IMPORT_UNREADABLE, phrase!("this is not a workbook that can be read: {why}", why = why), HELP)
    };
    let mut workbook: Xlsx<_> = match Xlsx::new(Cursor::new(bytes)) {
        Ok(workbook) => workbook,
        Err(error) => {
            damaged(report, Phrase::text(error.to_string()));
            return None;
        }
    };
    let names = workbook.sheet_names();
    if names.len() > MAX_SHEETS {
        let message = phrase!("the workbook has {n} sheets; {most} are read at most", n = names.len(), most = MAX_SHEETS);
        report.file(&rule::FILE_TOO_LARGE, message, TOO_LARGE);
        return None;
    }
    let mut budget = Budget { cells: 0, text: 0 };
    let mut tables = Vec::with_capacity(names.len());
    for name in names {
        let mut cells = match workbook.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            // A sheet of a chart has no cells.
            Err(calamine::XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => {
                damaged(report, phrase!("sheet `{name}`: {error}", name = name, error = error.to_string()));
                return None;
            }
        };
        let mut table = Table { name: shown(&name), rows: Vec::new() };
        // A file may have its rows in any order, and one twice.
        let mut rows: BTreeMap<u32, BTreeMap<u32, Cell>> = BTreeMap::new();
        loop {
            match cells.next_cell_with_formula_metadata() {
                Ok(Some(record)) => {
                    let (row, column) = record.pos;
                    let Some(cell) = cell(&record.value, record.formula.is_some()) else { continue };
                    if let Err(message) = budget.takes(row, column, &cell) {
                        let place = format!("{}!{}{}", table.name, letters(column), u64::from(row) + 1);
                        report.at(&rule::FILE_TOO_LARGE, place, message, TOO_LARGE);
                        return None;
                    }
                    rows.entry(row + 1).or_default().insert(column, cell);
                }
                Ok(None) => break,
                Err(error) => {
                    damaged(report, phrase!("sheet `{name}`: {error}", name = name, error = error.to_string()));
                    return None;
                }
            }
        }
        table.rows = rows.into_iter().map(|(number, cells)| Row { number, cells }).collect();
        tables.push(table);
    }
    Some(tables)
}

/// Unfolds the ZIP without keeping it: what its heads say of its sizes may be a lie.
fn check_size(bytes: &[u8], report: &mut Report<'_>) -> Option<()> {
    let mut damaged = |error: String| {
        let message = phrase!("the file begins like a workbook and cannot be unpacked: {error}", error = error);
        report.file(&rule::IMPORT_UNREADABLE, message, HELP);
    };
    let mut archive = match zip::ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive,
        Err(error) => {
            damaged(error.to_string());
            return None;
        }
    };
    if archive.len() > MAX_ENTRIES {
        let message = phrase!("the file packs {n} others; a workbook has {most} at most", n = archive.len(), most = MAX_ENTRIES);
        report.file(&rule::FILE_TOO_LARGE, message, HELP);
        return None;
    }
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let entry = match archive.by_index(index) {
            Ok(entry) => entry,
            Err(error) => {
                damaged(error.to_string());
                return None;
            }
        };
        let read = std::io::copy(&mut entry.take(left + 1), &mut std::io::sink());
        match read {
            Ok(read) if read > left => {
                let message = phrase!("the workbook unfolds into more than {n} MiB", n = MAX_UNPACKED >> 20);
                report.file(&rule::FILE_TOO_LARGE, message, TOO_LARGE);
                return None;
            }
            Ok(read) => left -= read,
            Err(error) => {
                damaged(error.to_string());
                return None;
            }
        }
    }
    Some(())
}

struct Budget {
    cells: usize,
    text: usize,
}

impl Budget {
    fn takes(&mut self, row: u32, column: u32, cell: &Cell) -> Result<(), Phrase> {
        self.cells += 1;
        self.text += cell.words().len();
        if row >= MAX_ROWS || column >= MAX_COLUMNS {
            return Err(phrase!("a sheet is read up to {rows} rows and {columns} columns", rows = MAX_ROWS, columns = MAX_COLUMNS));
        }
        if cell.words().chars().count() > MAX_CELL {
            return Err(phrase!("the cell holds more than {n} characters", n = MAX_CELL));
        }
        if self.cells > MAX_CELLS || self.text > MAX_TEXT {
            let (cells, text) = (MAX_CELLS, MAX_TEXT >> 20);
            return Err(phrase!("the workbook holds more than {cells} cells or {n} MiB of text", cells = cells, n = text));
        }
        Ok(())
    }
}

/// What a cell holds; nothing where it is empty.
fn cell(value: &DataRef<'_>, is_formula: bool) -> Option<Cell> {
    let text = match value {
        DataRef::Empty => return is_formula.then(|| Cell::Formula(String::new())),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) if !is_formula && number.fract() != 0.0 => return Some(Cell::Fraction(number.to_string())),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTime(date) => date.as_f64().to_string(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => return Some(Cell::Error(error.to_string())),
    };
    let text = match prose::clean(&text) {
        Ok(text) => text,
        Err(c) => return Some(Cell::Control(c)),
    };
    if is_formula {
        return Some(Cell::Formula(text));
    }
    Some(Cell::Text(text)).filter(|cell| !cell.words().trim().is_empty())
}

/// A sheet's name as it can be shown.
fn shown(name: &str) -> String {
    prose::clean(name).map_or_else(|_| "sheet".to_owned(), |name| prose::one_line(&name))
}
