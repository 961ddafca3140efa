use std::collections::BTreeMap;

use super::*;
use crate::base::finding::Span;
use crate::base::source::Scope;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        for (path, text) in files {
            let path = folder.0.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    fn sources(&self) -> Sources {
        Sources::from_folder(self.root(), &Scope::default()).unwrap().0
    }

    /// Every file with its bytes, hidden ones too.
    fn files(&self) -> BTreeMap<String, String> {
        let entries = walkdir::WalkDir::new(self.root()).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file());
        let name = |path: &Path| path.strip_prefix(self.root()).unwrap().to_str().unwrap().to_owned();
        entries.map(|entry| (name(entry.path()), fs::read_to_string(entry.path()).unwrap())).collect()
    }
}

/// Edits that put `new` in place of the first `old` of each file.
fn replace(sources: &Sources, list: &[(&str, &str, &str)]) -> Edits {
    let mut edits = Edits::default();
    for (path, old, new) in list {
        let file = sources.find(path).unwrap();
        let at = sources.file(file).text().find(old).unwrap();
        edits.replace(Span::new(file, at..at + old.len()), *new);
    }
    edits
}

const TWO: &[(&str, &str)] = &[("annexa.yaml", "format: 1\r\n"), ("content/a.md", "one # kept\n")];
const EDIT_TWO: &[(&str, &str, &str)] = &[("annexa.yaml", "1", "2"), ("content/a.md", "one", "two")];

#[test]
fn files_are_written_as_a_set_and_nothing_is_left_beside_them() {
    let folder = Folder::new(TWO);
    let sources = folder.sources();
    let mut edits = replace(&sources, EDIT_TWO);
    edits.add("content/b.md", "new\n", sources.find("annexa.yaml").unwrap());
    assert_eq!(edits.paths(&sources), edits.write(folder.root(), &sources).unwrap());
    let files: Vec<(String, String)> = folder.files().into_iter().collect();
    let expected = [("annexa.yaml", "format: 2\r\n"), ("content/a.md", "two # kept\n"), ("content/b.md", "new\r\n")];
    assert_eq!(files, expected.map(|(path, text)| (path.to_owned(), text.to_owned())));
}

#[test]
fn no_file_is_written_where_one_has_changed_since() {
    let folder = Folder::new(TWO);
    let sources = folder.sources();
    fs::write(folder.root().join("content/a.md"), "one # changed\n").unwrap();
    let before = folder.files();
    let error = replace(&sources, EDIT_TWO).write(folder.root(), &sources).unwrap_err();
    assert_eq!(error.to_string(), "`content/a.md` has changed since it was read; nothing was written; run the command again");
    assert_eq!(folder.files(), before);
}

#[test]
fn no_file_is_written_where_one_cannot_be() {
    let folder = Folder::new(TWO);
    let sources = folder.sources();
    fs::create_dir(beside(&folder.root().join("content/a.md"), std::process::id())).unwrap();
    let before = folder.files();
    let error = replace(&sources, EDIT_TWO).write(folder.root(), &sources).unwrap_err();
    assert!(matches!(error, EditError::Busy { .. }), "{error}");
    assert_eq!(folder.files(), before);
}

#[test]
fn a_file_that_is_there_is_never_replaced_by_one_that_is_added() {
    let folder = Folder::new(TWO);
    let sources = folder.sources();
    let mut edits = replace(&sources, EDIT_TWO);
    edits.add("content/b.md", "new\n", sources.find("annexa.yaml").unwrap());
    fs::write(folder.root().join("content/b.md"), "mine\n").unwrap();
    let before = folder.files();
    assert!(matches!(edits.write(folder.root(), &sources), Err(EditError::Exists { .. })));
    assert_eq!(folder.files(), before);
}

#[test]
fn what_took_its_place_is_put_back_where_the_next_cannot() {
    let folder = Folder::new(TWO);
    let staged = TWO.iter().map(|(path, text)| {
        let disk = folder.root().join(path);
        Staged::write(Prepared { path: (*path).into(), disk, before: Some((*text).into()), after: b"new".to_vec() }).unwrap()
    });
    let staged: Vec<Staged> = staged.collect();
    // Somebody writes to the second file after both were staged.
    fs::write(folder.root().join("content/a.md"), "theirs\n").unwrap();
    assert!(matches!(put_in_place(staged), Err(EditError::Changed { .. })));
    let files: Vec<(String, String)> = folder.files().into_iter().collect();
    assert_eq!(files, [("annexa.yaml".to_owned(), "format: 1\r\n".to_owned()), ("content/a.md".into(), "theirs\n".into())]);
}

#[test]
fn what_a_killed_run_left_is_no_source_and_is_removed_by_the_next() {
    let folder = Folder::new(TWO);
    for process in [std::process::id(), 4_000_000] {
        fs::write(beside(&folder.root().join("content/a.md"), process), "half of a file").unwrap();
    }
    let sources = folder.sources();
    assert_eq!(sources.iter().count(), 2);
    replace(&sources, EDIT_TWO).write(folder.root(), &sources).unwrap();
    let files: Vec<(String, String)> = folder.files().into_iter().collect();
    assert_eq!(files, [("annexa.yaml".to_owned(), "format: 2\r\n".to_owned()), ("content/a.md".into(), "two # kept\n".into())]);
}

#[test]
fn what_a_living_command_writes_is_left_to_it() {
    let folder = Folder::new(TWO);
    let theirs = beside(&folder.root().join("content/a.md"), 4_000_000);
    let other = File::create(&theirs).unwrap();
    other.lock().unwrap();
    let sources = folder.sources();
    replace(&sources, EDIT_TWO).write(folder.root(), &sources).unwrap();
    assert!(theirs.exists());
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn permissions_are_kept_and_a_link_stays_a_link() {
        let folder = Folder::new(TWO);
        let file = folder.root().join("content/a.md");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("a.md", folder.root().join("content/z.md")).unwrap();
        let sources = folder.sources();
        let list = [("content/a.md", "one", "two"), ("content/z.md", "one", "two")];
        assert_eq!(replace(&sources, &list).write(folder.root(), &sources).unwrap(), [Arc::from("content/a.md")]);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(folder.root().join("content/z.md")).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(folder.root().join("content/z.md")).unwrap(), "two # kept\n");
        let sources = folder.sources();
        let differ = replace(&sources, &[("content/a.md", "two", "x"), ("content/z.md", "two", "y")]);
        assert!(matches!(differ.write(folder.root(), &sources), Err(EditError::Overlap { .. })));
    }

    #[test]
    fn a_file_that_may_not_be_written_is_left_alone() {
        let folder = Folder::new(TWO);
        fs::set_permissions(folder.root().join("content/a.md"), fs::Permissions::from_mode(0o444)).unwrap();
        let sources = folder.sources();
        let before = folder.files();
        assert!(matches!(replace(&sources, EDIT_TWO).write(folder.root(), &sources), Err(EditError::ReadOnly { .. })));
        assert_eq!(folder.files(), before);
    }

    #[test]
    fn a_name_in_another_unicode_form_is_found() {
        let folder = Folder::new(&[("annexa.yaml", "format: 1\n"), ("content/u\u{308}ber/a\u{308}.md", "one\n")]);
        let sources = folder.sources();
        replace(&sources, &[("content/über/ä.md", "one", "two")]).write(folder.root(), &sources).unwrap();
        assert_eq!(folder.files()["content/u\u{308}ber/a\u{308}.md"], "two\n");
    }
}
