"""Line drawings as hands hand them in: heavier, fainter, broken, doubled, pencilled, tinted, on paper."""

import random

import cv2
import numpy as np

from .canvas import Array, noise, soften


def drawing(line: Array, rng: random.Random) -> Array:
    """Line alpha (H, W) as a drawing (H, W, 3) in 0..255."""
    height, width = line.shape
    alpha = weigh(line, rng)
    if rng.random() < 0.3:
        alpha = alpha * pressure(rng, height, width)
    if rng.random() < 0.3:
        alpha = pencil(alpha, rng)
    if rng.random() < 0.12:
        dx, dy = rng.uniform(-1.3, 1.3), rng.uniform(-1.3, 1.3)
        moved = cv2.warpAffine(alpha, np.array([[1, 0, dx], [0, 1, dy]], np.float32), (width, height))
        alpha = np.maximum(alpha, moved * rng.uniform(0.4, 0.9))
    ink = np.array(
        [rng.randint(0, 110) for _ in range(3)] if rng.random() < 0.2 else [rng.randint(0, 70)] * 3,
        np.float32,
    )
    return paper(rng, height, width) * (1 - alpha[..., None]) + ink * alpha[..., None]


def plain(line: Array) -> Array:
    """The drawing in black on white, as measured."""
    return np.asarray(np.repeat(255 * (1 - line[..., None]), 3, 2), np.float32)


def weigh(line: Array, rng: random.Random) -> Array:
    """The same lines with another pen."""
    chance = rng.random()
    if chance < 0.08:
        return np.asarray(cv2.dilate(line, np.ones((3, 3), np.uint8)), np.float32)
    if chance < 0.26:
        return np.asarray(cv2.erode(line, np.ones((2, 2), np.uint8)) * 0.7 + line * 0.3, np.float32)
    if chance < 0.38:
        return np.asarray(np.minimum(1, soften(line, rng.uniform(0.5, 1.3)) * 1.2), np.float32)
    return line


def pressure(rng: random.Random, height: int, width: int) -> Array:
    """A factor that lets strokes swell, fade and now and then break."""
    n = noise(rng.getrandbits(32), height, width, 3, 1, 10)
    return np.asarray(np.clip(0.35 + n * rng.uniform(1.4, 2.6) - rng.uniform(0.0, 0.25), 0, 1), np.float32)


def pencil(alpha: Array, rng: random.Random) -> Array:
    """The grain of paper through graphite."""
    grain = np.random.default_rng(rng.getrandbits(32)).random(alpha.shape, dtype=np.float32)
    grain = soften(grain, 0.6)
    strength = rng.uniform(0.5, 1.0)
    return np.asarray(alpha * np.clip(1 - strength * (0.75 - grain * 1.1), 0.15, 1), np.float32)


def paper(rng: random.Random, height: int, width: int) -> Array:
    """White, off-white or tinted paper, at times unevenly lit."""
    chance = rng.random()
    tone = [255] * 3 if chance < 0.55 else [rng.randint(225, 255) for _ in range(3)]
    if 0.55 <= chance < 0.8:
        base = rng.randint(236, 254)
        tone = [base, base - rng.randint(0, 5), base - rng.randint(3, 14)]
    sheet = np.broadcast_to(np.array(tone, np.float32), (height, width, 3)).copy()
    if rng.random() < 0.2:
        sheet *= (0.93 + 0.07 * noise(rng.getrandbits(32), height, width, 2, 1, 2))[..., None]
    return sheet
