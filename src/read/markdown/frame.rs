//! What is open while a text is read: the stack of the builder, so that no nesting of the text becomes recursion of ours.

use std::ops::Range;
use std::sync::Arc;

use super::attributes::Attributes;
use super::html::Mark;
use crate::read::tree::{Alert, Align, Block, Definition, Inline, Item, Target};

/// One open container, block or mark.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    /// Where it stands, as far as pulldown-cmark says.
    pub(super) range: Range<usize>,
    /// The end of the last block in it.
    pub(super) end: Option<usize>,
    pub(super) blocks: Vec<Block>,
    pub(super) inlines: Vec<Inline>,
}

impl Frame {
    /// `inlines` is empty; it may have room.
    pub(super) fn new(kind: Kind, range: Range<usize>, inlines: Vec<Inline>) -> Self {
        Frame { kind, range, end: None, blocks: Vec::new(), inlines }
    }
}

/// The kinds of frames.
#[derive(Debug)]
pub(super) enum Kind {
    Root,
    Paragraph,
    Heading {
        level: u8,
        attributes: Box<Attributes>,
    },
    List {
        start: Option<u64>,
        tight: bool,
        items: Vec<Item>,
    },
    Item {
        checked: Option<bool>,
    },
    Quote(Option<Alert>),
    Code {
        language: Arc<str>,
        text: String,
    },
    Html,
    Table {
        align: Vec<Align>,
        head: Vec<Vec<Inline>>,
        rows: Vec<Vec<Vec<Inline>>>,
    },
    Row {
        head: bool,
        cells: Vec<Vec<Inline>>,
        split: bool,
    },
    Cell,
    Definitions(Vec<Definition>),
    Term,
    Detail,
    Footnote(Arc<str>),
    Emphasis,
    Strong,
    Strike,
    /// A link; without a target, only its words are kept. `bare` is `[[POL-004]]`, which has no words of its own.
    Link {
        target: Option<Target>,
        bare: bool,
    },
    /// An image; without a path, only its words are kept.
    Image {
        path: Option<Arc<str>>,
        title: Arc<str>,
    },
    /// An open `<sub>` or its like, which pulldown-cmark knows nothing of.
    Tag(Mark),
}

impl Kind {
    /// Whether this counts as a level of nesting; what always stands in another of these does not.
    pub(super) fn is_level(&self) -> bool {
        !matches!(
            self,
            Kind::Root
                | Kind::Paragraph
                | Kind::Heading { .. }
                | Kind::Item { .. }
                | Kind::Row { .. }
                | Kind::Cell
                | Kind::Term
                | Kind::Detail
        )
    }
}
