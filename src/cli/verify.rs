//! `annexa verify`: whether a published folder or a PDF is as it was built, who signed it, of which sources it was made, and that it says nothing that its audience may
//! not see.

mod pdf;
mod sources;

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use ssh_key::HashAlg;

use super::load;
use super::progress::Progress;
use super::rebuild::{self, Made, Releases};
use super::signing;
use super::voice::Voice;
use super::{CouldNotRun, Ended, Format, build, names};
use crate::base::finding::{self, Counts, Finding, Place, Severity, json, plain, terminal};
use crate::base::rule;
use crate::base::source::{Sources, read_file};
use crate::base::word::{Phrase, phrase, word};
use crate::history::approval::signature::{self, MANIFEST_NAMESPACE, Signers};
use crate::publish::{Manifest, Proof, Published, SIGNATURE_PATH, Settings, verify};
use crate::read::approval::SIGNERS;
use crate::read::project;
use crate::render::export::SOURCES_PATH;
use crate::render::site::releases::LATEST;
use crate::render::{self, Artifacts, MANIFEST_PATH, site};

/// Largest signature and largest list of signers that are read, in bytes.
const LARGEST: usize = 1 << 20;

#[derive(Args)]
pub(super) struct Arguments {
    /// The folder that was published, or a PDF
    #[arg(value_name = "DIR|FILE.pdf")]
    output: PathBuf,
    /// For whom it is: a classification, or `auditor` (default: whom it names itself)
    #[arg(long, value_name = "NAME")]
    audience: Option<String>,
    /// The project's folder: its sources say what is withheld, and the output is made again from them and compared (default: the current folder, for what is withheld alone)
    #[arg(long, value_name = "DIR")]
    project: Option<PathBuf>,
    /// The release that a PDF was made from (default: the sources as they stand)
    #[arg(long, value_name = "TAG")]
    release: Option<String>,
    /// Whose key signs manifests, as ssh-keygen reads it; asks for a signature (default: records/allowed_signers of the project, which asks for none)
    #[arg(long, value_name = "FILE")]
    allowed_signers: Option<PathBuf>,
    /// How to print findings
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments, voice: Voice) -> Result<Ended, CouldNotRun> {
    if !arguments.output.exists() {
        let output = arguments.output.display();
        return Err(CouldNotRun(format!("there is no `{output}`; name the folder that was published, or a PDF")));
    }
    let root = arguments.project.clone().unwrap_or_else(|| ".".into());
    let has_project = root.join(project::PATH).is_file();
    let is_file = arguments.output.is_file();
    if !has_project && (is_file || arguments.project.is_some() || arguments.audience.is_some()) {
        let why = if is_file { "by whose sources a PDF is verified" } else { "whose sources would say what is withheld" };
        return Err(CouldNotRun(format!("there is no annexa.yaml in `{}`, {why}; name the project with --project", root.display())));
    }
    if !arguments.output.exists() {
        return Err(CouldNotRun(format!("there is no `{}`; name a folder that was built, or a PDF", arguments.output.display())));
    }
    if !is_file && arguments.release.is_some() {
        return Err(CouldNotRun("--release is for a PDF; a folder says itself of which release it is".into()));
    }
    let (sources, found) = if has_project { load::sources(&root)? } else { (Arc::default(), Vec::new()) };
    let signers = match &arguments.allowed_signers {
        Some(file) => Some(read_file(file, LARGEST as u64).map_err(CouldNotRun)?),
        None => sources.find(SIGNERS).map(|id| sources.file(id).bytes().to_vec()),
    };
    let signers = signers.map(|bytes| Signers::read(&String::from_utf8_lossy(&bytes)));
    let mut check = Check { arguments, root: &root, signers, releases: OnceCell::new(), findings: Vec::new(), said: Vec::new() };
    if is_file {
        pdf::check(&mut check)?;
    } else {
        let published = verify(&arguments.output)?;
        check.findings.extend(found);
        check.top(published, has_project, &sources)?;
    }
    let Check { mut findings, said, .. } = check;
    finding::sort(&mut findings, &sources);
    let language = load::language(&sources);
    let whole = Counts::of(&findings).errors == 0;
    match arguments.format {
        Format::Human => {
            let shown = terminal::render(&findings, &sources, &language, voice.options(&std::io::stdout()));
            voice.say(if findings.is_empty() { "" } else { &shown })?;
            said.iter().filter(|_| whole).for_each(|line| voice.tell(&format!("{}\n", plain(line))));
        }
        Format::Json => voice.say(&json::render(&findings, &sources, &language))?,
    }
    Ok(if whole { Ended::Well } else { Ended::WithErrors })
}

/// The files of an output, or why there are none.
type Rendered = Result<Artifacts, Vec<Finding>>;

/// A verification on its way.
struct Check<'a> {
    arguments: &'a Arguments,
    /// The project's folder.
    root: &'a Path,
    /// Whose key signs manifests, where a list is there.
    signers: Option<Signers>,
    /// The releases of the project, once they are asked for, or why there are none.
    releases: OnceCell<Result<Releases, String>>,
    findings: Vec<Finding>,
    /// What to say where all is well.
    said: Vec<String>,
}

impl Check<'_> {
    fn find(&mut self, rule: &'static rule::Rule, path: String, message: Phrase, help: impl Into<Phrase>) {
        self.findings.push(Finding::new(rule, Place::File(path.into()), message).help(help));
    }

    /// The folder that was named, and those in it that are outputs of their own.
    fn top(&mut self, mut published: Published, has_project: bool, sources: &Arc<Sources>) -> Result<(), CouldNotRun> {
        let made_for = published.manifest.as_ref().map(|manifest| manifest.audience.clone());
        self.findings.append(&mut published.findings);
        if let (Some(wanted), Some(made_for)) = (&self.arguments.audience, &made_for)
            && wanted != made_for
        {
            let message = phrase!("the output was made for {audience}, and is verified for {wanted}", audience = made_for, wanted = wanted);
            let help = phrase!("publish the output that was made for this audience, or name the one that the folder is for");
            self.find(&rule::AUDIENCE_DIFFERS, MANIFEST_PATH.into(), message, help);
        }
        let audience = self.arguments.audience.clone().or(made_for);
        let proved = match audience {
            Some(audience) if has_project => {
                let Some(project) = project::read(sources, &mut Vec::new()) else {
                    return Err(CouldNotRun("annexa.yaml cannot be read; `annexa check` says why".into()));
                };
                let audience = names::audience(&plain(&audience), &project, &[])?;
                self.prove(sources.clone(), &audience.name, &published, "");
                Some(audience.name.to_string())
            }
            _ => None,
        };
        self.said.push(summary(&published, proved));
        self.signature(&published, "");
        self.rebuild(&published, "");
        for folder in published.folders.clone() {
            let mut inner = verify(&self.arguments.output.join(&folder))?;
            let prefix = format!("{folder}/");
            let moved = std::mem::take(&mut inner.findings).into_iter().map(|mut finding| {
                if let Place::File(path) = &finding.place {
                    finding.place = Place::File(format!("{prefix}{path}").into());
                }
                finding
            });
            self.findings.extend(moved);
            self.said.push(format!("{prefix} {}, all as they were built.", files(inner.files.len())));
            self.signature(&inner, &prefix);
            self.rebuild(&inner, &prefix);
        }
        Ok(())
    }

    /// Looks for leaks.
    fn prove(&mut self, sources: Arc<Sources>, audience: &str, published: &Published, prefix: &str) {
        let paths: Vec<(String, &[u8])> =
            published.files.iter().map(|(path, bytes)| (format!("{prefix}{path}"), bytes.as_slice())).collect();
        let files: Vec<(&str, &[u8])> = paths.iter().map(|(path, bytes)| (path.as_str(), *bytes)).collect();
        let leaks = Proof::new(sources, audience, &render::fixed_files()).check(&files);
        // Sources of a release are not those that findings are shown with.
        let told = |leak: Finding| if prefix.is_empty() { leak } else { Finding::new(leak.rule, Place::Project, leak.message) };
        self.findings.extend(leaks.into_iter().map(told));
    }

    /// Who has signed the manifest.
    fn signature(&mut self, published: &Published, prefix: &str) {
        let (Some(manifest), Some(signed)) = (&published.manifest, published.file(MANIFEST_PATH)) else { return };
        let path = format!("{prefix}{SIGNATURE_PATH}");
        let Some(bytes) = published.file(SIGNATURE_PATH) else {
            if self.arguments.allowed_signers.is_some() {
                let message = phrase!("`{path}` is not signed", path = format!("{prefix}{MANIFEST_PATH}"));
                let help = phrase!("get the output with its signature, or sign it: `annexa build --sign KEY`");
                self.find(&rule::MANIFEST_UNSIGNED, path, message, help);
            } else if prefix.is_empty() {
                self.said.push("The manifest is not signed: that files fit it says nothing of who made both.".into());
            }
            return;
        };
        let manifest_path = format!("{prefix}{MANIFEST_PATH}");
        let is_bounded = bytes.len() <= LARGEST;
        let fits = if is_bounded { signature::verify(MANIFEST_NAMESPACE, signed, bytes) } else { Err(phrase!("is too large for one")) };
        let key = match fits {
            Ok(key) => key,
            Err(why) => {
                let message = phrase!("the signature of `{path}` {why}", path = manifest_path, why = why);
                let help = phrase!("do not trust the output; get it again from whoever published it");
                return self.find(&rule::MANIFEST_SIGNATURE_INVALID, path, message, help);
            }
        };
        let name = key.fingerprint(HashAlg::Sha256).to_string();
        let day = manifest.today.unwrap_or_default();
        match self.signers.as_ref().map(|signers| signers.signer(&key, MANIFEST_NAMESPACE, day)) {
            Some(Ok(who)) => {
                let who = who.to_owned();
                self.said.push(format!("{prefix}{MANIFEST_PATH} is signed by {who} ({name})."));
            }
            Some(Err(why)) => {
                let message = phrase!("`{path}` is signed by the key {name}, which {why}", path = manifest_path, name = name, why = why);
                let line = format!("publisher namespaces=\"{MANIFEST_NAMESPACE}\" {}", signing::bare(&key));
                let help = phrase!("if it is the publisher's, have this line added to the list: {line}", line = line);
                self.find(&rule::MANIFEST_SIGNER_UNKNOWN, path, message, help);
            }
            None => {
                let message =
                    phrase!("`{path}` is signed by the key {name}, and no list says whose it is", path = manifest_path, name = name);
                let mut finding = Finding::new(&rule::MANIFEST_SIGNER_UNKNOWN, Place::File(path.into()), message)
                    .help(phrase!("name a list of signers with --allowed-signers FILE, or the project that has one with --project"));
                finding.severity = Severity::Warning;
                self.findings.push(finding);
            }
        }
    }

    /// Makes the output again, where the project is named, and compares.
    fn rebuild(&mut self, published: &Published, prefix: &str) {
        let Some(manifest) = published.manifest.as_ref().filter(|_| self.arguments.project.is_some()) else { return };
        let Some(settings) = manifest.settings.clone() else {
            // Notices and what leads to releases are made of all of them, and have none.
            if prefix.is_empty() && manifest.folders.is_empty() {
                self.not_compared(prefix, phrase!("its manifest does not say how it was made"));
            }
            return;
        };
        let made = match (&manifest.release, manifest.today) {
            (Some(stamp), _) => self.releases().and_then(|releases| releases.made(&stamp.name, &manifest.audience)),
            (None, Some(today)) => rebuild::as_it_stands(self.root, &manifest.audience, today),
            (None, None) => Err(CouldNotRun("its manifest has no date".into())),
        };
        let made = match made {
            Ok(made) => made,
            Err(CouldNotRun(why)) => return self.not_compared(prefix, Phrase::text(why)),
        };
        if let Some(how) = other_sources(manifest, &made, published) {
            let (what, from) = (output(prefix), self.sources_of(manifest));
            let message = phrase!("{what} was made from other sources than {from}: {how}", what = what, from = from, how = how);
            let help = phrase!("compare with the sources that it was made from, or publish it again");
            return self.find(&rule::SOURCES_DIFFER, format!("{prefix}{MANIFEST_PATH}"), message, help);
        }
        if !prefix.is_empty() {
            self.prove(made.manual.view.sources.clone(), &manifest.audience, published, prefix);
        }
        if let Some(why) = incomparable(&manifest.version, settings.pdf) {
            let from = self.sources_of(manifest);
            return self.not_compared(prefix, phrase!("{why}; by its digest, it was made from {from}", why = why, from = from));
        }
        let at = self.arguments.output.join(prefix);
        let again = match self.made_again(&made, &settings, &at, published) {
            Ok(again) => again,
            Err(CouldNotRun(why)) => return self.not_compared(prefix, Phrase::text(why)),
        };
        let again = match again {
            Ok(again) => again,
            Err(found) => {
                let why = found.first().map(|finding| finding.message.clone()).unwrap_or_default();
                return self.not_compared(prefix, phrase!("it cannot be built again: {why}", why = why));
            }
        };
        // `latest` holds besides what leads to pages of older releases.
        let is_latest = prefix.strip_suffix('/') == Some(LATEST);
        let manifest_again = build::manifest(&made.manual, &again, made.stamp.clone(), settings).to_json();
        let within = |path: &str| format!("{prefix}{path}");
        let other = |path: String| (phrase!("`{path}` is not what these sources give", path = path), path);
        let missing = |path: String| (phrase!("`{path}` is missing, and these sources give it", path = path), path);
        let strange = |path: String| (phrase!("`{path}` is nothing that these sources give", path = path), path);
        let mut wrong: Vec<(Phrase, String)> = Vec::new();
        for file in again.iter() {
            match published.file(&file.path) {
                Some(bytes) if bytes == file.bytes => {}
                Some(_) => wrong.push(other(within(&file.path))),
                None => wrong.push(missing(within(&file.path))),
            }
        }
        if !is_latest {
            let more = published.files.iter().map(|(path, _)| path.as_str());
            let more = more.filter(|path| ![MANIFEST_PATH, SIGNATURE_PATH].contains(path) && again.find(path).is_none());
            wrong.extend(more.map(|path| strange(within(path))));
            if published.file(MANIFEST_PATH) != Some(manifest_again.as_bytes()) {
                wrong.push(other(within(MANIFEST_PATH)));
            }
        }
        if wrong.is_empty() {
            let from = self.sources_of(manifest);
            return self.said.push(format!("{prefix}Made again from {from}: {}, the same bytes.", files(again.as_slice().len() + 1)));
        }
        for (message, path) in wrong {
            let help = word!("do not trust it; publish the output again, signed, and ask who could change it");
            self.find(&rule::REBUILD_DIFFERS, path, message, help);
        }
    }

    /// The files of an output, or why they cannot be rendered.
    fn made_again(&self, made: &Made, settings: &Settings, at: &Path, published: &Published) -> Result<Rendered, CouldNotRun> {
        let mut progress = Progress::silent();
        if settings.pack {
            let since = settings.since.as_deref().map(|name| made.since(self.releases()?, name)).transpose()?;
            return Ok(made.pack(since, settings.pdf, &mut progress));
        }
        let options = if settings.next || made.stamp.is_some() {
            made.options_among(self.releases(), at, published, &settings.withdrawn)?
        } else {
            site::Options::default()
        };
        Ok(build::render(&made.manual, settings.pdf, options, &mut progress))
    }

    /// The releases of the project, read once for all folders.
    fn releases(&self) -> Result<&Releases, CouldNotRun> {
        let read = self.releases.get_or_init(|| Releases::of(self.root).map_err(|CouldNotRun(why)| why));
        read.as_ref().map_err(|why| CouldNotRun(why.clone()))
    }

    fn sources_of(&self, manifest: &Manifest) -> Phrase {
        sources::named(manifest.release.as_ref().map(|stamp| stamp.name.as_str()), self.root)
    }

    fn not_compared(&mut self, prefix: &str, why: Phrase) {
        let message = phrase!("{what} was not made again: {why}", what = output(prefix), why = why);
        let help = phrase!("verify with the version of Annexa, and the sources, that it was made by");
        self.find(&rule::NOT_COMPARED, format!("{prefix}{MANIFEST_PATH}"), message, help);
    }
}

/// The output that was named, or one in a folder of it.
fn output(prefix: &str) -> Phrase {
    if prefix.is_empty() { phrase!("the output") } else { Phrase::text(prefix) }
}

/// Why this program cannot give the bytes that another one gave.
fn incomparable(version: &str, has_pdf: bool) -> Option<Phrase> {
    let own = env!("CARGO_PKG_VERSION");
    if version != own {
        return Some(phrase!(
            "it was made by Annexa {version}, and this is {own}, whose bytes may differ",
            version = plain(version),
            own = own
        ));
    }
    (has_pdf && !cfg!(feature = "pdf")).then(|| phrase!("it holds PDFs, and this annexa was built without the feature `pdf`"))
}

/// How the sources of an output differ from those of a manual; none where they are the same.
fn other_sources(manifest: &Manifest, made: &Made, published: &Published) -> Option<Phrase> {
    let origin = made.manual.origin.as_ref()?;
    let tree = |stamp: &Option<crate::publish::Stamp>| stamp.as_ref().and_then(|stamp| stamp.tree.clone());
    if let (Some(one), Some(other)) = (tree(&manifest.release), tree(&made.stamp))
        && one != other
    {
        return Some(phrase!("the tag leads to another tree"));
    }
    let list = published.file(SOURCES_PATH).and_then(|bytes| std::str::from_utf8(bytes).ok());
    sources::differ(manifest.view.as_deref(), manifest.sources.as_deref(), list, origin)
}

fn files(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}

fn summary(published: &Published, proved: Option<String>) -> String {
    let files = files(published.files.len());
    match proved {
        Some(audience) => format!("{files}, all as they were built; nothing in them is withheld from {audience}."),
        None => {
            format!("{files}, all as they were built. What they say was not looked at: there is no project here to say what is withheld.")
        }
    }
}
