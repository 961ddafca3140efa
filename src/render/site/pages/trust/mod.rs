//! Pages that only the trust site has.

pub(crate) mod downloads;
pub(crate) mod home;
pub(crate) mod subprocessors;
