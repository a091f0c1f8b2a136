"""Skies: the run of colour, the sun or moon, stars, piled and thin clouds, a closed deck, rain and snow in the air."""

import cv2
import numpy as np

from .marks import Box, Dice, clouded, mix, smooth, soften
from .stage import Stage

Puff = tuple[float, float, float]  # x, y, radius


def sky(s: Stage, foot: float, box: Box | None = None) -> None:
    """A whole sky down to `foot`; within `box` when it is seen through a window."""
    box = box or s.whole
    backdrop(s, foot, box)
    dice = s.dice()
    stars(s, foot, box, dice)
    if dice.random() < 0.3:
        disc(s, foot, box, dice)
    thin_clouds(s, foot, box)
    deck(s, foot, box)
    if box == s.whole and dice.random() < 0.55:
        # Outlined clouds stand in the drawing and so under every look; the others come when words call them.
        for _ in range(dice.integers(1, 4)):
            size = foot * float(dice.uniform(0.16, 0.5))
            cumulus(
                s,
                float(dice.uniform(0, s.width)),
                foot * float(dice.uniform(0.35, 0.95)),
                size,
                dice,
                drawn=True,
            )
        s.things.append("clouds")
    elif box == s.whole:
        for _ in range(dice.integers(2, 5)):
            size = foot * float(dice.uniform(0.16, 0.5))
            cumulus(
                s,
                float(dice.uniform(0, s.width)),
                foot * float(dice.uniform(0.35, 0.95)),
                size,
                dice,
                drawn=False,
            )


def backdrop(s: Stage, foot: float, box: Box) -> None:
    """The sky's run from top to horizon."""
    x0, y0, x1, y1 = box
    down = np.clip(np.arange(y0, y1, dtype=np.float32) / max(foot, 1), 0, 1)[:, None]
    uneven = clouded(s.dice(), y1 - y0, x1 - x0, 120 * s.u, 3, stretch=2.5) - 0.5
    tone = np.where(down < 0.55, down / 1.1, 0.5 + (down - 0.55) / 0.9) + uneven * 0.1
    s.put(box, np.ones((y1 - y0, x1 - x0), np.float32), "sky", tone=tone, lit=False)


def stars(s: Stage, foot: float, box: Box, dice: Dice) -> None:
    """Points of unlike brightness, fewer near the horizon."""
    x0, y0, x1, y1 = box
    points = np.zeros((y1 - y0, x1 - x0), np.float32)
    count = int(points.size / (s.u * s.u) / 500)
    rows = (dice.random(count) ** 1.4 * min(foot, y1 - y0)).astype(int)
    points[np.clip(rows, 0, y1 - y0 - 1), dice.integers(0, x1 - x0, count)] = dice.random(count) ** 2
    glow = np.clip(soften(points, 0.6 * s.u) * 5 * s.u, 0, 1)
    s.put(box, glow, "starlight", hides=False, lit=False, only="stars", tone=0.0)


def disc(s: Stage, foot: float, box: Box, dice: Dice) -> None:
    """The sun, or the moon by night; the light comes from its side."""
    radius = s.height * float(dice.uniform(0.03, 0.06))
    x = float(dice.uniform(box[0], box[2]) * 0.86 + 0.07 * s.width)
    y = foot * float(dice.uniform(0.2, 0.85))
    s.side = -1.0 if x < s.width / 2 else 1.0
    rows, columns = (
        np.arange(box[1], box[3], dtype=np.float32)[:, None],
        np.arange(box[0], box[2], dtype=np.float32),
    )
    far = np.hypot(rows - y, columns[None] - x)
    s.put(box, np.exp(-((far / (radius * 3.5)) ** 1.2)) * 0.5, "disc", hides=False, lit=False)
    s.put(box, smooth(radius + 0.8, radius - 0.8, far), "disc", lit=False)
    turn = np.linspace(0, 2 * np.pi, 48)
    s.stroke(np.stack([x + radius * np.cos(turn), y + radius * np.sin(turn)], 1), True)
    s.things.append("sun")


def thin_clouds(s: Stage, foot: float, box: Box) -> None:
    """Streaks high up, when the words say so."""
    x0, y0, x1, y1 = box
    wisps = clouded(s.dice(), y1 - y0, x1 - x0, 70 * s.u, 5, 0.55, 4.5)
    rows = np.arange(y0, y1, dtype=np.float32)[:, None]
    alpha = smooth(0.52, 0.78, wisps) * smooth(foot, foot * 0.6, rows) * 0.75
    s.put(box, alpha, "cloud", hides=False, lit=False, tone=smooth(0.45, 0.75, wisps), only="thin")


def deck(s: Stage, foot: float, box: Box) -> None:
    """A closed cover of cloud in broad strokes."""
    x0, y0, x1, y1 = box
    heap = clouded(s.dice(), y1 - y0, x1 - x0, 80 * s.u, 5, 0.5, 3)
    alpha = (
        smooth(0.3, 0.6, heap)
        * 0.9
        * smooth(foot * 1.1, foot * 0.7, np.arange(y0, y1, dtype=np.float32)[:, None])
    )
    s.put(box, alpha, "cloud", hides=False, lit=False, tone=smooth(0.35, 0.8, heap), only="deck")


def cumulus(s: Stage, x: float, base: float, size: float, dice: Dice, drawn: bool) -> None:
    """A heap of puffs over a flat base, each lit from above and from the side."""
    x0, x1 = max(int(x - size * 2.1), 0), min(int(x + size * 2.1), s.width)
    y0, y1 = max(int(base - size * 1.5), 0), min(int(base + size * 0.3), s.height)
    puffs = heap(x, base, size, dice)
    if x1 - x0 < 8 or y1 - y0 < 8:
        return
    alpha, tone = np.zeros((2, y1 - y0, x1 - x0), np.float32)
    wobble = clouded(s.dice(), y1 - y0, x1 - x0, size * 0.22, 4, 0.6) - 0.5
    rows, columns = np.mgrid[y0:y1, x0:x1].astype(np.float32)
    for px, py, radius in sorted(puffs, key=lambda p: p[1] - p[2] * 0.4):
        a, b = max(int(px - radius * 1.25) - x0, 0), max(int(py - radius * 1.25) - y0, 0)
        c, d = int(px + radius * 1.25) - x0 + 1, int(py + radius * 1.25) - y0 + 1
        part = (slice(b, max(d, 0)), slice(a, max(c, 0)))
        if alpha[part].size == 0:
            continue
        across, down = (columns[part] - px) / radius, (rows[part] - py) / radius
        inside = 1 - np.hypot(across, down) + wobble[part] * 0.45
        cover = smooth(0, 0.16, inside)
        lit = 0.5 - down * 0.55 + across * s.side * 0.3 + wobble[part] * 0.5
        lit = mix(lit, lit * 0.55 + 0.1, smooth(base - size * 0.45, base, rows[part]))
        tone[part] = mix(tone[part], lit, cover * 0.9)
        alpha[part] = np.maximum(alpha[part], cover)
    alpha *= smooth(base + size * 0.09, base - size * 0.03, rows + wobble * size * 0.25)
    tone = soften(tone, max(size * 0.015, 0.5))
    steps = 0.3 * smooth(0.05, 0.3, tone) + 0.35 * smooth(0.32, 0.52, tone) + 0.35 * smooth(0.6, 0.8, tone)
    box, only = (x0, y0, x1, y1), "" if drawn else "piled"
    s.put(box, soften(alpha, 0.6 * s.u) * 0.97, "cloud", hides=drawn, lit=False, tone=steps, only=only)
    if drawn:
        s.outline(box, soften(alpha, 2.2 * s.u), 0.9, 0.9, soft=bool(dice.random() < 0.5))


def heap(x: float, base: float, size: float, dice: Dice) -> list[Puff]:
    """Large puffs side by side and above one another, which carry smaller ones."""
    across = np.linspace(-1, 1, 5)
    big = [(x + at * size * 1.25, base - size * 0.12, size * dice.uniform(0.2, 0.3)) for at in across]
    for _ in range(dice.integers(4, 9)):
        lift = dice.uniform(0.2, 0.8) * (1 - 0.4 * abs(dice.normal(0, 0.4)))
        big.append((x + dice.normal(0, 0.38) * size, base - size * lift, size * dice.uniform(0.2, 0.36)))
    puffs = list(big)
    for px, py, radius in big:
        for turn in dice.uniform(-np.pi, 0, 8):
            small = radius * dice.uniform(0.22, 0.46)
            puffs.append((px + np.cos(turn) * radius * 0.86, py + np.sin(turn) * radius * 0.8, small))
    return puffs


def weather(s: Stage) -> None:
    """What falls in front of everything: rain in slanting streaks, snow in flakes of unlike nearness."""
    dice = s.dice()
    rain = np.zeros((s.height, s.width), np.uint8)
    for x, y, long in dice.random((int(260 * s.width / s.height), 3)):
        begin = (int(x * s.width), int(y * s.height))
        end = (int(begin[0] - 4 * s.u), int(begin[1] + (8 + 14 * long) * s.u))
        cv2.line(rain, begin, end, int(70 + 90 * long), max(1, round(0.6 * s.u)), cv2.LINE_AA)
    s.put(s.whole, rain / np.float32(255) * 0.6, "droplet", hides=False, lit=False, only="rain")
    flakes = np.zeros((s.height, s.width), np.uint8)
    for x, y, near in dice.random((int(230 * s.width / s.height), 3)):
        size = (0.5 + 1.4 * near**3) * s.u
        cv2.circle(
            flakes, (int(x * s.width * 8), int(y * s.height * 8)), int(size * 8), 255, -1, cv2.LINE_AA, 3
        )
    s.put(
        s.whole,
        soften(flakes / np.float32(255), 0.4 * s.u) * 0.9,
        "flake",
        hides=False,
        lit=False,
        only="snowfall",
    )
