//! Control statements: what the organisation decides and does about each control.

use std::sync::Arc;

use jiff::civil::Date;

use super::catalogues::Catalogues;
use super::schema::{self, Context, Field, Kind, Schema};
use super::tree::Body;
use super::value::{Classification, Period, Record, Value};
use crate::base::finding::{Finding, Span, Spanned};
use crate::base::id::{ControlId, EditionId, ItemId, Reference};
use crate::base::rule;
use crate::base::word::{Word, phrase, word};
use crate::base::yaml::{self, Node};

/// The reasons that are words; others are ids of risks and legal requirements.
pub const REASONS: &[&str] = &["contract", "business", "best-practice"];

/// The states of an applicable control.
pub const STATUSES: &[&str] = &["planned", "partial", "implemented"];

/// The fields of one of a statement's responsibilities.
pub static RESPONSIBILITY: Schema = Schema {
    name: word!("a responsibility"),
    fields: &[
        Field::new("role", "Our role", Kind::Word(&["provider", "customer"])).about("What we are in this relationship.").required(),
        Field::new("counterparty", "Counterparty", Kind::Reference)
            .about("`customers`, `peers`, `partners`, or a supplier by id.")
            .required(),
        Field::new("ownership", "Ownership", Kind::Word(&["ours", "theirs", "shared", "outsourced"]))
            .about("Who answers for the control.")
            .required(),
        Field::new("ours", "We do", Kind::Prose).about("What we do."),
        Field::new("theirs", "They do", Kind::Prose).about("What they do."),
    ],
};

/// The fields of a statement. Outward are applicability, status and responsibilities.
pub static SCHEMA: Schema = Schema {
    name: word!("a statement"),
    fields: &[
        Field::new("applicable", "Applicable", Kind::Flag).about("Whether the control applies.").required().outward(),
        Field::new("reasons", "Reasons", Kind::List(&Kind::Reference))
            .about("Why it applies: risks and legal requirements by id, or `contract`, `business`, `best-practice`."),
        Field::new("justification", "Justification", Kind::Prose).about("Why it does not apply."),
        Field::new("status", "Status", Kind::Word(STATUSES)).about("How far it is done.").outward(),
        Field::new("implementation", "Implementation", Kind::Prose).about("How the control is met here."),
        Field::new("owner", "Owner", Kind::Role).about("The role that answers for it."),
        Field::new("reviewed", "Reviewed", Kind::Date).about("When the statement was last reviewed."),
        Field::new("review_every", "Reviewed every", Kind::Period).about("How often it is reviewed."),
        Field::new("responsibility", "Responsibility", Kind::List(&Kind::Record(&RESPONSIBILITY)))
            .about("Who does what, in each cloud relationship.")
            .outward(),
        Field::new("documents", "Documents", Kind::List(&Kind::Reference)).about("Documents and sections that say how it is met."),
        Field::new("evidence", "Evidence", Kind::List(&Kind::Reference)).about("Rows of evidence that show it."),
        Field::new("classification", "Classification", Kind::Classification)
            .about("Opens applicability, status and responsibilities to those who see this classification."),
        Field::new("outward", "Outward", Kind::List(&Kind::Text)).about("Keys of further fields that the classification opens."),
    ],
};

/// What this organisation decides and does about one control.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The control.
    pub control: ControlId,
    /// Where its identifier stands.
    pub span: Span,
    /// Who may see its outward fields; the most restricted where it has no mark.
    pub classification: Classification,
    /// Its fields: keys of [`SCHEMA`].
    pub fields: Record,
}

/// Who does what for a control in one cloud relationship.
#[derive(Clone, Debug)]
pub struct Responsibility {
    /// Our role: provider or customer.
    pub role: &'static str,
    /// `customers`, `peers`, `partners`, or a supplier.
    pub counterparty: ItemId,
    /// ours, theirs, shared or outsourced.
    pub ownership: &'static str,
    /// Our duty.
    pub ours: Option<Arc<Body>>,
    /// Theirs.
    pub theirs: Option<Arc<Body>>,
}

/// The counterparties that are words and no suppliers.
pub const COUNTERPARTIES: &[&str] = &["customers", "peers", "partners"];

impl Statement {
    /// Whether the control applies.
    pub fn applicable(&self) -> Option<bool> {
        self.fields.flag("applicable")
    }

    /// planned, partial or implemented.
    pub fn status(&self) -> Option<&'static str> {
        self.fields.word("status")
    }

    /// When the statement is next to be reviewed.
    pub fn next_review(&self) -> Option<Date> {
        let every: Period = self.fields.period("review_every")?;
        Some(every.after(self.fields.date("reviewed")?))
    }

    /// Documents and sections that the statement names.
    pub fn documents(&self) -> Vec<Spanned<Reference>> {
        self.fields.references("documents")
    }

    /// Who does what, in each cloud relationship.
    pub fn responsibilities(&self) -> Vec<Responsibility> {
        let records = self.fields.list("responsibility").iter();
        records
            .filter_map(|item| match &item.value {
                Value::Record(record) => Some(Responsibility {
                    role: record.word("role")?,
                    counterparty: record.item("counterparty")?.clone(),
                    ownership: record.word("ownership")?,
                    ours: record.prose("ours").cloned(),
                    theirs: record.prose("theirs").cloned(),
                }),
                _ => None,
            })
            .collect()
    }
}

/// What a file of statements is called in messages.
const FILE: Word = word!("a file of statements");

/// Reads the statements of one file; nothing where it does not say of which framework they are.
pub fn read(
    node: &Node,
    context: &Context<'_>,
    catalogues: &Catalogues,
    highest: Classification,
    findings: &mut Vec<Finding>,
) -> Option<Vec<Statement>> {
    let yaml::Kind::Mapping(entries) = &node.kind else {
        let message = phrase!("{name} must be a mapping, and this is {kind}", name = FILE, kind = node.kind_name());
        findings.push(Finding::new(&rule::WRONG_TYPE, node.span, message).help(phrase!("write `framework` and `statements`")));
        return None;
    };
    let value = |key: &str| entries.iter().find(|(known, _)| known.text.as_ref() == key).map(|(_, value)| value);
    for (key, _) in entries.iter().filter(|(key, _)| !matches!(key.text.as_ref(), "framework" | "statements")) {
        findings.push(
            Finding::new(&rule::UNKNOWN_KEY, key.span, phrase!("{name} has no key `{key}`", name = FILE, key = key.text))
                .help(phrase!("a file of statements holds `framework` and `statements`")),
        );
    }
    let mut missing = |key: &str| {
        let message = phrase!("{name} lacks the required key {names}", name = FILE, names = schema::listed(&[key]));
        findings.push(Finding::new(&rule::MISSING_KEY, node.span_of_first_line(), message));
    };
    let Some(name) = value("framework") else {
        missing("framework");
        return None;
    };
    let Some(statements) = value("statements") else {
        missing("statements");
        return None;
    };
    let edition = edition(name, catalogues, findings)?;
    let yaml::Kind::Mapping(items) = &statements.kind else {
        findings.push(
            Finding::new(
                &rule::WRONG_TYPE,
                statements.span,
                phrase!("`{key}` cannot be {kind}", key = "statements", kind = statements.kind_name()),
            )
            .help(phrase!("write a mapping from a control's identifier to its statement")),
        );
        return None;
    };
    let mut read = Vec::with_capacity(items.len());
    for (key, item) in items {
        // A statement that is no mapping says nothing, and is still there.
        let fields = schema::decode(item, &SCHEMA, context, findings).unwrap_or_else(|| Record::empty(item.span));
        match catalogues.control(&edition, &key.text) {
            Ok(control) => read.push(Statement {
                control: control.id.clone(),
                span: key.span,
                classification: fields.classification("classification").unwrap_or(highest),
                fields,
            }),
            Err(unknown) => findings.push(Finding::new(unknown.rule, key.span, unknown.message).help_if(unknown.help)),
        }
    }
    Some(read)
}

fn edition(node: &Node, catalogues: &Catalogues, findings: &mut Vec<Finding>) -> Option<EditionId> {
    let yaml::Kind::Scalar { text, .. } = &node.kind else {
        findings.push(Finding::new(&rule::WRONG_TYPE, node.span, phrase!("`framework` must name an edition, as in `iso27001@2022`")));
        return None;
    };
    let Some(name) = EditionId::parse(text) else {
        findings.push(
            Finding::new(&rule::INVALID_VALUE, node.span, phrase!("`{key}` cannot be `{value}`", key = "framework", value = text))
                .help(phrase!("write an edition, as in `iso27001@2022`")),
        );
        return None;
    };
    match catalogues.find(&name) {
        Ok(catalogue) => Some(catalogue.id.clone()),
        Err(unknown) => {
            findings.push(Finding::new(unknown.rule, node.span, unknown.message).help_if(unknown.help));
            None
        }
    }
}
