"""Water that mirrors what stands above it: lakes, rivers, the sea and its shore; boats upon it."""

import numpy as np

from .marks import Array, Dice, bounds, clouded, filled, mix, smooth
from .stage import Stage


def sheet(s: Stage, edge: float, alpha: Array, box: tuple[int, int, int, int], slot: str) -> None:
    """A surface that mirrors about the row `edge`, with glints on its ripples."""
    tall, wide = box[3] - box[1], box[2] - box[0]
    rows = np.arange(box[1], box[3], dtype=np.float32)[:, None]
    near = np.clip((rows - edge) / max(s.height - edge, 1), 0, 1)
    fine = clouded(s.dice(), tall, wide, 7 * s.u, 2, 0.5, 6)
    broad = clouded(s.dice(), tall, wide, 24 * s.u, 3, 0.5, 5)
    ripple = mix(fine, broad, near)
    s.put(box, alpha, slot, tone=ripple, light=0.9, mirror=edge)
    deep = alpha * smooth(0.52, 0.66, ripple) * 0.32
    s.put(box, deep, slot, hides=False, tone=0.2, light=0.7)
    glints = alpha * smooth(0.7, 0.8, ripple) * 0.45
    s.put(box, glints, slot, hides=False, tone=1.0, light=1.0)


def lake(s: Stage, top: float, foot: float) -> None:
    """A band of still water between two shores."""
    box = (0, max(0, int(top)), s.width, min(s.height, int(foot) + 2))
    rows = np.arange(box[1], box[3], dtype=np.float32)[:, None]
    alpha = np.broadcast_to(smooth(-0.8, 0.8, rows - top), (box[3] - box[1], s.width))
    sheet(s, top, alpha, box, "water")
    s.stroke(np.array([[0, top], [s.width, top]], np.float32), width=1.0)
    _ripple_lines(s, top, foot)
    s.things.append("lake")


def sea(s: Stage, horizon: float, dice: Dice) -> None:
    """The sea from the horizon to us; waves in long strokes."""
    box = (0, int(horizon), s.width, s.height)
    rows = np.arange(box[1], box[3], dtype=np.float32)[:, None]
    alpha = np.broadcast_to(smooth(-0.8, 0.8, rows - horizon), (box[3] - box[1], s.width))
    sheet(s, horizon, alpha, box, "ground")
    s.stroke(np.array([[0, horizon], [s.width, horizon]], np.float32), width=1.1)
    for _ in range(int(dice.integers(0, 8))):
        near = float(dice.random()) ** 1.5
        y = horizon + 3 * s.u + near * (s.height - horizon)
        x, long = float(dice.uniform(0, s.width)), (8 + 40 * near) * s.u
        share = np.linspace(-1, 1, 9)
        crest = np.stack([x + share * long, y - (1 - share**2) * (1 + 2.5 * near) * s.u], 1)
        s.stroke(crest, width=0.8, weight=0.8, soft=True)
        foam = np.vstack([crest, np.add(crest[::-1], (0, (0.6 + 1.4 * near) * s.u))])
        s.face(foam.astype(np.float32), "surf", 1.0, 0.1, pen=0, thing=False)


def beach(s: Stage, horizon: float, dice: Dice) -> None:
    """Sand in the foreground, with the foam of the last wave along it."""
    side = float(dice.choice([-1, 1]))
    share = np.linspace(0, 1, 26)
    shore = horizon + (s.height - horizon) * (0.35 + 0.5 * (share if side > 0 else 1 - share))
    shore += np.sin(share * float(dice.uniform(4, 9))) * 5 * s.u
    x = share * s.width
    for lift, slot in ((2.5 * s.u, "surf"), (0.0, "bank")):
        points = np.vstack([np.stack([x, shore - lift], 1), [[s.width, s.height + 2], [0, s.height + 2]]])
        s.face(points.astype(np.float32), slot, 0.95, 0, pen=0, run=0.15, grain=0.3, thing=False)
    s.stroke(np.stack([x, shore], 1), width=1.1)
    s.stroke(np.stack([x, shore - 5 * s.u], 1), width=0.7, weight=0.8, soft=True)
    s.things.append("beach")


def river(s: Stage, horizon: float, dice: Dice) -> None:
    """A river that winds from the distance towards us."""
    share = np.linspace(0, 1, 40)
    begin, end = s.width * dice.uniform(0.3, 0.7), s.width * dice.uniform(0.25, 0.75)
    sway = np.sin(share * dice.uniform(3, 7) + dice.uniform(0, 6)) * s.width * 0.16 * share
    middle = begin + (end - begin) * share + sway
    half = np.maximum(s.width * dice.uniform(0.14, 0.24) * share**1.3, 1.2)
    rows = horizon + 1 + (s.height - horizon + 4) * share
    left, right = np.stack([middle - half, rows], 1), np.stack([middle + half, rows], 1)
    bank = 0.12 * half + 1.5 * s.u
    rim = np.vstack([left - np.stack([bank, bank * 0], 1), (right + np.stack([bank, bank * 0], 1))[::-1]])
    s.face(rim.astype(np.float32), "bank", 0.7, 0, pen=0, thing=False)
    points = np.vstack([left, right[::-1]]).astype(np.float32)
    box = bounds(points, s.height, s.width, 1)
    if box is None:
        return
    sheet(s, horizon + 1, filled(points, box), box, "water")
    s.stroke(left, width=1.1)
    s.stroke(right, width=1.1)
    s.things.append("river")


def _ripple_lines(s: Stage, top: float, foot: float) -> None:
    dice = s.dice()
    for x, y in zip(
        dice.uniform(0, s.width, 5), dice.uniform(top + 3, max(foot - 2, top + 4), 5), strict=True
    ):
        s.stroke(np.array([[x, y], [x + s.width * 0.06, y]], np.float32), width=0.7, weight=0.7, soft=True)


def boat(s: Stage, x: float, y: float, long: float, dice: Dice) -> None:
    """A rowing or sailing boat with its reflection."""
    half, tall = long / 2, long * 0.16
    hull = np.array(
        [(x - half, y - tall), (x + half, y - tall * 1.15), (x + half * 0.72, y), (x - half * 0.78, y)],
        np.float32,
    )
    s.shadow(x, y + tall * 0.3, half, 0.4)
    if dice.random() < 0.55:
        mast = np.array([[x, y - tall], [x, y - long * 0.95]], np.float32)
        for way, reach in ((1, 0.42), (-1, 0.3)):
            sail = np.array(
                [(x, y - long * 0.92), (x + way * long * reach, y - tall * 1.7), (x, y - tall * 1.7)],
                np.float32,
            )
            s.face(sail, "paper", 0.95 if way == s.side else 0.6, 0.05)
        s.stroke(mast, width=1.0)
    s.face(hull, "boat", 0.7, 0.02)
    inside = np.array(
        [(x - half * 0.9, y - tall), (x + half * 0.9, y - tall * 1.1), (x, y - tall * 0.75)], np.float32
    )
    s.face(inside, "boat", 0.2, 0.02, pen=0.6)
    s.things.append("boat")
