//! The pictures of a page as values: drawn, with what says the same in words and links.

use serde::Serialize;
use tera::Value;

use super::Site;
use super::address;
use super::directory::named_row;
use super::values::{Coverage, CoverageRow, safe};
use crate::base::id::ItemId;
use crate::base::language::Language;
use crate::base::word::{phrase, word};
use crate::link::report::{self, GroupCoverage, HeatMap, RiskLevel};
use crate::link::state::State;
use crate::read::framework::Control;
use crate::render::picture::{self, Columns, Frame, Named, Tile, Words};

/// The coverage map of a framework.
#[derive(Serialize)]
pub(crate) struct Map<'a> {
    panels: Vec<Panel<'a>>,
    /// Whether some tiles are small, for enhancements.
    has_enhancements: bool,
}

/// A theme or domain of it.
#[derive(Serialize)]
struct Panel<'a> {
    id: &'a str,
    title: String,
    coverage: Coverage,
    svg: Value,
}

/// The coverage map of a framework, a panel a theme.
pub(crate) fn coverage<'a>(language: &Language, coverage: &report::Coverage<'a>, root: &str) -> Map<'a> {
    let tiles =
        |theme: &GroupCoverage<'_>| theme.controls.iter().map(|(control, state)| tile(language, control, *state, root)).collect::<Vec<_>>();
    let themes: Vec<(GroupCoverage<'a>, Vec<Tile>)> = coverage
        .themes()
        .into_iter()
        .map(|theme| {
            let tiles = tiles(&theme);
            (theme, tiles)
        })
        .collect();
    let all = || themes.iter().flat_map(|(_, tiles)| tiles);
    let columns = Columns::of(all());
    let panel = |(number, (theme, tiles)): (usize, &(GroupCoverage<'a>, Vec<Tile>))| {
        let title = if theme.title.is_empty() { language.say(word!("Controls")).to_owned() } else { theme.title.to_owned() };
        let (id, whole, text) = (format!("map:{number}"), format!("{} {title}", theme.id), counts(language, theme));
        let frame = Frame { id: &id, title: whole.trim(), text: &text };
        let svg = safe(&picture::coverage(tiles, columns, Some(&frame)));
        Panel { id: theme.id, title, coverage: Coverage::of(language, &theme.counts), svg }
    };
    Map { panels: (1..).zip(&themes).map(panel).collect(), has_enhancements: all().any(|tile| tile.small) }
}

fn tile(language: &Language, control: &Control, state: State, root: &str) -> Tile {
    let id = control.id.control.to_string();
    let title = format!("{id} {}: {}", language.phrase(&report::titled(control)), language.say(state.words()).to_lowercase());
    let of = Named { id, title: Some(title), href: Some(format!("{root}{}", address::control(&control.id))) };
    Tile { of, state, small: control.kind == "enhancement" }
}

fn counts(language: &Language, theme: &GroupCoverage<'_>) -> String {
    let counted = State::ALL
        .iter()
        .map(|state| (theme.counts.of(*state), language.say(state.words()).to_lowercase()))
        .filter(|(count, _)| *count > 0);
    let counted: Vec<String> = counted.map(|(count, words)| format!("{count} {words}")).collect();
    language.phrase(&phrase!("Of {n} controls: {counts}.", n = theme.counts.total(), counts = counted.join(", ")))
}

/// Bars that a page shows: the newest releases, and the manual itself.
const BARS: usize = 12;

/// The coverage of a framework over releases, the manual itself last: its picture, and the same in figures.
#[derive(Serialize)]
pub(crate) struct OverReleases {
    svg: Value,
    rows: Vec<CoverageRow>,
}

/// How far a framework was met in the releases that used it; none where there are none.
pub(crate) fn over_releases(site: &Site<'_>, coverage: &report::Coverage<'_>) -> Option<OverReleases> {
    let language = site.language();
    let bars = picture::bars(site.manual, coverage, BARS)?;
    let title = language.say(word!("Coverage over releases"));
    let met = |(name, counts): &(String, crate::link::state::Counts)| {
        language.phrase(&phrase!("{name}: {n} of {all} met", name = name.as_str(), n = counts.of(State::Met), all = counts.total()))
    };
    let text = bars.iter().map(met).collect::<Vec<_>>().join(", ");
    let svg = safe(&picture::releases(&bars, Some(&Frame { id: "releases", title, text: &text })));
    let row = |(name, counts): &(String, crate::link::state::Counts)| CoverageRow {
        of: super::values::Named { title: name.clone(), ..super::values::Named::default() },
        anchor: None,
        note: None,
        coverage: Coverage::of(language, counts),
    };
    Some(OverReleases { svg, rows: bars.iter().map(row).collect() })
}

/// The heat maps of the risk register.
#[derive(Serialize)]
pub(crate) struct Heat {
    before: Value,
    after: Option<Value>,
    levels: Vec<Level>,
    /// Risks that nobody has rated after treatment.
    unrated: Vec<Value>,
}

/// The risks of a level, the heaviest first.
#[derive(Serialize)]
struct Level {
    key: &'static str,
    word: String,
    from: i64,
    to: i64,
    before: Vec<Value>,
    after: Vec<Value>,
}

/// The heat maps of the risks, where this audience sees what they are made of.
pub(crate) fn heat(site: &Site<'_>) -> Option<Heat> {
    let heat = report::heat(site.manual)?;
    let language = site.language();
    let words = Words::of(language);
    let links = |ids: Vec<&ItemId>| ids.into_iter().filter_map(|id| site.directory.item(id)).collect::<Vec<_>>();
    let drawn = |map: &HeatMap, id: &str, title: &str| {
        let counted = RiskLevel::ALL.iter().map(|level| format!("{} {}", map.of_level(*level, &heat.levels).len(), words.level(*level)));
        let text = language.phrase(&phrase!("Risks by likelihood and impact: {counts}.", counts = counted.collect::<Vec<_>>().join(", ")));
        let frame = Frame { id, title, text: &text };
        safe(&picture::heat(map, &heat.levels, &words, Some(&frame), |id| risk(site, id)))
    };
    let level = |level: &RiskLevel| {
        let (from, to) = level.range(&heat.levels);
        let after = heat.after.as_ref().map(|after| links(after.of_level(*level, &heat.levels))).unwrap_or_default();
        Level {
            key: level.key(),
            word: words.level(*level).to_owned(),
            from,
            to,
            before: links(heat.before.of_level(*level, &heat.levels)),
            after,
        }
    };
    Some(Heat {
        before: drawn(&heat.before, "heat:before", language.say(word!("Risks before treatment"))),
        after: heat.after.as_ref().map(|after| drawn(after, "heat:after", language.say(word!("Risks after treatment")))),
        levels: RiskLevel::ALL.iter().map(level).filter(|level| level.from <= level.to).collect(),
        unrated: heat.after.as_ref().map(|after| links(after.unrated.iter().collect())).unwrap_or_default(),
    })
}

/// A risk on the register's own page, where the maps stand.
fn risk(site: &Site<'_>, id: &ItemId) -> Named {
    let row = site.manual.row(id).map(|(register, row)| named_row(register, row).title).unwrap_or_default();
    Named { id: id.to_string(), title: Some(format!("{id} {row}")), href: Some(format!("#{}", address::fragment(id.as_str()))) }
}
