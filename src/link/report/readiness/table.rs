//! Readiness as a plain table.

use super::{Stage, readiness};
use crate::base::word::{phrase, word};
use crate::link::manual::Manual;
use crate::link::report::table::{Cell, Column, ColumnKind, Table, TableRow};

/// Both stages as one table; none where there is nothing to be ready for, or where the view does not hold everything.
pub fn readiness_table(manual: &Manual) -> Option<Table> {
    /// More than about this many places are counted, not listed.
    const LISTED: usize = 6;
    let readiness = readiness(manual)?;
    let columns = vec![
        Column::new("clause", word!("Clause"), ColumnKind::Id),
        Column::new("stage", word!("Stage"), ColumnKind::Number),
        Column::new("asked", word!("What is asked for"), ColumnKind::Words),
        Column::new("state", word!("State"), ColumnKind::State),
        Column::new("where", word!("Where"), ColumnKind::Id),
        Column::new("todo", word!("What there is, and what to do"), ColumnKind::Prose),
    ];
    let stages = Stage::ALL.into_iter().flat_map(|stage| readiness.of(stage));
    let rows = stages.enumerate().map(|(place, item)| {
        // To count what would have had the room of the words would be mean.
        let listed = if item.found.len() <= LISTED + 2 { item.found.len() } else { LISTED };
        let mut found: Vec<Cell> = item.found.iter().take(listed).cloned().map(Cell::Reference).collect();
        if item.found.len() > listed {
            found.push(Cell::Phrase(phrase!("and {n} more", n = item.found.len() - listed)));
        }
        let words = match (item.note.is_empty(), item.todo.is_empty()) {
            (true, true) => Cell::Empty,
            (true, false) => Cell::Phrase(item.todo.clone()),
            (false, true) => Cell::Phrase(item.note.clone()),
            (false, false) => Cell::Phrase(phrase!("{note} {todo}", note = item.note, todo = item.todo)),
        };
        TableRow {
            id: format!("readiness-{}", place + 1),
            cells: vec![
                Cell::Text(item.cited().into()),
                Cell::Number(item.stage.number().into()),
                Cell::Phrase(item.asked.into()),
                Cell::Phrase(item.standing.words().into()),
                Cell::list(found),
                words,
            ],
        }
    });
    let rows = rows.collect();
    Some(Table { name: "readiness", title: word!("Readiness for certification"), columns, rows })
}
