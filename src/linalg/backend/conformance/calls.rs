//! The system library is called when it should be, with operands as they lie in memory.
#![cfg(orthant_lapack)]

use super::*;
use crate::array::{Array2, Array3, ArrayRef, Ix2};
use crate::linalg::backend::calls::{Calls, during};
use crate::linalg::{self, Diagonal, QrMode, Uplo, with_backend};

/// Large enough for every rule about sizes.
const N: usize = 160;

/// The same Hermitian, positive definite matrix: C order, F order, and the transpose of C order.
fn operands<T: Scalar>() -> [(&'static str, Array2<T>, bool); 3] {
    let mut rng = Rng(77);
    let b = Array2::<T>::from_shape_fn([N, N], |_| rng.scalar());
    let half = T::from_real(T::Real::from_f64(0.5));
    let size = T::from_real(T::Real::from_f64(N as f64));
    let a = Array2::<T>::from_shape_fn([N, N], |[i, j]| {
        let sum = (b[[i, j]] + b[[j, i]].conj()) * half;
        if i == j { sum + size } else { sum }
    });
    let columns = a.t().as_standard_layout().into_owned();
    let transposed = a.map(|x| x.conj());
    [
        ("C", a, false),
        ("F", columns, true),
        ("T", transposed, true),
    ]
}

fn with<T: Scalar, R>(
    (_, a, turned): &(&'static str, Array2<T>, bool),
    f: impl Fn(&ArrayRef<T, Ix2>) -> R,
) -> Calls {
    let call = || if *turned { f(&a.t()) } else { f(a) };
    during(|| with_backend(Backend::Lapack, call)).1
}

/// Panics unless `calls` are these.
fn expect(what: &str, calls: &Calls, routines: &[&str]) {
    for routine in routines {
        let count = calls.routines.get(routine).copied().unwrap_or(0);
        assert!(count > 0, "{what}: {routine} is not called: {calls:?}");
    }
}

/// Copies that keep the order of elements, and that transpose.
fn copies(calls: &Calls) -> (usize, usize) {
    (calls.straight, calls.transposing)
}

/// One copy to columns, of columns or of rows.
fn turned(columns: bool) -> (usize, usize) {
    if columns { (1, 0) } else { (0, 1) }
}

fn all<T: Scalar>() {
    for operand in operands::<T>() {
        let name = operand.0;
        let mut rng = Rng(78);
        let b = Array2::<T>::from_shape_fn([N, 3], |_| rng.scalar());
        let what = |op: &str| format!("{op} of {} in {name} order", std::any::type_name::<T>());

        // Products take every order as it is.
        for other in operands::<T>() {
            let calls = with(&operand, |a| {
                if other.2 {
                    linalg::matmul(a, &other.1.t())
                } else {
                    linalg::matmul(a, &other.1)
                }
            });
            expect(&what("matmul"), &calls, &["gemm"]);
            assert_eq!((calls.straight, calls.transposing), (0, 0), "{calls:?}");
        }

        // The others work in place of a copy: one, and of nothing but A (and B).
        let calls = with(&operand, |a| linalg::solve(a, &b).unwrap());
        expect(&what("solve"), &calls, &["getrf", "trsm"]);
        assert!(calls.straight + calls.transposing <= 2, "{calls:?}");
        let calls = with(&operand, |a| linalg::solve(a, &b.column(0)).unwrap());
        expect(&what("solve"), &calls, &["getrf", "trsv"]);
        assert!(calls.straight + calls.transposing == 1, "{calls:?}");

        let calls = with(&operand, |a| linalg::inv(a).unwrap());
        expect(&what("inv"), &calls, &["getrf", "getri"]);
        assert_eq!(calls.straight + calls.transposing, 1, "{calls:?}");
        let calls = with(&operand, |a| linalg::det(a).unwrap());
        expect(&what("det"), &calls, &["getrf"]);
        assert_eq!((calls.straight, calls.transposing), (1, 0), "{calls:?}");

        for uplo in [Uplo::Lower, Uplo::Upper] {
            // The lower triangle that is kept lies in rows (in columns, for `ldlt`); the other one is turned on the way.
            let along = (uplo == Uplo::Lower) != operand.2;
            let calls = with(&operand, |a| linalg::cholesky(a, uplo).unwrap());
            expect(&what("cholesky"), &calls, &["potrf"]);
            assert_eq!(copies(&calls), if along { (1, 0) } else { (0, 1) });
            let calls = with(&operand, |a| linalg::ldlt(a, uplo).unwrap());
            expect(&what("ldlt"), &calls, &["hetrf"]);
            assert_eq!(copies(&calls), if along { (0, 1) } else { (1, 0) });
            // A in as it lies, vectors out as rows.
            let calls = with(&operand, |a| linalg::eigh(a, uplo).unwrap());
            expect(&what("eigh"), &calls, &["heevd"]);
            assert_eq!(copies(&calls), (1, 1), "{calls:?}");
            let calls = with(&operand, |a| linalg::eigvalsh(a, uplo).unwrap());
            expect(&what("eigvalsh"), &calls, &["heevd"]);
            assert_eq!(copies(&calls), (1, 0), "{calls:?}");
            let diagonal = Diagonal::Stored;
            let calls = with(&operand, |a| {
                linalg::solve_triangular(a, &b, uplo, diagonal).unwrap()
            });
            expect(&what("solve_triangular"), &calls, &["trsm"]);
            assert_eq!(copies(&calls), (1, 0), "of B alone: {calls:?}");
        }
        let calls = with(&operand, |a| linalg::solve_posdef(a, &b).unwrap());
        expect(&what("solve_posdef"), &calls, &["potrf", "trsm"]);
        // Rows of B are not divided by the conjugate of L that BLAS has no name for: by a copy.
        let count = if T::IS_COMPLEX { 3 } else { 2 };
        assert_eq!(calls.straight + calls.transposing, count, "{calls:?}");
        let calls = with(&operand, |a| linalg::lu(a).unwrap());
        expect(&what("lu"), &calls, &["getrf"]);
        assert_eq!(copies(&calls), turned(operand.2), "{calls:?}");

        let calls = with(&operand, |a| linalg::qr(a, QrMode::Reduced).unwrap());
        expect(&what("qr"), &calls, &["geqrf", "ungqr"]);
        // A in, R and Q out, which lie in rows.
        assert_eq!(calls.straight + calls.transposing, 3, "{calls:?}");
        let calls = with(&operand, |a| {
            linalg::qr_pivoted(a, QrMode::Reduced).unwrap()
        });
        expect(&what("qr_pivoted"), &calls, &["geqp3", "ungqr"]);
        assert_eq!(calls.straight + calls.transposing, 3, "{calls:?}");
        let calls = with(&operand, |a| linalg::qr_r(a).unwrap());
        expect(&what("qr_r"), &calls, &["geqrf"]);
        assert_eq!(calls.straight + calls.transposing, 2, "{calls:?}");

        let calls = with(&operand, |a| linalg::svd(a).unwrap());
        expect(&what("svd"), &calls, &["gesdd"]);
        assert_eq!(calls.straight + calls.transposing, 1, "{calls:?}");
        let calls = with(&operand, |a| linalg::svdvals(a).unwrap());
        expect(&what("svdvals"), &calls, &["gesdd"]);
        assert_eq!((calls.straight, calls.transposing), (1, 0), "{calls:?}");

        let calls = with(&operand, |a| linalg::eig(a).unwrap());
        expect(&what("eig"), &calls, &["geev"]);
        // A in, the vectors out.
        assert_eq!(calls.straight + calls.transposing, 2, "{calls:?}");
        let calls = with(&operand, |a| linalg::eigvals(a).unwrap());
        expect(&what("eigvals"), &calls, &["geev"]);
        assert_eq!(copies(&calls), turned(operand.2), "{calls:?}");
        let calls = with(&operand, |a| linalg::pinv(a, None).unwrap());
        expect(&what("pinv"), &calls, &["gesdd", "gemm"]);
        let calls = with(&operand, |a| linalg::lstsq(a, &b, None).unwrap());
        expect(&what("lstsq"), &calls, &["geqrf", "gesdd", "trsm"]);
        let calls = with(&operand, |a| linalg::schur(a).unwrap());
        expect(&what("schur"), &calls, &["gees"]);
        let calls = with(&operand, |a| linalg::hessenberg(a).unwrap());
        expect(&what("hessenberg"), &calls, &["gehrd", "unghr"]);

        // Stacks of products and contractions are products.
        let stack = Array3::from_shape_fn([2, N, N], |[_, i, j]| operand.1[[i, j]]);
        let calls = with(&operand, |a| linalg::matmul(&stack, a));
        expect(&what("stacked matmul"), &calls, &["gemm"]);
        assert_eq!(copies(&calls), (0, 0), "{calls:?}");
        let calls = with(&operand, |a| {
            linalg::einsum("bij,jk->bik", (&stack, a)).unwrap()
        });
        expect(&what("einsum"), &calls, &["gemm"]);
        assert_eq!(copies(&calls), (0, 0), "{calls:?}");
    }
}

#[test]
fn every_operation_calls_the_library() {
    all::<f32>();
    all::<f64>();
    all::<Complex<f32>>();
    all::<Complex<f64>>();
}

#[test]
fn the_embedded_backend_calls_nothing() {
    if !compiled_in().any(|backend| backend == Backend::Embedded) {
        return;
    }
    let [(_, a, _), ..] = operands::<f64>();
    let ((), calls) = during(|| {
        with_backend(Backend::Embedded, || {
            linalg::solve(&a, &a.matmul(&a)).unwrap();
            linalg::svd(&a).unwrap();
            linalg::eig(&a).unwrap();
        });
    });
    assert!(calls.routines.is_empty(), "{calls:?}");
}
