//! Words that a person sees on paper, on the site and in messages, before they are said in a language.
//!
//! The English words are the keys of the files in `languages/`. Only the macros [`word!`], [`phrase!`] and [`counted!`] make a [`Word`] from a
//! literal, so that a test can gather every one of them; what is not one of these is somebody's own text, which nobody translates.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::id::{ControlId, EditionId, ItemId, Reference};

/// A [`Word`].
macro_rules! word {
    ($key:literal) => {
        $crate::base::word::Word::declared($key)
    };
}

/// A [`Phrase`] of fixed words and the values of its places: `phrase!("Part of {whole}", whole = title)`.
macro_rules! phrase {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::base::word::Phrase::Fixed(
            $crate::base::word::Word::declared($key),
            vec![$((stringify!($name), $crate::base::word::Value::phrase(&$value))),*],
        )
    };
}

/// A [`Phrase`] of a number with its noun: `counted!("{n} risk", "{n} risks", 3)`.
macro_rules! counted {
    ($one:literal, $many:literal, $number:expr) => {{
        let number: usize = $number;
        let key = if number == 1 { $crate::base::word::Word::declared($one) } else { $crate::base::word::Word::declared($many) };
        $crate::base::word::Phrase::Fixed(key, vec![("n", $crate::base::word::Value::phrase(&number))])
    }};
}

/// Fixed words in English, as in `languages/`. A context after a bar, as in `Met|objective`, tells apart what English says alike; it is never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(&'static str);

impl Word {
    /// For the macros and for tables of declarations, whose words a test gathers too.
    #[doc(hidden)]
    pub const fn declared(key: &'static str) -> Self {
        Word(key)
    }

    /// A key or the name of a file: it is the same in every language, and stands in no file of `languages/`.
    pub const fn name(name: &'static str) -> Self {
        Word(name)
    }

    /// The key in `languages/`, with its context.
    pub fn key(self) -> &'static str {
        self.0
    }

    /// The words without the context.
    pub fn english(self) -> &'static str {
        english(self.0)
    }
}

/// A key without its context, which is one word behind a bar; a bar within a sentence is part of it.
pub fn english(key: &str) -> &str {
    match key.rsplit_once('|') {
        Some((words, context)) if !context.is_empty() && context.chars().all(|c| c.is_ascii_lowercase()) => words,
        _ => key,
    }
}

/// In English.
impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.english())
    }
}

/// In English.
impl Serialize for Phrase {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.english())
    }
}

/// What is to be said: somebody's own text, or fixed words with values at their places, `{name}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phrase {
    /// Somebody's own words, figures, dates, identifiers: the same in every language.
    Text(Arc<str>),
    /// Fixed words, and what stands at their places.
    Fixed(Word, Vec<(&'static str, Phrase)>),
}

impl Phrase {
    /// Somebody's own words.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Phrase::Text(text.into())
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        matches!(self, Phrase::Text(text) if text.is_empty())
    }

    /// Several, with commas between them; none if there are none.
    pub fn list(parts: impl IntoIterator<Item = Phrase>) -> Option<Phrase> {
        parts.into_iter().reduce(|all, part| phrase!("{all}, {part}", all = all, part = part))
    }

    /// What is said, by what a language has for each word.
    pub fn said<'a>(&'a self, say: &dyn Fn(&'a str) -> &'a str) -> String {
        match self {
            Phrase::Text(text) => text.to_string(),
            Phrase::Fixed(word, values) => filled(say(word.0), &|name| {
                let value = values.iter().find(|(known, _)| *known == name);
                value.map(|(_, phrase)| phrase.said(say))
            }),
        }
    }
}

impl Default for Phrase {
    fn default() -> Self {
        Phrase::Text("".into())
    }
}

/// In English.
impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.said(&english))
    }
}

/// So that tests can hand over words that nobody translates.
#[cfg(test)]
impl From<&str> for Phrase {
    fn from(text: &str) -> Self {
        Phrase::text(text)
    }
}

impl From<Word> for Phrase {
    fn from(word: Word) -> Self {
        Phrase::Fixed(word, Vec::new())
    }
}

/// What can stand at a place of a phrase. A text does so only on purpose: nothing else makes a phrase of it but [`Phrase::text`].
pub trait Value {
    /// As a phrase.
    fn phrase(&self) -> Phrase;
}

macro_rules! values {
    ($($kind:ty),*) => {
        $(impl Value for $kind {
            fn phrase(&self) -> Phrase {
                Phrase::text(self.to_string())
            }
        })*
    };
}

values!(str, String, Arc<str>, Cow<'_, str>, char, u8, u32, u64, usize, i64, f64, Date, ItemId, EditionId, ControlId, Reference);

impl<T: Value + ?Sized> Value for &T {
    fn phrase(&self) -> Phrase {
        (*self).phrase()
    }
}

impl Value for Word {
    fn phrase(&self) -> Phrase {
        (*self).into()
    }
}

impl Value for Phrase {
    fn phrase(&self) -> Phrase {
        self.clone()
    }
}

/// A text with values at its places, `{name}`. A place without a value stays as it is, and nothing within a value is a place.
pub fn filled(text: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let place = after.split_once('}').and_then(|(name, behind)| Some((value(name)?, behind)));
        match place {
            Some((value, behind)) => {
                out.push_str(&value);
                rest = behind;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The names of a text's places, in their order.
pub fn places(text: &str) -> impl Iterator<Item = &str> {
    let name = |part| Some(str::split_once(part, '}')?.0);
    let is_name = |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase());
    text.split('{').skip(1).filter_map(name).filter(is_name)
}

pub(crate) use {counted, phrase, word};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_at_their_places_and_are_no_places_themselves() {
        let phrase = phrase!("{n} of {all}: {what}", n = "{all}", all = 3_usize, what = counted!("{n} risk", "{n} risks", 1));
        assert_eq!(phrase.to_string(), "{all} of 3: 1 risk");
        let backwards = phrase.said(&|key| if key.starts_with("{n} of") { "{what}; {all} / {n} {other}" } else { "{n} Risiko" });
        assert_eq!(backwards, "1 Risiko; 3 / {all} {other}");
    }

    #[test]
    fn a_context_is_never_shown() {
        assert_eq!(word!("Met|objective").to_string(), "Met");
        assert_eq!(Phrase::from(word!("Met|objective")).to_string(), "Met");
        assert_eq!(Phrase::text("Met|objective").to_string(), "Met|objective");
    }

    #[test]
    fn a_text_tells_its_places() {
        assert_eq!(places("{n} of {all}, {} and {No name} or {").collect::<Vec<_>>(), ["n", "all"]);
    }
}
