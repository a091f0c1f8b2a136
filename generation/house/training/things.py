"""Things drawn by credited artists (OpenMoji, Open Clip Art Library), painted with the same brush as the rest.

No black outline, light from one side, streaks of a brush. Their own outlines are the layout's lines.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from . import land, sky
from .marks import Array, Dice, brushed, clouded, smooth, soften
from .pictures import Pictures, thinner
from .stage import Stage

# OpenMoji's code points of the pictures that stand in a scene, by where they stand.
BUILDINGS = (
    "1F3E0 1F3D8 1F3DA 1F6D6 26FA 1F3F0 26EA 1F54C 1F6D5 1F3E2 1F3E8 1F3EB 1F3ED 1F3EA 1F5FC 26E9 1F3A1 1F3AA "
    "1F3DB"
)
LIFE = "1F415 1F408 1F404 1F411 1F40E 1F418 1F992 1F697 1F68C 1F69C 1F6B2 1F430 1F43F 1F98C 1F42A 1F414 1F9CD 1F6B6"
PLANTS = "1F332 1F334 1F335 1F33B 1F337 1F33E 1F344 1F490 1F339"
AFLOAT = "26F5 1F6A4 1F6F6 1F42C 1F40B 1F986 26F4 1F6A2"
IN_SKY = "1F308 1F388 2708 1F426 1F985 1FA81"
OFTEN = {
    "travel-places": 3.0,
    "animals-nature": 2.0,
    "food-drink": 1.0,
    "objects": 1.0,
    "land": 2.0,
    "water": 2.0,
}


class Things:
    """The pictures, and how they are put into a scene."""

    def __init__(self, pictures: Pictures) -> None:
        self.pictures = pictures
        standing = {
            "land": (BUILDINGS, LIFE, PLANTS),
            "water": (AFLOAT,),
            "sky": (IN_SKY,),
        }
        self.on_land, self.on_water, self.in_sky = (
            pictures.known(*" ".join(lists).split(), *pictures.of_group(place))
            for place, lists in standing.items()
        )
        self.singles = [k for k, p in enumerate(pictures.all) if p.code not in pictures.held]
        weights = np.array([OFTEN.get(pictures.all[k].group, 0.15) for k in self.singles])
        self.weights = weights / weights.sum()

    def stand(self, s: Stage, dice: Dice) -> None:
        """One or two of them in a landscape, on the ground or the water or in the sky."""
        for _ in range(int(dice.integers(1, 3))):
            near = float(dice.uniform(0.15, 0.8))
            foot = s.horizon + (s.height - s.horizon) * near
            x, size = (
                float(dice.uniform(0.1, 0.9)) * s.width,
                (30 + 80 * near) * s.u * float(dice.uniform(0.8, 1.3)),
            )
            if dice.random() < 0.15:
                self.put(
                    s,
                    int(dice.choice(self.in_sky)),
                    x,
                    s.horizon * float(dice.uniform(0.35, 0.8)),
                    size * 0.7,
                    shadow=False,
                )
            else:
                from_ = self.on_water if s.kind_of_ground == "sea" else self.on_land
                self.put(s, int(dice.choice(from_)), x, foot, size)

    def alone(self, s: Stage, dice: Dice) -> None:
        """One thing, large, before a plain sky and ground."""
        s.horizon = s.height * float(dice.uniform(0.5, 0.75))
        sky.sky(s, s.horizon)
        land.ground(s, s.horizon, 0.0)
        index = int(dice.choice(self.singles, p=self.weights))
        size = s.height * float(dice.uniform(0.5, 0.9))
        self.put(
            s,
            index,
            s.width * float(dice.uniform(0.35, 0.65)),
            s.height * float(dice.uniform(0.8, 0.96)),
            size,
        )

    def put(self, s: Stage, index: int, x: float, foot: float, size: float, shadow: bool = True) -> None:
        """A picture that stands at x on its foot, its longer side `size` px."""
        dice = s.dice()
        x0, y0, x1, y1 = self.pictures.box(index)
        scale = size / max(x1 - x0, y1 - y0)
        wide, tall = max(8, int((x1 - x0) * scale)), max(8, int((y1 - y0) * scale))
        raw = np.ascontiguousarray(self.pictures.line[index])[y0:y1, x0:x1]
        picture = np.ascontiguousarray(self.pictures.colour[index])[y0:y1, x0:x1]
        flip = dice.random() < 0.3

        def fit(a: Array | NDArray[np.uint8]) -> Array:
            out = cv2.resize(np.asarray(a, np.float32), (wide, tall), interpolation=cv2.INTER_AREA)
            return np.asarray(out[:, ::-1] if flip else out, np.float32)

        colour, whole = fit(picture), fit(raw) / 255
        line = fit(thinner(raw, int(dice.choice([3, 5])))) / 255
        left, top = int(x - wide / 2), int(foot - tall)
        box = (max(0, left), max(0, top), min(s.width, left + wide), min(s.height, top + tall))
        if box[2] - box[0] < 8 or box[3] - box[1] < 8:
            return
        inside = (slice(box[1] - top, box[3] - top), slice(box[0] - left, box[2] - left))
        if shadow:
            s.shadow(x, foot, wide * 0.5)
        alpha = np.maximum(colour[..., 3] / 255, whole)
        s.put(
            box,
            alpha[inside],
            recoloured(colour, whole, dice, s.u)[inside],
            light=form(alpha, s.side, dice, s.u)[inside],
            depth=0.04,
            thing=True,
        )
        drawn = s.line[box[1] : box[3], box[0] : box[2]]
        np.maximum(drawn, line[inside], out=drawn)
        s.things.append(self.pictures.all[index].name)


def recoloured(colour: Array, line: Array, dice: Dice, u: float) -> Array:
    """A picture's colours without its black lines, uneven as paint is."""
    fill = np.asarray(colour[..., 3] / 255 * (1 - line), np.float32)
    reach = max(3 * u, 0.025 * max(line.shape))  # further than the widest outline
    near = soften(colour[..., :3] * fill[..., None], reach) / (soften(fill, reach) + 0.02)[..., None]
    flat = colour[..., :3] * (1 - line[..., None]) + near * (0.82 * line[..., None])
    tall, wide = line.shape
    streaks = brushed(dice, tall, wide, 10 * u) - 0.5
    return np.asarray(np.clip(flat * (0.97 + 0.2 * streaks[..., None]), 0, 255), np.float32)


def form(alpha: Array, side: float, dice: Dice, u: float) -> Array:
    """Light on a rounded body: from above and from its side, with a soft dark foot."""
    solid = (alpha > 0.5).astype(np.uint8)
    inner = cv2.distanceTransform(np.pad(solid, 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
    height = soften(np.sqrt(np.clip(inner / max(float(inner.max()), 1), 0, 1)).astype(np.float32), 2 * u)
    slope_x, slope_y = cv2.Sobel(height, cv2.CV_32F, 1, 0), cv2.Sobel(height, cv2.CV_32F, 0, 1)
    tall, wide = alpha.shape
    down = np.linspace(0, 1, tall, dtype=np.float32)[:, None]
    uneven = clouded(dice, tall, wide, 24 * u, 3) - 0.5
    lit = 0.78 - side * 1.6 * slope_x + 1.6 * slope_y - 0.3 * smooth(0.4, 1, down) + 0.3 * uneven
    return np.asarray(np.clip(lit, 0.1, 1), np.float32)
