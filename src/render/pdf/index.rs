//! The index from control to page, and from page to controls.

use std::fmt::Write;

use super::book::{Parts, Scope};
use super::code::{Shared, Writer};
use super::literal;
use super::reference::{self, Goal, Resolved, control_place};
use super::whole::File;
use crate::base::finding::Spanned;
use crate::base::id::{ControlId, Reference};
use crate::link::counterpart::Counterpart;
use crate::link::manual::Manual;
use crate::link::report::{self, Met};
use crate::read::framework::Control;

/// The file of both.
pub(super) fn file(shared: &mut Shared<'_>, parts: &Parts<'_>) -> File {
    let mut writer = Writer::new(shared, None);
    writer.in_table = true;
    writer.out.push_str(super::whole::IMPORTS);
    writer.out.push_str("#let index = (");
    for (catalogue, controls) in &parts.index {
        writer.out.push_str("(title: ");
        writer.words(&catalogue.title, None);
        writer.out.push_str(", entries: (");
        for control in controls {
            writer.entry(control);
        }
        writer.out.push_str(")), ");
    }
    writer.out.push_str(")\n#let pages = (");
    for document in &parts.documents {
        writer.page(document.id.as_str(), document.id.as_str(), &document.title, &document.satisfies, &parts.scope);
        for section in writer.shared.manual.sections(&document.id) {
            let claims = document.body.headings().find(|heading| heading.id == section.id).map(|heading| heading.claims.as_slice());
            let place = format!("{}#{}", document.id, section.id);
            let words = format!("{} {}", section.number, section.title);
            writer.page(&place, document.id.as_str(), &words, claims.unwrap_or_default(), &parts.scope);
        }
    }
    writer.out.push_str(")\n");
    File { path: "/index.typ".into(), text: writer.out, origins: writer.origins }
}

/// The controls of other frameworks from which it follows how far one is met.
fn through(manual: &Manual, control: &Control) -> Vec<Resolved> {
    let state = manual.state(control);
    let in_use = |other: &&Counterpart| manual.view.catalogues.is_in_use(&other.control.edition);
    let others = manual.counterparts(control).into_iter().filter(in_use).filter(|other| manual.through(other) == Some(state));
    let reference = |id: &ControlId| Reference::Control { edition: id.edition.clone(), control: id.control.clone() };
    others.map(|other| reference::resolve_reference(manual, &reference(&other.control))).collect()
}

impl Writer<'_, '_> {
    fn entry(&mut self, control: &Control) {
        let manual = self.shared.manual;
        // Where the Statement of Applicability has the control, that is its place.
        let place = self.define(&control_place(&control.id));
        let _ = write!(self.out, "\n(place: {place}, id: ");
        self.words(&control.id.control, None);
        self.out.push_str(", title: ");
        self.words(&manual.view.project.language.phrase(&report::titled(control)), None);
        // A row leads nobody to itself.
        let goal = if place == "none" { self.goal(&Goal::Place(control_place(&control.id))) } else { "none".to_owned() };
        let decided = manual.statement(control).is_some();
        let _ = write!(self.out, ", goal: {goal}, decided: {decided}, state: \"{}\", met: ", manual.state(control).key());
        let met = report::met(manual, control);
        self.met(&met);
        // What nothing of the manual names is met by what meets another control.
        let through = if met.is_empty() { through(manual, control) } else { Vec::new() };
        self.out.push_str(", through: ");
        self.resolved(&through);
        self.out.push_str(", evidence: ");
        let evidence = report::evidence_of(manual, control);
        self.cell(&evidence, None);
        self.out.push_str("), ");
    }

    /// Documents with the sections that meet a control.
    pub(super) fn met(&mut self, met: &[Met<'_>]) {
        let manual = self.shared.manual;
        self.out.push('(');
        for Met { document, sections } in met {
            self.out.push_str("(id: ");
            literal::string(&mut self.out, document.id.as_str());
            self.out.push_str(", title: ");
            self.words(&document.title, None);
            self.out.push_str(", version: ");
            self.words(document.version.as_deref().unwrap_or_default(), None);
            let reviewed = document.reviewed.or(document.approved).map_or_else(String::new, |date| date.to_string());
            let goal = self.goal(&Goal::Place(document.id.to_string()));
            let _ = write!(self.out, ", status: \"{}\", reviewed: \"{reviewed}\", goal: {goal}, sections: ", document.status);
            let sections: Vec<Resolved> = sections.iter().map(|section| reference::resolve_reference(manual, section)).collect();
            self.resolved(&sections);
            self.out.push_str("), ");
        }
        self.out.push(')');
    }

    /// A document or section with the controls that it claims, where it claims any.
    fn page(&mut self, place: &str, id: &str, words: &str, claims: &[Spanned<Reference>], scope: &Scope) {
        let manual = self.shared.manual;
        let within = |claim: &&Spanned<Reference>| {
            let control = manual.control_named(&claim.value);
            control.is_some_and(|control| manual.canonical(control).iter().any(|id| scope.has_control(id)))
        };
        let claims: Vec<Resolved> = claims.iter().filter(within).map(|claim| reference::resolve_reference(manual, &claim.value)).collect();
        // A heading without words defines no place.
        if claims.is_empty() || !self.shared.places.contains(place) {
            return;
        }
        self.out.push_str("\n(place: ");
        literal::string(&mut self.out, place);
        self.out.push_str(", id: ");
        literal::string(&mut self.out, id);
        self.out.push_str(", words: ");
        self.words(words, None);
        self.out.push_str(", claims: ");
        self.resolved(&claims);
        self.out.push_str("), ");
    }
}
