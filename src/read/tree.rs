//! The one tree of a text, with spans: made from Markdown, used by site, PDF, search and redline alike.

use std::sync::Arc;

use crate::base::finding::{Span, Spanned};
use crate::base::id::Reference;

/// The text of a document, or of one prose value of a register or statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// Its blocks in order. Headings are flat among them; a section reaches to the next heading of the same or a higher level.
    pub blocks: Vec<Block>,
    /// Footnotes in the order in which they are first referred to: number 1 is the first.
    pub footnotes: Vec<Footnote>,
    links: Vec<Link>,
}

/// A link of a text, and the section in which it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The id of the heading that begins the section; none before the first heading, and in footnotes.
    pub section: Option<Arc<str>>,
    /// Where it leads.
    pub target: Target,
}

/// A footnote's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footnote {
    /// The label as written.
    pub label: Arc<str>,
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// Where it is written.
    pub span: Span,
}

/// A block and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading that begins a section. It stands only among a body's own blocks, never in a list or quotation.
    Heading(Heading),
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list.
    List {
        /// The first number of an ordered list.
        start: Option<u64>,
        /// Whether items are set without space between them.
        tight: bool,
        /// Its items.
        items: Vec<Item>,
    },
    /// A quotation.
    Quote(Vec<Block>),
    /// An alert: `> [!NOTE]`.
    Alert(Alert, Vec<Block>),
    /// A block of code.
    Code {
        /// The language named after the fence; empty where none is.
        language: Arc<str>,
        /// The code, with its last line feed.
        text: Arc<str>,
    },
    /// A table.
    Table(Table),
    /// A list of terms with definitions.
    Definitions(Vec<Definition>),
    /// A thematic break.
    Rule,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 2 to 6; the title of a document is its level 1.
    pub level: u8,
    /// Unique in its document: as written, or made from its words.
    pub id: Arc<str>,
    /// Its words.
    pub content: Vec<Inline>,
    /// Controls that its section says it meets: always [`Reference::Control`].
    pub claims: Vec<Spanned<Reference>>,
    /// A mark that withholds its section, as written; looked up among the project's classifications by the reader of documents.
    pub classification: Option<Spanned<Arc<str>>>,
}

/// One item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// For an item of a task list, whether it is ticked.
    pub checked: Option<bool>,
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of alerts, as GitHub names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alert {
    /// Worth knowing.
    Note,
    /// A help.
    Tip,
    /// Needed to succeed.
    Important,
    /// Needs attention at once.
    Warning,
    /// A risk or bad outcome.
    Caution,
}

impl Alert {
    /// The word in small letters, for class names and templates.
    pub fn word(self) -> &'static str {
        match self {
            Alert::Note => "note",
            Alert::Tip => "tip",
            Alert::Important => "important",
            Alert::Warning => "warning",
            Alert::Caution => "caution",
        }
    }
}

/// A table. Every row has as many cells as `align`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Alignment of each column.
    pub align: Vec<Align>,
    /// The head row.
    pub head: Vec<Vec<Inline>>,
    /// The other rows.
    pub rows: Vec<Vec<Vec<Inline>>>,
}

impl Table {
    /// Whether the first cell of each row says what the row is of: it is its header then (WCAG 2.2, 1.3.1). A cell without words heads nothing.
    pub fn has_row_heads(&self) -> bool {
        self.align.len() > 1 && self.rows.iter().all(|row| row.first().is_some_and(|cell| !cell.is_empty()))
    }
}

/// Alignment of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Not said.
    None,
    /// To the left.
    Left,
    /// Centred.
    Center,
    /// To the right.
    Right,
}

/// A term with its definitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The term.
    pub term: Vec<Inline>,
    /// One or more definitions.
    pub details: Vec<Vec<Block>>,
}

/// What stands in a line, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inline {
    /// What it is.
    pub kind: InlineKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of inlines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InlineKind {
    /// Words, with `{{ values }}` inserted.
    Text(Arc<str>),
    /// `code`.
    Code(Arc<str>),
    /// Emphasis.
    Emphasis(Vec<Inline>),
    /// Strong emphasis.
    Strong(Vec<Inline>),
    /// Struck out.
    Strike(Vec<Inline>),
    /// Below the line.
    Sub(Vec<Inline>),
    /// Above the line.
    Sup(Vec<Inline>),
    /// A key of the keyboard.
    Kbd(Vec<Inline>),
    /// A link.
    Link {
        /// Where it leads.
        target: Target,
        /// The author's words; empty for a bare `[[POL-004]]`, whose words the renderer makes from what it names.
        content: Vec<Inline>,
    },
    /// An image.
    Image {
        /// Path in the project (`content/assets/scope.svg`), resolved from the document's own.
        path: Arc<str>,
        /// Alternative text; never empty without a finding.
        alt: Arc<str>,
        /// The title, printed as its caption; may be empty.
        title: Arc<str>,
    },
    /// A reference to `footnotes[index]`.
    Footnote(usize),
    /// The end of a source line: a space.
    SoftBreak,
    /// A line break.
    HardBreak,
}

/// Where a link leads, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `[[POL-004#leavers]]`, `[[iso27001:A.5.18]]`.
    Reference(Reference),
    /// A relative link to a file of the project, resolved to its path there, with the section named after `#`.
    Path {
        /// Path in the project: `content/sops/sop-001.md`.
        path: Arc<str>,
        /// Id of a heading.
        section: Option<Arc<str>>,
    },
    /// A link within the document: `#leavers`.
    Section(Arc<str>),
    /// `https:`, `http:` or `mailto:`, already checked.
    Url(Arc<str>),
}

/// The plain words of inlines as their author reads them: a bare reference is what was written. Footnote marks are left out.
pub fn plain(inlines: &[Inline]) -> String {
    words(inlines, &|target| match target {
        Target::Reference(reference) => reference.to_string(),
        _ => String::new(),
    })
}

/// The plain words of inlines less bare references: what may stand where nobody knows who will read it, in ids and alternative texts.
pub fn own_words(inlines: &[Inline]) -> String {
    words(inlines, &|_| String::new())
}

/// The plain words of inlines, with those of `bare` for references that have none of their own.
pub fn words(inlines: &[Inline], bare: &dyn Fn(&Target) -> String) -> String {
    fn walk(inlines: &[Inline], bare: &dyn Fn(&Target) -> String, out: &mut String) {
        for inline in inlines {
            match &inline.kind {
                InlineKind::Text(text) | InlineKind::Code(text) => out.push_str(text),
                InlineKind::Emphasis(content)
                | InlineKind::Strong(content)
                | InlineKind::Strike(content)
                | InlineKind::Sub(content)
                | InlineKind::Sup(content)
                | InlineKind::Kbd(content) => walk(content, bare, out),
                InlineKind::Link { target, content } if content.is_empty() => out.push_str(&bare(target)),
                InlineKind::Link { content, .. } => walk(content, bare, out),
                InlineKind::Image { alt, .. } => out.push_str(alt),
                InlineKind::Footnote(_) => {}
                InlineKind::SoftBreak | InlineKind::HardBreak => out.push(' '),
            }
        }
    }
    let mut out = String::new();
    walk(inlines, bare, &mut out);
    out
}

impl Block {
    /// Calls `visit` on every inline of this block and of what it holds, depth first. Footnotes are not part of a block.
    pub fn each_inline<'a>(&'a self, visit: &mut dyn FnMut(&'a Inline)) {
        match &self.kind {
            BlockKind::Heading(heading) => each(&heading.content, visit),
            BlockKind::Paragraph(content) => each(content, visit),
            BlockKind::List { items, .. } => items.iter().flat_map(|item| &item.blocks).for_each(|block| block.each_inline(visit)),
            BlockKind::Quote(blocks) | BlockKind::Alert(_, blocks) => blocks.iter().for_each(|block| block.each_inline(visit)),
            BlockKind::Table(table) => {
                table.head.iter().for_each(|cell| each(cell, visit));
                table.rows.iter().flatten().for_each(|cell| each(cell, visit));
            }
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    each(&definition.term, visit);
                    definition.details.iter().flatten().for_each(|block| block.each_inline(visit));
                }
            }
            BlockKind::Code { .. } | BlockKind::Rule => {}
        }
    }
}

impl Block {
    /// Like [`Block::each_inline`], with inlines that can be changed.
    pub fn each_inline_mut(&mut self, visit: &mut dyn FnMut(&mut Inline)) {
        match &mut self.kind {
            BlockKind::Heading(heading) => each_mut(&mut heading.content, visit),
            BlockKind::Paragraph(content) => each_mut(content, visit),
            BlockKind::List { items, .. } => {
                items.iter_mut().flat_map(|item| &mut item.blocks).for_each(|block| block.each_inline_mut(visit))
            }
            BlockKind::Quote(blocks) | BlockKind::Alert(_, blocks) => blocks.iter_mut().for_each(|block| block.each_inline_mut(visit)),
            BlockKind::Table(table) => {
                table.head.iter_mut().for_each(|cell| each_mut(cell, visit));
                table.rows.iter_mut().flatten().for_each(|cell| each_mut(cell, visit));
            }
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    each_mut(&mut definition.term, visit);
                    definition.details.iter_mut().flatten().for_each(|block| block.each_inline_mut(visit));
                }
            }
            BlockKind::Code { .. } | BlockKind::Rule => {}
        }
    }
}

impl Body {
    /// No text at all.
    pub const EMPTY: Body = Body { blocks: Vec::new(), footnotes: Vec::new(), links: Vec::new() };

    /// A text of these blocks and footnotes.
    pub fn new(blocks: Vec<Block>, footnotes: Vec<Footnote>) -> Body {
        let mut links = Vec::new();
        let mut section: Option<Arc<str>> = None;
        let notes = footnotes.iter().flat_map(|note| &note.blocks).map(|block| (block, true));
        for (block, in_note) in blocks.iter().map(|block| (block, false)).chain(notes) {
            if let BlockKind::Heading(heading) = &block.kind {
                section = Some(heading.id.clone());
            }
            block.each_inline(&mut |inline| {
                if let InlineKind::Link { target, .. } = &inline.kind {
                    links.push(Link { section: section.clone().filter(|_| !in_note), target: target.clone() });
                }
            });
        }
        Body { blocks, footnotes, links }
    }

    /// Its links, those of its footnotes last. They are gathered once: whoever asks what refers to what would go through the whole text for each.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// Calls `visit` on every inline of the body, its footnotes last.
    pub fn each_inline<'a>(&'a self, visit: &mut dyn FnMut(&'a Inline)) {
        let notes = self.footnotes.iter().flat_map(|note| &note.blocks);
        self.blocks.iter().chain(notes).for_each(|block| block.each_inline(visit));
    }

    /// Its headings in order.
    pub fn headings(&self) -> impl Iterator<Item = &Heading> {
        self.blocks.iter().filter_map(|block| match &block.kind {
            BlockKind::Heading(heading) => Some(heading),
            _ => None,
        })
    }
}

fn each<'a>(inlines: &'a [Inline], visit: &mut dyn FnMut(&'a Inline)) {
    for inline in inlines {
        visit(inline);
        match &inline.kind {
            InlineKind::Emphasis(content)
            | InlineKind::Strong(content)
            | InlineKind::Strike(content)
            | InlineKind::Sub(content)
            | InlineKind::Sup(content)
            | InlineKind::Kbd(content)
            | InlineKind::Link { content, .. } => each(content, visit),
            _ => {}
        }
    }
}

fn each_mut(inlines: &mut [Inline], visit: &mut dyn FnMut(&mut Inline)) {
    for inline in inlines {
        visit(inline);
        match &mut inline.kind {
            InlineKind::Emphasis(content)
            | InlineKind::Strong(content)
            | InlineKind::Strike(content)
            | InlineKind::Sub(content)
            | InlineKind::Sup(content)
            | InlineKind::Kbd(content)
            | InlineKind::Link { content, .. } => each_mut(content, visit),
            _ => {}
        }
    }
}
