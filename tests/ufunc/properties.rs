//! The loops against the function of one number, element by element: any shape, broadcast, in any
//! memory layout, fresh, into an output and in place.

use std::ops::Deref;

use super::golden::Golden;
use crate::support::{Recipe, elements, injective, naive, operand_shape, recipe, shape};
use orthant::prelude::*;
use orthant::ufunc::{self, Binary, BinaryUfunc, Unary, UnaryUfunc};
use orthant::{Complex, ScalarOperand, math};
use proptest::prelude::*;

/// Layouts of two operands that broadcast to one shape, and of an output of that shape.
#[derive(Clone, Debug)]
struct Layouts {
    left: Recipe,
    right: Recipe,
    out: Recipe,
}

/// One of the operands has the whole shape, so that this is what they broadcast to.
fn layouts() -> impl Strategy<Value = Layouts> {
    (shape(), any::<bool>())
        .prop_flat_map(|(whole, swap)| (Just(whole.clone()), operand_shape(whole), Just(swap)))
        .prop_flat_map(|(whole, small, swap)| {
            let (left, right) = if swap {
                (small, whole.clone())
            } else {
                (whole.clone(), small)
            };
            (recipe(left), recipe(right), injective(whole))
        })
        .prop_map(|(left, right, out)| Layouts { left, right, out })
}

/// Equal bits, all NaN alike.
fn same<T: Golden>(what: &str, found: &[T], expected: &[T]) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (i, (f, e)) in found.iter().zip(expected).enumerate() {
        assert!(f.near(*e, 0.0), "{what}, element {i}: {f:?}, not {e:?}");
    }
}

fn unary<F, T: Golden, R: Golden>(
    what: &str,
    function: F,
    layouts: &Layouts,
    element: fn(usize) -> T,
    scalar: fn(T) -> R,
) where
    F: UnaryUfunc<T, Output = R> + Deref<Target = Unary<F>>,
{
    let fresh = |x: ArrayViewD<'_, T>| function.call(x);
    let into = |x: ArrayViewD<'_, T>, out: &mut ArrayViewMutD<'_, R>| function.call_into(x, out);
    unary_forms(what, layouts, element, scalar, &fresh, &into);
}

fn unary_forms<T: Golden, R: Golden>(
    what: &str,
    layouts: &Layouts,
    element: fn(usize) -> T,
    scalar: fn(T) -> R,
    fresh: &dyn Fn(ArrayViewD<'_, T>) -> ArrayD<R>,
    into: &dyn Fn(ArrayViewD<'_, T>, &mut ArrayViewMutD<'_, R>),
) {
    let base = layouts.left.base(element);
    let x = layouts.left.view(&base);
    let expected: Vec<R> = elements(&x).into_iter().map(scalar).collect();
    let found = fresh(x);
    assert_eq!(found.shape(), x.shape(), "{what}");
    same(what, &elements(&found), &expected);
    // The output may be larger than the argument.
    let mut room = layouts.out.base(|_| R::default());
    let mut out = layouts.out.view_mut(&mut room);
    let whole = x.broadcast_to(out.dim()).map(|x| scalar(*x));
    into(x, &mut out);
    same(what, &elements(&out), &elements(&whole));
}

fn pairs<F, T: Golden, R: Golden>(
    what: &str,
    function: F,
    layouts: &Layouts,
    element: fn(usize) -> T,
    scalar: fn(T, T) -> R,
) where
    F: BinaryUfunc<T, Output = R> + Deref<Target = Binary<F>>,
{
    let fresh = |x: ArrayViewD<'_, T>, y: ArrayViewD<'_, T>| function.call(x, y);
    let into = |x: ArrayViewD<'_, T>, y: ArrayViewD<'_, T>, out: &mut ArrayViewMutD<'_, R>| {
        function.call_into(x, y, out);
    };
    pair_forms(what, layouts, element, scalar, &fresh, &into);
}

type Into<'a, T, R> = &'a dyn Fn(ArrayViewD<'_, T>, ArrayViewD<'_, T>, &mut ArrayViewMutD<'_, R>);

fn pair_forms<T: Golden, R: Golden>(
    what: &str,
    layouts: &Layouts,
    element: fn(usize) -> T,
    scalar: fn(T, T) -> R,
    fresh: &dyn Fn(ArrayViewD<'_, T>, ArrayViewD<'_, T>) -> ArrayD<R>,
    into: Into<'_, T, R>,
) {
    let (left, right) = (
        layouts.left.base(element),
        layouts.right.base(|i| element(i + 41)),
    );
    let (x, y) = (layouts.left.view(&left), layouts.right.view(&right));
    let (shape, expected) = naive(&x, &y, scalar);
    let found = fresh(x, y);
    assert_eq!(found.shape(), &shape[..], "{what}");
    same(what, &elements(&found), &expected);
    let mut room = layouts.out.base(|_| R::default());
    let mut out = layouts.out.view_mut(&mut room);
    into(x, y, &mut out);
    same(what, &elements(&out), &expected);
}

/// As [`pairs`], and of all elements with one number.
fn binary<F, T: Golden, R: Golden>(
    what: &str,
    function: F,
    layouts: &Layouts,
    element: fn(usize) -> T,
    scalar: fn(T, T) -> R,
) where
    F: BinaryUfunc<T, Output = R> + Deref<Target = Binary<F>> + Copy,
{
    pairs(what, function, layouts, element, scalar);
    let base = layouts.left.base(element);
    let (x, one) = (layouts.left.view(&base), element(41));
    let with_one: Vec<R> = elements(&x).into_iter().map(|x| scalar(x, one)).collect();
    let found = function.call(x, ScalarOperand(one));
    same(what, &elements(&found), &with_one);
    let one_with: Vec<R> = elements(&x).into_iter().map(|x| scalar(one, x)).collect();
    let found = function.call(ScalarOperand(one), x);
    same(what, &elements(&found), &one_with);
}

/// Functions whose result can be written over their argument.
fn in_place<F, T: Golden>(
    what: &str,
    function: F,
    layouts: &Layouts,
    element: fn(usize) -> T,
    scalar: fn(T, T) -> T,
) where
    F: BinaryUfunc<T, Output = T> + Deref<Target = Binary<F>>,
{
    let right = layouts.right.base(|i| element(i + 41));
    let y = layouts.right.view(&right);
    let mut room = layouts.out.base(element);
    let mut x = layouts.out.view_mut(&mut room);
    let (_, expected) = naive(&x.view(), &y, scalar);
    function.call_inplace(&mut x, y);
    same(what, &elements(&x), &expected);
}

fn float(i: usize) -> f64 {
    let r = (i as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    match r % 61 {
        0 => f64::NAN,
        1 => f64::INFINITY,
        2 => -0.0,
        3 => -1e300,
        4 => 1e-310,
        5..30 => (r % 9) as f64 - 4.0,
        _ => r as f64 / 1e6 - 8.0,
    }
}

fn single(i: usize) -> f32 {
    float(i) as f32
}

fn complex(i: usize) -> Complex<f64> {
    Complex::new(float(i), float(i + 1000))
}

fn truth(i: usize) -> bool {
    i.wrapping_mul(0x9E37_79B9) & 64 != 0
}

/// All forms of each function, by one of the functions above.
macro_rules! all {
    ($layouts:ident $run:ident $element:expr; $($Name:ident $scalar:expr),+ $(,)?) => {$(
        $run(stringify!($Name), ufunc::$Name, &$layouts, $element, $scalar);
    )+};
}

macro_rules! floats {
    ($layouts:ident $t:ty, $element:path) => {
        all!($layouts unary $element; Exp math::exp::<$t>, Log math::log::<$t>, Sin math::sin::<$t>,
            Tanh math::tanh::<$t>, Sqrt <$t>::sqrt, Cbrt math::cbrt::<$t>, Erf math::erf::<$t>, Abs <$t>::abs,
            Floor <$t>::floor, Rint <$t>::round_ties_even, Square |x: $t| x * x, Negative |x: $t| -x,
            Isnan <$t>::is_nan, Isfinite <$t>::is_finite, Signbit <$t>::is_sign_negative);
        all!($layouts binary $element; Add |x: $t, y| x + y, Subtract |x: $t, y| x - y, Multiply |x: $t, y| x * y,
            Divide |x: $t, y| x / y, Atan2 math::atan2::<$t>, Hypot math::hypot::<$t>,
            Fmod |x: $t, y| x % y, Remainder math::remainder::<$t>, FloorDivide math::floor_divide::<$t>,
            Copysign <$t>::copysign, Less |x: $t, y| x < y, Equal |x: $t, y| x == y);
        // The power 2 for all elements is a square, which has other last bits: no number here is like that.
        all!($layouts pairs |i| $element(i) * 1.37; Pow math::pow::<$t>);
        all!($layouts in_place $element; Divide |x: $t, y| x / y, Atan2 math::atan2::<$t>);
    };
}

macro_rules! integers {
    ($layouts:ident $($t:ident)+) => {$(
        fn $t(i: usize) -> $t {
            let r = (i as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
            if r % 3 == 0 { (r % 11) as $t } else { (r >> 8) as $t }
        }
        all!($layouts unary $t; Square |x: $t| x.wrapping_mul(x), Negative $t::wrapping_neg, Invert |x: $t| !x,
            BitwiseCount |x: $t| (if i128::from(x) < 0 { x.wrapping_neg() } else { x }).count_ones() as u8,
            LogicalNot |x: $t| x == 0, Sqrt |x: $t| (x as f64).sqrt(), Exp |x: $t| math::exp(x as f64));
        all!($layouts binary $t; Add $t::wrapping_add, Subtract $t::wrapping_sub, Multiply $t::wrapping_mul,
            Maximum |x: $t, y| x.max(y), Minimum |x: $t, y| x.min(y), BitwiseXor |x: $t, y| x ^ y,
            Fmod |x: $t, y| if y == 0 { 0 } else { x.wrapping_rem(y) }, Divide |x: $t, y| x as f64 / y as f64,
            LogicalXor |x: $t, y| (x != 0) != (y != 0), GreaterEqual |x: $t, y| x >= y, NotEqual |x: $t, y| x != y);
        all!($layouts in_place $t; Add $t::wrapping_add, BitwiseAnd |x: $t, y| x & y);
    )+};
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn loops_over_f64_are_the_function_of_each_element(layouts in layouts()) {
        floats!(layouts f64, float);
    }

    #[test]
    fn loops_over_f32_are_the_function_of_each_element(layouts in layouts()) {
        floats!(layouts f32, single);
    }

    #[test]
    fn loops_over_integers_are_the_function_of_each_element(layouts in layouts()) {
        integers!(layouts i8 i32 i64 u8 u16 u64);
    }

    #[test]
    fn loops_over_bool_and_complex_are_the_function_of_each_element(layouts in layouts()) {
        all!(layouts unary truth; LogicalNot |x: bool| !x, Invert |x: bool| !x);
        all!(layouts binary truth; Add |x: bool, y| x | y, Multiply |x: bool, y| x & y,
            BitwiseXor |x: bool, y| x ^ y, Less |x: bool, y| !x & y, Maximum |x: bool, y| x | y);
        all!(layouts in_place truth; LogicalXor |x: bool, y| x ^ y);
        all!(layouts unary complex; Exp math::complex::exp::<f64>, Sqrt math::complex::sqrt::<f64>,
            Conj |z: Complex<f64>| z.conj(), Abs math::complex::abs::<f64>, Real |z: Complex<f64>| z.re,
            Isnan |z: Complex<f64>| z.re.is_nan() | z.im.is_nan());
        all!(layouts binary complex; Add |x: Complex<f64>, y| x + y, Subtract |x: Complex<f64>, y| x - y,
            Pow math::complex::pow::<f64>, Equal |x: Complex<f64>, y| x == y);
        all!(layouts in_place complex; Subtract |x: Complex<f64>, y| x - y);
    }
}
