//! What is left of a framework: every control with its state and what carries it, and a short list of work that would close the rest.

use std::collections::{BTreeMap, BTreeSet};

use super::cover;
use super::inheritance::{Inheritance, is_certified};
use crate::base::id::{ControlId, ItemId};
use crate::link::counterpart::Counterpart;
use crate::link::manual::Manual;
use crate::link::state::{Counts, State};
use crate::link::usage::Claim;
use crate::read::crosswalk::Relationship;
use crate::read::framework::{Catalogue, Control};
use crate::read::register::Row;

/// What is left of a framework, or of one of its baselines.
#[derive(Clone, Debug)]
pub struct Gap<'a> {
    /// The framework.
    pub catalogue: &'a Catalogue,
    /// Its controls in order, less withdrawn ones.
    pub controls: Vec<Reached<'a>>,
    /// How many are in each state.
    pub counts: Counts,
    /// What would close those that remain, the widest first.
    pub tasks: Vec<Task<'a>>,
}

/// A control and what carries it.
#[derive(Clone, Debug)]
pub struct Reached<'a> {
    /// The control.
    pub control: &'a Control,
    /// How far it is met.
    pub state: State,
    /// Who claims it.
    pub claims: Vec<&'a Claim>,
    /// Counterparts from which something follows, with what follows, the surest first.
    pub through: Vec<(&'a Counterpart, State)>,
    /// The suppliers that carry it out for us, and whether each has a certificate that is valid today.
    pub inherited: Vec<(&'a Row, bool)>,
}

/// A piece of work, and the controls that it would close.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task<'a> {
    /// What to do.
    pub action: Action<'a>,
    /// What that would close, in the order of the catalogue. A control stands in one task only.
    pub controls: Vec<&'a ControlId>,
}

/// What can be done about a control that is not met.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action<'a> {
    /// A draft claims the control: bring it into force.
    Approve(ItemId),
    /// A statement calls the control, or one that would meet it, planned or partial: carry that out.
    Implement(ControlId),
    /// A document meets a counterpart: let it meet the control too, and claim it.
    Extend(ItemId),
    /// Nothing is near: write about this group of the framework.
    Write(&'a str),
    /// The control is inherited from this supplier, whose certificate is missing or has expired: ask for one that is valid.
    Renew(ItemId),
}

impl Action<'_> {
    /// A word for data: approve, implement, extend, write, renew.
    pub fn word(&self) -> &'static str {
        match self {
            Action::Approve(_) => "approve",
            Action::Implement(_) => "implement",
            Action::Extend(_) => "extend",
            Action::Write(_) => "write",
            Action::Renew(_) => "renew",
        }
    }
}

impl Gap<'_> {
    /// The controls that are neither met, directly or through another one, nor excluded.
    pub fn remaining(&self) -> impl Iterator<Item = &Reached<'_>> {
        self.controls.iter().filter(|reached| remains(reached.state))
    }
}

/// Whether something is left to do about a control in this state.
pub fn remains(state: State) -> bool {
    matches!(state, State::InPart | State::Planned | State::PointedTo | State::Open)
}

/// What is left of an edition; of a baseline of it, where one is named.
pub fn gap<'a>(manual: &'a Manual, catalogue: &'a Catalogue, baseline: Option<&str>) -> Gap<'a> {
    let selected = |control: &&Control| baseline.is_none_or(|name| control.baselines.iter().any(|known| known.as_ref() == name));
    let inheritance = Inheritance::of(manual);
    let controls: Vec<Reached<'a>> = catalogue
        .controls
        .iter()
        .filter(|control| !control.withdrawn)
        .filter(selected)
        .map(|control| reached(manual, &inheritance, control))
        .collect();
    let counts = controls.iter().map(|reached| reached.state).collect();
    let mut tasks = tasks(manual, catalogue, &controls);
    tasks.extend(lapsed(&controls));
    Gap { catalogue, controls, counts, tasks }
}

/// What is inherited on a certificate that is missing or has expired, by supplier. Such a control may be met by what is written and still be shown by nothing.
fn lapsed<'a>(controls: &[Reached<'a>]) -> Vec<Task<'a>> {
    let mut by_supplier: BTreeMap<&ItemId, Vec<&'a ControlId>> = BTreeMap::new();
    for reached in controls {
        for (row, _) in reached.inherited.iter().filter(|(_, certified)| !certified) {
            by_supplier.entry(&row.id).or_default().push(&reached.control.id);
        }
    }
    by_supplier.into_iter().map(|(id, controls)| Task { action: Action::Renew(id.clone()), controls }).collect()
}

fn reached<'a>(manual: &'a Manual, inheritance: &Inheritance<'a>, control: &'a Control) -> Reached<'a> {
    let mut through: Vec<(&Counterpart, State)> =
        manual.counterparts(control).into_iter().filter_map(|other| Some((other, manual.through(other)?))).collect();
    through.sort_by_key(|(_, state)| *state);
    let suppliers = inheritance.suppliers_of(manual, control).into_iter();
    let inherited = suppliers.map(|row| (row, is_certified(manual, row))).collect();
    Reached { control, state: manual.state(control), claims: manual.claims(control), through, inherited }
}

/// As few pieces of work as close every control that remains.
fn tasks<'a>(manual: &'a Manual, catalogue: &'a Catalogue, controls: &[Reached<'a>]) -> Vec<Task<'a>> {
    let parents: BTreeSet<&str> = catalogue
        .controls
        .iter()
        .filter(|control| !control.withdrawn && matches!(control.kind, "clause" | "provision"))
        .filter_map(|control| control.parent.as_deref())
        .collect();
    // What is made of parts is closed by closing these.
    let left: Vec<&Reached<'a>> =
        controls.iter().filter(|reached| remains(reached.state) && !parents.contains(reached.control.id.control.as_ref())).collect();
    let mut actions: BTreeMap<Action<'a>, Vec<usize>> = BTreeMap::new();
    for (place, reached) in left.iter().enumerate() {
        for action in candidates(manual, reached) {
            actions.entry(action).or_default().push(place);
        }
    }
    let (actions, sets): (Vec<Action<'a>>, Vec<Vec<usize>>) = actions.into_iter().unzip();
    let mut taken = vec![false; left.len()];
    let mut tasks: Vec<Task<'a>> = Vec::new();
    for chosen in cover::smallest(left.len(), &sets) {
        let controls: Vec<&ControlId> = sets[chosen]
            .iter()
            .filter(|place| !std::mem::replace(&mut taken[**place], true))
            .map(|place| &left[*place].control.id)
            .collect();
        if !controls.is_empty() {
            tasks.push(Task { action: actions[chosen].clone(), controls });
        }
    }
    tasks.sort_by(|a, b| b.controls.len().cmp(&a.controls.len()).then_with(|| a.action.cmp(&b.action)));
    tasks
}

/// What could be done about a control, from the nearest that there is: its own statement or drafts, then documents of its counterparts.
fn candidates<'a>(manual: &'a Manual, reached: &Reached<'a>) -> Vec<Action<'a>> {
    let own = unfinished(manual, reached.control);
    if !own.is_empty() {
        return own;
    }
    let classes: [&[Relationship]; 3] =
        [&[Relationship::Equal, Relationship::Subset], &[Relationship::Superset, Relationship::Intersects], &[Relationship::Related]];
    for class in classes {
        let near = reached.through.iter().filter(|(other, _)| class.contains(&other.relationship));
        let mut actions: BTreeSet<Action<'a>> = BTreeSet::new();
        // How many counterparts each document meets: the one that meets most of them speaks of the matter.
        let mut documents: BTreeMap<&ItemId, usize> = BTreeMap::new();
        for (other, _) in near {
            let Some(control) = manual.control(&other.control) else { continue };
            // Where the other control meets this one as soon as it is met itself, nothing else is to be done.
            let unfinished = if class.contains(&Relationship::Equal) { unfinished(manual, control) } else { Vec::new() };
            if unfinished.is_empty() {
                let claims = manual.claims(control).into_iter().filter(|claim| is_alive(manual, claim));
                let claimants: BTreeSet<&ItemId> = claims.map(|claim| &claim.document).collect();
                claimants.into_iter().for_each(|document| *documents.entry(document).or_default() += 1);
            }
            actions.extend(unfinished);
        }
        let most = documents.values().copied().max().unwrap_or_default();
        actions.extend(documents.into_iter().filter(|(_, count)| *count == most).map(|(document, _)| Action::Extend(document.clone())));
        if !actions.is_empty() {
            return actions.into_iter().collect();
        }
    }
    vec![Action::Write(reached.control.group.as_deref().unwrap_or_default())]
}

/// What is begun for a control and not finished.
fn unfinished<'a>(manual: &Manual, control: &Control) -> Vec<Action<'a>> {
    if let Some(statement) = manual.statement(control).filter(|statement| matches!(statement.status(), Some("planned" | "partial"))) {
        return vec![Action::Implement(statement.control.clone())];
    }
    if manual.direct_state(control) != State::Planned {
        return Vec::new();
    }
    let drafts = manual.claims(control).into_iter().filter(|claim| is_alive(manual, claim));
    let mut actions: Vec<Action<'a>> = drafts.map(|claim| Action::Approve(claim.document.clone())).collect();
    actions.sort();
    actions.dedup();
    actions
}

fn is_alive(manual: &Manual, claim: &Claim) -> bool {
    manual.document(&claim.document).is_some_and(|document| document.status != "retired")
}
