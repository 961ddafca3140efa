//! Reads the sources whenever they may have changed, and keeps what is shown good.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use jiff::civil::Date;

use super::edition::{Base, Edition};
use super::told::{Printer, key};
use super::{Shared, State};
use crate::base::finding::{self, Finding, Place, Severity, terminal};
use crate::base::language::Language;
use crate::base::rule;
use crate::base::source::{FolderMemory, Repository, SourceFile, Sources};
use crate::base::word::{Phrase, phrase};
use crate::history::{self, Release, approval};
use crate::link;
use crate::link::view::Audience;
use crate::read::{self, Memory, Parsed, project};

/// So long at most the rules wait for the page that somebody waits for.
const PAGE_FIRST: Duration = Duration::from_millis(400);

/// What was found, in sources that give it its places.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) sources: Arc<Sources>,
    /// The manual's language, the last that could be read.
    pub(super) language: Language,
    /// When the sources were read, and by the rules.
    found: Vec<Finding>,
    /// When files were made.
    faults: Vec<Finding>,
    /// Errors with which pages are shown all the same.
    borne: BTreeSet<String>,
    printer: Printer,
}

impl Findings {
    /// All of them, as the terminal has them.
    pub(super) fn shown(&self) -> String {
        let all: Vec<Finding> = self.faults.iter().chain(&self.found).cloned().collect();
        terminal::render(&all, &self.sources, &self.language, terminal::Options::default())
    }
}

/// Reads the sources again and again.
pub(super) struct Keeper {
    shared: Arc<Shared>,
    built_in: Vec<SourceFile>,
    folder: FolderMemory,
    memory: Memory,
    /// What was read last, and on which day.
    before: Option<(Arc<Sources>, Vec<Finding>, Date)>,
    /// The releases that were read, since they do not change.
    past: (Vec<Release>, Arc<Vec<history::Past>>),
    number: u64,
}

impl Keeper {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        let past = (Vec::new(), Arc::new(Vec::new()));
        Keeper {
            shared,
            built_in: read::built_in(),
            folder: FolderMemory::default(),
            memory: Memory::default(),
            before: None,
            past,
            number: 0,
        }
    }

    /// Reads the sources, again until nobody writes any more, and shows them, or says why they cannot be shown.
    pub(super) fn read(&mut self, is_quiet: impl Fn() -> bool) {
        let root = &self.shared.settings.root;
        let today = (self.shared.settings.today)();
        let read = loop {
            let settings = std::fs::read_to_string(root.join(project::PATH)).ok();
            let scope = settings.map(|text| project::scope(&text)).unwrap_or_default();
            let read = Sources::from_folder_again(root, &scope, &mut self.folder);
            if is_quiet() {
                break read;
            }
        };
        let (sources, mut findings) = match read {
            Ok((sources, findings)) => (Arc::new(sources.with_files(self.built_in.clone())), findings),
            Err(error) => {
                self.before = None;
                self.keep(Arc::default(), vec![Finding::new(&rule::PROJECT_MISSING, Place::Project, Phrase::text(error.to_string()))]);
                return;
            }
        };
        let is_known =
            |before: &(Arc<Sources>, Vec<Finding>, Date)| before.2 == today && before.1 == findings && before.0.is_same(&sources);
        if self.before.as_ref().is_some_and(is_known) {
            return;
        }
        self.before = Some((sources.clone(), findings.clone(), today));
        let parsed = read::parse_again(sources.clone(), &mut self.memory, &mut findings);
        finding::sort(&mut findings, &sources);
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        let errors: BTreeSet<String> = errors.map(|finding| key(finding, &sources)).collect();
        let Some(parsed) = parsed else { return self.keep(sources, findings) };
        let is_borne = {
            let state = self.shared.state();
            // What never was good can only be shown as it is.
            state.edition.is_none() || errors.is_subset(&state.findings.borne)
        };
        if !is_borne {
            return self.keep(sources, findings);
        }
        let past = self.past(&parsed, &mut findings);
        self.show(Base::new(parsed, today, past), findings, errors);
    }

    /// Leaves the pages as they are, and tells why.
    fn keep(&self, sources: Arc<Sources>, findings: Vec<Finding>) {
        let mut state = self.shared.state();
        state.told.broken = true;
        state.told.checked = true;
        (state.findings.sources, state.findings.found) = (sources, findings);
        state.findings.faults.clear();
        self.shared.tell(&mut state, true);
    }

    /// Shows a new edition, and has the rules run on it once its first page is there.
    fn show(&mut self, base: Base, findings: Vec<Finding>, errors: BTreeSet<String>) {
        self.number += 1;
        let edition = Arc::new(Edition::new(self.number, base));
        let gone;
        {
            let mut state = self.shared.state();
            let last = state.edition.take();
            if let Some(last) = &last {
                edition.prepare_as(last);
            }
            // A template that fails leaves the pages of before: those of an edition of which everything could be made.
            gone = match last {
                Some(last) if !last.has_failed() => state.before.replace(last),
                failed => failed,
            };
            state.edition = Some(edition.clone());
            state.told.edition = edition.number;
            (state.told.broken, state.told.checked) = (false, false);
            state.told.audiences = edition.audiences().iter().map(|audience| audience.name.to_string()).collect();
            (state.findings.sources, state.findings.found) = (edition.base.sources().clone(), findings);
            state.findings.language = edition.base.language().clone();
            state.findings.faults.clear();
            state.findings.borne = errors;
            self.shared.tell(&mut state, false);
        }
        let shared = self.shared.clone();
        thread::spawn(move || {
            check(&shared, &edition);
            // To take a manual apart takes as long as to make a page, which nobody shall wait for.
            drop(gone);
        });
    }

    /// The releases of before, where the project shows how far it met its frameworks in them.
    fn past(&mut self, parsed: &Parsed, findings: &mut Vec<Finding>) -> Arc<Vec<history::Past>> {
        if !parsed.project.release_coverage {
            return Arc::default();
        }
        let failed = |words: Phrase| Finding::new(&rule::RELEASE_UNREADABLE, Place::Project, words);
        let repository = match Repository::around(&self.shared.settings.root) {
            Ok(Some(repository)) => repository,
            Ok(None) => {
                findings.push(failed(phrase!("the project lies in no Git repository, whose tags `releases.coverage` asks for")));
                return Arc::default();
            }
            Err(error) => {
                findings.push(failed(Phrase::text(error.to_string())));
                return Arc::default();
            }
        };
        match history::releases(&repository, &parsed.project.release_tags) {
            Ok((releases, found)) => {
                findings.extend(found);
                if self.past.0 != releases {
                    let read = releases.iter().map(|release| history::read(&repository, release, findings)).collect();
                    self.past = (releases, Arc::new(read));
                }
                self.past.1.clone()
            }
            Err(error) => {
                findings.push(failed(Phrase::text(error.to_string())));
                Arc::default()
            }
        }
    }
}

/// Runs the rules on an edition, after the page that somebody waits for.
fn check(shared: &Shared, edition: &Edition) {
    let is_waited_for = |state: &mut State| state.answered < edition.number && !shared.is_stopped();
    let state = shared.state();
    drop(shared.changed.wait_timeout_while(state, PAGE_FIRST, is_waited_for));
    let base = &edition.base;
    let manual = base.manual(&Audience::highest(&base.parsed.project));
    let mut found = Vec::new();
    link::rule::check(&manual, &mut found);
    approval::check(base.ledger(), &manual, &mut found);
    let mut state = shared.state();
    if state.told.broken || state.told.edition != edition.number {
        return;
    }
    state.told.checked = true;
    state.findings.found.extend(found);
    let Findings { sources, found, .. } = &mut state.findings;
    finding::sort(found, sources);
    shared.tell(&mut state, true);
}

impl Shared {
    /// Adds what could not be made of an edition.
    pub(super) fn fault(&self, edition: &Edition, findings: &[Finding]) {
        let mut state = self.state();
        if state.told.broken || state.told.edition != edition.number {
            return;
        }
        let new: Vec<Finding> = findings.iter().filter(|finding| !state.findings.faults.contains(finding)).cloned().collect();
        if !new.is_empty() {
            state.findings.faults.extend(new);
            self.tell(&mut state, true);
        }
    }

    /// Notes that a page of an edition was answered.
    pub(super) fn answered(&self, edition: &Edition) {
        self.state().answered = edition.number;
        self.changed.notify_all();
    }

    /// Tells the pages, and the terminal where all is known that there is to say.
    fn tell(&self, state: &mut State, to_terminal: bool) {
        let Findings { sources, language, found, faults, printer, .. } = &mut state.findings;
        let all: Vec<Finding> = faults.iter().chain(found.iter()).cloned().collect();
        state.told.say(&all, sources, language);
        state.version += 1;
        self.changed.notify_all();
        if to_terminal {
            let mut words = printer.print(&all, sources, language, self.settings.terminal);
            if state.told.broken && state.edition.is_some() {
                words.push_str("The pages stay as they were.\n");
            }
            if !words.is_empty() {
                (self.settings.say)(&words);
            }
        }
    }
}
