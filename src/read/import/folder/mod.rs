//! A folder of policies that were not written for Annexa: what each file is, and what it says of itself, as proposals. Nothing of theirs is changed.
//!
//! Texts go in, rows of `sources` and `keys` for annexa.yaml and the front matter that the files lack come out. What a file says is looked for in its front
//! matter, in a table of document control, in its first heading and in its name, in this order; `words` knows how people write these things.

mod comply;
mod control;
mod front;
mod words;
mod write;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::id::ItemId;
use crate::base::source::FileId;
use crate::read::adopt;
use crate::read::catalogues::Catalogues;
use crate::read::document::{self, TYPES};
use crate::read::markdown::{self, Origin, Values};
use crate::read::tree::{self, BlockKind, Body, InlineKind, Target};

pub use comply::{Comply, Standard};

/// A folder, as it was found.
pub struct Request<'a> {
    /// The folder's path in the project with a slash at its end; empty for the project's own.
    pub from: &'a str,
    /// Paths in the project and texts of the Markdown files in it, by path.
    pub texts: Vec<(Arc<str>, &'a str)>,
    /// Paths of all other files in it.
    pub others: Vec<Arc<str>>,
    /// The project's classifications, the lowest first.
    pub classifications: &'a [Arc<str>],
    /// What the files claim is looked up here.
    pub catalogues: &'a Catalogues,
    /// What the files of a strongdm/comply project say in its own way.
    pub comply: Option<&'a Comply>,
}

/// What is proposed.
#[derive(Debug, Default)]
pub struct Proposal {
    /// The documents, by path.
    pub documents: Vec<Proposed>,
    /// By keys of theirs, what they mean: a key of ours, or `ignore`.
    pub keys: BTreeMap<String, &'static str>,
    /// Roles that the documents name: ids and names.
    pub roles: BTreeMap<String, String>,
    /// What was not taken over, by path, with the reason and what to do.
    pub left_out: BTreeMap<Arc<str>, String>,
    /// Files that documents show or link to.
    pub shown: BTreeSet<Arc<str>>,
    /// Keys of their front matter of which nobody knows what they mean here.
    pub unknown_keys: Vec<String>,
    /// How many say that they are approved and not since when.
    pub undated: usize,
    from: String,
}

/// What is proposed of one document.
#[derive(Debug)]
pub struct Proposed {
    /// Its path in the project.
    pub path: Arc<str>,
    /// What kind of document it is.
    pub kind: &'static str,
    /// Its title.
    pub title: String,
    /// Its id.
    pub id: String,
    /// Whether the file itself names the id.
    pub has_id: bool,
    /// Front matter that it lacks, by our keys, in their order.
    pub front: Vec<(&'static str, Said)>,
}

/// A value of front matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// A text, a date, a word.
    One(String),
    /// A list of them.
    List(Vec<String>),
    /// Versions with their dates and what changed.
    History(Vec<(String, String, String)>),
}

/// Makes the proposals.
pub fn propose(request: &Request<'_>) -> Proposal {
    let mut proposal = Proposal { from: request.from.to_owned(), ..Proposal::default() };
    let mut read: Vec<Read<'_>> = Vec::new();
    for (path, text) in &request.texts {
        match words::no_document(path) {
            Some(why) if request.comply.is_none_or(|comply| !comply.is_document(path)) => {
                _ = proposal.left_out.insert(path.clone(), why.to_owned())
            }
            _ => read.push(Read::new(path.clone(), text)),
        }
    }
    proposal.keys = front::keys(&read, request);
    let is_unknown = |key: &&String| words::field(key).is_none() && request.comply.is_none_or(|_| key.as_str() != "majorRevisions");
    proposal.unknown_keys = proposal.keys.keys().filter(is_unknown).cloned().collect();
    for file in &read {
        let fields = front::fields(file, &proposal.keys, request, &mut proposal.roles);
        proposal.undated += usize::from(fields.undated);
        let kind = kind(file, &fields, request);
        let (id, has_id) = (fields.id.clone(), fields.has_id);
        proposal.documents.push(Proposed {
            path: file.path.clone(),
            kind,
            title: fields.title,
            id: id.unwrap_or_default(),
            has_id,
            front: fields.front,
        });
        proposal.shown.extend(file.shown(&request.others));
    }
    number(&mut proposal.documents);
    for path in &request.others {
        if let Some(why) = words::other_format(path).filter(|_| !proposal.shown.contains(path)) {
            proposal.left_out.insert(path.clone(), why);
        }
    }
    proposal
}

/// A file that is read.
struct Read<'a> {
    path: Arc<str>,
    text: &'a str,
    body: Body,
    /// Its first heading, where that stands above all others.
    heading: Option<String>,
}

impl<'a> Read<'a> {
    fn new(path: Arc<str>, text: &'a str) -> Self {
        let start = document::split(FileId(0), text, &mut Vec::new()).map_or(0, |(_, start)| start);
        let context = markdown::Context { path: &path, values: &Values::default(), classifications: &[], kind: markdown::Kind::Adopted };
        let mut body = markdown::parse(&text[start..], Origin::At { file: FileId(0), offset: start }, &context, &mut Vec::new());
        let heading = adopt::take_title(&mut body, None);
        Read { path, text, body, heading }
    }

    /// The heading that it begins with, whatever follows.
    fn first_heading(&self) -> Option<String> {
        let first =
            self.body.blocks.first().and_then(|block| if let BlockKind::Heading(heading) = &block.kind { Some(heading) } else { None });
        self.heading.clone().or_else(|| Some(tree::plain(&first?.content).trim().to_owned()))
    }

    /// Which of these files it shows or links to.
    fn shown(&self, others: &[Arc<str>]) -> Vec<Arc<str>> {
        let mut shown = Vec::new();
        self.body.each_inline(&mut |inline| {
            if let InlineKind::Image { path, .. } | InlineKind::Link { target: Target::Path { path, .. }, .. } = &inline.kind
                && others.binary_search(path).is_ok()
            {
                shown.push(path.clone());
            }
        });
        shown
    }
}

/// What a document is: as it says, else by its title, its name, and the folders around it, the nearest first.
fn kind(file: &Read<'_>, fields: &front::Fields, request: &Request<'_>) -> &'static str {
    if let Some(kind) = request.comply.and_then(|comply| comply.kind(&file.path)) {
        return kind;
    }
    let within = file.path.strip_prefix(request.from).unwrap_or(&file.path);
    let parts: Vec<&str> = within.rsplit('/').collect();
    let by_words = || words::kind(&fields.title).into_iter().chain(parts.iter().filter_map(|part| words::kind(part))).next();
    fields.kind.or_else(by_words).unwrap_or("policy")
}

/// Gives every document an id of its own: of two that say the same, the first keeps it.
fn number(documents: &mut [Proposed]) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for document in documents.iter_mut() {
        if !document.id.is_empty() && !taken.insert(document.id.clone()) {
            (document.id, document.has_id) = (String::new(), false);
        }
    }
    let mut numbers: BTreeMap<&str, u64> = BTreeMap::new();
    for document in documents.iter_mut().filter(|document| document.id.is_empty()) {
        let prefix = match document.kind {
            "manual" => "MAN",
            "sop" => "SOP",
            "plan" => "PLN",
            "guideline" => "GDL",
            "record" => "REC",
            _ => "POL",
        };
        let next = numbers.entry(prefix).or_insert_with(|| {
            let taken = taken.iter().filter_map(|id| id.strip_prefix(prefix)?.strip_prefix('-')?.parse::<u64>().ok());
            taken.max().unwrap_or(0)
        });
        *next += 1;
        document.id = format!("{prefix}-{next:03}");
        debug_assert!(ItemId::parse(&document.id).is_some());
        taken.insert(document.id.clone());
    }
    for document in documents.iter_mut().filter(|document| !document.has_id) {
        document.front.retain(|(key, _)| *key != "id");
        document.front.insert(0, ("id", Said::One(document.id.clone())));
    }
}

impl Proposal {
    /// Leaves out a document that cannot be taken over as it is.
    pub fn leave_out(&mut self, path: &str, why: String) {
        self.documents.retain(|document| document.path.as_ref() != path);
        self.left_out.insert(path.into(), why);
    }

    /// How many documents there are of each kind, in the order of a manual.
    pub fn kinds(&self) -> Vec<(&'static str, usize)> {
        let count = |kind: &'static str| (kind, self.documents.iter().filter(|document| document.kind == kind).count());
        TYPES.iter().map(|kind| count(kind)).filter(|(_, count)| *count > 0).collect()
    }
}
