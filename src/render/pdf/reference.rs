//! What a link is in print: an identifier, words, and the place of the book to which it leads.

use crate::base::id::{ControlId, Reference};
use crate::link::index::{Destination, WITHHELD_WORDS};
use crate::link::manual::Manual;
use crate::read::document::Document;
use crate::read::tree::Target;

/// A link, looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Resolved {
    /// The framework of a control that is not one of Annex A's: its identifier would say too little. Else empty.
    pub(super) framework: String,
    /// The identifier, set apart as one; empty where only words are printed.
    pub(super) id: String,
    /// Words: after the identifier, or in its place.
    pub(super) words: String,
    /// Where it leads.
    pub(super) goal: Goal,
}

impl Resolved {
    /// All that is printed, for an estimate of its length; what no line breaks is held together by no-break spaces.
    pub(super) fn printed(&self) -> String {
        let framework = if self.framework.is_empty() { String::new() } else { format!("{}\u{a0}", self.framework) };
        let id = if self.words.is_empty() || self.id.is_empty() { self.id.clone() } else { format!("{} ", self.id) };
        framework + &id + &self.words
    }
}

/// Where a link leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Goal {
    /// A place of the book: `POL-004`, `POL-004#leavers`, `RSK-012`, `ciso`, `iso27001@2022:A.5.18`.
    Place(String),
    /// Out of the book.
    Url(String),
    /// Only words.
    #[default]
    Nowhere,
}

/// The place of a control.
pub(super) fn control_place(id: &ControlId) -> String {
    id.to_string()
}

/// What a link in `from` is.
pub(super) fn resolve(manual: &Manual, from: Option<&Document>, target: &Target) -> Resolved {
    printed(manual, manual.resolve(from, target))
}

/// What a reference is.
pub(super) fn resolve_reference(manual: &Manual, reference: &Reference) -> Resolved {
    printed(manual, manual.resolve_reference(reference))
}

fn printed(manual: &Manual, destination: Destination<'_>) -> Resolved {
    match destination {
        Destination::Document { document, section: None } => {
            Resolved { id: document.id.to_string(), goal: Goal::Place(document.id.to_string()), ..Resolved::default() }
        }
        Destination::Document { document, section: Some(section) } => Resolved {
            id: document.id.to_string(),
            words: format!("{} {}", section.number, section.title).trim_start().to_owned(),
            goal: Goal::Place(format!("{}#{}", document.id, section.id)),
            ..Resolved::default()
        },
        Destination::Abstract(published) => Resolved { words: published.title.to_string(), ..Resolved::default() },
        // A role is called by its title; other rows by their identifiers.
        Destination::Row { register, row } => {
            let goal = Goal::Place(row.id.to_string());
            if row.id.is_role() {
                Resolved { words: register.kind.heading(row).to_owned(), goal, ..Resolved::default() }
            } else {
                Resolved { id: row.id.to_string(), goal, ..Resolved::default() }
            }
        }
        Destination::Control { catalogue, control } => {
            // An alias has no place of its own; what it stands for has.
            let place = manual.canonical(control).first().map_or_else(String::new, control_place);
            let own = control.id.control.starts_with("A.") || control.id.control.starts_with("CLD.");
            Resolved {
                framework: if own { String::new() } else { catalogue.title.to_string() },
                id: control.id.control.to_string(),
                words: String::new(),
                goal: Goal::Place(place),
            }
        }
        Destination::Url(url) => Resolved { words: url.to_owned(), goal: Goal::Url(url.to_owned()), ..Resolved::default() },
        Destination::File(path) => Resolved { words: path.to_owned(), ..Resolved::default() },
        Destination::Withheld => Resolved { words: manual.view.project.language.say(WITHHELD_WORDS).to_owned(), ..Resolved::default() },
    }
}
