//! The programs in `examples/`, and their numbers against those of Python libraries.

// Each program declares the helpers it uses.
#![allow(clippy::duplicate_mod)]

mod attention;
mod dense_layer;
mod image_compression;
mod kalman;
mod linear_regression;
mod pca;

#[path = "../support/mod.rs"]
mod support;
