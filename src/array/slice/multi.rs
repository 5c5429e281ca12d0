//! Several disjoint exclusive slices of one array at once.

use super::{SliceArg, SliceItem, apply, clip};
use crate::array::MAX_NDIM;
use crate::array::axis::resolve_index;
use crate::array::dimension::Dimension;
use crate::array::error::ShapeError;
use crate::array::layout::Layout;
use crate::array::types::ArrayViewMut;

/// A tuple of two to six slices for [`multi_slice_mut`](crate::ArrayRef::multi_slice_mut).
pub trait MultiSlice<'a, T, D: Dimension> {
    /// The views.
    type Out;
    #[doc(hidden)]
    fn cut(self, whole: ArrayViewMut<'a, T, D>) -> Result<Self::Out, ShapeError>;
}

/// The entries of one axis that a slice keeps: `start + i·step` for `i < count`, `step > 0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Progression {
    start: i128,
    step: i128,
    count: i128,
}

impl Progression {
    /// Whether two progressions have an element in common: the congruences
    /// `x ≡ start (mod step)` have a common solution in both ranges (extended Euclid).
    fn meets(self, other: Progression) -> bool {
        if self.count == 0 || other.count == 0 {
            return false;
        }
        let last = |p: Progression| p.start + (p.count - 1) * p.step;
        let (low, high) = (self.start.max(other.start), last(self).min(last(other)));
        if low > high {
            return false;
        }
        let (g, x) = extended_gcd(self.step, other.step);
        let distance = other.start - self.start;
        if distance % g != 0 {
            return false;
        }
        let modulus = other.step / g;
        let i = (distance / g % modulus * x).rem_euclid(modulus);
        let common = self.start + i * self.step;
        let period = self.step * modulus;
        common + (low - common + period - 1).div_euclid(period) * period <= high
    }
}

/// `(g, x)` with `g = gcd(a, b)` and `a·x ≡ g (mod b)`.
fn extended_gcd(a: i128, b: i128) -> (i128, i128) {
    let (mut r, mut next_r, mut x, mut next_x) = (a, b, 1, 0);
    while next_r != 0 {
        let q = r / next_r;
        (r, next_r) = (next_r, r - q * next_r);
        (x, next_x) = (next_x, x - q * next_x);
    }
    (r, x)
}

/// The entries of every axis that a slice keeps; the slice has been applied without error.
fn kept<D: Dimension>(layout: &Layout<D>, items: &[SliceItem]) -> [Progression; MAX_NDIM] {
    let whole = |axis: usize| Progression {
        start: 0,
        step: 1,
        count: layout.shape()[axis] as i128,
    };
    let mut out = [Progression {
        start: 0,
        step: 1,
        count: 1,
    }; MAX_NDIM];
    (0..layout.ndim()).for_each(|axis| out[axis] = whole(axis));
    let consumed = items
        .iter()
        .filter(|item| matches!(item, SliceItem::Index(_) | SliceItem::Range { .. }))
        .count();
    let mut axis = 0;
    for item in items {
        match *item {
            SliceItem::NewAxis => {}
            SliceItem::Ellipsis => axis += layout.ndim() - consumed,
            SliceItem::Index(index) => {
                let at = resolve_index(index, layout.shape()[axis]).unwrap_or(0);
                out[axis] = Progression {
                    start: at as i128,
                    step: 1,
                    count: 1,
                };
                axis += 1;
            }
            SliceItem::Range { start, end, step } => {
                let (start, count) = clip(start, end, step, layout.shape()[axis]).unwrap_or((0, 0));
                let (start, step, count) = (start as i128, step as i128, count as i128);
                let first = if step < 0 {
                    start + (count - 1) * step
                } else {
                    start
                };
                out[axis] = Progression {
                    start: first,
                    step: step.abs(),
                    count,
                };
                axis += 1;
            }
        }
    }
    out
}

macro_rules! tuples {
    ($($slice:ident $at:tt),+) => {
        impl<'a, T: 'a, D: Dimension, $($slice: SliceArg<D>),+> MultiSlice<'a, T, D> for ($($slice,)+) {
            type Out = ($(ArrayViewMut<'a, T, $slice::Out>,)+);
            fn cut(self, whole: ArrayViewMut<'a, T, D>) -> Result<Self::Out, ShapeError> {
                let (ptr, layout) = whole.parts();
                // Each slice is asked once: one that changed its mind would defeat the check below.
                let cuts = ($(self.$at.with_items(|items| {
                    apply::<D, $slice::Out>(&layout, items).map(|view| (view, kept(&layout, items)))
                })?,)+);
                let sets = [$(cuts.$at.1),+];
                for (second, b) in sets.iter().enumerate() {
                    for (first, a) in sets[..second].iter().enumerate() {
                        if (0..layout.ndim()).all(|axis| a[axis].meets(b[axis])) {
                            return Err(ShapeError::Overlap { first, second });
                        }
                    }
                }
                // SAFETY: each view reaches elements of the exclusive whole (invariant 3); two of
                // them never the same one, since in some axis they keep no common entry.
                Ok(unsafe { ($(ArrayViewMut::from_parts(ptr.offset(cuts.$at.0.0), cuts.$at.0.1),)+) })
            }
        }
    };
}
tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, E 3);
tuples!(A 0, B 1, C 2, E 3, F 4);
tuples!(A 0, B 1, C 2, E 3, F 4, G 5);

#[cfg(test)]
mod tests {
    use super::Progression;

    #[test]
    fn progressions_meet_where_their_elements_do() {
        let elements = |p: Progression| (0..p.count).map(move |i| p.start + i * p.step);
        let mut meeting = 0;
        for start_a in 0..5 {
            for (step_a, step_b) in (1..7).flat_map(|a| (1..7).map(move |b| (a, b))) {
                for (count_a, count_b) in (0..6).flat_map(|a| (0..6).map(move |b| (a, b))) {
                    for start_b in 0..9 {
                        let a = Progression {
                            start: start_a,
                            step: step_a,
                            count: count_a,
                        };
                        let b = Progression {
                            start: start_b,
                            step: step_b,
                            count: count_b,
                        };
                        let naive = elements(a).any(|x| elements(b).any(|y| x == y));
                        assert_eq!(a.meets(b), naive, "{a:?} {b:?}");
                        meeting += usize::from(naive);
                    }
                }
            }
        }
        assert!(meeting > 1000);
    }
}
