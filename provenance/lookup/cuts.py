"""A picture's cuts: 25 codes of 63 bits, by which a copy whose edges are gone is proposed where it has few points.

    the cuts     nine of 90 % of each side and sixteen of 82 %, evenly laid
    a code       which of a cut's coarsest waves go up first, and which down
    a query      is taken for a cut; its weakest waves are not compared, for they turn with every edit
    its place    where it goes together best with the record's small picture, slid over it in sizes around those

All looks of one layout have nearly the same codes, and so have a hundred pale plots. So what is proposed here counts
only with its mark. (`whole.py` does the same for what was not cut.)
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from provenance.lookup.keypoints import LONGEST, Grey, Placement

CUTS = ((0.9, 3), (0.82, 4))  # of each side, and how many of them stand in a row
SIDE, WAVES = 32, 8  # pixels a side of the small picture; waves a side that are kept
COMPARED = 44  # of them: the strongest
APART, APART_VOTED = 8, 12  # bits of those that may differ; of a picture that points propose as well
NEAREST = 6  # pictures that are proposed
SLID = 96  # pixels of the record's longer side while the query is slid over it ...
SIZES_OF_CUTS = tuple(0.76 + 0.02 * step for step in range(12))  # ... in these sizes, of the record
ANY_SIZE = tuple(0.44 + 0.02 * step for step in range(29))
AGAIN = 192  # pixels when it is slid again, around where it was best ...
FINER = tuple(0.005 * step for step in range(-4, 5))  # ... in sizes that differ by so much
AROUND = 3  # pixels
TOGETHER = 0.6  # correlation of the two in a place that counts ...
PLACES, ELSEWHERE = (
    4,
    LONGEST / 24,
)  # ... of which so many are tried that lie so far apart, down and across together
BYTES = 8
MANY = sum(row * row for _, row in CUTS)

Codes = NDArray[np.uint64]  # of many pictures (N, 25)
Waves = NDArray[np.float32]  # of one cut (64,)


class Slid(NamedTuple):
    """How well a query goes together with a record, its size, and its place there (of LONGEST)."""

    together: float
    size: float
    x: float
    y: float


def cut_codes(picture: Grey) -> bytes:
    """Eight bytes a cut."""
    return coded(cut_waves(picture)).tobytes()


def cut_waves(picture: Grey) -> Waves:
    """(25, 64): the coarsest waves of each cut."""
    return np.stack([_waves(cut) for cut in _cuts(picture)])


def coded(waves: Waves | NDArray[np.bool_]) -> Codes:
    """The codes of waves, (..., 64)."""
    return np.packbits(waves > 0, axis=-1).view("<u8")[..., 0]


def codes_of(kept: Iterable[bytes]) -> Codes:
    """What `cut_codes` gave of pictures 0, 1, 2 ..., to be searched; of each the last bytes."""
    return np.frombuffer(b"".join(each[-MANY * BYTES :] for each in kept), "<u8").reshape(-1, MANY)


def near_cuts(picture: Grey, codes: Codes, voted: Set[int] = frozenset()) -> list[tuple[int, bool, int]]:
    """The pictures with a cut that this one may be, mirrored or not, the nearest first; and how many bits differ. Of
    those that were `voted` for by points more may differ.
    """
    waves = _waves(picture)
    compared = coded(np.abs(waves) >= np.sort(np.abs(waves))[-COMPARED])
    found, also = [], []
    for mirrored in (False, True):
        asked = coded(waves * _turning() if mirrored else waves)
        apart = np.bitwise_count((codes ^ asked) & compared).min(axis=1, initial=COMPARED)
        near = np.flatnonzero(apart <= APART)
        order = near[np.argsort(apart[near], kind="stable")][:NEAREST]
        found += [(int(each), mirrored, int(apart[each])) for each in order]
        also += [(each, mirrored, int(apart[each])) for each in sorted(voted) if apart[each] <= APART_VOTED]
    nearest = sorted(found, key=_apart)[:NEAREST]
    return [*nearest, *sorted(set(also) - set(nearest), key=_apart)]


def _apart(near: tuple[int, bool, int]) -> tuple[int, int, bool]:
    owner, mirrored, apart = near
    return apart, owner, mirrored


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


def _cuts(picture: Grey) -> Iterator[Grey]:
    height, width = picture.shape
    for share, row in CUTS:
        tall, broad = max(1, round(height * share)), max(1, round(width * share))
        for down in range(row):
            for across in range(row):
                top, left = (height - tall) * down // (row - 1), (width - broad) * across // (row - 1)
                yield picture[top : top + tall, left : left + broad]


def _waves(picture: Grey) -> Waves:
    """The coarsest waves of a picture, the flat one as nothing."""
    small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    waves = np.asarray(cv2.dct(small)[:WAVES, :WAVES], np.float32).ravel()
    waves[0] = 0
    return waves


@cache
def _turning() -> Waves:
    """Which waves change their sign in a mirror: every other one across."""
    return np.tile(np.where(np.arange(WAVES) % 2, -1, 1), WAVES).astype(np.float32)


def _sized(picture: Grey, share: float) -> Grey:
    height, width = picture.shape
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
