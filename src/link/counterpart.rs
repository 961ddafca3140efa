//! Counterparts: what the crosswalks and the project's decisions say of each control, read from either side.

use std::collections::BTreeSet;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use jiff::civil::Date;

use super::view::View;
use crate::base::id::{ControlId, EditionId, ItemId};
use crate::read::crosswalk::Relationship;
use crate::read::decision::Decision;
use crate::read::framework::Catalogue;

/// The basis of pairs that a project adds.
pub const PROJECT: &str = "project";

/// A control of another framework or edition that a pair sets beside one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counterpart {
    /// The other control.
    pub control: ControlId,
    /// How the control that is asked about relates to the other one: `subset` where the other is wider.
    pub relationship: Relationship,
    /// Who says so.
    pub basis: Arc<str>,
    /// Why.
    pub rationale: Option<Arc<str>>,
    /// Who of the project has confirmed the pair, or added it.
    pub decided: Option<Decided>,
}

/// That a person of the project has decided a pair.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// The role; none in a view that may not see it.
    pub by: Option<ItemId>,
    /// When.
    pub date: Option<Date>,
}

/// Every control's counterparts in the editions in use first, then by relation and by the order of the catalogue. One step, never a pair of pairs.
pub fn collect(view: &View) -> HashMap<ControlId, Vec<Counterpart>> {
    let mut found: HashMap<ControlId, Vec<Counterpart>> = HashMap::new();
    let mut add = |source: &ControlId, target: &ControlId, said: Counterpart| {
        let back = Counterpart { control: source.clone(), relationship: said.relationship.turned(), ..said.clone() };
        for (of, counterpart) in [(source, said), (target, back)] {
            match found.get_mut(of) {
                Some(known) => known.push(counterpart),
                None => drop(found.insert(of.clone(), vec![counterpart])),
            }
        }
    };
    let mut decided_here: BTreeSet<(&ControlId, &ControlId)> =
        view.decisions.pairs.keys().map(|(source, target)| (source, target)).collect();
    for crosswalk in view.crosswalks.iter() {
        let is_off = view.decisions.off.contains(&crosswalk.basis);
        for pair in &crosswalk.pairs {
            let decision = view.decisions.of(&pair.source, &pair.target);
            let relationship = match decision {
                None if is_off => continue,
                None => pair.relationship,
                // A pair that is rejected has no relation.
                Some((_, None)) => continue,
                Some((_, Some(stated))) => stated,
            };
            let decision = decision.map(|(decision, _)| decision);
            decided_here.remove(&(&pair.source, &pair.target));
            decided_here.remove(&(&pair.target, &pair.source));
            let rationale = decision.and_then(|decision| decision.rationale.clone()).or_else(|| pair.rationale.clone());
            let (control, basis) = (pair.target.clone(), crosswalk.basis.clone());
            add(&pair.source, &pair.target, Counterpart { control, relationship, basis, rationale, decided: decision.map(decided) });
        }
    }
    // What is left of the decisions are pairs of the project's own.
    for (source, target) in decided_here {
        let Some((decision, Some(relationship))) = view.decisions.of(source, target) else { continue };
        // A pair that is confirmed and stands nowhere is of a crosswalk that this view does not show.
        if !decision.added {
            continue;
        }
        let (control, rationale) = (target.clone(), decision.rationale.clone());
        add(source, target, Counterpart { control, relationship, basis: PROJECT.into(), rationale, decided: Some(decided(decision)) });
    }
    // The editions in use, then the others.
    let mut editions: HashMap<&EditionId, (usize, &Catalogue)> = HashMap::new();
    for catalogue in view.catalogues.in_use().chain(view.catalogues.all()) {
        let rank = editions.len();
        editions.entry(&catalogue.id).or_insert((rank, catalogue));
    }
    // Each list by itself, in whatever order.
    found.values_mut().for_each(|counterparts| {
        counterparts.sort_by_cached_key(|counterpart| {
            let id = &counterpart.control;
            let edition = editions.get(&id.edition).map(|(rank, catalogue)| (*rank, catalogue.position(&id.control)));
            (edition.map_or(usize::MAX, |(rank, _)| rank), counterpart.relationship, edition, counterpart.basis.clone())
        });
    });
    found
}

fn decided(decision: &Decision) -> Decided {
    Decided { by: decision.by.clone(), date: decision.date }
}
