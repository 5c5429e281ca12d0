//! The table of kernels: for each element type and instruction set, tile functions compiled for it,
//! their shape, and how to pack for them.

use num_complex::Complex;

use super::micro::{Tile, complex, real};
use super::pack;
use super::simd::{Lanes, Vector};
use super::vector::{self, Axpy, Both, COLUMNS, DotRows};
use crate::array::Number;
use crate::engine::simd::Level;

/// A compiled micro-kernel.
pub(super) type Micro<T> = unsafe fn(&Tile<T>);

/// What the driver needs to know to multiply matrices of `T`.
pub(super) struct Kernels<T: 'static> {
    /// The instruction set that everything here is compiled for.
    pub(super) level: Level,
    /// Elements in a register.
    pub(super) lanes: usize,
    /// `micro[M − 1][j]` computes a tile of `M` registers by `widths[j]` columns.
    pub(super) micro: &'static [&'static [Micro<T>]],
    /// Columns of the tiles, ascending from 1.
    pub(super) widths: &'static [usize],
    /// Partial registers may be read from an unpacked A.
    pub(super) masked: bool,
    /// A may be read in place when its rows are contiguous (not for kernels on split parts).
    pub(super) direct: bool,
    pub(super) pack_a: pack::Pack<T>,
    pub(super) pack_b: pack::Pack<T>,
    pub(super) dot_rows: DotRows<T>,
    pub(super) axpy: Axpy<T>,
    #[cfg_attr(not(feature = "embedded"), allow(dead_code))] // for its reductions
    pub(super) both: Both<T>,
}

impl<T> Kernels<T> {
    /// Rows of the largest tile.
    #[inline]
    pub(super) fn tile_rows(&self) -> usize {
        self.micro.len() * self.lanes
    }

    /// Columns of the largest tile.
    #[inline]
    pub(super) fn tile_columns(&self) -> usize {
        self.widths[self.widths.len() - 1]
    }

    /// The widest tile of at most so many columns (at least one): which it is, and its width.
    #[inline]
    pub(super) fn widest(&self, columns: usize) -> (usize, usize) {
        let mut at = self.widths.len() - 1;
        while self.widths[at] > columns {
            at -= 1;
        }
        (at, self.widths[at])
    }
}

/// `tile::<M, N>` for all the shapes up to the largest.
macro_rules! grid {
    ($tile:ident $m:tt x 8) => { grid!(@rows $tile $m, [1 2 4 8]) };
    ($tile:ident $m:tt x 6) => { grid!(@rows $tile $m, [1 2 4 6]) };
    ($tile:ident $m:tt x 4) => { grid!(@rows $tile $m, [1 2 4]) };
    (@rows $tile:ident 3, $n:tt) => { &[grid!(@row $tile 1, $n), grid!(@row $tile 2, $n), grid!(@row $tile 3, $n)] };
    (@rows $tile:ident 2, $n:tt) => { &[grid!(@row $tile 1, $n), grid!(@row $tile 2, $n)] };
    (@rows $tile:ident 1, $n:tt) => { &[grid!(@row $tile 1, $n)] };
    (@row $tile:ident $m:literal, [$($n:literal)+]) => { &[$($tile::<$m, $n>),+] };
    (@widths 8) => { &[1, 2, 4, 8] };
    (@widths 6) => { &[1, 2, 4, 6] };
    (@widths 4) => { &[1, 2, 4] };
}

/// One entry of the table: `NAME: element, body::<register>, largest tile, level [features]`.
macro_rules! kernels {
    ($($(#[$meta:meta])* $name:ident: $t:ty, $body:ident::<$vec:ty>, $m:tt x $n:tt, $level:ident [$($features:literal)?], vectors $line:ty;)+) => {$(
        $(#[$meta])*
        pub(super) static $name: Kernels<$t> = {
            $(#[target_feature(enable = $features)])?
            unsafe fn tile<const M: usize, const N: usize>(t: &Tile<$t>) {
                // SAFETY: the caller's contract is the body's.
                unsafe { $body::<$vec, M, N>(t) }
            }
            $(#[target_feature(enable = $features)])?
            unsafe fn dot_rows(n: usize, a: *const $t, row_stride: isize, rows: usize, x: *const $t, out: &mut [$t; vector::ROWS]) {
                // SAFETY: the caller's contract is the body's.
                unsafe { vector::dot_rows_body::<$line>(n, a, row_stride, rows, x, out) }
            }
            $(#[target_feature(enable = $features)])?
            unsafe fn axpy(m: usize, a: &[*const $t; COLUMNS], x: &[$t; COLUMNS], y: *mut $t) {
                // SAFETY: the caller's contract is the body's.
                unsafe { vector::axpy_body::<$line>(m, a, x, y) }
            }
            $(#[target_feature(enable = $features)])?
            unsafe fn both(m: usize, a: &[*const $t; COLUMNS], x: &[$t; COLUMNS], z: *const $t, y: *mut $t) -> [$t; COLUMNS] {
                // SAFETY: the caller's contract is the body's.
                unsafe { vector::both_body::<$line>(m, a, x, z, y) }
            }
            Kernels {
                level: Level::$level,
                lanes: <$vec as Vector>::LANES,
                micro: grid!(tile $m x $n),
                widths: grid!(@widths $n),
                masked: <$vec as Vector>::MASKED,
                direct: kernels!(@direct $body),
                pack_a: kernels!(@pack $body),
                pack_b: pack::plain,
                dot_rows,
                axpy,
                both,
            }
        };
    )+};
    (@direct real) => { true };
    (@direct complex) => { false };
    (@pack real) => { pack::plain };
    (@pack complex) => { pack::split };
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::super::simd::{F32x8, F32x16, F64x4, F64x8, I16x32, I32x16, I64x8};
    use super::*;

    type C32 = Complex<f32>;
    type C64 = Complex<f64>;

    kernels! {
        F64_AVX512: f64, real::<F64x8>, 3 x 8, Avx512 ["avx512f,avx512bw,avx512dq,avx512vl,fma"], vectors F64x8;
        F32_AVX512: f32, real::<F32x16>, 3 x 8, Avx512 ["avx512f,avx512bw,avx512dq,avx512vl,fma"], vectors F32x16;
        C64_AVX512: C64, complex::<F64x8>, 2 x 4, Avx512 ["avx512f,avx512bw,avx512dq,avx512vl,fma"], vectors Lanes<C64, 8>;
        C32_AVX512: C32, complex::<F32x16>, 2 x 4, Avx512 ["avx512f,avx512bw,avx512dq,avx512vl,fma"], vectors Lanes<C32, 8>;
        I64_AVX512: i64, real::<I64x8>, 3 x 8, Avx512 ["avx512f,avx512bw,avx512dq,avx512vl,fma"], vectors I64x8;
        I32_AVX512: i32, real::<I32x16>, 3 x 8, Avx512 ["avx512f,avx512bw,avx512dq,avx512vl,fma"], vectors I32x16;
        I16_AVX512: i16, real::<I16x32>, 3 x 8, Avx512 ["avx512f,avx512bw,avx512dq,avx512vl,fma"], vectors I16x32;
        I8_AVX512: i8, real::<Lanes<i8, 64>>, 1 x 4, Avx512 ["avx512f,avx512bw,avx512dq,avx512vl,fma"], vectors Lanes<i8, 64>;

        F64_AVX2: f64, real::<F64x4>, 2 x 6, Avx2 ["avx2,fma"], vectors F64x4;
        F32_AVX2: f32, real::<F32x8>, 2 x 6, Avx2 ["avx2,fma"], vectors F32x8;
        C64_AVX2: C64, complex::<F64x4>, 1 x 4, Avx2 ["avx2,fma"], vectors Lanes<C64, 4>;
        C32_AVX2: C32, complex::<F32x8>, 1 x 4, Avx2 ["avx2,fma"], vectors Lanes<C32, 4>;
        I64_AVX2: i64, real::<Lanes<i64, 4>>, 2 x 4, Avx2 ["avx2,fma"], vectors Lanes<i64, 4>;
        I32_AVX2: i32, real::<Lanes<i32, 8>>, 2 x 4, Avx2 ["avx2,fma"], vectors Lanes<i32, 8>;
        I16_AVX2: i16, real::<Lanes<i16, 16>>, 2 x 4, Avx2 ["avx2,fma"], vectors Lanes<i16, 16>;
        I8_AVX2: i8, real::<Lanes<i8, 32>>, 1 x 4, Avx2 ["avx2,fma"], vectors Lanes<i8, 32>;
    }
}

kernels! {
    F64: f64, real::<Lanes<f64, 2>>, 2 x 4, Baseline [], vectors Lanes<f64, 2>;
    F32: f32, real::<Lanes<f32, 4>>, 2 x 4, Baseline [], vectors Lanes<f32, 4>;
    C64: Complex<f64>, complex::<Lanes<f64, 2>>, 1 x 4, Baseline [], vectors Lanes<Complex<f64>, 2>;
    C32: Complex<f32>, complex::<Lanes<f32, 4>>, 1 x 4, Baseline [], vectors Lanes<Complex<f32>, 4>;
    I64: i64, real::<Lanes<i64, 2>>, 2 x 4, Baseline [], vectors Lanes<i64, 2>;
    I32: i32, real::<Lanes<i32, 4>>, 2 x 4, Baseline [], vectors Lanes<i32, 4>;
    I16: i16, real::<Lanes<i16, 8>>, 2 x 4, Baseline [], vectors Lanes<i16, 8>;
    I8: i8, real::<Lanes<i8, 16>>, 1 x 4, Baseline [], vectors Lanes<i8, 16>;
}

/// The kernels of a type that has none of its own: scalar code, compiled where it is used.
pub(super) struct Generic<T>(std::marker::PhantomData<T>);

impl<T: Number> Generic<T> {
    pub(super) const KERNELS: Kernels<T> = Kernels {
        level: Level::Baseline,
        lanes: 4,
        micro: &[&[
            real::<Lanes<T, 4>, 1, 1>,
            real::<Lanes<T, 4>, 1, 2>,
            real::<Lanes<T, 4>, 1, 4>,
        ]],
        widths: &[1, 2, 4],
        masked: false,
        direct: true,
        pack_a: pack::plain,
        pack_b: pack::plain,
        dot_rows: vector::dot_rows_body::<Lanes<T, 4>>,
        axpy: vector::axpy_body::<Lanes<T, 4>>,
        both: vector::both_body::<Lanes<T, 4>>,
    };
}

/// An element type with kernels of its own for each level.
pub(super) trait Tuned: Number {
    fn kernels(level: Level) -> &'static Kernels<Self>;
}

macro_rules! tuned {
    ($($t:ty: $avx512:ident $avx2:ident $baseline:ident;)+) => {$(
        impl Tuned for $t {
            #[inline]
            fn kernels(level: Level) -> &'static Kernels<Self> {
                match level {
                    #[cfg(target_arch = "x86_64")]
                    Level::Avx512 => &x86::$avx512,
                    #[cfg(target_arch = "x86_64")]
                    Level::Avx2 => &x86::$avx2,
                    _ => &$baseline,
                }
            }
        }
    )+};
}
tuned! {
    f64: F64_AVX512 F64_AVX2 F64;
    f32: F32_AVX512 F32_AVX2 F32;
    Complex<f64>: C64_AVX512 C64_AVX2 C64;
    Complex<f32>: C32_AVX512 C32_AVX2 C32;
    i64: I64_AVX512 I64_AVX2 I64;
    i32: I32_AVX512 I32_AVX2 I32;
    i16: I16_AVX512 I16_AVX2 I16;
    i8: I8_AVX512 I8_AVX2 I8;
}
