"""Functions of complex numbers that order or round them, of NumPy -> ufunc_complex.tsv beside this script.

One case per line, columns separated by tabs; `#` starts a comment line:

    OP  TYPE  ARGUMENT...  RESULT

TYPE is c64 or c128, that of the arguments. ARGUMENTs and RESULT are lists separated by commas, complex numbers `RE:IM`,
truth values 0 or 1. The sign of a zero that ties with another means nothing. NumPy's clip passes over a NaN that is a
bound's imaginary part alone; no bound here has one.
"""

import itertools
import warnings
from pathlib import Path

import numpy as np

warnings.simplefilter("ignore")
rng = np.random.default_rng(13)
ORDER = ["less", "less_equal", "greater", "greater_equal", "maximum", "minimum", "fmax", "fmin"]
nan, inf = np.nan, np.inf
SPECIAL = [complex(a, b) for a, b in itertools.product([0.0, 1.0, -2.5, inf, nan], repeat=2)]


def text(x):
    x = np.asarray(x)
    if x.dtype.kind == "c":
        words = [f"{v.real!s}:{v.imag!s}" for v in x.ravel()]
    else:
        words = [str(int(v)) for v in x.ravel()]
    return ",".join(words) or "()"


def main(out):
    def line(op, kind, *columns):
        print(op, kind, *map(text, columns), sep="\t", file=out)

    for kind, dtype in [("c64", np.complex64), ("c128", np.complex128)]:
        y = np.array(SPECIAL, dtype)
        for first in y:
            x = np.full_like(y, first)
            for op in ORDER:
                line(op, kind, x, y, getattr(np, op)(x, y))
        bounds = y[~np.isnan(y.imag) | np.isnan(y.real)]
        x = rng.choice(y, 200)
        low, high = rng.choice(bounds, (2, 200))
        line("clip", kind, x, low, high, np.clip(x, low, high))
        x = np.concatenate([
            np.array(SPECIAL, dtype),
            (rng.integers(-20, 20, 60) / 4 + 1j * rng.integers(-20, 20, 60) / 4).astype(dtype),
            (rng.normal(0, 30, 60) + 1j * rng.normal(0, 30, 60)).astype(dtype),
        ])
        line("rint", kind, x, np.rint(x))
        line("nan_to_num", kind, x, np.nan_to_num(x))
        line("round1", kind, x, np.round(x, 1))
        line("round-1", kind, x, np.round(x, -1))
        finite = x[np.isfinite(x) & (x != 0)]
        other = np.roll(finite, 5) / 20
        line("float_power", kind, finite, other, np.float_power(finite, other))
        for n in [1, 2, 3, 7]:
            line("divide.reduce", kind, finite[:n], [np.divide.reduce(finite[:n])])
            line("maximum.reduce", kind, x[:n], [np.maximum.reduce(x[:n])])
            line("power.reduce", kind, finite[:n] / 40, [np.power.reduce(finite[:n] / 40)])


with open(Path(__file__).with_suffix(".tsv"), "w") as out:
    out.writelines(f"# {line}".rstrip() + "\n" for line in __doc__.strip().splitlines())
    main(out)
