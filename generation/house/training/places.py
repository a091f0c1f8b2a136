"""The ground's own subjects, drawn by rule: rails and roads, signals, poles, fences, mountains, rooms.

As in `subjects`, each function returns a `Thing`; these also need to know the horizon.
"""

import math
import random
from itertools import pairwise

from .subjects import METALS, WALLS, Points, Thing, blob

Way = tuple[float, float, float]  # x at the horizon, x at the picture's foot, how far it bends


def away(rng: random.Random, width: float) -> Way:
    """Where a way vanishes, where its middle meets the picture's foot, and how much it bends."""
    return (
        width * rng.uniform(0.15, 0.85),
        width * rng.uniform(-0.1, 1.1),
        rng.choice([0.0, 0.0, rng.uniform(-0.3, 0.3)]) * width,
    )


def ribbon(way: Way, horizon: float, foot: float, low: float, high: float, near: float = 1.0) -> Points:
    """The outline of a strip that runs to the horizon, between two offsets from the way's middle at its foot."""
    left, right = [], []
    for k in range(9):
        t = near * (1 - k / 8) + 0.012
        left.append(on(way, horizon, foot, t, low))
        right.append(on(way, horizon, foot, t, high))
    return left + right[::-1]


def on(way: Way, horizon: float, foot: float, t: float, offset: float) -> tuple[float, float]:
    """A point of a way: t is 0 at the horizon and 1 at the picture's foot."""
    far, near, bow = way
    return far + (near - far) * t + bow * t * (1 - t) + offset * t, horizon + (foot - horizon) * t


def railway(rng: random.Random, horizon: float, foot: float, width: float) -> Thing:
    """Rails on their sleepers, running away or across."""
    sleepers, rails = ("dark brown", "wood", "dark grey"), ("steel", "brown")
    thing = Thing("railway", slots={"bed": ("ballast",), "sleeper": sleepers, "rail": rails})
    gauge = width * rng.uniform(0.1, 0.2)
    if rng.random() < 0.2:
        middle = horizon + (foot - horizon) * rng.uniform(0.25, 0.7)
        _track_across(thing, middle, (foot - horizon) * 0.12, width)
        return thing
    tracks = rng.choice([(0.0,), (0.0,), (-1.9, 1.9)])
    way = away(rng, width)
    for track in tracks:
        track_away(thing, way, horizon, foot, gauge, track * gauge)
    return thing


def _track_across(thing: Thing, y: float, half: float, width: float) -> None:
    """A track from side to side, `half` its height."""
    thing.box(-9, y - half, width + 9, y + half, "bed")
    for k in range(-1, 24):
        x, top, low = width * (k + 0.2) / 22, y - half * 0.6, y + half * 0.7
        ends: Points = [(x, top), (x + width / 60, top), (x + width / 75, low), (x - width / 75, low)]
        thing.shape(ends, "sleeper", 0.6)
    for rail in (-0.35, 0.35):
        thing.box(-9, y + half * (rail - 0.09), width + 9, y + half * (rail + 0.09), "rail", 0.6)


def track_away(thing: Thing, way: Way, horizon: float, foot: float, gauge: float, middle: float) -> None:
    """A track that runs to the horizon, `middle` beside the way's own middle."""
    thing.shape(ribbon(way, horizon, foot, middle - gauge * 1.7, middle + gauge * 1.7, 1.2), "bed", 0.8)
    low, high = middle - gauge * 1.35, middle + gauge * 1.35
    for k in range(16):
        near, far = 1.1 / (1 + 0.32 * k), 1.1 / (1 + 0.32 * k + 0.12)
        ends = [on(way, horizon, foot, t, x) for t, x in ((near, low), (near, high), (far, high), (far, low))]
        thing.shape(ends, "sleeper", 0.7 if k < 7 else 0.4)
    for rail in (-1, 1):
        sides = (middle + gauge * (rail - 0.09), middle + gauge * (rail + 0.09))
        thing.shape(ribbon(way, horizon, foot, *sides, 1.2), "rail", 0.6)


def road(rng: random.Random, horizon: float, foot: float, width: float) -> Thing:
    """A road, path or river that runs away."""
    noun = rng.choice(["road", "path", "river"])
    usual = {"road": "grey", "path": "cream", "river": "blue"}[noun]
    thing = Thing(noun, slots={"way": (usual, "grey", "brown", "yellow", "light blue", "white", "dark grey")})
    half = width * rng.uniform(0.08, 0.3)
    thing.shape(ribbon(away(rng, width), horizon, foot, -half, half, 1.2), "way")
    return thing


def signal(rng: random.Random, x: float, foot: float, size: float) -> Thing:
    """A railway signal with its lamps."""
    thing = Thing(
        "signal", slots={"post": METALS, "head": ("black", "dark grey"), "lamp": ("red", "green", "yellow")}
    )
    w = size * 0.03
    thing.box(x - w, foot - size * 0.7, x + w, foot, "post")
    if rng.random() < 0.5:
        for k in range(5):
            thing.line([(x + w, foot - size * 0.1 * k), (x + w * 4, foot - size * 0.1 * k)], 0.6)
        thing.line([(x + w * 4, foot), (x + w * 4, foot - size * 0.5)], 0.6)
    lamps = rng.randint(2, 3)
    half, tall = size * 0.1, size * 0.15 * lamps
    thing.box(x - half, foot - size, x + half, foot - size + tall, "head")
    for k in range(lamps):
        thing.shape(
            blob(rng, x, foot - size + tall * (k + 0.5) / lamps, half * 0.55, half * 0.55, 2, 0),
            "lamp" if k == 0 else "off",
        )
    thing.slots["off"] = ("dark grey",)
    return thing


def poles(rng: random.Random, horizon: float, foot: float, width: float) -> Thing:
    """Telegraph poles in a row, with their wires."""
    thing = Thing("telegraph poles", slots={"pole": ("brown", "grey", "dark brown", "wood")})
    way = away(rng, width)
    tops: list[tuple[float, float, float]] = []
    for k in range(rng.randint(2, 5), 0, -1):
        t = 0.9 / (1 + 0.7 * (k - 1))
        x, y = on(way, horizon, foot, t, width * 0.3)
        tall, w = (foot - horizon) * t * 1.5 + 8, max(1.0, width * 0.012 * t)
        thing.box(x - w, y - tall, x + w, y, "pole", 0.7)
        thing.box(x - w * 6, y - tall * 0.92, x + w * 6, y - tall * 0.92 + w * 1.5, "pole", 0.6)
        tops.append((x, y - tall * 0.92, w * 6))
    for (x0, y0, w0), (x1, y1, w1) in pairwise(tops):
        for side in (-1, 1):
            sag = [
                (
                    x0 + side * w0 + (x1 + side * w1 - x0 - side * w0) * s,
                    y0 + (y1 - y0) * s + abs(x1 - x0) * 0.25 * s * (1 - s),
                )
                for s in (0, 0.2, 0.4, 0.6, 0.8, 1)
            ]
            thing.line(sag, 0.5)
    return thing


def fence(rng: random.Random, x: float, foot: float, size: float) -> Thing:
    """Posts and rails."""
    thing = Thing("fence", slots={"post": ("wood", "white", "brown", "grey", "red")})
    count, step, w = rng.randint(4, 8), size * 0.3, size * 0.03
    left = x - count * step / 2
    for y in (0.55, 0.25):
        thing.box(
            left,
            foot - size * (y + 0.06) * 0.5,
            left + step * (count - 1),
            foot - size * y * 0.5,
            "post",
            0.7,
        )
    for k in range(count):
        thing.box(left + k * step - w, foot - size * 0.4, left + k * step + w, foot, "post", 0.7)
    return thing


def mountain(rng: random.Random, x: float, foot: float, size: float) -> Thing:
    """A mountain with its snow cap and a few ridges."""
    snowy = rng.random() < 0.7
    thing = Thing(
        "snowy mountain" if snowy else "mountain",
        slots={"rock": ("rock", "grey", "brown", "blue", "purple", "green", "dark grey"), "cap": ("white",)},
        haze=rng.uniform(0.2, 0.5),
    )
    tall, half = size * rng.uniform(0.45, 0.75), size * rng.uniform(0.5, 0.9)
    top, left, right = (x, foot - tall), (x - half, foot), (x + half, foot)
    up, down = _rough(rng, left, top, size * 0.025), _rough(rng, top, right, size * 0.025)
    thing.shape([left, *up, top, *down, right], "rock", form=0.1)
    if snowy:
        teeth = [
            (x + half * s * 0.27, foot - tall * (0.74 - 0.14 * (k % 2)) + rng.uniform(-1, 1) * tall * 0.03)
            for k, s in enumerate((0.6, 0.2, -0.2, -0.6))
        ]
        thing.shape([up[-1], top, down[0], *teeth], "cap", form=0.05)
    for _ in range(rng.randint(0, 3)):
        sx, sy = x + half * rng.uniform(-0.4, 0.4), foot - tall * rng.uniform(0.25, 0.5)
        thing.line([(sx, sy), (sx + size * rng.uniform(-0.08, 0.08), sy + tall * 0.18)], 0.6)
    return thing


def _rough(rng: random.Random, a: tuple[float, float], b: tuple[float, float], by: float) -> Points:
    """Three points between two, off the straight by chance."""
    shares = (0.25, 0.5, 0.75)
    return [tuple(p + (q - p) * s + rng.uniform(-by, by) for p, q in zip(a, b, strict=True)) for s in shares]  # type: ignore[misc]


def cloud(rng: random.Random, x: float, foot: float, size: float) -> Thing:
    """A drawn cloud."""
    thing = Thing(
        "cloud", slots={"cloud": ("white", "light grey", "pink", "grey", "light orange", "light purple")}
    )
    thing.shape(
        blob(rng, x, foot - size * 0.25, size * 0.5, size * 0.24, rng.randint(6, 9), 0.3), "cloud", form=0.1
    )
    return thing


def disc(rng: random.Random, x: float, foot: float, size: float) -> Thing:
    """The sun or the full moon; the sky says which."""
    thing = Thing("sun", slots={"glow": ("yellow", "orange", "red", "white", "golden")})
    thing.shape(blob(rng, x, foot - size / 2, size / 2, size / 2, 4, 0), "glow", form=0)
    return thing


def rock(rng: random.Random, x: float, foot: float, size: float) -> Thing:
    """A stone."""
    thing = Thing(
        "rock",
        slots={"stone": ("grey", "brown", "dark grey", "rock", "light grey")},
        shadow=(x, foot, size * 0.4),
    )
    points = [
        (x + size * 0.45 * math.cos(a), foot - size * 0.25 - size * 0.3 * math.sin(a) * rng.uniform(0.7, 1))
        for a in (0.0, 0.7, 1.4, 2.2, 3.1)
    ]
    thing.shape([*points, (x - size * 0.4, foot), (x + size * 0.42, foot)], "stone")
    return thing


Pane = tuple[float, float, float, float]  # x, y, width, height


def room(rng: random.Random, width: float, height: float) -> tuple[list[Thing], Pane]:
    """A room's walls and floor round a window, and the pane through which the sky is seen."""
    x0, x1 = width * rng.uniform(0.05, 0.25), width * rng.uniform(0.75, 0.95)
    y0, y1 = height * rng.uniform(0.03, 0.15), height * rng.uniform(0.62, 0.75)
    w, h = (x1 - x0) * rng.uniform(0.3, 0.6), (y1 - y0) * rng.uniform(0.4, 0.65)
    x, y = rng.uniform(x0 + 12, x1 - w - 12), y0 + (y1 - y0 - h) * rng.uniform(0.25, 0.5)
    walls = Thing("wall", slots={"wall": ("cream", *WALLS), "shade": ("wall",), "ceiling": ("wall",)})
    for part in ((x0, y0, x, y1), (x + w, y0, x1, y1), (x, y0, x + w, y), (x, y + h, x + w, y1)):
        walls.box(*part, "wall", 0)
    walls.shape([(-5, -5), (x0, y0), (x0, y1), (-5, height + 5)], "shade")
    walls.shape([(width + 5, -5), (x1, y0), (x1, y1), (width + 5, height + 5)], "shade")
    walls.shape([(-5, -5), (x0, y0), (x1, y0), (width + 5, -5)], "ceiling")
    colours = ("wood", "brown", "grey", "red", "green", "blue", "dark brown", "white")
    floor = Thing("floor", slots={"floor": colours})
    floor.shape([(-5, height + 5), (x0, y1), (x1, y1), (width + 5, height + 5)], "floor")
    for k in range(1, rng.choice([1, 5, 8])):
        floor.line([(x0 + (x1 - x0) * k / 8, y1), (width * (k / 8 * 1.5 - 0.25), height + 5)], 0.5)
    return [walls, floor, _frame((x, y, w, h))], (x, y, w, h)


def _frame(pane: Pane) -> Thing:
    """The bars round and across a pane."""
    x, y, w, h = pane
    b = min(w, h) * 0.06
    frame = Thing("window", slots={"frame": ("white", "brown", "red", "blue", "green")})
    level = ((x - b, y - b, x + w + b, y), (x - b, y + h, x + w + b, y + h + b))
    upright = (
        (x - b, y, x, y + h),
        (x + w, y, x + w + b, y + h),
        (x + w / 2 - b / 2, y, x + w / 2 + b / 2, y + h),
    )
    for bar in level + upright:
        frame.box(*bar, "frame", 0.7)
    return frame
