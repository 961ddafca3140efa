//! The proposals as texts of files.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

use super::super::write::{list, scalar};
use super::{Proposal, Proposed, Said};
use crate::read::adopt;

/// A row of `sources`.
struct Row {
    files: String,
    kind: &'static str,
    except: Vec<String>,
}

impl Proposal {
    /// The part of annexa.yaml that says which files are read, and what their keys mean.
    pub fn settings(&self) -> String {
        let mut out = String::from("# Files that stay where they lie. `*` stands for any characters, `**` for any folders.\nsources:\n");
        for row in self.rows() {
            let except = if row.except.is_empty() { String::new() } else { format!(", except: {}", list(&row.except)) };
            _ = writeln!(out, "  - {{files: {}, type: {}{except}}}", scalar(&row.files), row.kind);
        }
        for files in self.attachments() {
            _ = writeln!(out, "  - {{files: {}}} # shown or linked by documents", scalar(&files));
        }
        if !self.keys.is_empty() {
            out.push_str("# What the keys of their front matter mean here.\nkeys:\n");
            for (theirs, ours) in &self.keys {
                _ = writeln!(out, "  {}: {ours}", scalar(theirs));
            }
        }
        out
    }

    /// The rows that take the documents: one for each folder at the top and each way of writing `.md`, of the kind that most are of.
    fn rows(&self) -> Vec<Row> {
        let mut groups: BTreeMap<(String, String), Vec<&Proposed>> = BTreeMap::new();
        for document in &self.documents {
            groups.entry((self.group(&document.path).to_owned(), ending(&document.path).to_owned())).or_default().push(document);
        }
        let most = |documents: &[&Proposed]| {
            let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
            documents.iter().for_each(|document| *counts.entry(document.kind).or_default() += 1);
            // Of as many, what the first is.
            let highest = counts.values().max().copied().unwrap_or(0);
            documents.iter().map(|document| document.kind).find(|kind| counts[kind] == highest).unwrap_or("policy")
        };
        let kinds: BTreeSet<&str> = groups.values().map(|documents| most(documents)).collect();
        let endings: BTreeSet<&String> = groups.keys().map(|(_, ending)| ending).collect();
        let is_whole = !self.from.is_empty() && kinds.len() == 1 && endings.len() == 1;
        let mut rows: Vec<Row> = Vec::new();
        for ((group, ending), documents) in &groups {
            let files = match group.as_str() {
                _ if is_whole => format!("{}**/*{ending}", self.from),
                "" => format!("{}*{ending}", self.from),
                group => format!("{}{group}/**/*{ending}", self.from),
            };
            if !rows.iter().any(|row| row.files == files) {
                rows.push(Row { files, kind: most(documents), except: Vec::new() });
            }
        }
        for path in self.left_out.keys() {
            for row in &mut rows {
                if crate::base::pattern::fits_path(&row.files, path) {
                    row.except.push(path.to_string());
                }
            }
        }
        rows
    }

    /// The folder at the top that a file lies in; nothing for one that lies at the top itself.
    fn group<'a>(&self, path: &'a str) -> &'a str {
        let within = path.strip_prefix(&self.from).unwrap_or(path);
        within.split_once('/').map_or("", |(top, _)| top)
    }

    /// The files that documents show or link to: by folder and ending.
    fn attachments(&self) -> BTreeSet<String> {
        let pattern = |path: &Arc<str>| match path.rsplit_once('/') {
            Some((folder, name)) => format!("{folder}/*{}", ending(name)),
            None => path.to_string(),
        };
        self.shown.iter().filter(|path| !adopt::is_text(path)).map(pattern).collect()
    }

    /// The front matter that the documents lack, by their paths.
    pub fn front_matter(&self) -> String {
        let mut out = String::from(
            "# Front matter for files that have none, or say it in another way. What stands here counts before what a file says itself.\n\
             # Without `classification` a document is for those who may see everything; without `status` it is a draft.\ndocuments:\n",
        );
        let rows = self.rows();
        for document in &self.documents {
            let mut front = document.front.clone();
            let by_row = rows.iter().find(|row| crate::base::pattern::fits_path(&row.files, &document.path));
            if by_row.map(|row| row.kind) != Some(document.kind) {
                let at = front.iter().take_while(|(key, _)| matches!(*key, "id" | "title")).count();
                front.insert(at, ("type", Said::One(document.kind.to_owned())));
            }
            if front.is_empty() {
                continue;
            }
            _ = writeln!(out, "  {}:", scalar(&document.path));
            for (key, said) in &front {
                match said {
                    Said::One(text) => _ = writeln!(out, "    {key}: {}", value(key, text)),
                    Said::List(texts) => _ = writeln!(out, "    {key}: {}", list(texts)),
                    Said::History(rows) => {
                        _ = writeln!(out, "    {key}:");
                        for (version, date, change) in rows {
                            let change = if change.is_empty() { String::new() } else { format!(", change: {}", quoted(change)) };
                            _ = writeln!(out, "      - {{version: {}, date: {date}{change}}}", quoted(version));
                        }
                    }
                }
            }
        }
        if out.ends_with("documents:\n") {
            out.truncate(out.len() - 1);
            out.push_str(" {}\n");
        }
        out
    }

    /// The register of roles.
    pub fn roles(&self) -> String {
        let mut out = String::from("register: roles\nrows:\n");
        for (id, name) in &self.roles {
            _ = writeln!(out, "  - id: {id}\n    title: {}", scalar(name));
        }
        out
    }
}

/// The end of a file's name, with its point.
fn ending(path: &str) -> &str {
    path.rfind('.').map_or("", |at| &path[at..])
}

fn value(key: &str, text: &str) -> String {
    match key {
        "version" => quoted(text),
        "approved" | "effective" | "reviewed" | "review_every" => text.to_owned(),
        _ => scalar(text),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
