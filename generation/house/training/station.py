"""A country or town station: platforms along the track, a roof on posts, a train, signals."""

import numpy as np

from .marks import Dice
from .stage import Stage
from .view import View, block, level, paint_part, upright
from .ways import lamp_post, poles, railway


def station(s: Stage, view: View, dice: Dice) -> None:
    """The track beside a platform that runs away from us."""
    way = float(dice.choice([-1, 1]))
    track = -way * float(dice.uniform(1.2, 2.6))
    railway(s, view, track)
    edge = track + way * 1.7
    high = min(0.95, view.eye - 0.35)
    broad = (edge, edge + way * float(dice.uniform(4, 6)))
    train_first = dice.random() < 0.45
    if train_first:
        train(s, view, track - way * 0.0, dice, stands=dice.random() < 0.6)
    platform(s, view, broad, high)
    roofed(s, view, (min(broad), max(broad)), way, high, dice)
    if dice.random() < 0.5:
        bench(s, view, edge + way * 2.6, float(dice.uniform(5, 9)), high)
    if dice.random() < 0.6:
        board(s, view, edge + way * 3, float(dice.uniform(7, 12)), high)
    if dice.random() < 0.5:
        poles(s, view, track - way * 2.6, dice)
    elif dice.random() < 0.6:
        signal(s, view, track - way * 1.9, float(dice.uniform(8, 16)))
    if dice.random() < 0.4:
        lamp_post(s, view, edge + way * 3.8, float(dice.uniform(8, 14)))
    s.vanishing += view.vanishing()
    s.things += ["station", "platform"]


def platform(s: Stage, view: View, x: tuple[float, float], high: float) -> None:
    """Its top with the yellow line, and its edge over the track."""
    left, right = min(x), max(x)
    top = level(left, 0.4, right, 60, high)
    s.face(view.polygon(top.part(0, 0, 1, 1)), "platform", 0.92, 0.03, grain=0.3, thing=False)
    wall = upright((x[0], 0.4), (x[0], 60), 0, high)
    s.face(view.polygon(wall.part(0, 0, 1, 1)), "stone", 0.4, 0.03, thing=False)
    inner = x[0] + (0.45 if x[1] > x[0] else -0.45)
    line = level(min(inner, inner + 0.22), 0.4, max(inner, inner + 0.22), 60, high + 0.005)
    s.face(view.polygon(line.part(0, 0, 1, 1)), "safety", 0.95, 0.02, thing=False, pen=0.8)


def roofed(s: Stage, view: View, x: tuple[float, float], way: float, high: float, dice: Dice) -> None:
    """A roof on posts over the platform, or a small waiting house."""
    far_end = float(dice.uniform(22, 40))
    begin = float(dice.uniform(3, 8))
    if dice.random() < 0.6:
        tall = high + float(dice.uniform(2.8, 3.4))
        for z in np.arange(far_end, begin, -4.5):
            at = sum(x) / 2
            block(s, view, (at - 0.1, at + 0.1), (high, tall), (float(z), float(z) + 0.2), "metal", pen=0.8)
        under = level(x[0] + 0.3, begin, x[1] - 0.3, far_end, tall)
        points = under.part(0, 0, 1, 1)
        s.face(view.polygon(points), "dark stone", 0.3, view.depth(points))
        edge = upright((x[0] + 0.3, begin), (x[1] - 0.3, begin), tall, tall + 0.35)
        s.face(view.polygon(edge.part(0, 0, 1, 1)), "roof", 0.7, 0.03)
        rim = x[0] + 0.3 if way > 0 else x[1] - 0.3
        long = upright((rim, begin), (rim, far_end), tall, tall + 0.35)
        s.face(view.polygon(long.part(0, 0, 1, 1)), "roof", 0.6, 0.1)
        return
    span = (begin + 6, begin + 12)
    deep = (x[0] + 2.2, x[1]) if way > 0 else (x[0], x[1] - 2.2)
    for side in block(s, view, deep, (high, high + 2.8), span, "wall"):
        paint_part(s, view, side, (0.2, 0.3, 0.45, 0.75), "pane", pen=0.8)
        paint_part(s, view, side, (0.58, 0, 0.8, 0.75), "door", pen=0.9)
    block(
        s,
        view,
        (deep[0] - 0.4, deep[1] + 0.4),
        (high + 2.8, high + 3.1),
        (span[0] - 0.5, span[1] + 0.5),
        "roof",
    )


def train(s: Stage, view: View, x: float, dice: Dice, stands: bool) -> None:
    """Carriages on the track, their windows in a row."""
    z = float(dice.uniform(7, 14)) if stands else float(dice.uniform(18, 30))
    long = 13.0
    for begin in (z + 2 * long, z + long, z):
        for side in block(s, view, (x - 1.3, x + 1.3), (0.75, 3.3), (begin, begin + long - 0.5), "train"):
            if abs(side.along[2]) > 1:
                for k in range(6):
                    paint_part(s, view, side, ((k + 0.2) / 6, 0.5, (k + 0.8) / 6, 0.82), "pane", pen=0.8)
                paint_part(s, view, side, (0, 0.3, 1, 0.38), "mark", pen=0.5)
            else:
                paint_part(s, view, side, (0.12, 0.5, 0.88, 0.86), "pane", run=0.4)
                paint_part(s, view, side, (0.0, 0.22, 1, 0.3), "mark", pen=0.6)
                for u in (0.12, 0.78):
                    paint_part(s, view, side, (u, 0.08, u + 0.1, 0.17), "flame", pen=0.7)
        block(s, view, (x - 1.15, x + 1.15), (0.25, 0.75), (begin + 0.1, begin + long - 0.7), "tyre", pen=0.8)
    s.things.append("train")


def bench(s: Stage, view: View, x: float, z: float, high: float) -> None:
    """A seat on the platform."""
    for at in (z, z + 1.3):
        block(s, view, (x - 0.2, x + 0.2), (high, high + 0.42), (at, at + 0.08), "metal", pen=0.7)
    block(s, view, (x - 0.25, x + 0.25), (high + 0.42, high + 0.48), (z - 0.1, z + 1.5), "plank", pen=0.9)


def board(s: Stage, view: View, x: float, z: float, high: float) -> None:
    """The station's name on two posts."""
    for at in (x - 0.7, x + 0.65):
        block(s, view, (at, at + 0.06), (high, high + 1.7), (z, z + 0.06), "metal", pen=0.7)
    plate = upright((x - 0.8, z), (x + 0.8, z), high + 1.0, high + 1.75)
    points = plate.part(0, 0, 1, 1)
    s.face(view.polygon(points), "paper", 0.85, view.depth(points))
    stripe = plate.part(0, 0.12, 1, 0.28)
    s.face(view.polygon(stripe), "sign", 0.85, view.depth(points), pen=0.7)


def signal(s: Stage, view: View, x: float, z: float) -> None:
    """A signal with its two lights."""
    block(s, view, (x - 0.08, x + 0.08), (0, 4.2), (z, z + 0.16), "metal", pen=0.8)
    block(s, view, (x - 0.28, x + 0.28), (3.2, 4.5), (z - 0.1, z), "tyre", pen=0.9)
    for up in (3.5, 4.1):
        turn = np.linspace(0, 2 * np.pi, 16)
        ring = np.stack([x + 0.16 * np.cos(turn), up + 0.16 * np.sin(turn), np.full(16, z - 0.12)], 1).astype(
            np.float32
        )
        s.face(view.polygon(ring), "flame", 0.9, 0.05, pen=0.8)
    s.things.append("signal")
