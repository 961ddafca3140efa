//! A page a framework with coverage by group, and their index.

use serde::Serialize;
use tera::Value;

use super::Draft;
use crate::base::id::ItemId;
use crate::base::word::{Phrase, phrase, word};
use crate::link::report;
use crate::link::state::State;
use crate::read::framework::{Catalogue, Control};
use crate::render::site::Site;
use crate::render::site::address;
use crate::render::site::pictures;
use crate::render::site::trust;
use crate::render::site::values::{Coverage, CoverageRow, Named, Page, Shown};

/// A framework by its edition and title.
pub(crate) fn named(catalogue: &Catalogue) -> Named {
    Named { id: catalogue.id.to_string(), title: catalogue.title.to_string(), href: Some(address::framework(&catalogue.id)) }
}

/// The anchor of a group. Ids of groups hold no spaces; a colon keeps them apart from what else has an id.
pub(crate) fn anchor(group: &str) -> String {
    format!("group:{}", group.replace(char::is_whitespace, "-"))
}

/// A row of coverage for each framework in use; on a trust site, for each of which it says something.
pub(crate) fn rows(site: &Site<'_>) -> Vec<CoverageRow> {
    let shown = site.coverage.iter().filter(|coverage| site.trust.is_none() || trust::speaks_of(coverage));
    shown.map(|coverage| row(site, coverage, &coverage.counts)).collect()
}

fn row(site: &Site<'_>, coverage: &report::Coverage<'_>, counts: &crate::link::state::Counts) -> CoverageRow {
    CoverageRow {
        of: named(coverage.catalogue),
        anchor: None,
        note: note(site, coverage.catalogue),
        coverage: Coverage::of(site.language(), counts),
    }
}

/// What is to be said of a catalogue that is not the current one.
fn note(site: &Site<'_>, catalogue: &Catalogue) -> Option<String> {
    let said = match (catalogue.status, &catalogue.superseded_by) {
        ("current", _) => return None,
        ("superseded", Some(by)) => phrase!("superseded, replaced by {edition}", edition = by.to_string()),
        ("superseded", None) => word!("superseded").into(),
        ("withdrawn", Some(by)) => phrase!("withdrawn, replaced by {edition}", edition = by.to_string()),
        ("withdrawn", None) => word!("withdrawn").into(),
        (status, _) => Phrase::text(status),
    };
    Some(site.language().phrase(&said))
}

/// The index of frameworks.
pub(crate) fn index(site: &Site<'_>) -> Draft {
    let page = Page {
        kind: "frameworks",
        part: "frameworks",
        title: site.say(word!("Frameworks")),
        description: Some(site.say(word!("Every framework in use, and how far it is met."))),
        path: "frameworks.html".into(),
    };
    Draft::new("frameworks.html", page).with("frameworks", &rows(site))
}

#[derive(Serialize)]
struct Whole<'a> {
    id: String,
    title: &'a str,
    full_title: Option<&'a str>,
    publisher: Option<&'a str>,
    published: Option<&'a str>,
    status: &'static str,
    note: Option<String>,
    source: Option<&'a str>,
    notice: Option<&'a str>,
    /// The page of what is left, and how many controls that are.
    gap: Option<String>,
    remaining: usize,
    coverage: Coverage,
}

#[derive(Serialize)]
struct Group<'a> {
    id: &'a str,
    title: String,
    anchor: String,
    controls: Vec<Listed<'a>>,
}

#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    title: &'a str,
    href: String,
    /// How many controls it stands within.
    depth: usize,
    unconfirmed: Option<&'a str>,
    new: bool,
    state: Shown,
    documents: Vec<Value>,
    evidence: Vec<Value>,
}

fn listed<'a>(site: &Site<'_>, catalogue: &Catalogue, control: &'a Control, state: Shown) -> Listed<'a> {
    let mut documents: Vec<&ItemId> = site.manual.claims(control).iter().map(|claim| &claim.document).collect();
    documents.sort();
    documents.dedup();
    let mut depth = 0;
    let mut above = control.parent.as_ref();
    while let Some(parent) = above.and_then(|id| catalogue.control(id)).filter(|_| depth < 3) {
        depth += 1;
        above = parent.parent.as_ref();
    }
    Listed {
        id: &control.id.control,
        title: &control.title,
        href: address::control(&control.id),
        depth,
        unconfirmed: control.unconfirmed.as_deref(),
        new: control.new,
        state,
        documents: documents.into_iter().filter_map(|id| site.directory.item(id)).collect(),
        evidence: site.manual.evidence(control).into_iter().filter_map(|id| site.directory.item(id)).collect(),
    }
}

/// The page of a framework in use.
pub(crate) fn page(site: &Site<'_>, index: usize) -> Draft {
    let coverage = &site.coverage[index];
    let catalogue = coverage.catalogue;
    let whole = Whole {
        id: catalogue.id.to_string(),
        title: &catalogue.title,
        full_title: catalogue.full_title.as_deref(),
        publisher: catalogue.publisher.as_deref(),
        published: catalogue.published.as_deref(),
        status: catalogue.status,
        note: note(site, catalogue),
        source: catalogue.source.as_deref(),
        notice: catalogue.notice.as_deref(),
        gap: site.manual.view.is_whole().then(|| address::gap(&catalogue.id)),
        remaining: State::ALL.into_iter().filter(|state| report::remains(*state)).map(|state| coverage.counts.of(state)).sum(),
        coverage: Coverage::of(site.language(), &coverage.counts),
    };
    let title =
        |group: &report::GroupCoverage<'_>| if group.title.is_empty() { site.say(word!("Controls")) } else { group.title.to_owned() };
    let rows: Vec<CoverageRow> = coverage
        .groups
        .iter()
        .map(|group| CoverageRow {
            of: Named { id: group.id.to_owned(), title: title(group), href: None },
            anchor: Some(anchor(group.id)),
            note: None,
            coverage: Coverage::of(site.language(), &group.counts),
        })
        .collect();
    let groups: Vec<Group<'_>> = coverage
        .groups
        .iter()
        .map(|group| Group {
            id: group.id,
            title: title(group),
            anchor: anchor(group.id),
            controls: group
                .controls
                .iter()
                .map(|(control, state)| listed(site, catalogue, control, Shown::state(site.language(), *state)))
                .collect(),
        })
        .collect();
    let page = Page {
        kind: "framework",
        part: "frameworks",
        title: catalogue.title.to_string(),
        description: catalogue.full_title.as_ref().map(ToString::to_string),
        path: address::framework(&catalogue.id),
    };
    let map = pictures::coverage(site.language(), coverage, &address::root(&page.path));
    let over = pictures::over_releases(site, coverage);
    Draft::new("framework.html", page)
        .with("framework", &whole)
        .with("map", &map)
        .with("over_releases", &over)
        .with("coverage", &rows)
        .with("groups", &groups)
}
