//! A view: all that an audience is told, so that its digest is the same as long as nothing that they see has changed. How it looks, and what is worked out
//! from it (states, counts, what is due), is left out.

use std::collections::BTreeSet;

use super::line::Lines;
use super::{Canonical, Context, VIEW, block, document, field};
use crate::base::digest::sha256;
use crate::link::view::View;
use crate::read::document::Document;
use crate::read::framework::Catalogue;
use crate::read::statement;
use crate::read::tree::{Body, InlineKind, Target};

/// The canonical text of a view.
pub fn view(view: &View) -> Canonical {
    let context = Context { sources: &view.sources, project: &view.project, catalogues: &view.catalogues };
    let mut lines = Lines::new(VIEW);
    let project = &view.project;
    lines.words(0, "audience", &view.audience.name);
    lines.words(0, "title", &project.title);
    for (key, text) in [("version", &project.version), ("scope", &project.scope)] {
        if let Some(text) = text {
            lines.words(0, key, text);
        }
    }
    lines.words(0, "language", &project.language.tag);
    field::record(&mut lines, 0, "org", &project.organisation, &context);
    if let Some(manual) = &project.manual {
        field::record(&mut lines, 0, "manual", manual, &context);
    }
    // Its version and approval stand on the page of the Statement, which a view without statements has nothing to say on.
    if let Some(soa) = project.soa.as_ref().filter(|_| !view.statements.is_empty()) {
        field::record(&mut lines, 0, "soa", soa, &context);
    }
    for catalogue in view.catalogues.in_use() {
        lines.words(0, "framework", &catalogue.id.to_string());
    }
    documents(&mut lines, view, &context);
    let mut registers: Vec<_> = view.registers.iter().flat_map(|register| register.rows.iter().map(|row| (register.kind, row))).collect();
    registers.sort_by(|(one, a), (other, b)| one.name.cmp(other.name).then_with(|| a.id.as_str().cmp(b.id.as_str())));
    for (kind, row) in registers {
        lines.words(0, "row", &format!("{} {}", kind.name, row.id));
        field::fields(&mut lines, 1, kind.schema, &row.fields, |key| key != "id", &context);
    }
    let mut statements: Vec<_> = view.statements.iter().map(|statement| (statement.control.to_string(), statement)).collect();
    statements.sort_by(|(a, _), (b, _)| a.cmp(b));
    for (control, statement) in statements {
        lines.words(0, "statement", &control);
        field::fields(&mut lines, 1, &statement::SCHEMA, &statement.fields, |_| true, &context);
    }
    for catalogue in view.catalogues.all().filter(|catalogue| catalogue.own) {
        controls(&mut lines, catalogue, &context);
    }
    pairs(&mut lines, view);
    for path in shown(view) {
        let bytes = view.sources.find(&path).map(|id| view.sources.file(id).bytes());
        lines.words(0, "file", &format!("{} {path}", bytes.map_or_else(|| "missing".to_owned(), sha256)));
    }
    Canonical { format: VIEW, text: lines.finish() }
}

/// Documents by the digest of their text, with where they stand in their life; abstracts; titles of what is given on request.
fn documents(lines: &mut Lines, view: &View, context: &Context<'_>) {
    let mut sorted: Vec<&Document> = view.documents.iter().map(AsRef::as_ref).collect();
    sorted.sort_by(|a, b| a.id.as_str().cmp(b.id.as_str()));
    for document in sorted {
        lines.words(0, "document", &format!("{} {}", document.id, document::document(document, context).sha256()));
        lines.words(1, "status", document.status);
        let dates = [("approved", document.approved), ("effective", document.effective), ("reviewed", document.reviewed)];
        for (key, date) in dates.into_iter().filter_map(|(key, date)| Some((key, date?))) {
            lines.words(1, key, &date.to_string());
        }
        if let Some(period) = document.review_every {
            lines.words(1, "review_every", &period.to_string());
        }
        for version in &document.history {
            lines.words(1, "history", &version.version);
            lines.words(2, "date", &version.date.to_string());
            if let Some(author) = &version.author {
                lines.words(2, "author", author.as_str());
            }
            if let Some(change) = &version.change {
                lines.keyword(2, "change");
                block::body(lines, 3, change, context);
            }
        }
    }
    let mut abstracts: Vec<_> = view.abstracts.iter().collect();
    abstracts.sort_by(|a, b| a.id.as_str().cmp(b.id.as_str()));
    for published in abstracts {
        lines.words(0, "abstract", &format!("{} {}", published.id, published.kind));
        lines.words(1, "title", &published.title);
        block::body(lines, 1, &published.text, context);
    }
    for request in &view.on_request {
        lines.words(0, "on_request", &request.title);
        if request.nda {
            lines.keyword(1, "nda");
        }
    }
}

/// A catalogue of the project's own: what its controls are called, and their full texts where the audience may see them.
fn controls(lines: &mut Lines, catalogue: &Catalogue, context: &Context<'_>) {
    lines.words(0, "catalogue", &catalogue.id.to_string());
    lines.words(1, "title", &catalogue.title);
    for control in &catalogue.controls {
        lines.words(1, "control", &control.id.control);
        lines.words(2, "title", &control.title);
        for (key, text) in [("text", &control.text), ("guidance_text", &control.guidance_text)] {
            if let Some(text) = text {
                lines.keyword(2, key);
                block::body(lines, 3, text, context);
            }
        }
    }
}

/// Pairs of the project's own crosswalks, and what it decides about pairs; who decided, and why, stands in the view of those who see everything.
fn pairs(lines: &mut Lines, view: &View) {
    for crosswalk in view.crosswalks.iter().filter(|crosswalk| !crosswalk.built_in) {
        lines.words(0, "crosswalk", &format!("{} {}", crosswalk.source, crosswalk.target));
        let mut pairs: Vec<(String, &str)> = Vec::new();
        for pair in &crosswalk.pairs {
            let words = format!("{} {} {}", pair.source, pair.relationship.word(), pair.target);
            pairs.push((words, pair.rationale.as_deref().unwrap_or_default()));
        }
        pairs.sort();
        for (pair, rationale) in pairs {
            lines.words(1, "pair", &pair);
            if !rationale.is_empty() {
                lines.words(2, "rationale", rationale);
            }
        }
    }
    for name in &view.decisions.off {
        lines.words(0, "off", name);
    }
    for ((source, target), decision) in &view.decisions.pairs {
        let relationship = decision.relationship.map_or("none", |relationship| relationship.word());
        lines.words(0, "decision", &format!("{source} {relationship} {target}"));
        let (by, date) = (decision.by.as_ref().map(ToString::to_string), decision.date.map(|date| date.to_string()));
        for (key, value) in [("by", by), ("date", date), ("rationale", decision.rationale.as_ref().map(ToString::to_string))] {
            if let Some(value) = value {
                lines.words(1, key, &value);
            }
        }
    }
}

/// The files that visible texts link and that are published with them, sorted. Images stand in the texts, by their digests.
fn shown(view: &View) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    let mut gather = |body: &Body| {
        body.each_inline(&mut |inline| {
            if let InlineKind::Link { target: Target::Path { path, .. }, .. } = &inline.kind
                && (path.starts_with("content/") || view.project.adoption.holds(path))
                && ![".md", ".yaml", ".yml"].iter().any(|end| path.ends_with(end))
            {
                paths.insert(path.to_string());
            }
        });
    };
    for document in &view.documents {
        gather(&document.body);
        document.summary.iter().for_each(|summary| gather(&summary.text));
    }
    view.abstracts.iter().for_each(|published| gather(&published.text));
    let rows = view.registers.iter().flat_map(|register| register.rows.iter().map(move |row| (register.kind.schema, &row.fields)));
    let statements = view.statements.iter().map(|statement| (&statement::SCHEMA, &statement.fields));
    for (schema, fields) in rows.chain(statements) {
        schema.fields.iter().filter_map(|field| fields.prose(field.key)).for_each(|body| gather(body));
    }
    paths
}
