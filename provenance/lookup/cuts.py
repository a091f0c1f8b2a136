"""A picture's cuts: 25 codes of 63 bits, by which a copy whose edges are gone is proposed where it has few points.

    the cuts     nine of 90 % of each side and sixteen of 82 %, evenly laid
    a code       which of a cut's coarsest waves go up first, and which down
    a query      is taken for a cut; its weakest waves are not compared, for they turn with every edit

All looks of one layout have nearly the same codes, and so have a hundred pale plots. So what is proposed here counts
only with its mark. Where it lies in the record, `sliding.py` finds. (`whole.py` does the same for what was not cut.)
"""

from collections.abc import Iterable, Iterator, Set
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

CUTS = ((0.9, 3), (0.82, 4))  # of each side, and how many of them stand in a row
SIDE, WAVES = 32, 8  # pixels a side of the small picture; waves a side that are kept
COMPARED = 44  # of them: the strongest
APART, APART_VOTED = 8, 12  # bits of those that may differ; of a picture that points propose as well
NEAREST = 6  # pictures that are proposed
BYTES = 8
MANY = sum(row * row for _, row in CUTS)

Grey = NDArray[np.uint8]  # (height, width)
Codes = NDArray[np.uint64]  # of many pictures (N, 25)
Waves = NDArray[np.float32]  # of one cut (64,)


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
