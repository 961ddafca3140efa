//! What every other room stands on, and knows none of them: sources and spans, identifiers, findings, YAML as a tree.

pub mod finding;
pub mod id;
pub mod rule;
pub mod source;
pub mod yaml;
