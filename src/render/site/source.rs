//! Where the sources of a page can be read: for those who see everything, since a line of a file tells how much stands above it.

use std::sync::Mutex;

use serde::Serialize;
use tera::Value;

use super::address;
use super::values::value;
use crate::base::finding::{LineIndex, Span};
use crate::link::view::View;

/// Addresses of lines, made from `site.source_url` of annexa.yaml.
pub(crate) struct Origins<'m> {
    view: &'m View,
    pattern: Option<&'m str>,
    lines: Mutex<LineIndex<'m>>,
}

/// A place in a source.
#[derive(Serialize)]
struct Origin<'a> {
    path: &'a str,
    line: usize,
    href: String,
}

impl<'m> Origins<'m> {
    /// For a view; a lower one has none.
    pub(crate) fn new(view: &'m View) -> Self {
        let pattern = view.project.source_url.as_deref().filter(|_| view.is_whole());
        Origins { view, pattern, lines: Mutex::new(LineIndex::new(&view.sources)) }
    }

    /// Where a span can be read.
    pub(crate) fn href(&self, span: Span) -> Option<String> {
        Some(self.of(span)?.href)
    }

    /// The same with path and line, as a value.
    pub(crate) fn shown(&self, span: Span) -> Option<Value> {
        Some(value(&self.of(span)?))
    }

    fn of(&self, span: Span) -> Option<Origin<'m>> {
        let pattern = self.pattern?;
        let path = self.view.sources.file(span.file).path.as_ref();
        let line = self.lines.lock().ok()?.position(span.file, span.range().start).line;
        // Places are filled in one go, so that a path that holds `{line}` stays as it is.
        let parts: Vec<String> = pattern.split("{path}").map(|part| part.replace("{line}", &line.to_string())).collect();
        Some(Origin { path, line, href: parts.join(&address::encoded(path)) })
    }
}
