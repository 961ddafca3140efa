//! A manual as a typeset book: PDF/A-3a and PDF/UA-1 in one file, by Typst in this process.
//!
//! The way: a [`Book`] says what is to be set; `code` turns its texts into Typst code, one virtual file a document; the templates in
//! `templates/pdf` lay them out; `world` is all that Typst can see (no disk, no network, no clock); `diagnose` leads what it has to say back to the
//! author's line. Laws kept here: the same book and today give the same bytes; text of a user is data, never Typst code; nothing of it panics.

mod book;
mod code;
mod compile;
mod diagnose;
mod fonts;
mod glyphs;
mod images;
mod inline;
mod literal;
mod table;
mod templates;
#[cfg(test)]
mod tests;
mod whole;
mod widths;
mod world;

pub use compile::forget;
pub use book::{Book, Cell, Change, Column, Document, Field, Goal, Grid, IndexEntry, Kind, Links, Paper, Resolved, Row};

use crate::base::finding::{self, Finding};
use crate::base::source::Sources;

/// Sets a book and exports it.
///
/// # Errors
/// Everything that keeps the book from being set, all at once and in order: text without a glyph, images that cannot be shown, mistakes in the
/// project's own templates, and what Typst's exporter refuses.
pub fn render(book: &Book<'_>, sources: &Sources) -> Result<Vec<u8>, Vec<Finding>> {
    let fonts = fonts::Fonts::with(sources);
    let mut project = whole::write(book, sources, &fonts);
    let before = std::mem::take(&mut project.findings);
    let result = compile::compile(book, sources, fonts, project);
    match result {
        Ok(bytes) if before.is_empty() => Ok(bytes),
        Ok(_) => Err(sorted(before, sources)),
        Err(after) => Err(sorted(before.into_iter().chain(after).collect(), sources)),
    }
}

fn sorted(mut findings: Vec<Finding>, sources: &Sources) -> Vec<Finding> {
    finding::sort(&mut findings, sources);
    findings
}
