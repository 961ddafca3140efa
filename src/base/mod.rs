//! What every other room stands on, and knows none of them: sources and spans, edits back into them, identifiers, findings, the words that
//! people are told in, colours, digests, YAML as a tree.

pub mod colour;
pub mod digest;
pub mod edit;
pub mod finding;
pub mod id;
pub mod language;
pub mod pattern;
pub mod rule;
pub mod source;
pub mod word;
pub mod yaml;
