//! Eigenvalues of general matrices: of real ones by our own Schur form, of complex ones by faer's.

use faer::Spec;
use faer::dyn_stack::MemStack;
use faer::linalg::evd::{ComputeEigenvectors, EvdError, EvdParams, evd_cplx, evd_scratch};
use faer::traits::ComplexField;
use num_complex::Complex;
use num_traits::{Float as _, One, Zero};

use super::balance::balance;
use super::hessenberg::{reduce, reduced};
use super::qr::fill_identity;
use super::schur::{self, Square};
use super::svd::scale_factor;
use super::{faer_mut, faer_ref, parallelism, part};
use crate::array::{Float, Number, Scalar};
use crate::engine::par::for_ranges;
use crate::linalg::backend::Workspace;
use crate::linalg::backend::check::largest_finite;
use crate::linalg::backend::copy::{copy, copy_with};
use crate::linalg::backend::factor::column_major;
use crate::linalg::backend::spectral::{Eig, normalise, unpack_vectors};
use crate::linalg::backend::workspace::Pieces;
use crate::linalg::error::Failure;
use crate::linalg::gemm::{Beta, gemm};
use crate::linalg::raw::{MatMut, MatRef};

/// Rows below which one thread is faster.
const PARALLEL_FROM: usize = 500;
/// Columns of vectors that are written together, and elements from which threads share them.
const UNPACK: usize = 16;
const UNPACK_PARALLEL_FROM: usize = 100 * 100;
/// Columns of a product with a triangular matrix.
const PRODUCT: usize = 128;

fn wanted(vectors: bool) -> ComputeEigenvectors {
    if vectors {
        ComputeEigenvectors::Yes
    } else {
        ComputeEigenvectors::No
    }
}

/// What differs between real and complex matrices.
#[allow(private_interfaces)]
pub(in crate::linalg::backend) trait Spectrum:
    Scalar + ComplexField
{
    /// Values and vectors by faer; of complex matrices only.
    ///
    /// # Safety
    /// A column of n elements, matrices of (n, n), workspace as faer asked for.
    unsafe fn evd(
        a: MatMut<Self>,
        values: MatMut<Self>,
        vectors: Option<MatMut<Self>>,
        par: faer::Par,
        stack: &mut MemStack,
        params: Spec<EvdParams, Self>,
    ) -> bool;

    /// See [`schur`]; without `z` of real matrices only.
    fn hessenberg_to_schur<'a>(
        h: &mut Square<'a, Self>,
        z: Option<&mut Square<'a, Self>>,
        values: &mut [Complex<<Self as Number>::Real>],
        threads: usize,
    ) -> bool;

    /// See [`schur::real_vectors`]; of real matrices only.
    fn substitute(
        t: &Square<'_, Self>,
        values: &[Complex<<Self as Number>::Real>],
        x: &mut Square<'_, Self>,
        threads: usize,
    );
}

macro_rules! spectrum {
    ($($t:ty: $evd:expr, $schur:ident, $vectors:expr;)+) => {$(
        #[allow(private_interfaces)]
        impl Spectrum for $t {
            unsafe fn evd(
                a: MatMut<Self>,
                values: MatMut<Self>,
                vectors: Option<MatMut<Self>>,
                par: faer::Par,
                stack: &mut MemStack,
                params: Spec<EvdParams, Self>,
            ) -> bool {
                // SAFETY: the caller's promise.
                let (a, values, vectors) = unsafe {
                    let values = faer_mut(values).col_mut(0).as_diagonal_mut();
                    (faer_ref(a.as_ref()), values, vectors.map(|v| faer_mut(v)))
                };
                $evd(a, values, None, vectors, par, stack, params).is_ok()
            }

            #[inline(never)]
            fn hessenberg_to_schur<'a>(
                h: &mut Square<'a, Self>,
                z: Option<&mut Square<'a, Self>>,
                values: &mut [Complex<<Self as Number>::Real>],
                threads: usize,
            ) -> bool {
                schur::$schur(h, z, values, threads)
            }

            #[inline(never)]
            fn substitute(
                t: &Square<'_, Self>,
                values: &[Complex<<Self as Number>::Real>],
                x: &mut Square<'_, Self>,
                threads: usize,
            ) {
                $vectors(t, values, x, threads);
            }
        }
    )+};
}
/// For real types, in place of faer's function.
fn not_asked<A, B, T, S>(
    _: A,
    _: B,
    _: Option<T>,
    _: Option<T>,
    _: faer::Par,
    _: &mut MemStack,
    _: S,
) -> Result<(), EvdError> {
    unreachable!("real matrices are not faer's")
}

spectrum! {
    f32: not_asked, real_schur, schur::real_vectors;
    f64: not_asked, real_schur, schur::real_vectors;
    Complex<f32>: evd_cplx, complex_schur, |_, _, _, _| unreachable!("complex");
    Complex<f64>: evd_cplx, complex_schur, |_, _, _, _| unreachable!("complex");
}

/// # Safety
/// As the method of `Backend`.
pub(in crate::linalg::backend) unsafe fn eig<T: Spectrum>(
    call: Eig<'_, T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let Eig { a, values, vectors } = call;
    let n = a.rows;
    if !T::IS_COMPLEX {
        // SAFETY: the caller's promise.
        unsafe {
            if by_schur_form(a, values, vectors, work, threads)? {
                return Ok(());
            }
            return carefully(a, values, vectors);
        }
    }
    let par = parallelism(if n < PARALLEL_FROM { 1 } else { threads });
    let params = Spec::<EvdParams, T>::default();
    let no = ComputeEigenvectors::No;
    let request = evd_scratch::<T>(n, no, wanted(vectors.is_some()), par, params);
    let size = if vectors.is_some() { n * n } else { 0 };
    let needed = Pieces::size::<T>(n * n)
        + Pieces::size::<T>(size)
        + Pieces::size::<T>(n)
        + Pieces::size::<<T as Number>::Real>(n)
        + request.unaligned_bytes_required();
    let mut pieces = Pieces::new(work.bytes(needed));
    let dense = column_major(pieces.take::<T>(n * n).as_mut_ptr().cast::<T>(), n, n);
    let piece = pieces.take::<T>(size).as_mut_ptr().cast::<T>();
    let to = vectors.map(|_| column_major(piece, n, n));
    let notes = pieces.take::<<T as Number>::Real>(n);
    notes.iter_mut().for_each(|x| {
        x.write(<<T as Number>::Real as One>::one());
    });
    let found = pieces.matrix::<T>(n, 1);
    // SAFETY: the caller's promise; the pieces are ours, written before they are read.
    unsafe {
        let largest = largest_finite(a).ok_or(Failure::NonFinite)?;
        let one = <<T as Number>::Real as One>::one();
        let zero = <<T as Number>::Real as Zero>::zero();
        let factor = scale_factor(largest).unwrap_or(one);
        if largest == zero {
            // faer divides by the norm.
            values.fill(Complex::new(zero, zero));
            if let Some(v) = vectors {
                fill_identity(v);
            }
            return Ok(());
        }
        copy_with(a, dense, |x| x * T::from_real(factor));
        let part = Complex::new;
        if n == 1 {
            let x = *dense.ptr;
            values[0] = part(x.re() / factor, x.im() / factor);
            if let Some(v) = vectors {
                v.ptr.write(part(one, zero));
            }
            return Ok(());
        }
        // SAFETY: every element was written.
        let notes = &mut *(std::ptr::from_mut(notes) as *mut [<T as Number>::Real]);
        let balanced = balance(dense, notes);
        let done = T::evd(dense, found, to, par, MemStack::new(pieces.rest()), params);
        for (i, value) in values.iter_mut().enumerate() {
            let x = *found.ptr.add(i);
            *value = part(x.re() / factor, x.im() / factor);
        }
        let finite = values.iter().all(|x| x.re.is_finite() && x.im.is_finite())
            && to.is_none_or(|v| largest_finite(v.as_ref()).is_some());
        if !(done && finite) {
            return carefully(a, values, vectors);
        }
        if let (Some(from), Some(v)) = (to, vectors) {
            balanced.undo(from, notes, |x, f| x * T::from_real(f));
            unpack_vectors(values, from.as_ref(), v);
            normalise(v, |_| false);
        }
    }
    Ok(())
}

/// As [`eig`], of real matrices: by our own Schur form. Whether everything converged and stayed finite.
///
/// # Safety
/// As [`eig`].
unsafe fn by_schur_form<T: Spectrum>(
    a: MatRef<T>,
    values: &mut [Complex<<T as Number>::Real>],
    vectors: Option<MatMut<Complex<<T as Number>::Real>>>,
    work: &mut Workspace,
    threads: usize,
) -> Result<bool, Failure> {
    let n = a.rows;
    let cols = vectors.map_or(0, |_| n);
    let one = <<T as Number>::Real as One>::one();
    let (block, inner) = work.split(
        Pieces::size::<T>(n * n)
            + 3 * Pieces::size::<T>(n * cols)
            + Pieces::size::<<T as Number>::Real>(n),
    );
    let mut pieces = Pieces::new(block);
    let (dense, z) = (pieces.matrix::<T>(n, n), pieces.matrix::<T>(n, cols));
    let (x, out) = (pieces.matrix::<T>(n, cols), pieces.matrix::<T>(n, cols));
    let notes = pieces.take::<<T as Number>::Real>(n);
    // SAFETY: the caller's promise; the pieces are ours, written before they are read or made slices of.
    unsafe {
        let largest = largest_finite(a).ok_or(Failure::NonFinite)?;
        let factor = scale_factor(largest).unwrap_or(one);
        copy_with(a, dense, |x| x * T::from_real(factor));
        notes.iter_mut().for_each(|note| {
            note.write(one);
        });
        let notes = &mut *(std::ptr::from_mut(notes) as *mut [<T as Number>::Real]);
        let balanced = balance(dense, notes);
        reduce(dense, vectors.map(|_| z), inner, threads);
        let slice = |x: MatMut<T>| std::slice::from_raw_parts_mut(x.ptr, n * n);
        let mut t = Square::new(slice(dense), n);
        if vectors.is_none() && !T::hessenberg_to_schur(&mut t, None, values, threads) {
            return Ok(false);
        }
        if let Some(v) = vectors {
            let mut basis = Square::new(slice(z), n);
            if !T::hessenberg_to_schur(&mut t, Some(&mut basis), values, threads) {
                return Ok(false);
            }
            T::substitute(&t, values, &mut Square::new(slice(x), n), threads);
            triangular_product(z.as_ref(), x.as_ref(), out, threads);
            if largest_finite(out.as_ref()).is_none() {
                return Ok(false);
            }
            balanced.undo(out, notes, |x, f| x * T::from_real(f));
            unpack_normalised(values, out.cast(), v, threads);
        }
        for value in values.iter_mut() {
            *value = value.unscale(factor);
        }
    }
    Ok(values.iter().all(|x| x.re.is_finite() && x.im.is_finite()))
}

/// Gives real eigenvectors norm 1, pairs (real and imaginary part of the first) that and a largest component that
/// is real, and writes them to `to`.
///
/// # Safety
/// `from` is column-major and initialised, `to` writable and of its shape.
unsafe fn unpack_normalised<R: Float>(
    values: &[Complex<R>],
    from: MatMut<R>,
    to: MatMut<Complex<R>>,
    threads: usize,
) {
    let (n, zero) = (from.rows, R::zero());
    let threads = if n * n < UNPACK_PARALLEL_FROM {
        1
    } else {
        threads
    };
    let both = (from, to);
    for_ranges(n, UNPACK, threads, |_, range| {
        let (from, to) = both;
        let column = |j: usize| {
            let first = from.ptr.wrapping_offset(j as isize * from.col_stride);
            // SAFETY: the caller's promise; a pair, or a vector alone, is used by one thread.
            unsafe { std::slice::from_raw_parts_mut(first, n) }
        };
        for start in range.clone().step_by(UNPACK) {
            // The second of a pair goes with the first.
            let columns =
                || (start..range.end.min(start + UNPACK)).filter(|&j| values[j].im >= zero);
            for j in columns() {
                let pair = values[j].im > zero;
                normalise_parts(column(j), if pair { column(j + 1) } else { &mut [] });
            }
            for i in 0..n {
                let row = to.ptr.wrapping_offset(i as isize * to.row_stride);
                for j in columns() {
                    let at = row.wrapping_offset(j as isize * to.col_stride);
                    // SAFETY: inside.
                    unsafe {
                        let x = *from.ptr.offset(j as isize * from.col_stride + i as isize);
                        if values[j].im > zero {
                            let y = *from
                                .ptr
                                .offset((j + 1) as isize * from.col_stride + i as isize);
                            at.write(Complex::new(x, y));
                            at.wrapping_offset(to.col_stride).write(Complex::new(x, -y));
                        } else {
                            at.write(x.into());
                        }
                    }
                }
            }
        }
    });
}

/// Gives a vector norm 1; if it has imaginary parts, its largest component none.
fn normalise_parts<R: Float>(re: &mut [R], im: &mut [R]) {
    let zero = R::zero();
    let largest = re
        .iter()
        .chain(im.iter())
        .fold(zero, |most, x| most.max(x.abs()));
    if largest <= zero {
        return;
    }
    re.iter_mut()
        .chain(im.iter_mut())
        .for_each(|x| *x = *x / largest);
    let square = |x: &R| *x * *x;
    let sum = re
        .iter()
        .chain(im.iter())
        .fold(zero, |sum, x| sum + square(x));
    let scale = sum.sqrt().recip();
    if im.is_empty() {
        re.iter_mut().for_each(|x| *x = *x * scale);
        return;
    }
    let (mut most, mut top) = (0, zero);
    for (i, (x, y)) in re.iter().zip(im.iter()).enumerate() {
        let size = square(x) + square(y);
        if size > top {
            (most, top) = (i, size);
        }
    }
    let size = top.sqrt();
    let (cosine, sine) = (re[most] / size * scale, im[most] / size * scale);
    for (x, y) in re.iter_mut().zip(im.iter_mut()) {
        (*x, *y) = (*x * cosine + *y * sine, *y * cosine - *x * sine);
    }
    im[most] = zero;
}

/// `out = Z·X` for an X that is zero below its first subdiagonal.
///
/// # Safety
/// As [`gemm`], of square matrices.
pub(super) unsafe fn triangular_product<T: Scalar>(
    z: MatRef<T>,
    x: MatRef<T>,
    out: MatMut<T>,
    threads: usize,
) {
    let n = z.rows;
    for from in (0..n).step_by(PRODUCT) {
        let cols = PRODUCT.min(n - from);
        let inner = n.min(from + cols + 1);
        let x = MatRef {
            rows: inner,
            cols,
            ..x.at(from as isize * x.col_stride)
        };
        let (z, to) = (MatRef { cols: inner, ..z }, part(out, 0, from, n, cols));
        // SAFETY: the caller's promise.
        unsafe { gemm(T::one(), z, false, x, false, Beta::Zero, to, threads) };
    }
}

/// As [`eig`] where that does not converge or overflows, as it does in the vectors of long Jordan chains: by
/// our own Schur form and a substitution that scales.
///
/// # Safety
/// As [`eig`].
#[cold]
unsafe fn carefully<T: Spectrum>(
    a: MatRef<T>,
    values: &mut [Complex<<T as Number>::Real>],
    vectors: Option<MatMut<Complex<<T as Number>::Real>>>,
) -> Result<(), Failure> {
    let n = a.rows;
    let zero = <<T as Number>::Real as Zero>::zero();
    let mut room = [(); 3].map(|()| vec![<T as Zero>::zero(); n * n]);
    let [dense, t, z] = room.each_mut().map(|x| column_major(x.as_mut_ptr(), n, n));
    let mut notes = vec![<<T as Number>::Real as One>::one(); n];
    // SAFETY: the caller's promise; the rest is ours.
    unsafe {
        copy(a, dense);
        let balanced = balance(dense, &mut notes);
        let mut work = Workspace::new();
        let factor = reduced(dense.as_ref(), t, z, values, &mut work, 1)?;
        if let Some(v) = vectors {
            let wide =
                |x: &[T]| -> Vec<_> { x.iter().map(|x| Complex::new(x.re(), x.im())).collect() };
            let [_, t, z] = room.each_ref().map(|x| wide(x));
            let (mut t, mut z, mut out) = (t, z, vec![Complex::new(zero, zero); n * n]);
            schur::vectors(
                &Square::new(&mut t, n),
                &Square::new(&mut z, n),
                values,
                &mut Square::new(&mut out, n),
            );
            let out = column_major(out.as_mut_ptr(), n, n);
            balanced.undo(out, &notes, |x, f| x.scale(f));
            copy(out.as_ref(), v);
            normalise(v, |j| !T::IS_COMPLEX && values[j].im == zero);
        }
        for value in values {
            *value = value.unscale(factor);
        }
    }
    Ok(())
}
