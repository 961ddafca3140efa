//! What people look up as a table: registers, the Statement of Applicability, coverage, the calendar of reviews,
//! readiness for certification. Plain tables and counts,
//! which site, PDF and exports render alike.

mod applicability;
mod calendar;
mod cover;
mod coverage;
mod gap;
pub mod readiness;
mod register;
mod table;

pub use applicability::{
    counterparty, is_soa_control, is_soa_framework, responsibilities, soa_controls, statement_of_applicability, titled,
};
pub use calendar::{Due, calendar};
pub use coverage::{Counts, Coverage, GroupCoverage, coverage};
pub use gap::{Action, Gap, Reached, Task, gap, remains};
pub use readiness::{Readiness, Stage, Standing, readiness, readiness_table};
pub use register::{documents, register};
pub use table::{Cell, Column, ColumnKind, Table, TableRow};
