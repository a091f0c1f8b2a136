"""Trees, pines, bushes, bare trees and rocks: foliage in dabs that follow the light, ground down to the foot.

``x, y`` is the foot, `tall` the height, all in pixels; `depth` is the haze in front.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from .marks import Box, Dice, soften
from .stage import Stage

Puff = tuple[float, float, float]  # x, y, radius


def tree(s: Stage, x: float, y: float, tall: float, depth: float, slot: str = "leaf") -> None:
    """A broad-leaved tree."""
    dice = s.dice()
    bend = float(dice.normal(0, 0.05)) * tall
    s.shadow(x, y, tall * 0.26)
    trunk(s, x, y, tall, bend, depth)
    puffs = []
    for turn, reach in zip(dice.uniform(0, 2 * np.pi, 11), np.sqrt(dice.random(11)), strict=True):
        at = (
            x + bend + np.cos(turn) * reach * tall * 0.27,
            y - tall * 0.68 + np.sin(turn) * reach * tall * 0.22,
        )
        puffs.append((float(at[0]), float(at[1]), tall * float(dice.uniform(0.1, 0.18))))
    puffs = puffs[: int(dice.integers(7, 12))]
    foliage(s, puffs, slot, depth, tall * 0.02)
    s.things.append("trees")


def bush(s: Stage, x: float, y: float, tall: float, depth: float, slot: str = "leaf") -> None:
    """A low round of leaves on the ground."""
    dice = s.dice()
    s.shadow(x, y, tall * 0.5)
    puffs = []
    for across, up in zip(dice.uniform(-0.6, 0.6, 5), dice.uniform(0.2, 0.6, 5), strict=True):
        puffs.append((x + float(across) * tall, y - float(up) * tall, tall * float(dice.uniform(0.28, 0.4))))
    foliage(s, puffs, slot, depth, tall * 0.045)


def trunk(s: Stage, x: float, y: float, tall: float, bend: float, depth: float) -> None:
    """A trunk with its shaded side and two boughs."""
    half = tall * 0.035
    sides = [
        (x - half * 1.5, y + half * 0.3),
        (x + half * 1.5, y + half * 0.3),
        (x + half, y - tall * 0.15),
        (x + bend + half * 0.6, y - tall * 0.6),
        (x + bend - half * 0.6, y - tall * 0.6),
        (x - half, y - tall * 0.15),
    ]
    s.face(np.array(sides, np.float32), "trunk", 0.62, depth, grain=0.5, upright=True, thing=False)
    shade = np.array(
        [
            (x, y),
            (x - s.side * half * 1.2, y),
            (x + bend - s.side * half * 0.6, y - tall * 0.6),
            (x + bend, y - tall * 0.6),
        ]
    )
    s.face(shade.astype(np.float32), "trunk", 0.2, depth, pen=0, thing=False)
    for way in (-1, 1):
        bough = np.array(
            [[x + bend * 0.6, y - tall * 0.38], [x + bend + way * tall * 0.14, y - tall * 0.58]], np.float32
        )
        s.stroke(bough, width=0.8)


def foliage(s: Stage, puffs: list[Puff], slot: str, depth: float, dab: float) -> None:
    """Puffs of leaves, far ones first, each of many dabs lighter towards the light."""
    dice = s.dice()
    puffs = sorted(puffs, key=lambda p: s.side * p[0] * 0.3 - p[1], reverse=False)
    xs, ys, radii = np.array(puffs, np.float32).T
    reach = radii.max() * 1.25
    box = _box(s, xs.min() - reach, ys.min() - reach, xs.max() + reach, ys.max() + reach)
    if box is None:
        return
    canvas = np.zeros((box[3] - box[1], box[2] - box[0], 3), np.uint8)
    top, foot = float(ys.min() - reach), float(ys.max() + reach)
    for px, py, radius in zip(xs, ys, radii, strict=True):
        dabs(
            canvas, box, dice, (float(px), float(py), float(radius)), s.side, max(dab, 0.8 * s.u), (top, foot)
        )
    tone, light, cover = np.moveaxis(canvas.astype(np.float32) / 255, 2, 0)
    solid = np.maximum(cover, 1e-3)
    s.put(box, cover, slot, tone=tone / solid, light=np.clip(light / solid, 0, 1), depth=depth, thing=True)
    s.outline(box, soften(cover, max(dab, 1.2 * s.u)), 1.05)
    for px, py, radius in puffs[-3:]:
        turn = np.linspace(0.2, 2.2, 9)
        arc = np.stack([px + np.cos(turn) * radius * 0.8, py + np.sin(turn) * radius * 0.6], 1)
        s.stroke(arc, width=0.8, weight=0.7, soft=True)


def dabs(
    canvas: NDArray[np.uint8],
    box: Box,
    dice: Dice,
    puff: Puff,
    side: float,
    size: float,
    span: tuple[float, float],
) -> None:
    """One puff of leaves on a canvas of tone, light and cover."""
    x, y, radius = puff
    count = int(40 + 14 * (radius / size) ** 1.2)
    turns, reaches = dice.uniform(0, 2 * np.pi, count), np.sqrt(dice.random(count)) * 1.08
    noise, angles = dice.normal(0, 0.15, count), dice.uniform(0, 180, count)
    axes = dice.uniform(0.7, 1.7, (count, 2)) * size
    across, down = np.cos(turns) * reaches, np.sin(turns) * reaches * 0.85
    low = np.clip((y + down * radius - span[0]) / max(span[1] - span[0], 1), 0, 1)
    lights = 0.62 - down * 0.5 + across * side * 0.4 - 0.35 * low + noise
    for k in np.argsort(lights, kind="stable") if count < 60 else range(count):
        light = lights[k]
        tone = 0.05 if light < 0.36 else (0.5 if light < 0.78 else 0.95)
        at = (int((x + across[k] * radius - box[0]) * 8), int((y + down[k] * radius - box[1]) * 8))
        axis = (int(max(axes[k, 0], 0.6) * 8), int(max(axes[k, 1] * 0.7, 0.5) * 8))
        colour = (int(255 * tone), int(255 * np.clip(light, 0, 1)), 255)
        cv2.ellipse(canvas, at, axis, float(angles[k]), 0, 360, colour, -1, cv2.LINE_AA, 3)


def pine(s: Stage, x: float, y: float, tall: float, depth: float) -> None:
    """A conifer: tiers of hanging strokes about a trunk."""
    dice = s.dice()
    s.shadow(x, y, tall * 0.18)
    box = _box(s, x - tall * 0.32, y - tall * 1.05, x + tall * 0.32, y + 2)
    if box is None:
        return
    half = tall * 0.02
    stem = [(x - half, y), (x + half, y), (x + half, y - tall * 0.2), (x - half, y - tall * 0.2)]
    s.face(np.array(stem, np.float32), "trunk", 0.4, depth, thing=False)
    canvas = np.zeros((box[3] - box[1], box[2] - box[0], 3), np.uint8)
    pen = max(1, round(tall * 0.016))
    for tier in range(8):
        begin, end = tier / 8, (tier + 1.3) / 8
        wide = tall * 0.24 * end * dice.uniform(0.88, 1.1)
        for across, down, noise in zip(
            dice.uniform(-1, 1, 40), dice.random(40), dice.normal(0, 0.13, 40), strict=True
        ):
            px = x + across * wide * (0.25 + 0.75 * down) - box[0]
            py = y - tall * (1 - (begin + (end - begin) * down) * 0.93) + abs(across) * tall * 0.02 - box[1]
            light = 0.55 + across * s.side * 0.38 - down * 0.3 + noise
            tone = 0.05 if light < 0.38 else (0.5 if light < 0.72 else 0.95)
            end_at = (int(px + across * tall * 0.035), int(py + tall * 0.03))
            colour = (int(255 * tone), int(255 * np.clip(light, 0, 1)), 255)
            cv2.line(canvas, (int(px), int(py)), end_at, colour, pen, cv2.LINE_AA)
    tone, light, cover = np.moveaxis(canvas.astype(np.float32) / 255, 2, 0)
    solid = np.maximum(cover, 1e-3)
    s.put(box, cover, "pine", tone=tone / solid, light=light / solid, depth=depth, thing=True)
    s.outline(box, soften(cover, 1.3 * s.u), 1.05)
    s.things.append("pines")


def bare(s: Stage, x: float, y: float, tall: float, depth: float) -> None:
    """A tree without leaves: boughs that fork and thin out."""
    dice = s.dice()
    todo = [(x, y, -np.pi / 2 + float(dice.normal(0, 0.08)), tall * 0.34, tall * 0.035)]
    while todo:
        px, py, angle, long, half = todo.pop()
        qx, qy = px + long * np.cos(angle), py + long * np.sin(angle)
        aside = np.array([-np.sin(angle), np.cos(angle)]) * half
        limb = np.array([[px, py], [px, py], [qx, qy], [qx, qy]]) + np.outer((1, -1, -0.6, 0.6), aside)
        s.face(limb.astype(np.float32), "trunk", 0.5, depth, pen=0.8 if half > 1.2 * s.u else 0, thing=False)
        if half < 1.2 * s.u:
            s.stroke(np.array([[px, py], [qx, qy]], np.float32), width=0.7, weight=0.85)
        if long > tall * 0.1:
            spread = dice.uniform(0.25, 0.65, 2)
            todo += [
                (qx, qy, angle + way * turn, long * 0.72, half * 0.6)
                for way, turn in zip((-1, 1), spread, strict=True)
            ]


def rock(s: Stage, x: float, y: float, tall: float, depth: float) -> None:
    """A boulder of three planes."""
    dice = s.dice()
    s.shadow(x, y, tall * 0.8)
    wide = tall * float(dice.uniform(0.7, 1.1))
    turn = np.linspace(np.pi, 2 * np.pi, 7)
    ragged = dice.uniform(0.8, 1.1, 7)
    rim = np.stack([x + np.cos(turn) * wide * ragged, y + np.sin(turn) * tall * ragged], 1).astype(np.float32)
    s.face(rim, "rock", 0.75, depth, grain=0.5)
    inner = (x + s.side * -wide * 0.15, y - tall * 0.45)
    dark = rim[3:] if s.side < 0 else rim[:4]
    s.face(np.vstack([dark, [inner]]).astype(np.float32), "rock", 0.25, depth, pen=0.7)
    s.things.append("rock")


def _box(s: Stage, x0: float, y0: float, x1: float, y1: float) -> Box | None:
    a, b, c, d = max(0, int(x0)), max(0, int(y0)), min(s.width, int(x1) + 1), min(s.height, int(y1) + 1)
    return (a, b, c, d) if c - a > 2 and d - b > 2 else None
