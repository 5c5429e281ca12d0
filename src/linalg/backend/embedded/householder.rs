//! Householder reflections, one and many: blocks of them are products (Schreiber and Van Loan, "A
//! storage-efficient WY representation for products of Householder transformations", SIAM J. Sci. Stat.
//! Comput. 10, 1989).

use std::ops::Range;

use num_traits::{Float as _, One, Zero};

use super::part;
use crate::array::{Float, Scalar};
use crate::engine::par::for_ranges;
use crate::linalg::backend::workspace::Pieces;
use crate::linalg::gemm::{Beta, Columns, gemm};
use crate::linalg::raw::{MatMut, MatRef};

/// Reflections in one product.
pub(super) const BLOCK: usize = 64;
/// Rows that are added up one after the other where sums of equal numbers, with their equal rounding errors, matter.
const CHAIN: usize = 64;
/// Columns that all blocks go over while they are near the core.
const SLAB: usize = 96;

/// Most columns that a reduction to condensed form takes before it updates the rest of the matrix.
pub(super) const CONDENSED: usize = 32;

/// How many it takes of n: each costs passes over those before it, each block one over the rest of the matrix.
pub(super) fn condensed_block(n: usize) -> usize {
    match n {
        0..400 => 8,
        400..800 => 16,
        _ => CONDENSED,
    }
}

/// The reflections `Hⱼ = 1 − τⱼ·v·vᴴ` of a reduction.
#[derive(Clone, Copy)]
pub(super) struct Reflections<T> {
    /// Their vectors: column j has its leading one in row `j + below`, and zeros above from the row of the
    /// first one of its block.
    pub(super) vectors: MatMut<T>,
    /// ([`BLOCK`], columns): the upper triangles with which blocks are `1 − V·T·Vᴴ`.
    pub(super) triangles: MatMut<T>,
    pub(super) below: usize,
    /// As [`product_shape`] says.
    pub(super) products: MatMut<T>,
    /// Threads that these are for.
    pub(super) threads: usize,
}

/// Rows and columns of [`Reflections::products`] for so many reflections of matrices of up to so many columns.
pub(super) fn product_shape(count: usize, columns: usize, threads: usize) -> [usize; 2] {
    [2 * BLOCK.min(count), SLAB.min(columns) * threads]
}

impl<T: Scalar> Reflections<T> {
    /// Bytes of what [`take`](Self::take) cuts off.
    pub(super) fn size(rows: usize, count: usize, threads: usize) -> usize {
        let [height, width] = product_shape(count, rows, threads);
        Pieces::size::<T>(rows * count)
            + Pieces::size::<T>(BLOCK * count)
            + Pieces::size::<T>(height * width)
            + Pieces::size::<T>(rows)
    }

    /// Room for `count` reflections of `rows`, for [`factor`], and the column that it wants.
    pub(super) fn take(
        pieces: &mut Pieces<'_>,
        rows: usize,
        count: usize,
        threads: usize,
    ) -> (Self, *mut T) {
        let [height, width] = product_shape(count, rows, threads);
        let reflections = Reflections {
            vectors: pieces.matrix(rows, count),
            triangles: pieces.matrix(BLOCK, count),
            below: 0,
            products: pieces.matrix(height, width),
            threads,
        };
        (reflections, pieces.matrix(rows, 1).ptr)
    }

    /// The triangle of some columns of one block.
    pub(super) fn triangle(&self, columns: Range<usize>) -> MatMut<T> {
        let width = columns.len();
        part(
            self.triangles,
            columns.start % BLOCK,
            columns.start,
            width,
            width,
        )
    }

    /// Their vectors, from the first one's leading row.
    pub(super) fn vectors(&self, columns: Range<usize>) -> MatMut<T> {
        let row = columns.start + self.below;
        part(
            self.vectors,
            row,
            columns.start,
            self.vectors.rows - row,
            columns.len(),
        )
    }

    /// `to ← H₀·H₁⋯·to` for the reflections in `columns`, or with `adjoint` `to ← ⋯H₁ᴴ·H₀ᴴ·to`. If `to` is the
    /// identity, or all zeros in columns before a block, that can be `skipped`.
    ///
    /// # Safety
    /// `to` has the rows of the vectors and is apart from everything here; `columns` starts with a block or is
    /// within one.
    pub(super) unsafe fn apply(
        &self,
        columns: Range<usize>,
        adjoint: bool,
        to: MatMut<T>,
        skipped: bool,
        threads: usize,
    ) {
        let slab = self.products.cols / self.threads;
        let threads = threads.min(self.threads);
        for_ranges(to.cols, 8, threads, |index, range| {
            let products = part(self.products, 0, index * slab, self.products.rows, slab);
            let pieces = range.len().div_ceil(slab).max(1);
            let size = range.len().div_ceil(pieces).max(1);
            for left in range.clone().step_by(size) {
                let cols = size.min(range.end - left);
                let apply = |start: usize| {
                    let block = start..columns.end.min(start + BLOCK);
                    if skipped && start >= left + cols {
                        return;
                    }
                    let (v, t) = (self.vectors(block.clone()), self.triangle(block));
                    let c = part(to, to.rows - v.rows, left, v.rows, cols);
                    let halves = [0, products.rows / 2];
                    let [x, y] = halves.map(|row| part(products, row, 0, v.cols, cols));
                    // SAFETY: the caller's promise; these columns are this part's.
                    unsafe { reflect(v.as_ref(), t.as_ref(), adjoint, c, [x, y]) };
                };
                let blocks = columns.clone().step_by(BLOCK);
                if adjoint {
                    blocks.for_each(apply);
                } else {
                    blocks.rev().for_each(apply);
                }
            }
        });
    }

    /// `to ← H₀·H₁⋯·to` for the vectors of a reduction in place, of which the leading ones are written and the
    /// triangles are not made; what is above the leading ones is lost.
    ///
    /// # Safety
    /// As [`apply`](Self::apply).
    pub(super) unsafe fn tie_and_apply(&self, factors: &[T], to: MatMut<T>, threads: usize) {
        let vectors = self.vectors;
        let count = vectors.cols;
        for start in (0..count).step_by(BLOCK) {
            let block = start..count.min(start + BLOCK);
            // SAFETY: the caller's promise.
            unsafe {
                for j in block.clone() {
                    let column = vectors.ptr.wrapping_add(j * vectors.col_stride as usize);
                    for i in start + self.below..j + self.below {
                        column.add(i).write(T::zero());
                    }
                }
                self.tie(block, factors, threads);
            }
        }
        // SAFETY: the caller's promise.
        unsafe { self.apply(0..count, false, to, false, threads) };
    }

    /// Makes the triangle of a block from its vectors.
    ///
    /// # Safety
    /// The vectors are initialised.
    pub(super) unsafe fn tie(&self, block: Range<usize>, factors: &[T], threads: usize) {
        let (v, t) = (
            self.vectors(block.clone()).as_ref(),
            self.triangle(block.clone()),
        );
        let at = |i: usize, j: usize| t.ptr.wrapping_add(j * t.col_stride as usize + i);
        // SAFETY: the caller's promise; the triangle is initialised by the product.
        unsafe {
            for row in (0..v.rows).step_by(CHAIN) {
                let v = MatRef {
                    rows: CHAIN.min(v.rows - row),
                    ..v.at(row as isize * v.row_stride)
                };
                let beta = if row == 0 { Beta::Zero } else { Beta::One };
                gemm(T::one(), v.t(), true, v, false, beta, t, threads);
            }
            for j in 0..block.len() {
                let mut column = [T::zero(); BLOCK];
                for (i, x) in column[..j].iter_mut().enumerate() {
                    *x = *at(i, j);
                }
                tie_column(t, j, &mut column, factors[block.start + j]);
            }
        }
    }
}

/// `T[..j, j] = −τ·T[..j, ..j]·(Vᴴ·v)`, of which `column` has the last factor, τ, and zeros.
///
/// # Safety
/// The columns before are done.
pub(super) unsafe fn tie_column<T: Scalar>(
    t: MatMut<T>,
    j: usize,
    column: &mut [T; BLOCK],
    factor: T,
) {
    let at = |i: usize, j: usize| t.ptr.wrapping_add(j * t.col_stride as usize + i);
    // SAFETY: inside the triangle.
    unsafe {
        for i in 0..j {
            let sum = (i..j).fold(T::zero(), |sum, k| sum + *at(i, k) * column[k]);
            column[i] = -(factor * sum);
            at(i, j).write(column[i]);
        }
        at(j, j).write(factor);
        for i in j + 1..t.rows {
            at(i, j).write(T::zero());
        }
    }
}

/// `C ← (1 − V·T·Vᴴ)·C`, or its adjoint's product.
///
/// # Safety
/// As [`gemm`]; `room` is two matrices of V's columns by C's.
unsafe fn reflect<T: Scalar>(
    v: MatRef<T>,
    t: MatRef<T>,
    adjoint: bool,
    c: MatMut<T>,
    [x, y]: [MatMut<T>; 2],
) {
    let t = if adjoint { t.t() } else { t };
    // SAFETY: the caller's promise.
    unsafe {
        gemm(T::one(), v.t(), true, c.as_ref(), false, Beta::Zero, x, 1);
        gemm(T::one(), t, adjoint, x.as_ref(), false, Beta::Zero, y, 1);
        gemm(-T::one(), v, false, y.as_ref(), false, Beta::One, c, 1);
    }
}

/// Columns that are reduced one by one.
const NARROW: usize = 8;

/// QR of `a`: R replaces its upper triangle, the reflections are written to `to`.
///
/// Panels are halved (Elmroth and Gustavson, "Applying recursion to serial and parallel QR factorization leads
/// to better performance", IBM J. Res. Dev. 44, 2000).
///
/// # Safety
/// `a` is column-major; `to` has as many vectors as `a` the lesser of its sides, of its rows, with nothing
/// below; `column` as many elements as rows.
pub(super) unsafe fn factor<T: Scalar>(
    a: MatMut<T>,
    to: &Reflections<T>,
    column: *mut T,
    threads: usize,
) {
    let count = to.vectors.cols;
    let kernels = Columns::new();
    for i in 0..BLOCK * count {
        // SAFETY: inside the triangles, which have no gaps.
        unsafe { to.triangles.ptr.add(i).write(T::zero()) };
    }
    for start in (0..count).step_by(BLOCK) {
        let next = count.min(start + BLOCK);
        // SAFETY: the caller's promise.
        unsafe {
            panel(kernels, a, to, start..next, column);
            if next < a.cols {
                let rest = part(a, 0, next, a.rows, a.cols - next);
                to.apply(start..next, true, rest, false, threads);
            }
        }
    }
}

/// # Safety
/// As [`factor`], for columns of one block.
unsafe fn panel<T: Scalar>(
    kernels: Columns<T>,
    a: MatMut<T>,
    to: &Reflections<T>,
    columns: Range<usize>,
    column: *mut T,
) {
    // SAFETY: the caller's promise.
    unsafe {
        if columns.len() <= NARROW {
            return narrow(kernels, a, to, columns, column);
        }
        let half = columns.start + (columns.len() / 2).next_multiple_of(NARROW);
        let (left, right) = (columns.start..half, half..columns.end);
        panel(kernels, a, to, left.clone(), column);
        to.apply(
            left.clone(),
            true,
            part(a, 0, half, a.rows, right.len()),
            false,
            1,
        );
        panel(kernels, a, to, right.clone(), column);
        // T₁₂ = −T₁·(V₁ᴴ·V₂)·T₂.
        let v2 = to.vectors(right.clone());
        let v1 = part(to.vectors, half, left.start, v2.rows, left.len()).as_ref();
        let halves = [0, to.products.rows / 2];
        let [x, y] = halves.map(|row| part(to.products, row, 0, left.len(), right.len()));
        let (t1, t2) = (to.triangle(left.clone()), to.triangle(right.clone()));
        let tie = part(
            to.triangles,
            left.start % BLOCK,
            half,
            left.len(),
            right.len(),
        );
        let one = T::one();
        gemm(one, v1.t(), true, v2.as_ref(), false, Beta::Zero, x, 1);
        gemm(one, t1.as_ref(), false, x.as_ref(), false, Beta::Zero, y, 1);
        gemm(
            -one,
            y.as_ref(),
            false,
            t2.as_ref(),
            false,
            Beta::Zero,
            tie,
            1,
        );
    }
}

/// # Safety
/// As [`panel`], for at most [`NARROW`] columns.
unsafe fn narrow<T: Scalar>(
    kernels: Columns<T>,
    a: MatMut<T>,
    to: &Reflections<T>,
    columns: Range<usize>,
    column: *mut T,
) {
    let (from, stride) = (columns.start, to.vectors.col_stride as usize);
    let a_at = |i: usize, j: usize| a.ptr.wrapping_add(j * a.col_stride as usize + i);
    let v_at = |i: usize, j: usize| to.vectors.ptr.wrapping_add(j * stride + i);
    let t = to.triangle(columns.clone());
    let first = from / BLOCK * BLOCK;
    // Vᴴ·x from a row on, for the columns before one.
    let dots = |row: usize, x: *mut T, out: &mut [T]| {
        // SAFETY: columns that are done, from a row of theirs on; as many elements as rows.
        unsafe {
            adjoint_dots(
                kernels,
                a.rows - row,
                v_at(row, from),
                stride,
                x,
                column,
                out,
            )
        }
    };
    for j in columns {
        let done = j - from;
        // SAFETY: inside the matrices.
        unsafe {
            if done > 0 {
                let mut weights = [T::zero(); NARROW];
                dots(from, a_at(from, j), &mut weights[..done]);
                minus_adjoint(t, &mut weights[..done]);
                let rows = a.rows - from;
                kernels.add(
                    rows,
                    v_at(from, from),
                    stride,
                    &weights[..done],
                    a_at(from, j),
                );
            }
            let rows = a.rows - j;
            v_at(j, j).copy_from_nonoverlapping(a_at(j, j), rows);
            for i in first..j {
                v_at(i, j).write(T::zero());
            }
            let (size, factor) = reflector(kernels, rows, v_at(j, j));
            a_at(j, j).write(T::from_real(size));
            let mut weights = [T::zero(); BLOCK];
            if done > 0 {
                dots(j, v_at(j, j), &mut weights[..done]);
            }
            tie_column(t, done, &mut weights, factor);
        }
    }
}

/// The reflection `H = 1 − τ·v·vᴴ` with `Hᴴ·x = (size, 0, …)`: (size, τ), and v replaces x.
///
/// # Safety
/// `m` elements, at least one.
pub(super) unsafe fn reflector<T: Scalar>(
    kernels: Columns<T>,
    m: usize,
    x: *mut T,
) -> (T::Real, T) {
    // SAFETY: the caller's promise.
    unsafe {
        let tail = squares(kernels, m - 1, x.add(1));
        let total = tail + squares(kernels, 1, x);
        let eps = <T::Real as Float>::EPSILON;
        if total > T::Real::min_positive_value() / eps / eps && total <= T::Real::max_value() {
            return of_sizes(m, x, tail, total);
        }
        scaled(kernels, m, x)
    }
}

/// `out = Vᴴ·x`, with room for another x.
///
/// # Safety
/// Columns of V `stride` apart, as many as `out` is long, of `rows` elements, as x and the room have.
pub(super) unsafe fn adjoint_dots<T: Scalar>(
    kernels: Columns<T>,
    rows: usize,
    v: *const T,
    stride: usize,
    x: *const T,
    room: *mut T,
    out: &mut [T],
) {
    // SAFETY: the caller's promise.
    unsafe { kernels.dots(rows, v, stride, conjugated(rows, x, room), out) };
    out.iter_mut().for_each(|x| *x = x.conj());
}

/// `weights ← −Tᴴ·weights` for the first columns of an upper triangle.
///
/// # Safety
/// So many columns of it are initialised.
pub(super) unsafe fn minus_adjoint<T: Scalar>(t: MatMut<T>, weights: &mut [T]) {
    // Lower triangular, so that what is above is still needed.
    for i in (0..weights.len()).rev() {
        let column = t.ptr.wrapping_add(i * t.col_stride as usize);
        // SAFETY: the caller's promise: column i down to its diagonal.
        let column = unsafe { std::slice::from_raw_parts(column, i + 1) };
        let products = column.iter().zip(&*weights);
        let sum = products.fold(T::zero(), |sum, (t, &weight)| sum + t.conj() * weight);
        weights[i] = -sum;
    }
}

/// The conjugated vector: at `to`, or for real types where it is.
///
/// # Safety
/// `n` elements each.
pub(super) unsafe fn conjugated<T: Scalar>(n: usize, x: *const T, to: *mut T) -> *const T {
    if !T::IS_COMPLEX {
        return x;
    }
    for i in 0..n {
        // SAFETY: the caller's promise.
        unsafe { to.add(i).write((*x.add(i)).conj()) };
    }
    to
}

/// Σ |x|².
///
/// # Safety
/// `m` elements.
unsafe fn squares<T: Scalar>(kernels: Columns<T>, m: usize, x: *const T) -> T::Real {
    let mut sum = [T::zero()];
    // SAFETY: the caller's promise.
    unsafe {
        if T::IS_COMPLEX {
            (0..m).fold(T::Real::zero(), |sum, i| {
                let x = *x.add(i);
                sum + (x * x.conj()).re()
            })
        } else {
            kernels.dots(m, x, 0, x, &mut sum);
            sum[0].re()
        }
    }
}

/// [`reflector`] with Σ |x|², and that without the first.
///
/// # Safety
/// As [`reflector`].
unsafe fn of_sizes<T: Scalar>(m: usize, x: *mut T, tail: T::Real, total: T::Real) -> (T::Real, T) {
    // SAFETY: the caller's promise.
    unsafe {
        let head = *x;
        x.write(T::one());
        if tail == T::Real::zero() && head.im() == T::Real::zero() {
            return (head.re(), T::zero());
        }
        let root = total.sqrt();
        let size = if head.re() > T::Real::zero() {
            -root
        } else {
            root
        };
        let tau = T::from_parts((size - head.re()) / size, -(head.im() / size));
        let (re, im) = (head.re() - size, head.im());
        let square = re * re + im * im;
        let scale = T::from_parts(re / square, -(im / square));
        for i in 1..m {
            *x.add(i) = *x.add(i) * scale;
        }
        (size, tau)
    }
}

/// [`reflector`] where squares leave the range of the type.
///
/// # Safety
/// As [`reflector`].
#[cold]
unsafe fn scaled<T: Scalar>(kernels: Columns<T>, m: usize, x: *mut T) -> (T::Real, T) {
    // SAFETY: the caller's promise.
    let column = unsafe { std::slice::from_raw_parts_mut(x, m) };
    let zero = T::Real::zero();
    let largest = column
        .iter()
        .fold(zero, |most, x| most.max(x.re().abs()).max(x.im().abs()));
    let (_, exponent, _) = largest.integer_decode();
    let digits = -<T::Real as Float>::EPSILON.log2().to_f64() as i32;
    let two = T::Real::one() + T::Real::one();
    // Two equal steps: the reciprocal of a subnormal number would overflow.
    let step = if largest == zero || !largest.is_finite() {
        T::Real::one()
    } else {
        two.powi(-(i32::from(exponent) + digits) / 2)
    };
    for x in column.iter_mut() {
        *x = *x * T::from_real(step) * T::from_real(step);
    }
    // SAFETY: the caller's promise.
    unsafe {
        let tail = squares(kernels, m - 1, x.add(1));
        let total = tail + squares(kernels, 1, x);
        let (size, tau) = of_sizes(m, x, tail, total);
        (size / step / step, tau)
    }
}
