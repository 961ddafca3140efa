//! What a manual was made from, for renderers to tell: digests that `history` works out.

use std::sync::Arc;

/// What a manual was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The view digest: SHA-256 of the canonical text of the view, the same as long as nothing has changed that its audience sees.
    pub view: Arc<str>,
    /// The list of the project's files, for those who see everything: to others it would tell that something withheld has changed.
    pub sources: Option<Sources>,
}

/// Every file of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sources {
    /// A line for each file, sorted by path, as sha256sum(1) writes it: digest, two spaces, path.
    pub list: Arc<str>,
    /// SHA-256 of that list.
    pub sha256: Arc<str>,
}
