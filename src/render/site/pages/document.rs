//! A page a document, and their index.

use std::collections::BTreeMap;

use serde::Serialize;
use tera::Value;

use super::{Draft, with_html};
use crate::base::finding::Span;
use crate::base::id::ItemId;
use crate::base::language::direction;
use crate::base::word::{Word, word};
use crate::link::backlink::{Backlink, Entity};
use crate::link::index::Section;
use crate::link::view::Published;
use crate::read::document::{self, Document};
use crate::render::export::plain::Said;
use crate::render::site::Site;
use crate::render::site::address;
use crate::render::site::directory::at_section;
use crate::render::site::search::first_words;
use crate::render::site::values::{Page, Shown, date, safe, shown, value};

/// The titles under which the types of documents are gathered.
pub(crate) fn type_title(kind: &str) -> Word {
    match kind {
        "manual" => word!("Manual"),
        "policy" => word!("Policies"),
        "sop" => word!("Procedures"),
        "plan" => word!("Plans"),
        "guideline" => word!("Guidelines"),
        _ => word!("Records"),
    }
}

#[derive(Serialize)]
struct Heading<'a> {
    id: &'a str,
    number: &'a str,
    title: &'a str,
    level: u8,
    /// From the top of the site.
    href: String,
}

fn heading<'a>(document: &Document, section: &'a Section) -> Heading<'a> {
    let href = at_section(document, &section.id);
    Heading { id: &section.id, number: &section.number, title: &section.title, level: section.level, href }
}

/// What refers to something, gathered by what it is to it.
#[derive(Serialize)]
struct Referrers<'a> {
    key: &'static str,
    title: String,
    referrers: Vec<Referrer<'a>>,
}

/// One thing that refers to something, with the sections in which it does.
#[derive(Serialize)]
struct Referrer<'a> {
    from: Value,
    sections: Vec<Heading<'a>>,
}

/// What a referrer is to that to which it refers: its place among the others, a key, and words.
fn role_of(site: &Site<'_>, of: &Entity, from: &Entity) -> (usize, &'static str, Word) {
    let register = match from {
        Entity::Item(id) => site.manual.row(id).map(|(register, _)| register.kind),
        Entity::Control(_) if matches!(of, Entity::Control(_)) => return (4, "controls", word!("Other controls")),
        Entity::Control(_) => return (0, "required-by", word!("Required by")),
    };
    match register.map(|kind| (kind.name, kind.title)) {
        None => (5, "documents", word!("Mentioned in")),
        Some(("legal" | "interested-parties", _)) => (0, "required-by", word!("Required by")),
        Some(("risks" | "treatments", _)) => (1, "risks", word!("Risks treated")),
        Some(("evidence", title)) => (2, "evidence", title),
        Some((name, title)) => (3, name, title),
    }
}

/// What refers to something, as values.
pub(crate) fn referrers(site: &Site<'_>, of: &Entity, mut shows: impl FnMut(&Entity) -> bool) -> Value {
    let manual = site.manual;
    let mut groups: BTreeMap<(usize, &str), Referrers<'_>> = BTreeMap::new();
    let mut places: BTreeMap<&Entity, usize> = BTreeMap::new();
    for Backlink { from, section } in manual.backlinks(of).iter().filter(|backlink| shows(&backlink.from)) {
        let (order, key, title) = role_of(site, of, from);
        let group = groups.entry((order, key)).or_insert_with(|| Referrers { key, title: site.say(title), referrers: Vec::new() });
        let place = places.get(from).copied().or_else(|| {
            group.referrers.push(Referrer { from: site.directory.entity(from)?, sections: Vec::new() });
            places.insert(from, group.referrers.len() - 1);
            Some(group.referrers.len() - 1)
        });
        let (Some(place), Entity::Item(id), Some(section)) = (place, from, section) else { continue };
        let found = manual.document(id).and_then(|document| Some(heading(document, manual.section(id, section)?)));
        group.referrers[place].sections.extend(found);
    }
    let mut groups: Vec<Referrers<'_>> = groups.into_values().filter(|group| !group.referrers.is_empty()).collect();
    // As they follow each other in their document.
    let place = |section: &Heading<'_>| section.number.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>();
    for referrer in groups.iter_mut().flat_map(|group| &mut group.referrers) {
        referrer.sections.sort_by_key(place);
    }
    value(&groups)
}

#[derive(Serialize)]
struct Whole<'a> {
    id: &'a str,
    title: &'a str,
    r#type: &'static str,
    type_title: String,
    version: Option<&'a str>,
    status: Option<Shown>,
    owner: Option<Value>,
    approver: Option<Value>,
    approved: Option<String>,
    /// Whether it stands as it was approved.
    approval: Option<String>,
    effective: Option<String>,
    reviewed: Option<String>,
    next_review: Option<String>,
    classification: String,
    distribution: Vec<&'a str>,
    retention: Option<&'a str>,
    language: &'a str,
    /// `rtl` or `ltr`.
    direction: &'static str,
    #[serde(rename = "abstract")]
    summary: Option<Value>,
    contents: Vec<Heading<'a>>,
    claims: Vec<Value>,
    text: Value,
    backlinks: Value,
    history: Vec<Entry<'a>>,
    /// The releases in which it changed.
    changes: Vec<Value>,
    /// Where its source can be read.
    source: Option<Value>,
    previous: Option<Value>,
    next: Option<Value>,
}

#[derive(Serialize)]
struct Entry<'a> {
    version: &'a str,
    date: String,
    author: Option<Value>,
    change: Option<Value>,
}

/// Whether a document stands as it was approved, in words; none where no approvals are kept.
fn standing(site: &Site<'_>, document: &ItemId) -> Option<String> {
    let standing = site.manual.approvals.as_ref()?.documents.get(document)?;
    Some(site.language().phrase(&standing.phrase(site.manual)))
}

/// The page of the document at a place of the manual.
pub(crate) fn page(site: &Site<'_>, index: usize) -> Draft {
    let directory = &site.directory;
    let manual = site.manual;
    let document: &Document = &manual.view.documents[index];
    let path = address::document(&document.id);
    let neighbour = |index: Option<usize>| directory.item(&manual.view.documents.get(index?)?.id);
    let whole = with_html(site, &path, Some(document), |html| Whole {
        id: document.id.as_str(),
        title: &document.title,
        r#type: document.kind,
        type_title: site.say(type_title(document.kind)),
        version: document.version.as_deref(),
        status: Some(shown(site.language(), document.status)),
        owner: directory.role(document.owner.as_ref()),
        approver: directory.role(document.approver.as_ref()),
        approved: date(document.approved),
        approval: standing(site, &document.id),
        effective: date(document.effective),
        reviewed: date(document.reviewed),
        next_review: date(document.next_review().filter(|_| document.status != "retired")),
        classification: site.language().classification(manual.view.project.classification_name(document.classification)),
        distribution: document.distribution.iter().map(AsRef::as_ref).collect(),
        retention: document.retention.as_deref(),
        language: &document.language,
        direction: direction(&document.language),
        summary: document.summary.as_ref().map(|summary| safe(&html.prose(&summary.text, "abstract"))),
        contents: manual.sections(&document.id).iter().filter(|section| section.level <= 3).map(|s| heading(document, s)).collect(),
        claims: document
            .satisfies
            .iter()
            .filter_map(|claim| manual.control_named(&claim.value))
            .map(|control| directory.control(control))
            .collect(),
        text: safe(&html.document(&document.body, manual.sections(&document.id))),
        backlinks: referrers(site, &Entity::Item(document.id.clone()), |_| true),
        history: document
            .history
            .iter()
            .enumerate()
            .rev()
            .map(|(index, version)| Entry {
                version: &version.version,
                date: version.date.to_string(),
                author: directory.role(version.author.as_ref()),
                change: version.change.as_ref().map(|change| safe(&html.prose(change, &format!("history:{index}")))),
            })
            .collect(),
        changes: super::changes::past(site, &document.id),
        source: site.origins.shown(Span::new(document.file, 0..0)),
        previous: neighbour(index.checked_sub(1)),
        next: neighbour(index.checked_add(1)),
    });
    let page = Page {
        kind: "document",
        part: "documents",
        title: format!("{} {}", document.id, document.title),
        description: Some(first_words(
            Said { manual, language: site.language() },
            document.summary.as_ref().map_or(&document.body, |summary| &summary.text),
        )),
        path,
    };
    Draft::new("document.html", page).with("document", &whole)
}

/// The page of what a withheld document publishes of itself.
pub(crate) fn abstract_page(site: &Site<'_>, published: &Published) -> Draft {
    let path = address::document(&published.id);
    let whole = with_html(site, &path, None, |html| Whole {
        id: published.id.as_str(),
        title: &published.title,
        r#type: published.kind,
        type_title: site.say(type_title(published.kind)),
        version: None,
        status: None,
        owner: None,
        approver: None,
        approved: None,
        approval: None,
        effective: None,
        reviewed: None,
        next_review: None,
        classification: String::new(),
        distribution: Vec::new(),
        retention: None,
        language: &site.language().tag,
        direction: site.language().direction(),
        summary: Some(safe(&html.prose(&published.text, "abstract"))),
        contents: Vec::new(),
        claims: Vec::new(),
        text: safe(""),
        backlinks: referrers(site, &Entity::Item(published.id.clone()), |_| true),
        history: Vec::new(),
        changes: Vec::new(),
        source: None,
        previous: None,
        next: None,
    });
    let title = format!("{} {}", published.id, published.title);
    let page = Page {
        kind: "abstract",
        part: "documents",
        title,
        description: Some(first_words(Said { manual: site.manual, language: site.language() }, &published.text)),
        path,
    };
    Draft::new("document.html", page).with("document", &whole)
}

#[derive(Serialize)]
struct Group<'a> {
    key: &'static str,
    title: String,
    documents: Vec<Listed<'a>>,
}

#[derive(Serialize)]
struct Listed<'a> {
    link: Option<Value>,
    version: Option<&'a str>,
    status: Option<Shown>,
    owner: Option<Value>,
    approved: Option<String>,
    reviewed: Option<String>,
    next_review: Option<String>,
    #[serde(rename = "abstract")]
    summary: Option<Value>,
}

/// Something that is given on request, and named by its title alone.
#[derive(Serialize)]
struct Requestable<'a> {
    title: &'a str,
    nda: bool,
}

/// The index of documents, with what withheld ones publish.
pub(crate) fn index(site: &Site<'_>) -> Draft {
    let path = "documents.html".to_owned();
    let view = &site.manual.view;
    let groups = with_html(site, &path, None, |html| {
        let mut groups: BTreeMap<Option<usize>, Group<'_>> = BTreeMap::new();
        let mut add = |kind: &'static str, listed| {
            let order = document::TYPES.iter().position(|known| *known == kind);
            let group =
                groups.entry(order).or_insert_with(|| Group { key: kind, title: site.say(type_title(kind)), documents: Vec::new() });
            group.documents.push(listed);
        };
        for document in &view.documents {
            let listed = Listed {
                link: site.directory.item(&document.id),
                version: document.version.as_deref(),
                status: Some(shown(site.language(), document.status)),
                owner: site.directory.role(document.owner.as_ref()),
                approved: date(document.approved),
                reviewed: date(document.reviewed),
                next_review: date(document.next_review().filter(|_| document.status != "retired")),
                summary: None,
            };
            add(document.kind, listed);
        }
        for published in &view.abstracts {
            let summary = Some(safe(&html.prose(&published.text, published.id.as_str())));
            let link = site.directory.item(&published.id);
            let listed =
                Listed { link, summary, version: None, status: None, owner: None, approved: None, reviewed: None, next_review: None };
            add(published.kind, listed);
        }
        groups.into_values().collect::<Vec<_>>()
    });
    let description = Some(site.say(word!("Every document, its state, who keeps it and when it is next reviewed.")));
    let page = Page { kind: "documents", part: "documents", title: site.say(word!("Documents")), description, path };
    let on_request = view.on_request.iter().map(|named| Requestable { title: &named.title, nda: named.nda });
    let template = if site.trust.is_some() { "trust/documents.html" } else { "documents.html" };
    Draft::new(template, page).with("groups", &groups).with("on_request", &on_request.collect::<Vec<_>>())
}
