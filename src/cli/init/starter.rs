//! The starter manual as it is embedded, and the list that says what `annexa init` makes of it: `templates/init/starter.yaml`.

use std::collections::BTreeMap;

use super::CouldNotRun;
use crate::base::source::FileId;
use crate::base::yaml::{self, Kind, Node};

/// Path and text of every Markdown and YAML file of `content/`, sorted by path.
pub(super) static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/starter.rs"));

/// The settings of the starter manual, of which the values are taken.
const SETTINGS: &str = include_str!("../../../annexa.yaml");

const LIST: &str = include_str!("../../../templates/init/starter.yaml");

/// What `annexa init` takes of the starter manual. `docs/init.md` explains each key.
#[derive(Debug)]
pub(super) struct List {
    /// Names of the made-up company, and what stands in their place, the longest first.
    pub(super) names: Vec<(String, String)>,
    /// Words of sentences that hold for the made-up company alone.
    pub(super) facts: Vec<String>,
    /// Unless a condition holds, words and what stands in their place before anything is cut.
    pub(super) words_unless: Vec<(String, Vec<(String, String)>)>,
    /// Unless a condition holds, words whose sentences go.
    pub(super) facts_unless: Vec<(String, Vec<String>)>,
    /// For each document, when it is taken.
    pub(super) documents: BTreeMap<String, When>,
    /// Sections that are not always taken with their document: `POL-004#customer-data`.
    pub(super) sections: BTreeMap<String, When>,
    /// For each register, when it is taken and what is set in its rows.
    pub(super) registers: BTreeMap<String, Register>,
    /// Statements that do not always apply: `iso27017@2015:CLD.9.5.1`.
    pub(super) statements: BTreeMap<String, When>,
    /// What is set in every statement.
    pub(super) set_in_statements: Set,
    /// What is set in the front matter of every document.
    pub(super) set_in_documents: Set,
}

/// All of these must hold.
pub(super) type When = Vec<String>;

/// Fields and what is put into them; none takes the field away.
pub(super) type Set = Vec<(String, Option<String>)>;

/// What becomes of a register.
#[derive(Debug, Default)]
pub(super) struct Register {
    pub(super) take: When,
    /// Rows for which something else holds.
    pub(super) rows: BTreeMap<String, When>,
    /// Fields whose words stay as they are: the year of a standard's edition is no date of the made-up company.
    pub(super) keep: Vec<String>,
    pub(super) set: Set,
}

/// Reads the list.
pub(super) fn list() -> Result<List, CouldNotRun> {
    let root = parse(LIST)?;
    let longest_first = |node: Option<&Node>| {
        let mut found: Vec<(String, String)> = pairs(node).map(|(key, value)| (key, text(value))).collect();
        found.sort_by(|(one, _), (other, _)| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        found
    };
    let whens = |key: &str| pairs(root.get(key)).map(|(key, value)| (key, words(Some(value)))).collect();
    let register = |node: &Node| Register {
        take: words(node.get("take")),
        rows: pairs(node.get("rows")).map(|(key, value)| (key, words(Some(value)))).collect(),
        keep: words(node.get("keep")),
        set: set(node.get("set")),
    };
    Ok(List {
        names: longest_first(root.get("names")),
        facts: words(root.get("facts")),
        words_unless: pairs(root.get("words_unless")).map(|(when, node)| (when, longest_first(Some(node)))).collect(),
        facts_unless: pairs(root.get("facts_unless")).map(|(when, node)| (when, words(Some(node)))).collect(),
        documents: whens("documents"),
        sections: whens("sections"),
        registers: pairs(root.get("registers")).map(|(key, value)| (key, register(value))).collect(),
        statements: whens("statements"),
        set_in_statements: set(root.get("set_in_statements")),
        set_in_documents: set(root.get("set_in_documents")),
    })
}

/// The lines of the starter manual's settings from `values:` on to the next key: the values that are inserted, with their comments, and the headings that
/// still have one below them.
pub(super) fn values(inserted: impl Fn(&str) -> bool) -> String {
    let from = SETTINGS.lines().skip_while(|line| *line != "values:").skip(1);
    let mut out = String::from("values:\n");
    let mut heading = None;
    for line in from.take_while(|line| line.starts_with([' ', '#']) || line.is_empty()) {
        match line.trim_start().split_once(':') {
            Some((key, _)) if !key.starts_with('#') => {
                if inserted(key) {
                    out.extend(heading.take().into_iter().chain([line]).flat_map(|line| [line, "\n"]));
                }
            }
            _ => heading = Some(line),
        }
    }
    out
}

/// A YAML text of the starter manual as a tree.
pub(super) fn parse(text: &str) -> Result<Node, CouldNotRun> {
    let mut findings = Vec::new();
    yaml::parse(text, FileId(0), 0, &mut findings)
        .filter(|_| findings.is_empty())
        .ok_or_else(|| CouldNotRun("the starter manual of this build cannot be read; please report it".into()))
}

/// A scalar's text; nothing of anything else.
pub(super) fn text(node: &Node) -> String {
    match &node.kind {
        Kind::Scalar { text, .. } => text.to_string(),
        Kind::Sequence(_) | Kind::Mapping(_) => String::new(),
    }
}

fn pairs(node: Option<&Node>) -> impl Iterator<Item = (String, &Node)> {
    let entries = match node.map(|node| &node.kind) {
        Some(Kind::Mapping(entries)) => entries.as_slice(),
        _ => &[],
    };
    entries.iter().map(|(key, value)| (key.text.to_string(), value))
}

fn words(node: Option<&Node>) -> Vec<String> {
    match node.map(|node| &node.kind) {
        Some(Kind::Sequence(items)) => items.iter().map(text).collect(),
        Some(Kind::Scalar { text, .. }) => vec![text.to_string()],
        _ => Vec::new(),
    }
}

fn set(node: Option<&Node>) -> Set {
    pairs(node).map(|(key, value)| (key, (!value.is_null()).then(|| text(value)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::register::KINDS;

    /// The id of a document, from its front matter.
    fn id(text: &str) -> Option<&str> {
        text.lines().find_map(|line| line.strip_prefix("id: "))
    }

    #[test]
    fn every_document_of_the_starter_manual_has_a_decision_and_every_decision_a_document() {
        let Ok(list) = list() else { panic!("templates/init/starter.yaml cannot be read") };
        let documents: Vec<&str> = FILES.iter().filter(|(path, _)| path.ends_with(".md")).filter_map(|(_, text)| id(text)).collect();
        for id in &documents {
            assert!(list.documents.contains_key(*id), "{id} has no decision in templates/init/starter.yaml");
        }
        for id in list.documents.keys() {
            assert!(documents.contains(&id.as_str()), "templates/init/starter.yaml decides on {id}, which is not in content/");
        }
    }

    #[test]
    fn every_register_that_the_format_knows_has_a_decision() {
        let Ok(list) = list() else { panic!("templates/init/starter.yaml cannot be read") };
        for kind in KINDS {
            assert!(list.registers.contains_key(kind.name), "{} has no decision in templates/init/starter.yaml", kind.name);
        }
        assert_eq!(list.registers.len(), KINDS.len());
    }

    #[test]
    fn sections_and_conditions_of_the_list_are_known() {
        let Ok(list) = list() else { panic!("templates/init/starter.yaml cannot be read") };
        for section in list.sections.keys() {
            let (document, heading) = section.split_once('#').unwrap_or_default();
            let text = FILES.iter().find(|(_, text)| id(text) == Some(document)).map(|(_, text)| *text).unwrap_or_default();
            assert!(super::super::marks::sections(text).iter().any(|(_, id)| *id == heading), "there is no section {section}");
        }
        let rows = list.registers.values().flat_map(|register| register.rows.values().chain([&register.take]));
        let unless = list.words_unless.iter().map(|(when, _)| when).chain(list.facts_unless.iter().map(|(when, _)| when));
        let whens = list.documents.values().chain(list.sections.values()).chain(list.statements.values()).chain(rows).flatten();
        for word in whens.chain(unless) {
            let known = [
                "always",
                "never",
                "provider",
                "customer",
                "cloud-1",
                "cloud-2",
                "iso27001",
                "iso27017",
                "gdpr",
                "csf",
                "ccm",
                "nist80053",
                "iso27017@2015",
                "iso27017@2026",
            ];
            assert!(known.contains(&word.as_str()), "{word} is no condition");
        }
    }
}
