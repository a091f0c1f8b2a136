"""Rooms in one-point perspective: walls, a window onto the world, and furniture as boxes that someone lives with."""

import numpy as np

from . import far, sky
from .marks import Dice, bounds, filled, soften
from .stage import Stage
from .view import Plane, View, block, level, paint, paint_part, upright


def room(s: Stage, dice: Dice) -> None:
    """A whole room seen from its open side."""
    wide, tall, deep = float(dice.uniform(3.4, 5.4)), float(dice.uniform(2.5, 3)), float(dice.uniform(3, 4.6))
    focal = s.height * float(dice.uniform(0.95, 1.25))
    near = focal * tall / (s.height * 1.12)  # the open side fills the picture
    view = View(
        s.height * float(dice.uniform(0.42, 0.56)), s.width * float(dice.uniform(0.4, 0.6)), focal, 1.35
    )
    s.horizon, s.kind_of_ground, s.place, s.indoors = view.horizon, "floor", "room", True
    back = upright((-wide / 2, near + deep), (wide / 2, near + deep), 0, tall)
    opening, where = window_place(dice)
    look_out(s, view, back, opening if where == "back" else (0.3, 0.3, 0.7, 0.8))
    shell(s, view, wide, tall, near, deep, back, opening if where == "back" else None)
    if where != "back":
        side = -1.0 if where == "left" else 1.0
        wall = upright((side * wide / 2, near + deep * 0.9), (side * wide / 2, near * 0.6), 0, tall)
        paint_part(s, view, wall, (0.22, 0.32, 0.62, 0.82), "sky", run=-0.6, pen=1.0, lit=False)
        s.side = side
        _bars(s, view, wall, (0.22, 0.32, 0.62, 0.82))
        light_on_floor(s, view, side * 0.2, near + deep * 0.4)
    else:
        _bars(s, view, back, opening)
        curtains(s, view, back, opening, dice)
        light_on_floor(s, view, float(back.at((opening[0] + opening[2]) / 2, 0)[0]), near + deep * 0.55)
    furnish(s, view, (wide, tall, near, deep), opening if where == "back" else None, dice)
    s.vanishing += view.vanishing()
    s.things += ["room", "window"]


def window_place(dice: Dice) -> tuple[tuple[float, float, float, float], str]:
    """Where the window is: (u0, v0, u1, v1) of its wall, and which wall."""
    wide = float(dice.uniform(0.26, 0.6))
    left = float(dice.uniform(0.1, 0.9 - wide))
    low = float(dice.choice([0.02, 0.34, 0.36, 0.4]))
    return (left, low, left + wide, float(dice.uniform(0.76, 0.86))), str(
        dice.choice(["back", "back", "back", "left", "right"])
    )


def look_out(s: Stage, view: View, wall: Plane, part: tuple[float, float, float, float]) -> None:
    """The sky and far land that the window shows; painted first, the wall leaves it open."""
    seen = view.polygon(wall.part(*part))
    box = bounds(seen, s.height, s.width, 2) or s.whole
    s.indoors = False
    foot = box[1] + (box[3] - box[1]) * 0.72
    sky.backdrop(s, foot, box)
    sky.stars(s, foot, box, s.dice())
    sky.thin_clouds(s, foot, box)
    sky.deck(s, foot, box)
    dice = s.dice()
    if dice.random() < 0.5:
        far.hills(s, foot + 4, (box[3] - box[1]) * 0.2, 0.3)
    elif dice.random() < 0.5:
        far.woods(s, foot + 6, (box[3] - box[1]) * 0.3, 0.25)
    far_ground = np.ones((max(1, box[3] - int(foot)), box[2] - box[0]), np.float32)
    s.put(
        (box[0], box[3] - far_ground.shape[0], box[2], box[3]),
        far_ground,
        "hill",
        light=0.8,
        depth=0.2,
        hides=False,
    )
    for noun in ("hills", "woods"):
        if noun in s.things:
            s.things.remove(noun)
    s.indoors = True


def shell(
    s: Stage, view: View, wide: float, tall: float, near: float, deep: float, back: Plane,
    opening: tuple[float, float, float, float] | None,
) -> None:  # fmt: skip
    """Ceiling, floor, side walls, and the back wall around its window."""
    z0, z1 = near * 0.3, near + deep
    bright = 0.55
    ceiling = level(-wide / 2, z0, wide / 2, z1, tall)
    s.face(view.polygon(ceiling.part(0, 0, 1, 1)), "ceiling", 0.8, 0, thing=False, run=0.1, grain=0.07)
    floor = level(-wide / 2, z0, wide / 2, z1)
    s.face(view.polygon(floor.part(0, 0, 1, 1)), "ground", 0.8, 0, thing=False, grain=0.25)
    boards(s, view, wide, z0, z1)
    for way in (-1, 1):
        wall = upright((way * wide / 2, z0), (way * wide / 2, z1), 0, tall)
        s.face(
            view.polygon(wall.part(0, 0, 1, 1)),
            "plaster",
            0.9 if way != s.side else bright,
            0,
            run=0.2,
            grain=0.07,
        )
    parts = [(0.0, 0.0, 1.0, 1.0)]
    if opening:
        u0, v0, u1, v1 = opening
        parts = [(0, 0, u0, 1), (u1, 0, 1, 1), (u0, 0, u1, v0), (u0, v1, u1, 1)]
    for part in parts:
        s.face(view.polygon(back.part(*part)), "plaster", 0.72, 0, pen=0, run=0.12, grain=0.06)
    s.stroke(view.polygon(back.part(0, 0, 1, 1)), closed=True)
    if opening:
        frame(s, view, back, opening)
    skirting = upright((-wide / 2, z1 - 0.01), (wide / 2, z1 - 0.01), 0, 0.09)
    if not opening or opening[1] > 0.1:
        paint(s, view, skirting, "trim", pen=0.7, thing=False)


def boards(s: Stage, view: View, wide: float, z0: float, z1: float) -> None:
    """The floor's joints."""
    for x in np.arange(-wide / 2, wide / 2, float(s.dice().choice([0.22, 0.45, 0.9]))):
        s.stroke(view.line((float(x), 0, z0), (float(x), 0, z1)), width=0.6, weight=0.5, soft=True)


def frame(s: Stage, view: View, wall: Plane, part: tuple[float, float, float, float]) -> None:
    """Wood about a window."""
    u0, v0, u1, v1 = part
    e, f = 0.018, 0.03
    for piece in (
        (u0 - e, v0 - f, u0, v1 + f),
        (u1, v0 - f, u1 + e, v1 + f),
        (u0 - e, v1, u1 + e, v1 + f),
        (u0 - 2 * e, v0 - f, u1 + 2 * e, v0),
    ):
        paint_part(s, view, wall, piece, "trim", pen=0.8)


def _bars(s: Stage, view: View, wall: Plane, part: tuple[float, float, float, float]) -> None:
    u0, v0, u1, v1 = part
    middle = (u0 + u1) / 2
    for piece in (
        (middle - 0.006, v0, middle + 0.006, v1),
        (u0, v0 + (v1 - v0) * 0.6, u1, v0 + (v1 - v0) * 0.6 + 0.014),
    ):
        paint_part(s, view, wall, piece, "trim", pen=0.7)


def curtains(s: Stage, view: View, wall: Plane, part: tuple[float, float, float, float], dice: Dice) -> None:
    """Cloth on both sides of a window, in folds."""
    if dice.random() < 0.35:
        return
    u0, v0, u1, v1 = part
    long = float(dice.choice([v0 - 0.05, 0.06]))
    wide = (u1 - u0) * float(dice.uniform(0.16, 0.3))
    for a, b in ((u0 - wide * 0.6, u0 + wide * 0.6), (u1 - wide * 0.6, u1 + wide * 0.6)):
        paint_part(
            s,
            view,
            wall,
            (a, max(long, 0.02), b, min(v1 + 0.06, 0.97)),
            "curtain",
            upright=True,
            grain=0.9,
            run=0.15,
        )
        for share in (0.3, 0.6, 0.8):
            u = a + (b - a) * share
            s.stroke(
                view.line(tuple(wall.at(u, max(long, 0.02))), tuple(wall.at(u, v1 + 0.05))),
                width=0.6,
                weight=0.6,
                soft=True,
            )
    s.things.append("curtains")


def light_on_floor(s: Stage, view: View, x: float, z: float) -> None:
    """The window's light on the floor by day; the lamp's pool by night."""
    patch = view.polygon(
        np.array(
            [(x - 0.7, 0, z + 0.6), (x + 0.5, 0, z + 0.6), (x + 0.2, 0, z - 0.8), (x - 1.1, 0, z - 0.8)],
            np.float32,
        )
    )
    box = bounds(patch, s.height, s.width, 2) if len(patch) > 2 else None
    if box is None:
        return
    s.put(box, soften(filled(patch, box), 1.5 * s.u) * 0.4, "disc", hides=False, light=1.0, only="-lamps")


def furnish(
    s: Stage,
    view: View,
    size: tuple[float, float, float, float],
    opening: tuple[float, float, float, float] | None,
    dice: Dice,
) -> None:
    """Some furniture against the walls and in the middle, far pieces first."""
    wide, tall, near, deep = size
    end, left, right = near + deep, -wide / 2, wide / 2
    taken: set[str] = set()
    for kind in dice.permutation(["shelf", "bed", "sofa", "desk", "plant", "picture", "lamp"])[
        : int(dice.integers(2, 5))
    ]:
        if kind == "shelf":
            side = "left" if dice.random() < 0.5 else "right"
            if side not in taken:
                taken.add(side)
                x = (left, left + 0.35) if side == "left" else (right - 0.35, right)
                shelf(s, view, x, end - 1.4, tall * 0.72, dice)
        elif kind == "bed" and "middle" not in taken:
            taken.add("middle")
            way = float(dice.choice([left + 0.6, right - 1.5]))
            bed(s, view, (way, way + 0.95), (end - 2.0, end - 0.05))
        elif kind == "sofa" and "middle" not in taken:
            taken.add("middle")
            at = float(dice.uniform(left + 0.8, right - 2.4))
            sofa(s, view, (at, at + 1.7), end - 0.85)
        elif kind == "desk" and "middle" not in taken:
            taken.add("middle")
            at = float(dice.uniform(left + 0.5, max(left + 0.6, right - 2.2)))
            table(s, view, (at, at + float(dice.uniform(1, 1.6))), (end - 1.5, end - 0.75), dice)
        elif kind == "plant":
            potted(s, view, float(dice.choice([left + 0.45, right - 0.45])), end - 0.5, dice)
        elif kind == "picture" and opening is None:
            wall = upright((left, end), (right, end), 0, tall)
            paint_part(s, view, wall, (0.4, 0.5, 0.62, 0.8), "trim", pen=1.0)
            paint_part(s, view, wall, (0.415, 0.52, 0.605, 0.78), "paper", pen=0.8)
            s.things.append("picture")
        elif kind == "lamp":
            hanging_lamp(s, view, float(dice.uniform(-0.6, 0.6)), near + deep * 0.6, tall)


def shelf(s: Stage, view: View, x: tuple[float, float], z: float, tall: float, dice: Dice) -> None:
    """A bookcase with books."""
    seen = block(s, view, x, (0, tall), (z, z + 1.1), "wood")
    for side in seen:
        if abs(side.along[2]) < 0.1:
            continue
        rows = int(dice.integers(3, 5))
        for row in range(rows):
            low, high = (row + 0.1) / rows, (row + 0.9) / rows
            paint_part(s, view, side, (0.06, low, 0.94, high), "dark stone", pen=0.8)
            u = 0.08
            while u < 0.85:
                thick = float(dice.uniform(0.04, 0.09))
                paint_part(
                    s,
                    view,
                    side,
                    (u, low, u + thick, low + (high - low) * float(dice.uniform(0.6, 0.92))),
                    "book",
                    pen=0.6,
                )
                u += thick + (0.15 if dice.random() < 0.15 else 0.005)
    s.things.append("shelf")


def bed(s: Stage, view: View, x: tuple[float, float], z: tuple[float, float]) -> None:
    """A bed with its cover and pillow."""
    board = upright((x[0], z[1]), (x[1], z[1]), 0, 0.95)
    paint(s, view, board, "wood")
    block(s, view, x, (0, 0.3), z, "wood")
    block(s, view, x, (0.3, 0.52), z, "bed", grain=0.35)
    block(s, view, (x[0] + 0.15, x[1] - 0.15), (0.52, 0.66), (z[1] - 0.5, z[1] - 0.1), "paper")
    s.things.append("bed")


def sofa(s: Stage, view: View, x: tuple[float, float], z: float) -> None:
    """A sofa with its back to the wall."""
    block(s, view, x, (0, 0.85), (z + 0.6, z + 0.8), "sofa")
    block(s, view, x, (0.08, 0.42), (z, z + 0.62), "sofa")
    for at in (x[0], x[1] - 0.18):
        block(s, view, (at, at + 0.18), (0.05, 0.62), (z, z + 0.75), "sofa")
    s.things.append("sofa")


def table(s: Stage, view: View, x: tuple[float, float], z: tuple[float, float], dice: Dice) -> None:
    """A table on four legs, a chair before it or not."""
    for at_z in (z[1] - 0.06, z[0]):
        for at_x in (x[0], x[1] - 0.06):
            block(s, view, (at_x, at_x + 0.06), (0, 0.68), (at_z, at_z + 0.06), "wood", pen=0.8)
    block(s, view, x, (0.68, 0.75), z, "wood")
    if dice.random() < 0.5:
        block(s, view, (x[0] + 0.15, x[0] + 0.4), (0.75, 0.83), (z[0] + 0.2, z[0] + 0.5), "book", pen=0.8)
    if dice.random() < 0.6:
        middle = (x[0] + x[1]) / 2
        for at in (middle - 0.2, middle + 0.16):
            block(s, view, (at, at + 0.05), (0, 0.44), (z[0] - 0.25, z[0] - 0.2), "wood", pen=0.7)
        block(
            s, view, (middle - 0.22, middle + 0.23), (0.42, 0.47), (z[0] - 0.3, z[0] + 0.08), "wood", pen=0.8
        )
        back = upright((middle - 0.22, z[0] - 0.3), (middle + 0.23, z[0] - 0.3), 0.47, 0.92)
        for part in ((0, 0, 0.1, 1), (0.9, 0, 1, 1), (0, 0.75, 1, 1), (0, 0.35, 1, 0.5)):
            paint_part(s, view, back, part, "wood", pen=0.7)
        s.things.append("chair")
    s.things.append("table")


def potted(s: Stage, view: View, x: float, z: float, dice: Dice) -> None:
    """A plant in its pot."""
    pot = np.array([(x - 0.16, 0, z), (x + 0.16, 0, z), (x + 0.2, 0.36, z), (x - 0.2, 0.36, z)], np.float32)
    for lean in dice.uniform(-0.5, 0.5, 9):
        tip = (x + float(lean), 0.75 + 0.45 * float(1 - abs(lean)), z)
        leaf = np.array(
            [
                (x - 0.03, 0.36, z),
                (x + float(lean) * 0.5 - 0.07, 0.75, z),
                tip,
                (x + float(lean) * 0.5 + 0.07, 0.68, z),
            ],
            np.float32,
        )
        s.face(view.polygon(leaf), "plant", 0.85 if lean * s.side > 0 else 0.4, 0, pen=0.8)
    s.face(view.polygon(pot), "pot", 0.6, 0)
    s.things.append("plant")


def hanging_lamp(s: Stage, view: View, x: float, z: float, tall: float) -> None:
    """A lamp on its cord; it burns when it is dark outside."""
    s.stroke(view.line((x, tall, z), (x, tall - 0.55, z)), width=0.8)
    shade = np.array(
        [
            (x - 0.1, tall - 0.55, z),
            (x + 0.1, tall - 0.55, z),
            (x + 0.3, tall - 0.85, z),
            (x - 0.3, tall - 0.85, z),
        ],
        np.float32,
    )
    seen = view.polygon(shade)
    s.face(seen, "lampshade", 0.8, 0)
    if len(seen):
        s.halo(float(seen[:, 0].mean()), float(seen[:, 1].mean()), s.height * 0.5, 0.3)
    s.things.append("lamp")
