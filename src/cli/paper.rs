//! Lines for a terminal: wrapped at its width, 80 columns at most, with colours where they are wanted. What comes from a catalogue or a manual is
//! made harmless here, once for all.

use crate::base::finding::plain;

/// The widest lines that are easy to read.
const WIDEST: usize = 80;

/// How words are set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As they are.
    Plain,
    /// A heading or an identifier.
    Bold,
    /// What matters less.
    Dim,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Style::Plain => "",
            Style::Bold => "\u{1b}[1m",
            Style::Dim => "\u{1b}[2m",
        }
    }
}

/// What is printed, line by line.
pub(super) struct Paper {
    out: String,
    colour: bool,
    width: usize,
}

impl Paper {
    pub(super) fn new(colour: bool, columns: usize) -> Self {
        Paper { out: String::new(), colour, width: columns.clamp(40, WIDEST) }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    /// Columns between the margins.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// An empty line.
    pub(super) fn space(&mut self) {
        self.out.push('\n');
    }

    /// A heading with a line of space before it.
    pub(super) fn heading(&mut self, words: &str) {
        self.space();
        self.line(0, &[(Style::Bold, words)]);
    }

    /// One line of pieces, cut at the margin with an ellipsis.
    pub(super) fn line(&mut self, indent: usize, pieces: &[(Style, &str)]) {
        let mut left = self.width.saturating_sub(indent);
        let mut line = " ".repeat(indent);
        for (style, words) in pieces {
            let words = cut(&one_line(words), left);
            left -= columns(&words);
            line.push_str(&self.styled(*style, &words));
        }
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    /// Words over as many lines as they need, each beginning at `indent`.
    pub(super) fn wrapped(&mut self, indent: usize, style: Style, words: &str) {
        self.labelled(indent, &" ".repeat(0), 0, style, words);
    }

    /// A label in a column of its own, and words beside it over as many lines as they need.
    pub(super) fn labelled(&mut self, indent: usize, label: &str, label_width: usize, style: Style, words: &str) {
        let begin = indent + label_width;
        let label = cut(&one_line(label), label_width.saturating_sub(1));
        let mut first = format!(
            "{}{}{}",
            " ".repeat(indent),
            self.styled(Style::Dim, &label),
            " ".repeat(label_width - columns(&label).min(label_width))
        );
        for line in fold(&plain(words).replace(['\n', '\t'], " "), self.width.saturating_sub(begin).max(20)) {
            let line = format!("{first}{}", self.styled(style, &line));
            self.out.push_str(line.trim_end());
            self.out.push('\n');
            first = " ".repeat(begin);
        }
    }

    fn styled(&self, style: Style, words: &str) -> String {
        if self.colour && style != Style::Plain && !words.trim().is_empty() {
            format!("{}{words}\u{1b}[0m", style.code())
        } else {
            words.to_owned()
        }
    }
}

fn one_line(words: &str) -> String {
    plain(words).replace(['\n', '\t'], " ")
}

/// How many columns words take: one a character.
pub(super) fn columns(words: &str) -> usize {
    words.chars().count()
}

/// Words of at most so many columns.
pub(super) fn cut(words: &str, most: usize) -> String {
    if columns(words) <= most {
        return words.to_owned();
    }
    let kept: String = words.chars().take(most.saturating_sub(1)).collect();
    if most == 0 { String::new() } else { format!("{}\u{2026}", kept.trim_end()) }
}

/// Words padded to a column, or cut to leave a space after them.
pub(super) fn padded(words: &str, width: usize) -> String {
    let words = cut(&one_line(words), width.saturating_sub(1));
    format!("{words}{}", " ".repeat(width - columns(&words)))
}

/// Lines of words of at most so many columns; a word that is longer is cut in pieces.
fn fold(words: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in words.split_whitespace() {
        if !line.is_empty() && columns(&line) + 1 + columns(word) > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for c in word.chars() {
            if columns(&line) >= width {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_the_margin() {
        let mut paper = Paper::new(false, 40);
        paper.line(2, &[(Style::Bold, "a".repeat(30).as_str()), (Style::Plain, "b".repeat(30).as_str())]);
        paper.wrapped(4, Style::Plain, "one two three four five six seven eight nine");
        paper.labelled(2, "Label", 10, Style::Plain, &"x".repeat(60));
        let text = paper.finish();
        assert!(text.lines().all(|line| columns(line) <= 40), "{text}");
        assert!(text.contains("bbb\u{2026}\n") && text.contains("    one two three four five six seven\n    eight nine\n"), "{text}");
    }

    #[test]
    fn colours_are_set_only_where_wanted_and_nothing_else_reaches_the_terminal() {
        let print = |colour| {
            let mut paper = Paper::new(colour, 80);
            paper.line(0, &[(Style::Bold, "A\u{1b}[31mB\u{202e}")]);
            paper.finish()
        };
        assert_eq!(print(false), "A\u{241b}[31mB\u{fffd}\n");
        assert_eq!(print(true), "\u{1b}[1mA\u{241b}[31mB\u{fffd}\u{1b}[0m\n");
    }
}
