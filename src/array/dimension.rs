//! Ranks: [`Ix<N>`](Ix) known at compile time, [`IxDyn`] known at run time.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Deref, DerefMut};

use super::MAX_NDIM;
use super::error::ShapeError;

mod private {
    pub trait Sealed {}
}

/// The shape of an array, and thereby its rank: [`Ix<N>`](Ix) or [`IxDyn`] (sealed).
///
/// A function over arrays of any rank takes `D: Dimension`.
///
/// ```
/// use orthant::prelude::*;
///
/// fn doubled<D: Dimension>(x: &ArrayRef<f64, D>) -> Array<f64, D> {
///     x + x
/// }
/// assert_eq!(doubled(&array![1.0, 2.0]), array![2.0, 4.0]);
/// ```
pub trait Dimension:
    Copy + Eq + Hash + fmt::Debug + Send + Sync + Unpin + 'static + private::Sealed
{
    /// The rank, where the type knows it.
    const NDIM: Option<usize>;
    /// As many signed numbers as there are axes.
    #[doc(hidden)]
    type Strides: Copy
        + Eq
        + fmt::Debug
        + Send
        + Sync
        + Unpin
        + 'static
        + AsRef<[isize]>
        + AsMut<[isize]>;
    /// One index per axis: `[usize; N]`, or [`IxDyn`].
    type Index: Copy + Eq + fmt::Debug + AsRef<[usize]> + AsMut<[usize]> + Send + Sync + 'static;

    /// The number of axes.
    fn ndim(&self) -> usize;
    /// The extents.
    fn as_slice(&self) -> &[usize];
    /// The extents, to change.
    #[doc(hidden)]
    fn as_mut_slice(&mut self) -> &mut [usize];
    /// All extents zero; the caller has checked that the type can have `ndim` axes.
    #[doc(hidden)]
    fn zeroed(ndim: usize) -> Self;
    /// All strides zero; the caller has checked that the type can have `ndim` axes.
    #[doc(hidden)]
    fn zeroed_strides(ndim: usize) -> Self::Strides;
    /// All indices zero.
    #[doc(hidden)]
    fn zeroed_index(ndim: usize) -> Self::Index;

    /// The dimension with these extents, if the rank fits the type.
    #[doc(hidden)]
    #[inline]
    fn from_slice(extents: &[usize]) -> Result<Self, ShapeError> {
        check_ndim::<Self>(extents)?;
        let mut dim = Self::zeroed(extents.len());
        dim.as_mut_slice().copy_from_slice(extents);
        Ok(dim)
    }
}

/// Whether `D` can describe this shape.
#[inline]
pub(crate) fn check_ndim<D: Dimension>(shape: &[usize]) -> Result<(), ShapeError> {
    let ndim = shape.len();
    match D::NDIM {
        Some(wanted) if wanted != ndim => Err(ShapeError::Rank {
            ndim,
            wanted,
            shape: shape.to_vec(),
        }),
        None if ndim > MAX_NDIM => Err(ShapeError::TooManyAxes { ndim }),
        _ => Ok(()),
    }
}

/// A rank known at compile time: `N` extents.
///
/// ```
/// use orthant::prelude::*;
///
/// let Ix([rows, cols]) = Array2::<f64>::zeros([3, 4]).dim();
/// assert_eq!((rows, cols), (3, 4));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ix<const N: usize>(pub [usize; N]);

impl<const N: usize> private::Sealed for Ix<N> {}

impl<const N: usize> Dimension for Ix<N> {
    const NDIM: Option<usize> = Some(N);
    type Strides = [isize; N];
    type Index = [usize; N];

    #[inline(always)]
    fn ndim(&self) -> usize {
        N
    }
    #[inline(always)]
    fn as_slice(&self) -> &[usize] {
        &self.0
    }
    #[inline(always)]
    fn as_mut_slice(&mut self) -> &mut [usize] {
        &mut self.0
    }
    #[inline(always)]
    fn zeroed(_: usize) -> Self {
        Ix([0; N])
    }
    #[inline(always)]
    fn zeroed_strides(_: usize) -> [isize; N] {
        [0; N]
    }
    #[inline(always)]
    fn zeroed_index(_: usize) -> [usize; N] {
        [0; N]
    }
}

/// Up to [`MAX_NDIM`] numbers, inline.
#[derive(Clone, Copy)]
#[doc(hidden)]
pub struct Inline<E> {
    len: usize,
    items: [E; MAX_NDIM],
}

impl<E: Copy + Default> Inline<E> {
    #[inline]
    fn zeroed(len: usize) -> Self {
        assert!(len <= MAX_NDIM);
        Inline {
            len,
            items: [E::default(); MAX_NDIM],
        }
    }
}
impl<E> Deref for Inline<E> {
    type Target = [E];
    #[inline(always)]
    fn deref(&self) -> &[E] {
        &self.items[..self.len]
    }
}
impl<E> DerefMut for Inline<E> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [E] {
        &mut self.items[..self.len]
    }
}
impl<E> AsRef<[E]> for Inline<E> {
    #[inline(always)]
    fn as_ref(&self) -> &[E] {
        self
    }
}
impl<E> AsMut<[E]> for Inline<E> {
    #[inline(always)]
    fn as_mut(&mut self) -> &mut [E] {
        self
    }
}
impl<E: PartialEq> PartialEq for Inline<E> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self[..] == other[..]
    }
}
impl<E: Eq> Eq for Inline<E> {}
impl<E: Hash> Hash for Inline<E> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self[..].hash(state);
    }
}
impl<E: fmt::Debug> fmt::Debug for Inline<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self[..].fmt(f)
    }
}

/// A rank known at run time: up to [`MAX_NDIM`] extents, held inline.
///
/// ```
/// use orthant::prelude::*;
///
/// let x = ArrayD::<f64>::zeros(vec![2, 3, 4]);
/// assert_eq!(x.ndim(), 3);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct IxDyn(Inline<usize>);

impl IxDyn {
    /// The dimension with these extents.
    ///
    /// # Errors
    /// [`ShapeError::TooManyAxes`] beyond [`MAX_NDIM`].
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(IxDyn::new(&[2, 3])?.as_slice(), &[2, 3]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn new(extents: &[usize]) -> Result<Self, ShapeError> {
        Self::from_slice(extents)
    }
}

impl fmt::Debug for IxDyn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IxDyn({:?})", self.as_slice())
    }
}
impl AsRef<[usize]> for IxDyn {
    fn as_ref(&self) -> &[usize] {
        &self.0
    }
}
impl AsMut<[usize]> for IxDyn {
    fn as_mut(&mut self) -> &mut [usize] {
        &mut self.0
    }
}

impl private::Sealed for IxDyn {}

impl Dimension for IxDyn {
    const NDIM: Option<usize> = None;
    type Strides = Inline<isize>;
    type Index = IxDyn;

    #[inline(always)]
    fn ndim(&self) -> usize {
        self.0.len
    }
    #[inline(always)]
    fn as_slice(&self) -> &[usize] {
        &self.0
    }
    #[inline(always)]
    fn as_mut_slice(&mut self) -> &mut [usize] {
        &mut self.0
    }
    #[inline]
    fn zeroed(ndim: usize) -> Self {
        IxDyn(Inline::zeroed(ndim))
    }
    #[inline]
    fn zeroed_strides(ndim: usize) -> Inline<isize> {
        Inline::zeroed(ndim)
    }
    #[inline]
    fn zeroed_index(ndim: usize) -> IxDyn {
        IxDyn(Inline::zeroed(ndim))
    }
}

/// No axes: a single element.
pub type Ix0 = Ix<0>;
/// One axis.
pub type Ix1 = Ix<1>;
/// Two axes.
pub type Ix2 = Ix<2>;
/// Three axes.
pub type Ix3 = Ix<3>;
/// Four axes.
pub type Ix4 = Ix<4>;
/// Five axes.
pub type Ix5 = Ix<5>;
/// Six axes.
pub type Ix6 = Ix<6>;
/// Seven axes.
pub type Ix7 = Ix<7>;
/// Eight axes.
pub type Ix8 = Ix<8>;
