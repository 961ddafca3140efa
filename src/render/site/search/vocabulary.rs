//! Words, and the places that each of them leads to.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::list;

/// Fewest letters of a word that is looked for within longer ones, and of what stands before it there.
const INNER: usize = 5;
const BEFORE: usize = 3;
/// Fewest letters of a word whose spelling is known.
const SPELLED: usize = 4;

/// Words in order, each with `N` ascending lists of places.
pub(super) struct Vocabulary<const N: usize> {
    words: BTreeMap<Box<str>, [Vec<u32>; N]>,
}

impl<const N: usize> Default for Vocabulary<N> {
    fn default() -> Self {
        Vocabulary { words: BTreeMap::new() }
    }
}

/// Words of some texts, in no order.
#[derive(Default)]
pub(super) struct Gathered {
    words: HashMap<Box<str>, Vec<u32>>,
}

impl Gathered {
    /// A word at a place; places come in ascending order.
    pub(super) fn put(&mut self, word: &str, place: u32) {
        match self.words.get_mut(word) {
            Some(places) if places.last() == Some(&place) => {}
            Some(places) => places.push(place),
            None => _ = self.words.insert(word.into(), vec![place]),
        }
    }
}

impl Vocabulary<1> {
    /// What was gathered from one stretch of texts after the other.
    pub(super) fn of(chunks: Vec<Gathered>) -> Self {
        let mut words: BTreeMap<Box<str>, [Vec<u32>; 1]> = BTreeMap::new();
        for chunk in chunks {
            // Each word goes to a list of its own: in which order they come makes no difference.
            chunk.words.into_iter().for_each(|(word, places)| words.entry(word).or_default()[0].extend(places));
        }
        Vocabulary { words }
    }
}

impl<const N: usize> Vocabulary<N> {
    /// A word at a place, in one of its lists; places come in ascending order.
    pub(super) fn put(&mut self, word: &str, list: usize, place: u32) {
        let lists = match self.words.get_mut(word) {
            Some(lists) => lists,
            None => self.words.entry(word.into()).or_insert_with(|| std::array::from_fn(|_| Vec::new())),
        };
        if lists[list].last() != Some(&place) {
            lists[list].push(place);
        }
    }

    /// Lets every word lead to the compounds that end with it as well: Kontrolle to Zugriffskontrolle.
    pub(super) fn with_compounds(mut self) -> Self {
        let mut compounds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for word in self.words.keys().filter(|word| word.chars().all(char::is_alphabetic)) {
            let letters = word.chars().count();
            let ends = word.char_indices().skip(BEFORE).take((letters + 1).saturating_sub(BEFORE + INNER));
            for (end, _) in ends.map(|(at, _)| word.split_at(at)).filter_map(|(_, end)| self.words.get_key_value(end)) {
                compounds.entry(end).or_default().push(word);
            }
        }
        let joined: Vec<(Box<str>, [Vec<u32>; N])> = compounds
            .into_iter()
            .map(|(end, words)| {
                let lists = std::array::from_fn(|list| {
                    let all = words.iter().copied().chain([end]).filter_map(|word| self.words.get(word));
                    let mut places: Vec<u32> = all.flat_map(|lists| lists[list].iter().copied()).collect();
                    places.sort_unstable();
                    places.dedup();
                    places
                });
                (end.into(), lists)
            })
            .collect();
        self.words.extend(joined);
        self
    }

    /// Every word with its lists as one text, between them commas.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, String)> {
        self.words.iter().map(|(word, lists)| (&**word, lists.each_ref().map(|places| list::encode(places)).join(",")))
    }
}

/// The words that somebody can misspell: of letters alone.
pub(super) fn letters<'a>((names, texts): (&'a Vocabulary<2>, &'a Vocabulary<1>)) -> BTreeSet<&'a str> {
    let all = names.words.keys().chain(texts.words.keys()).map(AsRef::as_ref);
    all.filter(|word: &&str| word.chars().count() >= SPELLED && word.chars().all(char::is_alphabetic)).collect()
}
