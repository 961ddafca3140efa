//! A manual into artifacts: path and bytes.

pub mod site;

/// One output file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Path in the output, relative, with forward slashes: `documents/pol-004.html`.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}
