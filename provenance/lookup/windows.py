"""The parts of a picture that get a code of their own: some of the record, so that a cutting finds it; some of a query,
so that what lies around it (a frame, bars, other pictures of a collage) does not hide it.

    record   the whole, and nine windows of 60 % of each side
    query    the whole, what is left without bars, the largest part that is not flat, four quarters, the middle;
             each as it is and mirrored
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from provenance.lookup.descriptor import SIDE

Pixels = NDArray[np.uint8]  # (height, width, 3), RGB
SHARE = 0.6  # of each side, of a record's window
PLACES = (0.0, 0.5, 1.0)  # where windows begin, of the room that they have
FLAT = 7.0  # grey levels: a row that varies less is part of a bar
SMALLEST = 0.25  # of a side, for what lies within bars or a frame
LOOKED_AT = 192  # pixels of the longer side when frames are looked for
TEXTURED = 12.0  # grey levels of deviation within 8 x 8 pixels


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a picture: rows from `top` to `bottom`, columns from `left` to `right`, in shares of its sides."""

    top: float
    left: float
    bottom: float
    right: float

    def of(self, picture: Pixels) -> Pixels:
        height, width = picture.shape[:2]
        rows = slice(round(self.top * height), max(round(self.bottom * height), round(self.top * height) + 1))
        columns = slice(
            round(self.left * width), max(round(self.right * width), round(self.left * width) + 1)
        )
        return picture[rows, columns]

    @property
    def mirrored(self) -> "Box":
        """The same part in the mirrored picture."""
        return Box(self.top, 1 - self.right, self.bottom, 1 - self.left)

    def near(self, other: "Box") -> bool:
        """Whether the two are the same but for a twentieth of a side."""
        mine = (self.top, self.left, self.bottom, self.right)
        theirs = (other.top, other.left, other.bottom, other.right)
        return max(abs(one - two) for one, two in zip(mine, theirs, strict=True)) < 0.05


WHOLE = Box(0, 0, 1, 1)
_QUARTERS = tuple(Box(top, left, top + 0.5, left + 0.5) for top in (0, 0.5) for left in (0, 0.5))
_MIDDLE = Box(0.2, 0.2, 0.8, 0.8)


def of_a_record(picture: Pixels) -> NDArray[np.uint8]:
    """(10, 128, 128, 3): what is indexed of a picture."""
    room = 1 - SHARE
    boxes = [Box(room * y, room * x, room * y + SHARE, room * x + SHARE) for y in PLACES for x in PLACES]
    return np.stack([square(box.of(picture)) for box in (WHOLE, *boxes)])


def of_a_query(picture: Pixels, boxes: Sequence[Box]) -> NDArray[np.uint8]:
    """(2 N, 128, 128, 3) for N boxes: what is asked with; in the second half the same parts, mirrored."""
    straight = [square(box.of(picture)) for box in boxes]
    return np.stack([*straight, *(each[:, ::-1] for each in straight)])


def query_boxes(picture: Pixels) -> list[Box]:
    """The parts of a query, without those that are almost one of the others."""
    boxes: list[Box] = []
    for box in (WHOLE, *inner(picture), *_QUARTERS, _MIDDLE):
        if not any(box.near(each) for each in boxes):
            boxes.append(box)
    return boxes


def inner(picture: Pixels) -> Iterator[Box]:
    """What is left without bars, and the largest part that is not flat: a picture on a page, in a window, in a post."""
    height, width = picture.shape[:2]
    share = LOOKED_AT / max(height, width)
    size = (max(16, round(width * share)), max(16, round(height * share)))
    small = cv2.cvtColor(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    yield from _large(_without_bars(small))
    yield from _large(_largest_part(small))


def square(picture: Pixels) -> Pixels:
    """The picture squashed to the square that the descriptor sees."""
    small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _large(box: Box | None) -> Iterator[Box]:
    if box is not None and min(box.bottom - box.top, box.right - box.left) >= SMALLEST:
        yield box


def _without_bars(small: NDArray[np.uint8]) -> Box | None:
    """What lies between rows and columns that hardly vary."""
    height, width = small.shape
    rows = np.flatnonzero(small.std(axis=1) > FLAT)
    if not len(rows):
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(small[top:bottom].std(axis=0) > FLAT)
    if not len(columns):
        return None
    return Box(top / height, columns[0] / width, bottom / height, (columns[-1] + 1) / width)


def _largest_part(small: NDArray[np.uint8]) -> Box | None:
    """The box around the largest connected part that is not flat; words and buttons are small parts beside it."""
    height, width = small.shape
    grey = small.astype(np.float32)
    mean = cv2.blur(grey, (8, 8))
    varied = np.sqrt(np.maximum(cv2.blur(grey * grey, (8, 8)) - mean * mean, 0)) > TEXTURED
    joined = cv2.morphologyEx(varied.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=4)
    if count < 2:
        return None
    largest = stats[1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))]
    left, top = int(largest[cv2.CC_STAT_LEFT]), int(largest[cv2.CC_STAT_TOP])
    right, bottom = left + int(largest[cv2.CC_STAT_WIDTH]), top + int(largest[cv2.CC_STAT_HEIGHT])
    # Blurred by eight pixels: the edge itself lies up to four within.
    edge = 3
    return Box(
        (top + edge * (top > 0)) / height,
        (left + edge * (left > 0)) / width,
        (bottom - edge * (bottom < height)) / height,
        (right - edge * (right < width)) / width,
    )
