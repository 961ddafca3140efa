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

/// Stack of each thread that lays out: nesting is bounded by Typst, but not as tightly as a small stack would need.
const STACK: usize = 64 << 20;

/// What becomes of what Typst remembers of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// Freed as soon as it is not needed: the least memory for one build.
    Freed,
    /// Kept for the next build of nearly the same manual, which then sets only what has changed.
    Kept,
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

fn work<T: Send>(
    manual: &Manual,
    fonts: Fonts,
    project: Project,
    memory: Memory,
    make: fn(&World, &Manual, Memory) -> Result<T, Vec<SourceDiagnostic>>,
) -> Result<T, Vec<Finding>> {
    let failed = |message: &str| vec![Finding::new(&rule::PDF_FAILED, Place::Project, message)];
    let Some(main) = world::file_id(&project.main) else { return Err(failed("the PDF has no main file")) };
    let families = fonts.added.iter().map(|family| Value::Str(family.as_str().into())).collect();
    let mut world = World::new(main, fonts, settings(manual, Value::Array(families)), manual.today);
    let mut origins = Origins::default();
    for file in project.files {
        let Some(id) = world::file_id(&file.path) else { continue };
        origins.add(id, file.origins);
        world.add_text(id, file.text);
    }
    for (path, bytes) in project.images {
        let Some(id) = world::file_id(&path) else { continue };
        world.add_bytes(id, Bytes::new(bytes));
    }
    let Ok(pool) = rayon::ThreadPoolBuilder::new().stack_size(STACK).build() else { return Err(failed("no thread could be started")) };
    let made = catch_unwind(AssertUnwindSafe(|| pool.install(|| make(&world, manual, memory))));
    // Also after a failure, and of what is kept only what this build used.
    typst::comemo::evict(usize::from(memory == Memory::Kept));
    match made {
        Ok(Ok(made)) => Ok(made),
        Ok(Err(diagnostics)) => Err(diagnose::findings(&world, &manual.view.sources, &origins, &diagnostics)),
        Err(_) => Err(failed("the typesetter gave up on this manual; please report it, with the manual if you can")),
    }
}

fn make(world: &World, manual: &Manual, memory: Memory) -> Result<Vec<u8>, Vec<SourceDiagnostic>> {
    let document = lay_out(world, manual, memory)?;
    let project = &manual.view.project;
    let standards = PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1])
        .map_err(|error| vec![SourceDiagnostic::error(typst::syntax::Span::detached(), error.message().clone())])?;
    let options = PdfOptions {
        ident: Smart::Custom(format!("annexa {} {} {}", project.organisation_name(), project.title, manual.view.audience.name)),
        creator: Smart::Custom(Some(format!("Annexa {}", env!("CARGO_PKG_VERSION")))),
        timestamp: world::datetime(manual.today).map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| errors.into_iter().collect())
}

/// The pages. A warning is an error: nobody would read it, and it says that something does not look as it was meant to.
fn lay_out(world: &World, manual: &Manual, memory: Memory) -> Result<PagedDocument, Vec<SourceDiagnostic>> {
    let Warned { output, warnings } = typst::compile::<PagedDocument>(world);
    let document = output.map_err(|errors| errors.into_iter().chain(warnings.clone()).collect::<Vec<_>>())?;
    if !warnings.is_empty() {
        return Err(warnings.into_iter().collect());
    }
    // The export remembers nothing that would help another build.
    if memory == Memory::Freed {
        typst::comemo::evict(0);
    }
    Ok(links::lead(document, manual.view.project.language.say(word!("page"))))
}

/// What every template can read as `sys.inputs`: settings of the whole look, known before any text.
fn settings(manual: &Manual, fonts: Value) -> Dict {
    let text = |text: &str| Value::Str(text.into());
    let project = &manual.view.project;
    let mut settings = Dict::new();
    let language = &project.language;
    settings.insert("language".into(), text(&language.tag));
    settings.insert("direction".into(), text(language.direction()));
    let words = language.words().map(|(english, words)| (english.into(), text(words)));
    settings.insert("words".into(), Value::Dict(words.collect()));
    settings.insert("paper".into(), text(project.paper));
    settings.insert("accent".into(), text(project.accent.as_deref().unwrap_or("")));
    settings.insert("fonts".into(), fonts);
    settings
}
