"""A request painted in tiles: each is a picture of its own over its part of the layout, with a seed of its own.

What is not to be painted, by the mask, is not: such a tile costs nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PIL import Image

from generation.engine.seen import Seen
from generation.layout.details import with_broad_colours
from generation.layout.tiles import Box, Tiling, painted_in_tiles, plan
from generation.request.fit import fitted_mask
from generation.request.request import SEEDS, Request

Paint = Callable[[Sequence[Request], Seen], list[Image.Image]]


def tiles_of(request: Request, size: tuple[int, int], grid: int) -> list[Box]:
    """The tiles of a layout of `size` on the grid that are to be painted; none where it is painted at once."""
    tiling = Tiling.of(request.settings.tile, request.settings.overlap)
    if tiling is None:
        return []
    mask = _mask(request, size)
    boxes = plan(size, tiling, grid)
    return boxes if mask is None else [each for each in boxes if mask.crop(each.edges).getbbox()]


def in_tiles(
    request: Request, seen: Seen, boxes: list[Box], paint: Paint, between: Callable[[], None]
) -> Image.Image:
    """The painting, tile by tile; `between` is called before each but the first. A picture that is made larger keeps
    the broad colours of each tile.
    """
    mask = _mask(request, seen.layout.size)

    def one(number: int, part: Image.Image, box: Box) -> Image.Image:
        if number:
            between()
        asked = replace(
            request.settings,
            # The same noise in every tile would show as a pattern.
            seed=(request.settings.seed + number) % SEEDS.stop,
            width=part.width,
            height=part.height,
            long_side=None,
            tile=None,
            overlap=None,
        )
        cut = replace(
            request,
            image=part,
            settings=asked,
            mask=None if mask is None else mask.crop(box.edges),
            profile=None,
            beside=replace(request.beside, guides=()),
        )
        painting = paint([cut], seen.cut(box.edges))[0]
        return with_broad_colours(painting.convert("RGB"), part) if request.settings.upscale else painting

    return painted_in_tiles(seen.layout, boxes, one)


def _mask(request: Request, size: tuple[int, int]) -> Image.Image | None:
    return None if request.mask is None else fitted_mask(request, size)
