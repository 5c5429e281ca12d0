//! The singular value decomposition.

use std::mem::MaybeUninit;
use std::sync::Mutex;

use crate::array::{Array, ArrayRef, Dimension, Layout, Order, RemoveAxis, Scalar, error};
use crate::engine::par;
use crate::linalg::backend::{SvdJob, SvdOut, Workspace, active};
use crate::linalg::error::{Failure, LinalgError};
use crate::linalg::raw::MatMut;
use crate::linalg::stack::{Batch, mat_mut, mat_ref, position};

/// `A = U·diag(s)·Vᴴ`: what [`svd`] and [`svd_full`] return.
///
/// Singular vectors are unique up to a common sign (phase, for complex matrices) of each pair.
#[derive(Clone, Debug)]
pub struct Svd<T: Scalar, D: RemoveAxis> {
    /// Left singular vectors as columns: `(…, M, K)`, or `(…, M, M)` from [`svd_full`].
    pub u: Array<T, D>,
    /// Singular values in descending order: `(…, K)`, K = min(M, N).
    pub s: Array<T::Real, D::Smaller>,
    /// Right singular vectors, conjugated, as rows: `(…, K, N)`, or `(…, N, N)` from [`svd_full`].
    pub vt: Array<T, D>,
}

/// The thin singular value decomposition of a matrix or of each matrix of a stack `(…, M, N)`
/// (NumPy's `linalg.svd(a, full_matrices=False)`).
///
/// The residual ‖A − U·diag(s)·Vᴴ‖ is a small multiple of ε·‖A‖·max(M, N). LAPACK's `gesdd`, or
/// faer's bidiagonal divide and conquer.
///
/// # Errors
/// [`LinalgError::TooFewDimensions`]; [`LinalgError::NonFinite`] and
/// [`LinalgError::NotConverged`], naming the matrix of the stack.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let a = array![[3.0, 0.0], [0.0, -2.0], [0.0, 0.0]];
/// let svd = linalg::svd(&a)?;
/// assert!(svd.s.all_close(&array![3.0, 2.0], 1e-12, 0.0));
/// let again = (&svd.u * &svd.s).matmul(&svd.vt);
/// assert!(again.all_close(&a, 0.0, 1e-12));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn svd<T: Scalar, D: RemoveAxis>(a: &ArrayRef<T, D>) -> Result<Svd<T, D>, LinalgError> {
    decompose(a, SvdJob::Thin)
}

/// The full singular value decomposition, with square U and Vᴴ (NumPy's `linalg.svd(a)`).
///
/// # Errors
/// As [`svd`].
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let svd = linalg::svd_full(&Array2::<f64>::ones([4, 3]))?;
/// assert_eq!((svd.u.shape(), svd.vt.shape()), (&[4, 4][..], &[3, 3][..]));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn svd_full<T: Scalar, D: RemoveAxis>(a: &ArrayRef<T, D>) -> Result<Svd<T, D>, LinalgError> {
    decompose(a, SvdJob::Full)
}

/// The singular values alone, in descending order: `(…, min(M, N))` (NumPy's `linalg.svdvals`).
///
/// # Errors
/// As [`svd`].
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let s = linalg::svdvals(&array![[3.0, 4.0]])?;
/// assert!(s.all_close(&array![5.0], 1e-12, 0.0));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn svdvals<T: Scalar, D: RemoveAxis>(
    a: &ArrayRef<T, D>,
) -> Result<Array<T::Real, D::Smaller>, LinalgError> {
    let shapes = Shapes::new("svdvals", a, SvdJob::ValuesOnly)?;
    let s = fresh::<T::Real, D::Smaller>("svdvals", &shapes.s)?;
    // SAFETY: `s` is fresh and has the shape that `run` writes whole.
    unsafe {
        run(
            "svdvals",
            a,
            SvdJob::ValuesOnly,
            &shapes,
            s.head.ptr.as_ptr().cast(),
            None,
        )?;
        Ok(s.assume_init())
    }
}

/// The shapes of the factors.
struct Shapes {
    batch: Vec<usize>,
    k: usize,
    s: Vec<usize>,
    u: Vec<usize>,
    vt: Vec<usize>,
}

impl Shapes {
    fn new<T, D: Dimension>(
        op: &'static str,
        a: &ArrayRef<T, D>,
        job: SvdJob,
    ) -> Result<Self, LinalgError> {
        let [batch @ .., m, n] = a.shape() else {
            return Err(LinalgError::TooFewDimensions {
                op,
                shape: a.shape().to_vec(),
            });
        };
        let (m, n) = (*m, *n);
        let k = m.min(n);
        let (left, right) = if job == SvdJob::Full { (m, n) } else { (k, k) };
        let with = |extents: &[usize]| batch.iter().chain(extents).copied().collect();
        Ok(Shapes {
            batch: batch.to_vec(),
            k,
            s: with(&[k]),
            u: with(&[m, left]),
            vt: with(&[right, n]),
        })
    }
}

fn fresh<T, D: Dimension>(
    op: &'static str,
    shape: &[usize],
) -> Result<Array<MaybeUninit<T>, D>, LinalgError> {
    Layout::<D>::checked_len(shape, size_of::<T>()).map_err(|_| LinalgError::TooLarge {
        op,
        shape: shape.to_vec(),
    })?;
    Ok(Array::<T, D>::uninit_layout(Layout::dense(
        error::unwrap(D::from_slice(shape)),
        Order::C,
    )))
}

fn decompose<T: Scalar, D: RemoveAxis>(
    a: &ArrayRef<T, D>,
    job: SvdJob,
) -> Result<Svd<T, D>, LinalgError> {
    let shapes = Shapes::new("svd", a, job)?;
    let s = fresh::<T::Real, D::Smaller>("svd", &shapes.s)?;
    let u = fresh::<T, D>("svd", &shapes.u)?;
    let vt = fresh::<T, D>("svd", &shapes.vt)?;
    let vectors = (
        mat_mut(u.head.ptr.cast::<T>(), u.shape(), u.strides()),
        mat_mut(vt.head.ptr.cast::<T>(), vt.shape(), vt.strides()),
    );
    // SAFETY: the factors are fresh and have the shapes that `run` writes whole.
    unsafe {
        run(
            "svd",
            a,
            job,
            &shapes,
            s.head.ptr.as_ptr().cast(),
            Some(vectors),
        )?;
        Ok(Svd {
            u: u.assume_init(),
            s: s.assume_init(),
            vt: vt.assume_init(),
        })
    }
}

/// Decomposes every matrix of the stack into the members of the (dense) factors.
///
/// # Safety
/// `s` has room for `k` values per matrix; `vectors` are the first matrices of stacks in C order
/// with the shapes that `job` asks for. None overlaps `a`.
unsafe fn run<T: Scalar, D: Dimension>(
    op: &'static str,
    a: &ArrayRef<T, D>,
    job: SvdJob,
    shapes: &Shapes,
    s: *mut T::Real,
    vectors: Option<(MatMut<T>, MatMut<T>)>,
) -> Result<(), LinalgError> {
    let backend = active()?;
    let lead = shapes.batch.len();
    let first = mat_ref(a.ptr, a.shape(), a.strides());
    let zeros = vec![0isize; lead];
    let batch = Batch::new(&shapes.batch, [&a.strides()[..lead], &zeros, &zeros]);
    let s = SendPtr(s);
    let one = |i: usize, work: &mut Workspace, threads: usize| -> Result<(), Failure> {
        // SAFETY: member `i` of every stack, by the caller's promise and invariant 2.
        unsafe {
            let matrix = first.at(batch.offsets(i).0);
            let nth = |m: MatMut<T>| m.at((i * m.rows * m.cols) as isize);
            let out = SvdOut {
                s: std::slice::from_raw_parts_mut(s.get().add(i * shapes.k), shapes.k),
                u: vectors.map(|(u, _)| nth(u)),
                vt: vectors.map(|(_, vt)| nth(vt)),
            };
            backend.svd(matrix, job, out, work, threads)
        }
    };
    let fail = |i: usize, failure: Failure| failure.at(op, a.shape(), &position(&shapes.batch, i));
    if batch.len() == 1 {
        return one(0, &mut Workspace::new(), par::threads()).map_err(|failure| fail(0, failure));
    }
    let _single = backend.single_threaded();
    // The first failure in the order of the stack, whichever thread finds it.
    let failed: Mutex<Option<(usize, Failure)>> = Mutex::new(None);
    par::for_ranges(batch.len(), 1, par::threads(), |_, range| {
        let mut work = Workspace::new();
        for i in range {
            if let Err(failure) = one(i, &mut work, 1) {
                let mut failed = failed
                    .lock()
                    .unwrap_or_else(|poisoned| poisoned.into_inner());
                if failed.is_none_or(|(first, _)| i < first) {
                    *failed = Some((i, failure));
                }
                return;
            }
        }
    });
    match failed
        .into_inner()
        .unwrap_or_else(|poisoned| poisoned.into_inner())
    {
        Some((i, failure)) => Err(fail(i, failure)),
        None => Ok(()),
    }
}

/// A pointer that batch workers share; each writes its own members.
#[derive(Clone, Copy)]
struct SendPtr<T>(*mut T);
impl<T> SendPtr<T> {
    fn get(self) -> *mut T {
        self.0
    }
}
// SAFETY: who dereferences it answers for disjointness; `T` may be sent.
unsafe impl<T: Send> Send for SendPtr<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for SendPtr<T> {}
