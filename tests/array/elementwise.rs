//! Visiting elements: `map`, `fill`, `assign` and its overlap-safe forms, `cast`, iteration.

use crate::support::{elements, indices, injective, operand_shape, panic_message, recipe, shape};
use orthant::prelude::*;
use orthant::{CastFrom, Complex};
use proptest::prelude::*;

#[test]
fn map_takes_any_closure_and_any_type() {
    let x = array![[1, 2], [3, 4]];
    let mut seen = vec![];
    let y = x.map(|v| {
        seen.push(*v);
        f64::from(*v) / 2.0
    });
    assert_eq!(y, array![[0.5, 1.0], [1.5, 2.0]]);
    assert_eq!(seen, [1, 2, 3, 4]);
    assert_eq!(x.map(|v| v.to_string())[[1, 1]], "4");
    assert_eq!(x.t().map(|v| vec![*v; 2])[[0, 1]], [3, 3]);
    let strings = array!["a".to_string(), "bc".to_string()];
    assert_eq!(strings.map(String::len), array![1, 2]);
    // A map of references borrows from the array, not from the closure.
    let borrowed: Array1<&str> = strings.map(|s| s.as_str());
    assert_eq!(borrowed[1], "bc");
    assert_eq!(
        Array2::<i32>::zeros([0, 3])
            .map(|_| unreachable!("{}", 1) as u8)
            .shape(),
        &[0, 3]
    );
    assert_eq!(
        array![1, 2, 3].broadcast_to([2, 3]).map(|v| v * 2),
        array![[2, 4, 6], [2, 4, 6]]
    );
}

#[test]
fn fill_and_map_inplace_reach_the_view_only() {
    let mut x = Array2::<i32>::zeros([4, 6]);
    x.slice_mut(s![1..3, ..;2]).fill(7);
    x.slice_mut(s![..;-3, 5..;-4]).map_inplace(|v| *v += 1);
    let expected = Array2::from_shape_fn([4, 6], |[i, j]| {
        let filled = if (1..3).contains(&i) && j % 2 == 0 {
            7
        } else {
            0
        };
        filled + i32::from(i % 3 == 0 && (j == 5 || j == 1))
    });
    assert_eq!(x, expected);
    let mut words = Array2::full([2, 2], String::from("a"));
    words.column_mut(0).fill("b".to_string());
    words.row_mut(1).map_inplace(|s| s.push('!'));
    assert_eq!(
        words,
        array![["b", "a"], ["b!", "a!"]].map(|s| s.to_string())
    );
    let mut wide = Array1::<Complex<f64>>::zeros(3000);
    wide.slice_mut(s![..;3]).fill(Complex::new(1.0, -1.0));
    assert_eq!(wide.iter().filter(|z| z.im == -1.0).count(), 1000);
}

#[test]
fn assign_takes_every_operand_and_broadcasts_it() {
    let mut x = Array2::<f64>::zeros([2, 3]);
    x.assign(1.0);
    x.row_mut(1).assign(&array![1.0, 2.0, 3.0]);
    x.column_mut(0).assign(array![8.0, 9.0].view());
    assert_eq!(x, array![[8.0, 1.0, 1.0], [9.0, 2.0, 3.0]]);
    x.assign(CowArray::from(array![[4.0], [5.0]]));
    assert_eq!(x, array![[4.0, 4.0, 4.0], [5.0, 5.0, 5.0]]);
    x.assign(Array2::<f64>::ones([2, 3].f()));
    assert_eq!(x, Array2::ones([2, 3]));
    x.assign(Array0::from(3.0));
    x.view_mut().assign(&ArrayD::<f64>::zeros(vec![3]));
    assert_eq!(x, Array2::zeros([2, 3]));
    let text = "could not broadcast input array from shape (2,) into shape (2,3)";
    assert_eq!(panic_message(|| x.assign(&array![1.0, 2.0])), text);
    assert_eq!(
        x.try_assign(&array![1.0, 2.0]).unwrap_err().to_string(),
        text
    );
    assert_eq!(x, Array2::zeros([2, 3]), "nothing was copied");
    let mut words = Array2::full([2, 2], String::new());
    words.assign(&array!["x".to_string(), "y".to_string()]);
    words
        .t_mut()
        .slice_mut(s![0, ..])
        .assign(array!["p".to_string(), "q".to_string()]);
    assert_eq!(words, array![["p", "y"], ["q", "y"]].map(|s| s.to_string()));
}

#[test]
fn parts_of_one_array_that_overlap() {
    let mut x = array![0, 1, 2, 3, 4];
    x.assign_within(s![1..], s![..-1]);
    assert_eq!(x, array![0, 0, 1, 2, 3]);
    x.update_within(s![1..], s![..-1], |mut to, from| to += from);
    assert_eq!(x, array![0, 0, 1, 3, 5]);
    x.assign_within(s![..], s![..;-1]);
    assert_eq!(x, array![5, 3, 1, 0, 0]);
    x.assign_within(s![..], s![0]);
    assert_eq!(x, array![5, 5, 5, 5, 5]);
    let mut m = Array1::arange(0, 9, 1).into_reshape([3, 3]);
    m.assign_within(s![1.., ..], s![..2, ..;-1]);
    assert_eq!(m, array![[0, 1, 2], [2, 1, 0], [5, 4, 3]]);
    let moved = m.update_within(s![0, ..], s![.., 0], |mut row, column| {
        row *= &column;
        row.len() + column.len()
    });
    assert_eq!(moved, 6);
    assert_eq!(m.row(0), array![0, 2, 10]);
    assert_eq!(
        panic_message(|| m.assign_within(s![0, ..], s![..2, 0])),
        "could not broadcast input array from shape (2,) into shape (3,)"
    );
    assert_eq!(
        panic_message(|| m.update_within(s![3, ..], s![.., 0], |_, _| ())),
        "index 3 is out of bounds for axis 0 with size 3"
    );
    // A source that does not overlap is passed as it lies, not copied.
    let at = m.column(2).as_ptr();
    m.update_within(s![.., 0], s![.., 2], |_, from| {
        assert_eq!(from.as_ptr(), at)
    });
    m.update_within(s![.., 1..], s![.., 2], |_, from| {
        assert_ne!(from.as_ptr(), at)
    });
}

macro_rules! cast_rows {
    ($($from:ty: [$($value:expr),+] => $($to:ty)+;)+) => {$(
        let values: Vec<$from> = vec![$($value),+];
        // As many as vector loops need, dense and strided, in two memory orders.
        let n = values.len();
        let x = Array2::from_shape_fn([n, 75], |[i, j]| values[(i + j) % n]);
        $(
            let expected: Vec<$to> = x.iter().map(|v| *v as $to).collect();
            let bits = |x: &[$to]| -> Vec<String> { x.iter().map(|v| format!("{v:?}")).collect() };
            let expected = bits(&expected);
            let what = concat!(stringify!($from), " as ", stringify!($to));
            assert_eq!(bits(&x.cast::<$to>().into_vec()), expected, "{what}");
            assert_eq!(bits(&x.flip(0).cast::<$to>().into_flip(0).into_vec()), expected, "{what} strided");
            assert_eq!(bits(&x.to_order(orthant::Order::F).cast::<$to>().into_vec()), expected, "{what} F");
        )+
    )+};
}

#[test]
fn casts_mean_as() {
    cast_rows! {
        f64: [0.0, -0.0, 1.9, -1.9, 255.9, 256.0, -129.0, 1e10, -1e10, 1e300, f64::NAN, f64::INFINITY, -f64::INFINITY, 0.1]
            => i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64;
        f32: [0.0, 1.5, -1.5, 300.0, -300.0, 1e20, f32::NAN, f32::INFINITY, 16777217.0]
            => i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64;
        i64: [0, 1, -1, 127, 128, -129, 255, 256, 65536, i64::MAX, i64::MIN, (1 << 53) + 1]
            => i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64;
        i32: [0, -1, 128, -129, 300, i32::MAX, i32::MIN] => i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64;
        i16: [0, -1, 128, i16::MAX, i16::MIN] => i8 i16 i32 i64 u8 u16 u32 u64 f32 f64;
        i8: [0, -1, 127, -128] => i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64;
        u64: [0, 1, u64::MAX, 1 << 63, 300] => i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64;
        u32: [0, 1, u32::MAX, 300] => i8 i16 i32 i64 u8 u16 u32 u64 f32 f64;
        u16: [0, 1, u16::MAX, 300] => i8 i16 i32 i64 u8 u16 u32 u64 f32 f64;
        u8: [0, 1, 255, 128] => i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64;
        usize: [0, usize::MAX, 300] => i8 i32 i64 u8 u64 f32 f64;
        isize: [0, -1, isize::MIN, 300] => i8 i32 i64 u8 u64 f32 f64;
        bool: [true, false] => i8 i16 i32 i64 isize u8 u16 u32 u64 usize;
    }
}

#[test]
fn casts_to_and_from_bool_and_complex() {
    let x = array![0.0, -0.0, 0.5, f64::NAN];
    assert_eq!(x.cast::<bool>(), array![false, false, true, true]);
    assert_eq!(array![0, 3, -1].cast::<bool>(), array![false, true, true]);
    assert_eq!(array![true, false].cast::<f32>(), array![1.0, 0.0]);
    assert_eq!(
        array![2_u8].cast::<Complex<f32>>(),
        array![Complex::new(2.0, 0.0)]
    );
    assert_eq!(
        array![true].cast::<Complex<f64>>(),
        array![Complex::new(1.0, 0.0)]
    );
    let z = array![
        Complex::new(1.5_f64, 1e300),
        Complex::new(0.0, 0.0),
        Complex::new(0.0, 1.0)
    ];
    assert_eq!(z.cast::<bool>(), array![true, false, true]);
    assert_eq!(
        z.cast::<Complex<f32>>()[0],
        Complex::new(1.5, f32::INFINITY)
    );
    fn generic<T: Copy, U: CastFrom<T>>(x: &ArrayRef1<T>) -> Array1<U> {
        x.cast()
    }
    assert_eq!(generic::<_, i64>(&array![1.5_f32]), array![1]);
}

#[test]
fn iterators_know_their_length_and_meet_in_the_middle() {
    let x = Array1::arange(0, 24, 1).into_reshape([2, 3, 4]);
    for view in [
        x.view(),
        x.t(),
        x.slice(s![.., ..;-1, ..;2]),
        x.slice(s![.., .., 1..1]),
    ] {
        let all = elements(&view);
        let mut iter = view.iter();
        for (i, expected) in all.iter().enumerate() {
            assert_eq!(iter.len(), all.len() - i);
            // The rest, by `next` and by `fold`.
            assert!(iter.clone().eq(&all[i..]));
            assert_eq!(iter.clone().sum::<i32>(), all[i..].iter().sum());
            assert_eq!(iter.next(), Some(expected));
        }
        assert_eq!((iter.len(), iter.next(), iter.next()), (0, None, None));
        let indexed: Vec<([usize; 3], i32)> =
            view.indexed_iter().map(|(index, v)| (index, *v)).collect();
        let indices = indices(view.shape());
        assert_eq!(indexed.len(), all.len());
        for (((index, value), expected), i) in indexed.iter().zip(&all).zip(indices) {
            assert_eq!((&index[..], value), (&i[..], expected));
        }
    }
    let mut y = x.clone();
    for ([i, j, k], value) in y.slice_mut(s![.., ..;-1, ..;2]).indexed_iter_mut() {
        *value = (100 * i + 10 * j + k) as i32;
    }
    assert_eq!(y[[1, 0, 2]], 121);
    assert_eq!(y[[1, 0, 1]], x[[1, 0, 1]]);
    let scalar = Array0::from(5);
    assert!(scalar.iter().eq(&[5]));
    assert_eq!(scalar.indexed_iter().next(), Some(([], &5)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn copies_and_assignments_agree_with_loops_over_indices(
        (ra, rb) in shape()
            .prop_flat_map(|whole| (Just(whole.clone()), operand_shape(whole)))
            .prop_flat_map(|(a, b)| (injective(a), recipe(b))),
    ) {
        let mut base = ra.base(|i| i as i32);
        let base_b = rb.base(|i| 1_000_000 + i as i32);
        let words = base.map(|v| v.to_string());
        let a = ra.view(&base);
        let b = rb.view(&base_b);
        // Copies of plain and of other elements have the same elements and the same layout.
        let (copy, copy_of_words) = (a.to_owned(), ra.view(&words).to_owned());
        prop_assert_eq!(elements(&copy), elements(&a));
        prop_assert_eq!(copy.strides(), copy_of_words.strides());
        prop_assert_eq!(&copy_of_words, &a.map(|v| v.to_string()));
        prop_assert_eq!(&copy, &a);
        prop_assert!(copy.as_slice_memory_order().is_some());
        prop_assert_eq!(a.flatten().into_vec(), elements(&a));
        prop_assert_eq!(a.to_order(orthant::Order::F).into_vec(), elements(&a));
        prop_assert_eq!(copy_of_words.clone().into_vec(), elements(&copy_of_words));
        prop_assert_eq!(a.map(|v| v + 1), &a + 1);
        prop_assert_eq!(a.cast::<f32>().cast::<i32>(), a);
        // Equality looks at every element.
        if !a.is_empty() {
            let mut other = a.to_owned();
            let last: Vec<usize> = a.shape().iter().map(|n| n - 1).collect();
            *other.get_mut(&last[..]).unwrap() += 1;
            prop_assert_ne!(&other, &a);
        }
        // Assignment, of plain and of other elements.
        let mut words = words;
        let outside = base.clone();
        let expected = b.broadcast_to(a.dim()).to_owned();
        ra.view_mut(&mut words).assign(&b.map(|v| v.to_string()));
        ra.view_mut(&mut base).assign(b);
        prop_assert_eq!(ra.view(&base), &expected);
        prop_assert_eq!(ra.view(&words), expected.map(|v| v.to_string()));
        let changed = base.iter().zip(&outside).filter(|(new, old)| new != old).count();
        prop_assert_eq!(changed, expected.len(), "only the view was written");
    }

    #[test]
    fn assigning_within_is_as_if_the_source_had_been_copied(
        rows in 1_usize..6, cols in 1_usize..6,
        steps in prop::array::uniform4(prop_oneof![-2_isize..0, 1_isize..3]),
        starts in prop::array::uniform4(0_isize..4), lens in prop::array::uniform2(1_isize..4),
    ) {
        let mut x = Array2::from_shape_fn([rows + 6, cols + 6], |[i, j]| (10 * i + j) as i32);
        let range = |start: isize, len: isize, step: isize| {
            let end = start + len;
            let (first, last) = if step > 0 { (start, end) } else { (end, start) };
            orthant::SliceItem::Range { start: Some(first), end: Some(last), step }
        };
        let to = [range(starts[0], lens[0], steps[0].signum()), range(starts[1], lens[1], steps[1].signum())];
        let from = [range(starts[2], lens[0], steps[2].signum()), range(starts[3], lens[1], steps[3].signum())];
        let mut expected = x.clone();
        let copy = x.slice(&from[..]).to_owned();
        expected.slice_mut(&to[..]).assign(&copy);
        let mut words = x.map(|v| v.to_string());
        words.assign_within(&to[..], &from[..]);
        prop_assert_eq!(words, expected.map(|v| v.to_string()));
        let mut sum = x.clone();
        let mut expected_sum = x.clone();
        *expected_sum.slice_mut(&to[..]) += &copy;
        sum.update_within(&to[..], &from[..], |mut to, from| to += from);
        prop_assert_eq!(sum, expected_sum);
        x.assign_within(&to[..], &from[..]);
        prop_assert_eq!(x, expected);
    }
}
