//! Markdown: which blocks of a text are open, and what they say without their markup.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::{NAME, Passage, Places, Reader, Weight, places};
use crate::base::id::Reference;
use crate::base::yaml;
use crate::publish::proof::output;
use crate::publish::proof::word::BREAK;

/// What `docs/formats.md` says of the text.
const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_GFM)
    .union(Options::ENABLE_DEFINITION_LIST)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_WIKILINKS);

impl Reader<'_> {
    /// A document: front matter and text.
    pub(super) fn document(&mut self, text: &str) {
        let Some((front, body)) = split(text) else { return self.heaps.close(self.file, text, 0..text.len()) };
        let node = yaml::parse(&text[front.clone()], self.file, front.start, &mut Vec::new());
        let open = node.as_ref().is_some_and(|node| self.sight.sees_by(node, "classification"));
        let Some(node) = node else { return self.heaps.close(self.file, text, 0..text.len()) };
        self.front_matter(&node, &node, open);
        self.comments(&node, &text[front.clone()], front.start);
        self.text(text, body, open);
    }

    /// A document that was not written for Annexa: its text, and of its front matter what means something.
    pub(super) fn adopted(&mut self, text: &str) {
        let Some(whole) = self.adopted.get(self.path) else { return self.heaps.close(self.file, text, 0..text.len()) };
        let open = self.sight.sees_by(whole, "classification");
        if let Some(defaults) = self.sight.adopted.defaults(self.path).filter(|_| open) {
            self.front_matter(defaults, whole, open);
        }
        let front = split(text);
        let body = front.as_ref().map_or(0, |(_, body)| *body);
        if let Some((front, _)) = front {
            match self.sight.adopted.own(self.file, text) {
                Some(node) => {
                    self.front_matter(&node, whole, open);
                    self.comments(&node, &text[front.clone()], front.start);
                }
                None => self.heaps.close(self.file, text, front),
            }
        }
        self.text(text, body, open);
    }

    fn text(&mut self, text: &str, body: usize, open: bool) {
        if open {
            self.heaps.open.push(Passage::new(self.file, self.path.to_owned(), Places::new(), Weight::Words));
        } else {
            // Whatever the text says in a way that is not known here, its words are withheld.
            self.heaps.close(self.file, text, body..text.len());
        }
        let places = places::at(body);
        let mut walk = Walk::new(self, &text[body..], &places, open);
        walk.run();
        if walk.withheld {
            self.heaps.closed.insert(self.file);
        }
    }
}

/// A prose value of a register, a statement or front matter.
pub(super) fn prose(reader: &mut Reader<'_>, text: &str, lines: &Places, open: bool) {
    Walk::new(reader, text, lines, open).run();
}

/// The front matter's range, and where the text begins.
pub(super) fn split(text: &str) -> Option<(Range<usize>, usize)> {
    let first = text.split_inclusive('\n').next()?;
    (first.trim_end() == "---").then_some(())?;
    let mut at = first.len();
    for line in text[first.len()..].split_inclusive('\n') {
        if line.trim_end() == "---" {
            return Some((first.len()..at, at + line.len()));
        }
        at += line.len();
    }
    None
}

/// A block's words, and where they stand in the text.
#[derive(Default)]
struct Block {
    text: String,
    parts: Vec<(usize, usize)>,
    title: bool,
}

/// What an open text says, shows and inserts.
enum Said {
    Passage(Passage),
    Link(String),
    Value(String),
    Note(String),
}

struct Walk<'r, 'a, 't> {
    reader: &'r mut Reader<'a>,
    text: &'t str,
    outer: &'r Places,
    /// Whether the text as a whole is open.
    open: bool,
    /// Whether something in an open text is withheld.
    withheld: bool,
    block: Block,
    /// How many containers stand around.
    depth: usize,
    /// The heading whose section is withheld: its level, and the containers around it.
    hidden: Option<(HeadingLevel, usize)>,
    /// Within a link that shows the title of what it names, which is not the author's words.
    bare: bool,
    /// The footnote that is being read.
    note: Option<String>,
    /// What would be open of footnotes, until it is known which of them are referred to.
    pending: BTreeMap<String, Vec<Said>>,
    /// Footnotes that open blocks refer to.
    called: BTreeSet<String>,
}

impl<'r, 'a, 't> Walk<'r, 'a, 't> {
    fn new(reader: &'r mut Reader<'a>, text: &'t str, outer: &'r Places, open: bool) -> Self {
        Walk {
            reader,
            text,
            outer,
            open,
            withheld: false,
            block: Block::default(),
            depth: 0,
            hidden: None,
            bare: false,
            note: None,
            pending: BTreeMap::new(),
            called: BTreeSet::new(),
        }
    }

    fn run(&mut self) {
        let parser = Parser::new_ext(self.text, OPTIONS);
        for (_, definition) in parser.reference_definitions().iter() {
            // Where one leads is open where an open link uses it.
            self.raw(&definition.dest, definition.span.start, false, Weight::Words);
            if let Some(title) = &definition.title {
                self.raw(title, definition.span.start, false, Weight::Text);
            }
        }
        for (event, range) in parser.into_offset_iter() {
            self.event(event, range);
        }
        self.flush();
        self.part_notes();
    }

    /// Whether what is read now is open; a footnote is for now, wherever it is written.
    fn is_open(&self) -> bool {
        self.open && (self.hidden.is_none() || self.note.is_some())
    }

    /// Takes what an open text says; of a footnote, once it is known that something open refers to it.
    fn say(&mut self, said: Said) {
        if let Some(note) = &self.note {
            return self.pending.entry(note.clone()).or_default().push(said);
        }
        match said {
            Said::Passage(passage) => self.reader.heaps.open.push(passage),
            Said::Link(path) => _ = self.reader.links.insert(path),
            Said::Value(name) => _ = self.reader.inserted.insert(name),
            Said::Note(name) => _ = self.called.insert(name),
        }
    }

    fn put(&mut self, passage: Passage, open: bool) {
        if open { self.say(Said::Passage(passage)) } else { self.reader.heaps.withheld.push(passage) }
    }

    fn event(&mut self, event: Event<'t>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.words(&text, range.start),
            Event::Code(text) => {
                let mark = self.text[range.clone()].find(|c| c != '`').unwrap_or(0);
                self.words(&text, range.start + mark);
            }
            Event::SoftBreak | Event::HardBreak => self.words(" ", range.start),
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html, range.start),
            Event::FootnoteReference(name) if self.is_open() => self.say(Said::Note(name.to_string())),
            Event::Rule => self.flush(),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'t>, range: Range<usize>) {
        match tag {
            Tag::Heading { level, id, attrs, .. } => {
                self.flush();
                let mark = attrs.iter().find(|(key, _)| key.as_ref() == "classification");
                if self.hidden.is_some_and(|(hidden, depth)| self.depth <= depth && level <= hidden) {
                    self.hidden = None;
                }
                if let Some((_, mark)) = mark
                    && self.hidden.is_none()
                {
                    let mark = mark.as_deref().unwrap_or_default().trim_matches(['"', '\'']);
                    // A mark raises what it stands in; one that names nothing is the most restricted.
                    if !self.reader.sight.sees(Some(mark)) {
                        self.hidden = Some((level, self.depth));
                    }
                }
                self.block.title = true;
                let open = self.is_open();
                if open {
                    if let Some(id) = id {
                        self.raw(&id, range.start, true, Weight::Words);
                    }
                } else {
                    let source = &self.text[range.clone()];
                    self.raw(source, range.start, false, Weight::Words);
                }
            }
            Tag::Link { link_type, dest_url, title, .. } => self.link(link_type, &dest_url, &title, range),
            Tag::Image { dest_url, title, .. } => self.link(LinkType::Inline, &dest_url, &title, range),
            Tag::FootnoteDefinition(name) => {
                self.flush();
                self.note = Some(name.to_string());
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                if let pulldown_cmark::CodeBlockKind::Fenced(language) = kind {
                    self.raw(&language, range.start, self.is_open(), Weight::Words);
                }
            }
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
            Tag::BlockQuote(_) | Tag::List(_) | Tag::Item => {
                self.flush();
                self.depth += 1;
            }
            _ => self.flush(),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Link => self.bare = false,
            TagEnd::Image | TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript => {}
            TagEnd::FootnoteDefinition => {
                self.flush();
                self.note = None;
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => {
                self.flush();
                self.depth = self.depth.saturating_sub(1);
                if self.hidden.is_some_and(|(_, depth)| depth > self.depth) {
                    self.hidden = None;
                }
            }
            _ => self.flush(),
        }
    }

    /// Where an address leads is as open as the words; where a reference leads, what it names says.
    fn link(&mut self, kind: LinkType, target: &str, title: &str, range: Range<usize>) {
        if let LinkType::WikiLink { has_pothole } = kind {
            // What is no reference keeps what was written, in files that were not written for Annexa.
            self.bare = !has_pothole && Reference::parse(target).is_some();
            if self.bare {
                // What an output says there is the name of something else, which is known once everything is read.
                self.block.text.extend([BREAK, NAME]);
                self.block.text.push_str(target.split('#').next().unwrap_or_default());
                self.block.text.extend([NAME, BREAK]);
            }
            return;
        }
        let open = self.is_open();
        let is_address = target.split_once(':').is_some_and(|(scheme, _)| scheme.chars().all(|c| c.is_ascii_alphanumeric()));
        if is_address || !open {
            self.raw(target, range.start, open, Weight::Words);
        } else {
            let path = resolve(self.reader.path, target);
            self.say(Said::Link(path));
        }
        if !title.is_empty() {
            self.raw(title, range.start, open, Weight::Text);
        }
    }

    fn words(&mut self, text: &str, at: usize) {
        if self.bare {
            return;
        }
        self.block.parts.push((self.block.text.len(), at));
        self.block.text.push_str(text);
    }

    /// Raw HTML never reaches an output; what stands between tags is text of its own.
    fn html(&mut self, html: &str, at: usize) {
        let is_comment = html.contains("<!");
        let mut texts = Vec::new();
        output::markup(html, &mut |text| texts.push(text.to_owned()));
        for text in texts {
            self.raw(&text, at, false, if is_comment { Weight::Text } else { Weight::Words });
        }
        if html.contains("<br") {
            self.words(" ", at);
        }
    }

    fn raw(&mut self, text: &str, at: usize, open: bool, weight: Weight) {
        let places = places::of(self.outer, at..at).map(|(start, _)| vec![(0, start)]).unwrap_or_default();
        // Text that is not as it stands in the source has the place where it begins.
        let same = self.text.get(at..).is_some_and(|rest| rest.starts_with(text));
        let places = if same { places::within(self.outer, &[(0, at)], text.len()) } else { places };
        self.put(Passage::new(self.reader.file, text.to_owned(), places, weight), open);
    }

    fn flush(&mut self) {
        let block = std::mem::take(&mut self.block);
        if block.text.trim().is_empty() {
            return;
        }
        let open = self.is_open();
        self.withheld |= self.open && !open;
        let places = places::within(self.outer, &block.parts, block.text.len());
        let weight = if block.title { Weight::Title } else { Weight::Text };
        let (text, places) = self.filled(block.text, places, open);
        self.put(Passage::new(self.reader.file, text, places, weight), open);
    }

    /// A text with the values at the places of their names.
    fn filled(&mut self, text: String, places: Places, open: bool) -> (String, Places) {
        if !text.contains("{{") {
            return (text, places);
        }
        let (mut out, mut parts) = (String::new(), Vec::new());
        let mut rest = 0;
        while let Some(start) = text[rest..].find("{{").map(|at| rest + at) {
            let Some(end) = text[start..].find("}}").map(|at| start + at + 2) else { break };
            parts.push((out.len(), rest));
            out.push_str(&text[rest..start]);
            let name = text[start + 2..end - 2].trim();
            match self.reader.sight.values.get(name).cloned() {
                Some(value) => {
                    if open {
                        self.say(Said::Value(name.to_owned()));
                    }
                    out.push_str(&value);
                }
                None => out.push_str(&text[start..end]),
            }
            rest = end;
        }
        parts.push((out.len(), rest));
        out.push_str(&text[rest..]);
        let places = places::within(&places, &parts, out.len());
        (out, places)
    }

    /// Footnotes are open where something open refers to them, itself a footnote perhaps.
    fn part_notes(&mut self) {
        while let Some(name) = self.called.pop_first() {
            for said in self.pending.remove(&name).unwrap_or_default() {
                self.say(said);
            }
        }
        for said in std::mem::take(&mut self.pending).into_values().flatten() {
            self.withheld = true;
            if let Said::Passage(passage) = said {
                self.reader.heaps.withheld.push(passage);
            }
        }
    }
}

/// The path in the project that a relative link leads to.
fn resolve(from: &str, link: &str) -> String {
    let link = link.split(['#', '?']).next().unwrap_or_default();
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = if link.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    let decoded = output::percent_decoded(link);
    for part in decoded.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_links_lead_to_paths_of_the_project() {
        assert_eq!(resolve("content/policies/a.md", "../assets/a%20b.svg#x"), "content/assets/a b.svg");
        assert_eq!(resolve("content/policies/a.md", "b.png"), "content/policies/b.png");
    }
}
