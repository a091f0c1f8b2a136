"""A background painter's subjects, drawn by rule: houses, firs, rails, signals, mountains, rooms.

Each function returns a `Thing`: polygons and strokes back to front in pixels, each fill naming a *slot* ("wall",
"roof"), and the slots' usual colours. Where things stand is left to `scenes`.
"""

import math
import random
from dataclasses import dataclass, field

import numpy as np

from .canvas import Array

Points = list[tuple[float, float]]
WALLS = (
    "white",
    "red",
    "blue",
    "yellow",
    "brown",
    "grey",
    "pink",
    "green",
    "orange",
    "purple",
    "light blue",
    "dark red",
)
ROOFS = ("red", "brown", "grey", "blue", "green", "orange", "dark red", "dark grey", "purple", "dark blue")
LEAVES = (
    "green",
    "dark green",
    "light green",
    "orange",
    "red",
    "pink",
    "yellow",
    "golden",
    "purple",
    "brown",
    "blue",
)
METALS = ("grey", "red", "white", "green", "blue", "yellow", "dark grey", "black", "orange")


@dataclass(frozen=True)
class Part:
    """A polygon or stroke; `slot` None is a stroke alone, `pen` 0 a fill alone. `pen` is in widths of the layout's."""

    points: Array
    slot: str | None
    pen: float = 1.0
    closed: bool = True
    form: float = 0.16


@dataclass
class Thing:
    """A noun, its parts, and for each slot its usual colour and the others it may take."""

    noun: str
    parts: list[Part] = field(default_factory=list)
    slots: dict[str, tuple[str, ...]] = field(default_factory=dict)
    haze: float = 0.0
    shadow: tuple[float, float, float] | None = None  # foot x, y and half width

    def shape(self, points: Points, slot: str | None, pen: float = 1.0, form: float = 0.16) -> None:
        """Add a closed shape."""
        self.parts.append(Part(np.array(points, np.float32), slot, pen, True, form))

    def line(self, points: Points, pen: float = 1.0) -> None:
        """Add an open stroke."""
        self.parts.append(Part(np.array(points, np.float32), None, pen, False))

    def box(self, x0: float, y0: float, x1: float, y1: float, slot: str | None, pen: float = 1.0) -> None:
        """Add a rectangle."""
        self.shape([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], slot, pen)


def blob(rng: random.Random, x: float, y: float, rx: float, ry: float, lobes: int, depth: float) -> Points:
    """A closed wavy outline, as of a crown or a cloud."""
    turn = rng.uniform(0, 6.28)
    wave = [rng.uniform(0.5, 1.0) for _ in range(lobes)]
    points = []
    for k in range(lobes * 8):
        a = 2 * math.pi * k / (lobes * 8)
        swell = 1 - depth + depth * wave[k // 8] * abs(math.sin(math.pi * (k % 8) / 8))
        points.append((x + rx * swell * math.cos(a + turn), y + ry * swell * math.sin(a + turn)))
    return points


def window(thing: Thing, x: float, y: float, w: float, h: float, cross: bool) -> None:
    """A pane, with its bars when `cross`."""
    thing.box(x, y, x + w, y + h, "pane")
    if cross:
        thing.line([(x + w / 2, y), (x + w / 2, y + h)], 0.7)
        thing.line([(x, y + h / 2), (x + w, y + h / 2)], 0.7)


def house(rng: random.Random, x: float, foot: float, size: float, noun: str = "house") -> Thing:
    """A house seen from the front, the side or the corner, `size` high with its roof."""
    thing = Thing(noun, slots={"wall": WALLS, "roof": ROOFS, "door": ("brown", *WALLS), "pane": ("glass",)})
    if noun in ("hut", "wooden house", "barn"):
        thing.slots["wall"] = ("wood" if noun != "barn" else "dark red", *WALLS)
    half, wall = size * rng.uniform(0.38, 0.62), size * rng.uniform(0.45, 0.6)
    thing.shadow = (x, foot, half * 1.2)
    eaves, ridge, over = foot - wall, foot - size, size * rng.uniform(0.05, 0.12)
    if rng.random() < 0.5:
        cx = x + half * rng.choice([-0.5, 0.5])
        thing.box(cx, ridge - size * 0.06, cx + size * 0.1, eaves, "roof" if rng.random() < 0.3 else "door")
    view = rng.random()
    if view < 0.4:
        _gable(thing, x, half, foot, eaves, ridge, over)
    elif view < 0.65:
        thing.box(x - half, eaves, x + half, foot, "wall")
        low, high = half + over, half - half * rng.uniform(0, 0.35)
        thing.shape([(x - low, eaves), (x - high, ridge), (x + high, ridge), (x + low, eaves)], "roof")
    else:
        x, half = _corner(rng, thing, x, half, foot, eaves, ridge, over)
    _openings(rng, thing, x, half, foot, wall)
    return thing


def _corner(
    rng: random.Random,
    thing: Thing,
    x: float,
    half: float,
    foot: float,
    eaves: float,
    ridge: float,
    over: float,
) -> tuple[float, float]:
    """A gabled front with its long side beside it; the front's middle and half width."""
    side = rng.choice([-1, 1])
    lift, long, short = (foot - ridge) * 0.06, side * half * rng.uniform(0.9, 1.5), half * 0.8
    front = x - long / 2
    a, b = front + side * short, front + side * short + long
    thing.slots["side"] = ("wall",)
    thing.shape([(a, eaves), (b, eaves - lift), (b, foot - lift), (a, foot)], "side")
    low = [(b + side * over, eaves - lift + over), (a + side * over, eaves + over)]
    thing.shape([(front, ridge), (front + long, ridge - lift), *low], "roof")
    wall, left = foot - eaves, min(a, b)
    window(
        thing, left + abs(b - a) * 0.35, eaves + wall * 0.2, abs(long) * 0.25, wall * 0.3, rng.random() < 0.6
    )
    _gable(thing, front, short, foot, eaves, ridge, over)
    return front, short


def _gable(thing: Thing, x: float, half: float, foot: float, eaves: float, ridge: float, over: float) -> None:
    """A front with its gable and two roof slopes."""
    thing.shape(
        [(x - half, foot), (x - half, eaves), (x, ridge), (x + half, eaves), (x + half, foot)], "wall"
    )
    for side in (-1, 1):
        out = x + side * (half + over)
        thing.shape(
            [(x, ridge - over), (out, eaves + over * 0.4), (out, eaves + over * 1.5), (x, ridge + over)],
            "roof",
        )


def _openings(rng: random.Random, thing: Thing, x: float, half: float, foot: float, wall: float) -> None:
    """A door and windows in a front."""
    where = rng.choice([-0.4, 0.0, 0.4])
    wide, tall = half * 0.34, wall * rng.uniform(0.5, 0.65)
    thing.box(x + where * half - wide / 2, foot - tall, x + where * half + wide / 2, foot, "door")
    cross = rng.random() < 0.6
    for place in {-0.4: (0.45,), 0.0: (-0.6, 0.6), 0.4: (-0.45,)}[where]:
        w, h = half * rng.uniform(0.3, 0.42), wall * rng.uniform(0.26, 0.36)
        window(thing, x + place * half - w / 2, foot - wall * 0.72, w, h, cross)


def tower(rng: random.Random, x: float, foot: float, size: float) -> Thing:
    """A town building: a block with rows of windows."""
    thing = Thing(
        "building", slots={"wall": ("grey", *WALLS), "pane": ("glass",), "roof": ("dark grey", *ROOFS)}
    )
    half = size * rng.uniform(0.2, 0.36)
    thing.shadow = (x, foot, half)
    thing.box(x - half, foot - size, x + half, foot, "wall")
    thing.box(x - half * 1.08, foot - size, x + half * 1.08, foot - size * 0.94, "roof")
    columns, rows = rng.randint(2, 3), rng.randint(2, 4)
    for row in range(rows):
        for column in range(columns):
            w, h = 2 * half / columns * 0.5, size * 0.8 / rows * 0.55
            left = x - half + 2 * half * (column + 0.25) / columns
            thing.box(
                left,
                foot - size * 0.88 + row * size * 0.8 / rows,
                left + w,
                foot - size * 0.88 + row * size * 0.8 / rows + h,
                "pane",
                0.7,
            )
    return thing


def fir(rng: random.Random, x: float, foot: float, size: float) -> Thing:
    """A conifer of two to four steps."""
    thing = Thing(
        "fir", slots={"fir": ("dark green", *LEAVES), "trunk": ("dark brown",)}, shadow=(x, foot, size * 0.2)
    )
    steps, half = rng.randint(2, 4), size * rng.uniform(0.2, 0.3)
    thing.box(x - size * 0.04, foot - size * 0.2, x + size * 0.04, foot, "trunk")
    left, right = [(x, foot - size)], []
    for k in range(steps):
        y, out = foot - size * (1 - (k + 1) / steps * 0.86), half * (0.4 + 0.6 * (k + 1) / steps)
        inner = out * 0.5 if k < steps - 1 else out
        left += [(x - out, y), (x - inner, y - size * 0.02)] if k < steps - 1 else [(x - out, y)]
        right += [(x + out, y), (x + inner, y - size * 0.02)] if k < steps - 1 else [(x + out, y)]
    thing.shape(left + right[::-1], "fir", form=0.3)
    return thing


def tree(rng: random.Random, x: float, foot: float, size: float) -> Thing:
    """A leafy tree, or a bush when it has no trunk to speak of."""
    bush = rng.random() < 0.2
    thing = Thing(
        "bush" if bush else "tree", slots={"leaf": LEAVES, "trunk": ("brown",)}, shadow=(x, foot, size * 0.25)
    )
    if not bush:
        w = size * 0.05
        thing.shape(
            [
                (x - w, foot - size * 0.5),
                (x + w, foot - size * 0.5),
                (x + w * 1.6, foot),
                (x - w * 1.6, foot),
            ],
            "trunk",
        )
    r = size * rng.uniform(0.28, 0.38)
    lobes = rng.choice([4, 5, 6, 7, 9])
    thing.shape(
        blob(
            rng,
            x,
            foot - (r * 0.9 if bush else size * 0.65),
            r,
            r * rng.uniform(0.8, 1.1),
            lobes,
            0.25 if lobes > 4 else 0,
        ),
        "leaf",
        form=0.3,
    )
    return thing


def bare_tree(rng: random.Random, x: float, foot: float, size: float) -> Thing:
    """A winter tree: strokes only."""
    thing = Thing("bare tree")
    todo = [(x, foot, -math.pi / 2, size * 0.36, 2.2)]
    while todo:
        px, py, angle, long, pen = todo.pop()
        qx, qy = px + long * math.cos(angle), py + long * math.sin(angle)
        thing.line([(px, py), (qx, qy)], pen)
        if long > size * 0.12:
            todo += [
                (qx, qy, angle + turn * rng.uniform(0.3, 0.7), long * 0.7, pen * 0.65) for turn in (-1, 1)
            ]
    return thing
