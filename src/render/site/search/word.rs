//! Texts taken apart into words. `themes/default/search/find.js` does the same to what is asked for.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Letters of a word that count.
const LONGEST: usize = 32;

/// What holds an identifier together: `POL-004`, `A.5.23`, `AC-2(1)`, `A&A-01`.
const JOINS: [char; 6] = ['-', '.', '_', '(', ')', '&'];

/// Without case, accents and the marks of umlauts: Prüfmaß is prufmass.
pub(super) fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            '\u{df}' => out.push_str("ss"),
            '\u{e6}' => out.push_str("ae"),
            '\u{f8}' => out.push('o'),
            '\u{153}' => out.push_str("oe"),
            '\u{142}' => out.push('l'),
            '\u{111}' => out.push('d'),
            '\u{131}' => out.push('i'),
            '\u{3c2}' => out.push('\u{3c3}'),
            c if is_combining_mark(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// Calls `visit` on every word of a text, folded. An identifier is one word, without its punctuation; words within it count as well.
pub(super) fn each(text: &str, visit: &mut dyn FnMut(&str)) {
    let text = folded(text);
    for run in text.split(|c: char| !c.is_alphanumeric() && !JOINS.contains(&c)) {
        let run = run.trim_matches(JOINS);
        if run.is_empty() {
            continue;
        }
        if !run.contains(JOINS) {
            visit(shortened(run));
            continue;
        }
        let is_identifier = run.contains(char::is_numeric);
        if is_identifier {
            visit(shortened(&bare(run)));
        }
        for piece in run.split(JOINS).filter(|piece| !piece.is_empty()) {
            if !is_identifier || piece.chars().all(char::is_alphabetic) && piece.chars().nth(2).is_some() {
                visit(shortened(piece));
            }
        }
    }
}

fn shortened(word: &str) -> &str {
    word.char_indices().nth(LONGEST).map_or(word, |(end, _)| &word[..end])
}

/// Letters and figures alone.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// An identifier as people may write it: whole, and without the zeros that fill its numbers up.
pub(super) fn forms(id: &str) -> Vec<String> {
    let id = folded(id);
    let mut without = String::new();
    let mut in_number = false;
    for (at, c) in id.char_indices() {
        let is_filling = c == '0' && !in_number && id[at + 1..].starts_with(|next: char| next.is_ascii_digit());
        in_number = c.is_ascii_digit() && !is_filling;
        if !is_filling {
            without.push(c);
        }
    }
    let mut forms = vec![bare(&id), bare(&without)];
    forms.dedup();
    forms.retain(|form| !form.is_empty());
    forms.iter().map(|form| shortened(form).to_owned()).collect()
}

/// What follows an identifier's first part: 5.23 of A.5.23, 004 of POL-004.
pub(super) fn tail(id: &str) -> Option<String> {
    let folded = folded(id);
    let (_, tail) = folded.split_once(JOINS)?;
    let tail = bare(tail);
    (tail.len() > 1).then(|| shortened(&tail).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut words = Vec::new();
        each(text, &mut |word| words.push(word.to_owned()));
        words
    }

    #[test]
    fn words_lose_case_accents_and_punctuation() {
        assert_eq!(words("Prüfmaß, (Café)/ÆTHER's e-mail."), ["prufmass", "cafe", "aether", "s", "e", "mail"]);
        assert_eq!(words("ΤΕΛΟΣ τέλος"), ["τελοσ", "τελοσ"]);
        assert_eq!(words(" ... --- ()"), [""; 0]);
    }

    #[test]
    fn an_identifier_is_one_word() {
        assert_eq!(
            words("see POL-004, iso27001:A.5.23 (AC-2(1)) and A&A-01."),
            ["see", "pol004", "pol", "iso27001", "a523", "ac21", "and", "aa01"]
        );
        assert_eq!(words("within 24-hour on 2026-03-02"), ["within", "24hour", "hour", "on", "20260302"]);
    }

    #[test]
    fn identifiers_are_found_with_and_without_zeros_and_by_their_ends() {
        assert_eq!(forms("POL-004"), ["pol004", "pol4"]);
        assert_eq!(forms("A.5.10"), ["a510"]);
        assert_eq!(forms("CLD.9.5.1"), ["cld951"]);
        assert_eq!(forms("RSK-100"), ["rsk100"]);
        assert_eq!(tail("A.5.23").as_deref(), Some("523"));
        assert_eq!([tail("6"), tail("AC-2"), tail("")], [None, None, None]);
    }

    #[test]
    fn long_words_count_by_their_beginning() {
        assert_eq!(words(&"ä".repeat(100))[0].chars().count(), LONGEST);
    }
}
