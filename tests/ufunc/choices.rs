//! Functions of three arrays and choices between arrays against NumPy and PyTorch.

use std::collections::HashSet;

use super::golden::{Golden, read};
use crate::support::golden;
use orthant::prelude::*;
use orthant::{Complex, Float, Number, Real, ScalarOperand, ufunc};

/// A line of the file: the columns, and those that have not been asked for.
struct Cases {
    lines: Vec<Vec<String>>,
    seen: HashSet<usize>,
}

impl Cases {
    /// The columns behind the type of all lines of a function and a type, and where the line stands.
    fn of(&mut self, op: &str, dtype: &str) -> Vec<[String; 4]> {
        let mine = |line: &[String]| line[0] == op && line[1] == dtype;
        let mut found = vec![];
        for (i, line) in self.lines.iter().enumerate().filter(|(_, line)| mine(line)) {
            self.seen.insert(i);
            let [_, _, a, b, c, result] = <[String; 6]>::try_from(line.clone()).expect("six");
            found.push([a, b, c, result]);
        }
        assert!(!found.is_empty(), "{op} {dtype}");
        found
    }
}

fn check<R: Golden>(what: &str, found: &ArrayRef1<R>, expected: &str, ulps: f64) {
    let expected = read::<R>(expected);
    assert_eq!(found.shape(), expected.shape(), "{what}");
    for (i, (f, e)) in found.iter().zip(&expected).enumerate() {
        assert!(f.near(*e, ulps), "{what}, element {i}: {f:?}, not {e:?}");
    }
}

/// `f` of arrays as they are, and of the same elements in reverse, in every other place.
fn layouts<T: Copy, U: Copy, R: Golden>(
    what: &str,
    expected: &str,
    ulps: f64,
    (a, b, c): (Array1<T>, Array1<T>, Array1<U>),
    f: impl Fn(&ArrayRef1<T>, &ArrayRef1<T>, &ArrayRef1<U>) -> Array1<R>,
) {
    fn spread<T: Copy>(x: &ArrayRef1<T>) -> Array1<T> {
        Array1::from_shape_fn(2 * x.len(), |[i]| x[x.len() - 1 - i / 2])
    }
    check(what, &f(&a, &b, &c), expected, ulps);
    let wide = (spread(&a), spread(&b), spread(&c));
    let (a, b, c) = (
        wide.0.slice(s![..;-2]),
        wide.1.slice(s![..;-2]),
        wide.2.slice(s![..;-2]),
    );
    check(what, &f(&a, &b, &c), expected, ulps);
    check(what, &f(&a, &b.to_owned(), &c), expected, ulps);
    assert!(f(&a.slice(s![..0]), &b.slice(s![..0]), &c.slice(s![..0])).is_empty());
}

fn choices<T: Golden>(cases: &mut Cases, dtype: &str, [three, seven]: [T; 2]) {
    let bit = |bits: &ArrayRef1<i32>, which: i32| bits.bitwise_and(1 << which).not_equal(0);
    for [a, b, c, result] in cases.of("select", dtype) {
        let what = format!("select {dtype} {a} {b} {c}");
        layouts(
            &what,
            &result,
            0.0,
            (read(&a), read(&b), read(&c)),
            |a, b, c| ufunc::select(&[&bit(c, 0), &bit(c, 1)], &[a, b], ScalarOperand(seven)),
        );
    }
    for [a, b, c, result] in cases.of("choose", dtype) {
        let what = format!("choose {dtype} {a} {b} {c}");
        layouts(
            &what,
            &result,
            0.0,
            (read::<T>(&a), read(&b), read::<i32>(&c)),
            |a, b, c| ufunc::choose(c, &[a, b, a]),
        );
    }
    for [a, b, c, result] in cases.of("piecewise", dtype) {
        let what = format!("piecewise {dtype} {a} {b} {c}");
        let first = read::<T>(&b)[0];
        layouts(
            &what,
            &result,
            0.0,
            (read(&a), read(&b), read(&c)),
            |a, _, c| a.piecewise(&[&bit(c, 0), &bit(c, 1)], &[&|_| three, &|x| x], &|_| first),
        );
    }
}

fn close<T: Golden + Number>(cases: &mut Cases, dtype: &str) {
    compare::<T>(cases, "isclose", dtype, |a, b| a.is_close(b, 1e-5, 1e-8));
}

fn compare<T: Golden>(
    cases: &mut Cases,
    op: &str,
    dtype: &str,
    function: fn(&ArrayRef1<T>, &ArrayRef1<T>) -> Array1<bool>,
) {
    for [a, b, _, result] in cases.of(op, dtype) {
        let what = format!("{op} {dtype} {a} {b}");
        let c = Array1::full(read::<T>(&a).len(), ());
        let operands = (read::<T>(&a), read(&b), c);
        layouts(&what, &result, 0.0, operands, |a, b, _| function(a, b));
    }
}

fn clip<T: Golden + Real>(cases: &mut Cases, dtype: &str)
where
    ufunc::Clip: ufunc::TernaryUfunc<T, Output = T>,
{
    for [a, b, c, result] in cases.of("clip", dtype) {
        let what = format!("clip {dtype} {a} {b} {c}");
        let bounds = (read::<T>(&b)[0], read::<T>(&c)[0]);
        layouts(
            &what,
            &result,
            0.0,
            (read::<T>(&a), read(&b), read(&c)),
            |a, b, c| {
                let clipped = a.clip(b, c);
                let of_scalars = a.clip(ScalarOperand(bounds.0), ScalarOperand(bounds.1));
                if let (Some(all), Some(one)) = (clipped.iter().next(), of_scalars.iter().next()) {
                    assert!(all.near(*one, 0.0), "{what}");
                }
                clipped
            },
        );
    }
}

fn floats<T: Golden + Float>(cases: &mut Cases, dtype: &str) {
    for [a, b, c, result] in cases.of("lerp", dtype) {
        let what = format!("lerp {dtype} {a} {b} {c}");
        layouts(
            &what,
            &result,
            4.0,
            (read::<T>(&a), read(&b), read(&c)),
            |a, b, c| ufunc::Lerp.call(a, b, c),
        );
    }
    compare::<T>(cases, "isclose_nan", dtype, |a, b| {
        a.is_close_nan(b, 1e-5, 1e-8)
    });
}

#[test]
fn choices_are_numpys() {
    let mut cases = Cases {
        lines: golden("choices"),
        seen: HashSet::new(),
    };
    macro_rules! real {
        ($($t:ident)+) => {$(
            choices::<$t>(&mut cases, stringify!($t), [3 as $t, 7 as $t]);
            close::<$t>(&mut cases, stringify!($t));
            clip::<$t>(&mut cases, stringify!($t));
        )+};
    }
    real!(i8 i16 i32 i64 u8 u16 u32 u64 f32 f64);
    floats::<f32>(&mut cases, "f32");
    floats::<f64>(&mut cases, "f64");
    choices::<bool>(&mut cases, "bool", [true, true]);
    macro_rules! complex {
        ($($t:ty: $dtype:literal)+) => {$(
            let of = |x| Complex::<$t>::new(x, 0.0);
            choices(&mut cases, $dtype, [of(3.0), of(7.0)]);
            close::<Complex<$t>>(&mut cases, $dtype);
        )+};
    }
    complex!(f32: "c32" f64: "c64");
    assert_eq!(
        cases.seen.len(),
        cases.lines.len(),
        "lines that were not tested"
    );
}
