//! Footnotes, by the number that they have already.
//!
//! Typst counts footnotes by looking for them in what it has laid out, and so lays out twice every part that has one. Ours were numbered when their document
//! was read, and their place says which one they are: `POL-004^2`. A note without such a place, as a template of a project's own may set one, is left to Typst.

use typst::comemo::Track;
use typst::diag::SourceResult;
use typst::engine::Engine;
use typst::foundations::{Content, Context, Label, NativeElement, NativeRuleMap, Packed, StyleChain, Target};
use typst::introspection::Location;
use typst::layout::{Em, HElem};
use typst::model::{Destination, FootnoteBody, FootnoteElem, FootnoteEntry};
use typst::pdf::PdfMarkerTag;
use typst::text::SuperElem;

use super::places;

/// What stands between a document and the number of a note in it.
const NOTE: char = '^';

/// Space between the number of a note at the foot of a page and its words, as Typst has it.
const GAP: Em = Em::new(0.05);

/// The place of a note of a document.
pub(super) fn place(document: &str, number: usize) -> String {
    format!("{document}{NOTE}{number}")
}

/// Where a note stands, by where its mark does: Typst gives the one this variant of the other.
pub(super) fn at_foot(mark: Location) -> Location {
    mark.variant(1)
}

/// Sets footnotes by the rules below.
pub(super) fn register(rules: &mut NativeRuleMap) {
    rules.replace(Target::Paged, mark);
    rules.replace(Target::Paged, entry);
}

/// The mark of a note in its text, which leads to its foot.
fn mark(note: &Packed<FootnoteElem>, engine: &mut Engine, styles: StyleChain) -> SourceResult<Content> {
    let known = match (&note.body, note.location()) {
        (FootnoteBody::Reference(label), _) => number(*label).zip(places::address(&label.resolve())),
        (FootnoteBody::Content(_), Some(mark)) => {
            note.label().and_then(number).map(|number| (number, Destination::Location(at_foot(mark))))
        }
        _ => None,
    };
    let linked = match known {
        Some((number, to)) => {
            let shown = shown(note, number, engine, styles)?;
            let words = FootnoteElem::alt_text(styles, &shown.plain_text());
            shown.linked(to, Some(words))
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
            let shown = shown(note, number, engine, StyleChain::default())?;
            let words = shown.plain_text();
            (SuperElem::new(shown.linked(Destination::Location(mark), Some(words))).pack().spanned(entry.span()), body.clone())
        }
        None => entry.realize(engine, styles)?,
    };
    let indent = HElem::new(entry.indent.get(styles).into()).pack();
    let gap = HElem::new(GAP.into()).with_weak(true).pack();
    Ok(Content::sequence([indent, PdfMarkerTag::Label(raised), gap, body]))
}

/// The number of a note as its numbering shows it.
fn shown(note: &Packed<FootnoteElem>, number: u64, engine: &mut Engine, styles: StyleChain) -> SourceResult<Content> {
    let context = Context::new(note.location(), Some(styles));
    let shown = note.numbering.get_ref(styles).apply(engine, context.track(), note.span(), &[number])?;
    Ok(shown.display().spanned(note.span()))
}

/// The number of the note that a label names.
fn number(label: Label) -> Option<u64> {
    label.resolve().as_str().rsplit_once(NOTE)?.1.parse().ok()
}
