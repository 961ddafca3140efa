//! Readiness for certification: what a certification body asks for in its two stages (ISO/IEC 17021-1:2015, 9.3.1), and where it stands.
//!
//! Stage 1 reads documents, stage 2 samples records. Terminal, JSON, site and PDF print the same items.

mod audit;
mod mandatory;
mod review;
mod stage1;
mod stage2;
mod table;

use jiff::civil::Date;

pub use mandatory::{Kept, MANDATORY, Mandatory, kept};
pub use table::readiness_table;

use crate::base::id::{EditionId, ItemId, Reference};
use crate::base::word::{Phrase, Word, phrase, word};
use crate::link::manual::Manual;
use crate::read::framework::Catalogue;
use crate::read::register::Row;

/// The two stages of a certification audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Documents are read.
    One,
    /// Records are sampled.
    Two,
}

impl Stage {
    /// Both, in order.
    pub const ALL: [Stage; 2] = [Stage::One, Stage::Two];

    /// 1 or 2.
    pub fn number(self) -> u8 {
        match self {
            Stage::One => 1,
            Stage::Two => 2,
        }
    }

    /// What it looks at.
    pub fn title(self) -> Word {
        match self {
            Stage::One => word!("Stage 1: documents"),
            Stage::Two => word!("Stage 2: records"),
        }
    }
}

/// How something that is asked for stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It is there, approved or done.
    There,
    /// It is written and not approved.
    Draft,
    /// It is planned and has a date that lies ahead, or it was there and has to be done again.
    Due,
    /// It is not there, or a part of it is not.
    Missing,
}

impl Standing {
    /// Every standing, in the order in which they are counted.
    pub const ALL: [Standing; 4] = [Standing::There, Standing::Draft, Standing::Due, Standing::Missing];

    /// The word for data: `there`, `draft`, `due`, `missing`.
    pub fn key(self) -> &'static str {
        match self {
            Standing::There => "there",
            Standing::Draft => "draft",
            Standing::Due => "due",
            Standing::Missing => "missing",
        }
    }

    /// The word that a reader sees.
    pub fn words(self) -> Word {
        match self {
            Standing::There => word!("There"),
            Standing::Draft => word!("Draft"),
            Standing::Due => word!("Due"),
            Standing::Missing => word!("Missing"),
        }
    }
}

/// One thing that an auditor asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The stage in which it is asked for.
    pub stage: Stage,
    /// The clause that asks, as the catalogue names it: `9.3.2`.
    pub clause: &'static str,
    /// The letter within the clause: `d`; may be empty.
    pub letter: &'static str,
    /// What is asked for.
    pub asked: Word,
    /// How it stands.
    pub standing: Standing,
    /// Where it is, or what of it needs work.
    pub found: Vec<Reference>,
    /// What there is or lacks, in a sentence; may be empty.
    pub note: Phrase,
    /// What to do, in a sentence; empty where nothing is.
    pub todo: Phrase,
}

impl Item {
    /// Something whose standing is not known yet.
    fn new(stage: Stage, clause: &'static str, letter: &'static str, asked: Word) -> Self {
        let (found, note, todo) = (Vec::new(), Phrase::default(), Phrase::default());
        Item { stage, clause, letter, asked, standing: Standing::Missing, found, note, todo }
    }

    /// With how it stands and where.
    fn stands(mut self, standing: Standing, found: Vec<Reference>) -> Self {
        (self.standing, self.found) = (standing, found);
        self
    }

    /// With a sentence on what there is or lacks.
    fn note(mut self, note: impl Into<Phrase>) -> Self {
        self.note = note.into();
        self
    }

    /// With a sentence on what to do.
    fn todo(mut self, todo: impl Into<Phrase>) -> Self {
        self.todo = todo.into();
        self
    }

    /// The clause as it is cited: `9.3.2 d`.
    pub fn cited(&self) -> String {
        if self.letter.is_empty() { self.clause.to_owned() } else { format!("{} {}", self.clause, self.letter) }
    }
}

/// What a certification audit asks for, and how it stands.
#[derive(Clone, Debug)]
pub struct Readiness {
    /// The edition of ISO/IEC 27001 whose clauses ask.
    pub edition: EditionId,
    /// Its title.
    pub title: std::sync::Arc<str>,
    /// The items of both stages, in the order of the clauses.
    pub items: Vec<Item>,
}

impl Readiness {
    /// The items of a stage.
    pub fn of(&self, stage: Stage) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(move |item| item.stage == stage)
    }

    /// How many items of a stage stand so.
    pub fn count(&self, stage: Stage, standing: Standing) -> usize {
        self.of(stage).filter(|item| item.standing == standing).count()
    }

    /// The clause that asks for an item.
    pub fn clause(&self, item: &Item) -> Reference {
        Reference::Control { edition: self.edition.clone(), control: item.clause.into() }
    }
}

/// Readiness of a manual; none where no edition of ISO/IEC 27001 with clauses is in use, or where the view does not hold everything: it speaks of
/// records that are internal, and what is withheld would show as missing.
pub fn readiness(manual: &Manual) -> Option<Readiness> {
    if !is_readiness_told(manual) {
        return None;
    }
    let edition = requirements(manual)?;
    let mut items = stage1::items(manual, edition);
    items.extend(stage2::items(manual, edition));
    Some(Readiness { edition: edition.id.clone(), title: edition.title.clone(), items })
}

/// Whether there is anything to tell: to those who see everything, where the clauses are in use.
pub fn is_readiness_told(manual: &Manual) -> bool {
    manual.view.audience.up_to >= manual.view.project.highest() && requirements(manual).is_some()
}

/// The first edition in use of ISO/IEC 27001 whose clauses are known.
pub fn requirements(manual: &Manual) -> Option<&Catalogue> {
    let mut editions = manual.view.catalogues.in_use().map(AsRef::as_ref);
    editions.find(|catalogue: &&Catalogue| catalogue.id.framework.as_ref() == "iso27001" && catalogue.control("4.3").is_some())
}

fn reference(id: &ItemId) -> Reference {
    Reference::Item { id: id.clone(), section: None }
}

fn references<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Vec<Reference> {
    rows.into_iter().map(|row| reference(&row.id)).collect()
}

/// The first of some names, and how many more there are.
fn named(names: &[impl AsRef<str>]) -> Phrase {
    const NAMED: usize = 12;
    let shown: Vec<&str> = names.iter().take(NAMED).map(AsRef::as_ref).collect();
    match (shown.as_slice(), names.len().saturating_sub(NAMED)) {
        ([first @ .., last], 0) if !first.is_empty() => phrase!("{names} and {last}", names = first.join(", "), last = *last),
        (shown, 0) => Phrase::text(shown.join(", ")),
        (shown, more) => phrase!("{names} and {n} more", names = shown.join(", "), n = more),
    }
}

/// Whether a date has come: not a date that somebody wrote ahead.
fn has_come(date: Option<Date>, manual: &Manual) -> bool {
    date.is_some_and(|date| date <= manual.today)
}
