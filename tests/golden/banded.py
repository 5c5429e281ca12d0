"""SciPy's solve_banded -> banded.tsv beside this script.

Lines are `key<TAB>value value ...` (values separated by one space; `#` starts a comment line). Case n has
`sizes_n` = N, diagonals below, diagonals above, right-hand sides (0: a vector); entry k of `ab`, and then
of `b`, in row-major order, are numbers of the generator below from seed n, real parts and imaginary
parts in turn. `real_n` is the solution with the real parts, `complex_n` with both (in turn).
"""

import pathlib

import numpy as np
import scipy
from scipy.linalg import solve_banded

HERE = pathlib.Path(__file__).resolve().parent
CASES = [
    (1, 0, 0, 0),
    (6, 1, 1, 0),
    (6, 1, 1, 2),
    (9, 2, 1, 0),
    (9, 1, 3, 3),
    (12, 0, 2, 0),
    (12, 3, 0, 1),
    (7, 4, 4, 2),
    (40, 5, 2, 0),
    (3, 5, 4, 0),
]


def numbers(seed, n):
    state, values = seed, []
    for _ in range(2 * n):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        values.append((state >> 11) / 2.0**53 - 0.5)
    return np.array(values[::2]) + 1j * np.array(values[1::2])


def main():
    def line(key, values):
        return key + "\t" + " ".join(repr(v) for v in np.ravel(values).tolist()) + "\n"

    with open(HERE / "banded.tsv", "w", newline="\n") as out:
        out.writelines(f"# {line}".rstrip() + "\n" for line in __doc__.splitlines())
        out.write(f"scipy_version\t{scipy.__version__}\n")
        out.write(line("cases", len(CASES)))
        for n, (size, lower, upper, k) in enumerate(CASES):
            rows = lower + upper + 1
            both = numbers(n, rows * size + size * max(k, 1))
            ab = both[: rows * size].reshape(rows, size)
            b = both[rows * size :].reshape((size, k) if k else (size,))
            # SciPy takes no more diagonals than meet the matrix.
            l, u = min(lower, size - 1), min(upper, size - 1)
            met = ab[upper - u : upper + l + 1]
            out.write(line(f"sizes_{n}", (size, lower, upper, k)))
            out.write(line(f"real_{n}", solve_banded((l, u), met.real, b.real)))
            x = np.ascontiguousarray(solve_banded((l, u), met, b))
            out.write(line(f"complex_{n}", x.view(float)))


if __name__ == "__main__":
    main()
