//! Footnotes, by the number that they have already.
//!
//! Typst counts footnotes by looking for them in what it has laid out, and so lays out twice every part that has one. Ours were numbered when their document
//! was read, and their place says which one they are: `POL-004^2`. A note without such a place, as a template of a project's own may set one, is left to Typst.

use typst::diag::SourceResult;
use typst::ecow::EcoString;
use typst::engine::Engine;
use typst::foundations::{Content, Label, NativeElement, NativeRuleMap, Packed, StyleChain, Target};
use typst::introspection::Location;
use typst::layout::{Em, HElem};
use typst::model::{Destination, FootnoteBody, FootnoteElem, FootnoteEntry};
use typst::pdf::PdfMarkerTag;
use typst::text::{SuperElem, TextElem};

use super::places;

/// What stands between a document and the number of a note in it.
const NOTE: char = '^';

/// Space between the number of a note at the foot of a page and its words, as Typst has it.
const GAP: Em = Em::new(0.05);

/// The place of a note of a document.
pub(super) fn place(document: &str, number: usize) -> String {
    format!("{document}{NOTE}{number}")
}

/// Where the note of a place stands, by where its mark does; none for a place that is no note's.
pub(super) fn at_foot(place: &str, mark: Location) -> Option<Location> {
    // Typst gives the one this variant of the other.
    number_in(place).map(|_| mark.variant(1))
}

/// Sets footnotes by the rules below.
pub(super) fn register(rules: &mut NativeRuleMap) {
    rules.replace(Target::Paged, mark);
    rules.replace(Target::Paged, entry);
}

/// The mark of a note in its text, which leads to its foot.
fn mark(note: &Packed<FootnoteElem>, engine: &mut Engine, styles: StyleChain) -> SourceResult<Content> {
    let linked = match (&note.body, note.location()) {
        (FootnoteBody::Reference(label), _) => number(*label).and_then(|number| Some((number, places::address(&label.resolve())?))),
        (FootnoteBody::Content(_), Some(mark)) => {
            note.label().and_then(number).map(|number| (number, Destination::Location(mark.variant(1))))
        }
        _ => None,
    };
    let linked = match linked {
        Some((number, to)) => {
            let words = FootnoteElem::alt_text(styles, &number);
            TextElem::packed(number).spanned(note.span()).linked(to, Some(words))
        }
        None => note.realize(engine, styles)?,
    };
    let raised = SuperElem::new(linked).pack().spanned(note.span());
    Ok(HElem::hole().clone() + PdfMarkerTag::Label(raised))
}

/// The note at the foot of its page, whose number leads back.
fn entry(entry: &Packed<FootnoteEntry>, engine: &mut Engine, styles: StyleChain) -> SourceResult<Content> {
    let note = &entry.note;
    let known = note.label().and_then(number).zip(note.location()).zip(note.body_content());
    let (raised, body) = match known {
        Some(((number, mark), body)) => {
            let linked = TextElem::packed(number.clone()).spanned(entry.span()).linked(Destination::Location(mark), Some(number));
            (SuperElem::new(linked).pack().spanned(entry.span()), body.clone())
        }
        None => entry.realize(engine, styles)?,
    };
    let indent = HElem::new(entry.indent.get(styles).into()).pack();
    let gap = HElem::new(GAP.into()).with_weak(true).pack();
    Ok(Content::sequence([indent, PdfMarkerTag::Label(raised), gap, body]))
}

/// The number of the note that a label names.
fn number(label: Label) -> Option<EcoString> {
    number_in(label.resolve().as_str()).map(EcoString::from)
}

/// The number of the note of a place; none for a place that is no note's.
fn number_in(place: &str) -> Option<&str> {
    let (_, number) = place.rsplit_once(NOTE)?;
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(number)
}
