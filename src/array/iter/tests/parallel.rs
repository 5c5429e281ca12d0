//! Parallel iterators against the model and the sequential forms.

use rayon::prelude::*;

use super::model::*;
use crate::prelude::*;

#[test]
fn shared_items_are_those_of_the_sequential_form() {
    let random = &mut Random(6);
    for _ in 0..CASES / 4 {
        let (array, mut model) = dense(random);
        let mut view = array.view();
        for cut in cuts(random, &model.shape.clone(), true) {
            model = cut.model(&model);
            view = cut.view(view);
        }
        let elements: Vec<usize> = view.par_iter().copied().collect();
        assert_eq!(elements, model.values);
        for axis in 0..model.shape.len() {
            let items: Vec<Model> = view.par_axis_iter(axis).map(|v| Model::of(&v)).collect();
            assert_eq!(items, model.axis(axis));
            let back: Vec<Model> = view
                .par_axis_chunks(axis, 2)
                .rev()
                .map(|v| Model::of(&v))
                .collect();
            let mut chunks = model.chunks(axis, 2);
            chunks.reverse();
            assert_eq!(back, chunks);
            let lanes: Vec<Model> = view
                .lanes(axis)
                .into_par_iter()
                .with_max_len(1)
                .map(|v| Model::of(&v))
                .collect();
            assert_eq!(lanes, model.lanes(axis));
        }
        if model.shape.iter().all(|&n| n >= 2) {
            let window = vec![2; model.shape.len()];
            let windows: Vec<Model> = view
                .windows(&window)
                .into_par_iter()
                .with_max_len(1)
                .map(|v| Model::of(&v))
                .collect();
            assert_eq!(windows, model.windows(&window));
        }
    }
}

#[test]
fn exclusive_writes_are_those_of_the_sequential_form() {
    let random = &mut Random(7);
    for _ in 0..CASES / 4 {
        let (array, original) = dense(random);
        let cuts = cuts(random, &original.shape.clone(), false);
        let mut results = [array.clone(), array.clone()];
        for (parallel, array) in results.iter_mut().enumerate() {
            let mut view = array.view_mut();
            for cut in &cuts {
                view = cut.view_mut(view);
            }
            for axis in 0..view.ndim() {
                let fill = |(i, mut v): (usize, ArrayViewMutD<'_, usize>)| {
                    v.map_inplace(|e| *e = 31 * *e + i);
                };
                if parallel == 1 {
                    let one = view.par_axis_iter_mut(axis).with_max_len(1);
                    one.enumerate().for_each(fill);
                    let one = view.par_axis_chunks_mut(axis, 2).with_max_len(1);
                    one.enumerate().for_each(fill);
                    let lanes = view.par_lanes_mut(axis).with_max_len(1);
                    lanes
                        .enumerate()
                        .for_each(|(i, mut v)| v.map_inplace(|e| *e += i));
                } else {
                    view.axis_iter_mut(axis).enumerate().for_each(fill);
                    view.axis_chunks_mut(axis, 2).enumerate().for_each(fill);
                    let lanes = view.lanes_mut(axis).enumerate();
                    lanes.for_each(|(i, mut v)| v.map_inplace(|e| *e += i));
                }
            }
            view.par_iter_mut().with_max_len(1).for_each(|v| *v += 1);
        }
        assert_eq!(results[0], results[1]);
        if !results[0].is_empty() && !cuts.iter().any(|c| matches!(c, Cut::Step(..))) {
            assert_ne!(results[0], array);
        }
    }
}

#[test]
fn a_cap_on_threads_caps_the_pieces() {
    let x = Array2::<i32>::ones([1000, 2]);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(8).build();
    let pieces = |n| {
        crate::with_threads(n, || {
            x.par_outer_iter().fold(|| 0, |count, _| count + 1).count()
        })
    };
    pool.unwrap().install(|| {
        assert_eq!(pieces(1), 1);
        assert!((1..=3).contains(&pieces(3)));
        // The process may be capped from outside.
        if std::env::var_os("ORTHANT_NUM_THREADS").is_none() {
            assert!(pieces(8) >= 8);
        }
    });
}
