"""A layout made ready for the model: the paper of a scan or a photograph straightened, lit evenly, its lines firm.

A model that paints drawings loses faint pencil on grey paper, and takes a telephone's shadow for night. Here the page
is found and squared, the light on it divided out, and its tones stretched from paper white to the darkest line. A
painting is left alone: its greys mean something. Pure: a picture in, a picture and what was done to it out.

>>> from PIL import Image
>>> prepare(Image.new("RGB", (64, 64), "#446688")).kind
'painting'
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Kind = Literal["scan", "drawing", "painting"]
Pixels = NDArray[np.floating[Any]]  # (H, W, 3) in 0..1
Corner = tuple[float, float]  # x, y in pixels

LOOK_AT = 512  # px of the longer side that decisions are made on
PAPER, MOSTLY_PAPER = (
    0.86,
    0.62,
)  # how bright paper is once the light is even, and how much of a drawing is paper
COLOURFUL = 0.22  # saturation above which paper is no paper; cream has 0.15
CLEAN_PAPER, CLEAN_SPREAD = 0.975, 0.02  # paper that needs no help: how white, how even
INK = 0.12  # how dark the darkest lines become
LEAST_CONTRAST = 0.06  # below it a page is blank, and stretching it would only bring out its grain


@dataclass(frozen=True)
class Prepared:
    """What the model is to see, what the picture was taken for, and what was done."""

    image: Image.Image
    kind: Kind
    steps: tuple[str, ...] = ()  # "squared", "light", "levels"

    @property
    def changed(self) -> bool:
        """Whether the picture differs from the one handed in."""
        return bool(self.steps)


def prepare(image: Image.Image, wanted: bool | None = None) -> Prepared:
    """A picture ready for painting; by default only a scan is changed, `wanted` True or False decides otherwise."""
    found = kind_of(image)
    if wanted is False or (wanted is None and found != "scan"):
        return Prepared(image, found)
    picture, steps = image.convert("RGB"), []
    corners = page_corners(picture)
    if corners:
        picture = squared(picture, corners)
        steps.append("squared")
    even = evenly_lit(_pixels(picture))
    firm = levelled(even)
    steps += ["light", "levels"]
    return Prepared(Image.fromarray(np.asarray(firm * 255 + 0.5, np.uint8)), found, tuple(steps))


def kind_of(image: Image.Image) -> Kind:
    """A "scan" is a drawing on paper as it came from a scanner or camera, a "drawing" is clean already."""
    small = _pixels(_small(image.convert("RGB")))
    corners = page_corners(image.convert("RGB"))
    if corners:
        small = _pixels(_small(squared(image.convert("RGB"), corners)))
    # Paper has one colour, near grey, whatever the light on it; a painting's large shapes have colours of their own.
    brightest = np.maximum(small.max(2), 1 / 255)
    saturation = (brightest - small.min(2)) / brightest
    if float(np.median(saturation)) > COLOURFUL or float(np.percentile(saturation, 90)) > 2 * COLOURFUL:
        return "painting"
    grey = evenly_lit(small).mean(2)
    if float((grey > PAPER).mean()) < MOSTLY_PAPER or grey.min() > 1 - LEAST_CONTRAST:
        return "painting"
    paper = small[grey > PAPER]
    clean = float(np.median(paper)) > CLEAN_PAPER and float(paper.std()) < CLEAN_SPREAD
    return "drawing" if clean and not corners else "scan"


def page_corners(image: Image.Image) -> list[Corner] | None:
    """The corners of a light page on a darker table, from the top left with the clock, if there is one."""
    small = _small(image)
    grey = np.asarray(small.convert("L").filter(ImageFilter.GaussianBlur(3)), np.float32) / 255
    level = _otsu(grey)
    light = grey > level
    rim = np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]])
    apart = float(grey[light].mean() - grey[~light].mean()) if light.any() and not light.all() else 0.0
    # The table must show along most of the rim, and differ from the paper as a table does.
    if rim.mean() > 0.45 or apart < 0.22:
        return None
    y, x = np.nonzero(light)
    ends = [np.argmin(x + y), np.argmax(x - y), np.argmax(x + y), np.argmin(x - y)]
    corners = [(float(x[k]), float(y[k])) for k in ends]
    area = _area(corners)
    filled = float(light.sum()) / max(area, 1.0)
    if area < 0.25 * light.size or not 0.85 < filled < 1.12:
        return None
    scale = max(image.size) / max(small.size)
    return [(cx * scale, cy * scale) for cx, cy in corners]


def squared(image: Image.Image, corners: list[Corner]) -> Image.Image:
    """The page between four corners as an upright rectangle, a hair inside its edge."""
    a, b, c, d = (np.array(corner) for corner in corners)
    middle = (a + b + c + d) / 4
    a, b, c, d = (middle + (corner - middle) * 0.985 for corner in (a, b, c, d))
    wide = int((np.linalg.norm(b - a) + np.linalg.norm(c - d)) / 2)
    tall = int((np.linalg.norm(d - a) + np.linalg.norm(c - b)) / 2)
    # Pillow names the corners from the top left against the clock.
    quad = tuple(float(v) for corner in (a, d, c, b) for v in corner)
    return image.transform((max(wide, 8), max(tall, 8)), Image.Transform.QUAD, quad, Image.Resampling.BICUBIC)


def evenly_lit(picture: Pixels) -> Pixels:
    """The picture divided by the light on its paper: the brightest tone about each place, widely blurred."""
    height, width = picture.shape[:2]
    cell = max(max(height, width) // 64, 2)
    page = Image.fromarray(np.asarray(picture * 255, np.uint8))
    coarse = page.resize((max(width // cell, 4), max(height // cell, 4)), Image.Resampling.BOX)
    # The brightest of each neighbourhood is paper even where lines are dense.
    light = coarse.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(4))
    field = np.asarray(light.resize((width, height), Image.Resampling.BICUBIC), np.float32) / 255
    return np.asarray(np.clip(picture / np.maximum(field, 0.05), 0, 1), np.float32)


def levelled(picture: Pixels) -> Pixels:
    """Paper to white, the darkest lines to near black, everything between in proportion."""
    grey = picture.mean(2)
    paper = float(np.median(grey[grey > np.median(grey) - 0.05]))
    grain = float(np.std(grey[grey > paper - 0.08]))
    white = paper - 1.5 * grain
    black = float(np.percentile(grey, 0.7))
    if white - black < LEAST_CONTRAST:
        return picture
    stretched = INK + (picture - black) / (white - black) * (1 - INK)
    return np.asarray(np.clip(stretched, 0, 1), np.float32)


def _pixels(image: Image.Image) -> Pixels:
    return np.asarray(image, np.float32) / 255


def _small(image: Image.Image) -> Image.Image:
    """A copy of at most `LOOK_AT` px."""
    small = image.copy()
    small.thumbnail((LOOK_AT, LOOK_AT), Image.Resampling.BOX)
    return small


def _otsu(grey: Pixels) -> float:
    """The level that parts dark from light best (Otsu, 1979)."""
    counts, edges = np.histogram(grey, 64, (0, 1))
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * middles)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = sums / below - (sums[-1] - sums) / above
        spread = np.nan_to_num(below * above * apart**2)
    return float(edges[int(np.argmax(spread)) + 1])


def _area(corners: list[Corner]) -> float:
    """A quadrilateral's area, by the shoelace."""
    total = 0.0
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
        total += x0 * y1 - x1 * y0
    return abs(total) / 2
