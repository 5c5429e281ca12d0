//! Reductions.

mod golden;
mod golden_more;
mod golden_with;
mod into;
mod properties;

#[path = "../support/mod.rs"]
mod support;
