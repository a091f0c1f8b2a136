"""What leads into the picture: roads, paths, railways, poles with wires, fences, stairs."""

from itertools import pairwise

import numpy as np

from .marks import Array, Dice, bounds, clouded, filled
from .stage import Stage
from .view import View, level, paint, upright


def road(s: Stage, view: View, x: float, wide: float, slot: str = "road", marked: bool = True) -> None:
    """A road over flat ground towards the horizon, its middle line in dashes."""
    ribbon(s, view, x, wide, slot)
    if marked:
        z = 2.0
        while z < 120:
            dash = level(x - 0.08 - 0.002 * z, z, x + 0.08 + 0.002 * z, z + 1.6 + z * 0.04)
            points = view.polygon(dash.part(0, 0, 1, 1))
            s.face(points, "mark", 0.95, 0, pen=0.8, thing=False)
            z *= 1.28
            z += 1.6
    s.things.append("path" if slot == "path" else "road")


def ribbon(s: Stage, view: View, x: float, wide: float, slot: str) -> None:
    """A strip of ground that runs away from us."""
    points = view.polygon(level(x - wide / 2, 0.4, x + wide / 2, 160).part(0, 0, 1, 1))
    box = bounds(points, s.height, s.width, 1) if len(points) > 2 else None
    if box is None:
        return
    tall, across = box[3] - box[1], box[2] - box[0]
    patches = clouded(s.dice(), tall, across, 40 * s.u, 4, 0.6, 3)
    near = np.clip(
        (np.arange(box[1], box[3], dtype=np.float32)[:, None] - view.horizon) / (s.height - view.horizon),
        0,
        1,
    )
    s.put(
        box,
        filled(points, box),
        slot,
        tone=0.62 - 0.2 * near + (patches - 0.5) * 0.5,
        light=0.92,
        depth=(1 - near) ** 3 * 0.3,
    )
    for way in (-1, 1):
        edge = x + way * wide / 2
        s.stroke(view.line((edge, 0, 0.4), (edge, 0, 160)), width=1.1)


def path(s: Stage, horizon: float, dice: Dice) -> None:
    """A trodden path that winds."""
    share = np.linspace(0, 1, 30)
    begin, end = s.width * dice.uniform(0.25, 0.75), s.width * dice.uniform(0.3, 0.7)
    sway = np.sin(share * dice.uniform(2, 6) + dice.uniform(0, 6)) * s.width * 0.09 * (1 - share) * share * 3
    middle = begin + (end - begin) * share + sway
    half = np.maximum(s.width * dice.uniform(0.06, 0.13) * share**1.2, 1)
    rows = horizon + 1 + (s.height - horizon + 4) * share
    left, right = np.stack([middle - half, rows], 1), np.stack([middle + half, rows], 1)
    points = np.vstack([left, right[::-1]]).astype(np.float32)
    s.face(points, "path", 0.9, 0, pen=0, run=0.1, grain=0.4, thing=False)
    s.stroke(left, width=1.0)
    s.stroke(right, width=1.0)
    s.things.append("path")


def railway(s: Stage, view: View, x: float) -> None:
    """One track: ballast, sleepers, two rails that shine."""
    points = view.polygon(level(x - 1.5, 0.4, x + 1.5, 200).part(0, 0, 1, 1))
    box = bounds(points, s.height, s.width, 1) if len(points) > 2 else None
    if box is None:
        return
    gravel = clouded(s.dice(), box[3] - box[1], box[2] - box[0], 4 * s.u, 2)
    s.put(box, filled(points, box), "ballast", tone=0.2 + 0.6 * gravel, light=0.85)
    for way in (-1.5, 1.5):
        s.stroke(view.line((x + way, 0, 0.4), (x + way, 0, 200)), width=0.9)
    z, gap = 0.7, 0.75
    while z < 70:
        sleeper = view.polygon(level(x - 1.2, z, x + 1.2, z + 0.28).part(0, 0, 1, 1))
        if len(sleeper) and np.ptp(sleeper[:, 1]) > 0.5:
            s.face(
                sleeper, "sleeper", 0.7, 0, pen=0.8 if np.ptp(sleeper[:, 1]) > 1.2 * s.u else 0, thing=False
            )
        z += max(gap, z * 0.09)
    for way in (-0.72, 0.72):
        rail = level(x + way - 0.05, 0.4, x + way + 0.05, 200, 0.12)
        s.face(view.polygon(rail.part(0, 0, 1, 1)), "rail", 1.0, 0, pen=0, thing=False)
        for side in (-0.05, 0.05):
            s.stroke(view.line((x + way + side, 0.12, 0.4), (x + way + side, 0.12, 200)), width=0.9)
    s.things.append("railway")


def poles(s: Stage, view: View, x: float, dice: Dice) -> None:
    """Poles along a way, with cross-arms and wires that sag."""
    tall = float(dice.uniform(6, 8.5))
    tops: list[tuple[float, float]] = []
    for z in (64.0, 44.0, 29.0, 18.5, 11.0, 6.0):
        half = 0.12
        post = upright((x - half, z), (x + half, z), 0, tall)
        points = post.part(0, 0, 1, 1)
        s.face(view.polygon(points), "pole", 0.5, view.depth(points), upright=True, pen=0.9, thing=False)
        for up in (0.93, 0.82):
            arm = upright((x - 0.9, z), (x + 0.9, z), tall * up - 0.07, tall * up + 0.07)
            s.face(view.polygon(arm.part(0, 0, 1, 1)), "pole", 0.5, view.depth(points), pen=0.7, thing=False)
        tops.append((z, tall * 0.95))
    for (z0, y0), (z1, y1) in pairwise(tops):
        for off in (-0.85, 0.85, 0.0):
            share = np.linspace(0, 1, 12)
            sag = np.sin(share * np.pi) * 0.55
            points = np.stack([np.full(12, x + off), y0 + (y1 - y0) * share - sag, z0 + (z1 - z0) * share], 1)
            wire(s, view.flat(view.turned(points)))
    s.things.append("power lines")


def wire(s: Stage, points: Array) -> None:
    """A thin dark line in drawing and painting."""
    s.stroke(points, width=0.75, weight=0.9)


def fence(s: Stage, view: View, a: tuple[float, float], b: tuple[float, float], dice: Dice) -> None:
    """Posts and two rails from a to b (x, z)."""
    count = max(3, int(np.hypot(a[0] - b[0], a[1] - b[1]) / 1.4))
    tall = float(dice.uniform(0.8, 1.1))
    for low in (0.42, 0.8):
        rail = upright(a, b, tall * low - 0.06, tall * low + 0.06)
        paint(s, view, rail, "fence", pen=0.8)
    for share in np.linspace(0, 1, count):
        x, z = a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
        paint(s, view, upright((x - 0.06, z), (x + 0.06, z), 0, tall), "fence", pen=0.8, upright=True)
    s.things.append("fence")


def stairs(s: Stage, view: View, x: tuple[float, float], z: float, steps: int, slot: str = "stone") -> None:
    """Steps that rise away from us between two low walls."""
    rise, tread = 0.17, 0.32
    for k in reversed(range(steps)):
        front = upright((x[0], z + k * tread), (x[1], z + k * tread), k * rise, (k + 1) * rise)
        top = level(x[0], z + k * tread, x[1], z + (k + 1) * tread, (k + 1) * rise)
        if (k + 1) * rise < view.eye:
            s.face(view.polygon(top.part(0, 0, 1, 1)), slot, 0.95, 0, pen=0.9, run=0.05)
        s.face(view.polygon(front.part(0, 0, 1, 1)), slot, 0.4, 0, pen=0.9, run=0.1)
    for at in x:
        run = np.array(
            [
                (at, 0, z - 0.1),
                (at, 0.8, z - 0.1),
                (at, 0.8 + steps * rise, z + steps * tread),
                (at, steps * rise, z + steps * tread),
            ],
            np.float32,
        )
        s.face(view.polygon(run), "stone", 0.85 if at * s.side > 0 else 0.35, 0)
    s.things.append("stairs")


def bridge(s: Stage, view: View, z: float, wide: float, dice: Dice) -> None:
    """An arched bridge across the picture: deck, arch, parapet."""
    half, tall = wide / 2, float(dice.uniform(1.6, 2.6))
    turn = np.linspace(np.pi, 0, 18)
    arch = np.stack([np.cos(turn) * half * 0.62, np.sin(turn) * tall * 0.72 - 0.2, np.full(18, z)], 1)
    crown = np.stack(
        [np.linspace(half, -half, 18), tall + 0.5 * np.cos(np.linspace(-1.5, 1.5, 18)), np.full(18, z)], 1
    )
    body = np.vstack([[(-half, -0.4, z)], arch[[0]], arch, arch[[-1]], [(half, -0.4, z)], crown]).astype(
        np.float32
    )
    depth = view.depth(body)
    s.face(view.polygon(body), "bridge", 0.72, depth)
    parapet = np.vstack([crown, np.add(crown[::-1], (0, 0.55, 0))]).astype(np.float32)
    s.face(view.polygon(parapet), "bridge", 0.9, depth, run=0.1)
    for share in np.linspace(0.06, 0.94, 9):
        at = crown[int(share * 17)]
        s.stroke(view.line(tuple(at), (at[0], at[1] + 0.55, at[2])), width=0.8)
    s.things.append("bridge")


def lamp_post(s: Stage, view: View, x: float, z: float) -> None:
    """A street lamp; it burns at dusk and by night."""
    post = upright((x - 0.06, z), (x + 0.06, z), 0, 3.6)
    points = post.part(0, 0, 1, 1)
    depth = view.depth(points)
    s.face(view.polygon(points), "metal", 0.5, depth, upright=True, pen=0.8, thing=False)
    head = np.array(
        [(x - 0.16, 3.55, z), (x - 0.26, 4.1, z), (x + 0.26, 4.1, z), (x + 0.16, 3.55, z)], np.float32
    )
    seen = view.polygon(head)
    s.face(seen, "flame", 0.9, depth, thing=False)
    if len(seen):
        s.halo(
            float(seen[:, 0].mean()),
            float(seen[:, 1].mean()),
            max(float(np.ptp(seen[:, 1])) * 5, 6 * s.u),
            0.6,
        )
    s.things.append("lamp post")
