# ruff: noqa: S311 - scenes are composed by lot; nothing here is secret
"""The shipped layouts: line drawings as a background painter hands them in, drawn by rule with a shaking hand.

They are this project's own work (Apache-2.0) and hold no OpenMoji picture.
"""

import math
import random
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from . import places, subjects
from .canvas import Array, noise, soften
from .subjects import Part, Points, Thing

SCALE = 3  # drawn three times as large, so that a stroke can taper within a pixel
PAPER, GRAPHITE = np.array([250, 248, 242], np.float32), np.array([34, 34, 40], np.float32)


class Sheet:
    """A sheet on which later things hide earlier ones, as a tidy pencil leaves out what it cannot see."""

    def __init__(self, width: int, height: int, seed: int) -> None:
        self.width, self.height = width, height
        self.dark: Array = np.zeros((height * SCALE, width * SCALE), np.float32)
        self.rng = random.Random(seed)

    def put(self, thing: Thing) -> None:
        """Draw a thing over what is there."""
        for part in thing.parts:
            self.part(part)

    def part(self, part: Part) -> None:
        """Clear a part's inside, then draw each of its edges as a stroke of its own."""
        points = part.points
        if part.slot is not None:
            inside = np.zeros(self.dark.shape, np.uint8)
            cv2.fillPoly(inside, [np.round(points * SCALE).astype(np.int32)], 255)
            self.dark *= 1 - inside / np.float32(255)
        if not part.pen:
            return
        ends = np.vstack([points, points[:1]]) if part.closed else points
        for run in corners(ends):
            self.stroke(run, 1.55 * min(1.25, max(0.6, part.pen)))

    def stroke(self, points: Array, width: float, dark: float = 1.0) -> None:
        """One pull of the pencil: a wobble, a pressure that rises and falls, ends a little past the corner."""
        rng = self.rng
        path = resample(points, 3.0)
        if len(path) < 2:
            return
        long = len(path) * 3.0
        path = overshoot(path, min(2.5, long * 0.04) * rng.uniform(0.1, 1.0))
        along = np.arange(len(path)) * 3.0
        drift = 0.45 * np.sin(along / rng.uniform(22, 45) + rng.uniform(0, 6)) + 0.22 * np.sin(
            along / rng.uniform(6, 11) + rng.uniform(0, 6)
        )
        path = path + normals(path) * (drift * min(1.0, long / 40))[:, None]
        middle = np.sin(np.linspace(0.25, math.pi - 0.25, len(path)))
        press = (0.72 + 0.28 * middle) * rng.uniform(0.85, 1.05) * dark
        layer = np.zeros(self.dark.shape, np.uint8)
        for a, b, p in zip(path, path[1:], press, strict=False):
            ends = [tuple(round(float(v) * SCALE * 16) for v in q) for q in (a, b)]
            cv2.line(
                layer,
                ends[0],
                ends[1],
                int(255 * min(1, p)),
                max(1, round(width * SCALE * (0.7 + 0.4 * p))),
                cv2.LINE_AA,
                4,
            )
        np.maximum(self.dark, layer / np.float32(255), out=self.dark)

    def hatch(self, points: Points, step: float, slope: float, dark: float) -> None:
        """Light parallel strokes inside a shape."""
        shape = np.array(points, np.float32)
        inside = np.zeros((self.height, self.width), np.uint8)
        cv2.fillPoly(inside, [np.round(shape).astype(np.int32)], 1)
        (x0, y0), (x1, y1) = shape.min(0), shape.max(0)
        for left in np.arange(x0 - (y1 - y0) * abs(slope), x1 + (y1 - y0) * abs(slope), step):
            line = np.array([(left + slope * (y - y0), y) for y in np.arange(y0, y1, 1.5)], np.float32)
            seen = [
                p
                for p in line
                if 0 <= p[0] < self.width and 0 <= p[1] < self.height and inside[int(p[1]), int(p[0])]
            ]
            if len(seen) > 3:
                self.stroke(np.array(seen, np.float32), 0.6, dark)

    def picture(self) -> Image.Image:
        """The sheet as pencil on paper."""
        dark = cv2.resize(self.dark, (self.width, self.height), interpolation=cv2.INTER_AREA)
        grain = np.random.default_rng(4).random(dark.shape, dtype=np.float32)
        dark = dark * np.clip(1.12 - 0.3 * soften(grain, 0.7) * 2 + 0.18, 0.6, 1)
        sheet = PAPER * (0.985 + 0.015 * noise(5, self.height, self.width, 3, 1, 3))[..., None]
        page = sheet * (1 - dark[..., None]) + GRAPHITE * dark[..., None]
        return Image.fromarray(np.clip(page + 0.5, 0, 255).astype(np.uint8))


def corners(points: Array) -> list[Array]:
    """A polyline cut at its sharp corners: each piece is one stroke."""
    pieces, begin = [], 0
    for k in range(1, len(points) - 1):
        a, b = points[k] - points[k - 1], points[k + 1] - points[k]
        turn = abs(math.atan2(a[0] * b[1] - a[1] * b[0], float(a @ b)))
        if turn > 0.7:
            pieces.append(points[begin : k + 1])
            begin = k
    return [*pieces, points[begin:]]


def resample(points: Array, step: float) -> Array:
    """Points at even distances along a polyline."""
    far = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    if far[-1] < 1:
        return points
    where = np.linspace(0, far[-1], max(2, int(far[-1] / step) + 1))
    return np.stack([np.interp(where, far, points[:, k]) for k in (0, 1)], 1).astype(np.float32)


def overshoot(path: Array, by: float) -> Array:
    """A path made a little longer at both ends."""
    first, last = path[0] - path[1], path[-1] - path[-2]
    out = path.copy()
    out[0] += first / max(1e-6, float(np.linalg.norm(first))) * by
    out[-1] += last / max(1e-6, float(np.linalg.norm(last))) * by
    return out


def normals(path: Array) -> Array:
    """Unit vectors across a path."""
    along = np.gradient(path, axis=0)
    across = np.stack([-along[:, 1], along[:, 0]], 1)
    return np.asarray(across / np.maximum(1e-6, np.linalg.norm(across, axis=1, keepdims=True)), np.float32)


def edge(width: int, level: float, swings: tuple[tuple[float, float, float], ...]) -> Points:
    """A gentle line across the sheet."""
    return [(x, level + sum(a * math.sin(x / p + s) for a, p, s in swings)) for x in range(0, width + 1, 8)]


def snowy_railway() -> Image.Image:
    """Rails that bend into the mountains past a signal and a snowed-in hut, 512 x 288."""
    width, height, horizon = 512, 288, 158.0
    sheet, rng = Sheet(width, height, 3), random.Random(11)
    for x, size, foot in ((70, 190, 160), (452, 240, 160), (330, 170, 160), (215, 230, 161)):
        sheet.put(places.mountain(random.Random(int(x)), x, foot, size))
    ridge = edge(width, 148, ((5, 38, 1.0), (2, 13, 0.3)))
    sheet.part(Part(np.array([*ridge, (width, height), (0, height)], np.float32), "ground", 0))
    sheet.stroke(np.array(ridge, np.float32), 1.0)
    snow = edge(width, horizon, ((2.5, 60, 0.5), (1.2, 17, 2.0)))
    sheet.part(Part(np.array([*snow, (width, height), (0, height)], np.float32), "ground", 0))
    sheet.stroke(np.array(snow, np.float32), 1.1)
    for x, foot, size in (
        (26, 172, 44),
        (52, 168, 34),
        (478, 176, 52),
        (440, 170, 38),
        (500, 186, 60),
        (300, 166, 24),
        (318, 167, 30),
        (404, 166, 26),
    ):
        sheet.put(subjects.fir(rng, x, foot, size))
    sheet.put(_track((250.0, 200.0, -90.0), horizon + 2, height, 46))
    sheet.put(_pole(150, 196, 78))
    sheet.put(_pole(186, 180, 50))
    sheet.put(_pole(206, 172, 34))
    sheet.put(subjects.house(random.Random(21), 398, 216, 74, "hut"))
    sheet.put(_signal(322, 228, 112))
    sheet.put(subjects.fir(rng, 60, 236, 118))
    sheet.put(subjects.fir(rng, 14, 262, 132))
    for x, y, long in ((120, 262, 40), (420, 250, 50), (455, 268, 34), (96, 276, 30), (352, 240, 26)):
        sheet.stroke(
            np.array(edge(long, 0, ((1.5, 12, 0.0),)), np.float32) + np.array([x, y], np.float32), 0.7, 0.6
        )
    return sheet.picture()


def _track(way: tuple[float, float, float], horizon: float, foot: float, gauge: float) -> Thing:
    """Two rails on sleepers, without the ballast's edge."""
    thing = Thing("railway")
    for k in range(12):
        t, s = 1.06 / (1 + 0.34 * k), 1.06 / (1 + 0.34 * k + 0.1)
        corners_ = [(t, -1.35), (t, 1.35), (s, 1.35), (s, -1.35)]
        thing.shape(
            [places.on(way, horizon, foot, a, gauge * b) for a, b in corners_],
            "sleeper",
            0.8 if k < 6 else 0.5,
        )
    for rail in (-1.0, 1.0):
        thing.shape(
            places.ribbon(way, horizon, foot, gauge * (rail - 0.1), gauge * (rail + 0.1), 1.1), "rail", 0.9
        )
    return thing


def _signal(x: float, foot: float, size: float) -> Thing:
    """A home signal: a mast with its ladder, a hooded two-lamp head."""
    thing, w = Thing("signal"), size * 0.022
    for k in range(7):
        y = foot - size * 0.08 * (k + 1)
        thing.line([(x + w * 2, y), (x + w * 5, y)], 0.6)
    for side in (2, 5):
        thing.line([(x + w * side, foot), (x + w * side, foot - size * 0.62)], 0.6)
    thing.box(x - w, foot - size * 0.75, x + w, foot, "post")
    thing.box(x - w * 3, foot - size * 0.66, x + w * 6, foot - size * 0.63, "post", 0.8)
    half, lamp = size * 0.075, size * 0.042
    top = foot - size
    thing.shape(
        [
            (x - half, top + half),
            (x - half * 0.6, top),
            (x + half * 0.6, top),
            (x + half, top + half),
            (x + half, top + size * 0.28),
            (x - half, top + size * 0.28),
        ],
        "head",
    )
    for y in (0.085, 0.2):
        thing.shape(
            [
                (x + lamp * math.cos(a / 8 * math.pi), top + size * y + lamp * math.sin(a / 8 * math.pi))
                for a in range(16)
            ],
            "lamp",
            0.8,
        )
    return thing


def _pole(x: float, foot: float, size: float) -> Thing:
    """A telegraph pole with two arms."""
    thing, w = Thing("pole"), size * 0.025
    thing.box(x - w, foot - size, x + w, foot, "pole", 0.8)
    for down in (0.06, 0.18):
        thing.box(
            x - size * 0.16,
            foot - size * (1 - down),
            x + size * 0.16,
            foot - size * (0.97 - down),
            "arm",
            0.7,
        )
    return thing


def house() -> Image.Image:
    """A house with a tree before hills, 256 x 256."""
    sheet = Sheet(256, 256, 9)
    hills = edge(256, 128, ((12, 40, 2.2), (3, 14, 0.0)))
    sheet.stroke(np.array(hills, np.float32), 1.1)
    ground = edge(256, 164, ((4, 70, 1.0),))
    sheet.part(Part(np.array([*ground, (256, 256), (0, 256)], np.float32), "ground", 0))
    sheet.stroke(np.array(ground, np.float32), 1.2)
    sheet.put(subjects.tree(random.Random(TREE_SEED), 212, 200, 108))
    sheet.put(subjects.house(random.Random(HOUSE_SEED), 96, 208, 116))
    sheet.put(places.fence(random.Random(8), 202, 232, 54))
    return sheet.picture()


HOUSE_SEED, TREE_SEED = 16, 5


def draw(folder: Path) -> None:
    """Write the layouts as PNG files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in (("snowy_railway", snowy_railway()), ("house", house())):
        picture.save(folder / f"{name}.png", optimize=True)
