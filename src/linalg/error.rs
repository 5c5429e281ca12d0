//! What can go wrong in linear algebra.

use std::fmt;

/// Why a product, decomposition or solver failed.
///
/// Every variant names the operation (`op`, as the function is called) and the shapes of its
/// operands. Where one matrix of a stack is at fault, `index` is its position along the leading
/// axes (empty for a single matrix). The wording follows NumPy's `LinAlgError` and `ValueError`.
///
/// ```
/// use orthant::linalg::LinalgError;
///
/// let error = LinalgError::Singular { op: "solve", shape: vec![5, 3, 3], index: vec![4] };
/// assert_eq!(
///     error.to_string(),
///     "solve: Singular matrix (matrix [4] of the stack of shape (5,3,3))"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LinalgError {
    /// A matrix (or stack of matrices) was expected.
    #[error("{op}: {}-dimensional array given. Array must be at least two-dimensional", shape.len())]
    TooFewDimensions {
        /// The operation.
        op: &'static str,
        /// The operand's shape.
        shape: Vec<usize>,
    },
    /// A square matrix was expected.
    #[error(
        "{op}: Last 2 dimensions of the array must be square (shape {})",
        Tuple(shape)
    )]
    NotSquare {
        /// The operation.
        op: &'static str,
        /// The operand's shape.
        shape: Vec<usize>,
    },
    /// Two operands disagree on an extent that they share.
    #[error(
        "{op}: Input operand {operand} has a mismatch in its core dimension {dimension}, \
         with gufunc signature {signature} (size {size} is different from {expected}){}",
        Shapes(shapes)
    )]
    CoreDimension {
        /// The operation.
        op: &'static str,
        /// The operand at fault, counted from 0.
        operand: usize,
        /// Which of its core dimensions, counted from 0.
        dimension: usize,
        /// The operation's signature in NumPy's notation, `(n?,k),(k,m?)->(n?,m?)` for `matmul`.
        signature: &'static str,
        /// The extent found.
        size: usize,
        /// The extent that the other operand has.
        expected: usize,
        /// The operands' whole shapes.
        shapes: Vec<Vec<usize>>,
    },
    /// A 0-d operand where a vector or matrix was expected.
    #[error(
        "{op}: Input operand {operand} does not have enough dimensions (has 0, gufunc core with \
         signature {signature} requires 1){}",
        Shapes(shapes)
    )]
    ScalarOperand {
        /// The operation.
        op: &'static str,
        /// The operand at fault, counted from 0.
        operand: usize,
        /// The operation's signature in NumPy's notation.
        signature: &'static str,
        /// The operands' whole shapes.
        shapes: Vec<Vec<usize>>,
    },
    /// The axes that are summed over have different extents.
    #[error(
        "{op}: shapes {} and {} not aligned: {} (dim {lhs_axis}) != {} (dim {rhs_axis})",
        Tuple(lhs),
        Tuple(rhs),
        lhs.get(*lhs_axis).copied().unwrap_or(0),
        rhs.get(*rhs_axis).copied().unwrap_or(0)
    )]
    NotAligned {
        /// The operation.
        op: &'static str,
        /// The left operand's shape.
        lhs: Vec<usize>,
        /// The right operand's shape.
        rhs: Vec<usize>,
        /// The axis of the left operand.
        lhs_axis: usize,
        /// The axis of the right operand.
        rhs_axis: usize,
    },
    /// The leading axes of two stacks do not broadcast together.
    #[error(
        "{op}: operands could not be broadcast together with shapes {} {} (batch axes {} and {})",
        Tuple(lhs),
        Tuple(rhs),
        Tuple(batch(lhs)),
        Tuple(batch(rhs))
    )]
    BatchBroadcast {
        /// The operation.
        op: &'static str,
        /// The left operand's whole shape.
        lhs: Vec<usize>,
        /// The right operand's whole shape.
        rhs: Vec<usize>,
    },
    /// An output array does not have the result's shape.
    #[error(
        "{op}: output has shape {}, the result has shape {}",
        Tuple(output),
        Tuple(result)
    )]
    OutputShape {
        /// The operation.
        op: &'static str,
        /// The output's shape.
        output: Vec<usize>,
        /// The result's shape.
        result: Vec<usize>,
    },
    /// An element is infinite or NaN.
    #[error("{op}: Array must not contain infs or NaNs{}", place(shape, index))]
    NonFinite {
        /// The operation.
        op: &'static str,
        /// The operand's whole shape.
        shape: Vec<usize>,
        /// The matrix's position in the stack.
        index: Vec<usize>,
    },
    /// An iteration did not converge.
    #[error("{op}: {} did not converge{}", method(op), place(shape, index))]
    NotConverged {
        /// The operation.
        op: &'static str,
        /// The operand's whole shape.
        shape: Vec<usize>,
        /// The matrix's position in the stack.
        index: Vec<usize>,
    },
    /// A pivot is exactly zero.
    #[error("{op}: Singular matrix{}", place(shape, index))]
    Singular {
        /// The operation.
        op: &'static str,
        /// The operand's whole shape.
        shape: Vec<usize>,
        /// The matrix's position in the stack.
        index: Vec<usize>,
    },
    /// A leading minor is not positive.
    #[error("{op}: Matrix is not positive definite{}", place(shape, index))]
    NotPositiveDefinite {
        /// The operation.
        op: &'static str,
        /// The operand's whole shape.
        shape: Vec<usize>,
        /// The matrix's position in the stack.
        index: Vec<usize>,
    },
    /// A result or workspace is larger than the backend or the address space allows.
    #[error("{op}: an array of shape {} is too large", Tuple(shape))]
    TooLarge {
        /// The operation.
        op: &'static str,
        /// The operand's whole shape.
        shape: Vec<usize>,
    },
    /// Lists of axes to sum over together that do not fit.
    #[error(
        "{op}: shape-mismatch for sum: axes {lhs_axes:?} of shape {} with axes {rhs_axes:?} of shape {}",
        Tuple(lhs),
        Tuple(rhs)
    )]
    AxesMismatch {
        /// The operation.
        op: &'static str,
        /// The left operand's shape.
        lhs: Vec<usize>,
        /// The right operand's shape.
        rhs: Vec<usize>,
        /// The axes of the left operand.
        lhs_axes: Vec<isize>,
        /// The axes of the right operand.
        rhs_axes: Vec<isize>,
    },
    /// Vectors of another length than 3.
    #[error(
        "{op}: Both input arrays must be (arrays of) 3-dimensional vectors, but they are {lhs} and \
         {rhs} dimensional instead.{}",
        Shapes(shapes)
    )]
    NotThreeVectors {
        /// The operation.
        op: &'static str,
        /// The length of the left operand's vectors.
        lhs: usize,
        /// The length of the right operand's vectors.
        rhs: usize,
        /// The operands' whole shapes.
        shapes: Vec<Vec<usize>>,
    },
    /// An operand that is no matrix.
    #[error("{op}: {}-dimensional array given. Array must be two-dimensional", shape.len())]
    NotMatrix {
        /// The operation.
        op: &'static str,
        /// The operand's shape.
        shape: Vec<usize>,
    },
    /// Not enough operands.
    #[error("{op}: Expecting at least two arrays. ({given} given)")]
    TooFewOperands {
        /// The operation.
        op: &'static str,
        /// Operands given.
        given: usize,
    },
    /// An order that norms of this kind do not have, or axes that span neither vectors nor matrices.
    #[error("{op}: {reason}{}", Shapes(std::slice::from_ref(shape)))]
    NormOrder {
        /// The operation.
        op: &'static str,
        /// Why.
        reason: String,
        /// The operand's shape.
        shape: Vec<usize>,
    },
    /// What was asked for has no meaning for these elements or shapes.
    #[error("{op}: {reason}{}", Shapes(shapes))]
    Unsupported {
        /// The operation.
        op: &'static str,
        /// Why.
        reason: &'static str,
        /// The operands' shapes.
        shapes: Vec<Vec<usize>>,
    },
    /// The fields of a factorisation that was made or changed by hand do not fit each other.
    #[error("{op}: {reason}{}", Shapes(shapes))]
    Factors {
        /// The operation.
        op: &'static str,
        /// What does not hold.
        reason: &'static str,
        /// The fields' shapes.
        shapes: Vec<Vec<usize>>,
    },
    /// More components than a matrix has.
    #[error(
        "{op}: {asked} components asked for, a matrix of shape {} has at most {}",
        Tuple(shape),
        shape.iter().copied().min().unwrap_or(0)
    )]
    TooManyComponents {
        /// The operation.
        op: &'static str,
        /// How many were asked for.
        asked: usize,
        /// The operand's shape.
        shape: Vec<usize>,
    },
    /// A mistake of shapes or axes.
    #[error(transparent)]
    Shape(#[from] crate::array::ShapeError),
    /// Subscripts of an `einsum`, or operands that do not fit them.
    #[error(transparent)]
    Einsum(#[from] super::einsum::EinsumError),
    /// The backend that was asked for cannot run in this build.
    #[error("linear algebra backend {requested:?} is not available: {reason}")]
    BackendUnavailable {
        /// What was asked for.
        requested: String,
        /// Why it cannot be had.
        reason: String,
    },
}

impl LinalgError {
    /// The same about one matrix of a stack.
    #[cfg_attr(not(orthant_backend), allow(dead_code))]
    pub(crate) fn of_member(mut self, stack: &[usize], at: &[usize]) -> Self {
        if let LinalgError::NonFinite { shape, index, .. }
        | LinalgError::NotConverged { shape, index, .. }
        | LinalgError::Singular { shape, index, .. }
        | LinalgError::NotPositiveDefinite { shape, index, .. } = &mut self
        {
            *shape = stack.to_vec();
            *index = at.to_vec();
        }
        self
    }
}

impl LinalgError {
    /// The same, of the operation that was made of others.
    pub(crate) fn named(mut self, name: &'static str) -> Self {
        match &mut self {
            LinalgError::TooFewDimensions { op, .. }
            | LinalgError::NotSquare { op, .. }
            | LinalgError::CoreDimension { op, .. }
            | LinalgError::ScalarOperand { op, .. }
            | LinalgError::NotAligned { op, .. }
            | LinalgError::BatchBroadcast { op, .. }
            | LinalgError::OutputShape { op, .. }
            | LinalgError::NonFinite { op, .. }
            | LinalgError::NotConverged { op, .. }
            | LinalgError::Singular { op, .. }
            | LinalgError::NotPositiveDefinite { op, .. }
            | LinalgError::TooLarge { op, .. }
            | LinalgError::AxesMismatch { op, .. }
            | LinalgError::NotThreeVectors { op, .. }
            | LinalgError::NotMatrix { op, .. }
            | LinalgError::TooFewOperands { op, .. }
            | LinalgError::NormOrder { op, .. }
            | LinalgError::Unsupported { op, .. }
            | LinalgError::Factors { op, .. }
            | LinalgError::TooManyComponents { op, .. } => *op = name,
            LinalgError::Shape(_)
            | LinalgError::Einsum(_)
            | LinalgError::BackendUnavailable { .. } => {}
        }
        self
    }

    /// As [`named`](Self::named), of an operand that was reshaped or permuted on the way: this was its shape.
    pub(crate) fn of(self, name: &'static str, operand: &[usize]) -> Self {
        let mut this = self.named(name);
        match &mut this {
            LinalgError::TooFewDimensions { shape, .. }
            | LinalgError::NotSquare { shape, .. }
            | LinalgError::NonFinite { shape, .. }
            | LinalgError::NotConverged { shape, .. }
            | LinalgError::Singular { shape, .. }
            | LinalgError::NotPositiveDefinite { shape, .. }
            | LinalgError::TooLarge { shape, .. }
            | LinalgError::NormOrder { shape, .. } => *shape = operand.to_vec(),
            LinalgError::Unsupported { shapes, .. } => {
                if let Some(first) = shapes.first_mut() {
                    *first = operand.to_vec();
                }
            }
            _ => {}
        }
        this
    }
}

/// A shape as NumPy prints one: `(3,4)`, `(3,)`, `()`.
struct Tuple<'a>(&'a [usize]);

impl fmt::Display for Tuple<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        for (i, extent) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(",")?;
            }
            write!(f, "{extent}")?;
        }
        if self.0.len() == 1 {
            f.write_str(",")?;
        }
        f.write_str(")")
    }
}

/// ` (shapes (3,4) (5,))` behind a message; nothing for no shapes.
struct Shapes<'a>(&'a [Vec<usize>]);

impl fmt::Display for Shapes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [] => return Ok(()),
            [_] => f.write_str(" (shape")?,
            _ => f.write_str(" (shapes")?,
        }
        for shape in self.0 {
            write!(f, " {}", Tuple(shape))?;
        }
        f.write_str(")")
    }
}

fn batch(shape: &[usize]) -> &[usize] {
    &shape[..shape.len().saturating_sub(2)]
}

/// What iterates inside `op`, in NumPy's words.
fn method(op: &str) -> &'static str {
    match op {
        "eig" | "eigh" | "eigvals" | "eigvalsh" | "eigh_generalised" | "eigvalsh_generalised" => {
            "Eigenvalues"
        }
        "schur" => "Schur form",
        "sqrtm" | "logm" => "iteration",
        "lstsq" => "SVD in Linear Least Squares",
        _ => "SVD",
    }
}

fn place(shape: &[usize], index: &[usize]) -> String {
    if index.is_empty() {
        format!(" (shape {})", Tuple(shape))
    } else {
        format!(" (matrix {index:?} of the stack of shape {})", Tuple(shape))
    }
}

/// Why a backend could not handle one matrix; [`Failure::at`] makes a [`LinalgError`] of it.
#[cfg(orthant_backend)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// An element is infinite or NaN.
    NonFinite,
    /// An iteration did not converge.
    NotConverged,
    /// A pivot is exactly zero.
    Singular,
    /// A leading minor is not positive.
    NotPositiveDefinite,
    /// Sizes beyond what the only backend there is can count.
    #[cfg_attr(not(orthant_lapack), allow(dead_code))]
    TooLarge,
}

#[cfg(orthant_backend)]
impl Failure {
    /// The public error for the matrix at `index` of the stack `shape` handed to `op`.
    pub(crate) fn at(self, op: &'static str, shape: &[usize], index: &[usize]) -> LinalgError {
        let (shape, index) = (shape.to_vec(), index.to_vec());
        match self {
            Failure::NonFinite => LinalgError::NonFinite { op, shape, index },
            Failure::NotConverged => LinalgError::NotConverged { op, shape, index },
            Failure::Singular => LinalgError::Singular { op, shape, index },
            Failure::NotPositiveDefinite => LinalgError::NotPositiveDefinite { op, shape, index },
            Failure::TooLarge => LinalgError::TooLarge { op, shape },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_numpys() {
        let error = LinalgError::CoreDimension {
            op: "matmul",
            operand: 1,
            dimension: 0,
            signature: "(n?,k),(k,m?)->(n?,m?)",
            size: 4,
            expected: 3,
            shapes: vec![vec![2, 3], vec![4]],
        };
        assert_eq!(
            error.to_string(),
            "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature \
             (n?,k),(k,m?)->(n?,m?) (size 4 is different from 3) (shapes (2,3) (4,))"
        );
        let error = LinalgError::TooFewDimensions {
            op: "svd",
            shape: vec![7],
        };
        assert_eq!(
            error.to_string(),
            "svd: 1-dimensional array given. Array must be at least two-dimensional"
        );
        let error = LinalgError::NotSquare {
            op: "inv",
            shape: vec![2, 3],
        };
        assert_eq!(
            error.to_string(),
            "inv: Last 2 dimensions of the array must be square (shape (2,3))"
        );
        let error = LinalgError::BatchBroadcast {
            op: "matmul",
            lhs: vec![2, 3, 4],
            rhs: vec![3, 4, 5],
        };
        assert_eq!(
            error.to_string(),
            "matmul: operands could not be broadcast together with shapes (2,3,4) (3,4,5) \
             (batch axes (2,) and (3,))"
        );
    }

    #[cfg(orthant_backend)]
    #[test]
    fn failures_name_their_matrix() {
        assert_eq!(
            Failure::NotConverged.at("svd", &[4, 3], &[]).to_string(),
            "svd: SVD did not converge (shape (4,3))"
        );
        assert_eq!(
            Failure::NonFinite
                .at("svd", &[2, 5, 4, 3], &[1, 2])
                .to_string(),
            "svd: Array must not contain infs or NaNs (matrix [1, 2] of the stack of shape (2,5,4,3))"
        );
        assert_eq!(
            Failure::NotConverged.at("eigh", &[3, 3], &[]).to_string(),
            "eigh: Eigenvalues did not converge (shape (3,3))"
        );
        let failed = |op| Failure::NotConverged.at(op, &[2, 3, 3], &[1]).to_string();
        for (op, what) in [
            ("eigh_generalised", "Eigenvalues"),
            ("schur", "Schur form"),
            ("logm", "iteration"),
            ("polar", "SVD"),
            ("lstsq", "SVD in Linear Least Squares"),
        ] {
            let place = "(matrix [1] of the stack of shape (2,3,3))";
            assert_eq!(failed(op), format!("{op}: {what} did not converge {place}"));
        }
        assert_eq!(
            Failure::TooLarge.at("svd", &[4, 3], &[]).to_string(),
            "svd: an array of shape (4,3) is too large"
        );
    }

    #[test]
    fn errors_are_told_of_the_operation_that_was_called() {
        let shape = vec![6, 6];
        let inner = LinalgError::TooLarge { op: "solve", shape };
        assert_eq!(
            inner.of("tensorsolve", &[2, 3, 6]).to_string(),
            "tensorsolve: an array of shape (2,3,6) is too large"
        );
        let reason = "no such norm";
        let inner = LinalgError::NormOrder {
            op: "norm",
            reason: reason.into(),
            shape: vec![],
        };
        assert_eq!(
            inner.of("matrix_norm", &[3, 2]).to_string(),
            "matrix_norm: no such norm (shape (3,2))"
        );
        let inner = LinalgError::Unsupported {
            op: "inv",
            reason,
            shapes: vec![vec![6, 6], vec![6]],
        };
        assert_eq!(
            inner.of("tensorsolve", &[2, 3, 6]).to_string(),
            "tensorsolve: no such norm (shapes (2,3,6) (6,))"
        );
    }
}
