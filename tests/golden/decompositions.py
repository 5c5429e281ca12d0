"""NumPy's and SciPy's decompositions -> decompositions.tsv beside this script.

    python decompositions.py        # made with NumPy 2.4, SciPy 1.17

One case per line, columns separated by tabs; `#` starts a comment line:

    OP  ARGUMENT  SHAPE  VALUES
    OP  ARGUMENT  SHAPE  !      MESSAGE

Element k (in C order) of operand o of the case with number n (from 0) is
(7919 o + 104729 k + 31 n + k k) mod 19 - 9. A SHAPE of three numbers m,r,n is the product of operands 0
and 1, (m,r) and (r,n). Several results are separated by `;`. Complex numbers are two values, sorted by
both.
"""

import pathlib
import warnings

import numpy as np
import scipy.linalg

HERE = pathlib.Path(__file__).resolve().parent
warnings.simplefilter("ignore")
lines = []


def operand(o, shape):
    k = np.arange(int(np.prod(shape)), dtype=np.int64)
    return ((7919 * o + 104729 * k + 31 * len(lines) + k * k) % 19 - 9.0).reshape(shape)


def matrix(shape):
    if len(shape) == 2:
        return operand(0, shape)
    m, r, n = shape
    return operand(0, (m, r)) @ operand(1, (r, n))


def text(x):
    x = np.asarray(x)
    if np.iscomplexobj(x):
        x = x[np.lexsort((x.imag, x.real))] if x.ndim == 1 else x
        x = np.stack([x.real, x.imag], -1)
    return " ".join(repr(float(v)) for v in x.ravel())


def case(op, argument, shape, function):
    row = [op, str(argument), ",".join(map(str, shape))]
    try:
        results = function(matrix(shape))
        if not isinstance(results, (tuple, list)):
            results = [results]
        row.append(";".join(text(x) for x in results))
    except (ValueError, np.linalg.LinAlgError) as error:
        row += ["!", str(error).rstrip()]
    lines.append("\t".join(row))


def hermitian(a):
    return a + a.T


SQUARE = [(1, 1), (2, 2), (3, 3), (5, 5), (8, 8)]
ANY = SQUARE + [(7, 3), (3, 7), (1, 4), (4, 1), (20, 11), (6, 2, 5), (5, 2, 6), (6, 4, 6), (9, 1, 9)]

for shape in SQUARE:
    case("eigvals", "-", shape, lambda a: np.linalg.eigvals(a).astype(complex))
    case("eigvalsh", "-", shape, lambda a: np.linalg.eigvalsh(hermitian(a)))
    case("generalised", "-", shape, lambda a: scipy.linalg.eigvalsh(hermitian(a), a @ a.T + len(a) * np.eye(len(a))))
for shape in ANY:
    for columns in [0, 1, 3]:
        right = (shape[0],) + ((columns,) if columns else ())

        def least(a, right=right):
            x, residuals, rank, s = np.linalg.lstsq(a, operand(2, right), rcond=None)
            return x, residuals, rank, s

        case("lstsq", columns, shape, least)
    case("pinv", "-", shape, lambda a: np.linalg.pinv(a, rtol=None))
    case("rank", "-", shape, np.linalg.matrix_rank)
    case("null_space", "-", shape, lambda a: (n := scipy.linalg.null_space(a)) @ n.T)
    case("orth", "-", shape, lambda a: (n := scipy.linalg.orth(a)) @ n.T)
    if shape == (8, 8):
        shape = (6, 6)  # that matrix is singular: U is not unique
    if len(shape) == 2:
        case("polar", "right", shape, lambda a: scipy.linalg.polar(a, "right"))
        case("polar", "left", shape, lambda a: scipy.linalg.polar(a, "left"))
for p in [None, 2, -2, "fro", "nuc", np.inf, -np.inf, 1, -1]:
    for shape in [(2, 2), (3, 3), (6, 6), (4, 3), (3, 1, 3)]:
        if (p, shape) == ("nuc", (3, 1, 3)):
            continue  # NumPy fails in the norm of the inverse that it fills with NaN
        case("cond", p, shape, lambda a, p=p: np.linalg.cond(a, p))
for scale in [0.01, 0.1, 1.0]:
    for shape in SQUARE:
        case("expm", scale, shape, lambda a, s=scale: scipy.linalg.expm(a * s))
for shape in SQUARE:
    case("logm", "-", shape, lambda a: scipy.linalg.logm(a @ a.T + np.eye(len(a)) + a / 9.0).astype(complex))
    case("sqrtm", "-", shape, lambda a: scipy.linalg.sqrtm(a + 0j))
for shape in SQUARE + [(13, 13)]:
    case("ldl", "-", shape, lambda a: scipy.linalg.ldl(hermitian(a)))
    case("ldl", "hollow", shape, lambda a: scipy.linalg.ldl(hermitian(a) - np.diag(np.diag(hermitian(a)))))
    case("ldl", "complex", shape, lambda a: scipy.linalg.ldl(hermitian(a) + 1j * (a - a.T), hermitian=True))
header = "".join(f"# {line}".rstrip() + "\n" for line in __doc__.strip().splitlines())
(HERE / "decompositions.tsv").write_text(header + "\n".join(lines) + "\n")
