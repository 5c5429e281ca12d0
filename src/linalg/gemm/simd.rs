//! One register of elements: what the micro-kernels are written in.
//!
//! [`Lanes`] serves every type and every machine; the x86 registers are wrapped explicitly, because
//! a tile of two dozen accumulators has to stay in registers and the automatic vectoriser does not
//! promise that.

// Loops over arrays of lanes are written with indices throughout: several arrays share them, and
// it is what unrolls.
#![allow(clippy::needless_range_loop)]

use crate::array::Number;

/// A register of `LANES` elements. The methods are only called inside functions compiled for the
/// instruction set that the register belongs to.
pub(super) trait Vector: Copy {
    /// The element in each lane.
    type T: Number;
    /// Which lanes a partial load or store touches.
    type Mask: Copy;
    const LANES: usize;
    /// Whether there are partial loads and stores, which never touch other memory.
    const MASKED: bool;
    /// Whether these are as cheap as whole ones; otherwise whole tiles do without.
    const FREE_MASKS: bool;

    /// The first `n` lanes, `1 ≤ n ≤ LANES`.
    unsafe fn mask(n: usize) -> Self::Mask;
    unsafe fn splat(x: Self::T) -> Self;
    unsafe fn load(p: *const Self::T) -> Self;
    unsafe fn store(self, p: *mut Self::T);
    /// The lanes in the mask, zero elsewhere; needs `MASKED`.
    unsafe fn load_first(p: *const Self::T, mask: Self::Mask) -> Self;
    /// Writes the lanes in the mask; needs `MASKED`.
    unsafe fn store_first(self, p: *mut Self::T, mask: Self::Mask);
    unsafe fn add(self, other: Self) -> Self;
    unsafe fn mul(self, other: Self) -> Self;
    /// `self + a·b`
    unsafe fn add_product(self, a: Self, b: Self) -> Self;
    /// `self − a·b`
    unsafe fn sub_product(self, a: Self, b: Self) -> Self;
}

/// `L` elements handled one by one in the source: the register of every type and machine that has
/// no explicit one below.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(super) struct Lanes<T, const L: usize>([T; L]);

impl<T: Number, const L: usize> Lanes<T, L> {
    #[inline(always)]
    fn zip3(self, a: Self, b: Self, f: impl Fn(T, T, T) -> T) -> Self {
        let mut out = self;
        for l in 0..L {
            out.0[l] = f(self.0[l], a.0[l], b.0[l]);
        }
        out
    }
}

impl<T: Number, const L: usize> Vector for Lanes<T, L> {
    type T = T;
    type Mask = ();
    const LANES: usize = L;
    const MASKED: bool = false;
    const FREE_MASKS: bool = false;

    #[inline(always)]
    unsafe fn mask(_: usize) {}
    #[inline(always)]
    unsafe fn splat(x: T) -> Self {
        Lanes([x; L])
    }
    #[inline(always)]
    unsafe fn load(p: *const T) -> Self {
        // SAFETY: the caller vouches for `L` readable elements; `T` is `Copy`.
        Lanes(unsafe { p.cast::<[T; L]>().read_unaligned() })
    }
    #[inline(always)]
    unsafe fn store(self, p: *mut T) {
        // SAFETY: the caller vouches for `L` writable elements.
        unsafe { p.cast::<[T; L]>().write_unaligned(self.0) }
    }
    #[inline(always)]
    unsafe fn load_first(_: *const T, (): ()) -> Self {
        unreachable!("partial loads need MASKED")
    }
    #[inline(always)]
    unsafe fn store_first(self, _: *mut T, (): ()) {
        unreachable!("partial stores need MASKED")
    }
    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        self.zip3(other, other, |s, a, _| s.number_add(a))
    }
    #[inline(always)]
    unsafe fn mul(self, other: Self) -> Self {
        self.zip3(other, other, |s, a, _| s.number_mul(a))
    }
    #[inline(always)]
    unsafe fn add_product(self, a: Self, b: Self) -> Self {
        self.zip3(a, b, |s, a, b| s.number_add(a.number_mul(b)))
    }
    #[inline(always)]
    unsafe fn sub_product(self, a: Self, b: Self) -> Self {
        self.zip3(a, b, |s, a, b| s.number_sub(a.number_mul(b)))
    }
}

#[cfg(target_arch = "x86_64")]
pub(super) use x86::*;

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::Vector;
    use core::arch::x86_64::*;

    /// Wraps one kind of x86 register. `load`, `store`, … name the intrinsics; `ptr` is the pointee
    /// that the memory intrinsics want.
    macro_rules! register {
        (
            $(#[$meta:meta])* $name:ident($reg:ty): [$t:ty; $lanes:literal], splat $splat:ident as $lane:ty,
            load $load:ident, store $store:ident, ptr $ptr:ty,
            masked($mask:ty, $free:literal, $make:expr, $load_first:expr, $store_first:expr),
            add $add:ident, mul $mul:ident, add_product $fma:expr, sub_product $fnma:expr
        ) => {
            $(#[$meta])*
            #[derive(Clone, Copy)]
            pub(in super::super) struct $name($reg);

            // SAFETY (every block below): the caller runs on a machine that has the instruction set
            // and vouches for the memory, as `Vector` demands.
            #[allow(clippy::undocumented_unsafe_blocks, unused_unsafe)]
            impl Vector for $name {
                type T = $t;
                type Mask = $mask;
                const LANES: usize = $lanes;
                const MASKED: bool = true;
                const FREE_MASKS: bool = $free;
                #[inline(always)]
                unsafe fn mask(n: usize) -> $mask {
                    // SAFETY: the caller's promise, as `Vector` demands it.
                    unsafe { $make(n) }
                }
                #[inline(always)]
                unsafe fn splat(x: $t) -> Self {
                    // SAFETY: the caller's promise, as `Vector` demands it.
                    $name(unsafe { $splat(x as $lane) })
                }
                #[inline(always)]
                unsafe fn load(p: *const $t) -> Self {
                    // SAFETY: the caller's promise, as `Vector` demands it.
                    $name(unsafe { $load(p.cast::<$ptr>()) })
                }
                #[inline(always)]
                unsafe fn store(self, p: *mut $t) {
                    // SAFETY: the caller's promise, as `Vector` demands it.
                    unsafe { $store(p.cast::<$ptr>(), self.0) }
                }
                #[inline(always)]
                unsafe fn load_first(p: *const $t, mask: $mask) -> Self {
                    // SAFETY: the caller's promise, as `Vector` demands it.
                    $name(unsafe { $load_first(mask, p) })
                }
                #[inline(always)]
                unsafe fn store_first(self, p: *mut $t, mask: $mask) {
                    // SAFETY: the caller's promise, as `Vector` demands it.
                    unsafe { $store_first(p, mask, self.0) }
                }
                #[inline(always)]
                unsafe fn add(self, other: Self) -> Self {
                    // SAFETY: the caller's promise, as `Vector` demands it.
                    $name(unsafe { $add(self.0, other.0) })
                }
                #[inline(always)]
                unsafe fn mul(self, other: Self) -> Self {
                    // SAFETY: the caller's promise, as `Vector` demands it.
                    $name(unsafe { $mul(self.0, other.0) })
                }
                #[inline(always)]
                unsafe fn add_product(self, a: Self, b: Self) -> Self {
                    // SAFETY: the caller's promise, as `Vector` demands it.
                    $name(unsafe { $fma(self.0, a.0, b.0) })
                }
                #[inline(always)]
                unsafe fn sub_product(self, a: Self, b: Self) -> Self {
                    // SAFETY: the caller's promise, as `Vector` demands it.
                    $name(unsafe { $fnma(self.0, a.0, b.0) })
                }
            }
        };
    }

    /// The registers of AVX-512 and AVX2 for one floating-point type.
    macro_rules! float_registers {
        ($t:ty, $big:ident($big_reg:ty; $big_lanes:literal, $mask:ty), $small:ident($small_reg:ty; $small_lanes:literal, $first:expr),
         $set:ident $load:ident $store:ident $mload:ident $mstore:ident $add:ident $mul:ident $fma:ident $fnma:ident;
         $set2:ident $load2:ident $store2:ident $mload2:ident $mstore2:ident $add2:ident $mul2:ident $fma2:ident $fnma2:ident) => {
            register!(
                /// An AVX-512 register.
                $big($big_reg): [$t; $big_lanes], splat $set as $t, load $load, store $store, ptr $t,
                masked($mask, true, |n: usize| <$mask>::MAX >> ($big_lanes - n), |m, p| $mload(m, p), |p, m, v| $mstore(p, m, v)),
                add $add, mul $mul, add_product |s, a, b| $fma(a, b, s), sub_product |s, a, b| $fnma(a, b, s)
            );
            register!(
                /// An AVX2 register.
                $small($small_reg): [$t; $small_lanes], splat $set2 as $t, load $load2, store $store2, ptr $t,
                masked(__m256i, false, $first, |m, p| $mload2(p, m), |p, m, v| $mstore2(p, m, v)),
                add $add2, mul $mul2, add_product |s, a, b| $fma2(a, b, s), sub_product |s, a, b| $fnma2(a, b, s)
            );
        };
    }
    float_registers!(f64, F64x8(__m512d; 8, __mmask8), F64x4(__m256d; 4,
        |n: usize| _mm256_cmpgt_epi64(_mm256_set1_epi64x(n as i64), _mm256_setr_epi64x(0, 1, 2, 3))),
        _mm512_set1_pd _mm512_loadu_pd _mm512_storeu_pd _mm512_maskz_loadu_pd _mm512_mask_storeu_pd _mm512_add_pd _mm512_mul_pd _mm512_fmadd_pd _mm512_fnmadd_pd;
        _mm256_set1_pd _mm256_loadu_pd _mm256_storeu_pd _mm256_maskload_pd _mm256_maskstore_pd _mm256_add_pd _mm256_mul_pd _mm256_fmadd_pd _mm256_fnmadd_pd);
    float_registers!(f32, F32x16(__m512; 16, __mmask16), F32x8(__m256; 8,
        |n: usize| _mm256_cmpgt_epi32(_mm256_set1_epi32(n as i32), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7))),
        _mm512_set1_ps _mm512_loadu_ps _mm512_storeu_ps _mm512_maskz_loadu_ps _mm512_mask_storeu_ps _mm512_add_ps _mm512_mul_ps _mm512_fmadd_ps _mm512_fnmadd_ps;
        _mm256_set1_ps _mm256_loadu_ps _mm256_storeu_ps _mm256_maskload_ps _mm256_maskstore_ps _mm256_add_ps _mm256_mul_ps _mm256_fmadd_ps _mm256_fnmadd_ps);

    /// The AVX-512 register of one integer width.
    macro_rules! int_register {
        ($t:ty, $name:ident[$lanes:literal], $mask:ty, $set:ident $mload:ident $mstore:ident $add:ident $sub:ident $mul:ident) => {
            register!(
                /// An AVX-512 register.
                $name(__m512i): [$t; $lanes], splat $set as $t, load _mm512_loadu_si512, store _mm512_storeu_si512, ptr __m512i,
                masked($mask, true, |n: usize| <$mask>::MAX >> ($lanes - n), |m, p| $mload(m, p), |p, m, v| $mstore(p, m, v)),
                add $add, mul $mul, add_product |s, a, b| $add(s, $mul(a, b)), sub_product |s, a, b| $sub(s, $mul(a, b))
            );
        };
    }
    int_register!(i16, I16x32[32], __mmask32, _mm512_set1_epi16 _mm512_maskz_loadu_epi16 _mm512_mask_storeu_epi16 _mm512_add_epi16 _mm512_sub_epi16 _mm512_mullo_epi16);
    int_register!(i32, I32x16[16], __mmask16, _mm512_set1_epi32 _mm512_maskz_loadu_epi32 _mm512_mask_storeu_epi32 _mm512_add_epi32 _mm512_sub_epi32 _mm512_mullo_epi32);
    int_register!(i64, I64x8[8], __mmask8, _mm512_set1_epi64 _mm512_maskz_loadu_epi64 _mm512_mask_storeu_epi64 _mm512_add_epi64 _mm512_sub_epi64 _mm512_mullo_epi64);
}
