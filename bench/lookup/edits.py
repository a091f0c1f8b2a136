"""What happens to pictures on their way: the edits of training, drawn by lot, each gentle to rough."""

import random

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
    cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
)
LETTERS = "ABCDEFGHIKLMNOPRSTUVWabcdefghiklmnoprstuvw0123456789 .@©"


def view(picture: Pixels, others: list[Pixels], side: int) -> Pixels:
    """A picture as somebody else might hand it back, squashed to a square."""
    seen = _cut(picture)
    if random.random() < 0.35:
        seen = _turned(seen)
    seen = cv2.resize(seen, (side, side), interpolation=cv2.INTER_AREA)
    if random.random() < 0.7:
        seen = _coloured(seen)
    if random.random() < 0.3:
        seen = _lettered(seen)
    if random.random() < 0.2:
        seen = _pasted(seen, random.choice(others))
    if random.random() < 0.35:
        seen = _framed(seen, random.choice(others))
    if random.random() < 0.4:
        seen = _worn(seen)
    return seen


def region(picture: Pixels) -> Pixels:
    """A part of a picture that stands for a picture of its own: so a photograph serves more than once."""
    height, width = picture.shape[:2]
    if random.random() < 0.5:
        return picture
    share = random.uniform(0.5, 1)
    tall, broad = int(height * share), int(width * share)
    top, left = random.randint(0, height - tall), random.randint(0, width - broad)
    part = picture[top : top + tall, left : left + broad]
    return part[:, ::-1] if random.random() < 0.5 else part


def _cut(picture: Pixels) -> Pixels:
    height, width = picture.shape[:2]
    tall, broad = (random.uniform(0.62, 1) if random.random() < 0.75 else 1.0 for _ in range(2))
    rows, columns = int(height * tall), int(width * broad)
    top, left = random.randint(0, height - rows), random.randint(0, width - columns)
    return picture[top : top + rows, left : left + columns]


def _turned(picture: Pixels) -> Pixels:
    height, width = picture.shape[:2]
    angle = random.uniform(-10, 10)
    grown = random.choice([1.0, 1.0 + abs(angle) / 40])
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, grown)
    border = random.choice([cv2.BORDER_CONSTANT, cv2.BORDER_REPLICATE])
    paper = random.choice([(0, 0, 0), (255, 255, 255)])
    return cv2.warpAffine(picture, matrix, (width, height), borderMode=border, borderValue=paper)


def _coloured(picture: Pixels) -> Pixels:
    seen = picture.astype(np.float32) / 255
    if random.random() < 0.3:
        seen = np.repeat(cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)
    elif random.random() < 0.5:
        grey = cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY)[..., None]
        seen = grey + (seen - grey) * random.uniform(0.3, 1.6)
        seen = seen * np.array([random.uniform(0.85, 1.15) for _ in range(3)], np.float32)
    seen = np.clip(seen, 0, 1) ** random.uniform(0.6, 1.6)
    seen = (seen - 0.5) * random.uniform(0.7, 1.3) + 0.5 + random.uniform(-0.15, 0.15)
    return (np.clip(seen, 0, 1) * 255).astype(np.uint8)


def _lettered(picture: Pixels) -> Pixels:
    drawn = picture.copy()
    side = len(picture)
    for _ in range(random.randint(1, 4)):
        text = "".join(random.choices(LETTERS, k=random.randint(3, 18)))
        at = (random.randint(-20, side // 2), random.randint(10, side))
        colour = [random.choice([0, 255, random.randint(0, 255)])] * 3
        cv2.putText(
            drawn, text, at, random.choice(FONTS), random.uniform(0.3, 1.8), colour, random.randint(1, 3)
        )
    return cv2.addWeighted(drawn, alpha := random.uniform(0.3, 1), picture, 1 - alpha, 0)


def _pasted(picture: Pixels, other: Pixels) -> Pixels:
    side = len(picture)
    tall, broad = random.randint(side // 10, side // 2), random.randint(side // 10, side // 2)
    top, left = random.randint(0, side - tall), random.randint(0, side - broad)
    drawn = picture.copy()
    drawn[top : top + tall, left : left + broad] = cv2.resize(
        other, (broad, tall), interpolation=cv2.INTER_AREA
    )
    return drawn


def _framed(picture: Pixels, other: Pixels) -> Pixels:
    """Bars, a caption band, a window's frame, or a part of another picture around it."""
    side = len(picture)
    edges = [random.choice([0, 0, random.uniform(0, 0.22)]) for _ in range(4)]
    top, bottom, left, right = (int(side * edge) for edge in edges)
    shade = random.choice([0, 255, random.randint(0, 255)])
    around = np.full_like(picture, shade)
    if random.random() < 0.25:
        around = cv2.resize(other, (side, side), interpolation=cv2.INTER_AREA)
    inner = (side - left - right, side - top - bottom)
    around = around.copy()
    around[top : side - bottom, left : side - right] = cv2.resize(
        picture, inner, interpolation=cv2.INTER_AREA
    )
    return around


def _worn(picture: Pixels) -> Pixels:
    side = len(picture)
    seen = picture
    if random.random() < 0.5:
        small = int(side * random.uniform(0.35, 0.9))
        seen = cv2.resize(cv2.resize(seen, (small, small), interpolation=cv2.INTER_AREA), (side, side))
    if random.random() < 0.3:
        noise = np.random.default_rng(random.getrandbits(32)).normal(0, random.uniform(2, 12), seen.shape)
        seen = np.clip(seen + noise, 0, 255).astype(np.uint8)
    quality = [cv2.IMWRITE_JPEG_QUALITY, random.randint(15, 90)]
    return cv2.imdecode(cv2.imencode(".jpg", seen, quality)[1], cv2.IMREAD_COLOR)
