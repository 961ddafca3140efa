//! What Typst has to say, as findings at the author's line: a table leads from ranges of generated code back to where its text was written.

use std::collections::{BTreeMap, HashMap};
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

/// What Typst says of a name that nothing defines begins with this.
const UNKNOWN_NAME: &str = "unknown variable";

/// What Typst says of a font that is not there begins with this.
const UNKNOWN_FONT: &str = "unknown font family";

/// One finding for each diagnostic; that pages do not settle is told where it is known what does not.
pub(super) fn findings(world: &World, sources: &Sources, origins: &Origins, diagnostics: &[SourceDiagnostic]) -> Vec<Finding> {
    let is_of_all = |diagnostic: &SourceDiagnostic| diagnostic.span.id().is_none() && diagnostic.message.contains(UNSETTLED);
    let (of_all, placed): (Vec<_>, Vec<_>) = diagnostics.iter().partition(|diagnostic| is_of_all(diagnostic));
    let told = if placed.is_empty() { of_all } else { placed };
    let mut findings = Vec::new();
    // A font that nobody has is asked for by many: it is told once, where the project asks for it if it does.
    let mut fonts: BTreeMap<&str, Finding> = BTreeMap::new();
    for diagnostic in told {
        let finding = finding(world, sources, origins, diagnostic);
        if !diagnostic.message.starts_with(UNKNOWN_FONT) {
            findings.push(finding);
        } else if matches!(finding.place, Place::Span(_)) || !fonts.contains_key(diagnostic.message.as_str()) {
            fonts.insert(&diagnostic.message, finding);
        }
    }
    findings.extend(fonts.into_values());
    findings
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
    let needed = || places.first().and_then(|(id, range)| needed(world, sources, *id, range.start, message));
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
    let built_in = places.first().filter(|(id, _)| own.is_none() && templates::is_built_in(sources, id.vpath().get_without_slash()));
    let overrides = built_in.map(|_| templates::overrides(sources)).unwrap_or_default();
    let mut finding = match (written, own) {
        (Some(origin), None) if origin.image => {
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
        (None, None) if message.contains("could not be displayed") => {
            Finding::new(&rule::MISSING_GLYPH, Place::Project, Phrase::text(message))
        }
        (written, None) => match (built_in, overrides.as_slice()) {
            // By themselves the built-in templates do not fail, but with other values than theirs.
            (Some((id, range)), [first, ..]) => {
                let message = phrase!(
                    "the built-in template `{file}` fails at line {n}: {error}",
                    file = id.vpath().get_without_slash().rsplit('/').next().unwrap_or_default(),
                    n = line(world, *id, range.start),
                    error = message
                );
                let finding = Finding::new(&rule::TEMPLATE_ERROR, Place::File((*first).into()), message)
                    .help(phrase!("look at what it gets from your own templates: {names}", names = overrides.join(", ")));
                match written {
                    Some(origin) => finding.related(origin.span, phrase!("while setting this")),
                    None => finding,
                }
            }
            _ => {
                let place = written.map_or(Place::Project, |origin| Place::Span(origin.span));
                let message = match (written, places.first()) {
                    (Some(_), _) => phrase!("the PDF could not be made from this: {error}", error = message),
                    (None, Some((id, range))) => phrase!(
                        "the PDF could not be made: {error} (in {path}, line {n})",
                        error = message,
                        path = id.vpath().get_without_slash(),
                        n = line(world, *id, range.start)
                    ),
                    (None, None) => phrase!("the PDF could not be made: {error}", error = message),
                };
                Finding::new(&rule::PDF_FAILED, place, message)
            }
        },
    };
    if message.starts_with("file not found") {
        finding.help =
            vec![phrase!("templates see each other, the values that they get and the images of documents: no other file, and no package")];
    } else {
        finding.help.extend(hints);
    }
    finding
}

/// The line of a place in a file, from 1.
fn line(world: &World, id: FileId, at: usize) -> usize {
    world.source(id).ok().and_then(|source| source.lines().byte_to_line(at)).map_or(1, |line| line + 1)
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
fn needed(world: &World, sources: &Sources, id: FileId, at: usize, message: &str) -> Option<Needed> {
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
    let is_unknown = leaf.kind() == SyntaxKind::Ident && message.starts_with(UNKNOWN_NAME);
    let call = around.iter().find_map(|node| node.cast::<ast::FuncCall<'_>>());
    let name = match call.map(ast::FuncCall::callee) {
        Some(ast::Expr::Ident(name)) if !is_unknown => name.get().clone(),
        _ => leaf.leaf_text().clone(),
    };
    let definition = format!("#let {name}");
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
    if !is_unknown {
        return None;
    }
    // What the project overrides of those that all of the names come from; if several, the one whose built-in defines it.
    let all = root.children().flat_map(|node| imports(&node)).filter(|template| sources.find(template).is_some());
    let all: Vec<String> = all.filter(|template| template.starts_with(templates::FOLDER)).collect();
    let defines = |template: &&String| {
        templates::BUILT_IN.iter().any(|(name, text)| template.ends_with(&format!("/{name}")) && defined(text).is_some())
    };
    let template = all.iter().find(defines).or(all.first())?;
    Some(Needed::Name { template: template.clone(), name: name.to_string() })
}

/// The files from which a piece of code, or one within it, takes all names.
fn imports(node: &LinkedNode<'_>) -> Vec<String> {
    match node.cast::<ast::ModuleImport<'_>>() {
        Some(import) => match (import.imports(), import.source()) {
            (Some(ast::Imports::Wildcard), ast::Expr::Str(path)) => vec![path.get().trim_start_matches('/').to_owned()],
            _ => Vec::new(),
        },
        None => node.children().flat_map(|child| imports(&child)).collect(),
    }
}
