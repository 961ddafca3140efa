//! Where the controls of one edition are found in another: what the crosswalks say, as the project has decided it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::id::ControlId;
use crate::link::counterpart::PROJECT;
use crate::link::view::View;
use crate::read::crosswalk::Relationship;
use crate::read::framework::Catalogue;

/// A control of the new edition that is set beside one of the old.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counterpart {
    /// The control of the new edition.
    pub control: ControlId,
    /// Who says so, one a basis.
    pub said: Vec<Said>,
}

/// What one source says of a pair.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    /// How the old control relates to the new one.
    pub relationship: Relationship,
    /// Who says so.
    pub basis: Arc<str>,
    /// Why.
    pub rationale: Option<Arc<str>>,
    /// Whether a person of the project has decided the pair.
    pub decided: bool,
}

impl Counterpart {
    fn stated(&self) -> impl Iterator<Item = Relationship> {
        self.said.iter().map(|said| said.relationship).filter(|stated| *stated != Relationship::Related)
    }

    /// Whether nobody states a set relation.
    pub fn is_pointed_to(&self) -> bool {
        self.stated().next().is_none()
    }

    /// Whether the old control asks for all that the new one asks, as all say who state a set relation: then who met the one meets the other.
    pub fn is_within(&self) -> bool {
        !self.is_pointed_to() && self.stated().all(|stated| matches!(stated, Relationship::Equal | Relationship::Superset))
    }
}

/// The counterparts of every control of `from` that has any, in the order of `to`. Pairs are read from either side.
pub(super) fn pairs(view: &View, from: &Catalogue, to: &Catalogue) -> BTreeMap<ControlId, Vec<Counterpart>> {
    let mut found: BTreeMap<(ControlId, ControlId), Vec<Said>> = BTreeMap::new();
    for crosswalk in view.crosswalks.iter() {
        let turned = match (&crosswalk.source, &crosswalk.target) {
            (source, target) if *source == from.id && *target == to.id => false,
            (source, target) if *source == to.id && *target == from.id => true,
            _ => continue,
        };
        for pair in &crosswalk.pairs {
            let (source, target, stated) = if turned {
                (&pair.target, &pair.source, pair.relationship.turned())
            } else {
                (&pair.source, &pair.target, pair.relationship)
            };
            let decision = decided(view, source, target, from, to);
            let relationship = match decision {
                None if view.decisions.off.contains(&crosswalk.basis) => continue,
                None => stated,
                Some(None) => continue,
                Some(Some(decided)) => decided,
            };
            let (basis, rationale) = (crosswalk.basis.clone(), pair.rationale.clone());
            let said = Said { relationship, basis, rationale, decided: decision.is_some() };
            found.entry((source.clone(), target.clone())).or_default().push(said);
        }
    }
    for ((source, target), decision) in &view.decisions.pairs {
        let (source, target, stated) = match () {
            () if source.edition == from.id && target.edition == to.id => (source, target, decision.relationship),
            () if source.edition == to.id && target.edition == from.id => (target, source, decision.relationship.map(Relationship::turned)),
            () => continue,
        };
        let Some(relationship) = stated else { continue };
        found.entry((source.clone(), target.clone())).or_insert_with(|| {
            let rationale = decision.rationale.clone();
            vec![Said { relationship, basis: PROJECT.into(), rationale, decided: true }]
        });
    }
    let mut pairs: BTreeMap<ControlId, Vec<Counterpart>> = BTreeMap::new();
    for ((source, control), mut said) in found {
        said.sort();
        said.dedup();
        pairs.entry(source).or_default().push(Counterpart { control, said });
    }
    for counterparts in pairs.values_mut() {
        counterparts.sort_by_key(|counterpart| to.position(&counterpart.control.control));
    }
    pairs
}

/// What the project has decided of a pair: nothing, that it is none, or a relation. Decisions name controls themselves, so that one on another name
/// of a control is kept as one on the control.
fn decided(view: &View, source: &ControlId, target: &ControlId, from: &Catalogue, to: &Catalogue) -> Option<Option<Relationship>> {
    let names = |id: &ControlId, catalogue: &Catalogue| -> BTreeSet<ControlId> {
        let others = catalogue.control(&id.control).map(|control| control.alias_of.as_slice()).unwrap_or_default();
        std::iter::once(id.clone()).chain(others.first().filter(|_| others.len() == 1).cloned()).collect()
    };
    let targets = names(target, to);
    let of = |source: &ControlId| targets.iter().find_map(|target| view.decisions.of(source, target)).map(|(_, relation)| relation);
    // The name that was asked for comes first.
    let own = view.decisions.of(source, target).map(|(_, relation)| relation);
    own.or_else(|| names(source, from).iter().find_map(of))
}
