//! YAML as a tree with spans, scalars as written: `5.10` stays `5.10`, and types are read from it later, where they are known.

use std::collections::BTreeMap;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle};

use super::finding::{Finding, Span};
use super::rule;
use super::source::FileId;
use super::word::{Phrase, Word, phrase, word};

/// The deepest nesting that is read.
const MAX_DEPTH: usize = 64;
/// The most nodes that one file may hold, those repeated by aliases counted each time: a limit on YAML bombs.
const MAX_NODES: usize = 500_000;

/// A node and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text, number, date or nothing at all: as written, quotes and escapes resolved.
    Scalar {
        /// The text.
        text: Arc<str>,
        /// Whether it was written without quotes, so that `true` can be a truth value and nothing can be nothing.
        plain: bool,
        /// Where the text stands in the file: from each first offset in the text on, it stands byte for byte from the second one in the file,
        /// until the next; an escape stands where it begins, for the character that it means. Empty where this cannot be told.
        lines: Arc<[(u32, u32)]>,
    },
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values in their order.
    Mapping(Vec<(Key, Node)>),
}

/// A key of a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// As written.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

impl Node {
    /// Whether it is nothing: an empty plain scalar, `~` or `null`.
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, plain: true, .. } if matches!(text.as_ref(), "" | "~" | "null"))
    }

    /// The value of a key; none where it is no mapping, or has no such key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let Kind::Mapping(entries) = &self.kind else { return None };
        entries.iter().find(|(known, _)| known.text.as_ref() == key).map(|(_, value)| value)
    }

    /// The text of a scalar; none of anything else.
    pub fn text(&self) -> Option<&Arc<str>> {
        if let Kind::Scalar { text, .. } = &self.kind { Some(text) } else { None }
    }

    /// The words for its kind in messages.
    pub fn kind_name(&self) -> Word {
        match &self.kind {
            Kind::Scalar { .. } if self.is_null() => word!("nothing"),
            Kind::Scalar { .. } => word!("a single value"),
            Kind::Sequence(_) => word!("a list"),
            Kind::Mapping(_) => word!("a mapping"),
        }
    }
}

/// Reads `text`, which stands in `file` from `offset` on. Nothing is returned where a tree cannot be made of it; what is wrong goes to `findings`.
pub fn parse(text: &str, file: FileId, offset: usize, findings: &mut Vec<Finding>) -> Option<Node> {
    let mut builder = Builder { text, file, offset, nodes: 0, anchors: BTreeMap::new(), stack: Vec::new(), root: None, findings };
    for event in Parser::new_from_str(text) {
        let done = match event {
            Ok((event, span)) => builder.event(event, span.byte_range().unwrap_or_default()),
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(text.len());
                Err(Box::new(builder.syntax_error(at, Phrase::text(error.info()))))
            }
        };
        if let Err(finding) = done {
            builder.findings.push(*finding);
            return None;
        }
    }
    // A text of comments alone says nothing; that is a value too, so that whoever reads it says what is missing.
    let nothing = || Node {
        kind: Kind::Scalar { text: "".into(), plain: true, lines: Arc::default() },
        span: Span::new(file, offset..offset + text.lines().next().map_or(0, str::len)),
    };
    Some(builder.root.unwrap_or_else(nothing))
}

enum Open {
    Sequence { items: Vec<Node>, start: usize, anchor: usize },
    Mapping { entries: Vec<(Key, Node)>, seen: BTreeMap<Arc<str>, Span>, key: Option<Key>, start: usize, anchor: usize },
}

struct Builder<'a> {
    text: &'a str,
    file: FileId,
    offset: usize,
    nodes: usize,
    /// Anchored nodes with the number of nodes in each.
    anchors: BTreeMap<usize, (Node, usize)>,
    stack: Vec<Open>,
    root: Option<Node>,
    findings: &'a mut Vec<Finding>,
}

type Step = Result<(), Box<Finding>>;

impl Builder<'_> {
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.file, self.offset + range.start..self.offset + range.end)
    }

    fn event(&mut self, event: Event<'_>, range: std::ops::Range<usize>) -> Step {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let source = self.text.get(range.clone()).unwrap_or_default();
                let lines = aligned(source, &text, style, self.offset + range.start);
                let plain = style == ScalarStyle::Plain;
                let node = Node { kind: Kind::Scalar { text: text.as_ref().into(), plain, lines }, span: self.span(range) };
                self.add(node, anchor, 1)
            }
            Event::SequenceStart(_, anchor, _) => self.open(Open::Sequence { items: Vec::new(), start: range.start, anchor }),
            Event::MappingStart(_, anchor, _) => {
                self.open(Open::Mapping { entries: Vec::new(), seen: BTreeMap::new(), key: None, start: range.start, anchor })
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range.end),
            Event::Alias(id) => match self.anchors.get(&id).cloned() {
                Some((node, size)) => self.add(node, 0, size),
                None => Err(self.limit(range, phrase!("this alias stands within the value that it repeats"))),
            },
            Event::UnresolvedAlias(_) => Err(Box::new(self.syntax_error(range.start, phrase!("the alias names no anchor")))),
            Event::DocumentStart(..) if self.root.is_some() => {
                Err(Box::new(self.syntax_error(range.start, phrase!("a second YAML document begins here; a file holds one"))))
            }
            _ => Ok(()),
        }
    }

    fn open(&mut self, open: Open) -> Step {
        if self.stack.len() >= MAX_DEPTH {
            let start = match &open {
                Open::Sequence { start, .. } | Open::Mapping { start, .. } => *start,
            };
            return Err(self.limit(start..start, phrase!("values nest more than {n} levels deep", n = MAX_DEPTH)));
        }
        self.stack.push(open);
        Ok(())
    }

    fn close(&mut self, end: usize) -> Step {
        let (kind, start, anchor, last) = match self.stack.pop() {
            Some(Open::Sequence { items, start, anchor }) => {
                let last = items.last().map(|node| node.span.end);
                (Kind::Sequence(items), start, anchor, last)
            }
            Some(Open::Mapping { entries, start, anchor, .. }) => {
                let last = entries.last().map(|(_, node)| node.span.end);
                (Kind::Mapping(entries), start, anchor, last)
            }
            None => return Ok(()),
        };
        // A block collection ends where the next thing begins; its last value's end is what a reader would underline.
        let flow = self.text.get(end.saturating_sub(1)..end).is_some_and(|c| c == "]" || c == "}");
        let mut span = self.span(start..end.max(start));
        if let (false, Some(last)) = (flow, last) {
            span.end = last.max(span.start);
        }
        self.add(Node { kind, span }, anchor, 1)
    }

    /// Adds a finished node to what is open, `size` being the nodes that it newly costs.
    fn add(&mut self, node: Node, anchor: usize, size: usize) -> Step {
        self.nodes += size;
        if self.nodes > MAX_NODES {
            let range = node.span.start as usize - self.offset..node.span.end as usize - self.offset;
            let why = phrase!("the file holds more than {n} values, those repeated by aliases counted", n = MAX_NODES);
            return Err(self.limit(range, why));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), count(&node.kind)));
        }
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(Open::Sequence { items, .. }) => items.push(node),
            Some(Open::Mapping { entries, seen, key, .. }) => match key.take() {
                None => {
                    let Kind::Scalar { text, .. } = node.kind else {
                        let start = node.span.start as usize - self.offset;
                        return Err(Box::new(self.syntax_error(start, phrase!("a key must be a single value"))));
                    };
                    *key = Some(Key { text, span: node.span });
                }
                Some(name) => match seen.get(&name.text) {
                    Some(first) => self.findings.push(
                        Finding::new(&rule::YAML_DUPLICATE_KEY, name.span, phrase!("the key `{key}` stands twice", key = name.text))
                            .label(phrase!("this one is ignored"))
                            .help(phrase!("keep one of the two"))
                            .related(*first, phrase!("first written here")),
                    ),
                    None => {
                        seen.insert(name.text.clone(), name.span);
                        entries.push((name, node));
                    }
                },
            },
        }
        Ok(())
    }

    fn limit(&self, range: std::ops::Range<usize>, why: Phrase) -> Box<Finding> {
        Box::new(
            Finding::new(&rule::YAML_LIMIT, self.span(range), why)
                .help(phrase!("write the values out, in several files if there are many")),
        )
    }

    fn syntax_error(&self, at: usize, why: Phrase) -> Finding {
        let at = floor(self.text, at.min(self.text.len()));
        let line_start = self.text[..at].rfind('\n').map_or(0, |n| n + 1);
        let line_end = self.text[at..].find('\n').map_or(self.text.len(), |n| at + n);
        let indent = &self.text[line_start..line_end];
        let blank = indent.len() - indent.trim_start().len();
        if let Some(tab) = indent[..blank].find('\t') {
            let span = self.span(line_start + tab..line_start + tab + 1);
            return Finding::new(&rule::YAML_TAB, span, phrase!("a tab stands where YAML wants spaces"))
                .help(phrase!("indent with spaces"));
        }
        let end = if at < line_end { line_end } else { at };
        Finding::new(&rule::YAML_SYNTAX, self.span(at..end), phrase!("this is not valid YAML: {why}", why = why))
            .help(phrase!("texts that hold `: ` or ` #`, or begin with one of `[{&*!|>%@\"'`, are written in quotes"))
    }
}

/// Finds where each line of a scalar's text stands in its source, which folds lines and takes indentation away (YAML 1.2.2, 7.3 and 8.1).
fn aligned(source: &str, text: &str, style: ScalarStyle, offset: usize) -> Arc<[(u32, u32)]> {
    let start = match style {
        ScalarStyle::Plain => 0,
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => 1,
        // The header of a block scalar ends with its line.
        _ if source.starts_with(['|', '>']) => source.find('\n').map_or(source.len(), |end| end + 1),
        _ => 0,
    };
    let blank = |from: usize| source[from..].len() - source[from..].trim_start().len();
    let mut at = start;
    let mut lines: Vec<(u32, u32)> = Vec::new();
    let mut follows = false;
    for (index, c) in text.char_indices() {
        let escaped = source.get(at..).map_or(0, |rest| escape(rest, style));
        if escaped > 0 {
            let (Ok(index), Ok(place)) = (u32::try_from(index), u32::try_from(offset + at)) else { return Arc::default() };
            lines.push((index, place));
            at += escaped;
            follows = false;
            continue;
        }
        if !source.get(at..).is_some_and(|rest| rest.starts_with(c)) {
            let Some(rest) = source.get(at..) else { return Arc::default() };
            follows = false;
            at += blank(at);
            if c.is_whitespace() && !rest.is_empty() {
                continue;
            }
            if !source[at..].starts_with(c) {
                // A last line feed may be there without one in the source.
                return if c == '\n' && index + 1 == text.len() { lines.into() } else { Arc::default() };
            }
        }
        if !follows {
            let (Ok(index), Ok(place)) = (u32::try_from(index), u32::try_from(offset + at)) else { return Arc::default() };
            lines.push((index, place));
            follows = true;
        }
        at += c.len_utf8();
    }
    lines.into()
}

/// The length of the escape that a scalar's source begins with here (YAML 1.2.2, 5.7 and 7.3.2); 0 where none does. A line end that is escaped
/// means no character, and is left to what follows.
fn escape(rest: &str, style: ScalarStyle) -> usize {
    match style {
        ScalarStyle::SingleQuoted if rest.starts_with("''") => 2,
        ScalarStyle::DoubleQuoted => match rest.strip_prefix('\\').and_then(|rest| rest.chars().next()) {
            Some('x') => 4,
            Some('u') => 6,
            Some('U') => 10,
            Some('\n') | None => 0,
            Some(c) => 1 + c.len_utf8(),
        },
        _ => 0,
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn count(kind: &Kind) -> usize {
    match kind {
        Kind::Scalar { .. } => 1,
        Kind::Sequence(items) => 1 + items.iter().map(|node| count(&node.kind)).sum::<usize>(),
        Kind::Mapping(entries) => 1 + entries.iter().map(|(_, node)| count(&node.kind)).sum::<usize>(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<Node>, Vec<Finding>) {
        let mut findings = Vec::new();
        let node = parse(text, FileId(0), 0, &mut findings);
        (node, findings)
    }

    fn codes(text: &str) -> Vec<&'static str> {
        read(text).1.iter().map(|finding| finding.rule.code).collect()
    }

    #[test]
    fn scalars_stay_as_written() {
        let (node, findings) = read("a: 5.10\nb: \"no\"\nc: 2026-03-02\n");
        assert!(findings.is_empty());
        let Some(Node { kind: Kind::Mapping(entries), .. }) = node else { panic!("a mapping") };
        let texts: Vec<_> = entries
            .iter()
            .map(|(key, node)| match &node.kind {
                Kind::Scalar { text, lines, .. } => (key.text.as_ref(), text.as_ref(), lines.to_vec()),
                _ => panic!("a scalar"),
            })
            .collect();
        assert_eq!(texts, [("a", "5.10", vec![(0, 3)]), ("b", "no", vec![(0, 12)]), ("c", "2026-03-02", vec![(0, 19)])]);
    }

    #[test]
    fn folded_and_indented_lines_keep_their_places() {
        for text in
            ["a: one\n   two\n   three\n", "a: >\n  one\n  two three\n", "a: |\n  one\n    two\n  three\n", "a: \"one\n  two three\"\n"]
        {
            let (node, _) = read(text);
            let Some(Node { kind: Kind::Mapping(entries), .. }) = node else { panic!("a mapping") };
            let Kind::Scalar { text: value, lines, .. } = &entries[0].1.kind else { panic!("a scalar") };
            let word = value.find("three").unwrap();
            let (from, place) = lines.iter().rev().find(|(from, _)| *from as usize <= word).unwrap();
            let at = *place as usize + word - *from as usize;
            assert_eq!(&text[at..at + 5], "three", "{text:?}");
        }
    }

    #[test]
    fn what_stands_behind_an_escape_keeps_its_place() {
        for text in ["a: \"x \\\" \\u00e9 \\x41 \\n three\"\n", "a: 'it''s ''three'\n", "a: \"\\\\ one\n  two \\t three\"\n"] {
            let (node, _) = read(text);
            let Some(Node { kind: Kind::Mapping(entries), .. }) = node else { panic!("a mapping") };
            let Kind::Scalar { text: value, lines, .. } = &entries[0].1.kind else { panic!("a scalar") };
            let word = value.find("three").unwrap();
            let (from, place) = lines.iter().rev().find(|(from, _)| *from as usize <= word).unwrap();
            let at = *place as usize + word - *from as usize;
            assert_eq!(&text[at..at + 5], "three", "{text:?} {lines:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_code() {
        assert_eq!(codes("a: 1\na: 2\n"), ["yaml-duplicate-key"]);
        assert_eq!(codes("a:\n\tb: 1\n"), ["yaml-tab"]);
        assert_eq!(codes("a: [1, 2\n"), ["yaml-syntax"]);
        assert_eq!(codes("a: 1\n---\nb: 2\n"), ["yaml-syntax"]);
        assert_eq!(codes("a: *b\n"), ["yaml-syntax"]);
        let nested = format!("{}{}", "[".repeat(100), "]".repeat(100));
        assert_eq!(codes(&nested), ["yaml-limit"]);
    }

    #[test]
    fn a_bomb_of_aliases_is_stopped() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let previous = format!("*a{}", level - 1);
            text.push_str(&format!("a{level}: &a{level} [{}]\n", [previous.as_str(); 10].join(", ")));
        }
        assert_eq!(codes(&text), ["yaml-limit"]);
    }
}
