//! Tables into a catalogue: a sheet such as that of the Cloud Controls Matrix, or plain CSV; and their mapping columns into crosswalks.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{ANOTHER_FILE, Control, Draft, Group, shown};
use super::report::Report;
use super::table::{Header, Meaning, Row, Table};
use super::{Imported, Request, mapping, prose};
use crate::base::id::{EditionId, canonical_control};
use crate::base::rule;
use crate::base::word::phrase;
use crate::read::schema::one_of;

/// The kinds of controls that a column may name.
const KINDS: &[&str] = &["control", "clause", "enhancement", "article", "provision", "criterion"];

/// Reads the controls of one table and the mappings of all.
pub(super) fn import(tables: &[Table], kind: &'static str, request: &Request<'_>, report: &mut Report<'_>) -> Option<Imported> {
    let heads: Vec<(&Table, Header)> = tables.iter().filter_map(|table| Some((table, table.header()?))).collect();
    if heads.is_empty() {
        let help = phrase!(
            "a row of headings is needed: `id` or `Control ID`, and `title` or `Control Title`; besides, `group`, `text`, `guidance`"
        );
        report.file(&rule::IMPORT_UNREADABLE, phrase!("no table in this file has a row of headings that is known"), help);
        return None;
    }
    let edition = request.edition_or(|| recognised(tables), report)?;
    let main = match request.sheet {
        Some(name) => {
            let found = heads.iter().find(|(table, _)| table.name == name);
            if found.is_none() {
                let names: Vec<&str> = heads.iter().map(|(table, _)| table.name.as_str()).collect();
                let help = phrase!("sheets with headings that are known: {names}", names = names.join(", "));
                report.file(&rule::IMPORT_UNREADABLE, phrase!("there is no sheet `{name}` with controls", name = name), help);
            }
            found
        }
        // Others repeat the controls: for questions, guidelines, mappings.
        None => heads
            .iter()
            .find(|(_, header)| holds_controls(header) && header.column(Meaning::Text).is_some())
            .or_else(|| heads.iter().find(|(_, header)| holds_controls(header))),
    };
    let mut imported = match main {
        Some((table, header)) => {
            let mut draft = controls(table, header, report);
            draft.title = request.title.map_or_else(|| title(&edition, request), ToOwned::to_owned);
            let sheet = if table.name.is_empty() { String::new() } else { format!(", sheet {}", table.name) };
            draft.source = format!("Imported from {}{sheet}.", request.file_name());
            let ids: BTreeSet<String> = draft.controls.iter().map(|control| control.id.clone()).collect();
            let mut imported = Imported::of_catalogue(draft, edition.clone(), kind, request, report)?;
            if request.mappings {
                mapping::import(&heads, &edition, &|id| ids.contains(id), request, &mut imported, report);
            }
            imported
        }
        None if !report.has_errors() && request.mappings => {
            let known = request.catalogues.find(&edition).ok();
            let has = |id: &str| known.is_some_and(|catalogue| catalogue.control(id).is_some());
            let mut imported = Imported { edition: edition.clone(), kind, files: Vec::new(), said: Vec::new() };
            mapping::import(&heads, &edition, &has, request, &mut imported, report);
            imported
        }
        None => return None,
    };
    if imported.files.is_empty() && !report.has_errors() {
        report.file(&rule::IMPORT_UNREADABLE, phrase!("there is nothing in this file to import"), ANOTHER_FILE);
    }
    imported.said.retain(|line| !line.is_empty());
    Some(imported)
}

fn holds_controls(header: &Header) -> bool {
    header.column(Meaning::Id).is_some() && header.column(Meaning::Title).is_some()
}

/// The title of an edition that is known, else its name.
fn title(edition: &EditionId, request: &Request<'_>) -> String {
    request.catalogues.edition(edition).map_or_else(|| edition.to_string(), |catalogue| catalogue.title.to_string())
}

/// The edition that a workbook says it is, in a cell such as `CLOUD CONTROLS MATRIX v4.0.12`.
fn recognised(tables: &[Table]) -> Option<EditionId> {
    let cells = tables.iter().flat_map(|table| table.rows.iter().take(10)).flat_map(|row| row.cells.values());
    cells.map(|cell| cell.words().to_lowercase()).find_map(|words| {
        let after = words.split_once("cloud controls matrix")?.1;
        let version: String = after.chars().skip_while(|c| !c.is_ascii_digit()).take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        let mut parts = version.split('.');
        EditionId::parse(&format!("ccm@{}.{}", parts.next()?, parts.next()?))
    })
}

fn controls(table: &Table, header: &Header, report: &mut Report<'_>) -> Draft {
    let mut columns: BTreeMap<Meaning, u32> = BTreeMap::new();
    for (column, meaning) in header.columns.iter().filter(|(_, meaning)| !matches!(meaning, Meaning::Mapping | Meaning::Gap)) {
        if let Some(first) = columns.insert(*meaning, *column) {
            // The first is meant where a specification has a translation or an older wording beside it.
            columns.insert(*meaning, first);
            let place = table.place(table.rows[header.index].number, *column);
            let message = phrase!("a column to the left has the same meaning");
            report.note(&rule::UNKNOWN_KEY, place, message, phrase!("this one is left out"));
        }
    }
    let mut draft = Draft::default();
    let mut groups: Vec<String> = Vec::new();
    let mut group = None;
    for row in &table.rows[header.index + 1..] {
        let mut value = |meaning: Meaning| columns.get(&meaning).and_then(|column| table.text(row, *column, report));
        let (id, title, domain, text) = (value(Meaning::Id), value(Meaning::Title), value(Meaning::Group), value(Meaning::Text));
        let (guidance, kind, parent, baselines) =
            (value(Meaning::Guidance), value(Meaning::Kind), value(Meaning::Parent), value(Meaning::Baselines));
        // A domain that spans rows stands in the first of them.
        group = domain.map(|domain| prose::one_line(&domain)).or(group);
        let Some(id) = id else {
            if title.is_some() && text.is_some() {
                missing_id(table, header, row, report);
            }
            continue;
        };
        if let Some(kind) = kind.as_ref().filter(|kind| !KINDS.contains(&kind.as_str())) {
            let place = columns.get(&Meaning::Kind).map(|column| table.place(row.number, *column)).unwrap_or_default();
            let message = phrase!("`{key}` cannot be `{value}`", key = "kind", value = shown(kind));
            report.at(&rule::UNKNOWN_VALUE, place, message, phrase!("write {expects}", expects = one_of(KINDS)));
        }
        if let Some(group) = &group
            && !groups.contains(group)
        {
            groups.push(group.clone());
        }
        draft.controls.push(Control {
            id: canonical_control(&id),
            title: title.map(|title| prose::one_line(&title)).unwrap_or_default(),
            group: group.clone(),
            kind: kind.filter(|kind| kind != "control"),
            parent: parent.map(|parent| canonical_control(&parent)),
            baselines: baselines
                .iter()
                .flat_map(|names| names.split([',', ';', '\n']))
                .map(prose::one_line)
                .filter(|name| !name.is_empty())
                .collect(),
            text: text.map(|text| prose::paragraphs(&text)),
            guidance: guidance.map(|text| prose::paragraphs(&text)),
            place: table.place(row.number, columns.get(&Meaning::Id).copied().unwrap_or_default()),
            ..Control::default()
        });
    }
    check_parents(&draft, report);
    name_groups(&mut draft, groups);
    draft
}

fn missing_id(table: &Table, header: &Header, row: &Row, report: &mut Report<'_>) {
    let column = header.column(Meaning::Id).unwrap_or_default();
    // A cell that could not be taken has a finding already.
    if !row.cells.contains_key(&column) {
        let message = phrase!("the row has a title and a text, and no identifier");
        report.at(&rule::MISSING_KEY, table.place(row.number, column), message, phrase!("write its identifier"));
    }
}

fn check_parents(draft: &Draft, report: &mut Report<'_>) {
    let ids: BTreeSet<&str> = draft.controls.iter().map(|control| control.id.as_str()).collect();
    for control in &draft.controls {
        if let Some(parent) = control.parent.as_ref().filter(|parent| !ids.contains(parent.as_str())) {
            let message = phrase!(
                "`{id}` names the parent `{parent}`, which the table does not have",
                id = shown(&control.id),
                parent = shown(parent)
            );
            report.at(&rule::INVALID_CATALOGUE, &control.place, message, phrase!("add it, or correct the name"));
        }
    }
}

/// Groups by what their controls begin with, where each domain has its own: `A&A-01` stands in `A&A`. Else the domain's words are its identifier.
fn name_groups(draft: &mut Draft, domains: Vec<String>) {
    let mut prefixes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for control in &draft.controls {
        let prefix = control.id.rsplit_once(['-', '.']).map_or("", |(prefix, _)| prefix);
        prefixes.entry(control.group.as_deref().unwrap_or_default()).or_default().insert(prefix);
    }
    let one_each = prefixes.values().all(|found| found.len() == 1 && !found.contains(""));
    let different = prefixes.values().flatten().collect::<BTreeSet<_>>().len() == prefixes.len();
    let by_domain: BTreeMap<String, String> = if one_each && different {
        prefixes.iter().filter_map(|(domain, found)| Some(((*domain).to_owned(), (*found.first()?).to_owned()))).collect()
    } else {
        BTreeMap::new()
    };
    let id = |domain: &String| by_domain.get(domain).cloned().unwrap_or_else(|| domain.clone());
    draft.groups = domains
        .iter()
        .map(|domain| {
            let id = id(domain);
            // "Audit & Assurance - A&A"
            let title =
                domain.strip_suffix(&id).map(|title| title.trim_end_matches([' ', '-', '\u{2013}'])).filter(|title| !title.is_empty());
            Group { title: title.unwrap_or(domain).to_owned(), id, parent: None }
        })
        .collect();
    for control in &mut draft.controls {
        control.group = control.group.as_ref().map(id);
    }
}
