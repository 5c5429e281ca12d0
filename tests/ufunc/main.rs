//! Elementwise functions, what folds them, and loops over several arrays.

mod fold;
mod functions;
mod golden;
mod zip;

#[path = "../support/mod.rs"]
mod support;
