//! What was in force on a day: the first page of an output that is built as of one, and what the pages of its releases say of that day.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::pages::Draft;
use super::releases;
use super::values::{Page, date};
use super::{Options, Site, address};
use crate::base::finding::Finding;
use crate::base::id::ItemId;
use crate::base::language::Language;
use crate::base::word::{Phrase, phrase, word};
use crate::link::approval::{Standing, role_title};
use crate::link::manual::Manual;
use crate::link::release::{InForce, Of, Stood, Why, folder};
use crate::link::report;
use crate::render::{Artifact, Artifacts};

/// What a page of a release says where it is not what was in force on the day.
#[derive(Serialize)]
pub(super) struct Notice {
    words: String,
    href: Option<String>,
    link: String,
}

/// Of a document's page in the output of a release; nothing where what it says was in force.
pub(super) fn notice(site: &Site<'_>, standing: &releases::Standing, id: &ItemId) -> Option<Notice> {
    let (name, as_of) = standing.name.as_deref().zip(standing.as_of.as_deref())?;
    let language = site.language();
    let day = as_of.date;
    match as_of.version(id) {
        Some(stood) if stood.release.name.as_ref() == name => None,
        Some(stood) => {
            let path = address::document(id);
            let link = match &stood.version {
                Some(version) => phrase!("version {version}, in {release}", version = version, release = &stood.release.name),
                None => phrase!("what {release} says", release = &stood.release.name),
            };
            Some(Notice {
                words: language.phrase(&phrase!("Not in force on {date}. In force was", date = day)),
                href: Some(format!("{}../{}", address::root(&path), in_folder(&stood.release.name, &path))),
                link: language.phrase(&link),
            })
        }
        None => {
            let why = as_of.why(id).map(|why| why_not(language, why)).unwrap_or_default();
            let words = language.phrase(&phrase!("Not in force on {date}: {why}.", date = day, why = why));
            Some(Notice { words, href: None, link: String::new() })
        }
    }
}

fn why_not(language: &Language, why: &Why) -> String {
    let of = |of: &Of, words: fn(Phrase, Phrase) -> Phrase| words(Phrase::text(of.name.clone()), Phrase::text(of.date.to_string()));
    let words = match why {
        Why::Later(date) => phrase!("in force from {date}", date = *date),
        Why::Draft => word!("a draft").into(),
        Why::Review => word!("under review").into(),
        Why::Retired(release) => of(release, |name, date| phrase!("retired by {name} of {date}", name = name, date = date)),
        Why::Gone(release) => of(release, |name, date| phrase!("no longer in {name} of {date}", name = name, date = date)),
    };
    language.phrase(&words)
}

/// A release that was built, by name.
pub type Built = BTreeMap<Arc<str>, (Manual, Artifacts)>;

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    title: &'a str,
    href: Option<String>,
    version: Option<&'a str>,
    from: String,
    approver: String,
    approved: Option<String>,
    release: &'a str,
    /// Whether it stands as it was approved; where approvals are kept.
    approval: Option<String>,
    /// Why it was not in force.
    why: Option<String>,
}

#[derive(Serialize)]
struct Release<'a> {
    name: &'a str,
    date: String,
    href: Option<String>,
    pdf: Option<String>,
    approval: Option<String>,
}

#[derive(Serialize)]
struct Soa {
    href: String,
    version: Option<String>,
    approved: Option<String>,
    standing: Option<String>,
}

/// The first page: what was in force, document by document. `built` has every release of [`InForce::releases`]; `approval` is that of the release of the day, where
/// approvals are kept and the audience sees everything.
///
/// # Errors
/// Templates that fail.
pub fn top(in_force: &InForce, built: &Built, approval: Option<Standing>) -> Result<Vec<Artifact>, Vec<Finding>> {
    let Some((manual, artifacts)) = built.get(&in_force.release.name) else { return Ok(Vec::new()) };
    let options = Options::default();
    let site = Site::of(manual, &options);
    let language = site.language();
    let documents: Vec<Row<'_>> = in_force.documents.iter().map(|stood| row(stood, None, built, manual)).collect();
    let others: Vec<Row<'_>> = in_force.others.iter().map(|(stood, why)| row(stood, Some(why), built, manual)).collect();
    let name = &in_force.release.name;
    let release = Release {
        name,
        date: in_force.release.date.to_string(),
        href: Some(in_folder(name, "index.html")),
        pdf: artifacts.find(address::MANUAL_PDF).map(|_| in_folder(name, address::MANUAL_PDF)),
        approval: approval.map(|standing| language.phrase(&standing.phrase(manual))),
    };
    let plain = |of: &Of| (of.name.to_string(), of.date.to_string());
    let (next_name, next_date) = in_force.next.as_ref().map(plain).unzip();
    let says = report::soa_approval(manual);
    let soa = artifacts.find(address::SOA).map(|_| Soa {
        href: in_folder(name, address::SOA),
        version: says.version.as_ref().map(ToString::to_string),
        approved: date(says.approved),
        standing: says.standing.as_ref().map(|standing| language.phrase(standing)),
    });
    let silent: Vec<&str> = in_force.silent.iter().map(|of| of.name.as_ref()).collect();
    let title = language.phrase(&phrase!("In force on {date}", date = in_force.date));
    let page = Page { kind: "in-force", part: "", title, description: None, path: "index.html".into() };
    let draft = Draft::new("in-force.html", page)
        .with("root", &in_folder(name, ""))
        .with("release", &release)
        .with("next_name", &next_name)
        .with("next_date", &next_date)
        .with("soa", &soa)
        .with("documents", &documents)
        .with("others", &others)
        .with("has_approvals", &documents.iter().any(|row| row.approval.is_some()))
        .with("silent", &silent);
    let html = site.templates()?.render(draft.template, &draft.context).map_err(|finding| vec![*finding])?;
    Ok(vec![Artifact { path: "index.html".into(), bytes: html.into_bytes() }])
}

/// A row. Where the release is not one that was built, there is no page to lead to.
fn row<'a>(stood: &'a Stood, why: Option<&Why>, built: &Built, home: &Manual) -> Row<'a> {
    let of = built.get(&stood.release.name);
    let manual = of.map_or(home, |(manual, _)| manual);
    let language = &manual.view.project.language;
    let path = address::document(&stood.id);
    let page = of.filter(|(_, artifacts)| artifacts.find(&path).is_some());
    let standing = of.and_then(|(manual, _)| manual.approvals.as_ref()?.documents.get(&stood.id));
    Row {
        id: stood.id.as_str(),
        title: &stood.title,
        href: page.map(|_| in_folder(&stood.release.name, &path)),
        version: stood.version.as_deref(),
        from: stood.from.to_string(),
        approver: stood.approver.as_ref().map_or_else(String::new, |role| role_title(manual, role).to_string()),
        approved: date(stood.approved),
        release: &stood.release.name,
        approval: standing.map(|standing| language.phrase(&standing.phrase(manual))),
        why: why.map(|why| why_not(language, why)),
    }
}

/// The address of a file of a release, from the first page.
fn in_folder(release: &str, path: &str) -> String {
    address::encoded(&format!("{}/{path}", folder(release)))
}
