//! Pictures as SVG, one drawing for site and paper: the coverage map of a framework, its coverage over releases, and the heat map of risks.
//!
//! Colours and faces stand in a drawing as CSS variables, `var(--met)`. The site's stylesheet says what they are, in light and dark; on paper the
//! template puts those of `style.typ` in their places. So neither look is known here, and there is no style attribute that a strict
//! Content-Security-Policy would refuse. Every state and level has a shape or a hatch besides its colour.
//!
//! Measures are whole numbers in units of the drawing: about a pixel on a screen, and the same on every machine. A drawing is never wider than a
//! narrow phone, so that its words stay as large as those beside it; a page puts several beside each other.

mod coverage;
mod heat;
mod look;
mod releases;
mod svg;
#[cfg(test)]
mod tests;

pub(crate) use coverage::{Columns, Tile, coverage};
#[cfg(feature = "pdf")]
pub(crate) use coverage::{pieces, ratio};
pub(crate) use heat::{Words, heat};
pub(crate) use releases::{bars, releases};
pub(crate) use svg::{Frame, Named};
