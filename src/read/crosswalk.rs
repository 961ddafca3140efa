//! Crosswalks: pairs of controls of two editions, with relationship and basis, built in or in the project's `frameworks/crosswalks/`.

use std::sync::Arc;

use super::catalogues::Catalogues;
use super::framework;
use super::markdown::Values;
use super::schema::{self, Context, Field, Kind, Schema, unknown_value};
use super::value::{Classification, Record, Value};
use crate::base::finding::{Finding, Span, Spanned};
use crate::base::id::{ControlId, EditionId};
use crate::base::rule;
use crate::base::source::FileId;
use crate::base::word::{Phrase, Word, phrase, word};
use crate::base::yaml;

pub(super) static CROSSWALK: Schema = Schema {
    name: word!("a crosswalk"),
    fields: &[
        Field::new("format", "Format", Kind::Integer(1, 1)).about("The version of the format: 1.").required(),
        Field::new("source", "Source", Kind::Edition).about("The edition that relations are read from.").required(),
        Field::new("target", "Target", Kind::Edition).about("The edition that they are read to.").required(),
        Field::new("basis", "Basis", Kind::Text).about("Who says so: a word such as `editorial`.").required(),
        Field::new("note", "Note", Kind::Text).about("Where the pairs come from, and how sure they are."),
        Field::new("classification", "Classification", Kind::Classification).about("Who may see the pairs."),
        Field::new("pairs", "Pairs", Kind::List(&Kind::List(&Kind::Text)))
            .about("Lists of source, relationship, target, and perhaps why.")
            .required(),
    ],
};

/// Pairs of controls of two editions.
#[derive(Clone, Debug)]
pub struct Crosswalk {
    /// The edition that relations are read from.
    pub source: EditionId,
    /// The edition that they are read to.
    pub target: EditionId,
    /// Who says so: a word such as `editorial` or `nist-olir-155`.
    pub basis: Arc<str>,
    /// Where the pairs come from, and how sure they are.
    pub note: Option<Arc<str>>,
    /// Who may see the pairs, as the file marks it.
    pub classification: Option<Classification>,
    /// Whether it comes with Annexa, and not from the project: then everybody may see it.
    pub built_in: bool,
    /// The pairs, in the file's order.
    pub pairs: Vec<Pair>,
}

/// One pair: `source` is a subset of `target`, say.
#[derive(Clone, Debug)]
pub struct Pair {
    /// A control of the source edition.
    pub source: ControlId,
    /// How it relates to the target.
    pub relationship: Relationship,
    /// A control of the target edition.
    pub target: ControlId,
    /// Why, where the pair is ours.
    pub rationale: Option<Arc<str>>,
    /// Where the pair stands.
    pub span: Span,
}

/// How the source of a pair relates to its target (NIST IR 8477, set theory relationship mapping; `related` states no set relation). In the
/// order of what follows from meeting the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relationship {
    /// Both ask for the same.
    Equal,
    /// The source asks for a part of the target.
    Subset,
    /// The source asks for all of the target and more.
    Superset,
    /// They share a part.
    Intersects,
    /// One points to the other; nothing follows.
    Related,
}

impl Relationship {
    /// The words of the format.
    pub const WORDS: &[&str] = &["equal", "subset", "superset", "intersects", "related"];

    const ALL: [Relationship; 5] =
        [Relationship::Equal, Relationship::Subset, Relationship::Superset, Relationship::Intersects, Relationship::Related];

    /// Reads a word of the format.
    pub fn parse(word: &str) -> Option<Self> {
        Self::WORDS.iter().position(|known| *known == word).map(|place| Self::ALL[place])
    }

    /// The word of the format.
    pub fn word(self) -> &'static str {
        match self {
            Relationship::Equal => "equal",
            Relationship::Subset => "subset",
            Relationship::Superset => "superset",
            Relationship::Intersects => "intersects",
            Relationship::Related => "related",
        }
    }

    /// The same relation, read from the target back to the source.
    pub fn turned(self) -> Self {
        match self {
            Relationship::Subset => Relationship::Superset,
            Relationship::Superset => Relationship::Subset,
            same => same,
        }
    }

    /// What a control is to the one that this relation is read from: after "A.5.15", "asks for the same".
    pub fn of_the_other(self) -> Word {
        match self {
            Relationship::Equal => word!("asks for the same"),
            Relationship::Subset => word!("asks for all of this and more"),
            Relationship::Superset => word!("asks for a part of this"),
            Relationship::Intersects => word!("shares a part with this"),
            Relationship::Related => word!("is related"),
        }
    }
}

/// What a basis is, in words; an imported one stands for itself.
pub fn basis_words(basis: &str) -> Phrase {
    let words = match basis {
        "editorial" => word!("Annexa's own judgement"),
        "derived" => word!("follows from the numbering"),
        "iso27002-2022-annex-b" => word!("ISO/IEC 27002:2022, Annex B"),
        "nist-olir-155" => word!("NIST OLIR 155"),
        "nist-csf-reference-tool" => word!("NIST CSF 2.0 Reference Tool"),
        "csa" => word!("CSA's mapping, as imported"),
        "imported" => word!("an imported mapping"),
        "project" => word!("this project"),
        other => return Phrase::text(other),
    };
    words.into()
}

/// Reads one crosswalk. Whether the controls exist is found where catalogues are known.
pub fn read(file: FileId, path: &str, text: &str, classifications: &[Arc<str>], findings: &mut Vec<Finding>) -> Option<Crosswalk> {
    let node = yaml::parse(text, file, 0, findings)?;
    let values = Values::default();
    let context = Context { file, path, classifications, values: &values };
    let record = schema::decode(&node, &CROSSWALK, &context, findings)?;
    let (source, target) = (edition(&record, "source")?, edition(&record, "target")?);
    let pairs = record.list("pairs").iter().filter_map(|item| pair(item, &source, &target, findings)).collect();
    Some(Crosswalk {
        basis: record.text("basis")?.clone(),
        note: record.text("note").cloned(),
        classification: record.classification("classification"),
        built_in: path.starts_with(framework::BUILT_IN_FOLDER),
        pairs,
        source,
        target,
    })
}

fn edition(record: &Record, key: &str) -> Option<EditionId> {
    match record.get(key) {
        Some(Value::Edition(id)) => Some(id.clone()),
        _ => None,
    }
}

fn pair(item: &Spanned<Value>, source: &EditionId, target: &EditionId, findings: &mut Vec<Finding>) -> Option<Pair> {
    let fields: Vec<&Arc<str>> = match &item.value {
        Value::List(fields) => {
            fields.iter().filter_map(|field| if let Value::Text(text) = &field.value { Some(text) } else { None }).collect()
        }
        _ => Vec::new(),
    };
    let (from, word, to, rationale) = match fields.as_slice() {
        [from, word, to] => (*from, *word, *to, None),
        [from, word, to, why] => (*from, *word, *to, Some((*why).clone())),
        _ => {
            findings.push(
                Finding::new(
                    &rule::WRONG_TYPE,
                    item.span,
                    phrase!("a pair must be a list of source, relationship, target and, if there is one, a rationale"),
                )
                .help(phrase!("write it as in [A.5.1.1, subset, A.5.1]")),
            );
            return None;
        }
    };
    let Some(relationship) = Relationship::parse(word) else {
        findings.push(unknown_value(word, item.span, "relationship", Relationship::WORDS));
        return None;
    };
    let control = |edition: &EditionId, id: &Arc<str>| ControlId { edition: edition.clone(), control: id.clone() };
    Some(Pair { source: control(source, from), relationship, target: control(target, to), rationale, span: item.span })
}

/// Leaves only pairs of controls that exist, in the project's crosswalks; what is left out is found at its line. Built-in ones are tested.
pub fn keep_known(crosswalks: &mut [Crosswalk], catalogues: &Catalogues, findings: &mut Vec<Finding>) {
    for crosswalk in crosswalks.iter_mut().filter(|crosswalk| !crosswalk.built_in) {
        crosswalk.pairs.retain(|pair| {
            let mut known = |id: &ControlId| match catalogues.control(&id.edition, &id.control) {
                Ok(_) => true,
                Err(unknown) => {
                    findings.push(Finding::new(unknown.rule, pair.span, unknown.message).help_if(unknown.help));
                    false
                }
            };
            // Both, so that each unknown one is found in one run.
            let (source, target) = (known(&pair.source), known(&pair.target));
            source && target
        });
    }
}
