//! Against a triple loop in exact or wider arithmetic, over shapes, strides, types, levels, threads.

use std::fmt::Debug;
use std::ops::{Add, Div, Mul, Rem, Sub};

use num_complex::Complex;
use num_traits::{One, Zero};

use super::*;
use crate::engine::simd::{available, with_level};

mod many;

/// A small generator (Vigna's splitmix64): the tests need variety, not quality.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// An element the tests can make and judge.
trait Case: Number {
    /// Small whole numbers, so that every product and sum in the tests is exact in floating point;
    /// integers take all their bits.
    fn roll(dice: &mut Dice) -> Self;
    fn conjugate(self) -> Self {
        self
    }
}

macro_rules! cases {
    ($($t:ty: $dice:ident => $roll:expr),+) => {$(
        impl Case for $t {
            fn roll($dice: &mut Dice) -> Self { $roll }
        }
    )+};
}
cases!(
    f32: d => d.below(9) as f32 - 4.0, f64: d => d.below(201) as f64 - 100.0,
    i8: d => d.next() as i8, u8: d => d.next() as u8, i16: d => d.next() as i16, u16: d => d.next() as u16,
    i32: d => d.next() as i32, u32: d => d.next() as u32, i64: d => d.next() as i64, u64: d => d.next(),
    isize: d => d.next() as isize, usize: d => d.next() as usize,
    i128: d => i128::from(d.next() as i64) << 40, u128: d => u128::from(d.next()) << 50
);

macro_rules! complex_case {
    ($($t:ty),+) => {$(
        impl Case for Complex<$t> {
            fn roll(d: &mut Dice) -> Self {
                Complex::new(d.below(9) as $t - 4.0, d.below(9) as $t - 4.0)
            }
            fn conjugate(self) -> Self { self.conj() }
        }
    )+};
}
complex_case!(f32, f64);

/// A user's number: a value with a derivative, padded so that its size is odd.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Dual(i32, i32, [u8; 3]);

impl Dual {
    fn new(value: i32, slope: i32) -> Self {
        Dual(value, slope, [7; 3])
    }
}

macro_rules! dual_op {
    ($($trait:ident $op:ident |$a:ident, $b:ident| $value:expr, $slope:expr;)+) => {$(
        impl $trait for Dual {
            type Output = Dual;
            fn $op(self, other: Dual) -> Dual {
                let ($a, $b) = (self, other);
                Dual::new($value, $slope)
            }
        }
    )+};
}
dual_op! {
    Add add |a, b| a.0.wrapping_add(b.0), a.1.wrapping_add(b.1);
    Sub sub |a, b| a.0.wrapping_sub(b.0), a.1.wrapping_sub(b.1);
    Mul mul |a, b| a.0.wrapping_mul(b.0), a.0.wrapping_mul(b.1).wrapping_add(a.1.wrapping_mul(b.0));
    Div div |a, b| a.0 / b.0, a.1 / b.0;
    Rem rem |a, b| a.0 % b.0, a.1;
}
impl Zero for Dual {
    fn zero() -> Self {
        Dual::new(0, 0)
    }
    fn is_zero(&self) -> bool {
        *self == Self::zero()
    }
}
impl One for Dual {
    fn one() -> Self {
        Dual::new(1, 0)
    }
}
impl Number for Dual {
    type Sum = Dual;
    type Mean = Dual;
    type Real = Dual;
}
impl Case for Dual {
    fn roll(d: &mut Dice) -> Self {
        Dual::new(d.next() as i32, d.next() as i32)
    }
}

/// How a matrix lies in its storage.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    C,
    F,
    /// Every other row and every third column of something larger.
    Strided,
    /// Both axes backwards.
    Reversed,
    ReversedF,
    /// One row repeated, one column repeated, one element repeated.
    RowsZero,
    ColsZero,
    Zero,
}

const READ: &[Form] = &[
    Form::C,
    Form::F,
    Form::Strided,
    Form::Reversed,
    Form::ReversedF,
    Form::RowsZero,
    Form::ColsZero,
    Form::Zero,
];
const WRITE: &[Form] = &[
    Form::C,
    Form::F,
    Form::Strided,
    Form::Reversed,
    Form::ReversedF,
];

/// Storage with a matrix in it.
struct Held<T> {
    data: Vec<T>,
    start: usize,
    rows: usize,
    cols: usize,
    strides: (isize, isize),
}

impl<T: Case> Held<T> {
    fn new(dice: &mut Dice, rows: usize, cols: usize, form: Form) -> Self {
        let (r, c) = (rows as isize, cols as isize);
        let strides = match form {
            Form::C => (c, 1),
            Form::F => (1, r),
            Form::Strided => (6 * c + 4, 3),
            Form::Reversed => (-c, -1),
            Form::ReversedF => (-1, -r),
            Form::RowsZero => (0, 1),
            Form::ColsZero => (1, 0),
            Form::Zero => (0, 0),
        };
        let reach = |n: isize, s: isize| (n - 1).max(0) * s;
        let ends = [reach(r, strides.0), reach(c, strides.1)];
        let low: isize = ends.iter().map(|e| e.min(&0)).sum();
        let high: isize = ends.iter().map(|e| e.max(&0)).sum();
        // Exactly what the matrix spans: a read beyond it is outside the allocation.
        let data = (0..high - low + 1).map(|_| T::roll(dice)).collect();
        Held {
            data,
            start: -low as usize,
            rows,
            cols,
            strides,
        }
    }
    fn at(&self, i: usize, j: usize) -> usize {
        (self.start as isize + i as isize * self.strides.0 + j as isize * self.strides.1) as usize
    }
    fn view(&self) -> MatRef<T> {
        MatRef {
            ptr: self.data.as_ptr().wrapping_add(self.start),
            rows: self.rows,
            cols: self.cols,
            row_stride: self.strides.0,
            col_stride: self.strides.1,
        }
    }
    fn view_mut(&mut self) -> MatMut<T> {
        MatMut {
            ptr: self.data.as_mut_ptr().wrapping_add(self.start),
            rows: self.rows,
            cols: self.cols,
            row_stride: self.strides.0,
            col_stride: self.strides.1,
        }
    }
}

/// What C's whole storage should hold afterwards (so that writes beside the matrix show).
fn expected<T: Case>(
    (alpha, beta): (T, Beta<T>),
    (a, conj_a): (&Held<T>, bool),
    (b, conj_b): (&Held<T>, bool),
    c: &Held<T>,
) -> Vec<T> {
    let op = |x: T, conj: bool| if conj { x.conjugate() } else { x };
    let mut out = c.data.clone();
    for i in 0..c.rows {
        for j in 0..c.cols {
            let mut sum = T::zero();
            for p in 0..a.cols {
                let (x, y) = (
                    op(a.data[a.at(i, p)], conj_a),
                    op(b.data[b.at(p, j)], conj_b),
                );
                sum = sum.number_add(x.number_mul(y));
            }
            let old = out[c.at(i, j)];
            let value = alpha.number_mul(sum);
            out[c.at(i, j)] = match beta {
                Beta::Zero => value,
                Beta::One => old.number_add(value),
                Beta::Scale(s) => s.number_mul(old).number_add(value),
            };
        }
    }
    out
}

/// One random product, checked.
fn check<T: Case + Debug>(dice: &mut Dice, (m, k, n): (usize, usize, usize), threads: usize) {
    let (fa, fb, fc) = (dice.pick(READ), dice.pick(READ), dice.pick(WRITE));
    let (a, b) = (Held::<T>::new(dice, m, k, fa), Held::new(dice, k, n, fb));
    let mut c = Held::new(dice, m, n, fc);
    let (ca, cb) = (dice.below(2) == 1, dice.below(2) == 1);
    let alpha = if dice.below(2) == 0 {
        T::one()
    } else {
        T::roll(dice)
    };
    let beta = match dice.below(3) {
        0 => Beta::Zero,
        1 => Beta::One,
        _ => Beta::Scale(T::roll(dice)),
    };
    let want = expected((alpha, beta), (&a, ca), (&b, cb), &c);
    let view = c.view_mut();
    // SAFETY: the matrices live in `a`, `b`, `c`.
    unsafe { gemm(alpha, a.view(), ca, b.view(), cb, beta, view, threads) };
    assert!(
        c.data == want,
        "{} {m}x{k}x{n} {fa:?} {fb:?} {fc:?} conj {ca} {cb} alpha {alpha:?} {beta:?} level {:?} threads {threads}",
        std::any::type_name::<T>(),
        level(),
    );
}

const EXTENTS: &[usize] = &[
    0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 23, 24, 25, 31, 33, 47, 48, 49, 70,
];

fn all_levels<T: Case>(seed: u64, small: usize) {
    for &level in available() {
        with_level(level, || {
            let mut dice = Dice(seed);
            for _ in 0..small {
                let shape = (dice.pick(EXTENTS), dice.pick(EXTENTS), dice.pick(EXTENTS));
                check::<T>(&mut dice, shape, 1);
            }
            // Several blocks of k, edges everywhere, two threads.
            for shape in [(70, 257, 130), (130, 20, 257), (257, 130, 9), (5, 600, 130)] {
                for threads in [1, 2, 3] {
                    check::<T>(&mut dice, shape, threads);
                }
            }
        });
    }
}

macro_rules! type_tests {
    ($($name:ident: $t:ty, $small:literal;)+) => {$(
        #[test]
        fn $name() {
            all_levels::<$t>(line!().into(), $small);
        }
    )+};
}
type_tests! {
    f64_products: f64, 400;
    f32_products: f32, 400;
    c64_products: Complex<f64>, 300;
    c32_products: Complex<f32>, 300;
    i64_products: i64, 200;
    i32_products: i32, 200;
    conformance_i16_products: i16, 150;
    conformance_i8_products: i8, 150;
    conformance_u64_products: u64, 60;
    conformance_u32_products: u32, 60;
    conformance_u16_products: u16, 60;
    conformance_u8_products: u8, 60;
    conformance_isize_products: isize, 60;
    conformance_usize_products: usize, 60;
    conformance_i128_products: i128, 60;
    conformance_u128_products: u128, 60;
    user_products: Dual, 100;
}

#[test]
fn every_small_shape() {
    for &level in available() {
        with_level(level, || {
            let mut dice = Dice(5);
            for m in 0..=9 {
                for k in 0..=5 {
                    for n in 0..=9 {
                        check::<f64>(&mut dice, (m, k, n), 1);
                        check::<Complex<f32>>(&mut dice, (m, k, n), 1);
                    }
                }
            }
        });
    }
}

/// Blocks of A do not fit the cache: several row blocks, several k blocks.
#[test]
fn many_blocks() {
    let mut dice = Dice(77);
    let (m, k, n) = (700, 530, 40);
    for (m, n, fc) in [(m, n, Form::F), (n, m, Form::C), (n, m, Form::F)] {
        let (a, b) = (
            Held::<i64>::new(&mut dice, m, k, Form::C),
            Held::new(&mut dice, k, n, Form::C),
        );
        for threads in [1, 2] {
            let mut c = Held::new(&mut dice, m, n, fc);
            let want = expected((1, Beta::Zero), (&a, false), (&b, false), &c);
            let view = c.view_mut();
            // SAFETY: the matrices live in `a`, `b`, `c`.
            unsafe {
                gemm(
                    1,
                    a.view(),
                    false,
                    b.view(),
                    false,
                    Beta::Zero,
                    view,
                    threads,
                )
            };
            assert!(c.data == want, "{m} {n} {fc:?} {threads}");
        }
    }
}

/// Uniform numbers in [-1, 1): rounding must stay within k·ε of a sum in f64 (or, for f64, of a
/// compensated one).
#[test]
fn rounding() {
    fn uniform(d: &mut Dice) -> f64 {
        (d.next() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
    for &level in available() {
        with_level(level, || {
            let mut dice = Dice(3);
            let (m, k, n) = (33, 300, 21);
            let a: Vec<f64> = (0..m * k).map(|_| uniform(&mut dice)).collect();
            let b: Vec<f64> = (0..k * n).map(|_| uniform(&mut dice)).collect();
            let (a32, b32): (Vec<f32>, Vec<f32>) = (
                a.iter().map(|&x| x as f32).collect(),
                b.iter().map(|&x| x as f32).collect(),
            );
            let (mut c, mut c32) = (vec![f64::NAN; m * n], vec![f32::NAN; m * n]);
            // SAFETY: the vectors hold the matrices.
            unsafe {
                gemm(
                    1.0,
                    c_order(&a, m, k),
                    false,
                    c_order(&b, k, n),
                    false,
                    Beta::Zero,
                    c_order_mut(&mut c, m, n),
                    1,
                );
                gemm(
                    1.0,
                    c_order(&a32, m, k),
                    false,
                    c_order(&b32, k, n),
                    false,
                    Beta::Zero,
                    c_order_mut(&mut c32, m, n),
                    1,
                );
            }
            for i in 0..m {
                for j in 0..n {
                    // Two-product and two-sum (Ogita, Rump & Oishi 2005) for the exact-enough sum.
                    let (mut sum, mut rest, mut sum32) = (0.0_f64, 0.0_f64, 0.0_f64);
                    for p in 0..k {
                        let (x, y) = (a[i * k + p], b[p * n + j]);
                        let product = x * y;
                        let total = sum + product;
                        let back = total - sum;
                        rest += (sum - (total - back)) + (product - back) + x.mul_add(y, -product);
                        sum = total;
                        sum32 += f64::from(a32[i * k + p]) * f64::from(b32[p * n + j]);
                    }
                    let bound = k as f64;
                    assert!((c[i * n + j] - (sum + rest)).abs() <= bound * f64::EPSILON);
                    assert!(
                        (f64::from(c32[i * n + j]) - sum32).abs()
                            <= bound * f64::from(f32::EPSILON)
                    );
                }
            }
        });
    }
}

fn c_order<T>(data: &[T], rows: usize, cols: usize) -> MatRef<T> {
    assert_eq!(data.len(), rows * cols);
    MatRef {
        ptr: data.as_ptr(),
        rows,
        cols,
        row_stride: cols as isize,
        col_stride: 1,
    }
}

fn c_order_mut<T>(data: &mut [T], rows: usize, cols: usize) -> MatMut<T> {
    assert_eq!(data.len(), rows * cols);
    MatMut {
        ptr: data.as_mut_ptr(),
        rows,
        cols,
        row_stride: cols as isize,
        col_stride: 1,
    }
}

/// NaN and infinity in C before a product with `Beta::Zero` leave no trace; in A and B they reach
/// exactly the rows and columns they should, also past the padding of edge tiles.
#[test]
fn not_finite() {
    for &level in available() {
        with_level(level, || {
            for (m, k, n) in [
                (1, 3, 1),
                (5, 6, 7),
                (50, 40, 30),
                (65, 300, 33),
                (3, 4, 1),
                (1, 9, 5),
            ] {
                let mut a = vec![1.0_f64; m * k];
                let b = vec![2.0_f64; k * n];
                a[(m - 1) * k] = f64::NAN;
                a[(m / 2) * k + k - 1] += f64::INFINITY;
                let mut c = vec![f64::NAN; m * n];
                let view = c_order_mut(&mut c, m, n);
                // SAFETY: the vectors hold the matrices.
                unsafe {
                    gemm(
                        1.0,
                        c_order(&a, m, k),
                        false,
                        c_order(&b, k, n),
                        false,
                        Beta::Zero,
                        view,
                        2,
                    )
                };
                for i in 0..m {
                    for j in 0..n {
                        let x = c[i * n + j];
                        let right = match i {
                            _ if i == m - 1 => x.is_nan(),
                            _ if i == m / 2 => x == f64::INFINITY,
                            _ => x == 2.0 * k as f64,
                        };
                        assert!(right, "{m}x{k}x{n} at {i},{j}: {x}");
                    }
                }
            }
        });
    }
}

#[test]
fn empty_sums() {
    let none: [f64; 0] = [];
    for (m, n) in [(3, 4), (1, 4), (4, 1), (0, 4), (4, 0)] {
        let mut c = vec![f64::NAN; m * n];
        let view = c_order_mut(&mut c, m, n);
        let (a, b) = (c_order(&none, m, 0), c_order(&none, 0, n));
        // SAFETY: empty factors are never read.
        unsafe { gemm(1.0, a, false, b, false, Beta::Zero, view, 1) };
        assert_eq!(c, vec![0.0; m * n]);
        c.fill(3.0);
        let view = c_order_mut(&mut c, m, n);
        // SAFETY: as above.
        unsafe { gemm(1.0, a, false, b, false, Beta::One, view, 1) };
        assert_eq!(c, vec![3.0; m * n]);
        let view = c_order_mut(&mut c, m, n);
        // SAFETY: as above.
        unsafe { gemm(1.0, a, false, b, false, Beta::Scale(2.0), view, 1) };
        assert_eq!(c, vec![6.0; m * n]);
        let view = c_order_mut(&mut c, m, n);
        // SAFETY: as above.
        unsafe { gemm_batch(a, b, view, |_| (0, 0, 0), 1, 1) };
        assert_eq!(c, vec![0.0; m * n]);
    }
}
