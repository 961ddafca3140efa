//! The index cut into parts: scripts that call `annexaSearch.take` with the digest of the index, the part's name and what it holds.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::entry::Page;
use super::list;
use crate::render::Artifact;

/// Where the parts lie.
pub(super) const FOLDER: &str = "assets/search/";

/// About how many bytes a part has: of words with short lists, of words with long ones, of pages, of texts.
pub(super) const SMALL: usize = 6_000;
pub(super) const LARGE: usize = 12_000;
const PAGES: usize = 4_000;
const TEXTS: usize = 12_000;

/// The parts made so far: their names, and what they hand over.
#[derive(Default)]
pub(super) struct Parts {
    made: Vec<(String, String)>,
}

/// What a page of the results shows: identifier, title, address, the part in which its first text stands, and its other places, each with its title, its anchor,
/// and how many parts further its text stands.
#[derive(Serialize)]
struct Shown<'a>(&'a str, &'a str, &'a str, usize, Vec<(&'a str, &'a str, usize)>);

impl Parts {
    fn add(&mut self, kind: &str, number: usize, value: &impl Serialize) {
        // Texts and numbers alone: there is nothing in it that could not be written.
        self.made.push((format!("{kind}{number}"), serde_json::to_string(value).unwrap_or_default()));
    }

    /// A vocabulary in order; gives the first word of every part. A word is written as the number of letters that it shares with the one before, and the rest.
    pub(super) fn words<'a>(&mut self, kind: &str, size: usize, words: impl Iterator<Item = (&'a str, String)>) -> Vec<String> {
        let mut firsts: Vec<String> = Vec::new();
        let (mut spelled, mut lists, mut last) = (String::new(), String::new(), String::new());
        for (word, places) in words {
            // A word with a very long list stands alone, so that its neighbours do not cost as much.
            if !spelled.is_empty() && spelled.len() + lists.len() + places.len() > size {
                self.add(kind, firsts.len() - 1, &(&spelled, &lists));
                spelled.clear();
                lists.clear();
            }
            if spelled.is_empty() {
                firsts.push(word.to_owned());
                last.clear();
            } else {
                spelled.push(' ');
                lists.push(' ');
            }
            spell(&last, word, &mut spelled);
            lists.push_str(&places);
            word.clone_into(&mut last);
        }
        if !spelled.is_empty() {
            self.add(kind, firsts.len() - 1, &(&spelled, &lists));
        }
        firsts
    }

    /// Words without places.
    pub(super) fn spellings(&mut self, kind: &str, mut words: Vec<String>) -> Vec<String> {
        words.sort_unstable();
        self.words(kind, SMALL, words.iter().map(|word| (word.as_str(), String::new())))
    }

    /// What the results show of pages, and the texts of their places; gives the first page of every part.
    pub(super) fn pages(&mut self, pages: &[&Page], starts: &[u32]) -> String {
        let mut firsts: Vec<u32> = Vec::new();
        let (mut shown, mut size) = (Vec::new(), 0);
        let (mut texts, mut text_size, mut text_part) = (Vec::new(), 0, 0);
        let mut first_place = 0;
        for (number, (page, start)) in pages.iter().zip(starts).enumerate() {
            let mut at = Vec::with_capacity(page.places.len());
            for (place, number) in page.places.iter().zip(*start..) {
                if text_size > 0 && text_size + place.text.len() > TEXTS {
                    self.add("x", text_part, &(first_place, std::mem::take(&mut texts)));
                    (text_part, text_size, first_place) = (text_part + 1, 0, number);
                }
                text_size += place.text.len() + 3;
                texts.push(place.text.as_str());
                at.push(text_part);
            }
            let others = page.places.iter().zip(&at).zip(at.iter().skip(1)).map(|((_, before), own)| own - before);
            let others: Vec<_> =
                page.places.iter().skip(1).zip(others).map(|(place, step)| (place.title.as_str(), place.anchor.as_str(), step)).collect();
            let own =
                page.id.len() + page.title.len() + page.href.len() + others.iter().map(|o| o.0.len() + o.1.len() + 8).sum::<usize>() + 14;
            if size > 0 && size + own > PAGES {
                self.add("p", firsts.len() - 1, &std::mem::take(&mut shown));
                size = 0;
            }
            if size == 0 {
                firsts.push(u32::try_from(number).unwrap_or(u32::MAX));
            }
            size += own;
            shown.push(Shown(&page.id, &page.title, &page.href, at.first().copied().unwrap_or_default(), others));
        }
        if !shown.is_empty() {
            self.add("p", firsts.len() - 1, &shown);
        }
        if !texts.is_empty() {
            self.add("x", text_part, &(first_place, &texts));
        }
        list::encode(&firsts)
    }

    /// All parts as scripts, and the one that is read first.
    pub(super) fn finish(mut self, top: &impl Serialize) -> Vec<Artifact> {
        self.made.push(("top".to_owned(), serde_json::to_string(top).unwrap_or_default()));
        let mut digest = Sha256::new();
        for (name, value) in &self.made {
            digest.update(name);
            digest.update([0]);
            digest.update(value);
        }
        let digest: String = digest.finalize().iter().take(5).map(|byte| format!("{byte:02x}")).collect();
        let script = |(name, value): (String, String)| Artifact {
            bytes: format!("annexaSearch.take(\"{digest}\",\"{name}\",{value});\n").into_bytes(),
            path: format!("{FOLDER}{name}.js"),
        };
        self.made.into_iter().map(script).collect()
    }
}

/// Writes how many letters a word shares with the one before it, as a digit, and the rest of it.
fn spell(before: &str, word: &str, out: &mut String) {
    let same = before.chars().zip(word.chars()).take_while(|(a, b)| a == b).count().min(63);
    out.push(list::digit(same));
    out.extend(word.chars().skip(same));
}
