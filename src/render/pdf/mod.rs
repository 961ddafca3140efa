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
mod lines;
mod literal;
mod notes;
mod pictures;
mod places;
mod redline;
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
pub use compile::{THREADS as TYPESETTER, Typesetter};

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use self::compile::Memory;
use super::Artifact;
use crate::base::finding::{self, Finding};
use crate::history::redline::Redline;
use crate::link::manual::Manual;

/// The templates that are built in.
pub(super) fn template_files() -> impl Iterator<Item = &'static [u8]> {
    templates::BUILT_IN.iter().map(|(_, text)| text.as_bytes())
}

/// Sets one book of a manual, in the least memory.
///
/// # Errors
/// As [`Typesetter::set`].
pub fn render(manual: &Manual, book: &Book, copy: Option<&Copy>) -> Result<Vec<u8>, Vec<Finding>> {
    Typesetter::with(Memory::Freed).set(manual, book, copy)
}

/// Sets a redline, in the look of the later manual.
///
/// # Errors
/// As [`Typesetter::set`].
pub fn redline(manual: &Manual, redline: &Redline) -> Result<Vec<u8>, Vec<Finding>> {
    Typesetter::with(Memory::Freed).set_redline(manual, redline)
}

/// Where the PDFs lie that [`render_all`] makes.
pub fn paths(manual: &Manual) -> BTreeSet<String> {
    Book::of_build(manual).iter().filter_map(Book::path).collect()
}

/// Documents whose memory is freed together.
const DOCUMENTS_AT_ONCE: usize = 16;

/// Sets all the books that annexa.yaml asks for. Large ones come one after the other, since each needs much memory; documents are set side by side.
///
/// # Errors
/// As [`render`], each finding once.
pub fn render_all(manual: &Manual) -> Result<Vec<Artifact>, Vec<Finding>> {
    let books: Vec<(String, Book)> = Book::of_build(manual).into_iter().filter_map(|book| Some((book.path()?, book))).collect();
    let (documents, large): (Vec<_>, Vec<_>) = books.iter().partition(|(_, book)| matches!(book, Book::Document(_)));
    let (mut artifacts, mut findings) = (Vec::new(), Vec::new());
    let mut take = |path: &str, made: Result<Vec<u8>, Vec<Finding>>| match made {
        Ok(bytes) => artifacts.push(Artifact { path: path.to_owned(), bytes }),
        Err(found) => found.into_iter().for_each(|finding| {
            if !findings.contains(&finding) {
                findings.push(finding);
            }
        }),
    };
    for (path, book) in large {
        take(path, render(manual, book, None));
    }
    for documents in documents.chunks(DOCUMENTS_AT_ONCE) {
        for (path, made) in side_by_side(documents, |(path, book)| (path, Typesetter::with(Memory::Shared).set(manual, book, None))) {
            take(path, made);
        }
        compile::free();
    }
    if findings.is_empty() {
        return Ok(artifacts);
    }
    finding::sort(&mut findings, &manual.view.sources);
    Err(findings)
}

/// What `make` makes of each item, in their order, by as many threads as the pool has. A pool's own parallel loop would begin another book whenever one
/// waits, and so hold all of them in memory at once.
fn side_by_side<'a, T: Sync, R: Send>(items: &[&'a T], make: impl Fn(&'a T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut made = Vec::new();
        while let Some((place, item)) = Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|place| Some((place, items.get(place)?))) {
            made.push((place, make(item)));
        }
        made
    };
    let mut all: Vec<(usize, R)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..rayon::current_num_threads().min(items.len())).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    all.sort_by_key(|(place, _)| *place);
    all.into_iter().map(|(_, made)| made).collect()
}

/// What keeps a manual from being set, as far as it is known before anything is laid out: text without a glyph, images that cannot be shown, texts
/// that are longer than a PDF/A may hold. It takes hundredths of a second where a PDF takes seconds.
pub fn check(manual: &Manual) -> Vec<Finding> {
    let written = whole::write(manual, &fonts::Fonts::with(&manual.view.sources), &Book::Manual, None);
    written.findings.into_iter().chain(written.warnings).collect()
}
