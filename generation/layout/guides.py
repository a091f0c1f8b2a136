"""What a ControlNet is steered by, drawn from the layout: its lines, its edges, or the layout itself. Pure.

A layout is lines already, so most of them need little: "lineart" is the layout's own lines in white on black, as those
networks were trained, with no second model between. Depth cannot be drawn from lines: there a picture is given, or
a depth estimator draws it (generation/works/depth_model.py).

>>> from PIL import Image
>>> guide(GuideKind.LINEART, Image.new("RGB", (8, 8), "white")).getextrema()
((0, 0), (0, 0), (0, 0))
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from PIL import Image, ImageFilter

from generation.errors import RequestError

SCRIBBLE_WIDTH = 128  # a scribble's stroke is this part of the longer side
SCRIBBLE_AT = 1024  # px of the longer side that it is drawn at: it is coarse, and its filter slow
SCRIBBLE_FROM = 64  # of 255: what counts as a line of a scribble
DARKER = 0.06  # how much darker than its surroundings a line is, of 1
FEWEST = 3  # pixels a side that a slope can be told from
LOW, HIGH = 0.08, 0.2  # slopes of 1 between which an edge goes on, and above which it begins (Canny, 1986)


class GuideKind(StrEnum):
    """What a ControlNet looks at."""

    LINEART = "lineart"
    SCRIBBLE = "scribble"
    CANNY = "canny"
    TILE = "tile"
    DEPTH = "depth"


# How the record and the person who asks are told where it came from.
DRAWN_FROM = {
    GuideKind.LINEART: "the layout's own lines",
    GuideKind.SCRIBBLE: "the layout's lines, drawn thick",
    GuideKind.CANNY: "the edges of the layout (Canny)",
    GuideKind.TILE: "the layout itself",
    GuideKind.DEPTH: "the layout's depth, as a depth estimator sees it",
}
NO_DEPTH = (
    "depth cannot be drawn from a layout by itself: name a depth estimator, or give a depth picture as "
    "large as the layout, near is white"
)


def guide(kind: GuideKind, layout: Image.Image) -> Image.Image:
    """The picture that a ControlNet of this kind is shown, RGB and of the layout's size."""
    draw = {
        GuideKind.LINEART: _lines,
        GuideKind.SCRIBBLE: _scribble,
        GuideKind.CANNY: _edges,
        GuideKind.TILE: _itself,
        GuideKind.DEPTH: _none,
    }[kind]
    return draw(layout.convert("RGB")).convert("RGB")


def _itself(layout: Image.Image) -> Image.Image:
    return layout


def _none(_: Image.Image) -> Image.Image:
    raise RequestError(NO_DEPTH)


def _lines(layout: Image.Image) -> Image.Image:
    """What is darker than its surroundings, as white on black, whether drawn on paper or painted."""
    import numpy as np

    grey = np.asarray(layout.convert("L"), np.float32) / 255
    about = _blurred(layout.convert("L"), max(layout.size) / 64)
    # Divided, not subtracted: a line in the shadow of a page counts as much as one in the light.
    darker = np.clip((about - grey) / np.maximum(about, 0.05), 0, 1)
    strongest = float(np.percentile(darker, 99.5))
    if max(strongest, float(darker.max()) / 4) < DARKER:  # a blank sheet: there are no lines to find
        return Image.new("L", layout.size)
    stretched = np.clip((darker - DARKER) / (max(strongest, 2 * DARKER) - DARKER), 0, 1)
    return Image.fromarray((stretched * 255).astype(np.uint8))


def _scribble(layout: Image.Image) -> Image.Image:
    small = layout.copy()
    small.thumbnail((SCRIBBLE_AT, SCRIBBLE_AT))
    lines = _lines(small).point(lambda value: 255 if value >= SCRIBBLE_FROM else 0)
    width = max(3, round(max(small.size) / SCRIBBLE_WIDTH)) | 1  # the filter wants an odd one
    thick = lines.filter(ImageFilter.MaxFilter(width)).resize(layout.size, Image.Resampling.BILINEAR)
    return thick.point(lambda value: 255 if value >= SCRIBBLE_FROM else 0)


def _edges(layout: Image.Image) -> Image.Image:
    """Canny's edges: the ridges of the slope, each followed from where it is steep to where it ends."""
    import numpy as np

    if min(layout.size) < FEWEST:
        return Image.new("L", layout.size)
    grey = _blurred(layout.convert("L"), 1.4)
    down, right = np.gradient(grey)
    slope = np.hypot(right, down) * 4
    ridge = _ridges(slope, right, down)
    strong, weak = ridge & (slope >= HIGH), ridge & (slope >= LOW)
    return Image.fromarray((_grown(strong, weak) * 255).astype(np.uint8))


def _ridges(slope: Any, right: Any, down: Any) -> Any:
    """Where the slope is no less than before and behind it, along its own direction (one of four)."""
    import numpy as np

    padded = np.pad(slope, 1)
    height, width = slope.shape

    def beside(y: int, x: int) -> Any:
        return padded[1 + y : 1 + y + height, 1 + x : 1 + x + width]

    turned = (np.round(np.arctan2(down, right) / (np.pi / 4)).astype(int)) % 4
    found = np.zeros(slope.shape, bool)
    for which, (y, x) in enumerate(((0, 1), (1, 1), (1, 0), (1, -1))):
        found |= (turned == which) & (slope >= beside(y, x)) & (slope >= beside(-y, -x))
    return found


def _grown(strong: Any, weak: Any) -> Any:
    """The strong edges, with the weak ones that touch them, until nothing more is touched."""
    import numpy as np

    for found in _growing(strong, weak):
        if np.array_equal(found, strong):
            break
        strong = found
    return strong


def _growing(strong: Any, weak: Any) -> Iterator[Any]:
    import numpy as np

    for _ in range(max(strong.shape)):
        wide = Image.fromarray(strong.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(3))
        strong = (np.asarray(wide) > 0) & weak
        yield strong


def _blurred(grey: Image.Image, radius: float) -> Any:
    import numpy as np

    return np.asarray(grey.filter(ImageFilter.GaussianBlur(max(radius, 1.0))), np.float32) / 255
