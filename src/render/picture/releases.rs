//! Coverage over releases: a bar a release, cut into the states of its controls.

use std::fmt::Write;

use super::look::{self, colour};
use super::svg::{Frame, Svg};
use crate::link::manual::Manual;
use crate::link::release::ReleaseCoverage;
use crate::link::report::Coverage;
use crate::link::state::{Counts, State};

/// Units across, as of every picture.
const WIDTH: i32 = 320;
/// Where bars begin: before it stand the names.
const BEGIN: i32 = 72;
const HEIGHT: i32 = 18;
const GAP: i32 = 5;
/// A part with less room has no mark.
const MARKED: i32 = 16;
/// Most characters of a name that are shown.
const LONGEST: usize = 10;

/// Draws a bar for each name, the first at the top. All bars are as long, since a framework has as many controls in each release, or hardly more.
pub(crate) fn releases(bars: &[(String, Counts)], frame: Option<&Frame<'_>>) -> String {
    let count = i32::try_from(bars.len()).unwrap_or(i32::MAX / 64);
    let mut svg = Svg::new(WIDTH, (count * (HEIGHT + GAP) - GAP).max(HEIGHT), frame, false);
    let _ = write!(svg.out, "<g font-family=\"{}\" font-size=\"10.5\">", colour("code-face"));
    for (row, (name, counts)) in (0..).zip(bars) {
        let y = row * (HEIGHT + GAP);
        svg.words(0, y + 13, &format!("fill=\"{}\"", colour("ink")), &shown(name));
        for (state, x, width) in parts(counts) {
            part(&mut svg, state, [BEGIN + x, y, width, HEIGHT]);
        }
    }
    svg.out.push_str("</g>");
    svg.end()
}

/// The bars of a framework: the newest releases that used it, and the manual itself by its day; none without a release.
pub(crate) fn bars(manual: &Manual, coverage: &Coverage<'_>, most: usize) -> Option<Vec<(String, Counts)>> {
    let of = |release: &ReleaseCoverage| Some((release.name.to_string(), release.of(&coverage.catalogue.id)?.clone()));
    let mut bars: Vec<(String, Counts)> = manual.releases.iter().filter_map(of).collect();
    if bars.is_empty() {
        return None;
    }
    bars.drain(..bars.len().saturating_sub(most.saturating_sub(1)));
    bars.push((manual.today.to_string(), coverage.counts.clone()));
    Some(bars)
}

/// The states that there are, each with where it begins and how wide it is. Whole units: together they are as long as the bar.
fn parts(counts: &Counts) -> Vec<(State, i32, i32)> {
    let total = i64::try_from(counts.total()).unwrap_or(i64::MAX).max(1);
    let long = i64::from(WIDTH - BEGIN);
    let at = |sum: usize| i32::try_from(i64::try_from(sum).unwrap_or(i64::MAX).saturating_mul(long) / total).unwrap_or(0);
    let mut sum = 0;
    let mut parts = Vec::new();
    for state in State::ALL {
        let count = counts.of(state);
        if count > 0 {
            // What is there can be seen, be it ever so little.
            parts.push((state, at(sum), (at(sum + count) - at(sum)).max(2)));
        }
        sum += count;
    }
    parts
}

fn part(svg: &mut Svg, state: State, [x, y, width, height]: [i32; 4]) {
    let look = look::state(state);
    svg.rectangle([x, y, width, height], &format!("fill=\"{}\"", colour(look.fill)));
    if let Some(line) = look.line.filter(|_| width > 2) {
        let dashes = if state == State::PointedTo { " stroke-dasharray=\"2 2\"" } else { "" };
        let _ = write!(
            svg.out,
            "<rect x=\"{x}.5\" y=\"{y}.5\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"{}\"{dashes}/>",
            width - 1,
            height - 1,
            colour(line)
        );
    }
    if width >= MARKED {
        let ink = look.ground.unwrap_or(look.mark);
        let _ = write!(svg.out, "<g transform=\"translate({} {}) scale(.8)\" color=\"{}\">", x + (width - 10) / 2, y + 4, colour(ink));
        svg.out.push_str(look::mark(state));
        svg.out.push_str("</g>");
    }
    // Neighbours of one fill are told apart.
    svg.rectangle([x + width - 1, y, 1, height], &format!("fill=\"{}\"", colour("paper")));
}

fn shown(name: &str) -> String {
    if name.chars().count() <= LONGEST { name.to_owned() } else { name.chars().take(LONGEST - 1).chain(['…']).collect() }
}
