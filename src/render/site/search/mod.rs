//! The search: an index in parts, each a script that hands one value over, so that one way serves a server, a disk and a strict policy.
//!
//! `entry` gathers what can be found, `word` takes texts apart, `list` and `vocabulary` write what a word leads to, `part` cuts all of it into
//! files. `themes/default/search/find.js` reads them: what a word is, and how lists are written, is decided here and there alike.
//!
//! Law 2: everything comes from one view's manual. Law 4: the parts are the same however many threads made them.

mod entry;
mod list;
mod part;
mod vocabulary;
mod word;

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::Site;
use super::values;
use crate::base::word::{Word, word};
use crate::read::tree::{BlockKind, Body};
use crate::render::Artifact;
use crate::render::export::plain::Said;
use entry::{Kind, Page};
use part::Parts;
use vocabulary::Vocabulary;

/// Where the index lies, beside the scripts that read it.
pub(crate) const FOLDER: &str = part::FOLDER;

/// Longest description of a page, in characters.
const LONGEST: usize = 200;

/// What the scripts of the search say.
const SAID: [Word; 12] = [
    word!("Found"),
    word!("Nothing found."),
    word!("{n} result for “{words}”"),
    word!("{n} results for “{words}”"),
    word!("{n} result"),
    word!("{n} results"),
    word!("All results"),
    word!("All kinds"),
    word!("More results"),
    word!("Nothing is written “{typed}” here; these hold “{found}”."),
    word!("No page holds all of these words; these hold some of them."),
    word!("Narrow the results"),
];

/// What is read first: which kinds of pages there are, where each page begins, and which words each part begins with.
#[derive(Serialize)]
struct Top<'a> {
    /// What the scripts say, by the English words.
    words: BTreeMap<&'static str, &'a str>,
    /// Headings over the kinds.
    groups: Vec<String>,
    /// Of each kind: its key in addresses, its title, its group, and how many pages it has.
    kinds: Vec<(&'a str, &'a str, usize, usize)>,
    /// How many places there are.
    places: u32,
    /// The first place of every page.
    starts: String,
    /// The first page of every part of pages.
    pages: String,
    /// The first words of the parts of each vocabulary.
    ids: Vec<String>,
    names: Vec<String>,
    texts: Vec<String>,
    forward: Vec<String>,
    backward: Vec<String>,
}

/// The index of the search. `overviews` are the pages that are neither documents nor controls nor rows.
pub(crate) fn index(site: &Site<'_>, overviews: Vec<values::Page>) -> Vec<Artifact> {
    let language = site.language();
    let kinds = entry::kinds(site, overviews);
    let pages: Vec<&Page> = kinds.iter().flat_map(|kind| &kind.pages).collect();
    let mut starts = Vec::with_capacity(pages.len());
    let mut places = 0;
    for page in &pages {
        starts.push(places);
        places += u32::try_from(page.places.len()).unwrap_or(u32::MAX);
    }

    let (texts, (ids, names)) = rayon::join(|| texts(&pages, &starts), || (ids(&pages, &starts), names(&pages, &starts)));
    let spelled = vocabulary::letters((&names, &texts));
    let reversed: Vec<String> = spelled.iter().map(|word| word.chars().rev().collect()).collect();
    let mut parts = Parts::default();
    let top = Top {
        words: SAID.iter().map(|word| (word.key(), language.say(*word))).collect(),
        groups: entry::GROUPS.iter().map(|word| site.say(*word)).collect(),
        kinds: kinds.iter().map(|kind: &Kind| (kind.key.as_str(), kind.title.as_str(), kind.group, kind.pages.len())).collect(),
        places,
        starts: list::encode(&starts),
        pages: parts.pages(&pages, &starts),
        ids: parts.words("i", part::SMALL, ids.iter()),
        names: parts.words("n", part::SMALL, names.iter()),
        texts: parts.words("t", part::LARGE, texts.iter()),
        forward: parts.spellings("f", spelled.iter().map(|word| (*word).to_owned()).collect()),
        backward: parts.spellings("b", reversed),
    };
    parts.finish(&top)
}

/// Identifiers, as people may write them, and what they end with.
fn ids(pages: &[&Page], starts: &[u32]) -> Vocabulary<2> {
    let mut ids = Vocabulary::default();
    for (page, start) in pages.iter().zip(starts) {
        page.ids.iter().for_each(|id| ids.put(id, 0, *start));
        page.tails.iter().for_each(|id| ids.put(id, 1, *start));
    }
    ids
}

/// The words of titles, and those of headings.
fn names(pages: &[&Page], starts: &[u32]) -> Vocabulary<2> {
    let mut names = Vocabulary::default();
    for (page, start) in pages.iter().zip(starts) {
        word::each(&page.title, &mut |word| names.put(word, 0, *start));
        for (place, number) in page.places.iter().zip(*start..) {
            word::each(&place.title, &mut |word| names.put(word, 1, number));
        }
    }
    names.with_compounds()
}

/// The words of all texts.
fn texts(pages: &[&Page], starts: &[u32]) -> Vocabulary<1> {
    let chunks: Vec<_> = pages
        .par_chunks(256)
        .zip(starts.par_chunks(256))
        .map(|(pages, starts)| {
            let mut gathered = vocabulary::Gathered::default();
            for (page, start) in pages.iter().zip(starts) {
                for (place, number) in page.places.iter().zip(*start..) {
                    word::each(&place.text, &mut |word| gathered.put(word, number));
                }
            }
            gathered
        })
        .collect();
    Vocabulary::of(chunks).with_compounds()
}

/// The words of a text's first paragraph, shortened at a space.
pub(crate) fn first_words(said: Said<'_>, body: &Body) -> String {
    let words = body.blocks.iter().find_map(|block| match &block.kind {
        BlockKind::Paragraph(content) => Some(said.line(content)),
        _ => None,
    });
    let words = words.unwrap_or_default();
    let Some((end, _)) = words.char_indices().nth(LONGEST) else { return words };
    let cut = &words[..end];
    format!("{}\u{2026}", cut.rsplit_once(' ').map_or(cut, |(whole, _)| whole))
}
