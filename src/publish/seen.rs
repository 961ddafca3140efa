//! What was verified and has not been touched since, so that a build need not read it again: fifty releases have a hundred thousand files.
//!
//! A folder is known by the path, size, time of change and number of each of its files, as Git knows the files of a work tree. Whoever sets times back by hand can
//! deceive a build by this, and not `annexa verify`, which reads every byte. The list lies beside the output and is never published; without it, all is read.
#![allow(clippy::disallowed_methods)] // law 1: publish reads the disk

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::path::Path;

use crate::base::digest::sha256;

/// Folders that were verified or written, each with its mark.
#[derive(Debug, Default)]
pub(super) struct Seen(BTreeMap<String, String>);

impl Seen {
    /// What was written down; nothing where that is not there or broken.
    pub(super) fn read(path: &Path) -> Self {
        Seen(fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
    }

    /// Whether a folder is as it was when it was noted.
    pub(super) fn has(&self, folder: &str, mark: &str) -> bool {
        self.0.get(folder).is_some_and(|known| known == mark)
    }

    /// Notes a folder that holds what its manifest says.
    pub(super) fn note(&mut self, folder: &str, mark: String) {
        self.0.insert(folder.to_owned(), mark);
    }

    /// Writes it down, of these folders alone. What cannot be written is verified again the next time.
    pub(super) fn write(mut self, path: &Path, folders: &[String]) {
        self.0.retain(|folder, _| folders.contains(folder));
        if let Ok(json) = serde_json::to_vec(&self.0) {
            let _ = fs::write(path, json);
        }
    }
}

/// The mark of a folder.
pub(super) fn mark(folder: &Path) -> io::Result<String> {
    let mut text = Vec::new();
    add(folder, &mut text)?;
    Ok(sha256(&text))
}

fn add(folder: &Path, text: &mut Vec<u8>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_cached_key(fs::DirEntry::file_name);
    for entry in entries {
        text.extend(entry.file_name().as_encoded_bytes());
        if entry.file_type()?.is_dir() {
            text.push(b'/');
            add(&entry.path(), text)?;
            // The end of it, so that a file does not slip from one folder into the next.
            text.push(b'/');
        } else {
            text.push(0);
            add_file(&entry.metadata()?, text);
        }
    }
    Ok(())
}

#[cfg(unix)]
fn add_file(found: &Metadata, text: &mut Vec<u8>) {
    use std::os::unix::fs::MetadataExt;
    // Not the time of the last change of the file's record: a second link changes that, and `latest/` is made of such.
    for number in [found.ino(), found.size(), u64::from(found.mode())] {
        text.extend(number.to_le_bytes());
    }
    text.extend(found.mtime().to_le_bytes());
    text.extend(found.mtime_nsec().to_le_bytes());
}

#[cfg(not(unix))]
fn add_file(found: &Metadata, text: &mut Vec<u8>) {
    text.extend(found.len().to_le_bytes());
    text.extend(format!("{:?}{:?}", found.file_type(), found.modified().ok()).into_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_known_again_until_something_in_it_is_touched() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("v1");
        fs::create_dir_all(folder.join("a")).unwrap();
        fs::write(folder.join("a/b.html"), "one").unwrap();
        fs::write(folder.join("c.html"), "two").unwrap();
        let first = mark(&folder).unwrap();
        fs::hard_link(folder.join("c.html"), temp.path().join("link")).unwrap();
        assert_eq!(mark(&folder).unwrap(), first, "another link changes nothing of the file");
        let other = |change: &dyn Fn(), back: &dyn Fn()| {
            change();
            assert_ne!(mark(&folder).unwrap(), first);
            back();
        };
        other(&|| fs::write(folder.join("d.html"), "").unwrap(), &|| fs::remove_file(folder.join("d.html")).unwrap());
        other(&|| fs::create_dir(folder.join("d")).unwrap(), &|| fs::remove_dir(folder.join("d")).unwrap());
        other(&|| fs::rename(folder.join("a/b.html"), folder.join("b.html")).unwrap(), &|| {
            fs::rename(folder.join("b.html"), folder.join("a/b.html")).unwrap();
        });
        assert_eq!(mark(&folder).unwrap(), first);
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs::write(folder.join("c.html"), "too").unwrap();
        assert_ne!(mark(&folder).unwrap(), first);
    }

    #[test]
    fn a_broken_list_knows_nothing() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("seen");
        fs::write(&path, "{").unwrap();
        assert!(!Seen::read(&path).has("v1", ""));
        let mut seen = Seen::default();
        seen.note("v1", "mark".into());
        seen.note("v2", "mark".into());
        seen.write(&path, &["v1".to_owned()]);
        let seen = Seen::read(&path);
        assert!(seen.has("v1", "mark") && !seen.has("v1", "other") && !seen.has("v2", "mark"));
    }
}
