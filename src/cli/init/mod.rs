//! `annexa init DIR`: a project made of the starter manual and a few answers, which builds without an error and says nothing that is not true yet; with
//! `--from`, one around a folder of policies as it is.
#![allow(clippy::disallowed_methods)] // law 1: cli writes the files of a new project

mod draft;
mod emit;
pub(super) mod from;
mod marks;
mod minimal;
mod prose;
mod question;
mod starter;

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::voice::Voice;
use super::{CouldNotRun, Ended, refuse_file};
use crate::base::edit::Edits;
use crate::base::id::EditionId;
use crate::base::source::{Content, SourceFile, Sources};
use crate::link::report;
use crate::read;
use crate::read::catalogues::Catalogues;
use crate::read::json_schema;
use emit::quoted;
use question::Asking;

/// What is used where nothing is said.
const ORGANISATION: &str = "Example Ltd";
const SERVICE: &str = "its services";
const CLOUDS: &str = "Example Cloud";
const FRAMEWORKS: &str = "iso27001@2022,csf@2.0,gdpr";
const CLOUD_FRAMEWORKS: &str = "iso27001@2022,iso27017@2015,csf@2.0,gdpr";

/// Where the JSON Schemas lie in a new project.
const SCHEMAS: &str = "schemas";

/// What may lie in a folder that counts as empty.
const NO_HINDRANCE: &[&str] = &[".git", ".gitattributes", ".gitignore"];

#[derive(Args)]
pub(super) struct Arguments {
    /// The folder, new or empty; with --from the project's folder, unless it is the same
    #[arg(value_name = "DIR", required_unless_present = "from")]
    folder: Option<PathBuf>,
    /// Make a project around a folder of policies, which stay where they lie and as they are
    #[arg(long, value_name = "DIR", conflicts_with_all = ["service", "role", "clouds", "minimal", "into"])]
    from: Option<PathBuf>,
    /// The organisation's name
    #[arg(long, value_name = "NAME")]
    organisation: Option<String>,
    /// What it provides, in a few words
    #[arg(long, value_name = "WORDS")]
    service: Option<String>,
    /// Whether it provides cloud services, is a customer of clouds, or both
    #[arg(long)]
    role: Option<Role>,
    /// The clouds that it uses, separated by commas, the main one first
    #[arg(long, value_name = "LIST")]
    clouds: Option<String>,
    /// Editions of frameworks in use, separated by commas
    #[arg(long, value_name = "LIST")]
    frameworks: Option<String>,
    /// A chapter, a policy and a procedure in place of the starter manual
    #[arg(long, conflicts_with_all = ["role", "clouds"])]
    minimal: bool,
    /// Write into a folder that holds other files already; none is ever replaced
    #[arg(long)]
    into: bool,
    /// The date from which time is counted (default: SOURCE_DATE_EPOCH, else the clock)
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
}

/// The organisation's place in clouds, in the words of ISO/IEC 27017.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Role {
    /// It provides a cloud service, and uses none for it
    Provider,
    /// It uses clouds, and provides none
    Customer,
    /// It provides a cloud service, and uses clouds of others
    Both,
}

impl Role {
    fn provides(self) -> bool {
        self != Role::Customer
    }

    fn uses(self) -> bool {
        self != Role::Provider
    }
}

/// What the project is made of.
struct Answers {
    organisation: String,
    service: String,
    role: Role,
    /// The main one first; none for a provider that uses none.
    clouds: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, voice: Voice) -> Result<Ended, CouldNotRun> {
    if let Some(from) = &arguments.from {
        return from::run(&from::Wanted::of(arguments, from), voice);
    }
    let today = super::today::today(arguments.today)?;
    let folder = arguments.folder.as_deref().unwrap_or(Path::new("."));
    // Before anything is asked: an answer that is given in vain is a nuisance.
    refuse_full(folder, arguments.into)?;
    let mut asking = Asking::new(voice);
    let organisation = asking.text(arguments.organisation.as_deref(), "Name of the organisation", ORGANISATION)?;
    let service = asking.text(arguments.service.as_deref(), "What it provides", SERVICE)?;
    let (role, clouds) = if arguments.minimal { (Role::Customer, Vec::new()) } else { place(arguments, &mut asking)? };
    let usual = if arguments.minimal { FRAMEWORKS } else { CLOUD_FRAMEWORKS };
    let catalogues =
        asking.checked(arguments.frameworks.as_deref(), "Frameworks in use, separated by commas", usual, |answer| chosen(answer, &[]))?;
    let answers = Answers { organisation, service, role, clouds };

    let files = with_schemas(files(&answers, &catalogues, arguments.minimal, today)?);
    write(folder, &files)?;
    files.iter().for_each(|(path, _)| voice.detail("written", folder.join(path).display()));
    voice.tell(&next_steps(folder, files.len(), arguments.minimal));
    Ok(Ended::Well)
}

fn place(arguments: &Arguments, asking: &mut Asking) -> Result<(Role, Vec<String>), CouldNotRun> {
    let role = match arguments.role {
        Some(role) => role,
        None => asking.checked(None, "Does it provide a cloud service, is it a customer of clouds, or both", "both", |answer| {
            Role::from_str(answer, true).map_err(|_| CouldNotRun("say provider, customer or both".into()))
        })?,
    };
    if !role.uses() {
        return match &arguments.clouds {
            Some(_) => Err("a provider that uses clouds of others is both: leave out --clouds, or say --role both".into()),
            None => Ok((role, Vec::new())),
        };
    }
    let clouds =
        asking.checked(arguments.clouds.as_deref(), "Clouds that it uses, separated by commas, the main one first", CLOUDS, |answer| {
            let clouds: Vec<String> = answer.split(',').map(str::trim).filter(|name| !name.is_empty()).map(one_line).collect();
            let twice = clouds.iter().enumerate().find(|(at, name)| clouds[..*at].contains(name));
            match twice {
                _ if clouds.is_empty() => Err(CouldNotRun("name at least one cloud, as in --clouds \"Example Cloud\"".into())),
                Some((_, name)) => Err(CouldNotRun(format!("`{name}` is named twice"))),
                None => Ok(clouds),
            }
        })?;
    Ok((role, clouds))
}

/// A name without line breaks and other characters that no line of print holds.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The built-in catalogues and those of a project's own, by path and text, with those in use that the answer names.
fn chosen(frameworks: &str, own: &[(String, String)]) -> Result<Catalogues, CouldNotRun> {
    let mut findings = Vec::new();
    let own = own.iter().map(|(path, text)| SourceFile { path: path.as_str().into(), content: Content::Text(text.as_str().into()) });
    let sources = Arc::new(Sources::new(own.chain(read::built_in()).collect()));
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

/// Every file of the project, the settings last: without them a folder is no project.
fn files(answers: &Answers, catalogues: &Catalogues, minimal: bool, today: Date) -> Result<Vec<(String, String)>, CouldNotRun> {
    let (mut files, stated) =
        if minimal { (minimal::files(catalogues, today), Default::default()) } else { draft::draft(answers, catalogues, today)? };
    add_statements(&mut files, catalogues, &stated);
    files.push((".gitignore".into(), "/dist\n/as-of-*\n".into()));
    let settings = settings(answers, catalogues, minimal, &files);
    files.push((read::project::PATH.into(), settings));
    Ok(files)
}

/// Adds statements of the editions in use that have none yet.
fn add_statements(files: &mut Vec<(String, String)>, catalogues: &Catalogues, stated: &BTreeSet<String>) {
    for catalogue in catalogues.in_use().filter(|catalogue| !stated.contains(&catalogue.id.to_string())) {
        // A second edition of a framework has a file of its own, named by both.
        let (short, long) =
            (format!("content/controls/{}.yaml", catalogue.id.framework), format!("content/controls/{}.yaml", catalogue.id));
        let path = if files.iter().any(|(taken, _)| *taken == short) { long } else { short };
        files.extend(minimal::statements(catalogue).map(|text| (path, text)));
    }
}

/// With the schemas in a folder of their own, and in each YAML file the line by which an editor finds its schema there.
fn with_schemas(files: Vec<(String, String)>) -> Vec<(String, String)> {
    let schemas = json_schema::ALL.iter().map(|schema| (format!("{SCHEMAS}/{}", schema.file_name()), schema.text()));
    let led = files.into_iter().map(|(path, text)| match json_schema::of_path(&path).filter(|_| path.ends_with(".yaml")) {
        Some(schema) => {
            let up = "../".repeat(path.matches('/').count());
            let text = format!("# yaml-language-server: $schema={up}{SCHEMAS}/{}\n{text}", schema.file_name());
            (path, text)
        }
        None => (path, text),
    });
    schemas.chain(led).collect()
}

/// Who answers for the manual and for the Statement of Applicability.
const APPROVALS: &str = "manual: {owner: ciso, approver: ceo, review_every: 12 months} # then: id, approved, reviewed, retention, distribution, history\n\
    soa: {version: \"0.1\", owner: ciso, approver: ceo} # once it is approved: approved, with the date\n";

/// The settings, with the values that these files insert.
fn settings(answers: &Answers, catalogues: &Catalogues, minimal: bool, files: &[(String, String)]) -> String {
    let frameworks: Vec<String> = catalogues.in_use().map(|catalogue| catalogue.id.to_string()).collect();
    let asks = catalogues.in_use().any(|catalogue| report::is_soa_framework(&catalogue.id));
    let approvals = if asks { APPROVALS } else { "" };
    let (organisation, service) = (quoted(&answers.organisation), quoted(&answers.service));
    let head = format!(
        "format: 1\ntitle: Information security manual\nversion: \"0.1\"\nlanguage: en\norg:\n  name: {organisation}\n  service: {service}\n"
    );
    let frameworks = format!("frameworks: [{}]\n{approvals}", frameworks.join(", "));
    if minimal {
        return head + &frameworks;
    }
    let clouds = ["main_cloud", "second_cloud"].iter().zip(&answers.clouds);
    let clouds: String = clouds.map(|(key, cloud)| format!("  {key}: {}\n", quoted(cloud))).collect();
    let clouds = if clouds.is_empty() { clouds } else { format!("  # Clouds, as the suppliers register names them\n{clouds}") };
    let own = format!(
        "  short_name: {organisation} # as you are called in a sentence\n  \
           security_contact: security@example.com # yours; the texts name it, as they do the next two\n  \
           privacy_contact: privacy@example.com\n  website: https://www.example.com\n"
    );
    // A folded line may part an insertion before its end.
    let inserted = |key: &str| {
        let name = format!("values.{key}");
        let ends = |rest: &str| rest.trim_start().starts_with("}}");
        files.iter().any(|(_, text)| text.split(&name).skip(1).any(ends))
    };
    format!("{head}{own}{frameworks}{}{clouds}", starter::values(inserted))
}

/// Refuses a folder that holds anything, unless that was asked for.
fn refuse_full(folder: &Path, into: bool) -> Result<(), CouldNotRun> {
    refuse_file(folder)?;
    let failed = |error| CouldNotRun(format!("cannot look into {}: {error}", folder.display()));
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(error)),
        Ok(entries) => entries,
    };
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
    }
    names.retain(|name| !NO_HINDRANCE.contains(&name.as_str()));
    names.sort();
    match names.first() {
        Some(name) if !into => Err(CouldNotRun(format!(
            "{} is not empty: it holds {name}; nothing was written. Choose a new folder, or say --into to write beside what is there",
            folder.display()
        ))),
        _ => Ok(()),
    }
}

/// Writes all files or none: nothing that is there is ever replaced. The settings come last, so that what a killed run leaves is no project.
fn write(folder: &Path, files: &[(String, String)]) -> Result<(), CouldNotRun> {
    let is_there = |path: &str| folder.join(path).symlink_metadata().is_ok();
    // A list of ignored files says nothing of a manual: the one that is there stays.
    let files: Vec<&(String, String)> = files.iter().filter(|(path, _)| path != ".gitignore" || !is_there(path)).collect();
    let there: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).filter(|path| is_there(path)).collect();
    if !there.is_empty() {
        let (few, more) = there.split_at(there.len().min(3));
        let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
        return Err(CouldNotRun(format!(
            "{} holds {}{more} already; nothing was written. Choose a new folder",
            folder.display(),
            few.join(", ")
        )));
    }
    let mut made = Vec::new();
    let written = write_each(folder, &files, &mut made);
    if written.is_err() {
        // Folders of ours that are empty go, the deepest first.
        made.iter().rev().for_each(|folder| drop(fs::remove_dir(folder)));
    }
    written
}

fn write_each(folder: &Path, files: &[&(String, String)], made: &mut Vec<PathBuf>) -> Result<(), CouldNotRun> {
    for path in files.iter().filter_map(|(path, _)| Path::new(path).parent()) {
        let whole = folder.join(path);
        let missing: Vec<&Path> =
            whole.ancestors().take_while(|folder| folder.symlink_metadata().is_err() && *folder != Path::new("")).collect();
        for missing in missing.into_iter().rev() {
            fs::create_dir(missing).map_err(|error| CouldNotRun(format!("cannot make the folder {}: {error}", missing.display())))?;
            made.push(missing.to_path_buf());
        }
    }
    let (settings, content): (Vec<_>, Vec<_>) = files.iter().copied().partition(|(path, _)| path == read::project::PATH);
    let none = Sources::new(Vec::new());
    let mut written = Vec::new();
    for part in [content, settings] {
        let mut edits = Edits::default();
        part.iter().for_each(|(path, text)| edits.add_exact(path.as_str(), text.as_str()));
        match edits.write(folder, &none) {
            Ok(paths) => written.extend(paths),
            Err(error) => {
                written.iter().for_each(|path| drop(fs::remove_file(folder.join(path.as_ref()))));
                return Err(error.into());
            }
        }
    }
    Ok(())
}

fn next_steps(folder: &Path, files: usize, minimal: bool) -> String {
    let shown = folder.display();
    let out = folder.join("dist");
    let read = if minimal {
        "  content/manual/01-scope.md           what you protect, and why\n"
    } else {
        "  annexa.yaml                          your figures: every hour, day and month that the texts insert\n  \
           content/registers/suppliers.yaml     your clouds; then roles, assets, risks\n  \
           content/manual/                      chapters on clauses 4 to 10, then policies and procedures\n"
    };
    format!(
        "Wrote {files} files to {shown}. All of it is a draft: nothing is approved, measured or proved.\n\n\
         Read and change first:\n{read}\n\
         Then:\n  annexa check {shown}             what is wrong or missing\n  \
         annexa build {shown}             the site and the PDF, into {}\n  \
         annexa gap --stage 1 {shown}     what a certification audit asks for first\n",
        out.display()
    )
}
