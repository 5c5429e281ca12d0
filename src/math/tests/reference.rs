//! Multi-precision references, on `astro-float`, and the error of a result in ULP.

use std::cell::RefCell;
use std::ops::{Add, Div, Mul, Neg, Sub};

use astro_float::{BigFloat, Consts, RoundingMode, Sign};

/// Working precision in bits.
const P: usize = 320;
const RM: RoundingMode = RoundingMode::ToEven;

thread_local! {
    static CONSTS: RefCell<Consts> = RefCell::new(Consts::new().expect("memory for constants"));
    static BERNOULLI: Vec<Big> = bernoulli(62);
}

/// A number of `P` bits, or more where a function needs them.
#[derive(Clone, Debug)]
pub(super) struct Big(BigFloat);

macro_rules! operator {
    ($($trait:ident $name:ident),*) => {$(
        impl $trait for Big {
            type Output = Big;
            fn $name(self, other: Big) -> Big {
                let p = P.max(self.0.precision().unwrap_or(P)).max(other.0.precision().unwrap_or(P));
                Big(BigFloat::$name(&self.0, &other.0, p, RM))
            }
        }
    )*};
}
operator!(Add add, Sub sub, Mul mul, Div div);
impl Neg for Big {
    type Output = Big;
    fn neg(self) -> Big {
        Big(self.0.neg())
    }
}

macro_rules! function {
    ($($name:ident = $of:ident),*) => {$(
        pub(super) fn $name(&self) -> Big {
            let p = P.max(self.0.precision().unwrap_or(P));
            CONSTS.with_borrow_mut(|cc| Big(self.0.$of(p, RM, cc)))
        }
    )*};
}
impl Big {
    function!(
        exp = exp,
        ln = ln,
        log2 = log2,
        log10 = log10,
        sin = sin,
        cos = cos,
        tan = tan,
        asin = asin,
        acos = acos,
        atan = atan,
        sinh = sinh,
        cosh = cosh,
        tanh = tanh,
        asinh = asinh,
        acosh = acosh,
        atanh = atanh
    );
    pub(super) fn sqrt(&self) -> Big {
        Big(self.0.sqrt(P, RM))
    }
    pub(super) fn cbrt(&self) -> Big {
        Big(self.0.cbrt(P, RM))
    }
    pub(super) fn abs(&self) -> Big {
        Big(self.0.abs())
    }
    pub(super) fn positive(&self) -> bool {
        self.0.is_positive() && !self.0.is_zero()
    }
    pub(super) fn expm1(&self) -> Big {
        let half = self.clone() * big(0.5);
        big(2.0) * half.sinh() * half.exp()
    }
    pub(super) fn log1p(&self) -> Big {
        let x = self.clone();
        if (x.clone() - big(1e10)).positive() {
            return (x + big(1.0)).ln();
        }
        big(2.0) * (x.clone() / (big(2.0) + x)).atanh()
    }
}

pub(super) fn big(x: f64) -> Big {
    // subnormal numbers are not normalised on the way in
    if x != 0.0 && x.abs() < 1e-290 {
        return big(x * 2.0_f64.powi(200)) * big(2.0_f64.powi(-200));
    }
    Big(BigFloat::from_f64(x, P))
}

pub(super) fn pi() -> Big {
    CONSTS.with_borrow_mut(|cc| Big(cc.pi(P, RM)))
}

fn bernoulli(n: usize) -> Vec<Big> {
    // B_m = -1/(m+1) sum_k binomial(m+1, k) B_k
    let mut b = vec![big(1.0)];
    for m in 1..=n {
        let mut sum = big(0.0);
        let mut binomial = big(1.0);
        for (k, value) in b.iter().enumerate() {
            sum = sum + binomial.clone() * value.clone();
            binomial = binomial * big((m + 1 - k) as f64) / big((k + 1) as f64);
        }
        b.push(-sum / big((m + 1) as f64));
    }
    b
}

/// `sin(pi x)`, by exact reduction of `x`.
fn sin_pi(x: f64) -> Big {
    let k = (x * 0.5).round() * 2.0;
    (pi() * big(x - k)).sin()
}

pub(super) fn sinc(x: f64) -> Big {
    if x == x.round() {
        return big(if x == 0.0 { 1.0 } else { 0.0 });
    }
    sin_pi(x) / (pi() * big(x))
}

/// `log |gamma(x)|` and whether gamma is negative.
pub(super) fn lgamma(x: f64) -> (Big, bool) {
    if x == 1.0 || x == 2.0 {
        return (big(0.0), false);
    }
    if x < 0.5 {
        // gamma(x) gamma(1 - x) = pi / sin(pi x)
        let s = sin_pi(x);
        let negative = !s.positive();
        return (
            (pi() / s.abs()).ln() - lgamma_positive(big(1.0) - big(x)),
            negative,
        );
    }
    (lgamma_positive(big(x)), false)
}

fn lgamma_positive(mut z: Big) -> Big {
    let mut product = big(1.0);
    while !(z.clone() - big(60.0)).positive() {
        product = product * z.clone();
        z = z + big(1.0);
    }
    let mut sum = (z.clone() - big(0.5)) * z.ln() - z.clone() + (big(2.0) * pi()).ln() * big(0.5);
    let square = z.clone() * z.clone();
    let mut power = z;
    BERNOULLI.with(|b| {
        for k in 1..=30 {
            sum = sum.clone()
                + b[2 * k].clone() / (big((2 * k * (2 * k - 1)) as f64) * power.clone());
            power = power.clone() * square.clone();
        }
    });
    sum - product.ln()
}

pub(super) fn gamma(x: f64) -> Big {
    if x <= 0.0 && x == x.round() {
        return Big(BigFloat::nan(None));
    }
    let (log, negative) = lgamma(x);
    let value = log.exp();
    if negative { -value } else { value }
}

/// The error function by its Taylor series, with bits for the cancellation.
fn erf_series(x: &Big, bits: usize) -> Big {
    let p = P + bits;
    let mut x = x.0.clone();
    let _ = x.set_precision(p, RM);
    let x = Big(x);
    let minus_square = -(x.clone() * x.clone());
    let mut power = x.clone();
    let mut sum = x.clone();
    for n in 1..20_000 {
        power = power * minus_square.clone() / big(n as f64);
        let term = power.clone() / big((2 * n + 1) as f64);
        let small = match (term.0.exponent(), sum.0.exponent()) {
            (Some(a), Some(b)) => (a as i64) < b as i64 - p as i64 || term.0.is_zero(),
            _ => true,
        };
        sum = sum + term;
        if small {
            break;
        }
    }
    let pi = CONSTS.with_borrow_mut(|cc| Big(cc.pi(p, RM)));
    big(2.0) * sum / Big(pi.0.sqrt(p, RM))
}

pub(super) fn erf(x: &Big, estimate: f64) -> Big {
    erf_series(x, (estimate * estimate * 3.0) as usize + 64)
}

pub(super) fn erfc(x: &Big, estimate: f64) -> Big {
    big(1.0) - erf(x, estimate)
}

pub(super) fn pow(x: f64, y: f64) -> Big {
    let value = (big(y) * big(x.abs()).ln()).exp();
    if x < 0.0 && y % 2.0 != 0.0 {
        -value
    } else {
        value
    }
}

/// How far `y` is from the exact value, in units of the last place that a format of `digits` bits with smallest
/// exponent `lowest` (-1074 or -149) has at that value.
pub(super) fn error_ulp(y: f64, exact: &Big, digits: i32, lowest: i32) -> f64 {
    let Some((words, _, sign, exponent, _)) = exact.0.as_raw_parts() else {
        return if y.is_nan() || exact.0.is_inf() && y.is_infinite() {
            0.0
        } else {
            f64::INFINITY
        };
    };
    if exact.0.is_zero() {
        return if y == 0.0 { 0.0 } else { f64::INFINITY };
    }
    let e = exponent as i64;
    let top = if lowest == -1074 { 1024 } else { 128 };
    if e > top {
        // beyond the largest number
        return if y.is_infinite() { 0.0 } else { f64::INFINITY };
    }
    if y.is_infinite() && e < top || y.is_nan() {
        return f64::INFINITY;
    }
    if e < i64::from(lowest) - 60 {
        let ulp = 2.0_f64.powi(lowest + 537) * 2.0_f64.powi(-537);
        return (y / ulp).abs();
    }
    let e = e as i32;
    // words are of 64 bits, most significant last; the value is 0.m 2^e
    let n = words.len();
    let a = (words[n - 1] >> 11) as f64 / 2.0_f64.powi(53);
    let next = if n > 1 { words[n - 2] } else { 0 };
    let b = (((words[n - 1] & 0x7ff) << 42) | (next >> 22)) as f64 / 2.0_f64.powi(106);
    let scaled = if y.is_infinite() {
        // an overflow counts as the next power of two
        2.0_f64.powi(top as i32 - e)
    } else {
        let half = -e / 2;
        y.abs() * 2.0_f64.powi(half) * 2.0_f64.powi(-e - half)
    };
    if y != 0.0 && y.is_sign_negative() != (sign == Sign::Neg) {
        return f64::INFINITY;
    }
    let ulp = 2.0_f64.powi((e - digits).max(lowest) - e);
    (((scaled - a) - b) / ulp).abs()
}

/// `y - exact`, rounded.
pub(super) fn difference(y: f64, exact: &Big) -> f64 {
    let d = big(y) - exact.clone();
    let Some((words, _, sign, exponent, _)) = d.0.as_raw_parts() else {
        return f64::NAN;
    };
    if d.0.is_zero() {
        return 0.0;
    }
    let size = (words[words.len() - 1] >> 11) as f64 / 2.0_f64.powi(53) * 2.0_f64.powi(exponent);
    if sign == Sign::Neg { -size } else { size }
}
