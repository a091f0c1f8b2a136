"""The words that key points are spelled in: 65,536 of them, from two short lists of 256.

    128 numbers of SIFT  ->  their roots, on 64 axes, as small whole numbers           what a point looks like
    the two halves       ->  the nearest of 256 centres each                           its word, 16 bits
    what is left         ->  on which side of 32 planes it lies                        its signature, 32 bits

Points that look alike have one word, or a neighbouring one, and signatures of which few bits differ. So a word's list
of pictures is short, and the signature tells at once which of them to think of. (Jegou et al., Hamming embedding, 2008;
Babenko and Lempitsky, The inverted multi-index, 2012.)
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

DIMENSIONS, HALF = 64, 32
CENTRES = 256  # of each half
WORDS = CENTRES * CENTRES
FORM = 3  # of what is kept of a picture: codes of another form are made again
NEAR = 4  # centres of each half among which further words are sought

Floats = NDArray[np.float32]
Looks = NDArray[np.int8]  # (N, 64)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`mean` (128) and `axes` (128, 64) of the roots; `centres` (2, 256, 32); `planes` (64, 32).

    `name`: of these very numbers and of the form; codes of others are not comparable.
    """

    mean: Floats
    axes: Floats
    centres: Floats
    planes: Floats
    name: str

    def looks(self, around: NDArray[np.uint8]) -> Looks:
        """(N, 128) of SIFT in, (N, 64) out."""
        values = around.astype(np.float32)
        values /= values.sum(axis=1, keepdims=True) + np.float32(1e-9)
        seen = (np.sqrt(values) - self.mean) @ self.axes
        return np.asarray(np.clip(np.rint(seen), -127, 127), np.int8)

    def words(self, looks: Looks, each: int = 1) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
        """The `each` nearest words of every point, nearest first, and its signature in each: both (N, each)."""
        values = looks.astype(np.float32)
        far = [_far(values[:, half], centres) for half, centres in zip(_HALVES, self.centres, strict=True)]
        chosen = [np.argpartition(one, NEAR, axis=1)[:, :NEAR] for one in far]
        one, two = (np.take_along_axis(*pair, axis=1) for pair in zip(far, chosen, strict=True))
        both = (one[:, :, None] + two[:, None, :]).reshape(len(values), NEAR * NEAR)
        named = (chosen[0][:, :, None] * CENTRES + chosen[1][:, None, :]).reshape(len(values), NEAR * NEAR)
        order = np.argsort(both, axis=1, kind="stable")[:, :each]
        words = np.take_along_axis(named, order, axis=1)
        return words, self._signatures(values, words)

    def _signatures(self, values: Floats, words: NDArray[np.int64]) -> NDArray[np.uint32]:
        one, two = self.centres[0][words // CENTRES], self.centres[1][words % CENTRES]
        left = values[:, None, :] - np.concatenate([one, two], axis=2)
        bits = np.packbits(left @ self.planes > 0, axis=2)
        return np.ascontiguousarray(bits).view("<u4")[..., 0]


_HALVES = (slice(0, HALF), slice(HALF, DIMENSIONS))


def _far(values: Floats, centres: Floats) -> Floats:
    """(N, 256): the squared distances."""
    squared: Floats = (
        (values * values).sum(1)[:, None] - 2 * (values @ centres.T) + (centres * centres).sum(1)
    )
    return squared


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that ships with the program."""
    file = resources.files("provenance.lookup") / "weights" / "vocabulary.npz"
    with resources.as_file(file) as path:
        name = f"{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}-{FORM}"
        with np.load(path) as packed:
            mean, axes, centres, planes = (packed[each] for each in ("mean", "axes", "centres", "planes"))
            return Vocabulary(mean, axes, centres, planes, name)
