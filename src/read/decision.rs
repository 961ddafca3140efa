//! What a project decides about pairs of crosswalks, in `frameworks/crosswalk.yaml`: pairs confirmed, rejected and added, and bases switched off.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::catalogues::Catalogues;
use super::crosswalk::{Crosswalk, Relationship};
use super::schema::{self, Context, Field, Kind, Schema, unknown_value};
use super::value::{Record, Value};
use crate::base::finding::{Finding, Span};
use crate::base::id::{ControlId, ItemId, Reference};
use crate::base::rule;
use crate::base::word::{phrase, word};
use crate::base::yaml::Node;

/// Where a project decides about pairs.
pub const PATH: &str = "frameworks/crosswalk.yaml";

static DECISION: Schema = Schema {
    name: word!("a decision on a pair"),
    fields: &[
        Field::new("source", "Source", Kind::Control).about("A control.").required(),
        Field::new("target", "Target", Kind::Control).about("A control of another edition.").required(),
        Field::new("decision", "Decision", Kind::Word(&["confirm", "reject", "add"]))
            .about("Whether the pair is confirmed, rejected, or one of your own.")
            .required(),
        Field::new("relationship", "Relationship", Kind::Word(Relationship::WORDS)).about("How the source relates to the target."),
        Field::new("by", "By", Kind::Role).about("The role that decided."),
        Field::new("date", "Date", Kind::Date).about("When."),
        Field::new("rationale", "Rationale", Kind::Text).about("Why."),
    ],
};

pub(super) static DECISIONS: Schema = Schema {
    name: word!("the project's crosswalk"),
    fields: &[
        Field::new("format", "Format", Kind::Integer(1, 1)).about("The version of the format: 1.").required(),
        Field::new("off", "Bases switched off", Kind::List(&Kind::Text)).about("Bases whose pairs do not count, unless one is confirmed."),
        Field::new("pairs", "Pairs", Kind::List(&Kind::Record(&DECISION))).about("What is decided about single pairs."),
    ],
};

/// What the project decides about pairs. It holds for every view, as settings do; who decided, when and why is for the highest view alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// Bases whose pairs do not count, unless one is confirmed.
    pub off: BTreeSet<Arc<str>>,
    /// Pairs that a person has decided, by source and target.
    pub pairs: BTreeMap<(ControlId, ControlId), Decision>,
}

/// What a person says about a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// How the source relates to the target, as the person sees it; none for a pair that is rejected.
    pub relationship: Option<Relationship>,
    /// Whether the pair is one of the project's own, and not one of a crosswalk.
    pub added: bool,
    /// The role that decided.
    pub by: Option<ItemId>,
    /// When.
    pub date: Option<Date>,
    /// Why.
    pub rationale: Option<Arc<str>>,
    /// Where it is decided.
    pub span: Span,
}

impl Decisions {
    /// What is decided about a pair, in whichever direction it was written; a relation is turned round to fit.
    pub fn of(&self, source: &ControlId, target: &ControlId) -> Option<(&Decision, Option<Relationship>)> {
        if let Some(decision) = self.pairs.get(&(source.clone(), target.clone())) {
            return Some((decision, decision.relationship));
        }
        let decision = self.pairs.get(&(target.clone(), source.clone()))?;
        Some((decision, decision.relationship.map(Relationship::turned)))
    }
}

/// Reads the decisions. A decision on a pair that no crosswalk has would change nothing, and so is a finding.
pub fn read(
    node: &Node,
    context: &Context<'_>,
    catalogues: &Catalogues,
    crosswalks: &[Crosswalk],
    findings: &mut Vec<Finding>,
) -> Option<Decisions> {
    let record = schema::decode(node, &DECISIONS, context, findings)?;
    let mut decisions = Decisions::default();
    let bases: BTreeSet<&str> = crosswalks.iter().map(|crosswalk| crosswalk.basis.as_ref()).collect();
    for item in record.list("off") {
        let Value::Text(basis) = &item.value else { continue };
        if !bases.contains(basis.as_ref()) {
            findings.push(unknown_value(basis, item.span, "basis", &bases.iter().copied().collect::<Vec<_>>()));
        }
        decisions.off.insert(basis.clone());
    }
    let known: BTreeSet<(&ControlId, &ControlId)> =
        crosswalks.iter().flat_map(|crosswalk| &crosswalk.pairs).map(|pair| (&pair.source, &pair.target)).collect();
    for item in record.list("pairs") {
        let Value::Record(fields) = &item.value else { continue };
        let Some((pair, word, decision)) = decision(fields, catalogues, findings) else { continue };
        let (source, target) = &pair;
        let is_known = known.contains(&(source, target)) || known.contains(&(target, source));
        match word {
            "add" if is_known => findings.push(
                Finding::new(
                    &rule::UNKNOWN_PAIR,
                    fields.span_of("decision"),
                    phrase!("a crosswalk has the pair of `{source}` and `{target}` already", source = source, target = target),
                )
                .help(phrase!("write `decision: confirm` with the relationship that you see")),
            ),
            "confirm" | "reject" if !is_known => findings.push(
                Finding::new(
                    &rule::UNKNOWN_PAIR,
                    fields.span_of("decision"),
                    phrase!("no crosswalk has a pair of `{source}` and `{target}`", source = source, target = target),
                )
                .help(phrase!("`annexa catalog show` lists a control's pairs; write `decision: add` for one of your own")),
            ),
            _ => {}
        }
        if let Some((earlier, _)) = decisions.of(source, target) {
            findings.push(
                Finding::new(
                    &rule::PAIR_DECIDED_TWICE,
                    fields.span,
                    phrase!("the pair of `{source}` and `{target}` is decided already", source = source, target = target),
                )
                .help(phrase!("keep one of the two"))
                .related(earlier.span, phrase!("first decided here")),
            );
            continue;
        }
        decisions.pairs.insert(pair, decision);
    }
    Some(decisions)
}

type Decided = ((ControlId, ControlId), &'static str, Decision);

fn decision(fields: &Record, catalogues: &Catalogues, findings: &mut Vec<Finding>) -> Option<Decided> {
    let mut control = |key: &str| match fields.get(key) {
        Some(Value::Reference(Reference::Control { edition, control })) => match catalogues.control(edition, control) {
            // Another name of one control means that control.
            Ok(found) => Some(match found.alias_of.as_slice() {
                [only] => only.clone(),
                _ => found.id.clone(),
            }),
            Err(unknown) => {
                findings.push(Finding::new(unknown.rule, fields.span_of(key), unknown.message).help_if(unknown.help));
                None
            }
        },
        _ => None,
    };
    let (source, target) = (control("source"), control("target"));
    let (source, target, word) = (source?, target?, fields.word("decision")?);
    if source == target {
        findings.push(
            Finding::new(
                &rule::INVALID_VALUE,
                fields.span_of("target"),
                phrase!("`{source}` cannot be a pair with itself", source = source),
            )
            .help(phrase!("name a control of another framework or edition")),
        );
        return None;
    }
    let relationship = fields.word("relationship").and_then(Relationship::parse).filter(|_| word != "reject");
    if relationship.is_none() && word != "reject" && !fields.is_written("relationship") {
        findings.push(
            Finding::new(&rule::MISSING_KEY, fields.span_of("decision"), phrase!("`decision: {word}` says no relationship", word = word))
                .help(phrase!(
                    "add `relationship:` with one of {names}, read from source to target",
                    names = schema::listed(Relationship::WORDS)
                )),
        );
    }
    // What is neither rejected nor readable decides nothing.
    if relationship.is_none() && word != "reject" {
        return None;
    }
    let decision = Decision {
        relationship,
        added: word == "add",
        by: fields.item("by").cloned(),
        date: fields.date("date"),
        rationale: fields.text("rationale").cloned(),
        span: fields.span,
    };
    Some(((source, target), word, decision))
}
