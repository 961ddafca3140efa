//! A manual into artifacts, all from the same document trees.

#[cfg(feature = "pdf")]
pub mod pdf;
