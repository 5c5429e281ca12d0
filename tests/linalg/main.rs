//! Linear algebra. What needs a backend is left out of builds without one.

mod banded;
#[cfg(any(
    feature = "embedded",
    feature = "openblas-system",
    feature = "mkl-system"
))]
mod common;
mod decompositions;
mod factors;
mod functions;
mod lanes;
mod ldlt;
mod norms;
mod pca;
mod products;
mod products_golden;
mod randomized;
mod solve;
mod stacks;
mod svd;
mod tensor_solve;

#[path = "../support/mod.rs"]
mod support;
