//! Iteration: over elements, and over views along axes, lanes, windows and chunks.
//!
//! Everything that visits one thing per position goes through one double-ended, splittable cursor
//! ([`walk`]): elements, sub-arrays along an axis, lanes, windows. Chunks, of which the last may be
//! smaller, have their own ([`chunks`]). [`parallel`] lends all of them to rayon by splitting.
//!
//! In comes a pointer and a layout from `types`; out go references or views. No arithmetic lives
//! here, and nothing here is the fast way to visit all elements of several arrays at once: that is
//! `engine`'s.

mod chunks;
mod elements;
mod methods;
#[cfg(feature = "rayon")]
mod parallel;
mod subviews;
#[cfg(test)]
mod tests;
mod walk;

pub use chunks::{AxisChunks, AxisChunksMut};
pub use elements::{IndexedIter, IndexedIterMut, Iter, IterMut};
#[cfg(feature = "rayon")]
pub use parallel::Parallel;
pub use subviews::{AxisIter, AxisIterMut, Lanes, LanesMut, Windows};
