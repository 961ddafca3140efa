//! A page a control: what we decide about it, who does what, where it is written and what shows it.

use std::collections::BTreeMap;

use serde::Serialize;
use tera::Value;

use super::document::referrers;
use super::{Draft, with_html};
use crate::base::id::{ControlId, ItemId, Reference};
use crate::base::word::word;
use crate::link::backlink::Entity;
use crate::link::manual::Manual;
use crate::link::report;
use crate::link::usage::Claim;
use crate::read::crosswalk::basis_words;
use crate::read::framework::{Catalogue, Control};
use crate::read::statement::Statement;
use crate::read::tree::Body;
use crate::render::site::Site;
use crate::render::site::address;
use crate::render::site::cells::Cells;
use crate::render::site::directory::{Directory, at_section, name};
use crate::render::site::html::Html;
use crate::render::site::values::{Named, Page, Shown, date, safe, shown, value};

#[derive(Serialize)]
struct Whole<'a> {
    id: &'a str,
    name: String,
    title: &'a str,
    kind: &'static str,
    framework: Named,
    group: Option<Named>,
    parent: Option<Value>,
    withdrawn: bool,
    into: Vec<Value>,
    label_ours: bool,
    unconfirmed: Option<&'a str>,
    new: bool,
    cloud_guidance: bool,
    guidance_for: &'a [&'static str],
    baselines: Vec<&'a str>,
    state: Option<Shown>,
    expects_statement: bool,
    previous: Option<Value>,
    next: Option<Value>,
}

/// A statement as a value, for control pages and the Statement of Applicability alike.
#[derive(Serialize)]
pub(crate) struct Decision {
    applicable: Option<bool>,
    state: Shown,
    owner: Option<Value>,
    reviewed: Option<String>,
    next_review: Option<String>,
    reasons: Vec<Value>,
    implementation: Option<Value>,
    justification: Option<Value>,
    responsibilities: Vec<Part>,
    /// The control whose statement this is, where the page's own is another name of it.
    of: Option<Value>,
    /// Where its source can be read.
    source: Option<Value>,
}

/// Who does what in one cloud relationship.
#[derive(Serialize)]
struct Part {
    role: String,
    counterparty: Value,
    ownership: String,
    ours: Option<Value>,
    theirs: Option<Value>,
}

/// A statement as a value; `scope` keeps the ids of its prose apart.
pub(crate) fn decision(site: &Site<'_>, statement: &Statement, control: &Control, html: &Html<'_>, scope: &str) -> Decision {
    let directory = &site.directory;
    let fields = &statement.fields;
    let prose = |key: &str| fields.prose(key).map(|body| safe(&html.prose(body, &format!("{scope}{key}"))));
    let reason = |reference: &Reference| match reference {
        Reference::Item { id, section: None } if id.is_role() => {
            Some(value(&Named { title: site.language().phrase(&report::reason_words(id.as_str())), ..Named::default() }))
        }
        reference => directory.reference(reference),
    };
    let parts = statement.responsibilities().into_iter().enumerate();
    Decision {
        applicable: statement.applicable(),
        state: Shown::state(site.language(), site.manual.state(control)),
        owner: directory.role(fields.item("owner")),
        reviewed: date(fields.date("reviewed")),
        next_review: date(statement.next_review()),
        reasons: fields.references("reasons").iter().filter_map(|reference| reason(&reference.value)).collect(),
        implementation: prose("implementation"),
        justification: prose("justification"),
        responsibilities: parts
            .map(|(index, part)| {
                let duty = |body: Option<_>, side: &str| {
                    body.map(|body: std::sync::Arc<_>| safe(&html.prose(&body, &format!("{scope}{side}:{index}"))))
                };
                Part {
                    role: site.language().listed(part.role),
                    counterparty: counterparty(site, &part.counterparty),
                    ownership: site.language().listed(part.ownership),
                    ours: duty(part.ours, "ours"),
                    theirs: duty(part.theirs, "theirs"),
                }
            })
            .collect(),
        of: (statement.control != control.id)
            .then(|| site.manual.control(&statement.control))
            .flatten()
            .map(|decided| directory.control(decided)),
        source: site.origins.shown(statement.span),
    }
}

fn counterparty(site: &Site<'_>, id: &ItemId) -> Value {
    let words = match id.as_str() {
        "customers" => word!("our customers"),
        "peers" => word!("peer providers"),
        "partners" => word!("partners"),
        _ => crate::link::index::WITHHELD_WORDS,
    };
    site.directory.item(id).filter(|_| !id.is_role()).unwrap_or_else(|| value(&Named { title: site.say(words), ..Named::default() }))
}

#[derive(Serialize)]
struct Claimed<'a> {
    document: Option<Value>,
    status: Shown,
    /// Whether the document as a whole claims it.
    whole: bool,
    sections: Vec<Section<'a>>,
    /// Other names of the control by which it is claimed.
    through: Vec<Value>,
}

#[derive(Serialize)]
struct Section<'a> {
    number: &'a str,
    title: &'a str,
    href: String,
}

fn claims<'a>(site: &'a Site<'_>, all: &[&'a Claim]) -> Vec<Claimed<'a>> {
    let manual = site.manual;
    let mut found: Vec<Claimed<'_>> = Vec::new();
    let mut places: BTreeMap<&ItemId, usize> = BTreeMap::new();
    for claim in all {
        let Some(document) = manual.document(&claim.document) else { continue };
        let place = *places.entry(&claim.document).or_insert_with(|| {
            let link = site.directory.item(&document.id);
            let claimed = Claimed {
                document: link,
                status: shown(site.language(), document.status),
                whole: false,
                sections: Vec::new(),
                through: Vec::new(),
            };
            found.push(claimed);
            found.len() - 1
        });
        let claimed = &mut found[place];
        match claim.section.as_ref().and_then(|id| manual.section(&document.id, id)) {
            Some(section) => {
                let href = at_section(document, &section.id);
                if !claimed.sections.iter().any(|known| known.href == href) {
                    claimed.sections.push(Section { number: &section.number, title: &section.title, href });
                }
            }
            None => claimed.whole |= !claim.by_statement,
        }
        if let Some(other) = claim.through.as_ref().and_then(|id| manual.control(id)) {
            let other = site.directory.control(other);
            if !claimed.through.contains(&other) {
                claimed.through.push(other);
            }
        }
    }
    found
}

#[derive(Serialize)]
struct Shows<'a> {
    link: Option<Value>,
    date: Option<String>,
    result: Option<Shown>,
    source: Option<&'a str>,
    fresh_until: Option<String>,
}

fn evidence<'a>(site: &'a Site<'_>, ids: &[&ItemId]) -> Vec<Shows<'a>> {
    let rows = ids.iter().filter_map(|id| site.manual.row(id));
    rows.map(|(_, row)| Shows {
        link: site.directory.item(&row.id),
        date: date(row.fields.date("date")),
        result: row.fields.word("result").map(|word| shown(site.language(), word)),
        source: row.fields.text("source").map(AsRef::as_ref),
        fresh_until: date(row.fields.date("date").zip(row.fields.period("review_every")).map(|(date, every)| every.after(date))),
    })
    .collect()
}

/// A control of another catalogue in use, and what meeting it says of this one.
#[derive(Serialize)]
struct Other {
    link: Value,
    framework: String,
    /// What it is to this control: "asks for the same".
    relation: String,
    relationship: &'static str,
    /// Who says so, as a word and in words.
    basis: String,
    basis_words: String,
    rationale: Option<String>,
    decided_by: Option<Value>,
    decided: Option<String>,
    is_decided: bool,
    /// How far it is met.
    state: Shown,
    /// What follows for this control.
    follows: Option<Shown>,
}

fn others(site: &Site<'_>, control: &Control) -> Vec<Other> {
    let manual = site.manual;
    let catalogues = &manual.view.catalogues;
    let mut found = Vec::new();
    for counterpart in manual.counterparts(control) {
        let Some((catalogue, other)) = catalogues.edition(&counterpart.control.edition).zip(manual.control(&counterpart.control)) else {
            continue;
        };
        if other.withdrawn || !catalogues.is_in_use(&catalogue.id) {
            continue;
        }
        let decided = counterpart.decided.as_ref();
        found.push(Other {
            link: site.directory.control(other),
            framework: catalogue.title.to_string(),
            relation: site.say(counterpart.relationship.of_the_other()),
            relationship: counterpart.relationship.word(),
            basis: counterpart.basis.to_string(),
            basis_words: site.language().phrase(&basis_words(&counterpart.basis)),
            rationale: counterpart.rationale.as_deref().map(str::to_owned),
            decided_by: site.directory.role(decided.and_then(|decided| decided.by.as_ref())),
            decided: date(decided.and_then(|decided| decided.date)),
            is_decided: decided.is_some(),
            state: Shown::state(site.language(), manual.direct_state(other)),
            follows: manual.through(counterpart).map(|state| Shown::state(site.language(), state)),
        });
    }
    found
}

/// Counterparts in editions that are not in use, which have no pages.
fn elsewhere(site: &Site<'_>, control: &Control) -> Vec<Value> {
    let manual = site.manual;
    let unused = manual.counterparts(control).into_iter().filter(|other| !manual.view.catalogues.is_in_use(&other.control.edition));
    let controls = unused.filter_map(|other| manual.control(&other.control)).filter(|control| !control.withdrawn);
    controls.map(|control| site.directory.control(control)).collect()
}

/// Another name of a control, in another catalogue or edition.
#[derive(Clone, Serialize)]
pub(crate) struct OtherName {
    link: Value,
    framework: String,
    cloud_guidance: bool,
}

/// The other names of every control, and what each is another name of.
pub(crate) fn other_names(directory: &Directory<'_>) -> BTreeMap<ControlId, Vec<OtherName>> {
    let manual: &Manual = directory.manual;
    let mut found: BTreeMap<ControlId, Vec<OtherName>> = BTreeMap::new();
    let mut add = |of: &ControlId, other: &ControlId, cloud_guidance: bool| {
        let catalogue = manual.view.catalogues.edition(&other.edition);
        let Some((catalogue, control)) = catalogue.zip(manual.control(other)) else { return };
        let name = OtherName { link: directory.control(control), framework: catalogue.title.to_string(), cloud_guidance };
        found.entry(of.clone()).or_default().push(name);
    };
    for control in manual.view.catalogues.all().flat_map(|catalogue| &catalogue.controls).filter(|control| !control.withdrawn) {
        for other in &control.alias_of {
            add(other, &control.id, control.cloud_guidance);
            add(&control.id, other, control.cloud_guidance);
        }
    }
    found
}

/// The page of a control.
pub(crate) fn page(site: &Site<'_>, catalogue: &Catalogue, index: usize) -> Draft {
    let (manual, directory) = (site.manual, &site.directory);
    let control = &catalogue.controls[index];
    let path = address::control(&control.id);
    let neighbour = |index: Option<usize>| catalogue.controls.get(index?).map(|control| directory.control(control));
    let in_catalogue = |id: &std::sync::Arc<str>| catalogue.control(id).map(|control| directory.control(control));
    let group = control.group.as_ref().and_then(|id| catalogue.groups.iter().find(|group| group.id == *id));
    let whole = Whole {
        id: &control.id.control,
        name: name(manual, control),
        title: &control.title,
        kind: control.kind,
        framework: super::framework::named(catalogue),
        group: group.map(|group| Named {
            id: group.id.to_string(),
            title: group.title.to_string(),
            href: Some(format!("{}#{}", address::framework(&catalogue.id), super::framework::anchor(&group.id))),
        }),
        parent: control.parent.as_ref().and_then(in_catalogue),
        withdrawn: control.withdrawn,
        into: control.into.iter().filter_map(in_catalogue).collect(),
        label_ours: control.label_ours,
        unconfirmed: control.unconfirmed.as_deref(),
        new: control.new,
        cloud_guidance: control.cloud_guidance,
        guidance_for: &control.guidance_for,
        baselines: control.baselines.iter().map(AsRef::as_ref).collect(),
        state: (!control.withdrawn).then(|| Shown::state(site.language(), site.manual.state(control))),
        expects_statement: report::is_soa_control(control),
        previous: neighbour(index.checked_sub(1)),
        next: neighbour(index.checked_add(1)),
    };
    let decided = manual.statement(control);
    let statement = decided.map(|decided| with_html(site, &path, None, |html| decision(site, decided, control, html, "")));
    let shows = manual.evidence(control);
    let prose = |body: &Option<std::sync::Arc<Body>>, scope: &str| {
        body.as_ref().map(|body| with_html(site, &path, None, |html| safe(&html.prose(body, scope))))
    };
    let text = prose(&control.text, "requirement");
    let guidance = prose(&control.guidance_text, "guidance");
    let parts = site.parts.get(&control.id).into_iter().flatten();
    let inherited = site.inheritance.of_control(manual, control).without("control").without("title");
    let inherited = with_html(site, &path, None, |html| {
        let cells = Cells { directory, html };
        (!inherited.rows.is_empty()).then(|| value(&super::table::sheet(manual, &cells, &inherited)))
    });
    // Evidence has a table of its own.
    let backlinks = referrers(site, &Entity::Control(control.id.clone()), |from| match from {
        Entity::Item(id) => !shows.contains(&id),
        Entity::Control(_) => true,
    });
    let page = Page {
        kind: "control",
        part: "frameworks",
        title: format!("{} {}", control.id.control, control.title),
        description: Some(format!("{}: {}", catalogue.title, site.language().listed(control.kind))),
        path,
    };
    Draft::new("control.html", page)
        .with("control", &whole)
        .with("text", &text)
        .with("guidance", &guidance)
        .with("notice", &catalogue.notice.as_deref().filter(|_| text.is_some() || guidance.is_some()))
        .with("statement", &statement)
        .with("claims", &claims(site, &manual.claims(control)))
        .with("evidence", &evidence(site, &shows))
        .with("inherited", &inherited)
        .with("counterparts", &others(site, control))
        .with("elsewhere", &elsewhere(site, control))
        .with("other_names", &site.other_names.get(&control.id))
        .with("parts", &parts.map(|part| directory.control(part)).collect::<Vec<_>>())
        .with("backlinks", &backlinks)
}
