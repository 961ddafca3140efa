//! A migration for programs: one JSON object.

use serde::Serialize;

use super::{Report, words};
use crate::base::edit::Hunk;
use crate::base::finding::LineIndex;
use crate::base::id::ControlId;
use crate::link::migration::{Listing, Outcome, Reason, Speaker, Use};
use crate::read::framework::Catalogue;

#[derive(Serialize)]
struct Page<'a> {
    /// The version of this format.
    format: u32,
    from: Edition<'a>,
    to: Edition<'a>,
    controls: Vec<Row<'a>>,
    new: Vec<Named<'a>>,
    by_other_names: Vec<Place<'a>>,
    kept: Vec<Place<'a>>,
    relocated: Vec<Relocated<'a>>,
    /// What becomes of the list of editions in annexa.yaml: same, swapped, added, reversed.
    frameworks: &'static str,
    /// Whether the new edition was to be listed first and is not.
    order_kept: bool,
    changes: Vec<Change<'a>>,
    files: Vec<String>,
    /// Whether errors of the project stand against writing.
    blocked: bool,
    written: bool,
}

#[derive(Serialize)]
struct Edition<'a> {
    edition: String,
    title: &'a str,
    source: Option<&'a str>,
}

#[derive(Serialize)]
struct Row<'a> {
    control: &'a str,
    title: &'a str,
    /// `moves` or `person`.
    outcome: &'static str,
    target: Option<&'a str>,
    /// Whether it moves and the new control asks for more, or otherwise.
    read_again: bool,
    reason: Option<&'static str>,
    words: Option<String>,
    counterparts: Vec<Other<'a>>,
    uses: Vec<Place<'a>>,
}

#[derive(Serialize)]
struct Named<'a> {
    control: &'a str,
    title: &'a str,
    unconfirmed: Option<&'a str>,
}

#[derive(Serialize)]
struct Other<'a> {
    #[serde(flatten)]
    named: Named<'a>,
    /// Whether the old control has guidance for cloud services and the new one is not known to.
    guidance_lost: bool,
    said: Vec<Said<'a>>,
}

#[derive(Serialize)]
struct Said<'a> {
    relationship: &'static str,
    basis: &'a str,
    rationale: Option<&'a str>,
    decided: bool,
}

#[derive(Serialize)]
struct Place<'a> {
    kind: &'static str,
    by: String,
    path: &'a str,
    line: usize,
    column: usize,
    /// Whether a person has to change it.
    left: bool,
    why: Option<&'static str>,
}

#[derive(Serialize)]
struct Relocated<'a> {
    from: &'a str,
    to: &'a str,
    new_file: bool,
    controls: Vec<&'a str>,
}

#[derive(Serialize)]
struct Change<'a> {
    path: &'a str,
    line: usize,
    old: &'a [String],
    new: &'a [String],
}

/// One object, on several lines.
pub(super) fn render(report: &Report<'_>) -> String {
    let plan = report.plan;
    let mut lines = LineIndex::new(report.sources);
    let mut place = |used: &Use, left: bool| {
        let at = lines.position(used.span.file, used.span.range().start);
        let by = match &used.by {
            Speaker::Item(id) => id.to_string(),
            Speaker::Statement(control) => control.to_string(),
            Speaker::Decisions => String::new(),
        };
        let path = report.sources.file(used.span.file).path.as_ref();
        Place { kind: used.kind.word(), by, path, line: at.line, column: at.column, left, why: used.fixed }
    };
    let controls = plan.moves.iter().map(|one| {
        let reason = match &one.outcome {
            Outcome::Moves(_) => None,
            Outcome::Person(reason) => Some(reason),
        };
        let counterparts = one.counterparts.iter().filter_map(|counterpart| {
            let control = report.manual.control(&counterpart.control)?;
            Some(Other {
                named: named(report, &counterpart.control)?,
                guidance_lost: one.control.cloud_guidance && !control.cloud_guidance,
                said: counterpart
                    .said
                    .iter()
                    .map(|said| Said {
                        relationship: said.relationship.word(),
                        basis: &said.basis,
                        rationale: said.rationale.as_deref(),
                        decided: said.decided,
                    })
                    .collect(),
            })
        });
        Row {
            control: &one.control.id.control,
            title: &one.control.title,
            outcome: if reason.is_none() { "moves" } else { "person" },
            target: one.target().map(|target| target.control.as_ref()),
            read_again: one.asks_otherwise(),
            reason: reason.map(code),
            words: reason.map(|reason| words::words(reason, plan)),
            counterparts: counterparts.collect(),
            uses: one.uses.iter().map(|used| place(used, reason.is_some() || used.fixed.is_some())).collect(),
        }
    });
    let controls = controls.collect();
    let hunks = plan.edits.hunks(report.sources);
    let page = Page {
        format: 1,
        from: edition(&plan.from),
        to: edition(&plan.to),
        controls,
        new: plan.new.iter().filter_map(|control| named(report, &control.id)).collect(),
        by_other_names: plan.by_other_names.iter().map(|used| place(used, true)).collect(),
        kept: plan.kept.iter().map(|used| place(used, false)).collect(),
        relocated: plan
            .relocated
            .iter()
            .map(|relocation| Relocated {
                from: &relocation.from,
                to: &relocation.to,
                new_file: relocation.is_new,
                controls: relocation.controls.iter().map(|id| id.control.as_ref()).collect(),
            })
            .collect(),
        frameworks: match plan.listing {
            Listing::Same => "same",
            Listing::Swapped { .. } => "swapped",
            Listing::Added { .. } => "added",
            Listing::Reversed { .. } => "reversed",
        },
        order_kept: plan.order_kept,
        changes: hunks.iter().map(|Hunk { path, line, old, new }| Change { path, line: *line, old, new }).collect(),
        files: plan.edits.paths(report.sources).iter().map(ToString::to_string).collect(),
        blocked: report.blocked,
        written: report.written,
    };
    // Texts, numbers and lists always serialise.
    let mut out = serde_json::to_string_pretty(&page).unwrap_or_default();
    out.push('\n');
    out
}

fn edition(catalogue: &Catalogue) -> Edition<'_> {
    Edition { edition: catalogue.id.to_string(), title: &catalogue.title, source: catalogue.source.as_deref() }
}

fn named<'a>(report: &'a Report<'_>, id: &ControlId) -> Option<Named<'a>> {
    let control = report.manual.control(id)?;
    Some(Named { control: &control.id.control, title: &control.title, unconfirmed: control.unconfirmed.as_deref() })
}

fn code(reason: &Reason) -> &'static str {
    match reason {
        Reason::None => "none",
        Reason::Several => "several",
        Reason::Shared(_) => "shared",
        Reason::Unstated => "unstated",
        Reason::Withdrawn => "withdrawn",
        Reason::OtherName(_) => "other-name",
        Reason::Decided(_) => "decided",
        Reason::Unsplittable => "unsplittable",
    }
}
