//! What Typst has to say, as findings at the author's line: a table leads from ranges of generated code back to where its text was written.

use std::collections::HashMap;
use std::ops::Range;

use typst::diag::{SourceDiagnostic, Tracepoint};
use typst::syntax::{DiagSpan, FileId, LinkedNode, Side, SyntaxKind, ast};
use typst::{World as _, WorldExt};

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

/// What Typst says, without a place, of pages that do not settle.
const UNSETTLED: &str = "did not converge";

/// One finding for each diagnostic; that pages do not settle is told where it is known what does not.
pub(super) fn findings(world: &World, sources: &Sources, origins: &Origins, diagnostics: &[SourceDiagnostic]) -> Vec<Finding> {
    let is_of_all = |diagnostic: &SourceDiagnostic| diagnostic.span.id().is_none() && diagnostic.message.contains(UNSETTLED);
    let (of_all, placed): (Vec<_>, Vec<_>) = diagnostics.iter().partition(|diagnostic| is_of_all(diagnostic));
    let told = if placed.is_empty() { of_all } else { placed };
    told.into_iter().map(|diagnostic| finding(world, sources, origins, diagnostic)).collect()
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
    let needed = || places.first().and_then(|(id, range)| needed(world, sources, *id, range.start));
    let own = match own.map_or_else(needed, |own| Some(Needed::This(own))) {
        Some(Needed::This(own)) => Some(own),
        Some(Needed::Name { template, name }) => {
            let message = phrase!("this template does not define `{name}`, which others take from it", name = name);
            let help = phrase!(
                "define it, or pass on the built-in one: `#import \"/annexa/{file}\": {name}`",
                file = template.trim_start_matches(templates::FOLDER),
                name = name
            );
            return Finding::new(&rule::TEMPLATE_ERROR, Place::File(template.as_str().into()), message).help(help);
        }
        None => None,
    };
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

/// What code that is not the project's own needs of a template that is.
enum Needed {
    /// A function with other parameters, which stands here.
    This(Span),
    /// A name that the template does not define.
    Name { template: String, name: String },
}

/// What the code at this place needs of a template of the project, if that is where it fails: an import that finds no such name, a name that came with all of the
/// template's, or a call of a function that the template defines.
fn needed(world: &World, sources: &Sources, id: FileId, at: usize) -> Option<Needed> {
    let source = world.source(id).ok()?;
    let root = LinkedNode::new(source.root());
    let leaf = root.leaf_at(at, Side::After)?;
    let around: Vec<LinkedNode<'_>> = std::iter::successors(Some(leaf.clone()), |node| node.parent().cloned()).collect();
    if let Some(import) = around.iter().find_map(|node| node.cast::<ast::ModuleImport<'_>>()) {
        let ast::Expr::Str(path) = import.source() else { return None };
        if leaf.kind() != SyntaxKind::Ident {
            return None;
        }
        let template = path.get().trim_start_matches('/').to_owned();
        let is_own = template.starts_with(templates::FOLDER) && sources.find(&template).is_some();
        return is_own.then(|| Needed::Name { template, name: leaf.leaf_text().to_string() });
    }
    let call = around.iter().find_map(|node| node.cast::<ast::FuncCall<'_>>());
    let called = match call.map(ast::FuncCall::callee) {
        Some(ast::Expr::Ident(name)) => name.get().clone(),
        _ => leaf.leaf_text().clone(),
    };
    let definition = format!("#let {called}");
    let defined = |text: &str| {
        let ends = |at: &usize| text[at + definition.len()..].starts_with(['(', ' ', '=']);
        text.match_indices(&definition).map(|(at, _)| at).find(ends)
    };
    let own = sources.iter().filter(|(_, file)| file.path.starts_with(templates::FOLDER));
    if let Some(span) =
        own.into_iter().find_map(|(id, file)| Some((id, defined(file.text())?))).map(|(id, at)| Span::new(id, at..at + definition.len()))
    {
        return Some(Needed::This(span));
    }
    let path = |name: &str| format!("{}{name}", templates::FOLDER);
    let (name, _) = templates::BUILT_IN.iter().find(|(name, text)| sources.find(&path(name)).is_some() && defined(text).is_some())?;
    Some(Needed::Name { template: path(name), name: called.to_string() })
}
