//! A reduction as the methods call it: a kernel, what ends it, and what it does without elements.

use std::fmt;
use std::marker::PhantomData;
use std::mem::MaybeUninit;

use crate::array::ShapeError;
use crate::engine::reduce::{Finish, Fold, Parameters, ReduceKernel, Reduction};

/// What a reduction without elements is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Empty {
    /// The identity, whatever the kernel makes of it.
    Identity,
    /// A mistake: the operation has no identity.
    NoIdentity(&'static str),
    /// A mistake: there is no position to return.
    NoPosition(&'static str),
}

impl Empty {
    /// Whether a reduction over nothing may go on.
    pub(crate) fn check(self) -> Result<(), ShapeError> {
        match self {
            Empty::Identity => Ok(()),
            Empty::NoIdentity(op) => Err(ShapeError::NoIdentity { op }),
            Empty::NoPosition(op) => Err(ShapeError::EmptySequence { op }),
        }
    }
}

/// A reduction over the types that `F` names (`fn(T) -> R`, `fn(T, B) -> R`), opaque to other
/// crates.
#[doc(hidden)]
pub struct Reducer<F> {
    pub(crate) kernel: &'static dyn ReduceKernel,
    pub(crate) finish: Finish,
    pub(crate) empty: Empty,
    /// The kernel's second input is the position of each element.
    pub(crate) indexed: bool,
    /// What is wrong if the end refuses a result.
    pub(crate) fault: Option<fn() -> ShapeError>,
    types: PhantomData<F>,
}

impl<F> Clone for Reducer<F> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<F> Copy for Reducer<F> {}
impl<F> fmt::Debug for Reducer<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reducer")
    }
}

/// What makes a result of a state.
pub(crate) trait End<S> {
    type Out;
    fn end(state: S, parameters: &Parameters) -> Self::Out;
}

/// The state is the result.
pub(crate) struct Itself;
impl<S> End<S> for Itself {
    type Out = S;
    #[inline(always)]
    fn end(state: S, _: &Parameters) -> S {
        state
    }
}

/// # Safety
/// As [`Finish`] for states of type `S`.
pub(crate) unsafe fn finish<S: Copy, E: End<S>>(
    n: usize,
    states: *const u8,
    out: *mut u8,
    parameters: &Parameters,
) {
    let (states, out) = (states.cast::<S>(), out.cast::<MaybeUninit<E::Out>>());
    for i in 0..n {
        // SAFETY: the caller's contract.
        unsafe { (*out.add(i)).write(E::end(*states.add(i), parameters)) };
    }
}

impl<F> Reducer<F> {
    /// # Safety
    /// The kernel and what finishes it have the types of `F`.
    pub(crate) const unsafe fn from_parts(
        kernel: &'static dyn ReduceKernel,
        finish: Finish,
        empty: Empty,
    ) -> Self {
        Reducer {
            kernel,
            finish,
            empty,
            indexed: false,
            fault: None,
            types: PhantomData,
        }
    }

    /// The same, whose end may refuse a result by [`Parameters::refused`].
    pub(crate) fn refusing(self, fault: fn() -> ShapeError) -> Self {
        Reducer {
            fault: Some(fault),
            ..self
        }
    }

    /// The same, which is something else without elements.
    pub(crate) fn without_elements(self, empty: Empty) -> Self {
        Reducer { empty, ..self }
    }

    /// The same reduction under other types.
    ///
    /// # Safety
    /// The kernel and what finishes it have the types of `G` too.
    unsafe fn renamed<G>(self) -> Reducer<G> {
        Reducer {
            kernel: self.kernel,
            finish: self.finish,
            empty: self.empty,
            indexed: self.indexed,
            fault: self.fault,
            types: PhantomData,
        }
    }

    /// The same, whose kernel's second input is the position of each element.
    pub(crate) fn indexed(self) -> Self {
        Reducer {
            indexed: true,
            ..self
        }
    }
}

impl<A: Copy + 'static, R> Reducer<fn(A) -> R> {
    /// The reduction of a map and an associative operation, compiled where it is named.
    #[inline(always)]
    pub(crate) fn fold<Op, E>(empty: Empty) -> Self
    where
        Op: Reduction<A, ()>,
        E: End<Op::State, Out = R>,
    {
        // SAFETY: a fold over `A`; `finish` makes an `R` of its states.
        unsafe {
            Self::from_parts(
                const { &Fold::<Op, A, ()>::new() },
                finish::<Op::State, E>,
                empty,
            )
        }
    }
}

impl<A, R> Reducer<fn(A) -> R> {
    /// The same reduction over types with the same bits, so that it is compiled once.
    ///
    /// # Safety
    /// Elements of type `B` are valid as `A`, results of type `R` as `S`, with the same meaning.
    pub(crate) unsafe fn retyped<B, S>(self) -> Reducer<fn(B) -> S> {
        const { assert!(size_of::<A>() == size_of::<B>() && size_of::<R>() == size_of::<S>()) };
        // SAFETY: the caller's promise.
        unsafe { self.renamed() }
    }
}

impl<A: Copy + 'static, B: Copy + 'static, R> Reducer<fn(A, B) -> R> {
    /// The same over two inputs.
    #[inline(always)]
    pub(crate) fn fold_two<Op, E>(empty: Empty) -> Self
    where
        Op: Reduction<A, B>,
        E: End<Op::State, Out = R>,
    {
        // SAFETY: as above.
        unsafe {
            Self::from_parts(
                const { &Fold::<Op, A, B>::new() },
                finish::<Op::State, E>,
                empty,
            )
        }
    }

    /// As for one input, whose type is another.
    ///
    /// # Safety
    /// Elements of type `C` are valid as `A`, results of type `R` as `S`, with the same meaning.
    pub(crate) unsafe fn retyped<C, S>(self) -> Reducer<fn(C, B) -> S> {
        const { assert!(size_of::<A>() == size_of::<C>() && size_of::<R>() == size_of::<S>()) };
        // SAFETY: the caller's promise.
        unsafe { self.renamed() }
    }
}

impl<A, R> Reducer<fn(A, A) -> R> {
    /// As for one input, of two that are both of another type.
    ///
    /// # Safety
    /// Elements of type `C` are valid as `A`, with the same meaning.
    pub(crate) unsafe fn retyped_both<C>(self) -> Reducer<fn(C, C) -> R> {
        const { assert!(size_of::<A>() == size_of::<C>()) };
        // SAFETY: the caller's promise.
        unsafe { self.renamed() }
    }
}

/// A reduction whose results start from a value of type `R`: [`Parameters::initial`] points to one.
#[doc(hidden)]
#[derive(Debug)]
pub struct Starting<A, B, R>(Reducer<fn(A, B) -> R>);

impl<A, B, R> Starting<A, B, R> {
    /// Says that the end reads an initial value of type `R`, and nothing else does.
    pub(crate) fn new(reducer: Reducer<fn(A, B) -> R>) -> Self {
        Starting(reducer)
    }

    pub(super) fn reducer(self) -> Reducer<fn(A, B) -> R> {
        self.0
    }
}

impl<A: Copy + 'static, B: Copy + 'static> Starting<A, B, A> {
    /// As for reducers.
    ///
    /// # Safety
    /// Values of type `C` are valid as `A`, with the same meaning, and the other way round.
    pub(crate) unsafe fn retyped<C>(self) -> Starting<C, B, C> {
        // SAFETY: the caller's promise.
        Starting(unsafe { self.0.retyped() })
    }
}
