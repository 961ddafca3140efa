//! Pictures as Typst code: the coverage map of each framework, and the heat maps of the risks. The drawings are those of the site; what they show is
//! handed over in figures besides, from which the template makes the table and the alternative text.

use std::fmt::Write;

use super::code::{Shared, Writer};
use super::literal::{self, dictionary, quoted};
use super::reference;
use super::whole::File;
use crate::base::id::{ItemId, Reference};
use crate::link::manual::Manual;
use crate::link::report::{self, GroupCoverage, HeatMap, RiskLevel};
use crate::link::state::State;
use crate::read::framework::Catalogue;
use crate::render::picture::{self, Columns, Named, Tile, Words};

const IMPORT: &str = "#import \"/templates/pdf/pictures.typ\": *\n";

/// Lines of tiles that fit onto a page of any paper, with what stands over them.
const LINES: usize = 16;

/// The place of a framework's coverage: no identifier has a slash.
fn place(catalogue: &Catalogue) -> String {
    format!("coverage/{}", catalogue.id)
}

/// A file for each framework: its map and its figures, as an entry among the registers.
pub(super) fn coverage_files(shared: &mut Shared<'_>, catalogues: &[&Catalogue]) -> Vec<File> {
    (1..).zip(catalogues).map(|(number, catalogue)| coverage_file(shared, catalogue, number)).collect()
}

fn coverage_file(shared: &mut Shared<'_>, catalogue: &Catalogue, number: usize) -> File {
    let coverage = report::coverage(shared.manual, catalogue);
    let mut writer = Writer::new(shared, None);
    writer.out.push_str(IMPORT);
    let place = writer.define(&place(catalogue));
    let title = quoted(&writer.shared.glyphs.clean(&catalogue.title, None));
    let info = dictionary([("place", place), ("part", quoted("coverage")), ("title", title), ("facts", "()".to_owned())]);
    let _ = write!(writer.out, "#let info = {info}\n#let landscape = true\n#let body = coverage((\n");
    let themes: Vec<(GroupCoverage<'_>, Vec<Tile>)> = coverage.themes().into_iter().map(|theme| (theme.clone(), tiles(&theme))).collect();
    let columns = Columns::of(themes.iter().flat_map(|(_, tiles)| tiles));
    for (theme, tiles) in &themes {
        for (piece, tiles) in picture::pieces(tiles, columns, LINES).into_iter().enumerate() {
            writer.group(theme);
            let svg = writer.shared.glyphs.clean(&picture::coverage(tiles, columns, None), None);
            let ratio = picture::ratio(tiles, columns);
            let _ = write!(writer.out, ", continued: {}, ratio: {ratio}, svg: ", piece > 0);
            literal::string(&mut writer.out, &svg);
            writer.out.push_str("),\n");
        }
    }
    writer.out.push_str("), (\n");
    for group in &coverage.groups {
        writer.group(group);
        writer.out.push_str("),\n");
    }
    let over = over_releases(&mut writer, &coverage);
    let _ = writeln!(writer.out, "), first: {}, over: {over})", number == 1);
    File { path: format!("/coverage/{number}.typ"), text: writer.out, origins: writer.origins }
}

/// Bars on paper: what fits below the figures of a framework.
const BARS: usize = 12;

/// The coverage of a framework over releases as a dictionary; `none` where there are no releases.
fn over_releases(writer: &mut Writer<'_, '_>, coverage: &report::Coverage<'_>) -> String {
    let Some(bars) = picture::bars(writer.shared.manual, coverage, BARS) else { return "none".to_owned() };
    let svg = writer.shared.glyphs.clean(&picture::releases(&bars, None), None);
    let rows = bars.iter().map(|(name, counts)| {
        let states = State::ALL.map(|state| (state.key(), counts.of(state).to_string()));
        let name = quoted(&writer.shared.glyphs.clean(name, None));
        dictionary([("id", quoted("")), ("title", name), ("total", counts.total().to_string()), ("counts", dictionary(states))])
    });
    dictionary([("svg", quoted(&svg)), ("rows", format!("({},)", rows.collect::<Vec<_>>().join(", ")))])
}

fn tiles(theme: &GroupCoverage<'_>) -> Vec<Tile> {
    let tile = |control: &crate::read::framework::Control, state| Tile {
        of: Named { id: control.id.control.to_string(), ..Named::default() },
        state,
        small: control.kind == "enhancement",
    };
    theme.controls.iter().map(|(control, state)| tile(control, *state)).collect()
}

/// The heat maps of the risks as a call, where this audience sees what they are made of.
pub(super) fn heat(writer: &mut Writer<'_, '_>) -> bool {
    let manual = writer.shared.manual;
    let Some(heat) = report::heat(manual) else { return false };
    let words = Words::of(&manual.view.project.language);
    let drawn = |map: &HeatMap| {
        let named = |id: &ItemId| Named { id: id.to_string(), ..Named::default() };
        quoted(&picture::heat(map, &heat.levels, &words, None, named))
    };
    let after = heat.after.as_ref().map_or_else(|| "none".to_owned(), drawn);
    let _ = writeln!(writer.out, "{IMPORT}#let maps = heat-maps({}, {after}, (", drawn(&heat.before));
    for level in RiskLevel::ALL {
        let (from, to) = level.range(&heat.levels);
        if from <= to {
            let _ = write!(writer.out, "(key: \"{}\", from: {from}, to: {to}, before: ", level.key());
            writer.risks(manual, &heat.before.of_level(level, &heat.levels));
            writer.out.push_str(", after: ");
            writer.risks(manual, &heat.after.as_ref().map(|after| after.of_level(level, &heat.levels)).unwrap_or_default());
            writer.out.push_str("),\n");
        }
    }
    writer.out.push_str("), ");
    let unrated: Vec<&ItemId> = heat.after.iter().flat_map(|after| &after.unrated).collect();
    writer.risks(manual, &unrated);
    writer.out.push_str(")\n");
    true
}

impl Writer<'_, '_> {
    /// A theme or group as an open dictionary.
    fn group(&mut self, group: &GroupCoverage<'_>) {
        self.out.push_str("(id: ");
        self.words(group.id, None);
        self.out.push_str(", title: ");
        self.words(group.title, None);
        let _ = write!(self.out, ", total: {}, counts: ", group.counts.total());
        let counts = State::ALL.map(|state| (state.key(), group.counts.of(state).to_string()));
        self.out.push_str(&dictionary(counts));
    }

    fn risks(&mut self, manual: &Manual, ids: &[&ItemId]) {
        let reference = |id: &&ItemId| reference::resolve_reference(manual, &Reference::Item { id: (*id).clone(), section: None });
        let links: Vec<_> = ids.iter().map(reference).collect();
        self.resolved(&links);
    }
}
