//! Declared tables of fields, and one decoder for all of them: annexa.yaml, front matter, registers, statements and catalogues.
//!
//! A schema is data, so that the same declaration reads a file, names the nearest right key, heads a column, and says which fields a
//! classification mark opens.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::address;
use super::language;
use super::markdown::{self, Origin};
use super::value::{Classification, Period, Record, Value};
use crate::base::colour;
use crate::base::finding::{Finding, Span, Spanned, did_you_mean, nearest};
use crate::base::id::{EditionId, ItemId, Reference};
use crate::base::rule;
use crate::base::source::FileId;
use crate::base::word::{self, Phrase, Word, phrase};
use crate::base::yaml::{self, Node};

/// The fields that a mapping may hold.
#[derive(Debug)]
pub struct Schema {
    /// What the mapping is, in messages: "a row of suppliers".
    pub name: Word,
    /// Its fields, in the order in which they are shown.
    pub fields: &'static [Field],
}

impl Schema {
    /// The field of a key.
    pub fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// Its keys, as a reader lists them.
    fn keys(&self) -> Phrase {
        listed(&self.fields.iter().map(|field| field.key).collect::<Vec<_>>())
    }
}

/// One field.
#[derive(Debug)]
pub struct Field {
    /// The key in YAML.
    pub key: &'static str,
    /// The words over its column.
    pub label: Word,
    /// What it is for, in a sentence, where label and kind do not say it: for editors and the reference.
    pub about: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
    /// Whether a classification mark on the row or statement opens it.
    pub outward: bool,
}

impl Field {
    /// An optional field.
    pub const fn new(key: &'static str, label: &'static str, kind: Kind) -> Self {
        Field { key, label: Word::declared(label), about: "", kind, required: false, outward: false }
    }

    /// The same, with what it is for.
    pub const fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }

    /// What it is for and what is written there, in sentences.
    pub fn description(&self) -> String {
        let expects = match self.kind {
            Kind::Text | Kind::Prose | Kind::Record(_) | Kind::List(Kind::Text | Kind::Record(_)) => String::new(),
            kind => format!("Write {}.", kind.expects()),
        };
        match (self.about, expects.as_str()) {
            ("", "") => format!("{}.", self.label.english()),
            ("", expects) => expects.to_owned(),
            (about, "") => about.to_owned(),
            (about, expects) => format!("{about} {expects}"),
        }
    }

    /// The same, required.
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The same, opened by a classification mark.
    pub const fn outward(mut self) -> Self {
        self.outward = true;
        self
    }
}

/// The kinds of values.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A text without markup.
    Text,
    /// Markdown.
    Prose,
    /// A date, `YYYY-MM-DD`.
    Date,
    /// A length of time: `12 months`.
    Period,
    /// A whole number within these bounds.
    Integer(i64, i64),
    /// `true` or `false`.
    Flag,
    /// A colour, `#rrggbb`: a [`Value::Text`].
    Colour,
    /// An address on the web: a [`Value::Text`].
    Url,
    /// An address of mail: a [`Value::Text`].
    Mail,
    /// Either of the two: a [`Value::Text`].
    Contact,
    /// An identifier of the mapping's own: `SUP-001`.
    Item,
    /// The id of a role: `ciso`.
    Role,
    /// An item or a control.
    Reference,
    /// A control.
    Control,
    /// What an audit is held against: a document, a control, a clause, a group of them, or a whole edition.
    Criterion,
    /// An edition of a framework.
    Edition,
    /// A language by its code: `de`, `de-CH`.
    Language,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of the project's classifications.
    Classification,
    /// A list of one kind. A single value is read as a list of one.
    List(&'static Kind),
    /// A mapping.
    Record(&'static Schema),
    /// A mapping of keys of the author's own to texts.
    Texts,
}

impl Kind {
    /// What is to be written, so that it can follow "write".
    fn expects(self) -> Phrase {
        match self {
            Kind::Text | Kind::Prose => phrase!("a text"),
            Kind::Date => phrase!("a date, as in 2026-03-02"),
            Kind::Period => phrase!("a length of time, as in `12 months`, `30 days`, `6 weeks` or `2 years`"),
            Kind::Integer(low, high) => phrase!("a whole number from {low} to {high}", low = low, high = high),
            Kind::Flag => phrase!("`true` or `false`"),
            Kind::Colour => phrase!("a colour as six hexadecimal digits, as in \"#0b5d66\""),
            Kind::Url => phrase!("an address on the web, as in https://status.example.com"),
            Kind::Mail => phrase!("an address of mail, as in security@example.com"),
            Kind::Contact => phrase!("an address of mail or on the web, as in security@example.com or https://example.com/report"),
            Kind::Item => phrase!("capitals, a hyphen and a number, as in `POL-004`; a role's id is a word in lower case"),
            Kind::Role => phrase!("the id of a role, as in `ciso`"),
            Kind::Reference => {
                phrase!("an id, as in `POL-004` or `POL-004#leavers`, or a control with its framework, as in `iso27001:A.5.15`")
            }
            Kind::Control => phrase!("a control with its framework, as in `iso27001:A.5.15`"),
            Kind::Criterion => phrase!(
                "a document, as in `POL-004`, a control, clause or group of them, as in `iso27001:A.5` or `iso27001:9`, or an edition, as in \
                 `iso27001@2022`"
            ),
            Kind::Edition => phrase!("an edition of a framework, as in `iso27001@2022`"),
            Kind::Language => phrase!("a code of ISO 639-1, as in `de`, and perhaps a country, as in `de-CH`"),
            Kind::Word(words) => one_of(words),
            Kind::Classification => phrase!("one of the project's classifications"),
            Kind::List(kind) => phrase!("a list, each item {expects}", expects = kind.expects()),
            Kind::Record(schema) => phrase!("a mapping of {names}", names = schema.keys()),
            Kind::Texts => phrase!("a mapping of names to texts"),
        }
    }
}

/// What a value can depend on besides its own text.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The file that is being read.
    pub file: FileId,
    /// Its path.
    pub path: &'a str,
    /// The project's classifications, the lowest first.
    pub classifications: &'a [Arc<str>],
    /// What `{{ name }}` inserts.
    pub values: &'a markdown::Values,
}

/// Reads a mapping by its schema. What does not fit is reported and left out, so that every mistake of a file is found at once; nothing
/// comes back only where the node is no mapping at all.
pub fn decode(node: &Node, schema: &'static Schema, context: &Context<'_>, findings: &mut Vec<Finding>) -> Option<Record> {
    let yaml::Kind::Mapping(entries) = &node.kind else {
        findings.push(
            Finding::new(
                &rule::WRONG_TYPE,
                node.span,
                phrase!("{name} must be a mapping, and this is {kind}", name = schema.name, kind = node.kind_name()),
            )
            .help(phrase!("write {expects}", expects = Kind::Record(schema).expects())),
        );
        return None;
    };
    let mut values = BTreeMap::new();
    let mut written = BTreeSet::new();
    for (key, value) in entries {
        let Some(field) = schema.field(&key.text) else {
            let near = nearest(&key.text, schema.fields.iter().map(|field| field.key));
            written.extend(near.and_then(|near| schema.field(near)).map(|field| field.key));
            findings.push(unknown_key(schema, key, near));
            continue;
        };
        written.insert(field.key);
        if value.is_null() {
            findings.push(
                Finding::new(&rule::WRONG_TYPE, key.span, phrase!("`{key}` has no value", key = key.text))
                    .help(phrase!("write {expects}, or leave the key out", expects = field.kind.expects())),
            );
            continue;
        }
        // The value stays: what was approved with it is what it was.
        if field.required && matches!(field.kind, Kind::Text | Kind::Prose) && value.text().is_some_and(|text| is_blank(text)) {
            findings.push(
                Finding::new(&rule::WRONG_TYPE, value.span, phrase!("`{key}` has no value", key = key.text))
                    .help(phrase!("write {expects}", expects = field.kind.expects())),
            );
        }
        if let Some(decoded) = value_of(value, field.key, field.kind, context, findings) {
            values.insert(field.key, Spanned { value: decoded, span: value.span });
        }
    }
    let missing: Vec<_> = schema.fields.iter().filter(|f| f.required && !written.contains(f.key)).map(|f| f.key).collect();
    if !missing.is_empty() {
        // The record's id, or else its first key, is where a reader recognises it.
        let id = entries.iter().find(|(key, _)| key.text.as_ref() == "id").map(|(_, value)| value.span);
        let place = id.or_else(|| entries.first().map(|(key, _)| key.span)).unwrap_or(node.span);
        let names = listed(&missing);
        let message = match missing.len() {
            1 => phrase!("{name} lacks the required key {names}", name = schema.name, names = names),
            _ => phrase!("{name} lacks the required keys {names}", name = schema.name, names = names),
        };
        let first = missing.first().and_then(|key| schema.field(key));
        let help = first.map(|field| phrase!("add `{key}:` with {expects}", key = field.key, expects = field.kind.expects()));
        findings.push(Finding::new(&rule::MISSING_KEY, place, message).help_if(help));
    }
    Some(Record::new(node.span, values, written))
}

/// Whether a text shows nothing: spaces, and what only steers lines.
fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'))
}

fn unknown_key(schema: &Schema, key: &yaml::Key, near: Option<&str>) -> Finding {
    let keys = || phrase!("the keys of {name} are {names}", name = schema.name, names = schema.keys());
    let message = phrase!("{name} has no key `{key}`", name = schema.name, key = key.text);
    Finding::new(&rule::UNKNOWN_KEY, key.span, message).help(near.map_or_else(keys, did_you_mean))
}

/// Reads one value of a kind; nothing, with a finding, where it does not fit.
pub fn value_of(node: &Node, key: &str, kind: Kind, context: &Context<'_>, findings: &mut Vec<Finding>) -> Option<Value> {
    match (kind, &node.kind) {
        (Kind::List(kind), yaml::Kind::Sequence(items)) => {
            let read: Vec<_> = items
                .iter()
                .filter_map(|item| Some(Spanned { value: value_of(item, key, *kind, context, findings)?, span: item.span }))
                .collect();
            // A list of which nothing could be read is not an empty one.
            (items.is_empty() || !read.is_empty()).then_some(Value::List(read))
        }
        (Kind::List(Kind::Record(_)), _) | (Kind::List(_), yaml::Kind::Mapping(_)) | (_, yaml::Kind::Sequence(_)) => {
            wrong_type(node, key, kind, findings)
        }
        (Kind::List(kind), _) => {
            let value = value_of(node, key, *kind, context, findings)?;
            Some(Value::List(vec![Spanned { value, span: node.span }]))
        }
        (Kind::Record(schema), yaml::Kind::Mapping(_)) => decode(node, schema, context, findings).map(Value::Record),
        (Kind::Texts, yaml::Kind::Mapping(entries)) => {
            let mut texts = BTreeMap::new();
            for (name, value) in entries {
                match &value.kind {
                    yaml::Kind::Scalar { text, .. } => {
                        texts.insert(name.text.clone(), Spanned { value: text.clone(), span: value.span });
                    }
                    _ => {
                        wrong_type(value, &name.text, Kind::Text, findings);
                    }
                }
            }
            Some(Value::Texts(texts))
        }
        (Kind::Record(_) | Kind::Texts, _) | (_, yaml::Kind::Mapping(_)) => wrong_type(node, key, kind, findings),
        (_, yaml::Kind::Scalar { text, lines, .. }) => scalar(text, lines, node.span, key, kind, context, findings),
    }
}

fn wrong_type(node: &Node, key: &str, kind: Kind, findings: &mut Vec<Finding>) -> Option<Value> {
    findings.push(
        Finding::new(&rule::WRONG_TYPE, node.span, phrase!("`{key}` cannot be {kind}", key = key, kind = node.kind_name()))
            .help(phrase!("write {expects}", expects = kind.expects())),
    );
    None
}

fn scalar(
    text: &Arc<str>,
    lines: &[(u32, u32)],
    span: Span,
    key: &str,
    kind: Kind,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Option<Value> {
    let value = match kind {
        Kind::Text => {
            findings.extend(not_inserted(text, span, key, context.values));
            Some(Value::Text(markdown::clean_value(text, span, findings)))
        }
        Kind::Prose => {
            let origin = if lines.is_empty() { Origin::Whole(span) } else { Origin::Lines { file: span.file, lines } };
            let context =
                markdown::Context { path: context.path, values: context.values, classifications: &[], kind: markdown::Kind::Prose };
            return Some(Value::Prose(Arc::new(markdown::parse(text, origin, &context, findings))));
        }
        Kind::Date => text.parse::<Date>().ok().filter(|_| text.len() == 10).map(Value::Date),
        Kind::Period => Period::parse(text).map(Value::Period),
        Kind::Integer(low, high) => text.parse().ok().filter(|n| (low..=high).contains(n)).map(Value::Integer),
        Kind::Flag => match text.as_ref() {
            "true" => Some(Value::Flag(true)),
            "false" => Some(Value::Flag(false)),
            _ => None,
        },
        Kind::Colour => colour::parse(text).map(|_| Value::Text(text.clone())),
        Kind::Url => address::is_web(text).then(|| Value::Text(text.clone())),
        Kind::Mail => address::is_mail(text).then(|| Value::Text(text.clone())),
        Kind::Contact => (address::is_web(text) || address::is_mail(text)).then(|| Value::Text(text.clone())),
        Kind::Item => ItemId::parse(text).map(|id| Value::Reference(Reference::Item { id, section: None })),
        Kind::Role => {
            let role = ItemId::parse(text).filter(ItemId::is_role);
            role.map(|id| Value::Reference(Reference::Item { id, section: None }))
        }
        Kind::Reference => Reference::parse(text).map(Value::Reference),
        Kind::Control => Reference::parse(text).filter(|r| matches!(r, Reference::Control { .. })).map(Value::Reference),
        // A role is nothing that an audit is held against, so that a word in lower case names a framework here.
        Kind::Criterion => match Reference::parse(text) {
            Some(Reference::Item { id, section: None }) if id.is_role() => EditionId::parse(text).map(Value::Edition),
            Some(reference) => Some(Value::Reference(reference)),
            None => EditionId::parse(text).map(Value::Edition),
        },
        Kind::Edition => EditionId::parse(text).map(Value::Edition),
        Kind::Language if language::is_tag(text) => Some(Value::Text(text.clone())),
        Kind::Language => {
            findings.push(unknown_language(text, span, key));
            return None;
        }
        Kind::Word(words) => {
            let word = words.iter().find(|word| **word == text.as_ref());
            if word.is_none() {
                findings.push(unknown_value(text, span, key, words));
                return None;
            }
            word.map(|word| Value::Word(word))
        }
        Kind::Classification => {
            let known: Vec<_> = context.classifications.iter().map(AsRef::as_ref).collect();
            let place = known.iter().position(|word| *word == text.as_ref());
            if place.is_none() {
                findings.push(unknown_value(text, span, key, &known));
                return None;
            }
            place.and_then(|place| u8::try_from(place).ok()).map(|place| Value::Classification(Classification(place)))
        }
        Kind::List(_) | Kind::Record(_) | Kind::Texts => None,
    };
    if value.is_none() {
        findings.push(
            Finding::new(&rule::INVALID_VALUE, span, cannot_be(key, text)).help(phrase!("write {expects}", expects = kind.expects())),
        );
    }
    value
}

/// The finding for a text without markup that names a value all the same; other braces are the author's own.
fn not_inserted(text: &str, span: Span, key: &str, values: &markdown::Values) -> Option<Finding> {
    let mut names = text.split("{{").skip(1).filter_map(|rest| Some(rest.split_once("}}")?.0.trim()));
    let (name, value) = names.find_map(|name| values.get_key_value(name))?;
    let message = phrase!("`{{ {name} }}` is not inserted in `{key}`, which is shown as it is written", name = name, key = key);
    Some(Finding::new(&rule::INSERTION_NOT_READ, span, message).help(phrase!("write the value itself: {value}", value = short(value))))
}

/// The finding for a value that is not among those allowed, with the nearest one.
pub fn unknown_value(text: &str, span: Span, key: impl word::Value, words: &[&str]) -> Finding {
    let listed = || phrase!("write {expects}", expects = one_of(words));
    let help = nearest(text, words.iter().copied()).map_or_else(listed, did_you_mean);
    Finding::new(&rule::UNKNOWN_VALUE, span, cannot_be(key, text)).help(help)
}

fn unknown_language(text: &str, span: Span, key: &str) -> Finding {
    let finding = Finding::new(&rule::UNKNOWN_VALUE, span, cannot_be(key, text));
    match nearest(text, language::codes()) {
        Some(near) if text.len() < 4 => finding.help(did_you_mean(near)),
        _ => finding.help(phrase!("write {expects}", expects = Kind::Language.expects())),
    }
}

fn cannot_be(key: impl word::Value, text: &str) -> Phrase {
    phrase!("`{key}` cannot be `{value}`", key = key, value = short(text))
}

fn short(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

/// Words as a reader lists them, in English: "`a`, `b` and `c`".
pub fn list(words: &[&str]) -> String {
    listed(words).to_string()
}

/// Words as a reader lists them: "`a`, `b` and `c`".
pub fn listed(words: &[&str]) -> Phrase {
    let quoted = |word: &&str| format!("`{word}`");
    match words {
        [] => phrase!("nothing"),
        [one] => Phrase::text(quoted(one)),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(quoted).collect();
            phrase!("{all} and {part}", all = first.join(", "), part = quoted(last))
        }
    }
}

/// One of these words, so that it can follow "write".
pub(super) fn one_of(words: &[&str]) -> Phrase {
    phrase!("one of {names}", names = listed(words))
}
