//! Tables as Typst code: those of a text, and those of the manual.

use std::fmt::Write;

use super::book::{Cell, Grid, Kind, Resolved, Row};
use super::code::Writer;
use super::literal;
use super::widths::{self, Form, Plan};
use crate::read::tree::{self, Align, BlockKind, Body, Inline, InlineKind, Table};

impl Writer<'_, '_> {
    /// How a table of a text is set.
    pub(super) fn plan(&self, table: &Table) -> Plan {
        let words = |cell: &Vec<Inline>| self.length(cell);
        let head: Vec<String> = table.head.iter().map(words).collect();
        let rows: Vec<Vec<String>> = table.rows.iter().map(|row| row.iter().map(words).collect()).collect();
        let measures: &[f64] = if self.depth == 0 { &[widths::MEASURE, widths::WIDE] } else { &[widths::MEASURE - 12.0] };
        widths::plan(&head, &rows, measures)
    }

    /// The words of a cell as they will be printed: a bare reference prints what it names.
    fn length(&self, cell: &[Inline]) -> String {
        let mut words = tree::plain(cell);
        for inline in cell {
            if let InlineKind::Link { target, content } = &inline.kind
                && content.is_empty()
            {
                let written = tree::plain(std::slice::from_ref(inline));
                words = words.replacen(&written, &self.resolve(target).words, 1);
            }
        }
        words
    }

    pub(super) fn table(&mut self, table: &Table, body: Option<&Body>) {
        let plan = self.plan(table);
        let align = |align: &Align| match align {
            Align::None | Align::Left => "start",
            Align::Center => "center",
            Align::Right => "end",
        };
        self.call("data-table", |writer| {
            let heads = table.rows.iter().all(|row| row.first().is_some_and(|cell| !cell.is_empty()));
            writer.form(&plan, table.align.iter().map(align), heads && table.align.len() > 1);
            let inside = std::mem::replace(&mut writer.in_table, true);
            writer.deeper(|writer| {
                writer.cells(&table.head, body);
                for (row, whole) in table.rows.iter().zip(&plan.whole) {
                    let _ = write!(writer.out, "\n(kind: \"cells\", place: none, whole: {whole}, cells: ");
                    writer.cells_of(row, body);
                    writer.out.push_str("), ");
                }
            });
            writer.in_table = inside;
        });
    }

    /// The arguments that every table begins with.
    fn form<'t>(&mut self, plan: &Plan, align: impl Iterator<Item = &'t str>, row_heads: bool) {
        let (form, shares) = match &plan.form {
            Form::Natural => ("natural", String::from("()")),
            Form::Shares(shares) => ("shares", literal::array(shares.iter().map(|share| format!("{share:.2}fr")))),
            Form::Stacked => ("stacked", String::from("()")),
        };
        let align = literal::array(align.map(str::to_owned));
        let _ = write!(
            self.out,
            "(form: \"{form}\", shares: {shares}, align: {align}, wide: {}, small: {}, row-heads: {row_heads}), ",
            plan.wide, plan.small
        );
    }

    fn cells(&mut self, cells: &[Vec<Inline>], body: Option<&Body>) {
        self.cells_of(cells, body);
        self.out.push_str(", ");
    }

    fn cells_of(&mut self, cells: &[Vec<Inline>], body: Option<&Body>) {
        self.out.push('(');
        for cell in cells {
            self.inlines(cell, body);
            self.out.push_str(", ");
        }
        self.out.push(')');
    }

    /// A table of the manual, as a call of `data-table`.
    pub(super) fn grid(&mut self, grid: &Grid<'_>) {
        let head: Vec<String> = grid.columns.iter().map(|column| column.title.clone()).collect();
        let rows: Vec<Vec<String>> = grid
            .rows
            .iter()
            .filter_map(|row| match row {
                Row::Group(_) => None,
                Row::Cells { cells, .. } => Some(cells.iter().map(|cell| self.cell_words(cell)).collect()),
            })
            .collect();
        let measures: &[f64] = if grid.columns.len() > 6 { &[widths::LANDSCAPE] } else { &[widths::WIDE, widths::LANDSCAPE] };
        let plan = widths::plan(&head, &rows, measures);
        let landscape = plan.form != Form::Stacked && (plan.wide || grid.columns.len() > 6);
        let align = grid.columns.iter().map(|column| if column.kind == Kind::Number { "end" } else { "start" });
        self.in_table = true;
        self.depth = 1;
        self.out.push_str("#let landscape = ");
        let _ = writeln!(self.out, "{landscape}");
        self.out.push_str("#let body = ");
        self.call("data-table", |writer| {
            writer.form(&Plan { wide: !landscape, ..plan.clone() }, align, grid.columns.len() > 1);
            writer.out.push('(');
            for column in &grid.columns {
                writer.words(&column.title, None);
                writer.out.push_str(", ");
            }
            writer.out.push_str("), ");
            let mut whole = plan.whole.iter();
            for row in &grid.rows {
                match row {
                    Row::Group(title) => {
                        writer.out.push_str("\n(kind: \"group\", title: ");
                        writer.words(title, None);
                        writer.out.push_str("), ");
                    }
                    Row::Cells { place, cells } => {
                        let place = place.as_deref().map_or_else(|| "none".into(), |place| writer.define(place));
                        let whole = whole.next().copied().unwrap_or(false);
                        let _ = write!(writer.out, "\n(kind: \"cells\", place: {place}, whole: {whole}, cells: (");
                        for cell in cells.iter().take(grid.columns.len()) {
                            writer.cell(cell);
                            writer.out.push_str(", ");
                        }
                        for _ in cells.len()..grid.columns.len() {
                            writer.out.push_str("\"\", ");
                        }
                        writer.out.push_str(")), ");
                    }
                }
            }
        });
        self.out.push('\n');
    }

    fn cell(&mut self, cell: &Cell<'_>) {
        match cell {
            Cell::Text(text, Some(span)) => self.at(*span, false, |writer| writer.words(text, Some(*span))),
            Cell::Text(text, None) => self.words(text, None),
            Cell::Links(links) => self.call("references", |writer| writer.resolved(links)),
            Cell::Named(id, title) => self.call("named", |writer| {
                writer.words(id, None);
                writer.out.push_str(", ");
                writer.words(title, None);
            }),
            // One paragraph stands in its cell without the space that sets paragraphs apart.
            Cell::Body(body) => match body.blocks.as_slice() {
                [block] if matches!(block.kind, BlockKind::Paragraph(_)) => {
                    if let BlockKind::Paragraph(content) = &block.kind {
                        self.at(block.span, false, |writer| writer.inlines(content, Some(body)));
                    }
                }
                blocks => self.blocks(blocks, Some(body)),
            },
        }
    }

    fn cell_words(&self, cell: &Cell<'_>) -> String {
        match cell {
            Cell::Text(text, _) => text.clone(),
            Cell::Links(links) => links.iter().map(|link: &Resolved| link.words.as_str()).collect::<Vec<_>>().join(", "),
            Cell::Named(id, title) => format!("{id} {title}"),
            Cell::Body(body) => {
                let mut words = String::new();
                for block in &body.blocks {
                    if let BlockKind::Paragraph(content) = &block.kind {
                        words.push_str(&self.length(content));
                    } else {
                        block.each_inline(&mut |inline| {
                            if let InlineKind::Text(text) = &inline.kind {
                                words.push_str(text);
                                words.push(' ');
                            }
                        });
                    }
                    words.push(' ');
                }
                words
            }
        }
    }
}
