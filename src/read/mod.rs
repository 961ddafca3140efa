//! Sources into typed values that keep their spans: together, [`Parsed`].

mod address;
pub mod adopt;
pub mod approval;
mod baseline;
pub mod catalogues;
pub mod crosswalk;
pub mod decision;
pub mod document;
pub mod framework;
mod ignored;
pub mod import;
pub mod json_schema;
pub mod language;
pub mod markdown;
mod memory;
pub mod project;
pub mod register;
mod review;
pub mod schema;
pub mod statement;
pub mod theme;
pub mod tree;
pub mod trust;
pub mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::base::finding::{Finding, Place};
use crate::base::id::{ControlId, EditionId, ItemId};
use crate::base::rule;
use crate::base::source::{FileId, SourceFile, Sources};
use crate::base::word::phrase;
use crate::base::yaml;
use adopt::{Adopted, FrontMatter};
use approval::Approval;
use catalogues::Catalogues;
use crosswalk::Crosswalk;
use decision::Decisions;
use document::Document;
pub use memory::Memory;
use project::Project;
use register::Register;
use schema::Context;
use statement::Statement;

/// Everything that the sources say, each value with its place.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The sources, for images and for the places of findings.
    pub sources: Arc<Sources>,
    /// annexa.yaml.
    pub project: Arc<Project>,
    /// Frameworks.
    pub catalogues: Arc<Catalogues>,
    /// Crosswalks, built in and the project's.
    pub crosswalks: Arc<Vec<Crosswalk>>,
    /// What the project decides about their pairs.
    pub decisions: Arc<Decisions>,
    /// Documents, in the order of a manual: by type, then by path.
    pub documents: Vec<Arc<Document>>,
    /// Registers that have rows, in the order of [`register::KINDS`].
    pub registers: Vec<Register>,
    /// Statements, in the order of their files.
    pub statements: Vec<Statement>,
    /// What was approved, in the order of the files.
    pub approvals: Arc<Vec<Approval>>,
    /// What could not be read, so that nothing is said of what is missing only for that reason.
    pub unread: Arc<Unread>,
}

/// Files that gave nothing to go on with: their own findings say why.
#[derive(Clone, Debug, Default)]
pub struct Unread {
    /// Identifiers that such files seem to define.
    pub ids: BTreeSet<ItemId>,
    /// Paths of such files.
    pub paths: BTreeSet<Arc<str>>,
    /// Whether one of them holds statements.
    pub statements: bool,
}

impl Unread {
    /// Notes a file of which nothing could be read.
    fn add(&mut self, file: &SourceFile) {
        self.statements |= file.path.starts_with("content/controls/");
        self.paths.insert(file.path.clone());
        self.add_ids(file.text());
    }

    /// Notes identifiers by a text: whatever stands after `id:` is taken for one.
    fn add_ids(&mut self, text: &str) {
        for after in text.split("id:").skip(1) {
            let word = after.trim_start().split(|c: char| c.is_whitespace() || matches!(c, ',' | '}' | '"' | '\'')).next();
            self.ids.extend(word.and_then(ItemId::parse));
        }
    }
}

/// Reads all sources. There is nothing to go on with where annexa.yaml cannot be read; everything else is read as far as it can be, and
/// what is wrong with it is found in one run.
pub fn parse(sources: Arc<Sources>, findings: &mut Vec<Finding>) -> Option<Parsed> {
    parse_again(sources, &mut Memory::default(), findings)
}

/// As [`parse`], with the same result, of sources of which most were read before: what did not change is taken from the memory, which then remembers these.
pub fn parse_again(sources: Arc<Sources>, memory: &mut Memory, findings: &mut Vec<Finding>) -> Option<Parsed> {
    memory.forget_what_changed(&sources);
    let Some(project) = project::read_again(&sources, &mut memory.languages, findings) else {
        *memory = Memory::default();
        return None;
    };
    let frame = memory.frame.get_or_insert_with(|| Arc::new(Frame::read(&sources, &project))).clone();
    findings.extend(frame.findings.iter().cloned());
    let files: Vec<(FileId, &SourceFile)> = sources.iter().filter(|(_, file)| is_content(file, &project)).collect();
    let read: Vec<(&SourceFile, Arc<ReadFile>)> = files
        .par_iter()
        .map(|(id, file)| {
            let read = memory.files.get(id).cloned().unwrap_or_else(|| {
                let mut findings = Vec::new();
                let piece = read_file(*id, file, &Against { project: &project, sources: &sources, frame: &frame }, &mut findings);
                Arc::new(ReadFile { piece, findings })
            });
            (*file, read)
        })
        .collect();
    let (mut documents, mut registers, mut statements) = (Vec::new(), Vec::new(), Vec::new());
    let mut unread = Unread::default();
    for (file, read) in &read {
        if matches!(read.piece, Some(Piece::Register(_))) && !read.findings.is_empty() {
            // A row that could not be read may be referred to as well.
            unread.add_ids(file.text());
        }
        findings.extend(read.findings.iter().cloned());
        match &read.piece {
            Some(Piece::Document(document)) => documents.push(document.clone()),
            Some(Piece::Register(register)) => registers.push(register.clone()),
            Some(Piece::Statements(read)) => statements.extend(read.iter().cloned()),
            None => unread.add(file),
        }
    }
    memory.remember(&sources, files.iter().map(|(id, _)| *id).zip(read.iter().map(|(_, read)| read.clone())));
    let place = |document: &Document| document::TYPES.iter().position(|kind| *kind == document.kind);
    documents.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.path.cmp(&b.path)));
    let mut registers = register::gather(registers);
    review::apply(&mut documents, &mut registers, &mut statements, &frame.catalogues);
    let approvals = Arc::new(approval::read(&sources, &project, findings));
    Some(Parsed {
        approvals,
        project: Arc::new(project),
        catalogues: frame.catalogues.clone(),
        crosswalks: frame.crosswalks.clone(),
        decisions: frame.decisions.clone(),
        documents,
        registers,
        statements,
        unread: Arc::new(unread),
        sources,
    })
}

/// What all files of content are read against: what frameworks, crosswalks and decisions say, and the front matter that some of them lack.
struct Frame {
    catalogues: Arc<Catalogues>,
    crosswalks: Arc<Vec<Crosswalk>>,
    decisions: Arc<Decisions>,
    front_matter: FrontMatter,
    findings: Vec<Finding>,
}

impl Frame {
    fn read(sources: &Sources, project: &Project) -> Self {
        let mut findings = Vec::new();
        let mut crosswalks = read_crosswalks(sources, &project.classifications, &mut findings);
        ignored::check(sources, &mut findings);
        let mut catalogues = read_catalogues(sources, &crosswalks, &project.classifications, &mut findings);
        crosswalk::keep_known(&mut crosswalks, &catalogues, &mut findings);
        for listed in &project.frameworks {
            if let Err(unknown) = catalogues.put_in_use(&listed.value) {
                findings.push(Finding::new(unknown.rule, listed.span, unknown.message).help_if(unknown.help));
            }
        }
        let decisions = read_decisions(sources, project, &catalogues, &crosswalks, &mut findings);
        let front_matter = FrontMatter::read(sources, &project.adoption, &mut findings);
        let (catalogues, crosswalks, decisions) = (Arc::new(catalogues), Arc::new(crosswalks), Arc::new(decisions));
        Frame { catalogues, crosswalks, decisions, front_matter, findings }
    }
}

/// What a file of content says, and what is wrong with it.
struct ReadFile {
    piece: Option<Piece>,
    findings: Vec<Finding>,
}

enum Piece {
    Document(Arc<Document>),
    Register(Register),
    Statements(Vec<Statement>),
}

/// Whether a file is one that is read here: a document, a register, or statements. Of an empty one, the sources have said so already.
fn is_content(file: &SourceFile, project: &Project) -> bool {
    if register::is_record(&file.path) || project.adoption.type_of(&file.path).is_some() {
        return !file.text().trim().is_empty();
    }
    let Some(path) = file.path.strip_prefix("content/") else { return false };
    let is_yaml = path.ends_with(".yaml") || path.ends_with(".yml");
    let in_folder = path.starts_with("registers/") || path.starts_with("controls/");
    (path.ends_with(".md") || is_yaml && in_folder) && !file.text().trim().is_empty()
}

/// What a file is read against.
#[derive(Clone, Copy)]
struct Against<'a> {
    project: &'a Project,
    /// Only which files there are.
    sources: &'a Sources,
    frame: &'a Frame,
}

/// What a file is follows from where it lies and what its name ends in. Nothing comes of one that cannot be read.
fn read_file(id: FileId, file: &SourceFile, against: &Against<'_>, findings: &mut Vec<Finding>) -> Option<Piece> {
    let text = file.text();
    let Against { project, sources, frame } = *against;
    let highest = project.highest();
    let adopted = Adopted::of(&file.path, project, &frame.front_matter, sources);
    if adopted.is_some() || file.path.ends_with(".md") {
        return document::read(id, &file.path, text, project, adopted.as_ref(), findings).map(Arc::new).map(Piece::Document);
    }
    let context = Context { file: id, path: &file.path, classifications: &project.classifications, values: &project.values };
    let node = yaml::parse(text, id, 0, findings)?;
    if file.path.starts_with("content/registers/") || register::is_record(&file.path) {
        register::read(&node, &context, highest, findings).map(Piece::Register)
    } else {
        statement::read(&node, &context, &frame.catalogues, highest, findings).map(Piece::Statements)
    }
}

/// Built-in crosswalks and those of `frameworks/crosswalks/`.
fn read_crosswalks(sources: &Sources, classifications: &[Arc<str>], findings: &mut Vec<Finding>) -> Vec<Crosswalk> {
    let is_crosswalk = |path: &str| {
        let name = path.strip_prefix("annexa/catalogues/crosswalks/").or_else(|| path.strip_prefix("frameworks/crosswalks/"));
        name.is_some_and(|name| name.ends_with(".yaml") || name.ends_with(".yml"))
    };
    let files: Vec<(FileId, &SourceFile)> =
        sources.iter().filter(|(_, file)| is_crosswalk(&file.path) && !file.text().trim().is_empty()).collect();
    let read: Vec<_> = files
        .par_iter()
        .map(|(id, file)| {
            let mut found = Vec::new();
            (crosswalk::read(*id, &file.path, file.text(), classifications, &mut found), found)
        })
        .collect();
    let taken = read.into_iter().filter_map(|(crosswalk, found)| {
        findings.extend(found);
        crosswalk
    });
    taken.collect()
}

fn read_decisions(
    sources: &Sources,
    project: &Project,
    catalogues: &Catalogues,
    crosswalks: &[Crosswalk],
    findings: &mut Vec<Finding>,
) -> Decisions {
    let file = sources.iter().find(|(_, file)| file.path.as_ref() == decision::PATH && !file.text().trim().is_empty());
    let read = file.and_then(|(id, file)| {
        let node = yaml::parse(file.text(), id, 0, findings)?;
        let context = Context { file: id, path: &file.path, classifications: &project.classifications, values: &project.values };
        decision::read(&node, &context, catalogues, crosswalks, findings)
    });
    read.unwrap_or_default()
}

/// The built-in catalogues, none of them in use, for commands that have no project yet.
pub fn built_in_catalogues(sources: &Sources, findings: &mut Vec<Finding>) -> Catalogues {
    let crosswalks = read_crosswalks(sources, &[], findings);
    read_catalogues(sources, &crosswalks, &[], findings)
}

fn read_catalogues(sources: &Sources, crosswalks: &[Crosswalk], classifications: &[Arc<str>], findings: &mut Vec<Finding>) -> Catalogues {
    let is_catalogue = |path: &str| {
        let name = path.strip_prefix(framework::BUILT_IN_FOLDER).or_else(|| path.strip_prefix("frameworks/"));
        path != decision::PATH && name.is_some_and(|name| !name.contains('/') && name.ends_with(".yaml"))
    };
    let files = sources.iter().filter(|(_, file)| is_catalogue(&file.path) && !file.text().trim().is_empty());
    let files: Vec<(FileId, &SourceFile)> = files.collect();
    let read: Vec<_> = files
        .par_iter()
        .map(|(id, file)| {
            let mut found = Vec::new();
            (framework::read(*id, &file.path, file.text(), classifications, &mut found), &file.path, found)
        })
        .collect();
    let mut catalogues: Vec<framework::Catalogue> = Vec::new();
    // By edition, where it comes from: built-in paths sort first, so that a clash is reported in the project's own file.
    let mut origins: BTreeMap<EditionId, &Arc<str>> = BTreeMap::new();
    for (catalogue, path, found) in read {
        findings.extend(found);
        let Some(catalogue) = catalogue else { continue };
        let known = catalogues.iter_mut().find(|known| known.id == catalogue.id);
        match (known, origins.insert(catalogue.id.clone(), path)) {
            (None, _) | (_, None) => catalogues.push(catalogue),
            (Some(known), Some(first)) if first.starts_with(framework::BUILT_IN_FOLDER) => known.overlay(catalogue, path, findings),
            (Some(known), Some(first)) => findings.push(
                Finding::new(
                    &rule::DUPLICATE_ID,
                    Place::File(path.clone()),
                    phrase!("`{first}` is a catalogue of `{id}` already", first = first, id = known.id),
                )
                .help(phrase!("keep one of the two, or give one a framework name or edition of its own")),
            ),
        }
    }
    for (id, file) in sources.iter().filter(|(_, file)| file.path.starts_with(baseline::FOLDER) && file.path.ends_with(".yaml")) {
        baseline::lay(id, file, &mut catalogues, findings);
    }
    let mut successors: BTreeMap<ControlId, Vec<ControlId>> = BTreeMap::new();
    for pair in crosswalks.iter().filter(|c| c.source.framework == c.target.framework).flat_map(|crosswalk| &crosswalk.pairs) {
        successors.entry(pair.source.clone()).or_default().push(pair.target.clone());
    }
    Catalogues::new(catalogues, successors)
}

/// The source files that are built in: catalogues, crosswalks and languages.
pub fn built_in() -> Vec<SourceFile> {
    framework::built_in().into_iter().chain(language::built_in()).collect()
}
