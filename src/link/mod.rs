//! From what was read to what one audience may see, linked; and what the rules have to say about the whole.

pub mod approval;
pub mod backlink;
pub mod climate;
pub mod counterpart;
pub mod evidence;
pub mod exception;
pub mod extent;
pub mod index;
pub mod manual;
pub mod migration;
pub mod origin;
pub(crate) mod plain;
pub mod release;
pub mod report;
pub mod rule;
pub mod state;
pub mod usage;
pub mod view;
