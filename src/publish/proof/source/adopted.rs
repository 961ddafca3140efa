//! Documents that were not written for Annexa (`sources`, `keys` and `content/front-matter.yaml`, see `docs/formats.md`): where they lie, and what their front
//! matter comes to.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::markdown;
use crate::base::pattern;
use crate::base::source::{FileId, SourceFile, Sources};
use crate::base::yaml::{self, Key, Kind, Node};

/// Front matter for files that lack it.
pub(super) const FRONT_MATTER: &str = "content/front-matter.yaml";

/// A row of `sources`.
struct Row {
    files: Arc<str>,
    except: Vec<Arc<str>>,
    is_of_documents: bool,
    defaults: Option<Node>,
}

/// What the settings say of such files.
#[derive(Default)]
pub(super) struct Adopted {
    rows: Vec<Row>,
    /// By a key of theirs, one of ours, or `ignore`.
    keys: BTreeMap<Arc<str>, Arc<str>>,
}

impl Adopted {
    pub(super) fn of(settings: &Node) -> Self {
        let list = |node: &Node| match &node.kind {
            Kind::Sequence(items) => items.iter().filter_map(Node::text).cloned().collect(),
            Kind::Scalar { text, .. } => vec![text.clone()],
            Kind::Mapping(_) => Vec::new(),
        };
        let row = |row: &Node| {
            Some(Row {
                files: row.get("files").and_then(Node::text)?.clone(),
                except: row.get("except").map(list).unwrap_or_default(),
                is_of_documents: row.get("type").is_some(),
                defaults: row.get("defaults").cloned(),
            })
        };
        let rows = match settings.get("sources").map(|node| &node.kind) {
            Some(Kind::Sequence(rows)) => rows.iter().filter_map(row).collect(),
            _ => Vec::new(),
        };
        let keys = match settings.get("keys").map(|node| &node.kind) {
            Some(Kind::Mapping(keys)) => keys.iter().filter_map(|(key, value)| Some((key.text.clone(), value.text()?.clone()))).collect(),
            _ => BTreeMap::new(),
        };
        Adopted { rows, keys }
    }

    fn row(&self, path: &str, is_of_documents: bool) -> Option<&Row> {
        let takes = |row: &&Row| {
            (row.is_of_documents || !is_of_documents)
                && pattern::fits_path(&row.files, path)
                && !row.except.iter().any(|except| pattern::fits_path(except, path))
        };
        self.rows.iter().find(takes)
    }

    /// What the settings say for a document that says nothing else.
    pub(super) fn defaults(&self, path: &str) -> Option<&Node> {
        self.row(path, true)?.defaults.as_ref()
    }

    /// Whether a file is a document.
    pub(super) fn is_document(&self, path: &str) -> bool {
        is_markdown(path) && self.row(path, true).is_some()
    }

    /// Whether a file is one that documents show or link to.
    pub(super) fn is_attachment(&self, path: &str) -> bool {
        !is_markdown(path) && self.row(path, false).is_some()
    }

    /// A document's own front matter by our keys, and under a key of no meaning what means nothing.
    pub(super) fn own(&self, file: FileId, text: &str) -> Option<Node> {
        let (front, _) = markdown::split(text)?;
        let mut node = yaml::parse(&text[front.clone()], file, front.start, &mut Vec::new())?;
        let Kind::Mapping(entries) = &mut node.kind else { return None };
        for (key, _) in entries {
            if let Some(ours) = self.keys.get(&key.text) {
                key.text = ours.clone();
            }
        }
        Some(node)
    }

    /// By the paths of such documents, the whole of what their front matter comes to.
    pub(super) fn front_matter(&self, sources: &Sources) -> BTreeMap<Arc<str>, Node> {
        let table = sources.find(FRONT_MATTER).and_then(|id| yaml::parse(sources.file(id).text(), id, 0, &mut Vec::new()));
        let whole = |(id, file): (FileId, &SourceFile)| {
            let row = self.row(&file.path, true).filter(|_| is_markdown(&file.path))?;
            let beside = table.as_ref().and_then(|table| table.get("documents")?.get(&file.path));
            let own = self.own(id, file.text());
            // Front matter that cannot be read may have said who may see the file: then no default does.
            let is_unread = own.is_none() && file.text().lines().next().is_some_and(|line| line.trim_end() == "---");
            let mut entries: Vec<(Key, Node)> = Vec::new();
            for node in [beside, own.as_ref(), row.defaults.as_ref()].into_iter().flatten() {
                let Kind::Mapping(more) = &node.kind else { continue };
                let new: Vec<_> =
                    more.iter().filter(|(key, _)| !entries.iter().any(|(known, _)| known.text == key.text)).cloned().collect();
                entries.extend(new);
            }
            if is_unread && beside.and_then(|beside| beside.get("classification")).is_none() {
                entries.retain(|(key, _)| key.text.as_ref() != "classification");
            }
            let span = crate::base::finding::Span::new(id, 0..0);
            Some((file.path.clone(), Node { kind: Kind::Mapping(entries), span }))
        };
        sources.iter().filter_map(whole).collect()
    }
}

fn is_markdown(path: &str) -> bool {
    let lower = path.to_lowercase();
    lower.ends_with(".md") || lower.ends_with(".markdown")
}
