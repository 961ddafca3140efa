//! JSON Schemas for editors, completions and manual pages: what the tool says of itself to other programs.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::fs;

use common::{commands, printed, run};
use serde_json::Value;

#[test]
fn without_a_name_all_schemas_are_listed_with_their_files() {
    insta::assert_snapshot!(printed(&["schema"]));
}

#[test]
fn a_schema_says_which_keys_there_are_what_they_are_for_and_what_stands_there() {
    insta::assert_snapshot!(printed(&["schema", "theme"]));
}

#[test]
fn rows_follow_from_the_name_of_their_register() {
    let schema: Value = serde_json::from_str(&printed(&["schema", "register"])).unwrap();
    let risks = schema["allOf"].as_array().unwrap().iter().find(|rows| rows["if"]["properties"]["register"]["const"] == "risks").unwrap();
    let row = &risks["then"]["properties"]["rows"]["items"];
    insta::assert_snapshot!(serde_json::to_string_pretty(row).unwrap());
}

#[test]
fn a_name_that_is_nearly_right_is_told() {
    let ran = run(std::path::Path::new("."), ["schema", "registers"]);
    assert_eq!(ran.status, Some(2));
    assert_eq!(ran.err, "annexa: there is no schema `registers`; did you mean `register`?\n");
}

#[test]
fn a_new_project_has_the_schemas_and_its_files_name_them() {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("isms");
    printed(&["init", project.to_str().unwrap(), "--minimal", "--organisation", "Tarnwick", "--today", "2026-06-01"]);
    let heads = ["annexa.yaml", "content/registers/roles.yaml", "content/controls/iso27001.yaml"];
    for path in heads {
        let text = fs::read_to_string(project.join(path)).unwrap();
        let named = text.lines().next().unwrap().strip_prefix("# yaml-language-server: $schema=").unwrap();
        let schema = project.join(path).parent().unwrap().join(named);
        let schema: Value = serde_json::from_str(&fs::read_to_string(schema).unwrap()).unwrap();
        assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    }
    // Those of another day are written over, and nothing else is.
    fs::write(project.join("schemas/annexa.schema.json"), "{}").unwrap();
    printed(&["schema", "--out", project.join("schemas").to_str().unwrap()]);
    assert_eq!(fs::read_to_string(project.join("schemas/annexa.schema.json")).unwrap(), printed(&["schema", "annexa"]));
}

#[test]
fn the_help_is_one_page_that_begins_with_what_people_do() {
    insta::assert_snapshot!(printed(&["--help"]));
}

#[test]
fn shells_and_man_know_every_command() {
    let commands = commands(&printed(&["--help"]));
    assert!(commands.len() > 15, "{commands:?}");
    let folder = tempfile::tempdir().unwrap();
    printed(&["man", "--out", folder.path().to_str().unwrap()]);
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = printed(&["completions", shell]);
        commands.iter().for_each(|command| assert!(script.contains(command.as_str()), "{shell} does not know {command}"));
    }
    for command in commands {
        let page = fs::read_to_string(folder.path().join(format!("annexa-{command}.1"))).unwrap();
        assert!(page.contains(".SH SYNOPSIS"), "{page}");
    }
}
