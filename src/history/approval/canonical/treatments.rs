//! The risk treatment plan, by risk owners (ISO/IEC 27001:2022, 6.1.3 f): the risks that a role owns as they are assessed, what is decided about each, what remains,
//! and the treatments. How far a treatment has come, and when a risk was accepted or reviewed, is left out.

use std::collections::{BTreeMap, BTreeSet};

use super::line::Lines;
use super::{Canonical, Context, TREATMENTS, field};
use crate::base::id::{ItemId, Reference};
use crate::link::manual::Manual;
use crate::read::register::{self, Row};

/// The roles that own risks, sorted.
pub fn owners(manual: &Manual) -> BTreeSet<ItemId> {
    manual.rows(register::RISKS.name).filter_map(|row| row.fields.item("owner")).cloned().collect()
}

/// The canonical text of one owner's part, from the manual of the highest view.
pub fn treatments(manual: &Manual, owner: &ItemId, context: &Context<'_>) -> Canonical {
    let mut lines = Lines::new(TREATMENTS);
    lines.words(0, "owner", owner.as_str());
    let named = |row: &Row, key: &str| -> Vec<ItemId> {
        let ids = row.fields.references(key).into_iter().filter_map(|spanned| match spanned.value {
            Reference::Item { id, .. } => Some(id),
            Reference::Control { .. } => None,
        });
        ids.collect()
    };
    let treatments: BTreeMap<&ItemId, &Row> = manual.rows(register::TREATMENTS.name).map(|row| (&row.id, row)).collect();
    let risks: BTreeMap<&ItemId, &Row> =
        manual.rows(register::RISKS.name).filter(|row| row.fields.item("owner") == Some(owner)).map(|row| (&row.id, row)).collect();
    for (id, risk) in risks {
        lines.words(0, "risk", id.as_str());
        let shown = |key: &str| !matches!(key, "id" | "treatments" | "accepted" | "accepted_by" | "reviewed" | "review_every");
        field::fields(&mut lines, 1, register::RISKS.schema, &risk.fields, shown, context);
        // A treatment may be named by the risk, or name it.
        let by_risk = named(risk, "treatments");
        for (id, treatment) in &treatments {
            if by_risk.contains(id) || named(treatment, "risks").contains(&risk.id) {
                lines.words(1, "treatment", id.as_str());
                let shown = |key: &str| !matches!(key, "id" | "risks" | "status" | "done" | "note");
                field::fields(&mut lines, 2, register::TREATMENTS.schema, &treatment.fields, shown, context);
            }
        }
    }
    Canonical { format: TREATMENTS, text: lines.finish() }
}
