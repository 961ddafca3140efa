//! From a folder to a checked project: what every command that reads one begins with.
#![allow(clippy::disallowed_methods)] // law 1: cli reads the environment

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use jiff::civil::Date;

use super::names::did_you_mean;
use super::voice::Voice;
use super::{CouldNotRun, level::Levels, progress::Progress, today};
use crate::base::finding::baseline::Baseline;
use crate::base::finding::{self, Counts, Finding, Place, Severity, fingerprint};
use crate::base::language::Language;
use crate::base::rule;
use crate::base::source::Sources;
use crate::history::approval::{self, Ledger};
use crate::link::exception::{self, Expiry};
use crate::link::manual::{self, Manual};
use crate::link::view::{self, Audience};
use crate::read::{self, Parsed, project};

/// What every command that reads a project takes.
#[derive(Args, Default)]
pub(super) struct ProjectArguments {
    /// The project's folder, which holds annexa.yaml
    #[arg(default_value = ".", value_name = "DIR")]
    pub project: PathBuf,
    /// Take this rule's findings, or all `warnings`, for errors; may be given several times
    #[arg(long, value_name = "CODE|warnings")]
    pub deny: Vec<String>,
    /// Take this rule's findings for notes, which stop nothing; may be given several times, and not for what would make an output wrong
    #[arg(long, value_name = "CODE")]
    pub allow: Vec<String>,
    /// The date that counts as today (default: SOURCE_DATE_EPOCH, else the clock)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<Date>,
}

/// A project that has been read and checked.
pub(super) struct Loaded {
    /// Its sources, the built-in ones among them.
    pub sources: Arc<Sources>,
    /// The manual's; English where there is no annexa.yaml to go by.
    language: Language,
    /// What was read; nothing where there is no annexa.yaml to go by.
    pub parsed: Option<Parsed>,
    /// The manual of the highest view, on which the rules ran.
    pub manual: Option<Manual>,
    /// What is approved; nothing where nothing was read.
    pub ledger: Option<Ledger>,
    /// Every finding, in order, at the level that `--deny` and `--allow` ask for.
    pub findings: Vec<Finding>,
}

/// Reads and checks a project. The warnings that its list of known findings has are left out.
pub(super) fn load(arguments: &ProjectArguments, progress: &mut Progress) -> Result<Loaded, CouldNotRun> {
    let mut loaded = load_all(arguments, progress)?;
    let file = loaded.parsed.as_ref().and_then(|parsed| parsed.project.baseline.clone());
    // One that cannot be read hides nothing; `annexa check` says so.
    let text = file.and_then(|file| std::fs::read_to_string(arguments.project.join(file.as_ref())).ok());
    if let Some(baseline) = text.and_then(|text| Baseline::read(&text).ok()) {
        let fingerprints = fingerprint::of(&loaded.findings, &loaded.sources);
        let mut fingerprints = fingerprints.iter();
        loaded.findings.retain(|finding| {
            let known = fingerprints.next().is_some_and(|fingerprint| baseline.knows(finding, fingerprint));
            !known || finding.severity == Severity::Error
        });
    }
    Ok(loaded)
}

/// Reads and checks a project, with every finding.
pub(super) fn load_all(arguments: &ProjectArguments, progress: &mut Progress) -> Result<Loaded, CouldNotRun> {
    let levels = Levels::of(arguments)?;
    let today = today::today(arguments.today)?;
    progress.voice().detail("settings", arguments.project.join(project::PATH).display());
    progress.voice().detail("today", format_args!("{today}, from {}", today::origin(arguments.today)));
    progress.voice().detail("threads", rayon::current_num_threads());

    let (sources, findings) = progress.stage("read", || sources(&arguments.project))?;
    tell_files(&sources, progress.voice());
    let mut loaded = examine(sources, findings, today, progress);
    levels.apply(&mut loaded.findings);
    Ok(loaded)
}

/// Reads and checks sources, the built-in ones among them, of which something was found already.
pub(super) fn examine(sources: Arc<Sources>, mut findings: Vec<Finding>, today: Date, progress: &mut Progress) -> Loaded {
    let parsed = progress.stage("parse", || read::parse(sources.clone(), &mut findings));
    let mut manual = progress
        .stage("link", || parsed.as_ref().map(|parsed| manual::link(view::view(parsed, Audience::highest(&parsed.project)), today)));
    if let Some(parsed) = &parsed {
        tell_parsed(parsed, progress.voice());
    }
    let ledger = progress.stage("approvals", || parsed.as_ref().map(Ledger::new));
    progress.stage("check", || {
        if let Some(manual) = &mut manual {
            crate::link::rule::check(manual, &mut findings);
            if let Some(ledger) = &ledger {
                manual.approvals = ledger.standings(manual);
                approval::check(ledger, manual, &mut findings);
            }
            exception::apply(manual, Expiry::Counts, &mut findings);
        }
        finding::sort(&mut findings, &sources);
    });
    let language = parsed.as_ref().map(|parsed| parsed.project.language.clone()).unwrap_or_default();
    Loaded { sources, language, parsed, manual, ledger, findings }
}

/// Says which files were read, and which of them take the place of files that are built in.
fn tell_files(sources: &Sources, voice: Voice) {
    if voice != Voice::Verbose {
        return;
    }
    let built_in: BTreeSet<Arc<str>> = read::built_in().into_iter().map(|file| file.path).collect();
    let own: Vec<&str> = sources.iter().map(|(_, file)| &file.path).filter(|path| !built_in.contains(*path)).map(AsRef::as_ref).collect();
    voice.detail("read", format_args!("{} files of the project, {} that are built in", own.len(), built_in.len()));
    let looks = own.iter().filter(|path| path.starts_with("templates/") || path.starts_with("themes/"));
    looks.for_each(|path| voice.detail("override", path));
}

/// Says what was found in them.
fn tell_parsed(parsed: &Parsed, voice: Voice) {
    let rows: usize = parsed.registers.iter().map(|register| register.rows.len()).sum();
    let (documents, statements) = (parsed.documents.len(), parsed.statements.len());
    voice.detail("found", format_args!("{documents} documents, {statements} statements, {rows} register rows"));
}

/// Reads the sources of a project, and adds the built-in ones.
pub(super) fn sources(folder: &Path) -> Result<(Arc<Sources>, Vec<Finding>), CouldNotRun> {
    let settings = std::fs::read_to_string(folder.join(project::PATH)).ok();
    let scope = settings.map(|text| project::scope(&text)).unwrap_or_default();
    let (sources, findings) = Sources::from_folder(folder, &scope)?;
    Ok((Arc::new(sources.with_files(read::built_in())), findings))
}

/// The language of a project whose settings can be read; else English.
pub(super) fn language(sources: &Sources) -> Language {
    project::read(sources, &mut Vec::new()).map(|project| project.language).unwrap_or_default()
}

/// What to say of a code that no rule has.
pub(super) fn unknown_code(name: &str) -> String {
    let help = did_you_mean(name, rule::ALL.iter().map(|rule| rule.code), || "`annexa explain` lists them".into());
    format!("there is no rule `{name}`; {help}")
}

/// Sets the level, as `--deny` and `--allow` ask, of what was found since the project was read.
pub(super) fn set_levels(findings: &mut [Finding], arguments: &ProjectArguments) -> Result<(), CouldNotRun> {
    Levels::of(arguments)?.apply(findings);
    Ok(())
}

impl Loaded {
    /// Adds what would keep the PDF of the highest view from being set. An image that another rule speaks of is not spoken of again.
    #[cfg(feature = "pdf")]
    pub(super) fn examine_pdf(&mut self, arguments: &ProjectArguments) -> Result<(), CouldNotRun> {
        let Some(manual) = &self.manual else { return Ok(()) };
        let mut findings = crate::render::pdf::check(manual);
        findings.retain(|new| !self.findings.iter().any(|known| known.rule.code == new.rule.code && known.place == new.place));
        Levels::of(arguments)?.apply(&mut findings);
        self.findings.extend(findings);
        finding::sort(&mut self.findings, &self.sources);
        Ok(())
    }

    /// Without the PDF there is nothing to add.
    #[cfg(not(feature = "pdf"))]
    pub(super) fn examine_pdf(&mut self, _: &ProjectArguments) -> Result<(), CouldNotRun> {
        Ok(())
    }

    /// Keeps exceptions though their day has passed.
    pub(super) fn keep_expired_exceptions(&mut self) {
        if let Some(manual) = &self.manual {
            exception::apply(manual, Expiry::Ignored, &mut self.findings);
            finding::sort(&mut self.findings, &self.sources);
        }
    }

    /// Leaves of the findings those of the settings, for what is built from releases alone: what is wrong with sources that nobody is shown stops nothing, and
    /// `annexa check` tells it. A setting that is wrong stops it still, since it could be the one that withdraws a release.
    pub(super) fn keep_settings(&mut self) {
        let is_of_settings = |place: &Place| match place {
            Place::Span(span) => self.sources.file(span.file).path.as_ref() == project::PATH,
            Place::File(path) => path.as_ref() == project::PATH,
            Place::Project => true,
        };
        self.findings.retain(|finding| is_of_settings(&finding.place));
    }

    /// The language that people are told in.
    pub(super) fn language(&self) -> &Language {
        &self.language
    }

    /// Whether a finding stops a build.
    pub(super) fn has_errors(&self) -> bool {
        Counts::of(&self.findings).errors > 0
    }
}
