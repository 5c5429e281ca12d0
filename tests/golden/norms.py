"""NumPy's norms -> norms.tsv beside this script.

    python norms.py        # made with NumPy 2.4

One case per line, columns separated by tabs; `#` starts a comment line:

    KIND  ORDER  AXES  SHAPE  RESULT_SHAPE  VALUES
    KIND  ORDER  AXES  SHAPE  !             MESSAGE

KIND is norm, vector or matrix, for linalg.norm, linalg.vector_norm and linalg.matrix_norm. AXES are
separated by commas, `-` stands for none given; kept axes are marked by a `k` in front. Extents are
separated by commas. Element k (in C order) of the case with number n (from 0) is
(104729 k + 31 n + k k) mod 19 - 9.
"""

import pathlib
import warnings

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
warnings.simplefilter("ignore")
lines = []


def operand(shape):
    k = np.arange(int(np.prod(shape)), dtype=np.int64)
    return ((104729 * k + 31 * len(lines) + k * k) % 19 - 9.0).reshape(shape)


def case(kind, ord, axis, shape, keep=False):
    axes = "-" if axis is None else ",".join(map(str, np.atleast_1d(axis)))
    row = [kind, str(ord), ("k" if keep else "") + axes, ",".join(map(str, shape))]
    x = operand(shape)
    try:
        if kind == "norm":
            result = np.linalg.norm(x, ord, axis, keep)
        elif kind == "vector":
            result = np.linalg.vector_norm(x, axis=axis, ord=ord, keepdims=keep)
        else:
            result = np.linalg.matrix_norm(x, ord=ord, keepdims=keep)
        result = np.asarray(result)
        row += [",".join(map(str, result.shape)) or "()", " ".join(repr(float(v)) for v in result.ravel())]
    except ValueError as error:
        row += ["!", str(error).rstrip()]
    lines.append("\t".join(row))


INF = float("inf")
VECTOR = [2, 1, 0, INF, -INF, -1, -2, 0.5, 3, 2.5]
MATRIX = ["fro", "nuc", 2, 1, INF, -INF, -1, -2]

for ord in VECTOR:
    for shape in [(7,), (1,), (40,), (2100,)]:
        case("norm", ord, None, shape)
    for axis in [0, 1, -1]:
        case("norm", ord, axis, (4, 3, 5))
        case("norm", ord, axis, (4, 3, 5), True)
    case("norm", ord, 1, (50, 70))
    case("norm", ord, 0, (50, 7))
    case("vector", ord, None, (3, 2, 4))
    case("vector", ord, (0, 2), (3, 2, 4))
for ord in [2, 1, 0, INF, 3, -INF]:
    case("norm", ord, None, (0,))
    case("norm", ord, 1, (2, 0))
for ord in MATRIX:
    for shape in [(2, 2), (3, 5), (5, 3), (1, 4)]:
        case("norm", ord, None, shape)
    for axes in [(0, 1), (1, 0), (-1, 0), (2, 1)]:
        case("norm", ord, axes, (3, 4, 2))
        case("norm", ord, axes, (3, 4, 2), True)
    case("matrix", ord, None, (2, 3, 4, 3))
for ord in [1, INF, "fro"]:
    case("norm", ord, None, (0, 3))
case("norm", "fro", None, (4,))
case("norm", "nuc", 0, (4, 2))
case("norm", 0, None, (4, 2))
case("norm", 3, (0, 1), (4, 2))
case("norm", 2, None, (2, 2, 2))
case("norm", 2, (1, 1), (2, 2, 2))
for shape in [(0, 3), (3, 0), (0, 0)]:
    for ord in MATRIX:
        case("norm", ord, None, shape)
        case("matrix", ord, None, shape)
    for ord in VECTOR:
        case("vector", ord, None, shape)
        # Whether a minimum over nothing, of nothing, is one: see the goldens of reductions.
        if shape != (0, 0) or ord != -INF:
            case("norm", ord, 0, shape)
            case("norm", ord, 1, shape)
for ord in [2, 1, -INF]:
    case("vector", ord, None, (3, 2, 4), True)
    case("vector", ord, (0, 2), (3, 2, 4), True)
    case("matrix", ord, None, (2, 3, 4), True)
header = "".join(f"# {line}".rstrip() + "\n" for line in __doc__.strip().splitlines())
(HERE / "norms.tsv").write_text(header + "\n".join(lines) + "\n")
