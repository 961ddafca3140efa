//! Stage 1: whether the documents that the standard asks for are there and approved.

use super::mandatory::{self, Kept, MANDATORY};
use super::{Item, Stage, Standing, named, reference, references};
use crate::base::id::EditionId;
use crate::base::word::{Phrase, counted, phrase, word};
use crate::link::climate;
use crate::link::manual::Manual;
use crate::link::report::{soa_approval, soa_controls};
use crate::read::framework::Catalogue;
use crate::read::register::Row;

pub(super) fn items(manual: &Manual, edition: &Catalogue) -> Vec<Item> {
    let mut items = vec![context(manual, edition)];
    for asked in MANDATORY {
        let kept = mandatory::kept(manual, edition, asked);
        let claim = format!("{}:{}", name(manual, edition), asked.clause);
        items.push(document(Item::new(Stage::One, asked.clause, "", asked.what), &kept, asked, &claim));
        if asked.clause == "6.1.3" {
            items.push(applicability(manual));
            items.push(plan(manual));
        }
    }
    items
}

/// What an author writes before the colon to name a clause of the edition.
fn name(manual: &Manual, edition: &Catalogue) -> String {
    let short = EditionId { edition: None, ..edition.id.clone() };
    let means = manual.view.catalogues.find(&short).is_ok_and(|found| found.id == edition.id);
    if means { short.to_string() } else { edition.id.to_string() }
}

fn document(item: Item, kept: &Kept, asked: &mandatory::Mandatory, claim: &str) -> Item {
    let standing = kept.standing();
    match standing {
        Standing::There => item.stands(standing, [kept.rows.clone(), kept.approved.clone()].concat()),
        Standing::Draft => {
            item.stands(standing, kept.drafts.clone()).todo(word!("Have it approved: `status: approved` with the date in `approved:`."))
        }
        Standing::Due => item
            .stands(standing, kept.planned.clone())
            .note(word!("Only planned."))
            .todo(word!("Do it on the date that is planned, and record it.")),
        Standing::Missing => {
            let note = if kept.retired.is_empty() { Phrase::default() } else { word!("Only in a document that is retired.").into() };
            let todo = match (asked.register, asked.document) {
                ("", _) => phrase!("Write it, and let the document or section claim `{control}`.", control = claim),
                (register, true) => phrase!(
                    "Write it into the register `{register}`, or into a document that claims `{control}`.",
                    register = register,
                    control = claim,
                ),
                (register, false) => phrase!(
                    "Record it in the register `{register}`, or in a document of type record that claims `{control}`.",
                    register = register,
                    control = claim,
                ),
            };
            item.stands(standing, kept.retired.clone()).note(note).todo(todo)
        }
    }
}

/// ISO/IEC 27001:2022/Amd 1:2024, 4.1: whether climate change is relevant is determined.
fn context(manual: &Manual, edition: &Catalogue) -> Item {
    let item = Item::new(Stage::One, "4.1", "", word!("The context, and whether climate change is relevant to it"));
    let claiming = mandatory::claiming(manual, edition, "4.1");
    let in_use = claiming.iter().filter(|(document, _)| document.status != "retired").cloned().collect::<Vec<_>>();
    let found = in_use.iter().flat_map(|(_, found)| found.clone()).collect::<Vec<_>>();
    if found.is_empty() {
        return item.todo(phrase!(
            "Write down what bears on the management system, and let the document or section claim `{control}`.",
            control = format!("{}:4.1", name(manual, edition)),
        ));
    }
    if !in_use.iter().any(|(document, found)| climate::is_named(document, found)) {
        return item
            .stands(Standing::Missing, found)
            .note(word!("Nothing is said of climate change."))
            .todo(word!("Say whether climate change is a relevant issue, and why."));
    }
    if in_use.iter().any(|(document, _)| mandatory::is_in_force(document, manual)) {
        return item.stands(Standing::There, found);
    }
    item.stands(Standing::Draft, found).todo(word!("Have it approved: `status: approved` with the date in `approved:`."))
}

/// ISO/IEC 27001:2022, 6.1.3 d.
fn applicability(manual: &Manual) -> Item {
    let item = Item::new(Stage::One, "6.1.3", "d", word!("The Statement of Applicability"));
    let all: Vec<_> = soa_controls(manual).collect();
    let undecided: Vec<&str> =
        all.iter().filter(|control| manual.statement(control).is_none()).map(|control| control.id.control.as_ref()).collect();
    if undecided.is_empty() && !all.is_empty() {
        let item = item.note(counted!("It decides {n} control.", "It decides {n} controls.", all.len()));
        let approval = soa_approval(manual);
        return match (approval.approved, approval.reviewed) {
            (None, _) => item
                .stands(Standing::Draft, Vec::new())
                .todo(word!("Have it approved: write version, approver and date to `soa:` in annexa.yaml.")),
            (Some(approved), Some(reviewed)) if approved < reviewed => item.stands(Standing::Draft, Vec::new()).todo(phrase!(
                "A statement was reviewed on {reviewed}, after the approval of {approved}: have the Statement approved again.",
                reviewed = reviewed,
                approved = approved,
            )),
            _ => item.stands(Standing::There, Vec::new()),
        };
    }
    let standing = if undecided.len() == all.len() { Standing::Missing } else { Standing::Draft };
    item.stands(standing, Vec::new())
        .note(phrase!(
            "{what} undecided: {names}.",
            what = counted!("{n} control", "{n} controls", undecided.len()),
            names = named(&undecided),
        ))
        .todo(word!("Decide each in a file under content/controls/."))
}

/// ISO/IEC 27001:2022, 6.1.3 e.
fn plan(manual: &Manual) -> Item {
    let item = Item::new(Stage::One, "6.1.3", "e", word!("The risk treatment plan"));
    let untreated = |row: &&Row| {
        row.fields.word("decision") == Some("modify") && row.fields.list("treatments").is_empty() && !row.fields.is_unread("treatments")
    };
    let open: Vec<&Row> = manual.rows("risks").filter(untreated).collect();
    let planned: Vec<_> = manual.rows("treatments").map(|row| reference(&row.id)).collect();
    if !open.is_empty() {
        return item
            .stands(Standing::Missing, references(open.iter().copied()))
            .note(counted!(
                "{n} risk to be modified and without a treatment.",
                "{n} risks to be modified and without a treatment.",
                open.len()
            ))
            .todo(word!("Plan treatments, and name them in the risk under `treatments:`."));
    }
    if !planned.is_empty() {
        return item.stands(Standing::There, planned);
    }
    if manual.rows("risks").next().is_some() {
        return item.stands(Standing::There, references(manual.rows("risks"))).note(word!("Every risk is retained, avoided or shared."));
    }
    item.todo(word!("Assess the risks first; then write a row of the register `treatments` for each treatment."))
}
