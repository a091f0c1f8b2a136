"""Pictures to measure with: a line drawing, and one that compresses like a painting."""

import random

from PIL import Image, ImageDraw, ImageFilter


def drawing(size: tuple[int, int]) -> Image.Image:
    """A house in black lines on white: RGB."""
    width, height = size
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    pen.line((0, height * 0.65, width, height * 0.6), fill="black", width=3)
    pen.rectangle((width * 0.25, height * 0.4, width * 0.55, height * 0.64), outline="black", width=3)
    pen.line(
        (width * 0.22, height * 0.4, width * 0.4, height * 0.25, width * 0.58, height * 0.4),
        fill="black",
        width=3,
    )
    return picture


def noisy(size: tuple[int, int]) -> Image.Image:
    """Soft coloured noise: RGB, about 1.5 MB as a PNG at 1024 px."""
    small = Image.frombytes(  # the same noise each time
        "RGB", (256, 256), random.Random(1).randbytes(3 * 256 * 256)
    )
    return small.filter(ImageFilter.GaussianBlur(1)).resize(size, Image.Resampling.BICUBIC)
