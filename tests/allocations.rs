//! How often operations allocate.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use orthant::{fused, prelude::*, where_, with_threads, zip};

struct Counting;

thread_local!(static COUNT: Cell<usize> = const { Cell::new(0) });

fn count() {
    // Threads that are ending have no counter any more.
    let _ = COUNT.try_with(|n| n.set(n.get() + 1));
}

// SAFETY: everything is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's contract.
        unsafe { System.alloc(layout) }
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's contract.
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: the caller's contract.
        unsafe { System.realloc(ptr, layout, size) }
    }
    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: the caller's contract.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often `f` allocates on this thread; the result is kept until it has been counted.
fn allocations<R>(f: impl FnOnce() -> R) -> usize {
    let before = COUNT.get();
    let result = f();
    let after = COUNT.get();
    drop(result);
    after - before
}

#[test]
fn allocations_are_counted() {
    assert_eq!(allocations(|| vec![1, 2, 3]), 1);
    assert_eq!(allocations(|| 1 + 1), 0);
}

#[test]
fn operators_allocate_their_result_and_nothing_else() {
    for shape in [[2, 3], [20, 30], [64, 200]] {
        let a = Array2::<f64>::ones(shape);
        let b = Array2::<f64>::ones(shape.f());
        let row = Array1::<f64>::ones(shape[1]);
        let column = Array2::<f64>::ones([shape[0], 1]);
        let (ad, bd) = (a.view_dyn(), b.view_dyn());
        let once = |what: &str, n: usize| assert_eq!(n, 1, "{what} {shape:?}");
        once("a + a", allocations(|| &a + &a));
        once("a + b, other order", allocations(|| &a + &b));
        once("a + row", allocations(|| &a + &row));
        once("column * row", allocations(|| &column * &row));
        once("a + scalar", allocations(|| 2.0 * &a));
        once(
            "views",
            allocations(|| a.slice(s![..;-1, 1..]) - b.slice(s![.., 1..])),
        );
        once("run-time rank", allocations(|| ad + bd));
        once("-a", allocations(|| -&b));
        once("chain", allocations(|| (&a + &b) * 2.0 - &row));
        once("clone", allocations(|| b.clone()));
        once(
            "strided copy",
            allocations(|| a.slice(s![..;2, ..;-1]).to_owned()),
        );
        once("map", allocations(|| a.map(|v| v * 2.0)));
        once("map of another order", allocations(|| b.map(|v| v * 2.0)));
        once(
            "map strided",
            allocations(|| a.slice(s![.., ..;-1]).map(|v| v * 2.0)),
        );
        once("cast", allocations(|| a.cast::<f32>()));
        once("zeros", allocations(|| Array2::<f64>::zeros(shape)));
        once("full", allocations(|| Array2::<f64>::full(shape, 1.5)));
        once(
            "from_shape_fn",
            allocations(|| Array2::from_shape_fn(shape, |[i, j]| i + j)),
        );
        once("array!", allocations(|| array![[1, 2], [3, 4]]));
    }
}

#[test]
fn reuse_and_assignment_allocate_nothing() {
    for shape in [[2, 3], [20, 30], [64, 200]] {
        let mut a = Array2::<f64>::ones(shape);
        let b = Array2::<f64>::ones(shape.f());
        let row = Array1::<f64>::ones(shape[1]);
        let own = a.clone();
        let none = |what: &str, n: usize| assert_eq!(n, 0, "{what} {shape:?}");
        none("own + b", allocations(|| own + &b));
        let own = a.clone();
        none("b - own", allocations(|| &b - own));
        let own = a.clone();
        none("-(own * row)", allocations(|| -(own * &row)));
        none("a += b", allocations(|| a += &b));
        none("a -= row", allocations(|| a -= &row));
        none("a *= scalar", allocations(|| a *= 2.0));
        none("row /= scalar", allocations(|| *a.row_mut(0) /= 2.0));
        none("fill", allocations(|| a.fill(1.0)));
        none("assign", allocations(|| a.assign(&b)));
        none(
            "assign row",
            allocations(|| a.t_mut().slice_mut(s![.., 0]).assign(&row)),
        );
        none(
            "map_inplace",
            allocations(|| a.slice_mut(s![.., ..;-1]).map_inplace(|v| *v += 1.0)),
        );
        none(
            "within, disjoint",
            allocations(|| a.assign_within(s![0, ..], s![1, ..])),
        );
        none("==", allocations(|| a == b));
        none("all_close", allocations(|| a.all_close(&b, 1.0, 1.0)));
        none("iter", allocations(|| a.t().iter().sum::<f64>()));
        none(
            "indexed_iter",
            allocations(|| a.view_dyn().indexed_iter().count()),
        );
        none("into_vec", allocations(|| a.into_vec()));
    }
}

#[test]
fn views_allocate_nothing() {
    let mut x = Array3::<f64>::ones([4, 5, 6]);
    let none = |what: &str, n: usize| assert_eq!(n, 0, "{what}");
    none("slice", allocations(|| x.slice(s![1.., ..;-2, NewAxis, 3])));
    none(
        "slice_mut",
        allocations(|| x.slice_mut(s![1.., ..]).shape().len()),
    );
    none(
        "multi_slice_mut",
        allocations(|| x.multi_slice_mut((s![0, ..], s![1, ..])).0.len()),
    );
    none("split_at", allocations(|| x.split_at(1, 2)));
    none("permute", allocations(|| x.permute([2, 0, 1])));
    none("t", allocations(|| x.t().swap_axes(0, 1).move_axis(0, -1)));
    none("reshape", allocations(|| x.reshape([20, -1])));
    none("reshape_view", allocations(|| x.reshape_view(120).unwrap()));
    none("ravel", allocations(|| x.ravel()));
    none("broadcast_to", allocations(|| x.broadcast_to([3, 4, 5, 6])));
    none("diagonal", allocations(|| x.diagonal(1, 0, -1)));
    none(
        "axes",
        allocations(|| x.insert_axis(0).squeeze_axis(0).flip(1)),
    );
    none(
        "index",
        allocations(|| x[[1, 2, 3]] + x.get([0, 0, 0]).unwrap()),
    );
    let d = x.view_dyn();
    none(
        "dyn slice",
        allocations(|| d.slice(s![1.., ..;-2, NewAxis, 3])),
    );
    none("dyn permute", allocations(|| d.permute([2, 0, 1]).t()));
    none(
        "dyn permute by slice",
        allocations(|| d.permute(&[2, 0, 1][..])),
    );
    none(
        "dyn reshape",
        allocations(|| d.reshape_view(&[20_usize, 6][..]).unwrap().ndim()),
    );
    none(
        "dyn broadcast",
        allocations(|| d.broadcast_to([2, 4, 5, 6])),
    );
    none(
        "dyn axes",
        allocations(|| d.index_axis(0, 1).insert_axis(0).squeeze()),
    );
    none("dyn index", allocations(|| d[[1, 2, 3]]));
    none("dyn index by slice", allocations(|| d[&[1, 2, 3][..]]));
    none("dyn shape", allocations(|| (d.dim(), d.rank::<3>())));
    none(
        "owned views",
        allocations(|| {
            x.into_t()
                .into_dyn()
                .into_rank::<3>()
                .into_slice(s![.., 1, ..])
        }),
    );
    let vec = vec![1.0; 120];
    none(
        "from_shape_vec",
        allocations(|| {
            Array3::from_shape_vec([4, 5, 6], vec)
                .into_reshape([6, -1])
                .into_vec()
        }),
    );
    let nested = vec![[1, 2, 3]; 10];
    none("from nested", allocations(|| Array2::from(nested)));
    let slice = [1, 2, 3, 4];
    none(
        "from slice",
        allocations(|| ArrayView2::from_shape([2, 2], &slice)),
    );
}

#[test]
fn functions_allocate_their_result_or_nothing() {
    use orthant::ufunc;
    // Short enough for one thread: handing work to another allocates.
    for shape in [[2, 3], [20, 30]] {
        let a = Array2::<f64>::ones(shape);
        let f = Array2::<f64>::ones(shape.f());
        let i = Array2::<i32>::ones(shape);
        let row = Array1::<f64>::ones(shape[1]);
        let once = |what: &str, n: usize| assert_eq!(n, 1, "{what} {shape:?}");
        once("exp", allocations(|| f.exp()));
        once("exp of integers", allocations(|| i.exp()));
        once("maximum", allocations(|| a.maximum(&row)));
        once("greater", allocations(|| a.greater(0.5)));
        once("clip", allocations(|| a.clip(0.0, &row)));
        let mask = a.greater(0.5);
        once("where_", allocations(|| where_(&mask, &a, 0.0)));
        once("mask", allocations(|| a.mask(&mask)));
        let none = |what: &str, n: usize| assert_eq!(n, 0, "{what} {shape:?}");
        let mut out = Array2::<f64>::zeros(shape);
        none(
            "call_into",
            allocations(|| ufunc::Exp.call_into(&f, &mut out)),
        );
        none(
            "integers into",
            allocations(|| ufunc::Divide.call_into(&i, 3, &mut out)),
        );
        none(
            "two into",
            allocations(|| ufunc::Pow.call_into(&f, &row, &mut out)),
        );
        none(
            "strided",
            allocations(|| ufunc::Sin.call_into(&f, &mut out.slice_mut(s![..;-1, ..]))),
        );
        none(
            "in place",
            allocations(|| ufunc::Sqrt.call_inplace(&mut out.t_mut())),
        );
        none(
            "two in place",
            allocations(|| ufunc::Maximum.call_inplace(&mut out, &row)),
        );
        none(
            "three in place",
            allocations(|| ufunc::Clip.call_inplace(&mut out, 0.0, 1.0)),
        );
        none(
            "under a mask",
            allocations(|| ufunc::Add.call_where(&a, &row, &mask, &mut out)),
        );
        none(
            "in place under a mask",
            allocations(|| ufunc::Clip.call_inplace_where(&mut out, 0.0, &row, &mask)),
        );
        none(
            "parameters",
            allocations(|| ufunc::Round(1).call_into(&f, &mut out)),
        );
        let mut other = a.zeros_like();
        none(
            "two results",
            allocations(|| ufunc::Divmod.call_into(&a, &row, (&mut out, &mut other))),
        );
        none(
            "where into",
            allocations(|| ufunc::Where.call_into(&mask, &f, 0.0, &mut out)),
        );
        let mut close = mask.clone();
        none(
            "is_close into",
            allocations(|| ufunc::IsClose::default().call_into(&f, &row, &mut close)),
        );
        none(
            "assign_where",
            allocations(|| out.assign_where(&mask, &row)),
        );
        none(
            "one under a mask",
            allocations(|| ufunc::Exp.call_where(&f, &mask, &mut out)),
        );
        none(
            "three into",
            allocations(|| ufunc::Lerp.call_into(&a, &row, 0.5, &mut out)),
        );
        let mut truths = Array2::full(shape, false);
        none(
            "comparison into",
            allocations(|| ufunc::Less.call_into(&f, &row, &mut truths)),
        );
        let places = Array1::from_shape_fn(shape[0] * shape[1], |[i]| i % 3);
        // The shape that its values broadcast to, however many they are.
        let mut counts = Array1::<f64>::zeros(3);
        let n = allocations(|| ufunc::Add.at(&mut counts, &places, 1.0));
        assert!(n <= 2, "at: {n} {shape:?}");
        none(
            "of the user into",
            allocations(|| {
                ufunc::from_fn(|x: f64, y: f64| x - y).call_into(&f, &row, &mut out);
            }),
        );
        none("mask_fill", allocations(|| out.mask_fill(&mask, 2.0)));
        none(
            "mask_assign",
            allocations(|| out.mask_assign(&mask, &a.ravel())),
        );
    }
}

#[test]
fn loops_over_several_arrays_allocate_their_result_or_nothing() {
    // Short enough for one thread; the first scan asks how many there are.
    zip((&array![1.0],)).scan(0, 0.0, |_, (x,)| x);
    for shape in [[2, 3], [20, 30]] {
        let a = Array2::<f64>::ones(shape);
        let f = Array2::<f64>::ones(shape.f());
        let row = Array1::<f64>::ones(shape[1]);
        let mut out = Array2::<f64>::zeros(shape);
        let once = |what: &str, n: usize| assert_eq!(n, 1, "{what} {shape:?}");
        once(
            "map",
            allocations(|| zip((&a, &row)).map(fused!(|(a, r)| a * r + 1.0))),
        );
        once(
            "map of other orders",
            allocations(|| zip((&a, &f, &row)).map(fused!(|(a, f, r)| a * f + r))),
        );
        let none = |what: &str, n: usize| assert_eq!(n, 0, "{what} {shape:?}");
        none(
            "map_into",
            allocations(|| zip((&a, &f, &row)).map_into(&mut out, fused!(|(a, f, r)| a * f + r))),
        );
        none(
            "map_into in sequence",
            allocations(|| zip((&a, &f)).seq().map_into(&mut out, |(a, f)| a - f)),
        );
        none(
            "for_each",
            allocations(|| zip((&mut out.t_mut(), f.t())).for_each(|(out, f)| *out += f)),
        );
        // Nothing but room for the states of the lanes that a thread carries along together.
        let sums = fused!(|sum: &mut f64, (x,): (f64,)| {
            *sum += x;
            *sum
        });
        for axis in [0, 1] {
            let n = with_threads(1, || {
                allocations(|| zip((&a,)).scan_into(axis, 0.0, &mut out, sums))
            });
            assert!(n <= 1, "scan_into along {axis}: {n} {shape:?}");
        }
        none(
            "fold",
            allocations(|| zip((&a, &f)).fold(0.0, |sum, (a, f)| sum + a * f)),
        );
        none(
            "fold_with",
            allocations(|| zip((&a, &f)).fold_with(0.0, |sum, (a, f)| sum + a * f, |s, t| s + t)),
        );
    }
}

#[test]
fn reductions_into_allocate_nothing() {
    // Short enough for one thread.
    for shape in [[2, 3], [20, 30]] {
        for a in [Array2::<f64>::ones(shape), Array2::<f64>::ones(shape.f())] {
            let whole = allocations(|| (a.sum(), a.mean(), a.max(), a.argmin(), a.std(), a.any()));
            assert_eq!(whole, 0, "{shape:?}");
            for axis in [0, 1] {
                let mut out = Array1::<f64>::zeros(shape[1 - axis]);
                let mut places = Array1::<usize>::zeros(shape[1 - axis]);
                let mut truths = Array1::<bool>::full(shape[1 - axis], false);
                let mut like = a.zeros_like();
                let all = [
                    allocations(|| a.sum_into(axis, &mut out)),
                    allocations(|| a.prod_into(axis, &mut out)),
                    allocations(|| a.mean_into(axis, &mut out)),
                    allocations(|| a.max_into(axis, &mut out)),
                    allocations(|| a.min_into(axis, &mut out)),
                    allocations(|| a.var_into(axis, &mut out)),
                    allocations(|| a.std_into(axis, &mut out)),
                    allocations(|| a.nansum_into(axis, &mut out)),
                    allocations(|| a.nanprod_into(axis, &mut out)),
                    allocations(|| a.nanmax_into(axis, &mut out)),
                    allocations(|| a.nanmin_into(axis, &mut out)),
                    allocations(|| a.sum_abs_into(axis, &mut out)),
                    allocations(|| a.argmin_into(axis, &mut places)),
                    allocations(|| a.argmax_into(axis, &mut places)),
                    allocations(|| a.count_nonzero_into(axis, &mut places)),
                    allocations(|| a.all_into(axis, &mut truths)),
                    allocations(|| a.any_into(axis, &mut truths)),
                    allocations(|| a.cumsum_into(axis, &mut like)),
                    allocations(|| a.cumprod_into(axis, &mut like)),
                    allocations(|| a.nancumsum_into(axis, &mut like)),
                    allocations(|| a.nancumprod_into(axis, &mut like)),
                ];
                assert_eq!(all, [0; 21], "{shape:?} {:?} along {axis}", a.strides());
                // The same of functions.
                use orthant::ufunc;
                let all = [
                    allocations(|| ufunc::Add.reduce_into(&a, axis, &mut out)),
                    allocations(|| ufunc::Divide.reduce_into(&a, axis, &mut out)),
                    allocations(|| ufunc::Divide.accumulate_into(&a, axis, &mut like)),
                ];
                assert_eq!(all, [0; 3], "{shape:?} {:?} along {axis}", a.strides());
                // What is made of several folds, into any layout.
                let mask = a.greater(0.5);
                let mut rows = Array2::<f64>::zeros([2, 2 * shape[1 - axis]]);
                let mut out = rows.slice_mut(s![1, ..;-2]);
                let all = [
                    allocations(|| a.nanmean_into(axis, &mut out)),
                    allocations(|| a.nanvar_into(axis, 1, &mut out)),
                    allocations(|| a.nanstd_into(axis, 0, &mut out)),
                    allocations(|| a.logsumexp_into(axis, &mut out)),
                    allocations(|| a.ptp_into(axis, &mut out)),
                    allocations(|| a.sum_into_where(axis, &mask, &mut out)),
                    allocations(|| a.mean_into_where(axis, &mask, &mut out)),
                    allocations(|| a.max_into_where(axis, &mask, 0.0, &mut out)),
                    allocations(|| a.min_into_where(axis, &mask, 0.0, &mut out)),
                    allocations(|| a.sum_squares_into(axis, &mut out)),
                    allocations(|| a.average_into(axis, &a, &mut out).is_ok()),
                    allocations(|| a.nanargmax_into(axis, &mut places).is_ok()),
                ];
                assert_eq!(all, [0; 12], "{shape:?} {:?} along {axis}", a.strides());
                let whole = allocations(|| {
                    let numbers = (a.nanmean(), a.nanstd(0), a.logsumexp(), a.ptp());
                    (numbers, a.mean_where(&mask), a.max_where(&mask, 0.0))
                });
                assert_eq!(whole, 0, "{shape:?}");
            }
        }
    }
}
