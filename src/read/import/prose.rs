//! Words of a foreign file into Markdown that reads exactly as they do: nothing in them becomes a reference, an insertion, a heading or HTML.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::base::source::path::is_hidden_control;

/// Text with one kind of line end, without what only a word processor knows; nothing where it holds a control character.
pub(super) fn clean(text: &str) -> Result<String, char> {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\r' => {
                if characters.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            // Soft line breaks of word processors and the separators of Unicode.
            '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' | '\u{a0}' => out.push(' '),
            '\u{feff}' | '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' => {}
            '\n' => out.push('\n'),
            _ if is_hidden_control(c) || crate::read::markdown::is_unwanted(c) => return Err(c),
            _ => out.push(c),
        }
    }
    Ok(out)
}

/// On one line, with single spaces.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Plain words as Markdown: an empty line parts paragraphs, other line ends stay where they are.
pub(super) fn paragraphs(text: &str) -> String {
    let mut out = String::new();
    let mut empty = true;
    for line in text.lines() {
        let line = one_line(line);
        if line.is_empty() {
            empty = true;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if empty { "\n\n" } else { "\\\n" });
        }
        empty = false;
        out.push_str(&escaped(&line));
    }
    out
}

/// One line with a backslash before whatever Markdown would read as more than a character.
pub(super) fn escaped(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    for (index, c) in line.char_indices() {
        let begins = index == 0 && matches!(c, '#' | '+' | '-' | '=' | ':');
        // `1.` and `1)` begin a list.
        let numbers = digits > 0 && index == digits && matches!(c, '.' | ')');
        if begins || numbers || matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '{' | '}' | '<' | '>' | '&' | '|' | '~' | '!') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The words of a text in Markdown, as OSCAL has them ("markup-multiline"): marks and links give way to their words.
pub(super) fn words(markdown: &str) -> String {
    let mut out = String::new();
    for event in Parser::new(markdown) {
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) | Event::Html(text) => out.push_str(&text),
            Event::SoftBreak => out.push(' '),
            Event::HardBreak => out.push('\n'),
            Event::Start(Tag::Item) => out.push_str("\n- "),
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::List(_) | TagEnd::BlockQuote(_)) => {
                out.push_str("\n\n")
            }
            _ => {}
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::finding::Span;
    use crate::base::source::FileId;
    use crate::read::markdown::{Context, Kind, Origin, Values, parse};
    use crate::read::tree::{BlockKind, InlineKind, plain};
    use proptest::prelude::*;

    /// What Markdown reads as, its paragraphs and lines apart.
    fn read(markdown: &str) -> Vec<String> {
        let values = Values::default();
        let context = Context { path: "a.yaml", values: &values, classifications: &[], kind: Kind::Prose };
        let mut findings = Vec::new();
        let body = parse(markdown, Origin::Whole(Span::new(FileId(0), 0..0)), &context, &mut findings);
        assert!(findings.is_empty(), "{markdown:?}: {findings:?}");
        let mut lines = Vec::new();
        for block in &body.blocks {
            let BlockKind::Paragraph(inlines) = &block.kind else { panic!("{markdown:?} is {:?}", block.kind) };
            let mut line = String::new();
            for inline in inlines {
                match &inline.kind {
                    InlineKind::Text(text) => line.push_str(text),
                    // An address is a link, as anywhere; its words are the same.
                    InlineKind::Link { content, .. } => line.push_str(&plain(content)),
                    InlineKind::HardBreak => lines.push(std::mem::take(&mut line)),
                    other => panic!("{markdown:?} holds {other:?}"),
                }
            }
            lines.push(line);
        }
        lines
    }

    #[test]
    fn what_looks_like_markdown_stays_words() {
        for line in [
            "# 1",
            "- a",
            "+ a",
            "1. a",
            "12) a",
            "[[POL-004]]",
            "{{ org.name }}",
            "a | b",
            "<script>alert(1)</script>",
            "*a* _b_ `c`",
            "&amp; &#x41;",
            "> quote",
            "===",
            "---",
            ": definition",
            "[a](javascript:b)",
            "![a](b)",
            "a[^1]",
            "~~a~~",
            "http://example.com <x@example.com>",
            "\\",
            "a\\",
            "[ ] task",
            "=cmd|' /C calc'!A0",
            "    indented",
        ] {
            assert_eq!(read(&paragraphs(line)), [one_line(line)], "{line}");
        }
        assert_eq!(read(&paragraphs("a\nb\n\n\nc\n- d")), ["a", "b", "c", "- d"]);
    }

    proptest! {
        #[test]
        fn any_words_read_as_they_are(text in r"([ -~é日\n]|[\[\]{}*_`<>#\-+.0-9!|&:~=\\]){0,60}") {
            let lines: Vec<String> = text.lines().map(one_line).filter(|line| !line.is_empty()).collect();
            prop_assert_eq!(read(&paragraphs(&text)), lines);
        }
    }

    #[test]
    fn marks_of_oscal_give_way_to_their_words() {
        assert_eq!(
            words("See [AU-2](#au-2) and **this** `code`.\n\nNext\nline <BREAK>.\n\n- one\n- two"),
            "See AU-2 and this code.\n\nNext line <BREAK>.\n\n\n- one\n- two"
        );
    }

    #[test]
    fn line_ends_are_made_one_kind_and_control_characters_refused() {
        assert_eq!(clean("a\r\nb\rc\u{b}d\te\u{a0}f\u{feff}").as_deref(), Ok("a\nb\nc\nd e f"));
        assert_eq!(clean("a\u{1b}[31m"), Err('\u{1b}'));
        assert_eq!(clean("a\u{202e}b"), Err('\u{202e}'));
    }
}
