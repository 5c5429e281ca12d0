//! Iteration over elements, in logical row-major order.

mod elements;

pub use elements::{IndexedIter, IndexedIterMut, Iter, IterMut};
