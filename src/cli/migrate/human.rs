//! A migration as a person at a terminal reads it.

use std::fmt::Write as _;
use std::sync::Arc;

use super::Report;
use super::words::{begin, counted, is_idle, said, shown, words};
use crate::base::edit::Hunk;
use crate::base::finding::LineIndex;
use crate::base::id::ControlId;
use crate::link::migration::{Listing, Migration, Move, Outcome, Reason, Speaker, Use, UseKind};
use crate::link::report;
use crate::read::framework::Control;

/// How many lines of one change are shown.
const SHOWN: usize = 8;

/// The whole of it.
pub(super) fn render(report: &Report<'_>) -> String {
    let mut page = Page { report, lines: LineIndex::new(report.sources), notes: Vec::new(), out: String::new() };
    // Words to a string never fail.
    let _ = page.all();
    page.out
}

struct Page<'a> {
    report: &'a Report<'a>,
    lines: LineIndex<'a>,
    /// What is not confirmed, told once each.
    notes: Vec<Arc<str>>,
    out: String,
}

const WITHOUT_GUIDANCE: &str = "The old control has guidance for cloud services; that the new one has is not known.";

impl Page<'_> {
    fn all(&mut self) -> std::fmt::Result {
        let plan = self.report.plan;
        writeln!(self.out, "From {} ({}) to {} ({})", plan.from.title, plan.from.id, plan.to.title, plan.to.id)?;
        if !plan.is_used() {
            writeln!(self.out, "This manual does not speak of {}.", plan.from.id)?;
        }
        self.moving()?;
        self.left_to_a_person()?;
        self.new_ones()?;
        self.by_other_names()?;
        self.kept()?;
        self.not_confirmed()?;
        self.changes()?;
        self.ending()
    }

    fn moving(&mut self) -> std::fmt::Result {
        let plan = self.report.plan;
        let moving: Vec<(&Move, &ControlId)> = plan.moves.iter().filter_map(|one| Some((one, one.target()?))).collect();
        if moving.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\nMoves ({}): one counterpart each, and its only one", moving.len())?;
        let width = |id: &dyn Fn(&(&Move, &ControlId)) -> usize| moving.iter().map(id).max().unwrap_or(0);
        let (old, new) = (width(&|(one, _)| one.control.id.control.len()), width(&|(_, target)| target.control.len()));
        for (one, target) in &moving {
            let said: Vec<String> = one.counterparts.iter().map(said).collect();
            let counts = counted(one);
            let title = self.title_of(target, Some(&one.control));
            writeln!(self.out, "  {:old$} -> {:new$}  {title}; {}; {counts}", one.control.id.control, target.control, said.join(", "))?;
            if one.asks_otherwise() {
                writeln!(
                    self.out,
                    "      read again: the new control asks for more, or otherwise; a claim to the old one may be too little for it"
                )?;
            }
            for used in one.uses.iter().filter(|used| used.fixed.is_some() || one.asks_otherwise()) {
                self.place(used)?;
            }
        }
        Ok(())
    }

    fn left_to_a_person(&mut self) -> std::fmt::Result {
        let plan = self.report.plan;
        let left: Vec<&Move> = plan.moves.iter().filter(|one| one.target().is_none() && !is_idle(one)).collect();
        if left.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\nFor a person to decide ({})", left.len())?;
        for one in left {
            let Outcome::Person(reason) = &one.outcome else { continue };
            let unused = if one.uses.is_empty() { "; not used here" } else { "" };
            let why = self.why(reason, plan);
            writeln!(self.out, "  {} ({}): {why}{unused}", one.control.id.control, one.control.title)?;
            for counterpart in &one.counterparts {
                let title = self.title_of(&counterpart.control, Some(&one.control));
                writeln!(self.out, "      -> {} {title}; {}", counterpart.control.control, said(counterpart))?;
            }
            for used in &one.uses {
                self.place(used)?;
            }
        }
        Ok(())
    }

    fn new_ones(&mut self) -> std::fmt::Result {
        let plan = self.report.plan;
        if plan.new.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\nNew in {} ({}): no pair leads there", plan.to.title, plan.new.len())?;
        for control in &plan.new {
            let title = self.title_of(&control.id, None);
            let open = report::is_soa_control(control) && self.report.manual.statement(control).is_none();
            let open = if open { "; needs a statement" } else { "" };
            writeln!(self.out, "  {} {title}{open}", control.id.control)?;
        }
        Ok(())
    }

    fn by_other_names(&mut self) -> std::fmt::Result {
        let plan = self.report.plan;
        if plan.by_other_names.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\nOther names of controls of {} are used here, and stay", plan.from.title)?;
        for used in &plan.by_other_names {
            self.place(used)?;
        }
        Ok(())
    }

    fn kept(&mut self) -> std::fmt::Result {
        let plan = self.report.plan;
        if plan.kept.is_empty() {
            return Ok(());
        }
        writeln!(
            self.out,
            "\nWhat was judged of {} stays with it, decisions on pairs and criteria of audits; judge {} anew",
            plan.from.id, plan.to.id
        )?;
        for used in &plan.kept {
            self.place(used)?;
        }
        Ok(())
    }

    fn not_confirmed(&mut self) -> std::fmt::Result {
        if self.notes.is_empty() {
            return Ok(());
        }
        let plan = self.report.plan;
        writeln!(self.out, "\nNot confirmed")?;
        for (number, note) in self.notes.iter().enumerate() {
            writeln!(self.out, "  [{}] {note}", number + 1)?;
        }
        if let Some(source) = &plan.to.source {
            writeln!(self.out, "  Of {}: {source}", plan.to.title)?;
        }
        Ok(())
    }

    fn changes(&mut self) -> std::fmt::Result {
        let hunks = self.report.plan.edits.hunks(self.report.sources);
        if hunks.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\nChanges")?;
        for relocation in &self.report.plan.relocated {
            let controls: Vec<&str> = relocation.controls.iter().map(|id| id.control.as_ref()).collect();
            let new = if relocation.is_new { ", a new file" } else { "" };
            let verb = if controls.len() == 1 { "goes" } else { "go" };
            writeln!(self.out, "  {}: {} {verb} to {}{new}", relocation.from, controls.join(", "), relocation.to)?;
        }
        for Hunk { path, line, old, new } in &hunks {
            writeln!(self.out, "  {path}:{line}")?;
            // Lines that stand for one another are shown from the same place on.
            let pair = |index: usize| old.get(index).zip(new.get(index)).filter(|_| old.len() == new.len());
            for (mark, lines) in [('-', old), ('+', new)] {
                for (index, text) in lines.iter().enumerate().take(SHOWN) {
                    let from = pair(index).map_or(0, |(old, new)| begin(old, new));
                    writeln!(self.out, "{}", format!("    {mark} {}", shown(text, from)).trim_end())?;
                }
                if lines.len() > SHOWN {
                    writeln!(self.out, "    {mark} ... {} lines more", lines.len() - SHOWN)?;
                }
            }
        }
        Ok(())
    }

    fn ending(&mut self) -> std::fmt::Result {
        let Report { plan, .. } = self.report;
        let files = plan.edits.paths(self.report.sources).len();
        let some = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
        writeln!(self.out)?;
        match (plan.edits.is_empty(), self.report.written, self.report.blocked, self.report.asked) {
            (true, ..) => writeln!(self.out, "There is nothing to write.")?,
            (_, true, ..) => writeln!(self.out, "Wrote {}.", some(files, "file"))?,
            (_, _, true, _) | (_, _, _, true) => writeln!(self.out, "Nothing was written.")?,
            _ => writeln!(self.out, "Nothing was written; --write changes {}.", some(files, "file"))?,
        }
        if plan.order_kept {
            writeln!(
                self.out,
                "{} stays first: a name without an edition stands where it cannot be changed without a person.",
                plan.from.id
            )?;
        }
        let left = plan.left().count() + plan.by_other_names.len();
        if left > 0 {
            let verb = if left == 1 { "is" } else { "are" };
            writeln!(self.out, "{} of {} {verb} left to a person.", some(left, "place"), plan.from.id)?;
        }
        let both = self.report.manual.view.catalogues.is_in_use(&plan.from.id) && plan.listing == Listing::Same;
        if left == 0 && both {
            writeln!(
                self.out,
                "Nothing speaks of {} any more: take it out of `frameworks` in annexa.yaml when it need not be shown.",
                plan.from.id
            )?;
        }
        Ok(())
    }

    fn place(&mut self, used: &Use) -> std::fmt::Result {
        let at = self.lines.position(used.span.file, used.span.range().start);
        let path = &self.report.sources.file(used.span.file).path;
        let by = match &used.by {
            Speaker::Item(id) => format!(" of {id}"),
            Speaker::Statement(control) if used.kind != UseKind::Statement => format!(" of the statement on {}", control.control),
            Speaker::Statement(_) | Speaker::Decisions => String::new(),
        };
        let why = used.fixed.map(|why| format!("; {why}")).unwrap_or_default();
        writeln!(self.out, "      {path}:{}:{}  {}{by}{why}", at.line, at.column, used.kind.word())
    }

    /// A control's title, with marks for what is not confirmed of it.
    fn title_of(&mut self, id: &ControlId, before: Option<&Control>) -> String {
        let Some(control) = self.report.manual.control(id) else { return String::new() };
        let without = before.is_some_and(|before| before.cloud_guidance && !control.cloud_guidance);
        let notes: Vec<Arc<str>> = control.unconfirmed.iter().cloned().chain(without.then(|| WITHOUT_GUIDANCE.into())).collect();
        let mut title = format!("({}", control.title);
        for note in notes {
            let number = self.notes.iter().position(|known| *known == note).unwrap_or_else(|| {
                self.notes.push(note);
                self.notes.len() - 1
            });
            let _ = write!(title, "; unconfirmed [{}]", number + 1);
        }
        title + ")"
    }

    fn why(&mut self, reason: &Reason, plan: &Migration) -> String {
        match reason {
            Reason::Decided(there) => {
                let at = self.lines.position(there.file, there.range().start);
                format!("its counterpart has a statement already, {}:{}:{}", self.report.sources.file(there.file).path, at.line, at.column)
            }
            other => words(other, plan),
        }
    }
}
