//! The heat map of risks: likelihood upwards, impact to the right, and in each cell its level, by number, word and hatch, and its risks.

use std::fmt::Write;

use super::look::{self, colour};
use super::svg::{Frame, Named, Svg};
use crate::base::id::ItemId;
use crate::base::language::Language;
use crate::base::word::word;
use crate::link::report::{HeatMap, IMPACTS, LIKELIHOODS, RiskLevel};
use crate::read::project::RiskLevels;

/// A cell, and from one to the next.
const CELL: [i32; 2] = [52, 70];
const STEP: [i32; 2] = [54, 72];
/// Room for the words and figures of the axes, on the left and below.
const AXIS: [i32; 2] = [26, 28];
/// From the side of a cell to its words.
const INSIDE: i32 = 6;
/// Most risks of a cell that are named, and most characters of a name.
const MOST: usize = 3;
const LONGEST: usize = 7;

/// The words of a heat map in one language.
pub(crate) struct Words<'a> {
    /// Over the axes.
    likelihood: &'a str,
    impact: &'a str,
    /// After a number that is greater than one.
    risks: &'a str,
    /// The levels from low to critical.
    levels: [&'a str; 4],
}

impl<'a> Words<'a> {
    /// Those of the manual's language.
    pub(crate) fn of(language: &'a Language) -> Self {
        Words {
            likelihood: language.say(word!("Likelihood")),
            impact: language.say(word!("Impact")),
            risks: language.say(word!("risks")),
            levels: [word!("low"), word!("medium"), word!("high"), word!("critical")].map(|level| language.say(level)),
        }
    }

    /// The word for a level.
    pub(crate) fn level(&self, level: RiskLevel) -> &'a str {
        let [low, medium, high, critical] = self.levels;
        match level {
            RiskLevel::Low => low,
            RiskLevel::Medium => medium,
            RiskLevel::High => high,
            RiskLevel::Critical => critical,
        }
    }
}

/// Draws a heat map; `named` says what stands for a risk.
pub(crate) fn heat(
    map: &HeatMap,
    levels: &RiskLevels,
    words: &Words<'_>,
    frame: Option<&Frame<'_>>,
    named: impl Fn(&ItemId) -> Named,
) -> String {
    let count = |range: std::ops::RangeInclusive<i64>| i32::try_from(range.count()).unwrap_or(0);
    let (across, up) = (count(IMPACTS) * STEP[0], count(LIKELIHOODS) * STEP[1]);
    let mut svg = Svg::new(AXIS[0] + across, up + AXIS[1], frame, true);
    let _ = write!(svg.out, "<g font-family=\"{}\" font-size=\"10\">", colour("table-face"));
    axes(&mut svg, words, across, up);
    for (row, likelihood) in (0..).zip(LIKELIHOODS.rev()) {
        for (column, impact) in (0..).zip(IMPACTS) {
            let place = (AXIS[0] + column * STEP[0], row * STEP[1]);
            let product = likelihood * impact;
            let level = RiskLevel::of(product, levels);
            let risks: Vec<Named> = map.at(likelihood, impact).iter().map(&named).collect();
            cell(&mut svg, place, level, (product, words.level(level)), &risks);
            inhabitants(&mut svg, place, level, &risks, words);
        }
    }
    svg.out.push_str("</g>");
    svg.end()
}

fn axes(svg: &mut Svg, words: &Words<'_>, across: i32, up: i32) {
    let quiet = format!("fill=\"{}\" text-anchor=\"middle\"", colour("soft"));
    for (row, likelihood) in (0..).zip(LIKELIHOODS.rev()) {
        svg.words(AXIS[0] - 7, row * STEP[1] + CELL[1] / 2 + 4, &quiet, &likelihood.to_string());
    }
    for (column, impact) in (0..).zip(IMPACTS) {
        svg.words(AXIS[0] + column * STEP[0] + CELL[0] / 2, up + 10, &quiet, &impact.to_string());
    }
    svg.words(AXIS[0] + across / 2, up + 24, &quiet, words.impact);
    let middle = up / 2;
    svg.words(9, middle, &format!("{quiet} transform=\"rotate(-90 9 {middle})\""), words.likelihood);
}

/// The cell itself: its level by number, word and hatch. One with risks has an outline.
fn cell(svg: &mut Svg, (x, y): (i32, i32), level: RiskLevel, (product, word): (i64, &str), risks: &[Named]) {
    let look = look::level(level);
    let [width, height] = CELL;
    svg.rectangle([x, y, width, height], &format!("fill=\"{}\"", colour(look.fill)));
    let hatch = look::hatch(level);
    if !hatch.is_empty() {
        let _ = write!(
            svg.out,
            "<path transform=\"translate({} {})\" d=\"{hatch}\" fill=\"none\" stroke=\"{}\"/>",
            x + width - 28,
            y + 5,
            colour(look.mark)
        );
    }
    if !risks.is_empty() {
        svg.rectangle(
            [x + 2, y + 2, width - 4, height - 4],
            &format!("fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\"", colour(look.ink)),
        );
    }
    let ink = format!("fill=\"{}\"", colour(look.ink));
    let left = x + INSIDE;
    svg.words(left, y + 13, &format!("{ink} font-weight=\"600\""), &product.to_string());
    svg.words(left, y + height - 5, &format!("{ink} font-size=\"9.5\""), word);
}

/// The risks of a cell: each by its identifier where they are few, else how many.
fn inhabitants(svg: &mut Svg, (x, y): (i32, i32), level: RiskLevel, risks: &[Named], words: &Words<'_>) {
    let ink = format!("fill=\"{}\"", colour(look::level(level).ink));
    let left = x + INSIDE;
    if risks.len() <= MOST && risks.iter().all(|risk| risk.id.chars().count() <= LONGEST) {
        let face = format!("{ink} font-family=\"{}\" font-size=\"9.5\"", colour("code-face"));
        for (line, risk) in (0..).zip(risks) {
            svg.named(risk, |svg| svg.words(left, y + 28 + line * 12, &face, &risk.id));
        }
        return;
    }
    let titles: Vec<&str> = risks.iter().filter_map(|risk| risk.title.as_deref()).collect();
    let all = Named { title: (!titles.is_empty()).then(|| titles.join("\n")), ..Named::default() };
    svg.named(&all, |svg| {
        let count = risks.len().to_string();
        svg.words(left, y + 42, &format!("{ink} font-size=\"16\" font-weight=\"600\""), &count);
        if risks.len() > 1 {
            let after = i32::try_from(count.len()).unwrap_or(0) * 10 + 3;
            svg.words(left + after, y + 42, &ink, words.risks);
        }
    });
}
