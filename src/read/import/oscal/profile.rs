//! An OSCAL profile: which controls of an edition it selects, as a baseline. What it changes in them is left out, and said.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::catalogue::recognised;
use super::json::At;
use crate::base::id::EditionId;
use crate::base::rule;
use crate::base::word::phrase;
use crate::read::framework::Catalogue;
use crate::read::import::draft::{ANOTHER_FILE, shown};
use crate::read::import::report::Report;
use crate::read::import::{Imported, Request, prose, write};

/// Reads a profile.
pub(super) fn import(root: &At<'_>, request: &Request<'_>, report: &mut Report<'_>) -> Option<Imported> {
    let title = root.get("metadata").and_then(|metadata| metadata.text("title")).map(prose::one_line).unwrap_or_default();
    let named = names(root);
    let edition = request.edition_or(|| recognised(&title).or_else(|| of_all(&named, request)), report)?;
    let Ok(catalogue) = request.catalogues.find(&edition) else {
        let help = phrase!("import its catalogue first, or name a known edition with `--as`; `annexa catalog list` shows all");
        report.at(&rule::UNKNOWN_FRAMEWORK, "profile.imports", phrase!("there is no catalogue of `{id}`", id = edition), help);
        return None;
    };
    let known: BTreeMap<String, usize> = catalogue.controls.iter().enumerate().map(|(index, c)| (oscal_id(&c.id.control), index)).collect();
    let mut chosen: BTreeSet<usize> = BTreeSet::new();
    if root.items("imports").next().is_none() {
        let help = phrase!("import a catalogue or another profile");
        report.at(&rule::MISSING_KEY, "profile.imports", phrase!("the profile imports nothing"), help);
    }
    for import in root.items("imports") {
        let mut of_this = BTreeSet::new();
        if import.get("include-controls").is_none() {
            // Without either key OSCAL means all controls, as include-all does.
            of_this.extend(catalogue.controls.iter().enumerate().filter(|(_, control)| !control.withdrawn).map(|(index, _)| index));
        }
        for select in import.items("include-controls") {
            of_this.extend(selected(&select, catalogue, &known, report));
        }
        for select in import.items("exclude-controls") {
            for index in selected(&select, catalogue, &known, report) {
                of_this.remove(&index);
            }
        }
        chosen.extend(of_this);
    }
    if root.get("modify").is_some() {
        let message = phrase!("the profile changes parameters or texts of controls, and a baseline says only which controls it selects");
        report.note(&rule::INVALID_CATALOGUE, "profile.modify", message, phrase!("what it changes is left out"));
    }
    let name = request.baseline.map_or_else(|| name(&title, request), ToOwned::to_owned);
    if chosen.is_empty() && !report.has_errors() {
        report.at(&rule::IMPORT_UNREADABLE, "profile.imports", phrase!("the profile selects no control"), ANOTHER_FILE);
    }
    let controls: Vec<String> = chosen.iter().map(|index| catalogue.controls[*index].id.control.to_string()).collect();
    let source = format!("Imported from the OSCAL profile {}.", request.file_name());
    let title = request.title.map_or(title, ToOwned::to_owned);
    let text = write::baseline(&catalogue.id, &name, &title, &source, &controls);
    let path = format!("frameworks/baselines/{}--{name}.yaml", catalogue.id);
    Some(Imported {
        edition: catalogue.id.clone(),
        kind: "OSCAL profile",
        files: vec![(path, text)],
        said: vec![format!(
            "baseline `{name}`: {} of {} controls",
            controls.len(),
            catalogue.controls.iter().filter(|c| !c.withdrawn).count()
        )],
    })
}

/// The controls that a selection names, by id, by pattern, and with their enhancements where it says so.
fn selected(select: &At<'_>, catalogue: &Catalogue, known: &BTreeMap<String, usize>, report: &mut Report<'_>) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    for (index, id) in select.value.get("with-ids").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let place = format!("{}.with-ids[{index}]", select.path);
        match id.as_str().map(|id| (id, known.get(&oscal_id(id)))) {
            Some((_, Some(control))) => {
                found.insert(*control);
            }
            Some((id, None)) => {
                let message = phrase!("{catalogue} has no control `{control}`", catalogue = catalogue.title, control = shown(id));
                let help = phrase!("name the right edition with `--as`, or the profile's catalogue with `--catalog`");
                report.at(&rule::UNKNOWN_CONTROL, place, message, help);
            }
            None => report.at(&rule::WRONG_TYPE, place, phrase!("an id should be a text"), phrase!("OSCAL wants a text here")),
        }
    }
    for pattern in select.items("matching").filter_map(|matching| matching.text("pattern")) {
        let pattern = pattern.to_lowercase();
        found.extend(known.iter().filter(|(id, _)| matches(&pattern, id)).map(|(_, index)| *index));
    }
    if select.text("with-child-controls") == Some("yes") {
        // Parents stand before what belongs to them.
        for (index, control) in catalogue.controls.iter().enumerate().filter(|(_, control)| !control.withdrawn) {
            let parent = control.parent.as_ref().and_then(|parent| known.get(&oscal_id(parent)));
            if parent.is_some_and(|parent| found.contains(parent)) {
                found.insert(index);
            }
        }
    }
    found
}

/// Every id that a profile names, in OSCAL's spelling.
fn names(root: &At<'_>) -> BTreeSet<String> {
    let selections = root.items("imports").flat_map(|import| import.items("include-controls"));
    let ids = selections.filter_map(|select| select.value.get("with-ids").and_then(Value::as_array).cloned()).flatten();
    ids.filter_map(|id| id.as_str().map(oscal_id)).collect()
}

/// The only edition that has all controls of these ids.
fn of_all(ids: &BTreeSet<String>, request: &Request<'_>) -> Option<EditionId> {
    let has_all = |catalogue: &&std::sync::Arc<Catalogue>| {
        let known: BTreeSet<String> = catalogue.ids().map(oscal_id).collect();
        !ids.is_empty() && ids.iter().all(|id| known.contains(id))
    };
    let mut editions = request.catalogues.all().filter(has_all).map(|catalogue| catalogue.id.clone());
    editions.next().filter(|_| editions.next().is_none())
}

/// An identifier as OSCAL's ids spell it: `AC-2(1)` is `ac-2.1`.
fn oscal_id(id: &str) -> String {
    id.to_lowercase().replace('(', ".").replace(')', "")
}

/// Whether an id is as a pattern says, in which `*` stands for any characters and `?` for one.
fn matches(pattern: &str, id: &str) -> bool {
    let (pattern, id): (Vec<char>, Vec<char>) = (pattern.chars().collect(), id.chars().collect());
    let (mut p, mut i, mut star) = (0, 0, None);
    while i < id.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, i));
                p += 1;
            }
            Some(c) if *c == '?' || *c == id[i] => (p, i) = (p + 1, i + 1),
            _ => match star {
                // The last star takes one more character.
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (p, i) = (at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// The name of a baseline by its title, "... MODERATE IMPACT BASELINE", else by its file's name.
fn name(title: &str, request: &Request<'_>) -> String {
    let lower = title.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let before = words.iter().rposition(|word| *word == "baseline").and_then(|at| {
        let at = if at > 0 && words[at - 1] == "impact" { at - 1 } else { at };
        at.checked_sub(1).map(|at| words[at])
    });
    let stem = request.file_name().rsplit_once('.').map_or(request.file_name(), |(stem, _)| stem).to_lowercase();
    let name: String = before.unwrap_or(&stem).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(40).collect();
    name.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_a_shell_has_them() {
        for (pattern, id, expected) in [
            ("ac-*", "ac-2.1", true),
            ("ac-?", "ac-2", true),
            ("ac-?", "ac-22", false),
            ("*", "", true),
            ("a*b*c", "axxbxxc", true),
            ("a*b", "ab1", false),
        ] {
            assert_eq!(matches(pattern, id), expected, "{pattern} {id}");
        }
        assert!(!matches(&"*a".repeat(40), &"a".repeat(39)), "without trying every way");
    }

    #[test]
    fn ids_are_spelt_as_oscal_does() {
        assert_eq!(["AC-2(1)", "ac-2.1", "PM-5(1)"].map(oscal_id), ["ac-2.1", "ac-2.1", "pm-5.1"]);
    }
}
