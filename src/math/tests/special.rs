//! Special values: C99 annex F and NumPy.

use crate::math::{self, Kernel};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

fn same(x: f64, y: f64) -> bool {
    x.is_nan() && y.is_nan() || x.to_bits() == y.to_bits()
}

/// Checks `f` in both types on inputs that both hold exactly.
macro_rules! unary {
    ($($name:ident: $($x:expr => $y:expr),+;)*) => {
        #[test]
        fn unary_functions_follow_c99() {
            $($(
                let (x, want): (f64, f64) = ($x, $y);
                let got = math::$name(x);
                assert!(same(got, want), "{}({x:?}) = {got:?}, not {want:?}", stringify!($name));
                let got = f64::from(math::$name(x as f32));
                let want = f64::from(want as f32);
                assert!(same(got, want), "{}({x:?}) = {got:?}, not {want:?} in f32", stringify!($name));
            )+)*
        }
    };
}
unary! {
    exp: 0.0 => 1.0, -0.0 => 1.0, INF => INF, -INF => 0.0, NAN => NAN, 1e4 => INF, -1e4 => 0.0;
    exp2: 0.0 => 1.0, -0.0 => 1.0, INF => INF, -INF => 0.0, NAN => NAN, 10.0 => 1024.0, -140.0 => 2f64.powi(-140);
    expm1: 0.0 => 0.0, -0.0 => -0.0, INF => INF, -INF => -1.0, NAN => NAN, 1e4 => INF, -1e4 => -1.0;
    log: 1.0 => 0.0, 0.0 => -INF, -0.0 => -INF, -1.0 => NAN, -INF => NAN, INF => INF, NAN => NAN;
    log2: 1.0 => 0.0, 0.0 => -INF, -1.0 => NAN, INF => INF, NAN => NAN, 8.0 => 3.0;
    log10: 1.0 => 0.0, 0.0 => -INF, -1.0 => NAN, INF => INF, NAN => NAN, 100.0 => 2.0, 1e10 => 10.0;
    log1p: 0.0 => 0.0, -0.0 => -0.0, -1.0 => -INF, -2.0 => NAN, INF => INF, -INF => NAN, NAN => NAN;
    sqrt: 0.0 => 0.0, -0.0 => -0.0, -1.0 => NAN, INF => INF, NAN => NAN;
    cbrt: 0.0 => 0.0, -0.0 => -0.0, INF => INF, -INF => -INF, NAN => NAN, 64.0 => 4.0, -0.125 => -0.5;
    sin: 0.0 => 0.0, -0.0 => -0.0, INF => NAN, -INF => NAN, NAN => NAN;
    cos: 0.0 => 1.0, -0.0 => 1.0, INF => NAN, -INF => NAN, NAN => NAN;
    tan: 0.0 => 0.0, -0.0 => -0.0, INF => NAN, NAN => NAN;
    asin: 0.0 => 0.0, -0.0 => -0.0, 2.0 => NAN, -2.0 => NAN, INF => NAN, NAN => NAN;
    acos: 1.0 => 0.0, 2.0 => NAN, -2.0 => NAN, INF => NAN, NAN => NAN;
    atan: 0.0 => 0.0, -0.0 => -0.0, INF => std::f64::consts::FRAC_PI_2, NAN => NAN;
    sinh: 0.0 => 0.0, -0.0 => -0.0, INF => INF, -INF => -INF, NAN => NAN, 1e4 => INF;
    cosh: 0.0 => 1.0, -0.0 => 1.0, INF => INF, -INF => INF, NAN => NAN, -1e4 => INF;
    tanh: 0.0 => 0.0, -0.0 => -0.0, INF => 1.0, -INF => -1.0, NAN => NAN;
    asinh: 0.0 => 0.0, -0.0 => -0.0, INF => INF, -INF => -INF, NAN => NAN;
    acosh: 1.0 => 0.0, 0.5 => NAN, -INF => NAN, INF => INF, NAN => NAN;
    atanh: 0.0 => 0.0, -0.0 => -0.0, 1.0 => INF, -1.0 => -INF, 2.0 => NAN, INF => NAN, NAN => NAN;
    erf: 0.0 => 0.0, -0.0 => -0.0, INF => 1.0, -INF => -1.0, NAN => NAN;
    erfc: 0.0 => 1.0, INF => 0.0, -INF => 2.0, NAN => NAN;
    gamma: 0.0 => INF, -0.0 => -INF, 1.0 => 1.0, 5.0 => 24.0, -1.0 => NAN, -INF => NAN, INF => INF, NAN => NAN, 1e3 => INF;
    lgamma: 0.0 => INF, -0.0 => INF, 1.0 => 0.0, 2.0 => 0.0, -3.0 => INF, INF => INF, -INF => INF, NAN => NAN;
    sigmoid: 0.0 => 0.5, INF => 1.0, -INF => 0.0, NAN => NAN, -1e4 => 0.0;
    logit: 0.0 => -INF, 0.5 => 0.0, 1.0 => INF, 2.0 => NAN, -1.0 => NAN, NAN => NAN;
    softplus: INF => INF, -INF => 0.0, NAN => NAN, 1e4 => 1e4, -1e4 => 0.0;
    log_sigmoid: INF => -0.0, -INF => -INF, NAN => NAN, -1e4 => -1e4;
    silu: 0.0 => 0.0, -0.0 => -0.0, INF => INF, -INF => -0.0, NAN => NAN, -1e4 => -0.0;
    gelu: 0.0 => 0.0, -0.0 => -0.0, INF => INF, -INF => -0.0, NAN => NAN, 1e4 => 1e4;
    gelu_tanh: 0.0 => 0.0, -0.0 => -0.0, INF => INF, -INF => -0.0, NAN => NAN, 1e4 => 1e4;
    relu: 2.0 => 2.0, -2.0 => 0.0, INF => INF, -INF => 0.0, NAN => NAN;
    sign: 0.0 => 0.0, -0.0 => 0.0, 3.0 => 1.0, -INF => -1.0, NAN => NAN;
    round_ties_even: 0.5 => 0.0, 1.5 => 2.0, -0.5 => -0.0, 2.5 => 2.0, INF => INF, NAN => NAN, 8388609.0 => 8388609.0;
    deg2rad: INF => INF, -INF => -INF, 0.0 => 0.0, -0.0 => -0.0, NAN => NAN;
    rad2deg: INF => INF, -INF => -INF, 0.0 => 0.0, -0.0 => -0.0, NAN => NAN;
    sinc: 0.0 => 1.0, 1.0 => 0.0, INF => NAN, NAN => NAN;
}

macro_rules! binary {
    ($($name:ident: $(($x:expr, $y:expr) => $z:expr),+;)*) => {
        #[test]
        fn binary_functions_follow_c99() {
            $($(
                let (x, y, want): (f64, f64, f64) = ($x, $y, $z);
                let got = math::$name(x, y);
                assert!(same(got, want), "{}({x:?}, {y:?}) = {got:?}, not {want:?}", stringify!($name));
                let (got, want) = (f64::from(math::$name(x as f32, y as f32)), f64::from(want as f32));
                assert!(same(got, want), "{}({x:?}, {y:?}) = {got:?}, not {want:?} in f32", stringify!($name));
            )+)*
        }
    };
}
const PI: f64 = std::f64::consts::PI;
// both within `f32`
const MAX: f64 = f32::MAX as f64;
const TINY: f64 = f32::MIN_POSITIVE as f64;
binary! {
    pow: (0.0, -3.0) => INF, (-0.0, -3.0) => -INF, (-0.0, -2.0) => INF, (0.0, 3.0) => 0.0, (-0.0, 3.0) => -0.0,
        (-0.0, 2.5) => 0.0, (-1.0, INF) => 1.0, (-1.0, -INF) => 1.0, (1.0, NAN) => 1.0, (NAN, 0.0) => 1.0, (NAN, 1.0) => NAN,
        (2.0, NAN) => NAN, (-8.0, 0.5) => NAN, (0.5, -INF) => INF, (2.0, -INF) => 0.0, (0.5, INF) => 0.0, (-2.0, INF) => INF,
        (-INF, -3.0) => -0.0, (-INF, -2.0) => 0.0, (-INF, 3.0) => -INF, (-INF, 2.5) => INF, (INF, -1.0) => 0.0, (INF, 2.0) => INF,
        (-2.0, 3.0) => -8.0, (10.0, 2.0) => 100.0, (2.0, 1e30) => INF, (0.0, INF) => 0.0, (0.0, -INF) => INF, (0.0, NAN) => NAN,
        (INF, NAN) => NAN, (-1.0, NAN) => NAN, (2.0, -140.0) => 2f64.powi(-140);
    hypot: (3.0, 4.0) => 5.0, (INF, NAN) => INF, (NAN, -INF) => INF, (NAN, 1.0) => NAN, (0.0, -0.0) => 0.0, (-INF, 1.0) => INF, (0.0, MAX) => MAX, (0.0, TINY) => TINY;
    atan2: (0.0, -0.0) => PI, (-0.0, -0.0) => -PI, (0.0, 0.0) => 0.0, (-0.0, 0.0) => -0.0, (0.0, -1.0) => PI, (-0.0, 1.0) => -0.0,
        (1.0, 0.0) => PI / 2.0, (-1.0, -0.0) => -PI / 2.0, (1.0, -INF) => PI, (1.0, INF) => 0.0, (INF, 1.0) => PI / 2.0,
        (INF, INF) => PI / 4.0, (-INF, -INF) => -3.0 * PI / 4.0, (NAN, 1.0) => NAN, (1.0, NAN) => NAN, (INF, -INF) => 3.0 * PI / 4.0;
    fmod: (5.5, 2.0) => 1.5, (-5.5, 2.0) => -1.5, (5.5, -2.0) => 1.5, (-4.0, 2.0) => -0.0, (1.0, 0.0) => NAN, (INF, 1.0) => NAN,
        (3.0, INF) => 3.0, (-0.0, 1.0) => -0.0, (NAN, 1.0) => NAN, (1.0, NAN) => NAN;
    remainder: (5.5, 2.0) => 1.5, (-5.5, 2.0) => 0.5, (5.5, -2.0) => -0.5, (-4.0, 2.0) => 0.0, (4.0, -2.0) => -0.0, (1.0, 0.0) => NAN,
        (-1.0, INF) => INF, (1.0, INF) => 1.0;
    floor_divide: (7.0, 2.0) => 3.0, (-7.0, 2.0) => -4.0, (7.0, -2.0) => -4.0, (1.0, 0.0) => INF, (-1.0, 0.0) => -INF, (0.0, 0.0) => NAN,
        (1.0, INF) => 0.0, (-1.0, INF) => -1.0;
    logaddexp: (-INF, -INF) => -INF, (INF, -INF) => INF, (INF, INF) => INF, (NAN, 0.0) => NAN, (1000.0, -INF) => 1000.0, (3.0, 1e6) => 1e6;
    logaddexp2: (-INF, -INF) => -INF, (INF, -INF) => INF, (2.0, 2.0) => 3.0, (NAN, 0.0) => NAN, (1000.0, -INF) => 1000.0;
    copysign: (1.0, -0.0) => -1.0, (-INF, 1.0) => INF;
    nextafter: (0.0, 0.0) => 0.0, (0.0, -0.0) => -0.0, (INF, INF) => INF, (NAN, 1.0) => NAN, (1.0, 1.0) => 1.0;
    leaky_relu: (2.0, 0.5) => 2.0, (-2.0, 0.5) => -1.0, (NAN, 0.5) => NAN;
}

fn exact_operations<F: Kernel>(values: impl Fn(u64) -> F, wide: impl Fn(F) -> f64) {
    for seed in 0..20_000 {
        let x = values(seed);
        let (m, e) = math::frexp(x);
        assert!(
            same(wide(math::ldexp(m, e)), wide(x)),
            "ldexp(frexp({x:?})) = ({m:?}, {e})"
        );
        let w = wide(x);
        if w.is_finite() && w != 0.0 {
            assert!(
                (0.5..1.0).contains(&wide(m).abs()),
                "frexp({x:?}) = ({m:?}, {e})"
            );
        }
        let (fraction, integer) = math::modf(x);
        assert!(same(wide(integer), w.trunc()), "modf({x:?})");
        assert!(
            w.is_infinite() || w.is_nan() || wide(fraction) + wide(integer) == w,
            "modf({x:?})"
        );
        assert!(
            same(wide(math::round_ties_even(x)), w.round_ties_even()),
            "round({x:?})"
        );
        let y = values(seed ^ 0x5555);
        let v = wide(y);
        assert!(same(wide(math::fmod(x, y)), w % v), "fmod({x:?}, {y:?})");
    }
}

#[test]
fn exact_operations_agree_with_the_standard_library() {
    let random =
        |seed: u64| super::accuracy::Random(seed.wrapping_mul(0x1234_5678_9abc_def1)).bits();
    exact_operations::<f64>(
        |s| {
            if s % 3 == 0 {
                (random(s) % 4096) as f64 / 8.0
            } else {
                f64::from_bits(random(s))
            }
        },
        |x| x,
    );
    exact_operations::<f32>(
        |s| {
            if s % 3 == 0 {
                (random(s) % 4096) as f32 / 8.0
            } else {
                f32::from_bits(random(s) as u32)
            }
        },
        f64::from,
    );
    for x in [
        1.0,
        -1.0,
        0.0,
        f64::MAX,
        5e-324,
        2.2250738585072014e-308,
        -2.5,
    ] {
        assert_eq!(math::nextafter(x, INF), x.next_up());
        assert_eq!(math::nextafter(x, -INF), x.next_down());
    }
    for n in [
        -2200,
        -1100,
        -1075,
        -1074,
        -1073,
        -1022,
        -500,
        0,
        1,
        900,
        1023,
        1024,
        2097,
        i32::MAX,
        i32::MIN,
    ] {
        for x in [
            1.0,
            1.5,
            1.0 + f64::EPSILON,
            5e-324,
            1.9999999999999998,
            1e300,
        ] {
            let want = if n > 2200 {
                INF
            } else if n < -2200 {
                0.0
            } else {
                // in the exact order: large steps first, the last one rounds
                let (m, e) = math::frexp(x);
                let e = e + n;
                if e > 1024 {
                    INF
                } else if e < -1080 {
                    0.0
                } else if e >= -1021 {
                    m * 2.0 * 2f64.powi(e - 1)
                } else {
                    m * 2f64.powi(-1000) * 2f64.powi(e + 1000)
                }
            };
            assert_eq!(math::ldexp(x, n), want, "ldexp({x:?}, {n})");
        }
    }
}

#[test]
fn short_forms_of_two_numbers_have_the_same_bits() {
    use crate::math::short;
    let mut random = super::accuracy::Random(12);
    let mut seen = (0, 0);
    for i in 0..40_000 {
        let (x, y) = if i % 2 == 0 {
            (f64::from_bits(random.bits()), f64::from_bits(random.bits()))
        } else {
            (random.uniform(-50.0, 50.0), random.uniform(-8.0, 8.0))
        };
        if short::fmod_in_range(x, y) {
            seen.0 += 1;
            assert!(
                same(short::fmod(x, y), math::fmod(x, y)) && same(math::fmod(x, y), x % y),
                "fmod({x:?}, {y:?})"
            );
            assert!(
                same(short::remainder(x, y), math::remainder(x, y)),
                "remainder({x:?}, {y:?})"
            );
            assert!(
                same(short::floor_divide(x, y), math::floor_divide(x, y)),
                "floor_divide({x:?}, {y:?})"
            );
        }
        if short::pow_in_range(x, y) {
            seen.1 += 1;
            assert!(same(short::pow(x, y), math::pow(x, y)), "pow({x:?}, {y:?})");
        }
        let (x, y) = (x as f32, y as f32);
        if short::pow_in_range(x, y) {
            assert_eq!(
                short::pow(x, y).to_bits(),
                math::pow(x, y).to_bits(),
                "pow({x:?}, {y:?})"
            );
        }
    }
    assert!(seen.0 > 10_000 && seen.1 > 5_000, "{seen:?}");
}

#[test]
fn lgamma_next_to_its_negative_zeros_is_absolutely_accurate() {
    for x in [
        -2.4570247382208006,
        -2.7476826467274127,
        -3.14358088834998,
        -3.955294284858598,
        -4.039361839740537,
        -4.991544640560048,
        -9.702672540001864,
        -10.00000027557316,
        -14.000000000011471,
        -16.999999999999996,
    ] {
        let error = super::reference::difference(math::lgamma(x), &super::reference::lgamma(x).0);
        assert!(
            error.abs() <= 2f64.powi(-50),
            "lgamma({x:?}) is off by {error:e}"
        );
    }
}

#[test]
fn logaddexp_is_accurate_away_from_cancellation() {
    use super::reference::{big, error_ulp};
    let mut random = super::accuracy::Random(2);
    for _ in 0..2000 {
        let (x, y) = (random.uniform(0.0, 30.0), random.uniform(-30.0, 30.0));
        let exact = (big(x).exp() + big(y).exp()).ln();
        let e = error_ulp(math::logaddexp(x, y), &exact, 53, -1074);
        assert!(e <= 2.0, "logaddexp({x:?}, {y:?}): {e} ULP");
        let two = big(2.0).ln();
        let exact = ((big(x) * two.clone()).exp() + (big(y) * two.clone()).exp()).ln() / two;
        let e = error_ulp(math::logaddexp2(x, y), &exact, 53, -1074);
        assert!(e <= 2.0, "logaddexp2({x:?}, {y:?}): {e} ULP");
    }
}

#[test]
fn remainder_and_floor_divide_follow_python() {
    let mut random = super::accuracy::Random(8);
    for _ in 0..20_000 {
        let (x, y) = (
            random.uniform(-100.0, 100.0).round() / 4.0,
            random.uniform(-10.0, 10.0).round() / 4.0,
        );
        if y != 0.0 {
            // quarters: both are exact
            assert_eq!(math::floor_divide(x, y), (x / y).floor(), "{x:?} // {y:?}");
            assert_eq!(
                math::remainder(x, y),
                x - y * (x / y).floor(),
                "{x:?} % {y:?}"
            );
        }
    }
    // fl(1 / 0.1) is 10, but ten times fl(0.1) is more than 1
    assert_eq!(
        (math::floor_divide(1.0, 0.1), math::remainder(1.0, 0.1)),
        (9.0, 0.09999999999999995)
    );
}

#[test]
fn hypot_neither_overflows_nor_underflows_on_the_way() {
    for exponent in -1060..1023 {
        let s = 2f64.powi(exponent / 2) * 2f64.powi(exponent - exponent / 2);
        assert_eq!(math::hypot(0.75 * s, s), 1.25 * s, "2^{exponent}");
        let narrow = s as f32;
        if (-130..127).contains(&exponent) {
            assert_eq!(math::hypot(0.75 * narrow, narrow), 1.25 * narrow);
        }
    }
}

/// All numbers whose root is within `c / 2 u^2` of a midpoint between two neighbours, `u` the ULP of one: with the
/// midpoint `(k + 1/2) u`, the number is `(k (k + 1) + c) u^2`, and has trailing zeros.
fn roots_next_to_midpoints() -> Vec<f64> {
    const U2: f64 = f64::EPSILON * f64::EPSILON;
    let mut hard = Vec::new();
    for c in (-100_i128..=100).step_by(2) {
        // roots modulo powers of two, bit by bit
        let mut roots = vec![0_i128, 1];
        for bit in 1..=52 {
            let modulus = 1_i128 << bit;
            roots.retain(|k| (k * (k + 1) + c).rem_euclid(modulus) == 0);
            let with_next: Vec<_> = roots.iter().map(|k| k + modulus).collect();
            roots.extend(with_next);
        }
        let normal = roots.iter().map(|k| (k & ((1 << 52) - 1)) | (1 << 52));
        let squares = normal.map(|k| k * (k + 1) + c);
        hard.extend(
            squares
                .filter(|&x| x as f64 as i128 == x)
                .map(|x| x as f64 * U2),
        );
    }
    hard
}

#[test]
fn roots_by_products_are_correctly_rounded() {
    use crate::math::short::{sqrt_by_products, sqrt_in_range};
    let hard = roots_next_to_midpoints();
    assert!(hard.len() > 100, "{}", hard.len());
    let scaled = |&x: &f64| [-800, -2, 0, 2, 700, 1020].map(|e| x * 2.0_f64.powi(e));
    let mut random = super::accuracy::Random(12);
    let ends = [1e-270, 1.0, 2.0, 4.0, f64::MAX].map(f64::to_bits);
    let close = ends
        .into_iter()
        .flat_map(|b| (b - 2000..b + 2000).map(f64::from_bits));
    let any = (0..200_000).map(|_| f64::from_bits(random.bits() >> 1));
    let all = hard
        .iter()
        .flat_map(scaled)
        .chain(close)
        .chain(any)
        .chain([0.0, -0.0]);
    for x in all.filter(|&x| sqrt_in_range(x)) {
        assert_eq!(sqrt_by_products(x).to_bits(), x.sqrt().to_bits(), "{x:?}");
    }
}

#[test]
fn erf_where_its_methods_meet() {
    let below = f64::from_bits(1_f64.to_bits() - 1);
    assert_eq!(math::erf(below), 0.8427007929497148);
    assert_eq!(math::erf(1.0), 0.8427007929497149);
    let above_six = f64::from_bits(6_f64.to_bits() + 1);
    for x in [6.0, above_six, 30.0, f64::MAX] {
        assert_eq!((math::erf(x), math::erf(-x)), (1.0, -1.0));
    }
    assert_eq!(math::erf(-5e-324), -5e-324);
}
