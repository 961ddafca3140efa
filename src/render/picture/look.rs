//! What states and levels look like: colours by name, and marks that can be told without them.

use crate::link::report::RiskLevel;
use crate::link::state::State;

/// The colours of a tile or cell, by their names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// What it is filled with.
    pub(super) fill: &'static str,
    /// What is written on it.
    pub(super) ink: &'static str,
    /// Its mark.
    pub(super) mark: &'static str,
    /// What the mark stands on, where that is not the fill.
    pub(super) ground: Option<&'static str>,
    /// Its outline.
    pub(super) line: Option<&'static str>,
}

/// The look of a state. Those that count are filled, dark on light and light on dark; the others are outlines.
pub(super) fn state(state: State) -> Look {
    let filled = Look { fill: "met", ink: "paper", mark: "paper", ground: None, line: None };
    let outline = |mark| Look { fill: "paper", ink: "ink", mark, ground: None, line: Some(mark) };
    match state {
        State::Met | State::MetThrough => filled,
        State::InPart => Look { fill: "part-tint", ink: "ink", mark: "paper", ground: Some("part"), line: Some("part") },
        State::Planned => outline("planned"),
        State::PointedTo => outline("soft"),
        State::NotApplicable => Look { fill: "sheet", ink: "soft", mark: "soft", ground: None, line: None },
        State::Open => outline("open"),
    }
}

/// The mark of a state in a box of 12 by 12: those of the component `shape`.
pub(super) fn mark(state: State) -> &'static str {
    match state {
        State::Met => r#"<circle cx="6" cy="6" r="5.25" fill="currentColor"/>"#,
        State::MetThrough => {
            r#"<circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" stroke-width="1.5"/><circle cx="6" cy="6" r="2.5" fill="currentColor"/>"#
        }
        State::PointedTo => r#"<path d="M1 6h8.5M6.4 2.6 9.9 6 6.4 9.4" fill="none" stroke="currentColor" stroke-width="1.5"/>"#,
        State::InPart => {
            r#"<circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M6 1.5v9a4.5 4.5 0 0 1 0-9z" fill="currentColor"/>"#
        }
        State::Planned => r#"<circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" stroke-width="1.5"/>"#,
        State::Open => r#"<path d="M6 1.1 10.9 6 6 10.9 1.1 6z" fill="none" stroke="currentColor" stroke-width="1.5"/>"#,
        State::NotApplicable => r#"<path d="M2 6h8" stroke="currentColor" stroke-width="1.5"/>"#,
    }
}

/// The look of a level of risk: the heavier, the further from the paper.
pub(super) fn level(level: RiskLevel) -> Look {
    let look = |fill, ink| Look { fill, ink, mark: ink, ground: None, line: None };
    match level {
        RiskLevel::Low => look("risk-low", "on-risk-low"),
        RiskLevel::Medium => look("risk-medium", "on-risk-medium"),
        RiskLevel::High => look("risk-high", "on-risk-high"),
        RiskLevel::Critical => look("risk-critical", "on-risk-critical"),
    }
}

/// The hatch of a level in a strip of 22 by 9: nothing, bars, slants, a lattice.
pub(super) fn hatch(level: RiskLevel) -> &'static str {
    match level {
        RiskLevel::Low => "",
        RiskLevel::Medium => "M2 0v9M8 0v9M14 0v9M20 0v9",
        RiskLevel::High => "M-1 9l6-9M3 9l6-9M7 9l6-9M11 9l6-9M15 9l6-9M19 9l6-9",
        RiskLevel::Critical => "M-1 9l6-9M3 9l6-9M7 9l6-9M11 9l6-9M15 9l6-9M19 9l6-9M-1 0l6 9M3 0l6 9M7 0l6 9M11 0l6 9M15 0l6 9M19 0l6 9",
    }
}

/// A colour as an attribute takes it.
pub(super) fn colour(name: &str) -> String {
    format!("var(--{name})")
}
