//! A manual as a typeset book: PDF/A-3a and PDF/UA-1 in one file, by Typst in this process.
//!
//! The way: `book` says what is to be set, `whole` puts it together; `code` turns its texts into Typst code, one virtual file a document; the templates in
//! `templates/pdf` lay them out; `world` is all that Typst can see (no disk, no network, no clock); `diagnose` leads what it has to say back to the
//! author's line. Laws kept here: the same manual gives the same bytes; text of a user is data, never Typst code; nothing of it panics.

mod attachment;
mod book;
mod code;
mod compile;
mod diagnose;
mod document;
mod fonts;
mod glyphs;
mod images;
mod index;
mod inline;
mod links;
mod literal;
mod pictures;
mod reference;
mod register;
mod sheet;
mod table;
mod templates;
#[cfg(test)]
mod tests;
mod whole;
mod widths;
mod world;

pub use book::{Book, Copy};
pub use compile::Memory;

use crate::base::finding::{self, Finding};
use crate::base::source::Sources;
use crate::link::manual::Manual;

/// Sets a book of a manual and exports it. The only dates in the file are the manual's and those of its copy.
///
/// # Errors
/// Everything that keeps the book from being set, all at once and in order: text without a glyph, images that cannot be shown, mistakes in the
/// project's own templates, and what Typst's exporter refuses.
pub fn render(manual: &Manual, book: &Book, copy: Option<&Copy>) -> Result<Vec<u8>, Vec<Finding>> {
    render_with(manual, book, copy, Memory::Freed)
}

/// The same, with a say in what becomes of Typst's memory; the bytes do not depend on it.
///
/// # Errors
/// As [`render`].
pub fn render_with(manual: &Manual, book: &Book, copy: Option<&Copy>, memory: Memory) -> Result<Vec<u8>, Vec<Finding>> {
    let sources = &manual.view.sources;
    let fonts = fonts::Fonts::with(sources);
    let mut project = whole::write(manual, &fonts, book, copy);
    let before = std::mem::take(&mut project.findings);
    match compile::compile(manual, fonts, project, memory) {
        Ok(bytes) if before.is_empty() => Ok(bytes),
        Ok(_) => Err(sorted(before, sources)),
        Err(after) => Err(sorted(before.into_iter().chain(after).collect(), sources)),
    }
}

/// What keeps a manual from being set, as far as it is known before anything is laid out: text without a glyph, images that cannot be shown, texts
/// that are longer than a PDF/A may hold. It takes hundredths of a second where a PDF takes seconds.
pub fn check(manual: &Manual) -> Vec<Finding> {
    whole::write(manual, &fonts::Fonts::with(&manual.view.sources), &Book::Manual, None).findings
}

fn sorted(mut findings: Vec<Finding>, sources: &Sources) -> Vec<Finding> {
    finding::sort(&mut findings, sources);
    findings
}
