"""Scenes composed by lot: open land, villages, shores, rivers, railways, streets, stations, rooms, single things.

`Scenes.scene(seed, height, width)` gives drawings and paintings of one layout with their captions. Each kind of place
is one function here; what stands in it is painted by the file of its name.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generation.layout.prepare import prepare

from . import far, houses, land, sky, trees, water, ways
from .hand import drawing
from .light import develop
from .look import Look, caption, draw_look, exchange
from .marks import Dice
from .room import room
from .stage import Stage
from .station import station, train
from .street import FACADES, corner, street
from .things import Things
from .view import View

DRAWINGS, LOOKS = 2, 4
Maker = Callable[[Stage, Dice], None]


@dataclass
class Scene:
    """Drawings (2, H, W, 3), paintings (4, H, W, 3), object mask (H, W), all uint8, and the paintings' captions."""

    drawn: NDArray[np.uint8]
    painted: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    captions: list[str]


class Scenes:
    """Composes scenes; `things` are the pictures of credited artists that stand in them."""

    def __init__(self, things: Things | None = None) -> None:
        self.things = things

    def scene(self, seed: int, height: int, width: int) -> Scene:
        """A scene of a seed; the same seed gives the same scene."""
        dice = np.random.default_rng((seed, 1))
        stage = self.stage(seed, height, width)
        looks = draw_looks(stage, dice)
        return Scene(
            drawings(stage, dice),
            np.stack([develop(stage, look) for look in looks]),
            (stage.objects * 255).astype(np.uint8),
            captions(stage, looks, dice),
        )

    def stage(self, seed: int, height: int, width: int, kind: str | None = None) -> Stage:
        """The layout of a seed: of any kind, or of the kind asked for."""
        dice = np.random.default_rng((seed, 0))
        kinds = KINDS if self.things else {k: v for k, v in KINDS.items() if k != "single"}
        shares = np.array([share for share, _ in kinds.values()])
        kind = kind or str(dice.choice(list(kinds), p=shares / shares.sum()))
        stage = Stage(height, width, seed)
        stage.horizon = height * float(dice.uniform(0.4, 0.66))
        if kind == "single":
            assert self.things is not None
            self.things.alone(stage, dice)
        else:
            kinds[kind][1](stage, dice)
            if self.things and kind in ("open", "village", "shore", "railway") and dice.random() < 0.3:
                self.things.stand(stage, dice)
        if not stage.indoors:
            sky.weather(stage)
        return stage


def drawings(stage: Stage, dice: Dice) -> NDArray[np.uint8]:
    """Drawings of one layout, the second as the product prepares it: what the model will be handed most often."""
    raw, other = (drawing(stage, dice).astype(np.uint8) for _ in range(DRAWINGS))
    ready = prepare(Image.fromarray(other)).image.convert("RGB")
    if ready.size != (stage.width, stage.height):
        return np.stack([raw, other])
    return np.stack([raw, np.asarray(ready)])


def draw_looks(stage: Stage, dice: Dice) -> list[Look]:
    """Looks of one layout in pairs: each pair is one freely drawn look and one that differs from it in a word."""
    looks: list[Look] = []
    while len(looks) < LOOKS:
        first = draw_look(stage, dice, float(dice.choice([0.0, 0.25, 0.5])))
        looks += [first, exchange(stage, first, dice)]
    return looks


def captions(stage: Stage, looks: list[Look], dice: Dice) -> list[str]:
    """A caption for each look; the two of a pair name the same things in the same order."""
    said: list[str] = []
    for first, second in zip(looks[::2], looks[1::2], strict=True):
        order = int(dice.integers(1 << 30))
        said += [caption(stage, look, np.random.default_rng(order)) for look in (first, second)]
    return said


def backdrop(s: Stage, dice: Dice) -> None:
    """Sky and far land, in most outdoor scenes."""
    sky.sky(s, s.horizon)
    snowy = bool(dice.random() < 0.35)
    if dice.random() < 0.5:
        far.mountains(
            s, s.horizon, s.height * float(dice.uniform(0.12, 0.34)), float(dice.uniform(0.35, 0.6)), snowy
        )
    if dice.random() < 0.3:
        far.hills(
            s, s.horizon + 2, s.height * float(dice.uniform(0.05, 0.14)), float(dice.uniform(0.15, 0.35))
        )
    if dice.random() < 0.45:
        slot = "pine" if dice.random() < 0.4 else "leaf"
        far.woods(s, s.horizon + 3, s.height * float(dice.uniform(0.04, 0.1)), 0.22, slot)


def plants(
    s: Stage, eye: View, dice: Dice, count: int, kinds: str = "tree tree pine bush bare rock"
) -> list[tuple[float, Callable[[], None]]]:
    """Trees and the like at random places on the ground, each with its distance for the order of painting."""
    makers: dict[str, tuple[Callable[..., None], float, float]] = {
        "tree": (trees.tree, 4, 8),
        "pine": (trees.pine, 5, 10),
        "bush": (trees.bush, 0.8, 1.8),
        "bare": (trees.bare, 4, 8),
        "rock": (trees.rock, 0.4, 1.2),
    }
    found = []
    for _ in range(count):
        make, low, high = makers[str(dice.choice(kinds.split()))]
        near = float(dice.random()) ** 1.6
        y = s.horizon + (s.height - s.horizon) * (0.07 + 0.85 * near)
        x, tall = float(dice.uniform(-0.03, 1.03)) * s.width, float(dice.uniform(low, high)) * eye.scale(y)
        tall = min(tall, s.height * 0.95)
        found.append((y, _later(make, s, x, y, tall, 0.22 * (1 - near))))
    return found


def _later(make: Callable[..., None], *given: object) -> Callable[[], None]:
    return lambda: make(*given)


def village_houses(s: Stage, eye: View, dice: Dice, count: int) -> list[tuple[float, Callable[[], None]]]:
    """Houses at random places on the ground."""
    found = []
    for _ in range(count):
        near = float(dice.uniform(0.05, 0.5))
        y = s.horizon + (s.height - s.horizon) * near
        at = eye.on_ground(float(dice.uniform(0.04, 0.96)) * s.width, y)
        tall = float(dice.uniform(4.6, 7))
        if dice.random() < 0.2:
            x = float(dice.uniform(0.1, 0.9)) * s.width
            found.append((y, _later(houses.front, s, x, y, tall * eye.scale(y), 0.12 * (1 - near), dice)))
        else:
            found.append((y, _later(houses.house, s, eye, at[0], at[2], dice, tall)))
    return found


def put_all(parts: list[tuple[float, Callable[[], None]]]) -> None:
    """Paint what stands on the ground, far things first."""
    for _, make in sorted(parts, key=lambda part: part[0]):
        make()


def an_eye(s: Stage, dice: Dice, low: float = 2.0, high: float = 7.0, yaw: float = 0.0) -> View:
    """A viewpoint over this horizon."""
    focal = s.height * float(dice.uniform(0.9, 1.3))
    return View(
        s.horizon, s.width * float(dice.uniform(0.3, 0.7)), focal, float(dice.uniform(low, high)), yaw
    )


def open_land(s: Stage, dice: Dice) -> None:
    """Land with trees, perhaps water, a way, a house or two."""
    backdrop(s, dice)
    eye = an_eye(s, dice)
    if dice.random() < 0.25:
        foot = s.horizon + s.height * float(dice.uniform(0.08, 0.2))
        water.lake(s, s.horizon, foot)
        s.horizon = foot - 1
    land.ground(s, s.horizon)
    way = dice.random()
    if way < 0.25:
        ways.path(s, s.horizon, dice)
    elif way < 0.4:
        ways.road(
            s, eye, float(dice.uniform(-2, 2)), float(dice.uniform(3, 6)), marked=bool(dice.random() < 0.6)
        )
    elif way < 0.58:
        water.river(s, s.horizon, dice)
    parts = plants(s, eye, dice, int(dice.integers(1, 8)))
    parts += village_houses(s, eye, dice, int(dice.choice([0, 0, 0, 1, 1])))
    put_all(parts)
    if dice.random() < 0.18:
        ways.poles(s, eye, float(dice.uniform(-5, 5)), dice)


def village(s: Stage, dice: Dice) -> None:
    """Houses among trees, with a road, fences, poles."""
    backdrop(s, dice)
    eye = an_eye(s, dice, 1.6, 6)
    land.ground(s, s.horizon)
    if dice.random() < 0.5:
        ways.road(
            s,
            eye,
            float(dice.uniform(-1.5, 1.5)),
            float(dice.uniform(2.6, 5)),
            "path" if dice.random() < 0.5 else "road",
            False,
        )
    parts = village_houses(s, eye, dice, int(dice.integers(1, 5))) + plants(
        s, eye, dice, int(dice.integers(1, 6))
    )
    if dice.random() < 0.4:
        z = float(dice.uniform(5, 10))
        x = float(dice.choice([-1, 1])) * float(dice.uniform(1.5, 4))
        y = s.horizon + eye.focal * eye.eye / z
        parts.append(
            (
                y,
                _later(
                    ways.fence,
                    s,
                    eye,
                    (x, z),
                    (x + float(dice.uniform(-6, 6)), z + float(dice.uniform(0.5, 6))),
                    dice,
                ),
            )
        )
    put_all(parts)
    if dice.random() < 0.3:
        ways.poles(s, eye, float(dice.uniform(-6, 6)), dice)
    s.things.append("village")


def shore(s: Stage, dice: Dice) -> None:
    """The sea, its beach, boats; a headland."""
    s.kind_of_ground = "sea"
    sky.sky(s, s.horizon)
    if dice.random() < 0.45:
        far.mountains(s, s.horizon, s.height * float(dice.uniform(0.06, 0.2)), 0.5, False)
    elif dice.random() < 0.5:
        far.hills(s, s.horizon + 1, s.height * float(dice.uniform(0.03, 0.1)), 0.4)
    water.sea(s, s.horizon, dice)
    for _ in range(int(dice.choice([0, 0, 1, 1, 2]))):
        y = s.horizon + (s.height - s.horizon) * float(dice.uniform(0.05, 0.55))
        long = (y - s.horizon) * float(dice.uniform(0.6, 1.1)) + 14 * s.u
        water.boat(s, float(dice.uniform(0.1, 0.9)) * s.width, y, long, dice)
    if dice.random() < 0.55:
        water.beach(s, s.horizon, dice)
    if dice.random() < 0.35:
        eye = an_eye(s, dice)
        put_all(plants(s, eye, dice, int(dice.integers(1, 4)), "rock rock pine"))


def line(s: Stage, dice: Dice) -> None:
    """A railway through open land."""
    backdrop(s, dice)
    eye = an_eye(s, dice, 1.6, 4.5)
    land.ground(s, s.horizon, 0.0)
    track = float(dice.uniform(-1.5, 1.5))
    ways.railway(s, eye, track)
    if dice.random() < 0.5:
        ways.poles(s, eye, track + float(dice.choice([-3.5, 3.5])), dice)
    parts = plants(s, eye, dice, int(dice.integers(0, 7)), "pine pine tree bush")
    put_all(parts + village_houses(s, eye, dice, int(dice.choice([0, 1]))))
    if dice.random() < 0.25:
        train(s, eye, track, dice, stands=False)
    s.vanishing += eye.vanishing()


def town_street(s: Stage, dice: Dice) -> None:
    """A street, seen along it or over a corner."""
    s.kind_of_ground, s.place = "street", "street"
    facades = str(dice.choice(list(FACADES)))
    s.horizon = s.height * float(dice.uniform(0.48, 0.66))
    sky.sky(s, s.horizon)
    if dice.random() < 0.4:
        far.skyline(s, s.horizon + 2, 0.5, facades)
    elif dice.random() < 0.5:
        far.hills(s, s.horizon + 3, s.height * 0.1, 0.4)
    land.ground(s, s.horizon, 0.0)
    if dice.random() < 0.7:
        eye = View(
            s.horizon,
            s.width * float(dice.uniform(0.32, 0.68)),
            s.height * float(dice.uniform(0.8, 1.15)),
            1.6,
        )
        street(s, eye, facades, dice)
    else:
        yaw = float(dice.uniform(0.5, 1.0)) * -1
        eye = View(
            s.horizon,
            s.width * float(dice.uniform(0.4, 0.6)),
            s.height * float(dice.uniform(0.8, 1.05)),
            1.7,
            yaw,
        )
        corner(s, eye, facades, dice)


def stop(s: Stage, dice: Dice) -> None:
    """A station."""
    s.place = "station"
    s.horizon = s.height * float(dice.uniform(0.4, 0.56))
    backdrop(s, dice)
    land.ground(s, s.horizon, 0.0)
    eye = View(
        s.horizon,
        s.width * float(dice.uniform(0.35, 0.65)),
        s.height * float(dice.uniform(0.85, 1.15)),
        float(dice.uniform(1.9, 2.8)),
    )
    station(s, eye, dice)


def steps(s: Stage, dice: Dice) -> None:
    """Stairs up between trees or houses; a bridge over a river."""
    backdrop(s, dice)
    land.ground(s, s.horizon, 0.03)
    eye = an_eye(s, dice, 1.6, 2.6)
    if dice.random() < 0.55:
        half, x = float(dice.uniform(0.8, 1.6)), float(dice.uniform(-0.7, 0.7))
        put_all(plants(s, eye, dice, 6, "tree pine bush"))
        ways.stairs(s, eye, (x - half, x + half), float(dice.uniform(2.4, 4)), int(dice.integers(8, 18)))
    else:
        water.river(s, s.horizon, dice)
        ways.bridge(s, eye, float(dice.uniform(7, 12)), float(dice.uniform(7, 12)), dice)
        put_all(plants(s, eye, dice, int(dice.integers(1, 4)), "tree bush rock"))


KINDS: dict[str, tuple[float, Maker]] = {
    "open": (0.2, open_land),
    "village": (0.16, village),
    "shore": (0.06, shore),
    "railway": (0.08, line),
    "street": (0.17, town_street),
    "station": (0.09, stop),
    "steps": (0.05, steps),
    "room": (0.15, room),
    "single": (0.04, open_land),
}
