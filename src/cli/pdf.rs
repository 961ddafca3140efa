//! `annexa pdf`: one PDF: the manual, a document, the Statement of Applicability, all that answers a framework or a sample of controls; on request as a
//! numbered copy for one recipient.
#![allow(clippy::disallowed_methods)] // law 1: cli writes where it is told to

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;

use super::copy;
use super::load::{self, Loaded, ProjectArguments};
use super::names;
use super::progress::{Progress, in_words};
use super::voice::Voice;
use super::{CouldNotRun, Ended};
use crate::base::finding;
use crate::base::id::{EditionId, ItemId};
use crate::history;
use crate::link::manual::{self, Manual};
use crate::link::view;
use crate::publish;
use crate::read::schema::list;
use crate::render::pdf::{self, Book, Copy};

#[derive(Args)]
pub(super) struct Arguments {
    /// A document (POL-004), `soa`, a framework (ccm@4.1), or `manual` (the default)
    #[arg(value_name = "WHAT", conflicts_with = "controls")]
    what: Option<String>,
    /// What answers these controls, as in A.5.15,A.8.9, with all that belongs to them
    #[arg(long, value_name = "CONTROLS", value_delimiter = ',')]
    controls: Vec<String>,
    /// For whom: a classification, or `auditor` who sees everything (the default)
    #[arg(long, value_name = "NAME")]
    audience: Option<String>,
    /// Make a numbered copy for this recipient and record it in records/distribution.yaml
    #[arg(long, value_name = "RECIPIENT")]
    copy_to: Option<String>,
    /// Where to write it (default: a file of its name in the current folder)
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The project's folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    /// Take this rule's findings, or all `warnings`, for errors; may be given several times
    #[arg(long, value_name = "CODE|warnings")]
    deny: Vec<String>,
    /// Take this rule's findings for notes, which stop nothing; may be given several times, and not for what would make an output wrong
    #[arg(long, value_name = "CODE")]
    allow: Vec<String>,
    /// The date that counts as today (default: SOURCE_DATE_EPOCH, else the clock)
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
}

pub(super) fn run(arguments: &Arguments, voice: Voice) -> Result<Ended, CouldNotRun> {
    let mut progress = Progress::on_terminal(voice);
    let of_project = ProjectArguments {
        project: arguments.project.clone(),
        deny: arguments.deny.clone(),
        allow: arguments.allow.clone(),
        today: arguments.today,
    };
    let mut loaded = load::load(&of_project, &mut progress)?;
    let stop = |progress: &mut Progress, loaded: &Loaded| {
        progress.finish();
        voice.show(&loaded.findings, &loaded.sources, loaded.language());
        voice.remark("No PDF was made.\n");
        Ok(Ended::WithErrors)
    };
    let (Some(manual), false) = (loaded.manual.take(), loaded.has_errors()) else { return stop(&mut progress, &loaded) };
    let mut manual = seen_by(arguments, &loaded, manual)?;
    manual.origin = Some(history::origin(&manual.view));
    let book = book(arguments, &manual)?;
    let copy = match &arguments.copy_to {
        Some(recipient) => Some(Copy { id: copy::next(&loaded)?, recipient: copy::recipient(recipient)?.into(), date: manual.today }),
        None => None,
    };
    let out = arguments.out.clone().unwrap_or_else(|| file_name(&book, &manual, copy.as_ref()).into());
    let bytes = match progress.stage("pdf", || pdf::render(&manual, &book, copy.as_ref())) {
        Ok(bytes) => bytes,
        Err(findings) => {
            loaded.findings.extend(findings);
            finding::sort(&mut loaded.findings, &loaded.sources);
            return stop(&mut progress, &loaded);
        }
    };
    // The copy is recorded before it exists: a copy without a record could be handed out, a record without a copy cannot.
    let beside = written_beside(&out, &bytes)?;
    if let Some(copy) = &copy {
        let record =
            copy::Record { copy, document: named(&book, &manual), audience: &manual.view.audience.name, sha256: &publish::sha256(&bytes) };
        copy::record(&arguments.project, &loaded, &record).inspect_err(|_| drop(std::fs::remove_file(&beside)))?;
    }
    std::fs::rename(&beside, &out).map_err(|error| CouldNotRun(format!("could not write {}: {error}", out.display())))?;
    progress.finish();
    voice.show(&loaded.findings, &loaded.sources, loaded.language());
    let time = progress.stages().iter().map(|(_, time)| *time).sum();
    let size = bytes.len().div_ceil(1000);
    voice.tell(&format!(
        "Wrote {} for {}: {}, {size} kB, in {}.\n",
        out.display(),
        manual.view.audience.name,
        named(&book, &manual),
        in_words(time)
    ));
    if let Some(copy) = &copy {
        voice.tell(&format!("Copy {} for {} is recorded in {}.\n", copy.id, copy.recipient, copy::PATH));
    }
    Ok(Ended::Well)
}

/// The manual of the audience that is asked for.
fn seen_by(arguments: &Arguments, loaded: &Loaded, highest: Manual) -> Result<Manual, CouldNotRun> {
    let (Some(name), Some(parsed)) = (&arguments.audience, &loaded.parsed) else { return Ok(highest) };
    let audience = names::audience(name, &parsed.project, &[])?;
    let mut manual = manual::link(view::view(parsed, audience), highest.today);
    manual.approvals = loaded.ledger.as_ref().and_then(|ledger| ledger.standings(&manual));
    Ok(manual)
}

/// What is asked for.
fn book(arguments: &Arguments, manual: &Manual) -> Result<Book, CouldNotRun> {
    let catalogues = &manual.view.catalogues;
    if !arguments.controls.is_empty() {
        let mut ids = Vec::new();
        for name in arguments.controls.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
            let control = names::control(catalogues, name)?.ok_or_else(|| {
                let help = names::near_control(catalogues, name)
                    .map_or_else(|| "`annexa catalog search` finds it".to_owned(), |near| format!("did you mean `{near}`?"));
                CouldNotRun(format!("`{name}` names no control; {help}"))
            })?;
            if !ids.contains(&control.id) {
                ids.push(control.id.clone());
            }
        }
        return if ids.is_empty() {
            Err(CouldNotRun("--controls names none, as in --controls A.5.15,A.8.9".into()))
        } else {
            Ok(Book::Controls(ids))
        };
    }
    let Some(what) = arguments.what.as_deref().filter(|what| *what != "manual") else { return Ok(Book::Manual) };
    if what == "soa" {
        let nothing = || CouldNotRun(format!("there is nothing of the Statement of Applicability for {}", manual.view.audience.name));
        return Book::of_applicability(manual).ok_or_else(nothing);
    }
    if let Some(document) = ItemId::parse(what).and_then(|id| manual.document(&id)) {
        return Ok(Book::Document(document.id.clone()));
    }
    if let Some(found) = EditionId::parse(what).and_then(|id| catalogues.find(&id).ok()) {
        if catalogues.is_in_use(&found.id) {
            return Ok(Book::Framework(found.id.clone()));
        }
        return Err(CouldNotRun(format!("`{}` is not in use; annexa.yaml lists those that are under `frameworks`", found.id)));
    }
    let documents = manual.view.documents.iter().map(|document| document.id.as_str());
    let known: Vec<&str> = documents.chain(["soa", "manual"]).collect();
    let in_use: Vec<String> = catalogues.in_use().map(|catalogue| catalogue.id.to_string()).collect();
    let frameworks: Vec<&str> = in_use.iter().map(String::as_str).collect();
    let names = catalogues.in_use().map(|catalogue| catalogue.id.framework.as_ref());
    let known = known.into_iter().chain(names).chain(frameworks.iter().copied());
    let help = names::did_you_mean(what, known, || {
        format!("name a document by its id, as in POL-004, `soa`, `manual`, or a framework: {}", list(&frameworks))
    });
    // What an audience may not see is not there for it.
    Err(CouldNotRun(format!("there is no document or framework `{what}` for {}; {help}", manual.view.audience.name)))
}

/// What a PDF holds, for people.
fn named(book: &Book, manual: &Manual) -> String {
    match book {
        Book::Manual => manual.view.project.title.to_string(),
        Book::Document(id) => id.to_string(),
        Book::Applicability => "Statement of Applicability".into(),
        Book::Framework(id) => id.to_string(),
        Book::Controls(ids) => ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    }
}

/// The name of the file: in small letters, and nothing that a file system could stumble over.
fn file_name(book: &Book, manual: &Manual, copy: Option<&Copy>) -> String {
    let name = match book {
        Book::Manual => "manual".to_owned(),
        Book::Applicability => "soa".to_owned(),
        Book::Controls(ids) if ids.len() > 3 => format!("{} controls", ids.len()),
        Book::Controls(ids) => ids.iter().map(|id| id.control.to_string()).collect::<Vec<_>>().join("-"),
        book => named(book, manual),
    };
    let copy = copy.map(|copy| format!("-{}", copy.id)).unwrap_or_default();
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '@' | '-') { c.to_ascii_lowercase() } else { '-' };
    format!("{name}{copy}").chars().map(plain).chain(".pdf".chars()).collect()
}

/// Whether what lies at a path is a PDF of before, or an empty file.
fn is_replaceable(path: &Path) -> bool {
    let begins = || {
        let mut begin = Vec::new();
        std::fs::File::open(path).ok()?.take(MAGIC.len() as u64).read_to_end(&mut begin).ok()?;
        Some(begin.is_empty() || begin == MAGIC)
    };
    path.is_file() && begins().unwrap_or(false)
}

/// How a PDF begins (ISO 32000-1, 7.5.2).
const MAGIC: &[u8] = b"%PDF-";

/// The bytes in a file beside the one that they will become, so that a PDF of before stays whole until then.
fn written_beside(out: &Path, bytes: &[u8]) -> Result<PathBuf, CouldNotRun> {
    let failed = |error: std::io::Error| CouldNotRun(format!("could not write {}: {error}", out.display()));
    if out.is_dir() {
        return Err(CouldNotRun(format!("{} is a folder; name a file", out.display())));
    }
    // A slip of the hand must not cost a policy, and a device is no file that could be replaced.
    if out.exists() && !is_replaceable(out) {
        return Err(CouldNotRun(format!("{} is there already and is no PDF; name another file", out.display())));
    }
    let name = out.file_name().ok_or_else(|| CouldNotRun(format!("{} names no file", out.display())))?;
    let beside = out.with_file_name(format!(".{}.annexa-{}", name.to_string_lossy(), std::process::id()));
    if let Some(folder) = beside.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut file = std::fs::File::create(&beside).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    Ok(beside)
}
