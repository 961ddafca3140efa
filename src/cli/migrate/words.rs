//! The words of a migration.

use crate::base::source::path::is_hidden_control;
use crate::link::migration::{Counterpart, Migration, Move, Reason, UseKind};
use crate::read::crosswalk::basis_words;

/// Why a person decides, in words.
pub(super) fn words(reason: &Reason, plan: &Migration) -> String {
    match reason {
        Reason::None => format!("has no counterpart in {}", plan.to.title),
        Reason::Several => "has several counterparts".into(),
        Reason::Shared(others) => {
            let others: Vec<&str> = others.iter().map(|id| id.control.as_ref()).collect();
            format!("shares its counterpart with {}", others.join(", "))
        }
        Reason::Unstated => "has one counterpart, and nobody says how they relate".into(),
        Reason::Withdrawn => "its counterpart is withdrawn".into(),
        Reason::OtherName(control) => format!("its counterpart is another name of {control}, which has the statement"),
        Reason::Decided(_) => "its counterpart has a statement already".into(),
        Reason::Unsplittable => "its statement stands in a file that cannot be taken apart, since others of it stay".into(),
    }
}

/// Whether nothing is to be said of a control: it is withdrawn, and nobody speaks of it.
pub(super) fn is_idle(one: &Move) -> bool {
    one.control.withdrawn && one.uses.is_empty() && one.counterparts.is_empty()
}

/// What is said of a pair, and by whom.
pub(super) fn said(counterpart: &Counterpart) -> String {
    let said = counterpart.said.iter().map(|said| {
        let decided = if said.decided { ", decided by this project" } else { "" };
        format!("{}, {}{decided}", said.relationship.word(), basis_words(&said.basis))
    });
    said.collect::<Vec<_>>().join("; ")
}

/// Where a control is used, counted by kind.
pub(super) fn counted(one: &Move) -> String {
    let kinds = [UseKind::Statement, UseKind::Claim, UseKind::Evidence, UseKind::Register, UseKind::Text];
    let counts = kinds.iter().filter_map(|kind| {
        let count = one.uses.iter().filter(|used| used.kind == *kind).count();
        (count > 0).then(|| format!("{} {count}", kind.word()))
    });
    let counts: Vec<String> = counts.collect();
    if counts.is_empty() { "not used here".into() } else { counts.join(", ") }
}

/// How much of a line is shown.
const WIDE: usize = 160;

/// A line as it can be shown from a character on: without control characters, and not endless.
pub(super) fn shown(line: &str, from: usize) -> String {
    let clean = |c: char| if is_hidden_control(c) && c != '\t' { '\u{fffd}' } else { c };
    let mut rest = line.chars().skip(from).map(clean);
    let words: String = rest.by_ref().take(WIDE).collect();
    format!("{}{words}{}", if from > 0 { "…" } else { "" }, if rest.next().is_some() { "…" } else { "" })
}

/// From where on two lines are shown, so that what differs is among it.
pub(super) fn begin(old: &str, new: &str) -> usize {
    let same = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).count();
    if same + WIDE / 4 > WIDE { same - WIDE / 4 } else { 0 }
}
