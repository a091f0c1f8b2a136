"""A layout painted under any look, with its line drawing, on one canvas."""

import cv2
import numpy as np
from numpy.typing import NDArray

from .canvas import Array, Canvas, bend, gradient, noise, soften, warp
from .layout import Icon, Layout
from .look import Look, colour_of
from .looks import light, rgb
from .pictures import Pictures, thinner
from .subjects import Thing


class Brush:
    """Paints layouts on a canvas with one set of pictures."""

    def __init__(self, pictures: Pictures) -> None:
        self.pictures = pictures

    def paint(self, layout: Layout, look: Look) -> Canvas:
        """A layout under a look: its colours, lines and object mask."""
        canvas = Canvas(layout.height, layout.width)
        self._sky(canvas, layout, look)
        count = len(layout.back)
        for thing, chosen, variant in zip(layout.back, look.chosen[:count], look.variants, strict=False):
            self._put(canvas, layout, look, thing, chosen, variant)
        if not layout.plain and layout.pane is None:
            self._ridges(canvas, layout, look)
            self._ground(canvas, layout, look)
        for thing, chosen, variant in zip(
            layout.front, look.chosen[count:], look.variants[count:], strict=True
        ):
            self._put(canvas, layout, look, thing, chosen, variant)
        if layout.hand:
            maps = warp(layout.seed, layout.height, layout.width, layout.hand)
            canvas.colour, canvas.line, canvas.objects = (
                bend(a, maps) for a in (canvas.colour, canvas.line, canvas.objects)
            )
        np.clip(canvas.colour, 0, 255, out=canvas.colour)
        return canvas

    def _sky(self, canvas: Canvas, layout: Layout, look: Look) -> None:
        h, w = layout.height, layout.width
        zenith, horizon = rgb(look.sky.zenith), rgb(look.sky.horizon)
        canvas.colour = gradient(zenith, horizon, h, w, layout.horizon)
        if look.sky.stars:
            random_ = np.random.default_rng(layout.seed)
            count = int(70 * look.sky.stars * w * layout.horizon / (256 * 150))
            stars = np.zeros((h, w), np.float32)
            stars[random_.integers(0, max(8, int(layout.horizon)), count), random_.integers(0, w, count)] = (
                random_.uniform(0.3, 1, count)
            )
            canvas.colour += (np.array([255, 250, 235], np.float32) - canvas.colour) * np.clip(
                soften(stars, 0.8) * 3.2, 0, 1
            )[..., None]
        if look.clouds:
            puffs = noise(layout.seed + 2, h, w, 4, 2.2, 3)
            down = np.clip((layout.horizon + 20 - np.arange(h, dtype=np.float32)) / 60, 0, 1)[:, None]
            alpha = np.clip((puffs - (0.72 - 0.22 * look.clouds)) * 4, 0, 1) * 0.85 * down
            bright = np.minimum(255, horizon * 0.55 + 115 * light(look.sky) + 10)
            canvas.colour += (bright * 0.97 - canvas.colour) * alpha[..., None]

    def _ridges(self, canvas: Canvas, layout: Layout, look: Look) -> None:
        rows = np.arange(layout.height, dtype=np.float32)[:, None]
        body = (rgb(look.ground.far) * 0.4 + rgb(look.ground.near) * 0.6) * light(look.sky)
        for k, ridge in enumerate(layout.ridges):
            haze = 0.62 - 0.22 * k
            run = (1 - 0.1 * np.clip((rows - ridge[None]) / 60, 0, 1))[..., None]
            colour = (body * (1 - haze) + rgb(look.sky.horizon) * haze) * run
            self._band(canvas, layout, ridge, np.asarray(colour, np.float32))

    def _ground(self, canvas: Canvas, layout: Layout, look: Look) -> None:
        h, w, rows = layout.height, layout.width, np.arange(layout.height, dtype=np.float32)[:, None]
        down = np.clip((rows - layout.ground[None]) / max(20.0, h - layout.horizon), 0, 1)[..., None]
        colour = (rgb(look.ground.far) * (1 - down) + rgb(look.ground.near) * down) * light(look.sky)
        if layout.water:
            mirror = np.flipud(gradient(rgb(look.sky.zenith), rgb(look.sky.horizon), h, w, h))
            colour = (colour * 0.75 + mirror * 0.25) * (0.98 + 0.04 * noise(layout.seed + 3, h, w, 4, 8, 6))[
                ..., None
            ]
        else:
            colour = colour * (0.985 + 0.03 * noise(layout.seed + 3, h, w, 4, 4, 6))[..., None]
        self._band(canvas, layout, layout.ground, np.clip(colour, 0, 255))

    def _band(self, canvas: Canvas, layout: Layout, edge: Array, colour: Array) -> None:
        rows = np.arange(layout.height, dtype=np.float32)[:, None]
        canvas.cover(np.clip(rows - edge[None] + 0.5, 0, 1).astype(np.float32), colour.astype(np.float32))
        pen = max(1.0, layout.pen)
        stroke = np.clip(pen / 2 - np.abs(rows - edge[None]) + 0.5, 0, 1).astype(np.float32)
        canvas.ink(stroke * min(1.0, layout.pen), 0.66)

    def _put(
        self,
        canvas: Canvas,
        layout: Layout,
        look: Look,
        thing: Thing | Icon,
        chosen: dict[str, str],
        variant: int,
    ) -> None:
        if isinstance(thing, Icon):
            self._icon(canvas, layout, look, thing, variant)
            return
        if thing.shadow and not layout.water:
            self._shadow(canvas, *thing.shadow)
        throw, air = light(look.sky), rgb(look.sky.horizon)
        for part in thing.parts:
            if part.slot is not None:
                colour, shines = colour_of(thing, part.slot, chosen, look)
                if part.slot == "glow":
                    self._glow(canvas, part.points)
                if not shines:
                    colour = np.minimum(255, colour * throw) * (1 - thing.haze) + air * thing.haze
                canvas.polygon(part.points, colour, part.form)
            if part.pen:
                canvas.stroke(part.points, layout.pen * part.pen, part.closed, 0.5 if thing.haze else 0.68)

    def _icon(self, canvas: Canvas, layout: Layout, look: Look, icon: Icon, variant: int) -> None:
        colour, alpha, line = self._picture(layout, icon, variant)
        shines = icon.kind == "sky" and self.pictures.all[icon.index].code in (
            "2600",
            "1F31E",
            "1F319",
            "1F315",
            "2B50",
        )
        if shines:
            self._glow(canvas, np.array([[icon.x, icon.y], [icon.x + icon.w, icon.y + icon.h]], np.float32))
        elif icon.kind == "near" and not layout.water and not layout.plain:
            self._shadow(canvas, icon.x + icon.w / 2, icon.y + icon.h, icon.w * 0.5)
        down = np.clip((np.arange(layout.height, dtype=np.float32)[:, None] - icon.y) / max(1, icon.h), 0, 1)
        form = np.ones_like(down) if shines else 1.07 - 0.15 * down
        colour = np.clip(
            colour * (np.ones(3, np.float32) if shines else light(look.sky)) * form[..., None], 0, 255
        )
        if icon.kind == "far":
            colour = colour * 0.62 + rgb(look.sky.horizon) * 0.38
        canvas.cover(alpha, colour.astype(np.float32), is_object=True)
        canvas.ink(line, 0.35 if icon.kind == "far" else 0.5)

    def _picture(self, layout: Layout, icon: Icon, variant: int) -> tuple[Array, Array, Array]:
        """An icon's colour, cover and line on the whole canvas; the fill beside a line runs under it."""
        x0, y0, x1, y1 = self.pictures.box(icon.index)

        def fit(a: NDArray[np.uint8]) -> Array:
            out = cv2.resize(a[y0:y1, x0:x1], (icon.w, icon.h), interpolation=cv2.INTER_AREA)
            return np.asarray(out[:, ::-1] if icon.flip else out, np.float32)

        raw = np.ascontiguousarray(self.pictures.line[icon.index])
        colour = fit(np.ascontiguousarray(self.pictures.colour[icon.index, variant]))
        line = fit(thinner(raw, layout.thin) if layout.thin else raw) / 255
        whole = fit(raw) / 255
        fill = np.asarray(colour[..., 3] / 255 * (1 - whole), np.float32)
        near = soften(colour[..., :3] * fill[..., None], 5) / (soften(fill, 5) + 0.02)[..., None]
        rgb_ = (
            colour[..., :3] * (1 - whole[..., None]) + near * (1 - 0.5 * line[..., None]) * whole[..., None]
        )
        out = [
            np.zeros((layout.height, layout.width, 3), np.float32),
            *(np.zeros((layout.height, layout.width), np.float32) for _ in range(2)),
        ]
        a, b, c, d = (
            max(0, icon.x),
            max(0, icon.y),
            min(layout.width, icon.x + icon.w),
            min(layout.height, icon.y + icon.h),
        )
        if a < c and b < d:
            inside = (slice(b - icon.y, d - icon.y), slice(a - icon.x, c - icon.x))
            for target, part in zip(out, (rgb_, np.maximum(colour[..., 3] / 255, whole), line), strict=True):
                target[b:d, a:c] = part[inside]
        return out[0], out[1], out[2]

    @staticmethod
    def _glow(canvas: Canvas, points: Array) -> None:
        (x0, y0), (x1, y1) = points.min(0), points.max(0)
        rows, columns = (
            np.arange(canvas.height, dtype=np.float32)[:, None],
            np.arange(canvas.width, dtype=np.float32)[None],
        )
        far = np.sqrt((columns - (x0 + x1) / 2) ** 2 + (rows - (y0 + y1) / 2) ** 2) / (
            max(x1 - x0, y1 - y0) * 1.1
        )
        canvas.colour = np.minimum(255, canvas.colour + (np.clip(1 - far, 0, 1) ** 2 * 60)[..., None])

    @staticmethod
    def _shadow(canvas: Canvas, x: float, foot: float, half: float) -> None:
        rows, columns = (
            np.arange(canvas.height, dtype=np.float32)[:, None],
            np.arange(canvas.width, dtype=np.float32)[None],
        )
        far = ((columns - x) / (half + 1)) ** 2 + ((rows - foot + 2) / (half * 0.15 + 3)) ** 2
        canvas.colour *= (1 - 0.25 * np.clip(1.2 - far, 0, 1))[..., None]
