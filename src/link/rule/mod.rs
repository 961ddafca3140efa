//! Checks on the whole, one small function each; all run on the highest view, whatever is built.
//!
//! What can be seen in one value alone is checked where it is read. The codes, severities and pages are in `base::rule`.

mod applicability;
mod contradiction;
mod crosswalk;
mod date;
mod document;
mod image;
mod lookup;
mod reference;
mod register;
mod requirement;
mod responsibility;
mod statement;
mod trust;
mod withheld;
mod wording;

use rayon::prelude::*;

use super::manual::Manual;
use crate::base::finding::Finding;
use crate::read::adopt;

/// A check: what it finds in the manual of the highest view.
type Check = fn(&Manual, &mut Vec<Finding>);

const CHECKS: &[Check] = &[
    reference::duplicate_ids,
    reference::of_catalogues,
    reference::of_documents,
    reference::of_rows,
    reference::of_statements,
    image::images,
    withheld::withheld,
    document::control,
    document::dates,
    document::history,
    document::orphans,
    document::retired_referenced,
    document::lowered_marks,
    statement::missing,
    statement::duplicates,
    statement::contents,
    statement::documented,
    statement::evidenced,
    statement::excluded_but_claimed,
    statement::due,
    applicability::of_settings,
    applicability::approval,
    responsibility::incomplete,
    responsibility::missing,
    responsibility::inherited,
    register::due,
    register::evidence,
    register::risks,
    register::agreements,
    crosswalk::decisions,
    contradiction::treated_by_excluded,
    contradiction::evidence,
    contradiction::no_document_in_force,
    date::contradicting,
    date::ahead,
    requirement::mandatory_documents,
    requirement::climate,
    wording::vague_duties,
    trust::of_settings,
    trust::incomplete,
    trust::security_txt,
    trust::certificates,
    trust::provisions,
    trust::notices,
];

/// Runs every check. The order of findings is made stable where they are gathered.
pub fn check(manual: &Manual, findings: &mut Vec<Finding>) {
    let found = CHECKS.par_iter().map(|check| {
        let mut found = Vec::new();
        check(manual, &mut found);
        found
    });
    let mut found: Vec<Finding> = found.collect::<Vec<_>>().into_iter().flatten().collect();
    adopt::soften_links(&manual.view.project, &manual.view.sources, &mut found);
    findings.extend(found);
}
