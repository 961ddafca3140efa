//! All that Typst can see: the templates, the generated files, the images of the view and the fonts. No packages, network, disk or clock.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use typst::diag::{FileError, FileResult};
use typst::ecow::EcoString;
use typst::foundations::{Bytes, Datetime, Dict, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt};

use super::compile::FIGURES;
use super::fonts::Fonts;
use super::notes;

/// The world of one book.
pub(super) struct World {
    settings: Dict,
    library: Arc<LazyHash<Library>>,
    fonts: Arc<Fonts>,
    main: FileId,
    // Looked up by key; in no order that anything depends on.
    texts: HashMap<FileId, Text>,
    files: HashMap<FileId, Bytes>,
    today: Option<Datetime>,
}

/// A text, parsed, or to be parsed again by whoever asks for it.
enum Text {
    Parsed(Source),
    Folded(String),
}

/// Interns a virtual path; none where it cannot be one.
///
/// Typst keeps every path for the life of the process and has room for 65,535: paths are stable from one build to the next, and `whole` bounds their number.
pub(super) fn file_id(path: &str) -> Option<FileId> {
    let path = VirtualPath::new(path).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World {
    pub(super) fn new(main: FileId, fonts: Arc<Fonts>, settings: Dict, today: Date) -> Self {
        World { library: library(&settings), settings, fonts, main, texts: HashMap::new(), files: HashMap::new(), today: datetime(today) }
    }

    /// The world of the next book, without files yet. What is the same stays the same value, whose hash is known.
    pub(super) fn next(&self, main: FileId, fonts: Arc<Fonts>, settings: Dict, today: Date) -> Self {
        if settings != self.settings {
            return World::new(main, fonts, settings, today);
        }
        let library = self.library.clone();
        World { settings, library, fonts, main, texts: HashMap::new(), files: HashMap::new(), today: datetime(today) }
    }

    /// The same world with other settings.
    pub(super) fn with(self, settings: Dict) -> Self {
        World { library: library(&settings), settings, ..self }
    }

    /// The generated files of Typst code, in no order that anything depends on.
    pub(super) fn generated(&self) -> Vec<FileId> {
        let is_generated = |id: &&FileId| !id.vpath().get_without_slash().starts_with("templates/");
        self.texts.keys().filter(is_generated).copied().collect()
    }

    /// How many figures its page numbers have room for.
    pub(super) fn figures(&self) -> usize {
        self.settings.get(FIGURES).ok().and_then(|zeroes| zeroes.clone().cast::<EcoString>().ok()).map_or(0, |zeroes| zeroes.len())
    }

    /// The fonts.
    pub(super) fn fonts(&self) -> &Arc<Fonts> {
        &self.fonts
    }

    /// A file of Typst code, or another text. One that `before` has already is neither parsed nor hashed again.
    pub(super) fn parse(id: FileId, text: String, before: Option<&World>) -> Source {
        let known = before.and_then(|before| match before.texts.get(&id) {
            Some(Text::Parsed(source)) if source.text() == text => Some(source.clone()),
            _ => None,
        });
        known.unwrap_or_else(|| Source::new(id, text))
    }

    /// Adds such a file.
    pub(super) fn add_text(&mut self, source: Source) {
        self.texts.insert(source.id(), Text::Parsed(source));
    }

    /// Keeps of a file only what it says. Once it has been evaluated, its tree is asked for but once more, when the root imports it; kept until then, all trees
    /// would take a twentieth of the memory of a whole book.
    pub(super) fn fold(&mut self, id: FileId) {
        if let Some(text) = self.texts.get_mut(&id)
            && let Text::Parsed(source) = text
        {
            *text = Text::Folded(source.text().to_owned());
        }
    }

    /// Adds a file of bytes, likewise the one that `before` has.
    pub(super) fn add_bytes(&mut self, id: FileId, bytes: Arc<[u8]>, before: Option<&World>) {
        let known = before.and_then(|before| before.files.get(&id)).filter(|known| known.as_slice() == &*bytes);
        self.files.insert(id, known.cloned().unwrap_or_else(|| Bytes::new(bytes)));
    }
}

fn library(settings: &Dict) -> Arc<LazyHash<Library>> {
    let features = [Feature::A11yExtras].into_iter().collect();
    let mut library = Library::builder().with_inputs(settings.clone()).with_features(features).build();
    notes::register(&mut library.rules);
    Arc::new(LazyHash::new(library))
}

/// A date for Typst.
pub(super) fn datetime(date: Date) -> Option<Datetime> {
    let part = |n: i8| u8::try_from(n).ok();
    Datetime::from_ymd(i32::from(date.year()), part(date.month())?, part(date.day())?)
}

impl typst::World for World {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        match self.texts.get(&id) {
            Some(Text::Parsed(source)) => Ok(source.clone()),
            Some(Text::Folded(text)) => Ok(Source::new(id, text.clone())),
            None => Err(missing(id)),
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let text = || {
            Some(match self.texts.get(&id)? {
                Text::Parsed(source) => Bytes::from_string(source.clone()),
                Text::Folded(text) => Bytes::from_string(text.clone()),
            })
        };
        self.files.get(&id).cloned().or_else(text).ok_or_else(|| missing(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        self.today
    }
}

fn missing(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}
