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
            description: Some(site.say(word!("Search the manual"))),
            path: "search.html".into(),
        },
    )
}

/// The page that a server shows for an address without one.
pub(crate) fn not_found(site: &Site<'_>) -> Draft {
    let page = Page { kind: "not-found", part: "", title: site.say(word!("Page not found")), description: None, path: "404.html".into() };
    Draft::new("404.html", page)
}
