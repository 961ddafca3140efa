//! An OSCAL catalogue: groups, controls with their enhancements, statements and guidance. Back matter and assessment parts are left out.

use std::collections::BTreeMap;

use super::json::At;
use super::params::Params;
use crate::base::id::{EditionId, canonical_control};
use crate::base::rule;
use crate::base::word::{Phrase, phrase};
use crate::read::import::draft::{Control, Draft, Group, shown};
use crate::read::import::report::Report;
use crate::read::import::table::holds_character;
use crate::read::import::{Imported, Request, prose};

/// How many lists of items may stand in one another; deeper ones are set at this level.
const MAX_ITEMS: usize = 6;

/// Reads a catalogue.
pub(super) fn import(root: &At<'_>, request: &Request<'_>, report: &mut Report<'_>) -> Option<Imported> {
    let metadata = root.get("metadata");
    let title = metadata.as_ref().and_then(|metadata| metadata.text("title")).unwrap_or_default();
    let edition = request.edition_or(|| recognised(title), report)?;
    let version = metadata.as_ref().and_then(|metadata| metadata.text("version")).unwrap_or("unknown");
    let mut reading = Reading { labels: BTreeMap::new(), params: Params::default(), draft: Draft::default(), report };
    reading.survey(root);
    reading.group(root, None);
    let mut draft = reading.draft;
    draft.title = request.title.map_or_else(|| prose::one_line(title), ToOwned::to_owned);
    draft.publisher = metadata.as_ref().and_then(publisher);
    let modified = metadata.as_ref().and_then(|metadata| metadata.text("published").or(metadata.text("last-modified")));
    draft.published = modified.and_then(|date| date.get(..10)).map(ToOwned::to_owned);
    draft.source = format!("Imported from the OSCAL catalogue {}, version {}.", request.file_name(), shown(version));
    if draft.title.is_empty() {
        let help = phrase!("name one with `--title`");
        report.at(&rule::MISSING_KEY, "catalog.metadata.title", phrase!("the catalogue has no title"), help);
    }
    Imported::of_catalogue(draft, edition, "OSCAL catalogue", request, report)
}

/// The edition of a title that we know.
pub(super) fn recognised(title: &str) -> Option<EditionId> {
    let title = title.to_lowercase();
    let known = title.contains("800-53") && (title.contains("revision 5") || title.contains("rev. 5") || title.contains("rev 5"));
    EditionId::parse("nist80053@r5").filter(|_| known)
}

/// The name of the party that published or created the catalogue.
fn publisher(metadata: &At<'_>) -> Option<String> {
    let responsible = |role: &str| {
        let found = metadata.items("responsible-parties").find(|party| party.text("role-id") == Some(role))?;
        found.value.get("party-uuids")?.get(0)?.as_str().map(ToOwned::to_owned)
    };
    let uuid = responsible("publisher").or_else(|| responsible("creator"))?;
    let party = metadata.items("parties").find(|party| party.text("uuid") == Some(&uuid))?;
    party.text("name").map(prose::one_line)
}

struct Reading<'a, 'r, 'f> {
    /// Identifiers in the catalogue's own spelling by OSCAL's: `ac-2.1` is `AC-2(1)`.
    labels: BTreeMap<&'a str, String>,
    params: Params<'a>,
    draft: Draft,
    report: &'r mut Report<'f>,
}

impl<'a> Reading<'a, '_, '_> {
    /// Gathers what may be named before it stands there: labels and parameters.
    fn survey(&mut self, of: &At<'a>) {
        self.params.add(of);
        for group in of.items("groups") {
            self.survey(&group);
        }
        for control in of.items("controls") {
            if let Some(id) = control.text("id") {
                self.labels.insert(id, label(&control, id));
            }
            self.survey(&control);
        }
    }

    /// Takes the controls of a group, or of the catalogue itself, and the groups in it.
    fn group(&mut self, of: &At<'a>, group: Option<&str>) {
        for control in of.items("controls") {
            self.control(&control, group, None);
        }
        for inner in of.items("groups") {
            let title = self.line(&inner, "title");
            let id = group_id(&inner).unwrap_or_else(|| title.clone());
            if id.is_empty() {
                let message = phrase!("a group has neither an id nor a title");
                self.report.at(&rule::MISSING_KEY, &inner.path, message, phrase!("give it a title"));
            }
            let title = if title.is_empty() { id.clone() } else { title };
            self.draft.groups.push(Group { id: id.clone(), title, parent: group.map(ToOwned::to_owned) });
            self.group(&inner, Some(&id));
        }
    }

    fn control(&mut self, at: &At<'a>, group: Option<&str>, parent: Option<&str>) {
        let Some(own) = at.text("id") else {
            self.report.at(&rule::MISSING_KEY, &at.path, phrase!("a control has no `id`"), phrase!("OSCAL requires one"));
            return;
        };
        let id = self.labels.get(own).cloned().unwrap_or_else(|| own.to_owned());
        let withdrawn = at.property("status").is_some_and(|status| status.eq_ignore_ascii_case("withdrawn"));
        let control = Control {
            title: self.line(at, "title"),
            group: group.map(ToOwned::to_owned),
            kind: parent.map(|_| "enhancement".to_owned()),
            parent: parent.map(ToOwned::to_owned),
            withdrawn,
            into: if withdrawn { self.successors(at, &id) } else { Vec::new() },
            text: self.part(at, &["statement"]),
            guidance: self.part(at, &["guidance", "discussion"]),
            place: Phrase::text(at.path.as_str()),
            baselines: Vec::new(),
            id: id.clone(),
        };
        self.draft.controls.push(control);
        for inner in at.items("controls") {
            self.control(&inner, group, Some(&id));
        }
    }

    /// Where a withdrawn control went: a control, or a statement of one. A whole family, which SA-12 went into, is none.
    fn successors(&self, at: &At<'a>, own: &str) -> Vec<String> {
        let mut into = Vec::new();
        for link in at.items("links").filter(|link| matches!(link.text("rel"), Some("incorporated-into" | "moved-to"))) {
            let target = link.text("href").and_then(|href| href.strip_prefix('#')).unwrap_or_default();
            let target = target.split_once('_').map_or(target, |(control, _)| control);
            let label = self.labels.get(target).filter(|label| *label != own && !into.contains(*label));
            into.extend(label.cloned());
        }
        into
    }

    /// The text of the parts of some names, as Markdown: prose in paragraphs, items as lists that begin with their labels.
    fn part(&mut self, control: &At<'a>, names: &[&str]) -> Option<String> {
        let mut out = String::new();
        for part in control.items("parts").filter(|part| part.text("name").is_some_and(|name| names.contains(&name))) {
            self.prose(&part, "", &mut out);
            self.items(&part, 0, &mut out);
        }
        Some(out.trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn prose(&mut self, part: &At<'a>, indent: &str, out: &mut String) {
        let text = prose::paragraphs(&self.words(part));
        for line in text.lines() {
            _ = std::fmt::Write::write_fmt(out, format_args!("{}{line}\n", if line.is_empty() { "" } else { indent }));
        }
        if !text.is_empty() {
            out.push('\n');
        }
    }

    fn items(&mut self, part: &At<'a>, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth.min(MAX_ITEMS));
        for item in part.items("parts").filter(|item| item.text("name") == Some("item")) {
            let label = item.property("label").map(|label| prose::escaped(&prose::one_line(label)));
            let text = prose::paragraphs(&self.words(&item));
            let words: Vec<&str> = label.iter().map(String::as_str).chain(Some(text.as_str()).filter(|text| !text.is_empty())).collect();
            let words = words.join(" ");
            for (index, line) in words.lines().enumerate() {
                let before = if index == 0 { "- " } else { "  " };
                _ = std::fmt::Write::write_fmt(out, format_args!("{indent}{before}{line}\n"));
            }
            self.items(&item, depth + 1, out);
        }
    }

    /// The words of a part's prose, parameters inserted.
    fn words(&mut self, part: &At<'a>) -> String {
        let (text, unknown) = self.params.inserted(part.text("prose").unwrap_or_default());
        for id in unknown {
            let message = phrase!("the text inserts the parameter `{id}`, which the catalogue does not have", id = shown(&id));
            self.report.note(&rule::INVALID_CATALOGUE, &part.path, message, phrase!("its id stands in its place"));
        }
        self.cleaned(&prose::words(&text), &part.path)
    }

    /// A value of one line.
    fn line(&mut self, at: &At<'a>, key: &str) -> String {
        if at.get(key).is_some_and(|found| !found.value.is_string()) {
            let message = phrase!("`{key}` should be a text", key = key);
            self.report.at(&rule::WRONG_TYPE, format!("{}.{key}", at.path), message, phrase!("OSCAL wants a text here"));
        }
        let text = at.text(key).unwrap_or_default().to_owned();
        prose::one_line(&self.cleaned(&text, &at.path))
    }

    fn cleaned(&mut self, text: &str, path: &str) -> String {
        prose::clean(text).unwrap_or_else(|c| {
            self.report.at(&rule::CONTROL_CHARACTER, path, holds_character(c), phrase!("take it out"));
            String::new()
        })
    }
}

/// The identifier of a control in the catalogue's own spelling: its label, else its id.
fn label(control: &At<'_>, id: &str) -> String {
    canonical_control(control.property("label").unwrap_or(id))
}

/// The identifier of a group: its label, else its id, spelt as the labels of its controls begin: `ac` with `AC-1` is `AC`.
fn group_id(group: &At<'_>) -> Option<String> {
    let id = group.text("id")?;
    if let Some(label) = group.property("label") {
        return Some(canonical_control(label));
    }
    let first = group.items("controls").next().and_then(|control| control.property("label").map(canonical_control));
    let spelt = first.as_deref().and_then(|label| label.get(..id.len())).filter(|begin| begin.eq_ignore_ascii_case(id));
    Some(spelt.unwrap_or(id).to_owned())
}
