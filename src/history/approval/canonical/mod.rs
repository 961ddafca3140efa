//! Canonical texts: what a document, the Statement of Applicability, the part of a risk owner in the treatment plan, a release or a view means, as lines that
//! another program can make too. An approval is bound to the SHA-256 of such a text, and an output tells that of its view. `docs/approvals.md` specifies them, so that whatever is changed here
//! that changes a byte needs a new number in [`formats`](crate::read::approval::formats), beside the old one.

mod block;
mod document;
mod field;
mod line;
mod release;
mod soa;
mod treatments;
mod view;

use std::sync::Arc;

pub use document::{document, visible};
pub use release::{release, release_of};
pub use soa::soa;
pub use treatments::{owners, treatments};
pub use view::view;

use crate::base::digest::sha256;
use crate::base::id::{EditionId, Reference};
use crate::base::source::Sources;
use crate::read::Parsed;
use crate::read::approval::formats::{DOCUMENT, RELEASE, SOA, TREATMENTS, VIEW};
use crate::read::catalogues::Catalogues;
use crate::read::project::Project;

/// A canonical text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonical {
    /// Its format: its first line.
    pub format: &'static str,
    /// The text: lines, each with its line feed.
    pub text: String,
}

impl Canonical {
    /// The SHA-256 of the text's bytes in UTF-8, in lower-case hexadecimal digits.
    pub fn sha256(&self) -> String {
        sha256(self.text.as_bytes())
    }
}

/// What a text depends on besides itself. It is the same for every view, so that nothing withheld shows through it.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// For the bytes of images.
    pub sources: &'a Arc<Sources>,
    /// For the names of classifications.
    pub project: &'a Project,
    /// For the edition of a control that is named without one.
    pub catalogues: &'a Catalogues,
}

impl<'a> Context<'a> {
    /// Of what was read.
    pub fn of(parsed: &'a Parsed) -> Self {
        Context { sources: &parsed.sources, project: &parsed.project, catalogues: &parsed.catalogues }
    }

    /// A reference in its canonical spelling: a control with its edition.
    fn reference(&self, reference: &Reference) -> String {
        match reference {
            Reference::Item { .. } => reference.to_string(),
            Reference::Control { edition, control } => match self.catalogues.control(edition, control) {
                Ok(found) => found.id.to_string(),
                Err(_) => reference.to_string(),
            },
        }
    }

    fn edition(&self, edition: &EditionId) -> String {
        self.catalogues.find(edition).map_or_else(|_| edition.to_string(), |found| found.id.to_string())
    }
}

#[cfg(test)]
mod tests;
