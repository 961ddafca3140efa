//! A language: its tag, its direction, and what it has for the fixed words of [`word`]. `read::language` reads one from its file.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::word::{self, Phrase, Word};

/// The language of the keys.
pub const ENGLISH: &str = "en";
/// Languages that are written from right to left, in their usual script.
const RIGHT_TO_LEFT: &[&str] = &["ar", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"];

/// A tag without its country.
pub fn code(tag: &str) -> &str {
    tag.split_once('-').map_or(tag, |(code, _)| code)
}

/// `rtl` or `ltr`.
pub fn direction(tag: &str) -> &'static str {
    if RIGHT_TO_LEFT.contains(&code(tag)) { "rtl" } else { "ltr" }
}

/// A word in kebab case as it stands in a table: `best-practice` is "Best practice".
pub fn sentence(word: &str) -> String {
    if matches!(word, "iaas" | "paas" | "saas") {
        return format!("{}aaS", word[..1].to_ascii_uppercase());
    }
    let mut words = word.replace('-', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// A language with its fixed words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language {
    /// Its tag: `de`.
    pub tag: Arc<str>,
    words: Arc<BTreeMap<Arc<str>, Arc<str>>>,
}

impl Default for Language {
    /// English.
    fn default() -> Self {
        Language { tag: ENGLISH.into(), words: Arc::default() }
    }
}

impl Language {
    /// A language with what it has for English words, by their keys.
    pub fn new(tag: &str, words: BTreeMap<Arc<str>, Arc<str>>) -> Self {
        Language { tag: tag.into(), words: Arc::new(words) }
    }

    /// What it has for English words, by their key; else these words.
    pub fn say<'a>(&'a self, key: impl Key<'a>) -> &'a str {
        let key = key.key();
        self.words.get(key).map_or_else(|| word::english(key), AsRef::as_ref)
    }

    /// A phrase with its values.
    pub fn phrase(&self, phrase: &Phrase) -> String {
        phrase.said(&|key| self.say(key))
    }

    /// A word of a fixed list, in kebab case: `best-practice`.
    pub fn listed(&self, word: &str) -> String {
        self.say(sentence(word).as_str()).to_owned()
    }

    /// The name of a classification; the project's own have a translation only where its file gives one.
    pub fn classification(&self, name: &str) -> String {
        let name = sentence(name);
        match self.words.get(format!("{name}|classification").as_str()) {
            Some(words) => words.to_string(),
            None => self.say(name.as_str()).to_owned(),
        }
    }

    /// Every key for which it has words, with them.
    pub fn words(&self) -> impl Iterator<Item = (&str, &str)> {
        self.words.iter().map(|(key, words)| (key.as_ref(), words.as_ref()))
    }

    /// `rtl` or `ltr`.
    pub fn direction(&self) -> &'static str {
        direction(&self.tag)
    }
}

/// What names words in a language file: a [`Word`], or a text that is one.
pub trait Key<'a> {
    /// The key.
    fn key(self) -> &'a str;
}

impl<'a> Key<'a> for &'a str {
    fn key(self) -> &'a str {
        self
    }
}

impl<'a> Key<'a> for Word {
    fn key(self) -> &'a str {
        Word::key(self)
    }
}
