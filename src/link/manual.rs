//! A view, linked: what renderers get, and all that they get.

use std::ops::Deref;

use foldhash::HashMap;
use jiff::civil::Date;

use super::approval::Standings;
use super::backlink::{self, Backlink, Entity};
use super::counterpart::{self, Counterpart};
use super::extent::{self, Extents};
use super::index::Index;
use super::origin::Origin;
use super::release::ReleaseCoverage;
use super::state::State;
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
    uses: HashMap<ControlId, ControlUse>,
    backlinks: HashMap<Entity, Vec<Backlink>>,
    counterparts: HashMap<ControlId, Vec<Counterpart>>,
    extents: Extents,
    /// How far the frameworks were met in earlier releases, the oldest first; empty unless `history` was asked for them.
    pub releases: Vec<ReleaseCoverage>,
    /// Where approvals stand; none where none are kept, or unless `history` was asked.
    pub approvals: Option<Standings>,
    /// What it was made from; none unless `history` was asked.
    pub origin: Option<Origin>,
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
    let uses_and_counterparts = || rayon::join(|| usage::collect(&index), || counterpart::collect(&index.view));
    let (backlinks, (mut uses, counterparts)) = rayon::join(|| backlink::collect(&index), uses_and_counterparts);
    let shared = usage::shared_between_editions(&index, &uses, &counterparts);
    let extents = if shared.is_empty() {
        extent::collect(&index, &uses, None, &counterparts, today)
    } else {
        let own = uses.clone();
        uses.extend(shared);
        extent::collect(&index, &own, Some(&uses), &counterparts, today)
    };
    Manual { today, index, uses, backlinks, counterparts, extents, releases: Vec::new(), approvals: None, origin: None }
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

    /// How far a control is met: by its statement, else by the surest of documents that claim it, its parts, and its counterparts.
    pub fn state(&self, control: &Control) -> State {
        self.extents.state(&control.id)
    }

    /// How far a control is met by what the manual says of it itself, without its counterparts.
    pub fn direct_state(&self, control: &Control) -> State {
        self.extents.direct(&control.id)
    }

    /// What crosswalks and the project set beside a control, or what it is an alias of; the editions in use come first.
    pub fn counterparts(&self, control: &Control) -> Vec<&Counterpart> {
        self.canonical(control).iter().filter_map(|id| self.counterparts.get(id)).flatten().collect()
    }

    /// What follows for a control from one of its counterparts, if anything does.
    pub fn through(&self, counterpart: &Counterpart) -> Option<State> {
        self.extents.carrying(&counterpart.control).through(counterpart.relationship)
    }
}
