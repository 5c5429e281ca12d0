"""Writes longley.csv beside this script from the copy of the data that statsmodels ships.

    pip install statsmodels
    python examples/data/make_longley.py
"""

import pathlib

from statsmodels.datasets import longley

HERE = pathlib.Path(__file__).resolve().parent
NAMES = {
    "GNPDEFL": "deflator",
    "GNP": "gnp",
    "UNEMP": "unemployed",
    "ARMED": "armed_forces",
    "POP": "population",
    "YEAR": "year",
    "TOTEMP": "employed",
}


def main():
    table = longley.load_pandas().data[list(NAMES)]
    with open(HERE / "longley.csv", "w", newline="\n") as out:
        out.write(",".join(NAMES.values()) + "\n")
        for row in table.itertuples(index=False):
            out.write(",".join(f"{value:.10g}" for value in row) + "\n")


if __name__ == "__main__":
    main()
