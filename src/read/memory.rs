//! What was read before, so that of sources that are nearly the same only what changed is read again.
//!
//! Law 4: what is remembered equals what would be read. A file of content is read from its own text, its place among the sources, the settings and the
//! frameworks: so it is remembered as long as all of these stay as they were, byte for byte.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Frame, ReadFile};
use crate::base::source::{FileId, Sources};

/// What was read of the sources before.
#[derive(Default)]
pub struct Memory {
    sources: Option<Arc<Sources>>,
    pub(super) frame: Option<Arc<Frame>>,
    pub(super) files: BTreeMap<FileId, Arc<ReadFile>>,
}

impl Memory {
    /// Forgets all that does not hold for these sources.
    pub(super) fn forget_what_changed(&mut self, sources: &Sources) {
        let Some(before) = self.sources.take() else { return };
        let Some(changed) = changed(&before, sources) else {
            // Another file among them gives every later one another id, which all spans hold.
            *self = Memory::default();
            return;
        };
        if changed.iter().any(|id| !is_content(&sources.file(*id).path)) {
            *self = Memory::default();
            return;
        }
        changed.iter().for_each(|id| drop(self.files.remove(id)));
    }

    pub(super) fn remember(&mut self, sources: &Arc<Sources>, files: impl Iterator<Item = (FileId, Arc<ReadFile>)>) {
        self.files = files.collect();
        self.sources = Some(sources.clone());
    }
}

/// Whether nothing but the file itself is read against what it says.
fn is_content(path: &str) -> bool {
    path.starts_with("content/") || path.starts_with("records/")
}

/// The files that differ; none where the paths themselves do.
fn changed(before: &Sources, now: &Sources) -> Option<Vec<FileId>> {
    let mut changed = Vec::new();
    let (mut old, mut new) = (before.iter(), now.iter());
    loop {
        match (old.next(), new.next()) {
            (None, None) => return Some(changed),
            (Some((_, old)), Some((id, new))) if old.path == new.path => {
                if !old.is_same(new) {
                    changed.push(id);
                }
            }
            _ => return None,
        }
    }
}
