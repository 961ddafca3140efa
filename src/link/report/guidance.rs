//! For which controls there is guidance on cloud services, and in which role it applies to us.

use std::collections::{BTreeMap, BTreeSet};

use super::applicability::is_soa_control;
use super::table::Cell;
use crate::base::id::ControlId;
use crate::base::word::word;
use crate::link::manual::Manual;
use crate::read::framework::Control;
use crate::read::statement::Statement;

/// The controls with guidance for cloud services in an edition in use: the cloud controls of ISO/IEC 27017, and those of Annex A on which it says
/// more; each with those whom the guidance addresses.
#[derive(Clone, Debug, Default)]
pub struct CloudGuidance {
    addressed: BTreeMap<ControlId, Addressed>,
}

#[derive(Clone, Debug, Default)]
struct Addressed {
    roles: BTreeSet<&'static str>,
    /// Whether a catalogue gives guidance and does not say to whom: then it may be to both.
    unsaid: bool,
}

/// In which role the guidance on a control applies to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloudRole {
    /// As provider of a cloud service.
    Provider,
    /// As customer of one.
    Customer,
    /// As both.
    Both,
    /// It addresses a role that we do not have.
    Neither,
    /// No responsibility says which role we have.
    Undecided,
}

impl CloudRole {
    /// The role as a cell.
    pub fn cell(self) -> Cell {
        match self {
            CloudRole::Provider => Cell::Word("provider"),
            CloudRole::Customer => Cell::Word("customer"),
            CloudRole::Both => Cell::Phrase(word!("Provider and customer").into()),
            CloudRole::Neither => Cell::Phrase(word!("Neither").into()),
            CloudRole::Undecided => Cell::Mark("open", word!("Undecided")),
        }
    }
}

/// Whether a control is one of the cloud controls that ISO/IEC 27017 adds to Annex A.
pub fn is_cloud_control(control: &Control) -> bool {
    control.id.edition.framework.as_ref() == "iso27017" && is_soa_control(control)
}

impl CloudGuidance {
    /// The guidance of the editions in use.
    pub fn of(manual: &Manual) -> Self {
        let mut guidance = CloudGuidance::default();
        let controls = manual.view.catalogues.in_use().flat_map(|catalogue| &catalogue.controls).filter(|control| !control.withdrawn);
        for control in controls.filter(|control| control.cloud_guidance || !control.guidance_for.is_empty() || is_cloud_control(control)) {
            for id in manual.canonical(control) {
                let addressed = guidance.addressed.entry(id.clone()).or_default();
                addressed.roles.extend(&control.guidance_for);
                addressed.unsaid |= control.guidance_for.is_empty();
            }
        }
        guidance
    }

    /// Whether there is guidance on a control.
    pub fn is_given(&self, control: &Control) -> bool {
        self.addressed.contains_key(&control.id)
    }

    /// In which role the guidance on a control applies to us: the roles that its statement's responsibilities give us, less those that the guidance
    /// does not address. None without guidance, and where the control is not applicable.
    pub fn role(&self, control: &Control, statement: &Statement) -> Option<CloudRole> {
        let addressed = self.addressed.get(&control.id)?;
        if statement.applicable() != Some(true) {
            return None;
        }
        let ours: BTreeSet<&str> = statement.responsibilities().iter().map(|responsibility| responsibility.role).collect();
        if ours.is_empty() {
            return Some(CloudRole::Undecided);
        }
        let has = |role| ours.contains(role) && (addressed.unsaid || addressed.roles.contains(role));
        Some(match (has("provider"), has("customer")) {
            (true, true) => CloudRole::Both,
            (true, false) => CloudRole::Provider,
            (false, true) => CloudRole::Customer,
            (false, false) => CloudRole::Neither,
        })
    }
}
