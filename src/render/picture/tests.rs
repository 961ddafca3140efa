//! Drawings as a reviewer can read them, and what must hold of every one: well-formed, within its bounds, told apart without colour, readable.

use std::collections::{BTreeMap, BTreeSet};

use super::coverage::pieces;
use super::look::{self, Look};
use super::{Columns, Frame, Named, Tile, Words, coverage, heat, releases};
use crate::base::colour::contrast;
use crate::base::id::ItemId;
use crate::base::language::Language;
use crate::link::report::{HeatMap, RiskLevel};
use crate::link::state::{Counts, State};
use crate::read::project::RiskLevels;

const HOSTILE: &str = "\"><script>alert(1)</script>&'\u{0}\u{1b}\u{ffff}";

fn tile(id: &str, state: State, small: bool) -> Tile {
    let of = Named { id: id.into(), title: Some(format!("{id} A title: {}", state.words())), href: Some(format!("../{id}.html")) };
    Tile { of, state, small }
}

fn drawn(tiles: &[Tile]) -> String {
    coverage(tiles, Columns::of(tiles), Some(&Frame { id: "map:1", title: "AC Access", text: "Of 2 controls: 2 met." }))
}

fn id(text: &str) -> ItemId {
    ItemId::parse(text).unwrap()
}

fn risk(id: &ItemId) -> Named {
    Named { id: id.to_string(), title: Some(format!("{id} A risk")), href: Some(format!("#{id}")) }
}

fn map() -> HeatMap {
    let mut map = HeatMap::of([("RSK-001", 5, 5), ("RSK-002", 1, 0), ("RSK-003", 2, 3)].map(|(name, l, i)| (id(name), Some((l, i)))));
    map.unrated.push(id("RSK-004"));
    map
}

fn hot(map: &HeatMap, frame: Option<&Frame<'_>>) -> String {
    heat(map, &RiskLevels::default(), &Words::of(&Language::default()), frame, risk)
}

/// An element a line.
fn lines(svg: &str) -> String {
    svg.replace("><", ">\n<")
}

#[test]
fn a_small_map() {
    let mut tiles: Vec<Tile> = State::ALL.iter().zip(1..).map(|(state, number)| tile(&format!("AC-{number}"), *state, false)).collect();
    tiles.insert(1, tile("AC-1(1)", State::InPart, true));
    tiles.insert(2, tile("AC-1(2)", State::Open, true));
    insta::assert_snapshot!(lines(&drawn(&tiles)));
}

#[test]
fn coverage_over_two_releases() {
    let counts =
        |states: &[(State, usize)]| states.iter().flat_map(|(state, count)| std::iter::repeat_n(*state, *count)).collect::<Counts>();
    let bars = [
        ("v1.0".to_owned(), counts(&[(State::Met, 10), (State::InPart, 5), (State::Planned, 1), (State::Open, 84)])),
        (
            "a-very-long-name".to_owned(),
            counts(&[(State::Met, 60), (State::MetThrough, 20), (State::PointedTo, 10), (State::NotApplicable, 10)]),
        ),
        ("none".to_owned(), Counts::default()),
    ];
    insta::assert_snapshot!(lines(&releases(&bars, Some(&Frame { id: "releases", title: "Over releases", text: "v1.0: 10 of 100 met" }))));
}

#[test]
fn a_small_heat_map() {
    insta::assert_snapshot!(lines(&hot(&map(), Some(&Frame { id: "heat:before", title: "Before", text: "1 critical" }))));
}

#[test]
fn a_drawing_for_paper_has_no_links_and_no_titles() {
    let paper = Tile { of: Named { id: "AC-1".into(), ..Named::default() }, state: State::Met, small: false };
    let svg = coverage(std::slice::from_ref(&paper), Columns::of([&paper]), None);
    assert!(!svg.contains("<a ") && !svg.contains("<title") && !svg.contains("role="), "{svg}");
}

#[test]
fn what_an_author_wrote_stays_text() {
    let hostile = tile(HOSTILE, State::Met, false);
    let svg =
        coverage(std::slice::from_ref(&hostile), Columns::of([&hostile]), Some(&Frame { id: HOSTILE, title: HOSTILE, text: HOSTILE }));
    let parsed = roxmltree::Document::parse(&svg).unwrap();
    assert!(!parsed.descendants().any(|node| node.has_tag_name("script")));
    let title = parsed.descendants().find(|node| node.tag_name().name() == "title").unwrap();
    assert_eq!(title.text(), Some("\"><script>alert(1)</script>&'"));
    let words = hot(&map(), Some(&Frame { id: "a", title: HOSTILE, text: HOSTILE }));
    roxmltree::Document::parse(&words).unwrap();
}

#[test]
fn states_and_levels_are_told_apart_without_colour() {
    let grey = |svg: &str| {
        let mut parts = svg.split("var(--");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |out, part| out + "x" + part.split_once(')').unwrap().1)
    };
    for small in [false, true] {
        let shapes = State::ALL.map(|state| {
            let tile = Tile { of: Named { id: "AC-1".into(), ..Named::default() }, state, small };
            grey(&coverage(std::slice::from_ref(&tile), Columns::of([&tile]), None))
        });
        assert_eq!(shapes.iter().collect::<BTreeSet<_>>().len(), State::ALL.len(), "small: {small}");
    }
    assert_eq!(RiskLevel::ALL.map(look::hatch).iter().collect::<BTreeSet<_>>().len(), RiskLevel::ALL.len());
}

#[test]
fn marks_are_those_of_the_pages() {
    let parts = include_str!("../../../templates/site/parts.html");
    for state in State::ALL {
        assert!(parts.contains(look::mark(state)), "{state:?}");
    }
}

/// The boxes of all tiles, from their first rectangles.
fn boxes(svg: &str) -> Vec<[i32; 4]> {
    let parsed = roxmltree::Document::parse(svg).unwrap();
    let number = |node: roxmltree::Node<'_, '_>, key: &str| node.attribute(key).unwrap().parse::<i32>().unwrap();
    let tiles = parsed.descendants().filter(|node| node.tag_name().name() == "a");
    let first = |tile: roxmltree::Node<'_, '_>| {
        let rect = tile.descendants().find(|node| node.tag_name().name() == "rect").unwrap();
        ["x", "y", "width", "height"].map(|key| number(rect, key))
    };
    tiles.map(first).collect()
}

#[test]
fn tiles_lie_within_the_drawing_and_never_on_each_other() {
    // So many controls, each with so many enhancements; and maps that begin with an enhancement, or hold nothing else.
    for id in ["4", "AC-2", "CLD.12.1.5", "AN-IDENTIFIER-THAT-IS-MUCH-TOO-LONG", "\u{6f22}\u{5b57}-1"] {
        for (controls, enhancements) in [(1, 0), (40, 0), (12, 1), (9, 7), (5, 33), (2, 300), (0, 25)] {
            let one = |_| [tile(id, State::Open, false)].into_iter().chain((0..enhancements).map(|_| tile("AC-2(1)", State::Met, true)));
            let mut tiles: Vec<Tile> = (0..controls).flat_map(one).collect();
            if controls == 0 {
                tiles.extend((0..enhancements).map(|_| tile("AC-2(1)", State::Met, true)));
            }
            let svg = drawn(&tiles);
            let parsed = roxmltree::Document::parse(&svg).unwrap();
            let size = |key: &str| parsed.root_element().attribute(key).unwrap().parse::<i32>().unwrap();
            let boxes = boxes(&svg);
            assert_eq!(boxes.len(), tiles.len());
            for (index, [x, y, width, height]) in boxes.iter().enumerate() {
                assert!(*x >= 0 && x + width <= size("width") && y + height <= size("height"), "{id} {controls} {enhancements}: {x} {y}");
                let apart = |[a, b, c, d]: &[i32; 4]| a + c <= *x || x + width <= *a || b + d <= *y || y + height <= *b;
                assert!(boxes[..index].iter().all(apart), "{id} {controls} {enhancements}: {index}");
            }
        }
    }
}

#[test]
fn pieces_hold_every_tile_in_order_and_no_more_lines_than_asked() {
    let tiles: Vec<Tile> = (0..700).map(|n| tile(&format!("X-{n}"), State::Open, n % 7 > 4 || (300..500).contains(&n))).collect();
    let columns = Columns::of(&tiles);
    for most in [1, 2, 15] {
        let found = pieces(&tiles, columns, most);
        assert_eq!(found.iter().map(|piece| piece.len()).sum::<usize>(), tiles.len());
        assert!(found.concat().iter().map(|tile| &tile.of.id).eq(tiles.iter().map(|tile| &tile.of.id)));
        for piece in found {
            let lines: BTreeSet<i32> = boxes(&coverage(piece, columns, None)).iter().map(|b| b[1] / 25).collect();
            assert!(lines.len() <= most, "{most}: {lines:?}");
        }
    }
    assert!(pieces(&[], columns, 15).is_empty());
}

#[test]
fn a_cell_with_many_risks_says_how_many() {
    let many = HeatMap::of((1..=123).map(|number| (id(&format!("RSK-{number:03}")), Some((3, 3)))));
    let svg = hot(&many, None);
    assert!(svg.contains(">123</text>") && svg.contains(">risks</text>") && !svg.contains(">RSK-007</text>"), "{svg}");
    let long = HeatMap::of([(id("RSK-123456789"), Some((3, 3)))]);
    assert!(!hot(&long, None).contains(">RSK-123456789</text>"), "it would stand out of its cell");
}

/// A colour of the stylesheet in a scheme.
fn of_site(scheme: usize) -> BTreeMap<String, [u8; 3]> {
    let lines = include_str!("../../../themes/default/site.css").lines();
    let both = lines.filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(");")?.split_once(": light-dark("));
    let own = both.map(|(name, both)| (name.to_owned(), rgb(both.split(", ").nth(scheme).unwrap())));
    let variable = |(name, colour)| match name {
        "ground" => ("paper".to_owned(), colour),
        "tint" => ("sheet".to_owned(), colour),
        name => (name.to_owned(), colour),
    };
    own.chain(of_theme(scheme).map(variable)).collect()
}

/// The theme's colours, light or dark: `  ink: "#1b1d1f"       # text`.
fn of_theme(scheme: usize) -> impl Iterator<Item = (&'static str, [u8; 3])> {
    let section = include_str!("../../../themes/default/theme.yaml").split("\ndark:").nth(scheme).unwrap();
    let named = section.lines().filter_map(|line| line.strip_prefix("  ")?.split_once(": \"#"));
    named.map(|(name, digits)| (name, rgb(&format!("#{}", &digits[..6]))))
}

/// The colours of the PDF's pictures.
fn of_paper() -> BTreeMap<String, [u8; 3]> {
    let style = include_str!("../../../templates/pdf/style.typ");
    let value = |words: &str, known: &BTreeMap<String, [u8; 3]>| match words.trim().strip_prefix("rgb(\"") {
        Some(digits) => rgb(digits.trim_end_matches("\")")),
        None if words.trim() == "white" => [255; 3],
        None => known[words.trim()],
    };
    // The theme has the others.
    let known = of_theme(0).map(|(name, colour)| (name.to_owned(), colour)).collect();
    let (_, table) = style.split_once("#let picture-colours = (").unwrap();
    let (table, _) = table.split_once("\n)").unwrap();
    let pairs = table.split(", ").flat_map(|part| part.split(",\n")).filter_map(|part| part.trim().trim_end_matches(',').split_once(": "));
    pairs.map(|(name, words)| (name.trim().to_owned(), value(words, &known))).collect()
}

fn rgb(hex: &str) -> [u8; 3] {
    let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    [part(1), part(3), part(5)]
}

#[test]
fn everything_that_stands_on_a_colour_can_be_read() {
    for (name, colours) in [("light", of_site(0)), ("dark", of_site(1)), ("paper", of_paper())] {
        let pair = |one: &str, other: &str, needed: f64| {
            let found = contrast(colours[one], colours[other]);
            assert!(found >= needed, "{name}: {one} on {other} has {found:.2}, and needs {needed}");
        };
        let looks = State::ALL.map(look::state).into_iter().chain(RiskLevel::ALL.map(look::level));
        for Look { fill, ink, mark, ground, line } in looks {
            pair(ink, fill, 4.5);
            pair(mark, ground.unwrap_or(fill), 4.5);
            if let Some(line) = line {
                pair(line, "paper", 4.5);
            }
        }
        pair("soft", "paper", 4.5);
        // Levels follow each other in grey as well.
        let greys: Vec<f64> = RiskLevel::ALL.iter().map(|level| contrast(colours[look::level(*level).fill], colours["paper"])).collect();
        assert!(greys.windows(2).all(|pair| pair[0] > pair[1] * 1.1), "{name}: {greys:?}");
    }
}
