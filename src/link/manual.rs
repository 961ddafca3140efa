//! A view, linked: what renderers get, and all that they get.

use std::collections::BTreeMap;
use std::ops::Deref;

use jiff::civil::Date;

use super::backlink::{self, Backlink, Entity};
use super::index::Index;
use super::state::{State, joined};
use super::usage::{self, Claim, ControlUse};
use super::view::View;
use crate::base::id::{ControlId, ItemId};
use crate::read::framework::Control;
use crate::read::statement::Statement;

/// A linked view. It is an [`Index`] besides: what a reference means is asked of it directly.
#[derive(Clone, Debug)]
pub struct Manual {
    /// The date by which reviews are due or not.
    pub today: Date,
    index: Index,
    uses: BTreeMap<ControlId, ControlUse>,
    backlinks: BTreeMap<Entity, Vec<Backlink>>,
}

impl Deref for Manual {
    type Target = Index;

    fn deref(&self) -> &Index {
        &self.index
    }
}

/// Links a view.
pub fn link(view: View, today: Date) -> Manual {
    let index = Index::new(view);
    let uses = usage::collect(&index);
    let backlinks = backlink::collect(&index);
    Manual { today, index, uses, backlinks }
}

impl Manual {
    /// The statement that decides a control; an alias is decided by the statement of what it stands for.
    pub fn statement(&self, control: &Control) -> Option<&Statement> {
        let index = self.canonical(control).iter().find_map(|id| self.uses.get(id)?.statement)?;
        self.view.statements.get(index)
    }

    /// Documents and sections that claim a control, or what it is an alias of.
    pub fn claims(&self, control: &Control) -> Vec<&Claim> {
        self.canonical(control).iter().filter_map(|id| self.uses.get(id)).flat_map(|found| &found.claims).collect()
    }

    /// Rows of evidence that show a control.
    pub fn evidence(&self, control: &Control) -> Vec<&ItemId> {
        let ids = self.canonical(control);
        let mut evidence: Vec<&ItemId> = ids.iter().filter_map(|id| self.uses.get(id)).flat_map(|found| &found.evidence).collect();
        evidence.sort();
        evidence.dedup();
        evidence
    }

    /// Who refers to something, sorted; never itself.
    pub fn backlinks(&self, entity: &Entity) -> &[Backlink] {
        self.backlinks.get(entity).map_or(&[], Vec::as_slice)
    }

    /// How far a control is met, by its statement, else by the documents that claim it, else by its parts.
    pub fn state(&self, control: &Control) -> State {
        let states: Vec<State> = self.canonical(control).iter().map(|id| self.own_state(id)).collect();
        let state = joined(&states);
        if state != State::Open {
            return state;
        }
        let Some(catalogue) = self.view.catalogues.edition(&control.id.edition) else { return state };
        let is_part = |part: &&Control| {
            part.parent.as_ref() == Some(&control.id.control) && matches!(part.kind, "clause" | "provision") && !part.withdrawn
        };
        let parts: Vec<State> = catalogue.controls.iter().filter(is_part).map(|part| self.state(part)).collect();
        if parts.is_empty() { state } else { joined(&parts) }
    }

    fn own_state(&self, id: &ControlId) -> State {
        let Some(found) = self.uses.get(id) else { return State::Open };
        let statement = found.statement.and_then(|index| self.view.statements.get(index));
        if let Some(statement) = statement {
            match (statement.applicable(), statement.status()) {
                (Some(false), _) => return State::NotApplicable,
                (_, Some("implemented")) => return State::Met,
                (_, Some("partial")) => return State::InPart,
                (_, Some("planned")) => return State::Planned,
                _ => {}
            }
        }
        let in_force = |claim: &Claim| self.document(&claim.document).is_some_and(|document| document.status == "approved");
        if found.claims.iter().any(in_force) {
            State::Met
        } else if found.claims.is_empty() && statement.is_none() {
            State::Open
        } else {
            State::Planned
        }
    }
}
