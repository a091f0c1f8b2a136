"""Details of a tile painted anew over the broad colours that it had. Pure.

A tile that is painted by itself comes back a little lighter or warmer than its neighbour, and an even sky gets patches:
a model sees of a large picture no more than the tile. So what changes slowly is taken from the picture, what changes
fast from the painting, as upscalers do it (the colour correction of StableSR, Wang et al. 2023):

    painting + blur(picture) - blur(painting)

>>> flat, patchy = Image.new("RGB", (64, 64), (90, 120, 150)), Image.new("RGB", (64, 64), (110, 110, 110))
>>> with_broad_colours(patchy, flat).getpixel((32, 32))
(90, 120, 150)
"""

from PIL import Image, ImageFilter

BROAD = 16  # pixels of the blur: what is larger counts as broad


def with_broad_colours(painting: Image.Image, picture: Image.Image) -> Image.Image:
    """The details of `painting` on the broad colours of `picture`; both RGB and of one size."""
    import numpy as np

    blur = ImageFilter.GaussianBlur(BROAD)
    slow = np.asarray(picture.filter(blur), np.int16) - np.asarray(painting.filter(blur), np.int16)
    return Image.fromarray(np.clip(np.asarray(painting, np.int16) + slow, 0, 255).astype(np.uint8))
