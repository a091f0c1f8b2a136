"""A layout at the size and on the grid that a model paints at, without stretching a line of it; and back again."""

from PIL import Image

from generation.layout.colour import from_srgb
from generation.layout.mask import fitted, laid_over
from generation.request.request import Request


def fit(request: Request, multiple: int) -> Image.Image:
    """The picture at the size asked for, its right and lower edge continued to what the model's grid needs.

    Continued and cropped again afterwards, not stretched: the painting lies over its layout line by line.
    """
    image = request.image
    if image.size != request.size:
        image = image.resize(request.size, Image.Resampling.LANCZOS)
    on_grid = tuple(-(-side // multiple) * multiple for side in image.size)
    return _continued(image, on_grid)


def fitted_mask(request: Request, size: tuple[int, int]) -> Image.Image:
    """The mask over the picture that `fit` gave, of `size`: what the grid took more continues its edge."""
    assert request.mask is not None
    return _continued(fitted(request.mask, request.size), size)


def _continued(image: Image.Image, size: tuple[int, ...]) -> Image.Image:
    """The picture with its right and lower edge continued to `size`."""
    (width, height), (wide, high) = image.size, size
    if (wide, high) == image.size:
        return image
    padded = Image.new(image.mode, (wide, high))
    padded.paste(image)
    if wide > width:
        edge = image.crop((width - 1, 0, width, height))
        padded.paste(edge.resize((wide - width, height)), (width, 0))
    if high > height:
        edge = padded.crop((0, height - 1, wide, height))
        padded.paste(edge.resize((wide, high - height)), (0, height))
    return padded


def finished(request: Request, layout: Image.Image, painting: Image.Image) -> Image.Image:
    """The painting as it leaves: without what the grid took more, and with a mask only where that is white.

    `layout` is what `fit` gave. The painting comes in sRGB and leaves in the layout's own colours.
    """
    painting = from_srgb(painting, request.profile)
    if painting.size == layout.size:
        painting = painting.crop((0, 0, *request.size))
    if request.mask is None:
        return painting
    return laid_over(layout.crop((0, 0, *request.size)), painting, request.mask)
