"""The ground we stand on: grass in tufts, flowers, snow, sand, furrows, and the lie of the land."""

import cv2
import numpy as np

from .marks import Array, clouded, profile, smooth
from .stage import Stage


def ground(s: Stage, horizon: float, swell: float | None = None) -> Array:
    """Land from its edge at the horizon down to us; returns that edge, y for each x."""
    dice = s.dice()
    swell = float(dice.choice([0.0, 0.02, 0.06, 0.1])) if swell is None else swell
    edge = profile(dice, s.width, horizon, s.height * swell, s.width * 1.1, 0.35)
    edge += horizon - float(edge.max())
    box = (0, max(0, int(edge.min()) - 2), s.width, s.height)
    rows = np.arange(box[1], box[3], dtype=np.float32)[:, None]
    alpha = smooth(-0.9, 0.9, rows - edge[None])
    near = np.clip((rows - horizon) / max(s.height - horizon, 1), 0, 1)
    patches = clouded(s.dice(), box[3] - box[1], s.width, 80 * s.u, 5, 0.55, 3.5)
    fine = clouded(s.dice(), box[3] - box[1], s.width, 12 * s.u, 3, 0.6, 2.5)
    tone = (
        0.62
        - 0.3 * near
        + (patches - 0.5) * (0.55 if s.kind_of_ground == "land" else 0.25)
        + (fine - 0.5) * 0.28 * (0.3 + near)
    )
    dapple = 0.35 if s.kind_of_ground == "land" else 0.08
    light = np.clip(0.98 - 0.22 * near - smooth(0.6, 0.85, patches) * dapple, 0, 1)
    haze = smooth(0.3, 0, near) * 0.35 * (edge[None] > -1)
    s.put(box, alpha, "ground", tone=tone, light=light, depth=haze)
    s.stroke(np.stack([np.arange(s.width), edge], 1)[:: max(1, int(4 * s.u))], width=1.15)
    if s.kind_of_ground == "land":
        drifts(s, horizon, edge)
        furrows(s, horizon)
    tufts(s, horizon, edge)
    return edge


def drifts(s: Stage, horizon: float, edge: Array) -> None:
    """Soft ridges of blown snow or sand, lit on one side."""
    box = (0, max(0, int(edge.min())), s.width, s.height)
    tall = box[3] - box[1]
    if tall < 8:
        return
    heap = clouded(s.dice(), tall, s.width, 60 * s.u, 3, 0.5, 3)
    lit = np.clip(cv2.Sobel(heap, cv2.CV_32F, 0, 1, ksize=5) * -1.2 * s.u + 0.5, 0, 1)
    rows = np.arange(box[1], box[3], dtype=np.float32)[:, None]
    near = smooth(0, 0.4, (rows - horizon) / max(s.height - horizon, 1))
    alpha = np.abs(lit - 0.5) * 1.1 * near * smooth(-1, 1, rows - edge[None])
    for only in ("snow", "bare"):
        s.put(
            box, np.clip(alpha, 0, 0.7), "ground", hides=False, tone=lit, light=0.25 + 0.75 * lit, only=only
        )


def furrows(s: Stage, horizon: float) -> None:
    """Rows of plants that run to a vanishing point: fields of rice."""
    dice = s.dice()
    at = s.width * float(dice.uniform(0.2, 0.8))
    box = (0, int(horizon), s.width, s.height)
    rows, columns = np.mgrid[box[1] : box[3], 0 : s.width].astype(np.float32)
    spread = (columns - at) / np.maximum(rows - horizon, 1.0)
    wave = 0.5 + 0.5 * np.sin(spread * 22)
    near = smooth(0.02, 0.2, (rows - horizon) / max(s.height - horizon, 1))
    s.put(box, smooth(0.3, 0.7, wave) * 0.5 * near, "ground", hides=False, tone=0.05, light=0.4, only="rows")


def tufts(s: Stage, horizon: float, edge: Array) -> None:
    """Grass in short strokes, longer and sparser towards us, and blossoms among it."""
    dice = s.dice()
    top = max(0, int(edge.min()))
    tall = s.height - top
    if tall < 6:
        return
    # Three canvases at once: tone, light, cover.
    strokes = np.zeros((tall, s.width, 3), np.uint8)
    flowers = np.zeros((tall, s.width), np.uint8)
    count = int(900 * s.width / s.height * tall / (s.height * 0.5))
    for near in np.sort(dice.random(count) ** 0.6):
        y = horizon + near * (s.height - horizon) * 1.02
        x = float(dice.uniform(0, s.width))
        if y < edge[min(int(x), s.width - 1)] + 2 * s.u or y >= s.height:
            continue
        long = (1.6 + 8 * near**1.5) * s.u
        kind, at = dice.random(), (x, y - top)
        tone, light = (0.5, 0.95) if kind < 0.45 else ((0.95, 1.0) if kind < 0.72 else (0.1, 0.5))
        colour = (int(255 * tone), int(255 * light), 255)
        for lean, lift, foot in dice.normal(0, 1, (2 + int(2.5 * near), 3)):
            begin = (int(at[0] + foot * long * 0.35), int(at[1]))
            end = (int(at[0] + lean * long * 0.35), int(at[1] - long * (0.75 + 0.2 * np.tanh(lift))))
            cv2.line(strokes, begin, end, colour, max(1, round((0.5 + 0.6 * near) * s.u)), cv2.LINE_AA)
        if dice.random() < 0.3:
            cv2.circle(
                flowers,
                (int(x), int(at[1] - long * 0.8)),
                max(1, round((0.5 + 1.6 * near) * s.u)),
                255,
                -1,
                cv2.LINE_AA,
            )
    box = (0, top, s.width, s.height)
    tone, light, cover = np.moveaxis(strokes.astype(np.float32) / 255, 2, 0)
    solid = np.maximum(cover, 1e-3)
    s.put(box, cover * 0.85, "ground", hides=False, tone=tone / solid, light=light / solid, only="grass")
    s.put(box, flowers / np.float32(255), "blossom", hides=False, light=0.95, only="flowers")
