//! The mark by which a PDF says what it was made from: one keyword in its metadata, which programs read.

use std::fmt;

use jiff::civil::Date;

/// The format of the mark.
const FORMAT: &str = "annexa-origin-1";

/// What a PDF says of itself. Values hold no white space and no comma.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The version of Annexa that made it.
    pub version: String,
    /// For whom.
    pub audience: String,
    /// The date that counted as today.
    pub today: Date,
    /// Which book: `manual`, `soa`, a document, a framework, or controls with a plus sign between them.
    pub book: String,
    /// Whether it is a numbered copy.
    pub copy: bool,
    /// The view digest, see [`Origin`](crate::link::origin::Origin).
    pub view: String,
    /// The digest of the list of sources, in what those get who see everything.
    pub sources: Option<String>,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mark { version, audience, today, book, .. } = self;
        write!(f, "{FORMAT} version={version} audience={audience} today={today} book={book}")?;
        if self.copy {
            f.write_str(" copy=yes")?;
        }
        write!(f, " view={}", self.view)?;
        self.sources.iter().try_for_each(|sources| write!(f, " sources={sources}"))
    }
}

impl Mark {
    /// Reads a mark among keywords; none where there is none that is whole.
    pub fn parse(keywords: &str) -> Option<Self> {
        let from = keywords.find(FORMAT)?;
        let text = keywords.get(from..)?.split(',').next()?;
        let value = |key: &str| text.split_whitespace().find_map(|part| part.strip_prefix(key)?.strip_prefix('=')).map(str::to_owned);
        let digest = |key: &str| value(key).filter(|digest| digest.len() == 64 && digest.bytes().all(|c| c.is_ascii_hexdigit()));
        Some(Mark {
            version: value("version")?,
            audience: value("audience")?,
            today: value("today")?.parse().ok()?,
            book: value("book")?,
            copy: value("copy").is_some(),
            view: digest("view")?,
            sources: digest("sources"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_as_it_was_written_and_half_a_one_is_none() {
        let today = jiff::civil::date(2026, 3, 2);
        let (version, audience, book) = ("1.2.3".to_owned(), "public".to_owned(), "ccm@4.1".to_owned());
        let whole = Mark { version, audience, today, book, copy: true, view: "0f".repeat(32), sources: Some("a1".repeat(32)) };
        assert_eq!(Mark::parse(&format!("one, {whole}, two")), Some(whole.clone()));
        let lower = Mark { copy: false, sources: None, ..whole };
        assert_eq!(Mark::parse(&lower.to_string()), Some(lower.clone()));
        for text in ["", FORMAT, &lower.to_string().replace("view=0f", "view=xx"), &lower.to_string().replace("today=2026", "today=x")] {
            assert_eq!(Mark::parse(text), None, "{text}");
        }
    }
}
