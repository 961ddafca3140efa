//! Where a manual speaks of the controls of an edition.

use std::collections::BTreeMap;
use std::ops::Range;

use super::spelling;
use crate::base::finding::Span;
use crate::base::id::{ControlId, EditionId, ItemId, Reference};
use crate::base::yaml::{self, Kind, Node};
use crate::link::manual::Manual;
use crate::read::decision;
use crate::read::document::Document;
use crate::read::register::EVIDENCE;
use crate::read::tree::{Block, BlockKind, Body, Heading, Inline, InlineKind, Target};
use crate::read::value::{Record, Value};

/// One place that names a control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// What kind of place it is.
    pub kind: UseKind,
    /// Who speaks: a document, a row, or the control of a statement.
    pub by: Speaker,
    /// Where it stands.
    pub span: Span,
    /// Where in the file the name itself stands, and how it is written; none where no edit could be made.
    pub(super) token: Option<Range<usize>>,
    /// Whether it names the framework alone, which means the edition that is listed first.
    pub(super) bare: bool,
    /// Why a person has to change this one, if its control moves.
    pub fixed: Option<&'static str>,
}

/// Who names a control.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speaker {
    /// A document or a row of a register.
    Item(ItemId),
    /// The statement on a control.
    Statement(ControlId),
    /// The project's decisions on pairs.
    Decisions,
}

/// The kinds of places that name a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UseKind {
    /// The statement on it.
    Statement,
    /// A document's claim to meet it.
    Claim,
    /// Evidence that shows it.
    Evidence,
    /// A field of a register.
    Register,
    /// A reference in a text.
    Text,
    /// A decision on a pair.
    Decision,
    /// An edition or a group of one, against which an audit is held.
    Criterion,
}

impl UseKind {
    /// A word for people and programs.
    pub fn word(self) -> &'static str {
        match self {
            UseKind::Statement => "statement",
            UseKind::Claim => "claim",
            UseKind::Evidence => "evidence",
            UseKind::Register => "register",
            UseKind::Text => "text",
            UseKind::Decision => "decision",
            UseKind::Criterion => "criterion",
        }
    }
}

/// The places that name controls of one edition.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// By control, each list by path and place.
    pub of: BTreeMap<ControlId, Vec<Use>>,
    /// Those that name one by a number of another framework.
    pub by_other_names: Vec<Use>,
    /// What is said of the edition and its own, and stays with it: decisions on its pairs, and audits held against it or a group of it.
    pub kept: Vec<Use>,
}

/// Finds every place of the manual that names a control of `edition`.
pub(super) fn collect(manual: &Manual, edition: &EditionId) -> Found {
    let catalogues = &manual.view.catalogues;
    let mut found = Found::default();
    each(manual, &mut |reference, used| {
        let Ok(control) = resolved(manual, &reference) else { return };
        let Some(control) = catalogues.edition(&control.edition).and_then(|catalogue| catalogue.control(&control.control)) else { return };
        if control.id.edition == *edition {
            let list = found.of.entry(control.id.clone()).or_default();
            // A value that YAML repeats by an alias stands in the file once.
            if !list.iter().any(|known| known.span == used.span && known.kind == used.kind && known.token == used.token) {
                list.push(used);
            }
        } else if control.alias_of.iter().any(|id| id.edition == *edition) {
            found.by_other_names.push(used);
        }
    });
    found.kept = decisions(manual, edition);
    each_criterion(manual, &mut |found_edition, used| {
        if found_edition == edition {
            found.kept.push(used);
        }
    });
    found.kept.sort_by_key(|used| used.span);
    found.of.values_mut().for_each(|list| list.sort_by_key(|used| used.span));
    found.by_other_names.sort_by_key(|used| used.span);
    found
}

/// The control that a reference names; the reference as written where there is none.
pub(super) fn resolved(manual: &Manual, reference: &Reference) -> Result<ControlId, String> {
    match reference {
        Reference::Control { edition, control } => {
            manual.view.catalogues.control(edition, control).map(|found| found.id.clone()).map_err(|_| reference.to_string())
        }
        Reference::Item { .. } => Err(reference.to_string()),
    }
}

/// Calls `visit` with every reference to a control, and every statement as one to its control.
pub(super) fn each(manual: &Manual, visit: &mut dyn FnMut(Reference, Use)) {
    let view = &manual.view;
    for document in &view.documents {
        of_document(manual, document, visit);
    }
    for register in &view.registers {
        for row in &register.rows {
            let mut walk = Walk { manual, by: Speaker::Item(row.id.clone()), visit: &mut *visit };
            let kind = if register.kind.name == EVIDENCE.name { UseKind::Evidence } else { UseKind::Register };
            walk.record(&row.fields, kind);
        }
    }
    for statement in &view.statements {
        let control = &statement.control;
        let by = Speaker::Statement(control.clone());
        let reference = Reference::Control { edition: control.edition.clone(), control: control.control.clone() };
        // Its key is renamed where its file is looked at.
        let (span, by_key) = (statement.span, by.clone());
        visit(reference, Use { kind: UseKind::Statement, by: by_key, span, token: None, bare: false, fixed: None });
        Walk { manual, by, visit: &mut *visit }.record(&statement.fields, UseKind::Register);
    }
}

/// Calls `visit` with every edition, or group of one, against which something is held.
pub(super) fn each_criterion(manual: &Manual, visit: &mut dyn FnMut(&EditionId, Use)) {
    let catalogues = &manual.view.catalogues;
    for register in &manual.view.registers {
        for row in &register.rows {
            for (_, field) in row.fields.iter() {
                let items = match &field.value {
                    Value::List(items) => items.as_slice(),
                    _ => std::slice::from_ref(field),
                };
                for item in items {
                    let edition = match &item.value {
                        Value::Edition(edition) => edition,
                        Value::Reference(Reference::Control { edition, control })
                            if catalogues.control(edition, control).is_err() && catalogues.group(edition, control).is_some() =>
                        {
                            edition
                        }
                        _ => continue,
                    };
                    let Ok(catalogue) = catalogues.find(edition) else { continue };
                    let token = spelling::of_criterion(manual.view.sources.file(item.span.file).text(), item.span, &item.value);
                    let (by, bare) = (Speaker::Item(row.id.clone()), edition.edition.is_none());
                    visit(&catalogue.id, Use { kind: UseKind::Criterion, by, span: item.span, token, bare, fixed: None });
                }
            }
        }
    }
}

/// The controls of an edition that the project's decisions name.
fn decisions(manual: &Manual, edition: &EditionId) -> Vec<Use> {
    let sources = &manual.view.sources;
    let Some(file) = sources.find(decision::PATH) else { return Vec::new() };
    let text = sources.file(file).text();
    let mut found = Vec::new();
    let mut scalars = |key: &str, node: &Node| {
        let (true, Kind::Scalar { text: name, .. }) = (matches!(key, "source" | "target"), &node.kind) else { return };
        let Some(reference) = Reference::parse(name) else { return };
        if resolved(manual, &reference).is_ok_and(|control| control.edition == *edition) {
            let bare = matches!(&reference, Reference::Control { edition, .. } if edition.edition.is_none());
            let token = spelling::of_name(text, node.span, &reference);
            found.push(Use { kind: UseKind::Decision, by: Speaker::Decisions, span: node.span, token, bare, fixed: None });
        }
    };
    if let Some(Node { kind: Kind::Mapping(top), .. }) = yaml::parse(text, file, 0, &mut Vec::new())
        && let Some((_, Node { kind: Kind::Sequence(pairs), .. })) = top.iter().find(|(key, _)| key.text.as_ref() == "pairs")
    {
        for pair in pairs {
            let Kind::Mapping(fields) = &pair.kind else { continue };
            fields.iter().for_each(|(key, node)| scalars(&key.text, node));
        }
    }
    found
}

struct Walk<'m, 'v> {
    manual: &'m Manual,
    by: Speaker,
    visit: &'v mut dyn FnMut(Reference, Use),
}

fn of_document(manual: &Manual, document: &Document, visit: &mut dyn FnMut(Reference, Use)) {
    let mut walk = Walk { manual, by: Speaker::Item(document.id.clone()), visit };
    for claim in &document.satisfies {
        walk.name(&claim.value, claim.span, UseKind::Claim);
    }
    if let Some(summary) = &document.summary {
        walk.body(&summary.text);
    }
    for change in document.history.iter().filter_map(|version| version.change.as_ref()) {
        walk.body(change);
    }
    walk.body(&document.body);
}

impl Walk<'_, '_> {
    fn record(&mut self, record: &Record, kind: UseKind) {
        for (_, spanned) in record.iter() {
            self.value(&spanned.value, spanned.span, kind);
        }
    }

    fn value(&mut self, value: &Value, span: Span, kind: UseKind) {
        match value {
            Value::Reference(reference) => self.name(reference, span, kind),
            Value::List(items) => items.iter().for_each(|item| self.value(&item.value, item.span, kind)),
            Value::Record(record) => self.record(record, kind),
            Value::Prose(body) => self.body(body),
            _ => {}
        }
    }

    /// A name that stands alone: an item of a list, a claim.
    fn name(&mut self, reference: &Reference, span: Span, kind: UseKind) {
        if let Reference::Control { edition, .. } = reference {
            let bare = edition.edition.is_none();
            let token = spelling::of_name(self.manual.view.sources.file(span.file).text(), span, reference);
            let fixed = token.is_none().then_some("it is written in a way that cannot be changed without a person");
            (self.visit)(reference.clone(), Use { kind, by: self.by.clone(), span, token, bare, fixed });
        }
    }

    fn body(&mut self, body: &Body) {
        let notes = body.footnotes.iter().flat_map(|note| &note.blocks);
        for block in body.blocks.iter().chain(notes) {
            let heading = match &block.kind {
                BlockKind::Heading(heading) => Some(heading),
                _ => None,
            };
            for claim in heading.iter().flat_map(|heading| &heading.claims) {
                self.name(&claim.value, claim.span, UseKind::Claim);
            }
            let words_name_it = heading.is_some_and(|heading| self.is_named_by_its_words(block, heading));
            block.each_inline(&mut |inline| self.link(inline, words_name_it));
        }
    }

    /// Whether the id of a heading is made from its words, so that others may refer to it by them.
    fn is_named_by_its_words(&self, block: &Block, heading: &Heading) -> bool {
        let text = self.manual.view.sources.file(block.span.file).text();
        !text.get(block.span.range()).is_some_and(|written| written.contains(&format!("#{}", heading.id)))
    }

    fn link(&mut self, inline: &Inline, in_name: bool) {
        let InlineKind::Link { target: Target::Reference(reference), content } = &inline.kind else { return };
        let Reference::Control { edition, .. } = reference else { return };
        let bare = edition.edition.is_none();
        let token = spelling::of_link(self.manual.view.sources.file(inline.span.file).text(), inline.span, reference);
        let fixed = match token {
            None => Some("it is written in a way that cannot be changed without a person"),
            Some(_) if in_name && content.is_empty() => Some("it stands in a heading without an id, which is named by these words"),
            Some(_) => None,
        };
        (self.visit)(reference.clone(), Use { kind: UseKind::Text, by: self.by.clone(), span: inline.span, token, bare, fixed });
    }
}
