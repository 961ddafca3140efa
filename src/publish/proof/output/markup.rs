//! HTML and XML, leniently: everything that is not the name of a tag or attribute is a text.

use std::borrow::Cow;

use super::base64;

/// A thing that markup says.
pub(super) enum Said<'a> {
    /// A text, with its entities resolved.
    Text(&'a str),
    /// A script or style sheet.
    Script(&'a str),
    /// A file in a data address (RFC 2397).
    File(Vec<u8>),
}

/// Elements that stand within a line: a word can go on through them. Of XML formats, runs of text.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "q",
    "r", "s", "samp", "small", "span", "strong", "sub", "sup", "t", "time", "tspan", "tt", "u", "var", "wbr",
];

/// Gives what markup says, in order.
pub(super) fn read(text: &str, each: &mut dyn FnMut(Said<'_>)) {
    let mut run = Run::default();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        run.text(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("<!--") {
            let (comment, after) = after.split_once("-->").unwrap_or((after, ""));
            each(Said::Text(&decoded(comment)));
            rest = after;
        } else if let Some(after) = rest.strip_prefix("<![CDATA[") {
            let (data, after) = after.split_once("]]>").unwrap_or((after, ""));
            run.push(data);
            rest = after;
        } else if rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            rest = tag(rest, &mut run, each);
        } else {
            run.push("<");
            rest = &rest[1..];
        }
    }
    run.text(rest);
    run.end(each);
}

/// Reads a tag, and gives what follows it.
fn tag<'t>(text: &'t str, run: &mut Run, each: &mut dyn FnMut(Said<'_>)) -> &'t str {
    let inside = &text[1..];
    let name_at = usize::from(inside.starts_with(['/', '!', '?']));
    let name_end = inside[name_at..].find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).map_or(inside.len(), |at| name_at + at);
    let name = inside[name_at..name_end].to_ascii_lowercase();
    let local = name.rsplit(':').next().unwrap_or_default();
    if INLINE.contains(&local) {
        run.seam();
    } else {
        run.end(each);
    }
    let mut rest = attributes(&inside[name_end..], each);
    // What stands in these is no markup.
    if name_at == 0 && matches!(local, "script" | "style") {
        let close = format!("</{local}");
        let end = find_ignoring_case(rest, &close).unwrap_or(rest.len());
        each(Said::Script(&rest[..end]));
        rest = &rest[end..];
    }
    rest
}

/// Reads attributes up to the end of the tag, and gives what follows it.
fn attributes<'t>(mut rest: &'t str, each: &mut dyn FnMut(Said<'_>)) -> &'t str {
    loop {
        let Some(at) = rest.find(['>', '"', '\'', '=']) else {
            // The tag does not end.
            each(Said::Text(&decoded(rest)));
            return "";
        };
        let sign = rest.as_bytes()[at];
        rest = &rest[at + 1..];
        match sign {
            b'>' => return rest,
            b'=' if rest.trim_start().starts_with(['"', '\'']) => {}
            b'=' => {
                // A value without quotes.
                let value = rest.trim_start();
                let end = value.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(value.len());
                attribute(&value[..end], each);
                rest = &value[end..];
            }
            quote => {
                let (value, after) = rest.split_once(char::from(quote)).unwrap_or((rest, ""));
                attribute(value, each);
                rest = after;
            }
        }
    }
}

fn attribute(value: &str, each: &mut dyn FnMut(Said<'_>)) {
    let value = decoded(value);
    if let Some((head, data)) = value.strip_prefix("data:").and_then(|rest| rest.split_once(',')) {
        let bytes = if head.ends_with(";base64") { base64(&percent_decoded(data)) } else { percent_bytes(data) };
        return each(Said::File(bytes));
    }
    each(Said::Text(&value));
    if value.contains('%') {
        each(Said::Text(&percent_decoded(&value)));
    }
}

/// A text that goes on through inline tags, read in two ways: with nothing in their places, and with a space.
#[derive(Default)]
struct Run {
    joined: String,
    split: String,
    seams: bool,
}

impl Run {
    fn text(&mut self, text: &str) {
        self.push(&decoded(text));
    }

    fn push(&mut self, text: &str) {
        self.joined.push_str(text);
        self.split.push_str(text);
    }

    fn seam(&mut self) {
        self.seams |= !self.joined.is_empty();
        self.split.push(' ');
    }

    fn end(&mut self, each: &mut dyn FnMut(Said<'_>)) {
        if self.joined.contains(|c: char| c.is_alphanumeric()) {
            each(Said::Text(&self.joined));
            if self.seams {
                each(Said::Text(&self.split));
            }
        }
        (self.seams, _, _) = (false, self.joined.clear(), self.split.clear());
    }
}

fn decoded(text: &str) -> Cow<'_, str> {
    if text.contains('&') { html_escape::decode_html_entities(text) } else { text.into() }
}

/// A text with its percent signs resolved (RFC 3986, 2.1).
pub(in super::super) fn percent_decoded(text: &str) -> Cow<'_, str> {
    if text.contains('%') { String::from_utf8_lossy(&percent_bytes(text)).into_owned().into() } else { text.into() }
}

fn percent_bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = || std::str::from_utf8(after.get(..2)?).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (*first == b'%').then(hex).flatten() {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}

fn find_ignoring_case(text: &str, what: &str) -> Option<usize> {
    text.as_bytes().windows(what.len()).position(|window| window.eq_ignore_ascii_case(what.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(html: &str) -> Vec<String> {
        let mut all = Vec::new();
        read(html, &mut |said| {
            all.push(match said {
                Said::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
                Said::Script(text) => format!("script: {text}"),
                Said::File(bytes) => format!("file: {}", String::from_utf8_lossy(&bytes)),
            })
        });
        all
    }

    #[test]
    fn a_word_goes_on_through_inline_tags_and_ends_at_others() {
        assert_eq!(texts("<p>Fal<b>ken</b>ried</p><p>two</p>"), ["Falkenried", "Fal ken ried", "two"]);
        assert_eq!(texts("<td>one</td><td>two</td>"), ["one", "two"]);
    }

    #[test]
    fn attributes_comments_and_scripts_are_texts() {
        assert_eq!(
            texts("<!-- a&amp;b --><img alt='x &quot;y&quot;' src=z title=\"1 > 2\"><script>var s = '<p>';</script>"),
            ["a&b", "x \"y\"", "z", "1 > 2", "script: var s = '<p>';"]
        );
        assert_eq!(texts("<a href=\"x/f%C3%BCr.html\">"), ["x/f%C3%BCr.html", "x/für.html"]);
        assert_eq!(texts("<img src=\"data:text/plain;base64,aGVsbG8=\">"), ["file: hello"]);
    }

    #[test]
    fn broken_markup_is_still_read() {
        assert_eq!(texts("a < b <c d=\"e"), ["a < b", "e", ""]);
        assert_eq!(texts("<!-- open"), ["open"]);
    }
}
