//! What a manual was made from: the digest of its view and, for those who see everything, the list of its sources.

use super::approval::canonical;
use crate::base::digest::sha256;
use crate::base::source::Sources;
use crate::link::origin::{self, Origin};
use crate::link::view::View;

/// What a view was made from.
pub fn origin(view: &View) -> Origin {
    let sources = view.is_whole().then(|| {
        let list = list(&view.sources);
        origin::Sources { sha256: sha256(list.as_bytes()).into(), list: list.into() }
    });
    Origin { view: canonical::view(view).sha256().into(), sources }
}

/// The project's own files with their digests, a line each, as `sha256sum -c` reads it. Texts are taken with line feeds and without a byte order mark.
fn list(sources: &Sources) -> String {
    let own = sources.iter().map(|(_, file)| file).filter(|file| !file.path.starts_with("annexa/"));
    own.map(|file| format!("{}  {}\n", sha256(file.bytes()), file.path)).collect()
}
