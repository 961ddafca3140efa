//! A text as lines for a terminal: words alone, lists indented.

use crate::cli::paper::{Paper, Style};
use crate::read::tree::{Block, BlockKind, Body, Inline, InlineKind, plain};

/// The lines of a text with how far each is indented.
pub(super) fn lines(body: &Body) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    blocks(&body.blocks, 0, "", &mut lines);
    lines
}

/// The same as one text.
pub(super) fn text(body: &Body) -> String {
    lines(body).into_iter().map(|(indent, words)| format!("{}{words}", " ".repeat(indent))).collect::<Vec<_>>().join("\n")
}

fn blocks(blocks: &[Block], indent: usize, mark: &str, lines: &mut Vec<(usize, String)>) {
    for block in blocks {
        let first = lines.len();
        match &block.kind {
            BlockKind::Heading(heading) => lines.push((indent, plain(&heading.content))),
            BlockKind::Paragraph(content) => lines.extend(spoken(content).into_iter().map(|line| (indent, line))),
            BlockKind::Code { text, .. } => lines.extend(text.lines().map(|line| (indent, line.to_owned()))),
            BlockKind::Table(table) => {
                let cells = |row: &Vec<Vec<Inline>>| row.iter().map(|cell| plain(cell)).collect::<Vec<_>>().join(" | ");
                lines.extend(std::iter::once(&table.head).chain(&table.rows).map(|row| (indent, cells(row))));
            }
            BlockKind::List { start, items, .. } => {
                for (number, item) in (start.unwrap_or(0)..).zip(items) {
                    let mark = if start.is_some() { format!("{number}. ") } else { "- ".to_owned() };
                    self::blocks(&item.blocks, indent + 2, &mark, lines);
                }
                continue;
            }
            BlockKind::Quote(inner) | BlockKind::Alert(_, inner) => self::blocks(inner, indent + 2, "", lines),
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    lines.push((indent, plain(&definition.term)));
                    definition.details.iter().for_each(|detail| self::blocks(detail, indent + 2, "", lines));
                }
            }
            BlockKind::Rule => {}
        }
        // The mark of an item stands before its first words, outside its indentation.
        if let Some((at, line)) = lines.get_mut(first).filter(|_| !mark.is_empty() && block.span == blocks[0].span) {
            *line = format!("{mark}{line}");
            *at = at.saturating_sub(2);
        }
    }
}

/// The words of a paragraph, a line for each that its author ended.
fn spoken(content: &[Inline]) -> Vec<String> {
    content.split(|inline| inline.kind == InlineKind::HardBreak).map(plain).collect()
}

/// Prints them.
pub(super) fn print(lines: &[(usize, String)], paper: &mut Paper) {
    for (indent, words) in lines {
        paper.wrapped(2 + indent, Style::Plain, words);
    }
}
