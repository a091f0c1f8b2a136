"""Pictures with texture for the look-up, drawn by lot: no two seeds have a shape in common."""

import io
import random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter


def landscape(seed: int, size: tuple[int, int] = (480, 320)) -> Image.Image:
    """A sky that changes from top to bottom, and many shapes over each other."""
    lot = random.Random(seed)
    width, height = size
    rows = np.linspace(lot.randint(120, 220), lot.randint(40, 120), height)
    sky = np.stack([rows, rows * lot.uniform(0.7, 1), rows * lot.uniform(0.8, 1.2)], axis=1).clip(0, 255)
    picture = Image.fromarray(np.repeat(sky[:, None], width, axis=1).astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    for _ in range(90):
        x, y = lot.randint(0, width), lot.randint(height // 5, height)
        colour = tuple(lot.randint(0, 255) for _ in range(3))
        corners = [(x + lot.randint(-45, 45), y + lot.randint(-35, 35)) for _ in range(lot.randint(3, 6))]
        pen.polygon(corners, fill=colour)
        pen.line([corners[0], (x, y)], fill=tuple(255 - each for each in colour), width=lot.randint(1, 3))
    return picture.filter(ImageFilter.GaussianBlur(0.6))


def recoloured(picture: Image.Image) -> Image.Image:
    """The same layout under another light: its colours change places, and it is darker."""
    red, green, blue = picture.split()
    return Image.merge("RGB", (blue.point(lambda v: v // 2), red.point(lambda v: v // 2), green))


def saved(picture: Image.Image, quality: int = 60) -> Image.Image:
    """As it comes back from a JPEG of this quality."""
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=quality)
    return Image.open(io.BytesIO(target.getvalue())).convert("RGB")


def cut(picture: Image.Image, share: float) -> Image.Image:
    """Without so much of each side, half of it at each end."""
    width, height = picture.size
    x, y = round(width * share / 2), round(height * share / 2)
    return picture.crop((x, y, width - x, height - y))


def pasted(picture: Image.Image) -> Image.Image:
    """On a page, with a line of words above it."""
    width, height = picture.size
    page = Image.new("RGB", (width * 3 // 2, height * 3 // 2), (245, 245, 245))
    page.paste(picture, (width // 6, height // 4))
    ImageDraw.Draw(page).text((width // 6, height // 8), "A picture that I found", fill="black")
    return page
