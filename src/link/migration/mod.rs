//! The move of a manual from one edition of a framework to another: what goes where, what a person has to decide, and the edits of the rest.
//!
//! A plain report on the highest view, of which nothing is written here: [`Migration::edits`] is for whoever may write. `counterpart` says where each
//! control goes, `uses` where the manual speaks of it, `spelling` how a reference is written, `statement` (on the lines of a `file`) and `settings` what
//! becomes of statements and of annexa.yaml, and `proof` that no reference means anything else afterwards.

mod counterpart;
mod file;
mod proof;
mod settings;
mod spelling;
mod statement;
mod uses;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::manual::Manual;
use crate::base::edit::Edits;
use crate::base::finding::Span;
use crate::base::id::{ControlId, EditionId};
use crate::read::framework::{Catalogue, Control};

pub use counterpart::{Counterpart, Said};
pub use proof::prove;
pub use settings::Listing;
pub use statement::Relocation;
pub use uses::{Speaker, Use, UseKind};

/// What a move from one edition to another changes in a manual.
#[derive(Clone, Debug)]
pub struct Migration {
    /// The old edition.
    pub from: Arc<Catalogue>,
    /// The new edition.
    pub to: Arc<Catalogue>,
    /// Every control of the old edition, in its order.
    pub moves: Vec<Move>,
    /// Controls of the new edition to which no pair leads, in its order. Other names of controls that are there anyway are left out.
    pub new: Vec<Control>,
    /// References to other names of the old edition's controls, in other frameworks: they are left as they are.
    pub by_other_names: Vec<Use>,
    /// What stays with the old edition, though it need not be in use for that: decisions on its pairs, and audits held against it.
    pub kept: Vec<Use>,
    /// Statements that go to another file, since others of their file stay.
    pub relocated: Vec<Relocation>,
    /// What becomes of the list of editions in annexa.yaml.
    pub listing: Listing,
    /// Whether the new edition was to be listed first and is not, since names without an edition stand where they cannot be changed.
    pub order_kept: bool,
    /// All that is written.
    pub edits: Edits,
}

/// What becomes of one control.
#[derive(Clone, Debug)]
pub struct Move {
    /// The control of the old edition.
    pub control: Control,
    /// What the crosswalks and the project set beside it in the new edition.
    pub counterparts: Vec<Counterpart>,
    /// Whether it moves.
    pub outcome: Outcome,
    /// Where the manual speaks of it, by path and place.
    pub uses: Vec<Use>,
}

/// Whether a control moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It has one counterpart, and is that counterpart's only one: what names the one comes to name the other.
    Moves(ControlId),
    /// A person decides.
    Person(Reason),
}

/// Why a person decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It has no counterpart.
    None,
    /// It has several.
    Several,
    /// Its counterpart has others besides.
    Shared(Vec<ControlId>),
    /// Its counterpart is only pointed to: nobody says how they relate.
    Unstated,
    /// Its counterpart is withdrawn.
    Withdrawn,
    /// Its counterpart is another name of a control, and cannot take over its statement.
    OtherName(ControlId),
    /// Its counterpart has a statement already.
    Decided(Span),
    /// Its statement stands in a file that cannot be taken apart.
    Unsplittable,
}

/// What a person can ask of a migration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Whether the new edition is to be listed first where the old one stays, so that names without an edition mean it.
    pub new_first: bool,
}

/// Why there is no migration between two editions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Impossible {
    /// They are one.
    Same,
    /// They are editions of two frameworks.
    Frameworks,
    /// No crosswalk connects them.
    Unconnected,
}

/// Plans the move of a manual, which is that of the highest view.
pub fn plan(manual: &Manual, from: &EditionId, to: &EditionId, wishes: Wishes) -> Result<Migration, Impossible> {
    let catalogues = &manual.view.catalogues;
    if from == to {
        return Err(Impossible::Same);
    }
    if from.framework != to.framework {
        return Err(Impossible::Frameworks);
    }
    let (Some(from), Some(to)) = (catalogues.edition(from).cloned(), catalogues.edition(to).cloned()) else {
        return Err(Impossible::Unconnected);
    };
    let pairs = counterpart::pairs(&manual.view, &from, &to);
    if pairs.is_empty() {
        return Err(Impossible::Unconnected);
    }
    let mut found = uses::collect(manual, &from.id);
    let mut moves: Vec<Move> = from.controls.iter().map(|control| moved(manual, control, &pairs, &mut found)).collect();
    statement::keep_what_cannot_move(manual, &mut moves);

    // A name that cannot be written anew must go on meaning what it means.
    let is_stuck = |used: &Use| used.bare && used.token.is_none();
    let stays = !found.by_other_names.is_empty() || found.kept.iter().any(is_stuck) || moves.iter().any(Move::leaves_something);
    let mut names = moves.iter().flat_map(|one| &one.uses).chain(&found.kept);
    let order_kept = wishes.new_first && names.any(is_stuck);
    let wishes = Wishes { new_first: wishes.new_first && !order_kept };
    let goes = moves.iter().any(Move::takes_something);
    let listing = settings::listing(manual, &from.id, &to.id, settings::Use { stays, goes }, wishes);
    let default = listing.default_edition(manual, &from.id.framework);
    let mut edits = Edits::default();
    for one in &moves {
        spelling::respell(manual, one, default.as_ref(), &mut edits);
    }
    found.kept.iter().for_each(|used| spelling::keep(manual, used, &from.id, default.as_ref(), &mut edits));
    let relocated = statement::rewrite(manual, &moves, &to, default.as_ref(), &mut edits);
    settings::rewrite(manual, &listing, &mut edits);
    let reached: BTreeSet<&ControlId> = pairs.values().flatten().map(|counterpart| &counterpart.control).collect();
    let kinds: BTreeSet<&str> = from.controls.iter().map(|control| control.kind).collect();
    let is_new = |control: &&Control| {
        !control.withdrawn && control.alias_of.is_empty() && kinds.contains(control.kind) && !reached.contains(&control.id)
    };
    let new = to.controls.iter().filter(is_new).cloned().collect();
    Ok(Migration { moves, new, by_other_names: found.by_other_names, kept: found.kept, relocated, listing, order_kept, edits, from, to })
}

fn moved(manual: &Manual, control: &Control, pairs: &BTreeMap<ControlId, Vec<Counterpart>>, found: &mut uses::Found) -> Move {
    let counterparts = pairs.get(&control.id).cloned().unwrap_or_default();
    let mut uses = found.of.remove(&control.id).unwrap_or_default();
    let outcome = match counterparts.as_slice() {
        [] => Outcome::Person(Reason::None),
        [only] => {
            let leads_here = |(source, there): (&ControlId, &Vec<Counterpart>)| {
                let same = source != &control.id && there.iter().any(|counterpart| counterpart.control == only.control);
                same.then(|| source.clone())
            };
            let others: Vec<ControlId> = pairs.iter().filter_map(leads_here).collect();
            let target = manual.control(&only.control);
            if !others.is_empty() {
                Outcome::Person(Reason::Shared(others))
            } else if target.is_none_or(|target| target.withdrawn) {
                Outcome::Person(Reason::Withdrawn)
            } else if only.is_pointed_to() && !target.is_some_and(|target| is_other_name(control, target)) {
                Outcome::Person(Reason::Unstated)
            } else {
                Outcome::Moves(only.control.clone())
            }
        }
        _ => Outcome::Person(Reason::Several),
    };
    if matches!(&outcome, Outcome::Moves(target) if !spelling::is_plain(&target.control)) {
        let references = uses.iter_mut().filter(|used| used.kind != UseKind::Statement);
        references.for_each(|used| used.fixed = Some("the new identifier has characters that cannot stand everywhere"));
    }
    Move { control: control.clone(), counterparts, outcome, uses }
}

/// Whether two numbers of two editions are names of one control: then whatever names the one says the same by the other.
fn is_other_name(one: &Control, other: &Control) -> bool {
    !one.alias_of.is_empty() && one.alias_of == other.alias_of
}

impl Move {
    /// The control that it becomes.
    pub fn target(&self) -> Option<&ControlId> {
        match &self.outcome {
            Outcome::Moves(target) => Some(target),
            Outcome::Person(_) => None,
        }
    }

    /// Whether what moves is to be read again: the new control does not ask for the same, so that a claim to the old one may be too little for it.
    pub fn asks_otherwise(&self) -> bool {
        // Numbers of one control, which an alias has, ask for the same.
        self.target().is_some() && self.control.alias_of.is_empty() && self.counterparts.iter().any(|only| !only.is_within())
    }

    /// Whether the manual comes to speak of the new control.
    fn takes_something(&self) -> bool {
        self.target().is_some() && self.uses.iter().any(|one| one.fixed.is_none())
    }

    /// Whether the manual goes on speaking of the old control.
    fn leaves_something(&self) -> bool {
        match self.outcome {
            Outcome::Moves(_) => self.uses.iter().any(|one| one.fixed.is_some()),
            Outcome::Person(_) => !self.uses.is_empty(),
        }
    }
}

impl Migration {
    /// The place of a use that a person has to decide, with the control that it names.
    pub fn left(&self) -> impl Iterator<Item = (&Move, &Use)> {
        let of = |one: &'_ Move, used: &Use| one.target().is_none() || used.fixed.is_some();
        self.moves.iter().flat_map(move |one| one.uses.iter().filter(move |used| of(one, used)).map(move |used| (one, used)))
    }

    /// Whether the manual speaks of the old edition at all.
    pub fn is_used(&self) -> bool {
        !self.by_other_names.is_empty() || self.moves.iter().any(|one| !one.uses.is_empty())
    }
}

#[cfg(test)]
mod tests;
