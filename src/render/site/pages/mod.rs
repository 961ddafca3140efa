//! The pages of a site, a file a kind: each gathers its values and names its template.

pub(crate) mod answers;
pub(crate) mod calendar;
pub(crate) mod certificates;
pub(crate) mod changes;
pub(crate) mod control;
pub(crate) mod document;
pub(crate) mod framework;
pub(crate) mod gap;
pub(crate) mod home;
pub(crate) mod measures;
pub(crate) mod plain;
pub(crate) mod readiness;
pub(crate) mod register;
pub(crate) mod responsibility;
pub(crate) mod roles;
pub(crate) mod soa;
pub(crate) mod table;
pub(crate) mod trust;

use serde::Serialize;
use tera::{Context, Value};

use super::Site;
use super::address;
use super::directory::Links;
use super::html::Html;
use super::values::{Page, value};
use crate::read::document::Document;

/// A page before it is rendered.
#[derive(Clone)]
pub(crate) struct Draft {
    /// Its template.
    pub(crate) template: &'static str,
    /// What it is, and its path in the output.
    pub(crate) page: Page,
    /// Its values.
    pub(crate) context: Context,
    /// Their names, for a test that holds docs/templates.md against them.
    #[cfg(test)]
    pub(crate) names: Vec<&'static str>,
}

impl Draft {
    /// A page without values of its own yet.
    pub(crate) fn new(template: &'static str, page: Page) -> Self {
        let mut context = Context::new();
        context.insert_value("root", Value::from(address::root(&page.path)));
        context.insert_value("page", value(&page));
        Draft {
            template,
            page,
            context,
            #[cfg(test)]
            names: Vec::new(),
        }
    }

    /// With a value.
    pub(crate) fn with<T: Serialize + ?Sized>(mut self, key: &'static str, from: &T) -> Self {
        self.context.insert_value(key, value(from));
        #[cfg(test)]
        self.names.push(key);
        self
    }
}

/// Calls `render` with what renders text on the page at `path`.
pub(crate) fn with_html<T>(site: &Site<'_>, path: &str, from: Option<&Document>, render: impl FnOnce(&Html<'_>) -> T) -> T {
    let root = address::root(path);
    let links = Links { manual: site.manual, root: &root, from, origins: &site.origins };
    render(&Html { resolve: &links, code: &site.code, language: site.language() })
}
