//! Workbooks: a first sheet that says what the file is, then a sheet a table, its head frozen and filtered, its columns as wide as what they hold.
//!
//! Text is written as text, so that none of it can be a formula.

use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::book::{Book, Fact};
use super::plain::{Plain, Said};
use crate::base::word::word;
use crate::link::manual::Manual;
use crate::link::report::{ColumnKind, Table};

/// Most characters of a cell: a workbook holds 32,767 (ECMA-376, 18.3.1.4), counted in UTF-16.
const LONGEST: usize = 32_000;
/// Paper of the printed sheet: A4 (ECMA-376, 18.3.1.63).
const A4: u8 = 9;

/// On the first sheet, values stand across this many columns of this width, which the figures below them need one by one.
const FACT_COLUMNS: u16 = 7;
const FACT_WIDTH: f64 = 13.0;
/// Characters of a line across them.
const FACT_LINE: usize = 84;

struct Styles {
    head: Format,
    text: Format,
    figure: Format,
    date: Format,
    title: Format,
    label: Format,
}

impl Styles {
    fn new() -> Self {
        let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        Styles {
            head: Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Bottom).set_border_bottom(FormatBorder::Medium),
            figure: Format::new().set_align(FormatAlign::Top).set_num_format("0"),
            date: Format::new().set_align(FormatAlign::Top).set_align(FormatAlign::Left).set_num_format("yyyy-mm-dd"),
            title: Format::new().set_bold().set_font_size(16),
            label: Format::new().set_bold().set_align(FormatAlign::Top),
            text,
        }
    }
}

/// The bytes of a workbook.
pub(super) fn workbook(manual: &Manual, book: &Book) -> Result<Vec<u8>, XlsxError> {
    let project = &manual.view.project;
    let language = &project.language;
    let said = Said { manual, language };
    let styles = Styles::new();
    let mut workbook = Workbook::new();
    let mut properties = DocProperties::new()
        .set_title(language.say(book.title))
        .set_author(project.organisation_name())
        .set_subject(project.title.as_ref());
    // Without a day of its own, the file would have that of the clock.
    if let Some(made) = day(manual.today).or_else(|| ExcelDateTime::from_ymd(1900, 1, 1).ok()) {
        properties = properties.set_creation_datetime(&made);
    }
    workbook.set_properties(&properties);
    about(said, book, workbook.add_worksheet(), &styles)?;
    for (name, table) in &book.sheets {
        sheet(said, &sheet_name(language.say(*name)), table, workbook.add_worksheet(), &styles)?;
    }
    workbook.save_to_buffer()
}

/// The first sheet: title, organisation, date, version, approval, figures.
fn about(said: Said<'_>, book: &Book, sheet: &mut Worksheet, styles: &Styles) -> Result<(), XlsxError> {
    let Said { manual, language } = said;
    let view = &manual.view;
    let project = &view.project;
    let text = |text: &str| Fact::Text(text.to_owned());
    let marked = project.classification_name(project.classification.min(view.audience.up_to));
    let mut facts = vec![(word!("Organisation"), text(project.organisation_name())), (word!("Manual"), text(&project.title))];
    facts.extend(project.version.as_ref().map(|version| (word!("Version of the manual"), text(version))));
    facts.extend(project.scope.as_ref().map(|scope| (word!("Scope"), text(scope))));
    facts.push((word!("As of"), Fact::Date(manual.today)));
    facts.push((word!("Classification"), text(&language.classification(marked))));
    sheet
        .set_name(sheet_name(language.say(word!("About"))))?
        .set_column_width(0, 34)?
        .set_paper_size(A4)
        .set_landscape()
        .set_print_fit_to_pages(1, 0);
    for column in 1..=FACT_COLUMNS {
        sheet.set_column_width(column, FACT_WIDTH)?;
    }
    sheet.write_string_with_format(0, 0, language.say(book.title), &styles.title)?;
    let mut row = 2;
    for (label, fact) in facts.iter().chain(&book.facts) {
        sheet.write_string_with_format(row, 0, language.say(*label), &styles.label)?;
        match fact {
            // A row of joined cells does not grow by itself.
            Fact::Text(text) => {
                let lines = u32::try_from(text.chars().count().div_ceil(FACT_LINE).clamp(1, 20)).unwrap_or(1);
                sheet.merge_range(row, 1, row, FACT_COLUMNS, &cut(text), &styles.text)?.set_row_height(row, f64::from(lines * 15))?;
            }
            Fact::Date(date) => write(sheet, row, 1, &Plain::Date(*date), styles)?,
        }
        row += 1;
    }
    if let Some(figures) = &book.figures {
        row += 1;
        for (place, column) in (0u16..).zip(&figures.columns) {
            sheet.write_string_with_format(row, place, language.phrase(&column.label), &styles.head)?;
        }
        for cells in figures.rows.iter().map(|row| &row.cells) {
            row += 1;
            for (place, cell) in (0u16..).zip(cells) {
                write(sheet, row, place, &said.plain(cell), styles)?;
            }
        }
    }
    Ok(())
}

/// A name that a workbook takes for a sheet: 31 characters at most, without those that formulas need (ECMA-376, 18.2.19).
fn sheet_name(words: &str) -> String {
    let plain = words.chars().map(|c| if "[]:*?/\\'".contains(c) { ' ' } else { c });
    plain.take(31).collect()
}

fn sheet(said: Said<'_>, name: &str, table: &Table, sheet: &mut Worksheet, styles: &Styles) -> Result<(), XlsxError> {
    sheet.set_name(name)?.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    let rows: Vec<Vec<Plain>> = table.rows.iter().map(|row| said.row(row)).collect();
    for (place, column) in (0u16..).zip(&table.columns) {
        sheet.write_string_with_format(0, place, said.language.phrase(&column.label), &styles.head)?;
        let cells = rows.iter().filter_map(|row| row.get(usize::from(place)));
        sheet.set_column_width(place, width(&said.language.phrase(&column.label), column.kind, cells))?;
    }
    for (row, cells) in (1u32..).zip(&rows) {
        for (place, cell) in (0u16..).zip(cells) {
            write(sheet, row, place, cell, styles)?;
        }
    }
    let last_row = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let last_column = u16::try_from(table.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    // The head stays, and the column that names the row.
    sheet.set_freeze_panes(1, 1)?.autofilter(0, 0, last_row, last_column)?.set_repeat_rows(0, 0)?;
    Ok(())
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, value: &Plain, styles: &Styles) -> Result<(), XlsxError> {
    match value {
        Plain::Empty => return Ok(()),
        Plain::Text(text) if text.is_empty() => return Ok(()),
        Plain::Text(text) => sheet.write_string_with_format(row, column, cut(text), &styles.text)?,
        Plain::Date(date) => match day(*date) {
            Some(day) => sheet.write_datetime_with_format(row, column, &day, &styles.date)?,
            None => sheet.write_string_with_format(row, column, date.to_string(), &styles.text)?,
        },
        // Figures of a manual are small; a larger one would be rounded, so it is written as text.
        Plain::Number(number) => match i32::try_from(*number) {
            Ok(number) => sheet.write_number_with_format(row, column, f64::from(number), &styles.figure)?,
            Err(_) => sheet.write_string_with_format(row, column, number.to_string(), &styles.text)?,
        },
    };
    Ok(())
}

/// A date as a workbook holds it: none before 1900.
fn day(date: Date) -> Option<ExcelDateTime> {
    ExcelDateTime::from_ymd(u16::try_from(date.year()).ok()?, u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?).ok()
}

/// What fits into a cell, with a mark where the end is missing.
fn cut(text: &str) -> String {
    let mut length = 0;
    for (at, c) in text.char_indices() {
        length += c.len_utf16();
        if length > LONGEST {
            return format!("{}\u{2026} (cut: too long for a cell)", &text[..at]);
        }
    }
    text.to_owned()
}

/// A column's width in characters: that of its longest line, up to where its kind of text is wrapped.
fn width<'a>(label: &str, kind: ColumnKind, cells: impl Iterator<Item = &'a Plain>) -> f64 {
    let most = match kind {
        ColumnKind::Prose => 64,
        ColumnKind::Words | ColumnKind::Id => 40,
        ColumnKind::State => 20,
        ColumnKind::Date | ColumnKind::Number => 14,
    };
    // A head may be wrapped too, but not within a word; beside it stands the button of the filter.
    let head = label.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(0) + 3;
    let longest = |text: String| text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    let content = cells.map(|cell| longest(cell.text())).max().unwrap_or(0).min(most);
    let width = u32::try_from(content.max(head).max(6) + 2).unwrap_or(u32::MAX);
    f64::from(width)
}
