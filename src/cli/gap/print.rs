//! Readiness in the terminal, as JSON and as CSV.

use crate::base::id::Reference;
use crate::link::manual::Manual;
use crate::link::report::readiness::Item;
use crate::link::report::{Readiness, Stage, Standing};
use crate::render::export::csv;

/// For people: an item a block, its places below it.
pub(super) fn human(readiness: &Readiness, stage: Stage, width: usize) -> String {
    /// More places than these are counted, not listed.
    const LISTED: usize = 10;
    const INDENT: usize = 19;
    let mut out = format!("{} ({})\n\n", stage.title(), readiness.title);
    for item in readiness.of(stage) {
        out.push_str(&format!("{:8} {:9} {}\n", item.standing.key(), item.cited(), item.asked));
        let mut found: Vec<String> = item.found.iter().take(LISTED).map(Reference::to_string).collect();
        if item.found.len() > LISTED {
            found.push(format!("and {} more", item.found.len() - LISTED));
        }
        for line in [found.join(" "), item.note.to_string(), item.todo.to_string()] {
            out.push_str(&wrapped(&line, INDENT, width.max(60)));
        }
    }
    let counts = Standing::ALL.map(|standing| format!("{} {}", readiness.count(stage, standing), standing.key()));
    out.push_str(&format!("\n{}\n", counts.join(", ")));
    out
}

/// Words on lines of a width, indented; nothing for none.
fn wrapped(text: &str, indent: usize, width: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > width {
            out.push('\n');
            column = 0;
        }
        if column == 0 {
            out.push_str(&" ".repeat(indent));
            column = indent;
        } else {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// One object: the stage, the counts, and the items.
pub(super) fn json(readiness: &Readiness, stage: Stage, manual: &Manual) -> String {
    let item = |item: &Item| {
        serde_json::json!({
            "clause": readiness.clause(item).to_string(),
            "letter": item.letter,
            "asked": item.asked,
            "state": item.standing.key(),
            "where": item.found.iter().map(Reference::to_string).collect::<Vec<_>>(),
            "note": item.note,
            "todo": item.todo,
        })
    };
    let counts = Standing::ALL.map(|standing| (standing.key().to_owned(), readiness.count(stage, standing).into()));
    let whole = serde_json::json!({
        "format": 1,
        "stage": stage.number(),
        "framework": readiness.edition.to_string(),
        "today": manual.today.to_string(),
        "counts": serde_json::Value::Object(counts.into_iter().collect()),
        "items": readiness.of(stage).map(item).collect::<Vec<_>>(),
    });
    format!("{whole:#}\n")
}

/// A line an item, after a line of heads (RFC 4180).
pub(super) fn table(readiness: &Readiness, stage: Stage) -> String {
    let mut out = String::from("stage,clause,asked,state,where,note,todo\r\n");
    for item in readiness.of(stage) {
        let found = item.found.iter().map(Reference::to_string).collect::<Vec<_>>().join(" ");
        let number = stage.number().to_string();
        let cited = item.cited();
        let (note, todo) = (item.note.to_string(), item.todo.to_string());
        let fields = [&number, &cited, item.asked.english(), item.standing.key(), &found, &note, &todo];
        out.push_str(&csv::record(&fields));
    }
    out
}
