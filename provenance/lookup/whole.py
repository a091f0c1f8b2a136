"""A picture's whole as 256 bits: in which of its coarse waves it is stronger than in the middle one.

Key points find a part of a picture; where there are few, words written across it hide them all. The whole still goes
up and down as it did. So the whole proposes pictures, too, and proves nothing: all looks of one layout have nearly the
same code. (The idea of pHash and PDQ: a cosine transform of the small grey picture, its lowest waves, their median.)

Large light words make a fog or a dark wall go up and down as they do. So a picture that is asked about is also taken
without what is light and thin in it, and without what is dark and thin (an opening and a closing).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 64  # pixels a side of the small picture
WAVES = 16  # a side that are kept
BYTES = WAVES * WAVES // 8
NEAR = 80  # bits of 256 that may differ
NEAREST = 2  # pictures that are proposed
STROKE = 13  # pixels across, of 512: what is thinner counts as a stroke

Grey = NDArray[np.uint8]  # (height, width)
Waves = NDArray[np.float32]  # (16, 16)
Wholes = NDArray[np.uint64]  # (4, N)


def without_strokes(picture: Grey) -> tuple[Grey, Grey]:
    """The picture without its light strokes, and without its dark ones."""
    pen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (STROKE, STROKE))
    return (
        np.asarray(cv2.morphologyEx(picture, cv2.MORPH_OPEN, pen), np.uint8),
        np.asarray(cv2.morphologyEx(picture, cv2.MORPH_CLOSE, pen), np.uint8),
    )


def waves_of(picture: Grey) -> Waves:
    """The lowest waves of a picture, the flat one left out."""
    small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.asarray(cv2.dct(small)[: WAVES + 1, : WAVES + 1][1:, 1:], np.float32)


def whole_code(waves: Waves, *, mirrored: bool = False) -> bytes:
    """32 bytes. In a mirror every other wave changes its sign, so a mirrored picture is not transformed again."""
    if mirrored:
        waves = waves * np.where(np.arange(1, WAVES + 1) % 2, np.float32(-1), np.float32(1))
    return np.packbits(waves > np.median(waves)).tobytes()


def wholes_of(codes: list[bytes]) -> Wholes:
    """Codes to be searched, one a column; of each its first BYTES."""
    together = b"".join(each[:BYTES] for each in codes)
    return np.ascontiguousarray(np.frombuffer(together, "<u8").reshape(-1, BYTES // 8).T)


def nearest(code: bytes, wholes: Wholes) -> list[tuple[int, int]]:
    """The pictures whose whole is near, at most NEAREST of them, the nearest first, and how many bits differ."""
    apart = np.zeros(wholes.shape[1], np.uint16)
    for ours, theirs in zip(np.frombuffer(code, "<u8"), wholes, strict=True):
        apart += np.bitwise_count(theirs ^ ours)
    near = np.flatnonzero(apart <= NEAR)
    order = near[np.argsort(apart[near], kind="stable")][:NEAREST]
    return [(int(each), int(apart[each])) for each in order]
