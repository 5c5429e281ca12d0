//! What an array is: types, construction, slicing, comparison, operators.

mod compare;
mod create;
mod drops;
mod elementwise;
mod first_five_minutes;
mod operators;
mod operators_golden;
mod slicing;
mod types;

#[path = "../support/mod.rs"]
mod support;
