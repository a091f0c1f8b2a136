"""A mask: a grey picture over the layout. White is painted, black keeps the layout, grey blends the two.

The model paints the whole picture, whichever model it is, and the painting is laid over the layout through the mask
(docs/decisions/0067). What lies under black never passes through a model: it is the layout, value for value.

>>> layout, painting, mask = (Image.new(*each) for each in (("RGB", (2, 1)), ("RGB", (2, 1), "red"), ("L", (2, 1))))
>>> mask.putpixel((1, 0), 255)
>>> [laid_over(layout, painting, mask).getpixel((x, 0)) for x in (0, 1)]
[(0, 0, 0), (255, 0, 0)]
"""

from PIL import Image

from generation.errors import RequestError


def check_mask(mask: Image.Image, shown: tuple[int, int], size: tuple[int, int]) -> None:
    """RequestError where it is not grey, does not lie over a layout of `shown`, or lets nothing through at `size`."""
    if mask.mode != "L":
        raise RequestError(f"the mask has to be grey (L), this one is {mask.mode}")
    check_size(mask, shown)
    if not fitted(mask, size).getbbox():
        raise RequestError(
            "the mask is black all over, so nothing would be painted; make it white where the model should paint "
            "(what is transparent counts as black)"
        )


def check_size(mask: Image.Image, shown: tuple[int, int]) -> None:
    """RequestError where it does not lie over a layout of `shown`."""
    if mask.size != shown:
        (wide, high), (width, height) = mask.size, shown
        raise RequestError(
            f"the mask is {wide} x {high} pixels and the layout {width} x {height}; "
            "draw the mask over the layout, and save both at one size"
        )


def fitted(mask: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The mask at the size that is painted."""
    # Not Lanczos, which the layout gets: it overshoots, and leaves a faint ring of white in the black around an edge.
    return mask if mask.size == size else mask.resize(size, Image.Resampling.BILINEAR)


def laid_over(layout: Image.Image, painting: Image.Image, mask: Image.Image) -> Image.Image:
    """The painting where the mask is white, over the layout; of the layout's size, also where a model chose another."""
    if painting.size != layout.size:
        painting = painting.resize(layout.size, Image.Resampling.LANCZOS)
    return Image.composite(painting, layout, fitted(mask, layout.size))
