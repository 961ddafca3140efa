//! Approvals: what a role has approved, when, and the digest of what it was. `annexa approve` writes them, a file each in `records/approvals/`, which nobody
//! edits: the signature beside a file is one of its bytes.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;

use super::project::Project;
use super::schema::{self, Context, Field, Kind, Schema};
use crate::base::finding::{Finding, Span};
use crate::base::id::ItemId;
use crate::base::rule;
use crate::base::source::{FileId, Sources};
use crate::base::word::{Phrase, Word, phrase, word};
use crate::base::yaml;

/// The folder of the approvals.
pub const FOLDER: &str = "records/approvals/";
/// The folder of the canonical texts that were approved.
pub const TEXTS: &str = "records/approved/";
/// Whose key signs for which role, as `ssh-keygen` reads it (ssh-keygen(1), ALLOWED SIGNERS).
pub const SIGNERS: &str = "records/allowed_signers";

/// The formats of canonical texts, which are their first lines: `docs/approvals.md` specifies them.
pub mod formats {
    /// Of a document.
    pub const DOCUMENT: &str = "annexa-document-1";
    /// Of the Statement of Applicability.
    pub const SOA: &str = "annexa-soa-1";
    /// Of a risk owner's part of the treatment plan.
    pub const TREATMENTS: &str = "annexa-treatments-1";
    /// Of a release.
    pub const RELEASE: &str = "annexa-release-1";
    /// Of all that an audience is told: no approval is of one, outputs name its digest (`docs/verify.md`).
    pub const VIEW: &str = "annexa-view-1";
}

/// What can be approved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A document.
    Document(ItemId),
    /// The Statement of Applicability (ISO/IEC 27001:2022, 6.1.3 d).
    Soa,
    /// The risk treatment plan and the residual risks (6.1.3 f): each owner of risks approves the part about those.
    Treatments,
    /// The manual as a whole, of a version.
    Release,
}

impl Subject {
    /// Reads `POL-004`, `soa`, `treatments` or `release`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "soa" => Some(Subject::Soa),
            "treatments" => Some(Subject::Treatments),
            "release" => Some(Subject::Release),
            text => ItemId::parse(text).filter(|id| !id.is_role()).map(Subject::Document),
        }
    }

    /// The format of its canonical text.
    pub fn format(&self) -> &'static str {
        match self {
            Subject::Document(_) => formats::DOCUMENT,
            Subject::Soa => formats::SOA,
            Subject::Treatments => formats::TREATMENTS,
            Subject::Release => formats::RELEASE,
        }
    }

    /// What it is, in words of English.
    pub fn words(&self) -> String {
        self.phrase().to_string()
    }

    /// What it is.
    pub fn phrase(&self) -> Phrase {
        match self {
            Subject::Document(id) => Phrase::text(id.as_str()),
            Subject::Soa => phrase!("the Statement of Applicability"),
            Subject::Treatments => phrase!("the risk treatment plan"),
            Subject::Release => phrase!("the release"),
        }
    }
}

/// As it is written.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Subject::Document(id) => id.as_str(),
            Subject::Soa => "soa",
            Subject::Treatments => "treatments",
            Subject::Release => "release",
        })
    }
}

/// The keys of an approval.
pub static SCHEMA: Schema = Schema {
    name: word!("an approval"),
    fields: &[
        Field::new("approval", "Approved", Kind::Text).required(),
        Field::new("version", "Version", Kind::Text),
        Field::new("approver", "Approver", Kind::Role).required(),
        Field::new("date", "Date", Kind::Date).required(),
        Field::new("format", "Canonical text", Kind::Text).required(),
        Field::new("sha256", "SHA-256 of the canonical text", Kind::Text).required(),
    ],
};

/// What a role has approved.
#[derive(Clone, Debug)]
pub struct Approval {
    /// Its file.
    pub file: FileId,
    /// The whole of it.
    pub span: Span,
    /// What was approved.
    pub subject: Subject,
    /// The version that it had.
    pub version: Option<Arc<str>>,
    /// The role that approved it.
    pub approver: ItemId,
    /// When.
    pub date: Date,
    /// The kind of canonical text that the digest is of: `annexa-document-1`.
    pub format: Arc<str>,
    /// The SHA-256 of the canonical text, in lower-case hexadecimal digits.
    pub sha256: Arc<str>,
}

/// Reads every approval, in the order of their paths.
pub(super) fn read(sources: &Sources, project: &Project, findings: &mut Vec<Finding>) -> Vec<Approval> {
    let is_one = |path: &str| path.strip_prefix(FOLDER).is_some_and(|name| name.ends_with(".yaml"));
    let files = sources.iter().filter(|(_, file)| is_one(&file.path) && !file.text().trim().is_empty());
    files
        .filter_map(|(id, file)| {
            let node = yaml::parse(file.text(), id, 0, findings)?;
            let context = Context { file: id, path: &file.path, classifications: &project.classifications, values: &project.values };
            let record = schema::decode(&node, &SCHEMA, &context, findings)?;
            let subject = record.text("approval")?;
            let Some(subject) = Subject::parse(subject) else {
                findings.push(
                    Finding::new(
                        &rule::INVALID_VALUE,
                        record.span_of("approval"),
                        phrase!("nothing that can be approved is called `{subject}`", subject = subject),
                    )
                    .help(phrase!("an approval is of a document, as in `POL-004`, of `soa`, `treatments` or `release`")),
                );
                return None;
            };
            let format = record.text("format")?;
            if format.as_ref() != subject.format() {
                findings.push(
                    Finding::new(
                        &rule::UNSUPPORTED_FORMAT,
                        record.span_of("format"),
                        phrase!(
                            "this version of Annexa compares approvals of {subject} by `{format}`, not by `{other}`",
                            subject = subject.phrase(),
                            format = subject.format(),
                            other = format
                        ),
                    )
                    .help(phrase!("use the version of Annexa that wrote it, or take the file back as it was written")),
                );
                return None;
            }
            let sha256 = record.text("sha256")?;
            if sha256.len() != 64 || !sha256.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')) {
                findings.push(
                    Finding::new(&rule::INVALID_VALUE, record.span_of("sha256"), phrase!("this is no SHA-256"))
                        .help(phrase!("it has 64 hexadecimal digits in lower case; take the file back as `annexa approve` wrote it")),
                );
                return None;
            }
            Some(Approval {
                file: id,
                span: record.span_of("approval"),
                subject,
                version: record.text("version").cloned(),
                approver: record.item("approver")?.clone(),
                date: record.date("date")?,
                format: format.clone(),
                sha256: sha256.clone(),
            })
        })
        .collect()
}

const ROLES: Kind = Kind::List(&Kind::Role);

/// The keys of `by` in annexa.yaml: a type of documents, `soa` or `release`, and the roles that may approve it.
pub(super) static BY: Schema = Schema {
    name: Word::name("`by`"),
    fields: &[
        Field::new("manual", "Manual chapters", ROLES),
        Field::new("policy", "Policies", ROLES),
        Field::new("sop", "Procedures", ROLES),
        Field::new("plan", "Plans", ROLES),
        Field::new("guideline", "Guidelines", ROLES),
        Field::new("record", "Records", ROLES),
        Field::new("soa", "Statement of Applicability", ROLES),
        Field::new("release", "Releases", ROLES),
    ],
};

/// The keys of `approvals` in annexa.yaml.
pub(super) static SETTINGS: Schema = Schema {
    name: Word::name("`approvals`"),
    fields: &[
        Field::new("required", "Required", Kind::Flag)
            .about("Whether every approved document needs a recorded approval, also before the first one is recorded."),
        Field::new("by", "Who may approve", Kind::Record(&BY))
            .about("The roles that may approve each type; others are approved by the approver that they name."),
    ],
};

/// What annexa.yaml says of approvals.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Whether every approved document needs a recorded approval, also before the first one is recorded; none where nothing is said.
    pub required: Option<bool>,
    /// The roles that may approve what is of a type: keys of [`BY`]. Others are approved by the approver that they name.
    by: Vec<(&'static str, Vec<ItemId>)>,
}

impl Settings {
    pub(super) fn of(record: Option<&super::value::Record>) -> Self {
        let Some(record) = record else { return Settings::default() };
        let by = match record.get("by") {
            Some(super::value::Value::Record(by)) => {
                let roles = |key: &str| {
                    by.references(key)
                        .into_iter()
                        .filter_map(|role| match role.value {
                            crate::base::id::Reference::Item { id, .. } => Some(id),
                            crate::base::id::Reference::Control { .. } => None,
                        })
                        .collect()
                };
                BY.fields.iter().filter(|field| by.is_written(field.key)).map(|field| (field.key, roles(field.key))).collect()
            }
            _ => Vec::new(),
        };
        Settings { required: record.flag("required"), by }
    }

    /// The roles that annexa.yaml lets approve what is of a type of [`document::TYPES`], `soa` or `release`; none where it does not say.
    pub fn by(&self, kind: &str) -> Option<&[ItemId]> {
        self.by.iter().find(|(known, _)| *known == kind).map(|(_, roles)| roles.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::document;

    #[test]
    fn every_type_of_documents_can_have_its_approvers() {
        for kind in document::TYPES {
            assert!(BY.field(kind).is_some(), "{kind}");
        }
    }

    #[test]
    fn what_can_be_approved_reads_back_as_written() {
        for text in ["POL-004", "soa", "treatments", "release"] {
            assert_eq!(Subject::parse(text).map(|subject| subject.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Subject::parse("ciso"), None);
    }
}
