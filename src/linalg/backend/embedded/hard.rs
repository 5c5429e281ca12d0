//! Matrices on which decompositions fail, for their tests.

use crate::array::{Float, Scalar};

/// LCG of Knuth's MMIX.
pub(super) struct Random(pub(super) u64);
impl Random {
    pub(super) fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    }
}

pub(super) const KINDS: usize = 10;

/// Real and imaginary part of element (i, j) of a matrix that is hard in its own way.
pub(super) fn element(kind: usize, n: usize, i: usize, j: usize, random: &mut Random) -> [f64; 2] {
    let any = [random.next(), random.next()];
    let on = |condition: bool| if condition { 1.0 } else { 0.0 };
    let real = |x: f64| [x, 0.0];
    match kind {
        0 => any,
        // All values, or all but one, are equal.
        1 => real(on(i == j)),
        2 => real(1.0),
        // Clusters.
        3 if i == j => real((i % 3) as f64),
        3 => any.map(|x| x * 1e-14),
        // Graded.
        4 => any.map(|x| x * 10.0_f64.powi(-((i + j) as i32) / 4)),
        // Wilkinson's: pairs that are almost equal.
        5 => real(on(i.abs_diff(j) == 1) + on(i == j) * (i as f64 - n as f64 / 2.0).abs()),
        // What is tiny beside something large, and what is tiny altogether.
        6 if (i, j) == (0, 0) => real(1.0),
        6 => any.map(|x| x * 1e-22),
        7 => any.map(|x| x * 1e-36),
        // Independent blocks, and a diagonal.
        8 if i / 7 == j / 7 => any,
        8 => real(0.0),
        _ => real(on(i == j) * any[0]),
    }
}

/// The Frobenius norm; NaN if there is one.
pub(super) fn size<T: Scalar>(x: &[T]) -> f64 {
    let largest = x.iter().fold(0.0, |most: f64, x| {
        let x = Float::to_f64(x.modulus());
        if x <= most { most } else { x }
    });
    if largest == 0.0 {
        return 0.0;
    }
    let square = |x: &T| (Float::to_f64(x.modulus()) / largest).powi(2);
    x.iter().map(square).sum::<f64>().sqrt() * largest
}
