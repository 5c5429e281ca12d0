//! Loops over several arrays at once with a function of the user's: [`zip`].
//!
//! What lives here: the tuple of operands ([`operands`]), what happens to each element
//! ([`visit`]), in which pieces a loop runs ([`drive`]), the methods of [`Zip`], [`Seq`] and
//! [`Indexed`], and recurrences along an axis ([`scan`]). Only `operands` and `visit` are generic over the closure; a user's crate compiles
//! the dense loop of its closure and nothing else.

mod drive;
mod indexed;
mod operands;
mod parallel;
mod reduce;
mod scan;
mod seq;
mod visit;

#[cfg(test)]
mod tests;

use std::mem::MaybeUninit;

use self::drive::Loop;
pub(crate) use self::operands::Lowered;
use self::operands::MAX_ZIP;
use self::visit::{Call, Push, Run, Store, Visit};
use crate::array::{Array, Dimension, MAX_NDIM, ShapeError, unwrap};
use crate::array::{Layout, Order, k_order_of};

use crate::engine::simd;

pub use indexed::Indexed;
pub use operands::{Operands, ParallelOperands, SharedOperands, ZipOperand};
pub use seq::Seq;

/// Puts `#[inline(always)]` on a closure, so that [`zip`] vectorises it whatever its length.
///
/// A loop of `zip` is compiled for several instruction sets, and a closure takes part in that only
/// where it is inlined. LLVM inlines short ones by itself and calls long ones out of line, one
/// element at a time, without SIMD and with `mul_add` as a library call. Measured on one thread of
/// an AVX-512 machine, 1,000 `f64`, closures of polynomial exponentials with `mul_add`, nanoseconds
/// per element:
///
/// | closure | plain | `fused!` |
/// |---|---|---|
/// | `a * b + c` | 0.16 | 0.16 |
/// | one exponential | 0.80 | 0.80 |
/// | three | 1.8 | 1.8 |
/// | six | 3.8 | 3.6 |
/// | twelve | 394 | 5.5 |
///
/// Where the cliff is depends on the functions called and on the compiler, so write `fused!` around
/// every closure that computes, and nothing around those that branch, allocate or call.
///
/// ```
/// use orthant::{fused, prelude::*, zip};
///
/// let (a, b) = (array![1.0, 2.0], array![3.0, 4.0]);
/// let scale = 0.5;
/// let y = zip((&a, &b)).map(fused!(|(a, b)| scale * (a * a + b * b)));
/// assert_eq!(y, array![5.0, 10.0]);
/// ```
#[macro_export]
macro_rules! fused {
    ($($closure:tt)+) => {{
        #[inline(always)]
        $($closure)+
    }};
}

/// Operands that broadcast together, about to be looped over: what [`zip`] returns.
///
/// | method | runs | closure |
/// |---|---|---|
/// | [`map`](Self::map), [`map_into`](Self::map_into), [`for_each`](Self::for_each), [`all`](Self::all), [`any`](Self::any) | in parallel | `Fn(items) + Sync` |
/// | [`fold_with`](Self::fold_with) | in parallel, deterministic | `Fn(acc, items) + Sync` |
/// | [`reduce`](Self::reduce) | in parallel, deterministic | `Fn(items) + Sync`, `Fn(r, r) + Sync` |
/// | [`scan`](Self::scan), [`scan_into`](Self::scan_into) | along an axis, lanes in parallel | `Fn(&mut state, items) + Sync` |
/// | [`fold`](Self::fold) | in logical order | `FnMut(acc, items)` |
/// | [`indexed`](Self::indexed) | as without | the index first |
/// | [`seq`](Self::seq) | in logical order, on this thread | `FnMut(items)` |
///
/// "In parallel" means: on several threads where that pays, in no promised order. How long a
/// closure takes is not known before it has run, so that loops of medium length are timed on
/// their first elements; see [`with_min_len`](Self::with_min_len) for few, expensive elements.
///
/// A panic of the closure is passed on after all threads have stopped; results made so far are
/// dropped, and exclusive operands may have been changed in part.
///
/// ```
/// use orthant::{prelude::*, zip};
///
/// let (x, y) = (array![1.0, 2.0], array![3.0, 4.0]);
/// assert_eq!(zip((&x, &y)).map(|(x, y)| x * y), array![3.0, 8.0]);
/// assert!(zip((&x, &y)).all(|(x, y)| x < y));
/// ```
#[must_use = "zip does nothing until one of its methods is called"]
pub struct Zip<P: Operands> {
    operands: P,
    dim: P::Dim,
    min_len: Option<usize>,
}

/// Loops over one to eight arrays at once, broadcasting (what one writes in NumPy as an
/// expression with temporaries, or in Numba as a loop).
///
/// NumPy computes `a * b + c` in two passes with a temporary array in between; for large arrays
/// most of the time goes into moving it through memory. `zip` visits each element once, calls a
/// closure with one item per operand, and runs in SIMD and on all cores:
///
/// ```
/// use orthant::{fused, prelude::*, zip};
///
/// let a = array![[1.0, 2.0], [3.0, 4.0]];
/// let b = array![10.0, 20.0]; // broadcast over the rows
/// let c = array![[0.5], [0.25]]; // and over the columns
/// let y = zip((&a, &b, &c)).map(fused!(|(a, b, c)| a * b + c));
/// assert_eq!(y, array![[10.5, 40.5], [30.25, 80.25]]);
/// ```
///
/// `&a`, views and scalars contribute their elements by value, `&mut c` contributes `&mut T`.
/// Element types may differ. Shared operands broadcast together; exclusive ones have exactly the
/// shape that all broadcast to. Memory order does not matter: strided and transposed operands are
/// gathered block by block.
///
/// ```
/// use orthant::{fused, prelude::*, zip};
///
/// // One step of momentum, in place, in one pass over three arrays.
/// let grad = array![1.0, -2.0];
/// let (mut x, mut v) = (array![0.0, 0.0], array![0.5, 0.5]);
/// zip((&mut x, &mut v, &grad)).for_each(fused!(|(x, v, g)| {
///     *v = 0.9 * *v - 0.1 * g;
///     *x += *v;
/// }));
/// assert_eq!(v, array![0.9 * 0.5 - 0.1, 0.9 * 0.5 + 0.2]);
/// assert_eq!(x, v);
/// ```
///
/// Closures that compute are wrapped into [`fused!`](crate::fused), which makes long ones up to
/// thirty times faster. Scalars are best captured by the closure.
///
/// # Panics
/// Operands that do not broadcast together, or an exclusive operand of another shape than the
/// broadcast one; [`try_zip`] returns these as errors.
///
/// ```should_panic
/// use orthant::{prelude::*, zip};
///
/// // operands could not be broadcast together with shapes (2,3) (2,)
/// zip((&Array2::<f64>::zeros([2, 3]), &array![1.0, 2.0])).for_each(|(_, _)| ());
/// ```
///
/// An array that is written cannot be read at the same time:
///
/// ```compile_fail,E0502
/// use orthant::{prelude::*, zip};
///
/// let mut x = array![1.0, 2.0];
/// zip((&mut x, &x)).for_each(|(x, y)| *x += y);
/// ```
#[track_caller]
#[inline]
pub fn zip<P: Operands>(operands: P) -> Zip<P> {
    unwrap(try_zip(operands))
}

/// As [`zip`], with a mistake in shapes as an error.
///
/// # Errors
/// [`ShapeError::Broadcast`] for operands that do not broadcast together, [`ShapeError::Output`]
/// for an exclusive operand that would have to be broadcast.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::try_zip;
///
/// let x = Array2::<f64>::zeros([32, 64]);
/// let mut y = Array1::<f64>::zeros([64]);
/// assert_eq!(
///     try_zip((&x, &mut y)).err().map(|e| e.to_string()).as_deref(),
///     Some("non-broadcastable output operand with shape (64,) doesn't match the broadcast shape (32,64)")
/// );
/// ```
#[inline]
pub fn try_zip<P: Operands>(mut operands: P) -> Result<Zip<P>, ShapeError> {
    let dim = match common_shape(&mut operands) {
        Some(dim) => dim,
        None => broadcast(&operands.lower()[..P::LEN])?,
    };
    Ok(Zip {
        operands,
        dim,
        min_len: None,
    })
}

/// The shape that all operands have, if they have.
#[inline(always)]
fn common_shape<P: Operands>(operands: &mut P) -> Option<P::Dim> {
    let ndim = P::Dim::NDIM?;
    let mut dim = P::Dim::zeroed(ndim);
    let (mut first, mut same) = (true, true);
    operands.each(|_, op| {
        same &= op.shape.len() == ndim;
        if !same {
        } else if first {
            dim.as_mut_slice().copy_from_slice(op.shape);
            first = false;
        } else {
            same = dim.as_slice() == op.shape;
        }
    });
    same.then_some(dim)
}

/// The shape that operands broadcast to, which is that of the exclusive ones.
#[inline(never)]
fn broadcast<D: Dimension>(operands: &[Lowered<'_>]) -> Result<D, ShapeError> {
    let ndim = operands.iter().map(|op| op.shape.len()).max().unwrap_or(0);
    let mut shape = [1; MAX_NDIM];
    for operand in operands {
        let lead = ndim - operand.shape.len();
        for (all, &len) in shape[lead..ndim].iter_mut().zip(operand.shape) {
            if *all == 1 {
                *all = len;
            } else if len != 1 && len != *all {
                return Err(ShapeError::Broadcast {
                    shapes: operands.iter().map(|op| op.shape.to_vec()).collect(),
                });
            }
        }
    }
    for operand in operands.iter().filter(|op| op.exclusive) {
        check_output(operand.shape, &shape[..ndim])?;
    }
    D::from_slice(&shape[..ndim])
}

fn check_output(output: &[usize], broadcast: &[usize]) -> Result<(), ShapeError> {
    if output == broadcast {
        return Ok(());
    }
    Err(ShapeError::Output {
        output: output.to_vec(),
        broadcast: broadcast.to_vec(),
    })
}

impl<P: Operands> Zip<P> {
    /// The shape that the operands broadcast to.
    ///
    /// ```
    /// use orthant::{prelude::*, zip};
    ///
    /// assert_eq!(zip((&array![1, 2], &array![[1], [2], [3]])).shape(), &[3, 2]);
    /// ```
    pub fn shape(&self) -> &[usize] {
        self.dim.as_slice()
    }

    /// Says how many elements are worth a thread, instead of measuring: 1 where each is expensive
    /// (a simulation, a file), however few there are.
    ///
    /// For [`fold_with`](Self::fold_with) this is also how many elements are folded before partial
    /// results are combined.
    ///
    /// ```
    /// use orthant::{prelude::*, zip};
    ///
    /// let steps = array![10_000, 20_000, 30_000];
    /// let pi = zip((&steps,)).with_min_len(1).map(|(n,)| {
    ///     let term = |i: i32| f64::from(1 - i % 2 * 2) / f64::from(2 * i + 1);
    ///     4.0 * (0..n).map(term).sum::<f64>()
    /// });
    /// assert!((pi[2] - std::f64::consts::PI).abs() < 1e-4);
    /// ```
    pub fn with_min_len(mut self, min_len: usize) -> Self {
        self.min_len = Some(min_len.max(1));
        self
    }

    /// The closure gets each element's index first.
    ///
    /// ```
    /// use orthant::{prelude::*, zip};
    ///
    /// let x = array![[10, 20], [30, 40]];
    /// let y = zip((&x,)).indexed().map(|[i, j], (x,)| x + i + 2 * j);
    /// assert_eq!(y, array![[10, 22], [31, 43]]);
    /// ```
    pub fn indexed(self) -> Indexed<P> {
        Indexed { zip: self }
    }

    /// Runs on this thread, in logical order (last axis fastest), with closures that have state
    /// and elements that cannot leave the thread.
    ///
    /// ```
    /// use orthant::{prelude::*, zip};
    ///
    /// let mut x = Array2::<i32>::zeros([2, 2]);
    /// let mut next = 0;
    /// zip((&mut x.t_mut(),)).seq().for_each(|(x,)| {
    ///     next += 1;
    ///     *x = next;
    /// });
    /// assert_eq!(x, array![[1, 3], [2, 4]]);
    /// ```
    pub fn seq(self) -> Seq<P> {
        Seq { zip: self }
    }

    /// A short loop whose operands are dense or single values, which needs no driver.
    #[inline(always)]
    fn short(&mut self) -> Option<Short> {
        let n = self.dim.as_slice().iter().product();
        if n >= drive::PROBE_FROM || self.min_len.is_some() {
            return None;
        }
        let mut short = Short {
            n,
            ptrs: [std::ptr::null_mut(); MAX_ZIP],
            steps: [1; MAX_ZIP],
        };
        let mut dense = true;
        self.operands.each(|k, op| {
            if op.shape.is_empty() && n != 1 {
                short.steps[k] = 0;
            } else {
                dense &= op.is_c && op.shape == self.dim.as_slice();
            }
            short.ptrs[k] = op.ptr;
        });
        if !dense {
            return None;
        }
        Some(short)
    }

    /// The loop without an output of its own.
    fn lower(&mut self) -> Loop {
        Loop::new(
            self.dim.as_slice(),
            &self.operands.lower()[..P::LEN],
            P::movable(),
        )
    }
}

/// See [`Zip::short`].
struct Short {
    n: usize,
    ptrs: [*mut u8; MAX_ZIP],
    steps: [isize; MAX_ZIP],
}

impl Short {
    #[inline(always)]
    fn run<P: Operands, V: Visit<P>>(&self, visit: V) -> V {
        let run = Run {
            level: simd::level(),
            n: self.n,
            ptrs: &self.ptrs[..P::LEN],
            steps: &self.steps[..P::LEN],
            index: [0; MAX_NDIM],
            axis: 0,
        };
        // SAFETY: dense operands of `n` elements and single values, borrowed by the `Zip`.
        unsafe { P::dense(&run, 0, visit) }
    }
}

/// Room for a result over these operands.
fn fresh<R, D: Dimension>(dim: D, inputs: &Loop) -> Result<Array<MaybeUninit<R>, D>, ShapeError> {
    Layout::<D>::checked_len(dim.as_slice(), size_of::<R>())?;
    let layout = if inputs.is_flat() {
        Layout::dense(dim, Order::C)
    } else {
        k_order_of(dim, inputs.ops())
    };
    Ok(Array::<R, D>::uninit_layout(layout))
}

/// An array that is written, as an operand.
fn output<T, D: Dimension>(array: &mut Array<MaybeUninit<T>, D>) -> (Lowered<'_>, bool) {
    let lowered = Lowered::new(&array.head, true);
    (lowered, align_of::<T>() <= operands::BUFFER_ALIGN)
}

/// Appends a run's results to those made so far, so that a panic drops them.
///
/// # Safety
/// As [`Operands::dense`].
unsafe fn push<P: Operands, R, C: Call<P, R>>(run: &Run<'_>, call: C, made: &mut Vec<R>) {
    // SAFETY: the caller's promise.
    unsafe {
        P::dense(run, 0, Push { call, made });
    }
}

/// Stores a run's results in the output, operand 0.
///
/// # Safety
/// As [`Operands::dense`]; operand 0 is an output of type `R`, disjoint from the others.
#[inline(always)]
unsafe fn store<P: Operands, R, C: Call<P, R>>(run: &Run<'_>, call: C) {
    let visit = Store {
        call,
        out: run.ptrs[0].cast::<R>(),
    };
    // SAFETY: the caller's promise.
    unsafe {
        P::dense(run, 1, visit);
    }
}

/// Calls back for a run's elements.
///
/// # Safety
/// As [`Operands::dense`].
#[inline(always)]
unsafe fn each<P: Operands, C: Call<P, ()>>(run: &Run<'_>, call: C) {
    let visit = Store {
        call,
        out: std::ptr::NonNull::<()>::dangling().as_ptr(),
    };
    // SAFETY: the caller's promise; unit values are stored nowhere.
    unsafe {
        P::dense(run, 0, visit);
    }
}
