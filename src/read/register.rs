//! Registers: tables of rows, each by a schema that is declared here.

use std::sync::Arc;

use jiff::civil::Date;

use super::schema::{self, Context, Field, Kind, Schema, unknown_value};
use super::value::{Classification, Record, Value};
use crate::base::finding::{Finding, Span};
use crate::base::id::ItemId;
use crate::base::rule;
use crate::base::word::{Word, phrase, word};
use crate::base::yaml::{self, Node};

/// A register that the format knows.
#[derive(Debug)]
pub struct RegisterKind {
    /// Its name in YAML and in file names: `interested-parties`.
    pub name: &'static str,
    /// Its title.
    pub title: Word,
    /// The capitals of its rows' ids; empty for roles.
    pub prefix: &'static str,
    /// The field that names a row.
    pub heading: &'static str,
    /// The field that says when a row falls due, if one does.
    pub due: Option<&'static str>,
    /// The field that says when a row was done, so that it is no longer due.
    pub done: Option<&'static str>,
    /// The fields of a row.
    pub schema: &'static Schema,
}

const REFERENCES: Kind = Kind::List(&Kind::Reference);
const LEVELS: Kind = Kind::Word(&["low", "medium", "high"]);

/// What a management review looks at (ISO/IEC 27001:2022, 9.3.2 a to g; d has four parts), in our own words.
pub const REVIEW_INPUTS: &[&str] = &[
    "previous-actions",
    "context-changes",
    "interested-parties",
    "nonconformities",
    "monitoring",
    "audit-results",
    "objectives",
    "feedback",
    "risks",
    "improvement",
];

macro_rules! registers {
    ($($constant:ident $name:literal $title:literal $prefix:literal $heading:literal due $due:expr, done $done:expr, row $row:expr, { $($field:expr),* $(,)? })*) => {
        /// Every register, in the order in which they are shown.
        pub static KINDS: &[&RegisterKind] = &[$(&$constant),*];
        $(
            #[doc = $title]
            pub static $constant: RegisterKind = RegisterKind {
                name: $name,
                title: Word::declared($title),
                prefix: $prefix,
                heading: $heading,
                due: $due,
                done: $done,
                schema: &Schema {
                    name: $row,
                    fields: &[
                        Field::new("id", "Id", Kind::Item).about("Unique in the manual; never used again for something else.").required().outward(),
                        $($field,)*
                        Field::new("classification", "Classification", Kind::Classification).about("Opens the outward fields of the row to those who see this classification."),
                        Field::new("outward", "Outward", Kind::List(&Kind::Text)).about("Keys of further fields that the classification opens."),
                    ],
                },
            };
        )*
    };
}

registers! {
    ROLES "roles" "Roles" "" "title" due None, done None, row word!("a role"), {
        Field::new("title", "Role", Kind::Text).about("What the role is called.").required().outward(),
        Field::new("deputy", "Deputy", Kind::Role).about("The role that stands in."),
        Field::new("duties", "Duties", Kind::Prose).about("What the role does."),
    }
    INTERESTED_PARTIES "interested-parties" "Interested parties" "PTY" "name" due None, done None, row word!("an interested party"), {
        Field::new("name", "Party", Kind::Text).about("Who they are.").required(),
        Field::new("requirements", "Requirements", Kind::Prose).about("What they ask of information security.").required(),
        Field::new("addressed_by", "Addressed by", REFERENCES).about("Documents and sections that answer it."),
    }
    RISKS "risks" "Risks" "RSK" "title" due None, done None, row word!("a risk"), {
        Field::new("title", "Risk", Kind::Text).about("The risk in a few words.").required(),
        Field::new("scenario", "Scenario", Kind::Prose).about("What could happen, and how.").required(),
        Field::new("assets", "Assets", REFERENCES).about("Assets that it concerns."),
        Field::new("owner", "Owner", Kind::Role).about("The role that answers for it.").required(),
        Field::new("likelihood", "Likelihood", Kind::Integer(1, 5)).about("Before treatment.").required(),
        Field::new("confidentiality", "Confidentiality", Kind::Integer(0, 5)).about("Impact on confidentiality, before treatment.").required(),
        Field::new("integrity", "Integrity", Kind::Integer(0, 5)).about("Impact on integrity, before treatment.").required(),
        Field::new("availability", "Availability", Kind::Integer(0, 5)).about("Impact on availability, before treatment.").required(),
        Field::new("decision", "Decision", Kind::Word(&["modify", "retain", "avoid", "share"])).about("What was decided about it.").required(),
        Field::new("treatments", "Treatments", REFERENCES).about("Rows of the treatment plan."),
        Field::new("residual_likelihood", "Residual likelihood", Kind::Integer(1, 5)).about("After treatment."),
        Field::new("residual_impact", "Residual impact", Kind::Integer(0, 5)).about("After treatment."),
        Field::new("accepted", "Accepted", Kind::Date).about("When its owner accepted the residual risk."),
        Field::new("accepted_by", "Accepted by", Kind::Role).about("The role that accepted it."),
        Field::new("reviewed", "Reviewed", Kind::Date).about("When it was last reviewed."),
        Field::new("review_every", "Reviewed every", Kind::Period).about("How often it is reviewed."),
    }
    TREATMENTS "treatments" "Risk treatment plan" "TRT" "title" due Some("due"), done Some("done"), row word!("a treatment"), {
        Field::new("title", "Treatment", Kind::Text).required(),
        Field::new("risks", "Risks", REFERENCES).about("Risks that it lowers.").required(),
        Field::new("controls", "Controls", REFERENCES).about("Controls that it concerns."),
        Field::new("owner", "Owner", Kind::Role).about("The role that answers for it.").required(),
        Field::new("status", "Status", Kind::Word(&["planned", "in-progress", "done"])).about("How far it is.").required(),
        Field::new("due", "Due", Kind::Date).about("When it is to be done.").required(),
        Field::new("done", "Done", Kind::Date).about("When it was done."),
        Field::new("note", "Note", Kind::Prose).about("What else there is to say."),
    }
    ASSETS "assets" "Assets" "AST" "name" due None, done None, row word!("an asset"), {
        Field::new("name", "Asset", Kind::Text).required(),
        Field::new("kind", "Kind", Kind::Word(&["information", "software", "hardware", "service", "site", "people"])).required(),
        Field::new("owner", "Owner", Kind::Role).about("The role that answers for it.").required(),
        Field::new("handling", "Handled as", Kind::Classification).about("How the information is classified."),
        Field::new("location", "Location", Kind::Text).about("Where it is."),
        Field::new("supplier", "Supplier", Kind::Reference).about("The supplier that provides it."),
        Field::new("note", "Note", Kind::Prose).about("What else there is to say."),
    }
    SUPPLIERS "suppliers" "Suppliers and subprocessors" "SUP" "name" due None, done None, row word!("a supplier"), {
        Field::new("name", "Supplier", Kind::Text).required().outward(),
        Field::new("purpose", "Purpose", Kind::Text).about("What they do for us.").required().outward(),
        Field::new("kind", "Kind", Kind::Word(&["iaas", "paas", "saas", "professional", "facility"])).about("What kind of service it is.").required(),
        Field::new("data", "Data", Kind::Text).about("Which data they handle.").outward(),
        Field::new("personal_data", "Personal data", Kind::Flag).about("Whether they process personal data.").required(),
        Field::new("subprocessor", "Subprocessor", Kind::Flag).about("Whether they process customers' personal data for us.").outward(),
        Field::new("country", "Country", Kind::Text).about("Where the data is processed.").required().outward(),
        Field::new("announced", "Announced", Kind::Date).about("When customers were told.").outward(),
        Field::new("since", "Since", Kind::Date).about("From when they are at work.").outward(),
        Field::new("until", "Until", Kind::Date).about("Until when they were at work.").outward(),
        Field::new("changes", "Changes", Kind::List(&Kind::Record(&CHANGE))).about("What changed, as customers are told of it.").outward(),
        Field::new("transfer", "Transfer mechanism", Kind::Text).about("The mechanism for transfers to third countries.").outward(),
        Field::new("agreement", "Agreement", Kind::Date).about("The date of the data-processing agreement."),
        Field::new("certificates", "Certificates", Kind::List(&Kind::Text)).about("Certificates that they hold.").outward(),
        Field::new("certificates_expire", "Certificates expire", Kind::Date).about("When the first of these ends."),
        Field::new("inherits", "Inherited controls", REFERENCES).about("Controls that they meet for us."),
        Field::new("evidence", "Evidence", REFERENCES).about("What shows it."),
        Field::new("criticality", "Criticality", LEVELS).about("How much depends on them."),
        Field::new("owner", "Owner", Kind::Role).about("The role that answers for it.").required(),
        Field::new("reviewed", "Reviewed", Kind::Date).about("When it was last reviewed."),
        Field::new("review_every", "Reviewed every", Kind::Period).about("How often it is reviewed."),
    }
    LEGAL "legal" "Legal and contractual requirements" "LEG" "title" due None, done None, row word!("a legal requirement"), {
        Field::new("title", "Requirement", Kind::Text).required(),
        Field::new("jurisdiction", "Jurisdiction", Kind::Text).about("Where it holds.").required(),
        Field::new("summary", "What it asks", Kind::Prose).about("What it asks of us.").required(),
        Field::new("owner", "Owner", Kind::Role).about("The role that answers for it.").required(),
        Field::new("addressed_by", "Addressed by", REFERENCES).about("Documents and sections that answer it."),
        Field::new("reviewed", "Reviewed", Kind::Date).about("When it was last reviewed."),
        Field::new("review_every", "Reviewed every", Kind::Period).about("How often it is reviewed."),
    }
    OBJECTIVES "objectives" "Objectives" "OBJ" "title" due Some("due"), done None, row word!("an objective"), {
        Field::new("title", "Objective", Kind::Text).required(),
        Field::new("measure", "Measure", Kind::Text).about("What is measured.").required(),
        Field::new("target", "Target", Kind::Text).about("The value to reach.").required(),
        Field::new("owner", "Owner", Kind::Role).about("The role that answers for it.").required(),
        Field::new("due", "Due", Kind::Date).about("When it is to be done."),
        Field::new("plan", "Plan", Kind::Prose).about("What is done for it, and with what."),
        Field::new("measurements", "Measurements", Kind::List(&Kind::Record(&MEASUREMENT))).about("Measured values, in order."),
        Field::new("status", "Status", Kind::Word(&["on-track", "at-risk", "missed", "met"])).about("Where it stands."),
    }
    COMPETENCE "competence" "Competence and training" "CMP" "role" due None, done None, row word!("a row of competence"), {
        Field::new("role", "Role", Kind::Role).about("The role that needs it.").required(),
        Field::new("requirement", "Requirement", Kind::Prose).about("What it must know or be able to do.").required(),
        Field::new("training", "Training", Kind::Prose).about("How that is learnt."),
        Field::new("repeat_every", "Repeated every", Kind::Period).about("How often it is repeated."),
        Field::new("last", "Last", Kind::Date).about("When it last took place."),
        Field::new("evidence", "Evidence", REFERENCES).about("What shows it."),
    }
    EVIDENCE "evidence" "Evidence" "EVD" "title" due None, done None, row word!("a row of evidence"), {
        Field::new("title", "Evidence", Kind::Text).required(),
        Field::new("source", "Source", Kind::Text).about("The system or folder where it lies.").required(),
        Field::new("controls", "Controls", REFERENCES).about("Controls that it concerns.").required(),
        Field::new("date", "Date", Kind::Date).about("When it was taken.").required(),
        Field::new("result", "Result", Kind::Word(&["pass", "fail", "info"])).about("What it shows.").required(),
        Field::new("owner", "Owner", Kind::Role).about("The role that answers for it."),
        Field::new("review_every", "Renewed every", Kind::Period).about("How long it stays fresh."),
        Field::new("digest", "Digest", Kind::Text).about("A digest of the file, so that it can be known again."),
        Field::new("note", "Note", Kind::Prose).about("What else there is to say."),
    }
    AUDITS "audits" "Audit programme" "AUD" "title" due Some("planned"), done Some("done"), row word!("an audit"), {
        Field::new("title", "Audit", Kind::Text).required(),
        Field::new("kind", "Kind", Kind::Word(&["internal", "external", "supplier"])).about("Who audits whom.").required(),
        Field::new("scope", "Scope", Kind::Prose).about("What is looked at.").required(),
        Field::new("criteria", "Criteria", Kind::List(&Kind::Criterion)).about("What it is held against."),
        Field::new("auditor", "Auditor", Kind::Text).about("Who audits: a role or a firm.").required(),
        Field::new("planned", "Planned", Kind::Date).about("When it is to take place.").required(),
        Field::new("done", "Done", Kind::Date).about("When it was done."),
        Field::new("result", "Result", Kind::Prose).about("What was found, in sum."),
        Field::new("findings", "Findings", REFERENCES).about("Nonconformities that it found."),
    }
    NONCONFORMITIES "nonconformities" "Nonconformities and corrective actions" "NC" "title" due Some("due"), done Some("done"), row word!("a nonconformity"), {
        Field::new("title", "Nonconformity", Kind::Text).required(),
        Field::new("grade", "Grade", Kind::Word(&["major", "minor", "opportunity"])).about("How grave it is.").required(),
        Field::new("source", "Source", Kind::Reference).about("What found it."),
        Field::new("controls", "Controls", REFERENCES).about("Controls that it concerns."),
        Field::new("description", "Description", Kind::Prose).about("What is not as it should be.").required(),
        Field::new("cause", "Root cause", Kind::Prose).about("Its root cause."),
        Field::new("correction", "Correction", Kind::Prose).about("What was done at once."),
        Field::new("action", "Corrective action", Kind::Prose).about("What keeps it from coming back."),
        Field::new("owner", "Owner", Kind::Role).about("The role that answers for it.").required(),
        Field::new("due", "Due", Kind::Date).about("When it is to be done.").required(),
        Field::new("done", "Done", Kind::Date).about("When it was done."),
        Field::new("effectiveness_checked", "Effectiveness checked", Kind::Date).about("When the action was seen to work."),
    }
    MANAGEMENT_REVIEWS "management-reviews" "Management reviews" "MRV" "id" due Some("next"), done None, row word!("a management review"), {
        Field::new("date", "Date", Kind::Date).required(),
        Field::new("chair", "Chair", Kind::Role).about("The role that led it.").required(),
        Field::new("attendees", "Attendees", Kind::List(&Kind::Role)).about("Roles that took part."),
        Field::new("inputs", "Inputs", Kind::Prose).about("What was looked at.").required(),
        Field::new("covers", "Inputs covered", Kind::List(&Kind::Word(REVIEW_INPUTS))).about("The inputs of ISO/IEC 27001:2022, 9.3.2 that were looked at."),
        Field::new("decisions", "Decisions", Kind::Prose).about("What was decided.").required(),
        Field::new("next", "Next", Kind::Date).about("When the next one is."),
    }
    INCIDENTS "incidents" "Incidents" "INC" "title" due None, done None, row word!("an incident"), {
        Field::new("title", "Incident", Kind::Text).required(),
        Field::new("date", "Date", Kind::Date).required(),
        Field::new("severity", "Severity", Kind::Word(&["low", "medium", "high", "critical"])).about("How bad it was.").required(),
        Field::new("summary", "Summary", Kind::Prose).about("What happened.").required(),
        Field::new("personal_data", "Personal data", Kind::Flag).about("Whether personal data was concerned.").required(),
        Field::new("notified", "Notified", Kind::Date).about("When those were told who had to be."),
        Field::new("closed", "Closed", Kind::Date).about("When it was over."),
        Field::new("lessons", "Lessons", Kind::Prose).about("What was learnt."),
    }
    CERTIFICATES "certificates" "Certificates" "CRT" "standard" due Some("valid_until"), done None, row word!("a certificate"), {
        Field::new("standard", "Standard", Kind::Text).about("The standard with its year.").required().outward(),
        Field::new("number", "Number", Kind::Text).about("As on the certificate.").required().outward(),
        Field::new("body", "Certification body", Kind::Text).about("The certification body.").required().outward(),
        Field::new("accreditation", "Accreditation", Kind::Text).about("Under which accreditation it was issued.").outward(),
        Field::new("scope", "Scope", Kind::Text).about("As on the certificate.").required().outward(),
        Field::new("sites", "Sites", Kind::Text).about("As on the certificate.").outward(),
        Field::new("soa_version", "SoA version", Kind::Text).about("The version of the Statement of Applicability that it names.").outward(),
        Field::new("issued", "Issued", Kind::Date).required().outward(),
        Field::new("valid_until", "Valid until", Kind::Date).required().outward(),
        Field::new("extends", "Extends", Kind::Reference).about("The certificate that it adds to: ISO/IEC 27017 and 27018 have none of their own.").outward(),
    }
    PROCESSING "processing" "Processing activities" "PRC" "activity" due None, done None, row word!("a processing activity"), {
        Field::new("activity", "Activity", Kind::Text).about("What is done with personal data.").required(),
        Field::new("role", "Our role", Kind::Word(&["controller", "processor"])).about("What we are in it.").required(),
        Field::new("purpose", "Purpose", Kind::Text).about("What for.").required(),
        Field::new("subjects", "Data subjects", Kind::Text).about("Whose data.").required(),
        Field::new("data", "Data", Kind::Text).about("Which data.").required(),
        Field::new("recipients", "Recipients", REFERENCES).about("Who gets it."),
        Field::new("transfers", "Transfers", Kind::Text).about("To which third countries, and by which mechanism."),
        Field::new("retention", "Retention", Kind::Text).about("How long it is kept.").required(),
        Field::new("measures", "Measures", REFERENCES).about("Measures that protect it."),
        Field::new("basis", "Basis", Kind::Text).about("The legal basis."),
    }
    // Documented information of external origin (ISO/IEC 27001:2022, 7.5.3).
    EXTERNAL_DOCUMENTS "external-documents" "External documents" "EXT" "title" due None, done None, row word!("an external document"), {
        Field::new("title", "Document", Kind::Text).required(),
        Field::new("publisher", "Publisher", Kind::Text).required(),
        Field::new("edition", "Edition", Kind::Text).about("As on its cover."),
        Field::new("date", "Date", Kind::Date),
        Field::new("owner", "Owner", Kind::Role).about("The role that answers for it.").required(),
        Field::new("kept", "Kept in", Kind::Text).about("Where our copy is.").required(),
        Field::new("watched", "How changes are noticed", Kind::Text).about("How a new edition is noticed."),
        Field::new("reviewed", "Reviewed", Kind::Date).about("When it was last reviewed."),
        Field::new("review_every", "Reviewed every", Kind::Period).about("How often it is reviewed."),
    }
    QUESTIONS "questions" "Questions and answers" "QST" "question" due None, done None, row word!("a question"), {
        Field::new("topic", "Topic", Kind::Text).about("The heading that it stands under.").required().outward(),
        Field::new("question", "Question", Kind::Text).required().outward(),
        Field::new("short", "In short", Kind::Word(&["yes", "no", "partly", "not-applicable"])).about("The answer in a word.").outward(),
        Field::new("answer", "Answer", Kind::Prose).about("The answer as it may be sent.").required().outward(),
        Field::new("controls", "Controls", REFERENCES).about("Controls that it concerns.").outward(),
        Field::new("sources", "Sources", REFERENCES).about("Documents, rows and evidence that the answer comes from."),
        Field::new("wordings", "Also asked as", Kind::List(&Kind::Text)).about("How others put the question."),
        Field::new("owner", "Owner", Kind::Role).about("The role that answers for it.").required(),
        Field::new("reviewed", "Reviewed", Kind::Date).about("When it was last reviewed.").outward(),
        Field::new("review_every", "Reviewed every", Kind::Period).about("How often it is reviewed."),
    }
    // What an annex to a data-processing agreement lists (GDPR, Articles 28(3)(c) and 32).
    MEASURES "measures" "Technical and organisational measures" "TOM" "title" due None, done None, row word!("a measure"), {
        Field::new("title", "Measure|security", Kind::Text).required().outward(),
        Field::new("description", "What is done", Kind::Prose).about("What is done.").required().outward(),
        Field::new("objective", "Objective", Kind::Prose).about("What it is for.").required().outward(),
        Field::new("provisions", "Provisions", Kind::List(&Kind::Control)).about("Provisions of Article 32 that it serves.").required().outward(),
        Field::new("owner", "Owner", Kind::Role).about("The role that answers for it.").required().outward(),
        Field::new("reviewed", "Reviewed", Kind::Date).about("When it was last reviewed.").outward(),
        Field::new("review_every", "Reviewed every", Kind::Period).about("How often it is reviewed."),
        Field::new("controls", "Controls", Kind::List(&Kind::Control)).about("Controls that it concerns.").outward(),
        Field::new("documents", "Documents", REFERENCES).about("Documents that say how."),
        Field::new("evidence", "Evidence", REFERENCES).about("What shows it."),
    }
    // What a project lets pass of what Annexa finds: see `link::exception`. All but the rule is asked for by a rule of its own.
    EXCEPTIONS "exceptions" "Exceptions to checks" "EXC" "rule" due Some("expires"), done None, row word!("an exception"), {
        Field::new("rule", "Rule", Kind::Text).required(),
        Field::new("item", "What", Kind::Reference),
        Field::new("path", "File", Kind::Text),
        Field::new("words", "Words of the finding", Kind::Text),
        Field::new("reason", "Reason", Kind::Text),
        Field::new("owner", "Owner", Kind::Role),
        Field::new("expires", "Expires", Kind::Date),
    }
    // Written by `annexa review`, never by hand. `item` is a document, a row, or the control of a statement.
    REVIEWS "reviews" "Reviews without change" "RVW" "item" due None, done None, row word!("a review without change"), {
        Field::new("item", "What", Kind::Reference).required(),
        Field::new("date", "Date", Kind::Date).required(),
        Field::new("reviewer", "Reviewer", Kind::Role).required(),
        Field::new("result", "Result", Kind::Word(&["no-change"])).required(),
        Field::new("version", "Version", Kind::Text),
        Field::new("sha256", "SHA-256 of the canonical text", Kind::Text),
    }
    // Written by `annexa pdf --copy-to`, never by hand.
    DISTRIBUTION "distribution" "Distribution of controlled copies" "CPY" "recipient" due None, done None, row word!("a copy"), {
        Field::new("recipient", "Recipient", Kind::Text).required(),
        Field::new("date", "Date", Kind::Date).required(),
        Field::new("document", "What", Kind::Text).required(),
        Field::new("audience", "Audience", Kind::Text).required(),
        Field::new("release", "Release", Kind::Text),
        Field::new("sha256", "SHA-256 of the PDF", Kind::Text).required(),
    }
}

/// Where reviews without change are recorded.
pub const REVIEWS_PATH: &str = "records/reviews.yaml";

/// Whether a file outside `content/registers/` is a register: those in `records/` that commands write.
pub fn is_record(path: &str) -> bool {
    path == DISTRIBUTION_PATH || path == REVIEWS_PATH
}

/// Where the controlled copies are recorded.
pub const DISTRIBUTION_PATH: &str = "records/distribution.yaml";

static MEASUREMENT: Schema = Schema {
    name: word!("a measurement"),
    fields: &[
        Field::new("date", "Date", Kind::Date).required(),
        Field::new("value", "Value", Kind::Text).required(),
        Field::new("note", "Note", Kind::Text),
    ],
};

/// What changed at a supplier, as customers are told of it.
static CHANGE: Schema = Schema {
    name: word!("a change"),
    fields: &[Field::new("date", "Date", Kind::Date).required(), Field::new("change", "Change", Kind::Text).required()],
};

/// The rows of one register, of one file or several.
#[derive(Clone, Debug)]
pub struct Register {
    /// Which register.
    pub kind: &'static RegisterKind,
    /// Its rows, in the order of their files and lines.
    pub rows: Vec<Row>,
}

/// A row of a register.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its identifier.
    pub id: ItemId,
    /// Who may see its outward fields; the most restricted where it has no mark.
    pub classification: Classification,
    /// Its fields.
    pub fields: Record,
}

impl Register {
    /// Rows that fall due, with the date. Of management reviews only the last says when the next one is.
    pub fn due(&self) -> Vec<(&Row, Date)> {
        let due = |row: &'_ Row| self.kind.next_due(row);
        if self.kind.name == MANAGEMENT_REVIEWS.name {
            let last = self.rows.iter().max_by_key(|row| row.fields.date("date"));
            return last.into_iter().filter_map(|row| Some((row, due(row)?))).collect();
        }
        self.rows.iter().filter_map(|row| Some((row, due(row)?))).collect()
    }
}

impl Row {
    /// Where its id stands.
    pub fn span(&self) -> Span {
        self.fields.span_of("id")
    }
}

impl RegisterKind {
    /// The words that name a row: its heading field, or its id.
    pub fn heading<'a>(&self, row: &'a Row) -> &'a str {
        row.fields.text(self.heading).map_or_else(|| row.fields.item(self.heading).unwrap_or(&row.id).as_str(), AsRef::as_ref)
    }

    /// When a row next falls due: its due date unless it is done, or its review.
    fn next_due(&self, row: &Row) -> Option<Date> {
        let open = self.done.is_none_or(|key| row.fields.date(key).is_none()) && !matches!(row.fields.word("status"), Some("met" | "done"));
        let due = self.due.filter(|_| open).and_then(|key| row.fields.date(key));
        let review = || {
            let from = row.fields.date("reviewed").or_else(|| row.fields.date("date")).or_else(|| row.fields.date("last"))?;
            let every = row.fields.period("review_every").or_else(|| row.fields.period("repeat_every"))?;
            Some(every.after(from))
        };
        due.or_else(review)
    }
}

static FILE: Schema = Schema {
    name: word!("a register file"),
    fields: &[Field::new("register", "Register", Kind::Text).required(), Field::new("rows", "Rows", Kind::Text).required()],
};

/// Reads the rows of one file.
pub fn read(node: &Node, context: &Context<'_>, highest: Classification, findings: &mut Vec<Finding>) -> Option<Register> {
    let yaml::Kind::Mapping(entries) = &node.kind else {
        schema::decode(node, &FILE, context, findings);
        return None;
    };
    let value = |key: &str| entries.iter().find(|(known, _)| known.text.as_ref() == key).map(|(_, value)| value);
    for (key, _) in entries.iter().filter(|(key, _)| FILE.field(&key.text).is_none()) {
        findings.push(
            Finding::new(&rule::UNKNOWN_KEY, key.span, phrase!("{name} has no key `{key}`", name = FILE.name, key = key.text))
                .help(phrase!("a register file holds `register` and `rows`")),
        );
    }
    let kind = match value("register") {
        Some(Node { kind: yaml::Kind::Scalar { text, .. }, span }) => match KINDS.iter().find(|kind| kind.name == text.as_ref()) {
            Some(kind) => Some(*kind),
            None => {
                let names: Vec<_> = KINDS.iter().map(|kind| kind.name).collect();
                let mut finding = unknown_value(text, *span, "register", &names);
                finding.rule = &rule::UNKNOWN_REGISTER;
                findings.push(finding);
                None
            }
        },
        _ => {
            findings.push(lacks(node, "register").help(phrase!("write `register: suppliers`, say")));
            None
        }
    }?;
    let rows = match value("rows") {
        Some(Node { kind: yaml::Kind::Sequence(items), .. }) => items.as_slice(),
        Some(node) if node.is_null() => &[],
        Some(node) => {
            findings.push(
                Finding::new(&rule::WRONG_TYPE, node.span, phrase!("`{key}` cannot be {kind}", key = "rows", kind = node.kind_name()))
                    .help(phrase!("write a list of rows")),
            );
            &[]
        }
        None => {
            findings.push(lacks(node, "rows"));
            &[]
        }
    };
    let rows = rows.iter().filter_map(|item| row(item, kind, context, highest, findings)).collect();
    Some(Register { kind, rows })
}

fn lacks(node: &Node, key: &str) -> Finding {
    let message = phrase!("{name} lacks the required key {names}", name = FILE.name, names = schema::listed(&[key]));
    Finding::new(&rule::MISSING_KEY, node.span_of_first_line(), message)
}

fn row(
    node: &Node,
    kind: &'static RegisterKind,
    context: &Context<'_>,
    highest: Classification,
    findings: &mut Vec<Finding>,
) -> Option<Row> {
    let fields = schema::decode(node, kind.schema, context, findings)?;
    let id = fields.item("id")?.clone();
    if id.prefix() != kind.prefix {
        let message = phrase!("{name} cannot have the id `{id}`", name = kind.schema.name, id = id);
        let help = match kind.prefix {
            "" => phrase!("write a word in lower case, as in `ciso`"),
            prefix => phrase!("write as in `{prefix}-001`", prefix = prefix),
        };
        findings.push(Finding::new(&rule::INVALID_VALUE, fields.span_of("id"), message).help(help));
        return None;
    }
    for item in fields.list("outward") {
        if let Value::Text(name) = &item.value
            && kind.schema.field(name).is_none()
        {
            let names: Vec<_> = kind.schema.fields.iter().map(|field| field.key).collect();
            findings.push(unknown_value(name, item.span, "outward", &names));
        }
    }
    Some(Row { id, classification: fields.classification("classification").unwrap_or(highest), fields })
}

/// Gathers registers of the same kind, in the order of [`KINDS`].
pub fn gather(mut files: Vec<Register>) -> Vec<Register> {
    let mut gathered: Vec<Register> = Vec::new();
    for kind in KINDS {
        let rows: Vec<Row> =
            files.iter_mut().filter(|file| file.kind.name == kind.name).flat_map(|file| std::mem::take(&mut file.rows)).collect();
        if !rows.is_empty() {
            gathered.push(Register { kind, rows });
        }
    }
    gathered
}

/// Text fields of a row that a mark opens: declared outward, or named by the row's `outward`.
pub fn is_outward(field: &str, schema: &Schema, fields: &Record) -> bool {
    let named = || fields.list("outward").iter().any(|item| matches!(&item.value, Value::Text(name) if name.as_ref() == field));
    schema.field(field).is_some_and(|declared| declared.outward) || named()
}

impl Node {
    /// The place of a mapping for messages: its first key, so that not the whole of it is underlined.
    pub(super) fn span_of_first_line(&self) -> Span {
        match &self.kind {
            yaml::Kind::Mapping(entries) => entries.first().map_or(self.span, |(key, _)| key.span),
            _ => self.span,
        }
    }
}

/// The title of a register by its name, for messages and pages.
pub fn title_of(name: &str) -> Option<Arc<str>> {
    KINDS.iter().find(|kind| kind.name == name).map(|kind| kind.title.english().into())
}
