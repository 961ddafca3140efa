//! How far every control in use is met: directly, by its parts, or through its counterparts.

use foldhash::{HashMap, HashMapExt};
use jiff::civil::Date;
use rayon::prelude::*;

use super::counterpart::Counterpart;
use super::index::Index;
use super::state::{State, joined, surer};
use super::usage::{Claim, ControlUse};
use crate::base::id::ControlId;
use crate::read::framework::{Catalogue, Control};

/// The states of the controls of one view.
#[derive(Clone, Debug, Default)]
pub struct Extents {
    /// By statements, claims and parts alone, less what holds only because of an equal in another edition: what carries further.
    carrying: HashMap<ControlId, State>,
    /// The same with that; none where no equals have anything in common.
    direct: Option<HashMap<ControlId, State>>,
    /// With what follows from counterparts.
    reached: HashMap<ControlId, State>,
}

impl Extents {
    /// How far a control is met.
    pub fn state(&self, id: &ControlId) -> State {
        self.reached.get(id).copied().unwrap_or(State::Open)
    }

    /// How far a control is met, as far as its counterparts may build on it.
    pub fn carrying(&self, id: &ControlId) -> State {
        self.carrying.get(id).copied().unwrap_or(State::Open)
    }

    /// How far a control is met by what the manual says of it itself.
    pub fn direct(&self, id: &ControlId) -> State {
        self.direct.as_ref().unwrap_or(&self.carrying).get(id).copied().unwrap_or(State::Open)
    }
}

/// What the states of a view come from.
struct Sources<'a> {
    index: &'a Index,
    uses: &'a HashMap<ControlId, ControlUse>,
    counterparts: &'a HashMap<ControlId, Vec<Counterpart>>,
    today: Date,
}

/// Finds the states of all controls of the editions in use. What follows from a counterpart follows from what is said of it itself, which `own` holds,
/// and not from what it has in common with its equal in another edition, which `shared` has besides: one step, never a chain.
pub fn collect(
    index: &Index,
    own: &HashMap<ControlId, ControlUse>,
    shared: Option<&HashMap<ControlId, ControlUse>>,
    counterparts: &HashMap<ControlId, Vec<Counterpart>>,
    today: Date,
) -> Extents {
    let by = |uses| Sources { index, uses, counterparts, today };
    let (own, shared) = (by(own), shared.map(by));
    let direct = || shared.as_ref().map(|shared| of_all(index, |control| shared.own(control)));
    let (carrying, direct) = rayon::join(|| of_all(index, |control| own.own(control)), direct);
    let all = shared.as_ref().unwrap_or(&own);
    let reached = of_all(index, |control| all.with_counterparts(control, &carrying));
    Extents { carrying, direct, reached }
}

/// The states of the controls of the editions in use.
fn of_all(index: &Index, own: impl Fn(&Control) -> (State, bool) + Sync) -> HashMap<ControlId, State> {
    let catalogues: Vec<&Catalogue> = index.view.catalogues.in_use().map(AsRef::as_ref).collect();
    let states: Vec<Vec<State>> = catalogues.par_iter().map(|catalogue| of_catalogue(catalogue, &own)).collect();
    let controls = catalogues.iter().flat_map(|catalogue| &catalogue.controls);
    controls.map(|control| control.id.clone()).zip(states.into_iter().flatten()).collect()
}

/// The states of a catalogue's controls, each by `own` and, where it has parts, by theirs. A decided control stands as it is decided.
fn of_catalogue(catalogue: &Catalogue, own: &impl Fn(&Control) -> (State, bool)) -> Vec<State> {
    let mut parts: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, control) in catalogue.controls.iter().enumerate() {
        // Parts of a clause or article meet it; an enhancement adds to its control.
        if let Some(parent) = control.parent.as_deref().filter(|_| is_part(control)) {
            parts.entry(parent).or_default().push(place);
        }
    }
    let mut found: Vec<Option<State>> = vec![None; catalogue.controls.len()];
    (0..catalogue.controls.len()).map(|place| state_of(catalogue, place, &parts, &mut found, own, 0)).collect()
}

/// Whether a control is a part of the one that it belongs to: what meets the whole meets it.
fn is_part(control: &Control) -> bool {
    matches!(control.kind, "clause" | "provision") && !control.withdrawn
}

/// Most levels of parts within parts; catalogues have three, and one that goes in a circle ends here.
const MAX_LEVELS: usize = 8;

fn state_of(
    catalogue: &Catalogue,
    place: usize,
    parts: &HashMap<&str, Vec<usize>>,
    found: &mut [Option<State>],
    own: &impl Fn(&Control) -> (State, bool),
    level: usize,
) -> State {
    if let Some(state) = found[place] {
        return state;
    }
    let control = &catalogue.controls[place];
    let (mut state, is_decided) = own(control);
    let children = parts.get(control.id.control.as_ref()).filter(|_| !is_decided && level < MAX_LEVELS);
    if let Some(children) = children {
        let states: Vec<State> = children.iter().map(|part| state_of(catalogue, *part, parts, found, own, level + 1)).collect();
        state = surer(state, joined(&states));
    }
    found[place] = Some(state);
    state
}

impl Sources<'_> {
    /// The state by statements and claims, and whether a statement decides it. Who claims a clause or article as a whole claims its parts.
    fn own(&self, control: &Control) -> (State, bool) {
        let (own, decided) = self.by_itself(control);
        let catalogue = self.index.view.catalogues.edition(&control.id.edition);
        let mut part = control;
        for _ in 0..MAX_LEVELS {
            let whole = part.parent.as_ref().filter(|_| own == State::Open && !decided && is_part(part));
            let Some(whole) = whole.and_then(|id| catalogue?.control(id)) else { break };
            match self.by_itself(whole).0 {
                State::Open => part = whole,
                state => return (state, false),
            }
        }
        (own, decided)
    }

    fn by_itself(&self, control: &Control) -> (State, bool) {
        let states: Vec<(State, bool)> = self.index.canonical(control).iter().map(|id| self.of_one(id)).collect();
        let decided = !states.is_empty() && states.iter().all(|(_, decided)| *decided);
        (joined(&states.iter().map(|(state, _)| *state).collect::<Vec<_>>()), decided)
    }

    fn of_one(&self, id: &ControlId) -> (State, bool) {
        let Some(found) = self.uses.get(id) else { return (State::Open, false) };
        let statement = found.statement.and_then(|index| self.index.view.statements.get(index));
        if let Some(statement) = statement {
            match (statement.applicable(), statement.status()) {
                (Some(false), _) => return (State::NotApplicable, true),
                (_, Some("implemented")) => return (State::Met, true),
                (_, Some("partial")) => return (State::InPart, true),
                (_, Some("planned")) => return (State::Planned, true),
                _ => {}
            }
        }
        let in_force = |claim: &Claim| self.index.is_in_force(&claim.document, self.today);
        let state = if found.claims.iter().any(in_force) {
            State::Met
        } else if found.claims.is_empty() && statement.is_none() {
            State::Open
        } else {
            State::Planned
        };
        (state, false)
    }

    /// The state by statements, claims and counterparts, and whether a statement decides it.
    fn with_counterparts(&self, control: &Control, direct: &HashMap<ControlId, State>) -> (State, bool) {
        let (own, decided) = self.own(control);
        if decided {
            return (own, true);
        }
        let counterparts = |id: &ControlId| self.counterparts.get(id).map_or(&[][..], Vec::as_slice);
        let reached = |id: &ControlId| {
            let states = counterparts(id).iter().filter_map(|other| direct.get(&other.control)?.through(other.relationship));
            states.fold(State::Open, surer)
        };
        let states: Vec<State> = self.index.canonical(control).iter().map(reached).collect();
        (surer(own, joined(&states)), false)
    }
}
