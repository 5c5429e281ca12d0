//! The operators against NumPy on edge values, through every path that they take.

use std::fmt::Debug;

use crate::support::{golden, panic_message};
use orthant::prelude::*;
use orthant::{Bits, Complex, Integer, Number};

/// Element types of the golden file.
trait Golden: Copy + Debug + 'static {
    fn read(text: &str) -> Self;
    /// Equal as bits are, all NaN alike.
    fn same(self, other: Self) -> bool;
}

macro_rules! exact {
    ($($t:ty)+) => {$(
        impl Golden for $t {
            fn read(text: &str) -> Self {
                text.parse().unwrap_or_else(|_| panic!("{text}"))
            }
            fn same(self, other: Self) -> bool {
                self == other
            }
        }
    )+};
}
exact!(bool i8 i16 i32 i64 isize i128 u8 u16 u32 u64 usize u128);

macro_rules! floating {
    ($($t:ty)+) => {$(
        impl Golden for $t {
            fn read(text: &str) -> Self {
                text.parse().unwrap_or_else(|_| panic!("{text}"))
            }
            fn same(self, other: Self) -> bool {
                self.to_bits() == other.to_bits() || self.is_nan() && other.is_nan()
            }
        }
        impl Golden for Complex<$t> {
            fn read(text: &str) -> Self {
                let (re, im) = text.split_once(':').expect("RE:IM");
                Complex::new(Golden::read(re), Golden::read(im))
            }
            fn same(self, other: Self) -> bool {
                self.re.same(other.re) && self.im.same(other.im)
            }
        }
    )+};
}
floating!(f32 f64);

fn read<T: Golden>(text: &str) -> Vec<T> {
    text.split(',').map(T::read).collect()
}

fn check<T: Golden, D: Dimension>(found: &ArrayRef<T, D>, expected: &[T], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (i, (&f, &e)) in found.iter().zip(expected).enumerate() {
        assert!(f.same(e), "{what}: element {i} is {f:?}, not {e:?}");
    }
}

/// The elements in every third place of a longer array.
fn spread<T: Copy>(x: &[T]) -> Array1<T> {
    x.iter().flat_map(|&v| [v; 3]).collect()
}

/// The forms of a binary operator, as functions, so that each is compiled once per element type.
struct Forms<T> {
    apply: fn(&ArrayRefD<T>, &ArrayRefD<T>) -> ArrayD<T>,
    assign: fn(&mut ArrayRefD<T>, &ArrayRefD<T>),
}

macro_rules! forms {
    ($op:tt $assign:tt) => {
        Forms {
            apply: |a, b| a $op b,
            assign: |a, b| *a $assign b,
        }
    };
}

/// Runs a binary operator over dense, strided, reversed, long, in-place and single operands.
fn through_every_path<T: Golden>(what: &str, forms: &Forms<T>, a: &[T], b: &[T], expected: &[T]) {
    let n = a.len();
    let vector = |x: &[T]| ArrayD::from_shape_vec(vec![n], x.to_vec());
    let (x, y) = (vector(a), vector(b));
    check(&(forms.apply)(&x, &y), expected, what);
    let (wide_x, wide_y) = (spread(a).into_dyn(), spread(b).into_dyn());
    let (thin_x, thin_y) = (wide_x.slice(s![..;3]), wide_y.slice(s![1..;3]));
    check(&(forms.apply)(&thin_x, &thin_y), expected, what);
    check(
        &(forms.apply)(&thin_x.flip(0), &thin_y.flip(0)).flip(0),
        expected,
        what,
    );
    check(&(forms.apply)(&thin_x, &y), expected, what);
    check(&(forms.apply)(&x, &thin_y), expected, what);
    let mut z = x.clone();
    (forms.assign)(&mut z, &y);
    check(&z, expected, what);
    let mut z = wide_x.clone();
    (forms.assign)(&mut z.slice_mut(s![..;3]), &y);
    check(&z.slice(s![..;3]), expected, what);
    check(&z.slice(s![1..;3]), a, what);
    // Long enough for vector loops, and two axes that disagree on the fast one.
    let long = |x: &ArrayD<T>| x.broadcast_to(&[40, n][..]).to_owned();
    let (rows, columns) = (long(&x), long(&y).to_order(orthant::Order::F));
    let grid = (forms.apply)(&rows, &columns);
    for row in [0, 17, 39] {
        check(&grid.index_axis(0, row), expected, what);
    }
    // A single value on either side.
    for i in 0..n {
        let single = |x: &ArrayD<T>| x.index_axis(0, i).to_owned();
        let column = |x: &ArrayD<T>| x.slice(s![i..=i]).broadcast_to(&[50][..]).to_owned();
        check(
            &(forms.apply)(&column(&x), &single(&y)),
            &[expected[i]; 50],
            what,
        );
        check(
            &(forms.apply)(&single(&x), &column(&y)),
            &[expected[i]; 50],
            what,
        );
        check(
            &(forms.apply)(&single(&x), &single(&y)),
            &expected[i..=i],
            what,
        );
    }
}

fn unary<T: Golden>(what: &str, apply: fn(&ArrayRefD<T>) -> ArrayD<T>, a: &[T], expected: &[T]) {
    let x = ArrayD::from_shape_vec(vec![a.len()], a.to_vec());
    check(&apply(&x), expected, what);
    let wide = spread(a).into_dyn();
    check(&apply(&wide.slice(s![2..;3])), expected, what);
    let reversed: Vec<T> = expected.iter().rev().copied().collect();
    check(&apply(&wide.slice(s![..;-3])), &reversed, what);
}

macro_rules! of_type {
    ($case:ident, $t:ty, [$($name:literal => $op:tt $assign:tt),*], [$($unary:literal => $not:tt),*]) => {
        match $case[0].as_str() {
            $($name => {
                let (a, b, expected) = (read::<$t>(&$case[2]), read::<$t>(&$case[3]), read::<$t>(&$case[4]));
                through_every_path(&$case.join(" "), &forms!($op $assign), &a, &b, &expected);
                true
            })*
            $($unary => {
                let (a, expected) = (read::<$t>(&$case[2]), read::<$t>(&$case[4]));
                unary::<$t>(&$case.join(" "), |x| $not x, &a, &expected);
                true
            })*
            _ => false,
        }
    };
}

macro_rules! integer {
    ($case:ident, $t:ty) => {
        of_type!($case, $t,
            ["add" => + +=, "subtract" => - -=, "multiply" => * *=,
             "bitwise_and" => & &=, "bitwise_or" => | |=, "bitwise_xor" => ^ ^=,
             "left_shift" => << <<=, "right_shift" => >> >>=,
             "left_shift_any" => << <<=, "right_shift_any" => >> >>=],
            ["negative" => -, "invert" => !])
    };
}

#[test]
fn operators_are_numpys() {
    let mut checked = 0;
    for case in golden("operators") {
        checked += usize::from(match case[1].as_str() {
            "i8" => integer!(case, i8),
            "i16" => integer!(case, i16),
            "i32" => integer!(case, i32),
            "i64" => integer!(case, i64),
            "u8" => integer!(case, u8),
            "u16" => integer!(case, u16),
            "u32" => integer!(case, u32),
            "u64" => integer!(case, u64),
            "bool" => of_type!(case, bool,
                ["bitwise_and" => & &=, "bitwise_or" => | |=, "bitwise_xor" => ^ ^=], ["invert" => !]),
            "f32" => of_type!(case, f32,
                ["add" => + +=, "subtract" => - -=, "multiply" => * *=, "divide" => / /=], ["negative" => -]),
            "f64" => of_type!(case, f64,
                ["add" => + +=, "subtract" => - -=, "multiply" => * *=, "divide" => / /=], ["negative" => -]),
            "c32" => of_type!(case, Complex<f32>,
                ["add" => + +=, "subtract" => - -=, "multiply" => * *=], ["negative" => -]),
            "c64" => of_type!(case, Complex<f64>,
                ["add" => + +=, "subtract" => - -=, "multiply" => * *=], ["negative" => -]),
            other => panic!("unknown type {other}"),
        });
    }
    assert!(checked > 200, "{checked} cases");
}

trait WithEdges: Golden + Integer {
    fn edges() -> Vec<Self>;
    fn divide(self, other: Self) -> (Self, Self);
    fn exact(self, other: Self) -> [Option<Self>; 3];
}

macro_rules! with_edges {
    ($($t:ty)+) => {$(
        impl WithEdges for $t {
            fn edges() -> Vec<$t> {
                let minus = |n: $t| (0 as $t).wrapping_sub(n);
                vec![<$t>::MIN, <$t>::MIN + 1, <$t>::MAX, <$t>::MAX / 2, 0, 1, 2, 3, 7, 100, minus(1), minus(7)]
            }
            fn divide(self, other: $t) -> ($t, $t) {
                (self.wrapping_div(other), self.wrapping_rem(other))
            }
            fn exact(self, other: $t) -> [Option<$t>; 3] {
                [self.checked_add(other), self.checked_sub(other), self.checked_mul(other)]
            }
        }
    )+};
}
with_edges!(i8 i16 i32 i64 isize i128 u8 u16 u32 u64 usize u128);

/// Calls a generic test for every integer type.
macro_rules! for_integers {
    ($test:ident) => {
        $test::<i8>();
        $test::<i16>();
        $test::<i32>();
        $test::<i64>();
        $test::<isize>();
        $test::<i128>();
        $test::<u8>();
        $test::<u16>();
        $test::<u32>();
        $test::<u64>();
        $test::<usize>();
        $test::<u128>();
    };
}

#[test]
fn integers_divide_as_in_rust() {
    fn check_type<T: WithEdges>() {
        let edges = T::edges();
        for &d in edges.iter().filter(|d| !d.is_zero()) {
            let (quotients, remainders): (Vec<T>, Vec<T>) =
                edges.iter().map(|a| a.divide(d)).unzip();
            let divisors = vec![d; edges.len()];
            through_every_path(
                &format!("/ {d:?}"),
                &forms!(/ /=),
                &edges,
                &divisors,
                &quotients,
            );
            through_every_path(
                &format!("% {d:?}"),
                &forms!(% %=),
                &edges,
                &divisors,
                &remainders,
            );
        }
    }
    for_integers!(check_type);
}

#[test]
fn a_zero_divisor_is_named_before_anything_is_written() {
    fn check_type<T: WithEdges>() {
        let x = Array2::<T>::ones([3, 40]);
        let mut d = x.clone();
        d[[1, 37]] = T::zero();
        d[[2, 0]] = T::zero();
        for text in [
            panic_message(|| &x / &d),
            panic_message(|| x.clone() / &d),
            panic_message(|| &x / d.clone()),
            x.try_div(&d).unwrap_err().to_string(),
        ] {
            assert_eq!(text, "divide: the divisor is zero at index [1, 37]");
        }
        let text = panic_message(|| &x % &d);
        assert_eq!(text, "remainder: the divisor is zero at index [1, 37]");
        let text = panic_message(|| &x / &d.to_order(orthant::Order::F));
        assert_eq!(text, "divide: the divisor is zero at index [1, 37]");
        let text = panic_message(|| &x / d.flip(1));
        assert_eq!(text, "divide: the divisor is zero at index [1, 2]");
        let mut y = x.clone();
        let text = panic_message(|| y /= &d);
        assert_eq!(text, "divide: the divisor is zero at index [1, 37]");
        assert_eq!(y, x, "nothing was written");
    }
    for_integers!(check_type);
}

#[test]
fn where_there_is_nothing_to_divide_nothing_fails() {
    let x = array![[1, 2], [3, 4]];
    let mut y = x.clone();
    assert_eq!(panic_message(|| &x / 0), "divide: the divisor is zero");
    assert_eq!(panic_message(|| y %= 0), "remainder: the divisor is zero");
    assert_eq!(
        panic_message(|| 5 / (&x - 1)),
        "divide: the divisor is zero at index [0, 0]"
    );
    // A mismatch of shapes is named first.
    let zeros = Array1::<i32>::zeros(7);
    let text = "operands could not be broadcast together with shapes (2,2) (7,)";
    assert_eq!(panic_message(|| &x / &zeros), text);
    assert_eq!(panic_message(|| y /= &zeros), text);
    assert_eq!(y, x);
    let empty = Array2::<i32>::zeros([0, 7]);
    assert_eq!((&empty / &zeros).shape(), &[0, 7]);
    assert_eq!((&empty / 0).shape(), &[0, 7]);
    let mut none = empty.clone();
    none /= &zeros;
    none %= 0;
    assert_eq!(none, empty);
    // Floats divide by zero as IEEE says.
    assert_eq!(
        &array![1.0, -1.0] / 0.0,
        array![f64::INFINITY, -f64::INFINITY]
    );
}

#[test]
fn checked_arithmetic_reports_the_first_overflow() {
    fn check_type<T: WithEdges>() {
        for (&a, b) in T::edges()
            .iter()
            .flat_map(|a| T::edges().into_iter().map(move |b| (a, b)))
        {
            let (x, y) = (
                Array1::from_vec(vec![T::one(), a]),
                Array1::from_vec(vec![T::zero(), b]),
            );
            let found = [x.checked_add(&y), x.checked_sub(&y), x.checked_mul(&y)];
            for ((found, expected), name) in
                found.into_iter().zip(a.exact(b)).zip(["add", "sub", "mul"])
            {
                match expected {
                    Some(value) => assert_eq!(found.unwrap()[1], value, "{name} {a:?} {b:?}"),
                    None => assert_eq!(
                        found.unwrap_err().to_string(),
                        format!("checked_{name}: integer overflow at index [1]"),
                    ),
                }
            }
        }
    }
    for_integers!(check_type);
    let column = array![[1_i8], [100]];
    let error = column.checked_add(&array![0, 27, 28]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "checked_add: integer overflow at index [1, 2]"
    );
    let error = column
        .row(0)
        .checked_add(&array![[1, 2], [3, 4]].cast::<i8>().slice(s![.., ..0]))
        .unwrap();
    assert_eq!(error.shape(), &[2, 0]);
    let shapes = array![1, 2, 3].checked_mul(&array![1, 2]).unwrap_err();
    assert_eq!(
        shapes.to_string(),
        "operands could not be broadcast together with shapes (3,) (2,)"
    );
}

#[test]
fn generic_code_has_the_operators_from_one_bound() {
    fn arithmetic<T: Number, D: Dimension>(x: &ArrayRef<T, D>) -> Array<T, D> {
        ((x + x) * x - x) / x
    }
    fn bits<T: Bits>(x: &ArrayRef1<T>) -> Array1<T> {
        !((x & x) | (x ^ x))
    }
    fn shifts<T: Integer>(x: &ArrayRef1<T>) -> Array1<T> {
        (x << x) >> x
    }
    assert_eq!(arithmetic(&array![1.0, 2.0]), array![1.0, 3.0]);
    assert_eq!(arithmetic(&array![[3]]), array![[5]]);
    assert_eq!(bits(&array![true, false]), array![false, true]);
    assert_eq!(shifts(&array![1_u8, 2]), array![1, 2]);
}
