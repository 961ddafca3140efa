//! A redline: how two states of a manual differ, for one audience. It is made from two views alone, and three renderers print it: the terminal, pages, a book.
//!
//! Law 2 holds for both views. What is more, the later sources decide about all of it: what they withhold is not told, though an earlier view showed it. So a lower
//! view counts what is gone from it, and never says whether it was withdrawn or is withheld (`guard`; `docs/decisions/` has the reasons).

mod align;
mod body;
mod control;
mod found;
mod guard;
mod past;
mod table;
mod words;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

pub use body::{Piece, abridged};
pub use control::{ControlChange, FrameworkChange};
pub use found::{Findings, Found};
pub use past::{Changed, Past};
pub use table::{Fate, FieldChange, RowChange, TableChange};
pub use words::{Amount, Mark, Run, UNTOLD, Words};

use super::approval::canonical::{self, Context};
use crate::base::id::ItemId;
use crate::base::language::Language;
use crate::base::word::{Phrase, counted, phrase, word};
use crate::link::approval::Standing;
use crate::link::manual::Manual;
use crate::read::Parsed;
use crate::read::document::{Document, SCHEMA};
use crate::read::tree::Body;
use crate::read::value::Value;
use guard::Guard;
use table::Told;

/// A state of a manual.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The release; none for the sources as they stand.
    pub name: Option<Arc<str>>,
    /// Its day.
    pub date: Date,
}

impl State {
    /// What it is called.
    pub fn phrase(&self) -> Phrase {
        match &self.name {
            Some(name) => Phrase::text(name.clone()),
            None => phrase!("the sources of {date}", date = self.date),
        }
    }
}

/// One side of a comparison.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// Which state it is.
    pub state: &'a State,
    /// The view, linked; with its approvals, where lapsed ones are to be told.
    pub manual: &'a Manual,
    /// What the view was made from: what the later one withholds is not told.
    pub parsed: &'a Parsed,
}

/// How two states of a manual differ, for one audience.
#[derive(Clone, Debug)]
pub struct Redline {
    /// The earlier one.
    pub before: State,
    /// The later one.
    pub after: State,
    /// Whose views were compared.
    pub audience: Arc<str>,
    /// The language in which both are told.
    pub language: Language,
    /// Documents that differ, in the order of the later manual; those that went come last.
    pub documents: Vec<DocumentChange>,
    /// Documents that a lower view had, and has no more.
    pub gone: usize,
    /// Statements, responsibilities and registers that differ.
    pub tables: Vec<TableChange>,
    /// Frameworks in which something changed.
    pub frameworks: Vec<FrameworkChange>,
    /// Approvals that stood before, and do not any more.
    pub lapsed: Vec<Lapse>,
    /// Findings that came and went, where they were asked for: they are of all sources, and so for those who see everything.
    pub findings: Findings,
}

/// A document that differs.
#[derive(Clone, Debug)]
pub struct DocumentChange {
    /// Its identifier.
    pub id: ItemId,
    /// Its title, the later one where it has two.
    pub title: Arc<str>,
    /// What became of it.
    pub fate: Fate,
    /// Its versions, of before and after.
    pub versions: (Option<Arc<str>>, Option<Arc<str>>),
    /// Keys of its front matter that differ.
    pub front: Vec<FieldChange>,
    /// Its text. Empty where nothing of it differs.
    pub body: Vec<Piece>,
    /// Words of its text that came and went.
    pub amount: Amount,
    /// Sections that a lower view had, and has no more.
    pub sections_gone: usize,
    /// Headings of sections with a change, by their ids of before or after.
    pub(crate) sections: BTreeSet<Arc<str>>,
}

/// An approval that stood before, and does not any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lapse {
    /// What was approved: a document's identifier, `soa`, `treatments`, `release`.
    pub what: String,
    /// What it is called.
    pub title: Phrase,
    /// How it stands now, in words.
    pub standing: Phrase,
}

impl Redline {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        let same = self.documents.is_empty() && self.gone == 0 && self.tables.is_empty() && self.frameworks.is_empty();
        same && self.lapsed.is_empty() && self.findings.is_empty()
    }

    /// How many documents have a fate.
    pub fn count(&self, fate: Fate) -> usize {
        self.documents.iter().filter(|document| document.fate == fate).count()
    }

    /// The change of a document.
    pub fn document(&self, id: &ItemId) -> Option<&DocumentChange> {
        self.documents.iter().find(|document| document.id == *id)
    }
}

impl DocumentChange {
    /// What became of it and by how much, in a few words.
    pub fn phrase(&self) -> Phrase {
        match self.fate {
            Fate::Added | Fate::Withdrawn | Fate::Layout => self.fate.words().into(),
            Fate::Changed if self.sections_gone > 0 && self.amount == Amount::default() => {
                counted!("{n} section is no longer shown", "{n} sections are no longer shown", self.sections_gone)
            }
            Fate::Changed => match (self.amount.inserted, self.amount.deleted, self.body.iter().any(Piece::is_changed)) {
                (0, 0, false) if self.front.is_empty() => word!("the same words, set otherwise").into(),
                (0, 0, false) => word!("front matter alone").into(),
                (0, 0, true) if self.body.iter().any(|piece| matches!(piece, Piece::Heading { moved: true, .. })) => {
                    word!("sections moved").into()
                }
                (0, 0, true) => word!("the same words, set otherwise").into(),
                (inserted, 0, _) => counted!("{n} word inserted", "{n} words inserted", inserted),
                (0, deleted, _) => counted!("{n} word deleted", "{n} words deleted", deleted),
                (inserted, deleted, _) => {
                    let inserted = counted!("{n} word inserted", "{n} words inserted", inserted);
                    phrase!("{inserted}, {deleted} deleted", inserted = inserted, deleted = deleted)
                }
            },
        }
    }
}

/// How many came, changed and went, in a few words; those that are none are left out.
fn tally(added: usize, changed: usize, gone: usize) -> Phrase {
    let parts = [
        (added, counted!("{n} added", "{n} added", added)),
        (changed, counted!("{n} changed", "{n} changed", changed)),
        (gone, counted!("{n} gone", "{n} gone", gone)),
    ];
    Phrase::list(parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, phrase)| phrase)).unwrap_or_default()
}

/// Compares two states, the earlier one first.
pub fn compare(before: Side<'_>, after: Side<'_>) -> Redline {
    let guard = Guard::of(after.manual, after.parsed);
    let language = after.manual.view.project.language.clone();
    let compare = Compare { before, after, guard: &guard, language: &language };
    let (documents, gone) = compare.documents();
    let (old, new) = (Told { manual: before.manual, language: &language }, Told { manual: after.manual, language: &language });
    let tables = table::compare(old, new, &guard);
    let frameworks = control::compare(before.manual, after.manual, &documents, &tables);
    let lapsed = compare.lapsed();
    Redline {
        before: before.state.clone(),
        after: after.state.clone(),
        audience: after.manual.view.audience.name.clone(),
        documents,
        gone,
        tables,
        frameworks,
        lapsed,
        findings: Findings::default(),
        language,
    }
}

struct Compare<'a> {
    before: Side<'a>,
    after: Side<'a>,
    guard: &'a Guard,
    language: &'a Language,
}

/// A document, or what a withheld one publishes of itself.
#[derive(Clone, Copy)]
struct Entry<'a> {
    id: &'a ItemId,
    title: &'a Arc<str>,
    document: Option<&'a Document>,
    body: &'a Body,
}

fn entries(manual: &Manual) -> Vec<Entry<'_>> {
    let documents = manual.view.documents.iter().map(|document| Entry {
        id: &document.id,
        title: &document.title,
        document: Some(document.as_ref()),
        body: &document.body,
    });
    let abstracts = manual.view.abstracts.iter().map(|published| Entry {
        id: &published.id,
        title: &published.title,
        document: None,
        body: &published.text,
    });
    documents.chain(abstracts).collect()
}

impl Compare<'_> {
    fn documents(&self) -> (Vec<DocumentChange>, usize) {
        let (old, new) = (entries(self.before.manual), entries(self.after.manual));
        // A document and its abstract are two things: that one took the place of the other is no change of words.
        let same = |a: &Entry<'_>, b: &Entry<'_>| a.id == b.id && a.document.is_some() == b.document.is_some();
        let changed = new.par_iter().filter_map(|entry| self.document(old.iter().find(|known| same(known, entry)), Some(entry)));
        let mut changes: Vec<DocumentChange> = changed.collect();
        let gone: Vec<&Entry<'_>> = old.iter().filter(|entry| !new.iter().any(|known| same(known, entry))).collect();
        if !self.guard.tells_what_is_gone() {
            return (changes, gone.len());
        }
        changes.extend(gone.into_iter().filter_map(|entry| self.document(Some(entry), None)));
        (changes, 0)
    }

    fn document(&self, old: Option<&Entry<'_>>, new: Option<&Entry<'_>>) -> Option<DocumentChange> {
        let shown = new.or(old)?;
        let value = |entry: Option<&Entry<'_>>, key: &str| -> Option<Value> {
            // The id is what both have in common; an abstract has its title alone.
            let shown = !matches!(key, "id" | "classification" | "abstract" | "on_request" | "nda")
                || self.after.manual.view.is_whole() && key != "id";
            let entry = entry.filter(|_| shown)?;
            match entry.document {
                Some(document) => document.front.get(key).cloned(),
                None => (key == "title").then(|| Value::Text(entry.title.clone())),
            }
        };
        let (before, after) =
            (Told { manual: self.before.manual, language: self.language }, Told { manual: self.after.manual, language: self.language });
        let front = table::fields(&SCHEMA, (before, &|key| value(old, key)), (after, &|key| value(new, key)), self.guard);
        let language = self.language;
        let old_side = body::Side { manual: self.before.manual, document: old.and_then(|entry| entry.document), language };
        let new_side = body::Side { manual: self.after.manual, document: new.and_then(|entry| entry.document), language };
        if let (Some(old), Some(new)) = (old, new)
            && front.is_empty()
            && self.is_written_alike(old, new)
            && body::says_the_same((old_side, old.body), (new_side, new.body))
        {
            return None;
        }
        let difference = body::compare((old_side, old.map(|entry| entry.body)), (new_side, new.map(|entry| entry.body)), self.guard);
        let fate = match (old, new) {
            (None, _) => Fate::Added,
            (_, None) => Fate::Withdrawn,
            (Some(old), Some(new)) => {
                let is_changed = !front.is_empty() || difference.gone > 0 || difference.pieces.iter().any(Piece::is_changed);
                if is_changed || self.means_other(old, new) {
                    Fate::Changed
                } else if self.is_written_otherwise(old, new) {
                    Fate::Layout
                } else {
                    return None;
                }
            }
        };
        let version = |entry: Option<&Entry<'_>>| entry.and_then(|entry| entry.document?.version.clone());
        let has_words = difference.gone > 0 || difference.pieces.iter().any(Piece::is_changed);
        Some(DocumentChange {
            id: shown.id.clone(),
            title: shown.title.clone(),
            fate,
            versions: (version(old), version(new)),
            front,
            body: if has_words { difference.pieces } else { Vec::new() },
            amount: difference.amount,
            sections_gone: difference.gone,
            sections: difference.sections,
        })
    }

    /// Whether two documents mean something else, as an approval sees them, though their words are the same: what was a paragraph is a quotation.
    fn means_other(&self, old: &Entry<'_>, new: &Entry<'_>) -> bool {
        let canonical = |side: Side<'_>, entry: &Entry<'_>| {
            let mut text = entry.document.map(|document| canonical::document(document, &Context::of(side.parsed)).text)?;
            // Front matter has been compared already; of it a view may show less.
            let body = text.find("\nbody\n")?;
            Some(text.split_off(body))
        };
        canonical(self.before, old) != canonical(self.after, new)
    }

    /// Whether two documents have the same source, byte for byte.
    fn is_written_alike(&self, old: &Entry<'_>, new: &Entry<'_>) -> bool {
        let (Some(old), Some(new)) = (old.document, new.document) else { return false };
        self.before.parsed.sources.file(old.file).text() == self.after.parsed.sources.file(new.file).text()
    }

    /// Whether two documents that mean the same are written in different ways. Only the highest view may know: in others it may be what they withhold.
    fn is_written_otherwise(&self, old: &Entry<'_>, new: &Entry<'_>) -> bool {
        let text =
            |side: Side<'_>, entry: &Entry<'_>| entry.document.map(|document| side.parsed.sources.file(document.file).text().to_owned());
        self.after.manual.view.is_whole() && self.before.manual.view.is_whole() && text(self.before, old) != text(self.after, new)
    }

    fn lapsed(&self) -> Vec<Lapse> {
        let (Some(before), Some(after)) = (&self.before.manual.approvals, &self.after.manual.approvals) else { return Vec::new() };
        let mut lapsed = Vec::new();
        let mut weigh = |what: String, title: Phrase, old: Option<&Standing>, new: Option<&Standing>| {
            let stood = matches!(old, Some(Standing::AsItStands(_) | Standing::Given(_)));
            if let (true, Some(new @ (Standing::Changed(..) | Standing::Never))) = (stood, new) {
                lapsed.push(Lapse { what, title, standing: new.phrase(self.after.manual) });
            }
        };
        for document in &self.after.manual.view.documents {
            let title = Phrase::text(document.title.clone());
            weigh(document.id.to_string(), title, before.documents.get(&document.id), after.documents.get(&document.id));
        }
        weigh("soa".into(), word!("Statement of Applicability").into(), before.soa.as_ref(), after.soa.as_ref());
        for (owner, standing) in &after.treatments {
            let title = phrase!("Risk treatment plan, risks of {owner}", owner = owner.as_str());
            weigh("treatments".into(), title, before.treatments.get(owner), Some(standing));
        }
        lapsed
    }
}
