//! Whether two layouts, each at its place in memory, share elements.

use super::Layout;
use crate::array::dimension::Dimension;

/// A layout at a place in memory.
#[derive(Clone, Copy)]
pub(crate) struct Region<'l, D: Dimension> {
    /// The address of the first element.
    pub address: usize,
    pub layout: &'l Layout<D>,
    /// Bytes per element.
    pub size: usize,
}

impl<D: Dimension> Region<'_, D> {
    /// The first byte and the one after the last; `None` when there is no element.
    fn bytes(&self) -> Option<(isize, isize)> {
        let (low, high) = self.layout.extent()?;
        // Elements without size count as a byte: they are told apart by nothing.
        let size = self.size.max(1) as isize;
        let start = self.address as isize + low * size;
        Some((start, start + (high - low + 1) * size))
    }
}

/// Whether two regions may share a byte: bounding ranges first, then a test of the residues that
/// their elements' positions leave modulo the gcd of all strides. `false` is certain.
pub(crate) fn may_overlap<D: Dimension, E: Dimension>(a: Region<'_, D>, b: Region<'_, E>) -> bool {
    let (Some((start_a, end_a)), Some((start_b, end_b))) = (a.bytes(), b.bytes()) else {
        return false;
    };
    if end_a <= start_b || end_b <= start_a {
        return false;
    }
    let distance = (a.address as isize).wrapping_sub(b.address as isize);
    if a.size != b.size || a.size == 0 || distance % a.size as isize != 0 {
        return true;
    }
    let mut g = 0usize;
    for (shape, strides) in [
        (a.layout.shape(), a.layout.strides()),
        (b.layout.shape(), b.layout.strides()),
    ] {
        for (&n, &stride) in shape.iter().zip(strides) {
            if n > 1 {
                g = gcd(g, stride.unsigned_abs());
            }
        }
    }
    let elements = (distance / a.size as isize).unsigned_abs();
    if g == 0 {
        elements == 0
    } else {
        elements.is_multiple_of(g)
    }
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}
