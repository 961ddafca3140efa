//! Where an import goes: looked at, and written whole or not at all.
#![allow(clippy::disallowed_methods)] // law 1: cli writes what is imported

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::base::source::PROJECT_FILE;
use crate::cli::CouldNotRun;

/// Whether a folder is a project.
pub(super) fn is_project(folder: &Path) -> bool {
    folder.join(PROJECT_FILE).symlink_metadata().is_ok()
}

/// Writes all files or none below a project's folder: each beside its place first, then moved into it. Without `force` none may be there. What
/// is replaced is kept until all are in place, and comes back where one cannot be.
pub(super) fn write(project: &Path, files: &[(String, String)], force: bool) -> Result<(), CouldNotRun> {
    let there: Vec<&str> =
        files.iter().map(|(path, _)| path.as_str()).filter(|path| project.join(path).symlink_metadata().is_ok()).collect();
    if !there.is_empty() && !force {
        return Err(CouldNotRun(format!("{} is there already; nothing was written. `--force` replaces it", there.join(", "))));
    }
    let mut moves = Moves::default();
    for (path, text) in files {
        let target = project.join(path);
        let parent = target.parent().unwrap_or(project);
        let failed = |error| CouldNotRun(format!("cannot write {}: {error}; nothing was written", target.display()));
        fs::create_dir_all(parent).map_err(failed)?;
        if !within(parent, project) {
            return Err(CouldNotRun(format!("{} leads out of the project; nothing was written", parent.display())));
        }
        if target.is_dir() {
            return Err(CouldNotRun(format!("{} is a folder; nothing was written", target.display())));
        }
        moves.stage(&target, text).map_err(failed)?;
    }
    moves.swap()
}

fn within(folder: &Path, project: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path).ok();
    real(folder).zip(real(project)).is_some_and(|(folder, project)| folder.starts_with(project))
}

/// Files that are written beside their places. What is left of them goes with this value.
#[derive(Default)]
struct Moves {
    /// Each staged file and its place.
    staged: Vec<(PathBuf, PathBuf)>,
    /// What stood in a place, and where it is kept.
    kept: Vec<(PathBuf, PathBuf)>,
}

impl Moves {
    fn stage(&mut self, target: &Path, text: &str) -> std::io::Result<()> {
        let beside = beside(target, "new")?;
        self.staged.push((beside.clone(), target.to_path_buf()));
        let mut file = OpenOptions::new().write(true).create_new(true).open(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    }

    fn swap(mut self) -> Result<(), CouldNotRun> {
        let mut placed: Vec<PathBuf> = Vec::new();
        for (staged, target) in self.staged.clone() {
            let moved = self.keep(&target).and_then(|()| fs::rename(&staged, &target));
            if let Err(error) = moved {
                for path in &placed {
                    fs::remove_file(path).ok();
                }
                for (target, kept) in self.kept.drain(..) {
                    fs::rename(kept, target).ok();
                }
                return Err(CouldNotRun(format!("cannot write {}: {error}; everything is as it was", target.display())));
            }
            placed.push(target);
        }
        for (_, kept) in self.kept.drain(..) {
            fs::remove_file(kept).ok();
        }
        self.staged.clear();
        Ok(())
    }

    fn keep(&mut self, target: &Path) -> std::io::Result<()> {
        if target.symlink_metadata().is_err() {
            return Ok(());
        }
        let kept = beside(target, "old")?;
        fs::rename(target, &kept)?;
        self.kept.push((target.to_path_buf(), kept));
        Ok(())
    }
}

impl Drop for Moves {
    fn drop(&mut self) {
        for (staged, _) in &self.staged {
            fs::remove_file(staged).ok();
        }
    }
}

/// A free name beside a file. It begins with a dot, so that no project reads it.
fn beside(target: &Path, end: &str) -> std::io::Result<PathBuf> {
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let free = (0..100).map(|n| target.with_file_name(format!(".{name}.{n}.{end}"))).find(|path| path.symlink_metadata().is_err());
    free.ok_or_else(|| std::io::Error::other("no free name beside it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(texts: &[(&str, &str)]) -> Vec<(String, String)> {
        texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    fn listed(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn all_files_are_written_or_none() {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path();
        assert!(write(root, &files(&[("frameworks/a.yaml", "one"), ("frameworks/b.yaml", "two")]), false).is_ok());
        let refused = write(root, &files(&[("frameworks/c.yaml", "new"), ("frameworks/b.yaml", "new")]), false);
        assert!(refused.is_err_and(|CouldNotRun(why)| why.contains("frameworks/b.yaml is there already") && why.contains("--force")));
        assert_eq!(listed(&root.join("frameworks")), ["a.yaml", "b.yaml"]);
        assert!(write(root, &files(&[("frameworks/b.yaml", "new")]), true).is_ok());
        assert_eq!(fs::read_to_string(root.join("frameworks/b.yaml")).unwrap(), "new");
        assert_eq!(listed(&root.join("frameworks")), ["a.yaml", "b.yaml"], "nothing is left beside");
    }

    #[test]
    fn what_cannot_be_put_in_place_leaves_everything_as_it_was() {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path();
        fs::create_dir_all(root.join("frameworks/crosswalks/b.yaml")).unwrap();
        fs::write(root.join("frameworks/a.yaml"), "old").unwrap();
        assert!(write(root, &files(&[("frameworks/a.yaml", "new"), ("frameworks/crosswalks/b.yaml", "new")]), true).is_err());
        assert_eq!(fs::read_to_string(root.join("frameworks/a.yaml")).unwrap(), "old");
        assert_eq!(listed(&root.join("frameworks")), ["a.yaml", "crosswalks"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_leads_out_of_the_project_is_not_written_to() {
        let temp = tempfile::tempdir().unwrap();
        let (root, outside) = (temp.path().join("isms"), temp.path().join("outside"));
        fs::create_dir(&root).unwrap();
        fs::create_dir(&outside).unwrap();
        std::os::unix::fs::symlink(&outside, root.join("frameworks")).unwrap();
        assert!(write(&root, &files(&[("frameworks/a.yaml", "new")]), true).is_err_and(|CouldNotRun(why)| why.contains("leads out")));
        assert!(listed(&outside).is_empty());
    }
}
