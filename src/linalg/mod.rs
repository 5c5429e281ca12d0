//! Linear algebra.
pub(crate) mod raw;
