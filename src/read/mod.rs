//! Sources into typed values that keep their spans.

pub mod markdown;
pub mod tree;
