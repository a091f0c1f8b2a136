# ruff: noqa: S311 - scenes are composed by lot; nothing here is secret
"""Scenes composed by lot: open land, villages, railways, towns, rooms, single things.

`Scenes.scene(seed, height, width)` gives two drawings and three paintings of one layout, the object mask and three
captions. Subjects come from `subjects`, `places` and `pictures`, colours from `looks`, strokes from `strokes`.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from . import places, subjects
from .canvas import Array
from .captions import caption
from .layout import Icon, Layout
from .look import make_look
from .painting import Brush
from .pictures import Pictures
from .strokes import drawing
from .subjects import Thing

# OpenMoji's code points of the pictures that stand in a scene.
FAR = "26F0 1F30B 1F5FB"
BUILDINGS = (
    "1F3E0 1F3D8 1F3DA 1F6D6 26FA 1F3F0 26EA 1F54C 1F6D5 1F3E2 1F3E8 1F3EB 1F3ED 1F3EA 1F5FC 26E9 1F3A1 1F3AA 1F3DB "
    "1F3DF 1F3E0 1F3E0"
)
TREES = "1F332 1F334 1F335 1F33B 1F337 1F33E 1F344 1F332 1F332 1F334 1F490 1F339"
IN_SKY = "2600 1F31E 1F319 1F315 2601 26C5 1F308 1F388 2708 1F426 1F985 2B50 1FA81 2600 2601 1F319"
LIFE = "1F415 1F408 1F404 1F411 1F40E 1F418 1F992 1F697 1F68C 1F69C 1F6B2 1F430 1F43F 1F98C 1F42A 1F414 1F9CD 1F6B6"
AFLOAT = "26F5 1F6A4 1F6F6 1F42C 1F40B 1F986 26F4 1F6A2"
TRAINS = "1F683 1F684 1F685 1F686 1F687 1F688 1F68A 1F68B 1F69E"
FURNITURE = "1F6CB 1F6CF 1FA91 1F4FA 1F9F8 1F4DA 1F5BC 1FAB4 1F408 1F415 1F570 1F6C1 1F3B8 1F9F3"
# One of several pictures by index, or a subject drawn by rule: (rng, x, foot, size) -> Thing; least and largest size.
Maker = tuple[list[int] | Callable[[random.Random, float, float, float], Thing], float, float]
KINDS = {"open": 0.40, "village": 0.24, "railway": 0.14, "town": 0.06, "room": 0.05, "single": 0.11}


FREE = (
    0.0,
    0.35,
    0.5,
)  # how often a kind of things has another than its usual colour, in each look of a layout


@dataclass
class Scene:
    """Drawings (2, H, W, 3), paintings (3, H, W, 3), object mask (H, W), all uint8, and the paintings' captions."""

    drawn: NDArray[np.uint8]
    painted: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    captions: list[str]


class Scenes:
    """Composes scenes from one set of pictures."""

    def __init__(self, pictures: Pictures) -> None:
        self.pictures, self.brush = pictures, Brush(pictures)
        self.far, self.buildings, self.trees = (pictures.known(*c.split()) for c in (FAR, BUILDINGS, TREES))
        self.in_sky, self.life, self.afloat = (pictures.known(*c.split()) for c in (IN_SKY, LIFE, AFLOAT))
        self.trains, self.furniture = pictures.known(*TRAINS.split()), pictures.known(*FURNITURE.split())
        self.singles = [k for k, p in enumerate(pictures.all) if p.code not in pictures.held]
        often = {"travel-places": 3.0, "animals-nature": 2.0, "food-drink": 1.0, "objects": 1.0}
        self.single_weights = [often.get(pictures.all[k].group, 0.15) for k in self.singles]

    def scene(self, seed: int, height: int, width: int) -> Scene:
        """A scene of a seed; the same seed gives the same scene."""
        rng = random.Random(seed)
        layout = self.layout(rng, height, width)
        looks = [make_look(layout, rng, free) for free in FREE]
        canvases = [self.brush.paint(layout, look) for look in looks]
        drawn = np.stack([drawing(canvases[0].line, rng) for _ in range(2)])
        painted = np.stack([c.colour for c in canvases])
        mask = (canvases[0].objects * 255).astype(np.uint8)
        return Scene(
            whole(drawn), whole(painted), mask, [caption(self.pictures, layout, look, rng) for look in looks]
        )

    def layout(self, rng: random.Random, height: int, width: int) -> Layout:
        """A composed layout of any kind."""
        kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
        s = height / 256
        horizon = height * rng.uniform(0.42, 0.78)
        water = kind == "open" and rng.random() < 0.26
        bow = 0.0 if water or kind == "town" else rng.choice([0, 3, 6, 12]) * s
        layout = Layout(
            height, width, horizon, curve(rng, width, horizon, bow), water, seed=rng.getrandbits(32)
        )
        layout.pen, layout.thin = (
            (rng.uniform(2.2, 4.4) * s, 0)
            if rng.random() < 0.5
            else (rng.uniform(0.8, 2.2) * s, rng.choice([3, 5]))
        )
        layout.hand = rng.choice([0, 0, rng.uniform(0.2, 1.5)]) * s
        {
            "open": self._open,
            "village": self._village,
            "railway": self._railway,
            "town": self._town,
            "room": self._room,
            "single": self._single,
        }[kind](layout, rng)
        return layout

    def icon(self, index: int, foot: float, size: float, x: float, kind: str, rng: random.Random) -> Icon:
        """A picture scaled so that its longer side is `size`, standing at x on its foot."""
        x0, y0, x1, y1 = self.pictures.box(index)
        scale = size / max(x1 - x0, y1 - y0)
        w, h = max(8, int((x1 - x0) * scale)), max(8, int((y1 - y0) * scale))
        return Icon(index, int(x - w / 2), int(foot - h), w, h, rng.random() < 0.3, kind)

    def _above(self, layout: Layout, rng: random.Random, drawn: float) -> None:
        """Things in the sky, mountains and ridges."""
        s, w = layout.height / 256, layout.width
        for _ in range(rng.choice([0, 1, 1, 2])):
            size = rng.uniform(32, 90) * s
            foot = rng.uniform(size / 2 + 20 * s, max(size / 2 + 30 * s, layout.horizon - 30 * s))
            x = rng.uniform(0.08, 0.92) * w
            if rng.random() < drawn:
                layout.back.append(
                    places.cloud(rng, x, foot, size * 1.4)
                    if rng.random() < 0.5
                    else places.disc(rng, x, foot, size * 0.6)
                )
            else:
                layout.back.append(self.icon(rng.choice(self.in_sky), foot, size, x, "sky", rng))
        for _ in range(rng.choice([0, 0, 1, 1, 2])):
            size, x, foot = (
                rng.uniform(90, 220) * s,
                rng.uniform(0, 1) * w,
                layout.horizon + rng.uniform(4, 12) * s,
            )
            by_rule = rng.random() < drawn + 0.2
            layout.back.append(
                places.mountain(rng, x, foot, size)
                if by_rule
                else self.icon(rng.choice(self.far), foot, size, x, "far", rng)
            )
        if rng.random() < 0.55:
            layout.ridges = sorted(
                (
                    curve(rng, w, layout.horizon - rng.uniform(12, 70) * s, rng.uniform(6, 24) * s)
                    for _ in range(rng.choice([1, 1, 2]))
                ),
                key=lambda r: float(r.mean()),
            )

    def _stand(self, layout: Layout, rng: random.Random, makers: Sequence[Maker], count: int) -> None:
        """Put `count` things on the ground, the nearer ones lower, larger and in front."""
        s, deep = layout.height / 256, layout.height - layout.horizon
        things: list[tuple[float, Thing | Icon]] = []
        for _ in range(count):
            make, low, high = rng.choice(makers)
            near = rng.uniform(0.06, 0.95)
            foot = layout.horizon + deep * near * 0.9 + 4 * s
            size = rng.uniform(low, high) * s * (0.65 + 0.6 * near)
            x = rng.uniform(0.04, 0.96) * layout.width
            if isinstance(make, list):
                things.append((foot, self.icon(rng.choice(make), foot, size, x, "near", rng)))
            else:
                things.append((foot, make(rng, x, foot, size)))
        layout.front += [thing for _, thing in sorted(things, key=lambda t: t[0])]

    def _open(self, layout: Layout, rng: random.Random) -> None:
        self._above(layout, rng, 0.25)
        if layout.water:
            makers: list[Maker] = [
                (self.buildings, 60, 130),
                (places.rock, 30, 80),
                *[(self.afloat, 60, 140)] * 6,
            ]
        else:
            makers = [(self.buildings, 60, 150)] * 5
            makers += [(self.trees, 60, 140)] * 3 + [(self.life, 50, 130)] * 2
            makers += [(subjects.house, 60, 150)]
        self._stand(layout, rng, makers, rng.choice([0, 1, 1, 2, 2, 3]))

    def _village(self, layout: Layout, rng: random.Random) -> None:
        self._above(layout, rng, 0.8)
        if rng.random() < 0.4:
            layout.front.append(places.road(rng, layout.horizon, layout.height, layout.width))
        noun = rng.choice(["house", "house", "house", "hut", "barn", "wooden house"])
        houses: list[Maker] = [(partial(subjects.house, noun=noun), 55, 150)]
        plants: list[Maker] = [
            (subjects.tree, 50, 130),
            (subjects.fir, 50, 140),
            (subjects.tree, 50, 130),
            (subjects.bare_tree, 60, 120),
            (places.fence, 50, 90),
            (places.rock, 30, 60),
        ]
        self._stand(layout, rng, houses * 4 + plants, rng.choice([1, 1, 2, 3, 4]))

    def _railway(self, layout: Layout, rng: random.Random) -> None:
        self._above(layout, rng, 0.9)
        h, w = layout.height, layout.width
        layout.front.append(places.railway(rng, layout.horizon, h, w))
        if rng.random() < 0.5:
            layout.front.append(places.poles(rng, layout.horizon, h, w))
        makers: list[Maker] = [(subjects.fir, 50, 140)] * 3
        makers += [(places.signal, 70, 150)] * 2
        makers += [(partial(subjects.house, noun="hut"), 45, 110), (subjects.tree, 50, 110)]
        makers += [(self.trains, 60, 130), (places.fence, 50, 80)]
        self._stand(layout, rng, makers, rng.choice([1, 2, 3, 4]))

    def _town(self, layout: Layout, rng: random.Random) -> None:
        self._above(layout, rng, 0.7)
        if rng.random() < 0.6:
            layout.front.append(places.road(rng, layout.horizon, layout.height, layout.width))
        self._stand(
            layout,
            rng,
            [(subjects.tower, 80, 170)] * 4
            + [(subjects.house, 60, 110), (subjects.tree, 40, 90), (self.life, 40, 80)],
            rng.choice([2, 3, 4, 5]),
        )

    def _room(self, layout: Layout, rng: random.Random) -> None:
        things, layout.pane = places.room(rng, layout.width, layout.height)
        layout.horizon = layout.pane[1] + layout.pane[3]
        layout.back += things
        s = layout.height / 256
        for _ in range(rng.choice([0, 1, 1, 2])):
            foot, x = layout.height * rng.uniform(0.75, 0.95), rng.uniform(0.12, 0.88) * layout.width
            layout.front.append(
                self.icon(rng.choice(self.furniture), foot, rng.uniform(60, 120) * s, x, "near", rng)
            )

    def _single(self, layout: Layout, rng: random.Random) -> None:
        index = rng.choices(self.singles, self.single_weights)[0]
        size = rng.uniform(0.5, 0.97) * layout.height
        layout.plain, layout.horizon = True, float(layout.height)
        layout.front.append(
            self.icon(
                index, layout.height / 2 + size / 2, size, layout.width * rng.uniform(0.4, 0.6), "near", rng
            )
        )


def curve(rng: random.Random, width: int, level: float, swing: float) -> Array:
    """A soft edge across the picture: y for each x."""
    x = np.arange(width, dtype=np.float32) / 256 * math.pi
    long = np.sin(x * rng.uniform(0.7, 2.5) + rng.uniform(0, 6))
    short = np.sin(x * rng.uniform(3, 6) + rng.uniform(0, 6))
    return np.asarray(level + swing * long + swing * 0.4 * short, np.float32)


def whole(values: Array) -> NDArray[np.uint8]:
    """Floats in 0..255 as bytes."""
    return np.asarray(np.clip(values + 0.5, 0, 255), np.uint8)
