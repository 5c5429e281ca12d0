//! Functions of whole lanes: `softmax` and its like, one pass over memory where lanes lie together.

use super::families::Floating;
use super::fold::Positions;
use crate::array::{
    Array, ArrayRef, Axis, AxisInt, Dimension, Float, InsertAxis, Layout, Number, Order,
    ShapeError, loops, unwrap,
};
use crate::engine::simd::{level, simd_dispatch};
use crate::engine::{Cost, par};
use crate::math;

/// What is made of a lane.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    Softmax,
    LogSoftmax,
    LayerNorm,
    Normalize,
}

/// The loops over one dense lane, compiled in this crate; a hidden supertrait of [`Float`].
#[doc(hidden)]
pub trait LaneLoops: Sized {
    /// `n` elements from `x` to `out`, which may be the same; `epsilon` is for the last two.
    ///
    /// # Safety
    /// `n` elements are readable at `x` and writable at `out`, equal or disjoint.
    unsafe fn run(lane: Lane, n: usize, x: *const Self, out: *mut Self, epsilon: Self);
}

macro_rules! lane_loops {
    ($($t:ty),+) => {$(
        impl LaneLoops for $t {
            #[inline(never)]
            unsafe fn run(lane: Lane, n: usize, x: *const $t, out: *mut $t, epsilon: $t) {
                let level = level();
                // SAFETY: the caller's contract.
                unsafe {
                    match lane {
                        Lane::Softmax => softmax(level, n, x, out),
                        Lane::LogSoftmax => log_softmax(level, n, x, out),
                        Lane::LayerNorm => {
                            let count = <$t as Float>::from_f64(n as f64);
                            let mean = sum(level, n, x) / count;
                            let variance = squares(level, n, x, mean) / count;
                            scale(level, n, x, out, mean, math::sqrt(variance + epsilon));
                        }
                        Lane::Normalize => {
                            let norm = math::sqrt(squares(level, n, x, 0.0));
                            let norm = if norm < epsilon { epsilon } else { norm };
                            scale(level, n, x, out, 0.0, norm);
                        }
                    }
                }
            }
        }
    )+};
}
lane_loops!(f32, f64);

simd_dispatch! {
    unsafe fn softmax[F: Float + math::Kernel](n: usize, x: *const F, out: *mut F) = softmax_body::<F>
}
simd_dispatch! {
    unsafe fn log_softmax[F: Float + math::Kernel](n: usize, x: *const F, out: *mut F) = log_softmax_body::<F>
}
// The steps of normalising are functions of their own: in a body with several loops LLVM takes quarter vectors.
simd_dispatch! {
    unsafe fn sum[F: Float](n: usize, x: *const F) -> F = sum_body::<F>
}
simd_dispatch! {
    unsafe fn squares[F: Float](n: usize, x: *const F, mean: F) -> F = squares_body::<F>
}
simd_dispatch! {
    unsafe fn scale[F: Float](n: usize, x: *const F, out: *mut F, mean: F, divisor: F) = scale_body::<F>
}

/// Accumulators of a sum over a lane: the same at every level, so that the bits are.
const LANES: usize = 32;

/// Elements that are added up in lanes before sums are added in pairs.
const LEAF: usize = 1 << 12;

/// `Σ f(x)` over `n` elements, pairwise over leaves.
///
/// # Safety
/// `n` elements are readable.
#[inline(always)]
unsafe fn pairwise<F: Float>(n: usize, x: *const F, f: impl Fn(F) -> F) -> F {
    // SAFETY: leaves are parts of the elements.
    unsafe {
        if n <= LEAF {
            return leaf(n, x, &f);
        }
        // Sums of 1, 2, 4, … leaves that wait for their like: those of the number of leaves' bits.
        let mut waiting = [F::zero(); usize::BITS as usize];
        let mut depth = 0;
        for i in 0..n.div_ceil(LEAF) {
            let mut total = leaf(LEAF.min(n - i * LEAF), x.add(i * LEAF), &f);
            for _ in 0..i.trailing_ones() {
                depth -= 1;
                total = waiting[depth] + total;
            }
            waiting[depth] = total;
            depth += 1;
        }
        let rest = waiting[..depth].iter().rev().copied();
        rest.reduce(|sum, earlier| earlier + sum)
            .unwrap_or(F::zero())
    }
}

/// `Σ f(x)` over `n` elements in fixed lanes.
///
/// # Safety
/// As [`pairwise`].
#[inline(always)]
unsafe fn leaf<F: Float>(n: usize, x: *const F, f: &impl Fn(F) -> F) -> F {
    let mut lanes = [F::zero(); LANES];
    let done = n / LANES * LANES;
    for i in (0..done).step_by(LANES) {
        // SAFETY: the block ends before `done`.
        let block = unsafe { x.add(i).cast::<[F; LANES]>().read() };
        for l in 0..LANES {
            lanes[l] = lanes[l] + f(block[l]);
        }
    }
    for (l, lane) in lanes.iter_mut().enumerate().take(n - done) {
        // SAFETY: the index is below `n`.
        *lane = *lane + f(unsafe { *x.add(done + l) });
    }
    let mut width = LANES;
    while width > 1 {
        width /= 2;
        for l in 0..width {
            lanes[l] = lanes[l] + lanes[l + width];
        }
    }
    lanes[0]
}

/// The greatest element, NaN passed over.
#[inline(always)]
unsafe fn greatest<F: Float>(n: usize, x: *const F) -> F {
    let mut lanes = [F::neg_infinity(); LANES];
    let keep = |lane: &mut F, value: F| *lane = if value > *lane { value } else { *lane };
    let mut i = 0;
    while i + LANES <= n {
        for (l, lane) in lanes.iter_mut().enumerate() {
            // SAFETY: the index is below `n`, for which the caller vouches.
            keep(lane, unsafe { *x.add(i + l) });
        }
        i += LANES;
    }
    for (l, lane) in lanes.iter_mut().enumerate().take(n - i) {
        // SAFETY: as above.
        keep(lane, unsafe { *x.add(i + l) });
    }
    let mut width = LANES;
    while width > 1 {
        width /= 2;
        for l in 0..width {
            let other = lanes[l + width];
            keep(&mut lanes[l], other);
        }
    }
    lanes[0]
}

/// Elements that are computed on the stack before they are stored, so that a lane may be replaced
/// in place and LLVM needs no proof that memory does not overlap.
const STAGE: usize = 256;

/// `out[i] = f(x[i])`, and what `each` makes of every block of results.
#[inline(always)]
unsafe fn map<F: Float>(
    n: usize,
    x: *const F,
    out: Option<*mut F>,
    f: impl Fn(F) -> F,
    mut each: impl FnMut(&[F]),
) {
    let mut stage = [F::zero(); STAGE];
    let mut done = 0;
    while done < n {
        let m = (n - done).min(STAGE);
        for (i, slot) in stage.iter_mut().enumerate().take(m) {
            // SAFETY: the caller's contract.
            *slot = f(unsafe { *x.add(done + i) });
        }
        each(&stage[..m]);
        if let Some(out) = out {
            // SAFETY: the caller's contract; the stage is disjoint from everything.
            unsafe { out.add(done).copy_from_nonoverlapping(stage.as_ptr(), m) };
        }
        done += m;
    }
}

/// The sum of `exp(x − max)` over the lane, the terms into `out` if there is one; NaN anywhere gives
/// NaN.
#[inline(always)]
unsafe fn exponentials<F: Float + math::Kernel>(
    n: usize,
    x: *const F,
    out: Option<*mut F>,
    max: F,
) -> F {
    // With what its roundings lost (Knuth's TwoSum): there may be many blocks.
    let (mut total, mut lost) = (F::zero(), F::zero());
    // SAFETY: the caller's contract.
    unsafe {
        map(
            n,
            x,
            out,
            |v| math::exp(v - max),
            |block| {
                let part = leaf(block.len(), block.as_ptr(), &|x| x);
                let new = total + part;
                let added = new - total;
                lost = lost + ((total - (new - added)) + (part - added));
                total = new;
            },
        );
    }
    total + lost
}

#[inline(always)]
unsafe fn softmax_body<F: Float + math::Kernel>(n: usize, x: *const F, out: *mut F) {
    // SAFETY: the caller's contract.
    unsafe {
        let total = exponentials(n, x, Some(out), greatest(n, x));
        for i in 0..n {
            *out.add(i) = *out.add(i) / total;
        }
    }
}

#[inline(always)]
unsafe fn log_softmax_body<F: Float + math::Kernel>(n: usize, x: *const F, out: *mut F) {
    // SAFETY: the caller's contract.
    unsafe {
        let max = greatest(n, x);
        let log = math::log(exponentials(n, x, None, max));
        map(n, x, Some(out), |v| (v - max) - log, |_| ());
    }
}

#[inline(always)]
unsafe fn sum_body<F: Float>(n: usize, x: *const F) -> F {
    // SAFETY: the caller's contract.
    unsafe { pairwise(n, x, |x| x) }
}

#[inline(always)]
unsafe fn squares_body<F: Float>(n: usize, x: *const F, mean: F) -> F {
    // SAFETY: the caller's contract.
    unsafe { pairwise(n, x, |x| (x - mean) * (x - mean)) }
}

#[inline(always)]
unsafe fn scale_body<F: Float>(n: usize, x: *const F, out: *mut F, mean: F, divisor: F) {
    // SAFETY: the caller's contract.
    unsafe { map(n, x, Some(out), |v| (v - mean) / divisor, |_| ()) }
}

/// Lanes that a thread takes at a time, at least.
const GRANULE: usize = 4;

/// The function of every lane along an axis, in K order.
fn along<T: Float, D: Dimension>(
    x: &ArrayRef<T, D>,
    axis: Axis,
    lane: Lane,
    epsilon: T,
) -> Result<Array<T, D>, ShapeError> {
    let axis = axis.resolve(x.ndim())?;
    let layout = loops::k_order(x.layout);
    let together = |strides: &[isize]| strides[axis] == 1 || x.shape()[axis] == 1;
    if x.is_empty() || together(x.strides()) && together(layout.strides()) {
        let mut out = Array::<T, D>::uninit_layout(layout);
        // SAFETY: `run` reads what `x` holds and writes all of the fresh output.
        unsafe {
            run(
                x,
                axis,
                out.as_mut_ptr().cast::<T>(),
                layout.strides(),
                lane,
                epsilon,
            );
            return Ok(out.assume_init());
        }
    }
    // Bringing lanes together first, block by block, is much faster than picking them apart.
    let mut work = x.try_move_axis(axis, -1)?.to_order(Order::C);
    let (to, strides) = (work.as_mut_ptr(), work.strides().to_vec());
    let last = work.ndim() - 1;
    // SAFETY: lanes are replaced in place, each by one thread.
    unsafe { run(&work, last, to, &strides, lane, epsilon) };
    let back = work.try_move_axis(-1, axis)?;
    Ok(loops::copied(back, layout))
}

/// The function of every lane of `x` into the elements at `to`, which have the strides given.
///
/// # Safety
/// `to` and the strides reach as many exclusive elements as `x` has, distinct, and either disjoint
/// from `x` or the very same; lanes have stride 1 on both sides.
unsafe fn run<T: Float, D: Dimension>(
    x: &ArrayRef<T, D>,
    axis: usize,
    to: *mut T,
    to_strides: &[isize],
    lane: Lane,
    epsilon: T,
) {
    if x.is_empty() {
        return;
    }
    let n = x.shape()[axis];
    let others: Vec<usize> = (0..x.ndim()).filter(|&other| other != axis).collect();
    let offsets = |r: usize| {
        let (mut rest, mut from, mut to) = (r, 0, 0);
        for &other in others.iter().rev() {
            let at = (rest % x.shape()[other]) as isize;
            rest /= x.shape()[other];
            from += at * x.strides()[other];
            to += at * to_strides[other];
        }
        (from, to)
    };
    let from = Shared(x.as_ptr().cast_mut());
    let to = Shared(to);
    let threads = Cost::Transcendental.threads(x.len(), 2 * size_of::<T>());
    par::for_ranges(x.len() / n, GRANULE, threads, |_, range| {
        for r in range {
            let (a, b) = offsets(r);
            let (from, to) = (from.get().wrapping_offset(a), to.get().wrapping_offset(b));
            // SAFETY: the caller's contract; every lane belongs to one thread.
            unsafe { T::run(lane, n, from, to, epsilon) };
        }
    });
}

/// A pointer that threads share; each touches elements of its own.
#[derive(Clone, Copy)]
struct Shared<T>(*mut T);
// SAFETY: who uses the pointer vouches for it.
unsafe impl<T: Send> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Shared<T> {}
impl<T> Shared<T> {
    fn get(&self) -> *mut T {
        self.0
    }
}

macro_rules! lane_methods {
    ($($(#[$doc:meta])* $name:ident $try_name:ident $lane:ident $(($epsilon:ident))?;)+) => {
        impl<T: Floating, D: Dimension> ArrayRef<T, D> {$(
            $(#[$doc])*
            #[track_caller]
            pub fn $name(&self, axis: impl Into<Axis> $(, $epsilon: T::Float)?) -> Array<T::Float, D> {
                unwrap(self.$try_name(axis $(, $epsilon)?))
            }

            #[doc = concat!("As [`", stringify!($name), "`](Self::", stringify!($name), "), with the mistake as an error.")]
            ///
            /// # Errors
            /// [`ShapeError::Axis`].
            ///
            /// ```
            /// use orthant::prelude::*;
            ///
            /// let x = array![[1.0, 3.0], [2.0, 2.0]];
            #[doc = concat!("let ", stringify!($name), " = x.", stringify!($try_name), "(1", $(lane_methods!(@comma $epsilon),)? ")?;")]
            #[doc = concat!("assert_eq!(", stringify!($name), ".shape(), [2, 2]);")]
            #[doc = concat!("assert!(x.", stringify!($try_name), "(2", $(lane_methods!(@comma $epsilon),)? ").is_err());")]
            /// # Ok::<(), orthant::ShapeError>(())
            /// ```
            pub fn $try_name(&self, axis: impl Into<Axis> $(, $epsilon: T::Float)?) -> Result<Array<T::Float, D>, ShapeError> {
                lane_methods!(@epsilon epsilon $($epsilon)?);
                along(&T::to_floats(self.view()), axis.into(), Lane::$lane, epsilon)
            }
        )+}
    };
    (@comma $epsilon:ident) => { ", 1e-12" };
    (@epsilon $to:ident) => { let $to = num_traits::Zero::zero(); };
    (@epsilon $to:ident $given:ident) => { let $to = $given; };
}
lane_methods! {
    /// `exp(xᵢ) / Σ exp(xⱼ)` along an axis, computed from `x − max(x)` so that nothing overflows
    /// (PyTorch's `softmax`, SciPy's `special.softmax`).
    ///
    /// Each lane sums to 1 within a few ε; NaN, or an infinity on top, makes the whole lane NaN.
    /// One pass over memory where the lanes lie together. Integers and `bool` give `f64`.
    /// [`softmax_axes`](Self::softmax_axes) takes several axes.
    ///
    /// # Panics
    /// The axis does not exist.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let p = array![[1000.0, 1000.0], [0.0, f64::ln(3.0)]].softmax(-1);
    /// assert!(p.all_close(&array![[0.5, 0.5], [0.25, 0.75]], 1e-15, 0.0));
    /// ```
    softmax try_softmax Softmax;
    /// `xᵢ − ln Σ exp(xⱼ)` along an axis: the logarithm of [`softmax`](Self::softmax), exact where
    /// that underflows (PyTorch's `log_softmax`).
    ///
    /// # Panics
    /// The axis does not exist.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let p = array![0.0, -2000.0].log_softmax(0);
    /// assert_eq!(p, array![0.0, -2000.0]);
    /// ```
    log_softmax try_log_softmax LogSoftmax;
    /// `(x − mean) / √(variance + epsilon)` along an axis, the variance with ddof 0 (PyTorch's
    /// `layer_norm` without weights).
    ///
    /// # Panics
    /// The axis does not exist.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1.0, 3.0], [5.0, 5.0]].layer_norm(-1, 0.0625);
    /// assert!(x.all_close(&array![[-1.0, 1.0], [0.0, 0.0]], 0.0, 0.04));
    /// ```
    layer_norm try_layer_norm LayerNorm (epsilon);
    /// `x / max(‖x‖₂, epsilon)` along an axis: unit vectors, and zeros where there is nothing to
    /// scale (PyTorch's `normalize`).
    ///
    /// # Panics
    /// The axis does not exist.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[3.0, 4.0], [0.0, 0.0]].normalize(-1, 1e-12);
    /// assert_eq!(x, array![[0.6, 0.8], [0.0, 0.0]]);
    /// ```
    normalize try_normalize Normalize (epsilon);
}

/// Every element less the greatest over some axes.
fn relative<F: Float, D: Dimension, I: AxisInt>(
    x: &ArrayRef<F, D>,
    axes: &[I],
) -> Result<Array<F, D>, ShapeError> {
    if x.is_empty() {
        // No greatest element, but perhaps no such axis.
        x.try_sum_axes_keepdims(axes)?;
        return Ok(x.map(|&x| x));
    }
    Ok(x - x.try_max_axes_keepdims(axes)?)
}

impl<T: Floating, D: Dimension> ArrayRef<T, D> {
    /// As [`softmax`](Self::softmax) over several axes together (SciPy's `special.softmax` with a tuple
    /// as `axis`), by several passes.
    ///
    /// # Panics
    /// One of the axes does not exist or comes twice.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let p = array![[1000.0, 1000.0], [1000.0, 1000.0]].softmax_axes(&[0, 1]);
    /// assert_eq!(p, array![[0.25, 0.25], [0.25, 0.25]]);
    /// ```
    #[track_caller]
    pub fn softmax_axes<I: AxisInt>(&self, axes: &[I]) -> Array<T::Float, D> {
        unwrap(self.try_softmax_axes(axes))
    }

    /// As [`softmax_axes`](Self::softmax_axes), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`], [`ShapeError::RepeatedAxis`].
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![[0, 0]].try_softmax_axes(&[0, 1])?, array![[0.5, 0.5]]);
    /// assert!(array![[0, 0]].try_softmax_axes(&[0, 0]).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_softmax_axes<I: AxisInt>(
        &self,
        axes: &[I],
    ) -> Result<Array<T::Float, D>, ShapeError> {
        let powers = relative(&T::to_floats(self.view()), axes)?.exp();
        let totals = powers.try_sum_axes_keepdims(axes)?;
        Ok(powers / totals)
    }

    /// As [`log_softmax`](Self::log_softmax) over several axes together, by several passes.
    ///
    /// # Panics
    /// One of the axes does not exist or comes twice.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![[0.0, -2000.0]].log_softmax_axes(&[0, 1]), array![[0.0, -2000.0]]);
    /// ```
    #[track_caller]
    pub fn log_softmax_axes<I: AxisInt>(&self, axes: &[I]) -> Array<T::Float, D> {
        unwrap(self.try_log_softmax_axes(axes))
    }

    /// As [`log_softmax_axes`](Self::log_softmax_axes), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`], [`ShapeError::RepeatedAxis`].
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert!(array![[0, 0]].try_log_softmax_axes(&[0, 0]).is_err());
    /// ```
    pub fn try_log_softmax_axes<I: AxisInt>(
        &self,
        axes: &[I],
    ) -> Result<Array<T::Float, D>, ShapeError> {
        let differences = relative(&T::to_floats(self.view()), axes)?;
        let totals = differences.exp().try_sum_axes_keepdims(axes)?.log();
        Ok(differences - totals)
    }
}

impl<I: AxisInt, D: InsertAxis> ArrayRef<I, D> {
    /// For each label a row that is 1 at that position and 0 elsewhere (NumPy's
    /// `np.eye(classes)[labels]`, PyTorch's `one_hot`), along a new last axis.
    ///
    /// # Panics
    /// A label is negative or not below `classes`.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let y = array![2, 0].one_hot::<f32>(3);
    /// assert_eq!(y, array![[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]);
    /// ```
    #[track_caller]
    pub fn one_hot<T: Number>(&self, classes: usize) -> Array<T, D::Larger> {
        unwrap(self.try_one_hot(classes))
    }

    /// As [`one_hot`](Self::one_hot), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Index`] with the first label that is out of range, [`ShapeError::Overflow`].
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert!(array![2, 0].try_one_hot::<f32>(2).is_err());
    /// ```
    pub fn try_one_hot<T: Number>(
        &self,
        classes: usize,
    ) -> Result<Array<T, D::Larger>, ShapeError> {
        let place = Positions {
            n: classes,
            negative: false,
        };
        let at = place.all(self, self.ndim())?;
        let mut shape = self.shape().to_vec();
        shape.push(classes);
        let dim = D::Larger::from_slice(&shape)?;
        Layout::<D::Larger>::checked_len(&shape, size_of::<T>())?;
        let mut out = Array::<T, D::Larger>::uninit_layout(Layout::dense(dim, Order::C));
        let first = Shared(out.as_mut_ptr().cast::<T>());
        let threads = Cost::Memory.threads(out.len(), size_of::<T>());
        par::for_ranges(at.len(), GRANULE, threads, |_, range| {
            for row in range {
                // SAFETY: each row is written whole, by one thread; positions are below `classes`.
                unsafe {
                    let row_start = first.get().add(row * classes);
                    (0..classes).for_each(|i| row_start.add(i).write(T::zero()));
                    row_start.add(at[row]).write(T::one());
                }
            }
        });
        // SAFETY: every row was written.
        Ok(unsafe { out.assume_init() })
    }
}
