"""Where a query goes together with a record's small picture: it is slid over it in many sizes, by its light alone.

    roughly     the record SLID pixels long, the query in each size, everywhere (normalised correlation)
    again       the record AGAIN pixels long, in sizes and at places around the best

Light goes together in several places where a picture repeats itself, and in many pictures by chance: what is laid so
counts only with its mark.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from provenance.lookup.keypoints import LONGEST, Grey, Placement

SIZES_OF_CUTS = tuple(
    0.76 + 0.02 * step for step in range(12)
)  # of a query that may be a near cut, of the record
ANY_SIZE = tuple(0.44 + 0.02 * step for step in range(29))
SLID, AGAIN = 96, 192  # pixels of the record's longer side
FINER = tuple(0.005 * step for step in range(-4, 5))  # by which sizes differ when it is slid again
AROUND = 3  # pixels around a place: of one place, and where it is slid again
TOGETHER = 0.6  # correlation of the two in a place that counts
PLACES = 4  # that are told
ELSEWHERE = LONGEST / 24  # pixels, across and down together, by which they lie apart


class Slid(NamedTuple):
    """How well a query goes together with a record, its size, and its place there (of LONGEST)."""

    together: float
    size: float
    x: float
    y: float


def slid(query: Grey, record: Grey, sizes: Sequence[float]) -> list[tuple[Placement, float]]:
    """Where the query goes together with the record, and how well (at most 1): the best places, the best first. What
    repeats itself goes together in several.
    """
    here = _sized(query, AGAIN / max(query.shape))
    rough, fine = (_sized(record, longest / max(record.shape)) for longest in (SLID, AGAIN))
    found = [place for size in sizes for place in _slid(here, rough, size)]
    placed = (_again(here, fine, place) for place in _apart_from_each_other(found))
    return sorted((each for each in placed if each[1] >= TOGETHER), key=lambda each: -each[1])


def _apart_from_each_other(places: list[Slid]) -> list[Slid]:
    found: list[Slid] = []
    for each in sorted(places, reverse=True):
        if len(found) == PLACES:
            break
        if all(abs(each.x - other.x) + abs(each.y - other.y) > ELSEWHERE for other in found):
            found.append(each)
    return found


def _again(query: Grey, record: Grey, rough: Slid) -> tuple[Placement, float]:
    """The place more exactly, in a larger picture of the record."""
    tried = [place for step in FINER for place in _slid(query, record, rough.size + step, rough)]
    best = max(tried, default=rough)
    return Placement(np.array([[best.size, 0, best.x], [0, best.size, best.y]]), 0, 0), best.together


def _slid(query: Grey, record: Grey, size: float, near: Slid | None = None) -> list[Slid]:
    """Where the query in this size goes together with the record best; `near` a place alone, if given."""
    longest = max(record.shape)
    here = _sized(query, size * longest / max(query.shape))
    left, top, right, below = 0, 0, record.shape[1], record.shape[0]
    if near is not None:
        across, down = (round(each * longest / LONGEST) for each in (near.x, near.y))
        left, top = max(0, across - AROUND), max(0, down - AROUND)
        right, below = across + here.shape[1] + AROUND + 1, down + here.shape[0] + AROUND + 1
    part = record[top:below, left:right]
    if here.shape[0] > part.shape[0] or here.shape[1] > part.shape[1]:
        return []
    together = np.nan_to_num(cv2.matchTemplate(part, here, cv2.TM_CCOEFF_NORMED), posinf=0, neginf=0)
    shift, size = LONGEST / longest, max(here.shape) / longest
    found: list[Slid] = []
    for _ in range(PLACES if near is None else 1):
        _, most, _, (x, y) = cv2.minMaxLoc(together)
        if most < TOGETHER:
            break
        found.append(Slid(most, size, (left + x) * shift, (top + y) * shift))
        together[max(0, y - AROUND) : y + AROUND + 1, max(0, x - AROUND) : x + AROUND + 1] = -1
    return found


def _sized(picture: Grey, share: float) -> Grey:
    height, width = picture.shape
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
