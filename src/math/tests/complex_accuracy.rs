//! Worst errors of the functions of complex numbers against 320-bit arithmetic.

use num_complex::Complex;

use super::accuracy::{Random, effort};
use super::complex::{TABLE, hard_points};
use super::reference::{Big, big, difference, error_ulp, pi};
use crate::engine::simd::detected;

#[derive(Clone)]
struct Wide {
    re: Big,
    im: Big,
}

fn wide(re: Big, im: Big) -> Wide {
    Wide { re, im }
}

impl Wide {
    fn times(&self, w: &Wide) -> Wide {
        wide(
            self.re.clone() * w.re.clone() - self.im.clone() * w.im.clone(),
            self.re.clone() * w.im.clone() + self.im.clone() * w.re.clone(),
        )
    }
    fn conj(&self) -> Wide {
        wide(self.re.clone(), -self.im.clone())
    }
    fn square_modulus(&self) -> Big {
        self.re.clone() * self.re.clone() + self.im.clone() * self.im.clone()
    }
    fn over(&self, x: &Big) -> Wide {
        wide(self.re.clone() / x.clone(), self.im.clone() / x.clone())
    }
    fn divided(&self, w: &Wide) -> Wide {
        self.times(&w.conj()).over(&w.square_modulus())
    }
    fn plus(&self, x: f64) -> Wide {
        wide(self.re.clone() + big(x), self.im.clone())
    }
    /// `i z`.
    fn turned(&self) -> Wide {
        wide(-self.im.clone(), self.re.clone())
    }
    fn turned_back(&self) -> Wide {
        wide(self.im.clone(), -self.re.clone())
    }
    fn exp(&self) -> Wide {
        let r = self.re.exp();
        wide(r.clone() * self.im.cos(), r * self.im.sin())
    }
    fn log(&self) -> Wide {
        wide(
            big(0.5) * self.square_modulus().ln(),
            angle(&self.im, &self.re),
        )
    }
    fn sqrt(&self) -> Wide {
        let t = (big(0.5) * (self.re.abs() + self.square_modulus().sqrt())).sqrt();
        let s = self.im.clone() / (t.clone() + t.clone());
        if negative(&self.re) {
            let up = if negative(&self.im) { -t } else { t };
            return wide(s.abs(), up);
        }
        wide(t, s)
    }
    fn sinh(&self) -> Wide {
        wide(
            self.re.sinh() * self.im.cos(),
            self.re.cosh() * self.im.sin(),
        )
    }
    fn cosh(&self) -> Wide {
        wide(
            self.re.cosh() * self.im.cos(),
            self.re.sinh() * self.im.sin(),
        )
    }
    /// `sqrt(1 + z)` and `sqrt(1 - z)`.
    fn roots(&self) -> (Wide, Wide) {
        let minus = wide(-self.re.clone(), -self.im.clone());
        (self.plus(1.0).sqrt(), minus.plus(1.0).sqrt())
    }
    fn asin(&self) -> Wide {
        let (p, m) = self.roots();
        wide(
            angle(&self.re, &p.times(&m).re),
            odd(&m.conj().times(&p).im, Big::asinh),
        )
    }
    fn acos(&self) -> Wide {
        let (p, m) = self.roots();
        wide(
            big(2.0) * angle(&m.re, &p.re),
            odd(&p.conj().times(&m).im, Big::asinh),
        )
    }
    fn atanh(&self) -> Wide {
        let (x, y) = (self.re.clone(), self.im.clone());
        let left = self.plus(1.0).square_modulus();
        let right = self.plus(-1.0).square_modulus();
        let below = (big(1.0) - x.clone()) * (big(1.0) + x) - y.clone() * y.clone();
        wide(
            big(0.25) * (left / right).ln(),
            big(0.5) * angle(&(y.clone() + y), &below),
        )
    }
}

fn negative(x: &Big) -> bool {
    (-x.clone()).positive()
}

/// The reference library's inverse functions are accurate for positive arguments.
fn odd(x: &Big, f: impl Fn(&Big) -> Big) -> Big {
    if negative(x) { -f(&-x.clone()) } else { f(x) }
}

fn angle(y: &Big, x: &Big) -> Big {
    if !x.positive() && !negative(x) {
        let quarter = pi() * big(0.5);
        return if negative(y) { -quarter } else { quarter };
    }
    let angle = (y.clone() / x.clone()).atan();
    match (negative(x), negative(y)) {
        (false, _) => angle,
        (true, true) => angle - pi(),
        (true, false) => angle + pi(),
    }
}

fn exact(name: &str, z: Complex<f64>) -> Wide {
    let z = wide(big(z.re), big(z.im));
    let ln = |x: f64| big(x).ln();
    match name {
        "exp" => z.exp(),
        "exp2" => z.times(&wide(ln(2.0), big(0.0))).exp(),
        "expm1" => z.exp().plus(-1.0),
        "log" => z.log(),
        "log2" => z.log().over(&ln(2.0)),
        "log10" => z.log().over(&ln(10.0)),
        "log1p" => z.plus(1.0).log(),
        "sqrt" => z.sqrt(),
        "sin" => z.turned().sinh().turned_back(),
        "cos" => z.turned().cosh(),
        "tan" => {
            let z = z.turned();
            z.sinh().divided(&z.cosh()).turned_back()
        }
        "sinh" => z.sinh(),
        "cosh" => z.cosh(),
        "tanh" => z.sinh().divided(&z.cosh()),
        "asin" => z.asin(),
        "acos" => z.acos(),
        "atan" => z.turned().atanh().turned_back(),
        "asinh" => z.turned().asin().turned_back(),
        "acosh" => {
            let w = z.acos();
            let im = if negative(&z.im) { -w.re } else { w.re };
            wide(w.im.abs(), im)
        }
        "atanh" => z.atanh(),
        "square" => z.times(&z),
        "reciprocal" => z.conj().over(&z.square_modulus()),
        "sign" => z.over(&z.square_modulus().sqrt()),
        other => panic!("no reference for {other}"),
    }
}

/// The worst error of each part, and the arguments.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) bound: f64,
    /// Of `f64` and of `f32`.
    pub(super) worst: [(f64, Complex<f64>); 2],
}

/// Half near the origin and the branch points, half of all sizes that 320 bits cope with.
fn points(name: &str, single: bool, n: usize) -> Vec<Complex<f64>> {
    let mut random = Random(31);
    let widest = match name {
        "exp" | "exp2" | "expm1" | "sin" | "cos" | "tan" | "sinh" | "cosh" | "tanh" => 4.0,
        _ if single => 40.0,
        _ => 60.0,
    };
    let size = |random: &mut Random| {
        let size = random.uniform(-60.0_f64.min(widest), widest).exp2();
        if random.bits() & 1 == 0 { size } else { -size }
    };
    let mut z = hard_points(single);
    z.retain(|z| z.re.abs().max(z.im.abs()) <= widest.exp2());
    for _ in 0..n {
        z.push(Complex::new(
            random.uniform(-4.0, 4.0),
            random.uniform(-4.0, 4.0),
        ));
        z.push(Complex::new(size(&mut random), size(&mut random)));
        let (sin, cos) = random.uniform(-3.1, 3.1).sin_cos();
        z.push(Complex::new(cos, sin));
        z.push(Complex::new(
            1.0 + 1e-3 * size(&mut random).min(1.0),
            size(&mut random),
        ));
    }
    if single {
        for z in &mut z {
            *z = Complex::new(f64::from(z.re as f32), f64::from(z.im as f32));
        }
    }
    z.retain(|z| z.re != 0.0 && z.im != 0.0);
    z
}

pub(super) fn sweep() -> Vec<Row> {
    let n = effort().0 / 20;
    let mut rows = Vec::new();
    for f in TABLE {
        let mut row = Row {
            name: f.name,
            bound: f.bound,
            worst: [(0.0, Complex::new(0.0, 0.0)); 2],
        };
        for single in [false, true] {
            let z = points(f.name, single, n);
            let mut w = z.clone();
            let (digits, lowest) = if single { (24, -149) } else { (53, -1074) };
            if single {
                let narrow: Vec<_> = z
                    .iter()
                    .map(|z| Complex::new(z.re as f32, z.im as f32))
                    .collect();
                let mut out = narrow.clone();
                (f.f32)(detected(), &narrow, &mut out);
                for (w, out) in w.iter_mut().zip(&out) {
                    *w = Complex::new(f64::from(out.re), f64::from(out.im));
                }
            } else {
                (f.f64)(detected(), &z, &mut w);
            }
            let worst = &mut row.worst[usize::from(single)];
            for (&z, &w) in z.iter().zip(&w) {
                let exact = exact(f.name, z);
                let re = if f.name == "expm1" {
                    // relative to the modulus
                    let ulp = 2.0_f64.powi(1 - digits) * w.norm();
                    difference(w.re, &exact.re).abs() / ulp
                } else {
                    error_ulp(w.re, &exact.re, digits, lowest)
                };
                let e = re.max(error_ulp(w.im, &exact.im, digits, lowest));
                if e > worst.0 {
                    *worst = (e, z);
                }
            }
        }
        let [double, single] = &row.worst;
        println!("{:12} f64 {:7.3} at {:?}", row.name, double.0, double.1);
        println!("{:12} f32 {:7.3} at {:?}", row.name, single.0, single.1);
        rows.push(row);
    }
    rows
}

pub(super) fn check(rows: &[Row]) {
    let bad: Vec<_> = rows
        .iter()
        .filter(|row| row.worst.iter().any(|w| w.0 > row.bound))
        .map(|row| format!("{}: {:?}", row.name, row.worst))
        .collect();
    assert!(bad.is_empty(), "beyond their bounds:\n{}", bad.join("\n"));
}

/// The lines of `docs/accuracy.md`.
pub(super) fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "\n## Complex functions\n\n\
         The worse of both parts, each in ULP of that part (of the modulus for the real part of `expm1`), against 320-bit\n\
         arithmetic, on stratified arguments. `pow` and arguments of extreme size are tested against values of mpmath.\n\n\
         | function | bound | `f64` worst | at | `f32` worst | at |\n|---|--:|--:|---|--:|---|\n",
    );
    for row in rows {
        let [double, single] = &row.worst;
        text += &format!(
            "| `complex::{}` | {} | {:.3} | {} | {:.3} | {} |\n",
            row.name, row.bound, double.0, double.1, single.0, single.1
        );
    }
    text
}

#[test]
fn errors_stay_within_bounds() {
    check(&sweep());
}
