//! Complex numbers in NumPy's order: by real parts, then by imaginary parts.

use std::cmp::Ordering;

use num_complex::Complex;

use super::kernels::{Extreme, MaybeNan};

/// A complex number with an order, in which one with NaN in either part has no place.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(transparent)]
pub(crate) struct Lexicographic<F>(pub Complex<F>);

macro_rules! ordered {
    ($($t:ident)+) => {$(
        impl PartialOrd for Lexicographic<$t> {
            #[inline(always)]
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                match (self < other, self == other, self > other) {
                    (true, _, _) => Some(Ordering::Less),
                    (_, true, _) => Some(Ordering::Equal),
                    (_, _, true) => Some(Ordering::Greater),
                    _ => None,
                }
            }
            #[inline(always)]
            fn lt(&self, other: &Self) -> bool {
                let (x, y) = (self.0, other.0);
                ((x.re < y.re) & !(x.im.is_nan() | y.im.is_nan())) | ((x.re == y.re) & (x.im < y.im))
            }
            #[inline(always)]
            fn le(&self, other: &Self) -> bool {
                let (x, y) = (self.0, other.0);
                ((x.re < y.re) & !(x.im.is_nan() | y.im.is_nan())) | ((x.re == y.re) & (x.im <= y.im))
            }
            #[inline(always)]
            fn gt(&self, other: &Self) -> bool {
                other.lt(self)
            }
            #[inline(always)]
            fn ge(&self, other: &Self) -> bool {
                other.le(self)
            }
        }
        impl Extreme for Lexicographic<$t> {
            const LOWEST: Self = Lexicographic(Complex::new($t::NEG_INFINITY, $t::NEG_INFINITY));
            const HIGHEST: Self = Lexicographic(Complex::new($t::INFINITY, $t::INFINITY));
        }
        impl MaybeNan for Lexicographic<$t> {
            const NAN: Self = Lexicographic(Complex::new($t::NAN, 0.0));
        }
    )+};
}
ordered!(f32 f64);
