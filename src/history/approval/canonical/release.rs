//! A release: every source file of the project but for the records, by path and digest.

use super::line::Lines;
use super::{Canonical, Context, RELEASE};
use crate::base::digest::sha256;
use crate::base::source::Sources;
use crate::read::project::Project;

/// The canonical text of a release.
pub fn release(context: &Context<'_>) -> Canonical {
    release_of(context.project, context.sources)
}

/// The same from settings and sources alone: nothing else has to be read for it.
pub fn release_of(project: &Project, sources: &Sources) -> Canonical {
    let mut lines = Lines::new(RELEASE);
    lines.words(0, "title", &project.title);
    if let Some(version) = &project.version {
        lines.words(0, "version", version);
    }
    for (_, file) in sources.iter().filter(|(_, file)| !file.path.starts_with("annexa/") && !file.path.starts_with("records/")) {
        lines.words(0, "file", &format!("{} {}", sha256(file.bytes()), file.path));
    }
    Canonical { format: RELEASE, text: lines.finish() }
}
