//! Elements that own something are dropped exactly once, whatever happens to their arrays.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use orthant::prelude::*;

thread_local! {
    static LIVE: RefCell<BTreeSet<u64>> = const { RefCell::new(BTreeSet::new()) };
    static NEXT: Cell<u64> = const { Cell::new(0) };
    /// Clones left before one panics.
    static CLONES: Cell<u64> = const { Cell::new(u64::MAX) };
}

/// Counts itself; a second drop of the same one is noticed.
#[derive(Debug)]
struct Counted {
    id: u64,
    value: i64,
}

impl Counted {
    fn new(value: i64) -> Self {
        let id = NEXT.replace(NEXT.get() + 1);
        LIVE.with_borrow_mut(|live| live.insert(id));
        Counted { id, value }
    }
}
impl Clone for Counted {
    fn clone(&self) -> Self {
        let left = CLONES.get();
        assert!(left > 0, "no more clones");
        CLONES.set(left - 1);
        Counted::new(self.value)
    }
}
impl Drop for Counted {
    fn drop(&mut self) {
        assert!(
            LIVE.with_borrow_mut(|live| live.remove(&self.id)),
            "dropped twice"
        );
    }
}
impl PartialEq for Counted {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

fn live() -> usize {
    LIVE.with_borrow(|live| live.len())
}

/// Runs `f`, after which nothing may be left.
fn balanced<R>(f: impl FnOnce() -> R) {
    assert_eq!(live(), 0);
    drop(f());
    assert_eq!(live(), 0, "leaked");
}

/// As [`balanced`], with the `n`-th clone panicking, for every `n`.
fn balanced_when_clones_panic(f: impl Fn()) {
    let mut n = 0;
    loop {
        CLONES.set(n);
        let panicked = catch_unwind(AssertUnwindSafe(&f)).is_err();
        let unused = CLONES.replace(u64::MAX);
        assert_eq!(live(), 0, "leaked when clone {n} panicked");
        assert!(!panicked || unused == 0);
        if !panicked {
            assert!(n > 0, "nothing was cloned");
            return;
        }
        n += 1;
    }
}

fn matrix() -> Array2<Counted> {
    Array2::from_shape_fn([3, 4], |[i, j]| Counted::new((10 * i + j) as i64))
}

fn values<D: Dimension>(x: &ArrayRef<Counted, D>) -> Vec<i64> {
    x.iter().map(|c| c.value).collect()
}

#[test]
fn constructors() {
    balanced(matrix);
    balanced(|| Array2::from_shape_fn([3, 4].f(), |[i, _]| Counted::new(i as i64)));
    balanced(|| Array2::full([3, 4], Counted::new(1)));
    balanced(|| Array2::full([0, 4], Counted::new(1)));
    balanced(|| Array1::from_vec((0..5).map(Counted::new).collect()));
    balanced(|| Array2::try_from_shape_vec([2, 3], (0..5).map(Counted::new).collect()).is_err());
    balanced(|| Array1::from_iter((0..5).map(Counted::new)));
    balanced(|| {
        array![
            [Counted::new(1), Counted::new(2)],
            [Counted::new(3), Counted::new(4)]
        ]
    });
    balanced(|| Array2::try_from(vec![vec![Counted::new(1)], vec![Counted::new(2)]]).unwrap());
    balanced(|| Array2::try_from(vec![vec![Counted::new(1)], vec![]]).is_err());
    balanced(|| Array0::from(Counted::new(1)).into_item());
    balanced(|| matrix().full_like(Counted::new(3)));
    balanced(|| {
        // What was written to uninitialised memory is the caller's until `assume_init`.
        let mut x = Array1::<Counted>::uninit(3);
        x.iter_mut().enumerate().for_each(|(i, slot)| {
            slot.write(Counted::new(i as i64));
        });
        // SAFETY: all were written.
        unsafe { x.assume_init() }
    });
    balanced_when_clones_panic(|| drop(Array2::full([3, 2], Counted::new(1))));
    balanced_when_clones_panic(|| drop(Array2::full([3, 2].f(), Counted::new(1))));
}

#[test]
fn copies() {
    balanced(|| {
        let x = matrix();
        (
            x.clone(),
            x.t().to_owned(),
            x.slice(s![..;2, ..;-1]).to_owned(),
            x.to_order(orthant::Order::F),
        )
    });
    balanced(|| matrix().flatten());
    balanced(|| matrix().t().reshape(12).into_owned());
    balanced(|| matrix().broadcast_to([2, 3, 4]).to_owned());
    balanced(|| CowArray::from(matrix()).clone());
    balanced_when_clones_panic(|| drop(matrix().clone()));
    balanced_when_clones_panic(|| drop(matrix().into_t().clone()));
    balanced_when_clones_panic(|| drop(matrix().slice(s![.., ..;-2]).to_owned()));
}

#[test]
fn moves() {
    balanced(|| matrix().into_vec());
    balanced(|| {
        let vec = matrix().into_t().into_vec();
        assert_eq!(vec[1].value, 10);
        vec
    });
    // What a slice left out is dropped with the array, or when its elements are taken.
    balanced(|| matrix().into_slice(s![1.., ..;2]));
    balanced(|| {
        let vec = matrix().into_slice(s![1.., ..;-2]).into_vec();
        assert_eq!(
            vec.iter().map(|c| c.value).collect::<Vec<_>>(),
            [13, 11, 23, 21]
        );
        assert_eq!(live(), 4);
        vec
    });
    balanced(|| matrix().into_slice(s![..0, ..]).into_vec());
    balanced(|| {
        matrix()
            .into_index_axis(0, 1)
            .into_flip(0)
            .into_reshape([2, 2])
    });
    balanced(|| matrix().into_t().into_reshape([2, 6]));
    balanced(|| {
        matrix()
            .into_slice(s![.., 1..3])
            .into_reshape([3, 2])
            .into_dyn()
            .into_squeeze()
    });
    balanced(|| catch_unwind(AssertUnwindSafe(|| matrix().into_reshape(7))).is_err());
    balanced(|| catch_unwind(AssertUnwindSafe(|| matrix().into_slice(s![5, ..]))).is_err());
    balanced(|| catch_unwind(AssertUnwindSafe(|| matrix().into_item())).is_err());
    balanced(|| {
        let mut iter = matrix().into_iter();
        iter.next();
        iter
    });
}

#[test]
fn assignments() {
    balanced(|| {
        let mut x = matrix();
        x.fill(Counted::new(5));
        x.row_mut(0).assign(&Array1::full(4, Counted::new(6)));
        x.t_mut().assign(&matrix().t());
        x.assign_within(s![1.., ..], s![..-1, ..]);
        assert_eq!(values(&x.column(0)), [0, 0, 10]);
        x.map_inplace(|c| *c = Counted::new(c.value + 1));
        x[[0, 0]] = Counted::new(9);
        *x.get_mut([1, 1]).unwrap() = Counted::new(8);
        x
    });
    balanced(|| {
        let mut x = matrix();
        let (mut a, mut b) = x.split_at_mut(0, 1);
        std::mem::swap(&mut a[[0, 0]], &mut b[[1, 1]]);
        assert_eq!((a[[0, 0]].value, b[[1, 1]].value), (21, 0));
        let _ = (a, b);
        x
    });
    balanced_when_clones_panic(|| matrix().fill(Counted::new(1)));
    balanced_when_clones_panic(|| matrix().assign(&matrix()));
    balanced_when_clones_panic(|| matrix().t_mut().assign(&Array1::full(3, Counted::new(2))));
    balanced_when_clones_panic(|| matrix().assign_within(s![1.., ..], s![..-1, ..;-1]));
}

#[test]
fn closures_that_panic() {
    let panics_at = |n: i64| move |value: i64| assert_ne!(value, n, "stop");
    for n in [0, 13, 23] {
        let stop = panics_at(n);
        balanced(|| {
            catch_unwind(|| {
                Array2::from_shape_fn([3, 4], |[i, j]| {
                    let value = (10 * i + j) as i64;
                    stop(value);
                    Counted::new(value)
                })
            })
            .is_err()
        });
        balanced(|| {
            let x = matrix();
            let found = catch_unwind(AssertUnwindSafe(|| {
                x.map(|c| {
                    stop(c.value);
                    Counted::new(c.value)
                })
            }));
            assert!(found.is_err());
            x
        });
        balanced(|| {
            let x = matrix();
            assert!(catch_unwind(AssertUnwindSafe(|| x.t().map(|c| stop(c.value)))).is_err());
            x
        });
        balanced(|| {
            let mut x = matrix();
            let found = catch_unwind(AssertUnwindSafe(|| {
                x.t_mut().map_inplace(|c| {
                    stop(c.value);
                    *c = Counted::new(100);
                })
            }));
            assert!(found.is_err());
            // Every element is an old or a new one.
            assert!(x.iter().all(|c| c.value == 100 || c.value < 24));
            x
        });
        balanced(|| {
            catch_unwind(|| {
                Array1::from_iter((0..24).map(|v| {
                    stop(v);
                    Counted::new(v)
                }))
            })
            .is_err()
        });
    }
}

#[test]
fn an_element_that_panics_while_dropped() {
    struct Bomb(#[allow(dead_code)] Counted);
    impl Drop for Bomb {
        fn drop(&mut self) {
            if self.0.value == 1 {
                panic!("drop");
            }
        }
    }
    balanced(|| {
        let x = Array1::from_iter((0..4).map(|v| Bomb(Counted::new(v))));
        assert!(catch_unwind(AssertUnwindSafe(|| drop(x))).is_err());
    });
}

/// Lends elements and is noticed when it is dropped.
struct Lender<const N: usize>(#[allow(dead_code)] Counted, [i64; N]);
impl<const N: usize> AsMut<[i64]> for Lender<N> {
    fn as_mut(&mut self) -> &mut [i64] {
        &mut self.1
    }
}
// SAFETY: `Counted` counts on one thread only, where these arrays stay.
unsafe impl<const N: usize> Send for Lender<N> {}

#[test]
fn other_owners_are_dropped_once_and_not_before_their_elements_are_done() {
    let lender = || Lender(Counted::new(0), [1, 2, 3, 4, 5, 6]);
    balanced(|| {
        let mut x = Array2::from_shape_owner([2, 3], lender());
        assert_eq!(live(), 1);
        x.row_mut(0).fill(7);
        let moved = Box::new(x.into_t());
        assert_eq!(*moved, array![[7, 4], [7, 5], [7, 6]]);
        assert_eq!(live(), 1);
        moved
    });
    balanced(|| {
        Array2::from_shape_owner([3, 2].f(), lender())
            .slice(s![0, ..])
            .to_owned()
    });
    balanced(|| Array1::from_shape_owner(6, lender()).into_vec());
    balanced(|| {
        Array1::from_shape_owner(6, lender())
            .into_reshape([3, 2])
            .into_t()
            .into_vec()
    });
    balanced(|| {
        Array1::from_shape_owner(6, lender())
            .into_slice(s![..;-2])
            .into_vec()
    });
    // The result of an operator may take the memory and its owner over.
    balanced(|| {
        let sum = Array1::from_shape_owner(6, lender()) + 1;
        assert_eq!(sum, array![2, 3, 4, 5, 6, 7]);
        sum
    });
    balanced(|| Array1::from_shape_owner(0, Lender(Counted::new(0), [])));
    balanced(|| Array1::<()>::from_shape_owner(3, vec![(); 3]));
    balanced(|| assert!(Array1::try_from_shape_owner(5, lender()).is_err()));
    balanced(|| {
        let result =
            catch_unwind(|| Array1::from_shape_owner(6, lender()).map(|v| assert!(*v < 4)));
        assert!(result.is_err());
    });
}

#[test]
fn memory_behind_a_pointer_lives_as_long_as_its_owner() {
    balanced(|| {
        let mut owner = Box::new(Lender(Counted::new(0), [1, 2, 3, 4]));
        let ptr = owner.1.as_mut_ptr();
        // SAFETY: four elements in a box that is not touched before it is dropped.
        let x = unsafe { Array2::from_shape_ptr([2, 2].f(), ptr, owner) };
        assert_eq!(live(), 1);
        assert_eq!(x, array![[1, 3], [2, 4]]);
        x
    });
    balanced(|| {
        let mut owner = Box::new(Lender(Counted::new(0), [1, 2, 3, 4]));
        let ptr = owner.1.as_mut_ptr();
        // SAFETY: nothing is read through what cannot be made.
        let x = unsafe { Array1::try_from_shape_ptr(-1, ptr, owner) };
        assert!(x.is_err());
    });
}
