//! Construction: literals, shapes, sequences, vectors, iterators; what is copied and what is not.

use crate::support::panic_message;
use orthant::prelude::*;
use orthant::{Complex, Order, ShapeError};

#[test]
fn literals_of_one_to_six_levels() {
    let v: Array1<i32> = array![1, 2, 3];
    let m: Array2<f32> = array![[1., 2.], [3., 4.],];
    let t: Array3<i32> = array![[[1], [2]], [[3], [4]]];
    let q: Array4<i32> = array![[[[1, 2]]], [[[3, 4]]]];
    let p: Array5<i32> = array![[[[[1, 2]]]]];
    let s: Array6<i32> = array![[[[[[1, 2], [3, 4]]]]]];
    assert_eq!(v.shape(), &[3]);
    assert_eq!(m.shape(), &[2, 2]);
    assert_eq!(t.shape(), &[2, 2, 1]);
    assert_eq!(q.shape(), &[2, 1, 1, 2]);
    assert_eq!(p.shape(), &[1, 1, 1, 1, 2]);
    assert_eq!(s.shape(), &[1, 1, 1, 1, 2, 2]);
    assert!(s.iter().eq(&[1, 2, 3, 4]));
    assert!(m.is_c_contiguous());
    assert_eq!(m[[1, 0]], 3.0);
    // Empty ones, repeated ones, other elements, expressions.
    let none: Array1<f64> = array![];
    let rows: Array2<f64> = array![[], []];
    assert_eq!((none.shape(), rows.shape()), (&[0][..], &[2, 0][..]));
    assert_eq!(array![1.5; 3], array![1.5, 1.5, 1.5]);
    assert_eq!(array!["a", "b"][1], "b");
    assert_eq!(array![String::from("x")].into_item(), "x");
    let (a, b) = (1, 2);
    assert_eq!(
        array![[a + b, a * b], [a - b, -a]],
        array![[3, 2], [-1, -1]]
    );
    assert_eq!(array![Some(1), None].iter().flatten().count(), 1);
    assert_eq!(array![Complex::new(1.0, 2.0)][0].im, 2.0);
}

#[test]
fn filled_arrays() {
    assert_eq!(
        Array2::<f64>::zeros([2, 3]),
        array![[0., 0., 0.], [0., 0., 0.]]
    );
    assert_eq!(Array2::<i32>::ones((1, 2)), array![[1, 1]]);
    assert_eq!(Array1::full(2, 'x'), array!['x', 'x']);
    assert_eq!(Array0::<f64>::zeros(()).item(), 0.0);
    assert_eq!(Array0::from(3).item(), 3);
    assert_eq!(ArrayD::<f64>::ones(&[0_usize; 0][..]).item(), 1.0);
    assert_eq!(Array::<f64, _>::zeros([2_usize, 2]).ndim(), 2);
    assert!(Array3::<u8>::zeros([2, 3, 4].f()).is_f_contiguous());
    assert_eq!(Array3::<u8>::full([2, 3, 4].f(), 7).strides(), &[1, 2, 6]);
    assert_eq!(
        Array2::<Complex<f32>>::ones([1, 1]).item(),
        Complex::new(1.0, 0.0)
    );
    assert_eq!(Array2::<f64>::zeros([0, 3]).len(), 0);
    let n: i64 = 2;
    let m: u32 = 3;
    assert_eq!(Array2::<f64>::zeros((n, m)).shape(), &[2, 3]);
    assert_eq!(Array2::<f64>::zeros(&[2, 3]).shape(), &[2, 3]);
    assert_eq!(ArrayD::<f64>::zeros(&[2, 3][..]).shape(), &[2, 3]);
    assert_eq!(Array2::<f64>::zeros(Ix([2, 3])).shape(), &[2, 3]);
    assert_eq!(Array2::<f64>::zeros(array![[1.0]].dim()).shape(), &[1, 1]);
    // A number whose zero is not zero bytes would still be right: full goes through `Zero`.
    assert_eq!(
        Array1::<num_bigint_like::Big>::zeros(2)[1],
        num_bigint_like::Big(vec![])
    );
    let x = array![[1.5, 2.5], [3.5, 4.5]].into_t();
    assert_eq!(x.zeros_like().strides(), &[1, 2]);
    assert_eq!(x.ones_like(), Array2::<f64>::ones([2, 2]));
    assert_eq!(x.full_like(3_u8), array![[3, 3], [3, 3]]);
    assert_eq!(x.uninit_like::<String>().shape(), &[2, 2]);
}

mod num_bigint_like {
    /// A number that owns memory.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Big(pub Vec<u8>);
    impl std::ops::Add for Big {
        type Output = Big;
        fn add(mut self, other: Big) -> Big {
            self.0.extend(other.0);
            self
        }
    }
    impl num_traits::Zero for Big {
        fn zero() -> Self {
            Big(vec![])
        }
        fn is_zero(&self) -> bool {
            self.0.is_empty()
        }
    }
}

#[test]
fn identities_and_diagonals() {
    assert_eq!(Array2::<i32>::identity(2), array![[1, 0], [0, 1]]);
    assert_eq!(Array2::<i32>::identity(0).shape(), &[0, 0]);
    assert_eq!(Array2::<i32>::eye(2, 3, 0), array![[1, 0, 0], [0, 1, 0]]);
    assert_eq!(Array2::<i32>::eye(3, 2, -1), array![[0, 0], [1, 0], [0, 1]]);
    assert_eq!(Array2::<i32>::eye(2, 2, 2), Array2::zeros([2, 2]));
    assert_eq!(Array2::<i32>::eye(2, 2, isize::MIN), Array2::zeros([2, 2]));
    assert_eq!(Array2::<i32>::eye(2, 2, isize::MAX), Array2::zeros([2, 2]));
}

#[test]
fn ranges_count_as_numpys() {
    assert_eq!(Array1::arange(0, 10, 3), array![0, 3, 6, 9]);
    assert_eq!(Array1::arange(5, 0, -2), array![5, 3, 1]);
    assert_eq!(Array1::arange(0, 0, 1).len(), 0);
    assert_eq!(Array1::arange(3, 0, 1).len(), 0);
    assert_eq!(Array1::arange(0_u8, 250, 50), array![0, 50, 100, 150, 200]);
    assert_eq!(Array1::arange(i8::MIN, i8::MAX, 100), array![-128, -28, 72]);
    assert_eq!(Array1::arange(i8::MAX, i8::MIN, -100), array![127, 27, -73]);
    assert_eq!(Array1::arange(5_u32, 2, 1).len(), 0);
    assert_eq!(
        Array1::arange(u64::MAX - 2, u64::MAX, 1),
        array![u64::MAX - 2, u64::MAX - 1]
    );
    // np.arange(1, 1.3, .1) has four elements, the last one at or beyond the stop.
    let x = Array1::arange(1.0, 1.3, 0.1);
    assert_eq!(x, array![1.0, 1.1, 1.2000000000000002, 1.3000000000000003]);
    assert_eq!(Array1::arange(0.0, 1.0, 0.25), array![0.0, 0.25, 0.5, 0.75]);
    assert_eq!(Array1::arange(0.0_f32, 1.0, 0.5), array![0.0, 0.5]);
    assert_eq!(Array1::arange(2.0, 1.0, 1.0).len(), 0);
    // delta = (start + step) - start, computed in the type: np.arange(1e16, 1e16 + 6, 1.1)
    assert_eq!(
        Array1::arange(1e16, 1e16 + 6.0, 1.1),
        array![
            1e16,
            1e16 + 2.0,
            1e16 + 4.0,
            1e16 + 6.0,
            1e16 + 8.0,
            1e16 + 10.0
        ]
    );
    assert_eq!(
        Array1::<f64>::arange(-0.0, 1.0, 1.0)[0].to_bits(),
        (-0.0_f64).to_bits()
    );
    let text = |result: Result<Array1<f64>, ShapeError>| result.unwrap_err().to_string();
    assert_eq!(
        text(Array1::try_arange(0.0, 1.0, 0.0)),
        "arange: the step must not be zero"
    );
    assert_eq!(
        text(Array1::try_arange(0.0, f64::NAN, 1.0)),
        "arange: cannot count from 0 to NaN in steps of 1"
    );
    assert_eq!(
        text(Array1::try_arange(0.0, f64::INFINITY, 1.0)),
        "arange: cannot count from 0 to inf in steps of 1"
    );
    assert!(matches!(
        Array1::try_arange(0, i64::MAX, 1),
        Err(ShapeError::Overflow { .. })
    ));
    assert!(matches!(
        Array1::try_arange(0.0, 4e18, 1.0),
        Err(ShapeError::Overflow { .. })
    ));
    assert_eq!(
        panic_message(|| Array1::arange(0, 1, 0)),
        "arange: the step must not be zero"
    );
}

#[test]
fn linspace_is_numpys() {
    // np.linspace(0, 1, 11): the values that a multiplication by 0.1 gives, the end exact.
    let x = Array1::linspace(0.0, 1.0, 11);
    let numpy = [
        0.0,
        0.1,
        0.2,
        0.30000000000000004,
        0.4,
        0.5,
        0.6000000000000001,
        0.7000000000000001,
        0.8,
        0.9,
        1.0,
    ];
    assert!(x.iter().eq(&numpy));
    assert_eq!(Array1::linspace(5.0, 1.0, 3), array![5.0, 3.0, 1.0]);
    assert_eq!(Array1::linspace(2.0, 3.0, 1), array![2.0]);
    assert_eq!(Array1::linspace(2.0, 3.0, 0).len(), 0);
    assert_eq!(Array1::linspace(2.0, 2.0, 3), array![2.0, 2.0, 2.0]);
    // The step underflows, the values do not: np.linspace(0, 5e-324, 4)
    assert_eq!(
        Array1::linspace(0.0, 5e-324, 4),
        array![0.0, 0.0, 5e-324, 5e-324]
    );
    assert_eq!(
        Array1::linspace_open(0.0, 1.0, 5),
        array![0.0, 0.2, 0.4, 0.6000000000000001, 0.8]
    );
    assert_eq!(Array1::linspace_open(0.0, 1.0, 1), array![0.0]);
    assert_eq!(Array1::linspace_open(0.0, 1.0, 0).len(), 0);
    let f = Array1::linspace(0.0_f32, 1.0, 4);
    assert_eq!(f, array![0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0_f32]);
}

#[test]
fn sizes_and_ranks_that_do_not_fit_are_errors() {
    let half = usize::MAX / 2 + 1;
    let too_big = |result: Result<Array2<f64>, ShapeError>| {
        assert!(matches!(result, Err(ShapeError::Overflow { .. })))
    };
    too_big(Array2::try_zeros([1_usize << 40, 1_usize << 40]));
    too_big(Array2::try_ones([half, 1]));
    too_big(Array2::try_full([isize::MAX as usize / 4, 1], 1.0));
    too_big(Array2::try_from_shape_fn(
        [usize::MAX, 2],
        |_| unreachable!(),
    ));
    too_big(Array2::try_from_shape_vec(
        [1_usize << 40, 1_usize << 40],
        vec![],
    ));
    // A length-0 axis does not hide the others.
    too_big(Array2::try_zeros([0, usize::MAX]));
    assert!(matches!(
        Array3::<f64>::try_zeros([1_usize << 40, 0, 1_usize << 40]),
        Err(ShapeError::Overflow { .. })
    ));
    assert!(Array3::<u8>::try_zeros([1_usize << 31, 0, 1 << 31]).is_ok());
    assert!(matches!(
        Array1::<f64>::try_uninit(half),
        Err(ShapeError::Overflow { .. })
    ));
    assert_eq!(
        panic_message(|| Array2::<f64>::zeros([1_usize << 32, 1_usize << 32])),
        "array of shape (4294967296,4294967296) is too big: its size overflows isize"
    );
    assert_eq!(
        panic_message(|| Array2::<f64>::zeros([2, -3])),
        "negative dimensions are not allowed: (2,-3)"
    );
    assert_eq!(
        ArrayD::<f64>::try_zeros(vec![1; 9])
            .unwrap_err()
            .to_string(),
        "9 axes are more than the 8 an array can have"
    );
    assert!(IxDyn::new(&[1; 9]).is_err());
    // An empty array cannot be reshaped around the limit either.
    let empty = Array1::<f64>::zeros(0);
    assert!(matches!(
        empty.try_reshape([0, 1_usize << 40, 1_usize << 40]),
        Err(ShapeError::Overflow { .. })
    ));
    assert!(matches!(
        array![1.0].try_broadcast_to([1_usize << 40, 1_usize << 40]),
        Err(ShapeError::Overflow { .. })
    ));
    assert!(panic_message(|| Array1::from_vec(vec![(); usize::MAX])).contains("too big"));
}

#[test]
fn elements_from_indices() {
    let x = Array3::from_shape_fn([2, 3, 2], |[i, j, k]| 100 * i + 10 * j + k);
    assert_eq!(x[[1, 2, 1]], 121);
    // Called in logical order whatever the memory order is.
    let mut calls = vec![];
    let f = Array2::from_shape_fn([2, 2].f(), |[i, j]| {
        calls.push((i, j));
        format!("{i}{j}")
    });
    assert_eq!(calls, [(0, 0), (0, 1), (1, 0), (1, 1)]);
    assert!(f.is_f_contiguous());
    assert_eq!(f[[0, 1]], "01");
    let d = ArrayD::from_shape_fn(vec![2, 2], |index| index.as_ref().iter().sum::<usize>());
    assert_eq!(d, array![[0, 1], [1, 2]]);
    assert_eq!(Array0::from_shape_fn((), |[]| 5).item(), 5);
    assert_eq!(
        Array2::<i32>::from_shape_fn([0, 5], |_| unreachable!()).len(),
        0
    );
}

#[test]
fn vectors_become_arrays_and_back_without_copying() {
    let vec: Vec<String> = (0..6).map(|i| i.to_string()).collect();
    let at = vec.as_ptr();
    let x = Array2::from_shape_vec([2, 3], vec);
    assert_eq!(x.as_ptr(), at);
    let x = x
        .into_t()
        .into_swap_axes(0, 1)
        .into_reshape([3, 2])
        .into_dyn()
        .into_rank::<2>();
    assert_eq!(x.as_ptr(), at);
    let back = x.into_vec();
    assert_eq!(back.as_ptr(), at);
    assert_eq!(back, ["0", "1", "2", "3", "4", "5"]);
    let f = Array2::from_shape_vec([2, 3].f(), vec![0, 1, 2, 3, 4, 5]);
    assert_eq!(f, array![[0, 2, 4], [1, 3, 5]]);
    assert_eq!(
        Array2::try_from_shape_vec([2, 2], vec![1, 2, 3])
            .unwrap_err()
            .to_string(),
        "3 elements cannot fill an array of shape (2,2)"
    );
    // Nested Rust arrays and literals are flat in memory already.
    let rows = vec![[1, 2], [3, 4], [5, 6]];
    let at = rows.as_ptr().cast::<i32>();
    let x = Array2::from(rows);
    assert_eq!((x.as_ptr(), x.shape()), (at, &[3, 2][..]));
    assert_eq!(Array2::from([[1, 2], [3, 4]]), array![[1, 2], [3, 4]]);
    assert_eq!(Array3::from([[[1], [2]]]).shape(), &[1, 2, 1]);
    assert_eq!(Array1::from([1, 2]), array![1, 2]);
    assert_eq!(Array1::from(vec![1, 2]), array![1, 2]);
    assert_eq!(Array2::from(vec![[0_u8; 0]; 3]).shape(), &[3, 0]);
    // A vector with spare room keeps it.
    let mut vec = Vec::with_capacity(100);
    vec.extend([1, 2, 3]);
    assert_eq!(Array1::from_vec(vec).into_vec().capacity(), 100);
}

#[test]
fn elements_come_out_in_logical_order() {
    let x = Array2::from_shape_fn([3, 4], |[i, j]| 10 * i + j);
    let strings = x.map(|v| v.to_string());
    let logical = |x: Array2<usize>, strings: Array2<String>| {
        let expected: Vec<usize> = x.iter().copied().collect();
        let texts: Vec<String> = expected.iter().map(|v| v.to_string()).collect();
        assert_eq!(x.clone().into_vec(), expected);
        assert_eq!(x.into_iter().collect::<Vec<_>>(), expected);
        assert_eq!(strings.into_vec(), texts);
    };
    logical(x.clone(), strings.clone());
    logical(x.clone().into_t(), strings.clone().into_t());
    logical(x.clone().into_flip(0), strings.clone().into_flip(0));
    logical(
        x.clone().into_slice(s![1.., ..;2]),
        strings.clone().into_slice(s![1.., ..;2]),
    );
    logical(
        x.clone().into_slice(s![..0, ..]),
        strings.clone().into_slice(s![..0, ..]),
    );
    logical(
        x.clone().into_slice(s![..;-2, ..;-3]).into_t(),
        strings.clone().into_slice(s![..;-2, ..;-3]).into_t(),
    );
    assert_eq!(
        x.index_axis(0, 1)
            .to_owned()
            .into_index_axis(0, 2)
            .into_item(),
        12
    );
    assert_eq!(
        panic_message(|| array![1, 2].into_item()),
        "item: an array of shape (2,) does not have exactly one element"
    );
}

#[test]
fn nested_vectors() {
    let x = Array2::try_from(vec![vec![1, 2], vec![3, 4]]).unwrap();
    assert_eq!(x, array![[1, 2], [3, 4]]);
    let x = Array3::try_from(vec![vec![vec![1], vec![2]], vec![vec![3], vec![4]]]).unwrap();
    assert_eq!(x, array![[[1], [2]], [[3], [4]]]);
    let ragged = Array2::try_from(vec![vec![1, 2], vec![3]]).unwrap_err();
    assert_eq!(
        ragged.to_string(),
        "ragged input: part 1 has shape (1,) but the first has (2,)"
    );
    let ragged = Array3::try_from(vec![vec![vec![1, 2]], vec![vec![3]]]).unwrap_err();
    assert_eq!(
        ragged.to_string(),
        "ragged input: part 1 has shape (1,1) but the first has (1,2)"
    );
    let ragged = Array3::try_from(vec![vec![vec![1], vec![1, 2]]]).unwrap_err();
    assert_eq!(
        ragged.to_string(),
        "ragged input: part 1 has shape (2,) but the first has (1,)"
    );
    assert_eq!(
        Array2::try_from(Vec::<Vec<i32>>::new()).unwrap().shape(),
        &[0, 0]
    );
    assert_eq!(
        Array2::<i32>::try_from(vec![vec![], vec![]])
            .unwrap()
            .shape(),
        &[2, 0]
    );
}

#[test]
fn views_of_slices_copy_nothing() {
    let mut data = vec![1, 2, 3, 4, 5, 6];
    let at = data.as_ptr();
    assert_eq!(ArrayView1::from(&data).as_ptr(), at);
    assert_eq!(ArrayView1::from(&data[1..]).as_ptr(), &raw const data[1]);
    let m = ArrayView2::from_shape([2, 3], &data);
    assert_eq!((m.as_ptr(), m[[1, 0]]), (at, 4));
    assert_eq!(ArrayView2::from_shape([2, 3].f(), &data)[[1, 0]], 2);
    assert_eq!(ArrayViewD::from_shape(vec![3, 2], &data).shape(), &[3, 2]);
    let nested = [[1, 2], [3, 4]];
    let v = ArrayView2::from(&nested[..]);
    assert_eq!(v.as_ptr(), nested.as_ptr().cast());
    assert_eq!(v, array![[1, 2], [3, 4]]);
    assert_eq!(ArrayView1::from(&[1, 2, 3]), array![1, 2, 3]);
    ArrayViewMut1::from(&mut data).slice_mut(s![..;2]).fill(0);
    ArrayViewMut2::from_shape([3, 2], &mut data)
        .column_mut(1)
        .map_inplace(|v| *v += 1);
    assert_eq!(data, [0, 3, 0, 5, 0, 7]);
    assert_eq!(
        ArrayView2::try_from_shape([2, 2], &data)
            .unwrap_err()
            .to_string(),
        "6 elements cannot fill an array of shape (2,2)"
    );
    let one = 5;
    assert_eq!(ArrayView0::from_element(&one).item(), 5);
}

#[test]
fn iterators() {
    let x: Array1<i32> = (1..4).map(|i| i * i).collect();
    assert_eq!(x, array![1, 4, 9]);
    assert_eq!(Array1::from_iter(["a", "b"]), array!["a", "b"]);
    let total: i32 = (&x).into_iter().sum();
    assert_eq!(total, 14);
    let mut y = x.clone();
    for v in &mut y {
        *v += 1;
    }
    assert_eq!(y, array![2, 5, 10]);
}

#[test]
fn ranks_convert() {
    let x = array![[1, 2], [3, 4]];
    let d: ArrayD<i32> = x.clone().into();
    let back: Array2<i32> = d.clone().try_into().unwrap();
    assert_eq!(back, x);
    let wrong = Array3::try_from(d.clone()).unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "an array of dimension 2 with shape (2,2) is not of dimension 3"
    );
    let view: ArrayViewD<'_, i32> = x.view().into();
    assert_eq!(ArrayView2::try_from(view).unwrap(), x);
    assert!(ArrayView1::try_from(view).is_err());
    assert_eq!(d.rank::<2>().row(0), array![1, 2]);
    assert!(d.try_rank::<1>().is_err());
    assert_eq!(
        panic_message(|| d.clone().into_rank::<4>()),
        "an array of dimension 2 with shape (2,2) is not of dimension 4"
    );
}

#[test]
fn fresh_data_above_512_bytes_start_at_a_cache_line() {
    for n in [65, 100, 1000, 4097, 100_000] {
        for _ in 0..4 {
            let aligned = |ptr: *const u8| assert_eq!(ptr as usize % 64, 0, "{n} elements");
            aligned(Array1::<f64>::zeros(n).as_ptr().cast());
            aligned(Array1::<f64>::ones(n).as_ptr().cast());
            let x = Array1::<f32>::full(2 * n, 1.5);
            aligned(x.as_ptr().cast());
            aligned((&x + &x).as_ptr().cast());
            aligned(x.clone().as_ptr().cast());
            aligned(x.map(|v| f64::from(*v)).as_ptr().cast());
            aligned(x.cast::<i32>().as_ptr().cast());
            aligned(x.flip(0).to_owned().as_ptr().cast());
            aligned(Array1::<Complex<f64>>::zeros(n).as_ptr().cast());
            aligned(Array1::<u8>::ones(8 * n).as_ptr().cast());
        }
    }
    // Moving out of an aligned buffer keeps the elements and frees the right allocation.
    let x = Array1::arange(0.0, 5000.0, 1.0) + 0.0;
    let v = (&x * 2.0).into_vec();
    assert!(v.iter().enumerate().all(|(i, &v)| v == 2.0 * i as f64));
}

#[test]
fn elements_without_size() {
    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Unit;
    let x = Array2::full([3, 4], Unit);
    assert_eq!(x.len(), 12);
    assert_eq!(x.nbytes(), 0);
    assert_eq!(x.t().shape(), &[4, 3]);
    assert_eq!(x.slice(s![1.., ..;2]).iter().count(), 4);
    assert_eq!(x, x.t().to_owned().into_t());
    assert_eq!(x.map(|_| 1).iter().sum::<i32>(), 12);
    let mut y = x.clone();
    let mut calls = 0;
    y.map_inplace(|_| calls += 1);
    y.t_mut().map_inplace(|_| calls += 1);
    y.slice_mut(s![..;2, ..;-1]).map_inplace(|_| calls += 1);
    assert_eq!(calls, 12 + 12 + 8);
    y.fill(Unit);
    y.assign(&x);
    y.assign(&x.row(0));
    y.assign_within(s![1.., ..], s![..-1, ..]);
    assert_eq!(x.clone().into_vec().len(), 12);
    assert_eq!(x.clone().into_t().into_vec().len(), 12);
    assert_eq!(x.clone().into_slice(s![1.., ..;-2]).into_vec().len(), 4);
    assert_eq!(x.clone().into_reshape([2, -1]).shape(), &[2, 6]);
    assert_eq!(x.t().reshape(12).len(), 12);
    assert_eq!(
        Array1::from_vec(vec![(); 1 << 40]).slice(s![..;2]).len(),
        1 << 39
    );
}

#[test]
fn uninitialised_arrays() {
    let mut x = Array2::<String>::uninit([2, 2].f());
    for ([i, j], slot) in x.indexed_iter_mut() {
        slot.write(format!("{i}{j}"));
    }
    // SAFETY: all four elements were written.
    let x = unsafe { x.assume_init() };
    assert_eq!(x, array![["00", "01"], ["10", "11"]].map(|s| s.to_string()));
    drop(Array1::<Vec<u8>>::uninit(1000));
    assert_eq!(Array1::<f64>::uninit(0).len(), 0);
}

#[test]
fn memory_orders() {
    let x = array![[1, 2, 3], [4, 5, 6]];
    assert_eq!(x.to_order(Order::F).strides(), &[1, 2]);
    assert_eq!(x.t().to_order(Order::C).strides(), &[2, 1]);
    assert_eq!(x.t().to_order(Order::C), x.t());
    let c = x.t().as_standard_layout().into_owned();
    assert!(c.is_c_contiguous());
    assert!(x.t().as_fortran_layout().is_view());
    assert_eq!(x.t().flatten(), array![1, 4, 2, 5, 3, 6]);
    assert_eq!(x.flatten().into_vec(), [1, 2, 3, 4, 5, 6]);
    assert!(x.ravel().is_view() && !x.flip(0).ravel().is_view());
    assert_eq!(x.as_slice(), Some(&[1, 2, 3, 4, 5, 6][..]));
    assert_eq!(x.t().as_slice(), None);
    assert_eq!(x.t().as_slice_memory_order(), Some(&[1, 2, 3, 4, 5, 6][..]));
    assert_eq!(x.slice(s![.., ..2]).as_slice_memory_order(), None);
    let mut y = x.clone();
    y.as_slice_mut().unwrap()[0] = 9;
    y.t_mut().as_slice_memory_order_mut().unwrap()[5] = 8;
    assert_eq!(y, array![[9, 2, 3], [4, 5, 8]]);
    assert_eq!(x.into_reshape([3, -1]), array![[1, 2], [3, 4], [5, 6]]);
}
