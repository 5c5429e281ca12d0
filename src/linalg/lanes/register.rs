//! One register of elements, each of another matrix: what eliminations are written in.
//!
//! Explicit registers of x86, as in `linalg/gemm`: the automatic vectoriser does not promise to find
//! comparisons and selections of whole registers in loops over their lanes. Every operation rounds as
//! the one on numbers does, none is fused with another, so that results do not depend on the register.

use std::array::from_fn;

use crate::array::Float;

/// A register of `LANES` elements. The methods are only called inside functions compiled for the
/// instruction set that the register belongs to.
pub(super) trait Register: Copy {
    /// The element in each lane.
    type T: Float;
    /// A truth for each lane.
    type Mask: Copy;
    /// At most [`MOST_LANES`].
    const LANES: usize;
    /// Whether the instruction set has what [`square`](crate::linalg::gemm::transpose::square) needs.
    const SQUARES: bool;

    unsafe fn splat(x: Self::T) -> Self;
    unsafe fn load(p: *const Self::T) -> Self;
    unsafe fn store(self, p: *mut Self::T);
    unsafe fn mul(self, other: Self) -> Self;
    unsafe fn sub(self, other: Self) -> Self;
    unsafe fn div(self, other: Self) -> Self;
    /// Where `|self| > |other|`.
    unsafe fn larger(self, other: Self) -> Self::Mask;
    unsafe fn equal(self, other: Self) -> Self::Mask;
    unsafe fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;
    /// Whether it is true anywhere.
    unsafe fn any(mask: Self::Mask) -> bool;

    /// A small whole number in each lane.
    #[inline(always)]
    unsafe fn whole(i: usize) -> Self {
        // SAFETY: the caller's promise.
        unsafe { Self::splat(Self::T::from_f64(i as f64)) }
    }

    /// The lanes; zero behind them.
    #[inline(always)]
    unsafe fn lanes(self) -> [Self::T; MOST_LANES] {
        let mut lanes = [num_traits::Zero::zero(); MOST_LANES];
        // SAFETY: the caller's promise; there is room.
        unsafe { self.store(lanes.as_mut_ptr()) };
        lanes
    }

    /// The lanes where the mask is true.
    #[inline(always)]
    unsafe fn which(mask: Self::Mask) -> [bool; MOST_LANES] {
        // SAFETY: the caller's promise.
        let lanes = unsafe { Self::select(mask, Self::whole(1), Self::whole(0)).lanes() };
        lanes.map(|lane| lane != num_traits::Zero::zero())
    }
}

/// The most lanes of a register.
pub(super) const MOST_LANES: usize = 16;

/// `L` elements handled one by one in the source: the register of every machine that has no explicit one
/// below.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(super) struct Lanes<T, const L: usize>([T; L]);

impl<T: Float, const L: usize> Lanes<T, L> {
    #[inline(always)]
    fn zip<R>(self, other: Self, f: impl Fn(T, T) -> R) -> [R; L] {
        from_fn(|l| f(self.0[l], other.0[l]))
    }
}

impl<T: Float, const L: usize> Register for Lanes<T, L> {
    type T = T;
    type Mask = [bool; L];
    const LANES: usize = L;
    const SQUARES: bool = false;

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
    unsafe fn mul(self, other: Self) -> Self {
        Lanes(self.zip(other, |x, y| x * y))
    }
    #[inline(always)]
    unsafe fn sub(self, other: Self) -> Self {
        Lanes(self.zip(other, |x, y| x - y))
    }
    #[inline(always)]
    unsafe fn div(self, other: Self) -> Self {
        Lanes(self.zip(other, |x, y| x / y))
    }
    #[inline(always)]
    unsafe fn larger(self, other: Self) -> [bool; L] {
        self.zip(other, |x, y| x.abs() > y.abs())
    }
    #[inline(always)]
    unsafe fn equal(self, other: Self) -> [bool; L] {
        self.zip(other, |x, y| x == y)
    }
    #[inline(always)]
    unsafe fn select(mask: [bool; L], yes: Self, no: Self) -> Self {
        Lanes(from_fn(|l| if mask[l] { yes.0[l] } else { no.0[l] }))
    }
    #[inline(always)]
    unsafe fn any(mask: [bool; L]) -> bool {
        mask.contains(&true)
    }
}

#[cfg(target_arch = "x86_64")]
pub(super) use x86::*;

#[cfg(target_arch = "x86_64")]
mod x86 {
    use core::arch::x86_64::*;

    use super::Register;

    /// Wraps one kind of x86 register; the intrinsics for each method are named.
    macro_rules! register {
        (
            $(#[$meta:meta])* $name:ident($reg:ty): [$t:ty; $lanes:literal], mask $mask:ty,
            $splat:ident $load:ident $store:ident $mul:ident $sub:ident $div:ident,
            larger $larger:expr, equal $equal:expr, select $select:expr, any $any:expr
        ) => {
            $(#[$meta])*
            #[derive(Clone, Copy)]
            pub(in super::super) struct $name($reg);

            // The caller runs on a machine that has the instruction set and vouches for the memory.
            #[allow(unused_unsafe)]
            impl Register for $name {
                type T = $t;
                type Mask = $mask;
                const LANES: usize = $lanes;
                const SQUARES: bool = true;
                #[inline(always)]
                unsafe fn splat(x: $t) -> Self {
                    // SAFETY: the caller's promise, as `Register` demands it.
                    $name(unsafe { $splat(x) })
                }
                #[inline(always)]
                unsafe fn load(p: *const $t) -> Self {
                    // SAFETY: the caller's promise, as `Register` demands it.
                    $name(unsafe { $load(p) })
                }
                #[inline(always)]
                unsafe fn store(self, p: *mut $t) {
                    // SAFETY: the caller's promise, as `Register` demands it.
                    unsafe { $store(p, self.0) }
                }
                #[inline(always)]
                unsafe fn mul(self, other: Self) -> Self {
                    // SAFETY: the caller's promise, as `Register` demands it.
                    $name(unsafe { $mul(self.0, other.0) })
                }
                #[inline(always)]
                unsafe fn sub(self, other: Self) -> Self {
                    // SAFETY: the caller's promise, as `Register` demands it.
                    $name(unsafe { $sub(self.0, other.0) })
                }
                #[inline(always)]
                unsafe fn div(self, other: Self) -> Self {
                    // SAFETY: the caller's promise, as `Register` demands it.
                    $name(unsafe { $div(self.0, other.0) })
                }
                #[inline(always)]
                unsafe fn larger(self, other: Self) -> $mask {
                    // SAFETY: the caller's promise, as `Register` demands it.
                    unsafe { $larger(self.0, other.0) }
                }
                #[inline(always)]
                unsafe fn equal(self, other: Self) -> $mask {
                    // SAFETY: the caller's promise, as `Register` demands it.
                    unsafe { $equal(self.0, other.0) }
                }
                #[inline(always)]
                unsafe fn select(mask: $mask, yes: Self, no: Self) -> Self {
                    // SAFETY: the caller's promise, as `Register` demands it.
                    $name(unsafe { $select(mask, yes.0, no.0) })
                }
                #[inline(always)]
                unsafe fn any(mask: $mask) -> bool {
                    // SAFETY: the caller's promise, as `Register` demands it.
                    unsafe { $any(mask) }
                }
            }
        };
    }

    /// The registers of AVX-512 and AVX2 for one floating-point type.
    macro_rules! float_registers {
        ($t:ty, $big:ident($big_reg:ty; $big_lanes:literal, $mask:ty), $small:ident($small_reg:ty; $small_lanes:literal),
         $set:ident $load:ident $store:ident $mul:ident $sub:ident $div:ident $abs:ident $compare:ident $blend:ident;
         $set2:ident $load2:ident $store2:ident $mul2:ident $sub2:ident $div2:ident $andnot2:ident $compare2:ident $blend2:ident $signs2:ident) => {
            register!(
                /// An AVX-512 register.
                $big($big_reg): [$t; $big_lanes], mask $mask,
                $set $load $store $mul $sub $div,
                larger |x, y| $compare::<_CMP_GT_OQ>($abs(x), $abs(y)),
                equal |x, y| $compare::<_CMP_EQ_OQ>(x, y),
                select |mask, yes, no| $blend(mask, no, yes),
                any |mask| mask != 0
            );
            register!(
                /// An AVX2 register.
                $small($small_reg): [$t; $small_lanes], mask $small_reg,
                $set2 $load2 $store2 $mul2 $sub2 $div2,
                larger |x, y| {
                    let sign = $set2(-0.0);
                    $compare2::<_CMP_GT_OQ>($andnot2(sign, x), $andnot2(sign, y))
                },
                equal |x, y| $compare2::<_CMP_EQ_OQ>(x, y),
                select |mask, yes, no| $blend2(no, yes, mask),
                any |mask| $signs2(mask) != 0
            );
        };
    }
    float_registers!(f64, F64x8(__m512d; 8, __mmask8), F64x4(__m256d; 4),
        _mm512_set1_pd _mm512_loadu_pd _mm512_storeu_pd _mm512_mul_pd _mm512_sub_pd _mm512_div_pd _mm512_abs_pd _mm512_cmp_pd_mask _mm512_mask_blend_pd;
        _mm256_set1_pd _mm256_loadu_pd _mm256_storeu_pd _mm256_mul_pd _mm256_sub_pd _mm256_div_pd _mm256_andnot_pd _mm256_cmp_pd _mm256_blendv_pd _mm256_movemask_pd);
    float_registers!(f32, F32x16(__m512; 16, __mmask16), F32x8(__m256; 8),
        _mm512_set1_ps _mm512_loadu_ps _mm512_storeu_ps _mm512_mul_ps _mm512_sub_ps _mm512_div_ps _mm512_abs_ps _mm512_cmp_ps_mask _mm512_mask_blend_ps;
        _mm256_set1_ps _mm256_loadu_ps _mm256_storeu_ps _mm256_mul_ps _mm256_sub_ps _mm256_div_ps _mm256_andnot_ps _mm256_cmp_ps _mm256_blendv_ps _mm256_movemask_ps);
}
