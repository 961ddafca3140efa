//! `annexa init --from DIR`: a project around a folder of policies as it is. The files stay where they lie and as they are; what Annexa has to know of them stands
//! beside, and what is wrong today is written down, so that only what is new fails.
#![allow(clippy::disallowed_methods)] // law 1: cli reads the folder

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use walkdir::WalkDir;

use super::{APPROVALS, Arguments, CouldNotRun, Ended, FRAMEWORKS, ORGANISATION, chosen, question::Asking, quoted, with_schemas, write};
use crate::base::finding::baseline::Baseline;
use crate::base::finding::{Place, Severity, fingerprint};
use crate::base::source::{Content, FOLDERS, PROJECT_FILE, Scope, SourceFile, Sources, path};
use crate::cli::load::{self, Loaded, ProjectArguments};
use crate::cli::progress::Progress;
use crate::cli::voice::Voice;
use crate::link::report;
use crate::read;
use crate::read::adopt;
use crate::read::catalogues::Catalogues;
use crate::read::import::folder::{Comply, Proposal, Request, propose};
use crate::read::project;

/// The list of what is known on the first day.
const BASELINE: &str = "baseline.json";
/// Folders of programs, in which nobody keeps policies.
const OTHERS: &[&str] = &["node_modules", "target", "dist", "vendor", "__pycache__", "_site", "site-packages", "venv"];
/// Roles that the Statement of Applicability and the control statements name until others do.
const ROLES: [(&str, &str); 2] = [("ceo", "Chief executive officer"), ("ciso", "Chief information security officer")];
/// How many files are named in a list on the terminal.
const NAMED: usize = 30;

/// A folder as it lies on disk.
struct Folder {
    project: PathBuf,
    /// Its path in the project with a slash at its end, or nothing.
    from: String,
    /// Paths in the project and texts of the Markdown files.
    texts: Vec<(Arc<str>, String)>,
    others: Vec<Arc<str>>,
    /// Files that cannot be read, with the reason.
    unread: BTreeMap<Arc<str>, String>,
}

/// What kind of folder it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Kind {
    /// Any folder with Markdown in it.
    Any,
    /// A project of strongdm/comply.
    Comply,
}

/// What a project is made of that is made of a folder.
pub(in crate::cli) struct Wanted<'a> {
    pub(in crate::cli) from: &'a Path,
    /// The project's folder, where it is not the same.
    pub(in crate::cli) project: Option<&'a Path>,
    pub(in crate::cli) organisation: Option<&'a str>,
    pub(in crate::cli) frameworks: Option<&'a str>,
    pub(in crate::cli) today: Option<Date>,
    pub(in crate::cli) kind: Kind,
}

impl<'a> Wanted<'a> {
    /// What `annexa init --from` asks for.
    pub(super) fn of(arguments: &'a Arguments, from: &'a Path) -> Self {
        Wanted {
            from,
            project: arguments.folder.as_deref(),
            organisation: arguments.organisation.as_deref(),
            frameworks: arguments.frameworks.as_deref(),
            today: arguments.today,
            kind: Kind::Any,
        }
    }
}

/// Makes the project, or nothing at all.
pub(in crate::cli) fn run(wanted: &Wanted<'_>, voice: Voice) -> Result<Ended, CouldNotRun> {
    let today = crate::cli::today::today(wanted.today)?;
    let folder = Folder::read(wanted)?;
    if folder.texts.is_empty() {
        return Err(CouldNotRun(format!(
            "{} holds no Markdown file (`.md`, `.markdown`); make Markdown of what it holds, say by `pandoc -t gfm`, or begin with `annexa init DIR`",
            wanted.from.display()
        )));
    }
    let comply = (wanted.kind == Kind::Comply).then(|| folder.comply()).transpose()?;
    let mut asking = Asking::new(voice);
    let name = comply.as_ref().and_then(|comply| comply.name.clone()).unwrap_or_else(|| ORGANISATION.to_owned());
    let organisation = asking.text(wanted.organisation, "Name of the organisation", &name)?;
    let own: Vec<(String, String)> =
        comply.iter().flat_map(|comply| &comply.standards).filter_map(|standard| standard.file.clone()).collect();
    let editions: Vec<String> = comply.iter().flat_map(|comply| &comply.standards).map(|standard| standard.edition.to_string()).collect();
    let usual = if editions.is_empty() { FRAMEWORKS.to_owned() } else { editions.join(",") };
    let catalogues = asking.checked(wanted.frameworks, "Frameworks in use, separated by commas", &usual, |answer| chosen(answer, &own))?;

    let classifications = project::usual_classifications();
    let request = Request {
        from: &folder.from,
        texts: folder.texts.iter().map(|(path, text)| (path.clone(), text.as_str())).collect(),
        others: folder.others.clone(),
        classifications: &classifications,
        catalogues: &catalogues,
        comply: comply.as_ref(),
    };
    let mut proposal = propose(&request);
    proposal.left_out.extend(folder.unread.clone());
    let plan = Plan { folder: &folder, organisation: &organisation, catalogues: &catalogues, own: &own, today };
    let (mut files, loaded) = plan.fitted(&mut proposal)?;
    if proposal.documents.is_empty() {
        return Err(CouldNotRun(format!(
            "none of the files in {} can be taken over:\n{}",
            wanted.from.display(),
            left_out(&proposal).trim_end()
        )));
    }
    let fingerprints = fingerprint::of(&loaded.findings, &loaded.sources);
    // An error that is left is not one to be known and passed over: `annexa check` will say it.
    let (findings, fingerprints): (Vec<_>, Vec<_>) =
        loaded.findings.iter().cloned().zip(fingerprints).filter(|(finding, _)| finding.severity != Severity::Error).unzip();
    let baseline = Baseline::of(&findings, &fingerprints, &loaded.sources);
    files.push((BASELINE.into(), baseline.to_json()));
    let mut text = summary(&folder, &proposal, &baseline);
    write(&folder.project, &files)?;
    if let Some(comply) = &comply {
        let claims = folder.texts.iter().flat_map(|(path, text)| {
            let lost = comply.lost_claims(text, &request);
            lost.into_iter().map(move |claim| (path.to_string(), format!("claims `{claim}`, which names no control in use")))
        });
        text.push_str(&named("Not taken over", comply.lost.iter().cloned().chain(claims)));
    }
    let errors = loaded.findings.len() - findings.len();
    if errors > 0 {
        let (noun, verb) = if errors == 1 { ("error", "is") } else { ("errors", "are") };
        text.push_str(&format!("\n{errors} {noun} {verb} left that no document has; `annexa check` says what to do\n"));
    }
    let framework = catalogues.in_use().next().map(|catalogue| catalogue.id.to_string()).unwrap_or_default();
    text.push_str(&next_steps(&folder.project, &framework));
    files.iter().for_each(|(path, _)| voice.detail("written", folder.project.join(path).display()));
    voice.tell(&text);
    Ok(Ended::Well)
}

impl Folder {
    fn read(wanted: &Wanted<'_>) -> Result<Self, CouldNotRun> {
        let real = |folder: &Path| {
            folder
                .canonicalize()
                .map_err(|error| CouldNotRun(format!("{} cannot be read: {error}; name a folder that is there", folder.display())))
        };
        let root = real(wanted.from)?;
        if !root.is_dir() {
            return Err(CouldNotRun(format!("{} is a file; name the folder that it lies in", wanted.from.display())));
        }
        let project = match wanted.project {
            Some(project) => real(project)?,
            None => root.clone(),
        };
        let Ok(within) = root.strip_prefix(&project) else {
            return Err(CouldNotRun(format!(
                "{} does not lie in {}; the project's folder must hold the files, since they stay where they are",
                wanted.from.display(),
                project.display()
            )));
        };
        if project.join(PROJECT_FILE).symlink_metadata().is_ok() {
            return Err(CouldNotRun(format!(
                "{} is a project already; add rows to `sources` in its {PROJECT_FILE} to take further files",
                project.display()
            )));
        }
        let from: String = within.components().map(|part| format!("{}/", part.as_os_str().to_string_lossy())).collect();
        let mut folder = Folder { project, from: path::normal(&from), texts: Vec::new(), others: Vec::new(), unread: BTreeMap::new() };
        let is_kept = |entry: &walkdir::DirEntry| {
            let name = entry.file_name().to_string_lossy();
            let hidden = name.starts_with('.') || name.ends_with('~');
            entry.depth() == 0 || !(hidden || entry.file_type().is_dir() && OTHERS.contains(&name.as_ref()))
        };
        for entry in
            WalkDir::new(&root).sort_by_file_name().into_iter().filter_entry(is_kept).flatten().filter(|entry| !entry.file_type().is_dir())
        {
            folder.add(entry.path());
        }
        folder.texts.sort();
        folder.others.sort();
        Ok(folder)
    }

    fn add(&mut self, disk: &Path) {
        let within = disk.strip_prefix(&self.project).unwrap_or(disk);
        let parts: Vec<_> = within.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        let path: Arc<str> = path::normal(&parts.join("/")).into();
        if !adopt::is_text(&path) {
            self.others.push(path);
            return;
        }
        let why = if path.contains(['*', '?', '\u{fffd}']) || path::unusable(&path).is_some() {
            "has a name that cannot be written everywhere: rename it".to_owned()
        } else {
            match crate::base::source::read_file(disk, Scope::default().file_bytes).map(String::from_utf8) {
                Ok(Ok(text)) if text.trim_start_matches('\u{feff}').trim().is_empty() => "is empty".to_owned(),
                Ok(Ok(text)) => {
                    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
                    self.texts.push((path, text));
                    return;
                }
                Ok(Err(_)) => "is not in UTF-8: save it so, say by `iconv -f windows-1252 -t utf-8`".to_owned(),
                Err(why) => why,
            }
        };
        self.unread.insert(path, why);
    }

    /// Settings and standards of a project of strongdm/comply.
    fn comply(&self) -> Result<Comply, CouldNotRun> {
        let is_of_comply = |path: &&Arc<str>| {
            let within = path.strip_prefix(self.from.as_str()).unwrap_or(path);
            let is_yaml = within.ends_with(".yml") || within.ends_with(".yaml");
            is_yaml && (within.starts_with("standards/") || matches!(within, "comply.yml" | "comply.yaml"))
        };
        let read = |path: &Arc<str>| {
            let bytes =
                crate::base::source::read_file(&self.project.join(path.as_ref()), Scope::default().file_bytes).map_err(CouldNotRun)?;
            Ok((path.clone(), String::from_utf8_lossy(&bytes).into_owned()))
        };
        let files: Vec<(Arc<str>, String)> = self.others.iter().filter(is_of_comply).map(read).collect::<Result<_, CouldNotRun>>()?;
        if files.is_empty() {
            return Err(CouldNotRun(format!(
                "{} holds no `comply.yml` and no `standards/`, so that it is no project of comply; `annexa init --from` takes any folder",
                self.project.join(&self.from).display()
            )));
        }
        Ok(Comply::read(&self.from, &files))
    }
}

/// From proposals to files.
struct Plan<'a> {
    folder: &'a Folder,
    organisation: &'a str,
    catalogues: &'a Catalogues,
    /// Catalogues that come with the folder.
    own: &'a [(String, String)],
    today: Date,
}

impl Plan<'_> {
    /// The files, and what there is to say of the project that they make. A document with which it would not build is left out, and so on until it does.
    fn fitted(&self, proposal: &mut Proposal) -> Result<(Vec<(String, String)>, Loaded), CouldNotRun> {
        loop {
            let files = self.files(proposal);
            let loaded = self.examined(&files)?;
            let mut bad: BTreeMap<Arc<str>, String> = BTreeMap::new();
            for finding in loaded.findings.iter().filter(|finding| finding.severity == Severity::Error) {
                let path = match &finding.place {
                    Place::Span(span) => loaded.sources.file(span.file).path.clone(),
                    Place::File(path) => path.clone(),
                    Place::Project => continue,
                };
                if proposal.documents.iter().any(|document| document.path == path) {
                    let help = finding.help.first().map_or_else(String::new, |help| format!("; {help}"));
                    bad.entry(path).or_insert_with(|| format!("{}: {}{help}", finding.rule.code, finding.message));
                }
            }
            if bad.is_empty() {
                return Ok((files, loaded));
            }
            bad.into_iter().for_each(|(path, why)| proposal.leave_out(&path, why));
        }
    }

    fn files(&self, proposal: &mut Proposal) -> Vec<(String, String)> {
        for (id, name) in ROLES {
            proposal.roles.entry(id.to_owned()).or_insert_with(|| name.to_owned());
        }
        let mut files = vec![
            (adopt::FRONT_MATTER_PATH.to_owned(), proposal.front_matter()),
            ("content/registers/roles.yaml".to_owned(), proposal.roles()),
        ];
        super::add_statements(&mut files, self.catalogues, &BTreeSet::new());
        files.extend(self.own.iter().cloned());
        files.push((".gitignore".into(), "/dist\n/as-of-*\n".into()));
        files.push((project::PATH.into(), self.settings(proposal)));
        with_schemas(files)
    }

    fn settings(&self, proposal: &Proposal) -> String {
        let frameworks: Vec<String> = self.catalogues.in_use().map(|catalogue| catalogue.id.to_string()).collect();
        let asks = self.catalogues.in_use().any(|catalogue| report::is_soa_framework(&catalogue.id));
        let approvals = if asks { APPROVALS } else { "" };
        format!(
            "format: 1\ntitle: Information security manual\nversion: \"0.1\"\nlanguage: en\norg:\n  name: {}\nframeworks: [{}]\n{approvals}{}\
             # What was wrong on the first day. `annexa check` fails on what is new; write it again with `--write-baseline {BASELINE}`.\nbaseline: {BASELINE}\n",
            quoted(self.organisation),
            frameworks.join(", "),
            proposal.settings(),
        )
    }

    /// What `annexa check` will say.
    fn examined(&self, files: &[(String, String)]) -> Result<Loaded, CouldNotRun> {
        let settings = files.iter().find(|(path, _)| path == project::PATH).map(|(_, text)| project::scope(text)).unwrap_or_default();
        let (sources, findings) = Sources::from_folder(&self.folder.project, &settings)?;
        let is_source = |path: &str| path == project::PATH || FOLDERS.contains(&path.split('/').next().unwrap_or_default());
        let ours = files
            .iter()
            .filter(|(path, _)| is_source(path))
            .map(|(path, text)| SourceFile { path: path.as_str().into(), content: Content::Text(text.as_str().into()) });
        let sources = Arc::new(sources.with_files(ours.collect()).with_files(read::built_in()));
        let mut loaded = load::examine(sources, findings, self.today, &mut Progress::silent());
        loaded.examine_pdf(&ProjectArguments::default())?;
        Ok(loaded)
    }
}

fn summary(folder: &Folder, proposal: &Proposal, baseline: &Baseline) -> String {
    let kinds: Vec<String> = proposal.kinds().into_iter().map(|(kind, count)| counted(count, kind)).collect();
    let taken = proposal.documents.len();
    let noun = if taken == 1 { "document" } else { "documents" };
    let mut text = format!("Took {taken} {noun} over, where they lie: {}.\n", kinds.join(", "));
    let with_ids = proposal.documents.iter().filter(|document| document.has_id).count();
    let has = |key: &str| proposal.documents.iter().filter(|document| document.front.iter().any(|(known, _)| *known == key)).count();
    let mut said = Vec::new();
    said.extend((with_ids > 0).then(|| format!("{with_ids} with ids of their own")));
    said.extend((taken > with_ids).then(|| format!("{} with proposed ones", taken - with_ids)));
    said.extend((has("owner") > 0).then(|| format!("owners proposed for {}", has("owner"))));
    text.push_str(&format!("  {}: see {}\n", said.join(", "), adopt::FRONT_MATTER_PATH));
    if !proposal.unknown_keys.is_empty() {
        let keys: Vec<String> = proposal.unknown_keys.iter().map(|key| format!("`{key}`")).collect();
        text.push_str(&format!("  keys of front matter that are ignored until `keys` says what they mean: {}\n", keys.join(", ")));
    }
    if proposal.undated > 0 {
        let (noun, verb) = if proposal.undated == 1 { ("says", "it counts as a draft") } else { ("say", "they count as drafts") };
        text.push_str(&format!("  {} {noun} approved, and not since when; {verb} until `approved` is there\n", proposal.undated));
    }
    let (noun, verb) = if baseline.len() == 1 { ("finding", "is") } else { ("findings", "are") };
    text.push_str(&format!("  {} {noun} of today {verb} in {BASELINE}; `annexa check` fails on new ones only\n", baseline.len()));
    let ours: Vec<&str> = FOLDERS.iter().copied().filter(|name| *name != "content" && folder.project.join(name).is_dir()).collect();
    for name in ours {
        text.push_str(&format!("  {name}/ is a folder that Annexa reads as its own; move what was meant otherwise\n"));
    }
    text.push_str(&left_out(proposal));
    text
}

fn left_out(proposal: &Proposal) -> String {
    named("Left out", proposal.left_out.iter().map(|(path, why)| (path.to_string(), why.clone())))
}

/// A list of files, each with what there is to say of it.
fn named(title: &str, files: impl Iterator<Item = (String, String)>) -> String {
    let files: Vec<_> = files.collect();
    if files.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{title}:\n");
    for (path, why) in files.iter().take(NAMED) {
        text.push_str(&format!("  {path}: {why}\n"));
    }
    if files.len() > NAMED {
        text.push_str(&format!("  and {} more\n", files.len() - NAMED));
    }
    text
}

fn counted(count: usize, kind: &str) -> String {
    let noun = match (kind, count) {
        ("manual", 1) => "chapter".to_owned(),
        ("manual", _) => "chapters".to_owned(),
        ("sop", 1) => "procedure".to_owned(),
        ("sop", _) => "procedures".to_owned(),
        ("policy", 1) => "policy".to_owned(),
        ("policy", _) => "policies".to_owned(),
        (kind, 1) => kind.to_owned(),
        (kind, _) => format!("{kind}s"),
    };
    format!("{count} {noun}")
}

fn next_steps(project: &Path, framework: &str) -> String {
    let current = std::env::current_dir().ok();
    let shown =
        current.and_then(|current| project.strip_prefix(current).ok().map(Path::to_path_buf)).unwrap_or_else(|| project.to_path_buf());
    let shown = if shown.as_os_str().is_empty() { ".".to_owned() } else { shown.display().to_string() };
    let width = framework.len() + shown.len() + 6;
    let line = |command: String| format!("annexa {command:<width$}   ");
    format!(
        "\nThen:\n  {}nothing new is wrong\n  {}the site and the PDF, into {shown}/dist\n  {}which controls no document meets yet\n",
        line(format!("check {shown}")),
        line(format!("build {shown}")),
        line(format!("gap {framework} {shown}")),
    )
}
