//! How far a control is met, in words and marks that are the same everywhere.

use std::collections::BTreeMap;

use crate::base::word::{Word, word};
use crate::read::crosswalk::Relationship;

/// How far a control is met, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Implemented, or claimed by a document in force.
    Met,
    /// An equal or wider control of another framework is met.
    MetThrough,
    /// Implemented in part, or met in some of its parts, or a control that overlaps with it is met.
    InPart,
    /// Decided or drafted, and not yet in force.
    Planned,
    /// Excluded with a reason.
    NotApplicable,
    /// Something that is met points to it, which says nothing of how far; never counted as met.
    PointedTo,
    /// Nothing speaks of it.
    Open,
}

impl State {
    /// Every state, in the order in which they are counted.
    pub const ALL: [State; 7] =
        [State::Met, State::MetThrough, State::InPart, State::Planned, State::NotApplicable, State::PointedTo, State::Open];

    /// A word for class names and data: `met`, `met-through`, `in-part`, `planned`, `not-applicable`, `pointed-to`, `open`.
    pub fn key(self) -> &'static str {
        match self {
            State::Met => "met",
            State::MetThrough => "met-through",
            State::InPart => "in-part",
            State::Planned => "planned",
            State::NotApplicable => "not-applicable",
            State::PointedTo => "pointed-to",
            State::Open => "open",
        }
    }

    /// The words that a reader sees.
    pub fn words(self) -> Word {
        match self {
            State::Met => word!("Met"),
            State::MetThrough => word!("Met through"),
            State::InPart => word!("Met in part"),
            State::Planned => word!("Planned"),
            State::NotApplicable => word!("Not applicable"),
            State::PointedTo => word!("Pointed to"),
            State::Open => word!("Open"),
        }
    }

    /// What it takes to be in this state, in a few words.
    pub fn meaning(self) -> Word {
        match self {
            State::Met => word!("a statement or a document in force says so"),
            State::MetThrough => word!("an equal or wider control is met"),
            State::InPart => word!("in part, or a control that shares a part is met"),
            State::Planned => word!("decided or drafted, and not yet in force"),
            State::NotApplicable => word!("excluded with a reason"),
            State::PointedTo => word!("a crosswalk points here and says no more: not counted as met"),
            State::Open => word!("nothing speaks of it"),
        }
    }

    /// What follows for a control from the direct state of a counterpart, to which it relates in this way; nothing from one that is open or
    /// excluded. A relation without sets only points.
    pub(super) fn through(self, relationship: Relationship) -> Option<State> {
        match (relationship, self) {
            (_, State::Open | State::NotApplicable | State::PointedTo | State::MetThrough) => None,
            (Relationship::Related, _) => Some(State::PointedTo),
            (_, State::Planned) => Some(State::Planned),
            (Relationship::Equal | Relationship::Subset, State::Met) => Some(State::MetThrough),
            _ => Some(State::InPart),
        }
    }
}

/// The state of a whole from those of its parts.
pub(super) fn joined(states: &[State]) -> State {
    let counted: Vec<State> = states.iter().copied().filter(|state| *state != State::NotApplicable).collect();
    let all = |wanted: &[State]| counted.iter().all(|state| wanted.contains(state));
    let any = |wanted: &[State]| counted.iter().any(|state| wanted.contains(state));
    match counted.first() {
        None if states.is_empty() => State::Open,
        None => State::NotApplicable,
        Some(first) if all(&[*first]) => *first,
        _ if all(&[State::Met, State::MetThrough]) => State::MetThrough,
        _ if any(&[State::Met, State::MetThrough, State::InPart]) => State::InPart,
        _ if any(&[State::Planned]) => State::Planned,
        _ => State::Open,
    }
}

/// The surer of two states that are found in different ways.
pub(super) fn surer(one: State, other: State) -> State {
    one.min(other)
}

/// How many controls are in each state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<State, usize>);

impl Counts {
    /// How many are in a state.
    pub fn of(&self, state: State) -> usize {
        self.0.get(&state).copied().unwrap_or(0)
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.0.values().sum()
    }

    pub(super) fn add(&mut self, state: State) {
        *self.0.entry(state).or_default() += 1;
    }
}

impl FromIterator<State> for Counts {
    fn from_iter<T: IntoIterator<Item = State>>(states: T) -> Self {
        let mut counts = Counts::default();
        states.into_iter().for_each(|state| counts.add(state));
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_from_a_counterpart_depends_on_the_relation() {
        use Relationship::{Equal, Intersects, Related, Subset, Superset};
        let of = |relationships: &[Relationship], state: State| -> Vec<Option<State>> {
            relationships.iter().map(|relationship| state.through(*relationship)).collect()
        };
        let all = [Equal, Subset, Superset, Intersects, Related];
        let (through, part, points) = (Some(State::MetThrough), Some(State::InPart), Some(State::PointedTo));
        assert_eq!(of(&all, State::Met), [through, through, part, part, points]);
        assert_eq!(of(&all, State::InPart), [part, part, part, part, points]);
        assert_eq!(
            of(&all, State::Planned),
            [Some(State::Planned), Some(State::Planned), Some(State::Planned), Some(State::Planned), points]
        );
        for nothing in [State::NotApplicable, State::Open, State::PointedTo, State::MetThrough] {
            assert_eq!(of(&all, nothing), [None; 5], "one step, never a chain");
        }
    }

    #[test]
    fn a_whole_is_as_far_met_as_its_parts() {
        use State::{InPart, Met, MetThrough, NotApplicable, Open, Planned, PointedTo};
        for (parts, whole) in [
            (vec![], Open),
            (vec![Met, Met], Met),
            (vec![Met, NotApplicable], Met),
            (vec![Met, MetThrough], MetThrough),
            (vec![MetThrough, Open], InPart),
            (vec![Planned, Open], Planned),
            (vec![PointedTo, PointedTo], PointedTo),
            (vec![PointedTo, Open], Open),
            (vec![NotApplicable, NotApplicable], NotApplicable),
        ] {
            assert_eq!(joined(&parts), whole, "{parts:?}");
        }
    }
}
