//! The new output for the old, in steps that can each be the last one of a killed run.
//!
//! Where the system can exchange two folders, that is one step, and the old output then lies under the staging name. Elsewhere there are two:
//! [`set_aside`] and [`move_in`]. Between them there is no output, and an old one under its own name, which [`mend`] puts back.
#![allow(clippy::disallowed_methods)] // law 1: publish writes to the disk

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::destination::{Destination, Leftover};
use super::error::WriteError;

/// Puts a staged output in place; says where the old one lies now, if there was one.
pub(super) fn put_in_place(destination: &Destination, staged: &Path, process: u32) -> Result<Option<PathBuf>, WriteError> {
    if !exists(&destination.out) {
        return move_in(destination, staged).map(|()| None);
    }
    if exchange(staged, &destination.out) {
        return Ok(Some(staged.to_path_buf()));
    }
    put_in_place_by_two_renames(destination, staged, process).map(Some)
}

/// Puts a staged folder of a versioned output in place; the old one then lies under the staged name, if there was one.
pub(super) fn enter(staged: &Path, place: &Path) -> Result<(), WriteError> {
    if !exists(place) {
        return fs::rename(staged, place).map_err(WriteError::disk("put the new output in place of", place));
    }
    if exchange(staged, place) {
        return Ok(());
    }
    let mut old = staged.as_os_str().to_owned();
    old.push(".old");
    fs::rename(place, &old).map_err(WriteError::disk("move away", place))?;
    fs::rename(staged, place)
        .inspect_err(|_| _ = fs::rename(&old, place))
        .map_err(WriteError::disk("put the new output in place of", place))
}

fn put_in_place_by_two_renames(destination: &Destination, staged: &Path, process: u32) -> Result<PathBuf, WriteError> {
    let old = set_aside(destination, process)?;
    if let Err(error) = move_in(destination, staged) {
        // If this fails as well, the next run mends it.
        let _ = fs::rename(&old, &destination.out);
        return Err(error);
    }
    Ok(old)
}

fn set_aside(destination: &Destination, process: u32) -> Result<PathBuf, WriteError> {
    let old = destination.old(process);
    fs::rename(&destination.out, &old).map_err(WriteError::disk("move away", &destination.out))?;
    Ok(old)
}

fn move_in(destination: &Destination, staged: &Path) -> Result<(), WriteError> {
    fs::rename(staged, &destination.out).map_err(WriteError::disk("put the new output in place of", &destination.out))
}

/// Puts an old output back that a killed run had set aside, and removes what else such runs left. Under a lock that holds, no other run lives;
/// without one, whatever may belong to a living process stays.
pub(super) fn mend(destination: &Destination, lock_holds: bool, own_process: u32) -> Result<(), WriteError> {
    let mut leftovers = destination.leftovers().map_err(WriteError::disk("read", destination.parent()))?;
    leftovers.retain(|left| lock_holds || left.process == own_process || !may_live(left.process));
    if !holds_something(&destination.out)
        && let Some(newest) = newest_old(&leftovers)
    {
        // An empty folder in its place is no hindrance: somebody made it after the kill.
        let _ = fs::remove_dir(&destination.out);
        fs::rename(&newest.path, &destination.out).map_err(WriteError::disk("put back", &newest.path))?;
    }
    for left in &leftovers {
        // What cannot be removed is in nobody's way.
        let _ = fs::remove_dir_all(&left.path);
    }
    Ok(())
}

fn newest_old(leftovers: &[Leftover]) -> Option<&Leftover> {
    let changed = |left: &&Leftover| fs::metadata(&left.path).and_then(|found| found.modified()).ok();
    leftovers.iter().filter(|left| left.is_old).max_by_key(changed)
}

fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn holds_something(path: &Path) -> bool {
    match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

fn may_live(process: u32) -> bool {
    !Path::new("/proc/self").exists() || Path::new("/proc").join(process.to_string()).exists()
}

/// Exchanges two folders in one step, where the system and the file system can.
#[cfg(target_os = "linux")]
fn exchange(a: &Path, b: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests;
