//! Risks by likelihood and impact, before and after treatment (ISO/IEC 27001:2022, 6.1.2 d and e; 8.2).

use std::collections::BTreeMap;

use crate::base::id::ItemId;
use crate::link::manual::Manual;
use crate::read::project::RiskLevels;
use crate::read::register::RISKS;
use crate::read::value::Record;

/// The values that a likelihood can have.
pub const LIKELIHOODS: std::ops::RangeInclusive<i64> = 1..=5;
/// The values that an impact can have; 0 is none.
pub const IMPACTS: std::ops::RangeInclusive<i64> = 0..=5;

/// How much a risk weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RiskLevel {
    /// Needs no treatment.
    Low,
    /// Between low and high.
    Medium,
    /// Needs a plan.
    High,
    /// The highest.
    Critical,
}

impl RiskLevel {
    /// Every level, the highest first: the order in which they are looked at.
    pub const ALL: [RiskLevel; 4] = [RiskLevel::Critical, RiskLevel::High, RiskLevel::Medium, RiskLevel::Low];

    /// The level of a product of likelihood and impact, by where the project lets each begin.
    pub fn of(product: i64, levels: &RiskLevels) -> RiskLevel {
        match product {
            product if product >= levels.critical => RiskLevel::Critical,
            product if product >= levels.high => RiskLevel::High,
            product if product >= levels.medium => RiskLevel::Medium,
            _ => RiskLevel::Low,
        }
    }

    /// The first and the last product of this level; the last may lie before the first where a project leaves a level out.
    pub fn range(self, levels: &RiskLevels) -> (i64, i64) {
        let highest = LIKELIHOODS.end() * IMPACTS.end();
        match self {
            RiskLevel::Critical => (levels.critical, highest),
            RiskLevel::High => (levels.high, levels.critical - 1),
            RiskLevel::Medium => (levels.medium, levels.high - 1),
            RiskLevel::Low => (0, levels.medium - 1),
        }
    }

    /// A word for class names and data.
    pub fn key(self) -> &'static str {
        match self {
            RiskLevel::Low => "low",
            RiskLevel::Medium => "medium",
            RiskLevel::High => "high",
            RiskLevel::Critical => "critical",
        }
    }
}

/// The risks of a view on one map before treatment and one after it.
#[derive(Clone, Debug)]
pub struct Heat {
    /// Where each level begins.
    pub levels: RiskLevels,
    /// By likelihood and the highest of the three impacts.
    pub before: HeatMap,
    /// By what remains; none where nothing has been rated so.
    pub after: Option<HeatMap>,
}

/// Risks by likelihood and impact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeatMap {
    cells: BTreeMap<(i64, i64), Vec<ItemId>>,
    /// Risks without the two figures, sorted.
    pub unrated: Vec<ItemId>,
}

impl HeatMap {
    /// A map of risks with their likelihoods and impacts.
    pub fn of(risks: impl IntoIterator<Item = (ItemId, Option<(i64, i64)>)>) -> Self {
        let mut map = HeatMap::default();
        risks.into_iter().for_each(|(id, rating)| map.add(&id, rating));
        map
    }

    /// The risks of one cell, sorted.
    pub fn at(&self, likelihood: i64, impact: i64) -> &[ItemId] {
        self.cells.get(&(likelihood, impact)).map_or(&[], Vec::as_slice)
    }

    /// The risks of a level, the heaviest first.
    pub fn of_level(&self, level: RiskLevel, levels: &RiskLevels) -> Vec<&ItemId> {
        let of_level = |place: &(i64, i64)| RiskLevel::of(place.0 * place.1, levels) == level;
        let cells = self.cells.iter().filter(|(place, _)| of_level(place));
        let mut risks: Vec<(i64, &ItemId)> = cells.flat_map(|(place, ids)| ids.iter().map(|id| (-place.0 * place.1, id))).collect();
        risks.sort();
        risks.into_iter().map(|(_, id)| id).collect()
    }

    fn add(&mut self, id: &ItemId, rating: Option<(i64, i64)>) {
        let place = match rating {
            Some(place) => self.cells.entry(place).or_default(),
            None => &mut self.unrated,
        };
        if let Err(at) = place.binary_search(id) {
            place.insert(at, id.clone());
        }
    }
}

/// The heat maps of a view's risks. None where there are no risks, or where a risk shows no rating: an audience that may not see some of the
/// figures must not take the rest for all.
pub fn heat(manual: &Manual) -> Option<Heat> {
    let rows = || manual.view.registers.iter().filter(|register| register.kind.name == RISKS.name).flat_map(|register| &register.rows);
    let whole = manual.view.audience.up_to >= manual.view.project.highest();
    let (mut before, mut after) = (HeatMap::default(), HeatMap::default());
    for row in rows() {
        before.add(&row.id, Some(rating(&row.fields)?));
        after.add(&row.id, residual(&row.fields));
    }
    // What is left to rate is told to those who see everything; to others it may only be withheld.
    let has_after = !after.cells.is_empty() && (whole || after.unrated.is_empty());
    let levels = manual.view.project.risk_levels;
    (!before.cells.is_empty()).then(|| Heat { levels, before, after: has_after.then_some(after) })
}

/// Likelihood and impact before treatment. All three impacts must be known, since the highest of some is not the highest.
pub(super) fn rating(fields: &Record) -> Option<(i64, i64)> {
    let [c, i, a] = ["confidentiality", "integrity", "availability"].map(|key| fields.integer(key));
    Some((fields.integer("likelihood")?, c?.max(i?).max(a?)))
}

/// Likelihood and impact that remain after treatment.
pub(super) fn residual(fields: &Record) -> Option<(i64, i64)> {
    fields.integer("residual_likelihood").zip(fields.integer("residual_impact"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_begin_where_the_project_says() {
        let words = |levels: &RiskLevels, products: [i64; 6]| products.map(|product| RiskLevel::of(product, levels).key()).join(" ");
        let usual = RiskLevels::default();
        assert_eq!(words(&usual, [0, 5, 6, 10, 15, 25]), "low low medium high critical critical");
        let own = RiskLevels { medium: 4, high: 4, critical: 20 };
        assert_eq!(words(&own, [0, 3, 4, 10, 19, 20]), "low low high high high critical");
        for level in RiskLevel::ALL {
            let (first, last) = level.range(&usual);
            assert!((first..=last).all(|product| RiskLevel::of(product, &usual) == level));
        }
    }

    #[test]
    fn a_row_that_stands_twice_is_one_risk() {
        let id = ItemId::parse("RSK-001").unwrap();
        let mut map = HeatMap::default();
        map.add(&id, Some((4, 5)));
        map.add(&id, Some((4, 5)));
        assert_eq!(map.at(4, 5), [id]);
        assert!(map.at(5, 4).is_empty());
    }
}
