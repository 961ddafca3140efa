//! The parts of an SVG that all pictures share.

use std::fmt::Write;

use crate::render::escape;

/// What an SVG needs to stand in a page: on paper the image has its alternative text from outside.
pub(crate) struct Frame<'a> {
    /// Begins the ids of title and description; no other on the page may begin so.
    pub(crate) id: &'a str,
    /// What the picture shows.
    pub(crate) title: &'a str,
    /// The same in words: counts, for those who cannot see it.
    pub(crate) text: &'a str,
}

/// Something that stands in a picture by its identifier.
#[derive(Clone, Debug, Default)]
pub(crate) struct Named {
    /// Its identifier.
    pub(crate) id: String,
    /// What is said of it where a pointer rests; none on paper.
    pub(crate) title: Option<String>,
    /// Where it leads; none on paper.
    pub(crate) href: Option<String>,
}

/// An SVG as it is written.
pub(super) struct Svg {
    pub(super) out: String,
}

impl Svg {
    /// Begins one of this size, an image; or a group of links, which an image cannot hold (WAI-ARIA 1.2, 5.2.8: the children of `img` are presentational).
    pub(super) fn new(width: i32, height: i32, frame: Option<&Frame<'_>>, has_links: bool) -> Self {
        let mut svg = Svg { out: String::new() };
        let _ = write!(
            svg.out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"picture\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\""
        );
        if let Some(frame) = frame {
            let id = attribute(frame.id);
            let role = if has_links { "group" } else { "img" };
            let _ = write!(svg.out, " role=\"{role}\" aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-text\">");
            let _ =
                write!(svg.out, "<title id=\"{id}-title\">{}</title><desc id=\"{id}-text\">{}</desc>", text(frame.title), text(frame.text));
        } else {
            svg.out.push('>');
        }
        svg
    }

    /// What `draw` draws, under its title and as a link where it leads somewhere. The link is not in the order of the tab key: a map has a
    /// thousand of them, and each stands once more in a table on the same page.
    pub(super) fn named(&mut self, named: &Named, draw: impl FnOnce(&mut Self)) {
        match &named.href {
            Some(href) => {
                let _ = write!(self.out, "<a href=\"{}\" tabindex=\"-1\">", attribute(href));
            }
            None => self.out.push_str("<g>"),
        }
        if let Some(title) = &named.title {
            let _ = write!(self.out, "<title>{}</title>", text(title));
        }
        draw(self);
        self.out.push_str(if named.href.is_some() { "</a>" } else { "</g>" });
    }

    /// A rectangle with more attributes, which are ours.
    pub(super) fn rectangle(&mut self, [x, y, width, height]: [i32; 4], more: &str) {
        let _ = write!(self.out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" {more}/>");
    }

    /// Words, with more attributes, which are ours.
    pub(super) fn words(&mut self, x: i32, y: i32, more: &str, words: &str) {
        let _ = write!(self.out, "<text x=\"{x}\" y=\"{y}\" {more}>{}</text>", text(words));
    }

    /// Ends it.
    pub(super) fn end(mut self) -> String {
        self.out.push_str("</svg>");
        self.out
    }
}

/// Text between tags, without the characters that XML knows no way to write (XML 1.0, 2.2).
fn text(from: &str) -> String {
    let mut out = String::with_capacity(from.len());
    escape::text(&without_unwritable(from), &mut out);
    out
}

fn attribute(from: &str) -> String {
    let mut out = String::with_capacity(from.len());
    escape::attribute(&without_unwritable(from), &mut out);
    out
}

fn without_unwritable(from: &str) -> String {
    from.chars().filter(|c| (*c == '\n' || !c.is_control()) && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect()
}
