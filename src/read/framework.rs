//! Catalogues: the editions of frameworks with their controls, built in or the project's own.
//!
//! `table` declares the format; `overlay` lays a project's own file of a built-in edition over it.

mod overlay;
pub(super) mod table;

use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use super::markdown::Values;
use super::schema::{self, Context};
use super::tree::Body;
use super::value::{Classification, Record, Value};
use crate::base::finding::{Finding, Span};
use crate::base::id::{ControlId, EditionId, Reference, canonical_control};
use crate::base::rule;
use crate::base::source::{FileId, SourceFile};
use crate::base::word::phrase;
use crate::base::yaml;

/// The folder that built-in catalogues and crosswalks seem to lie in.
pub const BUILT_IN_FOLDER: &str = "annexa/catalogues/";

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        /// The built-in catalogues: their file names and texts.
        pub static BUILT_IN: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../catalogues/", $name)))),*];
    };
}

built_in!(
    "ccm@4.0.yaml",
    "ccm@4.1.yaml",
    "csf@2.0.yaml",
    "gdpr.yaml",
    "iso27001@2013.yaml",
    "iso27001@2022.yaml",
    "iso27002@2013.yaml",
    "iso27002@2022.yaml",
    "iso27017@2015.yaml",
    "iso27017@2026.yaml",
    "iso27018@2019.yaml",
    "nist80053@r5.yaml",
    "soc2@2017.yaml",
    "crosswalks/ccm@4.0--ccm@4.1.yaml",
    "crosswalks/ccm@4.0--iso27001@2022.yaml",
    "crosswalks/ccm@4.1--iso27001@2022.yaml",
    "crosswalks/csf@2.0--ccm@4.0.yaml",
    "crosswalks/csf@2.0--ccm@4.1.yaml",
    "crosswalks/csf@2.0--iso27001@2022.yaml",
    "crosswalks/csf@2.0--nist80053@r5.yaml",
    "crosswalks/gdpr--ccm@4.1.yaml",
    "crosswalks/gdpr--csf@2.0.yaml",
    "crosswalks/gdpr--iso27001@2022.yaml",
    "crosswalks/gdpr--iso27017@2015.yaml",
    "crosswalks/gdpr--iso27017@2026.yaml",
    "crosswalks/gdpr--nist80053@r5.yaml",
    "crosswalks/iso27001@2013--iso27001@2022.yaml",
    "crosswalks/iso27017@2015--ccm@4.1.yaml",
    "crosswalks/iso27017@2015--csf@2.0.yaml",
    "crosswalks/iso27017@2015--iso27001@2022.yaml",
    "crosswalks/iso27017@2015--iso27017@2026--numbering.yaml",
    "crosswalks/iso27017@2015--iso27017@2026.yaml",
    "crosswalks/iso27017@2015--nist80053@r5.yaml",
    "crosswalks/iso27017@2026--ccm@4.1.yaml",
    "crosswalks/iso27017@2026--csf@2.0.yaml",
    "crosswalks/iso27017@2026--iso27001@2022.yaml",
    "crosswalks/iso27017@2026--nist80053@r5.yaml",
    "crosswalks/iso27018@2019--gdpr.yaml",
    "crosswalks/iso27018@2019--iso27001@2022.yaml",
    "crosswalks/nist80053@r5--iso27001@2022.yaml",
);

/// One edition of a framework.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// Its name.
    pub id: EditionId,
    /// Whether it is the project's own, from `frameworks/`, and not built in.
    pub own: bool,
    /// Short title: ISO/IEC 27001:2022.
    pub title: Arc<str>,
    /// The title in full.
    pub full_title: Option<Arc<str>>,
    /// Who publishes it.
    pub publisher: Option<Arc<str>>,
    /// When it was published, as its source says.
    pub published: Option<Arc<str>>,
    /// current, superseded or withdrawn.
    pub status: &'static str,
    /// The edition that replaces it.
    pub superseded_by: Option<EditionId>,
    /// Where identifiers and titles come from, and how sure they are.
    pub source: Option<Arc<str>>,
    /// Copyright or licence line.
    pub notice: Option<Arc<str>>,
    /// Why the edition as a whole is not confirmed: then it is meant only where it is named.
    pub unconfirmed: Option<Arc<str>>,
    /// Other names of the framework.
    pub aliases: Vec<Arc<str>>,
    /// Who may see the full texts of its controls; the most restricted where it has no mark. Identifiers and titles are open.
    pub classification: Classification,
    /// Headings in order.
    pub groups: Vec<Group>,
    /// Controls in the order of the standard.
    pub controls: Vec<Control>,
    by_id: HashMap<Arc<str>, usize>,
    hints: BTreeMap<Arc<str>, Hint>,
}

/// What a wrong identifier in circulation should be.
#[derive(Clone, Debug)]
pub struct Hint {
    /// The right identifier.
    pub right: Arc<str>,
    /// Why the wrong one is in circulation.
    pub because: Option<Arc<str>>,
}

/// A heading of a catalogue.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its identifier: A.5.
    pub id: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
    /// The group that it stands in.
    pub parent: Option<Arc<str>>,
}

/// A control, requirement, article or clause.
#[derive(Clone, Debug)]
pub struct Control {
    /// Its name.
    pub id: ControlId,
    /// Its title, or a short label of ours.
    pub title: Arc<str>,
    /// The group that it stands in.
    pub group: Option<Arc<str>>,
    /// control, clause, enhancement, article, provision or criterion.
    pub kind: &'static str,
    /// The control that it belongs to.
    pub parent: Option<Arc<str>>,
    /// Whether the edition has withdrawn it.
    pub withdrawn: bool,
    /// Where a withdrawn control went.
    pub into: Vec<Arc<str>>,
    /// Why title or existence are not confirmed; printed wherever the title is.
    pub unconfirmed: Option<Arc<str>>,
    /// The controls that this is another name of. It has no statement of its own.
    pub alias_of: Vec<ControlId>,
    /// Whether the framework gives guidance for cloud services on it.
    pub cloud_guidance: bool,
    /// Whom the guidance addresses: customer, provider.
    pub guidance_for: Vec<&'static str>,
    /// Whether it is new in this edition.
    pub new: bool,
    /// Whether the title is a label of ours, since the framework has a sentence there.
    pub label_ours: bool,
    /// Baselines that select it.
    pub baselines: Vec<Arc<str>>,
    /// What it asks for in full, where the project holds it: built-in catalogues never do.
    pub text: Option<Arc<Body>>,
    /// The framework's own guidance on it, where the project holds it.
    pub guidance_text: Option<Arc<Body>>,
    /// Where it stands.
    pub span: Span,
}

impl Catalogue {
    /// The control of an identifier in canonical spelling.
    pub fn control(&self, id: &str) -> Option<&Control> {
        self.by_id.get(id).map(|index| &self.controls[*index])
    }

    /// The place of a control in the order of the standard.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The identifiers of its controls, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let mut ids: Vec<&str> = self.by_id.keys().map(AsRef::as_ref).collect();
        ids.sort_unstable();
        ids.into_iter()
    }

    /// Whether a control has its full text.
    pub fn has_texts(&self) -> bool {
        self.controls.iter().any(|control| control.text.is_some() || control.guidance_text.is_some())
    }

    /// The same without the full texts of its controls: what an audience gets that may not see them.
    pub fn without_texts(&self) -> Self {
        let mut open = self.clone();
        for control in &mut open.controls {
            (control.text, control.guidance_text) = (None, None);
        }
        open
    }

    /// What a wrong identifier should be, where the catalogue says so.
    pub fn hint(&self, id: &str) -> Option<&Hint> {
        self.hints.get(id)
    }
}

/// The built-in catalogues and crosswalks as source files, so that findings in them have places like any other.
pub fn built_in() -> Vec<SourceFile> {
    use crate::base::source::Content;
    BUILT_IN
        .iter()
        .map(|(name, text)| SourceFile { path: format!("{BUILT_IN_FOLDER}{name}").into(), content: Content::Text((*text).into()) })
        .collect()
}

/// Reads one catalogue. `classifications` are the project's, the lowest first.
pub fn read(file: FileId, path: &str, text: &str, classifications: &[Arc<str>], findings: &mut Vec<Finding>) -> Option<Catalogue> {
    let node = yaml::parse(text, file, 0, findings)?;
    let values = Values::default();
    let context = Context { file, path, classifications, values: &values };
    let record = schema::decode(&node, &table::CATALOGUE, &context, findings)?;
    let name = match record.text("edition") {
        Some(edition) => format!("{}@{edition}", record.text("framework")?),
        None => record.text("framework")?.to_string(),
    };
    let Some(id) = EditionId::parse(&name) else {
        findings.push(
            Finding::new(&rule::INVALID_VALUE, record.span_of("framework"), phrase!("`{name}` cannot name an edition", name = name))
                .help(phrase!("framework and edition are letters, digits, `-` and `.`")),
        );
        return None;
    };
    let mut catalogue = Catalogue {
        own: path.starts_with("frameworks/"),
        title: record.text("title")?.clone(),
        full_title: record.text("full_title").cloned(),
        publisher: record.text("publisher").cloned(),
        published: record.text("published").cloned(),
        status: record.word("status").unwrap_or("current"),
        superseded_by: match record.get("superseded_by") {
            Some(Value::Edition(id)) => Some(id.clone()),
            _ => None,
        },
        source: record.text("source").cloned(),
        notice: record.text("notice").cloned(),
        unconfirmed: record.text("unconfirmed").cloned(),
        aliases: texts(&record, "aliases"),
        classification: record.classification("classification").unwrap_or_else(|| Classification::highest(classifications)),
        groups: Vec::new(),
        controls: Vec::new(),
        by_id: HashMap::new(),
        hints: BTreeMap::new(),
        id,
    };
    catalogue.groups = records(&record, "groups")
        .filter_map(|group| {
            Some(Group { id: group.text("id")?.clone(), title: group.text("title")?.clone(), parent: group.text("parent").cloned() })
        })
        .collect();
    let mut places: Vec<(usize, Span)> = Vec::new();
    for entry in records(&record, "controls") {
        let Some(control) = control(&catalogue.id, entry) else { continue };
        check_id(&control, findings);
        let index = catalogue.controls.len();
        if catalogue.by_id.insert(control.id.control.clone(), index).is_some() {
            findings.push(
                Finding::new(
                    &rule::DUPLICATE_ID,
                    entry.span_of("id"),
                    phrase!("`{control}` stands twice in this catalogue", control = control.id.control),
                )
                .help(phrase!("keep one of the two")),
            );
        }
        places.push((index, entry.span));
        catalogue.controls.push(control);
    }
    for (index, span) in places {
        let control = &catalogue.controls[index];
        let unknown = |id: &&Arc<str>| !catalogue.by_id.contains_key(*id);
        let group_unknown = |id: &&Arc<str>| !catalogue.groups.iter().any(|group| group.id == **id);
        let missing = control.group.iter().filter(group_unknown).chain(control.parent.iter().chain(&control.into).filter(unknown));
        for id in missing {
            findings.push(
                Finding::new(
                    &rule::INVALID_CATALOGUE,
                    span,
                    phrase!("`{control}` names `{id}`, which this catalogue does not have", control = control.id.control, id = id),
                )
                .help(phrase!("name a control or group of this catalogue, or add the one that is missing")),
            );
        }
    }
    for hint in records(&record, "hints") {
        if let (Some(id), Some(right)) = (hint.text("id"), hint.text("use")) {
            catalogue.hints.insert(id.clone(), Hint { right: right.clone(), because: hint.text("because").cloned() });
        }
    }
    Some(catalogue)
}

fn control(edition: &EditionId, entry: &Record) -> Option<Control> {
    Some(Control {
        id: ControlId { edition: edition.clone(), control: entry.text("id")?.clone() },
        title: entry.text("title")?.clone(),
        group: entry.text("group").cloned(),
        kind: entry.word("kind").unwrap_or(table::KINDS[0]),
        parent: entry.text("parent").cloned(),
        withdrawn: entry.flag("withdrawn").unwrap_or(false),
        into: texts(entry, "into"),
        unconfirmed: entry.text("unconfirmed").cloned(),
        alias_of: entry
            .references("alias_of")
            .into_iter()
            .filter_map(|reference| match reference.value {
                Reference::Control { edition, control } => Some(ControlId { edition, control }),
                Reference::Item { .. } => None,
            })
            .collect(),
        cloud_guidance: entry.word("guidance") == Some("cloud"),
        guidance_for: entry
            .list("guidance_for")
            .iter()
            .filter_map(|item| match item.value {
                Value::Word(word) => Some(word),
                _ => None,
            })
            .collect(),
        new: entry.flag("new").unwrap_or(false),
        label_ours: entry.flag("label_ours").unwrap_or(false),
        baselines: texts(entry, "baselines"),
        text: entry.prose("text").cloned(),
        guidance_text: entry.prose("guidance_text").cloned(),
        span: entry.span_of("id"),
    })
}

/// An identifier that no reference could name would be a control that nothing can claim.
fn check_id(control: &Control, findings: &mut Vec<Finding>) {
    let id = &control.id.control;
    let canonical = canonical_control(id);
    let reference = Reference::parse(&format!("{}:{id}", control.id.edition));
    if canonical != **id {
        findings.push(
            Finding::new(&rule::INVALID_VALUE, control.span, phrase!("`{id}` is not the canonical spelling of an identifier", id = id))
                .help(phrase!("write `{canonical}`; other spellings are read in references all the same", canonical = canonical)),
        );
    } else if reference.is_none() {
        findings.push(
            Finding::new(&rule::INVALID_VALUE, control.span, phrase!("`{id}` cannot be the identifier of a control", id = id))
                .help(phrase!("an identifier has up to 40 characters, without spaces and control characters")),
        );
    }
}

fn texts(record: &Record, key: &str) -> Vec<Arc<str>> {
    let items = record.list(key).iter();
    items.filter_map(|item| if let Value::Text(text) = &item.value { Some(text.clone()) } else { None }).collect()
}

fn records<'a>(record: &'a Record, key: &str) -> impl Iterator<Item = &'a Record> {
    record.list(key).iter().filter_map(|item| if let Value::Record(record) = &item.value { Some(record) } else { None })
}
