//! The marks of Markdown as far as cutting a text needs them: references, headings, blocks of lines, cells, clauses and brackets.

/// A clause with what ends it.
#[derive(Debug)]
pub(super) struct Clause<'a> {
    pub(super) text: &'a str,
    pub(super) end: &'a str,
}

/// A reference in a text.
pub(super) struct Found<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) target: &'a str,
    pub(super) label: Option<&'a str>,
}

pub(super) fn references(text: &str) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find("[[").map(|at| from + at) {
        let Some(len) = text[start..].find("]]") else { break };
        let inner = &text[start + 2..start + len];
        let (target, label) = match inner.split_once('|') {
            Some((target, label)) => (target.trim_end_matches('\\'), Some(label)),
            None => (inner, None),
        };
        from = start + len + 2;
        found.push(Found { start, end: from, target: target.trim(), label });
    }
    found
}

/// The ids of the sections that headings open, with their level: `(2, "leavers")`.
pub(super) fn sections(text: &str) -> Vec<(usize, &str)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        found.extend(heading(line).and_then(|(level, heading)| Some((level, heading_id(heading)?))));
        at += block_len(&lines[at..]);
    }
    found
}

pub(super) fn heading(line: &str) -> Option<(usize, &str)> {
    let level = line.chars().take_while(|c| *c == '#').count();
    let rest = line.get(level..)?;
    ((1..=6).contains(&level) && rest.starts_with(' ')).then_some((level, rest))
}

pub(super) fn heading_id(heading: &str) -> Option<&str> {
    let (_, attributes) = heading.trim_end().strip_suffix('}')?.rsplit_once('{')?;
    attributes.split_whitespace().find_map(|attribute| attribute.strip_prefix('#'))
}

pub(super) fn is_fence(line: &str) -> bool {
    line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~")
}

/// How many lines belong together from the first one on: a fence, a table, an item with its further lines, an empty line.
pub(super) fn block_len(lines: &[&str]) -> usize {
    let Some(first) = lines.first() else { return 0 };
    let rest = lines[1..].iter();
    if first.trim().is_empty() || heading(first).is_some() {
        1
    } else if is_fence(first) {
        rest.take_while(|line| !is_fence(line)).count().saturating_add(2).min(lines.len())
    } else if first.trim_start().starts_with('|') {
        1 + rest.take_while(|line| line.trim_start().starts_with('|')).count()
    } else if first.trim_start().starts_with("> [!") {
        1
    } else {
        let quote = first.starts_with('>');
        let goes_on = |line: &&&str| {
            let begins = line.trim().is_empty() || heading(line).is_some() || is_fence(line) || line.trim_start().starts_with('|');
            !begins && (marker(line).0.trim().is_empty() || (quote && line.starts_with('>')))
        };
        1 + rest.take_while(goes_on).count()
    }
}

/// What stands before the text of a line: indentation, the mark of an item, a box, a quotation.
pub(super) fn marker(line: &str) -> (&str, &str) {
    let indent = line.len() - line.trim_start().len();
    let rest = &line[indent..];
    let digits = rest.chars().take_while(char::is_ascii_digit).count();
    let len = if rest.starts_with("- [ ] ") || rest.starts_with("- [x] ") {
        6
    } else if rest.starts_with("- ") || rest.starts_with("* ") || rest.starts_with("> ") || rest.starts_with(": ") {
        2
    } else if (1..=9).contains(&digits) && rest[digits..].starts_with(". ") {
        digits + 2
    } else if rest.starts_with("[^") {
        rest.find("]: ").map_or(0, |at| at + 3)
    } else {
        0
    };
    line.split_at(indent + len)
}

/// The cells of a row, without the bars; a bar after a backslash is part of a cell.
pub(super) fn cells(line: &str) -> Vec<&str> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = line.strip_suffix('|').unwrap_or(line);
    let mut cells = Vec::new();
    let mut start = 0;
    for (at, _) in line.match_indices('|').filter(|(at, _)| !line[..*at].ends_with('\\')) {
        cells.push(line[start..at].trim());
        start = at + 1;
    }
    cells.push(line[start..].trim());
    cells
}

/// Splits outside of references, insertions, code and brackets.
pub(super) fn split<'a>(text: &'a str, at: &[&str]) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut depth = Depth::default();
    for (place, c) in text.char_indices() {
        if depth.is_outside()
            && place >= start
            && let Some(separator) = at.iter().find(|separator| text[place..].starts_with(**separator))
        {
            parts.push(&text[start..place]);
            start = place + separator.len();
        }
        depth.see(c);
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

/// How deep in brackets of any kind, and whether in code, a place of a text is.
#[derive(Default)]
struct Depth {
    open: usize,
    code: bool,
}

impl Depth {
    fn see(&mut self, c: char) {
        match c {
            '`' => self.code = !self.code,
            '(' | '[' | '{' if !self.code => self.open += 1,
            ')' | ']' | '}' if !self.code => self.open = self.open.saturating_sub(1),
            _ => {}
        }
    }

    fn is_outside(&self) -> bool {
        self.open == 0 && !self.code
    }
}

pub(super) fn clauses(text: &str) -> Vec<Clause<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut depth = Depth::default();
    for (at, c) in text.char_indices() {
        if depth.is_outside() && at >= start && matches!(c, '.' | '?' | '!' | ';') {
            let after = &text[at + 1..];
            let marks = after.len() - after.trim_start_matches(['*', '_', '"', '\u{201d}']).len();
            let next = &after[marks..];
            let begins = next.trim_start().starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || "[*{`\"(\u{201c}".contains(c));
            if next.starts_with(' ') && (c == ';' || begins) {
                found.push(Clause { text: &text[start..at], end: &text[at..=at + marks] });
                start = at + 1 + marks + 1;
            }
        }
        depth.see(c);
    }
    let last = text.get(start..).unwrap_or_default();
    let stop = last.trim_end().trim_end_matches(['*', '_', '"']);
    let end = if stop.ends_with(['.', '?', '!', ';']) { stop.len() - 1 } else { last.len() };
    found.push(Clause { text: &last[..end], end: last[end..].trim_end() });
    found
}

/// The next bracket that is no part of a link, a reference, an insertion or code.
pub(super) fn find_bracket(text: &str) -> Option<usize> {
    let mut depth = Depth::default();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if c == '(' && depth.is_outside() && before != ']' && !before.is_alphanumeric() && before != ')' {
            return Some(at);
        }
        depth.see(c);
        before = c;
    }
    None
}

pub(super) fn bracket_len(text: &str) -> Option<usize> {
    let mut depth = Depth::default();
    for (at, c) in text.char_indices() {
        depth.see(c);
        if depth.is_outside() && c == ')' {
            return Some(at + 1);
        }
    }
    None
}
