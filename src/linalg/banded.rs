//! Systems whose matrix is zero but for a few diagonals.
//!
//! One algorithm, Gaussian elimination with partial pivoting within the band (LAPACK's `gbtf2`), for
//! every backend: it is bound by memory, not by kernels, so that a library has nothing to add.

use std::any::TypeId;

use num_complex::Complex;

use super::backend::workspace::Pieces;
use super::error::{Failure, LinalgError};
use super::members::Stack;
use super::products::MatmulDim;
use super::raw::{MatMut, MatRef};
use super::solve::solve_stack;
use crate::array::{Array, ArrayRef, Dimension, Ix1, Ix2, Scalar};
use crate::s;

/// Solves `A·X = B` for a matrix with `lower` diagonals below the main one and `upper` above it (SciPy's
/// `linalg.solve_banded`), by elimination with partial pivoting within the band.
///
/// `ab` holds the diagonals as rows, the topmost first, each entry in its own column:
/// `ab[upper + i − j, j] = A[i, j]`. It is `(lower + upper + 1, N)` or a stack of those; entries that
/// belong to no element of A are not read. A 1-d `b` is one vector `(N)`, any other `(…, N, K)`, and
/// stacks broadcast, as for [`solve`](super::solve). The cost is N·lower·(lower + upper) multiply-adds
/// and a copy of the band; the residual is a small multiple of ε·‖A‖·‖X‖ in practice. The algorithm is
/// the same on every backend.
///
/// # Errors
/// [`LinalgError::CoreDimension`] if `ab` has another number of rows or `b` does not fit,
/// [`LinalgError::BatchBroadcast`]; [`LinalgError::NonFinite`] and [`LinalgError::Singular`], when a
/// pivot is exactly zero, naming the matrix of the stack.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// // 4 on the main diagonal, 1 above it, 2 and 1 below.
/// let ab = array![[0.0, 1.0, 1.0], [4.0, 4.0, 4.0], [2.0, 2.0, 0.0], [1.0, 0.0, 0.0]];
/// let a = array![[4.0, 1.0, 0.0], [2.0, 4.0, 1.0], [1.0, 2.0, 4.0]];
/// let x = linalg::solve_banded((2, 1), &ab, &array![1.0, 2.0, 3.0])?;
/// assert!(a.matmul(&x).all_close(&array![1.0, 2.0, 3.0], 1e-12, 0.0));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn solve_banded<T: Scalar, D: MatmulDim<E>, E: Dimension>(
    (lower, upper): (usize, usize),
    ab: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> Result<Array<T, D::Output>, LinalgError> {
    solve("solve_banded", lower, upper, ab, b)
}

/// Solves `A·X = B` for a tridiagonal A with these elements below, on and above the diagonal: N − 1, N
/// and N − 1 of them. As [`solve_banded`] (SciPy's `solve_banded((1, 1), …)`, LAPACK's `gtsv`).
///
/// `b` is a vector `(N)` or a matrix, or stack of matrices, `(…, N, K)`.
///
/// # Errors
/// As [`solve_banded`]; [`LinalgError::Unsupported`] if the diagonals do not fit together.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let (below, main, above) = (array![1.0, 1.0], array![2.0, 2.0, 2.0], array![-1.0, -1.0]);
/// let x = linalg::solve_tridiagonal(&below, &main, &above, &array![1.0, 2.0, 3.0])?;
/// let a = array![[2.0, -1.0, 0.0], [1.0, 2.0, -1.0], [0.0, 1.0, 2.0]];
/// assert!(a.matmul(&x).all_close(&array![1.0, 2.0, 3.0], 1e-12, 0.0));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn solve_tridiagonal<T: Scalar, E: Dimension>(
    below: &ArrayRef<T, Ix1>,
    main: &ArrayRef<T, Ix1>,
    above: &ArrayRef<T, Ix1>,
    b: &ArrayRef<T, E>,
) -> Result<Array<T, E>, LinalgError> {
    let (op, n) = ("solve_tridiagonal", main.len());
    if [below.len(), above.len()] != [n.saturating_sub(1); 2] {
        return Err(LinalgError::Unsupported {
            op,
            reason: "the diagonals above and below must have one element less than the main one",
            shapes: [below, main, above].map(|x| x.shape().to_vec()).to_vec(),
        });
    }
    let mut ab = Array::<T, Ix2>::zeros([3, n]);
    ab.row_mut(1).assign(main);
    if n > 0 {
        ab.slice_mut(s![0, 1..]).assign(above);
        ab.slice_mut(s![2, ..-1]).assign(below);
    }
    solve(op, 1, 1, &*ab, b)
}

fn solve<T: Scalar, D: Dimension, E: Dimension, O: Dimension>(
    op: &'static str,
    lower: usize,
    upper: usize,
    ab: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> Result<Array<T, O>, LinalgError> {
    const SIGNATURE: &str = "(l+u+1,m),(m,n)->(m,n)";
    let mut stack = Stack::new(op, ab)?;
    let (rows, n) = (stack.first.rows, stack.first.cols);
    let expected = lower.saturating_add(upper).saturating_add(1);
    if rows != expected {
        return Err(LinalgError::CoreDimension {
            op,
            operand: 0,
            dimension: 0,
            signature: SIGNATURE,
            size: rows,
            expected,
            shapes: vec![ab.shape().to_vec(), b.shape().to_vec()],
        });
    }
    // Diagonals that do not meet the matrix are not there.
    let l = lower.min(n.saturating_sub(1));
    let u = upper.min(n.saturating_sub(1));
    let width = 2 * l + u + 1;
    let bytes = n
        .checked_mul(width)
        .and_then(|len| len.checked_mul(size_of::<T>()));
    if bytes.is_none_or(|bytes| bytes > isize::MAX as usize) {
        let shape = stack.shape.to_vec();
        return Err(LinalgError::TooLarge { op, shape });
    }
    // To the common code the rows of the operand are those of the solution.
    stack.first = stack.first.t();
    let work = n * l * (l + u) + n * width;
    let solved = solve_stack(stack, b, work, |_, a, b, work, _| {
        let block = work.bytes(Pieces::size::<T>(n * width));
        let band = Pieces::new(block).take::<T>(n * width);
        for x in band.iter_mut() {
            x.write(T::zero());
        }
        let system = Banded {
            a: MatRef {
                ptr: a.ptr.wrapping_offset((upper - u) as isize * a.col_stride),
                cols: l + u + 1,
                ..a
            },
            band: MatMut {
                ptr: band.as_mut_ptr().cast(),
                rows: n,
                cols: width,
                row_stride: width as isize,
                col_stride: 1,
            },
            b,
            l,
            u,
        };
        // SAFETY: `a` is a member of an array, the band is ours and zero, `b` a fresh copy.
        unsafe { system.solve() }
    });
    solved.map_err(|mut error| {
        if let LinalgError::CoreDimension { signature, .. } = &mut error {
            *signature = SIGNATURE;
        }
        error
    })
}

/// One system.
#[derive(Clone, Copy)]
struct Banded<T> {
    /// The transpose of SciPy's `ab`, (n, l + u + 1): row j holds column j of A, from row j − u on.
    a: MatRef<T>,
    /// Zeros, dense, (n, 2l + u + 1): becomes row i of the factor U, from column i − l on.
    band: MatMut<T>,
    /// Right-hand sides, dense, (n, k): become the solution.
    b: MatMut<T>,
    l: usize,
    u: usize,
}

/// Compiles elimination in this crate, once for each scalar.
macro_rules! scalars {
    ($($name:ident: $t:ty),+) => {
        $(
            #[inline(never)]
            fn $name(a: MatRef<$t>, band: &mut [$t], b: &mut [$t], l: usize, u: usize) -> Result<(), Failure> {
                // SAFETY: only called below, on the promise there.
                unsafe { fill(a, band, l, u)? };
                eliminate(band, b, a.rows, l, u)
            }
        )+

        impl<T: Scalar> Banded<T> {
            /// # Safety
            /// The entries of `a` that belong to elements of A are readable; `band` and `b` are as
            /// described and overlap neither each other nor `a`.
            unsafe fn solve(self) -> Result<(), Failure> {
                let Banded { a, band, b, l, u } = self;
                assert!(b.rows == a.rows && b.row_stride == b.cols as isize && b.col_stride == 1);
                if b.rows == 0 {
                    return Ok(());
                }
                $(
                    if TypeId::of::<T>() == TypeId::of::<$t>() {
                        // SAFETY: `T` is this very type; the caller's promise.
                        return unsafe {
                            let a = MatRef {
                                ptr: a.ptr.cast::<$t>(),
                                rows: a.rows,
                                cols: a.cols,
                                row_stride: a.row_stride,
                                col_stride: a.col_stride,
                            };
                            let band = std::slice::from_raw_parts_mut(band.ptr.cast(), band.rows * band.cols);
                            let b = std::slice::from_raw_parts_mut(b.ptr.cast(), b.rows * b.cols);
                            $name(a, band, b, l, u)
                        };
                    }
                )+
                unreachable!("there are four scalars")
            }
        }
    };
}
scalars!(of_f32: f32, of_f64: f64, of_c32: Complex<f32>, of_c64: Complex<f64>);

/// Copies the diagonals into the rows of the band.
///
/// # Safety
/// As [`Banded::solve`].
unsafe fn fill<T: Scalar>(a: MatRef<T>, band: &mut [T], l: usize, u: usize) -> Result<(), Failure> {
    let (n, width) = (a.rows, 2 * l + u + 1);
    let mut finite = true;
    for diagonal in 0..=l + u {
        // Element (i, j) lies on diagonal u + i − j.
        let columns = u.saturating_sub(diagonal)..n.min(n + u - diagonal);
        for j in columns {
            let i = diagonal + j - u;
            let offset = j as isize * a.row_stride + diagonal as isize * a.col_stride;
            // SAFETY: row i is in range, so the entry is an element of A.
            let value = unsafe { *a.ptr.offset(offset) };
            finite &= value.is_finite();
            band[i * width + j + l - i] = value;
        }
    }
    if finite {
        Ok(())
    } else {
        Err(Failure::NonFinite)
    }
}

/// Solves in place. Rows of `band` are `2l + u + 1` long, since pivoting moves up to `l` diagonals above
/// the upper ones.
fn eliminate<T: Scalar>(
    band: &mut [T],
    b: &mut [T],
    n: usize,
    l: usize,
    u: usize,
) -> Result<(), Failure> {
    let (width, k) = (2 * l + u + 1, b.len() / n);
    let size = |x: T| num_traits::Float::abs(x.re()) + num_traits::Float::abs(x.im());
    // What row i + below has to be reduced by row i, from the column of i on.
    let reach = |i: usize| (l + u).min(n - 1 - i) + 1;
    if b.iter().any(|x| !x.is_finite()) {
        return Err(Failure::NonFinite);
    }
    for i in 0..n {
        let (len, last) = (reach(i), (i + l).min(n - 1));
        let at = |row: usize| row * width + l - (row - i);
        let mut pivot = i;
        for row in i + 1..=last {
            if size(band[at(row)]) > size(band[at(pivot)]) {
                pivot = row;
            }
        }
        if band[at(pivot)] == T::zero() {
            return Err(Failure::Singular);
        }
        if pivot != i {
            let (head, tail) = band.split_at_mut(at(pivot));
            head[at(i)..][..len].swap_with_slice(&mut tail[..len]);
            let (head, tail) = b.split_at_mut(pivot * k);
            head[i * k..][..k].swap_with_slice(&mut tail[..k]);
        }
        let (head, tail) = band.split_at_mut((i + 1) * width);
        let (upper, lower) = b.split_at_mut((i + 1) * k);
        let (pivots, above) = (&head[at(i)..][..len], &upper[i * k..]);
        for row in i + 1..=last {
            let reduced = &mut tail[at(row) - (i + 1) * width..][..len];
            let factor = reduced[0] / pivots[0];
            if factor != T::zero() {
                subtract(&mut reduced[1..], factor, &pivots[1..]);
                subtract(&mut lower[(row - i - 1) * k..][..k], factor, above);
            }
        }
    }
    for i in (0..n).rev() {
        let row = &band[i * width + l..][..reach(i)];
        let (upper, lower) = b.split_at_mut((i + 1) * k);
        let x = &mut upper[i * k..];
        for (&factor, known) in row[1..].iter().zip(lower.chunks_exact(k.max(1))) {
            subtract(x, factor, known);
        }
        x.iter_mut().for_each(|x| *x = *x / row[0]);
    }
    Ok(())
}

#[inline(always)]
fn subtract<T: Scalar>(from: &mut [T], factor: T, row: &[T]) {
    for (x, &y) in from.iter_mut().zip(row) {
        *x = *x - factor * y;
    }
}
