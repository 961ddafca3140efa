//! Crosswalks: pairs of controls of two editions, with relationship and basis.

use std::sync::Arc;

use super::schema::unknown_value;
use crate::base::finding::Finding;
use crate::base::id::{ControlId, EditionId};
use crate::base::rule;
use crate::base::source::FileId;
use crate::base::yaml::{self, Kind, Node};

/// Pairs of controls of two editions.
#[derive(Clone, Debug)]
pub struct Crosswalk {
    /// The edition that relations are read from.
    pub source: EditionId,
    /// The edition that they are read to.
    pub target: EditionId,
    /// Who says so.
    pub basis: Arc<str>,
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
}

/// How the source of a pair relates to its target (NIST IR 8477, set theory relationship mapping; `related` states no set relation).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

const RELATIONSHIPS: [(&str, Relationship); 5] = [
    ("equal", Relationship::Equal),
    ("subset", Relationship::Subset),
    ("superset", Relationship::Superset),
    ("intersects", Relationship::Intersects),
    ("related", Relationship::Related),
];

/// Reads one crosswalk.
pub fn read(file: FileId, text: &str, findings: &mut Vec<Finding>) -> Option<Crosswalk> {
    let node = yaml::parse(text, file, 0, findings)?;
    let Kind::Mapping(entries) = &node.kind else {
        findings.push(Finding::new(&rule::WRONG_TYPE, node.span, "a crosswalk must be a mapping"));
        return None;
    };
    let mut value_of = |key: &str| {
        let found = entries.iter().find(|(known, _)| known.text.as_ref() == key).map(|(_, value)| value);
        if found.is_none() {
            findings.push(Finding::new(&rule::MISSING_KEY, node.span, format!("a crosswalk lacks the required key `{key}`")));
        }
        found
    };
    let (source, target, basis, pairs) = (value_of("source")?, value_of("target")?, value_of("basis")?, value_of("pairs")?);
    let source = scalar(source).and_then(|text| EditionId::parse(text))?;
    let target = scalar(target).and_then(|text| EditionId::parse(text))?;
    let Kind::Sequence(items) = &pairs.kind else {
        findings.push(Finding::new(&rule::WRONG_TYPE, pairs.span, "`pairs` must be a list"));
        return None;
    };
    let pairs = items.iter().filter_map(|item| pair(item, &source, &target, findings)).collect();
    Some(Crosswalk { basis: scalar(basis)?.clone(), pairs, source, target })
}

fn pair(node: &Node, source: &EditionId, target: &EditionId, findings: &mut Vec<Finding>) -> Option<Pair> {
    let fields: Vec<&Arc<str>> = match &node.kind {
        Kind::Sequence(items) => items.iter().filter_map(scalar).collect(),
        _ => Vec::new(),
    };
    let [from, word, to, rest @ ..] = fields.as_slice() else {
        findings.push(
            Finding::new(&rule::WRONG_TYPE, node.span, "a pair must be a list of source, relationship and target")
                .help("write it as in [A.5.1.1, subset, A.5.1]"),
        );
        return None;
    };
    let Some((_, relationship)) = RELATIONSHIPS.iter().find(|(known, _)| *known == word.as_ref()) else {
        findings.push(unknown_value(word, node.span, "relationship", &RELATIONSHIPS.map(|(known, _)| known)));
        return None;
    };
    Some(Pair {
        source: ControlId { edition: source.clone(), control: (*from).clone() },
        relationship: *relationship,
        target: ControlId { edition: target.clone(), control: (*to).clone() },
        rationale: rest.first().map(|text| (*text).clone()),
    })
}

fn scalar(node: &Node) -> Option<&Arc<str>> {
    match &node.kind {
        Kind::Scalar { text, .. } => Some(text),
        _ => None,
    }
}
