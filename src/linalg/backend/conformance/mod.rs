//! One suite for every backend that is compiled in: properties, over all scalars and layouts.

mod calls;
mod conditions;
mod corners;
mod gemm;
mod ldlt;
mod lstsq;
mod precise;
mod solve;
mod spectral;
mod svd;

use num_complex::Complex;

use super::Backend;
use super::select::compiled_in;
use crate::array::{Float, Scalar};
use crate::linalg::raw::{MatMut, MatRef};

/// Runs `$test::<T>(backend)` for every scalar and backend.
macro_rules! for_all {
    ($test:ident) => {
        for backend in compiled_in() {
            $test::<f32>(backend);
            $test::<f64>(backend);
            $test::<Complex<f32>>(backend);
            $test::<Complex<f64>>(backend);
        }
    };
}
use for_all;

/// A small generator of reproducible numbers (xorshift64*, Marsaglia 2003, Vigna 2016).
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// Uniform in (-1, 1).
    fn real(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() >> 33) as usize % n
    }

    fn scalar<T: Scalar>(&mut self) -> T {
        let re = T::from_real(T::Real::from_f64(self.real()));
        if T::IS_COMPLEX {
            re + imaginary::<T>() * T::from_real(T::Real::from_f64(self.real()))
        } else {
            re
        }
    }
}

/// The imaginary unit: the root of -1 that the conjugate tells from its negative.
fn imaginary<T: Scalar>() -> T {
    use std::any::Any;
    let unit: Box<dyn Any> = if T::Real::EPSILON.to_f64() < 1e-10 {
        Box::new(Complex::new(0f64, 1.0))
    } else {
        Box::new(Complex::new(0f32, 1.0))
    };
    *unit.downcast::<T>().expect("a complex type")
}

/// How the elements of a matrix lie in memory.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Layout {
    C,
    F,
    /// Row-major with a gap behind every row.
    Padded,
    /// Both axes with steps.
    Strided,
    /// Both axes backwards.
    Negative,
    /// Column-major with rows backwards.
    Mixed,
    /// Column-major with a gap behind every column.
    ColumnsPadded,
}
use Layout::*;

const LAYOUTS: [Layout; 6] = [C, F, Padded, Strided, Negative, Mixed];

/// A matrix with its memory; what lies between its elements is NaN and must stay so.
#[derive(Clone)]
struct Owned<T> {
    data: Vec<T>,
    start: usize,
    rows: usize,
    cols: usize,
    row_stride: isize,
    col_stride: isize,
}

impl<T: Scalar> Owned<T> {
    fn new(rows: usize, cols: usize, layout: Layout, mut f: impl FnMut(usize, usize) -> T) -> Self {
        let (r, c) = (rows as isize, cols as isize);
        let last = |n: isize| (n - 1).max(0);
        let (len, start, row_stride, col_stride) = match layout {
            C => (r * c, 0, c, 1),
            F => (r * c, 0, 1, r),
            Padded => (r * (c + 3), 0, c + 3, 1),
            Strided => (6 * r * c, 0, 3 * c, 3),
            Negative => (r * c, last(r) * c + last(c), -c, -1),
            Mixed => (r * c, last(r), -1, r),
            ColumnsPadded => ((r + 2) * c, 0, 1, r + 2),
        };
        let nan = T::from_real(T::Real::from_f64(f64::NAN));
        let mut this = Owned {
            data: vec![nan; len as usize + 1],
            start: start as usize,
            rows,
            cols,
            row_stride,
            col_stride,
        };
        for i in 0..rows {
            for j in 0..cols {
                let at = this.position(i, j);
                this.data[at] = f(i, j);
            }
        }
        this
    }

    /// Room for a result: all NaN.
    fn room(rows: usize, cols: usize, layout: Layout) -> Self {
        Self::new(rows, cols, layout, |_, _| {
            T::from_real(T::Real::from_f64(f64::NAN))
        })
    }

    fn random(rows: usize, cols: usize, layout: Layout, rng: &mut Rng) -> Self {
        Self::new(rows, cols, layout, |_, _| rng.scalar())
    }

    fn position(&self, i: usize, j: usize) -> usize {
        (self.start as isize + i as isize * self.row_stride + j as isize * self.col_stride) as usize
    }

    fn at(&self, i: usize, j: usize) -> T {
        self.data[self.position(i, j)]
    }

    fn to_ref(&self) -> MatRef<T> {
        MatRef {
            ptr: self.data[self.start..].as_ptr(),
            rows: self.rows,
            cols: self.cols,
            row_stride: self.row_stride,
            col_stride: self.col_stride,
        }
    }

    fn to_mut(&mut self) -> MatMut<T> {
        MatMut {
            ptr: self.data.as_mut_ptr().wrapping_add(self.start),
            rows: self.rows,
            cols: self.cols,
            row_stride: self.row_stride,
            col_stride: self.col_stride,
        }
    }

    /// Panics if anything outside the matrix was written.
    fn assert_gaps_untouched(&self) {
        let mut inside = vec![false; self.data.len()];
        for i in 0..self.rows {
            for j in 0..self.cols {
                inside[self.position(i, j)] = true;
            }
        }
        for (at, &value) in self.data.iter().enumerate() {
            assert!(
                inside[at] || value.re().to_f64().is_nan(),
                "memory outside was written"
            );
        }
    }

    fn frobenius(&self) -> f64 {
        let mut sum = 0.0;
        for i in 0..self.rows {
            for j in 0..self.cols {
                sum += self.at(i, j).modulus().to_f64().powi(2);
            }
        }
        sum.sqrt()
    }
}

/// Σ f(k)·g(k), the way anybody would write it.
fn dot<T: Scalar>(n: usize, f: impl Fn(usize) -> T, g: impl Fn(usize) -> T) -> T {
    (0..n).fold(T::zero(), |sum, k| sum + f(k) * g(k))
}

/// The larger number; NaN if one is, so that no limit holds.
pub(in crate::linalg::backend) fn larger(x: f64, y: f64) -> f64 {
    if x.is_nan() || y <= x { x } else { y }
}

#[test]
fn not_a_number_is_never_small() {
    let largest = |x: [f64; 3]| x.into_iter().fold(0.0, larger);
    assert_eq!(largest([1.0, 3.0, 2.0]), 3.0);
    for at in 0..3 {
        let mut x = [1.0, 3.0, 2.0];
        x[at] = f64::NAN;
        assert!(largest(x).is_nan());
    }
}

fn epsilon<T: Scalar>() -> f64 {
    T::Real::EPSILON.to_f64()
}

fn name<T: Scalar>(backend: Backend) -> String {
    format!("{backend:?} {}", std::any::type_name::<T>())
}
