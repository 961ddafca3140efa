//! The sources as they were read, in two heaps: what an audience may see, and what it may not.
//!
//! This is decided here once more, from files and marks alone: what the view decided is what is being proved. Whatever is not known to be open
//! is withheld: unmarked files, comments, files that cannot be read, attachments that nothing open shows.

mod adopted;
mod mapping;
mod markdown;
mod places;
mod template;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::output;
use super::word::BREAK;
use crate::base::source::{Content, FileId, SourceFile, Sources};
use crate::base::yaml::{self, Kind, Node};
use crate::read::register;
use adopted::Adopted;
pub(super) use places::Places;

/// How much a passage says by how its words follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// Words alone: keys, comments, names of files.
    Words,
    /// Words and runs of them.
    Text,
    /// The same, and a short one as a whole.
    Title,
}

/// A piece of the sources that is read as one.
#[derive(Clone, Debug)]
pub(super) struct Passage {
    /// The file it stands in.
    pub(super) file: FileId,
    /// What it says, without markup.
    pub(super) text: String,
    /// Where it stands.
    places: Places,
    /// What it counts for.
    pub(super) weight: Weight,
}

impl Passage {
    pub(super) fn new(file: FileId, text: String, places: Places, weight: Weight) -> Self {
        Passage { file, text, places, weight }
    }

    /// Where a range of its text stands in its file's.
    pub(super) fn place(&self, range: Range<usize>) -> Option<(u32, u32)> {
        places::of(&self.places, range)
    }
}

/// Both heaps.
#[derive(Default)]
pub(super) struct Heaps {
    pub(super) open: Vec<Passage>,
    pub(super) withheld: Vec<Passage>,
    /// Files that are published as they are.
    pub(super) shown: BTreeSet<FileId>,
    /// Files of which something or all is withheld.
    pub(super) closed: BTreeSet<FileId>,
}

impl Heaps {
    fn add(&mut self, open: bool, passage: Passage) {
        if open { self.open.push(passage) } else { self.withheld.push(passage) }
    }

    /// A file that is withheld as a whole, as far as it is not said otherwise.
    fn close(&mut self, file: FileId, text: &str, range: Range<usize>) {
        self.closed.insert(file);
        if let Some(words) = text.get(range.clone()) {
            self.withheld.push(Passage::new(file, words.to_owned(), places::at(range.start), Weight::Words));
        }
    }
}

/// Who reads, by the settings alone.
pub(super) struct Sight {
    classifications: Vec<Arc<str>>,
    up_to: usize,
    /// What `{{ name }}` inserts.
    values: BTreeMap<String, Arc<str>>,
    /// Which files were not written for Annexa.
    adopted: Adopted,
}

/// The classifications of a project that names none (`docs/formats.md`).
const CLASSIFICATIONS: [&str; 4] = ["public", "customer", "internal", "confidential"];

impl Sight {
    /// The sight of an audience; nothing for one that sees everything, from which nothing can be kept.
    pub(super) fn of(audience: &str, settings: Option<&Node>) -> Option<Self> {
        let named = |node: &Node| match &node.kind {
            Kind::Sequence(items) => items.iter().filter_map(Node::text).cloned().collect(),
            _ => Vec::new(),
        };
        let list: Vec<Arc<str>> = settings.and_then(|node| node.get("classifications")).map(named).unwrap_or_default();
        let classifications = if list.is_empty() { CLASSIFICATIONS.map(Arc::from).to_vec() } else { list };
        let up_to = classifications.iter().position(|name| name.as_ref() == audience)?;
        let values = settings.map(mapping::values).unwrap_or_default();
        let adopted = settings.map(Adopted::of).unwrap_or_default();
        (up_to + 1 < classifications.len()).then_some(Sight { classifications, up_to, values, adopted })
    }

    /// Whether the audience sees what bears this mark. What bears none, or one that names nothing, is the most restricted.
    fn sees(&self, mark: Option<&str>) -> bool {
        mark.and_then(|mark| self.classifications.iter().position(|name| name.as_ref() == mark)).is_some_and(|mark| mark <= self.up_to)
    }

    /// Whether a file is one that texts show or link: an image, a table, a form.
    fn is_attachment(&self, path: &str) -> bool {
        let in_folder = path.starts_with("content/registers/") || path.starts_with("content/controls/");
        let is_yaml = path.ends_with(".yaml") || path.ends_with(".yml");
        let in_content = path.starts_with("content/") && !path.ends_with(".md") && !(in_folder && is_yaml);
        (in_content || self.adopted.is_attachment(path)) && path != adopted::FRONT_MATTER && !self.adopted.is_document(path)
    }

    /// The same for the mark under a key of a mapping.
    fn sees_by(&self, node: &Node, key: &str) -> bool {
        self.sees(node.get(key).and_then(Node::text).map(AsRef::as_ref))
    }
}

/// What reading one file needs, and what comes of it.
pub(super) struct Reader<'a> {
    sight: &'a Sight,
    /// What the front matter of adopted documents comes to, by their paths.
    adopted: &'a BTreeMap<Arc<str>, Node>,
    file: FileId,
    path: &'a str,
    heaps: Heaps,
    /// Paths of the project's files that something open shows or links.
    links: BTreeSet<String>,
    /// Names of values that something open inserts.
    inserted: BTreeSet<String>,
    /// What open things are called, by their identifiers.
    names: Vec<(Arc<str>, Arc<str>)>,
}

/// Stands around the identifier of a reference without words of its own.
const NAME: char = '\u{1c}';

/// A text with what its references are called in their places; where that is not known, no run of words goes on through them.
fn named(text: &str, names: &BTreeMap<Arc<str>, Arc<str>>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split(NAME);
    while let Some(words) = parts.next() {
        let Some(id) = parts.next() else {
            out.push_str(words.trim_start_matches(BREAK));
            break;
        };
        out.push_str(words.trim_matches(BREAK));
        match names.get(id) {
            Some(name) => out.push_str(&format!(" {name} ")),
            None => out.push(BREAK),
        }
    }
    out
}

/// Parts the sources. Settings are parsed already.
pub(super) fn part(sources: &Sources, sight: &Sight, settings: Option<&Node>) -> Heaps {
    use rayon::prelude::*;
    let files: Vec<(FileId, &SourceFile)> = sources.iter().collect();
    let adopted = sight.adopted.front_matter(sources);
    let read: Vec<Reader<'_>> = files
        .par_iter()
        .map(|(id, file)| {
            let mut reader = Reader::new(sight, &adopted, *id, &file.path);
            reader.read(file);
            reader
        })
        .collect();
    let mut all = Heaps::default();
    let (mut links, mut inserted, mut names) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
    for reader in read {
        names.extend(reader.names);
        all.open.extend(reader.heaps.open);
        all.withheld.extend(reader.heaps.withheld);
        all.closed.extend(reader.heaps.closed);
        links.extend(reader.links);
        inserted.extend(reader.inserted);
    }
    if let (Some(settings), Some(id)) = (settings, sources.find(SETTINGS)) {
        mapping::settings(settings, id, sources.file(id).text(), &inserted, &mut all);
        // The logo and the picture for previews are named in the settings of the trust site, for everybody.
        mapping::scalars(settings, "trust", &mut |text| _ = links.insert(text.to_owned()));
    }
    for passage in all.open.iter_mut().filter(|passage| passage.text.contains(NAME)) {
        passage.text = named(&passage.text, &names);
    }
    for (id, file) in files {
        if sight.is_attachment(&file.path) {
            attachment(id, file, links.contains(file.path.as_ref()), &mut all);
        }
    }
    for id in all.closed.clone() {
        // A file of which a part is open may be named; of others even the name is withheld.
        if !all.open.iter().any(|passage| passage.file == id) {
            all.withheld.push(Passage::new(id, sources.file(id).path.to_string(), Places::new(), Weight::Words));
        }
    }
    all
}

/// annexa.yaml.
pub(super) const SETTINGS: &str = "annexa.yaml";

impl<'a> Reader<'a> {
    fn new(sight: &'a Sight, adopted: &'a BTreeMap<Arc<str>, Node>, file: FileId, path: &'a str) -> Self {
        let (links, inserted) = (BTreeSet::new(), BTreeSet::new());
        Reader { sight, adopted, file, path, heaps: Heaps::default(), links, inserted, names: Vec::new() }
    }

    fn read(&mut self, file: &SourceFile) {
        let path = self.path;
        let text = file.text();
        let is_yaml = path.ends_with(".yaml") || path.ends_with(".yml");
        if path == SETTINGS || self.sight.is_attachment(path) {
            return; // once it is known what the others insert and show
        }
        if self.sight.adopted.is_document(path) {
            return self.adopted(text);
        }
        if path.starts_with("content/") && path.ends_with(".md") {
            return self.document(text);
        }
        if path.starts_with("templates/") {
            return self.template(text);
        }
        if !is_yaml {
            // A theme's stylesheets, scripts and images are published as they are; its fonts say nothing.
            let open = path.starts_with("themes/");
            if open && matches!(file.content, Content::Text(_)) {
                self.heaps.open.push(Passage::new(self.file, text.to_owned(), places::at(0), Weight::Words));
            } else if !open {
                self.heaps.close(self.file, text, 0..text.len());
            }
            if open {
                self.heaps.shown.insert(self.file);
            }
            return;
        }
        let Some(node) = yaml::parse(text, self.file, 0, &mut Vec::new()) else {
            return self.heaps.close(self.file, text, 0..text.len());
        };
        let built_in = path.starts_with("annexa/");
        match path {
            _ if path.starts_with("content/registers/") || path == register::DISTRIBUTION_PATH => self.register(&node),
            _ if path.starts_with("content/controls/") => self.statements(&node),
            adopted::FRONT_MATTER => self.front_matter_table(&node),
            _ if path.starts_with("frameworks/crosswalks/") && !self.sight.sees_by(&node, "classification") => self.all(&node, false),
            "frameworks/crosswalk.yaml" => self.decisions(&node),
            _ if path.starts_with("frameworks/crosswalks/") || path.starts_with("frameworks/baselines/") => self.all(&node, true),
            _ if path.starts_with("frameworks/") => self.catalogue(&node),
            _ => self.all(&node, built_in || path.starts_with("languages/") || path.starts_with("themes/")),
        }
        if !built_in {
            self.comments(&node, text, 0);
        }
        let is_closed = |passage: &Passage| passage.weight != Weight::Words;
        if self.heaps.withheld.iter().any(is_closed) {
            self.heaps.closed.insert(self.file);
        }
    }
}

/// An attachment is published as it is where something open shows or links it. What an image says besides its picture is never open: nobody who
/// decided to show the picture has seen it.
fn attachment(id: FileId, file: &SourceFile, shown: bool, heaps: &mut Heaps) {
    if shown {
        heaps.shown.insert(id);
        heaps.open.push(Passage::new(id, file.path.to_string(), Places::new(), Weight::Words));
    } else {
        heaps.closed.insert(id);
    }
    if shown && output::is_picture(file.bytes()) {
        return;
    }
    // What cannot be looked into is at least known by its digest.
    let _ = output::passages(&file.path, file.bytes(), &mut |text: &str| {
        heaps.add(shown, Passage::new(id, text.to_owned(), Places::new(), Weight::Text));
    });
}
