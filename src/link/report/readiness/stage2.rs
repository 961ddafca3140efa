//! Stage 2: whether the records are there that an auditor will sample.

use super::{Item, Stage, Standing, audit, has_come, references, review};
use crate::base::id::Reference;
use crate::base::word::{Phrase, Word, counted, phrase, word};
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
fn each(item: Item, all: &[&Row], lacking: &[&Row], due: &[&Row], noun: &dyn Fn(usize) -> Phrase, words: [Word; 3]) -> Item {
    let [lack, late, todo] = words;
    let of = |some: &[&Row], what: Word| phrase!("{n} of {all}: {what}.", n = some.len(), all = noun(all.len()), what = what);
    if !lacking.is_empty() {
        let note = of(lacking, lack);
        item.stands(Standing::Missing, references(lacking.iter().copied())).note(note).todo(todo)
    } else if !due.is_empty() {
        let note = of(due, late);
        item.stands(Standing::Due, references(due.iter().copied())).note(note).todo(todo)
    } else {
        item.stands(Standing::There, references(all.iter().copied())).note(phrase!("{what}.", what = noun(all.len())))
    }
}

/// ISO/IEC 27001:2022, 8.2: assessments at planned intervals.
fn assessed(manual: &Manual) -> Item {
    let item = Item::new(Stage::Two, "8.2", "", word!("Risk assessments at planned intervals"));
    let all: Vec<&Row> = manual.rows("risks").collect();
    if all.is_empty() {
        return item.todo(word!("Assess the risks, and record them in the register `risks`."));
    }
    let undated: Vec<&Row> = all
        .iter()
        .copied()
        .filter(|row| !has_come(row.fields.date("reviewed"), manual) || row.fields.period("review_every").is_none())
        .collect();
    let words = [
        word!("no date of the last assessment, or no interval"),
        word!("to be assessed again"),
        word!("Assess it, and write `reviewed:` and `review_every:`."),
    ];
    each(item, &all, &undated, &overdue(manual, "risks"), &|n| counted!("{n} risk", "{n} risks", n), words)
}

/// ISO/IEC 27001:2022, 6.1.3 f: the owners of risks accept what remains.
fn accepted(manual: &Manual) -> Item {
    let item = Item::new(Stage::Two, "6.1.3", "f", word!("Residual risks accepted by their owners"));
    // Of a risk that is given up nothing remains, unless something is rated as remaining.
    let remains = |row: &&Row| row.fields.word("decision") != Some("avoid") || row.fields.integer("residual_likelihood").is_some();
    let all: Vec<&Row> = manual.rows("risks").filter(remains).collect();
    if manual.rows("risks").next().is_none() {
        return item.todo(word!("Assess the risks, and record them in the register `risks`."));
    }
    let by_owner = |row: &Row| {
        let owner = row.fields.item("owner");
        owner.is_some() && owner == row.fields.item("accepted_by") && has_come(row.fields.date("accepted"), manual)
    };
    let open: Vec<&Row> = all.iter().copied().filter(|row| !by_owner(row)).collect();
    let words = [
        word!("not accepted by the role that owns it"),
        word!("not accepted by the role that owns it"),
        word!("Let the owner accept what remains: `accepted:` and `accepted_by:`."),
    ];
    each(item, &all, &open, &[], &|n| counted!("{n} risk", "{n} risks", n), words)
}

/// ISO/IEC 27001:2022, 7.2 d.
fn competence(manual: &Manual) -> Item {
    let item = Item::new(Stage::Two, "7.2", "d", word!("Evidence that people can do their tasks"));
    let all: Vec<&Row> = manual.rows("competence").collect();
    if all.is_empty() {
        return item
            .todo(word!("Record for each role with security duties what it must know and what shows it, in the register `competence`."));
    }
    let bare: Vec<&Row> =
        all.iter().copied().filter(|row| row.fields.list("evidence").is_empty() || row.fields.date("last").is_none()).collect();
    let words =
        [word!("no date or no evidence"), word!("training to be repeated"), word!("Write `last:` and `evidence:` once it is done.")];
    each(item, &all, &bare, &overdue(manual, "competence"), &|n| counted!("{n} role", "{n} roles", n), words)
}

/// ISO/IEC 27001:2022, 8.1: processes are carried out as planned.
fn operated(manual: &Manual) -> Item {
    let item = Item::new(Stage::Two, "8.1", "", word!("Evidence that implemented controls are operated"));
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
    let operated = || counted!("{n} implemented control", "{n} implemented controls", all);
    let of = |what: Word| phrase!("{n} of {all}: {what}.", n = open.len(), all = operated(), what = what);
    if all == 0 {
        item.note(word!("No control is implemented yet."))
            .todo(word!("Implement controls, and gather what shows them in the register `evidence`."))
    } else if !lacking.is_empty() {
        item.stands(Standing::Missing, found)
            .note(of(word!("no evidence, or a failure")))
            .todo(word!("Gather the evidence, and name it under `evidence:`."))
    } else if !stale.is_empty() {
        item.stands(Standing::Due, found).note(of(word!("all evidence is out of date"))).todo(word!("Gather the evidence again."))
    } else {
        item.stands(Standing::There, Vec::new()).note(phrase!("{what}.", what = operated()))
    }
}

/// ISO/IEC 27001:2022, 8.3.
fn treated(manual: &Manual) -> Item {
    let item = Item::new(Stage::Two, "8.3", "", word!("The risk treatment plan is carried out"));
    let all: Vec<&Row> = manual.rows("treatments").collect();
    if all.is_empty() {
        let none = manual.rows("risks").next().is_some() && manual.rows("risks").all(|row| row.fields.word("decision") != Some("modify"));
        return if none {
            item.stands(Standing::There, Vec::new()).note(word!("No risk is to be modified."))
        } else {
            item.todo(word!("Plan treatments in the register `treatments`."))
        };
    }
    let undated: Vec<&Row> =
        all.iter().copied().filter(|row| row.fields.word("status") == Some("done") && !has_come(row.fields.date("done"), manual)).collect();
    let words = [
        word!("done without a date that has come"),
        word!("past the due date"),
        word!("Carry it out and write `done:`, or agree on a later date with the owner of the risk."),
    ];
    each(item, &all, &undated, &overdue(manual, "treatments"), &|n| counted!("{n} treatment", "{n} treatments", n), words)
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
    let item = Item::new(Stage::Two, "9.1", "", word!("Results of measuring the objectives"));
    let all: Vec<&Row> = manual.rows("objectives").collect();
    if all.is_empty() {
        return item.todo(word!("Set measurable objectives in the register `objectives`."));
    }
    let bare: Vec<&Row> = all.iter().copied().filter(|row| !is_measured(row, manual)).collect();
    each(
        item,
        &all,
        &bare,
        &[],
        &|n| counted!("{n} objective", "{n} objectives", n),
        [word!("not measured yet"), word!("not measured yet"), word!("Measure it, and write date and value under `measurements:`.")],
    )
}

/// ISO/IEC 27001:2022, 10.2 f; grades as certification bodies use them (ISO/IEC 17021-1:2015, 3.12 and 3.13).
fn graded(manual: &Manual) -> Item {
    let item = Item::new(Stage::Two, "10.2", "f", word!("Nonconformities graded major, minor or opportunity"));
    let all: Vec<&Row> = manual.rows("nonconformities").collect();
    if all.is_empty() {
        return item
            .note(word!("None is recorded. An auditor will ask why audits and incidents led to none."))
            .todo(word!("Record each with its grade in the register `nonconformities`."));
    }
    let bare: Vec<&Row> = all.iter().copied().filter(|row| row.fields.word("grade").is_none()).collect();
    each(
        item,
        &all,
        &bare,
        &[],
        &|n| counted!("{n} nonconformity", "{n} nonconformities", n),
        [word!("without a grade"), word!("without a grade"), word!("Write `grade:`.")],
    )
}

/// ISO/IEC 27001:2022, 10.2 b and c: cause and action. An opportunity breaks no requirement and needs none.
fn corrected(manual: &Manual) -> Item {
    let item = Item::new(Stage::Two, "10.2", "c", word!("Corrective actions with cause, action and date"));
    let all = faults(manual);
    let late = |row: &Row| row.fields.date("done").is_none() && row.fields.date("due").is_some_and(|date| date < manual.today);
    let bare = |row: &&Row| !row.fields.is_written("cause") || !row.fields.is_written("action") || late(row);
    let bare: Vec<&Row> = all.iter().copied().filter(bare).collect();
    let open: Vec<&Row> = all.iter().copied().filter(|row| !has_come(row.fields.date("done"), manual)).collect();
    let words = [
        word!("no cause, no action, or past its date"),
        word!("action not done yet"),
        word!("Find the cause, act on it by the due date, and write `done:`."),
    ];
    if all.is_empty() {
        none(item)
    } else {
        each(item, &all, &bare, &open, &|n| counted!("{n} nonconformity", "{n} nonconformities", n), words)
    }
}

/// ISO/IEC 27001:2022, 10.2 d: effectiveness is reviewed.
fn effective(manual: &Manual) -> Item {
    let item = Item::new(Stage::Two, "10.2", "d", word!("Effect of corrective actions checked"));
    let all = faults(manual);
    let done = |row: &&Row| has_come(row.fields.date("done"), manual);
    let unchecked: Vec<&Row> =
        all.iter().copied().filter(done).filter(|row| !has_come(row.fields.date("effectiveness_checked"), manual)).collect();
    let open: Vec<&Row> = all.iter().copied().filter(|row| !done(row)).collect();
    let words = [
        word!("done and its effect not checked"),
        word!("to be checked once the action is done"),
        word!("Check with fresh samples, and write `effectiveness_checked:`."),
    ];
    if all.is_empty() {
        none(item)
    } else {
        each(item, &all, &unchecked, &open, &|n| counted!("{n} nonconformity", "{n} nonconformities", n), words)
    }
}

/// Nonconformities that need a corrective action.
fn faults(manual: &Manual) -> Vec<&Row> {
    manual.rows("nonconformities").filter(|row| row.fields.word("grade") != Some("opportunity")).collect()
}

fn none(item: Item) -> Item {
    item.stands(Standing::There, Vec::new()).note(word!("No major or minor nonconformity is recorded."))
}
