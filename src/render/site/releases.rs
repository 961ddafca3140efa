//! What leads to the releases of a versioned site: the list of them, the file that their pages read, the pages of `latest/` that are no more.
//!
//! Published pages stay as they are. So all that changes with each release lies in one file at the top, `releases.js`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;

use super::pages::{self, Draft};
use super::templates::Templates;
use super::trust::{self, Pages, Trust};
use super::values::Page;
use super::{Options, Site, address};
use crate::base::finding::Finding;
use crate::base::word::{Phrase, phrase, word};
use crate::link::approval::{Given, role_title};
use crate::link::manual::Manual;
use crate::link::release::{InForce, folder};
use crate::read::project::Withdrawn;
use crate::render::Artifact;

/// The folder of the newest release.
pub const LATEST: &str = "latest";

/// The folder of the sources as they stand.
pub const NEXT: &str = "next";

/// The folder of the pages of documents.
const DOCUMENTS: &str = "documents/";

/// Where a site stands among those of other releases.
#[derive(Clone, Debug, Serialize)]
pub struct Standing {
    /// The release; none for sources that are not released.
    pub name: Option<String>,
    /// Its day; for sources that are not released, the day of the build.
    pub date: Date,
    /// What was in force on the day that the site is as of, if it is: its pages then lead to the first page of that and not to other releases.
    #[serde(serialize_with = "day_of")]
    pub as_of: Option<Arc<InForce>>,
    /// Whether it stands by itself, as in a pack: its pages then lead to no other release.
    pub alone: bool,
}

/// Templates get the day alone.
fn day_of<S: serde::Serializer>(as_of: &Option<Arc<InForce>>, serializer: S) -> Result<S::Ok, S::Error> {
    as_of.as_ref().map(|in_force| in_force.date.to_string()).serialize(serializer)
}

/// A release as the others lead to it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its tag.
    pub name: String,
    /// Its day.
    pub date: Date,
    /// The paths of its files; none where it is withdrawn.
    pub files: Vec<String>,
    /// The versions of its documents by their pages, where they have one.
    pub versions: BTreeMap<String, String>,
    /// Since when and why it is not shown any more.
    pub withdrawn: Option<Withdrawn>,
    /// Its approval; for those who see everything alone.
    pub approval: Option<Given>,
}

impl Listed {
    /// Its folder.
    pub fn folder(&self) -> String {
        folder(&self.name)
    }

    fn pages(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(String::as_str).filter(|path| path.ends_with(".html"))
    }

    fn documents(&self) -> usize {
        self.pages().filter(|path| path.starts_with(DOCUMENTS)).count()
    }
}

/// The versions of a manual's documents by their pages.
pub fn versions(manual: &Manual) -> BTreeMap<String, String> {
    let versions =
        manual.view.documents.iter().filter_map(|document| Some((address::document(&document.id), document.version.as_ref()?.to_string())));
    versions.collect()
}

/// All releases of a versioned site, the oldest first.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// Each of them.
    pub releases: Vec<Listed>,
    /// The paths of the files of the sources as they stand, where they are shown too.
    pub next: Option<Vec<String>>,
    /// Whether approvals of releases are told at all.
    pub tells_approvals: bool,
}

impl Listing {
    /// The newest that is shown.
    pub fn latest(&self) -> Option<&Listed> {
        self.releases.iter().rev().find(|release| release.withdrawn.is_none())
    }

    /// The pages of each release by their paths, and what they were in: a bit a release, the last one for what is not released. A folder in which
    /// all pages were in the same releases is told once.
    fn presence(&self) -> BTreeMap<String, Vec<(usize, usize)>> {
        let next = self.next.iter().flatten().map(String::as_str).filter(|path| path.ends_with(".html"));
        let of_releases = self.releases.iter().enumerate().flat_map(|(index, release)| release.pages().map(move |page| (page, index)));
        let mut of_pages: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (page, index) in of_releases.chain(next.map(|page| (page, self.releases.len()))) {
            of_pages.entry(page).or_default().insert(index);
        }
        let mut of_folders: BTreeMap<&str, Vec<(&str, BTreeSet<usize>)>> = BTreeMap::new();
        for (page, releases) in of_pages {
            let folder = page.rfind('/').map_or("", |end| &page[..=end]);
            of_folders.entry(folder).or_default().push((page, releases));
        }
        let mut said = BTreeMap::new();
        for (folder, pages) in of_folders {
            match pages.split_first() {
                Some(((_, first), rest)) if !rest.is_empty() && rest.iter().all(|(_, releases)| releases == first) => {
                    said.insert(folder.to_owned(), ranges(first));
                }
                _ => said.extend(pages.into_iter().map(|(page, releases)| (page.to_owned(), ranges(&releases)))),
            }
        }
        said
    }

    /// The versions of each document by its page: from which release on it has which; an empty one where it says none.
    fn versions(&self) -> BTreeMap<&str, Vec<(usize, &str)>> {
        let mut said: BTreeMap<&str, Vec<(usize, &str)>> = BTreeMap::new();
        for (index, release) in self.releases.iter().enumerate() {
            for page in release.pages().filter(|page| page.starts_with(DOCUMENTS)) {
                let version = release.versions.get(page).map_or("", String::as_str);
                let known = said.entry(page).or_default();
                if known.last().is_none_or(|(_, last)| *last != version) {
                    known.push((index, version));
                }
            }
        }
        said
    }

    /// `releases.js`: a classic script, so that it is read from a folder as from a server.
    fn script(&self, manual: &Manual) -> String {
        let release = |release: &Listed| {
            let mut said = json!({ "name": release.name, "date": release.date.to_string() });
            if release.folder() != release.name {
                said["folder"] = release.folder().into();
            }
            if release.withdrawn.is_some() {
                said["withdrawn"] = true.into();
            } else if self.tells_approvals {
                said["approval"] = approval(release, manual).into();
            }
            said
        };
        let said = json!({
            "latest": self.latest().map(|release| release.name.as_str()),
            "releases": self.releases.iter().map(release).collect::<Vec<_>>(),
            "next": self.next.is_some(),
            "pages": self.presence(),
            "versions": self.versions(),
        });
        format!("window.annexaReleases = {said};\n")
    }
}

/// Who approved a release, in words.
fn approval(release: &Listed, manual: &Manual) -> String {
    let words = match &release.approval {
        Some(given) => phrase!("Approved by {role} on {date}", role = Phrase::text(role_title(manual, &given.by)), date = given.date),
        None => word!("No approval of it is recorded").into(),
    };
    manual.view.project.language.phrase(&words)
}

fn ranges(indexes: &BTreeSet<usize>) -> Vec<(usize, usize)> {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for index in indexes {
        match ranges.last_mut() {
            Some((_, end)) if *end + 1 == *index => *end = *index,
            _ => ranges.push((*index, *index)),
        }
    }
    ranges
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    href: Option<String>,
    date: String,
    /// The day of the next one.
    until: Option<String>,
    withdrawn: Option<String>,
    documents: Option<usize>,
    approval: Option<String>,
}

/// The files at the top of a versioned site, whose look is that of `manual`, the one in the folder `home`.
///
/// # Errors
/// Templates that fail.
pub fn top(manual: &Manual, home: &str, listing: &Listing) -> Result<Vec<Artifact>, Vec<Finding>> {
    let options = Options::default();
    let site = Site::of(manual, &options);
    let templates = site.templates()?;
    let latest = listing.latest().map(|release| release.name.as_str());
    let rows = listing.releases.iter().enumerate().rev().map(|(index, release)| {
        let later = listing.releases.iter().skip(index + 1).find(|later| later.withdrawn.is_none());
        let folder = if Some(release.name.as_str()) == latest { LATEST.to_owned() } else { release.folder() };
        Row {
            name: &release.name,
            href: Some(address::encoded(&format!("{folder}/index.html"))),
            date: release.date.to_string(),
            until: later.filter(|_| release.withdrawn.is_none()).map(|later| later.date.to_string()),
            withdrawn: release.withdrawn.as_ref().map(|withdrawn| withdrawn.date.to_string()),
            documents: release.withdrawn.is_none().then(|| release.documents()),
            approval: (listing.tells_approvals && release.withdrawn.is_none()).then(|| approval(release, manual)),
        }
    });
    let rows: Vec<Row<'_>> = rows.collect();
    let description = Some(site.say(word!("The releases of this manual, and from when until when each held.")));
    let page = Page { kind: "releases", part: "", title: site.say(word!("Releases")), description, path: "releases.html".into() };
    let list = Draft::new("releases.html", page)
        .with("root", &format!("{home}/"))
        .with("releases", &rows)
        .with("next", &listing.next.is_some())
        .with("tells_approvals", &listing.tells_approvals);
    let start = format!("{home}/index.html");
    let moved = Moved { title: manual.view.project.title.to_string(), words: String::new(), link: site.say(word!("Go on")), to: start };
    let mut artifacts = vec![Artifact { path: "releases.js".into(), bytes: listing.script(manual).into_bytes() }];
    let not_found = pages::plain::not_found(&site, &format!("{home}/"));
    for (path, draft) in [("releases.html", list), ("index.html", moved.draft()), ("404.html", not_found)] {
        let html = templates.render(draft.template, &draft.context).map_err(|finding| vec![*finding])?;
        artifacts.push(Artifact { path: path.into(), bytes: html.into_bytes() });
    }
    artifacts.extend(host(manual, listing));
    Ok(artifacts)
}

/// Files of a trust site that hosts, search engines and those who report look for at the top.
pub fn host(manual: &Manual, listing: &Listing) -> Vec<Artifact> {
    let Some(trust) = Trust::of(manual, false) else { return Vec::new() };
    let pages: Vec<&str> = listing.latest().into_iter().flat_map(Listed::pages).collect();
    let pages = if pages.is_empty() { Pages::Unreleased } else { Pages::Latest(&pages, listing.next.is_some()) };
    trust::of_host(manual, &trust, &pages)
}

/// What stands in place of a release that is withdrawn, and of its comparisons with these other ones, to which pages of later releases lead.
///
/// # Errors
/// Templates that fail.
pub fn notice(
    manual: &Manual,
    home: &str,
    listing: &Listing,
    withdrawn: &Withdrawn,
    compared_with: &BTreeSet<String>,
) -> Result<Vec<Artifact>, Vec<Finding>> {
    #[derive(Serialize)]
    struct Values<'a> {
        date: String,
        reason: &'a str,
    }
    let options = Options::default();
    let site = Site::of(manual, &options);
    let title = site.language().phrase(&phrase!("Release {name} is withdrawn", name = withdrawn.release.value.as_ref()));
    let page = Page { kind: "withdrawn", part: "", title, description: None, path: "index.html".into() };
    let draft = Draft::new("withdrawn.html", page)
        .with("root", &format!("../{home}/"))
        .with("withdrawn", &Values { date: withdrawn.date.to_string(), reason: &withdrawn.reason })
        .with("latest", &listing.latest().map(|release| release.name.as_str()));
    let templates = site.templates()?;
    let html = templates.render(draft.template, &draft.context).map_err(|finding| vec![*finding])?;
    let name = withdrawn.release.value.as_ref();
    let gone = compared_with.iter().map(|since| no_comparison(&site, &templates, &address::changes(since), name, ""));
    let index = Artifact { path: "index.html".into(), bytes: html.into_bytes() };
    std::iter::once(Ok(index)).chain(gone).collect::<Result<_, Box<Finding>>>().map_err(|finding| vec![*finding])
}

/// What stands in place of a comparison with a release that is withdrawn: it leads to the notice, whose folder is this one from the top of the site.
pub(super) fn no_comparison(
    site: &Site<'_>,
    templates: &Templates<'_>,
    path: &str,
    name: &str,
    folder: &str,
) -> Result<Artifact, Box<Finding>> {
    let draft = Moved {
        title: site.language().phrase(&phrase!("Release {name} is withdrawn", name = name)),
        words: site.say(word!("What changed is not told any more.")),
        link: site.say(word!("Why it is withdrawn")),
        to: format!("{}{}index.html", address::root(path), address::encoded(folder)),
    }
    .draft();
    let html = templates.render(draft.template, &draft.context)?;
    Ok(Artifact { path: path.to_owned(), bytes: html.into_bytes() })
}

/// Pages of `latest/` for what earlier releases had and the latest has not: each leads to where it last stood.
///
/// # Errors
/// Templates that fail.
pub fn moved(manual: &Manual, listing: &Listing) -> Result<Vec<Artifact>, Vec<Finding>> {
    let Some(latest) = listing.latest() else { return Ok(Vec::new()) };
    let there: BTreeSet<&str> = latest.files.iter().map(String::as_str).collect();
    let mut last: BTreeMap<&str, &Listed> = BTreeMap::new();
    for release in &listing.releases {
        last.extend(release.pages().filter(|page| !there.contains(page)).map(|page| (page, release)));
    }
    let options = Options::default();
    let site = Site::of(manual, &options);
    let templates = site.templates()?;
    let page = |(path, release): (&str, &Listed)| {
        let draft = Moved {
            title: site.say(word!("This page is no longer there")),
            words: site.language().phrase(&phrase!(
                "It is not in {latest}. It last stood in {name}.",
                latest = latest.name.as_str(),
                name = release.name.as_str()
            )),
            link: site.language().phrase(&phrase!("The page in {name}", name = release.name.as_str())),
            to: format!("{}../{}", address::root(path), address::encoded(&format!("{}/{path}", release.folder()))),
        }
        .draft();
        let html = templates.render(draft.template, &draft.context).map_err(|finding| vec![*finding])?;
        Ok(Artifact { path: path.to_owned(), bytes: html.into_bytes() })
    };
    last.into_iter().map(page).collect()
}

/// A page that leads to another one.
struct Moved {
    title: String,
    words: String,
    link: String,
    to: String,
}

impl Moved {
    fn draft(self) -> Draft {
        let page = Page { kind: "moved", part: "", title: self.title.clone(), description: None, path: "index.html".into() };
        Draft::new("moved.html", page).with("title", &self.title).with("words", &self.words).with("link", &self.link).with("to", &self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(name: &str, pages: &[&str]) -> Listed {
        let files = pages.iter().map(|page| (*page).to_owned()).collect();
        let date = jiff::civil::date(2026, 1, 2);
        Listed { name: name.into(), date, files, versions: BTreeMap::new(), withdrawn: None, approval: None }
    }

    #[test]
    fn versions_are_told_where_they_change() {
        let of = |name: &str, version: &[(&str, &str)]| Listed {
            versions: version.iter().map(|(page, version)| ((*page).to_owned(), (*version).to_owned())).collect(),
            ..release(name, &["documents/a.html", "index.html"])
        };
        let (a, b) = (("documents/a.html", "1.0"), ("documents/a.html", "1.1"));
        let listing = Listing { releases: vec![of("v1", &[a]), of("v2", &[a]), of("v3", &[]), of("v4", &[b])], ..Listing::default() };
        assert_eq!(format!("{:?}", listing.versions()), r#"{"documents/a.html": [(0, "1.0"), (2, ""), (3, "1.1")]}"#);
    }

    #[test]
    fn pages_are_told_in_ranges_and_folders_once() {
        let listing = Listing {
            releases: vec![
                release("v1", &["index.html", "c/a.html", "c/b.html", "d/x.html", "d/y.html", "d/x.pdf"]),
                release("v2", &["index.html", "c/a.html", "c/b.html", "d/y.html"]),
                release("v3", &["index.html", "d/x.html", "d/y.html"]),
            ],
            next: Some(vec!["index.html".into(), "c/a.html".into(), "c/b.html".into()]),
            tells_approvals: false,
        };
        let said: Vec<String> = listing.presence().into_iter().map(|(path, ranges)| format!("{path} {ranges:?}")).collect();
        assert_eq!(said, ["c/ [(0, 1), (3, 3)]", "d/x.html [(0, 0), (2, 2)]", "d/y.html [(0, 2)]", "index.html [(0, 3)]"]);
    }
}
