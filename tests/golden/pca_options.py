"""scikit-learn's PCA with its options -> pca_options.tsv beside this script.

Lines are `key<TAB>value value ...` (values separated by one space; `#` starts a comment line). Case n
analyses a matrix of `shape_n` whose element k, in row-major order, is the k-th number of the generator
below from seed n, columns scaled by 1, 2, 3, ...; `components_n` is `all`, `first K` or `share S`,
`whiten_n` 0 or 1. Signs are scikit-learn's: the entry of largest modulus of a component is positive.

    mean_n, singular_values_n, variance_n, ratio_n, noise_n, vectors_n (row-major)
    scores_n     of the first three rows
    inverse_n    of those scores
"""

import pathlib

import numpy as np
import sklearn
from sklearn.decomposition import PCA

HERE = pathlib.Path(__file__).resolve().parent
CASES = [
    ((12, 5), None, False),
    ((12, 5), 2, False),
    ((12, 5), 3, True),
    ((4, 6), None, False),
    ((4, 6), 2, True),
    ((30, 8), 0.8, False),
    ((30, 8), 0.8, True),
    ((30, 8), 0.999, False),
    ((2, 3), 1, False),
    ((9, 1), None, True),
]


def numbers(seed, n):
    state, values = seed, []
    for _ in range(n):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        values.append((state >> 11) / 2.0**53 - 0.5)
    return np.array(values)


def main():
    def line(key, values):
        return key + "\t" + " ".join(repr(v) for v in np.ravel(values).tolist()) + "\n"

    with open(HERE / "pca_options.tsv", "w", newline="\n") as out:
        out.writelines(f"# {line}".rstrip() + "\n" for line in __doc__.splitlines())
        out.write(f"sklearn_version\t{sklearn.__version__}\n")
        out.write(line("cases", len(CASES)))
        for n, (shape, kept, whiten) in enumerate(CASES):
            x = numbers(n, shape[0] * shape[1]).reshape(shape) * np.arange(1, shape[1] + 1)
            pca = PCA(n_components=kept, whiten=whiten, svd_solver="full").fit(x)
            scores = pca.transform(x[:3])
            out.write(line(f"shape_{n}", shape))
            what = "all" if kept is None else f"first {kept}" if isinstance(kept, int) else f"share {kept}"
            out.write(f"components_{n}\t{what}\n")
            out.write(line(f"whiten_{n}", int(whiten)))
            out.write(line(f"mean_{n}", pca.mean_))
            out.write(line(f"singular_values_{n}", pca.singular_values_))
            out.write(line(f"variance_{n}", pca.explained_variance_))
            out.write(line(f"ratio_{n}", pca.explained_variance_ratio_))
            out.write(line(f"noise_{n}", pca.noise_variance_))
            out.write(line(f"vectors_{n}", pca.components_))
            out.write(line(f"scores_{n}", scores))
            out.write(line(f"inverse_{n}", pca.inverse_transform(scores)))


if __name__ == "__main__":
    main()
