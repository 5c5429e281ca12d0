"""Computes src/math/coefficients.rs and tables.rs: minimax polynomials by Remez exchange in 60-digit arithmetic.

    python -m venv venv && venv/bin/pip install mpmath gmpy2
    venv/bin/python tests/golden/math_coefficients.py (writes src/math/{coefficients,tables}.rs)

Each polynomial P minimises |w(t) (P(t) - f(t))| over an interval, where w turns an error of P into a
relative error of the function that is built from it. Coefficients are rounded one after another,
lowest first, and the rest is fitted again after each rounding, so that rounding costs almost nothing.
"""
import pathlib
import struct
import sys

from mpmath import mp, mpf, log, exp, sin, cos, atan, asin, erf, erfc, sqrt, pi, loggamma, gamma

mp.dps = 60
LN2 = log(2)
BITS = {"f64": 53, "f32": 24}


def rounded(x, ty):
    """x rounded to nearest in the type, as an mpf."""
    if ty == "f64":
        return mpf(float(x))  # mpmath rounds to nearest
    m, e = mp.frexp(x)
    return mp.ldexp(mp.nint(mp.ldexp(m, 24)), int(e) - 24)


def literal(x, ty):
    if ty == "f64":
        return repr(float(x))
    want = struct.pack("f", float(x))
    for digits in range(1, 12):
        s = "%.*e" % (digits, float(x))
        if struct.pack("f", float(s)) == want:
            m, e = s.split("e")
            short = repr(float(s))
            return short
    raise ValueError(x)


def solve_weighted(ts, ws, fs, signs, n):
    """p and E with w_i (p(t_i) - f_i) = signs_i E at n + 1 points."""
    a = mp.matrix(n + 1, n + 1)
    b = mp.matrix(n + 1, 1)
    for i in range(n + 1):
        power = mpf(1)
        for j in range(n):
            a[i, j] = ws[i] * power
            power *= ts[i]
        a[i, n] = -signs[i]
        b[i] = ws[i] * fs[i]
    x = mp.lu_solve(a, b)
    return [x[j] for j in range(n)], abs(x[n])


def horner(p, t):
    s = mpf(0)
    for c in reversed(p):
        s = s * t + c
    return s


def remez(grid, n):
    """Minimax polynomial with n coefficients for grid points (t, w, f), by multi-point exchange."""
    m = len(grid)
    refs = [round((m - 1) * i / n) for i in range(n + 1)]  # the grid is Chebyshev already
    best = None
    for _ in range(25):
        pts = [grid[i] for i in refs]
        p, _e = solve_weighted([q[0] for q in pts], [q[1] for q in pts], [q[2] for q in pts],
                               [(-1) ** i for i in range(n + 1)], n)
        err = [w * (horner(p, t) - f) for t, w, f in grid]
        top = max(abs(e) for e in err)
        if best is None or top < best[1]:
            best = (p, top)
        # extrema of the runs of equal sign, then keep n + 1 with the largest around the top
        runs, start = [], 0
        for i in range(1, m + 1):
            if i == m or (err[i] > 0) != (err[start] > 0):
                runs.append(max(range(start, i), key=lambda k: abs(err[k])))
                start = i
        while len(runs) > n + 1:
            if len(runs) == n + 2:
                runs.pop(0 if abs(err[runs[0]]) < abs(err[runs[-1]]) else -1)
            else:
                k = min(range(len(runs)), key=lambda j: abs(err[runs[j]]))
                if k in (0, len(runs) - 1):
                    runs.pop(k)
                else:
                    k2 = k - 1 if abs(err[runs[k - 1]]) < abs(err[runs[k + 1]]) else k + 1
                    for j in sorted((k, k2), reverse=True):
                        runs.pop(j)
        if len(runs) < n + 1 or runs == refs:
            break
        refs = runs
    return best


def fit(f, w, lo, hi, n, ty, keep=8, first_low=None):
    """n rounded coefficients; the first `keep` are rounded one by one with a refit of the others."""
    lo, hi = mpf(lo), mpf(hi)
    m = 24 * (n + 2)
    ts = [lo + (hi - lo) * (1 - mp.cos(pi * (i + mpf(1) / 2) / m)) / 2 for i in range(m)]
    grid = [(t, abs(mpf(w(t))), mpf(f(t))) for t in ts]
    fixed = []
    target = grid
    for _ in range(min(keep, n - 1)):
        p, _e = remez(target, n - len(fixed))
        c = rounded(p[0], ty)
        if first_low is not None and not fixed:
            first_low.append(rounded(p[0] - c, ty))
            c += first_low[0]
        fixed.append(c)
        target = [(t, abs(ww * t), (ff - c) / t) for t, ww, ff in target]
    p, _e = remez(target, n - len(fixed))
    out = fixed + [rounded(c, ty) for c in p]
    err = max(abs(ww * (horner(out, t) - ff)) for t, ww, ff in grid)
    return out, err


def taylor_safe(f, series, eps=mpf(10) ** -8):
    """f with its removable singularity at 0 replaced by the start of its series."""
    return lambda t: series(t) if abs(t) < eps else f(t)


S2 = sqrt(mpf(2))
R2 = mpf(1) / 2
root = lambda g: (lambda t: g(sqrt(t)))
HALF_LN2 = LN2 / 2 * mpf("1.0001")
f_exp = taylor_safe(lambda r: (exp(r) - 1 - r) / r**2, lambda r: R2 + r / 6 + r * r / 24)
f_exp2 = taylor_safe(lambda r: (mpf(2) ** r - 1) / r, lambda r: LN2 + LN2**2 * r / 2 + LN2**3 * r * r / 6)
f_log = taylor_safe(lambda x: (log(1 + x) - x) / x**2, lambda x: -R2 + x / 3 - x * x / 4)
f_log3 = taylor_safe(lambda x: (log(1 + x) - x + x * x / 2) / x**3, lambda x: mpf(1) / 3 - x / 4 + x * x / 5)
f_atanh3 = root(taylor_safe(lambda s: (mp.atanh(s) - s) / s**3, lambda s: mpf(1) / 3 + s**2 / 5, mpf(10) ** -6))
f_atanh = lambda z: 2 / LN2 * (mpf(1) / 3 + z / 5 + z * z / 7 if z < mpf(10) ** -12 else (mp.atanh(sqrt(z)) - sqrt(z)) / z ** 1.5)
S_MAX = 3 - sqrt(mpf(8))
w_log = lambda x: x**2 / log(1 + x) if x != 0 else abs(x)
f_sin = root(taylor_safe(lambda r: (sin(r) - r) / r**3, lambda r: -mpf(1) / 6 + r**2 / 120, mpf(10) ** -6))
f_cos = root(taylor_safe(lambda r: (cos(r) - 1 + r * r / 2) / r**4, lambda r: mpf(1) / 24 - r**2 / 720, mpf(10) ** -6))
f_atan = root(taylor_safe(lambda r: (atan(r) - r) / r**3, lambda r: -mpf(1) / 3 + r**2 / 5, mpf(10) ** -6))
f_asin = root(taylor_safe(lambda r: (asin(r) - r) / r**3, lambda r: mpf(1) / 6 + 3 * r**2 / 40, mpf(10) ** -6))
f_erf = root(taylor_safe(lambda r: erf(r) / r, lambda r: 2 / sqrt(pi) * (1 - r**2 / 3), mpf(10) ** -6))
f_erf1 = root(taylor_safe(lambda r: erf(r) / r - 1, lambda r: 2 / sqrt(pi) * (1 - r**2 / 3) - 1, mpf(10) ** -6))
w_erf1 = root(taylor_safe(lambda r: r / erf(r), lambda r: sqrt(pi) / 2, mpf(10) ** -6))
f_sinh = root(taylor_safe(lambda r: (mp.sinh(r) - r) / r**3, lambda r: mpf(1) / 6 + r**2 / 120, mpf(10) ** -6))
f_tanh = root(taylor_safe(lambda r: (mp.tanh(r) - r) / r**3, lambda r: -mpf(1) / 3 + 2 * r**2 / 15, mpf(10) ** -6))

K_ERFC = mpf("2.5")


def f_erfc(t):
    # x from t = (x - k) / (x + k); (x + k) exp(x^2) erfc(x), smooth up to x = infinity (t = 1)
    if t > 1 - mpf(10) ** -12:
        return 1 / sqrt(pi)
    x = K_ERFC * (1 + t) / (1 - t)
    if x > 30:
        s, term = mpf(0), mpf(1)
        for k in range(60):
            s += term
            term *= -(2 * k + 1) / (2 * x * x)
            if abs(term) < mpf(10) ** -45:
                break
        return s / sqrt(pi) * (x + K_ERFC) / x
    return (x + K_ERFC) * exp(x * x) * erfc(x)


K_ERFC_SINGLE = 3


def f_erfcx(s):
    # (x + k) exp(x^2) erfc(x) from s = 1 / (x + k)
    x = 1 / s - K_ERFC_SINGLE
    return (x + K_ERFC_SINGLE) * exp(x * x) * erfc(x)


TAIL_MIDDLE = mpf(7) / 2


def f_erfcx_tail(u):
    x = u + TAIL_MIDDLE
    return exp(x * x) * erfc(x)


def f_log1p_ratio(v):
    # log(1 + w) / w - 3/4 from v = w - 1/2
    w = v + R2
    return (1 - w / 2 if w < mpf(10) ** -20 else mp.log1p(w) / w) - mpf(3) / 4


K_GELU_SINGLE = mpf(3) / 2


def f_gelu(v):
    # (a + k) exp(a^2 / 2) erfc(a / sqrt 2) - 1 from v = a / (a + k) - 1/2
    u = v + R2
    a = K_GELU_SINGLE * u / (1 - u)
    return (a + K_GELU_SINGLE) * exp(a * a / 2) * erfc(a / sqrt(2)) - 1


def f_lgamma12(y):
    # lgamma(1.5 + y) / ((y + 1/2) (y - 1/2)) on [-1/2, 1/2]
    x = y + R2 * 3
    if abs(x - 1) < mpf(10) ** -12:
        return (-mp.euler) / -1
    if abs(x - 2) < mpf(10) ** -12:
        return 1 - mp.euler
    return loggamma(x) / ((x - 1) * (x - 2))


def f_stirling(z):
    # lgamma(x) = (x - 1/2) log x - x + log(2 pi)/2 + u S(u^2), u = 1/x, z = u^2
    if z < mpf(10) ** -10:
        return mpf(1) / 12 - z / 360 + z * z / 1260
    x = 1 / sqrt(z)
    return (loggamma(x) - ((x - R2) * log(x) - x + log(2 * pi) / 2)) * x


t_of = lambda x: (mpf(x) - K_ERFC) / (mpf(x) + K_ERFC)
Q = pi / 2 * mpf("1.0001")
Q4 = pi / 4 * mpf("1.0001")

# name, doc, f, weight, lo, hi, coefficients for f64 and f32 (0: the type does not use it; with both it is in the trait)
TABLE = [
    ("EXP", "(e^r - 1 - r) / r^2 on |r| <= ln(2)/2, in r.", f_exp, lambda r: abs(r), -HALF_LN2, HALF_LN2, 10, 5),
    ("EXPM1", "The same with a term more, for results where it counts more.", f_exp, lambda r: abs(r), -HALF_LN2, HALF_LN2, 11, 6),
    ("EXP2", "(2^r - 1) / r on |r| <= 1/2, in r.", f_exp2, lambda r: abs(r), -R2, R2, 11, 6),
    ("LOG", "2 (atanh(s) - s) / s^3 for |s| <= 3 - sqrt(8), in s^2.", lambda z: 2 * f_atanh3(z), lambda z: z ** 1.5 / mp.atanh(sqrt(z)) / 2, 0, (S_MAX * mpf("1.0001")) ** 2, 7, 3),
    ("LOG2", "(log2(1+f) - f/ln 2) / f^2 on the same interval, in f.", lambda x: f_log(x) / LN2, lambda x: w_log(x), 1 / S2 - 1, S2 - 1, 20, 9),
    ("LOG10", "(log10(1+f) - f/ln 10) / f^2 on the same interval, in f.", lambda x: f_log(x) / log(10), lambda x: w_log(x), 1 / S2 - 1, S2 - 1, 20, 9),
    ("LOG_NEAR_1", "(log(1+f) - f + f^2/2) / f^3 for |f| <= 0.0085, in f.", f_log3, lambda x: abs(x) ** 2, -mpf("0.0085"), mpf("0.0085"), 7, 0),
    ("LOG2_SINGLE", "(atanh(s) - s) 2 / (s^3 ln 2) for |s| <= 3 - sqrt(8), in s^2.", f_atanh, lambda z: z ** 1.5 * LN2 / mp.atanh(sqrt(z)) / 2, 0, (S_MAX * mpf("1.0001")) ** 2, 0, 4),
    ("ATANH", "(atanh(s) - s) / s^3 for |s| <= 3 - sqrt(8), in s^2.", f_atanh3, lambda z: z ** 1.5 / mp.atanh(sqrt(z)), 0, (S_MAX * mpf("1.0001")) ** 2, 8, 0),
    ("RECIPROCAL", "1 / m for sqrt(1/2) <= m <= sqrt(2), in m: a first guess.", lambda m: 1 / m, lambda m: 1, 1 / S2, S2, 4, 0),
    ("LOG1P_RATIO", "log(1 + w) / w - 3/4 for 0 <= w <= 1, in w - 1/2.", f_log1p_ratio, lambda v: 1 / (mpf(3) / 4 + f_log1p_ratio(v)), -R2, R2, 21, 10),
    ("SIN_QUARTER", "(sin(r) - r) / r^3 on |r| <= pi/4, in r^2.", f_sin, lambda z: z ** 1.5 / sin(sqrt(z)), 0, Q4**2, 6, 3),
    ("COS_QUARTER", "(cos(r) - 1 + r^2/2) / r^4 on |r| <= pi/4, in r^2.", f_cos, lambda z: z**2, 0, Q4**2, 6, 3),
    ("ATAN", "(atan(r) - r) / r^3 on |r| <= 1, in r^2.", f_atan, lambda z: z ** 1.5 / atan(sqrt(z)), 0, 1, 20, 9),
    ("ASIN", "(asin(r) - r) / r^3 on |r| <= 1/2, in r^2.", f_asin, lambda z: z ** 1.5 / asin(sqrt(z)), 0, mpf(1) / 4, 13, 5),
    ("SINH", "(sinh(r) - r) / r^3 on |r| <= 1, in r^2.", f_sinh, lambda z: z ** 1.5 / mp.sinh(sqrt(z)), 0, 1, 7, 3),
    ("TANH", "(tanh(r) - r) / r^3 on |r| <= ln(2)/4, in r^2.", f_tanh, lambda z: z ** 1.5 / mp.tanh(sqrt(z)), 0, (HALF_LN2 / 2) ** 2, 6, 3),
    ("ERF", "erf(r) / r on |r| <= 1/2, in r^2.", f_erf, lambda z: 1, 0, mpf(1) / 4, 10, 0),
    ("ERFC", "(x + k) exp(x^2) erfc(x) for 1/2 <= x <= 28, in t = (x - k) / (x + k), k = 5/2.", f_erfc, lambda t: 1 / f_erfc(t), t_of("0.5"), t_of(28), 22, 0),
    ("ERF_UNIT", "erf(r) / r on |r| <= 1, in r^2.", f_erf, lambda z: 1, 0, 1, 12, 0),
    ("ERF_TAIL", "exp(x^2) erfc(x) for 1 <= x <= 6, in x - 7/2; the error is that of erfc(x), absolute.", f_erfcx_tail, lambda u: exp(-(u + TAIL_MIDDLE) ** 2), -R2 * 5, R2 * 5, 21, 0),
    ("ERF_SINGLE", "erf(r) / r - 1 on |r| <= 5/4, in r^2.", f_erf1, w_erf1, 0, mpf(25) / 16, 0, 8),
    ("ERFC_SINGLE", "erfc(x) for 5/4 <= x <= 63/16, in x - 83/32; the error is absolute.", lambda t: erfc(t + mpf(83) / 32), lambda t: 1, -mpf(43) / 32, mpf(43) / 32, 0, 14),
    ("ERFCX_TO_SINGLE", "(x + 3) exp(x^2) erfc(x) for 0 <= x <= 41/4, in 1 / (x + 3).", f_erfcx, lambda s: 1 / f_erfcx(s), mpf(4) / 53, mpf(1) / 3, 10, 0),
    ("EXP2_TO_SINGLE", "(2^r - 1) / r on |r| <= 1/2, in r.", f_exp2, lambda r: abs(r), -R2, R2, 6, 0),
    ("GELU_SINGLE", "(a + 3/2) exp(a^2 / 2) erfc(a / sqrt 2) - 1 for 0 <= a <= 14.45, in a / (a + 3/2) - 1/2.", f_gelu, lambda v: 1 / (1 + f_gelu(v)), -R2, mpf("14.45") / (mpf("14.45") + K_GELU_SINGLE) - R2, 0, 12),
    ("LGAMMA", "lgamma(3/2 + y) / (y^2 - 1/4) on |y| <= 1/2, in y.", f_lgamma12, lambda y: 1, -R2, R2, 23, 0),
    ("RECIPROCAL_GAMMA", "1 / gamma(3/2 + y) on |y| <= 1/2, in y.", lambda y: mp.rgamma(y + R2 * 3), lambda y: 1, -R2, R2, 18, 0),
    ("STIRLING", "x (lgamma(x) - (x - 1/2) log x + x - log(2 pi)/2) for x >= 8, in 1/x^2.", f_stirling, lambda z: 1, 0, mpf(1) / 64, 7, 0),
]


def main():
    folder = pathlib.Path(__file__).resolve().parents[2] / "src" / "math"
    out = {"f64": [], "f32": []}
    decl = []
    for name, doc, f, w, lo, hi, n64, n32 in TABLE:
        types = [(ty, n) for ty, n in (("f64", n64), ("f32", n32)) if n]
        for ty, n in types:
            first_low = [] if name == "ERFC" else None
            # in single precision the last of many coefficients must be fitted to the rounded ones, too
            keep = n if name in ("ERFC_SINGLE", "GELU_SINGLE") else 8
            c, err = fit(f, w, lo, hi, n, ty, keep, first_low)
            if first_low:
                erfc_low = first_low[0]
            bits = float(-mp.log(err, 2))
            print(f"{name} {ty}: {n} coefficients, error 2^-{bits:.1f}", file=sys.stderr)
            out[ty].append((name, doc, c, bits))
        decl.append((name, doc, bool(n64 and n32)))
    sys.stdout = open(folder / "coefficients.rs", "w")
    print("//! Minimax coefficients, lowest power first: written by `tests/golden/math_coefficients.py`.")
    print("//!")
    print("//! The errors given are those of the polynomial with rounded coefficients, relative to the")
    print("//! function that it builds.\n")
    print("/// The polynomials that a type's kernels use.")
    print("pub trait Coefficients: Sized + 'static {")
    for name, doc, both in decl:
        if both:
            print(f"    /// {doc}\n    const {name}: &'static [Self];")
    print("}\n")
    for ty in ("f64", "f32"):
        print(f"impl Coefficients for {ty} {{")
        for name, doc, c, bits in out[ty]:
            if not any(d[0] == name and d[2] for d in decl):
                continue
            print(f"    // error 2^-{bits:.1f}")
            print(f"    const {name}: &'static [Self] = &[")
            for v in c:
                print(f"        {literal(v, ty)},")
            print("    ];")
        print("}\n")
    for name, doc, both in decl:
        if both:
            continue
        ty, c, bits = next((ty, c, bits) for ty in out for n, _doc, c, bits in out[ty] if n == name)
        print(f"/// {doc} Error 2^-{bits:.1f}.")
        print(f"pub const {name}: &[{ty}] = &[")
        for v in c:
            print(f"    {literal(v, ty)},")
        print("];\n")
    print("/// What rounding the first of [`ERFC`] leaves.")
    print(f"pub const ERFC_FIRST_LOW: f64 = {literal(erfc_low, 'f64')};")
    sys.stdout = open(folder / "tables.rs", "w")
    print("//! Tables: written by `tests/golden/math_coefficients.py`.\n")
    print("/// -log(c) for c = i/128 (entry i mod 128; 80 <= i < 208), as a multiple of 2^-42 and a rest.")
    print("pub static LOG_TABLE: [[f64; 2]; 128] = [")
    for j in range(128):
        i = j if j >= 80 else j + 128
        v = -log(mpf(i) / 128)
        h = mp.nint(mp.ldexp(v, 42)) * mpf(2) ** -42
        print(f"    [{literal(h, 'f64')}, {literal(rounded(v - h, 'f64'), 'f64')}],")
    print("];")
    mp.prec = 1400
    one_over_pi = int(mp.floor(mp.ldexp(1 / mp.pi, 1280)))
    print("\n/// The first 1,280 bits of 1/pi, highest word first.")
    print("pub const INVERSE_PI: [u64; 20] = [")
    for k in range(20):
        print(f"    0x{(one_over_pi >> (64 * (19 - k))) & (2**64 - 1):016x},")
    print("];")


main()
