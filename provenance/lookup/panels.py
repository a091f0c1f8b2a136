"""The pictures of a collage: two or three in a row, in even rows, each to be asked about by itself.

Asked about as one picture, a calm one among busy ones gets few points, and no record's whole is like that of all four.

    a seam    a straight line where the picture is divided evenly, at which it goes up or down more than around it
    a panel   what lies between two seams

A pole in the very middle may be taken for a seam; then a half is asked about, which finds what it finds.
"""

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

IN_A_ROW = (3, 2)  # panels
AROUND = 9  # pixels to each side that a seam is held against
STEEPER, STEP = 1.6, 1.0  # times what is around, and levels more, by which a seam goes up or down ...
SOMEWHERE = 0.3  # ... in so much of its length,
SELDOM = 0.02  # which so many of the picture's other lines do at most
OFF = 2  # pixels that a seam may lie beside its place

Box = tuple[int, int, int, int]  # left, top, right, below: pixels
Grey = NDArray[np.uint8]  # (height, width)
Floats = NDArray[np.float32]


def panels(picture: Grey) -> list[Box]:
    """Where the panels of a picture lie; none where it is not divided."""
    light = picture.astype(np.float32)
    across, down = _edges(light), _edges(light.T)
    if len(across) + len(down) == 4:
        return []
    return [(left, top, right, below) for top, below in pairwise(down) for left, right in pairwise(across)]


def _edges(light: Floats) -> list[int]:
    """The columns at which panels begin and end: the first, those of seams, the last."""
    width = light.shape[1]
    if min(light.shape) < 4 * AROUND:
        return [0, width]
    steps = np.abs(light[:, 2:] - light[:, :-2])  # over two pixels, as broad as a seam that was made smaller
    steep = (steps > STEEPER * cv2.blur(steps, (2 * AROUND + 1, 1)) + STEP).mean(axis=0)
    steep[:AROUND] = steep[-AROUND:] = 0
    for row in IN_A_ROW:
        seams = [_clearest(steep, width * number // row - 1) for number in range(1, row)]
        if all(steep[each] >= SOMEWHERE and (steep >= steep[each]).mean() <= SELDOM for each in seams):
            return [0, *(each + 1 for each in seams), width]
    return [0, width]


def _clearest(steep: NDArray[np.float64], near: int) -> int:
    return near - OFF + int(steep[near - OFF : near + OFF + 1].argmax())
