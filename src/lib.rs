//! Annexa compiles an information security management system from Markdown and YAML.
//!
//! The way of the data is `Sources -> Parsed -> View -> Manual -> Artifacts -> disk`; each arrow is one function. `ARCHITECTURE.md` tells it in a page.

pub mod base;
pub mod cli;
pub mod history;
pub mod link;
pub mod publish;
pub mod read;
pub mod render;
pub mod serve;
