"""What was done to a copy of a picture, found out and done again to the picture itself; and the faint mark in the rest.

The small reference of the index (mark_reading.py) differs from a copy along every edge, by more than a mark. With the
vault's own picture, without its mark, nearly all of that can be told:

    1 the picture is laid under the copy's own pixels      a place, sharpened by their light (ECC)
    2 its light is made the copy's                         a curve: the copy's mean for each light of the picture
    3 it is made as soft or sharp as the copy              the filter of 5 x 5 pixels that leaves least
    4 it is packed as JPEG as hard as the copy was         the quality that leaves least
    5 taken away from the copy                             what is left is the mark, and noise
    6 held against the mark as strong as it was written, and as the curve left it: nothing where all became white

Nothing here depends on the mark's signs, which a keyed hash drew. So without the mark the answer is a fair coin's, as
in mark_reading.py, whatever picture is laid over whatever copy.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from provenance.lookup.faint_mark import cells_in, strength_in, strengths
from provenance.lookup.keypoints import LONGEST, Matrix
from provenance.lookup.likeness import MARK_FOUND
from provenance.lookup.mark_key import MarkKey
from provenance.statement.mark_form import FORM, THIRD

MOST = 2 * LONGEST  # pixels of the picture's longer side: nothing looks closer
BLURS = (5, 3, 3)  # pixels, from step to step of moving the picture into place
ROUNDS, CLOSE = 40, 1e-5  # of one step ...
FARTHEST = 0.1  # ... and how far it may lead, of a side
KNOTS = np.arange(0, 257, 8)  # levels between which the curve of light is straight
STEEPEST = 3.0
REACH, HOLD = 2, 1e-3  # pixels to each side of the filter's middle; how fast it stays what it is
QUALITIES = range(20, 100, 5)  # of JPEG
COARSE = 4.0  # pixels: what is coarser than that in the rest is no mark
FINENESS = 4  # pixels of a cell's side while the rest is told cell by cell
SHOWN = 0.9  # of a cell that the copy has to cover

Pixels = NDArray[np.uint8]  # (height, width, 3), RGB
Plain = Callable[[str], Image.Image | None]  # a record's picture without its mark, where it can be had
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Marks:
    """What faint marks are read with: their key, and from where a record's own picture is had."""

    key: MarkKey
    plain: Plain | None = None

    def beside(self, copy: Pixels, matrix: Matrix, picture: str) -> float:
        """How far the mark stands out of chance in a copy of this picture; 0 where that has none, or cannot be had.

        `matrix` lays the copy over the picture, both LONGEST pixels long.
        """
        found = self.plain(picture) if self.plain else None
        if found is None:
            return 0.0
        plain = found.convert("RGB")
        plain.thumbnail((MOST, MOST), Image.Resampling.BOX, reducing_gap=None)
        return strength_beside(copy, matrix, np.asarray(plain), self.key, picture)


def strength_beside(copy: Pixels, matrix: Matrix, plain: Pixels, key: MarkKey, picture: str) -> float:
    """The same, `plain` being the picture without its mark."""
    left = _left(_not_large(copy), matrix, plain)
    most = 0.0
    for cells in cells_in(plain.shape[1::-1]):
        told = left.in_cells(cells)
        for form in (FORM, THIRD):
            strong = np.asarray(told * strengths(Image.fromarray(plain), cells, form), np.float32)
            most = max(most, strength_in(strong, key, picture))
            if most >= MARK_FOUND:
                return most
    return most


@dataclass(frozen=True, slots=True)
class _Left:
    """What is left of a copy, by how much of a mark could have come through; `place` takes its pixels to the picture's,
    which has this `shape`.
    """

    rest: Floats
    inside: Mask
    place: Matrix
    shape: tuple[int, int]

    def in_cells(self, cells: int) -> Floats:
        """(cells, cells): the mean of each; 0 where the copy does not reach."""
        side = cells * FINENESS
        height, width = self.shape
        to_square = np.diag([side / width, side / height]) @ self.place
        rest, inside = (
            cv2.resize(
                cv2.warpAffine(each, to_square, (side, side), flags=cv2.INTER_LINEAR),
                (cells, cells),
                interpolation=cv2.INTER_AREA,
            )
            for each in (self.rest, self.inside.astype(np.float32))
        )
        return np.where(inside > SHOWN, rest, 0).astype(np.float32)


def _left(copy: Pixels, matrix: Matrix, plain: Pixels) -> _Left:
    seen, known = _light(copy), _light(plain)
    place = _in_pixels(matrix, copy, plain)
    for blur in BLURS:
        under, inside = _laid_under(known, place, seen.shape)
        place = _moved(place, _curved(under, _curve(under, seen, inside)), seen, inside, blur)
    under, inside = _laid_under(known, place, seen.shape)
    curve = _curve(under, seen, inside)
    for _ in range(2):
        under = _filtered(under, seen, inside, curve)
        curve = _curve(under, seen, inside)
    rest = np.where(inside, seen - _packed_alike(_curved(under, curve), seen, inside), 0)
    rest = rest - cv2.GaussianBlur(rest, (0, 0), COARSE)
    # What is sure counts for more: by the root of what is left around it.
    sure = 1 / np.sqrt(np.sqrt(cv2.GaussianBlur(rest * rest, (0, 0), COARSE) + 1))
    through = _curved(under, _steepness(curve))
    return _Left(np.asarray(rest * sure * through, np.float32), inside, place, plain.shape[:2])


def _not_large(copy: Pixels) -> Pixels:
    """A copy LONGEST pixels long at most: a larger one shows its mark without its blocks, and would take seconds."""
    height, width = copy.shape[:2]
    share = LONGEST / max(height, width)
    if share >= 1:
        return copy
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return np.asarray(cv2.resize(copy, size, interpolation=cv2.INTER_AREA), np.uint8)


def _light(picture: Pixels) -> Floats:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32)


def _in_pixels(matrix: Matrix, copy: Pixels, plain: Pixels) -> Matrix:
    """From the copy's own pixels to the picture's own."""
    larger = max(plain.shape[:2]) / LONGEST
    linear = matrix[:, :2] * (LONGEST / max(copy.shape[:2]))
    return np.asarray(np.column_stack([linear, matrix[:, 2]]) * larger)


def _laid_under(known: Floats, place: Matrix, shape: tuple[int, ...]) -> tuple[Floats, Mask]:
    """The picture's light at the copy's pixels, and which of them it covers. A pixel of a copy that was made smaller is
    the mean of several.
    """
    height, width = shape[:2]
    scale = float(np.sqrt(abs(np.linalg.det(place[:, :2]))))
    finest = 2 * MOST // max(height, width)  # of a small part of a large copy
    times = max(1, min(round(scale), finest))
    middle = (1 / times - 1) / 2
    finer = place @ np.array([[1 / times, 0, middle], [0, 1 / times, middle], [0, 0, 1]])
    size, back = (width * times, height * times), cv2.WARP_INVERSE_MAP
    laid = cv2.warpAffine(known, finer, size, flags=cv2.INTER_CUBIC | back, borderMode=cv2.BORDER_REPLICATE)
    covered = cv2.warpAffine(np.ones_like(known), finer, size, flags=cv2.INTER_NEAREST | back)
    laid, covered = (
        cv2.resize(each, (width, height), interpolation=cv2.INTER_AREA) for each in (laid, covered)
    )
    return np.clip(laid, 0, 255).astype(np.float32), np.asarray(covered > 0.99)


def _curve(under: Floats, seen: Floats, inside: Mask) -> Floats:
    """(256,): the copy's light for each light of the picture."""
    before, after = under[inside], seen[inside]
    count, _ = np.histogram(before, KNOTS)
    held = count > 0
    if not held.any():
        return np.arange(256, dtype=np.float32)
    x, y = (np.histogram(before, KNOTS, weights=each)[0][held] / count[held] for each in (before, after))
    return np.asarray(np.interp(np.arange(256), x, y), np.float32)


def _curved(values: Floats, curve: NDArray[np.floating]) -> Floats:
    return np.asarray(np.interp(values, np.arange(256), curve), np.float32)


def _steepness(curve: Floats) -> Floats:
    """(256,): how much of a small change of the picture's light is seen in the copy."""
    return np.asarray(np.clip(np.gradient(curve), 0, STEEPEST), np.float32)


def _filtered(under: Floats, seen: Floats, inside: Mask, curve: Floats) -> Floats:
    """The picture as soft or sharp as the copy: each pixel with so much of those around it as leaves least (normal
    equations, where the curve is straightened at the pixel's light).
    """
    height, width = under.shape
    through, lacking = _curved(under, _steepness(curve)), (seen - _curved(under, curve))[inside]
    wide = np.pad(under, REACH, mode="edge")
    places = [divmod(each, 2 * REACH + 1) for each in range((2 * REACH + 1) ** 2)]
    beside = [wide[y : y + height, x : x + width] - under for y, x in places if (y, x) != (REACH, REACH)]
    told = np.stack([(each * through)[inside] for each in beside]).astype(np.float64)
    square = told @ told.T
    # Where there is little to learn from, it stays as it is.
    hold = (np.trace(square) / len(square) * HOLD + 1e-6) * np.eye(len(square))
    shares = np.linalg.solve(square + hold, told @ lacking)
    return np.clip(under + np.tensordot(shares.astype(np.float32), beside, 1), 0, 255)


def _moved(place: Matrix, under: Floats, seen: Floats, inside: Mask, blur: int) -> Matrix:
    """The place moved to where the two go together best; as it came where that leads nowhere."""
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, ROUNDS, CLOSE)
    start = np.eye(2, 3, dtype=np.float32)
    try:
        _, found = cv2.findTransformECC(
            under, seen, start.copy(), cv2.MOTION_AFFINE, stop, inside.astype(np.uint8), blur
        )
    except cv2.error:
        return place
    off = np.abs(found - start)
    if not (off[:, :2].max() < FARTHEST and off[:, 2].max() < FARTHEST * max(seen.shape)):
        return place
    back = cv2.invertAffineTransform(found.astype(np.float64))
    return np.asarray(np.column_stack([place[:, :2] @ back[:, :2], place[:, :2] @ back[:, 2] + place[:, 2]]))


def _packed_alike(under: Floats, seen: Floats, inside: Mask) -> Floats:
    """The picture packed as JPEG as hard as the copy seems to have been; as it came where that leaves least."""
    whole = np.clip(under + np.float32(0.5), 0, 255).astype(np.uint8)
    tried = [under, *(_packed(whole, quality) for quality in QUALITIES)]
    return min(tried, key=lambda each: float(np.abs(each - seen)[inside].sum()))


def _packed(picture: NDArray[np.uint8], quality: int) -> Floats:
    packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.float32)
