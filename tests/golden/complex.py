"""Functions of complex numbers -> complex.tsv beside this script. Needs NumPy and mpmath.

One case per line, columns separated by tabs; `#` starts a comment line:

    numpy  FUNCTION  RE  IM  RE  IM                        argument and NumPy's result (complex128)
    exact  FUNCTION  TYPE  RE  IM  RE  LOW  IM  LOW        argument and the exact result, each part as
                                                           the nearest double and what it misses

The first kind has all pairs of zeros, infinities, NaN and a few numbers. The sign of a NaN means nothing.
expm1 of infinities: see `numpy_value`. The second kind has arguments of
all sizes, near branch points and near circles where logarithms vanish; TYPE is f32 or f64, the type that holds
the argument. Lines of `pow` have four columns of arguments.
"""

import itertools
import pathlib
import random

import mpmath
import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
NUMPY = {
    "exp": np.exp, "exp2": np.exp2, "expm1": np.expm1, "log": np.log, "log2": np.log2, "log10": np.log10,
    "log1p": np.log1p, "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos, "tan": np.tan, "sinh": np.sinh,
    "cosh": np.cosh, "tanh": np.tanh, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan,
    "asinh": np.arcsinh, "acosh": np.arccosh, "atanh": np.arctanh, "square": np.square,
    "reciprocal": np.reciprocal, "sign": np.sign,
}
EXACT = {
    "exp": mpmath.exp, "exp2": lambda z: mpmath.exp(z * mpmath.log(2)), "expm1": lambda z: mpmath.exp(z) - 1,
    "log": mpmath.log, "log2": lambda z: mpmath.log(z) / mpmath.log(2),
    "log10": lambda z: mpmath.log(z) / mpmath.log(10), "log1p": lambda z: mpmath.log(1 + z),
    "sqrt": mpmath.sqrt, "sin": mpmath.sin, "cos": mpmath.cos, "tan": mpmath.tan, "sinh": mpmath.sinh,
    "cosh": mpmath.cosh, "tanh": mpmath.tanh, "asin": mpmath.asin, "acos": mpmath.acos, "atan": mpmath.atan,
    "asinh": mpmath.asinh, "acosh": mpmath.acosh, "atanh": mpmath.atanh, "square": lambda z: z * z,
    "reciprocal": lambda z: 1 / z, "sign": lambda z: z / abs(z),
}
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -3.0, np.inf, -np.inf, np.nan]


def text(x):
    return repr(float(x))


def numpy_value(name, z):
    z = np.array([z])
    if name == "expm1" and not (np.isfinite(z[0].real) and np.isfinite(z[0].imag)):
        # NumPy multiplies infinity by zero here; as the Array API says, e^z less one
        w = np.exp(z)
        return complex(w[0].real - 1, w[0].imag)
    return NUMPY[name](z)[0]


def part(x):
    high = float(x)
    if not np.isfinite(high):
        return None
    return text(high), text(float(x - mpmath.mpf(high)))


def arguments(rng, dtype, name):
    """Complex numbers whose parts are of this type and not zero."""
    info = np.finfo(dtype)
    top, bottom = (1020, -1070) if dtype is np.float64 else (126, -148)
    eps = float(info.eps)
    small_domain = name in ("exp", "exp2", "expm1", "sinh", "cosh", "sin", "cos")
    points = []
    for _ in range(12):
        points.append((rng.uniform(-4, 4), rng.uniform(-4, 4)))
    for _ in range(12):
        span = 6 if small_domain else top
        size = lambda: rng.choice([-1, 1]) * 2.0 ** rng.uniform(bottom, span) * rng.uniform(0.5, 1)
        points.append((size(), size()))
    for _ in range(8):
        size = lambda: rng.choice([-1, 1]) * 2.0 ** rng.uniform(-60, 4)
        points.append((size(), size()))
    for _ in range(6):
        angle = rng.uniform(-3, 3)
        points.append((np.cos(angle), np.sin(angle)))  # the unit circle
        points.append((np.cos(angle) - 1, np.sin(angle)))  # that of log1p
    for k in (1, 3, 1000):
        for tiny in (eps, eps * eps, 2.0 ** (bottom + 20)):
            points += [(1 + k * eps, tiny), (-1 + k * eps, -tiny), (tiny, 1 - k * eps), (-tiny, -1 - k * eps)]
    points += [(-tiny * tiny / 2, tiny) for tiny in (1e-3, 1e-6)]
    if small_domain or name in ("tan", "tanh"):
        limit = float(np.log(info.max))
        quarter = float(dtype(np.pi / 2))
        edges = [(limit + 1, quarter), (limit + 20, 2.0 ** -40), (2 * limit, 2.0 ** (bottom + 8)), (-limit + 3, 1.0),
                 (21.9, 1.0), (22.1, -2.0), (0.99, 1e22 if dtype is np.float64 else 1e10), (limit + 0.3, 1.0)]
        if name in ("sin", "cos", "tan"):
            edges = [(y, x) for x, y in edges]
        points += edges
    if name == "exp2":
        points = [p for p in points if abs(p[1]) < 2**20]
    if name in ("tan", "tanh"):
        points = [p for p in points if max(abs(p[0]), abs(p[1])) < 1e30]
    with np.errstate(all="ignore"):
        points = [(float(dtype(x)), float(dtype(y))) for x, y in points]
    return [p for p in points if all(v != 0 and np.isfinite(v) for v in p)]


def main():
    rng = random.Random(5)
    lines = ["# " + line if line else "#" for line in __doc__.splitlines()]
    np.seterr(all="ignore")
    for name in NUMPY:
        for x, y in itertools.product(SPECIAL, SPECIAL):
            w = numpy_value(name, complex(x, y))
            lines.append("\t".join(["numpy", name, text(x), text(y), text(w.real), text(w.imag)]))
    bases = [0j, complex(-0.0, 0.0), 1 + 2j, -3j, complex(-2, 0.0), complex(-2, -0.0), 0.5 + 0j, complex(np.inf, 1)]
    powers = [0j, 1 + 0j, 2 + 0j, 3 + 0j, -1 + 0j, -2 + 0j, 7 + 0j, 0.5 + 0j, 1j, -1 + 1j, 1 + 1j]
    for z, w in itertools.product(bases, powers):
        if np.isinf(z.real) and w not in (0, 1):
            continue
        v = (np.array([z]) ** np.array([w]))[0]
        columns = ["numpy", "pow", text(z.real), text(z.imag), text(w.real), text(w.imag), text(v.real), text(v.imag)]
        lines.append("\t".join(columns))
    mpmath.mp.prec = 4500
    for dtype, label in ((np.float64, "f64"), (np.float32, "f32")):
        for name, function in EXACT.items():
            for x, y in arguments(rng, dtype, name):
                w = mpmath.mpc(function(mpmath.mpc(x, y)))
                parts = [part(w.real), part(w.imag)]
                if None in parts or any(abs(float(p[0])) > float(np.finfo(dtype).max) for p in parts):
                    continue
                lines.append("\t".join(["exact", name, label, text(x), text(y), *parts[0], *parts[1]]))
        for _ in range(60):
            z = [float(dtype(rng.uniform(-3, 3))) for _ in range(2)]
            w = [float(dtype(rng.uniform(-20, 20))) for _ in range(2)]
            v = mpmath.mpc(*z) ** mpmath.mpc(*w)
            columns = [*map(text, z), *map(text, w), *part(v.real), *part(v.imag)]
            if max(abs(float(v.real)), abs(float(v.imag))) < float(np.finfo(dtype).max):
                lines.append("\t".join(["exact", "pow", label, *columns]))
    (HERE / "complex.tsv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
