//! Operators: every operand kind on both sides, broadcasting, memory order, buffer reuse.

// Owned and borrowed forms are what is tested.
#![allow(clippy::op_ref, clippy::suspicious_arithmetic_impl)]

use crate::support::{elements, injective, naive, operand_shape, panic_message, recipe, shape};
use orthant::prelude::*;
use orthant::{Complex, Number, ScalarOperand};
use proptest::prelude::*;

/// Passes each of the eight kinds of operand to `$then!`, as an expression made of an `Array2`.
macro_rules! each_kind {
    ($then:ident, $x:ident, [$($args:tt)*]) => {
        $then!($($args)*, $x.clone());
        $then!($($args)*, &$x);
        $then!($($args)*, &*$x);
        $then!($($args)*, $x.view());
        $then!($($args)*, &$x.view());
        $then!($($args)*, &$x.clone().view_mut());
        $then!($($args)*, CowArray::from($x.view()));
        $then!($($args)*, CowArray::from($x.clone()));
        $then!($($args)*, &CowArray::from($x.view()));
    };
}

macro_rules! with_right {
    ($op:tt, $y:ident, $expected:ident, $left:expr) => {
        each_kind!(both, $y, [$op, $expected, $left]);
    };
}

macro_rules! both {
    ($op:tt, $expected:ident, $left:expr, $right:expr) => {
        assert_eq!($left $op $right, $expected, "{} {} {}", stringify!($left), stringify!($op), stringify!($right));
    };
}

macro_rules! all_pairs_of_kinds {
    ($($name:ident $op:tt;)+) => {$(
        #[test]
        fn $name() {
            let x = array![[7.0, -5.5], [3.25, 4.0]];
            let y = array![[2.0, 4.0], [-0.5, 3.0]];
            let expected = Array2::from_shape_fn([2, 2], |i| x[i] $op y[i]);
            each_kind!(with_right, x, [$op, y, expected]);
        }
    )+};
}
all_pairs_of_kinds! {
    every_kind_plus_every_kind +;
    every_kind_minus_every_kind -;
    every_kind_times_every_kind *;
    every_kind_over_every_kind /;
    every_kind_modulo_every_kind %;
}

macro_rules! with_scalar {
    ($op:tt, $s:expr, $right:ident, $left:ident, $operand:expr) => {
        assert_eq!($operand $op $s, $right);
        assert_eq!($s $op $operand, $left);
    };
}

#[test]
fn scalars_stand_on_either_side_of_every_kind() {
    let x = array![[7.0, -5.5], [3.25, 4.0]];
    let (right, left) = (x.map(|v| v - 2.5), x.map(|v| 2.5 - v));
    each_kind!(with_scalar, x, [-, 2.5, right, left]);
    let (right, left) = (x.map(|v| v / 2.5), x.map(|v| 2.5 / v));
    each_kind!(with_scalar, x, [/, 2.5, right, left]);
    let i = array![[7, -5], [3, 4]];
    let (right, left) = (i.map(|v| v & 6), i.map(|v| 6 & v));
    each_kind!(with_scalar, i, [&, 6, right, left]);
}

#[test]
fn scalars_of_every_type() {
    macro_rules! check {
        ($($t:ty)+) => {$({
            let x: Array1<$t> = array![3 as $t, 5 as $t];
            let two = 2 as $t;
            assert_eq!(&x + two, array![5 as $t, 7 as $t]);
            assert_eq!(two + &x, array![5 as $t, 7 as $t]);
            assert_eq!(10 as $t - &x, array![7 as $t, 5 as $t]);
            assert_eq!(&x * two - two, array![4 as $t, 8 as $t]);
            assert_eq!(15 as $t / &x, array![5 as $t, 3 as $t]);
            assert_eq!(7 as $t % &x, array![1 as $t, 2 as $t]);
            assert_eq!(&x % two, array![1 as $t, 1 as $t]);
        })+};
    }
    check!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64);
    macro_rules! bits {
        ($($t:ty)+) => {$({
            let x: Array1<$t> = array![3, 5];
            assert_eq!(&x & 1, array![1, 1]);
            assert_eq!(6 | &x, array![7, 7]);
            assert_eq!(1 ^ &x, array![2, 4]);
            assert_eq!(&x << 1, array![6, 10]);
            assert_eq!(1 << &x, array![8, 32]);
            assert_eq!(64 >> &x, array![8, 2]);
        })+};
    }
    bits!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);
    let b = array![true, false];
    assert_eq!(&b & true, b);
    assert_eq!(true ^ &b, array![false, true]);
    assert_eq!(false | !&b, array![false, true]);
}

#[test]
fn real_scalars_meet_complex_arrays() {
    macro_rules! check {
        ($($t:ty)+) => {$({
            let c = |re: $t, im: $t| Complex::new(re, im);
            let z = array![c(1.0, 2.0), c(0.0, -4.0)];
            let two = 2.0 as $t;
            assert_eq!(two * &z, array![c(2.0, 4.0), c(0.0, -8.0)]);
            assert_eq!(&z * two, array![c(2.0, 4.0), c(0.0, -8.0)]);
            assert_eq!(&z + two, array![c(3.0, 2.0), c(2.0, -4.0)]);
            assert_eq!(two - &z, array![c(1.0, -2.0), c(2.0, 4.0)]);
            assert_eq!(&z / two, array![c(0.5, 1.0), c(0.0, -2.0)]);
            assert_eq!(two / array![c(0.0, 1.0)], array![c(0.0, -2.0)]);
            assert_eq!(c(0.0, 1.0) * &z, array![c(-2.0, 1.0), c(4.0, 0.0)]);
            assert_eq!(z - c(1.0, 2.0), array![c(0.0, 0.0), c(-1.0, -6.0)]);
        })+};
    }
    check!(f32 f64);
    let mut z = array![Complex::new(1.0, 2.0)];
    z *= 2.0;
    z -= Complex::new(0.0, 1.0);
    assert_eq!(z, array![Complex::new(2.0, 3.0)]);
}

#[test]
fn scalars_in_generic_code() {
    fn one_minus<T: Number, D: Dimension>(x: &ArrayRef<T, D>) -> Array<T, D>
    where
        Ix0: orthant::DimMax<D, Output = D>,
    {
        let one = ScalarOperand(T::one());
        let result = one - x;
        assert_eq!(result, x.rsub(one));
        assert_eq!(one / &result, result.rdiv(one));
        assert_eq!(one % &result, result.rrem(one));
        result
    }
    assert_eq!(one_minus(&array![[0.25, 2.0]]), array![[0.75, -1.0]]);
    assert_eq!(one_minus(&array![3, -1]), array![-2, 2]);
}

#[test]
fn ranks_of_results() {
    let (v, m, d) = (
        array![1.0, 2.0],
        array![[1.0, 2.0], [3.0, 4.0]],
        ArrayD::<f64>::ones(vec![2, 2]),
    );
    let _: Array2<f64> = &v + &m;
    let _: Array2<f64> = &m + &v;
    let _: ArrayD<f64> = &m + &d;
    let _: ArrayD<f64> = &d + &v;
    let _: ArrayD<f64> = 1.0 + &d;
    let _: Array1<f64> = &v + Array0::from(1.0);
    let _: Array6<f64> = &v + Array6::<f64>::ones([1; 6]);
    // A dynamic operand of larger rank decides.
    assert_eq!(
        (&v + &ArrayD::<f64>::ones(vec![3, 4, 1])).shape(),
        &[3, 4, 2]
    );
}

#[test]
fn results_keep_the_memory_order_of_their_inputs() {
    let c = Array3::<f64>::ones([2, 3, 4]);
    let f = Array3::<f64>::ones([2, 3, 4].f());
    let p = Array3::<f64>::ones([3, 4, 2]).into_permute([2, 0, 1]);
    assert_eq!(p.shape(), c.shape());
    assert!((&c + &c).is_c_contiguous());
    assert!((&f + &f).is_f_contiguous());
    assert!((&f * 2.0).is_f_contiguous());
    assert!((1.0 - &f).is_f_contiguous());
    assert!((-&f).is_f_contiguous());
    assert!((&f + &c).is_c_contiguous());
    assert!((&c + &f).is_c_contiguous());
    assert_eq!((&p + &p).strides(), p.strides());
    assert_eq!((-&p).strides(), p.strides());
    assert!((&p + &c).is_c_contiguous());
    // A row or column that is broadcast has no say; neither has a stride that is negative or wide.
    assert!((&f + &array![1.0, 2.0, 3.0, 4.0]).is_f_contiguous());
    assert!((&f.flip(0) + &f).is_f_contiguous());
    let wide = Array2::<f64>::ones([4, 6].f());
    assert_eq!((wide.slice(s![..;2, ..;3]) + 1.0).strides(), &[1, 2]);
    assert_eq!(wide.t().map(|v| *v as i32).strides(), wide.t().strides());
    assert_eq!(wide.t().cast::<f32>().strides(), wide.t().strides());
    assert_eq!(wide.zeros_like().strides(), wide.strides());
    assert_eq!(wide.slice(s![..;2, ..]).to_owned().strides(), &[1, 2]);
}

#[test]
fn owned_operands_give_their_buffer_to_the_result() {
    let x = Array2::<f64>::ones([3, 4]);
    let row = array![1.0, 2.0, 3.0, 4.0];
    let keeps = |make: &dyn Fn(Array2<f64>) -> Array2<f64>, reused: bool| {
        let own = x.clone();
        let at = own.as_ptr();
        assert_eq!(make(own).as_ptr() == at, reused);
    };
    keeps(&|own| own + &x, true);
    keeps(&|own| &x - own, true);
    keeps(&|own| own * 2.0, true);
    keeps(&|own| 2.0 / own, true);
    keeps(&|own| own + &row, true);
    keeps(&|own| &row + own, true);
    keeps(&|own| row.clone() + own, true);
    keeps(&|own| own.clone() + own, false); // the clone's buffer is the one that is reused
    keeps(&|own| CowArray::from(own) + &x, true);
    keeps(&|own| &x % CowArray::from(own), true);
    keeps(&|own| -own, true);
    keeps(&|own| -CowArray::from(own), true);
    keeps(&|own| own.into_t().into_t() + &x.t().to_owned().t(), true);
    keeps(&|own| ((own + 1.0) * &x - &row) / 2.0, true);
    keeps(&|own| &own + &x, false);
    // Reuse is by shape: neither fits a larger result.
    let column = Array2::<f64>::ones([3, 1]);
    let at = column.as_ptr();
    let sum = column + row.clone();
    assert_ne!(sum.as_ptr(), at);
    assert_eq!(sum.shape(), &[3, 4]);
    // The rank of a view of run-time rank does not prevent it.
    let own = x.clone();
    let at = own.as_ptr();
    assert_eq!((own + x.view_dyn()).as_ptr(), at);
    // Nor a slice: what it leaves out stays in the buffer.
    let own = x.clone().into_slice(s![1.., ..;-2]);
    let at = own.as_ptr();
    let sum = own + 1.0;
    assert_eq!(sum.as_ptr(), at);
    assert_eq!(sum, Array2::<f64>::ones([2, 2]) * 2.0);
}

#[test]
fn assigning_forms_broadcast_the_right_side_only() {
    let mut x = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    x += &array![1.0, 2.0, 3.0];
    x -= array![[1.0], [2.0]];
    x *= x.clone().view();
    x /= CowArray::from(array![2.0]);
    x %= 10.0;
    assert_eq!(x, array![[0.5, 4.5, 2.5], [4.5, 2.5, 4.5]]);
    *x.row_mut(0) += 1.0;
    let mut column = x.column_mut(0);
    column *= 2.0;
    fn through_reference(x: &mut ArrayRef2<f64>) {
        *x += 1.0;
    }
    through_reference(&mut x);
    through_reference(&mut x.slice_mut(s![.., ..1]));
    assert_eq!(x, array![[5.0, 6.5, 4.5], [11.0, 3.5, 5.5]]);
    let mut v = array![1.0, 2.0, 3.0];
    assert_eq!(
        panic_message(|| v += &Array2::<f64>::ones([2, 3])),
        "non-broadcastable output operand with shape (3,) doesn't match the broadcast shape (2,3)"
    );
    assert_eq!(
        panic_message(|| v += &array![1.0, 2.0]),
        "operands could not be broadcast together with shapes (3,) (2,)"
    );
    let mut one = array![1.0];
    assert_eq!(
        panic_message(|| one *= &v),
        "non-broadcastable output operand with shape (1,) doesn't match the broadcast shape (3,)"
    );
    assert_eq!((v, one), (array![1.0, 2.0, 3.0], array![1.0]));
    let mut b = array![true, false];
    b |= array![false, true];
    b &= true;
    b ^= &array![true, false];
    assert_eq!(b, array![false, true]);
    let mut i = array![1_u8, 2];
    i <<= 7;
    i >>= &array![1, 7];
    assert_eq!(i, array![64, 0]);
}

#[test]
fn shapes_that_do_not_broadcast() {
    let text = "operands could not be broadcast together with shapes (32,64) (32,)";
    let (a, b) = (Array2::<f64>::ones([32, 64]), Array1::<f64>::ones(32));
    assert_eq!(panic_message(|| &a + &b), text);
    assert_eq!(panic_message(|| a.clone() + b.clone()), text);
    assert_eq!(a.try_mul(&b).unwrap_err().to_string(), text);
    let empty = Array2::<f64>::ones([0, 3]);
    assert_eq!((&empty + Array2::<f64>::ones([1, 3])).shape(), &[0, 3]);
    assert_eq!(
        empty
            .try_sub(&Array2::<f64>::ones([2, 3]))
            .unwrap_err()
            .to_string(),
        "operands could not be broadcast together with shapes (0,3) (2,3)"
    );
}

#[test]
fn a_panic_names_the_line_of_the_operator() {
    thread_local!(static LINE: std::cell::Cell<u32> = const { std::cell::Cell::new(0) });
    let before = std::panic::take_hook();
    // Other tests panic on their own threads meanwhile.
    std::panic::set_hook(Box::new(|info| {
        LINE.set(info.location().map_or(0, |l| l.line()))
    }));
    let (a, b) = (array![1.0, 2.0], array![1.0, 2.0, 3.0]);
    let result = std::panic::catch_unwind(|| &a + &b);
    let line = line!() - 1;
    std::panic::set_hook(before);
    assert!(result.is_err());
    assert_eq!(LINE.get(), line);
}

/// A number from outside the crate: its loops are the scalar ones.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Tropical(f64);

macro_rules! tropical {
    ($($trait:ident $method:ident |$a:ident, $b:ident| $value:expr;)+) => {$(
        impl std::ops::$trait for Tropical {
            type Output = Tropical;
            fn $method(self, other: Tropical) -> Tropical {
                let ($a, $b) = (self.0, other.0);
                Tropical($value)
            }
        }
    )+};
}
tropical! {
    Add add |a, b| a.max(b);
    Mul mul |a, b| a + b;
    Sub sub |a, b| a - b;
    Div div |a, b| a - b;
    Rem rem |a, b| a % b;
}
impl num_traits::Zero for Tropical {
    fn zero() -> Self {
        Tropical(f64::NEG_INFINITY)
    }
    fn is_zero(&self) -> bool {
        self.0 == f64::NEG_INFINITY
    }
}
impl num_traits::One for Tropical {
    fn one() -> Self {
        Tropical(0.0)
    }
}
impl Number for Tropical {
    type Sum = Self;
    type Mean = Self;
    type Real = Self;
}

#[test]
fn numbers_from_outside_have_the_operators() {
    let t = |v: [f64; 2]| array![Tropical(v[0]), Tropical(v[1])];
    let (x, y) = (t([1.0, 5.0]), t([3.0, 2.0]));
    assert_eq!(&x + &y, t([3.0, 5.0]));
    assert_eq!(&x * &y, t([4.0, 7.0]));
    assert_eq!(x.clone() * ScalarOperand(Tropical(1.0)) + &y, t([3.0, 6.0]));
    let mut z = x.clone();
    z *= &y;
    assert_eq!(z, t([4.0, 7.0]));
    let long = Array2::from_shape_fn([50, 70], |[i, j]| Tropical((i * 70 + j) as f64));
    let doubled = &long * &long.t().to_owned().into_t();
    assert!(doubled.iter().zip(&long).all(|(d, v)| d.0 == 2.0 * v.0));
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

/// Values with special ones among them.
fn value(i: usize) -> f64 {
    match i % 11 {
        3 => f64::NAN,
        5 => f64::INFINITY,
        7 => -0.0,
        8 => 0.0,
        _ => (i * 37 % 101) as f64 - 50.0,
    }
}

fn check(
    found: &ArrayRefD<f64>,
    (shape, expected): (Vec<usize>, Vec<f64>),
) -> Result<(), TestCaseError> {
    prop_assert_eq!(found.shape(), &shape[..]);
    let found = elements(found);
    for (i, (&f, &e)) in found.iter().zip(&expected).enumerate() {
        prop_assert!(same(f, e), "element {} is {}, not {}", i, f, e);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn operators_agree_with_loops_over_indices(
        (ra, rb) in shape()
            .prop_flat_map(|whole| (operand_shape(whole.clone()), operand_shape(whole)))
            .prop_flat_map(|(a, b)| (recipe(a), recipe(b))),
    ) {
        let (base_a, base_b) = (ra.base(value), rb.base(|i| value(i * 7 + 1)));
        let (a, b) = (ra.view(&base_a), rb.view(&base_b));
        check(&(a + b), naive(&a, &b, |x, y| x + y))?;
        check(&(a - b), naive(&a, &b, |x, y| x - y))?;
        check(&(a / b), naive(&a, &b, |x, y| x / y))?;
        check(&(a.to_owned() * b), naive(&a, &b, |x, y| x * y))?;
        check(&(a % b.to_owned()), naive(&a, &b, |x, y| x % y))?;
        check(&-a, naive(&a, &a, |x, _| -x))?;
        check(&(a - 3.0), naive(&a, &a, |x, _| x - 3.0))?;
        // Memory order: results of operands in the same order keep it, whatever it is.
        let dense = a.to_owned();
        let sum = &dense + &dense;
        prop_assert_eq!(sum.strides(), dense.strides());
    }

    #[test]
    fn assigning_operators_agree_with_loops_over_indices(
        (ra, rb) in shape()
            .prop_flat_map(|whole| (Just(whole.clone()), operand_shape(whole)))
            .prop_flat_map(|(a, b)| (injective(a), recipe(b))),
    ) {
        let (mut base, base_b) = (ra.base(value), rb.base(|i| value(i * 7 + 1)));
        let untouched = base.clone();
        let b = rb.view(&base_b);
        let expected = naive(&ra.view(&base), &b, |x, y| x - y);
        *ra.view_mut(&mut base) -= b;
        check(&ra.view(&base), expected)?;
        // Elements outside the view keep their values.
        let mut restored = base.clone();
        ra.view_mut(&mut restored).assign(ra.view(&untouched));
        prop_assert!(restored.iter().zip(&untouched).all(|(&x, &y)| same(x, y)));
    }
}
