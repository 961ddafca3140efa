//! The few kinds of raw HTML that become nodes of the tree.

/// One piece of inline HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Html {
    /// `<br>`; `plain` if it has no attributes.
    Break { plain: bool },
    /// `<sub>` and its like; `plain` if it has no attributes.
    Open { mark: Mark, plain: bool },
    /// `</sub>` and its like.
    Close(Mark),
    /// A comment.
    Comment,
    /// Anything else.
    Other,
}

/// What a pair of tags says of the words between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Sub,
    Sup,
    Kbd,
}

/// Reads one piece of inline HTML as pulldown-cmark gives it.
pub(super) fn read(html: &str) -> Html {
    if html.starts_with("<!--") {
        return Html::Comment;
    }
    let inner = html.strip_prefix('<').and_then(|html| html.strip_suffix('>')).unwrap_or_default();
    let (closes, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
    let (name, rest) = inner.split_at(end);
    if !rest.is_empty() && !rest.starts_with(|c: char| c.is_ascii_whitespace() || c == '/') {
        return Html::Other;
    }
    let mark = match name.to_ascii_lowercase().as_str() {
        "br" if !closes => return Html::Break { plain: rest.trim().trim_start_matches('/').is_empty() },
        "sub" => Mark::Sub,
        "sup" => Mark::Sup,
        "kbd" => Mark::Kbd,
        _ => return Html::Other,
    };
    if closes {
        Html::Close(mark)
    } else if rest.trim_end().ends_with('/') {
        Html::Other
    } else {
        Html::Open { mark, plain: rest.trim().is_empty() }
    }
}

/// Whether a block of HTML is closed comments and nothing else.
pub(super) fn is_comment(html: &str) -> bool {
    let mut rest = html.trim();
    while let Some(after) = rest.strip_prefix("<!--") {
        match after.split_once("-->") {
            Some((_, after)) => rest = after.trim_start(),
            None => return false,
        }
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_tags_are_known_in_any_case() {
        assert_eq!(read("<br>"), Html::Break { plain: true });
        assert_eq!(read("<BR />"), Html::Break { plain: true });
        assert_eq!(read("<br class=x>"), Html::Break { plain: false });
        assert_eq!(read("<sub>"), Html::Open { mark: Mark::Sub, plain: true });
        assert_eq!(read("</Sup >"), Html::Close(Mark::Sup));
        assert_eq!(read("<kbd onclick='x'>"), Html::Open { mark: Mark::Kbd, plain: false });
        assert_eq!(read("<!-- a -->"), Html::Comment);
        for other in ["<sub/>", "</br>", "<b>", "<subs>", "<?x?>", "<!X>", "<sub-x>"] {
            assert_eq!(read(other), Html::Other, "{other}");
        }
    }

    #[test]
    fn comments_alone_are_silent() {
        assert!(is_comment("<!-- a -->\n<!-- b -->\n"));
        assert!(!is_comment("<!-- a\n"), "it would hide all that follows");
        assert!(!is_comment("<!-- a --> b"));
        assert!(!is_comment("<div>"));
    }
}
