//! How the sources that something was made from differ from others, as far as the digests that it carries can tell.

use std::collections::BTreeMap;
use std::path::Path;

use crate::base::finding::plain;
use crate::base::word::{Phrase, phrase};
use crate::link::origin::Origin;

/// Files that are named at most.
const MOST: usize = 12;

/// The sources of a release, or those in a folder, in words.
pub(super) fn named(release: Option<&str>, root: &Path) -> Phrase {
    match release {
        Some(name) => phrase!("the release {name}", name = plain(name)),
        None => phrase!("the sources in `{path}`", path = root.display().to_string()),
    }
}

/// How they differ, in words; none where they are the same. `list` is the list of sources that goes with the digest `sources`.
pub(super) fn differ(view: Option<&str>, sources: Option<&str>, list: Option<&str>, origin: &Origin) -> Option<Phrase> {
    if let (Some(sources), Some(own)) = (sources, &origin.sources) {
        if sources == own.sha256.as_ref() {
            return None;
        }
        let told = list.and_then(|list| changed(list, &own.list));
        return Some(told.unwrap_or_else(|| phrase!("the digest of the sources is another one, and no list says which files")));
    }
    // Of what others see, no list of files is published: it would tell of what they do not see.
    view.filter(|view| *view != origin.view.as_ref()).map(|_| phrase!("what this audience sees has changed"))
}

/// The files that differ between two lists; none where none do.
fn changed(then: &str, now: &str) -> Option<Phrase> {
    let read = |list: &str| -> BTreeMap<String, String> {
        list.lines().filter_map(|line| line.split_once("  ")).map(|(digest, path)| (path.to_owned(), digest.to_owned())).collect()
    };
    let (then, now) = (read(then), read(now));
    let changed = now
        .iter()
        .filter(|(path, digest)| then.get(*path).is_some_and(|then| then != *digest))
        .map(|(path, _)| phrase!("`{path}` changed", path = path));
    let added = now.keys().filter(|path| !then.contains_key(*path)).map(|path| phrase!("`{path}` was added", path = path));
    let gone = then.keys().filter(|path| !now.contains_key(*path)).map(|path| phrase!("`{path}` is gone", path = path));
    let all: Vec<Phrase> = changed.chain(added).chain(gone).collect();
    let more = all.len().saturating_sub(MOST);
    let names = Phrase::list(all.into_iter().take(MOST))?;
    Some(if more > 0 { phrase!("{names}, and {n} more", names = names, n = more) } else { names })
}
