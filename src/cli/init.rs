//! `annexa init DIR`: a small working project, which builds without an error and says nothing that is not true yet.
#![allow(clippy::disallowed_methods)] // law 1: cli writes the files of a new project

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{BufRead, IsTerminal, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use jiff::civil::Date;

use super::{CouldNotRun, Ended, say, say_error};
use crate::base::id::EditionId;
use crate::base::source::Sources;
use crate::link::report;
use crate::read;
use crate::read::catalogues::Catalogues;
use crate::read::framework::Catalogue;

/// The files that are written as they are, but for `{{today}}`.
const FILES: &[(&str, &str)] = &[
    ("content/manual/01-scope.md", include_str!("../../templates/init/content/manual/01-scope.md")),
    (
        "content/policies/pol-001-information-security.md",
        include_str!("../../templates/init/content/policies/pol-001-information-security.md"),
    ),
    ("content/sops/sop-001-documents.md", include_str!("../../templates/init/content/sops/sop-001-documents.md")),
    ("content/registers/roles.yaml", include_str!("../../templates/init/content/registers/roles.yaml")),
    (".gitignore", "/dist\n"),
];

/// The edition whose clauses and controls [`FILES`] claim to meet.
const CLAIMED: &str = "iso27001@2022";

const FRAMEWORKS: &str = "iso27001@2022,csf@2.0,gdpr";

#[derive(Args)]
pub(super) struct Arguments {
    /// The folder, new or empty but for files of yours that init would not write
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The organisation's name
    #[arg(long, value_name = "NAME")]
    organisation: Option<String>,
    /// What it provides, in a few words
    #[arg(long, value_name = "WORDS")]
    service: Option<String>,
    /// Editions of frameworks in use, separated by commas
    #[arg(long, value_name = "LIST")]
    frameworks: Option<String>,
    /// The date of the first drafts (default: SOURCE_DATE_EPOCH, else the clock)
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
}

pub(super) fn run(arguments: &Arguments) -> Result<Ended, CouldNotRun> {
    let today = super::today::today(arguments.today)?;
    let answer = |given: &Option<String>, question, otherwise| given.clone().map_or_else(|| ask(question, otherwise), Ok);
    let organisation = answer(&arguments.organisation, "Name of the organisation", "Example Ltd")?;
    let service = answer(&arguments.service, "What it provides", "its services")?;
    let frameworks = answer(&arguments.frameworks, "Frameworks in use", FRAMEWORKS)?;
    let catalogues = chosen(&frameworks)?;

    let framework = EditionId::parse(CLAIMED).map(|id| EditionId { edition: None, ..id });
    // An author's `iso27001:A.5.1` means the first edition listed of that framework.
    let claims = framework
        .is_some_and(|id| catalogues.find(&id).is_ok_and(|found| found.id.to_string() == CLAIMED && catalogues.is_in_use(&found.id)));
    let text = |text: &str| {
        let text = text.replace("{{today}}", &today.to_string());
        if claims { text } else { without_claims(&text) }
    };
    let mut files: Vec<(String, String)> = FILES.iter().map(|(path, template)| ((*path).into(), text(template))).collect();
    files.push((read::project::PATH.into(), settings(&organisation, &service, &catalogues)));
    for catalogue in catalogues.in_use() {
        // A second edition of a framework has a file of its own, named by both.
        let (short, long) =
            (format!("content/controls/{}.yaml", catalogue.id.framework), format!("content/controls/{}.yaml", catalogue.id));
        let path = if files.iter().any(|(taken, _)| *taken == short) { long } else { short };
        files.extend(statements(catalogue).map(|text| (path, text)));
    }
    write(&arguments.folder, &files)?;
    let folder = arguments.folder.display();
    say(&format!(
        "Wrote {} files to {folder}.\n\nNext:\n  annexa check {folder}    what is wrong or missing\n  annexa build {folder}    the site and the PDF, into {}\n",
        files.len(),
        arguments.folder.join("dist").display(),
    ));
    Ok(Ended::Well)
}

/// Asks on a terminal; elsewhere takes what is usual.
fn ask(question: &str, otherwise: &str) -> Result<String, CouldNotRun> {
    if !std::io::stdin().is_terminal() {
        return Ok(otherwise.into());
    }
    say_error(&format!("{question} [{otherwise}]: "));
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let answer = line.trim();
    Ok(if answer.is_empty() { otherwise.into() } else { answer.into() })
}

/// The built-in catalogues, with those in use that the answer names.
fn chosen(frameworks: &str) -> Result<Catalogues, CouldNotRun> {
    let mut findings = Vec::new();
    let sources = Arc::new(Sources::new(read::built_in()));
    let mut catalogues = read::built_in_catalogues(&sources, &mut findings);
    for name in frameworks.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let id = EditionId::parse(name).ok_or_else(|| CouldNotRun(format!("`{name}` names no framework; write it as in iso27001@2022")))?;
        catalogues.put_in_use(&id).map_err(|unknown| CouldNotRun(format!("{}; {}", unknown.message, unknown.help.unwrap_or_default())))?;
    }
    if catalogues.in_use().next().is_none() {
        return Err(CouldNotRun("name at least one framework, as in --frameworks iso27001@2022".into()));
    }
    Ok(catalogues)
}

/// A file's text without what it claims of [`CLAIMED`], for a project that does not use it.
fn without_claims(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("satisfies:"));
    let heading = |line: &str| match line.split_once(" satisfies=") {
        Some((before, _)) => format!("{before}}}\n"),
        None => format!("{line}\n"),
    };
    lines.map(heading).collect()
}

fn settings(organisation: &str, service: &str, catalogues: &Catalogues) -> String {
    let frameworks: Vec<String> = catalogues.in_use().map(|catalogue| catalogue.id.to_string()).collect();
    let asks = catalogues.in_use().any(|catalogue| report::is_soa_framework(&catalogue.id));
    let soa =
        if asks { "soa: {version: \"0.1\", owner: ciso, approver: ceo} # once it is approved: approved, with the date\n" } else { "" };
    format!(
        "format: 1\ntitle: Information security manual\nversion: \"0.1\"\nlanguage: en\norg:\n  name: {}\n  service: {}\nframeworks: [{}]\n{soa}",
        quoted(organisation),
        quoted(service),
        frameworks.join(", "),
    )
}

/// A text as a double-quoted YAML scalar: JSON's strings are a part of YAML's (YAML 1.2.2, 1.2).
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A statement for each control that the Statement of Applicability must decide: planned, with its title beside it.
fn statements(catalogue: &Catalogue) -> Option<String> {
    let mut text = format!(
        "# Decide each control: applicable or not and why, how it is implemented here, by whom.\nframework: {}\nstatements:\n",
        catalogue.id
    );
    let mut any = false;
    for control in catalogue.controls.iter().filter(|control| report::is_soa_control(control)) {
        any = true;
        write!(
            text,
            "  {}: # {}\n    applicable: true\n    reasons: [best-practice]\n    status: planned\n    implementation: To be decided by the owner.\n    owner: ciso\n",
            control.id.control, control.title
        )
        .ok()?;
    }
    any.then_some(text)
}

/// Writes all files or none: nothing that is there is ever replaced.
fn write(folder: &Path, files: &[(String, String)]) -> Result<(), CouldNotRun> {
    let there: Vec<&str> =
        files.iter().map(|(path, _)| path.as_str()).filter(|path| folder.join(path).symlink_metadata().is_ok()).collect();
    if !there.is_empty() {
        return Err(CouldNotRun(format!(
            "{} holds {} already; nothing was written. Choose a new folder",
            folder.display(),
            there.join(", ")
        )));
    }
    for (path, text) in files {
        let path = folder.join(path);
        let failed = |error| CouldNotRun(format!("cannot write {}: {error}", path.display()));
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        let mut file = OpenOptions::new().write(true).create_new(true).open(&path).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
    }
    Ok(())
}
