//! One array as a loop sees it, and the memory order that a loop's fresh result takes.

/// Most axes a loop may have.
pub(crate) const MAX_NDIM: usize = 8;
/// Most operands of a loop: eight inputs and one output.
pub(crate) const MAX_OPERANDS: usize = 9;

/// One operand of a loop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operand {
    /// The element at index zero on every axis.
    pub ptr: *mut u8,
    /// Bytes per element.
    pub size: usize,
    /// Strides in elements over the loop shape; 0 where the operand is broadcast.
    pub strides: [isize; MAX_NDIM],
}

// SAFETY: an operand is a description; whoever reads or writes through its pointer answers for
// the threads on which that happens (contract 2 and 3 of the engine, and element types that are
// `Send` and `Sync` wherever a loop runs in parallel).
unsafe impl Send for Operand {}
// SAFETY: as above.
unsafe impl Sync for Operand {}

impl Operand {
    /// Lines the trailing axes of `(shape, strides)` up with `loop_shape`. The stride is 0 where
    /// the operand is broadcast; the caller has checked that it can be.
    #[inline]
    pub(crate) fn new<T>(
        ptr: *const T,
        shape: &[usize],
        strides: &[isize],
        loop_shape: &[usize],
    ) -> Self {
        debug_assert!(shape.len() <= loop_shape.len() && loop_shape.len() <= MAX_NDIM);
        let mut aligned = [0; MAX_NDIM];
        let lead = loop_shape.len() - shape.len();
        for (axis, (&len, &stride)) in shape.iter().zip(strides).enumerate() {
            debug_assert!(len == loop_shape[lead + axis] || len == 1);
            aligned[lead + axis] = if len == 1 { 0 } else { stride };
        }
        Operand {
            ptr: ptr.cast_mut().cast(),
            size: size_of::<T>(),
            strides: aligned,
        }
    }

    /// One value for the whole loop.
    #[inline]
    pub(crate) fn scalar<T>(ptr: *const T) -> Self {
        Operand {
            ptr: ptr.cast_mut().cast(),
            size: size_of::<T>(),
            strides: [0; MAX_NDIM],
        }
    }

    /// A dense operand of a one-dimensional loop, as `run_dense` takes.
    #[inline]
    pub(crate) fn dense<T>(ptr: *const T) -> Self {
        let mut operand = Self::scalar(ptr);
        operand.strides[0] = 1;
        operand
    }
}

/// Strides, in elements, of a fresh dense result in K order.
///
/// Axes keep the order in memory that the inputs have in common. Two axes change places against C
/// order only if some input wants it and none objects, as in NumPy's `nditer`; scalars, broadcast
/// axes and axes of length 1 have no say.
pub(crate) fn k_order_strides(shape: &[usize], inputs: &[Operand]) -> [isize; MAX_NDIM] {
    let ndim = shape.len();
    let mut order = [0; MAX_NDIM];
    for axis in 0..ndim {
        // Insertion from the inside out: `order[..axis]` is sorted, outermost first.
        let mut at = axis;
        let mut probe = axis;
        while probe > 0 {
            match belongs_inside(order[probe - 1], axis, shape, inputs) {
                Some(true) => break,
                Some(false) => at = probe - 1,
                None => {}
            }
            probe -= 1;
        }
        order.copy_within(at..axis, at + 1);
        order[at] = axis;
    }
    let mut strides = [0; MAX_NDIM];
    let mut stride = 1isize;
    for &axis in order[..ndim].iter().rev() {
        strides[axis] = stride;
        stride = stride.saturating_mul(shape[axis].max(1) as isize);
    }
    strides
}

/// Whether axis `inner` stays inside axis `outer` in a result; `None` if no input has both.
fn belongs_inside(outer: usize, inner: usize, shape: &[usize], inputs: &[Operand]) -> Option<bool> {
    if shape[outer] == 1 || shape[inner] == 1 {
        return None;
    }
    let mut answer = None;
    for input in inputs {
        let (o, i) = (
            input.strides[outer].unsigned_abs(),
            input.strides[inner].unsigned_abs(),
        );
        if o != 0 && i != 0 {
            if i <= o {
                return Some(true);
            }
            answer = Some(false);
        }
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(shape: &[usize], inputs: &[&[isize]]) -> Vec<isize> {
        let ops: Vec<Operand> = inputs
            .iter()
            .map(|strides| {
                let mut op = Operand::scalar(std::ptr::null::<f64>());
                op.strides[..shape.len()].copy_from_slice(strides);
                op
            })
            .collect();
        k_order_strides(shape, &ops)[..shape.len()].to_vec()
    }

    #[test]
    fn results_keep_the_common_order_of_the_inputs() {
        let s = &[2, 3, 4];
        assert_eq!(order(s, &[]), [12, 4, 1]);
        assert_eq!(order(s, &[&[12, 4, 1]]), [12, 4, 1]);
        assert_eq!(order(s, &[&[1, 2, 6]]), [1, 2, 6]);
        assert_eq!(order(s, &[&[1, 2, 6], &[1, 2, 6]]), [1, 2, 6]);
        assert_eq!(order(s, &[&[1, 2, 6], &[12, 4, 1]]), [12, 4, 1]);
        assert_eq!(order(s, &[&[12, 4, 1], &[1, 2, 6]]), [12, 4, 1]);
        // a permutation of three axes
        assert_eq!(order(s, &[&[3, 1, 6]]), [3, 1, 6]);
        assert_eq!(order(s, &[&[3, 1, 6], &[0, 0, 0]]), [3, 1, 6]);
        // strided and reversed inputs count by the size of their strides
        assert_eq!(order(s, &[&[-2, 8, -24]]), [1, 2, 6]);
        // a row or a column vector does not vote on axes that it lacks
        assert_eq!(order(s, &[&[1, 2, 6], &[0, 0, 1]]), [1, 2, 6]);
        assert_eq!(order(s, &[&[0, 0, 1]]), [12, 4, 1]);
    }

    #[test]
    fn axes_of_length_one_and_zero_do_not_vote() {
        assert_eq!(order(&[5, 1, 4], &[&[1, 77, 5]]), [1, 1, 5]);
        assert_eq!(order(&[], &[]), []);
        assert_eq!(order(&[0, 3], &[&[3, 1]]), [3, 1]);
        assert_eq!(order(&[3, 0], &[&[1, 3]]), [1, 3]);
        assert_eq!(order(&[3, 0], &[&[0, 1]]), [1, 1]);
    }

    #[test]
    fn operands_line_up_on_trailing_axes() {
        let x = 0f32;
        let op = Operand::new(&x, &[1, 4], &[4, 1], &[2, 3, 4]);
        assert_eq!((op.size, &op.strides[..4]), (4, &[0, 0, 1, 0][..]));
        let op = Operand::new(&x, &[], &[], &[2, 3]);
        assert_eq!(op.strides, [0; MAX_NDIM]);
        let op = Operand::new(&x, &[2, 3], &[-3, 1], &[2, 3]);
        assert_eq!(&op.strides[..3], &[-3, 1, 0]);
    }
}
