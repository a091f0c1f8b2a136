# ruff: noqa: ARG005 - every edit is called alike, whatever it needs
"""The edits that the look-up is measured on: by name, each drawn anew for each picture from its own seed."""

import random
from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]  # (height, width, 3), RGB
Edit = Callable[[Pixels, random.Random, Sequence[Pixels]], Pixels]


def _jpeg(picture: Pixels, quality: int) -> Pixels:
    packed = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.ascontiguousarray(cv2.imdecode(packed, cv2.IMREAD_COLOR)[..., ::-1])


def _resized(picture: Pixels, share: float) -> Pixels:
    height, width = picture.shape[:2]
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC)


def _crop(picture: Pixels, share: float, lot: random.Random) -> Pixels:
    """So much of each side is cut away, at a random place."""
    height, width = picture.shape[:2]
    tall, broad = round(height * (1 - share)), round(width * (1 - share))
    top, left = lot.randint(0, height - tall), lot.randint(0, width - broad)
    return picture[top : top + tall, left : left + broad]


def _light(picture: Pixels, gain: float, gamma: float = 1.0) -> Pixels:
    seen = np.clip(picture.astype(np.float32) / 255 * gain, 0, 1) ** gamma
    return (seen * 255 + 0.5).astype(np.uint8)


def _grey(picture: Pixels) -> Pixels:
    return np.repeat(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)


def _turned(picture: Pixels, degrees: float) -> Pixels:
    """Turned, with black corners."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC)


def _bars(picture: Pixels, tall: float, broad: float) -> Pixels:
    height, width = picture.shape[:2]
    y, x = round(height * tall), round(width * broad)
    return cv2.copyMakeBorder(picture, y, y, x, x, cv2.BORDER_CONSTANT, value=(0, 0, 0))


def _words(picture: Pixels, text: str, at: tuple[int, int], size: float, colour: int, thick: int) -> None:
    cv2.putText(picture, text, at, cv2.FONT_HERSHEY_DUPLEX, size, (colour,) * 3, thick, cv2.LINE_AA)


def _screenshot(picture: Pixels, lot: random.Random) -> Pixels:
    """On a page, with a title bar, a column of words beside it and a line below; the picture fills 35 to 60 %."""
    height, width = picture.shape[:2]
    paper, ink = lot.choice([(245, 40), (255, 20), (30, 220), (18, 200)])
    left, top = round(width * lot.uniform(0.04, 0.2)), round(height * lot.uniform(0.14, 0.24))
    right, bottom = round(width * lot.uniform(0.08, 0.3)), round(height * lot.uniform(0.1, 0.25))
    page = np.full((height + top + bottom, width + left + right, 3), paper, np.uint8)
    size = height / 700
    cv2.rectangle(page, (0, 0), (page.shape[1], top // 3), (max(paper - 40, 60),) * 3, -1)
    for number, word in enumerate(("Home", "Gallery", "About us", "Log in")):
        _words(page, word, (left + number * width // 5, top // 4), size, ink, 1)
    _words(page, "A picture that I found yesterday evening", (left, top - top // 6), size * 1.3, ink, 2)
    for number in range(4):
        _words(page, f"{lot.randint(2, 990)} people like this, {lot.randint(2, 90)} comments",
               (left, top + height + (number + 1) * bottom // 5), size * 0.8, ink, 1)  # fmt: skip
    page[top : top + height, left : left + width] = picture
    return _jpeg(_resized(page, 0.75), 85)


def _watermarked(picture: Pixels, lot: random.Random) -> Pixels:
    """Half-transparent words across the whole picture, row after row."""
    drawn = picture.copy()
    height, width = picture.shape[:2]
    size, colour = width / 500, lot.choice([255, 0])
    for row in range(1, 6):
        _words(drawn, "PREVIEW  stock.example  PREVIEW", (-lot.randint(0, width // 4), row * height // 5), size,
               colour, max(1, round(size * 3)))  # fmt: skip
    return cv2.addWeighted(drawn, 0.5, picture, 0.5, 0)


def _captioned(picture: Pixels, lot: random.Random) -> Pixels:
    """A band with words below or above: a quarter of the picture's height."""
    height, width = picture.shape[:2]
    paper, ink = lot.choice([(255, 0), (0, 255)])
    band = np.full((height // 4, width, 3), paper, np.uint8)
    _words(band, "WHEN THE BACKGROUND", (width // 20, height // 10), width / 600, ink, 2)
    _words(band, "IS FINALLY FINISHED", (width // 20, height // 5), width / 600, ink, 2)
    return np.concatenate([picture, band] if lot.random() < 0.5 else [band, picture])


def _collage(picture: Pixels, lot: random.Random, others: Sequence[Pixels]) -> Pixels:
    """One of four pictures."""
    height, width = picture.shape[:2]
    parts = [cv2.resize(each, (width, height)) for each in lot.sample(list(others), 3)]
    parts.insert(lot.randint(0, 3), picture)
    rows = [np.concatenate(parts[at : at + 2], axis=1) for at in (0, 2)]
    return _resized(np.concatenate(rows), 0.6)


def made_smaller_brighter_and_packed(picture: Pixels) -> Pixels:
    """The combined edits without their cut and their mirror."""
    return _jpeg(_light(_resized(picture, 0.5), 1.12), 50)


def _combined(picture: Pixels, lot: random.Random) -> Pixels:
    """Half as large, 15 % cut, brighter, as JPEG 50; half of them mirrored."""
    seen = _jpeg(_light(_crop(_resized(picture, 0.5), 0.15, lot), 1.12), 50)
    return np.ascontiguousarray(seen[:, ::-1]) if lot.random() < 0.5 else seen


EDITS: dict[str, Edit] = {
    "JPEG 60": lambda it, lot, rest: _jpeg(it, 60),
    "half size": lambda it, lot, rest: _resized(it, 0.5),
    "crop 10 %": lambda it, lot, rest: _crop(it, 0.1, lot),
    "crop 20 %": lambda it, lot, rest: _crop(it, 0.2, lot),
    "crop 30 %": lambda it, lot, rest: _crop(it, 0.3, lot),
    "mirror": lambda it, lot, rest: np.ascontiguousarray(it[:, ::-1]),
    "brighter, darker": lambda it, lot, rest: _light(
        it, lot.choice([1.2, 0.75]), lot.choice([1.0, 0.8, 1.3])
    ),
    "grey": lambda it, lot, rest: _grey(it),
    "5 degrees": lambda it, lot, rest: _turned(it, lot.choice([5, -5])),
    "letterbox": lambda it, lot, rest: _bars(it, 0.17, 0) if lot.random() < 0.5 else _bars(it, 0, 0.17),
    "screenshot with frame": lambda it, lot, rest: _screenshot(it, lot),
    "words across it": lambda it, lot, rest: _watermarked(it, lot),
    "caption band": lambda it, lot, rest: _captioned(it, lot),
    "quarter of a collage": _collage,
    "crop 50 %": lambda it, lot, rest: _crop(it, 0.5, lot),
    "combined": lambda it, lot, rest: _combined(it, lot),
}
