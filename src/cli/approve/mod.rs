//! `annexa approve WHAT --as ROLE`: records that a role approves something as it stands, signed with an SSH key.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use jiff::civil::Date;

use super::load::{self, Loaded, ProjectArguments};
use super::progress::Progress;
use super::records;
use super::signing::Signing;
use super::voice::Voice;
use super::{CouldNotRun, Ended, names};
use crate::base::edit::Edits;
use crate::base::finding::{Finding, Place, Severity, Span};
use crate::base::id::ItemId;
use crate::history::approval::canonical::{self, Canonical, Context};
use crate::history::approval::signature::NAMESPACE;
use crate::history::approval::{Fault, Ledger, may_approve};
use crate::link::approval::{Standing, Standings};
use crate::link::manual::Manual;
use crate::read::approval::{FOLDER, Subject, TEXTS};
use crate::read::document::Document;
use crate::read::schema::list;
use crate::read::{self, Parsed};

#[derive(Args)]
pub(super) struct Arguments {
    /// What is approved: documents (POL-004), `soa`, `treatments` (the part of the plan about risks that the role owns), or `release`
    #[arg(value_name = "WHAT", required = true)]
    what: Vec<String>,
    /// The role that approves
    #[arg(long = "as", value_name = "ROLE")]
    role: String,
    /// The approver's private SSH key, or the public one of a key that ssh-agent holds (default: one of ssh-agent's that records/allowed_signers lists for the role)
    #[arg(long, value_name = "FILE", conflicts_with = "unsigned")]
    key: Option<PathBuf>,
    /// Record without a signature; it counts only as long as there is no records/allowed_signers
    #[arg(long)]
    unsigned: bool,
    /// Leave `status` and `approved` of the document as they are
    #[arg(long)]
    record_only: bool,
    /// The project's folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    /// The date of the approval (default: SOURCE_DATE_EPOCH, else the clock)
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
}

/// An approval that is to be written.
struct Planned {
    subject: Subject,
    text: Canonical,
    version: Option<Arc<str>>,
    /// Its path in the project.
    path: String,
}

pub(super) fn run(arguments: &Arguments, voice: Voice) -> Result<Ended, CouldNotRun> {
    let of_project = ProjectArguments { project: arguments.project.clone(), today: arguments.today, ..ProjectArguments::default() };
    let loaded = load::load(&of_project, &mut Progress::new(voice))?;
    let (Some(parsed), Some(manual), Some(ledger)) = (&loaded.parsed, &loaded.manual, &loaded.ledger) else {
        voice.show(&loaded.findings, &loaded.sources, loaded.language());
        return Ok(Ended::WithErrors);
    };
    let role = names::role(&arguments.role, manual)?;
    let mut planned: Vec<Planned> = Vec::new();
    for name in &arguments.what {
        let subject = subject(name, manual)?;
        if planned.iter().any(|known| known.subject == subject) {
            continue;
        }
        let errors = errors(&loaded, manual, &subject);
        if !errors.is_empty() {
            voice.show(&errors, &loaded.sources, loaded.language());
            voice.say_error(&format!("Nothing was approved: what {} says cannot be told as long as there are errors.\n", subject.words()));
            return Ok(Ended::WithErrors);
        }
        let (text, version) = what(&subject, &role, manual, &Context::of(parsed))?;
        refuse(ledger, &subject, version.as_deref(), &role)?;
        if stands(manual, &subject, &role) {
            voice.tell(&format!("{} is approved by `{role}` as it stands already.\n", capital(&subject.words())));
            continue;
        }
        let path = free_path(&loaded, &subject, &role, manual.today, &planned);
        planned.push(Planned { subject, text, version, path });
    }
    if planned.len() > 1 && planned.iter().any(|approval| approval.subject == Subject::Release) {
        return Err(CouldNotRun(
            "approve a release by itself, once everything in it is approved: it is bound to every file as it then is".into(),
        ));
    }
    if planned.is_empty() {
        return Ok(Ended::Well);
    }
    let mut signing =
        if arguments.unsigned { None } else { Some(Signing::find(arguments.key.as_deref(), ledger, &loaded, &role, manual.today)?) };

    let mut edits = Edits::default();
    for approval in &planned {
        let record = record(approval, &role, manual.today);
        if let Some(signing) = &mut signing {
            edits.add_exact(format!("{}.sig", approval.path), signing.sign(NAMESPACE, record.as_bytes())?);
        }
        edits.add_exact(approval.path.clone(), record);
        let sha256 = approval.text.sha256();
        if !ledger.keeps_text(&sha256) {
            edits.add_exact(text_path(approval, &sha256), approval.text.text.clone());
        }
    }
    let kept = edits.clone();
    let by_hand = if arguments.record_only { Vec::new() } else { follow(&mut edits, &planned, parsed, manual.today) };
    if !keeps_meaning(&edits, &planned, &role, &loaded, manual.today) {
        return finish(
            arguments,
            &kept,
            &planned,
            &role,
            &loaded,
            &planned.iter().map(|approval| approval.subject.words()).collect::<Vec<_>>(),
            voice,
        );
    }
    finish(arguments, &edits, &planned, &role, &loaded, &by_hand, voice)
}

fn finish(
    arguments: &Arguments,
    edits: &Edits,
    planned: &[Planned],
    role: &ItemId,
    loaded: &Loaded,
    by_hand: &[String],
    voice: Voice,
) -> Result<Ended, CouldNotRun> {
    let root: &Path = &arguments.project;
    records::make_folder(root, &format!("{FOLDER}x"))?;
    records::make_folder(root, &format!("{TEXTS}x"))?;
    let written = edits.write(root, &loaded.sources)?;
    voice.edited(root, &written);
    for approval in planned {
        let version = approval.version.as_ref().map_or_else(String::new, |version| format!(" {version}"));
        voice.tell(&format!("{}{version} is approved by `{role}`: {}\n", capital(&approval.subject.words()), approval.path));
        if arguments.unsigned {
            voice.tell(&format!("  not signed; to sign it: ssh-keygen -Y sign -n {NAMESPACE} -f KEY {}\n", approval.path));
        }
    }
    for path in written.iter().filter(|path| !path.starts_with("records/")) {
        voice.tell(&format!("  {path} says so too\n"));
    }
    for what in by_hand {
        voice.tell(&format!("  write `approved:` with the date for {what} yourself\n"));
    }
    Ok(Ended::Well)
}

/// What a name on the command line means.
fn subject(name: &str, manual: &Manual) -> Result<Subject, CouldNotRun> {
    let subject = Subject::parse(name).ok_or_else(|| {
        let known = ["soa", "treatments", "release"];
        let help = names::did_you_mean(name, known, || "name a document, as in POL-004, `soa`, `treatments` or `release`".into());
        CouldNotRun(format!("`{name}` cannot be approved; {help}"))
    })?;
    if let Subject::Document(id) = &subject {
        let document = manual.document(id).ok_or_else(|| names::no_document(id, manual))?;
        if document.status == "retired" {
            return Err(CouldNotRun(format!("{id} is retired; there is nothing to approve")));
        }
    }
    Ok(subject)
}

/// The errors that keep something from being approved.
fn errors(loaded: &Loaded, manual: &Manual, subject: &Subject) -> Vec<Finding> {
    let path_of = |finding: &Finding| match &finding.place {
        Place::Project => None,
        Place::File(path) => Some(path.clone()),
        Place::Span(span) => Some(loaded.sources.file(span.file).path.clone()),
    };
    let document = match subject {
        Subject::Document(id) => manual.document(id).map(|document| document.path.clone()),
        _ => None,
    };
    let concerns = |finding: &&Finding| {
        let path = path_of(finding);
        let of_it = document.is_none() || path.is_none() || path == document || path.as_deref() == Some(read::project::PATH);
        finding.severity == Severity::Error && of_it && !path.is_some_and(|path| path.starts_with("records/"))
    };
    loaded.findings.iter().filter(concerns).cloned().collect()
}

/// What is approved, as its canonical text, and its version.
fn what(subject: &Subject, role: &ItemId, manual: &Manual, context: &Context<'_>) -> Result<(Canonical, Option<Arc<str>>), CouldNotRun> {
    let project = &manual.view.project;
    match subject {
        Subject::Document(id) => {
            let document = manual.document(id).ok_or_else(|| names::no_document(id, manual))?;
            Ok((canonical::document(document, context), document.version.clone()))
        }
        Subject::Soa => Ok((canonical::soa(manual, context), project.soa.as_ref().and_then(|soa| soa.text("version")).cloned())),
        Subject::Treatments if !canonical::owners(manual).contains(role) => {
            Err(CouldNotRun(format!("`{role}` owns no risk; each owner of risks approves the part of the plan that is about them")))
        }
        Subject::Treatments => Ok((canonical::treatments(manual, role, context), None)),
        Subject::Release if project.version.is_none() => {
            Err(CouldNotRun("a release has a version: write `version:` to annexa.yaml first".into()))
        }
        Subject::Release => Ok((canonical::release(context), project.version.clone())),
    }
}

fn refuse(ledger: &Ledger, subject: &Subject, version: Option<&str>, role: &ItemId) -> Result<(), CouldNotRun> {
    let what = subject.words();
    match ledger.refusal(subject, version, role) {
        Some(Fault::Role(may)) => {
            let may: Vec<&str> = may.iter().map(ItemId::as_str).collect();
            Err(CouldNotRun(format!("`{role}` may not approve {what}; it is for {}", list(&may))))
        }
        Some(Fault::Author) => {
            Err(CouldNotRun(format!("`{role}` is the author of this version of {what}; somebody else has to approve it")))
        }
        _ if !matches!(subject, Subject::Treatments) && may_approve(ledger.parsed(), subject).is_none() => Err(CouldNotRun(format!(
            "nothing says who may approve {what}; write `approver:` to it, or `approvals: {{by: ..}}` to annexa.yaml"
        ))),
        _ => Ok(()),
    }
}

/// Whether a role's approval is there and counts, and nothing has changed since.
fn stands(manual: &Manual, subject: &Subject, role: &ItemId) -> bool {
    let Some(Standings { documents, soa, treatments, release }) = &manual.approvals else { return false };
    let standing = match subject {
        Subject::Document(id) => documents.get(id),
        Subject::Soa => soa.as_ref(),
        Subject::Treatments => treatments.get(role),
        Subject::Release => release.as_ref(),
    };
    matches!(standing, Some(Standing::AsItStands(given)) if given.by == *role)
}

/// A path for an approval that is not taken: `records/approvals/pol-004-2026-03-02-ceo.yaml`.
fn free_path(loaded: &Loaded, subject: &Subject, role: &ItemId, date: Date, planned: &[Planned]) -> String {
    let stem = format!("{FOLDER}{}-{date}-{role}", subject.to_string().to_ascii_lowercase());
    let taken = |path: &str| {
        let there = |path: &str| loaded.sources.find(path).is_some();
        there(path) || there(&format!("{path}.sig")) || planned.iter().any(|known| known.path == path)
    };
    let mut path = format!("{stem}.yaml");
    let mut number = 2;
    while taken(&path) {
        path = format!("{stem}-{number}.yaml");
        number += 1;
    }
    path
}

/// Where the text that was approved is kept: `records/approved/pol-004@2.1-1f0c9a3be2d4.txt`.
fn text_path(approval: &Planned, sha256: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let version: String =
        approval.version.iter().flat_map(|version| version.chars().map(move |c| if plain(c) { c } else { '-' }).take(20)).collect();
    let at = if version.is_empty() { "" } else { "@" };
    format!("{TEXTS}{}{at}{version}-{}.txt", approval.subject.to_string().to_ascii_lowercase(), &sha256[..12])
}

/// An approval as it is signed.
fn record(approval: &Planned, role: &ItemId, date: Date) -> String {
    let version = approval.version.as_ref().map_or_else(String::new, |version| format!("version: {}\n", records::quoted(version)));
    format!(
        "# Written and signed by `annexa approve`; nobody edits it.\napproval: {}\n{version}approver: {role}\ndate: {date}\nformat: {}\nsha256: {}\n",
        approval.subject,
        approval.text.format,
        approval.text.sha256()
    )
}

/// Lets documents and annexa.yaml say that they are approved, on the day; says for which of them a person has to. Neither is part of what was approved.
fn follow(edits: &mut Edits, planned: &[Planned], parsed: &Parsed, date: Date) -> Vec<String> {
    let mut by_hand = Vec::new();
    for approval in planned {
        match &approval.subject {
            Subject::Document(id) => {
                let Some(document) = parsed.documents.iter().find(|document| document.id == *id) else { continue };
                follow_document(edits, document, parsed, date);
            }
            Subject::Soa => match parsed.project.soa.as_ref().filter(|soa| soa.get("approved").is_some()) {
                Some(soa) if soa.date("approved") == Some(date) => {}
                Some(soa) => edits.replace(soa.span_of("approved"), date.to_string()),
                None => by_hand.push(approval.subject.words()),
            },
            Subject::Treatments | Subject::Release => {}
        }
    }
    by_hand
}

fn follow_document(edits: &mut Edits, document: &Document, parsed: &Parsed, date: Date) {
    let status = document.front.span_of("status");
    if document.status != "approved" {
        edits.replace(status, "approved");
    }
    if document.approved == Some(date) {
        return;
    }
    if document.front.get("approved").is_some() {
        edits.replace(document.front.span_of("approved"), date.to_string());
        return;
    }
    let text = parsed.sources.file(document.file).text();
    let from = status.range().end;
    let end = text.get(from..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| from + at);
    edits.replace(Span::new(document.file, end..end), format!("\napproved: {date}"));
}

/// Whether what was approved means the same after the edits, and its documents say that they are approved.
fn keeps_meaning(edits: &Edits, planned: &[Planned], role: &ItemId, loaded: &Loaded, date: Date) -> bool {
    let Ok(sources) = edits.applied(&loaded.sources) else { return false };
    let mut progress = Progress::silent();
    let after = load::examine(Arc::new(sources), Vec::new(), date, &mut progress);
    let (Some(parsed), Some(manual)) = (&after.parsed, &after.manual) else { return false };
    planned.iter().all(|approval| {
        let same = || what(&approval.subject, role, manual, &Context::of(parsed)).is_ok_and(|(text, _)| text == approval.text);
        match &approval.subject {
            // It holds the bytes of every file.
            Subject::Release => true,
            _ => same(),
        }
    })
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
