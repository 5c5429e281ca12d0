//! Elementwise functions, what folds them, and loops over several arrays.

mod at;
mod fold;
mod forms;
mod functions;
mod golden;
mod reduction;
mod golden_complex;
mod zip;

#[path = "../support/mod.rs"]
mod support;
