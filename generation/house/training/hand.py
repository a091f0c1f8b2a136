"""Layouts as people make them: pen and pencil, thick and thin, doubled and broken lines, construction lines, hatching,
tone, and the paper they lie on: white, grey or cream, scanned or photographed with a telephone's shadow over it.
"""

import cv2
import numpy as np

from .marks import Array, Dice, bounds, clouded, filled, smooth, soften
from .stage import Stage


def drawing(stage: Stage, dice: Dice) -> Array:
    """The stage's lines in some hand, on some paper: (H, W, 3) in 0..255."""
    line: Array = stage.line.copy()
    if dice.random() < 0.55:
        line = np.maximum(line, stage.soft * float(dice.uniform(0.6, 1)))
    line = shaken(line, dice, stage.u)
    manner = dice.random()
    if manner < 0.36:
        drawn = ink(line, dice, stage.u)
        tint = np.full(3, float(dice.uniform(0, 70)), np.float32)
    elif manner < 0.48:
        drawn, tint = plain(line), np.full(3, 10, np.float32)
    else:
        drawn = pencil(line, stage, dice)
        base = float(dice.uniform(40, 110))
        tint = np.array([base, base, base * float(dice.uniform(1, 1.12))], np.float32)
    if dice.random() < 0.06:
        tint = np.array([60, 90, 200], np.float32) * float(dice.uniform(0.6, 1.1))  # a blue pencil
    sheet = paper(dice, stage.height, stage.width, pencilled=manner >= 0.48)
    shown: Array = sheet * (1 - drawn[..., None]) + np.minimum(tint, sheet) * drawn[..., None]
    if dice.random() < 0.3:
        shown = taken(shown, dice, stage.u)
    return np.asarray(np.clip(shown, 0, 255), np.float32)


def plain(line: Array) -> Array:
    """The lines as they are, a little firmer."""
    return np.asarray(np.clip(line * 1.15, 0, 1), np.float32)


def shaken(line: Array, dice: Dice, u: float) -> Array:
    """Lines as a hand, not a ruler, draws them."""
    amount = float(dice.choice([0.0, 0.3, 0.6, 1.0])) * u
    if amount == 0:
        return line
    height, width = line.shape
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    for scale, share in ((60 * u, 3.0), (22 * u, 1.5)):
        columns += (clouded(dice, height, width, scale, 1) - 0.5) * amount * share
        rows += (clouded(dice, height, width, scale, 1) - 0.5) * amount * share
    return np.asarray(cv2.remap(line, columns, rows, cv2.INTER_LINEAR), np.float32)


def ink(line: Array, dice: Dice, u: float) -> Array:
    """A pen's lines: of one weight or swelling, thick or thin, now and then broken."""
    weight = float(dice.choice([0.6, 1.0, 1.0, 1.6, 2.4]))
    if weight > 1:
        line = np.clip(soften(line, (weight - 1) * 0.8 * u) * (1.2 + weight), 0, 1)
    elif weight < 1:
        line = line * np.float32(0.75)
    if dice.random() < 0.4:
        line = broken(line, dice, u)
    if dice.random() < 0.2:
        line = doubled(line, dice, u)
    return np.asarray(np.clip(line * 1.2, 0, 1), np.float32)


def broken(line: Array, dice: Dice, u: float) -> Array:
    """Lines that fade and leave gaps."""
    height, width = line.shape
    press = clouded(dice, height, width, 26 * u, 3)
    return np.asarray(line * smooth(0.2, float(dice.uniform(0.3, 0.5)), press), np.float32)


def doubled(line: Array, dice: Dice, u: float) -> Array:
    """Every line drawn twice, not quite alike."""
    again = shaken(line, np.random.default_rng(int(dice.integers(1 << 30))), 1.6 * u)
    return np.asarray(np.maximum(line, again * float(dice.uniform(0.5, 1))), np.float32)


def pencil(line: Array, stage: Stage, dice: Dice) -> Array:
    """Graphite: grain, pressure, searching lines, and with them construction, hatching or tone."""
    u, (height, width) = stage.u, line.shape
    if dice.random() < 0.45:
        line = doubled(line, dice, u)
    if dice.random() < 0.5:
        line = broken(line, dice, u)
    if dice.random() < 0.35:
        line = np.maximum(line, construction(stage, dice) * float(dice.uniform(0.15, 0.4)))
    line = soften(line, float(dice.uniform(0.2, 0.7)) * u) * float(dice.uniform(0.9, 1.5))
    if dice.random() < 0.25:
        line = np.maximum(line, hatching(stage, dice) * float(dice.uniform(0.2, 0.5)))
    if dice.random() < 0.15:
        line = np.maximum(line, tone(stage, dice) * float(dice.uniform(0.08, 0.22)))
    grain = soften(dice.random((height, width), dtype=np.float32), 0.55 * u) - 0.5
    press = float(dice.uniform(0.35, 0.95))
    return np.asarray(np.clip(line * press * (1 + grain * float(dice.uniform(0.6, 2.4))), 0, 1), np.float32)


def construction(stage: Stage, dice: Dice) -> Array:
    """Straight lines that are left from finding the perspective: horizon, edges to the vanishing points, a cross."""
    page = np.zeros((stage.height, stage.width), np.uint8)
    points = stage.vanishing or [(float(dice.uniform(0, stage.width)), stage.horizon)]
    ends: list[tuple[tuple[float, float], tuple[float, float]]] = [
        ((0, stage.horizon), (stage.width, stage.horizon))
    ]
    for at in points:
        for _ in range(int(dice.integers(2, 6))):
            ends.append(
                (at, (float(dice.uniform(-0.3, 1.3)) * stage.width, float(dice.choice([0, stage.height]))))
            )
    for a, b in ends:
        cv2.line(page, _pixel(a), _pixel(b), 255, max(1, round(0.6 * stage.u)), cv2.LINE_AA)
    return np.asarray(page / np.float32(255), np.float32)


def _pixel(point: tuple[float, float]) -> tuple[int, int]:
    return int(np.clip(point[0], -9999, 9999)), int(np.clip(point[1], -9999, 9999))


def hatching(stage: Stage, dice: Dice) -> Array:
    """Slanting strokes where it is dark: in the shade of things, along the foot of masses."""
    u = stage.u
    rows, columns = np.mgrid[0 : stage.height, 0 : stage.width].astype(np.float32)
    angle = float(dice.choice([0.6, 0.8, -0.7]))
    wave = np.sin(
        (columns * np.cos(angle) + rows * np.sin(angle)) * 2 * np.pi / (float(dice.uniform(3.5, 6)) * u)
    )
    strokes = smooth(0.45, 0.9, wave)
    if dice.random() < 0.3:
        strokes = np.maximum(
            strokes, smooth(0.45, 0.9, np.sin((columns * np.cos(angle) - rows * np.sin(angle)) * 2 / u))
        )
    return np.asarray(strokes * shaded(stage, dice), np.float32)


def tone(stage: Stage, dice: Dice) -> Array:
    """Shade rubbed in with the side of the pencil."""
    return soften(shaded(stage, dice), 2 * stage.u)


def shaded(stage: Stage, dice: Dice) -> Array:
    """Where somebody would put shade: the dark cels of things."""
    out = np.zeros((stage.height, stage.width), np.float32)
    for cel in stage.cels:
        if not cel.lit or cel.only or cel.adds:
            continue
        dark = np.asarray(cel.light, np.float32)
        part = out[cel.box[1] : cel.box[3], cel.box[0] : cel.box[2]]
        part += (np.float32(1) * (dark < 0.45) - part) * (cel.alpha > 0.5)
    if dice.random() < 0.3:
        out *= clouded(dice, stage.height, stage.width, 60 * stage.u, 2) > 0.5
    return out


def paper(dice: Dice, height: int, width: int, pencilled: bool) -> Array:
    """White, off-white, grey or cream, with its tooth."""
    chance = dice.random() * (1 if pencilled else 1.8)
    if chance < 0.3:
        base = float(dice.uniform(150, 225))
        tint = np.array(
            [base, base * float(dice.uniform(0.98, 1.01)), base * float(dice.uniform(0.95, 1.03))]
        )
    elif chance < 0.55:
        base = float(dice.uniform(225, 250))
        tint = np.array(
            [base, base * float(dice.uniform(0.95, 0.99)), base * float(dice.uniform(0.82, 0.94))]
        )
    elif chance < 0.75:
        tint = np.full(3, float(dice.uniform(232, 253)))
    else:
        tint = np.full(3, 255.0)
    sheet = np.broadcast_to(tint.astype(np.float32), (height, width, 3)).copy()
    if pencilled:
        sheet += (clouded(dice, height, width, 3, 1)[..., None] - 0.5) * float(dice.uniform(0, 8))
    return sheet


def taken(picture: Array, dice: Dice, u: float) -> Array:
    """Photographed by hand: light that falls off, a shadow's soft edge, a slight slant, a little noise."""
    height, width = picture.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = float(dice.uniform(0, 2 * np.pi))
    along = (columns / width - 0.5) * np.cos(angle) + (rows / height - 0.5) * np.sin(angle)
    picture = picture * (1 - float(dice.uniform(0.05, 0.3)) * (along + 0.5))[..., None]
    if dice.random() < 0.5:
        centre = np.array([width, height]) * dice.uniform(0, 1, 2)
        edge = centre + dice.normal(0, 1, (5, 2)) * np.array([width, height]) * 0.5
        box = bounds(edge.astype(np.float32), height, width, 0)
        if box:
            dark = np.zeros((height, width), np.float32)
            dark[box[1] : box[3], box[0] : box[2]] = filled(
                cv2.convexHull(edge.astype(np.float32))[:, 0], box
            )
            picture = (
                picture
                * (1 - soften(dark, float(dice.uniform(4, 14)) * u) * float(dice.uniform(0.08, 0.28)))[
                    ..., None
                ]
            )
    warm = np.array([1, float(dice.uniform(0.95, 1)), float(dice.uniform(0.86, 1))], np.float32)
    return np.asarray(picture * warm + dice.normal(0, 2, picture.shape).astype(np.float32), np.float32)
