//! Accuracy, special values, equality of SIMD levels and vectorisation of every function.

mod accuracy;
mod complex;
mod complex_accuracy;
mod reference;
mod special;
mod speed;
mod table;
