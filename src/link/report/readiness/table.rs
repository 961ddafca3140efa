//! Readiness as a plain table.

use super::{Stage, readiness};
use crate::link::manual::Manual;
use crate::link::report::table::{Cell, Column, ColumnKind, Table, TableRow};

/// Both stages as one table; none where there is nothing to be ready for, or where the view does not hold everything.
pub fn readiness_table(manual: &Manual) -> Option<Table> {
    /// More than this many places are counted, not listed.
    const LISTED: usize = 6;
    let readiness = readiness(manual)?;
    let columns = vec![
        Column::new("clause", "Clause", ColumnKind::Id),
        Column::new("stage", "Stage", ColumnKind::Number),
        Column::new("asked", "What is asked for", ColumnKind::Words),
        Column::new("state", "State", ColumnKind::State),
        Column::new("where", "Where", ColumnKind::Id),
        Column::new("todo", "What there is, and what to do", ColumnKind::Prose),
    ];
    let stages = Stage::ALL.into_iter().flat_map(|stage| readiness.of(stage));
    let rows = stages.enumerate().map(|(place, item)| {
        let mut found: Vec<Cell> = item.found.iter().take(LISTED).cloned().map(Cell::Reference).collect();
        if item.found.len() > LISTED {
            found.push(Cell::Text(format!("and {} more", item.found.len() - LISTED).into()));
        }
        let words = [item.note.as_str(), item.todo.as_str()].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" ");
        TableRow {
            id: format!("readiness-{}", place + 1),
            cells: vec![
                Cell::Text(item.cited().into()),
                Cell::Number(item.stage.number().into()),
                Cell::Text(item.asked.into()),
                Cell::Text(item.standing.words().into()),
                Cell::list(found),
                if words.is_empty() { Cell::Empty } else { Cell::Text(words.replace('`', "").into()) },
            ],
        }
    });
    let rows = rows.collect();
    Some(Table { name: "readiness", title: "Readiness for certification", columns, rows })
}
