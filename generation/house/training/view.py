"""A viewpoint: where points of space stand in the picture. One- and two-point perspective, streets, rooms, stairs.

Space is in metres: x to the right, y up from the ground, z away from us. Turned by `yaw`, the picture has two vanishing
points; with 0 it has one.
"""

from dataclasses import dataclass

import numpy as np

from .marks import Array
from .stage import Stage

NEAR = 0.35  # metres: what is nearer than this is cut off


@dataclass(frozen=True)
class View:
    """An eye `eye` metres above the ground that sees the horizon at `horizon` px."""

    horizon: float
    centre: float  # px across: where we look
    focal: float  # px
    eye: float = 1.6
    yaw: float = 0.0  # radians

    def turned(self, points: Array) -> Array:
        """Points of space as the eye has them: right, up, away."""
        x, y, z = np.asarray(points, np.float32).T
        cos, sin = np.cos(self.yaw), np.sin(self.yaw)
        return np.stack([x * cos - z * sin, y, x * sin + z * cos], 1).astype(np.float32)

    def polygon(self, points: Array) -> Array:
        """A polygon's corners in the picture, cut where it comes too near."""
        return self.flat(cut(self.turned(points)))

    def flat(self, seen: Array) -> Array:
        """Points as the eye has them, in the picture."""
        if len(seen) == 0:
            return np.zeros((0, 2), np.float32)
        away = np.maximum(seen[:, 2], 1e-3)
        across = self.centre + self.focal * seen[:, 0] / away
        down = self.horizon + self.focal * (self.eye - seen[:, 1]) / away
        return np.stack([across, down], 1).astype(np.float32)

    def line(self, a: tuple[float, float, float], b: tuple[float, float, float]) -> Array:
        """A straight line, cut where it comes too near."""
        seen = self.turned(np.array([a, b], np.float32))
        if seen[:, 2].max() < NEAR:
            return np.zeros((0, 2), np.float32)
        for k in (0, 1):
            if seen[k, 2] < NEAR:
                share = (NEAR - seen[k, 2]) / (seen[1 - k, 2] - seen[k, 2])
                seen[k] += (seen[1 - k] - seen[k]) * share
        return self.flat(seen)

    def on_ground(self, x: float, y: float) -> tuple[float, float, float]:
        """The point of the ground that the picture shows at a pixel below the horizon."""
        away = self.focal * self.eye / max(y - self.horizon, 0.5)
        across = (x - self.centre) * away / self.focal
        cos, sin = np.cos(-self.yaw), np.sin(-self.yaw)
        return (float(across * cos - away * sin), 0.0, float(across * sin + away * cos))

    def scale(self, y: float) -> float:
        """Pixels a metre for what stands at a pixel row below the horizon."""
        return max(y - self.horizon, 0.5) / self.eye

    def depth(self, points: Array, far: float = 90.0) -> float:
        """The haze in front of something."""
        return float(np.clip(np.median(self.turned(points)[:, 2]) / far, 0, 1)) * 0.5

    def vanishing(self) -> list[tuple[float, float]]:
        """The vanishing points of level lines along z and x."""
        found = [(self.centre - self.focal * float(np.tan(self.yaw)), self.horizon)]
        if abs(self.yaw) > 0.05:
            found.append((self.centre + self.focal / float(np.tan(self.yaw)), self.horizon))
        return found


def cut(seen: Array) -> Array:
    """A polygon without what lies nearer than `NEAR`."""
    out = []
    for k in range(len(seen)):
        a, b = seen[k], seen[(k + 1) % len(seen)]
        if a[2] >= NEAR:
            out.append(a)
        if (a[2] >= NEAR) != (b[2] >= NEAR):
            out.append(a + (b - a) * (NEAR - a[2]) / (b[2] - a[2]))
    return np.array(out, np.float32).reshape(-1, 3)


@dataclass(frozen=True)
class Plane:
    """A rectangle in space: a corner and two sides; `at(u, v)` with both from 0 to 1."""

    corner: Array
    along: Array
    up: Array

    def at(self, u: float, v: float) -> Array:
        """A point on it."""
        return self.corner + self.along * u + self.up * v

    def part(self, u0: float, v0: float, u1: float, v1: float) -> Array:
        """The corners of a part of it."""
        return np.stack([self.at(u0, v0), self.at(u1, v0), self.at(u1, v1), self.at(u0, v1)])

    @property
    def size(self) -> tuple[float, float]:
        """Its sides in metres."""
        return float(np.linalg.norm(self.along)), float(np.linalg.norm(self.up))

    def normal(self, view: View) -> Array:
        """Which way it faces, towards us."""
        seen = view.turned(np.stack([self.along, self.up]))
        out = np.cross(seen[0], seen[1])
        middle = view.turned(self.at(0.5, 0.5)[None])[0] - (0, view.eye, 0)
        out = out / (np.linalg.norm(out) + 1e-6)
        return np.asarray(out if out @ middle < 0 else -out, np.float32)


def plane(
    corner: tuple[float, float, float], along: tuple[float, float, float], up: tuple[float, float, float]
) -> Plane:
    """A rectangle from a corner and its two sides."""
    return Plane(*(np.array(v, np.float32) for v in (corner, along, up)))


def upright(a: tuple[float, float], b: tuple[float, float], low: float, high: float) -> Plane:
    """A wall over the ground from a to b (x, z)."""
    return plane((a[0], low, a[1]), (b[0] - a[0], 0, b[1] - a[1]), (0, high - low, 0))


def level(x0: float, z0: float, x1: float, z1: float, y: float = 0.0) -> Plane:
    """A floor."""
    return plane((x0, y, z0), (x1 - x0, 0, 0), (0, 0, z1 - z0))


def lit(normal: Array, side: float) -> float:
    """How much light a plane gets that faces along `normal`."""
    sun = np.array([side * 0.62, 0.62, -0.48], np.float32)
    return float(np.clip(0.48 + 0.56 * (normal @ sun), 0.14, 1))


def paint(s: Stage, view: View, surface: Plane, slot: str, **how: object) -> None:
    """A rectangle of space in the picture, lit as it faces."""
    light = lit(surface.normal(view), s.side)
    s.face(view.polygon(surface.part(0, 0, 1, 1)), slot, light, view.depth(surface.part(0, 0, 1, 1)), **how)  # type: ignore[arg-type]


def paint_part(
    s: Stage, view: View, surface: Plane, part: tuple[float, float, float, float], slot: str, **how: object
) -> None:
    """A part (u0, v0, u1, v1) of a rectangle, as windows and doors are."""
    points = surface.part(*part)
    light = lit(surface.normal(view), s.side)
    s.face(view.polygon(points), slot, light, view.depth(points), **how)  # type: ignore[arg-type]


def block(
    s: Stage,
    view: View,
    x: tuple[float, float],
    y: tuple[float, float],
    z: tuple[float, float],
    slot: str,
    **how: object,
) -> list[Plane]:
    """The sides of an upright box that we see, far ones first; returns them."""
    sides = [
        upright((x[0], z[1]), (x[0], z[0]), *y),
        upright((x[1], z[0]), (x[1], z[1]), *y),
        upright((x[0], z[0]), (x[1], z[0]), *y),
        upright((x[1], z[1]), (x[0], z[1]), *y),
    ]
    top = level(x[0], z[0], x[1], z[1], y[1])
    seen = [side for side in sides if faces_us(side, (sum(x) / 2, sum(z) / 2))]
    seen.sort(key=lambda side: -float(view.turned(side.at(0.5, 0.5)[None])[0, 2]))
    if y[1] < view.eye:
        seen.append(top)
    for side in seen:
        paint(s, view, side, slot, **how)
    return seen


def faces_us(side: Plane, middle: tuple[float, float]) -> bool:
    """Whether the outer face of a box's side is turned towards the eye."""
    at = side.at(0.5, 0.5)
    out = np.array([at[0] - middle[0], 0, at[2] - middle[1]], np.float32)
    eye = np.zeros(3, np.float32)
    return bool(out @ (eye - np.array([at[0], 0, at[2]])) > 0)
