//! Tables as Typst code: those of a text, and those of the manual.

use std::fmt::Write;

use super::code::{TableAt, Writer};
use super::literal;
use super::reference::{self, Goal, Resolved};
use super::widths::{self, Form, MARK, Plan, Room};
use crate::base::finding::Span;
use crate::base::id::Reference;
use crate::base::language::Language;
use crate::link::report::{self, Cell, Column, ColumnKind};
use crate::read::tree::{self, Align, Block, BlockKind, Body, Inline, InlineKind};

/// Lines that the first rows of a table may ask a page for; a longer row can be torn.
const MOST_FIRST: f64 = 24.0;

/// Characters that an identifier with its title should have beside each other.
const LEADING: f64 = 21.0;

/// Lines of a row, on average, from which a table is looked at again with the pages of references below them; and by how much that has to lessen them.
const TALL: f64 = 6.0;
const FLATTER: f64 = 0.85;

/// What takes about the room of a page after a reference, in its small type.
const PAGE: &str = "\u{a0}p.00";
/// The same where it may stand on a line of its own.
const PAGE_BELOW: &str = " p.00";

/// What is as wide as the mark before an item of a list.
const ITEM: &str = "\u{2022}\u{a0}\u{a0}";

/// Characters of a text that stands in a row with others; a longer one has a line of its own.
const LONGEST_IN_ROW: usize = 36;

/// A table of the manual, ready to be set: heads of groups among its rows, and where each row was written.
pub(super) struct Grid {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Row>,
    /// Whether the first cell of a row is an identifier with its words.
    named: bool,
}

/// A row of it.
pub(super) enum Row {
    /// A heading over the controls below it, with their number.
    Group(String, usize),
    /// Cells with the places where they were written, and the place that links lead to.
    Cells { place: String, cells: Vec<(Cell, Option<Span>)> },
}

impl Writer<'_, '_> {
    /// How a table of a text is set.
    pub(super) fn plan(&self, table: &tree::Table) -> Plan {
        let words = |cell: &Vec<Inline>| self.length(cell);
        let head: Vec<String> = table.head.iter().map(words).collect();
        let rows: Vec<Vec<String>> = table.rows.iter().map(|row| row.iter().map(words).collect()).collect();
        let room = self.shared.measures;
        let within = Room { width: room.text.width - 12.0, ..room.text };
        let measures: &[Room] = if self.depth == 0 { &[room.text, room.wide] } else { &[within] };
        widths::plan(&head, &rows, measures, 0.0)
    }

    /// The words of a cell as they will be printed: a bare reference prints what it names, and each has its page.
    fn length(&self, cell: &[Inline]) -> String {
        let mut words = String::new();
        for inline in cell {
            match &inline.kind {
                InlineKind::Link { target, content } => {
                    let resolved = self.resolve(target);
                    words.push_str(&if content.is_empty() { resolved.printed() } else { tree::plain(content) });
                    if matches!(resolved.goal, Goal::Place(_)) {
                        words.push_str(PAGE);
                    }
                }
                InlineKind::HardBreak => words.push('\n'),
                InlineKind::Emphasis(content) | InlineKind::Strong(content) | InlineKind::Strike(content) => {
                    words.push_str(&self.length(content));
                }
                _ => words.push_str(&tree::plain(std::slice::from_ref(inline))),
            }
        }
        words
    }

    pub(super) fn table(&mut self, table: &tree::Table, body: Option<&Body>) {
        let plan = self.plan(table);
        let align = |align: &Align| match align {
            Align::None | Align::Left => "start",
            Align::Center => "center",
            Align::Right => "end",
        };
        self.call("data-table", |writer| {
            writer.form(&plan, table.align.iter().map(align), table.has_row_heads());
            let mut place = writer.listed();
            let inside = std::mem::replace(&mut writer.in_table, true);
            writer.deeper(|writer| {
                writer.flat = true;
                writer.cells(&table.head, body);
                writer.flat = false;
                writer.out.push_str(", ");
                for (row, whole) in table.rows.iter().zip(&plan.whole) {
                    let place = place.take().unwrap_or_else(|| "none".into());
                    let _ = write!(writer.out, "\n(kind: \"cells\", place: {place}, whole: {whole}, cells: ");
                    writer.cells(row, body);
                    writer.out.push_str("), ");
                }
            });
            writer.in_table = inside;
        });
    }

    /// Puts a table into the list of those of the book, where it stands in the text of a document itself; gives the place for its first row.
    fn listed(&mut self) -> Option<String> {
        let document = self.from.filter(|_| self.depth == 0)?.id.to_string();
        let number = 1 + self.shared.tables.iter().rev().take_while(|table| table.document == document).count();
        // No heading's id has a slash.
        let place = format!("{document}#table/{number}");
        let defined = self.define(&place);
        self.shared.tables.push(TableAt { document, section: self.section.clone(), place });
        Some(defined)
    }

    /// The argument that every table begins with.
    fn form<'t>(&mut self, plan: &Plan, align: impl Iterator<Item = &'t str>, row_heads: bool) {
        let (form, shares) = match &plan.form {
            Form::Natural => ("natural", String::from("()")),
            Form::Shares(shares) => ("shares", literal::array(shares.iter().map(|share| format!("{share:.2}fr")))),
            Form::Stacked => ("stacked", String::from("()")),
        };
        let align = literal::array(align.map(str::to_owned));
        let _ = write!(
            self.out,
            "(form: \"{form}\", shares: {shares}, align: {align}, wide: {}, small: {}, hyphenate: {}, together: {}, first: {:.1}, row-heads: {row_heads}), ",
            plan.wide,
            plan.small,
            literal::array(plan.hyphenate.iter().map(usize::to_string)),
            plan.together,
            plan.first.min(MOST_FIRST),
        );
    }

    fn cells(&mut self, cells: &[Vec<Inline>], body: Option<&Body>) {
        self.out.push('(');
        for cell in cells {
            self.inlines(cell, body);
            self.out.push_str(", ");
        }
        self.out.push(')');
    }

    /// Definitions of `landscape` and `body` for a table of the manual.
    pub(super) fn grid(&mut self, grid: &Grid) {
        let language = &self.shared.manual.view.project.language;
        // Long heads over figures are set upright, and count as narrow.
        let upright = |column: &Column| column.kind == ColumnKind::Number && language.phrase(&column.label).chars().count() > 8;
        let head: Vec<String> =
            grid.columns.iter().map(|column| if upright(column) { String::new() } else { language.phrase(&column.label) }).collect();
        let rows: Vec<Vec<String>> = grid
            .rows
            .iter()
            .filter_map(|row| match row {
                Row::Group(..) => None,
                Row::Cells { place, cells } => Some(
                    cells
                        .iter()
                        .enumerate()
                        .map(|(x, (cell, _))| match named(grid, x, cell) {
                            Some((id, words)) => format!("{} {}", self.printed(id, place), self.printed(words, place)),
                            None => self.printed(cell, place),
                        })
                        .collect(),
                ),
            })
            .collect();
        let room = self.shared.measures;
        let measures: &[Room] = if grid.columns.len() > 6 { &[room.landscape] } else { &[room.wide, room.landscape] };
        let leading = if grid.named { LEADING } else { 0.0 };
        let mut plan = widths::plan(&head, &rows, measures, leading);
        if plan.form == Form::Stacked || plan.tall > TALL {
            // With the pages below the references there may be room for all columns, or more of it for what is long.
            let apart = |row: &Vec<String>| row.iter().map(|cell| cell.replace(PAGE, PAGE_BELOW)).collect();
            let rows: Vec<Vec<String>> = rows.iter().map(apart).collect();
            let tight = widths::plan(&head, &rows, measures, leading);
            self.tight = tight.form != Form::Stacked && (plan.form == Form::Stacked || tight.tall < FLATTER * plan.tall);
            plan = if self.tight { tight } else { plan };
        }
        let landscape = plan.form != Form::Stacked && (plan.wide || grid.columns.len() > 6);
        self.in_table = true;
        self.depth = 1;
        let _ = writeln!(self.out, "#let landscape = {landscape}");
        self.out.push_str("#let body = ");
        self.call("data-table", |writer| {
            let align = grid.columns.iter().map(|column| if column.kind == ColumnKind::Number { "end" } else { "start" });
            writer.form(&Plan { wide: !landscape, ..plan.clone() }, align, grid.columns.len() > 1);
            writer.out.push('(');
            for column in &grid.columns {
                // A head may be a supplier's name, so it is a user's words.
                let label = language.phrase(&column.label);
                // In a list of heads and values there is room for all of them.
                if upright(column) && plan.form != Form::Stacked {
                    writer.call("upright", |writer| writer.words(&label, None));
                } else {
                    writer.words(&label, None);
                }
                writer.out.push_str(", ");
            }
            writer.out.push_str("), ");
            let mut whole = plan.whole.iter();
            for row in &grid.rows {
                match row {
                    Row::Group(title, count) => {
                        let _ = write!(writer.out, "\n(kind: \"group\", count: {count}, title: ");
                        writer.words(title, None);
                        writer.out.push_str("), ");
                    }
                    Row::Cells { place, cells } => {
                        writer.row.clone_from(place);
                        let place = writer.define(place);
                        writer.is_place = place != "none";
                        let whole = whole.next().copied().unwrap_or(false);
                        let _ = write!(writer.out, "\n(kind: \"cells\", place: {place}, whole: {whole}, cells: (");
                        for (x, (cell, span)) in cells.iter().enumerate() {
                            let write = |writer: &mut Self, span: Option<Span>| match named(grid, x, cell) {
                                Some((id, words)) => writer.call("named", |writer| {
                                    writer.cell(id, span);
                                    writer.out.push_str(", ");
                                    writer.cell(words, span);
                                }),
                                None => writer.cell(cell, span),
                            };
                            match span {
                                Some(span) => writer.at(*span, false, |writer| write(writer, Some(*span))),
                                None => write(writer, None),
                            }
                            writer.out.push_str(", ");
                        }
                        writer.out.push_str(")), ");
                    }
                }
            }
        });
        self.out.push('\n');
    }

    /// What a cell of the manual's tables holds.
    pub(super) fn cell(&mut self, cell: &Cell, span: Option<Span>) {
        let language = &self.shared.manual.view.project.language;
        match cell {
            Cell::Empty => self.out.push_str("none"),
            Cell::Text(text) => self.text(text, span),
            Cell::Date(date) => self.words(&date.to_string(), None),
            Cell::Number(number) => self.words(&number.to_string(), None),
            Cell::Flag(yes) => self.call("flag", |writer| writer.out.push_str(if *yes { "true" } else { "false" })),
            Cell::Phrase(phrase) => self.text(&language.phrase(phrase).replace('`', ""), span),
            Cell::Word(word) => self.words(&language.listed(word), None),
            Cell::Classification(classification) => {
                let name = self.shared.manual.view.project.classification_name(*classification);
                self.words(&language.classification(name), None);
            }
            Cell::State(state) => self.call("state", |writer| literal::string(&mut writer.out, state.key())),
            Cell::Mark(key, words) => self.call("marked", |writer| {
                literal::string(&mut writer.out, key);
                writer.out.push_str(", ");
                writer.words(language.say(*words), None);
            }),
            Cell::Dated(cell, date) => self.call("dated", |writer| {
                writer.cell(cell, span);
                writer.out.push_str(", ");
                literal::string(&mut writer.out, &date.to_string());
            }),
            Cell::Reference(reference) => {
                let resolved = reference::resolve_reference(self.shared.manual, reference);
                self.refer(&resolved);
            }
            Cell::List(cells) if cells.iter().all(is_reference) => {
                let links: Vec<Resolved> = cells.iter().filter_map(|cell| self.reference_of(cell)).collect();
                self.call("links", |writer| {
                    writer.resolved(&links);
                    writer.out.push_str(writer.page_below());
                });
            }
            Cell::List(cells) if in_row(cells, language) => self.listed_cells("in-row", std::slice::from_ref(&cells.as_slice()), span),
            Cell::List(cells) => self.listed_cells("several", &self.in_lines(cells), span),
            Cell::Labelled(label, cell) => self.labelled(&language.listed(label), cell, span),
            Cell::Titled(title, cell) => self.labelled(&language.phrase(title), cell, span),
            Cell::Prose(body) => self.short(&body.blocks, body),
        }
    }

    /// A list of several lines by them: identifiers of a framework that follow each other share one.
    fn in_lines<'c>(&self, cells: &'c [Cell]) -> Vec<&'c [Cell]> {
        let framework = |cell: &Cell| Some(self.reference_of(cell).filter(|resolved| resolved.words.is_empty())?.framework);
        cells.chunk_by(|one, next| framework(one).is_some_and(|one| framework(next) == Some(one))).collect()
    }

    /// The reference that a cell of a list is, without its framework where that has been named before it.
    fn reference_after(&self, last: &mut String, cell: &Cell) -> Option<Resolved> {
        let Some(mut resolved) = self.reference_of(cell) else {
            last.clear();
            return None;
        };
        let named = std::mem::replace(last, resolved.framework.clone());
        if resolved.framework == named {
            resolved.framework.clear();
        }
        Some(resolved)
    }

    /// Lines of cells. A framework is named once, before its controls.
    fn listed_cells(&mut self, function: &str, lines: &[&[Cell]], span: Option<Span>) {
        let mut last = String::new();
        self.call(function, |writer| {
            for line in lines {
                let is_row = lines.len() > 1 && line.len() > 1;
                writer.out.push_str(if is_row { "in-row(" } else { "" });
                for cell in *line {
                    match writer.reference_after(&mut last, cell) {
                        Some(resolved) => writer.refer(&resolved),
                        None => writer.cell(cell, span),
                    }
                    writer.out.push_str(", ");
                }
                writer.out.push_str(if is_row { "), " } else { "" });
            }
        });
    }

    /// A reference, with its page unless it is to the row that it stands in, to which it leads nobody.
    pub(super) fn refer(&mut self, resolved: &Resolved) {
        let is_here = matches!(&resolved.goal, Goal::Place(place) if *place == self.row);
        let here = Resolved { goal: Goal::Nowhere, ..resolved.clone() };
        self.call("refer", |writer| {
            writer.one(if is_here && writer.is_place { &here } else { resolved });
            writer.out.push_str(if is_here { ", page: none" } else { writer.page_below() });
        });
    }

    /// The argument that lets the page of a reference stand below it, where it may.
    fn page_below(&self) -> &'static str {
        if self.tight { ", page: \" \"" } else { "" }
    }

    /// Words before a cell.
    fn labelled(&mut self, words: &str, cell: &Cell, span: Option<Span>) {
        self.call("labelled", |writer| {
            writer.words(words, None);
            writer.out.push_str(", ");
            writer.cell(cell, span);
        });
    }

    fn reference_of(&self, cell: &Cell) -> Option<Resolved> {
        match cell {
            Cell::Reference(reference) => Some(reference::resolve_reference(self.shared.manual, reference)),
            _ => None,
        }
    }

    /// The words of a cell, for an estimate of its length.
    fn printed(&self, cell: &Cell, here: &str) -> String {
        let project = &self.shared.manual.view.project;
        let language = &project.language;
        match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => text.to_string(),
            Cell::Date(date) => date.to_string(),
            Cell::Number(number) => number.to_string(),
            Cell::Flag(_) => "yes".into(),
            Cell::Phrase(phrase) => language.phrase(phrase),
            Cell::Classification(classification) => language.classification(project.classification_name(*classification)),
            Cell::Word(word) => language.listed(word),
            Cell::State(state) => format!("{MARK}{}", language.say(state.words())),
            Cell::Mark(_, words) => format!("{MARK}{}", language.say(*words)),
            Cell::Dated(cell, date) => format!("{} {date}", self.printed(cell, here)),
            Cell::Reference(reference) => printed(&reference::resolve_reference(self.shared.manual, reference), here),
            Cell::List(cells) => {
                let words = |cell| self.reference_of(cell).is_some_and(|resolved| !resolved.id.is_empty() && !resolved.words.is_empty());
                let mut last = String::new();
                let mut one = |cell: &Cell| match self.reference_after(&mut last, cell) {
                    Some(resolved) => printed(&resolved, here),
                    None => self.printed(cell, here),
                };
                let mut join = |cells: &[Cell], apart: &str| cells.iter().map(&mut one).collect::<Vec<_>>().join(apart);
                if cells.iter().any(words) {
                    join(cells, "\n")
                } else if in_row(cells, language) || cells.iter().all(is_reference) {
                    join(cells, ", ")
                } else {
                    self.in_lines(cells).into_iter().map(|line| join(line, ", ")).collect::<Vec<_>>().join("\n")
                }
            }
            Cell::Labelled(label, cell) => format!("{}: {}", language.listed(label), self.printed(cell, here)),
            Cell::Titled(title, cell) => format!("{}: {}", language.phrase(title), self.printed(cell, here)),
            Cell::Prose(body) => self.lines(&body.blocks).join("\n"),
        }
    }

    /// Blocks by the lines that are begun in them.
    fn lines(&self, blocks: &[Block]) -> Vec<String> {
        let mut lines = Vec::new();
        for block in blocks {
            match &block.kind {
                BlockKind::Paragraph(content) => lines.push(self.length(content)),
                BlockKind::List { items, .. } => {
                    lines.extend(items.iter().flat_map(|item| self.lines(&item.blocks)).map(|line| format!("{ITEM}{line}")));
                }
                BlockKind::Quote(blocks) | BlockKind::Alert(_, blocks) => lines.extend(self.lines(blocks)),
                BlockKind::Code { text, .. } => lines.extend(text.lines().map(str::to_owned)),
                _ => block.each_inline(&mut |inline| {
                    if let InlineKind::Text(text) = &inline.kind {
                        lines.push(text.to_string());
                    }
                }),
            }
        }
        lines
    }
}

/// Identifier and words of a row's first cell.
fn named<'c>(grid: &Grid, x: usize, cell: &'c Cell) -> Option<(&'c Cell, &'c Cell)> {
    match cell {
        Cell::List(cells) if x == 0 && grid.named => match cells.as_slice() {
            [id, words] => Some((id, words)),
            _ => None,
        },
        _ => None,
    }
}

/// The words of a reference with its page, for an estimate of their length.
fn printed(resolved: &Resolved, here: &str) -> String {
    let leads = matches!(&resolved.goal, Goal::Place(place) if place != here) && !resolved.id.is_empty();
    resolved.printed() + if leads { PAGE } else { "" }
}

fn is_reference(cell: &Cell) -> bool {
    matches!(cell, Cell::Reference(_))
}

/// Whether a list is of identifiers and short words, which follow one another in a row.
fn in_row(cells: &[Cell], language: &Language) -> bool {
    cells.iter().all(|cell| match cell {
        Cell::Text(text) => text.chars().count() <= LONGEST_IN_ROW,
        Cell::Phrase(phrase) => language.phrase(phrase).chars().count() <= LONGEST_IN_ROW,
        Cell::Reference(_) | Cell::Word(_) | Cell::Number(_) => true,
        _ => false,
    })
}

/// A report's table as one to be set: the identifier and the words after it in one column, which heads the row; and each cell's place by `span`.
pub(super) fn grid_of(
    table: report::Table,
    group: impl Fn(&report::TableRow) -> Option<String>,
    span: impl Fn(&str, &str) -> Option<Span>,
) -> Grid {
    let named = matches!(table.columns.as_slice(), [id, words, ..] if id.kind == ColumnKind::Id && words.kind == ColumnKind::Words);
    let is_role = |cell: &Cell| matches!(cell, Cell::Reference(Reference::Item { id, .. }) if id.is_role());
    let keys: Vec<&str> = table.columns.iter().map(|column| column.key).collect();
    let mut rows = Vec::with_capacity(table.rows.len());
    let mut last = None;
    let mut head = None;
    for row in table.rows {
        let title = group(&row);
        if title.is_some() && title != last {
            head = title.clone().map(|_| rows.len());
            rows.extend(title.clone().map(|title| Row::Group(title, 0)));
        }
        last = title;
        if let Some(Row::Group(_, count)) = head.and_then(|head| rows.get_mut(head)) {
            *count += 1;
        }
        let mut cells: Vec<_> = row.cells.into_iter().zip(&keys).map(|(cell, key)| (cell, span(&row.id, key))).collect();
        if named && cells.len() > 1 {
            let (words, place) = cells.remove(1);
            let id = std::mem::replace(&mut cells[0].0, Cell::Empty);
            // A role is called by its title already.
            cells[0] = (if is_role(&id) { words } else { Cell::List(vec![id, words]) }, place);
        }
        rows.push(Row::Cells { place: row.id, cells });
    }
    let mut columns = table.columns;
    if named {
        let id = columns.remove(0);
        if id.key == "control" {
            columns[0].label = id.label;
        }
    }
    Grid { columns, rows, named }
}
