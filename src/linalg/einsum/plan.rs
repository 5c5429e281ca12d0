//! Parse once, run often.

use super::bind::{Bound, Extents};
use super::error::EinsumError;
use super::operands::EinsumOperands;
use super::parse::Subscripts;
use super::path::{self, Step};
use super::report::EinsumPath;
use super::run;
use crate::array::{Array, ArrayRef, Dimension, IxDyn, Number};
use crate::linalg::error::LinalgError;

/// An [`einsum`](super::einsum) that is parsed and ordered once, to be run many times.
///
/// Made for shapes: operands of other extents and the same ranks are multiplied correctly, in the same
/// order, which may not be the cheapest for them.
///
/// ```
/// use orthant::{linalg::EinsumPlan, prelude::*};
///
/// # fn main() -> Result<(), orthant::linalg::LinalgError> {
/// let plan = EinsumPlan::new("ij,j->i", &[&[2, 3][..], &[3]])?;
/// let x = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
/// assert_eq!(plan.run((&x, &array![1.0, 0.0, 1.0]))?, array![4.0, 10.0].into_dyn());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct EinsumPlan {
    bound: Bound,
    steps: Vec<Step>,
    path: EinsumPath,
}

impl EinsumPlan {
    /// The plan for operands of these shapes.
    ///
    /// # Errors
    /// As [`einsum`](super::einsum).
    pub fn new<S: AsRef<[usize]>>(subscripts: &str, shapes: &[S]) -> Result<Self, LinalgError> {
        Self::ordered(subscripts, shapes, |bound, extents| {
            let masks = bound.masks(shapes.iter().map(S::as_ref));
            Ok(path::find(&masks, bound.output_mask(), extents))
        })
    }

    /// As [`new`](Self::new), with operands multiplied in this order (NumPy's `einsum(…, optimize=path)`, without
    /// its first entry): each step names two positions in the list of operands at that time, which leave it; their
    /// product goes to its end. What [`EinsumPath::order`] lists can be given back.
    ///
    /// # Errors
    /// As [`new`](Self::new); [`EinsumError::Path`] unless every step takes two of the operands that are left, until
    /// there is one. One operand has no steps, or the step `[0]`.
    ///
    /// ```
    /// use orthant::{linalg::EinsumPlan, prelude::*};
    ///
    /// # fn main() -> Result<(), orthant::linalg::LinalgError> {
    /// let plan = EinsumPlan::with_path("ij,jk,k->i", &[&[2, 3][..], &[3, 2], &[2]], &[[0, 1], [0, 1]])?;
    /// assert_eq!(plan.path().steps[0].subscripts, "ij,jk->ik");
    /// let x = array![[1, 0, 1], [0, 1, 0]];
    /// assert_eq!(plan.run((&x, &x.t(), &array![1, 1]))?, array![2, 1].into_dyn());
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_path<S: AsRef<[usize]>, P: AsRef<[usize]>>(
        subscripts: &str,
        shapes: &[S],
        path: &[P],
    ) -> Result<Self, LinalgError> {
        Self::ordered(subscripts, shapes, |_, _| {
            path::given(path, shapes.len()).ok_or_else(|| {
                let path = path.iter().map(|step| step.as_ref().to_vec()).collect();
                let operands = shapes.len();
                LinalgError::Einsum(EinsumError::Path { path, operands })
            })
        })
    }

    fn ordered<S: AsRef<[usize]>>(
        subscripts: &str,
        shapes: &[S],
        order: impl FnOnce(&Bound, &Extents) -> Result<Vec<Step>, LinalgError>,
    ) -> Result<Self, LinalgError> {
        let parsed = Subscripts::parse(subscripts)?;
        let shapes = || shapes.iter().map(S::as_ref);
        let bound = Bound::new(&parsed, shapes().map(<[usize]>::len))?;
        let extents = bound.extents(shapes())?;
        let steps = order(&bound, &extents)?;
        let path = EinsumPath::new(&bound, shapes(), &extents, &steps);
        Ok(EinsumPlan { bound, steps, path })
    }

    /// The result for these operands.
    ///
    /// # Errors
    /// Operands of other number, ranks or extents than fit the subscripts.
    pub fn run<Ops: EinsumOperands>(
        &self,
        operands: Ops,
    ) -> Result<Array<Ops::Elem, IxDyn>, LinalgError>
    where
        Ops::Elem: Number,
    {
        operands.with_factors(|factors| {
            run::check_ranks(&self.bound, factors)?;
            let extents = self.bound.resolve(factors)?;
            run::fresh("einsum", &self.bound, &self.steps, factors, &extents)
        })
    }

    /// As [`run`](Self::run), into an existing array of exactly the result's shape.
    ///
    /// # Errors
    /// As there; [`LinalgError::OutputShape`]. Nothing was written.
    pub fn run_into<Ops: EinsumOperands, D: Dimension>(
        &self,
        operands: Ops,
        out: &mut ArrayRef<Ops::Elem, D>,
    ) -> Result<(), LinalgError>
    where
        Ops::Elem: Number,
    {
        operands.with_factors(|factors| {
            run::check_ranks(&self.bound, factors)?;
            let extents = self.bound.resolve(factors)?;
            run::check_output("einsum", &self.bound, &extents, out.shape())?;
            let ptr = out.as_mut_ptr();
            // SAFETY: the output is exclusive and of the result's shape, so that it overlaps no
            // operand and its elements are distinct.
            unsafe {
                run::into(
                    &self.bound,
                    &self.steps,
                    factors,
                    &extents,
                    ptr,
                    out.strides(),
                )
            }
        })
    }

    /// The order of multiplications and its cost, for the shapes that the plan was made for.
    pub fn path(&self) -> &EinsumPath {
        &self.path
    }

    pub(super) fn into_path(self) -> EinsumPath {
        self.path
    }
}
