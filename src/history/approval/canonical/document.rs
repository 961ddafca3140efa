//! A document: its front matter, without what says where it stands in its life, and its text.

use std::collections::{BTreeMap, BTreeSet};

use super::line::Lines;
use super::{Canonical, Context, DOCUMENT, block};
use crate::base::id::ItemId;
use crate::link::view::Audience;
use crate::read::document::Document;
use crate::read::project::Project;

/// The canonical text of a document. Left out are `status`, `approved`, `effective`, `reviewed`, `review_every` and `history`.
pub fn document(document: &Document, context: &Context<'_>) -> Canonical {
    let mut lines = Lines::new(DOCUMENT);
    let classification = |classification| context.project.classification_name(classification);
    lines.words(0, "id", document.id.as_str());
    lines.words(0, "title", &document.title);
    lines.words(0, "type", document.kind);
    if let Some(version) = &document.version {
        lines.words(0, "version", version);
    }
    lines.words(0, "classification", classification(document.classification));
    lines.words(0, "language", &document.language);
    let role = |role: &Option<ItemId>| role.as_ref().map(ItemId::to_string);
    for (key, value) in [("owner", role(&document.owner)), ("approver", role(&document.approver)), ("retention", text(document))] {
        if let Some(value) = value {
            lines.words(0, key, &value);
        }
    }
    if let Some(named) = document.on_request {
        lines.words(0, "on_request", classification(named));
    }
    if document.nda {
        lines.keyword(0, "nda");
    }
    let distribution = document.distribution.iter().map(ToString::to_string).collect();
    let satisfies = document.satisfies.iter().map(|claim| context.reference(&claim.value)).collect();
    for (key, mut values) in [("distribution", distribution), ("satisfies", satisfies)] {
        let values: &mut Vec<String> = &mut values;
        values.sort();
        values.dedup();
        for value in values {
            lines.words(0, key, value);
        }
    }
    if let Some(summary) = &document.summary {
        lines.words(0, "abstract", classification(summary.classification));
        block::body(&mut lines, 1, &summary.text, context);
    }
    lines.keyword(0, "body");
    block::body(&mut lines, 0, &document.body, context);
    Canonical { format: DOCUMENT, text: lines.finish() }
}

fn text(document: &Document) -> Option<String> {
    document.retention.as_ref().map(ToString::to_string)
}

/// What an audience may see of a document's canonical text, by the marks in that text itself: it loses the same sections as [`view`](crate::link::view) withholds.
/// None where the text as a whole is not for them, or is of no format that is known.
pub fn visible(text: &str, audience: &Audience, project: &Project) -> Option<String> {
    let mut all = text.lines();
    if all.next() != Some(DOCUMENT) {
        return None;
    }
    // A name that no longer is one is the most restricted, as in a view.
    let sees = |name: &str| project.classification_named(name).unwrap_or_else(|| project.highest()) <= audience.up_to;
    let (front, body) = text.split_once("\nbody\n").unwrap_or((text.trim_end(), ""));
    if !front.lines().filter_map(|line| line.strip_prefix("classification ")).all(sees) {
        return None;
    }
    let (body, footnotes) = match body.find("footnote ").filter(|at| *at == 0).or_else(|| body.find("\nfootnote ").map(|at| at + 1)) {
        Some(at) => body.split_at(at),
        None => (body, ""),
    };
    let mut out = format!("{front}\nbody\n");
    let mut hidden_below: Option<u8> = None;
    let mut lines = body.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(level) = line.strip_prefix("heading ").and_then(|rest| rest.split(' ').next()?.parse::<u8>().ok()) {
            if hidden_below.is_some_and(|hidden| level <= hidden) {
                hidden_below = None;
            }
            let mark = lines.peek().and_then(|next| next.strip_prefix("  classification "));
            if hidden_below.is_none() && mark.is_some_and(|mark| !sees(mark)) {
                hidden_below = Some(level);
            }
        }
        if hidden_below.is_none() {
            out.push_str(line);
            out.push('\n');
        }
    }
    let mut notes: Vec<(&str, String)> = Vec::new();
    for line in footnotes.lines() {
        match (line.strip_prefix("footnote "), notes.last_mut()) {
            (Some(name), _) => notes.push((name, format!("{line}\n"))),
            (None, Some((_, text))) => text.extend([line, "\n"]),
            (None, None) => {}
        }
    }
    let shown = shown_notes(&out, &notes);
    notes.iter().filter(|(name, _)| shown.contains(name)).for_each(|(_, text)| out.push_str(text));
    Some(out)
}

/// The names of the footnotes that a text refers to, or that those refer to.
fn shown_notes<'a>(text: &str, notes: &'a [(&'a str, String)]) -> BTreeSet<&'a str> {
    let named = |text: &str| -> BTreeSet<String> {
        text.lines().filter_map(|line| line.trim_start().strip_prefix("note ")).map(str::to_owned).collect()
    };
    // Two footnotes of one name differ in what they refer to, and belong together.
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    for (name, text) in notes {
        texts.entry(name).or_default().push_str(text);
    }
    let mut shown = BTreeSet::new();
    let mut open: Vec<String> = named(text).into_iter().collect();
    while let Some(name) = open.pop() {
        let Some((name, text)) = texts.get_key_value(name.as_str()) else { continue };
        if shown.insert(*name) {
            open.extend(named(text));
        }
    }
    shown
}
