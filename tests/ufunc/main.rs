//! Elementwise functions, what folds them, and loops over several arrays.

mod fold;
mod functions;
mod golden;
mod golden_complex;
mod zip;

#[path = "../support/mod.rs"]
mod support;
