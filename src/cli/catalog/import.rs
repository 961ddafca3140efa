//! `annexa catalog import FILE`: a foreign catalogue into the project's `frameworks/`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::place;
use crate::base::finding::{self, Finding, Place, Severity};
use crate::base::id::EditionId;
use crate::base::language::Language;
use crate::base::rule;
use crate::base::source::path::unusable;
use crate::base::source::{Content, PROJECT_FILE, Scope, SourceFile, Sources, read_file};
use crate::base::word::{Phrase, phrase};
use crate::cli::load::{self, ProjectArguments};
use crate::cli::names::did_you_mean;
use crate::cli::progress::Progress;
use crate::cli::voice::Voice;
use crate::cli::{CouldNotRun, Ended};
use crate::read::catalogues::Catalogues;
use crate::read::import::{self, Imported, LARGEST, Request};
use crate::read::schema::list;
use crate::read::{self, Parsed};

#[derive(Args)]
pub(in crate::cli) struct Arguments {
    /// An OSCAL catalogue or profile (JSON), the Cloud Controls Matrix (XLSX), or a table (CSV)
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The edition to import it as, as in `nist80053@r5` (default: what the file seems to be)
    #[arg(long = "as", value_name = "EDITION", value_parser = super::show::edition)]
    edition: Option<EditionId>,
    /// Who may see the texts (default: only those who may see everything)
    #[arg(long, value_name = "NAME")]
    classification: Option<String>,
    /// The title of a catalogue that is not built in
    #[arg(long, value_name = "WORDS")]
    title: Option<String>,
    /// The name of the baseline that a profile makes (default: by its title)
    #[arg(long, value_name = "NAME")]
    baseline: Option<String>,
    /// The OSCAL catalogue that a profile selects from, where the project does not have it
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,
    /// The sheet that holds the controls (default: the first that does)
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Leave out the mapping columns of a spreadsheet
    #[arg(long)]
    without_mappings: bool,
    /// Where to write it (default: frameworks/EDITION.yaml)
    #[arg(long, value_name = "PATH")]
    into: Option<String>,
    /// Replace files that are there
    #[arg(long)]
    force: bool,
    /// The project's folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
}

pub(super) fn run(arguments: &Arguments, voice: Voice) -> Result<Ended, CouldNotRun> {
    let bytes = read_file(&arguments.file, LARGEST).map_err(CouldNotRun)?;
    let other = arguments.catalog.as_ref().map(|file| read_file(file, LARGEST)).transpose().map_err(CouldNotRun)?;
    if !place::is_project(&arguments.project) {
        let folder = arguments.project.display();
        return Err(CouldNotRun(format!(
            "there is no {PROJECT_FILE} in `{folder}`; texts are kept in a project, so name its folder with `--project`"
        )));
    }
    let parsed = project(arguments, voice)?;
    let settings = &parsed.project;
    if let Some(name) = arguments.classification.as_ref().filter(|name| settings.classification_named(name).is_none()) {
        let known: Vec<&str> = settings.classifications.iter().map(AsRef::as_ref).collect();
        let help = did_you_mean(name, known.iter().copied(), || format!("there are {}", list(&known)));
        return Err(CouldNotRun(format!("there is no classification `{name}`; {help}")));
    }
    check_baseline(arguments)?;
    let request = Request {
        file: arguments.file.display().to_string().into(),
        edition: arguments.edition.clone(),
        classification: arguments.classification.as_deref(),
        title: arguments.title.as_deref(),
        baseline: arguments.baseline.as_deref(),
        sheet: arguments.sheet.as_deref(),
        mappings: !arguments.without_mappings,
        catalogues: &parsed.catalogues,
        classifications: &settings.classifications,
    };
    let mut findings = Vec::new();
    let with_other = other.map(|bytes| known_with(&bytes, arguments, &request, &parsed, &mut findings));
    let imported = match with_other {
        None => import::import(&bytes, &request, &mut findings),
        Some(None) => None,
        Some(Some(catalogues)) => import::import(&bytes, &Request { catalogues: &catalogues, ..request }, &mut findings),
    };
    let imported = imported.map(|imported| named(imported, arguments)).transpose()?;
    let imported = imported.filter(|imported| fits(imported, &parsed, &mut findings));
    let Some(imported) = imported else {
        report(&mut findings, voice);
        voice.remark("Nothing was imported.\n");
        return Ok(Ended::WithErrors);
    };
    place::write(&arguments.project, &imported.files, arguments.force)?;
    report(&mut findings, voice);
    voice.tell(&summary(&imported, &parsed));
    Ok(Ended::Well)
}

/// The project as far as it can be read: an import may be what it lacks.
fn project(arguments: &Arguments, voice: Voice) -> Result<Parsed, CouldNotRun> {
    let arguments = ProjectArguments { project: arguments.project.clone(), ..ProjectArguments::default() };
    let loaded = load::load(&arguments, &mut Progress::new(voice))?;
    loaded.parsed.ok_or_else(|| CouldNotRun("the project's settings cannot be read; `annexa check` says why".into()))
}

fn check_baseline(arguments: &Arguments) -> Result<(), CouldNotRun> {
    let good = |name: &str| !name.is_empty() && name.len() <= 40 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    match &arguments.baseline {
        Some(name) if !good(name) => Err(CouldNotRun(format!("`{name}` cannot name a baseline; write letters, digits and hyphens"))),
        _ => Ok(()),
    }
}

/// The project's catalogues and the one of `--catalog`, which is not kept.
fn known_with(
    bytes: &[u8],
    arguments: &Arguments,
    request: &Request<'_>,
    parsed: &Parsed,
    findings: &mut Vec<Finding>,
) -> Option<Catalogues> {
    let file = arguments.catalog.as_ref().map(|file| file.display().to_string()).unwrap_or_default();
    let request = Request { file: file.into(), title: None, baseline: None, edition: request.edition.clone(), ..*request };
    let imported = import::import(bytes, &request, findings)?;
    let files = imported.files.into_iter().map(|(path, text)| SourceFile { path: path.into(), content: Content::Text(text.into()) });
    // A catalogue of the same edition in the project gives way to the one that is named.
    let sources = Sources::new(files.chain(parsed.sources.iter().map(|(_, file)| file.clone())).collect());
    read::parse(Arc::new(sources), &mut Vec::new()).map(|parsed| Arc::unwrap_or_clone(parsed.catalogues))
}

/// With the path that `--into` names for the first file.
fn named(mut imported: Imported, arguments: &Arguments) -> Result<Imported, CouldNotRun> {
    let (Some(path), Some(first)) = (&arguments.into, imported.files.first_mut()) else { return Ok(imported) };
    let folder = first.0.rsplit_once('/').map_or("frameworks", |(folder, _)| folder).to_owned();
    let name =
        path.strip_prefix(&format!("{folder}/")).filter(|name| name.ends_with(".yaml") && !name.contains('/') && !name.starts_with('.'));
    if name.is_none() || unusable(path).is_some() || path == read::decision::PATH {
        return Err(CouldNotRun(format!("`--into {path}` cannot be; write a path of the project, as in {folder}/own.yaml")));
    }
    first.0.clone_from(path);
    Ok(imported)
}

/// Whether the project can be read with the new files: another file may be of the same edition. Only what is wrong with the new ones counts.
fn fits(imported: &Imported, parsed: &Parsed, findings: &mut Vec<Finding>) -> bool {
    let new =
        imported.files.iter().map(|(path, text)| SourceFile { path: path.as_str().into(), content: Content::Text(text.as_str().into()) });
    let sources = Arc::new(Sources::new(new.chain(parsed.sources.iter().map(|(_, file)| file.clone())).collect()));
    let mut found = Vec::new();
    read::parse(sources.clone(), &mut found);
    let limit = Scope::default().file_bytes;
    found.extend(imported.files.iter().filter(|(_, text)| text.len() as u64 > limit).map(|(path, text)| {
        let message =
            phrase!("`{path}` would be {n} bytes large; a source file may be {most} at most", path = path, n = text.len(), most = limit);
        Finding::new(&rule::FILE_TOO_LARGE, Place::File(path.as_str().into()), message)
            .help(phrase!("import a smaller table, or one without guidance"))
    }));
    let is_new = |path: &str| imported.files.iter().any(|(new, _)| new == path);
    let mut fits = true;
    for finding in found {
        let path = match &finding.place {
            Place::File(path) => path.clone(),
            Place::Span(span) => sources.file(span.file).path.clone(),
            Place::Project => continue,
        };
        // A clash of editions is told at the second of two files, whichever that is.
        let clash =
            finding.rule == &rule::DUPLICATE_ID && imported.files.iter().any(|(new, _)| finding.message.to_string().contains(new.as_str()));
        if is_new(&path) || clash {
            fits &= finding.severity != Severity::Error;
            // The file is not there to be shown, so the finding names it and not a line.
            findings.push(Finding { place: Place::File(path), related: Vec::new(), label: Phrase::default(), ..finding });
        }
    }
    fits
}

fn report(findings: &mut Vec<Finding>, voice: Voice) {
    let sources = Sources::default();
    finding::sort(findings, &sources);
    voice.show(findings, &sources, &Language::default());
}

fn summary(imported: &Imported, parsed: &Parsed) -> String {
    let mut text = format!("Imported the {} as {}.\n", imported.kind, imported.edition);
    for line in &imported.said {
        text.push_str(&format!("  {line}\n"));
    }
    for (path, _) in &imported.files {
        text.push_str(&format!("  wrote {path}\n"));
    }
    if !parsed.catalogues.is_in_use(&imported.edition) {
        text.push_str(&format!("Add `{}` to `frameworks` in {PROJECT_FILE} to use it.\n", imported.edition));
    }
    finding::plain(&text).into_owned()
}
