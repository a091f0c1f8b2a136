"""Two pictures laid over each other: in how much of what both show they agree, and what differs.

The record's picture is a small reference; the query is warped onto it, moved the last pixel into place (ECC), and
compared block by block, in its fine structure alone: skies and slopes of light go together in any two landscapes. A
block counts where it is not flat in the record and lies within the query. It agrees where its values go together
(normalised correlation), which brightness, contrast and a change of colour leave alone. Of strangers laid over each
other by force a tenth of the blocks agrees, of pictures with the same things in them up to a half; under words
written all across a picture, mostly more than three fifths.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from provenance.lookup.keypoints import LONGEST, Grey, Matrix

SIDE = 256  # pixels of the longer side in which the two are compared
BLOCK = 16  # pixels of a block's side
FINE = 3.0  # pixels: what is coarser than that is taken away
FLAT = 1.5  # grey levels: a block that deviates less says nothing
TOGETHER = 0.35  # correlation from which a block agrees
ROUNDS, CLOSE = 30, 1e-4  # of moving the query into place
COLOURED = 4.0  # levels of chroma below which a picture counts as grey

Pixels = NDArray[np.uint8]  # (height, width, 3), RGB
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was found where a query lies over a record.

    `agree`: the share of the record's blocks within the query that go together, of so many `blocks`.
    `shown`: the share of the record's picture that the query covers. `filled`: the share of the query that it fills.
    `detail`: how alike the two are in light and colour, at most 1: what tells variants of one layout apart.
    `brighter`: levels of 255. `grey`: the query has no colour where the record has some.
    """

    matrix: Matrix
    agree: float
    blocks: int
    shown: float
    filled: float
    detail: float
    brighter: float
    grey: bool


def compared(query: Pixels, record: Pixels, matrix: Matrix, *, settle: bool = True) -> Agreement:
    """The two laid over each other. `matrix` takes the query's pixels to the record's, both LONGEST pixels long.

    `settle`: the query is moved the last pixel into place by its light.
    """
    here, there = _small(query), _small(record)
    share = SIDE / LONGEST
    start = matrix.astype(np.float32).copy()
    start[:, 2] *= np.float32(share)
    moved = _settled(here, there, start) if settle else start
    height, width = there.shape[:2]
    seen, inside = _warped(here, moved, (width, height))
    agree, blocks = _blocks(_luma(seen), _luma(there), inside)
    covered = _covered(moved, here.shape[:2], (height, width))
    detail, brighter, grey = _detail(seen, there, inside)
    final = moved.astype(np.float64)
    final[:, 2] /= share
    shown = float(inside.mean())
    return Agreement(final, agree, blocks, shown, covered, detail, brighter, grey)


def _small(picture: Pixels) -> Pixels:
    height, width = picture.shape[:2]
    share = SIDE / max(height, width)
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _luma(picture: Pixels) -> Grey:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def _settled(here: Pixels, there: Pixels, start: Floats) -> Floats:
    """The matrix moved the last pixel into place; as it came where that leads nowhere."""
    try:
        inverse = cv2.invertAffineTransform(start).astype(np.float32)
        stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, ROUNDS, CLOSE)
        _, found = cv2.findTransformECC(_luma(there), _luma(here), inverse, cv2.MOTION_AFFINE, stop, None, 5)
        settled: Floats = cv2.invertAffineTransform(found).astype(np.float32)
    except cv2.error:
        return start
    corners = np.array([[0, 0, 1], [here.shape[1], here.shape[0], 1]], np.float32)
    drift = np.abs(corners @ (settled - start).T).max()
    return settled if drift < SIDE / 10 else start


def _warped(here: Pixels, matrix: Floats, size: tuple[int, int]) -> tuple[Pixels, NDArray[np.bool_]]:
    """The query in the record's frame, and where it lies."""
    seen = cv2.warpAffine(here, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    whole = np.full(here.shape[:2], 255, np.uint8)
    inside = cv2.warpAffine(whole, matrix, size, flags=cv2.INTER_NEAREST)
    return np.asarray(seen, np.uint8), np.asarray(inside > 0)


def _blocks(one: Grey, two: Grey, inside: NDArray[np.bool_]) -> tuple[float, int]:
    """The share of the blocks that go together, and how many there are."""
    a, b = _fine(one), _fine(two)
    mean_a, mean_b = _mean(a), _mean(b)
    varied_a = np.sqrt(np.maximum(_mean(a * a) - mean_a**2, 0))
    varied_b = np.sqrt(np.maximum(_mean(b * b) - mean_b**2, 0))
    both = _mean(a * b) - mean_a * mean_b
    counted = (varied_b > FLAT) & (_mean(inside.astype(np.float32)) > 0.9)
    together = both > TOGETHER * np.maximum(varied_a, 0.5) * varied_b
    blocks = int(counted.sum())
    return (float((together & counted).sum()) / blocks if blocks else 0.0), blocks


def _fine(picture: Grey) -> Floats:
    """The picture without what is coarse in it."""
    values = picture.astype(np.float32)
    return np.asarray(values - cv2.GaussianBlur(values, (0, 0), FINE), np.float32)


def _mean(values: Floats) -> Floats:
    """The mean of each block."""
    height, width = (each // BLOCK * BLOCK for each in values.shape)
    cut = values[:height, :width].reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK)
    return np.asarray(cut.mean(axis=(1, 3)), np.float32)


def _covered(matrix: Floats, here: tuple[int, int], there: tuple[int, int]) -> float:
    """The share of the query that the record fills."""
    whole = np.full(there, 255, np.uint8)
    back = cv2.warpAffine(
        whole, cv2.invertAffineTransform(matrix), (here[1], here[0]), flags=cv2.INTER_NEAREST
    )
    return float((np.asarray(back) > 0).mean())


def _detail(seen: Pixels, there: Pixels, inside: NDArray[np.bool_]) -> tuple[float, float, bool]:
    """How alike light and colours are, how much brighter the query is, and whether it alone is grey."""
    if inside.sum() < BLOCK * BLOCK:
        return 0.0, 0.0, False
    a = cv2.cvtColor(cv2.GaussianBlur(seen, (0, 0), 1.2), cv2.COLOR_RGB2YCrCb)[inside].astype(np.float32)
    b = cv2.cvtColor(cv2.GaussianBlur(there, (0, 0), 1.2), cv2.COLOR_RGB2YCrCb)[inside].astype(np.float32)
    light = _correlation(a[:, 0], b[:, 0])
    chroma_a, chroma_b = np.abs(a[:, 1:] - 128).mean(), np.abs(b[:, 1:] - 128).mean()
    brighter = float(np.median(a[:, 0] - b[:, 0]))
    if chroma_a < COLOURED:
        return light, brighter, bool(chroma_b >= COLOURED)
    # Not the correlation of each: two pictures of one colour each would have none.
    near = 1 - float(np.abs(a[:, 1:] - b[:, 1:]).mean() / max(chroma_a, chroma_b, 1.0))
    return 0.6 * light + 0.4 * max(near, 0.0), brighter, False


def _correlation(one: Floats, two: Floats) -> float:
    one, two = one - one.mean(), two - two.mean()
    size = float(np.sqrt((one @ one) * (two @ two)))
    return float(one @ two) / size if size > 0 else 0.0
