//! What can be zipped: one operand, and tuples of them.
//!
//! Every tuple has its own dense loop, which is all that is compiled per closure: a function per
//! instruction set whose parameters are slices. That they are parameters, and references, is what
//! tells LLVM that outputs overlap nothing, so that it vectorises without checking at run time.

use std::mem::MaybeUninit;

use super::visit::{Run, Visit};
use crate::array::{
    Array, ArrayRef, ArrayView, ArrayViewMut, CowArray, DimMax, Dimension, Ix0, ScalarOperand,
};
use crate::array::{MAX_NDIM, is_plain};
use crate::engine::simd::simd_dispatch;
use num_complex::Complex;

mod private {
    pub trait Sealed {}
}

/// Most operands of a [`zip`](crate::zip).
pub(super) const MAX_ZIP: usize = 8;

/// The alignment of the buffers that elements may be gathered in.
pub(super) const BUFFER_ALIGN: usize = 64;

/// An operand as numbers.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct Lowered<'a> {
    pub(crate) ptr: *mut u8,
    pub(super) size: usize,
    pub(crate) shape: &'a [usize],
    pub(crate) strides: &'a [isize],
    pub(super) is_c: bool,
    pub(super) exclusive: bool,
}

impl Lowered<'_> {
    pub(super) const NONE: Lowered<'static> = Lowered {
        ptr: std::ptr::null_mut(),
        size: 0,
        shape: &[],
        strides: &[],
        is_c: true,
        exclusive: false,
    };

    pub(super) fn new<T, D: Dimension, Tail: ?Sized>(
        array: &ArrayRef<T, D, Tail>,
        exclusive: bool,
    ) -> Lowered<'_> {
        Lowered {
            ptr: array.ptr.as_ptr().cast(),
            size: size_of::<T>(),
            shape: array.layout.shape(),
            strides: array.layout.strides(),
            is_c: array.layout.is_c(),
            exclusive,
        }
    }
}

/// One operand of [`zip`](crate::zip) (sealed).
///
/// | operand | item |
/// |---|---|
/// | `&a`, `a` for arrays, views, `CowArray`; scalars | `T`, by value (`T: Copy`) |
/// | `&mut c` for arrays, `ArrayRef`, views; `ArrayViewMut` by value | `&mut T` |
///
/// ```
/// use orthant::{prelude::*, zip};
///
/// let a = array![1.0, 2.0];
/// let mut c = array![0.0, 0.0];
/// zip((&a, &mut c)).for_each(|(a, c)| *c = 2.0 * a);
/// assert_eq!(c, array![2.0, 4.0]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be zipped",
    label = "not an operand",
    note = "shared operands are `&a`, views and scalars with `Copy` elements; exclusive ones are `&mut c` with `'static` elements"
)]
pub trait ZipOperand: private::Sealed {
    /// The element type.
    type Elem;
    /// The rank; [`Ix0`] for scalars.
    type Dim: Dimension;
    /// What a closure gets.
    type Item<'i>;
    #[doc(hidden)]
    type Slice<'x>
    where
        Self: 'x;
    #[doc(hidden)]
    const EXCLUSIVE: bool;
    /// Whether elements may be moved bitwise through buffers while a closure sees them.
    #[doc(hidden)]
    fn movable() -> bool;
    #[doc(hidden)]
    fn lower(&mut self) -> Lowered<'_>;
    /// # Safety
    /// `n` elements at `ptr`, borrowed for `'x` in the operand's way.
    #[doc(hidden)]
    unsafe fn slice<'x>(ptr: *mut Self::Elem, n: usize) -> Self::Slice<'x>
    where
        Self: 'x;
    /// # Safety
    /// `i` is below the slice's length.
    #[doc(hidden)]
    unsafe fn item<'x>(slice: &'x mut Self::Slice<'_>, i: usize) -> Self::Item<'x>;
}

/// An operand whose elements other threads may see (sealed).
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the elements of `{Self}` cannot be shared with other threads",
    note = "`zip(..).seq()` runs on this thread only"
)]
pub trait ParallelOperand: ZipOperand {}

/// An operand that is only read (sealed).
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is an exclusive operand where only shared ones may be",
    note = "recurrences return their results or take an output apart"
)]
pub trait SharedOperand: ZipOperand {}

/// An operand that is written (sealed).
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written to",
    note = "outputs are `&mut` references to arrays, and `ArrayViewMut`"
)]
pub trait ExclusiveOperand: ZipOperand {}

macro_rules! shared_items {
    ($T:ty) => {
        type Elem = $T;
        type Item<'i> = $T;
        type Slice<'x>
            = &'x [$T]
        where
            Self: 'x;
        const EXCLUSIVE: bool = false;
        #[inline(always)]
        fn movable() -> bool {
            align_of::<$T>() <= BUFFER_ALIGN
        }
        #[inline(always)]
        unsafe fn slice<'x>(ptr: *mut $T, n: usize) -> &'x [$T]
        where
            Self: 'x,
        {
            // SAFETY: the caller's promise.
            unsafe { std::slice::from_raw_parts(ptr, n) }
        }
        #[inline(always)]
        unsafe fn item(slice: &mut &[$T], i: usize) -> $T {
            // SAFETY: the caller's promise.
            unsafe { *slice.get_unchecked(i) }
        }
    };
}

macro_rules! shared {
    ($([$($life:lifetime)?] $kind:ty;)+) => {$(
        impl<$($life,)? T: Copy, D: Dimension> private::Sealed for $kind {}
        impl<$($life,)? T: Copy, D: Dimension> ZipOperand for $kind {
            type Dim = D;
            shared_items!(T);
            #[inline(always)]
            fn lower(&mut self) -> Lowered<'_> {
                let array: &ArrayRef<T, D> = self;
                Lowered::new(array, false)
            }
        }
        impl<$($life,)? T: Copy + Send + Sync, D: Dimension> ParallelOperand for $kind {}
        impl<$($life,)? T: Copy, D: Dimension> SharedOperand for $kind {}
    )+};
}
shared! {
    [] &Array<T, D>;
    [] &ArrayRef<T, D>;
    ['a] ArrayView<'a, T, D>;
    ['a] &ArrayView<'a, T, D>;
    ['a] &ArrayViewMut<'a, T, D>;
    ['a] &CowArray<'a, T, D>;
    ['a] CowArray<'a, T, D>;
    [] Array<T, D>;
}

macro_rules! exclusive {
    ($([$($life:lifetime)?] $kind:ty;)+) => {$(
        impl<$($life,)? T: 'static, D: Dimension> private::Sealed for $kind {}
        impl<$($life,)? T: 'static, D: Dimension> ZipOperand for $kind {
            type Elem = T;
            type Dim = D;
            type Item<'i> = &'i mut T;
            type Slice<'x> = &'x mut [T] where Self: 'x;
            const EXCLUSIVE: bool = true;
            #[inline(always)]
            fn movable() -> bool {
                is_plain::<T>()
            }
            #[inline(always)]
            fn lower(&mut self) -> Lowered<'_> {
                let array: &mut ArrayRef<T, D> = self;
                Lowered::new(array, true)
            }
            #[inline(always)]
            unsafe fn slice<'x>(ptr: *mut T, n: usize) -> &'x mut [T]
            where
                Self: 'x,
            {
                // SAFETY: the caller's promise.
                unsafe { std::slice::from_raw_parts_mut(ptr, n) }
            }
            #[inline(always)]
            unsafe fn item<'x>(slice: &'x mut &mut [T], i: usize) -> &'x mut T {
                // SAFETY: the caller's promise.
                unsafe { slice.get_unchecked_mut(i) }
            }
        }
        impl<$($life,)? T: Send + 'static, D: Dimension> ParallelOperand for $kind {}
        impl<$($life,)? T: 'static, D: Dimension> ExclusiveOperand for $kind {}
    )+};
}
exclusive! {
    [] &mut Array<T, D>;
    [] &mut ArrayRef<T, D>;
    ['a] ArrayViewMut<'a, T, D>;
    ['a] &mut ArrayViewMut<'a, T, D>;
}

macro_rules! scalars {
    ($([$($generic:ident)?] $kind:ty => $elem:ty;)+) => {$(
        impl<$($generic: Copy)?> private::Sealed for $kind {}
        impl<$($generic: Copy)?> ZipOperand for $kind {
            type Dim = Ix0;
            shared_items!($elem);
            #[inline(always)]
            fn lower(&mut self) -> Lowered<'_> {
                // The wrapper is one element of the same layout.
                const { assert!(size_of::<$kind>() == size_of::<$elem>()) };
                Lowered {
                    ptr: std::ptr::from_mut(self).cast(),
                    size: size_of::<$elem>(),
                    ..Lowered::NONE
                }
            }
        }
        impl<$($generic: Copy + Send + Sync)?> ParallelOperand for $kind {}
        impl<$($generic: Copy)?> SharedOperand for $kind {}
    )+};
}
scalars! { [T] ScalarOperand<T> => T; }
macro_rules! plain_scalars {
    ($($t:ty)+) => { scalars! { $([] $t => $t;)+ } };
}
plain_scalars!(f64 f32 i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize bool char Complex<f32> Complex<f64>);

/// What a closure gets of a tuple of operands (sealed): elements of shared operands by value,
/// references to those of exclusive ones.
///
/// ```
/// use orthant::{prelude::*, zip};
///
/// // items are `(&mut f64, f64)`
/// let mut y = array![1.0, 2.0];
/// zip((&mut y, &array![10.0, 20.0])).for_each(|(y, x)| *y += x);
/// assert_eq!(y, array![11.0, 22.0]);
/// ```
pub trait Items: private::Sealed + Sized {
    /// One item per operand.
    type Item<'i>;
}

/// A tuple of one to eight operands, of any element types, that broadcast together (sealed).
///
/// Shared operands broadcast; exclusive ones (`&mut`) have exactly the shape that all of them
/// broadcast to. See [`ZipOperand`] for what each contributes to the closure's argument.
///
/// ```
/// use orthant::{prelude::*, zip};
///
/// let (x, n) = (array![0.5, 1.5], array![[1], [2]]);
/// assert_eq!(
///     zip((&x, &n)).map(|(x, n)| x * f64::from(n)),
///     array![[0.5, 1.5], [1.0, 3.0]]
/// );
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tuple of operands that broadcast together",
    note = "operands are `&a`, views and scalars with `Copy` elements, and `&mut c`: `zip((&a, &b, &mut c))`; one operand is `zip((&a,))`"
)]
pub trait Operands: Items {
    /// The largest rank.
    type Dim: Dimension;
    #[doc(hidden)]
    const LEN: usize;
    #[doc(hidden)]
    fn movable() -> bool;
    #[doc(hidden)]
    fn lower(&mut self) -> [Lowered<'_>; MAX_ZIP];
    /// Calls `f` for each operand with its place in a loop, exclusive ones first.
    #[doc(hidden)]
    fn each(&mut self, f: impl FnMut(usize, Lowered<'_>));
    /// Runs over a stretch of elements; operands start at number `fresh` of `run`, exclusive ones
    /// first.
    ///
    /// # Safety
    /// `run` describes elements of these operands, borrowed as they borrow them; an exclusive
    /// operand has step 1 if there is more than one element.
    #[doc(hidden)]
    unsafe fn dense<V: Visit<Self>>(run: &Run<'_>, fresh: usize, visit: V) -> V;
}

/// A tuple of operands whose elements other threads may see: shared ones `Send + Sync`, exclusive
/// ones `Send` (sealed). [`Zip::seq`](super::Zip::seq) does without.
///
/// ```
/// use orthant::{prelude::*, ufunc::ParallelOperands, zip};
///
/// fn elements<P: ParallelOperands>(operands: P) -> usize {
///     zip(operands).map(|_| ()).len()
/// }
/// assert_eq!(elements((&array![1, 2], &array![[1.5], [2.5]])), 4);
/// ```
#[diagnostic::on_unimplemented(
    message = "the elements of `{Self}` cannot be shared with other threads",
    note = "`zip(..).seq()` runs on this thread only"
)]
pub trait ParallelOperands: Operands {}

/// A tuple of operands that are only read (sealed).
///
/// ```
/// use orthant::{prelude::*, ufunc::ParallelOperands, ufunc::SharedOperands, zip};
///
/// // numbers the elements of every row
/// fn ranks<P: ParallelOperands + SharedOperands>(operands: P) -> Array<i32, P::Dim> {
///     zip(operands).scan(-1, 0, |before, _| {
///         *before += 1;
///         *before
///     })
/// }
/// assert_eq!(ranks((&array![[5, 6], [7, 8]],)), array![[1, 2], [1, 2]]);
/// ```
pub trait SharedOperands: Operands {}

/// Where each slot is among the operands of a loop: exclusive ones come first.
const fn positions<const N: usize>(exclusive: [bool; N]) -> [usize; N] {
    let mut order = [0; N];
    let (mut next, mut pass) = (0, 0);
    while pass < 2 {
        let mut slot = 0;
        while slot < N {
            if exclusive[slot] == (pass == 0) {
                order[slot] = next;
                next += 1;
            }
            slot += 1;
        }
        pass += 1;
    }
    order
}

/// Bytes of a gathered operand.
const BUFFER: usize = 2048;

/// Room for a chunk of one operand that is not dense.
#[repr(C, align(64))]
struct Gather([u8; BUFFER]);

impl Gather {
    /// Elements of a chunk: none is gathered if they are too large, one is dense by itself.
    #[inline(always)]
    const fn capacity<T>() -> usize {
        match size_of::<T>() {
            _ if align_of::<T>() > BUFFER_ALIGN => 1,
            0 => BUFFER,
            size if size > BUFFER => 1,
            size => BUFFER / size,
        }
    }

    /// A pointer to elements `done..done + n` of those `step` apart from `ptr` on. A repeated
    /// element is written to the buffer for the first chunk, which none of the others exceeds.
    ///
    /// # Safety
    /// They are readable, `Copy` if `n > 1` and `step` is not 1, and then at most `capacity`.
    #[inline(always)]
    unsafe fn dense<T>(
        buffer: &mut MaybeUninit<Self>,
        ptr: *mut T,
        step: isize,
        done: usize,
        n: usize,
    ) -> *mut T {
        let at = ptr.wrapping_offset(done as isize * step);
        if step == 1 || n == 1 {
            return at;
        }
        let buffer = buffer.as_mut_ptr().cast::<T>();
        if step != 0 || done == 0 {
            for i in 0..n {
                // SAFETY: by contract; the buffer holds `capacity` elements.
                unsafe {
                    let from = at.wrapping_offset(i as isize * step);
                    buffer.add(i).copy_from_nonoverlapping(from, 1);
                }
            }
        }
        buffer
    }
}

macro_rules! tuples {
    ($($dispatch:ident $body:ident [$($Head:ident)*] $Last:ident: $($A:ident $a:ident $step:ident $buf:ident $slot:tt),+;)+) => {$(
        impl<$($A: ZipOperand),+> private::Sealed for ($($A,)+) {}
        impl<$($A: ZipOperand),+> Items for ($($A,)+) {
            type Item<'i> = ($($A::Item<'i>,)+);
        }
        impl<$($A: ParallelOperand),+> ParallelOperands for ($($A,)+) where Self: Operands {}
        impl<$($A: SharedOperand),+> SharedOperands for ($($A,)+) where Self: Operands {}
        tuples!(@operands $dispatch [$($Head)*] $Last: $($A $a $step $buf $slot),+);

        simd_dispatch! {
            /// # Safety
            /// Slices are of length `n`, and `visit` is made for `base + n` elements.
            unsafe fn $dispatch[$($A: ZipOperand,)+ V: Visit<($($A,)+)>](
                base: usize, n: usize, $($a: $A::Slice<'_>,)+ visit: V
            ) -> V = $body::<$($A,)+ V>
        }

        /// # Safety
        /// As the dispatching function.
        #[inline(always)]
        #[allow(clippy::too_many_arguments)]
        unsafe fn $body<$($A: ZipOperand,)+ V: Visit<($($A,)+)>>(
            base: usize, n: usize, $(mut $a: $A::Slice<'_>,)+ mut visit: V
        ) -> V
        {
            let mut start = 0;
            while start < n {
                let end = n.min(start.saturating_add(V::BLOCK));
                for i in start..end {
                    // SAFETY: `i` is below `n`; the only place where the closure is called.
                    unsafe { visit.visit(base + i, i - start, ($($A::item(&mut $a, i),)+)) }
                }
                start = end;
            }
            visit
        }
    )+};
    (@operands $dispatch:ident [] $Last:ident: $($rest:tt)+) => {
        impl<$Last: ZipOperand> Operands for ($Last,) {
            type Dim = $Last::Dim;
            tuples!(@items $dispatch $($rest)+);
        }
    };
    (@operands $dispatch:ident [$($Head:ident)+] $Last:ident: $($rest:tt)+) => {
        impl<$($Head: ZipOperand,)+ $Last: ZipOperand> Operands for ($($Head,)+ $Last,)
        where
            ($($Head,)+): Operands,
            <($($Head,)+) as Operands>::Dim: DimMax<$Last::Dim>,
        {
            type Dim = <<($($Head,)+) as Operands>::Dim as DimMax<$Last::Dim>>::Output;
            tuples!(@items $dispatch $($rest)+);
        }
    };
    (@items $dispatch:ident $($A:ident $a:ident $step:ident $buf:ident $slot:tt),+) => {
        const LEN: usize = [$($slot),+].len();
        #[inline(always)]
        fn movable() -> bool {
            true $(&& $A::movable())+
        }
        #[inline(always)]
        fn lower(&mut self) -> [Lowered<'_>; MAX_ZIP] {
            let mut all = [Lowered::NONE; MAX_ZIP];
            $(all[$slot] = self.$slot.lower();)+
            all
        }
        #[inline(always)]
        fn each(&mut self, mut f: impl FnMut(usize, Lowered<'_>)) {
            let order = const { positions([$($A::EXCLUSIVE),+]) };
            $(f(order[$slot], self.$slot.lower());)+
        }
        #[inline]
        unsafe fn dense<Vis: Visit<Self>>(run: &Run<'_>, fresh: usize, mut visit: Vis) -> Vis {
            let order = const { positions([$($A::EXCLUSIVE),+]) };
            $(
                let $a = run.ptrs[fresh + order[$slot]].cast::<$A::Elem>();
                let $step = run.steps[fresh + order[$slot]];
                let mut $buf = MaybeUninit::<Gather>::uninit();
            )+
            let gathers = false $(|| !$A::EXCLUSIVE && $step != 1)+;
            let chunk = if gathers {
                usize::MAX $(.min(if $A::EXCLUSIVE { usize::MAX } else { Gather::capacity::<$A::Elem>() }))+
            } else {
                run.n
            };
            let mut done = 0;
            while done < run.n {
                let m = chunk.min(run.n - done);
                // SAFETY: the caller's promise; gathered elements are shared ones, hence `Copy`,
                // and at most as many as a buffer holds.
                unsafe {
                    visit = $dispatch(
                        run.level, done, m,
                        $($A::slice(Gather::dense(&mut $buf, $a, $step, done, m), m),)+
                        visit,
                    );
                }
                done += m;
            }
            visit
        }
    };
}
tuples! {
    loop1 body1 [] A: A a a_step a_buf 0;
    loop2 body2 [A] B: A a a_step a_buf 0, B b b_step b_buf 1;
    loop3 body3 [A B] C: A a a_step a_buf 0, B b b_step b_buf 1, C c c_step c_buf 2;
    loop4 body4 [A B C] D: A a a_step a_buf 0, B b b_step b_buf 1, C c c_step c_buf 2,
        D d d_step d_buf 3;
    loop5 body5 [A B C D] E: A a a_step a_buf 0, B b b_step b_buf 1, C c c_step c_buf 2,
        D d d_step d_buf 3, E e e_step e_buf 4;
    loop6 body6 [A B C D E] F: A a a_step a_buf 0, B b b_step b_buf 1, C c c_step c_buf 2,
        D d d_step d_buf 3, E e e_step e_buf 4, F f f_step f_buf 5;
    loop7 body7 [A B C D E F] G: A a a_step a_buf 0, B b b_step b_buf 1, C c c_step c_buf 2,
        D d d_step d_buf 3, E e e_step e_buf 4, F f f_step f_buf 5, G g g_step g_buf 6;
    loop8 body8 [A B C D E F G] H: A a a_step a_buf 0, B b b_step b_buf 1, C c c_step c_buf 2,
        D d d_step d_buf 3, E e e_step e_buf 4, F f f_step f_buf 5, G g g_step g_buf 6,
        H h h_step h_buf 7;
}

const _: () = assert!(MAX_NDIM == crate::engine::MAX_NDIM);
const _: () = assert!(MAX_ZIP < crate::engine::MAX_OPERANDS);
