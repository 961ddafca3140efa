use super::*;

struct Project(tempfile::TempDir);

impl Project {
    fn new() -> Self {
        Project(tempfile::tempdir().unwrap())
    }

    fn disk(&self, path: &str) -> PathBuf {
        let disk = self.0.path().join(path);
        fs::create_dir_all(disk.parent().unwrap()).unwrap();
        disk
    }

    fn with(self, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        fs::write(self.disk(path), bytes).unwrap();
        self
    }

    #[cfg(unix)]
    fn link(self, path: &str, target: impl AsRef<Path>) -> Self {
        std::os::unix::fs::symlink(target, self.disk(path)).unwrap();
        self
    }

    fn read(&self) -> (Sources, Vec<Finding>) {
        Sources::from_folder(self.0.path(), &Scope::default()).unwrap()
    }

    fn paths(&self) -> Vec<String> {
        self.read().0.iter().map(|(_, file)| file.path.to_string()).collect()
    }

    fn findings(&self) -> Vec<String> {
        self.read().1.into_iter().map(|f| format!("{}: {}", f.rule.code, f.message)).collect()
    }
}

#[test]
fn a_project_is_its_file_and_five_folders_without_what_is_hidden_or_left_over() {
    let project = Project::new()
        .with("annexa.yaml", "format: 1")
        .with("content/policies/b.md", "b")
        .with("content/a.md", "a")
        .with("content/assets/a.png", [0xff, 0xd8])
        .with("themes/own/style.css", "")
        .with("records/allowed_signers", "x")
        .with("templates/site/page.html", "x")
        .with("frameworks/own.yaml", "x")
        .with("README.md", "x")
        .with("dist/index.html", "x")
        .with("content/.git/config", "x")
        .with("content/.DS_Store", "x")
        .with("content/a.md~", "x")
        .with("content/#a.md#", "x")
        .with("content/.#a.md", "x");
    assert_eq!(
        project.paths(),
        [
            "annexa.yaml",
            "content/a.md",
            "content/assets/a.png",
            "content/policies/b.md",
            "frameworks/own.yaml",
            "records/allowed_signers",
            "templates/site/page.html",
            "themes/own/style.css"
        ]
    );
    assert_eq!(project.findings(), [""; 0]);
}

#[test]
fn an_empty_folder_is_an_empty_project() {
    let project = Project::new();
    assert_eq!((project.paths(), project.findings()), (vec![], vec![]));
}

#[test]
fn a_root_that_is_missing_or_a_file_says_what_to_do() {
    let project = Project::new().with("file", "x");
    let message = |path: &str| Sources::from_folder(&project.disk(path), &Scope::default()).unwrap_err().to_string();
    assert!(message("nowhere").ends_with("name the folder that holds annexa.yaml"), "{}", message("nowhere"));
    assert!(message("file").contains("is a file; name the folder"), "{}", message("file"));
}

#[test]
fn one_bad_file_never_hides_another() {
    let project =
        Project::new().with("content/a.md", b"\xff").with("content/b.md", "").with("content/c.md", "c\r\n").with("content/d.md", "d");
    assert_eq!(project.paths().len(), 4);
    let codes: Vec<_> = project.read().1.iter().map(|f| f.rule.code).collect();
    assert_eq!(codes, ["not-utf8", "empty-file", "carriage-return"]);
}

#[test]
fn a_file_over_the_limit_is_not_read() {
    let project = Project::new().with("content/a.md", "12345").with("content/b.md", "123456");
    let (sources, findings) = Sources::from_folder(project.0.path(), &Scope { file_bytes: 5, ..Scope::default() }).unwrap();
    assert_eq!(sources.iter().count(), 1);
    assert_eq!(findings[0].message.to_string(), "`content/b.md` is 6 bytes large; a source file may be 5 bytes at most");
}

#[test]
fn a_sparse_giant_costs_nothing() {
    let project = Project::new().with("content/a.bin", "");
    fs::OpenOptions::new().write(true).open(project.disk("content/a.bin")).unwrap().set_len(1 << 40).unwrap();
    assert_eq!(project.findings(), ["file-too-large: `content/a.bin` is 1048576 MiB large; a source file may be 16 MiB at most"]);
}

#[test]
fn sizes_round_up_so_that_the_limit_is_never_named_as_over_itself() {
    assert_eq!(mebibytes(16 << 20).to_string(), "16 MiB");
    assert_eq!(mebibytes((16 << 20) + 1).to_string(), "16.1 MiB");
    assert_eq!(mebibytes((17 << 20) - 1).to_string(), "17.0 MiB");
    assert_eq!(mebibytes(1000).to_string(), "1000 bytes");
}

#[cfg(unix)]
#[test]
fn links_within_the_project_are_followed() {
    let project =
        Project::new().with("content/a.md", "a").link("content/b.md", "a.md").with("shared/c.md", "c").link("content/shared", "../shared");
    assert_eq!(project.paths(), ["content/a.md", "content/b.md", "content/shared/c.md"]);
    assert_eq!(project.findings(), [""; 0]);
}

#[cfg(unix)]
#[test]
fn a_project_reached_through_a_link_is_read() {
    let project = Project::new().with("real/content/a.md", "a").link("link", "real");
    assert_eq!(Sources::from_folder(&project.disk("link"), &Scope::default()).unwrap().0.iter().count(), 1);
}

#[cfg(unix)]
#[test]
fn links_out_around_to_hidden_things_and_to_nothing_are_findings() {
    let project = Project::new()
        .with(".git/config", "secret")
        .with("content/good.md", "a")
        .link("content/a-out.md", "/etc/passwd")
        .link("content/b-out", "/etc")
        .link("content/c-up", "..")
        .link("content/d-self", ".")
        .link("content/e-loop", "e-loop")
        .link("content/f-dead.md", "nothing.md")
        .link("content/g-hidden.txt", "../.git/config")
        .link("content/.#good.md", "user@host.1234")
        .link("themes", "/usr");
    assert_eq!(project.paths(), ["content/good.md"]);
    let mut findings = project.findings();
    findings.sort();
    assert_eq!(
        findings,
        [
            "symlink-outside: `content/a-out.md` is a link out of the project, to `/etc/passwd`",
            "symlink-outside: `content/b-out` is a link out of the project, to `/etc`",
            "symlink-outside: `content/c-up` is a link that leads in a circle, to `..`",
            "symlink-outside: `content/d-self` is a link that leads in a circle",
            "symlink-outside: `content/e-loop` is a link that leads in a circle",
            "symlink-outside: `content/f-dead.md` is a link that leads to nothing",
            "symlink-outside: `content/g-hidden.txt` is a link to something hidden, `../.git/config`",
            "symlink-outside: `themes` is a link out of the project, to `/usr`",
        ]
    );
}

#[cfg(unix)]
#[test]
fn links_that_multiply_are_stopped() {
    let mut project = Project::new();
    for level in 0..30 {
        let next = format!("../{}", level + 1);
        project = project.link(&format!("shared/{level}/a"), &next).link(&format!("shared/{level}/b"), &next);
    }
    project = project.with("shared/30/x.md", "x").link("content/start", "../shared/0");
    assert_eq!(project.findings().len(), 2);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_opened() {
    let project = Project::new().with("content/a.md", "a").with("annexa.yaml/x", "");
    std::os::unix::net::UnixListener::bind(project.disk("content/socket")).unwrap();
    fs::write(project.disk("records"), "").unwrap();
    assert_eq!(
        project.findings(),
        [
            "source-unreadable: `annexa.yaml` is a folder, and should be a file",
            "source-unreadable: `content/socket` is neither a file nor a folder",
            "source-unreadable: `records` is a file, and should be a folder"
        ]
    );
}

#[cfg(target_os = "linux")]
#[test]
fn paths_that_are_not_unicode_or_hide_characters_are_findings() {
    use std::os::unix::ffi::OsStrExt;
    let project = Project::new().with("content/a\\b.md", "x").with("content/a\u{1b}[2J.md", "x");
    fs::write(project.disk("content").join(OsStr::from_bytes(b"\xff.md")), "x").unwrap();
    let codes: Vec<_> = project.read().1.iter().map(|f| f.rule.code).collect();
    assert_eq!((codes, project.paths()), (vec!["path-unusable"; 3], vec![]));
}

#[cfg(target_os = "linux")]
#[test]
fn two_unicode_forms_of_one_path_are_a_finding_and_one_file() {
    let project =
        Project::new().with("content/\u{fc}.md", "x").with("content/u\u{308}.md", "y").with("content/B.md", "x").with("content/b.md", "x");
    assert_eq!(project.paths(), ["content/B.md", "content/b.md", "content/\u{fc}.md"]);
    assert_eq!(project.findings().len(), 2);
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_a_finding_and_the_walk_goes_on() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new().with("content/a/secret.md", "x").with("content/b.md", "x").with("content/c.md", "x");
    let lock = |path: &str, mode| fs::set_permissions(project.disk(path), fs::Permissions::from_mode(mode)).unwrap();
    lock("content/a", 0);
    lock("content/b.md", 0);
    if fs::read(project.disk("content/b.md")).is_ok() {
        return; // The superuser may read everything.
    }
    let (paths, findings) = (project.paths(), project.findings());
    lock("content/a", 0o700);
    assert_eq!(paths, ["content/c.md"]);
    assert_eq!(findings.len(), 2, "{findings:?}");
    assert!(findings.iter().all(|f| f.starts_with("source-unreadable: ")), "{findings:?}");
}

/// A file is the very one of before as long as nobody has touched it; one of the same size in its place, and one that is gone, are seen.
#[test]
fn what_nobody_has_touched_is_not_read_again() {
    let project =
        Project::new().with("annexa.yaml", "format: 1").with("content/a.md", "one").with("content/b.md", "two").with("content/c.md", "x");
    let mut memory = FolderMemory { settled: Duration::ZERO, ..FolderMemory::default() };
    let mut read = || Sources::from_folder_again(project.0.path(), &Scope::default(), &mut memory).unwrap().0;
    let first = read();
    let other = project.0.path().join("other");
    fs::write(&other, "too").unwrap();
    fs::rename(&other, project.disk("content/b.md")).unwrap();
    fs::remove_file(project.disk("content/c.md")).unwrap();
    let again = read();
    let text = |sources: &Sources, path: &str| match &sources.file(sources.find(path).unwrap()).content {
        super::super::Content::Text(text) => text.clone(),
        super::super::Content::Bytes(_) => panic!("{path} is text"),
    };
    assert!(Arc::ptr_eq(&text(&first, "content/a.md"), &text(&again, "content/a.md")));
    assert_eq!((text(&again, "content/b.md").as_ref(), again.find("content/c.md")), ("too", None));
    // A file that is larger than is read by now is not taken from the memory.
    let scope = Scope { file_bytes: 2, ..Scope::default() };
    let (none, findings) = Sources::from_folder_again(project.0.path(), &scope, &mut memory).unwrap();
    assert_eq!((none.iter().count(), findings.len()), (0, 3));
}

/// What is written a moment after it was read may look the same from outside: so what was just written is read again.
#[test]
fn what_was_just_written_is_read_again() {
    let project = Project::new().with("content/a.md", "one");
    let mut memory = FolderMemory::default();
    for text in ["one", "two", "six"] {
        fs::write(project.disk("content/a.md"), text).unwrap();
        let (sources, _) = Sources::from_folder_again(project.0.path(), &Scope::default(), &mut memory).unwrap();
        assert_eq!(sources.file(sources.find("content/a.md").unwrap()).text(), text);
    }
}
