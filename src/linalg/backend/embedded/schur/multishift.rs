//! Large real matrices: sweeps of many shifts in chains of small bulges (Braman, Byers and Mathias, "The multishift QR
//! algorithm, part I: maintaining well-focused shifts and level 3 performance", SIAM J. Matrix Anal. Appl. 23, 2002),
//! and aggressive early deflation in between.
//!
//! A chain moves from window to window down the diagonal; inside one, bulge after bulge, with all reflections
//! multiplied into one small orthogonal matrix, with which the rest of the matrix is multiplied.

use num_complex::Complex;

use super::around::{Around, Span};
use super::deflation::Window;
use super::real::{first_column, reflection, small, split};
use super::swap::values_of;
use super::{Square, abs1, is_finite};
use crate::array::{Float, Scalar};
use crate::engine::simd::{level, simd_dispatch};
use crate::linalg::backend::factor::column_major;
use crate::linalg::raw::MatMut;

/// Rows up to which a block is iterated upon by itself.
const SMALL: usize = 75;
/// Most bulges in a chain.
const BULGES: usize = 16;
/// Rows between two of them.
const APART: usize = 3;
/// A sweep is left out if so many per cent of a window converged.
const ENOUGH: usize = 14;
/// Windows without an eigenvalue that converged, until they grow; until other shifts are tried; until it is given up.
const GROW_AFTER: usize = 5;
const EXCEPTION_AFTER: usize = 6;
const GIVE_UP_AFTER: usize = 30;

/// Shifts of a sweep and rows of the window before it, for a block of so many rows: LAPACK's `iparmq`, but windows are
/// large already in small blocks [300 rows: 73 windows and 49,800 steps of bulges with as many rows as shifts, 47 and
/// 41,200 with half as many again].
fn recommended(rows: usize) -> [usize; 2] {
    let shifts = match rows {
        0..30 => 2,
        30..60 => 4,
        60..150 => 10,
        150..590 => (rows / rows.ilog2() as usize).max(10),
        590..3000 => 64,
        3000..6000 => 128,
        _ => 256,
    };
    [shifts & !1, shifts * 3 / 2]
}

/// Bulges in a chain, for a matrix of so many rows: what is done inside windows grows with them, the products
/// around become faster.
fn most_bulges(n: usize) -> usize {
    if n < 500 { 6 } else { BULGES }
}

/// Rows of a window: what the chain takes, and as much for it to move; one more, which it does not reach.
fn window(bulges: usize) -> usize {
    2 * APART * bulges + 1
}

/// The Schur form of the Hessenberg matrix `h`, as [`small`] makes it of smaller ones: multiplies `z` by the
/// transformation and writes the eigenvalues. Without `z` the eigenvalues alone, and `h` is not kept up where it no
/// longer matters for them. False if the iteration does not converge.
pub(in super::super) fn schur<'a, R: Float + Scalar>(
    h: &mut Square<'a, R>,
    z: Option<&mut Square<'a, R>>,
    values: &mut [Complex<R>],
    threads: usize,
) -> bool {
    schur_of(h, z, values, threads, true)
}

/// As [`schur`]; many shifts are not tried unless `many`.
pub(super) fn schur_of<'a, R: Float + Scalar>(
    h: &mut Square<'a, R>,
    mut z: Option<&mut Square<'a, R>>,
    values: &mut [Complex<R>],
    threads: usize,
    many: bool,
) -> bool {
    let n = h.n;
    if n <= 2 * SMALL || !many {
        return small(h, z, values);
    }
    let (mut around, mut tail) = (Around::new(threads), Window::new());
    let most = window(BULGES);
    let mut room = Room {
        a: vec![R::zero(); most * (most + 1)],
        u: vec![R::zero(); most * most],
    };
    let (mut end, mut fruitless, mut last) = (n, 0, 0);
    while end > 0 {
        let top = split(h, end);
        let size = end - top;
        let span = if z.is_some() {
            Span { top: 0, right: n }
        } else {
            Span { top, right: end }
        };
        let [shifts, usual] = recommended(size);
        let mut rows = if size <= SMALL || fruitless > GIVE_UP_AFTER {
            size
        } else if fruitless < GROW_AFTER {
            usual
        } else {
            (2 * last).min(size / 3).max(usual)
        };
        // The window had better begin where the spike is small.
        if rows + 1 < size {
            let at = end - rows;
            if h[(at, at - 1)].abs() > h[(at - 1, at - 2)].abs() {
                rows += 1;
            }
        }
        last = rows;
        let block = [top, end];
        let Some(done) = tail.deflate(h, z.as_deref_mut(), block, rows, span, &mut around) else {
            if rows == size {
                return false;
            }
            fruitless = GIVE_UP_AFTER + 1;
            continue;
        };
        if !tail.left.iter().all(is_finite) {
            return false;
        }
        end -= done;
        fruitless = if done > 0 { 0 } else { fruitless + 1 };
        let size = end - top;
        if size <= SMALL || 100 * done > ENOUGH * rows {
            continue;
        }
        let mut pairs = pairs(h, [top, end], shifts, &mut tail.left, fruitless);
        if let [[p, q]] = &mut pairs[..] {
            // The better one of two real shifts, twice.
            if p.im == R::zero() {
                let corner = h[(end - 1, end - 1)];
                let better = if (p.re - corner).abs() < (q.re - corner).abs() {
                    *p
                } else {
                    *q
                };
                (*p, *q) = (better, better);
            }
        }
        // Chains of about the same length.
        let chains = pairs.len().div_ceil(most_bulges(n)).max(1);
        for chain in pairs.chunks(pairs.len().div_ceil(chains).max(1)) {
            chase(
                h,
                z.as_deref_mut(),
                [top, end],
                chain,
                span,
                &mut room,
                &mut around,
            );
        }
    }
    let mut found = Vec::with_capacity(n);
    values_of(h, n, &mut found);
    values.copy_from_slice(&found);
    true
}

/// Up to so many shifts for the block, in pairs of conjugates or of two real ones: those `left` in the window if
/// they are enough, else eigenvalues of the last rows; now and then others.
fn pairs<R: Float>(
    h: &Square<'_, R>,
    [top, end]: [usize; 2],
    count: usize,
    left: &mut Vec<Complex<R>>,
    fruitless: usize,
) -> Vec<[Complex<R>; 2]> {
    let count = count.min((end - top) / 3).max(2) & !1;
    if fruitless > 0 && fruitless.is_multiple_of(EXCEPTION_AFTER) {
        // As `hqr` and its successors.
        let other = |k: usize| {
            let i = end - 1 - 2 * k;
            let size = h[(i, i - 1)].abs() + h[(i - 1, i - 2)].abs();
            let re = h[(i, i)] + R::from_f64(0.75) * size;
            let im = R::from_f64(0.4375).sqrt() * size;
            [Complex::new(re, im), Complex::new(re, -im)]
        };
        return (0..count / 2).map(other).collect();
    }
    if left.len() <= count / 2 {
        let mut corner = vec![R::zero(); count * count];
        let mut corner = Square::new(&mut corner, count);
        let from = end - count;
        for j in 0..count {
            for i in 0..(j + 2).min(count) {
                corner[(i, j)] = h[(from + i, from + j)];
            }
        }
        left.resize(count, R::zero().into());
        if !small(&mut corner, None, left) {
            left.clear();
            left.push(h[(end - 1, end - 1)].into());
        }
    }
    // The smallest are used; pairs stay together.
    left.retain(is_finite);
    let mut real: Vec<_> = left.iter().filter(|x| x.im == R::zero()).collect();
    real.sort_by(|x, y| abs1(**x).partial_cmp(&abs1(**y)).expect("finite numbers"));
    let twos = real.chunks(2).map(|x| [*x[0], *x[x.len() - 1]]);
    let conjugates = left.iter().filter(|x| x.im > R::zero());
    let mut pairs: Vec<_> = conjugates.map(|x| [*x, x.conj()]).chain(twos).collect();
    pairs.sort_by(|x, y| abs1(x[0]).partial_cmp(&abs1(y[0])).expect("finite numbers"));
    pairs.truncate(count / 2);
    pairs
}

/// A window with the column before it, and its transformation.
struct Room<R> {
    a: Vec<R>,
    u: Vec<R>,
}

/// A bulge for each pair of shifts down the block.
fn chase<'a, R: Float>(
    h: &mut Square<'a, R>,
    mut z: Option<&mut Square<'a, R>>,
    [top, end]: [usize; 2],
    shifts: &[[Complex<R>; 2]],
    span: Span,
    room: &mut Room<R>,
    around: &mut Around<R>,
) {
    // The rows to which the bulges' next reflections belong.
    let mut at = [top; BULGES];
    let at = &mut at[..shifts.len()];
    let level = level();
    loop {
        let from = at[shifts.len() - 1];
        let to = end.min(from + window(shifts.len()));
        let rows = to - from;
        for j in 0..rows + 1 {
            let column = &mut room.a[j * rows..][..rows];
            if from + j == top {
                column.fill(R::zero());
            } else {
                column.copy_from_slice(&h.column(from + j - 1)[from..to]);
            }
        }
        let moves = Chain {
            rows,
            is_last: to == end,
            is_first: from == top,
            from,
            shifts,
        };
        // SAFETY: the level is that of the machine.
        unsafe { move_down(level, &moves, &mut room.a, &mut room.u, at) };
        for j in 0..rows + 1 {
            if from + j > top {
                h.column(from + j - 1)[from..to].copy_from_slice(&room.a[j * rows..][..rows]);
            }
        }
        let reached = moves.reached();
        let u = MatMut {
            rows: reached,
            cols: reached,
            ..column_major(room.u.as_mut_ptr(), rows, rows)
        };
        around.transform(u.as_ref(), h, z.as_deref_mut(), from, span);
        if to == end {
            return;
        }
    }
}

/// What is done in one window.
struct Chain<'s, R> {
    /// Rows of the window.
    rows: usize,
    /// Whether it is at the end of the block, where bulges vanish.
    is_last: bool,
    /// Whether it is at its beginning, where they come from.
    is_first: bool,
    /// Its first row.
    from: usize,
    shifts: &'s [[Complex<R>; 2]],
}

impl<R> Chain<'_, R> {
    /// Rows and columns that are transformed.
    fn reached(&self) -> usize {
        if self.is_last {
            self.rows
        } else {
            self.rows - 1
        }
    }
}

simd_dispatch! {
    /// Moves the bulges down the window `a`, whose first column is the one before it, from where they are `at`, and
    /// multiplies the reflections into `u`.
    unsafe fn move_down[R: Float](chain: &Chain<'_, R>, a: &mut [R], u: &mut [R], at: &mut [usize]) = move_down_body::<R>
}

/// # Safety
/// None beyond that the processor has the instructions it is compiled for.
#[inline(always)]
unsafe fn move_down_body<R: Float>(
    chain: &Chain<'_, R>,
    a: &mut [R],
    u: &mut [R],
    at: &mut [usize],
) {
    let (rows, zero) = (chain.rows, R::zero());
    // The last row and column are transformed from one side here.
    let (a, end) = (&mut a[..rows * (rows + 1)], rows * (chain.reached() + 1));
    let u = &mut u[..rows * rows];
    u.fill(zero);
    for i in 0..rows {
        u[i * (rows + 1)] = R::one();
    }
    for (bulge, (at, shifts)) in at.iter_mut().zip(chain.shifts).enumerate() {
        let start = *at - chain.from;
        let stop = if chain.is_last {
            rows - 1
        } else {
            rows - APART * (bulge + 1)
        };
        for k in start..stop {
            let three = k + 2 < rows;
            let mut v;
            if k == 0 && chain.is_first {
                let (x, y) = (&a[rows..][..rows], &a[2 * rows..][..rows]);
                v = first_column([[x[0], y[0]], [x[1], y[1]]], y[2], *shifts);
            } else {
                let column = &a[k * rows..][..rows];
                let third = if three { column[k + 2] } else { zero };
                v = [column[k], column[k + 1], third];
            }
            let tau = reflection(&mut v);
            if k > 0 || !chain.is_first {
                let column = &mut a[k * rows..][..rows];
                (column[k], column[k + 1]) = (v[0], zero);
                if three {
                    column[k + 2] = zero;
                }
            }
            let below = (k + 4).min(rows);
            // A bulge's reflections have reached two rows below its own, those of bulges before it more.
            let reached = (k + 3 + 2 * bulge).min(rows);
            if three {
                from_left::<R, 3>(&mut a[(k + 1) * rows..end], rows, k, &v, tau);
                from_right::<R, 3>(&mut a[(k + 1) * rows..], rows, 0..below, &v, tau);
                from_right::<R, 3>(&mut u[k * rows..], rows, start..reached, &v, tau);
            } else {
                from_left::<R, 2>(&mut a[(k + 1) * rows..end], rows, k, &v, tau);
                from_right::<R, 2>(&mut a[(k + 1) * rows..], rows, 0..below, &v, tau);
                from_right::<R, 2>(&mut u[k * rows..], rows, start..reached, &v, tau);
            }
        }
        *at = chain.from + stop;
    }
}

/// Reflects `N` rows from row `k` on of some columns; the vector's first element is one.
#[inline(always)]
fn from_left<R: Float, const N: usize>(a: &mut [R], rows: usize, k: usize, v: &[R; 3], tau: R) {
    let weights: [R; N] = std::array::from_fn(|i| if i == 0 { tau } else { tau * v[i] });
    for column in a.chunks_exact_mut(rows) {
        let x = &mut column[k..k + N];
        let sum = (1..N).fold(x[0], |sum, i| sum + v[i] * x[i]);
        for (x, &weight) in x.iter_mut().zip(&weights) {
            *x = *x - sum * weight;
        }
    }
}

/// The same for the first `N` columns, in some rows.
#[allow(clippy::needless_range_loop)] // several columns share the index
#[inline(always)]
fn from_right<R: Float, const N: usize>(
    a: &mut [R],
    rows: usize,
    range: std::ops::Range<usize>,
    v: &[R; 3],
    tau: R,
) {
    let weights: [R; N] = std::array::from_fn(|i| if i == 0 { tau } else { tau * v[i] });
    let mut columns = a.chunks_exact_mut(rows);
    let columns: [&mut [R]; N] =
        std::array::from_fn(|_| &mut columns.next().expect("inside")[range.clone()]);
    for i in 0..range.len() {
        let sum = (1..N).fold(columns[0][i], |sum, c| sum + v[c] * columns[c][i]);
        for c in 0..N {
            columns[c][i] = columns[c][i] - sum * weights[c];
        }
    }
}
