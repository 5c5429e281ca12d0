//! Linear algebra. What needs a backend is left out of builds without one.

mod banded;
mod decompositions;
mod lanes;
mod ldlt;
mod norms;
mod pca;
mod products;
mod products_golden;
mod randomized;
mod solve;
mod svd;
mod tensor_solve;

#[path = "../support/mod.rs"]
mod support;
