//! Tables as CSV (RFC 4180): UTF-8 without a byte order mark, commas, quotes where they are needed, lines that end in CR LF.
//!
//! A spreadsheet takes a text that begins with `=`, `+`, `-` or `@` for a formula when it opens such a file (OWASP, CSV injection). So an apostrophe is put
//! before these, which spreadsheets take for "this is text". Some split fields at a semicolon or tab, whatever the comma says, so it is put there too.

use super::plain::{Plain, Said};
use crate::base::language::Language;
use crate::link::manual::Manual;
use crate::link::report::Table;

/// A line of plain words, made harmless.
pub fn record(fields: &[&str]) -> String {
    let mut out = String::new();
    line(fields.iter().map(|text| Plain::Text((*text).to_owned())), &mut out);
    out
}

/// A table as a file, its head first.
pub(crate) fn write(manual: &Manual, table: &Table) -> Vec<u8> {
    let mut out = String::new();
    let said = Said { manual, language: &Language::default() };
    line(table.columns.iter().map(|column| Plain::Text(column.label.to_string())), &mut out);
    for row in &table.rows {
        line(said.row(row).into_iter(), &mut out);
    }
    out.into_bytes()
}

fn line(cells: impl Iterator<Item = Plain>, out: &mut String) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.push(',');
        }
        match cell {
            Plain::Text(text) => field(&harmless(&text), out),
            // Figures and dates are no formulas.
            other => field(&other.text(), out),
        }
    }
    out.push_str("\r\n");
}

/// A field, in quotes where it holds a comma, a quote, a line break, a semicolon or a tab, or begins or ends with a space.
fn field(text: &str, out: &mut String) {
    let needs_quotes = text.contains([',', '"', '\n', '\r', ';', '\t']) || text.starts_with(' ') || text.ends_with(' ');
    if !needs_quotes {
        out.push_str(text);
        return;
    }
    out.push('"');
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}

/// The text with an apostrophe wherever a spreadsheet could begin a formula.
pub(super) fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Whether a field could begin here: at the start, and after what some programs split at.
    let mut at_start = true;
    for c in text.chars() {
        if at_start && begins_formula(c) {
            out.push('\'');
        }
        at_start = match c {
            ';' | '\t' | '\n' | '\r' => true,
            // What is skipped before a formula is looked for.
            ' ' | '"' | '\u{a0}' | '\u{feff}' | '\u{200b}' => at_start,
            _ => false,
        };
        out.push(c);
    }
    out
}

/// The signs that begin a formula, in their full-width forms too; a tab or carriage return at the start can hide one.
fn begins_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}')
}
