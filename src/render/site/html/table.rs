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
            self.wrapped("thead", |w| w.row(&table.head, &table.align, "th"));
        }
        if !table.rows.is_empty() {
            self.wrapped("tbody", |w| {
                for row in &table.rows {
                    w.row(row, &table.align, "td");
                    w.out.push('\n');
                }
            });
        }
        self.out.push_str("</table></div>");
    }

    pub(super) fn row(&mut self, cells: &[Vec<Inline>], align: &[Align], name: &str) {
        self.out.push_str("<tr>");
        for (cell, align) in cells.iter().zip(align) {
            // A header without words heads nothing.
            let name = if cell.is_empty() { "td" } else { name };
            _ = write!(self.out, "<{name}");
            if name == "th" {
                self.out.push_str(" scope=\"col\"");
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
