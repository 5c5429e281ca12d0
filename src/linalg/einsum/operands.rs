//! What `einsum` takes: the tuples of [`zip`](crate::zip), and lists of any length.

use std::ptr::NonNull;

use crate::array::{ArrayView, Dimension, IxDyn, Layout, unwrap};
use crate::ufunc::{Lowered, Operands, ZipOperand};

mod private {
    pub trait Sealed {}
}

/// An operand as numbers.
///
/// `repr(C)`: the same for element types of the same size.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Factor<'a, T> {
    pub(super) ptr: *const T,
    pub(in crate::linalg) shape: &'a [usize],
    pub(super) strides: &'a [isize],
}

impl<'a, T> Factor<'a, T> {
    fn new(lowered: Lowered<'a>) -> Self {
        Factor {
            ptr: lowered.ptr.cast(),
            shape: lowered.shape,
            strides: lowered.strides,
        }
    }
}

/// The operands of [`einsum`](super::einsum) (sealed): tuples of up to eight, as [`zip`](crate::zip)
/// takes, all of one element type — `(&a, &b)`, `(2.0, &a)`, `(a.t(), b)` — or a slice or array of
/// arrays of one kind, of any length.
///
/// ```
/// use orthant::{einsum, prelude::*};
///
/// let x = array![[1, 2], [3, 4]];
/// assert_eq!(einsum(",ij->ji", (10, &x)).unwrap(), array![[10, 30], [20, 40]].into_dyn());
/// assert_eq!(einsum("ij,jk,kl->il", &[&x, &x, &x]).unwrap(), x.matmul(&x).matmul(&x).into_dyn());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a set of operands for `einsum`",
    note = "operands are a tuple of arrays, views and scalars of one element type, `(&a, &b)`, or a slice of arrays, `&[&a, &b]`; one operand is `(&a,)`"
)]
pub trait EinsumOperands: private::Sealed {
    /// The element type.
    type Elem;
    /// Calls `f` with the operands.
    #[doc(hidden)]
    fn with_factors<R>(self, f: impl FnOnce(&[Factor<'_, Self::Elem>]) -> R) -> R;
}

macro_rules! tuples {
    ($($First:ident $($A:ident)*;)+) => {$(
        impl<$First: ZipOperand, $($A: ZipOperand<Elem = $First::Elem>),*> private::Sealed
            for ($First, $($A,)*) {}
        impl<$First: ZipOperand, $($A: ZipOperand<Elem = $First::Elem>),*> EinsumOperands
            for ($First, $($A,)*)
        where
            Self: Operands,
        {
            type Elem = $First::Elem;
            #[inline]
            fn with_factors<R>(mut self, f: impl FnOnce(&[Factor<'_, Self::Elem>]) -> R) -> R {
                let factors = Operands::lower(&mut self).map(Factor::new);
                f(&factors[..<Self as Operands>::LEN])
            }
        }
    )+};
}
tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
    A B C D E F G H;
}

impl<A: ZipOperand + Copy> private::Sealed for &[A] {}
impl<A: ZipOperand + Copy> EinsumOperands for &[A] {
    type Elem = A::Elem;
    fn with_factors<R>(self, f: impl FnOnce(&[Factor<'_, Self::Elem>]) -> R) -> R {
        let mut operands = self.to_vec();
        let factors: Vec<_> = operands
            .iter_mut()
            .map(|a| Factor::new(a.lower()))
            .collect();
        f(&factors)
    }
}

impl<A: ZipOperand + Copy, const N: usize> private::Sealed for &[A; N] {}
impl<A: ZipOperand + Copy, const N: usize> EinsumOperands for &[A; N] {
    type Elem = A::Elem;
    fn with_factors<R>(self, f: impl FnOnce(&[Factor<'_, Self::Elem>]) -> R) -> R {
        self.as_slice().with_factors(f)
    }
}

impl<'a, T> Factor<'a, T> {
    /// The operand as a view.
    pub(in crate::linalg) fn view(&self) -> ArrayView<'a, T, IxDyn> {
        let layout = unwrap(Layout::from_slices(self.shape, self.strides));
        let ptr = NonNull::new(self.ptr.cast_mut()).expect("arrays have no null pointers");
        // SAFETY: what the operand was lowered from, which stays borrowed for `'a`.
        unsafe { ArrayView::from_parts(ptr, layout) }
    }
}

/// Nothing but the shape of an operand.
pub(super) fn shapes<'a, T>(
    factors: &'a [Factor<'_, T>],
) -> impl Iterator<Item = &'a [usize]> + Clone {
    factors.iter().map(|factor| factor.shape)
}

/// A view as an operand.
pub(super) fn factor<T, D: Dimension>(view: &crate::array::ArrayRef<T, D>) -> Factor<'_, T> {
    Factor {
        ptr: view.as_ptr(),
        shape: view.shape(),
        strides: view.strides(),
    }
}
