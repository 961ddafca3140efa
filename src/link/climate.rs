//! Whether a text speaks of climate change (ISO/IEC 27001:2022/Amd 1:2024, 4.1 and 4.2).

use crate::base::id::Reference;
use crate::read::document::Document;
use crate::read::tree;
use crate::read::tree::{Block, BlockKind};

/// Words before "climate" that make it a matter of moods and markets.
const NOT_WEATHER: &[&str] = &["business", "economic", "financial", "investment", "political", "social", "work", "working", "workplace"];

/// German words that begin as "Klima" does and are about air in rooms.
const AIR: &[&str] = &["klimaanlage", "klimager", "klimaschr", "klimatechnik", "klimatisier", "klimaraum"];

/// Whether one of these speaks of climate change: the document, or those sections of it that the references name.
pub fn is_named(document: &Document, claiming: &[Reference]) -> bool {
    let sections: Option<Vec<&str>> = claiming
        .iter()
        .map(|reference| match reference {
            Reference::Item { section: Some(section), .. } => Some(section.as_ref()),
            _ => None,
        })
        .collect();
    let mut inside: Option<u8> = None;
    let mut names = document.body.blocks.iter().filter(|block| {
        let (Some(sections), BlockKind::Heading(heading)) = (&sections, &block.kind) else { return sections.is_none() || inside.is_some() };
        inside = inside.filter(|level| heading.level > *level).or_else(|| sections.contains(&heading.id.as_ref()).then_some(heading.level));
        inside.is_some()
    });
    names.any(block_names) || document.body.footnotes.iter().flat_map(|note| &note.blocks).any(block_names)
}

fn block_names(block: &Block) -> bool {
    match &block.kind {
        BlockKind::Heading(heading) => words_name(&tree::plain(&heading.content)),
        BlockKind::Paragraph(content) => words_name(&tree::plain(content)),
        BlockKind::List { items, .. } => items.iter().flat_map(|item| &item.blocks).any(block_names),
        BlockKind::Quote(blocks) | BlockKind::Alert(_, blocks) => blocks.iter().any(block_names),
        BlockKind::Table(table) => table.head.iter().chain(table.rows.iter().flatten()).any(|cell| words_name(&tree::plain(cell))),
        BlockKind::Definitions(definitions) => definitions
            .iter()
            .any(|definition| words_name(&tree::plain(&definition.term)) || definition.details.iter().flatten().any(block_names)),
        BlockKind::Code { .. } | BlockKind::Rule => false,
    }
}

fn words_name(text: &str) -> bool {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.iter().enumerate().any(|(at, word)| {
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let after = words.get(at + 1);
        match *word {
            "climate" | "climatic" => !before.is_some_and(|word| NOT_WEATHER.contains(word)) && after != Some(&"control"),
            "warming" => before == Some(&"global"),
            "erderwärmung" => true,
            word => word.starts_with("klima") && !AIR.iter().any(|air| word.starts_with(air)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::words_name;

    #[test]
    fn climate_change_is_told_from_other_climates() {
        for text in [
            "Climate change is not relevant.",
            "the climate is changing",
            "Der Klimawandel ist nicht relevant.",
            "Global warming",
            "Klima: kein Thema",
        ] {
            assert!(words_name(text), "{text}");
        }
        for text in [
            "The business climate is good.",
            "Climate control of the server room",
            "Klimaanlage im Serverraum",
            "Betriebsklima",
            "acclimated",
        ] {
            assert!(!words_name(text), "{text}");
        }
    }
}
