"""A scene as a pile of cels, back to front, and the line drawing that goes with them.

A cel is a shape with a *slot* ("wall", "leaf") instead of a colour, and with its tone, light and distance. Which paint
goes into a slot is a look's business (`look`), and how light falls on it is `light`'s: so one layout is drawn once and
painted under any look, and two looks differ in nothing but what their words say.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np

from .marks import SHIFT, Array, Box, Dice, bounds, brushed, clouded, filled, fixed, smooth

Field = Array | float


@dataclass
class Cel:
    """A shape, what is painted into it and when it is there at all."""

    box: Box
    alpha: Array
    slot: str | Array  # a slot's name, or colours of its own (h, w, 3) in 0..255
    tone: Field = 0.5  # 0, 0.5, 1: the paint's dark, middle and light colour
    light: Field = 1.0  # 0 in shade, 1 in light
    depth: Field = 0.0  # 0 near, 1 lost in haze
    lit: bool = True  # False: painted as it is, as the sky
    only: str = ""  # the trait a look must have, "-" before it: must not have
    adds: bool = False  # light added to what is there
    mirror: float | None = None  # water: the row about which it mirrors what stands above it
    indoors: bool = False


@dataclass
class Stage:
    """A picture in the making. `u` is a 256th of its height: sizes are given in it."""

    height: int
    width: int
    seed: int
    horizon: float = 0.0
    side: float = -1.0  # where the light comes from: -1 left, 1 right
    cels: list[Cel] = field(default_factory=list)
    slots: set[str] = field(default_factory=set)
    things: list[str] = field(default_factory=list)  # nouns, for the caption
    place: str = ""  # "street", "room"
    vanishing: list[tuple[float, float]] = field(default_factory=list)
    kind_of_ground: str = "land"  # "land", "sea", "floor", "none"
    indoors: bool = False

    def __post_init__(self) -> None:
        self.u = self.height / 256
        self.line: Array = np.zeros((self.height, self.width), np.float32)
        self.soft: Array = np.zeros((self.height, self.width), np.float32)
        self.objects: Array = np.zeros((self.height, self.width), np.float32)
        self._part = 0

    @property
    def whole(self) -> Box:
        """The box of the whole picture."""
        return (0, 0, self.width, self.height)

    def dice(self) -> Dice:
        """Fresh dice for a part, so that a change in one part leaves the others as they were."""
        self._part += 1
        return np.random.default_rng((self.seed, self._part))

    def put(
        self,
        box: Box,
        alpha: Array,
        slot: str | Array,
        *,
        hides: bool = True,
        thing: bool = False,
        **how: object,
    ) -> None:
        """Lay a cel over everything so far; what it covers loses its lines."""
        self.cels.append(Cel(box, np.asarray(alpha, np.float32), slot, indoors=self.indoors, **how))  # type: ignore[arg-type]
        if isinstance(slot, str):
            self.slots.add(slot)
        if hides:
            self.hide(box, alpha)
            seen = self.objects[box[1] : box[3], box[0] : box[2]]
            seen *= 1 - alpha
            if thing:
                np.maximum(seen, alpha, out=seen)

    def hide(self, box: Box, alpha: Array) -> None:
        """Take away the lines under a shape."""
        solid = 1 - smooth(0.3, 0.7, alpha)
        for lines in (self.line, self.soft):
            lines[box[1] : box[3], box[0] : box[2]] *= solid

    def face(
        self,
        points: Array,
        slot: str,
        light: float,
        depth: float = 0.0,
        *,
        run: float = 0.25,
        grain: float = 0.22,
        pen: float = 1.0,
        thing: bool = True,
        upright: bool = False,
        lit: bool = True,
    ) -> None:
        """A flat shape as a brush fills it: streaked, darker towards its foot by `run`, with its outline."""
        points = np.asarray(points, np.float32)
        box = bounds(points, self.height, self.width, 1) if len(points) > 2 else None
        if box is None:
            return
        alpha = filled(points, box)
        tall, wide = alpha.shape
        dice = np.random.default_rng((self.seed, len(self.cels)))
        top, foot = float(points[:, 1].min()), float(points[:, 1].max())
        down = np.clip(
            (np.arange(box[1], box[3], dtype=np.float32)[:, None] - top) / max(foot - top, 1), 0, 1
        )
        streaks = brushed(dice, tall, wide, 14 * self.u, upright) - 0.5
        blotches = clouded(dice, tall, wide, 40 * self.u, 3) - 0.5
        tone = 0.55 + grain * (streaks + blotches) - run * (down - 0.4)
        fall = np.clip(light - 0.3 * run * down + grain * 0.8 * blotches, 0, 1)
        self.put(box, alpha, slot, tone=tone, light=fall, depth=depth, thing=thing, lit=lit)
        if pen:
            self.stroke(points, closed=True, width=pen)

    def stroke(
        self, points: Array, closed: bool = False, width: float = 1.0, weight: float = 1.0, soft: bool = False
    ) -> None:
        """A line of the drawing; `soft` for what many leave out: clouds, folds, grass."""
        points = np.asarray(points, np.float32)
        box = bounds(points, self.height, self.width, 3)
        if box is None:
            return
        x0, y0, x1, y1 = box
        mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
        wide = width * self.u * 1.15
        cv2.polylines(mask, [fixed(points - (x0, y0))], closed, 255, max(1, round(wide)), cv2.LINE_AA, SHIFT)
        part = (self.soft if soft else self.line)[y0:y1, x0:x1]
        np.maximum(part, mask * np.float32(min(1.0, 0.35 + 0.65 * wide) * weight / 255), out=part)

    def outline(
        self, box: Box, alpha: Array, width: float = 1.0, weight: float = 1.0, soft: bool = False
    ) -> None:
        """The contour of a soft shape, but for where the picture's edge cuts it."""
        solid = (alpha > 0.5).astype(np.uint8)
        found, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        for contour in found:
            if len(contour) < 10 * self.u:
                continue
            points = np.add(contour[:, 0].astype(np.float32), box[:2])
            points = rounded(points, 2 * self.u)
            out = (points[:, 0] <= 2) | (points[:, 0] >= self.width - 3)
            out |= (points[:, 1] <= 2) | (points[:, 1] >= self.height - 3)
            if not out.any():
                self.stroke(points, True, width, weight, soft)
                continue
            begin = int(np.argmax(out))
            points, out = np.roll(points, -begin, 0), np.roll(out, -begin)
            for run in np.split(np.arange(len(points)), np.nonzero(np.diff(out.astype(int)))[0] + 1):
                if not out[run[0]] and len(run) > 2:
                    self.stroke(points[run], False, width, weight, soft)

    def shadow(self, x: float, y: float, half: float, strength: float = 0.55) -> None:
        """The soft shadow that a thing throws on the ground at its foot, away from the light."""
        x -= self.side * half * 0.35
        points = np.array([[x - 1.5 * half, y - half * 0.35], [x + 1.5 * half, y + half * 0.35]], np.float32)
        box = bounds(points, self.height, self.width, 2)
        if box is None:
            return
        rows = (np.arange(box[1], box[3], dtype=np.float32)[:, None] - y) / (half * 0.28 + 1)
        columns = (np.arange(box[0], box[2], dtype=np.float32)[None] - x) / (half * 1.35 + 1)
        fall = smooth(1, 0.15, np.hypot(rows, columns)) * strength
        self.put(box, fall, "shadow", hides=False, tone=0.3, light=0.1)

    def halo(self, x: float, y: float, reach: float, strength: float, only: str = "lamps") -> None:
        """Lamplight in the air about a window or lantern."""
        box = bounds(
            np.array([[x - reach, y - reach], [x + reach, y + reach]], np.float32), self.height, self.width, 0
        )
        if box is None:
            return
        rows = np.arange(box[1], box[3], dtype=np.float32)[:, None] - y
        columns = np.arange(box[0], box[2], dtype=np.float32)[None] - x
        fall = np.clip(1 - np.hypot(rows, columns) / reach, 0, 1) ** 2 * strength
        self.put(box, fall.astype(np.float32), "lamplight", hides=False, lit=False, only=only, adds=True)


def rounded(points: Array, sigma: float) -> Array:
    """A closed contour without its stairs of pixels."""
    reach = max(1, int(3 * sigma))
    if len(points) <= 2 * reach:
        return points
    around = np.concatenate([points[-reach:], points, points[:reach]])
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    axes = [np.convolve(around[:, k], kernel, "valid") for k in (0, 1)]
    return np.asarray(np.stack(axes, 1)[:: max(1, reach // 3)], np.float32)
