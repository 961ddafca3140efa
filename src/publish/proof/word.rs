//! Texts as the scan compares them: pieces of letters and digits, whatever case, accents, ligatures and invisible characters they are written with.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Letters and digits between anything else.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// Offset of its first byte.
    pub(super) start: usize,
    /// Offset after its last byte.
    pub(super) end: usize,
    /// FNV-1a (draft-eastlake-fnv, 64 bits) of its folded characters.
    pub(super) hash: u64,
    /// Folded characters.
    pub(super) chars: u32,
    /// Whether it has a letter.
    pub(super) letters: bool,
    /// Whether it has a digit.
    pub(super) digits: bool,
    /// Whether it is written in capitals alone.
    pub(super) capitals: bool,
    /// What stands between it and the piece before it.
    pub(super) gap: Gap,
}

/// What stands between two pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// One of the characters that names are made with: `POL-004`, `jane.doe@example.com`, `db_1`.
    Joiner(u8),
    /// One other character.
    One,
    /// Nothing, or more than one.
    Wide,
    /// Something that no run of words goes on through.
    Break,
}

/// Stands in a text where no run of words goes on: for a reference, in whose place an output says something else.
pub(super) const BREAK: char = '\u{1e}';

impl Piece {
    /// Its bytes.
    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

fn add(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(PRIME)
}

/// The hash of several hashes in this order. `salt` keeps kinds of sequences apart.
pub(super) fn sequence(salt: u64, hashes: impl IntoIterator<Item = u64>) -> u64 {
    hashes.into_iter().fold(BASIS ^ salt, |sum, hash| (sum.rotate_left(23) ^ hash).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// Gives every piece of a text, in order.
pub(super) fn pieces(text: &str, mut each: impl FnMut(Piece)) {
    let mut open: Option<Piece> = None;
    // Where the last piece ended, in bytes, and what has come since.
    let mut since: Option<(u32, u8)> = Some((0, 0));
    let gap = |since: &mut Option<(u32, u8)>| match since.take() {
        Some((u32::MAX, _)) => Gap::Break,
        Some((1, joiner)) if joiner > 0 => Gap::Joiner(joiner),
        Some((1, _)) => Gap::One,
        _ => Gap::Wide,
    };
    for (at, c) in text.char_indices() {
        if c.is_ascii_alphanumeric() {
            let piece = open.get_or_insert_with(|| begun(at, gap(&mut since)));
            piece.take(c.to_ascii_lowercase(), at + 1);
            piece.capitals &= c.is_ascii_uppercase();
            continue;
        }
        if !c.is_ascii() {
            if is_nothing(c) {
                continue;
            }
            if c.is_alphanumeric() {
                if is_written_without_spaces(c) {
                    if let Some(piece) = open.take() {
                        each(piece);
                    }
                    since = None;
                    let mut piece = begun(at, Gap::Wide);
                    piece.take(c, at + c.len_utf8());
                    each(piece);
                    continue;
                }
                let piece = open.get_or_insert_with(|| begun(at, gap(&mut since)));
                piece.capitals &= c.is_uppercase();
                for folded in std::iter::once(c).nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
                    if folded == 'ß' {
                        piece.take('s', at + c.len_utf8());
                    }
                    piece.take(if folded == 'ß' { 's' } else { folded }, at + c.len_utf8());
                }
                continue;
            }
        }
        if let Some(piece) = open.take() {
            each(piece);
            since = Some((0, 0));
        }
        if let Some((count, joiner)) = &mut since {
            *count = if c == BREAK { u32::MAX } else { count.saturating_add(1) };
            *joiner = joiner_of(c);
        }
    }
    if let Some(piece) = open {
        each(piece);
    }
}

fn begun(at: usize, gap: Gap) -> Piece {
    Piece { start: at, end: at, hash: BASIS, chars: 0, letters: false, digits: false, capitals: true, gap }
}

impl Piece {
    fn take(&mut self, c: char, end: usize) {
        let mut bytes = [0; 4];
        self.hash = c.encode_utf8(&mut bytes).bytes().fold(self.hash, add);
        self.chars += 1;
        self.end = end;
        if c.is_numeric() {
            self.digits = true;
        } else {
            self.letters = true;
        }
    }
}

/// Characters that are not seen and split nothing: soft hyphens, joiners, accents on their own.
fn is_nothing(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        || is_combining_mark(c)
}

/// Scripts in which a piece would be a whole sentence: each character is one.
fn is_written_without_spaces(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn joiner_of(c: char) -> u8 {
    match c {
        '-' | '\u{2010}' | '\u{2011}' => b'-',
        '_' => b'_',
        '.' => b'.',
        '@' => b'@',
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(text: &str) -> Vec<u64> {
        let mut all = Vec::new();
        pieces(text, |piece| all.push(piece.hash));
        all
    }

    fn written(text: &str) -> Vec<&str> {
        let mut all = Vec::new();
        pieces(text, |piece| all.push(&text[piece.range()]));
        all
    }

    #[test]
    fn pieces_are_letters_and_digits() {
        assert_eq!(
            written("See POL-004, jane.doe@example.com; it’s über_1"),
            ["See", "POL", "004", "jane", "doe", "example", "com", "it", "s", "über", "1"]
        );
    }

    #[test]
    fn the_same_word_is_the_same_however_it_is_written() {
        for (one, other) in [
            ("Falkenried", "FALKENRIED"),
            ("Prüfung", "Pru\u{308}fung"),
            ("Prüfung", "prufung"),
            ("Straße", "STRASSE"),
            ("official", "o\u{fb03}cial"),
            ("Falkenried", "Falken\u{ad}ri\u{200b}ed"),
        ] {
            assert_eq!(hashes(one), hashes(other), "{one} and {other}");
        }
        assert_ne!(hashes("Falkenried"), hashes("Falkenriet"));
    }

    #[test]
    fn a_sentence_without_spaces_is_a_piece_a_character() {
        assert_eq!(hashes("機密情報").len(), 4);
    }
}
