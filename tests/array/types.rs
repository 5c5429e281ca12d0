//! What must compile: borrows, variance, threads, generic code, the prelude alone.

use orthant::prelude::*;

fn shared<T: Send + Sync>(_: &T) {}

#[test]
fn arrays_cross_threads_as_their_elements_do() {
    shared(&array![1.0]);
    shared(&array![1.0].view());
    shared(&CowArray::from(array![1.0]));
    shared(&array![1.0].view_mut());
    shared(&array![1.0].iter());
    let mut x = Array2::<i32>::zeros([4, 5]);
    let total = std::thread::scope(|scope| {
        let (mut top, mut bottom) = x.split_at_mut(0, 2);
        scope.spawn(move || top.fill(1));
        scope.spawn(move || bottom.fill(2)).join().unwrap();
        0
    });
    assert_eq!(total, 0);
    let sum: i32 = std::thread::scope(|scope| {
        let by_row: Vec<_> = (0..4)
            .map(|i| {
                let row = x.row(i);
                scope.spawn(move || row.iter().sum::<i32>())
            })
            .collect();
        by_row
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    });
    assert_eq!(sum, 2 * 5 + 2 * 10);
    // An array that owns what may move but not be shared may itself move.
    fn moves<T: Send>(_: T) {}
    moves(array![std::cell::Cell::new(1)]);
    moves(array![std::cell::Cell::new(1)].view_mut());
}

#[test]
fn views_are_covariant() {
    fn shorter<'s>(view: ArrayView1<'static, &'static str>, _: &'s str) -> ArrayView1<'s, &'s str> {
        view
    }
    fn shorter_cow<'s>(
        cow: CowArray<'static, &'static str, Ix1>,
        _: &'s str,
    ) -> CowArray<'s, &'s str, Ix1> {
        cow
    }
    fn shorter_array<'s>(x: Array1<&'static str>, _: &'s str) -> Array1<&'s str> {
        x
    }
    fn shorter_mut<'a, 's: 'a>(x: ArrayViewMut1<'s, i32>, _: &'a str) -> ArrayViewMut1<'a, i32> {
        x
    }
    static WORDS: [&str; 2] = ["a", "b"];
    let local = String::from("c");
    let view = shorter(ArrayView1::from(&WORDS[..]), &local);
    assert_eq!(view[1], "b");
    assert_eq!(
        shorter_cow(CowArray::from(ArrayView1::from(&WORDS[..])), &local)[0],
        "a"
    );
    assert_eq!(shorter_array(array!["x"], &local)[0], "x");
    let mut x = array![1];
    shorter_mut(x.view_mut(), &local)[0] = 2;
    // The longest of two views, whichever array it comes from.
    let (a, b) = (array![1, 2], array![3]);
    let longest = if a.len() > b.len() {
        a.view()
    } else {
        b.view()
    };
    assert_eq!(longest, a);
    assert_eq!(
        std::mem::size_of::<Option<ArrayView2<'_, f64>>>(),
        std::mem::size_of::<ArrayView2<'_, f64>>()
    );
}

#[test]
fn methods_that_change_an_array_may_take_what_is_made_of_it() {
    let mut x = array![[1.0, 2.0], [3.0, 4.0]];
    x.assign(&x.map(|v| v * 2.0));
    x.assign(x.t().to_owned());
    x.try_assign(&(&x + 1.0)).unwrap();
    x.fill(x[[0, 0]]);
    assert_eq!(x, Array2::full([2, 2], 3.0));
    x[[0, 1]] = x[[1, 0]] + 1.0;
    x[[1, 1]] += x[[0, 1]];
    let n = x.nrows();
    x.slice_mut(s![..n, 0]).fill(0.0);
    let mut view = x.view_mut();
    view.assign(&view.map(|v| v + 1.0));
    view.fill(view[[1, 1]]);
    assert_eq!(x, Array2::full([2, 2], 8.0));
}

#[test]
fn one_function_takes_every_kind() {
    fn total<D: Dimension>(x: &ArrayRef<f64, D>) -> f64 {
        x.iter().sum()
    }
    fn doubled<T: orthant::Number, D: Dimension>(x: &ArrayRef<T, D>) -> Array<T, D> {
        x + x
    }
    fn zero(x: &mut ArrayRef2<f64>) {
        x.fill(0.0);
    }
    fn any<S: Operand<f64>>(x: S) -> usize
    where
        Ix1: orthant::DimMax<S::Dim>,
    {
        (array![1.0, 2.0] + x).len()
    }
    let mut x = array![[1.0, 2.0], [3.0, 4.0]];
    assert_eq!(
        total(&x) + total(&x.t()) + total(&x.row(0)) + total(&x.reshape(4)) + total(&x.view_dyn()),
        43.0
    );
    assert_eq!(total(&x.view_mut()), 10.0);
    assert_eq!(total(&doubled(&x.column(0))), 8.0);
    assert_eq!(doubled(&array![1, 2].into_dyn()), array![2, 4]);
    assert_eq!(
        any(1.0) + any(&x) + any(x.row(0)) + any(array![1.0]),
        2 + 4 + 2 + 2
    );
    zero(&mut x.slice_mut(s![..1, ..]));
    assert_eq!(x, array![[0.0, 0.0], [3.0, 4.0]]);
    zero(&mut x);
    assert_eq!(total(&x), 0.0);
    // In a struct, behind `AsRef`, in a list of mixed kinds.
    struct Model {
        weights: Array2<f64>,
        bias: Array1<f64>,
    }
    impl Model {
        fn apply(&self, x: &ArrayRef2<f64>) -> Array2<f64> {
            x * &self.weights + &self.bias
        }
    }
    let model = Model {
        weights: Array2::ones([2, 2]),
        bias: array![1.0, 2.0],
    };
    assert_eq!(model.apply(&x), array![[1.0, 2.0], [1.0, 2.0]]);
    fn count<A: AsRef<ArrayRef2<f64>>>(x: A) -> usize {
        x.as_ref().len()
    }
    assert_eq!(count(x.view()) + count(x.clone()), 8);
    let owned = x.clone();
    let (view, cow) = (x.t(), x.reshape([2, 2]));
    let mixed: [&ArrayRef2<f64>; 3] = [&owned, &view, &cow];
    assert!(mixed.iter().all(|x| x.len() == 4));
    let copies: Vec<Array2<f64>> = mixed.iter().map(|&x| x.to_owned()).collect();
    assert_eq!(copies[0], mixed[1]);
}

#[test]
fn literals_infer() {
    let x = Array1::arange(0.0, 24.0, 1.0).into_reshape([2, 3, -1]);
    let (n, h): (usize, usize) = (2, 3);
    assert_eq!(x.reshape([n, h * 4]).shape(), &[2, 12]);
    assert_eq!(x.reshape((n, -1)).shape(), &[2, 12]);
    assert_eq!(x.permute([0, -1, 1]).shape(), &[2, 4, 3]);
    assert_eq!(x.index_axis(-1, 0).index_axis(0, -1).shape(), &[3]);
    assert_eq!(x[[1, 2, 3]], 23.0);
    assert_eq!(x[[n - 1, h - 1, 0]], 20.0);
    assert_eq!(x[[-1, -1, -1]], 23.0);
    assert_eq!(x.get([2, 0, 0]), None);
    let i = 1_i64;
    assert_eq!(x.row_of(i)[0], 12.0);
    let v = array![10, 20, 30];
    assert_eq!(v[0] + v[-1] + v[[1]] + v[i], 80);
    assert_eq!(x.view_dyn()[[0, 1, 0]] + x.view_dyn()[&[0, 1, 0][..]], 8.0);

    trait RowOf {
        fn row_of(&self, i: i64) -> ArrayView1<'_, f64>;
    }
    impl RowOf for ArrayRef3<f64> {
        fn row_of(&self, i: i64) -> ArrayView1<'_, f64> {
            self.slice(s![i, 0, ..])
        }
    }
}

#[test]
fn elements_are_indexed_and_refused() {
    let x = array![[1, 2, 3], [4, 5, 6]];
    let text = |f: &dyn Fn() -> i32| {
        let payload = std::panic::catch_unwind(std::panic::AssertUnwindSafe(f)).unwrap_err();
        *payload.downcast::<String>().unwrap()
    };
    assert_eq!(
        text(&|| x[[2, 0]]),
        "index 2 is out of bounds for axis 0 with size 2"
    );
    assert_eq!(
        text(&|| x[[0, -4]]),
        "index -4 is out of bounds for axis 1 with size 3"
    );
    assert_eq!(
        text(&|| x.view_dyn()[[0, 0, 0]]),
        "too many indices for array: array is 2-dimensional, but 3 were indexed"
    );
    assert_eq!(
        text(&|| x.view_dyn()[[0]]),
        "1 indices do not name one element of an array of shape (2,3)"
    );
    assert_eq!(
        text(&|| x.item()),
        "item: an array of shape (2,3) does not have exactly one element"
    );
    assert_eq!(Array0::from(7)[[0_usize; 0]], 7);
    assert_eq!(array![[7]].item(), 7);
    assert_eq!(x.view_dyn().get(&[1_usize, 1][..]), Some(&5));
    assert_eq!(x.view_dyn().get([1]), None);
    assert_eq!(Array2::<i32>::zeros([0, 3]).get([0, 0]), None);
}
