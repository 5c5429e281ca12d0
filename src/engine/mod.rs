//! How loops run.
pub(crate) mod par;
pub(crate) mod simd;
