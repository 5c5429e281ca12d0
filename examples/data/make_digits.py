"""Writes digits.csv beside this script from the copy of the data that scikit-learn ships.

    pip install scikit-learn
    python examples/data/make_digits.py
"""

import pathlib

from sklearn.datasets import load_digits

HERE = pathlib.Path(__file__).resolve().parent


def main():
    data = load_digits()
    pixels = data.data.astype(int)
    assert (pixels == data.data).all() and pixels.shape == (1797, 64)
    names = [f"pixel_{row}_{column}" for row in range(8) for column in range(8)]
    with open(HERE / "digits.csv", "w", newline="\n") as out:
        out.write(",".join(names + ["digit"]) + "\n")
        for image, digit in zip(pixels, data.target):
            out.write(",".join(str(v) for v in [*image, digit]) + "\n")


if __name__ == "__main__":
    main()
