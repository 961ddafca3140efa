//! Sheets of controls as Typst code, for framework packs and audit packs.

use std::fmt::Write;

use super::book::Parts;
use super::code::{Shared, Writer};
use super::literal;
use super::reference::{self, control_place};
use super::whole::{File, IMPORTS};
use crate::base::id::Reference;
use crate::link::report::{self, Sheet};

/// The file of all sheets of a book.
pub(super) fn file(shared: &mut Shared<'_>, parts: &Parts<'_>) -> File {
    let mut writer = Writer::new(shared, None);
    writer.in_table = true;
    writer.out.push_str(IMPORTS);
    writer.out.push_str("#let sheets = (");
    for sheet in &parts.sheets {
        writer.sheet(sheet);
    }
    writer.out.push_str(")\n");
    File { path: "/sheets.typ".into(), text: writer.out, origins: writer.origins }
}

impl Writer<'_, '_> {
    fn sheet(&mut self, sheet: &Sheet<'_>) {
        let manual = self.shared.manual;
        let language = &manual.view.project.language;
        let control = sheet.control;
        let place = self.define(&control_place(&control.id));
        let _ = write!(self.out, "\n(place: {place}, framework: ");
        let framework = manual.view.catalogues.edition(&control.id.edition).map(|catalogue| catalogue.title.clone());
        self.words(framework.as_deref().unwrap_or_default(), None);
        self.out.push_str(", id: ");
        self.words(&control.id.control, None);
        self.out.push_str(", title: ");
        self.words(&language.phrase(&report::titled(control)), None);
        let _ = write!(self.out, ", state: \"{}\", facts: (", sheet.state.key());
        for fact in &sheet.facts {
            self.out.push_str("(label: ");
            self.words(language.say(fact.label), None);
            self.out.push_str(", body: ");
            self.cell(&fact.cell, None);
            self.out.push_str("), ");
        }
        self.out.push_str("), met: ");
        self.met(&sheet.met);
        self.out.push_str(", through: (");
        for through in &sheet.through {
            let other = &through.counterpart.control;
            let reference = Reference::Control { edition: other.edition.clone(), control: other.control.clone() };
            let mut link = reference::resolve_reference(manual, &reference);
            link.words = manual.control(other).map_or_else(String::new, |control| language.phrase(&report::titled(control)));
            self.out.push_str("(control: ");
            self.one(&link);
            self.out.push_str(", relationship: ");
            literal::string(&mut self.out, language.say(through.counterpart.relationship.of_the_other()));
            let _ = write!(self.out, ", state: \"{}\", met: ", through.state.key());
            self.met(&through.met);
            self.out.push_str("), ");
        }
        self.out.push_str(")), ");
    }
}
