//! YAML: which values of a file are open.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Heaps, Passage, Reader, Weight, markdown, places};
use crate::base::source::FileId;
use crate::base::yaml::{Kind, Node};
use crate::read::schema::{Kind as Declared, Schema};
use crate::read::{document, register, statement};

/// Keys whose values name what they stand in.
const TITLES: &[&str] = &["title", "name", "activity", "question", "recipient"];

impl Reader<'_> {
    /// A register: of a row that is marked, the outward fields are open, and those that it names.
    pub(super) fn register(&mut self, node: &Node) {
        let kind =
            node.get("register").and_then(Node::text).and_then(|name| register::KINDS.iter().find(|kind| kind.name == name.as_ref()));
        let Some(Node { kind: Kind::Sequence(rows), .. }) = node.get("rows") else { return };
        for row in rows {
            self.fields(row, kind.map(|kind| kind.schema));
        }
    }

    /// Statements: the same, a control each.
    pub(super) fn statements(&mut self, node: &Node) {
        let Some(Node { kind: Kind::Mapping(statements), .. }) = node.get("statements") else { return };
        for (_, statement) in statements {
            self.fields(statement, Some(&statement::SCHEMA));
        }
    }

    fn fields(&mut self, node: &Node, schema: Option<&'static Schema>) {
        let Kind::Mapping(entries) = &node.kind else { return self.all(node, false) };
        let marked = self.sight.sees_by(node, "classification");
        let named = |key: &str| match node.get("outward").map(|node| &node.kind) {
            Some(Kind::Sequence(items)) => items.iter().filter_map(Node::text).any(|name| name.as_ref() == key),
            Some(Kind::Scalar { text, .. }) => text.as_ref() == key,
            _ => false,
        };
        self.name(node, marked);
        for (key, value) in entries {
            let field = schema.and_then(|schema| schema.field(&key.text));
            let open = marked && (field.is_some_and(|field| field.outward) || named(&key.text));
            self.value(value, &key.text, field.map(|field| field.kind), open);
        }
    }

    /// What references to something open show.
    fn name(&mut self, node: &Node, open: bool) {
        let called = TITLES.iter().find_map(|key| node.get(key).and_then(Node::text));
        if let (true, Some(id), Some(name)) = (open, node.get("id").and_then(Node::text), called) {
            self.names.push((id.clone(), name.clone()));
        }
    }

    /// Front matter for documents that lack it, or some of it.
    pub(super) fn front_matter_table(&mut self, node: &Node) {
        let Kind::Mapping(tops) = &node.kind else { return self.all(node, false) };
        for (top, documents) in tops {
            let Kind::Mapping(documents) = &documents.kind else { return self.all(documents, false) };
            for (path, entry) in documents.iter().filter(|_| top.text.as_ref() == "documents") {
                let Some(whole) = self.adopted.get(&path.text) else {
                    self.all(entry, false);
                    continue;
                };
                let open = self.sight.sees_by(whole, "classification");
                let place = places::at(path.span.start as usize);
                self.heaps.add(open, Passage::new(self.file, path.text.to_string(), place, Weight::Words));
                self.front_matter(entry, whole, open);
            }
        }
    }

    /// Front matter of a document that is open as a whole or not; and what it publishes of itself all the same. `whole` is all of it, of which the node may be
    /// a part.
    pub(super) fn front_matter(&mut self, node: &Node, whole: &Node, open: bool) {
        let Kind::Mapping(entries) = &node.kind else { return self.all(node, open) };
        let summary = whole.get("abstract");
        let announced = summary.is_some_and(|summary| self.sight.sees_by(summary, "for"));
        self.name(whole, open || announced);
        let requestable = self.sight.sees_by(whole, "on_request");
        for (key, value) in entries {
            let Some(field) = document::SCHEMA.field(&key.text) else {
                // What means nothing is published nowhere.
                self.all(value, false);
                continue;
            };
            let kind = Some(field.kind);
            match key.text.as_ref() {
                "abstract" if !open && announced => {
                    let Kind::Mapping(parts) = &value.kind else { continue };
                    for (part, value) in parts {
                        self.value(value, &part.text, None, part.text.as_ref() == "text");
                    }
                }
                "id" => self.value(value, "id", kind, open || announced),
                "title" | "type" => self.value(value, &key.text, kind, open || announced || requestable),
                _ => self.value(value, &key.text, kind, open),
            }
        }
    }

    /// A catalogue of the project: identifiers and titles are open, full texts by its mark.
    pub(super) fn catalogue(&mut self, node: &Node) {
        let texts = self.sight.sees_by(node, "classification");
        let Kind::Mapping(entries) = &node.kind else { return self.all(node, false) };
        for (key, value) in entries {
            match &value.kind {
                Kind::Sequence(controls) if key.text.as_ref() == "controls" => {
                    let parts =
                        controls.iter().filter_map(|control| if let Kind::Mapping(parts) = &control.kind { Some(parts) } else { None });
                    for (part, value) in parts.flatten() {
                        let open = texts || !matches!(part.text.as_ref(), "text" | "guidance_text");
                        self.value(value, &part.text, None, open);
                    }
                }
                _ => self.value(value, &key.text, None, true),
            }
        }
    }

    /// Decisions on pairs: the pairs hold for everybody, who decided and why is withheld.
    pub(super) fn decisions(&mut self, node: &Node) {
        let Some(Node { kind: Kind::Sequence(pairs), .. }) = node.get("pairs") else { return };
        for pair in pairs {
            let Kind::Mapping(parts) = &pair.kind else { continue };
            for (part, value) in parts {
                self.value(value, &part.text, None, !matches!(part.text.as_ref(), "by" | "date" | "rationale"));
            }
        }
    }

    /// Everything in a value, keys too.
    pub(super) fn all(&mut self, node: &Node, open: bool) {
        self.value(node, "", None, open);
    }

    /// A value. Of what refers to something else, that something alone says whether it is open.
    fn value(&mut self, node: &Node, key: &str, declared: Option<Declared>, open: bool) {
        match (&node.kind, declared) {
            (Kind::Sequence(items), Some(Declared::List(item))) => items.iter().for_each(|node| self.value(node, key, Some(*item), open)),
            (Kind::Sequence(items), _) => items.iter().for_each(|node| self.value(node, key, None, open)),
            (Kind::Mapping(entries), Some(Declared::Record(schema))) => {
                for (key, value) in entries {
                    self.value(value, &key.text, schema.field(&key.text).map(|field| field.kind), open);
                }
            }
            (Kind::Mapping(entries), _) => {
                for (key, value) in entries {
                    let passage = Passage::new(self.file, key.text.to_string(), places::at(key.span.start as usize), Weight::Words);
                    self.heaps.add(open, passage);
                    self.value(value, &key.text, None, open);
                }
            }
            (Kind::Scalar { .. }, Some(Declared::List(item))) => self.value(node, key, Some(*item), open),
            (Kind::Scalar { .. }, Some(Declared::Reference | Declared::Criterion)) if open => {}
            (Kind::Scalar { text, lines, .. }, declared) => {
                let markup =
                    !matches!(declared, Some(Declared::Text)) && text.contains(['[', ']', '<', '*', '_', '`', '&', '\\', '{', '~', '|']);
                let weight = if markup {
                    Weight::Words
                } else if TITLES.contains(&key) {
                    Weight::Title
                } else {
                    Weight::Text
                };
                let lines = if lines.is_empty() { places::at(node.span.start as usize) } else { lines.to_vec() };
                if markup {
                    markdown::prose(self, text, &lines, open);
                }
                // As it is written it says at least as much, but for what it refers to.
                if !(markup && open) {
                    self.heaps.add(open, Passage::new(self.file, text.to_string(), lines, weight));
                }
            }
        }
    }

    /// What stands between keys and values: comments, and names of anchors.
    pub(super) fn comments(&mut self, node: &Node, text: &str, offset: usize) {
        let mut taken = Vec::new();
        spans(node, &mut taken);
        taken.sort_unstable();
        let mut at = offset;
        let end = offset + text.len();
        for (start, stop) in taken.into_iter().chain([(end, end)]) {
            if let Some(gap) = text.get(at.saturating_sub(offset)..start.saturating_sub(offset)).filter(|_| start > at)
                && gap.contains(|c: char| c.is_alphanumeric())
            {
                self.heaps.withheld.push(Passage::new(self.file, gap.to_owned(), places::at(at), Weight::Words));
            }
            at = at.max(stop);
        }
    }
}

fn spans(node: &Node, all: &mut Vec<(usize, usize)>) {
    match &node.kind {
        Kind::Scalar { .. } => all.push((node.span.start as usize, node.span.end as usize)),
        Kind::Sequence(items) => items.iter().for_each(|item| spans(item, all)),
        Kind::Mapping(entries) => {
            for (key, value) in entries {
                all.push((key.span.start as usize, key.span.end as usize));
                spans(value, all);
            }
        }
    }
}

/// What `{{ name }}` inserts, by the settings: `org.name`, `values.hours`, `title`.
pub(super) fn values(settings: &Node) -> BTreeMap<String, Arc<str>> {
    let mut values = BTreeMap::new();
    let Kind::Mapping(entries) = &settings.kind else { return values };
    for (key, value) in entries {
        match &value.kind {
            Kind::Scalar { text, .. } => {
                values.insert(key.text.to_string(), text.clone());
            }
            Kind::Mapping(nested) => {
                let texts = nested.iter().filter_map(|(name, value)| Some((format!("{}.{}", key.text, name.text), value.text()?.clone())));
                values.extend(texts);
            }
            Kind::Sequence(_) => {}
        }
    }
    values
}

/// Every text that stands under a key.
pub(super) fn scalars(settings: &Node, key: &str, each: &mut dyn FnMut(&str)) {
    fn within(node: &Node, each: &mut dyn FnMut(&str)) {
        match &node.kind {
            Kind::Scalar { text, .. } => each(text),
            Kind::Sequence(items) => items.iter().for_each(|item| within(item, each)),
            Kind::Mapping(entries) => entries.iter().for_each(|(_, value)| within(value, each)),
        }
    }
    if let Some(node) = settings.get(key) {
        within(node, each);
    }
}

/// annexa.yaml: settings are open, but for values that nothing open inserts, and for comments.
pub(super) fn settings(settings: &Node, file: FileId, text: &str, inserted: &BTreeSet<String>, heaps: &mut Heaps) {
    let sight = super::Sight { classifications: Vec::new(), up_to: 0, values: BTreeMap::new(), adopted: Default::default() };
    let none = BTreeMap::new();
    let mut reader = Reader::new(&sight, &none, file, super::SETTINGS);
    if let Kind::Mapping(entries) = &settings.kind {
        for (key, value) in entries {
            match &value.kind {
                Kind::Mapping(nested) if key.text.as_ref() == "values" => {
                    for (name, value) in nested {
                        let open = inserted.contains(&format!("values.{}", name.text));
                        let passage = Passage::new(file, name.text.to_string(), places::at(name.span.start as usize), Weight::Words);
                        reader.heaps.withheld.push(passage);
                        reader.value(value, &name.text, Some(Declared::Text), open);
                    }
                }
                // Paths, which name what may be withheld, and front matter that may be.
                _ if matches!(key.text.as_ref(), "sources" | "keys" | "baseline") => reader.all(value, false),
                _ => reader.value(value, &key.text, Some(Declared::Text), true),
            }
        }
    }
    reader.comments(settings, text, 0);
    heaps.open.extend(reader.heaps.open);
    heaps.withheld.extend(reader.heaps.withheld);
}
