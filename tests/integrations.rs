//! The files that bring Annexa into other people's pipelines: the action of GitHub, the jobs of GitLab, the hooks of pre-commit. Their scripts are run here
//! as a runner would, with the command that has just been compiled.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{Project, Ran, document};
use serde_yaml::Value;

fn file(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn yaml(path: &str) -> Value {
    serde_yaml::from_str(&file(path)).unwrap()
}

/// Runs a script in a project's folder with today fixed, and with the compiled command on a path that has nothing else of ours.
fn script(project: &Project, shell: &[&str], script: &str, env: &[(&str, &str)], with_annexa: bool) -> Ran {
    let bin = project.beside("bin");
    fs::create_dir_all(&bin).unwrap();
    if with_annexa && !bin.join("annexa").exists() {
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_annexa"), bin.join("annexa")).unwrap();
    }
    let mut command = Command::new(shell[0]);
    command.args(&shell[1..]).arg(script).current_dir(project.root()).env_clear().env("NO_COLOR", "1");
    // 2026-06-01, the day of the tests.
    command.env("SOURCE_DATE_EPOCH", "1780272000").env("HOME", project.beside("home"));
    command.env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", bin.display())).envs(env.iter().copied());
    command.output().unwrap().into()
}

/// As the runner of Actions runs a step with `shell: bash`.
const BASH: [&str; 6] = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"];

fn steps() -> Vec<Value> {
    yaml("action.yml")["runs"]["steps"].as_sequence().unwrap().clone()
}

fn step(id: &str) -> String {
    let steps = steps();
    let step = steps.iter().find(|step| step["id"] == id).unwrap_or_else(|| panic!("there is no step {id}"));
    assert_eq!(step["shell"], "bash", "{id}");
    step["run"].as_str().unwrap().to_owned()
}

/// Runs a step of the action; and what it wrote to its outputs and to the path.
fn action(project: &Project, id: &str, env: &[(&str, &str)], with_annexa: bool) -> (Ran, String, String) {
    let at = |name: &str| -> (PathBuf, String) { (project.beside(name), project.beside(name).to_str().unwrap().to_owned()) };
    let ((output, output_name), (path, path_name)) = (at("output"), at("path"));
    for file in [&output, &path] {
        fs::write(file, "").unwrap();
    }
    let temp = project.beside("").to_str().unwrap().trim_end_matches('/').to_owned();
    let given = [("GITHUB_OUTPUT", output_name.as_str()), ("GITHUB_PATH", &path_name), ("RUNNER_TEMP", &temp)];
    let ran = script(project, &BASH, &step(id), &[&given, env].concat(), with_annexa);
    (ran, fs::read_to_string(output).unwrap(), fs::read_to_string(path).unwrap())
}

fn broken() -> Project {
    let project = Project::sound();
    project.write("content/policies/pol-002.md", document("POL-002", "See [[POL-099]]."));
    project
}

#[test]
fn the_check_of_the_action_shows_annotations_and_hands_the_findings_on() {
    let project = broken();
    let (ran, output, _) = action(&project, "check", &[("PROJECT", "."), ("ARGUMENTS", "--no-dates --deny warnings")], true);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "code scanning gets the file before the verdict");
    assert!(ran.out.starts_with("::error file=content/policies/pol-002.md,line=13,"), "{}", ran.out);
    let sarif = output.lines().find_map(|line| line.strip_prefix("sarif=")).unwrap();
    let log: serde_json::Value = serde_json::from_str(&fs::read_to_string(sarif).unwrap()).unwrap();
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "unresolved-reference");
    assert!(output.ends_with("status=1\n"), "{output}");
    assert_eq!(action(&project, "verdict", &[("STATUS", "1")], true).0.status, Some(1));
    assert_eq!(action(&project, "verdict", &[("STATUS", "0")], true).0.status, Some(0));
}

#[test]
fn the_check_of_the_action_ends_where_nothing_could_be_checked() {
    let (ran, output, _) = action(&broken(), "check", &[("PROJECT", "."), ("ARGUMENTS", "--deny no-such-rule")], true);
    assert_eq!((ran.status, output.as_str()), (Some(2), ""), "{}", ran.err);
    assert!(ran.err.contains("there is no rule `no-such-rule`"), "{}", ran.err);
}

#[test]
fn the_action_passes_without_findings_and_without_arguments_and_builds() {
    let project = Project::sound();
    let (ran, output, _) = action(&project, "check", &[("PROJECT", "."), ("ARGUMENTS", "")], true);
    assert_eq!((ran.status, ran.out.as_str()), (Some(0), "no findings\n"), "{}", ran.err);
    assert!(output.ends_with("status=0\n"), "{output}");
    let env = [("PROJECT", "."), ("OUT", "public html"), ("ARGUMENTS", "--no-pdf --audience public")];
    let (built, ..) = action(&project, "build", &env, true);
    assert_eq!(built.status, Some(0), "{}", built.err);
    assert!(project.path("public html/index.html").is_file());
}

#[test]
fn the_action_takes_the_command_that_is_there_or_compiles_its_own() {
    let project = Project::sound();
    let repository =
        [("GITHUB_ACTION_PATH", env!("CARGO_MANIFEST_DIR")), ("RUNNER_OS", "Linux"), ("RUNNER_ARCH", "X64"), ("GITHUB_ACTION_REF", "v1")];
    let env = |more: &[(&'static str, &'static str)]| [&repository, more].concat();
    let (ran, output, _) = action(&project, "find", &env(&[("PDF", "true")]), true);
    assert_eq!((ran.status, output.as_str()), (Some(0), "found=true\n"), "{}", ran.err);
    let project = Project::sound();
    if Path::new("/usr/local/bin/annexa").exists() || Path::new("/usr/bin/annexa").exists() {
        return;
    }
    let (ran, output, _) = action(&project, "find", &env(&[("PDF", "false")]), false);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(output.starts_with("found=false\nkey=annexa-Linux-X64-v1-") && output.ends_with("-pdf-false\n"), "{output}");
    // A cargo that only says how it was called.
    let cargo = project.beside("bin").join("cargo");
    fs::write(&cargo, "#!/bin/sh\necho \"$@\"\n").unwrap();
    fs::set_permissions(&cargo, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let home = project.beside("home").to_str().unwrap().to_owned();
    let called = format!("install --locked --path {} --root {home}/.annexa", env!("CARGO_MANIFEST_DIR"));
    for (pdf, cached, said) in
        [("true", "", format!("{called}\n")), ("false", "", format!("{called} --no-default-features\n")), ("true", "true", String::new())]
    {
        let (ran, _, path) = action(&project, "compile", &env(&[("PDF", pdf), ("CACHED", cached)]), false);
        assert_eq!(
            (ran.status, ran.out.as_str(), path.as_str()),
            (Some(0), said.as_str(), format!("{home}/.annexa/bin\n").as_str()),
            "{}",
            ran.err
        );
    }
}

/// Every `${{ .. }}` of a value.
fn expressions(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.extend(text.split("${{").skip(1).map(|rest| rest.split("}}").next().unwrap().trim().to_owned())),
        Value::Sequence(items) => items.iter().for_each(|item| expressions(item, found)),
        Value::Mapping(entries) => entries.iter().for_each(|(_, value)| expressions(value, found)),
        _ => {}
    }
}

#[test]
fn nothing_that_somebody_else_wrote_becomes_a_command_of_the_action() {
    let action = yaml("action.yml");
    let inputs: BTreeSet<&str> = action["inputs"].as_mapping().unwrap().keys().map(|key| key.as_str().unwrap()).collect();
    let ids: BTreeSet<String> = steps().iter().map(|step| step["id"].as_str().unwrap().to_owned()).collect();
    for step in steps() {
        assert!(!step["run"].as_str().unwrap_or_default().contains("${{"), "a script takes values from its environment alone: {step:?}");
    }
    let mut found = Vec::new();
    expressions(&action, &mut found);
    for condition in steps().iter().filter_map(|step| step["if"].as_str().map(str::to_owned)) {
        found.push(condition.split(' ').next().unwrap().to_owned());
    }
    for expression in &found {
        let known = match expression.split('.').collect::<Vec<_>>()[..] {
            ["inputs", name] => inputs.contains(name),
            ["steps", id, "outputs", _] => ids.contains(id),
            _ => false,
        };
        assert!(known, "{expression}");
    }
    for input in inputs {
        assert!(found.contains(&format!("inputs.{input}")), "the input {input} is used");
    }
}

/// The script of a job, as a runner of GitLab runs it in an image's plain shell.
fn gitlab(project: &Project, job: &str, env: &[(&str, &str)]) -> Ran {
    let jobs = yaml("ci/gitlab.yml");
    let lines: Vec<&str> = jobs[job]["script"].as_sequence().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let variables: Vec<(&str, &str)> =
        jobs["variables"].as_mapping().unwrap().iter().map(|(key, value)| (key.as_str().unwrap(), value.as_str().unwrap())).collect();
    script(project, &["sh", "-ec"], &lines.join("\n"), &[&variables, env].concat(), true)
}

#[test]
fn gitlab_gets_its_reports_whether_or_not_the_check_fails() {
    for (project, status) in [(broken(), 1), (Project::sound(), 0)] {
        let ran = gitlab(&project, "annexa-check", &[]);
        assert_eq!(ran.status, Some(status), "{}{}", ran.out, ran.err);
        assert_eq!(ran.codes().len(), usize::try_from(status).unwrap(), "and people see the findings in the log");
        let artifacts = &yaml("ci/gitlab.yml")["annexa-check"]["artifacts"];
        assert_eq!(artifacts["when"], "always");
        let read = |kind: &str| fs::read_to_string(project.path(artifacts["reports"][kind].as_str().unwrap())).unwrap();
        let issues: serde_json::Value = serde_json::from_str(&read("codequality")).unwrap();
        assert_eq!(issues.as_array().unwrap().len(), usize::try_from(status).unwrap());
        assert!(roxmltree::Document::parse(&read("junit")).is_ok());
    }
    let none = gitlab(&broken(), "annexa-check", &[("ANNEXA_ARGUMENTS", "--deny no-such-rule")]);
    assert_eq!(none.status, Some(2));
}

#[test]
fn gitlab_is_told_every_week_what_the_day_has_made_wrong() {
    let project = Project::sound();
    let old = document("POL-002", "").replace("satisfies", "reviewed: 2025-01-01\nreview_every: 12 months\nsatisfies");
    project.write("content/policies/pol-002.md", old);
    assert_eq!(gitlab(&project, "annexa-check", &[("ANNEXA_ARGUMENTS", "--no-dates --deny warnings")]).status, Some(0));
    let weekly = gitlab(&project, "annexa-dates", &[]);
    assert_eq!((weekly.status, weekly.codes()), (Some(1), vec!["error[review-overdue"]), "{}", weekly.err);
    let built = gitlab(&project, "annexa-build", &[("ANNEXA_BUILD_ARGUMENTS", "--no-pdf")]);
    assert_eq!(built.status, Some(0), "{}", built.err);
    assert!(project.path("annexa-site/index.html").is_file());
}

#[test]
fn each_hook_of_pre_commit_checks_the_whole_project() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let hooks = hooks.as_sequence().unwrap();
    assert_eq!(
        hooks.iter().map(|hook| (hook["id"].as_str().unwrap(), hook["language"].as_str().unwrap())).collect::<Vec<_>>(),
        [("annexa", "rust"), ("annexa-installed", "system")]
    );
    for hook in hooks {
        assert_eq!(hook["pass_filenames"], false);
        let arguments: Vec<&str> = hook["args"].as_sequence().unwrap().iter().map(|argument| argument.as_str().unwrap()).collect();
        let command = format!("{} {}", hook["entry"].as_str().unwrap(), arguments.join(" "));
        assert_eq!(script(&Project::sound(), &["sh", "-c"], &command, &[], true).status, Some(0));
        assert_eq!(script(&broken(), &["sh", "-c"], &command, &[], true).status, Some(1));
        // The folders of a project, as the command knows them.
        for folder in annexa::base::source::FOLDERS {
            assert!(hook["files"].as_str().unwrap().contains(folder), "{folder}");
        }
    }
}

#[test]
fn the_examples_of_the_documentation_are_of_these_files() {
    let page = file("docs/ci.md");
    let examples: Vec<Value> =
        page.split("```yaml\n").skip(1).map(|rest| serde_yaml::from_str(rest.split("```").next().unwrap()).unwrap()).collect();
    let action = yaml("action.yml");
    let mut used = 0;
    for step in examples
        .iter()
        .filter_map(|example| example["jobs"].as_mapping())
        .flat_map(|jobs| jobs.values())
        .flat_map(|job| job["steps"].as_sequence().unwrap())
    {
        if step["uses"].as_str().is_some_and(|uses| uses.contains("annexa")) {
            used += 1;
            for (key, _) in step["with"].as_mapping().unwrap() {
                assert!(action["inputs"].get(key).is_some(), "{key:?} is an input");
            }
        }
    }
    assert_eq!(used, 2);
    let hook = examples.iter().find_map(|example| example["repos"][0]["hooks"][0]["id"].as_str()).unwrap();
    assert!(yaml(".pre-commit-hooks.yaml").as_sequence().unwrap().iter().any(|known| known["id"] == hook));
    let gitlab = examples.iter().find(|example| example.get("include").is_some()).unwrap();
    let known = file("ci/gitlab.yml");
    for (variable, _) in gitlab["variables"].as_mapping().unwrap() {
        assert!(known.contains(variable.as_str().unwrap()), "{variable:?}");
    }
    // Every rule that comes and goes with the day, and no other.
    for rule in annexa::base::rule::ALL {
        let dates = page.split("## Dates").nth(1).unwrap().split("`--dates` shows").next().unwrap();
        assert_eq!(dates.contains(&format!("`{}`", rule.code)), rule.is_of_dates(), "{}", rule.code);
    }
}
