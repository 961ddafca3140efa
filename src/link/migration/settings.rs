//! The list of editions in annexa.yaml.

use std::sync::Arc;

use super::Wishes;
use crate::base::edit::Edits;
use crate::base::finding::{Span, Spanned};
use crate::base::id::EditionId;
use crate::base::yaml::{self, Kind, Node};
use crate::link::manual::Manual;

/// What becomes of the list of editions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing {
    /// It stays.
    Same,
    /// The new edition takes the place of the old one.
    Swapped {
        /// The old one's place.
        old: Span,
        /// The new one.
        new: EditionId,
    },
    /// The new edition is added beside the old one, or at the end.
    Added {
        /// What it stands beside.
        beside: Span,
        /// The new one.
        new: EditionId,
        /// Whether it stands before.
        first: bool,
    },
    /// The two change places, so that the new one comes first.
    Reversed {
        /// The old one and its place.
        old: Spanned<EditionId>,
        /// The new one and its place.
        new: Spanned<EditionId>,
    },
}

/// Which of the editions the manual speaks of afterwards.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use {
    /// Whether something of the old edition stays.
    pub stays: bool,
    /// Whether something goes to the new one.
    pub goes: bool,
}

/// Decides on the list. Where something of the old edition stays, both are listed: nothing that stays may lose its page.
pub(super) fn listing(manual: &Manual, from: &EditionId, to: &EditionId, used: Use, wishes: Wishes) -> Listing {
    let Use { stays, goes } = used;
    let listed = listed(manual);
    let find = |id: &EditionId| listed.iter().position(|known| known.value == *id);
    let place = |index: usize| listed[index].span;
    match (find(from), find(to)) {
        (Some(old), Some(new)) if wishes.new_first && stays && old < new => {
            Listing::Reversed { old: listed[old].clone(), new: listed[new].clone() }
        }
        (_, Some(_)) => Listing::Same,
        (Some(old), None) if !stays => Listing::Swapped { old: place(old), new: to.clone() },
        (_, None) if !goes => Listing::Same,
        (Some(old), None) => Listing::Added { beside: place(old), new: to.clone(), first: wishes.new_first },
        (None, None) => match listed.last() {
            Some(last) => Listing::Added { beside: last.span, new: to.clone(), first: false },
            None => Listing::Same,
        },
    }
}

/// The editions that are listed, as they are meant, each with its place.
fn listed(manual: &Manual) -> Vec<Spanned<EditionId>> {
    let view = &manual.view;
    let known = view.project.frameworks.iter().filter_map(|listed| {
        let id = view.catalogues.find(&listed.value).ok()?.id.clone();
        Some(Spanned { value: id, span: listed.span })
    });
    known.collect()
}

impl Listing {
    /// The edition that a framework's name alone means, once the list is changed.
    pub(super) fn default_edition(&self, manual: &Manual, framework: &Arc<str>) -> Option<EditionId> {
        let mut editions: Vec<Spanned<EditionId>> = listed(manual);
        let at = |span: &Span| editions.iter().position(|listed| listed.span == *span);
        match self {
            Listing::Same => {}
            Listing::Swapped { old, new } => {
                if let Some(place) = at(old) {
                    editions[place].value = new.clone();
                }
            }
            Listing::Added { beside, new, first } => {
                if let Some(place) = at(beside) {
                    editions.insert(place + usize::from(!first), Spanned { value: new.clone(), span: *beside });
                }
            }
            Listing::Reversed { old, new } => {
                if let (Some(a), Some(b)) = (at(&old.span), at(&new.span)) {
                    editions.swap(a, b);
                }
            }
        }
        let listed = editions.into_iter().map(|listed| listed.value).find(|id| id.framework == *framework);
        let alone = EditionId { framework: framework.clone(), edition: None };
        listed.or_else(|| manual.view.catalogues.find(&alone).ok().map(|catalogue| catalogue.id.clone()))
    }
}

/// Writes the list anew, in its own style.
pub(super) fn rewrite(manual: &Manual, listing: &Listing, edits: &mut Edits) {
    let text = manual.view.sources.file(manual.view.project.file).text();
    let mut put = |span: &Span, new: &EditionId| edits.replace(*span, quoted_like(text, *span, new));
    match listing {
        Listing::Same => {}
        Listing::Swapped { old, new } => put(old, new),
        Listing::Reversed { old, new } => {
            put(&old.span, &new.value);
            put(&new.span, &old.value);
        }
        Listing::Added { beside, new, first } => {
            let item = quoted_like(text, *beside, new);
            let (place, words) = added(manual, text, *beside, &item, *first);
            edits.replace(place, words);
        }
    }
}

/// Where an item is added beside another and what is written there: in a flow list, in a list of lines, or beside a single value.
fn added(manual: &Manual, text: &str, beside: Span, item: &str, first: bool) -> (Span, String) {
    let at = |offset: usize| Span::new(beside.file, offset..offset);
    let (start, end) = (beside.range().start, beside.range().end);
    let line = text[..start].rfind('\n').map_or(0, |end| end + 1);
    match list_node(manual, text) {
        Some(Node { kind: Kind::Sequence(_), span }) if text.get(span.range()).is_some_and(|written| written.starts_with('[')) => {
            if first {
                (at(start), format!("{item}, "))
            } else {
                (at(end), format!(", {item}"))
            }
        }
        Some(Node { kind: Kind::Sequence(_), .. }) => {
            // The indentation and the dash, whatever else stands before the first item in its line.
            let lead: String = text[line..start].chars().map(|c| if c == '-' { '-' } else { ' ' }).collect();
            if first {
                return (at(start), format!("{item}\n{lead}"));
            }
            let line_end = text[end..].find('\n').map_or(text.len(), |feed| end + feed);
            (at(line_end), format!("\n{lead}{item}"))
        }
        _ => {
            let old = &text[start..end];
            let both = if first { [item, old] } else { [old, item] };
            (beside, format!("[{}]", both.join(", ")))
        }
    }
}

/// The value of `frameworks` in annexa.yaml.
fn list_node(manual: &Manual, text: &str) -> Option<Node> {
    let Kind::Mapping(entries) = yaml::parse(text, manual.view.project.file, 0, &mut Vec::new())?.kind else { return None };
    entries.into_iter().find(|(key, _)| key.text.as_ref() == "frameworks").map(|(_, node)| node)
}

fn quoted_like(text: &str, span: Span, edition: &EditionId) -> String {
    let quote = text.get(span.range()).and_then(|written| written.chars().next()).filter(|c| matches!(c, '"' | '\''));
    quote.map_or_else(|| edition.to_string(), |quote| format!("{quote}{edition}{quote}"))
}
