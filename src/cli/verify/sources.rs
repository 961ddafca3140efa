//! How the sources that something was made from differ from others, as far as the digests that it carries can tell.

use std::collections::BTreeMap;

use crate::link::origin::Origin;

/// Files that are named at most.
const MOST: usize = 12;

/// How they differ, in words; none where they are the same. `list` is the list of sources that goes with the digest `sources`.
pub(super) fn differ(view: Option<&str>, sources: Option<&str>, list: Option<&str>, origin: &Origin) -> Option<String> {
    if let (Some(sources), Some(own)) = (sources, &origin.sources) {
        if sources == own.sha256.as_ref() {
            return None;
        }
        let told = list.map(|list| changed(list, &own.list)).filter(|told| !told.is_empty());
        return Some(told.unwrap_or_else(|| "the digest of the sources is another one, and no list says which files".into()));
    }
    // Of what others see, no list of files is published: it would tell of what they do not see.
    view.filter(|view| *view != origin.view.as_ref()).map(|_| "what this audience sees has changed".into())
}

/// The files that differ between two lists.
fn changed(then: &str, now: &str) -> String {
    let read = |list: &str| -> BTreeMap<String, String> {
        list.lines().filter_map(|line| line.split_once("  ")).map(|(digest, path)| (path.to_owned(), digest.to_owned())).collect()
    };
    let (then, now) = (read(then), read(now));
    let changed = now
        .iter()
        .filter(|(path, digest)| then.get(*path).is_some_and(|then| then != *digest))
        .map(|(path, _)| format!("`{path}` changed"));
    let added = now.keys().filter(|path| !then.contains_key(*path)).map(|path| format!("`{path}` was added"));
    let gone = then.keys().filter(|path| !now.contains_key(*path)).map(|path| format!("`{path}` is gone"));
    let all: Vec<String> = changed.chain(added).chain(gone).collect();
    let more = all.len().saturating_sub(MOST);
    let shown = all.into_iter().take(MOST).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{shown}, and {more} more") } else { shown }
}
