"""NumPy's SVD of the example's photograph -> image_compression.tsv beside this script.

    pip install numpy pillow

Lines are `key<TAB>value value ...` (values separated by one space; `#` starts a comment line):

    shape       channels, rows, columns
    pixel_sums  of each channel
    values_c    the first ten singular values of channel c
    ranks, and for each rank k
    relative_k  norm of what rank k leaves out over the norm of the picture, all channels together
    psnr_k      peak signal-to-noise ratio in decibels
"""

import pathlib

import numpy as np
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
PHOTO = HERE.parent.parent / "examples" / "data" / "chelsea.png"
RANKS = [1, 2, 5, 10, 20, 50, 100, 200]


def main():
    x = np.asarray(Image.open(PHOTO).convert("RGB")).transpose(2, 0, 1).astype(float)
    u, s, vt = np.linalg.svd(x, full_matrices=False)

    def line(key, values):
        return key + "\t" + " ".join(repr(v) for v in np.ravel(values).tolist()) + "\n"

    with open(HERE / "image_compression.tsv", "w", newline="\n") as out:
        out.writelines(f"# {line}".rstrip() + "\n" for line in __doc__.splitlines())
        out.write(line("shape", x.shape))
        out.write(line("pixel_sums", x.sum((1, 2)).astype(int)))
        for c in range(3):
            out.write(line(f"values_{c}", s[c, :10]))
        out.write(line("ranks", RANKS))
        for k in RANKS:
            lost = np.linalg.norm(x - (u[:, :, :k] * s[:, None, :k]) @ vt[:, :k])
            out.write(line(f"relative_{k}", lost / np.linalg.norm(x)))
            out.write(line(f"psnr_{k}", 20 * np.log10(255 * x.size**0.5 / lost)))


if __name__ == "__main__":
    main()
