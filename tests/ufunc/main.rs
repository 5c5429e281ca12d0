//! Elementwise functions, what folds them, and loops over several arrays.

mod choices;
mod fold;
mod functions;
mod golden;
mod properties;
mod special_cases;
mod zip;

#[path = "../support/mod.rs"]
mod support;
