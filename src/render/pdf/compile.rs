//! Typst at work: from a manual to the bytes of a book, within bounds.

use std::any::Any;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use typst::comemo::{Constraint, Track};
use typst::diag::{SourceDiagnostic, Warned};
use typst::engine::{Engine, Route, Sink, Traced};
use typst::foundations::{Dict, Output, Smart, StyleChain, Target, TargetElem, Value};
use typst::introspection::{EmptyIntrospector, Introspector};
use typst::syntax::FileId;
use typst::utils::Protected;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::book::{Book, Copy};
use super::diagnose::{self, Origins};
use super::fonts::Fonts;
use super::places;
use super::redline;
use super::templates;
use super::whole::{self, Project};
use super::world::{self, World};
use crate::base::finding::{self, Finding, Place};
use crate::base::rule;
use crate::base::source::Sources;
use crate::base::word::{Word, phrase, word};
use crate::history::redline::Redline;
use crate::link::manual::Manual;
use crate::read::theme::Family;
use crate::render::mark::Mark;

/// Stack of each thread that lays out: nesting is bounded by Typst, but not as tightly as a small stack would need.
const STACK: usize = 64 << 20;

/// The name of each of those threads: what is told of one that gives up is a finding, and needs no other words.
pub const THREADS: &str = "typesetter";

/// What becomes of what Typst remembers of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Memory {
    /// Freed as soon as it is not needed: the least memory for one build.
    Freed,
    /// Kept for the next build of nearly the same manual, which then sets only what has changed.
    Kept,
    /// Shared with other books that are being set, until [`free`].
    Shared,
}

/// Builds for which Typst remembers what they did not use: a mistake in a template, and its mending, cost no more than what they touch.
const BUILDS_REMEMBERED: usize = 3;

/// Does on a thread of its own what nobody waits for. Where none can be started, it is not done: what it holds is freed all the same.
pub(super) fn aside(work: impl FnOnce() + Send + 'static) {
    let _ = std::thread::Builder::new().spawn(work);
}

/// Frees all that is remembered.
pub(super) fn free() {
    typst::comemo::evict(0);
}

/// Sets books one after the other, and each but the first in a fraction of its time: fonts, settings and the code of files that did not change stay the
/// values that they were, so that Typst knows again what it has laid out. The bytes are those of a typesetter that begins anew.
///
/// What Typst remembers it keeps for the process, not for the value: it is bounded by what the last few books were made of.
pub struct Typesetter {
    memory: Memory,
    before: Option<World>,
    /// The threads that lay out. What they have at hand is warm for the next book.
    pool: Option<ThreadPool>,
}

impl Default for Typesetter {
    fn default() -> Self {
        Typesetter::new()
    }
}

impl Typesetter {
    /// One that is kept.
    pub fn new() -> Self {
        Typesetter::with(Memory::Kept)
    }

    pub(super) fn with(memory: Memory) -> Self {
        Typesetter { memory, before: None, pool: None }
    }

    /// Sets a book of a manual and exports it. The only dates in the file are the manual's and those of its copy.
    ///
    /// # Errors
    /// Everything that keeps the book from being set, all at once and in order: text without a glyph, images that cannot be shown, mistakes in the
    /// project's own templates, and what Typst's exporter refuses.
    pub fn set(&mut self, manual: &Manual, book: &Book, copy: Option<&Copy>) -> Result<Vec<u8>, Vec<Finding>> {
        self.work(manual, |fonts| whole::write(manual, fonts, book, copy), make)
    }

    /// Sets a redline, as [`Typesetter::set`] does a book.
    pub(super) fn set_redline(&mut self, manual: &Manual, of: &Redline) -> Result<Vec<u8>, Vec<Finding>> {
        self.work(manual, |fonts| redline::write(manual, fonts, of), make)
    }

    /// Only the pages, for tests of what stands on them.
    #[cfg(test)]
    pub(super) fn pages(&mut self, manual: &Manual, book: &Book, copy: Option<&Copy>) -> Result<PagedDocument, Vec<Finding>> {
        self.work(manual, |fonts| whole::write(manual, fonts, book, copy), lay_out)
    }

    /// Makes something of what is written with the fonts at hand.
    pub(super) fn work<T: Send>(
        &mut self,
        manual: &Manual,
        write: impl FnOnce(&Fonts) -> Project,
        make: Make<T>,
    ) -> Result<T, Vec<Finding>> {
        let sources = &manual.view.sources;
        let fonts = self.before.as_ref().map(World::fonts).filter(|fonts| fonts.are_of(sources)).cloned();
        let fonts = fonts.unwrap_or_else(|| Arc::new(Fonts::with(sources)));
        let mut project = write(&fonts);
        let mut findings = std::mem::take(&mut project.findings);
        match self.compile(manual, fonts, project, make) {
            Ok(made) if findings.is_empty() => return Ok(made),
            Ok(_) => {}
            Err(after) => findings.extend(after),
        }
        finding::sort(&mut findings, sources);
        Err(findings)
    }

    fn compile<T: Send>(&mut self, manual: &Manual, fonts: Arc<Fonts>, project: Project, make: Make<T>) -> Result<T, Vec<Finding>> {
        let failed = |message: Word| vec![Finding::new(&rule::PDF_FAILED, Place::Project, message)];
        let Some(main) = world::file_id(&project.main) else { return Err(failed(word!("the PDF has no main file"))) };
        let chosen = settings(manual, &fonts, figures(&project));
        let before = self.before.take();
        let mut world = match &before {
            Some(before) => before.next(main, fonts, chosen, manual.today),
            None => World::new(main, fonts, chosen, manual.today),
        };
        let pool = match self.pool.take() {
            Some(pool) => pool,
            None => match ThreadPoolBuilder::new().stack_size(STACK).thread_name(|_| THREADS.to_owned()).build() {
                Ok(pool) => pool,
                Err(_) => return Err(failed(word!("no thread could be started"))),
            },
        };
        let mut origins = Origins::default();
        let mut texts = Vec::with_capacity(project.files.len());
        for file in project.files {
            let Some(id) = world::file_id(&file.path) else { continue };
            origins.add(id, file.origins);
            texts.push((id, file.text));
        }
        let parsed: Vec<_> = pool.install(|| texts.into_par_iter().map(|(id, text)| World::parse(id, text, before.as_ref())).collect());
        parsed.into_iter().for_each(|source| world.add_text(source));
        for (path, bytes) in project.data {
            let Some(id) = world::file_id(&path) else { continue };
            world.add_bytes(id, bytes, before.as_ref());
        }
        if let Some(before) = before {
            aside(move || drop(before));
        }
        let memory = self.memory;
        let named = Named { name: project.name, mark: project.mark, names: project.names };
        let set = |world: &World| catch_unwind(AssertUnwindSafe(|| pool.install(|| make(world, manual, &named, memory))));
        let made = loop {
            let evaluated = catch_unwind(AssertUnwindSafe(|| pool.install(|| evaluate(&world))));
            if memory != Memory::Kept {
                world.generated().into_iter().for_each(|id| world.fold(id));
            }
            match evaluated.and_then(|()| set(&world)) {
                Ok(Err(Failed::Figures(figures))) => {
                    let settings = settings(manual, world.fonts(), figures);
                    world = world.with(settings);
                }
                made => break made,
            }
        };
        // Also after a failure.
        match memory {
            Memory::Freed => free(),
            // Whoever waits for the file need not wait for this as well.
            Memory::Kept => aside(|| typst::comemo::evict(BUILDS_REMEMBERED)),
            Memory::Shared => {}
        }
        let made = match made {
            Ok(Ok(made)) => Ok(made),
            Ok(Err(Failed::Figures(_))) => Err(failed(word!("the PDF has too many pages"))),
            Ok(Err(Failed::Diagnostics(diagnostics))) => Err(diagnose::findings(&world, &manual.view.sources, &origins, &diagnostics)),
            Err(panic) => Err(vec![gave_up(&manual.view.sources, panic.as_ref())]),
        };
        self.before = Some(world);
        self.pool = Some(pool);
        made
    }
}

/// That Typst gave up. Own templates can ask for what it has no answer to, such as an infinite page.
fn gave_up(sources: &Sources, panic: &(dyn Any + Send)) -> Finding {
    let said = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied()).unwrap_or_default();
    let note = phrase!("Its last words: {said}", said = said);
    let own = templates::overrides(sources);
    match own.first() {
        Some(first) => {
            let message = word!("the typesetter gave up on what your own templates ask for");
            Finding::new(&rule::TEMPLATE_ERROR, Place::File((*first).into()), message)
                .help(phrase!(
                    "look for sizes that are negative, infinite or no number in your own templates: {names}",
                    names = own.join(", ")
                ))
                .help(note)
        }
        None => {
            let message = word!("the typesetter gave up on this manual; please report it, with the manual if you can");
            Finding::new(&rule::PDF_FAILED, Place::Project, message).help(note)
        }
    }
}

/// What is made of the compiled world: its pages, or the file.
pub(super) type Make<T> = fn(&World, &Manual, &Named, Memory) -> Result<T, Failed>;

/// What the file says of itself.
pub(super) struct Named {
    /// Its title.
    name: String,
    /// What it was made from.
    mark: Option<Mark>,
    /// What links call some places.
    names: HashMap<String, String>,
}

/// Why nothing was made.
pub(super) enum Failed {
    Diagnostics(Vec<SourceDiagnostic>),
    /// Page numbers need room for this many figures, more than there was.
    Figures(usize),
}

impl From<Vec<SourceDiagnostic>> for Failed {
    fn from(diagnostics: Vec<SourceDiagnostic>) -> Self {
        Failed::Diagnostics(diagnostics)
    }
}

fn make(world: &World, manual: &Manual, named: &Named, memory: Memory) -> Result<Vec<u8>, Failed> {
    let mut document = lay_out(world, manual, named, memory)?;
    // Not by a template, of which a project may have its own, whose keywords follow.
    if let Some(mark) = &named.mark {
        document.info_mut().keywords.insert(0, mark.to_string().into());
    }
    let name = &named.name;
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
    let made = typst_pdf::pdf(&document, &options).map_err(|errors| Failed::Diagnostics(errors.into_iter().collect()));
    // Nobody need wait until a thousand pages are freed.
    aside(move || drop(document));
    made
}

/// Evaluates the generated files on all cores, so that the root, which imports them one after the other, finds them done: Typst remembers what it has evaluated. What is
/// wrong with one is told when the root imports it.
fn evaluate(world: &World) {
    let files = world.generated();
    let world: &dyn typst::World = world;
    let main = world.main();
    let evaluate = |id: &FileId| {
        let Ok(source) = world.source(*id) else { return };
        let (traced, route, mut sink) = (Traced::default(), Route::default(), Sink::new());
        let _ = typst_eval::eval(world.track(), world.library(), traced.track(), sink.track_mut(), route.track(), &source);
    };
    files.par_iter().filter(|id| **id != main).for_each(evaluate);
}

/// The pages. A warning is an error: nobody would read it, and it says that something does not look as it was meant to.
fn lay_out(world: &World, manual: &Manual, named: &Named, memory: Memory) -> Result<PagedDocument, Failed> {
    let at_once = if memory == Memory::Freed { lay_out_at_once(world) } else { None };
    let document = match at_once {
        Some(document) => document,
        None => {
            let Warned { output, warnings } = typst::compile::<PagedDocument>(world);
            let document = output.map_err(|errors| errors.into_iter().chain(warnings.clone()).collect::<Vec<_>>())?;
            if !warnings.is_empty() {
                return Err(Failed::Diagnostics(warnings.into_iter().collect()));
            }
            document
        }
    };
    let figures = document.pages().len().to_string().len();
    if figures > world.figures() {
        return Err(Failed::Figures(figures));
    }
    // The export remembers nothing that would help another build.
    if memory == Memory::Freed {
        aside(free);
    }
    Ok(places::lead(document, &named.names, manual.view.project.language.say(word!("page"))))
}

/// The pages, as [`typst::compile`] makes them, but with what Typst remembers of evaluated code freed before the layout: a sixth of the memory of a book. None
/// where one layout is not the end of it: after a mistake or a warning, or where a template of a project's own asks where something stands.
pub(super) fn lay_out_at_once(world: &World) -> Option<PagedDocument> {
    let world: &dyn typst::World = world;
    let main = world.source(world.main()).ok()?;
    let (library, traced, mut sink) = (world.library(), Traced::default(), Sink::new());
    let evaluated = typst_eval::eval(world.track(), library, traced.track(), sink.track_mut(), Route::default().track(), &main);
    let content = evaluated.ok()?.content();
    free();
    let target = TargetElem::target.set(Target::Paged).wrap();
    let nothing: &dyn Introspector = &EmptyIntrospector;
    let asked = Constraint::new();
    let mut engine = Engine {
        library,
        world: world.track(),
        introspector: Protected::new(nothing.track_with(&asked)),
        traced: traced.track(),
        sink: sink.track_mut(),
        route: Route::default(),
    };
    let document = PagedDocument::create(&mut engine, &content, StyleChain::new(&library.styles).chain(&target)).ok()?;
    let is_done = asked.validate(Output::introspector(&document)) && sink.delayed().is_empty() && sink.warnings().is_empty();
    is_done.then_some(document)
}

/// Bytes of code that no book needs less of for a page; measured: 3,900 to 9,000.
const BYTES_A_PAGE: usize = 3_500;

/// How many figures the number of the last page may have, from the length of the book's code: rather one too many.
fn figures(project: &Project) -> usize {
    let code: usize = project.files.iter().filter(|file| !file.path.starts_with("/templates/")).map(|file| file.text.len()).sum();
    (code / BYTES_A_PAGE + 4).to_string().len()
}

/// The setting that holds the room for a page number: as many zeroes as it may have figures.
pub(super) const FIGURES: &str = "figures";

/// What every template can read as `sys.inputs`: settings of the whole look, known before any text. `figures` is the room for page numbers.
fn settings(manual: &Manual, fonts: &Fonts, figures: usize) -> Dict {
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
        (FIGURES, text(&"0".repeat(figures))),
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
