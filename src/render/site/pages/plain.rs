//! Pages without values of their own: search, and what a server shows where there is no page.

use super::Draft;
use crate::render::site::values::Page;

/// The page of results.
pub(crate) fn search() -> Draft {
    Draft::new(
        "search.html",
        Page { kind: "search", part: "search", title: "Search".into(), description: None, path: "search.html".into() },
    )
}

/// The page that a server shows for an address without one.
pub(crate) fn not_found() -> Draft {
    let page = Page { kind: "not-found", part: "", title: "Page not found".into(), description: None, path: "404.html".into() };
    Draft::new("404.html", page)
}
