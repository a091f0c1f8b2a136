"""Marks on arrays: noise, soft steps, filled shapes. Everything the painter does is made of these.

Arrays are float32 in 0..1 unless said otherwise; points are (N, 2) in pixels, x before y.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Box = tuple[int, int, int, int]  # x0, y0, x1, y1
Dice = np.random.Generator
Value = Array | np.floating[Any] | float
SHIFT = 4  # fractional bits of OpenCV's coordinates: a sixteenth of a pixel


def mix(a: Value, b: Value, share: Value) -> Array:
    """Between a (0) and b (1)."""
    return np.asarray(a + (b - a) * share, np.float32)


def smooth(low: float, high: float, x: Array | float) -> Array:
    """0 below `low`, 1 above `high`, an even rise between; `low` may be the larger of the two."""
    t = np.clip((np.asarray(x, np.float32) - low) / (high - low + 1e-6), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def clouded(
    dice: Dice,
    height: int,
    width: int,
    scale: float,
    octaves: int = 4,
    gain: float = 0.5,
    stretch: float = 1.0,
) -> Array:
    """Noise of several octaves in 0..1; `scale` is its largest feature in pixels, `stretch` makes it wide."""
    out = np.zeros((height, width), np.float32)
    weight, total = 1.0, 0.0
    for octave in range(octaves):
        step = max(scale / 2**octave, 1.0)
        rows, columns = int(height / step) + 3, int(width / (step * stretch)) + 3
        coarse = dice.random((rows, columns), dtype=np.float32)
        # A fraction of a cell of shift, so that octaves do not line up in a grid.
        dx, dy = dice.random(2)
        matrix = np.array([[step * stretch, 0, -dx * step * stretch], [0, step, -dy * step]], np.float32)
        fine = cv2.warpAffine(
            coarse, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT
        )
        out += weight * fine
        total += weight
        weight *= gain
        if step == 1.0:
            break
    return np.asarray(np.clip((out / total - 0.5) * 1.35 + 0.5, 0, 1), np.float32)


def brushed(dice: Dice, height: int, width: int, scale: float, upright: bool = False) -> Array:
    """The streaks that a flat brush leaves, across or upright, in 0..1."""
    if upright:
        return clouded(dice, width, height, scale, 3, 0.6, 5).T.copy()
    return clouded(dice, height, width, scale, 3, 0.6, 5)


def soften(mask: Array, sigma: float) -> Array:
    """A blurred copy."""
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), max(sigma, 0.2)), np.float32)


def bounds(points: Array, height: int, width: int, margin: int) -> Box | None:
    """The part of the picture that some points span, or None when they lie outside it."""
    if len(points) == 0:
        return None
    low = np.floor(points.min(0)).astype(int) - margin
    high = np.ceil(points.max(0)).astype(int) + margin + 1
    x0, y0, x1, y1 = max(0, low[0]), max(0, low[1]), min(width, high[0]), min(height, high[1])
    return (int(x0), int(y0), int(x1), int(y1)) if x0 < x1 and y0 < y1 else None


def fixed(points: Array) -> NDArray[np.int32]:
    """Points in OpenCV's fixed-point coordinates."""
    return np.asarray(np.round(np.clip(points, -9e3, 9e3) * 2**SHIFT), np.int32).reshape(-1, 1, 2)


def filled(points: Array, box: Box) -> Array:
    """A polygon's cover of a part of the picture."""
    x0, y0, x1, y1 = box
    mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
    cv2.fillPoly(mask, [fixed(points - (x0, y0))], 255, cv2.LINE_AA, SHIFT)
    return np.asarray(mask / np.float32(255), np.float32)


def profile(dice: Dice, width: int, level: float, swing: float, scale: float, rough: float = 0.5) -> Array:
    """A skyline: y for each x, its peaks `swing` above `level`."""
    n = clouded(dice, 3, width, max(scale, 4.0), 6, rough)[1]
    n = (n - n.min()) / (np.ptp(n) + 1e-6)
    return np.asarray(level - n * swing, np.float32)
