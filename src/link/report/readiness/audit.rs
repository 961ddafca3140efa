//! Whether the internal audit programme covers everything that it has to (ISO/IEC 27001:2022, 9.2.2).

use std::collections::BTreeSet;

use jiff::ToSpan;

use super::mandatory::ancestors;
use super::{Item, Stage, Standing, has_come, named, references};
use crate::base::id::{ControlId, Reference};
use crate::base::word::{Phrase, Word, counted, phrase, word};
use crate::link::counterpart::Counterpart;
use crate::link::manual::Manual;
use crate::link::report::soa_controls;
use crate::read::crosswalk::Relationship;
use crate::read::framework::{Catalogue, Control};
use crate::read::register::Row;
use crate::read::value::Value;

/// The years of a certification cycle (ISO/IEC 17021-1:2015, 9.1.3.2), within which a programme has to reach everything.
const CYCLE: i64 = 3;

/// What internal audits of the cycle reach: those that are done, and with those that are planned.
struct Reach<'a> {
    done: BTreeSet<ControlId>,
    planned: BTreeSet<ControlId>,
    audits: Vec<&'a Row>,
    ahead: Vec<&'a Row>,
}

/// Whether audits of some controls reach one.
type Reaches<'a> = dyn Fn(&BTreeSet<ControlId>, &Control) -> bool + 'a;

pub(super) fn items(manual: &Manual, edition: &Catalogue) -> Vec<Item> {
    let reach = reach(manual);
    let is_leaf = |clause: &&Control| !edition.controls.iter().any(|part| part.parent.as_ref() == Some(&clause.id.control));
    let clauses = edition.controls.iter().filter(|control| control.kind == "clause" && !control.withdrawn).filter(is_leaf);
    let reaches = |by: &BTreeSet<ControlId>, control: &Control| {
        // What is audited of a control is audited of its equal in another edition, as it is decided and shown for both.
        let equal = |other: &&Counterpart| {
            other.relationship == Relationship::Equal && other.control.edition.framework == control.id.edition.framework
        };
        by.contains(&control.id) || manual.counterparts(control).into_iter().filter(equal).any(|other| by.contains(&other.control))
    };
    let (cloud, annex): (Vec<&Control>, Vec<&Control>) = soa_controls(manual)
        .filter(|control| manual.statement(control).is_some_and(|statement| statement.applicable() == Some(true)))
        .partition(|control| control.id.edition.framework.as_ref() == "iso27017");
    // Only clauses, and identifiers that begin with letters, say by themselves what they are of.
    let named_in = |control: &Control| -> String {
        let id = &control.id;
        let other = manual
            .view
            .catalogues
            .edition(&id.edition)
            .filter(|of| of.id != edition.id && id.control.starts_with(|c: char| c.is_ascii_digit()));
        other.map_or_else(|| id.control.to_string(), |of| format!("{} {}", of.title, id.control))
    };
    let mut items = vec![
        covered(
            word!("Internal audits that reach every clause from 4 to 10"),
            &|n| counted!("{n} clause", "{n} clauses", n),
            word!("No clause is decided as applicable yet."),
            clauses.collect(),
            &reach,
            &reaches,
            &named_in,
        ),
        covered(
            word!("Internal audits that reach every applicable control"),
            &|n| counted!("{n} control", "{n} controls", n),
            word!("No control is decided as applicable yet."),
            annex,
            &reach,
            &reaches,
            &named_in,
        ),
    ];
    if !cloud.is_empty() {
        items.push(covered(
            word!("Internal audits that reach every applicable cloud control"),
            &|n| counted!("{n} cloud control", "{n} cloud controls", n),
            word!("No cloud control is decided as applicable yet."),
            cloud,
            &reach,
            &reaches,
            &named_in,
        ));
    }
    items.push(results(manual, &reach));
    items
}

fn covered(
    asked: Word,
    noun: &dyn Fn(usize) -> Phrase,
    none: Word,
    wanted: Vec<&Control>,
    reach: &Reach<'_>,
    reaches: &Reaches<'_>,
    named_in: &dyn Fn(&Control) -> String,
) -> Item {
    let item = Item::new(Stage::Two, "9.2.2", "", asked);
    let left = |by: &BTreeSet<ControlId>| -> Vec<String> {
        wanted.iter().filter(|control| !reaches(by, control)).map(|control| named_in(control)).collect()
    };
    let (not_done, not_planned) = (left(&reach.done), left(&reach.planned));
    let all = noun(wanted.len());
    if wanted.is_empty() {
        return item.note(none).todo(word!("Decide the Statement of Applicability first."));
    }
    if not_done.is_empty() {
        return item.stands(Standing::There, references(reach.audits.iter().copied())).note(phrase!(
            "{what}, within {n} years.",
            what = all,
            n = CYCLE.to_string()
        ));
    }
    let both = || references(reach.audits.iter().chain(&reach.ahead).copied());
    if not_planned.is_empty() {
        let note = phrase!(
            "{n} of {all} audited, the others planned: {names}.",
            n = wanted.len() - not_done.len(),
            all = all,
            names = named(&not_done),
        );
        return item.stands(Standing::Due, both()).note(note).todo(word!("Do the planned audits on their dates."));
    }
    let names = named(&not_planned);
    let note = if not_planned.len() == wanted.len() {
        phrase!("None of {all} in any internal audit of the cycle: {names}.", all = all, names = names)
    } else {
        phrase!("Not {n} of {all} in any internal audit of the cycle: {names}.", n = not_planned.len(), all = all, names = names)
    };
    item.stands(Standing::Missing, both()).note(note).todo(word!(
        "Name them under `criteria:` of an audit that is done or planned: a clause, a control, a group as `iso27001:A.7`, or an edition."
    ))
}

/// ISO/IEC 27001:2022, 9.2.2: results of an audit are there; and a certification body wants one of the last twelve months.
fn results(manual: &Manual, reach: &Reach<'_>) -> Item {
    let item = Item::new(Stage::Two, "9.2.2", "", word!("Results of an internal audit of the last twelve months"));
    let from = manual.today.saturating_sub(1.year());
    let recent: Vec<&Row> = reach.audits.iter().copied().filter(|row| row.fields.date("done").is_some_and(|date| date >= from)).collect();
    let (told, silent): (Vec<&Row>, Vec<&Row>) = recent.into_iter().partition(|row| row.fields.is_written("result"));
    if !told.is_empty() {
        item.stands(Standing::There, references(told))
    } else if !silent.is_empty() {
        item.stands(Standing::Missing, references(silent))
            .note(word!("Done, and no result is recorded."))
            .todo(word!("Write `result:` and `findings:`."))
    } else if !reach.ahead.is_empty() {
        item.stands(Standing::Due, references(reach.ahead.iter().copied())).note(word!("Planned.")).todo(word!("Do the audit on its date."))
    } else {
        item.todo(word!("Plan an internal audit in the register `audits`."))
    }
}

fn reach(manual: &Manual) -> Reach<'_> {
    let (from, to) = (manual.today.saturating_sub(CYCLE.years()), manual.today.saturating_add(CYCLE.years()));
    let internal = || manual.rows("audits").filter(|row| row.fields.word("kind") == Some("internal"));
    let done = |row: &&Row| has_come(row.fields.date("done"), manual) && row.fields.date("done").is_some_and(|date| date >= from);
    let ahead = |row: &&Row| {
        row.fields.date("done").is_none() && row.fields.date("planned").is_some_and(|date| (manual.today..=to).contains(&date))
    };
    let audits: Vec<&Row> = internal().filter(done).collect();
    let ahead: Vec<&Row> = internal().filter(ahead).collect();
    let by = |rows: &[&Row]| -> BTreeSet<ControlId> { rows.iter().flat_map(|row| criteria(manual, row)).collect() };
    let done = by(&audits);
    let planned = done.union(&by(&ahead)).cloned().collect();
    Reach { done, planned, audits, ahead }
}

/// The clauses and controls that the criteria of an audit reach: those named with their parts, those of a group, and those of an edition. A document
/// among the criteria reaches none: that a policy claims a control does not say that the control was looked at.
fn criteria(manual: &Manual, row: &Row) -> BTreeSet<ControlId> {
    let catalogues = &manual.view.catalogues;
    let mut reached = BTreeSet::new();
    for criterion in row.fields.list("criteria") {
        let (edition, id) = match &criterion.value {
            Value::Edition(edition) => (edition, None),
            Value::Reference(Reference::Control { edition, control }) => (edition, Some(control.as_ref())),
            _ => continue,
        };
        let Ok(catalogue) = catalogues.find(edition) else { continue };
        let named = id.and_then(|id| catalogue.control(id));
        if let Some(control) = named {
            // Another name of a control reaches the control.
            reached.extend(manual.canonical(control).iter().cloned());
        }
        let groups = id.map(|id| groups(catalogue, id)).unwrap_or_default();
        let below = |control: &&Control| {
            let is_part = |id| ancestors(catalogue, control).any(|above| above.id.control.as_ref() == id);
            id.is_none_or(|id| is_part(id) || control.group.as_deref().is_some_and(|group| groups.contains(group)))
        };
        // Of a group or an edition its own controls: a catalogue of guidance names others', and does not ask for them.
        let own = catalogue.controls.iter().filter(|control| control.alias_of.is_empty() && !control.withdrawn);
        reached.extend(own.filter(below).map(|control| control.id.clone()));
    }
    reached
}

/// A group and those within it, however deep; none where there is no such group.
fn groups<'a>(catalogue: &'a Catalogue, id: &str) -> BTreeSet<&'a str> {
    let mut found: BTreeSet<&str> = catalogue.groups.iter().map(|group| group.id.as_ref()).filter(|group| *group == id).collect();
    loop {
        let within = catalogue.groups.iter().filter(|group| group.parent.as_deref().is_some_and(|parent| found.contains(parent)));
        let within: BTreeSet<&str> = within.map(|group| group.id.as_ref()).collect();
        if within.is_subset(&found) {
            return found;
        }
        found.extend(within);
    }
}
