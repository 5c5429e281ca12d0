//! Elementwise functions, what folds them, and loops over several arrays.

mod at;
mod choices;
mod fold;
mod forms;
mod functions;
mod golden;
mod golden_complex;
mod properties;
mod reduction;
mod special_cases;
mod zip;

#[path = "../support/mod.rs"]
mod support;
