"""A large picture painted in overlapping tiles, one after the other, so that memory is bounded by a tile. Pure.

    ┌────────┬──┬──────┐      each tile is laid over those before it, and fades in over the overlap
    │   1    │//│   2  │
    ├────────┼──┤      │

>>> [box.left for box in plan((1000, 400), Tiling(512, 64))]
[0, 448, 488]
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from PIL import Image

from generation.errors import RequestError

SIDES = range(64, 2048 + 1)  # pixels of a tile
SHARE = 8  # of a tile overlaps its neighbour, where nothing else is said


@dataclass(frozen=True, slots=True)
class Tiling:
    """How a picture is cut: `side` pixels of a square tile, of which `overlap` lie over the neighbour."""

    side: int
    overlap: int

    @classmethod
    def of(cls, side: int | None, overlap: int | None) -> "Tiling | None":
        """From two settings; None where no tiles are asked for."""
        if side is None:
            if overlap is not None:
                raise RequestError("an overlap is one of tiles; give the side of a tile, too")
            return None
        return cls(side, _whole("a tile's side", side, SIDES) // SHARE if overlap is None else overlap)

    def __post_init__(self) -> None:
        _whole("a tile's side", self.side, SIDES)
        _whole("the overlap of tiles", self.overlap, range(self.side // 2 + 1))


@dataclass(frozen=True, slots=True)
class Box:
    """A tile's place, in pixels; `fade_left` and `fade_top` of it lie over what is painted already."""

    left: int
    top: int
    width: int
    height: int
    fade_left: int
    fade_top: int

    @property
    def edges(self) -> tuple[int, int, int, int]:
        """As Pillow crops: left, top, right, bottom."""
        return self.left, self.top, self.left + self.width, self.top + self.height


def plan(size: tuple[int, int], tiling: Tiling, multiple: int = 8) -> list[Box]:
    """The tiles of a picture whose sides are multiples of `multiple`, row by row; all of one size.

    The last of a row is moved back inside, so it lies over more of its neighbour.
    """
    columns, rows = (list(_places(length, tiling, multiple)) for length in size)
    return [
        Box(left, top, width, height, over_left, over_top)
        for (top, height, over_top), (left, width, over_left) in itertools.product(rows, columns)
    ]


def painted_in_tiles(
    picture: Image.Image,
    boxes: list[Box],
    paint: Callable[[int, Image.Image, Box], Image.Image],
) -> Image.Image:
    """The picture with each of these tiles painted; they see the picture as it was, not each other."""
    done = picture.copy()
    for number, box in enumerate(boxes):
        painting = paint(number, picture.crop(box.edges), box)
        done.paste(painting, box.edges[:2], _fade(box))
    return done


def _places(length: int, tiling: Tiling, multiple: int) -> Iterator[tuple[int, int, int]]:
    """Along one side: where tiles begin, how long they are, how far each lies over the one before."""
    side = max(multiple, tiling.side // multiple * multiple)
    if length <= side:
        yield 0, length, 0
        return
    step = max(multiple, (side - tiling.overlap) // multiple * multiple)
    last = length - side
    starts = [*range(0, last, step), last]
    yield 0, side, 0
    for before, start in itertools.pairwise(starts):
        yield start, side, before + side - start


def _fade(box: Box) -> Image.Image:
    """How much of a tile shows: all, but for the edges over its neighbours, where it comes in bit by bit."""
    import numpy as np

    across = _ramp(box.width, box.fade_left)
    down = _ramp(box.height, box.fade_top)
    return Image.fromarray(np.rint(255 * np.minimum(across[None, :], down[:, None])).astype(np.uint8))


def _ramp(length: int, fade: int) -> Any:
    import numpy as np

    return np.clip((np.arange(length) + 1) / (fade + 1), 0, 1) if fade else np.ones(length)


def _whole(name: str, value: object, allowed: range) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value not in allowed:
        raise RequestError(
            f"{name}: a whole number of pixels from {allowed.start} to {allowed.stop - 1}, not {value!r}"
        )
    return value
