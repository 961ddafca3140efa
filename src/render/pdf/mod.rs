//! A manual as a typeset book: PDF/A-3a and PDF/UA-1 in one file, by Typst in this process.
//!
//! The way: `whole` says what is to be set; `code` turns its texts into Typst code, one virtual file a document; the templates in
//! `templates/pdf` lay them out; `world` is all that Typst can see (no disk, no network, no clock); `diagnose` leads what it has to say back to the
//! author's line. Laws kept here: the same manual gives the same bytes; text of a user is data, never Typst code; nothing of it panics.

mod code;
mod compile;
mod diagnose;
mod fonts;
mod glyphs;
mod images;
mod inline;
mod links;
mod literal;
mod pictures;
mod reference;
mod table;
mod templates;
#[cfg(test)]
mod tests;
mod whole;
mod widths;
mod world;

pub use compile::Memory;

use crate::base::finding::{self, Finding};
use crate::base::source::Sources;
use crate::link::manual::Manual;

/// Sets a manual and exports it. The only date in the file is the manual's.
///
/// # Errors
/// Everything that keeps the manual from being set, all at once and in order: text without a glyph, images that cannot be shown, mistakes in the
/// project's own templates, and what Typst's exporter refuses.
pub fn render(manual: &Manual) -> Result<Vec<u8>, Vec<Finding>> {
    render_with(manual, Memory::Freed)
}

/// The same, with a say in what becomes of Typst's memory; the bytes do not depend on it.
///
/// # Errors
/// As [`render`].
pub fn render_with(manual: &Manual, memory: Memory) -> Result<Vec<u8>, Vec<Finding>> {
    let sources = &manual.view.sources;
    let fonts = fonts::Fonts::with(sources);
    let mut project = whole::write(manual, &fonts);
    let before = std::mem::take(&mut project.findings);
    match compile::compile(manual, fonts, project, memory) {
        Ok(bytes) if before.is_empty() => Ok(bytes),
        Ok(_) => Err(sorted(before, sources)),
        Err(after) => Err(sorted(before.into_iter().chain(after).collect(), sources)),
    }
}

/// What keeps a manual from being set, as far as it is known before anything is laid out: text without a glyph, images that cannot be shown, lines of
/// code that no PDF/A holds. It takes hundredths of a second where a PDF takes seconds.
pub fn check(manual: &Manual) -> Vec<Finding> {
    whole::write(manual, &fonts::Fonts::with(&manual.view.sources)).findings
}

fn sorted(mut findings: Vec<Finding>, sources: &Sources) -> Vec<Finding> {
    finding::sort(&mut findings, sources);
    findings
}
