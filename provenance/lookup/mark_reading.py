"""Whether the faint mark of one record is in a file, with the record's help: a z-score.

    1 the file is laid over the record's small reference, in which the mark is not, to a fraction of a pixel
    2 the reference is taken away, and what is coarse in the rest
    3 the rest is averaged within each cell of the mark, and counts for less where much is left around it
    4 held against the cells' signs:  z = sum(sign * rest) / sqrt(sum(rest ** 2))

The signs were drawn by a keyed hash, so without the mark z is a fair coin's: mean 0, deviation 1, for any picture. A
z of 5 comes once in 3.5 million readings by chance, one of 6 once in a thousand million.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from provenance.lookup.faint_mark import cells_in, strength_in
from provenance.lookup.keypoints import LONGEST, Matrix
from provenance.lookup.likeness import MARK_FOUND
from provenance.lookup.mark_key import MarkKey

FINENESS = 4  # pixels of a cell's side in which the two are laid over each other
COARSE = 1.5  # cells: what is coarser than that is taken away
FINEST = 1.0  # pixels: what a blur of so many takes away is the reference's finest detail
GAINS, NEVER_0 = (-0.5, 2.5), np.float32(0.3)
EVEN = 5  # cells a side over which it is seen how much is left
HIGHEST = 3.0  # times that, at most
FAINTEST = 0.05  # levels, so that nothing is divided by nothing
LEAST = 0.2  # levels: where less is left, a cell counts for no more
ROUNDS, CLOSE = 40, 1e-5

Pixels = NDArray[np.uint8]  # (height, width, 3), RGB
Floats = NDArray[np.float32]


def strength_of_mark(
    query: Pixels, matrix: Matrix, reference: Pixels, size: tuple[int, int], key: MarkKey, picture: str
) -> float:
    """How far the mark stands out of chance. `matrix` lays the query over the record, both LONGEST pixels long.

    `size` is the record's own (width, height), which says how many cells its mark may have. 0 where it has none.
    """
    most = 0.0
    for cells in cells_in(size):
        most = max(most, strength_in(rest_of(query, matrix, reference, cells), key, picture))
        if most >= MARK_FOUND:
            break
    return most


def rest_of(query: Pixels, matrix: Matrix, reference: Pixels, cells: int) -> Floats:
    """(cells, cells): what the query shows beyond the reference, weighed; 0 where the query does not reach."""
    side = cells * FINENESS
    there = _light(cv2.resize(reference, (side, side), interpolation=cv2.INTER_CUBIC))
    here, inside = _laid(query, _to_square(query, matrix, reference, side), side)
    here, inside = _settled(here, inside, there)
    rest = _rest(here, there, inside)
    shown = _cells(inside.astype(np.float32), cells) > 0.98
    values = _cells(rest, cells)
    return np.where(shown, _weighed(np.where(shown, values, 0)), 0).astype(np.float32)


def _weighed(values: Floats) -> Floats:
    """The cells in proportion to how much is left around each, and again by its root: what is sure counts for more."""
    around = np.sqrt(np.maximum(cv2.blur(values * values, (EVEN, EVEN)), 0))
    even = np.clip(values / (around + np.float32(FAINTEST)), -HIGHEST, HIGHEST)
    return np.asarray(even / np.sqrt(around + np.float32(LEAST)), np.float32)


def _to_square(query: Pixels, matrix: Matrix, reference: Pixels, side: int) -> Matrix:
    """From the query's own pixels to the square in which every cell has the same size."""
    rows, columns = reference.shape[:2]
    longest = max(rows, columns)
    before = LONGEST / max(query.shape[:2])
    after = np.diag([side * longest / (columns * LONGEST), side * longest / (rows * LONGEST)])
    linear, moved = matrix[:, :2] * before, matrix[:, 2]
    return np.column_stack([after @ linear, after @ moved])


def _laid(query: Pixels, matrix: Matrix, side: int) -> tuple[Floats, NDArray[np.bool_]]:
    """The query's light in the square, and where the square is covered. A large query is made smaller first."""
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    if scale < 0.8:
        height, width = query.shape[:2]
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        smaller = np.array([[width / size[0]], [height / size[1]]])
        query = np.asarray(cv2.resize(query, size, interpolation=cv2.INTER_AREA), np.uint8)
        matrix = np.column_stack([matrix[:, :2] * smaller.T, matrix[:, 2]])
    seen = cv2.warpAffine(query, matrix, (side, side), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    whole = np.full(query.shape[:2], 255, np.uint8)
    inside = cv2.warpAffine(whole, matrix, (side, side), flags=cv2.INTER_NEAREST)
    return _light(seen), np.asarray(inside) > 0


def _settled(here: Floats, inside: NDArray[np.bool_], there: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """The query moved into place to a fraction of a pixel; as it came where that leads nowhere."""
    start = np.eye(2, 3, dtype=np.float32)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, ROUNDS, CLOSE)
    try:
        mask = inside.astype(np.uint8) * 255
        _, moved = cv2.findTransformECC(there, here, start, cv2.MOTION_AFFINE, stop, mask, 3)
    except cv2.error:
        return here, inside
    side = here.shape[1]
    if np.abs(moved - start)[:, 2].max() > side / 40:
        return here, inside
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    seen = cv2.warpAffine(here, moved, (side, side), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    where = cv2.warpAffine(
        inside.astype(np.uint8), moved, (side, side), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    )
    return np.asarray(seen, np.float32), np.asarray(where) > 0


def _rest(here: Floats, there: Floats, inside: NDArray[np.bool_]) -> Floats:
    """What is left of the query without the reference and without what is coarse.

    How strongly the query shows the reference is fitted place by place, apart for its finest detail and for the rest:
    a copy that was made smaller, or packed as JPEG, shows less of the finest.
    """
    blur = COARSE * FINENESS * 2
    seen, known = _fine(here, blur), _fine(there, blur)
    rough = cv2.GaussianBlur(known, (0, 0), FINEST)
    fine = known - rough
    side = int(blur * 4) | 1

    def around(values: Floats) -> Floats:
        return np.asarray(cv2.blur(values, (side, side)), np.float32)

    # The two gains that leave least (normal equations of two unknowns).
    roughs, fines, both = around(rough * rough) + NEVER_0, around(fine * fine) + NEVER_0, around(rough * fine)
    of_rough, of_fine = around(seen * rough), around(seen * fine)
    size = roughs * fines - both * both
    gain = np.clip((of_rough * fines - of_fine * both) / size, *GAINS)
    gain_of_fine = np.clip((of_fine * roughs - of_rough * both) / size, *GAINS)
    return np.where(inside, seen - gain * rough - gain_of_fine * fine, 0).astype(np.float32)


def _fine(values: Floats, blur: float) -> Floats:
    return np.asarray(values - cv2.GaussianBlur(values, (0, 0), blur / 2), np.float32)


def _light(picture: NDArray[np.uint8]) -> Floats:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32)


def _cells(values: Floats, cells: int) -> Floats:
    """The mean of each cell."""
    return np.asarray(values.reshape(cells, FINENESS, cells, FINENESS).mean(axis=(1, 3)), np.float32)
