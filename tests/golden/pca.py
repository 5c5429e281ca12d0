"""scikit-learn's PCA of the digits -> pca.tsv beside this script.

Input: the 64 pixel columns of examples/data/digits.csv, centred, not scaled, full SVD. Lines are
`key<TAB>value value ...` (values separated by one space; `#` starts a comment line):

    n_samples, n_features, sklearn_version
    mean                        64 column means
    singular_values             64, descending; the last three are zero up to rounding (three pixels
                                never vary), so compare them absolutely
    explained_variance          64, divisor n - 1
    explained_variance_ratio    64
    cumulative_ratio            64
    component_j                 principal axis j (0, 1), 64 values, up to sign
    projection_j                coordinate of every row in `projected_rows` on axis j, same sign as
                                component_j
    projected_rows              0-based rows
    mse_k                       mean over all elements of (X - reconstruction from k components)^2
    rmse_k                      its square root
    relative_k                  Frobenius norm of the residual / Frobenius norm of the centred data
"""

import pathlib

import numpy as np
import sklearn
from sklearn.decomposition import PCA

HERE = pathlib.Path(__file__).resolve().parent
DIGITS = HERE.parent.parent / "examples" / "data" / "digits.csv"
ROWS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 100, 500, 900, 1436, 1796]
RANKS = [1, 2, 5, 10, 20, 40, 60]


def main():
    x = np.loadtxt(DIGITS, delimiter=",", skiprows=1)[:, :64]
    pca = PCA(n_components=64, svd_solver="full").fit(x)
    scores = pca.transform(x)
    centred = x - pca.mean_

    def line(key, values):
        return key + "\t" + " ".join(repr(v) for v in np.atleast_1d(values).tolist()) + "\n"

    with open(HERE / "pca.tsv", "w", newline="\n") as out:
        out.writelines(f"# {line}".rstrip() + "\n" for line in __doc__.splitlines())
        out.write(f"sklearn_version\t{sklearn.__version__}\n")
        out.write(line("n_samples", x.shape[0]))
        out.write(line("n_features", x.shape[1]))
        out.write(line("mean", pca.mean_))
        out.write(line("singular_values", pca.singular_values_))
        out.write(line("explained_variance", pca.explained_variance_))
        out.write(line("explained_variance_ratio", pca.explained_variance_ratio_))
        out.write(line("cumulative_ratio", np.cumsum(pca.explained_variance_ratio_)))
        out.write(line("projected_rows", ROWS))
        for j in (0, 1):
            out.write(line(f"component_{j}", pca.components_[j]))
            out.write(line(f"projection_{j}", scores[ROWS, j]))
        for k in RANKS:
            truncated = PCA(n_components=k, svd_solver="full").fit(x)
            residual = x - truncated.inverse_transform(truncated.transform(x))
            mse = float((residual**2).mean())
            out.write(line(f"mse_{k}", mse))
            out.write(line(f"rmse_{k}", mse**0.5))
            out.write(line(f"relative_{k}", np.linalg.norm(residual) / np.linalg.norm(centred)))


if __name__ == "__main__":
    main()
