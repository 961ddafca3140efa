//! Artifacts onto the disk. The output before stays whole until the new one is complete, whatever happens (law 6).
//!
//! `write` tells the way in order: `destination` says where an output may go, `lock` keeps two builds apart, `survey` looks at what lies there,
//! `stage` writes the new output beside it, `swap` exchanges the two and mends what a killed run left. `versioned` does the same for an output of
//! several folders, and `seen` spares it reading again what was verified. `manifest` is the list of what was written, `provenance` says the same in
//! the words of in-toto, `pack` puts an output in one zip.
//! `proof` looks through an output, before it is written or wherever it has been published, for anything that its audience may not see; `verify` holds a
//! published folder against its manifest, `origin` reads what a PDF says it was made from.

mod destination;
mod error;
mod lock;
mod manifest;
mod origin;
mod pack;
mod proof;
mod provenance;
mod seen;
mod stage;
mod survey;
mod swap;
mod verify;
mod versioned;
mod write;

#[cfg(feature = "pdf")]
pub(crate) use crate::base::digest::sha256;
pub use error::WriteError;
pub use manifest::{About, Entry, Manifest, SIGNATURE_PATH, Settings, Stamp};
pub use origin::{PdfOrigin, origin_of_pdf};
pub use pack::pack;
pub use proof::Proof;
pub use provenance::provenance;
pub use verify::{Published, verify};
pub use versioned::{Existing, Versioned};
pub use write::{Written, write};
