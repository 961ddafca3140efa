//! Typst at work: from a written project to the bytes of the PDF, within bounds.

use std::panic::{AssertUnwindSafe, catch_unwind};

use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::{Bytes, Dict, Smart, Value};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::diagnose::{self, Origins};
use super::fonts::Fonts;
use super::links;
use super::whole::Project;
use super::world::{self, World};
use crate::base::finding::{Finding, Place};
use crate::base::rule;
use crate::base::word::word;
use crate::link::manual::Manual;
use crate::read::theme::Family;

/// Stack of each thread that lays out: nesting is bounded by Typst, but not as tightly as a small stack would need.
const STACK: usize = 64 << 20;

/// What becomes of what Typst remembers of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// Freed as soon as it is not needed: the least memory for one build.
    Freed,
    /// Kept for the next build of nearly the same manual, which then sets only what has changed.
    Kept,
    /// Shared with other books that are being set, until [`free`].
    Shared,
}

/// Frees all that is remembered.
pub(super) fn free() {
    typst::comemo::evict(0);
}

/// Compiles and exports.
pub(super) fn compile(manual: &Manual, fonts: Fonts, project: Project, memory: Memory) -> Result<Vec<u8>, Vec<Finding>> {
    work(manual, fonts, project, memory, make)
}

/// Only the pages, for tests of what stands on them.
#[cfg(test)]
pub(super) fn pages(manual: &Manual, fonts: Fonts, project: Project) -> Result<PagedDocument, Vec<Finding>> {
    work(manual, fonts, project, Memory::Freed, lay_out)
}

/// What is made of the compiled world: its pages, or the file.
type Make<T> = fn(&World, &Manual, &str, Memory) -> Result<T, Vec<SourceDiagnostic>>;

fn work<T: Send>(manual: &Manual, fonts: Fonts, project: Project, memory: Memory, make: Make<T>) -> Result<T, Vec<Finding>> {
    let failed = |message: &str| vec![Finding::new(&rule::PDF_FAILED, Place::Project, message)];
    let Some(main) = world::file_id(&project.main) else { return Err(failed("the PDF has no main file")) };
    let settings = settings(manual, &fonts);
    let mut world = World::new(main, fonts, settings, manual.today);
    let mut origins = Origins::default();
    for file in project.files {
        let Some(id) = world::file_id(&file.path) else { continue };
        origins.add(id, file.origins);
        world.add_text(id, file.text);
    }
    for (path, bytes) in project.data {
        let Some(id) = world::file_id(&path) else { continue };
        world.add_bytes(id, Bytes::new(bytes));
    }
    let Ok(pool) = rayon::ThreadPoolBuilder::new().stack_size(STACK).build() else { return Err(failed("no thread could be started")) };
    let made = catch_unwind(AssertUnwindSafe(|| pool.install(|| make(&world, manual, &project.name, memory))));
    // Also after a failure, and of what is kept only what this build used.
    match memory {
        Memory::Freed => free(),
        Memory::Kept => typst::comemo::evict(1),
        Memory::Shared => {}
    }
    match made {
        Ok(Ok(made)) => Ok(made),
        Ok(Err(diagnostics)) => Err(diagnose::findings(&world, &manual.view.sources, &origins, &diagnostics)),
        Err(_) => Err(failed("the typesetter gave up on this manual; please report it, with the manual if you can")),
    }
}

fn make(world: &World, manual: &Manual, name: &str, memory: Memory) -> Result<Vec<u8>, Vec<SourceDiagnostic>> {
    let document = lay_out(world, manual, name, memory)?;
    let project = &manual.view.project;
    let standards = PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1])
        .map_err(|error| vec![SourceDiagnostic::error(typst::syntax::Span::detached(), error.message().clone())])?;
    let options = PdfOptions {
        ident: Smart::Custom(format!("annexa {} {name} {}", project.organisation_name(), manual.view.audience.name)),
        creator: Smart::Custom(Some(format!("Annexa {}", env!("CARGO_PKG_VERSION")))),
        timestamp: world::datetime(manual.today).map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| errors.into_iter().collect())
}

/// The pages. A warning is an error: nobody would read it, and it says that something does not look as it was meant to.
fn lay_out(world: &World, manual: &Manual, _: &str, memory: Memory) -> Result<PagedDocument, Vec<SourceDiagnostic>> {
    let Warned { output, warnings } = typst::compile::<PagedDocument>(world);
    let document = output.map_err(|errors| errors.into_iter().chain(warnings.clone()).collect::<Vec<_>>())?;
    if !warnings.is_empty() {
        return Err(warnings.into_iter().collect());
    }
    // The export remembers nothing that would help another build.
    if memory == Memory::Freed {
        free();
    }
    Ok(links::lead(document, manual.view.project.language.say(word!("page"))))
}

/// What every template can read as `sys.inputs`: settings of the whole look, known before any text.
fn settings(manual: &Manual, fonts: &Fonts) -> Dict {
    let text = |text: &str| Value::Str(text.into());
    let project = &manual.view.project;
    let language = &project.language;
    let theme = &project.theme;
    // A family that is not there is a finding already; Typst would warn of it once more.
    let families =
        |families: &[Family]| families.iter().filter(|family| fonts.have(&family.name)).map(|family| text(&family.name)).collect();
    let page = &theme.page;
    let margins = [("top", page.top), ("bottom", page.bottom), ("left", page.left), ("right", page.right)];
    let page = std::iter::once(("paper", text(page.paper))).chain(margins.map(|(key, margin)| (key, Value::Int(margin))));
    let cover = &theme.cover;
    let shows = cover.shows.iter().map(|line| text(line)).collect();
    dict([
        ("language", text(&language.tag)),
        ("direction", text(language.direction())),
        ("words", Value::Dict(dict(language.words().map(|(english, words)| (english, text(words)))))),
        ("fonts", Value::Array(fonts.added.iter().map(|family| text(family)).collect())),
        ("colours", Value::Dict(dict(theme.colours.iter().map(|(key, colour)| (*key, text(colour)))))),
        ("faces", Value::Dict(dict(theme.faces.iter().map(|(key, names)| (*key, Value::Array(families(names))))))),
        ("page", Value::Dict(dict(page))),
        ("cover", Value::Dict(dict([("ground", text(cover.ground)), ("logo", text(cover.logo)), ("shows", Value::Array(shows))]))),
    ])
}

fn dict<'k>(items: impl IntoIterator<Item = (&'k str, Value)>) -> Dict {
    items.into_iter().map(|(key, value)| (key.into(), value)).collect()
}
