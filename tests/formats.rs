//! What other programs get of `annexa check`: code scanning, test reports, annotations in a log, code quality. Each is read back here as its reader
//! would, by the specification of its format, and shown for one project whose authors wrote all that could break out of it.
#![allow(unreachable_pub)] // the objects of SARIF, read below
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{Project, ROLES, SETTINGS, document};
use serde::Deserialize;
use serde_json::Value;

const FOLDER: &str = "our isms, 100% a_b";

/// A project in a folder of a repository, with findings of each severity, on words, on lines, on a file, and with hostile words in them.
fn hostile() -> Project {
    let project = Project::named(FOLDER, &[("annexa.yaml", &format!("{SETTINGS}\"x\\n::error file=a,line=1::%0A\\\"&<]]>\\u202e\": 1\n"))]);
    project.write("content/registers/roles.yaml", ROLES);
    let marks = "𝄞 [[POL-099|🙂 \"a\" & <b>]] and [[POL-099]] and [[POL-099]], {{ org.nmae }}.";
    project.write("content/policies/pol-001.md", document("POL-001", &format!("{marks}\n\nLeft <blink>out</blink>.")));
    project.write("content/policies/pol-002.md", document("POL-002", "One.\r\nTwo.").replace("owner: ciso\n", ""));
    project.write("content/policies/Ü 50%, #1.md", "");
    let old = "reviewed: 2025-01-01\nreview_every: 12 months\n";
    project.write(
        "content/policies/pol-003.md",
        document("POL-003", "An escape: \u{1b}[31m.").replace("satisfies", &format!("{old}satisfies")),
    );
    std::fs::create_dir(project.beside(".git")).unwrap();
    project
}

fn check(project: &Project, format: &str) -> String {
    let ran = project.run("check", &["--format", format]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(1), ""), "{}", ran.out);
    ran.out
}

/// The findings as our own JSON has them: code, severity, message, path in the project, line, column and end.
fn findings(project: &Project) -> Vec<Value> {
    let report: Value = serde_json::from_str(&check(project, "json")).unwrap();
    report["findings"].as_array().unwrap().clone()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// Where a finding lies, from the top of the repository.
fn path(finding: &Value) -> String {
    format!("{FOLDER}/{}", text(finding, "path"))
}

mod sarif {
    //! The objects of SARIF 2.1.0 that we write, with the properties that we write, named and required as in the specification: another one, or one
    //! misspelt, is no SARIF of ours.
    use super::{BTreeMap, Deserialize};

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Log {
        #[serde(rename = "$schema")]
        pub schema: String,
        pub version: String,
        pub runs: Vec<Run>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Run {
        pub tool: Tool,
        pub invocations: Vec<Invocation>,
        pub original_uri_base_ids: BTreeMap<String, Base>,
        pub column_kind: String,
        pub results: Vec<Result>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Tool {
        pub driver: Driver,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Driver {
        pub name: String,
        pub version: String,
        pub semantic_version: String,
        pub rules: Vec<Rule>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Rule {
        pub id: String,
        pub short_description: Message,
        pub full_description: Message,
        pub help: Message,
        pub default_configuration: Configuration,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Configuration {
        pub level: Level,
    }

    #[derive(Deserialize, Debug, PartialEq, Eq)]
    #[serde(rename_all = "lowercase")]
    pub enum Level {
        Error,
        Warning,
        Note,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Invocation {
        pub execution_successful: bool,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Base {
        pub description: Message,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Message {
        pub text: String,
        pub markdown: Option<String>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Result {
        pub rule_id: String,
        pub rule_index: usize,
        pub level: Level,
        pub message: Message,
        pub locations: Vec<Location>,
        #[serde(default)]
        pub related_locations: Vec<Location>,
        pub partial_fingerprints: BTreeMap<String, String>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Location {
        pub id: Option<usize>,
        pub message: Option<Message>,
        pub physical_location: Physical,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Physical {
        pub artifact_location: Artifact,
        pub region: Region,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Artifact {
        pub uri: String,
        pub uri_base_id: String,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Region {
        pub start_line: usize,
        pub start_column: Option<usize>,
        pub end_line: Option<usize>,
        pub end_column: Option<usize>,
    }
}

/// The words of a region, by lines and Unicode code points, in the text as it is checked (with line feeds only).
fn region(file: &str, at: &sarif::Region) -> Option<String> {
    let lines: Vec<Vec<char>> = file.replace("\r\n", "\n").split('\n').map(|line| line.chars().collect()).collect();
    let (first, last) = (at.start_line, at.end_line?);
    let of = |line: usize| &lines[line - 1];
    if first == last {
        return Some(of(first)[at.start_column? - 1..at.end_column? - 1].iter().collect());
    }
    Some(of(first)[at.start_column? - 1..].iter().collect())
}

fn decoded(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&after[..2]).unwrap(), 16).unwrap());
            rest = &after[2..];
        } else {
            assert!(first.is_ascii_alphanumeric() || b"-._~/".contains(first), "{uri}");
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn sarif_leads_code_scanning_to_the_words_of_a_file_of_the_repository() {
    let project = hostile();
    let out = check(&project, "sarif");
    let log: sarif::Log = serde_json::from_str(&out).unwrap();
    assert_eq!((log.version.as_str(), log.runs.len()), ("2.1.0", 1));
    assert!(log.schema.ends_with("/sarif-schema-2.1.0.json"));
    let run = &log.runs[0];
    let driver = &run.tool.driver;
    assert_eq!((driver.name.as_str(), driver.version.as_str()), ("Annexa", env!("CARGO_PKG_VERSION")));
    assert_eq!((driver.semantic_version.as_str(), run.column_kind.as_str()), (env!("CARGO_PKG_VERSION"), "unicodeCodePoints"));
    assert!(run.invocations.iter().all(|invocation| invocation.execution_successful));
    assert_eq!(run.original_uri_base_ids["%SRCROOT%"].description.text, "The top of the repository.");

    let findings = findings(&project);
    assert_eq!(run.results.len(), findings.len());
    for (result, finding) in run.results.iter().zip(&findings) {
        assert_eq!(driver.rules[result.rule_index].id, result.rule_id);
        assert_eq!(result.rule_id, text(finding, "code"));
        assert_eq!(format!("{:?}", result.level).to_lowercase(), text(finding, "severity"));
        let at = &result.locations[0].physical_location;
        assert_eq!((decoded(&at.artifact_location.uri), at.artifact_location.uri_base_id.as_str()), (path(finding), "%SRCROOT%"));
        // Beside `.git`, so that the path is the repository's.
        let file = std::fs::read_to_string(project.beside(&decoded(&at.artifact_location.uri))).unwrap();
        if let Some(words) = region(&file, &at.region) {
            assert!(!words.is_empty() && words.trim_end() == words, "{words:?}");
        }
        for (id, related) in (1..).zip(&result.related_locations) {
            assert_eq!(related.id, Some(id));
            assert!(related.message.is_some());
        }
        // What no consumer may take for a placeholder or a link.
        let singles = result.message.text.replace("{{", "").replace("}}", "");
        assert!(!singles.contains(['{', '}']) && !singles.contains("]("), "{singles}");
    }
    let pol_099 = run.results.iter().find(|result| result.rule_id == "unresolved-reference").unwrap();
    let file = std::fs::read_to_string(project.path("content/policies/pol-001.md")).unwrap();
    assert_eq!(region(&file, &pol_099.locations[0].physical_location.region).unwrap(), "[[POL-099|🙂 \"a\" & <b>]]");
}

#[test]
fn sarif_brings_the_page_of_each_rule_that_it_names_and_no_others() {
    let log: sarif::Log = serde_json::from_str(&check(&hostile(), "sarif")).unwrap();
    let run = &log.runs[0];
    let named: BTreeSet<&str> = run.results.iter().map(|result| result.rule_id.as_str()).collect();
    assert_eq!(named.into_iter().collect::<Vec<_>>(), run.tool.driver.rules.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>());
    for rule in &run.tool.driver.rules {
        let page = format!("{}/docs/rules/{}.md", env!("CARGO_MANIFEST_DIR"), rule.id);
        let page = std::fs::read_to_string(page).unwrap();
        let (heading, what) = (page.lines().next().unwrap(), "## What to do");
        for help in [&rule.help.text, rule.help.markdown.as_ref().unwrap()] {
            assert!(help.starts_with(heading) && help.contains(what), "{help}");
        }
        assert!(page.contains(&rule.short_description.text.replace("{{", "{").replace("}}", "}")));
        assert_eq!(rule.short_description.text, rule.full_description.text);
        assert_eq!(rule.default_configuration.level == sarif::Level::Note, rule.id == "carriage-return", "{}", rule.id);
    }
}

/// The fingerprints of a SARIF log, in order.
fn fingerprints(project: &Project) -> Vec<String> {
    let log: sarif::Log = serde_json::from_str(&check(project, "sarif")).unwrap();
    log.runs[0].results.iter().map(|result| result.partial_fingerprints["annexa/v1"].clone()).collect()
}

#[test]
fn fingerprints_stay_when_lines_move_and_no_two_are_alike() {
    let project = hostile();
    let before = fingerprints(&project);
    assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), before.len());
    project.edit("content/policies/pol-001.md", "𝄞 [[", "A new paragraph.\n\nAnd another one.\n\n𝄞  [[");
    project.edit("annexa.yaml", "title: Manual", "# What this is\ntitle: Our manual");
    assert_eq!(fingerprints(&project), before);
    // On another day, too: the message of a finding may name it.
    let later = project.run("check", &["--format", "sarif", "--today", "2026-08-01"]);
    let log: sarif::Log = serde_json::from_str(&later.out).unwrap();
    assert_eq!(log.runs[0].results.iter().map(|result| result.partial_fingerprints["annexa/v1"].clone()).collect::<Vec<_>>(), before);
}

#[test]
fn sarif_as_code_scanning_gets_it() {
    let mut log: Value = serde_json::from_str(&check(&hostile(), "sarif")).unwrap();
    // The pages are compared with their files above.
    for rule in log["runs"][0]["tool"]["driver"]["rules"].as_array_mut().unwrap() {
        rule["help"] = "..".into();
    }
    insta::assert_snapshot!(format!("{log:#}"));
}

/// A command of the log, as the runner reads it: its name, its properties and its message.
fn command(line: &str) -> Option<(String, BTreeMap<String, String>, String)> {
    let (head, message) = line.strip_prefix("::")?.split_once("::")?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let data = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    let value = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",").replace("%25", "%");
    let properties = properties.split(',').filter_map(|pair| pair.split_once('=')).map(|(key, text)| (key.to_owned(), value(text)));
    Some((name.to_owned(), properties.collect(), data(message)))
}

#[test]
fn annotations_of_github_say_all_of_every_finding_errors_first() {
    let project = hostile();
    let out = check(&project, "github");
    let commands: Vec<_> = out.lines().filter_map(command).collect();
    let findings = findings(&project);
    assert_eq!(commands.len(), findings.len());
    assert_eq!(out.lines().count(), findings.len() + 1, "nothing breaks a line");
    let names: Vec<&str> = commands.iter().map(|(name, ..)| name.as_str()).collect();
    assert!(names.is_sorted_by_key(|name| ["error", "warning", "notice"].iter().position(|known| known == name).unwrap()), "{names:?}");
    for (_, properties, message) in &commands {
        let same = |finding: &&Value| {
            let first_line =
                text(finding, "message").split('\n').next().unwrap().replace('\u{202e}', "\u{fffd}").replace('\u{1b}', "\u{241b}");
            path(finding) == properties["file"] && properties["title"] == text(finding, "code") && message.starts_with(&first_line)
        };
        let finding = findings.iter().find(same).unwrap_or_else(|| panic!("{properties:?} {message}"));
        assert_eq!(properties.contains_key("col"), finding["line"] == finding["end_line"] && finding["line"].is_u64(), "{properties:?}");
        for help in finding["help"].as_array().unwrap() {
            assert!(message.contains(help.as_str().unwrap()), "{message}");
        }
        assert!(!message.contains(['\u{1b}', '\u{202e}', '\r']), "{message:?}");
    }
}

#[test]
fn annotations_as_the_log_gets_them() {
    insta::assert_snapshot!(check(&hostile(), "github"));
}

#[test]
fn junit_has_a_test_case_for_every_file_which_fails_by_its_errors() {
    let project = hostile();
    let out = check(&project, "junit");
    let document = roxmltree::Document::parse(&out).unwrap();
    let suites = document.root_element();
    let suite = suites.first_element_child().unwrap();
    assert_eq!((suites.tag_name().name(), suite.tag_name().name()), ("testsuites", "testsuite"));
    let cases: Vec<_> = suite.children().filter(|node| node.has_tag_name("testcase")).collect();
    let files: BTreeSet<String> = common::files(project.root()).into_keys().map(|path| format!("{FOLDER}/{path}")).collect();
    let named: BTreeSet<String> =
        cases.iter().map(|case| format!("{}/{}", case.attribute("classname").unwrap(), case.attribute("name").unwrap())).collect();
    assert_eq!(named, files);
    let findings = findings(&project);
    for case in &cases {
        let own: Vec<&Value> = findings.iter().filter(|finding| path(finding) == case.attribute("file").unwrap()).collect();
        let (errors, others): (Vec<&Value>, Vec<&Value>) = own.into_iter().partition(|finding| text(finding, "severity") == "error");
        let said =
            |name: &str| case.children().find(|node| node.has_tag_name(name)).and_then(|node| node.text()).unwrap_or_default().to_owned();
        for (words, findings) in [(said("failure"), errors), (said("system-out"), others)] {
            assert_eq!(words.matches(&format!("{}:", case.attribute("file").unwrap())).count(), findings.len(), "{words}");
            for finding in findings {
                assert!(words.contains(&format!("{}[{}]", text(finding, "severity"), text(finding, "code"))), "{words}");
            }
        }
    }
    let failures = cases.iter().filter(|case| case.children().any(|node| node.has_tag_name("failure"))).count();
    for (name, count) in [("tests", cases.len()), ("failures", failures)] {
        assert_eq!(suite.attribute(name), Some(count.to_string().as_str()));
        assert_eq!(suites.attribute(name), suite.attribute(name));
    }
}

#[test]
fn junit_as_a_server_gets_it() {
    insta::assert_snapshot!(check(&hostile(), "junit"));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: String,
    location: IssueLocation,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IssueLocation {
    path: String,
    lines: IssueLines,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IssueLines {
    begin: usize,
}

#[test]
fn gitlab_gets_an_issue_for_every_finding_with_a_fingerprint_of_its_own() {
    let project = hostile();
    let issues: Vec<Issue> = serde_json::from_str(&check(&project, "gitlab")).unwrap();
    let findings = findings(&project);
    assert_eq!(issues.len(), findings.len());
    for (issue, finding) in issues.iter().zip(&findings) {
        let severity = BTreeMap::from([("error", "major"), ("warning", "minor"), ("note", "info")])[text(finding, "severity")];
        assert_eq!((issue.check_name.as_str(), issue.severity.as_str()), (text(finding, "code"), severity));
        assert_eq!((&issue.location.path, issue.location.lines.begin), (&path(finding), finding["line"].as_u64().unwrap_or(1) as usize));
        assert!(!issue.description.is_empty() && !issue.description.contains(['\n', '\u{1b}', '\u{202e}']));
    }
    assert_eq!(issues.iter().map(|issue| &issue.fingerprint).cloned().collect::<Vec<_>>(), fingerprints(&project));
}

#[test]
fn gitlab_as_it_gets_it() {
    insta::assert_snapshot!(check(&hostile(), "gitlab"));
}

#[test]
fn a_project_that_is_no_part_of_a_repository_is_named_from_its_own_folder() {
    let project = hostile();
    std::fs::remove_dir(project.beside(".git")).unwrap();
    let log: sarif::Log = serde_json::from_str(&check(&project, "sarif")).unwrap();
    assert!(log.runs[0].results.iter().any(|result| result.locations[0].physical_location.artifact_location.uri == "annexa.yaml"));
}

#[test]
fn without_a_finding_every_format_is_whole_and_the_status_is_0() {
    let project = Project::sound();
    for (format, is_whole) in [
        ("sarif", (|out| serde_json::from_str::<sarif::Log>(out).is_ok_and(|log| log.runs[0].results.is_empty())) as fn(&str) -> bool),
        ("junit", |out| roxmltree::Document::parse(out).is_ok() && out.contains("tests=\"3\" failures=\"0\"")),
        ("github", |out| out == "no findings\n"),
        ("gitlab", |out| out == "[]\n"),
    ] {
        let ran = project.run("check", &["--format", format]);
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{format}: {}", ran.out);
        assert!(is_whole(&ran.out), "{format}: {}", ran.out);
    }
}
