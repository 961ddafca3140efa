//! A manual's tables for spreadsheets: CSV for programs, XLSX for people; and its duties as a calendar.
//!
//! Law 2: all of it comes from one view's manual. Law 4: equal manuals give equal bytes; the only date in a workbook is the manual's.

mod book;
pub mod csv;
pub mod ics;
#[cfg(feature = "pdf")]
pub(crate) mod json;
pub(crate) use crate::link::plain;
#[cfg(test)]
mod tests;
mod xlsx;

use rayon::prelude::*;

use super::Artifact;
use crate::base::finding::{Finding, Place};
use crate::base::rule;
use crate::base::word::{Word, phrase, word};
use crate::link::manual::Manual;
use crate::link::report::{self, Table};

/// The list of the project's files, in what those get who see everything: `sha256sum -c` reads it.
pub const SOURCES_PATH: &str = "sources.sha256";

/// The names of the exports in an output, without their endings.
pub mod name {
    /// The Statement of Applicability.
    pub const SOA: &str = "soa";
    /// Who does what in the cloud, in every relationship.
    pub const RESPONSIBILITIES: &str = "responsibilities";
    /// What customers have to do.
    pub const CUSTOMERS: &str = "customer-responsibilities";
    /// What is inherited from whom.
    pub const INHERITANCE: &str = "inheritance";

    /// A register.
    pub fn register(name: &str) -> String {
        format!("registers/{name}")
    }
}

/// Writes the exports of a manual: a table without rows gives none.
///
/// # Errors
/// Tables that are larger than a workbook can hold, each as a finding.
pub fn render(manual: &Manual) -> Result<Vec<Artifact>, Vec<Finding>> {
    let (books, mut artifacts) = rayon::join(|| books(manual), || tables(manual));
    let due = report::calendar(manual);
    if !due.is_empty() {
        artifacts.push(Artifact { path: ics::PATH.to_owned(), bytes: ics::write(manual, &due).into_bytes() });
    }
    if let Some(sources) = manual.origin.as_ref().and_then(|origin| origin.sources.as_ref()) {
        artifacts.push(Artifact { path: SOURCES_PATH.to_owned(), bytes: sources.list.as_bytes().to_vec() });
    }
    let made: Vec<_> = books.par_iter().map(|book| (book.path.as_str(), xlsx::workbook(manual, book))).collect();
    let mut findings = Vec::new();
    for (path, made) in made {
        match made {
            Ok(bytes) => artifacts.push(Artifact { path: path.to_owned(), bytes }),
            Err(error) => findings.push(
                Finding::new(
                    &rule::EXPORT_FAILED,
                    Place::Project,
                    phrase!("`{path}` could not be made: {error}", path = path, error = error.to_string()),
                )
                .help(phrase!("a sheet holds 1,048,576 rows and 16,384 columns at most")),
            ),
        }
    }
    if findings.is_empty() { Ok(artifacts) } else { Err(findings) }
}

/// Every table as CSV.
fn tables(manual: &Manual) -> Vec<Artifact> {
    let matrix = report::matrix(manual);
    let named = [
        (name::SOA.to_owned(), report::statement_of_applicability(manual)),
        (name::RESPONSIBILITIES.to_owned(), matrix.duties()),
        (name::CUSTOMERS.to_owned(), matrix.for_customers()),
        (name::INHERITANCE.to_owned(), report::inheritance(manual)),
    ];
    let registers = manual.view.registers.iter().map(|register| (name::register(register.kind.name), report::register(manual, register)));
    let all = named.into_iter().chain(registers).filter(|(_, table)| !table.rows.is_empty());
    all.map(|(name, table)| Artifact { path: format!("{name}.csv"), bytes: csv::write(manual, &table) }).collect()
}

/// The workbooks that have something to say.
fn books(manual: &Manual) -> Vec<book::Book> {
    let matrix = report::matrix(manual);
    let books = [
        book::statement_of_applicability(manual),
        book::responsibilities(
            name::RESPONSIBILITIES,
            word!("Responsibilities in the cloud"),
            vec![
                (word!("Overview"), matrix.overview()),
                (word!("Duties"), matrix.duties()),
                (word!("Customers"), matrix.for_customers()),
                (word!("Inherited"), report::inheritance(manual)),
            ],
        ),
        book::responsibilities(
            name::CUSTOMERS,
            word!("Responsibilities of our customers"),
            vec![(word!("Customers"), matrix.for_customers())],
        ),
    ];
    books.into_iter().filter(|book| !book.sheets.is_empty()).collect()
}

/// A sheet: its name, and the table on it.
type Sheet = (Word, Table);
