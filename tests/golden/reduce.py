"""Reductions of NumPy -> reduce.tsv beside this script.

One case per line, columns separated by tabs; `#` starts a comment line:

    array  DTYPE  SHAPE  VALUES
    OP     AXES   RESULT          of the array above

DTYPE is f64, f32, i8 ... i64, u8 ... u64, bool, c32 (complex64) or c64 (complex128). Lists are separated by commas, `()` is the empty
list; AXES is `all` for the whole array. VALUES are in row-major order, as is RESULT. Floats are the
shortest text that reads back the same bits, complex numbers `RE:IM`, booleans 0 and 1; `!` followed by
a message is an error. var1 and std1 have ddof 1.
"""

import warnings

import numpy as np

warnings.simplefilter("ignore")
rng = np.random.default_rng(7)


def text(x):
    x = np.asarray(x)
    if x.size == 0:
        return "()"
    out = []
    for v in x.ravel():
        if x.dtype.kind == "c":
            out.append(f"{float(v.real)!r}:{float(v.imag)!r}")
        elif x.dtype.kind == "f":
            out.append(repr(float(v)))
        else:
            out.append(str(int(v)))
    return ",".join(out)


def sample(dtype, shape):
    n = int(np.prod(shape))
    if dtype == "f64" or dtype == "f32":
        v = rng.integers(-40, 40, n) / 8
        v[rng.random(n) < 0.1] = np.nan
        v[rng.random(n) < 0.03] = np.inf
        return v.astype(np.float64 if dtype == "f64" else np.float32).reshape(shape)
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


INTEGERS = {"i8": np.int8, "i16": np.int16, "i32": np.int32, "i64": np.int64,
            "u8": np.uint8, "u16": np.uint16, "u32": np.uint32, "u64": np.uint64}
REAL = {
    "sum": np.sum, "prod": np.prod, "mean": np.mean, "var": np.var, "std": np.std,
    "var1": lambda x, axis: np.var(x, axis=axis, ddof=1), "any": np.any, "all": np.all,
    "count_nonzero": np.count_nonzero, "min": np.min, "max": np.max,
    "argmin": np.argmin, "argmax": np.argmax, "cumsum": np.cumsum, "cumprod": np.cumprod,
}
FLOAT = {
    "nansum": np.nansum, "nanprod": np.nanprod, "nanmean": np.nanmean, "nanvar": np.nanvar,
    "nanstd": np.nanstd, "nanmin": np.nanmin, "nanmax": np.nanmax, "nancumsum": np.nancumsum,
    "nancumprod": np.nancumprod,
    "nanargmin": np.nanargmin, "nanargmax": np.nanargmax,
}
ORDER = {"min", "max", "argmin", "argmax"}
SINGLE = {"argmin", "argmax", "cumsum", "cumprod", "nancumsum", "nancumprod", "nanargmin", "nanargmax"}
SHAPES = [(7,), (40,), (1,), (0,), (3, 5), (20, 3), (3, 20), (0, 3), (3, 0), (2, 3, 4), (5, 2, 18)]
# Types that share their code with one of the above.
ALIKE = ["i8", "i16", "i64", "u16", "u32", "u64", "c32"]
FEW = [(7,), (0,), (20, 3), (0, 3), (2, 3, 4)]


def main():
    print("# " + __doc__.strip().replace("\n", "\n# "))
    for dtype in ["f64", "f32", "i32", "u8", "bool", "c64", *ALIKE]:
        ops = dict(REAL)
        if dtype in ("f64", "f32"):
            ops |= FLOAT
        if dtype[0] == "c":
            ops = {k: v for k, v in ops.items() if k not in ORDER}
        for shape in FEW if dtype in ALIKE else SHAPES:
            x = sample(dtype, shape)
            print("\t".join(["array", dtype, text(np.array(shape)), text(x)]))
            choices = [None] + [(a,) for a in range(len(shape))]
            if len(shape) == 3:
                choices += [(0, 2), (1, 2), (0, 1, 2)]
            for axes in choices:
                for op, f in ops.items():
                    if axes is not None and len(axes) > 1 and op in SINGLE:
                        continue
                    if len(shape) == 3 and shape[0] > 2 and op in ("prod", "cumprod", "nanprod", "nancumprod"):
                        continue
                    axis = axes if axes is None or op not in SINGLE else axes[0]
                    try:
                        result = text(f(x, axis=axis))
                    except ValueError as error:
                        result = "!" + str(error)
                    print("\t".join([op, "all" if axes is None else text(np.array(axes)), result]))


main()
