//! Markdown into the one tree, with spans and findings: bodies of documents, and the prose of registers and statements.
//!
//! pulldown-cmark reads CommonMark and GFM; `build` turns its events into the tree. What Annexa adds has a file each: references and
//! links (`link`), claims on headings (`attributes`), inserted values and what is left over in words (`words`), the few kinds of raw
//! HTML (`html`). Law 5 is kept here for everything downstream: the tree nests no deeper than [`MAX_DEPTH`], holds no control characters,
//! and its links have only schemes that may be published.

mod attributes;
mod autolink;
mod build;
mod character;
mod close;
mod depth;
mod footnote;
mod frame;
mod heading;
mod html;
mod image;
mod link;
mod path;
mod report;
mod table;
mod words;

#[cfg(test)]
mod sexpr;
#[cfg(test)]
mod tests;

pub use character::{clean_value, is_unwanted};

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::base::finding::{Finding, Span};
use crate::base::source::FileId;
use crate::read::tree::Body;

/// How many containers and marks may stand in one another: what Typst can still set.
pub const MAX_DEPTH: usize = 20;

/// What `{{ org.name }}` and its like insert, by name.
pub type Values = BTreeMap<String, String>;

/// Where a text stands in the sources.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    /// The text is a slice of the file as it is: a document's body, a plain YAML scalar.
    At {
        /// The file.
        file: FileId,
        /// Where the slice begins, in bytes.
        offset: usize,
    },
    /// The text was folded or indented in the file: a YAML scalar of several lines.
    Lines {
        /// The file.
        file: FileId,
        /// From each first offset in the text on, it stands from the second one in the file, until the next; at least one.
        lines: &'a [(u32, u32)],
    },
    /// The text was escaped in this span, and everything in it has this span.
    Whole(Span),
}

impl Origin<'_> {
    /// The span of a range of the text.
    pub fn span(self, range: Range<usize>) -> Span {
        match self {
            Origin::At { file, offset } => Span::new(file, offset + range.start..offset + range.end),
            Origin::Lines { file, lines } => {
                let place = |offset: usize| {
                    let after = lines.partition_point(|(from, _)| *from as usize <= offset);
                    let line = lines.get(after.saturating_sub(1));
                    line.map_or(offset, |(from, place)| *place as usize + offset.saturating_sub(*from as usize))
                };
                // The end is the place after the last byte, which may stand in a line before that of the next one.
                let end = if range.is_empty() { place(range.end) } else { place(range.end - 1) + 1 };
                Span::new(file, place(range.start)..end)
            }
            Origin::Whole(span) => span,
        }
    }
}

/// What a text is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The body of a document.
    Document,
    /// The body of a document that was not written for Annexa: its levels of headings say only how it is divided.
    Adopted,
    /// A prose value of a register or statement: no headings, images or footnotes.
    Prose,
}

/// What reading needs to know besides the text.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The file's path in the project; relative links and images are resolved from it.
    pub path: &'a str,
    /// The values that can be inserted.
    pub values: &'a Values,
    /// The project's classifications, the lowest first; none where headings cannot be marked.
    pub classifications: &'a [Arc<str>],
    /// What the text is part of.
    pub kind: Kind,
}

/// Reads Markdown. Always gives a tree; what is wrong with the text is said in `findings`, at most a hundred of each rule.
pub fn parse(text: &str, origin: Origin<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) -> Body {
    let mut report = report::Report::new(origin, findings);
    let unclean = character::scan(text, &mut report);
    let text = depth::limit(text, &mut report);
    build::Builder::new(&text, context, unclean, report).run()
}
