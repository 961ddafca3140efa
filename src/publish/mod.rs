//! Artifacts onto the disk. The output before stays whole until the new one is complete, whatever happens (law 6).
//!
//! `write` tells the way in order: `destination` says where an output may go, `lock` keeps two builds apart, `survey` looks at what lies there,
//! `stage` writes the new output beside it, `swap` exchanges the two and mends what a killed run left. `manifest` is the list of what was written.

mod destination;
mod error;
mod lock;
mod manifest;
mod stage;
mod survey;
mod swap;
mod write;

#[cfg(feature = "pdf")]
pub(crate) use crate::base::digest::sha256;
pub use error::WriteError;
pub use manifest::{About, Entry, Manifest};
pub use write::{Written, write};
