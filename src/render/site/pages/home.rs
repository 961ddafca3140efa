//! The first page: what the manual covers, how far, and what is next.

use serde::Serialize;
use tera::Value;

use super::{Draft, with_html};
use crate::base::language::direction;
use crate::link::report;
use crate::read::document::{self, Document, Version};
use crate::render::site::Site;
use crate::render::site::values::{Coverage, Page, safe};

/// How many dates and changes the first page shows.
const SHOWN: usize = 6;

#[derive(Serialize)]
struct Group {
    key: &'static str,
    title: String,
    count: usize,
}

#[derive(Serialize)]
struct Change<'a> {
    date: String,
    version: &'a str,
    change: Option<Value>,
    document: Option<Value>,
}

/// The document that opens the page.
#[derive(Serialize)]
struct Opening<'a> {
    document: Option<Value>,
    text: Value,
    lang: &'a str,
    dir: &'static str,
}

/// The page.
pub(crate) fn page(site: &Site<'_>) -> Draft {
    let view = &site.manual.view;
    let path = "index.html".to_owned();
    let counts: crate::link::state::Counts = report::soa_controls(site.manual).map(|control| site.manual.state(control)).collect();
    let soa = (counts.total() > 0).then(|| Coverage::of(site.language(), &counts));
    let kinds = || view.documents.iter().map(|document| document.kind).chain(view.abstracts.iter().map(|published| published.kind));
    let groups = document::TYPES.iter().map(|kind| Group {
        key: kind,
        title: site.say(super::document::type_title(kind)),
        count: kinds().filter(|known| known == kind).count(),
    });
    let changes = with_html(site, &path, None, |html| {
        let versions = |document: &'_ std::sync::Arc<Document>| document.history.len();
        let mut all: Vec<(&Document, usize, &Version)> = Vec::with_capacity(view.documents.iter().map(versions).sum());
        for document in &view.documents {
            all.extend(document.history.iter().enumerate().map(|(index, version)| (document.as_ref(), index, version)));
        }
        all.sort_by(|a, b| b.2.date.cmp(&a.2.date).then_with(|| a.0.id.cmp(&b.0.id)).then(b.1.cmp(&a.1)));
        let change = |(document, index, version): &(&Document, usize, &'_ Version)| Change {
            date: version.date.to_string(),
            version: "",
            change: version.change.as_ref().map(|change| safe(&html.prose(change, &format!("{}:{index}", document.id)))),
            document: site.directory.item(&document.id),
        };
        let shown = all.iter().take(SHOWN);
        shown.map(|found| Change { version: &found.2.version, ..change(found) }).collect::<Vec<_>>()
    });
    let opening = view.project.home.as_ref().and_then(|home| site.manual.document(&home.value));
    let opening = opening.map(|document| {
        let text = with_html(site, &path, Some(document), |html| safe(&html.document(&document.body, &[])));
        Opening { document: site.directory.item(&document.id), text, lang: &document.language, dir: direction(&document.language) }
    });
    let title = view.project.title.to_string();
    let page = Page { kind: "home", part: "home", title, description: view.project.scope.as_ref().map(ToString::to_string), path };
    Draft::new("index.html", page)
        .with("opening", &opening)
        .with("soa", &soa)
        .with("frameworks", &super::framework::rows(site))
        .with("documents", &groups.filter(|group| group.count > 0).collect::<Vec<_>>())
        .with("registers", &super::register::list(site))
        .with("due", &site.due.iter().take(SHOWN).map(|due| super::calendar::entry(site, due)).collect::<Vec<_>>())
        .with("changes", &changes)
}
