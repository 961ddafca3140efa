//! The management review and its inputs (ISO/IEC 27001:2022, 9.3).

use jiff::ToSpan;

use super::{Item, Stage, Standing, has_come, named, references};
use crate::base::word::{Word, phrase, word};
use crate::link::manual::Manual;
use crate::read::register::Row;
use crate::read::value::Value;

/// What 9.3.2 asks for, by letter, and the words of the register's `covers` that answer it.
const INPUTS: [(&str, Word, &[&str]); 7] = [
    ("a", word!("Review of what became of earlier decisions"), &["previous-actions"]),
    ("b", word!("Review of changes in the context"), &["context-changes"]),
    ("c", word!("Review of changes in what interested parties need"), &["interested-parties"]),
    (
        "d",
        word!("Review of performance: nonconformities, measurements, audits, objectives"),
        &["nonconformities", "monitoring", "audit-results", "objectives"],
    ),
    ("e", word!("Review of feedback from interested parties"), &["feedback"]),
    ("f", word!("Review of risk assessment and treatment plan"), &["risks"]),
    ("g", word!("Review of opportunities to improve"), &["improvement"]),
];

pub(super) fn items(manual: &Manual) -> Vec<Item> {
    let from = manual.today.saturating_sub(1.year());
    let (held, ahead): (Vec<&Row>, Vec<&Row>) =
        manual.rows("management-reviews").partition(|row| has_come(row.fields.date("date"), manual));
    let recent: Vec<&Row> = held.iter().copied().filter(|row| row.fields.date("date").is_some_and(|date| date >= from)).collect();
    // One year's reviews may share the inputs among them.
    let said = |word: &str| {
        let says = |row: &&Row| row.fields.list("covers").iter().any(|item| matches!(item.value, Value::Word(said) if said == word));
        recent.iter().copied().filter(says).collect::<Vec<_>>()
    };
    let planned = ahead.into_iter().chain(held.into_iter().filter(|row| row.fields.date("next").is_some_and(|date| date >= manual.today)));
    let planned: Vec<&Row> = planned.collect();
    let open = |item: Item| match planned.as_slice() {
        [] => item
            .note(word!("No review in the last twelve months."))
            .todo(word!("Hold one, and record it in the register `management-reviews`.")),
        rows => item
            .stands(Standing::Due, references(rows.iter().copied()))
            .note(word!("No review in the last twelve months."))
            .todo(word!("Hold it on the date that is planned.")),
    };
    let input = |(letter, asked, words): (&'static str, Word, &[&'static str])| {
        let item = Item::new(Stage::Two, "9.3.2", letter, asked);
        if recent.is_empty() {
            return open(item);
        }
        let lacking: Vec<&str> = words.iter().copied().filter(|word| said(word).is_empty()).collect();
        if recent.iter().all(|row| !row.fields.is_written("covers")) {
            return item
                .stands(Standing::Missing, references(recent.iter().copied()))
                .note(word!("The review does not tell its inputs one by one."))
                .todo(word!("Name those that it covered under `covers:`."));
        }
        if !lacking.is_empty() {
            return item
                .stands(Standing::Missing, references(recent.iter().copied()))
                .note(phrase!("Not among what the review covers: {names}.", names = named(&lacking)))
                .todo(word!("Take it up in a review, and name it under `covers:`."));
        }
        let mut rows: Vec<&Row> = words.iter().flat_map(|word| said(word)).collect();
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        rows.dedup_by(|a, b| a.id == b.id);
        item.stands(Standing::There, references(rows))
    };
    let mut items: Vec<Item> = INPUTS.into_iter().map(input).collect();
    let results = Item::new(Stage::Two, "9.3.3", "", word!("Decisions of the management review"));
    items.push(if recent.is_empty() { open(results) } else { results.stands(Standing::There, references(recent.iter().copied())) });
    items
}

#[cfg(test)]
mod tests {
    use super::INPUTS;
    use crate::read::register::REVIEW_INPUTS;

    #[test]
    fn the_letters_take_up_every_word_of_the_register_once() {
        let words: Vec<&str> = INPUTS.iter().flat_map(|(_, _, words)| words.iter().copied()).collect();
        assert_eq!(words, REVIEW_INPUTS);
    }
}
