//! Pages without values of their own: search, and what a server shows where there is no page.

use super::Draft;
use crate::base::word::word;
use crate::render::site::Site;
use crate::render::site::values::Page;

/// The page of results.
pub(crate) fn search(site: &Site<'_>) -> Draft {
    Draft::new(
        "search.html",
        Page {
            kind: "search",
            part: "search",
            title: site.say(word!("Search")),
            description: Some(site.say(if site.trust.is_some() { word!("Search this site") } else { word!("Search the manual") })),
            path: "search.html".into(),
        },
    )
}

/// The page that a server shows for an address without one, however deep: so its links begin at the root of the host where the base URL tells what is
/// there. `home` is the folder of the pages below the top, with its slash.
pub(crate) fn not_found(site: &Site<'_>, home: &str) -> Draft {
    let words = word!("There is no page at this address. It may have been renamed or withdrawn, or you may not be among its readers.");
    let (title, description) = (site.say(word!("Page not found")), Some(site.say(words)));
    let page = Page { kind: "not-found", part: "", title, description, path: "404.html".into() };
    let below = |base: &str| {
        base.split_once("://").map(|(_, rest)| rest.split_once('/').map_or("", |(_, path)| path).trim_end_matches('/').to_owned())
    };
    let root = match site.base_url().filter(|_| site.options.release.is_none()).and_then(below) {
        Some(path) if path.is_empty() => format!("/{home}"),
        Some(path) => format!("/{path}/{home}"),
        None => home.to_owned(),
    };
    Draft::new("404.html", page).with("root", &root)
}
