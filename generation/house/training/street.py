"""Streets between houses, in one- and two-point perspective: shops with awnings and signs, windows row by row."""

import numpy as np

from .houses import window
from .marks import Dice
from .stage import Stage
from .view import Plane, View, block, level, lit, paint_part, upright
from .ways import lamp_post, poles

ROADS = (3.2, 4.6, 6.5)  # metres between the houses


# The paint of a street's facades and what they are called. All of a street's are one, the far town's too: a drawing
# does not tell houses from buildings there, so a colour word must not mean only some of them.
FACADES = {"wall": "house", "block": "building"}


def street(s: Stage, view: View, slot: str, dice: Dice) -> None:
    """Two rows of buildings along z; the far end is open or closed by a cross street."""
    half = float(dice.choice(ROADS))
    pavement(s, view, half)
    sides = (-1, 1) if dice.random() < 0.8 else (int(dice.choice([-1, 1])),)
    plots = []
    for way in sides:
        z = float(dice.uniform(-6, 2))
        while z < 70:
            deep = float(dice.uniform(4.5, 11))
            plots.append((z + deep, way, (z, z + deep)))
            z += deep + (float(dice.uniform(0.8, 3)) if dice.random() < 0.2 else 0)
    lamps = [(float(z), way) for z in np.arange(6, 46, 9) for way in sides] if dice.random() < 0.6 else []
    order = sorted([*plots, *((z, way, None) for z, way in lamps)], key=lambda p: -p[0])
    for z, way, span in order:
        if span is None:
            lamp_post(s, view, way * (half - 0.7), z)
        else:
            building(s, view, way, half, span, slot)
    if dice.random() < 0.4:
        poles(s, view, -(half - 0.4) if dice.random() < 0.5 else half - 0.4, dice)
    s.vanishing += view.vanishing()
    s.things.append("street")


def pavement(s: Stage, view: View, half: float) -> None:
    """Kerbs, the joints of the paving, a crossing now and then."""
    dice = s.dice()
    walk = float(dice.uniform(0.9, 1.5))
    for way in (-1, 1):
        kerb = level(way * half, 0.4, way * (half - walk), 90, 0.0)
        s.face(view.polygon(kerb.part(0, 0, 1, 1)), "platform", 0.85, 0.05, pen=0, thing=False, grain=0.3)
        s.stroke(view.line((way * (half - walk), 0, 0.4), (way * (half - walk), 0, 90)), width=0.9)
    if dice.random() < 0.3:
        z = float(dice.uniform(4, 8))
        inner = half - walk
        for x in np.arange(-inner + 0.3, inner - 0.3, 0.95):
            stripe = level(float(x), z, float(x) + 0.5, z + 2.6)
            s.face(view.polygon(stripe.part(0, 0, 1, 1)), "mark", 0.95, 0, pen=0.8, thing=False)
    elif dice.random() < 0.5:
        z = 2.0
        while z < 60:
            s.face(
                view.polygon(level(-0.07, z, 0.07, z + 1.4).part(0, 0, 1, 1)),
                "mark",
                0.95,
                0,
                pen=0.7,
                thing=False,
            )
            z = z * 1.15 + 2


def building(s: Stage, view: View, way: int, half: float, span: tuple[float, float], slot: str) -> None:
    """A house of some storeys on one side of the street."""
    dice = s.dice()
    storeys = int(dice.choice([1, 2, 2, 2, 3, 3, 4, 5]))
    tall = storeys * 2.9 + float(dice.uniform(0.2, 1.0))
    deep = float(dice.uniform(6, 10))
    x = (way * half, way * (half + deep)) if way > 0 else (way * (half + deep), way * half)
    seen = block(s, view, x, (0, tall), span, slot, upright=bool(dice.random() < 0.5))
    shop = dice.random() < 0.45
    for side in seen:
        facing = abs(side.along[0]) < 0.01 and abs(side.corner[0] - way * half) < 0.01
        if facing or abs(side.along[2]) < 0.01:
            facade(s, view, side, storeys, dice, shop=bool(shop and facing))
    if dice.random() < 0.4 and storeys <= 3:
        gable(s, view, x, span, tall, slot)
    else:
        for side in seen:  # a cornice
            paint_part(s, view, side, (-0.02, 0.965, 1.02, 1.0), "trim", pen=0.8)
    if shop:
        awning(s, view, way, half, span, dice)
    s.things.append(FACADES[slot])


def gable(
    s: Stage, view: View, x: tuple[float, float], z: tuple[float, float], tall: float, slot: str
) -> None:
    """A pitched roof, its ridge along the street, over a gable in the paint of the facade."""
    middle, high = sum(x) / 2, tall + float(s.dice().uniform(1.2, 2.2))
    for edge in sorted(x, key=lambda e: -abs(e)):
        points = np.array(
            [(edge, tall, z[0]), (edge, tall, z[1]), (middle, high, z[1]), (middle, high, z[0])], np.float32
        )
        light = lit(np.array([np.sign(edge - middle) * 0.6, 0.8, 0], np.float32), s.side)
        s.face(view.polygon(points), "roof", light, view.depth(points))
    end = np.array([(x[0], tall, z[0]), (middle, high, z[0]), (x[1], tall, z[0])], np.float32)
    s.face(view.polygon(end), slot, 0.5, view.depth(end))


def facade(s: Stage, view: View, side: Plane, storeys: int, dice: Dice, shop: bool) -> None:
    """Windows row by row; a shop's front or a door below."""
    wide, _ = side.size
    count = max(1, int(wide / float(dice.uniform(1.6, 2.4))))
    inset, lift = float(dice.uniform(0.18, 0.3)), float(dice.uniform(0.3, 0.4))
    near = float(view.turned(side.at(0.5, 0.3)[None])[0, 2])
    for storey in range(storeys):
        low, high = (storey + lift) / storeys * 0.95, (storey + 0.8) / storeys * 0.95
        if storey == 0 and shop:
            paint_part(s, view, side, (0.08, 0.03 / storeys, 0.92, 0.72 / storeys), "pane", run=0.5)
            for u in np.linspace(0.08, 0.92, count + 1):
                s.stroke(
                    view.line(tuple(side.at(float(u), 0.0)), tuple(side.at(float(u), 0.72 / storeys))),
                    width=0.8,
                )
            continue
        door = int(dice.integers(0, count)) if storey == 0 else -1
        for k in range(count):
            u0, u1 = (k + inset) / count, (k + 1 - inset) / count
            if k == door:
                paint_part(s, view, side, (u0, 0, u1, high), "door", upright=True)
            elif near > 34:
                paint_part(s, view, side, (u0, low, u1, high), "pane", pen=0.7)
            else:
                window(s, view, side, (u0, low, u1, high))


def awning(s: Stage, view: View, way: int, half: float, span: tuple[float, float], dice: Dice) -> None:
    """Cloth over a shop's front, and a sign that stands out into the street."""
    z0, z1 = span[0] + 0.4, span[1] - 0.4
    if z1 - z0 < 1.5 or z1 < 1:
        return
    reach = way * (half - 1.1)
    points = np.array(
        [(way * half, 2.75, z0), (way * half, 2.75, z1), (reach, 2.25, z1), (reach, 2.25, z0)], np.float32
    )
    s.face(view.polygon(points), "awning", 0.9, view.depth(points))
    edge = np.array([(reach, 2.25, z0), (reach, 2.25, z1), (reach, 2.02, z1), (reach, 2.02, z0)], np.float32)
    s.face(view.polygon(edge), "awning", 0.5, view.depth(edge))
    front = np.array(
        [(way * half, 2.75, z0), (reach, 2.25, z0), (reach, 2.02, z0), (way * half, 2.02, z0)], np.float32
    )
    if z0 > 0.5:
        s.face(view.polygon(front), "awning", 0.4, view.depth(front))
    if dice.random() < 0.6:
        z, low = float(dice.uniform(z0, z1)), float(dice.uniform(3.2, 4))
        board = upright((way * half, z), (way * (half - 0.75), z), low, low + float(dice.uniform(0.7, 2)))
        if z > 1.5:
            s.face(view.polygon(board.part(0, 0, 1, 1)), "sign", 0.8, view.depth(board.part(0, 0, 1, 1)))
            s.things.append("sign")


def corner(s: Stage, view: View, slot: str, dice: Dice) -> None:
    """A building on a corner, seen over its edge: two vanishing points; lower ones beside it."""
    z0, wide, deep = float(dice.uniform(7, 11)), float(dice.uniform(6, 10)), float(dice.uniform(6, 10))
    storeys = int(dice.choice([2, 3, 3, 4]))
    blocks = [
        ((-wide - 14.0, -wide - 2.5), (z0, z0 + deep), 2),
        ((1.5, 12.0), (z0 + deep + 3, z0 + deep + 14), 2),
    ]
    blocks += [((-wide, 0.0), (z0, z0 + deep), storeys)]
    for x, z, count in sorted(blocks, key=lambda b: -(b[1][0] + abs(b[0][0]) * 0.3)):
        tall = count * 2.9 + 0.5
        for side in block(s, view, x, (0, tall), z, slot):
            facade(s, view, side, count, dice, shop=bool(count == storeys and dice.random() < 0.4))
            paint_part(s, view, side, (-0.02, 0.965, 1.02, 1.0), "trim", pen=0.8)
    for post, away in ((2.2, z0 - 1), (-wide - 1, z0 - 1.6)):
        if dice.random() < 0.5:
            lamp_post(s, view, post, away)
    s.vanishing += view.vanishing()
    s.things += [FACADES[slot], "street"]
