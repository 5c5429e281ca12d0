"""Elementwise functions of NumPy (and SciPy) on edge values -> ufunc.tsv beside this script.

The columns and the ways to write values are those of operators.py:

    FUNCTION  DTYPE  LEFT  RIGHT  RESULT

RIGHT is `-` for functions of one argument. The type of RESULT follows from the function: `bool` for
questions, the operands' for others, except that integers and bool become f64 in functions of real
numbers (where NumPy chooses f16, f32 or f64 by the integer's width, all are computed in f64 here),
that ldexp has i32 on the right and frexp_exponent gives i32, that bitwise_count gives u8, and
float_power f64.

softplus, relu and leaky_relu are PyTorch's, as are silu and gelu, which are computed with SciPy's expit
and ndtr, because PyTorch's lose the digits of negative arguments. sinc is computed with sines of
multiples of pi that are not rounded before.

Functions of f32 whose results are rounded are computed in f64 and rounded to f32.

Left out, because NumPy's result is not defined or not ours: reciprocal of zero for 8- and 16-bit
integers, the sign of zero of maximum and its like and of gelu, negative exponents of integers.
"""

import pathlib
import random

import numpy as np
import torch
from scipy import special

from operators import COMPARISONS, COMPLEX, FLOATS, INTEGERS, complexes, floats, integers, text

HERE = pathlib.Path(__file__).resolve().parent
REAL = ["exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "cbrt", "sin", "cos", "tan", "arcsin",
        "arccos", "arctan", "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh", "deg2rad", "rad2deg", "spacing"]
SPECIAL = {"erf": special.erf, "erfc": special.erfc, "gamma": special.gamma, "gammaln": special.gammaln,
           "expit": special.expit, "logit": special.logit, "log_expit": special.log_expit}
ACTIVATIONS = {"softplus": lambda x: torch_function("softplus", x, threshold=100), "silu": lambda x: x * special.expit(x),
               "gelu": lambda x: x * special.ndtr(x), "gelu_tanh": lambda x: x * special.expit(gelu_angle(x)),
               "sinc": lambda x: np.where(x == 0, 1.0, special._ufuncs._sinpi(x) / (np.pi * x))}
TESTS = ["isnan", "isinf", "isfinite", "isposinf", "isneginf", "signbit"]
REAL2 = ["divide", "arctan2", "hypot", "copysign", "nextafter", "logaddexp", "logaddexp2", "heaviside"]
PRECISE2 = ["arctan2", "hypot", "logaddexp", "logaddexp2", "power"]
OWN = ["floor", "ceil", "trunc", "rint", "sign", "absolute", "square", "negative", "positive"]
OWN2 = ["floor_divide", "remainder", "fmod", "maximum", "minimum", "fmax", "fmin"]
LOGIC = ["logical_and", "logical_or", "logical_xor"]
BITS = ["bitwise_and", "bitwise_or", "bitwise_xor", "left_shift", "right_shift", "gcd", "lcm"]
COMPLEX_OWN = ["conjugate", "square", "sign", "reciprocal", "negative", "positive"]
COMPLEX_REAL = ["absolute", "real", "imag", "angle"]
COMPLEX_FUNCTIONS = ["exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "sin", "cos", "tan", "arcsin",
                     "arccos", "arctan", "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh"]


def torch_function(name, x, **options):
    return getattr(torch.nn.functional, name)(torch.from_numpy(x), **options).numpy()


def gelu_angle(x):
    """Twice the argument of the hyperbolic tangent."""
    return 2 * np.sqrt(2 / np.pi) * (x + 0.044715 * x ** 3)


def function(name):
    return SPECIAL.get(name) or ACTIVATIONS.get(name) or getattr(np, name)


def moderate(rng, dtype, count):
    """Arguments of ordinary size, where functions are neither zero nor infinite."""
    return np.array([rng.choice([-1, 1]) * 2.0 ** rng.uniform(-8, 4) for _ in range(count)], dtype=dtype)


def no_zeros(a, b, result):
    """Without pairs whose result is a zero of either sign."""
    keep = (result != 0) | np.isnan(result) | (np.signbit(a) == np.signbit(b))
    return a[keep], b[keep], result[keep]


def cases():
    rng = random.Random(31)
    for name, dtype in FLOATS.items():
        for op in [*REAL, *SPECIAL, "reciprocal", *OWN, *TESTS, "nan_to_num", "logical_not", "frexp_mantissa",
                   "frexp_exponent", "modf_fraction", "modf_whole"]:
            yield op, name, floats(rng, dtype, 13), None
            yield op, name, moderate(rng, dtype, 8), None
        for decimals in [0, 1, 2, 3, -1, -2]:
            values = [rng.choice([0.5, 1.5, 2.5, -0.5, 2.675, 0.285, 1.005, 15, 25, 1234.5, -0.04]) for _ in range(10)]
            yield f"round_{decimals}", name, np.array(values + [np.nan, np.inf, -0.0], dtype=dtype), None
        for op in [*REAL2, "power", *OWN2, *LOGIC, *COMPARISONS]:
            for _ in range(3):
                yield op, name, floats(rng, dtype, 13), floats(rng, dtype, 13)
            yield op, name, moderate(rng, dtype, 8), moderate(rng, dtype, 8)
            yield op, name, abs(moderate(rng, dtype, 8)), moderate(rng, dtype, 8)
        counts = np.array([rng.choice([-2000, -1074, -150, -3, 0, 1, 5, 127, 128, 1023, 5000]) for _ in range(13)], "i4")
        yield "ldexp", name, floats(rng, dtype, 13), counts
    for name, dtype in INTEGERS.items():
        for op in ["exp", "sqrt", "log1p", "arctan", "expit", "erf", "isnan", "isfinite", "signbit", *OWN, "logical_not",
                   "bitwise_count", "invert"]:
            if op == "rint":  # keeps integers here, makes floats of them in NumPy
                continue
            yield op, name, integers(rng, dtype, 9), None
        nonzero = integers(rng, dtype, 9)
        nonzero[nonzero == 0] = 3
        yield "reciprocal", name, nonzero, None
        if dtype.itemsize >= 4:
            yield "reciprocal", name, np.array([0, 1, 2], dtype=dtype), None
        for decimals in [0, 2, -1, -2, -30]:
            small = np.array([rng.randint(0, 99) * (rng.choice([1, -1]) if name[0] == "i" else 1) for _ in range(9)])
            yield f"round_{decimals}", name, small.astype(dtype), None
        for op in ["divide", "arctan2", "hypot", "logaddexp", *OWN2, *BITS, *LOGIC, *COMPARISONS, "float_power"]:
            for _ in range(3):
                yield op, name, integers(rng, dtype, 9), integers(rng, dtype, 9)
        exponents = np.array([rng.choice([0, 1, 2, 3, 7, 8, 20]) for _ in range(9)], dtype=dtype)
        yield "power", name, integers(rng, dtype, 9), exponents
    bools = np.array([False, False, True, True]), np.array([False, True, False, True])
    for op in ["exp", "sqrt", "isnan", "logical_not", "invert"]:
        yield op, "bool", bools[0], None
    for op in ["add", "multiply", "maximum", "minimum", "fmax", "fmin", "divide", *LOGIC, *COMPARISONS, *BITS[:3]]:
        yield op, "bool", *bools
    for name, dtype in COMPLEX.items():
        for op in [*COMPLEX_OWN, *COMPLEX_REAL, *COMPLEX_FUNCTIONS, "isnan", "isinf", "isfinite", "logical_not"]:
            z = np.array([complex(rng.uniform(-3, 3), rng.uniform(-3, 3)) for _ in range(12)], dtype=dtype)
            yield op, name, z, None
        for op in ["sign", "absolute", "isnan", "isinf", "isfinite", "conjugate", "real", "imag"]:
            parts = [0.0, -0.0, 1.0, -2.0, np.nan, np.inf, -np.inf]
            z = np.array([complex(rng.choice(parts), rng.choice(parts)) for _ in range(16)], dtype=dtype)
            yield op, name, z, None
        for op in ["divide", "power", *LOGIC, "equal", "not_equal"]:
            yield op, name, complexes(rng, dtype, 12), complexes(rng, dtype, 12) / 8
    for name, dtype in FLOATS.items():
        for op in ACTIVATIONS:
            yield op, name, moderate(rng, dtype, 8) / (4 if op == "gelu_tanh" else 1), None
        edges = np.array([0.0, 0.5, -2.5, np.nan, -0.0], dtype=dtype)
        for op in ACTIVATIONS:
            yield op, name, edges[:4] if op == "gelu" else edges, None
        yield "softplus", name, np.array([1e-4, 30, -30, 1000, -1000, np.inf, -np.inf], dtype=dtype), None
        yield "sinc", name, np.array([np.inf, -np.inf, 1e-4, 12.25, 1000.5, -4097.75], dtype=dtype), None
        yield "relu", name, np.array([1.5, -1.5, 0.0, np.nan, np.inf, -np.inf, 1e-40, -1e-40], dtype=dtype), None
        slopes = np.full(8, 0.125, dtype=dtype)
        yield "leaky_relu", name, np.array([1.5, -1.5, 0.0, -0.0, np.nan, np.inf, -np.inf, -1e-40], dtype=dtype), slopes
        yield "leaky_relu", name, moderate(rng, dtype, 8), np.full(8, 0.01, dtype=dtype)
        for _ in range(2):
            yield "float_power", name, floats(rng, dtype, 13), floats(rng, dtype, 13)
        yield "float_power", name, abs(moderate(rng, dtype, 8)), moderate(rng, dtype, 8)
    for name, dtype in INTEGERS.items():
        yield "relu", name, integers(rng, dtype, 9), None


def apply(op, a, b):
    if op.startswith("round_"):
        return np.round(a, int(op.removeprefix("round_")))
    if op.startswith("frexp_"):
        return np.frexp(a)[op == "frexp_exponent"]
    if op.startswith("modf_"):
        return np.modf(a)[op == "modf_whole"]
    if op == "relu":
        return np.maximum(a, 0) if a.dtype.kind in "iu" else torch_function(op, a)
    if op == "leaky_relu":
        return torch_function(op, a, negative_slope=float(b[0]))
    wide = a.dtype.kind in "iub" and (op in REAL or op in SPECIAL or op in REAL2 or op in TESTS)
    if wide:
        a, b = a.astype(np.float64), b if b is None else b.astype(np.float64)
    single = a.dtype == np.float32 and (op in [*REAL, *SPECIAL, *ACTIVATIONS, *PRECISE2]) and op != "spacing"
    if single:
        # NumPy's own results are several units in the last place off, SciPy's lose subnormal numbers.
        a, b = a.astype(np.float64), b if b is None else b.astype(np.float64)
    result = function(op)(a) if b is None else function(op)(a, b)
    return result.astype(np.float32) if single else result


def line(op, name, a, b):
    with np.errstate(all="ignore"):
        result = apply(op, a, b)
    if op in ("maximum", "minimum", "fmax", "fmin") and a.dtype.kind == "f":
        a, b, result = no_zeros(a, b, result)
    columns = [",".join(map(text, values)) for values in (a, result)]
    columns.insert(1, "-" if b is None else ",".join(map(text, b)))
    return "\t".join([op, name, *columns]) + "\n"


def main():
    with open(HERE / "ufunc.tsv", "w", newline="\n") as out:
        out.writelines(f"# {line}".rstrip() + "\n" for line in [*__doc__.splitlines(), f"NumPy {np.__version__}"])
        out.writelines(line(*case) for case in cases())


if __name__ == "__main__":
    main()
