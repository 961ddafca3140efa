//! Documents: front matter and text of a Markdown file.

use std::sync::Arc;

use jiff::civil::Date;

use super::adopt::{self, Adopted};
use super::markdown::{self, Origin};
use super::project::Project;
use super::schema::{self, Context, Field, Kind, Schema, unknown_value};
use super::tree::{self, BlockKind, Body, InlineKind};
use super::value::{Classification, Period, Record, Value};
use crate::base::finding::{Finding, Span, Spanned};
use crate::base::id::{ItemId, Reference};
use crate::base::rule;
use crate::base::source::FileId;
use crate::base::word::{Word, phrase, word};
use crate::base::yaml;

/// The types of documents, in the order in which a manual holds them.
pub const TYPES: &[&str] = &["manual", "policy", "sop", "plan", "guideline", "record"];

/// The states of a document.
pub const STATUSES: &[&str] = &["draft", "review", "approved", "retired"];

static ABSTRACT: Schema = Schema {
    name: Word::name("`abstract`"),
    fields: &[
        Field::new("for", "For", Kind::Classification).about("Who reads the abstract in place of the document.").required(),
        Field::new("text", "Text", Kind::Prose).about("What they read.").required(),
    ],
};

static HISTORY: Schema = Schema {
    name: word!("a row of `history`"),
    fields: &[
        Field::new("version", "Version", Kind::Text).about("The version that came with the change.").required(),
        Field::new("date", "Date", Kind::Date).about("When it came.").required(),
        Field::new("author", "Author", Kind::Role).about("The role that wrote it."),
        Field::new("change", "Change", Kind::Prose).about("What changed, in a sentence."),
    ],
};

/// The keys of front matter.
pub static SCHEMA: Schema = Schema {
    name: word!("the front matter"),
    fields: &[
        Field::new("id", "Id", Kind::Item).about("Unique in the manual: letters for the type, a hyphen, a number.").required(),
        Field::new("title", "Title", Kind::Text).required(),
        Field::new("type", "Type", Kind::Word(TYPES)).about("What kind of document it is.").required(),
        Field::new("version", "Version", Kind::Text).about("Quote it, so that 2.10 stays 2.10."),
        Field::new("status", "Status", Kind::Word(STATUSES)).about("Where it stands; only approved documents are in force.").required(),
        Field::new("classification", "Classification", Kind::Classification)
            .about("Who may see it; what has no mark is the most restricted."),
        Field::new("abstract", "Abstract", Kind::Record(&ABSTRACT))
            .about("Publishes id, title and this text to those who may not see the document."),
        Field::new("on_request", "On request", Kind::Classification)
            .about("Those who see this classification are told the title, without a link, and that the document is given on request."),
        Field::new("nda", "Under a non-disclosure agreement", Kind::Flag)
            .about("Whether it is given under a non-disclosure agreement only."),
        Field::new("owner", "Owner", Kind::Role).about("The role that answers for it."),
        Field::new("approver", "Approver", Kind::Role).about("The role that approves it."),
        Field::new("approved", "Approved", Kind::Date).about("When it was approved."),
        Field::new("effective", "Effective", Kind::Date).about("From when it is in force."),
        Field::new("reviewed", "Reviewed", Kind::Date).about("When it was last reviewed."),
        Field::new("review_every", "Reviewed every", Kind::Period).about("How often it is reviewed."),
        Field::new("retention", "Retention", Kind::Text).about("How long it is kept."),
        Field::new("distribution", "Distribution", Kind::List(&Kind::Text)).about("Who gets it."),
        Field::new("satisfies", "Satisfies", Kind::List(&Kind::Control)).about("Controls that the document as a whole meets."),
        Field::new("language", "Language", Kind::Language).about("Its language, where it is not the manual's."),
        Field::new("history", "History", Kind::List(&Kind::Record(&HISTORY))).about("Its versions, with what changed."),
    ],
};

/// A Markdown file with front matter: a policy, a procedure, a plan, a guideline, a record, a chapter of the manual.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its identifier.
    pub id: ItemId,
    /// The file.
    pub file: FileId,
    /// The file's path.
    pub path: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
    /// policy, sop, plan, guideline, record or manual.
    pub kind: &'static str,
    /// Its version.
    pub version: Option<Arc<str>>,
    /// draft, review, approved or retired.
    pub status: &'static str,
    /// Who may see it; the most restricted where it has no mark.
    pub classification: Classification,
    /// What those may see who may not see the document.
    pub summary: Option<Abstract>,
    /// Who may see its title, and that it is given on request, though they may not see the document.
    pub on_request: Option<Classification>,
    /// Whether it is given under a non-disclosure agreement only.
    pub nda: bool,
    /// The role that keeps it.
    pub owner: Option<ItemId>,
    /// The role that approves it.
    pub approver: Option<ItemId>,
    /// When it was approved.
    pub approved: Option<Date>,
    /// From when it is in force.
    pub effective: Option<Date>,
    /// When it was last reviewed.
    pub reviewed: Option<Date>,
    /// How often it is reviewed.
    pub review_every: Option<Period>,
    /// How long it is kept.
    pub retention: Option<Arc<str>>,
    /// Who gets it.
    pub distribution: Vec<Arc<str>>,
    /// Controls that the document as a whole says it meets.
    pub satisfies: Vec<Spanned<Reference>>,
    /// The code of its language: `en`, `de-CH`.
    pub language: Arc<str>,
    /// Its versions, as written.
    pub history: Vec<Version>,
    /// The front matter as read, for places of its keys.
    pub front: Record,
    /// Its text.
    pub body: Body,
}

/// What a document publishes of itself to those who may not see it.
#[derive(Clone, Debug)]
pub struct Abstract {
    /// Who may see it.
    pub classification: Classification,
    /// Its text.
    pub text: Arc<Body>,
}

/// A row of a document's history.
#[derive(Clone, Debug)]
pub struct Version {
    /// The version.
    pub version: Arc<str>,
    /// Its date.
    pub date: Date,
    /// Who wrote it.
    pub author: Option<ItemId>,
    /// What changed.
    pub change: Option<Arc<Body>>,
}

impl Document {
    /// When it is next to be reviewed: from its last review, else from its approval.
    pub fn next_review(&self) -> Option<Date> {
        Some(self.review_every?.after(self.reviewed.or(self.approved)?))
    }

    /// A key's place in the front matter, else the place of the id.
    pub fn place(&self, key: &str) -> Span {
        if self.front.get(key).is_some() { self.front.span_of(key) } else { self.front.span_of("id") }
    }
}

/// Reads one document.
pub(super) fn read(
    file: FileId,
    path: &Arc<str>,
    text: &str,
    project: &Project,
    adopted: Option<&Adopted<'_>>,
    findings: &mut Vec<Finding>,
) -> Option<Document> {
    let (node, body) = match adopted {
        None => parts(file, path, text, project, findings)?,
        Some(adopted) => {
            let (node, body) = adopted.parts(file, path, text, project, findings);
            (Some(node), body)
        }
    };
    check_marks(&body, project, findings);
    check_lost_attributes(&body, findings);
    let context = Context { file, path, classifications: &project.classifications, values: &project.values };
    let mut found = Vec::new();
    let record = schema::decode(&node?, &SCHEMA, &context, &mut found);
    if adopted.is_some() {
        adopt::soften_own(file, &mut found);
    }
    findings.extend(found);
    let record = record?;
    let id = record.item("id")?.clone();
    if id.is_role() {
        findings.push(
            Finding::new(&rule::INVALID_VALUE, record.span_of("id"), phrase!("a document cannot have the id `{id}`", id = id))
                .help(phrase!("write capitals, a hyphen and a number, as in `POL-004`")),
        );
        return None;
    }
    let own = record.classification("classification").unwrap_or_else(|| project.highest());
    Some(Document {
        file,
        path: path.clone(),
        // What a required key lacks is an error, so nothing of this is ever published; the rest of the document is checked all the same.
        title: record.text("title").cloned().unwrap_or_else(|| id.as_str().into()),
        id,
        kind: record.word("type").unwrap_or("policy"),
        version: record.text("version").cloned(),
        status: record.word("status").unwrap_or("draft"),
        classification: own,
        summary: match record.get("abstract") {
            Some(Value::Record(nested)) => nested
                .classification("for")
                .zip(nested.prose("text"))
                .map(|(classification, text)| Abstract { classification, text: text.clone() }),
            _ => None,
        },
        on_request: record.classification("on_request"),
        nda: record.flag("nda").unwrap_or(false),
        owner: record.item("owner").cloned(),
        approver: record.item("approver").cloned(),
        approved: record.date("approved"),
        effective: record.date("effective"),
        reviewed: record.date("reviewed"),
        review_every: record.period("review_every"),
        retention: record.text("retention").cloned(),
        distribution: record
            .list("distribution")
            .iter()
            .filter_map(|item| if let Value::Text(text) = &item.value { Some(text.clone()) } else { None })
            .collect(),
        satisfies: record.references("satisfies"),
        language: record.text("language").unwrap_or(&project.language.tag).clone(),
        history: record
            .list("history")
            .iter()
            .filter_map(|item| match &item.value {
                Value::Record(row) => Some(Version {
                    version: row.text("version")?.clone(),
                    date: row.date("date")?,
                    author: row.item("author").cloned(),
                    change: row.prose("change").cloned(),
                }),
                _ => None,
            })
            .collect(),
        front: record,
        body,
    })
}

/// Front matter and text of a document that was written for Annexa. The text is read even where the front matter is broken: its findings belong to the same
/// run.
fn parts(file: FileId, path: &Arc<str>, text: &str, project: &Project, findings: &mut Vec<Finding>) -> Option<(Option<yaml::Node>, Body)> {
    let (front, body_start) = split(file, text, findings)?;
    let node = yaml::parse(&text[front.clone()], file, front.start, findings);
    let context =
        markdown::Context { path, values: &project.values, classifications: &project.classifications, kind: markdown::Kind::Document };
    let body = markdown::parse(&text[body_start..], Origin::At { file, offset: body_start }, &context, findings);
    Some((node, body))
}

/// The front matter's range and the offset at which the text begins.
pub(super) fn split(file: FileId, text: &str, findings: &mut Vec<Finding>) -> Option<(std::ops::Range<usize>, usize)> {
    let first = text.lines().next().unwrap_or_default();
    if first.trim_end() != "---" {
        findings.push(
            Finding::new(&rule::FRONT_MATTER_MISSING, Span::new(file, 0..first.len()), phrase!("this document has no front matter"))
                .label(phrase!("the first line should be `---`"))
                .help(phrase!("begin with a line of `---`, then `id`, `title`, `type` and `status`, then another line of `---`")),
        );
        return None;
    }
    let start = (first.len() + 1).min(text.len());
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if line.trim_end() == "---" {
            return Some((start..at, at + line.len()));
        }
        at += line.len();
    }
    findings.push(
        Finding::new(&rule::FRONT_MATTER_UNCLOSED, Span::new(file, 0..first.len()), phrase!("the front matter is not closed"))
            .label(phrase!("opened here"))
            .help(phrase!("write a line of `---` after its last key")),
    );
    None
}

/// Attributes that are not read would withhold nothing and claim nothing, so that words which look like them are an error wherever they stand.
fn check_lost_attributes(body: &Body, findings: &mut Vec<Finding>) {
    let looks_lost = |text: &str| text.contains("classification=") || text.contains("satisfies=");
    for block in &body.blocks {
        let (words, span) = match &block.kind {
            BlockKind::Heading(heading) => (tree::plain(&heading.content), block.span),
            // What stands in code is spoken of, and not meant.
            BlockKind::Paragraph(_) => {
                let mut words = String::new();
                block.each_inline(&mut |inline| {
                    if let InlineKind::Text(text) = &inline.kind {
                        words.push_str(text);
                        words.push(' ');
                    }
                });
                (words, block.span)
            }
            BlockKind::Code { language, text } if language.is_empty() && text.trim_start().starts_with('#') => {
                (text.to_string(), block.span)
            }
            _ => continue,
        };
        let in_heading = matches!(block.kind, BlockKind::Heading(_));
        if looks_lost(&words) || in_heading && words.contains("{#") {
            findings
                .push(Finding::new(&rule::UNKNOWN_ATTRIBUTE, span, phrase!("the attributes here are not those of a heading, and are not read")).help(
                phrase!("write them in one pair of braces at the very end of the heading's line: `## Leavers {#leavers classification=internal}`"),
            ));
        }
    }
}

/// A mark on a heading must be a classification of the project.
fn check_marks(body: &Body, project: &Project, findings: &mut Vec<Finding>) {
    for block in &body.blocks {
        let BlockKind::Heading(heading) = &block.kind else { continue };
        let Some(mark) = &heading.classification else { continue };
        if project.classification_named(&mark.value).is_none() {
            let known: Vec<_> = project.classifications.iter().map(AsRef::as_ref).collect();
            findings.push(unknown_value(&mark.value, mark.span, "classification", &known));
        }
    }
}
