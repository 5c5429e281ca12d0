//! Shapes as arguments: `[3, 4]`, `(3, n)`, `5`, `&[2, 3][..]`, `vec![…]`, each with `.f()`.

use super::axis::AxisInt;
use super::dimension::{Dimension, Ix, IxDyn, check_ndim};
use super::error::ShapeError;
use super::layout::Layout;

/// The order in which elements of a fresh array lie in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Order {
    /// Row-major: the last axis is contiguous (NumPy's `order='C'`).
    #[default]
    C,
    /// Column-major: the first axis is contiguous (NumPy's `order='F'`).
    F,
}

/// Extents as they were given (one may be `-1` for [`reshape`](super::ArrayRef::reshape)) and the
/// memory order asked for.
#[derive(Clone, Copy, Debug)]
pub struct Extents<D: Dimension> {
    extents: D::Strides,
    order: Order,
}

/// What can be a shape: an integer, an array or tuple of integers, a slice or `Vec` of them (rank
/// known at run time), a [`Dimension`]; `.f()` asks for column-major order.
///
/// ```
/// use orthant::prelude::*;
///
/// assert_eq!(Array2::<f64>::zeros([2, 3]).strides(), &[3, 1]);
/// assert_eq!(Array2::<f64>::zeros([2, 3].f()).strides(), &[1, 2]);
/// let n: i64 = 4;
/// assert_eq!(Array2::<f64>::zeros((n, 2_usize)).shape(), &[4, 2]);
/// assert_eq!(ArrayD::<f64>::zeros(vec![2, 3, 4]).ndim(), 3);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a shape",
    note = "shapes are integers, arrays or tuples of integers, slices or `Vec`s of integers"
)]
pub trait IntoShape: Sized {
    /// The rank.
    type Dim: Dimension;
    /// The extents, as given.
    ///
    /// # Errors
    /// [`ShapeError::TooManyAxes`].
    fn extents(self) -> Result<Extents<Self::Dim>, ShapeError>;
    /// The same shape in column-major order (NumPy's `order='F'`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert!(Array2::<f64>::ones([2, 3].f()).is_f_contiguous());
    /// ```
    fn f(self) -> Fortran<Self> {
        Fortran(self)
    }
}

/// A shape in column-major order: what [`IntoShape::f`] returns.
#[derive(Clone, Copy, Debug)]
pub struct Fortran<S>(S);

impl<S: IntoShape> IntoShape for Fortran<S> {
    type Dim = S::Dim;
    fn extents(self) -> Result<Extents<S::Dim>, ShapeError> {
        Ok(Extents {
            order: Order::F,
            ..self.0.extents()?
        })
    }
}

impl<D: Dimension> Extents<D> {
    #[inline]
    pub(crate) fn from_ints<I: AxisInt>(ints: &[I]) -> Result<Self, ShapeError> {
        if D::NDIM.is_none() && ints.len() > super::MAX_NDIM {
            return Err(ShapeError::TooManyAxes { ndim: ints.len() });
        }
        let mut extents = D::zeroed_strides(ints.len());
        for (extent, &int) in extents.as_mut().iter_mut().zip(ints) {
            *extent = int.to_isize();
        }
        Ok(Extents {
            extents,
            order: Order::C,
        })
    }

    /// The memory order.
    pub fn order(&self) -> Order {
        self.order
    }

    /// The extents with none open.
    #[inline]
    pub(crate) fn dim(&self) -> Result<D, ShapeError> {
        let extents = self.extents.as_ref();
        let mut dim = D::zeroed(extents.len());
        for (out, &extent) in dim.as_mut_slice().iter_mut().zip(extents) {
            if extent < 0 {
                return Err(ShapeError::NegativeExtent {
                    shape: extents.to_vec(),
                });
            }
            *out = extent as usize;
        }
        Ok(dim)
    }

    /// The dense layout of a fresh array of elements of `size` bytes.
    #[inline]
    pub(crate) fn layout(&self, size: usize) -> Result<Layout<D>, ShapeError> {
        let dim = self.dim()?;
        Layout::<D>::checked_len(dim.as_slice(), size)?;
        Ok(Layout::dense(dim, self.order))
    }

    /// The extents with an open one (`-1`) filled in so that there are `len` elements of `size`
    /// bytes.
    pub(crate) fn dim_for(&self, len: usize, size: usize) -> Result<D, ShapeError> {
        let given = self.extents.as_ref();
        let fail = || ShapeError::Reshape {
            len,
            shape: given.to_vec(),
        };
        let mut open = None;
        let mut product = 1usize;
        let mut dim = D::zeroed(given.len());
        for (axis, &extent) in given.iter().enumerate() {
            if extent == -1 {
                if open.replace(axis).is_some() {
                    return Err(ShapeError::TwoUnknown {
                        shape: given.to_vec(),
                    });
                }
            } else if extent < 0 {
                return Err(ShapeError::NegativeExtent {
                    shape: given.to_vec(),
                });
            } else {
                product = product.saturating_mul(extent as usize);
                dim.as_mut_slice()[axis] = extent as usize;
            }
        }
        match open {
            Some(_) if product == 0 => return Err(fail()),
            Some(axis) if len.is_multiple_of(product) => dim.as_mut_slice()[axis] = len / product,
            None if product == len => {}
            _ => return Err(fail()),
        }
        // A length-0 axis must not hide extents whose product overflows.
        Layout::<D>::checked_len(dim.as_slice(), size)?;
        Ok(dim)
    }
}

impl<I: AxisInt> IntoShape for I {
    type Dim = Ix<1>;
    #[inline]
    fn extents(self) -> Result<Extents<Ix<1>>, ShapeError> {
        Extents::from_ints(&[self])
    }
}
impl<I: AxisInt, const N: usize> IntoShape for [I; N] {
    type Dim = Ix<N>;
    #[inline]
    fn extents(self) -> Result<Extents<Ix<N>>, ShapeError> {
        Extents::from_ints(&self)
    }
}
impl<I: AxisInt, const N: usize> IntoShape for &[I; N] {
    type Dim = Ix<N>;
    #[inline]
    fn extents(self) -> Result<Extents<Ix<N>>, ShapeError> {
        Extents::from_ints(self)
    }
}
impl<I: AxisInt> IntoShape for &[I] {
    type Dim = IxDyn;
    fn extents(self) -> Result<Extents<IxDyn>, ShapeError> {
        Extents::from_ints(self)
    }
}
impl<I: AxisInt> IntoShape for Vec<I> {
    type Dim = IxDyn;
    fn extents(self) -> Result<Extents<IxDyn>, ShapeError> {
        Extents::from_ints(&self)
    }
}
impl<I: AxisInt> IntoShape for &Vec<I> {
    type Dim = IxDyn;
    fn extents(self) -> Result<Extents<IxDyn>, ShapeError> {
        Extents::from_ints(self)
    }
}
impl<const N: usize> IntoShape for Ix<N> {
    type Dim = Ix<N>;
    #[inline]
    fn extents(self) -> Result<Extents<Ix<N>>, ShapeError> {
        Extents::from_ints(&self.0)
    }
}
impl IntoShape for IxDyn {
    type Dim = IxDyn;
    fn extents(self) -> Result<Extents<IxDyn>, ShapeError> {
        check_ndim::<IxDyn>(self.as_slice())?;
        Extents::from_ints(self.as_slice())
    }
}
impl IntoShape for () {
    type Dim = Ix<0>;
    fn extents(self) -> Result<Extents<Ix<0>>, ShapeError> {
        Extents::from_ints::<usize>(&[])
    }
}

macro_rules! tuples {
    ($($n:literal: $($name:ident)+;)+) => {$(
        impl<$($name: AxisInt),+> IntoShape for ($($name,)+) {
            type Dim = Ix<$n>;
            #[inline]
            #[allow(non_snake_case)]
            fn extents(self) -> Result<Extents<Ix<$n>>, ShapeError> {
                let ($($name,)+) = self;
                Extents::from_ints(&[$($name.to_isize()),+])
            }
        }
    )+};
}
tuples! {
    1: A;
    2: A B;
    3: A B C;
    4: A B C E;
    5: A B C E F;
    6: A B C E F G;
    7: A B C E F G H;
    8: A B C E F G H I;
}
