//! The Statement of Applicability: what is decided about each of its controls. When a statement was reviewed, and which rows show that a control is met, changes
//! without a decision, and is left out.

use super::line::Lines;
use super::{Canonical, Context, SOA, field};
use crate::link::manual::Manual;
use crate::link::report;
use crate::read::statement::SCHEMA;

/// The canonical text of the Statement of Applicability, from the manual of the highest view.
pub fn soa(manual: &Manual, context: &Context<'_>) -> Canonical {
    let mut lines = Lines::new(SOA);
    let about = manual.view.project.soa.as_ref();
    if let Some(version) = about.and_then(|soa| soa.text("version")) {
        lines.words(0, "version", version);
    }
    for key in ["owner", "approver"] {
        if let Some(role) = about.and_then(|soa| soa.item(key)) {
            lines.words(0, key, role.as_str());
        }
    }
    for control in report::soa_controls(manual) {
        lines.words(0, "control", &control.id.to_string());
        match manual.statement(control) {
            Some(statement) => {
                field::fields(
                    &mut lines,
                    1,
                    &SCHEMA,
                    &statement.fields,
                    |key| !matches!(key, "reviewed" | "review_every" | "evidence"),
                    context,
                );
            }
            None => lines.keyword(1, "undecided"),
        }
    }
    Canonical { format: SOA, text: lines.finish() }
}
