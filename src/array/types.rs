//! The five types: [`Array`], [`ArrayView`], [`ArrayViewMut`], [`CowArray`] and what they all
//! dereference to, [`ArrayRef`].

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;

use super::buffer::Buffer;
use super::dimension::{Dimension, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn};
use super::layout::{Layout, Region};

/// Any array, borrowed: what all four array types dereference to, as `[T]` is to `Vec<T>`.
///
/// Functions take `&ArrayRef2<f64>` or `&mut ArrayRef2<f64>` and accept owned arrays and views
/// alike. Every method that reads lives here once.
///
/// ```
/// use orthant::prelude::*;
///
/// fn first_row_sum(x: &ArrayRef2<f64>) -> f64 {
///     x.row(0).iter().sum()
/// }
/// let x = array![[1.0, 2.0], [3.0, 4.0]];
/// assert_eq!(first_row_sum(&x), 3.0);
/// assert_eq!(first_row_sum(&x.t()), 4.0);
/// ```
///
/// It is `!Sized`, so that two of them cannot be swapped away from their owners:
///
/// ```compile_fail,E0277
/// use orthant::prelude::*;
///
/// let mut a = array![1.0, 2.0];
/// let mut b = array![3.0, 4.0];
/// let (a, b): (&mut ArrayRef1<f64>, &mut ArrayRef1<f64>) = (&mut a, &mut b);
/// std::mem::swap(a, b);
/// ```
// The tail is `[(); 0]` inside owners and `[()]` behind references; `Deref` is the coercion from
// one to the other.
#[repr(C)]
pub struct ArrayRef<T, D: Dimension, Tail: ?Sized = [()]> {
    pub(crate) ptr: NonNull<T>,
    pub(crate) layout: Layout<D>,
    tail: PhantomTail<Tail>,
}

/// Holds the tail by value; private, so that nobody outside makes other tails.
struct PhantomTail<Tail: ?Sized> {
    _tail: Tail,
}

/// The sized form that owners hold.
pub(crate) type Head<T, D> = ArrayRef<T, D, [(); 0]>;

impl<T, D: Dimension> Head<T, D> {
    #[inline(always)]
    pub(crate) fn new(ptr: NonNull<T>, layout: Layout<D>) -> Self {
        ArrayRef {
            ptr,
            layout,
            tail: PhantomTail { _tail: [] },
        }
    }
}

/// An array that owns its elements.
///
/// ```
/// use orthant::prelude::*;
///
/// let x = Array2::<f64>::zeros([3, 4]);
/// assert_eq!(x.shape(), &[3, 4]);
/// ```
pub struct Array<T, D: Dimension> {
    pub(crate) head: Head<T, D>,
    pub(crate) buffer: Buffer<T>,
}

/// A shared view of an array's elements; it is `Copy` and keeps the full lifetime `'a`.
///
/// ```
/// use orthant::prelude::*;
///
/// let x = array![[1, 2], [3, 4]];
/// let column: ArrayView1<'_, i32> = x.column(1);
/// assert_eq!(column, array![2, 4]);
/// ```
pub struct ArrayView<'a, T, D: Dimension> {
    pub(crate) head: Head<T, D>,
    marker: PhantomData<&'a T>,
}

/// An exclusive view of an array's elements.
///
/// ```
/// use orthant::prelude::*;
///
/// let mut x = array![[1, 2], [3, 4]];
/// x.row_mut(0).fill(0);
/// assert_eq!(x, array![[0, 0], [3, 4]]);
/// ```
pub struct ArrayViewMut<'a, T, D: Dimension> {
    pub(crate) head: Head<T, D>,
    marker: PhantomData<&'a mut T>,
}

/// A view where one was possible, an owned copy where not: what [`reshape`](ArrayRef::reshape),
/// [`ravel`](ArrayRef::ravel) and [`as_standard_layout`](ArrayRef::as_standard_layout) return.
///
/// ```
/// use orthant::prelude::*;
///
/// let x = array![[1, 2], [3, 4]];
/// assert!(x.ravel().is_view());
/// assert!(!x.t().ravel().is_view());
/// ```
pub enum CowArray<'a, T, D: Dimension> {
    /// A view of somebody else's elements.
    View(ArrayView<'a, T, D>),
    /// A copy.
    Owned(Array<T, D>),
}

// SAFETY: the types give access to `T` exactly as `Vec<T>`, `&[T]` and
// `&mut [T]` do; an `ArrayRef` is only ever reached through a reference.
unsafe impl<T: Send, D: Dimension, Tail: ?Sized> Send for ArrayRef<T, D, Tail> {}
// SAFETY: as above.
unsafe impl<T: Sync, D: Dimension, Tail: ?Sized> Sync for ArrayRef<T, D, Tail> {}
// SAFETY: as above: a shared view is sent where a `&T` may be.
unsafe impl<T: Sync, D: Dimension> Send for ArrayView<'_, T, D> {}

impl<'a, T, D: Dimension> ArrayView<'a, T, D> {
    /// # Safety
    /// Every element that `layout` reaches from `ptr` is initialised and stays shared for `'a`.
    #[inline(always)]
    pub(crate) unsafe fn from_parts(ptr: NonNull<T>, layout: Layout<D>) -> Self {
        ArrayView {
            head: Head::new(ptr, layout),
            marker: PhantomData,
        }
    }

    /// The borrowed form with the view's own lifetime.
    #[inline(always)]
    pub(crate) fn parts(self) -> (NonNull<T>, Layout<D>) {
        (self.head.ptr, self.head.layout)
    }
}

impl<'a, T, D: Dimension> ArrayViewMut<'a, T, D> {
    /// # Safety
    /// Every element that `layout` reaches from `ptr` is initialised, reached once, and exclusive
    /// for `'a`.
    #[inline(always)]
    pub(crate) unsafe fn from_parts(ptr: NonNull<T>, layout: Layout<D>) -> Self {
        ArrayViewMut {
            head: Head::new(ptr, layout),
            marker: PhantomData,
        }
    }
    #[inline(always)]
    pub(crate) fn parts(self) -> (NonNull<T>, Layout<D>) {
        (self.head.ptr, self.head.layout)
    }

    /// The same elements, shared, for as long as the exclusive view lives.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![1, 2, 3];
    /// let view = x.view_mut().into_view();
    /// assert_eq!(view[0], 1);
    /// ```
    pub fn into_view(self) -> ArrayView<'a, T, D> {
        // SAFETY: exclusive access for `'a` is given up for shared access.
        unsafe { ArrayView::from_parts(self.head.ptr, self.head.layout) }
    }
}

impl<T, D: Dimension> Clone for ArrayView<'_, T, D> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}
impl<T, D: Dimension> Copy for ArrayView<'_, T, D> {}
impl<T, D: Dimension> Clone for Head<T, D> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}
impl<T, D: Dimension> Copy for Head<T, D> {}
impl Clone for PhantomTail<[(); 0]> {
    fn clone(&self) -> Self {
        *self
    }
}
impl Copy for PhantomTail<[(); 0]> {}

impl<T, D: Dimension> Array<T, D> {
    /// # Safety
    /// Every element that `layout` reaches from `ptr` lies in `buffer`, and, unless elements are
    /// never written, is reached once.
    #[inline(always)]
    pub(crate) unsafe fn from_parts(buffer: Buffer<T>, ptr: NonNull<T>, layout: Layout<D>) -> Self {
        Array {
            head: Head::new(ptr, layout),
            buffer,
        }
    }
    #[inline(always)]
    pub(crate) fn parts(self) -> (Buffer<T>, NonNull<T>, Layout<D>) {
        (self.buffer, self.head.ptr, self.head.layout)
    }
}

impl<'a, T, D: Dimension> CowArray<'a, T, D> {
    /// Whether nothing was copied.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert!(array![1, 2, 3, 4].reshape([2, 2]).is_view());
    /// ```
    pub fn is_view(&self) -> bool {
        matches!(self, CowArray::View(_))
    }

    /// The owned array; copies where this is a view.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let y = array![1, 2, 3, 4].reshape([2, 2]).into_owned();
    /// assert_eq!(y, array![[1, 2], [3, 4]]);
    /// ```
    pub fn into_owned(self) -> Array<T, D>
    where
        T: Clone,
    {
        match self {
            CowArray::View(view) => view.to_owned(),
            CowArray::Owned(array) => array,
        }
    }
}

impl<T, D: Dimension> Deref for Array<T, D> {
    type Target = ArrayRef<T, D>;
    #[inline(always)]
    fn deref(&self) -> &ArrayRef<T, D> {
        &self.head
    }
}
impl<T, D: Dimension> DerefMut for Array<T, D> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut ArrayRef<T, D> {
        &mut self.head
    }
}
impl<T, D: Dimension> Deref for ArrayView<'_, T, D> {
    type Target = ArrayRef<T, D>;
    #[inline(always)]
    fn deref(&self) -> &ArrayRef<T, D> {
        &self.head
    }
}
impl<T, D: Dimension> Deref for ArrayViewMut<'_, T, D> {
    type Target = ArrayRef<T, D>;
    #[inline(always)]
    fn deref(&self) -> &ArrayRef<T, D> {
        &self.head
    }
}
impl<T, D: Dimension> DerefMut for ArrayViewMut<'_, T, D> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut ArrayRef<T, D> {
        &mut self.head
    }
}
impl<T, D: Dimension> Deref for CowArray<'_, T, D> {
    type Target = ArrayRef<T, D>;
    #[inline]
    fn deref(&self) -> &ArrayRef<T, D> {
        match self {
            CowArray::View(view) => view,
            CowArray::Owned(array) => array,
        }
    }
}

impl<T, D: Dimension> AsRef<ArrayRef<T, D>> for Array<T, D> {
    fn as_ref(&self) -> &ArrayRef<T, D> {
        self
    }
}
impl<T, D: Dimension> AsRef<ArrayRef<T, D>> for ArrayView<'_, T, D> {
    fn as_ref(&self) -> &ArrayRef<T, D> {
        self
    }
}
impl<T, D: Dimension> AsRef<ArrayRef<T, D>> for ArrayViewMut<'_, T, D> {
    fn as_ref(&self) -> &ArrayRef<T, D> {
        self
    }
}
impl<T, D: Dimension> AsRef<ArrayRef<T, D>> for CowArray<'_, T, D> {
    fn as_ref(&self) -> &ArrayRef<T, D> {
        self
    }
}
impl<T, D: Dimension> std::borrow::Borrow<ArrayRef<T, D>> for Array<T, D> {
    fn borrow(&self) -> &ArrayRef<T, D> {
        self
    }
}
impl<T: Clone, D: Dimension> ToOwned for ArrayRef<T, D> {
    type Owned = Array<T, D>;
    /// A copy in K order: the memory order of the original where it is dense, else C.
    fn to_owned(&self) -> Array<T, D> {
        self.to_array()
    }
}
impl<T: Clone, D: Dimension> Clone for Array<T, D> {
    fn clone(&self) -> Self {
        self.to_array()
    }
}
impl<T: Clone, D: Dimension> Clone for CowArray<'_, T, D> {
    fn clone(&self) -> Self {
        match self {
            CowArray::View(view) => CowArray::View(*view),
            CowArray::Owned(array) => CowArray::Owned(array.clone()),
        }
    }
}

impl<T, D: Dimension, Tail: ?Sized> ArrayRef<T, D, Tail> {
    /// Where in memory the elements are.
    #[inline]
    pub(crate) fn region(&self) -> Region<'_, D> {
        Region {
            address: self.ptr.as_ptr() as usize,
            layout: &self.layout,
            size: size_of::<T>(),
        }
    }
}

impl<T, D: Dimension> ArrayRef<T, D> {
    /// A shared view of all elements.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![1, 2, 3];
    /// assert_eq!(x.view(), x);
    /// ```
    #[inline(always)]
    pub fn view(&self) -> ArrayView<'_, T, D> {
        // SAFETY: the elements are shared for as long as `self` is borrowed.
        unsafe { ArrayView::from_parts(self.ptr, self.layout) }
    }

    /// An exclusive view of all elements.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![1, 2, 3];
    /// x.view_mut()[0] = 7;
    /// assert_eq!(x, array![7, 2, 3]);
    /// ```
    #[inline(always)]
    pub fn view_mut(&mut self) -> ArrayViewMut<'_, T, D> {
        // SAFETY: the elements are exclusive for as long as `self` is borrowed; who hands out a
        // `&mut ArrayRef` promises that each is reached once.
        unsafe { ArrayViewMut::from_parts(self.ptr, self.layout) }
    }
}

macro_rules! aliases {
    ($($doc:literal $dim:ident: $array:ident $view:ident $view_mut:ident $reference:ident;)+) => {$(
        #[doc = concat!("An owned ", $doc, ".")]
        pub type $array<T> = Array<T, $dim>;
        #[doc = concat!("A shared view of a ", $doc, ".")]
        pub type $view<'a, T> = ArrayView<'a, T, $dim>;
        #[doc = concat!("An exclusive view of a ", $doc, ".")]
        pub type $view_mut<'a, T> = ArrayViewMut<'a, T, $dim>;
        #[doc = concat!("Any ", $doc, ", behind a reference.")]
        pub type $reference<T> = ArrayRef<T, $dim>;
    )+};
}
aliases! {
    "0-d array" Ix0: Array0 ArrayView0 ArrayViewMut0 ArrayRef0;
    "1-d array" Ix1: Array1 ArrayView1 ArrayViewMut1 ArrayRef1;
    "2-d array" Ix2: Array2 ArrayView2 ArrayViewMut2 ArrayRef2;
    "3-d array" Ix3: Array3 ArrayView3 ArrayViewMut3 ArrayRef3;
    "4-d array" Ix4: Array4 ArrayView4 ArrayViewMut4 ArrayRef4;
    "5-d array" Ix5: Array5 ArrayView5 ArrayViewMut5 ArrayRef5;
    "6-d array" Ix6: Array6 ArrayView6 ArrayViewMut6 ArrayRef6;
    "array of a rank known at run time" IxDyn: ArrayD ArrayViewD ArrayViewMutD ArrayRefD;
}

impl<T, D: Dimension> fmt::Pointer for ArrayRef<T, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Pointer::fmt(&self.ptr, f)
    }
}
