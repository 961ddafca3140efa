//! What must not be said: words, names and runs of words that stand in withheld material alone.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use super::source::{Passage, Weight};
use super::word::{Gap, Piece, pieces, sequence};
use crate::base::finding::Place;
use crate::base::source::FileId;

/// How many words in a row are a quotation.
const RUN: usize = 5;
/// The most pieces of a name.
const LONGEST_NAME: usize = 8;
/// Keeps words in capitals apart from others.
const CAPITALS: u64 = 0x5bd1_e995_9d1b_58d3;

/// Where something withheld stands: a file, and a range of its text where that can be told.
pub(super) type Origin = (FileId, Option<(u32, u32)>);

/// A set or map by hashes that are hashes already.
#[derive(Default)]
pub(super) struct Plain(u64);

impl Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

type Map = HashMap<u64, Origin, BuildHasherDefault<Plain>>;
pub(super) type Set = HashSet<u64, BuildHasherDefault<Plain>>;

/// What is withheld and must not be found.
#[derive(Default)]
pub(super) struct Secrets {
    all: Map,
    /// The last pieces of names: where none of them stands, no name ends.
    ends: Set,
}

/// Something of them that was found.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    /// What.
    pub(super) key: u64,
    /// Where it stands in the text that was scanned.
    pub(super) range: Range<usize>,
    /// How many words it is.
    pub(super) words: usize,
}

impl Secrets {
    /// Takes what a withheld passage says.
    pub(super) fn gather(&mut self, passage: &Passage) {
        let text = passage.text.as_ref();
        // Runs of words between breaks.
        let mut runs: Vec<Vec<Piece>> = vec![Vec::new()];
        let mut end = |secrets: &mut Secrets, compound: &[Piece]| {
            // What stands before a number is a prefix: `POL-004`.
            let has_digits = compound.len() > 1 && compound.iter().any(|piece| piece.digits);
            for piece in compound.iter().filter(|piece| is_telling(piece) && (piece.chars > 3 || !has_digits)) {
                secrets.add(key_of(piece), passage, piece.range());
            }
            if is_name(compound) {
                let key = sequence(0, compound.iter().map(|piece| piece.hash));
                let (first, last) = (compound[0], compound[compound.len() - 1]);
                secrets.add(key, passage, first.start..last.end);
                secrets.ends.insert(last.hash);
            }
            if compound[0].gap == Gap::Break {
                runs.push(Vec::new());
            }
            if let Some(words) = runs.last_mut()
                && compound.iter().all(|piece| !piece.digits)
            {
                words.extend(compound);
            }
        };
        compounds(text, |compound| end(self, compound));
        for words in runs {
            let length = match passage.weight {
                Weight::Words => return,
                Weight::Title if (3..RUN).contains(&words.len()) => words.len(),
                Weight::Title | Weight::Text => RUN,
            };
            for run in words.windows(length) {
                let key = sequence(length as u64, run.iter().map(|piece| piece.hash));
                self.add(key, passage, run[0].start..run[length - 1].end);
            }
        }
    }

    /// Takes a word as it is: a digest.
    pub(super) fn gather_word(&mut self, word: &str, file: FileId) {
        pieces(word, |piece| {
            self.all.entry(piece.hash).or_insert((file, None));
        });
    }

    fn add(&mut self, key: u64, passage: &Passage, range: Range<usize>) {
        self.all.entry(key).or_insert_with(|| (passage.file, passage.place(range)));
    }

    /// Whether there is nothing to look for.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Finds in a text whatever of them it says.
    pub(super) fn scan(&self, text: &str, mut found: impl FnMut(Hit)) {
        let mut recent: Vec<Piece> = Vec::with_capacity(LONGEST_NAME);
        let mut words = Words::default();
        compounds(text, |compound| {
            let has_digits = compound.iter().any(|piece| piece.digits);
            for piece in compound {
                let key = key_of(piece);
                if self.all.contains_key(&key) {
                    found(Hit { key, range: piece.range(), words: 1 });
                }
                if matches!(piece.gap, Gap::Wide | Gap::Break) {
                    recent.clear();
                }
                if piece.gap == Gap::Break {
                    words = Words::default();
                }
                if recent.len() == LONGEST_NAME {
                    recent.remove(0);
                }
                recent.push(*piece);
                if recent.len() > 1 && self.ends.contains(&piece.hash) {
                    for from in 0..recent.len() - 1 {
                        let key = sequence(0, recent[from..].iter().map(|piece| piece.hash));
                        if self.all.contains_key(&key) {
                            found(Hit { key, range: recent[from].start..piece.end, words: 1 });
                        }
                    }
                }
                if !has_digits {
                    words.push(piece);
                    for length in 3..=RUN {
                        if let Some((key, start)) = words.last(length)
                            && self.all.contains_key(&key)
                        {
                            found(Hit { key, range: start..piece.end, words: length });
                        }
                    }
                }
            }
        });
    }

    /// Forgets what was found in what is open.
    pub(super) fn forget(&mut self, keys: &Set) {
        self.all.retain(|key, _| !keys.contains(key));
    }

    /// Where it stands in the sources.
    pub(super) fn origin(&self, key: u64) -> Option<Origin> {
        self.all.get(&key).copied()
    }
}

/// The last words of a text.
#[derive(Default)]
struct Words {
    ring: [(u64, usize); RUN],
    count: usize,
}

impl Words {
    fn push(&mut self, piece: &Piece) {
        self.ring.rotate_left(1);
        self.ring[RUN - 1] = (piece.hash, piece.start);
        self.count += 1;
    }

    fn last(&self, length: usize) -> Option<(u64, usize)> {
        let last = &self.ring[RUN - length..];
        (self.count >= length).then(|| (sequence(length as u64, last.iter().map(|(hash, _)| *hash)), last[0].1))
    }
}

/// Pieces that are joined into names: `db-prod-01`, `jane.doe@example.com`, and every other piece on its own.
fn compounds(text: &str, mut each: impl FnMut(&[Piece])) {
    let mut open: Vec<Piece> = Vec::new();
    pieces(text, |piece| {
        if !matches!(piece.gap, Gap::Joiner(_)) && !open.is_empty() {
            each(&open);
            open.clear();
        }
        open.push(piece);
    });
    if !open.is_empty() {
        each(&open);
    }
}

/// Whether a piece says something by itself. Short ones and plain numbers stand everywhere, in sizes, counts and colours.
fn is_telling(piece: &Piece) -> bool {
    if piece.letters { piece.chars >= 4 || piece.chars == 3 && piece.capitals && !piece.digits } else { piece.chars >= 6 }
}

/// Three capitals are a word only where they are capitals again.
fn key_of(piece: &Piece) -> u64 {
    if piece.chars <= 3 { if piece.capitals { piece.hash ^ CAPITALS } else { !piece.hash } } else { piece.hash }
}

/// Whether pieces that are joined name something: `RSK-012`, `db-prod-01`, `10.0.7.12`, an address, a file. Words with hyphens and dates do not.
fn is_name(compound: &[Piece]) -> bool {
    if compound.len() < 2 || compound.len() > LONGEST_NAME {
        return false;
    }
    let joined = |joiner: u8| compound[1..].iter().filter(|piece| piece.gap == Gap::Joiner(joiner)).count();
    let digits = compound.iter().any(|piece| piece.digits);
    let first = compound[0];
    let last = compound[compound.len() - 1];
    let begins_with_letter = first.letters && !first.digits;
    let mixed = digits
        && compound.iter().any(|piece| piece.letters)
        && (begins_with_letter || compound.iter().any(|piece| piece.letters && piece.capitals));
    let address = compound.len() == 4 && joined(b'.') == 3 && compound.iter().all(|piece| !piece.letters && piece.chars <= 3);
    let file = last.gap == Gap::Joiner(b'.') && first.chars >= 4 && (2..=5).contains(&last.chars) && last.letters;
    let host = compound.len() >= 3 && joined(b'.') == compound.len() - 1 && compound.iter().all(|piece| piece.letters && piece.chars >= 2);
    mixed || address || file || host || joined(b'@') > 0 || joined(b'_') > 0
}

/// The place of an origin, for a finding.
pub(super) fn place(origin: Origin, sources: &crate::base::source::Sources) -> Place {
    match origin {
        (file, Some((start, end))) => Place::Span(crate::base::finding::Span { file, start, end }),
        (file, None) => Place::File(sources.file(file).path.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(withheld: &str, text: &str) -> Vec<String> {
        let mut secrets = Secrets::default();
        secrets.gather(&Passage::new(FileId(0), withheld.to_owned(), vec![(0, 0)], Weight::Text));
        let mut hits = Vec::new();
        secrets.scan(text, |hit| hits.push(text[hit.range].to_owned()));
        hits
    }

    #[test]
    fn words_are_found_in_any_case_and_short_ones_are_not() {
        assert_eq!(found("The Falkenried deal", "of FALKENRIED, the"), ["FALKENRIED"]);
        assert!(found("to be or not", "to be or not").is_empty());
        assert_eq!(found("with KPM soon", "KPM and kpm"), ["KPM"]);
    }

    #[test]
    fn names_are_found_however_they_are_joined() {
        for (withheld, text) in [
            ("see RSK-012.", "x/rsk-012.html"),
            ("see RSK-012.", "RSK 012"),
            ("on db-prod-01", "DB_PROD_01"),
            ("at 10.0.7.12", "ip:10.0.7.12"),
            ("ask j.d@ex.io", "<j.d@ex.io>"),
            ("run a_b", "a_b"),
        ] {
            assert!(!found(withheld, text).is_empty(), "{withheld:?} in {text:?}");
        }
        for (withheld, text) in
            [("on 2026-03-02", "2026-03-02"), ("a 30-day run", "30-day"), ("an add-on", "add-on"), ("RSK-012", "RSK-013")]
        {
            assert!(found(withheld, text).is_empty(), "{withheld:?} in {text:?}");
        }
    }

    #[test]
    fn five_words_in_a_row_are_found_whatever_stands_between_them() {
        assert_eq!(found("we do it as we go", "do it, as (we) go"), ["do it, as (we) go"]);
        assert!(found("we do it as we go", "we do it as they go").is_empty());
    }
}
