"""Houses, huts and barns in the round: walls, gable roofs, doors, windows that shine at night, chimneys, porches."""

import numpy as np

from .marks import Array, Dice
from .stage import Stage
from .view import Plane, View, lit, paint, paint_part, plane, upright


def house(s: Stage, view: View, x: float, z: float, dice: Dice, tall: float = 5.6) -> None:
    """A gabled house on the ground at x, z (metres), turned a little."""
    wide, deep = tall * dice.uniform(0.7, 1.3), tall * dice.uniform(0.7, 1.1)
    eaves = tall * float(dice.uniform(0.48, 0.62))
    turn = float(dice.uniform(0.25, 1.3)) * (1 if dice.random() < 0.5 else -1)
    if dice.random() < 0.25:
        turn *= 0.05  # seen from the front
    corners = _turned(x, z, wide, deep, turn)
    foot = view.polygon(np.array([(cx, 0, cz) for cx, cz in corners], np.float32))
    if len(foot):
        middle = foot.mean(0)
        s.shadow(float(middle[0]), float(foot[:, 1].max()), float(np.ptp(foot[:, 0])) * 0.5)
    walls = [upright(corners[k], corners[(k + 1) % 4], 0, eaves) for k in range(4)]
    seen = [k for k in range(4) if _outer(walls[k], x, z)]
    seen.sort(key=lambda k: -float(view.turned(walls[k].at(0.5, 0)[None])[0, 2]))
    # Gables stand over the walls 0 and 2; the ridge runs from one to the other.
    ridge = [_over(walls[0], tall), _over(walls[2], tall)]
    slopes = [(walls[1], ridge[0], ridge[1]), (walls[3], ridge[1], ridge[0])]
    hidden = [slope for slope in slopes if not _roof_faces(view, slope)]
    for slope in hidden:
        _slope(s, view, slope)
    for k in seen:
        paint(s, view, walls[k], "wall", upright=bool(dice.random() < 0.5))
        if k in (0, 2):
            points = np.stack([walls[k].at(0, 1), walls[k].at(1, 1), ridge[k // 2]])
            s.face(view.polygon(points), "wall", lit(walls[k].normal(view), s.side), view.depth(points))
        openings(s, view, walls[k], dice, door=k == seen[-1])
    for slope in slopes:
        if _roof_faces(view, slope):
            _slope(s, view, slope)
    if dice.random() < 0.5:
        chimney(s, view, ridge, dice, tall)
    s.things.append("house")


def _turned(x: float, z: float, wide: float, deep: float, turn: float) -> list[tuple[float, float]]:
    cos, sin = np.cos(turn), np.sin(turn)
    around = [(-wide, -deep), (wide, -deep), (wide, deep), (-wide, deep)]
    return [(float(x + (a * cos - b * sin) / 2), float(z + (a * sin + b * cos) / 2)) for a, b in around]


def _outer(wall: Plane, x: float, z: float) -> bool:
    at = wall.at(0.5, 0)
    return bool((at[0] - x) * -at[0] + (at[2] - z) * -at[2] > 0)


def _over(wall: Plane, tall: float) -> Array:
    at = wall.at(0.5, 0)
    return np.array([at[0], tall, at[2]], np.float32)


def _slope_points(slope: tuple[Plane, Array, Array]) -> Array:
    """A roof's slope with its overhang: eaves a little out and down, ends a little beyond the gables."""
    wall, begin, end = slope
    low_a, low_b = wall.at(0, 1), wall.at(1, 1)
    drop_a, drop_b = (low_a - begin) * 1.14 + begin, (low_b - end) * 1.14 + end
    beyond = (end - begin) * 0.07
    return np.stack([begin - beyond, end + beyond, drop_b + beyond, drop_a - beyond])


def _roof_faces(view: View, slope: tuple[Plane, Array, Array]) -> bool:
    _, begin, end = slope
    points = _slope_points(slope)
    out = np.cross(points[1] - points[0], points[3] - points[0])
    inside = (begin + end) / 2 - (0, 1, 0)
    out = out if out @ (points.mean(0) - inside) > 0 else -out
    return bool(out @ (np.array([0, view.eye, 0]) - points.mean(0)) > 0)


def _slope(s: Stage, view: View, slope: tuple[Plane, Array, Array]) -> None:
    points = _slope_points(slope)
    roof = plane(tuple(points[0]), tuple(points[1] - points[0]), tuple(points[3] - points[0]))
    light = lit(roof.normal(view), s.side)
    s.face(view.polygon(points), "roof", max(light, 0.3), view.depth(points), grain=0.3)
    for v in (0.25, 0.5, 0.75):  # courses of tiles
        s.stroke(view.line(tuple(roof.at(0, v)), tuple(roof.at(1, v))), width=0.6, weight=0.5, soft=True)


def openings(s: Stage, view: View, wall: Plane, dice: Dice, door: bool) -> None:
    """A door and windows in a wall, as many as it has room for."""
    wide, tall = wall.size
    count = max(1, int(wide / 1.9))
    storeys = max(1, int(tall / 2.7))
    at = int(dice.integers(0, count)) if door else -1
    for storey in range(storeys):
        low, high = (storey + 0.32) / storeys, (storey + 0.74) / storeys
        for k in range(count):
            u0, u1 = (k + 0.26) / count, (k + 0.74) / count
            if storey == 0 and k == at:
                paint_part(
                    s,
                    view,
                    wall,
                    (u0 + 0.05 / count, 0, u1 - 0.05 / count, high),
                    "door",
                    grain=0.35,
                    upright=True,
                )
            elif dice.random() < 0.85:
                window(s, view, wall, (u0, low, u1, high))


def window(s: Stage, view: View, wall: Plane, part: tuple[float, float, float, float]) -> None:
    """A framed window with its cross; lamplight about it at night."""
    u0, v0, u1, v1 = part
    edge_u, edge_v = (u1 - u0) * 0.1, (v1 - v0) * 0.08
    paint_part(s, view, wall, (u0 - edge_u, v0 - edge_v, u1 + edge_u, v1 + edge_v), "trim", pen=0.8)
    paint_part(s, view, wall, part, "pane", run=0.6, grain=0.3, pen=0.9)
    middle = (u0 + u1) / 2, (v0 + v1) / 2
    for a, b in (((middle[0], v0), (middle[0], v1)), ((u0, middle[1]), (u1, middle[1]))):
        s.stroke(view.line(tuple(wall.at(*a)), tuple(wall.at(*b))), width=0.7, weight=0.9)
    seen = view.polygon(wall.part(*part))
    if len(seen):
        reach = max(float(np.ptp(seen[:, 1])) * 1.5, 3 * s.u)
        s.halo(float(seen[:, 0].mean()), float(seen[:, 1].mean()), reach, 0.3)


def chimney(s: Stage, view: View, ridge: list[Array], dice: Dice, tall: float) -> None:
    """A chimney through the roof, standing up from the ridge."""
    at = ridge[0] + (ridge[1] - ridge[0]) * float(dice.uniform(0.2, 0.8))
    half = tall * 0.055
    wall = upright(
        (float(at[0]) - half, float(at[2])), (float(at[0]) + half, float(at[2])), tall * 0.92, tall * 1.14
    )
    paint(s, view, wall, "stone", pen=0.9)


def front(s: Stage, x: float, y: float, tall: float, depth: float, dice: Dice) -> None:
    """A house as children and icons draw it, straight from the front; x, y is the middle of its foot."""
    half, eaves = tall * float(dice.uniform(0.36, 0.55)), tall * float(dice.uniform(0.48, 0.62))
    s.shadow(x, y, half * 1.1)
    if dice.random() < 0.5:
        way = float(dice.choice([-1, 1])) * half * 0.5
        shaft = [
            (x + way, y - eaves),
            (x + way, y - tall * 0.98),
            (x + way + half * 0.22, y - tall * 0.98),
            (x + way + half * 0.22, y - eaves),
        ]
        s.face(np.array(shaft, np.float32), "stone", 0.6, depth)
    wall = np.array([(x - half, y), (x - half, y - eaves), (x + half, y - eaves), (x + half, y)], np.float32)
    s.face(wall, "wall", 0.8, depth)
    if dice.random() < 0.7:
        gable = np.array(
            [(x - half * 1.15, y - eaves), (x, y - tall), (x + half * 1.15, y - eaves)], np.float32
        )
        s.face(gable, "roof", 0.85, depth)
    else:
        over = [
            (x - half * 1.12, y - eaves),
            (x - half * 0.7, y - tall),
            (x + half * 0.7, y - tall),
            (x + half * 1.12, y - eaves),
        ]
        s.face(np.array(over, np.float32), "roof", 0.85, depth)
    door = float(dice.choice([-0.45, 0.0, 0.45])) * half
    _box(s, (x + door - half * 0.2, y - eaves * 0.62, x + door + half * 0.2, y), "door", depth)
    for at in [w for w in (-0.55, 0.0, 0.55) if abs(w * half - door) > half * 0.4]:
        around = (x + (at - 0.19) * half, y - eaves * 0.78, x + (at + 0.19) * half, y - eaves * 0.38)
        _box(s, around, "pane", depth)
        s.stroke(np.array([(x + at * half, around[1]), (x + at * half, around[3])], np.float32), width=0.7)
        s.stroke(
            np.array([(around[0], y - eaves * 0.58), (around[2], y - eaves * 0.58)], np.float32), width=0.7
        )
        s.halo(x + at * half, y - eaves * 0.58, eaves * 0.6, 0.3)
    s.things.append("house")


def _box(s: Stage, edges: tuple[float, float, float, float], slot: str, depth: float) -> None:
    x0, y0, x1, y1 = edges
    s.face(np.array([(x0, y1), (x0, y0), (x1, y0), (x1, y1)], np.float32), slot, 0.75, depth)
