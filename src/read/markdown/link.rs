//! Where links lead: wikilinks, relative paths, sections, and the few schemes that may be published.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::character::{clean, is_unwanted};
use super::path;
use super::report::{Report, excerpt};
use crate::base::finding::{Finding, did_you_mean};
use crate::base::id::Reference;
use crate::base::rule;
use crate::base::word::{Phrase, Word, phrase, word};
use crate::read::tree::Target;

/// What can stand between double brackets.
const FORMS: Word =
    word!("a reference is `[[POL-004]]`, `[[POL-004#leavers]]`, `[[iso27001:A.5.18]]`, `[[ciso]]`, or any of them with `|other words`");

/// A name as it goes into the tree: without unwanted characters (which are found elsewhere), and composed.
fn tidy(name: &str) -> String {
    composed(&clean(name)).into_owned()
}

/// The text in Unicode NFC, as paths and ids of headings are.
pub(super) fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// What `[[name]]` names. `name` may end with the backslash of `\|`.
pub(super) fn wikilink(name: &str, range: Range<usize>, report: &mut Report<'_>) -> Option<Target> {
    let name = tidy(name.strip_suffix('\\').unwrap_or(name).trim());
    let reference = Reference::parse(&name);
    if reference.is_none() {
        let near = Reference::parse(&name.to_uppercase().replace([' ', '_'], "-")).map(|near| did_you_mean(&format!("[[{near}]]")));
        let message = match name.as_str() {
            "" => phrase!("the reference is empty"),
            name => phrase!("`{id}` is not a reference", id = excerpt(name)),
        };
        report.add(report.at(&rule::UNRESOLVED_REFERENCE, range, message).help_if(near).help(FORMS));
    }
    reference.map(Target::Reference)
}

/// Where an ordinary link leads; nothing, with a finding, if it may not or cannot. `from` is the path of the file it stands in.
pub(super) fn target(link: &str, from: &str, range: Range<usize>, report: &mut Report<'_>) -> Option<Target> {
    match read(link, from) {
        Ok(target) => Some(target),
        Err(wrong) => {
            report.add(wrong.finding(link, range, report));
            None
        }
    }
}

/// Why a link leads nowhere.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It has a scheme that may not be published.
    Scheme(String),
    /// It names another host without saying how to reach it.
    NoScheme,
    /// Its scheme may be published, the rest is no address.
    Address,
    /// It is a reference that wants double brackets.
    Reference(Reference),
    /// It climbs out of the project.
    Outside,
    /// It says nothing.
    Empty,
}

impl Wrong {
    fn finding(self, link: &str, range: Range<usize>, report: &Report<'_>) -> Finding {
        let unsafe_link = |message: Phrase| report.at(&rule::UNSAFE_LINK, range.clone(), message).label(phrase!("only its words are kept"));
        let unresolved = |message: Phrase| report.at(&rule::UNRESOLVED_REFERENCE, range.clone(), message);
        match self {
            Wrong::Scheme(scheme) => unsafe_link(phrase!("the scheme `{scheme}:` may not be published", scheme = excerpt(&scheme)))
                .help(phrase!("link with `https:`, `http:` or `mailto:`, or to a file of the project"))
                .help_if(control(link).map(|control| phrase!("for a control, write `[[{control}|words]]`", control = control))),
            Wrong::NoScheme => unsafe_link(phrase!("the link names a host without a scheme")).help(phrase!("begin it with `https://`")),
            Wrong::Address => unsafe_link(phrase!("`{link}` is not an address", link = excerpt(link)))
                .help(phrase!("an address has a host or a mailbox after its scheme, and no white space or control characters")),
            Wrong::Reference(reference) => unresolved(phrase!("`{reference}` is a reference, not a path", reference = reference))
                .help(phrase!("write `[[{reference}|words]]`", reference = reference)),
            Wrong::Outside => unresolved(phrase!("`{path}` leads out of the project", path = excerpt(link))),
            Wrong::Empty => unresolved(phrase!("the link leads nowhere")),
        }
    }
}

/// The control that someone may have meant who wrote `[words](iso27001:A.5.18)`.
fn control(link: &str) -> Option<Reference> {
    const SCHEMES: [&str; 6] = ["javascript", "vbscript", "data", "file", "ftp", "tel"];
    let is_scheme = scheme(link).is_some_and(|scheme| SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)));
    Reference::parse(link).filter(|_| !is_scheme && !link.contains(['/', '\\', '+', ';']) && link.contains(|c: char| c.is_ascii_digit()))
}

/// Where a link leads.
pub(super) fn read(link: &str, from: &str) -> Result<Target, Wrong> {
    if let Some(scheme) = scheme(link) {
        return url(link, scheme);
    }
    let link = link.trim();
    if link.starts_with(['/', '\\']) && link[1..].starts_with(['/', '\\']) {
        return Err(Wrong::NoScheme);
    }
    if let Some(reference @ Reference::Item { .. }) = Reference::parse(link)
        && link.starts_with(|c: char| c.is_ascii_uppercase())
    {
        return Err(Wrong::Reference(reference));
    }
    let (file, section) = link.split_once('#').map_or((link, ""), |(file, section)| (file, section));
    let file = file.split('?').next().unwrap_or_default();
    let (file, section) = (path::decode(file), path::decode(section));
    let section = (!section.is_empty()).then(|| tidy(&section).into());
    match (file.is_empty(), section) {
        (true, None) => Err(Wrong::Empty),
        (true, Some(section)) => Ok(Target::Section(section)),
        (false, section) => {
            let path = path::resolve(from, &tidy(&file)).ok_or(Wrong::Outside)?;
            Ok(Target::Path { path: path.into(), section })
        }
    }
}

/// The scheme of a link in lower case, read as a browser would: white space and control characters do not count.
pub(super) fn scheme(link: &str) -> Option<String> {
    let mut scheme = String::new();
    for c in link.chars().filter(|&c| !c.is_whitespace() && !c.is_control() && !is_unwanted(c)) {
        match c {
            ':' => return Some(scheme).filter(|scheme| scheme.starts_with(|c: char| c.is_ascii_alphabetic())),
            'a'..='z' | 'A'..='Z' | '0'..='9' | '+' | '-' | '.' => scheme.push(c.to_ascii_lowercase()),
            _ => return None,
        }
    }
    None
}

fn url(link: &str, scheme: String) -> Result<Target, Wrong> {
    let rest = match scheme.as_str() {
        "http" | "https" => link.get(scheme.len() + 1..).and_then(|rest| rest.strip_prefix("//")),
        "mailto" => link.get(scheme.len() + 1..).filter(|rest| rest.contains('@')),
        _ => return Err(Wrong::Scheme(scheme)),
    };
    let good = rest.is_some_and(|rest| {
        !rest.starts_with(['/', '?', '#', ':', '@', '\\'])
            && !rest.is_empty()
            && !rest.contains(|c: char| c.is_control() || is_unwanted(c) || c.is_whitespace() && c != ' ')
    });
    // The scheme itself may have been written with white space in it, and then the link does not begin with it.
    if !good || !link.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(&scheme)) {
        return Err(Wrong::Address);
    }
    Ok(Target::Url(encode(link).into()))
}

/// The address with the characters escaped that no address may hold.
fn encode(link: &str) -> Cow<'_, str> {
    const ILLEGAL: [char; 10] = [' ', '"', '<', '>', '\\', '^', '`', '{', '|', '}'];
    if !link.contains(ILLEGAL) {
        return Cow::Borrowed(link);
    }
    let mut out = String::with_capacity(link.len() + 8);
    for c in link.chars() {
        if ILLEGAL.contains(&c) { out.push_str(&format!("%{:02X}", u32::from(c))) } else { out.push(c) }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM: &str = "content/policies/pol-004.md";

    #[test]
    fn three_schemes_may_be_published() {
        for link in ["https://example.com/a?b#c", "HTTP://example.com", "mailto:a@example.com", "https://müller.example/ü"] {
            assert_eq!(read(link, FROM), Ok(Target::Url(link.into())));
        }
        assert_eq!(read("https://example.com/a b|c", FROM), Ok(Target::Url("https://example.com/a%20b%7Cc".into())));
    }

    #[test]
    fn no_other_scheme_is_let_through_however_it_is_disguised() {
        let disguises = [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "java\nscript:alert(1)",
            " \u{1}javascript:alert(1)",
            "java\tscript\u{0}:x",
            "java\u{202e}script:x",
            "data:text/html,x",
            "DATA:text/html;base64,x",
            "vbscript:x",
            "file:///etc/passwd",
            "ftp://example.com",
            "C:\\x",
            "x-custom:",
            "blob:https://example.com/x",
        ];
        for link in disguises {
            assert!(matches!(read(link, FROM), Err(Wrong::Scheme(_))), "{link:?} {:?}", read(link, FROM));
        }
        for link in
            ["https:", "https:example.com", "https:///x", "ht tps://x.example", "https://a\nb", "mailto:", "https://\u{202e}x", "http://"]
        {
            assert_eq!(read(link, FROM), Err(Wrong::Address), "{link:?}");
        }
        for link in ["//example.com", "\\\\example.com", "/\\example.com"] {
            assert_eq!(read(link, FROM), Err(Wrong::NoScheme));
        }
    }

    #[test]
    fn relative_links_become_paths_of_the_project() {
        let path = |path: &str, section: Option<&str>| Ok(Target::Path { path: path.into(), section: section.map(Into::into) });
        assert_eq!(read("../sops/sop-001.md#review", FROM), path("content/sops/sop-001.md", Some("review")));
        assert_eq!(read("a%20b.md?plain=1", FROM), path("content/policies/a b.md", None));
        assert_eq!(read("u\u{308}.md#u\u{308}", FROM), path("content/policies/ü.md", Some("ü")));
        assert_eq!(read("a/b:c.md", FROM), path("content/policies/a/b:c.md", None));
        assert_eq!(read("#leavers", FROM), Ok(Target::Section("leavers".into())));
        assert_eq!(read("../../../x.md", FROM), Err(Wrong::Outside));
        assert_eq!(read("..%2f..%2f..%2fx.md", FROM), Err(Wrong::Outside));
        assert_eq!(read(".%00./.%00./.\u{202e}./x.md", FROM), Err(Wrong::Outside));
        assert_eq!(read("#", FROM), Err(Wrong::Empty));
        assert_eq!(read("", FROM), Err(Wrong::Empty));
    }

    #[test]
    fn a_reference_in_round_brackets_is_recognised() {
        assert!(matches!(read("POL-004#x", FROM), Err(Wrong::Reference(_))));
        assert!(control("iso27001:A.5.18").is_some());
        assert!(control("tel:+49123").is_none());
    }
}
