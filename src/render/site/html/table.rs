//! Tables.

use std::fmt::Write;

use super::Writer;
use crate::base::word::word;
use crate::read::tree::{Align, Inline, Table};

impl Writer<'_> {
    pub(super) fn table(&mut self, table: &Table) {
        self.out.push_str("<div class=\"scroll\" data-scroll=\"");
        self.scrolls([word!("Table"), word!("Table in {section}")]);
        self.out.push_str("\"><table>");
        if table.head.iter().any(|cell| !cell.is_empty()) {
            self.wrapped("thead", |w| w.row(&table.head, &table.align, ["col"; 2].map(Some)));
        }
        if !table.rows.is_empty() {
            let first = table.has_row_heads().then_some("row");
            self.wrapped("tbody", |w| {
                for row in &table.rows {
                    w.row(row, &table.align, [first, None]);
                    w.out.push('\n');
                }
            });
        }
        self.out.push_str("</table></div>");
    }

    /// A row, and of what its first cell and the others are headers, where they are.
    fn row(&mut self, cells: &[Vec<Inline>], align: &[Align], [first, others]: [Option<&str>; 2]) {
        self.out.push_str("<tr>");
        for (column, (cell, align)) in cells.iter().zip(align).enumerate() {
            // A header without words heads nothing.
            let scope = if column == 0 { first } else { others }.filter(|_| !cell.is_empty());
            let name = if scope.is_some() { "th" } else { "td" };
            _ = write!(self.out, "<{name}");
            if let Some(scope) = scope {
                _ = write!(self.out, " scope=\"{scope}\"");
            }
            match align {
                Align::Center => self.out.push_str(" class=\"align-center\">"),
                Align::Right => self.out.push_str(" class=\"align-right\">"),
                Align::Left | Align::None => self.out.push('>'),
            }
            self.inlines(cell);
            _ = write!(self.out, "</{name}>");
        }
        self.out.push_str("</tr>");
    }
}
