//! What people look up as a table: registers, the Statement of Applicability, responsibilities, coverage and what is left of a framework, the
//! calendar of reviews, readiness for certification, and what customers look for: certificates, measures, subprocessors. Plain tables and counts, which
//! site, PDF and exports render alike.

mod applicability;
mod approval;
mod calendar;
mod certificate;
mod cover;
mod coverage;
mod gap;
mod guidance;
mod heat;
mod inheritance;
mod measure;
pub mod readiness;
mod register;
mod relationship;
mod responsibility;
mod sheet;
mod subprocessor;
mod table;

pub use applicability::{
    documents_of, evidence_of, implementation_status, is_soa_control, is_soa_framework, reason_words, soa_columns, soa_controls,
    statement_of_applicability, theme, titled,
};
pub use approval::{Approval, Tally, soa_approval, soa_figures, soa_summary};
pub use calendar::{Due, calendar};
pub use certificate::{certificates, certificates_in_short, is_extensible, is_extension};
pub use coverage::{Coverage, GroupCoverage, coverage};
pub use gap::{Action, Gap, Reached, Task, gap, remains};
pub use guidance::{CloudGuidance, CloudRole, is_cloud_control};
pub use heat::{Heat, HeatMap, IMPACTS, LIKELIHOODS, RiskLevel, heat};
pub use inheritance::{Inheritance, inheritance, is_certified};
pub use measure::{Measures, PROVISIONS, measures, meets};
pub use readiness::{Readiness, Stage, Standing, is_readiness_told, readiness, readiness_table};
pub use register::{documents, register, value};
pub use relationship::{Party, Relationship, relationships};
pub use responsibility::{Matrix, MatrixRow, Share, matrix};
pub use sheet::{Fact, Met, Sheet, Through, met, sheets};
pub use subprocessor::{Notice, Subprocessors, subprocessor_table, subprocessors};
pub use table::{Cell, Column, ColumnKind, Table, TableRow};
