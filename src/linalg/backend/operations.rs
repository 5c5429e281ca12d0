//! The table of operations.

use num_complex::Complex;

use super::factor::{Cholesky, Lu, LuInverse, Triangular};
use super::ldlt::Ldlt;
use super::lstsq::{Lstsq, Pinv};
use super::solve::{Determinant, Inverse, Solve};
use super::spectral::{Eig, Eigh, Hessenberg, Qr, Schur};
use super::svd::Svd;
use super::{Backend, Gemm, Workspace, allowed_threads, lstsq, solve};
use crate::array::{Number, Scalar};
use crate::linalg::error::Failure;

/// The arguments of one operation of the table below.
pub(crate) trait Call {
    /// Panics unless shapes agree: memory would be written out of bounds.
    fn check(&self);
    /// Whether there is nothing to do.
    fn is_empty(&self) -> bool;
    /// Writes results that have elements though there is nothing to do.
    ///
    /// # Safety
    /// They are writable.
    unsafe fn fill_empty(&self) {}
    /// The largest number that a library's integers have to count; operations made of others leave
    /// that to those.
    fn most(&self) -> usize {
        0
    }
}

/// Makes of `name(Arguments)` a method of [`Backend`] that checks its arguments and does nothing for
/// empty ones, over a function of each scalar, so that all is compiled in this crate.
macro_rules! operations {
    (
        by_backend { $($(#[$meta:meta])* $one:ident($one_call:ident $(<$one_life:lifetime>)?);)+ }
        made_of_others { $($(#[$more:meta])* $two:ident($two_call:ident $(<$two_life:lifetime>)?) in $home:ident;)+ }
    ) => {
        /// The operations for one scalar.
        #[doc(hidden)]
        #[allow(missing_docs, clippy::missing_safety_doc, private_interfaces)]
        pub trait Operations: Number {
            /// `C = α·op(A)·op(B) + β·C`.
            ///
            /// # Safety
            /// As the method of [`Backend`]; nothing is empty.
            unsafe fn product(backend: Backend, call: Gemm<Self>, threads: usize);
            $(unsafe fn $one(backend: Backend, call: $one_call<$($one_life,)? Self>, work: &mut Workspace, threads: usize) -> Result<(), Failure>;)+
            $(unsafe fn $two(backend: Backend, call: $two_call<$($two_life,)? Self>, work: &mut Workspace, threads: usize) -> Result<(), Failure>;)+
        }

        operations!(@scalars [f32, f64, Complex<f32>, Complex<f64>]
            { $($one($one_call $(<$one_life>)?);)+ } { $($two($two_call $(<$two_life>)?) in $home;)+ });

        /// # Safety of the methods
        /// Matrices to read are readable and initialised, matrices to write writable with elements
        /// distinct in memory (initialised where the operation reads them), and none of the latter
        /// overlaps another operand. `threads` is the most that may be used; in a batch pass 1 and
        /// keep one `work` per worker.
        #[allow(clippy::missing_safety_doc)]
        impl Backend {
            $(
                $(#[$meta])*
                pub(crate) unsafe fn $one<T: Scalar>(self, call: $one_call<$($one_life,)? T>, work: &mut Workspace, threads: usize) -> Result<(), Failure> {
                    call.check();
                    if call.is_empty() {
                        // SAFETY: the caller's promise.
                        unsafe { call.fill_empty() };
                        return Ok(());
                    }
                    let this = self.that_counts(call.most())?;
                    // SAFETY: the caller's promise; shapes were checked, nothing is empty.
                    unsafe { T::$one(this, call, work, allowed_threads(threads)) }
                }
            )+
            $(
                $(#[$more])*
                pub(crate) unsafe fn $two<T: Scalar>(self, call: $two_call<$($two_life,)? T>, work: &mut Workspace, threads: usize) -> Result<(), Failure> {
                    call.check();
                    if call.is_empty() {
                        return Ok(());
                    }
                    // SAFETY: the caller's promise; shapes were checked, nothing is empty.
                    unsafe { T::$two(self, call, work, threads) }
                }
            )+
        }
    };
    (@scalars [$($t:ty),+] $one:tt $two:tt) => {$( operations!(@scalar $t, $one $two); )+};
    (@scalar $t:ty, { $($one:ident($one_call:ident $(<$one_life:lifetime>)?);)+ } { $($two:ident($two_call:ident $(<$two_life:lifetime>)?) in $home:ident;)+ }) => {
        #[allow(private_interfaces)]
        impl Operations for $t {
            #[inline(never)]
            unsafe fn product(backend: Backend, call: Gemm<Self>, threads: usize) {
                match backend {
                    #[cfg(orthant_lapack)]
                    Backend::Lapack => {
                        let _limit = super::lapack::threads::limit(threads);
                        // SAFETY: the same contract.
                        unsafe { super::lapack::gemm(call) }
                    }
                    #[cfg(feature = "embedded")]
                    // SAFETY: the same contract.
                    Backend::Embedded => unsafe { super::embedded::gemm(call, threads) },
                    #[allow(unreachable_patterns)]
                    other => unreachable!("{other:?} is chosen only when it is compiled in"),
                }
            }
            $(
                #[inline(never)]
                unsafe fn $one(backend: Backend, call: $one_call<$($one_life,)? Self>, work: &mut Workspace, threads: usize) -> Result<(), Failure> {
                    match backend {
                        #[cfg(orthant_lapack)]
                        Backend::Lapack => {
                            let _limit = super::lapack::threads::limit_for(call.most(), threads);
                            // SAFETY: the same contract.
                            unsafe { super::lapack::$one(call, work) }
                        }
                        #[cfg(feature = "embedded")]
                        // SAFETY: the same contract.
                        Backend::Embedded => unsafe { super::embedded::$one(call, work, threads) },
                        #[allow(unreachable_patterns)]
                        other => unreachable!("{other:?} is chosen only when it is compiled in"),
                    }
                }
            )+
            $(
                #[inline(never)]
                unsafe fn $two(backend: Backend, call: $two_call<$($two_life,)? Self>, work: &mut Workspace, threads: usize) -> Result<(), Failure> {
                    // SAFETY: the same contract.
                    unsafe { $home::$two(backend, call, work, threads) }
                }
            )+
        }
    };
}

operations! {
    by_backend {
        /// See [`Lu`].
        lu(Lu<'_>);
        /// See [`LuInverse`].
        lu_inverse(LuInverse<'_>);
        /// See [`Cholesky`].
        cholesky(Cholesky);
        /// See [`Ldlt`].
        ldlt(Ldlt<'_>);
        /// See [`Triangular`].
        triangular(Triangular);
        /// See [`Qr`].
        qr(Qr<'_>);
        /// See [`Svd`].
        svd(Svd<'_>);
        /// See [`Eigh`].
        eigh(Eigh<'_>);
        /// See [`Eig`].
        eig(Eig<'_>);
        /// See [`Hessenberg`].
        hessenberg(Hessenberg);
        /// See [`Schur`].
        schur(Schur<'_>);
    }
    made_of_others {
        /// See [`Solve`].
        solve(Solve) in solve;
        /// See [`Inverse`].
        inverse(Inverse) in solve;
        /// See [`Determinant`].
        determinant(Determinant<'_>) in solve;
        /// See [`Lstsq`].
        lstsq(Lstsq<'_>) in lstsq;
        /// See [`Pinv`].
        pinv(Pinv) in lstsq;
    }
}

impl Backend {
    /// This backend, or the embedded one for numbers beyond what a library's integers count.
    fn that_counts(self, most: usize) -> Result<Backend, Failure> {
        #[cfg(orthant_lapack)]
        if self == Backend::Lapack && !super::lapack::can_count(&[most]) {
            return if cfg!(feature = "embedded") {
                Ok(Backend::Embedded)
            } else {
                Err(Failure::TooLarge)
            };
        }
        let _ = most;
        Ok(self)
    }
}
