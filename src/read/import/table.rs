//! A table of a foreign file: rows of cells, and the row that heads it, found by its words.

use std::collections::BTreeMap;

use super::prose;
use super::report::Report;
use crate::base::rule;
use crate::base::word::{Phrase, phrase};

/// How many rows may stand before the one with the headings.
const BEFORE_HEADER: usize = 40;

/// A sheet of a workbook, or a whole CSV file.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// The sheet's name; empty for CSV.
    pub(super) name: String,
    /// Rows that hold something, from above.
    pub(super) rows: Vec<Row>,
}

/// A row by its number in the file, from 1, with its cells by column, from 0. Empty cells are left out.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) number: u32,
    pub(super) cells: BTreeMap<u32, Cell>,
}

/// A cell: its words, cleaned, on several lines perhaps; or why it has none that can be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// Its words.
    Text(String),
    /// A number with a fraction, as the program shows it: `5.1`, which may have been written `5.10`.
    Fraction(String),
    /// A formula: what it shows is what some program computed last.
    Formula(String),
    /// It holds an error of the spreadsheet: `#REF!`.
    Error(String),
    /// It holds this control character.
    Control(char),
}

impl Cell {
    /// What it shows.
    pub(super) fn words(&self) -> &str {
        match self {
            Cell::Text(text) | Cell::Fraction(text) | Cell::Formula(text) | Cell::Error(text) => text,
            Cell::Control(_) => "",
        }
    }
}

impl Table {
    /// The name of a cell: `CCM!B12`; of a field of CSV: `line 12, column 2`.
    pub(super) fn place(&self, row: u32, column: u32) -> Phrase {
        match self.name.as_str() {
            "" => phrase!("line {line}, column {column}", line = row, column = column + 1),
            sheet => Phrase::text(format!("{sheet}!{}{row}", letters(column))),
        }
    }

    /// The words of a cell; what forbids to take them is found.
    pub(super) fn text(&self, row: &Row, column: u32, report: &mut Report<'_>) -> Option<String> {
        let place = || self.place(row.number, column);
        match row.cells.get(&column)? {
            Cell::Text(text) => return Some(text.clone()).filter(|text| !text.trim().is_empty()),
            Cell::Fraction(text) => {
                let message = phrase!("the cell holds the number {number}, and an identifier such as 5.10 would read 5.1", number = text);
                let help = phrase!("format the column as text and write the identifiers again");
                report.at(&rule::WRONG_TYPE, place(), message, help);
            }
            Cell::Formula(_) => {
                let help = phrase!("copy the column and paste it as values");
                report.at(&rule::WRONG_TYPE, place(), phrase!("the cell holds a formula"), help);
            }
            Cell::Error(text) => {
                let message = phrase!("the cell holds the error `{error}`", error = text);
                report.at(&rule::INVALID_VALUE, place(), message, phrase!("mend it in the spreadsheet"));
            }
            Cell::Control(c) => {
                report.at(&rule::CONTROL_CHARACTER, place(), holds_character(*c), phrase!("take it out"));
            }
        }
        None
    }

    /// The row of headings with what each column means, if there is one: the first with a column for identifiers and one for titles or mappings.
    pub(super) fn header(&self) -> Option<Header> {
        self.rows.iter().take(BEFORE_HEADER).enumerate().find_map(|(index, row)| {
            let header = Header::of(index, row);
            let has = |meaning| header.column(meaning).is_some();
            (has(Meaning::Id) && (has(Meaning::Title) || has(Meaning::Mapping))).then_some(header)
        })
    }
}

/// That a text holds a character that cannot be taken.
pub(super) fn holds_character(c: char) -> Phrase {
    phrase!("the text holds the character {code}", code = format!("U+{:04X}", u32::from(c)))
}

/// The letters of a column, from 0: A, Z, AA.
pub(super) fn letters(column: u32) -> String {
    let mut left = column + 1;
    let mut letters = Vec::new();
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    letters.iter().rev().collect()
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Meaning {
    Id,
    Title,
    Group,
    Text,
    Guidance,
    Kind,
    Parent,
    Baselines,
    Mapping,
    Gap,
}

/// Headings in circulation, in lower case, and what they mean.
const HEADINGS: &[(Meaning, &[&str])] = &[
    (
        Meaning::Id,
        &["id", "control id", "identifier", "control identifier", "control number", "ccm control id", "ccm id", "requirement id", "ref"],
    ),
    (Meaning::Title, &["title", "control title", "ccm control title", "name", "control name"]),
    (
        Meaning::Group,
        &["group", "control domain", "ccm control domain", "domain", "domain title", "family", "chapter", "section", "category"],
    ),
    (
        Meaning::Text,
        &[
            "text",
            "control specification",
            "updated control specification",
            "ccm control specification",
            "specification",
            "control text",
            "requirement",
            "description",
            "control description",
        ],
    ),
    (Meaning::Guidance, &["guidance", "implementation guidance", "implementation guidelines", "guidance text"]),
    (Meaning::Kind, &["kind"]),
    (Meaning::Parent, &["parent"]),
    (Meaning::Baselines, &["baselines", "baseline"]),
];

/// The row of headings.
#[derive(Debug)]
pub(super) struct Header {
    /// Its place among the table's rows.
    pub(super) index: usize,
    /// Columns with what they mean, from the left.
    pub(super) columns: Vec<(u32, Meaning)>,
}

impl Header {
    fn of(index: usize, row: &Row) -> Self {
        let mut columns: Vec<(u32, Meaning)> = Vec::new();
        // A gap level is of the column before it, whatever that is called: `NIST 800-53 rev 5` is a mapping where one follows.
        let mut unknown = None;
        for (column, cell) in &row.cells {
            let meaning = meaning(cell.words());
            if let (Some(Meaning::Gap), Some(before)) = (meaning, unknown) {
                columns.push((before, Meaning::Mapping));
            }
            columns.extend(meaning.map(|meaning| (*column, meaning)));
            unknown = meaning.is_none().then_some(*column);
        }
        Header { index, columns }
    }

    /// The first column of a meaning.
    pub(super) fn column(&self, meaning: Meaning) -> Option<u32> {
        self.all(meaning).next()
    }

    /// Every column of a meaning.
    pub(super) fn all(&self, meaning: Meaning) -> impl Iterator<Item = u32> {
        self.columns.iter().filter(move |(_, known)| *known == meaning).map(|(column, _)| *column)
    }
}

fn meaning(heading: &str) -> Option<Meaning> {
    let words = prose::one_line(heading).to_lowercase().replace(['_', '-'], " ");
    let words = words.trim_end_matches([':', '*', ' ']);
    if let Some((meaning, _)) = HEADINGS.iter().find(|(_, known)| known.contains(&words)) {
        return Some(*meaning);
    }
    let is_mapping = words.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "mapping" | "mappings" | "mapped"));
    if words == "gap" || words.contains("gap level") || words.contains("gap analysis") {
        Some(Meaning::Gap)
    } else {
        is_mapping.then_some(Meaning::Mapping)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_of_a_spreadsheet() {
        assert_eq!([0, 25, 26, 51, 701, 702].map(letters), ["A", "Z", "AA", "AZ", "ZZ", "AAA"]);
    }

    #[test]
    fn what_stands_before_a_gap_level_is_a_mapping() {
        let cell = |words: &str| Cell::Text(words.into());
        let cells = ["Control ID", "Notes", "NIST 800-53 rev 5", "Gap Level", "Addendum"].iter().map(|words| cell(words));
        let row = Row { number: 1, cells: (0..).zip(cells).collect() };
        assert_eq!(Header::of(0, &row).columns, [(0, Meaning::Id), (2, Meaning::Mapping), (3, Meaning::Gap)]);
    }

    #[test]
    fn headings_are_known_by_their_words() {
        for (heading, expected) in [
            ("Control ID", Some(Meaning::Id)),
            ("  control\nid ", Some(Meaning::Id)),
            ("Control Specification", Some(Meaning::Text)),
            ("Control Domain", Some(Meaning::Group)),
            ("ISO/IEC 27001:2022 Mapping", Some(Meaning::Mapping)),
            ("Control Mapping", Some(Meaning::Mapping)),
            ("Gap Level", Some(Meaning::Gap)),
            ("IaaS", None),
        ] {
            assert_eq!(meaning(heading), expected, "{heading}");
        }
    }
}
