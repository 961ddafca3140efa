//! The reference in `docs/reference` is what the tool says of itself: commands and keys of files; the list of rules is whole, and every page has an id. `REFERENCE=write cargo test --release --test reference`
//! writes it anew.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use common::{commands, printed};
use serde_json::Value;

/// Holds a file of `docs` against what it should say, or writes it.
fn holds(page: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(page);
    if std::env::var_os("REFERENCE").is_some_and(|wish| wish == "write") {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == text, "docs/{page} is not what the tool says; `REFERENCE=write cargo test --release --test reference` writes it anew");
}

fn command_page(path: &[&str], text: &mut String) {
    let mut arguments = path.to_vec();
    arguments.push("--help");
    let help = printed(&arguments);
    let level = "#".repeat(path.len() + 1);
    writeln!(text, "{level} annexa {}\n\n```text\n{}\n```\n", path.join(" "), help.trim_end()).unwrap();
    for command in commands(&help) {
        let mut path = path.to_vec();
        path.push(&command);
        command_page(&path, text);
    }
}

#[test]
fn commands_are_told_as_their_help_tells_them() {
    let mut text = String::from("# Commands\n\nWhat `annexa COMMAND --help` says of each.\n\n");
    let help = printed(&["--help"]);
    writeln!(text, "```text\n{}\n```\n", help.trim_end()).unwrap();
    // The feature `pdf` brings a command of its own.
    if !cfg!(feature = "pdf") {
        return;
    }
    commands(&help).iter().for_each(|command| command_page(&[command], &mut text));
    holds("reference/commands.md", &format!("{}\n", text.trim_end()));
}

#[test]
fn rules_are_listed_with_their_pages() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules/README.md")).unwrap();
    let mut rules = 0;
    for line in printed(&["explain"]).lines() {
        let (code, rest) = line.split_once(' ').unwrap();
        let (severity, summary) = rest.trim().split_once(' ').unwrap();
        let row = format!("| [{code}]({code}.md) | {severity} | {} |\n", summary.trim().replace('|', "\\|"));
        assert!(page.contains(&row), "docs/rules/README.md lacks this row:\n{row}");
        rules += 1;
    }
    assert_eq!(page.matches("\n| [").count(), rules, "docs/rules/README.md lists a rule that is none");
}

#[test]
fn keys_of_every_file_are_listed_with_what_stands_there() {
    let mut text = String::from(
        "# Keys\n\nWhat each file may hold, as `annexa schema` tells it to editors. A key in bold is required. `docs/formats.md` explains.\n",
    );
    for line in printed(&["schema"]).lines() {
        let name = line.split(' ').next().unwrap();
        let schema: Value = serde_json::from_str(&printed(&["schema", name])).unwrap();
        writeln!(text, "\n## {name}\n\n{}: `{}`", schema["title"].as_str().unwrap(), line[name.len()..].trim().split("  ").next().unwrap())
            .unwrap();
        table("", &schema, &mut text);
        for rows in schema["allOf"].as_array().into_iter().flatten() {
            writeln!(text, "\n### {}", rows["if"]["properties"]["register"]["const"].as_str().unwrap()).unwrap();
            table("", &rows["then"]["properties"]["rows"]["items"], &mut text);
        }
        if let Some(statement) = schema["properties"]["statements"].get("additionalProperties") {
            writeln!(text, "\n### A statement").unwrap();
            table("", statement, &mut text);
        }
    }
    holds("reference/keys.md", &text);
}

fn table(before: &str, schema: &Value, text: &mut String) {
    if before.is_empty() {
        text.push_str("\n| key | what |\n| --- | --- |\n");
    }
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (key, property) in schema["properties"].as_object().unwrap() {
        let name = format!("{before}{key}");
        let name = if required.contains(&key.as_str()) { format!("**{name}**") } else { name };
        // Spoken of, and not meant, where the page is read as a document.
        let what = property["description"].as_str().unwrap().replace('|', "\\|").replace("{{", "`{{").replace("}}", "}}`");
        writeln!(text, "| {name} | {what} |").unwrap();
        let inner = if property["type"] == "array" { &property["items"] } else { property };
        if inner.get("properties").is_some() {
            table(&format!("{before}{key}."), inner, text);
        }
    }
}

/// The documentation is a project of its own (`docs/annexa.yaml`), whose pages need ids that stay: a new page gets the next number of its folder.
#[test]
fn every_page_of_the_documentation_has_an_id_that_stays() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    let known = fs::read_to_string(docs.join("content/front-matter.yaml")).unwrap_or_default();
    for line in known.lines() {
        if let Some((path, rest)) = line.trim().split_once(": {id: ") {
            ids.insert(path.to_owned(), rest.split([',', '}']).next().unwrap().to_owned());
        }
    }
    let mut pages: Vec<String> = common::files(&docs).into_keys().filter(|path| path.ends_with(".md")).collect();
    pages.retain(|path| !["approvals/", "content/", "dist/"].iter().any(|folder| path.starts_with(folder)));
    pages.sort();
    let mut text = String::from(
        "# Ids of the pages, which stay. A new page gets one by `REFERENCE=write cargo test --release --test reference`.\ndocuments:\n",
    );
    for page in &pages {
        let prefix = match page.split_once('/').map(|(folder, _)| folder) {
            Some("rules") => "RUL",
            Some("decisions") => "DEC",
            Some("reference") => "REF",
            _ => "DOC",
        };
        let numbers = ids.values().filter_map(|id| id.strip_prefix(prefix)?.strip_prefix('-')?.parse::<u32>().ok());
        let next = format!("{prefix}-{:03}", numbers.max().unwrap_or(0) + 1);
        let id = ids.entry(page.clone()).or_insert(next);
        let history = if page == &pages[0] { "&first [{version: \"0.1\", date: 2026-11-29, change: First edition.}]" } else { "*first" };
        writeln!(text, "  {page}: {{id: {id}, history: {history}}}").unwrap();
    }
    holds("content/front-matter.yaml", &text);
}
