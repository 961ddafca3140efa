//! Mapping columns of a spreadsheet into crosswalks: which framework a column maps to, which controls a cell names, and what a gap level says.
//!
//! The Cloud Security Alliance states per control and framework a gap level, not a set relation. As judged here, from its control to each one
//! that the cell names: no gap and one control, `subset` (the control asks for a part of what the other asks); no gap and several, which meet it
//! only together, `intersects` each; a partial gap, `intersects`; a full gap, or none stated, `related`, from which nothing follows.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::draft::shown;
use super::report::Report;
use super::table::{Header, Meaning, Row, Table};
use super::write::{self, Pairs};
use super::{Imported, Request, prose};
use crate::base::finding::nearest;
use crate::base::id::{EditionId, canonical_control};
use crate::base::rule;
use crate::base::word::phrase;
use crate::read::framework::Catalogue;

/// Who says so, for pairs of the Cloud Controls Matrix and of other workbooks.
const BASIS_CCM: &str = "csa";
const BASIS_OTHER: &str = "imported";
/// How many rows above the headings may name the framework of a mapping.
const ABOVE: usize = 3;
/// The longest words that can name a control or a range, in bytes.
const LONGEST: usize = 120;
/// Words of a cell that names no control.
const NOTHING: &[&str] =
    &["", "-", "\u{2013}", "\u{2014}", "no mapping", "no mappings", "none", "n/a", "na", "not applicable", "no equivalent", "no control"];

/// Reads the mapping columns of all tables into a crosswalk a framework.
pub(super) fn import(
    heads: &[(&Table, Header)],
    source: &EditionId,
    has: &dyn Fn(&str) -> bool,
    request: &Request<'_>,
    imported: &mut Imported,
    report: &mut Report<'_>,
) {
    let mut crosswalks: BTreeMap<EditionId, Pairs> = BTreeMap::new();
    for (table, header) in heads {
        let Some(id_column) = header.column(Meaning::Id) else { continue };
        let mappings: Vec<u32> = header.all(Meaning::Mapping).collect();
        for (index, column) in mappings.iter().enumerate() {
            let name = named(table, header, *column);
            let place = table.place(table.rows[header.index].number, *column);
            let Some(target) = recognised(&name, request) else {
                let message = phrase!("the mapping to `{name}` names no framework that is known", name = shown(&name));
                let help = phrase!("import its catalogue first, so that its identifiers can be checked; the column is left out");
                report.note(&rule::UNKNOWN_FRAMEWORK, place, message, help);
                continue;
            };
            // The gap level stands between this mapping and the next.
            let end = mappings.get(index + 1).copied().unwrap_or(u32::MAX);
            let gap = header.all(Meaning::Gap).find(|gap| (*column..end).contains(gap));
            let pairs = crosswalks.entry(target.id.clone()).or_default();
            for row in &table.rows[header.index + 1..] {
                of_row(table, row, (id_column, *column, gap), has, target, pairs, report);
            }
        }
    }
    let basis = if source.framework.as_ref() == "ccm" { BASIS_CCM } else { BASIS_OTHER };
    for (target, mut pairs) in crosswalks {
        let mut seen = std::collections::BTreeSet::new();
        pairs.retain(|(from, _, to)| seen.insert((from.clone(), to.clone())));
        if pairs.is_empty() {
            continue;
        }
        let note = format!("Imported from {}; relationships follow from its gap levels.", request.file_name());
        imported.said.push(format!("crosswalk to {target}: {}, basis `{basis}`", super::counted(pairs.len(), "pair")));
        let text = write::crosswalk(source, &target, (basis, &note), request.classification, &pairs);
        imported.files.push((format!("frameworks/crosswalks/{source}--{target}.yaml"), text));
    }
}

/// The words that name the framework of a mapping column: its own heading, and what stands above it or, where cells are merged, to the left of that.
fn named(table: &Table, header: &Header, column: u32) -> String {
    let heading = table.rows[header.index].cells.get(&column).map_or("", |cell| cell.words());
    let mut words = vec![prose::one_line(heading)];
    for row in table.rows[header.index.saturating_sub(ABOVE)..header.index].iter().rev() {
        let above = row.cells.range(..=column).next_back().filter(|(at, _)| {
            // Another mapping between the two would have a name of its own, and a title in the first column spans all.
            **at == column || **at > 0 && !header.all(Meaning::Mapping).any(|other| **at < other && other < column)
        });
        words.extend(above.map(|(_, cell)| prose::one_line(cell.words())));
    }
    words.join(" ")
}

/// The edition that some words name: `ISO/IEC 27001:2022 Control Mapping`. Of several frameworks the first that is named.
fn recognised<'a>(words: &str, request: &'a Request<'_>) -> Option<&'a Arc<Catalogue>> {
    let folded = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric() || *c == '.').collect::<String>();
    let text = folded(words);
    let mut best: Option<(usize, EditionId)> = None;
    for catalogue in request.catalogues.all() {
        let names = catalogue.aliases.iter().chain([&catalogue.id.framework]).map(|name| folded(name)).filter(|name| name.len() > 2);
        let at = names.filter_map(|name| text.find(&name)).min();
        if let Some(at) = at.filter(|at| best.as_ref().is_none_or(|(first, _)| at < first)) {
            best = Some((at, EditionId { framework: catalogue.id.framework.clone(), edition: None }));
        }
    }
    let (_, framework) = best?;
    let editions = request.catalogues.all().filter(|catalogue| catalogue.id.framework == framework.framework);
    let stated = editions.into_iter().find(|catalogue| {
        catalogue
            .id
            .edition
            .as_ref()
            .is_some_and(|edition| text.contains(&folded(edition)) || text.contains(&folded(edition).replace('r', "rev")))
    });
    stated.or_else(|| request.catalogues.find(&framework).ok())
}

fn of_row(
    table: &Table,
    row: &Row,
    (id_column, column, gap): (u32, u32, Option<u32>),
    has: &dyn Fn(&str) -> bool,
    target: &Catalogue,
    pairs: &mut Pairs,
    report: &mut Report<'_>,
) {
    let Some(source) = table.text(row, id_column, report).map(|id| canonical_control(&id)) else { return };
    let Some(text) = table.text(row, column, report) else { return };
    if !has(&source) {
        let message = phrase!("the row maps `{id}`, which is no control of the source", id = shown(&source));
        report.at(&rule::UNKNOWN_CONTROL, table.place(row.number, id_column), message, phrase!("correct the identifier"));
        return;
    }
    let targets = match identifiers(&text, target) {
        Ok(targets) => targets,
        Err(unknown) => {
            if report.is_full(&rule::UNKNOWN_CONTROL) {
                return;
            }
            let help = match nearest(&shown(&unknown), target.ids()) {
                Some(near) => phrase!(
                    "the nearest identifier is `{near}`; correct it, or leave all mappings out with `--without-mappings`",
                    near = near
                ),
                None => phrase!("correct it, or leave all mappings out with `--without-mappings`"),
            };
            let message = phrase!("{catalogue} has no control `{control}`", catalogue = target.title, control = shown(&unknown));
            report.at(&rule::UNKNOWN_CONTROL, table.place(row.number, column), message, help);
            return;
        }
    };
    let level = gap.and_then(|gap| table.text(row, gap, report)).map(|level| prose::one_line(&level).to_lowercase());
    let relationship = match level.as_deref() {
        Some(level) if level.starts_with("no gap") && targets.len() == 1 => "subset",
        Some(level) if level.starts_with("no gap") || level.starts_with("partial") => "intersects",
        None => "related",
        Some(level) if level.starts_with("full") || NOTHING.contains(&level) => "related",
        Some(level) => {
            let place = table.place(row.number, gap.unwrap_or(column));
            let message = phrase!("the gap level cannot be `{value}`", value = shown(level));
            report.at(&rule::UNKNOWN_VALUE, place, message, phrase!("write `No Gap`, `Partial Gap` or `Full Gap`"));
            return;
        }
    };
    pairs.extend(targets.into_iter().map(|target| (source.clone(), relationship, target)));
}

/// The controls that a cell names, on lines of their own or between commas and semicolons, ranges written out; else what could not be read.
fn identifiers(text: &str, target: &Catalogue) -> Result<Vec<String>, String> {
    let mut found: Vec<String> = Vec::new();
    for token in text.split(['\n', ',', ';', '\u{2022}']).map(prose::one_line) {
        if NOTHING.contains(&token.to_lowercase().as_str()) {
            continue;
        }
        if token.len() > LONGEST {
            return Err(token);
        }
        let ids = match control(&token, target) {
            Some(id) => vec![id],
            None => range(&token, target).ok_or(token)?,
        };
        found.extend(ids.into_iter().filter(|id| !found.contains(id)).collect::<Vec<_>>());
    }
    Ok(found)
}

/// The control that some words name, in the spellings in circulation.
fn control(words: &str, target: &Catalogue) -> Option<String> {
    let plain = canonical_control(words);
    // The lower case of ASCII alone keeps every place where it is.
    let lower = words.to_ascii_lowercase();
    let prefix =
        ["clause", "control", "annex", "section", "article", "req.", "requirement"].iter().find_map(|word| lower.strip_prefix(word));
    let rest = prefix.map_or_else(|| plain.clone(), |rest| canonical_control(&words[words.len() - rest.len()..]));
    // "A 5.1" is A.5.1.
    let dotted = canonical_control(&words.replacen(' ', ".", 1));
    let (in_annex, rest_in_annex) = (format!("A.{plain}"), format!("A.{rest}"));
    let spellings = [plain.clone(), dotted, rest, in_annex, rest_in_annex, plain.to_uppercase(), plain.replace("-0", "-")];
    spellings.into_iter().find_map(|id| target.control(&id).map(|control| control.id.control.to_string()))
}

/// The controls from one to another in the catalogue's order, both of the same group: `A.5.1 - A.5.3`, `CC6.1 to CC6.3`.
fn range(words: &str, target: &Catalogue) -> Option<Vec<String>> {
    for part in [" to ", " through ", " - ", " \u{2013} ", "\u{2013}", "-"] {
        for (at, _) in words.match_indices(part) {
            let (Some(from), Some(to)) = (control(&words[..at], target), control(&words[at + part.len()..], target)) else { continue };
            let place = |id: &str| target.controls.iter().position(|control| control.id.control.as_ref() == id);
            let (from, to) = (place(&from)?, place(&to)?);
            let (first, last) = (&target.controls[from], &target.controls[to]);
            if from > to || first.group != last.group || first.parent != last.parent {
                return None;
            }
            let between = target.controls[from..=to].iter().filter(|control| !control.withdrawn && control.parent == first.parent);
            return Some(between.map(|control| control.id.control.to_string()).collect());
        }
    }
    None
}
