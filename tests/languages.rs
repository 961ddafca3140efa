//! Fixed words: every one that a template, a script or a report says is in each language file, and none besides.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)] // tests read the sources of the templates

use std::collections::BTreeSet;
use std::path::Path;

use annexa::base::yaml;
use annexa::read::language::sentence;
use annexa::read::register::KINDS;
use annexa::read::schema::{Kind, Schema};
use annexa::read::{document, register, statement};
use walkdir::WalkDir;

/// Every text literal that follows one of these marks, or that is followed by `after`.
fn literals(text: &str, marks: &[&str], words: &mut BTreeSet<String>) {
    for mark in marks {
        for (at, _) in text.match_indices(mark) {
            let before = text[..at].chars().next_back();
            if before.is_none_or(|c| !c.is_alphanumeric() && c != '_') {
                words.extend(literal(text[at + mark.len()..].trim_start()).map(|(words, _)| words));
            }
        }
    }
}

/// A literal in double quotes at the beginning of a text, and what follows it.
fn literal(text: &str) -> Option<(String, &str)> {
    let rest = text.strip_prefix('"')?;
    let mut out = String::new();
    let mut chars = rest.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((out, &rest[at + 1..])),
            '\\' => match chars.next()?.1 {
                '\n' => {
                    let skipped = rest[at + 2..].find(|c: char| !c.is_whitespace())?;
                    (0..skipped).for_each(|_| _ = chars.next());
                }
                c => out.push(c),
            },
            c => out.push(c),
        }
    }
    None
}

fn files(folder: &str, end: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = WalkDir::new(root).sort_by_file_name().into_iter().filter_map(Result::ok);
    files
        .filter(|entry| entry.path().to_string_lossy().ends_with(end))
        .map(|entry| std::fs::read_to_string(entry.path()).unwrap())
        .collect()
}

/// The words of fixed lists, and with `labels` what stands over the columns.
fn of_schema(schema: &Schema, labels: bool, words: &mut BTreeSet<String>) {
    fn of_kind(kind: Kind, labels: bool, words: &mut BTreeSet<String>) {
        match kind {
            Kind::Word(list) => words.extend(list.iter().map(|word| sentence(word))),
            Kind::List(kind) => of_kind(*kind, labels, words),
            Kind::Record(schema) => of_schema(schema, labels, words),
            _ => {}
        }
    }
    for field in schema.fields.iter().filter(|field| !matches!(field.key, "classification" | "outward")) {
        if labels {
            words.insert(field.label.key().to_owned());
        }
        of_kind(field.kind, labels, words);
    }
}

/// Everything that is said.
fn said() -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for text in files("src", ".rs") {
        let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let product: String = product.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        literals(&product, &["word!(", "phrase!("], &mut words);
        for (at, mark) in product.match_indices("counted!(") {
            let Some((one, rest)) = literal(product[at + mark.len()..].trim_start()) else { continue };
            words.insert(one);
            words.extend(literal(rest.trim_start_matches(',').trim_start()).map(|(many, _)| many));
        }
    }
    for text in files("templates/pdf", ".typ") {
        let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        literals(&code, &["say("], &mut words);
    }
    for text in files("themes/default", ".js") {
        literals(&text, &["say("], &mut words);
    }
    for text in files("templates/site", ".html") {
        for (at, _) in text.match_indices("| say") {
            let before = text[..at].trim_end();
            let Some(before) = before.strip_suffix('"') else { continue };
            words.extend(before.rsplit_once('"').map(|(_, words)| words.to_owned()));
        }
    }
    for kind in KINDS {
        words.insert(kind.title.key().to_owned());
        of_schema(kind.schema, true, &mut words);
    }
    of_schema(&statement::SCHEMA, false, &mut words);
    words.extend(document::STATUSES.iter().map(|status| sentence(status)).filter(|status| status != "Review"));
    words.extend(["Public", "Customer", "Internal", "Confidential", "Auditor"].map(|name| format!("{name}|classification")));
    // Kinds of controls, and callouts.
    words.extend(["Note", "Tip", "Important", "Warning", "Caution"].map(str::to_owned));
    words.extend(["Control", "Clause", "Enhancement", "Article", "Provision", "Criterion"].map(str::to_owned));
    assert!(register::KINDS.len() > 10);
    words
}

#[test]
fn every_word_that_is_said_is_translated_and_no_other() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("languages/de.yaml")).unwrap();
    let mut findings = Vec::new();
    let node = yaml::parse(&text, annexa::base::source::FileId(0), 0, &mut findings).unwrap();
    assert!(findings.is_empty(), "{findings:?}");
    let yaml::Kind::Mapping(entries) = &node.kind else { panic!("a mapping") };
    let file: BTreeSet<String> = entries.iter().filter(|(_, value)| !value.is_null()).map(|(key, _)| key.text.to_string()).collect();
    let said = said();
    let missing: Vec<&String> = said.difference(&file).collect();
    let unused: Vec<&String> = file.difference(&said).collect();
    assert!(missing.is_empty() && unused.is_empty(), "not translated: {missing:#?}\nnothing says: {unused:#?}");
}
