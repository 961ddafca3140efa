//! Markdown into the tree.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::tree::Body;
use crate::base::finding::{Finding, Span};
use crate::base::source::FileId;

/// What `{{ name }}` inserts.
pub type Values = BTreeMap<String, String>;

/// Where a text stands.
#[derive(Clone, Copy, Debug)]
pub enum Origin {
    /// Byte for byte in a file from an offset on.
    At {
        /// The file.
        file: FileId,
        /// The offset.
        offset: usize,
    },
    /// Somewhere in a span.
    Whole(Span),
}

/// The kinds of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A document's text.
    Document,
    /// A value of a register or statement.
    Prose,
}

/// What a text depends on.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The file's path.
    pub path: &'a str,
    /// Values.
    pub values: &'a Values,
    /// Kind.
    pub kind: Kind,
}

/// Parses.
pub fn parse(_text: &str, _origin: Origin, _context: &Context<'_>, _findings: &mut Vec<Finding>) -> Body {
    Body::default()
}

/// TEMP
pub fn clean(text: &Arc<str>, _span: Span, _findings: &mut Vec<Finding>) -> Arc<str> {
    text.clone()
}
