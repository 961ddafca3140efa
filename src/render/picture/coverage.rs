//! The coverage map of one theme or domain of a framework: a tile a control, its enhancements in pairs of small tiles behind it.

use std::fmt::Write;

use super::look::{self, colour};
use super::svg::{Frame, Named, Svg};
use crate::link::state::State;

/// Units across.
const WIDTH: i32 = 320;
/// Between tiles.
const GAP: i32 = 3;
/// The height of a tile.
const HEIGHT: i32 = 22;
/// The side of a small tile; two and the space between them are as high as a tile.
const SMALL: i32 = 10;
/// From one small tile to the next.
const PITCH: i32 = HEIGHT - SMALL;
/// What a tile holds besides its identifier: the mark before it and the space behind it.
const BESIDE: i32 = 22;
/// The advance of a character of the identifiers' face, in tenths: 0.6 em of 10.5 units.
const ADVANCE: i32 = 63;
/// Most characters of an identifier that are shown.
const LONGEST: usize = 14;

/// A control in a map.
#[derive(Clone, Debug)]
pub(crate) struct Tile {
    /// The control.
    pub(crate) of: Named,
    /// How far it is met.
    pub(crate) state: State,
    /// Whether it is an enhancement of the control before it.
    pub(crate) small: bool,
}

/// The columns of a framework's maps: all of them the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns {
    count: i32,
    width: i32,
}

impl Columns {
    /// As wide as the longest identifier needs, and as many as fit.
    pub(crate) fn of<'t>(tiles: impl IntoIterator<Item = &'t Tile>) -> Self {
        let longest = tiles.into_iter().filter(|tile| !tile.of.id.is_empty() && !tile.small).map(|tile| advance(&shown(&tile.of.id))).max();
        let needed = BESIDE + (longest.unwrap_or(0) + 9) / 10;
        let count = ((WIDTH + GAP) / (needed + GAP)).max(1);
        Columns { count, width: (WIDTH - (count - 1) * GAP) / count }
    }
}

/// How high a map of these tiles is, as a part of its width.
#[cfg_attr(not(feature = "pdf"), allow(dead_code))] // a page of the site has room for any
pub(crate) fn ratio(tiles: &[Tile], columns: Columns) -> f64 {
    f64::from(height(&places(tiles, columns))) / f64::from(WIDTH)
}

fn height(places: &[(i32, i32)]) -> i32 {
    places.iter().map(|(_, y)| y + HEIGHT).max().unwrap_or(HEIGHT)
}

/// Draws a map of these tiles, in their order.
pub(crate) fn coverage(tiles: &[Tile], columns: Columns, frame: Option<&Frame<'_>>) -> String {
    let width = columns.width;
    let places = places(tiles, columns);
    // Outlines lie half outside of their tiles.
    let mut svg = Svg::new(WIDTH, height(&places), frame, true);
    let _ = write!(svg.out, "<g font-family=\"{}\" font-size=\"10.5\">", colour("code-face"));
    for (tile, place) in tiles.iter().zip(places) {
        svg.named(&tile.of, |svg| if tile.small { small(svg, tile.state, place) } else { large(svg, tile, place, width) });
    }
    svg.out.push_str("</g>");
    svg.end()
}

/// How far a text goes, in tenths of a unit: characters of other scripts take two columns of the face.
fn advance(text: &str) -> i32 {
    text.chars().map(|c| if c.is_ascii() { ADVANCE } else { 2 * ADVANCE }).sum()
}

/// An identifier, cut where it is too long for any tile.
fn shown(id: &str) -> String {
    if id.chars().count() <= LONGEST { id.to_owned() } else { id.chars().take(LONGEST - 1).chain(['…']).collect() }
}

/// The tiles in pieces of no more than so many lines each.
#[cfg_attr(not(any(feature = "pdf", test)), allow(dead_code))] // a page of the site is as long as it needs to be
pub(crate) fn pieces(tiles: &[Tile], columns: Columns, lines: usize) -> Vec<&[Tile]> {
    let most = i32::try_from(lines).unwrap_or(i32::MAX / HEIGHT) * (HEIGHT + GAP);
    let mut pieces = Vec::new();
    let mut rest = tiles;
    while !rest.is_empty() {
        // A line begins where a tile of the upper row stands lower than all before it; the first is in the first line, so no piece is empty.
        let places = places(rest, columns);
        let end = places.iter().position(|(_, y)| *y >= most).unwrap_or(rest.len()).max(1);
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// The upper left corner of each tile. A control begins in a column of its own, and its enhancements fill the columns behind it; where they do not fit
/// into the line, they all begin the next one.
fn places(tiles: &[Tile], columns: Columns) -> Vec<(i32, i32)> {
    let step = columns.width + GAP;
    let in_column = ((step - 1) / PITCH).max(1) * 2;
    let mut places = Vec::with_capacity(tiles.len());
    let (mut column, mut line) = (0, 0);
    let mut rest = tiles;
    while let Some(first) = rest.first() {
        let behind = rest.iter().skip(usize::from(!first.small)).take_while(|tile| tile.small).count();
        let small = i32::try_from(behind).unwrap_or(i32::MAX / 2);
        let own = i32::from(!first.small);
        let needed = own + (small + in_column - 1) / in_column;
        if column > 0 && column + needed > columns.count {
            (column, line) = (0, line + 1);
        }
        if own == 1 {
            places.push((column * step, line * (HEIGHT + GAP)));
        }
        column += own;
        // More than a line holds go on in the next one, behind an empty first column.
        let mut left = small;
        while left > 0 {
            if column >= columns.count {
                (column, line) = (own.min(columns.count - 1), line + 1);
            }
            let here = left.min(in_column);
            let corner = (column * step, line * (HEIGHT + GAP));
            places.extend((0..here).map(|place| (corner.0 + place / 2 * PITCH, corner.1 + place % 2 * PITCH)));
            (left, column) = (left - here, column + 1);
        }
        rest = &rest[behind + usize::from(!first.small)..];
        if column >= columns.count && !rest.is_empty() {
            (column, line) = (0, line + 1);
        }
    }
    places
}

/// The attributes of an outline, which lies within its tile.
fn outline(svg: &mut Svg, state: State, [x, y, width, height]: [i32; 4]) {
    let look = look::state(state);
    let line = match (state, look.line) {
        // The inner frame of what is met through another control tells it from what is met.
        (State::MetThrough, _) => Some((look.mark, 4, "")),
        (State::PointedTo, Some(line)) => Some((line, 1, " stroke-dasharray=\"2 2\"")),
        (_, line) => line.map(|line| (line, 1, "")),
    };
    if let Some((line, inset, dashes)) = line {
        // Half units put a thin line onto whole pixels.
        let _ = write!(
            svg.out,
            "<rect x=\"{}.5\" y=\"{}.5\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"{}\"{dashes}/>",
            x + inset / 2,
            y + inset / 2,
            width - 1 - inset / 2 * 2,
            height - 1 - inset / 2 * 2,
            colour(line)
        );
    }
}

fn large(svg: &mut Svg, tile: &Tile, (x, y): (i32, i32), width: i32) {
    let look = look::state(tile.state);
    svg.rectangle([x, y, width, HEIGHT], &format!("fill=\"{}\"", colour(look.fill)));
    if let Some(ground) = look.ground {
        svg.rectangle([x, y, BESIDE - 6, HEIGHT], &format!("fill=\"{}\"", colour(ground)));
    }
    outline(svg, tile.state, [x, y, width, HEIGHT]);
    let _ = write!(svg.out, "<g transform=\"translate({} {}) scale(.8)\" color=\"{}\">", x + 4, y + 6, colour(look.mark));
    svg.out.push_str(look::mark(tile.state));
    svg.out.push_str("</g>");
    svg.words(x + BESIDE - 4, y + 15, &format!("fill=\"{}\"", colour(look.ink)), &shown(&tile.of.id));
}

fn small(svg: &mut Svg, state: State, (x, y): (i32, i32)) {
    let look = look::state(state);
    svg.rectangle([x, y, SMALL, SMALL], &format!("fill=\"{}\"", colour(look.fill)));
    if let Some(ground) = look.ground {
        svg.rectangle([x, y, SMALL / 2, SMALL], &format!("fill=\"{}\"", colour(ground)));
    }
    outline(svg, state, [x, y, SMALL, SMALL]);
    // A tile that is filled, framed or half filled has its shape in that.
    if !matches!(state, State::Met | State::MetThrough | State::InPart) {
        let _ = write!(svg.out, "<g transform=\"translate({} {}) scale(.5)\" color=\"{}\">", x + 2, y + 2, colour(look.mark));
        svg.out.push_str(look::mark(state));
        svg.out.push_str("</g>");
    }
}
