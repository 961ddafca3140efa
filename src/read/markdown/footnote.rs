//! Footnotes: numbered in the order in which they are first referred to, in the text and then in the notes themselves.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::report::{Report, excerpt};
use crate::base::finding::Finding;
use crate::base::rule;
use crate::base::word::phrase;
use crate::read::tree::{Block, Body, Footnote, InlineKind};

/// What has been seen of a text's footnotes.
#[derive(Debug, Default)]
pub(super) struct Footnotes {
    /// A slot for every label, in the order in which labels were met; letters' case does not count.
    slots: BTreeMap<String, usize>,
    notes: Vec<Note>,
}

#[derive(Debug)]
struct Note {
    /// Where it was first referred to.
    reference: Option<(Arc<str>, Range<usize>)>,
    written: Option<(Footnote, Range<usize>)>,
}

impl Footnotes {
    fn slot(&mut self, label: &str) -> usize {
        let notes = &mut self.notes;
        *self.slots.entry(label.to_lowercase()).or_insert_with(|| {
            notes.push(Note { reference: None, written: None });
            notes.len() - 1
        })
    }

    /// Takes a reference, and gives what stands in the tree for it until [`Footnotes::number`].
    pub(super) fn refer(&mut self, label: &str, range: Range<usize>) -> InlineKind {
        let slot = self.slot(label);
        self.notes[slot].reference.get_or_insert_with(|| (label.into(), range));
        InlineKind::Footnote(slot)
    }

    /// Takes a note.
    pub(super) fn write(&mut self, note: Footnote, range: Range<usize>, report: &mut Report<'_>) {
        let slot = self.slot(&note.label);
        match &self.notes[slot].written {
            Some((_, first)) => {
                let message = phrase!("the footnote `[^{label}]` is written twice", label = excerpt(&note.label));
                let first = report.span(first.clone());
                report.add(
                    report
                        .at(&rule::UNUSED_FOOTNOTE, range, message)
                        .label(phrase!("left out"))
                        .related(first, phrase!("this one is read")),
                );
            }
            None => self.notes[slot].written = Some((note, range)),
        }
    }

    /// Numbers the notes, puts the numbers into the tree, and says which notes are missing or unused.
    pub(super) fn number(mut self, mut blocks: Vec<Block>, report: &mut Report<'_>) -> Body {
        if self.notes.is_empty() {
            return Body::new(blocks, Vec::new());
        }
        let mut footnotes = Vec::new();
        let mut numbers: Vec<Option<usize>> = vec![None; self.notes.len()];
        let mut order: Vec<usize> = Vec::new();
        let mut renumber = |blocks: &mut [Block], order: &mut Vec<usize>| {
            for block in blocks {
                block.each_inline_mut(&mut |inline| {
                    if let InlineKind::Footnote(slot) = &mut inline.kind {
                        let number = numbers[*slot].get_or_insert(order.len());
                        if *number == order.len() {
                            order.push(*slot);
                        }
                        *slot = *number;
                    }
                });
            }
        };
        renumber(&mut blocks, &mut order);
        let mut next = 0;
        while let Some(&slot) = order.get(next) {
            let note = &mut self.notes[slot];
            let mut footnote = match (note.written.take(), &note.reference) {
                (Some((footnote, _)), _) => footnote,
                // pulldown-cmark folds letters' case otherwise than we do here.
                (None, Some((label, range))) => {
                    report.add(missing(label, range.clone(), report));
                    Footnote { label: label.clone(), blocks: Vec::new(), span: report.span(range.clone()) }
                }
                (None, None) => Footnote { label: "".into(), blocks: Vec::new(), span: report.span(0..0) },
            };
            renumber(&mut footnote.blocks, &mut order);
            footnotes.push(footnote);
            next += 1;
        }
        for (footnote, range) in self.notes.into_iter().filter_map(|note| note.written) {
            let message = phrase!("nothing refers to the footnote `[^{label}]`", label = excerpt(&footnote.label));
            report.add(
                report.at(&rule::UNUSED_FOOTNOTE, range, message).label(phrase!("left out")).help(phrase!("refer to it, or remove it")),
            );
        }
        Body::new(blocks, footnotes)
    }
}

/// The finding of a footnote that is referred to and not written.
pub(super) fn missing(label: &str, range: Range<usize>, report: &Report<'_>) -> Finding {
    let label = excerpt(label);
    let message = phrase!("the footnote `[^{label}]` is not written", label = label);
    report.at(&rule::MISSING_FOOTNOTE, range, message).help(phrase!(
        "write it in a paragraph of its own: `[^{label}]: …`; brackets that are no footnote are written `\\[^`",
        label = label
    ))
}
