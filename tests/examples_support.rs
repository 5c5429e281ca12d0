//! Runs the unit tests of the modules that the examples share.

// What only an example calls would count as dead code here.
#![allow(dead_code)]

#[path = "../examples/support/csv_table.rs"]
mod csv_table;
#[path = "../examples/support/plot.rs"]
mod plot;
