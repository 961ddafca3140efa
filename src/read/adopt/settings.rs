//! What annexa.yaml says of files that were not written for Annexa: `sources` names them, `keys` says what their front matter means.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::scalar;
use crate::base::finding::{Finding, Spanned, did_you_mean, nearest};
use crate::base::rule;
use crate::base::source::{Selection, Sources, path};
use crate::base::word::{phrase, word};
use crate::base::yaml::{Key, Node};
use crate::read::document::{self, TYPES};
use crate::read::schema::{self, Context, Field, Kind, Schema};
use crate::read::value::{Record, Value};

/// What a key of foreign front matter means that means nothing.
pub const IGNORE: &str = "ignore";

/// Ends of names, in lower case, of files that are read as documents.
const TEXTS: [&str; 2] = [".md", ".markdown"];

static SELECTION: Schema = Schema {
    name: word!("a row of `sources`"),
    fields: &[
        Field::new("files", "Files", Kind::Text)
            .about("Which files: a path from the project's folder, in which `*` stands for any characters and `**` for any folders.")
            .required(),
        Field::new("type", "Type", Kind::Word(TYPES))
            .about("What the Markdown files among them are; without it they are only what documents show and link to."),
        Field::new("except", "Except", Kind::List(&Kind::Text)).about("Which of them are left out, written in the same way."),
        Field::new("defaults", "Defaults", Kind::Texts)
            .about("Keys of front matter with the values that hold for all of them that say nothing else, such as `classification`."),
    ],
};

/// The kind of the setting `sources`.
pub const SOURCES: Kind = Kind::List(&Kind::Record(&SELECTION));

/// Which files are read that were not written for Annexa, and how.
#[derive(Clone, Debug, Default)]
pub struct Adoption {
    pub(super) rows: Vec<Adopting>,
    /// By a key of theirs, one of ours, or none for what is ignored.
    pub(super) keys: BTreeMap<Arc<str>, Option<&'static str>>,
}

/// Files, and what the Markdown files among them are.
#[derive(Clone, Debug)]
pub(super) struct Adopting {
    pub(super) selection: Selection,
    pub(super) kind: Option<&'static str>,
    /// What their front matter says where nothing else does, by our keys.
    pub(super) defaults: Vec<(Key, Node)>,
}

/// What a list of `sources` selects.
pub fn selections(rows: &[Spanned<Value>]) -> impl Iterator<Item = Selection> {
    rows.iter().filter_map(selection)
}

fn selection(row: &Spanned<Value>) -> Option<Selection> {
    let Value::Record(row) = &row.value else { return None };
    let normal = |text: &Arc<str>| Arc::from(path::normal(text));
    let except = row.list("except").iter().filter_map(|item| if let Value::Text(text) = &item.value { Some(normal(text)) } else { None });
    Some(Selection { files: normal(row.text("files")?), except: except.collect() })
}

impl Adoption {
    /// What annexa.yaml says of it. A pattern that no file fits is an error: a slip of the pen must not drop a folder of policies without a word.
    pub(in crate::read) fn of(settings: &Record, sources: &Sources, context: &Context<'_>, findings: &mut Vec<Finding>) -> Self {
        let mut rows = Vec::new();
        for row in settings.list("sources") {
            let (Value::Record(row), Some(selection)) = (&row.value, selection(row)) else { continue };
            let (span, kind) = (row.span_of("files"), row.word("type"));
            if let Some(why) = path::unusable(&selection.files) {
                findings.push(
                    Finding::new(&rule::INVALID_VALUE, span, phrase!("`{path}` {words}", path = selection.files, words = why))
                        .help(phrase!("write a path from the project's folder, as in `policies/**/*.md`")),
                );
            } else if !sources.iter().any(|(_, file)| selection.takes(&file.path) && (kind.is_none() || is_text(&file.path))) {
                let message = match kind {
                    Some(_) => phrase!("no Markdown file fits `{files}`", files = selection.files),
                    None => phrase!("no file fits `{files}`", files = selection.files),
                };
                let help = phrase!("correct the path, or remove the row");
                findings.push(Finding::new(&rule::UNRESOLVED_REFERENCE, span, message).help(help));
            }
            rows.push(Adopting { selection, kind, defaults: defaults(row, context, findings) });
        }
        Adoption { rows, keys: keys(settings, findings) }
    }

    /// The type of the document that a file is, if it is one.
    pub fn type_of(&self, path: &str) -> Option<&'static str> {
        if !is_text(path) {
            return None;
        }
        self.adopting(path)?.kind
    }

    /// Whether a file is among those that documents may show and link to, though it lies elsewhere than they do.
    pub fn holds(&self, path: &str) -> bool {
        !is_text(path) && self.rows.iter().any(|row| row.selection.takes(path))
    }

    /// The first row that says what a file is.
    pub(super) fn adopting(&self, path: &str) -> Option<&Adopting> {
        self.rows.iter().find(|row| row.kind.is_some() && row.selection.takes(path))
    }
}

/// What a row of `sources` says for all of its documents; what cannot be read is told once, here.
fn defaults(row: &Record, context: &Context<'_>, findings: &mut Vec<Finding>) -> Vec<(Key, Node)> {
    let Some(Value::Texts(texts)) = row.get("defaults") else { return Vec::new() };
    let mut defaults = Vec::new();
    for (key, text) in texts {
        // These are each document's own.
        let field = document::SCHEMA.field(key).filter(|field| !matches!(field.key, "id" | "title"));
        let Some(field) = field else {
            let known: Vec<&str> =
                document::SCHEMA.fields.iter().map(|field| field.key).filter(|key| !matches!(*key, "id" | "title")).collect();
            let near = nearest(key, known.iter().copied()).map(did_you_mean);
            let message = phrase!("{name} has no key `{key}`", name = "`defaults`", key = key);
            findings.push(
                Finding::new(&rule::UNKNOWN_KEY, text.span, message)
                    .help_if(near)
                    .help(phrase!("its keys are those of front matter, but for `id` and `title`, which are each document's own")),
            );
            continue;
        };
        let node = scalar(&text.value, text.span);
        if schema::value_of(&node, field.key, field.kind, context, findings).is_some() {
            defaults.push((Key { text: field.key.into(), span: text.span }, node));
        }
    }
    defaults
}

/// Whether a file's name says that it is Markdown.
pub fn is_text(path: &str) -> bool {
    let lower = path.to_lowercase();
    TEXTS.iter().any(|end| lower.ends_with(end))
}

/// What `keys` says. Two of theirs can mean the same: then the first that a file has counts.
fn keys(settings: &Record, findings: &mut Vec<Finding>) -> BTreeMap<Arc<str>, Option<&'static str>> {
    let Some(Value::Texts(texts)) = settings.get("keys") else { return BTreeMap::new() };
    let mut keys = BTreeMap::new();
    for (theirs, ours) in texts {
        let field = document::SCHEMA.field(&ours.value).map(|field| field.key);
        if field.is_none() && ours.value.as_ref() != IGNORE {
            let known: Vec<&str> = document::SCHEMA.fields.iter().map(|field| field.key).chain([IGNORE]).collect();
            findings.push(schema::unknown_value(&ours.value, ours.span, theirs, &known));
            continue;
        }
        keys.insert(theirs.clone(), field);
    }
    keys
}
