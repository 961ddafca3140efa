//! What more people see than see what it refers to, wherever a reference can stand.

use crate::base::finding::{Finding, Span};
use crate::base::id::Reference;
use crate::base::rule;
use crate::base::word::{Phrase, phrase};
use crate::link::index::Destination;
use crate::link::manual::Manual;
use crate::read::document::Document;
use crate::read::project::Project;
use crate::read::register::is_outward;
use crate::read::schema::Schema;
use crate::read::statement;
use crate::read::tree::{Block, BlockKind, Body, Heading, Inline, InlineKind};
use crate::read::value::{Classification, Record, Value};

/// withheld-reference: a bare reference from something that more people see than see its target: in texts, abstracts, histories, full texts of
/// controls, and the fields of rows and statements that a mark opens. Where the author gave words of their own, those are shown and nothing is
/// left to warn of. Nor is a role in a field: its id is a word of the row.
pub(super) fn withheld(manual: &Manual, findings: &mut Vec<Finding>) {
    let mut seen = Seen { manual, from: None, findings };
    let view = &manual.view;
    for document in &view.documents {
        seen.from = Some(document);
        seen.document(document);
        if let Some(summary) = &document.summary {
            seen.prose(&summary.text, summary.classification);
        }
        for version in &document.history {
            version.change.iter().for_each(|change| seen.prose(change, document.classification));
        }
    }
    seen.from = None;
    for register in &view.registers {
        for row in &register.rows {
            seen.fields(&row.fields, register.kind.schema, row.classification);
        }
    }
    for statement in &view.statements {
        seen.fields(&statement.fields, &statement::SCHEMA, statement.classification);
    }
    for catalogue in view.catalogues.all() {
        for body in catalogue.controls.iter().flat_map(|control| control.text.iter().chain(&control.guidance_text)) {
            seen.prose(body, catalogue.classification);
        }
    }
    // The first page shows each audience those answers that it may see; one that none may see is shown to nobody.
    if let Some(trust) = &view.project.trust
        && let Some(up_to) = trust.audiences.iter().max()
    {
        trust.answers.iter().for_each(|answer| seen.named(&answer.value, answer.span, *up_to));
    }
}

/// Looks references up, each from something that a classification opens.
struct Seen<'a> {
    manual: &'a Manual,
    /// The document that refers, for links within it.
    from: Option<&'a Document>,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Seen<'a> {
    /// The text of a document by its sections, and its footnotes by the most open of the places that refer to them.
    fn document(&mut self, document: &'a Document) {
        let project = &self.manual.view.project;
        let mut marks = Marks::default();
        let mut notes: Vec<Option<Classification>> = vec![None; document.body.footnotes.len()];
        for block in &document.body.blocks {
            if let BlockKind::Heading(heading) = &block.kind {
                marks.enter(heading, project);
            }
            let own = marks.highest().max(Some(document.classification)).unwrap_or(document.classification);
            self.block(block, own);
            open_notes(block, own, &mut notes);
        }
        // A footnote may refer to another one; each turn opens one at least, or is the last.
        loop {
            let before = notes.clone();
            for (note, own) in document.body.footnotes.iter().zip(&before) {
                let Some(own) = own else { continue };
                note.blocks.iter().for_each(|block| open_notes(block, *own, &mut notes));
            }
            if notes == before {
                break;
            }
        }
        for (note, own) in document.body.footnotes.iter().zip(notes) {
            let Some(own) = own else { continue };
            note.blocks.iter().for_each(|block| self.block(block, own));
        }
    }

    fn prose(&mut self, body: &'a Body, own: Classification) {
        body.each_inline(&mut |inline| self.inline(inline, own));
    }

    fn block(&mut self, block: &'a Block, own: Classification) {
        block.each_inline(&mut |inline| self.inline(inline, own));
    }

    fn inline(&mut self, inline: &'a Inline, own: Classification) {
        let InlineKind::Link { target, content } = &inline.kind else { return };
        if content.is_empty() {
            let destination = self.manual.resolve(self.from, target);
            let help = phrase!("give the reference words of its own, as in `[[POL-004|the access policy]]`, or what it names an abstract");
            self.warn(destination, inline.span, own, help);
        }
    }

    /// The fields that a mark opens.
    fn fields(&mut self, fields: &'a Record, schema: &Schema, own: Classification) {
        for (_, spanned) in fields.iter().filter(|(key, _)| *key != "id" && is_outward(key, schema, fields)) {
            self.value(&spanned.value, spanned.span, own);
        }
    }

    fn value(&mut self, value: &'a Value, span: Span, own: Classification) {
        match value {
            Value::Reference(reference) => self.named(reference, span, own),
            Value::Prose(body) => self.prose(body, own),
            Value::List(items) => items.iter().for_each(|item| self.value(&item.value, item.span, own)),
            Value::Record(record) => record.iter().for_each(|(_, field)| self.value(&field.value, field.span, own)),
            _ => {}
        }
    }

    /// A reference that is the value of a field.
    fn named(&mut self, reference: &'a Reference, span: Span, own: Classification) {
        if !matches!(reference, Reference::Item { id, .. } if id.is_role()) {
            let destination = self.manual.resolve_reference(reference);
            let help = phrase!("leave it out, open what it names as far, or do not open this field");
            self.warn(destination, span, own, help);
        }
    }

    fn warn(&mut self, to: Destination<'_>, span: Span, own: Classification, help: Phrase) {
        let project = &self.manual.view.project;
        let needed = match to {
            Destination::Document { document, section } => {
                let whole = document
                    .summary
                    .as_ref()
                    .map_or(document.classification, |summary| summary.classification.min(document.classification));
                // A section is seen only with its document.
                section.and_then(|section| section_mark(document, &section.id, project)).max(Some(whole)).unwrap_or(whole)
            }
            Destination::Row { row, .. } => row.classification,
            _ => return,
        };
        if needed > own {
            let (own, needed) = (project.classification_name(own), project.classification_name(needed));
            self.findings.push(
                Finding::new(
                    &rule::WITHHELD_REFERENCE,
                    span,
                    phrase!("this is {own}, and what it refers to is {needed}", own = own, needed = needed),
                )
                .label(phrase!("\"an internal document\", or left out, for those who may not see it"))
                .help(help),
            );
        }
    }
}

/// Notes for each footnote that a block refers to that it can be seen from here.
fn open_notes(block: &Block, own: Classification, notes: &mut [Option<Classification>]) {
    block.each_inline(&mut |inline| {
        if let InlineKind::Footnote(index) = &inline.kind
            && let Some(note) = notes.get_mut(*index)
        {
            *note = Some(note.map_or(own, |known| known.min(own)));
        }
    });
}

/// The marks of the sections that a place in a document lies in.
#[derive(Default)]
struct Marks(Vec<(u8, Classification)>);

impl Marks {
    fn enter(&mut self, heading: &Heading, project: &Project) {
        self.0.retain(|(level, _)| *level < heading.level);
        let mark = heading.classification.as_ref();
        // A mark that names no classification is an error; until it is mended its section is withheld from all but the highest.
        let mark = mark.map(|mark| project.classification_named(&mark.value).unwrap_or_else(|| project.highest()));
        self.0.extend(mark.map(|mark| (heading.level, mark)));
    }

    fn highest(&self) -> Option<Classification> {
        self.0.iter().map(|(_, mark)| *mark).max()
    }
}

/// The highest mark on a section or on one that it stands in.
fn section_mark(document: &Document, id: &str, project: &Project) -> Option<Classification> {
    let mut marks = Marks::default();
    for heading in document.body.headings() {
        marks.enter(heading, project);
        if heading.id.as_ref() == id {
            return marks.highest();
        }
    }
    None
}
