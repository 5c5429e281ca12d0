//! Decompositions of matrices and stacks of matrices.

mod cholesky;
mod eigen;
mod generalised;
mod ldlt;
mod lu;
mod objects;
mod qr;
mod schur;
mod svd;

pub use cholesky::{Cholesky, cholesky};
pub use eigen::{Eig, Eigh, eig, eigh, eigvals, eigvalsh};
pub use generalised::{EighGeneralised, eigh_generalised, eigvalsh_generalised};
pub use ldlt::{Inertia, Ldlt, ldlt};
pub use lu::{Lu, lu};
pub use qr::{PivotedQr, Qr, QrMode, qr, qr_pivoted, qr_r};
pub use schur::{Hessenberg, Schur, hessenberg, schur};
pub use svd::{Svd, svd, svd_full, svdvals};
