//! Where a project's manual speaks of a control.

use serde::Serialize;

use crate::base::id::ItemId;
use crate::cli::paper::{Paper, Style};
use crate::link::backlink::Entity;
use crate::link::manual::Manual;
use crate::link::usage::Claim;
use crate::read::framework::Control;

/// What the manual says of a control, and where.
#[derive(Serialize)]
pub(super) struct InManual {
    state: &'static str,
    #[serde(skip)]
    state_words: &'static str,
    statement: Option<Decided>,
    claims: Vec<Claimed>,
    evidence: Vec<Evidence>,
    referred_to_by: Vec<Referrer>,
}

/// The statement that decides it.
#[derive(Serialize)]
struct Decided {
    /// The control whose statement it is.
    of: String,
    applicable: Option<bool>,
    status: Option<&'static str>,
    owner: Option<String>,
    reasons: Vec<String>,
    /// How it is implemented, or why it does not apply.
    says: Option<String>,
}

#[derive(Serialize)]
struct Claimed {
    document: String,
    title: String,
    status: &'static str,
    /// Number and title of the section; none where the whole document claims it.
    section: Option<String>,
    section_id: Option<String>,
    by_statement: bool,
}

#[derive(Serialize)]
struct Evidence {
    id: String,
    title: String,
    date: Option<String>,
    result: Option<&'static str>,
}

#[derive(Serialize)]
struct Referrer {
    id: String,
    title: String,
    section: Option<String>,
}

/// Gathers it.
pub(super) fn gather(manual: &Manual, control: &Control) -> InManual {
    let statement = manual.statement(control).map(|statement| {
        let fields = &statement.fields;
        let applicable = statement.applicable();
        let says = fields.prose(if applicable == Some(false) { "justification" } else { "implementation" });
        Decided {
            of: statement.control.to_string(),
            applicable,
            status: statement.status(),
            owner: fields.item("owner").map(ToString::to_string),
            reasons: fields.references("reasons").iter().map(|reference| reference.value.to_string()).collect(),
            says: says.map(|body| super::prose::text(body)),
        }
    });
    let shows = manual.evidence(control);
    let backlinks = manual.backlinks(&Entity::Control(control.id.clone())).iter();
    let referrers = backlinks.filter(|link| !matches!(&link.from, Entity::Item(id) if shows.contains(&id)));
    let state = manual.state(control);
    InManual {
        state: state.key(),
        state_words: state.words().english(),
        statement,
        claims: manual.claims(control).into_iter().filter_map(|claim| claimed(manual, claim)).collect(),
        evidence: shows.iter().filter_map(|id| evidence(manual, id)).collect(),
        referred_to_by: referrers.map(|link| referrer(manual, &link.from, link.section.as_deref())).collect(),
    }
}

fn claimed(manual: &Manual, claim: &Claim) -> Option<Claimed> {
    let document = manual.document(&claim.document)?;
    Some(Claimed {
        document: document.id.to_string(),
        title: document.title.to_string(),
        status: document.status,
        section: claim.section.as_deref().and_then(|id| section(manual, &document.id, id)),
        section_id: claim.section.as_ref().map(ToString::to_string),
        by_statement: claim.by_statement,
    })
}

fn section(manual: &Manual, document: &ItemId, id: &str) -> Option<String> {
    manual.section(document, id).map(|section| format!("{} {}", section.number, section.title))
}

fn evidence(manual: &Manual, id: &ItemId) -> Option<Evidence> {
    let (register, row) = manual.row(id)?;
    Some(Evidence {
        id: id.to_string(),
        title: register.kind.heading(row).to_owned(),
        date: row.fields.date("date").map(|date| date.to_string()),
        result: row.fields.word("result"),
    })
}

fn referrer(manual: &Manual, from: &Entity, section_id: Option<&str>) -> Referrer {
    match from {
        Entity::Control(id) => {
            let title = manual.control(id).map(|control| control.title.to_string());
            Referrer { id: id.to_string(), title: title.unwrap_or_default(), section: None }
        }
        Entity::Item(id) => {
            let title = manual.document(id).map(|document| document.title.to_string());
            let title = title.or_else(|| manual.row(id).map(|(register, row)| register.kind.heading(row).to_owned()));
            Referrer {
                id: id.to_string(),
                title: title.unwrap_or_default(),
                section: section_id.and_then(|section_id| section(manual, id, section_id)),
            }
        }
    }
}

/// The column of labels.
const LABELS: usize = 16;

/// Prints it.
pub(super) fn human(found: &InManual, paper: &mut Paper) {
    paper.heading("In this manual");
    paper.labelled(2, "State", LABELS, Style::Plain, found.state_words);
    if let Some(statement) = &found.statement {
        let applicable = match statement.applicable {
            Some(true) => "applicable",
            Some(false) => "not applicable",
            None => "not decided",
        };
        let mut words = vec![applicable.to_owned()];
        words.extend(statement.status.map(ToOwned::to_owned));
        words.extend(statement.owner.as_ref().map(|owner| format!("owner {owner}")));
        if !statement.reasons.is_empty() {
            words.push(format!("because of {}", statement.reasons.join(", ")));
        }
        paper.labelled(2, "Statement", LABELS, Style::Plain, &words.join("; "));
        if let Some(says) = &statement.says {
            paper.labelled(2, "", LABELS, Style::Dim, says);
        }
    }
    let mut label = "Claimed by";
    for claim in &found.claims {
        let section = match (&claim.section, claim.by_statement) {
            (Some(section), _) => format!(", {section}"),
            (None, true) => ", named by the statement".to_owned(),
            (None, false) => String::new(),
        };
        let status = if claim.status == "approved" { String::new() } else { format!(" ({})", claim.status) };
        paper.labelled(
            2,
            std::mem::take(&mut label),
            LABELS,
            Style::Plain,
            &format!("{} {}{section}{status}", claim.document, claim.title),
        );
    }
    let mut label = "Evidence";
    for evidence in &found.evidence {
        let when: Vec<&str> = [evidence.date.as_deref(), evidence.result].into_iter().flatten().collect();
        let words = format!("{} {} ({})", evidence.id, evidence.title, when.join(", "));
        paper.labelled(2, std::mem::take(&mut label), LABELS, Style::Plain, &words);
    }
    let mut label = "Referred to by";
    for other in &found.referred_to_by {
        let section = other.section.as_ref().map(|section| format!(", {section}")).unwrap_or_default();
        paper.labelled(2, std::mem::take(&mut label), LABELS, Style::Plain, &format!("{} {}{section}", other.id, other.title));
    }
    if found.statement.is_none() && found.claims.is_empty() && found.evidence.is_empty() && found.referred_to_by.is_empty() {
        paper.labelled(2, "", LABELS, Style::Dim, "Nothing in it names this control.");
    }
}
