//! A manual into artifacts: path and bytes.

pub mod site;
