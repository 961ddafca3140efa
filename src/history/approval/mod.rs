//! Approvals, bound to what was approved. `canonical` says what a text means as bytes; `signature` checks who signed; `ledger` weighs what is recorded and says where
//! everything stands, for one audience; `comparison` says by how much a text has changed; `rule` has the checks.

pub mod canonical;
mod comparison;
mod ledger;
mod rule;
pub mod signature;

pub use ledger::{Fault, Ledger, may_approve};
pub use rule::check;
