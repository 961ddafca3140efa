//! The Statement of Applicability.

use serde::Serialize;
use tera::Value;

use super::control::{Decision, decision};
use super::framework::anchor;
use super::table::downloads;
use super::{Draft, with_html};
use crate::base::word::{Phrase, word};
use crate::link::report::{self, Tally};
use crate::link::state::State;
use crate::read::framework::{Catalogue, Control};
use crate::render::export::name;
use crate::render::site::Site;
use crate::render::site::address;
use crate::render::site::cells::{Cells, Field};
use crate::render::site::values::{Coverage, Named, Page, date};

/// The path of the page.
pub(crate) const PATH: &str = address::SOA;

/// What the Statement says about itself.
#[derive(Serialize)]
struct Approval<'a> {
    version: Option<&'a str>,
    owner: Option<Value>,
    approver: Option<Value>,
    approved: Option<String>,
    standing: Option<String>,
    reviewed: Option<String>,
}

/// The figures of a theme, or of all.
#[derive(Serialize)]
struct Figures<'a> {
    id: &'a str,
    title: String,
    anchor: Option<String>,
    controls: usize,
    applicable: usize,
    excluded: usize,
    undecided: usize,
    implemented: usize,
    partial: usize,
    planned: usize,
    coverage: Coverage,
}

#[derive(Serialize)]
struct Group<'a> {
    id: &'a str,
    title: &'a str,
    /// The catalogue, where the group's title does not say it.
    catalogue: Option<&'a str>,
    anchor: String,
    /// The theme that it belongs to, which the figures count.
    #[serde(skip)]
    theme: (&'a str, &'a str),
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    anchor: String,
    control: Named,
    unconfirmed: bool,
    status: Field,
    /// In which role guidance on cloud services applies to us, where there is any.
    cloud: Field,
    statement: Option<Decision>,
    documents: Vec<Value>,
    evidence: Vec<Shows>,
}

#[derive(Serialize)]
struct Shows {
    link: Option<Value>,
    date: Option<String>,
}

fn row(site: &Site<'_>, control: &Control, guidance: &report::CloudGuidance, columns: &[report::Column; 2]) -> Row {
    let (manual, directory) = (site.manual, &site.directory);
    let scope = format!("{}:", control.id.control);
    let decided = manual.statement(control);
    let cloud = decided.and_then(|statement| guidance.role(control, statement)).map_or(report::Cell::Empty, |role| role.cell());
    let status = report::implementation_status(manual, decided);
    let (statement, status, cloud) = with_html(site, PATH, None, |html| {
        let cells = Cells { directory, html };
        let statement = decided.map(|statement| decision(site, statement, control, html, &scope));
        (statement, cells.field(&columns[0], &status, &scope, false), cells.field(&columns[1], &cloud, &scope, false))
    });
    let shows = |id| Shows { link: directory.item(id), date: date(manual.row(id).and_then(|(_, row)| row.fields.date("date"))) };
    let in_use = manual.view.catalogues.is_in_use(&control.id.edition);
    Row {
        anchor: control.id.to_string().replace(char::is_whitespace, "-"),
        control: Named {
            id: control.id.control.to_string(),
            title: control.title.to_string(),
            href: in_use.then(|| address::control(&control.id)),
        },
        unconfirmed: control.unconfirmed.is_some(),
        status,
        cloud,
        statement,
        documents: report::documents_of(manual, control).iter().filter_map(|reference| directory.reference(reference)).collect(),
        evidence: manual.evidence(control).into_iter().map(shows).collect(),
    }
}

fn approval<'a>(site: &Site<'_>, approval: &'a report::Approval) -> Approval<'a> {
    Approval {
        version: approval.version.as_deref(),
        owner: site.directory.role(approval.owner.as_ref()),
        approver: site.directory.role(approval.approver.as_ref()),
        approved: date(approval.approved),
        standing: approval.standing.as_ref().map(|standing| site.language().phrase(standing)),
        reviewed: date(approval.reviewed),
    }
}

/// The anchor of a group among those of all catalogues.
fn group_anchor(catalogue: &Catalogue, group: &str) -> String {
    format!("{}:{}", catalogue.id, anchor(group))
}

fn figures<'a>(site: &Site<'_>, tally: &'a Tally, groups: &[Group<'_>]) -> Figures<'a> {
    let states = [
        (State::Met, tally.implemented),
        (State::InPart, tally.partial),
        (State::Planned, tally.planned),
        (State::NotApplicable, tally.excluded),
        (State::Open, tally.undecided),
    ];
    let counts: crate::link::state::Counts = states.iter().flat_map(|(state, count)| std::iter::repeat_n(*state, *count)).collect();
    let of_theme = groups.iter().find(|group| group.theme.0 == tally.id && Phrase::text(group.theme.1) == tally.title);
    Figures {
        id: &tally.id,
        title: site.language().phrase(&tally.title),
        anchor: of_theme.map(|group| group.anchor.clone()),
        controls: tally.controls,
        applicable: tally.applicable,
        excluded: tally.excluded,
        undecided: tally.undecided,
        implemented: tally.implemented,
        partial: tally.partial,
        planned: tally.planned,
        coverage: Coverage::of(site.language(), &counts),
    }
}

/// Whether there is a page: where an edition in use has controls that it decides.
pub(crate) fn is_there(site: &Site<'_>) -> bool {
    report::soa_controls(site.manual).next().is_some()
}

/// The page; none where no edition in use has controls that a Statement decides.
pub(crate) fn page(site: &Site<'_>) -> Option<Draft> {
    let manual = site.manual;
    let guidance = report::CloudGuidance::of(manual);
    let columns = report::soa_columns();
    let mut groups: Vec<Group<'_>> = Vec::new();
    for control in report::soa_controls(manual) {
        let Some(catalogue) = manual.view.catalogues.edition(&control.id.edition) else { continue };
        let id = control.group.as_deref().unwrap_or_default();
        let anchor = group_anchor(catalogue, id);
        if groups.last().is_none_or(|group| group.anchor != anchor) {
            let title = catalogue
                .groups
                .iter()
                .find(|group| group.id.as_ref() == id)
                .map_or_else(|| site.language().say(word!("Controls")), |group| group.title.as_ref());
            let own_words = matches!(catalogue.id.framework.as_ref(), "iso27001" | "iso27017");
            let is_one_of_two = manual.view.catalogues.in_use().filter(|other| other.id.framework == catalogue.id.framework).count() > 1;
            let named = (!own_words || is_one_of_two).then_some(catalogue.title.as_ref());
            groups.push(Group { id, title, catalogue: named, anchor, theme: report::theme(catalogue, control), rows: Vec::new() });
        }
        let row = row(site, control, &guidance, &columns);
        groups.last_mut()?.rows.push(row);
    }
    if groups.is_empty() {
        return None;
    }
    let tallies = report::soa_figures(manual);
    let figures: Vec<Figures<'_>> = tallies.iter().map(|tally| figures(site, tally, &groups)).collect();
    let says = report::soa_approval(manual);
    let title = site.say(word!("Statement of Applicability"));
    let description = Some(site.say(word!("What is decided about each control, why, and where it is written.")));
    let page = Page { kind: "soa", part: "soa", title, description, path: PATH.into() };
    Some(
        Draft::new("soa.html", page)
            .with("soa", &approval(site, &says))
            .with("figures", &figures)
            .with("groups", &groups)
            .with("downloads", &downloads(site, &[name::SOA], &[name::SOA])),
    )
}
