"""Exact least squares of Longley's data -> linear_regression.tsv beside this script.

Lines are `key<TAB>value value ...` (values separated by one space; `#` starts a comment line), computed in
rational arithmetic and rounded once; they are the values that NIST certifies
(https://www.itl.nist.gov/div898/strd/lls/data/Longley.shtml):

    coefficients, errors (standard, of the coefficients), deviation (of the residuals), r_squared, fitted
"""

import csv
import math
import pathlib
from fractions import Fraction

HERE = pathlib.Path(__file__).resolve().parent
LONGLEY = HERE.parent.parent / "examples" / "data" / "longley.csv"


def main():
    rows = [[Fraction(cell) for cell in row] for row in list(csv.reader(open(LONGLEY)))[1:]]
    a, y = [[Fraction(1)] + row[:-1] for row in rows], [row[-1] for row in rows]
    n = len(a[0])
    # [AᵀA | Aᵀy | I] to [I | x | (AᵀA)⁻¹].
    table = [
        [sum(row[i] * row[j] for row in a) for j in range(n)]
        + [sum(row[i] * b for row, b in zip(a, y))]
        + [Fraction(int(i == j)) for j in range(n)]
        for i in range(n)
    ]
    for k in range(n):
        table[k] = [v / table[k][k] for v in table[k]]
        for i in range(n):
            if i != k:
                table[i] = [v - table[i][k] * w for v, w in zip(table[i], table[k])]
    x = [row[n] for row in table]
    fitted = [sum(c * v for c, v in zip(x, row)) for row in a]
    squares = sum((b - f) ** 2 for b, f in zip(y, fitted))
    variance = squares / (len(y) - n)
    mean = sum(y) / len(y)
    errors = [math.sqrt(variance * table[i][n + 1 + i]) for i in range(n)]
    r_squared = 1 - squares / sum((b - mean) ** 2 for b in y)

    def line(key, values):
        return key + "\t" + " ".join(repr(float(v)) for v in values) + "\n"

    with open(HERE / "linear_regression.tsv", "w", newline="\n") as out:
        out.writelines(f"# {line}".rstrip() + "\n" for line in __doc__.splitlines())
        out.write(line("coefficients", x))
        out.write(line("errors", errors))
        out.write(line("deviation", [math.sqrt(variance)]))
        out.write(line("r_squared", [r_squared]))
        out.write(line("fitted", fitted))


if __name__ == "__main__":
    main()
