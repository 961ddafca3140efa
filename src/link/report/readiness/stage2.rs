//! Stage 2: whether the records are there that an auditor will sample.

use super::{Item, Stage, Standing, audit, count, has_come, references, review};
use crate::base::id::Reference;
use crate::link::evidence;
use crate::link::manual::Manual;
use crate::read::framework::Catalogue;
use crate::read::register::{Register, Row};
use crate::read::value::Value;

pub(super) fn items(manual: &Manual, edition: &Catalogue) -> Vec<Item> {
    let mut items = vec![accepted(manual), competence(manual), operated(manual), assessed(manual), treated(manual), measured(manual)];
    items.extend(audit::items(manual, edition));
    items.extend(review::items(manual));
    items.extend([corrected(manual), effective(manual), graded(manual)]);
    items
}

/// Rows of a register that are due before today, by the calendar that the rules use.
fn overdue<'a>(manual: &'a Manual, register: &str) -> Vec<&'a Row> {
    let of_kind = manual.view.registers.iter().filter(|known| known.kind.name == register);
    of_kind.flat_map(Register::due).filter(|(_, date)| *date < manual.today).map(|(row, _)| row).collect()
}

/// An item about all rows of a register: some lack something, some fall due, or all is well.
fn each(item: Item, all: &[&Row], lacking: &[&Row], due: &[&Row], words: [&str; 4]) -> Item {
    let [noun, lack, late, todo] = words;
    if !lacking.is_empty() {
        let note = format!("{} of {}: {lack}.", lacking.len(), count(all.len(), noun));
        item.stands(Standing::Missing, references(lacking.iter().copied())).note(note).todo(todo)
    } else if !due.is_empty() {
        let note = format!("{} of {}: {late}.", due.len(), count(all.len(), noun));
        item.stands(Standing::Due, references(due.iter().copied())).note(note).todo(todo)
    } else {
        item.stands(Standing::There, references(all.iter().copied())).note(format!("{}.", count(all.len(), noun)))
    }
}

/// ISO/IEC 27001:2022, 8.2: assessments at planned intervals.
fn assessed(manual: &Manual) -> Item {
    let item = Item::new(Stage::Two, "8.2", "", "Risk assessments at planned intervals");
    let all: Vec<&Row> = manual.rows("risks").collect();
    if all.is_empty() {
        return item.todo("Assess the risks, and record them in the register `risks`.");
    }
    let undated: Vec<&Row> = all
        .iter()
        .copied()
        .filter(|row| !has_come(row.fields.date("reviewed"), manual) || row.fields.period("review_every").is_none())
        .collect();
    let words = [
        "risk",
        "no date of the last assessment, or no interval",
        "to be assessed again",
        "Assess it, and write `reviewed:` and `review_every:`.",
    ];
    each(item, &all, &undated, &overdue(manual, "risks"), words)
}

/// ISO/IEC 27001:2022, 6.1.3 f: the owners of risks accept what remains.
fn accepted(manual: &Manual) -> Item {
    let item = Item::new(Stage::Two, "6.1.3", "f", "Residual risks accepted by their owners");
    // Of a risk that is given up nothing remains, unless something is rated as remaining.
    let remains = |row: &&Row| row.fields.word("decision") != Some("avoid") || row.fields.integer("residual_likelihood").is_some();
    let all: Vec<&Row> = manual.rows("risks").filter(remains).collect();
    if manual.rows("risks").next().is_none() {
        return item.todo("Assess the risks, and record them in the register `risks`.");
    }
    let by_owner = |row: &Row| {
        let owner = row.fields.item("owner");
        owner.is_some() && owner == row.fields.item("accepted_by") && has_come(row.fields.date("accepted"), manual)
    };
    let open: Vec<&Row> = all.iter().copied().filter(|row| !by_owner(row)).collect();
    let words = ["risk", "not accepted by the role that owns it", "", "Let the owner accept what remains: `accepted:` and `accepted_by:`."];
    each(item, &all, &open, &[], words)
}

/// ISO/IEC 27001:2022, 7.2 d.
fn competence(manual: &Manual) -> Item {
    let item = Item::new(Stage::Two, "7.2", "d", "Evidence that people can do their tasks");
    let all: Vec<&Row> = manual.rows("competence").collect();
    if all.is_empty() {
        return item.todo("Record for each role with security duties what it must know and what shows it, in the register `competence`.");
    }
    let bare: Vec<&Row> =
        all.iter().copied().filter(|row| row.fields.list("evidence").is_empty() || row.fields.date("last").is_none()).collect();
    let words = ["role", "no date or no evidence", "training to be repeated", "Write `last:` and `evidence:` once it is done."];
    each(item, &all, &bare, &overdue(manual, "competence"), words)
}

/// ISO/IEC 27001:2022, 8.1: processes are carried out as planned.
fn operated(manual: &Manual) -> Item {
    let item = Item::new(Stage::Two, "8.1", "", "Evidence that implemented controls are operated");
    let done =
        manual.view.statements.iter().filter(|statement| statement.applicable() == Some(true) && statement.status() == Some("implemented"));
    let (mut all, mut lacking, mut stale) = (0, Vec::new(), Vec::new());
    for statement in done {
        let Some(control) = manual.control(&statement.control) else { continue };
        all += 1;
        let shown = evidence::shown(manual, statement, control);
        let list = if shown.none || !shown.failed.is_empty() { &mut lacking } else { &mut stale };
        if !shown.is_good() {
            list.push(statement.control.clone());
        }
    }
    let open = if lacking.is_empty() { &stale } else { &lacking };
    let found = open.iter().map(|id| Reference::Control { edition: id.edition.clone(), control: id.control.clone() }).collect();
    let of = format!("{} of {}", open.len(), count(all, "implemented control"));
    if all == 0 {
        item.note("No control is implemented yet.").todo("Implement controls, and gather what shows them in the register `evidence`.")
    } else if !lacking.is_empty() {
        item.stands(Standing::Missing, found)
            .note(format!("{of}: no evidence, or a failure."))
            .todo("Gather the evidence, and name it under `evidence:`.")
    } else if !stale.is_empty() {
        item.stands(Standing::Due, found).note(format!("{of}: all evidence is out of date.")).todo("Gather the evidence again.")
    } else {
        item.stands(Standing::There, Vec::new()).note(format!("{}.", count(all, "implemented control")))
    }
}

/// ISO/IEC 27001:2022, 8.3.
fn treated(manual: &Manual) -> Item {
    let item = Item::new(Stage::Two, "8.3", "", "The risk treatment plan is carried out");
    let all: Vec<&Row> = manual.rows("treatments").collect();
    if all.is_empty() {
        let none = manual.rows("risks").next().is_some() && manual.rows("risks").all(|row| row.fields.word("decision") != Some("modify"));
        return if none {
            item.stands(Standing::There, Vec::new()).note("No risk is to be modified.")
        } else {
            item.todo("Plan treatments in the register `treatments`.")
        };
    }
    let undated: Vec<&Row> =
        all.iter().copied().filter(|row| row.fields.word("status") == Some("done") && !has_come(row.fields.date("done"), manual)).collect();
    let words = [
        "treatment",
        "done without a date that has come",
        "past the due date",
        "Carry it out and write `done:`, or agree on a later date with the owner of the risk.",
    ];
    each(item, &all, &undated, &overdue(manual, "treatments"), words)
}

/// Whether an objective has a measurement whose day has come.
pub(super) fn is_measured(row: &Row, manual: &Manual) -> bool {
    row.fields.list("measurements").iter().any(|item| match &item.value {
        Value::Record(measurement) => has_come(measurement.date("date"), manual),
        _ => false,
    })
}

/// ISO/IEC 27001:2022, 9.1.
fn measured(manual: &Manual) -> Item {
    let item = Item::new(Stage::Two, "9.1", "", "Results of measuring the objectives");
    let all: Vec<&Row> = manual.rows("objectives").collect();
    if all.is_empty() {
        return item.todo("Set measurable objectives in the register `objectives`.");
    }
    let bare: Vec<&Row> = all.iter().copied().filter(|row| !is_measured(row, manual)).collect();
    each(item, &all, &bare, &[], ["objective", "not measured yet", "", "Measure it, and write date and value under `measurements:`."])
}

/// ISO/IEC 27001:2022, 10.2 f; grades as certification bodies use them (ISO/IEC 17021-1:2015, 3.12 and 3.13).
fn graded(manual: &Manual) -> Item {
    let item = Item::new(Stage::Two, "10.2", "f", "Nonconformities graded major, minor or opportunity");
    let all: Vec<&Row> = manual.rows("nonconformities").collect();
    if all.is_empty() {
        return item
            .note("None is recorded. An auditor will ask why audits and incidents led to none.")
            .todo("Record each with its grade in the register `nonconformities`.");
    }
    let bare: Vec<&Row> = all.iter().copied().filter(|row| row.fields.word("grade").is_none()).collect();
    each(item, &all, &bare, &[], ["nonconformity", "without a grade", "", "Write `grade:`."])
}

/// ISO/IEC 27001:2022, 10.2 b and c: cause and action. An opportunity breaks no requirement and needs none.
fn corrected(manual: &Manual) -> Item {
    let item = Item::new(Stage::Two, "10.2", "c", "Corrective actions with cause, action and date");
    let all = faults(manual);
    let late = |row: &Row| row.fields.date("done").is_none() && row.fields.date("due").is_some_and(|date| date < manual.today);
    let bare = |row: &&Row| !row.fields.is_written("cause") || !row.fields.is_written("action") || late(row);
    let bare: Vec<&Row> = all.iter().copied().filter(bare).collect();
    let open: Vec<&Row> = all.iter().copied().filter(|row| !has_come(row.fields.date("done"), manual)).collect();
    let words = [
        "nonconformity",
        "no cause, no action, or past its date",
        "action not done yet",
        "Find the cause, act on it by the due date, and write `done:`.",
    ];
    if all.is_empty() { none(item) } else { each(item, &all, &bare, &open, words) }
}

/// ISO/IEC 27001:2022, 10.2 d: effectiveness is reviewed.
fn effective(manual: &Manual) -> Item {
    let item = Item::new(Stage::Two, "10.2", "d", "Effect of corrective actions checked");
    let all = faults(manual);
    let done = |row: &&Row| has_come(row.fields.date("done"), manual);
    let unchecked: Vec<&Row> =
        all.iter().copied().filter(done).filter(|row| !has_come(row.fields.date("effectiveness_checked"), manual)).collect();
    let open: Vec<&Row> = all.iter().copied().filter(|row| !done(row)).collect();
    let words = [
        "nonconformity",
        "done and its effect not checked",
        "to be checked once the action is done",
        "Check with fresh samples, and write `effectiveness_checked:`.",
    ];
    if all.is_empty() { none(item) } else { each(item, &all, &unchecked, &open, words) }
}

/// Nonconformities that need a corrective action.
fn faults(manual: &Manual) -> Vec<&Row> {
    manual.rows("nonconformities").filter(|row| row.fields.word("grade") != Some("opportunity")).collect()
}

fn none(item: Item) -> Item {
    item.stands(Standing::There, Vec::new()).note("No major or minor nonconformity is recorded.")
}
