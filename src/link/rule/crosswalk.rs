//! What the project decides about pairs of crosswalks: who decided, and when.

use super::lookup::Look;
use crate::base::finding::Finding;
use crate::base::rule;
use crate::base::word::phrase;
use crate::link::manual::Manual;

/// unresolved-reference of the roles that decide, and done-in-future of their dates
pub(super) fn decisions(manual: &Manual, findings: &mut Vec<Finding>) {
    let look = Look { manual, from: None };
    for decision in manual.view.decisions.pairs.values() {
        if let Some(by) = &decision.by {
            look.role(by, decision.span, findings);
        }
        if let Some(date) = decision.date.filter(|date| *date > manual.today) {
            findings.push(
                Finding::new(
                    &rule::DONE_IN_FUTURE,
                    decision.span,
                    phrase!(
                        "the decision on this pair is dated {date}, which lies after today, {today}",
                        date = date,
                        today = manual.today
                    ),
                )
                .help(phrase!("correct the date")),
            );
        }
    }
}
