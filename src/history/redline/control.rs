//! Controls that a change affects: whose statement, whose documents or whose coverage changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{DocumentChange, Fate, TableChange};
use crate::base::id::{ControlId, EditionId, ItemId};
use crate::link::manual::Manual;
use crate::link::report;
use crate::link::state::{Counts, State};
use crate::read::framework::{Catalogue, Control};

/// A framework in which something changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameworkChange {
    /// The edition.
    pub id: EditionId,
    /// Its title.
    pub title: Arc<str>,
    /// How many of its controls were and are in each state; none where a state of the manual did not use it.
    pub counts: (Option<Counts>, Option<Counts>),
    /// Controls that are affected, in the framework's order.
    pub controls: Vec<ControlChange>,
}

/// A control that a change affects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlChange {
    /// The control.
    pub id: ControlId,
    /// Its title.
    pub title: Arc<str>,
    /// How far it was met, and is.
    pub states: (State, State),
    /// Whether its statement changed.
    pub statement: bool,
    /// Documents that changed and meet it, or met it.
    pub documents: Vec<ItemId>,
}

impl ControlChange {
    /// Whether it is met better than before, or not as well; none where neither can be said.
    pub fn is_gain(&self) -> Option<bool> {
        let (before, after) = self.states;
        let excluded = before == State::NotApplicable || after == State::NotApplicable;
        (before != after && !excluded).then_some(after < before)
    }
}

impl FrameworkChange {
    /// Controls that are met better than before.
    pub fn gained(&self) -> impl Iterator<Item = &ControlChange> {
        self.controls.iter().filter(|control| control.is_gain() == Some(true))
    }

    /// Controls that are met not as well as before.
    pub fn lost(&self) -> impl Iterator<Item = &ControlChange> {
        self.controls.iter().filter(|control| control.is_gain() == Some(false))
    }
}

/// The frameworks in which something changed, in the order of the later manual.
pub(super) fn compare(before: &Manual, after: &Manual, documents: &[DocumentChange], tables: &[TableChange]) -> Vec<FrameworkChange> {
    let in_use = |manual: &'_ Manual| -> Vec<EditionId> { manual.view.catalogues.in_use().map(|catalogue| catalogue.id.clone()).collect() };
    let mut editions = in_use(after);
    editions.extend(in_use(before).into_iter().filter(|id| !after.view.catalogues.is_in_use(id)));
    let documents: BTreeMap<&ItemId, &DocumentChange> =
        documents.iter().filter(|document| document.fate != Fate::Layout).map(|document| (&document.id, document)).collect();
    let statements: BTreeSet<&str> = tables
        .iter()
        .filter(|table| matches!(table.name, "statements" | "responsibilities"))
        .flat_map(|table| &table.rows)
        .filter_map(|row| row.id.split(' ').next())
        .collect();
    let weigh = Weigh { before, after, documents, statements };
    editions.iter().filter_map(|id| weigh.framework(id)).collect()
}

struct Weigh<'a> {
    before: &'a Manual,
    after: &'a Manual,
    documents: BTreeMap<&'a ItemId, &'a DocumentChange>,
    statements: BTreeSet<&'a str>,
}

/// What claims a control: documents, and sections of them.
type Claims = BTreeSet<(ItemId, Option<Arc<str>>)>;

impl Weigh<'_> {
    fn framework(&self, id: &EditionId) -> Option<FrameworkChange> {
        let used = |manual: &'_ Manual| manual.view.catalogues.in_use().find(|catalogue| catalogue.id == *id).cloned();
        let (old, new) = (used(self.before), used(self.after));
        let shown = new.clone().or(old.clone())?;
        let controls: Vec<ControlChange> =
            shown.controls.iter().filter(|control| !control.withdrawn).filter_map(|control| self.control(control)).collect();
        let counts =
            |manual: &Manual, catalogue: Option<Arc<Catalogue>>| catalogue.map(|catalogue| report::coverage(manual, &catalogue).counts);
        let counts = (counts(self.before, old), counts(self.after, new));
        let is_changed = !controls.is_empty() || counts.0 != counts.1;
        is_changed.then(|| FrameworkChange { id: id.clone(), title: shown.title.clone(), counts, controls })
    }

    fn control(&self, control: &Control) -> Option<ControlChange> {
        let of = |manual: &'_ Manual| -> (State, Claims) {
            let Some(own) = manual.control(&control.id) else { return (State::Open, Claims::new()) };
            if !manual.view.catalogues.is_in_use(&control.id.edition) {
                return (State::Open, Claims::new());
            }
            let claims = manual.claims(own).into_iter().map(|claim| (claim.document.clone(), claim.section.clone())).collect();
            (manual.state(own), claims)
        };
        let ((old_state, old), (new_state, new)) = (of(self.before), of(self.after));
        let touched = |(id, section): &&(ItemId, Option<Arc<str>>)| {
            self.documents.get(id).is_some_and(|change| {
                let claim = (id.clone(), section.clone());
                let claim_changed = old.contains(&claim) != new.contains(&claim);
                claim_changed
                    || section
                        .as_ref()
                        .map_or(change.body.iter().any(super::Piece::is_changed), |section| change.sections.contains(section))
            })
        };
        let documents: BTreeSet<ItemId> = old.union(&new).filter(touched).map(|(id, _)| id.clone()).collect();
        let names = self.after.canonical(control);
        let statement = names.iter().any(|id| self.statements.contains(id.to_string().as_str()));
        let is_affected = old_state != new_state || statement || !documents.is_empty();
        is_affected.then(|| ControlChange {
            id: control.id.clone(),
            title: control.title.clone(),
            states: (old_state, new_state),
            statement,
            documents: documents.into_iter().collect(),
        })
    }
}
