//! What tests share: arrays of every memory layout, a naive oracle, readers of golden values.

#![allow(dead_code)] // each test binary uses a part

pub mod keyed;

use orthant::prelude::*;
use proptest::prelude::*;

/// All indices of a shape in row-major order.
pub fn indices(shape: &[usize]) -> Vec<Vec<usize>> {
    let mut all = vec![vec![]];
    for &n in shape {
        all = all
            .iter()
            .flat_map(|head: &Vec<usize>| (0..n).map(move |i| [head.as_slice(), &[i]].concat()))
            .collect();
    }
    all
}

/// How to make a view of a given shape out of a larger array: cut with steps, flip, repeat, permute.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// Of the view.
    shape: Vec<usize>,
    /// Step, flipped, repeated; per axis of the base.
    axes: Vec<(usize, bool, bool)>,
    /// Axis `i` of the view is axis `order[i]` of the base.
    order: Vec<usize>,
    column_major: bool,
}

impl Recipe {
    /// The extent of each axis of the base before it is cut.
    fn extents(&self) -> Vec<usize> {
        let mut extents = vec![0; self.shape.len()];
        for (&axis, &n) in self.order.iter().zip(&self.shape) {
            let (step, _, repeated) = self.axes[axis];
            extents[axis] = if repeated { 1 } else { n * step };
        }
        extents
    }

    /// The array to view, with `element(i)` in place `i` of its memory.
    pub fn base<T>(&self, element: impl FnMut(usize) -> T) -> ArrayD<T> {
        let extents = self.extents();
        let elements: Vec<T> = (0..extents.iter().product()).map(element).collect();
        if self.column_major {
            ArrayD::from_shape_vec(extents.f(), elements)
        } else {
            ArrayD::from_shape_vec(extents, elements)
        }
    }

    /// Whether no element appears twice, so that it can be written through.
    pub fn is_injective(&self) -> bool {
        !self.axes.iter().any(|axis| axis.2)
    }

    pub fn view<'a, T>(&self, base: &'a ArrayRefD<T>) -> ArrayViewD<'a, T> {
        let mut view = base.view();
        let mut whole = vec![0; self.shape.len()];
        for (&axis, &n) in self.order.iter().zip(&self.shape) {
            let (step, flipped, _) = self.axes[axis];
            view = view.slice_axis(axis, None, None, step as isize);
            if flipped {
                view = view.flip(axis);
            }
            whole[axis] = n;
        }
        view.broadcast_to(whole).permute(&self.order[..])
    }

    pub fn view_mut<'a, T>(&self, base: &'a mut ArrayRefD<T>) -> ArrayViewMutD<'a, T> {
        assert!(self.is_injective());
        let mut view = base.view_mut();
        for axis in 0..self.axes.len() {
            let (step, flipped, _) = self.axes[axis];
            view = view.into_slice_axis(axis, None, None, step as isize);
            if flipped {
                view = view.into_flip(axis);
            }
        }
        view.into_permute(&self.order[..])
    }
}

fn recipe_with(shape: Vec<usize>, repeats: bool) -> impl Strategy<Value = Recipe> {
    let ndim = shape.len();
    let plain = Just((1_usize, false, false));
    let cut = (
        1_usize..4,
        any::<bool>(),
        prop::bool::weighted(if repeats { 0.2 } else { 0.0 }),
    );
    // Half of the arrays are dense, in C, F or another order.
    let axes = prop_oneof![
        prop::collection::vec(plain, ndim).boxed(),
        prop::collection::vec(cut, ndim).boxed(),
    ];
    let order: Vec<usize> = (0..ndim).collect();
    let order = prop_oneof![
        Just(order.clone()).boxed(),
        Just(order).prop_shuffle().boxed()
    ];
    (axes, order, any::<bool>()).prop_map(move |(axes, order, column_major)| Recipe {
        shape: shape.clone(),
        axes,
        order,
        column_major,
    })
}

/// Views of this shape in any memory layout.
pub fn recipe(shape: Vec<usize>) -> impl Strategy<Value = Recipe> {
    recipe_with(shape, true)
}

/// As [`recipe`], without repeated elements.
pub fn injective(shape: Vec<usize>) -> impl Strategy<Value = Recipe> {
    recipe_with(shape, false)
}

/// Shapes of up to four axes, empty ones among them.
pub fn shape() -> impl Strategy<Value = Vec<usize>> {
    let extent =
        prop_oneof![1 => Just(0_usize), 4 => Just(1_usize), 20 => 2_usize..6, 2 => 30_usize..40];
    prop::collection::vec(extent, 0..5)
        .prop_filter("small", |shape| shape.iter().product::<usize>() < 3000)
}

/// A shape that broadcasts to `whole`.
pub fn operand_shape(whole: Vec<usize>) -> impl Strategy<Value = Vec<usize>> {
    let ndim = whole.len();
    (
        0..=ndim,
        prop::collection::vec(prop::bool::weighted(0.25), ndim),
    )
        .prop_map(move |(from, ones)| {
            // Most operands keep all axes.
            let from = if from * 2 > ndim + 1 { 0 } else { from };
            whole
                .iter()
                .zip(&ones)
                .skip(from)
                .map(|(&n, &one)| if one { 1 } else { n })
                .collect()
        })
}

/// The elements in row-major order, found by indexing.
pub fn elements<T: Clone, D: Dimension>(x: &ArrayRef<T, D>) -> Vec<T> {
    let x = x.view_dyn();
    indices(x.shape())
        .iter()
        .map(|index| x.get(&index[..]).expect("in bounds").clone())
        .collect()
}

/// The shape that two shapes broadcast to.
pub fn broadcast(a: &[usize], b: &[usize]) -> Vec<usize> {
    let ndim = a.len().max(b.len());
    let at = |shape: &[usize], axis: usize| {
        (axis + shape.len())
            .checked_sub(ndim)
            .map_or(1, |i| shape[i])
    };
    (0..ndim)
        .map(|axis| match (at(a, axis), at(b, axis)) {
            (1, n) => n,
            (n, 1) => n,
            (m, n) => {
                assert_eq!(m, n);
                m
            }
        })
        .collect()
}

/// `f` of all pairs of elements, broadcasting, index by index.
pub fn naive<T: Clone, U: Clone, R>(
    a: &ArrayRefD<T>,
    b: &ArrayRefD<U>,
    f: impl Fn(T, U) -> R,
) -> (Vec<usize>, Vec<R>) {
    let shape = broadcast(a.shape(), b.shape());
    let of = |index: &[usize], own: &[usize]| -> Vec<usize> {
        let lead = shape.len() - own.len();
        (0..own.len())
            .map(|axis| {
                if own[axis] == 1 {
                    0
                } else {
                    index[lead + axis]
                }
            })
            .collect()
    };
    let values = indices(&shape)
        .iter()
        .map(|index| {
            let x = a.get(&of(index, a.shape())[..]).expect("in bounds").clone();
            let y = b.get(&of(index, b.shape())[..]).expect("in bounds").clone();
            f(x, y)
        })
        .collect();
    (shape, values)
}

/// The message that `f` panics with.
pub fn panic_message<R>(f: impl FnOnce() -> R) -> String {
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(f));
    let Err(payload) = result else {
        panic!("should have panicked")
    };
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => payload
            .downcast_ref::<&str>()
            .expect("a message")
            .to_string(),
    }
}

/// The lines of a golden file, split into columns.
pub fn golden(name: &str) -> Vec<Vec<String>> {
    let path = format!("{}/tests/golden/{name}.tsv", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let lines: Vec<Vec<String>> = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect();
    assert!(lines.len() > 100, "{path} is too short");
    lines
}

/// A list separated by commas; `()` is the empty one.
pub fn list<T: std::str::FromStr>(text: &str) -> Vec<T> {
    if text == "()" {
        return vec![];
    }
    let parse = |item: &str| item.parse().unwrap_or_else(|_| panic!("{item} in {text}"));
    text.split(',').map(parse).collect()
}

/// Strides, `None` for those without meaning.
pub fn strides(text: &str) -> Vec<Option<isize>> {
    if text == "()" {
        return vec![];
    }
    text.split(',')
        .map(|s| {
            if s == "?" {
                None
            } else {
                Some(s.parse().unwrap())
            }
        })
        .collect()
}

/// Whether strides are as NumPy's, where those have a meaning.
pub fn same_strides(found: &[isize], expected: &[Option<isize>]) -> bool {
    found.len() == expected.len()
        && found
            .iter()
            .zip(expected)
            .all(|(f, e)| e.is_none_or(|e| *f == e))
}
