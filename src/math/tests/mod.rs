//! Accuracy, special values, equality of SIMD levels and vectorisation of every function.

mod accuracy;
mod reference;
mod speed;
mod table;
