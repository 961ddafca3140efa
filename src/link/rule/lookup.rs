//! Looks one reference up, and says what is wrong with it.

use crate::base::finding::{Finding, Span, did_you_mean, nearest};
use crate::base::id::{ControlId, EditionId, ItemId, Reference};
use crate::base::rule;
use crate::base::word::{Word, phrase};
use crate::link::manual::Manual;
use crate::read::document::Document;
use crate::read::framework::Control;
use crate::read::register;
use crate::read::schema::{Kind, Schema, listed};
use crate::read::tree::{Body, InlineKind, Target};
use crate::read::value::{Record, Value};

/// Looks references up, from a document or from elsewhere.
pub(super) struct Look<'a> {
    /// The manual of the highest view.
    pub manual: &'a Manual,
    /// The document that refers, for links within it.
    pub from: Option<&'a Document>,
}

impl Look<'_> {
    pub(super) fn body(&self, body: &Body, findings: &mut Vec<Finding>) {
        body.each_inline(&mut |inline| {
            let InlineKind::Link { target, .. } = &inline.kind else { return };
            match target {
                Target::Reference(reference) => self.reference(reference, inline.span, findings),
                Target::Section(section) => {
                    if let Some(document) = self.from {
                        self.section(document, section, inline.span, findings);
                    }
                }
                Target::Path { path, section } => self.path(path, section.as_deref(), inline.span, findings),
                Target::Url(_) => {}
            }
        });
    }

    /// Every reference of a record by its schema, nested ones too.
    pub(super) fn record(&self, record: &Record, schema: &Schema, findings: &mut Vec<Finding>) {
        for (key, spanned) in record.iter() {
            let Some(field) = schema.field(key).filter(|field| field.key != "id") else { continue };
            self.value(&spanned.value, field.kind, spanned.span, findings);
        }
    }

    fn value(&self, value: &Value, kind: Kind, span: Span, findings: &mut Vec<Finding>) {
        match (value, kind) {
            (Value::Reference(Reference::Item { id, .. }), Kind::Role) => self.role(id, span, findings),
            (Value::Reference(Reference::Control { edition, control }), Kind::Criterion)
                if self.manual.view.catalogues.group(edition, control).is_some() => {}
            (Value::Edition(edition), Kind::Criterion) => {
                if let Err(unknown) = self.manual.view.catalogues.find(edition) {
                    findings.push(Finding::new(unknown.rule, span, unknown.message).help_if(unknown.help));
                }
            }
            (Value::Reference(reference), _) => self.reference(reference, span, findings),
            (Value::Prose(body), _) => self.body(body, findings),
            (Value::List(items), Kind::List(kind)) => {
                items.iter().for_each(|item| self.value(&item.value, *kind, item.span, findings));
            }
            (Value::Record(record), Kind::Record(schema)) => self.record(record, schema, findings),
            _ => {}
        }
    }

    pub(super) fn reference(&self, reference: &Reference, span: Span, findings: &mut Vec<Finding>) {
        match reference {
            Reference::Control { edition, control } => {
                self.control(edition, control, span, findings);
            }
            Reference::Item { id, section } => match (self.manual.document(id), section) {
                (Some(document), Some(section)) => self.section(document, section, span, findings),
                (Some(_), None) => {}
                (None, section) => match (self.manual.row(id), section) {
                    (Some(_), None) => {}
                    (Some(_), Some(_)) => findings.push(
                        Finding::new(
                            &rule::UNRESOLVED_SECTION,
                            span,
                            phrase!("`{id}` is a row of a register and has no sections", id = id),
                        )
                        .help(phrase!("write `{id}`", id = id)),
                    ),
                    // What it names stands in what could not be read, which has findings of its own.
                    (None, _) if self.manual.view.unread.ids.contains(id) => {}
                    (None, _) => findings.push(self.unresolved(id, span)),
                },
            },
        }
    }

    fn unresolved(&self, id: &ItemId, span: Span) -> Finding {
        let view = &self.manual.view;
        let documents = view.documents.iter().map(|document| document.id.as_str());
        let rows = view.registers.iter().flat_map(|register| &register.rows).map(|row| row.id.as_str());
        let same_kind = |known: &&str| ItemId::parse(known).is_some_and(|known| known.prefix() == id.prefix());
        let in_capitals = id.as_str().to_ascii_uppercase();
        let help = match nearest(id.as_str(), documents.clone().chain(rows.clone()).filter(same_kind)) {
            Some(near) => phrase!("the nearest id is `{near}`", near = near),
            None if documents.chain(rows).any(|known| known == in_capitals) => did_you_mean(&in_capitals),
            None if id.is_role() => phrase!("add a row with `id: {id}` to the register of roles, or name a role that it has", id = id),
            None => phrase!("write the document or row that it should name, or remove the reference"),
        };
        let message =
            if id.is_role() { phrase!("there is no role `{id}`", id = id) } else { phrase!("there is no document or row `{id}`", id = id) };
        Finding::new(&rule::UNRESOLVED_REFERENCE, span, message).help(help)
    }

    pub(super) fn role(&self, id: &ItemId, span: Span, findings: &mut Vec<Finding>) {
        let is_role = self.manual.row(id).is_some_and(|(register, _)| register.kind.name == register::ROLES.name);
        if !is_role && !self.manual.view.unread.ids.contains(id) {
            findings.push(self.unresolved(id, span));
        }
    }

    pub(super) fn of_prefix(&self, reference: &Reference, prefixes: &[&str], what: Word, span: Span, findings: &mut Vec<Finding>) {
        match reference {
            Reference::Item { id, section: None } if prefixes.contains(&id.prefix()) => self.reference(reference, span, findings),
            _ => findings.push(
                Finding::new(&rule::INVALID_VALUE, span, phrase!("`{reference}` is not {what}", reference = reference, what = what))
                    .help(phrase!("name {what}, with an id that begins with {names}", what = what, names = listed(prefixes))),
            ),
        }
    }

    fn section(&self, document: &Document, section: &str, span: Span, findings: &mut Vec<Finding>) {
        let sections = self.manual.sections(&document.id);
        if sections.iter().any(|known| known.id.as_ref() == section) {
            return;
        }
        let ids: Vec<&str> = sections.iter().map(|known| known.id.as_ref()).collect();
        let help = match nearest(section, ids.iter().copied()) {
            Some(near) => did_you_mean(&format!("#{near}")),
            None if ids.is_empty() => phrase!("{id} has no headings", id = document.id),
            None => phrase!("the sections of {id} are {names}", id = document.id, names = listed(&ids)),
        };
        findings.push(
            Finding::new(&rule::UNRESOLVED_SECTION, span, phrase!("{id} has no section `{section}`", id = document.id, section = section))
                .help(help),
        );
    }

    fn path(&self, path: &str, section: Option<&str>, span: Span, findings: &mut Vec<Finding>) {
        let view = &self.manual.view;
        if let Some(document) = view.documents.iter().find(|document| document.path.as_ref() == path) {
            if let Some(section) = section {
                self.section(document, section, span, findings);
            }
            return;
        }
        let is_there = view.sources.find(path).is_some();
        if is_there && (path.starts_with("content/assets/") || view.project.adoption.holds(path) || view.unread.paths.contains(path)) {
            return;
        }
        let known = view.sources.iter().map(|(_, file)| file.path.as_ref()).filter(|known| known.starts_with("content/"));
        let help = match nearest(path, known) {
            Some(near) if near != path => did_you_mean(near),
            _ => phrase!("link to a document, or to a file under content/assets/"),
        };
        findings.push(Finding::new(&rule::UNRESOLVED_REFERENCE, span, phrase!("there is no page for `{path}`", path = path)).help(help));
    }

    fn control(&self, edition: &EditionId, control: &str, span: Span, findings: &mut Vec<Finding>) -> Option<&Control> {
        let catalogues = &self.manual.view.catalogues;
        match catalogues.control(edition, control) {
            Ok(found) => {
                let known = |id: &ControlId| catalogues.is_in_use(&id.edition);
                if !known(&found.id) && !found.alias_of.iter().any(known) && self.all_listed() {
                    findings.push(
                        Finding::new(
                            &rule::FRAMEWORK_NOT_IN_USE,
                            span,
                            phrase!("annexa.yaml does not list `{edition}`, so this control has no page", edition = found.id.edition),
                        )
                        .help(phrase!(
                            "add `{edition}` to `frameworks` in annexa.yaml, or leave the reference out",
                            edition = found.id.edition
                        )),
                    );
                }
                Some(found)
            }
            Err(unknown) => {
                findings.push(Finding::new(unknown.rule, span, unknown.message).help_if(unknown.help));
                None
            }
        }
    }

    /// Whether every edition that annexa.yaml lists is known. Where one is not, it may be the one that a reference misses.
    fn all_listed(&self) -> bool {
        let view = &self.manual.view;
        !view.project.frameworks.is_empty() && view.project.frameworks.iter().all(|listed| view.catalogues.find(&listed.value).is_ok())
    }

    pub(super) fn claim(&self, reference: &Reference, span: Span, findings: &mut Vec<Finding>) {
        let Reference::Control { edition, control } = reference else { return };
        if let Some(found) = self.control(edition, control, span, findings) {
            self.in_force(found, span, findings);
        }
    }

    /// withdrawn-control
    pub(super) fn in_force(&self, control: &Control, span: Span, findings: &mut Vec<Finding>) {
        if control.withdrawn {
            let into: Vec<&str> = control.into.iter().map(AsRef::as_ref).collect();
            let help = if into.is_empty() { phrase!("leave it out") } else { phrase!("it went into {names}", names = listed(&into)) };
            findings.push(
                Finding::new(
                    &rule::WITHDRAWN_CONTROL,
                    span,
                    phrase!("`{control}` ({title}) is withdrawn", control = control.id.control, title = control.title),
                )
                .help(help),
            );
        }
    }
}
