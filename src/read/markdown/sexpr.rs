//! The tree as a line of text a block, for tests.

use crate::base::finding::Span;
use crate::read::tree::{Block, BlockKind, Body, Inline, InlineKind, Target};

pub(super) fn body(body: &Body) -> String {
    let mut out = blocks(&body.blocks, 0);
    for (number, note) in body.footnotes.iter().enumerate() {
        out += &format!("(note {number} {:?}\n{})\n", note.label, blocks(&note.blocks, 1).trim_end());
    }
    out.trim_end().to_owned()
}

fn blocks(list: &[Block], depth: usize) -> String {
    list.iter().map(|block| format!("{}{}\n", "  ".repeat(depth), one(block, depth))).collect()
}

fn held(head: &str, list: &[Block], depth: usize) -> String {
    if list.is_empty() { format!("({head})") } else { format!("({head}\n{})", blocks(list, depth + 1).trim_end()) }
}

fn one(block: &Block, depth: usize) -> String {
    match &block.kind {
        BlockKind::Heading(h) => {
            let claims: String = h.claims.iter().map(|claim| format!(" <{}>", claim.value)).collect();
            let mark = h.classification.as_ref().map(|mark| format!(" !{}", mark.value)).unwrap_or_default();
            format!("(h{} #{}{claims}{mark}{})", h.level, h.id, inlines(&h.content))
        }
        BlockKind::Paragraph(content) => format!("(p{})", inlines(content)),
        BlockKind::List { start, tight, items } => {
            let pad = "  ".repeat(depth + 1);
            let head = start.map(|start| format!("ol {start}")).unwrap_or("ul".into());
            let items: Vec<String> = items
                .iter()
                .map(|item| {
                    let check = item.checked.map(|ticked| if ticked { " [x]" } else { " [ ]" }).unwrap_or_default();
                    format!("{pad}{}", held(&format!("li{check}"), &item.blocks, depth + 1))
                })
                .collect();
            format!("({head}{}\n{})", if *tight { "" } else { " loose" }, items.join("\n"))
        }
        BlockKind::Quote(list) => held("quote", list, depth),
        BlockKind::Alert(alert, list) => held(alert.word(), list, depth),
        BlockKind::Code { language, text } => format!("(code {language:?} {text:?})"),
        BlockKind::Table(table) => {
            let row = |cells: &Vec<Vec<Inline>>| cells.iter().map(|cell| format!(" |{}", inlines(cell))).collect::<String>();
            let rows: String = table.rows.iter().map(|cells| format!("\n{}(row{})", "  ".repeat(depth + 1), row(cells))).collect();
            format!("(table {:?}{}{rows})", table.align, row(&table.head))
        }
        BlockKind::Definitions(definitions) => {
            let pad = "  ".repeat(depth + 1);
            let list: String = definitions
                .iter()
                .map(|d| {
                    let details: String = d.details.iter().map(|detail| format!("\n{pad}{}", held("dd", detail, depth + 1))).collect();
                    format!("\n{pad}(dt{}){details}", inlines(&d.term))
                })
                .collect();
            format!("(dl{list})")
        }
        BlockKind::Rule => "(hr)".into(),
    }
}

pub(super) fn inlines(list: &[Inline]) -> String {
    list.iter().map(|inline| format!(" {}", word(&inline.kind))).collect()
}

fn word(kind: &InlineKind) -> String {
    match kind {
        InlineKind::Text(text) => format!("{text:?}"),
        InlineKind::Code(text) => format!("(` {text:?})"),
        InlineKind::Emphasis(list) => format!("(em{})", inlines(list)),
        InlineKind::Strong(list) => format!("(strong{})", inlines(list)),
        InlineKind::Strike(list) => format!("(del{})", inlines(list)),
        InlineKind::Sub(list) => format!("(sub{})", inlines(list)),
        InlineKind::Sup(list) => format!("(sup{})", inlines(list)),
        InlineKind::Kbd(list) => format!("(kbd{})", inlines(list)),
        InlineKind::Link { target, content } => {
            let target = match target {
                Target::Reference(reference) => format!("[[{reference}]]"),
                Target::Path { path, section: None } => path.to_string(),
                Target::Path { path, section: Some(section) } => format!("{path}#{section}"),
                Target::Section(section) => format!("#{section}"),
                Target::Url(url) => format!("<{url}>"),
            };
            format!("(a {target}{})", inlines(content))
        }
        InlineKind::Image { path, alt, title } if title.is_empty() => format!("(img {path} {alt:?})"),
        InlineKind::Image { path, alt, title } => format!("(img {path} {alt:?} {title:?})"),
        InlineKind::Footnote(number) => format!("^{number}"),
        InlineKind::SoftBreak => "~".into(),
        InlineKind::HardBreak => "/".into(),
    }
}

/// Every text of the tree that someone may come to see.
pub(super) fn texts(body: &Body) -> Vec<String> {
    let mut out: Vec<String> = body.footnotes.iter().map(|note| note.label.to_string()).collect();
    for heading in body.headings() {
        out.push(heading.id.to_string());
        out.extend(heading.claims.iter().map(|claim| claim.value.to_string()));
        out.extend(heading.classification.iter().map(|mark| mark.value.to_string()));
    }
    body.each_inline(&mut |inline| match &inline.kind {
        InlineKind::Text(text) | InlineKind::Code(text) => out.push(text.to_string()),
        InlineKind::Link { target: Target::Reference(reference), .. } => out.push(reference.to_string()),
        InlineKind::Link { target: Target::Path { path, section }, .. } => {
            out.extend([path.to_string(), section.as_deref().unwrap_or("").into()])
        }
        InlineKind::Link { target: Target::Section(text) | Target::Url(text), .. } => out.push(text.to_string()),
        InlineKind::Image { path, alt, title } => out.extend([path.to_string(), alt.to_string(), title.to_string()]),
        _ => {}
    });
    let mut blocks: Vec<&Block> = body.blocks.iter().chain(body.footnotes.iter().flat_map(|note| &note.blocks)).collect();
    while let Some(block) = blocks.pop() {
        match &block.kind {
            BlockKind::Code { language, text } => out.extend([language.to_string(), text.to_string()]),
            BlockKind::Quote(list) | BlockKind::Alert(_, list) => blocks.extend(list),
            BlockKind::List { items, .. } => blocks.extend(items.iter().flat_map(|item| &item.blocks)),
            BlockKind::Definitions(list) => blocks.extend(list.iter().flat_map(|d| d.details.iter().flatten())),
            _ => {}
        }
    }
    out
}

/// Every span of the tree, outermost first, with what it is.
pub(super) fn spans(body: &Body) -> Vec<(Span, String)> {
    let mut out = Vec::new();
    for block in &body.blocks {
        of_block(block, &mut out);
    }
    for note in &body.footnotes {
        out.push((note.span, format!("note {}", note.label)));
        note.blocks.iter().for_each(|block| of_block(block, &mut out));
    }
    out
}

fn of_block(block: &Block, out: &mut Vec<(Span, String)>) {
    let name = one(block, 0).trim_start_matches('(').split([' ', '\n', ')']).next().unwrap_or_default().to_owned();
    out.push((block.span, name));
    match &block.kind {
        BlockKind::Heading(heading) => {
            out.extend(heading.claims.iter().map(|claim| (claim.span, format!("claim {}", claim.value))));
            out.extend(heading.classification.iter().map(|mark| (mark.span, format!("mark {}", mark.value))));
            of_inlines(&heading.content, out);
        }
        BlockKind::Paragraph(content) => of_inlines(content, out),
        BlockKind::List { items, .. } => {
            for item in items {
                out.push((item.span, "li".into()));
                item.blocks.iter().for_each(|block| of_block(block, out));
            }
        }
        BlockKind::Quote(list) | BlockKind::Alert(_, list) => list.iter().for_each(|block| of_block(block, out)),
        BlockKind::Table(table) => table.head.iter().chain(table.rows.iter().flatten()).for_each(|cell| of_inlines(cell, out)),
        BlockKind::Definitions(definitions) => {
            for definition in definitions {
                of_inlines(&definition.term, out);
                definition.details.iter().flatten().for_each(|block| of_block(block, out));
            }
        }
        BlockKind::Code { .. } | BlockKind::Rule => {}
    }
}

fn of_inlines(list: &[Inline], out: &mut Vec<(Span, String)>) {
    for inline in list {
        out.push((inline.span, word(&inline.kind)));
        match &inline.kind {
            InlineKind::Emphasis(list)
            | InlineKind::Strong(list)
            | InlineKind::Strike(list)
            | InlineKind::Sub(list)
            | InlineKind::Sup(list)
            | InlineKind::Kbd(list)
            | InlineKind::Link { content: list, .. } => of_inlines(list, out),
            _ => {}
        }
    }
}
