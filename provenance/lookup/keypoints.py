"""Key points of a picture (ORB), and where the picture lies within another one, by those that both have.

At most 400 points, spread over an 8 x 8 grid, so that a cutting keeps its share of them. Each is a place in a picture
of 512 pixels (two half-precision numbers) and 256 bits of what it looks like: 36 bytes, 14 kB a picture.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

LONGEST = 512  # pixels of the longer side in which places are told
MOST = 400  # points of a record
GRID = 8  # cells a side that points are spread over
LEAST_SIDE = 32  # pixels: in less, the smallest copy that ORB looks at would have no pixels left
RATIO = 0.85  # how much nearer the best match has to be than the next (Lowe)
APART = 5.0  # pixels that a point may lie off its place (RANSAC)
CELL = 28.0  # pixels: agreeing points in one cell count once
FEWEST = 6  # agreeing points for a placement
TRIES = 1200

Grey = NDArray[np.uint8]  # (height, width)
Matrix = NDArray[np.float64]  # (2, 3): from the query's pixels to the record's


@dataclass(frozen=True, slots=True)
class Keypoints:
    """`places` (N, 2) in pixels of a picture whose longer side is LONGEST, `looks` (N, 32) bytes."""

    places: NDArray[np.float32]
    looks: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.places)

    def packed(self) -> bytes:
        """36 bytes a point: first all places, then all looks."""
        return self.places.astype("<f2").tobytes() + self.looks.tobytes()

    @classmethod
    def unpacked(cls, data: bytes) -> "Keypoints":
        """What `packed` gave."""
        count = len(data) // 36
        places = np.frombuffer(data, "<f2", count * 2).reshape(-1, 2).astype(np.float32)
        return cls(places, np.frombuffer(data, np.uint8, count * 32, count * 4).reshape(-1, 32))


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


def _none() -> Keypoints:
    return Keypoints(np.empty((0, 2), np.float32), np.empty((0, 32), np.uint8))


def keypoints_of(picture: Grey, most: int = MOST) -> Keypoints:
    """The strongest points of each cell of the grid, at most so many."""
    if min(picture.shape) < LEAST_SIDE:
        return _none()
    finder = _finder()
    found = sorted(finder.detect(picture, None), key=lambda each: -each.response)
    height, width = picture.shape
    quota, taken, kept = most // (GRID * GRID) * 2, np.zeros((GRID, GRID), int), []
    for point in found:
        cell = (int(point.pt[1] * GRID / height), int(point.pt[0] * GRID / width))
        if taken[cell] < quota:
            taken[cell] += 1
            kept.append(point)
        if len(kept) == most:
            break
    kept, looks = finder.compute(picture, kept)
    if looks is None:
        return _none()
    share = LONGEST / max(height, width)
    places = np.array([point.pt for point in kept], np.float32) * np.float32(share)
    return Keypoints(places, looks)


def placed(query: Keypoints, record: Keypoints) -> Placement | None:
    """Where the query lies in the record; None where too few points agree on any place."""
    if min(len(query), len(record)) < FEWEST:
        return None
    pairs = _matcher().knnMatch(query.looks, record.looks, k=2)
    good = _one_to_one(
        each[0] for each in pairs if len(each) == 2 and each[0].distance < RATIO * each[1].distance
    )
    if len(good) < FEWEST:
        return None
    here = query.places[[each.queryIdx for each in good]]
    there = record.places[[each.trainIdx for each in good]]
    cv2.setRNGSeed(1)  # the same answer each time
    matrix, agreeing = cv2.estimateAffinePartial2D(
        here, there, method=cv2.RANSAC, ransacReprojThreshold=APART, maxIters=TRIES, confidence=0.999
    )
    if matrix is None:
        return None
    inside = agreeing.ravel().astype(bool)
    return Placement(matrix, int(inside.sum()), min(_cells(here[inside]), _cells(there[inside])))


def _one_to_one(pairs: Iterable[Any]) -> list[Any]:
    """Of the pairs with the same point of the record the nearest: many points to one would agree on any place."""
    best: dict[int, Any] = {}
    for each in pairs:
        known = best.get(each.trainIdx)
        if known is None or each.distance < known.distance:
            best[each.trainIdx] = each
    return list(best.values())


def _cells(places: NDArray[np.float32]) -> int:
    return len({(int(x), int(y)) for x, y in places / CELL})


@cache
def _finder() -> Any:
    return cv2.ORB.create(
        nfeatures=2000, scaleFactor=1.2, nlevels=8, fastThreshold=8, edgeThreshold=15, patchSize=31
    )


@cache
def _matcher() -> Any:
    return cv2.BFMatcher(cv2.NORM_HAMMING)
