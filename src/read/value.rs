//! Decoded values: what a field of any YAML mapping can hold.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;

use super::tree::Body;
use crate::base::finding::{Span, Spanned};
use crate::base::id::{EditionId, ItemId, Reference};
use crate::base::word::{Phrase, counted};

/// A classification: its place in the project's list, the lowest (most open) first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Classification(pub u8);

impl Classification {
    /// The most restricted of some classifications, the lowest first.
    pub fn highest(names: &[Arc<str>]) -> Self {
        Classification(u8::try_from(names.len().saturating_sub(1)).unwrap_or(u8::MAX))
    }
}

/// A length of time in calendar units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// How many.
    pub count: u16,
    /// Of what.
    pub unit: Unit,
}

/// The units of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
}

impl Period {
    /// Reads `12 months`, `30 days`, `6 weeks`, `2 years`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (count, unit) = text.split_once(' ')?;
        let unit = match unit.trim().trim_end_matches('s') {
            "day" => Unit::Day,
            "week" => Unit::Week,
            "month" => Unit::Month,
            "year" => Unit::Year,
            _ => return None,
        };
        let count = count.parse().ok().filter(|count| (1..=10_000).contains(count))?;
        Some(Period { count, unit })
    }

    /// The date this long after `date`; the last representable date where that is out of range.
    pub fn after(self, date: Date) -> Date {
        let count = i64::from(self.count);
        let span = match self.unit {
            Unit::Day => count.days(),
            Unit::Week => count.weeks(),
            Unit::Month => count.months(),
            Unit::Year => count.years(),
        };
        date.saturating_add(span)
    }
}

impl Period {
    /// In words that can be said in every language.
    pub fn phrase(self) -> Phrase {
        let count = usize::from(self.count);
        match self.unit {
            Unit::Day => counted!("{n} day", "{n} days", count),
            Unit::Week => counted!("{n} week", "{n} weeks", count),
            Unit::Month => counted!("{n} month", "{n} months", count),
            Unit::Year => counted!("{n} year", "{n} years", count),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.phrase().to_string())
    }
}

/// A decoded value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text without markup.
    Text(Arc<str>),
    /// Markdown, parsed.
    Prose(Arc<Body>),
    /// A date.
    Date(Date),
    /// A length of time.
    Period(Period),
    /// A whole number.
    Integer(i64),
    /// A truth value.
    Flag(bool),
    /// An item, a role among them, or a control.
    Reference(Reference),
    /// An edition of a framework.
    Edition(EditionId),
    /// One of the schema's words.
    Word(&'static str),
    /// A classification.
    Classification(Classification),
    /// A list.
    List(Vec<Spanned<Value>>),
    /// A mapping.
    Record(Record),
    /// A mapping of the author's own keys.
    Texts(BTreeMap<Arc<str>, Spanned<Arc<str>>>),
}

/// A decoded mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The whole of it.
    pub span: Span,
    values: BTreeMap<&'static str, Spanned<Value>>,
    written: BTreeSet<&'static str>,
}

impl Record {
    /// A record of values, and of the keys that the author wrote or meant to.
    pub(super) fn new(span: Span, values: BTreeMap<&'static str, Spanned<Value>>, written: BTreeSet<&'static str>) -> Self {
        Record { span, values, written }
    }

    /// One without keys, for what could not be read.
    pub(super) fn empty(span: Span) -> Self {
        Record::new(span, BTreeMap::new(), BTreeSet::new())
    }

    /// Whether a key is there and its value could not be read.
    pub fn is_unread(&self, key: &str) -> bool {
        self.is_written(key) && self.get(key).is_none()
    }

    /// Whether the author wrote a key, though its value or its spelling may be wrong: then there is a finding already, and nothing is missing.
    pub fn is_written(&self, key: &str) -> bool {
        self.written.contains(key)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(key).map(|spanned| &spanned.value)
    }

    /// Where a key's value stands; the whole record's place where the key is missing.
    pub fn span_of(&self, key: &str) -> Span {
        self.values.get(key).map_or(self.span, |spanned| spanned.span)
    }

    /// Keys and values, in the order of the keys' names.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Spanned<Value>)> {
        self.values.iter().map(|(key, value)| (*key, value))
    }

    /// Puts a value under a key that the schema has.
    pub(super) fn set(&mut self, key: &'static str, value: Spanned<Value>) {
        self.written.insert(key);
        self.values.insert(key, value);
    }

    /// Keeps only the keys that pass.
    pub fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        self.values.retain(|key, _| keep(key));
    }

    /// A text.
    pub fn text(&self, key: &str) -> Option<&Arc<str>> {
        match self.get(key)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A word of the schema.
    pub fn word(&self, key: &str) -> Option<&'static str> {
        match self.get(key)? {
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    /// A date.
    pub fn date(&self, key: &str) -> Option<Date> {
        match self.get(key)? {
            Value::Date(date) => Some(*date),
            _ => None,
        }
    }

    /// A length of time.
    pub fn period(&self, key: &str) -> Option<Period> {
        match self.get(key)? {
            Value::Period(period) => Some(*period),
            _ => None,
        }
    }

    /// A whole number.
    pub fn integer(&self, key: &str) -> Option<i64> {
        match self.get(key)? {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// A truth value.
    pub fn flag(&self, key: &str) -> Option<bool> {
        match self.get(key)? {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// Markdown.
    pub fn prose(&self, key: &str) -> Option<&Arc<Body>> {
        match self.get(key)? {
            Value::Prose(body) => Some(body),
            _ => None,
        }
    }

    /// A classification.
    pub fn classification(&self, key: &str) -> Option<Classification> {
        match self.get(key)? {
            Value::Classification(classification) => Some(*classification),
            _ => None,
        }
    }

    /// The item that a key names: a role, or the record's own id.
    pub fn item(&self, key: &str) -> Option<&ItemId> {
        match self.get(key)? {
            Value::Reference(Reference::Item { id, .. }) => Some(id),
            _ => None,
        }
    }

    /// A list, empty where the key is missing.
    pub fn list(&self, key: &str) -> &[Spanned<Value>] {
        match self.get(key) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    /// The records of a list, in their order.
    pub fn records(&self, key: &str) -> impl Iterator<Item = &Record> {
        self.list(key).iter().filter_map(|item| match &item.value {
            Value::Record(record) => Some(record),
            _ => None,
        })
    }

    /// The references of a list, or the one reference that a key holds.
    pub fn references(&self, key: &str) -> Vec<Spanned<Reference>> {
        let one = self.values.get(key).into_iter();
        one.chain(self.list(key))
            .filter_map(|spanned| match &spanned.value {
                Value::Reference(reference) => Some(Spanned { value: reference.clone(), span: spanned.span }),
                _ => None,
            })
            .collect()
    }
}
