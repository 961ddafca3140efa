use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use super::super::manifest::About;
use super::*;
use crate::render::Artifact;

struct Project(tempfile::TempDir);

impl Project {
    fn new() -> Self {
        let project = Project(tempfile::tempdir().unwrap());
        fs::create_dir(project.root()).unwrap();
        project
    }

    fn root(&self) -> PathBuf {
        self.0.path().join("isms")
    }

    fn dist(&self) -> PathBuf {
        self.root().join("dist")
    }

    fn write(&self, files: &[(&str, &str)]) -> Result<Written, WriteError> {
        self.write_with(files, false, &AtomicBool::new(false))
    }

    fn force(&self, files: &[(&str, &str)]) -> Result<Written, WriteError> {
        self.write_with(files, true, &AtomicBool::new(false))
    }

    fn write_with(&self, files: &[(&str, &str)], force: bool, cancel: &AtomicBool) -> Result<Written, WriteError> {
        let file = |(path, text): &(&str, &str)| Artifact { path: (*path).to_owned(), bytes: (*text).into() };
        let artifacts = Artifacts::new(files.iter().map(file).collect()).unwrap();
        let about = About {
            title: "Manual".to_owned(),
            audience: "public".to_owned(),
            today: jiff::civil::date(2026, 3, 2),
            release: None,
            origin: None,
            settings: None,
        };
        let manifest = Manifest::new(&artifacts, about);
        write(&self.dist(), &self.root(), &artifacts, &manifest, force, cancel)
    }

    /// Every file of the project's folder but the manifest, with its text: so a leftover shows.
    fn files(&self) -> BTreeMap<String, String> {
        let entries = walkdir::WalkDir::new(self.root()).into_iter().map(Result::unwrap).filter(|entry| !entry.file_type().is_dir());
        let files = entries.filter(|entry| entry.file_name() != MANIFEST_PATH).map(|entry| {
            let path = entry.path().strip_prefix(self.root()).unwrap().to_str().unwrap().to_owned();
            (path, fs::read_to_string(entry.path()).unwrap())
        });
        files.collect()
    }

    fn assert_files(&self, files: &[(&str, &str)]) {
        let expected = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        assert_eq!(self.files(), expected);
        let hidden = fs::read_dir(self.root())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .filter(|name| name.to_string_lossy().starts_with('.'));
        assert_eq!(hidden.count(), 0, "nothing is left beside the output");
    }
}

#[cfg(unix)]
fn inode(path: &Path) -> u64 {
    std::os::unix::fs::MetadataExt::ino(&fs::metadata(path).unwrap())
}

#[test]
fn a_first_output_has_every_file_and_a_manifest() {
    let project = Project::new();
    let written = project.write(&[("index.html", "a"), ("documents/pol-004.html", "bc")]).unwrap();
    let manifest = fs::read(project.dist().join(MANIFEST_PATH)).unwrap();
    assert_eq!(written.written, ["documents/pol-004.html", "index.html", MANIFEST_PATH]);
    assert_eq!(written, Written { written: written.written.clone(), bytes: 3 + manifest.len() as u64, ..Written::default() });
    assert_eq!(Manifest::parse(&manifest).unwrap().files.len(), 2);
    project.assert_files(&[("dist/index.html", "a"), ("dist/documents/pol-004.html", "bc")]);
}

#[cfg(unix)]
#[test]
fn an_unchanged_file_keeps_its_inode_a_changed_one_does_not_and_a_removed_one_goes() {
    let project = Project::new();
    project.write(&[("d/same.html", "a"), ("d/other.html", "b"), ("gone/x.html", "c")]).unwrap();
    let inodes = ["d/same.html", "d/other.html"].map(|path| inode(&project.dist().join(path)));
    let written = project.write(&[("d/same.html", "a"), ("d/other.html", "B"), ("new.html", "d")]).unwrap();
    assert_eq!(written.written, ["d/other.html", MANIFEST_PATH, "new.html"], "the manifest is written too");
    assert_eq!((written.unchanged, written.removed), (vec!["d/same.html".to_owned()], vec!["gone/x.html".to_owned()]));
    let after = ["d/same.html", "d/other.html"].map(|path| inode(&project.dist().join(path)));
    assert_eq!((inodes[0] == after[0], inodes[1] == after[1]), (true, false));
    project.assert_files(&[("dist/d/same.html", "a"), ("dist/d/other.html", "B"), ("dist/new.html", "d")]);
    assert!(!project.dist().join("gone").exists());
}

#[cfg(unix)]
#[test]
fn an_output_that_did_not_change_is_not_touched() {
    let project = Project::new();
    project.write(&[("a", "a")]).unwrap();
    let before = inode(&project.dist());
    let written = project.write(&[("a", "a")]).unwrap();
    assert_eq!((written.written.len(), written.unchanged.len(), written.removed.len()), (0, 2, 0));
    assert_eq!(inode(&project.dist()), before);
    project.assert_files(&[("dist/a", "a")]);
}

#[test]
fn a_folder_that_annexa_did_not_make_is_refused_unless_forced() {
    let project = Project::new();
    fs::create_dir(project.dist()).unwrap();
    fs::write(project.dist().join("thesis.doc"), "ten years").unwrap();
    fs::write(project.dist().join(MANIFEST_PATH), r#"{"name": "an app"}"#).unwrap();
    let refused = project.write(&[("a", "a")]).unwrap_err().to_string();
    assert!(refused.contains("holds files that Annexa did not write there: `manifest.json`, `thesis.doc`; choose another"), "{refused}");
    project.assert_files(&[("dist/thesis.doc", "ten years")]);
    project.force(&[("a", "a")]).unwrap();
    project.assert_files(&[("dist/a", "a")]);
}

#[test]
fn a_file_put_into_an_output_by_hand_is_not_lost_unasked() {
    let project = Project::new();
    project.write(&[("a", "a")]).unwrap();
    fs::write(project.dist().join(".DS_Store"), "").unwrap();
    fs::write(project.dist().join("CNAME"), "isms.example").unwrap();
    assert!(matches!(project.write(&[("a", "b")]), Err(WriteError::Foreign { files, .. }) if files == ["CNAME"]));
    fs::remove_file(project.dist().join("CNAME")).unwrap();
    project.write(&[("a", "b")]).unwrap();
    project.assert_files(&[("dist/a", "b")]);
}

#[test]
fn an_empty_folder_is_taken() {
    let project = Project::new();
    fs::create_dir(project.dist()).unwrap();
    project.write(&[("a", "a")]).unwrap();
    project.assert_files(&[("dist/a", "a")]);
}

#[test]
fn a_failure_in_the_middle_leaves_the_old_output_whole() {
    let project = Project::new();
    project.write(&[("a", "a"), ("b", "b")]).unwrap();
    let long = format!("x/{}", "y".repeat(300));
    let failed = project.write(&[("a", "A"), ("b", "B"), (&long, "no file system takes this name")]).unwrap_err();
    assert!(failed.to_string().ends_with("the output before is as it was"), "{failed}");
    project.assert_files(&[("dist/a", "a"), ("dist/b", "b")]);
}

#[test]
fn stopping_leaves_the_old_output_whole_and_nothing_beside_it() {
    let project = Project::new();
    project.write(&[("a", "a")]).unwrap();
    assert!(matches!(project.write_with(&[("a", "b")], false, &AtomicBool::new(true)), Err(WriteError::Cancelled)));
    project.assert_files(&[("dist/a", "a")]);
}

#[test]
fn stopping_at_any_moment_leaves_one_whole_output() {
    let project = Project::new();
    let paths: Vec<String> = (0..300).map(|n| format!("{}/{n}.html", n % 7)).collect();
    let output = |text: &'static str| paths.iter().map(|path| (path.as_str(), text)).collect::<Vec<_>>();
    project.write(&output("0")).unwrap();
    for (round, text) in ["1", "2", "3", "4", "5", "6"].into_iter().enumerate() {
        let cancel = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(std::time::Duration::from_millis(round as u64 * 2));
                cancel.store(true, Ordering::Relaxed);
            });
            let result = project.write_with(&output(text), false, &cancel);
            assert!(matches!(result, Ok(_) | Err(WriteError::Cancelled)), "{result:?}");
        });
        let texts: std::collections::BTreeSet<String> = project.files().into_values().collect();
        assert_eq!((texts.len(), project.files().len()), (1, 300));
    }
}

#[test]
fn a_second_build_into_the_same_folder_is_refused_while_the_first_runs() {
    let project = Project::new();
    project.write(&[("a", "a")]).unwrap();
    let lock = Lock::take(&Destination::find(&project.dist(), &project.root()).unwrap()).unwrap();
    let refused = project.write(&[("a", "b")]).unwrap_err();
    assert!(matches!(refused, WriteError::Busy { .. }) && refused.to_string().contains("wait until it has ended"), "{refused}");
    drop(lock);
    project.write(&[("a", "b")]).unwrap();
    project.assert_files(&[("dist/a", "b")]);
}

#[test]
fn many_builds_at_once_leave_the_output_of_one_of_them() {
    let project = Project::new();
    let paths: Vec<String> = (0..40).map(|n| format!("{n}.html")).collect();
    std::thread::scope(|scope| {
        for text in ["a", "b", "c", "d"] {
            let (project, paths) = (&project, &paths);
            scope.spawn(move || {
                for _ in 0..25 {
                    let result = project.write(&paths.iter().map(|path| (path.as_str(), text)).collect::<Vec<_>>());
                    assert!(matches!(result, Ok(_) | Err(WriteError::Busy { .. })), "{result:?}");
                }
            });
        }
    });
    let texts: std::collections::BTreeSet<String> = project.files().into_values().collect();
    assert_eq!((texts.len(), project.files().len()), (1, 40));
}

#[test]
fn what_a_killed_run_left_is_cleared() {
    let project = Project::new();
    project.write(&[("a", "a")]).unwrap();
    for left in [".dist.annexa-staging-4000000000/a", ".dist.annexa-staging-1/b/c", ".dist.annexa-old-4000000000/a"] {
        let left = project.root().join(left);
        fs::create_dir_all(left.parent().unwrap()).unwrap();
        fs::write(left, "").unwrap();
    }
    fs::write(project.root().join(".dist.annexa-lock"), "").unwrap();
    project.write(&[("a", "a")]).unwrap();
    project.assert_files(&[("dist/a", "a")]);
}

#[test]
fn an_output_that_a_killed_run_set_aside_is_back_even_if_this_run_fails() {
    let project = Project::new();
    project.write(&[("a", "a")]).unwrap();
    fs::rename(project.dist(), project.root().join(".dist.annexa-old-4000000000")).unwrap();
    assert!(project.write_with(&[("a", "b")], false, &AtomicBool::new(true)).is_err());
    project.assert_files(&[("dist/a", "a")]);
}

#[cfg(unix)]
#[test]
fn an_output_may_be_a_link_and_stays_one() {
    let project = Project::new();
    fs::create_dir(project.0.path().join("www")).unwrap();
    std::os::unix::fs::symlink("../www", project.dist()).unwrap();
    project.write(&[("a", "a")]).unwrap();
    project.write(&[("a", "b")]).unwrap();
    assert!(fs::symlink_metadata(project.dist()).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(project.0.path().join("www/a")).unwrap(), "b");
}

#[cfg(unix)]
#[test]
fn a_link_inside_an_output_is_never_written_through() {
    let project = Project::new();
    project.write(&[("a", "a"), ("d/b", "b")]).unwrap();
    fs::create_dir(project.root().join("elsewhere")).unwrap();
    fs::write(project.root().join("elsewhere/b"), "mine").unwrap();
    fs::remove_dir_all(project.dist().join("d")).unwrap();
    std::os::unix::fs::symlink("../elsewhere", project.dist().join("d")).unwrap();
    assert!(matches!(project.write(&[("a", "a"), ("d/b", "new")]), Err(WriteError::Foreign { files, .. }) if files == ["d"]));
    project.force(&[("a", "a"), ("d/b", "mine")]).unwrap();
    project.assert_files(&[("dist/a", "a"), ("dist/d/b", "mine"), ("elsewhere/b", "mine")]);
    assert_ne!(inode(&project.dist().join("d/b")), inode(&project.root().join("elsewhere/b")), "nor shared with what it leads to");
}

#[cfg(unix)]
#[test]
fn the_folder_keeps_its_rights() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new();
    project.write(&[("a", "a")]).unwrap();
    fs::set_permissions(project.dist(), fs::Permissions::from_mode(0o2775)).unwrap();
    project.write(&[("a", "b")]).unwrap();
    assert_eq!(fs::metadata(project.dist()).unwrap().permissions().mode() & 0o7777, 0o2775);
}
