//! A project of strongdm/comply: `policies`, `narratives` and `procedures` in Markdown with front matter (`name`, `acronym`, `satisfies`, `majorRevisions`), and
//! `standards` in YAML, one file each, with a mapping of identifiers to `family`, `name` and `description`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::draft::{Control, Draft, Group};
use super::super::report::Report;
use super::super::write;
use super::{Request, words};
use crate::base::finding::Finding;
use crate::base::id::{EditionId, Reference, canonical_control};
use crate::base::source::FileId;
use crate::base::word::Phrase;
use crate::base::yaml::{self, Kind, Node};

/// The folders of documents, and what these are.
const FOLDERS: [(&str, &str); 3] = [("policies/", "policy"), ("narratives/", "manual"), ("procedures/", "sop")];

/// The name of the Trust Services Criteria there, and what they are here.
const TRUST_CRITERIA: (&str, &str) = ("tsc", "soc2@2017");

/// What such a project says beside its documents.
#[derive(Debug, Default)]
pub struct Comply {
    from: String,
    /// The organisation's name.
    pub name: Option<String>,
    /// Standards, as catalogues.
    pub standards: Vec<Standard>,
    /// By the names that claims use, in lower case, the editions meant.
    editions: BTreeMap<String, EditionId>,
    /// What was not taken over.
    pub lost: Vec<(String, String)>,
}

/// A standard of theirs as a catalogue of ours.
#[derive(Debug)]
pub struct Standard {
    /// The edition.
    pub edition: EditionId,
    /// The path of the catalogue in the project; none where it is built in.
    pub file: Option<(String, String)>,
}

impl Comply {
    /// Reads settings and standards. `files` are paths in the project, with a text.
    pub fn read(from: &str, files: &[(Arc<str>, String)]) -> Self {
        let mut comply = Comply { from: from.to_owned(), ..Comply::default() };
        for (path, text) in files {
            let within = path.strip_prefix(from).unwrap_or(path);
            let Some(node) = yaml::parse(text, FileId(0), 0, &mut Vec::new()) else {
                comply.lost.push((path.to_string(), "is no YAML that can be read".to_owned()));
                continue;
            };
            if matches!(within, "comply.yml" | "comply.yaml") {
                comply.name = node.get("name").and_then(text_of).map(str::to_owned);
                for key in ["tickets", "approvedBranch"] {
                    if node.get(key).is_some() {
                        comply.lost.push((path.to_string(), format!("says `{key}`, which Annexa has no use for")));
                    }
                }
            } else if within.starts_with("standards/") {
                comply.standard(path, &node);
            }
        }
        comply
    }

    fn standard(&mut self, path: &str, node: &Node) {
        let Kind::Mapping(entries) = &node.kind else {
            self.lost.push((path.to_owned(), "is no mapping of identifiers".to_owned()));
            return;
        };
        let stem = path.rsplit('/').next().unwrap_or(path).split('.').next().unwrap_or(path);
        let name = node.get("name").and_then(text_of).unwrap_or(stem).to_owned();
        if [name.to_lowercase(), stem.to_lowercase()].contains(&TRUST_CRITERIA.0.to_owned()) {
            let edition = EditionId::parse(TRUST_CRITERIA.1);
            self.editions.extend(edition.iter().map(|edition| (TRUST_CRITERIA.0.to_owned(), edition.clone())));
            self.standards.extend(edition.map(|edition| Standard { edition, file: None }));
            self.lost.push((path.to_owned(), format!("is `{}`, which is built in; its texts stay where they are", TRUST_CRITERIA.1)));
            return;
        }
        let short: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        let Some(edition) = EditionId::parse(&format!("{short}@1")) else {
            self.lost.push((path.to_owned(), format!("is called `{name}`, which cannot name a framework")));
            return;
        };
        let mut draft = Draft { title: name.clone(), source: path.to_owned(), ..Draft::default() };
        let mut groups: BTreeSet<String> = BTreeSet::new();
        for (key, value) in entries.iter().filter(|(key, _)| key.text.as_ref() != "name") {
            let title = value.get("name").and_then(text_of).unwrap_or(&key.text).to_owned();
            let family = value.get("family").and_then(text_of).map(str::to_owned);
            if let Some(family) = family.clone().filter(|family| groups.insert(family.clone())) {
                draft.groups.push(Group { id: family.clone(), title: family, parent: None });
            }
            draft.controls.push(Control {
                id: canonical_control(&key.text),
                title,
                group: family,
                text: value.get("description").and_then(text_of).map(str::to_owned),
                place: Phrase::text(format!("`{}`", key.text)),
                ..Control::default()
            });
        }
        let mut findings: Vec<Finding> = Vec::new();
        let shown: Arc<str> = path.into();
        let mut report = Report::new(&shown, &mut findings);
        draft.check(&edition, &mut report);
        if report.has_errors() {
            let why = findings.first().map_or_else(String::new, |finding| finding.message.to_string());
            self.lost.push((path.to_owned(), format!("cannot be a catalogue: {why}")));
            return;
        }
        let text = write::catalogue(&draft, &edition, None).replacen("annexa catalog import", "annexa import comply", 1);
        self.editions.insert(name.to_lowercase(), edition.clone());
        self.editions.insert(stem.to_lowercase(), edition.clone());
        self.standards.push(Standard { file: Some((format!("frameworks/{edition}.yaml"), text)), edition });
    }

    /// Whether a file is a document there, whatever it is called.
    pub(super) fn is_document(&self, path: &str) -> bool {
        self.kind(path).is_some()
    }

    /// What a document is by the folder that it lies in.
    pub(super) fn kind(&self, path: &str) -> Option<&'static str> {
        let within = path.strip_prefix(&self.from).unwrap_or(path);
        FOLDERS.iter().find(|(folder, _)| within.starts_with(folder)).map(|(_, kind)| *kind)
    }

    /// What the front matter of a document claims, and its versions.
    pub(super) fn front(&self, entries: &[(String, Node)], request: &Request<'_>) -> (Vec<String>, Vec<(String, String, String)>) {
        let entry = |name: &str| entries.iter().find(|(key, _)| key == name).map(|(_, value)| &value.kind);
        let mut claims = Vec::new();
        if let Some(Kind::Mapping(standards)) = entry("satisfies") {
            for (name, controls) in standards {
                let Kind::Sequence(controls) = &controls.kind else { continue };
                for control in controls.iter().filter_map(text_of) {
                    claims.extend(self.claim(&name.text, control, request));
                }
            }
        }
        let mut versions = Vec::new();
        if let Some(Kind::Sequence(revisions)) = entry("majorRevisions") {
            let dated = revisions.iter().filter_map(|revision| {
                let date = words::date(text_of(revision.get("date")?)?)?;
                Some((date, revision.get("comment").and_then(text_of).unwrap_or_default().to_owned()))
            });
            let mut dated: Vec<_> = dated.collect();
            dated.sort();
            versions.extend(dated.into_iter().zip(1..).map(|((date, change), number)| (format!("{number}.0"), date.to_string(), change)));
        }
        (claims, versions)
    }

    /// A claim in our way; nothing for a control that there is not.
    fn claim(&self, standard: &str, control: &str, request: &Request<'_>) -> Option<String> {
        let edition = self.editions.get(&standard.to_lowercase())?;
        let claim = format!("{edition}:{control}");
        let Some(Reference::Control { edition, control }) = Reference::parse(&claim) else { return None };
        request.catalogues.control(&edition, &control).is_ok().then_some(claim)
    }

    /// Claims of a document that lead to no control.
    pub fn lost_claims(&self, text: &str, request: &Request<'_>) -> Vec<String> {
        let Some(node) = super::front::parsed(text) else { return Vec::new() };
        let Some(Kind::Mapping(standards)) = node.get("satisfies").map(|node| &node.kind) else { return Vec::new() };
        let mut lost = Vec::new();
        for (name, controls) in standards {
            let Kind::Sequence(controls) = &controls.kind else { continue };
            let unknown = controls.iter().filter_map(text_of).filter(|control| self.claim(&name.text, control, request).is_none());
            lost.extend(unknown.map(|control| format!("{}:{control}", name.text)));
        }
        lost
    }
}

fn text_of(node: &Node) -> Option<&str> {
    node.text().map(AsRef::as_ref)
}
