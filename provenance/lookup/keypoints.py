"""Key points of a picture (SIFT), and where the picture lies within another one, by those that both have.

A point is a place, a size, a turn and what it looks like: 128 numbers that SIFT measures around it, made 64 small whole
ones by `vocabulary.py`. Points are spread over an 8 x 8 grid, so that a cutting keeps its share of them. What a point
looks like does not change when the picture is turned or made smaller, and in a mirror it changes by a known exchange
of the 128 numbers, so a query is looked at once.
"""

from bisect import bisect
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from provenance.lookup.vocabulary import DIMENSIONS, Looks, vocabulary

LONGEST = 512  # pixels of the longer side in which places and sizes are told
GRID = 8  # cells a side that points are spread over
SIZES = (3.2, 5.0, 9.0)  # pixels across: points are spread over four sizes, too
OFTEN = 1  # times its even share that a cell may have at one size
LEAST_SIDE = 32  # pixels: in less there is nothing to find
FAINTEST = 0.01  # contrast of a point, of 1
RATIO = 0.85  # how much nearer the best match has to be than the next (Lowe)
APART = 5.0  # pixels that a point may lie off its place (RANSAC)
CELL = 28.0  # pixels: agreeing points in one cell count once
FEWEST = 6  # agreeing points for a placement
TRIES = 1200
_BYTES = 6 + DIMENSIONS  # of a point
_TURN = 360 / 256  # degrees of one step
_SIZE = 16  # steps of a doubling

Grey = NDArray[np.uint8]  # (height, width)
Matrix = NDArray[np.float64]  # (2, 3): from the query's pixels to the record's
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Keypoints:
    """N points of a picture whose longer side is LONGEST.

    `places` (N, 2) in its pixels; `sizes` (N,) across, in its pixels; `turns` (N,) in degrees; `looks` (N, 64).
    """

    places: Floats
    sizes: Floats
    turns: Floats
    looks: Looks

    def __len__(self) -> int:
        return len(self.places)

    def packed(self) -> bytes:
        """70 bytes a point, kind by kind, without its last decimals."""
        sizes = np.clip(np.log2(np.maximum(self.sizes, 1)) * _SIZE + 0.5, 0, 255).astype(np.uint8)
        turns = ((self.turns / _TURN + 0.5).astype(np.int64) & 255).astype(np.uint8)
        places = self.places.astype("<f2").tobytes()
        return places + sizes.tobytes() + turns.tobytes() + self.looks.tobytes()

    @classmethod
    def unpacked(cls, data: bytes) -> "Keypoints":
        """What `packed` gave."""
        count = len(data) // _BYTES
        places = np.frombuffer(data, "<f2", count * 2).reshape(-1, 2).astype(np.float32)
        sizes = np.exp2(np.frombuffer(data, np.uint8, count, count * 4).astype(np.float32) / _SIZE)
        turns = np.frombuffer(data, np.uint8, count, count * 5).astype(np.float32) * np.float32(_TURN)
        looks = np.frombuffer(data, np.int8, count * DIMENSIONS, count * 6).reshape(-1, DIMENSIONS)
        return cls(places, sizes.astype(np.float32), turns, looks)


@dataclass(frozen=True, slots=True)
class Found:
    """Points as SIFT finds them, of a picture `width` pixels wide whose longer side is LONGEST."""

    places: Floats
    sizes: Floats
    turns: Floats
    around: NDArray[np.uint8]  # (N, 128)
    width: float

    def __len__(self) -> int:
        return len(self.places)

    def keypoints(self, *, mirrored: bool = False) -> Keypoints:
        """The points; or those of the mirrored picture, which need not be looked at for that."""
        if not mirrored:
            return Keypoints(self.places, self.sizes, self.turns, vocabulary().looks(self.around))
        places = self.places * np.array([-1, 1], np.float32) + np.array([self.width, 0], np.float32)
        turns = (180 - self.turns) % 360
        return Keypoints(places, self.sizes, turns, vocabulary().looks(self.around[:, _in_a_mirror()]))


@cache
def _in_a_mirror() -> NDArray[np.int64]:
    """Which of the 128 numbers stands where in a mirror: the rows of the 4 x 4 x 8 from below, directions backwards."""
    order = np.arange(128).reshape(4, 4, 8)[::-1][:, :, [0, 7, 6, 5, 4, 3, 2, 1]]
    return np.ascontiguousarray(order.reshape(-1))


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a query lies in a record: `matrix` takes its pixels there; `points` agree on it, in so many cells apart."""

    matrix: Matrix
    points: int
    cells: int

    @property
    def scale(self) -> float:
        """How much larger the query's things are in the record."""
        return float(np.hypot(self.matrix[0, 0], self.matrix[1, 0]))

    @property
    def degrees(self) -> float:
        """How far the query is turned against the record, clockwise."""
        return float(np.degrees(np.arctan2(self.matrix[0, 1], self.matrix[0, 0])))


def grey(picture: NDArray[np.uint8], longest: int = LONGEST) -> Grey:
    """(height, width, 3) RGB as grey, its longer side of so many pixels."""
    height, width = picture.shape[:2]
    share = longest / max(height, width)
    size = (max(1, round(width * share)), max(1, round(height * share)))
    how = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.cvtColor(cv2.resize(picture, size, interpolation=how), cv2.COLOR_RGB2GRAY))


def found_in(picture: Grey, most: int) -> Found:
    """The strongest points of each cell of the grid, at most so many."""
    height, width = picture.shape
    share = LONGEST / max(height, width)
    kept = _spread(picture, most) if min(picture.shape) >= LEAST_SIDE else []
    kept, around = _finder().compute(picture, kept) if kept else ([], None)
    places = np.array([each.pt for each in kept], np.float32).reshape(-1, 2) * np.float32(share)
    sizes = np.array([each.size for each in kept], np.float32) * np.float32(share)
    turns = np.array([each.angle for each in kept], np.float32)
    seen = np.empty((0, 128), np.uint8) if around is None else around.astype(np.uint8)
    return Found(places, sizes, turns, seen, width * share)


def _spread(picture: Grey, most: int) -> list[Any]:
    """The strongest points of each cell and size: words written across a picture have sizes of their own."""
    found = sorted(_finder().detect(picture, None), key=lambda each: -each.response)
    height, width = picture.shape
    share = LONGEST / max(height, width)
    quota, taken, kept = (
        max(1, most * OFTEN // (GRID * GRID)),
        np.zeros((GRID, GRID, len(SIZES) + 1), int),
        [],
    )
    for point in found:
        size = bisect(SIZES, point.size * share)
        cell = (int(point.pt[1] * GRID / height), int(point.pt[0] * GRID / width), size)
        if taken[cell] < quota:
            taken[cell] += 1
            kept.append(point)
        if len(kept) == most:
            break
    return kept


def placed(query: Keypoints, record: Keypoints) -> Placement | None:
    """Where the query lies in the record; None where too few points agree on any place."""
    if min(len(query), len(record)) < FEWEST:
        return None
    ours, theirs = _pairs(query.looks, record.looks)
    if len(ours) < FEWEST:
        return None
    here, there = query.places[ours], record.places[theirs]
    cv2.setRNGSeed(1)  # the same answer each time
    matrix, agreeing = cv2.estimateAffinePartial2D(
        here, there, method=cv2.RANSAC, ransacReprojThreshold=APART, maxIters=TRIES, confidence=0.999
    )
    if matrix is None:
        return None
    inside = agreeing.ravel().astype(bool)
    return Placement(matrix, int(inside.sum()), min(_cells(here[inside]), _cells(there[inside])))


def _pairs(ours: Looks, theirs: Looks) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which point of the one is which of the other: much nearer than the next, and no point twice."""
    one, two = ours.astype(np.float32), theirs.astype(np.float32)
    far = (one * one).sum(1)[:, None] - 2 * (one @ two.T) + (two * two).sum(1)[None]
    nearest = far.argmin(axis=1)
    rows = np.arange(len(one))
    best = far[rows, nearest].copy()
    far[rows, nearest] = np.inf
    clear = np.flatnonzero(best < RATIO * RATIO * far.min(axis=1))
    # Of the pairs with the same point of the record the nearest: many points to one would agree on any place.
    order = clear[np.argsort(best[clear], kind="stable")]
    _, first = np.unique(nearest[order], return_index=True)
    kept = np.sort(order[first])
    return kept, nearest[kept]


def _cells(places: Floats) -> int:
    return len({(int(x), int(y)) for x, y in places / CELL})


@cache
def _finder() -> Any:
    return cv2.SIFT.create(nfeatures=0, nOctaveLayers=3, contrastThreshold=FAINTEST, edgeThreshold=12)
