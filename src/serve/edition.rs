//! The manual as it stood when the sources were last good, and its pages, each made when somebody asks for it.
//!
//! A page is made by a thread that belongs to one audience of one edition: it has the linked view and all that pages share on its stack, and ends when nobody can
//! ask any more. So nothing is made for an audience that nobody looks at.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;

use jiff::civil::Date;

use super::locked;
use crate::base::finding::Finding;
use crate::base::language::Language;
use crate::base::source::Sources;
use crate::history::{self, approval::Ledger};
use crate::link::manual::{self, Manual};
use crate::link::view::{self, Audience};
use crate::read::Parsed;
use crate::render::{Artifact, export, site};

/// A manual that is linked once, by whoever asks for it first.
type Linked = OnceLock<Arc<Manual>>;

/// What all audiences of an edition are made from.
pub(super) struct Base {
    pub(super) parsed: Parsed,
    today: Date,
    past: Arc<Vec<history::Past>>,
    ledger: OnceLock<Ledger>,
    manuals: Mutex<BTreeMap<Arc<str>, Arc<Linked>>>,
}

impl Base {
    pub(super) fn new(parsed: Parsed, today: Date, past: Arc<Vec<history::Past>>) -> Self {
        Base { parsed, today, past, ledger: OnceLock::new(), manuals: Mutex::default() }
    }

    pub(super) fn sources(&self) -> &Arc<Sources> {
        &self.parsed.sources
    }

    pub(super) fn language(&self) -> &Language {
        &self.parsed.project.language
    }

    /// What is approved.
    pub(super) fn ledger(&self) -> &Ledger {
        self.ledger.get_or_init(|| Ledger::new(&self.parsed))
    }

    /// What an audience sees, linked once.
    pub(super) fn manual(&self, audience: &Audience) -> Arc<Manual> {
        let place = locked(&self.manuals).entry(audience.name.clone()).or_default().clone();
        let link = || {
            let mut manual = manual::link(view::view(&self.parsed, audience.clone()), self.today);
            manual.releases = history::coverage(&self.past, &audience.name);
            manual.approvals = self.ledger().standings(&manual);
            Arc::new(manual)
        };
        place.get_or_init(link).clone()
    }

    /// What an audience sees, with what it was made from, as exports and PDFs say it.
    pub(super) fn stated(&self, audience: &Audience) -> Manual {
        let mut manual = Manual::clone(&self.manual(audience));
        manual.origin = Some(history::origin(&manual.view));
        manual
    }
}

/// What comes of asking for a file: its bytes, nothing where there is none, or why it could not be made.
pub(super) type Made = Result<Option<Vec<u8>>, Vec<Finding>>;

struct Ask {
    path: String,
    reply: Sender<Made>,
}

/// One state of the sources.
pub(super) struct Edition {
    /// Counts from 1.
    pub(super) number: u64,
    pub(super) base: Arc<Base>,
    asks: Mutex<BTreeMap<Arc<str>, Sender<Ask>>>,
    /// Whether some file could not be made.
    failed: AtomicBool,
}

impl Edition {
    pub(super) fn new(number: u64, base: Base) -> Self {
        Edition { number, base: Arc::new(base), asks: Mutex::default(), failed: AtomicBool::new(false) }
    }

    /// Every audience.
    pub(super) fn audiences(&self) -> Vec<Audience> {
        Audience::all(&self.base.parsed.project)
    }

    /// Whether some file of it could not be made.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::SeqCst)
    }

    /// Gets ready what was asked for of the edition before, so that nobody waits for it.
    pub(super) fn prepare_as(&self, before: &Edition) {
        let asked: Vec<Arc<str>> = locked(&before.asks).keys().cloned().collect();
        let audiences = self.audiences().into_iter().filter(|audience| asked.contains(&audience.name));
        audiences.for_each(|audience| drop(self.asks_of(&audience)));
    }

    /// The file at a path, as a build without PDFs writes it.
    pub(super) fn file(&self, audience: &Audience, path: &str) -> Made {
        let (reply, made) = channel();
        let ask = Ask { path: path.to_owned(), reply };
        let asked = self.asks_of(audience).send(ask);
        // A thread that came to an end without an answer is a fault of ours, which must not take the preview with it.
        let made = asked.ok().and_then(|()| made.recv().ok()).unwrap_or_else(|| Err(Vec::new()));
        if made.is_err() {
            self.failed.store(true, Ordering::SeqCst);
        }
        made
    }

    fn asks_of(&self, audience: &Audience) -> Sender<Ask> {
        let mut all = locked(&self.asks);
        let asks = all.entry(audience.name.clone()).or_insert_with(|| {
            let (sender, asks) = channel();
            let (base, audience) = (self.base.clone(), audience.clone());
            thread::spawn(move || answer(&base, &audience, &asks));
            sender
        });
        asks.clone()
    }
}

/// Makes the files that are asked for, until nobody can ask any more.
fn answer(base: &Base, audience: &Audience, asks: &Receiver<Ask>) {
    let manual = base.manual(audience);
    let exports: OnceLock<Result<Vec<Artifact>, Vec<Finding>>> = OnceLock::new();
    let exports = || exports.get_or_init(|| export::render(&base.stated(audience)));
    let mut options = site::Options { pdfs: BTreeSet::new(), exports: true, ..site::Options::default() };
    if manual.view.trust().is_some() {
        // The trust site lists them with their sizes.
        options.files = exports().iter().flatten().map(|file| (file.path.clone(), file.bytes.len())).collect();
    }
    let pages = site::Pages::new(&manual, &options);
    for Ask { path, reply } in asks {
        let made = match &pages {
            Err(findings) => Err(findings.clone()),
            Ok(pages) => match pages.file(&path) {
                Some(made) => made.map(Some).map_err(|finding| vec![*finding]),
                None if is_export(&path) => match exports() {
                    Ok(made) => Ok(made.iter().find(|file| file.path == path).map(|file| file.bytes.clone())),
                    Err(findings) => Err(findings.clone()),
                },
                None => Ok(None),
            },
        };
        reply.send(made).ok();
    }
}

/// Whether a path ends as exports do.
fn is_export(path: &str) -> bool {
    [".csv", ".xlsx", ".ics", ".sha256"].iter().any(|end| path.ends_with(end))
}
