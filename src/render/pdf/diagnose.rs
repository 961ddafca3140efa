//! What Typst has to say, as findings at the author's line: a table leads from ranges of generated code back to where its text was written.

use std::collections::HashMap;
use std::ops::Range;

use typst::WorldExt;
use typst::diag::{SourceDiagnostic, Tracepoint};
use typst::syntax::{DiagSpan, FileId};

use super::templates;
use super::world::World;
use crate::base::finding::{Finding, Place, Span};
use crate::base::rule;
use crate::base::source::Sources;
use crate::base::word::{Phrase, phrase};

/// What a range of generated code was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    /// Where the author wrote it.
    pub(super) span: Span,
    /// Whether it is an image.
    pub(super) image: bool,
}

/// Origins by generated file. Only ever looked up by key.
#[derive(Default)]
pub(super) struct Origins {
    files: HashMap<FileId, Vec<(Range<usize>, Origin)>>,
}

impl Origins {
    pub(super) fn add(&mut self, id: FileId, origins: Vec<(Range<usize>, Origin)>) {
        self.files.insert(id, origins);
    }

    /// The innermost origin around a range.
    fn find(&self, id: FileId, range: &Range<usize>) -> Option<Origin> {
        let around = |of: &Range<usize>| of.start <= range.start && range.end <= of.end;
        let ranges = self.files.get(&id)?;
        ranges.iter().filter(|(of, _)| around(of)).min_by_key(|(of, _)| of.len()).map(|(_, origin)| *origin)
    }
}

/// One finding for each diagnostic.
pub(super) fn findings(world: &World, sources: &Sources, origins: &Origins, diagnostics: &[SourceDiagnostic]) -> Vec<Finding> {
    diagnostics.iter().map(|diagnostic| finding(world, sources, origins, diagnostic)).collect()
}

fn finding(world: &World, sources: &Sources, origins: &Origins, diagnostic: &SourceDiagnostic) -> Finding {
    // The place of the mistake, then the calls that led to it, innermost first.
    let calls = diagnostic.trace.iter().filter(|point| !matches!(point.v, Tracepoint::Import(_))).map(|point| DiagSpan::from(point.span));
    let places: Vec<(FileId, Range<usize>)> =
        std::iter::once(diagnostic.span).chain(calls).filter_map(|span| Some((span.id()?, world.range(span)?))).collect();
    let message = diagnostic.message.as_str();
    let hints = diagnostic.hints.iter().map(|hint| Phrase::text(hint.v.as_str()));

    let own = places.iter().find_map(|(id, range)| {
        let path = id.vpath().get_without_slash();
        let file = path.starts_with(templates::FOLDER).then(|| sources.find(path)).flatten()?;
        Some(Span::new(file, range.clone()))
    });
    let written = places.iter().find_map(|(id, range)| origins.find(*id, range));
    let mut finding = match (written, own) {
        (Some(origin), _) if origin.image => {
            Finding::new(&rule::IMAGE_MISSING, origin.span, phrase!("this image cannot be set: {error}", error = message))
        }
        (Some(origin), own) if message.contains("could not be displayed") || message.contains("glyph") => {
            let finding = Finding::new(&rule::MISSING_GLYPH, origin.span, Phrase::text(message));
            match own {
                Some(own) => finding.related(own, phrase!("set by this template")),
                None => finding,
            }
        }
        (written, Some(own)) => {
            let finding = Finding::new(&rule::TEMPLATE_ERROR, own, phrase!("the template failed: {error}", error = message));
            match written {
                Some(origin) => finding.related(origin.span, phrase!("while setting this")),
                None => finding,
            }
        }
        (Some(origin), None) => {
            Finding::new(&rule::PDF_FAILED, origin.span, phrase!("the PDF could not be made from this: {error}", error = message))
        }
        (None, None) if message.contains("could not be displayed") => {
            Finding::new(&rule::MISSING_GLYPH, Place::Project, Phrase::text(message))
        }
        (None, None) => {
            let message = match places.first() {
                Some((id, range)) => phrase!(
                    "the PDF could not be made: {error} (at {path}, byte {n})",
                    error = message,
                    path = id.vpath().get_without_slash(),
                    n = range.start
                ),
                None => phrase!("the PDF could not be made: {error}", error = message),
            };
            Finding::new(&rule::PDF_FAILED, Place::Project, message)
        }
    };
    finding.help.extend(hints);
    finding
}
