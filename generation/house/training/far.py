"""What stands far away: mountains with light on their flanks and snow, hills, woods, a distant town."""

import cv2
import numpy as np

from .marks import Array, Dice, clouded, mix, profile, smooth, soften
from .stage import Stage


def mountains(s: Stage, foot: float, tall: float, depth: float, snowy: bool) -> None:
    """A range down to `foot`: rock, green lower down, snow above, ridges lit from the light's side."""
    dice = s.dice()
    edge = profile(dice, s.width, foot, tall, s.width * float(dice.uniform(0.25, 0.6)), 0.52)
    if dice.random() < 0.35:
        edge = peak(s, foot, tall, float(dice.uniform(0.2, 0.8)), edge)
    top = max(0, int(edge.min()) - 2)
    box = (0, top, s.width, min(s.height, int(foot + 24 * s.u)))
    rows = np.arange(box[1], box[3], dtype=np.float32)[:, None]
    down = (rows - edge[None]) / tall
    rough = clouded(s.dice(), box[3] - box[1], s.width, s.height * 0.16, 5, 0.6)
    calm = soften(rough, 1.2 * s.u)
    slope = np.gradient(soften(edge[None], 4 * s.u)[0]) * s.side
    cut = cv2.Sobel(calm, cv2.CV_32F, 1, 0) * s.side * 9 * s.u + cv2.Sobel(calm, cv2.CV_32F, 0, 1) * 3 * s.u
    light = smooth(-0.25, 0.25, cut - slope[None] * 0.4 * np.exp(-down * 2) + 0.04)
    alpha = smooth(-0.8, 0.8, rows - edge[None])
    air = mix(np.float32(depth), 0.75, smooth(0.35, 1.25, down) * 0.6)
    s.put(box, alpha, "far rock", tone=0.3 + 0.5 * light, light=light, depth=air)
    if dice.random() < 0.6:
        wooded = alpha * smooth(0.3, 0.75, down + (rough - 0.5) * 0.9) * 0.9
        s.put(box, wooded, "hill", hides=False, tone=0.25 + 0.5 * light, light=light, depth=air)
    cap = alpha * smooth(0.05, -0.05, down - 0.36 - (rough - 0.5) * 0.8)
    s.put(
        box,
        cap,
        "snowcap",
        hides=False,
        tone=0.2 + 0.8 * light,
        light=light,
        depth=air * 0.8,
        only="" if snowy else "snow",
    )
    s.stroke(np.stack([np.arange(s.width), edge], 1)[:: max(1, int(2 * s.u))], width=1.1)
    for _ in range(dice.integers(0, 4)):  # an artist's few lines inside
        _fold(s, int(dice.integers(10, s.width - 10)), edge, tall, dice)
    s.things.append("snowy mountains" if snowy else "mountains")


def peak(s: Stage, foot: float, tall: float, at: float, edge: Array) -> Array:
    """One high mountain over a lower range."""
    x = (np.arange(s.width) / s.width - at) * s.width / (tall * 2.1)
    cone = foot - tall * np.clip(1.15 - np.abs(x) ** 0.85 * 1.2, 0, 1.1) * 1.0
    low = foot - (foot - edge) * 0.45
    return np.asarray(np.minimum(low, cone + (edge - foot) * 0.06), np.float32)


def _fold(s: Stage, x: int, edge: Array, tall: float, dice: Dice) -> None:
    count = max(4, int(dice.uniform(0.15, 0.45) * tall / 4))
    across = x + np.cumsum(dice.normal(-s.side * 0.4, 1, count)) * 1.4 * s.u
    s.stroke(np.stack([across, edge[x] + 2 + np.arange(count) * 4], 1), width=0.8, weight=0.7, soft=True)


def woods(s: Stage, foot: float, tall: float, depth: float, slot: str = "leaf") -> None:
    """A far wood: a rough edge filled with dabs, lit on the side of the light."""
    dice = s.dice()
    edge = profile(dice, s.width, foot, tall, s.width * 0.2, 0.62)
    if slot == "pine":
        teeth = clouded(dice, 3, s.width, 5 * s.u, 2)[1]
        edge = edge - teeth * tall * 0.5
    box = (0, max(0, int(edge.min() - 6)), s.width, min(s.height, int(foot + 14 * s.u)))
    rows = np.arange(box[1], box[3], dtype=np.float32)[:, None]
    dabs = clouded(s.dice(), box[3] - box[1], s.width, s.height * 0.045, 4, 0.6)
    side = np.clip((dabs - np.roll(dabs, int(2 * s.u * s.side) or int(s.side), 1)) * 5 + 0.5, 0, 1)
    below = smooth(0, 1, (rows - edge[None]) / (tall + 14 * s.u))
    alpha = smooth(-1, 1, rows - edge[None] + (dabs - 0.5) * 6 * s.u)
    s.put(
        box,
        alpha,
        slot,
        tone=smooth(0.3, 0.8, side),
        light=smooth(0.2, 0.75, side) * (1 - 0.6 * below),
        depth=depth,
    )
    s.stroke(np.stack([np.arange(s.width), edge], 1)[:: max(1, int(3 * s.u))], width=1.0)
    s.things.append("woods")


def hills(s: Stage, foot: float, tall: float, depth: float) -> None:
    """A soft green rise, its light falling along it."""
    dice = s.dice()
    edge = profile(dice, s.width, foot, tall, s.width * 0.8, 0.3)
    box = (0, max(0, int(edge.min() - 2)), s.width, min(s.height, int(foot + 20 * s.u)))
    rows = np.arange(box[1], box[3], dtype=np.float32)[:, None]
    down = (rows - edge[None]) / max(tall, 1)
    patches = clouded(s.dice(), box[3] - box[1], s.width, 40 * s.u, 4, 0.55, 3)
    slope = np.gradient(edge) * s.side * -1.6
    light = np.clip(0.62 + slope[None] + (patches - 0.5) * 0.5 - 0.2 * down, 0, 1)
    s.put(box, smooth(-1, 1, rows - edge[None]), "hill", tone=0.25 + 0.5 * patches, light=light, depth=depth)
    s.stroke(np.stack([np.arange(s.width), edge], 1)[:: max(1, int(4 * s.u))], width=1.05)
    s.things.append("hills")


def skyline(s: Stage, foot: float, depth: float, slot: str) -> None:
    """A far town: plain blocks with rows of windows, lost in haze."""
    dice = s.dice()
    x = float(-dice.uniform(0, 20) * s.u)
    while x < s.width:
        wide, tall = dice.uniform(12, 34) * s.u, dice.uniform(10, 60) * s.u
        corners = np.array(
            [[x, foot + 4], [x, foot - tall], [x + wide, foot - tall], [x + wide, foot + 4]], np.float32
        )
        s.face(corners, slot, 0.7 if dice.random() < 0.5 else 0.5, depth, pen=0.9, thing=False)
        for row in np.arange(foot - tall + 4 * s.u, foot - 6 * s.u, 7 * s.u):
            for column in np.arange(x + 3 * s.u, x + wide - 4 * s.u, 6 * s.u):
                if dice.random() < 0.5:
                    pane(s, column, row, 2.4 * s.u, 3 * s.u)
        x += wide + (dice.uniform(0, 12) * s.u if dice.random() < 0.5 else 0)
    s.things.append("town")


def pane(s: Stage, x: float, y: float, wide: float, tall: float) -> None:
    """A far window: a touch of the brush without a line."""
    x0, y0, x1, y1 = int(x), int(y), int(x + wide) + 1, int(y + tall) + 1
    if x0 < 0 or y0 < 0 or x1 > s.width or y1 > s.height:
        return
    s.put(
        (x0, y0, x1, y1),
        np.full((y1 - y0, x1 - x0), 0.75, np.float32),
        "pane",
        hides=False,
        light=0.7,
        depth=0.2,
    )
