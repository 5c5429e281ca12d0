//! Reductions.

mod golden;
mod into;
mod properties;

#[path = "../support/mod.rs"]
mod support;
