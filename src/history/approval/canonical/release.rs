//! A release: every source file of the project but for the records, by path and digest.

use super::line::Lines;
use super::{Canonical, Context, RELEASE};
use crate::base::digest::sha256;

/// The canonical text of a release.
pub fn release(context: &Context<'_>) -> Canonical {
    let mut lines = Lines::new(RELEASE);
    lines.words(0, "title", &context.project.title);
    if let Some(version) = &context.project.version {
        lines.words(0, "version", version);
    }
    for (_, file) in context.sources.iter().filter(|(_, file)| !file.path.starts_with("annexa/") && !file.path.starts_with("records/")) {
        lines.words(0, "file", &format!("{} {}", sha256(file.bytes()), file.path));
    }
    Canonical { format: RELEASE, text: lines.finish() }
}
