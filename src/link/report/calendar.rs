//! What falls due: reviews, treatments, audits, training, certificates.

use std::sync::Arc;

use jiff::civil::Date;

use crate::base::id::{ControlId, ItemId, Reference};
use crate::base::word::{Word, word};
use crate::link::manual::Manual;

/// Something that falls due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// When.
    pub date: Date,
    /// Whether that lies before today.
    pub overdue: bool,
    /// What is to be done: "Review of the document".
    pub what: Word,
    /// What it is about.
    pub about: Reference,
    /// Its title.
    pub title: Arc<str>,
    /// Who has to do it.
    pub owner: Option<ItemId>,
}

/// Everything that falls due, the earliest first. Nothing where the audience gets the trust site: what falls due inside is no business of a customer's.
pub fn calendar(manual: &Manual) -> Vec<Due> {
    if manual.view.trust().is_some() {
        return Vec::new();
    }
    let mut due = Vec::new();
    let mut add = |date: Option<Date>, what, about, title, owner: Option<&ItemId>| {
        if let Some(date) = date {
            due.push(Due { date, overdue: date < manual.today, what, about, title, owner: owner.cloned() });
        }
    };
    for document in manual.view.documents.iter().filter(|document| document.status != "retired") {
        let about = Reference::Item { id: document.id.clone(), section: None };
        add(document.next_review(), word!("Document review"), about, document.title.clone(), document.owner.as_ref());
    }
    for statement in &manual.view.statements {
        let ControlId { edition, control } = statement.control.clone();
        let title = manual.control(&statement.control).map_or_else(|| "".into(), |control| control.title.clone());
        add(
            statement.next_review(),
            word!("Statement review"),
            Reference::Control { edition, control },
            title,
            statement.fields.item("owner"),
        );
    }
    for register in &manual.view.registers {
        for (row, date) in register.due() {
            let about = Reference::Item { id: row.id.clone(), section: None };
            let owner = row.fields.item("owner").or_else(|| row.fields.item("chair")).or_else(|| row.fields.item("role"));
            add(Some(date), duty(register.kind.name), about, register.kind.heading(row).into(), owner);
        }
    }
    due.sort_by(|a, b| (a.date, &a.about).cmp(&(b.date, &b.about)));
    due
}

fn duty(register: &str) -> Word {
    match register {
        "risks" => word!("Risk review"),
        "treatments" => word!("Treatment due"),
        "suppliers" => word!("Supplier review"),
        "legal" => word!("Review of the requirement"),
        "objectives" => word!("Objective due"),
        "competence" => word!("Training"),
        "evidence" => word!("Evidence renewed"),
        "audits" => word!("Audit"),
        "nonconformities" => word!("Corrective action due"),
        "management-reviews" => word!("Management review"),
        "certificates" => word!("Certificate expires"),
        "exceptions" => word!("Exception expires"),
        _ => word!("Review"),
    }
}
