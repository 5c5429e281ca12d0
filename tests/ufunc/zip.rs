//! Fused loops as a user's crate sees them: operand kinds, panics, drops, errors.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::atomic::{AtomicIsize, Ordering};

use orthant::ufunc::try_zip;
use orthant::{ScalarOperand, ShapeError, with_threads};
use orthant::{prelude::*, zip};

#[test]
fn every_kind_of_operand() {
    let a = array![[1.0_f64, 2.0], [3.0, 4.0]];
    let (view, cow) = (a.view(), a.reshape([2, 2]));
    let sum = zip((
        &a,
        view,
        &view,
        &cow,
        &*view,
        a.clone(),
        cow.clone(),
        1.0_f64,
    ));
    let sum = sum.map(|(a, b, c, d, e, f, g, h)| a + b + c + d + e + f + g + h);
    assert_eq!(sum, array![[8.0, 15.0], [22.0, 29.0]]);
    let mut b = a.clone();
    let view = b.view_mut();
    assert_eq!(
        zip((&view, ScalarOperand(2.0))).map(|(a, s)| a * s),
        &a * 2.0
    );
    zip((view,)).for_each(|(b,)| *b += 1.0);
    zip((&mut b.view_mut(),)).for_each(|(b,)| *b += 1.0);
    let reference: &mut ArrayRef2<f64> = &mut b;
    zip((reference,)).for_each(|(b,)| *b += 1.0);
    assert_eq!(b, &a + 3.0);
    let words = array!["a", "b"];
    assert_eq!(
        zip((&words, 3usize)).map(|(w, n)| w.repeat(n)),
        array!["aaa".to_string(), "bbb".to_string()]
    );
}

#[test]
fn generic_functions_need_no_bounds() {
    fn axpy<T: orthant::Number + Send + Sync, D: Dimension>(
        a: T,
        x: &ArrayRef<T, D>,
        y: &ArrayRef<T, D>,
    ) -> Array<T, D> {
        zip((x, y)).map(|(x, y)| a * x + y)
    }
    let x = array![[1.0, 2.0]];
    assert_eq!(axpy(2.0, &x, &x), array![[3.0, 6.0]]);
    assert_eq!(axpy(2, &array![1], &array![5]), array![7]);
}

#[test]
fn ranks_meet() {
    let (x, y) = (array![1, 2], array![[10], [20]]);
    let z: Array2<i32> = zip((&x, &y)).map(|(x, y)| x + y);
    assert_eq!(z, array![[11, 12], [21, 22]]);
    let d: ArrayD<i32> = zip((&x.view_dyn(), &y)).map(|(x, y)| x + y);
    assert_eq!(d, z);
    let zero: Array0<i32> = zip((3, 4)).map(|(a, b)| a * b);
    assert_eq!(zero.item(), 12);
}

#[test]
fn results_keep_the_memory_order_of_the_operands() {
    let f = Array2::<f64>::zeros([3, 4].f());
    assert!(zip((&f, &f)).map(|(a, b)| a + b).is_f_contiguous());
    assert!(zip((&f, 1.0)).map(|(a, b)| a + b).is_f_contiguous());
    assert!(zip((&f,)).map(|(a,)| a.to_string()).is_f_contiguous());
    assert!(zip((&f,)).indexed().map(|i, _| i).is_f_contiguous());
    assert!(zip((&f,)).seq().map(|(a,)| a).is_c_contiguous());
}

#[test]
fn mistakes_in_shapes() {
    let (a, b) = (Array2::<f64>::zeros([2, 3]), Array1::<i32>::zeros([2]));
    let error = try_zip((&a, &b, 1.0_f64)).err().unwrap();
    assert_eq!(
        error.to_string(),
        "operands could not be broadcast together with shapes (2,3) (2,) ()"
    );
    let mut row = Array1::<f64>::zeros([3]);
    let error = try_zip((&a, &mut row)).err().unwrap();
    assert!(
        matches!(&error, ShapeError::Output { output, broadcast } if output == &[3] && broadcast == &[2, 3])
    );
    let mut one = Array2::<f64>::zeros([1, 3]);
    assert!(try_zip((&mut one, &a)).is_err());
    let error = zip((&a,)).try_map_into(&mut row, |(a,)| a).unwrap_err();
    assert_eq!(
        error.to_string(),
        "non-broadcastable output operand with shape (3,) doesn't match the broadcast shape (2,3)"
    );
    let caught = catch_unwind(|| zip((&a, &b)).map(|(a, _)| a)).unwrap_err();
    assert!(
        caught
            .downcast_ref::<String>()
            .unwrap()
            .contains("(2,3) (2,)")
    );
}

#[test]
fn loops_on_this_thread_take_anything() {
    let counter = Rc::new(Cell::new(0));
    let shared = Array1::from_iter((0..5).map(|_| ()));
    zip((&shared,))
        .seq()
        .for_each(|(_,)| counter.set(counter.get() + 1));
    assert_eq!(counter.get(), 5);
    let mut rcs = Array2::from_shape_fn([3, 2], |_| Rc::new(0)).t().to_owned();
    zip((&mut rcs.slice_mut(s![.., 1..]),))
        .seq()
        .for_each(|(rc,)| *rc = Rc::new(7));
    assert_eq!(rcs.iter().map(|rc| **rc).sum::<i32>(), 28);
    let text = zip((&array![1, 2, 3],)).fold(String::new(), |s, (x,)| s + &x.to_string());
    assert_eq!(text, "123");
}

/// Counts how many are alive.
struct Counted<'a>(&'a AtomicIsize);

impl<'a> Counted<'a> {
    fn new(alive: &'a AtomicIsize) -> Self {
        alive.fetch_add(1, Ordering::SeqCst);
        Counted(alive)
    }
}
impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[test]
fn what_was_made_before_a_panic_is_dropped_once() {
    static ALIVE: AtomicIsize = AtomicIsize::new(0);
    let x = Array2::from_shape_fn([60, 50], |[i, j]| 50 * i + j);
    for view in [x.view(), x.t(), x.slice(s![..;-1, ..;2])] {
        let fails = |x: usize| {
            assert!(x != 1234, "at 1234");
            Counted::new(&ALIVE)
        };
        let caught = catch_unwind(AssertUnwindSafe(|| zip((view,)).map(|(x,)| fails(x))));
        assert!(caught.is_err());
        let caught = catch_unwind(AssertUnwindSafe(|| zip((view,)).seq().map(|(x,)| fails(x))));
        assert!(caught.is_err());
        let caught = catch_unwind(AssertUnwindSafe(|| {
            zip((view,)).indexed().map(|_, (x,)| fails(x))
        }));
        assert!(caught.is_err());
        let caught = catch_unwind(AssertUnwindSafe(|| {
            let fold = |all: Box<usize>, x: usize| {
                fails(x);
                all
            };
            let parts = zip((view,)).with_min_len(100);
            parts.fold_with(Box::new(0), |all, (x,)| fold(all, x), |a, _| a)
        }));
        assert!(caught.is_err());
        assert_eq!(ALIVE.load(Ordering::SeqCst), 0);
        let made = zip((view,)).map(|_| Counted::new(&ALIVE));
        assert_eq!(ALIVE.load(Ordering::SeqCst), view.len() as isize);
        drop(made);
        assert_eq!(ALIVE.load(Ordering::SeqCst), 0);

        // Outputs that hold values: each is replaced or kept, whatever happens.
        let mut out =
            Array2::from_shape_fn([view.nrows(), view.ncols()].f(), |_| Counted::new(&ALIVE));
        let caught = catch_unwind(AssertUnwindSafe(|| {
            zip((view,)).map_into(&mut out, |(x,)| fails(x))
        }));
        assert!(caught.is_err());
        assert_eq!(ALIVE.load(Ordering::SeqCst), view.len() as isize);
        let caught = catch_unwind(AssertUnwindSafe(|| {
            zip((&mut out.t_mut(), view.t())).for_each(|(slot, x)| *slot = fails(x));
        }));
        assert!(caught.is_err());
        assert_eq!(ALIVE.load(Ordering::SeqCst), view.len() as isize);
        drop(out);
        assert_eq!(ALIVE.load(Ordering::SeqCst), 0);
    }
}

#[test]
fn a_panic_on_any_thread_is_passed_on() {
    let x = Array1::from_iter(0..300_000);
    for threads in [1, 2] {
        for bad in [0, 5_000, 299_999] {
            let run = || with_threads(threads, || zip((&x,)).map(|(x,)| assert_ne!(x, bad)));
            let caught = catch_unwind(run).unwrap_err();
            assert!(
                caught
                    .downcast_ref::<String>()
                    .unwrap()
                    .contains("left != right")
            );
        }
    }
    // Nothing is left behind: the pool works on.
    assert_eq!(
        zip((&x,)).fold_with(0, |s, (x,)| s + i64::from(x), |s, t| s + t),
        44_999_850_000
    );
}

#[test]
fn expensive_elements_are_split_however_few() {
    let ids = with_threads(2, || {
        zip((&Array1::from_iter(0..64),))
            .with_min_len(1)
            .map(|(_,)| {
                std::thread::sleep(std::time::Duration::from_millis(1));
                std::thread::current().id()
            })
    });
    let first = ids[0];
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    assert!(cores == 1 || !cfg!(feature = "rayon") || ids.iter().any(|&id| id != first));
}
