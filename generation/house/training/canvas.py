"""A canvas on which a painting and its line drawing grow together, back to front.

What covers also hides the lines beneath it, so the two always fit. Colours are floats in 0..255, masks in 0..1.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
SHIFT = 4  # fractional bits of OpenCV's coordinates: a sixteenth of a pixel


class Canvas:
    """``colour`` (H, W, 3), ``line`` (H, W) and ``objects`` (H, W), all float32."""

    def __init__(self, height: int, width: int) -> None:
        self.height, self.width = height, width
        self.colour: Array = np.full((height, width, 3), 255, np.float32)
        self.line: Array = np.zeros((height, width), np.float32)
        self.objects: Array = np.zeros((height, width), np.float32)

    def cover(self, mask: Array, colour: Array, is_object: bool = False) -> None:
        """Lay a colour, (3,) or (H, W, 3), over everything under the mask."""
        self.colour += (colour - self.colour) * mask[..., None]
        self.line *= 1 - mask
        if is_object:
            np.maximum(self.objects, mask, out=self.objects)

    def ink(self, alpha: Array, depth: float) -> None:
        """Draw a line: black in the drawing, a darker shade of what lies there in the painting."""
        self.colour *= 1 - alpha[..., None] * depth
        np.maximum(self.line, alpha, out=self.line)

    def polygon(self, points: Array, colour: Array, form: float, is_object: bool = True) -> None:
        """Fill a polygon, lighter at its top by `form` and darker at its foot."""
        box = bounds(points, self.height, self.width, 2)
        if box is None:
            return
        x0, y0, x1, y1 = box
        mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
        cv2.fillPoly(mask, [fixed(points - (x0, y0))], 255, cv2.LINE_AA, SHIFT)
        share = (mask / np.float32(255)).astype(np.float32)
        top, foot = points[:, 1].min(), points[:, 1].max()
        down = np.clip((np.arange(y0, y1, dtype=np.float32) - top) / max(1.0, foot - top), 0, 1)
        shade = (1 + form * (0.5 - down))[:, None, None]
        part = self.colour[y0:y1, x0:x1]
        part += (np.minimum(255, colour * shade) - part) * share[..., None]
        self.line[y0:y1, x0:x1] *= 1 - share
        if is_object:
            np.maximum(self.objects[y0:y1, x0:x1], share, out=self.objects[y0:y1, x0:x1])

    def stroke(self, points: Array, width: float, closed: bool, depth: float) -> None:
        """Draw a polyline `width` pixels wide; below one pixel it is fainter instead."""
        box = bounds(points, self.height, self.width, int(width) + 3)
        if box is None:
            return
        x0, y0, x1, y1 = box
        mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
        cv2.polylines(mask, [fixed(points - (x0, y0))], closed, 255, max(1, round(width)), cv2.LINE_AA, SHIFT)
        alpha = (mask * np.float32(min(1.0, width) / 255)).astype(np.float32)
        self.colour[y0:y1, x0:x1] *= 1 - alpha[..., None] * depth
        np.maximum(self.line[y0:y1, x0:x1], alpha, out=self.line[y0:y1, x0:x1])


def bounds(points: Array, height: int, width: int, margin: int) -> tuple[int, int, int, int] | None:
    """The whole pixels around some points inside the canvas, or None when they lie outside."""
    low, high = np.floor(points.min(0)).astype(int) - margin, np.ceil(points.max(0)).astype(int) + margin
    x0, y0, x1, y1 = max(0, low[0]), max(0, low[1]), min(width, high[0]), min(height, high[1])
    return (int(x0), int(y0), int(x1), int(y1)) if x0 < x1 and y0 < y1 else None


def fixed(points: Array) -> NDArray[np.int32]:
    """Points in OpenCV's fixed-point coordinates."""
    return np.asarray(np.round(points * 2**SHIFT), np.int32).reshape(-1, 1, 2)


def noise(seed: int, height: int, width: int, octaves: int = 4, stretch: float = 1.0, cell: int = 4) -> Array:
    """Soft noise in 0..1, (H, W); `cell` patches down the canvas, `stretch` > 1 makes them wide."""
    random = np.random.default_rng(seed)
    out = np.zeros((height, width), np.float32)
    weight = 1.0
    for octave in range(octaves):
        down = max(2, cell * 2**octave)
        across = max(2, int(down * width / height / stretch))
        coarse = random.random((down, across), dtype=np.float32)
        out += weight * cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
        weight *= 0.55
    return np.asarray(np.clip((out - out.mean()) / (out.std() * 4 + 1e-6) + 0.5, 0, 1), np.float32)


def gradient(top: Array, bottom: Array, height: int, width: int, foot: float) -> Array:
    """A vertical run of colour from the canvas's top to `foot`, (H, W, 3)."""
    down = np.clip(np.arange(height, dtype=np.float32) / max(1.0, foot), 0, 1)[:, None, None]
    run = top * (1 - down) + bottom * down
    return np.broadcast_to(run, (height, width, 3)).astype(np.float32)


def soften(mask: Array, sigma: float) -> Array:
    """A blurred copy."""
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), sigma), np.float32)


def warp(seed: int, height: int, width: int, amount: float) -> tuple[Array, Array]:
    """Where each pixel comes from when a hand, not a ruler, drew it: x and y maps for `cv2.remap`."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    maps = [columns, rows]
    for cell, share in ((64, 1.6), (24, 0.8), (9, 0.35)):
        for axis in (0, 1):
            coarse = random.normal(size=(height // cell + 2, width // cell + 2)).astype(np.float32)
            maps[axis] = maps[axis] + amount * share * cv2.resize(
                coarse, (width, height), interpolation=cv2.INTER_CUBIC
            )
    return maps[0], maps[1]


def bend(picture: Array, maps: tuple[Array, Array]) -> Array:
    """A picture seen through the maps of `warp`."""
    bent = cv2.remap(picture, maps[0], maps[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(bent, np.float32)
