"""Key points of a picture (SIFT), and where the picture lies within another one, by those that both have.

A point is a place, a size, a turn and what it looks like: 128 numbers that SIFT measures around it, made 64 small whole
ones by `vocabulary.py`. Points are spread over an 8 x 8 grid, so that a cutting keeps its share of them. What a point
looks like does not change when the picture is turned or made smaller, and in a mirror it changes by a known exchange
of the 128 numbers, so a query is looked at once.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from provenance.lookup.vocabulary import DIMENSIONS, Looks, vocabulary

LONGEST = 512  # pixels of the longer side in which places and sizes are told
GRID = 8  # cells a side that points are spread over
SIZES = (3.2, 5.0, 9.0)  # pixels across: points are spread over four sizes, too
OFTEN = 1  # times its even share that a cell may have at one size
# Of a picture that is indexed any quarter has to do: in each of 4 x 4 blocks a point counts for a fifth less (log) than
# the one before it.
BLOCKS, FADE = 4, 0.2
LEAST_SIDE = 32  # pixels: in less there is nothing to find
FAINTEST = 0.01  # contrast of a point, of 1
STRONGEST = 4000  # points that are looked at more closely
RATIO = 0.85  # how much nearer the best match has to be than the next (Lowe)
APART = 5.0  # pixels that a point may lie off its place ...
ROUGH, OWN = (
    0.15,
    0.5,
)  # ... by a guess: of its distance; and by how much its own size and turn may be others (log)
CLOSER = (12.0, 7.0, APART, APART)  # pixels, from fit to fit
GUESSES = 6  # that are fitted
CELL = 28.0  # pixels: agreeing points in one cell count once
FEWEST = 6  # agreeing points for a placement
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


def pixels_of(image: Image.Image) -> NDArray[np.uint8]:
    """The picture as numbers; a large one made smaller, since nothing looks closer."""
    small = image.convert("RGB")
    if max(small.size) > 2 * LONGEST:
        small = small.copy()
        small.thumbnail((2 * LONGEST, 2 * LONGEST), Image.Resampling.BOX, reducing_gap=None)
    return np.asarray(small)


def found_in(picture: Grey, most: int, *, evenly: bool = False) -> Found:
    """The strongest points of each cell and size, at most so many: words written across have sizes of their own.

    `evenly`: a part with many strong points leaves some to the others.
    """
    height, width = picture.shape
    share = LONGEST / max(height, width)
    points, around = (
        _finder().detectAndCompute(picture, None) if min(picture.shape) >= LEAST_SIDE else ((), None)
    )
    if around is None:
        points, around = (), np.empty((0, 128), np.float32)
    told = np.array([(*each.pt, each.size, each.angle, each.response) for each in points], np.float32)
    told = told.reshape(-1, 5)
    places, sizes = told[:, :2] * np.float32(share), told[:, 2] * np.float32(share)
    at = np.asarray(told[:, :2] / np.array([width, height], np.float32), np.float32)
    kept = _spread(at, sizes, told[:, 4], most, FADE if evenly else 0.0)
    return Found(places[kept], sizes[kept], told[kept, 3], around[kept].astype(np.uint8), width * share)


def _spread(at: Floats, sizes: Floats, strengths: Floats, most: int, fade: float) -> NDArray[np.int64]:
    """Which points are kept, the best first. `at` (N, 2): places as shares of width and height. `fade`: how much less
    (log) a point counts than the one before it in its block.
    """
    order = np.argsort(-strengths, kind="stable")
    across, down = np.minimum((at[order] * GRID).astype(int), GRID - 1).T
    cell = (down * GRID + across) * (len(SIZES) + 1) + np.searchsorted(SIZES, sizes[order], side="right")
    quota = max(1, most * OFTEN // (GRID * GRID))
    in_quota = _place_in_row(cell) < quota
    order, across, down = order[in_quota], across[in_quota] * BLOCKS // GRID, down[in_quota] * BLOCKS // GRID
    counts = np.log(strengths[order] + 1e-9) - fade * _place_in_row(down * BLOCKS + across)
    return np.asarray(order[np.argsort(-counts, kind="stable")][:most], np.int64)


def _place_in_row(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of each item, how many of its cell stand before it."""
    order = np.argsort(cells, kind="stable")
    begins = np.flatnonzero(np.diff(cells[order], prepend=-1))
    lengths = np.diff(begins, append=len(cells))
    places = np.empty(len(cells), np.int64)
    places[order] = np.arange(len(cells)) - np.repeat(begins, lengths)
    return places


def placed(query: Keypoints, record: Keypoints) -> Placement | None:
    """Where the query lies in the record; None where too few points agree on any place.

    Every pair of points guesses a whole place by itself, since a point has a size and a turn. The guesses that most
    pairs agree with are fitted to those pairs, and the best is taken: the same answer each time.
    """
    if min(len(query), len(record)) < FEWEST:
        return None
    ours, theirs = _pairs(query.looks, record.looks)
    if len(ours) < FEWEST:
        return None
    here, there = _plane(query.places[ours]), _plane(record.places[theirs])
    turned = np.exp(1j * np.radians(record.turns[theirs] - query.turns[ours]))
    grown = (record.sizes[theirs] / query.sizes[ours] * turned).astype(np.complex64)
    guesses = _agreeing(here, there, grown)
    best = max((_fitted(here, there, each) for each in guesses), key=lambda each: each[1].sum())
    (by, to), inside = best
    if inside.sum() < FEWEST:
        return None
    matrix = np.array([[by.real, -by.imag, to.real], [by.imag, by.real, to.imag]])
    apart = min(_cells(query.places[ours][inside]), _cells(record.places[theirs][inside]))
    return Placement(matrix, int(inside.sum()), apart)


def _plane(places: Floats) -> NDArray[np.complex64]:
    """Places as numbers of the complex plane: a turn and a scale are one product there."""
    return (places[:, 0] + 1j * places[:, 1]).astype(np.complex64)


def _agreeing(
    here: NDArray[np.complex64], there: NDArray[np.complex64], grown: NDArray[np.complex64]
) -> NDArray[np.bool_]:
    """(GUESSES, N): of the guesses that most pairs agree with, which pairs do. Sizes and turns are rough, so the
    farther away a pair is, the more it may be off.
    """
    apart = np.abs(there[None] - there[:, None])
    off = np.abs(there[:, None] + grown[:, None] * (here[None] - here[:, None]) - there[None])
    alike = np.abs(np.log(grown[None] / grown[:, None]))  # of its own size and turn
    agree = (off < APART + ROUGH * apart) & (alike < OWN)
    most = np.argsort(-agree.sum(axis=1), kind="stable")[:GUESSES]
    return np.asarray(agree[most], np.bool_)


def _fitted(
    here: NDArray[np.complex64], there: NDArray[np.complex64], inside: NDArray[np.bool_]
) -> tuple[tuple[complex, complex], NDArray[np.bool_]]:
    """The turn, size and shift that fit those pairs best, and the pairs that lie in place then."""
    by, to = 0j, 0j
    for far in CLOSER:
        if inside.sum() < 2:
            break
        middle_here, middle_there = here[inside].mean(), there[inside].mean()
        one, two = here[inside] - middle_here, there[inside] - middle_there
        by = complex((one.conj() * two).sum() / max(float((np.abs(one) ** 2).sum()), 1e-6))
        to = complex(middle_there - by * middle_here)
        inside = np.abs(by * here + to - there) < far
    return (by, to), inside


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
    return cv2.SIFT.create(nfeatures=STRONGEST, nOctaveLayers=3, contrastThreshold=FAINTEST, edgeThreshold=12)
