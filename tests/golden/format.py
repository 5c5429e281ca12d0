"""Writes format.tsv: arrays and the text NumPy prints for them.

    python format.py > format.tsv        # made with NumPy 2.4

Columns: dtype, shape (comma separated, `-` for 0-d), format flags of Rust, values, text.
Values are decimals that read back exactly, `lin:start:step` for start + step * i, complex numbers
as `re,im`, strings as `h` and the hex digits of their UTF-8. In the text, `\\` and line ends are
escaped as `\\\\` and `\\n`.
"""

import sys

import numpy as np

rng = np.random.default_rng(20240607)
RUST = {"f8": "f64", "f4": "f32", "c16": "c64", "c8": "c32", "?": "bool", "U": "str"}
RUST |= {f"{k}{n}": f"{k}{8 * n}" for k in "iu" for n in (1, 2, 4, 8)}
count = 0


def options(flags):
    out = {}
    if "+" in flags:
        out["sign"] = "+"
    if "#" in flags:
        out["threshold"] = sys.maxsize
    if "." in flags:
        out["precision"] = int(flags.split(".")[1])
    return out


def word(x, kind):
    if kind == "c":
        return f"{word(x.real, 'f')},{word(x.imag, 'f')}"
    if kind == "U":
        return "h" + str(x).encode().hex()
    return str(int(x)) if kind in "biu" else str(x)


def case(dtype, values, shape=None, flags="", spec=None):
    global count
    with np.errstate(over="ignore"):
        x = np.array(values, dtype=dtype)
    x = x.reshape(x.shape if shape is None else shape)
    if spec is None:
        spec = " ".join(word(v, x.dtype.kind) for v in x.ravel())
    with np.printoptions(**options(flags)), np.errstate(all="ignore"):
        text = str(x)
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    dims = ",".join(map(str, x.shape)) if x.ndim else "-"
    print(RUST[dtype], dims, flags, spec, text, sep="\t")
    count += 1


def line(dtype, shape, start, step, flags=""):
    values = start + step * np.arange(np.prod(shape), dtype="f8")
    case(dtype, values, shape, flags, f"lin:{start}:{step}")


nan, inf = np.nan, np.inf
FLOATS = [
    [1.0, 2.5], [1.0], [0.0], [-0.0], [0.0, -0.0, 1.0], [1.0, -2.0, 3.0], [0.1, 0.2, 0.3],
    [0.1 + 0.2], [1 / 3, 2 / 3], [np.pi, np.e], [100.0, 0.5], [1e7], [99999999.0], [1e8], [123456789.0],
    [1e-4], [9.999e-5], [1e-4, 0.1], [1e-4, 0.1001], [1.0, 1000.0], [1.0, 1001.0], [0.0, 1e-5],
    [1e-10, 1.0], [1e100, 1.0], [1e-100, -1e100], [1e22, 1.5], [5e-324, 1.0], [1.7976931348623157e308],
    [2.2250738585072014e-308, 2.0], [1e308, 1e-308], [nan], [inf], [-inf], [nan, inf, -inf], [nan, 1.0],
    [inf, 1.0], [-inf, 1.0], [nan, 1.5, 22.25], [-inf, 1.5, 1e10], [nan, 1e-7], [inf, -1.0, nan, 1e9],
    [1.23456789012345, 1.0], [0.123456785, 0.5], [1.5e-8, 1e-8], [123.456789, 0.25],
    [0.999999999999, 0.5], [9.9999999999e9, 1.0], [99999999.9, 1.0], [99999999.5, 99999998.5],
    [0.5, 1.5, 2.5, 3.5], [0.125, 0.375, 0.625], [0.0005, 0.0015], [0.0004, 0.0006], [-0.0004, 0.001],
    [1e15, 1e16, 1e17], [1234567.0, 1.0], [1e6, 2e6], [999999.0, 123456.0], [16777216.0, 1.0],
    [1e5, 0.11], [12345.678, -98765.4321], [3.0e-5, 7.25e3, nan, -inf], [1e-5, 1e-6, 1e-7],
    [0.1, 1e20, 1 / 3], [1e10, 1.23456789e-5], [-1.0, -1e10], [2.0**53, 2.0**-30], [6.02214076e23, 1.602e-19],
]
for dtype in ("f8", "f4"):
    for values in FLOATS:
        with np.errstate(over="ignore"):
            if dtype == "f4" and not np.all(np.isfinite(np.array(values, "f4")) | ~np.isfinite(values)):
                continue
        for flags in ("", ".3"):
            case(dtype, values, flags=flags)
    for values in FLOATS[::4]:
        for flags in (".0", ".1", ".17", "+", "+.2"):
            case(dtype, values, flags=flags)

# 0-d: the scalar's own text.
SCALARS = [0.0, -0.0, 1.0, 1.5, 0.1 + 0.2, 1e15, 1e16, 123456789.0, 1e-4, 9.9e-5, 1e22, 1e-300, nan, inf, -inf]
for v in SCALARS:
    case("f8", v)
for v in [0.0, -0.0, 1.0, 0.1, 1 / 3, 999999.0, 1e6, 1234567.0, 16777216.0, 1e-4, 1.5e-4, 3e38, nan, -inf]:
    case("f4", v)
for v in [0j, 1 + 2j, 1.5 - 2j, -2j, complex(-0.0, 3), complex(-0.0, -0.0), complex(0, nan), complex(inf, -0.0),
          complex(nan, -inf), 1e16 + 1e-5j, 1e6 + 123456j, 0.1 + 0.7j]:
    case("c16", v)
    case("c8", v)
for dtype, v in [("i8", -7), ("u1", 255), ("?", True), ("?", False), ("U", "it's"), ("U", "")]:
    case(dtype, v)

# Magnitudes drawn at random, where the notation, the common precision and the width all vary.
for dtype in ("f8", "f4"):
    for k in range(40):
        low, high = sorted(rng.integers(-9, 10, 2))
        values = rng.choice([-1, 1], 5) * 10 ** rng.uniform(low, high, 5)
        if k % 3 == 0:
            values = np.round(values, 3)
        case(dtype, values, flags=("", ".2", ".4", "+", ".12")[k % 5])
# Two shortest texts equally near: the even one.
for values in ([262144.125], [2582706.25, 1.0], [262144.375, -262144.125]):
    case("f4", values)
    case("f4", values[0])
case("f8", [2251799813685248.25])
case("f8", 1125899906842624.125)
# Powers of two lie off the middle of the interval they stand for.
for k in range(-140, 124, 12):
    case("f4", [2.0**k, 1.2345678 * 2.0**k], flags=".9")
for k in (-96, 87, 90):
    case("f4", [2.0**k, 3.0])
    case("f4", [2.0**k, 1.2345678], flags=".9")
for k in [-1017, -1007, -957, -645, 149, 740, *range(-1000, 1000, 160)]:
    case("f8", [2.0**k, 1.0], flags=".17")
    case("f8", [2.0**k, 1.234567890123456], flags=".15")
    case("f8", 2.0**k)

COMPLEX = [
    [1 + 2j], [1 + 2j, 1.5 - 2.25j], [1j, 10 + 0.5j], [complex(nan, 1), 1 + 1j], [complex(1, inf), 1j],
    [complex(0, -0.0), complex(-0.0, 0)], [1e10 + 1j, 1 + 1e-9j], [0.1 + 0.2j, 1 / 3 - 2j / 3], [1e6 + 1e6j],
    [complex(-inf, nan), complex(nan, -inf)], [-1 - 1j, 2.5 + 100j], [complex(inf, -inf), 12.25 + 3j],
]
for dtype in ("c16", "c8"):
    for values in COMPLEX:
        for flags in ("", ".2", "+", "+.1"):
            case(dtype, values, flags=flags)
    case(dtype, rng.normal(size=24).view("c16"), (3, 4))
    case(dtype, rng.normal(size=60).view("c16"), (2, 3, 5), ".3")

for dtype in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"):
    info = np.iinfo(dtype)
    case(dtype, [info.min, info.max, 0])
    case(dtype, [[1, 20], [100, 7]], flags="+")
    case(dtype, np.arange(24) % 13, (2, 3, 4))
    case(dtype, [5, 100] if info.min == 0 else [5, -100], flags="+.2")
for values in ([True], [False], [True, False], [[True, True], [True, True]], np.arange(60) % 7 == 0):
    case("?", values)
for values in (
    ["a"], ["abc", "it's", "a\"b'", "\"", ""], ["line\nend", "tab\t", "back\\slash", "\r"],
    ["é", "日本", "e\u0301", "\u0301", "😀"], ["\u200b", "\x7f", "\xa0", "\U000e0001", "\xad"], [["x", "yy"], ["zzz", "w"]],
    ["word"] * 30, ["n'", 'd"', "日本語"] * 12,
):
    case("U", values)

SHAPES = [(1,), (7,), (30,), (2, 3), (3, 1), (1, 3), (2, 2, 2), (1, 1, 1), (2, 1, 3), (2, 2, 2, 2), (1, 2, 1, 2, 2),
          (3, 30), (2, 2, 40), (2, 1, 1, 1, 1, 20), (1, 1, 1, 1, 1, 1, 1, 2)]
for shape in SHAPES:
    for dtype, start, step in [("f8", -1.0, 0.25), ("i8", -3, 7), ("f4", 0.0, 1e-4), ("c16", 0.5, 1.0)]:
        line(dtype, shape, start, step)
for shape in [(0,), (0, 3), (2, 0), (2, 0, 3), (0, 0)]:
    for dtype in ("f8", "i4", "U"):
        case(dtype, np.zeros(shape, dtype), shape)
# The threshold, and summaries: only what is shown counts for widths.
for shape in [(1001,), (5000,), (1001, 1), (1, 1001), (500, 3), (6, 200), (7, 200), (3, 500), (40, 40), (2, 2, 400)]:
    line("i8", shape, 0, 1)
    line("f8", shape, 0.5, 0.25)
    line("f4", shape, -1.0, 1e-3, ".2")
    line("c8", shape, 0.0, 1.0)
for shape in [(1000,), (100, 10), (20, 30, 40), (10, 10, 10), (7, 7, 7, 7), (2, 7, 2, 7, 2, 7)]:
    line("i8", shape, 0, 1)
line("f8", (2, 1, 2, 1, 2, 300), 0.5, 0.25)
line("i4", (1001,), 0, 0, "#")
line("f8", (2, 600), 0.0, 0.0, "#")
line("f8", (30, 40), 0.0, 1e6, "#.0")
# Rows as wide as a line, and a character either side of it.
for digits in range(1, 9):
    for n in (8, 9, 10, 12, 14, 18, 24, 36, 37, 38, 73, 74):
        line("i8", (n,), 10 ** (digits - 1), 0)
    line("f8", (2, 20), 10.0 ** (digits - 1), 0.5)

print(count, "cases", file=sys.stderr)
