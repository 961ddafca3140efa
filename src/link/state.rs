//! How far a control is met, in words and marks that are the same everywhere.

/// How far a control is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Implemented, or claimed by a document in force.
    Met,
    /// Implemented in part, or met in some of its parts.
    InPart,
    /// Decided or drafted, and not yet in force.
    Planned,
    /// Excluded with a reason.
    NotApplicable,
    /// Nothing speaks of it.
    Open,
}

impl State {
    /// Every state, in the order in which they are counted.
    pub const ALL: [State; 5] = [State::Met, State::InPart, State::Planned, State::NotApplicable, State::Open];

    /// A word for class names and data: `met`, `in-part`, `planned`, `not-applicable`, `open`.
    pub fn key(self) -> &'static str {
        match self {
            State::Met => "met",
            State::InPart => "in-part",
            State::Planned => "planned",
            State::NotApplicable => "not-applicable",
            State::Open => "open",
        }
    }

    /// The words that a reader sees.
    pub fn words(self) -> &'static str {
        match self {
            State::Met => "Met",
            State::InPart => "Met in part",
            State::Planned => "Planned",
            State::NotApplicable => "Not applicable",
            State::Open => "Open",
        }
    }
}

/// The state of a whole from those of its parts.
pub(super) fn joined(states: &[State]) -> State {
    match states {
        [] => State::Open,
        [first, rest @ ..] if rest.iter().all(|state| state == first) => *first,
        _ => {
            let counted: Vec<State> = states.iter().copied().filter(|state| *state != State::NotApplicable).collect();
            match counted.as_slice() {
                [first, rest @ ..] if rest.iter().all(|state| state == first) => *first,
                _ if counted.iter().any(|state| matches!(state, State::Met | State::InPart)) => State::InPart,
                _ => State::Planned,
            }
        }
    }
}
