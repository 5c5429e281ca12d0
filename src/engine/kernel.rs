//! Kernels: loops over dense memory, and the typed ones that operations are made into.
//!
//! An operation is a zero-sized type with one `#[inline(always)]` function from scalars to a
//! scalar. One instance per operation and instruction set serves every form: out of place, in
//! place on either side, and with single values ("splats") for any input. It can because a block
//! of elements is loaded before the block of results is stored, so that LLVM needs no proof that
//! memory does not overlap, and because a splat is a block in a buffer that is not advanced.

use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::sync::atomic::{Ordering, compiler_fence};

use super::simd::{Level, simd_dispatch};

/// A loop over dense operands.
///
/// Drivers may run a kernel twice on some elements that are not inputs and outputs at once, and
/// never do so under `Cost::Closure`.
pub(crate) trait Kernel: Sync {
    /// Runs over `n` elements. `ptrs` has outputs first, then inputs; operand `i` is a single
    /// element if bit `i` of `splat` is set (outputs never are).
    ///
    /// # Safety
    /// Each pointer is valid for `n` elements of the operand's type (1 if splat), for writes if it
    /// is an output. An output is disjoint from each input or equal to it.
    unsafe fn run(&self, level: Level, n: usize, ptrs: &[*mut u8], splat: u32);
}

/// A function of one element.
pub(crate) trait UnaryOp<A, R>: Copy + Sync {
    /// Whether the function is longer than about ten instructions. Short ones run in blocks of
    /// registers; long ones (transcendentals, or anything with an inner loop) in a loop of their
    /// own into a small buffer, because LLVM gives up on vectorising long unrolled blocks.
    const HEAVY: bool = false;
    /// Whether a heavy function has a form for common arguments that gives the same bits.
    const SHORT: bool = false;
    /// The function. Implement with `#[inline(always)]`.
    fn apply(a: A) -> R;
    /// Whether the result of [`short`](Self::short) may be used.
    #[inline(always)]
    fn in_short_range(_: A) -> bool {
        true
    }
    /// The form for common arguments; any result for others.
    #[inline(always)]
    fn short(a: A) -> R {
        Self::apply(a)
    }
}

/// A function of two elements.
pub(crate) trait BinaryOp<A, B, R>: Copy + Sync {
    /// As [`UnaryOp::HEAVY`].
    const HEAVY: bool = false;
    /// Whether a heavy function has a form for common arguments that gives the same bits.
    const SHORT: bool = false;
    /// The function. Implement with `#[inline(always)]`.
    fn apply(a: A, b: B) -> R;
    /// Whether the result of [`short`](Self::short) may be used.
    #[inline(always)]
    fn in_short_range(_: A, _: B) -> bool {
        true
    }
    /// The form for common arguments; any result for others.
    #[inline(always)]
    fn short(a: A, b: B) -> R {
        Self::apply(a, b)
    }
}

/// A function of three elements.
pub(crate) trait TernaryOp<A, B, C, R>: Copy + Sync {
    /// As [`UnaryOp::HEAVY`].
    const HEAVY: bool = false;
    /// Whether a heavy function has a form for common arguments that gives the same bits.
    const SHORT: bool = false;
    /// The function. Implement with `#[inline(always)]`.
    fn apply(a: A, b: B, c: C) -> R;
    /// Whether the result of [`short`](Self::short) may be used.
    #[inline(always)]
    fn in_short_range(_: A, _: B, _: C) -> bool {
        true
    }
    /// The form for common arguments; any result for others.
    #[inline(always)]
    fn short(a: A, b: B, c: C) -> R {
        Self::apply(a, b, c)
    }
}

/// A whole number of cache lines, so that splats never straddle two.
#[repr(C, align(64))]
struct Lines<T, const N: usize>([T; N]);

/// Elements that a heavy kernel computes before it stores them.
const STAGE: usize = 256;
/// Elements that a heavy kernel computes at least: a vector of any type.
const LANES: usize = 8;

/// Copies the first and the last elements of a few side by side, so that all of them are among twice [`LANES`]:
/// once, or if `wide` twice.
///
/// # Safety
/// `LANES <= n <= 2 * LANES` elements are readable, and there is room for four times as many as `LANES`.
#[inline(always)]
unsafe fn copy_ends<A: Copy>(n: usize, from: *const A, to: *mut A, wide: bool) {
    let to = to.cast::<[[A; LANES]; 2]>();
    // SAFETY: the caller's contract.
    unsafe {
        let first = from.cast::<[A; LANES]>().read();
        let last = from.add(n - LANES).cast::<[A; LANES]>().read();
        to.write([first, last]);
        if wide {
            to.add(1).write([first, last]);
        }
    }
}

/// Of a tuple of element types: log₂ of the size of the widest, rounded up.
trait Widest {
    const BITS: u32;
}

const fn bits(sizes: &[usize]) -> u32 {
    let (mut widest, mut i) = (1, 0);
    while i < sizes.len() {
        if sizes[i] > widest {
            widest = sizes[i];
        }
        i += 1;
    }
    widest.next_power_of_two().trailing_zeros()
}

/// Defines the kernel type and the dense loop for one number of inputs.
macro_rules! dense_kernel {
    (
        $(#[$doc:meta])* $Kernel:ident, $Op:ident, $dispatch:ident, $body:ident, $old:ident, $blocks:ident, $block:ident, $staged:ident, $turn:ident;
        $($A:ident $a:ident $splat:ident $step:ident $buf:ident $index:literal),+
    ) => {
        $(#[$doc])*
        pub(crate) struct $Kernel<Op, $($A,)+ R>(PhantomData<fn(Op, $($A),+) -> R>);

        impl<Op, $($A,)+ R> $Kernel<Op, $($A,)+ R> {
            /// The kernel; usable in constants, so that `&$Kernel::new()` is `'static`.
            pub(crate) const fn new() -> Self {
                Self(PhantomData)
            }
        }

        impl<Op: $Op<$($A,)+ R>, $($A: Copy,)+ R: Copy> Kernel for $Kernel<Op, $($A,)+ R> {
            unsafe fn run(&self, level: Level, n: usize, ptrs: &[*mut u8], splat: u32) {
                debug_assert!(ptrs.len() == [0 $(, $index)+].len());
                // SAFETY: the caller's contract is that of the dense loop.
                unsafe {
                    $dispatch(
                        level, n,
                        $(ptrs[$index].cast_const().cast::<$A>(), splat >> $index & 1 != 0,)+
                        ptrs[0].cast::<R>(), level, PhantomData::<Op>,
                    )
                }
            }
        }

        simd_dispatch! {
            /// The dense loop: `out[i] = Op(inputs[i]…)`, a splat input read at index 0 only.
            ///
            /// # Safety
            /// As [`Kernel::run`].
            pub(crate) unsafe fn $dispatch[Op: $Op<$($A,)+ R>, $($A: Copy,)+ R: Copy](
                n: usize, $($a: *const $A, $splat: bool,)+ out: *mut R, at: Level, op: PhantomData<Op>
            ) = $body; old = $old
        }

        #[inline(always)]
        #[allow(clippy::too_many_arguments)]
        unsafe fn $body<Op: $Op<$($A,)+ R>, $($A: Copy,)+ R: Copy>(
            n: usize, $($a: *const $A, $splat: bool,)+ out: *mut R, at: Level, op: PhantomData<Op>
        ) {
            // `if const` rather than `match`: branches not taken are not even compiled, which
            // without optimisation would put their buffers on the stack.
            type Width<$($A,)+ R> = ($($A,)+ R);
            // SAFETY: the caller's contract is passed on.
            unsafe {
                if const { Op::HEAVY && Width::<$($A,)+ R>::BITS <= 4 } {
                    $staged(n, $($a, $splat,)+ out, at, op)
                // Blocks of 256 bytes of the widest operand: four AVX-512 registers.
                } else if const { Width::<$($A,)+ R>::BITS == 0 } {
                    $blocks::<Op, $($A,)+ R, 256, 16>(n, $($a, $splat,)+ out)
                } else if const { Width::<$($A,)+ R>::BITS == 1 } {
                    $blocks::<Op, $($A,)+ R, 128, 16>(n, $($a, $splat,)+ out)
                } else if const { Width::<$($A,)+ R>::BITS == 2 } {
                    $blocks::<Op, $($A,)+ R, 64, 16>(n, $($a, $splat,)+ out)
                } else if const { Width::<$($A,)+ R>::BITS == 3 } {
                    $blocks::<Op, $($A,)+ R, 32, 8>(n, $($a, $splat,)+ out)
                } else if const { Width::<$($A,)+ R>::BITS == 4 } {
                    $blocks::<Op, $($A,)+ R, 16, 4>(n, $($a, $splat,)+ out)
                } else if const { Width::<$($A,)+ R>::BITS <= 6 } {
                    $blocks::<Op, $($A,)+ R, 4, 1>(n, $($a, $splat,)+ out)
                } else {
                    $blocks::<Op, $($A,)+ R, 1, 1>(n, $($a, $splat,)+ out)
                }
            }
        }

        /// Heavy functions one by one: without FMA they would call it for every element of a vector.
        #[inline(always)]
        #[allow(clippy::too_many_arguments)]
        unsafe fn $old<Op: $Op<$($A,)+ R>, $($A: Copy,)+ R: Copy>(
            n: usize, $($a: *const $A, $splat: bool,)+ out: *mut R, _: Level, _: PhantomData<Op>
        ) {
            type Width<$($A,)+ R> = ($($A,)+ R);
            // SAFETY: the caller's contract is passed on.
            unsafe {
                if const { Op::HEAVY || Width::<$($A,)+ R>::BITS > 4 } {
                    $blocks::<Op, $($A,)+ R, 1, 1>(n, $($a, $splat,)+ out)
                } else if const { Width::<$($A,)+ R>::BITS <= 2 } {
                    $blocks::<Op, $($A,)+ R, 16, 16>(n, $($a, $splat,)+ out)
                } else {
                    $blocks::<Op, $($A,)+ R, 4, 4>(n, $($a, $splat,)+ out)
                }
            }
        }

        impl<$($A,)+ R> Widest for ($($A,)+ R) {
            const BITS: u32 = bits(&[size_of::<R>() $(, size_of::<$A>())+]);
        }

        #[inline(always)]
        #[allow(clippy::too_many_arguments)]
        unsafe fn $blocks<Op: $Op<$($A,)+ R>, $($A: Copy,)+ R: Copy, const L: usize, const S: usize>(
            n: usize, $($a: *const $A, $splat: bool,)+ out: *mut R,
        ) {
            // SAFETY: each turn stays within the `n` elements that the caller vouches for; a splat
            // points to `L ≥ S ≥ 1` copies of its element and never moves.
            unsafe {
                $(
                    let mut $buf = MaybeUninit::<Lines<$A, L>>::uninit();
                    let (mut $a, $step) = if $splat {
                        $buf.write(Lines([*$a; L]));
                        ($buf.as_ptr().cast::<$A>(), 0)
                    } else {
                        ($a, 1)
                    };
                )+
                let mut out = out;
                // The fences emit nothing; they keep LLVM from vectorising across blocks, which
                // it would do with gathers.
                for _ in 0..n / L {
                    compiler_fence(Ordering::SeqCst);
                    $block::<Op, $($A,)+ R, L>($($a,)+ out);
                    $($a = $a.add(L * $step);)+
                    out = out.add(L);
                }
                for _ in 0..n % L / S {
                    compiler_fence(Ordering::SeqCst);
                    $block::<Op, $($A,)+ R, S>($($a,)+ out);
                    $($a = $a.add(S * $step);)+
                    out = out.add(S);
                }
                for _ in 0..n % S {
                    compiler_fence(Ordering::SeqCst);
                    $block::<Op, $($A,)+ R, 1>($($a,)+ out);
                    $($a = $a.add($step);)+
                    out = out.add(1);
                }
            }
        }

        /// Loads `L` elements of everything, then computes, then stores.
        #[inline(always)]
        unsafe fn $block<Op: $Op<$($A,)+ R>, $($A: Copy,)+ R: Copy, const L: usize>(
            $($a: *const $A,)+ out: *mut R,
        ) {
            // SAFETY: the caller vouches for `L` elements of each operand.
            unsafe {
                $(let $a = $a.cast::<[$A; L]>().read_unaligned();)+
                let mut result = [const { MaybeUninit::<R>::uninit() }; L];
                for i in 0..L {
                    result[i].write(Op::apply($($a[i]),+));
                }
                out.cast::<[MaybeUninit<R>; L]>().write_unaligned(result);
            }
        }

        #[inline(always)]
        #[allow(clippy::too_many_arguments)]
        unsafe fn $staged<Op: $Op<$($A,)+ R>, $($A: Copy,)+ R: Copy>(
            n: usize, $($a: *const $A, $splat: bool,)+ out: *mut R, at: Level, op: PhantomData<Op>
        ) {
            // SAFETY: each turn stays within the `n` elements that the caller vouches for, or within
            // buffers as long as the longest turn. An input that is the output is copied before.
            unsafe {
                // Loops over elements of four bytes are compiled to take two registers of sixteen at a time, and what
                // is less than that by fours.
                let wide = const { <($($A,)+ R)>::BITS <= 2 } && at == Level::Avx512;
                let few = LANES < n && n < 2 * LANES || wide && (n == LANES || n == 2 * LANES);
                let (some, least) = if wide { (4 * LANES, 4 * LANES) } else { (2 * LANES, LANES) };
                let longest = n.min(STAGE).next_multiple_of(LANES).max(some);
                $(
                    let mut $buf = MaybeUninit::<Lines<$A, STAGE>>::uninit();
                    let $buf = $buf.as_mut_ptr().cast::<$A>();
                    if $splat {
                        let value = *$a;
                        for i in 0..longest {
                            $buf.add(i).write(value);
                        }
                    }
                    let $step = $a.addr() == out.addr();
                )+
                let apart = true $(&& ($splat || !$step))+;
                let mut stage = MaybeUninit::<Lines<R, STAGE>>::uninit();
                let stage = stage.as_mut_ptr().cast::<R>();
                let mut done = 0;
                while done < n {
                    let left = (n - done).min(STAGE);
                    // No elements are left for a scalar loop. A few are computed at once, as their first and
                    // their last vector side by side, since one turn costs its latency. Of more, the last block
                    // begins earlier, with elements that have been computed before; where there are none, or
                    // that would read results, it is padded with copies of its first element.
                    let (start, count) = if few {
                        (0, some)
                    } else if left % LANES == 0 || n < LANES || !apart {
                        (done, left)
                    } else if left > LANES {
                        (done, left / LANES * LANES)
                    } else {
                        (n - LANES, LANES)
                    };
                    let m = count.next_multiple_of(LANES).max(least);
                    $(
                        let $a = if $splat {
                            $buf.cast_const()
                        } else if few {
                            copy_ends(n, $a, $buf, wide);
                            $buf.cast_const()
                        } else if $step || m != count {
                            let from = $a.add(start);
                            let first = *from;
                            $buf.copy_from_nonoverlapping(from, count);
                            for i in count..m {
                                $buf.add(i).write(first);
                            }
                            $buf.cast_const()
                        } else {
                            $a.add(start)
                        };
                        let $a = std::slice::from_raw_parts($a, m);
                    )+
                    let to = if m == count && !few { out.add(start) } else { stage };
                    $turn($($a,)+ std::slice::from_raw_parts_mut(to.cast(), m), op);
                    if few {
                        let [first, last] = stage.cast::<[[R; LANES]; 2]>().read();
                        out.cast::<[R; LANES]>().write(first);
                        out.add(n - LANES).cast::<[R; LANES]>().write(last);
                    } else if m != count {
                        out.add(start).copy_from_nonoverlapping(stage, count);
                    }
                    done = if few { n } else { start + count };
                }
            }
        }

        /// Elements of equally long slices. The short form is computed before it is known whether it
        /// may be used: the check costs less in the same loop than in one of its own.
        #[inline(always)]
        fn $turn<Op: $Op<$($A,)+ R>, $($A: Copy,)+ R: Copy>(
            $($a: &[$A],)+ out: &mut [MaybeUninit<R>], _: PhantomData<Op>
        ) {
            let m = out.len();
            $(let $a = &$a[..m];)+
            if const { Op::SHORT } {
                let mut short = true;
                for i in 0..m {
                    out[i].write(Op::short($($a[i]),+));
                    short &= Op::in_short_range($($a[i]),+);
                }
                if short {
                    return;
                }
            }
            for i in 0..m {
                out[i].write(Op::apply($($a[i]),+));
            }
        }
    };
}

dense_kernel! {
    /// The kernel `out = Op(a)`.
    UnaryKernel, UnaryOp, unary, unary_body, unary_old, unary_blocks, unary_block, unary_staged, unary_turn;
    A a a_splat a_step a_buf 1
}
dense_kernel! {
    /// The kernel `out = Op(a, b)`.
    BinaryKernel, BinaryOp, binary, binary_body, binary_old, binary_blocks, binary_block, binary_staged, binary_turn;
    A a a_splat a_step a_buf 1, B b b_splat b_step b_buf 2
}
dense_kernel! {
    /// The kernel `out = Op(a, b, c)`.
    TernaryKernel, TernaryOp, ternary, ternary_body, ternary_old, ternary_blocks, ternary_block, ternary_staged, ternary_turn;
    A a a_splat a_step a_buf 1, B b b_splat b_step b_buf 2, C c c_splat c_step c_buf 3
}

/// `out[i] = Op(a[i])` over dense memory, on this thread; `a` is one element if `a_splat`.
///
/// # Safety
/// As [`Kernel::run`].
#[cfg(test)]
pub(crate) unsafe fn unary_dense<Op: UnaryOp<A, R>, A: Copy, R: Copy>(
    level: Level,
    n: usize,
    a: *const A,
    a_splat: bool,
    out: *mut R,
) {
    // SAFETY: the caller's contract is the same.
    unsafe { unary(level, n, a, a_splat, out, level, PhantomData::<Op>) }
}

/// `out[i] = Op(a[i], b[i], c[i])` over dense memory, on this thread; a splat is one element.
///
/// # Safety
/// As [`Kernel::run`].
#[cfg(test)]
#[allow(clippy::too_many_arguments)]
pub(crate) unsafe fn ternary_dense<
    Op: TernaryOp<A, B, C, R>,
    A: Copy,
    B: Copy,
    C: Copy,
    R: Copy,
>(
    level: Level,
    n: usize,
    a: *const A,
    a_splat: bool,
    b: *const B,
    b_splat: bool,
    c: *const C,
    c_splat: bool,
    out: *mut R,
) {
    // SAFETY: the caller's contract is the same.
    unsafe {
        ternary(
            level,
            n,
            a,
            a_splat,
            b,
            b_splat,
            c,
            c_splat,
            out,
            level,
            PhantomData::<Op>,
        )
    }
}
