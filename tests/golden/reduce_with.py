"""Reductions with a second operand, `ptp` and `logsumexp`, of NumPy and SciPy -> reduce_with.tsv beside this script.

One case per line, columns separated by tabs; `#` starts a comment line:

    array    DTYPE  SHAPE  VALUES  WHOLE    broadcast to WHOLE before use
    operand  SHAPE  VALUES                  what follows has these weights, or elements where this is 1
    OP       AXES   RESULT                  of the array, and of the operand where OP takes one

DTYPE is f64, f32, i8 ... i64, u8 ... u64, bool, c32 (complex64) or c64 (complex128). Lists are separated by
commas, `()` is the empty list; AXES is `all` for the whole array. VALUES are in row-major order, as is RESULT. Floats are the shortest text that reads back the
same bits, complex numbers `RE:IM`; `!` followed by a message is an error. `max_where` and `min_where` start
from 1.
"""

import warnings
from pathlib import Path

import numpy as np
from scipy.special import logsumexp

warnings.simplefilter("ignore")
rng = np.random.default_rng(11)
SHAPES = [(), (1,), (7,), (40,), (0,), (3, 5), (20, 3), (0, 3), (3, 0), (2, 3, 4), (3, 2, 17)]
INTEGERS = {"i8": np.int8, "i16": np.int16, "i64": np.int64,
            "u8": np.uint8, "u16": np.uint16, "u32": np.uint32, "u64": np.uint64}
# Types that share their code with f64, f32, i32, u8 or c64.
ALIKE = ["i8", "i16", "i64", "u16", "u32", "u64", "bool", "c32"]
FEW = [(), (7,), (0,), (20, 3), (0, 3), (2, 3, 4)]
BROADCAST = [((3, 1), (3, 6)), ((1, 4), (5, 4)), ((2, 1, 3), (2, 4, 3)), ((), (4, 2))]


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
    if dtype in ("f64", "f32"):
        v = rng.integers(-40, 40, n) / 8
        v[rng.random(n) < 0.06] = np.nan
        v[rng.random(n) < 0.04] = np.inf
        v[rng.random(n) < 0.04] = -np.inf
        return v.astype({"f64": np.float64, "f32": np.float32}[dtype]).reshape(shape)
    if dtype == "i32":
        return rng.integers(-6, 7, n).astype(np.int32).reshape(shape)
    if dtype == "u8":
        return rng.integers(0, 256, n).astype(np.uint8).reshape(shape)
    if dtype in INTEGERS:
        info = np.iinfo(INTEGERS[dtype])
        return rng.integers(info.min, info.max, n, dtype=info.dtype, endpoint=True).reshape(shape)
    if dtype == "bool":
        return (rng.random(n) < 0.5).reshape(shape)
    z = rng.integers(-9, 9, n) / 4 + 1j * rng.integers(-9, 9, n) / 4
    return z.astype(np.complex64 if dtype == "c32" else np.complex128).reshape(shape)


def choices(ndim):
    single = [(axis,) for axis in range(ndim)]
    several = [(0, 2), (1, 2)] if ndim == 3 else []
    return [None, *single, *several]


def log_sum_exp(x, axes):
    # SciPy refuses tuples of axes of an array without elements.
    result = logsumexp(x, axis=axes) if x.size else np.log(np.exp(x).sum(axis=axes))
    return result.astype(x.dtype)


def lines(out, ops, x):
    for axes in choices(x.ndim):
        for op, f in ops.items():
            try:
                result = text(f(x, axes))
            except (ValueError, ZeroDivisionError) as error:
                result = "!" + str(error)
            print(op, "all" if axes is None else text(np.array(axes)), result, sep="\t", file=out)


def main(out):
    for dtype in ["f64", "f32", "i32", "u8", "c64", *ALIKE]:
        # NumPy has no difference of bool, and starts no extremum of bool from a number.
        real, floating = dtype not in ("bool", "c32", "c64"), dtype in ("f64", "f32")
        shapes, broadcast = (FEW, BROADCAST[:1]) if dtype in ALIKE else (SHAPES, BROADCAST)
        for own, whole in [(shape, shape) for shape in shapes] + broadcast:
            base = sample(dtype, own)
            x = np.broadcast_to(base, whole)
            print("array", dtype, text(np.array(own)), text(base), text(np.array(whole)), sep="\t", file=out)
            alone = {}
            if real:
                alone["ptp"] = lambda x, axes: np.ptp(x, axis=axes)
            if floating:
                alone["logsumexp"] = log_sum_exp
            lines(out, alone, x)

            # A mask of the array's shape, and one for the last axis alone.
            for shape in dict.fromkeys([whole, whole[-1:]]):
                mask = rng.random(shape) < 0.6
                print("operand", text(np.array(shape)), text(mask), sep="\t", file=out)
                ops = {
                    "sum_where": lambda x, axes: np.sum(x, axis=axes, where=mask),
                    "mean_where": lambda x, axes: np.mean(x, axis=axes, where=mask),
                }
                if real:
                    ops["max_where"] = lambda x, axes: np.max(x, axis=axes, where=mask, initial=1)
                    ops["min_where"] = lambda x, axes: np.min(x, axis=axes, where=mask, initial=1)
                lines(out, ops, x)

            if not floating:
                continue
            weights = rng.integers(-2, 9, whole).astype(x.dtype) / 4
            print("operand", text(np.array(whole)), text(weights), sep="\t", file=out)
            lines(out, {"average": lambda x, axes: np.average(x, axis=axes, weights=weights)}, x)
            for axes in choices(x.ndim)[1:]:
                shape = tuple(whole[axis] for axis in axes)
                weights = rng.integers(0, 9, shape).astype(x.dtype) / 4
                print("operand", text(np.array(shape)), text(weights), sep="\t", file=out)
                try:
                    result = text(np.average(x, axis=axes, weights=weights))
                except ZeroDivisionError as error:
                    result = "!" + str(error)
                print("average", text(np.array(axes)), result, sep="\t", file=out)


with open(Path(__file__).with_suffix(".tsv"), "w") as out:
    out.writelines(f"# {line}".rstrip() + "\n" for line in __doc__.strip().splitlines())
    main(out)
