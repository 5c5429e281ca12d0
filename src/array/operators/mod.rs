//! Operators between arrays, views and scalars: `+ - * / %`, `& | ^ << >>`, `-`, `!` and their
//! assigning forms.
//!
//! All come down to [`operate`] and [`operate_assign`]: broadcast, reuse the buffer of an owned
//! operand (left or right) when the result has its shape, run the element type's kernel.

pub(crate) mod kernels;
mod left;
mod methods;
mod right;

use super::dimension::Dimension;
use super::element::Number;
use super::error::ShapeError;
use super::lattice::DimMax;
use super::layout::broadcast_pair;
use super::loops;
use super::operand::Operand;
use super::types::{Array, ArrayRef, ArrayView};
use crate::engine::Cost;
use crate::reduce::{Summable, Total};

pub use kernels::{Arithmetic, Bits, Bitwise, Integer, LoopKernel};
pub(crate) use kernels::{arithmetic, negation};
pub(crate) use methods::checked;

/// An operator for element type `T`: its kernel, what it costs, what must hold of the right side.
#[derive(Clone, Copy)]
pub(crate) struct Op<T> {
    kernel: LoopKernel<fn(T, T) -> T>,
    cost: Cost,
    name: &'static str,
}

impl<T: Number> Op<T> {
    #[inline]
    pub(crate) fn arithmetic(op: Arithmetic) -> Self {
        let (cost, name) = match op {
            Arithmetic::Add => (Cost::Memory, "add"),
            Arithmetic::Sub => (Cost::Memory, "subtract"),
            Arithmetic::Mul => (Cost::Memory, "multiply"),
            Arithmetic::Div => (Cost::Arithmetic, "divide"),
            Arithmetic::Rem => (Cost::Arithmetic, "remainder"),
        };
        Op {
            kernel: T::arithmetic(op),
            cost,
            name,
        }
    }

    /// An integer divisor must not be zero anywhere, or nothing is computed.
    fn check_divisor<D: Dimension>(&self, divisor: &ArrayRef<T, D>) -> Result<(), ShapeError> {
        if !T::CHECKS_DIVISOR || self.cost != Cost::Arithmetic {
            return Ok(());
        }
        let zero = match divisor.as_slice_memory_order() {
            // Blocks without an early exit vectorise.
            Some(slice) => slice.chunks(1024).any(|block| {
                block
                    .iter()
                    .fold(false, |zero, divisor| zero | divisor.is_zero())
            }),
            None => divisor.iter().any(T::is_zero),
        };
        if !zero {
            return Ok(());
        }
        let index = divisor
            .indexed_iter()
            .find(|(_, divisor)| divisor.is_zero())
            .map_or_else(Vec::new, |(index, _)| index.as_ref().to_vec());
        Err(ShapeError::ZeroDivisor {
            op: self.name,
            index,
        })
    }
}

impl<T: Summable> Op<T> {
    /// `+` and `*`, which are logical or and and of `bool`, as in NumPy.
    #[inline]
    pub(crate) fn total(op: Total) -> Self {
        Op {
            kernel: T::operator(op),
            cost: Cost::Memory,
            name: match op {
                Total::Sum => "add",
                Total::Product => "multiply",
            },
        }
    }
}

impl<T: Bits> Op<T> {
    #[inline]
    pub(crate) fn bitwise(op: Bitwise) -> Self {
        Op {
            kernel: T::bitwise(op),
            cost: Cost::Memory,
            name: "bitwise",
        }
    }
}

/// Where the result of an operator went.
enum Result3<T, D: Dimension> {
    Fresh(Array<T, D>),
    Left,
    Right,
}

/// `lhs op rhs` for arithmetic: integer divisors are checked first.
#[inline]
pub(crate) fn compute<T: Number, L: Operand<T>, R: Operand<T>>(
    op: Op<T>,
    lhs: L,
    rhs: R,
) -> Result<Array<T, <L::Dim as DimMax<R::Dim>>::Output>, ShapeError>
where
    L::Dim: DimMax<R::Dim>,
{
    if T::CHECKS_DIVISOR && op.cost == Cost::Arithmetic {
        // Shapes first: a mismatch is the more telling mistake.
        lhs.with_view(|a| {
            rhs.with_view(|b| {
                let dim: <L::Dim as DimMax<R::Dim>>::Output = broadcast_pair(a.shape(), b.shape())?;
                if dim.as_slice().contains(&0) {
                    Ok(())
                } else {
                    op.check_divisor(&b)
                }
            })
        })?;
    }
    operate(op, lhs, rhs)
}

/// `lhs op rhs` with whatever buffer fits.
#[inline]
pub(crate) fn operate<T: Copy, L: Operand<T>, R: Operand<T>>(
    op: Op<T>,
    lhs: L,
    rhs: R,
) -> Result<Array<T, <L::Dim as DimMax<R::Dim>>::Output>, ShapeError>
where
    L::Dim: DimMax<R::Dim>,
{
    let (own_left, own_right) = (lhs.is_owned(), rhs.is_owned());
    let kernel = op.kernel.0;
    let done = lhs.with_view(|a| {
        rhs.with_view(|b| {
            // SAFETY: the kernel is `T`'s own, over elements that are `Copy`. An owned operand
            // whose shape is the result's may be overwritten: nobody else sees it, and the kernel
            // reads and writes it element by element in place. The other operand is disjoint
            // from it, or both are views of the same shared elements, which are not owned.
            unsafe {
                if own_left && covers(&a, &b) {
                    loops::binary_into(&mut { a.head }, &a, &b, op.cost, kernel);
                    return Ok(Result3::Left);
                }
                if own_right && covers(&b, &a) {
                    loops::binary_into(&mut { b.head }, &a, &b, op.cost, kernel);
                    return Ok(Result3::Right);
                }
                loops::binary(&a, &b, op.cost, kernel).map(Result3::Fresh)
            }
        })
    })?;
    match done {
        Result3::Fresh(array) => Ok(array),
        Result3::Left => same_rank(lhs.into_array()),
        Result3::Right => same_rank(rhs.into_array()),
    }
}

/// Whether the result of `a op b` has the shape of `a`.
#[inline]
fn covers<T, D: Dimension, E: Dimension>(a: &ArrayView<'_, T, D>, b: &ArrayView<'_, T, E>) -> bool {
    a.ndim() >= b.ndim()
        && a.shape()[a.ndim() - b.ndim()..]
            .iter()
            .zip(b.shape())
            .all(|(&m, &n)| m == n || n == 1)
}

/// The right side of an assigning operator must not make the result larger than the left one.
fn check_output<T, D: Dimension, E: Dimension>(
    lhs: &ArrayRef<T, D>,
    rhs: &ArrayView<'_, T, E>,
) -> Result<(), ShapeError> {
    if covers(&lhs.view(), rhs) {
        return Ok(());
    }
    let broadcast: super::IxDyn = broadcast_pair(lhs.shape(), rhs.shape())?;
    Err(ShapeError::Output {
        output: lhs.shape().to_vec(),
        broadcast: broadcast.as_slice().to_vec(),
    })
}

/// The array under the name of the result's rank, which it has.
fn same_rank<T, D: Dimension, E: Dimension>(
    array: Option<Array<T, D>>,
) -> Result<Array<T, E>, ShapeError> {
    let Some(array) = array else {
        unreachable!("`is_owned` promised an array")
    };
    array.into_rank_of()
}

/// `lhs op= rhs`; only the right side is broadcast.
#[inline]
pub(crate) fn operate_assign<T: Copy, D: Dimension, R: Operand<T>>(
    op: Op<T>,
    lhs: &mut ArrayRef<T, D>,
    rhs: &R,
) -> Result<(), ShapeError> {
    rhs.with_view(|b| {
        check_output(lhs, &b)?;
        let a = lhs.view();
        // SAFETY: the kernel is `T`'s own, over elements that are `Copy`; `lhs` is exclusive, so
        // that `rhs` is disjoint from it; it is read and written element by element in place.
        unsafe { loops::binary_into(&mut { a.head }, &a, &b, op.cost, op.kernel.0) };
        Ok(())
    })
}

/// As [`operate_assign`] for arithmetic: integer divisors are checked first.
#[inline]
pub(crate) fn compute_assign<T: Number, D: Dimension, R: Operand<T>>(
    op: Op<T>,
    lhs: &mut ArrayRef<T, D>,
    rhs: &R,
) -> Result<(), ShapeError> {
    if T::CHECKS_DIVISOR && !lhs.is_empty() {
        rhs.with_view(|b| {
            check_output(lhs, &b)?;
            op.check_divisor(&b)
        })?;
    }
    operate_assign(op, lhs, rhs)
}
