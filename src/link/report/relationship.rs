//! The cloud relationships that we stand in: as provider to our customers, as customer of each cloud supplier.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::table::Cell;
use crate::base::id::ItemId;
use crate::base::word::{Phrase, phrase, word};
use crate::link::manual::Manual;
use crate::read::register::{Row, SUPPLIERS};

/// A cloud relationship: our role in it, and who stands on the other side.
#[derive(Clone, Copy, Debug)]
pub struct Relationship<'m> {
    /// Our role: provider or customer.
    pub role: &'static str,
    /// The other side.
    pub party: Party<'m>,
}

/// The other side of a cloud relationship.
#[derive(Clone, Copy, Debug)]
pub enum Party<'m> {
    /// Our customers.
    Customers,
    /// A supplier of the register; the number is its place there.
    Supplier(usize, &'m Row),
    /// Providers whose services ours are built with.
    Peers,
    /// Partners.
    Partners,
    /// Suppliers that the view does not show, all of them together.
    Withheld,
}

impl<'m> Relationship<'m> {
    /// The relationship that a responsibility speaks of.
    pub(super) fn of(suppliers: &Suppliers<'m>, role: &'static str, counterparty: &ItemId) -> Self {
        let party = match counterparty.as_str() {
            "customers" => Party::Customers,
            "peers" => Party::Peers,
            "partners" => Party::Partners,
            _ => suppliers.get(counterparty).map_or(Party::Withheld, |(place, row)| Party::Supplier(*place, row)),
        };
        Relationship { role, party }
    }

    /// The name of the other side.
    pub fn name(&self) -> Phrase {
        match self.party {
            Party::Customers => word!("Our customers").into(),
            Party::Supplier(_, row) => {
                row.fields.text("name").map_or_else(|| Phrase::text(row.id.as_str()), |name| Phrase::Text(name.clone()))
            }
            Party::Peers => word!("Peer providers").into(),
            Party::Partners => word!("Partners").into(),
            Party::Withheld => word!("Other suppliers").into(),
        }
    }

    /// The name as it stands within a sentence.
    pub fn within_sentence(&self) -> Phrase {
        match self.party {
            Party::Customers => word!("our customers").into(),
            Party::Supplier(..) => self.name(),
            Party::Peers => word!("peer providers").into(),
            Party::Partners => word!("partners").into(),
            Party::Withheld => word!("other suppliers").into(),
        }
    }

    /// The name, with our role where it is not the one to be expected.
    pub fn title(&self) -> Phrase {
        match (self.role, self.party) {
            ("provider", Party::Customers) | ("customer", Party::Supplier(..) | Party::Withheld) => self.name(),
            ("provider", _) => phrase!("{party} (we are provider)", party = self.name()),
            _ => phrase!("{party} (we are customer)", party = self.name()),
        }
    }

    /// The other side as a cell: a supplier is a link.
    pub fn cell(&self) -> Cell {
        match self.party {
            Party::Supplier(_, row) => Cell::item(&row.id),
            _ => Cell::Phrase(self.name()),
        }
    }

    /// Whether it is that with our customers.
    pub fn is_with_customers(&self) -> bool {
        matches!((self.role, self.party), ("provider", Party::Customers))
    }

    /// The supplier on the other side, where we are its customer.
    pub fn supplier(&self) -> Option<&'m Row> {
        match self.party {
            Party::Supplier(_, row) if self.role == "customer" => Some(row),
            _ => None,
        }
    }

    /// Whether every cloud control has to be spoken of in it: with customers, with whom we run the service; and with a supplier that our service is built on
    /// (IaaS, PaaS) or that is critical.
    pub fn asks_for_cloud_controls(&self) -> bool {
        let is_critical = |row: &Row| is_cloud(row) && row.fields.word("criticality") == Some("high");
        self.asks_for_guidance() || self.supplier().is_some_and(is_critical)
    }

    /// Whether the controls of Annex A with cloud guidance have to be spoken of too.
    pub fn asks_for_guidance(&self) -> bool {
        let is_platform = |row: &Row| matches!(row.fields.word("kind"), Some("iaas" | "paas"));
        self.is_with_customers() || self.supplier().is_some_and(is_platform)
    }

    /// Customers first, then suppliers in the order of the register; then what is rare.
    fn order(&self) -> (u8, usize, &'static str) {
        match (self.role, self.party) {
            ("provider", Party::Customers) => (0, 0, ""),
            ("customer", Party::Supplier(place, _)) => (1, place, ""),
            (role, Party::Supplier(place, _)) => (2, place, role),
            (role, Party::Withheld) => (3, 0, role),
            (role, Party::Peers) => (4, 0, role),
            (role, Party::Partners) => (5, 0, role),
            (role, Party::Customers) => (6, 0, role),
        }
    }
}

impl PartialEq for Relationship<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.order() == other.order()
    }
}

impl Eq for Relationship<'_> {}

impl PartialOrd for Relationship<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Relationship<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order().cmp(&other.order())
    }
}

/// The suppliers of a view by their ids, with their places in the register.
pub(super) type Suppliers<'m> = BTreeMap<&'m ItemId, (usize, &'m Row)>;

/// Every supplier of the view with its place in the register.
pub(super) fn suppliers(manual: &Manual) -> impl Iterator<Item = (usize, &Row)> {
    manual.view.registers.iter().filter(|register| register.kind.name == SUPPLIERS.name).flat_map(|register| &register.rows).enumerate()
}

/// Whether a supplier runs a cloud service for us, as far as the view says.
fn is_cloud(row: &Row) -> bool {
    matches!(row.fields.word("kind"), Some("iaas" | "paas" | "saas"))
}

/// The relationships that exist, in order: those that a statement speaks of, that with customers where a service is named, and those with cloud suppliers
/// that have not ended.
pub fn relationships(manual: &Manual) -> Vec<Relationship<'_>> {
    let by_id: Suppliers<'_> = suppliers(manual).map(|(place, row)| (&row.id, (place, row))).collect();
    let mut found: BTreeSet<Relationship<'_>> = BTreeSet::new();
    if manual.view.project.organisation.text("service").is_some() {
        found.insert(Relationship { role: "provider", party: Party::Customers });
    }
    let is_over = |row: &Row| row.fields.date("until").is_some_and(|until| until < manual.today);
    let cloud = suppliers(manual).filter(|(_, row)| is_cloud(row) && !is_over(row));
    found.extend(cloud.map(|(place, row)| Relationship { role: "customer", party: Party::Supplier(place, row) }));
    let stated = manual.view.statements.iter().flat_map(|statement| statement.responsibilities());
    found.extend(stated.map(|part| Relationship::of(&by_id, part.role, &part.counterparty)));
    found.into_iter().collect()
}
