//! One operation on every matrix of a stack: in parallel, with a workspace for each worker, naming
//! the member that fails.

use std::mem::MaybeUninit;
use std::sync::{Mutex, PoisonError};

use super::backend::{Backend, Workspace, active};
use super::error::{Failure, LinalgError};
use super::matrix_dim::MatrixDim;
use super::raw::{MatMut, MatRef};
use super::solve::first_right_side;
use super::stack::{Batch, position};
use crate::array::error::unwrap;
use crate::array::{Array, ArrayRef, Dimension, IxDyn, Layout, MAX_NDIM, Number, Order, Scalar};
use crate::engine::par;

/// Multiply-adds that are worth a thread.
const PARALLEL_WORK: usize = 20_000;

/// A matrix or stack to read, its rank erased.
#[derive(Clone, Copy)]
pub(crate) struct Stack<'a, T> {
    pub(crate) op: &'static str,
    /// The whole shape.
    pub(crate) shape: &'a [usize],
    strides: &'a [isize],
    /// The first matrix.
    pub(crate) first: MatRef<T>,
}

impl<'a, T: Copy> Stack<'a, T> {
    pub(crate) fn new<D: Dimension>(
        op: &'static str,
        a: &'a ArrayRef<T, D>,
    ) -> Result<Self, LinalgError> {
        let (shape, strides) = (a.shape(), a.strides());
        let n = shape.len();
        if !(2..=MAX_NDIM).contains(&n) {
            let shape = shape.to_vec();
            return Err(LinalgError::TooFewDimensions { op, shape });
        }
        let first = super::stack::mat_ref(a.ptr, shape, strides);
        Ok(Stack {
            op,
            shape,
            strides,
            first,
        })
    }

    /// Who decomposes matrices of this size.
    pub(crate) fn backend(&self) -> Result<Backend, LinalgError> {
        active(self.first.rows.max(self.first.cols))
    }

    /// As `new`, of square matrices.
    pub(crate) fn square<D: Dimension>(
        op: &'static str,
        a: &'a ArrayRef<T, D>,
    ) -> Result<Self, LinalgError> {
        let this = Self::new(op, a)?;
        if this.first.rows != this.first.cols {
            let shape = this.shape.to_vec();
            return Err(LinalgError::NotSquare { op, shape });
        }
        Ok(this)
    }

    /// The leading axes.
    pub(crate) fn batch(&self) -> &'a [usize] {
        &self.shape[..self.shape.len() - 2]
    }

    /// The members in the order of the stack.
    pub(crate) fn members(&self) -> Batch {
        let lead = &self.strides[..self.shape.len() - 2];
        let zeros = [0isize; MAX_NDIM];
        let zeros = &zeros[..lead.len()];
        Batch::new(self.batch(), [lead, zeros, zeros])
    }

    /// Strides of the leading axes seen as a member of the broadcast stack `batch`.
    pub(crate) fn lead_strides(&self, batch: &[usize]) -> [isize; MAX_NDIM] {
        let own = self.batch();
        let mut out = [0isize; MAX_NDIM];
        let from = batch.len() - own.len();
        for ((out, &n), &stride) in out[from..].iter_mut().zip(own).zip(self.strides) {
            *out = if n == 1 { 0 } else { stride };
        }
        out
    }

    /// Runs `one` for every member, which costs about `work` multiply-adds.
    pub(crate) fn run(
        &self,
        backend: Backend,
        work: usize,
        one: impl Fn(usize, MatRef<T>, &mut Workspace, usize) -> Result<(), Failure> + Sync,
    ) -> Result<(), LinalgError>
    where
        T: Sync,
    {
        let members = self.members();
        let first = self.first;
        for_each(
            (self.op, self.shape, self.batch()),
            backend,
            work,
            |i, space, threads| one(i, first.at(members.offsets(i).0), space, threads),
        )
    }
}

/// Runs `one(i, workspace, threads)` for every member of the stack `batch`, and reports the first
/// failure in the order of the stack, whichever thread finds it.
pub(crate) fn for_each(
    (op, shape, batch): (&'static str, &[usize], &[usize]),
    backend: Backend,
    work: usize,
    one: impl Fn(usize, &mut Workspace, usize) -> Result<(), Failure> + Sync,
) -> Result<(), LinalgError> {
    let len: usize = batch.iter().product();
    let fail = |i: usize, failure: Failure| {
        let index = if shape.len() == batch.len() + 2 {
            position(batch, i)
        } else {
            // A single matrix against a stack of right-hand sides.
            Vec::new()
        };
        failure.at(op, shape, &index)
    };
    let available = par::threads();
    // A few matrices are computed one by one, each on all threads.
    if len == 1 || len < available {
        let mut space = Workspace::new();
        return (0..len)
            .try_for_each(|i| one(i, &mut space, available).map_err(|failure| fail(i, failure)));
    }
    let threads = available
        .min(len.saturating_mul(work) / PARALLEL_WORK)
        .max(1);
    let _single = backend.single_threaded();
    let failed: Mutex<Option<(usize, Failure)>> = Mutex::new(None);
    par::for_ranges(len, 1, threads, |_, range| {
        let mut space = Workspace::new();
        for i in range {
            if let Err(failure) = one(i, &mut space, 1) {
                let mut failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
                if failed.is_none_or(|(first, _)| i < first) {
                    *failed = Some((i, failure));
                }
                return;
            }
        }
    });
    match failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some((i, failure)) => Err(fail(i, failure)),
        None => Ok(()),
    }
}

/// The first `k` columns of every matrix, each times its factor, then columns of zeros up to `cols` of them;
/// `factors` are `k` for one matrix after another.
pub(crate) fn scale_columns<T: Scalar, D: Dimension>(
    x: &ArrayRef<T, D>,
    factors: &[T],
    k: usize,
    cols: usize,
) -> Array<T, D> {
    let stack = unwrap(Stack::new("scale", x));
    let (first, members) = (stack.first, stack.members());
    assert!(
        k <= first.cols && k <= cols && factors.len() == members.len() * k,
        "{k} of {} columns into {cols}, by {} factors",
        first.cols,
        factors.len()
    );
    let out = unwrap(Fresh::<T, D>::zeroed(
        "scale",
        stack.batch(),
        &[first.rows, cols],
    ));
    for member in 0..members.len() {
        let from = first.at(members.offsets(member).0);
        let factors = &factors[member * k..(member + 1) * k];
        // SAFETY: a member of a fresh array that is initialised.
        let to = unsafe { out.slots().slice(member) };
        for (i, row) in to.chunks_exact_mut(cols.max(1)).enumerate() {
            for (j, (to, &factor)) in row.iter_mut().zip(factors).enumerate() {
                let offset = i as isize * from.row_stride + j as isize * from.col_stride;
                // SAFETY: row i and column j < k are in range of a member.
                *to = unsafe { *from.ptr.offset(offset) } * factor;
            }
        }
    }
    // SAFETY: it is initialised.
    unsafe { out.finish() }
}

/// `f(i)` for every member `i` of the stack `batch`, in order.
pub(crate) fn per_member<R: Copy, D: MatrixDim>(
    batch: &[usize],
    mut f: impl FnMut(usize) -> R,
) -> D::PerMatrix<R> {
    let out = unwrap(Fresh::<R, D::Batch>::new("stack", batch, &[]));
    for member in 0..batch.iter().product() {
        // SAFETY: a member of a fresh array.
        unsafe { out.slots().matrix(member).ptr.write(f(member)) };
    }
    // SAFETY: every member was written.
    D::per_matrix(unsafe { out.finish() })
}

/// `f` of the `k` values of every matrix.
pub(crate) fn of_values<V: Copy, R: Copy, D: MatrixDim>(
    batch: &[usize],
    values: &[V],
    k: usize,
    f: impl Fn(&[V]) -> R,
) -> D::PerMatrix<R> {
    per_member::<_, D>(batch, |member| f(&values[member * k..(member + 1) * k]))
}

/// Solves with a matrix of this shape, or a stack of them, that is kept in factors: `f` of the right-hand sides `b`,
/// one vector or matrices. `f` is given matrices and makes matrices; the result has vectors again for a vector.
pub(crate) fn by_columns<T: Scalar, R: Scalar, E: Dimension, O: Dimension>(
    shape: &[usize],
    b: &ArrayRef<T, E>,
    f: impl FnOnce(Array<T, IxDyn>) -> Result<Array<R, IxDyn>, LinalgError>,
) -> Result<Array<R, O>, LinalgError> {
    let signatures = ["(m,n),(m)->(n)", "(m,n),(m,k)->(n,k)"];
    first_right_side("solve", signatures, b, (shape, shape[shape.len() - 2]))?;
    let vector = b.ndim() == 1;
    let columns = b.view_dyn();
    let x = f(if vector {
        columns.insert_axis(1).to_owned()
    } else {
        columns.to_owned()
    })
    .map_err(|error| match error.of("solve", shape) {
        LinalgError::BatchBroadcast { op, .. } => {
            let (lhs, rhs) = (shape.to_vec(), b.shape().to_vec());
            LinalgError::BatchBroadcast { op, lhs, rhs }
        }
        other => other,
    })?;
    let x = if vector {
        x.index_axis(-1, 0).to_owned()
    } else {
        x
    };
    Ok(x.into_rank_of()?)
}

/// A fresh result, dense in C order, that workers fill member by member.
pub(crate) struct Fresh<T, D: Dimension> {
    array: Array<MaybeUninit<T>, D>,
    rows: usize,
    cols: usize,
}

impl<T, D: Dimension> Fresh<T, D> {
    /// Room for one `core` (a number `[]`, vector `[n]` or matrix `[m, n]`) per member of `batch`.
    pub(crate) fn new(
        op: &'static str,
        batch: &[usize],
        core: &[usize],
    ) -> Result<Self, LinalgError> {
        let mut shape = [0usize; MAX_NDIM + 2];
        let ndim = batch.len() + core.len();
        shape[..batch.len()].copy_from_slice(batch);
        shape[batch.len()..ndim].copy_from_slice(core);
        let shape = &shape[..ndim];
        let too_large = |_| LinalgError::TooLarge {
            op,
            shape: shape.to_vec(),
        };
        Layout::<D>::checked_len(shape, size_of::<T>()).map_err(too_large)?;
        let dim = D::from_slice(shape).map_err(too_large)?;
        let (rows, cols) = match *core {
            [m, n] => (m, n),
            [n] => (n, 1),
            _ => (1, 1),
        };
        Ok(Fresh {
            array: Array::<T, D>::uninit_layout(Layout::dense(dim, Order::C)),
            rows,
            cols,
        })
    }

    /// The members to write.
    pub(crate) fn slots(&self) -> Slots<T> {
        Slots {
            ptr: self.array.head.ptr.as_ptr().cast(),
            rows: self.rows,
            cols: self.cols,
        }
    }

    /// The finished array.
    ///
    /// # Safety
    /// Every member was written.
    pub(crate) unsafe fn finish(self) -> Array<T, D> {
        // SAFETY: the caller's promise.
        unsafe { self.array.assume_init() }
    }
}

impl<T: Number, D: Dimension> Fresh<T, D> {
    /// As `new`, filled with zeros, so that members may be had as slices.
    pub(crate) fn zeroed(
        op: &'static str,
        batch: &[usize],
        core: &[usize],
    ) -> Result<Self, LinalgError> {
        let this = Self::new(op, batch, core)?;
        let len = this.array.len();
        let start = this.slots().ptr;
        for i in 0..len {
            // SAFETY: the array is dense and has `len` elements.
            unsafe { start.add(i).write(T::zero()) };
        }
        Ok(this)
    }
}

/// The members of a [`Fresh`] array; workers share it, each writes its own.
pub(crate) struct Slots<T> {
    ptr: *mut T,
    rows: usize,
    cols: usize,
}

impl<T> Clone for Slots<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Slots<T> {}
// SAFETY: who dereferences it answers for disjointness; `T` may be sent.
unsafe impl<T: Send> Send for Slots<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Slots<T> {}

impl<T> Slots<T> {
    /// The members of a vector of `len` elements each.
    pub(crate) fn of(values: &mut [T], len: usize) -> Self {
        Slots {
            ptr: values.as_mut_ptr(),
            rows: len,
            cols: 1,
        }
    }

    /// Member `i` as a matrix; a vector is one column.
    pub(crate) fn matrix(self, i: usize) -> MatMut<T> {
        MatMut {
            ptr: self.ptr.wrapping_add(i * self.rows * self.cols),
            rows: self.rows,
            cols: self.cols,
            row_stride: self.cols as isize,
            col_stride: 1,
        }
    }

    /// Member `i`.
    ///
    /// # Safety
    /// It exists, is initialised, and nobody else uses it.
    pub(crate) unsafe fn slice<'s>(self, i: usize) -> &'s mut [T] {
        let len = self.rows * self.cols;
        // SAFETY: the caller's promise.
        unsafe { std::slice::from_raw_parts_mut(self.ptr.add(i * len), len) }
    }
}
