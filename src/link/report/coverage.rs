//! How far each framework is met, counted.

use crate::link::manual::Manual;
use crate::link::state::{Counts, State};
use crate::read::framework::{Catalogue, Control};

/// How far a framework is met.
#[derive(Clone, Debug)]
pub struct Coverage<'a> {
    /// The framework.
    pub catalogue: &'a Catalogue,
    /// Its groups that have controls, in order.
    pub groups: Vec<GroupCoverage<'a>>,
    /// Over all groups.
    pub counts: Counts,
}

/// How far a group of a framework is met.
#[derive(Clone, Debug)]
pub struct GroupCoverage<'a> {
    /// The group's identifier; empty for controls without one.
    pub id: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Its controls with their states, in order. Withdrawn ones are left out: they ask for nothing.
    pub controls: Vec<(&'a Control, State)>,
    /// How many are in each state.
    pub counts: Counts,
}

impl<'a> Coverage<'a> {
    /// The groups gathered by what they stand in: a theme, domain, function or family at the top of the framework.
    pub fn themes(&self) -> Vec<GroupCoverage<'a>> {
        let mut themes: Vec<GroupCoverage<'a>> = Vec::new();
        for group in &self.groups {
            let (id, title) = top(self.catalogue, group.id).unwrap_or((group.id, group.title));
            let place = themes.iter().position(|theme| theme.id == id).unwrap_or_else(|| {
                themes.push(GroupCoverage { id, title, controls: Vec::new(), counts: Counts::default() });
                themes.len() - 1
            });
            themes[place].controls.extend(group.controls.iter().copied());
            group.controls.iter().for_each(|(_, state)| themes[place].counts.add(*state));
        }
        themes
    }
}

/// Most groups within groups; frameworks have two, and some that go in a circle end here.
const MAX_LEVELS: usize = 8;

/// The group at the top of those that a group stands in, and its title.
fn top<'a>(catalogue: &'a Catalogue, id: &str) -> Option<(&'a str, &'a str)> {
    let find = |id: &str| catalogue.groups.iter().find(|group| group.id.as_ref() == id);
    let mut found = find(id)?;
    for _ in 0..MAX_LEVELS {
        let Some(parent) = found.parent.as_deref().and_then(find) else { break };
        found = parent;
    }
    Some((&found.id, &found.title))
}

/// The coverage of an edition.
pub fn coverage<'a>(manual: &Manual, catalogue: &'a Catalogue) -> Coverage<'a> {
    let mut groups: Vec<GroupCoverage<'a>> = Vec::new();
    let mut counts = Counts::default();
    for control in catalogue.controls.iter().filter(|control| !control.withdrawn) {
        let id = control.group.as_deref().unwrap_or_default();
        let place = groups.iter().position(|group| group.id == id).unwrap_or_else(|| {
            let title = catalogue.groups.iter().find(|group| group.id.as_ref() == id).map_or("", |group| group.title.as_ref());
            groups.push(GroupCoverage { id, title, controls: Vec::new(), counts: Counts::default() });
            groups.len() - 1
        });
        let state = manual.state(control);
        groups[place].controls.push((control, state));
        groups[place].counts.add(state);
        counts.add(state);
    }
    Coverage { catalogue, groups, counts }
}
