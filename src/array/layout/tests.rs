//! Layout operations against brute force: every offset that a layout reaches, in logical order.

mod overlap;

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::array::slice::{SliceItem, apply};
use crate::array::{Ix1, Ix2, Ix3, MAX_NDIM};

/// All indices of a shape in row-major order.
fn indices(shape: &[usize]) -> Vec<Vec<usize>> {
    let mut all = vec![vec![]];
    for &n in shape {
        all = all
            .iter()
            .flat_map(|head| (0..n).map(move |i| [head.as_slice(), &[i]].concat()))
            .collect();
    }
    all
}

/// The offsets that a view reaches, relative to its parent's first element, in logical order.
fn reached<D: Dimension>((start, layout): &View<D>) -> Vec<isize> {
    indices(layout.shape())
        .iter()
        .map(|index| start + layout.offset(index))
        .collect()
}

fn all<D: Dimension>(layout: &Layout<D>) -> Vec<isize> {
    reached(&(0, *layout))
}

fn strided(shape: &[usize], strides: &[isize]) -> Layout<IxDyn> {
    Layout::from_slices(shape, strides).unwrap()
}

fn c_order(shape: &[usize]) -> Layout<IxDyn> {
    Layout::dense(IxDyn::new(shape).unwrap(), Order::C)
}

/// The strides that matter: those of axes longer than 1.
fn effective<D: Dimension>(layout: &Layout<D>) -> Vec<isize> {
    let pairs = layout.shape().iter().zip(layout.strides());
    pairs.filter(|(n, _)| **n > 1).map(|(_, s)| *s).collect()
}

/// Layouts with up to four axes and any strides, repeating and overlapping ones included.
fn any_layout() -> impl Strategy<Value = Layout<IxDyn>> {
    prop::collection::vec((0_usize..5, -7_isize..8), 0..5).prop_map(|axes| {
        let (shape, strides): (Vec<_>, Vec<_>) = axes.into_iter().unzip();
        strided(&shape, &strides)
    })
}

/// Layouts as arrays have them: dense ones whose axes were permuted, cut and flipped.
fn array_layout() -> impl Strategy<Value = View<IxDyn>> {
    let axis = (0_usize..5, 1_isize..4, any::<bool>());
    prop::collection::vec(axis, 0..5)
        .prop_flat_map(|axes| {
            let order: Vec<isize> = (0..axes.len() as isize).collect();
            (Just(axes), Just(order).prop_shuffle())
        })
        .prop_map(|(axes, order)| {
            let base: Vec<usize> = axes.iter().map(|(n, step, _)| n * *step as usize).collect();
            let mut view = (0, c_order(&base));
            for (axis, &(n, step, flipped)) in axes.iter().enumerate() {
                let (start, layout) = view.1.cut(axis, 0, n, step);
                view = (view.0 + start, layout);
                if flipped {
                    let (start, layout) = view.1.flip(Axis(axis as isize)).unwrap();
                    view = (view.0 + start, layout);
                }
            }
            (view.0, view.1.permute(&order).unwrap())
        })
}

#[test]
fn contiguity() {
    // shape, strides, C, F, dense in some order
    #[rustfmt::skip]
    let table: &[(&[usize], &[isize], bool, bool, bool)] = &[
        (&[], &[], true, true, true),
        (&[1], &[77], true, true, true),
        (&[5], &[1], true, true, true),
        (&[5], &[2], false, false, false),
        (&[5], &[-1], false, false, false),
        (&[5], &[0], false, false, false),
        (&[2, 3], &[3, 1], true, false, true),
        (&[2, 3], &[1, 2], false, true, true),
        (&[2, 3], &[4, 1], false, false, false),
        (&[2, 3], &[-3, 1], false, false, false),
        (&[2, 3], &[0, 1], false, false, false),
        (&[1, 3], &[9, 1], true, true, true),
        (&[3, 1], &[1, -9], true, true, true),
        (&[3, 1], &[3, 1], false, false, false),
        (&[1, 1], &[5, -5], true, true, true),
        (&[2, 3, 4], &[12, 4, 1], true, false, true),
        (&[2, 3, 4], &[1, 2, 6], false, true, true),
        (&[2, 3, 4], &[4, 8, 1], false, false, true),
        (&[2, 3, 4], &[1, 8, 2], false, false, true),
        (&[2, 3, 4], &[12, 1, 3], false, false, true),
        (&[2, 1, 4], &[4, 100, 1], true, false, true),
        (&[2, 1, 4], &[1, 100, 2], false, true, true),
        (&[2, 2], &[1, 1], false, false, false),
        (&[0], &[5], true, true, true),
        (&[3, 0, 2], &[9, -4, 7], true, true, true),
        (&[2, 3, 0], &[1, 1, 1], true, true, true),
    ];
    for (shape, strides, c, f, dense) in table {
        let layout = strided(shape, strides);
        let found = (layout.is_c(), layout.is_f(), layout.is_dense());
        assert_eq!(found, (*c, *f, *dense), "{shape:?} {strides:?}");
        // Transposing exchanges the two orders.
        let t = layout.reversed();
        assert_eq!((t.is_f(), t.is_c(), t.is_dense()), found, "{shape:?}.t()");
    }
}

#[test]
fn dense_layouts_in_every_axis_order_are_dense() {
    let shape = [2, 3, 1, 4];
    let orders: HashSet<Vec<isize>> = indices(&[4, 4, 4, 4])
        .into_iter()
        .filter(|p| p.iter().collect::<HashSet<_>>().len() == 4)
        .map(|p| p.into_iter().map(|axis| axis as isize).collect())
        .collect();
    assert_eq!(orders.len(), 24);
    for order in &orders {
        let layout = c_order(&shape).permute(order).unwrap();
        assert!(layout.is_dense(), "{order:?}");
        let wider = strided(
            layout.shape(),
            &layout.strides().iter().map(|s| 2 * s).collect::<Vec<_>>(),
        );
        assert!(!wider.is_dense(), "{order:?} with gaps");
    }
}

#[test]
fn sizes_are_checked() {
    let max = isize::MAX as usize;
    #[rustfmt::skip]
    let table: &[(&[usize], usize, Option<usize>)] = &[
        (&[], 8, Some(1)),
        (&[3, 4], 8, Some(12)),
        (&[0, 4], 8, Some(0)),
        (&[max], 1, Some(max)),
        (&[max + 1], 1, None),
        (&[max / 8], 8, Some(max / 8)),
        (&[max / 8 + 1], 8, None),
        (&[1 << 32, 1 << 32], 1, None),
        (&[usize::MAX, 0], 1, None),
        (&[1 << 32, 0, 1 << 32], 1, None),
        (&[1 << 31, 0, 1 << 31], 1, Some(0)),
        (&[max], 0, Some(max)),
        (&[max, 2], 0, None),
    ];
    for &(shape, size, expected) in table {
        let found = Layout::<IxDyn>::checked_len(shape, size);
        match expected {
            Some(len) => assert_eq!(found, Ok(len), "{shape:?} × {size}"),
            None => assert_eq!(
                found,
                Err(ShapeError::Overflow {
                    shape: shape.to_vec()
                })
            ),
        }
    }
}

#[test]
fn permutations_of_axes() {
    let layout = c_order(&[2, 3, 4]);
    let p = layout.permute(&[2, 0, 1]).unwrap();
    assert_eq!((p.shape(), p.strides()), (&[4, 2, 3][..], &[1, 12, 4][..]));
    assert_eq!(layout.permute(&[-1, -3, 1]).unwrap(), p);
    assert_eq!(layout.permute(&[2, 1, 0]).unwrap(), layout.reversed());
    let swapped = layout.swap_axes(Axis(0), Axis(-1)).unwrap();
    assert_eq!(swapped, layout.reversed());
    for (from, to, shape) in [
        (0, 2, [3, 4, 2]),
        (2, 0, [4, 2, 3]),
        (0, 1, [3, 2, 4]),
        (1, 0, [3, 2, 4]),
        (-1, -2, [2, 4, 3]),
        (1, 1, [2, 3, 4]),
    ] {
        let moved = layout.move_axis(Axis(from), Axis(to)).unwrap();
        assert_eq!(moved.shape(), shape, "{from} to {to}");
        let stride_of = |n: usize| {
            [(2, 12), (3, 4), (4, 1)]
                .into_iter()
                .find(|p| p.0 == n)
                .unwrap()
                .1
        };
        let strides: Vec<isize> = moved.shape().iter().map(|&n| stride_of(n)).collect();
        assert_eq!(moved.strides(), strides);
    }
    let text = |axes: &[isize]| layout.permute(axes).unwrap_err().to_string();
    assert_eq!(
        text(&[0, 1]),
        "permute: axes don't match array: [0, 1] given for dimension 3"
    );
    assert_eq!(text(&[0, 1, 1]), "permute: repeated axis in [0, 1, 1]");
    assert_eq!(text(&[0, 1, -2]), "permute: repeated axis in [0, 1, -2]");
    assert_eq!(
        text(&[0, 1, 3]),
        "axis 3 is out of bounds for array of dimension 3"
    );
    assert_eq!(
        text(&[0, 1, -4]),
        "axis -4 is out of bounds for array of dimension 3"
    );
}

#[test]
fn reshape_agrees_with_brute_force_on_all_small_shapes() {
    // Every shape of up to four axes with 12 elements, out of every cut, flipped and permuted
    // layout of a few bases: a view exists iff some strides produce the same element order.
    let shapes: Vec<Vec<usize>> = (0..5)
        .flat_map(|ndim| indices(&vec![13; ndim]))
        .filter(|shape| shape.iter().product::<usize>() == 12)
        .collect();
    assert_eq!(shapes.len(), 1 + 6 + 18 + 40);
    let mut sources = vec![
        strided(&[12], &[3]),
        strided(&[12], &[-1]),
        strided(&[12], &[0]),
        strided(&[3, 4], &[0, 1]),
        strided(&[3, 4], &[1, 0]),
        strided(&[2, 6], &[6, -1]),
        strided(&[4, 3], &[-3, -1]),
        strided(&[2, 3, 2], &[12, 4, 1]),
        strided(&[2, 3, 2], &[12, 4, 2]),
        strided(&[2, 3, 2], &[6, 2, 3]),
        strided(&[2, 1, 6], &[6, 50, 1]),
        strided(&[1, 4, 3], &[7, 8, 2]),
    ];
    for shape in shapes.iter().filter(|shape| shape.len() < 4) {
        sources.push(c_order(shape));
        sources.push(c_order(shape).reversed());
    }
    let (mut views, mut copies) = (0, 0);
    for source in &sources {
        let order = all(source);
        for shape in &shapes {
            let into = IxDyn::new(shape).unwrap();
            // The only strides that can be right are those to the first entries of each axis.
            let strides: Vec<isize> = (0..shape.len())
                .map(|axis| match shape[axis] {
                    1 => 0,
                    _ => order[shape[axis + 1..].iter().product::<usize>()] - order[0],
                })
                .collect();
            let candidate = strided(shape, &strides);
            let possible = all(&candidate) == order;
            match source.reshape(into) {
                Some(layout) => {
                    assert!(possible, "{source:?} into {shape:?}");
                    assert_eq!(all(&layout), order, "{source:?} into {shape:?}");
                    assert_eq!(effective(&layout), effective(&candidate));
                    views += 1;
                }
                None => {
                    assert!(!possible, "{source:?} into {shape:?} needs no copy");
                    copies += 1;
                }
            }
        }
    }
    assert!(
        views > 1000 && copies > 300,
        "{views} views, {copies} copies"
    );
}

#[test]
fn reshape_of_empty_layouts_is_dense() {
    let layout = strided(&[3, 0], &[-5, 9]);
    let into = layout.reshape(Ix([0, 7])).unwrap();
    assert_eq!((into.shape(), into.strides()), (&[0, 7][..], &[7, 1][..]));
}

#[test]
fn broadcasting() {
    #[rustfmt::skip]
    let table: &[(&[usize], &[usize], Option<&[isize]>)] = &[
        (&[3], &[2, 3], Some(&[0, 1])),
        (&[2, 1], &[2, 3], Some(&[1, 0])),
        (&[1], &[4], Some(&[0])),
        (&[1], &[0], Some(&[0])),
        (&[], &[2, 3], Some(&[0, 0])),
        (&[], &[], Some(&[])),
        (&[3, 1], &[2, 3, 4], Some(&[0, 1, 0])),
        (&[3], &[0, 3], Some(&[0, 1])),
        (&[3], &[4], None),
        (&[3], &[1], None),
        (&[3], &[0], None),
        (&[0], &[1], None),
        (&[1, 3], &[3], None),
        (&[2, 3], &[3], None),
    ];
    for &(from, into, expected) in table {
        let found = c_order(from).broadcast_to(IxDyn::new(into).unwrap());
        match expected {
            Some(strides) => assert_eq!(
                effective(&found.unwrap()),
                effective(&strided(into, strides))
            ),
            None => {
                let (from, into) = (from.to_vec(), into.to_vec());
                assert_eq!(found, Err(ShapeError::BroadcastInto { from, into }));
            }
        }
    }
    let huge = c_order(&[1]).broadcast_to(Ix([1 << 40, 1 << 40]));
    assert!(matches!(huge, Err(ShapeError::Overflow { .. })));
}

#[test]
fn shapes_broadcast_together_as_one_another() {
    for a in indices(&[4, 4, 4]) {
        for b in (0..4).flat_map(|ndim| indices(&vec![4; ndim])) {
            let found = broadcast_pair::<IxDyn>(&a, &b);
            let mut padded = vec![1; 3 - b.len()];
            padded.extend(&b);
            let naive: Option<Vec<usize>> = a
                .iter()
                .zip(&padded)
                .map(|(&m, &n)| match (m, n) {
                    (1, n) => Some(n),
                    (m, 1) => Some(m),
                    (m, n) => (m == n).then_some(m),
                })
                .collect();
            assert_eq!(found.as_ref().ok().map(|d| d.as_slice().to_vec()), naive);
            assert_eq!(broadcast_pair::<IxDyn>(&b, &a).ok(), found.ok());
        }
    }
    let error = broadcast_pair::<IxDyn>(&[32, 64], &[32]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "operands could not be broadcast together with shapes (32,64) (32,)"
    );
}

#[test]
fn axes_come_and_go() {
    let layout = c_order(&[2, 1, 3]);
    for axis in -4..4 {
        let inserted = layout.insert_axis(Axis(axis)).unwrap();
        let at = (axis + 4) as usize % 4;
        assert_eq!(inserted.shape()[at], 1);
        assert_eq!(all(&inserted), all(&layout));
        assert_eq!(inserted.squeeze_axis(Axis(axis)).unwrap(), layout);
    }
    assert_eq!(
        layout.insert_axis(Axis(4)),
        Err(ShapeError::Axis { axis: 4, ndim: 4 })
    );
    let full = c_order(&[1; MAX_NDIM]);
    assert_eq!(
        full.insert_axis(Axis(0)),
        Err(ShapeError::TooManyAxes { ndim: MAX_NDIM + 1 })
    );
    let s = layout.squeeze();
    assert_eq!((s.shape(), s.strides()), (&[2, 3][..], &[3, 1][..]));
    assert_eq!(full.squeeze().ndim(), 0);
    assert_eq!(
        layout.squeeze_axis(Axis(0)).unwrap_err().to_string(),
        "cannot select an axis to squeeze out which has size not equal to one: axis 0 of shape (2,1,3)"
    );
    let (start, row) = c_order(&[2, 3]).index_axis(Axis(0), -1).unwrap();
    assert_eq!((start, row.shape(), row.strides()), (3, &[3][..], &[1][..]));
    assert_eq!(
        c_order(&[2, 3])
            .index_axis(Axis(-1), 3)
            .unwrap_err()
            .to_string(),
        "index 3 is out of bounds for axis 1 with size 3"
    );
}

#[test]
fn flips_and_diagonals() {
    let x = Layout::dense(Ix([3, 4]), Order::C);
    let flipped = x.flip(Axis(1)).unwrap();
    assert_eq!(reached(&flipped), [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8]);
    for (offset, expected) in [
        (0, vec![0, 5, 10]),
        (1, vec![1, 6, 11]),
        (3, vec![3]),
        (4, vec![]),
        (-1, vec![4, 9]),
        (-2, vec![8]),
        (-3, vec![]),
        (isize::MAX, vec![]),
        (isize::MIN, vec![]),
    ] {
        assert_eq!(
            reached(&x.diagonal(offset, Axis(0), Axis(1)).unwrap()),
            expected,
            "{offset}"
        );
    }
    // The diagonal comes last, behind the axes that stay.
    let cube = Layout::dense(Ix([2, 3, 2]), Order::C);
    let (start, diagonal) = cube.diagonal(0, Axis(0), Axis(2)).unwrap();
    assert_eq!(
        (diagonal.shape(), diagonal.strides()),
        (&[3, 2][..], &[2, 7][..])
    );
    assert_eq!(start, 0);
    assert_eq!(
        cube.diagonal(0, Axis(2), Axis(-1)).unwrap_err().to_string(),
        "diagonal: repeated axis in [2, -1]"
    );
}

#[test]
fn views_of_empty_layouts_do_not_move() {
    let x = c_order(&[5, 0, 4]);
    assert_eq!(x.index_axis(Axis(0), 4).unwrap().0, 0);
    assert_eq!(x.index_axis(Axis(2), -1).unwrap().0, 0);
    assert_eq!(x.flip(Axis(0)).unwrap().0, 0);
    assert_eq!(x.flip(Axis(1)).unwrap().0, 0);
    assert_eq!(x.cut(0, 3, 2, 1).0, 0);
    assert_eq!(x.diagonal(2, Axis(0), Axis(2)).unwrap().0, 0);
    assert_eq!(c_order(&[5]).cut(0, 5, 0, 1).0, 0);
    let items = [
        SliceItem::Index(4),
        SliceItem::Ellipsis,
        SliceItem::Index(3),
    ];
    assert_eq!(apply::<_, IxDyn>(&x, &items).unwrap().0, 0);
}

#[test]
fn windows_reach_what_a_sliding_loop_reaches() {
    let x = Layout::dense(Ix([4, 5]), Order::C);
    let windows = x.windows(&[2, 3]).unwrap();
    assert_eq!(windows.shape(), [3, 3, 2, 3]);
    let mut expected = vec![];
    for index in indices(&[3, 3, 2, 3]) {
        expected.push(x.offset(&[index[0] + index[2], index[1] + index[3]]));
    }
    assert_eq!(all(&windows), expected);
    let text =
        |layout: Layout<IxDyn>, window: &[usize]| layout.windows(window).unwrap_err().to_string();
    assert_eq!(
        text(c_order(&[3]), &[4]),
        "window shape cannot be larger than input array shape: (4,) in (3,)"
    );
    assert_eq!(
        text(c_order(&[3]), &[0]),
        "windows: a window extent must not be zero"
    );
    assert_eq!(
        text(c_order(&[1; 5]), &[1; 5]),
        "10 axes are more than the 8 an array can have"
    );
    let long = strided(&[1 << 33], &[0]);
    assert!(matches!(
        long.windows(&[1 << 32]),
        Err(ShapeError::Overflow { .. })
    ));
}

#[test]
fn indices_are_resolved_and_refused() {
    let x = Layout::dense(Ix([2, 3]), Order::C);
    assert_eq!(x.checked_offset(&[1, 2]), Some(5));
    assert_eq!(x.checked_offset(&[-1, -3]), Some(3));
    for bad in [
        [2, 0],
        [0, 3],
        [-3, 0],
        [0, -4],
        [isize::MAX, 0],
        [0, isize::MIN],
    ] {
        assert_eq!(x.checked_offset(&bad), None);
    }
    assert_eq!(
        x.index_error(&[0, -4]).to_string(),
        "index -4 is out of bounds for axis 1 with size 3"
    );
    assert_eq!(
        x.index_error(&[0, 0, 0]).to_string(),
        "too many indices for array: array is 2-dimensional, but 3 were indexed"
    );
    assert_eq!(
        x.index_error(&[0]).to_string(),
        "1 indices do not name one element of an array of shape (2,3)"
    );
}

#[test]
fn ranks_convert_where_they_agree() {
    let x = Layout::dense(Ix([2, 3]), Order::F);
    assert_eq!(x.to_dyn().with_rank::<Ix2>(), Ok(x));
    assert_eq!(
        x.with_rank::<Ix3>().unwrap_err().to_string(),
        "an array of dimension 2 with shape (2,3) is not of dimension 3"
    );
    assert!(x.to_dyn().with_rank::<Ix1>().is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn views_reach_only_what_their_parent_reached(
        (start, x) in array_layout(),
        a in 0_isize..4, b in 0_isize..4, offset in -5_isize..6,
        from in prop::option::of(-6_isize..7), to in prop::option::of(-6_isize..7),
        step in prop_oneof![-3_isize..0, 1_isize..4],
    ) {
        let parent: HashSet<isize> = all(&x).into_iter().collect();
        prop_assert_eq!(parent.len(), x.len(), "every element once");
        // The parent lies within its base, starting at `start`.
        prop_assert!(parent.iter().all(|o| start + o >= 0));
        let mut views: Vec<View<IxDyn>> = vec![(0, x.reversed()), (0, x.squeeze())];
        views.extend(x.flip(Axis(a)));
        views.extend(x.index_axis(Axis(a), b));
        views.extend(x.diagonal(offset, Axis(a), Axis(b)));
        views.extend(x.swap_axes(Axis(a), Axis(b)).map(|layout| (0, layout)));
        views.extend(x.move_axis(Axis(a), Axis(b)).map(|layout| (0, layout)));
        views.extend(x.insert_axis(Axis(a)).map(|layout| (0, layout)));
        views.extend(x.squeeze_axis(Axis(a)).map(|layout| (0, layout)));
        let range = SliceItem::Range { start: from, end: to, step };
        let index = SliceItem::Index(b);
        for items in [
            &[range][..], &[range, range], &[SliceItem::Ellipsis, range], &[index, range],
            &[SliceItem::Ellipsis, index], &[range, SliceItem::NewAxis, index],
        ] {
            views.extend(apply::<_, IxDyn>(&x, items));
        }
        let n = x.len();
        for shape in [vec![n], vec![n, 1], vec![1, n], vec![2, n / 2], vec![n / 3, 3], vec![2, 2, n / 4]] {
            if shape.iter().product::<usize>() == n {
                views.extend(x.reshape(IxDyn::new(&shape).unwrap()).map(|layout| (0, layout)));
            }
        }
        for view in views {
            let offsets = reached(&view);
            let distinct: HashSet<isize> = offsets.iter().copied().collect();
            prop_assert_eq!(distinct.len(), offsets.len(), "{:?} reaches an element twice", view);
            prop_assert!(distinct.is_subset(&parent), "{:?} leaves {:?}", view, x);
            if let Some((low, high)) = view.1.extent() {
                prop_assert_eq!(distinct.iter().min(), Some(&(view.0 + low)));
                prop_assert_eq!(distinct.iter().max(), Some(&(view.0 + high)));
            } else {
                prop_assert_eq!(view.0, 0, "an empty view moved");
            }
        }
    }

    #[test]
    fn reshape_keeps_the_order_of_elements((_, x) in array_layout(), n in 1_usize..6) {
        let len = x.len();
        if len % n == 0
            && let Some(layout) = x.reshape(Ix([n, len / n]))
        {
            prop_assert_eq!(all(&layout), all(&x));
        }
    }
}
