"""How a look's light falls on a stage: the pile of cels becomes a painting.

Warm light, cool shade, haze with distance, lamps that shine by themselves. The drawing's firm lines stay as a fine
dark edge, as on a painted background.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from .look import Look, mixed
from .marks import Array, Value, clouded, mix, soften
from .stage import Cel, Stage

# How dark a firm line is in the painting, how much darker on black, and the tone (0 to 255) under which that begins:
# ink is as black by night as by day, and a share of a dark wall could not be told from it.
INK, ON_BLACK, DARK = 0.42, 0.4, 120
GLOWING = frozenset(("pane", "flame", "lampshade"))
INDOORS_BY_DAY, INDOORS_BY_LAMP = ("#fff6e8", "#b4b4be"), ("#ffdca4", "#7c6070")


class Light:
    """The colours of one hour, outside or in a room."""

    def __init__(self, look: Look, indoors: bool) -> None:
        hour, lamps = look.hour, "lamps" in look.traits
        sun, ambient, self.strength = hour.sun, hour.ambient, hour.strength
        if indoors:
            warm, cool = INDOORS_BY_LAMP if lamps else INDOORS_BY_DAY
            share = 0.75 if lamps else 0.6
            self.sun = mix(_rgb(sun), _rgb(warm), share)
            self.ambient = mix(_rgb(ambient), _rgb(cool), share)
            self.strength = 0.82 if lamps else 0.6 + 0.42 * hour.strength
        else:
            self.sun, self.ambient = _rgb(sun), _rgb(ambient)
        self.haze = _rgb(hour.haze)
        self.mist = 1.0 if indoors else hour.mist

    def fall(self, colour: Array, light: Value, depth: Value) -> Array:
        """Colour (h, w, 3) under this light, 0 in shade to 1 lit, at a distance."""
        warm = colour * (self.sun * (1.04 / 255))
        cool = colour * (mix(np.full(3, 255, np.float32), self.ambient, 0.62) * (0.62 / 255))
        out = (cool + (warm - cool) * light) * ((self.strength * 0.55 + 0.45) * (0.62 + 0.38 * self.strength))
        return np.asarray(out + (self.haze - out) * np.clip(depth * self.mist, 0, 0.96), np.float32)


def develop(stage: Stage, look: Look) -> NDArray[np.uint8]:
    """The stage as painted under a look, (H, W, 3)."""
    picture = np.zeros((stage.height, stage.width, 3), np.float32)
    lights = {inside: Light(look, inside) for inside in (False, True)}
    paints: dict[str, Array] = {}
    traits = look.traits
    for cel in stage.cels:
        if cel.only and (cel.only.lstrip("-") in traits) == cel.only.startswith("-"):
            continue
        part = picture[cel.box[1] : cel.box[3], cel.box[0] : cel.box[2]]
        colour = _coloured(cel, look, paints)
        alpha = cel.alpha[..., None]
        if cel.adds:
            part += colour * alpha
            continue
        shines = not cel.lit or ("lamps" in traits and isinstance(cel.slot, str) and cel.slot in GLOWING)
        if cel.mirror is not None:
            colour = mix(lights[False].fall(colour, 0.9, 0.0), mirrored(picture, cel, stage), 0.58)
        elif not shines:
            colour = lights[cel.indoors].fall(colour, _column(cel.light), _column(cel.depth))
        part += (colour - part) * alpha
    return finished(picture, stage)


def _coloured(cel: Cel, look: Look, paints: dict[str, Array]) -> Array:
    """A cel's own colours before any light falls on them."""
    if not isinstance(cel.slot, str):
        return cel.slot
    if cel.slot not in paints:
        paints[cel.slot] = look.paint(cel.slot)
    dark, middle, bright = paints[cel.slot]
    tone = _column(cel.tone)
    low, high = np.clip(tone * 2, 0, 1), np.clip(tone * 2 - 1, 0, 1)
    return np.asarray(dark + (middle - dark) * low + (bright - middle) * high, np.float32)


def _column(value: Array | float) -> Array:
    field = np.asarray(value, np.float32)
    return field[..., None] if field.ndim == 2 else field


def mirrored(picture: Array, cel: Cel, stage: Stage) -> Array:
    """What water shows of the picture above its far edge, drawn out and rippled."""
    x0, y0, x1, y1 = cel.box
    assert cel.mirror is not None
    edge = max(int(cel.mirror), 4)
    ripple = np.asarray(cel.tone, np.float32) - 0.5
    rows = np.arange(y0, y1, dtype=np.float32)[:, None]
    columns = np.arange(x0, x1, dtype=np.float32)[None]
    # A reflection is drawn out towards us; ripples move it sideways, more so near us.
    source = edge - 1 - (rows - edge) * 0.9 + ripple * 8 * stage.u
    across = columns + ripple * (6 + (rows - edge) * 0.12) * 2.2
    bent = cv2.remap(
        picture[:edge],
        np.clip(np.broadcast_to(across, cel.alpha.shape), 0, stage.width - 1).astype(np.float32),
        np.clip(np.broadcast_to(source, cel.alpha.shape), 0, edge - 1).astype(np.float32),
        cv2.INTER_LINEAR,
    )
    return np.asarray(soften(bent, 1.0 * stage.u), np.float32)


def finished(picture: Array, stage: Stage) -> NDArray[np.uint8]:
    """The last touches: fine edges, a little bloom where it is bright, the tooth of the paper."""
    night = np.sqrt(np.clip(1 - soften(picture.mean(2), 2 * stage.u) / DARK, 0, 1))
    picture *= (1 - ON_BLACK * night * stage.line)[..., None]
    picture *= 1 - INK * stage.line[..., None] * np.array([0.92, 0.97, 1.0], np.float32)
    small = cv2.resize(picture, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    bloom = soften(np.clip(small - 200, 0, 60), stage.height * 0.008)
    picture += cv2.resize(bloom, (stage.width, stage.height)) * 0.5
    tooth = clouded(np.random.default_rng(stage.seed), stage.height, stage.width, 5 * stage.u, 2) - 0.5
    picture += tooth[..., None] * 5
    return np.asarray(np.clip(picture + 0.5, 0, 255), np.uint8)


def _rgb(code: str) -> Array:
    return mixed((code, code, code))[0]
