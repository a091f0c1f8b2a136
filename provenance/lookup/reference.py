"""The small picture that the index keeps of each, to be compared with."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

REFERENCE, QUALITY = 384, 88  # pixels of its longer side; how it is packed

Pixels = NDArray[np.uint8]  # (height, width, 3), RGB


def packed(image: Image.Image) -> bytes:
    """A WebP file of it."""
    small = image.convert("RGB").copy()
    small.thumbnail((REFERENCE, REFERENCE), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    small.save(target, "WEBP", quality=QUALITY, method=3)
    return target.getvalue()


def unpacked(data: bytes) -> Pixels:
    """What `packed` gave."""
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))
