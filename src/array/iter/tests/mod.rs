//! Every iterator against a naive index-by-index model, over random layouts.

use std::collections::VecDeque;
use std::fmt::Debug;

use crate::array::error::ShapeError;
use crate::prelude::*;

mod model;
#[cfg(feature = "rayon")]
mod parallel;

use model::*;

/// Drives an iterator by random calls from both ends, against the items it should give.
fn drive<I, E>(iter: I, expected: &[E], read: impl Fn(I::Item) -> E, random: &mut Random)
where
    I: DoubleEndedIterator + ExactSizeIterator,
    E: Clone + Debug + PartialEq,
{
    let mut iter = iter;
    let mut left: VecDeque<E> = expected.iter().cloned().collect();
    for _ in 0..4 * expected.len() + 4 {
        assert_eq!(iter.len(), left.len());
        let (got, want) = match random.below(6) {
            0 | 1 => (iter.next(), left.pop_front()),
            2 | 3 => (iter.next_back(), left.pop_back()),
            4 => {
                let n = random.below(4);
                left.drain(..n.min(left.len()));
                (iter.nth(n), left.pop_front())
            }
            _ => {
                let n = random.below(4);
                left.truncate(left.len().saturating_sub(n));
                (iter.nth_back(n), left.pop_back())
            }
        };
        assert_eq!(got.map(&read), want);
        if left.len() <= expected.len() / 2 {
            break;
        }
    }
    let mut all = Vec::new();
    let want: Vec<E> = match random.below(4) {
        0 => {
            iter.for_each(|item| all.push(read(item)));
            left.into()
        }
        1 => {
            iter.rev().for_each(|item| all.push(read(item)));
            left.into_iter().rev().collect()
        }
        2 => {
            while let Some(item) = iter.next_back() {
                all.push(read(item));
            }
            assert!(iter.next().is_none() && iter.next_back().is_none());
            left.into_iter().rev().collect()
        }
        _ => {
            for item in &mut iter {
                all.push(read(item));
            }
            assert!(iter.next().is_none() && iter.nth(2).is_none());
            left.into()
        }
    };
    assert_eq!(all, want);
}

#[test]
fn shared_iterators_give_what_indexing_gives() {
    let random = &mut Random(1);
    for _ in 0..CASES {
        let (array, mut model) = dense(random);
        let mut view = array.view();
        for cut in cuts(random, &model.shape.clone(), true) {
            model = cut.model(&model);
            view = cut.view(view);
        }
        assert_eq!(Model::of(&view), model);

        drive(view.into_iter(), &model.values, |v| *v, random);
        let indexed: Vec<_> = indices(&model.shape)
            .into_iter()
            .zip(model.values.iter().copied())
            .collect();
        let read = |(index, v): (IxDyn, &usize)| (index.as_slice().to_vec(), *v);
        drive(view.indexed_iter(), &indexed, read, random);

        for axis in 0..model.shape.len() {
            let negative = axis as isize - model.shape.len() as isize;
            let of = |v: ArrayViewD<'_, usize>| Model::of(&v);
            let of1 = |v: ArrayView1<'_, usize>| Model::of(&v);
            drive(view.axis_iter(axis), &model.axis(axis), of, random);
            drive(view.lanes(negative), &model.lanes(axis), of1, random);
            let size = 1 + random.below(4);
            drive(
                view.axis_chunks(axis, size),
                &model.chunks(axis, size),
                of,
                random,
            );
        }
        if !model.shape.contains(&0) {
            let window: Vec<usize> = model.shape.iter().map(|&n| 1 + random.below(n)).collect();
            let expected = model.windows(&window);
            let of = |v: ArrayViewD<'_, usize>| Model::of(&v);
            drive(view.windows(&window), &expected, of, random);

            let sliding = view.sliding_windows(window);
            let values: Vec<usize> = expected.iter().flat_map(|w| w.values.clone()).collect();
            assert_eq!(Model::of(&sliding).values, values);
        }
    }
}

/// The same with the rank in the type, where another code path builds the layouts.
#[test]
fn static_ranks_agree() {
    let random = &mut Random(2);
    for _ in 0..CASES {
        let (array, mut model) = dense(random);
        if model.shape.len() != 3 {
            continue;
        }
        let mut view = array.view();
        for cut in cuts(random, &model.shape.clone(), false) {
            model = cut.model(&model);
            view = cut.view(view);
        }
        let view = view.rank::<3>();
        drive(view.into_iter(), &model.values, |v| *v, random);
        drive(
            view.outer_iter(),
            &model.axis(0),
            |v| {
                drive(
                    v.rows(),
                    &Model::of(&v).axis(0),
                    |r| Model::of(&r),
                    &mut Random(3),
                );
                let columns = Model::of(&v).axis(1);
                drive(v.columns(), &columns, |c| Model::of(&c), &mut Random(4));
                Model::of(&v)
            },
            random,
        );
        drive(view.lanes(1), &model.lanes(1), |v| Model::of(&v), random);
        if model.shape.iter().all(|&n| n >= 2) {
            let expected = model.windows(&[2, 1, 2]);
            drive(
                view.windows([2, 1, 2]),
                &expected,
                |v| Model::of(&v),
                random,
            );
        }
    }
}

/// Numbers all elements of the items, writes the numbers through the items, and checks the array.
fn check_writes<'a, D: Dimension>(
    array: &'a mut ArrayD<usize>,
    cuts: &[Cut],
    expected: &[Model],
    write: impl FnOnce(ArrayViewMutD<'a, usize>, &mut dyn FnMut(ArrayViewMut<'_, usize, D>)),
    after: impl FnOnce(&[(usize, usize)]),
) {
    let mut view = array.view_mut();
    for cut in cuts {
        view = cut.view_mut(view);
    }
    let mut written = 0;
    let mut log = Vec::new();
    let mut items = expected.iter();
    write(view, &mut |mut item| {
        let model = items.next().expect("no more items than expected");
        assert_eq!(Model::of(&item), *model);
        for (at, index) in indices(&model.shape).iter().enumerate() {
            written += 1;
            item[&index[..]] = 1_000_000 + written;
            log.push((model.values[at], 1_000_000 + written));
        }
    });
    assert!(items.next().is_none());
    after(&log);
}

#[test]
fn exclusive_iterators_write_every_element_once() {
    let random = &mut Random(5);
    for _ in 0..CASES {
        let (array, original) = dense(random);
        let cuts = cuts(random, &original.shape.clone(), false);
        let model = cuts.iter().fold(original.clone(), |m, cut| cut.model(&m));
        for axis in 0..model.shape.len() {
            let size = 1 + random.below(3);
            for form in 0..4 {
                let mut array = array.clone();
                let mut log = Vec::new();
                let keep = |written: &[(usize, usize)]| log = written.to_vec();
                match form {
                    0 => check_writes::<IxDyn>(
                        &mut array,
                        &cuts,
                        &model.axis(axis),
                        |view, f| view.into_axis_iter(axis).for_each(f),
                        keep,
                    ),
                    1 => check_writes::<Ix1>(
                        &mut array,
                        &cuts,
                        &model.lanes(axis),
                        |mut view, f| {
                            for lane in view.lanes_mut(axis) {
                                f(lane);
                            }
                        },
                        keep,
                    ),
                    2 => check_writes::<IxDyn>(
                        &mut array,
                        &cuts,
                        &model.chunks(axis, size),
                        |mut view, f| view.axis_chunks_mut(axis, size).for_each(f),
                        keep,
                    ),
                    _ => {
                        let mut reversed = model.axis(axis);
                        reversed.reverse();
                        check_writes::<IxDyn>(
                            &mut array,
                            &cuts,
                            &reversed,
                            |mut view, f| view.axis_iter_mut(axis).rev().for_each(f),
                            keep,
                        );
                    }
                }
                let mut expected = original.values.clone();
                log.iter().for_each(|&(at, value)| expected[at] = value);
                assert_eq!(Model::of(&array).values, expected);
                assert_eq!(log.len(), model.values.len());
            }
        }
        let mut array = array;
        let mut view = array.view_mut();
        for cut in &cuts {
            view = cut.view_mut(view);
        }
        view.iter_mut().rev().for_each(|v| *v += 1000);
        let mut expected = original.values.clone();
        model.values.iter().for_each(|&at| expected[at] += 1000);
        assert_eq!(Model::of(&array).values, expected);
    }
}

#[test]
fn several_exclusive_views_live_together() {
    let mut x = Array2::<i32>::zeros([4, 3]);
    let mut views: Vec<_> = x.view_mut().into_axis_chunks(1, 2).collect();
    let [left, right] = &mut views[..] else {
        panic!("two chunks")
    };
    let mut rows: Vec<_> = left.rows_mut().collect();
    rows.iter_mut().zip(1..).for_each(|(row, i)| row.fill(i));
    right.assign(rows[1].view().slice(s![..1]));
    assert_eq!(x, array![[1, 1, 2], [2, 2, 2], [3, 3, 2], [4, 4, 2]]);
}

#[test]
fn views_keep_the_full_lifetime() {
    let x = array![[1, 2], [3, 4]];
    let last = {
        let view = x.view();
        view.outer_iter().next_back()
    };
    assert_eq!(last, Some(array![3, 4].view()));
    let windows: Vec<ArrayView2<'_, i32>> = {
        let view = x.view();
        view.windows([1, 2]).collect()
    };
    assert_eq!(windows.len(), 2);
}

#[test]
fn elements_without_size_are_counted() {
    let mut x = Array2::from_shape_vec([3, 4], vec![(); 12]);
    assert_eq!(x.t().iter().rev().count(), 12);
    assert_eq!(x.lanes(0).map(|lane| lane.len()).sum::<usize>(), 12);
    assert_eq!(
        x.axis_chunks_mut(1, 3)
            .map(|c| c.ncols())
            .collect::<Vec<_>>(),
        [3, 1]
    );
}

#[test]
fn mistakes_are_named() {
    let mut x = Array2::<f64>::zeros([2, 3]);
    let axis = ShapeError::Axis { axis: 2, ndim: 2 };
    assert_eq!(x.try_axis_iter(2).unwrap_err(), axis);
    assert_eq!(x.try_axis_iter_mut(2).unwrap_err(), axis);
    assert_eq!(x.try_lanes(2).unwrap_err(), axis);
    assert_eq!(x.try_axis_chunks(2, 1).unwrap_err(), axis);
    assert_eq!(
        x.try_axis_chunks_mut(0, 0).unwrap_err().to_string(),
        "axis_chunks: the chunk size must not be zero"
    );
    assert_eq!(
        x.try_windows([3, 1]).unwrap_err().to_string(),
        "window shape cannot be larger than input array shape: (3,1) in (2,3)"
    );
    assert_eq!(
        x.try_windows([1, 0]).unwrap_err().to_string(),
        "windows: a window extent must not be zero"
    );
    assert!(matches!(
        x.try_windows([1, -1]),
        Err(ShapeError::NegativeExtent { .. })
    ));
    assert!(x.view_dyn().try_windows(vec![1]).is_err());
    let five = ArrayD::<f64>::zeros(vec![1; 5]);
    assert_eq!(five.windows(vec![1; 5]).len(), 1);
    assert_eq!(
        five.try_sliding_windows(vec![1; 5]).unwrap_err(),
        ShapeError::TooManyAxes { ndim: 10 }
    );
    let scalar = ArrayD::<f64>::zeros(vec![0; 0]);
    assert_eq!(
        scalar.try_outer_iter().unwrap_err(),
        ShapeError::Axis { axis: 0, ndim: 0 }
    );
    assert_eq!(scalar.windows(vec![0; 0]).len(), 1);
    assert_eq!(Array0::full((), 3).windows(()).len(), 1);
}

#[test]
#[should_panic(expected = "axis -3 is out of bounds for array of dimension 2")]
fn a_missing_axis_panics() {
    Array2::<f64>::zeros([2, 3]).axis_iter(-3);
}

/// `Probe::<T>::SEND` and `SYNC`: the inherent constants win where their bounds hold.
struct Probe<T>(std::marker::PhantomData<T>);
trait Otherwise {
    const SEND: bool = false;
    const SYNC: bool = false;
}
impl<T> Otherwise for Probe<T> {}
impl<T: Send> Probe<T> {
    const SEND: bool = true;
}
impl<T: Sync> Probe<T> {
    const SYNC: bool = true;
}

#[test]
fn auto_traits_are_those_of_the_views() {
    use super::*;
    /// Sent, never shared.
    type OnlySend = std::cell::Cell<i32>;
    /// Shared, never sent.
    type OnlySync = std::sync::MutexGuard<'static, i32>;

    macro_rules! check {
        ($($iter:ident<$dim:ty> like $view:ident;)+) => {$(
            for (iter, view) in [
                (Probe::<$iter<'_, OnlySend, $dim>>::SEND, Probe::<$view<'_, OnlySend, Ix2>>::SEND),
                (Probe::<$iter<'_, OnlySend, $dim>>::SYNC, Probe::<$view<'_, OnlySend, Ix2>>::SYNC),
                (Probe::<$iter<'_, OnlySync, $dim>>::SEND, Probe::<$view<'_, OnlySync, Ix2>>::SEND),
                (Probe::<$iter<'_, OnlySync, $dim>>::SYNC, Probe::<$view<'_, OnlySync, Ix2>>::SYNC),
            ] {
                assert_eq!(iter, view, stringify!($iter));
            }
        )+};
    }
    check! {
        Iter<Ix2> like ArrayView;
        IterMut<Ix2> like ArrayViewMut;
        IndexedIter<Ix2> like ArrayView;
        IndexedIterMut<Ix2> like ArrayViewMut;
        AxisIter<Ix1> like ArrayView;
        AxisIterMut<Ix1> like ArrayViewMut;
        Lanes<Ix1> like ArrayView;
        LanesMut<Ix1> like ArrayViewMut;
        Windows<Ix2> like ArrayView;
        AxisChunks<Ix2> like ArrayView;
        AxisChunksMut<Ix2> like ArrayViewMut;
    }
    const { assert!(!Probe::<ArrayView2<'static, OnlySend>>::SEND) };
    const { assert!(Probe::<ArrayViewMut2<'static, OnlySend>>::SEND) };
    const { assert!(Probe::<ArrayView2<'static, OnlySync>>::SEND) };
    const { assert!(!Probe::<ArrayViewMut2<'static, OnlySync>>::SEND) };
}
