//! The index of the search, as a script that sets one value.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Site;
use super::address;
use super::directory::{name, named_row};
use crate::base::word::{Word, word};
use crate::link::report;
use crate::read::tree::{BlockKind, Body, plain};

/// Longest text of an entry, in characters.
const LONGEST: usize = 200;

/// Kind (a place in [`KINDS`]), identifier, title, address, text, and headings with their anchors.
#[derive(Serialize)]
struct Entry<'a>(u8, String, String, String, String, Vec<(&'a str, &'a str)>);

const KINDS: [Word; 3] = [word!("Documents"), word!("Controls"), word!("Registers and roles")];

/// What the script of the search says.
const SAID: [Word; 4] = [word!("Found"), word!("Nothing found."), word!("{n} result for “{words}”"), word!("{n} results for “{words}”")];

#[derive(Serialize)]
struct Index<'a> {
    kinds: [&'a str; 3],
    /// What the script says, by the English words.
    words: BTreeMap<&'static str, &'a str>,
    entries: Vec<Entry<'a>>,
}

/// The script of the index.
pub(crate) fn index(site: &Site<'_>) -> Vec<u8> {
    let manual = site.manual;
    let view = &manual.view;
    let language = site.language();
    let mut entries = Vec::new();
    for document in &view.documents {
        let text = document.summary.as_ref().map_or(&document.body, |summary| &*summary.text);
        let headings = manual.sections(&document.id).iter().map(|section| (section.title.as_str(), section.id.as_ref()));
        let href = address::document(&document.id);
        entries.push(Entry(0, document.id.to_string(), document.title.to_string(), href, first_words(text), headings.collect()));
    }
    for published in &view.abstracts {
        let href = address::document(&published.id);
        entries.push(Entry(0, published.id.to_string(), published.title.to_string(), href, first_words(&published.text), Vec::new()));
    }
    for catalogue in view.catalogues.in_use() {
        let controls = catalogue.controls.iter().filter(|control| !control.withdrawn);
        entries.extend(controls.map(|control| {
            let title = language.phrase(&report::titled(control));
            Entry(1, name(manual, control), title, address::control(&control.id), catalogue.title.to_string(), Vec::new())
        }));
    }
    for register in &view.registers {
        entries.extend(register.rows.iter().map(|row| {
            let named = named_row(register, row);
            let href = address::row(register.kind.name, &row.id);
            Entry(2, row.id.to_string(), named.title, href, language.say(register.kind.title).to_owned(), Vec::new())
        }));
    }
    let kinds = KINDS.map(|kind| language.say(kind));
    let words = SAID.iter().map(|word| (word.key(), language.say(*word))).collect();
    let mut script = b"window.annexaIndex = ".to_vec();
    // Texts and numbers alone: there is nothing in it that could not be written.
    _ = serde_json::to_writer(&mut script, &Index { kinds, words, entries });
    script.extend_from_slice(b";\n");
    script
}

/// The words of a text's first paragraph, shortened at a space.
pub(crate) fn first_words(body: &Body) -> String {
    let words = body.blocks.iter().find_map(|block| match &block.kind {
        BlockKind::Paragraph(content) => Some(plain(content)),
        _ => None,
    });
    let words = words.unwrap_or_default();
    let Some((end, _)) = words.char_indices().nth(LONGEST) else { return words };
    let cut = &words[..end];
    format!("{}\u{2026}", cut.rsplit_once(' ').map_or(cut, |(whole, _)| whole))
}
