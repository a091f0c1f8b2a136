"""A layout at the size and on the grid that a model paints at, without stretching a line of it."""

from PIL import Image

from generation.request import Request


def fit(request: Request, multiple: int) -> Image.Image:
    """The picture at the size asked for, its right and lower edge continued to what the model's grid needs.

    Continued and cropped again afterwards, not stretched: the painting lies over its layout line by line.
    """
    image = request.image
    if image.size != request.size:
        image = image.resize(request.size, Image.Resampling.LANCZOS)
    width, height = image.size
    wide, high = (-(-side // multiple) * multiple for side in image.size)
    if (wide, high) == image.size:
        return image
    padded = Image.new("RGB", (wide, high))
    padded.paste(image)
    if wide > width:
        edge = image.crop((width - 1, 0, width, height))
        padded.paste(edge.resize((wide - width, height)), (width, 0))
    if high > height:
        edge = padded.crop((0, height - 1, wide, height))
        padded.paste(edge.resize((wide, high - height)), (0, height))
    return padded
