"""The vocabulary that key points are spelled in, learnt from pictures: axes, centres and planes.

    python -m bench.lookup.spelling PICTURES.npz OUT.npz

PICTURES is what `bench.lookup.sources` packs. It takes a minute of one core, most of it to find the key points.
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.lookup.sources import unpack
from provenance.lookup.keypoints import found_in, grey
from provenance.lookup.vocabulary import CENTRES, DIMENSIONS, HALF

POINTS = 300  # of a picture
MOST = 150_000  # points that are learnt from
ROUNDS = 12
PLANES = 32

Floats = NDArray[np.float32]


def learnt(around: NDArray[np.uint8]) -> dict[str, Floats]:
    """The arrays of a vocabulary from (N, 128) of SIFT."""
    lot = np.random.default_rng(1)
    around = around[lot.permutation(len(around))[:MOST]]
    values = around.astype(np.float32)
    roots = np.sqrt(values / (values.sum(axis=1, keepdims=True) + 1e-9))
    mean = roots.mean(axis=0)
    _, axes = np.linalg.eigh(np.cov((roots - mean).T))
    strongest = axes[:, ::-1][:, :DIMENSIONS]
    # Dealt like cards, so that both halves tell about as much.
    dealt = np.arange(DIMENSIONS).reshape(-1, 4)
    dealt = np.concatenate([dealt[:, [0, 3]].ravel(), dealt[:, [1, 2]].ravel()])
    axes = strongest[:, dealt]
    seen = (roots - mean) @ axes
    axes = axes * (127 / np.quantile(np.abs(seen), 0.9999))
    looks = np.clip(np.rint((roots - mean) @ axes), -127, 127).astype(np.float32)
    centres = np.stack([_centres(looks[:, half], lot) for half in (slice(0, HALF), slice(HALF, DIMENSIONS))])
    planes, _ = np.linalg.qr(lot.normal(size=(DIMENSIONS, DIMENSIONS)))
    arrays = {"mean": mean, "axes": axes, "centres": centres, "planes": planes[:, :PLANES]}
    return {name: each.astype(np.float32) for name, each in arrays.items()}


def _centres(values: Floats, lot: np.random.Generator) -> Floats:
    """256 centres that the values gather around (k-means)."""
    centres = values[lot.choice(len(values), CENTRES, replace=False)]
    for _ in range(ROUNDS):
        far = (centres * centres).sum(axis=1) - 2 * (values @ centres.T)
        nearest = far.argmin(axis=1)
        counts = np.bincount(nearest, minlength=CENTRES)
        sums = np.stack([np.bincount(nearest, column, CENTRES) for column in values.T], axis=1)
        centres = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], centres).astype(
            np.float32
        )
    return centres


def main() -> None:
    """Learn from the pictures of a file."""
    around = [found_in(grey(picture), POINTS).around for _, picture in unpack(Path(sys.argv[1]))]
    np.savez_compressed(sys.argv[2], **learnt(np.concatenate(around)))


if __name__ == "__main__":
    main()
