//! The Statement of Applicability.

use serde::Serialize;
use tera::Value;

use super::control::{Decision, decision};
use super::framework::{anchor, named};
use super::{Draft, with_html};
use crate::base::id::ItemId;
use crate::link::report;
use crate::read::framework::{Catalogue, Control};
use crate::render::site::Site;
use crate::render::site::address;
use crate::render::site::values::{Coverage, CoverageRow, Named, Page, Shown};

/// The path of the page.
pub(crate) const PATH: &str = "soa.html";

#[derive(Serialize)]
struct Group<'a> {
    id: &'a str,
    title: &'a str,
    /// The edition's title, where two editions of its framework are in use.
    edition: Option<&'a str>,
    anchor: String,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    anchor: String,
    control: Named,
    unconfirmed: bool,
    state: Shown,
    statement: Option<Decision<'a>>,
    documents: Vec<Value>,
    evidence: Vec<Value>,
}

fn row<'a>(site: &Site<'_>, control: &Control) -> Row<'a> {
    let (manual, directory) = (site.manual, &site.directory);
    let scope = format!("{}:", control.id.control);
    let statement =
        manual.statement(control).map(|statement| with_html(site, PATH, None, |html| decision(site, statement, control, html, &scope)));
    let mut documents: Vec<&ItemId> = manual.claims(control).iter().map(|claim| &claim.document).collect();
    documents.sort();
    documents.dedup();
    Row {
        anchor: control.id.to_string().replace(char::is_whitespace, "-"),
        control: Named { id: control.id.control.to_string(), title: control.title.to_string(), href: Some(address::control(&control.id)) },
        unconfirmed: control.unconfirmed.is_some(),
        state: site.manual.state(control).into(),
        statement,
        documents: documents.into_iter().filter_map(|id| directory.item(id)).collect(),
        evidence: manual.evidence(control).into_iter().filter_map(|id| directory.item(id)).collect(),
    }
}

/// A row of coverage for each catalogue whose controls the Statement decides.
pub(crate) fn coverage(site: &Site<'_>) -> Vec<CoverageRow> {
    let catalogues = site.coverage.iter().map(|coverage| coverage.catalogue);
    catalogues
        .filter_map(|catalogue| {
            let counts = counts(site, catalogue);
            (counts.total() > 0).then(|| CoverageRow { of: named(catalogue), anchor: None, note: None, coverage: Coverage::from(&counts) })
        })
        .collect()
}

fn counts(site: &Site<'_>, catalogue: &Catalogue) -> report::Counts {
    let controls = report::soa_controls(site.manual).filter(|control| control.id.edition == catalogue.id);
    controls.map(|control| site.manual.state(control)).collect()
}

/// The page; none where no edition in use has controls that a Statement decides.
pub(crate) fn page(site: &Site<'_>) -> Option<Draft> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for coverage in &site.coverage {
        let id = &coverage.catalogue.id;
        let is_one_of_two = site.coverage.iter().any(|other| other.catalogue.id.framework == id.framework && other.catalogue.id != *id);
        let edition = is_one_of_two.then_some(coverage.catalogue.title.as_ref());
        for group in &coverage.groups {
            let controls = group.controls.iter().map(|(control, _)| *control).filter(|control| report::is_soa_control(control));
            let rows: Vec<Row<'_>> = controls.map(|control| row(site, control)).collect();
            if !rows.is_empty() {
                let anchor = format!("{}:{}", coverage.catalogue.id, anchor(group.id));
                groups.push(Group { id: group.id, title: group.title, edition, anchor, rows });
            }
        }
    }
    if groups.is_empty() {
        return None;
    }
    let title = "Statement of Applicability".to_owned();
    let page = Page { kind: "soa", part: "soa", title, description: None, path: PATH.into() };
    Some(Draft::new("soa.html", page).with("groups", &groups).with("coverage", &coverage(site)))
}
