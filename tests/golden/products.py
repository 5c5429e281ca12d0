"""NumPy's einsum and other products on random shapes -> products.tsv beside this script.

    python products.py [CASES [FILE]]        # made with NumPy 2.4

One case per line, columns separated by tabs; `#` starts a comment line:

    OP  ARGUMENTS  SHAPES  RESULT_SHAPE  VALUES
    OP  ARGUMENTS  SHAPES  !             MESSAGE

Extents are separated by commas, `()` is the shape of a 0-d array, shapes are separated by `;`. Element
k (in C order) of operand o of the case with number n (from 0) is
(7919 o + 104729 k + 31 n + k k) mod 19 - 9, an integer. Messages are NumPy's without a trailing space.
"""

import pathlib
import random
import sys

import numpy as np
import scipy.linalg

HERE = pathlib.Path(__file__).resolve().parent
rng = random.Random(20240611)
lines = []


def shape_text(shape):
    return ",".join(str(n) for n in shape) or "()"


def operand(o, shape):
    k = np.arange(int(np.prod(shape)), dtype=np.int64)
    return ((7919 * o + 104729 * k + 31 * len(lines) + k * k) % 19 - 9).reshape(shape)


def case(op, arguments, shapes, function, broken=False):
    operands = [operand(o, shape) for o, shape in enumerate(shapes)]
    row = [op, arguments, ";".join(shape_text(s) for s in shapes)]
    try:
        result = np.asarray(function(*operands))
        if result.size > 400:
            return
        row += [shape_text(result.shape), ",".join(str(int(v)) for v in result.ravel())]
    except ValueError as error:
        # Of several mistakes NumPy reports another one first; "more operands" and "fewer operands" it
        # mixes up.
        if broken and "string" not in str(error) or "operands provided" in str(error):
            return
        row += ["!", str(error).rstrip().replace("in single operand", "in operand 0")]
    lines.append("\t".join(row))


LETTERS = "abcdefABC"


def einsum_case():
    size = {c: rng.choice([0, 1, 2, 3, 3, 4, 5, 6]) for c in LETTERS}
    if rng.random() < 0.8:
        size = {c: max(n, 1) for c, n in size.items()}
    pool = rng.sample(LETTERS, rng.randint(1, 6))
    ellipsis = [rng.choice([1, 2, 3]) for _ in range(rng.choice([0, 1, 2]))] if rng.random() < 0.3 else None
    terms, shapes = [], []
    for _ in range(rng.choice([1, 1, 2, 2, 2, 2, 3, 3, 4])):
        labels = [rng.choice(pool) for _ in range(rng.choice([0, 1, 2, 2, 3, 3, 4]))]
        shape = [size[c] if rng.random() < 0.93 or labels.count(c) > 1 else 1 for c in labels]
        if rng.random() < 0.02 and shape:
            shape[0] += 1
        text = "".join(labels)
        if ellipsis is not None and rng.random() < 0.8:
            at = rng.randint(0, len(labels))
            hidden = [n if rng.random() < 0.8 else 1 for n in ellipsis[rng.randint(0, len(ellipsis)):]]
            text = text[:at] + "..." + text[at:]
            shape[at:at] = hidden
        terms.append(text)
        shapes.append(tuple(shape))
    subscripts = ",".join(terms)
    broken, mutated = rng.random() < 0.02, False
    if rng.random() < 0.8:
        used = sorted({c for t in terms for c in t if c != "."})
        out = rng.sample(used, rng.randint(0, min(len(used), 4)))
        out = "".join(out)
        if ellipsis is not None and rng.random() < 0.95:
            at = rng.randint(0, len(out))
            out = out[:at] + "..." + out[at:]
        if rng.random() < 0.02:
            broken = mutated = True
            out += rng.choice(["z", "a", "aa", ".", "1", ","])
        subscripts += "->" + out
    if broken and not mutated:
        at = rng.randint(0, len(subscripts))
        subscripts = subscripts[:at] + rng.choice([" ", "1", ".", ",", "-", "->"]) + subscripts[at:]
    if max([len(s) for s in shapes]) > 8:
        return
    case("einsum", subscripts, shapes, lambda *x: np.einsum(subscripts, *x), broken)


def shape(ndim, low=1, high=5):
    return tuple(rng.randint(low, high) for _ in range(ndim))


def batches():
    whole = shape(rng.randint(0, 3), 1, 3)
    pick = lambda: tuple(n if rng.random() < 0.8 else 1 for n in whole[rng.randint(0, len(whole)):])
    return pick(), pick()


def other_case():
    kind = rng.randint(0, 16)
    if kind == 0:
        k = rng.randint(0, 3)
        common = shape(k)
        a, b = shape(rng.randint(0, 2)) + common, common + shape(rng.randint(0, 2))
        if rng.random() < 0.1 and a:
            a = a[:-1] + (a[-1] + 1,)
        case("tensordot", str(k), [a, b], lambda x, y: np.tensordot(x, y, k))
    elif kind == 1:
        a, b = shape(rng.randint(1, 4)), shape(rng.randint(1, 4))
        k = rng.randint(0, min(len(a), len(b)))
        left, right = rng.sample(range(len(a)), k), rng.sample(range(len(b)), k)
        b = list(b)
        for i, j in zip(left, right):
            b[j] = a[i]
        left = [i - len(a) if rng.random() < 0.3 else i for i in left]
        text = ",".join(map(str, left)) + ";" + ",".join(map(str, right))
        case("tensordot_axes", text, [a, tuple(b)], lambda x, y: np.tensordot(x, y, (left, right)))
    elif kind == 2:
        case("kron", "", [shape(rng.randint(0, 3), 0, 3), shape(rng.randint(0, 3), 1, 3)], np.kron)
    elif kind == 3:
        a, b = batches()
        case("cross", "-1", [a + (3,), b + (3,)], np.linalg.cross)
    elif kind == 4:
        a = shape(2) + (3,)
        a = tuple(rng.sample(a, 3))
        if 3 in a:
            axis = a.index(3)
            case("cross", str(axis), [a, a], lambda x, y: np.linalg.cross(x, y, axis=axis))
    elif kind == 5:
        a, b = batches()
        n = rng.randint(0, 40)
        case("vecdot", "-1", [a + (n,), b + (n,)], np.vecdot)
    elif kind == 6:
        s = shape(3)
        axis = rng.randint(-3, 2)
        case("vecdot", str(axis), [s, s], lambda x, y: np.vecdot(x, y, axis=axis))
    elif kind == 7:
        a, b = batches()
        m, n = shape(2, 0, 9)
        case("matvec", "", [a + (m, n), b + (n,)], np.matvec)
    elif kind == 8:
        a, b = batches()
        m, n = shape(2, 0, 9)
        case("vecmat", "", [a + (m,), b + (m, n)], np.vecmat)
    elif kind == 9:
        n, k = rng.randint(0, 4), rng.randint(0, 5)
        s = shape(rng.randint(0, 2), 1, 3) + (n, n)
        case("matrix_power", str(k), [s], lambda x: np.linalg.matrix_power(x, k))
    elif kind == 10:
        s = shape(rng.randint(2, 4), 0, 5)
        k = rng.randint(-6, 6)
        name = rng.choice(["tril", "triu"])
        case(name, str(k), [s], lambda x: getattr(np, name)(x, k))
    elif kind == 11:
        n, columns = rng.randint(0, 4), rng.randint(0, 5)
        up = rng.random() < 0.5
        text = f"{columns},{'increasing' if up else 'decreasing'}"
        case("vander", text, [(n,)], lambda x: np.vander(x, columns, increasing=up))
    elif kind == 12:
        case("toeplitz", "", [shape(1), shape(1)], scipy.linalg.toeplitz)
        case("circulant", "", [shape(1, 0)], scipy.linalg.circulant)
    elif kind == 13:
        case("block_diag", "", [shape(2, 0, 3), shape(1, 1, 3), (), shape(2, 0, 3)], scipy.linalg.block_diag)
    elif kind == 14:
        n = rng.randint(2, 5)
        extents = shape(n + 1, 1, 6)
        shapes = [extents[i : i + 2] for i in range(n)]
        if rng.random() < 0.3:
            shapes[0] = shapes[0][1:]
        if rng.random() < 0.3:
            shapes[-1] = shapes[-1][:1]
        case("multi_dot", "", shapes, lambda *x: np.linalg.multi_dot(x))
    elif kind == 15:
        k = rng.randint(-3, 3)
        case("diag", str(k), [shape(1, 0, 4)], lambda x: np.diag(x, k))
        m, n = shape(2, 0, 5)
        case("tri", f"{m},{n},{k}", [], lambda: np.tri(m, n, k))
    else:
        k = rng.randint(-3, 3)
        s = shape(rng.randint(2, 4), 0, 5)
        case("trace", str(k), [s], lambda x: np.linalg.trace(x, offset=k))
        case("diagonal", str(k), [s], lambda x: np.linalg.diagonal(x, offset=k))


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 420
    path = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else HERE / "products.tsv"
    while len(lines) < count:
        einsum_case()
        if rng.random() < 0.3:
            other_case()
    header = "".join(f"# {line}".rstrip() + "\n" for line in __doc__.strip().splitlines())
    path.write_text(header + "\n".join(lines) + "\n")


main()
