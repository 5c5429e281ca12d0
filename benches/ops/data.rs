//! The table's data: a linear congruential generator, so that every library computes on the same.

use orthant::prelude::*;

pub use crate::rule::u;

/// An element type of the table.
pub trait Element: orthant::Float + orthant::Linspace {
    const ZERO: Self;
    fn of(x: f64) -> Self;
}
impl Element for f32 {
    const ZERO: f32 = 0.0;
    fn of(x: f64) -> f32 {
        x as f32
    }
}
impl Element for f64 {
    const ZERO: f64 = 0.0;
    fn of(x: f64) -> f64 {
        x
    }
}

/// Values in [0.1, 1.1).
pub fn positive<T: Element>(seed: u64, n: usize) -> Array1<T> {
    fresh(n, |i, u: &[f64]| T::of(u[i] + 0.1), seed)
}

/// Values in [-4, 4).
pub fn wide<T: Element>(seed: u64, n: usize) -> Array1<T> {
    fresh(n, |i, u: &[f64]| T::of(8.0 * (u[i] - 0.5)), seed)
}

/// Values in [0, 1) in 4000 rows of 2500.
pub fn rows<T: Element>() -> Array2<T> {
    let values = u(1, 4000 * 2500);
    let mut out = Array2::full([4000, 2500], T::ZERO);
    out.iter_mut()
        .zip(&values)
        .for_each(|(slot, &value)| *slot = T::of(value));
    out
}

/// Whole numbers in 0..`below`.
pub fn whole(seed: u64, n: usize, below: f64) -> Array1<i64> {
    u(seed, n).iter().map(|&u| (u * below) as i64).collect()
}

/// An array that the library itself allocated.
fn fresh<T: Element>(n: usize, f: impl Fn(usize, &[f64]) -> T, seed: u64) -> Array1<T> {
    let u = u(seed, n);
    let mut out = Array1::full(n, T::ZERO);
    out.iter_mut()
        .enumerate()
        .for_each(|(i, slot)| *slot = f(i, &u));
    out
}

/// A matrix or stack of values in [-0.5, 0.5), filled in row-major order.
pub fn matrix<T: Element, S: IntoShape>(seed: u64, shape: S) -> Array<T, S::Dim> {
    let out = Array::<f64, S::Dim>::zeros(shape);
    let values = u(seed, out.len());
    let mut next = values.iter();
    let mut result = out.full_like(T::ZERO);
    for slot in result.iter_mut() {
        if let Some(&value) = next.next() {
            *slot = T::of(value - 0.5);
        }
    }
    result
}
