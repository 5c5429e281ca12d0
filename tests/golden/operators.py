"""Elementwise operators of NumPy on edge values -> operators.tsv beside this script.

One case per line, columns separated by tabs; `#` starts a comment line:

    OP  DTYPE  LEFT  RIGHT  RESULT

DTYPE is bool, i8 ... i64, u8 ... u64, f32, f64, c32 (pairs of f32) or c64 (pairs of f64).

LEFT, RIGHT and RESULT are lists of the same length separated by commas; for unary operations RIGHT is
`-`. Integers are decimal, booleans `true` and `false`, floats the shortest text that reads back the
same bits (`nan`, `inf`, `-inf` and `-0.0` occur), complex numbers `RE:IM`. The result of a comparison
is boolean, any other result has the type of the operands. The payload and sign of a NaN mean nothing.

add, subtract, multiply, negative            integers wrap; all types except bool
divide                                       f32 and f64 only: NumPy's / on integers gives floats
equal ... greater_equal                      real types and bool; complex numbers only (not_)equal
bitwise_and, bitwise_or, bitwise_xor, invert integers and bool (invert of bool is logical not)
left_shift, right_shift                      integers; shift counts beyond the width and negative ones
                                             occur in the lines of left_shift_any and right_shift_any
floor_divide, remainder                      NumPy's rule (the sign of the divisor), not Rust's; the
                                             lines of floor_divide_zero and remainder_zero have zero
                                             divisors
"""

import pathlib
import random

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
INTEGERS = {f"{sign}{bits}": np.dtype(f"{'u' if sign == 'u' else ''}int{bits}")
            for sign in "iu" for bits in (8, 16, 32, 64)}
FLOATS = {"f32": np.dtype(np.float32), "f64": np.dtype(np.float64)}
COMPLEX = {"c32": np.dtype(np.complex64), "c64": np.dtype(np.complex128)}
COMPARISONS = ["equal", "not_equal", "less", "less_equal", "greater", "greater_equal"]


def text(value):
    if isinstance(value, np.bool_):
        return str(bool(value)).lower()
    if isinstance(value, np.complexfloating):
        return f"{text(value.real)}:{text(value.imag)}"
    if isinstance(value, np.float32):
        return repr(float(str(value)))
    if isinstance(value, np.floating):
        return repr(float(value))
    return str(int(value))


def integers(rng, dtype, count):
    info = np.iinfo(dtype)
    edges = [info.min, info.min + 1, info.max, info.max - 1, 0, 1, 2, 3, 7, info.max // 2, info.max // 3]
    if info.min < 0:
        edges += [-1, -2, -3, -7]
    picked = [rng.choice(edges) if rng.random() < 0.5 else rng.randint(info.min, info.max) for _ in range(count)]
    return np.array(picked, dtype=dtype)


def floats(rng, dtype, count):
    info = np.finfo(dtype)
    tiny = float(info.smallest_subnormal)
    edges = [0.0, -0.0, 1.0, -1.0, np.nan, np.inf, -np.inf, float(info.max), -float(info.max),
             float(info.tiny), -float(info.tiny), tiny, -tiny, float(info.eps), 1.0 + float(info.eps), 0.1, 3.0]
    picked = [rng.choice(edges) if rng.random() < 0.6 else rng.uniform(-100, 100) for _ in range(count)]
    return np.array(picked, dtype=dtype)


def complexes(rng, dtype, count):
    # Eighths with few digits: products and sums are exact, so that fused and unfused forms agree.
    def part():
        return rng.randint(-160, 160) / 8

    return np.array([complex(part(), part()) for _ in range(count)], dtype=dtype)


def cases():
    rng = random.Random(23)
    count = 12
    for name, dtype in INTEGERS.items():
        bits = dtype.itemsize * 8
        for op in ["add", "subtract", "multiply", *COMPARISONS, "bitwise_and", "bitwise_or", "bitwise_xor"]:
            for _ in range(3):
                yield op, name, integers(rng, dtype, count), integers(rng, dtype, count)
        for op in ["negative", "invert"]:
            yield op, name, integers(rng, dtype, count), None
        for op in ["left_shift", "right_shift"]:
            a = integers(rng, dtype, count)
            yield op, name, a, np.array([rng.randrange(bits) for _ in a], dtype=dtype)
            counts = [bits, bits + 1, 100, 127, 0, bits - 1]
            if name[0] == "i":
                counts += [-1, -2, -100]
            yield op + "_any", name, a, np.array([rng.choice(counts) for _ in a], dtype=dtype)
        for op in ["floor_divide", "remainder"]:
            for _ in range(2):
                b = integers(rng, dtype, count)
                b[b == 0] = 5
                yield op, name, integers(rng, dtype, count), b
            b[::2] = 0
            yield op + "_zero", name, integers(rng, dtype, count), b
    for name, dtype in FLOATS.items():
        for op in ["add", "subtract", "multiply", "divide", *COMPARISONS]:
            for _ in range(6):
                yield op, name, floats(rng, dtype, count), floats(rng, dtype, count)
        for op in ["floor_divide", "remainder"]:
            for _ in range(3):
                b = floats(rng, dtype, count)
                b[b == 0] = 5
                yield op, name, floats(rng, dtype, count), b
            b[::2] = 0
            yield op + "_zero", name, floats(rng, dtype, count), b
        yield "negative", name, floats(rng, dtype, 17), None
    for name, dtype in COMPLEX.items():
        for op in ["add", "subtract", "multiply", "equal", "not_equal"]:
            a, b = complexes(rng, dtype, count), complexes(rng, dtype, count)
            b[::3] = a[::3]
            yield op, name, a, b
        yield "negative", name, complexes(rng, dtype, count), None
    for op in [*COMPARISONS, "bitwise_and", "bitwise_or", "bitwise_xor"]:
        yield op, "bool", np.array([False, False, True, True]), np.array([False, True, False, True])
    yield "invert", "bool", np.array([False, True]), None


def line(op, name, a, b):
    function = getattr(np, op.removesuffix("_any").removesuffix("_zero"))
    with np.errstate(all="ignore"):
        result = function(a) if b is None else function(a, b)
    assert result.dtype == (bool if op in COMPARISONS else a.dtype), (op, name, result.dtype)
    columns = [",".join(map(text, values)) for values in (a, result)]
    columns.insert(1, "-" if b is None else ",".join(map(text, b)))
    for values, written in zip((a, result), (columns[0], columns[2])):
        if name == "f32" and values.dtype == np.float32:
            back = np.array([np.float32(part) for part in written.split(",")])
            assert np.array_equal(back.view(np.uint32)[~np.isnan(back)], values.view(np.uint32)[~np.isnan(values)])
    return "\t".join([op, name, *columns]) + "\n"


def main():
    with open(HERE / "operators.tsv", "w", newline="\n") as out:
        out.writelines(f"# {line}".rstrip() + "\n" for line in [*__doc__.splitlines(), f"NumPy {np.__version__}"])
        out.writelines(line(*case) for case in cases())


if __name__ == "__main__":
    main()
