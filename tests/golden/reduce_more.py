"""Reductions of integers, truth values and complex numbers, differences and phases, of NumPy and SciPy -> reduce_more.tsv
beside this script.

One case per line, columns separated by tabs; `#` starts a comment line:

    array  DTYPE  SHAPE  VALUES  WEIGHTS    what follows has these elements
    OP     AXES   RESULT

DTYPE is f64, i32, u8, bool or c64 (complex128). Lists are separated by commas, `()` is the empty list; AXES is `all` for
the whole array. VALUES are in row-major order, as are WEIGHTS, of the same type, and RESULT. Floats are the shortest text
that reads back the same bits, complex numbers `RE:IM`, truth values 0 or 1; `!` followed by a message is an error.
"""

import warnings
from pathlib import Path

import numpy as np
from scipy.special import logsumexp, softmax, log_softmax

warnings.simplefilter("ignore")
rng = np.random.default_rng(12)
SHAPES = [(1,), (7,), (40,), (0,), (3, 5), (20, 3), (0, 3), (3, 0), (2, 3, 4), (3, 2, 17)]


def text(x):
    x = np.asarray(x)
    if x.dtype.kind == "c":
        words = [f"{float(v.real)!r}:{float(v.imag)!r}" for v in x.ravel()]
    elif x.dtype.kind == "f":
        words = [repr(float(v)) for v in x.ravel()]
    else:
        words = [str(int(v)) for v in x.ravel()]
    return ",".join(words) or "()"


def sample(dtype, shape):
    n = int(np.prod(shape))
    if dtype == "f64":
        v = rng.normal(0, 6, n).round(3)
    elif dtype == "i32":
        v = rng.integers(-6, 7, n).astype(np.int32)
    elif dtype == "u8":
        v = rng.integers(0, 256, n).astype(np.uint8)
    elif dtype == "bool":
        v = rng.random(n) < 0.6
    else:
        # Few real parts, so that the imaginary ones decide.
        v = rng.integers(-2, 2, n) / 4 + 1j * rng.integers(-9, 9, n) / 4
        v[rng.random(n) < 0.05] = complex(np.nan, 1)
        v[rng.random(n) < 0.05] = complex(1, np.nan)
    return v.reshape(shape)


def wide(x):
    return x if x.dtype.kind == "c" else x.astype(np.sum(x).dtype)


def choices(ndim):
    return [None, *[(axis,) for axis in range(ndim)], *([(0, 2), (1, 2)] if ndim == 3 else [])]


def lines(out, ops, x, all_axes):
    for axes in all_axes:
        axis = axes[0] if axes is not None and len(axes) == 1 else axes
        for op, f in ops.items():
            try:
                result = text(f(x, axis))
            except (ValueError, ZeroDivisionError) as error:
                result = "!" + str(error)
            print(op, "all" if axes is None else text(np.array(axes)), result, sep="\t", file=out)


def main(out):
    for dtype in ["i32", "u8", "bool", "c64", "f64"]:
        for shape in SHAPES:
            x, w = sample(dtype, shape), sample(dtype, shape)
            if dtype == "c64":
                w = np.where(np.isnan(w), 1, w)
            print("array", dtype, text(np.array(shape)), text(x), text(w), sep="\t", file=out)
            several = choices(x.ndim)
            single = [axes for axes in several if axes is not None and len(axes) == 1]
            if dtype == "f64":
                ops = {"unwrap": lambda x, axis: np.unwrap(x, axis=axis)}
                lines(out, ops, x, single)
                if x.size:
                    ops = {
                        "softmax": lambda x, axis: softmax(x, axis=axis),
                        "log_softmax": lambda x, axis: log_softmax(x, axis=axis),
                    }
                    lines(out, ops, x, several[1:])
                continue
            ops = {
                "nansum": lambda x, axis: np.nansum(x, axis=axis),
                "nanprod": lambda x, axis: np.nanprod(x, axis=axis),
                "nanmean": lambda x, axis: np.nanmean(x, axis=axis),
                "nanvar": lambda x, axis: np.nanvar(x, axis=axis, ddof=1),
                "nanstd": lambda x, axis: np.nanstd(x, axis=axis),
                "average": lambda x, axis: np.average(x, axis=axis, weights=w),
                "sum_abs": lambda x, axis: np.abs(wide(x)).sum(axis=axis),
                "sum_squares": lambda x, axis: (np.abs(wide(x)) ** 2).sum(axis=axis),
            }
            if dtype == "c64":
                ops["max"] = lambda x, axis: np.max(x, axis=axis)
                ops["min"] = lambda x, axis: np.min(x, axis=axis)
            ops["nanmax"] = lambda x, axis: np.nanmax(x, axis=axis)
            ops["nanmin"] = lambda x, axis: np.nanmin(x, axis=axis)
            lines(out, ops, x, several)
            ops = {
                "nanargmax": lambda x, axis: np.nanargmax(x, axis=axis),
                "nanargmin": lambda x, axis: np.nanargmin(x, axis=axis),
            }
            if dtype == "c64":
                ops["argmax"] = lambda x, axis: np.argmax(x, axis=axis)
                ops["argmin"] = lambda x, axis: np.argmin(x, axis=axis)
            elif x.size:
                ops["logsumexp"] = lambda x, axis: logsumexp(x, axis=axis)
            lines(out, ops, x, [None, *single])
            ops = {
                "nancumsum": lambda x, axis: np.nancumsum(x, axis=axis),
                "nancumprod": lambda x, axis: np.nancumprod(x, axis=axis),
                "cumsum_from_zero": lambda x, axis: np.cumulative_sum(x, axis=axis, include_initial=True),
                "cumprod_from_one": lambda x, axis: np.cumulative_prod(x, axis=axis, include_initial=True),
                "diff1": lambda x, axis: np.diff(x, 1, axis),
                "diff3": lambda x, axis: np.diff(x, 3, axis),
            }
            lines(out, ops, x, single)


with open(Path(__file__).with_suffix(".tsv"), "w") as out:
    out.writelines(f"# {line}".rstrip() + "\n" for line in __doc__.strip().splitlines())
    main(out)
