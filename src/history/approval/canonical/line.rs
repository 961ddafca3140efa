//! Lines: two spaces for each level, a keyword, and perhaps a space and a text.

use unicode_normalization::UnicodeNormalization;

/// The lines of a canonical text.
#[derive(Debug)]
pub(super) struct Lines {
    out: String,
}

impl Lines {
    /// A text that begins with the name of its format.
    pub(super) fn new(format: &str) -> Self {
        Lines { out: format!("{format}\n") }
    }

    /// No line yet.
    pub(super) fn empty() -> Self {
        Lines { out: String::new() }
    }

    /// Adds lines that are made already.
    pub(super) fn append(&mut self, lines: &str) {
        self.out.push_str(lines);
    }

    /// Adds a line of somebody's words, which are escaped.
    pub(super) fn words(&mut self, depth: usize, keyword: &str, words: &str) {
        self.marked(depth, keyword, &escaped(words));
    }

    /// Adds a line of words that are escaped already, and marked.
    pub(super) fn marked(&mut self, depth: usize, keyword: &str, words: &str) {
        let text: String =
            words.split([' ', '\n', '\t', '\r']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").nfc().collect();
        self.exact(depth, keyword, &text);
    }

    /// Adds a line whose text stands as it is: it is escaped and holds no line feed.
    pub(super) fn exact(&mut self, depth: usize, keyword: &str, text: &str) {
        self.out.extend(std::iter::repeat_n("  ", depth));
        self.out.push_str(keyword);
        if !text.is_empty() {
            self.out.push(' ');
            self.out.push_str(text);
        }
        self.out.push('\n');
    }

    /// Adds a keyword alone.
    pub(super) fn keyword(&mut self, depth: usize, keyword: &str) {
        self.exact(depth, keyword, "");
    }

    pub(super) fn finish(self) -> String {
        self.out
    }
}

/// A text in which nothing can be taken for a mark: a backslash stands before `\`, `{`, `}` and `|`, and control characters are written by their number, but
/// for those that are white space between words.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '{' | '}' | '|' => out.extend(['\\', c]),
            '\n' | '\t' | '\r' => out.push(c),
            c if c.is_control() => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// A line of code, whose white space counts: tabs are written by their number too.
pub(super) fn escaped_code(line: &str) -> String {
    escaped(line).replace('\t', "\\u{9}").replace('\r', "\\u{d}").nfc().collect()
}
