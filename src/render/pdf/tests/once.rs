//! What is set again: a layout that asks Typst where something stands is done twice, and nobody would notice but by the time it takes.

use std::cell::Cell;

use typst::diag::{SourceResult, Warned};
use typst::engine::Engine;
use typst::foundations::{Content, Output, StyleChain, Target};
use typst::introspection::Introspector;
use typst_layout::PagedDocument;

use super::super::compile::{Failed, Named, lay_out_at_once};
use super::super::world::World;
use super::super::{Book, Memory, Typesetter, whole};
use super::{Small, everything, words};
use crate::link::manual::Manual;

thread_local! {
    static LAYOUTS: Cell<usize> = const { Cell::new(0) };
}

/// A document that is counted whenever it is laid out.
struct Counted(PagedDocument);

impl Output for Counted {
    fn target() -> Target {
        Target::Paged
    }

    fn create(engine: &mut Engine, content: &Content, styles: StyleChain) -> SourceResult<Self> {
        LAYOUTS.set(LAYOUTS.get() + 1);
        PagedDocument::create(engine, content, styles).map(Counted)
    }

    fn introspector(&self) -> &dyn Introspector {
        Output::introspector(&self.0)
    }
}

/// How often a book is laid out, and the words of its pages.
fn counted(world: &World, _: &Manual, _: &Named, _: Memory) -> Result<(usize, String), Failed> {
    assert!(lay_out_at_once(world).is_some(), "a book can be set in the least memory");
    LAYOUTS.set(0);
    let Warned { output, .. } = typst::compile::<Counted>(world);
    let document = output.map_err(|errors| errors.into_iter().collect::<Vec<_>>())?.0;
    let text = document.pages().iter().map(|page| words(&page.frame)).collect();
    Ok((LAYOUTS.get(), text))
}

#[test]
fn notes_are_numbered_by_document_and_in_the_way_that_a_template_says() {
    let text = |number| format!("## Scope {{#scope}}\n\nOne[^a], another[^b].\n\n[^a]: Said {number}.\n[^b]: Said elsewhere.");
    let mut small = Small::new();
    small.policy(1, "First", &text("once")).policy(2, "Second", &text("again"));
    let notes = |small: &Small| {
        let words = small.words();
        ["1 Said once.", "2 Said elsewhere.", "1 Said again.", "a Said once.", "b Said elsewhere."].map(|note| words.contains(note))
    };
    assert_eq!(notes(&small), [true, true, true, false, false]);
    let own = include_str!("../../../../templates/pdf/blocks.typ").replace("footnote(body)", "footnote(numbering: \"a\", body)");
    small.text("templates/pdf/blocks.typ", &own);
    assert_eq!(notes(&small), [false, false, false, true, true]);
}

#[test]
fn a_book_is_laid_out_once() {
    let mut small = everything();
    small.policy(
        8,
        "Notes",
        "## Scope {#scope}\n\nOne[^a], another[^b] and the first once more[^a].\n\n[^a]: Said once.\n[^b]: Said *elsewhere*.",
    );
    let manual = small.manual();
    let mut typesetter = Typesetter::with(Memory::Freed);
    let made = typesetter.work(&manual, |fonts| whole::write(&manual, fonts, &Book::Manual, None), counted);
    let (layouts, text) = made.expect("pages");
    assert!(text.contains("Said once."), "notes are among what was set: {text}");
    assert!(text.contains("Figure"), "and so are images: {text}");
    assert_eq!(layouts, 1);
}
