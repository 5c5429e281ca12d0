//! One fast pass over the input: is it finite, and how large is it.

use num_traits::{Float as _, Zero};

use crate::array::Scalar;
use crate::engine::simd::{level, simd_dispatch};
use crate::linalg::raw::MatRef;

/// Independent accumulators, enough for the widest registers.
const LANES: usize = 16;

/// The largest absolute value of any real or imaginary part, or `None` if one is infinite or NaN.
///
/// # Safety
/// `a` is readable and initialised.
pub(in crate::linalg) unsafe fn largest_finite<T: Scalar>(a: MatRef<T>) -> Option<T::Real> {
    // Walk along the axis with the smaller stride.
    let a = if a.row_stride.unsigned_abs() < a.col_stride.unsigned_abs() {
        a.t()
    } else {
        a
    };
    let level = level();
    let mut largest = T::Real::zero();
    for i in 0..a.rows {
        // SAFETY: row i is in range.
        let row = unsafe { a.ptr.offset(i as isize * a.row_stride) };
        // SAFETY: the caller's promise covers the row.
        largest = largest.max(unsafe { largest_in_run(level, a.cols, row, a.col_stride) }?);
    }
    Some(largest)
}

simd_dispatch! {
    /// The same for `n` elements `stride` apart.
    unsafe fn largest_in_run[T: Scalar](n: usize, x: *const T, stride: isize) -> Option<T::Real> = run_body::<T>
}

#[inline(always)]
unsafe fn run_body<T: Scalar>(n: usize, x: *const T, stride: isize) -> Option<T::Real> {
    let zero = T::Real::zero();
    if stride == 1 {
        // Complex numbers are pairs of reals, so one loop over reals serves all types.
        let parts = if T::IS_COMPLEX { 2 } else { 1 };
        // SAFETY: n contiguous, initialised elements are n or 2n reals.
        let x = unsafe { std::slice::from_raw_parts(x.cast::<T::Real>(), n * parts) };
        let (mut largest, mut poison) = ([zero; LANES], [zero; LANES]);
        let chunks = x.chunks_exact(LANES);
        let tail = chunks.remainder();
        for chunk in chunks {
            for k in 0..LANES {
                fold(chunk[k], &mut largest[k], &mut poison[k]);
            }
        }
        for &x in tail {
            fold(x, &mut largest[0], &mut poison[0]);
        }
        let mut most = zero;
        let mut sum = zero;
        for k in 0..LANES {
            most = if largest[k] > most { largest[k] } else { most };
            sum = sum + poison[k];
        }
        (sum == zero).then_some(most)
    } else {
        let (mut largest, mut poison) = (zero, zero);
        for i in 0..n as isize {
            // SAFETY: element i is in range.
            let x = unsafe { x.offset(i * stride).read() };
            fold(x.re(), &mut largest, &mut poison);
            fold(x.im(), &mut largest, &mut poison);
        }
        (poison == zero).then_some(largest)
    }
}

/// 0·x is a zero for finite x and NaN otherwise, so the sum of them tells.
#[inline(always)]
fn fold<R: crate::array::Float>(x: R, largest: &mut R, poison: &mut R) {
    let size = x.abs();
    *largest = if size > *largest { size } else { *largest };
    *poison = *poison + x * R::zero();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::simd::{available, with_level};
    use num_complex::Complex;

    fn mat<T>(
        x: &[T],
        rows: usize,
        cols: usize,
        row_stride: isize,
        col_stride: isize,
    ) -> MatRef<T> {
        MatRef {
            ptr: x.as_ptr(),
            rows,
            cols,
            row_stride,
            col_stride,
        }
    }

    #[test]
    fn every_position_is_seen() {
        for &level in available() {
            with_level(level, || {
                for n in [1usize, 15, 16, 17, 40] {
                    let mut x: Vec<f64> = (0..3 * n).map(|i| -(i as f64)).collect();
                    let a = |x: &[f64]| mat(x, 3, n, n as isize, 1);
                    // SAFETY: the description matches the vector, here and below.
                    assert_eq!(unsafe { largest_finite(a(&x)) }, Some((3 * n - 1) as f64));
                    for at in 0..3 * n {
                        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                            let good = std::mem::replace(&mut x[at], bad);
                            // SAFETY: as above.
                            assert_eq!(unsafe { largest_finite(a(&x)) }, None);
                            // SAFETY: as above.
                            assert_eq!(unsafe { largest_finite(a(&x).t()) }, None);
                            x[at] = good;
                        }
                    }
                }
            });
        }
    }

    #[test]
    fn complex_parts_and_strides() {
        let mut x = vec![Complex::new(1f32, -2.0); 12];
        x[7].im = 9.0;
        // SAFETY: two rows of three, every second element.
        assert_eq!(unsafe { largest_finite(mat(&x, 2, 3, 6, 2)) }, Some(2.0));
        // SAFETY: as above, all elements.
        assert_eq!(unsafe { largest_finite(mat(&x, 3, 4, 4, 1)) }, Some(9.0));
        x[7].im = f32::NAN;
        // SAFETY: as above.
        assert_eq!(unsafe { largest_finite(mat(&x, 2, 3, 6, 2)) }, Some(2.0));
        // SAFETY: as above.
        assert_eq!(unsafe { largest_finite(mat(&x, 3, 4, 4, 1)) }, None);
        x[4].re = f32::INFINITY;
        // SAFETY: as above.
        assert_eq!(unsafe { largest_finite(mat(&x, 2, 3, 6, 2)) }, None);
    }
}
