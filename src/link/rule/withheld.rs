//! What more people see than see what it refers to.

use crate::base::finding::Finding;
use crate::base::rule;
use crate::link::index::Destination;
use crate::link::manual::Manual;
use crate::read::document::Document;
use crate::read::project::Project;
use crate::read::tree::{BlockKind, Inline, InlineKind};
use crate::read::value::Classification;

/// withheld-reference: a bare reference from something that more people see than see its target. Where the author gave words of their
/// own, those are shown and nothing is left to warn of.
pub(super) fn withheld(manual: &Manual, findings: &mut Vec<Finding>) {
    let project = &manual.view.project;
    for document in &manual.view.documents {
        let mut marks: Vec<(u8, Classification)> = Vec::new();
        for block in &document.body.blocks {
            if let BlockKind::Heading(heading) = &block.kind {
                marks.retain(|(level, _)| *level < heading.level);
                marks.extend(
                    mark_of(heading.classification.as_ref().map(|mark| mark.value.as_ref()), project).map(|mark| (heading.level, mark)),
                );
            }
            let own = marks.iter().map(|(_, mark)| *mark).chain([document.classification]).max().unwrap_or(document.classification);
            block.each_inline(&mut |inline| check_withheld(manual, document, own, inline, findings));
        }
    }
}

fn check_withheld(manual: &Manual, document: &Document, own: Classification, inline: &Inline, findings: &mut Vec<Finding>) {
    let InlineKind::Link { target, content } = &inline.kind else { return };
    if !content.is_empty() {
        return;
    }
    let project = &manual.view.project;
    let needed = match manual.resolve(Some(document), target) {
        Destination::Document { document: to, section } => {
            let whole = to.summary.as_ref().map_or(to.classification, |summary| summary.classification.min(to.classification));
            match section {
                // A section is seen only with its document.
                Some(section) => section_mark(to, &section.id, project).map_or(whole, |mark| mark.max(whole)),
                None => whole,
            }
        }
        Destination::Row { row, .. } => row.classification,
        _ => return,
    };
    if needed > own {
        let (own, needed) = (project.classification_name(own), project.classification_name(needed));
        findings.push(
            Finding::new(&rule::WITHHELD_REFERENCE, inline.span, format!("this text is {own}, and what it refers to is {needed}"))
                .label("shown as \"an internal document\" to those who may not see it")
                .help("give the reference words of its own, as in `[[POL-004|the access policy]]`, or what it names an abstract"),
        );
    }
}

fn mark_of(word: Option<&str>, project: &Project) -> Option<Classification> {
    word.map(|word| project.classification_named(word).unwrap_or_else(|| project.highest()))
}

/// The highest mark on a section or on one that it stands in.
fn section_mark(document: &Document, id: &str, project: &Project) -> Option<Classification> {
    let mut marks: Vec<(u8, Classification)> = Vec::new();
    for heading in document.body.headings() {
        marks.retain(|(level, _)| *level < heading.level);
        marks.extend(mark_of(heading.classification.as_ref().map(|mark| mark.value.as_ref()), project).map(|mark| (heading.level, mark)));
        if heading.id.as_ref() == id {
            return marks.iter().map(|(_, mark)| *mark).max();
        }
    }
    None
}
