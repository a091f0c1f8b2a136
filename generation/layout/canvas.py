"""A larger canvas: pixels added on each side of a layout, which a model then paints. The layout keeps its place.

>>> sides = parse_sides("left=256,bottom=64")
>>> str(sides), sides.of((1920, 1080))
('bottom=64,left=256', (2176, 1144))
>>> new_area(Image.new("RGB", (2, 1)), Sides(right=1)).getcolors()
[(2, 0), (1, 255)]
"""

from dataclasses import dataclass, fields

from PIL import Image, ImageOps

from generation.errors import RequestError

MOST = 4096  # pixels on one side


@dataclass(frozen=True, slots=True)
class Sides:
    """How many pixels are added on each side, in the layout's own size."""

    top: int = 0
    right: int = 0
    bottom: int = 0
    left: int = 0

    def __post_init__(self) -> None:
        for each in fields(self):
            added = getattr(self, each.name)
            if not isinstance(added, int) or isinstance(added, bool) or not 0 <= added <= MOST:
                raise RequestError(
                    f"{each.name}: a canvas grows by a whole number of pixels from 0 to {MOST}, not {added!r}"
                )

    def __bool__(self) -> bool:
        return any((self.top, self.right, self.bottom, self.left))

    def __str__(self) -> str:
        named = ((each.name, getattr(self, each.name)) for each in fields(self))
        return ",".join(f"{name}={added}" for name, added in named if added)

    def of(self, size: tuple[int, int]) -> tuple[int, int]:
        """The size of a layout with what is added to it."""
        width, height = size
        return width + self.left + self.right, height + self.top + self.bottom


NO_SIDES = Sides()


def parse_sides(text: str) -> Sides:
    """From "left=256,right=128", or "128" for every side; RequestError says how it is written."""
    words = [each.strip() for each in text.split(",") if each.strip()]
    if len(words) == 1 and words[0].isascii() and words[0].isdecimal() and words[0].strip("0"):
        return Sides(*[_pixels(words[0])] * 4)
    found: dict[str, int] = {}
    for each in words:
        name, _, number = each.partition("=")
        name = name.strip().lower()
        if name not in {"top", "right", "bottom", "left"} or name in found:
            raise RequestError(_HOW.format(text[:60]))
        found[name] = _pixels(number.strip())
    if not any(found.values()):
        raise RequestError(_HOW.format(text[:60]))
    return Sides(**found)


def extended(layout: Image.Image, sides: Sides) -> Image.Image:
    """The layout on the larger canvas; beyond its edge it goes on as in a mirror, for the model to start from."""
    import numpy as np

    if not sides:
        return layout
    width = ((sides.top, sides.bottom), (sides.left, sides.right), (0, 0))
    return Image.fromarray(np.pad(np.asarray(layout.convert("RGB")), width, mode="symmetric"))


def new_area(layout: Image.Image, sides: Sides, mask: Image.Image | None = None) -> Image.Image:
    """A mask as large as the larger canvas: white on what is added, elsewhere black, or the mask over the layout."""
    inside = mask if mask is not None else Image.new("L", layout.size)
    return ImageOps.expand(inside, (sides.left, sides.top, sides.right, sides.bottom), 255)


def _pixels(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise RequestError(f"a canvas grows by a whole number of pixels from 0 to {MOST}, not {text[:20]!r}")
    return int(text)


_HOW = "more canvas is written 'left=256,right=128' (or '128' for every side), with some pixels, not {!r}"
