//! All that is known of a control.

use serde::Serialize;

use super::prose;
use super::usage::{self, InManual};
use crate::cli::catalog::Opened;
use crate::cli::paper::{Paper, Style, padded};
use crate::link::counterpart::Counterpart;
use crate::link::manual::Manual;
use crate::read::crosswalk::{Relationship, basis_words};
use crate::read::framework::Control;
use crate::read::tree::Body;

/// A control with its counterparts and where the manual speaks of it.
#[derive(Serialize)]
pub(super) struct Shown {
    control: String,
    title: String,
    framework: String,
    edition: String,
    in_use: bool,
    group: Option<Named>,
    kind: &'static str,
    parent: Option<Named>,
    withdrawn: bool,
    into: Vec<String>,
    new: bool,
    unconfirmed: Option<String>,
    label_ours: bool,
    alias_of: Vec<String>,
    cloud_guidance: bool,
    guidance_for: Vec<&'static str>,
    baselines: Vec<String>,
    text: Option<String>,
    guidance_text: Option<String>,
    notice: Option<String>,
    counterparts: Vec<Other>,
    #[serde(skip)]
    lines: [Vec<(usize, String)>; 2],
    manual: Option<InManual>,
}

#[derive(Serialize)]
struct Named {
    id: String,
    title: String,
}

/// A counterpart, and how the control that is shown relates to it.
#[derive(Serialize)]
struct Other {
    control: String,
    title: String,
    framework: String,
    in_use: bool,
    relationship: &'static str,
    basis: String,
    basis_words: String,
    rationale: Option<String>,
    /// Who of the project has confirmed or added the pair.
    decided_by: Option<String>,
    decided: bool,
    #[serde(skip)]
    id: String,
    #[serde(skip)]
    edition: String,
    #[serde(skip)]
    words: &'static str,
}

/// Gathers it.
pub(super) fn gather(opened: &Opened, control: &Control) -> Shown {
    let manual = &opened.manual;
    let catalogues = &manual.view.catalogues;
    let catalogue = catalogues.edition(&control.id.edition);
    let group = control.group.as_ref().zip(catalogue).and_then(|(id, catalogue)| catalogue.groups.iter().find(|group| group.id == *id));
    let parent = control.parent.as_ref().zip(catalogue).and_then(|(id, catalogue)| catalogue.control(id));
    let lines = |body: &Option<std::sync::Arc<Body>>| body.as_ref().map(|body| prose::lines(body)).unwrap_or_default();
    let text = |body: &Option<std::sync::Arc<Body>>| body.as_ref().map(|body| prose::text(body));
    let has_text = control.text.is_some() || control.guidance_text.is_some();
    Shown {
        control: control.id.to_string(),
        title: control.title.to_string(),
        framework: catalogue.map(|catalogue| catalogue.title.to_string()).unwrap_or_default(),
        edition: control.id.edition.to_string(),
        in_use: catalogues.is_in_use(&control.id.edition),
        group: group.map(|group| Named { id: group.id.to_string(), title: group.title.to_string() }),
        kind: control.kind,
        parent: parent.map(|parent| Named { id: parent.id.control.to_string(), title: parent.title.to_string() }),
        withdrawn: control.withdrawn,
        into: control.into.iter().map(ToString::to_string).collect(),
        new: control.new,
        unconfirmed: control.unconfirmed.as_ref().map(ToString::to_string),
        label_ours: control.label_ours,
        alias_of: control.alias_of.iter().map(ToString::to_string).collect(),
        cloud_guidance: control.cloud_guidance,
        guidance_for: control.guidance_for.clone(),
        baselines: control.baselines.iter().map(ToString::to_string).collect(),
        text: text(&control.text),
        guidance_text: text(&control.guidance_text),
        notice: catalogue.and_then(|catalogue| catalogue.notice.as_ref()).filter(|_| has_text).map(|notice| of_texts(notice)),
        lines: [lines(&control.text), lines(&control.guidance_text)],
        counterparts: manual.counterparts(control).into_iter().filter_map(|other| counterpart(manual, other)).collect(),
        manual: opened.in_project.then(|| usage::gather(manual, control)),
    }
}

/// A notice beside a text: one of a built-in catalogue says that there is none, and the project has brought it.
fn of_texts(notice: &str) -> String {
    const NO_TEXTS: &str = "Identifiers and titles only are given here, not its text.";
    notice.replace(NO_TEXTS, "The text is of the project's own copy.")
}

fn counterpart(manual: &Manual, other: &Counterpart) -> Option<Other> {
    let catalogue = manual.view.catalogues.edition(&other.control.edition)?;
    let control = catalogue.control(&other.control.control)?;
    Some(Other {
        control: control.id.to_string(),
        title: control.title.to_string(),
        framework: catalogue.title.to_string(),
        in_use: manual.view.catalogues.is_in_use(&catalogue.id),
        relationship: other.relationship.word(),
        basis: other.basis.to_string(),
        basis_words: basis_words(&other.basis).to_string(),
        rationale: other.rationale.as_ref().map(ToString::to_string),
        decided_by: other.decided.as_ref().and_then(|decided| decided.by.as_ref()).map(ToString::to_string),
        decided: other.decided.is_some(),
        id: control.id.control.to_string(),
        edition: catalogue.id.to_string(),
        words: words(other.relationship),
    })
}

/// The relation of the control that is shown to its counterpart.
fn words(relationship: Relationship) -> &'static str {
    match relationship {
        Relationship::Equal => "equal to",
        Relationship::Subset => "subset of",
        Relationship::Superset => "superset of",
        Relationship::Intersects => "intersects",
        Relationship::Related => "related to",
    }
}

/// The column of relations.
const RELATION: usize = 13;

/// Prints it.
pub(super) fn human(shown: &Shown, paper: &mut Paper) {
    paper.labelled(0, "", 0, Style::Bold, &format!("{} {}", shown.control, shown.title));
    let mut of = vec![shown.framework.clone()];
    of.extend(shown.group.as_ref().map(|group| format!("{} {}", group.id, group.title)));
    of.extend(shown.parent.as_ref().map(|parent| format!("part of {} {}", parent.id, parent.title)));
    paper.wrapped(0, Style::Plain, &of.join(", "));
    for remark in remarks(shown) {
        paper.wrapped(0, Style::Dim, &remark);
    }
    for (heading, lines) in ["What it asks for", "Guidance of the framework"].into_iter().zip(&shown.lines) {
        if !lines.is_empty() {
            paper.heading(heading);
            prose::print(lines, paper);
        }
    }
    if let Some(notice) = &shown.notice {
        paper.wrapped(2, Style::Dim, notice);
    }
    if let Some(manual) = &shown.manual {
        usage::human(manual, paper);
    }
    counterparts(shown, paper);
}

/// What a reader should know before relying on it.
fn remarks(shown: &Shown) -> Vec<String> {
    let mut remarks = Vec::new();
    if shown.withdrawn {
        let into = if shown.into.is_empty() { String::new() } else { format!(", now in {}", shown.into.join(", ")) };
        remarks.push(format!("Withdrawn{into}."));
    }
    if !shown.alias_of.is_empty() {
        remarks.push(format!("Another name of {}.", shown.alias_of.join(", ")));
    }
    if shown.cloud_guidance {
        let whom = if shown.guidance_for.is_empty() { String::new() } else { format!(" for the {}", shown.guidance_for.join(" and the ")) };
        remarks.push(format!("Has guidance for cloud services{whom}."));
    }
    if shown.new {
        remarks.push("New in this edition.".into());
    }
    if shown.label_ours {
        remarks.push("The framework has a sentence here and no title; this short label is ours.".into());
    }
    if let Some(why) = &shown.unconfirmed {
        remarks.push(format!("Not confirmed: {why}"));
    }
    if !shown.baselines.is_empty() {
        remarks.push(format!("In the baselines {}.", shown.baselines.join(", ")));
    }
    remarks
}

fn counterparts(shown: &Shown, paper: &mut Paper) {
    paper.heading("Counterparts");
    if shown.counterparts.is_empty() {
        paper.wrapped(2, Style::Dim, "No crosswalk names this control.");
        return;
    }
    let mut edition = "";
    for other in &shown.counterparts {
        if other.edition != edition {
            edition = &other.edition;
            let used = if other.in_use { "" } else { ", not in use" };
            paper.line(
                2,
                &[
                    (Style::Plain, &other.framework),
                    (Style::Dim, &format!(" ({edition}{})", if shown.manual.is_some() { used } else { "" })),
                ],
            );
        }
        let who = other.decided_by.as_ref().map(|by| format!(", decided by {by}")).unwrap_or_default();
        let basis = format!("{}{}", other.basis, if other.decided && who.is_empty() { ", decided here" } else { &who });
        let id = padded(&other.id, other.id.chars().count().max(9) + 2);
        let left = paper.width().saturating_sub(4 + RELATION + id.chars().count() + basis.chars().count());
        let title = padded(&other.title, left.max(12));
        paper.line(4, &[(Style::Dim, &padded(other.words, RELATION)), (Style::Bold, &id), (Style::Plain, &title), (Style::Dim, &basis)]);
        if let Some(rationale) = &other.rationale {
            paper.wrapped(4 + RELATION, Style::Dim, rationale);
        }
    }
}
