//! When to read the sources again: at once where the system says that something happened, and once a second by looking, since a network folder says nothing, a
//! full queue loses what it was told, and a folder that was moved away and back is no longer the one that was watched.

use std::cell::Cell;
use std::collections::hash_map::DefaultHasher;
use std::fs::Metadata;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use walkdir::{DirEntry, WalkDir};

use crate::base::source::{FOLDERS, PROJECT_FILE, Scope};
use crate::read::project;

/// How often somebody looks.
const LOOK: Duration = Duration::from_secs(1);
/// When nothing has happened for so long, whoever was writing is done: editors write, rename and touch in one go.
const QUIET: Duration = Duration::from_millis(8);
/// One writing of a file is told as several things, as fast as the system can tell them.
const BURST: Duration = Duration::from_millis(1);
/// So long at most, while more and more happens.
const LONGEST: Duration = Duration::from_millis(150);

/// The sources under watch, from before they are read for the first time: what happens meanwhile is not missed.
pub(super) struct Watch {
    root: PathBuf,
    seen: Looked,
    watcher: Option<RecommendedWatcher>,
    sender: Sender<()>,
    events: Receiver<()>,
}

impl Watch {
    /// Begins to watch a project's folder.
    pub(super) fn new(root: &Path) -> Self {
        let (sender, events) = channel();
        let watcher = watcher(root, &sender);
        Watch { root: root.to_owned(), seen: Looked::at(root), watcher, sender, events }
    }

    /// Calls `changed` whenever the sources may have changed, until `stopped` says so.
    pub(super) fn run(mut self, stopped: &AtomicBool, mut changed: impl FnMut(&Quiet<'_>)) {
        while !stopped.load(Ordering::SeqCst) {
            if self.events.recv_timeout(LOOK).is_ok() {
                changed(&Quiet::after(&self.events));
                continue;
            }
            let now = Looked::at(&self.root);
            if now.folders != self.seen.folders {
                // Folders came or went, or are other ones of the same names.
                self.watcher = None;
                self.watcher = watcher(&self.root, &self.sender);
            }
            if now != self.seen {
                changed(&Quiet::after(&self.events));
            }
            self.seen = now;
        }
    }
}

/// Whether whoever was writing is done. What he wrote so far is read meanwhile.
pub(super) struct Quiet<'a> {
    events: &'a Receiver<()>,
    begun: Instant,
    /// When something happened last.
    last: Cell<Instant>,
}

impl<'a> Quiet<'a> {
    fn after(events: &'a Receiver<()>) -> Self {
        let begun = Instant::now();
        while begun.elapsed() < LONGEST && events.recv_timeout(BURST).is_ok() {}
        Quiet { events, begun, last: Cell::new(Instant::now()) }
    }

    /// Waits until nothing more happens; false where something did since this was made or asked, so that what was read by then is to be read again.
    pub(super) fn has_come(&self) -> bool {
        let mut has_come = true;
        while self.begun.elapsed() < LONGEST {
            let left = QUIET.saturating_sub(self.last.get().elapsed());
            if self.events.recv_timeout(left).is_err() {
                return has_come;
            }
            self.last.set(Instant::now());
            has_come = false;
        }
        // Whoever writes on and on does not keep what he wrote from being seen.
        has_come
    }
}

/// Watches the sources' folders; none where the system cannot, which leaves looking.
fn watcher(root: &Path, events: &Sender<()>) -> Option<RecommendedWatcher> {
    let events = events.clone();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.map_or(true, |event| is_change(&event.kind)) {
            events.send(()).ok();
        }
    })
    .ok()?;
    watcher.watch(root, RecursiveMode::NonRecursive).ok();
    for folder in FOLDERS {
        let folder = root.join(folder);
        if folder.is_dir() {
            watcher.watch(&folder, RecursiveMode::Recursive).ok();
        }
    }
    let scope = scope(root);
    for folder in selected(root, &scope).filter(|entry| entry.file_type().is_dir()) {
        watcher.watch(folder.path(), RecursiveMode::NonRecursive).ok();
    }
    Some(watcher)
}

/// What is read besides, as the settings say now.
fn scope(root: &Path) -> Scope {
    std::fs::read_to_string(root.join(PROJECT_FILE)).map(|text| project::scope(&text)).unwrap_or_default()
}

/// The folders and files below those that may hold what is read besides.
fn selected<'a>(root: &'a Path, scope: &'a Scope) -> impl Iterator<Item = DirEntry> + 'a {
    let leads = move |entry: &DirEntry| {
        let within = entry.path().strip_prefix(root).unwrap_or(entry.path());
        let path = within.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        !entry.file_type().is_dir() || !entry.file_name().as_encoded_bytes().starts_with(b".") && scope.leads(&path)
    };
    let walk = (!scope.selections.is_empty()).then(|| WalkDir::new(root).min_depth(1).sort_by_file_name());
    walk.into_iter().flat_map(move |walk| walk.into_iter().filter_entry(leads)).flatten()
}

/// Whether what was told may have changed a file: that somebody reads one, as we do ourselves, changes nothing.
fn is_change(kind: &EventKind) -> bool {
    match kind {
        EventKind::Access(access) => *access == AccessKind::Close(AccessMode::Write),
        _ => true,
    }
}

/// The sources as they look from outside.
#[derive(PartialEq, Eq)]
struct Looked {
    files: u64,
    folders: u64,
}

impl Looked {
    fn at(root: &Path) -> Self {
        let (mut files, mut folders) = (DefaultHasher::new(), DefaultHasher::new());
        let tops = [PROJECT_FILE].iter().chain(FOLDERS).map(|top| root.join(top));
        let below = tops.flat_map(|top| WalkDir::new(top).follow_links(true).sort_by_file_name());
        let scope = scope(root);
        let besides = selected(root, &scope);
        let root = WalkDir::new(root).max_depth(0);
        for entry in root.into_iter().chain(below).flatten().chain(besides) {
            let Ok(found) = entry.metadata() else { continue };
            let seen = if found.is_dir() { &mut folders } else { &mut files };
            entry.path().hash(seen);
            identity(&found).hash(seen);
            if found.is_file() {
                (found.len(), found.modified().ok()).hash(seen);
            }
        }
        Looked { files: files.finish(), folders: folders.finish() }
    }
}

/// What tells a file from another one that was put in its place.
#[cfg(unix)]
fn identity(found: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (found.dev(), found.ino())
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> (u64, u64) {
    (0, 0)
}
