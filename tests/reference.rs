//! The reference in `docs/reference` is what the tool says of itself: commands and keys of files; and the list of rules is whole. `REFERENCE=write cargo test --release --test reference`
//! writes it anew.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use common::{commands, printed};
use serde_json::Value;

/// Holds a page against what it should say, or writes it.
fn holds(page: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference").join(page);
    if std::env::var_os("REFERENCE").is_some_and(|wish| wish == "write") {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == text,
        "docs/reference/{page} is not what the tool says; `REFERENCE=write cargo test --release --test reference` writes it anew"
    );
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
    holds("commands.md", &format!("{}\n", text.trim_end()));
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
    holds("keys.md", &text);
}

fn table(before: &str, schema: &Value, text: &mut String) {
    if before.is_empty() {
        text.push_str("\n| key | what |\n| --- | --- |\n");
    }
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (key, property) in schema["properties"].as_object().unwrap() {
        let name = format!("{before}{key}");
        let name = if required.contains(&key.as_str()) { format!("**{name}**") } else { name };
        writeln!(text, "| {name} | {} |", property["description"].as_str().unwrap().replace('|', "\\|")).unwrap();
        let inner = if property["type"] == "array" { &property["items"] } else { property };
        if inner.get("properties").is_some() {
            table(&format!("{before}{key}."), inner, text);
        }
    }
}
