//! Slicing against NumPy, and the `s![]` forms against runtime slices.

use crate::support::{elements, golden, list, panic_message, same_strides, strides};
use orthant::prelude::*;
use orthant::{ShapeError, SliceItem};

/// The source of a golden case: 0, 1, 2, … in memory order.
fn source(order: &str, shape: &[usize]) -> ArrayD<usize> {
    let n = shape.iter().product();
    let memory: Vec<usize> = (0..n).collect();
    match order {
        "C" => ArrayD::from_shape_vec(shape, memory),
        "F" => ArrayD::from_shape_vec(shape.f(), memory),
        axes => {
            let axes: Vec<usize> = axes[1..]
                .chars()
                .map(|c| c.to_digit(10).unwrap() as usize)
                .collect();
            let mut base = vec![0; shape.len()];
            axes.iter()
                .zip(shape)
                .for_each(|(&axis, &n)| base[axis] = n);
            ArrayD::from_shape_vec(base, memory).into_permute(axes)
        }
    }
}

fn item(text: &str) -> SliceItem {
    match text {
        "newaxis" => SliceItem::NewAxis,
        "..." => SliceItem::Ellipsis,
        range if range.contains(':') => {
            let mut parts = range.split(':');
            let mut part = || {
                parts
                    .next()
                    .filter(|p| !p.is_empty())
                    .map(|p| p.parse().unwrap())
            };
            let (start, end) = (part(), part());
            SliceItem::Range {
                start,
                end,
                step: part().unwrap_or(1),
            }
        }
        index => SliceItem::Index(index.parse().unwrap()),
    }
}

#[test]
fn slices_are_numpys() {
    let (mut views, mut errors) = (0, 0);
    for case in golden("slicing") {
        let shape: Vec<usize> = list(&case[2]);
        let mut x = source(&case[1], &shape);
        assert!(
            same_strides(x.strides(), &strides(&case[3])),
            "source of {case:?}"
        );
        let items: Vec<SliceItem> = match case[4].as_str() {
            "()" => vec![],
            text => text.split(',').map(item).collect(),
        };
        let found = x.try_slice(&items[..]);
        if case[0] == "ok" {
            let found = found.unwrap_or_else(|error| panic!("{case:?}: {error}"));
            assert_eq!(found.shape(), list::<usize>(&case[5]), "{case:?}");
            assert!(
                same_strides(found.strides(), &strides(&case[6])),
                "{case:?}: {:?}",
                found.strides()
            );
            if case[7] != "?" {
                assert_eq!(
                    found.iter().next(),
                    Some(&case[7].parse().unwrap()),
                    "{case:?}"
                );
            }
            let values = list::<usize>(&case[8]);
            assert!(found.iter().eq(&values), "{case:?}: {found}");
            assert_eq!(elements(&found), values, "{case:?}");
            // The exclusive and the moving form cut the same.
            let expected = found.to_owned();
            assert_eq!(x.slice_mut(&items[..]), expected, "{case:?}");
            assert_eq!(x.into_slice(&items[..]), expected, "{case:?}");
            views += 1;
        } else {
            let error = found.expect_err(&format!("{case:?}"));
            assert_eq!(error.to_string(), case[6], "{case:?}");
            let kind = match error {
                ShapeError::Index { .. } => "out_of_bounds",
                ShapeError::TooManyIndices { .. } => "too_many_indices",
                ShapeError::ZeroStep => "zero_step",
                ShapeError::Ellipsis => "two_ellipses",
                _ => "another",
            };
            assert_eq!(kind, case[5], "{case:?}");
            errors += 1;
        }
    }
    assert!(
        views > 1000 && errors > 100,
        "{views} views, {errors} errors"
    );
}

#[test]
fn every_form_of_s() {
    let x = Array1::arange(0, 60, 1).into_reshape([3, 4, 5]);
    let value = |i: i32, j: i32, k: i32| 20 * i + 5 * j + k;
    // Integers of every type, on every axis.
    assert_eq!(x.slice(s![1, 2, 3]).item(), value(1, 2, 3));
    assert_eq!(
        x.slice(s![-1_isize, -4_i64, 4_usize]).item(),
        value(2, 0, 4)
    );
    assert_eq!(
        x.slice(s![0_u32, -1_i32]),
        x.index_axis(0, 0).index_axis(0, 3)
    );
    // Ranges.
    assert_eq!(x.slice(s![1..2, .., ..]).shape(), &[1, 4, 5]);
    assert_eq!(x.slice(s![1.., ..2, 2..=3]).shape(), &[2, 2, 2]);
    assert_eq!(x.slice(s![..=1, ..=-1, ..=-2]).shape(), &[2, 4, 4]);
    assert_eq!(x.slice(s![-2.., ..-1, 1..-1]).shape(), &[2, 3, 3]);
    assert_eq!(x.slice(s![10.., ..100, -100..]).shape(), &[0, 4, 5]);
    #[allow(clippy::reversed_empty_ranges)]
    let empty = x.slice(s![2..1, 3..0]);
    assert_eq!(empty.shape(), &[0, 0, 5]);
    // Steps.
    assert!(x.slice(s![0, 0, ..;2]).iter().eq(&[0, 2, 4]));
    assert!(x.slice(s![0, 0, ..;-1]).iter().eq(&[4, 3, 2, 1, 0]));
    assert!(x.slice(s![0, 0, 1..;2]).iter().eq(&[1, 3]));
    #[allow(clippy::reversed_empty_ranges)]
    let down = x.slice(s![0, 0, 4..0;-2]);
    assert!(down.iter().eq(&[4, 2]));
    assert!(x.slice(s![0, 0, ..1;-1]).iter().eq(&[4, 3, 2]));
    let step = 3_usize;
    assert!(x.slice(s![0, 0, ..;step]).iter().eq(&[0, 3]));
    assert_eq!(x.slice(s![0, 0, ..;isize::MIN]).shape(), &[1]);
    assert_eq!(x.slice(s![isize::MIN..isize::MAX]).shape(), &[3, 4, 5]);
    // New axes, ellipses, fewer parts than axes, none at all, expressions, a trailing comma.
    assert_eq!(x.slice(s![NewAxis, .., NewAxis]).shape(), &[1, 3, 1, 4, 5]);
    assert_eq!(x.slice(s![..., NewAxis]).shape(), &[3, 4, 5, 1]);
    assert_eq!(x.slice(s![1, ..., 1]).shape(), &[4]);
    assert_eq!(x.slice(s![.., .., .., ...]).shape(), &[3, 4, 5]);
    #[allow(clippy::unit_arg)] // no parts at all
    let all = x.slice(s![]);
    assert_eq!(all, x);
    assert_eq!(x.slice(s![1 + 1, 2 * 2 - 4..,]), x.index_axis(0, 2));
    let n = 2;
    assert_eq!(
        x.slice(s![n - 1, n..]),
        x.index_axis(0, 1).slice_axis(0, Some(2), None, 1)
    );
    // The rank is part of the type.
    let _: ArrayView1<'_, i32> = x.slice(s![0, .., 0]);
    let _: ArrayView4<'_, i32> = x.slice(s![.., NewAxis]);
    let _: ArrayViewD<'_, i32> = x.view_dyn().slice(s![0, .., NewAxis]);
    let _: ArrayView0<'_, i32> = x.slice(s![0, 0, 0]);
}

#[test]
fn slices_panic_with_what_try_returns() {
    let x = array![[1, 2, 3], [4, 5, 6]];
    let text = panic_message(|| x.slice(s![2, ..]));
    assert_eq!(text, "index 2 is out of bounds for axis 0 with size 2");
    assert_eq!(x.try_slice(s![2, ..]).unwrap_err().to_string(), text);
    assert_eq!(x.try_slice(s![.., ..;0]), Err(ShapeError::ZeroStep));
    assert_eq!(x.try_slice(s![..., ...]), Err(ShapeError::Ellipsis));
    let d = x.view_dyn();
    assert_eq!(
        d.try_slice(s![0, 0, 0]).unwrap_err().to_string(),
        "too many indices for array: array is 2-dimensional, but 3 were indexed"
    );
    assert_eq!(
        ArrayD::<f64>::zeros(vec![1; 8])
            .try_slice(s![NewAxis])
            .unwrap_err(),
        ShapeError::TooManyAxes { ndim: 9 }
    );
}

#[test]
fn several_exclusive_slices() {
    let mut x = Array1::arange(0, 12, 1).into_reshape([3, 4]);
    {
        let (mut top, mut corner, rest) = x.multi_slice_mut((s![0, ..], s![1.., 0], s![1.., 1..]));
        top.fill(-1);
        corner += rest.column(0).to_owned();
    }
    assert_eq!(x, array![[-1, -1, -1, -1], [9, 5, 6, 7], [17, 9, 10, 11]]);
    // A red-black split of rows and columns: disjoint in each, though ranges interleave.
    let (a, b) = x.multi_slice_mut((s![..;2, ..;2], s![..;-1, 1..;2]));
    assert_eq!((a.shape(), b.shape()), (&[2, 2][..], &[3, 2][..]));
    let clash = |message: &str, error: ShapeError| assert_eq!(error.to_string(), message);
    clash(
        "mutable slices 0 and 1 overlap",
        x.try_multi_slice_mut((s![0, ..], s![.., 3])).unwrap_err(),
    );
    clash(
        "mutable slices 0 and 2 overlap",
        x.try_multi_slice_mut((s![0, ..], s![1.., 1..3], s![..;-2, -2]))
            .unwrap_err(),
    );
    clash(
        "index 4 is out of bounds for axis 1 with size 4",
        x.try_multi_slice_mut((s![0, 4], s![1, ..])).unwrap_err(),
    );
    assert!(x.try_multi_slice_mut((s![0..0, ..], s![.., ..])).is_ok());
    let text = panic_message(|| {
        x.multi_slice_mut((s![0, ..], s![0, ..]));
    });
    assert_eq!(text, "mutable slices 0 and 1 overlap");
}

#[test]
fn exclusive_slices_are_disjoint_exactly_when_their_elements_are() {
    let ranges: Vec<SliceItem> = [-1, 1, 2, 3]
        .into_iter()
        .flat_map(|step| {
            [
                (None, None),
                (Some(1), None),
                (None, Some(3)),
                (Some(2), Some(4)),
            ]
            .map(|(start, end)| SliceItem::Range { start, end, step })
        })
        .chain([SliceItem::Index(0), SliceItem::Index(-2)])
        .collect();
    let (mut disjoint, mut clashing) = (0, 0);
    for (&a, &b) in ranges
        .iter()
        .flat_map(|a| ranges.iter().map(move |b| (a, b)))
    {
        for (&c, &d) in ranges
            .iter()
            .flat_map(|a| ranges.iter().step_by(3).map(move |b| (a, b)))
        {
            let mut x = Array1::arange(0, 30, 1).into_reshape([5, 6]);
            let (first, second) = ([a, c], [b, d]);
            let naive = {
                let (first, second) = (x.slice(&first[..]), x.slice(&second[..]));
                first.iter().any(|i| second.iter().any(|j| i == j))
            };
            let found = x.try_multi_slice_mut((&first[..], &second[..])).is_err();
            assert_eq!(found, naive, "{first:?} {second:?}");
            *(if naive { &mut clashing } else { &mut disjoint }) += 1;
        }
    }
    assert!(disjoint > 100 && clashing > 100);
}

#[test]
fn splits() {
    let mut x = Array1::arange(0, 12, 1).into_reshape([3, 4]);
    let (left, right) = x.split_at(1, 1);
    assert_eq!((left.shape(), right.shape()), (&[3, 1][..], &[3, 3][..]));
    assert!(right.row(0).iter().eq(&[1, 2, 3]));
    let (all, none) = x.split_at(-2, 3);
    assert_eq!((all.shape(), none.shape()), (&[3, 4][..], &[0, 4][..]));
    let (mut a, b) = x.split_at_mut(0, 1);
    a += b.row(1).to_owned();
    assert_eq!(x.row(0), array![8, 10, 12, 14]);
    assert_eq!(
        x.try_split_at(0, 4).unwrap_err().to_string(),
        "split at 4 is beyond the end of axis 0 with size 3"
    );
}

#[test]
fn views_outlive_the_view_they_were_cut_from() {
    let x = array![[1, 2], [3, 4]];
    fn last<'a>(x: &'a ArrayRef2<i32>) -> ArrayView1<'a, i32> {
        let whole = x.view();
        whole.t().row(-1).slice(s![..;-1])
    }
    assert_eq!(last(&x), array![4, 2]);
}
