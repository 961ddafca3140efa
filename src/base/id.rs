//! Identifiers, parsed in one place for links, claims, YAML and the command line.
//!
//! Three kinds of things have names: an edition of a framework (`iso27001@2022`), a control in one (`iso27001:A.5.15`,
//! `iso27017@2015:CLD.6.3.1`), and an item of the project: a document or a row of a register (`POL-004`, `RSK-012`, the role `ciso`).

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The identifier of a document (`POL-004`), of a register's row (`RSK-012`) or of a role (`ciso`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(Arc<str>);

impl ItemId {
    /// Reads `PREFIX-NUMBER` in capitals, or a role's name: lower-case letters, digits and hyphens, beginning with a letter.
    pub fn parse(text: &str) -> Option<Self> {
        (is_numbered(text) || is_role(text)).then(|| ItemId(text.into()))
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this has the form of a role's name.
    pub fn is_role(&self) -> bool {
        is_role(&self.0)
    }

    /// The capitals before the number: `POL` of `POL-004`; empty for a role.
    pub fn prefix(&self) -> &str {
        self.0.split_once('-').filter(|_| !self.is_role()).map_or("", |(prefix, _)| prefix)
    }
}

fn is_numbered(text: &str) -> bool {
    text.split_once('-').is_some_and(|(prefix, number)| {
        prefix.starts_with(|c: char| c.is_ascii_uppercase())
            && prefix.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
            && (1..=9).contains(&number.len())
            && prefix.len() <= 12
            && number.chars().all(|c| c.is_ascii_digit())
    })
}

fn is_role(text: &str) -> bool {
    text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.ends_with('-')
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An edition of a framework: `iso27001@2022`; `gdpr`, which has but one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EditionId {
    /// The framework's short name in lower case.
    pub framework: Arc<str>,
    /// The edition; none where the framework has but one.
    pub edition: Option<Arc<str>>,
}

impl EditionId {
    /// Reads `framework` or `framework@edition`.
    pub fn parse(text: &str) -> Option<Self> {
        let (framework, edition) = match text.split_once('@') {
            Some((framework, edition)) => (framework, Some(edition)),
            None => (text, None),
        };
        let word = |t: &str| !t.is_empty() && t.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
        let good = word(framework) && edition.is_none_or(word);
        good.then(|| EditionId { framework: framework.to_ascii_lowercase().into(), edition: edition.map(Into::into) })
    }
}

impl fmt::Display for EditionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.edition {
            Some(edition) => write!(f, "{}@{edition}", self.framework),
            None => f.write_str(&self.framework),
        }
    }
}

/// A control of one edition, in its canonical spelling.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ControlId {
    /// The edition.
    pub edition: EditionId,
    /// The control's identifier in it: `A.5.15`, `AC-2(1)`, `32(1)(b)`.
    pub control: Arc<str>,
}

impl Hash for ControlId {
    /// By the identifier alone: it tells nearly all controls apart, and names are looked up by the ten thousand.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.control.hash(state);
    }
}

impl fmt::Display for ControlId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.edition, self.control)
    }
}

/// A name as an author writes it, before it is looked up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    /// `POL-004`, `POL-004#leavers`, `RSK-012`, `ciso`.
    Item {
        /// What it names.
        id: ItemId,
        /// A section of a document: the id of a heading.
        section: Option<Arc<str>>,
    },
    /// `iso27001:A.5.18`, or with an edition, `iso27017@2015:CLD.6.3.1`.
    Control {
        /// The framework, and the edition where one is named.
        edition: EditionId,
        /// The control as written, less the spellings that `canonical_control` knows.
        control: Arc<str>,
    },
}

impl Reference {
    /// Reads a reference. What it names may not exist; that is found where it is looked up.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some((edition, control)) = text.split_once(':') {
            let control = canonical_control(control);
            let good = !control.is_empty() && control.len() <= 40 && !control.contains(|c: char| c.is_control() || c.is_whitespace());
            return good
                .then_some(())
                .and_then(|()| EditionId::parse(edition.trim()))
                .map(|edition| Reference::Control { edition, control: control.into() });
        }
        let (id, section) = match text.split_once('#') {
            Some((id, section)) if !section.is_empty() => (id, Some(section.into())),
            Some(_) => return None,
            None => (text, None),
        };
        ItemId::parse(id).map(|id| Reference::Item { id, section })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reference::Item { id, section: Some(section) } => write!(f, "{id}#{section}"),
            Reference::Item { id, section: None } => write!(f, "{id}"),
            Reference::Control { edition, control } => write!(f, "{edition}:{control}"),
        }
    }
}

/// Other spellings in circulation, brought to the canonical one: `AC-2 (1)` is `AC-2(1)`, `Art.32(1)(b)` and `Art. 32 (1)(b)` are `32(1)(b)`,
/// `AC-02` is left as it is (a catalogue's own matter).
pub fn canonical_control(text: &str) -> String {
    let text = text.trim();
    let number = |rest: &&str| rest.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let text = ["Article", "Art.", "Art"].iter().find_map(|word| text.strip_prefix(word).filter(number)).unwrap_or(text);
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_read_back_as_written() {
        for text in ["POL-004", "POL-004#leavers", "ciso", "iso27001:A.5.18", "iso27017@2015:CLD.6.3.1", "gdpr:32(1)(b)", "ccm:A&A-01"] {
            assert_eq!(Reference::parse(text).map(|r| r.to_string()).as_deref(), Some(text));
        }
    }

    #[test]
    fn other_spellings_become_canonical() {
        let read = |text: &str| Reference::parse(text).map(|r| r.to_string());
        assert_eq!(read("nist80053:AC-2 (1)").as_deref(), Some("nist80053:AC-2(1)"));
        assert_eq!(read("gdpr:Art.32(1)(b)").as_deref(), Some("gdpr:32(1)(b)"));
        assert_eq!(read("gdpr:Art. 32 (1)(b)").as_deref(), Some("gdpr:32(1)(b)"));
        assert_eq!(read("ISO27001:A.5.1").as_deref(), Some("iso27001:A.5.1"));
        assert_eq!(read("own:Artefact-1").as_deref(), Some("own:Artefact-1"), "only a number follows the word article");
    }

    #[test]
    fn what_is_no_reference_is_refused() {
        for text in ["", "POL-", "POL-004#", "Pol-4", ":A.5.1", "iso27001:", "a b", "../x", "-x", "POL-0000000000000"] {
            assert_eq!(Reference::parse(text), None, "{text}");
        }
    }
}
