//! Identifiers are unique, and every reference means something.

use std::collections::BTreeMap;

use crate::base::finding::{Finding, Span, nearest};
use crate::base::id::{ControlId, EditionId, ItemId, Reference};
use crate::base::rule;
use crate::link::index::Destination;
use crate::link::manual::Manual;
use crate::read::document::Document;
use crate::read::framework::Control;
use crate::read::project::Project;
use crate::read::register;
use crate::read::schema::{Kind, Schema, list, unknown_value};
use crate::read::statement::{COUNTERPARTIES, REASONS};
use crate::read::tree::{BlockKind, Body, Inline, InlineKind, Target};
use crate::read::value::{Classification, Record, Value};

/// duplicate-id
pub(super) fn duplicate_ids(manual: &Manual, findings: &mut Vec<Finding>) {
    let mut seen: BTreeMap<&ItemId, Span> = BTreeMap::new();
    let documents = manual.view.documents.iter().map(|document| (&document.id, document.front.span_of("id")));
    let rows = manual.view.registers.iter().flat_map(|register| &register.rows).map(|row| (&row.id, row.span()));
    for (id, span) in documents.chain(rows) {
        match seen.get(id) {
            Some(first) => findings.push(
                Finding::new(&rule::DUPLICATE_ID, span, format!("the id `{id}` is taken"))
                    .help("give one of the two an id of its own")
                    .related(*first, "first used here"),
            ),
            None => {
                seen.insert(id, span);
            }
        }
    }
}

/// References of documents: in front matter, on headings, in the text.
pub(super) fn of_documents(manual: &Manual, findings: &mut Vec<Finding>) {
    for document in &manual.view.documents {
        let look = Look { manual, from: Some(document) };
        for role in ["owner", "approver"] {
            if let Some(id) = document.front.item(role) {
                look.role(id, document.front.span_of(role), findings);
            }
        }
        for row in document.front.list("history") {
            let Value::Record(row) = &row.value else { continue };
            if let Some(author) = row.item("author") {
                look.role(author, row.span_of("author"), findings);
            }
            if let Some(change) = row.prose("change") {
                look.body(change, findings);
            }
        }
        if let Some(summary) = &document.summary {
            look.body(&summary.text, findings);
        }
        let on_headings = document.body.headings().flat_map(|heading| &heading.claims);
        for claim in document.satisfies.iter().chain(on_headings) {
            look.claim(&claim.value, claim.span, findings);
        }
        look.body(&document.body, findings);
    }
}

/// References of register rows.
pub(super) fn of_rows(manual: &Manual, findings: &mut Vec<Finding>) {
    let look = Look { manual, from: None };
    for register in &manual.view.registers {
        for row in &register.rows {
            look.record(&row.fields, register.kind.schema, findings);
        }
    }
}

/// References of statements, which say what kind of thing each of them names.
pub(super) fn of_statements(manual: &Manual, findings: &mut Vec<Finding>) {
    let look = Look { manual, from: None };
    for statement in &manual.view.statements {
        let fields = &statement.fields;
        if let Some(control) = manual.control(&statement.control) {
            look.in_force(control, statement.span, findings);
            if let [first, ..] = control.alias_of.as_slice() {
                findings.push(
                    Finding::new(
                        &rule::INVALID_VALUE,
                        statement.span,
                        format!("`{}` is another name of `{first}` and has no statement of its own", control.id.control),
                    )
                    .help(format!("decide it in the statement of `{first}`")),
                );
            }
        }
        for reason in fields.references("reasons") {
            match &reason.value {
                Reference::Item { id, .. } if id.is_role() => {
                    if !REASONS.contains(&id.as_str()) {
                        findings.push(unknown_value(id.as_str(), reason.span, "reasons", REASONS));
                    }
                }
                _ => look.of_prefix(&reason.value, &["RSK", "LEG"], "a risk or a legal requirement", reason.span, findings),
            }
        }
        for item in fields.list("responsibility") {
            let Value::Record(record) = &item.value else { continue };
            for key in ["ours", "theirs"] {
                record.prose(key).into_iter().for_each(|body| look.body(body, findings));
            }
            let Some(id) = record.item("counterparty") else { continue };
            let span = record.span_of("counterparty");
            if id.is_role() {
                if !COUNTERPARTIES.contains(&id.as_str()) {
                    findings.push(unknown_value(id.as_str(), span, "counterparty", COUNTERPARTIES));
                }
            } else {
                look.of_prefix(&Reference::Item { id: id.clone(), section: None }, &["SUP"], "a supplier", span, findings);
            }
        }
        for document in statement.documents() {
            match manual.resolve_reference(&document.value) {
                Destination::Document { .. } | Destination::Withheld => look.reference(&document.value, document.span, findings),
                _ => findings.push(
                    Finding::new(&rule::INVALID_VALUE, document.span, format!("`{}` is no document", document.value))
                        .help("name a document or a section of it, as in `POL-004#leavers`"),
                ),
            }
        }
        for evidence in fields.references("evidence") {
            look.of_prefix(&evidence.value, &[register::EVIDENCE.prefix], "a row of evidence", evidence.span, findings);
        }
        for key in ["implementation", "justification"] {
            fields.prose(key).into_iter().for_each(|body| look.body(body, findings));
        }
        if let Some(owner) = fields.item("owner") {
            look.role(owner, fields.span_of("owner"), findings);
        }
    }
}

/// image-missing
pub(super) fn images(manual: &Manual, findings: &mut Vec<Finding>) {
    let sources = &manual.view.sources;
    for document in &manual.view.documents {
        document.body.each_inline(&mut |inline| {
            let InlineKind::Image { path, .. } = &inline.kind else { return };
            if path.is_empty() {
                // The parser has said why it cannot be used.
                return;
            }
            let Some(file) = sources.find(path) else {
                let known = sources.iter().map(|(_, file)| file.path.as_ref()).filter(|path| is_image(path));
                let help = nearest(path, known).map(|near| format!("did you mean `{near}`?"));
                findings.push(Finding::new(&rule::IMAGE_MISSING, inline.span, format!("there is no file `{path}`")).help_if(help));
                return;
            };
            if !looks_like_image(path, sources.file(file).bytes()) {
                findings.push(
                    Finding::new(&rule::IMAGE_MISSING, inline.span, format!("`{path}` is not an image that can be shown"))
                        .help("use a PNG, JPEG, GIF, WebP or SVG file whose content is what its name says"),
                );
            }
        });
    }
}

fn is_image(path: &str) -> bool {
    let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    matches!(ending.as_str(), "png" | "jpg" | "jpeg" | "gif" | "webp" | "svg")
}

/// Whether a file begins as its name's ending says. (PNG: ISO/IEC 15948, 5.2; JPEG: ITU-T T.81, B.2.1; GIF89a; RFC 9649 for WebP.)
fn looks_like_image(path: &str, bytes: &[u8]) -> bool {
    let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match ending.as_str() {
        "png" => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        "jpg" | "jpeg" => bytes.starts_with(b"\xff\xd8\xff"),
        "gif" => bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a"),
        "webp" => bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
        "svg" => std::str::from_utf8(bytes).is_ok_and(|text| text.contains("<svg")),
        _ => false,
    }
}

/// withheld-reference: a bare reference from something that more people see than see its target. Where the author gave words of their
/// own, those are shown and nothing is left to warn of.
pub(super) fn withheld(manual: &Manual, findings: &mut Vec<Finding>) {
    let project = &manual.view.project;
    for document in &manual.view.documents {
        let mut marks: Vec<(u8, Classification)> = Vec::new();
        for block in &document.body.blocks {
            if let BlockKind::Heading(heading) = &block.kind {
                marks.retain(|(level, _)| *level < heading.level);
                marks.extend(
                    mark_of(heading.classification.as_ref().map(|mark| mark.value.as_ref()), project).map(|mark| (heading.level, mark)),
                );
            }
            let own = marks.iter().map(|(_, mark)| *mark).chain([document.classification]).max().unwrap_or(document.classification);
            block.each_inline(&mut |inline| check_withheld(manual, document, own, inline, findings));
        }
    }
}

fn check_withheld(manual: &Manual, document: &Document, own: Classification, inline: &Inline, findings: &mut Vec<Finding>) {
    let InlineKind::Link { target, content } = &inline.kind else { return };
    if !content.is_empty() {
        return;
    }
    let project = &manual.view.project;
    let needed = match manual.resolve(Some(document), target) {
        Destination::Document { document: to, section } => {
            let whole = to.summary.as_ref().map_or(to.classification, |summary| summary.classification.min(to.classification));
            match section {
                // A section is seen only with its document.
                Some(section) => section_mark(to, &section.id, project).map_or(whole, |mark| mark.max(whole)),
                None => whole,
            }
        }
        Destination::Row { row, .. } => row.classification,
        _ => return,
    };
    if needed > own {
        let (own, needed) = (project.classification_name(own), project.classification_name(needed));
        findings.push(
            Finding::new(&rule::WITHHELD_REFERENCE, inline.span, format!("this text is {own}, and what it refers to is {needed}"))
                .label("shown as \"an internal document\" to those who may not see it")
                .help("give the reference words of its own, as in `[[POL-004|the access policy]]`, or what it names an abstract"),
        );
    }
}

fn mark_of(word: Option<&str>, project: &Project) -> Option<Classification> {
    word.map(|word| project.classification_named(word).unwrap_or_else(|| project.highest()))
}

/// The highest mark on a section or on one that it stands in.
fn section_mark(document: &Document, id: &str, project: &Project) -> Option<Classification> {
    let mut marks: Vec<(u8, Classification)> = Vec::new();
    for heading in document.body.headings() {
        marks.retain(|(level, _)| *level < heading.level);
        marks.extend(mark_of(heading.classification.as_ref().map(|mark| mark.value.as_ref()), project).map(|mark| (heading.level, mark)));
        if heading.id.as_ref() == id {
            return marks.iter().map(|(_, mark)| *mark).max();
        }
    }
    None
}

/// Looks references up, from a document or from elsewhere.
struct Look<'a> {
    manual: &'a Manual,
    from: Option<&'a Document>,
}

impl Look<'_> {
    fn body(&self, body: &Body, findings: &mut Vec<Finding>) {
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
    fn record(&self, record: &Record, schema: &Schema, findings: &mut Vec<Finding>) {
        for (key, spanned) in record.iter() {
            let Some(field) = schema.field(key).filter(|field| field.key != "id") else { continue };
            self.value(&spanned.value, field.kind, spanned.span, findings);
        }
    }

    fn value(&self, value: &Value, kind: Kind, span: Span, findings: &mut Vec<Finding>) {
        match (value, kind) {
            (Value::Reference(Reference::Item { id, .. }), Kind::Role) => self.role(id, span, findings),
            (Value::Reference(reference), _) => self.reference(reference, span, findings),
            (Value::Prose(body), _) => self.body(body, findings),
            (Value::List(items), Kind::List(kind)) => {
                items.iter().for_each(|item| self.value(&item.value, *kind, item.span, findings));
            }
            (Value::Record(record), Kind::Record(schema)) => self.record(record, schema, findings),
            _ => {}
        }
    }

    fn reference(&self, reference: &Reference, span: Span, findings: &mut Vec<Finding>) {
        match reference {
            Reference::Control { edition, control } => {
                self.control(edition, control, span, findings);
            }
            Reference::Item { id, section } => match (self.manual.document(id), section) {
                (Some(document), Some(section)) => self.section(document, section, span, findings),
                (Some(_), None) => {}
                // What it names stands in a file that could not be read, which has findings of its own.
                (None, _) if self.manual.view.unread.ids.contains(id) => {}
                (None, section) => match (self.manual.row(id), section) {
                    (Some(_), None) => {}
                    (Some(_), Some(_)) => findings.push(
                        Finding::new(&rule::UNRESOLVED_SECTION, span, format!("`{id}` is a row of a register and has no sections"))
                            .help(format!("write `{id}`")),
                    ),
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
        let help = match nearest(id.as_str(), documents.chain(rows).filter(same_kind)) {
            Some(near) => format!("the nearest id is `{near}`"),
            None => "write the document or row that it should name, or remove the reference".into(),
        };
        let what = if id.is_role() { "role" } else { "document or row" };
        Finding::new(&rule::UNRESOLVED_REFERENCE, span, format!("there is no {what} `{id}`")).help(help)
    }

    fn role(&self, id: &ItemId, span: Span, findings: &mut Vec<Finding>) {
        let is_role = self.manual.row(id).is_some_and(|(register, _)| register.kind.name == register::ROLES.name);
        if !is_role && !self.manual.view.unread.ids.contains(id) {
            findings.push(self.unresolved(id, span));
        }
    }

    fn of_prefix(&self, reference: &Reference, prefixes: &[&str], what: &str, span: Span, findings: &mut Vec<Finding>) {
        match reference {
            Reference::Item { id, section: None } if prefixes.contains(&id.prefix()) => self.reference(reference, span, findings),
            _ => findings.push(
                Finding::new(&rule::INVALID_VALUE, span, format!("`{reference}` is not {what}"))
                    .help(format!("name {what}, with an id that begins with {}", list(prefixes))),
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
            Some(near) => format!("did you mean `#{near}`?"),
            None if ids.is_empty() => format!("{} has no headings", document.id),
            None => format!("the sections of {} are {}", document.id, list(&ids)),
        };
        findings.push(Finding::new(&rule::UNRESOLVED_SECTION, span, format!("{} has no section `{section}`", document.id)).help(help));
    }

    fn path(&self, path: &str, section: Option<&str>, span: Span, findings: &mut Vec<Finding>) {
        let view = &self.manual.view;
        if let Some(document) = view.documents.iter().find(|document| document.path.as_ref() == path) {
            if let Some(section) = section {
                self.section(document, section, span, findings);
            }
            return;
        }
        if path.starts_with("content/assets/") && view.sources.find(path).is_some() {
            return;
        }
        let known = view.sources.iter().map(|(_, file)| file.path.as_ref()).filter(|known| known.starts_with("content/"));
        let help = match nearest(path, known) {
            Some(near) if near != path => format!("did you mean `{near}`?"),
            _ => "link to a document, or to a file under content/assets/".into(),
        };
        findings.push(Finding::new(&rule::UNRESOLVED_REFERENCE, span, format!("there is no page for `{path}`")).help(help));
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
                            format!("annexa.yaml does not list `{}`, so this control has no page", found.id.edition),
                        )
                        .help(format!("add `{}` to `frameworks` in annexa.yaml, or leave the reference out", found.id.edition)),
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
        view.project.frameworks.iter().all(|listed| view.catalogues.find(&listed.value).is_ok())
    }

    fn claim(&self, reference: &Reference, span: Span, findings: &mut Vec<Finding>) {
        let Reference::Control { edition, control } = reference else { return };
        if let Some(found) = self.control(edition, control, span, findings) {
            self.in_force(found, span, findings);
        }
    }

    /// withdrawn-control
    fn in_force(&self, control: &Control, span: Span, findings: &mut Vec<Finding>) {
        if control.withdrawn {
            let into: Vec<&str> = control.into.iter().map(AsRef::as_ref).collect();
            let help = if into.is_empty() { "leave it out".into() } else { format!("it went into {}", list(&into)) };
            findings.push(
                Finding::new(&rule::WITHDRAWN_CONTROL, span, format!("`{}` ({}) is withdrawn", control.id.control, control.title))
                    .help(help),
            );
        }
    }
}
