"""Which pictures have which words: the look-up's first question, answered for all pictures at once.

    code of a picture    8 bytes a point: word, signature, turn, size
    postings             the same of all pictures, in the order of their words
    votes                each point of a query looks up its words; a posting whose signature is near votes for its
                         picture, the more, the rarer the word and the nearer the signature

A copy is turned and made smaller as a whole, so only votes that tell of one turn and one size add up (weak geometric
consistency). That proposes pictures and proves nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from provenance.lookup.keypoints import Keypoints
from provenance.lookup.vocabulary import WORDS, vocabulary

CODE = np.dtype([("word", "<u2"), ("signature", "<u4"), ("turn", "u1"), ("size", "u1")])
TURNS = 16  # steps of a full turn
SIZES, DOUBLING = 16, 2  # steps of size, and how many of them double it
WORDS_EACH = 2  # that a point of a query is looked up under
FAR = 8  # bits of 32 that may differ
SOFT = 6.0  # bits: by how much a vote fades with them
MOST, LEAST_EACH = 40_000_000, 40  # postings in memory (10 bytes each), and of each picture all the same
LOOKED_THROUGH = 1000  # pictures of which turn and size of every vote are compared
# A word with so many times the usual number of postings says too little to be read. Fewer than the second number are
# always read: in a small index every word of a layout with a few hundred looks would be common else.
COMMON, NEVER_COMMON = 12, 3500

Codes = NDArray[np.void]  # of CODE


def coded(points: Keypoints, most: int) -> bytes:
    """The code of a picture's strongest points."""
    looks = points.looks[:most]
    words, signatures = vocabulary().words(looks)
    codes = np.empty(len(looks), CODE)
    codes["word"], codes["signature"] = words[:, 0], signatures[:, 0]
    codes["turn"], codes["size"] = _steps(points.turns[:most], points.sizes[:most])
    return codes.tobytes()


def _steps(
    turns: NDArray[np.float32], sizes: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return (
        np.floor(turns * np.float32(TURNS / 360)).astype(np.int64) % TURNS,
        np.clip(np.log2(np.maximum(sizes, 1)) * DOUBLING, 0, SIZES - 1).astype(np.int64),
    )


@dataclass(frozen=True, slots=True)
class Postings:
    """All codes in the order of their words. `starts` (65,537): where each word's begin. `weights` (65,536)."""

    starts: NDArray[np.int64]
    weights: NDArray[np.float32]
    owners: NDArray[np.uint32]
    signatures: NDArray[np.uint32]
    turns: NDArray[np.uint8]
    sizes: NDArray[np.uint8]

    @classmethod
    def of(cls, codes: Iterable[bytes]) -> "Postings":
        """The postings of pictures 0, 1, 2 ... by their codes; of very many pictures each one's strongest points."""
        parts = [np.frombuffer(each, CODE) for each in codes]
        each_has = max(LEAST_EACH, MOST // max(len(parts), 1))
        parts = [each[:each_has] for each in parts]
        counts = np.array([len(each) for each in parts], np.int64)
        owners = np.repeat(np.arange(len(parts), dtype=np.uint32), counts)
        return cls.sorted(np.concatenate([*parts, np.empty(0, CODE)]), owners)

    @classmethod
    def sorted(cls, codes: Codes, owners: NDArray[np.uint32]) -> "Postings":
        """The postings by each point's code and picture."""
        order = np.argsort(codes["word"], kind="stable")
        lengths = np.bincount(codes["word"], minlength=WORDS)
        starts = np.concatenate([[0], np.cumsum(lengths)])
        pictures = int(owners.max()) + 1 if len(owners) else 1
        weights = np.log((pictures + 1) / np.maximum(lengths, 1)).clip(0.1) ** 2
        fields = (codes[name][order] for name in ("signature", "turn", "size"))
        return cls(starts, weights.astype(np.float32), owners[order], *fields)

    def votes(self, query: Keypoints, most: int) -> list[tuple[int, float]]:
        """The pictures with most votes, at most so many, and the votes."""
        if not len(query) or not len(self.owners):
            return []
        words, signatures = vocabulary().words(query.looks, WORDS_EACH)
        asked, rows, apart = self._near(words.ravel(), signatures.ravel())
        weight = self.weights[words.ravel()[asked]] * np.exp(-((apart / np.float32(SOFT)) ** 2))
        kept = self._most_told(rows, weight)
        point, rows, weight = self._once(asked[kept] // WORDS_EACH, rows[kept], weight[kept])
        return self._together(query, point, rows, weight, most)

    def _near(
        self, words: NDArray[np.int64], signatures: NDArray[np.uint32]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
        """The postings of each word with a near signature: which word asked, their rows, how many bits differ."""
        begins, lengths = self.starts[words], self.starts[words + 1] - self.starts[words]
        said = np.flatnonzero(lengths < max(NEVER_COMMON, COMMON * (len(self.owners) / WORDS + 1)))
        lengths = lengths[said]
        ends = np.cumsum(lengths)
        every = np.arange(ends[-1] if len(ends) else 0) + np.repeat(begins[said] - (ends - lengths), lengths)
        apart = np.bitwise_count(self.signatures[every] ^ np.repeat(signatures[said], lengths))
        near = np.flatnonzero(apart <= FAR)
        asked = said[np.searchsorted(ends, near, side="right")]
        return asked, every[near], apart[near].astype(np.float32)

    def _most_told(self, rows: NDArray[np.int64], weight: NDArray[np.float32]) -> NDArray[np.int64]:
        """The votes for the pictures with most of them: the others need not be looked at by turn and size."""
        owners = self.owners[rows]
        told = np.bincount(owners, weight)
        if len(told) <= LOOKED_THROUGH:
            return np.arange(len(rows))
        least = np.partition(told, -LOOKED_THROUGH)[-LOOKED_THROUGH]
        return np.flatnonzero(told[owners] >= max(least, np.float64(1e-9)))

    def _once(
        self, point: NDArray[np.int64], rows: NDArray[np.int64], weight: NDArray[np.float32]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
        """A point votes once for a picture, by the best of its postings."""
        key = self.owners[rows].astype(np.int64) << 16 | point
        order = np.lexsort((-weight, key))
        first = np.ones(len(order), np.bool_)
        first[1:] = key[order[1:]] != key[order[:-1]]
        kept = order[first]
        return point[kept], rows[kept], weight[kept]

    def _together(
        self, query: Keypoints, point: NDArray[np.int64], rows: NDArray[np.int64],
        weight: NDArray[np.float32], most: int,
    ) -> list[tuple[int, float]]:  # fmt: skip
        """The votes of each picture that tell of one turn and one size."""
        turns, sizes = _steps(query.turns, query.sizes)
        turned = (self.turns[rows].astype(np.int64) - turns[point]) % TURNS
        grown = self.sizes[rows].astype(np.int64) - sizes[point] + SIZES
        seen = self.owners[rows].astype(np.int64)
        # Steps are coarse: a vote counts for its neighbours' turn and size, too.
        keys = [
            (seen * TURNS + (turned + a) % TURNS) * (2 * SIZES + 2) + grown + b
            for a in (-1, 0, 1)
            for b in (-1, 0, 1)
        ]
        found, where = np.unique(np.concatenate(keys), return_inverse=True)
        sums = np.bincount(where, np.tile(weight, len(keys)))
        pictures, begins = np.unique(found // (TURNS * (2 * SIZES + 2)), return_index=True)
        best = np.maximum.reduceat(sums, begins) if len(sums) else sums
        order = np.argsort(-best, kind="stable")[:most]
        return [(int(pictures[each]), float(best[each])) for each in order]
