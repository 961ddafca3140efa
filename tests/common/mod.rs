//! Projects in temporary folders, and the compiled command run on them.
#![allow(dead_code, unreachable_pub)] // each test file uses a part of this
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

pub mod browser;
pub mod html;
pub mod preview;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// The date that counts as today in tests.
pub const TODAY: &str = "2026-06-01";

/// The releases of the demo with their days.
pub const RELEASES: [(&str, &str); 3] = [("v1.0", "2026-10-19"), ("v1.1", "2026-11-09"), ("v2.0", "2026-11-23")];

/// Settings of a project with one small framework, of which nothing needs a statement.
pub const SETTINGS: &str = "format: 1\ntitle: Manual\norg: {name: Example Ltd}\nframeworks: [gdpr]\n";

/// Two roles, which documents name.
pub const ROLES: &str =
    "register: roles\nrows:\n  - {id: ciso, title: Information security officer}\n  - {id: ceo, title: Managing director}\n";

/// How many cases a property is tried on, always the same ones, unless PROPTEST_CASES and PROPTEST_RNG_SEED ask for more and others.
pub fn cases(cases: u32) -> proptest::test_runner::Config {
    let mut config = proptest::test_runner::Config { failure_persistence: None, ..Default::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        config.rng_seed = proptest::test_runner::RngSeed::Fixed(20_260_601);
    }
    config
}

/// A project in a folder of its own, which goes with this value.
pub struct Project {
    temp: TempDir,
    root: PathBuf,
}

impl Project {
    /// A project of these files, in a folder named `isms`.
    pub fn new(files: &[(&str, &str)]) -> Self {
        Project::named("isms", files)
    }

    /// A project of these files, in a folder of this name.
    pub fn named(folder: &str, files: &[(&str, &str)]) -> Self {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().join(folder);
        fs::create_dir(&root).unwrap();
        let project = Project { temp, root };
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    /// A small project without a finding: [`SETTINGS`], [`ROLES`], and a document.
    pub fn sound() -> Self {
        Project::new(&[
            ("annexa.yaml", SETTINGS),
            ("content/registers/roles.yaml", ROLES),
            ("content/policies/pol-001.md", &document("POL-001", "")),
        ])
    }

    /// A copy of a folder of `tests/fixtures`.
    pub fn fixture(name: &str) -> Self {
        let project = Project::new(&[]);
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name), &project.root);
        project
    }

    /// A copy of the repository's own manual.
    pub fn of_the_repository() -> Self {
        let project = Project::new(&[]);
        let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
        fs::copy(repository.join("annexa.yaml"), project.path("annexa.yaml")).unwrap();
        copy(&repository.join("content"), &project.path("content"));
        project
    }

    /// The demo with its releases v1.0, v1.1 and v2.0, as `tests/history/build.sh` makes it: see [`RELEASES`].
    pub fn with_history() -> Self {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().join("isms");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/history/build.sh");
        let ran = Command::new("sh").arg(script).arg(&root).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        Project { temp, root }
    }

    /// The project's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A folder beside the project's.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }

    /// A path in the project.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Writes a file.
    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Replaces words that stand once in a file.
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(path)).unwrap();
        assert_eq!(text.matches(from).count(), 1, "`{from}` stands once in {path}");
        self.write(path, text.replace(from, to));
    }

    /// Runs `annexa COMMAND .` with more arguments in the project's folder, with today fixed.
    pub fn run(&self, command: &str, arguments: &[&str]) -> Ran {
        let today = if arguments.contains(&"--today") { vec![] } else { vec!["--today", TODAY] };
        run(&self.root, [command].into_iter().chain(arguments.iter().copied()).chain(today))
    }

    /// Builds without the PDF into `dist`, and panics with what the command says if it cannot.
    pub fn build(&self, arguments: &[&str]) -> PathBuf {
        let arguments: Vec<&str> = ["--no-pdf"].iter().chain(arguments).copied().collect();
        let ran = self.run("build", &arguments);
        assert_eq!(ran.status, Some(0), "{}\n{}", ran.out, ran.err);
        self.path("dist")
    }

    /// Builds without the PDF, and gives the output's folder by its full path beside the project, which has to live as long.
    pub fn into_built(self) -> (Self, PathBuf) {
        let dist = self.build(&[]).canonicalize().unwrap();
        (self, dist)
    }
}

/// How a command ended.
#[derive(Debug)]
pub struct Ran {
    /// Its exit status.
    pub status: Option<i32>,
    /// What it wrote to standard output.
    pub out: String,
    /// What it wrote to standard error.
    pub err: String,
}

impl Ran {
    /// The codes of the findings that were printed to standard output for people, in order, each with its severity: `error[unknown-key`.
    pub fn codes(&self) -> Vec<&str> {
        let is_code = |line: &&str| line.contains("]: ") && ["error[", "warning[", "note["].iter().any(|head| line.starts_with(head));
        self.out
            .lines()
            .chain(self.err.lines())
            .filter(is_code)
            .filter_map(|line| Some(line.split_once("]: ")?.0))
            .map(|head| head.trim())
            .collect()
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Ran { status: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }
}

/// The command, in a folder, without what the environment could change.
pub fn annexa(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_annexa"));
    command.current_dir(folder).env_remove("SOURCE_DATE_EPOCH").env_remove("COLUMNS").env_remove("RAYON_NUM_THREADS");
    command.env("NO_COLOR", "1");
    command
}

/// Runs the command in a folder.
pub fn run(folder: &Path, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Ran {
    annexa(folder).args(arguments).output().unwrap().into()
}

/// What a command prints that ends well and needs no project.
pub fn printed(arguments: &[&str]) -> String {
    let ran = run(Path::new("."), arguments);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    ran.out
}

/// The commands that a help lists, but for `help` itself.
pub fn commands(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next().map(str::to_owned));
    names.filter(|name| !name.is_empty() && name != "help").collect()
}

/// A draft with these words for its text.
pub fn document(id: &str, text: &str) -> String {
    format!(
        "---\nid: {id}\ntitle: Title of {id}\ntype: policy\nversion: \"1.0\"\nstatus: draft\nclassification: internal\nowner: ciso\napprover: ceo\nsatisfies: [gdpr:32]\n---\n\n{text}\n"
    )
}

/// The files below a folder with their bytes, by their paths with forward slashes.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    entries
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
            (path, fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// Asserts that two outputs hold the same files with the same bytes, and names the first that differs.
#[track_caller]
pub fn assert_same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) {
    let paths = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(one), paths(other));
    for (path, bytes) in one {
        if *bytes != other[path] {
            let at = bytes.iter().zip(&other[path]).take_while(|(a, b)| a == b).count();
            let near = |bytes: &[u8]| String::from_utf8_lossy(&bytes[at.saturating_sub(60)..(at + 60).min(bytes.len())]).into_owned();
            panic!("{path} differs at byte {at}:\n  {}\n  {}", near(bytes), near(&other[path]));
        }
    }
}

fn copy(from: &Path, to: &Path) {
    for (path, bytes) in files(from) {
        let path = to.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// What a file of an output says: of a workbook, all that is packed in it.
pub fn words_of(path: &str, bytes: &[u8]) -> String {
    if !path.ends_with(".xlsx") {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut all = String::new();
    for index in 0..archive.len() {
        std::io::Read::read_to_string(&mut archive.by_index(index).unwrap(), &mut all).unwrap();
        all.push('\n');
    }
    all
}

/// Runs `git` in a folder, on a day; only tests need it, to make what is read.
pub fn git(folder: &Path, day: &str, arguments: &[&str]) {
    let ran = Command::new("git")
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder)
        .envs([("GIT_AUTHOR_NAME", "Office"), ("GIT_AUTHOR_EMAIL", "office@example.com")])
        .envs([("GIT_COMMITTER_NAME", "Office"), ("GIT_COMMITTER_EMAIL", "office@example.com")])
        .envs([("GIT_AUTHOR_DATE", format!("{day}T23:30:00+0200")), ("GIT_COMMITTER_DATE", format!("{day}T23:30:00+0200"))])
        .args(arguments)
        .output()
        .unwrap();
    assert!(ran.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}
