//! What a manual was: its releases, read from the Git repository around it.
//!
//! A release is a tag. Its sources come from the object store, go through the same readers as any others, and are judged on the release's own day.

pub mod approval;
mod coverage;
mod in_force;
mod origin;
pub mod redline;
mod release;

pub use coverage::coverage;
pub use in_force::{Unknown, in_force};
pub use origin::origin;
pub use release::{Past, Release, digest, read, read_again, releases, sources_at, unreleased};
